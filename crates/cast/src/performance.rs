//! What a character did: one pose a frame. Serialisable, so that any frame can be drawn alone.

use glam::{Quat, Vec3};
use serde::{Deserialize, Serialize};

/// A character's acting, baked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    /// One a frame.
    pub poses: Vec<BodyPose>,
    /// Steps, wing beats and other noises, by time.
    pub noises: Vec<Noise>,
    /// What the motions bring along.
    #[serde(default)]
    pub gear: Vec<GearPiece>,
    /// The angle from the front, radians, at which what is done on the spot is seen best.
    #[serde(default)]
    pub faces: Option<f32>,
    /// When each act is recognised best, in order of time: one that goes round and round once a round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

/// A frame at which a picture tells what is done (`Facts::moment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Frames from the script's beginning.
    pub frame: usize,
    /// Entry of `motions`.
    pub motion: String,
    /// It comes but once, and must be seen.
    pub once: bool,
}

/// A thing that a motion brings along.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GearPiece {
    /// Entry of `props` or `vehicles`; empty = not drawn.
    pub thing: String,
    /// What the motion is done with: a thing of the plan in the same hands takes its place.
    pub main: bool,
    /// Its foot is at its place, and not its grip.
    pub stands: bool,
    /// It is between two who hold it together, and drawn once.
    pub shared: bool,
}

/// Where a piece of gear is at one frame, in the world.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// Which of [`Performance::gear`].
    pub piece: u16,
    /// Where its grip (or its foot) is.
    pub at: Vec3,
    /// How it is turned.
    pub turn: Quat,
    /// Its size along its own axes.
    pub size: Vec3,
    /// Metres that it has gone, for wheels.
    pub rolled: f32,
    /// It is on its way through the air, and eyes go with it.
    #[serde(default)]
    pub flies: bool,
}

/// A skeleton and a face at one frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BodyPose {
    /// Where the model's origin is in the world.
    pub root: Vec3,
    /// How the model is turned in the world.
    pub turn: Quat,
    /// Local rotation of each bone against its rest pose.
    pub bones: Vec<Quat>,
    /// Displacement of the root bone (hips) in model space, before `turn`, metres unscaled.
    pub hips: Vec3,
    /// The face.
    pub face: Face,
    /// Where eyes, hands and so on are, in the world.
    pub landmarks: Landmarks,
    /// The gear of the motions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
}

/// A face at one frame. 0..1 unless said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Face {
    /// Jaw: 0 shut, 1 wide open.
    pub jaw: f32,
    /// Corners out or in, -1..1.
    pub wide: f32,
    /// Lips pushed forward.
    pub round: f32,
    /// Lips pressed.
    pub close: f32,
    /// Smile (1) to frown (-1).
    pub smile: f32,
    /// Lids: 0 open, 1 shut.
    pub blink: f32,
    /// Brows: 1 raised, -1 knitted.
    pub brow: f32,
    /// Inner ends of the brows: 1 lifted (sad, afraid), -1 lowered (angry).
    #[serde(default)]
    pub worry: f32,
    /// Gaze against the head, radians: x positive to the figure's left, y positive up.
    pub gaze: [f32; 2],
    /// Lower lids up: a laugh, a glare, pain.
    #[serde(default)]
    pub squint: f32,
    /// Nose wrinkled and upper lip raised.
    #[serde(default)]
    pub sneer: f32,
    /// One corner of the mouth up.
    #[serde(default)]
    pub smirk: f32,
    /// Tears on the cheeks.
    #[serde(default)]
    pub tears: f32,
    /// How far a drop has run down a cheek.
    #[serde(default)]
    pub drop: f32,
}

/// Points of a body that cameras, hands and sounds need, in the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Landmarks {
    /// Top of the head.
    pub crown: Vec3,
    /// Between the eyes.
    pub eyes: Vec3,
    /// The mouth.
    pub mouth: Vec3,
    /// Middle of the chest (an animal's withers).
    pub chest: Vec3,
    /// Hips (an animal's rump).
    pub hips: Vec3,
    /// Left and right hand (fore paws, wing tips, fins).
    pub hands: [Vec3; 2],
    /// Left and right foot (hind).
    pub feet: [Vec3; 2],
    /// Where the right hand's grip is: what it holds sits here.
    pub grip: Vec3,
    /// How the grip is turned.
    pub grip_turn: Quat,
    /// Where the face points.
    pub facing: Vec3,
}

/// A noise that a body makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// Frames from the script's beginning, with a fraction.
    pub frame: f32,
    /// Entry of `sounds`: footstep, paw, hoof, wing, splash, cloth, sit, page, jump ...
    pub sound: String,
    /// 1 = usual.
    pub strength: f32,
    /// In the world.
    pub position: Vec3,
}
