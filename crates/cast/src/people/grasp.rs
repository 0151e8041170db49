//! Fingers that close on a thing: each bends, joint by joint, until it lies on the thing's surface; a part that touches keeps
//! the joints before it where they are, and those after it go on (the underactuated closing of grasp planners: Miller and
//! Allen, GraspIt!, 2004). All in the hand's own space: the rest pose of its bones, about the wrist.

use super::body::{DIGITS, HAND_ALONG, PALM, SHOULDERS, arm, thumb_side};
use super::feel::Felt;
use super::grips::Fingers;
use super::stance::digits;
use crate::Bone;
use glam::{Quat, Vec3};

/// Radii of a finger's three parts and of the thumb's two, metres on the reference hand.
const FINGER: [f32; 3] = [0.0122, 0.0114, 0.0108];
const THUMB: [f32; 2] = [0.0150, 0.0132];
/// How far joints bend, radians.
const MOST: [f32; 3] = [1.62, 1.85, 1.35];
/// A step of closing, as a share of the shape.
const STEP: f32 = 0.07;

/// A hand's measures.
pub(crate) struct Hand<'a> {
    bones: &'a [Bone],
    side: usize,
    /// Against the reference.
    pub(crate) size: f32,
    along: Vec3,
    pub(crate) palm: Vec3,
    thumb: Vec3,
}

impl<'a> Hand<'a> {
    pub(crate) fn new(bones: &'a [Bone], side: usize) -> Self {
        let first = SHOULDERS[side];
        let size = bones[first + arm::FINGERS].rest.distance(bones[first + arm::HAND].rest) / 0.112;
        let mirrored = |v: Vec3| if side == 0 { v } else { Vec3::new(-v.x, v.y, v.z) };
        Self { bones, side, size, along: mirrored(HAND_ALONG), palm: mirrored(PALM), thumb: mirrored(thumb_side()) }
    }

    fn rest(&self, bone: usize) -> Vec3 {
        self.bones[bone].rest - self.bones[SHOULDERS[self.side] + arm::HAND].rest
    }

    /// The middle of the palm's inner side.
    #[cfg(test)]
    pub(crate) fn middle(&self) -> Vec3 {
        self.rest(SHOULDERS[self.side] + arm::FINGERS) * 0.8 + self.palm * 0.026
    }

    /// A place told along the fingers, to the thumb and out of the palm from there, metres on the reference hand.
    pub(crate) fn place(&self, [along, thumb, out]: [f32; 3]) -> Vec3 {
        (self.along * along + self.thumb * thumb + self.palm * out) * self.size
    }

    /// Knuckle, both joints and the tip of a finger.
    fn finger(&self, turns: &[Quat; 3], f: usize) -> [Vec3; 4] {
        let bone = DIGITS[self.side] + 3 * f;
        let [a, b, c] = [0, 1, 2].map(|k| self.rest(bone + k));
        let across = self.along.cross(self.palm);
        let end = Quat::from_axis_angle(across, 0.14) * ((c - b) * 0.75);
        let mut all = [a; 4];
        let mut turn = Quat::IDENTITY;
        for (k, way) in [b - a, c - b, end].into_iter().enumerate() {
            turn *= turns[k];
            all[k + 1] = all[k] + turn * way;
        }
        all
    }

    /// Root, last joint and tip of the thumb.
    fn thumb(&self, turns: &[Quat; 2]) -> [Vec3; 3] {
        let (root, last) = (self.rest(SHOULDERS[self.side] + arm::THUMB), self.rest(DIGITS[self.side] + 12));
        let middle = root + turns[0] * (last - root);
        [root, middle, middle + turns[0] * turns[1] * ((last - root).normalize_or(self.along) * (0.030 * self.size))]
    }

    /// Tips of index, middle, ring, little finger and thumb.
    #[cfg(test)]
    pub(crate) fn tips(&self, hand: &Fingers) -> [Vec3; 5] {
        let turns = digits(self.bones, self.side, hand);
        std::array::from_fn(|f| if f < 4 { self.finger(&turns.digits[f], f)[3] } else { self.thumb(&turns.thumb)[2] })
    }

    /// How far the nearest side of a finger's end (4: of the thumb's) is from a thing, metres; negative inside it.
    #[cfg(test)]
    pub(crate) fn gap(&self, hand: &Fingers, f: usize, felt: &Felt) -> f32 {
        let turns = digits(self.bones, self.side, hand);
        if f < 4 {
            let chain = self.finger(&turns.digits[f], f);
            (0..3).map(|k| self.part(&chain, k, felt)).fold(f32::MAX, f32::min)
        } else {
            let [_, middle, tip] = self.thumb(&turns.thumb);
            [(middle.lerp(tip, 0.3), THUMB[1]), (tip, THUMB[1])].map(|(p, r)| felt.distance(p) - r * self.size).into_iter().fold(f32::MAX, f32::min)
        }
    }

    fn part(&self, chain: &[Vec3; 4], k: usize, felt: &Felt) -> f32 {
        let (a, b) = (chain[k], chain[k + 1]);
        let stops: &[f32] = if k == 0 { &[0.45, 0.8] } else { &[0.3, 0.65, 1.0] };
        stops.iter().map(|t| felt.distance(a.lerp(b, *t)) - FINGER[k] * self.size).fold(f32::MAX, f32::min)
    }

