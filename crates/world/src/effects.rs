//! Effects: smoke, sparks, fire, leaves in the air. Data-driven: an `effect:` section of a prop lists emitters, a weather's
//! `drift` lists what floats about. Every particle is a function of its number and of time, so any frame can be made alone.

use crate::{Set, light};
use glam::{Affine3A, Vec3};
use kinora_base::maths::{cos, exp, sin};
use kinora_base::{LinearRgb, Rng, Seed};
use kinora_plan::Scene;
use kinora_render::scene::{Camera, Lamp, Puff, PuffKind};
use kinora_solids::format::Triple;
use kinora_vocabulary::{AssetError, Kind, Vocabulary};
use serde::Deserialize;

/// The `effect:` section of a prop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EffectSection {
    /// What it gives off.
    pub emitters: Vec<Emitter>,
    /// Lowest and highest corner of what a shot of it shows, in the prop's space, metres; none = the prop alone.
    pub frame: Option<(Triple, Triple)>,
}

/// A source of particles of one kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Emitter {
    /// What they look like.
    pub kind: PuffKind,
    /// Where they begin, in the prop's space, metres.
    pub at: Triple,
    /// Half sides of the box about it in which they begin, metres. All of a burst begin at one place of the box.
    pub spread: Triple,
    /// How many a second; 0 if they come in bursts.
    pub rate: f32,
    /// In bursts: how many at once, seconds until the first, and from one to the next (0 = once).
    pub burst: Option<(u32, f32, f32)>,
    /// How long they last, seconds.
    pub life: (f32, f32),
    /// Where they go, and how much that varies: 0 a beam, 1 all directions.
    pub towards: Triple,
    /// How much the direction varies, 0..1.
    pub cone: f32,
    /// Metres a second at the start.
    pub speed: (f32, f32),
    /// Metres a second squared upwards: smoke rises, sparks fall.
    pub lift: f32,
    /// How fast the air stops them, a second.
    pub drag: f32,
    /// Metres by which they waver.
    pub waver: f32,
    /// Diameter at the start and the end, metres.
    pub size: (f32, f32),
    /// Colours over their life: albedo of what covers, radiance of what shines.
    pub colours: Vec<LinearRgb>,
    /// Colours of which each burst (or each particle) takes one, times `colours`.
    pub palette: Vec<LinearRgb>,
    /// How much they cover, 0..1.
    pub opacity: f32,
    /// Turns: radians a second.
    pub spin: f32,
    /// Light of a burst on things about it: colour at a metre, reach in metres. It fades in a third of a second.
    pub flash: Option<(LinearRgb, f32)>,
}

impl Default for Emitter {
    fn default() -> Self {
        Self {
            kind: PuffKind::Smoke,
            at: (0.0, 0.0, 0.0),
            spread: (0.0, 0.0, 0.0),
            rate: 0.0,
            burst: None,
            life: (1.0, 2.0),
            towards: (0.0, 1.0, 0.0),
            cone: 0.2,
            speed: (0.5, 1.0),
            lift: 0.0,
            drag: 0.5,
            waver: 0.0,
            size: (0.1, 0.3),
            colours: Vec::new(),
            palette: Vec::new(),
            opacity: 1.0,
            spin: 0.0,
            flash: None,
        }
    }
}

/// Particles of one emitter at most.
const MOST: f32 = 1200.0;

/// The emitters of a prop; none if it has no `effect:` section.
///
/// # Errors
/// If the section is broken.
pub fn emitters(vocabulary: &Vocabulary, prop: &str) -> Result<Vec<Emitter>, AssetError> {
    let section: Option<EffectSection> = vocabulary.get(Kind::Prop, prop).map(|a| a.section("effect")).transpose()?.flatten();
    Ok(section.unwrap_or_default().emitters)
}

/// The box, in the prop's space, that a shot of an effect shows; none if it is the prop's own.
#[must_use]
pub fn frame(vocabulary: &Vocabulary, prop: &str) -> Option<(Vec3, Vec3)> {
    let section: Option<EffectSection> = vocabulary.get(Kind::Prop, prop)?.section("effect").ok()?;
    section?.frame.map(|(low, high)| (low.into(), high.into()))
}

