//! People: one parametric human, modelled on a reference adult and fitted to sex, age, height and build; dressed
//! from the garments of the vocabulary; and moved by layers (legs and trunk, arms, head and face).

mod acts;
#[cfg(test)]
mod bodies_tests;
mod body;
mod build;
mod carry;
#[cfg(test)]
mod carry_tests;
mod clothes;
mod digits;
#[cfg(test)]
mod digits_tests;
mod eyes;
mod feel;
mod gear;
#[cfg(test)]
mod gear_tests;
mod grasp;
#[cfg(test)]
mod grasp_tests;
mod grips;
mod hair;
mod hand;
mod head;
mod holding;
mod keyed;
mod lean;
#[cfg(test)]
mod lean_tests;
mod model;
mod moments;
#[cfg(test)]
mod moments_tests;
mod motions;
mod moves;
mod noises;
mod paint;
mod parts;
mod perform;
mod piece;
mod playing;
mod replay;
mod shapes;
mod stance;
mod surface;
mod take;
#[cfg(test)]
mod take_tests;
#[cfg(test)]
mod tests;
mod wardrobe;

mod figure;
mod looks;
mod swing;

pub use carry::{WAYS, Way, carry};
pub use model::{check_figure, has_mouth};
pub use moves::Moves;
pub(crate) use take::Take;

use crate::{Anatomy, CastError, Character, Nature};
use glam::{Quat, Vec3};
use kinora_base::{Seed, Warned, Warning, WarningKind};
use kinora_gltf::Figure;
use kinora_vocabulary::Vocabulary;
use std::sync::Arc;
use wardrobe::{Age, Sex};

/// Radius of the ground that a body of usual girth needs, metres.
const USUAL_RADIUS: f32 = 0.26;

/// What a person knows of themselves.
#[derive(Debug)]
pub(crate) struct Person {
    age: Age,
    sex: Sex,
    /// How far the lids hang at rest.
    lids: f32,
    /// What hangs from them.
    swings: swing::Swings,
    motions: motions::Motions,
    things: Arc<feel::Things>,
    /// Mood of the role, when a script names none.
    mood: String,
    /// How far the eyes turn for each radian of gaze.
    gaze: f32,
}

/// How long an adult's legs are from the hip to the ankle, metres in model space.
pub(crate) const ADULT_LEG: f32 = 0.786;

/// How long legs of these bones are against an adult's.
pub(crate) fn leg_share(bones: &[crate::Bone]) -> f32 {
    stance::Poser::new(bones).leg_length() / ADULT_LEG
}

/// Acts out a script; then what hangs from the body swings.
pub(crate) fn perform(character: &Character, script: &crate::Script, fps: f32, world: &dyn crate::Surroundings) -> crate::Performance {
    let mut acted = perform::perform(character, script, fps, world);
    if let Nature::Human(person) = &character.nature {
        swing::swing(character, &person.swings, &mut acted.poses, fps, &|at, frame| world.air(at, frame));
        if person.gaze < 1.0 {
            let eyes = acted.poses.iter_mut().flat_map(|p| &mut p.bones[body::EYES[0]..=body::EYES[1]]);
            eyes.for_each(|turn| *turn = Quat::IDENTITY.slerp(*turn, person.gaze));
        }
    }
    acted
}

