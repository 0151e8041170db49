//! Light to the colours of a look: exposure, bloom and tone map of the finish, then a cube of colours that holds all that the
//! look does to them. Packed pixels come out, at the film's size or smaller.

use super::marks::Marks;
use super::{Grade, screen};
use crate::finish::{Bloom, Film, Glow, Vignette, graded};
use crate::lanes::{F, I, M, Simd, V3, entry, piece};
use crate::scene::Light;
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_base::maths::pow;

/// Pixels as words: `red | green << 8 | blue << 16 | grain << 24`.
#[derive(Default)]
pub(crate) struct Packed {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Words in a row, a multiple of eight.
    pub(crate) stride: usize,
    /// Pixels of the film to one of these, each way.
    pub(crate) step: usize,
    pub(crate) words: Vec<u32>,
}

impl Packed {
    pub(crate) fn resize(&mut self, width: usize, height: usize, step: usize) {
        (self.width, self.height, self.step) = (width.div_ceil(step), height.div_ceil(step), step);
        self.stride = self.width.next_multiple_of(8);
        self.words.resize(self.stride * self.height, 0);
    }
}

/// Points of the cube along each edge.
const SIDE: usize = 33;

/// What a look does to colours, as a table: `red | green << 10 | blue << 20`, ten bits each.
pub(crate) struct Cube(Vec<u32>);

impl Cube {
    pub(crate) fn new(grade: &Grade) -> Option<Self> {
        if *grade == Grade::default() {
            return None;
        }
        let palette: Vec<[f32; 3]> = grade.palette.iter().map(|c| oklab(screen(*c))).collect();
        let mut table = Vec::with_capacity(SIDE * SIDE * SIDE);
        let at = |k: usize| k as f32 / (SIDE - 1) as f32;
        for b in 0..SIDE {
            for g in 0..SIDE {
                for r in 0..SIDE {
                    let c = toned(grade, &palette, Vec3::new(at(r), at(g), at(b)));
                    let ten = |c: f32| (c.clamp(0.0, 1.0) * 1023.0 + 0.5) as u32;
                    table.push(ten(c.x) | ten(c.y) << 10 | ten(c.z) << 20);
                }
            }
        }
        Some(Self(table))
    }
}

fn pair((low, high): ((f32, f32, f32), (f32, f32, f32)), t: f32) -> Vec3 {
    Vec3::from(low).lerp(Vec3::from(high), t)
}

/// What a look makes of one colour of the screen.
fn toned(grade: &Grade, palette: &[[f32; 3]], c: Vec3) -> Vec3 {
    let weights = Vec3::new(0.2126, 0.7152, 0.0722);
    let mut c = c;
    let mut luma = c.dot(weights);
    if let Some((r, g, b)) = grade.mono {
        luma = c.dot(Vec3::new(r, g, b)) / (r + g + b).max(1e-3);
        c = Vec3::splat(luma);
    } else {
        let spread = c.max_element() - c.min_element();
        let more = grade.saturation * (1.0 + grade.vibrance * (1.0 - spread).max(0.0) * (spread * 4.0).min(1.0));
        c = Vec3::splat(luma) + (c - Vec3::splat(luma)) * more;
    }
    let curve = |v: f32| {
        let v = pow(v.clamp(0.0, 1.0), grade.gamma.clamp(0.1, 8.0));
        // A curve through the ends and the middle, as steep there as is asked.
        let k = grade.contrast - 1.0;
        let s = v * v * (3.0 - 2.0 * v);
        if k >= 0.0 {
            v + (s - v) * (k * 2.0).min(1.0) + (s * s * (3.0 - 2.0 * s) - s) * (k * 2.0 - 1.0).clamp(0.0, 1.0)
        } else {
            v + (0.5 - v) * (-k).min(1.0)
        }
    };
    c = Vec3::new(curve(c.x), curve(c.y), curve(c.z));
    luma = c.dot(weights);
    c *= pair(grade.tint, luma.clamp(0.0, 1.0));
    let (low, high) = (Vec3::from(grade.ends.0), Vec3::from(grade.ends.1));
    c = (low + (high - low) * c).clamp(Vec3::ZERO, Vec3::ONE);
    if palette.is_empty() || grade.draw <= 0.0 { c } else { drawn(palette, c, grade.draw) }
}

