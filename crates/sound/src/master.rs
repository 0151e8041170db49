//! The last step: the mix brought to -16 LUFS under a true-peak ceiling by gain and a look-ahead limiter.

use crate::SoundError;
use crate::dsp::loudness::{self, Meter, PEAK_REACH, PeakMeter};
use crate::dsp::samples;
use crate::track::Track;
use kinora_base::pcm::{ReadSound as _, pieces};
use kinora_base::{maths, spool::Spool};
use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;

/// What the web expects.
pub(crate) const TARGET_LUFS: f32 = -16.0;
/// Half a decibel under what is promised, for what a codec adds.
const CEILING_DB: f32 = -1.5;
/// More gain than this would only lift a silent film's noise.
pub(crate) const MOST_GAIN_DB: f32 = 36.0;
const LOOK_AHEAD_SECONDS: f32 = 0.004;
const RELEASE_SECONDS: f32 = 0.12;

/// A mix that is to be mastered, read in windows of some samples, and the true peak near each of its samples.
pub(crate) struct Master<'a> {
    mix: &'a Track,
    peaks: Spool,
    folder: &'a Path,
    window: usize,
}

/// How a mix is mastered, and what is measured on it then.
pub(crate) struct Mastered {
    /// The gain before the limiter, and after it.
    gain: f32,
    after: f32,
    pub(crate) loudness: f32,
    pub(crate) true_peak: f32,
}

impl<'a> Master<'a> {
    pub(crate) fn new(mix: &'a Track, folder: &'a Path, window: usize) -> Result<Self, SoundError> {
        let peaks = Spool::zeros(folder, mix.samples()).map_err(|e| SoundError::spool(folder, &e))?;
        Ok(Self { mix, peaks, folder, window })
    }

    /// Finds how the mix comes to its loudness; limiting takes some away, so the gain is found in a few rounds.
    pub(crate) fn find(&self, most_db: f32) -> Result<Mastered, SoundError> {
        let mut gain_db = (TARGET_LUFS - self.listen()?).min(most_db);
        let mut best = self.limited(gain_db)?;
        for _ in 0..6 {
            let short = TARGET_LUFS - best.loudness;
            if short.abs() < 0.15 || gain_db >= most_db && short > 0.0 {
                break;
            }
            gain_db = (gain_db + short * 1.3).min(most_db);
            best = self.limited(gain_db)?;
        }
        Ok(best)
    }

    /// Writes down the true peaks of the mix; gives its loudness.
    fn listen(&self) -> Result<f32, SoundError> {
        let mut meter = Meter::new();
        for window in pieces(self.mix.samples(), self.window) {
            let (from, to) = (window.start.saturating_sub(PEAK_REACH.0), (window.end + PEAK_REACH.1).min(self.mix.samples()));
            let mut sound = self.mix.piece(from..to)?;
            let inside = window.start - from..window.end - from;
            let peaks = loudness::true_peaks(&sound);
            self.peaks.write(window.start, &peaks[inside.clone()]).map_err(|e| SoundError::spool(self.folder, &e))?;
            for channel in [&mut sound.left, &mut sound.right] {
                channel.truncate(inside.end);
                channel.drain(..inside.start);
            }
            meter.hear(&sound);
        }
        Ok(meter.integrated(1.0))
    }

    /// What is measured on the mix under the ceiling.
    fn limited(&self, gain_db: f32) -> Result<Mastered, SoundError> {
        let (gain, ceiling) = (maths::gain_from_decibels(gain_db), maths::gain_from_decibels(CEILING_DB));
        let (mut limiter, mut meter, mut top) = (Limiter::new(gain), Meter::new(), PeakMeter::new());
        for window in pieces(self.mix.samples(), self.window) {
            let turns = self.turns(&mut limiter, &window)?;
            let mut sound = self.mix.piece(window)?;
            for channel in [&mut sound.left, &mut sound.right] {
                channel.iter_mut().zip(&turns).for_each(|(s, g)| *s = *s * g * gain);
            }
            meter.hear(&sound);
            top.hear(&sound);
        }
        let after = if top.peak > ceiling { ceiling / top.peak } else { 1.0 };
        let true_peak = loudness::decibels(if after < 1.0 { ceiling } else { top.peak });
        Ok(Mastered { gain, after, loudness: meter.integrated(after), true_peak })
    }

    /// The limiter's gain at every sample of the next window.
    fn turns(&self, limiter: &mut Limiter, window: &Range<usize>) -> Result<Vec<f32>, SoundError> {
        let to = (window.end + samples(LOOK_AHEAD_SECONDS)).min(self.mix.samples());
        let peaks = self.peaks.read(window.start..to).map_err(|e| SoundError::spool(self.folder, &e))?;
        Ok(limiter.turns(&peaks, window.len()))
    }

    /// Masters the mix, and its stems so that they sum to it.
    pub(crate) fn apply(&self, mastered: &Mastered, stems: &[&Track]) -> Result<(), SoundError> {
        let mut limiter = Limiter::new(mastered.gain);
        for window in pieces(self.mix.samples(), self.window) {
            let turns = self.turns(&mut limiter, &window)?;
            let at = window.start;
            for track in stems.iter().chain([&self.mix]) {
                let mut sound = track.piece(window.clone())?;
                for channel in [&mut sound.left, &mut sound.right] {
                    channel.iter_mut().zip(&turns).for_each(|(s, g)| *s = *s * g * mastered.gain * mastered.after);
                }
                track.write(at, &sound)?;
            }
        }
        Ok(())
    }
}

/// A limiter that runs through a film: down in time for a peak by a straight line, up again slowly.
struct Limiter {
    gain: f32,
    ceiling: f32,
    level: f32,
    /// The held gains of the look-ahead that has passed, and their sum.
    behind: VecDeque<f32>,
    sum: f64,
}

impl Limiter {
    fn new(gain: f32) -> Self {
        Self { gain, ceiling: maths::gain_from_decibels(CEILING_DB), level: 1.0, behind: VecDeque::new(), sum: 0.0 }
    }

    /// The gains at the next `count` samples, from their peaks and those of the look-ahead behind them.
    fn turns(&mut self, peaks: &[f32], count: usize) -> Vec<f32> {
        let ahead = samples(LOOK_AHEAD_SECONDS);
        let needed: Vec<f32> = peaks.iter().map(|p| if p * self.gain > self.ceiling { self.ceiling / (p * self.gain) } else { 1.0 }).collect();
        let mut turns = smallest_ahead(&needed, ahead);
        turns.truncate(count);
        let release = 1.0 - maths::exp(-1.0 / (RELEASE_SECONDS * crate::dsp::RATE));
        for held in &mut turns {
            self.level = if *held < self.level { *held } else { self.level + (*held - self.level) * release };
            *held = self.level;
        }
        turns.iter_mut().for_each(|held| *held = self.averaged(*held, ahead));
        turns
    }

    /// The mean of the last held gains: turns their steps into lines that are down in time.
    fn averaged(&mut self, held: f32, ahead: usize) -> f32 {
        if self.behind.is_empty() {
            self.behind.extend(std::iter::repeat_n(held, ahead));
            self.sum = f64::from(held) * ahead as f64;
        }
        let gone = self.behind.pop_front().unwrap_or(held);
        self.behind.push_back(held);
        self.sum += f64::from(held) - f64::from(gone);
        (self.sum / ahead as f64) as f32
    }
}

/// The smallest value of each window that begins here: a queue of candidates, each sample in and out once.
fn smallest_ahead(values: &[f32], ahead: usize) -> Vec<f32> {
    let mut queue = VecDeque::new();
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
