//! The skeleton of the reference adult (1.75 m, bind pose: arms 45 degrees down, legs apart), and how another
//! person's proportions differ from it: a scale for each bone, blended by the skin weights.

use super::shapes::v;
use crate::Bone;
use glam::{Mat3, Vec3};

pub(crate) const HIPS: usize = 0;
pub(crate) const SPINE: usize = 1;
pub(crate) const CHEST: usize = 2;
pub(crate) const NECK: usize = 3;
pub(crate) const HEAD: usize = 4;
/// Left eye; the right one follows.
pub(crate) const EYES: [usize; 2] = [5, 6];
/// Upper lids, left and right.
pub(crate) const UPPER_LIDS: [usize; 2] = [7, 8];
/// Lower lids, left and right.
pub(crate) const LOWER_LIDS: [usize; 2] = [9, 10];
/// Collar bones, left and right; six more bones of the arm follow each.
pub(crate) const SHOULDERS: [usize; 2] = [11, 18];
/// Thighs, left and right; three more bones of the leg follow each.
pub(crate) const THIGHS: [usize; 2] = [25, 29];

/// First finger bones, left and right: three each for index, middle, ring and little finger, then the thumb's end.
pub(crate) const DIGITS: [usize; 2] = [33, 46];
/// Tails of hair behind, left and right: two bones each.
pub(crate) const TAILS: usize = 59;
/// What hangs down the back from the shoulders: two bones.
pub(crate) const CAPE: usize = 65;
/// A skirt, hung from the waist.
pub(crate) const BELL: usize = 67;
/// The end of a scarf, before the chest.
pub(crate) const SCARF: usize = 68;
/// How many bones a person has.
pub(crate) const BONES: usize = 69;
/// Of a figure from a file also the middle of the skull and its top: such heads are joined to their necks elsewhere.
pub(crate) const SKULL: usize = 69;
/// The top of that skull.
pub(crate) const CROWN: usize = 70;

/// Bones of an arm after the collar bone.
pub(crate) mod arm {
    pub(crate) const UPPER: usize = 1;
    pub(crate) const LOWER: usize = 2;
    pub(crate) const HAND: usize = 3;
    pub(crate) const FINGERS: usize = 4;
    pub(crate) const TIPS: usize = 5;
    pub(crate) const THUMB: usize = 6;
}

/// Bones of a leg after the thigh.
pub(crate) mod leg {
    pub(crate) const SHIN: usize = 1;
    pub(crate) const FOOT: usize = 2;
    pub(crate) const TOES: usize = 3;
}

/// Head space: where its origin (mid-skull) is in the reference body, and how much larger it is built.
pub(crate) const HEAD_AT: Vec3 = v(0.0, 1.395 + 0.190 * HEAD_SCALE, -0.012 + 0.03 * HEAD_SCALE);
/// The head is built 12 % larger than its recipe.
pub(crate) const HEAD_SCALE: f32 = 1.12;
/// Eye in head space (left).
pub(crate) const EYE: Vec3 = v(0.0475, 0.006, 0.0845);
/// Radius of the eyeball in head space.
pub(crate) const EYE_RADIUS: f32 = 0.0335;

/// Left shoulder joint in the reference.
pub(crate) const SHOULDER: Vec3 = v(0.150, 1.318, -0.008);
/// Left elbow.
pub(crate) const ELBOW: Vec3 = v(0.3268, 1.1485, -0.008);
/// Left wrist.
pub(crate) const WRIST: Vec3 = v(0.4810, 1.0007, 0.0134);
/// From wrist to knuckles.
pub(crate) const HAND_ALONG: Vec3 = v(0.7183, -0.6884, 0.0998);
/// Where the left palm looks.
pub(crate) const PALM: Vec3 = v(-0.6889, -0.7236, -0.0330);
/// Left hip joint, knee, ankle and ball of the foot.
pub(crate) const LEG: [Vec3; 4] = [v(0.085, 0.86, 0.0), v(0.150, 0.485, 0.015), v(0.205, 0.085, -0.01), v(0.223, 0.02, 0.092)];
/// How much feet turn outwards in the bind pose, radians.
pub(crate) const TOE_OUT: f32 = 0.18;

/// A point of head space in the reference body.
pub(crate) fn from_head(p: Vec3) -> Vec3 {
    HEAD_AT + p * HEAD_SCALE
}

fn mirrored(p: Vec3, side: usize) -> Vec3 {
    if side == 0 { p } else { v(-p.x, p.y, p.z) }
}

