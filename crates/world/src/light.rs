//! Light of a scene: a row of the art direction's table by time, changed by weather, snow and walls.

use crate::format::{PlaceSection, TimeSection, WeatherSection};
use crate::{Set, WorldError, dress};
use glam::Vec3;
use kinora_base::LinearRgb;
use kinora_base::maths::{cos, mix, sin};
use kinora_plan::Scene;
use kinora_render::scene::{Beam, Lamp, Light, Panes};
use kinora_vocabulary::{Kind, Vocabulary};

/// The `light:` section of a time.
pub(crate) fn time(vocabulary: &Vocabulary, name: &str) -> Result<TimeSection, WorldError> {
    let unknown = || WorldError::Unknown { kind: "time", name: name.to_owned() };
    vocabulary.get(Kind::Time, name).ok_or_else(unknown)?.section("light")?.ok_or_else(unknown)
}

/// The `weather:` section of a weather.
pub(crate) fn weather(vocabulary: &Vocabulary, name: &str) -> Result<WeatherSection, WorldError> {
    let unknown = || WorldError::Unknown { kind: "weather", name: name.to_owned() };
    vocabulary.get(Kind::Weather, name).ok_or_else(unknown)?.section("weather")?.ok_or_else(unknown)
}

/// How much beams show: in rooms with sun and dust, in the mist under a low sun, and under water.
fn shafts(light: &Light, place: &PlaceSection, w: &WeatherSection, wooded: bool) -> f32 {
    if place.airless {
        return 0.0;
    }
    if place.underwater {
        return 0.8;
    }
    let bright = (light.sun.luminance() * 0.5).min(1.0) * (1.0 - w.overcast);
    if light.indoors {
        return (0.3 + 0.7 * w.shafts) * bright;
    }
    if w.shafts > 0.0 {
        return w.shafts;
    }
    let low = 1.0 - ((light.sun_direction.y - 0.25) / 0.35).clamp(0.0, 1.0);
    let strength = bright * low * (light.fog * 60.0).clamp(0.0, 0.8);
    // What nobody would see costs nothing; in the open, air that glows all over would only be milk.
    if strength < 0.12 { 0.0 } else { strength * if wooded { 0.75 } else { 0.35 } }
}

/// Whether trees stand all round.
fn is_wooded(set: &Set) -> bool {
    let trees = set.pieces.iter().filter(|p| matches!(p.prop.as_str(), "pine" | "oak" | "palm" | "bamboo"));
    trees.filter(|p| (p.position - set.stage_area.centre).length() < 32.0).count() >= 24
}

/// The time of a scene: northern lights are seen at night whatever was said.
pub(crate) fn time_under(scene: &Scene, w: &WeatherSection, vocabulary: &Vocabulary) -> Result<TimeSection, WorldError> {
    let said = time(vocabulary, &scene.time)?;
    if w.aurora > 0.0 && said.stars < 0.5 { time(vocabulary, "night") } else { Ok(said) }
}

/// The light of a scene in its set.
///
/// # Errors
/// If time or weather is unknown or its file broken.
pub fn light(scene: &Scene, set: &Set, vocabulary: &Vocabulary) -> Result<Light, WorldError> {
    let w = weather(vocabulary, &scene.weather)?;
    let t = time_under(scene, &w, vocabulary)?;
    let place = dress::section(vocabulary, &set.place)?;
    let mut light = clear(&t, set.stage_area.best_view);
    cloud_over(&mut light, &w);
    if set.snow {
        whiten(&mut light);
    }
    if place.airless {
        empty_sky(&mut light, &t);
    } else if place.underwater {
        sink(&mut light, &t);
    } else if set.indoors {
        within_walls(&mut light, &t);
    }
    if w.shafts > 0.0 && !place.airless && !place.underwater {
        beam(&mut light, &t, if set.indoors { None } else { Some(set.stage_area.best_view) });
        light.panes = set.stage_area.room.filter(|_| set.indoors).map(|room| panes(room, set.stage_area.centre));
    }
    light.shafts = shafts(&light, &place, &w, is_wooded(set));
    // What is only there by chance is left as the trees have it, or nearly.
    light.gaps = if light.indoors || place.underwater || light.shafts <= 0.0 { 0.0 } else { mix(0.5, 1.0, w.shafts) };
    // What lies level and mirrors: water before all, then wet ground, then a polished floor.
    let dry = light.wet <= 0.0;
    light.polish = if dry { place.polish.clamp(0.0, 1.0) } else { 0.0 };
    light.mirror = match set.stage_area.water_level {
        _ if place.underwater => None,
        Some(level) => Some(level),
        None if light.polish > 0.0 || !dry => Some(set.stage_area.room.map_or(0.0, |(low, _)| low.y.max(0.0))),
        None => None,
    };
    Ok(light)
}

