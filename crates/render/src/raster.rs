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

/// Depth (1/w) and triangle by row, block of eight pixels, sample and lane.
pub(crate) struct Samples {
    depth: Vec<f32>,
    id: Vec<u32>,
}

const BLOCKS: usize = TILE / 8;
const ROW: usize = BLOCKS * 32;

impl Default for Samples {
    fn default() -> Self {
        Self { depth: vec![0.0; TILE * ROW], id: vec![NONE; TILE * ROW] }
    }
}

impl Samples {
    #[inline(always)]
    fn index(x: usize, y: usize, sample: usize) -> usize {
        y * ROW + (x / 8) * 32 + sample * 8 + x % 8
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
    let mut start = [[0.0f32; 4]; 4];
    let mut slope = [[0.0f32; 2]; 4];
    let mut depth = [0.0f64; 3];
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
            start[k][s] = (c + a * f64::from(at[0]) + b * f64::from(at[1])) as f32;
        }
    }
    let inverse = f64::from(t.inverse);
    slope[3] = [(depth[0] * inverse) as f32, (depth[1] * inverse) as f32];
    for (s, at) in SAMPLES.iter().enumerate() {
        start[3][s] = ((depth[2] + depth[0] * f64::from(at[0]) + depth[1] * f64::from(at[1])) * inverse) as f32;
    }
    // A sample exactly on an edge belongs to the triangle on one fixed side: zero must beat a denormal or nothing.
    let mut limit = [F::<S>::of(0.0); 3];
    for k in 0..3 {
        if t.a[k] > 0.0 || (t.a[k] == 0.0 && t.b[k] > 0.0) {
            limit[k] = F::of(-f32::from_bits(1));
        }
    }
    let nearest = F::<S>::of(1.0 / NEAR);
    let id = I::<S>::of(index as i32);
    // Only a triangle that spans several blocks can cover whole ones.
    let large = x1 / 8 - x0 / 8 >= 2;
    for y in y0..=y1 {
        let mut row = [[0.0f32; 4]; 4];
        for k in 0..4 {
            for s in 0..4 {
                row[k][s] = start[k][s] + slope[k][1] * y as f32;
            }
        }
        let mut least = [0.0f32; 3];
        let mut most = [0.0f32; 3];
        for k in 0..3 {
            let r = row[k];
            least[k] = r[0].min(r[1]).min(r[2]).min(r[3]);
            most[k] = r[0].max(r[1]).max(r[2]).max(r[3]);
        }
        for block in x0 / 8..=x1 / 8 {
            let (left, right) = ((block * 8) as f32, (block * 8 + 7) as f32);
            let (mut out, mut within) = (false, large);
            for k in 0..3 {
                let (a, b) = (slope[k][0] * left, slope[k][0] * right);
                out |= most[k] + a.max(b) < 0.0;
                within &= least[k] + a.min(b) > 0.0;
            }
            if out {
                continue;
            }
            let whole = within && !e.near;
            let x = F::<S>::ramp() + (block * 8) as f32;
            let across = [x * slope[0][0], x * slope[1][0], x * slope[2][0], x * slope[3][0]];
            let base = y as usize * ROW + block as usize * 32;
            if whole {
                for s in 0..4 {
                    let at = base + s * 8;
                    let z = across[3] + row[3][s];
                    let old = F::<S>::from_slice(&samples.depth, at);
                    let seen = z.gt(old);
                    if seen.any() {
                        seen.select(z, old).to_slice(&mut samples.depth, at);
                        store_id(samples, at, seen, id);
                    }
                }
                continue;
            }
            for s in 0..4 {
                let at = base + s * 8;
                let z = across[3] + row[3][s];
                let old = F::<S>::from_slice(&samples.depth, at);
                let inside = (across[0] + row[0][s]).gt(limit[0]) & (across[1] + row[1][s]).gt(limit[1]) & (across[2] + row[2][s]).gt(limit[2]);
                let mut seen: M<S> = inside & z.gt(old);
                if e.near {
                    seen = seen & z.le(nearest);
                }
                if seen.any() {
                    seen.select(z, old).to_slice(&mut samples.depth, at);
                    store_id(samples, at, seen, id);
                }
            }
        }
    }
}

#[inline(always)]
fn store_id<S: Simd>(samples: &mut Samples, at: usize, seen: M<S>, id: I<S>) {
    let eight: &mut [u32; 8] = (&mut samples.id[at..at + 8]).try_into().expect("eight lanes");
    let mut old = [0i32; 8];
    for (o, v) in old.iter_mut().zip(eight.iter()) {
        *o = *v as i32;
    }
    let new = I::<S>(S::iselect(seen.0, id.0, I::<S>::load(&old).0)).array();
    for (o, v) in eight.iter_mut().zip(new) {
        *o = v as u32;
    }
}

