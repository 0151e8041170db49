//! The sections that this crate reads.

use kinora_base::LinearRgb;
use kinora_solids::format::{Solid, Triple};
use serde::Deserialize;

/// The `place:` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceSection {
    /// Half the walkable area, across and deep.
    pub stage: (f32, f32),
    /// The ground; none = nothing to stand on but the scenery.
    #[serde(default)]
    pub ground: Option<Ground>,
    /// Level water.
    #[serde(default)]
    pub water: Option<Water>,
    /// What is strewn about.
    #[serde(default)]
    pub scatter: Vec<Scatter>,
    /// What stands at a certain place.
    #[serde(default)]
    pub pieces: Vec<Standing>,
    /// Walls, floors, streets: solids that belong to the place alone.
    #[serde(default)]
    pub scenery: Vec<Solid>,
    /// Points of a natural line of travel.
    #[serde(default)]
    pub path: Vec<Triple>,
    /// Lamps of the place: position, light at a metre, reach, and whether they burn by day.
    #[serde(default)]
    pub lamps: Vec<(Triple, LinearRgb, f32, bool)>,
    /// A room: least and greatest corner.
    #[serde(default)]
    pub room: Option<(Triple, Triple)>,
    /// Rows of seats for an audience that looks towards -z: the first and the last seat's top, how many, and the height of the floor.
    #[serde(default)]
    pub house: Vec<(Triple, Triple, u32, f32)>,
    /// At what people sit here who eat, drink or read.
    #[serde(default)]
    pub tables: Option<Tables>,
    /// What is heard: sounds and levels in decibels; by day, by night.
    #[serde(default)]
    pub ambience: Vec<(String, f32)>,
    /// What is heard at night instead.
    #[serde(default)]
    pub ambience_night: Vec<(String, f32)>,
    /// What the floor is called underfoot where there is no ground: wood, tile, stone, concrete, carpet.
    #[serde(default = "boards")]
    pub floor: String,
    /// Reverberation time, seconds.
    #[serde(default)]
    pub reverb: f32,
    /// No air: black sky with stars whatever the time.
    #[serde(default)]
    pub airless: bool,
    /// How much the level floor mirrors what stands on it, 0..1: a waxed ballroom .8, tiles .4.
    #[serde(default)]
    pub polish: f32,
    /// Under the surface of the sea: blue distance, light from above, who swims is over the ground.
    #[serde(default)]
    pub underwater: bool,
}

/// What people sit at in a place, and on what.
#[derive(Clone, Debug, PartialEq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// The table: a prop with a surface.
    pub thing: String,
    /// What stands about it: a prop with a seat.
    pub seat: String,
    /// The colour of its seats.
    #[serde(default)]
    pub colour: Option<String>,
    /// One comes here to sit: who talks or sits down does so at a table.
    #[serde(default)]
    pub always: bool,
}

fn boards() -> String {
    "wood".to_owned()
}

/// A height field with paint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// What it is called underfoot.
    pub surface: String,
    /// Material and colour.
    pub material: String,
    /// Its colour.
    pub colour: LinearRgb,
    /// A second colour in large patches.
    #[serde(default)]
    pub patches: Option<LinearRgb>,
    /// Height of hills, and features a metre.
    #[serde(default)]
    pub hills: (f32, f32),
    /// How far it reaches.
    #[serde(default = "far")]
    pub reach: f32,
    /// It falls towards -z beyond this depth, by this slope: a shore.
    #[serde(default)]
    pub shore: Option<(f32, f32)>,
    /// A path of another colour along `path`: colour and half width.
    #[serde(default)]
    pub path: Option<(LinearRgb, f32)>,
}

fn far() -> f32 {
    140.0
}

/// A water surface.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Water {
    /// Its height.
    pub level: f32,
    /// Its colour.
    pub colour: LinearRgb,
    /// It begins beyond this z (towards -z).
    pub from: f32,
    /// Height of its waves, metres: .05 a calm sea, .3 a rough one; lakes and rivers have ripples only.
    #[serde(default)]
    pub swell: f32,
    /// How fast it flows, metres a second (x, y, z).
    #[serde(default)]
    pub flow: Triple,
}

