//! Carved hair: a cap over the skull with the face cut out, and big tapered locks joined so that grooves stay. What
//! hangs freely (tails, braids) is a part of its own on bones that swing.

use super::body::{HEAD, HEAD_SCALE, from_head};
use super::head::MOUTH_Y;
use super::piece::{Piece, Space, Weights, rigid, weighed};
use super::shapes::{Lock, ball, chain, cos, ellipsoid, length2, mix, rounded_box, sin, sm, smax, smin, v};
use super::surface::{Grid, surface};
use glam::{Affine3A, Quat, Vec3};
use kinora_base::noise::noise;
use std::f32::consts::{PI, TAU};

/// A cut of hair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    /// Combed from the crown to the brow.
    Short,
    /// Parted on the left and combed to the right.
    Parted,
    /// Swept up from the brow.
    Quiff,
    /// A few millimetres.
    Buzz,
    /// Points that stand.
    Spiky,
    /// Combed back.
    Slick,
    /// Cut round, with a straight fringe.
    Bowl,
    Curly,
    /// A great round ball.
    Afro,
    /// A crest on a shaved head.
    Mohawk,
    /// Ropes to the shoulders.
    Dreads,
    Bob,
    Long,
    /// Long, in waves.
    Wavy,
    Ponytail,
    Pigtails,
    Bun,
    /// A knot on the crown.
    Topknot,
    /// One braid down the back.
    Braid,
    /// A braid on each side.
    Braids,
    /// Shaved or bare.
    Bald,
    /// A ring round a bare crown.
    Balding,
    /// A baby's down with one curl.
    Wisp,
}

/// Every style with its name, as plans and files say it.
pub(crate) const STYLES: [(&str, Style); 23] = [
    ("short", Style::Short),
    ("parted", Style::Parted),
    ("quiff", Style::Quiff),
    ("buzz", Style::Buzz),
    ("spiky", Style::Spiky),
    ("slick", Style::Slick),
    ("bowl", Style::Bowl),
    ("curly", Style::Curly),
    ("afro", Style::Afro),
    ("mohawk", Style::Mohawk),
    ("dreads", Style::Dreads),
    ("bob", Style::Bob),
    ("long", Style::Long),
    ("wavy", Style::Wavy),
    ("ponytail", Style::Ponytail),
    ("pigtails", Style::Pigtails),
    ("bun", Style::Bun),
    ("topknot", Style::Topknot),
    ("braid", Style::Braid),
    ("braids", Style::Braids),
    ("bald", Style::Bald),
    ("balding", Style::Balding),
    ("wisp", Style::Wisp),
];

impl Style {
    /// The style of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        STYLES.iter().find(|s| s.0 == name).map(|s| s.1)
    }

    /// Whether it hangs below the chin all round.
    fn hangs(self) -> bool {
        matches!(self, Self::Bob | Self::Long | Self::Wavy)
    }
}

/// A beard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Beard {
    #[default]
    None,
    /// A shadow, painted.
    Stubble,
    Moustache,
    /// Round the mouth and on the chin.
    Goatee,
    /// Cheeks, chin and lip.
    Full,
    /// Down to the chest.
    Long,
}

/// A point over the scalp: `turn` radians to the left of the face, `up` radians over the ears, `over` metres out.
fn scalp(turn: f32, up: f32, over: f32) -> Vec3 {
    let d = v(sin(turn) * cos(up), sin(up), cos(turn) * cos(up));
    v(0.0, 0.038, -0.020) + d * (v(0.121, 0.117, 0.125) + over)
}

/// A radius that swells to `size` and ends in a fine tip.
fn tapered(size: f32) -> impl Fn(f32) -> f32 {
    move |t: f32| size * (1.0 - t * t * t * t * 0.70) * (0.75 + 0.5 * sin(t * PI))
}