/// What emitters at a place have in the air, and how they light it, at a time of the scene, seconds. `wind` as in the light.
#[must_use]
pub fn emit(emitters: &[Emitter], world: Affine3A, wind: Vec3, time: f32, seed: Seed) -> (Vec<Puff>, Vec<Lamp>) {
    let (mut puffs, mut lamps) = (Vec::new(), Vec::new());
    for (k, e) in emitters.iter().enumerate() {
        let seed = seed.index(k as u64);
        let longest = e.life.0.max(e.life.1).clamp(0.02, 60.0);
        if let Some((count, first, every)) = e.burst {
            for burst in recent(time, first, every, longest) {
                let began = first + burst as f32 * every.max(0.0);
                let mut rng = seed.index(burst).rng();
                let centre = place(e, &mut rng);
                let tint = pick(&e.palette, &mut rng);
                let count = (count as f32).min(MOST) as u64;
                puffs.extend((0..count).filter_map(|n| one(e, (world, wind), centre, tint, time - began, seed.index(burst).index(n + 1).rng())));
                if let Some((colour, reach)) = e.flash {
                    let strength = exp(-(time - began) * 4.5) * (((time - began) * 20.0).min(1.0));
                    let position = world.transform_point3(centre);
                    if strength > 0.01 {
                        lamps.push(Lamp { position, colour: LinearRgb::from_vec(colour.vec() * tint.vec()) * strength, reach, clear: 0.0, beam: None });
                    }
                }
            }
            continue;
        }
        let rate = e.rate.clamp(0.0, MOST / longest);
        if rate <= 0.0 {
            continue;
        }
        // They have been coming for ever.
        let (oldest, newest) = (((time - longest) * rate).floor() as i64, (time * rate).floor() as i64);
        for n in oldest..=newest {
            let mut rng = seed.index((n + (1 << 40)) as u64).rng();
            let began = (n as f32 + rng.unit()) / rate;
            let centre = place(e, &mut rng);
            let tint = pick(&e.palette, &mut rng);
            puffs.extend(one(e, (world, wind), centre, tint, time - began, rng));
        }
    }
    (puffs, lamps)
}

/// The bursts that still are in the air.
fn recent(time: f32, first: f32, every: f32, longest: f32) -> std::ops::RangeInclusive<u64> {
    let since = time - first;
    if since < 0.0 || (every <= 0.0 && since > longest) {
        #[allow(clippy::reversed_empty_ranges, reason = "nothing is in the air: an empty range")]
        return 1..=0;
    }
    if every <= 0.0 {
        return 0..=0;
    }
    let last = (since / every) as u64;
    let count = (longest / every.max(0.05)).ceil() as u64 + 1;
    last.saturating_sub(count)..=last
}

fn place(e: &Emitter, rng: &mut Rng) -> Vec3 {
    Vec3::from(e.at) + Vec3::from(e.spread) * Vec3::new(rng.signed(), rng.signed(), rng.signed())
}

fn pick(palette: &[LinearRgb], rng: &mut Rng) -> LinearRgb {
    let k = (rng.unit() * palette.len() as f32) as usize;
    palette.get(k.min(palette.len().saturating_sub(1))).copied().unwrap_or(LinearRgb(1.0, 1.0, 1.0))
}

/// A particle at its age, if it lives.
fn one(e: &Emitter, (world, wind): (Affine3A, Vec3), centre: Vec3, tint: LinearRgb, age: f32, mut rng: Rng) -> Option<Puff> {
    let life = rng.range(e.life.0, e.life.1).max(0.02);
    let share = age / life;
    if !(0.0..1.0).contains(&share) {
        return None;
    }
    let sphere = on_sphere(&mut rng);
    let along = (Vec3::from(e.towards).normalize_or(Vec3::Y) * (1.0 - e.cone) + sphere * e.cone).normalize_or(Vec3::Y);
    let speed = rng.range(e.speed.0, e.speed.1);
    let drag = e.drag.max(0.01);
    let slowed = exp(-drag * age);
    let gone = (1.0 - slowed) / drag;
    // Air takes falling and rising things only so fast, too.
    let lifted = e.lift * (age - gone) / drag;
    let scale = world.matrix3.y_axis.length();
    let phase = rng.range(0.0, std::f32::consts::TAU);
    let waver = Vec3::new(sin(age * 2.1 + phase), 0.4 * sin(age * 1.7 + phase * 2.0), cos(age * 1.6 + phase)) * (e.waver * share.sqrt());
    let own = along * (speed * gone) + waver;
    let carried = wind * (if e.kind == PuffKind::Spark { 0.05 } else { 0.30 } * (age - gone).max(0.0));
    let position = world.transform_point3(centre) + world.transform_vector3(own) + Vec3::Y * (lifted * scale) + carried;
    let velocity = world.transform_vector3(along * (speed * slowed)) + Vec3::Y * (e.lift * gone * scale);
    let size = (e.size.0 + (e.size.1 - e.size.0) * share.sqrt()) * scale * rng.range(0.8, 1.2);
    let fade = (share * 8.0).min(1.0) * (1.0 - share * share);
    let fade = if e.kind == PuffKind::Leaf { (share * 8.0).min(1.0) * ((1.0 - share) * 8.0).min(1.0) } else { fade };
    let colour = ramp(&e.colours, share);
    Some(Puff {
        kind: e.kind,
        position,
        velocity,
        size,
        colour: LinearRgb::from_vec(colour.vec() * tint.vec()),
        opacity: e.opacity * fade,
        turn: phase + e.spin * age * if rng.unit() < 0.5 { -1.0 } else { 1.0 },
    })
}

