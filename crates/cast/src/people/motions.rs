//! The `motion:` sections of the vocabulary as people read them: key poses, times and sizes by name. Code says how
//! they follow each other; the numbers are in the files.

use super::keyed::Keyed;
use super::stance::Stance;
use crate::CastError;
use crate::gait::Gait;
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How a mood shows.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Mood {
    /// Smile, or frown when negative.
    pub(crate) smile: f32,
    /// Brows up or down.
    pub(crate) brow: f32,
    /// Inner brows up (sad) or down (angry).
    pub(crate) worry: f32,
    /// Lids that hang, 0..1; negative is wide open.
    pub(crate) lids: f32,
    /// Jaw that hangs.
    pub(crate) jaw: f32,
    /// Lower lids up.
    pub(crate) squint: f32,
    /// Nose wrinkled, upper lip raised.
    pub(crate) sneer: f32,
    /// One corner of the mouth up.
    pub(crate) smirk: f32,
    /// Tears.
    pub(crate) tears: f32,
    /// Lips in and pressed, or spread, -1..1.
    pub(crate) wide: f32,
    /// Where the eyes wander to when they look at nothing, radians left and up.
    pub(crate) eyes: [f32; 2],
    /// Head to the left shoulder, radians.
    pub(crate) tilt: f32,
    /// Trunk forward, radians.
    pub(crate) slump: f32,
    /// Head down, radians.
    pub(crate) head: f32,
    /// Shoulders up, radians.
    pub(crate) shrug: f32,
    /// Factor on the step's bounce.
    pub(crate) bounce: f32,
    /// Factor on the arms' swing.
    pub(crate) swing: f32,
    /// Factor on how often and how wide hands speak.
    pub(crate) gesture: f32,
}

impl Default for Mood {
    fn default() -> Self {
        Self {
            smile: 0.0,
            brow: 0.0,
            worry: 0.0,
            lids: 0.0,
            jaw: 0.0,
            squint: 0.0,
            sneer: 0.0,
            smirk: 0.0,
            tears: 0.0,
            wide: 0.0,
            eyes: [0.0; 2],
            tilt: 0.0,
            slump: 0.0,
            head: 0.0,
            shrug: 0.0,
            bounce: 1.0,
            swing: 1.0,
            gesture: 1.0,
        }
    }
}

impl Mood {
    /// This mood on the way to another: 1 is all of it.
    pub(crate) fn towards(&self, other: &Self, weight: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * weight;
        Self {
            smile: mix(self.smile, other.smile),
            brow: mix(self.brow, other.brow),
            worry: mix(self.worry, other.worry),
            lids: mix(self.lids, other.lids),
            jaw: mix(self.jaw, other.jaw),
            squint: mix(self.squint, other.squint),
            sneer: mix(self.sneer, other.sneer),
            smirk: mix(self.smirk, other.smirk),
            tears: mix(self.tears, other.tears),
            wide: mix(self.wide, other.wide),
            eyes: [0, 1].map(|k| mix(self.eyes[k], other.eyes[k])),
            tilt: mix(self.tilt, other.tilt),
            slump: mix(self.slump, other.slump),
            head: mix(self.head, other.head),
            shrug: mix(self.shrug, other.shrug),
            bounce: mix(self.bounce, other.bounce),
            swing: mix(self.swing, other.swing),
            gesture: mix(self.gesture, other.gesture),
        }
    }
}

/// One `motion:` section.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Motion {
    /// The gait of `walk` and `run`.
    pub(crate) gait: Option<Gait>,
    /// Key poses by name.
    pub(crate) poses: BTreeMap<String, Stance>,
    /// Key poses in order, for loops.
    pub(crate) cycle: Vec<Stance>,
    /// Times in seconds and sizes in metres or radians, by name.
    pub(crate) numbers: BTreeMap<String, f32>,
    /// Moods by name; in `stand`.
    pub(crate) moods: BTreeMap<String, Mood>,
}

/// All motions of people.
#[derive(Clone, Debug, Default)]
pub(crate) struct Motions {
    named: BTreeMap<String, Motion>,
    keyed: BTreeMap<String, Keyed>,
}

impl Motions {
    /// Reads every `motion:` section.
    pub(crate) fn read(vocabulary: &Vocabulary) -> Result<Self, CastError> {
        let mut all = Self::default();
        for asset in vocabulary.of(Kind::Motion) {
            if let Some(motion) = asset.section("motion")? {
                all.named.insert(asset.id.clone(), motion);
            }
            if let Some(keyed) = asset.section::<Keyed>("person")? {
                all.keyed.insert(asset.id.clone(), keyed);
            }
        }
        Ok(all)
    }

    /// The keys of an act: its own, or those of its motion; none if code does it, or a recording.
    pub(crate) fn keyed<'a>(&'a self, act: &'a crate::Act) -> Option<&'a Keyed> {
        match &act.moves {
            Some(moves) => moves.keys(),
            None => self.keyed.get(&act.motion).filter(|k| !k.keys.is_empty()),
        }
    }

    /// A key pose; standing if there is none.
    pub(crate) fn pose(&self, motion: &str, name: &str) -> Stance {
        self.named.get(motion).and_then(|m| m.poses.get(name)).copied().unwrap_or_default()
    }

    /// A number, or `or`.
    pub(crate) fn number(&self, motion: &str, name: &str, or: f32) -> f32 {
        self.named.get(motion).and_then(|m| m.numbers.get(name)).copied().unwrap_or(or)
    }

    /// The key poses of a loop.
    pub(crate) fn cycle(&self, motion: &str) -> &[Stance] {
        self.named.get(motion).map_or(&[], |m| &m.cycle)
    }

    /// A gait, or `or`.
    pub(crate) fn gait(&self, motion: &str, or: Gait) -> Gait {
        self.named.get(motion).and_then(|m| m.gait).unwrap_or(or)
    }

    /// A mood; the calm one if there is none of that name.
    pub(crate) fn mood(&self, name: &str) -> Mood {
        self.named.get("stand").and_then(|m| m.moods.get(if name.is_empty() { "calm" } else { name })).copied().unwrap_or_default()
    }
}
