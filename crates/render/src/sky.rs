//! The sky: gradient, haze round the sun, clouds, sun or moon disc and stars.

use crate::lanes::maths::{cell_hash, exp, noise, pow};
use crate::lanes::{F, Simd, V3, piece};
use crate::scene::Light;
use glam::Vec3;

/// What of the light the shading kernels want, ready made.
#[derive(Clone, Copy)]
pub(crate) struct Air {
    pub(crate) sun_direction: Vec3,
    pub(crate) sun: Vec3,
    pub(crate) zenith: Vec3,
    pub(crate) horizon: Vec3,
    pub(crate) ground: Vec3,
    pub(crate) haze: Vec3,
    pub(crate) fog_colour: Vec3,
    pub(crate) fog: f32,
    pub(crate) fog_height: f32,
    clouds: f32,
    stars: f32,
    disc_cos: f32,
    drift: Vec3,
}

impl Air {
    pub(crate) fn new(light: &Light, time: f32) -> Self {
        Self {
            sun_direction: light.sun_direction.normalize_or(Vec3::Y),
            sun: light.sun.vec(),
            zenith: light.zenith.vec(),
            horizon: light.horizon.vec(),
            ground: light.ground.vec(),
            haze: light.haze.vec(),
            fog_colour: light.fog_colour.vec(),
            fog: light.fog.max(0.0),
            fog_height: light.fog_height.max(0.1),
            clouds: light.clouds.clamp(0.0, 1.0),
            stars: light.stars.clamp(0.0, 1.0),
            disc_cos: if light.disc > 0.0 { kinora_base::maths::cos(light.disc.min(1.0) * 0.5) } else { 2.0 },
            drift: Vec3::new(light.wind.x, 0.0, light.wind.z) * (time * 0.012) + Vec3::Y * (time * 0.01),
        }
    }

    /// Sky without clouds, disc and stars in unit directions.
    #[inline(always)]
    pub(crate) fn clear<S: Simd>(&self, d: V3<S>) -> V3<S> {
        clear_apart(self, d)
    }

    #[inline(always)]
    fn clear_body<S: Simd>(&self, d: V3<S>) -> V3<S> {
        let up = d.y.at_least(0.0);
        let m = d.dot_with(self.sun_direction).at_least(0.0);
        let (m2, low) = (m * m, (1.0 - up).squared());
        let m6 = m2 * m2 * m2;
        let m48 = (m6 * m6).squared().squared();
        let glow = (m6 * 0.35 + m48 * 0.5) * low;
        V3::of(self.horizon).mix(V3::of(self.zenith), 1.0 - exp(up * -4.6)) + V3::of(self.haze) * glow
    }

    /// Sky with clouds, and how much they cover, in unit directions. Smooth: made on a coarse grid.
    #[inline(always)]
    pub(crate) fn sky<S: Simd>(&self, d: V3<S>) -> (V3<S>, F<S>) {
        sky_apart(self, d)
    }

    #[inline(always)]
    fn sky_body<S: Simd>(&self, d: V3<S>) -> (V3<S>, F<S>) {
        let colour = self.clear(d);
        if self.clouds <= 0.0 {
            return (colour, F::of(0.0));
        }
        let toward = d.dot_with(self.sun_direction);
        let up = d.y.at_least(0.02);
        let q = V3::new(d.x / (up + 0.12), F::of(0.0), d.z / (up + 0.12)) + V3::of(self.drift);
        let warp = noise(q * 0.9 + V3::of(Vec3::new(3.1, 0.0, 7.7)));
        let q = V3::new(q.x * 1.15 + warp * 0.35, q.y, q.z * 1.9);
        let n = noise(q) * 0.5 + noise(q * 2.03 + V3::same(F::of(7.1))) * 0.27 + noise(q * 4.1 + V3::same(F::of(3.7))) * 0.15 + noise(q * 8.3) * 0.08;
        let edge = 0.42 - self.clouds * 0.85;
        let cover = ((n - edge) * (1.0 / 0.38)).clamp01();
        let cover = cover * cover * (3.0 - 2.0 * cover) * d.y.smooth(0.015, 0.16) * (0.35 + 0.65 * self.clouds);
        let bright = self.horizon * 0.55 + self.zenith * 0.25 + self.sun * 0.16;
        let shade = self.horizon * 0.45 + self.zenith * 0.35 + self.sun * 0.02;
        let thick = ((n - edge - 0.12) * 1.6).clamp01();
        let silver = pow(toward.clamp01(), 12.0) * (1.0 - thick) * 0.8;
        let cloud = V3::of(bright).mix(V3::of(shade), thick * 0.8) + V3::of(self.haze) * silver;
        (colour.mix(cloud, cover), cover)
    }

