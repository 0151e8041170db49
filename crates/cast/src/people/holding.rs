//! What hands hold: both hands go to an open book or a ball by inverse kinematics; cups and umbrellas stay upright.

use super::USUAL_RADIUS;
use super::body::{CHEST, DIGITS, HAND_ALONG, HEAD, HIPS, NECK, PALM, SHOULDERS, THIGHS, arm, leg};
use super::feel::{Feel, Felt};
use super::gear::{self, Foot, Placed, PutBetween};
use super::grasp;
use super::grips::{Fingers, Shape};
use super::keyed::{Between, From, Hand, Thing, ThingBetween};
use super::perform::{grip_of, mouth_of, own_grip, palm_of};
use super::playing::Holds;
use super::stance::{Poser, Stance};
use crate::ik::{turn_between, two_bone};
use crate::skeleton::Rig;
use crate::{Bone, Character};
use glam::{Quat, Vec3};
use kinora_base::maths::{atan2, pow, sin, smoothstep, wrap_angle};
use std::f32::consts::PI;
use std::sync::Arc;

/// Radius of a ball, and what lies between it and a palm, metres.
const BALL: f32 = 0.125;
/// How high a chest is, and how far down it comes when its owner kneels, against the whole body.
const CHEST_HEIGHT: f32 = 0.72;
const KNEELS: f32 = 0.25;

/// What is held at a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Hold {
    /// Nothing, or something small that goes as the hand goes.
    #[default]
    Loose,
    /// A pen: from the fingertips back over the hand.
    Pen,
    /// Something that must stay upright: a cup, an umbrella.
    Upright {
        /// How much it leans over the head, radians.
        lean: f32,
    },
    /// A ball between both hands.
    Ball {
        /// 1 both hands hold it, 0 it lies in the right palm.
        both: f32,
        /// Against its usual size.
        size: f32,
    },
    /// An open book in both hands: how much it is up, and how far a page is turned.
    Book {
        /// 0 hanging, 1 before the eyes.
        up: f32,
        /// 0..1 while the right hand turns a page.
        page: f32,
        /// Against its usual size.
        size: f32,
    },
}

/// Where the thing is and how it is turned, in model space: x to the figure's right hand, y out of it, for a book to the eyes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grip {
    pub(crate) at: Vec3,
    pub(crate) turn: Quat,
}

/// Puts the hands on the thing, and says where the thing is. `eyes` and `own` in model space: where the figure looks from, and
/// the grip of the right hand as it is.
pub(crate) fn hold(rig: &mut Rig<'_>, character: &Character, hold: Hold, (reach, kept): (&mut Reach, &mut Kept), eyes: Vec3) -> Grip {
    gear::place(rig, character, reach, false);
    gear::put_feet(rig, character, reach);
    let mut grip = hold_thing(rig, character, hold, reach, eyes);
    reach.own = Some(grip);
    if reach.thing.in_hand() && !matches!(hold, Hold::Ball { .. }) {
        grip.at += reach.against_palm(rig, character, On::Own);
        reach.own = Some(grip);
    }
    gear::place(rig, character, reach, true);
    close(rig, character, reach, kept);
    grip
}

/// How the hands of the frames before closed: what lies in a hand as it lay is held as it was.
pub(crate) type Kept = [Option<(Felt, Fingers, Fingers)>; 2];

/// Closes hands on what is in them.
fn close(rig: &mut Rig<'_>, character: &Character, reach: &Reach, kept: &mut Kept) {
    for (side, shoulder) in SHOULDERS.into_iter().enumerate() {
        let fingers = &reach.fingers[side];
        let joint = rig.joint(shoulder + arm::HAND);
        let Some(felt) = reach.felt(character, side, joint.at, joint.turn).filter(|_| fingers.hold > 0.01) else { continue };
        let before = kept[side].as_ref().filter(|(before, shape, _)| shape == fingers && before.lies_as(&felt)).map(|k| k.2);
        let closed = before.unwrap_or_else(|| grasp::Hand::new(&character.bones, side).closed(fingers, &felt));
        if before.is_none() {
            kept[side] = Some((felt, *fingers, closed));
        }
        Poser::new(&character.bones).fingers(rig, side, &fingers.towards(&closed, fingers.hold.clamp(0.0, 1.0)));
    }
}

