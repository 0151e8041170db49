//! A recorded motion, freed from the skeleton that it was recorded on: how each part of a body is turned against a T pose,
//! where the hips are in lengths of a leg, and when heels and balls of the feet stand on the ground. Any body can do that.
//!
//! The T pose of the file is found, not asked for: whatever directions the bones have at rest (arms out, half down, hanging),
//! the least turn from a T pose to there is taken off. Units do not matter, for everything is measured in legs.

use super::body::{CHEST, HEAD, HIPS, NECK, SHOULDERS, SPINE, THIGHS, arm, leg};
use super::digits::{Gesture, Recorded, moving};
use glam::{Mat3, Quat, Vec3};
use kinora_base::maths::{atan2, smoothstep, wrap_angle};
use kinora_plan::bvh::Bvh;
use kinora_plan::bvh::body::{self, Body};

/// The bones that a recording moves, parents first.
pub(crate) const PARTS: [usize; 21] = [
    HIPS,
    SPINE,
    CHEST,
    NECK,
    HEAD,
    SHOULDERS[0],
    SHOULDERS[0] + arm::UPPER,
    SHOULDERS[0] + arm::LOWER,
    SHOULDERS[0] + arm::HAND,
    SHOULDERS[1],
    SHOULDERS[1] + arm::UPPER,
    SHOULDERS[1] + arm::LOWER,
    SHOULDERS[1] + arm::HAND,
    THIGHS[0],
    THIGHS[0] + leg::SHIN,
    THIGHS[0] + leg::FOOT,
    THIGHS[0] + leg::TOES,
    THIGHS[1],
    THIGHS[1] + leg::SHIN,
    THIGHS[1] + leg::FOOT,
    THIGHS[1] + leg::TOES,
];
/// The first part of each arm and of each leg in [`PARTS`].
pub(crate) const ARMS: [usize; 2] = [5, 9];
pub(crate) const LEGS: [usize; 2] = [13, 17];

/// Heights and lengths of a foot in lengths of a leg: how high the ball's joint is, how far behind the ankle the heel.
pub(crate) const BALL: f32 = 0.023;
pub(crate) const HEEL: f32 = 0.055;
/// A foot stands if it is no higher than this, in legs, ...
const LOW: f32 = 0.035;
/// ... and no faster than this, legs a second (0.3 m/s on an adult).
const SLOW: f32 = 0.36;

/// A recorded motion.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Take {
    /// Seconds from one frame to the next.
    step: f32,
    frames: Vec<Moment>,
    /// The body stays where it is.
    pub(crate) in_place: bool,
}

/// One frame.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    /// The middle between the hip joints: left, up, forward of where it began, in legs; up from the height that the ankle has
    /// when the foot is flat.
    pub(crate) at: Vec3,
    /// Which way the body goes and faces, smoothly: radians about y, not wrapped.
    pub(crate) heading: f32,
    /// How each of [`PARTS`] is turned against a T pose that faces +z.
    pub(crate) turns: [Quat; PARTS.len()],
    /// What the fingers of the left and the right hand do, where they were recorded.
    pub(crate) hands: [Option<Box<Gesture>>; 2],
    /// Whether the heel and the ball of the left and the right foot stand.
    pub(crate) planted: [[bool; 2]; 2],
}

impl Take {
    /// From a file.
    ///
    /// # Errors
    /// If there is no human in it, or none that stands at rest or at first.
    pub(crate) fn read(bvh: &Bvh, in_place: bool) -> Result<Self, String> {
        let body = body::find(bvh)?;
        let source = Source::new(bvh, &body)?;
        let mut frames: Vec<Moment> = (0..bvh.frames).map(|f| source.moment(&bvh.pose(f))).collect();
        let feet: Vec<[[Vec3; 2]; 2]> = (0..bvh.frames).map(|f| source.feet(&bvh.pose(f))).collect();
        settle(&mut frames, &feet, bvh.frame_time);
        source.fingers(bvh, &mut frames);
        Ok(Self { step: bvh.frame_time, frames, in_place })
    }

