//! Clothes: thick, simple solids around the reference body in its bind pose, with folds, cuffs and hems, and the
//! weights that make them follow it part by part.

use super::body::{BELL, CHEST, ELBOW, HIPS, LEG, NECK, SCARF, SHOULDER, SHOULDERS, SPINE, THIGHS, TOE_OUT, WRIST, arm, leg};
use super::piece::{Piece, Weights, weighed};
use super::shapes::{capsule, cos, ellipsoid, length2, loft, mix, rounded_box, sin, sm, smax, smin, v};
use super::surface::{Grid, Surface, surface};
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
    /// Height above which there is no cloth: 1.405 at the neck, 1.26 on bare shoulders.
    pub(crate) neck: f32,
    /// The collar.
    pub(crate) collar: Collar,
    /// Width of the brim of a hat.
    pub(crate) brim: f32,
}

impl Default for Cut {
    fn default() -> Self {
        Self { hem: 0.885, flare: 0.0, sleeve: 1.0, thick: 0.0, neck: 1.405, collar: Collar::Round, brim: 0.05 }
    }
}

/// Height from which a skirt hangs.
const WAIST: f32 = 0.95;

fn fold(p: Vec3, amount: f32) -> f32 {
    amount * (noise(p * v(7.0, 26.0, 7.0) + 3.0) * 0.7 + noise(p * v(19.0, 34.0, 19.0)) * 0.4)
}

/// Distance to the skirt of a coat or dress: a bell with soft pleats from the hips to its hem.
fn bell(p: Vec3, cut: &Cut) -> f32 {
    smax(smax(bell_side(p, cut), cut.hem - p.y, 0.014), p.y - WAIST - 0.05, 0.03)
}

/// Distance to the side of a bell, without its ends.
fn bell_side(p: Vec3, cut: &Cut) -> f32 {
    let t = ((WAIST - p.y) / (WAIST - cut.hem).max(0.05)).clamp(0.0, 1.1);
    let pleat = 1.0 + 0.055 * t * (sin(p.x * 38.0) * 0.6 + sin(p.z * 34.0 + 1.0) * 0.5);
    let radius = mix(0.150, 0.175 + cut.flare, t * (1.35 - 0.35 * t)) * pleat + cut.thick * 0.7;
    (length2(p.x, p.z * 1.16) - radius) * 0.88
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
    d = if cut.hem < 0.84 { smin(smax(d, WAIST - 0.04 - p.y, 0.02), bell(p, cut), 0.03) } else { smax(d, cut.hem - p.y, 0.012) };
    if cut.neck < 1.38 {
        // A neckline that dips a little in the middle.
        return smax(d, p.y - cut.neck + 0.030 * sm(0.085, 0.0, q.x) * sm(0.0, 0.05, p.z), 0.008);
    }
    // It ends inside the collar, a little lower in front; the neck comes out of it.
    smax(d, p.y - 1.372 + 0.10 * p.z.max(0.0), 0.006)
}

fn sleeve(q: Vec3, cut: &Cut) -> f32 {
    let upper = capsule(q, SHOULDER, ELBOW, 0.054, 0.052);
    if cut.sleeve <= 0.02 {
        return 1.0;
    }
    if cut.sleeve < 0.55 {
        let end = SHOULDER.lerp(ELBOW, cut.sleeve / 0.5);
        let along = (ELBOW - SHOULDER).normalize();
        let short = smax(capsule(q, SHOULDER, ELBOW, 0.055, 0.060), (q - end).dot(along), 0.008);
        return if (q - end).dot(along) < 0.3 { short } else { upper.max(0.05) };
    }
    let cuff = (WRIST - ELBOW).normalize();
    let both = smin(upper, capsule(q, ELBOW, WRIST, 0.052, 0.046), 0.03);
    smax(both, (q - WRIST - cuff * 0.004).dot(cuff), 0.008)
}

