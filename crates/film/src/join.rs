//! Parts and sound to one file, without encoding again.

use crate::aac::Sound;
use crate::captions;
use crate::deliver::Delivery;
use crate::error::FilmError;
use crate::mp4::{self, Chunk};
use crate::parts::{Part, Parts};
use kinora_base::{FrameRate, Ticks};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Puts the film together under another name and then gives it its own. Returns its length in bytes.
pub(crate) fn join(delivery: &Delivery<'_>, folder: &Parts, parts: &[Part], sound: Option<&Sound>) -> Result<u64, FilmError> {
    let (Some(first), duration) = (parts.first(), delivery.fps.start_of(delivery.frames)) else {
        return Err(FilmError::Timing { place: "frames".into(), value: 0, expected: "at least 1".into() });
    };
    if first.sps.len() < 4 || parts.iter().any(|p| p.sps != first.sps || p.pps != first.pps) {
        return Err(FilmError::Encoder { encoder: "H.264", message: "segments came out with different parameter sets".into() });
    }
    let caption_samples = captions::samples(delivery.captions, duration);
    let chunks = mp4::interleave(&segment_ends(parts, delivery.fps), sound, &starts(&caption_samples));
    let film = mp4::Index {
        title: delivery.title,
        language: captions::language_code(delivery.language),
        duration: duration.0 as u32,
        pictures: mp4::Pictures {
            size: delivery.size,
            ticks_per_frame: delivery.fps.ticks_per_frame() as u32,
            sps: &first.sps,
            pps: &first.pps,
            segments: parts.iter().map(|p| p.sizes.as_slice()).collect(),
        },
        sound,
        captions: caption_samples,
        chunks,
    };
    let path = folder.joined();
    let bytes = write_film(&path, &film, parts)?;
    std::fs::rename(&path, delivery.out).map_err(|e| FilmError::write(delivery.out, e))?;
    Ok(bytes)
}

/// When each segment ends, in ticks.
fn segment_ends(parts: &[Part], fps: FrameRate) -> Vec<i64> {
    let running = |frames: &mut i64, part: &Part| {
        *frames += part.sizes.len() as i64;
        Some(fps.start_of(*frames).0)
    };
    parts.iter().scan(0, running).collect()
}

/// When each caption sample begins, in ticks.
fn starts(captions: &mp4::Captions) -> Vec<i64> {
    let running = |at: &mut i64, sample: &(u32, Vec<u8>)| {
        let start = *at;
        *at += i64::from(sample.0);
        Some(start)
    };
    captions.samples.iter().scan(Ticks::ZERO.0, running).collect()
}

fn write_film(path: &Path, film: &mp4::Index<'_>, parts: &[Part]) -> Result<u64, FilmError> {
    let failed = |e| FilmError::write(path, e);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
    let head = mp4::index(film);
    let mut bytes = head.len() as u64;
    file.write_all(&head).map_err(failed)?;
    // Packets are read as they are written, from the first to the last.
    let mut packets = film.sound.map(|s| &s.packets);
    let unread = |source| FilmError::ReadBack { path: path.to_path_buf(), source };
    packets.iter_mut().try_for_each(|p| p.rewind()).map_err(unread)?;
    for chunk in &film.chunks {
        match chunk {
            Chunk::Segment(i) => {
                let data = pictures_of(&parts[*i]).map_err(|source| FilmError::ReadBack { path: parts[*i].path.clone(), source })?;
                file.write_all(&data).map_err(failed)?;
                bytes += data.len() as u64;
            }
            Chunk::Packets(from, to) => {
                let Some((sound, packets)) = film.sound.zip(packets.as_mut()) else { continue };
                let mut data = vec![0; sound.sizes[*from..*to].iter().map(|s| *s as usize).sum()];
                packets.read_exact(&mut data).map_err(unread)?;
                file.write_all(&data).map_err(failed)?;
                bytes += data.len() as u64;
            }
            Chunk::Captions(from, to) => {
                for (_, text) in &film.captions.samples[*from..*to] {
                    file.write_all(text).map_err(failed)?;
                    bytes += text.len() as u64;
                }
            }
        }
    }
    file.flush().map_err(failed)?;
    file.get_ref().sync_all().map_err(failed)?;
    Ok(bytes)
}

/// The pictures in a part, without its head.
fn pictures_of(part: &Part) -> io::Result<Vec<u8>> {
    let mut data = vec![0; part.sizes.iter().map(|s| *s as usize).sum()];
    let mut file = File::open(&part.path)?;
    file.seek(SeekFrom::Start(part.offset))?;
    file.read_exact(&mut data)?;
    Ok(data)
}
