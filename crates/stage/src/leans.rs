//! Who leans on what: the surface of the thing that is named, or of the place itself, is measured, and how somebody leans
//! follows from its height and breadth: forearms or hands on what is low, a shoulder against what is narrow, else the back.

use crate::blocking::{Blocking, Intent, Player, route, within_walls};
use crate::staging::{direction, turn, yaw_of};
use crate::{FIRST_THING, layout};
use glam::Vec3;
use kinora_cast::motions::Lean;
use kinora_cast::{Anatomy, Character, Support};
use kinora_plan::{Plan, RoleKind, Scene, Target, Thing};
use kinora_solids::format::Solid;
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::{Piece, Set};
use std::collections::{BTreeMap, BTreeSet};

/// Things that a place may have of itself, as part of what it is built of.
const WALL: &str = "wall";
const RAILS: &[&str] = &["railing", "low-rail", "counter"];
/// How far from the middle of the stage the place's own are looked for, metres.
const NEAR: f32 = 5.0;
/// What is measured of a surface reaches so high, metres.
const HIGH: f32 = 2.2;
/// From the middle line of who leans to both sides, metres: what is there lies against the body.
const BESIDE: f32 = 0.12;
/// So far aside a wall or a rail still is, and a post is not, metres.
const BROAD: f32 = 0.30;
/// From one who leans to the next, metres.
const APART: f32 = 0.80;
/// Against the body's height: what is lower is sat on.
const LOWEST: f32 = 0.36;

/// Against the body's height: a back needs a wall that is higher.
const UP_TO_THE_HEAD: f32 = 0.9;

/// How and where somebody leans.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Leaning {
    /// Entry of `motions`.
    pub(crate) motion: &'static str,
    pub(crate) support: Support,
    /// Which way one faces.
    pub(crate) face: f32,
    /// Where one stands.
    pub(crate) stands: Vec3,
}

/// A part of the place that a thing of the scene is.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) at: Vec3,
    found: Found,
}

/// A surface as it was met from one side.
#[derive(Clone, Debug)]
struct Found {
    support: Support,
    /// Nothing is beside it.
    narrow: bool,
    /// How much farther away it is on the left than on the right, a metre.
    slant: f32,
}

/// A triangle seen along a direction: aside, up, ahead.
type Seen = [Vec3; 3];

/// Measures what is met from a place on the ground in a direction.
fn met(triangles: &[[Vec3; 3]], from: Vec3, ahead: Vec3, reach: f32) -> Option<Found> {
    let aside = Vec3::Y.cross(ahead);
    let local = |p: Vec3| Vec3::new((p - from).dot(aside), p.y - from.y, (p - from).dot(ahead));
    let near = |t: &Seen| {
        let (low, high) = (t[0].min(t[1]).min(t[2]), t[0].max(t[1]).max(t[2]));
        low.x < BROAD + 0.1 && high.x > -BROAD - 0.1 && low.y < HIGH + 0.1 && high.y > 0.0 && low.z < reach + 2.0 && high.z > 0.05
    };
    let seen: Vec<Seen> = triangles.iter().map(|t| t.map(local)).filter(near).collect();
    let count = (HIGH / Support::STEP) as usize + 1;
    let line = |aside: f32| -> Vec<f32> { (0..count).map(|k| first(&seen, aside, (k as f32 + 0.5).min(count as f32 - 1.0) * Support::STEP)).collect() };
    let lines = [-BESIDE, 0.0, BESIDE].map(line);
    let depth: Vec<f32> = (0..count).map(|k| lines.iter().map(|l| l[k]).fold(f32::INFINITY, f32::min)).collect();
    // What one leans on is between the knees and the shoulders.
    let nearest = depth[(0.55 / Support::STEP) as usize..(1.45 / Support::STEP) as usize].iter().copied().fold(f32::INFINITY, f32::min);
    if !(0.25..reach).contains(&nearest) {
        return None;
    }
    let profile: Vec<f32> = depth.iter().map(|d| if *d < nearest + 1.9 { nearest - d } else { 2.0 * Support::NOTHING }).collect();
    let highest = (0..count).rev().find(|k| profile[*k] > -0.15)?;
    let top = if highest + 2 >= count { HIGH } else { upper(&seen, nearest, (highest + 1) as f32 * Support::STEP) };
    let chest = (1.15f32.min(top * 0.9) / Support::STEP) as usize;
    let mean = |aside: f32| {
        let line = line(aside);
        let about = &line[chest.saturating_sub(3)..(chest + 3).min(count)];
        about.iter().copied().fold(f32::INFINITY, f32::min)
    };
    let (left, right) = (mean(BROAD), mean(-BROAD));
    let narrow = left.max(right) > nearest + 0.22;
    let slant = if narrow { 0.0 } else { (left - right) / (2.0 * BROAD) };
    let at = from + ahead * nearest;
    Some(Found { support: Support { at, facing: yaw_of(-ahead), profile, top }, narrow, slant })
}

