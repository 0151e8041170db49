//! Filters: a state-variable filter whose cutoff may move, a one-pole, and the fixed biquad.

use super::RATE;
use kinora_base::maths;

/// The state-variable filter of Zavalishin (trapezoidal), which stays stable while its cutoff moves.
#[derive(Clone, Debug)]
pub(crate) struct Svf {
    a1: f32,
    a2: f32,
    a3: f32,
    k: f32,
    s1: f32,
    s2: f32,
}

/// What a [`Svf`] gives out at one sample.
#[derive(Clone, Copy)]
pub(crate) struct Outputs {
    pub(crate) low: f32,
    /// With unit gain at its centre.
    pub(crate) band: f32,
    pub(crate) high: f32,
}

impl Svf {
    pub(crate) fn new(hertz: f32, q: f32) -> Self {
        let mut filter = Self { a1: 0.0, a2: 0.0, a3: 0.0, k: 1.0, s1: 0.0, s2: 0.0 };
        filter.tune(hertz, q);
        filter
    }
    /// Moves the cutoff; the state stays.
    pub(crate) fn tune(&mut self, hertz: f32, q: f32) {
        let g = maths::tan(std::f32::consts::PI * (hertz / RATE).clamp(0.0002, 0.45));
        self.k = 1.0 / q.max(0.1);
        self.a1 = 1.0 / (1.0 + g * (g + self.k));
        self.a2 = g * self.a1;
        self.a3 = g * self.a2;
    }
    pub(crate) fn next(&mut self, x: f32) -> Outputs {
        let v3 = x - self.s2;
        let v1 = self.a1 * self.s1 + self.a2 * v3;
        let v2 = self.s2 + self.a2 * self.s1 + self.a3 * v3;
        // The tiny offset keeps a filter that rings out away from denormal numbers, which are slow.
        self.s1 = 2.0 * v1 - self.s1 + 1e-20;
        self.s2 = 2.0 * v2 - self.s2;
        Outputs { low: v2, band: self.k * v1, high: x - self.k * v1 - v2 }
    }
}

/// The factor of a one-pole low-pass at a cutoff.
pub(crate) fn one_pole_factor(hertz: f32) -> f32 {
    1.0 - maths::exp(-std::f32::consts::TAU * (hertz / RATE).clamp(0.0, 0.5))
}

/// A biquad with fixed factors, as standards print them.
#[derive(Clone, Debug)]
pub(crate) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    s1: f64,
    s2: f64,
}

impl Biquad {
    pub(crate) fn new(b: [f64; 3], a: [f64; 2]) -> Self {
        Self { b, a, s1: 0.0, s2: 0.0 }
    }
    pub(crate) fn next(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.s1;
        self.s1 = self.b[1] * x - self.a[0] * y + self.s2 + 1e-25;
        self.s2 = self.b[2] * x - self.a[1] * y;
        y
    }
}
