//! Depth maps along a direction: the sun's (near and wide) and the one from above that tells who sees the sky.
//!
//! A map holds, for each texel, how far the nearest thing to the light reaches towards it. What stands still is
//! drawn once and kept; each frame moving things are drawn over it, and only the rectangle they touched is restored.

use crate::geometry::Sway;
use crate::lanes::{F, I, M, Simd, V3, entry, piece};
use crate::scene::{Bounds, Instance, Scene};
use glam::{Affine3A, Vec3};
use std::sync::Arc;

/// Texels between the rows of a map, a power of two: rows a power of two apart would all fall on the same few lines of a cache.
const GAP: usize = 64;
/// Nothing towards the light.
const EMPTY: f32 = -1e30;

/// Where a map lies in the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) centre: Vec3,
    pub(crate) radius: f32,
    /// Towards the light.
    pub(crate) towards: Vec3,
}

/// A depth map along a direction.
pub(crate) struct DepthMap {
    /// Texels to a side, a power of two.
    pub(crate) size: usize,
    pub(crate) fit: Fit,
    right: Vec3,
    up: Vec3,
    pub(crate) depth: Vec<f32>,
    still: Vec<f32>,
    key: Option<(Arc<[Instance]>, Fit)>,
    /// Texels that moving things touched: x0, y0, x1, y1 (past the end).
    touched: [usize; 4],
}

