//! Wakes: what moves on water leaves two arms of waves, waves across its way between them, and foam where it has stirred the water.
//!
//! All is a function of the track alone. A point looks for the nearest place of the track: how far behind the bow that is, how far aside the point, and
//! how long ago it was passed there. Arms open by 19.47 degrees to each side whatever the speed, waves across are as long as waves of that speed are in deep
//! water, 2 pi v^2 / g (Kelvin 1887). Normals and foam of the water follow from it where it is shaded; the arms are also lifted, as ridges
//! over the level water ([`lifted`]) whose heights have those slopes.

use crate::lanes::maths::{noise, wave};
use crate::lanes::plain::Plain;
use crate::lanes::{F, Simd, V3, piece};
use crate::scene::{Bounds, Mesh, Part, Wake};
use glam::{Vec2, Vec3};

/// tan 19.47 degrees: how fast the arms open.
const OPENS: f32 = 0.354;
/// Below this a second, metres, nothing is stirred white.
const CALM: f32 = 0.7;
/// Tracks are cut into so many pieces at most.
const MOST: usize = 40;

/// A piece of a track: from `at` along `along` for `length`; `behind` metres from the bow and `age` seconds old at its beginning.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: Vec2,
    along: Vec2,
    length: f32,
    behind: f32,
    age: f32,
    ages: f32,
    speed: f32,
}

/// A wake as the kernels read it.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pieces: Vec<Piece>,
    half: f32,
    hull: f32,
    /// Seconds after which nothing is left.
    lasts: f32,
    low: Vec2,
    high: Vec2,
    level: f32,
}

impl Trail {
    /// None of what stands still.
    pub(crate) fn of(wake: &Wake) -> Option<Self> {
        let sound = wake.half.is_finite() && wake.length.is_finite() && wake.track.iter().all(|(at, age)| at.is_finite() && age.is_finite());
        let lasts = wake.track.last().filter(|_| sound)?.1;
        let mut trail = Self {
            pieces: Vec::new(),
            half: wake.half.max(0.02),
            hull: wake.length.max(0.05),
            lasts,
            low: Vec2::MAX,
            high: Vec2::MIN,
            level: wake.track[0].0.y,
        };
        let mut behind = 0.0;
        for pair in wake.track.windows(2).take(MOST) {
            let ((from, age), (to, next)) = (pair[0], pair[1]);
            let (at, way) = (Vec2::new(from.x, from.z), Vec2::new(to.x - from.x, to.z - from.z));
            let length = way.length();
            if length < 1e-3 || next <= age {
                continue;
            }
            trail.pieces.push(Piece { at, along: way / length, length, behind, age, ages: (next - age) / length, speed: length / (next - age) });
            behind += length;
            let reach = Vec2::splat(trail.half * 2.5 + OPENS * behind + 0.6);
            (trail.low, trail.high) = (trail.low.min(at - reach).min(at + way - reach), trail.high.max(at + reach).max(at + way + reach));
        }
        (behind > 0.25 && lasts > 0.0).then_some(trail)
    }
}

/// What wakes add at points of the water: slopes along x and z, and how much foam lies there.
pub(crate) struct Stirred<S: Simd> {
    pub(crate) along_x: F<S>,
    pub(crate) along_z: F<S>,
    pub(crate) foam: F<S>,
}

