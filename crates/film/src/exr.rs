//! OpenEXR, as much of it as passes need: one part, scan lines, any channels of 16 or 32 bits, ZIP in blocks of 16 lines.
//! Written so that any program reads it; read back as far as this module writes.

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{self, Read as _, Write as _};

/// What a channel holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Samples {
    /// Whole numbers, 32 bits.
    Uint(Vec<u32>),
    /// Numbers of 16 bits: 11 bits of precision, at most 65504.
    Half(Vec<f32>),
    /// Numbers of 32 bits.
    Float(Vec<f32>),
}

impl Samples {
    fn len(&self) -> usize {
        match self {
            Self::Uint(v) => v.len(),
            Self::Half(v) | Self::Float(v) => v.len(),
        }
    }
    fn code(&self) -> u32 {
        match self {
            Self::Uint(_) => 0,
            Self::Half(_) => 1,
            Self::Float(_) => 2,
        }
    }
    fn put(&self, range: std::ops::Range<usize>, out: &mut Vec<u8>) {
        match self {
            Self::Uint(v) => v[range].iter().for_each(|s| out.extend(s.to_le_bytes())),
            Self::Half(v) => v[range].iter().for_each(|s| out.extend(half(*s).to_le_bytes())),
            Self::Float(v) => v[range].iter().for_each(|s| out.extend(s.to_le_bytes())),
        }
    }
}

/// Lines in a compressed block.
const BLOCK: usize = 16;

/// A picture of channels as a file. `notes` are attributes of text, such as what units are.
///
/// # Errors
/// If a channel has another size than the picture.
pub fn write(width: usize, height: usize, channels: &[(&str, Samples)], notes: &[(&str, &str)]) -> io::Result<Vec<u8>> {
    let mut sorted: Vec<&(&str, Samples)> = channels.iter().collect();
    sorted.sort_by_key(|c| c.0);
    if let Some(wrong) = sorted.iter().find(|c| c.1.len() != width * height) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("channel {} has {} samples, not {}", wrong.0, wrong.1.len(), width * height)));
    }
    let mut out = header(width, height, &sorted, notes);
    let blocks = height.div_ceil(BLOCK);
    let table = out.len();
    out.resize(table + blocks * 8, 0);
    let mut raw = Vec::new();
    for block in 0..blocks {
        raw.clear();
        for y in block * BLOCK..((block + 1) * BLOCK).min(height) {
            sorted.iter().for_each(|(_, samples)| samples.put(y * width..(y + 1) * width, &mut raw));
        }
        let packed = pack(&raw)?;
        // What does not become smaller is kept as it is; readers know by its length.
        let data: &[u8] = if packed.len() < raw.len() { &packed } else { &raw };
        let offset = (out.len() as u64).to_le_bytes();
        out[table + block * 8..table + block * 8 + 8].copy_from_slice(&offset);
        out.extend(((block * BLOCK) as i32).to_le_bytes());
        out.extend((data.len() as i32).to_le_bytes());
        out.extend_from_slice(data);
    }
    Ok(out)
}

fn header(width: usize, height: usize, channels: &[&(&str, Samples)], notes: &[(&str, &str)]) -> Vec<u8> {
    let mut out = vec![0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0];
    let attribute = |out: &mut Vec<u8>, name: &str, kind: &str, value: &[u8]| {
        for text in [name, kind] {
            out.extend(text.bytes());
            out.push(0);
        }
        out.extend((value.len() as i32).to_le_bytes());
        out.extend(value);
    };
    let mut list = Vec::new();
    for (name, samples) in channels {
        list.extend(name.bytes());
        list.push(0);
        list.extend(samples.code().to_le_bytes());
        // Not perceptually linear, three reserved bytes, every pixel.
        list.extend([0, 0, 0, 0]);
        list.extend([1_i32, 1].iter().flat_map(|v| v.to_le_bytes()));
    }
    list.push(0);
    let window: Vec<u8> = [0, 0, width as i32 - 1, height as i32 - 1].iter().flat_map(|v| v.to_le_bytes()).collect();
    attribute(&mut out, "channels", "chlist", &list);
    attribute(&mut out, "compression", "compression", &[3]);
    attribute(&mut out, "dataWindow", "box2i", &window);
    attribute(&mut out, "displayWindow", "box2i", &window);
    attribute(&mut out, "lineOrder", "lineOrder", &[0]);
    attribute(&mut out, "pixelAspectRatio", "float", &1.0_f32.to_le_bytes());
    attribute(&mut out, "screenWindowCenter", "v2f", &[0; 8]);
    attribute(&mut out, "screenWindowWidth", "float", &1.0_f32.to_le_bytes());
    for (name, text) in notes {
        attribute(&mut out, name, "string", text.as_bytes());
    }
    out.push(0);
    out
}

