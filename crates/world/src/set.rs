//! A dressed set, as data.

use glam::{Affine3A, Quat, Vec2, Vec3};
use kinora_base::maths::smoothstep;
use kinora_base::noise::octaves;
use kinora_plan::State;
use kinora_render::scene::Lamp;
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
