//! The index of a film (`ftyp`, `moov` and the head of `mdat`): picture, sound and caption tracks, and the title.

use super::boxes::{Bytes, Numbers, put, put_full};
use super::entries::{caption_entry, data_information, edit_list, handler, matrix, media_header, picture_entry, sound_entry, track_header};
use super::{Chunk, TIMESCALE};
use crate::aac::{PACKET, Sound};
use kinora_plan::Size;

/// The picture track.
pub(crate) struct Pictures<'a> {
    pub(crate) size: Size,
    pub(crate) ticks_per_frame: u32,
    pub(crate) sps: &'a [u8],
    pub(crate) pps: &'a [u8],
    /// Bytes of the frames of each segment, which begins with a key frame.
    pub(crate) segments: Vec<&'a [u32]>,
}

/// The caption track: texts and gaps without a hole between them.
#[derive(Default)]
pub(crate) struct Captions {
    /// Ticks and bytes of each.
    pub(crate) samples: Vec<(u32, Vec<u8>)>,
}

/// Everything that the index is made from.
pub(crate) struct Index<'a> {
    pub(crate) title: &'a str,
    /// Three letters of ISO 639-2.
    pub(crate) language: [u8; 3],
    pub(crate) duration: u32,
    pub(crate) pictures: Pictures<'a>,
    pub(crate) sound: Option<&'a Sound>,
    pub(crate) captions: Captions,
    pub(crate) chunks: Vec<Chunk>,
}

/// A track's samples in order, for its tables.
struct Table {
    sizes: Vec<u32>,
    /// Runs of (count, duration).
    durations: Vec<(u32, u32)>,
    /// Samples in each chunk.
    per_chunk: Vec<u32>,
    offsets: Vec<u64>,
}

/// The bytes before the media. Offsets of media depend on the length of the index and the other way round, so it is
/// made once for its length and once more for good.
pub(crate) fn index(film: &Index<'_>) -> Bytes {
    let media: u64 = film.chunks.iter().map(|c| film.bytes_of(c)).sum();
    let wide = media > 0xf000_0000;
    let head = |start: u64| {
        let mut out = Bytes::new();
        put(&mut out, b"ftyp", |b| b.all(b"isom\0\0\x02\0isomiso2avc1mp41"));
        put(&mut out, b"moov", |b| film.movie(b, start, wide));
        if wide {
            out.u32(1);
            out.all(b"mdat");
            out.u64(media + 16);
        } else {
            out.u32(media as u32 + 8);
            out.all(b"mdat");
        }
        out
    };
    let length = head(0).len() as u64;
    head(length)
}

