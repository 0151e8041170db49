//! Which way strokes go: along the shapes of the picture. A coarse grid of directions, from the structure tensor of the
//! brightness, from how surfaces turn away, from whirls in the sky and from the hand's own slant, blurred together.
//!
//! Directions have no sign, so they are kept as vectors of twice the angle: these can be added and mixed.

use super::Paint;
use super::grade::Packed;
use super::marks::Marks;
use crate::scene::Light;
use crate::view::View;
use glam::Vec3;
use kinora_base::maths::{cos, exp2, sin};
use kinora_base::noise::noise;

/// Rows of the grid, about: the same strokes at every size.
const ROWS: usize = 270;

/// A grid of directions.
#[derive(Default)]
pub(crate) struct Flow {
    /// Pixels of the picture to a cell.
    pub(crate) cell: usize,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Cosine and sine of twice the angle, of any length.
    pub(crate) double: [Vec<f32>; 2],
    /// How much detail there is, 0..1 and more.
    pub(crate) detail: Vec<f32>,
    /// Height of the whirls in the sky: strokes go round its hills, and colour follows its level; 0 elsewhere.
    pub(crate) whirl: Vec<f32>,
    bright: Vec<f32>,
    row: Vec<f32>,
}

/// What a flow is made from.
pub(crate) struct Ground<'a> {
    pub(crate) picture: &'a Packed,
    pub(crate) marks: &'a Marks,
    pub(crate) view: &'a View,
    pub(crate) light: &'a Light,
    pub(crate) time: f32,
}

impl Flow {
    pub(crate) fn run(&mut self, ground: &Ground, paint: &Paint) {
        let step = ground.picture.step;
        let within = (ground.marks.height / ROWS / step).max(1);
        self.cell = within * step;
        (self.columns, self.rows) = (ground.picture.width.div_ceil(within), ground.picture.height.div_ceil(within));
        let count = self.columns * self.rows;
        for plane in self.double.iter_mut().chain([&mut self.detail, &mut self.whirl, &mut self.bright]) {
            plane.clear();
            plane.resize(count, 0.0);
        }
        self.brightness(ground.picture, within);
        if paint.swirl > 0.0 {
            self.whirls(ground, paint.swirl);
        }
        self.directions(ground, paint);
        // Directions of a few cells about agree, as those of a brush do.
        for _ in 0..2 {
            let [c, s] = &mut self.double;
            for plane in [c, s, &mut self.detail] {
                blur(plane, self.columns, self.rows, 2, &mut self.row);
            }
        }
    }

    fn brightness(&mut self, picture: &Packed, within: usize) {
        for y in 0..self.rows {
            let lines = y * within..((y + 1) * within).min(picture.height);
            for x in 0..self.columns {
                let (mut sum, mut count) = (0u32, 0u32);
                for line in lines.clone() {
                    let from = line * picture.stride;
                    for word in &picture.words[from + x * within..from + ((x + 1) * within).min(picture.width)] {
                        sum += (word & 255) * 2 + (word >> 8 & 255) * 5 + (word >> 16 & 255);
                        count += 1;
                    }
                }
                self.bright[y * self.columns + x] = sum as f32 / (count.max(1) * 8 * 255) as f32;
            }
        }
    }

    /// Hills of noise on the sky's dome, and rings about the sun or moon.
    fn whirls(&mut self, ground: &Ground, strength: f32) {
        let sun = ground.light.sun_direction.normalize_or(Vec3::Y);
        let drift = Vec3::new(0.020, 0.011, 0.0) * ground.time;
        for y in 0..self.rows {
            for x in 0..self.columns {
                let (px, py) = (x * self.cell + self.cell / 2, y * self.cell + self.cell / 2);
                let (px, py) = (px.min(ground.marks.width - 1), py.min(ground.marks.height - 1));
                if ground.marks.inverse[py * ground.marks.stride + px] > 0.0 {
                    continue;
                }
                let d = ground.view.ray(px as f32, py as f32).normalize_or(Vec3::Y);
                // Wider than high, as the sky looks near the horizon.
                let q = Vec3::new(d.x * 3.2, d.y * 5.5, d.z * 3.2) + drift;
                let hills = noise(q) * 0.75 + noise(q * 2.1 + Vec3::splat(4.7)) * 0.35;
                let apart = (1.0 - d.dot(sun)).max(0.0) * 55.0;
                self.whirl[y * self.columns + x] = (hills + 2.2 * exp2(-apart)) * strength;
            }
        }
    }

