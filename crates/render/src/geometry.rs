//! From instances to triangles in the picture: culling, moving corners to homogeneous pixels,
//! edge functions, and bins of triangles by tile.
//!
//! A triangle's edge functions are the rows of its homogeneous 3x3 adjugate (Olano and Greer 1997), so that
//! triangles through the near plane need no clipping. They are made in f64: a shared edge gives the same
//! numbers with the opposite sign in both triangles, so that no sample is lost or taken twice. They are made when a triangle
//! is first drawn: in a forest most lie behind others and never are.

use crate::far::{GRIDS, Shapes};
use crate::lanes::{Level, Simd, entry};
use crate::scene::{Instance, Light, Material, Mesh, Scene};
use crate::view::{NEAR, View};
use glam::{Affine3A, Mat3A, Vec3};
use std::collections::HashMap;
use std::sync::Arc;

/// Side of a tile in pixels.
pub(crate) const TILE: usize = 64;

/// What shading interpolates: normal, openness; rest, -; tint, -.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(crate) struct Corner(pub(crate) [f32; 16]);

/// For shading: edge functions `a x + b y + c` about (x0, y0), and what the corners are. Two loads of eight.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Triangle {
    /// `a` of the three edges, `b` of the three, x0, y0.
    pub(crate) slopes: [f32; 8],
    /// `c` of the three, 1 / determinant, the bits of three corners, -.
    pub(crate) rest: [f32; 8],
}

impl Triangle {
    #[inline(always)]
    pub(crate) fn a(&self) -> [f32; 3] {
        [self.slopes[0], self.slopes[1], self.slopes[2]]
    }
    #[inline(always)]
    pub(crate) fn b(&self) -> [f32; 3] {
        [self.slopes[3], self.slopes[4], self.slopes[5]]
    }
    /// 1 / determinant.
    #[inline(always)]
    pub(crate) fn inverse(&self) -> f32 {
        self.rest[3]
    }
    /// Index of a corner.
    #[inline(always)]
    pub(crate) fn corner(&self, k: usize) -> usize {
        self.rest[4 + k].to_bits() as usize
    }
    /// The edge functions at a point of the picture.
    pub(crate) fn edges_at(&self, x: f32, y: f32) -> [f32; 3] {
        let (a, b, dx, dy) = (self.a(), self.b(), x - self.slopes[6], y - self.slopes[7]);
        std::array::from_fn(|k| self.rest[k] + a[k] * dx + b[k] * dy)
    }
}

/// What stands where nothing is known.
const NO_TRIANGLE: Triangle = Triangle { slopes: [0.0; 8], rest: [0.0; 8] };

/// For rasterising: the constants of the edge functions about the picture's origin. Half a cache line.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(crate) struct Edges {
    pub(crate) c: [f64; 3],
    /// Whether the triangle reaches the near plane.
    pub(crate) near: bool,
}

/// For telling surfaces apart: small, for it is read for every triangle of every pixel.
#[derive(Clone, Copy)]
pub(crate) struct Face {
    /// The run of triangles that it belongs to.
    pub(crate) part: u32,
    /// Unit normal in the world times 127.
    pub(crate) normal: [i8; 3],
}

/// A run of triangles with one material.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    /// Its instance's id.
    pub(crate) id: u16,
    pub(crate) material: u16,
}

/// For binning: the pixels that a triangle may cover, and 1/w of its nearest corner.
#[derive(Clone, Copy)]
struct Reach {
    low: [i16; 2],
    high: [i16; 2],
    nearest: f32,
}

