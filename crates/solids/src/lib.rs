//! Solids to meshes: signed distance fields, exact primitives, tufts, materials, levels of detail.
//!
//! A thing's file describes it in its `solids:` section (`format`); [`build()`] makes a [`Model`] with three levels of detail.
//! [`format`](mod@format) is the manual for those who write such files.
//!
//! # Limits today
//! Extrusions are fans: outlines must be star-shaped. A blend has one material (with coats).

mod build;
pub mod facts;
pub mod field;
pub mod format;
mod lettering;
mod limits;
pub mod materials;
mod mesher;
pub mod primitives;
mod tufts;
mod wreck;

pub use build::{Finish, Model, ModelLevel, WIDE_OPEN, build, build_lettered, build_solids, masses, surfaces, surfaces_of};
pub use field::Field;
pub use kinora_letters::Fonts;
pub use lettering::{Letters, declares};
pub use limits::{affordable, at_most};
pub use mesher::mesh_field;
pub use primitives::join;
pub use tufts::{Tufts, tufts};

/// What is wrong with solids.
#[derive(Debug, thiserror::Error)]
pub enum SolidsError {
    /// A broken file.
    #[error(transparent)]
    Asset(#[from] kinora_vocabulary::AssetError),
    /// A thing without a shape.
    #[error("{file}: has no `solids:` section, so it has no shape")]
    Missing {
        /// The file.
        file: String,
    },
    /// Something in the solids of a file.
    #[error("{file}: {source}")]
    Within {
        /// The file.
        file: String,
        /// What.
        source: Box<SolidsError>,
    },
    /// A prop that is not there.
    #[error("`Use`: there is no prop called \"{name}\"; there are: {known}")]
    Prop {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
    /// A prop that is made of itself.
    #[error("`Use`: \"{name}\" is made of itself, or props are nested more than six deep")]
    Circle {
        /// The name.
        name: String,
    },
    /// A number that is a slip of the pen: building it would take for ever, or it is nowhere.
    #[error("{what}: {value} is not valid: {expected}")]
    TooMuch {
        /// Which number.
        what: &'static str,
        /// What stands there, or what comes of it.
        value: String,
        /// What is allowed.
        expected: String,
    },
    /// A material that is not there.
    #[error("there is no material called \"{name}\"; there are: {known}")]
    Material {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
}