    /// How long it lasts, seconds.
    pub(crate) fn seconds(&self) -> f32 {
        (self.frames.len() - 1) as f32 * self.step
    }

    /// Whether the hips are about as high at the end as those of somebody who stands.
    pub(crate) fn ends_upright(&self) -> bool {
        self.frames[self.frames.len() - 1].at.y > 0.8
    }

    /// How far it has gone after some seconds: in legs, over the ground, in the recording's space.
    pub(crate) fn way(&self, seconds: f32) -> Vec3 {
        (self.at(seconds).at - self.frames[0].at) * Vec3::new(1.0, 0.0, 1.0)
    }

    /// The body at a time, between two frames.
    pub(crate) fn at(&self, seconds: f32) -> Moment {
        let place = (seconds / self.step).clamp(0.0, (self.frames.len() - 1) as f32);
        let (a, t) = (place as usize, place.fract());
        let (a, b) = (&self.frames[a], &self.frames[(a + 1).min(self.frames.len() - 1)]);
        let mut at = a.at.lerp(b.at, t);
        if self.in_place {
            (at.x, at.z) = (self.frames[0].at.x, self.frames[0].at.z);
        }
        Moment {
            at,
            heading: a.heading + (b.heading - a.heading) * t,
            turns: std::array::from_fn(|k| a.turns[k].slerp(b.turns[k], t)),
            hands: std::array::from_fn(|side| a.hands[side].as_ref().zip(b.hands[side].as_ref()).map(|(a, b)| Box::new(a.mixed(b, t)))),
            planted: if t < 0.5 { a.planted } else { b.planted },
        }
    }
}

/// The skeleton of a file, with what takes its frames to ours.
struct Source<'a> {
    body: &'a Body,
    /// Turns at which the body stands in its reference pose: all none, or those of the first frame.
    reference: Vec<Quat>,
    /// From our axes (left, up, forward) to the file's, in the reference pose and in the world.
    own: Quat,
    world: Quat,
    /// For every part the least turn from a T pose to the reference pose.
    from_t: [Quat; PARTS.len()],
    /// Where joints are at that pose, and how they are turned, in our axes.
    places: Vec<(Vec3, Quat)>,
    /// Length of a leg in the file's unit.
    leg: f32,
    /// From ankle to heel and to ball in the reference pose, in our axes and the file's unit.
    soles: [[Vec3; 2]; 2],
}

