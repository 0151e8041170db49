//! The sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1 and E.1.1): what the stream says of itself.

use super::boxes::Cursor;
use super::tracks::{ColourTags, Track};
use kinora_plan::Size;

/// What an H.264 stream says of itself, whatever the container says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// 66 baseline, 77 main, 100 high.
    pub profile: u8,
    /// Ten times the level: 40 is 4.0.
    pub level: u8,
    /// Size after cropping.
    pub size: Size,
    /// Colours, if it says.
    pub colours: Option<ColourTags>,
}

impl Track {
    /// What the H.264 stream of this track says of itself; none if it is not H.264, or damaged, or has matrices of its own.
    #[must_use]
    pub fn stream(&self) -> Option<Stream> {
        let mut c = Cursor(&self.config);
        c.skip(5)?;
        (c.u8()? & 31 > 0).then_some(())?;
        let length = usize::from(c.u16()?);
        read(c.take(length)?)
    }
}

fn read(unit: &[u8]) -> Option<Stream> {
    let plain = without_emulation(unit.get(1..)?);
    let mut b = Bits { bytes: &plain, at: 0 };
    let (profile, _, level) = (b.bits(8)? as u8, b.bits(8)?, b.bits(8)? as u8);
    b.number()?;
    let mut chroma = 1;
    if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128) {
        chroma = b.number()?;
        b.skip(u32::from(chroma == 3))?;
        b.numbers(2)?;
        b.skip(1)?;
        (!b.flag()?).then_some(())?;
    }
    b.number()?;
    skip_order(&mut b)?;
    b.number()?;
    b.skip(1)?;
    let (columns, rows) = (b.number()?.checked_add(1)?, b.number()?.checked_add(1)?);
    let frames_only = b.flag()?;
    b.skip(u32::from(!frames_only) + 1)?;
    let crop = if b.flag()? { [b.number()?, b.number()?, b.number()?, b.number()?] } else { [0; 4] };
    let (cx, cy) = (if matches!(chroma, 1 | 2) { 2 } else { 1 }, if chroma == 1 { 2 } else { 1 } * (2 - u32::from(frames_only)));
    let side = |blocks: u32, cut: [u32; 2], unit: u32| blocks.checked_mul(16)?.checked_sub(cut[0].checked_add(cut[1])?.checked_mul(unit)?);
    let width = side(columns, [crop[0], crop[1]], cx)?;
    let height = side(rows.checked_mul(2 - u32::from(frames_only))?, [crop[2], crop[3]], cy)?;
    let colours = if b.flag()? { colours(&mut b)? } else { None };
    Some(Stream { profile, level, size: Size { width, height }, colours })
}

/// The order of pictures, which is of no interest here.
fn skip_order(b: &mut Bits<'_>) -> Option<()> {
    match b.number()? {
        0 => b.number().map(|_| ()),
        1 => {
            b.skip(1)?;
            b.numbers(2)?;
            let cycle = b.number()?.min(255);
            b.numbers(cycle)
        }
        _ => Some(()),
    }
}

fn colours(b: &mut Bits<'_>) -> Option<Option<ColourTags>> {
    const OWN_ASPECT: u32 = 255;
    if b.flag()? && b.bits(8)? == OWN_ASPECT {
        b.skip(32)?;
    }
    if b.flag()? {
        b.skip(1)?;
    }
    if !b.flag()? {
        return Some(None);
    }
    b.skip(3)?;
    let full_range = b.flag()?;
    if !b.flag()? {
        return Some(None);
    }
    Some(Some(ColourTags { primaries: b.bits(8)? as u16, transfer: b.bits(8)? as u16, matrix: b.bits(8)? as u16, full_range }))
}

/// Bytes without the 3 that keeps two zeros from looking like a start code.
fn without_emulation(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut zeros = 0;
    for byte in bytes {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        out.push(*byte);
    }
    out
}

/// Bits from the front.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn flag(&mut self) -> Option<bool> {
        let bit = self.bytes.get(self.at / 8)? >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }
    fn bits(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0u32, |n, _| Some(n << 1 | u32::from(self.flag()?)))
    }
    fn skip(&mut self, count: u32) -> Option<()> {
        (0..count).try_for_each(|_| self.flag().map(|_| ()))
    }
    /// An Exp-Golomb number; signed ones take the same bits.
    fn number(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            (zeros < 32).then_some(())?;
        }
        Some((1u32 << zeros) - 1 + self.bits(zeros)?)
    }
    /// Passes over such numbers.
    fn numbers(&mut self, count: u32) -> Option<()> {
        (0..count).try_for_each(|_| self.number().map(|_| ()))
    }
}
