//! Who sits at a table: those who eat, drink, read or talk where people sit at tables, or by a table that the plan names. Each
//! has a seat of their own, and all sit round its far side, so that they look at each other and none hides another.

use crate::FIRST_THING;
use crate::blocking::{Intent, Left, Player};
use crate::layout::{self, Axes};
use crate::seats::Seat;
use crate::staging::{direction, turn, yaw_of};
use glam::Vec3;
use kinora_base::maths::{cos, sin};
use kinora_cast::Anatomy;
use kinora_cast::motions::Rest;
use kinora_plan::{RelationKind, RoleKind, Scene, Target, Thing};
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::{Piece, Set};
use std::collections::BTreeMap;

/// So many find room at one table.
const MOST: u32 = 6;
/// More than so many do not fit about a small one, metres across.
const FEW: u32 = 3;
const SMALL: f32 = 0.9;
/// Between a belly and the edge, metres.
const BEFORE_THE_EDGE: f32 = 0.03;
/// From the middle of the hips to the feet of who sits, metres.
const FEET: f32 = 0.45;
/// What is before who eats, and how far its middle is from the edge, metres.
const PLATE: &str = "plate";
const FROM_THE_EDGE: f32 = 0.17;
/// The name of the table among the places of roles and things, if the plan has none.
pub(crate) const TABLE: &str = "the table of those who sit";

/// Those who sit at one table.
pub(crate) struct Party {
    /// Roles, in the order in which they sit, from the left of the picture to its right.
    pub(crate) roles: Vec<String>,
    /// The thing of the plan that is the table.
    thing: Option<usize>,
    /// How many they are.
    count: u32,
}