impl<'a> Source<'a> {
    fn new(bvh: &Bvh, body: &'a Body) -> Result<Self, String> {
        let (rest, first) = (bvh.rest(), bvh.pose(0));
        let stands = |pose: &[(Vec3, Quat)]| axes(body, pose).filter(|(_, _, up)| *up > 0.8);
        let (pose, own) = match (stands(&rest), stands(&first)) {
            (Some(own), _) => (&rest, own.0),
            (None, Some(own)) => (&first, own.0),
            (None, None) => return Err("the skeleton does not stand, neither at rest nor in its first frame: let the file begin with a T pose".into()),
        };
        // Which way is up is told by the rest pose, unless the body would then lie all the time.
        let mean = |up: Vec3| (0..10).map(|k| trunk(body, &bvh.pose(k * bvh.frames / 10)).normalize_or_zero().dot(up)).sum::<f32>() / 10.0;
        let world = axes(body, &first).filter(|(axes, _, _)| mean(own * Vec3::Y) < 0.35 && mean(*axes * Vec3::Y) > 0.35).map_or(own, |a| a.0);
        let inward = |j: usize| own.inverse() * pose[j].0;
        let leg = 0.5 * body.legs.iter().map(|l| inward(l.upper).distance(inward(l.lower)) + inward(l.lower).distance(inward(l.foot))).sum::<f32>();
        if leg <= 1e-4 {
            return Err("the legs have no length: the offsets of knees and ankles are 0".into());
        }
        let mut from_t = [Quat::IDENTITY; PARTS.len()];
        let mut soles = [[Vec3::ZERO; 2]; 2];
        for side in 0..2 {
            let out = [Vec3::X, Vec3::NEG_X][side];
            let (a, l) = (&body.arms[side], &body.legs[side]);
            let upper = least(out, inward(a.lower) - inward(a.upper));
            let wrist = a.hand.map(inward).or_else(|| bvh.joints[a.lower].end.map(|end| inward(a.lower) + own.inverse() * (pose[a.lower].1 * end)));
            let lower = wrist.map_or(upper, |w| least(upper * out, w - inward(a.lower)) * upper);
            (from_t[ARMS[side] + 1], from_t[ARMS[side] + 2], from_t[ARMS[side] + 3]) = (upper, lower, lower);
            let thigh = least(Vec3::NEG_Y, inward(l.lower) - inward(l.upper));
            let shin = least(thigh * Vec3::NEG_Y, inward(l.foot) - inward(l.lower)) * thigh;
            let end = |j: usize| bvh.joints[j].end.map(|end| own.inverse() * (pose[j].1 * end));
            let ahead = l.toes.map(|t| inward(t) - inward(l.foot)).or_else(|| end(l.foot).map(|e| e * 0.8));
            let ahead = ahead.filter(|a| a.z > 0.05 * leg).unwrap_or(Vec3::new(0.0, -0.07, 0.13) * leg);
            let yaw = Quat::from_rotation_y(atan2(ahead.x, ahead.z));
            (from_t[LEGS[side]], from_t[LEGS[side] + 1], from_t[LEGS[side] + 2], from_t[LEGS[side] + 3]) = (thigh, shin, yaw, yaw);
            let high = (BALL * leg - ahead.y).clamp(0.03 * leg, 0.2 * leg);
            soles[side] = [yaw * Vec3::new(0.0, -high, -HEEL * leg), Vec3::new(ahead.x, BALL * leg - high, ahead.z)];
        }
        let reference = pose.iter().map(|p| p.1).collect();
        let places = pose.iter().map(|p| (own.inverse() * p.0, own.inverse() * p.1)).collect();
        Ok(Self { body, reference, own, world, from_t, places, leg, soles })
    }

    /// A joint's place in our axes and the file's unit.
    fn place(&self, pose: &[(Vec3, Quat)], joint: usize) -> Vec3 {
        self.world.inverse() * pose[joint].0
    }

    /// How a joint is turned against the reference pose, in our axes.
    fn turned(&self, pose: &[(Vec3, Quat)], joint: usize) -> Quat {
        (self.world.inverse() * pose[joint].1 * self.reference[joint].inverse() * self.own).normalize()
    }

    /// One frame, without heading, floor and contacts.
    fn moment(&self, pose: &[(Vec3, Quat)]) -> Moment {
        let b = self.body;
        let of = |joint: usize| self.turned(pose, joint);
        let (hips, chest) = (of(b.hips), of(b.chest));
        let spine = b.spine.get(b.spine.len() / 2).map_or_else(|| hips.slerp(chest, 0.45), |j| of(*j));
        let head = b.head.map_or(chest, of);
        let neck = b.neck.map_or_else(|| chest.slerp(head, 0.4), of);
        let mut turns = [Quat::IDENTITY; PARTS.len()];
        turns[..5].copy_from_slice(&[hips, spine, chest, neck, head]);
        for side in 0..2 {
            let (a, l) = (&b.arms[side], &b.legs[side]);
            let first = ARMS[side];
            turns[first + 1] = of(a.upper) * self.from_t[first + 1];
            turns[first + 2] = of(a.lower) * self.from_t[first + 2];
            turns[first + 3] = a.hand.map_or(turns[first + 2], |h| of(h) * self.from_t[first + 3]);
            turns[first] = a.shoulder.map_or_else(|| chest * raised(chest.inverse() * turns[first + 1], side), of);
            share_twist(&mut turns, first, side);
            let first = LEGS[side];
            turns[first] = of(l.upper) * self.from_t[first];
            turns[first + 1] = of(l.lower) * self.from_t[first + 1];
            turns[first + 2] = of(l.foot) * self.from_t[first + 2];
            turns[first + 3] = l.toes.map_or(turns[first + 2], |t| of(t) * self.from_t[first + 3]);
        }
        let middle = (self.place(pose, b.legs[0].upper) + self.place(pose, b.legs[1].upper)) * 0.5;
        // Up from the heel for now; `settle` finds the floor.
        let ankle = -0.5 * (self.soles[0][0].y + self.soles[1][0].y);
        Moment { at: (middle - Vec3::Y * ankle) / self.leg, heading: 0.0, turns: turns.map(Quat::normalize), hands: [None, None], planted: [[false; 2]; 2] }
    }

