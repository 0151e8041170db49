//! A pose as anatomical numbers, which can be mixed, and how they turn into bones. 0 everywhere is standing with
//! hanging arms.

use super::body::{CHEST, DIGITS, EYES, HEAD, HIPS, LOWER_LIDS, NECK, SHOULDERS, SPINE, THIGHS, TOE_OUT, UPPER_LIDS, arm, leg};
use super::eyes::{LOWER_TURN, UPPER_TURN};
use super::grips::{FINGER_NUMBERS, Fingers, Written};
use super::hand::CURL;
use crate::ik::{turn_between, two_bone};
use crate::skeleton::Rig;
use crate::{Bone, Face};
use glam::{EulerRot, Quat, Vec3};
use kinora_base::maths::smoothstep;

/// One arm's numbers, radians unless said.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(from = "Written")]
pub(crate) struct Arm {
    /// Upper arm forwards.
    pub(crate) flex: f32,
    /// Upper arm away from the body.
    pub(crate) abd: f32,
    /// Upper arm turned so that the forearm points inwards.
    pub(crate) inward: f32,
    /// Elbow bent.
    pub(crate) elbow: f32,
    /// Palm turned down (back when hanging).
    pub(crate) pronate: f32,
    /// Hand bent to the palm.
    pub(crate) wrist: f32,
    /// Shoulder up.
    pub(crate) shrug: f32,
    /// The hand.
    pub(crate) fingers: Fingers,
}

/// One leg that is not on the ground: angles from the pelvis; and what is added to a planted foot.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Leg {
    /// Thigh forwards from the trunk's line, when free.
    pub(crate) flex: f32,
    /// Thigh outwards, when free.
    pub(crate) abd: f32,
    /// Knee bent, when free.
    pub(crate) knee: f32,
    /// Toes up, when free; added to the roll of the step otherwise.
    pub(crate) pitch: f32,
    /// Added to the planted foot: metres to the left, up and forward, in model space.
    pub(crate) shift: [f32; 3],
}

/// A whole pose.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Stance {
    /// Hips against standing: left, up, forward, metres on the reference adult.
    pub(crate) hips: [f32; 3],
    /// Pelvis: forward, turn left, drop left.
    pub(crate) pelvis: [f32; 3],
    /// Trunk over the pelvis: forward, turn left, bend left.
    pub(crate) trunk: [f32; 3],
    /// Head over the trunk: down, turn left, tilt left.
    pub(crate) head: [f32; 3],
    /// Left and right arm.
    pub(crate) arms: [Arm; 2],
    /// Left and right leg.
    pub(crate) legs: [Leg; 2],
    /// 0 feet tread, 1 legs hang from the pelvis.
    pub(crate) free: f32,
    /// 1 the body's lowest point lies on the ground or on a bed, wherever the hips were asked to be.
    pub(crate) rest: f32,
}

/// How many numbers a pose has.
pub(crate) const NUMBERS: usize = 12 + 2 * ARM + 14 + 2;
/// How many of them are one arm's.
const ARM: usize = 7 + FINGER_NUMBERS;

impl Stance {
    /// As numbers, for mixing.
    pub(crate) fn numbers(&self) -> [f32; NUMBERS] {
        let mut out = [0.0; NUMBERS];
        let mut at = 0;
        let mut put = |values: &[f32]| {
            out[at..at + values.len()].copy_from_slice(values);
            at += values.len();
        };
        put(&self.hips);
        put(&self.pelvis);
        put(&self.trunk);
        put(&self.head);
        for a in &self.arms {
            put(&[a.flex, a.abd, a.inward, a.elbow, a.pronate, a.wrist, a.shrug]);
            put(&a.fingers.numbers());
        }
        for l in &self.legs {
            put(&[l.flex, l.abd, l.knee, l.pitch]);
            put(&l.shift);
        }
        put(&[self.free, self.rest]);
        out
    }

