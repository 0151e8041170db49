//! The vocabulary: every noun, verb and look that Kinora knows is one small text file under `assets/`,
//! in RON, named for its entry. This crate makes, from those files, [`Vocabulary`]: the entries with their
//! names in five languages, an index of words, and the raw text of every other section. It does not know
//! what a section means; the crate that owns it asks for it by type with [`Asset::section`].
//!
//! ```ron
//! (
//!     doc: "A garden bench of oak slats on iron feet.",
//!     names: (
//!         en: ["bench", "park bench"], zh: ["长椅"], ja: ["ベンチ"], ko: ["벤치"], es: ["banco", "banca"],
//!     ),
//!     kin: ["seat"],
//!     solids: [ /* owned by kinora-solids */ ],
//! )
//! ```
//!
//! # Limits today
//! A user's folder of assets overrides and adds whole files; it cannot change one section of ours.

mod asset;
mod index;
mod numbers;
mod split;

pub use asset::{Asset, AssetError, Kind, Language, Names, SECTIONS};
pub use index::{Match, Recording, Vocabulary};

/// Folder, file stem and text of every built-in file: examples of the format, and good input for tests.
#[must_use]
pub fn builtin_files() -> &'static [(&'static str, &'static str, &'static str)] {
    FILES
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));
