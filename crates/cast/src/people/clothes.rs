//! Clothes: thick, simple solids around the reference body in its bind pose, with folds, cuffs and hems, and the
//! weights that make them follow it part by part.

use super::body::{CHEST, ELBOW, HIPS, LEG, NECK, SHOULDER, SHOULDERS, SPINE, THIGHS, TOE_OUT, WRIST, arm, leg};
use super::piece::{Piece, Weights, weighed};
use super::shapes::{capsule, ellipsoid, length2, mix, rounded_box, sin, sm, smax, smin, v};
use super::surface::{Grid, surface};
use glam::{Affine3A, Quat, Vec3};
use kinora_base::noise::noise;

/// How a collar is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub(crate) enum Collar {
    /// An open neck.
    #[default]
    Round,
    /// A thick roll.
    Roll,
    /// Two flat wings.
    Flat,
}

/// The shape of a top, a dress or a coat.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Cut {
    /// Height of the hem on the reference body, metres.
    pub(crate) hem: f32,
    /// How much wider the hem is than the hips.
    pub(crate) flare: f32,
    /// Share of the arm that sleeves cover: 1 to the wrist.
    pub(crate) sleeve: f32,
    /// Thicker (or thinner) than a sweater, metres.
    pub(crate) thick: f32,
    /// The collar.
    pub(crate) collar: Collar,
    /// Width of the brim of a hat.
    pub(crate) brim: f32,
}

impl Default for Cut {
    fn default() -> Self {
        Self { hem: 0.885, flare: 0.0, sleeve: 1.0, thick: 0.0, collar: Collar::Round, brim: 0.05 }
    }
}

/// Height from which a skirt hangs.
const WAIST: f32 = 0.95;

fn fold(p: Vec3, amount: f32) -> f32 {
    amount * (noise(p * v(7.0, 26.0, 7.0) + 3.0) * 0.7 + noise(p * v(19.0, 34.0, 19.0)) * 0.4)
}

/// Distance to the skirt of a coat or dress: a bell with soft pleats from the hips to its hem.
fn bell(p: Vec3, cut: &Cut) -> f32 {
    let t = ((WAIST - p.y) / (WAIST - cut.hem).max(0.05)).clamp(0.0, 1.1);
    let pleat = 1.0 + 0.055 * t * (sin(p.x * 38.0) * 0.6 + sin(p.z * 34.0 + 1.0) * 0.5);
    let radius = mix(0.150, 0.175 + cut.flare, t * (1.35 - 0.35 * t)) * pleat + cut.thick * 0.7;
    let side = (length2(p.x, p.z * 1.16) - radius) * 0.88;
    smax(smax(side, cut.hem - p.y, 0.014), p.y - WAIST - 0.05, 0.03)
}

fn top_field(p: Vec3, cut: &Cut) -> f32 {
    // Both halves are alike but for their folds.
    let q = v(p.x.abs(), p.y, p.z);
    let mut d = ellipsoid(q, v(0.0, 1.225, -0.004), v(0.152, 0.150, 0.108));
    d = smin(d, ellipsoid(q, v(0.0, 1.06, 0.0), v(0.134, 0.16, 0.106)), 0.09);
    d = smin(d, ellipsoid(q, v(0.0, 0.945, 0.0), v(0.160, 0.11, 0.128)), 0.07);
    d = smin(d, capsule(q, v(0.0, 1.32, -0.01), v(0.0, 1.39, -0.015), 0.075, 0.062), 0.05);
    d = smin(d, sleeve(q, cut), 0.045);
    let crease = sm(0.11, 0.02, q.distance(ELBOW)).max(0.7 * sm(0.12, 0.02, q.distance(WRIST)));
    d += fold(p, 0.0035 + 0.004 * crease + 0.003 * sm(0.2, 0.0, (p.y - 0.97).abs())) - cut.thick;
    d = if cut.hem < 0.84 { smin(smax(d, WAIST - 0.04 - p.y, 0.02), bell(p, cut), 0.03) } else { hemmed(p, d, cut) };
    collared(q, smax(d, p.y - 1.405, 0.01), cut.collar)
}

