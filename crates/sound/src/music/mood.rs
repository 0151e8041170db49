//! A mood as data: the section `music:` of a file in `assets/music`.

use serde::Deserialize;

/// One mood.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mood {
    /// Beats a minute: slowest, fastest.
    pub(crate) bpm: (f32, f32),
    /// Beats in a bar.
    #[serde(default = "four")]
    pub(crate) beats: u32,
    /// Keynotes to choose from, as MIDI numbers of the octave 48 to 59.
    pub(crate) keys: Vec<i32>,
    /// The scale.
    pub(crate) mode: Mode,
    /// Roman numerals, a chord each [`Mood::bars_per_chord`]: `I`, `vi`, `IVmaj7`, `bVII`, `iiø`, `Vsus4`, `Iadd9`.
    pub(crate) chords: Vec<String>,
    /// Bars that a chord lasts.
    #[serde(default = "one")]
    pub(crate) bars_per_chord: f32,
    /// Reverberation, s.
    #[serde(default = "hall")]
    pub(crate) hall: f32,
    /// dB against other moods.
    #[serde(default)]
    pub(crate) level: f32,
    /// Who plays what.
    pub(crate) parts: Vec<Part>,
}

fn four() -> u32 {
    4
}
fn one() -> f32 {
    1.0
}
fn hall() -> f32 {
    1.6
}

/// Scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Mode {
    Major,
    Minor,
    Dorian,
    Phrygian,
    Lydian,
    Mixolydian,
    MajorPentatonic,
}

/// One player.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// On what.
    pub(crate) instrument: Instrument,
    /// Doing what.
    pub(crate) role: Role,
    /// dB.
    #[serde(default)]
    pub(crate) level: f32,
    /// -1 left, 1 right.
    #[serde(default)]
    pub(crate) pan: f32,
    /// The middle of its register, MIDI.
    #[serde(default = "middle")]
    pub(crate) register: i32,
    /// Beats of a bar on which it plays; for a melody, the rhythm of two bars.
    #[serde(default = "downbeat")]
    pub(crate) rhythm: Vec<f32>,
    /// Plays only while the form is at least this full, 0 to 1.
    #[serde(default)]
    pub(crate) from: f32,
    /// How long notes are held, as a part of the time to the next.
    #[serde(default = "one")]
    pub(crate) held: f32,
}

fn middle() -> i32 {
    60
}
fn downbeat() -> Vec<f32> {
    vec![0.0]
}

/// What a part does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Role {
    /// The chord held as long as it lasts.
    Chord,
    /// The chord struck on the rhythm.
    Comp,
    /// The chord's root (and fifth, on a second note).
    Bass,
    /// The keynote, whatever the chord.
    Drone,
    /// The chord's notes one after another.
    Arpeggio,
    /// A tune.
    Melody,
    /// Unpitched, on the rhythm.
    Beat,
}

/// Instruments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Instrument {
    /// Soft saws behind a low-pass.
    Pad,
    /// Bowed section, with vibrato.
    Strings,
    /// Bowed and low.
    Cello,
    /// Struck strings.
    Piano,
    /// Steel or nylon, plucked.
    Guitar,
    /// Small, bright and short.
    Ukulele,
    /// Plucked strings of a section.
    Pizzicato,
    /// Long, round, plucked.
    Harp,
    /// Round and low.
    Bass,
    /// Struck steel plates.
    Celesta,
    /// Small steel bars, brighter.
    Glockenspiel,
    /// Wooden bars.
    Marimba,
    /// Blown, soft.
    Flute,
    /// Low brass.
    Horn,
    /// Voices on a vowel.
    Choir,
    /// A big low drum.
    Drum,
    /// A shaker.
    Shaker,
    /// A clock's tick or a wood block.
    Tick,
    /// Hands.
    Clap,
}