fn hold_thing(rig: &mut Rig<'_>, character: &Character, hold: Hold, reach: &Reach, eyes: Vec3) -> Grip {
    let own = |rig: &Rig<'_>| own_grip(character, rig, &reach.fingers[1]);
    let placed = |rig: &Rig<'_>| thing(rig, character, reach, None);
    // What lies against the body comes first, and the hands go to it; what hangs from a hand comes last.
    let before = placed(rig).filter(|_| !reach.thing.in_hand());
    for side in 0..2 {
        let (hand, (aim, aimed, near)) = reach.before[side];
        if hand.weight > 0.0 && (hand.a.is_some() || hand.b.is_some()) {
            put(rig, character, &Reach { aim, aimed, near, ..reach.clone() }, (side, &hand), before);
        }
        put(rig, character, reach, (side, &reach.hands[side]), before);
    }
    if reach.grips[1].as_ref().is_some_and(|g| g.on == On::Own) && matches!(hold, Hold::Upright { .. } | Hold::Pen) {
        clear_belly(rig, character, 1.0 - reach.busy[1]);
    }
    let own_thing = reach.grips[1].as_ref().filter(|g| g.on == On::Own);
    let grip = held(rig, character, (hold, own_thing), eyes, own);
    match thing(rig, character, reach, Some(grip)) {
        Some(goal) => {
            let w = reach.thing.share() * reach.thing.weight;
            Grip { at: grip.at.lerp(goal.at, w), turn: grip.turn.slerp(goal.turn, w) }
        }
        None => grip,
    }
}

/// Hands that hold on to the world: flat on the ground, or round a rung.
pub(crate) fn hold_on(rig: &mut Rig<'_>, character: &Character, holds: &Holds) {
    for side in 0..2 {
        let sign = [1.0, -1.0][side];
        let (fingers, palm, elbow) = if holds.knees {
            (Vec3::new(-sign * 0.12, 0.0, 1.0), Vec3::NEG_Y, Vec3::new(sign * 0.8, 0.2, -1.0))
        } else {
            (Vec3::new(-sign * 0.25, 0.9, 0.35), Vec3::new(0.0, -0.25, 1.0), Vec3::new(sign, -0.9, -0.4))
        };
        reach_by(rig, &character.bones, side, (holds.hands[side], fingers.normalize(), palm.normalize()), elbow, holds.weight);
    }
}

/// What a hand holds.
#[derive(Clone, Debug)]
pub(crate) struct Gripped {
    pub(crate) feel: Arc<Feel>,
    /// Against its usual size.
    pub(crate) size: f32,
    pub(crate) on: On,
    /// The hand goes to it, and it does not hang from the hand.
    pub(crate) reached: bool,
    /// Its foot is at its place, and not its grip.
    pub(crate) stands: bool,
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    /// It is the thing of the plan.
    Own,
    /// A piece of gear.
    Gear(usize),
}

/// What keyed motions ask of the hands and of the thing in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    pub(crate) hands: [Between; 2],
    /// Where the motion before wants them, while that fades out, and what that aimed at: point, whether asked for, how near.
    pub(crate) before: [(Between, (Vec3, bool, f32)); 2],
    pub(crate) thing: ThingBetween,
    /// How much each hand is taken by them.
    pub(crate) busy: [f32; 2],
    /// What is aimed at, in model space.
    pub(crate) aim: Vec3,
    /// Whether that was asked for, and is not merely straight ahead.
    pub(crate) aimed: bool,
    /// How far the two are apart for whom the motion was made, metres; 0 = any way.
    pub(crate) near: f32,
    /// How far one's chest comes down by kneeling, metres in model space, and how much one kneels.
    pub(crate) kneels: (f32, f32),
    /// The pieces of the gear, in their order.
    pub(crate) gear: Vec<PutBetween>,
    /// Where they are, as far as that is known yet.
    pub(crate) placed: Vec<Option<Placed>>,
    /// Where feet are put: before, after, how far from the one to the other, and how much.
    pub(crate) feet: [(Option<Foot>, Option<Foot>, f32, f32); 2],
    /// How long legs are against the reference.
    pub(crate) leg: f32,
    /// Which act's gear it is, and how much of it shows.
    pub(crate) outfit: Option<(usize, f32)>,
    /// What each hand holds.
    pub(crate) grips: [Option<Gripped>; 2],
    /// The shapes of the hands.
    pub(crate) fingers: [Fingers; 2],
    /// Where the thing of the plan is, once that is known.
    pub(crate) own: Option<Grip>,
}

impl Reach {
    /// Between a tall and a small body, as high as told here in model space, the tall one kneels.
    pub(crate) fn kneel(&mut self, own: f32, weight: f32) {
        let other = self.aim.y / CHEST_HEIGHT;
        let (low, high) = (own.min(other), own.max(other));
        if low > 0.76 * high {
            return;
        }
        let down = KNEELS * high;
        if own > other { self.kneels = (down, weight) } else { self.aim.y -= down }
    }