    /// Sun or moon disc and stars over a sky with cloud `cover`.
    #[inline(always)]
    pub(crate) fn lights<S: Simd>(&self, sky: V3<S>, d: V3<S>, cover: F<S>) -> V3<S> {
        let mut colour = sky;
        if self.disc_cos < 1.5 {
            let toward = d.dot_with(self.sun_direction);
            if toward.above(self.disc_cos).any() {
                let w = (1.0 - self.disc_cos).max(1e-6);
                let disc = ((toward - self.disc_cos) * (1.0 / (0.12 * w))).clamp01() * (1.0 - cover * 0.9);
                colour = colour.mix(V3::of(self.sun * 2.2 + self.haze * 2.0 + Vec3::splat(0.25)), disc);
            }
        }
        if self.stars > 0.0 {
            // One cell in sixty has a star in its middle.
            let (chance, within) = cell_hash(d * 150.0);
            let lucky = ((chance - 0.965) * 40.0).clamp01();
            if lucky.above(0.0).any() {
                let off = within - V3::same(F::of(0.5));
                let spark = (1.0 - off.dot(off) * 14.0).at_least(0.0).squared();
                colour = colour + V3::of(Vec3::new(0.9, 0.95, 1.1)) * (spark * lucky * d.y.smooth(0.02, 0.3) * (1.0 - cover) * (self.stars * 1.3));
            }
        }
        colour
    }

    /// Mixes fog over colours at points at `distance` along unit directions; `eye_y` and `y` are heights.
    #[inline(always)]
    pub(crate) fn fogged<S: Simd>(&self, colour: V3<S>, d: V3<S>, distance: F<S>, eye_y: f32, y: F<S>) -> V3<S> {
        fogged_apart(self, colour, d, distance, eye_y, y)
    }

    #[inline(always)]
    fn fogged_body<S: Simd>(&self, colour: V3<S>, d: V3<S>, distance: F<S>, eye_y: f32, y: F<S>) -> V3<S> {
        if self.fog <= 0.0 {
            return colour;
        }
        let middle = ((y + eye_y) * 0.5).at_least(0.0);
        let thick = exp(middle * (-1.0 / self.fog_height)) * distance * self.fog;
        let amount = 1.0 - exp(-thick);
        let m = d.dot_with(self.sun_direction).at_least(0.0);
        let m4 = m.squared().squared();
        let m8 = m4 * m4;
        let glow = m4 * 0.6 + m8 * m8 * m8 * 0.5;
        colour.mix(V3::of(self.fog_colour) + V3::of(self.haze) * glow, amount)
    }

    /// Light from the sky and the ground on surfaces with normal `n`, before `ambient`.
    #[inline(always)]
    pub(crate) fn hemisphere<S: Simd>(&self, n: V3<S>) -> V3<S> {
        let side = V3::of(self.horizon) + V3::of(self.haze) * ((n.dot_with(self.sun_direction) * 0.5 + 0.5) * 0.35);
        let top = V3::of(self.zenith * 0.7 + self.horizon * 0.3);
        side.mix(top, n.y.at_least(0.0)).mix(V3::of(self.ground), (-n.y).at_least(0.0))
    }
}

#[inline(always)]
fn clear_of<S: Simd>(air: &Air, d: V3<S>) -> V3<S> {
    air.clear_body(d)
}
piece! {
    fn clear_apart(air: &'a Air, d: V3<S>) -> V3<S> = clear_of
}

#[inline(always)]
fn sky_of<S: Simd>(air: &Air, d: V3<S>) -> (V3<S>, F<S>) {
    air.sky_body(d)
}
piece! {
    fn sky_apart(air: &'a Air, d: V3<S>) -> (V3<S>, F<S>) = sky_of
}

#[inline(always)]
fn fogged_of<S: Simd>(air: &Air, colour: V3<S>, d: V3<S>, distance: F<S>, eye_y: f32, y: F<S>) -> V3<S> {
    air.fogged_body(colour, d, distance, eye_y, y)
}
piece! {
    fn fogged_apart(air: &'a Air, colour: V3<S>, d: V3<S>, distance: F<S>, eye_y: f32, y: F<S>) -> V3<S> = fogged_of
}