/// A colour drawn to the nearest of a palette; near two of them, to both, so that no border is hard.
fn drawn(palette: &[[f32; 3]], c: Vec3, amount: f32) -> Vec3 {
    let here = oklab(c);
    let apart = |p: &[f32; 3]| {
        let d = [here[0] - p[0], here[1] - p[1], here[2] - p[2]];
        // Brightness counts less than hue: shading may stay.
        d[0] * d[0] * 0.7 + d[1] * d[1] * 2.0 + d[2] * d[2] * 2.0
    };
    let nearest = palette.iter().map(apart).fold(f32::MAX, f32::min);
    let (mut sum, mut total) = ([0.0f32; 3], 0.0);
    for p in palette {
        let weight = kinora_base::maths::exp2(-(apart(p) - nearest) * 700.0);
        (0..3).for_each(|k| sum[k] += p[k] * weight);
        total += weight;
    }
    let to = sum.map(|s| s / total);
    from_oklab([0, 1, 2].map(|k| here[k] + (to[k] - here[k]) * amount))
}

/// Oklab (Ottosson 2020) of a colour of the screen.
pub(crate) fn oklab(c: Vec3) -> [f32; 3] {
    let linear = |c: f32| if c <= 0.04045 { c / 12.92 } else { pow((c + 0.055) / 1.055, 2.4) };
    let c = Vec3::new(linear(c.x), linear(c.y), linear(c.z));
    let root = |v: f32| pow(v.max(0.0), 1.0 / 3.0);
    let l = root(c.dot(Vec3::new(0.412_221_46, 0.536_332_55, 0.051_445_995)));
    let m = root(c.dot(Vec3::new(0.211_903_5, 0.680_699_5, 0.107_396_96)));
    let s = root(c.dot(Vec3::new(0.088_302_46, 0.281_718_85, 0.629_978_7)));
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

fn from_oklab([l, a, b]: [f32; 3]) -> Vec3 {
    let cube = |v: f32| v * v * v;
    let x = cube(l + 0.396_337_78 * a + 0.215_803_76 * b);
    let y = cube(l - 0.105_561_346 * a - 0.063_854_17 * b);
    let z = cube(l - 0.089_484_18 * a - 1.291_485_5 * b);
    let linear = LinearRgb(
        4.076_741_7 * x - 3.307_711_6 * y + 0.230_969_94 * z,
        -1.268_438 * x + 2.609_757_4 * y - 0.341_319_38 * z,
        -0.004_196_086_3 * x - 0.703_418_6 * y + 1.707_614_7 * z,
    );
    screen(<(u8, u8, u8)>::from(linear.to_srgb8()))
}

/// What exposing a film needs beside the film.
pub(crate) struct Exposure<'a> {
    pub(crate) film: &'a Film,
    pub(crate) bloom: &'a Bloom,
    pub(crate) light: &'a Light,
    /// How far the ends of the shot are drawn apart, 0..1.
    pub(crate) range: f32,
    pub(crate) cube: Option<&'a Cube>,
    /// Whose grain goes into the pixels.
    pub(crate) marks: Option<&'a Marks>,
}

impl Exposure<'_> {
    /// Fills packed pixels that have been brought to their size.
    pub(crate) fn run(&self, level: crate::lanes::Level, out: &mut Packed) {
        expose(level, self, out);
    }
}

/// So much contrast is made of little at most: fog stays fog.
const MOST: f32 = 1.8;

/// What is taken off and the factor that then draw the ends of a shot apart.
fn stretch((low, high): (f32, f32), range: f32) -> (f32, f32) {
    let gain = (1.0 / (high - low).max(0.05)).min(MOST);
    // Where that is not enough, what is missing is left at both ends.
    let black = low - ((1.0 / gain - (high - low)) * 0.5).max(0.0);
    (black.max(0.0) * range, 1.0 + (gain - 1.0).max(0.0) * range)
}

entry! {
    fn expose(exposure: &Exposure, out: &mut Packed) = expose_kernel
}

/// An ordered 4x4 pattern, in 1/16 less a half.
const DITHER: [[f32; 4]; 4] = [[0.0, 8.0, 2.0, 10.0], [12.0, 4.0, 14.0, 6.0], [3.0, 11.0, 1.0, 9.0], [15.0, 7.0, 13.0, 5.0]];

