//! From a scene of the plan to a set.

use crate::format::{PlaceSection, Scatter, TimeSection, WeatherSection};
use crate::set::{Piece, Row, Set, StageArea, Stairs, Terrain};
use crate::{WorldError, light, states};
use glam::{Vec2, Vec3};
use kinora_base::maths::{cos, sin};
use kinora_base::{LinearRgb, Seed, Warned, Warning, WarningKind};
use kinora_plan::Scene;
use kinora_render::scene::Lamp;
use kinora_solids::facts::PropFacts;
use kinora_vocabulary::{Kind, Vocabulary};

/// What is smaller than this, metres, or lower, hides nobody.
const SLIGHT: f32 = 0.3;

/// Boxes of the scenery that hide somebody or a camera: no floors and ceilings, and nothing that the stage itself is in.
fn masses(place: &PlaceSection, vocabulary: &Vocabulary) -> Result<Vec<(Vec3, Vec3)>, WorldError> {
    let around_stage = |low: Vec3, high: Vec3| low.x < 0.5 && high.x > -0.5 && low.z < 0.5 && high.z > -0.5;
    let boxes = kinora_solids::masses(&place.scenery, vocabulary)?;
    Ok(boxes.into_iter().filter(|(low, high)| high.y > 2.0 * SLIGHT && (*high - *low).max_element() > SLIGHT && !around_stage(*low, *high)).collect())
}

/// The triangles of what a place itself is built of, in the world, coarse; none of a place that cannot be read.
#[must_use]
pub fn scenery(place: &str, vocabulary: &Vocabulary) -> Vec<[Vec3; 3]> {
    let made = section(vocabulary, place).ok().and_then(|p| kinora_solids::surfaces_of(&p.scenery, vocabulary, 0).ok());
    made.unwrap_or_default().into_iter().flatten().collect()
}

/// Dresses the place of a scene.
///
/// # Errors
/// If the place is unknown or its file broken.
pub fn dress(scene: &Scene, vocabulary: &Vocabulary, seed: Seed) -> Result<Warned<Set>, WorldError> {
    let place = section(vocabulary, &scene.place)?;
    let weather = light::weather(vocabulary, &scene.weather)?;
    let time = light::time_under(scene, &weather, vocabulary)?;
    let snow = (scene.snow_cover || weather.snow > 0.5) && place.room.is_none() && !place.airless && !place.underwater;
    let mut set = bare(scene, &place, seed, snow);
    set.masses = masses(&place, vocabulary)?;
    let mut warnings = missing(&place, vocabulary);
    add_standing(&mut set, &place, vocabulary);
    for (n, scatter) in place.scatter.iter().enumerate() {
        // By the name and its occurrence: another row in the file moves nothing else.
        let occurrence = place.scatter[..n].iter().filter(|s| s.prop == scatter.prop).count();
        strew(&mut set, scatter, vocabulary, seed.child(&scatter.prop).index(occurrence as u64));
    }
    light_lamps(&mut set, &place, &time, vocabulary);
    if let Some(room) = set.stage_area.room.filter(|_| set.indoors && weather.shafts > 0.0) {
        set.lamps.splice(0..0, light::pools(room, set.stage_area.centre, time.sun * weather.shafts));
    }
    set.ambience = ambience(&place, &weather, &time);
    warnings.dedup();
    Ok(Warned { output: set, warnings })
}

