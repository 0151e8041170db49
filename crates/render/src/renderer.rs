//! One frame from one scene: the passes in their order.

use crate::cube::{self, Cube};
use crate::finish::{self, Bloom, Film};
use crate::fragments::{self, Coarse, Fragment};
use crate::geometry::{Geometry, TILE};
use crate::glass::Glass;
use crate::lanes::Level;
use crate::lens::{self, Lens, Optics};
use crate::looks::{Blocks, Easel, Hand, Look, Negative, Row};
use crate::mirror::{self, Mirror};
use crate::motion::{Before, Motion};
use crate::occlusion::{Job, Occlusion};
use crate::particles;
use crate::passes::{self, Passes};
use crate::pieces::{StillShadows, WIDE, stepped};
use crate::portrait;
use crate::raster::{self, Samples};
use crate::scene::{Material, Scene};
use crate::shade::{LampUse, Shading, Tile};
use crate::shadow::{DepthMap, Fit};
use crate::shafts::{self, Shafts};
use crate::sky::Air;
use crate::view::View;
use crate::wakes::Trail;
use glam::Vec3;
use kinora_base::picture::Yuv420;
use std::sync::Arc;
use std::time::Instant;

/// Which implementation of the kernels runs; both give the same bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SimdLevel {
    /// AVX2 where the machine has it.
    #[default]
    Detect,
    /// Portable code.
    Plain,
}

/// How frames are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Width in pixels: even, 64 or more.
    pub width: usize,
    /// Height in pixels: even, 64 or more.
    pub height: usize,
    /// Which kernels run.
    pub simd: SimdLevel,
    /// Whether ids, depth and motion are given too.
    pub passes: bool,
}

/// A drawn frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The picture, BT.709 limited range.
    pub picture: Yuv420,
    /// Ids, depth and motion, if asked for.
    pub passes: Option<Passes>,
}

/// Milliseconds by pass of the last frame. For reports only: no picture depends on them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timings {
    /// Culling, moving corners, binning.
    pub geometry: f32,
    /// Sun maps and the map from above.
    pub shadow: f32,
    /// Visibility and fragments.
    pub raster: f32,
    /// Ambient and sky occlusion.
    pub occlusion: f32,
    /// Shading, sky and particles.
    pub shade: f32,
    /// Depth of field and motion blur.
    pub lens: f32,
    /// Bloom.
    pub bloom: f32,
    /// Tone map to YUV.
    pub finish: f32,
}

impl Timings {
    /// Of the whole frame.
    #[must_use]
    pub fn total(&self) -> f32 {
        self.geometry + self.shadow + self.raster + self.occlusion + self.shade + self.lens + self.bloom + self.finish
    }
}

/// Draws scenes. Owns buffers and caches that make the next frame quicker, and never different; one a thread.
pub struct Renderer {
    settings: Settings,
    level: Level,
    geometry: Geometry,
    shadows: Arc<StillShadows>,
    near: DepthMap,
    wide: DepthMap,
    above: DepthMap,
    cubes: Vec<Cube>,
    mirror: Mirror,
    glass: Glass,
    shafts: Shafts,
    samples: Samples,
    fragments: Vec<Fragment>,
    /// Where each tile's fragments begin.
    starts: Vec<usize>,
    /// Pixels of the picture to a side of one of each tile.
    steps: Vec<usize>,
    occlusion: Occlusion,
    tile: Tile,
    film: Film,
    lens: Lens,
    motion: Motion,
    bloom: Bloom,
    easel: Easel,
    /// For looks in blocks.
    blocks: Option<Blocks>,
    timings: Timings,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

struct Clock(Instant);

impl Clock {
    fn lap(&mut self) -> f32 {
        let now = Instant::now();
        let lap = now.duration_since(self.0).as_secs_f32() * 1000.0;
        self.0 = now;
        lap
    }
}

impl Renderer {
    /// A renderer of pictures of one size; odd or tiny sizes are brought to the next even one from 64 on.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::sharing(settings, Arc::new(StillShadows::for_lines(settings.height)))
    }

