//! What still water, wet ground and polished floors mirror: the scene seen from below the surface, at a quarter of the size.
//!
//! The camera is reflected at the level; turned so that its picture is upside down and not left to right, it is a camera as
//! any other. The pixel (x, y) of the picture finds its reflection at (x, height - y). What lies under the level is left out,
//! and only the part of the reflected picture is drawn that the mirroring fragments can reach.

use crate::finish::{self, Film, Planes};
use crate::fragments::{self, Coarse, Fragment};
use crate::geometry::{Geometry, TILE};
use crate::lanes::{F, I, Level, Simd, V3, piece};
use crate::looks::Hand;
use crate::occlusion::Occlusion;
use crate::raster::{self, Samples};
use crate::scene::{Light, Material, Relief, Scene};
use crate::shade::{Shading, Tile};
use crate::shafts::Shafts;
use crate::view::View;
use glam::Vec3;

/// How far from the level a surface may be and still take its reflection, metres.
pub(crate) const NEAR_LEVEL: f32 = 0.3;

/// The reflected picture.
#[derive(Default)]
pub(crate) struct Mirror {
    geometry: Geometry,
    samples: Samples,
    fragments: Vec<Fragment>,
    occlusion: Occlusion,
    tile: Tile,
    film: Film,
    /// The same in floats, which single pixels can be taken from.
    picture: Planes,
    scale: f32,
    pub(crate) level: f32,
    /// Pixels of the reflected picture for a slope of one, across and down.
    bend: [f32; 2],
    right: Vec3,
    forward: Vec3,
    /// The part that is drawn: x0, y0, x1, y1 (the last pixels).
    drawn: [f32; 4],
}

/// Whether a material mirrors the things about it.
pub(crate) fn mirrors(material: &Material) -> bool {
    material.relief == Relief::Ripples && material.mirror > 0.0
}

/// Whether level ground mirrors in this light, whatever it is made of.
pub(crate) fn ground_mirrors(light: &Light) -> bool {
    !light.indoors && light.wet > 0.0 || light.polish > 0.0
}

/// The tiles (x0, y0, x1, y1, the last ones too) whose fragments mirror, if any do.
pub(crate) fn mirroring(geometry: &Geometry, materials: &[&Material], light: &Light, fragments: &[Fragment], starts: &[usize]) -> Option<[usize; 4]> {
    light.mirror?;
    let wanted: Vec<bool> = materials.iter().map(|m| mirrors(m)).collect();
    let ground = ground_mirrors(light);
    if !ground && !wanted.contains(&true) {
        return None;
    }
    let mut reach: Option<[usize; 4]> = None;
    for (tile, ends) in starts.windows(2).enumerate() {
        let shows = fragments[ends[0]..ends[1]]
            .iter()
            .any(|f| wanted.get(usize::from(f.material)) == Some(&true) || (ground && geometry.faces[f.triangle as usize].normal[1] > 118));
        if shows {
            let (x, y) = (tile % geometry.bins.columns, tile / geometry.bins.columns);
            let old = reach.unwrap_or([x, y, x, y]);
            reach = Some([old[0].min(x), old[1].min(y), old[2].max(x), old[3].max(y)]);
        }
    }
    reach
}