/// How far ahead the first triangle is at a height.
fn first(seen: &[Seen], aside: f32, up: f32) -> f32 {
    let hit = |t: &Seen| crossing(t, |p| (p.x, p.y), (aside, up)).map(|w| t[0].z * w[0] + t[1].z * w[1] + t[2].z * w[2]);
    seen.iter().filter_map(hit).filter(|d| *d > 0.02).fold(f32::INFINITY, f32::min)
}

/// The highest point just behind an edge.
fn upper(seen: &[Seen], edge: f32, about: f32) -> f32 {
    let mut top: f32 = 0.0;
    for (k, deep) in [0.008, 0.03, 0.06].into_iter().cycle().take(39).enumerate() {
        let aside = BROAD * ((k / 3) as f32 / 6.0 - 1.0);
        let hit = |t: &Seen| crossing(t, |p| (p.x, p.z), (aside, edge + deep)).map(|w| t[0].y * w[0] + t[1].y * w[1] + t[2].y * w[2]);
        top = seen.iter().filter_map(hit).filter(|y| *y < about + 0.06).fold(top, f32::max);
    }
    if top > about - 0.30 { top } else { about }
}

/// Where a line meets a triangle that is seen flat: shares of its corners.
fn crossing(t: &Seen, flat: impl Fn(&Vec3) -> (f32, f32), (x, y): (f32, f32)) -> Option<[f32; 3]> {
    let [(ax, ay), (bx, by), (cx, cy)] = [flat(&t[0]), flat(&t[1]), flat(&t[2])];
    let area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if area.abs() < 1e-9 {
        return None;
    }
    let u = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area;
    let v = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area;
    let w = 1.0 - u - v;
    (u >= -1e-4 && v >= -1e-4 && w >= -1e-4).then_some([u, v, w])
}

/// The triangles of a thing of the vocabulary, in its own space.
fn triangles(vocabulary: &Vocabulary, kind: Kind, word: &str, seed: u64) -> Vec<[Vec3; 3]> {
    let solids: Option<Vec<Solid>> = vocabulary.get(kind, word).and_then(|a| a.section("solids").ok().flatten());
    // A file that cannot be read is told about by those who draw it.
    solids.and_then(|s| kinora_solids::surfaces_of(&s, vocabulary, seed).ok()).unwrap_or_default().into_iter().flatten().collect()
}

fn of_piece(vocabulary: &Vocabulary, piece: &Piece) -> Vec<[Vec3; 3]> {
    let seed = if piece.id == 0 { piece.seed } else { 1 };
    let world = piece.world();
    triangles(vocabulary, piece.kind, &piece.prop, seed).into_iter().map(|t| t.map(|p| world.transform_point3(p))).collect()
}

/// What a leaning intent leans on, if it is a thing or a role.
fn named<'a>(scene: &'a Scene, player: &Player<'_>, intent: &'a Intent) -> Option<&'a str> {
    match &intent.target {
        Some(Target::Id(id)) => Some(id.as_str()),
        _ => scene.relations.iter().find(|r| r.what == player.role.id).and_then(|r| r.to.first()).map(String::as_str),
    }
}

fn leans<'p>(player: &'p Player<'_>) -> Option<&'p Intent> {
    player.intents.iter().find(|i| i.facts.leans.is_some()).filter(|_| player.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Human))
}