impl DepthMap {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            size,
            fit: Fit { centre: Vec3::ZERO, radius: 1.0, towards: Vec3::Y },
            right: Vec3::X,
            up: Vec3::Z,
            depth: vec![EMPTY; (size + GAP) * size],
            still: Vec::new(),
            key: None,
            touched: [0; 4],
        }
    }

    /// Texels from row to row.
    fn stride(&self) -> usize {
        self.size + GAP
    }

    /// Where rows begin.
    #[inline(always)]
    fn row<S: Simd>(&self, y: I<S>) -> I<S> {
        (y << self.size.trailing_zeros() as i32) + (y << GAP.trailing_zeros() as i32)
    }

    /// Metres a texel.
    pub(crate) fn texel(&self) -> f32 {
        2.0 * self.fit.radius / self.size as f32
    }

    /// Brings the map to this frame of a scene: with what moves, if `moving` says so for an instance.
    pub(crate) fn update(&mut self, level: crate::lanes::Level, scene: &Scene, fit: Fit, moving: Option<&dyn Fn(&Instance) -> bool>) {
        let kept = self.key.as_ref().is_some_and(|(still, old)| Arc::ptr_eq(still, &scene.still) && *old == fit);
        if kept {
            self.restore();
        } else {
            self.place(fit);
            self.depth.fill(EMPTY);
            for instance in scene.still.iter() {
                self.draw(level, instance, None);
            }
            if moving.is_some() {
                self.still.clone_from(&self.depth);
            }
            self.key = Some((scene.still.clone(), fit));
        }
        self.touched = [self.size, self.size, 0, 0];
        if let Some(wanted) = moving {
            for instance in scene.moving.iter().filter(|i| wanted(i)) {
                self.draw(level, instance, Sway::of(instance, &scene.light, scene.time));
            }
        }
    }

    /// Whether a coarser map along the same direction is never asked for the shadow of an instance: it lies well inside this one.
    pub(crate) fn suffices(&self, instance: &Instance) -> bool {
        let ([x, y], reach) = self.circle(instance);
        let half = self.size as f32 * 0.5;
        (x - half).abs().max((y - half).abs()) + reach < half - SEAM
    }

    /// The circle of texels that the shape which throws an instance's shadow lies in.
    fn circle(&self, instance: &Instance) -> ([f32; 2], f32) {
        let (world, positions) = (&instance.world_from_object, instance.thrower(self.texel()).1);
        let bounds = if instance.pose.is_some() { Bounds::around(positions) } else { instance.mesh.bounds };
        let [x, y, _] = self.project(world.transform_point3(bounds.centre()));
        ([x, y], (bounds.radius() * world.matrix3.x_axis.length() + instance.sway) / self.texel())
    }

    fn place(&mut self, fit: Fit) {
        self.fit = fit;
        let aside = if fit.towards.y.abs() > 0.99 { Vec3::Z } else { Vec3::Y };
        self.right = aside.cross(fit.towards).normalize_or(Vec3::X);
        self.up = fit.towards.cross(self.right);
        // Brought to whole texels: what stands still keeps the edges of its shadow while the map follows somebody.
        let texel = self.texel();
        let off = |axis: Vec3| {
            let along = fit.centre.dot(axis);
            axis * ((along / texel).round() * texel - along)
        };
        self.fit.centre = fit.centre + off(self.right) + off(self.up);
    }

    fn restore(&mut self) {
        let [x0, y0, x1, y1] = self.touched;
        if x0 < x1 && self.still.len() == self.depth.len() {
            for y in y0..y1 {
                let row = y * self.stride() + x0..y * self.stride() + x1;
                self.depth[row.clone()].copy_from_slice(&self.still[row]);
            }
        }
    }

    /// Texel coordinates and height towards the light.
    fn project(&self, p: Vec3) -> [f32; 3] {
        let d = p - self.fit.centre;
        let scale = self.size as f32 * 0.5 / self.fit.radius;
        [self.right.dot(d) * scale + self.size as f32 * 0.5, self.up.dot(d) * scale + self.size as f32 * 0.5, self.fit.towards.dot(d)]
    }

    fn draw(&mut self, level: crate::lanes::Level, instance: &Instance, sway: Option<Sway>) {
        if !instance.casts_shadow {
            return;
        }
        let (mesh, positions) = instance.thrower(self.texel());
        let world = &instance.world_from_object;
        let ([x, y], reach) = self.circle(instance);
        let size = self.size as f32;
        if x + reach < 0.0 || y + reach < 0.0 || x - reach > size || y - reach > size || reach < 0.4 {
            return;
        }
        let corners = self.corners(positions, world, sway.as_ref());
        self.touch(&corners);
        let glows: Vec<bool> = instance.materials.iter().map(|m| m.emission.luminance() > 0.0 || m.opacity < 0.6).collect();
        for part in &mesh.parts {
            if glows.get(usize::from(part.material)).copied().unwrap_or(true) {
                continue;
            }
            let last = (part.first as usize).saturating_add(part.count as usize).min(mesh.triangles.len());
            let sides = [self.size, self.stride()];
            draw_triangles(level, &mut self.depth, sides, &corners, mesh.triangles.get(part.first as usize..last).unwrap_or(&[]));
        }
    }

    /// Texel coordinates and heights of an instance's positions.
    fn corners(&self, positions: &[Vec3], world: &Affine3A, sway: Option<&Sway>) -> Vec<[f32; 3]> {
        if let Some(sway) = sway {
            return positions.iter().map(|p| self.project(sway.apply(world.transform_point3(*p)))).collect();
        }
        // World and map in one step: the images of the origin and of the axes.
        let origin = self.project(Vec3::from(world.translation));
        let axes = [world.matrix3.x_axis, world.matrix3.y_axis, world.matrix3.z_axis].map(|axis| self.project(self.fit.centre + Vec3::from(axis)));
        let middle = self.size as f32 * 0.5;
        let row = |k: usize, off: f32| (Vec3::new(axes[0][k] - off, axes[1][k] - off, axes[2][k] - off), origin[k]);
        let [x, y, z] = [row(0, middle), row(1, middle), row(2, 0.0)];
        positions.iter().map(|p| [x.0.dot(*p) + x.1, y.0.dot(*p) + y.1, z.0.dot(*p) + z.1]).collect()
    }

    /// Notes the texels that corners reach.
    fn touch(&mut self, corners: &[[f32; 3]]) {
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for c in corners {
            for k in 0..2 {
                (low[k], high[k]) = (low[k].min(c[k]), high[k].max(c[k]));
            }
        }
        for k in 0..2 {
            self.touched[k] = self.touched[k].min((low[k] - 1.0).max(0.0) as usize);
            self.touched[k + 2] = self.touched[k + 2].max(((high[k] + 2.0).max(0.0) as usize).min(self.size));
        }
    }

    /// Texel coordinates and height of points.
    #[inline(always)]
    pub(crate) fn locate<S: Simd>(&self, p: V3<S>) -> V3<S> {
        let d = p - V3::of(self.fit.centre);
        let scale = self.size as f32 * 0.5 / self.fit.radius;
        let half = self.size as f32 * 0.5;
        V3::new(d.dot_with(self.right) * scale + half, d.dot_with(self.up) * scale + half, d.dot_with(self.fit.towards))
    }

    /// Which points lie on the map with a margin in texels.
    #[inline(always)]
    pub(crate) fn holds<S: Simd>(&self, at: V3<S>, margin: f32) -> M<S> {
        let most = F::of(self.size as f32 - margin);
        at.x.above(margin) & at.y.above(margin) & at.x.lt(most) & at.y.lt(most)
    }

    /// What the map holds at texel coordinates of points that lie on it; of others, anything.
    #[inline(always)]
    fn read_on<S: Simd>(&self, x: F<S>, y: F<S>) -> F<S> {
        F::gather(&self.depth, self.row(y.truncate()) + x.truncate())
    }

    /// What the map holds at texel coordinates, brought into range.
    #[inline(always)]
    pub(crate) fn read<S: Simd>(&self, x: F<S>, y: F<S>) -> F<S> {
        let last = self.size as i32 - 1;
        let (x, y) = (x.truncate().clamp(0, last), y.truncate().clamp(0, last));
        F::gather(&self.depth, self.row(y) + x)
    }
}

