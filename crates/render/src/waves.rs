//! Waves of the sea: a few long ones that run to the shore. The mesh of the water is lifted by them, its normals and its foam
//! follow the same sums.

use crate::lanes::maths::wave;
use crate::lanes::{F, Simd, V3};

/// Towards where (x, z), waves a metre, waves a second, and share of the height.
const TRAINS: [([f32; 2], f32, f32, f32); 4] =
    [([0.12, 0.99], 0.105, 0.41, 0.46), ([-0.36, 0.93], 0.185, 0.54, 0.27), ([0.52, 0.85], 0.330, 0.72, 0.17), ([-0.80, 0.60], 0.610, 0.98, 0.10)];

/// The height of waves of a swell of one metre, about -1..1.
pub(crate) fn height(x: f32, z: f32, time: f32) -> f32 {
    let mut sum = 0.0;
    for ([dx, dz], often, fast, share) in TRAINS {
        let t = (x * dx + z * dz) * often - time * fast;
        let x = (t - t.floor()) * 2.0 - 1.0;
        let w = -4.0 * x * (1.0 - x.abs());
        sum += (w + (w * w - 0.5) * 0.35) * share;
    }
    sum
}

/// The same height on lanes, with its slope along x and z; waves finer than a pixel (metres) are left out of the slope.
#[inline(always)]
pub(crate) fn heights<S: Simd>(p: V3<S>, time: f32, pixel: F<S>) -> (F<S>, F<S>, F<S>) {
    let (mut sum, mut along_x, mut along_z) = (F::<S>::of(0.0), F::<S>::of(0.0), F::<S>::of(0.0));
    for ([dx, dz], often, fast, share) in TRAINS {
        let (w, slope) = wave((p.x * dx + p.z * dz) * often - time * fast);
        sum = sum + (w + (w * w - 0.5) * 0.35) * share;
        let fade = 1.0 / (1.0 + (pixel * (often * 1.5)).squared());
        let steep = slope * (1.0 + w * 0.70) * fade * (share * often);
        along_x = along_x + steep * dx;
        along_z = along_z + steep * dz;
    }
    (sum, along_x, along_z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::plain::Plain;
    use glam::Vec3;

    #[test]
    fn lanes_and_corners_agree_on_the_height_and_its_slope() {
        for k in 0..60 {
            let (x, z, t) = (k as f32 * 1.37 - 30.0, 11.0 - k as f32 * 0.61, k as f32 * 0.13);
            let (h, sx, sz) = heights(V3::<Plain>::of(Vec3::new(x, 0.0, z)), t, F::of(0.0));
            assert!((h.0[0] - height(x, z, t)).abs() < 1e-4, "the same water at {x}, {z}");
            let e = 0.004;
            let along = |dx: f32, dz: f32| (height(x + dx, z + dz, t) - height(x - dx, z - dz, t)) / (2.0 * e);
            assert!((sx.0[0] - along(e, 0.0)).abs() < 0.05 && (sz.0[0] - along(0.0, e)).abs() < 0.05, "the slope is that of the height");
        }
    }
}
