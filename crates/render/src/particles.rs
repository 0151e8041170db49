//! Flakes, streaks and motes, smoke, sparks and leaves over the shaded picture, behind what is nearer.

use crate::geometry::TILE;
use crate::scene::{ParticleKind, Puff, PuffKind, Scene};
use crate::shade::{LampUse, Tile};
use crate::sky::Air;
use crate::view::View;
use glam::Vec3;
use kinora_base::maths::{cos, sin};

/// How a spot fills its shape.
#[derive(Clone, Copy, PartialEq)]
enum Fill {
    /// Soft from the middle to the edge: flakes, streaks, glows, sparks.
    Soft,
    /// A ragged ball: smoke.
    Ragged,
    /// Up to a firm edge: leaves.
    Firm,
    /// Only near the edge: bubbles and rings.
    Hollow,
}

/// A particle in the picture: a capsule, or an ellipse.
#[derive(Clone, Copy)]
struct Spot {
    from: [f32; 2],
    to: [f32; 2],
    radius: f32,
    /// Height over width, and the turn of the ellipse (cosine, sine).
    flat: f32,
    turn: [f32; 2],
    fill: Fill,
    colour: Vec3,
    /// How much it covers; what shines adds as much and covers nothing.
    strength: f32,
    shines: bool,
    depth: f32,
    /// Metres from its nearest to its middle: it fades where it goes into things.
    thick: f32,
}

/// The particles of a frame, by tile.
pub(crate) struct Placed {
    columns: usize,
    tiles: Vec<Vec<Spot>>,
}

/// How long the shutter sees a drop fall, seconds.
const STREAK: f32 = 1.0 / 34.0;

/// Exposed light of all lamps on a drop or a flake at most, however near them it falls.
const LAMPS_ON_DROPS: f32 = 0.7;

/// Where light comes from, for what floats.
struct Lit<'a> {
    air: &'a Air,
    ambient: f32,
    exposure: f32,
    sky: Vec3,
    lamps: &'a [LampUse],
    view: &'a View,
}

impl Lit<'_> {
    /// Light of the lamps at a point.
    fn lamps(&self, at: Vec3) -> Vec3 {
        let sum: Vec3 = self.lamps.iter().map(|lamp| lamp.colour * lamp.at(at, 0.06)).sum();
        sum / (1.0 + sum.max_element() * self.exposure / LAMPS_ON_DROPS)
    }

    /// Light that a drop or flake throws towards the lens: more with the sun before it.
    fn forward(&self, at: Vec3) -> f32 {
        let m = (at - self.view.eye).normalize_or_zero().dot(self.air.sun_direction).max(0.0);
        let m2 = m * m;
        m2 * m2 * m2
    }
}

