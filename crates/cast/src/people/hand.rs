//! A hand: rounded palm, four fingers of three segments and a thumb, a little larger than life so that it reads.
//! Modelled in its own space: x towards the thumb, y along the fingers, z out of the palm, which is a right hand; placing it mirrors it to the left. Fingers are
//! tubes of their own, so that they stay apart at every level of detail and bend at every joint.

use super::body::{DIGITS, ELBOW, HAND_ALONG, PALM, SHOULDERS, WRIST, arm, thumb_side};
use super::piece::{Piece, Weights, rigid, weighed};
use super::shapes::{capsule, chain, cos, ellipsoid, globe, mix, rounded_box, sin, sm, smin, tube, v};
use super::surface::{Grid, Surface, surface};
use glam::{Affine3A, Mat3, Quat, Vec3};

/// Hands are built larger than the recipe's lengths.
const SIZE: f32 = 1.28;
/// How bent the fingers are in the bind pose.
pub(crate) const CURL: f32 = 0.20;

type Finger = Vec<(Vec3, f32)>;

/// Base x, base y, length, radius and fan of each finger.
const FINGERS: [[f32; 5]; 4] = [
    [0.0290, 0.083, 0.066, 0.0100, 0.13],
    [0.0098, 0.089, 0.074, 0.0104, 0.03],
    [-0.0096, 0.086, 0.069, 0.0100, -0.06],
    [-0.0282, 0.077, 0.054, 0.0089, -0.17],
];

/// Joints of a finger from knuckle to tip, with radii.
fn finger(index: usize) -> Finger {
    let [x, y, length, radius, fan] = FINGERS[index];
    let curl = CURL * (1.0 + 0.12 * index as f32);
    let (mut angle, mut p) = (curl * 0.55, v(x, y, 0.0));
    let mut points = vec![(p, radius * 1.05)];
    for (joint, share) in [0.44, 0.32, 0.24].into_iter().enumerate() {
        p += v(fan * cos(angle), cos(angle), sin(angle)).normalize() * length * share;
        points.push((p, radius * (1.0 - 0.06 * (joint + 1) as f32)));
        angle += curl * if joint == 0 { 1.0 } else { 0.7 };
    }
    points
}

fn thumb() -> Finger {
    let base = v(0.044, 0.046, 0.012);
    let middle = base + v(0.35, 0.85, 0.35).normalize() * 0.030;
    let tip = middle + v(0.26, 0.86, 0.36).normalize() * 0.025;
    vec![(v(0.022, 0.022, 0.004), 0.0150), (base, 0.0128), (middle, 0.0116), (tip, 0.0104)]
}

/// From the hand's own space to the reference body.
fn placing() -> Affine3A {
    Affine3A::from_mat3_translation(Mat3::from_cols(thumb_side(), HAND_ALONG, PALM) * SIZE, WRIST)
}

/// Where a joint of a left finger is in the reference body: 0 knuckle, 1 and 2 within the finger.
pub(crate) fn joint(index: usize, k: usize) -> Vec3 {
    placing().transform_point3(finger(index)[k].0)
}

/// The thumb's second joint in the reference body.
pub(crate) fn thumb_joint() -> Vec3 {
    placing().transform_point3(thumb()[2].0)
}

/// Palm, wrist and ball of the thumb; fingers only swell their knuckles.
fn palm(p: Vec3, fingers: &[Finger], thumb: &Finger) -> f32 {
    let mut d = rounded_box(p, v(0.001, 0.052, 0.0), v(0.036, 0.038, 0.0145), 0.0135);
    d = smin(d, capsule(p, v(0.0, -0.04, 0.0), v(0.0, 0.03, 0.0), 0.0215, 0.026), 0.02);
    d = smin(d, ellipsoid(p, v(0.02, 0.035, 0.008), v(0.018, 0.026, 0.013)), 0.012);
    for f in fingers {
        let stub = f[0].0.lerp(f[1].0, 0.22);
        d = smin(d, capsule(p, f[0].0 - (f[1].0 - f[0].0) * 0.25, stub, f[0].1 * 0.95, f[0].1 * 0.96), 0.010);
    }
    smin(d, capsule(p, thumb[0].0, thumb[0].0.lerp(thumb[1].0, 0.9), thumb[0].1, thumb[1].1 * 0.98), 0.012)
}

/// A digit as a tube with a round end, from inside the palm; rings lie close at the joints.
fn digit(points: &Finger, sides: usize, from: f32) -> Surface {
    let coarse = sides < 6;
    let mut rings: Finger = Vec::new();
    let last = points.len() - 2;
    for (k, pair) in points.windows(2).enumerate() {
        let ((a, ra), (b, rb)) = (pair[0], pair[1]);
        let stops: &[f32] = match k {
            _ if coarse => &[0.1, 0.7],
            0 => &[0.15, 0.55, 0.85],
            k if k == last => &[0.0, 0.16, 0.5, 0.80],
            _ => &[0.0, 0.16, 0.5, 0.85],
        };
        for t in stops {
            let t = if k == 0 { mix(from, 1.0, *t) } else { *t };
            // Slimmer between the joints, and a pad on the last segment.
            let waist = 1.0 - 0.07 * sin(t.clamp(0.0, 1.0) * std::f32::consts::PI) + if k == last { 0.09 * sin(t * std::f32::consts::PI) } else { 0.0 };
            rings.push((a.lerp(b, t), mix(ra, rb, t) * waist));
        }
    }
    let (end, r) = points[points.len() - 1];
    let along = (end - points[points.len() - 2].0).normalize();
    for (out, share) in [(0.0, 1.0), (0.45, 0.90), (0.78, 0.62), (0.95, 0.28)].into_iter().skip(usize::from(coarse)).step_by(1 + usize::from(coarse)) {
        rings.push((end + along * r * (out - 0.25), r * share));
    }
    tube(&rings, sides)
}

