//! The language of films. A [`Plan`] is data: title, cast, scenes, shots, beats, lines, cues, each with a stable
//! id and the span of the prompt it came from. A plan written by hand is as good as a directed one.
//! [`Plan::check`] says what is wrong, with place, value, range and hint; [`schema`] is the published JSON schema.
//!
//! The crate also holds the data that flows between later stages: [`voices`] (from sound to stage) and
//! [`spotting`] (from stage to sound).

pub mod bvh;
mod check;
mod dub;
mod framing;
pub mod keys;
mod model;
pub mod speech;
pub mod spotting;
mod title;
pub mod voices;

pub use check::Problem;
pub use framing::{Angle, CameraMove, Focus, Framing, MoveKind, Part, ShotSize, Side, Transition, TransitionKind};
pub use keys::{JointAngles, JointKey, KeyEase, KeyLayer};
pub use model::*;
pub use title::{Title, TitleFace, TitlePlace, TitleStyle};
