//! The effects stem: every event of the spotting sheet, and the sounds that cues ask for, at their samples. First it is written down what
//! sounds when ([`Effects::new`]), then it is played, window after window; what lasts is made when its time comes.

use crate::ambience::Beds;
use crate::dsp::{envelope, samples};
use crate::library::{Library, Take};
use crate::space::{self, Path, Placed};
use glam::Vec3;
use kinora_base::{Seed, Ticks, maths, pcm::Stereo};
use kinora_plan::spotting::{SoundEvent, Spotting};
use kinora_plan::{Cue, CueKind, Id};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What bodies do in the picture is brought forward: cameras stand further off than ears would.
const FOREGROUND_DB: f32 = 4.0;

/// Ticks within which walkers walk together.
const TOGETHER: i64 = 48_000;

/// A sound that lasts longer is made in parts of so many seconds, each laid over the end of the one before.
const LONGEST_SECONDS: f32 = 60.0;
const SEAM_SECONDS: f32 = 1.0;

/// The effects of a film.
pub(crate) struct Effects<'a> {
    spotting: &'a Spotting,
    /// Samples of the film.
    length: usize,
    /// How often each sound was heard, so that no take follows itself.
    heard: BTreeMap<String, u32>,
    seed: Seed,
    sounds: Vec<Sound<'a>>,
    /// Which sound begins when, the first first; those that have begun are gone.
    waiting: VecDeque<(i64, usize)>,
    /// What is being heard, in the order of the sounds.
    playing: Vec<(usize, Placed)>,
    /// Times and levels of what is strong enough to push the music down.
    pub(crate) strong: Vec<(Ticks, f32)>,
}

/// A sound that is to be heard.
struct Sound<'a> {
    /// Its first sample in the film.
    start: i64,
    path: Path,
    gain: f32,
    made: Made<'a>,
}

/// How a sound is made.
enum Made<'a> {
    /// A take at a pitch.
    Once(Arc<Take>, f32),
    /// Something that lasts, or a part of it.
    Lasting(Lasting<'a>),
}

struct Lasting<'a> {
    name: String,
    pitch: f32,
    seed: Seed,
    /// How fast it runs over all of its time; empty = evenly.
    pace: &'a [f32],
    /// Samples of all of its time, and those of them that this part is.
    whole: usize,
    part: std::ops::Range<usize>,
    /// Seconds of its fades, or of the seams with the parts beside it.
    rise: Edge,
    fall: Edge,
}

/// How a part of a lasting sound begins or ends.
#[derive(Clone, Copy)]
enum Edge {
    Fade(f32),
    Seam,
}

impl<'a> Effects<'a> {
    /// Writes down what sounds when; beds that cues ask for go into `beds`.
    pub(crate) fn new(spotting: &'a Spotting, library: &mut Library, beds: &mut Beds, length: usize, seed: Seed) -> Self {
        let (heard, sounds, waiting, playing, strong) = (BTreeMap::new(), Vec::new(), VecDeque::new(), Vec::new(), Vec::new());
        let mut effects = Self { spotting, length, heard, seed, sounds, waiting, playing, strong };
        effects.events(library);
        effects.cues(library, beds);
        let mut waiting: Vec<(i64, usize)> = effects.sounds.iter().enumerate().map(|(i, s)| (s.start, i)).collect();
        waiting.sort_unstable();
        effects.waiting = waiting.into();
        effects
    }

    /// Adds what falls into the next window, which begins at sample `at`, to the stem and to what goes to the room.
    pub(crate) fn play(&mut self, library: &mut Library, at: usize, stem: &mut Stereo, send: &mut [f32]) {
        while let Some((_, i)) = self.waiting.front().copied().filter(|(start, _)| *start < (at + send.len()) as i64) {
            self.waiting.pop_front();
            let place = self.playing.partition_point(|p| p.0 < i);
            self.playing.insert(place, (i, self.sounds[i].begin(self.spotting, library)));
        }
        self.playing.iter_mut().for_each(|(_, p)| p.play(self.spotting, at, stem, send));
        self.playing.retain(|(_, p)| !p.is_over());
    }

    fn events(&mut self, library: &mut Library) {
        let in_front = steps_in_front(self.spotting);
        let spotting = self.spotting;
        for (i, event) in spotting.events.iter().enumerate() {
            let length = event.length.clamp(Ticks::ZERO, spotting.duration);
            // An event that is over before the film or begins after it is not heard; neither is one without a strength.
            if event.at + length < Ticks::ZERO || event.at >= spotting.duration || !event.strength.is_finite() {
                continue;
            }
            if !in_front[i] || self.in_vacuum(library, event.at) {
                continue;
            }
            self.event(library, event, length, self.seed.child("event").index(i as u64));
        }
    }