    /// Gives the hands the shapes that the things in them ask for.
    pub(crate) fn grip(&mut self, stance: &mut Stance) {
        for side in 0..2 {
            let fingers = &mut stance.arms[side].fingers;
            if let Some(gripped) = &self.grips[side] {
                // What the plan has put into the hand stays in it, whatever the arm does.
                let own = if gripped.on == On::Own && self.thing.in_hand() { 1.0 } else { fingers.own.clamp(0.0, 1.0) };
                // Where a hand goes to is where its palm lies.
                let shape = if gripped.reached { Shape::Bar } else { gripped.feel.shape(gripped.size) };
                *fingers = fingers.towards(&shape.fingers(), own);
            }
            self.fingers[side] = *fingers;
        }
    }

    /// What a hand holds, in the space of a hand that is there.
    fn felt(&self, character: &Character, side: usize, at: Vec3, turn: Quat) -> Option<Felt> {
        let gripped = self.grips[side].as_ref()?;
        let (place, turned, size) = match gripped.on {
            On::Own => self.own.map(|g| (g.at, g.turn, Vec3::splat(1.0 / character.scale)))?,
            On::Gear(k) => self.placed.get(k).copied().flatten().map(|p| (p.at, p.turn, p.size * p.unit))?,
        };
        let back = turn.inverse();
        let origin = if gripped.stands { Vec3::ZERO } else { gripped.feel.grip };
        Some(Felt { feel: gripped.feel.clone(), at: back * (place - at), turn: back * turned, size: size * gripped.size, origin })
    }

    /// How far a thing that hangs from a hand is moved so that it lies against the palm.
    pub(crate) fn against_palm(&self, rig: &Rig<'_>, character: &Character, on: On) -> Vec3 {
        for (side, shoulder) in SHOULDERS.into_iter().enumerate() {
            let fingers = &self.fingers[side];
            // What is held by fingertips is where these are.
            if fingers.hold < 0.01 || fingers.by_tips() || self.grips[side].as_ref().is_none_or(|g| g.on != on) {
                continue;
            }
            let joint = rig.joint(shoulder + arm::HAND);
            let hand = grasp::Hand::new(&character.bones, side);
            if let Some(way) = self.felt(character, side, joint.at, joint.turn).and_then(|felt| hand.seat(fingers, &felt)) {
                return joint.turn * hand.palm * (-way * fingers.hold.min(1.0));
            }
        }
        Vec3::ZERO
    }
}

impl ThingBetween {
    fn in_hand(&self) -> bool {
        let hand = |t: Option<Thing>| t.is_none_or(|t| matches!(t.from, From::Left | From::Right));
        hand(self.a) && hand(self.b)
    }

    /// How much of it there is between a key with and one without.
    fn share(&self) -> f32 {
        (1.0 - self.t) * if self.a.is_some() { 1.0 } else { 0.0 } + self.t * if self.b.is_some() { 1.0 } else { 0.0 }
    }
}

/// A place of the body: origin, axes, and how large the body is there against the reference.
pub(crate) fn origin(rig: &Rig<'_>, character: &Character, reach: &Reach, from: From, side: usize, grip: Option<Grip>) -> (Vec3, Quat, Vec3) {
    let joint = |bone: usize| (rig.joint(bone).at, rig.joint(bone).turn);
    let arms = arm_length(&character.bones) / 0.459;
    let all = |(at, turn): (Vec3, Quat), size: f32| (at, turn, Vec3::splat(size));
    let turned_to = |at: Vec3| Quat::from_rotation_y(atan2(at.x, at.z));
    match from {
        From::Mouth => {
            let (at, size) = mouth_of(character, rig);
            all((at, rig.joint(HEAD).turn), size)
        }
        From::Chest => all(joint(CHEST), arms),
        From::Hips => all(joint(HIPS), arms),
        From::Ground => all((Vec3::ZERO, Quat::IDENTITY), arms),
        From::Aim => all((reach.aim, Quat::IDENTITY), arms),
        From::Meet => all(((joint(CHEST).0 + reach.aim) * 0.5, Quat::IDENTITY), arms),
        From::Grasp if reach.aimed => all((reach.aim, Quat::IDENTITY), arms),
        // Within a bent body's reach.
        From::Grasp => all((Vec3::Z * 0.42 * arms, Quat::IDENTITY), arms),
        From::Between => {
            let flat = Vec3::new(reach.aim.x, 0.0, reach.aim.z);
            // Between two adults a metre is a metre; between an adult and a child what is far is nearer (see `sized`).
            let wide = if reach.near > 0.0 { flat.length() / reach.near } else { 1.0 / character.scale };
            (flat * 0.5, turned_to(flat), Vec3::new(wide, between(character, reach, 0.0), wide))
        }
        From::Thing => grip.map_or((reach.aim, Quat::IDENTITY, Vec3::ONE), |g| all((g.at, g.turn), 1.0 / character.scale)),
        From::Gear(k) => match reach.placed.get(k).copied().flatten() {
            Some(p) => all((p.at, p.turn), p.unit),
            None => all(joint(CHEST), arms),
        },
        From::Left => all((palm_of(character, rig, 0), joint(CHEST).1), arms),
        From::Right => all((palm_of(character, rig, 1), joint(CHEST).1), arms),
        From::LeftGrip | From::RightGrip => {
            let side = usize::from(from == From::RightGrip);
            let g = grip_of(character, rig, side, &reach.fingers[side]);
            all((g.at, g.turn), arms)
        }
        From::Knee => all((joint(THIGHS[side] + leg::SHIN).0, joint(HIPS).1), arms),
        From::LeftFoot | From::RightFoot => {
            let foot = THIGHS[usize::from(from == From::RightFoot)] + leg::FOOT;
            let ankle = character.bones[foot].rest;
            let out = super::body::TOE_OUT * if from == From::LeftFoot { 1.0 } else { -1.0 };
            all((rig.carried(foot, ankle * Vec3::new(1.0, 0.0, 1.0)), joint(foot).1 * Quat::from_rotation_y(out)), reach.leg)
        }
    }
}

