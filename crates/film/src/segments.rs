//! Where a film is cut into pieces that are drawn and encoded alone. Made from shots and frame rate only, never from
//! the number of threads, so that the same plan gives the same bytes on every machine.

use kinora_base::FrameRate;
use std::ops::Range;

/// The longest segment, as a part of a second: 2 is half a second, 15 frames at 30 a second.
const SEGMENTS_PER_SECOND: i64 = 2;

/// The segments of a film: each shot split evenly into the fewest pieces of at most half a second.
/// Evenly, so that none is a single frame unless its shot is: two key frames in a row would carry the same number.
#[must_use]
pub fn segments(cuts: &[i64], frames: i64, fps: FrameRate) -> Vec<Range<i64>> {
    let longest = (i64::from(fps.0) / SEGMENTS_PER_SECOND).max(1);
    let mut edges: Vec<i64> = cuts.iter().copied().filter(|c| (0..frames).contains(c)).chain([0, frames]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut out = Vec::new();
    for shot in edges.windows(2) {
        let (from, length) = (shot[0], shot[1] - shot[0]);
        let pieces = (length + longest - 1) / longest;
        out.extend((0..pieces).map(|i| from + length * i / pieces..from + length * (i + 1) / pieces));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_the_film_and_end_at_cuts() {
        let all = segments(&[0, 16, 17, 60], 60, FrameRate(30));
        assert_eq!(all, [0..8, 8..16, 16..17, 17..31, 31..45, 45..60], "even pieces of at most 15 frames, none across a cut");
        assert_eq!(segments(&[], 5, FrameRate(24)), [Range { start: 0, end: 5 }], "a film without cuts is one shot");
        assert!(segments(&[0, 0], 0, FrameRate(24)).is_empty(), "no frames, no segments");
    }
}
