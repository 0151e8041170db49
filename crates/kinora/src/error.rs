//! Everything that can go wrong between a prompt and a file.

use kinora_plan::Problem;
use std::path::PathBuf;

/// Why a film was not made. Every message says where, what, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The prompt cannot be filmed.
    #[error(transparent)]
    Director(#[from] kinora_director::DirectorError),
    /// The plan is wrong.
    #[error("the plan has {} problem{}:\n{}", .0.len(), if .0.len() == 1 { "" } else { "s" }, .0.iter().map(|p| format!("  {p}")).collect::<Vec<_>>().join("\n"))]
    Plan(Vec<Problem>),
    /// The plan is not JSON of the right shape.
    #[error("{}: {source}; `kinora schema` prints the plan's JSON schema", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// With line and column.
        source: serde_json::Error,
    },
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written: {source}; choose another place", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not text.
    #[error("{}: is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file is no motion of a human.
    #[error("{}: {what}", path.display())]
    Motion {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line, and what to do.
        what: String,
    },
    /// A file is no character that could act.
    #[error("{}: {what}", path.display())]
    Figure {
        /// The file.
        path: PathBuf,
        /// What is wrong, where, and what to do.
        what: String,
    },
    /// A folder with a user's own assets is not what it should be.
    #[error("{}: {what}", path.display())]
    AssetFolder {
        /// The folder.
        path: PathBuf,
        /// What is wrong, and what to do.
        what: String,
    },
    /// An asset file is broken.
    #[error(transparent)]
    Asset(#[from] kinora_vocabulary::AssetError),
    /// Something about voices.
    #[error(transparent)]
    Speech(#[from] kinora_speech::SpeechError),
    /// Something about packages.
    #[error(transparent)]
    Package(#[from] kinora_packages::PackageError),
    /// The film cannot be staged.
    #[error(transparent)]
    Stage(#[from] kinora_stage::StageError),
    /// The sound cannot be made.
    #[error(transparent)]
    Sound(#[from] kinora_sound::SoundError),
    /// The file cannot be made.
    #[error(transparent)]
    Film(#[from] kinora_film::FilmError),
    /// A film cannot be read back.
    #[error(transparent)]
    Movie(#[from] kinora_film::ReadError),
    /// The size is too large for the encoder.
    #[error("size {width}x{height}: {reason}")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Which limit, and what to do.
        reason: String,
    },
    /// There is no such entry to show.
    #[error("there is no {kind} called \"{name}\"{hint}")]
    NoEntry {
        /// The kind asked for.
        kind: String,
        /// The name asked for.
        name: String,
        /// `; did you mean ...?`
        hint: String,
    },
    /// The arguments do not go together.
    #[error("{0}")]
    Arguments(String),
    /// With --strict, warnings are errors.
    #[error("{} with --strict", if *.0 == 1 { "1 warning".to_owned() } else { format!("{} warnings", .0) })]
    Strict(usize),
}

impl Error {
    /// The exit code: 2 the input is wrong (prompt, plan, a file of the vocabulary), 3 strict, 4 a file, 130 cancelled, 1 anything else.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Director(_)
            | Self::Plan(_)
            | Self::Json { .. }
            | Self::NotText { .. }
            | Self::Motion { .. }
            | Self::Figure { .. }
            | Self::Size { .. }
            | Self::NoEntry { .. } => 2,
            Self::Sound(kinora_sound::SoundError::Spool { .. }) => 4,
            Self::Asset(_) | Self::AssetFolder { .. } | Self::Stage(_) | Self::Sound(_) | Self::Arguments(_) => 2,
            Self::Speech(kinora_speech::SpeechError::File { .. } | kinora_speech::SpeechError::Fetch { .. }) => 4,
            Self::Speech(_) => 2,
            Self::Strict(_) => 3,
            Self::Read { .. } | Self::Write { .. } | Self::Movie(_) | Self::Package(_) => 4,
            Self::Film(kinora_film::FilmError::Cancelled { .. }) => 130,
            Self::Film(_) => 4,
        }
    }
}
