//! Fragments to light: eight at a time, all of one material.
//!
//! The recipe is the art direction's "how a pixel is made": sun with wrap and soft shadow, hemisphere, camera-side
//! fill, lamps, sheen, specular, sky mirror and rim, each under its occlusion, then fog.

use crate::cube::{self, Cube};
use crate::finish::Film;
use crate::fragments::{ALL, Fragment};
use crate::geometry::{Geometry, TILE};
use crate::lanes::maths::{cell_hash, noise, noise_slope};
use crate::lanes::{F, Simd, V3, entry, map3, piece};
use crate::looks::{self, Hand, TileMarks};
use crate::mirror::{self, Mirror};
use crate::occlusion::{self, Occlusion};
use crate::scene::{Lamp, Light, Material, Relief};
use crate::shadow::{DepthMap, REACH, sunlight};
use crate::shafts::{Beams, Shafts};
use crate::sky::Air;
use crate::surface;
use crate::view::View;
use crate::wakes::{self, Trail};
use crate::waves;
use glam::Vec3;
use kinora_base::maths::cos;

/// Exposed light that a lamp gives to skin at most, however near it is.
pub(crate) const LAMP_ON_SKIN: f32 = 1.3;
/// Exposed light that leaves a surface under all lamps at most: a shirt beside a candle keeps its colour and its folds.
const UNDER_LAMPS: f32 = 1.25;

/// A lamp as shading wants it.
#[derive(Clone, Copy)]
pub(crate) struct LampUse {
    pub(crate) position: Vec3,
    pub(crate) colour: Vec3,
    pub(crate) reach: f32,
    /// Which of the cubes has its shadows.
    pub(crate) cube: Option<usize>,
    /// The axis of its beam, and the cosine at its edge.
    pub(crate) beam: Option<(Vec3, f32)>,
}

impl LampUse {
    pub(crate) fn of(l: &Lamp, cube: Option<usize>) -> Self {
        let beam = l.beam.map(|b| (b.towards.normalize_or(Vec3::NEG_Y), cos(b.spread.clamp(0.02, 1.5))));
        Self { position: l.position, colour: l.colour.vec(), reach: l.reach, cube, beam }
    }

    /// Its light at a point for a surface that faces it, over its colour. `soft` is added to the square of the distance.
    pub(crate) fn at(&self, at: Vec3, soft: f32) -> f32 {
        let d = at - self.position;
        let d2 = d.length_squared();
        let share = d2 / (self.reach * self.reach).max(1e-6);
        let edge = (1.0 - share * share).max(0.0);
        let cone = self.beam.map_or(1.0, |(towards, rim)| {
            let on = ((d.normalize_or_zero().dot(towards) - rim) / (1.0 - rim)).clamp(0.0, 1.0);
            on * on * d2.sqrt()
        });
        edge * edge * cone / (d2 + soft)
    }
}

/// Everything that shading reads.
#[derive(Clone, Copy)]
pub(crate) struct Shading<'a> {
    pub(crate) view: &'a View,
    pub(crate) air: Air,
    pub(crate) light: &'a Light,
    pub(crate) time: f32,
    pub(crate) geometry: &'a Geometry,
    pub(crate) materials: &'a [&'a Material],
    pub(crate) occlusion: &'a Occlusion,
    pub(crate) near: &'a DepthMap,
    pub(crate) wide: &'a DepthMap,
    pub(crate) lamps: &'a [LampUse],
    /// Shadows of lamps.
    pub(crate) cubes: &'a [Cube],
    /// Direction towards the camera-side fill, and its colour.
    pub(crate) fill: (Vec3, Vec3),
    /// What the look does to light, and whether it wants marks.
    pub(crate) hand: Option<Hand>,
    /// The same of the light that faces lack; for those who act alone.
    pub(crate) portrait: (Vec3, Vec3),
    /// What level surfaces mirror, if any shows.
    pub(crate) mirror: Option<&'a Mirror>,
    /// What moves on the water.
    pub(crate) wakes: &'a [Trail],
    /// Pixels of the picture to a side of one of the tile.
    pub(crate) step: usize,
}

/// Sums of one tile, and how far the nearest surface is.
pub(crate) struct Tile {
    /// Red, green, blue and weight of each pixel, and a pixel more for those who read two at once.
    pub(crate) sums: Vec<[f32; 4]>,
    /// Metres along the axis; infinite for sky.
    pub(crate) depth: Vec<f32>,
    /// Samples that no fragment covers.
    pub(crate) bare: Vec<u8>,
    /// What a look wants to know of each pixel.
    pub(crate) marks: TileMarks,
    order: Vec<Fragment>,
    count: Vec<u32>,
}

impl Default for Tile {
    fn default() -> Self {
        Self {
            sums: vec![[0.0; 4]; TILE * TILE + 1],
            depth: vec![0.0; TILE * TILE],
            bare: vec![0; TILE * TILE],
            marks: TileMarks::default(),
            order: Vec::new(),
            count: Vec::new(),
        }
    }
}

impl Tile {
    /// Shades the fragments of the tile whose first pixel is (`x`, `y`), and the sky between them.
    pub(crate) fn shade(&mut self, level: crate::lanes::Level, shading: &Shading, x: usize, y: usize, fragments: &[Fragment]) {
        self.sums.fill([0.0; 4]);
        self.depth.fill(f32::INFINITY);
        self.bare.fill(4);
        if shading.hand.is_some_and(|h| h.marks) {
            self.marks.clear();
        }
        let order = self.sort(shading, fragments);
        shade_fragments(level, self, shading, &order, x as f32, y as f32);
        self.order = order;
        self.widen(shading.step);
        shade_sky(level, self, shading, x as f32, y as f32);
    }

    /// From pixels of `step` to those of the picture.
    fn widen(&mut self, step: usize) {
        if step > 1 {
            widen(&mut self.sums[..TILE * TILE], step);
            widen(&mut self.depth, step);
            widen(&mut self.bare, step);
        }
    }