/// The visible triangles of one frame; buffers are kept between frames.
#[derive(Default)]
pub(crate) struct Geometry {
    pub(crate) pixels: Vec<[f32; 3]>,
    /// Where corners are in the picture, and their w; of no use behind the near plane.
    places: Vec<[f32; 3]>,
    pub(crate) corners: Vec<Corner>,
    pub(crate) previous: Vec<[f32; 3]>,
    /// What is known of the triangles that [`Geometry::make`] was asked for; of others, anything.
    pub(crate) triangles: Vec<Triangle>,
    pub(crate) edges: Vec<Edges>,
    pub(crate) faces: Vec<Face>,
    /// By triangle: whether that is known.
    made: Vec<Made>,
    /// The three corners of each triangle and its run.
    pub(crate) pending: Vec<[u32; 4]>,
    runs: Vec<Run>,
    reaches: Vec<Reach>,
    view: View,
    pub(crate) parts: Vec<Part>,
    /// By material: whether it is somebody's who acts.
    pub(crate) cast: Vec<bool>,
    /// The first triangle of what moves.
    pub(crate) first_moving_triangle: u32,
    /// The corner that `previous` begins with.
    previous_base: u32,
    pub(crate) bins: Bins,
    /// What lets light through, apart.
    pub(crate) glass: Bins,
    /// By triangle, whether it lets light through.
    clear: Vec<bool>,
    shapes: Shapes,
    kept: Kept,
    /// For a reflected camera: triangles that go through the surface, and their runs.
    crossing: Vec<[u32; 4]>,
}

/// What is known of a triangle.
#[derive(Clone, Copy, Default, PartialEq)]
enum Made {
    #[default]
    NotYet,
    Known,
    /// It shows its back, or nothing.
    Hidden,
}

/// Corners of what stands still, kept from frame to frame at the front of the list.
#[derive(Default)]
struct Kept {
    still: Option<Arc<[Instance]>>,
    /// Where each instance's corners begin, once it has been seen.
    /// by the far shape that is drawn (0 for the mesh itself).
    first: Vec<[Option<u32>; GRIDS.len() + 1]>,
    count: usize,
}

/// A triangle in a tile: all that is needed to see that it is hidden.
#[derive(Clone, Copy, Default)]
pub(crate) struct Entry {
    pub(crate) triangle: u32,
    /// 1/w of its nearest corner.
    pub(crate) nearest: f32,
    /// The pixels of the tile that it may cover.
    pub(crate) low: [u8; 2],
    pub(crate) high: [u8; 2],
}

/// Triangles by tile, the nearest first.
#[derive(Default)]
pub(crate) struct Bins {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    start: Vec<u32>,
    pub(crate) list: Vec<Entry>,
    /// All triangles, the nearest first.
    order: Vec<u32>,
}

/// Steps of an octave of depth that triangles are sorted into.
const DEPTH_SHIFT: u32 = 19;
/// The first step: 1/w of 2 to the -16.
const DEPTH_BASE: u32 = (127 - 16) << 23 >> DEPTH_SHIFT;
/// How many steps: to 2 to the 8.
const DEPTH_STEPS: u32 = 24 << 23 >> DEPTH_SHIFT;

/// Where a triangle comes in the drawing order; 0 is the nearest.
fn depth_step(nearest: f32) -> usize {
    let step = (nearest.to_bits() >> DEPTH_SHIFT).saturating_sub(DEPTH_BASE).min(DEPTH_STEPS - 1);
    (DEPTH_STEPS - 1 - step) as usize
}

impl Bins {
    /// Whether there is anything in a tile.
    pub(crate) fn is_some_in(&self, tile: usize) -> bool {
        !self.list.is_empty() && self.start[tile] != self.start[tile + 1]
    }

    /// Where the entries of a tile are in `list`.
    pub(crate) fn range(&self, tile: usize) -> std::ops::Range<usize> {
        self.start[tile] as usize..self.start[tile + 1] as usize
    }

    /// Sorts by steps of depth; within a step, triangles keep their order.
    fn sort(&mut self, reaches: &[Reach], clear: &[bool], which: bool) {
        let mut next = vec![0u32; DEPTH_STEPS as usize + 1];
        let wanted = || reaches.iter().zip(clear).enumerate().filter(|(_, (_, clear))| **clear == which).map(|(k, (r, _))| (k, r));
        let mut count = 0;
        for (_, r) in wanted() {
            next[depth_step(r.nearest) + 1] += 1;
            count += 1;
        }
        for k in 0..DEPTH_STEPS as usize {
            next[k + 1] += next[k];
        }
        self.order.clear();
        self.order.resize(count, 0);
        for (k, r) in wanted() {
            let at = &mut next[depth_step(r.nearest)];
            self.order[*at as usize] = k as u32;
            *at += 1;
        }
    }