entry! {
    fn draw_triangles(depth: &mut [f32], sides: [usize; 2], corners: &[[f32; 3]], triangles: &[[u32; 3]]) = draw_kernel
}

#[inline(always)]
fn draw_kernel<S: Simd>(depth: &mut [f32], sides: [usize; 2], corners: &[[f32; 3]], triangles: &[[u32; 3]]) {
    for t in triangles {
        let [Some(a), Some(b), Some(c)] = t.map(|k| corners.get(k as usize)) else { continue };
        draw_one::<S>(depth, sides, *a, *b, *c);
    }
}

#[inline(always)]
fn inside<S: Simd>((ex, ey, ox, oy): (f32, f32, f32, f32), px: F<S>, py: f32) -> M<S> {
    ((px - ox) * ex + (py - oy) * ey).gt(F::of(-1e-6))
}

/// Draws a triangle in a square map, given its side and the texels from row to row.
#[inline(always)]
pub(crate) fn draw_one<S: Simd>(depth: &mut [f32], [size, stride]: [usize; 2], a: [f32; 3], b: [f32; 3], c: [f32; 3]) {
    let side = size as f32;
    let least = [a[0].min(b[0]).min(c[0]), a[1].min(b[1]).min(c[1])];
    let most = [a[0].max(b[0]).max(c[0]), a[1].max(b[1]).max(c[1])];
    if !(most[0] > 0.0 && most[1] > 0.0 && least[0] < side && least[1] < side) {
        return;
    }
    let (x0, y0) = ((least[0] - 0.5).ceil().max(0.0) as usize, (least[1] - 0.5).ceil().max(0.0) as usize);
    let (x1, y1) = ((most[0] - 0.5).floor().min(side - 1.0), (most[1] - 0.5).floor().min(side - 1.0));
    if x1 < x0 as f32 || y1 < y0 as f32 {
        return;
    }
    let (x1, y1) = (x1 as usize, y1 as usize);
    let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if area == 0.0 || !area.is_finite() {
        return;
    }
    let (b, c, area) = if area < 0.0 { (c, b, -area) } else { (b, c, area) };
    let slope_x = ((b[2] - a[2]) * (c[1] - a[1]) - (c[2] - a[2]) * (b[1] - a[1])) / area;
    let slope_y = ((c[2] - a[2]) * (b[0] - a[0]) - (b[2] - a[2]) * (c[0] - a[0])) / area;
    let edge = |p: [f32; 3], q: [f32; 3]| (p[1] - q[1], q[0] - p[0], p[0], p[1]);
    let edges = [edge(a, b), edge(b, c), edge(c, a)];
    for y in y0..=y1 {
        let py = y as f32 + 0.5;
        let mut x = x0 / 8 * 8;
        while x <= x1 {
            let px = F::<S>::ramp() + (x as f32 + 0.5);
            let mask = inside(edges[0], px, py) & inside(edges[1], px, py) & inside(edges[2], px, py);
            if mask.any() {
                let at = y * stride + x;
                let z = (px - a[0]) * slope_x + (a[2] + (py - a[1]) * slope_y);
                let old = F::from_slice(depth, at);
                let new = mask.select(z.max(old), old);
                F::<S>(S::from_bits(S::opaque(S::to_bits(new.0)))).to_slice(depth, at);
            }
            x += 8;
        }
    }
}

