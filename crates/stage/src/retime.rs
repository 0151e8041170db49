//! Slow motion: what is acted out is shown at another speed.
//!
//! Everything is acted at its usual speed, so that weight and gaits stay true; a shot that runs slower shows the first
//! part of what is acted in it, pose by pose in between. Noises come when they are seen.

use crate::SceneStaging;
use kinora_cast::{BodyPose, Carried, Face, Landmarks};
use kinora_plan::Plan;

/// The acted frame at each frame of a scene's clock; none if all shots run at their usual speed.
pub(crate) fn clock(plan: &Plan, cuts: &[i64], scene: &str, frames: usize) -> Option<Vec<f32>> {
    let speed = |k: usize| plan.shots[k].framing.speed.unwrap_or(1.0).clamp(0.05, 1.0);
    let shots: Vec<usize> = (0..plan.shots.len()).filter(|k| plan.shots[*k].scene == scene).collect();
    if shots.iter().all(|k| speed(*k) >= 1.0) {
        return None;
    }
    let mut out = Vec::with_capacity(frames);
    for k in shots {
        let start = out.len() as f32;
        out.extend((0..(cuts[k + 1] - cuts[k]).max(0)).map(|f| start + f as f32 * speed(k)));
    }
    out.resize(frames, out.last().copied().unwrap_or(0.0));
    Some(out)
}

/// Brings a scene's performances, tracks and noises to a clock.
pub(crate) fn retime(scene: &mut SceneStaging, clock: &[f32]) {
    for actor in &mut scene.actors {
        let performance = &mut actor.performance;
        performance.poses = sampled(&performance.poses, clock, pose_between);
        performance.noises.retain_mut(|n| {
            let shown = shown(clock, n.frame);
            n.frame = shown.unwrap_or(0.0);
            shown.is_some()
        });
        performance.moments.retain_mut(|m| {
            let shown = shown(clock, m.frame as f32);
            m.frame = shown.unwrap_or(0.0).round() as usize;
            shown.is_some()
        });
    }
    for driven in &mut scene.driven {
        driven.track = sampled(&driven.track, clock, |a, b, t| (a.0.lerp(b.0, t), a.1.lerp(b.1, t), a.2 + (b.2 - a.2) * t));
        driven.lean = sampled(&driven.lean, clock, |a, b, t| a + (b - a) * t);
    }
    for held in &mut scene.held {
        held.track = sampled(&held.track, clock, |a, b, t| (a.0.lerp(b.0, t), a.1.lerp(b.1, t)));
    }
    scene.changes.retain_mut(|c| {
        let shown = shown(clock, c.frame as f32);
        c.frame = shown.unwrap_or(0.0).ceil() as usize;
        shown.is_some()
    });
}

/// A list at the places of a clock.
fn sampled<T: Clone>(list: &[T], clock: &[f32], between: impl Fn(&T, &T, f32) -> T) -> Vec<T> {
    let Some(last) = list.len().checked_sub(1) else { return Vec::new() };
    let at = |t: f32| {
        let k = (t.max(0.0) as usize).min(last);
        let share = t - k as f32;
        if share <= 1e-4 || k == last { list[k].clone() } else { between(&list[k], &list[k + 1], share.min(1.0)) }
    };
    clock.iter().map(|t| at(*t)).collect()
}

/// When an acted frame is shown; none if it is not.
fn shown(clock: &[f32], acted: f32) -> Option<f32> {
    let next = clock.iter().position(|t| *t >= acted)?;
    let Some(before) = next.checked_sub(1) else { return Some(0.0) };
    let (a, b) = (clock[before], clock[next]);
    // What is left out between two shots is not heard.
    if b - a > 1.01 && acted > a + 1.0 && acted < b {
        return None;
    }
    Some(before as f32 + ((acted - a) / (b - a).max(1e-6)).clamp(0.0, 1.0))
}

fn pose_between(a: &BodyPose, b: &BodyPose, t: f32) -> BodyPose {
    BodyPose {
        root: a.root.lerp(b.root, t),
        turn: a.turn.lerp(b.turn, t),
        bones: a.bones.iter().zip(&b.bones).map(|(a, b)| a.lerp(*b, t)).collect(),
        hips: a.hips.lerp(b.hips, t),
        face: face_between(&a.face, &b.face, t),
        landmarks: landmarks_between(&a.landmarks, &b.landmarks, t),
        carried: carried_between(&a.carried, &b.carried, t),
    }
}

/// Gear that is there in both frames moves; what appears or goes does so with the frame after.
fn carried_between(a: &[Carried], b: &[Carried], t: f32) -> Vec<Carried> {
    let moved = |a: &Carried| {
        let b = b.iter().find(|b| b.piece == a.piece)?;
        let turn = a.turn.lerp(b.turn, t);
        Some(Carried { at: a.at.lerp(b.at, t), turn, size: a.size.lerp(b.size, t), rolled: a.rolled + (b.rolled - a.rolled) * t, ..*a })
    };
    a.iter().map(|a| moved(a).unwrap_or(*a)).collect()
}

fn face_between(a: &Face, b: &Face, t: f32) -> Face {
    let mix = |a: f32, b: f32| a + (b - a) * t;
    Face {
        jaw: mix(a.jaw, b.jaw),
        wide: mix(a.wide, b.wide),
        round: mix(a.round, b.round),
        close: mix(a.close, b.close),
        smile: mix(a.smile, b.smile),
        blink: mix(a.blink, b.blink),
        brow: mix(a.brow, b.brow),
        worry: mix(a.worry, b.worry),
        gaze: [mix(a.gaze[0], b.gaze[0]), mix(a.gaze[1], b.gaze[1])],
        squint: mix(a.squint, b.squint),
        sneer: mix(a.sneer, b.sneer),
        smirk: mix(a.smirk, b.smirk),
        tears: mix(a.tears, b.tears),
        drop: mix(a.drop, b.drop),
    }
}

fn landmarks_between(a: &Landmarks, b: &Landmarks, t: f32) -> Landmarks {
    let two = |a: [glam::Vec3; 2], b: [glam::Vec3; 2]| [a[0].lerp(b[0], t), a[1].lerp(b[1], t)];
    Landmarks {
        crown: a.crown.lerp(b.crown, t),
        eyes: a.eyes.lerp(b.eyes, t),
        mouth: a.mouth.lerp(b.mouth, t),
        chest: a.chest.lerp(b.chest, t),
        hips: a.hips.lerp(b.hips, t),
        hands: two(a.hands, b.hands),
        feet: two(a.feet, b.feet),
        grip: a.grip.lerp(b.grip, t),
        grip_turn: a.grip_turn.lerp(b.grip_turn, t),
        facing: a.facing.lerp(b.facing, t),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_frames_lie_between_acted_ones() {
        let clock = [0.0, 0.5, 1.0, 1.5];
        assert_eq!(sampled(&[0.0, 10.0, 20.0], &clock, |a, b, t| a + (b - a) * t), [0.0, 5.0, 10.0, 15.0], "in between");
        assert_eq!(shown(&clock, 0.75), Some(1.5), "a step is heard when it is seen");
        assert_eq!(shown(&clock, 2.0), None, "what is not shown is not heard");
        assert_eq!(shown(&[0.0, 0.5, 2.0, 3.0], 1.8), None, "nor what is left out at a cut");
    }
}