    /// Bins the triangles of which `clear` is `which`.
    fn fill(&mut self, reaches: &[Reach], clear: &[bool], which: bool, width: usize, height: usize) {
        (self.columns, self.rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let count = self.columns * self.rows;
        self.start.clear();
        self.start.resize(count + 1, 0);
        for (r, _) in reaches.iter().zip(clear).filter(|(_, clear)| **clear == which) {
            let [columns, rows] = r.tiles();
            for row in rows {
                for column in columns.clone() {
                    self.start[row * self.columns + column + 1] += 1;
                }
            }
        }
        for k in 0..count {
            self.start[k + 1] += self.start[k];
        }
        self.list.clear();
        self.list.resize(self.start[count] as usize, Entry::default());
        self.sort(reaches, clear, which);
        let mut next = self.start.clone();
        for k in &self.order {
            let r = &reaches[*k as usize];
            let [columns, rows] = r.tiles();
            for row in rows {
                for column in columns.clone() {
                    let corner = [(column * TILE) as i16, (row * TILE) as i16];
                    let within = |v: [i16; 2]| [0, 1].map(|k| (v[k] - corner[k]).clamp(0, TILE as i16 - 1) as u8);
                    let next = &mut next[row * self.columns + column];
                    self.list[*next as usize] = Entry { triangle: *k, nearest: r.nearest, low: within(r.low), high: within(r.high) };
                    *next += 1;
                }
            }
        }
    }
}

impl Reach {
    /// The columns and rows of tiles.
    #[inline(always)]
    fn tiles(&self) -> [std::ops::Range<usize>; 2] {
        [0, 1].map(|k| self.low[k] as usize / TILE..self.high[k] as usize / TILE + 1)
    }
}

/// How a swaying instance bends at this moment, or how waves lift water.
pub(crate) struct Sway {
    push: Vec3,
    origin: Vec3,
    swell: f32,
    time: f32,
}

impl Sway {
    /// `None` for what stands firm.
    pub(crate) fn of(instance: &Instance, light: &Light, time: f32) -> Option<Self> {
        let swell = instance.materials.first().map_or(0.0, |m| m.swell);
        if swell > 0.0 && swell.is_finite() {
            return Some(Self { push: Vec3::ZERO, origin: Vec3::ZERO, swell, time });
        }
        let strength = light.wind.length();
        if instance.sway <= 0.0 || strength <= 0.0 {
            return None;
        }
        let origin = Vec3::from(instance.world_from_object.translation);
        let [gust, across] = light.gust(origin, time);
        let across = Vec3::new(-light.wind.z, 0.0, light.wind.x) * (0.25 * across);
        Some(Self { push: (light.wind * (0.35 + gust) + across) * instance.sway, origin, swell: 0.0, time })
    }
    /// Whether it moves anything by a quarter of a pixel.
    fn shows(&self, view: &View) -> bool {
        let away = view.forward.dot(self.origin - view.eye);
        self.swell > 0.0 || away < 1.0 || self.push.length() * MOST_SWAY * view.focal > 0.25 * away
    }
    pub(crate) fn apply(&self, world: Vec3) -> Vec3 {
        if self.swell > 0.0 {
            // Far waves are finer than the mesh.
            let far = (world.x * world.x + world.z * world.z) * (1.0 / (90.0 * 90.0));
            return world + Vec3::Y * (crate::waves::height(world.x, world.z, self.time) * self.swell / (1.0 + far * far));
        }
        let h = (world.y - self.origin.y).max(0.0);
        world + self.push * (h * h).min(MOST_SWAY)
    }
}

/// What is no further under a surface than this lies on it, metres.
const HARDLY: f32 = 0.004;

/// What sways goes no further than this, at whatever height, metres a metre of push.
const MOST_SWAY: f32 = 9.0;

impl Geometry {
    /// Gathers what `scene` shows in `view`. Returns the materials, which the parts index.
    ///
    /// With the view of the frame before, it is known where corners were: all of them, or those of what moves.
    pub(crate) fn gather<'a>(&mut self, level: Level, scene: &'a Scene, view: &View, previous: Option<(&View, bool)>) -> Vec<&'a Material> {
        let all = previous.is_some_and(|p| p.1);
        self.pixels.clear();
        self.places.clear();
        self.keep_corners(&scene.still, all);
        self.previous.clear();
        self.pending.clear();
        self.runs.clear();
        self.reaches.clear();
        self.view = *view;
        self.clear.clear();
        self.parts.clear();
        self.cast.clear();
        self.crossing.clear();
        self.shapes.trim();
        let mut materials = Vec::new();
        let mut known: HashMap<*const Material, u32> = HashMap::new();
        for (k, instance) in scene.still.iter().chain(&scene.moving).enumerate() {
            if k == scene.still.len() {
                self.begin_moving(all);
            }
            if !visible(instance, view) {
                continue;
            }
            let base = *known.entry(instance.materials.as_ptr()).or_insert_with(|| {
                materials.extend(instance.materials.iter());
                self.cast.resize(materials.len(), instance.pose.is_some());
                (materials.len() - instance.materials.len()) as u32
            });
            self.add(level, instance, [k, base as usize], scene, view, previous);
        }
        if scene.moving.is_empty() {
            self.begin_moving(all);
        }
        self.cut_at_surface();
        self.made.clear();
        self.made.resize(self.pending.len(), Made::NotYet);
        // They only grow, and are not cleared: what nobody asks for costs nothing from frame to frame.
        if self.triangles.len() < self.pending.len() {
            let count = self.pending.len().next_power_of_two();
            self.triangles = vec![NO_TRIANGLE; count];
            self.edges = vec![Edges { c: [0.0; 3], near: false }; count];
            self.faces = vec![Face { part: 0, normal: [0; 3] }; count];
        }
        self.bins.fill(&self.reaches, &self.clear, false, view.width, view.height);
        if self.clear.contains(&true) {
            self.glass.fill(&self.reaches, &self.clear, true, view.width, view.height);
        } else {
            self.glass.list.clear();
        }
        materials
    }

    fn begin_moving(&mut self, all: bool) {
        self.kept.count = self.corners.len();
        self.first_moving_triangle = self.pending.len() as u32;
        self.previous_base = if all { 0 } else { self.kept.count as u32 };
    }

    /// The index of a triangle's material.
    #[inline(always)]
    pub(crate) fn material(&self, triangle: u32) -> u16 {
        self.parts[self.faces[triangle as usize].part as usize].material
    }

    /// Pixels that a point of a triangle of what moves has come since the frame before; nowhere if that is not known.
    pub(crate) fn way(&self, triangle: usize, at: [f32; 2]) -> [f32; 2] {
        let t = &self.triangles[triangle];
        let e = t.edges_at(at[0], at[1]);
        let sum = e[0] + e[1] + e[2];
        let mut p = [0.0; 3];
        for (k, share) in e.iter().enumerate() {
            let Some(old) = self.previous.get(t.corner(k) - self.previous_base as usize) else { return [0.0; 2] };
            for (p, old) in p.iter_mut().zip(old) {
                *p += old * (share / sum);
            }
        }
        let way = [at[0] - p[0] / p[2], at[1] - p[1] / p[2]];
        if p[2] > 1e-4 && way.iter().all(|v| v.is_finite()) { way } else { [0.0; 2] }
    }

    /// Drops the corners of the frame before, but for those of what still stands there.
    ///
    /// With `none`, all are dropped, and corners have the same numbers as their pixels: passes need that.
    fn keep_corners(&mut self, still: &Arc<[Instance]>, none: bool) {
        if none {
            self.corners.clear();
            self.kept = Kept::default();
        } else if self.kept.still.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, still)) {
            self.corners.truncate(self.kept.count);
        } else {
            self.corners.clear();
            self.kept = Kept { still: Some(still.clone()), first: vec![[None; GRIDS.len() + 1]; still.len()], count: 0 };
        }
    }

    /// Adds an instance; `index` is its own, and that of its first material.
    fn add(&mut self, level: Level, instance: &Instance, [index, base]: [usize; 2], scene: &Scene, view: &View, previous: Option<(&View, bool)>) {
        let (grid, far) = self.far_shape(instance, view);
        let mesh = far.as_deref().unwrap_or(&instance.mesh);
        let first = self.pixels.len() as u32;
        let (positions, normals) = instance.pose.as_ref().map_or((&mesh.positions, &mesh.normals), |p| (&p.positions, &p.normals));
        if positions.len() != mesh.positions.len() || normals.len() < positions.len() {
            return;
        }
        let world = &instance.world_from_object;
        if let Some(sway) = Sway::of(instance, &scene.light, scene.time).filter(|s| s.shows(view)) {
            self.pixels.extend(positions.iter().map(|p| view.pixels(sway.apply(world.transform_point3(*p)))));
        } else {
            project(level, positions, &view.rows(world), &mut self.pixels);
        }
        place(level, &self.pixels[first as usize..], &mut self.places);
        if let Some((previous, all)) = previous
            && (all || index >= scene.still.len())
        {
            let old = instance.pose.as_ref().map_or(positions, |p| &p.previous);
            let from = &instance.previous_world_from_object;
            self.previous.extend((0..positions.len()).map(|k| previous.pixels(from.transform_point3(*old.get(k).unwrap_or(&positions[k])))));
        }
        let corner = match self.kept.first.get(index).and_then(|f| f[grid]) {
            Some(corner) => corner,
            None => {
                let corner = self.corners.len() as u32;
                self.add_corners(mesh, normals, world);
                if let Some(first) = self.kept.first.get_mut(index) {
                    first[grid] = Some(corner);
                }
                corner
            }
        };
        let two_sided: Vec<bool> = instance.materials.iter().map(|m| m.two_sided || m.translucency > 0.0).collect();
        let clear: Vec<bool> = instance.materials.iter().map(|m| m.opacity < 0.99).collect();
        let turned = mirrored(world);
        for part in &mesh.parts {
            let Some(both) = two_sided.get(usize::from(part.material)) else { continue };
            let material = (base + usize::from(part.material)).min(usize::from(u16::MAX)) as u16;
            let run = Run { first, corner, count: positions.len() as u32, both: *both, turned, clear: clear[usize::from(part.material)] };
            self.parts.push(Part { id: instance.id, material });
            self.runs.push(run);
            let last = (part.first as usize).saturating_add(part.count as usize).min(mesh.triangles.len());
            add_triangles(level, self, mesh.triangles.get(part.first as usize..last).unwrap_or(&[]), &run);
        }
    }

    /// The far shape of an instance that is small in the picture.
    fn far_shape(&mut self, instance: &Instance, view: &View) -> (usize, Option<Arc<Mesh>>) {
        if instance.pose.is_some() {
            return (0, None);
        }
        let (bounds, world) = (instance.mesh.bounds, &instance.world_from_object);
        let away = view.forward.dot(world.transform_point3(bounds.centre()) - view.eye);
        let radius = bounds.radius() * world.matrix3.x_axis.length();
        if away.is_nan() || away <= radius * 4.0 {
            return (0, None);
        }
        self.shapes.of(&instance.mesh, radius * view.focal / away, view.height)
    }

    fn add_corners(&mut self, mesh: &Mesh, normals: &[Vec3], world: &Affine3A) {
        let scale = world.matrix3.x_axis.length().max(1e-9);
        let turn = Mat3A::from_cols(world.matrix3.x_axis / scale, world.matrix3.y_axis / scale, world.matrix3.z_axis / scale);
        let rest = if mesh.rest.len() == mesh.positions.len() { &mesh.rest } else { &mesh.positions };
        self.corners.reserve(rest.len());
        for (k, (rest, normal)) in rest.iter().zip(normals).enumerate() {
            let n = turn * *normal;
            let open = mesh.openness.get(k).map_or(1.0, |o| f32::from(*o) * (1.0 / 255.0));
            let tint = mesh.tint.get(k).map_or([1.0; 3], |t| t.map(|c| f32::from(c) * (1.0 / 127.5)));
            self.corners.push(Corner([n.x, n.y, n.z, open, rest.x, rest.y, rest.z, 0.0, tint[0], tint[1], tint[2], 0.0, 0.0, 0.0, 0.0, 0.0]));
        }
    }
}

