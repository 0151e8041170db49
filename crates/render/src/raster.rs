//! One tile at a time: which triangle is nearest at each of four samples a pixel, and from that the
//! fragments to shade, one for each distinct visible surface in a pixel.

use crate::geometry::{Edges, Geometry, TILE, Triangle};
use crate::lanes::{F, I, M, Simd, entry};
use crate::view::NEAR;

/// Where the four samples of a pixel are (rotated grid), from its corner.
pub(crate) const SAMPLES: [[f32; 2]; 4] = [[0.375, 0.125], [0.875, 0.375], [0.625, 0.875], [0.125, 0.625]];
/// No triangle: the sky.
pub(crate) const NONE: u32 = u32::MAX;

/// A visible surface in a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    pub(crate) triangle: u32,
    /// Within the tile.
    pub(crate) x: u8,
    /// Within the tile.
    pub(crate) y: u8,
    /// Samples of the triangle itself: where it is shaded.
    pub(crate) at: u8,
    /// Samples of the surface: how much it counts.
    pub(crate) covers: u8,
}

/// `at` of a fragment that stands for a block of two by two pixels within one triangle.
pub(crate) const QUAD: u8 = 16;

/// Depth (1/w) and triangle by row, pixel and sample: eight lanes are the samples of two pixels.
pub(crate) struct Samples {
    depth: Vec<f32>,
    id: Vec<u32>,
}

const ROW: usize = TILE * 4;

impl Default for Samples {
    fn default() -> Self {
        Self { depth: vec![0.0; TILE * ROW], id: vec![NONE; TILE * ROW] }
    }
}

impl Samples {
    #[inline(always)]
    fn index(x: usize, y: usize, sample: usize) -> usize {
        y * ROW + x * 4 + sample
    }
    /// The triangles of a pixel.
    #[inline(always)]
    fn ids(&self, x: usize, y: usize) -> [u32; 4] {
        let at = Self::index(x, y, 0);
        self.id[at..at + 4].try_into().expect("four samples")
    }
    /// 1/w at a sample.
    pub(crate) fn depth(&self, x: usize, y: usize, sample: usize) -> f32 {
        self.depth[Self::index(x, y, sample)]
    }
    /// The triangle at a sample.
    pub(crate) fn id(&self, x: usize, y: usize, sample: usize) -> u32 {
        self.id[Self::index(x, y, sample)]
    }
}

entry! {
    /// Draws the triangles of a tile.
    fn draw_tile(samples: &mut Samples, geometry: &Geometry, tile: usize) = draw_tile_kernel
}

#[inline(always)]
fn draw_tile_kernel<S: Simd>(samples: &mut Samples, geometry: &Geometry, tile: usize) {
    samples.depth.fill(0.0);
    samples.id.fill(NONE);
    let (tx, ty) = ((tile % geometry.bins.columns * TILE) as i32, (tile / geometry.bins.columns * TILE) as i32);
    for &k in geometry.bins.of(tile) {
        draw_triangle::<S>(samples, k, &geometry.triangles[k as usize], &geometry.edges[k as usize], tx, ty);
    }
}