/// Props that the place's file names and the vocabulary does not have: the place is dressed without them.
fn missing(place: &PlaceSection, vocabulary: &Vocabulary) -> Vec<Warning> {
    let mut names: Vec<&str> = place.pieces.iter().map(|p| p.prop.as_str()).chain(place.scatter.iter().map(|s| s.prop.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    let known = |name: &str| vocabulary.get(Kind::Prop, name).is_some() || vocabulary.get(Kind::Vehicle, name).is_some();
    let warn =
        |name: &str| Warning::new(WarningKind::Unsupported, format!("the place wants a \"{name}\", which there is not")).hint("add assets/props/NAME.ron");
    names.into_iter().filter(|n| !known(n)).map(warn).collect()
}

/// Things that a place scatters by itself: each keeps its distance from all others, so many more would take for ever.
const MOST_SCATTERED: usize = 10_000;

/// The `place:` section of a place.
pub(crate) fn section(vocabulary: &Vocabulary, name: &str) -> Result<PlaceSection, WorldError> {
    let unknown = || WorldError::Unknown { kind: "place", name: name.to_owned() };
    let asset = vocabulary.get(Kind::Place, name).ok_or_else(unknown)?;
    let place: PlaceSection = asset.section("place")?.ok_or_else(unknown)?;
    let mut sum = 0usize;
    for s in &place.scatter {
        sum = sum.saturating_add(s.count);
        if sum > MOST_SCATTERED {
            return Err(WorldError::TooMany { file: asset.file(), count: s.count, prop: s.prop.clone(), most: MOST_SCATTERED });
        }
    }
    Ok(place)
}

fn bare(scene: &Scene, place: &PlaceSection, seed: Seed, snow: bool) -> Set {
    let ground = place.ground.as_ref();
    let mut rng = seed.child("hills").rng();
    let at = |t: (f32, f32, f32)| Vec3::new(t.0, t.1, t.2);
    let room = place.room.map(|(low, high)| (at(low), at(high)));
    Set {
        place: scene.place.clone(),
        pieces: Vec::new(),
        terrain: Terrain {
            surface: ground.map_or_else(|| place.floor.clone(), |g| g.surface.clone()),
            hills: ground.map_or((0.0, 0.0), |g| g.hills),
            flat: place.stage.0.max(place.stage.1) + 1.5,
            shore: ground.and_then(|g| g.shore),
            offset: Vec3::new(rng.range(0.0, 90.0), 0.0, rng.range(0.0, 90.0)),
            water: place.water.as_ref().map(|w| w.level),
        },
        stage_area: StageArea {
            centre: Vec3::ZERO,
            half: Vec2::new(place.stage.0, place.stage.1),
            best_view: 0.0,
            path: place.path.iter().map(|p| at(*p)).collect(),
            water_level: place.water.as_ref().map(|w| w.level),
            ceiling: room.map(|(_, high)| high.y),
            room,
            house: place.house.iter().map(|(from, to, count, floor)| Row { from: at(*from), to: at(*to), count: *count, floor: *floor }).collect(),
            tables: place.tables.clone(),
        },
        obstacles: Vec::new(),
        masses: Vec::new(),
        stairs: Vec::new(),
        lamps: Vec::new(),
        lamp_strength: 0.0,
        indoors: room.is_some(),
        airless: place.airless,
        underwater: place.underwater,
        ambience: Vec::new(),
        reverb: place.reverb,
        snow,
    }
}

fn facts(vocabulary: &Vocabulary, prop: &str) -> PropFacts {
    vocabulary.get(Kind::Prop, prop).and_then(|a| a.section("prop").ok().flatten()).unwrap_or_default()
}

fn kind_of(vocabulary: &Vocabulary, name: &str) -> Kind {
    if vocabulary.get(Kind::Prop, name).is_some() { Kind::Prop } else { Kind::Vehicle }
}

fn add_standing(set: &mut Set, place: &PlaceSection, vocabulary: &Vocabulary) {
    let known = |name: &str| vocabulary.get(Kind::Prop, name).is_some() || vocabulary.get(Kind::Vehicle, name).is_some();
    for standing in place.pieces.iter().filter(|s| known(&s.prop)) {
        let (x, y, z) = standing.at;
        let position = Vec3::new(x, set.terrain.height(x, z) + y, z);
        let facts = facts(vocabulary, &standing.prop);
        if let Some(radius) = facts.obstacle {
            set.obstacles.push((position, radius * standing.scale, facts.size * standing.scale));
        }
        let stairs = |flight| Stairs { at: position, yaw: standing.yaw.to_radians(), scale: standing.scale, flight };
        set.stairs.extend(facts.flight.map(stairs));
        set.pieces.push(Piece {
            kind: kind_of(vocabulary, &standing.prop),
            seed: variant(x, z),
            colour: standing.colour.clone(),
            text: standing.text.clone(),
            ..Piece::new(&standing.prop, position, standing.yaw.to_radians(), standing.scale)
        });
    }
}

/// Which of three variants stands at a place, so that neighbours differ and models are still shared.
fn variant(x: f32, z: f32) -> u64 {
    let quarter = |v: f32| (v * 4.0).round() as i64;
    Seed(0).index(quarter(x) as u64).index(quarter(z) as u64).rng().bits() % 3
}

/// Strews props over a ring, keeping the stage, the path and the sight line clear.
fn strew(set: &mut Set, scatter: &Scatter, vocabulary: &Vocabulary, seed: Seed) {
    if vocabulary.get(Kind::Prop, &scatter.prop).is_none() {
        return;
    }
    let facts = facts(vocabulary, &scatter.prop);
    let count = if set.snow { (scatter.count as f32 * scatter.in_snow) as usize } else { scatter.count };
    let mut placed: Vec<Vec2> = Vec::new();
    for n in 0..count {
        let mut rng = seed.index(n as u64).rng();
        for _ in 0..6 {
            let turn = rng.range(0.0, std::f32::consts::TAU);
            // Nearer the middle more often than by area: what is near is what is seen.
            let far = scatter.ring.0 + (scatter.ring.1 - scatter.ring.0) * kinora_base::maths::pow(rng.unit(), 0.75);
            let at = Vec2::new(sin(turn), cos(turn)) * far;
            let scale = rng.range(scatter.scale.0, scatter.scale.1);
            let radius = facts.obstacle.unwrap_or(0.0) * scale;
            let crowded = placed.iter().any(|p| (*p - at).length() < scatter.apart)
                || set.obstacles.iter().any(|(p, r, _)| (Vec2::new(p.x, p.z) - at).length() < r + radius + 0.1);
            if crowded || at.y < scatter.depth.0 || at.y > scatter.depth.1 || in_the_way(set, at, radius, scatter.low, facts.obstacle.is_some()) {
                continue;
            }
            let y = set.terrain.height(at.x, at.y);
            if set.stage_area.water_level.is_some_and(|w| y < w) {
                continue;
            }
            let position = Vec3::new(at.x, y, at.y);
            placed.push(at);
            if facts.obstacle.is_some() {
                set.obstacles.push((position, radius, facts.size * scale));
            }
            let yaw = rng.range(0.0, std::f32::consts::TAU);
            set.pieces.push(Piece { seed: rng.bits() % 3, ..Piece::new(&scatter.prop, position, yaw, scale) });
            break;
        }
    }
}

/// On the stage, on the path, or between the stage and the camera.
fn in_the_way(set: &Set, at: Vec2, radius: f32, low: bool, solid: bool) -> bool {
    let half = set.stage_area.half;
    let on_path = set.stage_area.path.windows(2).any(|w| {
        let (a, b) = (Vec2::new(w[0].x, w[0].z), Vec2::new(w[1].x, w[1].z));
        let t = ((at - a).dot(b - a) / (b - a).length_squared().max(1e-6)).clamp(0.0, 1.0);
        (a + (b - a) * t - at).length() < radius + 0.75
    });
    let on_stage = at.x.abs() < half.x + radius + 0.4 && at.y.abs() < half.y + radius + 0.4;
    if low {
        return on_path || (solid && on_stage);
    }
    let in_sight = at.y > 0.0 && at.x.abs() < half.x * 0.7 + 0.62 * at.y + radius && at.y < 15.0;
    on_stage || on_path || in_sight
}

/// Lamps of the place and of its pieces, as bright as the time asks.
fn light_lamps(set: &mut Set, place: &PlaceSection, time: &TimeSection, vocabulary: &Vocabulary) {
    let strength = time.lamps;
    set.lamp_strength = if set.indoors { 0.5 + strength } else { strength };
    for (at, colour, reach, always) in &place.lamps {
        let factor = if *always { 1.0 } else { strength };
        if factor > 0.2 {
            set.lamps.push(Lamp { position: Vec3::new(at.0, at.1, at.2), colour: *colour * factor, reach: *reach, clear: 0.35, beam: None });
        }
    }
    for piece in &set.pieces {
        set.lamps.extend(states::lamp(&facts(vocabulary, &piece.prop), piece.state, &[], piece.world(), set.lamp_strength, (Seed(piece.seed), 0.0)));
    }
    set.lamps.sort_by(|a, b| a.position.length().total_cmp(&b.position.length()));
    set.lamps.truncate(15);
    if strength > 1.4 && !set.indoors && !place.airless && !place.underwater {
        // An unseen lantern over the camera's side of the stage, or actors are black at night.
        set.lamps.push(Lamp { position: Vec3::new(-1.2, 2.2, 2.4), colour: LinearRgb(1.0, 0.55, 0.22) * 5.0, reach: 9.0, clear: 0.0, beam: None });
    }
}

fn ambience(place: &PlaceSection, weather: &WeatherSection, time: &TimeSection) -> Vec<(String, f32)> {
    let night = time.stars > 0.4 && !place.ambience_night.is_empty();
    let mut layers = if night { place.ambience_night.clone() } else { place.ambience.clone() };
    let quiet = weather.drops > 0.0 || weather.flakes > 0.0;
    if quiet {
        // Birds and insects are still in rain and snow.
        layers.retain(|(name, _)| !["birds", "insects", "cricket"].iter().any(|w| name.contains(w)));
    }
    if !place.airless && !place.underwater {
        layers.extend(weather.ambience.iter().map(|(n, db)| (n.clone(), if place.room.is_some() { db - 8.0 } else { *db })));
    }
    layers
}