/// Halves apart, differences, deflate: the ZIP of OpenEXR.
fn pack(raw: &[u8]) -> io::Result<Vec<u8>> {
    let middle = raw.len().div_ceil(2);
    let mut apart = vec![0; raw.len()];
    for (i, byte) in raw.iter().enumerate() {
        apart[if i % 2 == 0 { i / 2 } else { middle + i / 2 }] = *byte;
    }
    for i in (1..apart.len()).rev() {
        apart[i] = apart[i].wrapping_sub(apart[i - 1]).wrapping_add(128);
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(4));
    encoder.write_all(&apart)?;
    encoder.finish()
}

fn unpack(packed: &[u8], length: usize) -> io::Result<Vec<u8>> {
    let mut apart = Vec::with_capacity(length);
    ZlibDecoder::new(packed).take(length as u64 + 1).read_to_end(&mut apart)?;
    if apart.len() != length {
        return Err(broken("a block has another length than its lines"));
    }
    for i in 1..apart.len() {
        apart[i] = apart[i].wrapping_add(apart[i - 1]).wrapping_sub(128);
    }
    let middle = length.div_ceil(2);
    Ok((0..length).map(|i| apart[if i % 2 == 0 { i / 2 } else { middle + i / 2 }]).collect())
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// By name.
    pub channels: Vec<(String, Samples)>,
}

impl Picture {
    /// Whole numbers of a channel.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Option<&[u32]> {
        match &self.channels.iter().find(|c| c.0 == name)?.1 {
            Samples::Uint(v) => Some(v),
            _ => None,
        }
    }
    /// Numbers with a fraction of a channel.
    #[must_use]
    pub fn values(&self, name: &str) -> Option<&[f32]> {
        match &self.channels.iter().find(|c| c.0 == name)?.1 {
            Samples::Half(v) | Samples::Float(v) => Some(v),
            Samples::Uint(_) => None,
        }
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not an EXR file that can be read here: {what}"))
}

/// Goes through bytes.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> io::Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n).ok_or_else(|| broken("it ends too early"))?;
        self.0 = tail;
        Ok(head)
    }
    fn int(&mut self) -> io::Result<i32> {
        Ok(i32::from_le_bytes(self.take(4)?.try_into().unwrap_or_default()))
    }
    fn word(&mut self) -> io::Result<&'a str> {
        let end = self.0.iter().position(|b| *b == 0).ok_or_else(|| broken("a name does not end"))?;
        let text = std::str::from_utf8(self.take(end)?).map_err(|_| broken("a name is no text"))?;
        self.take(1)?;
        Ok(text)
    }
}

