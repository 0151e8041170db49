//! The last step: the mix brought to -16 LUFS under a true-peak ceiling by gain and a look-ahead limiter.

use crate::dsp::{loudness, samples};
use kinora_base::{maths, pcm::Stereo};

/// What the web expects.
pub(crate) const TARGET_LUFS: f32 = -16.0;
/// Half a decibel under what is promised, for what a codec adds.
const CEILING_DB: f32 = -1.5;
/// More gain than this would only lift a silent film's noise.
pub(crate) const MOST_GAIN_DB: f32 = 36.0;
const LOOK_AHEAD_SECONDS: f32 = 0.004;
const RELEASE_SECONDS: f32 = 0.12;

/// A mastered mix and what was measured on it.
pub(crate) struct Mastered {
    pub(crate) stereo: Stereo,
    /// The gain before the limiter, and after it.
    gain: f32,
    after: f32,
    pub(crate) loudness: f32,
    pub(crate) true_peak: f32,
}

/// Brings the mix to its loudness; limiting takes some away, so the gain is found in a few rounds.
pub(crate) fn master(mix: &Stereo, most_db: f32) -> Mastered {
    let peaks = loudness::true_peaks(mix);
    let mut gain_db = (TARGET_LUFS - loudness::integrated(mix)).min(most_db);
    let room = || Stereo { left: Vec::with_capacity(mix.left.len()), right: Vec::with_capacity(mix.right.len()) };
    let mut best = limited(mix, &peaks, gain_db, room());
    for _ in 0..6 {
        let short = TARGET_LUFS - best.loudness;
        if short.abs() < 0.15 || gain_db >= most_db && short > 0.0 {
            break;
        }
        gain_db = (gain_db + short * 1.3).min(most_db);
        best = limited(mix, &peaks, gain_db, best.stereo);
    }
    best
}

/// The mix under the ceiling, written over `stereo`.
fn limited(mix: &Stereo, peaks: &[f32], gain_db: f32, mut stereo: Stereo) -> Mastered {
    let gain = maths::gain_from_decibels(gain_db);
    let ceiling = maths::gain_from_decibels(CEILING_DB);
    let turns = reductions(peaks, gain, ceiling);
    for (to, from) in [(&mut stereo.left, &mix.left), (&mut stereo.right, &mix.right)] {
        to.clear();
        to.extend(from.iter().zip(&turns).map(|(s, g)| s * g * gain));
    }
    drop(turns);
    let mut peak = loudness::true_peaks(&stereo).into_iter().fold(0.0, f32::max);
    let after = if peak > ceiling { ceiling / peak } else { 1.0 };
    if after < 1.0 {
        stereo.left.iter_mut().chain(&mut stereo.right).for_each(|s| *s *= after);
        peak = ceiling;
    }
    Mastered { loudness: loudness::integrated(&stereo), true_peak: loudness::decibels(peak), stereo, gain, after }
}

/// What was done to a mix at each sample: what its stems times this sum to.
pub(crate) fn gains(mix: &Stereo, mastered: &Mastered) -> Vec<f32> {
    let mut turns = reductions(&loudness::true_peaks(mix), mastered.gain, maths::gain_from_decibels(CEILING_DB));
    turns.iter_mut().for_each(|g| *g *= mastered.gain * mastered.after);
    turns
}

/// The limiter's gain at every sample: down in time for a peak by a straight line, up again slowly.
fn reductions(peaks: &[f32], gain: f32, ceiling: f32) -> Vec<f32> {
    let ahead = samples(LOOK_AHEAD_SECONDS);
    let needed: Vec<f32> = peaks.iter().map(|p| if p * gain > ceiling { ceiling / (p * gain) } else { 1.0 }).collect();
    let mut turns = smallest_ahead(&needed, ahead);
    drop(needed);
    let release = 1.0 - maths::exp(-1.0 / (RELEASE_SECONDS * crate::dsp::RATE));
    let mut level = 1.0f32;
    for held in &mut turns {
        level = if *held < level { *held } else { level + (*held - level) * release };
        *held = level;
    }
    averaged_behind(&turns, ahead)
}

/// The smallest value of each window that begins here: a queue of candidates, each sample in and out once.
fn smallest_ahead(values: &[f32], ahead: usize) -> Vec<f32> {
    let mut queue = std::collections::VecDeque::new();
    let mut out = vec![1.0; values.len()];
    for i in (0..values.len()).rev() {
        while queue.back().is_some_and(|k: &usize| values[*k] >= values[i]) {
            queue.pop_back();
        }
        queue.push_back(i);
        while queue.front().is_some_and(|k| *k > i + ahead) {
            queue.pop_front();
        }
        out[i] = values[queue[0]];
    }
    out
}

/// The mean of the window that ends here: turns the steps of the held gain into lines that are down in time.
fn averaged_behind(values: &[f32], behind: usize) -> Vec<f32> {
    let first = values.first().copied().unwrap_or(1.0);
    let mut sum = f64::from(first) * behind as f64;
    (0..values.len())
        .map(|i| {
            sum += f64::from(values[i]) - f64::from(if i >= behind { values[i - behind] } else { first });
            (sum / behind as f64) as f32
        })
        .collect()
}
