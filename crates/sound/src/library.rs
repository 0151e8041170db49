//! All sounds by name, and the takes that were made of them, each made once.

use crate::dsp::{RATE, envelope, loudness, samples};
use crate::recipe::{Layer, Recipe, Sync};
use crate::recordings::{self, Recording, Recordings};
use crate::{SoundError, synth};
use kinora_base::{Seed, maths};
use kinora_vocabulary::{Asset, Kind, Language, Vocabulary};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the loudness of 0 LU, close speech, is inside the mix.
pub(crate) const SPEECH: f32 = -23.0;

/// What is heard for a name that no file has: a small neutral tap.
const TAP: &str = "tap";

/// One take of a short sound, at [`SPEECH`] loudness with its recipe's level applied.
#[derive(Debug)]
pub(crate) struct Take {
    pub(crate) samples: Vec<f32>,
    /// The sample that falls on the event.
    pub(crate) anchor: usize,
}

/// What a take is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    sound: String,
    surface: String,
    strong: bool,
    variant: u32,
}

/// All sounds.
#[derive(Debug)]
pub(crate) struct Library {
    recipes: BTreeMap<String, Arc<Recipe>>,
    /// Every name in every language, to the file it is in.
    aliases: BTreeMap<String, String>,
    takes: BTreeMap<Key, Arc<Take>>,
    recordings: Recordings,
    seed: Seed,
    /// Names that were asked for and are in no file.
    pub(crate) missing: Vec<String>,
}

impl Library {
    pub(crate) fn new(vocabulary: &Vocabulary, seed: Seed) -> Result<Self, SoundError> {
        let mut recipes = BTreeMap::new();
        let mut aliases = BTreeMap::new();
        for asset in vocabulary.of(Kind::Sound) {
            if let Some(recipe) = asset.section::<Recipe>("sound")? {
                recipes.insert(asset.id.clone(), Arc::new(recipe));
                names(asset).for_each(|name| _ = aliases.entry(name).or_insert_with(|| asset.id.clone()));
            }
        }
        let recordings = recordings::read(vocabulary)?;
        Ok(Self { recipes, aliases, takes: BTreeMap::new(), recordings, seed, missing: Vec::new() })
    }

    /// The recipe of that id or name, or that of the tap, noting the name as missing.
    pub(crate) fn recipe(&mut self, name: &str) -> (String, Arc<Recipe>) {
        let id = if self.recipes.contains_key(name) { name } else { self.aliases.get(&plain(name)).map_or(name, String::as_str) };
        if let Some(recipe) = self.recipes.get(id) {
            return (id.to_owned(), recipe.clone());
        }
        self.note_missing(name);
        (TAP.to_owned(), self.recipes.get(TAP).cloned().unwrap_or_else(|| Arc::new(neutral())))
    }

    /// Notes a name that no file has.
    pub(crate) fn note_missing(&mut self, name: &str) {
        if !self.missing.iter().any(|m| m == name) {
            self.missing.push(name.to_owned());
        }
    }

    /// A take of a short sound. `strength` chooses between a full and a light touch; `variant` is counted by the caller.
    pub(crate) fn take(&mut self, name: &str, surface: &str, strength: f32, variant: u32) -> Arc<Take> {
        let (name, recipe) = self.recipe(name);
        let surface = nearest_surface(&recipe, surface);
        let strong = layers(&recipe, surface).any(|l| l.up_to.is_some_and(|u| strength > u));
        let variants = self.recordings.get(&name).map_or(recipe.variants, |r| r.len() as u32);
        let key = Key { sound: name, surface: surface.to_owned(), strong, variant: variant % variants.max(1) };
        if let Some(take) = self.takes.get(&key) {
            return take.clone();
        }
        let take = Arc::new(self.record(&recipe, &key));
        self.takes.insert(key, take.clone());
        take
    }

    fn record(&self, recipe: &Recipe, key: &Key) -> Take {
        let seed = self.seed.child(&key.sound).child(&key.surface).index(u64::from(key.variant));
        let level = recipe.level + recipe.surfaces.get(&key.surface).map_or(0.0, |s| s.level);
        let recorded = self.recordings.get(&key.sound).and_then(|r| r.get(key.variant as usize));
        let mut sound = recorded.map_or_else(
            || {
                let kept = layers(recipe, &key.surface).filter(|l| !(key.strong && l.up_to.is_some()));
                synth::take(kept, 1.0, seed)
            },
            |r| r.mono(),
        );
        loudness::normalise(&mut sound, 0.05, SPEECH + level);
        if recorded.is_none() {
            soften_peaks(&mut sound, SPEECH + level + 17.0);
        }
        let anchor = match recipe.sync {
            Sync::Onset => begin_at_once(&mut sound),
            Sync::Peak => loudest_moment(&sound),
        };
        envelope::fade_out(&mut sound, 0.005);
        Take { samples: sound, anchor }
    }

