//! What a surface is at a point: albedo after coats of paint and mottle, and the slope of its relief.

use crate::lanes::maths::{noise, noise_slope, wave};
use crate::lanes::{F, Simd, V3, piece};
use crate::scene::{Coat, Mask, Material, Relief};
use crate::texture::looked_up;
use glam::Vec3;

/// Noise between -1 and 1 that darkens and lightens paint.
#[inline(always)]
fn mottle<S: Simd>(relief: Relief, q: V3<S>, pixel: f32) -> F<S> {
    match relief {
        Relief::Wood => noise(q.times(Vec3::new(17.0, 17.0, 1.2))) * 0.7 + noise(q.times(Vec3::new(60.0, 60.0, 3.0))) * 0.4,
        Relief::Hair => noise(q.times(Vec3::new(75.0, 12.0, 75.0))) * 0.6 + noise(q * 14.0) * 0.4,
        Relief::Fur => noise(q.times(Vec3::new(90.0, 90.0, 14.0))) * 0.6 + noise(q * 9.0) * 0.4,
        Relief::Brushed => noise(q.times(Vec3::new(3.0, 170.0, 170.0))) * 0.5 + noise(q * 5.0) * 0.4,
        Relief::Sand => {
            let coarse = noise(q * 1.3) * 0.45 + noise(q * 6.0) * 0.3;
            if pixel < 0.006 { coarse + noise(q * 230.0) * 0.5 } else { coarse }
        }
        Relief::Felt | Relief::Weave | Relief::Knit => {
            let coarse = noise(q * 26.0) * 0.5;
            if pixel < 0.004 { coarse + noise(q * 240.0) * 0.5 } else { coarse }
        }
        _ => {
            let coarse = noise(q * 7.0) * 0.6;
            if pixel < 0.03 { coarse + noise(q * 15.0 + V3::same(F::of(7.1))) * 0.35 } else { coarse }
        }
    }
}

/// One octave of relief, unless it is finer than a pixel.
#[inline(always)]
fn layer<S: Simd>(q: V3<S>, frequency: Vec3, strength: f32, pixel: f32) -> V3<S> {
    if pixel * frequency.max_element() > 0.9 {
        return V3::same(F::of(0.0));
    }
    noise_slope(q.times(frequency)).1.times(frequency * strength)
}

/// The relief's slope in rest space for a height of one metre; octaves finer than a pixel (metres) are left out.
#[inline(always)]
fn slope_body<S: Simd>(relief: Relief, q: V3<S>, pixel: f32) -> V3<S> {
    let zero = V3::same(F::<S>::of(0.0));
    match relief {
        Relief::None | Relief::Ripples => zero,
        Relief::Clay => layer(q, Vec3::splat(22.0), 1.0, pixel) + layer(q, Vec3::splat(61.0), 0.35, pixel) + layer(q, Vec3::splat(190.0), 0.12, pixel),
        Relief::Felt => layer(q, Vec3::splat(45.0), 0.25, pixel) + layer(q, Vec3::splat(160.0), 0.4, pixel) + layer(q, Vec3::splat(420.0), 0.3, pixel),
        Relief::Wood => layer(q, Vec3::new(30.0, 30.0, 2.5), 0.6, pixel) + layer(q, Vec3::new(90.0, 90.0, 4.5), 0.35, pixel),
        Relief::Plaster => {
            layer(q, Vec3::splat(5.0), 0.65, pixel)
                + layer(q, Vec3::splat(10.0), 0.33, pixel)
                + layer(q, Vec3::splat(20.0), 0.16, pixel)
                + layer(q, Vec3::splat(41.0), 0.08, pixel)
        }
        Relief::Stone => layer(q, Vec3::splat(6.0), 1.1, pixel) + layer(q, Vec3::splat(12.0), 0.55, pixel) + layer(q, Vec3::splat(24.0), 0.27, pixel),
        Relief::Fur => layer(q, Vec3::new(260.0, 260.0, 22.0), 0.5, pixel) + layer(q, Vec3::new(90.0, 90.0, 12.0), 0.6, pixel),
        Relief::Brushed => layer(q, Vec3::new(5.0, 240.0, 240.0), 0.5, pixel) + layer(q, Vec3::splat(9.0), 0.5, pixel),
        Relief::Sand => {
            let crests = layer(q, Vec3::new(1.1, 1.0, 7.0), 0.8, pixel) + layer(q, Vec3::splat(2.2), 1.2, pixel);
            crests + layer(q, Vec3::splat(210.0), 0.05, pixel)
        }
        Relief::Hair => layer(q, Vec3::new(120.0, 13.0, 120.0), 0.6, pixel) + layer(q, Vec3::new(45.0, 6.0, 45.0), 0.6, pixel),
        Relief::Weave => {
            if pixel > 0.012 {
                return zero;
            }
            let f = 1.0 / 0.014;
            let (_, a) = wave((q.x + q.z) * f);
            let (_, b) = wave(q.y * f);
            V3::new(a, b, a) * (0.22 * f) + layer(q, Vec3::splat(60.0), 0.3, pixel)
        }
        Relief::Knit => {
            if pixel > 0.012 {
                return zero;
            }
            let f = 1.0 / 0.013;
            let (side, along) = wave((q.x + q.z) * (f * 0.5));
            let (_, row) = wave(q.y * f + side.abs() * 0.35);
            let lean = side.above(0.0).select(along, -along) * 0.175;
            V3::new(row * lean, row, row * lean) * (0.4 * f) + layer(q, Vec3::splat(100.0), 0.2, pixel)
        }
    }
}

