//! The finish: bloom, then exposure, tone map, saturation, lift, vignette and dither straight into YUV.

use crate::geometry::TILE;
use crate::lanes::{F, Simd, V3, entry, map3};
use crate::scene::Light;
use kinora_base::picture::Yuv420;

/// A frame of light: planes of halves, whose steps are a twentieth of those that a picture of 8 bits can show.
#[derive(Default)]
pub(crate) struct Film {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Pixels from row to row.
    pub(crate) stride: usize,
    pub(crate) planes: [Vec<u16>; 3],
}

/// The most that a half can be.
const BRIGHTEST: f32 = 65_504.0;

impl Film {
    pub(crate) fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height, self.stride) = (width, height, spaced(width));
        for plane in &mut self.planes {
            plane.resize(self.stride * height, 0);
        }
    }

    /// Pixels of a row that hold something: eights.
    pub(crate) fn columns(&self) -> usize {
        self.width.next_multiple_of(8)
    }

    /// Eight pixels.
    #[inline(always)]
    pub(crate) fn read<S: Simd>(&self, at: usize) -> V3<S> {
        V3::new(F::from_halves(&self.planes[0], at), F::from_halves(&self.planes[1], at), F::from_halves(&self.planes[2], at))
    }

    #[inline(always)]
    pub(crate) fn write<S: Simd>(&mut self, at: usize, c: V3<S>) {
        let [r, g, b] = &mut self.planes;
        c.x.at_most(BRIGHTEST).to_halves(r, at);
        c.y.at_most(BRIGHTEST).to_halves(g, at);
        c.z.at_most(BRIGHTEST).to_halves(b, at);
    }

    /// Fetches a tile's part of a row, which begins a cache line in each plane: rows lie far apart, and no processor guesses the next.
    #[inline(always)]
    pub(crate) fn ahead<S: Simd>(&self, y: usize, x: usize) {
        for plane in &self.planes {
            for line in (0..TILE).step_by(32) {
                S::ahead(plane, y * self.stride + x + line);
            }
        }
    }

    /// A row of one plane.
    #[inline(always)]
    pub(crate) fn open<S: Simd>(&self, plane: usize, y: usize, out: &mut [f32]) {
        for x in (0..self.columns()).step_by(8) {
            F::<S>::from_halves(&self.planes[plane], y * self.stride + x).to_slice(out, x);
        }
    }
}

/// Two-byte pixels from row to row: an odd number of cache lines, so that the rows of a tile do not fall on the same lines.
pub(crate) fn spaced(width: usize) -> usize {
    let lines = width.div_ceil(32);
    (lines + 1 - lines % 2) * 32
}

/// A small frame of light in floats; rows are padded to eight.
#[derive(Default)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) stride: usize,
    pub(crate) planes: [Vec<f32>; 3],
}

impl Planes {
    pub(crate) fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height, self.stride) = (width, height, width.next_multiple_of(8));
        for plane in &mut self.planes {
            plane.resize(self.stride * height, 0.0);
        }
    }
}

entry! {
    /// Copies a film of the same size.
    fn copy(film: &Film, out: &mut Planes) = copy_kernel
}

#[inline(always)]
fn copy_kernel<S: Simd>(film: &Film, out: &mut Planes) {
    for (k, plane) in out.planes.iter_mut().enumerate() {
        for (y, row) in plane.chunks_exact_mut(out.stride).enumerate() {
            film.open::<S>(k, y, row);
        }
    }
}

/// Light that spills over, at a quarter of the size and six halvings more.
#[derive(Default)]
pub(crate) struct Bloom {
    levels: Vec<Planes>,
}

const LEVELS: usize = 5;

impl Bloom {
    /// Makes the first level from a film, and the others from it; afterwards the first holds the sum of all.
    pub(crate) fn run(&mut self, level: crate::lanes::Level, film: &Film, threshold: f32) {
        self.levels.resize_with(LEVELS, Planes::default);
        let (mut w, mut h) = (film.width.div_ceil(4), film.height.div_ceil(4));
        for l in &mut self.levels {
            l.resize(w, h);
            (w, h) = (w.div_ceil(2).max(2), h.div_ceil(2).max(2));
        }
        spill(level, film, threshold, &mut self.levels[0]);
        for k in 1..LEVELS {
            let (fine, coarse) = self.levels.split_at_mut(k);
            halve(&fine[k - 1], &mut coarse[0]);
        }
        for k in (1..LEVELS).rev() {
            let (fine, coarse) = self.levels.split_at_mut(k);
            spread(&coarse[0], &mut fine[k - 1]);
        }
    }
}

entry! {
    fn spill(film: &Film, threshold: f32, out: &mut Planes) = spill_kernel
}

