//! Motion blur: what moves while the shutter is open is smeared along its way.
//!
//! From depth, the camera of the frame before and the corners of what moves come, for every block of two by two
//! pixels, how far it goes while the shutter is open. Each tile is then smeared along the largest way in and around
//! it (McGuire 2012): a pixel takes light from those on the line through it that pass over it, nearer ones before
//! farther ones, and for the rest of the time is what it is. Tiles in which nothing moves are left alone.

use crate::finish::Film;
use crate::geometry::{Geometry, TILE};
use crate::lanes::{F, Level, Simd, V3, entry};
use crate::raster::Samples;
use crate::scene::Camera;
use crate::view::View;
use glam::Vec3;
/// The longest way, as a share of the picture's width, and in pixels: half of it stays within the next tile.
const MOST: f32 = 0.025;
const FARTHEST: f32 = 1.5 * TILE as f32;
/// Ways shorter than this, in pixels, are not seen.
const STILL: f32 = 1.0;
/// Cells in a row of a tile.
const CELLS: usize = TILE / 2;
/// The most places on the way that are looked at.
const TAPS: usize = 17;

/// From this frame's pixels to those of the frame before: `z p = at / z + from + right x + down y`.
#[derive(Clone, Copy)]
pub(crate) struct Before {
    at: [f32; 3],
    from: [f32; 3],
    right: [f32; 3],
    down: [f32; 3],
    /// Share of the time between frames that the shutter is open.
    open: f32,
    /// Whether the camera moves at all.
    moves: bool,
}

impl Before {
    /// `None` if the shutter is not open long enough to see anything move.
    pub(crate) fn of(camera: &Camera, view: &View, before: &View) -> Option<Self> {
        let open = if camera.shutter.is_finite() { camera.shutter.clamp(0.0, 1.0) } else { 0.0 };
        let rows = [before.right * before.focal + before.forward * before.cx, before.forward * before.cy - before.up * before.focal, before.forward];
        let dot = |v: Vec3| rows.map(|r| r.dot(v));
        let corner = view.forward - view.right * (view.cx / view.focal) + view.up * (view.cy / view.focal);
        let moves = view.eye != before.eye || view.forward != before.forward || view.up != before.up || view.focal != before.focal;
        let (right, down) = (view.right / view.focal, view.up / -view.focal);
        (open > 0.01).then(|| Self { at: dot(view.eye - before.eye), from: dot(corner), right: dot(right), down: dot(down), open, moves })
    }
}

/// How far the cells of a tile go: the least and the greatest of each direction.
#[derive(Clone, Copy)]
pub(crate) struct Ways {
    low: [f32; 2],
    high: [f32; 2],
    /// The longest.
    most: [f32; 2],
}

const NOWHERE: Ways = Ways { low: [0.0; 2], high: [0.0; 2], most: [0.0; 2] };

fn length(v: [f32; 2]) -> f32 {
    (v[0] * v[0] + v[1] * v[1]).sqrt()
}

/// Ways of the frame at half its size.
#[derive(Default)]
pub(crate) struct Motion {
    columns: usize,
    rows: usize,
    /// Cells in a row of the planes.
    stride: usize,
    /// Pixels that a cell goes.
    speed: Vec<f32>,
    /// 1/w of a cell.
    near: Vec<f32>,
    ways: Vec<Ways>,
    /// Smeared tiles of two rows of tiles, until nobody reads what they replace.
    done: [Vec<(usize, Vec<u16>)>; 2],
    spare: Vec<Vec<u16>>,
    window: Window,
}

impl Motion {
    /// Gets ready for a frame.
    pub(crate) fn begin(&mut self, view: &View) {
        (self.columns, self.rows) = (view.width.div_ceil(TILE), view.height.div_ceil(TILE));
        self.stride = self.columns * CELLS;
        for plane in [&mut self.speed, &mut self.near] {
            plane.resize(self.stride * self.rows * CELLS, 0.0);
        }
        self.ways.clear();
        self.ways.resize(self.columns * self.rows, NOWHERE);
    }