/// What the triangles of a part have in common.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// Where the instance's pixels, corners begin, and how many there are.
    first: u32,
    corner: u32,
    count: u32,
    /// Whether both sides show.
    both: bool,
    /// Whether the instance is a mirror image.
    turned: bool,
    /// Whether it lets light through.
    clear: bool,
}

// These say nothing of lanes, but are quicker with the instructions of their level.
entry! {
    /// Positions to homogeneous pixels.
    fn project(positions: &[Vec3], rows: &[(Vec3, f32); 3], out: &mut Vec<[f32; 3]>) = project_kernel
}
entry! {
    /// Homogeneous pixels to places in the picture.
    fn place(pixels: &[[f32; 3]], out: &mut Vec<[f32; 3]>) = place_kernel
}
entry! {
    /// Adds the triangles of a part that may be seen.
    fn add_triangles(geometry: &mut Geometry, triangles: &[[u32; 3]], run: &Run) = triangles_kernel
}

#[inline(always)]
fn project_kernel<S: Simd>(positions: &[Vec3], [x, y, w]: &[(Vec3, f32); 3], out: &mut Vec<[f32; 3]>) {
    out.extend(positions.iter().map(|p| [x.0.dot(*p) + x.1, y.0.dot(*p) + y.1, w.0.dot(*p) + w.1]));
}

