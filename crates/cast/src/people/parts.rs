//! What a garment has besides cloth: helmets, crowns, packs, badges, ties. A garment's file lists such parts as a few
//! blended solids in the space of the reference body (parts on the head in head space), and says what carries them.

use super::body::{CAPE, CHEST, HEAD, HIPS, NECK, SHOULDERS, THIGHS, arm, leg};
use super::clothes::{leg_weights, sleeve_weights, top_weights, trunk};
use super::hair::on_head;
use super::piece::{Piece, Weights, rigid, weighed};
use super::shapes::{capsule, chain, cos, ellipsoid, length2, rounded_box, sin, sm, smax, smin, v};
use super::surface::{Grid, Surface, surface};
use super::wardrobe::Cloth;
use glam::{Quat, Vec2, Vec3};
use kinora_base::LinearRgb;
use kinora_base::maths::atan2;
use serde::Deserialize;

/// What carries a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum On {
    /// The skull; in head space.
    Head,
    /// The neck, and the chest below it.
    Neck,
    /// The chest alone: stiff things on breast and back.
    Chest,
    /// The hips alone.
    Hips,
    /// Trunk and arms, like the cloth of a shirt.
    Cloth,
    /// The trunk without the arms.
    Trunk,
    /// The legs, like trousers.
    Legs,
    /// Modelled on the left arm, worn on both.
    Arms,
    /// The left hand.
    Hand,
    /// Modelled on the left hand, worn on both.
    Hands,
    /// Hangs from the head down the back.
    Veil,
    /// Hangs from the shoulders down the back, and swings.
    Cape,
    /// The left foot, in the shoe's own space; worn on both.
    Foot,
    /// The hem of a skirt or a long coat, and goes with it.
    Hem,
}

/// One solid. Angles are degrees about x, then y, then z.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Solid {
    /// An ellipsoid.
    Ball {
        at: Vec3,
        radii: Vec3,
        #[serde(default)]
        turn: Vec3,
    },
    /// A capsule with a radius at each end.
    Rod { from: Vec3, to: Vec3, radii: (f32, f32) },
    /// A round wire through points.
    Wire { points: Vec<Vec3>, radius: f32 },
    /// A box with round edges.
    Box {
        at: Vec3,
        half: Vec3,
        #[serde(default)]
        round: f32,
        #[serde(default)]
        turn: Vec3,
    },
    /// A ring about its y axis.
    Ring {
        at: Vec3,
        radius: f32,
        thick: f32,
        #[serde(default)]
        turn: Vec3,
    },
    /// A closed outline of (radius, height), turned about its y axis.
    Turned {
        at: Vec3,
        outline: Vec<(f32, f32)>,
        /// Radius of its edges.
        #[serde(default)]
        round: f32,
        /// How much longer it is from front to back than from side to side.
        #[serde(default = "one")]
        oval: f32,
        /// How many pleats around it, and how deep.
        #[serde(default)]
        pleats: (f32, f32),
        #[serde(default)]
        turn: Vec3,
    },
}

fn one() -> f32 {
    1.0
}

/// A part of a garment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// What carries it.
    pub(crate) on: On,
    /// Its own colour; without one it has the garment's.
    #[serde(default)]
    pub(crate) colour: Option<LinearRgb>,
    /// What it is made of, if not of what the garment is.
    #[serde(default)]
    pub(crate) cloth: Option<Cloth>,
    /// What it is made of, joined.
    pub(crate) solids: Vec<Solid>,
    /// What is cut out of them.
    #[serde(default)]
    pub(crate) cuts: Vec<Solid>,
    /// How softly solids join, metres.
    #[serde(default = "soft")]
    pub(crate) blend: f32,
    /// The same on the other side.
    #[serde(default)]
    pub(crate) mirror: bool,
    /// Size of its cells when seen near, metres.
    #[serde(default = "cell")]
    pub(crate) cell: f32,
}

fn soft() -> f32 {
    0.006
}

fn cell() -> f32 {
    0.012
}

/// Degrees about x, then y, then z.
fn turned(degrees: Vec3) -> Quat {
    let half = |axis: Vec3, d: f32| {
        let a = d.to_radians() * 0.5;
        Quat::from_vec4((axis * sin(a)).extend(cos(a)))
    };
    half(Vec3::Z, degrees.z) * half(Vec3::Y, degrees.y) * half(Vec3::X, degrees.x)
}