    fn in_vacuum(&self, library: &mut Library, at: Ticks) -> bool {
        let bed = self.spotting.ambiences.iter().find(|a| a.from <= at && at < a.to);
        bed.is_some_and(|a| a.layers.iter().any(|(name, _)| library.recipe(name).1.vacuum))
    }

    fn event(&mut self, library: &mut Library, event: &'a SoundEvent, length: Ticks, seed: Seed) {
        let (name, recipe) = library.recipe(&event.sound);
        let gain = maths::pow(event.strength.clamp(0.02, 6.0), 0.8) * maths::gain_from_decibels(FOREGROUND_DB);
        let path = Path { from: event.position, to: event.position_at_end, start: event.at, length };
        let pitch = weight_pitch(event.weight, recipe.weight);
        if recipe.lasting {
            let length = if length.0 > 0 { length.0 } else { 2 * Ticks::PER_SECOND };
            return self.lasting(&name, event.at.0, length, (pitch, &event.pace), gain, &path, seed);
        }
        if event.strength >= 1.0 && recipe.level > -9.0 {
            self.strong.push((event.at, recipe.level));
        }
        let first = self.once(library, &name, &event.surface, event.strength, event.at.0, pitch, gain, &path, seed);
        self.again(library, &name, &event.surface, event.at.0 + first, event.at + length, pitch, gain, &path, seed);
    }

    /// A short sound on and on until a time, now and then: a wave at a hull, a bird that sings for a while.
    #[allow(clippy::too_many_arguments, reason = "one call's worth of a cue sheet's columns")]
    fn again(&mut self, library: &mut Library, name: &str, surface: &str, mut at: i64, until: Ticks, pitch: f32, gain: f32, path: &Path, seed: Seed) {
        let mut rng = seed.child("again").rng();
        for k in 1..1000 {
            at += samples(rng.range(0.4, 1.6)) as i64;
            if at >= until.0.min(self.length as i64) {
                return;
            }
            let strength = rng.range(0.6, 1.1);
            at += self.once(library, name, surface, strength, at, pitch, gain * strength, path, seed.index(k));
        }
    }

    /// A short sound once; gives its samples. Takes its next variant, a little off in pitch and level.
    #[allow(clippy::too_many_arguments, reason = "one call's worth of a cue sheet's columns")]
    fn once(&mut self, library: &mut Library, name: &str, surface: &str, strength: f32, at: i64, pitch: f32, gain: f32, path: &Path, seed: Seed) -> i64 {
        let (name, recipe) = library.recipe(name);
        let mut rng = seed.rng();
        let count = self.heard.entry(name.clone()).or_insert_with(|| (seed.0 % 7) as u32);
        *count += 1;
        let take = library.take(&name, surface, strength, *count);
        let pitch = pitch * (1.0 + recipe.vary_pitch * rng.signed());
        let gain = gain * maths::gain_from_decibels(recipe.vary_level * rng.signed() * 0.5);
        let length = resampled_length(&take.samples, pitch) as i64;
        let start = at - (take.anchor as f32 / pitch) as i64;
        self.sounds.push(Sound { start, path: *path, gain, made: Made::Once(take, pitch) });
        length
    }