    /// From numbers.
    pub(crate) fn from_numbers(n: &[f32; NUMBERS]) -> Self {
        let three = |i: usize| [n[i], n[i + 1], n[i + 2]];
        let an_arm = |i: usize| Arm {
            flex: n[i],
            abd: n[i + 1],
            inward: n[i + 2],
            elbow: n[i + 3],
            pronate: n[i + 4],
            wrist: n[i + 5],
            shrug: n[i + 6],
            fingers: Fingers::from_numbers(&n[i + 7..i + ARM]),
        };
        let a_leg = |i: usize| Leg { flex: n[i], abd: n[i + 1], knee: n[i + 2], pitch: n[i + 3], shift: three(i + 4) };
        Self {
            hips: three(0),
            pelvis: three(3),
            trunk: three(6),
            head: three(9),
            arms: [an_arm(12), an_arm(12 + ARM)],
            legs: [a_leg(12 + 2 * ARM), a_leg(19 + 2 * ARM)],
            free: n[NUMBERS - 2],
            rest: n[NUMBERS - 1],
        }
    }

    /// Part of the way to another pose.
    pub(crate) fn towards(&self, other: &Self, t: f32) -> Self {
        let (a, b) = (self.numbers(), other.numbers());
        Self::from_numbers(&std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t))
    }

    /// This pose and another one's numbers times a factor.
    pub(crate) fn plus(&self, other: &Self, by: f32) -> Self {
        let (a, b) = (self.numbers(), other.numbers());
        Self::from_numbers(&std::array::from_fn(|i| a[i] + b[i] * by))
    }
}

/// A foot in model space, unscaled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FootTarget {
    /// Under the ankle if it were flat.
    pub(crate) at: Vec3,
    /// Which way it points against the body.
    pub(crate) facing: f32,
    /// Toes up, or heel up when negative.
    pub(crate) pitch: f32,
}

/// The least angle between a sole and its shin, radians: a person squats on flat feet with 55 degrees.
const ANKLE: f32 = 0.96;

/// The parts of a skeleton that posing measures again and again.
pub(crate) struct Poser<'a> {
    bones: &'a [Bone],
}

impl<'a> Poser<'a> {
    pub(crate) fn new(bones: &'a [Bone]) -> Self {
        Self { bones }
    }

    /// Length of thigh and shin together.
    pub(crate) fn leg_length(&self) -> f32 {
        let [a, b, c] = [0, leg::SHIN, leg::FOOT].map(|k| self.bones[THIGHS[0] + k].rest);
        a.distance(b) + b.distance(c)
    }

    /// Height of the ankle over the ground.
    pub(crate) fn ankle(&self) -> f32 {
        self.bones[THIGHS[0] + leg::FOOT].rest.y
    }

    /// How high the hips stand over the ground when the legs are nearly straight.
    pub(crate) fn standing(&self) -> f32 {
        let hip = self.bones[HIPS].rest.y - self.bones[THIGHS[0]].rest.y;
        self.ankle() + self.leg_length() * 0.985 + hip
    }

    /// The hips' displacement with which thighs stand on the knees' places.
    pub(crate) fn over_knees(&self, stance: &Stance, knees: [Vec3; 2]) -> f32 {
        let mut rig = Rig::new(self.bones);
        self.pelvis(&mut rig, stance, 0.0);
        let one = |side: usize| {
            let first = THIGHS[side];
            let length = self.bones[first].rest.distance(self.bones[first + leg::SHIN].rest);
            let hip = rig.joint(first).at;
            let across = (hip - knees[side]).reject_from(Vec3::Y).length();
            knees[side].y + (length * length - across * across).max(0.3 * length * length).sqrt() - hip.y
        };
        0.5 * (one(0) + one(1))
    }

