//! Ambient occlusion in screen space and sky occlusion from the map above, at a half or quarter of the size.
//!
//! From one depth and face normal every few pixels comes how open a point is to its near surroundings (`ao`), to
//! the sky around (`sky`) and straight above (`cover`, for snow); shading reads them back with weights by depth. Only
//! every second row of cells is looked at; the blur, which has to even out the turns anyway, fills the others.

use crate::lanes::{F, I, Simd, V3, entry, map3, piece};
use crate::shadow::{DepthMap, SPIRAL};
use crate::view::View;

/// The small buffers.
#[derive(Default)]
pub(crate) struct Occlusion {
    /// Pixels to a cell.
    pub(crate) step: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Cells in a row of the buffers, a multiple of eight.
    pub(crate) stride: usize,
    /// 1/w; 0 for the sky.
    pub(crate) depth: Vec<f32>,
    pub(crate) normal: [Vec<f32>; 3],
    raw: Vec<u32>,
    /// `ao | sky << 10 | cover << 20`, each 0..1023.
    pub(crate) packed: Vec<u32>,
}

/// What a pass is made for.
pub(crate) struct Job<'a> {
    pub(crate) view: &'a View,
    /// Metres within which things darken each other.
    pub(crate) radius: f32,
    /// The map from above, if there is a sky.
    pub(crate) above: Option<&'a DepthMap>,
}

impl Occlusion {
    pub(crate) fn resize(&mut self, width: usize, height: usize) {
        self.step = if width.min(height) > 1200 { 4 } else { 2 };
        (self.width, self.height) = (width.div_ceil(self.step), height.div_ceil(self.step));
        self.stride = self.width.next_multiple_of(8);
        let count = self.stride * self.height;
        if self.packed.len() != count {
            let [x, y, z] = &mut self.normal;
            for plane in [&mut self.depth, x, y, z] {
                plane.clear();
                plane.resize(count, 0.0);
            }
            self.raw.resize(count, 0);
            self.packed.resize(count, 0);
        }
    }

    /// Buffers of a picture where nothing darkens anything.
    pub(crate) fn open(&mut self, width: usize, height: usize) {
        self.resize(width, height);
        self.packed.clear();
        self.packed.resize(self.stride * self.height, 1023 | 1023 << 10 | 1023 << 20);
    }

    /// Fills `packed` from depth and normals.
    pub(crate) fn run(&mut self, level: crate::lanes::Level, job: &Job) {
        let mut raw = std::mem::take(&mut self.raw);
        occlude(level, self, job, &mut raw);
        let mut packed = std::mem::take(&mut self.packed);
        blur(level, self, &raw, &mut packed);
        (self.raw, self.packed) = (raw, packed);
    }
}

entry! {
    fn occlude(buffers: &Occlusion, job: &Job, out: &mut [u32]) = occlude_kernel
}
entry! {
    fn blur(buffers: &Occlusion, raw: &[u32], out: &mut [u32]) = blur_kernel
}

const R: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// Eight turns of the spiral, one for each cell in a pattern of four by two rows that the blur averages away.
const TURNS: [[f32; 2]; 8] =
    [[1.0, 0.0], [0.0, 1.0], [0.923_88, 0.382_683], [-0.382_683, 0.923_88], [R, R], [-R, R], [0.382_683, 0.923_88], [-0.923_88, 0.382_683]];

fn turns(y: usize, axis: usize) -> [f32; 8] {
    std::array::from_fn(|k| TURNS[(y / 2 % 2) * 4 + (k & 3)][axis])
}

/// The ray through the middle of a cell, one metre deep.
#[inline(always)]
fn cell_ray<S: Simd>(view: &View, step: f32, x: F<S>, y: F<S>) -> V3<S> {
    let (u, v) = ((x * step + (step * 0.5 - view.cx)) * (1.0 / view.focal), (y * step + (step * 0.5 - view.cy)) * (-1.0 / view.focal));
    V3::of(view.forward) + V3::of(view.right) * u + V3::of(view.up) * v
}

