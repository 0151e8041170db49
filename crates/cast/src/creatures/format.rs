//! The `creature:` section of a file: joints, lumps of body on them, markings, fur, eyes.
//!
//! Model space: +z forward, y up, the ground at y = 0, the animal's left at +x. Whatever lies at x > 0 is mirrored,
//! and so is every joint whose name begins with `l_` (its twin is `r_`).

use crate::Anatomy;
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_render::scene::Mask;
use serde::Deserialize;

/// An animal as its file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    /// How it moves.
    pub anatomy: Anatomy,
    /// Kilograms.
    pub mass: f32,
    /// Metres a second.
    pub walk: f32,
    /// Metres a second.
    pub run: f32,
    /// What a step sounds like.
    pub step: String,
    /// Colour of the coat, unless the role asks for another.
    pub coat: LinearRgb,
    /// Name, parent (empty for the root), place.
    pub joints: Vec<(String, String, Vec3)>,
    /// Blends of lumps, each with its own cell, material and fur.
    pub parts: Vec<Part>,
    /// Rows of feathers.
    #[serde(default)]
    pub feathers: Vec<Row>,
    /// The eyes.
    pub eyes: Eyes,
    /// Habits of motion.
    #[serde(default)]
    pub habits: Habits,
    /// Its call.
    #[serde(default)]
    pub voice: Voice,
}

/// What an animal's call is, and what its head does meanwhile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Voice {
    /// Entry of `sounds`; empty = it is mute.
    pub call: String,
    /// Seconds that the mouth is open.
    pub seconds: f32,
    /// Seconds from the beginning of one call to that of the next while it calls.
    pub every: f32,
    /// How far the jaw opens, 0..1.
    pub jaw: f32,
    /// How far the head goes up, radians.
    pub lift: f32,
    /// About how many seconds it is silent before it calls of itself; 0 = it calls only when told to.
    pub silent: f32,
}

impl Default for Voice {
    fn default() -> Self {
        Self { call: String::new(), seconds: 0.4, every: 1.0, jaw: 0.8, lift: 0.1, silent: 0.0 }
    }
}

/// A blend of lumps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// Entry of `materials`.
    pub material: String,
    /// A colour of its own; without one it has the coat's.
    #[serde(default)]
    pub colour: Option<LinearRgb>,
    /// Metres between vertices at the finest level.
    pub cell: f32,
    /// Metres over which lumps blend.
    pub k: f32,
    /// Metres over which one bone's skin goes over into the next one's.
    pub soft: f32,
    /// So thin that coarse levels would lose it: its cells grow less.
    #[serde(default)]
    pub thin: bool,
    /// Height of the unevenness, metres.
    #[serde(default)]
    pub rough: f32,
    /// Whether the eyes' sockets are carved out of it.
    #[serde(default)]
    pub sockets: bool,
    /// The lumps.
    pub lumps: Vec<(String, Lump)>,
    /// Cut away, with an edge of 5 mm.
    #[serde(default)]
    pub carve: Vec<Lump>,
    /// Paint, from below to above.
    #[serde(default)]
    pub markings: Vec<Marking>,
    /// Fur, if it has any.
    #[serde(default)]
    pub fur: Option<Fur>,
}

/// A lump.
#[derive(Clone, Debug, Deserialize)]
pub(crate) enum Lump {
    /// Middle and half axes.
    Ball(Vec3, Vec3),
    /// Both ends and a radius each.
    Bone(Vec3, Vec3, f32, f32),
    /// Points with a radius each.
    Curve(Vec<(Vec3, f32)>),
    /// A cupped leaf: root, tip, half the root's width (a vector across), thickness; the rims come forward by `cup`.
    Leaf {
        /// Middle of the root.
        root: Vec3,
        /// The point.
        tip: Vec3,
        /// From the middle of the root to its rim.
        across: Vec3,
        /// How far the rims stand out of the plane.
        cup: Vec3,
        /// Half the thickness at the root and at the tip.
        thick: (f32, f32),
    },
    /// A box with rounded edges: middle, half sides, turn (degrees about x, y, z), radius of the edges.
    Slab(Vec3, Vec3, Vec3, f32),
}

/// One coat of paint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marking {
    /// A colour, or ...
    #[serde(default)]
    pub colour: Option<LinearRgb>,
    /// ... a factor on the coat's colour.
    #[serde(default)]
    pub shade: Option<f32>,
    /// Where.
    pub mask: Mask,
    /// Width of the edge.
    #[serde(default)]
    pub soft: f32,
    /// How far the edge wanders.
    #[serde(default)]
    pub wobble: f32,
    /// 0..1.
    #[serde(default = "one")]
    pub amount: f32,
}