/// The walls and rails of the place itself that things of the scene are which somebody leans on: "the wall" of a room is its wall.
pub(crate) fn own(scene: &Scene, players: &[Player<'_>], set: &Set, vocabulary: &Vocabulary) -> BTreeMap<String, Own> {
    let mut all = BTreeMap::new();
    let mut around: Option<Vec<[Vec3; 3]>> = None;
    for player in players {
        let Some(intent) = leans(player) else { continue };
        let Some(thing) = named(scene, player, intent).and_then(|id| scene.things.iter().find(|t| t.id == id)) else { continue };
        let rail = RAILS.contains(&thing.word.as_str());
        if !(thing.word == WALL || rail) || thing.traits.size.is_some() || thing.count > 1 || all.contains_key(&thing.id) {
            continue;
        }
        // A wall that is asked for as it is not here is another one.
        let as_asked = thing.traits.colour.is_none() && thing.traits.material.as_deref().is_none_or(|m| built_of(vocabulary, &set.place, m));
        let Some(body) = player.body.as_ref().filter(|_| as_asked) else { continue };
        let around = around.get_or_insert_with(|| surroundings(set, vocabulary));
        if let Some(found) = nearest(set, around, body, rail) {
            all.insert(thing.id.clone(), Own { at: found.support.at, found });
        }
    }
    all
}

/// A fence that somebody leans on is one of those that are high enough for forearms.
pub(crate) fn heighten(scene: &Scene, players: &[Player<'_>], set: &mut Set) {
    for player in players {
        let Some(id) = leans(player).and_then(|intent| named(scene, player, intent)) else { continue };
        let fence = |t: &kinora_plan::Thing| t.id == id && t.word == "fence" && t.traits.size.is_none();
        let Some(k) = scene.things.iter().position(fence) else { continue };
        let grown = player.body.as_ref().is_some_and(|x| x.height > 1.45);
        let piece = set.pieces.iter_mut().find(|p| p.id == FIRST_THING + k as u16 && p.scale == 1.0);
        piece.filter(|_| grown).into_iter().for_each(|p| p.scale = HIGH_FENCE);
    }
}

/// How large a fence of the height of elbows is against our usual one.
const HIGH_FENCE: f32 = 1.18;

/// Whether a place is built of a material, at least in part.
fn built_of(vocabulary: &Vocabulary, place: &str, material: &str) -> bool {
    let scenery = vocabulary.get(Kind::Place, place).and_then(|a| a.raw_sections().find(|s| s.0 == "place").map(|s| s.1.to_owned()));
    scenery.is_some_and(|text| text.contains(&format!("(\"{material}\"")))
}

/// All that stands about the stage.
fn surroundings(set: &Set, vocabulary: &Vocabulary) -> Vec<[Vec3; 3]> {
    let near = |t: &[Vec3; 3]| t.iter().any(|p| ((*p - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0)).length() < 60.0);
    let mut all: Vec<[Vec3; 3]> = kinora_world::scenery(&set.place, vocabulary).into_iter().filter(near).collect();
    let flat = |p: &Piece| ((p.position - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0)).length();
    let solid = |p: &&Piece| p.kind == Kind::Prop && flat(p) < NEAR + 1.5 && layout::facts(vocabulary, &p.prop).obstacle.is_some();
    set.pieces.iter().filter(solid).for_each(|p| all.extend(of_piece(vocabulary, p)));
    all
}

/// The wall or the rail about the stage that is best to lean on for the camera and nearest.
fn nearest(set: &Set, around: &[[Vec3; 3]], body: &Character, rail: bool) -> Option<Found> {
    let centre = set.stage_area.centre;
    let near = direction(set.stage_area.best_view);
    let mut best: Option<(f32, Found)> = None;
    for quarter in 0..4 {
        let ahead = direction(set.stage_area.best_view + std::f32::consts::FRAC_PI_2 * quarter as f32);
        // Behind the camera nothing is seen.
        if ahead.dot(near) > 0.5 {
            continue;
        }
        let along = Vec3::Y.cross(ahead);
        let wide = if ahead.dot(near).abs() > 0.5 { set.stage_area.half.x } else { set.stage_area.half.y };
        let steps = ((wide + 1.2) / 0.3) as i32;
        for step in -steps..=steps {
            let aside = step as f32 * 0.3;
            let from = centre + along * aside;
            let from = from.with_y(set.terrain.height(from.x, from.z));
            let Some(found) = met(around, from, ahead, NEAR) else { continue };
            let tall = body.height;
            let fits = if rail { takes_arms(&found, body) && !found.narrow } else { is_wall(&found, tall) };
            let at = found.support.at;
            let level = (set.terrain.height(at.x, at.z) - from.y).abs() < 0.15;
            if !fits || !level || found.slant.abs() > 0.15 {
                continue;
            }
            let away = (at - centre).length();
            let faces = -ahead.dot(near);
            let score = faces * 1.2 - away * 0.22 - aside.abs() * 0.12;
            if best.as_ref().is_none_or(|b| score > b.0) {
                best = Some((score, found));
            }
        }
    }
    best.map(|b| b.1)
}

fn takes_arms(found: &Found, body: &Character) -> bool {
    (LOWEST * body.height..body.arms_lie_up_to()).contains(&found.support.top)
}

/// Upright, broad, and nothing before it that is higher than a kerb.
fn is_wall(found: &Found, tall: f32) -> bool {
    let s = &found.support;
    let upright = (5..(0.95 * tall / Support::STEP) as usize).all(|k| s.profile.get(k).is_some_and(|d| (-0.10..=0.08).contains(d)));
    upright && !found.narrow
}

/// Gives everybody who leans something to lean on.
pub(crate) fn take(b: &Blocking<'_>, players: &[Player<'_>], own: &BTreeMap<String, Own>) -> BTreeMap<String, Leaning> {
    let mut all: BTreeMap<String, Leaning> = BTreeMap::new();
    for player in players {
        let (Some(intent), Some(body)) = (leans(player), &player.body) else { continue };
        let Some(id) = named(b.scene, player, intent) else { continue };
        let Some(wish) = intent.facts.leans else { continue };
        let taken: Vec<Vec3> = all.values().map(|l| l.support.at).collect();
        let leaning = match own.get(id) {
            Some(own) => beside_others(b, own, (body, wish), &taken),
            None => on_thing(b, players, id, (body, wish), &taken),
        };
        if let Some(leaning) = leaning {
            all.insert(player.role.id.clone(), leaning);
        }
    }
    all
}

/// The walls and rails that nobody asked for, and that were put there because somebody leans and the place has none: who, and on what.
pub(crate) fn added<'a>(plan: &Plan, scene: &'a Scene, players: &'a [Player<'_>], own: &BTreeMap<String, Own>) -> Vec<(&'a str, &'a str)> {
    // What comes with the verb has the verb's place in the prompt.
    let with_verb = |thing: &Thing, who: &str| plan.shots.iter().flat_map(|s| &s.beats).any(|b| b.who == who && b.span.is_some() && b.span == thing.span);
    let thing = |p: &'a Player<'_>| {
        let intent = leans(p)?;
        let thing = named(scene, p, intent).and_then(|id| scene.things.iter().find(|t| t.id == id))?;
        let built = thing.word == WALL || RAILS.contains(&thing.word.as_str());
        (built && !own.contains_key(&thing.id) && with_verb(thing, &p.role.id)).then_some((p.role.id.as_str(), thing.word.as_str()))
    };
    players.iter().filter_map(thing).collect()
}

