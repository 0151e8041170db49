//! How far music and beds step back: under lines, which are known ahead, and for a moment under strong effects.

use kinora_base::{Ticks, maths};
use kinora_plan::voices::Voices;

/// Samples between two values.
pub(crate) const STEP: usize = 480;
const UNDER_LINES_DB: f32 = -10.0;
/// Under a line that is only a subtitle the music makes room, but leaves no hole.
const UNDER_SUBTITLES_DB: f32 = -6.0;
const UNDER_EFFECTS_DB: f32 = -3.5;
/// Lines nearer to each other than this are one.
const KEPT_DOWN_SECONDS: f32 = 1.2;

/// A bed under speech.
const BED_UNDER_LINES_DB: f32 = -4.0;

/// The gain of the beds, one value each [`STEP`] samples: they give way to speech that is heard.
pub(crate) fn bed(length: usize, voices: &Voices) -> Vec<f32> {
    let mut decibels = vec![0.0f32; length / STEP + 2];
    if voices.lines.iter().any(|l| !l.pcm.is_empty()) {
        for (from, to) in stretches(voices) {
            dip(&mut decibels, from - 0.2, 0.15, to + 0.4, 1.0, BED_UNDER_LINES_DB);
        }
    }
    decibels.into_iter().map(maths::gain_from_decibels).collect()
}

/// The music's gain, one value each [`STEP`] samples.
pub(crate) fn music(length: usize, voices: &Voices, strong: &[(Ticks, f32)]) -> Vec<f32> {
    let mut decibels = vec![0.0f32; length / STEP + 2];
    let depth = if voices.lines.iter().any(|l| !l.pcm.is_empty()) { UNDER_LINES_DB } else { UNDER_SUBTITLES_DB };
    for (from, to) in stretches(voices) {
        dip(&mut decibels, from - 0.2, 0.12, to + 0.4, 0.9, depth);
    }
    for (at, _) in strong {
        let at = at.seconds() as f32;
        dip(&mut decibels, at - 0.03, 0.03, at + 0.12, 0.35, UNDER_EFFECTS_DB);
    }
    decibels.into_iter().map(maths::gain_from_decibels).collect()
}

/// Lowers the curve to `depth` from `start` on within `fall`, back up from `end` within `rise`.
fn dip(decibels: &mut [f32], start: f32, fall: f32, end: f32, rise: f32, depth: f32) {
    let second = 48_000.0 / STEP as f32;
    let (first, last) = ((start * second).max(0.0) as usize, ((end + rise) * second).max(0.0) as usize + 1);
    for k in first..(last + 1).min(decibels.len()) {
        let t = k as f32 / second;
        let down = maths::smoothstep(start, start + fall, t) * (1.0 - maths::smoothstep(end, end + rise, t));
        decibels[k] = decibels[k].min(depth * down);
    }
}

fn stretches(voices: &Voices) -> Vec<(f32, f32)> {
    let mut times: Vec<(f32, f32)> = voices.lines.iter().map(|l| (l.from.seconds() as f32, l.to.seconds() as f32)).collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut joined: Vec<(f32, f32)> = Vec::new();
    for (from, to) in times {
        match joined.last_mut() {
            Some(last) if from - last.1 < KEPT_DOWN_SECONDS => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}
