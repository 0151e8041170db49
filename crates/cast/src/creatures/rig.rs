//! Which joints of an animal are which, and how a leg reaches for its paw.

use super::strides::Paw;
use crate::ik::{turn_between, two_bone};
use crate::skeleton::Rig;
use crate::{Bone, Character};
use glam::{Quat, Vec3};
use kinora_base::maths::{atan2, cos, sin};

/// Joints by what they are for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub spine: Vec<usize>,
    pub neck: Option<usize>,
    pub head: Option<usize>,
    pub ears: Vec<usize>,
    pub tail: Vec<usize>,
    /// Left, right.
    pub wings: Vec<[usize; 2]>,
    pub fins: Vec<[usize; 2]>,
    pub legs: Vec<Leg>,
}

/// Three bones and a paw.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg {
    pub bones: [usize; 4],
    pub fore: bool,
    pub left: bool,
}

impl Plan {
    pub(crate) fn of(bones: &[Bone]) -> Self {
        let find = |name: &str| bones.iter().position(|b| b.name == name);
        let chain = |stem: &str| (1..9).map_while(|i| find(&format!("{stem}{i}"))).collect::<Vec<_>>();
        let both = |stem: &str| (1..4).map_while(|i| Some([find(&format!("l_{stem}{i}"))?, find(&format!("r_{stem}{i}"))?])).collect::<Vec<_>>();
        let leg = |name: &str, fore, left| {
            let found = chain(name);
            <[usize; 4]>::try_from(found).ok().map(|bones| Leg { bones, fore, left })
        };
        let legs = [leg("l_hind", false, true), leg("l_fore", true, true), leg("r_hind", false, false), leg("r_fore", true, false)];
        Self {
            spine: ["spine", "chest"].into_iter().filter_map(find).collect(),
            neck: find("neck"),
            head: find("head"),
            ears: ["l_ear", "r_ear"].into_iter().filter_map(find).collect(),
            tail: chain("tail"),
            wings: both("wing"),
            fins: both("fin"),
            legs: legs.into_iter().flatten().collect(),
        }
    }
}

impl Leg {
    fn rest(&self, c: &Character) -> [Vec3; 4] {
        self.bones.map(|b| c.bones[b].rest)
    }

    /// The longest that the leg gets, in model space.
    pub(crate) fn length(&self, c: &Character) -> f32 {
        let r = self.rest(c);
        r[0].distance(r[1]) + r[1].distance(r[2]) + r[2].distance(r[3])
    }

    /// Reaches for a paw at `target` (the paw's joint, model space), turned by `yaw` against the body.
    pub(crate) fn reach(&self, c: &Character, rig: &mut Rig<'_>, target: Vec3, paw: &Paw, yaw: f32) {
        let rest = self.rest(c);
        let hip = rig.joint(self.bones[0]).at;
        let lean = |hip: Vec3, paw: Vec3| atan2(hip.z - paw.z, (hip.y - paw.y).max(0.02));
        let (upper, lower) = (rest[0].distance(rest[1]), rest[1].distance(rest[2]));
        let swing = sin(std::f32::consts::PI * paw.swing);
        let fold = 0.55 * (lean(hip, target) - lean(rest[0], rest[3])) + swing * if self.fore { 0.95 } else { 0.55 };
        let shank = shank(hip, target, Quat::from_rotation_x(fold) * (rest[2] - rest[3]), (upper + lower) * 0.994);
        let pole = if self.fore { Vec3::NEG_Z } else { Vec3::Z };
        let bend = two_bone(hip, shank, upper, lower, pole);
        let along = (rest[2] - rest[0]).normalize_or(Vec3::NEG_Y);
        let hinge = along.cross((pole - along * pole.dot(along)).normalize_or(pole));
        rig.turn_to(self.bones[0], turn_between(rest[1] - rest[0], hinge, bend.mid - hip, bend.hinge));
        rig.turn_to(self.bones[1], turn_between(rest[2] - rest[1], hinge, bend.end - bend.mid, bend.hinge));
        rig.turn_to(self.bones[2], turn_between(rest[3] - rest[2], Vec3::X, target - bend.end, Vec3::X));
        rig.turn_to(self.bones[3], Quat::from_rotation_y(yaw) * Quat::from_rotation_x(swing * 0.9 * (1.0 - paw.swing * 0.6)));
    }
}

/// Where the third joint goes: along its wished direction from the paw, or as far towards the hip as it must.
fn shank(hip: Vec3, paw: Vec3, wished: Vec3, most: f32) -> Vec3 {
    let length = wished.length();
    let to = hip - paw;
    let d = to.length();
    let at = paw + wished;
    if at.distance(hip) <= most || d < 1e-5 {
        return at;
    }
    // On the circle where both lengths are kept, on the wished side.
    let along = to / d;
    let x = ((d * d + length * length - most * most) / (2.0 * d)).clamp(-length, length);
    let side = (wished - along * wished.dot(along)).normalize_or(Vec3::Z);
    paw + along * x + side * (length * length - x * x).max(0.0).sqrt()
}

/// A turn of the head: yaw to the left, pitch up.
pub(crate) fn look(yaw: f32, pitch: f32) -> Quat {
    Quat::from_rotation_y(yaw) * Quat::from_rotation_x(-pitch)
}

/// A unit vector's yaw and pitch.
pub(crate) fn angles(v: Vec3) -> (f32, f32) {
    (atan2(v.x, v.z), atan2(v.y, (v.x * v.x + v.z * v.z).sqrt()))
}

/// A wave of one period a unit.
pub(crate) fn wave(t: f32) -> f32 {
    sin(std::f32::consts::TAU * t)
}

/// The same, a quarter earlier.
pub(crate) fn crest(t: f32) -> f32 {
    cos(std::f32::consts::TAU * t)
}