impl Placed {
    pub(crate) fn place(scene: &Scene, view: &View, air: &Air, lamps: &[LampUse]) -> Self {
        let columns = view.width.div_ceil(TILE);
        let rows = view.height.div_ceil(TILE);
        let light = &scene.light;
        let sky = (light.horizon.vec() * 0.7 + light.zenith.vec() * 0.3) * light.ambient.max(0.3);
        let lit = Lit { air, ambient: light.ambient, exposure: light.exposure, sky, lamps, view };
        let mut tiles = vec![Vec::new(); columns * rows];
        let mut spots: Vec<Spot> = scene.particles.iter().filter_map(|p| spot(p, scene.particle_kind, &lit)).collect();
        spots.extend(scene.puffs.iter().filter_map(|p| puff(p, &lit)));
        // Far ones first; equal depths keep their order.
        spots.sort_by(|a, b| b.depth.total_cmp(&a.depth));
        for s in spots {
            let reach = s.radius * s.flat.max(1.0) + 1.0;
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
        Self { columns, tiles }
    }

    /// Draws over a shaded tile whose first pixel is (`x`, `y`).
    pub(crate) fn draw(&self, tile: &mut Tile, x: usize, y: usize) {
        for s in &self.tiles[y / TILE * self.columns + x / TILE] {
            draw_spot(tile, s, [x as f32, y as f32]);
        }
    }
}

/// A point in the picture, and its depth, if it is before the lens.
fn seen(at: Vec3, view: &View, least: f32) -> Option<([f32; 2], f32)> {
    let v = view.pixels(at);
    (v[2] > least && v.iter().all(|c| c.is_finite())).then(|| ([v[0] / v[2], v[1] / v[2]], v[2]))
}

/// Whether a capsule is anywhere in the picture.
fn inside(from: [f32; 2], to: [f32; 2], radius: f32, view: &View) -> bool {
    let within = |k: usize, size: usize| to[k].min(from[k]) < size as f32 + radius && to[k].max(from[k]) > -radius;
    within(0, view.width) && within(1, view.height)
}

/// What falls or floats in the air: seen at small sizes too, for it is never thinner than a share of the picture.
fn spot(p: &crate::scene::Particle, kind: ParticleKind, lit: &Lit) -> Option<Spot> {
    let view = lit.view;
    let (at, depth) = seen(p.position, view, 0.15)?;
    let mut from = at;
    if kind == ParticleKind::Rain {
        from = seen(p.position - p.velocity * STREAK, view, 0.1)?.0;
    }
    let exact = p.size * 0.5 * view.focal / depth;
    let thinnest = (view.height as f32 / 1000.0).clamp(0.42, 2.2);
    let radius = exact.clamp(thinnest, 60.0);
    // What is thinner than that is fainter instead; what is close to the lens is out of focus.
    let thin = if kind == ParticleKind::Rain { exact / radius } else { (exact / radius) * (exact / radius) };
    let close = ((depth - 0.15) * 1.5).clamp(0.0, 1.0);
    let lamps = lit.lamps(p.position);
    let sun = lit.air.sun * (0.10 + 0.9 * lit.forward(p.position));
    let (colour, strength, least) = match kind {
        ParticleKind::Snow => (lit.sky * 1.15 + lit.air.sun * 0.16 + lamps * 0.5 + Vec3::splat(0.05), 0.95, 0.30),
        ParticleKind::Rain => (lit.sky * 1.25 + sun * 0.4 + lamps * 0.8 + Vec3::splat(0.035), 0.42, 0.30),
        ParticleKind::Dust => (lit.air.sun * 0.3 + lit.air.haze * 0.4 + lit.sky * 0.2 + lamps * 0.25, 0.35, 0.05),
    };
    let strength = strength * thin.clamp(least, 1.0) * close;
    let soft = Spot { from, to: at, radius, flat: 1.0, turn: [1.0, 0.0], fill: Fill::Soft, colour, strength, shines: false, depth, thick: 0.0 };
    (strength > 0.002 && inside(from, at, radius, view)).then_some(soft)
}

/// A particle of an effect.
fn puff(p: &Puff, lit: &Lit) -> Option<Spot> {
    let view = lit.view;
    let (at, depth) = seen(p.position, view, 0.15)?;
    let mut from = at;
    if matches!(p.kind, PuffKind::Spark | PuffKind::Streak) {
        from = seen(p.position - p.velocity * STREAK, view, 0.1)?.0;
    }
    let exact = p.size * 0.5 * view.focal / depth;
    let thinnest = (view.height as f32 / 800.0).clamp(0.6, 2.7);
    let radius = exact.clamp(thinnest, view.height as f32 * 0.6);
    let thin = exact / radius;
    let close = ((depth - 0.15) * 1.2).clamp(0.0, 1.0);
    let covered = || {
        let sun = lit.air.sun * (0.32 + 0.5 * lit.forward(p.position));
        let around = (lit.sky * 0.75 + lit.air.ground * (0.25 * lit.ambient)) * 0.9;
        p.colour.vec() * (around + sun + lit.lamps(p.position) * 0.45)
    };
    let (colour, shines, fill, flat) = match p.kind {
        PuffKind::Smoke => (covered(), false, Fill::Ragged, 1.0),
        PuffKind::Glow => (p.colour.vec(), true, Fill::Soft, 1.0),
        PuffKind::Spark => (p.colour.vec(), true, Fill::Soft, 1.0),
        PuffKind::Streak => (covered(), false, Fill::Soft, 1.0),
        // It tumbles about two axes: seen from its edge it is thin.
        PuffKind::Leaf => (covered(), false, Fill::Firm, 0.22 + 0.78 * sin(p.turn * 1.7 + 0.6).abs()),
        PuffKind::Ring => (lit.sky * 1.2 + lit.lamps(p.position) * 0.6 + lit.air.sun * 0.1, false, Fill::Hollow, 0.34),
        PuffKind::Bubble => (lit.sky * 1.5 + lit.air.sun * 0.25 + lit.lamps(p.position), false, Fill::Hollow, 1.0),
    };
    // Fog lies before what covers.
    let colour = if shines { colour } else { veil(colour, p.position, lit) };
    let faint = match p.kind {
        PuffKind::Spark | PuffKind::Streak => thin.clamp(0.4, 1.0),
        // Petals and leaves far away are flecks of colour: they must not melt into the air.
        PuffKind::Leaf => thin.clamp(0.45, 1.0),
        _ => (thin * thin).clamp(0.15, 1.0),
    };
    let strength = p.opacity.clamp(0.0, 1.0) * faint * close;
    let thick = if matches!(p.kind, PuffKind::Smoke | PuffKind::Glow) { p.size * 0.5 } else { 0.0 };
    let turn = [cos(p.turn), sin(p.turn)];
    let spot = Spot { from, to: at, radius, flat, turn, fill, colour, strength, shines, depth, thick };
    (strength > 0.002 && colour.is_finite() && inside(from, at, radius * flat.max(1.0), view)).then_some(spot)
}

fn veil(colour: Vec3, at: Vec3, lit: &Lit) -> Vec3 {
    use crate::lanes::plain::Plain;
    use crate::lanes::{F, V3};
    let d = at - lit.view.eye;
    let fogged = lit.air.fogged(V3::<Plain>::of(colour), V3::of(d.normalize_or_zero()), F::of(d.length()), lit.view.eye.y, F::of(at.y));
    Vec3::new(fogged.x.array()[0], fogged.y.array()[0], fogged.z.array()[0])
}

/// A capsule or ellipse over a tile at `origin`.
fn draw_spot(tile: &mut Tile, s: &Spot, origin: [f32; 2]) {
    let (ax, ay) = (s.from[0] - origin[0], s.from[1] - origin[1]);
    let (bx, by) = (s.to[0] - s.from[0], s.to[1] - s.from[1]);
    let long = (bx * bx + by * by).max(1e-9);
    let reach = s.radius + if s.fill == Fill::Soft { 1.0 } else { 0.5 };
    let wide = reach * s.flat.max(1.0);
    let span = |a: f32, b: f32| {
        let low = ((a.min(a + b) - wide).floor().max(0.0) as usize).min(TILE);
        let high = ((a.max(a + b) + wide).ceil().max(0.0) as usize).min(TILE);
        low..high
    };
    let [c, n] = s.turn;
    for y in span(ay, by) {
        for x in span(ax, bx) {
            let at = y * TILE + x;
            if tile.depth[at] < s.depth - s.thick {
                continue;
            }
            let (px, py) = (x as f32 + 0.5 - ax, y as f32 + 0.5 - ay);
            let t = ((px * bx + py * by) / long).clamp(0.0, 1.0);
            let (mut dx, mut dy) = (px - bx * t, py - by * t);
            if s.flat != 1.0 {
                (dx, dy) = if s.fill == Fill::Hollow { (dx, dy / s.flat) } else { (dx * c + dy * n, (dy * c - dx * n) / s.flat) };
            }
            let d = (dx * dx + dy * dy).sqrt() / reach;
            let soft = (1.0 - d).clamp(0.0, 1.0);
            let shape = match s.fill {
                Fill::Soft => soft * soft * (3.0 - 2.0 * soft),
                Fill::Firm => {
                    // Pointed at both ends.
                    let along = dx / reach;
                    let side = (dy / reach).abs() / (0.62 * (1.0 - along * along)).max(1e-3);
                    if along.abs() < 1.0 { ((1.0 - side) * reach * 0.6).clamp(0.0, 1.0) } else { 0.0 }
                }
                Fill::Hollow => {
                    let rim = 1.0 - ((d - 0.80) * 5.5).abs();
                    rim.max(0.0) * 0.8 + if d < 0.8 { 0.10 } else { 0.0 }
                }
                Fill::Ragged => {
                    // Lumps of the ball, turned with it: three waves are enough for what is soft.
                    let (u, v) = ((dx * c + dy * n) / reach, (dy * c - dx * n) / reach);
                    let lump = (triangle(u * 1.9 + 0.2) * triangle(v * 1.7 - 0.4) + triangle(u * 3.9 - v * 2.3 + 0.7) * 0.45) * 0.34;
                    let soft = (soft + lump * soft * 1.6).clamp(0.0, 1.0);
                    soft * soft * (3.0 - 2.0 * soft)
                }
            };
            let mut amount = shape * s.strength;
            if s.thick > 0.0 {
                // It ends softly where a surface cuts it.
                amount *= ((tile.depth[at] - s.depth + s.thick) / (s.thick * 1.6)).clamp(0.0, 1.0);
            }
            let [r, g, b, weight] = &mut tile.sums[at];
            for (sum, c) in [r, g, b].into_iter().zip(s.colour.to_array()) {
                if s.shines {
                    *sum += c * *weight * amount;
                } else {
                    *sum += (c * *weight - *sum) * amount;
                }
            }
        }
    }
}

/// A triangle wave of period 2 between -1 and 1.
fn triangle(t: f32) -> f32 {
    let t = t * 0.5 - (t * 0.5).floor();
    1.0 - (t * 2.0 - 1.0).abs() * 2.0
}
