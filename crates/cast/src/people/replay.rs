//! Recorded motions on a body: bones are turned as they were, hips are as high as these legs are long, and feet that stood
//! still stand still, heel first, then ball.

use super::acts::Stage;
use super::body::{HIPS, THIGHS, leg};
use super::digits::Player;
use super::moves;
use super::stance::Poser;
use super::take::{ARMS, HEEL, LEGS, Moment, PARTS};
use crate::gait::smoothed;
use crate::ik::{turn_between, two_bone};
use crate::skeleton::Rig;
use crate::{Act, Bone};
use glam::{Quat, Vec3};
use kinora_base::maths::smootherstep;

/// A body at one frame of a recording.
#[derive(Clone, Debug)]
pub(crate) struct Replayed {
    /// How much of it shows.
    weight: f32,
    /// How each of [`PARTS`] is turned in model space, against our bind pose.
    turns: [Quat; PARTS.len()],
    /// The local turns of bones of fingers, where they were recorded.
    fingers: Vec<(usize, Quat)>,
    hips: Vec3,
    ankles: [Vec3; 2],
    /// Where knees point.
    knees: [Vec3; 2],
    /// Which feet have just come down, and where, in the world.
    pub(crate) steps: [Option<Vec3>; 2],
}

/// When a recording is under way at a frame: seconds since its beginning.
pub(crate) fn since(stage: &Stage<'_>, act: &Act, frame: usize) -> f32 {
    let begin = stage.character.facts(act).begins(act.from, stage.fps);
    (frame as f32 - begin as f32) / stage.fps
}

/// Every frame of every recording in the script.
pub(crate) fn replay(stage: &Stage<'_>, poser: &Poser<'_>) -> Vec<Option<Replayed>> {
    let mut out: Vec<Option<Replayed>> = vec![None; stage.track.len()];
    for act in &stage.script.acts {
        let Some(take) = act.moves.as_ref().and_then(|m| m.take()) else { continue };
        let end = stage.end_of(act);
        let fade = (0.45 * stage.fps).ceil() as usize;
        let last = if end >= stage.script.frames { stage.track.len() } else { (end + fade).min(stage.track.len()) };
        if act.from >= last {
            continue;
        }
        let body = Body::new(stage, poser);
        let mut frames: Vec<Replayed> = Vec::new();
        let mut moments = Vec::new();
        for frame in act.from..last {
            let since = since(stage, act, frame);
            let left = (end < stage.script.frames).then(|| (end as f32 - frame as f32) / stage.fps);
            let moment = take.at(since.max(0.0));
            frames.push(body.frame(&moment, moves::share(take, since.max(0.0), act.from == 0, left)));
            moments.push(moment);
        }
        if !take.in_place {
            body.plant(&mut frames, &moments, act.from);
        }
        body.reach(&mut frames, &moments);
        for (frame, replayed) in (act.from..).zip(frames) {
            if replayed.weight > 0.0 && out[frame].as_ref().is_none_or(|o| o.weight <= replayed.weight) {
                out[frame] = Some(replayed);
            }
        }
    }
    out
}

/// What of a body replaying needs.
struct Body<'a> {
    stage: &'a Stage<'a>,
    bones: &'a [Bone],
    /// From our bind pose to a T pose.
    to_t: [Quat; PARTS.len()],
    hands: [Player; 2],
    leg: f32,
    ankle: f32,
}

