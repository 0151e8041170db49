//! What the voices say, when: made by `speech`, used by `sound` to be heard, by `stage` for mouths and by `film` for subtitles.

use crate::{Heard, Id};
use kinora_base::Ticks;
use serde::{Deserialize, Serialize};

/// All lines of a film, timed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Voices {
    /// In the order of the film.
    pub lines: Vec<Spoken>,
}

/// One line with its times, counted from the film's beginning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spoken {
    /// Id of the plan's line.
    pub line: Id,
    /// Id of the role, or none for a narrator.
    pub who: Option<Id>,
    /// The words, for subtitles.
    pub text: String,
    /// How it reaches the listener.
    pub heard: Heard,
    /// The first sound.
    pub from: Ticks,
    /// The end of the last.
    pub to: Ticks,
    /// Mouth shapes over time.
    pub visemes: Vec<TimedViseme>,
    /// How far the mouth opens against the usual, 50 values a second from [`Spoken::from`] on; empty when only timed.
    pub openness: Vec<f32>,
    /// 24 kHz mono, if it was really voiced; empty when only timed.
    #[serde(skip)]
    pub pcm: Vec<f32>,
}

/// A mouth shape from one time to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimedViseme {
    /// Which.
    pub viseme: Viseme,
    /// From when, from the film's beginning.
    pub from: Ticks,
    /// Until when.
    pub to: Ticks,
}

/// Mouth shapes, with the names of the common 15-viseme set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Viseme {
    /// Silence: lips lightly together.
    Sil,
    /// p b m: lips pressed.
    PP,
    /// f v: lip to teeth.
    FF,
    /// th.
    TH,
    /// t d.
    DD,
    /// k g.
    KK,
    /// ch sh.
    CH,
    /// s z.
    SS,
    /// n l.
    NN,
    /// r.
    RR,
    /// a as in father.
    AA,
    /// e as in bed.
    E,
    /// i as in see.
    IH,
    /// o as in go.
    OH,
    /// u as in too.
    OU,
}