/// Degrees at which the sun comes through the windows of a room in which shafts of light stand.
const THROUGH_PANES: (f32, f32) = (-40.0, 38.0);

/// The pools of light that those shafts end in.
pub(crate) fn pools(room: (Vec3, Vec3), middle: Vec3, sun: LinearRgb) -> Vec<Lamp> {
    let panes = panes(room, middle);
    let towards = -sun_direction(THROUGH_PANES.0, THROUGH_PANES.1, 0.0);
    // From under the ceiling, along the beam.
    let up = (room.1.y - room.0.y - 0.2).clamp(1.5, 4.0);
    let from = Vec3::new(panes.row.0, room.0.y, panes.plane) - towards * (up / -towards.y);
    let beam = Some(Beam { towards, spread: 0.22 });
    let lamp = |k: u32| Lamp { position: from + Vec3::X * (panes.row.1 * k as f32), colour: sun * 2.4, reach: 11.0, clear: 0.0, beam };
    (0..panes.count).map(lamp).collect()
}

/// The sun where its shafts are seen: low and before the lens, outdoors; in a room from over the wall at the back.
fn beam(light: &mut Light, t: &TimeSection, view: Option<f32>) {
    let Some(view) = view else {
        light.sun_direction = sun_direction(THROUGH_PANES.0, THROUGH_PANES.1, 0.0);
        light.ambient *= 0.65;
        return;
    };
    let side = if sin(t.azimuth.to_radians()) < 0.0 { -1.0 } else { 1.0 };
    light.sun_direction = sun_direction(side * 30.0, t.height.clamp(24.0, 38.0), view);
    light.sun = light.sun * 1.2;
    light.ambient *= 0.75;
    // Beams are the brightest of the air: what glows all over would drown them.
    light.fog *= 0.6;
    light.haze = light.haze * 0.5;
}

/// Beams of a room about the middle of its stage, from windows or gaps over the wall at the back, so that they come towards the lens.
fn panes((low, high): (Vec3, Vec3), middle: Vec3) -> Panes {
    let period = ((high.x - low.x) / 4.5).clamp(1.5, 3.0);
    let long = (period * 0.4).clamp(0.6, 1.0);
    let first = middle.x - period * 1.7;
    Panes { plane: middle.z - 0.4, tall: (low.y - long, low.y + long), row: (first, period), count: 4, half: period * 0.2 }
}

/// Towards the sun, in the view that looks along -z from +z, turned with the set.
fn sun_direction(azimuth: f32, height: f32, view: f32) -> Vec3 {
    let (a, h) = (azimuth.to_radians(), height.to_radians());
    glam::Quat::from_rotation_y(view) * Vec3::new(sin(a) * cos(h), sin(h), -cos(a) * cos(h))
}

fn clear(t: &TimeSection, view: f32) -> Light {
    Light {
        sun_direction: sun_direction(t.azimuth, t.height, view),
        sun: t.sun,
        sun_size: 0.014,
        zenith: t.zenith,
        horizon: t.horizon,
        ground: t.ground,
        ambient: t.ambient,
        fog: t.fog.0,
        fog_height: t.fog.1,
        fog_colour: t.fog.2,
        haze: t.haze,
        rim: t.rim,
        exposure: t.exposure,
        lift: t.lift,
        bloom: t.bloom.0,
        bloom_threshold: t.bloom.1,
        stars: t.stars,
        clouds: 0.3,
        ..Light::default()
    }
}

