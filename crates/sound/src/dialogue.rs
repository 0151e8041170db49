//! The dialogue stem: every voiced line from where its speaker is, in the room of its scene; a voice-over in none, a
//! telephone through its wire.

use crate::dsp::filter::{Svf, one_pole_factor};
use crate::dsp::{RATE, envelope};
use crate::space::{self, Heard as Place};
use glam::Vec3;
use kinora_base::{Ticks, maths, pcm::Stereo};
use kinora_plan::Heard;
use kinora_plan::spotting::Spotting;
use kinora_plan::voices::{Spoken, Voices};
use std::collections::VecDeque;

/// Samples between two settings: pan and level are smoothed over 50 ms.
const BLOCK: usize = 2_400;
/// What is spoken on a telephone passes 300 to 3400 Hz.
const WIRE: (f32, f32) = (300.0, 3_400.0);
/// A voice off screen against one in the picture, dB, and what of it comes through.
const OFF_SCREEN_DB: f32 = -3.0;
const OFF_SCREEN_HZ: f32 = 6_000.0;
/// A voice does not fall further than this with distance: what is said is to be understood.
const LEAST_DB: f32 = -12.0;

/// The lines of a film, played window after window.
pub(crate) struct Dialogue<'a> {
    spotting: &'a Spotting,
    voices: &'a Voices,
    /// Which line begins when, the first first; those that have begun are gone.
    waiting: VecDeque<(i64, usize)>,
    /// What is being said, in the order of the lines.
    speaking: Vec<(usize, Speaking<'a>)>,
}

impl<'a> Dialogue<'a> {
    pub(crate) fn new(spotting: &'a Spotting, voices: &'a Voices) -> Self {
        let heard = voices.lines.iter().enumerate().filter(|(_, l)| !l.pcm.is_empty());
        let mut waiting: Vec<(i64, usize)> = heard.map(|(i, l)| (l.from.0, i)).collect();
        waiting.sort_unstable();
        Self { spotting, voices, waiting: waiting.into(), speaking: Vec::new() }
    }

    /// Adds what falls into the next window, which begins at sample `at`, to the stem and to what goes to the room.
    pub(crate) fn play(&mut self, at: usize, stem: &mut Stereo, send: &mut [f32]) {
        while let Some((_, i)) = self.waiting.front().copied().filter(|(start, _)| *start < (at + send.len()) as i64) {
            self.waiting.pop_front();
            let place = self.speaking.partition_point(|s| s.0 < i);
            self.speaking.insert(place, (i, Speaking::new(self.spotting, &self.voices.lines[i])));
        }
        self.speaking.iter_mut().for_each(|(_, s)| s.play(self.spotting, at, stem, send));
        self.speaking.retain(|(_, s)| s.played < s.sound.len());
    }
}

/// A line of which so much has been said.
struct Speaking<'a> {
    line: &'a Spoken,
    sound: Vec<f32>,
    /// Where the speaker's mouth is, a place a frame.
    mouth: &'a [Vec3],
    played: usize,
    low: f32,
    /// How it is heard, and how much of it goes to the room, at the beginning and at the end of the block that is being said.
    now: (Place, f32),
    next: (Place, f32),
}

impl<'a> Speaking<'a> {
    fn new(spotting: &'a Spotting, line: &'a Spoken) -> Self {
        let mut sound = twice(&line.pcm);
        envelope::fade_in(&mut sound, 0.003);
        envelope::fade_out(&mut sound, 0.005);
        if line.heard == Heard::Phone {
            wire(&mut sound);
        }
        let mouth = spotting.speakers.iter().find(|s| s.line == line.line).map_or(&[][..], |s| s.places.as_slice());
        let now = heard(spotting, line, mouth, line.from.0);
        Self { line, sound, mouth, played: 0, low: 0.0, now, next: now }
    }

    fn play(&mut self, spotting: &Spotting, at: usize, stem: &mut Stereo, send: &mut [f32]) {
        let start = self.line.from.0;
        let end = usize::try_from((at + send.len()) as i64 - start).unwrap_or(0).min(self.sound.len());
        for i in self.played..end {
            let inside = i % BLOCK;
            if inside == 0 {
                self.now = self.next;
                self.next = heard(spotting, self.line, self.mouth, start + (i + BLOCK) as i64);
            }
            let (now, next, t) = (self.now, self.next, inside as f32 / BLOCK as f32);
            self.low += maths::mix(now.0.open, next.0.open, t) * (self.sound[i] - self.low);
            let Ok(k) = usize::try_from(start + i as i64 - at as i64) else { continue };
            stem.left[k] += self.low * maths::mix(now.0.left, next.0.left, t);
            stem.right[k] += self.low * maths::mix(now.0.right, next.0.right, t);
            send[k] += self.low * maths::mix(now.1, next.1, t);
        }
        self.played = end.max(self.played);
    }
}

