//! Powers and noise on lanes, from exact operations only.

use super::{F, I, Simd, V3, map3, piece};

/// 2 to the power `x`, to about 5e-7; `x` is brought into -126..126.
#[inline(always)]
fn exp2_body<S: Simd>(x: F<S>) -> F<S> {
    let x = x.at_least(-126.0).at_most(126.0);
    let whole = x.floor();
    let t = x - whole;
    let p = t * 1.788_368_7e-3 + 9.199_388e-3;
    let p = p * t + 5.565_705_4e-2;
    let p = p * t + 2.402_072e-1;
    let p = p * t + 6.931_476e-1;
    let p = p * t + 1.0;
    let scale = (whole.truncate() + I::of(127)) << 23;
    p * F(S::from_bits(scale.0))
}

/// Logarithm to base 2 of a positive normal number, to about 2e-6.
#[inline(always)]
pub(crate) fn log2<S: Simd>(x: F<S>) -> F<S> {
    let bits = I::<S>(S::to_bits(x.0));
    let exponent = ((bits >> 23) - I::of(127)).float();
    let mantissa = F::<S>(S::from_bits(((bits & I::of(0x007f_ffff)) | I::of(0x3f80_0000)).0));
    let t = mantissa - 1.0;
    let p = t * 0.020_016_65 - 0.094_626_81;
    let p = p * t + 0.213_943_21;
    let p = p * t - 0.338_377_2;
    let p = p * t + 0.477_496_36;
    let p = p * t - 0.721_144_1;
    let p = p * t + 1.442_693;
    exponent + p * t
}

/// `x` to the power `y` for `x` above 0 (smaller ones count as 1e-12).
#[inline(always)]
pub(crate) fn pow_body<S: Simd>(x: F<S>, y: f32) -> F<S> {
    exp2_body(log2(x.at_least(1e-12)) * y)
}

/// e to the power `x`.
#[inline(always)]
pub(crate) fn exp<S: Simd>(x: F<S>) -> F<S> {
    exp2(x * std::f32::consts::LOG2_E)
}

/// A wave of period 1 through 0, 1, 0, -1 (parabolas), and its slope.
#[inline(always)]
pub(crate) fn wave<S: Simd>(t: F<S>) -> (F<S>, F<S>) {
    let x = (t - t.floor()) * 2.0 - 1.0;
    let a = x.abs();
    (-4.0 * x * (1.0 - a), -8.0 * (1.0 - 2.0 * a))
}

#[inline(always)]
fn hashed<S: Simd>(h: I<S>) -> F<S> {
    let h = (h ^ (h >> 13)) * I::of(0x5bd1_e995);
    let h = h ^ (h >> 15);
    (h & I::of(0x00ff_ffff)).float() * (2.0 / 16_777_215.0) - 1.0
}

/// A hash in -1..1 of the cell of the lattice that a point is in, and the point within the cell.
#[inline(always)]
pub(crate) fn cell_hash<S: Simd>(p: V3<S>) -> (F<S>, V3<S>) {
    let low = V3::new(p.x.floor(), p.y.floor(), p.z.floor());
    let x = low.x.truncate() * I::of(0x8da6_b343_u32 as i32);
    let y = low.y.truncate() * I::of(0xd816_3841_u32 as i32);
    let z = low.z.truncate() * I::of(0xcb1a_b31f_u32 as i32);
    (hashed(x ^ y ^ z), p - low)
}

struct Cell<S: Simd> {
    t: V3<S>,
    corner: [F<S>; 8],
}

#[inline(always)]
fn cell<S: Simd>(p: V3<S>) -> Cell<S> {
    let low = V3::new(p.x.floor(), p.y.floor(), p.z.floor());
    let x0 = low.x.truncate() * I::of(0x8da6_b343_u32 as i32);
    let y0 = low.y.truncate() * I::of(0xd816_3841_u32 as i32);
    let z0 = low.z.truncate() * I::of(0xcb1a_b31f_u32 as i32);
    let (x1, y1, z1) = (x0 + I::of(0x8da6_b343_u32 as i32), y0 + I::of(0xd816_3841_u32 as i32), z0 + I::of(0xcb1a_b31f_u32 as i32));
    let (a, b, c, d) = (y0 ^ z0, y1 ^ z0, y0 ^ z1, y1 ^ z1);
    let corner = [hashed(x0 ^ a), hashed(x1 ^ a), hashed(x0 ^ b), hashed(x1 ^ b), hashed(x0 ^ c), hashed(x1 ^ c), hashed(x0 ^ d), hashed(x1 ^ d)];
    Cell { t: p - low, corner }
}