/// Edges are pieces of their own, so that they stay crisp however large the cloth's cells are: collar, cuffs and hem.
pub(crate) fn edges(cut: &Cut, columns: usize, material: u16) -> Vec<Piece> {
    let sides = if columns < 12 { 4 } else { 6 };
    let mut all = Vec::new();
    let hung = |s: Surface| Piece::new(s, material, |p| hung_weights(p, cut));
    if cut.neck >= 1.38 {
        all.extend(collar(cut, columns).into_iter().map(hung));
    }
    if cut.sleeve > 0.02 {
        let left = hung(cuff(cut, columns));
        all.push(left);
    }
    if cut.hem >= 0.84 {
        let out = cut.thick;
        let hem = loft(columns + 4, sides, |a, b| {
            let (x, z) = (sin(a), cos(a));
            let round = v(x * (0.148 + out), cut.hem + 0.022, z * (0.119 + out));
            let n = v(x / 0.148, 0.0, z / 0.119).normalize();
            (round + n * (0.0085 * cos(b)) + Vec3::Y * (0.026 * sin(b)), n * cos(b) + Vec3::Y * (0.4 * sin(b)))
        });
        all.push(hung(hem));
    }
    all
}

fn collar(cut: &Cut, columns: usize) -> Vec<Surface> {
    let out = cut.thick.max(0.0) * 0.7;
    let ring = |y: f32, radius: f32, thick: f32, tall: f32| {
        loft(columns, 7, move |a, b| {
            let n = v(sin(a), 0.0, cos(a));
            let at = v(sin(a) * radius, y - 0.006 * cos(a), cos(a) * radius * 1.03 - 0.012);
            (at + n * (thick * cos(b)) + Vec3::Y * (tall * sin(b)), n * cos(b) * tall + Vec3::Y * (thick * sin(b)))
        })
    };
    match cut.collar {
        Collar::Roll => vec![ring(1.383, 0.066 + out, 0.0165, 0.026)],
        Collar::Round => vec![ring(1.366, 0.0715 + out, 0.0095, 0.0125)],
        Collar::Flat => {
            // A stand, and a leaf that falls over it and parts in front into two points.
            let leaf = loft(columns + 10, 8, |a, b| {
                let front = cos(a);
                let point = sm(0.50, 0.88, front) * (1.0 - sm(0.955, 0.998, front));
                let gap = sm(0.965, 0.998, front);
                let up = 1.398 - 0.016 * sm(-0.2, 1.0, front) - 0.014 * gap;
                let down = mix(1.352 - 0.006 * front - 0.034 * point, up - 0.010, gap);
                let low = 0.5 - 0.5 * sin(b);
                let n = v(sin(a), 0.45, front).normalize();
                let radius = mix(0.0620 + out, 0.0905 + out + 0.010 * point - 0.020 * gap, low);
                let at = v(sin(a) * radius, mix(up, down, low), front * radius * 1.03 - 0.012 + 0.006 * low * point);
                (at + n * (0.0056 * cos(b)), n * cos(b) + Vec3::Y * (0.6 * sin(b)))
            });
            vec![ring(1.376, 0.0640 + out, 0.0055, 0.020), leaf]
        }
    }
}

/// The end of the left sleeve.
fn cuff(cut: &Cut, columns: usize) -> Surface {
    let long = cut.sleeve >= 0.55;
    let t = (cut.sleeve / 0.5).min(1.0);
    let (at, along, radius) = if long {
        let d = (WRIST - ELBOW).normalize();
        (WRIST - d * 0.012, d, 0.0455)
    } else {
        (SHOULDER.lerp(ELBOW, t), (ELBOW - SHOULDER).normalize(), mix(0.0555, 0.0585, t))
    };
    let radius = radius + cut.thick * 0.8;
    let x = along.cross(Vec3::Z).normalize();
    let y = x.cross(along);
    let (thick, tall) = if long { (0.0068, 0.019) } else { (0.0045, 0.010) };
    loft(columns, 6, |a, b| {
        let n = x * cos(a) + y * sin(a);
        (at + n * (radius - 0.003 + thick * cos(b)) - along * (tall * sin(b)), n * cos(b) - along * (0.4 * sin(b)))
    })
}

