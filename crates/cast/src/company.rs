//! The bodies of a film, each made but once: scenes and engines share them.

use crate::{CastError, Character, played_by};
use kinora_base::{Seed, Warned};
use kinora_gltf::Figure;
use kinora_plan::Role;
use kinora_vocabulary::Vocabulary;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Bodies that were made so far. Clones share them. It serves one vocabulary.
#[derive(Clone, Debug, Default)]
pub struct Company {
    made: Arc<Mutex<Vec<Member>>>,
    figures: Figures,
    in_hand: Arc<BTreeMap<String, Vec<String>>>,
}

/// Figures from files by the sums of these.
pub type Figures = Arc<BTreeMap<String, Arc<Figure>>>;

/// A role, the seed of its looks, and its body.
type Member = ((Role, u64), Slot);

/// A body, once it is made; who makes it holds this lock and no other.
type Slot = Arc<Mutex<Option<Warned<Character>>>>;

impl Company {
    /// With figures that may play parts.
    #[must_use]
    pub fn with(figures: Figures) -> Self {
        Self { figures, ..Self::default() }
    }

    /// With what roles have in hand in the film, by their ids: nobody wears the same on the back.
    #[must_use]
    pub fn handling(self, in_hand: BTreeMap<String, Vec<String>>) -> Self {
        Self { made: Arc::default(), in_hand: Arc::new(in_hand), ..self }
    }

    /// [`character()`](crate::character()), unless the same role was made before.
    ///
    /// # Errors
    /// As [`character()`](crate::character()), or if a figure was not read or is none of a human.
    pub fn character(&self, role: &Role, vocabulary: &Vocabulary, seed: Seed) -> Result<Warned<Character>, CastError> {
        let slot = self.slot(role, seed);
        let mut made = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(body) = &*made {
            return Ok(body.clone());
        }
        let figure = match &role.model {
            Some(model) => Some(self.figures.get(&model.sha256).ok_or_else(|| CastError::Figure {
                role: role.id.clone(),
                what: format!("the character \"{}\" was not read: only a plan that is read from a file brings characters along", model.file),
            })?),
            None => None,
        };
        let in_hand = self.in_hand.get(&role.id).map_or(&[][..], Vec::as_slice);
        let body = played_by(figure.map(AsRef::as_ref), (role, in_hand), vocabulary, seed)?;
        *made = Some(body.clone());
        Ok(body)
    }

    fn slot(&self, role: &Role, seed: Seed) -> Slot {
        let mut slots = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = slots.iter().find(|((of, with), _)| of == role && *with == seed.0) {
            return slot.clone();
        }
        let slot = Slot::default();
        slots.push(((role.clone(), seed.0), slot.clone()));
        slot
    }

    /// Makes bodies that will be wanted, on all of the machine's threads. What goes wrong is told when they are asked for.
    pub fn gather(&self, wanted: &[(&Role, Seed)], vocabulary: &Vocabulary) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(wanted.len());
        if threads < 2 {
            return;
        }
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some((role, seed)) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                drop(self.character(role, vocabulary, *seed));
            }
        };
        std::thread::scope(|scope| {
            (1..threads).for_each(|_| drop(scope.spawn(work)));
            work();
        });
    }
}
