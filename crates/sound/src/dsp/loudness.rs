//! Loudness and true peak as ITU-R BS.1770-4 defines them, at 48 kHz, in arithmetic that is the same on every machine.
//! The tests hold it against an outside implementation.

use super::filter::Biquad;
use kinora_base::{maths, pcm::Stereo};

/// The K weighting: a shelf for the head, then a high-pass.
#[derive(Clone, Debug)]
pub(crate) struct Weighting(Biquad, Biquad);

impl Weighting {
    pub(crate) fn new() -> Self {
        Self(
            Biquad::new([1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85], [-1.690_659_293_182_41, 0.732_480_774_215_85]),
            Biquad::new([1.0, -2.0, 1.0], [-1.990_047_454_833_98, 0.990_072_250_366_21]),
        )
    }
    pub(crate) fn next(&mut self, x: f32) -> f64 {
        self.1.next(self.0.next(f64::from(x)))
    }
}

fn lufs(power: f64) -> f32 {
    -0.691 + 10.0 * maths::log10(power.max(1e-20) as f32)
}

/// Samples in 100 ms.
const TENTH: usize = 4800;

/// Measures the integrated loudness of stereo sound that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    weightings: [Weighting; 2],
    /// The weighted power of each 100 ms, both channels together.
    tenths: Vec<f64>,
    /// Of the 100 ms that have begun: each channel's sum of squares, and the samples.
    sums: [f64; 2],
    count: usize,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self { weightings: [Weighting::new(), Weighting::new()], tenths: Vec::new(), sums: [0.0; 2], count: 0 }
    }

    /// Hears the next piece.
    pub(crate) fn hear(&mut self, stereo: &Stereo) {
        for (l, r) in stereo.left.iter().zip(&stereo.right) {
            let y = [self.weightings[0].next(*l), self.weightings[1].next(*r)];
            self.sums[0] += y[0] * y[0];
            self.sums[1] += y[1] * y[1];
            self.count += 1;
            if self.count == TENTH {
                self.tenths.push(self.power());
                (self.sums, self.count) = ([0.0; 2], 0);
            }
        }
    }

    fn power(&self) -> f64 {
        self.sums[0] / self.count as f64 + self.sums[1] / self.count as f64
    }

    /// The loudness of what was heard, if it were played with a gain: LUFS, gated; -70 when all is quieter than that.
    pub(crate) fn integrated(&self, gain: f32) -> f32 {
        let square = f64::from(gain) * f64::from(gain);
        let last = (self.count > 0).then(|| self.power());
        let tenths: Vec<f64> = self.tenths.iter().copied().chain(last).map(|p| p * square).collect();
        let width = tenths.len().clamp(1, 4);
        let blocks: Vec<f64> = tenths.windows(width).map(|w| w.iter().sum::<f64>() / width as f64).collect();
        let mean = |gate: f32| {
            let kept: Vec<f64> = blocks.iter().copied().filter(|p| lufs(*p) > gate).collect();
            (!kept.is_empty()).then(|| kept.iter().sum::<f64>() / kept.len() as f64)
        };
        let Some(ungated) = mean(-70.0) else { return -70.0 };
        mean(lufs(ungated) - 10.0).map_or(-70.0, lufs)
    }
}

/// The loudness in LUFS of the loudest `window` seconds of a mono sound: how loud a short noise is felt to be.
pub(crate) fn loudest(mono: &[f32], window: f32) -> f32 {
    let mut weighting = Weighting::new();
    let hop = super::samples(window / 4.0).max(1);
    let powers: Vec<f64> = mono
        .chunks(hop)
        .map(|c| {
            c.iter()
                .map(|x| {
                    let y = weighting.next(*x);
                    y * y
                })
                .sum::<f64>()
                / hop as f64
        })
        .collect();
    let width = powers.len().clamp(1, 4);
    let best = powers.windows(width).map(|w| w.iter().sum::<f64>() / 4.0).fold(0.0, f64::max);
    lufs(best)
}

/// Taps of each phase of the four-times interpolator.
const TAPS: usize = 12;

fn interpolator() -> [[f32; TAPS]; 3] {
    let mut phases = [[0.0; TAPS]; 3];
    for (p, phase) in phases.iter_mut().enumerate() {
        let mut sum = 0.0;
        for (k, tap) in phase.iter_mut().enumerate() {
            let x = k as f32 - (TAPS as f32 / 2.0 - 1.0) - (p + 1) as f32 / 4.0;
            let sinc = maths::sin(std::f32::consts::PI * x) / (std::f32::consts::PI * x);
            let c = maths::cos(std::f32::consts::PI * x / TAPS as f32);
            *tap = sinc * c * c;
            sum += *tap;
        }
        phase.iter_mut().for_each(|t| *t /= sum);
    }
    phases
}

/// The largest of the three points between the sixth and the seventh of [`TAPS`] samples.
fn between(window: &[f32], phases: &[[f32; TAPS]; 3]) -> f32 {
    let mut top = 0.0f32;
    for phase in phases {
        let y: f32 = phase.iter().zip(window).map(|(a, b)| a * b).sum();
        top = top.max(y.abs());
    }
    top
}

/// Samples before and after one that its true peak depends on.
pub(crate) const PEAK_REACH: (usize, usize) = (TAPS / 2 - 1, TAPS / 2);

/// The true peak near each sample: the largest of it and three points between it and the next, both channels.
pub(crate) fn true_peaks(stereo: &Stereo) -> Vec<f32> {
    let phases = interpolator();
    let mut peaks: Vec<f32> = stereo.left.iter().zip(&stereo.right).map(|(l, r)| l.abs().max(r.abs())).collect();
    for channel in [&stereo.left, &stereo.right] {
        for (i, window) in channel.windows(TAPS).enumerate() {
            let at = &mut peaks[i + PEAK_REACH.0];
            *at = at.max(between(window, &phases));
        }
    }
    peaks
}

/// Measures the true peak of stereo sound that comes in pieces.
#[derive(Clone, Debug)]
pub(crate) struct PeakMeter {
    phases: [[f32; TAPS]; 3],
    /// The last samples of each channel, which the next piece's first peaks depend on.
    before: [Vec<f32>; 2],
    pub(crate) peak: f32,
}

impl PeakMeter {
    pub(crate) fn new() -> Self {
        Self { phases: interpolator(), before: [Vec::new(), Vec::new()], peak: 0.0 }
    }

    /// Hears the next piece.
    pub(crate) fn hear(&mut self, stereo: &Stereo) {
        for (before, channel) in self.before.iter_mut().zip([&stereo.left, &stereo.right]) {
            self.peak = channel.iter().fold(self.peak, |m, s| m.max(s.abs()));
            before.extend_from_slice(channel);
            self.peak = before.windows(TAPS).fold(self.peak, |m, w| m.max(between(w, &self.phases)));
            before.drain(..before.len().saturating_sub(TAPS - 1));
        }
    }
}

/// A peak in dBTP.
pub(crate) fn decibels(peak: f32) -> f32 {
    20.0 * maths::log10(peak.max(1e-9))
}

/// Makes a mono sound's loudest 50 ms as loud as `lufs`.
pub(crate) fn normalise(mono: &mut [f32], window: f32, target: f32) {
    let now = loudest(mono, window);
    if now > -100.0 {
        let gain = maths::gain_from_decibels(target - now);
        mono.iter_mut().for_each(|s| *s *= gain);
    }
}