/// Who sits down at a table in a scene.
pub(crate) fn party(scene: &Scene, players: &[Player<'_>], set: &Set, left: &Left, vocabulary: &Vocabulary) -> Option<Party> {
    let thing = scene.things.iter().position(|t| is_table(t, vocabulary));
    let always = thing.is_some() || set.stage_area.tables.as_ref()?.always;
    let told = |id: &String| scene.relations.iter().any(|r| r.what == *id && !near_the_table(scene, r, thing));
    let mut roles: Vec<&Player<'_>> = players.iter().filter(|p| sits(p, scene, thing, always) && !told(&p.role.id)).collect();
    // Whoever was somewhere else in the scene before stays there.
    roles.retain(|p| left.at(&p.role.id).is_none_or(|at| ((at - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0)).length() < 1.2 && set_already(set)));
    let count = roles.iter().map(|p| p.role.count.max(1)).sum();
    let reads_only = roles.iter().flat_map(|p| &p.intents).all(|i| !i.facts.sits || i.action == "read");
    // In a room with better places to read these are taken.
    if count == 0 || count > MOST || (reads_only && !always && set.pieces.iter().any(|p| p.prop == "armchair")) {
        return None;
    }
    Some(Party { roles: roles.iter().map(|p| p.role.id.clone()).collect(), thing, count })
}

/// Whether a table stands in the middle: this scene goes on from one in which people sat there.
fn set_already(set: &Set) -> bool {
    let Some(tables) = &set.stage_area.tables else { return false };
    set.pieces.iter().any(|p| p.prop == tables.thing && ((p.position - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0)).length() < 0.05)
}

fn is_table(thing: &Thing, vocabulary: &Vocabulary) -> bool {
    let table = |w: &str| matches!(w, "table" | "desk");
    let kind = table(&thing.word) || vocabulary.get(Kind::Prop, &thing.word).is_some_and(|a| a.kin.iter().any(|k| table(k)));
    let size = layout::facts(vocabulary, &thing.word).size * thing.traits.size.unwrap_or(1.0);
    kind && thing.held_by.is_none() && thing.count == 1 && (0.6..2.0).contains(&size)
}

/// Whether a relation says no more than that somebody is at the table.
fn near_the_table(scene: &Scene, relation: &kinora_plan::Relation, thing: Option<usize>) -> bool {
    let table = thing.map(|k| &scene.things[k].id);
    relation.relation == RelationKind::Near && relation.to.iter().all(|to| Some(to) == table)
}

/// Whether a role does what one does sitting, and nothing for which one stands.
fn sits(player: &Player<'_>, scene: &Scene, thing: Option<usize>, always: bool) -> bool {
    if player.role.kind != RoleKind::Person || !player.body.as_ref().is_some_and(|b| b.anatomy == Anatomy::Human) {
        return false;
    }
    // Somebody who sits on what the plan names sits there.
    let elsewhere = |i: &Intent| matches!(&i.target, Some(Target::Id(id)) if i.facts.rest.is_some() && scene.things.iter().position(|t| t.id == *id) != thing);
    let rests = |i: &Intent| i.facts.rest == Some(Rest::Seat);
    let calm = |i: &Intent| {
        let hands = !i.facts.whole() && !i.travels() && i.facts.takes.is_none() && i.facts.lets_go.is_none() && i.facts.leans.is_none();
        (rests(i) || hands && (i.facts.sits || i.facts.near.is_none()))
            && !matches!(i.action.as_str(), "stand" | "stop" | "turn")
            && !elsewhere(i)
            && i.moves.is_none()
    };
    let for_it = |i: &Intent| i.facts.sits || always && (rests(i) || i.action == "talk");
    player.intents.iter().all(calm) && player.intents.iter().any(for_it)
}

impl Party {
    pub(crate) fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|r| r == role)
    }

    /// Puts a table into the middle of the stage if the plan has none; how much of the ground all of them take about it then, metres.
    pub(crate) fn lay(&self, set: &mut Set, vocabulary: &Vocabulary) -> Option<(Vec3, f32)> {
        if self.thing.is_some() {
            return None;
        }
        let tables = set.stage_area.tables.clone()?;
        let small = layout::facts(vocabulary, &tables.thing).size < SMALL && self.count > FEW;
        let word = if small { "table".to_owned() } else { tables.thing };
        let (centre, half) = (set.stage_area.centre, layout::facts(vocabulary, &word).size * 0.5);
        let at = centre.with_y(set.terrain.height(centre.x, centre.z));
        if !set_already(set) {
            let high = layout::facts(vocabulary, &word).surface.unwrap_or(0.7);
            set.pieces.push(Piece::new(&word, at, set.stage_area.best_view, 1.0));
            set.obstacles.push((at, half, high));
        }
        Some((at, half + 0.75))
    }

    /// A seat for everybody, and what they sit on.
    pub(crate) fn sit(&self, scene: &Scene, players: &[Player<'_>], set: &mut Set, vocabulary: &Vocabulary) -> BTreeMap<String, Vec<Seat>> {
        let number = self.thing.map(|k| FIRST_THING + k as u16);
        let flat = |p: &Piece| ((p.position - set.stage_area.centre) * Vec3::new(1.0, 0.0, 1.0)).length();
        let tables =
            set.pieces.iter().filter(|p| number.map_or(p.id == 0 && flat(p) < 0.05 && layout::facts(vocabulary, &p.prop).surface.is_some(), |n| p.id == n));
        let Some(table) = tables.last() else { return BTreeMap::new() };
        let high = layout::facts(vocabulary, &table.prop).surface.unwrap_or(0.7) * table.scale;
        let (centre, half) = (table.position, layout::facts(vocabulary, &table.prop).size * 0.5 * table.scale);
        let own = set.stage_area.tables.clone();
        let (seat, colour) = own.map_or(("chair".to_owned(), None), |t| (t.seat, t.colour));
        let Some(top) = layout::facts(vocabulary, &seat).seat.map(Vec3::from) else { return BTreeMap::new() };
        let axes = Axes::of(set);
        let mut all = BTreeMap::new();
        let mut place = 0;
        for player in self.roles.iter().filter_map(|id| players.iter().find(|p| p.role.id == *id)) {
            let mut seats = Vec::new();
            for member in 0..player.role.count.max(1) as usize {
                let body = player.others.get(member.wrapping_sub(1)).or(player.body.as_ref());
                let angle = angle(place, self.count);
                let out = axes.right * sin(angle) - axes.near * cos(angle);
                let hips = centre + out * (half + body.map_or(0.28, |b| b.radius) + BEFORE_THE_EDGE);
                let yaw = yaw_of(-out);
                let at = hips - turn(yaw) * top.with_y(0.0);
                let at = at.with_y(set.ground(at.x, at.z));
                if !set.pieces.iter().any(|p| p.prop == seat && p.position.distance(at) < 0.05) {
                    let colour = colour.clone();
                    set.pieces.push(Piece { colour, ..Piece::new(&seat, at, yaw, 1.0) });
                }
                let before = hips + direction(yaw) * FEET;
                let eats = player.intents.iter().any(|i| i.action.starts_with("eat") || i.action == "dine");
                if eats && scene.things.iter().all(|t| t.word != PLATE) {
                    let plate = centre + out * (half - FROM_THE_EDGE) + Vec3::Y * high;
                    set.pieces.push(Piece::new(PLATE, plate, yaw, 1.0));
                }
                seats.push(Seat { top: at + turn(yaw) * top, yaw, before: before.with_y(set.ground(before.x, before.z)) });
                place += 1;
            }
            all.insert(player.role.id.clone(), seats);
        }
        all
    }
}