    fn directions(&mut self, ground: &Ground, paint: &Paint) {
        let slant = paint.angle.to_radians() * 2.0;
        // Rows go down, so the angle turns the other way.
        let hand = (cos(slant), -sin(slant));
        let at = |plane: &[f32], x: usize, y: usize| plane[y * self.columns + x];
        for y in 0..self.rows {
            let (up, down) = (y.saturating_sub(1), (y + 1).min(self.rows - 1));
            for x in 0..self.columns {
                let (left, right) = (x.saturating_sub(1), (x + 1).min(self.columns - 1));
                let slope = |plane: &[f32]| (at(plane, right, y) - at(plane, left, y), at(plane, x, down) - at(plane, x, up));
                let (gx, gy) = slope(&self.bright);
                // Along the edge, not across it.
                let (mut c, mut s) = (gy * gy - gx * gx, -2.0 * gx * gy);
                let energy = gx * gx + gy * gy;
                let word = {
                    let (px, py) = (x * self.cell + self.cell / 2, y * self.cell + self.cell / 2);
                    ground.marks.word[py.min(ground.marks.height - 1) * ground.marks.stride + px.min(ground.marks.width - 1)]
                };
                let facing = |shift: u32| ((word >> shift & 63) as f32 - 31.0) / 31.0;
                let (nx, ny) = (facing(8), -facing(14));
                // Round what turns away.
                (c, s) = (c + (ny * ny - nx * nx) * 0.02, s - 2.0 * nx * ny * 0.02);
                if paint.swirl > 0.0 {
                    let (wx, wy) = slope(&self.whirl);
                    (c, s) = (c + (wy * wy - wx * wx) * 3.0, s - 2.0 * wx * wy * 3.0);
                }
                let free = 0.0006;
                (c, s) = (c + hand.0 * free, s + hand.1 * free);
                let length = (c * c + s * s).sqrt().max(1e-9);
                // Strong edges lead their surroundings, but not without bound.
                let strength = 0.15 + (length * 12.0).min(1.0);
                let (c, s) = (c / length * strength, s / length * strength);
                let keep = 1.0 - paint.stubborn;
                let k = y * self.columns + x;
                self.double[0][k] = c * keep + hand.0 * paint.stubborn;
                self.double[1][k] = s * keep + hand.1 * paint.stubborn;
                self.detail[k] = (energy.sqrt() * 6.0).min(1.5);
            }
        }
    }
}

/// The mean of `2 r + 1` cells each way; beyond the border the outermost goes on.
fn blur(plane: &mut [f32], columns: usize, rows: usize, r: usize, spare: &mut Vec<f32>) {
    let share = 1.0 / (2 * r + 1) as f32;
    spare.clear();
    spare.resize(columns.max(rows * columns), 0.0);
    for (to, from) in spare.chunks_exact_mut(columns).zip(plane.chunks_exact(columns)) {
        for (x, to) in to.iter_mut().enumerate() {
            let mut sum = 0.0;
            for k in 0..=2 * r {
                sum += from[(x + k).saturating_sub(r).min(columns - 1)];
            }
            *to = sum * share;
        }
    }
    for (y, to) in plane.chunks_exact_mut(columns).enumerate() {
        to.fill(0.0);
        for k in 0..=2 * r {
            let row = (y + k).saturating_sub(r).min(rows - 1) * columns;
            to.iter_mut().zip(&spare[row..row + columns]).for_each(|(sum, v)| *sum += v * share);
        }
    }
}
