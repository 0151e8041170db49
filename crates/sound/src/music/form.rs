//! The form of a piece: a tempo whose beats meet the cuts, the time of every beat, a chord for each, how full it is,
//! and where it ends, so that it has rung out when the film has.

use super::harmony::Chord;
use super::mood::Mood;
use kinora_base::{Seed, maths};

/// A cut this near to a beat moves the beat onto itself, s.
const MEETS: f32 = 0.2;
/// A tempo may bend by this to meet a cut.
const BEND: f32 = 0.12;

/// A piece before its notes.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// The time of each beat; the last is the final chord's.
    pub(crate) beats: Vec<f32>,
    /// Chords in order: first beat, and the chord.
    pub(crate) chords: Vec<(usize, Chord)>,
    /// The keynote, MIDI.
    pub(crate) key: i32,
    /// The piece's end.
    pub(crate) end: f32,
}

impl Form {
    /// The time of a beat that need not be whole.
    pub(crate) fn time(&self, beat: f32) -> f32 {
        let last = self.beats.len() - 1;
        let i = (beat.max(0.0) as usize).min(last);
        let next = self.beats.get(i + 1).copied().unwrap_or(self.end);
        self.beats[i] + (next - self.beats[i]) * (beat - i as f32).clamp(0.0, 1.0)
    }
    /// The beat of the final chord.
    pub(crate) fn last(&self) -> usize {
        self.beats.len() - 1
    }
    /// The chord at a beat.
    pub(crate) fn chord(&self, beat: usize) -> &Chord {
        &self.chords[self.chords.partition_point(|c| c.0 <= beat).saturating_sub(1)].1
    }
    /// How full the music is at a beat, 0 to 1: it sets in thin, grows, lifts before the end; long pieces breathe.
    pub(crate) fn fullness(&self, beat: usize) -> f32 {
        let seconds = self.end;
        let u = beat as f32 / self.last().max(1) as f32;
        if beat >= self.last() {
            return 1.0;
        }
        if seconds < 8.0 {
            return if u < 0.2 { 0.5 } else { 0.75 };
        }
        if seconds < 30.0 {
            return if u < 0.22 {
                0.35
            } else if u < 0.6 {
                0.65
            } else {
                0.95
            };
        }
        let section = (seconds / 16.0).max(4.0);
        let place = (u * section) as usize;
        if u < 0.07 {
            0.3
        } else if u > 0.8 {
            1.0
        } else {
            [0.55, 0.8, 0.4, 0.9][place % 4]
        }
    }
}

/// The form for a film's length and its cuts.
pub(crate) fn plan(mood: &Mood, seconds: f32, cuts: &[f32], seed: Seed) -> Form {
    let mut rng = seed.rng();
    let key = mood.keys.get(rng.below(mood.keys.len())).copied().unwrap_or(48);
    let tail = (0.8 + 0.07 * seconds).clamp(1.0, 3.2).min(seconds * 0.4);
    let (bpm, pickup) = tempo(mood, seconds, tail, cuts, rng.unit());
    let beat = 60.0 / bpm;
    let count = (((seconds - tail - pickup) / beat + 0.02).floor().max(1.0)) as usize;
    let mut beats: Vec<f32> = (0..=count).map(|i| pickup + i as f32 * beat).collect();
    meet(&mut beats, cuts, beat);
    let chords = chords(mood, &beats, cuts);
    Form { beats, chords, key, end: seconds }
}

