//! What the renderer draws: a [`Scene`]. Nothing here knows of plans, words or actors.
//!
//! Spaces are in the names: `world_from_object`. Lengths are metres, angles radians, colours linear.

use crate::looks::Look;
use crate::texture::Texture;
use glam::{Affine3A, Quat, Vec3};
use kinora_base::{LinearRgb, maths};
use std::sync::Arc;

/// Triangles with everything that shading looks up at their corners.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Positions in object space.
    pub positions: Vec<Vec3>,
    /// Unit normals, as many as positions. Tufts have the normal of the surface they grow on.
    pub normals: Vec<Vec3>,
    /// Rest coordinates, where paint, relief and mottling are looked up, so that they stick to what moves.
    /// Empty means the positions themselves.
    pub rest: Vec<Vec3>,
    /// Baked openness to the surroundings, 255 for open. Empty means open everywhere.
    pub openness: Vec<u8>,
    /// A factor on albedo (255 = 2.0, 128 = 1.0) for blades and shingles that differ. Empty means 1.
    pub tint: Vec<[u8; 3]>,
    /// Corners, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
    /// Runs of triangles that share a material; they cover all triangles in order.
    pub parts: Vec<Part>,
    /// A box around all positions.
    pub bounds: Bounds,
}

/// A run of triangles of one material.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which of the instance's materials.
    pub material: u16,
    /// The first triangle.
    pub first: u32,
    /// How many triangles.
    pub count: u32,
}

/// An axis-aligned box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The least corner.
    pub low: Vec3,
    /// The greatest corner.
    pub high: Vec3,
}

impl Bounds {
    /// Around points; an empty box at the origin if there are none.
    #[must_use]
    pub fn around(points: &[Vec3]) -> Self {
        let mut points = points.iter();
        let Some(first) = points.next() else { return Self::default() };
        points.fold(Self { low: *first, high: *first }, |b, p| Self { low: b.low.min(*p), high: b.high.max(*p) })
    }
    /// The middle.
    #[must_use]
    pub fn centre(self) -> Vec3 {
        (self.low + self.high) * 0.5
    }
    /// Half the diagonal: the radius of the ball around the box.
    #[must_use]
    pub fn radius(self) -> f32 {
        (self.high - self.low).length() * 0.5
    }
    /// Around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

/// The small relief of a surface: which pattern, in rest coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Relief {
    /// Smooth.
    #[default]
    None,
    /// Thumbed clay: 22, 61 and 190 cycles a metre.
    Clay,
    /// Knitted rows, 13 mm.
    Knit,
    /// Woven threads, 14 mm.
    Weave,
    /// Fibres, 45 to 420 cycles a metre.
    Felt,
    /// Grain along rest z: 30 across, 2.5 along.
    Wood,
    /// Trowelled plaster, 5 cycles a metre.
    Plaster,
    /// Stone and earth, 6 cycles a metre.
    Stone,
    /// Grooves along the strand (rest y), 9 : 1.
    Hair,
    /// Moving ripples on water, in world x and z. The mesh's tint is the depth of the water, metres (0..2).
    Ripples,
    /// Fur: strands along rest z, 300 across and 20 along.
    Fur,
    /// Sand: ripples of the wind, and grains.
    Sand,
    /// Brushed metal: fine lines along rest x.
    Brushed,
}

/// Where a coat of paint lies, in rest coordinates.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Mask {
    /// Everywhere.
    All,
    /// Where `dot(p, towards) > offset`.
    Beyond {
        /// Unit direction.
        towards: Vec3,
        /// Metres along it.
        offset: f32,
    },
    /// Inside an ellipsoid.
    Ball {
        /// Its middle.
        centre: Vec3,
        /// Its half axes.
        radii: Vec3,
    },
    /// Inside a capsule.
    Capsule {
        /// One end.
        from: Vec3,
        /// The other end.
        to: Vec3,
        /// Its radius.
        radius: f32,
    },
    /// Stripes across a direction.
    Bands {
        /// Unit direction across the stripes.
        across: Vec3,
        /// Metres from stripe to stripe.
        period: f32,
        /// The painted share, 0..1.
        share: f32,
    },
    /// Blobs of noise.
    Spots {
        /// Metres from spot to spot, about.
        size: f32,
        /// The painted share, 0..1.
        share: f32,
    },
    /// Where the normal points up more than this cosine.
    Upward {
        /// The least y of the unit normal.
        above: f32,
    },
}

