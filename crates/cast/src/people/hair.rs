//! Carved hair: a cap over the skull with the face cut out, and big tapered locks joined so that grooves stay.

use super::body::{HEAD, HEAD_SCALE, from_head};
use super::head::{Features, MOUTH_Y, skull};
use super::piece::{Piece, rigid};
use super::shapes::{Lock, ball, chain, cos, ellipsoid, mix, rounded_box, sin, sm, smax, smin, v};
use super::surface::{Grid, surface};
use glam::{Affine3A, Quat, Vec3};
use kinora_base::noise::noise;

/// A cut of hair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    Short,
    Bob,
    Bun,
    Curly,
    Long,
    Bald,
    /// A baby's down with one curl.
    Wisp,
}

impl Style {
    /// The style of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "short" => Self::Short,
            "bob" => Self::Bob,
            "bun" => Self::Bun,
            "curly" => Self::Curly,
            "long" => Self::Long,
            "bald" => Self::Bald,
            "wisp" => Self::Wisp,
            _ => return None,
        })
    }
}

fn fringe() -> Vec<Lock> {
    let part = v(0.035, 0.147, 0.045);
    let swept = [
        (v(-0.090, 0.066, 0.098), v(-0.03, 0.150, 0.125)),
        (v(-0.112, 0.025, 0.082), v(-0.07, 0.150, 0.105)),
        (v(-0.055, 0.083, 0.118), v(-0.01, 0.140, 0.135)),
        (v(0.098, 0.058, 0.088), v(0.075, 0.140, 0.11)),
        (v(0.115, 0.015, 0.068), v(0.095, 0.135, 0.085)),
    ];
    let radius = |t: f32| if t < 0.5 { mix(0.020, 0.022, t * 2.0) } else { mix(0.022, 0.005, t * 2.0 - 1.0) };
    swept.into_iter().map(|(tip, bend)| Lock::new(part, bend, tip, 7, radius)).collect()
}

fn tapered(size: f32) -> impl Fn(f32) -> f32 {
    move |t: f32| size * (1.0 - t * t * t * t * 0.70) * (0.75 + 0.5 * sin(t * std::f32::consts::PI))
}

/// Locks that hang on both sides and behind, down to `end` below the bob's length.
fn hanging(end: f32) -> Vec<Lock> {
    let mut locks = Vec::new();
    let sides = [
        (0.062, 0.104, -0.098, 0.082, 0.017),
        (0.045, 0.118, -0.122, 0.062, 0.021),
        (0.015, 0.122, -0.140, 0.030, 0.024),
        (-0.015, 0.124, -0.132, 0.000, 0.026),
        (-0.045, 0.118, -0.146, -0.035, 0.026),
        (-0.07, 0.100, -0.138, -0.070, 0.026),
    ];
    for sign in [-1.0, 1.0] {
        for (index, (z, x, y, tip_z, size)) in sides.into_iter().enumerate() {
            let longer = end * sm(0.5, 3.5, index as f32);
            let tip = v(x * sign, y - longer, tip_z - 0.3 * longer);
            locks.push(Lock::new(v(0.04 * sign, 0.138, z * 0.6), v(0.182 * sign, 0.075 - 0.3 * longer, z + 0.012), tip, 9, tapered(size)));
        }
    }
    for i in 0..8 {
        let a = (i as f32 - 3.5) * 0.36;
        let tip = v(sin(a) * 0.105, -0.138 - end + 0.012 * sin(i as f32 * 2.1), -0.035 - cos(a) * 0.085 - 0.1 * end);
        locks.push(Lock::new(v(0.0, 0.145, -0.03), v(sin(a) * 0.17, 0.08 - 0.2 * end, -0.04 - cos(a) * 0.16), tip, 9, tapered(0.032)));
    }
    locks
}