    /// Puts a knee on its place, the shin flat behind it.
    pub(crate) fn kneel(&self, rig: &mut Rig<'_>, side: usize, knee: Vec3, weight: f32) {
        let first = THIGHS[side];
        let sign = [1.0, -1.0][side];
        let rest = |k: usize| self.bones[first + k].rest;
        let (d1, d2) = (rest(leg::SHIN) - rest(0), rest(leg::FOOT) - rest(leg::SHIN));
        let before = [0, leg::SHIN, leg::FOOT].map(|k| rig.local[first + k]);
        let hip = rig.joint(first).at;
        let thigh = (knee - hip).normalize_or(Vec3::NEG_Y);
        let mid = hip + thigh * d1.length();
        let down = (0.05 * self.leg_length() / 0.786 - mid.y).clamp(-0.9 * d2.length(), 0.9 * d2.length());
        let back = (d2.length_squared() - down * down).sqrt();
        let shin = Vec3::new(sign * 0.06, down / back, -1.0).normalize();
        let hinge = thigh.cross(shin).normalize_or(Vec3::X);
        rig.turn_to(first, turn_between(d1, Vec3::X, thigh, hinge));
        rig.turn_to(first + leg::SHIN, turn_between(d2, Vec3::X, shin, hinge));
        let shin = rig.joint(first + leg::SHIN).turn;
        rig.turn_to(first + leg::FOOT, shin * Quat::from_rotation_x(0.95));
        for (k, was) in [0, leg::SHIN, leg::FOOT].into_iter().zip(before) {
            rig.local[first + k] = was.slerp(rig.local[first + k], weight);
        }
    }

    /// The lowest point of trunk and head, and of the legs if they do not hang over an edge.
    pub(crate) fn lowest(&self, rig: &Rig<'_>, legs: bool) -> f32 {
        let size = self.leg_length() / 0.786;
        let mut low = f32::MAX;
        let mut ball = |at: Vec3, radius: f32| low = low.min(at.y - radius * size);
        // Children have shorter legs, but trunks and heads almost as large.
        let broad = self.bones[SHOULDERS[0] + arm::UPPER].rest.x / 0.150 / size;
        let skull = super::body::head_size(self.bones) / size;
        for (bone, radius) in [(HIPS, 0.108), (SPINE, 0.104), (CHEST, 0.108)] {
            ball(rig.joint(bone).at, radius * broad);
        }
        // The skull: its middle lies over the head's joint.
        let head = (self.bones[EYES[0]].rest - self.bones[HEAD].rest) * Vec3::new(0.0, 1.0, 0.0);
        ball(rig.carried(HEAD, self.bones[HEAD].rest + head), 0.148 * skull);
        for first in THIGHS {
            ball(rig.joint(first).at, 0.095);
            if !legs {
                continue;
            }
            ball(rig.joint(first + leg::SHIN).at, 0.062);
            ball(rig.joint(first + leg::FOOT).at, 0.050);
            ball(rig.joint(first + leg::TOES).at, 0.024);
            let ankle = self.bones[first + leg::FOOT].rest;
            ball(rig.carried(first + leg::FOOT, ankle - Vec3::new(0.0, 0.06 * size, 0.045 * size)), 0.02);
        }
        low
    }

    /// Height of the hips in the bind pose.
    pub(crate) fn bones_hips(&self) -> f32 {
        self.bones[HIPS].rest.y
    }

    /// The highest that the hips' displacement may be so that a foot is reached.
    pub(crate) fn reach(&self, side: usize, stance: &Stance, foot: &FootTarget) -> f32 {
        let mut rig = Rig::new(self.bones);
        self.pelvis(&mut rig, stance, 0.0);
        let hip = rig.joint(THIGHS[side]).at;
        let ankle = self.ankle_of(side, foot);
        let across = (hip - ankle).reject_from(Vec3::Y).length();
        let length = self.leg_length() * 0.992;
        ankle.y + (length * length - across * across).max(0.01).sqrt() - hip.y
    }

    /// The ankle of a foot that rolls about its heel or its ball.
    fn ankle_of(&self, side: usize, foot: &FootTarget) -> Vec3 {
        let first = THIGHS[side];
        let (ankle, ball) = (self.bones[first + leg::FOOT].rest, self.bones[first + leg::TOES].rest);
        let length = Vec3::new(ball.x - ankle.x, 0.0, ball.z - ankle.z).length();
        let up = Vec3::Y * ankle.y;
        let pivot = if foot.pitch < 0.0 { Vec3::Z * length + Vec3::Y * ball.y } else { Vec3::Z * (-0.045 * ankle.y / 0.085) };
        let turned = pivot + Quat::from_rotation_x(-foot.pitch) * (up - pivot);
        foot.at + Quat::from_rotation_y(foot.facing) * turned
    }

