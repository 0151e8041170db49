//! The stage: a plan and its voices become a [`Staging`] (who stands where, baked acting, solved cameras, every noise),
//! and a staging at frame n becomes a picture. Everything after [`block`] is a pure function of the staging.
//!
//! # Steps
//! 1. `layout`: roles and things get places in the set, by the plan's relations.
//! 2. `blocking`: beats become acts with paths, seats and goals; a first rehearsal finds where everybody is.
//! 3. `camera`: every shot's camera is solved against that rehearsal and the set; `keep` holds the subject in its frame.
//! 4. A second, final performance knows where the cameras and the others are, so that eyes look at something.
//!    `hands` then says where everything is that somebody holds, takes, throws or gives; `states` when things are opened, broken, lit.
//!    `moments` says when each action is recognised, and warns of those that are cut off before.
//! 5. `spot`: noises, ambience, music and the camera's ears become the spotting sheet.
//! 6. `engine`: frame n of the staging becomes a render scene, and the [`Engine`] draws it.
//!
//! # Limits today
//! Actors do not avoid each other on crossing paths; the members of a group look alike; depth of field is solved but not drawn.
//! Trees that hide a subject are taken out for the whole scene; houses that do are not.

mod audience;
mod blocking;
mod calls;
mod camera;
mod carries;
mod engine;
mod fetch;
mod flights;
mod groups;
mod hands;
mod keep;
mod layout;
mod leans;
mod lens;
mod lips;
mod moments;
mod mounts;
mod moves;
mod retime;
mod seats;
mod spot;
mod staging;
mod states;
mod tables;
mod talk;
#[cfg(test)]
mod tests;
mod things;
mod vehicle;

pub use blocking::{FIRST_THING, block, block_with};
pub use engine::{Blank, Engine, Photographer, Shot};
pub use moments::Seen;
pub use staging::{Actor, Change, Driven, Held, SceneStaging, Staging};

/// What can go wrong when a film is staged.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A place, a prop or its file.
    #[error(transparent)]
    World(#[from] kinora_world::WorldError),
    /// A person, a creature or its file.
    #[error(transparent)]
    Cast(#[from] kinora_cast::CastError),
    /// A file of the vocabulary is broken.
    #[error(transparent)]
    Asset(#[from] kinora_vocabulary::AssetError),
    /// The plan names something that is not there.
    #[error("{place}: {what}")]
    Plan {
        /// Where in the plan.
        place: String,
        /// What is wrong.
        what: String,
    },
}