/// The body of a person: that of a figure, if one plays the part.
pub(crate) fn character(
    (role, in_hand): (&kinora_plan::Role, &[String]),
    vocabulary: &Vocabulary,
    seed: Seed,
    figure: Option<&Figure>,
) -> Result<Warned<Character>, CastError> {
    let mut warnings = Vec::new();
    let seed = seed.child("person");
    let mut look = wardrobe::look(role, vocabulary, seed, &mut warnings)?;
    look.clothes.retain(|w| w.garment.thing.as_ref().is_none_or(|thing| !in_hand.contains(thing)));
    let (body, gaze, swings) = match figure {
        Some(figure) => {
            warnings.clear();
            let played = model::build(figure, look.height).map_err(|what| CastError::Figure { role: role.id.clone(), what })?;
            let file = role.model.as_ref().map_or("", |m| m.file.rsplit(['/', '\\']).next().unwrap_or_default());
            warnings.extend(played.notes.iter().map(|note| Warning::new(WarningKind::Unsupported, format!("{file}: {note}"))));
            (played.body, played.gaze, played.swings)
        }
        None => {
            let body = build::build(&look, iris(&look, seed));
            let swings = swings(&look, &body.bones);
            (body, 1.0, swings)
        }
    };
    let scale = role.traits.size.unwrap_or(1.0).clamp(0.25, 4.0);
    let leg = body.bones[body::THIGHS[0]].rest.y;
    let size = (leg / 0.86).sqrt() * scale.sqrt();
    let (walk, run) = match look.age {
        Age::Old => (0.85, 2.0),
        Age::Baby => (0.70, 1.4),
        Age::Child | Age::Teen => (1.35, 3.2),
        _ => (1.30, 3.1),
    };
    let output = Character {
        anatomy: Anatomy::Human,
        height: body.crown * scale,
        eye_height: body.eyes * scale,
        length: 2.0 * body.bones[body::SHOULDERS[0] + body::arm::UPPER].rest.x * scale,
        mass: 22.5 * look.height * look.height * look.girth * scale * scale * scale,
        radius: USUAL_RADIUS * look.girth * scale,
        walk_speed: walk * size,
        run_speed: run * size,
        step_sound: "footstep".into(),
        motions: crate::motions::Repertoire::read(vocabulary)?,
        scale,
        bones: body.bones,
        levels: body.levels,
        materials: body.materials,
        nature: Nature::Human(Arc::new(Person {
            age: look.age,
            sex: look.sex,
            lids: look.lids,
            swings,
            motions: motions::Motions::read(vocabulary)?,
            things: vocabulary.digested(|v| Ok::<_, CastError>(feel::Things::of(v)))?,
            mood: role.traits.mood.clone().unwrap_or_default(),
            gaze,
        })),
    };
    Ok(Warned { output, warnings })
}

/// What of a person swings.
fn swings(look: &wardrobe::Look, bones: &[crate::Bone]) -> swing::Swings {
    use hair::Style;
    let tails: &[usize] = match look.style {
        Style::Bob | Style::Long | Style::Wavy | Style::Ponytail | Style::Braid => &[0],
        Style::Pigtails | Style::Braids => &[1, 2],
        _ => &[],
    };
    let bare = look.clothes.iter().all(|w| w.garment.hair_below > -0.3);
    let cape = look.clothes.iter().any(|w| w.garment.parts.iter().any(|p| p.on == parts::On::Cape));
    let skirt = look.clothes.iter().any(|w| w.garment.cut.flare > 0.05 && w.garment.cut.hem < 0.84);
    let scarf = look.clothes.iter().any(|w| w.garment.slot == wardrobe::Slot::Scarf);
    swing::swings(bones, if bare { tails } else { &[] }, [cape, skirt, scarf])
}

/// Eye colour goes with skin and chance.
fn iris(look: &wardrobe::Look, seed: Seed) -> Vec3 {
    let brown = Vec3::new(0.13, 0.06, 0.025);
    let light = [Vec3::new(0.06, 0.21, 0.17), Vec3::new(0.07, 0.17, 0.28), Vec3::new(0.12, 0.16, 0.06), brown];
    let darker = [brown, brown, Vec3::new(0.09, 0.045, 0.022), Vec3::new(0.17, 0.085, 0.03)];
    let by = seed.child("iris").rng().below(4);
    match look.skin.as_str() {
        _ if look.iris.is_some() => look.iris.map_or(brown, |c| c.vec()),
        "fair" | "light" | "pale" | "green" | "blue" => light[by],
        _ => darker[by],
    }
}