    fn pelvis(&self, rig: &mut Rig<'_>, s: &Stance, lift: f32) {
        rig.hips = Vec3::new(s.hips[0], s.hips[1] + lift, s.hips[2]);
        rig.local[HIPS] = euler(s.pelvis);
    }

    /// Turns a pose into bones. `lift` is the hips' height against the bind pose.
    pub(crate) fn pose(&self, s: &Stance, feet: &[FootTarget; 2], lift: f32, face: &Face) -> Rig<'a> {
        let mut rig = Rig::new(self.bones);
        self.pelvis(&mut rig, s, lift);
        let share = |k: f32| [s.trunk[0] * k, s.trunk[1] * k, s.trunk[2] * k];
        rig.local[SPINE] = euler(share(0.45));
        rig.local[CHEST] = euler(share(0.55));
        rig.local[NECK] = euler([s.head[0] * 0.4, s.head[1] * 0.4, s.head[2] * 0.4]);
        rig.local[HEAD] = euler([s.head[0] * 0.6, s.head[1] * 0.6, s.head[2] * 0.6]);
        for (side, foot) in feet.iter().enumerate() {
            self.arm(&mut rig, side, &s.arms[side]);
            self.leg(&mut rig, side, s, foot);
        }
        eyes(&mut rig, face);
        rig
    }

    fn arm(&self, rig: &mut Rig<'_>, side: usize, a: &Arm) {
        let first = SHOULDERS[side];
        let sign = [1.0, -1.0][side];
        let rest = |k: usize| self.bones[first + k].rest;
        // Of raising an arm over 30 degrees, a third is the collar bone's.
        let swing = Quat::from_rotation_x(-a.flex) * Quat::from_rotation_z(sign * a.abd);
        let upper = swing * Vec3::NEG_Y;
        let raised = (0.42 * smoothstep(-0.9, 0.9, upper.y)).min(0.45);
        rig.local[first] = Quat::from_rotation_z(sign * (a.shrug + raised));
        let hinge = swing * Quat::from_rotation_y(-sign * a.inward) * Vec3::NEG_X;
        let bent = Quat::from_axis_angle(hinge, a.elbow);
        let fore = bent * upper;
        let chest = rig.joint(CHEST).turn;
        let (d1, d2) = ((rest(arm::LOWER) - rest(arm::UPPER)).normalize(), (rest(arm::HAND) - rest(arm::LOWER)).normalize());
        let rest_hinge = Vec3::new(-0.692 * sign, -0.722, 0.0) * sign;
        let turn_upper = turn_between(d1, rest_hinge, upper, hinge);
        let turn_fore = Quat::from_axis_angle(fore, sign * a.pronate * 0.5) * turn_between(d2, rest_hinge, fore, hinge);
        let wrist = Quat::from_axis_angle(turn_fore * (d2.cross(rest_hinge)).normalize_or_zero() * sign, -a.wrist);
        let turn_hand = wrist * Quat::from_axis_angle(fore, sign * a.pronate * 0.5) * turn_fore;
        rig.turn_to(first + arm::UPPER, chest * turn_upper);
        rig.turn_to(first + arm::LOWER, chest * turn_fore);
        rig.turn_to(first + arm::HAND, chest * turn_hand);
        self.fingers(rig, side, &a.fingers);
    }

    /// Fingers bend about the line across the palm, joint by joint, and spread about the palm's normal.
    pub(crate) fn fingers(&self, rig: &mut Rig<'_>, side: usize, hand: &Fingers) {
        let first = SHOULDERS[side];
        let turns = digits(self.bones, side, hand);
        rig.local[first + arm::FINGERS] = turns.fingers[0];
        rig.local[first + arm::TIPS] = turns.fingers[1];
        rig.local[first + arm::THUMB] = turns.thumb[0];
        rig.local[DIGITS[side] + 12] = turns.thumb[1];
        for (k, turn) in turns.digits.iter().flatten().enumerate() {
            rig.local[DIGITS[side] + k] = *turn;
        }
    }

    fn leg(&self, rig: &mut Rig<'_>, side: usize, s: &Stance, foot: &FootTarget) {
        let first = THIGHS[side];
        let sign = [1.0, -1.0][side];
        let rest = |k: usize| self.bones[first + k].rest;
        let (d1, d2) = (rest(leg::SHIN) - rest(0), rest(leg::FOOT) - rest(leg::SHIN));
        let hip = rig.joint(first).at;
        let pelvis = rig.joint(HIPS).turn;
        let l = &s.legs[side];
        let free_thigh = pelvis * Quat::from_rotation_x(-l.flex) * Quat::from_rotation_z(sign * l.abd);
        let free_ankle = hip + free_thigh * (Vec3::NEG_Y * d1.length() + Quat::from_rotation_x(l.knee) * Vec3::NEG_Y * d2.length());
        let mut trodden = FootTarget { at: foot.at + Vec3::from(l.shift), pitch: foot.pitch + l.pitch * (1.0 - s.free), ..*foot };
        let yaw = Quat::from_rotation_y(trodden.facing * 0.6 + sign * 0.06);
        let pole = (yaw * Vec3::Z).lerp(free_thigh * Vec3::Z, s.free);
        // Where the foot is ahead of the hip and not below it, forward no longer says on which side of the leg the knee is.
        let along = (self.ankle_of(side, &trodden).lerp(free_ankle, s.free) - hip).normalize_or(Vec3::NEG_Y);
        let ahead = smoothstep(-0.5, 0.1, along.y) * (1.0 - s.free);
        let pole = pole * (1.0 - 0.8 * ahead) + along.cross(pelvis * Vec3::X) * ahead;
        let bent = |trodden: &FootTarget| two_bone(hip, self.ankle_of(side, trodden).lerp(free_ankle, s.free), d1.length(), d2.length(), pole);
        let mut bend = bent(&trodden);
        // The heel comes up where the shin leans further over the foot than an ankle bends; of a foot in the air the toes go down.
        let stands = 1.0 - smoothstep(0.02, 0.09, trodden.at.y);
        let mut toes_down = 0.0;
        for _ in 0..3 {
            let along = Quat::from_rotation_y(trodden.facing) * Quat::from_rotation_x(toes_down - trodden.pitch) * Vec3::Z;
            let over = (ANKLE - along.angle_between(bend.mid - bend.end)).max(0.0);
            let over = over * over / (over + 0.15);
            trodden.pitch -= over * (1.0 - s.free) * stands;
            toes_down += over * (1.0 - s.free) * (1.0 - stands);
            bend = bent(&trodden);
        }
        let rest_hinge = Vec3::X;
        rig.turn_to(first, turn_between(d1, rest_hinge, bend.mid - hip, -bend.hinge));
        rig.turn_to(first + leg::SHIN, turn_between(d2, rest_hinge, bend.end - bend.mid, -bend.hinge));
        let flat = Quat::from_rotation_y(trodden.facing) * Quat::from_rotation_x(toes_down - trodden.pitch) * Quat::from_rotation_y(-sign * TOE_OUT);
        let hanging = rig.joint(first + leg::SHIN).turn * Quat::from_rotation_x(-l.pitch);
        // By way of the foot at rest on its shin: from flat to hanging straight there may be half a turn, which has no shortest way.
        let middle = rig.joint(first + leg::SHIN).turn * Quat::from_rotation_x(0.3);
        let foot = if s.free < 0.5 { flat.slerp(middle, s.free * 2.0) } else { middle.slerp(hanging, s.free * 2.0 - 1.0) };
        rig.turn_to(first + leg::FOOT, foot);
        // Toes stay flat while the heel is up, but not of a sole that is set against a wall.
        let toes = (-trodden.pitch).max(0.0) * (1.0 - s.free) * (1.0 - smoothstep(0.95, 1.15, -trodden.pitch));
        rig.local[first + leg::TOES] = Quat::from_axis_angle(Quat::from_rotation_y(sign * TOE_OUT) * Vec3::X, -toes * 0.85);
    }
}

