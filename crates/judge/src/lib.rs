//! Measures finished films from outside.
