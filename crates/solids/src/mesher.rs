//! Fields to meshes: surface nets over a sparse grid. Blocks of cells that the surface does not touch are never sampled.

use crate::field::Field;
use glam::{IVec3, Vec3};
use kinora_render::scene::{Bounds, Mesh, Part};
use std::collections::BTreeMap;

/// Cells along the side of a block.
const BLOCK: i32 = 8;

/// The surface of a field as triangles of about `cell` metres, with normals from the gradient and baked openness.
#[must_use]
pub fn mesh_field(field: &Field, cell: f32) -> Mesh {
    let Some(bounds) = field.bounds() else { return Mesh::default() };
    let mut net = Net::default();
    let origin = bounds.low - Vec3::splat(cell * 1.5);
    let cells = ((bounds.high - origin + Vec3::splat(cell * 1.5)) / cell).ceil().as_ivec3();
    let blocks = (cells + IVec3::splat(BLOCK - 1)) / BLOCK;
    let mut side = 1;
    while side < blocks.max_element() {
        side *= 2;
    }
    let grid = Grid { origin, cell, blocks };
    net.descend([field, field], &grid, IVec3::ZERO, side);
    net.finish()
}

/// Where the cells are.
struct Grid {
    origin: Vec3,
    cell: f32,
    blocks: IVec3,
}

/// Vertices by cell, and the quads between them.
#[derive(Default)]
struct Net {
    vertices: BTreeMap<(i32, i32, i32), u32>,
    positions: Vec<Vec3>,
    normals: Vec<Vec3>,
    openness: Vec<u8>,
    quads: Vec<[(i32, i32, i32); 4]>,
}

impl Net {
    /// Halves a cube of blocks until the surface cannot be in it or it is one block. Of the two fields, the first
    /// holds in the cube and the second as far around it as openness looks.
    fn descend(&mut self, [field, around]: [&Field; 2], grid: &Grid, at: IVec3, side: i32) {
        if at.cmpge(grid.blocks).any() {
            return;
        }
        let cell = grid.cell;
        let span = side as f32 * BLOCK as f32 * cell;
        let centre = grid.origin + at.as_vec3() * (BLOCK as f32 * cell) + Vec3::splat(span * 0.5);
        let reach = (span * 0.5 + cell) * 1.7321;
        if field.distance(centre).abs() > reach * 1.5 {
            return;
        }
        let pruned = (side <= 8).then(|| [field.pruned(centre, reach), around.pruned(centre, reach + cell * (FARTHEST + 1.0))]);
        let [field, around] = pruned.as_ref().map_or([field, around], |[f, a]| [f, a]);
        if side == 1 {
            let first = self.positions.len();
            self.sample(field, grid, at * BLOCK);
            return self.settle(around, cell, first);
        }
        let half = side / 2;
        for i in 0..8 {
            self.descend([field, around], grid, at + IVec3::new(i & 1, (i >> 1) & 1, i >> 2) * half, half);
        }
    }

    /// Brings the vertices from the `first` on onto the surface, and says how they lie there.
    fn settle(&mut self, field: &Field, cell: f32, first: usize) {
        let e = cell * 0.4;
        for p in &mut self.positions[first..] {
            // Two Newton steps bring vertices from the middle of their crossings onto the surface.
            for _ in 0..2 {
                let n = field.normal(*p, e);
                let d = field.distance(*p);
                *p -= n * d.clamp(-cell * 0.5, cell * 0.5);
            }
            let n = field.normal(*p, e);
            self.normals.push(n);
            self.openness.push(openness(field, *p, n, cell));
        }
    }

