//! The effects stem: every event of the spotting sheet, and the sounds that cues ask for, at their samples.

use crate::ambience;
use crate::dsp::{envelope, samples};
use crate::library::Library;
use crate::space::{self, Path};
use glam::Vec3;
use kinora_base::{Seed, Ticks, maths, pcm::Stereo};
use kinora_plan::spotting::{SoundEvent, Spotting};
use kinora_plan::{Cue, CueKind, Id};
use std::collections::BTreeMap;

/// What bodies do in the picture is brought forward: cameras stand further off than ears would.
const FOREGROUND_DB: f32 = 4.0;

/// Ticks within which walkers walk together.
const TOGETHER: i64 = 48_000;

/// What has been placed so far.
pub(crate) struct Effects<'a> {
    spotting: &'a Spotting,
    library: &'a mut Library,
    /// How often each sound was heard, so that no take follows itself.
    heard: BTreeMap<String, u32>,
    seed: Seed,
    pub(crate) stem: Stereo,
    pub(crate) send: Vec<f32>,
    /// Times and levels of what is strong enough to push the music down.
    pub(crate) strong: Vec<(Ticks, f32)>,
}

impl<'a> Effects<'a> {
    pub(crate) fn new(spotting: &'a Spotting, library: &'a mut Library, length: usize, seed: Seed) -> Self {
        let heard = BTreeMap::new();
        Self { spotting, library, heard, seed, stem: Stereo::silence(length), send: vec![0.0; length], strong: Vec::new() }
    }

    /// Places all events.
    pub(crate) fn events(&mut self) {
        let in_front = steps_in_front(self.spotting);
        for (i, event) in self.spotting.events.iter().enumerate() {
            let event = &SoundEvent { length: event.length.clamp(Ticks::ZERO, self.spotting.duration), ..event.clone() };
            // An event that is over before the film or begins after it is not heard; neither is one without a strength.
            if event.at + event.length < Ticks::ZERO || event.at >= self.spotting.duration || !event.strength.is_finite() {
                continue;
            }
            if !in_front[i] || self.in_vacuum(event.at) {
                continue;
            }
            self.event(event, self.seed.child("event").index(i as u64));
        }
    }

    fn in_vacuum(&mut self, at: Ticks) -> bool {
        let bed = self.spotting.ambiences.iter().find(|a| a.from <= at && at < a.to);
        bed.is_some_and(|a| a.layers.iter().any(|(name, _)| self.library.recipe(name).1.vacuum))
    }

    fn event(&mut self, event: &SoundEvent, seed: Seed) {
        let (name, recipe) = self.library.recipe(&event.sound);
        let gain = maths::pow(event.strength.clamp(0.02, 6.0), 0.8) * maths::gain_from_decibels(FOREGROUND_DB);
        let path = Path { from: event.position, to: event.position_at_end, start: event.at, length: event.length };
        let pitch = weight_pitch(event.weight, recipe.weight);
        if recipe.lasting {
            let length = if event.length.0 > 0 { event.length.0 } else { 2 * Ticks::PER_SECOND };
            return self.lasting(&name, event.at.0, length, (pitch, &event.pace), gain, &path, seed);
        }
        if event.strength >= 1.0 && recipe.level > -9.0 {
            self.strong.push((event.at, recipe.level));
        }
        let first = self.once(&name, &event.surface, event.strength, event.at.0, pitch, gain, &path, seed);
        self.again(&name, &event.surface, event.at.0 + first, event.at + event.length, pitch, gain, &path, seed);
    }

    /// A short sound on and on until a time, now and then: a wave at a hull, a bird that sings for a while.
    #[allow(clippy::too_many_arguments, reason = "one call's worth of a cue sheet's columns")]
    fn again(&mut self, name: &str, surface: &str, mut at: i64, until: Ticks, pitch: f32, gain: f32, path: &Path, seed: Seed) {
        let mut rng = seed.child("again").rng();
        for k in 1..1000 {
            at += samples(rng.range(0.4, 1.6)) as i64;
            if at >= until.0.min(self.stem.len() as i64) {
                return;
            }
            let strength = rng.range(0.6, 1.1);
            at += self.once(name, surface, strength, at, pitch, gain * strength, path, seed.index(k));
        }
    }