/// Fog per metre that a film still sees through: at five metres a fifth of all is fog, at thirty three quarters.
const THICKEST_FOG: f32 = 0.046;
/// Metres over which fog thins, for fog of one per metre as a weather has it: a veil lies low, so that the sky keeps its tone.
const FOG_STANDS: f32 = 180.0;

/// Clouds take the sun away and even out the sky; how bright it stays is the time's business.
fn cloud_over(light: &mut Light, w: &WeatherSection) {
    let bright = (light.zenith.luminance() + light.horizon.luminance() * 1.6 + light.sun.luminance() * 0.12).min(1.6) / 1.5;
    let grey = |c: LinearRgb| c * bright.max(0.03);
    let k = w.overcast;
    light.sun = light.sun.mix(light.sun * 0.16, k);
    light.sun_size = mix(light.sun_size, 0.22, k);
    light.zenith = light.zenith.mix(grey(LinearRgb(0.52, 0.57, 0.64)), k * 0.9);
    light.horizon = light.horizon.mix(grey(LinearRgb(0.54, 0.58, 0.63)), k * 0.8);
    light.ambient = mix(light.ambient, 1.0, k * 0.8);
    light.haze = light.haze * (1.0 - 0.85 * k);
    light.rim = light.rim.mix(LinearRgb(0.22, 0.24, 0.27) * bright, k * 0.7);
    light.fog_colour = light.fog_colour.mix(grey(LinearRgb(0.52, 0.57, 0.62)), k * 0.7);
    if w.fog > 0.0 {
        // Whoever acts at five metres must read.
        light.fog = (light.fog + w.fog).min(THICKEST_FOG);
        light.fog_height = light.fog_height.min(8.0).max(w.fog * FOG_STANDS);
    }
    if let Some(tint) = w.tint {
        let tinted = |c: LinearRgb| LinearRgb(c.0 * tint.0, c.1 * tint.1, c.2 * tint.2);
        for c in [&mut light.sun, &mut light.zenith, &mut light.horizon, &mut light.fog_colour, &mut light.haze, &mut light.rim] {
            *c = tinted(*c);
        }
    }
    light.stars *= 1.0 - k;
    light.clouds = w.clouds;
    light.disc *= if k > 0.5 { 0.0 } else { 1.0 };
    light.banks = w.banks;
    light.aurora = w.aurora;
    light.wet = w.wet;
    light.snow = w.snow;
    light.wind *= w.wind;
}

/// Snow throws light up and softens the distance.
fn whiten(light: &mut Light) {
    let level = light.horizon.luminance().max(0.02);
    light.snow = 1.0;
    light.ground = light.ground.mix(LinearRgb(0.60, 0.66, 0.78) * (level * 1.1).min(0.9), 0.75);
    light.fog = light.fog.max(0.012);
    light.exposure *= 0.9;
}

/// Space: black above, hard light, stars. The time of day tints and dims the sun and says from which side it comes;
/// it always stands before who acts, or faces would be as black as the sky.
fn empty_sky(light: &mut Light, t: &TimeSection) {
    let earthshine = LinearRgb(0.05, 0.07, 0.13);
    let day = 0.6 + 0.4 * (t.sun.luminance() * 0.5).min(1.0);
    let side = if sin(t.azimuth.to_radians()) < 0.0 { -1.0 } else { 1.0 };
    let tint = t.sun * (1.0 / t.sun.0.max(t.sun.1).max(t.sun.2).max(1e-3));
    *light = Light {
        sun_direction: sun_direction(side * 125.0, t.height.clamp(20.0, 50.0), 0.0),
        sun: tint.mix(LinearRgb(1.0, 1.0, 1.0), 0.2) * mix(1.3, 3.6, day),
        sun_size: 0.006,
        zenith: LinearRgb(0.004, 0.005, 0.012),
        horizon: LinearRgb(0.010, 0.011, 0.030),
        ground: earthshine,
        ambient: mix(1.8, 1.1, day),
        fog: 0.0,
        haze: LinearRgb(0.08, 0.07, 0.06),
        rim: LinearRgb(0.30, 0.40, 0.75),
        exposure: mix(1.25, 0.9, day),
        clouds: 0.0,
        stars: 1.0,
        bloom: 0.18,
        bloom_threshold: 1.0,
        wind: Vec3::ZERO,
        ..Light::default()
    };
}

