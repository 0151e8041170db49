//! Strokes: along the flow, colour and grain of a row of points are averaged (line integral convolution, Cabral and
//! Leedom 1993). The grain sticks to surfaces, so the strokes do too; what is left of it is the height of the paint.

use super::flow::Flow;
use super::grade::Packed;
use super::{Paint, scaled};
use crate::lanes::maths::wave;
use crate::lanes::{F, I, Simd, entry};

/// Points along a stroke.
const TAPS: usize = 11;

/// What a picture is painted from.
pub(crate) struct Strokes<'a> {
    pub(crate) paint: &'a Paint,
    /// Colours and grain, perhaps at a smaller size.
    pub(crate) from: &'a Packed,
    pub(crate) flow: &'a Flow,
    pub(crate) height: usize,
}

impl Strokes<'_> {
    /// Pixels of the picture to one that strokes are read from: a third of their width, and never so many that faces go.
    pub(crate) fn step(paint: &Paint, height: usize) -> usize {
        ((scaled(paint.width.min(9.0), height) / 3.0) as usize).clamp(1, 8)
    }

    /// Fills `out`, which has the picture's size; the highest byte is the height of the paint, 128 in the middle.
    pub(crate) fn run(&self, level: crate::lanes::Level, out: &mut Packed) {
        stroke(level, self, out);
    }
}

entry! {
    fn stroke(strokes: &Strokes, out: &mut Packed) = stroke_kernel
}

#[inline(always)]
fn stroke_kernel<S: Simd>(k: &Strokes, out: &mut Packed) {
    let (paint, from, flow) = (k.paint, k.from, k.flow);
    let width = scaled(paint.width, k.height).max(1.0);
    let over = 1.0 / from.step as f32;
    let (last_x, last_y) = (from.width as f32 - 1.0, from.height as f32 - 1.0);
    let reach = width * paint.length.max(1.0) / (TAPS - 1) as f32 * over;
    let (low, odd) = (I::<S>::of(0x00ff_00ff), I::<S>::of(0xffff));
    let share = 1.0 / TAPS as f32;
    let mut lines = Lines::default();
    for y in 0..k.height {
        lines.reach(flow, y);
        for x in (0..out.stride).step_by(8) {
            let px = F::<S>::ramp() + (x as f32 + 0.5);
            let at = (px * (1.0 / flow.cell as f32) - 0.5).at_least(0.0).at_most(flow.columns as f32 - 1.001);
            let cell = at.floor();
            let (part, cell) = (at - cell, cell.truncate());
            let read = |line: &[f32]| F::<S>::gather(line, cell).mix(F::gather(line, cell + I::of(1)), part);
            let (mut c, mut s) = (read(&lines.c), read(&lines.s));
            let detail = read(&lines.detail);
            // The grain here, for a ragged edge and fibres.
            let (bx, by) = (px * over - 0.5, F::<S>::of((y as f32 + 0.5) * over - 0.5));
            let index = |u: F<S>, v: F<S>| {
                let (u, v) = ((u + 0.5).at_least(0.0).at_most(last_x), (v + 0.5).at_least(0.0).at_most(last_y));
                v.truncate() * I::of(from.stride as i32) + u.truncate()
            };
            let here = I::<S>::gather(&from.words, index(bx, by));
            let grain = ((here >> 24) & I::of(255)).float() * (1.0 / 255.0) - 0.5;
            if paint.fibres > 0.0 {
                let (turn, side) = (wave(grain * 3.0).0, wave(grain * 3.0 + 0.25).0);
                (c, s) = (c.mix(turn, F::of(paint.fibres)), s.mix(side, F::of(paint.fibres)));
            }
            // Half the angle, without turning.
            let unit = c / (c * c + s * s).sqrt().at_least(1e-9);
            let dx = ((unit + 1.0) * 0.5).at_least(0.0).sqrt();
            let dy = ((1.0 - unit) * 0.5).at_least(0.0).sqrt();
            let dy = s.lt(F::of(0.0)).select(-dy, dy);
            let shorter = 1.0 / (detail * paint.follow + 1.0);
            let step = shorter * reach;
            let (dx, dy) = (dx * step, dy * step);
            let off = grain * (paint.ragged * width * over) * shorter / step.at_least(1e-6);
            let (bx, by) = (bx - dy * off, by + dx * off);
            let (mut even, mut uneven) = (I::<S>::of(0), I::<S>::of(0));
            for tap in 0..TAPS {
                let t = tap as f32 - (TAPS - 1) as f32 * 0.5;
                let word = I::<S>::gather(&from.words, index(bx + dx * t, by + dy * t));
                even = even + (word & low);
                uneven = uneven + ((word >> 8) & low);
            }
            let mean = |sum: I<S>| (sum.float() * share + 0.5).truncate();
            let (red, blue) = (mean(even & odd), mean((even >> 16) & odd));
            let green = mean(uneven & odd);
            let body = ((uneven >> 16) & odd).float() * share - 127.5;
            let body = (body * paint.body + 128.0).truncate().clamp(0, 255);
            let word = red | (green << 8) | (blue << 16) | (body << 24);
            word.to_slice(&mut out.words, y * out.stride + x);
        }
    }
}

/// The flow's rows about a row of the picture, mixed.
#[derive(Default)]
struct Lines {
    c: Vec<f32>,
    s: Vec<f32>,
    detail: Vec<f32>,
}

impl Lines {
    fn reach(&mut self, flow: &Flow, y: usize) {
        let at = ((y as f32 + 0.5) / flow.cell as f32 - 0.5).clamp(0.0, flow.rows as f32 - 1.0);
        let (row, part) = (at as usize, at - at.floor());
        let next = (row + 1).min(flow.rows - 1);
        for (to, plane) in [(&mut self.c, &flow.double[0]), (&mut self.s, &flow.double[1]), (&mut self.detail, &flow.detail)] {
            to.clear();
            let (a, b) = (&plane[row * flow.columns..][..flow.columns], &plane[next * flow.columns..][..flow.columns]);
            to.extend(a.iter().zip(b).map(|(a, b)| a + (b - a) * part));
        }
    }
}