#[inline(always)]
fn draw_triangle<S: Simd>(samples: &mut Samples, index: u32, t: &Triangle, e: &Edges, tx: i32, ty: i32) {
    let last = TILE as i32 - 1;
    let (x0, x1) = ((i32::from(e.low[0]) - tx).max(0), (i32::from(e.high[0]) - tx).min(last));
    let (y0, y1) = ((i32::from(e.low[1]) - ty).max(0), (i32::from(e.high[1]) - ty).min(last));
    if x0 > x1 || y0 > y1 {
        return;
    }
    let mut start = [[0.0f32; 8]; 4];
    let mut slope = [[0.0f32; 2]; 4];
    let mut depth = [0.0f64; 3];
    // Where the edges cross a row: `x = cut.0 + cut.1 y`, over all samples.
    let (mut left, mut right) = ([(f32::MIN, 0.0f32); 3], [(f32::MAX, 0.0f32); 3]);
    for k in 0..3 {
        let (a, b) = (f64::from(t.a[k]), f64::from(t.b[k]));
        let c = e.c[k] + a * f64::from(tx) + b * f64::from(ty);
        let far = |v: f64, low: i32, high: i32| if v > 0.0 { v * f64::from(high + 1) } else { v * f64::from(low) };
        if c + far(a, x0, x1) + far(b, y0, y1) < 0.0 {
            return;
        }
        slope[k] = [t.a[k], t.b[k]];
        depth = [depth[0] + a, depth[1] + b, depth[2] + c];
        for (s, at) in SAMPLES.iter().enumerate() {
            let v = (c + a * f64::from(at[0]) + b * f64::from(at[1])) as f32;
            (start[k][s], start[k][s + 4]) = (v, v);
        }
        let most = start[k][0].max(start[k][1]).max(start[k][2]).max(start[k][3]);
        if t.a[k] != 0.0 {
            let over = -1.0 / t.a[k];
            let cut = (most * over, t.b[k] * over);
            if t.a[k] > 0.0 {
                left[k] = cut;
            } else {
                right[k] = cut;
            }
        }
    }
    let inverse = f64::from(t.inverse);
    slope[3] = [(depth[0] * inverse) as f32, (depth[1] * inverse) as f32];
    for (s, at) in SAMPLES.iter().enumerate() {
        let v = ((depth[2] + depth[0] * f64::from(at[0]) + depth[1] * f64::from(at[1])) * inverse) as f32;
        (start[3][s], start[3][s + 4]) = (v, v);
    }
    // A sample exactly on an edge belongs to the triangle on one fixed side: zero must beat a denormal or nothing.
    let mut limit = [F::<S>::of(0.0); 3];
    for (limit, (a, b)) in limit.iter_mut().zip(t.a.iter().zip(t.b)) {
        if *a > 0.0 || (*a == 0.0 && b > 0.0) {
            *limit = F::of(-f32::from_bits(1));
        }
    }
    let starts = [F::<S>::load(&start[0]), F::load(&start[1]), F::load(&start[2]), F::load(&start[3])];
    let pair = F::<S>::load(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let nearest = F::<S>::of(1.0 / NEAR);
    let id = I::<S>::of(index as i32);
    for y in y0..=y1 {
        let fy = y as f32;
        // A pixel more on both sides makes up for rounding.
        let first = left.iter().fold(x0 as f32, |m, c| m.max(c.0 + c.1 * fy - 1.0));
        let last = right.iter().fold(x1 as f32, |m, c| m.min(c.0 + c.1 * fy + 1.0));
        if first > last {
            continue;
        }
        let (first, last) = ((first as i32) & !1, last as i32);
        let row = [starts[0] + slope[0][1] * fy, starts[1] + slope[1][1] * fy, starts[2] + slope[2][1] * fy, starts[3] + slope[3][1] * fy];
        let mut at = y as usize * ROW + first as usize * 4;
        let end = y as usize * ROW + last as usize * 4;
        let mut x = pair + first as f32;
        while at <= end {
            let inside = (x * slope[0][0] + row[0]).gt(limit[0]) & (x * slope[1][0] + row[1]).gt(limit[1]) & (x * slope[2][0] + row[2]).gt(limit[2]);
            let z = x * slope[3][0] + row[3];
            let old = F::<S>::from_slice(&samples.depth, at);
            let mut seen: M<S> = inside & z.gt(old);
            if e.near {
                seen = seen & z.le(nearest);
            }
            if seen.any() {
                seen.select(z, old).to_slice(&mut samples.depth, at);
                store_id(samples, at, seen, id);
            }
            at += 8;
            x = x + 2.0;
        }
    }
}

#[inline(always)]
fn store_id<S: Simd>(samples: &mut Samples, at: usize, seen: M<S>, id: I<S>) {
    let old = I::<S>::from_slice(&samples.id, at);
    I::<S>(S::opaque(S::iselect(seen.0, id.0, old.0))).to_slice(&mut samples.id, at);
}

/// Lists the fragments of a tile of `width` x `height` pixels.
///
/// With `quads`, two by two pixels within one triangle become one fragment: in a very large picture nobody sees it.
pub(crate) fn resolve(samples: &Samples, geometry: &Geometry, width: usize, height: usize, quads: bool, out: &mut Vec<Fragment>) {
    // The pixels of two rows that quads have taken.
    let mut taken = 0u64;
    for y in 0..height {
        if quads && y % 2 == 0 {
            taken = if y + 1 < height { resolve_quads(samples, width, y, out) } else { 0 };
        }
        for x in 0..width {
            if taken >> x & 1 == 1 {
                continue;
            }
            let ids = samples.ids(x, y);
            if ids != [ids[0]; 4] {
                resolve_mixed(samples, geometry, x, y, ids, out);
            } else if ids[0] != NONE {
                out.push(Fragment { triangle: ids[0], x: x as u8, y: y as u8, at: 15, covers: 15 });
            }
        }
    }
}

/// Finds the blocks of two by two pixels that one triangle fills; returns the pixels they take of each row.
fn resolve_quads(samples: &Samples, width: usize, y: usize, out: &mut Vec<Fragment>) -> u64 {
    let mut taken = 0;
    for x in (0..width - 1).step_by(2) {
        let ids = samples.ids(x, y);
        let same = |x: usize, y: usize| samples.ids(x, y) == [ids[0]; 4];
        if ids[0] != NONE && same(x, y) && same(x + 1, y) && same(x, y + 1) && same(x + 1, y + 1) {
            out.push(Fragment { triangle: ids[0], x: x as u8, y: y as u8, at: QUAD, covers: 15 });
            taken |= 3 << x;
        }
    }
    taken
}

/// How many of four bits are set.
const COUNT: [u8; 16] = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];