    /// What fingers do, frame by frame.
    fn fingers(&self, bvh: &Bvh, frames: &mut [Moment]) {
        for (side, arm) in self.body.arms.iter().enumerate() {
            let Some(hand) = arm.hand else { continue };
            let lies = self.from_t[ARMS[side] + 3];
            let guess = [lies * [Vec3::X, Vec3::NEG_X][side], lies * Vec3::NEG_Y];
            let Some(recorded) = Recorded::new(bvh, (hand, side), &arm.fingers, &self.places, guess) else { continue };
            let all = (0..frames.len()).map(|f| {
                let pose = bvh.pose(f);
                recorded.gesture(&|joint| self.turned(&pose, joint))
            });
            let gestures = moving(all.collect(), &recorded.gesture(&|_| Quat::IDENTITY));
            frames.iter_mut().zip(gestures).for_each(|(frame, gesture)| frame.hands[side] = Some(Box::new(gesture)));
        }
    }

    /// Where heels and balls of both feet are, in legs.
    fn feet(&self, pose: &[(Vec3, Quat)]) -> [[Vec3; 2]; 2] {
        [0, 1].map(|side| {
            let foot = self.body.legs[side].foot;
            let (at, turn) = (self.place(pose, foot), self.turned(pose, foot));
            self.soles[side].map(|sole| (at + turn * sole) / self.leg)
        })
    }
}

/// The least turn between two directions.
fn least(from: Vec3, to: Vec3) -> Quat {
    Quat::from_rotation_arc(from.normalize_or(Vec3::Y), to.normalize_or(from.normalize_or(Vec3::Y))).normalize()
}

/// How much of a raised arm the collar bone does, where it was not recorded.
fn raised(arm: Quat, side: usize) -> Quat {
    let up = (arm * [Vec3::X, Vec3::NEG_X][side]).y;
    Quat::from_rotation_z([1.0, -1.0][side] * (0.42 * smoothstep(-0.9, 0.9, up)).min(0.45))
}

/// Forearm and hand share the twist below the elbow: files have it in the one or the other, and skin wants it in both.
fn share_twist(turns: &mut [Quat; PARTS.len()], first: usize, side: usize) {
    let out = [Vec3::X, Vec3::NEG_X][side];
    let twist = |q: Quat| 2.0 * atan2(Vec3::new(q.x, q.y, q.z).dot(out), q.w);
    let (upper, lower, hand) = (turns[first + 1], turns[first + 2], turns[first + 3]);
    let bend = upper.inverse() * lower;
    let (a, b) = (wrap_angle(twist(bend)), wrap_angle(twist(lower.inverse() * hand)));
    turns[first + 2] = lower * Quat::from_axis_angle(out, 0.5 * (b - a));
}

fn trunk(body: &Body, pose: &[(Vec3, Quat)]) -> Vec3 {
    pose[body.head.unwrap_or(body.chest)].0 - pose[body.hips].0
}