/// The reference skeleton in its bind pose.
pub(crate) fn reference() -> Vec<Bone> {
    let mut bones = Vec::with_capacity(BONES);
    let mut add = |name: &str, parent: Option<usize>, rest: Vec3| bones.push(Bone { name: name.to_owned(), parent, rest });
    add("hips", None, v(0.0, 0.90, 0.0));
    add("spine", Some(HIPS), v(0.0, 1.03, 0.0));
    add("chest", Some(SPINE), v(0.0, 1.20, 0.0));
    add("neck", Some(CHEST), v(0.0, 1.37, -0.015));
    add("head", Some(NECK), v(0.0, 1.395, -0.012));
    for name in ["Eye", "UpperLid", "LowerLid"] {
        for (side, word) in ["left", "right"].into_iter().enumerate() {
            add(&format!("{word}{name}"), Some(HEAD), mirrored(from_head(EYE), side));
        }
    }
    for (side, word) in ["left", "right"].into_iter().enumerate() {
        let first = SHOULDERS[side];
        let knuckle = WRIST + HAND_ALONG * 0.112;
        let joints = [
            ("Shoulder", CHEST, v(0.04, 1.325, -0.01)),
            ("UpperArm", first, SHOULDER),
            ("LowerArm", first + arm::UPPER, ELBOW),
            ("Hand", first + arm::LOWER, WRIST),
            ("Fingers", first + arm::HAND, knuckle + PALM * 0.002),
            ("FingerTips", first + arm::FINGERS, knuckle + HAND_ALONG * 0.040 + PALM * 0.006),
            ("Thumb", first + arm::HAND, WRIST + HAND_ALONG * 0.040 + thumb_side() * 0.034 + PALM * 0.008),
        ];
        for (name, parent, rest) in joints {
            add(&format!("{word}{name}"), Some(parent), mirrored(rest, side));
        }
    }
    for (side, word) in ["left", "right"].into_iter().enumerate() {
        let first = THIGHS[side];
        for (k, name) in ["UpperLeg", "LowerLeg", "Foot", "Toes"].into_iter().enumerate() {
            let parent = if k == 0 { HIPS } else { first + k - 1 };
            add(&format!("{word}{name}"), Some(parent), mirrored(LEG[k], side));
        }
    }
    for (side, word) in ["left", "right"].into_iter().enumerate() {
        let hand = SHOULDERS[side] + arm::HAND;
        for (finger, name) in ["Index", "Middle", "Ring", "Little"].into_iter().enumerate() {
            let first = DIGITS[side] + 3 * finger;
            for (k, part) in ["Proximal", "Intermediate", "Distal"].into_iter().enumerate() {
                let parent = if k == 0 { hand } else { first + k - 1 };
                add(&format!("{word}{name}{part}"), Some(parent), mirrored(super::hand::joint(finger, k), side));
            }
        }
        add(&format!("{word}ThumbDistal"), Some(SHOULDERS[side] + arm::THUMB), mirrored(super::hand::thumb_joint(), side));
    }
    for (tail, name) in ["backTail", "leftTail", "rightTail"].into_iter().enumerate() {
        let [root, bend] = super::hair::tail_roots(super::hair::Style::Long)[tail].map(from_head);
        add(name, Some(HEAD), root);
        add(&format!("{name}End"), Some(TAILS + 2 * tail), bend);
    }
    add("cape", Some(CHEST), v(0.0, 1.345, -0.085));
    add("capeEnd", Some(CAPE), v(0.0, 0.90, -0.150));
    add("skirt", Some(HIPS), v(0.0, 0.93, 0.0));
    add("scarf", Some(CHEST), super::clothes::SCARF_ENDS[0]);
    bones
}

/// How large a person's head is against the reference, from their skeleton.
pub(crate) fn head_size(bones: &[Bone]) -> f32 {
    match bones.get(SKULL..=CROWN) {
        Some([skull, crown]) => skull.rest.distance(crown.rest) / (0.165 * HEAD_SCALE),
        _ => bones[HEAD].rest.distance(bones[NECK].rest) / v(0.0, 0.025, 0.003).length(),
    }
}

/// A point of head space in the rest pose of a person.
pub(crate) fn on_head(bones: &[Bone], p: Vec3) -> Vec3 {
    let size = head_size(bones);
    match bones.get(SKULL) {
        Some(skull) => skull.rest + (from_head(p) - HEAD_AT) * size,
        None => bones[HEAD].rest + (from_head(p) - HEAD_AT + (HEAD_AT - Vec3::new(0.0, 1.395, -0.012))) * size,
    }
}

/// Towards the thumb, for the left hand: forwards when the arms hang and the palms look at the thighs.
pub(crate) fn thumb_side() -> Vec3 {
    PALM.cross(HAND_ALONG).normalize()
}

/// Sizes against the reference adult.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Proportions {
    /// Length of the legs.
    pub(crate) legs: f32,
    /// Height of the trunk.
    pub(crate) trunk: f32,
    /// Length of the arms.
    pub(crate) arms: f32,
    /// The head.
    pub(crate) head: f32,
    /// Hands and feet.
    pub(crate) hands: f32,
    /// Width and depth of the shoulders.
    pub(crate) chest: f32,
    /// Width and depth of waist and hips.
    pub(crate) waist: f32,
    /// Thickness of arms and legs.
    pub(crate) limbs: f32,
    /// How far the head sinks between the shoulders, metres.
    pub(crate) sunk: f32,
}

