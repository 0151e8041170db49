//! Gear: the things that a motion brings along. A broom, a piano with its stool, a bicycle with its cranks: each piece is put
//! somewhere on the body or on the ground, moves with the keys and waves of the motion, and hands and feet go to it.

use super::body::{HIPS, THIGHS, leg};
use super::holding::{On, Reach, all_before_belly, origin, sized};
use super::keyed::From;
use crate::Character;
use crate::ik::{turn_between, two_bone};
use crate::skeleton::Rig;
use glam::{EulerRot, Quat, Vec3};
use kinora_base::maths::smoothstep;
use serde::{Deserialize, Deserializer, de::Error as _};

/// One piece.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Gear {
    /// Entry of `props`, or of `vehicles`.
    pub(crate) thing: String,
    /// It is what the motion is done with: a thing of the plan in the same hands takes its place, with its own colour.
    pub(crate) main: bool,
    /// It is put with its foot at its place, and not with its grip.
    pub(crate) stands: bool,
    /// Only hands and feet know of it; it is not drawn. What two hold is drawn once.
    pub(crate) hidden: bool,
    /// It stands in for what is worked on: it is not there if the act has an aim. Who washes a car has no tub.
    pub(crate) alone: bool,
    /// Where it usually is.
    pub(crate) put: Put,
    /// It turns about its own x as the body travels: metres of way for a radian, a wheel's radius. 0 = it does not.
    pub(crate) rolls: f32,
    /// Turns a second about its own axes.
    pub(crate) spins: [f32; 3],
}

/// Gear and feet are placed before the thing in the hands is, so they cannot be measured from it.
fn before_the_thing<'de, D: Deserializer<'de>>(file: D) -> Result<From, D::Error> {
    match From::deserialize(file)? {
        From::Thing => Err(D::Error::custom(
            "gear and feet cannot be `from: Thing`: they are placed before what the hands hold; list the thing under `gear` and say `from: Gear(its number)`, or hang the piece `from: RightGrip`",
        )),
        from => Ok(from),
    }
}

/// Where a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Put {
    /// What it is measured from.
    #[serde(deserialize_with = "before_the_thing")]
    pub(crate) from: From,
    /// Metres on the reference adult, x to the figure's left.
    pub(crate) at: [f32; 3],
    /// Where its y points.
    pub(crate) up: [f32; 3],
    /// Where its z points.
    pub(crate) front: [f32; 3],
    /// Turned about its own x, y and z after that, radians.
    pub(crate) turn: [f32; 3],
    /// Its size along its own axes, 1 = as its file has it, 0 = not there.
    pub(crate) size: [f32; 3],
    /// How high it flies on the way to this key, metres.
    pub(crate) arc: f32,
}

impl Default for Put {
    fn default() -> Self {
        Self { from: From::Ground, at: [0.0; 3], up: [0.0, 1.0, 0.0], front: [0.0, 0.0, 1.0], turn: [0.0; 3], size: [1.0; 3], arc: 0.0 }
    }
}

/// Where a foot is put: the middle of its sole.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Foot {
    /// What it is measured from.
    #[serde(deserialize_with = "before_the_thing")]
    pub(crate) from: From,
    /// Metres on the reference adult, x outwards to the foot's own side, but from a piece of gear.
    pub(crate) at: [f32; 3],
    /// Toes up, radians.
    pub(crate) pitch: f32,
    /// Toes outwards, radians.
    pub(crate) out: f32,
    /// Where the knee goes: x outwards.
    pub(crate) knee: [f32; 3],
    /// How strictly: the rest is the leg's pose.
    pub(crate) strict: f32,
}

impl Default for Foot {
    fn default() -> Self {
        Self { from: From::Ground, at: [0.0; 3], pitch: 0.0, out: 0.1, knee: [0.12, 0.25, 1.0], strict: 1.0 }
    }
}

