//! The head in head space (origin mid-skull, +z forward): a few blended solids for the skull, nose, ears and lips,
//! and the analytic mouth rig that closes the half-open mouth it is modelled with and makes its shapes.

use super::body::{CHEST, HEAD, HEAD_SCALE, NECK, from_head};
use super::piece::{Piece, Space, weighed};
use super::shapes::{ball, capsule, chain, ellipsoid, mix, sm, smax, smin, v};
use super::surface::{Grid, Surface, surface};
use glam::Vec3;

/// Half the height of the modelled mouth.
const SLOT: f32 = 0.0065;
/// Height of the mouth line in head space.
pub(crate) const MOUTH_Y: f32 = -0.084;
/// Half its width.
pub(crate) const MOUTH_WIDTH: f32 = 0.038;

/// What is modelled of a face; all else is displacement ([`super::figure::Shape`]).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Features {
    /// Bags, folds and jowls of age: 0 none, 1 all.
    pub(crate) age: f32,
}

/// The skull with cheeks, chin and sockets; without nose, ears and lips.
pub(crate) fn skull(p: Vec3, f: &Features) -> f32 {
    let q = v(p.x.abs(), p.y, p.z);
    let mut d = ellipsoid(q, v(0.0, 0.032, -0.014), v(0.119, 0.120, 0.128));
    d = smin(d, ellipsoid(q, v(0.0, -0.058, 0.018), v(0.0905, 0.0885, 0.086)), 0.07);
    d = smin(d, ball(q, v(0.050, -0.055, 0.060), 0.040), 0.05);
    d = smin(d, ball(q, v(0.0, -0.126, 0.066), 0.024), 0.045);
    if f.age > 0.0 {
        d = aged(q, d, f.age);
    }
    d = smax(d, -ellipsoid(q, v(0.049, 0.012, 0.138), v(0.040, 0.030, 0.034)), 0.03);
    smin(d, ellipsoid(q, v(0.0, MOUTH_Y, 0.078), v(0.040, 0.032, 0.026)), 0.03)
}

/// Bags under the eyes, folds beside the mouth, jowls; hollow cheeks over them.
fn aged(q: Vec3, mut d: f32, age: f32) -> f32 {
    d = smin(d, ball(q, v(0.062, -0.100, 0.046), 0.026 + 0.004 * age), 0.03);
    d = smax(d, -ball(q, v(0.098, -0.072, 0.062), 0.018 + 0.006 * age), 0.05);
    let fold = chain(v(q.x, q.y, 0.0), &[(v(0.028, -0.040, 0.0), 0.0), (v(0.046, -0.062, 0.0), 0.0), (v(0.053, -0.090, 0.0), 0.0)]);
    let bag = (super::shapes::length2(q.x - 0.049, (q.y - 0.010) * 1.12) - 0.0475).abs() + 0.02 * sm(-0.012, 0.006, q.y);
    let front = sm(0.03, 0.07, q.z);
    d + age * front * (0.0030 * sm(0.0085, 0.0, fold) + 0.0022 * sm(0.0065, 0.0, bag))
}

fn lip_z(x: f32) -> f32 {
    0.1035 - 7.0 * x * x
}

/// The whole head, mouth half open.
fn field(p: Vec3, f: &Features) -> f32 {
    let q = v(p.x.abs(), p.y, p.z);
    let mut d = skull(p, f);
    if d > 0.06 {
        return smin(d - 0.02, capsule(q, v(0.0, -0.09, -0.022), v(0.0, -0.285, -0.038), 0.040, 0.047), 0.035);
    }
    d = smin(d, capsule(q, v(0.0, 0.008, 0.104), v(0.0, -0.030, 0.1305), 0.007, 0.0165), 0.022);
    d = smin(d, ball(q, v(0.0145, -0.036, 0.117), 0.0105), 0.010);
    d = smax(d, -ball(q, v(0.0075, -0.051, 0.126), 0.004), 0.006);
    d = smin(d, ear(q), 0.012);
    d = mouth(q, d);
    smin(d, capsule(q, v(0.0, -0.09, -0.022), v(0.0, -0.285, -0.038), 0.040, 0.047), 0.035)
}

