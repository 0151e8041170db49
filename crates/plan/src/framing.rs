//! How a shot is framed and joined.

use crate::Id;
use kinora_base::{Span, Ticks};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of the subject is seen, from widest to closest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShotSize {
    /// The world; a figure under a tenth of the height.
    ExtremeWide,
    /// A place with a figure in it.
    VeryWide,
    /// A figure in a place.
    Wide,
    /// The whole body, feet included.
    #[default]
    Full,
    /// From below the knee.
    MediumFull,
    /// From mid-thigh.
    Cowboy,
    /// From the navel.
    Medium,
    /// From mid-chest.
    MediumClose,
    /// Head and collar bones.
    Close,
    /// The face alone.
    BigClose,
    /// One feature or small thing.
    ExtremeClose,
}

/// A part of a body that a close shot is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Both hands, and what they do.
    Hands,
    /// Both feet.
    Feet,
    /// The eyes.
    Eyes,
    /// The mouth.
    Mouth,
}

/// The camera's height and pitch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Angle {
    /// The subject's own eyes.
    #[default]
    Eye,
    /// From below.
    Low,
    /// From the ground.
    Worm,
    /// From above.
    High,
    /// From far above, a drone's view.
    Aerial,
    /// Straight down.
    Top,
    /// Rolled.
    Dutch,
}

/// Where the camera stands around the subject, seen from the subject's facing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The stage chooses: three-quarter, on the kept side of the line.
    #[default]
    Auto,
    /// Before the face.
    Front,
    /// 35 degrees off.
    ThreeQuarter,
    /// From the side.
    Profile,
    /// From behind.
    Behind,
    /// Over the shoulder of `over`, or of the partner.
    OverShoulder,
    /// Through the subject's eyes.
    PointOfView,
}

/// What the camera does during the shot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MoveKind {
    /// Nothing.
    #[default]
    Static,
    /// Turns left.
    PanLeft,
    /// Turns right.
    PanRight,
    /// Turns up.
    TiltUp,
    /// Turns down.
    TiltDown,
    /// Travels towards the subject.
    PushIn,
    /// Travels away from the subject.
    PullOut,
    /// Travels left.
    TruckLeft,
    /// Travels right.
    TruckRight,
    /// Rises.
    CraneUp,
    /// Sinks.
    CraneDown,
    /// Circles to the left.
    OrbitLeft,
    /// Circles to the right.
    OrbitRight,
    /// The lens narrows.
    ZoomIn,
    /// The lens widens.
    ZoomOut,
    /// Keeps the moving subject in its place in the frame.
    Follow,
    /// Held in the hand.
    Handheld,
}

/// A camera move with its pace.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CameraMove {
    /// Which move.
    pub kind: MoveKind,
    /// 1 is the usual speed; "slowly" is 0.6. 0.1 to 4.
    #[serde(default = "one")]
    #[schemars(range(min = 0.1, max = 4.0))]
    pub pace: f32,
}

fn one() -> f32 {
    1.0
}

impl Default for CameraMove {
    fn default() -> Self {
        Self { kind: MoveKind::Static, pace: 1.0 }
    }
}

/// Where the focus lies from some time on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Focus {
    /// Id of a role or a thing.
    pub on: Id,
    /// When the pull to it begins, from the shot's beginning; the first one is in focus from the start.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub from: Ticks,
    /// How long the pull takes.
    #[serde(default = "pull")]
    #[schemars(with = "i64")]
    pub over: Ticks,
}

fn pull() -> Ticks {
    Ticks(Ticks::PER_SECOND * 4 / 5)
}

/// How a shot is framed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Framing {
    /// How much is seen.
    pub size: ShotSize,
    /// From how high.
    pub angle: Angle,
    /// From which side.
    pub side: Side,
    /// Focal length in mm on a 36 mm wide frame, 12 to 300; none = by size.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 12.0, max = 300.0))]
    pub lens: Option<f32>,
    /// f-number, 0.7 to 32: small ones blur what is before and behind the focus; none = by size, gently.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.7, max = 32.0))]
    pub aperture: Option<f32>,
    /// Shutter angle in degrees, 0 to 360: 0 smears nothing; none = 180.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 360.0))]
    pub shutter: Option<f32>,
    /// What is sharp, one after the other (rack focus); empty = the subject, as far as its parts lie from each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub focus: Vec<Focus>,
    /// How fast the action runs, 0.1 to 1: 0.4 is slow motion; none = 1. Voices and the camera's move are not slowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.1, max = 1.0))]
    pub speed: Option<f32>,
    /// What the camera does.
    #[serde(rename = "move")]
    pub movement: CameraMove,
    /// Who or what it is about: ids of roles or things; none = the place itself.
    pub subject: Vec<Id>,
    /// The part of the first subject's body that it is about, if that is a person: `close` shows both hands large; none = all of
    /// it, from the face down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Whose shoulder it looks over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<Id>,
    /// The words it came from, where the prompt ordered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

/// How a shot begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransitionKind {
    /// At once.
    #[default]
    Cut,
    /// Out of the shot before.
    Dissolve,
    /// Out of black.
    Fade,
}

/// How a shot begins, and how long that takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Transition {
    /// Which.
    pub kind: TransitionKind,
    /// Its length; 0 for a cut.
    #[schemars(with = "i64")]
    pub length: Ticks,
}