/// What a metre upwards is between two bodies, against two adults: what is with one of them goes by their height, what is
/// half-way is where the shorter one reaches it. `z` metres towards the other.
fn between(character: &Character, reach: &Reach, z: f32) -> f32 {
    let (own, other) = (character.height / character.scale, reach.aim.y / CHEST_HEIGHT);
    let (low, high) = (own.min(other), own.max(other));
    let over = if reach.near > 0.0 { (0.5 + z / reach.near).clamp(0.0, 1.0) } else { 0.5 };
    let to_high = if own >= other { 1.0 - over } else { over };
    // A child's short arms reach less high than half-way to an adult asks.
    let short = 0.24 * to_high * (1.0 - to_high) * ((high - low) / (0.4 * high)).min(1.0);
    (low * (1.0 - short) + (high - low) * pow(to_high, 4.0)) / 1.75
}

/// A place of a motion's file in the metres of a body, or of two.
pub(crate) fn sized(character: &Character, reach: &Reach, from: From, at: Vec3, size: Vec3) -> Vec3 {
    if from == From::Between { Vec3::new(at.x * size.x, at.y * between(character, reach, at.z), at.z * size.z) } else { at * size }
}

/// How far down one must go for hands that meet somebody smaller, metres in model space, by how much of it an arm bridges.
pub(crate) fn stoop(character: &Character, reach: &Reach) -> f32 {
    let own = character.height / character.scale;
    let down = |hand: &Option<Hand>| {
        let lower = hand.map_or(0.0, |h| match h.from {
            From::Between => h.at[1] * (own / 1.75 - between(character, reach, h.at[2])),
            From::Meet => CHEST_HEIGHT * own - reach.kneels.0 - reach.aim.y,
            _ => 0.0,
        });
        (lower - 0.12 * own / 1.75).max(0.0)
    };
    let one = |h: &Between| (down(&h.a) * (1.0 - h.t) + down(&h.b) * h.t) * h.weight;
    if reach.aimed { reach.hands.iter().map(one).fold(0.0, f32::max) } else { 0.0 }
}

/// Brought before the belly of a stout body, if it is measured from the trunk: motions are made on a slim one.
pub(crate) fn before_belly(rig: &Rig<'_>, character: &Character, from: From, at: Vec3) -> Vec3 {
    let girth = girth(character);
    if !matches!(from, From::Chest | From::Hips) || girth <= 0.0 {
        return at;
    }
    let (hips, chest) = (rig.joint(HIPS).at, rig.joint(CHEST));
    let (spine, forward) = (chest.at - hips, chest.turn * Vec3::Z);
    let d = at - hips;
    let high = d.dot(spine) / spine.length_squared().max(1e-6);
    let (before, aside) = (d.dot(forward) / character.scale, d.dot(chest.turn * Vec3::X).abs() / character.scale);
    // As `Figure::body` makes it: the belly is widest a little over the hips. What hangs at the side, or is further away than it, stays there.
    let share = smoothstep(-0.9, -0.1, high)
        * smoothstep(2.0, 0.9, high)
        * smoothstep(0.42, 0.12, aside)
        * smoothstep(0.02, 0.24, before)
        * smoothstep(0.56, 0.26, before);
    at + forward * (share * belly(character))
}

/// How far the belly of a stout body stands out before a slim one, metres in model space.
fn belly(character: &Character) -> f32 {
    let girth = girth(character).max(0.0);
    character.scale * (0.11 * (girth * 4.2).min(1.25) + 0.08 * girth)
}

/// How much stouter a body is than the motions leave room for; up to 0 it is slim.
pub(crate) fn girth(character: &Character) -> f32 {
    character.radius / (USUAL_RADIUS * character.scale) - 1.05
}

