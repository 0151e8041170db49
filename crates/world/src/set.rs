//! A dressed set, as data.

use glam::{Affine3A, Quat, Vec2, Vec3};
use kinora_base::maths::{direction, smoothstep};
use kinora_base::noise::octaves;
use kinora_plan::State;
use kinora_render::scene::Lamp;
use kinora_solids::facts::Flight;
use kinora_vocabulary::Kind;
use serde::{Deserialize, Serialize};

/// What stands where. Models are looked up by name when it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Set {
    /// Entry of `places`.
    pub place: String,
    /// Props and standing vehicles.
    pub pieces: Vec<Piece>,
    /// The ground.
    pub terrain: Terrain,
    /// Where people act.
    pub stage_area: StageArea,
    /// Position, radius and height of what one cannot walk or look through.
    pub obstacles: Vec<(Vec3, f32, f32)>,
    /// Lowest and highest corner of what the place itself is built of and a camera cannot see through: columns, counters, walls.
    #[serde(default)]
    pub masses: Vec<(Vec3, Vec3)>,
    /// Steps that people go up and down.
    #[serde(default)]
    pub stairs: Vec<Stairs>,
    /// Lamps that burn.
    pub lamps: Vec<Lamp>,
    /// How bright lamps are at this time of day.
    #[serde(default)]
    pub lamp_strength: f32,
    /// In a room.
    pub indoors: bool,
    /// Without air.
    #[serde(default)]
    pub airless: bool,
    /// Under the surface of the sea.
    #[serde(default)]
    pub underwater: bool,
    /// Sounds of the place, decibels.
    pub ambience: Vec<(String, f32)>,
    /// Reverberation time, seconds.
    pub reverb: f32,
    /// Under snow.
    pub snow: bool,
}

/// A flight of steps that stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stairs {
    /// Where the origin of its prop is.
    pub at: Vec3,
    /// How the prop is turned about the vertical.
    pub yaw: f32,
    /// Factor on its size.
    pub scale: f32,
    /// Its steps.
    pub flight: Flight,
}

/// Where on a step, as a share of its depth, an ankle stands: toes need more room than heels.
const ANKLE: f32 = 0.42;
/// Who is nearer to the lowest step than this, metres, would have the toes in it.
const TOES: f32 = 0.2;

impl Stairs {
    /// Metres from the lowest edge up the flight, on the ground, and metres from its middle line.
    fn place(&self, at: Vec3) -> (f32, f32) {
        let front = direction(self.yaw);
        let d = at - self.at;
        (self.flight.foot * self.scale - d.dot(front), d.dot(Vec3::new(front.z, 0.0, -front.x)))
    }

    /// The step that a place is on or over, from 0, and metres up the flight.
    fn step(&self, at: Vec3) -> Option<(u32, f32)> {
        let (along, aside) = self.place(at);
        let step = (along / (self.flight.run * self.scale)).floor();
        (aside.abs() <= self.flight.half * self.scale && step >= 0.0 && step < self.flight.steps as f32).then_some((step as u32, along))
    }

    fn height(&self, step: u32) -> f32 {
        self.at.y + self.flight.rise * self.scale * (step + 1) as f32
    }

    /// A place so many metres up the flight on its middle line, from its lowest edge.
    #[must_use]
    pub fn point(&self, along: f32) -> Vec3 {
        let level = self.at + direction(self.yaw) * (self.flight.foot * self.scale - along);
        level.with_y(self.step(level).map_or(self.at.y, |(k, _)| self.height(k)))
    }

    /// How far up the middle of the highest step is.
    #[must_use]
    pub fn top(&self) -> f32 {
        (self.flight.steps as f32 - 0.5) * self.flight.run * self.scale
    }
}

impl Set {
    /// Height of what one walks on: the ground, or steps.
    #[must_use]
    pub fn ground(&self, x: f32, z: f32) -> f32 {
        let at = Vec3::new(x, 0.0, z);
        let step = self.stairs.iter().find_map(|s| s.step(at).map(|(k, _)| s.height(k)));
        step.unwrap_or_else(|| self.terrain.height(x, z))
    }

    /// Where a foot comes down that is set to a place: in the middle of a step, and not with its toes in the lowest one.
    #[must_use]
    pub fn footing(&self, at: Vec3) -> Vec3 {
        for stairs in &self.stairs {
            let back = direction(stairs.yaw);
            let (along, aside) = stairs.place(at);
            if let Some((step, along)) = stairs.step(at) {
                let wanted = (step as f32 + ANKLE) * stairs.flight.run * stairs.scale;
                return (at + back * (along - wanted)).with_y(stairs.height(step));
            }
            if aside.abs() <= stairs.flight.half * stairs.scale && along < 0.0 && along > -TOES {
                let clear = at + back * (along + TOES);
                return clear.with_y(self.terrain.height(clear.x, clear.z));
            }
        }
        at.with_y(self.terrain.height(at.x, at.z))
    }
}