/// Weights along a digit: bone by bone, blended about each joint.
fn digit_weights(p: Vec3, points: &Finger, bones: &[usize], first: usize) -> Weights {
    // How much of each bone: 1 past its joint, 0 before it.
    let past = |k: usize| {
        let (a, r) = points[k];
        let before = if k == 0 { Vec3::Y } else { (a - points[k - 1].0).normalize() };
        let after = (points[k + 1].0 - a).normalize();
        sm(-0.62 * r, 0.62 * r, (p - a).dot((before + after).normalize()))
    };
    let shares: Vec<f32> = (0..bones.len()).map(|k| past(k + first)).collect();
    let mut all = Vec::new();
    for (k, bone) in bones.iter().enumerate() {
        let next = shares.get(k + 1).copied().unwrap_or(0.0);
        all.push((*bone, (shares[k] - next).max(0.0)));
    }
    all.push((SHOULDERS[0] + arm::HAND, 1.0 - shares[0]));
    weighed(&all)
}

/// The left hand with its fingers; the right one is its mirror image. Nails if there is a material for them.
pub(crate) fn left(cell: f32, sides: usize, material: u16, nails: Option<u16>) -> Vec<Piece> {
    let fingers: Vec<Finger> = (0..4).map(finger).collect();
    let thumb = thumb();
    let first = SHOULDERS[0];
    let place = placing();
    let finish = |local: Surface, material: u16, weights: &dyn Fn(Vec3) -> Weights| {
        let rest = local.positions.clone();
        let own = rest.iter().map(|p| weights(*p)).collect();
        let mut piece = Piece::new(local.placed(place), material, |_| rigid(first)).painted_at(rest);
        piece.weights = own;
        piece
    };
    let (low, high) = (v(-0.056, -0.082, -0.036), v(0.068, 0.116, 0.044));
    let flat = surface(&Grid::even(low, high, cell / SIZE), 0.012, |p| palm(p, &fingers, &thumb));
    let palm_weights = |p: Vec3| {
        let of_thumb = sm(0.006, -0.006, chain(p, &thumb) - 0.004) * sm(0.022, 0.044, p.y) * sm(0.014, 0.034, p.x);
        let fore = sm(0.004, -0.020, p.y);
        // A knuckle's skin goes a little with its finger.
        let near = (0..4).min_by(|a, b| (fingers[*a][0].0.x - p.x).abs().total_cmp(&(fingers[*b][0].0.x - p.x).abs())).unwrap_or(0);
        let bent = sm(-0.010, 0.012, p.y - fingers[near][0].0.y) * 0.75 * (1.0 - of_thumb);
        weighed(&[
            (first + arm::LOWER, fore),
            (first + arm::HAND, (1.0 - bent - of_thumb) * (1.0 - fore)),
            (DIGITS[0] + 3 * near, bent),
            (first + arm::THUMB, of_thumb * (1.0 - fore)),
        ])
    };
    let mut all = vec![finish(flat, material, &palm_weights)];
    for (index, points) in fingers.iter().enumerate() {
        let b = DIGITS[0] + 3 * index;
        all.push(finish(digit(points, sides, -0.30), material, &|p| digit_weights(p, points, &[b, b + 1, b + 2], 0)));
    }
    let bones = [first + arm::THUMB, DIGITS[0] + 12];
    all.push(finish(digit(&thumb, sides, 0.2), material, &|p| digit_weights(p, &thumb, &bones, 1)));
    for (index, points) in fingers.iter().chain([&thumb]).enumerate() {
        let Some(nail) = nails else { break };
        let (end, r) = points[points.len() - 1];
        let along = (end - points[points.len() - 2].0).normalize();
        // A thumb's nail looks sideways and back.
        let out = if index == 4 { v(0.50, 0.0, -0.86) } else { Vec3::NEG_Z };
        let out = (out - along * out.dot(along)).normalize();
        let turn = Quat::from_mat3(&Mat3::from_cols(along.cross(out), along, out));
        let at = end + along * r * 0.05 + out * r * 0.80;
        let shape = globe(1.0, 4, 8).placed(Affine3A::from_scale_rotation_translation(v(r * 0.66, r * 0.80, r * 0.30), turn, at));
        let bone = if index == 4 { DIGITS[0] + 12 } else { DIGITS[0] + 3 * index + 2 };
        all.push(finish(shape, nail, &|_| rigid(bone)));
    }
    all
}

/// A bare left arm from shoulder to wrist, under short sleeves.
pub(crate) fn bare_arm(sides: usize, material: u16) -> Piece {
    let shoulder = super::body::SHOULDER;
    let along = |a: Vec3, b: Vec3, t: f32| a.lerp(b, t);
    let points: Vec<_> = [
        // Thin inside the sleeve, which bends more softly at the shoulder than the arm does.
        (along(shoulder, ELBOW, 0.04), 0.020),
        (along(shoulder, ELBOW, 0.26), 0.036),
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
