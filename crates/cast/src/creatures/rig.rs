//! Which joints of an animal are which, and how a leg reaches for its paw.

use crate::ik::{turn_between, two_bone};
use crate::skeleton::Rig;
use crate::{Bone, Character};
use glam::{Quat, Vec3};
use kinora_base::maths::{atan2, cos, exp, sin, smooth_max};

/// Joints by what they are for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub spine: Vec<usize>,
    pub neck: Option<usize>,
    pub head: Option<usize>,
    pub jaw: Option<usize>,
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
            jaw: find("jaw"),
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

    /// Reaches for a paw at `target` (the paw's joint, model space), turned by `yaw` against the body and its toes
    /// `raised`, 0..1; `swing` is how much the leg folds as it swings, 0..1.
    pub(crate) fn reach(&self, c: &Character, rig: &mut Rig<'_>, target: Vec3, swing: f32, (yaw, raised): (f32, f32)) {
        let rest = self.rest(c);
        let hip = rig.joint(self.bones[0]).at;
        let target = within(hip, target, self.length(c));
        let (upper, lower) = (rest[0].distance(rest[1]), rest[1].distance(rest[2]));
        // The hinge stays across the body, so that no knee flips, wherever the leg points.
        let across = if self.fore { Vec3::X } else { Vec3::NEG_X };
        let shank = self.shank(rest, hip, target, across, swing);
        let pole = across.cross(shank - hip).normalize_or(Vec3::Z);
        let bend = two_bone(hip, shank, upper, lower, pole);
        let along = (rest[2] - rest[0]).normalize_or(Vec3::NEG_Y);
        let hinge = (across - along * across.dot(along)).normalize_or(across);
        rig.turn_to(self.bones[0], turn_between(rest[1] - rest[0], hinge, bend.mid - hip, bend.hinge));
        rig.turn_to(self.bones[1], turn_between(rest[2] - rest[1], hinge, bend.end - bend.mid, bend.hinge));
        rig.turn_to(self.bones[2], turn_between(rest[3] - rest[2], Vec3::X, target - bend.end, Vec3::X));
        rig.turn_to(self.bones[3], Quat::from_rotation_y(yaw) * Quat::from_rotation_x(swing * 0.62 - 1.5 * raised));
    }
}

impl Leg {
    /// Where the hock or wrist goes. As the leg gets shorter than at rest, most of it is the knee's bend and the rest the
    /// hock's; a wrist folds more as it swings. It depends on the leg's length alone, so that it never flips.
    fn shank(&self, rest: [Vec3; 4], hip: Vec3, paw: Vec3, across: Vec3, swing: f32) -> Vec3 {
        let (upper, lower, long) = (rest[0].distance(rest[1]), rest[1].distance(rest[2]), rest[2].distance(rest[3]));
        let to = paw - hip;
        let d = to.length().max(1e-4);
        let share = if self.fore { 0.75 - 0.30 * swing } else { 0.72 };
        let wished = rest[0].distance(rest[2]) + (d - rest[0].distance(rest[3])) * share;
        let soft = 0.06 * (upper + lower);
        let least = smooth_max(0.42 * (upper + lower), (d - long).abs() * 1.002, soft * 0.2);
        let near = smooth_max(wished, least, soft * 0.2).min((upper + lower) * 0.994).min((d + long) * 0.995);
        let along = to / d;
        let x = ((d * d + near * near - long * long) / (2.0 * d)).clamp(-near, near);
        let side = -across.cross(along).normalize_or(Vec3::Z);
        hip + along * x + side * (near * near - x * x).max(0.0).sqrt()
    }
}

/// A target that a leg of this length reaches without ever being quite straight: where it is too far, it is drawn in.
fn within(hip: Vec3, target: Vec3, length: f32) -> Vec3 {
    let to = target - hip;
    let (d, soft) = (to.length(), 0.985 * length);
    if d <= soft {
        return target;
    }
    let room = 0.012 * length;
    hip + to * ((soft + room * (1.0 - exp((soft - d) / room))) / d)
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