    /// The same, beside others who draw the same film: the shadows of what stands still are drawn by one of them.
    #[must_use]
    pub fn sharing(settings: Settings, shadows: Arc<StillShadows>) -> Self {
        let side = |v: usize| v.clamp(64, 16_384).next_multiple_of(2);
        let settings = Settings { width: side(settings.width), height: side(settings.height), ..settings };
        let level = if settings.simd == SimdLevel::Plain { Level::Plain } else { Level::detect() };
        Self {
            settings,
            level,
            geometry: Geometry::default(),
            near: DepthMap::new(shadows.side()),
            wide: DepthMap::new(shadows.side()),
            shadows,
            above: DepthMap::new(1024),
            cubes: Vec::new(),
            mirror: Mirror::default(),
            glass: Glass::default(),
            shafts: Shafts::default(),
            samples: Samples::default(),
            fragments: Vec::new(),
            starts: Vec::new(),
            steps: Vec::new(),
            occlusion: Occlusion::default(),
            tile: Tile::default(),
            film: Film::default(),
            lens: Lens::default(),
            motion: Motion::default(),
            bloom: Bloom::default(),
            easel: Easel::default(),
            blocks: None,
            timings: Timings::default(),
        }
    }

    /// Milliseconds by pass of the last frame.
    #[must_use]
    pub fn timings(&self) -> &Timings {
        &self.timings
    }

    /// Size and kernels.
    pub(crate) fn settings(&self) -> Settings {
        self.settings
    }

    /// Triangles of the last frame that were not seen to be turned away or out of the picture. For reports only.
    #[must_use]
    pub fn triangles(&self) -> usize {
        self.geometry.pending.len()
    }

    /// Draws a frame. The bytes depend on the scene and the settings' size alone.
    pub fn render(&mut self, scene: &Scene) -> Frame {
        let Settings { width, height, passes, .. } = self.settings;
        let mut passes = passes.then(|| Passes::new(width, height));
        if let Some((look, pixels)) = scene.look.as_ref().and_then(|l| Some((l, l.pixels.as_ref()?))) {
            if let Some(passes) = passes.as_mut() {
                self.see(scene, Some(passes));
            }
            let mut blocks = self.blocks.take().filter(|b| b.fits(look)).unwrap_or_else(|| Blocks::new(look, pixels, self.settings));
            let picture = blocks.draw(scene, pixels, width, height);
            self.timings = blocks.timings();
            self.blocks = Some(blocks);
            return Frame { picture, passes };
        }
        let view = self.expose(scene, passes.as_mut());
        let mut clock = Clock(Instant::now());
        let picture = match &scene.look {
            Some(look) => {
                let negative = Negative { scene, view: &view, film: &self.film, bloom: &self.bloom, focus: focus(scene) };
                self.easel.picture(self.level, look, &negative)
            }
            None => {
                let mut picture = Yuv420::black(width, height);
                finish::develop(self.level, &self.film, &self.bloom, &scene.light, &mut picture);
                picture
            }
        };
        self.timings.finish = clock.lap();
        Frame { picture, passes }
    }

    /// Draws a frame with its look, row by row in red, green and blue, 0..1.
    pub(crate) fn rows(&mut self, scene: &Scene, mut take: impl FnMut(usize, &Row)) {
        let view = self.expose(scene, None);
        let mut clock = Clock(Instant::now());
        let (level, height) = (self.level, self.settings.height);
        let plain = Arc::new(Look::default());
        let look = scene.look.as_ref().unwrap_or(&plain);
        let negative = Negative { scene, view: &view, film: &self.film, bloom: &self.bloom, focus: focus(scene) };
        self.easel.with(level, look, &negative, |lay| {
            let mut row = lay.blank();
            for y in 0..height {
                lay.row(level, y, &mut row);
                take(y, &row);
            }
        });
        self.timings.finish = clock.lap();
    }

    /// What is seen where: geometry and visibility, without light.
    fn see(&mut self, scene: &Scene, passes: Option<&mut Passes>) {
        let Settings { width, height, .. } = self.settings;
        let (view, before) = (View::new(&scene.camera, width, height), View::new(&scene.previous_camera, width, height));
        let materials = self.geometry.gather(self.level, scene, &view, passes.as_ref().map(|_| (&before, true)));
        self.rasterise((&view, &before), (focus(scene), None), &materials, None, passes);
    }