#[inline(always)]
fn place_kernel<S: Simd>(pixels: &[[f32; 3]], out: &mut Vec<[f32; 3]>) {
    out.extend(pixels.iter().map(|p| [p[0] / p[2], p[1] / p[2], p[2]]));
}

#[inline(always)]
fn triangles_kernel<S: Simd>(geometry: &mut Geometry, triangles: &[[u32; 3]], run: &Run) {
    for t in triangles {
        if t[0] < run.count && t[1] < run.count && t[2] < run.count {
            geometry.triangle(*t, run);
        }
    }
}

impl Geometry {
    #[inline(always)]
    fn triangle(&mut self, t: [u32; 3], run: &Run) {
        let view = &self.view;
        let pixels = t.map(|k| (k + run.first) as usize);
        let p = pixels.map(|k| self.places[k]);
        let near = p[0][2].min(p[1][2]).min(p[2][2]) < NEAR;
        if let Some(level) = view.under {
            let under = pixels.iter().filter(|k| view.height_of(self.pixels[**k]) < level - HARDLY).count();
            if under > 0 {
                if under < 3 {
                    self.crossing.push([t[0], t[1], t[2], self.runs.len() as u32 - 1]);
                }
                return;
            }
        }
        let reach = if near { covered_near(&pixels.map(|k| self.pixels[k]), view) } else { covered(&p, view) };
        let Some((low, high)) = reach else { return };
        if !near && !run.both && away(&p, run.turned) {
            return;
        }
        // A hair nearer than the corners makes up for the rounding of 1/w in between.
        let nearest = if near { 1.0 / NEAR } else { 1.0001 / p[0][2].min(p[1][2]).min(p[2][2]) };
        self.pending.push([t[0], t[1], t[2], self.runs.len() as u32 - 1]);
        self.clear.push(run.clear);
        self.reaches.push(Reach { low: low.map(|v| v as i16), high: high.map(|v| v as i16), nearest });
    }