/// Texels of a map from its edge inwards within which points may ask the wide map, or what they ask of it may reach: where the two are
/// mixed, and as far as a lookup goes in texels five times the size.
const SEAM: f32 = MIXED + REACH + 5.0 * (REACH + 4.0);
/// Texels over which the near map gives way to the wide one.
pub(crate) const MIXED: f32 = 96.0;

/// Texels within which the sun's light is looked up.
pub(crate) const REACH: f32 = 30.0;

/// A fixed spiral of sixteen points in the unit disc.
pub(crate) const SPIRAL: [[f32; 2]; 16] = [
    [0.176_777, 0.0],
    [-0.225_772, 0.206_829],
    [0.034_579, -0.393_772],
    [0.284_571, 0.371_174],
    [-0.522_223, -0.092_426],
    [0.494_792, -0.314_704],
    [-0.165_620, 0.615_489],
    [-0.315_565, -0.607_706],
    [0.684_526, 0.250_052],
    [-0.711_886, 0.294_143],
    [0.343_268, -0.733_697],
    [0.253_466, 0.808_898],
    [-0.764_526, -0.443_254],
    [0.897_190, -0.196_932],
    [-0.547_520, 0.778_673],
    [-0.126_010, -0.976_084],
];

/// How much of the sun reaches points, 0..1, that lie on a map with a margin of [`REACH`]; `size` is the penumbra over blocker distance.
///
/// Six texels about the point tell how far what is in the way stands from it; the penumbra is as wide as that says. Narrow
/// ones are a tent over four by four texels, wide ones twelve points, each between four texels, so that none shows stairs.
#[inline(always)]
fn sunlight_body<S: Simd>(map: &DepthMap, at: V3<S>, size: f32) -> F<S> {
    let texel = map.texel();
    let reach = (size * 2.5 / texel).clamp(2.0, REACH - 3.0);
    let bias = texel * 0.6;
    let height = at.z + bias;
    let (mut blockers, mut above) = (F::<S>::of(0.0), F::<S>::of(0.0));
    for k in [1, 5, 9, 11, 13, 15] {
        let [x, y] = SPIRAL[k];
        let gap = map.read_on(at.x + x * reach, at.y + y * reach) - height;
        let blocked = gap.above(0.0);
        blockers = blockers + blocked.select(F::of(1.0), F::of(0.0));
        above = above + blocked.select(gap, F::of(0.0));
    }
    let none = blockers.lt(F::of(0.5));
    let every = blockers.above(5.5);
    if (none | every).all() {
        return none.select(F::of(1.0), F::of(0.0));
    }
    let spread = (above / blockers.at_least(1.0) * (size / texel)).at_most(reach);
    if !spread.above(2.0).any() {
        return every.select(F::of(0.0), tent(map, at.x, at.y, height));
    }
    let spread = spread.at_least(1.3);
    let mut light = F::<S>::of(0.0);
    for k in [0, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14] {
        let [x, y] = SPIRAL[k];
        light = light + between(map, at.x + spread * x, at.y + spread * y, height);
    }
    every.select(F::of(0.0), light * (1.0 / 12.0))
}