    /// Everything up to light on the film, and its bloom.
    fn expose(&mut self, scene: &Scene, passes: Option<&mut Passes>) -> View {
        let Settings { width, height, .. } = self.settings;
        let mut clock = Clock(Instant::now());
        let view = View::new(&scene.camera, width, height);
        let before = View::new(&scene.previous_camera, width, height);
        let air = Air::new(&scene.light, scene.time, view.eye);
        let mut camera = scene.camera;
        if scene.look.as_ref().is_some_and(|l| l.is_drawn()) {
            // What is drawn has no lens.
            (camera.aperture, camera.shutter) = (0.0, 0.0);
        }
        let optics = Optics::of(&camera, focus(scene), &view);
        let past = Before::of(&camera, &view, &before);
        let previous = (passes.is_some() || past.is_some()).then_some((&before, passes.is_some()));
        let materials = self.geometry.gather(self.level, scene, &view, previous);
        self.timings.geometry = clock.lap();
        self.update_maps(scene, &air);
        self.timings.shadow = clock.lap();
        self.rasterise((&view, &before), (focus(scene), optics.as_ref()), &materials, past.as_ref(), passes);
        self.timings.raster = clock.lap();
        let above = (!scene.light.indoors).then_some(&self.above);
        self.occlusion.run(self.level, &Job { view: &view, radius: occlusion_radius(scene), above });
        self.timings.occlusion = clock.lap();
        self.shade(scene, &view, air, &materials, optics.as_ref());
        self.timings.shade = clock.lap();
        if optics.is_some() {
            self.lens.defocus(self.level, &mut self.film);
        }
        if past.is_some() {
            self.motion.smear(self.level, &mut self.film);
        }
        self.timings.lens = clock.lap();
        if scene.light.bloom > 0.0 {
            self.bloom.run(self.level, &self.film, scene.light.bloom_threshold.max(0.05));
        }
        self.timings.bloom = clock.lap();
        view
    }

    fn update_maps(&mut self, scene: &Scene, air: &Air) {
        let (centre, radius) = (scene.interest.0, stepped(scene.interest.1));
        let fit = |towards: Vec3, by: f32| Fit { centre, radius: radius * by, towards };
        self.near.update(self.level, scene, fit(air.sun_direction, 1.0), &self.shadows, Some(&|_| true));
        let near = &self.near;
        self.wide.update(self.level, scene, fit(air.sun_direction, WIDE), &self.shadows, Some(&|i| !near.suffices(i)));
        if !scene.light.indoors {
            self.above.update(self.level, scene, fit(Vec3::Y, 2.0), &self.shadows, None);
        }
        let throwing = cube::chosen(scene);
        self.cubes.resize_with(throwing.len().max(self.cubes.len()), Cube::default);
        for (cube, lamp) in self.cubes.iter_mut().zip(throwing) {
            cube.update(self.level, scene, &scene.lamps[lamp]);
        }
    }

    /// Visibility of every tile, boiled down to fragments and small depth.
    fn rasterise(
        &mut self,
        (view, before): (&View, &View),
        (focus, optics): (f32, Option<&Optics>),
        materials: &[&Material],
        past: Option<&Before>,
        mut passes: Option<&mut Passes>,
    ) {
        let (width, height) = (view.width, view.height);
        if past.is_some() {
            self.motion.begin(view);
        }
        self.occlusion.resize(width, height);
        self.fragments.clear();
        self.starts.clear();
        self.steps.clear();
        self.glass.clear();
        let coarse = coarse(view, focus, optics);
        for tile in 0..self.geometry.bins.columns * self.geometry.bins.rows {
            let (x, y) = (tile % self.geometry.bins.columns * TILE, tile / self.geometry.bins.columns * TILE);
            let (w, h) = (TILE.min(width - x), TILE.min(height - y));
            let (step, coarse) = self.step(tile, optics).unwrap_or((1, coarse));
            raster::draw_tile(self.level, &mut self.samples, &mut self.geometry, tile, step);
            self.starts.push(self.fragments.len());
            self.steps.push(step);
            fragments::resolve(self.level, &self.samples, &self.geometry, w.div_ceil(step), h.div_ceil(step), coarse, &mut self.fragments);
            self.glass.peel(self.level, &self.samples, &mut self.geometry, tile, [w, h], coarse);
            self.keep_depth(x, y, w, h, step);
            if let Some(past) = past {
                self.motion.note(self.level, past, (&self.samples, step), &self.geometry, view, [x, y]);
            }
            if let Some(passes) = passes.as_deref_mut() {
                if step > 1 {
                    raster::draw_tile(self.level, &mut self.samples, &mut self.geometry, tile, 1);
                }
                passes::fill(passes, &self.samples, (&self.geometry, materials), (view, before), [x, y, w, h]);
            }
        }
        self.starts.push(self.fragments.len());
    }

