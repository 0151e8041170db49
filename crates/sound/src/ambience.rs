//! The ambience stem: beds by place and weather, two decorrelated channels that run on through the cuts of a scene, and
//! the calls (birds, cars, drops) that a bed throws in now and then.

use crate::SoundError;
use crate::dsp::{filter::Svf, filter::one_pole_factor, loudness, samples};
use crate::library::{Library, SPEECH};
use crate::recipe::{Call, Recipe};
use crate::recordings::Recording;
use crate::synth;
use crate::track::Track;
use kinora_base::pcm::{Stereo, pieces};
use kinora_base::{Rng, Seed, Ticks, maths};
use kinora_plan::spotting::Spotting;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// A bed is made for at most this long, then looped.
const LOOP_SECONDS: f32 = 24.0;
/// Seconds that the loop's end is laid over its beginning.
const SEAM_SECONDS: f32 = 1.0;
/// Seconds of crossfade between scenes.
const CROSSFADE_SECONDS: f32 = 0.5;

/// All beds of a film, played window after window.
pub(crate) struct Beds {
    beds: Vec<Bed>,
    /// What has been made of them, looped when it is read; on a disk, for places come back.
    loops: Track,
    /// Samples of the film.
    length: usize,
}

/// One bed.
struct Bed {
    name: String,
    recipe: Arc<Recipe>,
    seed: Seed,
    /// The samples of the film that it fills.
    range: Range<usize>,
    gain: Gain,
    /// There once it has sounded.
    running: Option<Loop>,
    calls: Vec<Calls>,
}

/// How loud a bed is over time.
enum Gain {
    /// By the stretches of places that have it.
    Places(Vec<Stretch>),
    /// As a cue says, with a fade of some samples at both ends.
    Cue { gain: f32, fade: usize },
}

/// A place's time with a bed.
struct Stretch {
    from: f32,
    to: f32,
    /// It begins with the film, or ends with it.
    first: bool,
    last: bool,
    gain: f32,
}

impl Beds {
    /// The beds of the film's places; cues may add others.
    pub(crate) fn new(spotting: &Spotting, library: &mut Library, folder: &Path, length: usize, seed: Seed) -> Result<Self, SoundError> {
        let mut beds = Self { beds: Vec::new(), loops: Track::silence(folder, 0)?, length };
        for (name, stretches) in stretches(spotting) {
            let (name, recipe) = library.recipe(&name);
            let last = (0..length / STEP + 2).rev().find(|k| gain_at(&stretches, *k) > 0.0);
            let until = last.map_or(0, |k| ((k + 1) * STEP).min(length));
            let seed = seed.child(&name);
            beds.add(library, name, recipe, 0..until, Gain::Places(stretches), seed);
        }
        Ok(beds)
    }

    /// A bed asked for by a cue, from one time to another.
    pub(crate) fn add_cue(&mut self, library: &mut Library, name: &str, from: Ticks, to: Ticks, gain: f32, seed: Seed) {
        let (name, recipe) = library.recipe(name);
        let start = from.0.max(0) as usize;
        let length = (to.0.max(0) as usize).min(self.length).saturating_sub(start);
        let fade = samples(0.3).min(length / 3).max(1);
        let seed = seed.child(&name);
        self.add(library, name, recipe, start..start + length, Gain::Cue { gain, fade }, seed);
    }

    fn add(&mut self, library: &mut Library, name: String, recipe: Arc<Recipe>, range: Range<usize>, gain: Gain, seed: Seed) {
        if range.is_empty() {
            return;
        }
        let calls = if library.recorded(&name).is_some() { &[][..] } else { &recipe.calls };
        let calls = calls.iter().enumerate().map(|(i, call)| Calls::new(library, call, seed.child("call").child(&name).index(i as u64))).collect();
        self.beds.push(Bed { name, recipe, seed, range, gain, running: None, calls });
    }

    /// Adds what falls into the next window, which begins at sample `at`.
    pub(crate) fn play(&mut self, library: &mut Library, at: usize, out: &mut Stereo) -> Result<(), SoundError> {
        for bed in &mut self.beds {
            let inside = bed.range.start.max(at)..bed.range.end.min(at + out.len());
            // Inside the bed, from its own beginning.
            let own = inside.start.saturating_sub(bed.range.start)..inside.end.saturating_sub(bed.range.start);
            if inside.is_empty() {
                continue;
            }
            let gains = bed.gains(&own);
            if gains.iter().all(|g| *g == 0.0) {
                continue;
            }
            let sound = bed.sound(library, &mut self.loops, own)?;
            for (i, gain) in gains.into_iter().enumerate() {
                out.left[inside.start - at + i] += sound.left[i] * gain;
                out.right[inside.start - at + i] += sound.right[i] * gain;
            }
        }
        Ok(())
    }
}