/// Short locks combed from a parting over the crown.
fn combed() -> Vec<Lock> {
    let mut locks = Vec::new();
    for row in 0..3 {
        for i in 0..6 {
            let x = -0.075 + 0.030 * i as f32;
            let z = 0.095 - 0.062 * row as f32;
            let y = 0.152 - 2.6 * x * x - 0.9 * (z - 0.02) * (z - 0.02);
            let root = v(x + 0.02, y - 0.012, z - 0.050);
            let lift = if row == 0 { 0.026 } else { 0.020 };
            let tip = v(x * 1.15 - 0.014, y - if row == 0 { 0.010 } else { 0.004 }, z + if row == 0 { 0.008 } else { 0.016 });
            locks.push(Lock::new(root, v(x, y + lift, z - 0.012), tip, 5, |t| 0.0215 * (1.0 - 0.62 * t * t)));
        }
    }
    for sign in [-1.0, 1.0] {
        for i in 0..5 {
            let z = 0.066 - 0.040 * i as f32;
            let x = 0.119 - 1.4 * (z + 0.01) * (z + 0.01);
            locks.push(Lock::new(v(0.085 * sign, 0.118, z - 0.01), v((x + 0.018) * sign, 0.075, z), v(x * sign, 0.018, z - 0.012), 4, |t| {
                0.020 * (1.0 - 0.55 * t * t)
            }));
        }
    }
    locks
}

/// Balls on a spiral over the skull.
fn curls() -> Vec<Lock> {
    let mut locks = Vec::new();
    for j in 0..46 {
        let t = (j as f32 + 0.5) / 46.0;
        let y = 1.0 - t * 1.25;
        let a = j as f32 * 2.399_96;
        let r = (1.0 - y * y).max(0.0).sqrt();
        let n = v(cos(a) * r, y, sin(a) * r);
        if n.z > 0.55 && n.y < 0.52 {
            continue;
        }
        let p = v(0.0, 0.035, -0.016) + n * v(0.122, 0.124, 0.130);
        let side = n.cross(Vec3::Y).normalize_or_zero() * 0.02;
        locks.push(Lock::new(p - side, p + n * 0.020, p + side, 3, |_| 0.0235));
    }
    locks
}

/// One curl over the brow.
fn wisp() -> Vec<Lock> {
    let radius = |t: f32| 0.015 * (1.0 - 0.7 * t);
    vec![
        Lock::new(v(0.0, 0.135, 0.02), v(-0.02, 0.205, 0.075), v(0.028, 0.158, 0.118), 6, radius),
        Lock::new(v(0.01, 0.135, 0.01), v(0.05, 0.185, 0.045), v(0.055, 0.145, 0.085), 6, radius),
    ]
}

struct Cut {
    style: Style,
    locks: Vec<Lock>,
}

impl Cut {
    fn new(style: Style) -> Self {
        let locks = match style {
            Style::Bob => [fringe(), hanging(0.0)].concat(),
            Style::Long => [fringe(), hanging(0.17)].concat(),
            Style::Bun => fringe(),
            Style::Short => combed(),
            Style::Curly => curls(),
            Style::Bald => Vec::new(),
            Style::Wisp => wisp(),
        };
        Self { style, locks }
    }

    /// The hole that the face looks out of.
    fn face_hole(&self, p: Vec3) -> f32 {
        match self.style {
            Style::Bob | Style::Long => ellipsoid(p, v(0.0, -0.045, 0.15), v(0.108, 0.150, 0.115)),
            Style::Bun => ellipsoid(p, v(0.0, -0.050, 0.15), v(0.118, 0.150, 0.125)).min(below(p, -0.105, -0.02)),
            Style::Bald => ellipsoid(p, v(0.0, 0.06, 0.06), v(0.20, 0.105, 0.20)).min(below(p, -0.16, -0.075)).min(ellipsoid(
                p,
                v(0.0, -0.05, 0.15),
                v(0.135, 0.145, 0.13),
            )),
            Style::Short | Style::Curly | Style::Wisp => ellipsoid(p, v(0.0, -0.05, 0.15), v(0.135, 0.145, 0.13)).min(below(p, -0.16, -0.075)),
        }
    }

    fn field(&self, p: Vec3) -> f32 {
        let thin = if self.style == Style::Wisp { 0.005 } else { 0.0 };
        let mut d = ellipsoid(p, v(0.0, 0.038, -0.020), v(0.129, 0.124, 0.131) - thin);
        d = smax(d, -self.face_hole(p), 0.014);
        match self.style {
            Style::Bob | Style::Long => d = smin(d, smax(ellipsoid(p, v(0.0, -0.03, -0.045), v(0.122, 0.130, 0.085)), -(p.y + 0.118), 0.02), 0.03),
            Style::Bun => d = smin(d, ball(p, v(0.0, 0.150, -0.105), 0.056) + 0.004 * sin((p.x + p.y * 1.2 + p.z * 0.6) * 130.0), 0.012),
            _ => {}
        }
        for lock in &self.locks {
            d = smin(d, lock.distance(p, d + 0.012), 0.006);
        }
        d + 0.0011 * noise(p * v(150.0, 22.0, 150.0))
    }
}

