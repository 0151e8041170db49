//! Depth maps along a direction: the sun's (near and wide) and the one from above that tells who sees the sky.
//!
//! A map holds, for each texel, how far the nearest thing to the light reaches towards it. What stands still is
//! drawn once and kept; each frame moving things are drawn over it, and only the rectangle they touched is restored.

use crate::geometry::Sway;
use crate::lanes::{F, I, Level, M, Simd, V3, entry, piece};
use crate::pieces::{PIECES, Piece, StillShadows};
use crate::scene::{Bounds, Instance, Scene};
use glam::Vec3;
use std::sync::Arc;

/// Texels between the rows of a map, a power of two: rows a power of two apart would all fall on the same few lines of a cache.
const GAP: usize = 64;
/// Nothing towards the light.
pub(crate) const EMPTY: f32 = -1e30;

/// What a map should show of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) centre: Vec3,
    pub(crate) radius: f32,
    /// Towards the light.
    pub(crate) towards: Vec3,
}

/// The texels that all maps along a direction share, if theirs are of one size: they are counted from the origin of the world, so that
/// what stands still keeps the edges of its shadow while a map follows somebody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    pub(crate) right: Vec3,
    pub(crate) up: Vec3,
    /// Towards the light.
    pub(crate) towards: Vec3,
    /// Metres.
    pub(crate) texel: f32,
}

/// Where an instance lies on a grid.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The middle of the circle that the shape which throws its shadow lies in, in texels.
    at: [f64; 2],
    /// The radius of that circle, texels.
    reach: f32,
}

/// A part of a grid that is drawn, row by row.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    /// The texel of the grid that comes first.
    pub(crate) first: [i64; 2],
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Texels from row to row.
    pub(crate) stride: usize,
}

impl Grid {
    fn new(towards: Vec3, texel: f32) -> Self {
        let aside = if towards.y.abs() > 0.99 { Vec3::Z } else { Vec3::Y };
        let right = aside.cross(towards).normalize_or(Vec3::X);
        Self { right, up: towards.cross(right), towards, texel }
    }

    /// Texels to the right of the origin, and up from it.
    fn project(&self, p: Vec3) -> [f64; 2] {
        let dot = |a: Vec3| a.to_array().iter().zip(p.to_array()).map(|(a, b)| f64::from(*a) * f64::from(b)).sum::<f64>();
        [self.right, self.up].map(|axis| dot(axis) / f64::from(self.texel))
    }

    /// The point of the plane through the origin where a texel begins.
    fn point(&self, at: [i64; 2]) -> Vec3 {
        let [x, y] = at.map(|v| (v as f64 * f64::from(self.texel)) as f32);
        self.right * x + self.up * y
    }

    pub(crate) fn place(&self, instance: &Instance) -> Place {
        let (world, positions) = (&instance.world_from_object, instance.thrower(self.texel).1);
        let bounds = if instance.pose.is_some() { Bounds::around(positions) } else { instance.mesh.bounds };
        let reach = (bounds.radius() * world.matrix3.x_axis.length() + instance.sway) / self.texel;
        Place { at: self.project(world.transform_point3(bounds.centre())), reach }
    }

    /// Draws what throws an instance's shadow, as far as it lies in a window. What a texel holds does not depend on the window.
    /// Gives the first texels of the window, and those past the end, that it may have touched.
    pub(crate) fn draw(
        &self,
        level: Level,
        (depth, window): (&mut [f32], &Window),
        (instance, place): (&Instance, &Place),
        sway: Option<Sway>,
    ) -> Option<[usize; 4]> {
        let low = [0, 1].map(|k| place.at[k] - window.first[k] as f64);
        let reach = f64::from(place.reach);
        let within = |at: f64, side: usize| at + reach >= 0.0 && at - reach <= side as f64;
        if !instance.casts_shadow || !within(low[0], window.width) || !within(low[1], window.height) || place.reach < 0.4 {
            return None;
        }
        let (mesh, positions) = instance.thrower(self.texel);
        // Corners are told from a texel of the instance's own: what it throws is the same in all windows.
        let own = place.at.map(|v| v.floor() as i64);
        let corners = self.corners(positions, instance, own, sway.as_ref());
        let off = [0, 1].map(|k| (window.first[k] - own[k]) as f32);
        let sides = [window.width, window.height, window.stride];
        let glows: Vec<bool> = instance.materials.iter().map(|m| m.emission.luminance() > 0.0 || m.opacity < 0.6).collect();
        for part in &mesh.parts {
            if glows.get(usize::from(part.material)).copied().unwrap_or(true) {
                continue;
            }
            let last = (part.first as usize).saturating_add(part.count as usize).min(mesh.triangles.len());
            draw_triangles(level, depth, sides, off, &corners, mesh.triangles.get(part.first as usize..last).unwrap_or(&[]));
        }
        Some(touched(&corners, off, sides))
    }

