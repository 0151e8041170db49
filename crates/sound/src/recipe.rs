//! A sound as data: the section `sound:` of a file in `assets/sounds`. Layers of noise, struck modes, tones, grains,
//! bubbles and pulses, each with its own envelope and filters.

use serde::Deserialize;
use std::collections::BTreeMap;

/// One sound.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Recipe {
    /// How loud against close speech, in LU: the loudest 50 ms of a noise, the mean of a bed.
    pub(crate) level: f32,
    /// What falls on the event's time.
    pub(crate) sync: Sync,
    /// It lasts as long as its event; else as its envelopes say.
    pub(crate) lasting: bool,
    /// A bed of a place without air: noises of bodies are not heard there, only cues.
    pub(crate) vacuum: bool,
    /// How many takes there are, so that none is heard twice in a row.
    pub(crate) variants: u32,
    /// Mass in kg of the maker that the recipe is written for; 0 = mass does not matter.
    pub(crate) weight: f32,
    /// How much takes differ in pitch (0.05 = 5 %).
    pub(crate) vary_pitch: f32,
    /// How much takes differ in level, dB.
    pub(crate) vary_level: f32,
    /// The layers, all sounding together.
    pub(crate) layers: Vec<Layer>,
    /// More layers, by surface.
    pub(crate) surfaces: BTreeMap<String, Surface>,
    /// Other sounds that a bed throws in now and then.
    pub(crate) calls: Vec<Call>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            level: -10.0,
            sync: Sync::Onset,
            lasting: false,
            vacuum: false,
            variants: 4,
            weight: 0.0,
            vary_pitch: 0.05,
            vary_level: 2.0,
            layers: Vec::new(),
            surfaces: BTreeMap::new(),
            calls: Vec::new(),
        }
    }
}

/// What a surface adds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Surface {
    /// dB on the recipe's level.
    pub(crate) level: f32,
    /// Layers besides the recipe's own.
    pub(crate) layers: Vec<Layer>,
}

/// Which moment of a sound belongs to the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Sync {
    /// Its first audible sample.
    #[default]
    Onset,
    /// Its loudest moment (a whoosh).
    Peak,
}

/// One ingredient.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layer {
    /// What makes it.
    pub(crate) source: Source,
    /// Seconds after the contact.
    #[serde(default)]
    pub(crate) at: f32,
    /// dB against the other layers.
    #[serde(default)]
    pub(crate) level: f32,
    /// Seconds of rise.
    #[serde(default = "short")]
    pub(crate) attack: f32,
    /// Seconds at full strength.
    #[serde(default)]
    pub(crate) hold: f32,
    /// Seconds of fall by 60 dB.
    #[serde(default = "usual")]
    pub(crate) decay: f32,
    /// In a row.
    #[serde(default)]
    pub(crate) filters: Vec<Filter>,
    /// Slow changes of level and of the filters.
    #[serde(default)]
    pub(crate) swell: Option<Swell>,
    /// Several in a row.
    #[serde(default)]
    pub(crate) repeat: Option<Repeat>,
    /// Left out when the event is stronger than this (the toe of a step, when running).
    #[serde(default)]
    pub(crate) up_to: Option<f32>,
}

fn short() -> f32 {
    0.001
}
fn usual() -> f32 {
    0.1
}

/// What makes a layer's sound, before envelope and filters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Source {
    /// Even noise.
    White,
    /// Noise that falls by 3 dB an octave.
    Pink,
    /// Noise that falls by 6 dB an octave.
    Brown,
    /// A struck body: frequency, seconds to -60 dB, strength of each mode.
    Modes(Vec<(f32, f32, f32)>),
    /// A pitched tone.
    Tone(Tone),
    /// Many short grains: crackle, gravel, leaves, drops of rain.
    Grains(Grains),
    /// Many small rising sines: drops and bubbles in water.
    Bubbles(Grains),
    /// A train of pulses: engines, growls, crickets' files.
    Pulses(Pulses),
    /// People who talk, no word to be understood.
    Babble(Babble),
}

