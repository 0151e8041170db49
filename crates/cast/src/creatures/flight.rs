//! Wings that beat or fold, and bodies of fish that wave.

use super::perform::Stage;
use super::rig::{crest, wave};
use crate::ik::turn_between;
use crate::skeleton::Rig;
use crate::{Anatomy, BodyPose, Noise};
use glam::{Quat, Vec3};

/// Wings are modelled spread. At rest they lie along the flanks; in flight they beat, with glides in between.
pub(crate) fn wings(stage: &Stage<'_>, i: usize, rig: &mut Rig<'_>) {
    let flying = stage.flying[i];
    let h = &stage.nature.habits;
    let time = i as f32 / stage.fps;
    // On the ground, wings that are held out sway and no more.
    let beat = beating(stage, i) * (flying + (1.0 - flying) * 0.12);
    let up = h.raise + h.stroke * beat * crest(h.beats * time) + 0.12 * (1.0 - beat);
    let fold = 0.7 * beat * (wave(h.beats * time)).max(0.0);
    if let Some(pair) = stage.plan.wings.first() {
        rig.hips.y -= flying * beat * 0.04 * stage.leg / stage.character.scale * crest(h.beats * time);
        for (k, bone) in pair.iter().enumerate() {
            let side = if k == 0 { 1.0 } else { -1.0 };
            let spread = Quat::from_rotation_z(up * side) * Quat::from_rotation_x(-0.2 * beat * wave(h.beats * time));
            let out = Vec3::new(side, 0.0, 0.0);
            // Folded, the arm hangs down the flank and its upper side faces out: all feathers point back.
            let folded = turn_between(out, Vec3::Y, Vec3::new(0.22 * side, -0.93, -0.15), Vec3::new(side, 0.20, -0.15));
            let swung = h.arms * stage.strides.vigour[i] * wave(stage.strides.phase[i] + 0.25) * side;
            let folded = Quat::from_rotation_x(swung) * folded;
            let spread_out = held(stage, i).max(waves(stage, i, k));
            let spread =
                spread.slerp(Quat::from_rotation_z(side * (0.25 + h.raise + 0.40 * wave(2.2 * time))) * Quat::from_rotation_x(1.1), waves(stage, i, k));
            rig.local[*bone] = folded.slerp(spread, spread_out);
        }
    }
    for (joint, bend) in [(1, 0.45), (2, 0.55)] {
        for (k, bone) in stage.plan.wings.get(joint).into_iter().flatten().enumerate() {
            let side = if k == 0 { 1.0 } else { -1.0 };
            // The hand folds back at rest, and somewhat on every upstroke, which it trails.
            let open = held(stage, i).max(waves(stage, i, k));
            let trail = Quat::from_rotation_z(side * open * (0.25 * (up - h.raise) - 0.5 * fold));
            rig.local[*bone] = trail * Quat::from_rotation_y(side * bend * (1.0 - open + 0.5 * fold * open));
        }
    }
    if stage.character.anatomy == Anatomy::Bird {
        for bone in stage.plan.tail.iter().filter(|_| stage.plan.tail.len() == 1) {
            rig.local[*bone] = Quat::from_rotation_x(0.08 * wave(0.5 * time) * (1.0 - flying));
        }
        // In the air the body lies flat, on the ground it is upright.
        rig.local[0] *= Quat::from_rotation_x(0.28 * flying);
    }
}

/// How far the wings are out: quite in the air, as far as the animal likes on the ground.
fn held(stage: &Stage<'_>, i: usize) -> f32 {
    stage.flying[i].max(stage.nature.habits.spread)
}

/// How much a bird's or fish's right limb waves.
fn waves(stage: &Stage<'_>, i: usize, k: usize) -> f32 {
    if k == 1 { stage.gestures.wave[i] * (1.0 - stage.flying[i]) } else { 0.0 }
}

/// 1 while the wings beat, 0 in a glide of a second in four.
fn beating(stage: &Stage<'_>, i: usize) -> f32 {
    let time = i as f32 / stage.fps;
    (2.2 + 2.4 * wave(time / 3.6 + 0.1)).clamp(0.0, 1.0)
}

/// The wave that drives a fish runs from head to tail and grows; fins scull.
pub(crate) fn fins(stage: &Stage<'_>, i: usize, rig: &mut Rig<'_>) {
    if stage.character.anatomy != Anatomy::Fish {
        return;
    }
    let h = &stage.nature.habits;
    let vigour = stage.strides.vigour[i];
    // Phases add up over the frames, so that a change of speed never jumps.
    let strokes: f32 = stage.strides.vigour[..i].iter().map(|v| h.beats * (0.35 + 0.65 * v) / stage.fps).sum();
    let size = 0.35 + 0.65 * vigour;
    let count = stage.plan.tail.len().max(1) as f32;
    let sway = -0.10 * size * wave(strokes + 0.12);
    rig.local[0] = if h.flukes { Quat::from_rotation_x(0.5 * sway) } else { Quat::from_rotation_y(sway) };
    for (k, bone) in stage.plan.tail.iter().enumerate() {
        let share = (k as f32 + 1.0) / count;
        let swing = h.tail * size * share * wave(strokes - 0.16 * (k as f32 + 1.0));
        rig.local[*bone] = if h.flukes { Quat::from_rotation_x(swing) } else { Quat::from_rotation_y(swing) };
    }
    for (k, bone) in stage.plan.fins.first().into_iter().flatten().enumerate() {
        let side = if k == 0 { 1.0 } else { -1.0 };
        let hello = waves(stage, i, k) * (0.5 + 0.5 * wave(2.4 * i as f32 / stage.fps));
        rig.local[*bone] = Quat::from_rotation_z(side * 0.9 * hello)
            * Quat::from_rotation_y(side * 0.25 * wave(strokes * 0.7))
            * Quat::from_rotation_z(side * 0.35 * wave(strokes * 0.7 + 0.25));
    }
    rig.hips.y += 0.03 * stage.leg / stage.character.scale * wave(i as f32 / stage.fps * 0.4);
}

/// Wing beats and strokes in water.
pub(crate) fn noises(stage: &Stage<'_>, poses: &[BodyPose], all: &mut Vec<Noise>) {
    let bird = stage.character.anatomy == Anatomy::Bird;
    let wings = bird || !stage.plan.wings.is_empty();
    // A butterfly's wings are hardly heard.
    let loud = 0.6 * (stage.character.mass / 0.05).min(1.0);
    let rate = if wings { stage.nature.habits.beats.min(6.0) } else { 1.1 };
    let every = (stage.fps / rate).max(1.0);
    let mut frame = every * 0.5;
    while frame < poses.len() as f32 {
        let i = frame as usize;
        let position = poses[i].landmarks.hips;
        if wings && stage.flying[i] > 0.5 && beating(stage, i) > 0.5 {
            all.push(Noise { frame, sound: "wing".into(), strength: loud, position });
        }
        if !bird && stage.swimming[i] > 0.5 && stage.strides.vigour[i] > 0.2 {
            let strength = if stage.character.anatomy == Anatomy::Fish { 0.25 } else { 0.7 };
            all.push(Noise { frame, sound: "splash".into(), strength, position });
        }
        frame += every;
    }
}
