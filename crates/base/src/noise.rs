//! Value noise on a lattice, hashed with integers: the same everywhere, and cheap.
//! The renderer has the same function eight lanes wide; a test there holds the two together.

use glam::Vec3;

/// A hash of a lattice point, in -1..1.
#[must_use]
pub fn lattice(x: i32, y: i32, z: i32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x8da6_b343) ^ (y as u32).wrapping_mul(0xd816_3841) ^ (z as u32).wrapping_mul(0xcb1a_b31f);
    h = (h ^ (h >> 13)).wrapping_mul(0x5bd1_e995);
    h ^= h >> 15;
    (h & 0x00ff_ffff) as f32 * (2.0 / 16_777_215.0) - 1.0
}

/// Smooth noise in -1..1 with one feature a unit.
#[must_use]
pub fn noise(p: Vec3) -> f32 {
    let (fx, fy, fz) = (p.x.floor(), p.y.floor(), p.z.floor());
    let (x, y, z) = (fx as i32, fy as i32, fz as i32);
    let fade = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v, w) = (fade(p.x - fx), fade(p.y - fy), fade(p.z - fz));
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let row = |dy: i32, dz: i32| mix(lattice(x, y.wrapping_add(dy), z.wrapping_add(dz)), lattice(x.wrapping_add(1), y.wrapping_add(dy), z.wrapping_add(dz)), u);
    mix(mix(row(0, 0), row(1, 0), v), mix(row(0, 1), row(1, 1), v), w)
}

/// Several octaves of [`noise`], each half as strong and twice as fine.
#[must_use]
pub fn octaves(p: Vec3, count: u32) -> f32 {
    let (mut sum, mut strength, mut q, mut total) = (0.0, 1.0, p, 0.0);
    for _ in 0..count.max(1) {
        sum += noise(q) * strength;
        total += strength;
        strength *= 0.5;
        q = q * 2.0 + Vec3::splat(17.3);
    }
    sum / total
}