/// The bare trunk, under what leaves it bare.
pub(crate) fn bare_trunk(cell: f32, material: u16) -> Piece {
    let field = |p: Vec3| {
        let q = v(p.x.abs(), p.y, p.z);
        let mut d = ellipsoid(q, v(0.0, 1.230, -0.004), v(0.140, 0.138, 0.096));
        d = smin(d, ellipsoid(q, v(0.0, 1.06, 0.0), v(0.119, 0.16, 0.092)), 0.09);
        d = smin(d, ellipsoid(q, v(0.0, 0.925, 0.0), v(0.138, 0.10, 0.108)), 0.07);
        d = smin(d, ellipsoid(q, v(0.058, 1.262, 0.052), v(0.062, 0.046, 0.042)), 0.03);
        d = smin(d, capsule(q, v(0.0, 1.32, -0.01), v(0.0, 1.40, -0.015), 0.058, 0.050), 0.05);
        d = smin(d, capsule(q, SHOULDER, SHOULDER.lerp(ELBOW, 0.55), 0.047, 0.041), 0.045);
        // Collar bones and a navel.
        d = smin(d, capsule(q, v(0.022, 1.338, 0.040), v(0.118, 1.338, 0.010), 0.014, 0.012), 0.03);
        smax(d, -super::shapes::ball(p, v(0.0, 1.015, 0.098), 0.006), 0.006)
    };
    let grid = Grid::even(v(-0.30, 0.80, -0.15), v(0.30, 1.42, 0.16), cell);
    Piece::new(surface(&grid, 0.04, field), material, top_weights)
}