/// `kinora_base::noise::noise`, bit for bit, on eight points.
#[inline(always)]
fn noise_body<S: Simd>(p: V3<S>) -> F<S> {
    let Cell { t, corner: k } = cell(p);
    let f = map3!(t, t => t * t * (3.0 - 2.0 * t));
    let near = k[0].mix(k[1], f.x).mix(k[2].mix(k[3], f.x), f.y);
    let far = k[4].mix(k[5], f.x).mix(k[6].mix(k[7], f.x), f.y);
    near.mix(far, f.z)
}

/// The noise and its gradient.
#[inline(always)]
fn noise_slope_body<S: Simd>(p: V3<S>) -> (F<S>, V3<S>) {
    let Cell { t, corner: k } = cell(p);
    let f = map3!(t, t => t * t * (3.0 - 2.0 * t));
    let g = map3!(t, t => 6.0 * t * (1.0 - t));
    let (ax, bx, cx, dx) = (k[1] - k[0], k[3] - k[2], k[5] - k[4], k[7] - k[6]);
    let (a, b, c, d) = (k[0] + ax * f.x, k[2] + bx * f.x, k[4] + cx * f.x, k[6] + dx * f.x);
    let (near, far) = (a + (b - a) * f.y, c + (d - c) * f.y);
    let along_x = ax.mix(bx, f.y).mix(cx.mix(dx, f.y), f.z) * g.x;
    let along_y = (b - a).mix(d - c, f.z) * g.y;
    (near.mix(far, f.z), V3::new(along_x, along_y, (far - near) * g.z))
}

piece! {
    /// 2 to the power `x`, to about 5e-7; `x` is brought into -126..126.
    fn exp2(x: F<S>) -> F<S> = exp2_body
}

piece! {
    /// `kinora_base::noise::noise`, bit for bit, on eight points.
    fn noise(p: V3<S>) -> F<S> = noise_body
}

piece! {
    /// The noise and its gradient.
    fn noise_slope(p: V3<S>) -> (F<S>, V3<S>) = noise_slope_body
}

piece! {
    /// `x` to the power `y` for `x` above 0 (smaller ones count as 1e-12).
    fn pow(x: F<S>, y: f32) -> F<S> = pow_body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::plain::Plain;
    use glam::Vec3;

    #[test]
    fn lanes_have_the_noise_of_the_base() {
        let mut rng = kinora_base::Seed(5).rng();
        for _ in 0..200 {
            let points: [Vec3; 8] = std::array::from_fn(|_| Vec3::new(rng.range(-90.0, 90.0), rng.range(-9.0, 9.0), rng.range(-900.0, 900.0)));
            let p = V3::<Plain>::new(F(points.map(|p| p.x)), F(points.map(|p| p.y)), F(points.map(|p| p.z)));
            assert_eq!(noise(p).0, points.map(kinora_base::noise::noise), "the same bits");
            let slope = noise_slope(p);
            for (a, b) in slope.0.0.iter().zip(noise(p).0) {
                assert!((a - b).abs() < 1e-5, "with and without gradient agree");
            }
        }
    }

    #[test]
    fn powers_are_close() {
        for i in 1..400 {
            let x = i as f32 * 0.037;
            let near = |a: f32, b: f32, by: f32| assert!((a - b).abs() <= by * b.abs().max(1.0), "{a} is near {b} at {x}");
            near(exp2(F::<Plain>::of(x - 7.0)).0[0], kinora_base::maths::exp2(x - 7.0), 2e-6);
            near(log2(F::<Plain>::of(x)).0[0], kinora_base::maths::log2(x), 4e-6);
            near(pow(F::<Plain>::of(x), 0.4545).0[0], kinora_base::maths::pow(x, 0.4545), 4e-6);
        }
    }
}