/// As [`before_belly`], for a thing of some size: as far as that part of it asks which is before the widest of the belly. `within` is the box
/// that the thing fills about `at`, along its own axes.
pub(crate) fn all_before_belly(rig: &Rig<'_>, character: &Character, from: From, (at, turn): (Vec3, Quat), within: Option<(Vec3, Vec3)>) -> Vec3 {
    let moved = |p: Vec3| before_belly(rig, character, from, p) - p;
    // What goes round the body, or hangs behind it, is not before it: a hoop, a cape.
    let ahead = (at - rig.joint(HIPS).at).dot(rig.joint(CHEST).turn * Vec3::Z) > 0.015 * character.scale;
    let Some((low, high)) = within.filter(|_| ahead && girth(character) > 0.0) else { return at + moved(at) };
    let share = |k: usize| Vec3::new((k % 3) as f32, (k / 3 % 3) as f32, (k / 9) as f32) * 0.5;
    let inside = (0..27).map(|k| at + turn * (low + (high - low) * share(k)));
    let most = inside.chain([at]).map(moved).fold(Vec3::ZERO, |most, m| if m.length_squared() > most.length_squared() { m } else { most });
    // What lies on the belly with more than half of its depth is as far out as the belly is.
    at + most.normalize_or_zero() * (belly(character) * smoothstep(0.0, 0.6, most.length() / belly(character).max(1e-4)))
}

/// Brings what the right hand holds before the belly of a stout body.
fn clear_belly(rig: &mut Rig<'_>, character: &Character, weight: f32) {
    let joint = rig.joint(SHOULDERS[1] + arm::HAND);
    let hand = grasp::Hand::new(&character.bones, 1);
    let (along, palm) = (joint.turn * hand.place([1.0, 0.0, 0.0]).normalize_or(Vec3::Z), joint.turn * hand.palm);
    // The thing reaches further in than the palm does.
    let inside = palm_of(character, rig, 1) + palm * (0.05 * hand.size);
    let moved = before_belly(rig, character, From::Chest, inside) - inside;
    if moved.length() > 0.004 && weight > 0.0 {
        let size = character.bones[SHOULDERS[1] + arm::HAND].rest.distance(character.bones[SHOULDERS[1] + arm::FINGERS].rest);
        reach_for(rig, &character.bones, 1, joint.at + along * (0.75 * size) + moved, along, palm, weight);
    }
}

/// Where keyed motions put the thing.
fn thing(rig: &Rig<'_>, character: &Character, reach: &Reach, grip: Option<Grip>) -> Option<Grip> {
    let one = |thing: Thing| {
        let (at, turn, size) = match (thing.from, grip) {
            (From::Right, Some(g)) => (g.at, Quat::IDENTITY, 1.0),
            _ => {
                let (at, turn, size) = origin(rig, character, reach, thing.from, 0, grip);
                (at, turn, size.x)
            }
        };
        let y = Vec3::from(thing.up).normalize_or(Vec3::Y);
        let z = Vec3::from(thing.front);
        let z = (z - y * z.dot(y)).normalize_or(y.any_orthonormal_vector());
        let at = at + turn * sized(character, reach, thing.from, Vec3::from(thing.at), Vec3::splat(size));
        let turn = turn * Quat::from_mat3(&glam::Mat3::from_cols(y.cross(z), y, z)).normalize();
        let gripped = reach.grips[1].as_ref().filter(|g| g.on == On::Own);
        let within = gripped.map(|g| {
            let (low, high) = g.feel.about_grip();
            (low * (g.size / character.scale), high * (g.size / character.scale))
        });
        Grip { at: all_before_belly(rig, character, thing.from, (at, turn), within), turn }
    };
    match (reach.thing.a.map(one), reach.thing.b.map(one)) {
        (Some(a), Some(b)) => Some(Grip { at: a.at.lerp(b.at, reach.thing.t), turn: a.turn.slerp(b.turn, reach.thing.t) }),
        (a, b) => a.or(b),
    }
}