/// Under the sea: what is left of the sun comes from above and is green-blue, and the distance is lost in blue.
fn sink(light: &mut Light, t: &TimeSection) {
    let day = (t.zenith.luminance() * 2.0 + t.sun.luminance() * 0.25).clamp(0.25, 1.0);
    let deep = LinearRgb(0.010, 0.115, 0.190) * day;
    light.sun_direction = sun_direction(150.0, 68.0, 0.0);
    light.sun = LinearRgb(0.80, 1.25, 1.15) * (1.5 * day);
    light.sun_size = 0.12;
    light.zenith = LinearRgb(0.10, 0.42, 0.50) * day;
    light.horizon = deep;
    light.ground = LinearRgb(0.05, 0.15, 0.16) * day;
    light.ambient = 1.15;
    light.fog = 0.045;
    light.fog_height = 400.0;
    light.fog_colour = deep;
    light.haze = LinearRgb::BLACK;
    light.rim = LinearRgb(0.12, 0.34, 0.38) * day;
    light.exposure = 1.1;
    light.clouds = 0.0;
    light.stars = 0.0;
    light.disc = 0.0;
    light.caustics = 0.75;
    light.banks = 0.0;
    light.snow = 0.0;
    light.wet = 0.0;
}

/// In a room the sun comes through the window, lamps do the rest, and the hemisphere is warm.
fn within_walls(light: &mut Light, t: &TimeSection) {
    let day = (t.zenith.luminance() * 2.0 + t.sun.luminance() * 0.25).min(1.0);
    light.sun_direction = sun_direction(-118.0, 32.0, 0.0);
    light.sun = light.sun * 2.0;
    light.sun_size = 0.03;
    light.zenith = LinearRgb(0.46, 0.40, 0.33).mix(LinearRgb(0.10, 0.085, 0.085), 1.0 - day);
    light.horizon = LinearRgb(0.58, 0.47, 0.36).mix(LinearRgb(0.16, 0.115, 0.09), 1.0 - day);
    light.ground = LinearRgb(0.34, 0.24, 0.15).mix(LinearRgb(0.10, 0.065, 0.04), 1.0 - day);
    light.ambient = 0.62;
    light.fog = 0.004;
    light.fog_colour = LinearRgb(0.40, 0.32, 0.24) * day;
    light.rim = LinearRgb::BLACK;
    light.exposure = 1.0;
    light.indoors = true;
    light.stars = 0.0;
    light.snow = 0.0;
    light.wet = 0.0;
    light.wind = Vec3::ZERO;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_lie_where_the_beams_of_a_room_end() {
        let room = (Vec3::new(-4.0, 0.0, -5.0), Vec3::new(4.0, 3.0, 3.0));
        let panes = panes(room, Vec3::ZERO);
        let pools = pools(room, Vec3::ZERO, LinearRgb(3.0, 2.5, 2.0));
        assert_eq!(pools.len(), panes.count as usize, "one for each beam");
        for (k, pool) in pools.iter().enumerate() {
            let beam = pool.beam.expect("a pool has a beam");
            let floor = pool.position + beam.towards * (pool.position.y / -beam.towards.y);
            assert!((floor.x - panes.row.0 - panes.row.1 * k as f32).abs() < 0.01 && (floor.z - panes.plane).abs() < 0.01, "{k}: it ends at {floor}");
            assert!(pool.position.y < room.1.y && beam.towards.z > 0.2, "{k}: from under the ceiling, towards the lens");
        }
    }
}