impl Mirror {
    /// Draws what is mirrored at a level into the tiles `wanted` of the picture that `view` sees. `shading` has all but the geometry.
    pub(crate) fn draw(&mut self, level: Level, scene: &Scene, view: &View, at: f32, wanted: [usize; 4], shading: &Shading) {
        let divide = if view.width.min(view.height) >= 700 { 4 } else { 2 };
        let side = |v: usize| (v / divide).max(16);
        let (width, height) = (side(view.width), side(view.height));
        let flip = |v: Vec3| Vec3::new(v.x, -v.y, v.z);
        let scale = height as f32 / view.height as f32;
        let seen = View {
            eye: Vec3::new(view.eye.x, 2.0 * at - view.eye.y, view.eye.z),
            right: flip(view.right),
            up: -flip(view.up),
            forward: flip(view.forward),
            focal: view.focal * scale,
            cx: view.cx * scale,
            cy: height as f32 - view.cy * scale,
            width,
            height,
            under: Some(at),
        };
        self.scale = scale;
        self.level = at;
        self.bend = [seen.focal * 0.4, seen.focal * 1.2];
        self.right = view.right;
        self.forward = Vec3::new(view.forward.x, 0.0, view.forward.z).normalize_or(Vec3::NEG_Z);
        let materials = self.geometry.gather(level, scene, &seen, None);
        self.occlusion.open(width, height);
        self.film.resize(width, height);
        self.picture.resize(width, height);
        let bins = [self.geometry.bins.columns, self.geometry.bins.rows];
        // Ripples bend the rays: a little more than what lies opposite is needed.
        let slack = height as f32 * 0.14;
        let low = [(wanted[0] * TILE) as f32 * scale - slack, height as f32 - ((wanted[3] + 1) * TILE) as f32 * scale - slack];
        let high = [((wanted[2] + 1) * TILE) as f32 * scale + slack, height as f32 - (wanted[1] * TILE) as f32 * scale + slack];
        let first = [0, 1].map(|k| ((low[k].max(0.0) as usize) / TILE).min(bins[k] - 1));
        let last = [0, 1].map(|k| ((high[k].max(0.0) as usize) / TILE).min(bins[k] - 1));
        let size = [width, height];
        let edge = |k: usize| (((last[k] + 1) * TILE).min(size[k]) - 1) as f32;
        self.drawn = [(first[0] * TILE) as f32, (first[1] * TILE) as f32, edge(0), edge(1)];
        for ty in first[1]..=last[1] {
            for tx in first[0]..=last[0] {
                let (x, y) = (tx * TILE, ty * TILE);
                let (w, h) = (TILE.min(width - x), TILE.min(height - y));
                raster::draw_tile(level, &mut self.samples, &mut self.geometry, ty * bins[0] + tx, 1);
                self.fragments.clear();
                fragments::resolve(level, &self.samples, &self.geometry, w, h, Coarse::ALL, &mut self.fragments);
                let shading = Shading {
                    view: &seen,
                    geometry: &self.geometry,
                    materials: &materials,
                    occlusion: &self.occlusion,
                    mirror: None,
                    cubes: &[],
                    hand: shading.hand.map(Hand::unmarked),
                    step: 1,
                    ..*shading
                };
                self.tile.shade(level, &shading, x, y, &self.fragments);
                self.tile.copy_to(level, &Shafts::default(), &mut self.film, x, y);
            }
        }
        finish::copy(level, &self.film, &mut self.picture);
    }
}

/// What points at pixels of the picture with normals `n` mirror.
#[inline(always)]
fn reflection_body<S: Simd>(mirror: &Mirror, x: F<S>, y: F<S>, n: V3<S>) -> V3<S> {
    let [x0, y0, x1, y1] = mirror.drawn;
    let (u, v) = (x * mirror.scale - 0.5 + n.dot_with(mirror.right) * mirror.bend[0], (mirror.picture.height as f32 - 0.5) - y * mirror.scale);
    // Steep slopes would look outside the picture: they bend less there.
    let v = v + (n.dot_with(mirror.forward) * mirror.bend[1]).at_least(-0.2 * y1).at_most(0.2 * y1);
    let (u, v) = (u.at_least(x0).at_most(x1 - 0.001), v.at_least(y0).at_most(y1 - 0.001));
    let (fx, fy) = (u - u.floor(), v - v.floor());
    let stride = mirror.picture.stride as i32;
    let at = v.truncate() * I::of(stride) + u.truncate();
    let [r, g, b] = &mirror.picture.planes;
    V3::new(between(r, at, stride, fx, fy), between(g, at, stride, fx, fy), between(b, at, stride, fx, fy))
}

/// A plane between four of its cells.
#[inline(always)]
fn between<S: Simd>(plane: &[f32], at: I<S>, stride: i32, fx: F<S>, fy: F<S>) -> F<S> {
    let top = F::gather(plane, at).mix(F::gather(plane, at + I::of(1)), fx);
    let bottom = F::gather(plane, at + I::of(stride)).mix(F::gather(plane, at + I::of(stride + 1)), fx);
    top.mix(bottom, fy)
}

piece! {
    /// What points at pixels of the picture with normals `n` mirror.
    fn reflection(mirror: &'a Mirror, x: F<S>, y: F<S>, n: V3<S>) -> V3<S> = reflection_body
}