/// A radius that falls from root to tip.
fn pointed(size: f32, tip: f32) -> impl Fn(f32) -> f32 {
    move |t: f32| mix(size, tip, t * t)
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

/// Short locks from a whorl on the crown to the brow, the temples and the nape.
fn combed() -> Vec<Lock> {
    let mut locks = Vec::new();
    for i in 0..9 {
        let turn = -1.20 + 0.30 * i as f32;
        let tip = scalp(turn + 0.20, 0.56 - 0.10 * (turn * turn), 0.011);
        locks.push(Lock::new(v(0.012 * turn, 0.146, -0.060), scalp(turn * 0.75 - 0.10, 1.02, 0.034), tip, 6, pointed(0.031, 0.009)));
    }
    for i in 0..9 {
        let turn = 1.25 + 0.455 * i as f32;
        let low = if (2.2..4.1).contains(&turn) { -0.42 } else { 0.06 };
        locks.push(Lock::new(v(0.0, 0.140, -0.070), scalp(turn, 0.78, 0.018), scalp(turn + 0.15, low, 0.001), 5, pointed(0.030, 0.010)));
    }
    locks
}

/// A parting on the left, everything combed away from it.
fn parted() -> Vec<Lock> {
    let mut locks = Vec::new();
    for i in 0..8 {
        let z = 0.088 - 0.026 * i as f32;
        let root = v(0.056, 0.137 - 0.9 * (z - 0.02) * (z - 0.02), z);
        let turn = -0.62 - 0.27 * i as f32;
        let lift = 0.030 * sm(5.0, 0.0, i as f32) + 0.012;
        locks.push(Lock::new(root, v(-0.030, 0.158 + lift, z + 0.020), scalp(turn, 0.36 - 0.030 * i as f32, 0.008), 7, pointed(0.024, 0.009)));
        locks.push(Lock::new(root, v(0.100, 0.128, z - 0.004), scalp(0.92 + 0.26 * i as f32, 0.24, 0.003), 5, pointed(0.020, 0.010)));
    }
    locks
}

/// Swept up and back from the brow.
fn quiff() -> Vec<Lock> {
    let mut locks = Vec::new();
    for i in 0..7 {
        let turn = -0.80 + 0.25 * i as f32;
        // Higher on the left, and falling to the right.
        let high = 0.030 + 0.022 * sin(1.1 + turn * 1.3) - 0.022 * turn * turn;
        let root = scalp(turn, 0.62 - 0.10 * turn * turn, -0.004);
        let bend = scalp(turn + 0.12, 0.80, 0.034 + high);
        locks.push(Lock::new(root, bend, scalp(turn * 0.6 - 0.45, 1.22, 0.016), 7, |t| 0.023 * (0.55 + 0.55 * sin((0.15 + 0.75 * t) * PI))));
    }
    for i in 0..5 {
        let x = -0.07 + 0.035 * i as f32;
        locks.push(Lock::new(v(x, 0.145, 0.030), v(x * 1.1, 0.182, -0.045), v(x, 0.100, -0.125), 6, pointed(0.026, 0.010)));
    }
    locks
}

/// Combed straight back from the hair line.
fn slick(size: f32) -> Vec<Lock> {
    (0..9)
        .map(|i| {
            let turn = -1.20 + 0.30 * i as f32;
            let x = 0.112 * sin(turn);
            let up = 0.70 - 0.26 * turn * turn;
            let bend = v(x * 1.04, 0.164 - 3.0 * x * x, -0.004);
            // Flat at the hair line, so that it shows the brow.
            Lock::new(scalp(turn, up, -0.006), bend, v(x * 0.70, 0.020, -0.140), 8, move |t| size * (0.42 + 0.75 * sin((0.12 + 0.78 * t) * PI)))
        })
        .collect()
}

fn spikes() -> Vec<Lock> {
    let mut locks = Vec::new();
    for j in 0..34 {
        let t = (j as f32 + 0.5) / 34.0;
        let up = 1.45 - 1.32 * t;
        let turn = j as f32 * 2.399_96;
        let front = cos(turn) > 0.30;
        if front && up < 0.62 {
            continue;
        }
        let out = if front { 0.058 } else { 0.044 };
        let lean = scalp(turn, up + if front { 0.16 } else { 0.10 }, out);
        locks.push(Lock::new(scalp(turn, up, -0.012), scalp(turn, up, 0.020), lean, 3, pointed(0.027, 0.003)));
    }
    locks
}

/// All round from the crown to one height, straight over the brows.
fn bowl() -> Vec<Lock> {
    (0..22)
        .map(|i| {
            let turn = i as f32 / 22.0 * TAU;
            let front = sm(0.40, 0.85, cos(turn));
            let up = mix(-0.16, 0.42, front);
            Lock::new(v(0.0, 0.150, -0.030), scalp(turn, 0.80, 0.040), scalp(turn, up, 0.012), 7, tapered(0.025))
        })
        .collect()
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

/// A crest from the brow to the nape.
fn crest() -> Vec<Lock> {
    (0..11)
        .map(|i| {
            let up = 0.62 + 0.215 * i as f32;
            let high = 0.080 * sin((i as f32 + 2.0) / 13.0 * PI);
            let lean = up + 0.10;
            let over = |up: f32, h: f32| if up > PI * 0.5 { scalp(PI, PI - up, h) } else { scalp(0.0, up, h) };
            Lock::new(over(up, -0.014), over(up, 0.030), over(lean, 0.020 + high), 4, pointed(0.028, 0.006))
        })
        .collect()
}

/// Ropes of felt from the crown.
fn ropes() -> Vec<Lock> {
    let mut locks = Vec::new();
    for i in 0..26 {
        let turn = 0.62 + i as f32 / 25.0 * (TAU - 1.24);
        let end = -0.17 + 0.035 * sin(i as f32 * 2.3);
        let tip = v(sin(turn) * 0.140, end + 0.03 * sm(0.2, 0.9, cos(turn)), cos(turn) * 0.135 - 0.03);
        locks.push(Lock::new(v(0.0, 0.140, -0.020), scalp(turn, 0.62, 0.105), tip, 9, |t| 0.0155 * (1.0 - 0.25 * t)));
    }
    locks.extend(
        [-0.35, 0.1, 0.5].map(|t| Lock::new(v(0.0, 0.145, 0.0), scalp(t * 1.4, 0.95, 0.040), scalp(t * 2.1, 0.50, 0.016), 6, |t| 0.016 * (1.0 - 0.3 * t))),
    );
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
            Style::Long | Style::Wavy => [fringe(), hanging(0.17)].concat(),
            Style::Bun | Style::Braids => fringe(),
            Style::Ponytail | Style::Braid | Style::Slick | Style::Topknot => slick(0.022),
            Style::Pigtails => [fringe(), slick(0.018)].concat(),
            Style::Short => combed(),
            Style::Parted => parted(),
            Style::Quiff => quiff(),
            Style::Spiky => spikes(),
            Style::Bowl => bowl(),
            Style::Curly => curls(),
            Style::Mohawk => crest(),
            Style::Dreads => ropes(),
            Style::Wisp => wisp(),
            Style::Afro | Style::Buzz | Style::Bald | Style::Balding => Vec::new(),
        };
        Self { style, locks }
    }

    /// The hole that the face looks out of.
    fn face_hole(&self, p: Vec3) -> f32 {
        let round = |p: Vec3| ellipsoid(p, v(0.0, -0.05, 0.15), v(0.135, 0.145, 0.13));
        match self.style {
            Style::Bob | Style::Long | Style::Wavy | Style::Dreads => ellipsoid(p, v(0.0, -0.045, 0.15), v(0.108, 0.150, 0.115)),
            Style::Bun | Style::Ponytail | Style::Pigtails | Style::Braid | Style::Braids | Style::Topknot => {
                ellipsoid(p, v(0.0, -0.050, 0.15), v(0.118, 0.150, 0.125)).min(below(p, -0.105, -0.02))
            }
            Style::Balding => ellipsoid(p, v(0.0, 0.075, 0.045), v(0.20, 0.100, 0.19)).min(below(p, -0.16, -0.075)).min(round(p)),
            _ => round(p).min(below(p, -0.16, -0.075)),
        }
    }

    fn field(&self, p: Vec3) -> f32 {
        let thin = match self.style {
            Style::Wisp => 0.005,
            Style::Buzz | Style::Mohawk => 0.0045,
            Style::Quiff | Style::Slick | Style::Parted => 0.002,
            _ => 0.0,
        };
        // Waves push the whole field to and fro.
        let p = if self.style == Style::Wavy {
            let a = sm(0.05, -0.06, p.y) * 0.011;
            v(p.x + a * sin(p.y * 62.0 + p.z * 14.0), p.y, p.z + a * sin(p.y * 62.0 + 1.6 + p.x * 14.0))
        } else {
            p
        };
        let mut d = ellipsoid(p, v(0.0, 0.038, -0.020), v(0.129, 0.124, 0.131) - thin);
        d = smax(d, -self.face_hole(p), 0.014);
        match self.style {
            Style::Bob | Style::Long | Style::Wavy => {
                d = smin(d, smax(ellipsoid(p, v(0.0, -0.03, -0.045), v(0.122, 0.130, 0.085)), -(p.y + 0.118), 0.02), 0.03)
            }
            Style::Bowl => {
                d = smin(d, smax(smax(ellipsoid(p, v(0.0, 0.030, -0.022), v(0.140, 0.132, 0.140)), -(p.y + 0.012), 0.012), -self.face_hole(p), 0.014), 0.02)
            }
            Style::Bun => d = smin(d, ball(p, v(0.0, 0.150, -0.105), 0.056) + 0.004 * sin((p.x + p.y * 1.2 + p.z * 0.6) * 130.0), 0.012),
            Style::Topknot => {
                d = smin(d, ball(p, v(0.0, 0.188, -0.045), 0.036) + 0.003 * sin((p.x + p.z) * 150.0), 0.008);
                d = smin(d, capsule_y(p, v(0.0, 0.150, -0.045), 0.016, 0.020), 0.008);
            }
            Style::Afro => {
                let ball = ellipsoid(p, v(0.0, 0.078, -0.036), v(0.188, 0.166, 0.172)) + 0.010 * noise(p * 26.0) + 0.004 * noise(p * 61.0);
                d = smin(d, smax(ball, -self.face_hole(p).min(ellipsoid(p, v(0.0, -0.02, 0.17), v(0.118, 0.118, 0.12))), 0.02), 0.01);
            }
            _ => {}
        }
        for lock in &self.locks {
            d = smin(d, lock.distance(p, d + 0.012), 0.006);
        }
        d + 0.0011 * noise(p * v(150.0, 22.0, 150.0))
    }
}

