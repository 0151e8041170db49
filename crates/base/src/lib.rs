//! What every other crate stands on: exact time, deterministic maths, seeds, noise, colour,
//! pictures, PCM sound, what is kept on the disk for its length ([`spool`]), diagnostics, and [`studio::Studio`], the one door to the outside world.
//!
//! Conventions of the whole project: metres, seconds, radians unless a name says otherwise;
//! y up, +z forward, +x the figure's own left, right-handed; colour is linear RGB with sRGB primaries.

pub mod colour;
pub mod diagnostics;
pub mod maths;
pub mod noise;
pub mod pcm;
pub mod picture;
pub mod seed;
pub mod spool;
pub mod studio;
pub mod time;

pub use colour::LinearRgb;
pub use diagnostics::{Span, Warned, Warning, WarningKind};
pub use seed::{Rng, Seed};
pub use studio::Studio;
pub use time::{FrameRate, Ticks};
