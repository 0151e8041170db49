//! Looks in the scene: what a look changes before anything is drawn. From the `look:` section of a file of `assets/looks` and
//! a dressed set with its light come other light and air, lamps, strange things, and other materials; what the look does
//! to the picture itself is `kinora_render::looks`.

use crate::{Piece, Set, WorldError};
use glam::Vec3;
use kinora_base::maths::{cos, sin};
use kinora_base::{LinearRgb, Seed};
use kinora_render::looks::Look;
use kinora_render::scene::{Instance, Lamp, Light, Material, Relief};
use kinora_solids::facts::PropFacts;
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// The `look:` section. A look without one is the renderer's own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LookSection {
    /// What the look does to the scene.
    pub scene: SceneLook,
    /// What it does to the picture.
    pub picture: Look,
}

/// What a look does to the scene.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SceneLook {
    /// Light under the sky.
    pub light: LightTurn,
    /// Light in rooms.
    pub room: LightTurn,
    /// What surfaces are made of.
    pub materials: Makeover,
    /// Lamps beside those of the place: where, in halves of the stage across, metres up, and halves deep; colour at a metre; reach.
    pub lamps: Vec<((f32, f32, f32), LinearRgb, f32)>,
    /// Things that have no business here.
    pub things: Vec<Strange>,
    /// The share of what stands around that has left the ground, and how high, metres.
    pub adrift: (f32, f32, f32),
}

/// What a look does to light. Factors are 1 and the rest is left out where nothing changes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LightTurn {
    /// Factor on the sun or moon, by colour.
    pub sun: LinearRgb,
    /// Colour of the sun or moon in place of its own.
    pub key: Option<LinearRgb>,
    /// Degrees from the camera's view (0 = against the lens, 90 = from the right) and above the horizon.
    pub sun_from: Option<(f32, f32)>,
    /// Width of its penumbra over the blocker's distance.
    pub sun_size: Option<f32>,
    /// Overhead, at the horizon, from the ground.
    pub sky: Option<(LinearRgb, LinearRgb, LinearRgb)>,
    /// How much of that sky is used, 0..1.
    pub sky_share: f32,
    /// The sky is as dark by night as the scene's own; else it is as given at every hour.
    pub by_day: bool,
    /// Factor on light from sky and ground.
    pub ambient: f32,
    /// Factor on the light from beside the lens.
    pub fill: f32,
    /// Factor on the rim, by colour.
    pub rim: LinearRgb,
    /// Factor on exposure.
    pub exposure: f32,
    /// Factor on sky and ground light, and exposure, in place of the scene's own.
    pub level: Option<(f32, f32)>,
    /// Fog per metre, the height over which it thins, and its colour.
    pub fog: Option<(f32, f32, LinearRgb)>,
    /// Glow around the sun.
    pub haze: Option<LinearRgb>,
    /// Bloom and its threshold.
    pub bloom: Option<(f32, f32)>,
    /// Cloud cover, 0..1.
    pub clouds: Option<f32>,
    /// Stars, 0..1.
    pub stars: Option<f32>,
    /// The sun's disc, radians across.
    pub disc: Option<f32>,
    /// Wet ground, 0..1, at least.
    pub wet: f32,
    /// Factor on the darkening of corners.
    pub vignette: f32,
    /// Factor on all lamps of the place, by colour.
    pub lamps: LinearRgb,
}

impl Default for LightTurn {
    fn default() -> Self {
        Self {
            sun: LinearRgb::WHITE,
            key: None,
            sun_from: None,
            sun_size: None,
            sky: None,
            sky_share: 1.0,
            by_day: true,
            ambient: 1.0,
            fill: 1.0,
            rim: LinearRgb::WHITE,
            exposure: 1.0,
            level: None,
            fog: None,
            haze: None,
            bloom: None,
            clouds: None,
            stars: None,
            disc: None,
            wet: 0.0,
            vignette: 1.0,
            lamps: LinearRgb::WHITE,
        }
    }
}

