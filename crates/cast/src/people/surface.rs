//! Meshing of a body part: surface nets (Gibson 1998) over a signed distance, on a grid whose lines may lie closer
//! where a face needs detail. Blocks of the grid that are far from the surface are never sampled.

use glam::Vec3;

/// A surface without owner: what every way of modelling makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    pub(crate) positions: Vec<Vec3>,
    pub(crate) normals: Vec<Vec3>,
    pub(crate) openness: Vec<u8>,
    pub(crate) triangles: Vec<[u32; 3]>,
}

impl Surface {
    /// Both as one.
    pub(crate) fn join(&mut self, other: Self) {
        let base = self.positions.len() as u32;
        self.positions.extend(other.positions);
        self.normals.extend(other.normals);
        self.openness.extend(other.openness);
        self.triangles.extend(other.triangles.iter().map(|t| t.map(|i| i + base)));
    }

    /// Moved and turned; what is mirrored keeps its outside.
    pub(crate) fn placed(mut self, place: glam::Affine3A) -> Self {
        for p in &mut self.positions {
            *p = place.transform_point3(*p);
        }
        for n in &mut self.normals {
            *n = place.transform_vector3(*n).normalize_or_zero();
        }
        if place.matrix3.determinant() < 0.0 {
            self.triangles.iter_mut().for_each(|t| t.swap(1, 2));
        }
        self
    }
}

/// Grid lines along the three axes.
#[derive(Clone, Debug)]
pub(crate) struct Grid([Vec<f32>; 3]);

impl Grid {
    /// Evenly spaced.
    pub(crate) fn even(low: Vec3, high: Vec3, cell: f32) -> Self {
        let axis = |a: f32, b: f32| lines(a, b, |_| cell);
        Self([axis(low.x, high.x), axis(low.y, high.y), axis(low.z, high.z)])
    }
    /// Spaced by a function of the place along each axis.
    pub(crate) fn spaced(low: Vec3, high: Vec3, cell: impl Fn(usize, f32) -> f32) -> Self {
        Self([0, 1, 2].map(|axis| lines(low[axis], high[axis], |x| cell(axis, x))))
    }
    fn size(&self) -> [usize; 3] {
        [self.0[0].len(), self.0[1].len(), self.0[2].len()]
    }
    fn at(&self, i: usize, j: usize, k: usize) -> Vec3 {
        Vec3::new(self.0[0][i], self.0[1][j], self.0[2][k])
    }
}

fn lines(low: f32, high: f32, cell: impl Fn(f32) -> f32) -> Vec<f32> {
    let mut all = vec![low];
    let mut x = low;
    while x < high {
        x += cell(x);
        all.push(x);
    }
    all
}

const BLOCK: usize = 6;

struct Samples<'a, F: Fn(Vec3) -> f32> {
    grid: &'a Grid,
    field: F,
    values: Vec<f32>,
    size: [usize; 3],
}

impl<F: Fn(Vec3) -> f32> Samples<'_, F> {
    fn index(&self, i: usize, j: usize, k: usize) -> usize {
        (k * self.size[1] + j) * self.size[0] + i
    }

    /// Samples one block unless its middle is farther from the surface than its corners are from its middle.
    fn block(&mut self, from: [usize; 3]) -> bool {
        let to = [0, 1, 2].map(|a| (from[a] + BLOCK).min(self.size[a] - 1));
        let (low, high) = (self.grid.at(from[0], from[1], from[2]), self.grid.at(to[0], to[1], to[2]));
        let radius = (high - low).length() * 0.5;
        if (self.field)((low + high) * 0.5).abs() > radius * 1.35 + 0.004 {
            return false;
        }
        for k in from[2]..=to[2] {
            for j in from[1]..=to[1] {
                for i in from[0]..=to[0] {
                    let at = self.index(i, j, k);
                    if self.values[at].is_nan() {
                        self.values[at] = (self.field)(self.grid.at(i, j, k));
                    }
                }
            }
        }
        true
    }
}

/// The zero surface of `field` over the grid, with smooth normals and openness over `reach` metres.
pub(crate) fn surface(grid: &Grid, reach: f32, field: impl Fn(Vec3) -> f32) -> Surface {
    let size = grid.size();
    let mut samples = Samples { grid, field: &field, values: vec![f32::NAN; size[0] * size[1] * size[2]], size };
    let mut cells = vec![u32::MAX; samples.values.len()];
    let mut out = Surface::default();
    let mut crossed: Vec<[usize; 3]> = Vec::new();
    for k in (0..size[2] - 1).step_by(BLOCK) {
        for j in (0..size[1] - 1).step_by(BLOCK) {
            for i in (0..size[0] - 1).step_by(BLOCK) {
                if samples.block([i, j, k]) {
                    vertices(&samples, [i, j, k], &mut cells, &mut out, &mut crossed);
                }
            }
        }
    }
    quads(&samples, &cells, &crossed, &mut out);
    finish(&field, reach, grid, &mut out);
    out
}