/// Normals after relief; `pixel` is the least size of a pixel there, in metres.
#[inline(always)]
pub(crate) fn bumped<S: Simd>(m: &Material, n: V3<S>, rest: V3<S>, pixel: F<S>, least: f32) -> V3<S> {
    if m.relief == Relief::None || m.relief_mm <= 0.0 {
        return n;
    }
    let fade = 1.0 / (1.0 + (pixel * 900.0).squared());
    if !fade.above(0.04).any() {
        return n;
    }
    let scale = m.relief_scale;
    let g = slope(m.relief, rest * scale, least * scale) * (fade * (m.relief_mm * 0.001 * scale));
    let g = g - n * g.dot(n);
    // Paint is looked up where the thing rests; turned things get a turned bump, which nobody sees.
    (n - g.clamp(-1.5, 1.5)).unit()
}

/// Albedo under light: paint, coats, mottle and tint.
#[inline(always)]
fn albedo_body<S: Simd>(m: &Material, rest: V3<S>, n: V3<S>, tint: V3<S>, least: f32) -> V3<S> {
    let mut colour = V3::of(m.colour.vec());
    if let Some(texture) = &m.texture {
        colour = colour * looked_up(texture, rest.x, rest.y, least);
    }
    for coat in m.coats.iter() {
        let amount = coverage(coat, rest, n) * coat.amount;
        colour = colour.mix(V3::of(coat.colour.vec()), amount);
    }
    colour = colour * tint;
    if m.mottle > 0.0 {
        colour = colour * (1.0 + mottle(m.relief, rest * m.relief_scale, least * m.relief_scale) * m.mottle);
    }
    colour
}

/// How much of a coat lies at a point, 0..1.
#[inline(always)]
fn coverage_body<S: Simd>(coat: &Coat, rest: V3<S>, n: V3<S>) -> F<S> {
    let p = if coat.mirror { V3::new(rest.x.abs(), rest.y, rest.z) } else { rest };
    // Metres inside the painted region.
    let inside = match coat.mask {
        Mask::All => return F::of(1.0),
        Mask::Upward { above } => return ((n.y - above) * (1.0 / coat.soft.max(0.02)) + 0.5).clamp01(),
        Mask::Beyond { towards, offset } => p.dot_with(towards) - offset,
        Mask::Ball { centre, radii } => {
            let q = (p - V3::of(centre)).times(radii.max(Vec3::splat(1e-4)).recip());
            let k = q.length();
            (1.0 - k) * radii.min_element()
        }
        Mask::Capsule { from, to, radius } => {
            let (a, along) = (p - V3::of(from), to - from);
            let h = (a.dot_with(along) * (1.0 / along.length_squared().max(1e-12))).clamp01();
            radius - (a - V3::of(along) * h).length()
        }
        Mask::Bands { across, period, share } => {
            let period = period.max(1e-4);
            let t = p.dot_with(across) * (1.0 / period);
            let t = (t - t.floor() - 0.5).abs();
            (share * 0.5 - t) * period
        }
        Mask::Spots { size, share } => {
            let size = size.max(1e-4);
            let q = p * (1.0 / size);
            let v = noise(q) * 0.5 + 0.5;
            // The noise rises by about one over half a spot.
            (v - (0.82 - 0.64 * share)) * size
        }
    };
    let mut inside = inside;
    // Only the border wanders.
    if coat.wobble > 0.0 && inside.abs().lt(F::of(coat.wobble * 1.01 + coat.soft)).any() {
        inside = inside + noise(p * (0.25 / coat.wobble)) * coat.wobble;
    }
    (inside * (1.0 / coat.soft.max(1e-4)) + 0.5).clamp01()
}

piece! {
    /// The relief's slope in rest space for a height of one metre; octaves finer than a pixel (metres) are left out.
    fn slope(relief: Relief, q: V3<S>, pixel: f32) -> V3<S> = slope_body
}

piece! {
    /// Albedo under light: paint, coats, mottle and tint.
    fn albedo(m: &'a Material, rest: V3<S>, n: V3<S>, tint: V3<S>, least: f32) -> V3<S> = albedo_body
}

piece! {
    /// How much of a coat lies at a point, 0..1.
    fn coverage(coat: &'a Coat, rest: V3<S>, n: V3<S>) -> F<S> = coverage_body
}