/// What surfaces become. Eyes, glass, water and what glows keep their nature.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Makeover {
    /// Another relief, its height in millimetres, and its scale.
    pub relief: Option<(Relief, f32, f32)>,
    /// Factor on the height of the relief that is there.
    pub relief_factor: f32,
    /// Roughness at least.
    pub roughness: f32,
    /// Factor on reflectance.
    pub specular: f32,
    /// Sheen at least.
    pub sheen: f32,
    /// Factor on albedo noise.
    pub mottle: f32,
    /// Added to albedo noise.
    pub mottle_more: f32,
    /// Factor on emission, by colour.
    pub emission: LinearRgb,
}

impl Default for Makeover {
    fn default() -> Self {
        Self { relief: None, relief_factor: 1.0, roughness: 0.0, specular: 1.0, sheen: 0.0, mottle: 1.0, mottle_more: 0.0, emission: LinearRgb::WHITE }
    }
}

/// Things that have no business here.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Strange {
    /// Entries of `props`, one after another.
    pub props: Vec<String>,
    /// How many.
    pub count: usize,
    /// Distances from the middle, metres.
    pub ring: (f32, f32),
    /// Degrees to either side of straight behind the stage.
    pub spread: f32,
    /// How high their feet are over the ground, metres.
    pub height: (f32, f32),
    /// How tall they are, metres.
    pub size: (f32, f32),
    /// In rooms, behind whoever acts, and not under the sky.
    pub in_rooms: bool,
}

/// The `look:` section of that name; the default where there is none.
///
/// # Errors
/// If the file is broken.
pub fn look(vocabulary: &Vocabulary, name: &str) -> Result<LookSection, WorldError> {
    Ok(vocabulary.get(Kind::Look, name).map(|a| a.section("look")).transpose()?.flatten().unwrap_or_default())
}

impl LookSection {
    /// What the renderer is told: nothing, if the picture stays as it is.
    #[must_use]
    pub fn of_picture(&self) -> Option<Arc<Look>> {
        (self.picture != Look::default()).then(|| Arc::new(self.picture.clone()))
    }

    /// Changes a dressed set and its light.
    pub fn change(&self, set: &mut Set, light: &mut Light, vocabulary: &Vocabulary, seed: Seed) {
        let scene = &self.scene;
        let turn = if set.indoors { &scene.room } else { &scene.light };
        if *turn != LightTurn::default() {
            turn.apply(light, set);
        }
        add_lamps(&scene.lamps, set);
        if !set.indoors {
            set_adrift(scene.adrift, set, vocabulary, seed.child("adrift"));
        }
        let indoors = set.indoors;
        for (n, strange) in scene.things.iter().enumerate().filter(|(_, s)| s.in_rooms == indoors) {
            strew(strange, set, vocabulary, seed.child("strange").index(n as u64));
        }
    }
}