    /// Notes how far the cells of a tile go whose first pixel is (`x`, `y`) and which is drawn in pixels of `step`.
    pub(crate) fn note(&mut self, level: Level, before: &Before, (samples, step): (&Samples, usize), geometry: &Geometry, view: &View, [x, y]: [usize; 2]) {
        let most = (MOST * view.width as f32).min(FARTHEST);
        let (to, mut ways) = (y / 2 * self.stride + x / 2, NOWHERE);
        note(level, before, samples, step, geometry, [x as f32, y as f32], most, &mut self.speed[to..], &mut self.near[to..], self.stride, &mut ways);
        self.ways[y / TILE * self.columns + x / TILE] = ways;
    }

    /// Smears the film.
    pub(crate) fn smear(&mut self, level: Level, film: &mut Film) {
        let mut window = std::mem::take(&mut self.window);
        for row in 0..self.rows {
            for column in 0..self.columns {
                let ways = self.around(column, row);
                if length(ways.most) >= STILL {
                    let mut out = self.spare.pop().unwrap_or_else(|| vec![0; TILE * TILE * 3]);
                    smear(level, self, film, ways, [column * TILE, row * TILE], &mut window, &mut out);
                    self.done[1].push((row * self.columns + column, out));
                }
            }
            // Ways are shorter than a tile, so that the row before is not looked at any more.
            self.put_back(film);
            self.done.swap(0, 1);
        }
        self.put_back(film);
        self.window = window;
    }

    fn put_back(&mut self, film: &mut Film) {
        for (tile, out) in self.done[0].drain(..) {
            let (x, y) = (tile % self.columns * TILE, tile / self.columns * TILE);
            let (w, h) = (TILE.min(film.columns() - x), TILE.min(film.height - y));
            for (plane, from) in film.planes.iter_mut().zip(out.chunks_exact(TILE * TILE)) {
                for row in 0..h {
                    plane[(y + row) * film.stride + x..][..w].copy_from_slice(&from[row * TILE..][..w]);
                }
            }
            self.spare.push(out);
        }
    }

    /// Ways of a tile and of those beside it.
    fn around(&self, column: usize, row: usize) -> Ways {
        let mut all = self.ways[row * self.columns + column];
        for y in row.saturating_sub(1)..=(row + 1).min(self.rows - 1) {
            for x in column.saturating_sub(1)..=(column + 1).min(self.columns - 1) {
                let w = self.ways[y * self.columns + x];
                for k in 0..2 {
                    (all.low[k], all.high[k]) = (all.low[k].min(w.low[k]), all.high[k].max(w.high[k]));
                }
                if length(w.most) > length(all.most) {
                    all.most = w.most;
                }
            }
        }
        all
    }
}

entry! {
    fn note(before: &Before, samples: &Samples, step: usize, geometry: &Geometry, origin: [f32; 2], most: f32, speed: &mut [f32], near: &mut [f32], stride: usize, ways: &mut Ways) = note_kernel
}
entry! {
    /// Smears a tile.
    fn smear(motion: &Motion, film: &Film, ways: Ways, tile: [usize; 2], window: &mut Window, out: &mut [u16]) = smear_kernel
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "kernels take their planes one by one")]
fn note_kernel<S: Simd>(
    before: &Before,
    samples: &Samples,
    step: usize,
    geometry: &Geometry,
    origin: [f32; 2],
    most: f32,
    speed: &mut [f32],
    near: &mut [f32],
    stride: usize,
    ways: &mut Ways,
) {
    let first = geometry.first_moving_triangle as f32 - 0.5;
    let zero = F::<S>::of(0.0);
    let (mut low, mut high) = ([zero; 2], [zero; 2]);
    let (mut longest, mut way) = (0.0f32, [0.0f32; 2]);
    for row in 0..CELLS {
        for column in (0..CELLS).step_by(8) {
            let (inverse, id) = samples.corners::<S>(column * 2, row * 2, step);
            let x = F::<S>::ramp() * 2.0 + (origin[0] + column as f32 * 2.0 + 0.5);
            let y = F::<S>::of(origin[1] + row as f32 * 2.0 + 0.5);
            let mut v = [zero; 2];
            if before.moves {
                let w = old(before, 2, inverse, x, y);
                let seen = w.above(1e-4);
                let over = 1.0 / w.at_least(1e-4);
                v = [seen.select(x - old(before, 0, inverse, x, y) * over, zero), seen.select(y - old(before, 1, inverse, x, y) * over, zero)];
            }
            let moving = id.float().above(first).bits();
            if moving != 0 {
                let (ids, mut lanes) = (id.array(), [v[0].array(), v[1].array()]);
                for k in (0..8).filter(|k| moving >> k & 1 == 1) {
                    let at = [origin[0] + (column + k) as f32 * 2.0 + 0.5, origin[1] + row as f32 * 2.0 + 0.5];
                    [lanes[0][k], lanes[1][k]] = geometry.way(ids[k] as usize, at);
                }
                v = [F::load(&lanes[0]), F::load(&lanes[1])];
            }
            let v = [v[0] * before.open, v[1] * before.open];
            let long = (v[0] * v[0] + v[1] * v[1]).sqrt();
            let short = (most / long.at_least(1e-6)).at_most(1.0);
            let (v, long) = ([v[0] * short, v[1] * short], long.at_most(most));
            for k in 0..2 {
                (low[k], high[k]) = (low[k].min(v[k]), high[k].max(v[k]));
            }
            if long.above(longest).any() {
                for (k, l) in long.array().into_iter().enumerate() {
                    if l > longest {
                        (longest, way) = (l, [v[0].array()[k], v[1].array()[k]]);
                    }
                }
            }
            long.to_slice(speed, row * stride + column);
            inverse.to_slice(near, row * stride + column);
        }
    }
    let least = |v: F<S>| v.array().into_iter().fold(f32::MAX, f32::min);
    let greatest = |v: F<S>| v.array().into_iter().fold(f32::MIN, f32::max);
    *ways = Ways { low: [least(low[0]), least(low[1])], high: [greatest(high[0]), greatest(high[1])], most: way };
}