/// One coat of paint over what lies under it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Coat {
    /// Its colour.
    pub colour: LinearRgb,
    /// Where it lies.
    pub mask: Mask,
    /// Width of its soft edge, metres.
    pub soft: f32,
    /// How far its edge wanders, metres (noise of about four times that wavelength).
    pub wobble: f32,
    /// How much it covers, 0..1.
    pub amount: f32,
    /// Looked up at |x|: painted on both sides alike.
    pub mirror: bool,
}

/// How a surface answers light.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// Albedo under the coats, .02 to .80; with a texture, a factor on it.
    pub colour: LinearRgb,
    /// A picture on it: rest coordinates say where in it a point is, x across and y down, 0..1. Such materials have no relief and
    /// no coats but those that lie everywhere.
    pub texture: Option<Arc<Texture>>,
    /// Coats of paint, from below to above.
    pub coats: Arc<[Coat]>,
    /// GGX roughness, 0..1.
    pub roughness: f32,
    /// Reflectance seen square on: .02 cloth, .04 most, .06 eyes and glass, .5+ metal (tinted by albedo from .3 up).
    pub specular: f32,
    /// Cloth and fur's light edge.
    pub sheen: f32,
    /// Wrapped light per channel; skin (.45, .18, .10).
    pub wrap: Vec3,
    /// Light through leaves and thin cloth, 0..1; such surfaces are two-sided.
    pub translucency: f32,
    /// Light it gives off; such surfaces cast no shadow.
    pub emission: LinearRgb,
    /// How much of the sky it mirrors (water, polished things), 0..1, by Fresnel.
    pub mirror: f32,
    /// Which relief.
    pub relief: Relief,
    /// Its height in millimetres.
    pub relief_mm: f32,
    /// Scale of the relief: 1 as named, 2 twice as fine.
    pub relief_scale: f32,
    /// Albedo noise, 0..1.
    pub mottle: f32,
    /// Whether snow stays on it in snowy weather (never people and animals).
    pub takes_snow: bool,
    /// Draw both faces.
    pub two_sided: bool,
    /// How much it covers what lies behind, 0..1: glass .1, ghosts .4. What shines and mirrors covers by that besides.
    pub opacity: f32,
    /// Height of its waves, metres: water of the sea. Lakes have ripples only.
    pub swell: f32,
    /// How fast its ripples and its foam are carried along, metres a second: rivers.
    pub flow: Vec3,
}

impl Default for Material {
    /// Painted clay.
    fn default() -> Self {
        Self {
            colour: LinearRgb(0.5, 0.5, 0.5),
            texture: None,
            coats: Arc::from([]),
            roughness: 0.55,
            specular: 0.04,
            sheen: 0.25,
            wrap: Vec3::ZERO,
            translucency: 0.0,
            emission: LinearRgb::BLACK,
            mirror: 0.0,
            relief: Relief::Clay,
            relief_mm: 0.7,
            relief_scale: 1.0,
            mottle: 0.05,
            takes_snow: false,
            two_sided: false,
            opacity: 1.0,
            swell: 0.0,
            flow: Vec3::ZERO,
        }
    }
}

/// A mesh somewhere in the world.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its shape; meshes are shared and compared by address for caching.
    pub mesh: Arc<Mesh>,
    /// Materials that the mesh's parts index.
    pub materials: Arc<[Material]>,
    /// Where it is (uniform scale only).
    pub world_from_object: Affine3A,
    /// Where it was one frame earlier, for motion vectors.
    pub previous_world_from_object: Affine3A,
    /// Positions and normals of this frame in place of the mesh's own, if it is skinned.
    pub pose: Option<Arc<Pose>>,
    /// Who it is, in the id pass: 0 is the set, others are cast and things.
    pub id: u16,
    /// Whether it casts a shadow.
    pub casts_shadow: bool,
    /// Sway in the wind: metres at a height of 1 m over the object's origin, growing with height squared.
    pub sway: f32,
}

impl Instance {
    /// A mesh of one material at the origin that belongs to the set and casts no shadow: ground, water, a floor.
    #[must_use]
    pub fn ground(mesh: Mesh, material: Material) -> Self {
        Self {
            mesh: Arc::new(mesh),
            materials: Arc::from([material]),
            world_from_object: Affine3A::IDENTITY,
            previous_world_from_object: Affine3A::IDENTITY,
            pose: None,
            id: 0,
            casts_shadow: false,
            sway: 0.0,
        }
    }

