//! What each pixel shows, beside its light: how near it is, what it belongs to, which way it faces, and a grain that sticks
//! to its surface. The grain is noise in rest coordinates, in the two octaves nearest to a constant size in the
//! picture, mixed so that nothing jumps as the camera comes near (Benard and others 2009).

use super::Hand;
use crate::fragments::{ALL, Fragment};
use crate::geometry::{Geometry, TILE};
use crate::lanes::maths::{log2, noise};
use crate::lanes::{F, I, Simd, V3, entry, piece};
use crate::scene::Material;
use crate::view::View;

/// The marks of a picture.
#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) stride: usize,
    /// 1/w; 0 for the sky.
    pub(crate) inverse: Vec<f32>,
    /// `grain | right << 8 | up << 14 | part << 20`: 8, 6, 6 and 12 bits; part 0 is the sky, 1 foliage.
    pub(crate) word: Vec<u32>,
}

/// The marks of one tile.
pub(crate) struct TileMarks {
    inverse: Vec<f32>,
    word: Vec<u32>,
}

impl Default for TileMarks {
    fn default() -> Self {
        Self { inverse: vec![0.0; TILE * TILE], word: vec![0; TILE * TILE] }
    }
}

impl TileMarks {
    pub(crate) fn clear(&mut self) {
        self.inverse.fill(0.0);
        self.word.fill(0);
    }
}

impl Marks {
    pub(crate) fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height, self.stride) = (width, height, width.next_multiple_of(8));
        self.inverse.resize(self.stride * height, 0.0);
        self.word.resize(self.stride * height, 0);
    }

    /// Takes a tile whose first pixel is (`x`, `y`), and gives the sky in it its grain.
    pub(crate) fn take(&mut self, level: crate::lanes::Level, tile: &TileMarks, view: &View, hand: &Hand, x: usize, y: usize) {
        take(level, self, tile, view, hand.grain, x, y);
    }
}

/// The part of foliage: no lines within.
pub(crate) const FOLIAGE: u32 = 1;

/// From this width, in pixels, grain is broad enough for its lattice to be seen on walls and curtains.
const BROAD: f32 = 16.0;

/// Turned so that no wall lies along the lattice of the noise.
#[inline(always)]
fn oblique<S: Simd>(p: V3<S>) -> V3<S> {
    V3::new(p.x * 0.80 + p.y * 0.36 - p.z * 0.48, p.y * 0.48 - p.x * 0.60 - p.z * 0.64, p.y * 0.80 + p.z * 0.60)
}

/// The grain at points in rest coordinates, 0..1, where a pixel is as large as `pixel` and the grain `width` pixels.
#[inline(always)]
fn grain_body<S: Simd>(at: V3<S>, pixel: F<S>, width: f32) -> F<S> {
    let octave = log2(1.0 / (pixel * width).at_least(1e-7));
    let whole = octave.floor();
    let t = octave - whole;
    let scale = F::<S>(S::from_bits(((whole.truncate() + I::of(127)) << 23).0));
    let at = if width > BROAD { oblique(at) } else { at };
    let (coarse, fine) = (at * scale, at * (scale * 2.0));
    let mixed = noise(coarse) * (1.0 - t) + noise(fine) * t;
    // Two independent noises in equal parts are less than one.
    (mixed * (0.62 / (t * t + (1.0 - t) * (1.0 - t)).sqrt()) + 0.5).clamp01()
}
piece! {
    /// The grain at points in rest coordinates, 0..1.
    fn grain(at: V3<S>, pixel: F<S>, width: f32) -> F<S> = grain_body
}

/// What a fragment is seen as: its part and facing, without grain.
#[inline(always)]
fn part_of(geometry: &Geometry, f: &Fragment, foliage: bool) -> u32 {
    if foliage {
        return FOLIAGE;
    }
    let part = geometry.faces[f.triangle as usize].part;
    // 2..4095, spread so that neighbours differ.
    (part.wrapping_mul(0x9e37_79b1) >> 20) % 4094 + 2
}

/// Marks the pixels of up to eight fragments of one material; `at` are their rest coordinates, `z` metres along the axis.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a fragment as shading has it, in parts")]
pub(crate) fn mark<S: Simd>(
    tile: &mut TileMarks,
    (geometry, view, hand): (&Geometry, &View, &Hand),
    material: &Material,
    fragments: &[Fragment],
    at: V3<S>,
    normal: V3<S>,
    z: F<S>,
) {
    let grain = (grain(at, z * (1.0 / view.focal), hand.grain) * 255.0 + 0.5).truncate();
    let facing = |n: F<S>| (n * 31.0 + 31.5).truncate().clamp(0, 62);
    let (right, up) = (facing(normal.dot_with(view.right)), facing(normal.dot_with(view.up)));
    let words = (grain | (right << 8) | (up << 14)).array();
    let (inverse, foliage) = ((1.0 / z).array(), material.translucency > 0.0);
    for (k, f) in fragments.iter().enumerate() {
        let word = words[k] as u32 | part_of(geometry, f, foliage) << 20;
        let first = usize::from(f.block[1]) * TILE + usize::from(f.block[0]);
        for (pixel, place) in [first, first + 1, first + TILE, first + TILE + 1].into_iter().enumerate() {
            let covers = f.covers >> (pixel * 4) & 15;
            // What has half of a pixel has it, else what is nearest.
            if f.covers == ALL || (covers != 0 && (inverse[k] > tile.inverse[place] || covers.count_ones() > 2)) {
                tile.inverse[place] = inverse[k];
                tile.word[place] = word;
            }
        }
    }
}

entry! {
    fn take(marks: &mut Marks, tile: &TileMarks, view: &View, width: f32, x: usize, y: usize) = take_kernel
}

#[inline(always)]
fn take_kernel<S: Simd>(marks: &mut Marks, tile: &TileMarks, view: &View, width: f32, x: usize, y: usize) {
    let (w, h) = (TILE.min(marks.stride - x), TILE.min(marks.height - y));
    for row in 0..h {
        let to = (y + row) * marks.stride + x;
        let from = row * TILE;
        marks.inverse[to..to + w].copy_from_slice(&tile.inverse[from..from + w]);
        marks.word[to..to + w].copy_from_slice(&tile.word[from..from + w]);
        for column in (0..w).step_by(8) {
            let near = F::<S>::from_slice(&tile.inverse, from + column);
            if near.above(0.0).all() {
                continue;
            }
            let (px, py) = (F::<S>::ramp() + ((x + column) as f32 + 0.5), F::<S>::of((y + row) as f32 + 0.5));
            let (u, v) = ((px - view.cx) * (1.0 / view.focal), (py - view.cy) * (-1.0 / view.focal));
            let d = (V3::of(view.forward) + V3::of(view.right) * u + V3::of(view.up) * v).unit();
            let words = (grain(d, F::of(1.0 / view.focal), width) * 255.0 + 0.5).truncate().array();
            for (k, word) in words.into_iter().enumerate() {
                if tile.inverse[from + column + k] <= 0.0 {
                    marks.word[to + column + k] = word as u32 | 31 << 8 | 31 << 14;
                }
            }
        }
    }
}
