//! Texts to shapes: a string becomes lines of glyphs, and these become outlines, triangles or a picture of their coverage.
//!
//! # Steps
//! 1. *Fonts* ([`Fonts`]): five faces in the binary have Latin letters; all others come from the fonts that were installed with
//!    `kinora fonts install`, or from the system. What no font has is left out and told: there are no boxes.
//! 2. *Shape*: runs of one font and direction are shaped (kerning, ligatures, Arabic joining) and cut into clusters.
//! 3. *Lines* ([`Fonts::set`]): clusters are broken into lines of like length, where the script allows it, and put in visual order.
//! 4. *Outlines* ([`Setting::outline`]): closed polygons, outer ones counter-clockwise; [`triangles`] fills them, [`Coverage`] rasters them.
//!
//! Lengths are in ems (the size of the letters is 1), x to the right, y up.
//!
//! ```
//! use kinora_letters::{Face, Fonts, Wish};
//! let set = Fonts::builtin().set("OPEN", &Wish::line(Face::Bold));
//! assert!(set.missing.is_empty() && set.outline(0.01).contours.len() >= 5, "four letters, two with a hole");
//! ```
//!
//! # Limits today
//! Coloured emoji have no outlines and are left out. Vertical Japanese is stacked, with the glyphs of horizontal text. Thai
//! and other scripts without spaces are broken only when a line is full.

mod fonts;
mod lines;
mod outline;
pub mod pack;
mod raster;
mod shape;

pub use fonts::{Face, Fonts, system_folders};
pub use lines::{Setting, Wish, tongue_of};
pub use outline::{Outline, triangles};
pub use raster::Coverage;
