//! One tile at a time: which triangle is nearest at each of four samples a pixel. A tile that is far out of focus is drawn in
//! larger pixels, `step` of the picture's a side (1, 2 or 4): all that is said of pixels here is said of those.

use crate::geometry::{Edges, Entry, Geometry, TILE, Triangle};
use crate::lanes::{F, I, M, Simd, entry};
use crate::view::NEAR;

/// Where the four samples of a pixel are (rotated grid), from its corner.
pub(crate) const SAMPLES: [[f32; 2]; 4] = [[0.375, 0.125], [0.875, 0.375], [0.625, 0.875], [0.125, 0.625]];
/// The samples of a pixel and the next, from the corner of the first.
const ACROSS_PAIR: [f32; 8] = [0.375, 0.875, 0.625, 0.125, 1.375, 1.875, 1.625, 1.125];
const DOWN_PAIR: [f32; 8] = [0.125, 0.375, 0.875, 0.625, 0.125, 0.375, 0.875, 0.625];
/// No triangle: the sky.
pub(crate) const NONE: u32 = u32::MAX;

/// Depth (1/w) and triangle by row, pixel and sample: eight lanes are the samples of two pixels.
pub(crate) struct Samples {
    depth: Vec<f32>,
    id: Vec<u32>,
    blocks: Blocks,
}

const ROW: usize = TILE * 4;
/// Side of a block of pixels whose farthest depth is known.
const BLOCK: usize = 8;
/// Blocks in a row of a tile.
const ACROSS: usize = TILE / BLOCK;

/// 1/w of the farthest sample of each block: what lies behind it needs no drawing.
struct Blocks {
    farthest: [f32; ACROSS * ACROSS],
    /// Blocks drawn to since; a bit each.
    stale: u64,
}

impl Blocks {
    const EMPTY: Self = Self { farthest: [0.0; ACROSS * ACROSS], stale: 0 };

    /// Whether anything at `nearest` can show in a block.
    #[inline(always)]
    fn shows<S: Simd>(&mut self, depth: &[f32], block: usize, nearest: f32) -> bool {
        if nearest <= self.farthest[block] {
            return false;
        }
        if self.stale >> block & 1 == 1 {
            self.stale &= !(1 << block);
            let mut least = F::<S>::of(f32::MAX);
            let first = block / ACROSS * BLOCK * ROW + block % ACROSS * BLOCK * 4;
            for row in 0..BLOCK {
                for k in (0..BLOCK * 4).step_by(8) {
                    least = least.min(F::from_slice(depth, first + row * ROW + k));
                }
            }
            self.farthest[block] = least.least();
        }
        nearest > self.farthest[block]
    }
}

impl Default for Samples {
    fn default() -> Self {
        Self { depth: vec![0.0; TILE * ROW], id: vec![NONE; TILE * ROW], blocks: Blocks::EMPTY }
    }
}