    /// How far the hand goes out of its palm until the thing lies against it: negative, back. None if they do not meet.
    pub(crate) fn seat(&self, hand: &Fingers, felt: &Felt) -> Option<f32> {
        // What hangs from the fingers lies in them, and not in the palm.
        let balls: Vec<(Vec3, f32)> = if hand.place[0] > 0.04 {
            let turns = digits(self.bones, self.side, hand);
            let chains = [0, 1, 2, 3].map(|f| self.finger(&turns.digits[f], f));
            chains.iter().flat_map(|c| [(c[0].lerp(c[1], 0.6), FINGER[0] * self.size), (c[1], FINGER[1] * self.size)]).collect()
        } else {
            let own = |x: f32, y: f32, z: f32| (self.thumb * x + self.along * y + self.palm * z) * (1.28 * self.size);
            let flat = [(0.0, 0.050), (-0.018, 0.050), (-0.020, 0.074), (0.0, 0.077), (0.020, 0.077)];
            let palm = flat.iter().map(|(x, y)| (own(*x, *y, 0.0), 0.0190 * self.size)).chain([(own(0.020, 0.040, 0.006), 0.0190 * self.size)]);
            // What is round lies before the open fingers as well.
            let open = if hand.place[0] > 0.01 { [(0.025, 0.108), (0.0, 0.116), (-0.025, 0.100)].as_slice() } else { &[] };
            palm.chain(open.iter().map(|(x, y)| (own(*x, *y, -0.004), FINGER[0] * self.size))).collect()
        };
        let mut way = -0.05 * self.size;
        for _ in 0..24 {
            let gap = balls.iter().map(|(p, r)| felt.distance(*p + self.palm * way) - r).fold(f32::MAX, f32::min);
            if gap < 0.0005 {
                return (way > -0.049 * self.size).then_some(way);
            }
            way += gap.max(0.0006);
            if way > 0.035 * self.size {
                break;
            }
        }
        None
    }

    /// The shape, closed on a thing.
    pub(crate) fn closed(&self, shape: &Fingers, felt: &Felt) -> Fingers {
        let mut out = *shape;
        let tips = shape.by_tips();
        // What lies flat on the side of a bent index finger is held by the thumb alone.
        for f in 0..if tips && shape.tips() == 0 { 0 } else { 4 } {
            let rests = tips && f >= shape.tips();
            let from = if tips || shape.place[0] > 0.04 { 0.35 } else { -0.15 };
            out.bends[f] = self.close_finger(&out, f, (from, if rests { 1.0 } else { 2.4 }), felt);
        }
        out.thumb = self.close_thumb(&out, felt);
        out
    }

    fn close_finger(&self, hand: &Fingers, f: usize, (from, to): (f32, f32), felt: &Felt) -> [f32; 3] {
        let shape = hand.bends[f];
        let at = |bends: [f32; 3]| {
            let mut own = *hand;
            own.bends[f] = bends;
            let chain = self.finger(&digits(self.bones, self.side, &own).digits[f], f);
            (0..3).rev().find(|k| self.part(&chain, *k, felt) < 0.0)
        };
        let mut now = std::array::from_fn(|k| (shape[k] * from).max(if k == 0 { -0.25 } else { 0.0 }));
        let (mut fixed, mut u, mut touched) = (0, from, false);
        // What reaches into the open hand already holds the joints before it open.
        if let Some(part) = at(now) {
            (fixed, touched) = (part + 1, true);
        }
        while fixed < 3 && u < to {
            let moved = |by: f32| std::array::from_fn(|k| if k < fixed { now[k] } else { (now[k] + shape[k].max(0.35) * by).min(MOST[k]) });
            let next = moved(STEP);
            match at(next) {
                None if next == now => break,
                None => (now, u) = (next, u + STEP),
                Some(part) => {
                    let (mut low, mut high) = (0.0, STEP);
                    for _ in 0..5 {
                        let middle = 0.5 * (low + high);
                        if at(moved(middle)).is_some() { high = middle } else { low = middle }
                    }
                    now = moved(low);
                    // Closing fingers come side by side, which may move a part that was done.
                    (fixed, touched) = (fixed.max(part) + 1, true);
                }
            }
        }
        if touched { now } else { shape }
    }

    /// The thumb goes to the thing: its end touches, and no part of it is inside; the nearer to the shape, the better.
    fn close_thumb(&self, hand: &Fingers, felt: &Felt) -> [f32; 4] {
        let cost = |thumb: [f32; 4]| {
            let turns = digits(self.bones, self.side, &Fingers { thumb, ..*hand });
            let [root, middle, tip] = self.thumb(&turns.thumb);
            let inside = [(root.lerp(middle, 0.6), THUMB[0]), (middle, THUMB[0]), (middle.lerp(tip, 0.5), THUMB[1])];
            let deep: f32 = inside.iter().map(|(p, r)| (felt.distance(*p) - r * self.size).min(0.0).powi(2)).sum();
            let off = felt.distance(tip) - THUMB[1] * self.size;
            let strained: f32 = thumb.iter().zip(hand.thumb).map(|(a, b)| (a - b) * (a - b)).sum();
            off * off + 2.0 * deep + 2e-5 * strained
        };
        let limits = [(-0.1, 1.5), (-0.5, 0.7), (-0.2, 0.9), (-0.2, 1.3)];
        let mut best = hand.thumb;
        let mut least = cost(best);
        let mut step = 0.28;
        while step > 0.02 {
            let before = least;
            for k in 0..4 {
                for by in [step, -step] {
                    let mut next = best;
                    next[k] = (next[k] + by).clamp(limits[k].0, limits[k].1);
                    let now = cost(next);
                    if now < least {
                        (best, least) = (next, now);
                    }
                }
            }
            if least >= before {
                step *= 0.5;
            }
        }
        best
    }
}