fn sleeve(q: Vec3, cut: &Cut) -> f32 {
    let upper = capsule(q, SHOULDER, ELBOW, 0.054, 0.052);
    if cut.sleeve < 0.55 {
        let end = SHOULDER.lerp(ELBOW, cut.sleeve / 0.5);
        let along = (ELBOW - SHOULDER).normalize();
        let short = smax(capsule(q, SHOULDER, ELBOW, 0.055, 0.060), (q - end).dot(along), 0.008);
        return if (q - end).dot(along) < 0.3 { short } else { upper.max(0.05) };
    }
    let cuff = (WRIST - ELBOW).normalize();
    let both = smin(upper, capsule(q, ELBOW, WRIST, 0.052, 0.046), 0.03);
    let turned = smin(both, capsule(q, WRIST - cuff * 0.035, WRIST + cuff * 0.002, 0.046, 0.045), 0.01);
    smax(turned, (q - WRIST - cuff * 0.014).dot(cuff), 0.008)
}

/// A ribbed hem, wider than the trousers.
fn hemmed(p: Vec3, d: f32, cut: &Cut) -> f32 {
    let d = smax(d, cut.hem - p.y, 0.012);
    let around = ellipsoid(v(p.x, 0.0, p.z), Vec3::ZERO, v(0.152, 1.0, 0.122)) - cut.thick;
    let (a, b) = (around.max(-0.1), (p.y - cut.hem - 0.020).abs() - 0.024);
    smin(d, length2(a.max(0.0), b.max(0.0)) + a.max(b).min(0.0) - 0.006, 0.012)
}

fn collared(q: Vec3, d: f32, collar: Collar) -> f32 {
    let around = length2(q.x, (q.z + 0.014) * 1.05);
    let d = match collar {
        Collar::Roll => smin(d, length2(around - 0.064, (q.y - 1.385) * 0.8) - 0.016, 0.01),
        Collar::Flat => {
            let wing = capsule(q, v(0.014, 1.352, 0.086), v(0.060, 1.386, 0.030), 0.011, 0.013);
            smin(d, wing.min(length2(around - 0.066, (q.y - 1.385) * 0.7) - 0.013), 0.010)
        }
        Collar::Round => smin(d, length2(around - 0.068, (q.y - 1.372) * 0.9) - 0.009, 0.012),
    };
    smax(d, -(around - 0.053).max(1.30 - q.y), 0.006)
}

/// A top, coat or dress.
pub(crate) fn top(cut: &Cut, cell: f32, material: u16) -> Piece {
    let wide = 0.24 + cut.flare;
    let low = v(-0.53, cut.hem - 0.03, -wide.min(0.5));
    // Collars need finer cells than the rest, and a gown to the ground has much cloth without detail.
    let gown = cut.hem < 0.4;
    let spacing = |axis: usize, x: f32| match axis {
        0 if x.abs() < 0.10 => cell * if gown { 0.80 } else { 0.62 },
        1 if x > 1.30 => cell * 0.50,
        1 if x < 0.80 && gown => cell * 2.0,
        2 if x.abs() < 0.11 => cell * 0.85,
        _ => cell,
    };
    let grid = Grid::spaced(low, v(0.53, 1.43, wide.min(0.5)), spacing);
    Piece::new(surface(&grid, 0.04, |p| top_field(p, cut)), material, |p| hung_weights(p, cut))
}

/// Trousers, thicker than woven ones by `thick`; `length` 1 to the ankle, .45 to above the knee.
pub(crate) fn trousers(length: f32, thick: f32, cell: f32, material: u16) -> Piece {
    let [hip, knee, ankle, _] = LEG;
    let hem = mix(hip.y, ankle.y + 0.02, length);
    let middle =
        if hem > knee.y { knee + (hip - knee) * ((hem - knee.y) / (hip.y - knee.y)) } else { knee + (ankle - knee) * ((knee.y - hem) / (knee.y - ankle.y)) };
    let field = |p: Vec3| {
        let q = v(p.x.abs(), p.y, p.z);
        let mut d = ellipsoid(q, v(0.0, 0.905, 0.0), v(0.138, 0.10, 0.108));
        let limb = smin(capsule(q, hip, knee, 0.086, 0.064), capsule(q, knee, ankle + v(0.0, 0.02, 0.0), 0.064, 0.056), 0.03);
        d = smin(d, limb, 0.04);
        let (a, b) = (length2(q.x - middle.x, q.z - middle.z) - if length > 0.7 { 0.060 } else { 0.074 }, (q.y - hem - 0.025).abs() - 0.018);
        d = smin(d, length2(a.max(0.0), b.max(0.0)) + a.max(b).min(0.0) - 0.006, 0.006);
        smax(d - thick, hem - p.y, 0.008) + fold(p * v(1.0, 0.8, 1.0), 0.005)
    };
    let grid = Grid::even(v(-0.30 - thick, hem - 0.03, -0.15 - thick), v(0.30 + thick, 1.03 + thick, 0.15 + thick), cell);
    Piece::new(surface(&grid, 0.04, field), material, leg_weights)
}