impl LightTurn {
    fn apply(&self, light: &mut Light, set: &mut Set) {
        light.sun = self.key.unwrap_or(light.sun) * self.sun;
        if let Some((azimuth, height)) = self.sun_from.filter(|_| !set.airless && !set.underwater) {
            let (a, h) = (azimuth.to_radians(), height.to_radians());
            let towards = Vec3::new(sin(a) * cos(h), sin(h), -cos(a) * cos(h));
            light.sun_direction = glam::Quat::from_rotation_y(if set.indoors { 0.0 } else { set.stage_area.best_view }) * towards;
        }
        light.sun_size = self.sun_size.unwrap_or(light.sun_size);
        if let Some((zenith, horizon, ground)) = self.sky.filter(|_| !set.airless && !set.underwater) {
            let day = if self.by_day { (light.horizon.luminance() / 0.62).clamp(0.04, 1.0) } else { 1.0 };
            let towards = |from: LinearRgb, to: LinearRgb| from.mix(to * day, self.sky_share);
            (light.zenith, light.horizon, light.ground) = (towards(light.zenith, zenith), towards(light.horizon, horizon), towards(light.ground, ground));
            light.fog_colour = light.fog_colour.mix(light.horizon, self.sky_share * 0.8);
        }
        (light.ambient, light.exposure) = self.level.unwrap_or((light.ambient, light.exposure));
        light.ambient *= self.ambient;
        light.fill *= self.fill;
        light.rim = light.rim * self.rim;
        light.exposure *= self.exposure;
        if let Some((fog, height, colour)) = self.fog.filter(|_| !set.airless && !set.underwater) {
            (light.fog, light.fog_height, light.fog_colour) = (light.fog.max(fog), height, colour);
        }
        light.haze = self.haze.unwrap_or(light.haze);
        (light.bloom, light.bloom_threshold) = self.bloom.unwrap_or((light.bloom, light.bloom_threshold));
        if !set.airless && !set.underwater && !set.indoors {
            light.clouds = self.clouds.unwrap_or(light.clouds);
            light.stars = self.stars.unwrap_or(light.stars);
            light.disc = self.disc.unwrap_or(light.disc);
            light.wet = light.wet.max(self.wet);
            if light.wet > 0.0 && light.mirror.is_none() {
                // Wet ground mirrors where it is level.
                light.mirror = Some(0.0);
            }
        }
        light.vignette = (light.vignette * self.vignette).clamp(0.0, 0.95);
        for lamp in &mut set.lamps {
            lamp.colour = lamp.colour * self.lamps;
        }
    }
}

/// Lamps of the look come first: a picture has at most sixteen.
fn add_lamps(lamps: &[((f32, f32, f32), LinearRgb, f32)], set: &mut Set) {
    let half = set.stage_area.half;
    let place = |at: &(f32, f32, f32)| {
        let p = Vec3::new(at.0 * half.x, at.1, at.2 * half.y);
        match set.stage_area.room {
            Some((low, high)) => p.clamp(low + Vec3::splat(0.3), high - Vec3::splat(0.3)),
            None => Vec3::new(p.x, p.y + set.terrain.height(p.x, p.z), p.z),
        }
    };
    let own: Vec<Lamp> = lamps.iter().map(|(at, colour, reach)| Lamp { position: place(at), colour: *colour, reach: *reach, clear: 0.0, beam: None }).collect();
    set.lamps.splice(0..0, own);
}

fn facts(vocabulary: &Vocabulary, prop: &str) -> PropFacts {
    vocabulary.get(Kind::Prop, prop).and_then(|a| a.section("prop").ok().flatten()).unwrap_or_default()
}

/// Lifts some of what stands around, off the stage and without lamps.
fn set_adrift((share, low, high): (f32, f32, f32), set: &mut Set, vocabulary: &Vocabulary, seed: Seed) {
    if share <= 0.0 {
        return;
    }
    let away = set.stage_area.half.length() + 1.0;
    for (n, piece) in set.pieces.iter_mut().enumerate().filter(|(_, p)| p.id == 0 && p.kind == Kind::Prop) {
        let mut rng = seed.index(n as u64).rng();
        let facts = facts(vocabulary, &piece.prop);
        let heavy = facts.obstacle.is_some() || facts.size > 1.0;
        if rng.unit() < share && heavy && facts.lamp.is_none() && Vec3::new(piece.position.x, 0.0, piece.position.z).length() > away {
            piece.position.y += rng.range(low, high);
        }
    }
}