#[inline(always)]
fn spill_kernel<S: Simd>(film: &Film, threshold: f32, out: &mut Planes) {
    let mut sums = [vec![0.0f32; film.columns()], vec![0.0f32; film.columns()], vec![0.0f32; film.columns()]];
    for y in 0..out.height {
        for plane in &mut sums {
            plane.fill(0.0);
        }
        let rows = y * 4..(y * 4 + 4).min(film.height);
        let count = rows.len() as f32;
        for py in rows {
            for x in (0..film.columns()).step_by(8) {
                let c = film.read::<S>(py * film.stride + x);
                let most = c.most();
                let over = most - threshold;
                if !over.above(0.0).any() {
                    continue;
                }
                let over = over.at_least(0.0) / most.at_least(1e-4);
                for (plane, c) in sums.iter_mut().zip([c.x, c.y, c.z]) {
                    (F::from_slice(plane, x) + (c * over).at_most(12.0)).to_slice(plane, x);
                }
            }
        }
        for (plane, sums) in out.planes.iter_mut().zip(&sums) {
            let row = &mut plane[y * out.stride..][..out.width];
            for (o, four) in row.iter_mut().zip(sums[..film.width].chunks(4)) {
                *o = four.iter().sum::<f32>() / (count * four.len() as f32);
            }
        }
    }
}

/// Half the size, with weights 1 3 3 1 each way.
fn halve(fine: &Planes, coarse: &mut Planes) {
    let mut sums = vec![0.0f32; fine.width + 2];
    let stride = coarse.stride;
    for (from, to) in fine.planes.iter().zip(&mut coarse.planes) {
        for (y, to) in to.chunks_exact_mut(stride).enumerate() {
            let row = |k: usize| &from[(y * 2 + k).saturating_sub(1).min(fine.height - 1) * fine.stride..][..fine.width];
            // The sums have one more cell at either side, equal to the outermost.
            for ((((s, a), b), c), d) in sums[1..].iter_mut().zip(row(0)).zip(row(1)).zip(row(2)).zip(row(3)) {
                *s = ((a + d) + (b + c) * 3.0) * (1.0 / 64.0);
            }
            (sums[0], sums[fine.width + 1]) = (sums[1], sums[fine.width]);
            let at = |k: usize| sums[k.min(fine.width + 1)];
            for (x, to) in to[..coarse.width].iter_mut().enumerate() {
                *to = (at(x * 2) + at(x * 2 + 3)) + (at(x * 2 + 1) + at(x * 2 + 2)) * 3.0;
            }
        }
    }
}

/// Adds a coarse level to the finer one, smoothly.
fn spread(coarse: &Planes, fine: &mut Planes) {
    let mut mixed = vec![0.0f32; coarse.width + 2];
    let stride = fine.stride;
    for (from, to) in coarse.planes.iter().zip(&mut fine.planes) {
        for (y, to) in to.chunks_exact_mut(stride).enumerate() {
            let (a, b) = (y.div_ceil(2).saturating_sub(1), y.div_ceil(2));
            // A fine row lies a quarter of a coarse one from the nearer.
            let share = if y % 2 == 0 { 0.75 } else { 0.25 };
            let row = |k: usize| &from[k.min(coarse.height - 1) * coarse.stride..][..coarse.width];
            let (a, b) = if y == 0 { (row(0), row(0)) } else { (row(a), row(b)) };
            for ((m, a), b) in mixed[1..].iter_mut().zip(a).zip(b) {
                *m = a + (b - a) * share;
            }
            (mixed[0], mixed[coarse.width + 1]) = (mixed[1], mixed[coarse.width]);
            for (two, m) in to[..fine.width].chunks_mut(2).zip(mixed.windows(3)) {
                two[0] += m[1] + (m[0] - m[1]) * 0.25;
                if let Some(second) = two.get_mut(1) {
                    *second += m[1] + (m[2] - m[1]) * 0.25;
                }
            }
        }
    }
}

entry! {
    /// Films to pictures.
    fn develop(film: &Film, bloom: &Bloom, light: &Light, out: &mut Yuv420) = develop_kernel
}

/// An ordered 4x4 pattern, in 1/16 less a half.
const DITHER: [[f32; 4]; 4] = [[0.0, 8.0, 2.0, 10.0], [12.0, 4.0, 14.0, 6.0], [3.0, 11.0, 1.0, 9.0], [15.0, 7.0, 13.0, 5.0]];

