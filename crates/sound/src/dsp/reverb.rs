//! A room: a feedback delay network of eight lines (Jot), mixed by a Hadamard matrix, darker as it decays.

use super::filter::one_pole_factor;
use super::{RATE, samples};
use kinora_base::{maths, pcm::Stereo};

/// Delays in samples, mutually prime, about 20 to 60 ms.
const LINES: [usize; 8] = [953, 1187, 1361, 1601, 1867, 2143, 2441, 2801];

/// The sound of `send` (mono) in a room that falls 60 dB in `seconds`, from `range` of it on for as long as it is heard;
/// added to `out` with a gain.
pub(crate) fn add(out: &mut Stereo, send: &[f32], range: std::ops::Range<usize>, seconds: f32, dark: f32, gain: f32) {
    let end = (range.end + samples(seconds * 1.2)).min(out.len()).min(send.len());
    let size = (0.55 + 0.35 * seconds).clamp(0.5, 1.3);
    let mut lines: Vec<Vec<f32>> = LINES.iter().map(|l| vec![0.0; (*l as f32 * size) as usize]).collect();
    let feedback: Vec<f32> = lines.iter().map(|l| maths::pow(10.0, -3.0 * l.len() as f32 / (seconds.max(0.05) * RATE))).collect();
    let (mut heads, mut lows, factor) = ([0usize; 8], [0.0f32; 8], one_pole_factor(dark));
    for (i, sent) in send.iter().enumerate().take(end).skip(range.start) {
        let x = if i < range.end { *sent } else { 0.0 };
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