impl Solid {
    fn distance(&self, p: Vec3) -> f32 {
        let local = |at: Vec3, turn: Vec3| if turn == Vec3::ZERO { p - at } else { turned(turn).inverse() * (p - at) };
        match self {
            Self::Ball { at, radii, turn } => ellipsoid(local(*at, *turn), Vec3::ZERO, *radii),
            Self::Rod { from, to, radii } => capsule(p, *from, *to, radii.0, radii.1),
            Self::Wire { points, radius } => points.windows(2).map(|w| chain(p, &[(w[0], *radius), (w[1], *radius)])).fold(1e9, f32::min),
            Self::Box { at, half, round, turn } => rounded_box(local(*at, *turn), Vec3::ZERO, *half, *round),
            Self::Ring { at, radius, thick, turn } => {
                let q = local(*at, *turn);
                length2(length2(q.x, q.z) - radius, q.y) - thick
            }
            Self::Turned { at, outline, round, oval, pleats, turn } => {
                let q = local(*at, *turn);
                let r = length2(q.x, q.z / oval);
                let wave = if pleats.0 > 0.0 { pleats.1 * cos(pleats.0 * atan2(q.x, q.z)) } else { 0.0 };
                (outlined(Vec2::new(r + wave, q.y), outline) - round) * 0.9
            }
        }
    }

    /// The least and the greatest corner of a box around it.
    fn bounds(&self) -> (Vec3, Vec3) {
        let around = |at: Vec3, half: Vec3, turn: Vec3| {
            let half = if turn == Vec3::ZERO { half } else { Vec3::splat(half.length()) };
            (at - half, at + half)
        };
        match self {
            Self::Ball { at, radii, turn } => around(*at, *radii, *turn),
            Self::Rod { from, to, radii } => (from.min(*to) - radii.0.max(radii.1), from.max(*to) + radii.0.max(radii.1)),
            Self::Wire { points, radius } => points.iter().fold((Vec3::splat(9.0), Vec3::splat(-9.0)), |b, p| (b.0.min(*p - *radius), b.1.max(*p + *radius))),
            Self::Box { at, half, turn, .. } => around(*at, *half, *turn),
            Self::Ring { at, radius, thick, turn } => around(*at, v(radius + thick, *thick, radius + thick), *turn),
            Self::Turned { at, outline, round, oval, pleats, turn } => {
                let r = outline.iter().map(|o| o.0).fold(0.0, f32::max) + round + pleats.1.abs();
                let low = outline.iter().map(|o| o.1).fold(f32::MAX, f32::min) - round;
                let high = outline.iter().map(|o| o.1).fold(f32::MIN, f32::max) + round;
                let middle = *at + turned(*turn) * v(0.0, (low + high) * 0.5, 0.0);
                around(middle, v(r, (high - low) * 0.5, r * oval.max(1.0)), *turn)
            }
        }
    }
}

/// Garments are no larger than this, metres from the middle of the body or the head.
const FARTHEST: f32 = 3.0;
/// Cells of the grid of a part.
const MOST_CELLS: f32 = 4e6;

impl Part {
    /// Refuses numbers that are a slip of the pen: building them would take for ever.
    pub(crate) fn check(&self) -> Result<(), String> {
        let (low, high) = self.solids.iter().map(Solid::bounds).fold((Vec3::splat(9.0), Vec3::splat(-9.0)), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        if self.solids.is_empty() || !(low.is_finite() && high.is_finite() && low.abs().max(high.abs()).max_element() < FARTHEST) {
            return Err(format!("a part from {low} to {high} is not valid: every place is within {FARTHEST} metres"));
        }
        let cells = ((high - low).max(Vec3::splat(self.cell)) * if self.mirror { 2.0 } else { 1.0 } / self.cell).to_array().iter().product::<f32>();
        if !(self.cell > 0.0 && cells < MOST_CELLS) {
            return Err(format!("`cell` {} is not valid for a part of {}: at most {MOST_CELLS} cells", self.cell, high - low));
        }
        let pleats = |s: &Solid| if let Solid::Turned { pleats, .. } = s { pleats.0 } else { 0.0 };
        match self.solids.iter().map(pleats).find(|p| !(0.0..=200.0).contains(p)) {
            Some(pleats) => Err(format!("{pleats} pleats are not valid: 0 to 200")),
            None => Ok(()),
        }
    }
}

/// Distance to a closed outline, negative inside.
fn outlined(p: Vec2, outline: &[(f32, f32)]) -> f32 {
    let at = |i: usize| Vec2::new(outline[i % outline.len()].0, outline[i % outline.len()].1);
    let (mut best, mut inside) = (f32::MAX, false);
    for i in 0..outline.len() {
        let (a, b) = (at(i), at(i + 1));
        // The axis is no edge.
        if !(a.x < 1e-5 && b.x < 1e-5) {
            let t = ((p - a).dot(b - a) / (b - a).length_squared().max(1e-12)).clamp(0.0, 1.0);
            best = best.min(p.distance(a.lerp(b, t)));
        }
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y) {
            inside = !inside;
        }
    }
    if inside { -best } else { best }
}