/// A piece between two keys.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PutBetween {
    pub(crate) a: Put,
    pub(crate) b: Put,
    pub(crate) t: f32,
    /// What waves and wheels add: metres, radians and sizes along its own axes.
    pub(crate) moved: Vec3,
    pub(crate) turned: Vec3,
    pub(crate) grown: Vec3,
    /// The box that it fills about where it is put, along its own axes, metres of its file; only asked for before a stout belly.
    pub(crate) within: Option<(Vec3, Vec3)>,
}

impl PutBetween {
    /// Adds a wave: what it does not say is not changed.
    pub(crate) fn wave(&mut self, put: &Put, strength: f32) {
        self.moved += Vec3::from(put.at) * strength;
        self.turned += Vec3::from(put.turn) * strength;
        self.grown += (Vec3::from(put.size) - Vec3::ONE) * strength;
    }

    /// Whether it hangs from a hand or a foot, and so comes after them.
    pub(crate) fn in_hand(&self) -> bool {
        let hand = |p: &Put| matches!(p.from, From::Left | From::Right | From::LeftGrip | From::RightGrip | From::LeftFoot | From::RightFoot);
        hand(&self.a) || hand(&self.b)
    }

    /// Whether it is thrown from one key to the next.
    pub(crate) fn flies(&self) -> bool {
        self.b.arc > 0.0 && !self.in_hand()
    }

    /// The piece that it is fixed to, if any.
    fn on(&self) -> impl Iterator<Item = usize> {
        [self.a.from, self.b.from].into_iter().filter_map(|f| if let From::Gear(k) = f { Some(k) } else { None })
    }
}

/// A piece where it is, in model space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) at: Vec3,
    pub(crate) turn: Quat,
    /// What one metre of its file is here.
    pub(crate) unit: f32,
    /// And along its own axes.
    pub(crate) size: Vec3,
}

/// Places the pieces that do not hang from a hand (or those that do, once the hands are where they go).
pub(crate) fn place(rig: &Rig<'_>, character: &Character, reach: &mut Reach, hands: bool) {
    let late = |reach: &Reach, k: usize| {
        let mut piece = &reach.gear[k];
        // What stands on what hangs from a hand hangs there too.
        for _ in 0..4 {
            if piece.in_hand() {
                return true;
            }
            match piece.on().next().and_then(|j| reach.gear.get(j)) {
                Some(next) => piece = next,
                None => return false,
            }
        }
        false
    };
    for k in 0..reach.gear.len() {
        if late(reach, k) == hands {
            let mut placed = one(rig, character, reach, reach.gear[k]);
            reach.placed[k] = Some(placed);
            if hands && reach.gear[k].in_hand() {
                placed.at += reach.against_palm(rig, character, On::Gear(k));
                reach.placed[k] = Some(placed);
            }
        }
    }
}

fn one(rig: &Rig<'_>, character: &Character, reach: &Reach, piece: PutBetween) -> Placed {
    let single = |put: Put| {
        let (at, turn, size) = origin(rig, character, reach, put.from, 0, None);
        let size = if put.from == From::Ground { Vec3::splat(reach.leg) } else { size };
        let y = Vec3::from(put.up).normalize_or(Vec3::Y);
        let z = Vec3::from(put.front);
        let z = (z - y * z.dot(y)).normalize_or(y.any_orthonormal_vector());
        let own = Quat::from_mat3(&glam::Mat3::from_cols(y.cross(z), y, z)).normalize();
        let at = at + turn * sized(character, reach, put.from, Vec3::from(put.at), size);
        let unit = Vec3::from(put.size) * size.x.min(size.z);
        let within = piece.within.map(|(low, high)| (low * unit, high * unit));
        let at = all_before_belly(rig, character, put.from, (at, turn * own * euler(Vec3::from(put.turn))), within);
        (at, turn * own, size.x.min(size.z), Vec3::from(put.turn), Vec3::from(put.size))
    };
    let (a, b) = (single(piece.a), single(piece.b));
    // What is taken into a hand is there at once.
    let taken = piece.a.from != piece.b.from && matches!(piece.b.from, From::Left | From::Right | From::LeftGrip | From::RightGrip);
    let t = if taken { smoothstep(0.0, 0.2, piece.t) } else { piece.t };
    let turn = a.1.slerp(b.1, t) * euler(a.3.lerp(b.3, t) + piece.turned);
    let unit = a.2 + (b.2 - a.2) * t;
    let fly = Vec3::Y * (4.0 * piece.b.arc * t * (1.0 - t) * unit);
    Placed { at: a.0.lerp(b.0, t) + turn * piece.moved * unit + fly, turn, unit, size: (a.4.lerp(b.4, t) + piece.grown).max(Vec3::ZERO) }
}