/// For each of four ids, the mask of those that are equal to it.
fn equals(ids: [u32; 4]) -> [u8; 4] {
    let eq = |a: usize, b: usize| u8::from(ids[a] == ids[b]);
    let (e01, e02, e03, e12, e13, e23) = (eq(0, 1), eq(0, 2), eq(0, 3), eq(1, 2), eq(1, 3), eq(2, 3));
    [1 | e01 << 1 | e02 << 2 | e03 << 3, e01 | 2 | e12 << 2 | e13 << 3, e02 | e12 << 1 | 4 | e23 << 3, e03 | e13 << 1 | e23 << 2 | 8]
}

/// A pixel with several triangles: neighbours on one smooth surface are shaded together.
fn resolve_mixed(samples: &Samples, geometry: &Geometry, x: usize, y: usize, ids: [u32; 4], out: &mut Vec<Fragment>) {
    let masks = equals(ids);
    let mut left = (0..4).fold(0u8, |m, s| m | (u8::from(ids[s] != NONE) << s));
    while left != 0 {
        // The triangle with most samples leads; the first among equals.
        let mut lead = (0, 0u8);
        for (s, mask) in masks.iter().enumerate() {
            let mask = if left >> s & 1 == 1 { mask & left } else { 0 };
            if COUNT[usize::from(mask)] > COUNT[usize::from(lead.1)] {
                lead = (s, mask);
            }
        }
        let (s, at) = lead;
        let mut covers = at;
        for (k, id) in ids.iter().enumerate() {
            if (left & !at) >> k & 1 == 1 && smooth(geometry, ids[s], *id, samples.depth(x, y, s), samples.depth(x, y, k)) {
                covers |= 1 << k;
            }
        }
        out.push(Fragment { triangle: ids[s], x: x as u8, y: y as u8, at, covers });
        left &= !covers;
    }
}

/// Whether two triangles are one surface where they meet.
fn smooth(geometry: &Geometry, a: u32, b: u32, za: f32, zb: f32) -> bool {
    let (a, b) = (&geometry.edges[a as usize], &geometry.edges[b as usize]);
    let dot: i32 = a.face.iter().zip(b.face).map(|(a, b)| i32::from(*a) * i32::from(b)).sum();
    a.part == b.part && (za - zb).abs() <= 0.02 * za && dot > 12_900
}
