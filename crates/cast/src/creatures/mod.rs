//! Animals: quadrupeds, birds and fish.

use crate::{BodyPose, CastError, Character, Performance, Script, Surroundings, travel};
use glam::Quat;
use kinora_base::{Seed, Warned};
use kinora_vocabulary::Vocabulary;

/// What an animal knows of itself.
#[derive(Debug)]
pub(crate) struct Creature;

/// The body of an animal.
pub(crate) fn character(role: &kinora_plan::Role, _vocabulary: &Vocabulary, _seed: Seed) -> Result<Warned<Character>, CastError> {
    Err(CastError::Unknown { kind: "person or creature", word: role.word.clone(), hint: String::new() })
}

/// Acts out a script.
pub(crate) fn perform(character: &Character, script: &Script, fps: f32, _world: &dyn Surroundings) -> Performance {
    let still = |(root, facing)| BodyPose { root, turn: Quat::from_rotation_y(facing), bones: vec![Quat::IDENTITY; character.bones.len()], ..BodyPose::default() };
    Performance { poses: travel::travel(character, script, fps).into_iter().map(still).collect(), noises: Vec::new() }
}
