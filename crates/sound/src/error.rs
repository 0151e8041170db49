//! What can go wrong.

use kinora_vocabulary::AssetError;
use std::io;
use std::path::{Path, PathBuf};

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
    /// The sound cannot be kept on the disk while it is mixed.
    #[error("{}: the sound cannot be kept there while it is mixed: {what} (a minute of film takes 60 MB, with stems 130 MB: free some space, or choose another place)", folder.display())]
    Spool {
        /// Where it was to be kept.
        folder: PathBuf,
        /// What the system says.
        what: String,
    },
}

impl SoundError {
    pub(crate) fn spool(folder: &Path, e: &io::Error) -> Self {
        Self::Spool { folder: folder.to_path_buf(), what: e.to_string() }
    }
}
