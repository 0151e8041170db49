//! Seeds and random numbers. A seed is derived from stable names, never from a position in a list,
//! so that an edit changes only what it touches.

use serde::{Deserialize, Serialize};

/// Where a stream of random numbers begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed of something named within this one: `plan_seed.child("shot-2").child("grass")`.
    #[must_use]
    pub fn child(self, name: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ self.0.rotate_left(23);
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(scramble(hash ^ self.0))
    }

    /// The seed of the `index`th of many like things (tufts of one patch of grass).
    #[must_use]
    pub fn index(self, index: u64) -> Self {
        Self(scramble(self.0 ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A generator that begins here.
    #[must_use]
    pub fn rng(self) -> Rng {
        Rng(self.0)
    }
}

fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, quick, the same everywhere.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }
    /// Evenly spread in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }
    /// Evenly spread in `low..high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }
    /// Evenly spread in -1..1.
    pub fn signed(&mut self) -> f32 {
        self.range(-1.0, 1.0)
    }
    /// One of `0..count`; `count` must be at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.bits() % count.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_not_positions_make_seeds() {
        let plan = Seed(7);
        assert_eq!(plan.child("a"), Seed(7).child("a"), "the same name gives the same seed");
        assert_ne!(plan.child("a"), plan.child("b"), "other names give other seeds");
        assert_ne!(plan.child("a"), Seed(8).child("a"), "the parent matters");
    }
}