#[inline(always)]
fn develop_kernel<S: Simd>(film: &Film, bloom: &Bloom, light: &Light, out: &mut Yuv420) {
    let (width, height) = (film.width, film.height);
    let mut glow = Glow::new(bloom, film.columns());
    let mut vignette = Vignette::new(film, light);
    let mut luma = vec![0u8; film.columns()];
    // Sums of blue and red differences over two rows, and half as many bytes; sixteen can be read anywhere.
    let mut difference = [vec![0.0f32; film.columns() + 8], vec![0.0f32; film.columns() + 8]];
    let mut chroma = vec![0u8; film.columns() / 2 + 8];
    for pair in 0..height / 2 {
        for plane in &mut difference {
            plane.fill(0.0);
        }
        for y in pair * 2..pair * 2 + 2 {
            if light.bloom > 0.0 {
                glow.reach::<S>(y);
            }
            vignette.reach(y);
            let d = DITHER[y & 3];
            let dither = F::<S>::load(&[d[0], d[1], d[2], d[3], d[0], d[1], d[2], d[3]]) * (1.0 / 16.0) + (16.0 + 0.5 / 16.0);
            for x in (0..film.columns()).step_by(8) {
                let mut c = film.read::<S>(y * film.stride + x);
                if light.bloom > 0.0 {
                    c = c + glow.read(x) * (light.bloom * 0.4);
                }
                let V3 { x: r, y: g, z: b } = graded(c * vignette.read(x), light);
                let light = r * 0.2126 + g * 0.7152 + b * 0.0722;
                (light * 219.0 + dither).truncate().to_bytes(&mut luma, x);
                let [blue, red] = &mut difference;
                (F::from_slice(blue, x) + (b - light) * (56.0 / 1.8556)).to_slice(blue, x);
                (F::from_slice(red, x) + (r - light) * (56.0 / 1.5748)).to_slice(red, x);
            }
            out.y[y * width..(y + 1) * width].copy_from_slice(&luma[..width]);
        }
        let at = pair * (width / 2);
        for (plane, sums) in [&mut out.u, &mut out.v].into_iter().zip(&difference) {
            for x in (0..film.columns()).step_by(16) {
                let [even, odd] = S::unzip(F::<S>::from_slice(sums, x).0, F::<S>::from_slice(sums, x + 8).0);
                (F::<S>(even) + F(odd) + 128.5).truncate().to_bytes(&mut chroma, x / 2);
            }
            plane[at..at + width / 2].copy_from_slice(&chroma[..width / 2]);
        }
    }
}

/// Finished red, green and blue in 0..1 from exposed light.
#[inline(always)]
pub(crate) fn graded<S: Simd>(c: V3<S>, light: &Light) -> V3<S> {
    let luma = c.dot_with(glam::Vec3::new(0.2126, 0.7152, 0.0722));
    // Very bright colours pale.
    let c = if luma.above(1.0).any() { c.mix(V3::same(luma), luma.smooth(1.0, 6.0) * 0.5) } else { c } * 0.72;
    let toned = map3!(c, c => ((c * (c * 2.51 + 0.03)) / (c * (c * 2.43 + 0.59) + 0.14)).clamp01());
    let luma = toned.dot_with(glam::Vec3::new(0.2126, 0.7152, 0.0722));
    let toned = V3::same(luma).mix(toned, F::of(light.saturation)).clamp(0.0, 1.0);
    let lift = V3::of(light.lift.vec());
    let toned = toned + lift * (V3::same(F::of(1.0)) - toned);
    map3!(toned, c => encoded(c).clamp01())
}

/// Exposure and the darkening towards the corners: made every eight pixels, mixed between them.
pub(crate) struct Vignette {
    columns: usize,
    grid: Vec<f32>,
    /// The row of the film at every eighth pixel.
    row: Vec<f32>,
}

impl Vignette {
    pub(crate) fn new(film: &Film, light: &Light) -> Self {
        let (columns, rows) = (film.columns() / 8 + 1, film.height / 8 + 2);
        let mut grid = Vec::with_capacity(columns * rows);
        for y in 0..rows {
            for x in 0..columns {
                let u = (x * 8) as f32 / film.width as f32 - 0.5;
                let v = (y * 8) as f32 / film.height as f32 - 0.5;
                let t = (((u * u + v * v * 0.8).sqrt() - 0.18) / 0.44).clamp(0.0, 1.0);
                grid.push((1.0 - t * t * (3.0 - 2.0 * t) * light.vignette) * light.exposure);
            }
        }
        Self { columns, grid, row: vec![0.0; columns] }
    }

    /// Gets ready for a row of the film.
    pub(crate) fn reach(&mut self, y: usize) {
        let share = ((y % 8) as f32 + 0.5) / 8.0;
        let (a, b) = self.grid[y / 8 * self.columns..][..2 * self.columns].split_at(self.columns);
        for ((to, a), b) in self.row.iter_mut().zip(a).zip(b) {
            *to = a + (b - a) * share;
        }
    }