/// Those for whom there is nothing to lean on.
pub(crate) fn without(b: &Blocking<'_>, players: &[Player<'_>]) -> BTreeSet<String> {
    players.iter().filter(|p| leans(p).is_some() && !b.leans.contains_key(&p.role.id)).map(|p| p.role.id.clone()).collect()
}

/// On a part of the place, beside those who lean there already.
fn beside_others(b: &Blocking<'_>, own: &Own, (body, wish): (&Character, Lean), taken: &[Vec3]) -> Option<Leaning> {
    let along = Vec3::Y.cross(direction(own.found.support.facing));
    let free = |at: &Vec3| taken.iter().all(|t| ((*t - *at) * Vec3::new(1.0, 0.0, 1.0)).length() > APART - 0.05);
    let places = (0..12).map(|k| own.at + along * (APART * [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0, 5.0, -5.0, 6.0][k]));
    let at = places.into_iter().find(free)?;
    let found = Found { support: Support { at, ..own.found.support.clone() }, ..own.found.clone() };
    leaning(b, &found, (body, wish)).map(|l| l.1)
}

/// On a thing or a vehicle, from the side from which that is seen best.
fn on_thing(b: &Blocking<'_>, players: &[Player<'_>], id: &str, (body, wish): (&Character, Lean), taken: &[Vec3]) -> Option<Leaning> {
    let number = b.scene.things.iter().position(|t| t.id == id).map(|k| FIRST_THING + k as u16);
    let piece = number.and_then(|n| b.set.pieces.iter().find(|p| p.id == n));
    let (mesh, at, yaw, vehicle) = match piece {
        Some(piece) => (of_piece(b.vocabulary, piece), piece.position, piece.yaw, piece.kind == Kind::Vehicle),
        None => {
            let role = players.iter().find(|p| p.role.id == id && p.role.kind == RoleKind::Vehicle)?;
            let parked = route(b, role, players, &BTreeMap::new());
            let (at, scale) = (parked.start, role.role.traits.size.unwrap_or(1.0));
            let place = |p: Vec3| at + turn(parked.facing) * (p * scale);
            let mesh = triangles(b.vocabulary, Kind::Vehicle, &role.role.word, 1).into_iter().map(|t| t.map(place)).collect();
            (mesh, at, parked.facing, true)
        }
    };
    let flat = |p: Vec3| ((p - at) * Vec3::new(1.0, 0.0, 1.0)).length();
    let low: Vec<f32> = mesh.iter().flatten().filter(|p| p.y < at.y + HIGH).map(|p| flat(*p)).collect();
    let around = low.into_iter().fold(0.0, f32::max);
    let mut best: Option<(f32, Leaning)> = None;
    for eighth in 0..8 {
        let out = direction(yaw + std::f32::consts::FRAC_PI_4 * eighth as f32);
        let along = Vec3::Y.cross(out);
        for aside in [0.0, 0.4, -0.4, 0.8, -0.8] {
            let from = at + out * (around + 0.9) + along * aside;
            let Some(mut found) = met(&mesh, from.with_y(at.y), -out, 2.0 * around + 1.0) else { continue };
            if found.slant.abs() > 0.12 {
                continue;
            }
            if vehicle {
                // Doors and wings are as high as one's hips, and take the weight.
                (found.support.top, found.narrow) = (HIGH, false);
            }
            let Some((seen, leaning)) = leaning(b, &found, (body, wish)) else { continue };
            let free = taken.iter().all(|t| ((*t - leaning.support.at) * Vec3::new(1.0, 0.0, 1.0)).length() > APART - 0.3);
            if !free || !stands_free(b, leaning.stands, at, around) {
                continue;
            }
            let score = seen - 0.15 * aside.abs() - if eighth % 2 == 1 { 0.05 } else { 0.0 };
            if best.as_ref().is_none_or(|b| score > b.0 + 1e-4) {
                best = Some((score, leaning));
            }
        }
    }
    best.map(|b| b.1)
}