/// One of the homogeneous numbers of where points were.
#[inline(always)]
fn old<S: Simd>(before: &Before, k: usize, inverse: F<S>, x: F<S>, y: F<S>) -> F<S> {
    inverse * before.at[k] + before.from[k] + x * before.right[k] + y * before.down[k]
}

/// What the ways of a tile reach, in floats, with the outermost pixels of the picture continued beyond it.
#[derive(Default)]
pub(crate) struct Window {
    /// Pixels in a row.
    stride: usize,
    rows: usize,
    /// Red, green, blue, how far each pixel goes and its 1/w.
    planes: [Vec<f32>; 5],
}

impl Window {
    /// Eight pixels.
    #[inline(always)]
    fn at<S: Simd>(&self, plane: usize, at: usize) -> F<S> {
        F::from_slice(&self.planes[plane], at)
    }

    /// Brings in what lies around the pixel (`left`, `top`), of which `left` is even.
    #[inline(always)]
    fn fill<S: Simd>(&mut self, film: &Film, motion: &Motion, [left, top]: [isize; 2], planes: usize) {
        let (stride, last) = (self.stride, film.columns() as isize - 1);
        for plane in &mut self.planes[..planes] {
            plane.resize(stride * self.rows, 0.0);
        }
        for row in 0..self.rows {
            let y = (top + row as isize).clamp(0, film.height as isize - 1) as usize;
            film.ahead::<S>(y + 1, left.max(0) as usize);
            for column in (0..stride).step_by(8) {
                let (x, to) = (left + column as isize, row * stride + column);
                if x >= 0 && x + 7 <= last {
                    let from = y * film.stride + x as usize;
                    for (plane, halves) in self.planes.iter_mut().zip(&film.planes) {
                        F::<S>::from_halves(halves, from).to_slice(plane, to);
                    }
                    continue;
                }
                for k in 0..8 {
                    let mut eight = [0.0f32; 8];
                    let at = (x + k as isize).clamp(0, last) as usize;
                    for (plane, halves) in self.planes.iter_mut().zip(&film.planes) {
                        F::<S>::from_halves(halves, y * film.stride + at / 8 * 8).to_slice(&mut eight, 0);
                        plane[to + k] = eight[at % 8];
                    }
                }
            }
            let cells = y / 2 * motion.stride;
            for (plane, from) in self.planes[3..planes.max(3)].iter_mut().zip([&motion.speed, &motion.near]) {
                let cells = &from[cells..cells + motion.stride];
                for (k, two) in plane[row * stride..(row + 1) * stride].chunks_exact_mut(2).enumerate() {
                    two.fill(cells[((left / 2 + k as isize).max(0) as usize).min(last as usize / 2)]);
                }
            }
        }
    }
}