    /// Lays a layer that lets light through over the tile whose first pixel is (`x`, `y`).
    pub(crate) fn cover(&mut self, level: crate::lanes::Level, shading: &Shading, x: usize, y: usize, fragments: &[Fragment]) {
        if !fragments.is_empty() {
            let order = self.sort(shading, fragments);
            cover_fragments(level, self, shading, &order, x as f32, y as f32);
            self.order = order;
        }
    }

    /// Divides by the weights, adds what light the air before each pixel gives, and copies to the film.
    pub(crate) fn copy_to(&self, level: crate::lanes::Level, shafts: &Shafts, film: &mut Film, x: usize, y: usize) {
        divide(level, self, shafts, film, x, y);
    }

    /// Fragments by material, else in their order.
    fn sort(&mut self, shading: &Shading, fragments: &[Fragment]) -> Vec<Fragment> {
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        if fragments.windows(2).all(|two| two[0].material == two[1].material) {
            order.extend_from_slice(fragments);
            return order;
        }
        self.count.clear();
        self.count.resize(shading.materials.len() + 1, 0);
        for f in fragments {
            self.count[usize::from(f.material) + 1] += 1;
        }
        for k in 1..self.count.len() {
            self.count[k] += self.count[k - 1];
        }
        order.resize(fragments.len(), Fragment::default());
        for f in fragments {
            let next = &mut self.count[usize::from(f.material)];
            order[*next as usize] = *f;
            *next += 1;
        }
        order
    }
}

/// Spreads the first cells of a tile's plane over all of it, each over `step` by `step`.
fn widen<T: Copy>(plane: &mut [T], step: usize) {
    // From the end on, nothing is overwritten before it is read.
    for row in (0..TILE / step).rev() {
        let (from, to) = (row * TILE, row * step * TILE);
        for k in (0..TILE / step).rev() {
            let cell = plane[from + k];
            plane[to + k * step..][..step].fill(cell);
        }
        for copy in 1..step {
            plane.copy_within(to..to + TILE, to + copy * TILE);
        }
    }
}

/// The four pixels of a fragment's block, in a tile's planes.
#[inline(always)]
fn block(f: &Fragment) -> [usize; 4] {
    let at = usize::from(f.block[1]) * TILE + usize::from(f.block[0]);
    [at, at + 1, at + TILE, at + TILE + 1]
}

entry! {
    fn shade_fragments(tile: &mut Tile, shading: &Shading, fragments: &[Fragment], x: f32, y: f32) = fragments_kernel
}
entry! {
    fn cover_fragments(tile: &mut Tile, shading: &Shading, fragments: &[Fragment], x: f32, y: f32) = cover_kernel
}
entry! {
    fn divide(tile: &Tile, shafts: &Shafts, film: &mut Film, x: usize, y: usize) = divide_kernel
}
entry! {
    fn shade_sky(tile: &mut Tile, shading: &Shading, x: f32, y: f32) = sky_kernel
}

#[inline(always)]
fn divide_kernel<S: Simd>(tile: &Tile, shafts: &Shafts, film: &mut Film, x: usize, y: usize) {
    let (w, h) = (TILE.min(film.columns() - x), TILE.min(film.height - y));
    let mut beams = Beams::default();
    let sums = tile.sums.as_flattened();
    for row in 0..h {
        film.ahead::<S>(y + row + 1, x);
        if shafts.on {
            beams.reach::<S>(shafts, x, y + row);
        }
        for column in (0..w).step_by(8) {
            let at = row * TILE + column;
            let mut two = [F::<S>::of(0.0).0; 8];
            for (k, two) in two.iter_mut().enumerate() {
                *two = F::<S>::from_slice(sums, (at + k) * 4).0;
            }
            let [r, g, b, weight, ..] = S::transpose(two).map(F::<S>);
            let over = 1.0 / weight.at_least(1e-12);
            let mut colour = V3::new(r, g, b) * over;
            if shafts.on {
                colour = colour + V3::of(shafts.colour) * beams.before(shafts, x + column, F::from_slice(&tile.depth, at));
            }
            film.write((y + row) * film.stride + x + column, colour);
        }
    }
}

/// Pixels between the points where the sky is made; it is mixed between them.
const GRID: usize = 4;
/// Points in a row of the grid of a tile, a multiple of eight.
const POINTS: usize = 24;

/// Whether samples of any pixel are bare. (Looking for the first of them takes one step a pixel.)
#[inline(always)]
fn any_bare(bare: &[u8]) -> bool {
    bare.iter().fold(0, |all, b| all | b) != 0
}

#[inline(always)]
fn sky_kernel<S: Simd>(tile: &mut Tile, shading: &Shading, x: f32, y: f32) {
    if !any_bare(&tile.bare) {
        return;
    }
    let view = shading.view;
    let mut grid = [[0.0f32; POINTS * (TILE / GRID + 1)]; 4];
    for row in 0..=TILE / GRID {
        // A row of points serves the pixel rows on both sides of it.
        let from = row.saturating_sub(1) * GRID * TILE;
        if !any_bare(&tile.bare[from..((row + 1) * GRID * TILE).min(TILE * TILE)]) {
            continue;
        }
        for column in (0..POINTS).step_by(8) {
            let px = (F::<S>::ramp() + column as f32) * GRID as f32 + (x + 0.5);
            let d = ray(view, px, F::of((row * GRID) as f32 + y + 0.5)).unit();
            let (sky, cover) = shading.air.sky(d);
            let far = (60.0 / d.y.abs().at_least(0.015)).at_most(4000.0);
            let sky = shading.air.fogged(sky, d, far, view.eye.y, d.y.at_least(0.0) * 2000.0 + view.eye.y);
            for (plane, v) in grid.iter_mut().zip([sky.x, sky.y, sky.z, cover]) {
                v.to_slice(plane, row * POINTS + column);
            }
        }
    }
    let part = F::<S>::load(&[0.0, 0.25, 0.5, 0.75, 0.0, 0.25, 0.5, 0.75]);
    for k in (0..TILE * TILE).step_by(8) {
        let bare: &[u8; 8] = tile.bare[k..k + 8].try_into().expect("eight lanes");
        if *bare == [0; 8] {
            continue;
        }
        let (column, row) = (k % TILE, k / TILE);
        let (at, down) = (row / GRID * POINTS + column / GRID, (row % GRID) as f32 / GRID as f32);
        let mut value = [F::<S>::of(0.0); 4];
        for (value, plane) in value.iter_mut().zip(&grid) {
            let mut three = [0.0f32; 3];
            for (i, v) in three.iter_mut().enumerate() {
                *v = plane[at + i] + (plane[at + i + POINTS] - plane[at + i]) * down;
            }
            let [a, b, c] = three;
            *value = F::load(&[a, a, a, a, b, b, b, b]).mix(F::load(&[b, b, b, b, c, c, c, c]), part);
        }
        let (px, py) = (F::<S>::ramp() + (column as f32 + x + 0.5), F::<S>::of(row as f32 + y + 0.5));
        let sky = shading.air.lights(V3::new(value[0], value[1], value[2]), ray(view, px, py).unit(), value[3]);
        let mut share = [0.0f32; 8];
        for (share, bare) in share.iter_mut().zip(bare) {
            *share = f32::from(*bare) * 0.25;
        }
        add(tile, k, sky, F::load(&share));
    }
}