    /// What throws the shadow onto texels of a size in metres: the coarsest shape that may, or else the one that is seen.
    pub(crate) fn thrower(&self, texel: f32) -> (&Mesh, &[Vec3]) {
        let Some(pose) = &self.pose else { return (&self.mesh, &self.mesh.positions) };
        let scale = self.world_from_object.matrix3.x_axis.length();
        match pose.coarser.iter().rev().find(|c| throws(c.edge * scale, texel)) {
            Some(coarse) => (&coarse.mesh, &coarse.positions),
            None => (&self.mesh, &pose.positions),
        }
    }
}

/// A skinned mesh at one frame, in object space.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pose {
    /// As many as the mesh has.
    pub positions: Vec<Vec3>,
    /// As many as the mesh has.
    pub normals: Vec<Vec3>,
    /// Positions one frame earlier.
    pub previous: Vec<Vec3>,
    /// The same with fewer triangles, to throw shadows with: the coarsest last.
    pub coarser: Vec<Coarse>,
}

/// A shape of fewer triangles in the pose of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Coarse {
    /// Its triangles and parts, which index the same materials.
    pub mesh: Arc<Mesh>,
    /// As many as the mesh has, in object space.
    pub positions: Vec<Vec3>,
    /// Length of a typical triangle edge in object space, metres.
    pub edge: f32,
}

/// An edge of so many texels of a shadow map is short: a limb's shadow stays within a texel of what it should be.
const SHORT: f32 = 2.5;

/// Whether shapes with triangle edges of a length in metres may throw shadows onto texels of a size in metres.
#[must_use]
pub fn throws(edge: f32, texel: f32) -> bool {
    edge <= SHORT * texel
}

/// Where the picture is taken from.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Camera {
    /// The lens, in the world.
    pub eye: Vec3,
    /// Turns camera space (x right, y up, looking along -z) into the world.
    pub world_from_camera: Quat,
    /// Vertical field of view, radians.
    pub vertical_fov: f32,
    /// Distance in focus, metres.
    pub focus: f32,
    /// Diameter of the entrance pupil, metres (focal length / f-number); 0 = everything sharp.
    pub aperture: f32,
    /// Share of the time between two frames that the shutter is open, 0..1 (180 degrees is 0.5); 0 = nothing is smeared.
    #[serde(default)]
    pub shutter: f32,
}

impl Camera {
    /// At `eye`, looking at `target`, level.
    #[must_use]
    pub fn looking(eye: Vec3, target: Vec3, vertical_fov: f32) -> Self {
        let forward = (target - eye).normalize_or(Vec3::NEG_Z);
        let right = forward.cross(Vec3::Y).normalize_or(Vec3::X);
        let up = right.cross(forward);
        let world_from_camera = Quat::from_mat3(&glam::Mat3::from_cols(right, up, -forward)).normalize();
        Self { eye, world_from_camera, vertical_fov, focus: (target - eye).length(), aperture: 0.0, shutter: 0.0 }
    }
}

/// A lamp: light that falls off with the square of distance and ends smoothly at its reach.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Lamp {
    /// In the world.
    pub position: Vec3,
    /// Radiance at one metre.
    pub colour: LinearRgb,
    /// Metres.
    pub reach: f32,
    /// Metres about it in which nothing throws its shadow: its own shade and post. 0: it casts no shadows at all.
    #[serde(default)]
    pub clear: f32,
    /// It shines one way only: a head lamp, a flashlight. None: to all sides.
    #[serde(default)]
    pub beam: Option<Beam>,
}

/// The beam of a lamp with a reflector. Its light falls off with distance, not with the square of it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Beam {
    /// Unit vector along its axis, in the world.
    pub towards: Vec3,
    /// From the axis to where nothing is left of it, radians; it is brightest on the axis.
    pub spread: f32,
}