    /// Adds what rises over the surface of the triangles that go through it: the foot of a post under water is not mirrored.
    fn cut_at_surface(&mut self) {
        let Some(level) = self.view.under else { return };
        for [a, b, c, of] in std::mem::take(&mut self.crossing) {
            let run = self.runs[of as usize];
            let (first, corner) = (self.pixels.len() as u32, self.corners.len() as u32);
            let ends = [a, b, c];
            let height = |k: u32| self.view.height_of(self.pixels[(k + run.first) as usize]);
            let heights = ends.map(height);
            for (k, from) in ends.into_iter().enumerate() {
                let (to, h, next) = (ends[(k + 1) % 3], heights[k], heights[(k + 1) % 3]);
                let over = |h: f32| h >= level - HARDLY;
                if over(h) {
                    self.add_between([from, from], 0.0, &run);
                }
                if over(h) != over(next) {
                    self.add_between([from, to], ((level - h) / (next - h)).clamp(0.0, 1.0), &run);
                }
            }
            let count = self.pixels.len() as u32 - first;
            let cut = Run { first, corner, count, ..run };
            self.parts.push(self.parts[of as usize]);
            self.runs.push(cut);
            for k in 2..count {
                self.triangle([0, k - 1, k], &cut);
            }
        }
    }

    /// Adds a corner between two of a run.
    fn add_between(&mut self, ends: [u32; 2], share: f32, run: &Run) {
        let mix = |a: f32, b: f32| a + (b - a) * share;
        let [p, q] = ends.map(|k| self.pixels[(k + run.first) as usize]);
        let pixel = [0, 1, 2].map(|i| mix(p[i], q[i]));
        let [a, b] = ends.map(|k| self.corners[(k + run.corner) as usize].0);
        self.corners.push(Corner(std::array::from_fn(|i| mix(a[i], b[i]))));
        self.places.push([pixel[0] / pixel[2], pixel[1] / pixel[2], pixel[2]]);
        self.pixels.push(pixel);
    }