#[inline(always)]
fn ray<S: Simd>(view: &View, x: F<S>, y: F<S>) -> V3<S> {
    let (u, v) = ((x - view.cx) * (1.0 / view.focal), (y - view.cy) * (-1.0 / view.focal));
    V3::of(view.forward) + V3::of(view.right) * u + V3::of(view.up) * v
}

/// Adds eight neighbours with weights that keep bright edges from shimmering.
#[inline(always)]
fn add<S: Simd>(tile: &mut Tile, k: usize, colour: V3<S>, share: F<S>) {
    let weight = share / (1.0 + colour.most());
    let rows = pixels((colour * weight).with(weight));
    for (sum, row) in tile.sums[k..k + 8].iter_mut().zip(&rows) {
        for (sum, v) in sum.iter_mut().zip(row) {
            *sum += v;
        }
    }
}

/// From lanes of red, green, blue and weight to pixels.
#[inline(always)]
fn pixels<S: Simd>([r, g, b, w]: [F<S>; 4]) -> [[f32; 4]; 8] {
    let rows = S::transpose([r.0, g.0, b.0, w.0, r.0, g.0, b.0, w.0]);
    let mut out = [[0.0; 4]; 8];
    for (out, row) in out.iter_mut().zip(rows) {
        let [r, g, b, w, ..] = F::<S>(row).array();
        *out = [r, g, b, w];
    }
    out
}

/// Eight fragments as shading sees them.
pub(crate) struct Points<S: Simd> {
    x: F<S>,
    y: F<S>,
    inverse: F<S>,
    z: F<S>,
    normal: V3<S>,
    open: F<S>,
    rest: V3<S>,
    tint: V3<S>,
}

#[inline(always)]
fn gather_points_body<S: Simd>(geometry: &Geometry, eight: &[Fragment; 8], [x, y, step]: [f32; 3]) -> Points<S> {
    let mut at = [[0.0f32; 8]; 2];
    let mut rows = [[F::<S>::of(0.0).0; 8]; 2];
    for (k, f) in eight.iter().enumerate() {
        at[0][k] = x + (f32::from(f.block[0]) + f32::from(f.point[0]) * (1.0 / 64.0)) * step;
        at[1][k] = y + (f32::from(f.block[1]) + f32::from(f.point[1]) * (1.0 / 64.0)) * step;
        let t = &geometry.triangles[f.triangle as usize];
        rows[0][k] = S::load(&t.slopes);
        rows[1][k] = S::load(&t.rest);
    }
    let (p, q) = (S::transpose(rows[0]), S::transpose(rows[1]));
    let (px, py) = (F::load(&at[0]), F::load(&at[1]));
    let (dx, dy) = (px - F(p[6]), py - F(p[7]));
    let e0 = (F::<S>(q[0]) + F(p[0]) * dx + F(p[3]) * dy).at_least(0.0);
    let e1 = (F::<S>(q[1]) + F(p[1]) * dx + F(p[4]) * dy).at_least(0.0);
    let e2 = (F::<S>(q[2]) + F(p[2]) * dx + F(p[5]) * dy).at_least(0.0);
    let sum = (e0 + e1 + e2).at_least(1e-30);
    let share = 1.0 / sum;
    let inverse = (sum * F(q[3])).at_least(1e-6).at_most(1.0 / crate::view::NEAR);
    let weights = [(e0 * share).array(), (e1 * share).array(), (e2 * share).array()];
    let mut low = [F::<S>::of(0.0).0; 8];
    let mut high = low;
    for (k, f) in eight.iter().enumerate() {
        let t = &geometry.triangles[f.triangle as usize];
        let (mut a, mut b) = (F::<S>::of(0.0), F::<S>::of(0.0));
        for (i, w) in weights.iter().enumerate() {
            let c = &geometry.corners[t.corner(i)].0;
            a = a + F::from_slice(c, 0) * w[k];
            b = b + F::from_slice(c, 8) * w[k];
        }
        (low[k], high[k]) = (a.0, b.0);
    }
    let (a, b) = (S::transpose(low), S::transpose(high));
    Points {
        x: px,
        y: py,
        inverse,
        z: 1.0 / inverse,
        normal: V3::new(F(a[0]), F(a[1]), F(a[2])).unit(),
        open: F(a[3]),
        rest: V3::new(F(a[4]), F(a[5]), F(a[6])),
        tint: V3::new(F(b[0]), F(b[1]), F(b[2])),
    }
}

/// Fetches the corners of the next eight fragments, and the triangles of those after them.
#[inline(always)]
fn fetch<S: Simd>(geometry: &Geometry, fragments: &[Fragment], from: usize) {
    let mut last = u32::MAX;
    for f in fragments.iter().skip(from).take(8).filter(|f| f.triangle != std::mem::replace(&mut last, f.triangle)) {
        let t = &geometry.triangles[f.triangle as usize];
        for k in 0..3 {
            S::ahead(&geometry.corners, t.corner(k));
        }
    }
    for f in fragments.iter().skip(from + 8).take(8) {
        S::ahead(&geometry.triangles, f.triangle as usize);
    }
}