#[inline(always)]
fn smear_kernel<S: Simd>(motion: &Motion, film: &Film, ways: Ways, [x0, y0]: [usize; 2], window: &mut Window, out: &mut [u16]) {
    let way = length(ways.most);
    let count = ((way / 1.5) as usize | 1).clamp(3, TAPS);
    let mut offsets = [[0isize; 2]; TAPS];
    let (mut low, mut high) = ([0isize; 2], [0isize; 2]);
    for (k, o) in offsets[..count].iter_mut().enumerate() {
        let t = k as f32 / (count - 1) as f32 - 0.5;
        *o = ways.most.map(|v| (v * t + 0.5).floor() as isize);
        (low, high) = ([low[0].min(o[0]), low[1].min(o[1])], [high[0].max(o[0]), high[1].max(o[1])]);
    }
    let (offsets, share) = (&offsets[..count], 1.0 / count as f32);
    let spread = length([ways.high[0] - ways.low[0], ways.high[1] - ways.low[1]]);
    // Zero is always among the ways; where all go alike, what is between them and zero says so.
    let alike = spread < way * 1.08 + 0.2 && motion_is_even(motion, [x0, y0], way);
    let h = TILE.min(film.height - y0);
    // Cells are two pixels wide.
    low[0] &= !1;
    window.stride = (TILE + (high[0] - low[0]) as usize).next_multiple_of(8);
    window.rows = h + (high[1] - low[1]) as usize;
    window.fill::<S>(film, motion, [x0 as isize + low[0], y0 as isize + low[1]], if alike { 3 } else { 5 });
    let place = |row: usize, [ox, oy]: [isize; 2]| (row as isize + oy - low[1]) as usize * window.stride + (ox - low[0]) as usize;
    for row in 0..h {
        if alike {
            for plane in 0..3 {
                let mut sums = [F::<S>::of(0.0); TILE / 8];
                for o in offsets {
                    let at = place(row, *o);
                    let line = &window.planes[plane][at..at + TILE];
                    for (k, sum) in sums.iter_mut().enumerate() {
                        *sum = *sum + F::from_slice(line, k * 8);
                    }
                }
                for (k, sum) in sums.into_iter().enumerate() {
                    (sum * share).to_halves(out, (plane * TILE + row) * TILE + k * 8);
                }
            }
            continue;
        }
        for column in (0..TILE).step_by(8) {
            let here = place(row, [0, 0]) + column;
            let (own_speed, own) = (window.at::<S>(3, here), window.at::<S>(4, here));
            let steep = 20.0 / own.at_least(1e-6);
            let (mut sum, mut weights) = (V3::same(F::<S>::of(0.0)), F::<S>::of(0.0));
            for [ox, oy] in offsets {
                let at = place(row, [*ox, *oy]) + column;
                let (speed, near) = (window.at::<S>(3, at), window.at::<S>(4, at));
                let off = 1.0 - ((ox * ox + oy * oy) as f32).sqrt();
                let nearer = ((near - own) * steep + 0.5).clamp01();
                let passes = (speed * 0.5 + off).clamp01();
                let shows = (own_speed * 0.5 + off).clamp01();
                let weight = shows.mix(passes, nearer);
                sum = sum + V3::new(window.at(0, at), window.at(1, at), window.at(2, at)) * weight;
                weights = weights + weight;
            }
            let rest = V3::new(window.at(0, here), window.at(1, here), window.at(2, here)) * (count as f32 - weights);
            let sum = (sum + rest) * share;
            for (k, c) in [sum.x, sum.y, sum.z].into_iter().enumerate() {
                c.to_halves(out, (k * TILE + row) * TILE + column);
            }
        }
    }
}

/// Whether all cells in and around a tile go about as far as the longest way.
#[inline(always)]
fn motion_is_even(motion: &Motion, [x0, y0]: [usize; 2], way: f32) -> bool {
    let least = way * 0.85 - 0.25;
    let (x, y) = (x0 / 2, y0 / 2);
    let rows = y.saturating_sub(CELLS / 2)..(y + CELLS + CELLS / 2).min(motion.speed.len() / motion.stride);
    let columns = x.saturating_sub(CELLS / 2)..(x + CELLS + CELLS / 2).min(motion.stride);
    // Every fourth cell tells.
    rows.step_by(4).all(|row| columns.clone().step_by(4).all(|column| motion.speed[row * motion.stride + column] >= least))
}