/// A top, coat or dress.
pub(crate) fn top(cut: &Cut, cell: f32, material: u16) -> Piece {
    let wide = 0.24 + cut.flare;
    let low = v(-0.53, cut.hem - 0.03, -wide.min(0.5));
    // A gown to the ground has much cloth without detail.
    let gown = cut.hem < 0.4;
    let spacing = |axis: usize, x: f32| match axis {
        0 if x.abs() < 0.10 => cell * 0.85,
        1 if x > 1.30 => cell * 0.75,
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
    let field = |p: Vec3| {
        let q = v(p.x.abs(), p.y, p.z);
        let mut d = ellipsoid(q, v(0.0, 0.905, 0.0), v(0.138, 0.10, 0.108));
        let limb = smin(capsule(q, hip, knee, 0.086, 0.064), capsule(q, knee, ankle + v(0.0, 0.02, 0.0), 0.064, 0.056), 0.03);
        d = smin(d, limb, 0.04);
        smax(d - thick, hem - p.y, 0.008) + fold(p * v(1.0, 0.8, 1.0), 0.005)
    };
    let grid = Grid::even(v(-0.30 - thick, hem - 0.03, -0.15 - thick), v(0.30 + thick, 1.03 + thick, 0.15 + thick), cell);
    Piece::new(surface(&grid, 0.04, field), material, leg_weights)
}

/// The turned ends of trouser legs.
pub(crate) fn turn_ups(length: f32, thick: f32, columns: usize, material: u16) -> Piece {
    let [hip, knee, ankle, _] = LEG;
    let hem = mix(hip.y, ankle.y + 0.02, length);
    let (from, to) = if hem > knee.y { (knee, hip) } else { (ankle, knee) };
    let along = (to - from).normalize();
    let at = from + along * ((hem + 0.016 - from.y) / along.y);
    let radius = if length > 0.7 { 0.0585 } else { 0.074 } + thick;
    let made = loft(columns, 6, |a, b| {
        let n = v(sin(a), 0.0, cos(a));
        (at + n * (radius + 0.0065 * cos(b)) + along * (0.020 * sin(b)), n * cos(b) + along * (0.4 * sin(b)))
    });
    Piece::new(made, material, leg_weights)
}

/// A bare left foot with its toes.
pub(crate) fn foot(cell: f32, material: u16) -> Piece {
    let toes = [(0.020, 0.118, 0.0165), (0.002, 0.122, 0.0125), (-0.014, 0.116, 0.0115), (-0.028, 0.106, 0.0108), (-0.040, 0.092, 0.0098)];
    let field = |p: Vec3| {
        let mut d = capsule(p, v(0.0, 0.06, -0.01), v(0.0, -0.025, -0.012), 0.036, 0.036);
        d = smin(d, ellipsoid(p, v(0.0, -0.058, -0.022), v(0.034, 0.030, 0.038)), 0.02);
        d = smin(d, ellipsoid(p, v(-0.004, -0.058, 0.060), v(0.046, 0.028, 0.062)), 0.03);
        for (x, z, r) in toes {
            d = smin(d, capsule(p, v(x * 0.9, -0.066, z - 0.030), v(x, -0.070, z + 0.012), r, r), 0.004);
        }
        smax(d, -(p.y + 0.084), 0.006)
    };
    foot_piece(surface(&Grid::even(v(-0.07, -0.095, -0.08), v(0.07, 0.08, 0.165), cell * 0.72), 0.02, field), material)
}

fn foot_piece(local: Surface, material: u16) -> Piece {
    let rest = local.positions.clone();
    let first = THIGHS[0];
    let placed = local.placed(Affine3A::from_rotation_translation(Quat::from_rotation_y(TOE_OUT), LEG[2]));
    let toes: Vec<f32> = rest.iter().map(|p| sm(0.070, 0.125, p.z)).collect();
    let mut piece = Piece::new(placed, material, |_| super::piece::rigid(first));
    piece.weights = toes.iter().map(|t| weighed(&[(first + leg::FOOT, 1.0 - t), (first + leg::TOES, *t)])).collect();
    piece.painted_at(rest)
}

/// A skirt from the waist to its hem, or what hangs out under a coat.
pub(crate) fn skirt(cut: &Cut, coat: Option<&Cut>, cell: f32, material: u16) -> Piece {
    let wide = 0.24 + cut.flare;
    let grid = Grid::even(v(-wide, cut.hem - 0.03, -wide), v(wide, 1.06, wide), cell);
    let field = |p: Vec3| {
        let hips = smax(ellipsoid(p, v(0.0, 0.945, 0.0), v(0.150, 0.11, 0.118)), WAIST - 0.04 - p.y, 0.02);
        let d = smin(hips, bell(p, cut), 0.03) + fold(p, 0.003);
        // Within the coat it is narrower than that, and gone a hand above its hem.
        coat.map_or(d, |coat| smax(smax(d, bell_side(p, coat) + 0.016 - 0.6 * (coat.hem - p.y).max(0.0), 0.01), p.y - coat.hem - 0.09, 0.01))
    };
    // It goes with the coat, or it would come through.
    Piece::new(surface(&grid, 0.04, field), material, |p| hung_weights(p, coat.unwrap_or(cut)))
}

/// From where the end of a scarf hangs, and to where.
pub(crate) const SCARF_ENDS: [Vec3; 2] = [v(0.045, 1.345, 0.115), v(0.045, 1.08, 0.115)];

/// A scarf: two coils and an end that hangs before the chest, and swings.
pub(crate) fn scarf(cell: f32, material: u16) -> Piece {
    let field = |p: Vec3| {
        let around = length2(p.x, p.z * 0.95);
        let a = length2(around - 0.074, (p.y - 1.40 - 0.02 * sin(p.x * 9.0)) * 0.75) - 0.027;
        let b = length2(around - 0.080, (p.y - 1.372 + 0.3 * p.x) * 0.8) - 0.024;
        let end = rounded_box(p, v(0.045, 1.225, 0.122 + 0.02 * (p.y - 1.26)), v(0.034, 0.145, 0.011), 0.010);
        smin(smin(a, b, 0.008), end, 0.02) + 0.002 * noise(p * 40.0)
    };
    let grid = Grid::even(v(-0.13, 1.06, -0.13), v(0.13, 1.45, 0.16), cell);
    Piece::new(surface(&grid, 0.02, field), material, |p| {
        let up = sm(1.36, 1.42, p.y) * 0.6;
        let free = sm(1.345, 1.29, p.y);
        weighed(&[(CHEST, 1.0 - up - free), (NECK, up), (SCARF, free)])
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
    foot_piece(surface(&grid, 0.02, field), material)
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
    // A wide skirt swings by itself besides.
    let free = sm(0.05, 0.20, cut.flare) * 0.45 * sm(0.90, 0.60, p.y);
    all[0].1 *= 1.0 - hang;
    let hung = trunk(p)[0].1 * body * hang;
    for (first, share) in [(THIGHS[0], left), (THIGHS[1], 1.0 - left)] {
        all.extend([(first, hung * share * (1.0 - low) * (1.0 - free)), (first + leg::SHIN, hung * share * low * (1.0 - free))]);
    }
    all.push((BELL, hung * free));
    let first = SHOULDERS[side];
    all.extend([(first, collar), (first + arm::UPPER, upper), (first + arm::LOWER, lower)]);
    weighed(&all)
}

/// Weights of what is on the hem of a skirt.
pub(crate) fn hem_weights(p: Vec3) -> Weights {
    hung_weights(p, &Cut { flare: 0.06, ..Cut::default() })
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