/// Where the k-th of some sits, radians from the far side to the right of the picture.
fn angle(k: u32, count: u32) -> f32 {
    let widest: f32 = match count {
        // Alone one is seen three quarters from the front.
        1 => return -0.5,
        2 => 1.25,
        3 => 1.45,
        4 => 1.8,
        _ => 2.0,
    };
    widest * (2.0 * k as f32 / (count as f32 - 1.0) - 1.0)
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;
    use kinora_cast::BodyPose;

    const FLAT: Vec3 = Vec3::new(1.0, 0.0, 1.0);

    fn friends(place: &str, beats: &[(&str, &str)]) -> Film {
        let beats: Vec<String> = beats.iter().map(|(k, action)| format!(r#"{{"id": "{k}", "who": "friends", "action": "{action}", "prop": "cup"}}"#)).collect();
        Film::shot(
            r#"{"id": "friends", "kind": "person", "word": "woman", "count": 2}"#,
            place,
            r#""things": [{"id": "cup", "word": "cup", "held_by": "friends"}]"#,
            r#"{"subject": ["friends"], "size": "medium"}"#,
            &beats.join(","),
        )
    }

    fn poses(film: &Film) -> Vec<BodyPose> {
        film.staging.scenes[0].actors.iter().map(|a| a.performance.poses[30].clone()).collect()
    }

    #[test]
    fn two_who_drink_where_there_are_tables_sit_opposite_each_other_with_a_chair_and_a_cup_each() {
        let film = friends("cafe", &[("1", "drink")]);
        let scene = &film.staging.scenes[0];
        let all = poses(&film);
        let away = ((all[0].landmarks.hips - all[1].landmarks.hips) * FLAT).length();
        assert!((1.1..1.9).contains(&away), "{away} m from one to the other");
        for (k, pose) in all.iter().enumerate() {
            let chair = |p: &&kinora_world::Piece| p.prop == "chair" && ((p.position - pose.landmarks.hips) * FLAT).length() < 0.12;
            assert_eq!(scene.set.pieces.iter().filter(chair).count(), 1, "a chair under one of them");
            assert!(pose.landmarks.hips.y < 0.75, "hips at {} m", pose.landmarks.hips.y);
            let other = (all[1 - k].landmarks.eyes - pose.landmarks.eyes).normalize();
            assert!((pose.turn * Vec3::Z).dot(other) > 0.75, "who looks away from the other");
            assert!(film.staging.scenes[0].held.iter().any(|h| h.actor == k && h.word == "cup"), "a cup in each hand");
        }
        assert!(scene.set.pieces.iter().any(|p| p.prop == "cafe-table"), "a table");
    }

    #[test]
    fn who_is_to_stand_stands_and_so_does_who_drinks_where_there_is_no_table() {
        for (place, beats) in [("cafe", vec![("1", "stand"), ("2", "drink")]), ("meadow", vec![("1", "drink")]), ("city-street", vec![("1", "talk")])] {
            let film = friends(place, &beats);
            for pose in poses(&film) {
                assert!(pose.landmarks.hips.y - pose.root.y > 0.75, "{place}: hips at {}", pose.landmarks.hips.y);
            }
        }
    }

    #[test]
    fn a_table_of_the_plan_is_sat_at_anywhere() {
        let film = Film::shot(
            r#"{"id": "man", "kind": "person", "word": "man"}, {"id": "girl", "kind": "person", "word": "girl"}"#,
            "garden",
            r#""things": [{"id": "table", "word": "table"}]"#,
            r#"{"subject": ["man", "girl"]}"#,
            r#"{"id": "1", "who": "man", "action": "eat"}, {"id": "2", "who": "girl", "action": "eat"}"#,
        );
        let table = film.staging.scenes[0].set.pieces.iter().find(|p| p.prop == "table").expect("a table").position;
        for pose in poses(&film) {
            let away = ((pose.landmarks.hips - table) * FLAT).length();
            assert!((0.7..1.0).contains(&away) && pose.landmarks.hips.y < 0.75, "{away} m from the middle of the table");
        }
    }

    #[test]
    fn two_at_a_table_are_seen_from_its_open_side_and_not_past_a_back() {
        let film = Film::shot(
            r#"{"id": "woman", "kind": "person", "word": "woman"}, {"id": "girl", "kind": "person", "word": "girl"}"#,
            "cafe",
            r#""things": [{"id": "table", "word": "table"}, {"id": "cup", "word": "cup", "held_by": "woman"}]"#,
            r#"{"subject": ["woman", "girl"], "size": "wide", "side": "front"}"#,
            r#"{"id": "1", "who": "woman", "action": "drink", "prop": "cup"}, {"id": "2", "who": "girl", "action": "drink", "prop": "cup"}"#,
        );
        let eye = film.staging.cameras[30].eye;
        for pose in poses(&film) {
            let open = (pose.turn * Vec3::Z).dot(((eye - pose.landmarks.eyes) * FLAT).normalize());
            assert!(open > -0.3, "a back is turned to the camera: {open}");
        }
    }

    #[test]
    fn who_is_looked_past_does_not_hide_whom_the_shot_is_about() {
        let film = Film::shot(
            r#"{"id": "man", "kind": "person", "word": "man"}, {"id": "woman", "kind": "person", "word": "woman"}"#,
            "cafe",
            r#""things": []"#,
            r#"{"subject": ["woman"], "over": "man", "side": "over-shoulder", "size": "medium-close"}"#,
            r#"{"id": "1", "who": "man", "action": "talk"}, {"id": "2", "who": "woman", "action": "talk"}"#,
        );
        let all = poses(&film);
        let (near, face, eye) = (&all[0].landmarks, all[1].landmarks.eyes, film.staging.cameras[30].eye);
        assert!(near.eyes.distance(eye) < face.distance(eye), "it is over a shoulder");
        for p in [near.eyes, near.crown, near.chest] {
            let way = (face - eye).normalize();
            let off = (p - eye).reject_from(way).length();
            assert!(off > 0.2, "the line to her face passes him at {off} m");
        }
    }
}
