//! Shafts of light: how much sun is in the air between the lens and what is seen, with the shadows that things throw into it.
//!
//! On a coarse grid of rays the near and the wide map of the sun are asked at a few places along each; the light gathered up
//! to each of four distances is kept, so that a pixel takes only what lies before it, and none bleeds over an edge.
//! Under water there is no map to ask: there the waves let the light down in sheets.

use crate::geometry::TILE;
use crate::lanes::maths::noise;
use crate::lanes::{F, I, Level, Simd, V3, entry};
use crate::scene::{Light, Panes};
use crate::shadow::DepthMap;
use crate::sky::Air;
use crate::view::View;
use glam::Vec3;

/// Places along a ray, and how many of them to a slice.
const STEPS: usize = 16;
const SLICES: usize = 4;
/// Ends of slices, with the lens.
const ENDS: usize = SLICES + 1;
/// Cells that a row of a tile can reach, in eights: they are two pixels wide or more.
const CELLS: usize = (TILE / 2 + 2).next_multiple_of(8);

/// Light of the air of a whole ray in full sun, of the sun's.
const WHOLE: f32 = 0.25;
/// Of a metre of the air of a room, in what its windows let in by chance, and in beams that were asked for.
const WITHIN_BY_CHANCE: f32 = 0.12;
const WITHIN: f32 = 0.24;
/// How fast air hides the light of air behind it, by the reach of rays.
const THICK: f32 = 2.0;

/// The light in the air.
#[derive(Default)]
pub(crate) struct Shafts {
    pub(crate) on: bool,
    width: usize,
    height: usize,
    stride: usize,
    /// Pixels to a cell.
    step: f32,
    /// Metres that rays go.
    reach: f32,
    /// Of the air of a whole ray in full sun.
    pub(crate) colour: Vec3,
    /// Light up to the end of each slice, 0..1 of the whole ray in full sun.
    slices: [Vec<f32>; SLICES],
}

/// What the air is made of.
pub(crate) struct Job<'a> {
    pub(crate) view: &'a View,
    pub(crate) air: &'a Air,
    pub(crate) light: &'a Light,
    pub(crate) near: &'a DepthMap,
    pub(crate) wide: &'a DepthMap,
    pub(crate) time: f32,
}

impl Shafts {
    /// Gathers the light of a frame.
    pub(crate) fn gather(&mut self, level: Level, job: &Job) {
        let strength = job.light.shafts.clamp(0.0, 1.0);
        self.on = strength > 0.0 && job.air.sun.max_element() > 0.0;
        if !self.on {
            return;
        }
        // About 240 cells across, whatever the size.
        let step = (job.view.width / 240).clamp(2, 32);
        self.step = step as f32;
        (self.width, self.height) = (job.view.width / step + 2, job.view.height / step + 2);
        self.stride = self.width.next_multiple_of(8);
        for slice in &mut self.slices {
            slice.resize(self.stride * self.height + CELLS, 0.0);
        }
        self.reach = (job.near.radius * 2.6).clamp(6.0, 60.0);
        // In full sun the air of the whole ray gives this much: the dust of a room is lit in a few beams of it alone.
        let whole = if job.light.panes.is_some() {
            WITHIN * self.reach
        } else if job.light.indoors {
            WITHIN_BY_CHANCE * self.reach
        } else {
            WHOLE
        };
        self.colour = job.air.sun * (strength * whole);
        gather_light(level, self, job);
        for slice in &mut self.slices {
            even_out(slice, self.stride, self.height);
        }
    }
}

/// The mean of four by four cells, in which every turn of the pattern of places comes about as often.
fn even_out(slice: &mut [f32], stride: usize, height: usize) {
    let mut row = vec![0.0f32; stride];
    for y in 0..height {
        let cells = &mut slice[y * stride..(y + 1) * stride];
        row.copy_from_slice(cells);
        let at = |x: isize| row[x.clamp(0, stride as isize - 1) as usize];
        for (x, cell) in cells.iter_mut().enumerate() {
            let x = x as isize;
            *cell = (at(x - 2) + at(x + 2)) * 0.125 + (at(x - 1) + at(x) + at(x + 1)) * 0.25;
        }
    }
    let whole = slice.to_vec();
    for y in 0..height {
        let of = |dy: isize| (y as isize + dy).clamp(0, height as isize - 1) as usize * stride;
        for x in 0..stride {
            slice[y * stride + x] = (whole[of(-2) + x] + whole[of(2) + x]) * 0.125 + (whole[of(-1) + x] + whole[of(0) + x] + whole[of(1) + x]) * 0.25;
        }
    }
}

entry! {
    fn gather_light(shafts: &mut Shafts, job: &Job) = gather_kernel
}

