//! The MP4 file (ISO/IEC 14496-12): [`index`] writes what stands before the media, [`interleave`] orders the media.
//!
//! One clock for everything, 48 000 a second, in which frames and samples are whole numbers. No time of creation, so
//! that the same film is the same bytes.

mod boxes;
mod entries;
mod tracks;

pub(crate) use tracks::{Captions, Index, Pictures, index};

use crate::aac::{PACKET, Sound};

/// Ticks a second of every clock in the file.
pub(crate) const TIMESCALE: u32 = 48_000;

/// One stretch of the media: the samples of one track that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// All frames of a segment.
    Segment(usize),
    /// Sound packets from one number to another.
    Packets(usize, usize),
    /// Captions from one number to another.
    Captions(usize, usize),
}

/// The order of the media: after each segment the sound that is heard during it, and the captions that begin in it.
pub(crate) fn interleave(segment_ends: &[i64], sound: Option<&Sound>, caption_starts: &[i64]) -> Vec<Chunk> {
    let (mut out, mut packet, mut caption) = (Vec::new(), 0, 0);
    for (i, end) in segment_ends.iter().enumerate() {
        let last = i + 1 == segment_ends.len();
        out.push(Chunk::Segment(i));
        if let Some(sound) = sound {
            let until = if last { sound.sizes.len() } else { ((*end as usize + sound.delay) / PACKET).min(sound.sizes.len()) };
            if until > packet {
                out.push(Chunk::Packets(packet, until));
                packet = until;
            }
        }
        let until = if last { caption_starts.len() } else { caption_starts.partition_point(|s| s < end) };
        if until > caption {
            out.push(Chunk::Captions(caption, until));
            caption = until;
        }
    }
    out
}
