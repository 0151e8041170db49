//! What hangs from a body and swings: tails of hair, capes, wide skirts. Each is a pendulum that answers to how its end
//! would be carried along. It remembers a bit more than a second and nothing before that, so that an edit of one shot leaves
//! later ones as they were; and it is baked into the poses, so that any frame can still be drawn alone.

use super::body::{BELL, CAPE, TAILS};
use crate::{BodyPose, Bone, Character, skeleton};
use glam::{Quat, Vec3};
use kinora_base::maths::{exp, sin, smoothstep};
use std::f32::consts::TAU;

/// One thing that swings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Swing {
    /// Its bone.
    pub(crate) bone: usize,
    /// From the bone's joint to its end in the rest pose, unscaled.
    pub(crate) end: Vec3,
    /// Swings a second.
    pub(crate) hertz: f32,
    /// Share of critical damping.
    pub(crate) damping: f32,
    /// How much it hangs straight down whatever it hangs from, 0..1.
    pub(crate) hangs: f32,
    /// Seconds of its way through the air that it stays behind.
    pub(crate) drag: f32,
    /// The most that it turns, radians.
    pub(crate) most: f32,
    /// How late it follows, seconds.
    pub(crate) late: f32,
}

/// What of a person swings: tails by number, a cape, a skirt.
pub(crate) fn swings(bones: &[Bone], tails: &[usize], cape: bool, skirt: bool) -> Vec<Swing> {
    let mut all = Vec::new();
    for tail in tails {
        let first = TAILS + 2 * tail;
        let end = bones[first + 1].rest - bones[first].rest;
        let one = Swing { bone: first, end, hertz: 1.9, damping: 0.24, hangs: 0.55, drag: 0.035, most: 0.75, late: 0.0 };
        all.push(one);
        all.push(Swing { bone: first + 1, end: Vec3::NEG_Y * end.length(), hertz: 2.4, hangs: 0.2, most: 0.6, late: 0.09, ..one });
    }
    if cape {
        let end = bones[CAPE + 1].rest - bones[CAPE].rest;
        let one = Swing { bone: CAPE, end, hertz: 1.3, damping: 0.34, hangs: 0.65, drag: 0.075, most: 0.85, late: 0.0 };
        all.push(one);
        all.push(Swing { bone: CAPE + 1, end: Vec3::NEG_Y * end.length(), hertz: 1.7, hangs: 0.2, drag: 0.030, most: 0.5, late: 0.12, ..one });
    }
    if skirt {
        let end = Vec3::NEG_Y * 0.55 * bones[BELL].rest.y;
        all.push(Swing { bone: BELL, end, hertz: 1.6, damping: 0.30, hangs: 0.5, drag: 0.030, most: 0.32, late: 0.0 });
    }
    all
}

/// How long anything is remembered, seconds.
const MEMORY: f32 = 1.25;
/// No hair is thrown harder than this, metres a second squared.
const HARDEST: f32 = 22.0;

/// Turns the bones of what swings in all poses.
pub(crate) fn swing(character: &Character, swings: &[Swing], poses: &mut [BodyPose], fps: f32) {
    if swings.is_empty() || poses.len() < 2 {
        return;
    }
    // The joints that things hang from, in the world, before anything swings.
    let hung: Vec<Vec<(Vec3, Quat)>> = poses.iter().map(|pose| roots(character, swings, pose)).collect();
    for (k, s) in swings.iter().enumerate() {
        let end = s.end * character.scale;
        let carried: Vec<Vec3> = hung.iter().map(|h| h[k].0 + h[k].1 * end).collect();
        let kernel = kernel(s, fps);
        let turns: Vec<Quat> = (0..poses.len()).map(|f| one(s, end, &carried, hung[f][k].1, &kernel, f, fps)).collect();
        for (pose, turn) in poses.iter_mut().zip(turns) {
            pose.bones[s.bone] = turn;
        }
    }
}

/// Where each bone's joint is in the world, and how its parent is turned.
fn roots(character: &Character, swings: &[Swing], pose: &BodyPose) -> Vec<(Vec3, Quat)> {
    let joints = skeleton::joints(&character.bones, &pose.bones, pose.hips);
    swings.iter().map(|s| (pose.root + pose.turn * (joints[s.bone].at * character.scale), pose.turn * joints[s.bone].turn)).collect()
}