#[inline(always)]
fn gather_kernel<S: Simd>(shafts: &mut Shafts, job: &Job) {
    let view = job.view;
    let under = job.light.caustics > 0.0;
    let gaps = if under { 0.0 } else { job.light.gaps.clamp(0.0, 1.0) };
    for y in 0..shafts.height {
        for x in (0..shafts.stride).step_by(8) {
            let px = (F::<S>::ramp() + x as f32) * shafts.step;
            let py = F::<S>::of(y as f32 * shafts.step);
            let (u, v) = ((px - view.cx) * (1.0 / view.focal), (py - view.cy) * (-1.0 / view.focal));
            let ray = V3::of(view.forward) + V3::of(view.right) * u + V3::of(view.up) * v;
            // Dust throws light on rather than back.
            let toward = ray.unit().dot_with(job.air.sun_direction).at_least(0.0);
            let mut phase = toward.squared() * 0.65 + 0.35;
            if gaps > 0.0 {
                phase = phase * streaks(ray, job).mix(F::of(1.0), F::of(1.0 - gaps));
            }
            let mut sum = F::<S>::of(0.0);
            for k in 0..STEPS {
                // Neighbouring rays are asked at other places, in a fixed pattern that mixing evens out.
                let turn = F::<S>::load(&[0.0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875]);
                let turn = turn + [0.0, 0.4375, 0.1875, 0.6875][y % 4];
                let turn = turn - turn.floor();
                let share = (turn + k as f32) * (1.0 / STEPS as f32);
                let at = V3::of(view.eye) + ray * (share * share * shafts.reach);
                let lit = match job.light.panes {
                    _ if under => sheets(at, job.air.sun_direction, job.time),
                    Some(panes) => through(&panes, at, job.air.sun_direction) * dust(at, job.time),
                    None => sunny(job, at),
                };
                // Rays are asked more often where they are near: each place stands for its length.
                // What is far shines through the air before it.
                let clear = 1.0 / (share.squared() * THICK + 1.0);
                sum = sum + lit * (share * clear * (2.0 / STEPS as f32));
                if (k + 1).is_multiple_of(STEPS / SLICES) {
                    (sum * phase).to_slice(&mut shafts.slices[k / (STEPS / SLICES)], y * shafts.stride + x);
                }
            }
        }
    }
}

/// Whether nothing on a map stands over points.
#[inline(always)]
fn open<S: Simd>(map: &DepthMap, at: V3<S>) -> F<S> {
    map.read(at.x, at.y).gt(at.z).select(F::of(0.0), F::of(1.0))
}

/// Whether the sun reaches points, by the near map or the wide one.
#[inline(always)]
fn sunny<S: Simd>(job: &Job, p: V3<S>) -> F<S> {
    let at = job.near.locate(p);
    let inside = job.near.holds(at, 1.0);
    let near = open(job.near, at);
    if inside.all() {
        return near;
    }
    let far = job.wide.locate(p);
    let outside = if job.light.indoors { 0.0 } else { 1.0 };
    let wide = job.wide.holds(far, 1.0).select(open(job.wide, far), F::of(outside));
    inside.select(near, wide)
}

/// Whether points are in the beams of windows.
#[inline(always)]
fn through<S: Simd>(panes: &Panes, p: V3<S>, sun: Vec3) -> F<S> {
    let far = (F::of(panes.plane) - p.z) * (1.0 / if sun.z < 0.0 { sun.z.min(-0.05) } else { sun.z.max(0.05) });
    let (x, y) = (p.x + far * sun.x, p.y + far * sun.y);
    let soft = 1.0 / 0.09;
    let edge = |inside: F<S>| (inside * soft + 0.5).clamp01();
    let along = (x - panes.row.0) * (1.0 / panes.row.1.max(0.05));
    let nearest = (along + 0.5).floor().at_least(0.0).at_most(panes.count.max(1) as f32 - 1.0);
    let off = ((along - nearest) * panes.row.1).abs();
    let (low, high) = panes.tall;
    edge(y - low) * edge(F::of(high) - y) * edge(F::of(panes.half) - off)
}

/// Dust that hangs in the air of a room.
#[inline(always)]
fn dust<S: Simd>(p: V3<S>, time: f32) -> F<S> {
    noise(V3::new(p.x * 1.3 + time * 0.05, p.y * 1.3 - time * 0.04, p.z * 1.3)) * 0.5 + 0.9
}