/// The share of four texels about points that let light through to `height`, by how near they are.
#[inline(always)]
fn between<S: Simd>(map: &DepthMap, x: F<S>, y: F<S>, height: F<S>) -> F<S> {
    let (x, y) = (x - 0.5, y - 0.5);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = map.row(y.truncate()) + x.truncate();
    let [a, b] = let_two(&map.depth, at, height);
    let [c, d] = let_two(&map.depth, at + I::of(map.stride() as i32), height);
    a.mix(b, fx).mix(c.mix(d, fx), fy)
}

/// Whether texels and their right neighbours let light through to `height`: 1 or 0.
#[inline(always)]
fn let_two<S: Simd>(depth: &[f32], at: I<S>, height: F<S>) -> [F<S>; 2] {
    let [a, b] = F::pairs(depth, at);
    [a.le(height).select(F::of(1.0), F::of(0.0)), b.le(height).select(F::of(1.0), F::of(0.0))]
}

/// Whether the texel `off` from others lets light through to `height`: 1 or 0. (A closure would lose the level's instructions.)
#[inline(always)]
pub(crate) fn lets<S: Simd>(depth: &[f32], at: I<S>, off: i32, height: F<S>) -> F<S> {
    F::gather(depth, at + I::of(off)).le(height).select(F::of(1.0), F::of(0.0))
}

/// The share of four by four texels about points that let light through to `height`, under a tent.
#[inline(always)]
fn tent<S: Simd>(map: &DepthMap, x: F<S>, y: F<S>, height: F<S>) -> F<S> {
    let (x, y) = (x - 0.5, y - 0.5);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = map.row(y.truncate()) + x.truncate();
    light_under_tent(&map.depth, map.stride(), at, fx, fy, height)
}

#[inline(always)]
fn under_tent_body<S: Simd>(depth: &[f32], stride: usize, at: I<S>, fx: F<S>, fy: F<S>, height: F<S>) -> F<S> {
    // A tent three texels wide, over whole texels: the outer ones by how far they reach in.
    let across = [(1.0 - fx) * (1.0 / 3.0), F::of(1.0 / 3.0), F::of(1.0 / 3.0), fx * (1.0 / 3.0)];
    let down = [(1.0 - fy) * (1.0 / 3.0), F::of(1.0 / 3.0), F::of(1.0 / 3.0), fy * (1.0 / 3.0)];
    let mut light = F::<S>::of(0.0);
    for (j, dy) in down.into_iter().enumerate() {
        let left = at + I::of((j as i32 - 1) * stride as i32 - 1);
        let ([a, b], [c, d]) = (let_two(depth, left, height), let_two(depth, left + I::of(2), height));
        light = light + (a * across[0] + b * across[1] + c * across[2] + d * across[3]) * dy;
    }
    light
}

piece! {
    /// How much of the sun reaches points, 0..1, that lie on a map with a margin of [`REACH`]; `size` is the penumbra over blocker distance.
    fn sunlight(map: &'a DepthMap, at: V3<S>, size: f32) -> F<S> = sunlight_body
}

piece! {
    /// The share of four by four texels about texels `at` that let light through.
    fn light_under_tent(depth: &'a [f32], stride: usize, at: I<S>, fx: F<S>, fy: F<S>, height: F<S>) -> F<S> = under_tent_body
}
