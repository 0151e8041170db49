//! The spotting sheet: everything that must be heard, and from where it is heard. Made by `stage` from the same
//! events that move the picture, so that sound and picture agree to the sample; read by `sound`.

use crate::{Cue, Id};
use glam::Vec3;
use kinora_base::{FrameRate, Ticks};
use serde::{Deserialize, Serialize};

/// All that is heard in a film.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spotting {
    /// The film's length.
    pub duration: Ticks,
    /// Its frame rate: [`Spotting::ears`] has one entry a frame.
    pub fps: FrameRate,
    /// All chance in the sound comes from here.
    pub seed: u64,
    /// Noises of things and bodies, by time.
    pub events: Vec<SoundEvent>,
    /// Beds, one a scene stretch, in order.
    pub ambiences: Vec<Ambience>,
    /// The mood of the music: an entry of `music`; none = no music.
    pub music: Option<String>,
    /// Times of the cuts, for hits and changes.
    pub cuts: Vec<Ticks>,
    /// Sounds and music asked for by name, times from the film's beginning.
    pub cues: Vec<(Cue, Option<Vec3>)>,
    /// The camera as a listener, a frame each.
    pub ears: Vec<Ear>,
    /// Where the mouths of those are who speak.
    #[serde(default)]
    pub speakers: Vec<SpeakerTrack>,
}

/// Where a line comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeakerTrack {
    /// Id of the plan's line.
    pub line: Id,
    /// The speaker's mouth in the world, for each frame of the film from the line's first to its last.
    pub places: Vec<Vec3>,
}

/// One noise at an exact time and place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoundEvent {
    /// When the contact is.
    pub at: Ticks,
    /// Which: an entry of `sounds`, such as `footstep`, `hoof`, `wing`, `splash`, `bark`, `engine`, `cloth`, `page`.
    pub sound: String,
    /// What it happens on, for steps and impacts: grass, snow, sand, wood, stone, carpet, water, leaves, earth, metal.
    pub surface: String,
    /// How strong, 1 = usual.
    pub strength: f32,
    /// How long, for sounds that last (an engine); 0 = as the sound is.
    pub length: Ticks,
    /// Factors on its pitch, evenly spread from its beginning to its end, for sounds that last: a motor that speeds up;
    /// empty = steady.
    #[serde(default)]
    pub pace: Vec<f32>,
    /// Where, in the world.
    pub position: Vec3,
    /// Where it is at its end, for sounds that last.
    pub position_at_end: Vec3,
    /// Mass in kg of who made it: deeper when heavier.
    pub weight: f32,
    /// Whose it is.
    pub who: Option<Id>,
}

/// The bed under a stretch of film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ambience {
    /// From when.
    pub from: Ticks,
    /// Until when.
    pub to: Ticks,
    /// Entry of `places`; its `ambience` is named by the place's file and found among `sounds`.
    pub place: String,
    /// Entries of `sounds` that make the bed, with a level in decibels each.
    pub layers: Vec<(String, f32)>,
    /// Reverberation time of the place, seconds.
    pub reverb: f32,
}

/// The listener at one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ear {
    /// Where the camera is.
    pub position: Vec3,
    /// Unit vector to the picture's right.
    pub right: Vec3,
    /// Unit vector into the picture.
    pub forward: Vec3,
    /// Horizontal field of view, radians.
    pub horizontal_fov: f32,
}