/// Whether somebody can stand at a place who leans on something that is `around` so large.
fn stands_free(b: &Blocking<'_>, stands: Vec3, thing: Vec3, around: f32) -> bool {
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let inside = b.set.stage_area.room.is_none_or(|(low, high)| {
        let margin = Vec3::new(0.25, 0.0, 0.25);
        stands.clamp(low + margin, high - margin).with_y(stands.y) == stands
    });
    let own = |at: Vec3| ((at - thing) * flat).length() < around * 0.5 + 0.05;
    let met = b.set.obstacles.iter().any(|(at, radius, _)| !own(*at) && ((*at - stands) * flat).length() < radius.min(0.6) + 0.12);
    let built = b.set.masses.iter().any(|(low, high)| (stands.clamp(*low, *high) - stands).with_y(0.0).length() < 0.2 && low.y < stands.y + 1.0);
    let dry = b.set.stage_area.water_level.is_none_or(|water| b.set.terrain.height(stands.x, stands.z) > water);
    inside && !met && !built && dry
}

/// How somebody leans on a surface, and how well that is seen, -1..1.
fn leaning(b: &Blocking<'_>, found: &Found, (body, wish): (&Character, Lean)) -> Option<(f32, Leaning)> {
    let (support, tall) = (&found.support, body.height);
    if support.top < LOWEST * tall {
        return None;
    }
    let lean = match wish {
        _ if support.top < body.arms_lie_up_to() => Lean::Arms,
        Lean::Arms | Lean::Back if found.narrow => Lean::Shoulder,
        // The edge of what ends at the neck would push the head forward.
        Lean::Arms | Lean::Back if support.top < UP_TO_THE_HEAD * tall => Lean::Shoulder,
        Lean::Arms => Lean::Back,
        other => other,
    };
    let out = direction(support.facing);
    let (motion, front) = match lean {
        Lean::Back => ("lean", out),
        Lean::Shoulder => ("lean-shoulder", Vec3::Y.cross(out)),
        Lean::Arms => ("lean-forearms", -out),
    };
    let stands = support.at + out * body.stands_off(lean, support);
    let stands = within_walls(b, stands).with_y(b.set.ground(stands.x, stands.z));
    let stands = if (stands - support.at).dot(out) > 0.1 { stands } else { support.at + out * body.stands_off(lean, support) };
    // Three quarters to the camera is better than straight at it.
    let seen = front.dot(b.axes.near) + 0.25 * front.dot(b.axes.right).abs();
    Some((seen, Leaning { motion, support: support.clone(), face: yaw_of(front), stands }))
}

