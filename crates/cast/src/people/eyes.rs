//! Eyes, lids, lashes and brows in head space. Lids are rigid shells that turn about the eye: a blink is two turns.

use super::body::{EYE, EYE_RADIUS, EYES, HEAD, HEAD_SCALE, LOWER_LIDS, UPPER_LIDS, from_head};
use super::head::{Features, project};
use super::piece::{Piece, Space, rigid};
use super::shapes::{cos, globe, mix, peel, sin, sm, tube, v};
use super::surface::Surface;
use glam::{Affine3A, Quat, Vec3};
use kinora_base::maths::pow;

/// Elevation of the upper lid's edge when open, radians.
pub(crate) const UPPER_OPEN: f32 = 0.56;
/// Elevation of the lower lid's edge when open.
pub(crate) const LOWER_OPEN: f32 = -0.74;
/// How far the upper lid turns to shut.
pub(crate) const UPPER_TURN: f32 = 0.86;
/// How far the lower lid turns to shut.
pub(crate) const LOWER_TURN: f32 = 0.46;

/// Materials of the parts about the eyes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EyeMaterials {
    pub(crate) ball: u16,
    pub(crate) lid: u16,
    pub(crate) lash: u16,
    pub(crate) glint: u16,
    pub(crate) brow: u16,
}

/// How lashes and brows look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EyeLook {
    /// Flick at the outer end of the lash line, metres.
    pub(crate) flick: f32,
    /// Thickness of the lash line.
    pub(crate) lash: f32,
    /// Thickness of the brows, 1 = the recipe's.
    pub(crate) brow: f32,
    /// How arched the brows are: 1 high in the middle, -1 straight.
    pub(crate) arch: f32,
}

/// Everything about both eyes. `detail` 0 is finest.
pub(crate) fn eyes(f: &Features, look: &EyeLook, detail: usize, m: &EyeMaterials) -> Vec<Piece> {
    let (rows, columns) = [(13, 22), (8, 14), (5, 8)][detail.min(2)];
    let mut all = Vec::new();
    for side in 0..2 {
        let sign = [1.0, -1.0][side];
        let centre = v(EYE.x * sign, EYE.y, EYE.z);
        let tilt = Quat::from_rotation_z(sign * -0.07);
        all.push(eyeball(centre, EYES[side], rows, columns, m.ball));
        if detail < 2 {
            all.extend(glints(centre, m.glint));
        }
        let upper = peel(UPPER_OPEN, 1.75, EYE_RADIUS + 0.0006, EYE_RADIUS + 0.0050, columns, rows / 2);
        all.push(lid(upper, centre, tilt, UPPER_LIDS[side], m.lid));
        let lower = peel(LOWER_OPEN, -1.5, EYE_RADIUS + 0.0003, EYE_RADIUS + 0.0024, columns, rows / 2);
        all.push(lid(lower, centre, Quat::from_rotation_z(sign * 0.10), LOWER_LIDS[side], m.lid));
        all.push(lash(centre, sign, tilt, look, UPPER_LIDS[side], m.lash, if detail == 0 { 6 } else { 4 }));
        all.push(brow(f, sign, look, m.brow, if detail == 0 { 8 } else { 5 }));
    }
    all
}

fn eyeball(centre: Vec3, bone: usize, rows: usize, columns: usize, material: u16) -> Piece {
    let local = globe(EYE_RADIUS, rows, columns);
    let rest = local.positions.clone();
    let placed = local.placed(Affine3A::from_scale_rotation_translation(Vec3::splat(HEAD_SCALE), Quat::IDENTITY, from_head(centre)));
    Piece::new(placed, material, |_| rigid(bone)).painted_at(rest).of(Space::Eye)
}