/// Puts a hand where keyed motions want it.
fn put(rig: &mut Rig<'_>, character: &Character, reach: &Reach, (side, hand): (usize, &Between), grip: Option<Grip>) {
    let sign = [1.0, -1.0][side];
    let one = |goal: Hand| {
        let (at, turn, size) = origin(rig, character, reach, goal.from, side, grip);
        let out = if matches!(goal.from, From::Thing | From::Gear(_)) { 1.0 } else { sign };
        let mirrored = |v: Vec3| Vec3::new(v.x * out, v.y, v.z);
        let [more, fingers, palm] = hand.waved;
        let elbow = Vec3::from(goal.elbow);
        (
            before_belly(rig, character, goal.from, at + turn * sized(character, reach, goal.from, mirrored(Vec3::from(goal.at) + more), size)),
            turn * mirrored(Vec3::from(goal.fingers) + fingers),
            turn * mirrored(Vec3::from(goal.palm) + palm),
            rig.joint(CHEST).turn * Vec3::new(elbow.x * sign, elbow.y, elbow.z),
            goal.strict,
        )
    };
    let goal = match (hand.a.map(one), hand.b.map(one)) {
        (Some(a), Some(b)) => {
            // A hand turns from key to key the short way round, and never through itself.
            let t = hand.t;
            let turned = frame(a.1, a.2).slerp(frame(b.1, b.2), t);
            (a.0.lerp(b.0, t), turned * Vec3::X, turned * Vec3::Z, a.3.lerp(b.3, t), a.4 + (b.4 - a.4) * t)
        }
        (Some(a), None) => (a.0, a.1, a.2, a.3, a.4 * (1.0 - hand.t)),
        (None, Some(b)) => (b.0, b.1, b.2, b.3, b.4 * hand.t),
        (None, None) => return,
    };
    let weight = goal.4 * hand.weight;
    if weight > 0.0 {
        let (fingers, faces) = (goal.1.normalize_or(Vec3::Z), goal.2.normalize_or(Vec3::X));
        let palm = goal.0 + seated(character, reach, side, (goal.0, fingers, faces));
        reach_by(rig, &character.bones, side, (palm, fingers, faces), goal.3, weight);
    }
}

/// How far a hand that goes to a piece of gear stays before it, or comes nearer, so that the palm lies against it.
fn seated(character: &Character, reach: &Reach, side: usize, (palm, along, faces): (Vec3, Vec3, Vec3)) -> Vec3 {
    let hold = reach.fingers[side].hold.clamp(0.0, 1.0);
    if hold < 0.01 || reach.fingers[side].by_tips() || reach.grips[side].as_ref().is_none_or(|g| matches!(g.on, On::Gear(k) if reach.gear[k].in_hand())) {
        return Vec3::ZERO;
    }
    let (wrist, turn) = wrist_of(&character.bones, side, (palm, along, faces));
    let hand = grasp::Hand::new(&character.bones, side);
    let way = reach.felt(character, side, wrist, turn).and_then(|felt| hand.seat(&reach.fingers[side], &felt));
    way.map_or(Vec3::ZERO, |way| turn * hand.palm * (way * hold))
}

/// Where the wrist is of a hand whose palm is somewhere, and how the hand is turned.
fn wrist_of(bones: &[Bone], side: usize, (palm, fingers, faces): (Vec3, Vec3, Vec3)) -> (Vec3, Quat) {
    let mirrored = |v: Vec3| Vec3::new(v.x * [1.0, -1.0][side], v.y, v.z);
    let first = SHOULDERS[side];
    let size = bones[first + arm::HAND].rest.distance(bones[first + arm::FINGERS].rest).max(0.02);
    // The middle of the palm lies before the wrist by most of the hand's length.
    (palm - fingers * size * 0.75, turn_between(mirrored(HAND_ALONG), mirrored(PALM), fingers, faces))
}

/// How a hand is turned: x along the fingers, z out of the palm.
fn frame(fingers: Vec3, palm: Vec3) -> Quat {
    let x = fingers.normalize_or(Vec3::Z);
    let z = (palm - x * palm.dot(x)).normalize_or(x.any_orthonormal_vector());
    Quat::from_mat3(&glam::Mat3::from_cols(x, z.cross(x), z)).normalize()
}

