//! Wakes: what moves on water leaves two arms of waves, waves across its way between them, and foam where it has stirred the water.
//!
//! All is a function of the track alone. A point looks for the nearest place of the track: how far behind the bow that is, how far aside the point, and
//! how long ago it was passed there. Arms open by 19.47 degrees to each side whatever the speed, waves across are as long as waves of that speed are in deep
//! water, 2 pi v^2 / g (Kelvin 1887). Heights are of the eye: only normals and foam change, the water stays level.

use crate::lanes::maths::{noise, wave};
use crate::lanes::{F, Simd, V3, piece};
use crate::scene::Wake;
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

    // The arms begin at the shoulders of the bow.
    let arm = s.at_most(half) * 0.9 + (s - half * 0.8).at_least(0.0) * OPENS;
    let wide = s * 0.055 + (0.10 + half * 0.22);
    let e = (d - arm) / wide;
    let under = (1.0 - e * e).at_least(0.0);
    let resolved = 1.0 / (1.0 + (pixel * 1.2 / wide).squared());
    let fresh = 1.0 / (1.0 + s * (0.16 / (half + 0.25)));
    // Each arm is a row of short crests that overlap like tiles.
    let (tile, _) = wave((s * 0.9 - d * 1.5) * (1.0 / (half * 1.6 + 0.5)));
    let crest = under * under * (0.72 + tile * 0.28);
    let steep = e * under * -4.0 * strength * resolved * (0.20 + fresh * 0.28);
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
        let white = crest * fresh * fresh * 0.85;
        let amount = beside.max(boil * 1.15).max(white);
        foam = (amount * 1.25 + lace * 0.55 - 0.42).smooth(0.0, 0.42) * amount.smooth(0.0, 0.15) * force;
    }
    all.along_x = all.along_x + along_x;
    all.along_z = all.along_z + along_z;
    all.foam = all.foam.max(foam);
}

/// The colour of foam.
pub(crate) const FOAM: Vec3 = Vec3::new(0.74, 0.78, 0.78);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::plain::Plain;

    /// A boat 4 m long that came along z at 3 m/s; its bow is at the origin.
    fn boat() -> Trail {
        let track = (0..24).map(|k| (Vec3::new(0.0, 0.0, k as f32 * 0.75), k as f32 * 0.25)).collect();
        Trail::of(&Wake { half: 0.8, length: 4.0, track }).expect("it moves")
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
    fn what_stands_still_has_none() {
        let still = Wake { half: 0.8, length: 4.0, track: (0..8).map(|k| (Vec3::ZERO, k as f32)).collect() };
        assert!(Trail::of(&still).is_none(), "it does not move");
        let broken = Wake { half: f32::NAN, ..still.clone() };
        assert!(Trail::of(&broken).is_none() && Trail::of(&Wake { track: Vec::new(), ..still }).is_none(), "nonsense has none");
    }
}
