//! Linear light. Paint and light are both three linear numbers; sRGB is only for files and screens.

use crate::maths;
use glam::Vec3;
use serde::{Deserialize, Serialize};
use std::ops::{Add, Mul};

/// Linear RGB with sRGB primaries: an albedo in 0..1 or a radiance without limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinearRgb(pub f32, pub f32, pub f32);

impl LinearRgb {
    /// No light.
    pub const BLACK: Self = Self(0.0, 0.0, 0.0);
    /// The unit of light.
    pub const WHITE: Self = Self(1.0, 1.0, 1.0);

    /// As a vector, for arithmetic.
    #[must_use]
    pub const fn vec(self) -> Vec3 {
        Vec3::new(self.0, self.1, self.2)
    }
    /// From a vector.
    #[must_use]
    pub const fn from_vec(v: Vec3) -> Self {
        Self(v.x, v.y, v.z)
    }
    /// From an sRGB byte triple.
    #[must_use]
    pub fn from_srgb8(rgb: [u8; 3]) -> Self {
        let f = |b: u8| {
            let c = f32::from(b) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { maths::pow((c + 0.055) / 1.055, 2.4) }
        };
        Self(f(rgb[0]), f(rgb[1]), f(rgb[2]))
    }
    /// To an sRGB byte triple, clipped.
    #[must_use]
    pub fn to_srgb8(self) -> [u8; 3] {
        let f = |c: f32| {
            let c = c.clamp(0.0, 1.0);
            let s = if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * maths::pow(c, 1.0 / 2.4) - 0.055 };
            (s * 255.0 + 0.5) as u8
        };
        [f(self.0), f(self.1), f(self.2)]
    }
    /// Relative luminance (BT.709).
    #[must_use]
    pub fn luminance(self) -> f32 {
        0.2126 * self.0 + 0.7152 * self.1 + 0.0722 * self.2
    }
    /// From this to `other` as `t` goes from 0 to 1.
    #[must_use]
    pub fn mix(self, other: Self, t: f32) -> Self {
        Self::from_vec(self.vec().lerp(other.vec(), t))
    }
    /// CIE L*a*b* under D65, for measuring.
    #[must_use]
    pub fn to_lab(self) -> [f32; 3] {
        let x = (0.412_456_4 * self.0 + 0.357_576_1 * self.1 + 0.180_437_5 * self.2) / 0.950_47;
        let y = self.luminance();
        let z = (0.019_333_9 * self.0 + 0.119_192 * self.1 + 0.950_304_1 * self.2) / 1.088_83;
        let f = |t: f32| if t > 0.008_856 { libm::cbrtf(t) } else { 7.787 * t + 16.0 / 116.0 };
        [116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))]
    }
}

impl Mul<f32> for LinearRgb {
    type Output = Self;
    fn mul(self, by: f32) -> Self {
        Self(self.0 * by, self.1 * by, self.2 * by)
    }
}
impl Mul for LinearRgb {
    type Output = Self;
    fn mul(self, by: Self) -> Self {
        Self(self.0 * by.0, self.1 * by.1, self.2 * by.2)
    }
}
impl Add for LinearRgb {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1, self.2 + other.2)
    }
}
