//! What can go wrong.

use kinora_vocabulary::AssetError;

/// Why there is no soundtrack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoundError {
    /// A file of `sounds` or `music` is broken.
    #[error("the sound or music file {0} (crates/sound/src/recipe.rs and music/mood.rs explain every field)")]
    Asset(#[from] AssetError),
    /// A user's recording cannot be used.
    #[error("{file}: {what}")]
    Recording {
        /// The file.
        file: String,
        /// What is wrong, and what to do.
        what: String,
    },
    /// The spotting sheet's length cannot be mixed.
    #[error("spotting.duration: {seconds} s is not valid: must be more than 0 and at most 3600 s (check the plan's shot lengths)")]
    Duration {
        /// The length that was asked for, rounded down.
        seconds: i64,
    },
}
