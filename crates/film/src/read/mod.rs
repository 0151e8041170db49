//! Films taken apart again: our own and ordinary MP4 files. [`Movie::open`] reads the index; pictures are decoded by
//! [`Movie::each_frame`] and [`Movie::frame`], sound by [`Movie::sound`], captions come from [`Movie::captions`].

mod boxes;
mod sound;
mod sps;
mod tracks;
mod video;

use crate::captions::Caption;
use crate::error::ReadError;
use boxes::{Cursor, find};
use kinora_base::Ticks;
use kinora_plan::Size;
pub use sps::Stream;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
pub use tracks::{ColourTags, Kind, Sample, Track};

/// The largest index that is read; a film of three hours has a few MB.
const LARGEST_INDEX: u64 = 256 << 20;

/// An open film.
#[derive(Debug)]
pub struct Movie {
    path: PathBuf,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Whether the index stands before the media, so that it plays while it loads.
    pub fast_start: bool,
    /// The title in the metadata.
    pub title: Option<String>,
    /// All tracks.
    pub tracks: Vec<Track>,
}

impl Movie {
    /// Reads the index of a film.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let io = |source| ReadError::Io { path: path.to_path_buf(), source };
        let mut file = File::open(path).map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        let top = top_level(&mut file, bytes).map_err(io)?;
        let format = |what: &str| ReadError::Format { path: path.to_path_buf(), what: what.to_owned() };
        let position = |kind: &[u8; 4]| top.iter().position(|b| &b.0 == kind);
        let index = position(b"moov").ok_or_else(|| format("there is no index (moov): not an MP4, or cut off"))?;
        let (_, start, length) = top[index];
        if length > LARGEST_INDEX {
            return Err(format("the index is larger than 256 MB"));
        }
        let mut moov = vec![0; length as usize];
        file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut moov)).map_err(io)?;
        let tracks = tracks::read_all(&moov).ok_or_else(|| format("the index is damaged"))?;
        Ok(Self { path: path.to_path_buf(), bytes, fast_start: position(b"mdat").is_some_and(|m| index < m), title: title(&moov), tracks })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first picture track.
    #[must_use]
    pub fn video(&self) -> Option<&Track> {
        self.tracks.iter().find(|t| t.kind == Kind::Video)
    }

    /// The first sound track.
    #[must_use]
    pub fn audio(&self) -> Option<&Track> {
        self.tracks.iter().find(|t| t.kind == Kind::Sound)
    }

    /// Picture size; 0x0 if there are no pictures.
    #[must_use]
    pub fn size(&self) -> Size {
        self.video().map_or(Size { width: 0, height: 0 }, |t| t.size)
    }

    /// Frames of the picture track.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.video().map_or(0, |t| t.samples.len())
    }

    /// Frames a second on average.
    #[must_use]
    pub fn fps(&self) -> f64 {
        self.video().map_or(0.0, |t| t.samples.len() as f64 * f64::from(t.timescale) / (t.length.max(1)) as f64)
    }

    /// The captions of the first caption track.
    pub fn captions(&self) -> Result<Vec<Caption>, ReadError> {
        let Some(track) = self.tracks.iter().find(|t| t.kind == Kind::Captions) else { return Ok(Vec::new()) };
        let mut file = self.file()?;
        let mut out = Vec::new();
        for (i, sample) in track.samples.iter().enumerate() {
            let data = self.sample(&mut file, track, i)?;
            let length = data.get(..2).map_or(0, |b| usize::from(u16::from_be_bytes([b[0], b[1]])));
            if let Some(text) = data.get(2..2 + length).filter(|t| !t.is_empty()) {
                let tick = |t: i64| Ticks(t * Ticks::PER_SECOND / i64::from(track.timescale));
                let (from, to) = (tick(sample.start), tick(sample.start + i64::from(sample.length)));
                out.push(Caption { from, to, text: String::from_utf8_lossy(text).into_owned() });
            }
        }
        Ok(out)
    }

    fn file(&self) -> Result<File, ReadError> {
        File::open(&self.path).map_err(|source| ReadError::Io { path: self.path.clone(), source })
    }

    /// The bytes of a sample.
    fn sample(&self, file: &mut File, track: &Track, index: usize) -> Result<Vec<u8>, ReadError> {
        let sample = &track.samples[index];
        if sample.offset.saturating_add(u64::from(sample.size)) > self.bytes {
            return Err(self.format(format!("sample {index} lies beyond the end of the file")));
        }
        let mut data = vec![0; sample.size as usize];
        let read = file.seek(SeekFrom::Start(sample.offset)).and_then(|_| file.read_exact(&mut data));
        read.map_err(|source| ReadError::Io { path: self.path.clone(), source })?;
        Ok(data)
    }

    fn format(&self, what: String) -> ReadError {
        ReadError::Format { path: self.path.clone(), what }
    }

    fn undecodable(&self, what: &'static str, index: usize, message: String) -> ReadError {
        ReadError::Decode { path: self.path.clone(), what, index, message }
    }
}

/// Kind, begin and length of the bodies of the boxes of a file.
fn top_level(file: &mut File, bytes: u64) -> io::Result<Vec<([u8; 4], u64, u64)>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at + 8 <= bytes {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(at))?;
        let have = (bytes - at).min(16) as usize;
        file.read_exact(&mut head[..have])?;
        let short = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
        let long = u64::from_be_bytes([head[8], head[9], head[10], head[11], head[12], head[13], head[14], head[15]]);
        let (size, header) = match short {
            0 => (bytes - at, 8),
            1 => (long, 16),
            n => (n, 8),
        };
        if size < header || size > bytes - at {
            break;
        }
        out.push(([head[4], head[5], head[6], head[7]], at + header, size - header));
        at += size;
    }
    Ok(out)
}

fn title(moov: &[u8]) -> Option<String> {
    let meta = find(find(moov, b"udta")?, b"meta")?;
    let name = find(find(meta.get(4..)?, b"ilst")?, b"\xa9nam")?;
    let mut data = Cursor(find(name, b"data")?);
    data.skip(8)?;
    Some(String::from_utf8_lossy(data.0).into_owned())
}