/// Props strewn over a ring around the middle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scatter {
    /// Which.
    pub prop: String,
    /// How many.
    pub count: usize,
    /// From the middle: least and greatest distance.
    pub ring: (f32, f32),
    /// Factor on size.
    #[serde(default = "unit")]
    pub scale: (f32, f32),
    /// Metres to the next of its kind.
    #[serde(default)]
    pub apart: f32,
    /// Low enough to stand in front of the camera and on the stage.
    #[serde(default)]
    pub low: bool,
    /// Only where z is between these.
    #[serde(default = "anywhere")]
    pub depth: (f32, f32),
    /// Share of them that is left under snow.
    #[serde(default = "all")]
    pub in_snow: f32,
}

fn unit() -> (f32, f32) {
    (0.85, 1.2)
}
fn anywhere() -> (f32, f32) {
    (-1e3, 1e3)
}
fn all() -> f32 {
    1.0
}

/// A prop at a certain place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Which.
    pub prop: String,
    /// Where; y is over the ground.
    pub at: Triple,
    /// Degrees about the vertical; 0 faces the camera.
    #[serde(default)]
    pub yaw: f32,
    /// Factor on size.
    #[serde(default = "one")]
    pub scale: f32,
    /// What is written on it; none = its own words.
    #[serde(default)]
    pub text: Option<String>,
    /// Colour of its tinted part.
    #[serde(default)]
    pub colour: Option<String>,
}

fn one() -> f32 {
    1.0
}

/// The `light:` section of a time of day: a row of the art direction's table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeSection {
    /// Degrees: 0 against the lens, 90 from the right, 180 from behind the camera.
    pub azimuth: f32,
    /// Degrees over the horizon.
    pub height: f32,
    /// Light of sun or moon.
    pub sun: LinearRgb,
    /// Sky overhead.
    pub zenith: LinearRgb,
    /// Sky at the horizon.
    pub horizon: LinearRgb,
    /// Light from the ground.
    pub ground: LinearRgb,
    /// Factor on sky and ground.
    pub ambient: f32,
    /// Fog per metre, height, colour.
    pub fog: (f32, f32, LinearRgb),
    /// Glow about the sun.
    pub haze: LinearRgb,
    /// Sky rim.
    pub rim: LinearRgb,
    /// Exposure.
    pub exposure: f32,
    /// Strength of lamps.
    pub lamps: f32,
    /// Stars, 0..1.
    #[serde(default)]
    pub stars: f32,
    /// Lift of the dark end.
    #[serde(default)]
    pub lift: LinearRgb,
    /// Bloom and its threshold.
    #[serde(default = "bloom")]
    pub bloom: (f32, f32),
}

fn bloom() -> (f32, f32) {
    (0.12, 1.2)
}

/// The `weather:` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeatherSection {
    /// How much the sun is hidden, 0..1.
    pub overcast: f32,
    /// Cloud cover in the sky, 0..1.
    pub clouds: f32,
    /// Fog added per metre.
    pub fog: f32,
    /// Wet ground.
    pub wet: f32,
    /// Snow on what takes it.
    pub snow: f32,
    /// Flakes in the air, 0..1.
    pub flakes: f32,
    /// Drops in the air, 0..1.
    pub drops: f32,
    /// What is heard besides.
    pub ambience: Vec<(String, f32)>,
    /// Factor on wind.
    pub wind: f32,
    /// How much the fog gathers in banks, 0..1.
    pub banks: f32,
    /// Northern lights, 0..1: they make it night.
    pub aurora: f32,
    /// Shafts of light that were asked for, 0..1: the sun stands where it makes them, and the air shows it.
    pub shafts: f32,
    /// A colour that the air takes, a factor on sun, sky and fog: the brown light of a sandstorm.
    pub tint: Option<LinearRgb>,
    /// What floats about: leaves, petals, fireflies, ash.
    pub drift: Vec<crate::effects::Drift>,
}

impl Default for WeatherSection {
    fn default() -> Self {
        Self {
            overcast: 0.0,
            clouds: 0.3,
            fog: 0.0,
            wet: 0.0,
            snow: 0.0,
            flakes: 0.0,
            drops: 0.0,
            ambience: Vec::new(),
            wind: 1.0,
            banks: 0.0,
            aurora: 0.0,
            shafts: 0.0,
            tint: None,
            drift: Vec::new(),
        }
    }
}
