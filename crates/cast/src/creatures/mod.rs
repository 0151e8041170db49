//! Animals: quadrupeds, birds and fish. A file's `creature:` section (`format`) becomes a skinned, furred body
//! ([`build`]); gaits, wing beats and body waves move it (`perform`).

mod acts;
pub use acts::animals_do;
mod build;
mod calls;
mod eyes;
mod feathers;
mod flight;
mod format;
mod fur;
mod limbs;
mod perform;
mod rig;
#[cfg(test)]
mod smooth;
mod strides;
mod swing;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use perform::perform;

use crate::{CastError, Character, Nature};
use glam::Vec3;
use kinora_base::{Seed, Warned};
use kinora_vocabulary::{Kind, Vocabulary};
use std::sync::Arc;

/// What an animal knows of itself.
#[derive(Debug)]
pub(crate) struct Creature {
    pub habits: format::Habits,
    pub voice: format::Voice,
    /// Between the eyes, at rest.
    pub eyes: Vec3,
    /// The mouth, at rest.
    pub mouth: Vec3,
    /// Top of the head, at rest.
    pub crown: Vec3,
}

impl Character {
    /// About how many seconds it is silent before it calls of itself, and how long that then takes; none if it calls only
    /// when it is told to.
    #[must_use]
    pub fn calls_by_itself(&self) -> Option<(f32, f32)> {
        let Nature::Creature(creature) = &self.nature else { return None };
        let voice = &creature.voice;
        // Who calls quickly does so twice.
        let lasts = calls::BREATH + voice.seconds + if voice.every < 1.0 { voice.every } else { 0.0 };
        (voice.silent > 0.0 && !voice.call.is_empty()).then_some((voice.silent, lasts))
    }
}

/// The body of an animal.
pub(crate) fn character(role: &kinora_plan::Role, vocabulary: &Vocabulary, seed: Seed) -> Result<Warned<Character>, CastError> {
    let Some(asset) = vocabulary.get(Kind::Creature, &role.word) else {
        let known = vocabulary.of(Kind::Creature).chain(vocabulary.of(Kind::Person)).map(|a| a.id.as_str());
        let hint = kinora_base::diagnostics::nearest(&role.word, known).map_or_else(String::new, |n| format!("; did you mean \"{n}\"?"));
        return Err(CastError::Unknown { kind: "person or creature", word: role.word.clone(), hint });
    };
    let file = asset.file();
    let sheet: format::Sheet = asset.section("creature")?.ok_or_else(|| CastError::Solids(format!("{file}: has no `creature:` section, so it has no body")))?;
    let mut warnings = Vec::new();
    let colour = match &role.traits.colour {
        None => None,
        Some(name) => {
            let found = kinora_solids::materials::colour(vocabulary, name).map_err(|e| CastError::Solids(e.to_string()))?;
            if found.is_none() {
                warnings.push(kinora_base::Warning::new(
                    kinora_base::WarningKind::UnknownWord,
                    format!("no colour is called \"{name}\"; the {} keeps its own", role.word),
                ));
            }
            found
        }
    };
    let bones = build::skeleton(&sheet, &file)?;
    let (levels, materials) = build::levels(&sheet, &bones, vocabulary, colour, seed.child("creature"), &file)?;
    let scale = role.traits.size.unwrap_or(1.0).clamp(0.25, 4.0) * young(role);
    let bounds = levels.last().map(|l| l.mesh.bounds).unwrap_or_default();
    let place = |name: &str| bones.iter().find(|b| b.name == name).map(|b| b.rest);
    let creature = Creature {
        habits: sheet.habits,
        voice: sheet.voice,
        eyes: Vec3::new(0.0, sheet.eyes.at.y, sheet.eyes.at.z),
        mouth: place("mouth").unwrap_or(sheet.eyes.at),
        crown: Vec3::new(0.0, bounds.high.y, sheet.eyes.at.z),
    };
    let output = Character {
        anatomy: sheet.anatomy,
        height: bounds.high.y * scale,
        eye_height: sheet.eyes.at.y * scale,
        length: (bounds.high.z - bounds.low.z) * scale,
        mass: sheet.mass * scale * scale * scale,
        radius: (0.30 * (bounds.high.z - bounds.low.z)).max(0.1) * scale,
        walk_speed: sheet.walk * scale.sqrt(),
        run_speed: sheet.run * scale.sqrt(),
        step_sound: sheet.step,
        motions: crate::motions::Repertoire::read(vocabulary)?,
        scale,
        bones,
        levels,
        materials: materials.into(),
        nature: Nature::Creature(Arc::new(creature)),
    };
    Ok(Warned { output, warnings })
}

/// Young animals are smaller.
fn young(role: &kinora_plan::Role) -> f32 {
    match role.traits.age.as_deref() {
        Some("young" | "child" | "baby") => 0.6,
        _ => 1.0,
    }
}