    /// Pixels of the picture to a side of one of a tile that is far enough out of focus, and where fragments may cover two of those.
    fn step(&mut self, tile: usize, optics: Option<&Optics>) -> Option<(usize, Coarse)> {
        let optics = optics.filter(|_| !self.geometry.glass.is_some_in(tile))?;
        let (step, _) = SOFT.into_iter().find(|(_, radius)| optics.limit(*radius).is_some_and(|limit| self.geometry.lies_behind(tile, limit)))?;
        let limit = optics.limit(SOFT_BLOCK * step as f32).unwrap_or(0.0);
        Some((step, Coarse { moving: limit, still: limit, soft: true, ..Coarse::NONE }))
    }

    fn keep_depth(&mut self, x: usize, y: usize, w: usize, h: usize, step: usize) {
        let o = &mut self.occlusion;
        let half = o.step / 2;
        for py in (0..h).step_by(o.step) {
            // Rows that are not looked at need no normals.
            let looked_at = ((y + py) / o.step).is_multiple_of(2);
            for px in (0..w).step_by(o.step) {
                let (sx, sy) = ((px + half).min(w - 1), (py + half).min(h - 1));
                let at = (y + py) / o.step * o.stride + (x + px) / o.step;
                // Where there is nothing, the depth is 0.
                let (sx, sy) = (sx / step, sy / step);
                o.depth[at] = self.samples.depth(sx, sy, 0);
                if looked_at {
                    let face = self.geometry.faces.get(self.samples.id(sx, sy, 0) as usize).map_or([0; 3], |f| f.normal);
                    for (plane, n) in o.normal.iter_mut().zip(face) {
                        plane[at] = f32::from(n) * (1.0 / 127.0);
                    }
                }
            }
        }
    }

    fn shade(&mut self, scene: &Scene, view: &View, air: Air, materials: &[&Material], optics: Option<&Optics>) {
        let light = &scene.light;
        let fill_direction = (view.right * -0.35 + view.up * 0.35 - view.forward * 0.85).normalize();
        let fill = (air.zenith * 0.6 + air.horizon * 0.4) * (0.55 * light.ambient * light.fill);
        let all = lamps(scene, view);
        let particles = particles::Placed::place(scene, view, &air, &all);
        self.film.resize(view.width, view.height);
        let hand = scene.look.as_ref().map(|l| Hand::new(l, light, view.height));
        if hand.is_some_and(|h| h.marks) {
            self.easel.marks.resize(view.width, view.height);
        }
        let mut mirror = std::mem::take(&mut self.mirror);
        let wakes: Vec<Trail> = scene.wakes.iter().filter_map(Trail::of).collect();
        let shading = Shading {
            view,
            air,
            light,
            time: scene.time,
            geometry: &self.geometry,
            materials,
            occlusion: &self.occlusion,
            near: &self.near,
            wide: &self.wide,
            lamps: &all,
            cubes: &self.cubes,
            fill: (fill_direction, fill),
            portrait: portrait::missing(scene, view, &air, [&self.near, &self.wide], (fill_direction, fill)),
            mirror: None,
            wakes: &wakes,
            hand,
            step: 1,
        };
        let wanted = mirror::mirroring(&self.geometry, materials, light, &self.fragments, &self.starts);
        if let (Some(at), Some(wanted)) = (light.mirror, wanted) {
            mirror.draw(self.level, scene, view, at, wanted, &shading);
        }
        let mirrored = wanted.is_some().then_some(&mirror);
        self.shafts.gather(self.level, &shafts::Job { view, air: &air, light, near: &self.near, wide: &self.wide, time: scene.time });
        if let Some(optics) = optics {
            self.lens.begin(view, optics);
        }
        for tile in 0..self.geometry.bins.columns * self.geometry.bins.rows {
            let (x, y) = (tile % self.geometry.bins.columns * TILE, tile / self.geometry.bins.columns * TILE);
            let lamps = reaching(&all, view, x, y);
            let shading = Shading { lamps: &lamps, mirror: mirrored, step: self.steps[tile], ..shading };
            let fragments = &self.fragments[self.starts[tile]..self.starts[tile + 1]];
            self.tile.shade(self.level, &shading, x, y, fragments);
            for k in (0..crate::glass::LAYERS).rev() {
                let ends = self.glass.layers[tile];
                self.tile.cover(self.level, &shading, x, y, &self.glass.fragments[ends[k]..ends[k + 1]]);
            }
            particles.draw(&mut self.tile, x, y);
            if let Some(optics) = optics {
                self.lens.note(self.level, optics, &self.tile.depth, x, y);
            }
            self.tile.copy_to(self.level, &self.shafts, &mut self.film, x, y);
            if let Some(hand) = hand.as_ref().filter(|h| h.marks) {
                self.easel.marks.take(self.level, &self.tile.marks, view, hand, x, y);
            }
        }
        self.mirror = mirror;
    }
}

