//! A hand: rounded palm, four fingers of three segments and a thumb, a little larger than life so that it reads.
//! Modelled for the left side in its own space: x towards the thumb, y along the fingers, z out of the palm.

use super::body::{ELBOW, HAND_ALONG, PALM, SHOULDERS, WRIST, arm, thumb_side};
use super::piece::{Piece, weighed};
use super::shapes::{capsule, chain, cos, ellipsoid, rounded_box, sin, sm, smin, tube, v};
use super::surface::{Grid, surface};
use glam::{Affine3A, Mat3, Vec3};

/// Hands are built larger than the recipe's lengths.
const SIZE: f32 = 1.28;
/// How bent the fingers are in the bind pose.
const CURL: f32 = 0.20;

type Finger = Vec<(Vec3, f32)>;

/// Base x, base y, length, radius and fan of each finger.
const FINGERS: [[f32; 5]; 4] = [
    [0.0300, 0.086, 0.066, 0.0098, 0.12],
    [0.0105, 0.092, 0.074, 0.0102, 0.03],
    [-0.0095, 0.089, 0.069, 0.0098, -0.05],
    [-0.0280, 0.080, 0.054, 0.0088, -0.15],
];

fn fingers() -> Vec<Finger> {
    let one = |(index, [x, y, length, radius, fan]): (usize, &[f32; 5])| {
        let curl = CURL * (1.0 + 0.12 * index as f32);
        let (mut angle, mut p) = (curl * 0.55, v(*x, *y, 0.0));
        let mut points = vec![(p, radius * 1.05)];
        for (joint, share) in [0.44, 0.32, 0.24].into_iter().enumerate() {
            p += v(fan * cos(angle), cos(angle), sin(angle)).normalize() * *length * share;
            points.push((p, radius * (1.0 - 0.06 * (joint + 1) as f32)));
            angle += curl * if joint == 0 { 1.0 } else { 0.7 };
        }
        points
    };
    FINGERS.iter().enumerate().map(one).collect()
}

fn thumb() -> Finger {
    let base = v(0.044, 0.046, 0.012);
    let middle = base + v(0.35, 0.85, 0.35).normalize() * 0.030;
    let tip = middle + v(0.26, 0.86, 0.36).normalize() * 0.025;
    vec![(v(0.022, 0.022, 0.004), 0.0150), (base, 0.0125), (middle, 0.0112), (tip, 0.0098)]
}

fn field(p: Vec3, fingers: &[Finger], thumb: &Finger) -> f32 {
    let mut d = rounded_box(p, v(0.001, 0.054, 0.0), v(0.036, 0.040, 0.0145), 0.0135);
    d = smin(d, capsule(p, v(0.0, -0.04, 0.0), v(0.0, 0.03, 0.0), 0.0215, 0.026), 0.02);
    d = smin(d, ellipsoid(p, v(0.02, 0.035, 0.008), v(0.018, 0.026, 0.013)), 0.012);
    for finger in fingers {
        d = smin(d, chain(p, finger), 0.009);
    }
    smin(d, chain(p, thumb), 0.012)
}

/// The left hand; the right one is its mirror image.
pub(crate) fn left(cell: f32, material: u16) -> Piece {
    let (fingers, thumb) = (fingers(), thumb());
    let low = v(-0.056, -0.082, -0.036);
    let high = v(0.082, 0.186, 0.080);
    let local = surface(&Grid::even(low, high, cell / SIZE), 0.012, |p| field(p, &fingers, &thumb));
    let first = SHOULDERS[0];
    let weights = |p: Vec3| {
        let of_thumb =
            sm(-0.004, 0.004, fingers.iter().map(|f| chain(p, f)).fold(1.0, f32::min) - chain(p, &thumb)) * sm(0.030, 0.046, p.y) * sm(0.018, 0.032, p.x);
        let bent = sm(0.079, 0.099, p.y) * (1.0 - of_thumb);
        let tips = sm(0.110, 0.130, p.y) * bent;
        let fore = sm(0.004, -0.020, p.y);
        weighed(&[
            (first + arm::LOWER, fore),
            (first + arm::HAND, (1.0 - bent - of_thumb) * (1.0 - fore)),
            (first + arm::FINGERS, bent - tips),
            (first + arm::TIPS, tips),
            (first + arm::THUMB, of_thumb * (1.0 - fore)),
        ])
    };
    let local_weights: Vec<_> = local.positions.iter().map(|p| weights(*p)).collect();
    let rest = local.positions.clone();
    let turn = Mat3::from_cols(thumb_side(), HAND_ALONG, PALM);
    let placed = local.placed(Affine3A::from_mat3_translation(turn * SIZE, WRIST));
    let mut piece = Piece::new(placed, material, |_| super::piece::rigid(first));
    piece.weights = local_weights;
    piece.painted_at(rest)
}

/// A bare left arm from shoulder to wrist, under short sleeves.
pub(crate) fn bare_arm(sides: usize, material: u16) -> Piece {
    let shoulder = super::body::SHOULDER;
    let along = |a: Vec3, b: Vec3, t: f32| a.lerp(b, t);
    let points: Vec<_> = [
        // Thin inside the sleeve, which bends more softly at the shoulder than the arm does.
        (along(shoulder, ELBOW, 0.16), 0.020),
        (along(shoulder, ELBOW, 0.34), 0.036),
        (along(shoulder, ELBOW, 0.54), 0.042),
        (along(shoulder, ELBOW, 0.85), 0.037),
        (ELBOW, 0.036),
        (along(ELBOW, WRIST, 0.15), 0.037),
        (along(ELBOW, WRIST, 0.45), 0.035),
        (along(ELBOW, WRIST, 0.8), 0.029),
        (along(ELBOW, WRIST, 1.05), 0.027),
    ]
    .into();
    Piece::new(tube(&refined(&points, 3), sides), material, super::clothes::sleeve_weights)
}

/// A bare or stockinged left leg from hip to ankle.
pub(crate) fn bare_leg(sides: usize, material: u16) -> Piece {
    let [hip, knee, ankle, _] = super::body::LEG;
    let along = |a: Vec3, b: Vec3, t: f32| a.lerp(b, t);
    let points: Vec<_> = [
        (along(hip, knee, 0.25), 0.058),
        (along(hip, knee, 0.5), 0.056),
        (along(hip, knee, 0.85), 0.051),
        (knee, 0.050),
        (along(knee, ankle, 0.2), 0.052),
        (along(knee, ankle, 0.45), 0.049),
        (along(knee, ankle, 0.8), 0.037),
        (along(knee, ankle, 1.05), 0.035),
    ]
    .into();
    Piece::new(tube(&refined(&points, 3), sides), material, super::clothes::leg_weights)
}

/// More points along a chain, so that it bends smoothly.
fn refined(points: &[(Vec3, f32)], times: usize) -> Finger {
    let mut out = vec![points[0]];
    for pair in points.windows(2) {
        for k in 1..=times {
            let t = k as f32 / times as f32;
            out.push((pair[0].0.lerp(pair[1].0, t), pair[0].1 + (pair[1].1 - pair[0].1) * t));
        }
    }
    out
}