    /// Texels from one of the grid, and heights, of an instance's positions.
    fn corners(&self, positions: &[Vec3], instance: &Instance, own: [i64; 2], sway: Option<&Sway>) -> Vec<[f32; 3]> {
        let (world, begin, texels) = (&instance.world_from_object, self.point(own), 1.0 / self.texel);
        let project = |p: Vec3| [self.right.dot(p - begin) * texels, self.up.dot(p - begin) * texels, self.towards.dot(p)];
        if let Some(sway) = sway {
            return positions.iter().map(|p| project(sway.apply(world.transform_point3(*p)))).collect();
        }
        // World and grid in one step: the images of the origin and of the axes.
        let (matrix, moved) = (&world.matrix3, Vec3::from(world.translation));
        let axes = [matrix.x_axis, matrix.y_axis, matrix.z_axis].map(Vec3::from);
        let row = |along: Vec3, by: f32, from: Vec3| (Vec3::from_array(axes.map(|a| along.dot(a) * by)), along.dot(moved - from) * by);
        let [x, y, z] = [row(self.right, texels, begin), row(self.up, texels, begin), row(self.towards, 1.0, Vec3::ZERO)];
        positions.iter().map(|p| [x.0.dot(*p) + x.1, y.0.dot(*p) + y.1, z.0.dot(*p) + z.1]).collect()
    }
}

/// The texels of a window that corners reach: x0, y0, x1, y1 (past the end).
fn touched(corners: &[[f32; 3]], off: [f32; 2], sides: [usize; 3]) -> [usize; 4] {
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for c in corners {
        for k in 0..2 {
            (low[k], high[k]) = (low[k].min(c[k]), high[k].max(c[k]));
        }
    }
    let from = |k: usize| (low[k] - off[k] - 1.0).max(0.0) as usize;
    let to = |k: usize| ((high[k] - off[k] + 2.0).max(0.0) as usize).min(sides[k]);
    [from(0), from(1), to(0), to(1)]
}

/// A depth map along a direction.
pub(crate) struct DepthMap {
    /// Texels to a side, a power of two.
    pub(crate) size: usize,
    pub(crate) radius: f32,
    grid: Grid,
    /// The texel of the grid that comes first.
    first: [i64; 2],
    /// The middle, in the plane through the world's origin.
    centre: Vec3,
    pub(crate) depth: Vec<f32>,
    /// What stands still, row by row; and whose.
    pieces: Vec<Arc<Piece>>,
    still: Option<Arc<[Instance]>>,
    /// Texels that moving things touched: x0, y0, x1, y1 (past the end).
    touched: [usize; 4],
}