fn strew(strange: &Strange, set: &mut Set, vocabulary: &Vocabulary, seed: Seed) {
    let known: Vec<&String> = strange.props.iter().filter(|p| vocabulary.get(Kind::Prop, p).is_some()).collect();
    if known.is_empty() {
        return;
    }
    for n in 0..strange.count.min(200) {
        let mut rng = seed.index(n as u64).rng();
        let prop = known[n % known.len()];
        // One after another across the view, each a little out of line.
        let across = ((n as f32 + rng.range(0.2, 0.8)) / strange.count as f32 * 2.0 - 1.0) * strange.spread;
        let turn = across.to_radians() + set.stage_area.best_view;
        let far = rng.range(strange.ring.0, strange.ring.1).max(set.stage_area.half.length() + 1.5);
        let (x, z) = (sin(turn) * far, -cos(turn) * far);
        let ground = set.terrain.height(x, z).max(set.stage_area.water_level.unwrap_or(f32::MIN));
        let (size, height) = (rng.range(strange.size.0, strange.size.1), rng.range(strange.height.0, strange.height.1));
        let scale = size / facts(vocabulary, prop).size.max(0.02);
        let position = match set.stage_area.room {
            // Along the far wall, between floor and ceiling.
            Some((low, high)) => {
                let share = (n as f32 + rng.range(0.3, 0.7)) / strange.count as f32;
                let (x, y) = (low.x + (high.x - low.x) * (0.12 + 0.76 * share), (low.y + height).min(high.y - size - 0.1).max(low.y));
                Vec3::new(x, y, low.z + size * 0.5 + 0.25 + rng.unit() * 0.6)
            }
            None => Vec3::new(x, ground + height, z),
        };
        let yaw = rng.range(-0.6, 0.6);
        set.pieces.push(Piece::new(prop, position, yaw, scale));
    }
}

impl Makeover {
    /// Changes what instances are made of.
    pub fn apply(&self, instances: &mut [Instance]) {
        if *self == Self::default() {
            return;
        }
        // What is shared stays shared. The old ones are kept too, or another could take the place of one.
        let mut made: HashMap<*const Material, [Arc<[Material]>; 2]> = HashMap::new();
        for instance in instances {
            let old = instance.materials.clone();
            let [_, new] = made.entry(old.as_ptr()).or_insert_with(|| {
                let new = old.iter().map(|m| self.of(m)).collect();
                [old, new]
            });
            instance.materials = new.clone();
        }
    }

    fn of(&self, m: &Material) -> Material {
        let mut m = m.clone();
        m.emission = m.emission * self.emission;
        // Eyes, glass and water stay what they are.
        if m.relief == Relief::Ripples || m.emission.luminance() > 0.0 || (m.roughness < 0.3 && m.specular >= 0.05) {
            return m;
        }
        if let Some((relief, millimetres, scale)) = self.relief.filter(|_| m.texture.is_none()) {
            (m.relief, m.relief_mm, m.relief_scale) = (relief, millimetres, scale);
        }
        m.relief_mm *= self.relief_factor;
        m.roughness = m.roughness.max(self.roughness);
        m.specular *= self.specular;
        m.sheen = m.sheen.max(self.sheen);
        // A picture brings its own grain.
        m.mottle = if m.texture.is_some() { 0.0 } else { m.mottle * self.mottle + self.mottle_more };
        m
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_is_read_and_only_clay_changes_nothing() {
        let vocabulary = Vocabulary::builtin().expect("builtin files");
        let mut count = 0;
        for asset in vocabulary.of(Kind::Look) {
            let section = look(&vocabulary, &asset.id).unwrap_or_else(|e| panic!("{}: {e}", asset.id));
            assert_eq!(section == LookSection::default(), asset.id == "clay", "{} has a section that does something", asset.id);
            for strange in &section.scene.things {
                for prop in &strange.props {
                    assert!(vocabulary.get(Kind::Prop, prop).is_some(), "{} strews {prop}", asset.id);
                }
            }
            count += 1;
        }
        assert!(count >= 15, "{count} looks");
    }

    #[test]
    fn eyes_and_water_keep_their_nature() {
        let felt = Makeover { relief: Some((Relief::Felt, 2.0, 1.0)), roughness: 0.9, ..Makeover::default() };
        let eye = Material { roughness: 0.16, specular: 0.06, relief: Relief::None, ..Material::default() };
        let water = Material { relief: Relief::Ripples, ..Material::default() };
        assert_eq!(felt.of(&eye), eye, "an eye shines");
        assert_eq!(felt.of(&water), water, "water is water");
        assert_eq!(felt.of(&Material::default()).relief, Relief::Felt, "clay becomes felt");
    }
}