/// Blades on a part.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fur {
    /// How many at the finest level.
    pub count: usize,
    /// Metres.
    pub length: f32,
    /// Metres.
    pub width: f32,
    /// 0 flat, 1 upright.
    pub lift: f32,
    /// Where blades lie, by default.
    pub along: Vec3,
    /// Difference in brightness.
    pub vary: f32,
    /// Places with another length (0 = bald) and, if not zero, another direction: the last one that holds counts.
    #[serde(default)]
    pub places: Vec<(Vec3, Vec3, f32, Vec3)>,
}

/// A row of feathers, or of the rays of a fin; its twin on the right is made of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// The joint it rides on.
    pub bone: String,
    /// Where the quills of the first and the last one are.
    pub roots: (Vec3, Vec3),
    /// Where their tips are.
    pub tips: (Vec3, Vec3),
    /// Their widths, metres.
    pub width: (f32, f32),
    /// How many.
    pub count: usize,
    /// Which way their upper side faces.
    #[serde(default = "upwards")]
    pub normal: Vec3,
    /// The joint that their tips ride on, if it is another one.
    #[serde(default)]
    pub tip_bone: Option<String>,
    /// How far tips hang, as a share of the length.
    #[serde(default = "hang")]
    pub hang: f32,
    /// Factor on the colour.
    #[serde(default = "one")]
    pub shade: f32,
    /// A colour of its own; without one it has the coat's.
    #[serde(default)]
    pub colour: Option<LinearRgb>,
}

/// Two eyes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Eyes {
    /// The left one's middle.
    pub at: Vec3,
    /// Radius of the ball.
    pub radius: f32,
    /// Where it looks.
    pub towards: Vec3,
    /// Colour of the iris.
    pub iris: LinearRgb,
    /// Half size of the pupil across and up, as a share of the radius.
    pub pupil: (f32, f32),
    /// Colour around the iris.
    pub white: LinearRgb,
    /// Radius of the iris as a share of the ball's.
    pub ring: f32,
    /// Colour of the lids.
    pub lid: LinearRgb,
    /// How high over the middle the upper lid ends, as a share of the radius.
    #[serde(default = "droop")]
    pub droop: f32,
}

/// Numbers of motion that differ between species.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Habits {
    /// How high a paw is lifted, as a share of the leg.
    pub clearance: f32,
    /// Up and down of the trunk, as a share of the leg.
    pub bob: f32,
    /// Nod of the neck in the walk, radians.
    pub nod: f32,
    /// Bend of the spine in the gallop, radians.
    pub flex: f32,
    /// Swing of the tail, radians.
    pub tail: f32,
    /// Swings of the idle tail a second.
    pub wag: f32,
    /// Wing beats or tail beats a second.
    pub beats: f32,
    /// Half the wing stroke, radians.
    pub stroke: f32,
    /// Strides a second at the usual walk.
    pub cadence: f32,
    /// Walks by hopping.
    pub hops: bool,
    /// Sits down on its haunches.
    pub sits: bool,
    /// How far the jaw opens, radians.
    pub gape: f32,
    /// How far the wings are held out at rest: 0 folded along the flanks, 1 as they are modelled.
    pub spread: f32,
    /// How far the beat's middle is above the plane in which the wings are modelled, radians.
    pub raise: f32,
    /// Swing of folded wings (flippers, arms) in the walk, radians.
    pub arms: f32,
    /// How far the trunk rolls from leg to leg in the walk, radians.
    pub waddle: f32,
    /// How much of the height lies under water while it swims, for fish.
    pub sunk: f32,
    /// Its tail beats up and down, as a whale's does.
    pub flukes: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            clearance: 0.16,
            bob: 0.03,
            nod: 0.06,
            flex: 0.22,
            tail: 0.18,
            wag: 0.35,
            beats: 3.0,
            stroke: 0.9,
            cadence: 1.3,
            hops: false,
            sits: false,
            gape: 0.42,
            spread: 0.0,
            raise: 0.0,
            arms: 0.0,
            waddle: 0.0,
            sunk: 0.12,
            flukes: false,
        }
    }
}

fn upwards() -> Vec3 {
    Vec3::Y
}

fn droop() -> f32 {
    0.76
}

fn hang() -> f32 {
    0.05
}

fn one() -> f32 {
    1.0
}