/// Gaps of a canopy or a cloud as an eye sees their beams: all of them run together in the sun, so they are streaks about it.
#[inline(always)]
fn streaks<S: Simd>(ray: V3<S>, job: &Job) -> F<S> {
    let sun = job.air.sun_direction;
    let across = sun.cross(Vec3::Y).normalize_or(Vec3::X);
    let (u, v) = (ray.dot_with(across), ray.dot_with(across.cross(sun)));
    let round = 1.0 / (u * u + v * v).sqrt().at_least(1e-4);
    // Who walks sees other gaps.
    let passed = job.view.eye.dot(across) * 0.12 + job.time * 0.02;
    let n = noise(V3::new(u * round * 7.0, v * round * 7.0, F::of(passed))) + noise(V3::new(u * round * 17.0, v * round * 17.0, F::of(passed * 1.7))) * 0.45;
    n.smooth(-0.12, 0.42) * 1.75 + 0.04
}

/// Sheets of light that waves let down.
#[inline(always)]
fn sheets<S: Simd>(p: V3<S>, sun: Vec3, time: f32) -> F<S> {
    // Where the light of a point came through the surface, eight metres up.
    let up = (8.0 - p.y) * (1.0 / sun.y.max(0.3));
    let (x, z) = (p.x + up * sun.x, p.z + up * sun.z);
    let n = noise(V3::new(x * 0.55, F::of(time * 0.22), z * 0.55)) * 0.65 + noise(V3::new(x * 1.5, F::of(time * 0.4), z * 1.5)) * 0.35;
    n.smooth(-0.05, 0.5)
}

/// The light of a row of a tile's pixels by cell: up to the lens there is none, then up to the end of each slice.
pub(crate) struct Beams {
    row: [f32; CELLS * ENDS],
    first: usize,
}

impl Default for Beams {
    fn default() -> Self {
        Self { row: [0.0; CELLS * ENDS], first: 0 }
    }
}

impl Beams {
    /// Gets ready for the row `y` of the tile whose first pixel is in column `x`.
    #[inline(always)]
    pub(crate) fn reach<S: Simd>(&mut self, shafts: &Shafts, x: usize, y: usize) {
        let scale = 1.0 / shafts.step;
        self.first = (x as f32 * scale) as usize;
        let cells = ((x + TILE) as f32 * scale) as usize + 2 - self.first;
        let v = y as f32 * scale;
        let (cell, share) = (v as usize, F::<S>::of(v - (v as usize) as f32));
        let [above, below] = [cell, (cell + 1).min(shafts.height - 1)].map(|cell| cell * shafts.stride + self.first);
        for (slice, row) in shafts.slices.iter().zip(self.row.chunks_exact_mut(CELLS).skip(1)) {
            for k in (0..cells).step_by(8) {
                F::<S>::from_slice(slice, above + k).mix(F::from_slice(slice, below + k), share).to_slice(row, k);
            }
        }
    }

    /// The light before eight pixels from column `x` on, given how far they are (metres along the axis), 0..1 of [`Shafts::colour`].
    #[inline(always)]
    pub(crate) fn before<S: Simd>(&self, shafts: &Shafts, x: usize, depth: F<S>) -> F<S> {
        let scale = 1.0 / shafts.step;
        let u = (F::<S>::ramp() + x as f32) * scale;
        let fx = u - u.floor();
        // Which slice a pixel ends in: rays are asked by the square root of the distance.
        let t = ((depth.at_most(1e6) * (1.0 / shafts.reach)).sqrt() * SLICES as f32).at_most(SLICES as f32 - 0.001);
        // In large pictures eight pixels lie in one cell, and nothing need be gathered.
        if (shafts.step as usize).is_multiple_of(8) {
            return in_cell(&self.row[(x as f32 * scale) as usize - self.first..], fx, t);
        }
        let at = u.truncate() + I::of(-(self.first as i32)) + t.truncate() * I::of(CELLS as i32);
        between(&self.row, at, fx).mix(between(&self.row, at + I::of(CELLS as i32), fx), t - t.floor())
    }
}

/// Between a cell of a row and the next, at one of their ends.
#[inline(always)]
fn between<S: Simd>(row: &[f32], at: I<S>, fx: F<S>) -> F<S> {
    F::gather(row, at).mix(F::gather(row, at + I::of(1)), fx)
}

/// The light of eight pixels in the first cell of a row, that end in slices `t`.
#[inline(always)]
fn in_cell<S: Simd>(row: &[f32], fx: F<S>, t: F<S>) -> F<S> {
    let (mut light, mut before) = (F::<S>::of(0.0), F::<S>::of(0.0));
    for k in 1..ENDS {
        let here = F::<S>::of(row[k * CELLS]).mix(F::of(row[k * CELLS + 1]), fx);
        light = light + (here - before) * (t - (k - 1) as f32).clamp01();
        before = here;
    }
    light
}
