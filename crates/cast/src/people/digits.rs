//! Fingers of a recorded motion: how the parts of each finger are turned against the hand, freed from the skeleton that they
//! were recorded on, and played on a hand of ours.
//!
//! Both hands have axes of their own: along the fingers, out of the palm, and across both. Of the rest pose of the file only
//! how far fingers are bent counts: how they fan out, and where the thumb lies, is the playing hand's own.

use super::body::{DIGITS, HAND_ALONG, PALM, SHOULDERS, SKULL, arm};
use super::hand::CURL;
use crate::Bone;
use glam::{Mat3, Quat, Vec3};
use kinora_base::maths::atan2;
use kinora_plan::bvh::Bvh;
use kinora_plan::bvh::fingers::Fingers;

/// A hand that never leaves its rest pose by more than this was not recorded, radians.
const STILL: f32 = 0.035;
/// How far a finger may be bent at rest, radians.
const RESTS: std::ops::RangeInclusive<f32> = -0.5..=1.8;

/// Turns against the hand, in the axes of a hand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gesture {
    /// Three parts of index, middle, ring and little finger, against straight ones.
    fingers: Option<[[Quat; 3]; 4]>,
    /// The thumb's root and its end, against the rest pose.
    thumb: Option<[Quat; 2]>,
}

impl Gesture {
    /// Between two.
    pub(crate) fn mixed(&self, other: &Self, t: f32) -> Self {
        let fingers = self.fingers.as_ref().zip(other.fingers.as_ref());
        let thumb = self.thumb.as_ref().zip(other.thumb.as_ref());
        Self {
            fingers: fingers.map(|(a, b)| std::array::from_fn(|f| std::array::from_fn(|k| a[f][k].slerp(b[f][k], t)))),
            thumb: thumb.map(|(a, b)| std::array::from_fn(|k| a[k].slerp(b[k], t))),
        }
    }

    /// How far it is from another, radians.
    pub(crate) fn apart(&self, other: &Self) -> f32 {
        let all = |g: &Self| -> Vec<Quat> { g.fingers.iter().flatten().flatten().chain(g.thumb.iter().flatten()).copied().collect() };
        all(self).iter().zip(all(other)).map(|(a, b)| a.angle_between(b)).fold(0.0, f32::max)
    }
}

/// A hand of a recording, and how it rests.
pub(crate) struct Recorded<'a> {
    hand: usize,
    fingers: &'a Fingers,
    /// From the axes of a hand to ours, at rest.
    axes: Quat,
    /// How far each part of each finger is bent at rest.
    bends: [Vec<f32>; 4],
}

impl<'a> Recorded<'a> {
    /// From where joints rest, in our axes, and the direction and palm that the hand has there if fingers do not tell.
    pub(crate) fn new(bvh: &Bvh, (hand, side): (usize, usize), fingers: &'a Fingers, rest: &[(Vec3, Quat)], guess: [Vec3; 2]) -> Option<Self> {
        if fingers.iter().all(Vec::is_empty) {
            return None;
        }
        let at = |j: usize| rest[j].0;
        let knuckles: Vec<Vec3> = fingers[1..].iter().filter_map(|f| f.first()).map(|j| at(*j)).collect();
        let middle = knuckles.iter().sum::<Vec3>() / knuckles.len().max(1) as f32;
        let along = (middle - at(hand)).try_normalize().filter(|_| !knuckles.is_empty()).unwrap_or(guess[0]);
        let sign = [1.0, -1.0][side];
        let row = knuckles.first().zip(knuckles.last()).map(|(index, little)| *little - *index);
        let palm = row.and_then(|row| (row.cross(along) * sign).try_normalize()).unwrap_or(guess[1]);
        let axes = axes(along, palm);
        let end = |j: usize| bvh.joints[j].end.map(|end| at(j) + rest[j].1 * end);
        let bends = std::array::from_fn(|f| {
            let chain = &fingers[f + 1];
            let mut before = 0.0;
            let bend = |(k, j): (usize, &usize)| {
                let next = chain.get(k + 1).map(|n| at(*n)).or_else(|| end(*j));
                before = next.and_then(|n| bent(axes, n - at(*j))).unwrap_or(before);
                before
            };
            chain.iter().enumerate().map(bend).collect()
        });
        Some(Self { hand, fingers, axes, bends })
    }