/// The tempo and first beat with the least distance from cuts to beats, and an end near where it is wanted.
fn tempo(mood: &Mood, seconds: f32, tail: f32, cuts: &[f32], chance: f32) -> (f32, f32) {
    let (slow, fast) = (mood.bpm.0.max(30.0), mood.bpm.1.max(mood.bpm.0.max(30.0)));
    let favourite = maths::mix(slow, fast, chance);
    let mut best = (f32::INFINITY, favourite, 0.05);
    let steps = (fast - slow).ceil().max(1.0) as usize;
    for i in 0..=steps {
        let bpm = maths::mix(slow, fast, i as f32 / steps as f32);
        let beat = 60.0 / bpm;
        for k in 0..10 {
            let pickup = 0.05 + 0.05 * k as f32;
            let missed: f32 = cuts.iter().map(|c| off_beat(*c - pickup, beat)).map(|d| d * d).sum();
            let last = ((seconds - tail - pickup) / beat + 0.02).floor();
            let bars_over = last / mood.beats as f32;
            let broken = off_beat(bars_over, 1.0);
            let cost = missed * 40.0 + broken * broken * 1.5 + (bpm - favourite).abs() / (fast - slow + 1.0) * 0.15 + pickup * 0.2;
            if cost < best.0 {
                best = (cost, bpm, pickup);
            }
        }
    }
    (best.1, best.2)
}

/// The distance to the nearest multiple.
fn off_beat(time: f32, beat: f32) -> f32 {
    (time - (time / beat).round() * beat).abs()
}

/// Bends the beats so that one falls on each cut that is near enough.
fn meet(beats: &mut [f32], cuts: &[f32], beat: f32) {
    let original = beats.to_vec();
    let last = beats.len() - 1;
    let mut anchors: Vec<(usize, f32)> = vec![(0, original[0])];
    for cut in cuts {
        let i = (((cut - original[0]) / beat).round().max(0.0)) as usize;
        let (from, at) = anchors[anchors.len() - 1];
        if i > from && i < last && (original[i] - cut).abs() <= MEETS {
            let bent = (cut - at) / (original[i] - original[from]);
            if (bent - 1.0).abs() <= BEND {
                anchors.push((i, *cut));
            }
        }
    }
    anchors.push((last, original[last]));
    for pair in anchors.windows(2) {
        let ((i, a), (j, b)) = (pair[0], pair[1]);
        for (k, beat) in beats[i..=j].iter_mut().enumerate() {
            *beat = a + (b - a) * k as f32 / (j - i).max(1) as f32;
        }
    }
}

/// A chord each bar or so; a cut on a beat pulls the nearest change onto itself; the last beat is home.
fn chords(mood: &Mood, beats: &[f32], cuts: &[f32]) -> Vec<(usize, Chord)> {
    let last = beats.len() - 1;
    let span = ((mood.beats as f32 * mood.bars_per_chord) as usize).max(1);
    let mut changes: Vec<usize> = (0..last).step_by(span).collect();
    for cut in cuts {
        let Some(beat) = beats.iter().position(|b| (b - cut).abs() < 0.01).filter(|b| *b > 0 && *b < last) else { continue };
        let Some(nearest) = (1..changes.len()).min_by_key(|k| changes[*k].abs_diff(beat)) else {
            changes.push(beat);
            continue;
        };
        if changes[nearest].abs_diff(beat) * 2 <= span {
            changes[nearest] = beat;
        } else {
            changes.push(beat);
            changes.sort_unstable();
        }
    }
    changes.dedup();
    let named = |k: usize| Chord::parse(mood.chords.get(k % mood.chords.len().max(1)).map_or("I", String::as_str), mood.mode);
    let mut chords: Vec<(usize, Chord)> = changes.iter().enumerate().map(|(k, b)| (*b, named(k))).collect();
    chords.push((last, named(0)));
    chords
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_fall_on_cuts() {
        let mut beats: Vec<f32> = (0..20).map(|i| 0.1 + 0.5 * i as f32).collect();
        meet(&mut beats, &[3.2, 6.55], 0.5);
        for cut in [3.2, 6.55] {
            assert!(beats.iter().any(|b| (b - cut).abs() < 1e-4), "a beat on {cut}: {beats:?}");
        }
        assert!(beats.windows(2).all(|b| b[1] > b[0]), "time goes forward");
    }
}
