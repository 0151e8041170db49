//! The ambience stem: beds by place and weather, two decorrelated channels that run on through the cuts of a scene, and
//! the calls (birds, cars, drops) that a bed throws in now and then.

use crate::dsp::{filter::Svf, filter::one_pole_factor, loudness, samples};
use crate::library::{Library, SPEECH};
use crate::recipe::{Call, Recipe};
use crate::synth;
use kinora_base::{Seed, Ticks, maths, pcm::Stereo};
use kinora_plan::spotting::Spotting;
use std::collections::BTreeMap;

/// A bed is made for at most this long, then looped.
const LOOP_SECONDS: f32 = 24.0;
/// Seconds that the loop's end is laid over its beginning.
const SEAM_SECONDS: f32 = 1.0;
/// Seconds of crossfade between scenes.
const CROSSFADE_SECONDS: f32 = 0.5;

/// All beds of the film.
pub(crate) fn beds(spotting: &Spotting, library: &mut Library, out: &mut Stereo, seed: Seed) {
    for (name, gains) in gain_curves(spotting, out.len()) {
        let (name, recipe) = library.recipe(&name);
        let length = gains.iter().rposition(|g| *g > 0.0).map_or(0, |i| ((i + 1) * STEP).min(out.len()));
        let bed = bed(library, &name, &recipe, length, seed.child(&name));
        for i in 0..bed.len() {
            let (k, t) = (i / STEP, (i % STEP) as f32 / STEP as f32);
            let gain = maths::mix(gains[k], gains[k + 1], t);
            out.left[i] += bed.left[i] * gain;
            out.right[i] += bed.right[i] * gain;
        }
    }
}

/// Samples between two values of a gain curve.
const STEP: usize = 480;

/// How loud each layer is over time; the same layer in two neighbouring stretches runs on without a dip.
fn gain_curves(spotting: &Spotting, length: usize) -> BTreeMap<String, Vec<f32>> {
    let mut curves: BTreeMap<String, Vec<f32>> = BTreeMap::new();
    for ambience in &spotting.ambiences {
        let (from, to) = (ambience.from.seconds() as f32, ambience.to.seconds() as f32);
        let half = CROSSFADE_SECONDS * 0.5;
        for (name, level) in ambience.layers.iter().filter(|(_, level)| level.is_finite()) {
            let curve = curves.entry(name.clone()).or_insert_with(|| vec![0.0; length / STEP + 2]);
            let gain = maths::gain_from_decibels(level.clamp(-60.0, 12.0));
            for (k, value) in curve.iter_mut().enumerate() {
                let t = (k * STEP) as f32 / 48_000.0;
                let rise = if ambience.from.0 <= 0 { 1.0 } else { ((t - from + half) / (2.0 * half)).clamp(0.0, 1.0) };
                let fall = if ambience.to >= spotting.duration { 1.0 } else { ((to + half - t) / (2.0 * half)).clamp(0.0, 1.0) };
                *value += gain * rise.min(fall);
            }
        }
    }
    curves
}

/// A bed asked for by a cue, from one time to another.
pub(crate) fn add_stretch(library: &mut Library, out: &mut Stereo, name: &str, from: Ticks, to: Ticks, gain: f32, seed: Seed) {
    let (name, recipe) = library.recipe(name);
    let start = from.0.max(0) as usize;
    let length = (to.0.max(0) as usize).min(out.len()).saturating_sub(start);
    let bed = bed(library, &name, &recipe, length, seed.child(&name));
    let fade = samples(0.3).min(length / 3).max(1);
    for i in 0..bed.len() {
        let edge = i.min(length - 1 - i).min(fade) as f32 / fade as f32;
        out.left[start + i] += bed.left[i] * gain * edge;
        out.right[start + i] += bed.right[i] * gain * edge;
    }
}

/// A bed of that length at its recipe's level: the running layers, looped if long, and its calls, which do not loop; or
/// the user's recording, which has its own.
fn bed(library: &mut Library, name: &str, recipe: &Recipe, length: usize, seed: Seed) -> Stereo {
    let mut bed = Stereo::silence(length);
    if length == 0 {
        return bed;
    }
    let target = SPEECH + recipe.level;
    if let Some(recorded) = library.recorded(name) {
        (bed.left, bed.right) = (recorded.lasting(0, length), recorded.lasting(1, length));
        settle(&mut bed.left, target);
        settle(&mut bed.right, target);
        return bed;
    }
    if !recipe.layers.is_empty() {
        bed.left = running(recipe, length, target, seed.child("left"));
        bed.right = running(recipe, length, target, seed.child("right"));
    }
    for (i, call) in recipe.calls.iter().enumerate() {
        calls(library, call, &mut bed, seed.child("call").child(name).index(i as u64));
    }
    bed
}

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
    (0..length).map(|i| sound[i % whole]).collect()
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

fn calls(library: &mut Library, call: &Call, out: &mut Stereo, seed: Seed) {
    let mut rng = seed.rng();
    let mut at = rng.range(0.05, 1.0) * call.every.0.max(0.05);
    let mut variant = rng.below(64) as u32;
    let factor = one_pole_factor(call.far);
    let (low, high) = (call.every.0.max(0.05), call.every.1.max(call.every.0));
    while samples(at) < out.len() {
        variant += 1 + rng.below(2) as u32;
        let (_, recipe) = library.recipe(&call.sound);
        let take = library.take(&call.sound, "", 1.0, variant);
        let side = call.width * rng.signed();
        let gain = maths::gain_from_decibels(call.level + recipe.vary_level * rng.signed());
        let angle = (side + 1.0) * std::f32::consts::FRAC_PI_4;
        let mut y = 0.0;
        let dull: Vec<f32> = take
            .samples
            .iter()
            .map(|s| {
                y += factor * (s - y);
                y
            })
            .collect();
        out.add_mono(samples(at) as i64, &dull, gain * maths::cos(angle), gain * maths::sin(angle));
        at += rng.range(low, high);
    }
}