fn capsule_y(p: Vec3, at: Vec3, radius: f32, half: f32) -> f32 {
    v(p.x - at.x, (p.y - at.y).abs() - half.min((p.y - at.y).abs()), p.z - at.z).length() - radius
}

/// Everything lower than the hair line around neck and ears.
fn below(p: Vec3, y: f32, back: f32) -> f32 {
    rounded_box(p, v(0.0, y, 0.02), v(0.3, 0.13, 0.2), 0.02).max(-(p.z - back))
}

/// Hair on the head, as far as it is below the height where a hat begins.
pub(crate) fn hair(style: Style, below: f32, cell: f32, material: u16) -> Piece {
    let cut = Cut::new(style);
    let low = if matches!(style, Style::Long | Style::Wavy) { -0.36 } else { -0.24 };
    let wide: f32 = if style == Style::Afro { 0.21 } else { 0.18 };
    let high: f32 = if style == Style::Afro { 0.26 } else { 0.24 };
    let grid = Grid::even(v(-wide, low, -0.22), v(wide, high.min(below + 0.02), 0.17), cell);
    let made = surface(&grid, 0.02, |p| smax(cut.field(p), p.y - below, 0.01));
    if !style.hangs() {
        return on_head(made, material);
    }
    // What hangs down the back swings.
    let rest = made.positions.clone();
    let mut piece = on_head(made, material);
    piece.weights = rest.iter().map(|p| swung(0, p.y, (-0.07, -0.22), 0.85 * sm(0.045, -0.03, p.z))).collect();
    piece
}

