//! People and creatures: a role becomes a [`Character`] (body, skeleton, materials), a [`Script`] of acts becomes a
//! [`Performance`] (one pose a frame, with the noises that bodies make), and a pose becomes skinned positions.
//!
//! # Limits today
//! One performance is baked per frame of the film; characters do not touch each other.

mod character;
mod performance;
mod script;

pub use character::{Anatomy, Bone, Character, Level, MorphTarget};
pub use performance::{BodyPose, Face, Landmarks, Noise, Performance};
pub use script::{Act, Mouth, Script};

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
    /// A file of the vocabulary is broken.
    #[error(transparent)]
    Asset(#[from] kinora_vocabulary::AssetError),
    /// Solids in a file make no sense.
    #[error("{0}")]
    Solids(String),
}
