//! A room: a feedback delay network of eight lines (Jot), mixed by a Hadamard matrix, darker as it decays.

use super::filter::one_pole_factor;
use super::{RATE, samples};
use kinora_base::{maths, pcm::Stereo};
use std::ops::Range;

/// Delays in samples, mutually prime, about 20 to 60 ms.
const LINES: [usize; 8] = [953, 1187, 1361, 1601, 1867, 2143, 2441, 2801];

/// A room that hears a part of a film, which comes in pieces.
#[derive(Debug)]
pub(crate) struct Room {
    /// The samples that it hears, and how long it rings on.
    range: Range<usize>,
    end: usize,
    seconds: f32,
    dark: f32,
    gain: f32,
    /// There while it sounds.
    network: Option<Network>,
}

#[derive(Debug)]
struct Network {
    lines: Vec<Vec<f32>>,
    feedback: Vec<f32>,
    heads: [usize; 8],
    lows: [f32; 8],
}

impl Network {
    fn new(seconds: f32) -> Self {
        let size = (0.55 + 0.35 * seconds).clamp(0.5, 1.3);
        let lines: Vec<Vec<f32>> = LINES.iter().map(|l| vec![0.0; (*l as f32 * size) as usize]).collect();
        let feedback = lines.iter().map(|l| maths::pow(10.0, -3.0 * l.len() as f32 / (seconds.max(0.05) * RATE))).collect();
        Self { lines, feedback, heads: [0; 8], lows: [0.0; 8] }
    }
}

impl Room {
    /// A room that falls 60 dB in `seconds`; it hears `range` of a sound of `length` samples, and answers with a gain.
    pub(crate) fn new(range: Range<usize>, length: usize, seconds: f32, dark: f32, gain: f32) -> Self {
        let end = (range.end + samples(seconds * 1.2)).min(length);
        Self { range, end, seconds, dark, gain, network: None }
    }

    /// Hears the next piece of `send` (mono), which begins at sample `at`, and adds its answer to `out`.
    pub(crate) fn answer(&mut self, at: usize, send: &[f32], out: &mut Stereo) {
        let (from, to) = (self.range.start.max(at), self.end.min(at + send.len()));
        if from >= to {
            return;
        }
        let Network { lines, feedback, heads, lows } = self.network.get_or_insert_with(|| Network::new(self.seconds));
        let (factor, gain) = (one_pole_factor(self.dark), self.gain);
        for (i, sent) in send.iter().enumerate().take(to - at).skip(from - at) {
            let x = if at + i < self.range.end { *sent } else { 0.0 };
            let mut v = [0.0f32; 8];
            for k in 0..8 {
                lows[k] += factor * (lines[k][heads[k]] - lows[k]) + 1e-20;
                v[k] = lows[k] * feedback[k];
            }
            out.left[i] += gain * (v[0] - v[2] + v[4] - v[6]);
            out.right[i] += gain * (v[1] - v[3] + v[5] - v[7]);
            hadamard(&mut v);
            for k in 0..8 {
                let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
                let head = heads[k];
                lines[k][head] = v[k] + x * sign;
                heads[k] = if head + 1 == lines[k].len() { 0 } else { head + 1 };
            }
        }
        if to == self.end {
            self.network = None;
        }
    }
}

/// The orthonormal Hadamard transform of eight numbers.
fn hadamard(v: &mut [f32; 8]) {
    for step in [1, 2, 4] {
        for i in 0..8 {
            if i & step == 0 {
                let (a, b) = (v[i], v[i | step]);
                v[i] = a + b;
                v[i | step] = a - b;
            }
        }
    }
    v.iter_mut().for_each(|x| *x *= 0.353_553_4);
}