#[inline(always)]
fn expose_kernel<S: Simd>(e: &Exposure, out: &mut Packed) {
    let (film, light, step) = (e.film, e.light, out.step);
    let (black, gain) = stretch(light.ends, e.range);
    let mut glow = Glow::new(e.bloom, film.columns());
    let mut vignette = Vignette::new(film, light);
    let share = 1.0 / (step * step) as f32;
    // Sums of a row of blocks, at the film's width, a row of it, and sums at our width; a little longer, so that eight can be read anywhere.
    let (mut tall, mut line) = (vec![0.0f32; film.columns()], vec![0.0f32; film.columns()]);
    let mut row = [vec![0.0f32; out.stride + 8], vec![0.0f32; out.stride + 8], vec![0.0f32; out.stride + 8]];
    let mut grains = vec![0u32; out.stride];
    for y in 0..out.height {
        let middle = (y * step + step / 2).min(film.height - 1);
        if light.bloom > 0.0 {
            glow.reach::<S>(middle);
        }
        vignette.reach(middle);
        for (plane, row) in row.iter_mut().enumerate() {
            if step == 1 {
                film.open::<S>(plane, y, row);
                continue;
            }
            film.open::<S>(plane, (y * step).min(film.height - 1), &mut tall);
            for k in 1..step {
                film.open::<S>(plane, (y * step + k).min(film.height - 1), &mut line);
                tall.iter_mut().zip(&line).for_each(|(sum, v)| *sum += v);
            }
            for (x, to) in row[..out.width].iter_mut().enumerate() {
                let block = &tall[x * step..((x + 1) * step).min(film.width)];
                *to = block.iter().sum::<f32>() * (share * step as f32 / block.len() as f32);
            }
        }
        if let Some(marks) = e.marks {
            let line = &marks.word[middle * marks.stride..][..marks.stride];
            for (x, to) in grains[..out.width].iter_mut().enumerate() {
                *to = line[(x * step + step / 2).min(marks.width - 1)] << 24;
            }
        }
        let d = DITHER[y & 3];
        let dither = F::<S>::load(&[d[0], d[1], d[2], d[3], d[0], d[1], d[2], d[3]]) * (1.0 / 16.0) + (0.5 / 16.0);
        for x in (0..out.stride).step_by(8) {
            let mut c = V3::new(F::<S>::from_slice(&row[0], x), F::from_slice(&row[1], x), F::from_slice(&row[2], x));
            // At the film's columns, mixed linearly enough over eight of ours.
            let column = (x * step).min(film.columns() - 8) & !7;
            if light.bloom > 0.0 {
                c = c + bloom_at(&glow, x, step, film.columns()) * (light.bloom * 0.4);
            }
            let dark = if step == 1 { vignette.read(x) } else { vignette.spread(column, step) };
            let mut c = (graded(c * dark, light) - V3::same(F::of(black))) * gain;
            if let Some(cube) = e.cube {
                c = looked_up(cube, c);
            }
            let eight = |c: F<S>| (c * 255.0 + dither).truncate().clamp(0, 255);
            let word = eight(c.x) | (eight(c.y) << 8) | (eight(c.z) << 16);
            let at = y * out.stride + x;
            (word | I::from_slice(&grains, x)).to_slice(&mut out.words, at);
        }
    }
}

/// The bloom at eight of our pixels.
#[inline(always)]
fn bloom_at<S: Simd>(glow: &Glow, x: usize, step: usize, stride: usize) -> V3<S> {
    if step == 1 {
        return glow.read(x);
    }
    let mut planes = [[0.0f32; 8]; 3];
    let [r, g, b] = &mut planes;
    for (k, ((r, g), b)) in r.iter_mut().zip(g).zip(b).enumerate() {
        let c = glow.one(((x + k) * step + step / 2).min(stride - 1));
        (*r, *g, *b) = (c[0], c[1], c[2]);
    }
    V3::new(F::load(&planes[0]), F::load(&planes[1]), F::load(&planes[2]))
}