/// The answer of a damped pendulum to a push, frame by frame: what is left after [`MEMORY`] is faded out.
fn kernel(s: &Swing, fps: f32) -> Vec<f32> {
    let w = TAU * s.hertz;
    let own = w * (1.0 - s.damping * s.damping).max(0.01).sqrt();
    let count = (MEMORY * fps).ceil() as usize;
    (0..count)
        .map(|i| {
            let t = i as f32 / fps;
            exp(-s.damping * w * t) * sin(own * t) / own / fps * smoothstep(MEMORY, MEMORY * 0.7, t)
        })
        .collect()
}

fn one(s: &Swing, end: Vec3, carried: &[Vec3], turn: Quat, kernel: &[f32], frame: usize, fps: f32) -> Quat {
    let at = |i: isize| carried[i.clamp(0, carried.len() as isize - 1) as usize];
    let late = (s.late * fps).round() as isize;
    let now = frame as isize - late;
    let mut behind = Vec3::ZERO;
    for (k, answer) in kernel.iter().enumerate() {
        let i = now - k as isize;
        // Before the first frame nothing moved.
        if i <= 0 {
            break;
        }
        let push = (at(i + 1) - at(i) * 2.0 + at(i - 1)) * (fps * fps);
        behind -= push.clamp_length_max(HARDEST) * *answer;
    }
    // Air: the mean way of the last half second.
    let window = (0.5 * fps).max(1.0) as isize;
    let way = (at(now) - at(now - window)) * (fps / window as f32);
    behind -= way.clamp_length_max(7.0) * s.drag;
    let rigid = turn * end;
    let down = Vec3::NEG_Y * end.length();
    let hanging = rigid.lerp(down, s.hangs);
    // Upright it hangs as it was made.
    let rest = rigid.lerp(hanging, tilted(turn));
    let wish = turn.inverse() * (rest + behind);
    let arc = Quat::from_rotation_arc(end.normalize_or(Vec3::NEG_Y), wish.normalize_or(Vec3::NEG_Y));
    let (axis, angle) = arc.to_axis_angle();
    Quat::from_axis_angle(axis, s.most * soft(angle / s.most))
}

/// How far something is from upright, 0..1, whichever way it faces.
fn tilted(turn: Quat) -> f32 {
    (2.0 * (1.0 - (turn * Vec3::Y).y)).clamp(0.0, 1.0)
}

/// The same when small, 1 at most.
fn soft(x: f32) -> f32 {
    x / (1.0 + x * x).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail() -> Swing {
        Swing { bone: 0, end: Vec3::NEG_Y * 0.2, hertz: 2.0, damping: 0.25, hangs: 0.5, drag: 0.03, most: 0.8, late: 0.0 }
    }

    fn angles(carried: &[Vec3]) -> Vec<f32> {
        let s = tail();
        let kernel = kernel(&s, 30.0);
        (0..carried.len()).map(|f| one(&s, s.end, carried, Quat::IDENTITY, &kernel, f, 30.0).angle_between(Quat::IDENTITY)).collect()
    }

    #[test]
    fn what_hangs_still_is_still_and_a_push_makes_it_swing_and_settle() {
        assert!(angles(&[Vec3::ZERO; 40]).iter().all(|a| *a < 1e-3));
        let pushed: Vec<Vec3> = (0..120).map(|f| Vec3::X * 0.3 * smoothstep(10.0, 16.0, f as f32)).collect();
        let all = angles(&pushed);
        assert!(all[5] < 1e-3 && all[12..24].iter().any(|a| *a > 0.15), "{:?}", &all[..30]);
        assert!(all[110] < 0.01, "it settles: {}", all[110]);
    }

    #[test]
    fn a_push_is_forgotten_whole() {
        let still = [Vec3::ZERO; 100];
        let pushed: Vec<Vec3> = (0..100).map(|f| if f < 10 { Vec3::X * f as f32 * 0.05 } else { Vec3::X * 0.45 }).collect();
        let (a, b) = (angles(&still), angles(&pushed));
        assert_eq!(a[90].to_bits(), b[90].to_bits(), "after more than a second");
    }
}