/// The local turns of a hand's bones.
pub(crate) struct Digits {
    /// Three of each finger.
    pub(crate) digits: [[Quat; 3]; 4],
    /// The thumb's root and its last joint.
    pub(crate) thumb: [Quat; 2],
    /// All fingers together, for bodies without a bone for each.
    fingers: [Quat; 2],
}

/// A hand's shape as turns of its bones.
pub(crate) fn digits(bones: &[Bone], side: usize, hand: &Fingers) -> Digits {
    let first = SHOULDERS[side];
    let sign = [1.0, -1.0][side];
    let along = (bones[first + arm::TIPS].rest - bones[first + arm::HAND].rest).normalize();
    let palm = Vec3::new(-0.6889 * sign, -0.7236, -0.0330);
    let across = along.cross(palm).normalize();
    let bend = |angle: f32| Quat::from_axis_angle(across, angle);
    let finger = |f: usize| {
        // Fingers are modelled a little bent.
        let modelled = CURL * (1.0 + 0.12 * f as f32);
        let [knuckle, middle, last] = hand.bends[f];
        // A closed hand has its fingers side by side.
        let closed = ((knuckle * 0.5 + middle * 0.38) - CURL).clamp(0.0, 0.83) * 1.2;
        let together = [-0.10, -0.02, 0.05, 0.13][f] * closed;
        let fan = Quat::from_axis_angle(palm, sign * (hand.fan[f] + together));
        [fan * bend(knuckle.clamp(-0.5, 1.66) - 0.55 * modelled), bend(middle.clamp(-0.2, 1.92) - modelled), bend(last.clamp(-0.2, 1.4) - 0.7 * modelled)]
    };
    let mean = hand.bends.iter().map(|b| b[0] * 0.5 + b[1] * 0.38).sum::<f32>() * 0.25 - CURL;
    let [roll, out, root, tip] = hand.thumb;
    let thumb = Quat::from_axis_angle(along, sign * (roll - 0.10)) * Quat::from_axis_angle(palm, sign * out) * bend(root - 0.07);
    Digits {
        digits: std::array::from_fn(finger),
        thumb: [thumb, bend(tip - 0.11) * Quat::from_axis_angle(palm, sign * out.max(0.0) * 0.27)],
        fingers: [bend(mean * 1.25), bend(mean * 1.35)],
    }
}

