//! People and creatures: a role becomes a [`Character`] (body, skeleton, materials), a [`Script`] of acts becomes a
//! [`Performance`] (one pose a frame, with the noises that bodies make), and a pose becomes skinned positions.
//!
//! # Limits today
//! One performance is baked per frame of the film; but for who is carried, characters do not touch each other: hands go to where a
//! partner is said to be. Fingers close on things, not on people. Diving into a crawl from standing turns limbs
//! faster than a body could. A foot drags a little when somebody with short
//! legs bursts into a run.

mod character;
mod company;
mod creatures;
pub mod face;
pub mod gait;
pub mod ik;
pub mod motions;
mod people;
mod performance;
mod script;
pub mod skeleton;
mod skin;
pub mod travel;

use glam::Vec3;
use kinora_base::{Seed, Warned};
use kinora_gltf::Figure;
use kinora_vocabulary::{Kind, Vocabulary};

pub use character::{Anatomy, Bone, Character, Level, MorphTarget};
pub use company::{Company, Figures};
pub use creatures::animals_do;
pub use people::{Moves, WAYS, Way, carry, check_figure, has_mouth};
pub use performance::{BodyPose, Carried, Face, GearPiece, Landmarks, Moment, Noise, Performance};
pub use script::{Act, Dip, Feeling, InHand, Mouth, Script, Support};
pub use skin::{joints_in_world, pose, world_from_object};
pub use travel::travel;

pub(crate) use character::Nature;

/// What a body senses of the world while it acts.
pub trait Surroundings {
    /// Height of the ground at a place; level if nothing is said.
    fn ground(&self, _x: f32, _z: f32) -> f32 {
        0.0
    }
    /// Where a foot comes down that is set to a place: on the ground under it, or in the middle of a step.
    fn footing(&self, at: Vec3) -> Vec3 {
        Vec3::new(at.x, self.ground(at.x, at.z), at.z)
    }
    /// What it looks at in a frame, in the world, if at anything.
    fn gaze(&self, _frame: usize) -> Option<Vec3> {
        None
    }
    /// Whether what it looks at flies, and eyes and head go with it whatever else they do.
    fn pursues(&self, _frame: usize) -> bool {
        false
    }
    /// The mouth in a frame, while it speaks.
    fn mouth(&self, _frame: usize) -> Option<Mouth> {
        None
    }
    /// How the air goes past a place in the world in a frame, metres a second: hair and cloth answer to it.
    fn air(&self, _at: Vec3, _frame: usize) -> Vec3 {
        Vec3::ZERO
    }
}

/// The body of a role: a person or a creature of the vocabulary, with the traits that the plan asks for.
///
/// # Errors
/// If the vocabulary has no such person or creature, or its file is broken.
pub fn character(role: &kinora_plan::Role, vocabulary: &Vocabulary, seed: Seed) -> Result<Warned<Character>, CastError> {
    played_by(None, (role, &[]), vocabulary, seed)
}

/// As [`character()`], the part of a person being played by a figure from a file, and with what the role has in hand in the film.
pub(crate) fn played_by(
    figure: Option<&Figure>,
    (role, in_hand): (&kinora_plan::Role, &[String]),
    vocabulary: &Vocabulary,
    seed: Seed,
) -> Result<Warned<Character>, CastError> {
    match vocabulary.get(Kind::Person, &role.word) {
        Some(_) => people::character((role, in_hand), vocabulary, seed, figure),
        None => creatures::character(role, vocabulary, seed),
    }
}

/// Acts out a script: one pose a frame.
#[must_use]
pub fn perform(character: &Character, script: &Script, fps: f32, world: &dyn Surroundings) -> Performance {
    match character.anatomy {
        Anatomy::Human => people::perform(character, script, fps, world),
        Anatomy::Quadruped | Anatomy::Bird | Anatomy::Fish => creatures::perform(character, script, fps, world),
    }
}

/// What can go wrong when a character is made.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// The vocabulary has no such person or creature.
    #[error("the cast has no {kind} called \"{word}\"{hint}")]
    Unknown {
        /// person or creature.
        kind: &'static str,
        /// The word.
        word: String,
        /// `; did you mean ...?`, or empty.
        hint: String,
    },
    /// A figure from a file cannot play a part.
    #[error("{role}: {what}")]
    Figure {
        /// Whose part.
        role: String,
        /// What is missing, and what to do.
        what: String,
    },
    /// A file of the vocabulary is broken.
    #[error(transparent)]
    Asset(#[from] kinora_vocabulary::AssetError),
    /// Solids in a file make no sense.
    #[error("{0}")]
    Solids(String),
}
