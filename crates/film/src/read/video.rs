//! Pictures from the file, by the openh264 decoder.

use super::boxes::Cursor;
use super::{Movie, Track};
use crate::error::ReadError;
use kinora_base::picture::Yuv420;
use openh264::decoder::{DecodeOptions, DecodedYUV, Decoder, Flush};
use openh264::formats::YUVSource as _;
use std::ops::ControlFlow;

const START_CODE: [u8; 4] = [0, 0, 0, 1];

impl Movie {
    /// Decodes the film from frame `from` on and hands over the number and picture of every frame until told to stop.
    /// Begins at the key frame at or before `from`; what lies between is decoded but not handed over.
    pub fn each_frame(&self, from: usize, mut take: impl FnMut(usize, &Yuv420) -> ControlFlow<()>) -> Result<(), ReadError> {
        let track = self.video().filter(|t| t.codec == "avc1" || t.codec == "avc3").ok_or_else(|| self.format("no H.264 picture track".into()))?;
        let sets = ParameterSets::read(&track.config).ok_or_else(|| self.format("the H.264 configuration is damaged".into()))?;
        let begin = key_frame_before(track, from);
        let mut decoder = Decoder::new().map_err(|e| self.undecodable("frame", begin, e.to_string()))?;
        let mut file = self.file()?;
        let mut shown = begin;
        // The decoder may hold pictures back until it knows their order; they come out in order in any case.
        let options = DecodeOptions::new().flush_after_decode(Flush::NoFlush);
        for index in begin..track.samples.len() {
            let data = self.sample(&mut file, track, index)?;
            let stream =
                sets.stream(&data, track.samples[index].key).ok_or_else(|| self.undecodable("frame", index, "a unit is longer than its frame".into()))?;
            let decoded = decoder.decode_with_options(&stream, options.clone()).map_err(|e| self.undecodable("frame", index, e.to_string()))?;
            if let Some(picture) = decoded {
                if shown >= from && take(shown, &copy(&picture)).is_break() {
                    return Ok(());
                }
                shown += 1;
            }
        }
        let rest = decoder.flush_remaining().map_err(|e| self.undecodable("frame", shown, e.to_string()))?;
        for picture in &rest {
            if shown >= from && take(shown, &copy(picture)).is_break() {
                return Ok(());
            }
            shown += 1;
        }
        Ok(())
    }

    /// One frame.
    pub fn frame(&self, index: usize) -> Result<Yuv420, ReadError> {
        let mut out = None;
        self.each_frame(index, |_, picture| {
            out = Some(picture.clone());
            ControlFlow::Break(())
        })?;
        out.ok_or_else(|| self.undecodable("frame", index, format!("the film has {} frames", self.frames())))
    }

    /// Every `step`th frame with its number, from the first one on.
    pub fn every_frame(&self, step: usize) -> Result<Vec<(usize, Yuv420)>, ReadError> {
        let mut out = Vec::new();
        self.each_frame(0, |i, picture| {
            if i % step.max(1) == 0 {
                out.push((i, picture.clone()));
            }
            ControlFlow::Continue(())
        })?;
        Ok(out)
    }
}

fn key_frame_before(track: &Track, frame: usize) -> usize {
    let until = track.samples.len().min(frame + 1);
    track.samples[..until].iter().rposition(|s| s.key).unwrap_or(0)
}

/// The decoder's picture without the padding of its rows.
fn copy(picture: &DecodedYUV<'_>) -> Yuv420 {
    let (width, height) = picture.dimensions();
    let (sy, su, sv) = picture.strides();
    let rows = |plane: &[u8], stride: usize, w: usize, h: usize| -> Vec<u8> {
        plane.chunks(stride.max(1)).take(h).flat_map(|r| r[..w.min(r.len())].iter().copied()).collect()
    };
    let (w2, h2) = (width / 2, height / 2);
    Yuv420 { width, height, y: rows(picture.y(), sy, width, height), u: rows(picture.u(), su, w2, h2), v: rows(picture.v(), sv, w2, h2) }
}

/// What stands in `avcC`.
struct ParameterSets {
    length_bytes: usize,
    /// All sets, each with a start code.
    sets: Vec<u8>,
}

impl ParameterSets {
    fn read(config: &[u8]) -> Option<Self> {
        let mut c = Cursor(config);
        c.skip(4)?;
        let length_bytes = usize::from(c.u8()? & 3) + 1;
        let mut sets = Vec::new();
        for mask in [31, 255] {
            for _ in 0..c.u8()? & mask {
                let length = usize::from(c.u16()?);
                sets.extend_from_slice(&START_CODE);
                sets.extend_from_slice(c.take(length)?);
            }
        }
        Some(Self { length_bytes, sets })
    }

    /// A frame as a stream with start codes, as the decoder wants it.
    fn stream(&self, sample: &[u8], key: bool) -> Option<Vec<u8>> {
        let mut out = if key { self.sets.clone() } else { Vec::new() };
        let mut c = Cursor(sample);
        while !c.0.is_empty() {
            let length = c.take(self.length_bytes)?.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            out.extend_from_slice(&START_CODE);
            out.extend_from_slice(c.take(length)?);
        }
        Some(out)
    }
}
