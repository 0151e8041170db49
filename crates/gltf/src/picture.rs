//! Pictures of a file: PNG and JPEG, made small enough to keep.

use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Longer sides are halved until they are not: a figure fills a picture of 2160 lines at most with its face.
const LONGEST: usize = 2048;
/// The longest side that is decoded.
const MOST: usize = 16_384;
/// The most pixels that are decoded.
const MOST_PIXELS: usize = 96_000_000;

/// What lies beyond a picture's edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// It again.
    #[default]
    Repeat,
    /// Its edge.
    Clamp,
    /// It, mirrored.
    Mirror,
}

/// A picture in sRGB with coverage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Red, green, blue, coverage; rows from the top.
    pub pixels: Vec<[u8; 4]>,
    /// Across and down.
    pub wrap: [Wrap; 2],
}

impl Picture {
    /// Whether any of it does not cover.
    #[must_use]
    pub fn has_holes(&self) -> bool {
        self.pixels.iter().any(|p| p[3] < 250)
    }

    /// The pixel at a place, `u` and `v` in 0..1 across and down, and beyond.
    #[must_use]
    pub fn at(&self, [u, v]: [f32; 2]) -> [u8; 4] {
        let one = |t: f32, wrap: Wrap, size: usize| {
            let t = match wrap {
                Wrap::Repeat => t - t.floor(),
                Wrap::Clamp => t.clamp(0.0, 1.0),
                Wrap::Mirror => 1.0 - ((t * 0.5 - (t * 0.5).floor()) * 2.0 - 1.0).abs(),
            };
            ((t * size as f32) as usize).min(size.saturating_sub(1))
        };
        let (x, y) = (one(u, self.wrap[0], self.width), one(v, self.wrap[1], self.height));
        self.pixels.get(y * self.width + x).copied().unwrap_or([255; 4])
    }

    /// Decodes a file.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, String> {
        let picture = match bytes {
            [0x89, b'P', b'N', b'G', ..] => png(bytes)?,
            [0xff, 0xd8, ..] => jpeg(bytes)?,
            [b'R', b'I', b'F', b'F', ..] => return Err("is WebP; only PNG and JPEG are read".into()),
            [0xab, b'K', b'T', b'X', ..] => return Err("is KTX2; only PNG and JPEG are read".into()),
            _ => return Err("is neither PNG nor JPEG".into()),
        };
        Ok(picture.halved())
    }

    /// Half as large, until it is small enough.
    fn halved(mut self) -> Self {
        while self.width.max(self.height) > LONGEST {
            let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
            let mut pixels = Vec::with_capacity(width * height);
            for y in 0..height {
                for x in 0..width {
                    let near = |dx: usize, dy: usize| self.pixels[(y * 2 + dy).min(self.height - 1) * self.width + (x * 2 + dx).min(self.width - 1)];
                    let four = [near(0, 0), near(1, 0), near(0, 1), near(1, 1)];
                    pixels.push(std::array::from_fn(|c| (four.iter().map(|p| u32::from(p[c])).sum::<u32>() / 4) as u8));
                }
            }
            self = Self { width, height, pixels, wrap: self.wrap };
        }
        self
    }
}

fn fits(width: usize, height: usize) -> Result<(), String> {
    if width == 0 || height == 0 || width.max(height) > MOST || width * height > MOST_PIXELS {
        return Err(format!("has {width}x{height} pixels; 1 to {MOST} a side, at most {MOST_PIXELS} in all, are read"));
    }
    Ok(())
}

fn png(bytes: &[u8]) -> Result<Picture, String> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: 4 * MOST_PIXELS });
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let wrong = |e: png::DecodingError| format!("is a broken PNG ({e})");
    let mut reader = decoder.read_info().map_err(wrong)?;
    let info = reader.info();
    let (width, height) = (info.width as usize, info.height as usize);
    fits(width, height)?;
    let mut data = vec![0; reader.output_buffer_size().ok_or("is too large")?];
    let frame = reader.next_frame(&mut data).map_err(wrong)?;
    let data = data.get(..frame.buffer_size()).unwrap_or(&data);
    let pixels: Vec<[u8; 4]> = match frame.color_type {
        png::ColorType::GrayscaleAlpha => data.chunks_exact(2).map(|p| [p[0], p[0], p[0], p[1]]).collect(),
        png::ColorType::Grayscale => data.iter().map(|p| [*p, *p, *p, 255]).collect(),
        png::ColorType::Rgb => data.chunks_exact(3).map(|p| [p[0], p[1], p[2], 255]).collect(),
        _ => data.chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect(),
    };
    if pixels.len() == width * height { Ok(Picture { width, height, pixels, wrap: [Wrap::Repeat; 2] }) } else { Err("is a broken PNG".into()) }
}

fn jpeg(bytes: &[u8]) -> Result<Picture, String> {
    let options = DecoderOptions::default().set_max_width(MOST).set_max_height(MOST).jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let wrong = |e: &dyn std::fmt::Debug| format!("is a broken JPEG ({e:?})");
    decoder.decode_headers().map_err(|e| wrong(&e))?;
    let (width, height) = decoder.dimensions().ok_or("is a broken JPEG")?;
    fits(width, height)?;
    let data = decoder.decode().map_err(|e| wrong(&e))?;
    let pixels: Vec<[u8; 4]> = data.chunks_exact(3).map(|p| [p[0], p[1], p[2], 255]).collect();
    if pixels.len() == width * height { Ok(Picture { width, height, pixels, wrap: [Wrap::Repeat; 2] }) } else { Err("is a broken JPEG".into()) }
}
