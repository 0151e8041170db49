//! Far shapes: meshes that are small in the picture, with their corners gathered in a few cells.
//!
//! All corners within a cell of a grid over the mesh become one (Rossignac and Borrel 1993), and triangles that fall
//! together go. A tree of two thousand triangles is left with some dozens, which at a few pixels look the same. Where single
//! leaves can still be told, some of them are left out and the others are larger (Cook and others 2007), and only what
//! they hang on is gathered. A far shape depends on its mesh alone, is made once, and is kept as long as the renderer.

use crate::scene::{Bounds, Mesh, Part};
use glam::Vec3;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How much is left of a mesh.
pub(crate) struct Grid {
    /// Cells along the longest side.
    cells: f32,
    /// The radius in pixels of 1080 lines below which that is enough.
    radius: f32,
    /// The share of leaves that stay; 0 = they are gathered like all else.
    leaves: f32,
}

/// From the smallest in the picture to the largest.
pub(crate) const GRIDS: [Grid; 7] = [
    Grid { cells: 3.0, radius: 2.5, leaves: 0.0 },
    Grid { cells: 5.0, radius: 6.0, leaves: 0.0 },
    Grid { cells: 9.0, radius: 14.0, leaves: 0.0 },
    Grid { cells: 8.0, radius: 26.0, leaves: 0.1 },
    Grid { cells: 10.0, radius: 48.0, leaves: 0.18 },
    Grid { cells: 12.0, radius: 90.0, leaves: 0.32 },
    Grid { cells: 16.0, radius: 150.0, leaves: 0.6 },
];
/// A piece of no more triangles than this that hangs together is a leaf, if there are at least so many of them.
const LEAF: usize = 8;
const LEAVES: usize = 64;
/// Meshes with fewer triangles are taken as they are.
const SMALL: usize = 100;
/// A far shape is used if it has at most this share of the triangles.
const WORTH: f32 = 0.5;

/// A mesh, which is held so that its address is not given to another, and its far shape.
type Known = (Arc<Mesh>, Option<Arc<Mesh>>);

/// Far shapes by the address of a mesh, which is only compared, and the grid.
#[derive(Default)]
pub(crate) struct Shapes {
    known: HashMap<(usize, usize), Known>,
}

impl Shapes {
    /// What is drawn for a mesh with a radius in pixels in a picture of some height: the grid's number, 0 for the mesh
    /// itself, and the far shape.
    pub(crate) fn of(&mut self, mesh: &Arc<Mesh>, radius: f32, height: usize) -> (usize, Option<Arc<Mesh>>) {
        let radius = radius * 1080.0 / height.max(1) as f32;
        let Some(grid) = GRIDS.iter().position(|g| radius < g.radius).filter(|_| mesh.triangles.len() >= SMALL) else { return (0, None) };
        let (_, shape) = self.known.entry((Arc::as_ptr(mesh) as usize, grid)).or_insert_with(|| (mesh.clone(), gathered(mesh, &GRIDS[grid]).map(Arc::new)));
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

/// A leaf: the middle of its corners, and whether it stays.
#[derive(Clone, Copy)]
struct Leaf {
    centre: Vec3,
    stays: bool,
}

/// The leaves that corners belong to, by corner; none if the mesh has too few.
fn leaves(mesh: &Mesh, share: f32) -> Option<Vec<Option<Leaf>>> {
    let mut root: Vec<u32> = Vec::with_capacity(mesh.positions.len());
    let mut same = HashMap::<[u32; 3], u32>::new();
    for (k, p) in mesh.positions.iter().enumerate() {
        root.push(*same.entry(p.to_array().map(f32::to_bits)).or_insert(k as u32));
    }
    let find = |root: &mut [u32], mut k: u32| {
        while root[k as usize] != k {
            root[k as usize] = root[root[k as usize] as usize];
            k = root[k as usize];
        }
        k
    };
    let whole = |t: &&[u32; 3]| t.iter().all(|k| (*k as usize) < mesh.positions.len());
    for t in mesh.triangles.iter().filter(whole) {
        let [a, b, c] = t.map(|k| find(&mut root, k));
        root[b as usize] = a;
        let c = find(&mut root, c);
        root[c as usize] = a;
    }
    let mut size = vec![0usize; root.len()];
    for t in mesh.triangles.iter().filter(whole) {
        size[find(&mut root, t[0]) as usize] += 1;
    }
    let mut middle = vec![(Vec3::ZERO, 0.0f32); root.len()];
    for k in 0..root.len() {
        let at = &mut middle[find(&mut root, k as u32) as usize];
        *at = (at.0 + mesh.positions[k], at.1 + 1.0);
    }
    let mut found = vec![None; root.len()];
    let mut count = 0usize;
    for k in 0..root.len() {
        if (1..=LEAF).contains(&size[k]) {
            // Evenly over the mesh, whatever the share.
            let turn = (count as f32 * 0.618_034).fract();
            found[k] = Some(Leaf { centre: middle[k].0 / middle[k].1, stays: turn < share });
            count += 1;
        }
    }
    (count >= LEAVES).then(|| (0..root.len()).map(|k| found[find(&mut root, k as u32) as usize]).collect())
}

/// A mesh with fewer corners; none if that is not worth while.
fn gathered(mesh: &Mesh, grid: &Grid) -> Option<Mesh> {
    let extent = (mesh.bounds.high - mesh.bounds.low).max_element();
    let n = mesh.positions.len();
    if !(extent > 0.0 && extent.is_finite()) || mesh.normals.len() < n {
        return None;
    }
    let scale = grid.cells / extent;
    let leaves = if grid.leaves > 0.0 { Some(leaves(mesh, grid.leaves)?) } else { None };
    // They cover as much as all did.
    let larger = 1.0 / grid.leaves.max(0.01).sqrt();
    let mut of = Vec::with_capacity(n);
    let mut index = HashMap::<[i32; 3], u32>::new();
    let mut sums: Vec<Cell> = Vec::new();
    for (k, p) in mesh.positions.iter().enumerate() {
        let leaf = leaves.as_ref().and_then(|l| l[k]);
        if leaf.is_some_and(|l| !l.stays) {
            of.push(None);
            continue;
        }
        let q = (*p - mesh.bounds.low) * scale;
        // A corner of a leaf is a cell of its own.
        let key = if leaf.is_some() { [-1, k as i32, 0] } else { [q.x as i32, q.y as i32, q.z as i32] };
        let cell = *index.entry(key).or_insert_with(|| {
            sums.push(Cell::default());
            (sums.len() - 1) as u32
        });
        of.push(Some(cell));
        let sum = &mut sums[cell as usize];
        sum.position += leaf.map_or(*p, |l| l.centre + (*p - l.centre) * larger);
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
            let Some([a, b, c]) =
                t.iter().map(|k| of.get(*k as usize).copied().flatten()).collect::<Option<Vec<u32>>>().and_then(|v| <[u32; 3]>::try_from(v).ok())
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