/// A prop or vehicle that stands still.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Stable name of its entry.
    pub prop: String,
    /// Prop or vehicle.
    pub kind: Kind,
    /// Where its origin is.
    pub position: Vec3,
    /// How it is turned about the vertical.
    pub yaw: f32,
    /// Factor on its size.
    pub scale: f32,
    /// Chooses its variant.
    pub seed: u64,
    /// Colour of its tinted part.
    pub colour: Option<String>,
    /// Material of its tinted part.
    pub material: Option<String>,
    /// What state it is in.
    #[serde(default)]
    pub state: Option<State>,
    /// What is written on it; none = its own words.
    #[serde(default)]
    pub text: Option<String>,
    /// Number in the id pass; 0 for dressing.
    pub id: u16,
    /// Lowest and highest corner of its model, metres unscaled, if they are known: what somebody asked for is framed by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<(Vec3, Vec3)>,
}

impl Piece {
    /// A piece as its file has it, which nobody asked for.
    #[must_use]
    pub fn new(prop: &str, position: Vec3, yaw: f32, scale: f32) -> Self {
        Self {
            prop: prop.to_owned(),
            kind: Kind::Prop,
            position,
            yaw,
            scale,
            seed: 0,
            colour: None,
            material: None,
            state: None,
            text: None,
            id: 0,
            bounds: None,
        }
    }

    /// The box around it as it stands, if its model's is known.
    #[must_use]
    pub fn around(&self) -> Option<(Vec3, Vec3)> {
        let (low, high) = self.bounds?;
        let turn = glam::Quat::from_rotation_y(self.yaw);
        let corner = |k: usize| Vec3::select(glam::BVec3::new(k & 1 == 0, k & 2 == 0, k & 4 == 0), low, high);
        let places = (0..8).map(|k| self.position + turn * corner(k) * self.scale);
        Some(places.fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| (low.min(p), high.max(p))))
    }
}

impl Piece {
    /// Where it is.
    #[must_use]
    pub fn world(&self) -> Affine3A {
        Affine3A::from_scale_rotation_translation(Vec3::splat(self.scale), Quat::from_rotation_y(self.yaw), self.position)
    }
}

/// Where people act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageArea {
    /// Its middle.
    pub centre: Vec3,
    /// Half its width and depth.
    pub half: Vec2,
    /// From where the camera looks best: radians about y, 0 = from +z.
    pub best_view: f32,
    /// A natural line of travel.
    pub path: Vec<Vec3>,
    /// Height of the water, if there is any.
    pub water_level: Option<f32>,
    /// Height of the ceiling, if there is one.
    pub ceiling: Option<f32>,
    /// Least and greatest corner of the room.
    pub room: Option<(Vec3, Vec3)>,
    /// Where an audience sits.
    #[serde(default)]
    pub house: Vec<Row>,
    /// At what people sit here.
    #[serde(default)]
    pub tables: Option<crate::format::Tables>,
}

/// A row of seats whose sitters look towards -z.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The middle of the first seat's top, metres.
    pub from: Vec3,
    /// That of the last.
    pub to: Vec3,
    /// How many there are, at equal distances.
    pub count: u32,
    /// Height of the floor under their feet, metres.
    pub floor: f32,
}

impl Row {
    /// The middles of the tops of its seats.
    pub fn seats(&self) -> impl Iterator<Item = Vec3> {
        let (from, to, last) = (self.from, self.to, self.count.saturating_sub(1).max(1) as f32);
        (0..self.count).map(move |k| from.lerp(to, k as f32 / last))
    }
}

/// A height field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terrain {
    /// What it is called underfoot.
    pub surface: String,
    /// Height of hills, and features a metre.
    pub hills: (f32, f32),
    /// Within this distance of the middle it is almost flat.
    pub flat: f32,
    /// It falls beyond this z by this slope.
    pub shore: Option<(f32, f32)>,
    /// Shifts the hills.
    pub offset: Vec3,
    /// Height of the water that covers the lowest parts.
    pub water: Option<f32>,
}

impl Terrain {
    /// The ground's height.
    #[must_use]
    pub fn height(&self, x: f32, z: f32) -> f32 {
        let far = smoothstep(self.flat, self.flat * 2.5 + 8.0, (x * x + z * z).sqrt());
        let hill = if self.hills.0 > 0.0 {
            let p = Vec3::new(x, 0.0, z);
            let large = octaves(p * self.hills.1 + self.offset, 2) * self.hills.0 * far;
            // A little unevenness everywhere, or the ground looks like a table.
            large + octaves(p * 0.45 + self.offset, 2) * 0.05 * self.hills.0.min(1.0)
        } else {
            0.0
        };
        match self.shore {
            Some((from, slope)) => hill * (1.0 - smoothstep(from + 3.0, from - 3.0, z)) - (from - z).max(0.0) * slope,
            None => hill,
        }
    }

    /// What is underfoot.
    #[must_use]
    pub fn surface(&self, x: f32, z: f32) -> &str {
        match self.water {
            Some(level) if self.height(x, z) < level => "water",
            _ => &self.surface,
        }
    }
}