/// Lists the fragments of a tile of `width` x `height` pixels.
///
/// With `quads`, two by two pixels within one triangle become one fragment: in a very large picture nobody sees it.
pub(crate) fn resolve(samples: &Samples, geometry: &Geometry, width: usize, height: usize, quads: bool, out: &mut Vec<Fragment>) {
    // Pixels of a row of eight that a quad of the row above has taken.
    let mut taken = [0u8; BLOCKS];
    for y in 0..height {
        for x in (0..width).step_by(8) {
            let mine = if y % 2 == 1 { std::mem::take(&mut taken[x / 8]) } else { 0 };
            if quads && y % 2 == 0 && y + 1 < height {
                taken[x / 8] = resolve_quads(samples, x, width.min(x + 8), y, out);
            }
            let mine = if y % 2 == 0 { taken[x / 8] } else { mine };
            if mine == 255 {
                continue;
            }
            let at = Samples::index(x, y, 0);
            let block = &samples.id[at..at + 32];
            let (first, rest) = block.split_at(8);
            if rest[..8] == *first && rest[8..16] == *first && rest[16..] == *first {
                for (k, id) in first.iter().enumerate().take(width - x) {
                    if *id != NONE && mine >> k & 1 == 0 {
                        out.push(Fragment { triangle: *id, x: (x + k) as u8, y: y as u8, at: 15, covers: 15 });
                    }
                }
                continue;
            }
            resolve_block(samples, geometry, (x, width.min(x + 8), y), mine, out);
        }
    }
}

/// Finds the blocks of two by two pixels that one triangle fills; returns the pixels they take of each row.
fn resolve_quads(samples: &Samples, from: usize, to: usize, y: usize, out: &mut Vec<Fragment>) -> u8 {
    let above = &samples.id[Samples::index(from, y, 0)..][..32];
    let below = &samples.id[Samples::index(from, y + 1, 0)..][..32];
    let mut taken = 0;
    for k in (0..to - from).step_by(2) {
        let id = above[k];
        let same = |row: &[u32]| (0..4).all(|s| row[s * 8 + k] == id && row[s * 8 + k + 1] == id);
        if id != NONE && same(above) && same(below) {
            out.push(Fragment { triangle: id, x: (from + k) as u8, y: y as u8, at: QUAD, covers: 15 });
            taken |= 3 << k;
        }
    }
    taken
}

fn resolve_block(samples: &Samples, geometry: &Geometry, (from, to, y): (usize, usize, usize), taken: u8, out: &mut Vec<Fragment>) {
    {
        for x in from..to {
            if taken >> (x - from) & 1 == 1 {
                continue;
            }
            let ids: [u32; 4] = std::array::from_fn(|s| samples.id(x, y, s));
            if ids[1] == ids[0] && ids[2] == ids[0] && ids[3] == ids[0] {
                if ids[0] != NONE {
                    out.push(Fragment { triangle: ids[0], x: x as u8, y: y as u8, at: 15, covers: 15 });
                }
                continue;
            }
            resolve_mixed(samples, geometry, x, y, ids, out);
        }
    }
}

/// A pixel with several triangles: neighbours on one smooth surface are shaded together.
fn resolve_mixed(samples: &Samples, geometry: &Geometry, x: usize, y: usize, ids: [u32; 4], out: &mut Vec<Fragment>) {
    let mut left = (0..4).fold(0u8, |m, s| m | (u8::from(ids[s] != NONE) << s));
    while left != 0 {
        // The triangle with most samples leads; the first among equals.
        let mut lead = (0, 0u8);
        for s in (0..4).filter(|s| left >> s & 1 == 1) {
            let mask = (0..4).fold(0u8, |m, k| m | (u8::from(ids[k] == ids[s]) << k)) & left;
            if mask.count_ones() > lead.1.count_ones() {
                lead = (s, mask);
            }
        }
        let (s, at) = lead;
        let mut covers = at;
        for k in (0..4).filter(|k| (left & !at) >> k & 1 == 1) {
            if smooth(geometry, ids[s], ids[k], samples.depth(x, y, s), samples.depth(x, y, k)) {
                covers |= 1 << k;
            }
        }
        out.push(Fragment { triangle: ids[s], x: x as u8, y: y as u8, at, covers });
        left &= !covers;
    }
}

fn smooth(geometry: &Geometry, a: u32, b: u32, za: f32, zb: f32) -> bool {
    let (ta, tb) = (&geometry.triangles[a as usize], &geometry.triangles[b as usize]);
    if ta.part != tb.part || (za - zb).abs() > 0.02 * za {
        return false;
    }
    let (na, nb) = (geometry.edges[a as usize].face, geometry.edges[b as usize].face);
    let dot: i32 = (0..3).map(|k| i32::from(na[k]) * i32::from(nb[k])).sum();
    dot > 12_900
}