impl Samples {
    #[inline(always)]
    fn index(x: usize, y: usize, sample: usize) -> usize {
        y * ROW + x * 4 + sample
    }
    /// The triangles at the eight samples of a pixel and the next.
    #[inline(always)]
    pub(crate) fn pair<S: Simd>(&self, x: usize, y: usize) -> I<S> {
        I::from_slice(&self.id, Self::index(x, y, 0))
    }
    /// 1/w and triangles at the first samples of eight pixels of the picture, every second from `x` on, of a tile in pixels of `step`.
    #[inline(always)]
    pub(crate) fn corners<S: Simd>(&self, x: usize, y: usize, step: usize) -> (F<S>, I<S>) {
        let columns: [i32; 8] = std::array::from_fn(|k| Self::index((x + 2 * k) / step, y / step, 0) as i32);
        let index = I::<S>(S::iload(&columns));
        (F::gather(&self.depth, index), I::gather(&self.id, index))
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

impl Samples {
    /// Nothing is drawn before what another has.
    pub(crate) fn start_over(&mut self, behind: &Self) {
        self.depth.copy_from_slice(&behind.depth);
        self.id.fill(NONE);
        self.blocks = Blocks { farthest: [0.0; ACROSS * ACROSS], stale: u64::MAX };
    }

    /// The next layer lies behind this one, and nowhere but there.
    pub(crate) fn limit_to(&self, limit: &mut [f32], none: u32) {
        for ((limit, depth), id) in limit.iter_mut().zip(&self.depth).zip(&self.id) {
            *limit = if *id == none { 0.0 } else { *depth };
        }
    }
}

entry! {
    /// Draws the triangles of a tile that let light through and lie behind a limit (1/w of each sample).
    fn draw_layer(samples: &mut Samples, geometry: &mut Geometry, tile: usize, limit: &[f32]) = draw_layer_kernel
}

#[inline(always)]
fn draw_layer_kernel<S: Simd>(samples: &mut Samples, geometry: &mut Geometry, tile: usize, limit: &[f32]) {
    let (tx, ty) = ((tile % geometry.bins.columns * TILE) as i32, (tile / geometry.bins.columns * TILE) as i32);
    for n in geometry.glass.range(tile) {
        let entry = geometry.glass.list[n];
        let k = entry.triangle as usize;
        if let Some(span) = open_span::<S>(samples, &entry, 1)
            && geometry.make(k)
        {
            draw_triangle::<S, true>(samples, entry.triangle, &geometry.triangles[k], &geometry.edges[k], [tx, ty, 1], span, limit);
        }
    }
}

entry! {
    /// Draws the triangles of a tile in pixels of so many a side.
    fn draw_tile(samples: &mut Samples, geometry: &mut Geometry, tile: usize, step: usize) = draw_tile_kernel
}

/// So many triangles ahead the next one is fetched: they lie all over the memory.
const SOON: usize = 6;

#[inline(always)]
fn draw_tile_kernel<S: Simd>(samples: &mut Samples, geometry: &mut Geometry, tile: usize, step: usize) {
    samples.depth[..TILE / step * ROW].fill(0.0);
    samples.id[..TILE / step * ROW].fill(NONE);
    samples.blocks = Blocks::EMPTY;
    let (tx, ty) = ((tile % geometry.bins.columns * TILE) as i32, (tile / geometry.bins.columns * TILE) as i32);
    let entries = geometry.bins.range(tile);
    for n in entries.clone() {
        if n + SOON < entries.end {
            let next = geometry.bins.list[n + SOON].triangle as usize;
            S::ahead(&geometry.triangles, next);
            S::ahead(&geometry.edges, next);
            S::ahead(&geometry.pending, next);
        }
        let entry = geometry.bins.list[n];
        let k = entry.triangle as usize;
        if let Some(span) = open_span::<S>(samples, &entry, step)
            && geometry.make(k)
        {
            draw_triangle::<S, false>(samples, entry.triangle, &geometry.triangles[k], &geometry.edges[k], [tx, ty, step as i32], span, &[]);
        }
    }
}

/// The pixels (x0, x1, y0, y1) of a triangle's box where it is not behind all that is drawn.
#[inline(always)]
fn open_span<S: Simd>(samples: &mut Samples, entry: &Entry, step: usize) -> Option<[i32; 4]> {
    let ([x0, y0], [x1, y1]) = (entry.low.map(|v| usize::from(v) / step), entry.high.map(|v| usize::from(v) / step));
    let (mut left, mut right, mut top, mut bottom) = (ACROSS, 0, ACROSS, 0);
    for y in y0 / BLOCK..=y1 / BLOCK {
        for x in x0 / BLOCK..=x1 / BLOCK {
            if samples.blocks.shows::<S>(&samples.depth, y * ACROSS + x, entry.nearest) {
                (left, right) = (left.min(x), right.max(x));
                (top, bottom) = (top.min(y), bottom.max(y));
            }
        }
    }
    if left > right || left == ACROSS {
        return None;
    }
    let end = |block: usize, last: usize| last.min(block * BLOCK + BLOCK - 1) as i32;
    Some([x0.max(left * BLOCK) as i32, end(right, x1), y0.max(top * BLOCK) as i32, end(bottom, y1)])
}

/// The blocks of a row of pixels from `first` to `last`, as bits.
#[inline(always)]
fn touched(y: i32, first: i32, last: i32) -> u64 {
    let (a, b) = (first as usize / BLOCK, last as usize / BLOCK);
    ((2u64 << b) - (1u64 << a)) << (y as usize / BLOCK * ACROSS)
}

#[inline(always)]
fn draw_triangle<S: Simd, const LIMITED: bool>(
    samples: &mut Samples,
    index: u32,
    t: &Triangle,
    e: &Edges,
    [tx, ty, step]: [i32; 3],
    [x0, x1, y0, y1]: [i32; 4],
    limit_of: &[f32],
) {
    // Where the samples of two neighbouring pixels are.
    let (sx, sy) = (F::<S>::load(&ACROSS_PAIR), F::<S>::load(&DOWN_PAIR));
    // Per pixel of this tile; a power of two rounds nothing.
    let (ta, tb) = (t.a().map(|a| a * step as f32), t.b().map(|b| b * step as f32));
    let over_step = 1.0 / f64::from(step);
    let mut starts = [F::<S>::of(0.0); 4];
    let mut depth = [0.0f64; 3];
    // Where the edges cross a row: `x = cut.0 + cut.1 y`, over all samples.
    let (mut left, mut right) = ([(f32::MIN, 0.0f32); 3], [(f32::MAX, 0.0f32); 3]);
    for k in 0..3 {
        let (a, b) = (ta[k], tb[k]);
        // Both triangles at an edge get these numbers, but for the sign.
        let c = e.c[k] + f64::from(a) * (f64::from(tx) * over_step) + f64::from(b) * (f64::from(ty) * over_step);
        depth = [depth[0] + f64::from(a), depth[1] + f64::from(b), depth[2] + c];
        let c = c as f32;
        let most = |v: f32, low: f32, high: f32| if v > 0.0 { v * high } else { v * low };
        // What rounding can make of it, many times over.
        let slack = (c.abs() + (a.abs() + b.abs()) * TILE as f32) * 2e-6;
        if c + most(a, x0 as f32, x1 as f32 + 1.0) + most(b, y0 as f32, y1 as f32 + 1.0) < -slack {
            return;
        }
        starts[k] = sx * a + (sy * b + c);
        if a != 0.0 {
            let over = -1.0 / a;
            let highest = c + most(a, 0.125, 0.875) + most(b, 0.125, 0.875) + slack;
            let cut = (highest * over, b * over);
            if a > 0.0 {
                left[k] = cut;
            } else {
                right[k] = cut;
            }
        }
    }
    let depth = depth.map(|d| (d * f64::from(t.inverse())) as f32);
    starts[3] = sx * depth[0] + (sy * depth[1] + depth[2]);
    let slope = [[ta[0], tb[0]], [ta[1], tb[1]], [ta[2], tb[2]], [depth[0], depth[1]]];
    // A sample exactly on an edge belongs to the triangle on one fixed side: zero must beat a denormal or nothing.
    let mut limit = [F::<S>::of(0.0); 3];
    for (limit, (a, b)) in limit.iter_mut().zip(ta.iter().zip(tb)) {
        if *a > 0.0 || (*a == 0.0 && b > 0.0) {
            *limit = F::of(-f32::from_bits(1));
        }
    }
    let nearest = F::<S>::of(1.0 / NEAR);
    let id = I::<S>::of(index as i32);
    let mut ends = [[0i32; 8]; 2];
    for y in y0..=y1 {
        let k = (y - y0) as usize % 8;
        if k == 0 {
            ends = row_ends::<S>(&left, &right, [x0, x1], y);
        }
        let (first, last) = (ends[0][k], ends[1][k]);
        if first > last {
            continue;
        }
        let (fy, first) = (y as f32, first & !1);
        let row = [starts[0] + slope[0][1] * fy, starts[1] + slope[1][1] * fy, starts[2] + slope[2][1] * fy, starts[3] + slope[3][1] * fy];
        let mut at = y as usize * ROW + first as usize * 4;
        let end = y as usize * ROW + last as usize * 4;
        let mut x = F::<S>::of(first as f32);
        let mut drawn = false;
        while at <= end {
            let inside = (x * slope[0][0] + row[0]).gt(limit[0]) & (x * slope[1][0] + row[1]).gt(limit[1]) & (x * slope[2][0] + row[2]).gt(limit[2]);
            let z = x * slope[3][0] + row[3];
            let old = F::<S>::from_slice(&samples.depth, at);
            let mut seen: M<S> = inside & z.gt(old);
            if e.near {
                seen = seen & z.le(nearest);
            }
            if LIMITED {
                seen = seen & z.lt(F::from_slice(limit_of, at));
            }
            if seen.any() {
                seen.select(z, old).to_slice(&mut samples.depth, at);
                store_id(samples, at, seen, id);
                drawn = true;
            }
            at += 8;
            x = x + 2.0;
        }
        if drawn {
            samples.blocks.stale |= touched(y, first, last);
        }
    }
}

/// The first and the last pixels of eight rows between edges.
#[inline(always)]
fn row_ends<S: Simd>(left: &[(f32, f32); 3], right: &[(f32, f32); 3], [x0, x1]: [i32; 2], y: i32) -> [[i32; 8]; 2] {
    let y = F::<S>::ramp() + y as f32;
    let (mut first, mut last) = (F::<S>::of(x0 as f32), F::<S>::of(x1 as f32));
    for k in 0..3 {
        first = (y * left[k].1 + left[k].0).max(first);
        last = (y * right[k].1 + right[k].0).min(last);
    }
    // Rows that are missed by far stay within what an integer holds.
    [(-(-first).floor()).at_most(1e6).truncate().array(), last.floor().at_least(-1e6).truncate().array()]
}

#[inline(always)]
fn store_id<S: Simd>(samples: &mut Samples, at: usize, seen: M<S>, id: I<S>) {
    let old = I::<S>::from_slice(&samples.id, at);
    I::<S>(S::opaque(S::iselect(seen.0, id.0, old.0))).to_slice(&mut samples.id, at);
}