/// A direction on the sphere.
fn on_sphere(rng: &mut Rng) -> Vec3 {
    let (y, a) = (rng.signed(), rng.range(0.0, std::f32::consts::TAU));
    let r = (1.0 - y * y).max(0.0).sqrt();
    Vec3::new(r * cos(a), y, r * sin(a))
}

fn ramp(colours: &[LinearRgb], share: f32) -> LinearRgb {
    let Some(last) = colours.len().checked_sub(1) else { return LinearRgb(0.5, 0.5, 0.5) };
    let at = share * last as f32;
    let k = (at as usize).min(last.saturating_sub(1));
    colours[k].mix(colours[(k + 1).min(last)], at - k as f32)
}

/// What floats about in a weather: a box of it goes with the camera.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// What it looks like.
    pub kind: PuffKind,
    /// How many in the box.
    pub count: u32,
    /// Sides of the box, metres.
    pub space: Triple,
    /// How it moves, metres a second.
    pub fall: Triple,
    /// Metres by which it wavers.
    #[serde(default)]
    pub waver: f32,
    /// Diameters, metres.
    pub size: (f32, f32),
    /// Colours, one for each.
    pub colours: Vec<LinearRgb>,
    /// How much it covers.
    #[serde(default = "whole")]
    pub opacity: f32,
    /// Radians a second.
    #[serde(default)]
    pub spin: f32,
    /// Its box stands on the ground instead of about the lens: what the wind drives along.
    #[serde(default)]
    pub low: bool,
    /// Fades in and out by itself: seconds from light to light (fireflies).
    #[serde(default)]
    pub blink: f32,
}

fn whole() -> f32 {
    1.0
}

/// Drifting things and rings of rain about a camera at a time of the film.
#[must_use]
pub fn drifting(scene: &Scene, set: &Set, vocabulary: &Vocabulary, camera: &Camera, time: f32, seed: Seed) -> Vec<Puff> {
    let Ok(weather) = light::weather(vocabulary, &scene.weather) else { return Vec::new() };
    let mut puffs = Vec::new();
    if set.indoors || set.airless || set.underwater {
        return puffs;
    }
    for (k, drift) in weather.drift.iter().enumerate() {
        adrift(drift, camera, set, time, seed.child("drift").index(k as u64), &mut puffs);
    }
    if weather.drops > 0.0 {
        rings(camera, set, time, seed.child("rings"), (weather.drops * 260.0) as u64, &mut puffs);
    }
    puffs
}

fn adrift(drift: &Drift, camera: &Camera, set: &Set, time: f32, seed: Seed, puffs: &mut Vec<Puff>) {
    let size = Vec3::from(drift.space).max(Vec3::splat(0.5));
    for n in 0..u64::from(drift.count.min(4000)) {
        let mut rng = seed.index(n).rng();
        let home = Vec3::new(rng.unit(), rng.unit(), rng.unit()) * size;
        let (hurry, phase, diameter) = (rng.range(0.7, 1.3), rng.range(0.0, std::f32::consts::TAU), rng.range(drift.size.0, drift.size.1));
        let waver = Vec3::new(sin(time * 1.1 + phase), 0.35 * sin(time * 2.3 + phase * 1.3), cos(time * 0.9 + phase * 1.7)) * drift.waver;
        let moved = home + Vec3::from(drift.fall) * hurry * time + waver;
        // Ahead of the lens, where it is seen.
        let ahead = camera.eye + camera.world_from_camera * Vec3::NEG_Z * (size.z * 0.32);
        let away = moved - ahead + size * 0.5;
        let mut position = ahead + away - size * (away / size).floor() - size * 0.5;
        let low = set.terrain.height(position.x, position.z).max(set.stage_area.water_level.unwrap_or(f32::MIN));
        if drift.low {
            position.y = low + moved.y.rem_euclid(size.y);
        }
        if (position - camera.eye).length() < 1.7 || position.y < low {
            continue;
        }
        let lit = if drift.blink > 0.0 { cubed(0.5 + 0.5 * sin(time * std::f32::consts::TAU / drift.blink * hurry + phase)) } else { 1.0 };
        puffs.push(Puff {
            kind: drift.kind,
            position,
            velocity: Vec3::from(drift.fall) * hurry,
            size: diameter,
            colour: pick(&drift.colours, &mut rng),
            opacity: drift.opacity * lit,
            turn: phase + drift.spin * hurry * time,
        });
    }
}