fn ear(q: Vec3) -> f32 {
    let e = q - v(0.119, -0.008, -0.014);
    let e = v(e.x * 0.88 + e.z * 0.48, e.y, -e.x * 0.48 + e.z * 0.88);
    smax(ellipsoid(e, Vec3::ZERO, v(0.015, 0.037, 0.027)), -ellipsoid(e, v(0.012, 0.003, 0.004), v(0.010, 0.024, 0.016)), 0.008)
}

fn mouth(q: Vec3, mut d: f32) -> f32 {
    let (w, y) = (MOUTH_WIDTH, MOUTH_Y);
    if q.z < 0.02 || (q.y - y).abs() > 0.06 {
        return d;
    }
    let at = |x: f32, dy: f32, dz: f32| v(x, y + dy, lip_z(x) + dz);
    let upper = [
        (at(0.0, SLOT + 0.0035, 0.0025), 0.0052),
        (at(0.011, SLOT + 0.0048, 0.0025), 0.0058),
        (at(0.026, SLOT * 0.75 + 0.002, 0.0), 0.0046),
        (at(w, 0.0, -0.002), 0.0022),
    ];
    let lower = [
        (at(0.0, -SLOT - 0.0045, 0.0012), 0.0076),
        (at(0.015, -SLOT - 0.0035, 0.0008), 0.0068),
        (at(0.027, -SLOT * 0.75, -0.001), 0.0048),
        (at(w, 0.0, -0.002), 0.0022),
    ];
    d = smin(d, chain(q, &upper), 0.006);
    d = smin(d, chain(q, &lower), 0.006);
    let out = q.x / w;
    let height = SLOT * (1.0 - (out * out * 1.13).min(1.0)).max(0.0).sqrt();
    let slot = v(((q.x - w * 0.93) * 3.0).max(0.0), ((q.y - y).abs() - height).max(0.0), 0.0).length() - 0.0006;
    let cavity = ellipsoid(q, v(0.0, y, 0.064), v(0.040, 0.0215, 0.036));
    d = smax(d, -slot.max(0.05 - q.z), 0.003);
    smax(d, -cavity.max(q.z - 0.094), 0.004)
}

/// Strengths of the mouth's shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct MouthRig {
    /// 0 shut, 1 as modelled, 1.3 "ah".
    pub(crate) open: f32,
    /// Corners up.
    pub(crate) smile: f32,
    /// Corners out.
    pub(crate) wide: f32,
    /// Lips forward and corners in.
    pub(crate) round: f32,
    /// Lips pressed.
    pub(crate) press: f32,
    /// Upper lip and the wings of the nose up.
    pub(crate) sneer: f32,
    /// The right corner up besides.
    pub(crate) smirk: f32,
}