/// Two tiny bright discs just off the ball; they stay with the head, as reflections stay with the light.
fn glints(centre: Vec3, material: u16) -> Vec<Piece> {
    let discs = [(v(0.30, 0.36, 1.0), 0.0050), (v(-0.26, -0.30, 1.0), 0.0024)];
    let one = |(towards, radius): (Vec3, f32)| {
        let direction = towards.normalize();
        let turn = Quat::from_rotation_arc(Vec3::Z, direction);
        let place = Affine3A::from_scale_rotation_translation(v(1.0, 1.0, 0.16) * HEAD_SCALE, turn, from_head(centre + direction * EYE_RADIUS * 1.012));
        Piece::new(globe(radius, 5, 14).placed(place), material, |_| rigid(HEAD)).of(Space::Eye)
    };
    discs.into_iter().map(one).collect()
}

fn lid(shell: Surface, centre: Vec3, tilt: Quat, bone: usize, material: u16) -> Piece {
    let rest = shell.positions.iter().map(|p| tilt * *p + centre).collect();
    let placed = shell.placed(Affine3A::from_scale_rotation_translation(Vec3::splat(HEAD_SCALE), tilt, from_head(centre)));
    Piece::new(placed, material, |_| rigid(bone)).painted_at(rest).of(Space::Eye)
}

/// The dark line along the upper lid's edge: what reads of an eye at a distance.
fn lash(centre: Vec3, sign: f32, tilt: Quat, look: &EyeLook, bone: usize, material: u16, sides: usize) -> Piece {
    let reach = if look.flick > 0.0 { 1.36 } else { 1.08 };
    let point = |i: usize| {
        let t = i as f32 / 14.0;
        let azimuth = mix(-0.98, reach, t) * sign;
        let e = v(sin(azimuth), sin(UPPER_OPEN) * cos(azimuth), cos(UPPER_OPEN) * cos(azimuth)).normalize();
        let lift = EYE_RADIUS + 0.0050 + look.flick * sm(0.75, 1.0, t);
        let radius = 0.0005 + look.lash * pow(sin(t * std::f32::consts::PI).max(0.0), 0.6);
        (from_head(centre + tilt * e * lift + v(0.0, 0.0010, 0.0)), radius * HEAD_SCALE)
    };
    let points: Vec<_> = (0..=14).map(point).collect();
    Piece::new(tube(&points, sides), material, |_| rigid(bone)).of(Space::Eye)
}

/// A tapered brow on the skin, with the shapes `brow` (whole, up) and `worry` (inner end up).
fn brow(f: &Features, sign: f32, look: &EyeLook, material: u16, sides: usize) -> Piece {
    let made = |lift: f32, inner: f32| {
        let (a, b, c) = (
            v(0.020 - inner * 0.001, 0.050 + inner * 0.0155 + lift * 0.010, 0.0),
            v(0.048 + 0.008 * look.arch, 0.066 + 0.008 * look.arch + lift * 0.013, 0.0),
            v(0.083, 0.048 - 0.003 * look.arch + lift * 0.009 - inner * 0.0055, 0.0),
        );
        let point = |i: usize| {
            let t = i as f32 / 9.0;
            let p = a.lerp(b, t).lerp(b.lerp(c, t), t);
            let taper = (3.0 - (t * 0.93 + 0.05) * 3.0).clamp(0.25, 1.0) * (t * 12.0).clamp(0.15, 1.0).sqrt();
            (from_head(project(p.x * sign, p.y, f) + v(0.0, 0.0, 0.0015)), 0.0062 * taper * look.brow * HEAD_SCALE)
        };
        let points: Vec<_> = (0..=9).map(point).collect();
        tube(&points, sides)
    };
    let still = made(0.0, 0.0);
    let difference = |other: Surface| {
        let pairs = other.positions.iter().zip(&still.positions).enumerate();
        pairs.map(|(i, (a, b))| (i as u32, *a - *b)).collect::<Vec<_>>()
    };
    let morphs = vec![("brow", difference(made(1.0, 0.0))), ("worry", difference(made(0.0, 1.0)))];
    Piece { morphs, space: Space::Head, ..Piece::new(still, material, |_| rigid(HEAD)) }
}
