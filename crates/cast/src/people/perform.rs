//! From a script to poses: the track and its footsteps first, then for each frame the layers of the body.

use super::body::{CHEST, HEAD, HEAD_AT, HIPS, SHOULDERS, THIGHS, arm, from_head, leg};
use super::stance::{Arm, FootTarget, Leg, Poser, Stance};
use crate::gait::{Build, Gait, Steps, plan, smoothed};
use crate::skeleton::Rig;
use crate::{BodyPose, Character, Face, Landmarks, Noise, Performance, Script, Surroundings, travel};
use glam::{Quat, Vec3};
use kinora_base::maths::{sin, wrap_angle};
use std::f32::consts::TAU;

/// Acts out a script.
pub(crate) fn perform(character: &Character, script: &Script, fps: f32, world: &dyn Surroundings) -> Performance {
    let mut track = travel::travel(character, script, fps);
    for (at, _) in &mut track {
        at.y = world.ground(at.x, at.z);
    }
    let poser = Poser::new(&character.bones);
    let build = Build { leg: poser.standing() * character.scale, stance: 0.095 * character.scale, toe_out: 0.13 };
    let grounded = vec![true; track.len()];
    let steps = plan(&track, fps, &build, &Gait::WALK, &Gait::RUN, &grounded, &|x, z| world.ground(x, z));
    let mut frames: Vec<Draft> = (0..track.len()).map(|frame| draft(character, &steps, &track, frame, fps)).collect();
    settle_hips(&poser, &mut frames, fps);
    let poses = frames.iter().enumerate().map(|(frame, draft)| finish(character, &poser, draft, track[frame])).collect();
    Performance { poses, noises: footfalls(character, &steps) }
}

/// One frame before the hips' height is known.
struct Draft {
    stance: Stance,
    feet: [FootTarget; 2],
    lift: f32,
    face: Face,
}

fn draft(character: &Character, steps: &Steps, track: &[(Vec3, f32)], frame: usize, fps: f32) -> Draft {
    let (root, facing) = track[frame];
    let feet = [0, 1].map(|side| {
        let foot = steps.foot(side, frame, fps);
        let local = Quat::from_rotation_y(-facing) * (foot.at + Vec3::Y * foot.lift - root) / character.scale;
        FootTarget { at: local, facing: wrap_angle(foot.facing - facing), pitch: foot.pitch }
    });
    let time = frame as f32 / fps;
    let mut stance = standing(time);
    stance = stance.plus(&striding(steps, frame), 1.0);
    Draft { stance, feet, lift: 0.0, face: Face::default() }
}

/// Standing at ease: a hip out, arms hanging a little bent, breath.
fn standing(time: f32) -> Stance {
    let breath = sin(time * TAU * 14.0 / 60.0);
    let hang = |side: f32| Arm { flex: 0.03, abd: 0.17 + 0.01 * breath, inward: 0.25, elbow: 0.28 + 0.06 * side, pronate: 0.35, wrist: 0.05, curl: 0.38, shrug: 0.012 * breath };
    Stance { trunk: [-0.015 * breath, 0.0, 0.0], arms: [hang(1.0), hang(0.0)], legs: [Leg::default(); 2], ..Stance::default() }
}

/// What walking and running add.
fn striding(steps: &Steps, frame: usize) -> Stance {
    let (gait, phase, k) = (&steps.gaits[frame], steps.phase[frame] * TAU, steps.vigour[frame]);
    let wave = |shift: f32| sin(phase + shift * TAU);
    let twice = sin(2.0 * phase - 0.12 * TAU);
    let swing = |side: f32| {
        // Forward when the other foot lands.
        let s = -side * wave(0.25);
        let (forward, back) = (gait.arms[0], gait.arms[1]);
        let middle = (forward + back) * 0.5;
        let elbow = gait.elbow - 0.28 + 0.25 * gait.elbow * s.max(0.0);
        Arm { flex: k * (middle + (forward - back) * 0.5 * s), elbow: k * elbow, inward: k * 0.15 * s, ..Arm::default() }
    };
    Stance {
        hips: [k * gait.sway * 0.5 * wave(-0.05), k * gait.bob * 0.5 * (twice - 0.6), 0.0],
        pelvis: [k * gait.lean * 0.4, -k * gait.yaw * wave(0.25), k * gait.list * wave(-0.02)],
        trunk: [k * gait.lean * 0.6, k * gait.yaw * 2.0 * wave(0.25), -k * gait.list * 1.1 * wave(-0.02)],
        head: [-k * gait.lean * 0.7, -k * gait.yaw * wave(0.25), k * gait.list * 0.2 * wave(-0.02)],
        arms: [swing(1.0), swing(-1.0)],
        ..Stance::default()
    }
}