#[inline(always)]
fn occlude_kernel<S: Simd>(b: &Occlusion, job: &Job, out: &mut [u32]) {
    let (view, step) = (job.view, b.step as f32);
    let last = (b.width as i32 - 1, b.height as i32 - 1);
    for y in (0..b.height).step_by(2) {
        let (cos, sin) = (F::<S>::load(&turns(y, 0)), F::<S>::load(&turns(y, 1)));
        for x in (0..b.stride).step_by(8) {
            let at = y * b.stride + x;
            let inverse = F::<S>::from_slice(&b.depth, at);
            let here = inverse.above(0.0);
            if !here.any() {
                out[at..at + 8].fill(1023 | 1023 << 10 | 1023 << 20);
                continue;
            }
            let z = 1.0 / inverse.at_least(1e-6);
            let (px, py) = (F::ramp() + x as f32, F::<S>::of(y as f32));
            let p = cell_ray(view, step, px, py) * z;
            let n = V3::new(F::from_slice(&b.normal[0], at), F::from_slice(&b.normal[1], at), F::from_slice(&b.normal[2], at));
            let reach = (inverse * (job.radius * view.focal / step)).at_least(2.0).at_most(64.0);
            // The radius in metres that the reach in cells really is.
            let metres = reach * z * (step / view.focal);
            let mut dark = F::<S>::of(0.0);
            for (k, tap) in SPIRAL.iter().enumerate().skip(1).step_by(2) {
                let near = if k % 4 == 1 { 1.0 } else { 0.6 };
                let (tx, ty) = (cos * (tap[0] * near) - sin * (tap[1] * near), sin * (tap[0] * near) + cos * (tap[1] * near));
                let sx = (px + tx * reach + 0.5).truncate().clamp(0, last.0);
                let sy = (py + ty * reach + 0.5).truncate().clamp(0, last.1);
                let other = F::gather(&b.depth, sy * I::of(b.stride as i32) + sx);
                let v = cell_ray(view, step, sx.float(), sy.float()) * (1.0 / other.at_least(1e-6)) - p;
                let d2 = v.dot(v).at_least(1e-12);
                let rise = v.dot(n) / d2.sqrt() - 0.12;
                let falloff = (1.0 - d2 / metres.squared()).at_least(0.0);
                dark = dark + rise.at_least(0.0) * falloff;
            }
            let ao = (1.0 - dark * (1.9 / 8.0)).clamp01();
            let (mut sky, mut cover) = (F::of(1.0), F::of(1.0));
            if let Some(map) = job.above {
                (sky, cover) = from_above(map, p + V3::of(view.eye), n);
            }
            let all = map3!(V3::new(ao, sky, cover), v => v * 1023.0 + 0.5);
            let word = all.x.truncate() | (all.y.truncate() << 10) | (all.z.truncate() << 20);
            for (o, w) in out[at..at + 8].iter_mut().zip(word.array()) {
                *o = w as u32;
            }
        }
    }
}

/// How much of the sky around, and of the sky straight above, points see.
#[inline(always)]
fn from_above_body<S: Simd>(map: &DepthMap, p: V3<S>, n: V3<S>) -> (F<S>, F<S>) {
    let texel = map.texel();
    let at = map.locate(p + n * (texel * 1.2));
    let on = map.holds(at, 2.0);
    if !on.any() {
        return (F::of(1.0), F::of(1.0));
    }
    let (mut sky, mut cover) = (F::<S>::of(0.0), F::<S>::of(0.0));
    for (k, tap) in SPIRAL.iter().enumerate().skip(1).step_by(2) {
        let far = if k % 4 == 1 { 1.6 } else { 0.7 };
        let radius = far * (tap[0] * tap[0] + tap[1] * tap[1]).sqrt();
        let gap = map.read(at.x + tap[0] * far / texel, at.y + tap[1] * far / texel) - at.z;
        // A thing hides sky where it stands higher than it is away.
        sky = sky + ((gap - radius * 0.35 - 0.06) * (1.0 / (radius * 0.9 + 0.1))).clamp01();
        if k % 4 == 1 {
            let gap = map.read(at.x + tap[0] * 0.3 / texel, at.y + tap[1] * 0.3 / texel) - at.z;
            cover = cover + ((gap - 0.12) * 6.0).clamp01();
        }
    }
    (on.select(1.0 - sky * (0.75 / 8.0), F::of(1.0)), on.select(1.0 - cover * 0.25, F::of(1.0)))
}

