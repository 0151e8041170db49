//! Lines become voices, spotting becomes a soundtrack.
