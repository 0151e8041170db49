//! Why a file is no figure.

/// What is wrong with a file. Every message says where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// It is another kind of file.
    #[error("{0}")]
    Form(String),
    /// Something in it is not as the format says.
    #[error("{place}: {what}")]
    Broken {
        /// Such as `accessors[12]`.
        place: String,
        /// What was found, and what should be there.
        what: String,
    },
    /// It cannot be read without an extension that is not known.
    #[error("it needs the extension {name}: {hint}")]
    Extension {
        /// As in `extensionsRequired`.
        name: String,
        /// What to do.
        hint: &'static str,
    },
    /// There is too much of it.
    #[error("{what}: at most {most} are read; {hint}")]
    Large {
        /// What, and how much.
        what: String,
        /// The most.
        most: usize,
        /// What to do.
        hint: &'static str,
    },
}

impl FigureError {
    pub(crate) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Broken { place: place.into(), what: what.into() }
    }
}