/// Samples between two values of a gain curve.
const STEP: usize = 480;

/// When each layer is there; the same layer in two neighbouring stretches runs on without a dip.
fn stretches(spotting: &Spotting) -> BTreeMap<String, Vec<Stretch>> {
    let mut all: BTreeMap<String, Vec<Stretch>> = BTreeMap::new();
    for ambience in &spotting.ambiences {
        let (from, to) = (ambience.from.seconds() as f32, ambience.to.seconds() as f32);
        let (first, last) = (ambience.from.0 <= 0, ambience.to >= spotting.duration);
        for (name, level) in ambience.layers.iter().filter(|(_, level)| level.is_finite()) {
            let gain = maths::gain_from_decibels(level.clamp(-60.0, 12.0));
            all.entry(name.clone()).or_default().push(Stretch { from, to, first, last, gain });
        }
    }
    all
}

/// The gain of a layer after `k` steps.
fn gain_at(stretches: &[Stretch], k: usize) -> f32 {
    let (t, half) = ((k * STEP) as f32 / 48_000.0, CROSSFADE_SECONDS * 0.5);
    let one = |s: &Stretch| {
        let rise = if s.first { 1.0 } else { ((t - s.from + half) / (2.0 * half)).clamp(0.0, 1.0) };
        let fall = if s.last { 1.0 } else { ((s.to + half - t) / (2.0 * half)).clamp(0.0, 1.0) };
        s.gain * rise.min(fall)
    };
    stretches.iter().map(one).fold(0.0, |sum, g| sum + g)
}

impl Bed {
    /// The gain at each of its samples in a range.
    fn gains(&self, own: &Range<usize>) -> Vec<f32> {
        match &self.gain {
            Gain::Cue { gain, fade } => {
                let last = self.range.len() - 1;
                own.clone().map(|i| gain * (i.min(last - i).min(*fade) as f32 / *fade as f32)).collect()
            }
            Gain::Places(stretches) => {
                let first = own.start / STEP;
                let steps: Vec<f32> = (first..own.end / STEP + 2).map(|k| gain_at(stretches, k)).collect();
                let between = |i: usize| maths::mix(steps[i / STEP - first], steps[i / STEP - first + 1], (i % STEP) as f32 / STEP as f32);
                own.clone().map(between).collect()
            }
        }
    }

    /// Some of its samples: what runs, and the calls, which do not loop; or the user's recording, which has its own.
    fn sound(&mut self, library: &mut Library, loops: &mut Track, own: Range<usize>) -> Result<Stereo, SoundError> {
        let mut out = Stereo::silence(own.len());
        if self.running.is_none() {
            self.running = self.record(library, loops)?;
        }
        if let Some(running) = &self.running {
            running.read(loops, &own, &mut out)?;
        }
        let length = self.range.len();
        self.calls.iter_mut().for_each(|c| c.play(library, length, own.start, &mut out));
        Ok(out)
    }

    /// Makes what runs, if anything does, and puts it on the disk.
    fn record(&self, library: &Library, loops: &mut Track) -> Result<Option<Loop>, SoundError> {
        let (length, target) = (self.range.len(), SPEECH + self.recipe.level);
        let (sound, first, period) = if let Some(recorded) = library.recorded(&self.name) {
            replayed(recorded, length, target)
        } else if self.recipe.layers.is_empty() {
            return Ok(None);
        } else {
            let channel = |name: &str| running(&self.recipe, length, target, self.seed.child(name));
            let sound = Stereo { left: channel("left"), right: channel("right") };
            let period = sound.len();
            (sound, 0, period)
        };
        let mut at = None;
        for piece in pieces(sound.len(), samples(1.0)) {
            let part = Stereo { left: sound.left[piece.clone()].to_vec(), right: sound.right[piece].to_vec() };
            at = at.or(Some(loops.append(&part)?));
        }
        Ok(at.map(|at| Loop { at, first, period }))
    }
}

/// What runs in a bed, on the disk: a beginning that is heard once, and a period that comes again and again.
struct Loop {
    /// Where it lies among the loops.
    at: usize,
    first: usize,
    period: usize,
}

impl Loop {
    /// Some of its endless samples.
    fn read(&self, loops: &Track, range: &Range<usize>, out: &mut Stereo) -> Result<(), SoundError> {
        let mut i = range.start;
        while i < range.end {
            let place = if i < self.first { i } else { self.first + (i - self.first) % self.period };
            let count = (range.end - i).min(self.first + self.period - place);
            let part = loops.piece(self.at + place..self.at + place + count)?;
            let to = i - range.start..i - range.start + count;
            out.left[to.clone()].copy_from_slice(&part.left);
            out.right[to].copy_from_slice(&part.right);
            i += count;
        }
        Ok(())
    }
}