    #[allow(clippy::too_many_arguments, reason = "one call's worth of a cue sheet's columns")]
    fn lasting(&mut self, name: &str, at: i64, length: i64, (pitch, pace): (f32, &'a [f32]), gain: f32, path: &Path, seed: Seed) {
        // What lies outside the film is not worth making; the path still knows the whole way.
        let start = at.max(0);
        let end = (at + length).min(self.length as i64);
        let (Ok(whole), Ok(skipped), Ok(length)) = (usize::try_from(length), usize::try_from(start - at), usize::try_from(end - start)) else { return };
        let (most, seam) = (samples(LONGEST_SECONDS), samples(SEAM_SECONDS));
        let (mut from, mut rise) = (0, Edge::Fade(if at > 0 { 0.002 } else { 0.02 }));
        while from < length {
            let (to, fall) = if length - from > most + seam { (from + most + seam, Edge::Seam) } else { (length, Edge::Fade(0.08)) };
            let part = skipped + from..skipped + to;
            let lasting = Lasting { name: name.to_owned(), pitch, seed, pace, whole, part, rise, fall };
            self.sounds.push(Sound { start: start + from as i64, path: *path, gain, made: Made::Lasting(lasting) });
            if to == length {
                return;
            }
            (from, rise) = (to - seam, Edge::Seam);
        }
    }

    fn cues(&mut self, library: &mut Library, beds: &mut Beds) {
        let spotting = self.spotting;
        for (i, (cue, position)) in spotting.cues.iter().enumerate() {
            let inside = cue.from >= Ticks::ZERO && cue.from < spotting.duration && cue.level.is_finite();
            if cue.kind == CueKind::Sound && inside {
                self.cue(library, cue, *position, self.seed.child("cue").index(i as u64), beds);
            }
        }
    }

    fn cue(&mut self, library: &mut Library, cue: &Cue, position: Option<Vec3>, seed: Seed, beds: &mut Beds) {
        let (name, recipe) = library.recipe(&cue.word);
        let gain = maths::gain_from_decibels(cue.level.clamp(-40.0, 12.0));
        let end = if cue.to > cue.from { cue.to.min(self.spotting.duration) } else { self.spotting.duration };
        if recipe.lasting && position.is_none() {
            return beds.add_cue(library, &name, cue.from, end, gain, seed);
        }
        let ear = space::ear_at(self.spotting, cue.from);
        // A sound without a source is heard from in front, a little way off.
        let place = position.or_else(|| ear.map(|e| e.position + e.forward * 1.5)).unwrap_or(Vec3::ZERO);
        let path = Path { from: place, to: place, start: cue.from, length: end - cue.from };
        if recipe.lasting {
            return self.lasting(&name, cue.from.0, (end - cue.from).0, (1.0, &[]), gain, &path, seed);
        }
        let first = self.once(library, &name, "", 1.0, cue.from.0, 1.0, gain, &path, seed);
        self.again(library, &name, "", cue.from.0 + first, cue.to, 1.0, gain, &path, seed);
    }
}

impl Sound<'_> {
    /// The sound, ready to be played.
    fn begin(&self, spotting: &Spotting, library: &mut Library) -> Placed {
        let mono = match &self.made {
            Made::Once(take, pitch) => resampled(&take.samples, *pitch),
            Made::Lasting(lasting) => lasting.make(spotting, library, self.start, &self.path),
        };
        Placed::new(spotting, self.path, self.start, mono, self.gain)
    }
}

impl Lasting<'_> {
    fn make(&self, spotting: &Spotting, library: &mut Library, start: i64, path: &Path) -> Vec<f32> {
        let sound = if self.pace.is_empty() {
            library.lasting(&self.name, self.part.len(), self.pitch, self.seed)
        } else {
            let paces: Vec<f32> = self.part.clone().map(|i| pace_at(self.pace, i, self.whole)).collect();
            let needed = paces.iter().sum::<f32>() as usize + 4;
            paced(&library.lasting(&self.name, needed, self.pitch, self.seed), &paces)
        };
        let mut sound = if path.from.distance_squared(path.to) > 1.0 { space::pass(spotting, path, start, &sound) } else { sound };
        let seam = samples(SEAM_SECONDS);
        match self.rise {
            Edge::Fade(seconds) => envelope::fade_in(&mut sound, seconds),
            Edge::Seam => sound.iter_mut().take(seam).enumerate().for_each(|(i, s)| *s *= (i as f32 / seam as f32).sqrt()),
        }
        match self.fall {
            Edge::Fade(seconds) => envelope::fade_out(&mut sound, seconds),
            Edge::Seam => sound.iter_mut().rev().take(seam).enumerate().for_each(|(i, s)| *s *= ((i + 1) as f32 / seam as f32).sqrt()),
        }
        sound
    }
}

/// Heavy makers sound deeper: by the sixth root of mass.
fn weight_pitch(weight: f32, usual: f32) -> f32 {
    if usual <= 0.0 || weight <= 0.0 || !weight.is_finite() {
        return 1.0;
    }
    maths::pow(usual / weight, 1.0 / 6.0).clamp(0.55, 1.8)
}

/// Samples of a sound at another pitch.
fn resampled_length(sound: &[f32], pitch: f32) -> usize {
    (sound.len() as f32 / pitch) as usize
}

/// A sound at another pitch (and so another length), read between samples by a cubic.
fn resampled(sound: &[f32], pitch: f32) -> Vec<f32> {
    let at = |i: usize| sound.get(i).copied().unwrap_or(0.0);
    (0..resampled_length(sound, pitch))
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
