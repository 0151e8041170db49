//! Far shapes: meshes that are small in the picture, with their corners gathered in a few cells.
//!
//! All corners within a cell of a grid over the mesh become one (Rossignac and Borrel 1993), and triangles that fall
//! together go. A tree of two thousand triangles is left with some dozens, which at a few pixels look the same. A
//! far shape depends on its mesh alone, is made once, and is kept as long as the renderer.

use crate::scene::{Bounds, Mesh, Part};
use glam::Vec3;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Cells along the longest side, and the radius in pixels of 1080 lines below which that is enough.
pub(crate) const GRIDS: [(f32, f32); 3] = [(3.0, 2.5), (5.0, 6.0), (9.0, 14.0)];
/// Meshes with fewer triangles are taken as they are.
const SMALL: usize = 100;
/// A far shape is used if it has at most this share of the triangles.
const WORTH: f32 = 0.5;

/// Far shapes by mesh.
#[derive(Default)]
pub(crate) struct Shapes {
    /// The mesh is held, so that its address is not given to another.
    known: HashMap<(usize, usize), (Arc<Mesh>, Option<Arc<Mesh>>)>,
}

impl Shapes {
    /// What is drawn for a mesh with a radius in pixels in a picture of some height: the grid's number, 0 for the mesh
    /// itself, and the far shape.
    pub(crate) fn of(&mut self, mesh: &Arc<Mesh>, radius: f32, height: usize) -> (usize, Option<Arc<Mesh>>) {
        let radius = radius * 1080.0 / height.max(1) as f32;
        let Some(grid) = GRIDS.iter().position(|g| radius < g.1).filter(|_| mesh.triangles.len() >= SMALL) else { return (0, None) };
        let (_, shape) = self.known.entry((Arc::as_ptr(mesh) as usize, grid)).or_insert_with(|| (mesh.clone(), gathered(mesh, GRIDS[grid].0).map(Arc::new)));
        shape.as_ref().map_or((0, None), |s| (grid + 1, Some(s.clone())))
    }

    /// Forgets the shapes of meshes that nobody else holds.
    pub(crate) fn trim(&mut self) {
        if self.known.len() > 512 {
            self.known.retain(|_, (mesh, _)| Arc::strong_count(mesh) > 1);
        }
    }
}

/// The corners of one cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    position: Vec3,
    normal: Vec3,
    rest: Vec3,
    open: f32,
    tint: Vec3,
    count: f32,
}

/// A mesh with its corners gathered in cells; none if that is not worth while.
fn gathered(mesh: &Mesh, cells: f32) -> Option<Mesh> {
    let extent = (mesh.bounds.high - mesh.bounds.low).max_element();
    let n = mesh.positions.len();
    if !(extent > 0.0 && extent.is_finite()) || mesh.normals.len() < n {
        return None;
    }
    let scale = cells / extent;
    let mut of = Vec::with_capacity(n);
    let mut index = HashMap::<[i32; 3], u32>::new();
    let mut sums: Vec<Cell> = Vec::new();
    for (k, p) in mesh.positions.iter().enumerate() {
        let q = (*p - mesh.bounds.low) * scale;
        let key = [q.x as i32, q.y as i32, q.z as i32];
        let cell = *index.entry(key).or_insert_with(|| {
            sums.push(Cell::default());
            (sums.len() - 1) as u32
        });
        of.push(cell);
        let sum = &mut sums[cell as usize];
        sum.position += *p;
        sum.normal += mesh.normals[k];
        sum.rest += *mesh.rest.get(k).unwrap_or(p);
        sum.open += mesh.openness.get(k).map_or(255.0, |o| f32::from(*o));
        sum.tint += mesh.tint.get(k).map_or(Vec3::splat(127.5), |t| Vec3::new(f32::from(t[0]), f32::from(t[1]), f32::from(t[2])));
        sum.count += 1.0;
    }
    let mut out = Mesh::default();
    for part in &mesh.parts {
        let first = out.triangles.len() as u32;
        let last = (part.first as usize).saturating_add(part.count as usize).min(mesh.triangles.len());
        let mut seen = HashSet::new();
        for t in mesh.triangles.get(part.first as usize..last)? {
            let Some([a, b, c]) = t.iter().map(|k| of.get(*k as usize).copied()).collect::<Option<Vec<u32>>>().and_then(|v| <[u32; 3]>::try_from(v).ok())
            else {
                continue;
            };
            // The least corner first, so that the same triangle is known again.
            let turned = if a <= b && a <= c {
                [a, b, c]
            } else if b <= c {
                [b, c, a]
            } else {
                [c, a, b]
            };
            if a != b && b != c && c != a && seen.insert(turned) {
                out.triangles.push(turned);
            }
        }
        out.parts.push(Part { material: part.material, first, count: out.triangles.len() as u32 - first });
    }
    let few = out.triangles.len() as f32 <= mesh.triangles.len() as f32 * WORTH;
    if out.triangles.is_empty() || !few {
        return None;
    }
    for c in &sums {
        let over = 1.0 / c.count;
        out.positions.push(c.position * over);
        out.normals.push(c.normal.normalize_or(Vec3::Y));
        out.rest.push(c.rest * over);
        out.openness.push((c.open * over) as u8);
        out.tint.push((c.tint * over).to_array().map(|v| v as u8));
    }
    out.bounds = Bounds::around(&out.positions);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_far_shape_has_few_triangles_and_the_same_place() {
        let (n, mut mesh) = (40u32, Mesh::default());
        for j in 0..=n {
            for i in 0..=n {
                let p = Vec3::new(i as f32 / n as f32, j as f32 / n as f32, 0.0);
                mesh.positions.push(p);
                mesh.normals.push(Vec3::Z);
                if i < n && j < n {
                    let a = j * (n + 1) + i;
                    mesh.triangles.extend([[a, a + 1, a + n + 2], [a, a + n + 2, a + n + 1]]);
                }
            }
        }
        mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
        mesh.bounds = Bounds::around(&mesh.positions);
        let mesh = Arc::new(mesh);
        let mut shapes = Shapes::default();
        assert_eq!(shapes.of(&mesh, 100.0, 1080).0, 0, "near, the mesh itself");
        let far = shapes.of(&mesh, 3.0, 1080).1.expect("a far shape");
        assert!(far.triangles.len() < 80, "{} triangles of 3200", far.triangles.len());
        let (a, b) = (mesh.bounds, far.bounds);
        assert!((a.centre() - b.centre()).length() < 0.08 && b.radius() > a.radius() * 0.7, "at the same place, about as large");
        assert_eq!(shapes.of(&mesh, 6.0, 2160).0, shapes.of(&mesh, 3.0, 1080).0, "the same shape at every size of picture");
    }
}
