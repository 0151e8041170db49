//! Encoded segments in files beside the output, so that a killed run goes on where it was, and in the studio's cache,
//! so that a film that was changed a little is drawn a little.
//!
//! A part is: magic, key, first frame, lengths, a checksum, then parameter sets, sizes and pictures. The key stands for
//! everything that the pictures depend on; a part with another key, length or checksum is as good as none.

use crate::error::FilmError;
use crate::h264::{Encoded, VideoSettings};
use kinora_base::{Seed, Studio};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"KINPART1";
/// Bytes of a name that leave room for the endings of what lies beside it while it is written.
const LONGEST_NAME: usize = 220;
const HEADER: usize = 8 + 8 + 8 + 4 * 3 + 8;

/// The folder of a film's parts.
#[derive(Debug)]
pub(crate) struct Parts {
    folder: PathBuf,
}

/// What is known of a part once it is on disk.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) path: PathBuf,
    pub(crate) sps: Vec<u8>,
    pub(crate) pps: Vec<u8>,
    pub(crate) sizes: Vec<u32>,
    /// Where the pictures begin in the file.
    pub(crate) offset: u64,
}

impl Parts {
    /// The folder beside `out`, made and tried out, so that a film which cannot be written fails before it is drawn.
    pub(crate) fn beside(out: &Path) -> Result<Self, FilmError> {
        let name = out.file_name().ok_or_else(|| FilmError::write(out, io::Error::from(io::ErrorKind::InvalidInput)))?;
        kinora_base::studio::may_replace(out).map_err(|e| FilmError::write(out, e))?;
        if name.len() > LONGEST_NAME {
            return Err(FilmError::write(out, io::Error::from(io::ErrorKind::InvalidFilename)));
        }
        let mut folder_name = name.to_os_string();
        folder_name.push(".parts");
        let folder = out.with_file_name(folder_name);
        let parts = Self { folder };
        std::fs::create_dir_all(&parts.folder).map_err(|e| FilmError::write(out, e))?;
        let probe = parts.folder.join("probe");
        let written = std::fs::write(&probe, [0; 4096]);
        // Also after a write that failed: a full disk takes the name before it refuses the bytes.
        let removed = std::fs::remove_file(&probe);
        match written.and(removed) {
            Ok(()) => Ok(parts),
            Err(e) => {
                parts.remove_if_empty();
                Err(FilmError::write(out, e))
            }
        }
    }

    /// Where they are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the film is put together before it gets its name.
    pub(crate) fn joined(&self) -> PathBuf {
        self.folder.join("joined.mp4")
    }

    fn path(&self, frames: &Range<i64>, key: u64) -> PathBuf {
        self.folder.join(kept_as(frames, key))
    }

    /// The part of an earlier run, if it is whole and still fits.
    pub(crate) fn find(&self, frames: &Range<i64>, key: u64, studio: &dyn Studio) -> Option<Part> {
        let path = self.path(frames, key);
        if !path.exists() && !studio.cache().is_some_and(|c| c.fetch(&kept_as(frames, key), &path)) {
            return None;
        }
        let bytes = studio.read(&path).ok()?;
        let part = read(&path, &bytes, frames, key);
        if let (None, Some(cache)) = (&part, studio.cache()) {
            cache.forget(&kept_as(frames, key));
        }
        part
    }

    /// Leaves parts in the studio's cache for the next film.
    pub(crate) fn keep(&self, parts: &[Part], studio: &dyn Studio) {
        let Some(cache) = studio.cache() else { return };
        for part in parts {
            let name = part.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            cache.keep(&name, &part.path);
        }
        cache.trim();
    }