/// The look's colours for eight of the screen: between four corners of the cell (Sakamoto's tetrahedra).
#[inline(always)]
fn looked_up_body<S: Simd>(cube: &Cube, c: V3<S>) -> V3<S> {
    let scale = (SIDE - 1) as f32;
    let c = c.clamp(0.0, 1.0) * scale;
    let low = V3::new(c.x.floor().at_most(scale - 1.0), c.y.floor().at_most(scale - 1.0), c.z.floor().at_most(scale - 1.0));
    let f = c - low;
    let (dx, dy, dz) = (I::<S>::of(1), I::of(SIDE as i32), I::of((SIDE * SIDE) as i32));
    let first = low.x.truncate() + low.y.truncate() * dy + low.z.truncate() * dz;
    let pick = |m: M<S>, a: I<S>, b: I<S>| I::<S>(S::iselect(m.0, a.0, b.0));
    // The largest and the least of the three parts, and the steps along their axes.
    let (xy, xz, yz) = (f.y.le(f.x), f.z.le(f.x), f.z.le(f.y));
    let most = f.x.max(f.y).max(f.z);
    let least = f.x.min(f.y).min(f.z);
    let middle = f.x + f.y + f.z - most - least;
    let largest = pick(xy & xz, dx, pick(!xy & yz, dy, dz));
    let smallest = pick(xy, pick(yz, dz, dy), pick(xz, dz, dx));
    let all = dx + dy + dz;
    let (second, third, last) = (first + largest, first + (all - smallest), first + all);
    let mut sum = V3::same(F::<S>::of(0.0));
    for (index, weight) in [(first, 1.0 - most), (second, most - middle), (third, middle - least), (last, least)] {
        let (word, ten) = (I::<S>::gather(&cube.0, index), I::of(1023));
        let c = V3::new((word & ten).float(), ((word >> 10) & ten).float(), ((word >> 20) & ten).float());
        sum = sum + c * weight;
    }
    sum * (1.0 / 1023.0)
}
piece! {
    /// The look's colours for eight of the screen.
    fn looked_up(cube: &'a Cube, c: V3<S>) -> V3<S> = looked_up_body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::plain::Plain;

    #[test]
    fn a_cube_gives_what_it_was_made_from() {
        let grade = Grade { mono: Some((0.3, 0.6, 0.1)), contrast: 1.3, tint: ((0.9, 1.0, 1.1), (1.0, 0.98, 0.9)), ..Grade::default() };
        let cube = Cube::new(&grade).expect("not the default");
        let mut rng = kinora_base::Seed(3).rng();
        for _ in 0..100 {
            let c = Vec3::new(rng.unit(), rng.unit(), rng.unit());
            let got = looked_up::<Plain>(&cube, V3::of(c));
            let want = toned(&grade, &[], c);
            for (got, want) in [got.x, got.y, got.z].map(|v| v.array()[0]).into_iter().zip(want.to_array()) {
                assert!((got - want).abs() < 0.006, "{got} is near {want} for {c}");
            }
        }
    }

    #[test]
    fn the_ends_of_a_shot_become_black_and_white() {
        for (low, high) in [(0.1f32, 0.9f32), (0.2, 0.8), (0.0, 0.7)] {
            let (black, gain) = stretch((low, high), 1.0);
            assert!(((low - black) * gain).abs() < 0.01 && ((high - black) * gain - 1.0).abs() < 0.01, "{low} and {high}: {black}, {gain}");
        }
        let (black, gain) = stretch((0.55, 0.75), 1.0);
        assert!(gain <= MOST && (0.55 - black) * gain > 0.2 && (0.75 - black) * gain < 0.8, "fog stays fog: {black}, {gain}");
        assert_eq!(stretch((0.2, 0.7), 0.0), (0.0, 1.0), "nobody asked");
    }

    #[test]
    fn a_palette_pulls_and_keeps_its_own() {
        let grade = Grade { palette: vec![(200, 30, 40), (20, 40, 120), (240, 230, 200)], draw: 1.0, ..Grade::default() };
        let palette: Vec<[f32; 3]> = grade.palette.iter().map(|c| oklab(screen(*c))).collect();
        for c in &grade.palette {
            let there = toned(&grade, &palette, screen(*c));
            assert!((there - screen(*c)).abs().max_element() < 0.02, "{c:?} stays, {there}");
        }
        let reddish = toned(&grade, &palette, Vec3::new(0.7, 0.25, 0.2));
        assert!((reddish - screen((200, 30, 40))).abs().max_element() < 0.1, "drawn to red, {reddish}");
    }
}