/// Everything lower than the hair line around neck and ears.
fn below(p: Vec3, y: f32, back: f32) -> f32 {
    rounded_box(p, v(0.0, y, 0.02), v(0.3, 0.13, 0.2), 0.02).max(-(p.z - back))
}

/// Hair on the head, as far as it is below the height where a hat begins.
pub(crate) fn hair(style: Style, below: f32, cell: f32, material: u16) -> Piece {
    let cut = Cut::new(style);
    let low = if style == Style::Long { -0.36 } else { -0.19 };
    let grid = Grid::even(v(-0.17, low, -0.20), v(0.17, 0.22, 0.16), cell);
    on_head(surface(&grid, 0.02, |p| smax(cut.field(p), p.y - below, 0.01)), material)
}

/// A beard with a moustache, round the mouth.
pub(crate) fn beard(f: &Features, cell: f32, material: u16) -> Piece {
    let moustache = [
        (v(0.0, MOUTH_Y + 0.0235, 0.1185), 0.0070),
        (v(0.020, MOUTH_Y + 0.0215, 0.1135), 0.0085),
        (v(0.042, MOUTH_Y + 0.006, 0.0995), 0.0065),
        (v(0.052, MOUTH_Y - 0.020, 0.088), 0.005),
    ];
    let field = |p: Vec3| {
        let q = v(p.x.abs(), p.y, p.z);
        let mut d = skull(p, f) - 0.014;
        let upper = p.y + 0.052 - 0.75 * (q.x - 0.045).max(0.0);
        d = smax(d, upper + 0.028 * sm(0.058, 0.030, q.x), 0.018);
        d = smax(d, -(p.z - 0.012 + (p.y + 0.05) * 0.3), 0.02);
        d = smax(d, -ellipsoid(p, v(0.0, MOUTH_Y, 0.11), v(0.044, 0.022, 0.05)), 0.012);
        smin(d, chain(q, &moustache), 0.01) + 0.0016 * noise(p * v(130.0, 60.0, 130.0))
    };
    let grid = Grid::even(v(-0.13, -0.18, -0.03), v(0.13, 0.0, 0.145), cell);
    on_head(surface(&grid, 0.02, field), material)
}

pub(crate) fn on_head(modelled: super::surface::Surface, material: u16) -> Piece {
    let rest = modelled.positions.clone();
    let place = Affine3A::from_scale_rotation_translation(Vec3::splat(HEAD_SCALE), Quat::IDENTITY, from_head(Vec3::ZERO));
    Piece::new(modelled.placed(place), material, |_| rigid(HEAD)).painted_at(rest)
}

/// A hat on the head: a round crown with a brim.
pub(crate) fn hat(brim: f32, cell: f32, material: u16) -> Piece {
    let grid = Grid::even(v(-0.26, 0.03, -0.27), v(0.26, 0.24, 0.25), cell);
    let field = |p: Vec3| {
        let q = p - v(0.0, 0.075, -0.012);
        // The hat sits a little back.
        let q = v(q.x, q.y + 0.14 * q.z, q.z - 0.14 * q.y);
        let crown = smax(ellipsoid(q, v(0.0, 0.0, 0.0), v(0.150, 0.128, 0.152)), -q.y, 0.01);
        let r = super::shapes::length2(q.x, q.z);
        let bend = q.y - 0.006 - 0.35 * (r - 0.15).max(0.0) * (r - 0.15).max(0.0) / brim.max(0.02);
        let rim = v((r - 0.148 - brim).max(0.0), (bend.abs() - 0.004).max(0.0), 0.0).length() - 0.006;
        let band = v((r - 0.150).abs() - 0.001, (q.y - 0.028).abs() - 0.014, 0.0).max(Vec3::ZERO).length() - 0.006;
        smin(crown, if brim > 0.0 { rim } else { band }, 0.012)
    };
    on_head(surface(&grid, 0.02, field), material)
}