    /// The user's recording of a sound that lasts, if there is one.
    pub(crate) fn recorded(&self, id: &str) -> Option<&Arc<Recording>> {
        self.recordings.get(id)?.first()
    }

    /// A lasting sound, at its level, with short fades.
    pub(crate) fn lasting(&mut self, name: &str, length: usize, pitch: f32, seed: Seed) -> Vec<f32> {
        let (id, recipe) = self.recipe(name);
        let mut sound = self.recorded(&id).map_or_else(|| synth::lasting(recipe.layers.iter(), length, pitch, seed), |r| r.lasting(0, length));
        let now = loudness::loudest(&sound, 0.8);
        let gain = maths::gain_from_decibels(SPEECH + recipe.level - now);
        sound.iter_mut().for_each(|s| *s *= gain);
        sound
    }
}

/// The surface of a recipe that is most like the one asked for; "" is none of them.
fn nearest_surface<'a>(recipe: &Recipe, surface: &'a str) -> &'a str {
    let like = match surface {
        known if recipe.surfaces.contains_key(known) => known,
        "asphalt" | "road" | "pavement" | "tile" | "street" => "concrete",
        "rock" | "brick" | "marble" => "stone",
        "floor" | "plank" | "parquet" | "deck" => "wood",
        "rug" | "cloth" | "bed" => "carpet",
        "pebbles" => "gravel",
        "ice" => "snow",
        "puddle" | "mud" => "water",
        _ => "earth",
    };
    if recipe.surfaces.contains_key(like) { like } else { "" }
}

/// A name as it is compared: small letters, spaces for hyphens.
pub(crate) fn plain(name: &str) -> String {
    name.to_lowercase().replace('-', " ")
}

/// All names of an entry, as they are compared.
pub(crate) fn names(asset: &Asset) -> impl Iterator<Item = String> {
    Language::ALL.into_iter().flat_map(|l| asset.names.of(l)).map(|n| plain(n))
}

fn layers<'a>(recipe: &'a Recipe, surface: &str) -> impl Iterator<Item = &'a Layer> {
    recipe.layers.iter().chain(recipe.surfaces.get(surface).into_iter().flat_map(|s| s.layers.iter()))
}

fn neutral() -> Recipe {
    let layer = Layer {
        source: crate::recipe::Source::Modes(vec![(320.0, 0.06, 1.0), (810.0, 0.03, 0.4)]),
        at: 0.0,
        level: 0.0,
        attack: 0.0005,
        hold: 0.0,
        decay: 0.08,
        filters: Vec::new(),
        swell: None,
        repeat: None,
        up_to: None,
    };
    Recipe { layers: vec![layer], level: -14.0, ..Recipe::default() }
}

/// Rounds off needles that stand far over the sound's loudness: they would only make the limiter work.
fn soften_peaks(sound: &mut [f32], decibels: f32) {
    let top = maths::gain_from_decibels(decibels);
    for s in sound {
        let x = *s / top;
        *s = top * x / (1.0 + x * x).sqrt();
    }
}

/// Cuts what lies before the first audible sample (2 % of the peak), so that contact and onset are one.
fn begin_at_once(sound: &mut Vec<f32>) -> usize {
    let peak = sound.iter().fold(0.0f32, |m, s| m.max(s.abs()));
    let first = sound.iter().position(|s| s.abs() > 0.02 * peak).unwrap_or(0);
    sound.drain(..first.saturating_sub(8));
    envelope::fade_in(sound, 8.0 / RATE);
    0
}

fn loudest_moment(sound: &[f32]) -> usize {
    let window = samples(0.02);
    let energy = |c: &[f32]| c.iter().map(|s| s * s).sum::<f32>();
    let best = sound.chunks(window).enumerate().max_by(|a, b| energy(a.1).total_cmp(&energy(b.1)));
    best.map_or(0, |(i, _)| i * window + window / 2)
}