#[cfg(test)]
mod tests {
    use crate::block;
    use crate::tests::Film;
    use kinora_plan::Plan;
    use kinora_plan::voices::Voices;
    use kinora_vocabulary::Vocabulary;

    #[test]
    fn a_child_leans_on_a_rail_with_its_head_up() {
        let film = Film::shot(
            r#"{"id": "girl", "kind": "person", "word": "girl"}"#,
            "balcony",
            r#""things": [{"id": "railing", "word": "railing"}]"#,
            r#"{"subject": ["girl"]}"#,
            r#"{"id": "1", "who": "girl", "action": "lean", "target": {"id": "railing"}}"#,
        );
        let body = film.body("girl");
        let pose = &film.staging.scenes[0].actors[0].performance.poses[30];
        let (head, upright) = (pose.landmarks.crown.y - pose.root.y, body.height);
        assert!(head > 0.88 * upright, "a girl of {upright} m holds her head {head} m high");
    }

    #[test]
    fn a_wall_that_nobody_asked_for_is_told_of() {
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        let warned = |place: &str, span: &str| {
            let text = format!(
                r#"{{"version": 1, "fps": 24, "size": {{"width": 640, "height": 360}}, "cast": [{{"id": "man", "kind": "person", "word": "man"}}],
                "scenes": [{{"id": "s", "place": "{place}", "things": [{{"id": "wall", "word": "wall", "span": {span}}}]}}],
                "shots": [{{"id": "1", "scene": "s", "length": 48000, "framing": {{"subject": ["man"]}},
                "beats": [{{"id": "1", "who": "man", "action": "lean", "target": {{"id": "wall"}}, "span": {{"start": 6, "end": 11}}}}]}}]}}"#
            );
            let plan = Plan::from_json(&text).expect("a good plan");
            block(&plan, &Voices::default(), &vocabulary).expect("a good plan").warnings.iter().any(|w| w.message.contains("one is put there"))
        };
        assert!(warned("meadow", r#"{"start": 6, "end": 11}"#), "it came with the verb, and a meadow has none");
        assert!(!warned("alley", r#"{"start": 6, "end": 11}"#), "an alley has walls");
        assert!(!warned("meadow", r#"{"start": 22, "end": 26}"#), "it was asked for");
    }
}
