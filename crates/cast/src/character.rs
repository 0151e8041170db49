//! A body at rest: skeleton, skinned meshes with levels of detail, materials.

use glam::Vec3;
use kinora_render::scene::{Material, Mesh};
use std::sync::Arc;

/// The plan of a body, which decides how it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Anatomy {
    /// Two legs, two arms, a face.
    Human,
    /// Four legs.
    Quadruped,
    /// Two legs and wings.
    Bird,
    /// A body that waves.
    Fish,
}

/// One joint of a skeleton in its rest pose.
#[derive(Clone, Debug, PartialEq)]
pub struct Bone {
    /// VRM names for humans (`leftUpperArm`), plain words for animals (`tail3`).
    pub name: String,
    /// Index of the parent, always smaller than its own; none for the root.
    pub parent: Option<usize>,
    /// The joint in the rest pose, in model space (y up, +z forward, feet at y = 0).
    pub rest: Vec3,
}

/// One level of detail of a body.
#[derive(Clone, Debug)]
pub struct Level {
    /// The mesh in its rest pose; its `rest` coordinates are filled.
    pub mesh: Arc<Mesh>,
    /// Up to four bones a vertex.
    pub bones: Arc<[[u16; 4]]>,
    /// Their weights, summing to 1.
    pub weights: Arc<[[f32; 4]]>,
    /// Face shapes: displacements in rest space that [`crate::Face`] scales before skinning.
    pub morphs: Arc<[MorphTarget]>,
    /// Length of a typical triangle edge, metres: the stage takes the coarsest level whose edge is small in the picture.
    pub edge: f32,
}

/// A displacement of some vertices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MorphTarget {
    /// Which face control it answers: `jaw`, `wide`, `round`, `close`, `smile`, `blink`, `brow` ...
    pub name: String,
    /// Vertex and displacement at full strength.
    pub moves: Vec<(u32, Vec3)>,
}

/// A body, ready to act.
#[derive(Clone, Debug)]
pub struct Character {
    /// How it moves.
    pub anatomy: Anatomy,
    /// Its joints, parents before children.
    pub bones: Vec<Bone>,
    /// Levels of detail, finest first.
    pub levels: Vec<Level>,
    /// Materials that the meshes' parts index.
    pub materials: Arc<[Material]>,
    /// Crown above the ground, metres, size included: poses are already scaled.
    pub height: f32,
    /// Eyes above the ground when standing.
    pub eye_height: f32,
    /// Nose to tail for animals, shoulder width for people.
    pub length: f32,
    /// Kilograms.
    pub mass: f32,
    /// Radius of the ground it needs, metres.
    pub radius: f32,
    /// Usual walking speed, metres a second.
    pub walk_speed: f32,
    /// Usual running speed, metres a second.
    pub run_speed: f32,
    /// What its steps sound like: an entry of `sounds` (`footstep`, `paw`, `hoof`, `wing`).
    pub step_sound: String,
    /// What is known of each motion.
    pub motions: Arc<crate::motions::Repertoire>,
    /// Factor on the model (traits.size), already in every length above; skinning applies it to the mesh.
    pub scale: f32,
    /// What only people or only creatures know of themselves.
    pub(crate) nature: Nature,
}

/// What a body knows of itself beyond its shape; made by `people` or `creatures` and read by its own kind only.
#[derive(Clone, Debug)]
pub(crate) enum Nature {
    /// A human being.
    Human(Arc<crate::people::Person>),
    /// An animal.
    Creature(Arc<crate::creatures::Creature>),
}

impl Character {
    /// How far its arms reach against an adult's, which are 1; a child's are shorter than its height.
    #[must_use]
    pub fn arms(&self) -> f32 {
        self.scale * kinora_base::maths::pow((self.height / self.scale / 1.62).min(1.0), 1.5)
    }

    /// How long its legs are against an adult's, which are 1: what a motion has stand on the ground is as much nearer to a child.
    #[must_use]
    pub fn legs(&self) -> f32 {
        let own = if let Nature::Human(_) = &self.nature { crate::people::leg_share(&self.bones) } else { 1.0 };
        self.scale * own
    }

    /// What is known of an act: of its own moves, or of its motion.
    pub(crate) fn facts(&self, act: &crate::Act) -> crate::motions::Facts {
        act.moves.as_ref().map_or_else(|| self.motions.of(&act.motion), |m| m.facts())
    }

    /// The length of a leg from hip joint to ankle, metres.
    #[must_use]
    pub fn leg(&self) -> f32 {
        let at = |name: &str| self.bones.iter().find(|b| b.name == name).map_or(glam::Vec3::ZERO, |b| b.rest);
        let [hip, knee, ankle] = ["leftUpperLeg", "leftLowerLeg", "leftFoot"].map(at);
        (hip.distance(knee) + knee.distance(ankle)) * self.scale
    }
}