fn held(rig: &mut Rig<'_>, character: &Character, (hold, thing): (Hold, Option<&Gripped>), eyes: Vec3, own: impl Fn(&Rig<'_>) -> Grip) -> Grip {
    match hold {
        Hold::Loose => own(rig),
        Hold::Pen => {
            let grip = own(rig);
            let web = rig.joint(DIGITS[1]).at.lerp(rig.joint(SHOULDERS[1] + arm::THUMB).at, 0.3);
            let back = (web - grip.at).normalize_or(Vec3::Y);
            Grip { turn: Quat::from_rotation_arc((grip.turn * Vec3::Y).normalize(), back) * grip.turn, ..grip }
        }
        Hold::Upright { lean } => {
            let grip = own(rig);
            let up = Vec3::new(sin(lean), 1.0, 0.0).normalize();
            // Its front to the front, but a cup by its handle has the cup on the palm's side.
            let forward = rig.joint(CHEST).turn * Vec3::Z;
            let across = rig.joint(CHEST).turn * Vec3::X;
            // A handle that something hangs from runs the way the hand does.
            let front = match thing {
                Some(thing) if thing.feel.shape(thing.size) == Shape::Hook => {
                    if thing.feel.along_x {
                        across
                    } else {
                        forward
                    }
                }
                Some(thing) => thing.feel.aside.map_or(forward, |way| Quat::from_axis_angle(up, -way) * across),
                None => forward,
            };
            let z = (front - up * front.dot(up)).normalize_or(Vec3::Z);
            Grip { turn: Quat::from_mat3(&glam::Mat3::from_cols(up.cross(z), up, z)).normalize(), ..grip }
        }
        Hold::Ball { both, size } => {
            let chest = rig.joint(CHEST);
            let reach = arm_length(&character.bones);
            let centre = chest.at + chest.turn * Vec3::new(0.0, -0.36 * reach, 0.62 * reach);
            let radius = BALL * size / character.scale;
            for side in 0..2 {
                let out = Vec3::X * [1.0, -1.0][side];
                reach_for(rig, &character.bones, side, centre + out * radius - Vec3::Y * radius * 0.2, (Vec3::Z - out * 0.15).normalize(), -out, both);
            }
            let palm = own(rig);
            let (middle, share) = if both < 1.0 { between_palms(rig, character, radius) } else { (centre, 0.0) };
            let alone = palm.at + palm.turn * Vec3::Z * radius;
            Grip { at: alone.lerp(middle, share).lerp(centre, both), turn: Quat::IDENTITY }
        }
        Hold::Book { up, page, size } => {
            let book = book_before(rig, character, eyes);
            look_at(rig, eyes, book.at, up);
            let grip = own(rig);
            let s = size / character.scale;
            let axis = |v: Vec3| book.turn * v;
            for side in 0..2 {
                let out = [-1.0, 1.0][side];
                // Fingers lie under the covers, thumbs come round their edges.
                let turning = if side == 1 { sin(PI * page) } else { 0.0 };
                let palm = book.at + axis(Vec3::new(out * (0.125 - 0.11 * turning), -0.004 + 0.09 * turning + 0.024, 0.03)) * s;
                let fingers = axis(Vec3::new(-out * 0.62, 0.08, -0.78)).normalize();
                let faces = axis(Vec3::new(-out * 0.25, 1.0 - 1.6 * turning, 0.0)).normalize();
                reach_for(rig, &character.bones, side, palm - axis(Vec3::Y) * 0.030 * s * (1.0 - turning), fingers, faces, up);
            }
            Grip { at: grip.at.lerp(book.at, up), turn: grip.turn.slerp(book.turn, up) }
        }
    }
}

/// Puts two palms that face each other onto the ball between them: children's arms are shorter than motions' hands are apart.
/// Where the ball is then, and how much so.
fn between_palms(rig: &mut Rig<'_>, character: &Character, radius: f32) -> (Vec3, f32) {
    let hands = [0, 1].map(|side| grasp::Hand::new(&character.bones, side));
    let turns = SHOULDERS.map(|shoulder| rig.joint(shoulder + arm::HAND).turn);
    let palms = [0, 1].map(|side| palm_of(character, rig, side));
    let facing = -(turns[0] * hands[0].palm).dot(turns[1] * hands[1].palm);
    let share = smoothstep(0.4, 0.8, facing) * smoothstep(3.2, 2.6, palms[0].distance(palms[1]) / radius);
    let centre = (palms[0] + palms[1]) * 0.5;
    for side in (0..2).filter(|_| share > 0.0) {
        let out = (palms[side] - centre).normalize_or(Vec3::X * [1.0, -1.0][side]);
        let along = turns[side] * hands[side].place([1.0, 0.0, 0.0]);
        let fingers = (along - out * along.dot(out)).normalize_or(Vec3::Z);
        // The inner side of a palm lies before the middle of the hand.
        reach_for(rig, &character.bones, side, centre + out * (radius + 0.026 * hands[side].size), fingers, -out, share);
    }
    (centre, share)
}

/// How far the eyes look below the face's own direction while reading, radians.
const LOWERED: f32 = 0.34;

/// Bows the head until lowered eyes see the book.
fn look_at(rig: &mut Rig<'_>, eyes: Vec3, book: Vec3, up: f32) {
    let down = |d: Vec3| atan2(-d.y, d.reject_from(Vec3::Y).length());
    let wanted = down(book - eyes) - LOWERED;
    let more = (wanted - down(rig.joint(HEAD).turn * Vec3::Z)).clamp(-0.3, 0.65) * up;
    rig.local[NECK] *= Quat::from_rotation_x(more * 0.4);
    rig.local[HEAD] *= Quat::from_rotation_x(more * 0.6);
}

fn arm_length(bones: &[Bone]) -> f32 {
    let [a, b, c] = [arm::UPPER, arm::LOWER, arm::HAND].map(|k| bones[SHOULDERS[0] + k].rest);
    a.distance(b) + b.distance(c)
}