/// Forward, left turn, left bend.
fn euler(angles: [f32; 3]) -> Quat {
    Quat::from_euler(EulerRot::YXZ, angles[1], angles[0], -angles[2])
}

/// Gaze turns the eyes; lids follow the gaze up and down, and shut for a blink.
fn eyes(rig: &mut Rig<'_>, face: &Face) {
    let [x, y] = face.gaze;
    for side in 0..2 {
        let sign = [1.0, -1.0][side];
        rig.local[EYES[side]] = Quat::from_rotation_y(x + sign * 0.03) * Quat::from_rotation_x(-y);
        let open = 1.0 - face.blink;
        let upper = (UPPER_TURN * face.blink + 0.06 * face.squint * open - y * 0.8 * open).clamp(-0.22, UPPER_TURN);
        let lower = (LOWER_TURN * face.blink + (0.12 * face.smile.max(0.0) + 0.52 * face.squint + y * 0.25) * open).clamp(-0.1, LOWER_TURN);
        // Lids slant with the brows: inwards down in anger, outwards down in grief.
        let slant = Quat::from_rotation_z(sign * -0.24 * face.worry.clamp(-1.0, 1.0) * open.clamp(0.0, 1.0));
        rig.local[UPPER_LIDS[side]] = slant * Quat::from_axis_angle(Quat::from_rotation_z(sign * -0.07) * Vec3::X, upper);
        rig.local[LOWER_LIDS[side]] = Quat::from_axis_angle(Quat::from_rotation_z(sign * 0.10) * Vec3::X, -lower);
    }
}
