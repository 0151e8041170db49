//! The staging: a film in the world, before it is drawn.

use glam::{Quat, Vec3};
use kinora_base::FrameRate;
use kinora_cast::{Performance, Script};
use kinora_plan::spotting::Spotting;
use kinora_plan::voices::Voices;
use kinora_plan::{Id, Plan, State};
use kinora_render::scene::{Camera, Light};
use kinora_world::Set;
use serde::{Deserialize, Serialize};

/// A film in the world. Serialisable; any frame can be drawn from it alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Staging {
    /// The plan it was made from.
    pub plan: Plan,
    /// First frame of each shot, and one more for the end.
    pub cuts: Vec<i64>,
    /// One a scene of the plan, in its order.
    pub scenes: Vec<SceneStaging>,
    /// One a frame of the film.
    pub cameras: Vec<Camera>,
    /// Everything that is heard.
    pub spotting: Spotting,
    /// What is said, for subtitles.
    pub voices: Voices,
    /// The bodies that blocking made, for engines; those of a staging from a file are made again.
    #[serde(skip)]
    pub company: kinora_cast::Company,
}

/// One scene: its set and everybody in it, on a clock that runs only while the scene is on screen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SceneStaging {
    /// Id of the plan's scene.
    pub id: Id,
    /// Where things stand.
    pub set: Set,
    /// Sun, sky, air.
    pub light: Light,
    /// Frames of the scene's clock.
    pub frames: usize,
    /// People and creatures.
    pub actors: Vec<Actor>,
    /// Vehicles that move.
    pub driven: Vec<Driven>,
    /// Things in hands.
    pub held: Vec<Held>,
    /// When things become open, broken, lit, in order of time.
    #[serde(default)]
    pub changes: Vec<Change>,
}

/// A thing gets into another state.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Number in the id pass.
    pub id: u16,
    /// Frame of the scene's clock.
    pub frame: usize,
    /// Into which.
    pub state: State,
}

/// One person or creature of a scene.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Actor {
    /// Id of the role.
    pub role: Id,
    /// Which of a group.
    pub member: u32,
    /// Number in the id pass.
    pub id: u16,
    /// What it was told, on the scene's clock plus the lead-in.
    pub script: Script,
    /// What it did, one pose a frame of the scene's clock (the lead-in is cut off).
    pub performance: Performance,
}

/// A vehicle as a role: where it is at each frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Driven {
    /// Id of the role.
    pub role: Id,
    /// Which of a group.
    pub member: u32,
    /// Number in the id pass.
    pub id: u16,
    /// Entry of the vocabulary.
    pub word: String,
    /// Its colour.
    pub colour: Option<String>,
    /// Its size.
    pub scale: f32,
    /// Position, turn and distance travelled, a frame each.
    pub track: Vec<(Vec3, Quat, f32)>,
    /// Radians that its body pitches over its wheels, nose down positive, a frame each; empty = it does not.
    #[serde(default)]
    pub lean: Vec<f32>,
}

/// A thing in a hand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// Index of the actor.
    pub actor: usize,
    /// Number in the id pass.
    pub id: u16,
    /// Entry of `props`.
    pub word: String,
    /// Its colour.
    pub colour: Option<String>,
    /// What it is made of.
    #[serde(default)]
    pub material: Option<String>,
    /// What state it is in at first.
    #[serde(default)]
    pub state: Option<State>,
    /// What is written on it.
    #[serde(default)]
    pub text: Option<String>,
    /// Its size.
    pub scale: f32,
    /// Where its grip is and how it is turned, a frame each: in a hand, on the ground, in the air.
    #[serde(default)]
    pub track: Vec<(Vec3, Quat)>,
}

impl Staging {
    /// The film's frame rate.
    #[must_use]
    pub fn fps(&self) -> FrameRate {
        self.plan.fps
    }
    /// Frames in the film.
    #[must_use]
    pub fn frames(&self) -> i64 {
        self.cuts.last().copied().unwrap_or(0)
    }
    /// Which shot a frame belongs to.
    #[must_use]
    pub fn shot_at(&self, frame: i64) -> usize {
        self.cuts.partition_point(|c| *c <= frame).saturating_sub(1).min(self.plan.shots.len().saturating_sub(1))
    }
    /// The scene of a shot, and the scene clock's frame at which the shot begins.
    #[must_use]
    pub fn scene_of(&self, shot: usize) -> (usize, usize) {
        scene_clock(&self.plan, &self.cuts, shot)
    }
    /// The digest of everything that the pictures depend on.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let text = serde_json::to_vec(&(&self.plan, &self.scenes, &self.cameras)).unwrap_or_default();
        text.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// The scene of a shot, and the frame of that scene's clock at which the shot begins.
pub(crate) fn scene_clock(plan: &Plan, cuts: &[i64], shot: usize) -> (usize, usize) {
    let scene = plan.scenes.iter().position(|s| s.id == plan.shots[shot].scene).unwrap_or(0);
    let before = (0..shot).filter(|k| plan.shots[*k].scene == plan.shots[shot].scene).map(|k| cuts[k + 1] - cuts[k]).sum::<i64>();
    (scene, before as usize)
}

pub(crate) use kinora_base::maths::direction;

/// The yaw of a direction.
pub(crate) fn yaw_of(direction: Vec3) -> f32 {
    kinora_base::maths::atan2(direction.x, direction.z)
}

/// A turn about the vertical.
pub(crate) fn turn(yaw: f32) -> Quat {
    Quat::from_rotation_y(yaw)
}
