//! The rise, hold and fall of a sound, and fades.

use super::{RATE, samples};
use kinora_base::maths;

/// Shapes `sound`: a smooth rise, a hold, and an exponential fall that has lost 60 dB after `decay` seconds.
pub(crate) fn shape(sound: &mut [f32], attack: f32, hold: f32, decay: f32) {
    let (rise, held) = (samples(attack).max(1), samples(hold));
    let fall = maths::exp(-6.9 / (decay.max(0.001) * RATE));
    let mut level = 1.0;
    for (i, s) in sound.iter_mut().enumerate() {
        if i < rise {
            let t = i as f32 / rise as f32;
            *s *= t * t * (3.0 - 2.0 * t);
        } else if i >= rise + held {
            level *= fall;
            *s *= level;
        }
    }
    fade_out(sound, 0.004);
}

/// Fades the last `seconds` to nothing.
pub(crate) fn fade_out(sound: &mut [f32], seconds: f32) {
    fade_out_piece(sound, 0, sound.len(), seconds);
}

/// Fades the first `seconds` in.
pub(crate) fn fade_in(sound: &mut [f32], seconds: f32) {
    fade_in_piece(sound, 0, sound.len(), seconds);
}

/// As [`fade_out`], for a piece of a sound of `length` samples that begins at its sample `at`.
pub(crate) fn fade_out_piece(piece: &mut [f32], at: usize, length: usize, seconds: f32) {
    let n = samples(seconds).min(length);
    let start = length - n;
    for (i, s) in piece.iter_mut().enumerate().skip(start.saturating_sub(at)) {
        *s *= 1.0 - (at + i - start + 1) as f32 / n as f32;
    }
}

/// As [`fade_in`], for a piece of a sound of `length` samples that begins at its sample `at`.
pub(crate) fn fade_in_piece(piece: &mut [f32], at: usize, length: usize, seconds: f32) {
    let n = samples(seconds).min(length);
    for (i, s) in piece.iter_mut().enumerate().take(n.saturating_sub(at)) {
        *s *= (at + i) as f32 / n as f32;
    }
}
