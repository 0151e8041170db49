//! Figures that others made: a file of glTF 2.0 or VRM becomes a [`Figure`]: joints, skinned triangles as they stand in the
//! file's own pose, colours, pictures, face shapes, which joint is which and which of them swing if the file says so.
//!
//! Nothing in a file is believed: every index, size and number is checked before it is used, and what cannot be read is
//! refused with its place and what to do. The crate knows nothing of films or of how a figure is to move.
//!
//! # Limits today
//! Animations, cameras, lights and what else there is of physics are not read (planes and hollow colliders neither); of materials, colour, base colour texture, metal, roughness,
//! cut-outs and sides. No Draco, no meshopt, no KTX2 and no WebP.

mod accessor;
mod container;
mod error;
mod json;
mod picture;
mod scene;
mod springs;
mod vrm;

pub use error::FigureError;
pub use picture::{Picture, Wrap};

use glam::Vec3;
use std::collections::BTreeMap;

/// The largest file that is read, bytes; the same for each file that it names.
pub const LARGEST: usize = 256 << 20;
/// The most nodes of a file.
pub const MOST_NODES: usize = 20_000;
/// The most triangles of a figure.
pub const MOST_TRIANGLES: usize = 500_000;
/// The most vertices of a figure.
pub const MOST_VERTICES: usize = 1_000_000;
/// The most joints that swing.
pub const MOST_SPRINGS: usize = 4096;
/// The most bodies that what swings stays out of.
pub const MOST_COLLIDERS: usize = 1024;
/// The most vertices that all face shapes together move.
pub const MOST_MOVES: usize = 8_000_000;

/// What somebody's file has.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Every joint and other node; parents anywhere.
    pub nodes: Vec<Node>,
    /// Runs of triangles of one material, in the world of the file.
    pub parts: Vec<Part>,
    /// What parts are coloured with.
    pub paints: Vec<Paint>,
    /// The pictures that paints name.
    pub pictures: Vec<Picture>,
    /// Which node is which bone, by the names of VRM 1.0 (`leftUpperArm`); empty if the file does not say.
    pub humanoid: BTreeMap<String, usize>,
    /// Joints of hair and cloth that swing, as the file says: each node once, none of them a bone of the body. In no order.
    pub springs: Vec<Spring>,
    /// What springs stay out of.
    pub colliders: Vec<Collider>,
    /// Face shapes: expressions of VRM by the names of VRM 1.0 (`aa`, `blink`, `happy`), or morph targets by their own names.
    pub shapes: Vec<Shape>,
    /// How far eyes turn for each radian that is looked aside; none if shapes do it or the file does not say.
    pub gaze: Option<f32>,
    /// What sort of file it is.
    pub kind: FileKind,
    /// What was left out, in sentences.
    pub notes: Vec<String>,
}

/// What sort of file a figure came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// glTF 2.0.
    Gltf,
    /// With the extension of VRM 0.x.
    Vrm0,
    /// With the extension of VRM 1.0.
    Vrm1,
}

/// A joint, or anything else that things hang from.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// As in the file; may be empty.
    pub name: String,
    /// What it hangs from.
    pub parent: Option<usize>,
    /// Where it is in the world of the file.
    pub at: Vec3,
}

/// A joint that swings, in the measures of VRM: a step of a sixtieth of a second pulls its end back by `stiffness / 60` metres
/// and down by `gravity / 60`, and takes `drag` of its speed.
#[derive(Clone, Debug, PartialEq)]
pub struct Spring {
    /// The joint.
    pub node: usize,
    /// 0..10, 1 is usual.
    pub stiffness: f32,
    /// 0..10, 0 is usual.
    pub gravity: f32,
    /// Which way that pulls in the world of the file; unit.
    pub gravity_way: Vec3,
    /// 0..1.
    pub drag: f32,
    /// How thick it is where it hits something, in the unit of the file.
    pub radius: f32,
    /// It feels only how it goes against this node.
    pub centre: Option<usize>,
    /// Which of the colliders it stays out of, each once, in rising order.
    pub hits: Vec<usize>,
}

/// A capsule that hangs from a node, or a ball if its ends are one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Collider {
    /// What it goes with.
    pub node: usize,
    /// The middle of its two ends' balls, in the world of the file.
    pub ends: [Vec3; 2],
    /// How thick it is, in the unit of the file; positive.
    pub radius: f32,
}

/// Triangles of one material.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Which of the paints; none = white.
    pub paint: Option<usize>,
    /// In the world of the file.
    pub positions: Vec<Vec3>,
    /// Unit normals, as many as positions.
    pub normals: Vec<Vec3>,
    /// Where in the picture of its paint a vertex is; as many as positions, or none.
    pub uvs: Vec<[f32; 2]>,
    /// A linear factor on colour; as many as positions, or none.
    pub colours: Vec<[f32; 3]>,
    /// Up to four nodes that move a vertex, with weights that sum to 1.
    pub joints: Vec<[(u32, f32); 4]>,
    /// Corners, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
}

/// How a part is coloured.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint {
    /// As in the file; may be empty.
    pub name: String,
    /// Linear colour and coverage, a factor on the picture.
    pub colour: [f32; 4],
    /// Which of the pictures.
    pub picture: Option<usize>,
    /// What covers less than this is not there; none = everything is.
    pub cutoff: Option<f32>,
    /// What is behind shines through where it does not cover fully.
    pub blends: bool,
    /// Both sides are seen.
    pub two_sided: bool,
    /// 0..1.
    pub metal: f32,
    /// 0..1.
    pub roughness: f32,
}

/// A face shape: how far vertices go at full strength.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Its name.
    pub name: String,
    /// Part, vertex and way, in the world of the file.
    pub moves: Vec<(u32, u32, Vec3)>,
}

/// The files beside a file that it names, in the order of the file: its buffers and pictures that are not inside it.
///
/// # Errors
/// If it is no glTF file, or a name is no plain name of a file in the same folder or in one below it.
pub fn beside(bytes: &[u8]) -> Result<Vec<String>, FigureError> {
    container::Container::open(bytes)?.beside()
}

/// Reads a file. `files` has those that [`beside`] lists.
///
/// # Errors
/// With the place in the file, what is wrong with it, and what to do.
pub fn read(bytes: &[u8], files: &BTreeMap<String, Vec<u8>>) -> Result<Figure, FigureError> {
    scene::read(&container::Container::open(bytes)?, files)
}