fn field(part: &Part, p: Vec3) -> f32 {
    let q = if part.mirror { v(p.x.abs(), p.y, p.z) } else { p };
    let d = part.solids.iter().fold(1e9, |d, s| smin(d, s.distance(q), part.blend));
    part.cuts.iter().fold(d, |d, s| smax(d, -s.distance(q), part.blend))
}

fn grid(part: &Part, cell: f32) -> Grid {
    let (mut low, mut high) = part.solids.iter().map(Solid::bounds).fold((Vec3::splat(9.0), Vec3::splat(-9.0)), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if part.mirror {
        high.x = high.x.max(-low.x);
        low.x = -high.x;
    }
    let pad = cell * 2.2 + part.blend * 0.3;
    Grid::even(low - pad, high + pad, cell)
}

/// A turned solid alone, as rings of `columns` points: brims stay whole that are thinner than the cells of a grid.
fn lathe(solid: &Solid, columns: usize) -> Option<Surface> {
    let Solid::Turned { at, outline, round, oval, pleats, turn } = solid else { return None };
    let turn = turned(*turn);
    let corner = |i: usize| Vec2::new(outline[i].0, outline[i].1);
    // Every edge is a strip of its own between bevels; those on the axis are none.
    let mut rows: Vec<(Vec2, Vec2)> = Vec::new();
    for i in 0..outline.len().checked_sub(1)? {
        let (a, b) = (corner(i), corner(i + 1));
        let along = (b - a).normalize_or_zero();
        let out = Vec2::new(along.y, -along.x);
        let bevel = along * (0.3 * a.distance(b)).min(round + 0.003);
        let end = |p: Vec2, inner: Vec2| if p.x < 1e-5 { p } else { inner } + out * *round;
        rows.extend([(end(a, a + bevel), out), (end(b, b - bevel), out)]);
    }
    // With pleats there must be points enough for them.
    let columns = columns.max(if pleats.0 > 0.0 && columns > 12 { 4 * pleats.0 as usize } else { 0 });
    let mut made = Surface::default();
    for (p, n) in &rows {
        for column in 0..columns {
            let a = column as f32 / columns as f32 * std::f32::consts::TAU;
            let r = (p.x - pleats.1 * cos(pleats.0 * a) * f32::from(p.x > 1e-5)).max(0.0);
            made.positions.push(*at + turn * v(sin(a) * r, p.y, cos(a) * r * oval));
            made.normals.push(turn * v(sin(a) * n.x, n.y, cos(a) * n.x).normalize_or(Vec3::Y));
            made.openness.push(255);
        }
    }
    let n = columns as u32;
    for row in 0..rows.len() as u32 - 1 {
        for column in 0..n {
            let (a, b) = (row * n + column, row * n + (column + 1) % n);
            made.triangles.extend([[a, b, a + n], [b, b + n, a + n]]);
        }
    }
    Some(made)
}

/// The piece of a part, its cells `coarse` times as large as when seen near, or of so many columns if it is round.
/// What is on the arms is the left one.
pub(crate) fn piece(part: &Part, coarse: f32, columns: usize, material: u16) -> Piece {
    if let Some(made) = wired(part, columns) {
        return placed(part, made, material);
    }
    let alone = part.solids.first().filter(|_| part.solids.len() == 1 && part.cuts.is_empty() && !part.mirror);
    // Cloth thinner than the cells of a grid would be a net of holes: from far away a cape is as thick as they are.
    let sheet = part.solids.iter().any(|s| matches!(s, Solid::Turned { .. }));
    let thicker = if sheet { 0.45 * part.cell * (coarse - 1.0) } else { 0.0 };
    let made = alone.and_then(|s| lathe(s, columns)).unwrap_or_else(|| surface(&grid(part, part.cell * coarse), 0.02, |p| field(part, p) - thicker));
    placed(part, made, material)
}

/// Wires and rings alone, as tubes: they stay round and whole, however thin.
fn wired(part: &Part, columns: usize) -> Option<Surface> {
    if !part.cuts.is_empty() {
        return None;
    }
    let mut all = Surface::default();
    for solid in &part.solids {
        let made = match solid {
            Solid::Ring { at, radius, thick, turn } => {
                let sides = (columns / 4).max(4);
                super::shapes::torus(*radius, *thick, columns, sides).placed(glam::Affine3A::from_rotation_translation(turned(*turn), *at))
            }
            Solid::Wire { points, radius } if points.len() > 1 => wire(points, *radius, (columns / 4).max(4)),
            _ => return None,
        };
        if part.mirror {
            let mut other = made.clone();
            other.positions.iter_mut().chain(&mut other.normals).for_each(|p| p.x = -p.x);
            other.triangles.iter_mut().for_each(|t| t.swap(1, 2));
            all.join(other);
        }
        all.join(made);
    }
    Some(all)
}

/// A tube on a smooth curve through points, with round ends.
fn wire(points: &[Vec3], radius: f32, sides: usize) -> Surface {
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut rings: Vec<(Vec3, f32)> = Vec::new();
    let steps = if points.len() > 2 { 5 } else { 2 };
    for k in 0..points.len() as isize - 1 {
        let (a, b, c, d) = (at(k - 1), at(k), at(k + 1), at(k + 2));
        for step in 0..steps {
            let t = step as f32 / steps as f32;
            // Catmull-Rom.
            let p = b * 2.0 + (c - a) * t + (a * 2.0 - b * 5.0 + c * 4.0 - d) * (t * t) + (b * 3.0 - a - c * 3.0 + d) * (t * t * t);
            rings.push((p * 0.5, radius));
        }
    }
    rings.push((at(points.len() as isize - 1), radius));
    let (first, second, last, before) = (rings[0].0, rings[1].0, rings[rings.len() - 1].0, rings[rings.len() - 2].0);
    let (back, on) = ((first - second).normalize_or(Vec3::Y) * radius, (last - before).normalize_or(Vec3::Y) * radius);
    rings.splice(0..0, [(first + back * 0.9, radius * 0.3), (first + back * 0.55, radius * 0.8)]);
    rings.extend([(last + on * 0.55, radius * 0.8), (last + on * 0.9, radius * 0.3)]);
    super::shapes::tube(&rings, sides)
}

fn placed(part: &Part, made: Surface, material: u16) -> Piece {
    match part.on {
        On::Head => on_head(made, material),
        On::Foot => {
            let place = glam::Affine3A::from_rotation_translation(Quat::from_rotation_y(super::body::TOE_OUT), super::body::LEG[2]);
            Piece::new(made.placed(place), material, |_| rigid(THIGHS[0] + leg::FOOT))
        }
        _ => Piece::new(made, material, |p| weights(part.on, p)),
    }
}

fn weights(on: On, p: Vec3) -> Weights {
    match on {
        On::Head => rigid(HEAD),
        On::Neck => {
            let up = sm(1.36, 1.42, p.y) * 0.6;
            weighed(&[(CHEST, 1.0 - up), (NECK, up)])
        }
        On::Chest => rigid(CHEST),
        On::Hips => rigid(HIPS),
        On::Cloth => top_weights(p),
        On::Trunk => weighed(&trunk(p)),
        On::Legs => leg_weights(p),
        On::Arms => sleeve_weights(p),
        On::Hand | On::Hands => rigid(SHOULDERS[0] + arm::HAND),
        On::Cape => {
            let all = sm(1.385, 1.22, p.y);
            let end = sm(1.05, 0.70, p.y) * all;
            weighed(&[(CHEST, 1.0 - all), (CAPE, all - end), (CAPE + 1, end)])
        }
        On::Hem => super::clothes::hem_weights(p),
        On::Foot => rigid(THIGHS[0] + leg::FOOT),
        On::Veil => {
            let head = sm(1.28, 1.56, p.y);
            let chest = sm(0.75, 1.15, p.y) * (1.0 - head);
            weighed(&[(HEAD, head), (CHEST, chest), (HIPS, 1.0 - head - chest)])
        }
    }
}
