//! Flakes, streaks and motes over the shaded picture, behind what is nearer.

use crate::geometry::TILE;
use crate::scene::{ParticleKind, Scene};
use crate::shade::Tile;
use crate::view::View;
use glam::Vec3;

/// A particle in the picture: a soft capsule.
#[derive(Clone, Copy)]
struct Spot {
    from: [f32; 2],
    to: [f32; 2],
    radius: f32,
    strength: f32,
    depth: f32,
}

/// The particles of a frame, by tile.
pub(crate) struct Placed {
    columns: usize,
    tiles: Vec<Vec<Spot>>,
    colour: Vec3,
}

/// How long the shutter sees a drop fall, seconds.
const STREAK: f32 = 1.0 / 48.0;

impl Placed {
    pub(crate) fn place(scene: &Scene, view: &View) -> Self {
        let columns = view.width.div_ceil(TILE);
        let rows = view.height.div_ceil(TILE);
        let light = &scene.light;
        let sky = (light.horizon.vec() * 0.7 + light.zenith.vec() * 0.3) * light.ambient.max(0.3);
        let (colour, strength) = match scene.particle_kind {
            ParticleKind::Snow => (sky * 1.1 + light.sun.vec() * 0.16 + Vec3::splat(0.05), 0.9),
            ParticleKind::Rain => (sky * 1.0 + light.sun.vec() * 0.05 + Vec3::splat(0.03), 0.34),
            ParticleKind::Dust => (light.sun.vec() * 0.3 + light.haze.vec() * 0.4 + sky * 0.2, 0.35),
        };
        let mut tiles = vec![Vec::new(); columns * rows];
        let mut spots: Vec<Spot> = scene.particles.iter().filter_map(|p| spot(p, scene.particle_kind, strength, view)).collect();
        // Far ones first; equal depths keep their order.
        spots.sort_by(|a, b| b.depth.total_cmp(&a.depth));
        for s in spots {
            let reach = s.radius + 1.0;
            let cells = |a: f32, b: f32, n: usize| {
                let low = ((a.min(b) - reach) / TILE as f32).floor().max(0.0) as usize;
                let high = ((a.max(b) + reach) / TILE as f32).floor().min(n as f32 - 1.0);
                low..if high < 0.0 { low } else { high as usize + 1 }
            };
            for ty in cells(s.from[1], s.to[1], rows) {
                for tx in cells(s.from[0], s.to[0], columns) {
                    tiles[ty * columns + tx].push(s);
                }
            }
        }
        Self { columns, tiles, colour }
    }

    /// Draws over a shaded tile whose first pixel is (`x`, `y`).
    pub(crate) fn draw(&self, tile: &mut Tile, x: usize, y: usize) {
        for s in &self.tiles[y / TILE * self.columns + x / TILE] {
            draw_spot(tile, s, self.colour, [x as f32, y as f32]);
        }
    }
}

fn spot(p: &crate::scene::Particle, kind: ParticleKind, strength: f32, view: &View) -> Option<Spot> {
    let v = view.pixels(p.position);
    if v[2] <= 0.15 || !v.iter().all(|c| c.is_finite()) {
        return None;
    }
    let at = [v[0] / v[2], v[1] / v[2]];
    let mut from = at;
    if kind == ParticleKind::Rain {
        let tail = view.pixels(p.position - p.velocity * STREAK);
        if tail[2] <= 0.1 || !tail.iter().all(|c| c.is_finite()) {
            return None;
        }
        from = [tail[0] / tail[2], tail[1] / tail[2]];
    }
    let exact = p.size * 0.5 * view.focal / v[2];
    let radius = exact.clamp(0.7, 60.0);
    // What is thinner than a pixel is fainter instead; what is close to the lens is out of focus.
    let thin = if kind == ParticleKind::Rain { exact / radius } else { (exact / radius) * (exact / radius) };
    let close = ((v[2] - 0.15) * 1.5).clamp(0.0, 1.0);
    let inside = |k: usize, size: usize| at[k].min(from[k]) < size as f32 + radius && at[k].max(from[k]) > -radius;
    let strength = strength * thin.clamp(0.05, 1.0) * close;
    (inside(0, view.width) && inside(1, view.height)).then_some(Spot { from, to: at, radius, strength, depth: v[2] })
}

fn draw_spot(tile: &mut Tile, s: &Spot, colour: Vec3, origin: [f32; 2]) {
    let (ax, ay) = (s.from[0] - origin[0], s.from[1] - origin[1]);
    let (bx, by) = (s.to[0] - s.from[0], s.to[1] - s.from[1]);
    let long = (bx * bx + by * by).max(1e-9);
    let reach = s.radius + 1.0;
    let span = |a: f32, b: f32| {
        let low = ((a.min(a + b) - reach).floor().max(0.0) as usize).min(TILE);
        let high = ((a.max(a + b) + reach).ceil().max(0.0) as usize).min(TILE);
        low..high
    };
    for y in span(ay, by) {
        for x in span(ax, bx) {
            let at = y * TILE + x;
            if tile.depth[at] < s.depth {
                continue;
            }
            let (px, py) = (x as f32 + 0.5 - ax, y as f32 + 0.5 - ay);
            let t = ((px * bx + py * by) / long).clamp(0.0, 1.0);
            let (dx, dy) = (px - bx * t, py - by * t);
            let d = (dx * dx + dy * dy).sqrt() / reach;
            let soft = (1.0 - d).clamp(0.0, 1.0);
            let amount = soft * soft * (3.0 - 2.0 * soft) * s.strength;
            let [r, g, b, weight] = &mut tile.sums[at];
            for (sum, c) in [r, g, b].into_iter().zip(colour.to_array()) {
                *sum += (c * *weight - *sum) * amount;
            }
        }
    }
}
