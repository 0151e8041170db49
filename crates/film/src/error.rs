//! What can go wrong while a film is written or read, with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why a film was not written.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// A file or folder cannot be written.
    #[error("{}: cannot be written: {source} ({remedy})", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// What to do.
        remedy: String,
    },
    /// A part that was just written cannot be read back.
    #[error("{}: cannot be read back: {source} (was it removed while the film was being made? run again)", path.display())]
    ReadBack {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A picture size that H.264 as encoded here cannot have.
    #[error("size: {width}x{height} is not valid: both sides even and at least 16, at most 3840x2160 or 2160x3840 (choose a smaller size)")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Frames or cuts that make no film.
    #[error("{place}: {value} is not valid: {expected}")]
    Timing {
        /// `frames` or `cuts[2]`.
        place: String,
        /// What stands there.
        value: i64,
        /// What is allowed.
        expected: String,
    },
    /// The shooter gave a picture of another size.
    #[error("frame {frame}: the picture is {got}, but the film is {want}")]
    Picture {
        /// Which frame.
        frame: i64,
        /// Its size.
        got: String,
        /// The film's size.
        want: String,
    },
    /// An encoder refused.
    #[error("{encoder}: {message}")]
    Encoder {
        /// Which: `H.264` or `AAC`.
        encoder: &'static str,
        /// What it says.
        message: String,
    },
    /// Sound is wanted, but this build cannot encode it.
    #[error("sound: this build has no AAC encoder (build with the feature `fdk-aac`, or make the film silent)")]
    NoAudioEncoder,
    /// The user stopped the work.
    #[error("cancelled after {done} of {total} frames; {}", if *done == 0 { "nothing was kept".to_owned() } else { format!("run again to go on from there (kept in {})", parts.display()) })]
    Cancelled {
        /// Frames whose segments are complete.
        done: i64,
        /// Frames in all.
        total: i64,
        /// Where they are kept.
        parts: PathBuf,
    },
}

impl FilmError {
    /// A write error of the system with its remedy.
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        let remedy = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full: free some space and run again, finished parts are kept; or choose another place"
            }
            io::ErrorKind::FileTooLarge => "files of this size are not allowed there: choose another place, or raise the limit",
            io::ErrorKind::PermissionDenied => "you may not write there: choose another place, or change the folder's permissions",
            io::ErrorKind::ReadOnlyFilesystem => "that disk is read-only: choose another place",
            io::ErrorKind::NotFound => "the folder does not exist: make it first",
            io::ErrorKind::IsADirectory => "that is a folder: name a file in it, such as film.mp4",
            io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder: choose another place",
            io::ErrorKind::InvalidFilename => "the name is too long: choose a shorter one",
            io::ErrorKind::InvalidInput => "name a file, such as film.mp4",
            _ => "choose another place",
        };
        Self::Write { path: path.to_path_buf(), source, remedy: remedy.to_owned() }
    }
}

/// Why a film file was not understood.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("{}: cannot be read: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not an MP4 that can be read here.
    #[error("{}: {what} (expected an MP4 with H.264 video and AAC-LC sound, not fragmented)", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A picture or sound packet does not decode.
    #[error("{}: {what} {index} does not decode: {message}", path.display())]
    Decode {
        /// Which file.
        path: PathBuf,
        /// `frame` or `sound packet`.
        what: &'static str,
        /// Its number.
        index: usize,
        /// What the decoder says.
        message: String,
    },
}