/// An open book before the chest, its pages to the eyes.
fn book_before(rig: &Rig<'_>, character: &Character, eyes: Vec3) -> Grip {
    let chest = rig.joint(CHEST);
    let reach = arm_length(&character.bones);
    let forward = ((chest.turn * Vec3::Z) * Vec3::new(1.0, 0.0, 1.0)).normalize_or(Vec3::Z);
    let mut at = chest.at + forward * 0.86 * reach + Vec3::Y * 0.10 * reach;
    // Children's large heads bow over short arms: the book goes down until it can be read.
    for _ in 0..3 {
        let near = (0.33 / character.scale - eyes.distance(at)).max(0.0);
        at -= Vec3::Y * 0.9 * near;
    }
    // Half-way between square to the eyes and flat, as books are held.
    let y = ((eyes - at).normalize_or(Vec3::Y) + Vec3::Y * 0.35 - forward * 0.25).normalize();
    let x = -Vec3::Y.cross(forward).normalize_or(Vec3::X);
    let z = x.cross(y).normalize();
    let x = y.cross(z);
    Grip { at, turn: Quat::from_mat3(&glam::Mat3::from_cols(x, y, z)).normalize() }
}

/// Bends an arm so that the palm is at a point, its fingers and its inner side turned as asked.
fn reach_for(rig: &mut Rig<'_>, bones: &[Bone], side: usize, palm: Vec3, fingers: Vec3, faces: Vec3, weight: f32) {
    let sign = [1.0, -1.0][side];
    let pole = rig.joint(CHEST).turn * Vec3::new(sign * 0.75, -1.0, -0.25);
    reach_by(rig, bones, side, (palm, fingers, faces), pole, weight);
}

/// As [`reach_for`], the elbow towards a pole.
pub(crate) fn reach_by(rig: &mut Rig<'_>, bones: &[Bone], side: usize, (palm, fingers, faces): (Vec3, Vec3, Vec3), pole: Vec3, weight: f32) {
    let first = SHOULDERS[side];
    let sign = [1.0, -1.0][side];
    let rest = |k: usize| bones[first + k].rest;
    let (d1, d2) = (rest(arm::LOWER) - rest(arm::UPPER), rest(arm::HAND) - rest(arm::LOWER));
    let before = [arm::UPPER, arm::LOWER, arm::HAND].map(|k| rig.local[first + k]);
    let reached = |wrist: Vec3| two_bone(rig.joint(first + arm::UPPER).at, wrist, d1.length(), d2.length(), pole);
    let (mut wrist, mut hand) = wrist_of(bones, side, (palm, fingers, faces));
    let mut bend = reached(wrist);
    // A hand that is asked to bend further than a wrist does turns towards its forearm, about the palm, which stays where it is.
    for _ in 0..3 {
        let turn = eased_wrist(fingers, bend.end - bend.mid);
        (wrist, hand) = wrist_of(bones, side, (palm, turn * fingers, turn * faces));
        bend = reached(wrist);
    }
    let (upper, fore) = (bend.mid - rig.joint(first + arm::UPPER).at, (bend.end - bend.mid).normalize());
    let hinge = upper.cross(fore).normalize_or(Vec3::NEG_X);
    let rest_hinge = Vec3::new(-0.692 * sign, -0.722, 0.0) * sign;
    let turn_fore = turn_between(d2, rest_hinge, fore, hinge);
    // The forearm takes half of the hand's twist.
    let twist = hand * turn_fore.inverse();
    let angle = wrap_angle(2.0 * atan2(twist.xyz().dot(fore), twist.w));
    // Half a turn one way is half a turn the other way: there the forearm takes nothing of it, so that it does not flip.
    let angle = angle * (1.0 - smoothstep(2.2, PI, angle.abs()));
    rig.turn_to(first + arm::UPPER, turn_between(d1, rest_hinge, upper, hinge));
    rig.turn_to(first + arm::LOWER, Quat::from_axis_angle(fore, angle * 0.5) * turn_fore);
    rig.turn_to(first + arm::HAND, hand);
    for (k, was) in [arm::UPPER, arm::LOWER, arm::HAND].into_iter().zip(before) {
        rig.local[first + k] = was.slerp(rig.local[first + k], weight);
    }
}

/// How far a wrist bends freely, and what it never comes to, radians.
const WRIST: (f32, f32) = (1.25, 1.70);

/// The turn that brings fingers nearer to the direction of their forearm, as far as the wrist asks for it.
fn eased_wrist(fingers: Vec3, fore: Vec3) -> Quat {
    let angle = fingers.angle_between(fore);
    let over = (angle - WRIST.0).max(0.0) / (WRIST.1 - WRIST.0);
    let eased = WRIST.0 + (WRIST.1 - WRIST.0) * over / (1.0 + over);
    if over <= 0.0 { Quat::IDENTITY } else { Quat::from_axis_angle(fingers.cross(fore).normalize_or(fingers.any_orthonormal_vector()), angle - eased) }
}