    /// At a frame, from how joints are turned against the rest pose, in our axes.
    pub(crate) fn gesture(&self, of: &dyn Fn(usize) -> Quat) -> Gesture {
        let back = (of(self.hand) * self.axes).inverse();
        let turned = |joint: usize| (back * of(joint) * self.axes).normalize();
        let finger = |f: usize| -> Option<[Quat; 3]> {
            let chain = &self.fingers[f + 1];
            if chain.is_empty() {
                return None;
            }
            let part = |k: usize| turned(chain[k]) * Quat::from_rotation_z(self.bends[f][k]);
            let mut parts = [part(0); 3];
            for k in 1..3 {
                // A joint that was not recorded bends nearly as much as the one before it.
                let over = if k == 1 { Quat::IDENTITY } else { parts[k - 2] };
                let on = || parts[k - 1] * Quat::IDENTITY.slerp(over.inverse() * parts[k - 1], 0.8);
                parts[k] = if k < chain.len() { part(k) } else { on() };
            }
            Some(parts)
        };
        let known: [Option<[Quat; 3]>; 4] = std::array::from_fn(finger);
        // A finger that was not recorded goes with the next one.
        let near = |f: usize| (0..4).filter(|g| known[*g].is_some()).min_by_key(|g| g.abs_diff(f)).and_then(|g| known[g]);
        let fingers = near(0).map(|first| std::array::from_fn(|f| near(f).unwrap_or(first)));
        let thumb = match self.fingers[0].as_slice() {
            [] => None,
            [one] => Some([turned(*one); 2]),
            [root, end] | [_, root, end, ..] => Some([turned(*root), turned(*end)]),
        };
        Gesture { fingers, thumb }
    }
}

/// All of them, unless the hand never leaves its rest.
pub(crate) fn moving(gestures: Vec<Gesture>, rest: &Gesture) -> Vec<Gesture> {
    if gestures.iter().any(|g| g.apart(rest) > STILL) { gestures } else { Vec::new() }
}

/// The axes of a hand: along its fingers, out of the palm, and across both, about which fingers bend into the palm.
fn axes(along: Vec3, palm: Vec3) -> Quat {
    let palm = palm.reject_from(along).try_normalize().unwrap_or_else(|| along.any_orthonormal_vector());
    Quat::from_mat3(&Mat3::from_cols(along, palm, along.cross(palm))).normalize()
}

/// How far a part is bent into the palm, radians.
fn bent(axes: Quat, part: Vec3) -> Option<f32> {
    let way = axes.inverse() * part.try_normalize()?;
    (way.truncate().length() > 0.1).then(|| atan2(way.y, way.x).clamp(*RESTS.start(), *RESTS.end()))
}

/// A hand of ours that plays gestures.
pub(crate) struct Player {
    side: usize,
    axes: Quat,
    /// How far each part of each finger is bent in the bind pose.
    bends: [[f32; 3]; 4],
}

impl Player {
    pub(crate) fn new(bones: &[Bone], side: usize) -> Self {
        let mirrored = |v: Vec3| if side == 0 { v } else { Vec3::new(-v.x, v.y, v.z) };
        let axes = axes(mirrored(HAND_ALONG).normalize(), mirrored(PALM));
        let finger = |f: usize| {
            let rest = |k: usize| bones[DIGITS[side] + 3 * f + k].rest;
            let [first, second] = [0, 1].map(|k| bent(axes, rest(k + 1) - rest(k)).unwrap_or(0.0));
            // Ends are modelled a little bent; those of a figure from a file lie as what is before them.
            let last = if bones.len() > SKULL { 0.0 } else { 0.7 * CURL * (1.0 + 0.12 * f as f32) };
            [first, second, second + last]
        };
        Self { side, axes, bends: std::array::from_fn(finger) }
    }

    /// The local turns of the hand's bones.
    pub(crate) fn turns(&self, gesture: &Gesture) -> Vec<(usize, Quat)> {
        let first = SHOULDERS[self.side];
        let ours = |turn: Quat| (self.axes * turn * self.axes.inverse()).normalize();
        let mut out = Vec::with_capacity(16);
        if let Some(fingers) = &gesture.fingers {
            let local = |f: usize| {
                let all: [Quat; 3] = std::array::from_fn(|k| ours(fingers[f][k] * Quat::from_rotation_z(-self.bends[f][k])));
                [all[0], (all[0].inverse() * all[1]).normalize(), (all[1].inverse() * all[2]).normalize()]
            };
            let all: [[Quat; 3]; 4] = std::array::from_fn(local);
            out.extend(all.iter().flatten().enumerate().map(|(k, turn)| (DIGITS[self.side] + k, *turn)));
            // All fingers together, for bodies without a bone for each.
            out.extend([0, 1].map(|k| (first + arm::FINGERS + k, all[1][k].slerp(all[2][k], 0.5))));
        }
        if let Some([root, end]) = gesture.thumb.map(|t| t.map(ours)) {
            out.push((first + arm::THUMB, root));
            out.push((DIGITS[self.side] + 12, (root.inverse() * end).normalize()));
        }
        out
    }
}
