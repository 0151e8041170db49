//! What others need to know of a prop: the `prop:` section.

use serde::{Deserialize, Serialize};

/// A place, a colour at one metre, a reach.
pub type LampFacts = ((f32, f32, f32), (f32, f32, f32), f32);

/// Facts about a prop. Lengths in metres, places in the prop's own space.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PropFacts {
    /// Its largest extent.
    pub size: f32,
    /// Middle of the top of its seat.
    pub seat: Option<(f32, f32, f32)>,
    /// Height of its top, if things can stand on it.
    pub surface: Option<f32>,
    /// Where a hand holds it.
    pub grip: Option<(f32, f32, f32)>,
    /// How a hand holds it there, if its shape alone does not say.
    pub held: Option<Held>,
    /// It is made in children's sizes: a child plays a small guitar.
    pub sizes: bool,
    /// Kilograms.
    pub weight: f32,
    /// Light it gives: place, colour at one metre, reach.
    pub lamp: Option<LampFacts>,
    /// Where its lamp shines, if it shines one way only: a flashlight.
    pub beam: Option<(f32, f32, f32)>,
    /// Where flames burn on it unless it is unlit, and how high they are.
    pub flames: Vec<((f32, f32, f32), f32)>,
    /// What of it is cloth that the wind moves.
    pub cloth: Option<Cloth>,
    /// What it stands on, or lies in.
    pub stands_on: Footing,
    /// How far it keeps walkers away, from its middle; none = they may walk through it (grass).
    pub obstacle: Option<f32>,
    /// Steps that people go up and down on it.
    pub flight: Option<Flight>,
    /// What it sounds like when it is touched, set down or dropped: a surface of the sounds `set-down` and `drop` (wood,
    /// glass, metal, stone, carpet for what is soft, paper, plastic, rubber, food).
    pub touch: String,
    /// Entries of `sounds`: what its hinge sounds like, opening and shut.
    pub hinge: (String, String),
}

impl Default for PropFacts {
    fn default() -> Self {
        Self {
            size: 0.5,
            seat: None,
            surface: None,
            grip: None,
            held: None,
            sizes: false,
            weight: 1.0,
            lamp: None,
            beam: None,
            flames: Vec::new(),
            cloth: None,
            stands_on: Footing::Ground,
            obstacle: None,
            flight: None,
            touch: "wood".to_owned(),
            hinge: ("door-open".to_owned(), "door".to_owned()),
        }
    }
}

/// Cloth that the wind moves: what of a prop lies in a box, from one corner to the other.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloth {
    /// The lowest x, y and z.
    pub low: (f32, f32, f32),
    /// The highest.
    pub high: (f32, f32, f32),
    /// Where it is held.
    pub by: HeldBy,
    /// How much more wind it takes to move it than a flag or a shirt: 1 as these, 3 a curtain.
    #[serde(default = "light")]
    pub heavy: f32,
}

fn light() -> f32 {
    1.0
}

/// Which edges of cloth are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldBy {
    /// That of the lowest x, as a flag's by its pole: it streams.
    Left,
    /// The upper one, as laundry's: it swings.
    Top,
    /// Those of the lowest and the highest x, as a banner's between its poles: it bellies.
    Sides,
}

/// How a hand holds a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// All fingers round it: a handle, a bottle.
    Bar,
    /// It hangs from bent fingers, the arm down: a bucket, a bag.
    Hook,
    /// Fingers about something round.
    Ball,
    /// Flat between thumb and the side of the index finger: a card, a key.
    Key,
    /// Between thumb, index and middle finger, as a pen is.
    Pen,
    /// Between the tips of thumb and index finger: a needle, a petal.
    Pinch,
}

/// A flight of steps that rises away from the prop's front. Metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flight {
    /// How far before the prop's origin the lowest step begins.
    pub foot: f32,
    /// Depth of a step.
    pub run: f32,
    /// Height of a step.
    pub rise: f32,
    /// How many steps there are.
    pub steps: u32,
    /// Half its width.
    pub half: f32,
}

/// What a prop stands on when nobody says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Footing {
    /// The ground or the floor.
    #[default]
    Ground,
    /// A table or a shelf.
    Surface,
    /// Water.
    Water,
    /// Somebody's hand.
    Hand,
    /// A wall.
    Wall,
}

/// What an engine turns.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotor {
    /// Its middles in the vehicle's own space, one for each that there is.
    pub at: Vec<(f32, f32, f32)>,
    /// What it turns about, of any length.
    pub axis: (f32, f32, f32),
    /// Turns a second, -20..20, as far as pictures show it: faster ones seem to stand or to go backwards.
    pub rate: f32,
    /// One of them about the origin.
    pub of: Vec<crate::format::Solid>,
}

/// Facts about a vehicle: the `vehicle:` section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VehicleFacts {
    /// Front to back, metres.
    pub length: f32,
    /// From its lowest to its highest point, metres; 0 = 0.38 of its length.
    pub height: f32,
    /// Where its wheels turn, in the vehicle's own space; none on water.
    pub wheels: Vec<(f32, f32, f32)>,
    /// Radius of a wheel.
    pub radius: f32,
    /// One wheel about the origin, its axle along x.
    pub wheel: Vec<crate::format::Solid>,
    /// What its engine turns: propellers, rotors.
    pub rotors: Vec<Rotor>,
    /// Its head lamps: they shine ahead when it is dark.
    pub lights: Vec<(f32, f32, f32)>,
    /// Middles of its seats.
    pub seats: Vec<(f32, f32, f32)>,
    /// How high over the ground it flies, metres; 0 = it does not. Its kin is `aircraft`.
    pub altitude: f32,
    /// It floats.
    pub floats: bool,
    /// How deep it lies in the water, metres.
    pub draught: f32,
    /// Entry of `sounds`: what it sounds like as it goes, faster at a higher pitch. What floats is heard by its hull.
    pub sound: String,
    /// It sounds while it waits, too.
    pub idles: bool,
}

impl Default for VehicleFacts {
    fn default() -> Self {
        Self {
            length: 4.0,
            height: 0.0,
            wheels: Vec::new(),
            radius: 0.3,
            wheel: Vec::new(),
            rotors: Vec::new(),
            lights: Vec::new(),
            seats: Vec::new(),
            altitude: 0.0,
            floats: false,
            draught: 0.0,
            sound: "engine".to_owned(),
            idles: true,
        }
    }
}