/// A bone's scale as a matrix in model axes.
fn along(direction: Vec3, length: f32, girth: f32) -> Mat3 {
    let d = direction.normalize_or(Vec3::Y);
    let outer = Mat3::from_cols(d * d.x, d * d.y, d * d.z);
    Mat3::IDENTITY * girth + outer * (length - girth)
}

/// Scales and joints of one person against the reference.
#[derive(Clone, Debug)]
pub(crate) struct Fitting {
    from: Vec<Vec3>,
    to: Vec<Vec3>,
    scale: Vec<Mat3>,
    normal: Vec<Mat3>,
}

impl Fitting {
    /// Fits the reference skeleton to proportions.
    pub(crate) fn new(bones: &[Bone], shape: &Proportions) -> Self {
        let scale: Vec<Mat3> = (0..bones.len()).map(|b| bone_scale(b, shape)).collect();
        let mut to: Vec<Vec3> = Vec::with_capacity(bones.len());
        for bone in bones {
            let at = match bone.parent {
                None => bone.rest,
                Some(p) => to[p] + scale[p] * (bone.rest - bones[p].rest),
            };
            to.push(if to.len() == NECK { at - Vec3::Y * shape.sunk } else { at });
        }
        let ankle = THIGHS[0] + leg::FOOT;
        let lift = bones[ankle].rest.y * shape.hands - to[ankle].y;
        to.iter_mut().for_each(|p| p.y += lift);
        let normal = scale.iter().map(|s| s.inverse().transpose()).collect();
        Self { from: bones.iter().map(|b| b.rest).collect(), to, scale, normal }
    }

    /// A point of the reference body that these bones move, on this person.
    pub(crate) fn point(&self, p: Vec3, bones: &[u16; 4], weights: &[f32; 4]) -> Vec3 {
        blend(bones, weights, |b| self.to[b] + self.scale[b] * (p - self.from[b]))
    }

    /// A normal of the reference body on this person.
    pub(crate) fn normal(&self, n: Vec3, bones: &[u16; 4], weights: &[f32; 4]) -> Vec3 {
        blend(bones, weights, |b| self.normal[b] * n).normalize_or_zero()
    }

    /// A displacement that one bone carries.
    pub(crate) fn vector(&self, d: Vec3, bone: usize) -> Vec3 {
        self.scale[bone] * d
    }

    /// The person's skeleton.
    pub(crate) fn bones(&self, reference: &[Bone]) -> Vec<Bone> {
        reference.iter().zip(&self.to).map(|(b, rest)| Bone { rest: *rest, ..b.clone() }).collect()
    }
}

fn blend(bones: &[u16; 4], weights: &[f32; 4], of: impl Fn(usize) -> Vec3) -> Vec3 {
    (0..4).filter(|k| weights[*k] > 0.0).fold(Vec3::ZERO, |s, k| s + of(usize::from(bones[k])) * weights[k])
}

fn bone_scale(bone: usize, s: &Proportions) -> Mat3 {
    match bone {
        HIPS => Mat3::from_diagonal(v(s.waist, s.trunk, s.waist)),
        SPINE => Mat3::from_diagonal(v((s.waist + s.chest) * 0.5, s.trunk, s.waist)),
        CHEST => Mat3::from_diagonal(v(s.chest, s.trunk, (s.chest + s.waist) * 0.5)),
        NECK | HEAD => Mat3::from_diagonal(Vec3::splat(s.head)),
        5..=10 => Mat3::from_diagonal(Vec3::splat(s.head)),
        b if b < THIGHS[0] => arm_scale(b, s),
        b if b < DIGITS[0] => leg_scale(b, s),
        b if b < TAILS => Mat3::from_diagonal(Vec3::splat(s.hands)),
        b if b < CAPE => Mat3::from_diagonal(Vec3::splat(s.head)),
        b if b < BELL || b == SCARF => Mat3::from_diagonal(v(s.chest, s.trunk, s.chest)),
        _ => Mat3::from_diagonal(v(s.waist, s.trunk, s.waist)),
    }
}

fn arm_scale(bone: usize, s: &Proportions) -> Mat3 {
    let (side, part) = if bone < SHOULDERS[1] { (0, bone - SHOULDERS[0]) } else { (1, bone - SHOULDERS[1]) };
    match part {
        0 => Mat3::from_diagonal(v(s.chest, s.trunk, s.chest)),
        arm::UPPER => along(mirrored(ELBOW - SHOULDER, side), s.arms, s.limbs),
        arm::LOWER => along(mirrored(WRIST - ELBOW, side), s.arms, s.limbs),
        _ => Mat3::from_diagonal(Vec3::splat(s.hands)),
    }
}

fn leg_scale(bone: usize, s: &Proportions) -> Mat3 {
    let (side, part) = if bone < THIGHS[1] { (0, bone - THIGHS[0]) } else { (1, bone - THIGHS[1]) };
    match part {
        0 | leg::SHIN => along(mirrored(LEG[part + 1] - LEG[part], side), s.legs, s.limbs),
        _ => Mat3::from_diagonal(Vec3::splat(s.hands)),
    }
}
