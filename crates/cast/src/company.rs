//! The bodies of a film, each made but once: scenes and engines share them.

use crate::{CastError, Character, character};
use kinora_base::{Seed, Warned};
use kinora_plan::Role;
use kinora_vocabulary::Vocabulary;
use std::sync::{Arc, Mutex, PoisonError};

/// Bodies that were made so far. Clones share them. It serves one vocabulary.
#[derive(Clone, Debug, Default)]
pub struct Company(Arc<Mutex<Vec<Made>>>);

/// A role and its seed, and the body that they made.
type Made = ((Role, u64), Warned<Character>);

impl Company {
    /// [`character()`], unless the same role was made before.
    ///
    /// # Errors
    /// As [`character()`].
    pub fn character(&self, role: &Role, vocabulary: &Vocabulary, seed: Seed) -> Result<Warned<Character>, CastError> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, body)) = made.iter().find(|((of, with), _)| of == role && *with == seed.0) {
            return Ok(body.clone());
        }
        let body = character(role, vocabulary, seed)?;
        made.push(((role.clone(), seed.0), body.clone()));
        Ok(body)
    }
}