#[inline(always)]
fn fragments_kernel<S: Simd>(tile: &mut Tile, shading: &Shading, fragments: &[Fragment], x: f32, y: f32) {
    let mut from = 0;
    while from < fragments.len() {
        let material = fragments[from].material;
        let mut to = from + 1;
        while to < fragments.len() && to < from + 8 && fragments[to].material == material {
            to += 1;
        }
        let eight: [Fragment; 8] = std::array::from_fn(|k| fragments[(from + k).min(to - 1)]);
        fetch::<S>(shading.geometry, fragments, to);
        let points = gather_points::<S>(shading.geometry, &eight, [x, y, shading.step as f32]);
        let cast = shading.geometry.cast.get(usize::from(material)).copied().unwrap_or(false);
        let colour = light(shading, shading.materials[usize::from(material)], cast, &points);
        if let Some(hand) = shading.hand.as_ref().filter(|h| h.marks) {
            let seen = (shading.geometry, shading.view, hand);
            looks::mark(&mut tile.marks, seen, shading.materials[usize::from(material)], &eight[..to - from], points.rest, points.normal, points.z);
        }
        scatter(tile, &eight[..to - from], colour, points.z);
        from = to;
    }
}

/// Surfaces over what lies behind them: they cover by their opacity, by what they mirror at their edges, and where they glint.
#[inline(always)]
fn cover_kernel<S: Simd>(tile: &mut Tile, shading: &Shading, fragments: &[Fragment], x: f32, y: f32) {
    let mut from = 0;
    while from < fragments.len() {
        let material = fragments[from].material;
        let mut to = from + 1;
        while to < fragments.len() && to < from + 8 && fragments[to].material == material {
            to += 1;
        }
        let eight: [Fragment; 8] = std::array::from_fn(|k| fragments[(from + k).min(to - 1)]);
        let points = gather_points::<S>(shading.geometry, &eight, [x, y, shading.step as f32]);
        let m = shading.materials[usize::from(material)];
        let cast = shading.geometry.cast.get(usize::from(material)).copied().unwrap_or(false);
        let colour = light(shading, m, cast, &points).clamp(0.0, 1e4);
        let v = ray(shading.view, points.x, points.y).unit() * -1.0;
        let edge = 1.0 - points.normal.dot(v).abs();
        let fresnel = edge.squared() * edge * (0.20 + 0.55 * m.mirror.clamp(0.0, 1.0));
        let glint = ((colour.most() - 0.9) * 0.5).clamp01();
        let opacity = m.opacity.clamp(0.0, 1.0);
        let cover = (fresnel * (1.0 - opacity) + opacity).max(glint).array();
        let colours = pixels(colour.with(F::of(1.0)));
        for (k, f) in fragments[from..to].iter().enumerate() {
            for (pixel, at) in block(f).into_iter().enumerate() {
                let covers = COUNT[usize::from(f.covers >> (pixel * 4) & 15)];
                let share = f32::from(covers) * 0.25 * cover[k];
                let [sums @ .., weight] = &mut tile.sums[at];
                for (sum, c) in sums.iter_mut().zip(colours[k]) {
                    *sum += (c * *weight - *sum) * share;
                }
            }
        }
        from = to;
    }
}

#[inline(always)]
fn scatter<S: Simd>(tile: &mut Tile, fragments: &[Fragment], colour: V3<S>, z: F<S>) {
    // What is not a number would blacken its surroundings in the bloom.
    let colour = colour.clamp(0.0, 1e4);
    let weight = 1.0 / (1.0 + colour.most());
    let shares = pixels((colour * weight).with(weight));
    let (colours, z) = (pixels(colour.with(F::of(1.0))), z.array());
    for (k, f) in fragments.iter().enumerate() {
        let whole = f.covers == ALL;
        for (pixel, at) in block(f).into_iter().enumerate() {
            if whole {
                tile.sums[at] = colours[k];
                tile.depth[at] = z[k];
                tile.bare[at] = 0;
                continue;
            }
            let covers = COUNT[usize::from(f.covers >> (pixel * 4) & 15)];
            if covers != 0 {
                let share = f32::from(covers) * 0.25;
                for (sum, v) in tile.sums[at].iter_mut().zip(shares[k]) {
                    *sum += v * share;
                }
                tile.depth[at] = tile.depth[at].min(z[k]);
                tile.bare[at] -= covers;
            }
        }
    }
}

/// How many of four bits are set.
const COUNT: [u8; 16] = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];

/// GGX with Schlick's Fresnel and Smith's masking, times the cosine.
#[inline(always)]
fn specular_body<S: Simd>(n: V3<S>, v: V3<S>, ndv: F<S>, l: V3<S>, ndl: F<S>, rough: F<S>, f0: f32) -> F<S> {
    let h = (l + v).unit();
    let (nh, vh) = (n.dot(h).at_least(0.0), v.dot(h).at_least(0.0));
    let a2 = rough.squared().squared().at_least(1e-4);
    let d = a2 / ((nh * nh * (a2 - 1.0) + 1.0).squared() * std::f32::consts::PI);
    let c = 1.0 - vh;
    let fresnel = c.squared().squared() * c * (1.0 - f0) + f0;
    let k = (rough + 1.0).squared() * 0.125;
    let nl = ndl.at_least(0.0);
    let g = 0.25 / ((ndv * (1.0 - k) + k) * (nl * (1.0 - k) + k));
    (d * fresnel * g * nl).at_most(8.0)
}

/// Occlusion in the colour of what it darkens (Jimenez 2016): grey looks dirty on skin and fur.
#[inline(always)]
fn tinted<S: Simd>(ao: F<S>, albedo: V3<S>) -> V3<S> {
    map3!(albedo, c => {
        let c = c.at_most(1.0);
        let (p, q, r) = (c * 2.0404 - 0.3324, c * -4.7951 + 0.6417, c * 2.7552 + 0.6903);
        ao.max(((ao * p + q) * ao + r) * ao)
    })
}