    /// Writes a part; a reader sees all of it or nothing.
    pub(crate) fn store(&self, frames: &Range<i64>, key: u64, encoded: Encoded, studio: &dyn Studio) -> Result<Part, FilmError> {
        let path = self.path(frames, key);
        studio.write(&path, &bytes_of(&encoded, frames.start, key)).map_err(|e| FilmError::write(&path, e))?;
        let offset = (HEADER + encoded.sps.len() + encoded.pps.len() + 4 * encoded.sizes.len()) as u64;
        Ok(Part { path, sps: encoded.sps, pps: encoded.pps, sizes: encoded.sizes, offset })
    }

    /// Removes them all. What cannot be removed is left: the film is done.
    pub(crate) fn remove(self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    /// Removes the folder if nothing worth keeping is in it.
    pub(crate) fn remove_if_empty(&self) {
        let _ = std::fs::remove_file(self.joined());
        let _ = std::fs::remove_dir(&self.folder);
    }
}

/// A part's file name.
fn kept_as(frames: &Range<i64>, key: u64) -> String {
    format!("{:07}-{key:016x}.part", frames.start)
}

/// The key of a segment: what its pictures depend on, and how they are encoded.
pub(crate) fn key(pictures: u64, settings: &VideoSettings, frames: &Range<i64>) -> u64 {
    let numbers = [settings.size.width, settings.size.height, settings.fps.0, settings.bitrate.unwrap_or(0)].map(u64::from);
    let position = [frames.start as u64, frames.end as u64];
    numbers.iter().chain(&position).fold(Seed(pictures).child(concat!("part of film ", env!("CARGO_PKG_VERSION"))), |seed, n| seed.index(*n).child("then")).0
}

fn bytes_of(encoded: &Encoded, first: i64, key: u64) -> Vec<u8> {
    let mut body = Vec::with_capacity(encoded.data.len() + 1024);
    body.extend_from_slice(&encoded.sps);
    body.extend_from_slice(&encoded.pps);
    encoded.sizes.iter().for_each(|s| body.extend_from_slice(&s.to_le_bytes()));
    body.extend_from_slice(&encoded.data);
    let mut out = Vec::with_capacity(HEADER + body.len());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&key.to_le_bytes());
    out.extend_from_slice(&first.to_le_bytes());
    for length in [encoded.sps.len(), encoded.pps.len(), encoded.sizes.len()] {
        out.extend_from_slice(&(length as u32).to_le_bytes());
    }
    out.extend_from_slice(&checksum(&body).to_le_bytes());
    out.append(&mut body);
    out
}

fn read(path: &Path, bytes: &[u8], frames: &Range<i64>, wanted: u64) -> Option<Part> {
    let (header, body) = bytes.split_at_checked(HEADER)?;
    let word = |at: usize| Some(u64::from_le_bytes(header.get(at..at + 8)?.try_into().ok()?));
    let length = |at: usize| Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?) as usize);
    let fits = header.starts_with(MAGIC) && word(8)? == wanted && word(16)? == frames.start as u64 && word(36)? == checksum(body);
    let (sps, pps, count) = (length(24)?, length(28)?, length(32)?);
    if !fits || count as i64 != frames.end - frames.start {
        return None;
    }
    let (sps, rest) = body.split_at_checked(sps)?;
    let (pps, rest) = rest.split_at_checked(pps)?;
    let (sizes, data) = rest.split_at_checked(count * 4)?;
    let sizes: Vec<u32> = sizes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
    let whole = sizes.iter().map(|s| u64::from(*s)).sum::<u64>() == data.len() as u64;
    whole.then(|| Part { path: path.to_path_buf(), sps: sps.to_vec(), pps: pps.to_vec(), sizes, offset: (bytes.len() - data.len()) as u64 })
}

/// FNV-1a over eight bytes at a time: guards against torn files, not against people.
fn checksum(bytes: &[u8]) -> u64 {
    let step = |h: u64, word: u64| (h ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
    let words = bytes.chunks_exact(8);
    let tail = words.remainder().iter().fold(bytes.len() as u64, |h, b| step(h, u64::from(*b)));
    words.map(|w| u64::from_le_bytes([w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]])).fold(tail, step)
}