impl<'a> Body<'a> {
    fn new(stage: &'a Stage<'a>, poser: &Poser<'_>) -> Self {
        let bones = &stage.character.bones;
        let along = |k: usize, to: usize| bones[PARTS[to]].rest - bones[PARTS[k]].rest;
        let mut to_t = [Quat::IDENTITY; PARTS.len()];
        for side in 0..2 {
            let sign = [1.0, -1.0][side];
            let (a, l) = (ARMS[side], LEGS[side]);
            // Hanging arms and arms at 45 degrees bend about the same line across the palm, see `Poser::arm`.
            let hinge = Vec3::new(-0.692 * sign, -0.722, 0.0) * sign;
            to_t[a + 1] = turn_between(along(a + 1, a + 2), hinge, Vec3::X * sign, Vec3::NEG_Y * sign);
            to_t[a + 2] = turn_between(along(a + 2, a + 3), hinge, Vec3::X * sign, Vec3::NEG_Y * sign);
            to_t[a + 3] = to_t[a + 2];
            to_t[l] = turn_between(along(l, l + 1), Vec3::X, Vec3::NEG_Y, Vec3::X);
            to_t[l + 1] = turn_between(along(l + 1, l + 2), Vec3::X, Vec3::NEG_Y, Vec3::X);
            let foot = along(l + 2, l + 3);
            to_t[l + 2] = Quat::from_rotation_y(-kinora_base::maths::atan2(foot.x, foot.z));
            to_t[l + 3] = to_t[l + 2];
        }
        Self { stage, bones, to_t, hands: [0, 1].map(|side| Player::new(bones, side)), leg: poser.leg_length(), ankle: poser.ankle() }
    }

    fn frame(&self, moment: &Moment, weight: f32) -> Replayed {
        let back = Quat::from_rotation_y(-moment.heading);
        let turns: [Quat; PARTS.len()] = std::array::from_fn(|k| (back * moment.turns[k] * self.to_t[k]).normalize());
        let rest = |bone: usize| self.bones[bone].rest;
        let middle = (rest(THIGHS[0]) + rest(THIGHS[1])) * 0.5 - rest(HIPS);
        let hips = Vec3::Y * (moment.at.y * self.leg + self.ankle) - rest(HIPS) - turns[0] * middle;
        let fingers = self.hands.iter().zip(&moment.hands).filter_map(|(hand, gesture)| Some(hand.turns(gesture.as_ref()?))).flatten().collect();
        let mut out = Replayed { weight, turns, fingers, hips, ankles: [Vec3::ZERO; 2], knees: [Vec3::Z; 2], steps: [None; 2] };
        for (side, l) in LEGS.into_iter().enumerate() {
            let along = |k: usize| turns[k] * (rest(PARTS[k + 1]) - rest(PARTS[k]));
            out.ankles[side] = self.hip(&out, side) + along(l) + along(l + 1);
            out.knees[side] = back * moment.turns[l] * Vec3::Z;
        }
        out
    }

    fn hip(&self, frame: &Replayed, side: usize) -> Vec3 {
        let rest = |bone: usize| self.bones[bone].rest;
        rest(HIPS) + frame.hips + frame.turns[0] * (rest(THIGHS[side]) - rest(HIPS))
    }

    /// Heel (0) or ball (1) of a foot against its ankle, in model space.
    fn sole(&self, frame: &Replayed, side: usize, k: usize) -> Vec3 {
        let foot = self.bones[THIGHS[side] + leg::FOOT].rest;
        let toes = self.bones[THIGHS[side] + leg::TOES].rest - foot;
        let ahead = Vec3::new(toes.x, 0.0, toes.z).normalize_or(Vec3::Z);
        frame.turns[LEGS[side] + 2] * [Vec3::NEG_Y * foot.y - ahead * (HEEL * self.leg), toes][k]
    }

    fn in_world(&self, at: usize, p: Vec3) -> Vec3 {
        let (root, facing) = self.stage.track[at];
        root + Quat::from_rotation_y(facing) * (p * self.stage.character.scale)
    }

    /// Keeps heels and balls that stand where they came down; the way to the next place is shared out over the step.
    fn plant(&self, frames: &mut [Replayed], moments: &[Moment], from: usize) {
        for (side, thigh) in THIGHS.into_iter().enumerate() {
            let mut moved: Vec<Option<Vec3>> = vec![None; frames.len()];
            let mut held: Option<(usize, Vec3)> = None;
            for f in 0..frames.len() {
                let stands = moments[f].planted[side];
                let places = [0, 1].map(|k| self.in_world(from + f, frames[f].ankles[side] + self.sole(&frames[f], side, k)));
                // The ball is held as soon as it is down: the heel may rise then.
                let k = match (stands, held) {
                    ([_, true], _) => 1,
                    ([true, false], _) => 0,
                    _ => {
                        held = None;
                        continue;
                    }
                };
                let at = match held {
                    Some((before, at)) if before == k => at,
                    _ => {
                        let moved = if held.is_some() { moved[f - 1].unwrap_or(Vec3::ZERO) } else { Vec3::ZERO };
                        let at = places[k] + moved;
                        let high = [0.0, self.bones[thigh + leg::TOES].rest.y * self.stage.character.scale][k];
                        if held.is_none() && f > 0 {
                            frames[f].steps[side] = Some(at);
                        }
                        at.with_y(self.stage.track[from + f].0.y + high)
                    }
                };
                held = Some((k, at));
                moved[f] = Some(at - places[k]);
            }
            for (f, by) in between(&moved).into_iter().enumerate() {
                let (_, facing) = self.stage.track[from + f];
                frames[f].ankles[side] += Quat::from_rotation_y(-facing) * by / self.stage.character.scale;
            }
        }
    }