    /// Of the eight pixels from `x` on.
    #[inline(always)]
    pub(crate) fn read<S: Simd>(&self, x: usize) -> F<S> {
        let (a, b) = (self.row[x / 8], self.row[x / 8 + 1]);
        (F::ramp() + 0.5) * ((b - a) * 0.125) + a
    }

    /// Of eight pixels from `x` on, `step` apart.
    #[inline(always)]
    pub(crate) fn spread<S: Simd>(&self, x: usize, step: usize) -> F<S> {
        let last = self.row.len() - 1;
        let (a, b) = (self.row[(x / 8).min(last)], self.row[(x / 8 + step).min(last)]);
        (F::ramp() + 0.5) * ((b - a) * 0.125) + a
    }
}

/// `c` to the power 1/2.2 for `c` in 0..1, to 1e-4: a polynomial in the fourth root (least squares).
#[inline(always)]
fn encoded<S: Simd>(c: F<S>) -> F<S> {
    let q = c.sqrt().sqrt();
    (((((q * 0.362_783_2 - 1.230_656) * q + 1.687_547_8) * q - 1.291_778_6) * q + 1.455_259_3) * q + 0.016_939_357) * q
}

/// Two rows of the bloom at the film's width, and their mix for one row of the film.
pub(crate) struct Glow<'a> {
    small: Option<&'a Planes>,
    stride: usize,
    /// Which rows of the bloom `wide` holds.
    rows: [usize; 2],
    wide: [Vec<f32>; 2],
    share: f32,
}

impl<'a> Glow<'a> {
    pub(crate) fn new(bloom: &'a Bloom, stride: usize) -> Self {
        let wide = || vec![0.0; stride * 3];
        Self { small: bloom.levels.first(), stride, rows: [usize::MAX; 2], wide: [wide(), wide()], share: 0.0 }
    }

    /// Gets ready for a row of the film.
    #[inline(always)]
    pub(crate) fn reach<S: Simd>(&mut self, y: usize) {
        let Some(small) = self.small else { return };
        let v = (y as f32 * 0.25 - 0.375).clamp(0.0, small.height as f32 - 1.0);
        let j = v as usize;
        self.share = v - j as f32;
        let rows = [j, (j + 1).min(small.height - 1)];
        if self.rows == rows {
            return;
        }
        if self.rows[1] == rows[0] {
            self.wide.swap(0, 1);
            widen::<S>(small, rows[1], self.stride, &mut self.wide[1]);
        } else {
            widen::<S>(small, rows[0], self.stride, &mut self.wide[0]);
            widen::<S>(small, rows[1], self.stride, &mut self.wide[1]);
        }
        self.rows = rows;
    }

    #[inline(always)]
    pub(crate) fn read<S: Simd>(&self, x: usize) -> V3<S> {
        let [a, b] = &self.wide;
        let mixed = [0, 1, 2].map(|k| k * self.stride + x);
        V3::new(
            F::from_slice(a, mixed[0]).mix(F::from_slice(b, mixed[0]), F::of(self.share)),
            F::from_slice(a, mixed[1]).mix(F::from_slice(b, mixed[1]), F::of(self.share)),
            F::from_slice(a, mixed[2]).mix(F::from_slice(b, mixed[2]), F::of(self.share)),
        )
    }
}

impl Glow<'_> {
    /// At one pixel of the row.
    pub(crate) fn one(&self, x: usize) -> [f32; 3] {
        let [a, b] = &self.wide;
        [0, 1, 2].map(|k| a[k * self.stride + x] + (b[k * self.stride + x] - a[k * self.stride + x]) * self.share)
    }
}

/// Spreads a row of the bloom over four times as many pixels.
#[inline(always)]
fn widen<S: Simd>(small: &Planes, y: usize, stride: usize, out: &mut [f32]) {
    for (k, plane) in small.planes.iter().enumerate() {
        let row = &plane[y * small.stride..][..small.width];
        for x in (0..stride).step_by(8) {
            let i = x / 4;
            let columns = [i.saturating_sub(1), i, i + 1, i + 2];
            let mut four = [0.0f32; 4];
            for (f, c) in four.iter_mut().zip(columns) {
                *f = row[c.min(small.width - 1)];
            }
            let [a, b, c, d] = four;
            // Eight pixels lie between four cells: at -3/8, -1/8, 1/8 .. 11/8 of a cell from the first.
            let from = F::<S>::load(&[a, a, b, b, b, b, c, c]);
            let to = F::load(&[b, b, c, c, c, c, d, d]);
            from.mix(to, F::load(&[0.625, 0.875, 0.125, 0.375, 0.625, 0.875, 0.125, 0.375])).to_slice(out, k * stride + x);
        }
    }
}
