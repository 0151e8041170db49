//! What a look does to the light on surfaces, in the middle of shading: steps of light, softer shadows, blinds.

use super::{Look, scaled, usual_light};
use crate::lanes::{F, Simd, V3, map3};
use crate::scene::Light;
use glam::Vec3;

/// Most steps of light.
const STEPS: usize = 4;

/// A look as shading wants it.
#[derive(Clone, Copy)]
pub(crate) struct Hand {
    /// Where each step begins, and how far light rises there, in light; unused ones rise by nothing.
    steps: [(f32, f32); STEPS],
    /// Light before the first step.
    first: f32,
    soft: f32,
    /// 0 = no steps.
    amount: f32,
    cast: f32,
    /// Across the slats in the world, by the distance between them; and the open share.
    blinds: Option<(Vec3, f32)>,
    /// Width of the grain in pixels of this picture.
    pub(crate) grain: f32,
    /// Whether marks are kept.
    pub(crate) marks: bool,
}

impl Hand {
    pub(crate) fn new(look: &Look, light: &Light, height: usize) -> Self {
        let shade = &look.shade;
        let key = usual_light(light);
        let mut steps = [(f32::MAX, 0.0); STEPS];
        let mut before = shade.steps.first().map_or(0.0, |s| s.1);
        for (step, (from, level)) in steps.iter_mut().zip(shade.steps.iter().skip(1)) {
            *step = (from.max(1e-3) * key, (level - before) * key);
            before = *level;
        }
        let blinds = shade.blinds.filter(|_| light.indoors).map(|(period, open)| {
            let sun = light.sun_direction.normalize_or(Vec3::Y);
            let across = (Vec3::Y - sun * sun.y).normalize_or(Vec3::X);
            (across * (1.0 / period.max(0.01)), open.clamp(0.05, 0.95))
        });
        Self {
            steps,
            first: shade.steps.first().map_or(0.0, |s| s.1) * key,
            soft: shade.soft.clamp(0.01, 0.9),
            amount: if shade.steps.is_empty() { 0.0 } else { shade.amount.clamp(0.0, 1.0) },
            cast: shade.cast.clamp(0.0, 1.0),
            blinds,
            grain: scaled(look.grain_width(), height).max(1.2),
            marks: look.needs_marks(),
        }
    }

    /// How much of the sun reaches points in the world, given what the shadow maps say.
    #[inline(always)]
    pub(crate) fn lit<S: Simd>(&self, shadow: F<S>, world: V3<S>) -> F<S> {
        let mut lit = shadow * self.cast + (1.0 - self.cast);
        if let Some((across, open)) = self.blinds {
            let t = world.dot_with(across);
            let t = (t - t.floor() - 0.5).abs() * 2.0;
            lit = lit * (1.0 - t.smooth(open - 0.06, open + 0.06) * 0.92);
        }
        lit
    }

    /// Light in steps: what leaves a surface of that albedo.
    #[inline(always)]
    pub(crate) fn stepped<S: Simd>(&self, out: V3<S>, albedo: V3<S>) -> V3<S> {
        if self.amount <= 0.0 {
            return out;
        }
        let weights = Vec3::new(0.2126, 0.7152, 0.0722);
        let paint = albedo.dot_with(weights).at_least(0.02);
        let light = out.dot_with(weights) / paint;
        let mut level = F::<S>::of(self.first);
        for (from, rise) in self.steps {
            if rise != 0.0 {
                level = level + light.smooth(from * (1.0 - self.soft), from * (1.0 + self.soft)) * rise;
            }
        }
        let factor = level / light.at_least(1e-5);
        let factor = factor * self.amount + (1.0 - self.amount);
        // Where there was no light at all there is no hue either.
        map3!(out + albedo * 1e-5, c => c * factor)
    }
}