/// Where two by two pixels are shaded as one: everywhere in very large pictures, in smaller ones where relief has faded or in the
/// background (but nowhere in small ones), and where discs are so large that only what is made of two by two pixels shows.
fn coarse(view: &View, focus: f32, optics: Option<&Optics>) -> Coarse {
    let mut coarse = match view.width.min(view.height) {
        0..900 => Coarse::NONE,
        900..=1200 => {
            let beyond = |metres: f32| 1.0 / (metres * view.focal).min(focus * 1.6);
            Coarse { moving: beyond(0.0025), still: beyond(0.0009), edges: true, ..Coarse::NONE }
        }
        _ => return Coarse::ALL,
    };
    if let Some(optics) = optics {
        let behind = optics.limit(lens::ALL_DISCS).unwrap_or(0.0);
        (coarse.moving, coarse.still) = (coarse.moving.max(behind), coarse.still.max(behind));
        coarse.before = optics.limit_before(lens::ALL_DISCS);
    }
    coarse
}

/// A tile in which all is behind the focus by discs of so many pixels (radius) is drawn in pixels of two or four a side: discs are
/// gathered from cells of two pixels, and large ones from cells of eight.
const SOFT: [(usize, f32); 2] = [(4, 14.0), (2, 3.5)];
/// And where discs are so many of those pixels wide (radius), blocks of two by two of them are shaded as one.
const SOFT_BLOCK: f32 = 3.0;

/// Metres to what the camera looks at.
fn focus(scene: &Scene) -> f32 {
    let focus = scene.camera.focus;
    if focus.is_finite() && focus > 0.0 { focus } else { 5.0 }
}

/// Occlusion reaches about a tenth of the picture's height at the focus: face, figure, room and village alike.
fn occlusion_radius(scene: &Scene) -> f32 {
    let camera = &scene.camera;
    (focus(scene) * kinora_base::maths::tan(camera.vertical_fov.clamp(0.01, 3.0) * 0.5) * 0.18).clamp(0.06, 0.7)
}

/// At most twenty-four lamps that reach into the picture.
fn lamps(scene: &Scene, view: &View) -> Vec<LampUse> {
    let throwing = cube::chosen(scene);
    let lit = scene.lamps.iter().enumerate().filter(|(_, l)| l.reach > 0.0 && view.sees(l.position, l.reach));
    let made = |(k, l): (usize, &crate::scene::Lamp)| LampUse::of(l, throwing.iter().position(|t| *t == k));
    lit.take(24).map(made).collect()
}

/// The lamps whose ball touches the beam through a tile.
fn reaching(lamps: &[LampUse], view: &View, x: usize, y: usize) -> Vec<LampUse> {
    let half = TILE as f32 * 0.5;
    let axis = view.ray(x as f32 + half, y as f32 + half);
    let length = axis.length();
    let axis = axis / length;
    // The beam widens by this much a metre (corner of the tile).
    let widening = half * 1.415 / view.focal;
    let near = |l: &&LampUse| {
        let d = l.position - view.eye;
        let along = d.dot(axis);
        let off = (d - axis * along).length();
        along > -l.reach && off < l.reach + (along.max(0.0) + l.reach) * widening
    };
    lamps.iter().filter(near).copied().collect()
}