/// One vertex in each cell of a block that the surface crosses: the mean of the crossings of its edges.
fn vertices<F: Fn(Vec3) -> f32>(samples: &Samples<'_, F>, from: [usize; 3], cells: &mut [u32], out: &mut Surface, crossed: &mut Vec<[usize; 3]>) {
    let to = [0, 1, 2].map(|a| (from[a] + BLOCK).min(samples.size[a] - 1));
    for k in from[2]..to[2] {
        for j in from[1]..to[1] {
            for i in from[0]..to[0] {
                let corner = |n: usize| samples.values[samples.index(i + (n & 1), j + (n >> 1 & 1), k + (n >> 2))];
                let values: [f32; 8] = std::array::from_fn(corner);
                let inside = values.iter().filter(|v| **v < 0.0).count();
                if inside == 0 || inside == 8 {
                    continue;
                }
                cells[samples.index(i, j, k)] = out.positions.len() as u32;
                out.positions.push(mean_crossing(&values, samples.grid.at(i, j, k), samples.grid.at(i + 1, j + 1, k + 1)));
                crossed.push([i, j, k]);
            }
        }
    }
}

fn mean_crossing(values: &[f32; 8], low: Vec3, high: Vec3) -> Vec3 {
    let corner = |n: usize| Vec3::new([low.x, high.x][n & 1], [low.y, high.y][n >> 1 & 1], [low.z, high.z][n >> 2]);
    let (mut sum, mut count) = (Vec3::ZERO, 0.0);
    for a in 0..8usize {
        for bit in [1, 2, 4] {
            let b = a | bit;
            if a & bit == 0 && (values[a] < 0.0) != (values[b] < 0.0) {
                sum += corner(a).lerp(corner(b), values[a] / (values[a] - values[b]));
                count += 1.0;
            }
        }
    }
    sum / count
}

/// Two triangles across every grid edge that the surface crosses.
fn quads<F: Fn(Vec3) -> f32>(samples: &Samples<'_, F>, cells: &[u32], crossed: &[[usize; 3]], out: &mut Surface) {
    for &[i, j, k] in crossed {
        let here = samples.values[samples.index(i, j, k)];
        for axis in 0..3 {
            let step = [usize::from(axis == 0), usize::from(axis == 1), usize::from(axis == 2)];
            let there = samples.values[samples.index(i + step[0], j + step[1], k + step[2])];
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            let cell = [i, j, k];
            if (here < 0.0) == (there < 0.0) || cell[u] == 0 || cell[v] == 0 {
                continue;
            }
            let back = |du: usize, dv: usize| {
                let mut c = cell;
                c[u] -= du;
                c[v] -= dv;
                cells[samples.index(c[0], c[1], c[2])]
            };
            let mut quad = [back(1, 1), back(0, 1), back(0, 0), back(1, 0)];
            if quad.contains(&u32::MAX) {
                continue;
            }
            if here >= 0.0 {
                quad.reverse();
            }
            out.triangles.push([quad[0], quad[1], quad[2]]);
            out.triangles.push([quad[0], quad[2], quad[3]]);
        }
    }
}

/// Pulls vertices onto the surface, and gives them normals and openness from the field.
fn finish(field: &impl Fn(Vec3) -> f32, reach: f32, grid: &Grid, out: &mut Surface) {
    let cell = grid.0[0].windows(2).map(|w| w[1] - w[0]).fold(f32::MAX, f32::min);
    let e = cell * 0.25;
    let tips = [Vec3::new(1.0, -1.0, -1.0), Vec3::new(-1.0, -1.0, 1.0), Vec3::new(-1.0, 1.0, -1.0), Vec3::ONE];
    for p in &mut out.positions {
        let values = tips.map(|t| field(*p + t * e));
        let gradient = tips.iter().zip(values).fold(Vec3::ZERO, |g, (t, d)| g + *t * d);
        let normal = gradient.normalize_or(Vec3::Y);
        let distance = values.iter().sum::<f32>() * 0.25;
        *p -= normal * distance.clamp(-cell * 0.3, cell * 0.3);
        let open = (field(*p + normal * reach) / reach).clamp(0.0, 1.0);
        out.normals.push(normal);
        out.openness.push((90.0 + 165.0 * open) as u8);
    }
}
