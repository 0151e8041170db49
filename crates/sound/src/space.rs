//! Where a noise is heard: pan, level and dullness from its place and the camera's, by the rules of film rather than physics.

use crate::dsp::filter::one_pole_factor;
use crate::dsp::samples;
use glam::Vec3;
use kinora_base::{Ticks, maths, pcm::Stereo};
use kinora_plan::spotting::{Ear, Spotting};

/// Samples between two settings.
const BLOCK: usize = 240;
/// The distance in metres at which a noise has the level its file says.
const NEAR: f32 = 1.5;

/// How a noise comes to the ears at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Heard {
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// Factor of a one-pole low-pass.
    pub(crate) open: f32,
    /// Metres.
    pub(crate) distance: f32,
}

impl Heard {
    /// In the middle, as it is.
    pub(crate) fn dry() -> Self {
        Self { left: std::f32::consts::FRAC_1_SQRT_2, right: std::f32::consts::FRAC_1_SQRT_2, open: 1.0, distance: NEAR }
    }
}

/// The listener at a time.
pub(crate) fn ear_at(spotting: &Spotting, at: Ticks) -> Option<&Ear> {
    let frame = usize::try_from(at.frame(spotting.fps)).unwrap_or(0);
    spotting.ears.get(frame.min(spotting.ears.len().saturating_sub(1)))
}

/// How a place is heard: constant-power pan by its angle in the picture, -16 dB a tenfold distance, duller with distance,
/// off screen and behind.
pub(crate) fn hear(ear: Option<&Ear>, position: Vec3) -> Heard {
    let Some(ear) = ear else { return Heard::dry() };
    let to = position - ear.position;
    let distance = to.length();
    if !distance.is_finite() || distance < 1e-3 {
        return Heard::dry();
    }
    let (x, z) = (to.dot(ear.right), to.dot(ear.forward));
    let half = (ear.horizontal_fov * 0.5).clamp(0.05, 1.5);
    let azimuth = maths::atan2(x, z);
    let out = maths::smoothstep(1.0, 1.4, azimuth.abs() / half);
    let behind = maths::smoothstep(0.0, -0.4, z / distance);
    // Beyond the frame's edge the pan goes on to the full side; straight behind it comes back to the middle.
    let side = (0.7 * azimuth / half).clamp(-0.7, 0.7);
    let side = maths::mix(side, azimuth.signum(), out) * maths::mix(1.0, (x / distance).abs().sqrt(), behind);
    let decibels = (-16.0 * maths::log10(distance / NEAR)).clamp(-26.0, 4.0) - 3.0 * out;
    let gain = maths::gain_from_decibels(decibels);
    let cutoff = maths::mix(maths::mix(18_000.0, 6_000.0, out), 4_000.0, behind) / (1.0 + distance / 60.0);
    let angle = (side + 1.0) * std::f32::consts::FRAC_PI_4;
    Heard { left: gain * maths::cos(angle), right: gain * maths::sin(angle), open: one_pole_factor(cutoff), distance }
}

/// A way through the world: from one place to another between two times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub(crate) from: Vec3,
    pub(crate) to: Vec3,
    pub(crate) start: Ticks,
    pub(crate) length: Ticks,
}

impl Path {
    fn at(&self, time: Ticks) -> Vec3 {
        if self.length.0 <= 0 {
            return self.from;
        }
        self.from.lerp(self.to, ((time.0 - self.start.0) as f32 / self.length.0 as f32).clamp(0.0, 1.0))
    }
    /// How it is heard at a time.
    pub(crate) fn heard(&self, spotting: &Spotting, time: Ticks) -> Heard {
        hear(ear_at(spotting, time), self.at(time))
    }
}

/// A mono sound at its place in the film, of which so much has been played; pan and level are smoothed over 5 ms, so that cuts jump
/// without a click.
pub(crate) struct Placed {
    /// Its first sample's, which may lie before the film.
    start: i64,
    mono: Vec<f32>,
    path: Path,
    gain: f32,
    played: usize,
    low: f32,
    /// How it is heard at the beginning and at the end of the block that is being played.
    now: Heard,
    next: Heard,
}

impl Placed {
    pub(crate) fn new(spotting: &Spotting, path: Path, start: i64, mono: Vec<f32>, gain: f32) -> Self {
        let now = path.heard(spotting, Ticks(start.max(0)));
        Self { start, mono, path, gain, played: 0, low: 0.0, now, next: now }
    }

