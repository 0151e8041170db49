//! The boxes that tracks have in common, and the entries that describe how each is coded.

use super::TIMESCALE;
use super::boxes::{Bytes, Numbers, put, put_full};
use super::tracks::Pictures;
use crate::aac::{BITRATE, Sound};

pub(super) fn matrix(b: &mut Bytes) {
    for n in [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        b.u32(n);
    }
}

pub(super) fn track_header(b: &mut Bytes, id: u32, flags: u32, duration: u32, volume: u16, size: (u32, u32)) {
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
pub(super) fn edit_list(b: &mut Bytes, duration: u32, media_time: u32) {
    put(b, b"edts", |b| {
        put_full(b, b"elst", 0, |b| {
            b.u32(1);
            b.u32(duration);
            b.u32(media_time);
            b.u32(0x0001_0000);
        });
    });
}

pub(super) fn media_header(b: &mut Bytes, duration: u32, language: [u8; 3]) {
    put_full(b, b"mdhd", 0, |b| {
        b.zeros(8);
        b.u32(TIMESCALE);
        b.u32(duration);
        b.u16(language.iter().fold(0, |n, c| n << 5 | (u16::from(*c) - 0x60)));
        b.zeros(2);
    });
}

pub(super) fn handler(b: &mut Bytes, kind: &[u8; 4], name: &str) {
    put_full(b, b"hdlr", 0, |b| {
        b.zeros(4);
        b.all(kind);
        b.zeros(12);
        b.all(name.as_bytes());
        b.u8(0);
    });
}

pub(super) fn data_information(b: &mut Bytes) {
    put(b, b"dinf", |b| {
        put_full(b, b"dref", 0, |b| {
            b.u32(1);
            put_full(b, b"url ", 1, |_| {});
        });
    });
}

pub(super) fn picture_entry(b: &mut Bytes, pictures: &Pictures<'_>) {
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

pub(super) fn sound_entry(b: &mut Bytes, sound: &Sound) {
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
pub(super) fn caption_entry(b: &mut Bytes, width: u16, height: u16) {
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
