//! The index: tracks and where their samples are.

use super::boxes::{Cursor, children, find};
use kinora_plan::Size;

/// What a track holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Pictures.
    Video,
    /// Sound.
    Sound,
    /// Captions.
    Captions,
    /// Something else.
    Other,
}

/// One frame or packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Where it is in the file.
    pub offset: u64,
    /// Its bytes.
    pub size: u32,
    /// When it is decoded, in units of the track's clock.
    pub start: i64,
    /// How long it lasts, in the same.
    pub length: u32,
    /// Whether it can be decoded without those before it.
    pub key: bool,
}

/// The numbers of ISO/IEC 23091-2 that say which colours are meant; 1, 1, 1, limited is BT.709.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColourTags {
    /// Primaries.
    pub primaries: u16,
    /// Transfer.
    pub transfer: u16,
    /// Matrix.
    pub matrix: u16,
    /// Levels from 0 to 255 instead of 16 to 235.
    pub full_range: bool,
}

/// One track.
#[derive(Clone, Debug)]
pub struct Track {
    /// What it holds.
    pub kind: Kind,
    /// The four letters of its coding: `avc1`, `mp4a`, `tx3g`.
    pub codec: String,
    /// Units a second of its clock.
    pub timescale: u32,
    /// Length of the media in those units.
    pub length: i64,
    /// Where the shown part begins (from the edit list).
    pub shown_from: i64,
    /// Length of the shown part in seconds.
    pub shown_seconds: f64,
    /// Picture size.
    pub size: Size,
    /// Channels of sound.
    pub channels: u16,
    /// Colours as the container tags them.
    pub colours: Option<ColourTags>,
    /// The decoder's configuration: parameter sets, or the `AudioSpecificConfig`.
    pub config: Vec<u8>,
    /// Its samples.
    pub samples: Vec<Sample>,
}

pub(super) fn read_all(moov: &[u8]) -> Option<Vec<Track>> {
    let movie_scale = clock(find(moov, b"mvhd")?)?.0;
    children(moov).filter(|c| &c.0 == b"trak").map(|c| read(c.1, movie_scale)).collect()
}

fn read(trak: &[u8], movie_scale: u32) -> Option<Track> {
    let mdia = find(trak, b"mdia")?;
    let (timescale, length) = clock(find(mdia, b"mdhd")?)?;
    let kind = match find(mdia, b"hdlr")?.get(8..12)? {
        b"vide" => Kind::Video,
        b"soun" => Kind::Sound,
        b"sbtl" | b"text" => Kind::Captions,
        _ => Kind::Other,
    };
    let stbl = find(find(mdia, b"minf")?, b"stbl")?;
    let (codec, entry) = children(find(stbl, b"stsd")?.get(8..)?).next()?;
    let (duration, shown_from) = edit(trak).unwrap_or((0, 0));
    let shown_seconds = if duration > 0 { duration as f64 / f64::from(movie_scale) } else { length as f64 / f64::from(timescale) };
    let mut track = Track {
        kind,
        codec: String::from_utf8_lossy(&codec).into_owned(),
        timescale,
        length,
        shown_from,
        shown_seconds,
        size: Size { width: 0, height: 0 },
        channels: 0,
        colours: None,
        config: Vec::new(),
        samples: samples(stbl)?,
    };
    match kind {
        Kind::Video => describe_pictures(&mut track, entry)?,
        Kind::Sound => describe_sound(&mut track, entry)?,
        Kind::Captions | Kind::Other => {}
    }
    Some(track)
}

/// Units a second and length of a header; never 0 units.
fn clock(header: &[u8]) -> Option<(u32, i64)> {
    let mut c = Cursor(header);
    let version = c.u8()?;
    c.skip(if version == 1 { 19 } else { 11 })?;
    let scale = c.u32()?;
    let length = if version == 1 { c.u64()? as i64 } else { i64::from(c.u32()?) };
    (scale > 0).then_some((scale, length))
}

/// Length and begin of the first edit that shows something.
fn edit(trak: &[u8]) -> Option<(i64, i64)> {
    let mut c = Cursor(find(find(trak, b"edts")?, b"elst")?);
    let wide = c.u8()? == 1;
    c.skip(3)?;
    for _ in 0..c.u32()? {
        let duration = if wide { c.u64()? as i64 } else { i64::from(c.u32()?) };
        let from = if wide { c.u64()? as i64 } else { i64::from(c.u32()? as i32) };
        c.skip(4)?;
        if from >= 0 {
            return Some((duration, from));
        }
    }
    None
}

