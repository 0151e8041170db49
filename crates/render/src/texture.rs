//! Pictures on surfaces: looked up where a mesh's rest coordinates say, x across and y down, at the level of detail that a
//! pixel sees.

use crate::lanes::{F, Simd, V3, piece};
use kinora_base::LinearRgb;
use std::sync::OnceLock;

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

/// A picture with its smaller versions, each half as large as the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Texture {
    levels: Vec<Level>,
    wrap: [Wrap; 2],
    /// Pixels of the first level a metre of the surface, about.
    density: f32,
}

#[derive(Clone, Debug, PartialEq)]
struct Level {
    width: usize,
    height: usize,
    /// sRGB.
    pixels: Vec<[u8; 3]>,
}

impl Texture {
    /// Of `width * height` sRGB pixels, rows from the top; `density` is how many of them lie on a metre of the surface, about.
    /// None if there are not so many pixels, or none at all.
    #[must_use]
    pub fn new(width: usize, height: usize, pixels: Vec<[u8; 3]>, wrap: [Wrap; 2], density: f32) -> Option<Self> {
        if width == 0 || height == 0 || pixels.len() != width * height {
            return None;
        }
        let mut levels = vec![Level { width, height, pixels }];
        while let Some(last) = levels.last().filter(|l| l.width.max(l.height) > 1) {
            let next = last.halved();
            levels.push(next);
        }
        Some(Self { levels, wrap, density: if density.is_finite() { density.max(0.0) } else { 0.0 } })
    }

    /// Linear colour at a place, of the whole picture.
    #[must_use]
    pub fn colour(&self, [u, v]: [f32; 2]) -> LinearRgb {
        let [r, g, b] = self.sample(&self.levels[0], u, v);
        LinearRgb(r, g, b)
    }

    /// The level for pixels of this size, metres.
    fn level(&self, pixel: f32) -> &Level {
        let wide = pixel * self.density;
        let k = (1..self.levels.len()).take_while(|k| wide >= 1.4 * (1_u64 << (k - 1)) as f32).count();
        &self.levels[k]
    }

    /// Four pixels, mixed.
    fn sample(&self, level: &Level, u: f32, v: f32) -> [f32; 3] {
        let (x, y) = (u * level.width as f32 - 0.5, v * level.height as f32 - 0.5);
        let ((x0, tx), (y0, ty)) = (split(x), split(y));
        let columns = [x0, x0 + 1].map(|x| wrapped(x, level.width, self.wrap[0]));
        let rows = [y0, y0 + 1].map(|y| wrapped(y, level.height, self.wrap[1]) * level.width);
        let [a, b, c, d] = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(i, j)| level.pixels[rows[j] + columns[i]]);
        let linear = linear();
        std::array::from_fn(|k| {
            let [a, b, c, d] = [a, b, c, d].map(|p| linear[usize::from(p[k])]);
            let (top, low) = (a + (b - a) * tx, c + (d - c) * tx);
            top + (low - top) * ty
        })
    }

    /// Eight places at once.
    fn eight(&self, u: &[f32; 8], v: &[f32; 8], pixel: f32) -> [[f32; 8]; 3] {
        let level = self.level(pixel);
        let mut out = [[0.0; 8]; 3];
        for k in 0..8 {
            let colour = self.sample(level, u[k], v[k]);
            (0..3).for_each(|c| out[c][k] = colour[c]);
        }
        out
    }
}

impl Level {
    fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let linear = linear();
        let near = |x: usize, y: usize| self.pixels[y.min(self.height - 1) * self.width + x.min(self.width - 1)];
        let mean = |x: usize, y: usize| {
            let four = [near(x, y), near(x + 1, y), near(x, y + 1), near(x + 1, y + 1)];
            let [r, g, b] = [0, 1, 2].map(|c| four.iter().map(|p| linear[usize::from(p[c])]).sum::<f32>() * 0.25);
            LinearRgb(r, g, b).to_srgb8()
        };
        let pixels = (0..width * height).map(|i| mean(i % width * 2, i / width * 2)).collect();
        Self { width, height, pixels }
    }
}

/// Whole and rest of a number; what is no number, or far away, is 0.
fn split(x: f32) -> (i32, f32) {
    if x.abs() < 1e9 {
        let whole = x as i32 - i32::from(x < (x as i32) as f32);
        (whole, x - whole as f32)
    } else {
        (0, 0.0)
    }
}

fn wrapped(x: i32, size: usize, wrap: Wrap) -> usize {
    let size = size as i32;
    let x = match wrap {
        Wrap::Repeat => x.rem_euclid(size),
        Wrap::Clamp => x.clamp(0, size - 1),
        Wrap::Mirror => {
            let x = x.rem_euclid(2 * size);
            if x < size { x } else { 2 * size - 1 - x }
        }
    };
    x as usize
}

/// Linear light of every sRGB byte.
fn linear() -> &'static [f32; 256] {
    static TABLE: OnceLock<[f32; 256]> = OnceLock::new();
    TABLE.get_or_init(|| std::array::from_fn(|k| LinearRgb::from_srgb8([k as u8; 3]).0))
}

#[inline(always)]
fn looked_up_body<S: Simd>(texture: &Texture, u: F<S>, v: F<S>, pixel: f32) -> V3<S> {
    let [r, g, b] = texture.eight(&u.array(), &v.array(), pixel);
    V3::new(F::load(&r), F::load(&g), F::load(&b))
}

piece! {
    /// The picture's colour at rest coordinates, for pixels of this least size, metres.
    fn looked_up(texture: &'a Texture, u: F<S>, v: F<S>, pixel: f32) -> V3<S> = looked_up_body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_looked_up_by_place_edge_and_size() {
        let pixels = vec![[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
        let picture = |wrap| Texture::new(2, 2, pixels.clone(), [wrap; 2], 100.0).expect("a picture");
        let at = |wrap, uv| picture(wrap).colour(uv);
        let near = |a: LinearRgb, b: LinearRgb| (a.vec() - b.vec()).length() < 1e-4;
        assert!(near(at(Wrap::Repeat, [0.25, 0.25]), LinearRgb(1.0, 0.0, 0.0)), "the first pixel's middle");
        assert!(near(at(Wrap::Repeat, [0.75, 0.75]), LinearRgb(1.0, 1.0, 1.0)), "the last pixel's middle");
        assert!(near(at(Wrap::Repeat, [-0.75, 3.25]), LinearRgb(1.0, 0.0, 0.0)), "again and again");
        assert!(near(at(Wrap::Clamp, [9.0, -9.0]), LinearRgb(0.0, 1.0, 0.0)), "the edge goes on");
        assert!(near(at(Wrap::Mirror, [1.25, 0.25]), LinearRgb(0.0, 1.0, 0.0)), "mirrored");
        assert!(
            near(at(Wrap::Repeat, [f32::NAN, f32::INFINITY]), at(Wrap::Repeat, [0.25, 0.25]).mix(at(Wrap::Repeat, [0.25, 0.25]), 0.0)),
            "what is no place is the corner"
        );
        let far = picture(Wrap::Repeat).eight(&[0.1; 8], &[0.9; 8], 1.0);
        assert!(far.iter().all(|c| (c[0] - 0.5).abs() < 0.01), "from far away it is one colour: {far:?}");
        assert!(Texture::new(2, 2, vec![[0; 3]; 3], [Wrap::Repeat; 2], 1.0).is_none(), "a pixel is missing");
    }
}