    /// One block: distances at its corners, a vertex in every cell that the surface crosses, a quad over every crossed edge.
    fn sample(&mut self, field: &Field, grid: &Grid, first: IVec3) {
        let Grid { origin, cell, .. } = *grid;
        const N: usize = BLOCK as usize + 2;
        let mut d = [0.0f32; N * N * N];
        let index = |i: usize, j: usize, k: usize| (k * N + j) * N + i;
        for k in 0..N {
            for j in 0..N {
                for i in 0..N {
                    let p = origin + (first + IVec3::new(i as i32 - 1, j as i32 - 1, k as i32 - 1)).as_vec3() * cell;
                    d[index(i, j, k)] = field.distance(p);
                }
            }
        }
        for k in 0..N - 1 {
            for j in 0..N - 1 {
                for i in 0..N - 1 {
                    let at = first + IVec3::new(i as i32 - 1, j as i32 - 1, k as i32 - 1);
                    self.vertex(
                        [
                            d[index(i, j, k)],
                            d[index(i + 1, j, k)],
                            d[index(i, j + 1, k)],
                            d[index(i + 1, j + 1, k)],
                            d[index(i, j, k + 1)],
                            d[index(i + 1, j, k + 1)],
                            d[index(i, j + 1, k + 1)],
                            d[index(i + 1, j + 1, k + 1)],
                        ],
                        at,
                        origin,
                        cell,
                    );
                }
            }
        }
        for k in 1..N - 1 {
            for j in 1..N - 1 {
                for i in 1..N - 1 {
                    let at = first + IVec3::new(i as i32 - 1, j as i32 - 1, k as i32 - 1);
                    let inside = d[index(i, j, k)] < 0.0;
                    let ends = [d[index(i + 1, j, k)], d[index(i, j + 1, k)], d[index(i, j, k + 1)]];
                    for (axis, end) in ends.iter().enumerate() {
                        if inside != (*end < 0.0) {
                            self.quad(at, axis, inside);
                        }
                    }
                }
            }
        }
    }

    fn vertex(&mut self, d: [f32; 8], at: IVec3, origin: Vec3, cell: f32) {
        let inside = d.iter().filter(|x| **x < 0.0).count();
        if inside == 0 || inside == 8 || self.vertices.contains_key(&(at.z, at.y, at.x)) {
            return;
        }
        const EDGES: [(usize, usize); 12] = [(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7)];
        let corner = |i: usize| Vec3::new((i & 1) as f32, ((i >> 1) & 1) as f32, (i >> 2) as f32);
        let (mut sum, mut count) = (Vec3::ZERO, 0.0);
        for (a, b) in EDGES {
            if (d[a] < 0.0) != (d[b] < 0.0) {
                sum += corner(a).lerp(corner(b), d[a] / (d[a] - d[b]));
                count += 1.0;
            }
        }
        self.vertices.insert((at.z, at.y, at.x), self.positions.len() as u32);
        self.positions.push(origin + (at.as_vec3() + sum / count) * cell);
    }

    fn quad(&mut self, at: IVec3, axis: usize, inside: bool) {
        let (u, v) = match axis {
            0 => (IVec3::Y, IVec3::Z),
            1 => (IVec3::Z, IVec3::X),
            _ => (IVec3::X, IVec3::Y),
        };
        let key = |p: IVec3| (p.z, p.y, p.x);
        let ring = [key(at - u - v), key(at - v), key(at), key(at - u)];
        self.quads.push(if inside { ring } else { [ring[0], ring[3], ring[2], ring[1]] });
    }

    fn finish(self) -> Mesh {
        let mut triangles = Vec::with_capacity(self.quads.len() * 2);
        for quad in &self.quads {
            let ids: Option<Vec<u32>> = quad.iter().map(|k| self.vertices.get(k).copied()).collect();
            let Some(q) = ids else { continue };
            let at = |i: usize| self.positions[q[i] as usize];
            // The shorter diagonal gives the rounder pair.
            if (at(0) - at(2)).length_squared() <= (at(1) - at(3)).length_squared() {
                triangles.extend([[q[0], q[1], q[2]], [q[0], q[2], q[3]]]);
            } else {
                triangles.extend([[q[0], q[1], q[3]], [q[1], q[2], q[3]]]);
            }
        }
        let bounds = Bounds::around(&self.positions);
        let parts = vec![Part { material: 0, first: 0, count: triangles.len() as u32 }];
        Mesh { positions: self.positions, normals: self.normals, openness: self.openness, triangles, parts, bounds, ..Mesh::default() }
    }
}

/// How many cells from the surface openness looks.
const FARTHEST: f32 = 11.0;

/// How open a point of the surface is: a few samples of the field along the normal (Evans 2006).
fn openness(field: &Field, p: Vec3, n: Vec3, cell: f32) -> u8 {
    let mut closed = 0.0;
    for (k, weight) in [(2.0f32, 0.5f32), (5.0, 0.3), (FARTHEST, 0.2)] {
        let h = cell * k;
        closed += weight * ((h - field.distance(p + n * h)) / h).clamp(0.0, 1.0);
    }
    (255.0 * (1.0 - closed * 0.9)).clamp(0.0, 255.0) as u8
}
