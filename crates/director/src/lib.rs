//! A prompt becomes a plan.
