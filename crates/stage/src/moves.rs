//! Motions that beats bring along: recordings of the plan, and keys of the beat itself.

use kinora_base::{Warning, WarningKind};
use kinora_cast::Moves;
use kinora_plan::bvh::Bvh;
use kinora_plan::{Beat, Id, JointKey, KeyLayer, Plan};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::StageError;

/// What a beat brings along.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Brings {
    motion: Option<Id>,
    keys: Vec<JointKey>,
    layer: KeyLayer,
}

impl Brings {
    pub(crate) fn of(beat: &Beat) -> Self {
        Self { motion: beat.motion.clone(), keys: beat.keys.clone(), layer: beat.layer }
    }

    /// Whether it brings anything.
    pub(crate) fn any(&self) -> bool {
        self.motion.is_some() || !self.keys.is_empty()
    }

    /// The motion, if there is one.
    pub(crate) fn moves(&self, recordings: &Recordings) -> Option<Arc<Moves>> {
        match &self.motion {
            Some(id) => recordings.0.get(id).cloned(),
            None if self.keys.is_empty() => None,
            None => Some(Arc::new(Moves::of_keys(&self.keys, self.layer).0)),
        }
    }
}

/// The plan's recordings by their ids, read once a film.
pub(crate) struct Recordings(BTreeMap<Id, Arc<Moves>>);

impl Recordings {
    /// # Errors
    /// If one cannot be read, or nobody stands in it.
    pub(crate) fn read(plan: &Plan) -> Result<Self, StageError> {
        let mut all = BTreeMap::new();
        for (k, motion) in plan.motions.iter().enumerate() {
            let wrong = |what: String| StageError::Plan { place: format!("motions[{k}].bvh"), what };
            let bvh = Bvh::parse(&motion.bvh).map_err(|e| wrong(e.to_string()))?;
            all.insert(motion.id.clone(), Arc::new(Moves::recorded(&bvh, motion.in_place).map_err(wrong)?));
        }
        Ok(Self(all))
    }
}

/// Angles that no body has are held back.
pub(crate) fn warnings(plan: &Plan) -> Vec<Warning> {
    let mut all = Vec::new();
    for (i, shot) in plan.shots.iter().enumerate() {
        for (j, beat) in shot.beats.iter().enumerate() {
            for held in Moves::of_keys(&beat.keys, beat.layer).1 {
                let message = format!("shots[{i}].beats[{j}].keys: {held}, and it goes no further");
                all.push(Warning::new(WarningKind::Adjusted, message).hint("a limb that should go further needs the joint above it to help"));
            }
        }
    }
    all
}