fn cubed(v: f32) -> f32 {
    v * v * v
}

/// Drops that strike the ground before the camera: each a ring that grows and is gone.
fn rings(camera: &Camera, set: &Set, time: f32, seed: Seed, count: u64, puffs: &mut Vec<Puff>) {
    let ahead = (camera.world_from_camera * Vec3::NEG_Z) * Vec3::new(1.0, 0.0, 1.0);
    let middle = camera.eye + ahead.normalize_or(Vec3::NEG_Z) * 5.5;
    for n in 0..count {
        let mut rng = seed.index(n).rng();
        let (beat, phase) = (rng.range(0.32, 0.5), rng.unit());
        let turns = time / beat + phase;
        let mut rng = seed.index(n).index(turns.floor() as u64).rng();
        let (x, z) = (middle.x + rng.signed() * 6.5, middle.z + rng.signed() * 6.0);
        let ground = set.terrain.height(x, z).max(set.stage_area.water_level.unwrap_or(f32::MIN));
        let age = turns - turns.floor();
        puffs.push(Puff {
            kind: PuffKind::Ring,
            position: Vec3::new(x, ground + 0.012, z),
            velocity: Vec3::ZERO,
            size: 0.03 + 0.12 * age,
            colour: LinearRgb(1.0, 1.0, 1.0),
            opacity: 0.55 * (1.0 - age),
            turn: 0.0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fountain() -> Emitter {
        Emitter { rate: 50.0, life: (0.5, 1.0), colours: vec![LinearRgb(1.0, 1.0, 1.0), LinearRgb(0.0, 0.0, 0.0)], ..Emitter::default() }
    }

    #[test]
    fn a_moment_does_not_depend_on_those_before() {
        let at = |time| emit(&[fountain()], Affine3A::IDENTITY, Vec3::X, time, Seed(4)).0;
        assert_eq!(at(2.0), at(2.0), "the same moment");
        assert!((20..60).contains(&at(2.0).len()), "about rate times life live at a time, {}", at(2.0).len());
        assert!(at(0.0).len() > 10, "it has been burning before the film began");
        assert_ne!(at(2.0), at(2.1), "and it moves");
    }

    #[test]
    fn a_burst_comes_once_and_lights_its_surroundings() {
        let burst = Emitter { burst: Some((40, 1.0, 0.0)), flash: Some((LinearRgb(9.0, 6.0, 3.0), 12.0)), ..fountain() };
        let at = |time| emit(std::slice::from_ref(&burst), Affine3A::IDENTITY, Vec3::X, time, Seed(4));
        assert!(at(0.9).0.is_empty() && at(0.9).1.is_empty(), "nothing before");
        assert_eq!(at(1.2).0.len(), 40, "all at once");
        assert_eq!(at(1.2).1.len(), 1, "with a flash");
        assert!(at(2.5).0.is_empty(), "and gone");
    }

    #[test]
    fn a_burst_that_repeats_is_never_missed() {
        let burst = Emitter { burst: Some((10, 0.5, 2.0)), life: (1.0, 1.0), ..fountain() };
        for k in 0..5 {
            let time = 0.6 + 2.0 * k as f32;
            assert_eq!(emit(std::slice::from_ref(&burst), Affine3A::IDENTITY, Vec3::ZERO, time, Seed(1)).0.len(), 10, "burst {k}");
        }
    }

    #[test]
    fn wild_numbers_end_in_few_particles() {
        let wild = Emitter { rate: f32::MAX, life: (0.0, 1e9), ..fountain() };
        assert!(emit(&[wild], Affine3A::IDENTITY, Vec3::X, 3.0, Seed(4)).0.len() as f32 <= MOST + 2.0, "bounded");
    }
}
