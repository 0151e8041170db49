//! What can go wrong with voices.

use std::path::PathBuf;

/// Why something could not be spoken or installed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpeechError {
    /// There are no voices yet.
    #[error("there are no voices in {}; run `kinora voices install`", folder.display())]
    NotInstalled {
        /// Where they would lie.
        folder: PathBuf,
    },
    /// The voices are of a version that lacks something.
    #[error("the voices in {} lack {package}, which this version of Kinora needs; run `kinora voices install`, it fetches what is missing", folder.display())]
    Outdated {
        /// Where they lie.
        folder: PathBuf,
        /// The first package that they lack, with its version.
        package: String,
    },
    /// A file of the voices is missing or damaged.
    #[error("{file} of the voices is broken: {what}; run `kinora voices install` again")]
    Broken {
        /// Which, inside the voices' folder.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// The neural model or its runtime failed.
    #[error("the voice model failed: {what}")]
    Model {
        /// In its own words.
        what: String,
    },
    /// A voice that is not there.
    #[error("there is no voice \"{name}\"; `kinora voices list` names all")]
    UnknownVoice {
        /// As it was asked for.
        name: String,
    },
    /// A language that is not spoken.
    #[error("the language \"{language}\" is not spoken here; there are en, es, ja, ko, zh")]
    UnknownLanguage {
        /// As it was asked for.
        language: String,
    },
    /// Nothing of a text can be spoken.
    #[error("nothing in \"{text}\" can be spoken")]
    Nothing {
        /// Its beginning.
        text: String,
    },
    /// A package could not be fetched.
    #[error("{package} could not be fetched: {what}")]
    Fetch {
        /// Its name and version.
        package: String,
        /// What happened, and what to do.
        what: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<kinora_packages::PackageError> for SpeechError {
    fn from(error: kinora_packages::PackageError) -> Self {
        match error {
            kinora_packages::PackageError::Fetch { package, what } => Self::Fetch { package, what },
            kinora_packages::PackageError::File { path, source } => Self::File { path, source },
        }
    }
}