#[inline(always)]
fn blur_kernel<S: Simd>(b: &Occlusion, raw: &[u32], out: &mut [u32]) {
    let low = I::<S>::of(1023);
    let last = (b.height - 1) & !1;
    for y in 0..b.height {
        // The rows about this one that were looked at, and what they count for.
        let rows: &[(usize, f32)] =
            if y % 2 == 0 { &[(y.saturating_sub(2), 0.5), (y, 1.0), ((y + 2).min(last), 0.5)] } else { &[(y - 1, 1.0), ((y + 1).min(last), 1.0)] };
        for x in (0..b.stride).step_by(8) {
            let at = y * b.stride + x;
            let here = F::<S>::from_slice(&b.depth, at);
            let mut sum = V3::same(F::<S>::of(0.0));
            let mut total = F::<S>::of(1e-4);
            let scale = 16.0 / here.at_least(1e-6);
            // Inside, the neighbours of eight cells are eight cells in a row; at the borders they are looked up.
            let inside = x >= 2 && x + 9 < b.width;
            for (row, share) in rows {
                let row = row * b.stride;
                for dx in 0..4 {
                    let (other, word) = if inside {
                        let from = row + x + dx - 2;
                        (F::from_slice(&b.depth, from), I::<S>::from_slice(raw, from))
                    } else {
                        let column = (F::ramp() + (x as f32 + dx as f32 - 2.0)).truncate().clamp(0, b.width as i32 - 1);
                        let index = column + I::of(row as i32);
                        (F::gather(&b.depth, index), I::gather(raw, index))
                    };
                    let weight = (1.0 - ((other - here) * scale).abs()).at_least(1e-4) * *share;
                    sum = sum + V3::new((word & low).float(), ((word >> 10) & low).float(), ((word >> 20) & low).float()) * weight;
                    total = total + weight;
                }
            }
            let mean = map3!(sum * (1.0 / total), v => (v + 0.5).at_most(1023.0));
            let word = mean.x.truncate() | (mean.y.truncate() << 10) | (mean.z.truncate() << 20);
            for (o, w) in out[at..at + 8].iter_mut().zip(word.array()) {
                *o = w as u32;
            }
        }
    }
}

/// `ao`, `sky` and `cover` of cells, 0..1023.
#[inline(always)]
fn parts<S: Simd>(word: I<S>) -> V3<S> {
    let low = I::<S>::of(1023);
    V3::new((word & low).float(), ((word >> 10) & low).float(), ((word >> 20) & low).float())
}

/// `ao`, `sky` and `cover` at pixel positions of depth 1/w.
#[inline(always)]
fn read_body<S: Simd>(b: &Occlusion, x: F<S>, y: F<S>, inverse: F<S>) -> V3<S> {
    let scale = 1.0 / b.step as f32;
    let (u, v) = ((x * scale - 0.5).at_least(0.0), (y * scale - 0.5).at_least(0.0));
    let (fx, fy) = (u - u.floor(), v - v.floor());
    let (x0, y0, stride) = (u.truncate(), v.truncate(), I::of(b.stride as i32));
    let (last_x, last_y) = (b.width as i32 - 1, b.height as i32 - 1);
    // At the right edge the last two cells, the second of them whole.
    let fx = x0.float().lt(F::of(last_x as f32)).select(fx, F::of(1.0));
    let column = x0.clamp(0, (last_x - 1).max(0));
    let rows = [y0.clamp(0, last_y) * stride, (y0 + I::of(1)).clamp(0, last_y) * stride];
    if !(fx.above(0.0).any() || fy.above(0.0).any()) {
        // In the middle of their cells.
        return parts(I::gather(&b.packed, rows[0] + x0.clamp(0, last_x))) * (1.0 / 1023.0);
    }
    let steep = 12.0 / inverse;
    let mut sum = V3::same(F::<S>::of(0.0));
    let mut total = F::<S>::of(0.0);
    for (row, wy) in rows.into_iter().zip([1.0 - fy, fy]) {
        let (depths, words) = (F::pairs(&b.depth, row + column), I::pairs(&b.packed, row + column));
        for ((depth, word), wx) in depths.into_iter().zip(words).zip([1.0 - fx, fx]) {
            let near = (1.0 - ((depth - inverse) * steep).abs()).at_least(0.002);
            let weight = (wx * wy + 0.01) * near;
            sum = sum + parts(word) * weight;
            total = total + weight;
        }
    }
    sum * ((1.0 / 1023.0) / total)
}

piece! {
    /// `ao`, `sky` and `cover` at pixel positions of depth 1/w.
    fn read(b: &'a Occlusion, x: F<S>, y: F<S>, inverse: F<S>) -> V3<S> = read_body
}

piece! {
    /// How much of the sky around, and of the sky straight above, points see.
    fn from_above(map: &'a DepthMap, p: V3<S>, n: V3<S>) -> (F<S>, F<S>) = from_above_body
}