    /// A short sound once. Takes its next variant, a little off in pitch and level.
    #[allow(clippy::too_many_arguments, reason = "one call's worth of a cue sheet's columns")]
    fn once(&mut self, name: &str, surface: &str, strength: f32, at: i64, pitch: f32, gain: f32, path: &Path, seed: Seed) -> i64 {
        let (name, recipe) = self.library.recipe(name);
        let mut rng = seed.rng();
        let count = self.heard.entry(name.clone()).or_insert_with(|| (seed.0 % 7) as u32);
        *count += 1;
        let take = self.library.take(&name, surface, strength, *count);
        let pitch = pitch * (1.0 + recipe.vary_pitch * rng.signed());
        let gain = gain * maths::gain_from_decibels(recipe.vary_level * rng.signed() * 0.5);
        let sound = resampled(&take.samples, pitch);
        let start = at - (take.anchor as f32 / pitch) as i64;
        space::place(self.spotting, path, start, &sound, gain, &mut self.stem, &mut self.send);
        sound.len() as i64
    }

    #[allow(clippy::too_many_arguments, reason = "one call's worth of a cue sheet's columns")]
    fn lasting(&mut self, name: &str, at: i64, length: i64, (pitch, pace): (f32, &[f32]), gain: f32, path: &Path, seed: Seed) {
        // What lies outside the film is not worth making; the path still knows the whole way.
        let start = at.max(0);
        let end = (at + length).min(self.stem.len() as i64);
        let (Ok(whole), Ok(skipped), Ok(length)) = (usize::try_from(length), usize::try_from(start - at), usize::try_from(end - start)) else { return };
        if length == 0 {
            return;
        }
        let paces: Vec<f32> = if pace.is_empty() { Vec::new() } else { (skipped..skipped + length).map(|i| pace_at(pace, i, whole)).collect() };
        let sound = if paces.is_empty() {
            self.library.lasting(name, length, pitch, seed)
        } else {
            let needed = paces.iter().sum::<f32>() as usize + 4;
            paced(&self.library.lasting(name, needed, pitch, seed), &paces)
        };
        let mut sound = if path.from.distance_squared(path.to) > 1.0 { space::pass(self.spotting, path, start, &sound) } else { sound };
        envelope::fade_in(&mut sound, if at > 0 { 0.002 } else { 0.02 });
        envelope::fade_out(&mut sound, 0.08);
        space::place(self.spotting, path, start, &sound, gain, &mut self.stem, &mut self.send);
    }

    /// Places the sounds that cues ask for; beds among them go into `beds`.
    pub(crate) fn cues(&mut self, beds: &mut Stereo) {
        for (i, (cue, position)) in self.spotting.cues.iter().enumerate() {
            let inside = cue.from >= Ticks::ZERO && cue.from < self.spotting.duration && cue.level.is_finite();
            if cue.kind == CueKind::Sound && inside {
                self.cue(cue, *position, self.seed.child("cue").index(i as u64), beds);
            }
        }
    }

    fn cue(&mut self, cue: &Cue, position: Option<Vec3>, seed: Seed, beds: &mut Stereo) {
        let (name, recipe) = self.library.recipe(&cue.word);
        let gain = maths::gain_from_decibels(cue.level.clamp(-40.0, 12.0));
        let end = if cue.to > cue.from { cue.to.min(self.spotting.duration) } else { self.spotting.duration };
        if recipe.lasting && position.is_none() {
            return ambience::add_stretch(self.library, beds, &name, cue.from, end, gain, seed);
        }
        let ear = space::ear_at(self.spotting, cue.from);
        // A sound without a source is heard from in front, a little way off.
        let place = position.or_else(|| ear.map(|e| e.position + e.forward * 1.5)).unwrap_or(Vec3::ZERO);
        let path = Path { from: place, to: place, start: cue.from, length: end - cue.from };
        if recipe.lasting {
            return self.lasting(&name, cue.from.0, (end - cue.from).0, (1.0, &[]), gain, &path, seed);
        }
        let first = self.once(&name, "", 1.0, cue.from.0, 1.0, gain, &path, seed);
        self.again(&name, "", cue.from.0 + first, cue.to, 1.0, gain, &path, seed);
    }
}