#[inline(always)]
fn light_body<S: Simd>(s: &Shading, m: &Material, cast: bool, p: &Points<S>) -> V3<S> {
    let (air, rig) = (&s.air, s.light);
    let towards = ray(s.view, p.x, p.y);
    let world = V3::of(s.view.eye) + towards * p.z;
    let distance = towards.length() * p.z;
    let d = towards.unit();
    let v = d * -1.0;
    let leaf = m.translucency > 0.0;
    let mut smooth = p.normal;
    if leaf || m.two_sided {
        let away = smooth.dot(v).lt(F::of(0.0));
        smooth = map3!(smooth, c => away.select(-c, c));
    }
    let pixel = p.z * (s.step as f32 / s.view.focal);
    let least = pixel.least();
    let near = occlusion::read(s.occlusion, p.x, p.y, p.inverse);
    let ao = near.x * (p.open * 0.75 + 0.25);
    let (sky, cover) = (near.y, near.z);
    let snow = if rig.snow > 0.0 && m.takes_snow && !rig.indoors { snow(world, smooth.y, cover, rig.snow) } else { F::of(0.0) };
    // Paint under snow is not seen. Of water, the tint is its depth.
    let liquid = m.relief == Relief::Ripples;
    let tint = if liquid { V3::same(F::of(1.0)) } else { p.tint };
    let mut albedo = if snow.lt(F::of(1.0)).any() { surface::albedo(m, p.rest, smooth, tint, least) } else { V3::same(F::of(0.0)) };
    if m.emission.luminance() > 0.0 {
        let glow = V3::of(m.emission.vec()) + albedo * V3::of(air.horizon * 0.2);
        return air.fogged(glow, d, distance, s.view.eye.y, world.y);
    }
    let mut n = surface::bumped(m, smooth, p.rest, pixel, least);
    let mut rough = F::<S>::of(m.roughness.clamp(0.05, 1.0));
    let mut sheen = F::<S>::of(m.sheen);
    let mut f0 = m.specular;
    let mut foam = F::<S>::of(0.0);
    if liquid {
        let carried = world - V3::of(m.flow * s.time);
        n = ripples(n, carried, s.time, m.relief_mm, m.relief_scale, pixel);
        let water = water(m, carried, n, p.tint.x, s.time, pixel);
        (n, foam) = (water.normal, water.foam);
        albedo = water.albedo;
        if !s.wakes.is_empty() {
            let stirred = wakes::stirred(s.wakes, world, s.time, pixel);
            n = V3::new(n.x - stirred.along_x, n.y, n.z - stirred.along_z).unit();
            foam = foam.max(stirred.foam);
            albedo = albedo.mix(V3::of(wakes::FOAM), stirred.foam);
        }
        rough = rough.mix(F::of(0.9), foam);
    }
    if snow.above(0.0).any() {
        albedo = albedo.mix(V3::of(Vec3::new(0.86, 0.89, 0.95)), snow);
        rough = rough.mix(F::of(0.6), snow);
        sheen = sheen.mix(F::of(0.4), snow);
        n = (n.mix(smooth, snow * 0.7)).unit();
    }
    // How still water stands on the ground, and how much else of it mirrors.
    let (mut pool, mut film) = (F::<S>::of(0.0), F::<S>::of(0.0));
    if rig.wet > 0.0 && !rig.indoors && !liquid && !cast {
        let wet = smooth.y.smooth(0.2, 0.9) * (cover * rig.wet);
        let level = smooth.y.smooth(0.94, 0.995);
        if level.above(0.0).any() {
            pool = (noise(world * 0.55) * 0.62 + noise(world * 1.7) * 0.38).smooth(-0.12, 0.22) * level * wet;
        }
        film = wet * level;
        albedo = albedo * (1.0 - wet * 0.45);
        rough = rough.mix(F::of(0.35), wet).mix(F::of(0.08), pool);
        n = n.mix(smooth, pool).unit();
        if pool.above(0.0).any() {
            n = splashed(n, world, s.time, pool, pixel);
        }
    }
    let ndv = n.dot(v).at_least(0.02);
    let ndl = n.dot_with(air.sun_direction);
    let sun_direction = V3::of(air.sun_direction);
    let occluded = tinted(ao, albedo);
    let metal = f0 > 0.3;
    let tint_of_shine = if metal { albedo } else { V3::same(F::of(1.0)) };
    if metal {
        f0 = f0.min(0.95);
    }
    let base = if metal { albedo * (1.0 - f0) } else { albedo };

    // Sun: wrapped diffuse, specular, through leaves.
    let mut shadow = shadow(s, world, smooth, ndl, leaf || m.wrap != Vec3::ZERO);
    if let Some(hand) = &s.hand {
        shadow = hand.lit(shadow, world);
    }
    let mut sun = V3::of(air.sun) * shadow;
    if rig.caustics > 0.0 {
        sun = sun * caustics(world, s.time, rig.caustics);
    }
    let wrapped = diffuse(m, ndl);
    let mut out = base * sun * wrapped;
    out = out + tint_of_shine * sun * specular(n, v, ndv, sun_direction, ndl, rough, f0);
    if leaf {
        let through = (-ndl).at_least(0.0) + d.dot_with(air.sun_direction).at_least(0.0).squared() * 0.25;
        out = out + base * sun.times(Vec3::new(1.1, 1.0, 0.55)) * (through * m.translucency);
    }

    // Sky and ground.
    let around = air.hemisphere(n) * rig.ambient;
    let open_sky = if rig.indoors { F::of(1.0) } else { 1.0 - (1.0 - sky) * (n.y * 0.5 + 0.5).at_least(0.35) };
    let ambient = around * open_sky;
    out = out + base * ambient * occluded;

    // Fill from beside the lens.
    let (fill_direction, fill) = s.fill;
    let facing = (n.dot_with(fill_direction) * 0.5 + 0.5).squared();
    out = out + base * V3::of(fill) * occluded * facing;
    if m.roughness < 0.7 {
        let shine = specular(n, v, ndv, V3::of(fill_direction), n.dot_with(fill_direction), (rough + 0.25).at_most(1.0), f0);
        out = out + tint_of_shine * V3::of(fill) * (shine * ao * 0.3);
    }

    // What the face that matters lacks, on those who act: on dark fur it shows by its sheen.
    let (key_direction, key) = s.portrait;
    if cast && key != Vec3::ZERO {
        let facing = (n.dot_with(key_direction) * 0.5 + 0.5).squared();
        let gloss = (1.0 - ndv) * 0.13 + 0.030;
        out = out + (base * occluded + V3::same(gloss * ao)) * V3::of(key) * facing;
        let shine = specular(n, v, ndv, V3::of(key_direction), n.dot_with(key_direction), (rough + 0.15).at_most(1.0), f0);
        out = out + tint_of_shine * V3::of(key) * (shine * ao * 0.6);
    }

    out = out + lamps(s, m, base, world, n, v, ndv, rough, f0) * ao;

    // Edges: sky mirrored, cloth's sheen, the sky's rim.
    let edge = 1.0 - ndv;
    let edge5 = edge.squared().squared() * edge;
    let fresnel = edge5 * ((1.0 - rough).at_least(f0) - f0) + f0;
    let mirrored = n * (n.dot(v) * 2.0) - v;
    out = out + tint_of_shine * air.hemisphere(mirrored) * (fresnel * (1.0 - rough * 0.6) * ao * open_sky * rig.ambient);
    if m.mirror > 0.0 {
        let up = V3::new(mirrored.x, mirrored.y.abs(), mirrored.z);
        let mut seen = if rig.indoors { air.hemisphere(up) } else { air.clear(up.unit()) };
        if liquid {
            // Far waves are seen from their near sides, which mirror the sky higher up.
            let level = level_at(s, world, smooth);
            if let Some(mirror) = s.mirror.filter(|_| level.any()) {
                let seen_there = mirror::reflection(mirror, p.x, p.y, n);
                seen = map_select(level, seen_there, seen);
            }
        }
        // Water is seen from low: it mirrors a little more than by Fresnel.
        let turned = if liquid { edge5.mix(edge.squared() * edge, F::of(0.45)) } else { edge5 };
        let strength = (turned * (1.0 - f0.max(0.02)) + f0.max(0.02)) * m.mirror;
        out = out.mix(tint_of_shine * seen, (strength * (1.0 - foam * 0.85) * (ao * 0.6 + 0.4)).clamp01());
    }
    // Puddles, wet stone and polished floors.
    if let Some(mirror) = s.mirror.filter(|_| !liquid && !cast && mirror::ground_mirrors(rig)) {
        let level = level_at(s, world, smooth);
        let shine = pool * (edge.squared() * 0.62 + 0.20) + (1.0 - pool) * film * (edge.squared() * edge * 0.46 - 0.02).at_least(0.0);
        let polished = smooth.y.smooth(0.97, 0.995) * (edge.squared() * edge * 0.55 + 0.09) * (rig.polish * ((1.0 - m.roughness) * 0.8 + 0.4));
        let strength = level.select(shine + polished, F::of(0.0));
        if strength.above(0.012).any() {
            let seen = mirror::reflection(mirror, p.x, p.y, n);
            out = out.mix(seen, strength.clamp01() * (ao * 0.5 + 0.5));
        }
    }
    if m.sheen > 0.0 || rig.snow > 0.0 {
        let k = edge.squared() * edge.sqrt() * sheen;
        let glow = ambient * ao + sun * ((ndl * 0.5 + 0.5).at_least(0.0) * 0.25);
        out = out + (base * 0.6 + V3::same(F::of(0.12))) * glow * k;
    }
    if !rig.indoors {
        let k = edge.smooth(0.55, 0.95) * (n.y * 0.5 + 0.6).at_least(0.0) * ao * sky;
        out = out + (base * 0.7 + V3::same(F::of(0.08))) * V3::of(rig.rim.vec()) * k;
    }
    if let Some(hand) = &s.hand {
        out = hand.stepped(out, albedo);
    }
    air.fogged(out, d, distance, s.view.eye.y, world.y)
}