/// A skirt from the waist to its hem.
pub(crate) fn skirt(cut: &Cut, cell: f32, material: u16) -> Piece {
    let wide = 0.24 + cut.flare;
    let grid = Grid::even(v(-wide, cut.hem - 0.03, -wide), v(wide, 1.06, wide), cell);
    let field = |p: Vec3| {
        let hips = smax(ellipsoid(p, v(0.0, 0.945, 0.0), v(0.150, 0.11, 0.118)), WAIST - 0.04 - p.y, 0.02);
        smin(hips, bell(p, cut), 0.03) + fold(p, 0.003)
    };
    Piece::new(surface(&grid, 0.04, field), material, |p| hung_weights(p, cut))
}

/// A scarf: two coils and a hanging end.
pub(crate) fn scarf(cell: f32, material: u16) -> Piece {
    let field = |p: Vec3| {
        let around = length2(p.x, p.z * 0.95);
        let a = length2(around - 0.074, (p.y - 1.40 - 0.02 * sin(p.x * 9.0)) * 0.75) - 0.027;
        let b = length2(around - 0.080, (p.y - 1.372 + 0.3 * p.x) * 0.8) - 0.024;
        let end = rounded_box(p, v(0.045, 1.26, 0.122 + 0.02 * (p.y - 1.26)), v(0.034, 0.11, 0.011), 0.010);
        smin(smin(a, b, 0.008), end, 0.02) + 0.002 * noise(p * 40.0)
    };
    let grid = Grid::even(v(-0.13, 1.13, -0.13), v(0.13, 1.45, 0.16), cell);
    Piece::new(surface(&grid, 0.02, field), material, |p| {
        let up = sm(1.36, 1.42, p.y) * 0.6;
        weighed(&[(CHEST, 1.0 - up), (NECK, up)])
    })
}

/// The left shoe with its sole: leather, then sole.
pub(crate) fn shoe(cell: f32, material: u16) -> Piece {
    let field = |p: Vec3| {
        let p = p / v(1.15, 1.0, 1.15);
        let mut d = capsule(p, v(0.0, 0.06, -0.01), v(0.0, -0.02, -0.01), 0.048, 0.050);
        d = smin(d, ellipsoid(p, v(0.0, -0.045, 0.095), v(0.052, 0.044, 0.070)), 0.04);
        d = smin(d, ellipsoid(p, v(0.0, -0.045, -0.01), v(0.047, 0.045, 0.055)), 0.03);
        d = smax(d, -(p.y + 0.066), 0.008);
        let width = 0.056 - 0.010 * sm(0.09, -0.02, p.z);
        let over = (p.z.clamp(-0.015, 0.115) - p.z).abs();
        let sole = length2((length2(p.x, over) - width + 0.006).max(0.0), ((p.y + 0.074).abs() - 0.005).max(0.0)) - 0.006;
        smax(d.min(sole), p.y - 0.07, 0.01)
    };
    let grid = Grid::even(v(-0.08, -0.095, -0.10), v(0.08, 0.10, 0.225), cell);
    let local = surface(&grid, 0.02, field);
    let rest = local.positions.clone();
    let first = THIGHS[0];
    let placed = local.placed(Affine3A::from_rotation_translation(Quat::from_rotation_y(TOE_OUT), LEG[2]));
    let toes: Vec<f32> = rest.iter().map(|p| sm(0.070, 0.125, p.z)).collect();
    let mut piece = Piece::new(placed, material, |_| super::piece::rigid(first));
    piece.weights = toes.iter().map(|t| weighed(&[(first + leg::FOOT, 1.0 - t), (first + leg::TOES, *t)])).collect();
    piece.painted_at(rest)
}

/// The trunk from hips to neck.
pub(crate) fn trunk(p: Vec3) -> [(usize, f32); 3] {
    let chest = sm(1.08, 1.24, p.y);
    let spine = sm(0.93, 1.06, p.y) * (1.0 - chest);
    [(HIPS, 1.0 - chest - spine), (SPINE, spine), (CHEST, chest)]
}