fn describe_pictures(track: &mut Track, entry: &[u8]) -> Option<()> {
    let mut c = Cursor(entry);
    c.skip(24)?;
    track.size = Size { width: u32::from(c.u16()?), height: u32::from(c.u16()?) };
    c.skip(50)?;
    track.config = find(c.0, b"avcC").unwrap_or_default().to_vec();
    track.colours = find(c.0, b"colr").and_then(|colr| {
        let mut c = Cursor(colr);
        (c.take(4)? == b"nclx").then_some(())?;
        Some(ColourTags { primaries: c.u16()?, transfer: c.u16()?, matrix: c.u16()?, full_range: c.u8()? & 0x80 != 0 })
    });
    Some(())
}

fn describe_sound(track: &mut Track, entry: &[u8]) -> Option<()> {
    let mut c = Cursor(entry);
    c.skip(16)?;
    track.channels = c.u16()?;
    c.skip(10)?;
    track.config = find(c.0, b"esds").and_then(|e| specific_config(e.get(4..)?)).unwrap_or_default();
    Some(())
}

/// The `AudioSpecificConfig` in nested descriptors.
fn specific_config(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut c = Cursor(bytes);
    loop {
        let tag = c.u8()?;
        let mut length = 0usize;
        for _ in 0..4 {
            let b = c.u8()?;
            length = length << 7 | usize::from(b & 127);
            if b & 128 == 0 {
                break;
            }
        }
        match tag {
            3 => c.skip(3)?,
            4 => c.skip(13)?,
            5 => return c.take(length).map(<[u8]>::to_vec),
            _ => c.skip(length)?,
        }
    }
}

/// The samples that the tables describe.
fn samples(stbl: &[u8]) -> Option<Vec<Sample>> {
    let sizes = sizes(find(stbl, b"stsz")?)?;
    let offsets = offsets(stbl, &sizes)?;
    let keys = find(stbl, b"stss").map(|b| words(b, 4, 1)).unwrap_or_default();
    let mut lengths = words(find(stbl, b"stts")?, 4, 2).into_iter().flat_map(|w| std::iter::repeat_n(w[1], w[0] as usize));
    let mut keyed = vec![keys.is_empty(); sizes.len()];
    for number in keys.iter().map(|w| w[0] as usize) {
        if let Some(key) = number.checked_sub(1).and_then(|i| keyed.get_mut(i)) {
            *key = true;
        }
    }
    let mut start = 0;
    let one = |((size, offset), key)| {
        let length = lengths.next().unwrap_or(0);
        let sample = Sample { offset, size, start, length, key };
        start += i64::from(length);
        sample
    };
    Some(sizes.into_iter().zip(offsets).zip(keyed).map(one).collect())
}

fn sizes(stsz: &[u8]) -> Option<Vec<u32>> {
    let mut c = Cursor(stsz.get(4..)?);
    match (c.u32()?, c.u32()?) {
        (0, count) => {
            let all: Vec<u32> = c.0.chunks_exact(4).take(count as usize).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect();
            (all.len() == count as usize).then_some(all)
        }
        // One size for all: limited, because nothing but this number says how many there are.
        (size, count) => (count < 1 << 24).then(|| vec![size; count as usize]),
    }
}

fn offsets(stbl: &[u8], sizes: &[u32]) -> Option<Vec<u64>> {
    let chunks: Vec<u64> = match find(stbl, b"stco") {
        Some(stco) => words(stco, 4, 1).into_iter().map(|w| u64::from(w[0])).collect(),
        None => words(find(stbl, b"co64")?, 4, 2).into_iter().map(|w| u64::from(w[0]) << 32 | u64::from(w[1])).collect(),
    };
    let runs = words(find(stbl, b"stsc")?, 4, 3);
    let mut out = Vec::with_capacity(sizes.len());
    let mut run = 0;
    for (i, chunk) in chunks.iter().enumerate() {
        while runs.get(run + 1).is_some_and(|r| r[0] as usize <= i + 1) {
            run += 1;
        }
        let mut at = *chunk;
        for _ in 0..runs.get(run)?[1] {
            let Some(size) = sizes.get(out.len()) else { break };
            out.push(at);
            at = at.checked_add(u64::from(*size))?;
        }
    }
    (out.len() == sizes.len()).then_some(out)
}

/// A table of rows of `width` numbers, after `skip` bytes and a count.
fn words(body: &[u8], skip: usize, width: usize) -> Vec<[u32; 3]> {
    let mut c = Cursor(body.get(skip..).unwrap_or_default());
    let count = c.u32().unwrap_or(0) as usize;
    let row = |bytes: &[u8]| {
        let mut out = [0; 3];
        out.iter_mut().zip(bytes.chunks_exact(4)).for_each(|(o, b)| *o = u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
        out
    };
    c.0.chunks_exact(4 * width).take(count).map(row).collect()
}