/// Sun, sky, air and the finish of the picture. The table of the art direction, as data.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Light {
    /// Unit vector towards the sun or moon.
    pub sun_direction: Vec3,
    /// Its light.
    pub sun: LinearRgb,
    /// Penumbra: width over blocker distance (.012 sun, .12 portrait key, .25 overcast).
    pub sun_size: f32,
    /// Sky overhead.
    pub zenith: LinearRgb,
    /// Sky at the horizon.
    pub horizon: LinearRgb,
    /// Light from the ground.
    pub ground: LinearRgb,
    /// Factor on sky and ground light.
    pub ambient: f32,
    /// Fog per metre.
    pub fog: f32,
    /// Height over which fog thins by e, metres.
    pub fog_height: f32,
    /// Its colour.
    pub fog_colour: LinearRgb,
    /// Glow around the sun, in sky and fog.
    pub haze: LinearRgb,
    /// Sky rim on figures; black indoors.
    pub rim: LinearRgb,
    /// Factor on the camera-side fill (1 = the art direction's; never 0).
    pub fill: f32,
    /// Exposure before the tone map.
    pub exposure: f32,
    /// Added to the dark end.
    pub lift: LinearRgb,
    /// Factor on saturation after the tone map (1.05).
    pub saturation: f32,
    /// Darkening of corners (.38).
    pub vignette: f32,
    /// Bloom strength (.12; .22 at night) over its threshold (1.2; .9).
    pub bloom: f32,
    /// Light below it does not bloom.
    pub bloom_threshold: f32,
    /// Cloud cover, 0..1.
    pub clouds: f32,
    /// Stars, 0..1.
    pub stars: f32,
    /// Size of the drawn sun or moon disc, radians across; 0 = none.
    pub disc: f32,
    /// Snow on upward surfaces that see the sky, 0..1.
    pub snow: f32,
    /// Wet ground: darker and shinier, 0..1.
    pub wet: f32,
    /// In a room: no sky occlusion map, no rim.
    pub indoors: bool,
    /// Wind direction and strength (1 = breeze) for swaying things.
    pub wind: Vec3,
    /// Northern lights, 0..1; only the night shows them.
    pub aurora: f32,
    /// How much fog gathers in banks that drift with the wind, 0 (an even veil) .. 1.
    pub banks: f32,
    /// Beams of the sun between what stands in its way, 0..1.
    pub shafts: f32,
    /// How much a canopy or a cloud over the scene cuts what is left of the sun in the air into narrow beams, 0..1.
    pub gaps: f32,
    /// Beams in a room in place of what its walls let in.
    pub panes: Option<Panes>,
    /// Under water: the net of light on the ground, 0..1.
    pub caustics: f32,
    /// Height of a level surface that mirrors the things about it: still water, wet ground, a polished floor, metres.
    pub mirror: Option<f32>,
    /// How much a level floor without ripples mirrors at `mirror`, 0..1; water always does.
    pub polish: f32,
    /// The darkest and the brightest of the shot, 0 black .. 1 white of the screen: what a look of full range makes black and white.
    #[serde(default = "whole")]
    pub ends: (f32, f32),
}

fn whole() -> (f32, f32) {
    (0.0, 1.0)
}

impl Light {
    /// How much of day is in the light from all around, 0 night .. 1.
    pub(crate) fn day(&self) -> f32 {
        ((self.zenith + self.horizon).luminance() * 0.5 * self.ambient / 0.25).clamp(0.0, 1.0)
    }

    /// How gusts stand at a place, in the world, at a time of the film, seconds: along the wind -0.9..0.9, across it -1..1. They
    /// travel with the wind, so that neighbours bow one after another.
    #[must_use]
    pub fn gust(&self, at: Vec3, time: f32) -> [f32; 2] {
        let strength = self.wind.length();
        if strength <= 0.0 {
            return [0.0; 2];
        }
        let phase = at.dot(self.wind) * 0.9 / strength + at.x * 0.37 + at.z * 0.61;
        [maths::sin(time * 1.3 - phase) * 0.6 + maths::sin(time * 2.9 - phase * 1.7) * 0.3, maths::sin(time * 2.1 - phase * 2.3)]
    }

    /// How the air goes past a place, metres a second: it never turns round, as what springs back under a gust does.
    #[must_use]
    pub fn air(&self, at: Vec3, time: f32) -> Vec3 {
        let [gust, across] = self.gust(at, time);
        (self.wind * (0.6 + 0.55 * gust) + Vec3::new(-self.wind.z, 0.0, self.wind.x) * (0.2 * across)) * BREEZE
    }
}

/// Metres a second of a wind of 1.
const BREEZE: f32 = 2.2;

impl Default for Light {
    /// Noon.
    fn default() -> Self {
        Self {
            sun_direction: Vec3::new(-0.33, 0.72, -0.61),
            sun: LinearRgb(3.6, 3.35, 2.9),
            sun_size: 0.012,
            zenith: LinearRgb(0.16, 0.36, 0.80),
            horizon: LinearRgb(0.62, 0.76, 0.92),
            ground: LinearRgb(0.22, 0.24, 0.12),
            ambient: 0.62,
            fog: 0.006,
            fog_height: 30.0,
            fog_colour: LinearRgb(0.55, 0.70, 0.88),
            haze: LinearRgb(0.2, 0.2, 0.18),
            rim: LinearRgb(0.35, 0.38, 0.4),
            fill: 1.0,
            exposure: 0.72,
            lift: LinearRgb::BLACK,
            saturation: 1.05,
            vignette: 0.38,
            bloom: 0.12,
            bloom_threshold: 1.2,
            clouds: 0.3,
            stars: 0.0,
            disc: 0.03,
            snow: 0.0,
            wet: 0.0,
            indoors: false,
            wind: Vec3::new(1.0, 0.0, 0.3),
            aurora: 0.0,
            banks: 0.0,
            shafts: 0.0,
            gaps: 0.0,
            panes: None,
            caustics: 0.0,
            mirror: None,
            polish: 0.0,
            ends: whole(),
        }
    }
}