    /// Adds what of it falls into the next window, which begins at sample `at`, to the mix and to the reverb's send.
    pub(crate) fn play(&mut self, spotting: &Spotting, at: usize, out: &mut Stereo, send: &mut [f32]) {
        let end = usize::try_from((at + send.len()) as i64 - self.start).unwrap_or(0).min(self.mono.len());
        while self.played < end {
            let inside = self.played % BLOCK;
            if inside == 0 {
                self.now = self.next;
                let block = (self.played + BLOCK).min(self.mono.len());
                self.next = self.path.heard(spotting, Ticks((self.start + block as i64).max(0)));
            }
            let until = (self.played - inside + BLOCK).min(end);
            self.play_block(inside, until, at, out, send);
            self.played = until;
        }
    }

    fn play_block(&mut self, inside: usize, until: usize, at: usize, out: &mut Stereo, send: &mut [f32]) {
        let (now, next) = (self.now, self.next);
        let wet = wetness(now.distance);
        for (i, s) in self.mono[self.played..until].iter().enumerate() {
            let t = (inside + i) as f32 / BLOCK as f32;
            self.low += maths::mix(now.open, next.open, t) * (s * self.gain - self.low);
            let Ok(k) = usize::try_from(self.start + (self.played + i) as i64 - at as i64) else { continue };
            let (l, r) = (self.low * maths::mix(now.left, next.left, t), self.low * maths::mix(now.right, next.right, t));
            out.left[k] += l;
            out.right[k] += r;
            send[k] += 0.5 * (l + r) * wet;
        }
    }

    /// Whether all of it has been played.
    pub(crate) fn is_over(&self) -> bool {
        self.played == self.mono.len()
    }
}

/// Far noises have more room in them than near ones.
fn wetness(distance: f32) -> f32 {
    (0.7 + 0.5 * (distance / 12.0).sqrt()).min(2.0)
}

/// A moving source's pitch as it passes (Doppler): the sound is read faster as it comes, slower as it goes.
pub(crate) fn pass(spotting: &Spotting, path: &Path, start: i64, mono: &[f32]) -> Vec<f32> {
    const SOUND: f32 = 343.0;
    let step = samples(0.02);
    let mut out = Vec::with_capacity(mono.len());
    let (mut read, mut before) = (0.0f64, None);
    while out.len() < mono.len() {
        let time = Ticks((start + out.len() as i64).max(0));
        // Only the source's own motion counts: a cut or a camera move must not bend a pitch.
        let ear = ear_at(spotting, Ticks(start.max(0))).map_or(Vec3::ZERO, |e| e.position);
        let distance = (path.at(time) - ear).length();
        let closing = before.map_or(0.0, |b: f32| (b - distance) * crate::dsp::RATE / step as f32).clamp(-60.0, 60.0);
        before = Some(distance);
        let rate = f64::from(SOUND / (SOUND - closing));
        for _ in 0..step {
            let i = read as usize;
            let t = (read - i as f64) as f32;
            let a = mono[i % mono.len()];
            out.push(a + (mono[(i + 1) % mono.len()] - a) * t);
            read += rate;
        }
    }
    out.truncate(mono.len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ear() -> Ear {
        Ear { position: Vec3::ZERO, right: Vec3::NEG_X, forward: Vec3::Z, horizontal_fov: 1.0 }
    }

    #[test]
    fn the_picture_s_right_is_the_right_channel() {
        let h = hear(Some(&ear()), Vec3::new(-1.0, 0.0, 3.0));
        assert!(h.right > h.left * 1.3, "{h:?}");
    }

    #[test]
    fn far_is_quieter_and_duller() {
        let (near, far) = (hear(Some(&ear()), Vec3::Z * 2.0), hear(Some(&ear()), Vec3::Z * 40.0));
        assert!(near.left > 5.0 * far.left && near.open > far.open, "{near:?} {far:?}");
    }

    #[test]
    fn nothing_breaks_at_the_ear_itself_or_behind() {
        for p in [Vec3::ZERO, Vec3::NEG_Z, Vec3::splat(1e9), Vec3::Y] {
            let h = hear(Some(&ear()), p);
            assert!(h.left.is_finite() && h.right.is_finite(), "{p}: {h:?}");
        }
    }
}