impl DepthMap {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            size,
            radius: 1.0,
            grid: Grid::new(Vec3::Y, 0.0),
            first: [0; 2],
            centre: Vec3::ZERO,
            depth: vec![EMPTY; (size + GAP) * size],
            pieces: Vec::new(),
            still: None,
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
        self.grid.texel
    }

    fn window(&self) -> Window {
        Window { first: self.first, width: self.size, height: self.size, stride: self.stride() }
    }

    /// Brings the map to this frame of a scene: with what moves, if `moving` says so for an instance. It begins at a whole piece, so its
    /// middle may be half a piece from what is asked for.
    pub(crate) fn update(&mut self, level: Level, scene: &Scene, fit: Fit, shadows: &StillShadows, moving: Option<&dyn Fn(&Instance) -> bool>) {
        let grid = Grid::new(fit.towards, 2.0 * fit.radius / self.size as f32);
        let side = (self.size / PIECES) as i64;
        let begin = grid.project(fit.centre).map(|at| ((at / side as f64).round() as i64).saturating_sub(PIECES as i64 / 2));
        let first = begin.map(|v| v.saturating_mul(side));
        let kept = self.still.as_ref().is_some_and(|still| Arc::ptr_eq(still, &scene.still)) && (self.grid, self.first) == (grid, first);
        if kept {
            self.restore(self.touched);
        } else {
            (self.grid, self.radius, self.first) = (grid, fit.radius, first);
            self.centre = grid.point(first.map(|v| v.saturating_add(self.size as i64 / 2)));
            self.pieces = shadows.pieces(level, &scene.still, &grid, begin, side as usize);
            self.still = Some(scene.still.clone());
            self.restore([0, 0, self.size, self.size]);
        }
        self.touched = [self.size, self.size, 0, 0];
        if let Some(wanted) = moving {
            let window = self.window();
            for instance in scene.moving.iter().filter(|i| wanted(i)) {
                let sway = Sway::of(instance, &scene.light, scene.time);
                if let Some([x0, y0, x1, y1]) = grid.draw(level, (&mut self.depth, &window), (instance, &grid.place(instance)), sway) {
                    let [a, b, c, d] = self.touched;
                    self.touched = [a.min(x0), b.min(y0), c.max(x1), d.max(y1)];
                }
            }
        }
    }

    /// Whether a coarser map along the same direction is never asked for the shadow of an instance: it lies well inside this one.
    pub(crate) fn suffices(&self, instance: &Instance) -> bool {
        let (place, half) = (self.grid.place(instance), self.size as f64 * 0.5);
        let off = [0, 1].map(|k| (place.at[k] - self.first[k] as f64 - half).abs());
        off[0].max(off[1]) + f64::from(place.reach) < half - f64::from(self.mixed() + SEAM)
    }

    /// Texels over which this map gives way to a wide one, inwards from where it is looked up at all.
    pub(crate) fn mixed(&self) -> f32 {
        MIXED * self.size as f32
    }

    /// Brings back what stands still in texels x0, y0, x1, y1 (past the end).
    fn restore(&mut self, [x0, y0, x1, y1]: [usize; 4]) {
        let side = self.size / PIECES;
        for y in y0..y1.min(self.size) {
            let mut x = x0;
            while x < x1 {
                let end = ((x / side + 1) * side).min(x1);
                let Some(piece) = self.pieces.get(y / side * PIECES + x / side) else { return };
                let (row, from) = (y * self.stride(), y % side * side);
                self.depth[row + x..row + end].copy_from_slice(&piece.depth()[from + x % side..][..end - x]);
                x = end;
            }
        }
    }

    /// Texel coordinates and height of points.
    #[inline(always)]
    pub(crate) fn locate<S: Simd>(&self, p: V3<S>) -> V3<S> {
        let d = p - V3::of(self.centre);
        let scale = 1.0 / self.grid.texel;
        let half = self.size as f32 * 0.5;
        V3::new(d.dot_with(self.grid.right) * scale + half, d.dot_with(self.grid.up) * scale + half, d.dot_with(self.grid.towards))
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
    fn draw_triangles(depth: &mut [f32], sides: [usize; 3], off: [f32; 2], corners: &[[f32; 3]], triangles: &[[u32; 3]]) = draw_kernel
}

#[inline(always)]
fn draw_kernel<S: Simd>(depth: &mut [f32], sides: [usize; 3], off: [f32; 2], corners: &[[f32; 3]], triangles: &[[u32; 3]]) {
    for t in triangles {
        let [Some(a), Some(b), Some(c)] = t.map(|k| corners.get(k as usize)) else { continue };
        draw_one::<S>(depth, sides, off, *a, *b, *c);
    }
}

#[inline(always)]
fn inside<S: Simd>((ex, ey, ox, oy): (f32, f32, f32, f32), px: F<S>, py: f32) -> M<S> {
    ((px - ox) * ex + (py - oy) * ey).gt(F::of(-1e-6))
}

/// Draws a triangle in a map, given its width, its height and the texels from row to row; `off` are the whole texels at which the map
/// begins as the corners count them, and change nothing about what a texel of the triangle gets.
#[inline(always)]
pub(crate) fn draw_one<S: Simd>(depth: &mut [f32], [width, height, stride]: [usize; 3], off: [f32; 2], a: [f32; 3], b: [f32; 3], c: [f32; 3]) {
    let least = [0, 1].map(|k| (a[k].min(b[k]).min(c[k]) - 0.5).ceil() - off[k]);
    let most = [0, 1].map(|k| (a[k].max(b[k]).max(c[k]) - 0.5).floor() - off[k]);
    // What is not a number is nowhere.
    if !(most[0] >= 0.0 && most[1] >= 0.0 && least[0] < width as f32 && least[1] < height as f32) {
        return;
    }
    let (x0, y0) = (least[0].max(0.0) as usize, least[1].max(0.0) as usize);
    let (x1, y1) = (most[0].min(width as f32 - 1.0) as usize, most[1].min(height as f32 - 1.0) as usize);
    if x1 < x0 || y1 < y0 {
        return;
    }
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
        let py = y as f32 + off[1] + 0.5;
        let mut x = x0 / 8 * 8;
        while x <= x1 {
            let px = F::<S>::ramp() + (x as f32 + off[0] + 0.5);
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

/// Texels of a map from where it is mixed with the wide one to its edge, and as far as a lookup goes in texels five times the size.
const SEAM: f32 = REACH + 5.0 * (REACH + 4.0);
/// The share of the near map's side over which it gives way to the wide one.
const MIXED: f32 = 96.0 / 2048.0;

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