/// Which points lie on the level that mirrors.
#[inline(always)]
fn level_at<S: Simd>(s: &Shading, world: V3<S>, smooth: V3<S>) -> crate::lanes::M<S> {
    let level = s.mirror.map_or(f32::MAX, |m| m.level);
    (world.y - level).abs().lt(F::of(mirror::NEAR_LEVEL)) & smooth.y.above(0.9)
}

#[inline(always)]
fn map_select<S: Simd>(mask: crate::lanes::M<S>, yes: V3<S>, no: V3<S>) -> V3<S> {
    V3::new(mask.select(yes.x, no.x), mask.select(yes.y, no.y), mask.select(yes.z, no.z))
}

/// Water at points: normals with the swell, foam, and what colour is seen in it.
pub(crate) struct Water<S: Simd> {
    normal: V3<S>,
    foam: F<S>,
    albedo: V3<S>,
}

/// Foam lies at the shore, where it washes to and fro and runs in on lines, and on the crests of the sea.
#[inline(always)]
fn water_body<S: Simd>(m: &Material, world: V3<S>, n: V3<S>, depth: F<S>, time: f32, pixel: F<S>) -> Water<S> {
    let mut normal = n;
    let sea = (m.swell * 8.0).clamp(0.0, 1.0);
    let mut crest = F::<S>::of(0.0);
    if m.swell > 0.0 {
        let (height, sx, sz) = waves::heights(world, time, pixel);
        normal = V3::new(n.x - sx * m.swell, n.y, n.z - sz * m.swell).unit();
        crest = height.smooth(0.42, 0.95) * (m.swell * 3.5).clamp(0.0, 1.0);
    }
    let shallow = (1.0 - depth * (1.0 / 1.6)).clamp01();
    // Shallow water is paler, and the ground shows through it: the last coat, which covers nothing, has its colour.
    let ground = m.coats.last().filter(|c| c.amount <= 0.0).map_or(m.colour.vec(), |c| c.colour.vec());
    let pale = m.colour.vec() * 1.9 + Vec3::new(0.010, 0.035, 0.030);
    let clear = (1.0 - depth * 3.2).clamp01().squared();
    let mut albedo = V3::of(m.colour.vec()).mix(V3::of(pale), shallow.squared()).mix(V3::of(ground), clear * 0.85);
    let mut foam = F::<S>::of(0.0);
    if crest.above(0.0).any() || depth.lt(F::of(1.2)).any() {
        let slow = time * 0.11;
        let lace =
            noise(V3::new(world.x * 2.6, F::of(slow * 2.0), world.z * 2.6)) * 0.6 + noise(V3::new(world.x * 7.3, F::of(slow * 4.0), world.z * 7.3)) * 0.4;
        let wander = noise(V3::new(world.x * 0.45, F::of(slow), world.z * 0.45));
        // The edge of the water, and two lines of surf that run in.
        let edge = (0.30 - depth * 3.4 + lace * 0.5 + wander * 0.15).smooth(0.0, 0.34);
        let t = depth * 1.5 + wander * 0.30 + time * 0.16;
        let t = t - t.floor();
        let line = (1.0 - t * 4.5).at_least(0.0).squared() * (1.0 - depth * 1.05).clamp01();
        let surf = (line * 1.5 + lace * 0.55 - 0.25).smooth(0.0, 0.5) * line.smooth(0.0, 0.12);
        let near_shore = edge.max(surf * sea) * (0.22 + 0.78 * sea);
        foam = near_shore.max((crest + lace * 0.75 - 0.62).smooth(0.0, 0.45) * 0.85);
        albedo = albedo.mix(V3::of(wakes::FOAM), foam);
    }
    Water { normal, foam, albedo }
}

