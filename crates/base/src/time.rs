//! Exact time. A tick is 1/48 000 s, so that a frame of every rate that is offered
//! (24, 25, 30, 48, 50, 60) and an audio sample at 48 kHz are whole numbers of ticks.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};

/// A point in time or a length of time, in units of 1/48 000 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Ticks(pub i64);

impl Ticks {
    /// Ticks in a second.
    pub const PER_SECOND: i64 = 48_000;
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// The nearest tick to a number of seconds.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * Self::PER_SECOND as f64).round() as i64)
    }

    /// Seconds, for display and for physics.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / Self::PER_SECOND as f64
    }

    /// The frame that begins at or last before this time.
    #[must_use]
    pub fn frame(self, rate: FrameRate) -> i64 {
        self.0.div_euclid(rate.ticks_per_frame())
    }

    /// The frame whose beginning is nearest: how cuts are snapped, so that lengths sum exactly.
    #[must_use]
    pub fn nearest_frame(self, rate: FrameRate) -> i64 {
        (self.0 + rate.ticks_per_frame() / 2).div_euclid(rate.ticks_per_frame())
    }
}

/// Reads a whole number of ticks, or text such as `"2.5 s"` or `"400 ms"` for people who write plans by hand.
impl<'de> Deserialize<'de> for Ticks {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Ticks;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of ticks (48 000 a second) or text like \"2.5 s\"")
            }
            fn visit_i64<E>(self, v: i64) -> Result<Ticks, E> {
                Ok(Ticks(v))
            }
            fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Ticks, E> {
                i64::try_from(v).map(Ticks).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Ticks, E> {
                let text = v.trim();
                let (number, scale) = if let Some(n) = text.strip_suffix("ms") { (n, 0.001) } else { (text.strip_suffix('s').unwrap_or(text), 1.0) };
                match number.trim().parse::<f64>() {
                    Ok(n) if n.is_finite() && n.abs() < 1e9 => Ok(Ticks::from_seconds(n * scale)),
                    _ => Err(E::custom(format!("\"{v}\" is not a time; write \"2.5 s\", \"400 ms\" or whole ticks"))),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl Add for Ticks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sub for Ticks {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl AddAssign for Ticks {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl SubAssign for Ticks {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}
impl Mul<i64> for Ticks {
    type Output = Self;
    fn mul(self, by: i64) -> Self {
        Self(self.0 * by)
    }
}
impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} s", self.seconds())
    }
}

/// Whole frames a second: one of [`FrameRate::OFFERED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FrameRate(pub u32);

impl FrameRate {
    /// The rates that films can have.
    pub const OFFERED: [u32; 6] = [24, 25, 30, 48, 50, 60];

    /// The length of one frame; exact for every offered rate.
    #[must_use]
    pub fn ticks_per_frame(self) -> i64 {
        Ticks::PER_SECOND / i64::from(self.0.max(1))
    }

    /// When a frame begins.
    #[must_use]
    pub fn start_of(self, frame: i64) -> Ticks {
        Ticks(frame * self.ticks_per_frame())
    }

    /// The length of a frame in seconds.
    #[must_use]
    pub fn seconds_per_frame(self) -> f32 {
        1.0 / self.0.max(1) as f32
    }
}

impl Default for FrameRate {
    fn default() -> Self {
        Self(30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_rate_is_exact() {
        for rate in FrameRate::OFFERED.map(FrameRate) {
            assert_eq!(rate.start_of(i64::from(rate.0)), Ticks(Ticks::PER_SECOND), "{rate:?} divides a second");
        }
    }
}
