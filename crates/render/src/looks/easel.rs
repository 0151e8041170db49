//! The order in which a look is put on, and the buffers that it needs.

use super::flow::{Flow, Ground};
use super::grade::{Cube, Exposure, Packed};
use super::lay::Lay;
use super::lines::Ink;
use super::marks::Marks;
use super::paint::Strokes;
use super::sheet::Relief;
use super::{Look, Paint, reel};
use crate::finish::{Bloom, Film};
use crate::lanes::Level;
use crate::scene::Scene;
use crate::view::View;
use kinora_base::maths::smoothstep;
use kinora_base::picture::Yuv420;
use std::sync::Arc;

/// What a look is put on with. Buffers are kept between frames; no picture depends on them.
#[derive(Default)]
pub(crate) struct Easel {
    pub(crate) marks: Marks,
    cube: Option<(Arc<Look>, Option<Cube>)>,
    small: Packed,
    painted: Packed,
    flow: Flow,
    ink: Ink,
    sheet: Relief,
}

/// A drawn frame before its look.
pub(crate) struct Negative<'a> {
    pub(crate) scene: &'a Scene,
    pub(crate) view: &'a View,
    pub(crate) film: &'a Film,
    pub(crate) bloom: &'a Bloom,
    /// Metres to what the camera looks at.
    pub(crate) focus: f32,
}

impl Easel {
    /// The picture of a frame in its look.
    pub(crate) fn picture(&mut self, level: Level, look: &Arc<Look>, n: &Negative) -> Yuv420 {
        self.with(level, look, n, |lay| lay.yuv(level))
    }

    /// Makes all that a row of the finished picture needs, and hands it on.
    pub(crate) fn with<T>(&mut self, level: Level, look: &Arc<Look>, n: &Negative, then: impl FnOnce(&Lay) -> T) -> T {
        let (width, height) = (n.film.width, n.film.height);
        if self.cube.as_ref().is_none_or(|(of, _)| of != look) {
            self.cube = Some((look.clone(), Cube::new(&look.grade)));
        }
        let cube = self.cube.as_ref().and_then(|(_, cube)| cube.as_ref());
        let marks = look.needs_marks().then_some(&self.marks);
        let step = look.paint.as_ref().map_or(1, |p| Strokes::step(p, height));
        self.small.resize(width, height, step);
        Exposure { film: n.film, bloom: n.bloom, light: &n.scene.light, range: look.grade.range, cube, marks }.run(level, &mut self.small);
        if let Some(paint) = &look.paint {
            let ground = Ground { picture: &self.small, marks: &self.marks, view: n.view, light: &n.scene.light, time: n.scene.time };
            self.flow.run(&ground, paint);
            if paint.swirl > 0.0 {
                streak(&mut self.small, &self.flow, paint);
            }
            self.painted.resize(width, height, 1);
            Strokes { paint, from: &self.small, flow: &self.flow, height }.run(level, &mut self.painted);
        }
        let picture = if look.paint.is_some() { &self.painted } else { &self.small };
        if let Some(lines) = &look.lines {
            self.ink.run(level, lines, &self.marks, picture, n.focus);
        }
        if let Some(sheet) = &look.sheet {
            self.sheet.run(level, sheet, width, height);
        }
        let moment = look.reel.as_ref().map(|r| reel::moment(r, n.scene.time, width, height));
        then(&Lay {
            look,
            picture,
            marks,
            ink: look.lines.as_ref().map(|_| &self.ink),
            sheet: look.sheet.as_ref().map(|_| &self.sheet),
            moment: moment.as_ref(),
        })
    }
}

/// Light and dark streaks in the sky along the whirls.
fn streak(picture: &mut Packed, flow: &Flow, paint: &Paint) {
    let over = picture.step as f32 / flow.cell as f32;
    for y in 0..picture.height {
        let v = ((y as f32 + 0.5) * over - 0.5).clamp(0.0, flow.rows as f32 - 1.001);
        let (row, down) = (v as usize, v - v.floor());
        let below = (row + 1).min(flow.rows - 1);
        for x in 0..picture.width {
            let u = ((x as f32 + 0.5) * over - 0.5).clamp(0.0, flow.columns as f32 - 1.001);
            let (column, across) = (u as usize, u - u.floor());
            let beside = (column + 1).min(flow.columns - 1);
            let at = |r: usize, c: usize| flow.whirl[r * flow.columns + c];
            let (a, b, c, d) = (at(row, column), at(row, beside), at(below, column), at(below, beside));
            if a == 0.0 || b == 0.0 || c == 0.0 || d == 0.0 {
                continue;
            }
            let top = a + (b - a) * across;
            let level = top + (c + (d - c) * across - top) * down;
            // Bands of the level, as broad as a few strokes.
            let t = level * 3.6;
            let t = (t - t.floor() - 0.5).abs() * 2.0;
            let light = smoothstep(0.35, 0.95, t) * 0.34 * paint.swirl;
            let dark = smoothstep(0.45, 0.02, t) * 0.30 * paint.swirl;
            let word = &mut picture.words[y * picture.stride + x];
            let turn = |shift: u32, bright: f32| {
                let c = (*word >> shift & 255) as f32;
                (((c + (bright - c) * light) * (1.0 - dark)) as u32).min(255) << shift
            };
            *word = turn(0, 250.0) | turn(8, 245.0) | turn(16, 215.0) | (*word & 0xff00_0000);
        }
    }
}
