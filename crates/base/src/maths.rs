//! The transcendentals that everybody uses: `libm`, which gives the same bits on every machine.
//! The methods of `f32` and `f64` with the same names are disallowed by `clippy.toml`.

/// The direction of a yaw on the ground: 0 is +z, positive towards +x.
#[must_use]
pub fn direction(yaw: f32) -> glam::Vec3 {
    glam::Vec3::new(sin(yaw), 0.0, cos(yaw))
}

/// Sine of an angle in radians.
#[must_use]
pub fn sin(x: f32) -> f32 {
    libm::sinf(x)
}
/// Cosine of an angle in radians.
#[must_use]
pub fn cos(x: f32) -> f32 {
    libm::cosf(x)
}
/// Tangent of an angle in radians.
#[must_use]
pub fn tan(x: f32) -> f32 {
    libm::tanf(x)
}
/// Arc sine, clamped to its domain.
#[must_use]
pub fn asin(x: f32) -> f32 {
    libm::asinf(x.clamp(-1.0, 1.0))
}
/// Arc cosine, clamped to its domain.
#[must_use]
pub fn acos(x: f32) -> f32 {
    libm::acosf(x.clamp(-1.0, 1.0))
}
/// Arc tangent.
#[must_use]
pub fn atan(x: f32) -> f32 {
    libm::atanf(x)
}
/// The angle of the point (`x`, `y`).
#[must_use]
pub fn atan2(y: f32, x: f32) -> f32 {
    libm::atan2f(y, x)
}
/// e to the power `x`.
#[must_use]
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}
/// 2 to the power `x`.
#[must_use]
pub fn exp2(x: f32) -> f32 {
    libm::exp2f(x)
}
/// Natural logarithm.
#[must_use]
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}
/// Logarithm to base 2.
#[must_use]
pub fn log2(x: f32) -> f32 {
    libm::log2f(x)
}
/// Logarithm to base 10.
#[must_use]
pub fn log10(x: f32) -> f32 {
    libm::log10f(x)
}
/// `x` to the power `y`.
#[must_use]
pub fn pow(x: f32, y: f32) -> f32 {
    libm::powf(x, y)
}
/// From `a` to `b` as `t` goes from 0 to 1.
#[must_use]
pub fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}
/// 0 below `a`, 1 above `b`, a smooth cubic between.
#[must_use]
pub fn smoothstep(a: f32, b: f32, x: f32) -> f32 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
/// The minimum-jerk curve `6t^5 - 15t^4 + 10t^3` on 0..1: how cameras and hands ease.
#[must_use]
pub fn smootherstep(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}
/// The smooth minimum of two distances with blend width `k` (polynomial, symmetric).
#[must_use]
pub fn smooth_min(a: f32, b: f32, k: f32) -> f32 {
    if k <= 0.0 {
        return a.min(b);
    }
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}
/// The smooth maximum of two distances with blend width `k`.
#[must_use]
pub fn smooth_max(a: f32, b: f32, k: f32) -> f32 {
    -smooth_min(-a, -b, k)
}
/// An angle brought into -pi..pi.
#[must_use]
pub fn wrap_angle(x: f32) -> f32 {
    let turn = std::f32::consts::TAU;
    x - turn * (x / turn).round()
}
/// Decibels as a factor on amplitude: 20 dB is 10.
#[must_use]
pub fn gain_from_decibels(decibels: f32) -> f32 {
    pow(10.0, decibels / 20.0)
}
