//! The timing of faces: blinks, glances and mouths. What a mood looks like is data; this says when things happen.

use crate::{Mouth, Surroundings};
use kinora_base::maths::{exp, smoothstep};
use kinora_base::{Rng, Seed};

/// How shut the lids are at each frame: blinks of a third of a second, with gaps as people leave them.
#[must_use]
pub fn blinks(frames: usize, fps: f32, a_minute: f32, seed: Seed) -> Vec<f32> {
    let mut out = vec![0.0_f32; frames];
    let mut rng = seed.child("blinks").rng();
    let gap = 60.0 / a_minute.max(1.0);
    let mut at = gap * rng.range(0.15, 0.9);
    while at * fps < frames as f32 {
        let depth = if rng.unit() < 0.25 { rng.range(0.7, 0.9) } else { 1.0 };
        let (close, shut, open) = (0.085, 0.035, 0.17);
        let first = (at * fps) as usize;
        let last = ((at + close + shut + open) * fps) as usize + 1;
        for (frame, lid) in out.iter_mut().enumerate().take(last + 1).skip(first) {
            let t = frame as f32 / fps - at;
            let down = smoothstep(0.0, close, t) * (1.0 - smoothstep(close + shut, close + shut + open, t));
            *lid = lid.max(depth * down);
        }
        at += (gap * 0.85 * exp(0.6 * bell(&mut rng))).max(0.5);
    }
    out
}

/// About a normal deviate.
fn bell(rng: &mut Rng) -> f32 {
    (0..4).map(|_| rng.signed()).sum::<f32>() * 0.87
}

/// Where idle eyes wander, radians left and up: fixations of one to three seconds.
#[must_use]
pub fn wander(frames: usize, fps: f32, seed: Seed) -> Vec<[f32; 2]> {
    let mut rng = seed.child("glances").rng();
    let (mut at, mut next) = ([0.0, 0.0], 0.0);
    (0..frames)
        .map(|frame| {
            if frame as f32 / fps >= next {
                let away = if rng.unit() < 0.4 { 0.0 } else { 1.0 };
                at = [away * rng.signed() * 0.42, away * rng.range(-0.12, 0.10)];
                next += rng.range(0.9, 2.8);
            }
            at
        })
        .collect()
}

/// The mouth at a frame, smoothed over the neighbouring frames so that it never snaps.
#[must_use]
pub fn mouth(world: &dyn Surroundings, frame: usize) -> Mouth {
    let at = |f: usize| world.mouth(f).unwrap_or_default();
    let (a, b, c) = (at(frame.saturating_sub(1)), at(frame), at(frame + 1));
    let soft = |f: fn(&Mouth) -> f32| f(&a) * 0.2 + f(&b) * 0.6 + f(&c) * 0.2;
    // Lips that must meet meet in their own frame.
    let close = soft(|m| m.close).max(b.close);
    Mouth { jaw: soft(|m| m.jaw) * (1.0 - close), wide: soft(|m| m.wide), round: soft(|m| m.round), close }
}

/// Nearer than this (radians, metres or shares) nobody sees a difference.
const NEAR: f32 = 3e-4;

/// On a fine grid two paths to one wish become the same path.
fn grid(x: f32) -> f32 {
    const FINE: f32 = (1u32 << 20) as f32;
    (x * FINE).round() / FINE
}

/// Follows a wish with weight: a critically damped spring.
#[derive(Clone, Copy, Debug, Default)]
pub struct Follow {
    /// Where it is.
    pub value: f32,
    rate: f32,
}

impl Follow {
    /// At rest at a value.
    #[must_use]
    pub fn at(value: f32) -> Self {
        Self { value, rate: 0.0 }
    }

    /// One frame towards a wish; `quick` is the spring's frequency in radians a second.
    pub fn step(&mut self, wish: f32, quick: f32, dt: f32) -> f32 {
        // Implicit integration: stable at any frame rate.
        let f = 1.0 + 2.0 * dt * quick;
        let stiff = quick * quick * dt;
        self.rate = grid((self.rate + stiff * (wish - self.value)) / (f + stiff * dt));
        self.value = grid(self.value + self.rate * dt);
        // What is as good as there is there: after a while nothing is left of what was followed before, so that an edit
        // of one shot leaves later ones as they were.
        if (wish - self.value).abs() < NEAR && self.rate.abs() < NEAR * quick {
            *self = Self::at(wish);
        }
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_followed_long_ago_leaves_no_trace() {
        let (mut a, mut b) = (Follow::at(0.0), Follow::at(1.0));
        for quick in [5.0, 8.0, 38.0] {
            (0..96).for_each(|k| {
                // A wish that rests, moves and rests.
                let wish = 0.3 + 0.004 * f32::from(u8::try_from(k).unwrap_or(0).clamp(20, 40));
                a.step(wish, quick, 1.0 / 24.0);
                b.step(wish, quick, 1.0 / 24.0);
            });
            assert_eq!(a.value.to_bits(), b.value.to_bits(), "after four seconds, at {quick}");
            b = Follow::at(-1.0);
        }
    }
}