fn euler(v: Vec3) -> Quat {
    Quat::from_euler(EulerRot::YXZ, v.y, v.x, v.z)
}

/// Puts feet where the keys want them.
pub(crate) fn put_feet(rig: &mut Rig<'_>, character: &Character, reach: &Reach) {
    for side in 0..2 {
        let (a, b, t, weight) = reach.feet[side];
        let sign = [1.0, -1.0][side];
        let one = |foot: Foot| {
            let (at, turn, size) = origin(rig, character, reach, foot.from, side, None);
            let size = if foot.from == From::Ground { Vec3::splat(reach.leg) } else { size };
            let out = if matches!(foot.from, From::Gear(_)) { 1.0 } else { sign };
            let place = Vec3::new(foot.at[0] * out, foot.at[1], foot.at[2]);
            (
                at + turn * sized(character, reach, foot.from, place, size),
                foot.pitch,
                foot.out * sign,
                Vec3::new(foot.knee[0] * sign, foot.knee[1], foot.knee[2]),
                foot.strict,
            )
        };
        let goal = match (a.map(one), b.map(one)) {
            (Some(a), Some(b)) => (a.0.lerp(b.0, t), a.1 + (b.1 - a.1) * t, a.2 + (b.2 - a.2) * t, a.3.lerp(b.3, t), a.4 + (b.4 - a.4) * t),
            (Some(a), None) => (a.0, a.1, a.2, a.3, a.4 * (1.0 - t)),
            (None, Some(b)) => (b.0, b.1, b.2, b.3, b.4 * t),
            (None, None) => continue,
        };
        step_on(rig, character, side, goal, weight);
    }
}

fn step_on(rig: &mut Rig<'_>, character: &Character, side: usize, (sole, pitch, out, knee, strict): (Vec3, f32, f32, Vec3, f32), weight: f32) {
    let (first, bones) = (THIGHS[side], &character.bones);
    let rest = |k: usize| bones[first + k].rest;
    let (d1, d2) = (rest(leg::SHIN) - rest(0), rest(leg::FOOT) - rest(leg::SHIN));
    let forward = ((rig.joint(HIPS).turn * Vec3::Z) * Vec3::new(1.0, 0.0, 1.0)).normalize_or(Vec3::Z);
    let foot = Quat::from_rotation_arc(Vec3::Z, forward) * Quat::from_rotation_y(out) * Quat::from_rotation_x(-pitch);
    // The ankle stands over the sole, a little behind its middle.
    let up = rest(leg::FOOT).y;
    let ankle = sole + foot * Vec3::new(0.0, up, -0.6 * up);
    let bend = two_bone(rig.joint(first).at, ankle, d1.length(), d2.length(), Quat::from_rotation_arc(Vec3::Z, forward) * knee);
    let (thigh, shin) = (bend.mid - rig.joint(first).at, bend.end - bend.mid);
    let hinge = thigh.cross(shin).normalize_or(Vec3::X);
    let before = [0, leg::SHIN, leg::FOOT].map(|k| rig.local[first + k]);
    rig.turn_to(first, turn_between(d1, Vec3::X, thigh, hinge));
    rig.turn_to(first + leg::SHIN, turn_between(d2, Vec3::X, shin, hinge));
    rig.turn_to(first + leg::FOOT, foot * Quat::from_rotation_y(-super::body::TOE_OUT * [1.0, -1.0][side]));
    for (k, was) in [0, leg::SHIN, leg::FOOT].into_iter().zip(before) {
        rig.local[first + k] = was.slerp(rig.local[first + k], weight * strict);
    }
}
