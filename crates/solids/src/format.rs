//! The `solids:` section: what a thing is made of, as a newcomer writes it. Every solid and its fields are documented here.

use kinora_base::LinearRgb;
use kinora_letters::Face;
use kinora_render::scene::Coat;
use serde::Deserialize;

/// Three numbers.
pub type Triple = (f32, f32, f32);

/// What a solid is painted with.
#[derive(Clone, Debug, Deserialize)]
pub enum Paint {
    /// A material in a colour.
    In(String, LinearRgb),
    /// A material in the colour that the film asks for, or else in this one.
    Tint(String, LinearRgb),
    /// A material in a colour, with coats over it.
    Coats(String, LinearRgb, Vec<Coat>),
    /// As `Coats`, but the lowest colour is the film's.
    TintCoats(String, LinearRgb, Vec<Coat>),
    /// Shining: colour and strength.
    Glow(LinearRgb, f32),
    /// Shining in the colour that the film asks for, or else in this one: neon.
    TintGlow(LinearRgb, f32),
}

/// One solid, or several arranged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Solid {
    /// A box with rounded edges.
    Box {
        /// Its middle.
        at: Triple,
        /// Half its sides.
        half: Triple,
        /// Radius of the edges.
        #[serde(default = "bevel")]
        round: f32,
        /// Degrees about x, y, z.
        #[serde(default)]
        turn: Triple,
        /// What it is painted with.
        paint: Paint,
    },
    /// An ellipsoid.
    Ball {
        /// Its middle.
        at: Triple,
        /// Half axes.
        radii: Triple,
        /// What it is painted with.
        paint: Paint,
    },
    /// A round stick.
    Capsule {
        /// One end.
        from: Triple,
        /// The other.
        to: Triple,
        /// Radius at each.
        radii: (f32, f32),
        /// What it is painted with.
        paint: Paint,
    },
    /// A profile turned about the vertical.
    Lathe {
        /// Where its origin is.
        #[serde(default)]
        at: Triple,
        /// (radius, height) from below to above.
        profile: Vec<(f32, f32)>,
        /// Degrees about x, y, z.
        #[serde(default)]
        turn: Triple,
        /// Facets around, at the finest level.
        #[serde(default = "facets")]
        facets: usize,
        /// Lobes around the rim: how many, and how deep as a share of the radius.
        #[serde(default)]
        lobes: (usize, f32),
        /// What it is painted with.
        paint: Paint,
    },
    /// A round tube along points (x, y, z, radius), as a smooth curve.
    Tube {
        /// The points.
        path: Vec<(f32, f32, f32, f32)>,
        /// What it is painted with.
        paint: Paint,
    },
    /// A flat outline (x, y), counter-clockwise, drawn out along z.
    Extrude {
        /// The middle of the slab.
        #[serde(default)]
        at: Triple,
        /// The outline.
        outline: Vec<(f32, f32)>,
        /// Thickness.
        depth: f32,
        /// Degrees about x, y, z.
        #[serde(default)]
        turn: Triple,
        /// What it is painted with.
        paint: Paint,
    },
    /// Words: those that the film wants on the thing, or else its own. They fill their room as well as they can.
    Lettering {
        /// The middle of the room, on the surface that the letters stand on.
        at: Triple,
        /// Width and height of the room.
        room: (f32, f32),
        /// Degrees about x, y, z.
        #[serde(default)]
        turn: Triple,
        /// How far the letters stand out; 0 = painted on.
        #[serde(default)]
        depth: f32,
        /// The style: sans, bold, round, neon, serif.
        #[serde(default)]
        face: Face,
        /// The largest letters (ems, metres); 0 = as large as the room allows.
        #[serde(default)]
        most: f32,
        /// In capitals, where the script has them.
        #[serde(default)]
        capitals: bool,
        /// Between letters, ems.
        #[serde(default)]
        tracking: f32,
        /// What stands there when the film does not say.
        #[serde(default)]
        text: String,
        /// What the letters are made of.
        paint: Paint,
    },
    /// Only when the film has words for the thing, or only when it has none: a blank page, a painted picture.
    Lettered {
        /// With words, or without.
        #[serde(default = "yes")]
        with: bool,
        /// What.
        of: Vec<Solid>,
    },
    /// Soft shapes melted into one skin.
    Blend {
        /// Size of a triangle at the finest level.
        cell: f32,
        /// Width of the melting.
        k: f32,
        /// What is melted.
        of: Vec<Lump>,
        /// What is taken away.
        #[serde(default)]
        without: Vec<Lump>,
        /// Noise on the surface: height, features a metre.
        #[serde(default)]
        rough: (f32, f32),
        /// Both sides alike.
        #[serde(default)]
        mirror: bool,
        /// What it is painted with.
        paint: Paint,
    },
    /// Blades grown on solids, which are drawn too.
    Tufted {
        /// What they grow on.
        of: Vec<Solid>,
        /// How many at the finest level.
        count: usize,
        /// Root to tip.
        length: f32,
        /// Width at the root.
        width: f32,
        /// 0 flat, 1 upright.
        #[serde(default = "half")]
        lift: f32,
        /// The direction they lie in.
        #[serde(default)]
        along: Triple,
        /// How much they differ in brightness.
        #[serde(default = "some")]
        vary: f32,
        /// What they are painted with.
        paint: Paint,
    },
    /// Blades that stand on the ground: a tuft of grass.
    Blades {
        /// How many.
        count: usize,
        /// They stand within this radius.
        radius: f32,
        /// Height.
        length: f32,
        /// Width at the root.
        width: f32,
        /// How far they bend, 0..1.
        #[serde(default = "half")]
        bend: f32,
        /// What they are painted with.
        paint: Paint,
    },
    /// Several, moved together.
    Group {
        /// Where their origin is.
        #[serde(default)]
        at: Triple,
        /// Degrees about x, y, z.
        #[serde(default)]
        turn: Triple,
        /// Factor on their size.
        #[serde(default = "one")]
        scale: f32,
        /// What.
        of: Vec<Solid>,
    },
    /// The same again and again, a step apart.
    Repeat {
        /// How often.
        count: usize,
        /// From one to the next.
        step: Triple,
        /// What.
        of: Vec<Solid>,
    },
    /// The same around the vertical.
    Ring {
        /// How often.
        count: usize,
        /// What.
        of: Vec<Solid>,
    },
    /// Each a little different: moved, turned about its origin and tinted by chance.
    Wonky {
        /// At most so far, metres along x, y, z.
        #[serde(default)]
        shift: Triple,
        /// At most so many degrees about x, y, z.
        #[serde(default)]
        turn: Triple,
        /// Brightness differs by this share, 0..1.
        #[serde(default)]
        vary: f32,
        /// Size differs by this share, 0..1.
        #[serde(default)]
        size: f32,
        /// What.
        of: Vec<Solid>,
    },
    /// The same by chance within a box, each turned about the vertical.
    Scatter {
        /// How many.
        count: usize,
        /// Half the box's sides.
        half: Triple,
        /// Size differs by this share, 0..1.
        #[serde(default)]
        size: f32,
        /// Brightness differs by this share, 0..1.
        #[serde(default)]
        vary: f32,
        /// What.
        of: Vec<Solid>,
    },
    /// A door, a lid, a cover: it turns about its origin and moves when the thing is opened or closed. As written is how
    /// it is when nobody says; one of `open` and `closed` is given, the other is as written.
    Hinge {
        /// Where its axis is.
        #[serde(default)]
        at: Triple,
        /// Degrees about x, y, z when it is open.
        #[serde(default)]
        open: Triple,
        /// Degrees about x, y, z when it is closed.
        #[serde(default)]
        closed: Triple,
        /// How far it has moved when it is open, metres.
        #[serde(default)]
        slide: Triple,
        /// What, as seen from the axis.
        of: Vec<Solid>,
    },
    /// Only at some levels of detail: 0 is the finest, 2 the coarsest.
    Levels {
        /// The finest that has it.
        #[serde(default)]
        from: usize,
        /// The coarsest that has it.
        #[serde(default = "coarsest")]
        to: usize,
        /// What.
        of: Vec<Solid>,
    },
    /// Another prop, by its file's name.
    Use(String),
    /// Also on the other side (x negated).
    Mirror {
        /// What.
        of: Vec<Solid>,
    },
}

/// A part of a [`Solid::Blend`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Lump {
    /// An ellipsoid: middle, half axes.
    Ball(Triple, Triple),
    /// A capsule: ends with a radius each.
    Capsule(Triple, f32, Triple, f32),
    /// A box: middle, half sides, rounding.
    Box(Triple, Triple, f32),
    /// A lying ring: middle, radius, thickness.
    Torus(Triple, f32, f32),
    /// Balls by chance within an ellipsoid: its middle, its half axes, how many balls, least and greatest radius.
    Cluster(Triple, Triple, usize, (f32, f32)),
    /// One part turned (degrees about x, y, z) about a place.
    Turned(Triple, Triple, std::boxed::Box<Lump>),
    /// A chain of (x, y, z, radius).
    Curve(Vec<(f32, f32, f32, f32)>),
}

fn yes() -> bool {
    true
}
fn coarsest() -> usize {
    2
}
fn bevel() -> f32 {
    0.01
}
fn facets() -> usize {
    28
}
fn half() -> f32 {
    0.5
}
fn some() -> f32 {
    0.18
}
fn one() -> f32 {
    1.0
}