/// Left, up and forward of a body in a pose, how much shin and thigh point down together, and how straight up it stands (1).
fn axes(body: &Body, pose: &[(Vec3, Quat)]) -> Option<(Quat, Vec3, f32)> {
    let up = trunk(body, pose).try_normalize()?;
    // The nearest axis of the file is up.
    let most = up.abs().max_element();
    let up = Vec3::from_array(up.to_array().map(|x| if x.abs() >= most { x.signum() } else { 0.0 })).try_normalize()?;
    let left = pose[body.legs[0].upper].0 - pose[body.legs[1].upper].0;
    let mut left = (left - up * left.dot(up)).try_normalize()?;
    for axis in Vec3::AXES.into_iter().flat_map(|a| [a, -a]) {
        if left.dot(axis) > 0.96 {
            left = axis;
        }
    }
    let down = |a: usize, b: usize| (pose[b].0 - pose[a].0).normalize_or_zero().dot(-up);
    let straight = body.legs.iter().map(|l| down(l.upper, l.lower).min(down(l.lower, l.foot))).fold(1.0, f32::min);
    let axes = Quat::from_mat3(&Mat3::from_cols(left, up, left.cross(up))).normalize();
    Some((axes, left, straight))
}

/// Finds the floor, the heading and when feet stand.
fn settle(frames: &mut [Moment], feet: &[[[Vec3; 2]; 2]], step: f32) {
    // A joint of the ball of a flat foot is higher than its sole.
    let height = |side: usize, k: usize, f: usize| feet[f][side][k].y - [0.0, BALL][k];
    let mut lowest: Vec<f32> = (0..feet.len()).map(|f| (0..4).map(|i| height(i / 2, i % 2, f)).fold(f32::MAX, f32::min)).collect();
    lowest.sort_by(f32::total_cmp);
    let floor = lowest[lowest.len() / 10];
    let begun = frames[0].at;
    for frame in frames.iter_mut() {
        frame.at -= Vec3::new(begun.x, floor, begun.z);
    }
    // Speed over a thirtieth of a second, so that noise of fast recordings does not count.
    let reach = ((0.5 / 30.0 / step).round() as usize).max(1);
    for side in 0..2 {
        for k in 0..2 {
            let speed = |f: usize| {
                let (a, b) = (f.saturating_sub(reach), (f + reach).min(feet.len() - 1));
                (feet[b][side][k] - feet[a][side][k]).length() / ((b - a).max(1) as f32 * step)
            };
            let stands = (0..feet.len()).map(|f| height(side, k, f) - floor < LOW && speed(f) < SLOW).collect();
            for (frame, stands) in frames.iter_mut().zip(steady(stands, (0.05 / step).round() as usize)) {
                frame.planted[side][k] = stands;
            }
        }
    }
    let mut heading: Vec<f32> = Vec::with_capacity(frames.len());
    for frame in frames.iter() {
        let ahead = frame.turns[0] * Vec3::Z;
        let before = heading.last().copied();
        let now = if ahead.reject_from(Vec3::Y).length() > 0.3 { atan2(ahead.x, ahead.z) } else { before.unwrap_or(0.0) };
        heading.push(before.map_or(now, |b| b + wrap_angle(now - b)));
    }
    let half = (0.25 / step).round() as usize;
    let heading = crate::gait::smoothed(&crate::gait::smoothed(&heading, half), half);
    frames.iter_mut().zip(heading).for_each(|(frame, h)| frame.heading = h);
}

/// Without gaps and contacts that are shorter than so many frames.
fn steady(mut stands: Vec<bool>, least: usize) -> Vec<bool> {
    for value in [false, true] {
        let mut from = 0;
        while from < stands.len() {
            let to = (from..stands.len()).find(|f| stands[*f] != stands[from]).unwrap_or(stands.len());
            if stands[from] == value && to - from < least && from > 0 && to < stands.len() {
                stands[from..to].fill(!value);
            }
            from = to;
        }
    }
    stands
}
