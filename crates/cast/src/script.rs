//! What a character is told to do: acts in order on the film's frames.

use crate::people::{Moves, Take};
use glam::Vec3;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// What is in the right hand, and when; of several at once the last.
    #[serde(default)]
    pub held: Vec<InHand>,
    /// Mood of face and step: happy, sad, angry, afraid, tired, calm, surprised; empty = calm.
    pub mood: String,
    /// Feelings that show on the face for a time, over the mood.
    #[serde(default)]
    pub feelings: Vec<Feeling>,
    /// Dips of the head: nods of a listener, accents of a speaker.
    #[serde(default)]
    pub dips: Vec<Dip>,
    /// All chance comes from here.
    pub seed: u64,
}

/// A thing in the right hand for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InHand {
    /// Entry of `props`: book, cup, umbrella.
    pub thing: String,
    /// Against its usual size.
    pub size: f32,
    /// The first frame at which it is there.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

impl InHand {
    /// A thing of its usual size that is never let go.
    #[must_use]
    pub fn always(thing: &str) -> Self {
        Self { thing: thing.to_owned(), size: 1.0, from: 0, to: usize::MAX }
    }
}

/// A feeling that comes and goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// As the mood: happy, sad, angry ...
    pub mood: String,
    /// The frame at which it shows in full.
    pub from: usize,
    /// The frame from which it fades.
    pub to: usize,
}

/// A dip of the head, or several, each smaller than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dip {
    /// The frame at which the head is lowest for the first time.
    pub frame: usize,
    /// How far down at first.
    pub degrees: f32,
    /// Dips a second.
    pub hertz: f32,
    /// How many.
    pub cycles: f32,
}

impl Dip {
    /// How far down the head is at a time after the first lowest point, in radians.
    #[must_use]
    pub fn at(&self, seconds: f32) -> f32 {
        // It begins half a cycle before its first lowest point.
        let cycle = seconds * self.hertz + 0.5;
        if cycle <= 0.0 || cycle >= self.cycles {
            return 0.0;
        }
        let size = kinora_base::maths::pow(0.62, cycle.floor());
        self.degrees.to_radians() * size * 0.5 * (1.0 - kinora_base::maths::cos(cycle * std::f32::consts::TAU))
    }
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
    /// Where the hands go, in the world: what is pointed at, picked up, pushed, thrown to; a partner's hand or chest.
    /// Without it, straight ahead.
    #[serde(default)]
    pub aim: Option<Vec3>,
    /// What one leans on; `face` is the way one faces there.
    #[serde(default)]
    pub support: Option<Support>,
    /// What is played instead of the motion: a recording, or keys of the plan.
    #[serde(skip)]
    pub moves: Option<Arc<Moves>>,
}

/// The surface of what somebody leans on, as it was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Support {
    /// The place on the ground from which it is measured, in the world.
    pub at: Vec3,
    /// Which way it looks, to who leans on it: radians about y.
    pub facing: f32,
    /// How far it stands out from `at` to who leans, metres, at every [`Support::STEP`] of height over `at`; less than
    /// [`Support::NOTHING`] where there is nothing.
    pub profile: Vec<f32>,
    /// Its highest point, metres over `at`.
    pub top: f32,
}

impl Support {
    /// Metres of height from one measure of the profile to the next.
    pub const STEP: f32 = 0.04;
    /// What stands out less than this, metres, is out of reach.
    pub const NOTHING: f32 = -2.0;

    /// An upright plane of a height.
    #[must_use]
    pub fn plane(at: Vec3, facing: f32, top: f32) -> Self {
        Self { at, facing, profile: vec![0.0; (top / Self::STEP) as usize + 1], top }
    }

    /// How far it stands out at a height over `at`, metres: the more of the two measures about it.
    #[must_use]
    pub fn stands_out(&self, height: f32) -> f32 {
        let k = height.max(0.0) / Self::STEP;
        let at = |k: usize| self.profile.get(k).copied().filter(|_| height <= self.top).unwrap_or(2.0 * Self::NOTHING);
        let (low, high) = (at(k as usize), at(k as usize + 1));
        if low.min(high) > Self::NOTHING { low + (high - low) * (k - k.floor()) } else { low.max(high) }
    }

    /// How far it stands out at most between two heights, metres.
    #[must_use]
    pub fn most(&self, low: f32, high: f32) -> f32 {
        let within = |k: &usize| (low..=high).contains(&(*k as f32 * Self::STEP));
        (0..self.profile.len()).filter(within).map(|k| self.profile[k]).fold(2.0 * Self::NOTHING, f32::max)
    }
}

impl Act {
    /// The recording that is played, if it is one.
    pub(crate) fn take(&self) -> Option<&Take> {
        self.moves.as_ref().and_then(|m| m.take())
    }
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