/// A user's recording as a bed: its sound, how much of it is heard once, and the period of the rest.
fn replayed(recorded: &Recording, length: usize, target: f32) -> (Stereo, usize, usize) {
    // By then the filter against rumble has forgotten that there was a beginning.
    let (first, period) = (samples(1.0), recorded.period());
    let again = first + period * samples(LOOP_SECONDS).div_ceil(period);
    let kept = length.min(again);
    let channel = |c: usize| {
        let mut sound = recorded.lasting(c, kept);
        settle(&mut sound, target);
        sound
    };
    let sound = Stereo { left: channel(0), right: channel(1) };
    if kept < again { (sound, 0, kept) } else { (sound, first, again - first) }
}

/// One channel of a bed: all of it, or a period of it if it is long.
fn running(recipe: &Recipe, length: usize, target: f32, seed: Seed) -> Vec<f32> {
    let seam = samples(SEAM_SECONDS);
    let whole = samples(LOOP_SECONDS);
    if length <= whole {
        let mut sound = synth::lasting(recipe.layers.iter(), length, 1.0, seed);
        settle(&mut sound, target);
        return sound;
    }
    let mut sound = synth::lasting(recipe.layers.iter(), whole + seam, 1.0, seed);
    settle(&mut sound, target);
    for i in 0..seam {
        let t = i as f32 / seam as f32;
        sound[i] = sound[i] * t.sqrt() + sound[whole + i] * (1.0 - t).sqrt();
    }
    sound.truncate(whole);
    sound
}

/// Beds have no use for what is too low to hear: it would only take the limiter's room.
const LOWEST_HERTZ: f32 = 45.0;

fn without_rumble(sound: &mut [f32]) {
    let mut filter = Svf::new(LOWEST_HERTZ, 0.7);
    sound.iter_mut().for_each(|s| *s = filter.next(*s).high);
}

/// Brings a bed to its level by its loudest three seconds: what swells must not be louder for it.
fn settle(sound: &mut [f32], target: f32) {
    without_rumble(sound);
    // Two such channels side by side are 3 dB louder than one.
    loudness::normalise(sound, 3.0, target - 3.0);
}

/// The calls of one kind in a bed, played window after window.
struct Calls {
    call: Call,
    recipe: Arc<Recipe>,
    rng: Rng,
    /// When the next one is, s from the bed's beginning.
    next: f32,
    variant: u32,
    /// What is being heard.
    heard: Vec<Called>,
}

/// A call: its first sample from the bed's beginning, its sound and its gains.
struct Called {
    at: usize,
    sound: Vec<f32>,
    left: f32,
    right: f32,
}

impl Calls {
    fn new(library: &mut Library, call: &Call, seed: Seed) -> Self {
        let mut rng = seed.rng();
        let next = rng.range(0.05, 1.0) * call.every.0.max(0.05);
        let variant = rng.below(64) as u32;
        Self { call: call.clone(), recipe: library.recipe(&call.sound).1, rng, next, variant, heard: Vec::new() }
    }

    /// Adds what falls into the next piece of a bed of `length` samples; the piece begins at its sample `own`.
    fn play(&mut self, library: &mut Library, length: usize, own: usize, out: &mut Stereo) {
        let (low, high) = (self.call.every.0.max(0.05), self.call.every.1.max(self.call.every.0));
        while samples(self.next) < length.min(own + out.len()) {
            let at = samples(self.next);
            self.variant += 1 + self.rng.below(2) as u32;
            let take = library.take(&self.call.sound, "", 1.0, self.variant);
            let side = self.call.width * self.rng.signed();
            let gain = maths::gain_from_decibels(self.call.level + self.recipe.vary_level * self.rng.signed());
            let angle = (side + 1.0) * std::f32::consts::FRAC_PI_4;
            // What was over while the bed was silent is not made.
            if at + take.samples.len() > own {
                let (left, right) = (gain * maths::cos(angle), gain * maths::sin(angle));
                self.heard.push(Called { at, sound: self.dulled(&take.samples), left, right });
            }
            self.next += self.rng.range(low, high);
        }
        self.heard.retain(|c| c.at + c.sound.len() > own);
        for called in &self.heard {
            out.add_mono(called.at as i64 - own as i64, &called.sound, called.left, called.right);
        }
    }

    /// A sound as from afar.
    fn dulled(&self, sound: &[f32]) -> Vec<f32> {
        let (factor, mut y) = (one_pole_factor(self.call.far), 0.0);
        let step = |s: &f32| {
            y += factor * (s - y);
            y
        };
        sound.iter().map(step).collect()
    }
}