/// Reads what [`write()`] writes.
///
/// # Errors
/// If it is something else.
pub fn read(bytes: &[u8]) -> io::Result<Picture> {
    let mut cursor = Cursor(bytes);
    if cursor.take(8)? != [0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0] {
        return Err(broken("its first bytes are others"));
    }
    let (mut kinds, mut window, mut compression) = (Vec::new(), [0; 4], 0);
    while cursor.0.first().is_some_and(|b| *b != 0) {
        let (name, _) = (cursor.word()?, cursor.word()?);
        let length = usize::try_from(cursor.int()?).map_err(|_| broken("an attribute has no length"))?;
        let mut value = Cursor(cursor.take(length)?);
        match name {
            "channels" => {
                while value.0.first().is_some_and(|b| *b != 0) {
                    let name = value.word()?.to_owned();
                    kinds.push((name, value.int()?));
                    value.take(12)?;
                }
            }
            "dataWindow" => window = [value.int()?, value.int()?, value.int()?, value.int()?],
            "compression" => compression = value.take(1)?[0],
            _ => {}
        }
    }
    cursor.take(1)?;
    let side = |low: i32, high: i32| usize::try_from(i64::from(high) - i64::from(low) + 1).ok().filter(|n| (1..=16384).contains(n));
    let (Some(width), Some(height)) = (side(window[0], window[2]), side(window[1], window[3])) else { return Err(broken("its size is odd")) };
    if compression != 3 || kinds.is_empty() {
        return Err(broken("it is not compressed as ZIP"));
    }
    let size = |kind: i32| if kind == 1 { 2 } else { 4 };
    let line: usize = kinds.iter().map(|(_, k)| size(*k) * width).sum();
    let blocks = height.div_ceil(BLOCK);
    cursor.take(blocks * 8)?;
    let mut planes: Vec<Vec<u8>> = vec![Vec::with_capacity(width * height * 4); kinds.len()];
    for block in 0..blocks {
        cursor.int()?;
        let length = usize::try_from(cursor.int()?).map_err(|_| broken("a block has no length"))?;
        let lines = BLOCK.min(height - block * BLOCK);
        let data = cursor.take(length)?;
        let raw = if length == lines * line { data.to_vec() } else { unpack(data, lines * line)? };
        let mut rest = raw.as_slice();
        for _ in 0..lines {
            for ((_, kind), plane) in kinds.iter().zip(&mut planes) {
                let (head, tail) = rest.split_at(size(*kind) * width);
                plane.extend_from_slice(head);
                rest = tail;
            }
        }
    }
    let four = |plane: &[u8]| plane.chunks_exact(4).map(|c| [c[0], c[1], c[2], c[3]]).collect::<Vec<_>>();
    let channels = kinds.into_iter().zip(planes).map(|((name, kind), plane)| {
        let samples = match kind {
            0 => Samples::Uint(four(&plane).into_iter().map(u32::from_le_bytes).collect()),
            1 => Samples::Half(plane.chunks_exact(2).map(|c| whole(u16::from_le_bytes([c[0], c[1]]))).collect()),
            _ => Samples::Float(four(&plane).into_iter().map(f32::from_le_bytes).collect()),
        };
        (name, samples)
    });
    Ok(Picture { width, height, channels: channels.collect() })
}

/// The nearest number of 16 bits, ties to even; what is too large is infinite.
fn half(v: f32) -> u16 {
    let bits = v.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = bits & 0x7fff_ffff;
    if magnitude > 0x7f80_0000 {
        return sign | 0x7e00;
    }
    if magnitude >= 0x4780_0000 {
        return sign | 0x7c00;
    }
    if magnitude < 0x3880_0000 {
        // Too small for an exponent of its own: whole steps of 2 to the -24.
        let steps = (f32::from_bits(magnitude) * 16_777_216.0).round_ties_even();
        return sign | steps as u16;
    }
    let rounded = magnitude - 0x3800_0000 + 0x0fff + (magnitude >> 13 & 1);
    sign | (rounded >> 13) as u16
}

/// A number of 16 bits as one of 32.
fn whole(h: u16) -> f32 {
    let (sign, exponent, fraction) = (u32::from(h & 0x8000) << 16, u32::from(h >> 10 & 31), u32::from(h & 1023));
    let magnitude = match exponent {
        0 => (fraction as f32 / 16_777_216.0).to_bits(),
        31 => 0x7f80_0000 | fraction << 13,
        e => (e + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let (width, height) = (37, 41);
        let n = width * height;
        let wave = |i: usize| (i as f32 * 0.37) % 7.0 - 3.0;
        let channels = [
            ("id", Samples::Uint((0..n as u32).map(|i| i * 7919 % 300).collect())),
            ("Z", Samples::Float((0..n).map(|i| if i % 50 == 0 { f32::INFINITY } else { wave(i) }).collect())),
            ("N.X", Samples::Half((0..n).map(|i| whole(half(wave(i)))).collect())),
        ];
        let bytes = write(width, height, &channels, &[("kinora", "a note")]).expect("written");
        let back = read(&bytes).expect("read");
        assert_eq!((back.width, back.height), (width, height), "size");
        for (name, samples) in channels {
            assert_eq!(back.channels.iter().find(|c| c.0 == name).expect("there").1, samples, "{name}");
        }
        for cut in [0, 7, 40, bytes.len() / 2, bytes.len() - 1] {
            assert!(read(&bytes[..cut]).is_err(), "half a file is refused");
        }
    }

    #[test]
    fn halves_are_the_nearest_ones() {
        for (v, h) in [(0.0, 0), (1.0, 0x3c00), (-2.0, 0xc000), (65504.0, 0x7bff), (1e6, 0x7c00), (6.103_515_6e-5, 0x0400), (5.96e-8, 1), (0.333_25, 0x3555)] {
            assert_eq!(half(v), h, "{v}");
        }
        for h in (0..0x7c00_u16).step_by(7) {
            assert_eq!(half(whole(h)), h, "there and back");
        }
    }
}