/// How a line is heard at a sample, and how much of it goes to the room.
fn heard(spotting: &Spotting, line: &Spoken, mouth: &[Vec3], at: i64) -> (Place, f32) {
    let frame = (Ticks(at.max(0)).frame(spotting.fps) - line.from.frame(spotting.fps)).max(0) as usize;
    match (line.heard, mouth.get(frame.min(mouth.len().saturating_sub(1)))) {
        (Heard::Over | Heard::Phone, _) | (_, None) => (Place::dry(), 0.0),
        (off, Some(mouth)) => speech(spotting, Ticks(at.max(0)), *mouth, off == Heard::OffScreen),
    }
}

/// How a voice is heard from its place: near the middle, softer with distance but never lost; and how much of it the room gets.
fn speech(spotting: &Spotting, at: Ticks, mouth: Vec3, off_screen: bool) -> (Place, f32) {
    let Some(ear) = space::ear_at(spotting, at) else { return (Place::dry(), 0.0) };
    let to = mouth - ear.position;
    let distance = to.length().max(0.3);
    let half = (ear.horizontal_fov * 0.5).clamp(0.05, 1.5);
    let azimuth = maths::atan2(to.dot(ear.right), to.dot(ear.forward)) / half;
    let outside = off_screen || azimuth.abs() > 1.2;
    let side = if outside { azimuth.clamp(-0.7, 0.7) } else { (0.3 * azimuth).clamp(-0.35, 0.35) };
    // A long lens brings its subject near: what counts is how large the speaker is in the picture.
    let seen = distance * maths::tan(half) / maths::tan(0.45);
    let decibels = (-0.6 * 20.0 * maths::log10(seen / 1.5)).clamp(LEAST_DB, 0.0) + if outside { OFF_SCREEN_DB } else { 0.0 };
    let gain = maths::gain_from_decibels(decibels);
    let angle = (side + 1.0) * std::f32::consts::FRAC_PI_4;
    let cutoff = if outside { OFF_SCREEN_HZ } else { 16_000.0 / (1.0 + seen / 40.0) };
    // Wet against dry: -18 dB close, -10 dB in a wide shot.
    let wet = maths::gain_from_decibels(maths::mix(-2.0, 6.0, maths::smoothstep(1.0, 8.0, seen)) + decibels);
    (Place { left: gain * maths::cos(angle), right: gain * maths::sin(angle), open: one_pole_factor(cutoff), distance }, wet)
}

/// Through a telephone: a narrow band, and a carbon microphone that is driven.
fn wire(sound: &mut [f32]) {
    let (mut high, mut again) = (Svf::new(WIRE.0, 0.7), Svf::new(WIRE.0, 0.7));
    let (mut low, mut lower) = (Svf::new(WIRE.1, 0.7), Svf::new(WIRE.1, 0.7));
    for s in sound {
        let band = lower.next(low.next(again.next(high.next(*s).high).high).low).low;
        let driven = band * 6.0;
        // A soft knee that is odd: third harmonics.
        *s = driven / (1.0 + driven * driven).sqrt() * 0.2;
    }
}

/// Speech at the film's rate, which is twice its own: half-band interpolation by a windowed sinc.
fn twice(pcm: &[f32]) -> Vec<f32> {
    const HALF: isize = 12;
    debug_assert!((RATE - 48_000.0).abs() < 1.0, "speech is made at 24 kHz");
    let weights: Vec<f32> = (0..2 * HALF)
        .map(|k| {
            let x = (k - HALF) as f32 + 0.5;
            let window = 0.5 + 0.5 * maths::cos(std::f32::consts::PI * x / (HALF as f32 + 0.5));
            maths::sin(std::f32::consts::PI * x) / (std::f32::consts::PI * x) * window
        })
        .collect();
    let mut out = Vec::with_capacity(pcm.len() * 2);
    for i in 0..pcm.len() as isize {
        out.push(pcm[i as usize]);
        let taps = weights.iter().enumerate().filter_map(|(k, w)| usize::try_from(i + 1 + k as isize - HALF).ok().and_then(|j| pcm.get(j)).map(|s| s * w));
        out.push(taps.sum());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32, rate: f32, samples: usize) -> Vec<f32> {
        (0..samples).map(|i| 0.1 * maths::sin(std::f32::consts::TAU * hertz * i as f32 / rate)).collect()
    }

    #[test]
    fn twice_the_rate_is_the_same_tone() {
        let doubled = twice(&tone(1_000.0, 24_000.0, 2_400));
        let wanted = tone(1_000.0, 48_000.0, 4_800);
        let worst = doubled[200..4_600].iter().zip(&wanted[200..4_600]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "off by {worst}");
    }

    #[test]
    fn a_telephone_has_neither_lows_nor_highs() {
        let power = |hertz: f32| {
            let mut sound = tone(hertz, 48_000.0, 9_600);
            wire(&mut sound);
            sound[2_000..].iter().map(|s| s * s).sum::<f32>()
        };
        assert!(power(1_000.0) > 30.0 * power(80.0) && power(1_000.0) > 30.0 * power(9_000.0), "a band");
    }
}
