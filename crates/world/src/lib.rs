//! Places, props, weather and sky: a scene of the plan becomes a [`Set`] (what stands where, ground, obstacles, lamps) and a
//! light; a set becomes instances for the renderer.
//!
//! A place is data: its `place:` section ([`format::PlaceSection`]) says what the ground is, what is scattered over it, what
//! stands where, and what it sounds like. Times of day have a `light:` section, weathers a `weather:` section.
//! The camera of a set stands on the +z side and looks towards -z; sun directions are given from that view.
//!
//! # Limits today
//! Ground is a height field; water is level; a room is open towards the camera.

pub mod beams;
pub mod cloth;
mod dress;
pub mod effects;
pub mod format;
mod light;
pub mod looks;
mod models;
mod particles;
mod set;
pub mod states;

pub use dress::{dress, scenery};
pub use kinora_solids::Finish;
pub use kinora_solids::facts::VehicleFacts;
pub use light::light;
pub use models::{ModelLibrary, Turning, Turns, instances, turning};
pub use particles::particles;
pub use set::{Piece, Row, Set, StageArea, Stairs, Terrain};

/// What can go wrong when a set is built.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The vocabulary has no such place, time or weather, or its file lacks the section.
    #[error("there is no {kind} called \"{name}\" that can be built")]
    Unknown {
        /// place, time or weather.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// More things than a place can have.
    #[error("{file}: `count` {count} of {prop} is not valid: all that is scattered is at most {most}")]
    TooMany {
        /// The file.
        file: String,
        /// How many of one prop.
        count: usize,
        /// Which.
        prop: String,
        /// How many there may be in all.
        most: usize,
    },
    /// A file of the vocabulary is broken.
    #[error(transparent)]
    Asset(#[from] kinora_vocabulary::AssetError),
    /// Solids that cannot be built.
    #[error(transparent)]
    Solids(#[from] kinora_solids::SolidsError),
}
