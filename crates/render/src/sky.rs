//! The sky: gradient, haze round the sun, clouds, sun or moon disc and stars.

use crate::lanes::maths::{cell_hash, exp, noise, pow};
use crate::lanes::{F, Simd, V3, map3, piece};
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
    eye: Vec3,
    time: f32,
    clouds: f32,
    stars: f32,
    aurora: f32,
    banks: f32,
    disc_cos: f32,
    /// The disc is the moon's.
    moon: bool,
    drift: Vec3,
    /// The sun's side of the horizon, and what is taken from the colour of the other side.
    side: Vec3,
    far_side: Vec3,
    /// Green that is added half way up: orange and blue would meet in mauve.
    belt: f32,
}

impl Air {
    pub(crate) fn new(light: &Light, time: f32, eye: Vec3) -> Self {
        let sun_direction = light.sun_direction.normalize_or(Vec3::Y);
        let (zenith, horizon, sun) = (light.zenith.vec(), light.horizon.vec(), light.sun.vec());
        let moon = light.stars > 0.2 && light.sun.luminance() < 0.8;
        let low = (1.0 - (sun_direction.y - 0.1) / 0.35).clamp(0.0, 1.0) * if moon { 0.0 } else { (light.haze.luminance() * 1.5).min(1.0) };
        let middle = (zenith + horizon) * 0.5;
        let open = !light.indoors && light.caustics <= 0.0;
        // Far things take the colour of the sky behind them, not that of the mist before it.
        let fog_colour = if open { light.fog_colour.vec().lerp(horizon * 0.9, 0.3) } else { light.fog_colour.vec() };
        let width = light.disc.min(1.0) * if moon { 0.9 } else { 0.5 };
        Self {
            sun_direction,
            sun,
            zenith,
            horizon,
            ground: light.ground.vec(),
            haze: light.haze.vec(),
            fog_colour,
            fog: light.fog.max(0.0),
            fog_height: light.fog_height.max(0.1),
            eye,
            time,
            clouds: light.clouds.clamp(0.0, 1.0),
            stars: light.stars.clamp(0.0, 1.0),
            aurora: light.aurora.clamp(0.0, 1.0) * light.stars.clamp(0.0, 1.0),
            banks: light.banks.clamp(0.0, 1.0),
            disc_cos: if light.disc > 0.0 { kinora_base::maths::cos(width) } else { 2.0 },
            moon,
            drift: Vec3::new(light.wind.x, 0.0, light.wind.z) * (time * 0.012) + Vec3::Y * (time * 0.01),
            side: Vec3::new(sun_direction.x, 0.0, sun_direction.z).normalize_or_zero() * 0.5,
            far_side: Vec3::new(0.34, 0.30, 0.10) * low,
            belt: ((middle.x + middle.z) * 0.51 - middle.y).max(0.0) * 4.0,
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
        let away = 0.5 - d.dot_with(self.side);
        let horizon = map3!(V3::of(self.far_side), c => 1.0 - c * away).times(self.horizon);
        let rise = 1.0 - exp(up * -4.6);
        let mut colour = horizon.mix(V3::of(self.zenith), rise) + V3::of(self.haze) * glow;
        colour.y = colour.y + rise * (1.0 - rise) * self.belt;
        colour
    }

    /// Sky with clouds, and how much they cover, in unit directions. Smooth: made on a coarse grid.
    #[inline(always)]
    pub(crate) fn sky<S: Simd>(&self, d: V3<S>) -> (V3<S>, F<S>) {
        sky_apart(self, d)
    }

    #[inline(always)]
    fn sky_body<S: Simd>(&self, d: V3<S>) -> (V3<S>, F<S>) {
        let mut colour = self.clear(d);
        if self.stars > 0.4 {
            colour = colour + self.milky_way(d);
        }
        if self.aurora > 0.0 {
            colour = colour + aurora_apart(self, d);
        }
        if self.clouds <= 0.0 || !d.y.above(0.0).any() {
            return (colour, F::of(0.0));
        }
        let toward = d.dot_with(self.sun_direction);
        let up = d.y.at_least(0.02);
        let q = V3::new(d.x / (up + 0.14), F::of(0.0), d.z / (up + 0.14)) + V3::of(self.drift);
        let warp = noise(q * 0.7 + V3::of(Vec3::new(3.1, 0.0, 7.7)));
        let q = V3::new(q.x * 0.95 + warp * 0.4, q.y, q.z * 1.5 + warp * 0.2);
        let large = noise(q) * 0.55 + noise(q * 2.03 + V3::same(F::of(7.1))) * 0.27;
        let n = large + noise(q * 4.1 + V3::same(F::of(3.7))) * 0.14 + noise(q * 8.3) * 0.075 + noise(q * 16.9) * 0.04;
        let edge = 0.34 - self.clouds * 0.92;
        let cover = n.smooth(edge, edge + 0.30) * d.y.smooth(0.01, 0.12) * (0.55 + 0.45 * self.clouds);
        if !cover.above(0.0).any() {
            return (colour, F::of(0.0));
        }
        // The side of a heap that looks at the sun is where it grows thinner towards it.
        let aside = V3::of(Vec3::new(self.sun_direction.x, 0.0, self.sun_direction.z) * 0.34);
        let before = noise(q + aside) * 0.55 + noise((q + aside) * 2.03 + V3::same(F::of(7.1))) * 0.27;
        let thick = ((n - edge) * 1.25).clamp01();
        let lit = ((large - before) * 1.5 + (0.72 - thick * 0.42)).clamp01();
        let bright = self.horizon * 0.5 + self.zenith * 0.22 + self.sun * 0.20;
        let shade = self.horizon * 0.34 + self.zenith * 0.46 + self.sun * 0.015;
        let silver = pow(toward.clamp01(), 10.0) * (1.0 - thick) * 0.9;
        let cloud = V3::of(shade).mix(V3::of(bright), lit) + V3::of(self.haze) * silver;
        // Low clouds stand in the haze.
        let cloud = colour.mix(cloud, d.y.smooth(0.0, 0.25) * 0.6 + 0.4);
        (colour.mix(cloud, cover), cover)
    }

    /// A faint band of light across the night.
    #[inline(always)]
    fn milky_way<S: Simd>(&self, d: V3<S>) -> V3<S> {
        let off = d.dot_with(Vec3::new(0.62, 0.50, -0.60)).abs();
        let band = (1.0 - off * 3.2).at_least(0.0).squared();
        if !band.above(0.0).any() {
            return V3::same(F::of(0.0));
        }
        let cloud = (noise(d * 5.0) * 0.5 + noise(d * 11.0) * 0.35 + 0.55).at_least(0.0);
        V3::of(Vec3::new(0.050, 0.056, 0.085)) * (band * cloud * d.y.smooth(0.0, 0.25) * ((self.stars - 0.4) * 1.6))
    }

    /// Curtains of northern light: a folded line over the land, drawn upwards in six layers, green below and violet above.
    #[inline(always)]
    fn aurora_body<S: Simd>(&self, d: V3<S>) -> V3<S> {
        let mut sum = V3::same(F::<S>::of(0.0));
        let low = d.y.smooth(0.03, 0.16);
        if !low.above(0.0).any() {
            return sum;
        }
        let t = self.time;
        for k in 0..6 {
            let height = 1.0 + 0.13 * k as f32;
            let over = 1.0 / (d.y.at_least(0.02) + 0.10) * height;
            let (x, z) = (d.x * over, d.z * over);
            let fold = noise(V3::new(x * 0.55, F::of(t * 0.07), z * 0.55));
            let line = noise(V3::new(x * 0.34 + fold * 0.75, F::of(3.0 + t * 0.035), z * 1.15 + fold * 0.6));
            let ridge = (1.0 - line.abs() * 5.5).at_least(0.0);
            // Rays stand in the curtain and run along it.
            let rays = noise(V3::new(x * 5.5 + t * 0.25, F::of(0.6), z * 5.5)) * 0.35 + 0.65;
            let fade = [0.55, 1.0, 0.8, 0.55, 0.35, 0.2][k];
            let colour = Vec3::new(0.10, 0.62, 0.30).lerp(Vec3::new(0.42, 0.12, 0.62), k as f32 / 5.0);
            sum = sum + V3::of(colour) * (ridge.squared() * rays * fade);
        }
        sum * (low * (self.aurora * 0.55))
    }

    /// Sun or moon disc and stars over a sky with cloud `cover`.
    #[inline(always)]
    pub(crate) fn lights<S: Simd>(&self, sky: V3<S>, d: V3<S>, cover: F<S>) -> V3<S> {
        let mut colour = sky;
        if self.disc_cos < 1.5 {
            let toward = d.dot_with(self.sun_direction);
            if toward.above(0.93).any() {
                // A corona that clouds let through.
                let m = toward.at_least(0.0).squared().squared().squared();
                let m64 = m.squared().squared().squared();
                let corona = m64 * 0.35 + m64.squared().squared() * 0.8;
                colour = colour + V3::of(self.haze * 0.7 + self.sun * if self.moon { 0.30 } else { 0.05 }) * (corona * (1.0 - cover * 0.6));
            }
            if toward.above(self.disc_cos).any() {
                let w = (1.0 - self.disc_cos).max(1e-6);
                let disc = ((toward - self.disc_cos) * (1.0 / (0.12 * w))).clamp01() * (1.0 - cover * 0.9);
                let mut face = V3::of(self.sun * 2.2 + self.haze * 2.0 + Vec3::splat(0.25));
                if self.moon {
                    // Seas on the moon.
                    let scale = 1.6 / w.sqrt();
                    let seas = noise((d - V3::of(self.sun_direction)) * scale + V3::of(Vec3::new(2.3, 5.1, 1.7)))
                        + noise((d - V3::of(self.sun_direction)) * (scale * 2.6)) * 0.4;
                    face = V3::of(Vec3::new(1.35, 1.32, 1.18)) * (1.0 - seas.smooth(0.0, 0.5) * 0.42);
                }
                colour = colour.mix(face, disc);
            }
        }
        if self.stars > 0.0 {
            // One cell in sixty has a star in its middle.
            let (chance, within) = cell_hash(d * 150.0);
            let lucky = ((chance - 0.955) * 34.0).clamp01();
            if lucky.above(0.0).any() {
                let off = within - V3::same(F::of(0.5));
                let spark = (1.0 - off.dot(off) * 14.0).at_least(0.0).squared();
                // They are of different brightness, and a little warm or cold.
                let bright = ((chance - 0.955) * 22.0).squared() * 2.2 + 0.35;
                let warm = chance * 977.0;
                let warm = warm - warm.floor();
                let tint = V3::of(Vec3::new(0.80, 0.92, 1.20)).mix(V3::of(Vec3::new(1.15, 0.98, 0.78)), warm);
                colour = colour + tint * (spark * lucky * bright * d.y.smooth(0.02, 0.3) * (1.0 - cover) * (self.stars * 1.3));
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
        let mut thick = exp(middle * (-1.0 / self.fog_height)) * distance * self.fog;
        if self.banks > 0.0 {
            thick = thick * self.bank(d, distance);
        }
        let amount = 1.0 - exp(-thick);
        let m = d.dot_with(self.sun_direction).at_least(0.0);
        let m4 = m.squared().squared();
        let m8 = m4 * m4;
        let glow = m4 * 0.6 + m8 * m8 * m8 * 0.5;
        colour.mix(V3::of(self.fog_colour) + V3::of(self.haze) * glow, amount)
    }

    /// How much thicker than its mean fog is along rays: banks lie low and drift, with clear air between them.
    #[inline(always)]
    fn bank<S: Simd>(&self, d: V3<S>, distance: F<S>) -> F<S> {
        let along = |share: f32, most: f32| {
            let p = V3::of(self.eye) + d * (distance * share).at_most(most);
            let q = p.times(Vec3::new(0.07, 0.22, 0.07)) - V3::of(self.drift * 6.0);
            let lump = noise(q) * 0.7 + noise(q * 2.3 + V3::same(F::of(4.4))) * 0.35;
            let lying = exp((p.y * -0.16).at_most(0.0));
            (lump * 1.9 + 0.85).at_least(0.0) * (lying * 1.1 + 0.35)
        };
        let bank = along(0.55, 22.0) * 0.5 + along(0.92, 60.0) * 0.5;
        1.0 - (1.0 - bank) * self.banks
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

#[inline(always)]
fn aurora_of<S: Simd>(air: &Air, d: V3<S>) -> V3<S> {
    air.aurora_body(d)
}
piece! {
    fn aurora_apart(air: &'a Air, d: V3<S>) -> V3<S> = aurora_of
}