/// Weights of hair on a tail's two bones, from `from.0` down to `from.1`.
fn swung(tail: usize, y: f32, from: (f32, f32), most: f32) -> Weights {
    let first = super::body::TAILS + 2 * tail;
    let middle = mix(from.0, from.1, 0.5);
    let all = sm(from.0, middle, y) * most;
    let end = sm(mix(from.0, from.1, 0.25), from.1, y) * most * 0.8;
    let end = end.min(all);
    weighed(&[(HEAD, 1.0 - all), (first, all - end), (first + 1, end)])
}

/// Where tails are fixed and where they bend, in head space: behind, left, right.
pub(crate) fn tail_roots(style: Style) -> [[Vec3; 2]; 3] {
    let behind = match style {
        Style::Ponytail => [v(0.0, 0.105, -0.150), v(0.0, -0.020, -0.205)],
        Style::Braid => [v(0.0, -0.020, -0.140), v(0.0, -0.170, -0.150)],
        _ => [v(0.0, -0.06, -0.110), v(0.0, -0.190, -0.120)],
    };
    let left = match style {
        Style::Pigtails => [v(0.128, 0.040, -0.055), v(0.200, -0.060, -0.040)],
        _ => [v(0.112, -0.055, -0.035), v(0.128, -0.180, 0.015)],
    };
    let right = left.map(|p| v(-p.x, p.y, p.z));
    [behind, left, right]
}