/// Heavy makers sound deeper: by the sixth root of mass.
fn weight_pitch(weight: f32, usual: f32) -> f32 {
    if usual <= 0.0 || weight <= 0.0 || !weight.is_finite() {
        return 1.0;
    }
    maths::pow(usual / weight, 1.0 / 6.0).clamp(0.55, 1.8)
}

/// A sound at another pitch (and so another length), read between samples by a cubic.
fn resampled(sound: &[f32], pitch: f32) -> Vec<f32> {
    let at = |i: usize| sound.get(i).copied().unwrap_or(0.0);
    let length = (sound.len() as f32 / pitch) as usize;
    (0..length)
        .map(|i| {
            let x = i as f64 * f64::from(pitch);
            let k = x as usize;
            let t = (x - k as f64) as f32;
            let (a, b, c, d) = (at(k.saturating_sub(1)), at(k), at(k + 1), at(k + 2));
            b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
        })
        .collect()
}

/// How fast a sound runs at one of its samples.
fn pace_at(pace: &[f32], sample: usize, length: usize) -> f32 {
    let x = (pace.len() - 1) as f32 * sample as f32 / length.max(1) as f32;
    let (k, last) = (x as usize, pace.len() - 1);
    let value = maths::mix(pace[k.min(last)], pace[(k + 1).min(last)], x - k as f32);
    if value.is_finite() { value.clamp(0.1, 4.0) } else { 1.0 }
}

/// A sound read at changing speed; what runs faster is louder.
fn paced(sound: &[f32], paces: &[f32]) -> Vec<f32> {
    let mut read = 0.0f64;
    paces
        .iter()
        .map(|pace| {
            let (i, t) = (read as usize, read.fract() as f32);
            let at = |k: usize| sound.get(k).copied().unwrap_or(0.0);
            read += f64::from(*pace);
            maths::mix(at(i), at(i + 1), t) * pace.sqrt()
        })
        .collect()
}

/// Which events are heard: of steps, those of the two walkers who are nearest to the camera about that time; the rest is
/// left to the bed.
fn steps_in_front(spotting: &Spotting) -> Vec<bool> {
    let is_step = |e: &SoundEvent| matches!(e.sound.as_str(), "footstep" | "paw" | "hoof");
    let distance = |e: &SoundEvent| space::ear_at(spotting, e.at).map_or(0.0, |ear| (e.position - ear.position).length());
    let mut steps: Vec<usize> = (0..spotting.events.len()).filter(|i| is_step(&spotting.events[*i])).collect();
    steps.sort_by_key(|i| spotting.events[*i].at);
    let times: Vec<i64> = steps.iter().map(|i| spotting.events[*i].at.0).collect();
    let mut heard = vec![true; spotting.events.len()];
    for (k, i) in steps.iter().enumerate() {
        let window = times.partition_point(|t| *t < times[k].saturating_sub(TOGETHER))..times.partition_point(|t| *t <= times[k].saturating_add(TOGETHER));
        let mut nearest: BTreeMap<&Option<Id>, f32> = BTreeMap::new();
        for event in steps[window].iter().map(|j| &spotting.events[*j]) {
            let least = nearest.entry(&event.who).or_insert(f32::INFINITY);
            *least = least.min(distance(event));
        }
        let own = nearest[&spotting.events[*i].who];
        heard[*i] = nearest.values().filter(|d| **d < own).count() < 2;
    }
    heard
}