/// The net of light that waves throw on the ground under them.
#[inline(always)]
fn caustics_body<S: Simd>(world: V3<S>, time: f32, strength: f32) -> F<S> {
    let (x, z) = (world.x + world.y * 0.3, world.z + world.y * 0.2);
    let a = noise(V3::new(x * 1.25, F::of(time * 0.55), z * 1.25));
    let b = noise(V3::new(x * 1.9 + 7.3, F::of(time * 0.7 + 3.0), z * 1.9));
    let line = (1.0 - a.abs() * 2.6).at_least(0.0).squared() + (1.0 - b.abs() * 2.9).at_least(0.0).squared() * 0.8;
    1.0 + (line * 1.5 - 0.55) * strength
}

/// Rings of drops on puddles.
#[inline(always)]
fn splashed_body<S: Simd>(n: V3<S>, world: V3<S>, time: f32, pool: F<S>, pixel: F<S>) -> V3<S> {
    let fade = 1.0 / (1.0 + (pixel * 40.0).squared());
    if !fade.above(0.05).any() {
        return n;
    }
    let (mut gx, mut gz) = (F::<S>::of(0.0), F::<S>::of(0.0));
    for (k, often) in [2.6f32, 3.9].into_iter().enumerate() {
        // A drop for each cell of the ground and each beat of its own.
        let beat = F::of(time * (1.5 + 0.4 * k as f32));
        let (chance, _) = cell_hash(V3::new(world.x * often, F::of(k as f32 * 9.0 + 0.5), world.z * often));
        let t = beat + chance * 3.0;
        let age = t - t.floor();
        let (lucky, within) = cell_hash(V3::new(world.x * often, t.floor() + 0.5, world.z * often));
        let (dx, dz) = (within.x - 0.5 - lucky * 0.2, within.z - 0.5 + lucky * 0.2);
        let d = (dx * dx + dz * dz).sqrt().at_least(1e-3);
        let off = (d - age * 0.36) * 9.0;
        let ring = (1.0 - off.abs()).at_least(0.0) * (1.0 - age) * fade;
        let steep = off.above(0.0).select(ring, -ring) * 0.35;
        gx = gx + steep * dx / d;
        gz = gz + steep * dz / d;
    }
    V3::new(n.x + gx * pool, n.y, n.z + gz * pool).unit()
}

/// How much snow lies on surfaces that look up by `up`, 0..1, in the open by `cover`.
#[inline(always)]
fn snow_body<S: Simd>(world: V3<S>, up: F<S>, cover: F<S>, fallen: f32) -> F<S> {
    let open = (cover * 2.2 - 1.0).clamp01() * fallen;
    // Drifts move the border by 0.19 at most, where there is snow at all.
    let border = up.above(0.1) & up.lt(F::of(0.78)) & open.above(0.0);
    if !border.any() {
        return up.above(0.5).select(open, F::of(0.0));
    }
    let drift = noise(world * 3.0) * 0.5 + noise(world * 6.1) * 0.25;
    (up + drift * 0.25).smooth(0.30, 0.58) * open
}

#[inline(always)]
fn wrap<S: Simd>(ndl: F<S>, k: f32) -> F<S> {
    ((ndl + k) * (1.0 / (1.0 + k))).at_least(0.0) * (1.0 / (1.0 + 0.5 * k))
}

#[inline(always)]
fn diffuse<S: Simd>(m: &Material, ndl: F<S>) -> V3<S> {
    if m.wrap == Vec3::ZERO {
        let k = 0.12 * m.sheen;
        return V3::same(((ndl + k) * (1.0 / (1.0 + k))).at_least(0.0));
    }
    // The far end of the wrap would be pure red; it fades before.
    V3::new(wrap(ndl, m.wrap.x), wrap(ndl, m.wrap.y), wrap(ndl, m.wrap.z)) * ndl.smooth(-0.3, 0.2)
}

/// How much of the sun reaches points: the near map where it lies, else the wide one, else all.
#[inline(always)]
fn shadow_body<S: Simd>(s: &Shading, world: V3<S>, n: V3<S>, ndl: F<S>, through: bool) -> F<S> {
    if s.air.sun.max_element() <= 0.0 || (!through && !ndl.above(-0.2).any()) {
        return F::of(if s.air.sun.max_element() <= 0.0 { 0.0 } else { 1.0 });
    }
    let size = s.light.sun_size.clamp(0.002, 0.5);
    let at = s.near.locate(world + n * (s.near.texel() * 1.5));
    let inside = s.near.holds(at, REACH);
    // The fine map ends softly, where the coarse one goes on.
    let side = s.near.size as f32 * 0.5;
    let off = (at.x - side).abs().max((at.y - side).abs());
    let share = ((side - REACH - off) * (1.0 / s.near.mixed())).clamp01();
    let mut lit = F::of(1.0);
    if share.lt(F::of(1.0)).any() {
        let at = s.wide.locate(world + n * (s.wide.texel() * 1.5));
        let far = sunlight(s.wide, at, size);
        let off = (at.x - side).abs().max((at.y - side).abs());
        let fade = ((side - REACH - off) * (1.0 / 64.0)).clamp01();
        lit = s.wide.holds(at, REACH).select(1.0 - (1.0 - far) * fade, lit);
    }
    if inside.any() {
        lit = inside.select(lit.mix(sunlight(s.near, at, size), share), lit);
    }
    lit
}