/// Tails and braids, each on its own bones; with ties.
pub(crate) fn tails(style: Style, cell: f32, material: u16, tie: u16) -> Vec<Piece> {
    let roots = tail_roots(style);
    let one = |tail: usize, field: &dyn Fn(Vec3) -> f32, low: Vec3, high: Vec3, end: f32| {
        let made = surface(&Grid::even(low, high, cell), 0.02, field);
        let rest = made.positions.clone();
        let mut piece = on_head(made, material);
        let top = roots[tail][0].y;
        piece.weights = rest.iter().map(|p| swung(tail, p.y, (top, end), 1.0)).collect();
        piece
    };
    let band = |tail: usize, at: Vec3, radius: f32, axis: Vec3| {
        let ring =
            super::shapes::torus(radius, 0.0085, 14, 7).placed(Affine3A::from_rotation_translation(Quat::from_rotation_arc(Vec3::Y, axis.normalize()), at));
        let mut piece = on_head(ring, tie);
        let (top, end) = (roots[tail][0].y, roots[tail][1].y);
        piece.weights = piece.weights.iter().map(|_| swung(tail, at.y, (top, 2.0 * end - top), 1.0)).collect();
        piece
    };
    match style {
        Style::Ponytail => {
            let locks: Vec<Lock> = (0..7)
                .map(|i| {
                    let a = i as f32 / 7.0 * TAU;
                    let out = v(cos(a) * 0.030, 0.0, sin(a) * 0.024);
                    Lock::new(v(0.0, 0.105, -0.142), v(out.x * 1.6, 0.120, -0.245 + out.z), v(out.x * 0.4, -0.150, -0.200 + out.z), 9, tapered(0.024))
                })
                .collect();
            let field = |p: Vec3| locks.iter().fold(1e9, |d, l| smin(d, l.distance(p, d + 0.012), 0.006)) + 0.001 * noise(p * v(150.0, 22.0, 150.0));
            vec![one(0, &field, v(-0.09, -0.20, -0.30), v(0.09, 0.16, -0.10), -0.150), band(0, v(0.0, 0.108, -0.158), 0.026, v(0.0, 0.1, -1.0))]
        }
        Style::Pigtails => (0..2)
            .flat_map(|side| {
                let s = [1.0, -1.0][side];
                let locks: Vec<Lock> = (0..6)
                    .map(|i| {
                        let a = i as f32 / 6.0 * TAU;
                        let out = v(cos(a) * 0.022, 0.0, sin(a) * 0.026);
                        let root = v(0.118 * s, 0.045, -0.055);
                        Lock::new(
                            root,
                            v((0.235 + out.x) * s, 0.070, -0.050 + out.z),
                            v((0.188 + out.x * 0.5) * s, -0.135, -0.030 + out.z * 0.5),
                            8,
                            tapered(0.021),
                        )
                    })
                    .collect();
                let field = |p: Vec3| locks.iter().fold(1e9, |d, l| smin(d, l.distance(p, d + 0.012), 0.006)) + 0.001 * noise(p * v(150.0, 22.0, 150.0));
                let (a, b) = (v(0.09 * s, -0.18, -0.13), v(0.28 * s, 0.12, 0.05));
                [one(1 + side, &field, a.min(b), a.max(b), -0.135), band(1 + side, v(0.134 * s, 0.046, -0.055), 0.022, v(s, 0.25, 0.0))]
            })
            .collect(),
        Style::Braid => {
            let field = |p: Vec3| plait(p, &|t| v(0.0, mix(-0.010, -0.330, t), -0.136 - 0.030 * sin(t * PI)), 0.031);
            vec![one(0, &field, v(-0.06, -0.38, -0.24), v(0.06, 0.03, -0.09), -0.330), band(0, v(0.0, -0.312, -0.142), 0.017, Vec3::Y)]
        }
        Style::Braids => (0..2)
            .flat_map(|side| {
                let s = [1.0, -1.0][side];
                let path = move |t: f32| v((0.112 + 0.020 * sin(t * PI)) * s, mix(-0.040, -0.310, t), mix(-0.035, 0.045, t));
                let field = move |p: Vec3| plait(p, &path, 0.026);
                let (a, b) = (v(0.06 * s, -0.36, -0.08), v(0.18 * s, 0.0, 0.10));
                [one(1 + side, &field, a.min(b), a.max(b), -0.310), band(1 + side, path(0.93), 0.015, Vec3::Y)]
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A braid along a path: fat beads in turn left and right, a brush at the end.
fn plait(p: Vec3, path: &dyn Fn(f32) -> Vec3, size: f32) -> f32 {
    const BEADS: usize = 9;
    let mut d = 1e9;
    for i in 0..BEADS {
        let t = i as f32 / BEADS as f32;
        let at = path(t) + v(if i % 2 == 0 { 0.30 } else { -0.30 } * size, 0.0, 0.0);
        let r = size * (1.0 - 0.35 * t);
        d = smin(d, ellipsoid(p, at, v(r, r * 0.92, r * 0.82)), 0.005);
    }
    let (a, b) = (path(0.90), path(1.0) - Vec3::Y * 0.035);
    smin(d, super::shapes::capsule(p, a, b, size * 0.42, size * 0.55), 0.004)
}

/// A beard round the mouth; none if it is only painted.
pub(crate) fn beard(kind: Beard, cell: f32, material: u16) -> Option<Piece> {
    if matches!(kind, Beard::None | Beard::Stubble) {
        return None;
    }
    let moustache = [
        (v(0.0, MOUTH_Y + 0.0245, 0.1185), 0.0080),
        (v(0.020, MOUTH_Y + 0.0235, 0.1145), 0.0105),
        (v(0.042, MOUTH_Y + 0.010, 0.1000), 0.0085),
        (v(0.056, MOUTH_Y + if kind == Beard::Moustache { 0.004 } else { -0.016 }, 0.0900), 0.0045),
    ];
    let features = super::head::Features::default();
    let field = move |p: Vec3| {
        let q = v(p.x.abs(), p.y, p.z);
        let lip = chain(q, &moustache) + 0.0012 * noise(p * v(60.0, 150.0, 130.0));
        if kind == Beard::Moustache {
            return lip;
        }
        let thick = 0.010 + 0.010 * sm(-0.06, -0.13, p.y);
        let upper = match kind {
            // Over the cheeks to the ears.
            Beard::Full | Beard::Long => p.y + 0.060 - 1.30 * (q.x - 0.052).max(0.0),
            _ => p.y + 0.076,
        };
        // It grows thicker away from its edge.
        let mut d = super::head::skull(p, &features) - thick * sm(0.004, -0.034, upper);
        d = smax(d, upper, 0.008);
        d = match kind {
            Beard::Goatee => smax(d, q.x - 0.046, 0.016),
            _ => smax(d, -(p.z + 0.004 + (p.y + 0.05) * 0.35), 0.016),
        };
        if kind == Beard::Long {
            let body = smin(
                ellipsoid(p, v(0.0, -0.155, 0.070), v(0.074, 0.085, 0.044)),
                chain(q, &[(v(0.0, -0.19, 0.074), 0.050), (v(0.0, -0.315, 0.090), 0.016)]),
                0.03,
            );
            d = smin(d, smax(body, p.y + 0.095, 0.02), 0.02) + 0.004 * sin(q.x * 150.0) * sm(-0.12, -0.18, p.y);
        }
        // The mouth is modelled half open; the lower lip is seen.
        d = smax(d, -ellipsoid(p, v(0.0, MOUTH_Y - 0.002, 0.115), v(0.039, 0.0185, 0.05)), 0.010);
        smin(d, lip, 0.008) + 0.0016 * noise(p * v(130.0, 60.0, 130.0))
    };
    let low = if kind == Beard::Long { -0.35 } else { -0.19 };
    let grid = Grid::even(v(-0.135, low, -0.03), v(0.135, 0.045, 0.160), cell * 0.8);
    Some(super::head::rigged(surface(&grid, 0.02, field), material, |_| rigid(HEAD)))
}

/// Puts what is modelled in head space on the head.
pub(crate) fn on_head(modelled: super::surface::Surface, material: u16) -> Piece {
    let rest = modelled.positions.clone();
    let place = Affine3A::from_scale_rotation_translation(Vec3::splat(HEAD_SCALE), Quat::IDENTITY, from_head(Vec3::ZERO));
    Piece::new(modelled.placed(place), material, |_| rigid(HEAD)).painted_at(rest).of(Space::Head)
}

/// A hat on the head: a round crown with a brim.
pub(crate) fn hat(brim: f32, cell: f32, material: u16) -> Piece {
    let grid = Grid::even(v(-0.26, 0.03, -0.27), v(0.26, 0.24, 0.25), cell);
    let field = |p: Vec3| {
        let q = p - v(0.0, 0.075, -0.012);
        // The hat sits a little back.
        let q = v(q.x, q.y + 0.14 * q.z, q.z - 0.14 * q.y);
        let crown = smax(ellipsoid(q, v(0.0, 0.0, 0.0), v(0.150, 0.128, 0.152)), -q.y, 0.01);
        let r = length2(q.x, q.z);
        let bend = q.y - 0.006 - 0.35 * (r - 0.15).max(0.0) * (r - 0.15).max(0.0) / brim.max(0.02);
        let rim = v((r - 0.148 - brim).max(0.0), (bend.abs() - 0.004).max(0.0), 0.0).length() - 0.006;
        let band = v((r - 0.150).abs() - 0.001, (q.y - 0.028).abs() - 0.014, 0.0).max(Vec3::ZERO).length() - 0.006;
        smin(crown, if brim > 0.0 { rim } else { band }, 0.012)
    };
    on_head(surface(&grid, 0.02, field), material)
}
