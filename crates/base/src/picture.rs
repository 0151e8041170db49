//! Pictures in memory: planar YUV 4:2:0 for films, RGB for sheets and files.

use std::io;

/// BT.709 limited-range YUV with chroma at half size, as H.264 takes it. Sides are even.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yuv420 {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Luma, `width * height`.
    pub y: Vec<u8>,
    /// Blue difference, a quarter of that.
    pub u: Vec<u8>,
    /// Red difference, a quarter of that.
    pub v: Vec<u8>,
}

impl Yuv420 {
    /// Black.
    #[must_use]
    pub fn black(width: usize, height: usize) -> Self {
        let chroma = (width / 2) * (height / 2);
        Self { width, height, y: vec![16; width * height], u: vec![128; chroma], v: vec![128; chroma] }
    }

    /// To 8-bit RGB, for looking at.
    #[must_use]
    pub fn to_rgb(&self) -> Rgb8 {
        let mut out = Rgb8::new(self.width, self.height);
        for row in 0..self.height {
            for x in 0..self.width {
                let c = (row / 2) * (self.width / 2) + x / 2;
                let y = (f32::from(self.y[row * self.width + x]) - 16.0) * (255.0 / 219.0);
                let u = (f32::from(self.u[c]) - 128.0) * (255.0 / 224.0);
                let v = (f32::from(self.v[c]) - 128.0) * (255.0 / 224.0);
                let rgb = [y + 1.5748 * v, y - 0.187_32 * u - 0.468_12 * v, y + 1.8556 * u];
                out.set(x, row, rgb.map(|f| (f + 0.5).clamp(0.0, 255.0) as u8));
            }
        }
        out
    }
}

/// 8-bit sRGB, three bytes a pixel, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgb8 {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// `width * height * 3` bytes.
    pub data: Vec<u8>,
}

impl Rgb8 {
    /// Black.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0; width * height * 3] }
    }
    /// Sets a pixel; outside the picture nothing happens.
    pub fn set(&mut self, x: usize, y: usize, rgb: [u8; 3]) {
        if x < self.width && y < self.height {
            let i = (y * self.width + x) * 3;
            self.data[i..i + 3].copy_from_slice(&rgb);
        }
    }
    /// Reads a pixel; outside the picture it is black.
    #[must_use]
    pub fn get(&self, x: usize, y: usize) -> [u8; 3] {
        if x >= self.width || y >= self.height {
            return [0; 3];
        }
        let i = (y * self.width + x) * 3;
        [self.data[i], self.data[i + 1], self.data[i + 2]]
    }
    /// Copies another picture in, its top left corner at (`x`, `y`).
    pub fn paste(&mut self, other: &Self, x: usize, y: usize) {
        for row in 0..other.height {
            for column in 0..other.width {
                self.set(x + column, y + row, other.get(column, row));
            }
        }
    }
    /// Resized by averaging the pixels that each new pixel covers (or repeating them, when growing).
    #[must_use]
    pub fn resized(&self, width: usize, height: usize) -> Self {
        let mut out = Self::new(width, height);
        for y in 0..height {
            let (y0, y1) = (y * self.height / height, ((y + 1) * self.height).div_ceil(height).min(self.height));
            for x in 0..width {
                let (x0, x1) = (x * self.width / width, ((x + 1) * self.width).div_ceil(width).min(self.width));
                let (mut sum, mut count) = ([0u32; 3], 0u32);
                for py in y0..y1.max(y0 + 1) {
                    for px in x0..x1.max(x0 + 1) {
                        let c = self.get(px, py);
                        (0..3).for_each(|k| sum[k] += u32::from(c[k]));
                        count += 1;
                    }
                }
                out.set(x, y, sum.map(|s| (s / count.max(1)) as u8));
            }
        }
        out
    }
    /// As a PNG file in memory.
    pub fn to_png(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        // Sheets and stills are looked at once: time counts more than bytes.
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().map_err(io::Error::other)?;
        writer.write_image_data(&self.data).map_err(io::Error::other)?;
        writer.finish().map_err(io::Error::other)?;
        Ok(bytes)
    }
}