#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "the terms of one formula")]
fn lamps_body<S: Simd>(s: &Shading, m: &Material, base: V3<S>, world: V3<S>, n: V3<S>, v: V3<S>, ndv: F<S>, rough: F<S>, f0: f32) -> V3<S> {
    let mut sum = V3::same(F::of(0.0));
    for lamp in s.lamps {
        let l = V3::of(lamp.position) - world;
        let d2 = l.dot(l);
        let edge = (1.0 - (d2 * (1.0 / (lamp.reach * lamp.reach))).squared()).at_least(0.0).squared();
        if !edge.above(0.0).any() {
            continue;
        }
        let mut fall = edge / (d2 + 0.03);
        if let Some((towards, rim)) = lamp.beam {
            let d = d2.sqrt();
            let on = ((l.dot_with(towards * -1.0) / d.at_least(1e-3) - rim) * (1.0 / (1.0 - rim))).clamp01();
            fall = fall * on.squared() * d;
            if !fall.above(0.0).any() {
                continue;
            }
        }
        if m.wrap.x > 0.0 {
            // A flame beside a cheek shows its colour and leaves that of the skin.
            fall = fall / (fall * (lamp.colour.max_element() * s.light.exposure / LAMP_ON_SKIN) + 1.0);
        }
        // Only light that counts is worth a look at what stands in its way.
        if let Some(cube) = lamp.cube.and_then(|k| s.cubes.get(k)).filter(|_| (fall * lamp.colour.max_element()).above(0.03).any()) {
            fall = fall * cube::reaches(cube, l * -1.0, n);
            if !fall.above(0.0).any() {
                continue;
            }
        }
        let l = l.unit();
        let ndl = n.dot(l);
        let shine = specular(n, v, ndv, l, ndl, rough.at_least(0.3), f0);
        sum = sum + (base * diffuse(m, ndl) + V3::same(shine)) * V3::of(lamp.colour) * fall;
    }
    // What is well lit stays as it is: two thirds of the most come out as 0.64 of it.
    let most = sum.most() * (s.light.exposure / UNDER_LAMPS);
    if !most.above(0.25).any() {
        return sum;
    }
    sum * (1.0 / (most.squared().squared() + 1.0).sqrt().sqrt())
}

/// Moving water: waves of three sizes in the world's x and z.
#[inline(always)]
fn ripples_body<S: Simd>(n: V3<S>, world: V3<S>, time: f32, millimetres: f32, scale: f32, pixel: F<S>) -> V3<S> {
    let mut gx = F::<S>::of(0.0);
    let mut gz = F::<S>::of(0.0);
    for (frequency, strength, drift) in [(1.3, 1.0, 0.35), (3.7, 0.45, -0.55), (9.1, 0.2, 0.8)] {
        let f = frequency * scale;
        let q = V3::new(world.x * f + time * drift, F::of(time * (0.4 + 0.2 * frequency)), world.z * f - time * drift * 0.7);
        let fade = 1.0 / (1.0 + (pixel * (f * 1.4)).squared());
        let g = noise_slope(q).1;
        gx = gx + g.x * fade * (strength * f);
        gz = gz + g.z * fade * (strength * f);
    }
    let k = millimetres * 0.001;
    V3::new(n.x - gx * k, n.y, n.z - gz * k).unit()
}

piece! {
    /// GGX specular times the cosine.
    fn specular(n: V3<S>, v: V3<S>, ndv: F<S>, l: V3<S>, ndl: F<S>, rough: F<S>, f0: f32) -> F<S> = specular_body
}

piece! {
    /// Light of the lamps.
    fn lamps(s: &'a Shading<'a>, m: &'a Material, base: V3<S>, world: V3<S>, n: V3<S>, v: V3<S>, ndv: F<S>, rough: F<S>, f0: f32) -> V3<S> = lamps_body
}

piece! {
    /// Normals of moving water.
    fn ripples(n: V3<S>, world: V3<S>, time: f32, millimetres: f32, scale: f32, pixel: F<S>) -> V3<S> = ripples_body
}

piece! {
    /// Water at points of a depth.
    fn water(m: &'a Material, world: V3<S>, n: V3<S>, depth: F<S>, time: f32, pixel: F<S>) -> Water<S> = water_body
}

piece! {
    /// The net of light that waves throw on the ground under them.
    fn caustics(world: V3<S>, time: f32, strength: f32) -> F<S> = caustics_body
}

piece! {
    /// Rings of drops on puddles.
    fn splashed(n: V3<S>, world: V3<S>, time: f32, pool: F<S>, pixel: F<S>) -> V3<S> = splashed_body
}

piece! {
    /// How much snow lies on surfaces.
    fn snow(world: V3<S>, up: F<S>, cover: F<S>, fallen: f32) -> F<S> = snow_body
}

piece! {
    /// How much of the sun reaches points.
    fn shadow(s: &'a Shading<'a>, world: V3<S>, n: V3<S>, ndl: F<S>, through: bool) -> F<S> = shadow_body
}

piece! {
    /// Interpolates eight fragments.
    fn gather_points(geometry: &'a Geometry, eight: &'a [Fragment; 8], place: [f32; 3]) -> Points<S> = gather_points_body
}

piece! {
    /// The light that leaves eight fragments of one material towards the camera.
    fn light(s: &'a Shading<'a>, m: &'a Material, cast: bool, p: &'a Points<S>) -> V3<S> = light_body
}