impl Index<'_> {
    fn bytes_of(&self, chunk: &Chunk) -> u64 {
        self.sizes_of(chunk).map(u64::from).sum()
    }

    fn sizes_of(&self, chunk: &Chunk) -> Box<dyn Iterator<Item = u32> + '_> {
        match (chunk, self.sound) {
            (Chunk::Segment(i), _) => Box::new(self.pictures.segments[*i].iter().copied()),
            (Chunk::Packets(from, to), Some(sound)) => Box::new(sound.sizes[*from..*to].iter().copied()),
            (Chunk::Packets(..), None) => Box::new(std::iter::empty()),
            (Chunk::Captions(from, to), _) => Box::new(self.captions.samples[*from..*to].iter().map(|s| s.1.len() as u32)),
        }
    }

    /// The tables of the track whose chunks `mine` picks.
    fn table(&self, start: u64, durations: Vec<(u32, u32)>, mine: impl Fn(&Chunk) -> bool) -> Table {
        let mut table = Table { sizes: Vec::new(), durations, per_chunk: Vec::new(), offsets: Vec::new() };
        let mut at = start;
        for chunk in &self.chunks {
            if mine(chunk) {
                let before = table.sizes.len();
                table.sizes.extend(self.sizes_of(chunk));
                table.per_chunk.push((table.sizes.len() - before) as u32);
                table.offsets.push(at);
            }
            at += self.bytes_of(chunk);
        }
        table
    }

    fn movie(&self, b: &mut Bytes, start: u64, wide: bool) {
        let tracks = 1 + u32::from(self.sound.is_some()) + u32::from(!self.captions.samples.is_empty());
        put_full(b, b"mvhd", 0, |b| {
            b.zeros(8);
            b.u32(TIMESCALE);
            b.u32(self.duration);
            b.u32(0x0001_0000);
            b.u16(0x0100);
            b.zeros(10);
            matrix(b);
            b.zeros(24);
            b.u32(tracks + 1);
        });
        self.picture_track(b, start, wide);
        if let Some(sound) = self.sound {
            self.sound_track(b, sound, start, wide);
        }
        if !self.captions.samples.is_empty() {
            self.caption_track(b, tracks, start, wide);
        }
        self.metadata(b);
    }

    fn picture_track(&self, b: &mut Bytes, start: u64, wide: bool) {
        let pictures = &self.pictures;
        let frames: usize = pictures.segments.iter().map(|s| s.len()).sum();
        let table = self.table(start, vec![(frames as u32, pictures.ticks_per_frame)], |c| matches!(c, Chunk::Segment(_)));
        put(b, b"trak", |b| {
            track_header(b, 1, 3, self.duration, 0, (pictures.size.width, pictures.size.height));
            edit_list(b, self.duration, 0);
            put(b, b"mdia", |b| {
                media_header(b, self.duration, *b"und");
                handler(b, b"vide", "Pictures");
                put(b, b"minf", |b| {
                    put_full(b, b"vmhd", 1, |b| b.zeros(8));
                    data_information(b);
                    put(b, b"stbl", |b| {
                        put_full(b, b"stsd", 0, |b| {
                            b.u32(1);
                            picture_entry(b, pictures);
                        });
                        self.sample_tables(b, &table, wide);
                        put_full(b, b"stss", 0, |b| {
                            b.u32(pictures.segments.len() as u32);
                            let mut frame = 1;
                            for segment in &pictures.segments {
                                b.u32(frame);
                                frame += segment.len() as u32;
                            }
                        });
                    });
                });
            });
        });
    }

    fn sound_track(&self, b: &mut Bytes, sound: &Sound, start: u64, wide: bool) {
        let (packets, length) = (sound.sizes.len() as u32, (sound.delay + sound.samples) as u32);
        // The last packet is told to end where the sound does, for players that do not cut by the edit list.
        let whole = packets.saturating_sub(1);
        let durations = vec![(whole, PACKET as u32), (1, length - (whole * PACKET as u32).min(length))];
        let table = self.table(start, durations, |c| matches!(c, Chunk::Packets(..)));
        put(b, b"trak", |b| {
            track_header(b, 2, 3, sound.samples as u32, 0x0100, (0, 0));
            edit_list(b, sound.samples as u32, sound.delay as u32);
            put(b, b"mdia", |b| {
                media_header(b, length, self.language);
                handler(b, b"soun", "Sound");
                put(b, b"minf", |b| {
                    put_full(b, b"smhd", 0, |b| b.zeros(4));
                    data_information(b);
                    put(b, b"stbl", |b| {
                        put_full(b, b"stsd", 0, |b| {
                            b.u32(1);
                            sound_entry(b, sound);
                        });
                        self.sample_tables(b, &table, wide);
                    });
                });
            });
        });
    }

    fn caption_track(&self, b: &mut Bytes, id: u32, start: u64, wide: bool) {
        let durations = self.captions.samples.iter().map(|s| (1, s.0)).collect();
        let length = self.captions.samples.iter().map(|s| s.0).sum();
        let table = self.table(start, durations, |c| matches!(c, Chunk::Captions(..)));
        let Size { width, height } = self.pictures.size;
        put(b, b"trak", |b| {
            track_header(b, id, 3, length, 0, (width, height / 6));
            edit_list(b, length, 0);
            put(b, b"mdia", |b| {
                media_header(b, length, self.language);
                handler(b, b"sbtl", "Captions");
                put(b, b"minf", |b| {
                    put_full(b, b"nmhd", 0, |_| {});
                    data_information(b);
                    put(b, b"stbl", |b| {
                        put_full(b, b"stsd", 0, |b| {
                            b.u32(1);
                            caption_entry(b, width as u16, (height / 6) as u16);
                        });
                        self.sample_tables(b, &table, wide);
                    });
                });
            });
        });
    }

    fn sample_tables(&self, b: &mut Bytes, table: &Table, wide: bool) {
        put_full(b, b"stts", 0, |b| {
            b.u32(table.durations.len() as u32);
            for (count, length) in &table.durations {
                b.u32(*count);
                b.u32(*length);
            }
        });
        put_full(b, b"stsc", 0, |b| {
            let mut runs: Vec<(u32, u32)> = Vec::new();
            for (i, count) in table.per_chunk.iter().enumerate() {
                if runs.last().is_none_or(|r| r.1 != *count) {
                    runs.push((i as u32 + 1, *count));
                }
            }
            b.u32(runs.len() as u32);
            for (first, count) in runs {
                b.u32(first);
                b.u32(count);
                b.u32(1);
            }
        });
        put_full(b, b"stsz", 0, |b| {
            b.u32(0);
            b.u32(table.sizes.len() as u32);
            table.sizes.iter().for_each(|s| b.u32(*s));
        });
        put_full(b, if wide { b"co64" } else { b"stco" }, 0, |b| {
            b.u32(table.offsets.len() as u32);
            table.offsets.iter().for_each(|o| if wide { b.u64(*o) } else { b.u32(*o as u32) });
        });
    }

    /// The title as players know it.
    fn metadata(&self, b: &mut Bytes) {
        put(b, b"udta", |b| {
            put_full(b, b"meta", 0, |b| {
                put_full(b, b"hdlr", 0, |b| {
                    b.zeros(4);
                    b.all(b"mdirappl");
                    b.zeros(9);
                });
                put(b, b"ilst", |b| {
                    for (name, text) in [(b"\xa9nam", self.title), (b"\xa9too", "Kinora")] {
                        if !text.is_empty() {
                            put(b, name, |b| {
                                put_full(b, b"data", 1, |b| {
                                    b.zeros(4);
                                    b.all(text.as_bytes());
                                });
                            });
                        }
                    }
                });
            });
        });
    }
}