/// Where the rig moves a point of the modelled head.
pub(crate) fn rig(p: Vec3, m: &MouthRig) -> Vec3 {
    let (x, side) = (p.x.abs(), p.x.signum());
    let front = sm(-0.02, 0.06, p.z) * sm(-0.21, -0.165, p.y);
    let out = x / MOUTH_WIDTH;
    let soft = mix(0.0015, 0.035, sm(0.85, 1.35, out));
    let below = sm(soft, -soft, p.y - MOUTH_Y);
    // Lips meet along their whole length: towards the corners the slot is lower, so they have less way to go.
    let gap = ((1.0 - (out * out * 1.13).min(1.0)).max(0.0).sqrt() + 0.06).min(1.0);
    let way = mix(gap, 1.0, sm(0.010, 0.034, MOUTH_Y - p.y));
    let angle = (m.open - 1.0) * 0.135 * below * way * front * sm(0.14, 0.06, x);
    let hinge = v(0.0, -0.02, -0.02);
    let r = p - hinge;
    // The angle is small: second-order sine and cosine are exact to a thousandth.
    let (s, c) = (angle - angle * angle * angle / 6.0, 1.0 - angle * angle * 0.5);
    let mut o = v(p.x, hinge.y + r.y * c - r.z * s, hinge.z + r.y * s + r.z * c);
    let lips = sm(0.03, 0.070, p.z);
    // A mouth that shuts does so half-way between its lips, or its middle would lie higher than its corners.
    o.y -= (1.0 - m.open).clamp(0.0, 1.0) * SLOT * 1.05 * gap * lips * sm(0.045, 0.010, (p.y - MOUTH_Y).abs());
    let corner = sm(0.042, 0.0, v(x - MOUTH_WIDTH * 1.05, (p.y - MOUTH_Y) * 1.1, 0.0).length()) * lips;
    let smile = m.smile + if p.x < 0.0 { m.smirk } else { -0.15 * m.smirk };
    o.y += corner * smile * 0.013;
    o.x += side * corner * (smile * 0.007 + m.wide * 0.010 - m.round * 0.011);
    o.z -= corner * (smile.max(0.0) * 0.004 + m.wide.max(0.0) * 0.004 - m.round * 0.004);
    let middle = sm(0.05, 0.0, v(x, p.y - MOUTH_Y, 0.0).length()) * sm(0.06, 0.085, p.z);
    o.z += middle * (m.round * 0.010 - m.press * 0.003);
    o.y -= middle * m.press * 0.0012 * sm(-0.004, 0.004, p.y - MOUTH_Y) - middle * m.press * 0.0012 * sm(0.004, -0.004, p.y - MOUTH_Y);
    // A sneer lifts the lip most beside its middle, and the nose over it.
    let lip = sm(1.25, 0.80, out)
        * sm(0.030, 0.006, v((x - 0.018).abs() * 0.8, p.y - MOUTH_Y - 0.010, 0.0).length())
        * sm(0.07, 0.092, p.z)
        * sm(-0.004, 0.004, p.y - MOUTH_Y);
    let wing = sm(0.026, 0.004, v(x - 0.015, p.y + 0.036, 0.0).length()) * sm(0.09, 0.112, p.z);
    o.y += m.sneer * (0.0075 * lip + 0.0065 * wing);
    o.z -= m.sneer * 0.0025 * wing;
    let cheek = sm(0.04, 0.0, (v(x, p.y, p.z) - v(0.060, -0.05, 0.085)).length());
    o + v(side * 0.3, 0.5, 0.8) * cheek * (smile.max(0.0) * 0.005 + m.sneer * 0.004)
}

/// How a face rests: shut, with the trace of a smile.
const AT_REST: MouthRig = MouthRig { open: 0.0, smile: 0.50, wide: 0.0, round: 0.0, press: 0.0, sneer: 0.0, smirk: 0.0 };

