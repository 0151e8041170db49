//! Small tools that work on samples: filters, an oscillator's sine, envelopes, loudness.

pub(crate) mod envelope;
pub(crate) mod filter;
pub(crate) mod loudness;
pub(crate) mod reverb;
pub(crate) mod sine;

/// Samples a second, as a factor.
pub(crate) const RATE: f32 = kinora_base::pcm::SAMPLE_RATE as f32;

/// Whole samples in a number of seconds.
pub(crate) fn samples(seconds: f32) -> usize {
    (seconds.max(0.0) * RATE) as usize
}
