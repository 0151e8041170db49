//! Motions that beats bring along: recordings of the plan, and keys of the beat itself.

use kinora_base::{Warning, WarningKind};
use kinora_cast::Moves;
use kinora_cast::motions::Repertoire;
use kinora_plan::bvh::Bvh;
use kinora_plan::{Beat, Id, JointKey, KeyLayer, Plan, RoleKind};
use kinora_vocabulary::Vocabulary;
use std::collections::{BTreeMap, BTreeSet};
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

/// Angles that no body has are held back; animals cannot do all that people can.
///
/// # Errors
/// If a motion's file is broken.
pub(crate) fn warnings(plan: &Plan, vocabulary: &Vocabulary) -> Result<Vec<Warning>, StageError> {
    let mut all = Vec::new();
    let repertoire = Repertoire::read(vocabulary)?;
    let animal = |id: &str| plan.cast.iter().find(|r| r.id == *id && r.kind == RoleKind::Creature);
    let mut told = BTreeSet::new();
    for beat in plan.shots.iter().flat_map(|s| &s.beats).filter(|b| b.motion.is_none() && b.keys.is_empty()) {
        if let Some(role) = animal(&beat.who).filter(|_| !kinora_cast::animals_do(&beat.action, &repertoire))
            && told.insert((&role.id, &beat.action))
        {
            let message = format!("\"{}\" cannot do \"{}\" yet and is only there: animals and robots do little that takes hands", role.id, beat.action);
            all.push(Warning::new(WarningKind::Unsupported, message).hint("let a person do it"));
        }
    }
    for (i, shot) in plan.shots.iter().enumerate() {
        for (j, beat) in shot.beats.iter().enumerate() {
            for held in Moves::of_keys(&beat.keys, beat.layer).1 {
                let message = format!("shots[{i}].beats[{j}].keys: {held}, and it goes no further");
                all.push(Warning::new(WarningKind::Adjusted, message).hint("a limb that should go further needs the joint above it to help"));
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_animals_cannot_do_is_said_once() {
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        let said = |kind: &str, word: &str, actions: [&str; 2]| {
            let beat = |k: usize| format!(r#"{{"id": "b{k}", "who": "it", "action": "{}"}}"#, actions[k]);
            let text = format!(
                r#"{{"version": 1, "fps": 24, "size": {{"width": 640, "height": 360}}, "cast": [{{"id": "it", "kind": "{kind}", "word": "{word}", "count": 1}}],
                "scenes": [{{"id": "s", "place": "kitchen"}}], "shots": [{{"id": "1", "scene": "s", "length": 120000,
                "framing": {{"size": "wide", "subject": ["it"]}}, "beats": [{}, {}]}}]}}"#,
                beat(0),
                beat(1)
            );
            let plan = Plan::from_json(&text).unwrap_or_else(|e| panic!("{e} in {text}"));
            warnings(&plan, &vocabulary).expect("good files").into_iter().map(|w| w.message).collect::<Vec<_>>()
        };
        let robot = said("creature", "robot", ["cook", "cook"]);
        assert!(matches!(robot.as_slice(), [one] if one.contains("\"it\" cannot do \"cook\"")), "{robot:?}");
        assert_eq!(said("creature", "cat", ["eat", "howl"]), [""; 0]);
        assert_eq!(said("creature", "dog", ["run", "catch"]), [""; 0]);
        assert_eq!(said("creature", "dog", ["fetch", "climb"]), [""; 0]);
        assert_eq!(said("person", "chef", ["cook", "play-guitar"]), [""; 0]);
    }
}