/// Finds the hips' height: as high as the pose wants, but low enough for both legs, without a jerk.
fn settle_hips(poser: &Poser<'_>, frames: &mut [Draft], fps: f32) {
    let wanted = poser.standing() - poser.bones_hips();
    let allowed: Vec<f32> = frames
        .iter()
        .map(|d| {
            let reach = |side: usize| poser.reach(side, &d.stance, &d.feet[side]);
            (1.0 - d.stance.free) * reach(0).min(reach(1)).min(wanted) + d.stance.free * wanted
        })
        .collect();
    let half = (0.07 * fps).ceil() as usize;
    let lowest: Vec<f32> = (0..allowed.len()).map(|i| allowed[i.saturating_sub(half)..(i + half + 1).min(allowed.len())].iter().copied().fold(f32::MAX, f32::min)).collect();
    for (frame, lift) in frames.iter_mut().zip(smoothed(&lowest, half)) {
        frame.lift = lift;
    }
}

fn finish(character: &Character, poser: &Poser<'_>, draft: &Draft, (root, facing): (Vec3, f32)) -> BodyPose {
    let rig = poser.pose(&draft.stance, &draft.feet, draft.lift, &draft.face);
    let turn = Quat::from_rotation_y(facing);
    let landmarks = landmarks(character, &rig, root, turn);
    BodyPose { root, turn, bones: rig.local, hips: rig.hips, face: draft.face, landmarks }
}

/// Points of the body in the world.
fn landmarks(character: &Character, rig: &Rig<'_>, root: Vec3, turn: Quat) -> Landmarks {
    let bones = &character.bones;
    let world = |p: Vec3| root + turn * (p * character.scale);
    let head = bones[HEAD].rest;
    let size = (bones[super::body::EYES[0]].rest.x / from_head(super::body::EYE).x).max(0.1);
    let on_head = |p: Vec3| world(rig.carried(HEAD, head + (from_head(p) - HEAD_AT + (HEAD_AT - Vec3::new(0.0, 1.395, -0.012))) * size));
    let at = |bone: usize| world(rig.joint(bone).at);
    let palm = |side: usize| {
        let first = SHOULDERS[side];
        let (wrist, knuckle) = (bones[first + arm::HAND].rest, bones[first + arm::FINGERS].rest);
        world(rig.carried(first + arm::HAND, wrist.lerp(knuckle, 0.8) + palm_normal(side) * 0.026))
    };
    let hand = rig.joint(SHOULDERS[1] + arm::HAND);
    let foot = |side: usize| at(THIGHS[side] + leg::FOOT);
    Landmarks {
        crown: on_head(Vec3::new(0.0, 0.165, -0.01)),
        eyes: on_head(Vec3::new(0.0, 0.006, 0.115)),
        mouth: on_head(Vec3::new(0.0, -0.084, 0.11)),
        chest: at(CHEST),
        hips: at(HIPS),
        hands: [palm(0), palm(1)],
        feet: [foot(0), foot(1)],
        grip: palm(1),
        grip_turn: turn * hand.turn * grip_frame(),
        facing: turn * rig.joint(HEAD).turn * Vec3::Z,
    }
}

fn palm_normal(side: usize) -> Vec3 {
    Vec3::new([-0.6889, 0.6889][side], -0.7236, -0.0330)
}

/// The grip in the bind pose of the right hand: y along the thumb's side (up when a cup is held), z out of the palm.
fn grip_frame() -> Quat {
    let palm = palm_normal(1);
    let along = Vec3::new(-0.7183, -0.6884, 0.0998);
    let thumb = palm.cross(along).normalize();
    let x = thumb.cross(palm).normalize();
    Quat::from_mat3(&glam::Mat3::from_cols(x, thumb, palm)).normalize()
}

fn footfalls(character: &Character, steps: &Steps) -> Vec<Noise> {
    let all = steps.feet.iter().flatten().filter(|p| p.from.is_finite());
    let mut noises: Vec<Noise> = all.map(|p| Noise { frame: p.from, sound: character.step_sound.clone(), strength: 0.45 + 0.55 * p.vigour, position: p.at }).collect();
    noises.sort_by(|a, b| a.frame.total_cmp(&b.frame));
    noises
}