/// Where the underside of a sleeve meets the side of the trunk.
const ARMPIT: Vec3 = v(0.147, 1.235, 0.0);

/// Shares of collar bone, upper and lower arm on one side, of a point with x >= 0.
fn arm_shares(q: Vec3) -> [f32; 3] {
    let (d1, d2) = ((ELBOW - SHOULDER).normalize(), (WRIST - ELBOW).normalize());
    let across = |a: Vec3, d: Vec3| {
        let r = q - a;
        (r - d * r.dot(d).max(0.0)).length()
    };
    let far = if q.x > 0.27 && q.y > 0.8 { 1.0 } else { 0.0 };
    let near = sm(0.145, 0.075, across(SHOULDER, d1).min(across(ELBOW, d2)));
    // Below the armpit the side of the trunk stays with the trunk, however near the arm hangs: the crease runs between the two.
    let crease = sm(-0.026, 0.026, (q - ARMPIT).dot(v(0.92, 0.39, 0.0)));
    let all = sm(-0.055, 0.055, (q - SHOULDER).dot(d1)) * near.max(far) * crease;
    let lower = sm(-0.045, 0.045, (q - ELBOW).dot((d1 + d2).normalize())) * all;
    let collar = sm(0.03, 0.13, q.x) * sm(1.20, 1.32, q.y) * (1.0 - all) * 0.7;
    [collar, all - lower, lower]
}

/// Weights of cloth on trunk and arms.
pub(crate) fn top_weights(p: Vec3) -> Weights {
    hung_weights(p, &Cut::default())
}

/// Weights of a top with its sleeves and, below the hips, its skirt: the wider it is, the less the legs carry it.
fn hung_weights(p: Vec3, cut: &Cut) -> Weights {
    let side = usize::from(p.x < 0.0);
    let [collar, upper, lower] = arm_shares(v(p.x.abs(), p.y, p.z));
    let body = 1.0 - collar - upper - lower;
    let mut all: Vec<(usize, f32)> = trunk(p).iter().map(|(b, w)| (*b, w * body)).collect();
    let hang = sm(0.93, 0.72, p.y) * mix(0.96, 0.80, sm(0.12, 0.22, cut.flare));
    // Below the knee a robe goes with the shins, so that it falls from the lap of who sits.
    let low = sm(0.58, 0.36, p.y);
    let left = sm(-0.07, 0.07, p.x);
    all[0].1 *= 1.0 - hang;
    let hung = trunk(p)[0].1 * body * hang;
    for (first, share) in [(THIGHS[0], left), (THIGHS[1], 1.0 - left)] {
        all.extend([(first, hung * share * (1.0 - low)), (first + leg::SHIN, hung * share * low)]);
    }
    let first = SHOULDERS[side];
    all.extend([(first, collar), (first + arm::UPPER, upper), (first + arm::LOWER, lower)]);
    weighed(&all)
}

/// Weights of something on the left arm alone.
pub(crate) fn sleeve_weights(p: Vec3) -> Weights {
    let (d1, d2) = ((ELBOW - SHOULDER).normalize(), (WRIST - ELBOW).normalize());
    let lower = sm(-0.045, 0.045, (p - ELBOW).dot((d1 + d2).normalize()));
    weighed(&[(SHOULDERS[0] + arm::UPPER, 1.0 - lower), (SHOULDERS[0] + arm::LOWER, lower)])
}

/// Weights of trousers or bare legs.
pub(crate) fn leg_weights(p: Vec3) -> Weights {
    let side = usize::from(p.x < 0.0);
    let q = v(p.x.abs(), p.y, p.z);
    let [hip, knee, ankle, _] = LEG;
    let (d1, d2) = ((knee - hip).normalize(), (ankle - knee).normalize());
    let own = sm(-0.03, 0.03, q.x);
    let own = if p.y < 0.68 { 1.0 } else { own };
    let all = sm(-0.08, 0.08, (q - hip).dot(d1));
    let lower = sm(-0.06, 0.06, (q - knee).dot((d1 + d2).normalize()));
    let (here, other) = (THIGHS[side], THIGHS[1 - side]);
    weighed(&[(HIPS, 1.0 - all), (here, all * own * (1.0 - lower)), (other, all * (1.0 - own)), (here + leg::SHIN, all * own * lower)])
}