/// A pitched tone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tone {
    /// Seconds and Hz, joined by smooth curves.
    pub(crate) pitch: Vec<(f32, f32)>,
    /// Strength of the first, second ... partial.
    #[serde(default = "pure")]
    pub(crate) partials: Vec<f32>,
    /// dB an octave by which the partials of a throat fall, as far up as there are any, in place of `partials`; 0 = as
    /// `partials` say.
    #[serde(default)]
    pub(crate) throat: f32,
    /// Vibrato: Hz, and depth as a part of the pitch.
    #[serde(default)]
    pub(crate) vibrato: (f32, f32),
    /// Roughness of the pitch, as a part of it (a bark, a gull).
    #[serde(default)]
    pub(crate) rough: f32,
    /// How far takes lie apart, as a part of the pitch.
    #[serde(default)]
    pub(crate) spread: f32,
}

fn pure() -> Vec<f32> {
    vec![1.0]
}

/// Many short grains.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grains {
    /// How many a second.
    pub(crate) rate: f32,
    /// The lowest, Hz.
    pub(crate) low: f32,
    /// The highest, Hz.
    pub(crate) high: f32,
    /// How long each rings, s.
    pub(crate) length: f32,
    /// How unequal they are: 0 all alike, 1 few strong ones.
    #[serde(default = "half")]
    pub(crate) uneven: f32,
}

fn half() -> f32 {
    0.5
}

/// A train of pulses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pulses {
    /// How many a second: at the beginning, at the end.
    pub(crate) rate: (f32, f32),
    /// How unsteady: 0.02 is a good motor.
    #[serde(default)]
    pub(crate) jitter: f32,
    /// How much of each is noise, 0 to 1.
    #[serde(default)]
    pub(crate) noise: f32,
    /// How long each lasts, as a part of the gap.
    #[serde(default = "half")]
    pub(crate) width: f32,
}

/// People who talk: each in syllables of a mouth of their own, in phrases, with pauses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Babble {
    /// How many.
    pub(crate) voices: u32,
    /// Pitch of the deepest and of the highest, Hz.
    pub(crate) pitch: (f32, f32),
    /// Seconds between two phrases of one of them, on average.
    #[serde(default = "whole")]
    pub(crate) pause: f32,
}

/// A filter; frequencies in Hz.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Filter {
    /// Low-pass at a frequency.
    Low(f32),
    /// High-pass at a frequency.
    High(f32),
    /// Band-pass: frequency, Q.
    Band(f32, f32),
    /// A band-pass that moves over the layer's life: from, to, Q.
    Sweep(f32, f32, f32),
    /// A resonance on top: frequency, Q, gain as a factor.
    Peak(f32, f32, f32),
    /// The same, moving as a mouth does that opens and shuts: shares of the layer's life and frequencies, Q, gain.
    Glide(Vec<(f32, f32)>, f32, f32),
}

/// Slow changes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Swell {
    /// Its shape.
    pub(crate) kind: SwellKind,
    /// Seconds from one to the next.
    pub(crate) period: f32,
    /// dB from loudest to quietest.
    pub(crate) depth: f32,
    /// Octaves that the filters fall when it is quiet.
    #[serde(default)]
    pub(crate) octaves: f32,
}

/// The shape of a swell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum SwellKind {
    /// By chance, like wind.
    Gusts,
    /// A quick rise and a slow fall, like surf.
    Waves,
    /// Even, like breath.
    Sine,
}

/// Several in a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repeat {
    /// How many in all.
    pub(crate) count: u32,
    /// Seconds to the second one.
    pub(crate) gap: f32,
    /// Each gap by the one before.
    #[serde(default = "whole")]
    pub(crate) shrink: f32,
    /// dB from one to the next.
    #[serde(default)]
    pub(crate) fade: f32,
    /// Pitch of each by that of the one before.
    #[serde(default = "whole")]
    pub(crate) pitch: f32,
    /// How unsteady the gaps are, as a part of them.
    #[serde(default)]
    pub(crate) jitter: f32,
}

fn whole() -> f32 {
    1.0
}

/// A sound that a bed throws in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    /// Entry of `sounds`.
    pub(crate) sound: String,
    /// Seconds from one to the next: at least, at most.
    pub(crate) every: (f32, f32),
    /// dB on its own level.
    #[serde(default)]
    pub(crate) level: f32,
    /// How far to the sides it may lie, 0 to 1.
    #[serde(default = "wide")]
    pub(crate) width: f32,
    /// Low-pass by distance, Hz.
    #[serde(default = "open")]
    pub(crate) far: f32,
}

fn wide() -> f32 {
    0.8
}
fn open() -> f32 {
    16_000.0
}
