//! Who sits or lies where: each on a place of its own, of what is named, else of the nearest that is free; in a room
//! where there is none left a chair is brought.

use crate::blocking::{Intent, Player};
use crate::staging::{direction, turn, yaw_of};
use crate::{FIRST_THING, layout};
use glam::Vec3;
use kinora_cast::Anatomy;
use kinora_cast::motions::Rest;
use kinora_plan::{RelationKind, Scene, Target};
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::{Piece, Set};
use std::collections::BTreeMap;

/// What is further from the middle of the stage than this is not sat on unasked, in metres.
const NEAR: f32 = 3.5;
/// From one who sits to the next on a couch or bench, and from one who lies to the next, in metres.
const BESIDE: f32 = 0.62;
const LYING_BESIDE: f32 = 0.72;
/// What one sits on at ease.
const EASY: &[&str] = &["armchair", "couch", "sofa"];
/// What two fit on is at least this long, in metres.
const LONG: f32 = 1.4;

/// A place to sit or lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seat {
    /// Where the hips go.
    pub(crate) top: Vec3,
    /// Which way one faces; when lying, which way the feet point.
    pub(crate) yaw: f32,
    /// Where one stands before.
    pub(crate) before: Vec3,
}

/// Somebody who wants to sit or lie, and the piece it is on.
struct Sitter<'a> {
    role: &'a str,
    intent: &'a Intent,
    piece: usize,
}