/// The mouth's face shapes by the control they answer.
fn mouth_shapes() -> [(&'static str, MouthRig); 8] {
    let r = AT_REST;
    [
        ("jaw", MouthRig { open: 1.65, ..r }),
        ("wide", MouthRig { wide: 1.0, ..r }),
        ("round", MouthRig { round: 1.0, ..r }),
        ("close", MouthRig { press: 1.0, ..r }),
        ("smile", MouthRig { smile: r.smile + 0.80, ..r }),
        ("frown", MouthRig { smile: r.smile - 0.62, ..r }),
        ("sneer", MouthRig { sneer: 1.0, ..r }),
        ("smirk", MouthRig { smirk: 1.0, ..r }),
    ]
}

/// A surface of head space as a piece of the body: the mouth shut, and the mouth's shapes as differences.
pub(crate) fn rigged(modelled: Surface, material: u16, weights: impl Fn(Vec3) -> super::piece::Weights) -> Piece {
    let rest = modelled.positions.clone();
    let shut: Vec<Vec3> = rest.iter().map(|p| rig(*p, &AT_REST)).collect();
    let mut morphs = Vec::new();
    for (name, shape) in mouth_shapes() {
        let moved = rest.iter().zip(&shut).enumerate().map(|(i, (p, s))| (i as u32, (rig(*p, &shape) - *s) * HEAD_SCALE));
        morphs.push((name, moved.filter(|(_, d)| d.length_squared() > 1e-9).collect()));
    }
    let mut placed = modelled;
    placed.positions = shut.iter().map(|p| from_head(*p)).collect();
    let weights = rest.iter().map(|p| weights(*p)).collect();
    Piece { surface: placed, rest, weights, material, morphs, space: Space::Head }
}

/// Skin of head and neck. `coarse` multiplies the cells.
pub(crate) fn skin(f: &Features, coarse: f32, material: u16) -> Piece {
    let spacing = |axis: usize, x: f32| {
        coarse
            * match axis {
                0 if x.abs() < 0.046 => 0.0031,
                1 if (-0.112..-0.058).contains(&x) => 0.0027,
                1 if (-0.058..0.02).contains(&x) => 0.0042,
                2 if x > 0.075 => 0.0036,
                2 => 0.0085,
                _ => 0.0072,
            }
    };
    let grid = Grid::spaced(v(-0.15, -0.265, -0.165), v(0.15, 0.17, 0.165), spacing);
    let modelled = surface(&grid, 0.02, |p| field(p, f));
    rigged(modelled, material, |p| {
        let neck = sm(-0.10, -0.16, p.y) * sm(0.06, 0.02, p.z);
        let chest = sm(-0.16, -0.20, p.y) * neck;
        weighed(&[(HEAD, 1.0 - neck), (NECK, neck - chest), (CHEST, chest)])
    })
}

/// Upper teeth and tongue: each on its material.
pub(crate) fn teeth_and_tongue(coarse: f32, teeth: u16, tongue: u16) -> [Piece; 2] {
    let grid = Grid::even(v(-0.040, -0.092, 0.055), v(0.040, -0.055, 0.105), 0.0034 * coarse);
    let strip = surface(&grid, 0.01, |p| {
        let x = p.x.abs();
        let z = 0.0925 - 12.5 * x * x;
        // The row ends higher at its sides, and a groove stands between two teeth.
        let low = 0.0060 - 1.6 * x * x - 0.0007 * sm(0.0016, 0.0, ((x / 0.0092).fract() - 0.5).abs() * 0.0092);
        v(((p.y + 0.0745).abs() - low).max(0.0), ((p.z - z).abs() - 0.0015).max(0.0), (x - 0.029).max(0.0)).length() - 0.0016
    });
    let mut upper = rigged(strip, teeth, |_| super::piece::rigid(HEAD));
    // The upper teeth belong to the skull.
    upper.morphs.clear();
    upper.surface.positions = upper.rest.iter().map(|p| from_head(*p)).collect();
    let grid = Grid::even(v(-0.028, -0.108, 0.045), v(0.028, -0.080, 0.098), 0.006 * coarse);
    let lump = surface(&grid, 0.01, |p| ellipsoid(p, v(0.0, MOUTH_Y - 0.0115, 0.068), v(0.022, 0.007, 0.020)));
    [upper, rigged(lump, tongue, |_| super::piece::rigid(HEAD))]
}

/// Tears: a wet line down each cheek and a drop on it, under the skin until the shapes `tears` and `drop` bring them out.
pub(crate) fn tears(f: &Features, sides: usize, material: u16) -> Vec<Piece> {
    let sunk = v(0.0, 0.0, -0.014);
    // Wet lines go with the cheeks, as the skin does.
    let hidden = |made: Surface, more: Option<(&'static str, Vec3)>, sign: f32| {
        let mut piece = rigged(made, material, |_| super::piece::rigid(HEAD));
        let count = piece.surface.positions.len() as u32;
        let all = |by: Vec3| (0..count).map(|i| (i, by * HEAD_SCALE)).collect::<Vec<_>>();
        piece.surface.positions.iter_mut().for_each(|p| *p += sunk * HEAD_SCALE);
        piece.morphs.push(("tears", all(v(sign * 0.0012, 0.0, 0.0008) - sunk)));
        piece.morphs.extend(more.map(|(name, by)| (name, all(by))));
        piece
    };
    let mut both = Vec::new();
    for sign in [1.0, -1.0] {
        let line = [(0.050, -0.0275), (0.055, -0.042), (0.059, -0.058), (0.060, -0.074), (0.057, -0.092)];
        let on: Vec<Vec3> = line.iter().map(|(x, y)| project(x * sign, *y, f)).collect();
        let points: Vec<(Vec3, f32)> = on.iter().copied().zip([0.0016, 0.0028, 0.0030, 0.0030, 0.0040]).collect();
        both.push(hidden(super::shapes::tube(&points, sides.min(6)), None, sign));
        let bead = super::shapes::globe(0.0058, 5, 8).placed(glam::Affine3A::from_translation(on[0]));
        both.push(hidden(bead, Some(("drop", on[4] - on[0])), sign));
    }
    both
}

/// The skin's surface in front of a point of the face.
pub(crate) fn project(x: f32, y: f32, f: &Features) -> Vec3 {
    let mut z = 0.2;
    for _ in 0..40 {
        let d = field(v(x, y, z), f);
        z -= d * 0.8;
        if d < 1e-4 {
            break;
        }
    }
    v(x, y, z)
}
