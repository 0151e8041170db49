//! The finish: bloom, then exposure, tone map, saturation, lift, vignette and dither straight into YUV.

use crate::lanes::maths::pow_body;
use crate::lanes::{F, Simd, V3, entry, map3};
use crate::scene::Light;
use kinora_base::picture::Yuv420;

/// A frame of light, planar; rows are padded to eight.
#[derive(Default)]
pub(crate) struct Film {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) stride: usize,
    pub(crate) planes: [Vec<f32>; 3],
}

impl Film {
    pub(crate) fn resize(&mut self, width: usize, height: usize) {
        (self.width, self.height, self.stride) = (width, height, width.next_multiple_of(8));
        for plane in &mut self.planes {
            plane.resize(self.stride * height, 0.0);
        }
    }

    /// The value at a cell, brought into range.
    fn get(&self, plane: usize, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.planes[plane][y * self.stride + x]
    }
}

/// Light that spills over, at a quarter of the size and six halvings more.
#[derive(Default)]
pub(crate) struct Bloom {
    levels: Vec<Film>,
}

const LEVELS: usize = 5;

impl Bloom {
    /// Makes the first level from a film, and the others from it; afterwards the first holds the sum of all.
    pub(crate) fn run(&mut self, level: crate::lanes::Level, film: &Film, threshold: f32) {
        self.levels.resize_with(LEVELS, Film::default);
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
    fn spill(film: &Film, threshold: f32, out: &mut Film) = spill_kernel
}

#[inline(always)]
fn spill_kernel<S: Simd>(film: &Film, threshold: f32, out: &mut Film) {
    let mut sums = [vec![0.0f32; film.stride], vec![0.0f32; film.stride], vec![0.0f32; film.stride]];
    for y in 0..out.height {
        for plane in &mut sums {
            plane.fill(0.0);
        }
        let rows = y * 4..(y * 4 + 4).min(film.height);
        let count = rows.len() as f32;
        for py in rows {
            for x in (0..film.stride).step_by(8) {
                let at = py * film.stride + x;
                let c = V3::new(F::<S>::from_slice(&film.planes[0], at), F::from_slice(&film.planes[1], at), F::from_slice(&film.planes[2], at));
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

fn halve(fine: &Film, coarse: &mut Film) {
    for k in 0..3 {
        for y in 0..coarse.height {
            for x in 0..coarse.width {
                let mut sum = 0.0;
                for (j, wy) in [1.0, 3.0, 3.0, 1.0].iter().enumerate() {
                    for (i, wx) in [1.0, 3.0, 3.0, 1.0].iter().enumerate() {
                        sum += fine.get(k, (x * 2 + i) as isize - 1, (y * 2 + j) as isize - 1) * (wx * wy / 64.0);
                    }
                }
                coarse.planes[k][y * coarse.stride + x] = sum;
            }
        }
    }
}

/// Adds a coarse level to the finer one, smoothly.
fn spread(coarse: &Film, fine: &mut Film) {
    for k in 0..3 {
        for y in 0..fine.height {
            for x in 0..fine.width {
                let (u, v) = (x as f32 * 0.5 - 0.25, y as f32 * 0.5 - 0.25);
                let (i, j) = (u.floor(), v.floor());
                let (fu, fv) = (u - i, v - j);
                let (i, j) = (i as isize, j as isize);
                let top = coarse.get(k, i, j) * (1.0 - fu) + coarse.get(k, i + 1, j) * fu;
                let bottom = coarse.get(k, i, j + 1) * (1.0 - fu) + coarse.get(k, i + 1, j + 1) * fu;
                fine.planes[k][y * fine.stride + x] += top * (1.0 - fv) + bottom * fv;
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
    let mut row = vec![0.0f32; film.stride * 3];
    let mut luma = vec![0i32; film.stride];
    // Sums of blue and red differences over two rows.
    let mut difference = [vec![0.0f32; film.stride], vec![0.0f32; film.stride]];
    for pair in 0..height / 2 {
        for plane in &mut difference {
            plane.fill(0.0);
        }
        for y in pair * 2..pair * 2 + 2 {
            graded_row::<S>(film, bloom, light, y, &mut row);
            let d = DITHER[y & 3];
            let dither = F::<S>::load(&[d[0], d[1], d[2], d[3], d[0], d[1], d[2], d[3]]) * (1.0 / 16.0) + (16.0 + 0.5 / 16.0);
            for x in (0..film.stride).step_by(8) {
                let (r, g, b) = (F::<S>::from_slice(&row, x), F::from_slice(&row, film.stride + x), F::from_slice(&row, film.stride * 2 + x));
                let light = r * 0.2126 + g * 0.7152 + b * 0.0722;
                luma[x..x + 8].copy_from_slice(&(light * 219.0 + dither).truncate().array());
                let [blue, red] = &mut difference;
                (F::from_slice(blue, x) + (b - light) * (56.0 / 1.8556)).to_slice(blue, x);
                (F::from_slice(red, x) + (r - light) * (56.0 / 1.5748)).to_slice(red, x);
            }
            for (o, l) in out.y[y * width..(y + 1) * width].iter_mut().zip(&luma) {
                *o = *l as u8;
            }
        }
        let at = pair * (width / 2);
        for (plane, sums) in [&mut out.u, &mut out.v].into_iter().zip(&difference) {
            for (o, two) in plane[at..at + width / 2].iter_mut().zip(sums.chunks_exact(2)) {
                *o = (two[0] + two[1] + 128.5) as i32 as u8;
            }
        }
    }
}

/// One row of finished red, green and blue in 0..1.
#[inline(always)]
fn graded_row<S: Simd>(film: &Film, bloom: &Bloom, light: &Light, y: usize, row: &mut [f32]) {
    let glow = bloom.levels.first().filter(|_| light.bloom > 0.0);
    let (across, down) = (1.0 / film.width as f32, (y as f32 + 0.5) / film.height as f32 - 0.5);
    for x in (0..film.stride).step_by(8) {
        let at = y * film.stride + x;
        let mut c = V3::new(F::<S>::from_slice(&film.planes[0], at), F::from_slice(&film.planes[1], at), F::from_slice(&film.planes[2], at));
        if let Some(glow) = glow {
            c = c + read_bloom(glow, x, y) * (light.bloom * 0.4);
        }
        let u = (F::ramp() + (x as f32 + 0.5)) * across - 0.5;
        let corner = (u.squared() + down * down * 0.8).sqrt().smooth(0.18, 0.62);
        c = c * ((1.0 - corner * light.vignette) * light.exposure);
        let luma = c.dot_with(glam::Vec3::new(0.2126, 0.7152, 0.0722));
        c = c.mix(V3::same(luma), luma.smooth(1.0, 6.0) * 0.5) * 0.72;
        let toned = map3!(c, c => ((c * (c * 2.51 + 0.03)) / (c * (c * 2.43 + 0.59) + 0.14)).clamp01());
        let luma = toned.dot_with(glam::Vec3::new(0.2126, 0.7152, 0.0722));
        let toned = V3::same(luma).mix(toned, F::of(light.saturation)).clamp(0.0, 1.0);
        let lift = V3::of(light.lift.vec());
        let toned = toned + lift * (V3::same(F::of(1.0)) - toned);
        let out = map3!(toned, c => pow_body(c, 1.0 / 2.2).clamp01());
        out.x.to_slice(row, x);
        out.y.to_slice(row, film.stride + x);
        out.z.to_slice(row, film.stride * 2 + x);
    }
}

#[inline(always)]
fn read_bloom<S: Simd>(glow: &Film, x: usize, y: usize) -> V3<S> {
    let v = (y as f32 * 0.25 - 0.375).clamp(0.0, glow.height as f32 - 1.0);
    let (j, fv) = (v.floor() as usize, v - v.floor());
    let j1 = (j + 1).min(glow.height - 1);
    let i = x / 4;
    let columns = [i.saturating_sub(1), i.min(glow.width - 1), (i + 1).min(glow.width - 1), (i + 2).min(glow.width - 1)];
    let mut out = [F::<S>::of(0.0); 3];
    for (o, p) in out.iter_mut().zip(&glow.planes) {
        let mut four = [0.0f32; 4];
        for (f, c) in four.iter_mut().zip(columns) {
            *f = p[j * glow.stride + c] * (1.0 - fv) + p[j1 * glow.stride + c] * fv;
        }
        let [a, b, c, d] = four;
        // Eight pixels lie between four cells: at -3/8, -1/8, 1/8 .. 11/8 of a cell from the first.
        let from = F::load(&[a, a, b, b, b, b, c, c]);
        let to = F::load(&[b, b, c, c, c, c, d, d]);
        *o = from.mix(to, F::load(&[0.625, 0.875, 0.125, 0.375, 0.625, 0.875, 0.125, 0.375]));
    }
    V3::new(out[0], out[1], out[2])
}
