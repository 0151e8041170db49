//! Poses by hand: angles of joints at times, as a beat of a plan may hold them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The angles of some joints at a time. Between two keys of an angle it moves as the later one's `ease` says; before its first
/// and after its last key it is held.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JointKey {
    /// Seconds from the beginning of the beat; keys stand in the order of their times.
    pub at: f32,
    /// How it is arrived at.
    #[serde(default, skip_serializing_if = "KeyEase::is_soft")]
    pub ease: KeyEase,
    /// Angles by joint. The names are those of VRM: hips, spine, chest, upperChest, neck, head, and with left or right before
    /// them Shoulder, UpperArm, LowerArm, Hand, UpperLeg, LowerLeg, Foot; also Fingers and Thumb, for all joints of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub joints: BTreeMap<String, JointAngles>,
}

/// Angles of one joint in degrees; 0 everywhere is standing with hanging arms, palms to the thighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JointAngles {
    /// Forward: the trunk bends down, an arm or a thigh swings forward, elbow and knee bend, the wrist to the palm, toes up, fingers close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flex: Option<f32>,
    /// Sideways: an arm or a leg away from the body, a shoulder up, trunk and head to the left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<f32>,
    /// About its own length: an arm inwards, the palm down (back when hanging), trunk and head to the left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<f32>,
}

impl JointAngles {
    /// flex, side and turn.
    #[must_use]
    pub fn all(&self) -> [Option<f32>; 3] {
        [self.flex, self.side, self.turn]
    }
}

/// How a key is arrived at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyEase {
    /// Slowly out and slowly in.
    #[default]
    Soft,
    /// Faster and faster: a blow.
    Hit,
    /// Slower and slower: what follows a blow.
    Settle,
    /// At one speed.
    Even,
}

impl KeyEase {
    fn is_soft(&self) -> bool {
        *self == Self::Soft
    }
}

/// Which part of the body keys take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyLayer {
    /// All of it.
    #[default]
    Whole,
    /// Arms, trunk and head, over whatever the legs do.
    Arms,
}

impl KeyLayer {
    /// The usual one.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == Self::Whole
    }
}

/// The names of angles, in the order of [`JointAngles::all`].
pub const ANGLES: [&str; 3] = ["flex", "side", "turn"];

/// A joint that keys may name: the name (of those in pairs without left and right), whether it is one of a pair, and the
/// least and greatest degrees of flex, side and turn; none = it does not bend that way.
#[derive(Clone, Copy, Debug)]
pub struct KeyJoint {
    /// Name.
    pub name: &'static str,
    /// There is a left and a right one.
    pub paired: bool,
    /// Of flex, side and turn.
    pub limits: [Option<(f32, f32)>; 3],
}

/// Every joint. Ranges of motion of healthy adults (AAOS, Boone and Azen 1979), rounded; the hips turn the whole body. The
/// trunk's joints share its range, as neck and head do.
pub const JOINTS: &[KeyJoint] = &[
    joint("hips", false, [Some((-110.0, 110.0)), Some((-100.0, 100.0)), Some((-180.0, 180.0))]),
    joint("spine", false, TRUNK),
    joint("chest", false, TRUNK),
    joint("upperChest", false, TRUNK),
    joint("neck", false, HEAD),
    joint("head", false, HEAD),
    joint("Shoulder", true, [None, Some((-10.0, 30.0)), None]),
    joint("UpperArm", true, [Some((-60.0, 180.0)), Some((-30.0, 180.0)), Some((-90.0, 70.0))]),
    joint("LowerArm", true, [Some((0.0, 150.0)), None, Some((-85.0, 80.0))]),
    joint("Hand", true, [Some((-70.0, 80.0)), None, None]),
    joint("Fingers", true, [Some((0.0, 100.0)), Some((-10.0, 20.0)), None]),
    joint("Thumb", true, [Some((-50.0, 50.0)), None, None]),
    joint("UpperLeg", true, [Some((-20.0, 120.0)), Some((-25.0, 45.0)), None]),
    joint("LowerLeg", true, [Some((0.0, 160.0)), None, None]),
    joint("Foot", true, [Some((-50.0, 30.0)), None, None]),
];

const TRUNK: [Option<(f32, f32)>; 3] = [Some((-30.0, 80.0)), Some((-35.0, 35.0)), Some((-45.0, 45.0))];
const HEAD: [Option<(f32, f32)>; 3] = [Some((-60.0, 50.0)), Some((-45.0, 45.0)), Some((-80.0, 80.0))];

const fn joint(name: &'static str, paired: bool, limits: [Option<(f32, f32)>; 3]) -> KeyJoint {
    KeyJoint { name, paired, limits }
}

/// A joint by its name, and which side it is on: 0 left (and of those in the middle), 1 right.
#[must_use]
pub fn find(name: &str) -> Option<(&'static KeyJoint, usize)> {
    let (side, rest) = match (name.strip_prefix("left"), name.strip_prefix("right")) {
        (Some(rest), _) => (Some(0), rest),
        (_, Some(rest)) => (Some(1), rest),
        _ => (None, name),
    };
    JOINTS.iter().find(|j| j.name == rest && j.paired == side.is_some()).map(|j| (j, side.unwrap_or(0)))
}

/// Every name that keys may use.
#[must_use]
pub fn names() -> Vec<String> {
    JOINTS.iter().flat_map(|j| if j.paired { vec![format!("left{}", j.name), format!("right{}", j.name)] } else { vec![j.name.to_owned()] }).collect()
}
