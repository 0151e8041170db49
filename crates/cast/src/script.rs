//! What a character is told to do: acts in order on the film's frames.

use glam::Vec3;
use serde::{Deserialize, Serialize};

/// The acts of one character over the frames of a scene stretch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// Where it begins, on the ground.
    pub start: Vec3,
    /// Which way it faces at first: radians about y, 0 = +z, positive towards +x.
    pub facing: f32,
    /// How many frames.
    pub frames: usize,
    /// In order of `from`; they may overlap when they use different parts of the body (walk + wave, sit + read + talk).
    pub acts: Vec<Act>,
    /// Mood of face and step: happy, sad, angry, afraid, tired, calm, surprised; empty = calm.
    pub mood: String,
    /// All chance comes from here.
    pub seed: u64,
}

/// One act.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Entry of `motions`: stand, walk, wave, sleep ...
    pub motion: String,
    /// First frame.
    pub from: usize,
    /// One past the last frame.
    pub to: usize,
    /// Points on the ground (or in the air or water) to travel through, the last one to arrive at; empty = on the spot.
    pub path: Vec<Vec3>,
    /// Direction to face at the end: radians about y.
    pub face: Option<f32>,
    /// Factor on the usual speed: slowly .6, quickly 1.5.
    pub pace: f32,
    /// The seat's top, in the world, for sitting down; sitting without one is on the ground. For lying: where the hips
    /// come to lie on a bed, `face` being the way the feet point.
    pub seat: Option<Vec3>,
    /// How it is done: an adverb of the plan, or empty.
    pub manner: String,
    /// What is in the hand, if anything: `book`, `cup`, `umbrella`, `ball`, `flower`.
    pub holding: Option<String>,
    /// Where the hands go, in the world: what is pointed at, picked up, pushed, thrown to; a partner's hand or chest.
    /// Without it, straight ahead.
    #[serde(default)]
    pub aim: Option<Vec3>,
}

/// The mouth at one frame, from the voices; all 0..1 but `wide`, -1..1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mouth {
    /// Jaw: 1 = wide open.
    pub jaw: f32,
    /// Corners out (1) or in (-1).
    pub wide: f32,
    /// Lips pushed forward.
    pub round: f32,
    /// Lips pressed together.
    pub close: f32,
}