    /// Lowers the hips where a foot that stands could not be reached, without a jerk.
    fn reach(&self, frames: &mut [Replayed], moments: &[Moment]) {
        let length = self.leg * 0.9945;
        let lower = |frame: &Replayed, moment: &Moment| {
            let one = |side: usize| {
                let (hip, ankle) = (self.hip(frame, side), frame.ankles[side]);
                let across = (hip - ankle).reject_from(Vec3::Y).length();
                let down = (ankle.y + (length * length - across * across).max(0.01).sqrt() - hip.y).min(0.0);
                if moment.planted[side] == [false; 2] { down.max(-0.03 * self.leg) } else { down.max(-0.2 * self.leg) }
            };
            one(0).min(one(1))
        };
        let wanted: Vec<f32> = frames.iter().zip(moments).map(|(f, m)| lower(f, m)).collect();
        let half = (0.07 * self.stage.fps).ceil() as usize;
        let lowest: Vec<f32> =
            (0..wanted.len()).map(|i| wanted[i.saturating_sub(half)..(i + half + 1).min(wanted.len())].iter().copied().fold(f32::MAX, f32::min)).collect();
        for (frame, by) in frames.iter_mut().zip(smoothed(&lowest, half)) {
            frame.hips.y += by;
        }
    }
}

/// Known values as they are; between them one goes over into the next, and before the first and after the last they hold.
fn between(known: &[Option<Vec3>]) -> Vec<Vec3> {
    let next = |f: usize| (f..known.len()).find_map(|i| known[i].map(|v| (i, v)));
    let mut before: Option<(usize, Vec3)> = None;
    (0..known.len())
        .map(|f| {
            if let Some(value) = known[f] {
                before = Some((f, value));
                return value;
            }
            match (before, next(f)) {
                (Some((a, x)), Some((b, y))) => x.lerp(y, smootherstep((f - a) as f32 / (b - a) as f32)),
                (Some((_, x)), None) | (None, Some((_, x))) => x,
                (None, None) => Vec3::ZERO,
            }
        })
        .collect()
}

impl Replayed {
    /// Lays it over a rig.
    pub(crate) fn lay(&self, rig: &mut Rig<'_>, bones: &[Bone]) {
        let mut own = rig.clone();
        own.hips = self.hips;
        for (bone, turn) in PARTS.iter().zip(self.turns) {
            own.turn_to(*bone, turn);
        }
        for side in 0..2 {
            let first = THIGHS[side];
            let rest = |k: usize| bones[first + k].rest;
            let (d1, d2) = (rest(leg::SHIN) - rest(0), rest(leg::FOOT) - rest(leg::SHIN));
            let bend = two_bone(own.joint(first).at, self.ankles[side], d1.length(), d2.length(), self.knees[side]);
            own.turn_to(first, turn_between(d1, Vec3::X, bend.mid - own.joint(first).at, -bend.hinge));
            own.turn_to(first + leg::SHIN, turn_between(d2, Vec3::X, bend.end - bend.mid, -bend.hinge));
            own.turn_to(first + leg::FOOT, self.turns[LEGS[side] + 2]);
        }
        self.fingers.iter().for_each(|(bone, turn)| own.local[*bone] = *turn);
        if self.weight >= 1.0 {
            *rig = own;
            return;
        }
        rig.hips = rig.hips.lerp(own.hips, self.weight);
        for (mine, its) in rig.local.iter_mut().zip(&own.local) {
            *mine = mine.slerp(*its, self.weight);
        }
    }
}