    /// Makes what is known of a triangle, if that has not been done in this frame; whether it shows at all.
    #[inline(always)]
    pub(crate) fn make(&mut self, k: usize) -> bool {
        if self.made[k] == Made::NotYet {
            self.made[k] = if self.set_up(k) { Made::Known } else { Made::Hidden };
        }
        self.made[k] == Made::Known
    }

    #[inline(always)]
    fn set_up(&mut self, k: usize) -> bool {
        let view = &self.view;
        let [a, b, c, part] = self.pending[k];
        let (t, run) = ([a, b, c], &self.runs[part as usize]);
        let pixels = t.map(|k| (k + run.first) as usize);
        let near = pixels.iter().any(|k| self.places[*k][2] < NEAR);
        let low = self.reaches[k].low;
        let d = pixels.map(|k| self.pixels[k].map(f64::from));
        let cross = |p: [f64; 3], q: [f64; 3]| [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
        let mut e = [cross(d[1], d[2]), cross(d[2], d[0]), cross(d[0], d[1])];
        let mut det = d[0][0] * e[0][0] + d[0][1] * e[0][1] + d[0][2] * e[0][2];
        // Counter-clockwise in the world is a negative determinant, since y runs down the picture.
        let front = (det < 0.0) != run.turned;
        if det == 0.0 || !det.is_finite() || (!front && !run.both) {
            return false;
        }
        if det < 0.0 {
            det = -det;
            e = e.map(|r| r.map(|c| -c));
        }
        let inverse = 1.0 / det;
        if !(inverse as f32).is_finite() {
            return false;
        }
        let (x0, y0) = (f64::from(low[0]), f64::from(low[1]));
        let a = e.map(|r| r[0] as f32);
        let b = e.map(|r| r[1] as f32);
        let c = e.map(|r| (r[2] + r[0] * x0 + r[1] * y0) as f32);
        // The gradient of 1/w is the face's normal, seen from the camera.
        let g = [0, 1, 2].map(|k| ((e[0][k] + e[1][k] + e[2][k]) * inverse) as f32);
        let n = view.right * (g[0] * view.focal) - view.up * (g[1] * view.focal) + view.forward * (g[2] + g[0] * view.cx + g[1] * view.cy);
        let n = n * (-127.0 / n.length().max(1e-20));
        let corner = t.map(|k| f32::from_bits(k + run.corner));
        self.triangles[k] = Triangle {
            slopes: [a[0], a[1], a[2], b[0], b[1], b[2], f32::from(low[0]), f32::from(low[1])],
            rest: [c[0], c[1], c[2], inverse as f32, corner[0], corner[1], corner[2], 0.0],
        };
        self.edges[k] = Edges { c: e.map(|r| r[2]), near };
        self.faces[k] = Face { part, normal: [n.x as i8, n.y as i8, n.z as i8] };
        true
    }
}

impl Geometry {
    /// Whether all that is in a tile has a smaller 1/w than `limit` there.
    pub(crate) fn lies_behind(&mut self, tile: usize, limit: f32) -> bool {
        let origin = [tile % self.bins.columns * TILE, tile / self.bins.columns * TILE];
        self.bins.range(tile).all(|n| {
            let entry = self.bins.list[n];
            let k = entry.triangle as usize;
            if entry.nearest < limit || !self.make(k) {
                return true;
            }
            // A large triangle may be far away in this tile: 1/w is a plane over the picture.
            let t = &self.triangles[k];
            let ends = [0, 1].map(|k| [(origin[k] + usize::from(entry.low[k])) as f32, (origin[k] + usize::from(entry.high[k]) + 1) as f32]);
            let at = |x: usize, y: usize| t.edges_at(ends[0][x], ends[1][y]).iter().sum::<f32>() * t.inverse();
            !self.edges[k].near && [at(0, 0), at(1, 0), at(0, 1), at(1, 1)].iter().all(|v| *v < limit)
        })
    }
}

/// Whether a triangle shows its back beyond what rounding could make of it.
#[inline(always)]
fn away(p: &[[f32; 3]; 3], turned: bool) -> bool {
    let (ux, uy, vx, vy) = (p[1][0] - p[0][0], p[1][1] - p[0][1], p[2][0] - p[0][0], p[2][1] - p[0][1]);
    let area = ux * vy - uy * vx;
    let back = if turned { -area } else { area };
    back > 0.004 * (ux.abs() + uy.abs() + vx.abs() + vy.abs())
}

fn mirrored(world: &Affine3A) -> bool {
    world.matrix3.determinant() < 0.0
}

fn visible(instance: &Instance, view: &View) -> bool {
    let bounds = instance.pose.as_ref().map_or(instance.mesh.bounds, |p| crate::scene::Bounds::around(&p.positions));
    let world = &instance.world_from_object;
    let radius = bounds.radius() * world.matrix3.x_axis.length() + instance.sway;
    let centre = world.transform_point3(bounds.centre());
    if let Some(level) = view.under {
        // What lies under the surface, or is smaller than a pixel of the reflection, is not mirrored; nor is water itself.
        let water = instance.materials.first().is_some_and(crate::mirror::mirrors);
        if water || centre.y + radius < level || radius * view.focal < 1.5 * (centre - view.eye).length() {
            return false;
        }
    }
    view.sees(centre, radius)
}

/// The pixels whose samples a triangle with corners at `p` may cover, or none.
#[inline(always)]
fn covered(p: &[[f32; 3]; 3], view: &View) -> Option<([i32; 2], [i32; 2])> {
    let least = [0, 1].map(|k| p[0][k].min(p[1][k]).min(p[2][k]));
    let most = [0, 1].map(|k| p[0][k].max(p[1][k]).max(p[2][k]));
    within(least, most, view)
}

/// The pixels of a triangle that the near plane may cut.
fn covered_near(v: &[[f32; 3]; 3], view: &View) -> Option<([i32; 2], [i32; 2])> {
    let (mut least, mut most) = ([f32::MAX; 2], [f32::MIN; 2]);
    let mut reach = |p: [f32; 3]| {
        for k in 0..2 {
            let at = p[k] / p[2];
            (least[k], most[k]) = (least[k].min(at), most[k].max(at));
        }
    };
    for (k, p) in v.iter().enumerate() {
        if p[2] >= NEAR {
            reach(*p);
        }
        let q = v[(k + 1) % 3];
        if (p[2] < NEAR) != (q[2] < NEAR) {
            let t = (NEAR - p[2]) / (q[2] - p[2]);
            reach([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t, NEAR]);
        }
    }
    // Where the near plane cuts, the numbers are large and so is their rounding.
    within(least.map(|v| v - 2.0), most.map(|v| v + 2.0), view)
}

/// The pixels of the picture with samples in a box.
#[inline(always)]
fn within(least: [f32; 2], most: [f32; 2], view: &View) -> Option<([i32; 2], [i32; 2])> {
    let size = [view.width as f32, view.height as f32];
    if !(most[0] > 0.0 && most[1] > 0.0 && least[0] < size[0] && least[1] < size[1]) {
        return None;
    }
    // Samples lie between 1/8 and 7/8 of a pixel; a hair more allows for rounding.
    let low = least.map(|v| (v - 0.876).ceil().max(0.0));
    let high = [0, 1].map(|k| (most[k] - 0.124).floor().min(size[k] - 1.0));
    (low[0] <= high[0] && low[1] <= high[1]).then(|| (low.map(|v| v as i32), high.map(|v| v as i32)))
}