piece! {
    /// Of all wakes together; waves finer than a pixel (metres) are left out.
    fn stirred(trails: &'a [Trail], world: V3<S>, time: f32, pixel: F<S>) -> Stirred<S> = stirred_body
}

#[inline(always)]
fn stirred_body<S: Simd>(trails: &[Trail], world: V3<S>, time: f32, pixel: F<S>) -> Stirred<S> {
    let mut all = Stirred { along_x: F::<S>::of(0.0), along_z: F::<S>::of(0.0), foam: F::<S>::of(0.0) };
    for trail in trails {
        let outside = (F::of(trail.low.x) - world.x).max(world.x - trail.high.x).max((F::of(trail.low.y) - world.z).max(world.z - trail.high.y));
        // Within the box, and on the same water.
        let outside = outside.max((world.y - trail.level).abs() - 1.5);
        if outside.lt(F::of(0.0)).any() {
            one(trail, world, time, pixel, outside, &mut all);
        }
    }
    all
}

#[inline(always)]
fn one<S: Simd>(trail: &Trail, world: V3<S>, time: f32, pixel: F<S>, outside: F<S>, all: &mut Stirred<S>) {
    // The nearest place of the track.
    let (mut nearest, mut dx, mut dz) = (F::<S>::of(1e9), F::<S>::of(0.0), F::<S>::of(0.0));
    let (mut ax, mut az, mut s, mut age, mut speed) = (F::<S>::of(1.0), F::<S>::of(0.0), F::<S>::of(0.0), F::<S>::of(0.0), F::<S>::of(0.0));
    for piece in &trail.pieces {
        let (px, pz) = (world.x - piece.at.x, world.z - piece.at.y);
        let t = (px * piece.along.x + pz * piece.along.y).at_least(0.0).at_most(piece.length);
        let (qx, qz) = (px - t * piece.along.x, pz - t * piece.along.y);
        let square = qx * qx + qz * qz;
        let closer = square.lt(nearest);
        nearest = closer.select(square, nearest);
        (dx, dz) = (closer.select(qx, dx), closer.select(qz, dz));
        (ax, az) = (closer.select(F::of(piece.along.x), ax), closer.select(F::of(piece.along.y), az));
        s = closer.select(t + piece.behind, s);
        age = closer.select(t * piece.ages + piece.age, age);
        speed = closer.select(F::of(piece.speed), speed);
    }
    let d = nearest.sqrt().at_least(1e-3);
    let (nx, nz) = (dx / d, dz / d);
    let left = (1.0 - age / trail.lasts).clamp01() * outside.lt(F::of(0.0)).select(F::of(1.0), F::of(0.0));
    let strength = left * (speed / (speed + 0.8));
    let (half, hull) = (trail.half, trail.hull);

    let Ridge { arm, wide, fresh, high } = ridge(trail, s, strength);
    let e = (d - arm) / wide;
    let under = (1.0 - e * e).at_least(0.0);
    let resolved = 1.0 / (1.0 + (pixel * 1.2 / wide).squared());
    // Each arm is a row of short crests that overlap like tiles.
    let (tile, _) = wave((s * 0.9 - d * 1.5) * (1.0 / (half * 1.6 + 0.5)));
    let crest = under * under * (0.72 + tile * 0.28);
    let steep = e * under * -4.0 * resolved * (high / wide);
    let mut along_x = nx * steep;
    let mut along_z = nz * steep;

    // Waves across the way, between the arms.
    let long = (speed * speed * 0.64).at_least(half * 0.8 + 0.25);
    let (_, slope) = wave((s + d * d * 0.10 / (s + 0.5)) / long);
    let between = (1.0 - d / (arm + 0.05)).clamp01().smooth(0.0, 0.35) * s.smooth(hull * 0.6, hull * 1.2 + 0.3);
    let across = slope * between * strength * fresh * 0.035 / (1.0 + (pixel * 1.5 / long).squared());
    along_x = along_x + ax * across;
    along_z = along_z + az * across;

    // Foam: at the bow and along the hull, boiling behind the stern, on the crests of young arms.
    let force = (speed - CALM).smooth(0.0, 2.2) * left;
    let mut foam = F::<S>::of(0.0);
    if force.above(0.0).any() {
        let (x, z) = (world.x, world.z);
        let slow = time * 0.35;
        let lace = noise(V3::new(x * 2.3, F::of(slow), z * 2.3)) * 0.55 + noise(V3::new(x * 6.1, F::of(slow * 2.0), z * 6.1)) * 0.45;
        // A hull is pointed at the bow.
        let side = (s * (3.0 / hull)).clamp01().sqrt() * half;
        let beside = (1.0 - ((d - side) * (1.0 / (0.12 + half * 0.12))).abs()).at_least(0.0) * (1.0 - s * (0.85 / hull)).clamp01();
        let stern = (s - hull * 0.75).smooth(0.0, hull * 0.3 + 0.1);
        let boil = (1.0 - d / (s * 0.035 + half * 0.85)).clamp01().smooth(0.0, 0.6) * stern / (1.0 + (s - hull).at_least(0.0) * (0.30 / (half + 0.3)));
        let white = crest * fresh * fresh * 0.62;
        let amount = beside.max(boil * 1.15).max(white);
        foam = (amount * 1.25 + lace * 0.55 - 0.42).smooth(0.0, 0.42) * amount.smooth(0.0, 0.15) * force;
    }
    all.along_x = all.along_x + along_x;
    all.along_z = all.along_z + along_z;
    all.foam = all.foam.max(foam);
}

/// One arm where the bow was `s` metres back: how far aside its crest is, half its width, how fresh it is, and its height, metres.
struct Ridge<S: Simd> {
    arm: F<S>,
    wide: F<S>,
    fresh: F<S>,
    high: F<S>,
}

#[inline(always)]
fn ridge<S: Simd>(trail: &Trail, s: F<S>, strength: F<S>) -> Ridge<S> {
    let (half, hull) = (trail.half, trail.hull);
    // The arms begin at the shoulders of the bow, which heaps up water before it.
    let arm = s.at_most(half) * 0.9 + (s - half * 0.8).at_least(0.0) * OPENS;
    let wide = s * 0.055 + (0.10 + half * 0.22);
    let fresh = 1.0 / (1.0 + s * (0.16 / (half + 0.25)));
    let heap = ((1.0 - s * (1.0 / hull)).at_least(0.0) * 0.7 + 1.0) * (s * (1.6 / half)).at_most(1.0);
    Ridge { arm, wide, fresh, high: wide * strength * (0.22 + fresh * 0.30) * heap }
}

/// Points across a ridge, in half widths from its crest.
const ACROSS: [f32; 9] = [-1.0, -0.78, -0.52, -0.26, 0.0, 0.26, 0.52, 0.78, 1.0];
/// How far under the water the edges of a ridge are, metres: what is lower is not seen.
const UNDER: f32 = 0.004;

/// The two arms of a wake as ridges over the water, metres in the world; none where nothing moves. Normals are those of level water, for the
/// slopes come where water is shaded; the tint, its depth, is left to whoever knows the ground.
#[must_use]
pub fn lifted(wake: &Wake) -> Option<Mesh> {
    let trail = Trail::of(wake)?;
    let mut mesh = Mesh::default();
    for side in [-1.0f32, 1.0] {
        let before = mesh.positions.len();
        let mut s = 0.0;
        for piece in &trail.pieces {
            while s < piece.behind + piece.length {
                let t = s - piece.behind;
                let strength = (1.0 - (piece.age + t * piece.ages) / trail.lasts).clamp(0.0, 1.0) * (piece.speed / (piece.speed + 0.8));
                let ridge = ridge(&trail, F::<Plain>::of(s), F::of(strength));
                let [arm, wide, high] = [ridge.arm, ridge.wide, ridge.high].map(|v| v.array()[0]);
                let (middle, aside) = (piece.at + piece.along * t, piece.along.perp() * side);
                for e in ACROSS {
                    let at = middle + aside * (arm + e * wide).max(0.0);
                    let under = 1.0 - e * e;
                    mesh.positions.push(Vec3::new(at.x, trail.level - UNDER + high * under * under, at.y));
                }
                s += 0.10 + s * 0.04;
            }
        }
        let (across, rows) = (ACROSS.len(), (mesh.positions.len() - before) / ACROSS.len());
        for row in 0..rows.saturating_sub(1) {
            for k in 0..across - 1 {
                let at = |row: usize, k: usize| (before + row * across + k) as u32;
                let (a, b, c, d) = (at(row, k), at(row, k + 1), at(row + 1, k), at(row + 1, k + 1));
                mesh.triangles.extend(if side > 0.0 { [[a, b, c], [b, d, c]] } else { [[a, c, b], [b, c, d]] });
            }
        }
    }
    mesh.normals = vec![Vec3::Y; mesh.positions.len()];
    mesh.parts = vec![Part { material: 0, first: 0, count: mesh.triangles.len() as u32 }];
    mesh.bounds = Bounds::around(&mesh.positions);
    Some(mesh)
}

/// The colour of foam.
pub(crate) const FOAM: Vec3 = Vec3::new(0.74, 0.78, 0.78);

#[cfg(test)]
mod tests {
    use super::*;

    /// A boat 4 m long that came along z at 3 m/s; its bow is at the origin.
    fn boat() -> Trail {
        Trail::of(&way()).expect("it moves")
    }

    fn way() -> Wake {
        let track = (0..24).map(|k| (Vec3::new(0.0, 0.0, k as f32 * 0.75), k as f32 * 0.25)).collect();
        Wake { half: 0.8, length: 4.0, track }
    }

    fn at(trail: &Trail, x: f32, z: f32) -> [f32; 3] {
        let all = stirred_body(std::slice::from_ref(trail), V3::<Plain>::of(Vec3::new(x, 0.0, z)), 1.0, F::of(0.001));
        [all.along_x, all.along_z, all.foam].map(|v| v.0[0])
    }

    #[test]
    fn arms_open_by_kelvins_angle_and_nothing_is_ahead() {
        let trail = boat();
        for z in [6.0f32, 9.0, 12.0] {
            // Where the slope along x changes its sign from up to down lies the crest.
            let aside = (0..500).map(|k| k as f32 * 0.01);
            let crest = aside.max_by(|a, b| slope_change(&trail, *a, z).total_cmp(&slope_change(&trail, *b, z))).expect("a crest");
            let opens = (crest - 0.72) / (z - 0.64);
            assert!((opens - OPENS).abs() < 0.06, "at {z} m the arm is {crest} m aside");
            let (right, left) = (at(&trail, crest - 0.1, z), at(&trail, 0.1 - crest, z));
            assert!((right[0] + left[0]).abs() < 1e-4 && right[0].abs() > 0.01, "two arms alike: {right:?} {left:?}");
        }
        assert_eq!(at(&trail, 0.0, -4.0), [0.0; 3], "calm before the bow");
        assert_eq!(at(&trail, 9.0, 2.0), [0.0; 3], "and aside");
    }

    fn slope_change(trail: &Trail, x: f32, z: f32) -> f32 {
        at(trail, x - 0.05, z)[0] - at(trail, x + 0.05, z)[0]
    }

    #[test]
    fn foam_lies_behind_the_stern_and_fades() {
        let trail = boat();
        let near = (0..40).map(|k| at(&trail, (k as f32 - 20.0) * 0.05, 5.0)[2]).sum::<f32>();
        let far = (0..40).map(|k| at(&trail, (k as f32 - 20.0) * 0.05, 16.0)[2]).sum::<f32>();
        assert!(near > 10.0 && far < near * 0.3, "foam {near} behind the stern, {far} far behind it");
        let slow = (0..24).map(|k| (Vec3::new(0.0, 0.0, k as f32 * 0.1), k as f32 * 0.25)).collect();
        let duck = Trail::of(&Wake { half: 0.1, length: 0.5, track: slow }).expect("it moves");
        assert!((0..60).all(|k| at(&duck, (k % 6) as f32 * 0.1, k as f32 * 0.04)[2] == 0.0), "a duck makes no foam");
        assert!((0..60).any(|k| at(&duck, (k % 10) as f32 * 0.1, k as f32 * 0.04)[0].abs() > 0.02), "but waves");
    }

    #[test]
    fn ridges_rise_as_steep_as_the_water_is_shaded_and_end_under_it() {
        let (mesh, trail) = (lifted(&way()).expect("it moves"), boat());
        let highest = mesh.positions.iter().map(|p| p.y).fold(f32::MIN, f32::max);
        assert!((0.08..0.4).contains(&highest), "a bow wave of {highest} m");
        let mut compared = 0;
        for row in mesh.positions.chunks_exact(ACROSS.len()).filter(|r| r[4].z > 3.0 && r[4].z < 14.0) {
            assert!(row[0].y < 0.0 && row[8].y < 0.0, "its edges are under the water");
            for pair in row.windows(2) {
                let middle = (pair[0] + pair[1]) * 0.5;
                let rises = (pair[1].y - pair[0].y) / (pair[1].x - pair[0].x);
                let shaded = at(&trail, middle.x, middle.z)[0];
                assert!((rises - shaded).abs() < 0.1, "at {middle} it rises by {rises} and is shaded as {shaded}");
                compared += 1;
            }
        }
        assert!(compared > 100, "{compared} places");
        for t in &mesh.triangles {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
            assert!((b - a).cross(c - a).y >= -1e-5, "it is seen from above: {a} {b} {c}");
        }
        assert!(lifted(&Wake { track: vec![(Vec3::ZERO, 0.0), (Vec3::ZERO, 1.0)], ..way() }).is_none(), "nothing of what stands still");
    }

    #[test]
    fn what_stands_still_has_none() {
        let still = Wake { half: 0.8, length: 4.0, track: (0..8).map(|k| (Vec3::ZERO, k as f32)).collect() };
        assert!(Trail::of(&still).is_none(), "it does not move");
        let broken = Wake { half: f32::NAN, ..still.clone() };
        assert!(Trail::of(&broken).is_none() && Trail::of(&Wake { track: Vec::new(), ..still }).is_none(), "nonsense has none");
    }
}
