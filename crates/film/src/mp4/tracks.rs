//! The index of a film (`ftyp`, `moov` and the head of `mdat`): picture, sound and caption tracks, and the title.

use super::boxes::{Bytes, Numbers, put, put_full};
use super::{Chunk, TIMESCALE};
use crate::aac::{BITRATE, PACKET, Sound};
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
            (Chunk::Packets(from, to), Some(sound)) => Box::new(sound.packets[*from..*to].iter().map(|p| p.len() as u32)),
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
        let (packets, length) = (sound.packets.len() as u32, (sound.delay + sound.samples) as u32);
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

fn matrix(b: &mut Bytes) {
    for n in [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        b.u32(n);
    }
}

fn track_header(b: &mut Bytes, id: u32, flags: u32, duration: u32, volume: u16, size: (u32, u32)) {
    put_full(b, b"tkhd", flags, |b| {
        b.zeros(8);
        b.u32(id);
        b.zeros(4);
        b.u32(duration);
        b.zeros(8);
        b.zeros(4);
        b.u16(volume);
        b.zeros(2);
        matrix(b);
        b.u32(size.0 << 16);
        b.u32(size.1 << 16);
    });
}

/// Shows `duration` of the track from `media_time` on.
fn edit_list(b: &mut Bytes, duration: u32, media_time: u32) {
    put(b, b"edts", |b| {
        put_full(b, b"elst", 0, |b| {
            b.u32(1);
            b.u32(duration);
            b.u32(media_time);
            b.u32(0x0001_0000);
        });
    });
}

fn media_header(b: &mut Bytes, duration: u32, language: [u8; 3]) {
    put_full(b, b"mdhd", 0, |b| {
        b.zeros(8);
        b.u32(TIMESCALE);
        b.u32(duration);
        b.u16(language.iter().fold(0, |n, c| n << 5 | (u16::from(*c) - 0x60)));
        b.zeros(2);
    });
}

fn handler(b: &mut Bytes, kind: &[u8; 4], name: &str) {
    put_full(b, b"hdlr", 0, |b| {
        b.zeros(4);
        b.all(kind);
        b.zeros(12);
        b.all(name.as_bytes());
        b.u8(0);
    });
}

fn data_information(b: &mut Bytes) {
    put(b, b"dinf", |b| {
        put_full(b, b"dref", 0, |b| {
            b.u32(1);
            put_full(b, b"url ", 1, |_| {});
        });
    });
}

fn picture_entry(b: &mut Bytes, pictures: &Pictures<'_>) {
    put(b, b"avc1", |b| {
        b.zeros(6);
        b.u16(1);
        b.zeros(16);
        b.u16(pictures.size.width as u16);
        b.u16(pictures.size.height as u16);
        b.u32(0x0048_0000);
        b.u32(0x0048_0000);
        b.zeros(4);
        b.u16(1);
        b.zeros(32);
        b.u16(24);
        b.u16(0xffff);
        put(b, b"avcC", |b| {
            let (sps, pps) = (pictures.sps, pictures.pps);
            b.all(&[1, sps[1], sps[2], sps[3], 0xff, 0xe1]);
            b.u16(sps.len() as u16);
            b.all(sps);
            b.u8(1);
            b.u16(pps.len() as u16);
            b.all(pps);
            if matches!(sps[1], 100 | 110 | 122 | 144) {
                b.all(&[0xfd, 0xf8, 0xf8, 0]);
            }
        });
        // BT.709 primaries, transfer and matrix, limited range: as the parameter set says too.
        put(b, b"colr", |b| b.all(b"nclx\0\x01\0\x01\0\x01\0"));
        put(b, b"pasp", |b| {
            b.u32(1);
            b.u32(1);
        });
    });
}

fn sound_entry(b: &mut Bytes, sound: &Sound) {
    put(b, b"mp4a", |b| {
        b.zeros(6);
        b.u16(1);
        b.zeros(8);
        b.u16(2);
        b.u16(16);
        b.zeros(4);
        b.u32(TIMESCALE << 16);
        put_full(b, b"esds", 0, |b| {
            let config = sound.config.len() as u8;
            b.all(&[3, 3 + 2 + 13 + 2 + config + 3, 0, 0, 0]);
            b.all(&[4, 13 + 2 + config, 0x40, 0x15, 0, 0, 0]);
            b.u32(BITRATE);
            b.u32(BITRATE);
            b.all(&[5, config]);
            b.all(&sound.config);
            b.all(&[6, 1, 2]);
        });
    });
}

/// White text on nothing, at the foot of the picture.
fn caption_entry(b: &mut Bytes, width: u16, height: u16) {
    put(b, b"tx3g", |b| {
        b.zeros(6);
        b.u16(1);
        b.u32(0);
        b.all(&[1, 0xff]);
        b.zeros(4);
        for side in [0, 0, height, width] {
            b.u16(side);
        }
        b.zeros(4);
        b.u16(1);
        b.all(&[0, (height / 3).clamp(8, 255) as u8, 255, 255, 255, 255]);
        put(b, b"ftab", |b| {
            b.u16(1);
            b.u16(1);
            b.u8(10);
            b.all(b"Sans-Serif");
        });
    });
}