/// A row of beams that come in through windows, or gaps of a roof, that need not be seen: what of a plane across z they cross. Metres.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Panes {
    /// The z of the plane.
    pub plane: f32,
    /// Lowest and highest of each in it.
    pub tall: (f32, f32),
    /// The x of the middle of the first, and from one to the next.
    pub row: (f32, f32),
    /// How many there are.
    pub count: u32,
    /// Half the width of one.
    pub half: f32,
}

/// What particles look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ParticleKind {
    /// Round, soft and white.
    Snow,
    /// A thin streak along its velocity.
    Rain,
    /// A faint warm mote.
    Dust,
}

/// One flake, drop or mote.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Particle {
    /// In the world.
    pub position: Vec3,
    /// Diameter in metres.
    pub size: f32,
    /// Metres a second, for streaks.
    pub velocity: Vec3,
}

/// What a puff looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum PuffKind {
    /// A soft ball that covers: smoke, steam, dust. Lit by sky, sun and lamps.
    #[default]
    Smoke,
    /// A soft ball that adds light: flame, magic, the heart of an explosion.
    Glow,
    /// A bright line along its velocity that adds light.
    Spark,
    /// A small flat thing that tumbles: leaf, petal, confetti. Lit.
    Leaf,
    /// A line along its velocity that covers: blown sand. Lit.
    Streak,
    /// A ring that grows: a splash on water or wet ground.
    Ring,
    /// A hollow ball: bubble.
    Bubble,
}

/// A bit of smoke, a spark, a leaf: one particle of an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Puff {
    /// What it looks like.
    pub kind: PuffKind,
    /// In the world.
    pub position: Vec3,
    /// Metres a second: the line of a spark.
    pub velocity: Vec3,
    /// Diameter, metres.
    pub size: f32,
    /// Albedo of what covers, radiance of what shines.
    pub colour: LinearRgb,
    /// How much it covers, 0..1.
    pub opacity: f32,
    /// How it is turned in the picture, radians; leaves tumble by it, smoke is ragged by it.
    pub turn: f32,
}

/// The face of somebody who acts: the key may leave it dark, the picture may not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Between the eyes, in the world.
    pub at: Vec3,
    /// Where it looks.
    pub towards: Vec3,
}

/// The track of something that moves on water: it leaves waves and foam.
#[derive(Clone, Debug, PartialEq)]
pub struct Wake {
    /// Half its width at the water, metres.
    pub half: f32,
    /// Its length at the water, metres.
    pub length: f32,
    /// Where its bow was, level with the water, and how many seconds ago: now first. At the last place nothing is left.
    pub track: Vec<(Vec3, f32)>,
}

/// Everything that is in the picture at one frame.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The camera.
    pub camera: Camera,
    /// The camera one frame earlier, for motion vectors.
    pub previous_camera: Camera,
    /// Sun, sky, air and finish.
    pub light: Light,
    /// Lamps, nearest matter most; at most 24 of those in view are used.
    pub lamps: Vec<Lamp>,
    /// What stands still for the whole shot: shared between frames, so that its shadows can be kept.
    pub still: Arc<[Instance]>,
    /// What moves, or may.
    pub moving: Vec<Instance>,
    /// Flakes, drops, motes.
    pub particle_kind: ParticleKind,
    /// Where they are.
    pub particles: Vec<Particle>,
    /// Smoke, sparks, leaves: the particles of effects.
    pub puffs: Vec<Puff>,
    /// What moves on the water.
    pub wakes: Vec<Wake>,
    /// The faces that must be readable: light is added for them where the scene leaves too little.
    pub faces: Vec<Face>,
    /// Where shadows matter: a ball around the action. The sun's shadow map is fitted to it (the radius in steps of a
    /// quarter), and kept while the ball and `still` stay the same.
    pub interest: (Vec3, f32),
    /// Seconds since the film began, for wind, ripples and clouds.
    pub time: f32,
    /// What is made of the picture; none = as the light is.
    pub look: Option<Arc<Look>>,
}