/// Gives everybody who sits or lies a place; chairs that are missing are put into the set.
pub(crate) fn take(scene: &Scene, players: &[&Player<'_>], set: &mut Set, spots: &BTreeMap<String, Vec3>, vocabulary: &Vocabulary) -> BTreeMap<String, Seat> {
    let mut sitters: Vec<Sitter<'_>> = Vec::new();
    for player in players.iter().filter(|p| p.body.as_ref().is_some_and(|x| x.anatomy == Anatomy::Human)) {
        let wants = |i: &&Intent| i.facts.rest.is_some() || i.facts.sits || sits_at(scene, vocabulary, i);
        let stands = player.intents.iter().any(|i| i.action == "stand" || i.travels());
        let Some(intent) = player.intents.iter().find(|i| i.facts.rest.is_some()).or(player.intents.iter().find(wants)) else { continue };
        let spot = spots.get(&player.role.id).copied().unwrap_or(set.stage_area.centre);
        let free = |k: usize, sitters: &[Sitter<'_>]| sitters.iter().filter(|s| s.piece == k).count() < places(vocabulary, &set.pieces[k]);
        let piece = match named(scene, player, intent) {
            Some(word) => set.pieces.iter().position(|p| p.prop == word && p.id >= FIRST_THING),
            None if intent.facts.rest.is_some() => {
                let bed = intent.facts.rest == Some(Rest::Bed);
                let fits = |p: &Piece| if bed { is_bed(vocabulary, &p.prop) } else { layout::facts(vocabulary, &p.prop).seat.is_some() };
                let near = |p: &Piece| (p.position - set.stage_area.centre).length() < NEAR;
                let all = set.pieces.iter().enumerate().filter(|(k, p)| fits(p) && near(p) && free(*k, &sitters));
                // The first to sit takes what the stage is dressed for; the others sit near to where they are.
                let found = if sitters.is_empty() {
                    all.map(|(k, _)| k).next()
                } else {
                    all.min_by(|a, b| a.1.position.distance(spot).total_cmp(&b.1.position.distance(spot))).map(|(k, _)| k)
                };
                found.or_else(|| (set.indoors && !bed && !sitters.is_empty()).then(|| bring_chair(set, spot, &sitters, vocabulary)).flatten())
            }
            // Who reads in a room with an armchair reads there.
            None if intent.facts.sits && set.indoors && !stands && player.role.count == 1 => {
                let soft = |p: &Piece| EASY.contains(&p.prop.as_str()) && (p.position - set.stage_area.centre).length() < NEAR;
                set.pieces.iter().enumerate().find(|(k, p)| soft(p) && free(*k, &sitters)).map(|(k, _)| k)
            }
            None => None,
        };
        sitters.extend(piece.map(|piece| Sitter { role: &player.role.id, intent, piece }));
    }
    let mut seats = BTreeMap::new();
    for (k, sitter) in sitters.iter().enumerate() {
        let on = |s: &&Sitter<'_>| s.piece == sitter.piece;
        let (place, of) = (sitters[..k].iter().filter(on).count(), sitters.iter().filter(on).count());
        if let Some(seat) = seat(scene, set, vocabulary, sitter, (place, of)) {
            seats.insert(sitter.role.to_owned(), seat);
        }
    }
    seats
}

/// The word of what a role is to sit on, if the plan says so.
fn named(scene: &Scene, player: &Player<'_>, intent: &Intent) -> Option<String> {
    let on = |r: &&kinora_plan::Relation| r.what == player.role.id && matches!(r.relation, RelationKind::On | RelationKind::In);
    let id = match &intent.target {
        Some(Target::Id(id)) if scene.things.iter().any(|t| t.id == *id) => Some(id),
        _ => scene.relations.iter().find(on).and_then(|r| r.to.first()),
    }?;
    scene.things.iter().find(|t| t.id == *id).map(|t| t.word.clone())
}

/// How many fit on a piece.
fn places(vocabulary: &Vocabulary, piece: &Piece) -> usize {
    let facts = layout::facts(vocabulary, &piece.prop);
    if facts.size * piece.scale < LONG { 1 } else { 2 }
}

/// One place of several on a piece.
fn seat(scene: &Scene, set: &Set, vocabulary: &Vocabulary, sitter: &Sitter<'_>, (place, of): (usize, usize)) -> Option<Seat> {
    let piece = &set.pieces[sitter.piece];
    let facts = layout::facts(vocabulary, &piece.prop);
    let ground = |p: Vec3| Vec3::new(p.x, set.terrain.height(p.x, p.z), p.z);
    let aside = |by: f32| turn(piece.yaw) * Vec3::X * by * (place as f32 - (of as f32 - 1.0) * 0.5);
    if sitter.intent.facts.rest == Some(Rest::Bed) {
        // Hips in the middle of what one lies on, feet to its front; one comes to it from a long side.
        let height = facts.surface.or(facts.seat.map(|s| s.1))? * piece.scale;
        let top = piece.position + Vec3::Y * height + aside(LYING_BESIDE);
        return Some(Seat { top, yaw: piece.yaw, before: ground(top) });
    }
    let seat = Vec3::from(facts.seat?) * piece.scale;
    let top = piece.position + turn(piece.yaw) * seat + aside(BESIDE);
    // The stool of a piano stands before it: one sits down to the keys.
    let yaw = if sits_at(scene, vocabulary, sitter.intent) && seat.z > 0.3 { piece.yaw + std::f32::consts::PI } else { piece.yaw };
    Some(Seat { top, yaw, before: ground(top + direction(yaw) * 0.45) })
}

/// Puts a chair where somebody is, turned to who sits already; its place among the pieces.
fn bring_chair(set: &mut Set, spot: Vec3, sitters: &[Sitter<'_>], vocabulary: &Vocabulary) -> Option<usize> {
    vocabulary.get(Kind::Prop, "chair")?;
    let other = set.pieces[sitters.last()?.piece].position;
    let away = Vec3::new(spot.x - other.x, 0.0, spot.z - other.z);
    // Near enough to talk, and not on each other's feet.
    let away = if away.length() < 0.2 { turn(set.stage_area.best_view) * Vec3::X } else { away.normalize() };
    let at = other + away * (spot - other).length().clamp(1.3, 2.2);
    let position = Vec3::new(at.x, set.terrain.height(at.x, at.z), at.z);
    // Half towards the other, half towards whoever looks on.
    let yaw = yaw_of((direction(yaw_of(-away)) + direction(set.stage_area.best_view) * 0.6).normalize());
    set.pieces.push(Piece::new("chair", position, yaw, 1.0));
    set.obstacles.push((position, 0.35, 0.9));
    Some(set.pieces.len() - 1)
}

/// Whether somebody does something with their hands at a thing that has a seat of its own: plays a piano.
fn sits_at(scene: &Scene, vocabulary: &Vocabulary, intent: &Intent) -> bool {
    let Some((id, _)) = intent.near().filter(|_| !intent.facts.whole()) else { return false };
    scene.things.iter().find(|t| t.id == id).is_some_and(|t| layout::facts(vocabulary, &t.word).seat.is_some())
}

/// Whether one lies on a thing rather than sits: beds and couches.
fn is_bed(vocabulary: &Vocabulary, word: &str) -> bool {
    let lies = |w: &String| matches!(w.as_str(), "bed" | "couch" | "sofa");
    word == "bed" || word == "couch" || vocabulary.get(Kind::Prop, word).is_some_and(|a| a.kin.iter().any(lies))
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    /// Where the hips of three are in the middle of the film.
    fn sitters(place: &str, things: &str, action: &str, target: &str) -> Vec<Vec3> {
        let cast: Vec<String> = ["a", "b", "c"].map(|id| format!(r#"{{"id": "{id}", "kind": "person", "word": "woman"}}"#)).into();
        let beats: Vec<String> = ["a", "b", "c"].map(|id| format!(r#"{{"id": "beat-{id}", "who": "{id}", "action": "{action}"{target}}}"#)).into();
        let film = Film::shot(&cast.join(","), place, things, r#"{"subject": ["a", "b", "c"]}"#, &beats.join(","));
        film.staging.scenes[0].actors.iter().map(|a| a.performance.poses[30].landmarks.chest).collect()
    }

    #[test]
    fn nobody_sits_on_anybody() {
        let couch = r#""things": [{"id": "couch", "word": "couch"}]"#;
        for (place, things, action, target) in [
            ("living-room", r#""things": []"#, "sit", ""),
            ("cafe", r#""things": []"#, "sit", ""),
            ("meadow", r#""things": []"#, "sit", ""),
            ("living-room", couch, "sit", ""),
        ] {
            let at = sitters(place, things, action, target);
            for (i, p) in at.iter().enumerate() {
                for q in &at[..i] {
                    assert!(p.distance(*q) > 0.45, "{place}, {things}: {} m apart", p.distance(*q));
                }
            }
        }
        let couch = r#""things": [{"id": "couch", "word": "couch"}]"#;
        let two = sitters("living-room", couch, "sit", r#", "target": {"id": "couch"}"#);
        assert!((0.4..1.2).contains(&two[0].distance(two[1])), "side by side: {}", two[0].distance(two[1]));
    }
}
