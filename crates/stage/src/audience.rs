//! An audience: several who only look on sit on the seats of a place that has a house, or stand round whoever performs, and
//! never between them and the camera.

use crate::blocking::{Blocking, Player, within_walls};
use crate::seats::Seat;
use crate::staging::yaw_of;
use glam::Vec3;
use kinora_base::maths::{cos, sin};
use kinora_plan::RoleKind;
use kinora_world::Set;

/// What an audience does.
const LOOKS_ON: &[&str] = &["cheer", "clap", "look", "wave", "stand", "stop", "sit", "laugh", "gasp", "raise-hand", "take-photo", "thumbs-up"];
/// So many look on at least, and at most so many are looked at.
const SEVERAL: u32 = 3;
/// Metres from one to the next in a row, and from row to row.
const ABREAST: f32 = 0.62;
const ROW: f32 = 0.85;
/// Half of what is left free in the middle of each row as long as there are other seats: who is seen is seen through there.
const AISLE: f32 = 0.7;
/// How far before the middle of a seat its sitter's feet are, metres.
const FEET: f32 = 0.45;
/// How near to whom they look at they stand in the open, metres.
const NEAR: f32 = 2.7;
/// Half of the round in which they stand there, radians from the far side: the camera's side is free.
const ROUND: f32 = 1.75;

/// Whom a role looks at that does nothing but look on: the index of that player.
pub(crate) fn performer(players: &[Player<'_>], who: &Player<'_>) -> Option<usize> {
    let only_looks = !who.intents.is_empty() && who.intents.iter().all(|i| LOOKS_ON.contains(&i.action.as_str()));
    if who.role.kind != RoleKind::Person || who.role.count < SEVERAL || !only_looks {
        return None;
    }
    let performs = |p: &Player<'_>| {
        p.body.is_some()
            && p.role.count < who.role.count
            && p.role.id != who.role.id
            && p.intents.iter().any(|i| !LOOKS_ON.contains(&i.action.as_str()) && i.action != "talk")
    };
    // Who goes somewhere passes by; nobody can stand round them.
    let stays = |p: &Player<'_>| !p.intents.iter().any(crate::blocking::Intent::travels);
    let all: Vec<usize> = (0..players.len()).filter(|k| performs(&players[*k])).collect();
    all.first().copied().filter(|_| all.iter().all(|k| stays(&players[*k])))
}

/// Whether a role takes its places in the house though nobody performs: several who only look on, or anybody before a screen
/// that the seats stand before.
pub(crate) fn fills_house(set: &Set, who: &Player<'_>) -> bool {
    let idle = |i: &crate::blocking::Intent| LOOKS_ON.contains(&i.action.as_str()) || matches!(i.action.as_str(), "eat" | "drink" | "talk" | "pray" | "read");
    let Some(row) = set.stage_area.house.first() else { return false };
    let before_a_screen = row.from.z < set.stage_area.centre.z;
    let enough = who.role.count >= SEVERAL || before_a_screen && who.intents.iter().any(|i| matches!(i.action.as_str(), "look" | "sit") && i.target.is_none());
    who.role.kind == RoleKind::Person && enough && !who.intents.is_empty() && who.intents.iter().all(idle)
}

/// A point that a house without a performer looks at.
pub(crate) fn front(set: &Set) -> Option<Vec3> {
    let row = set.stage_area.house.first()?;
    Some(Vec3::new(set.stage_area.centre.x, 0.0, row.from.z - 20.0))
}

/// The seats of a house in the order in which they fill: from the middle of the front, with gaps.
fn order(b: &Blocking<'_>) -> Vec<(Vec3, f32)> {
    let seed = b.plan.root_seed().child(&b.scene.id).child("house");
    let rows = b.set.stage_area.house.iter();
    let front = rows.clone().map(|r| r.from.z).fold(f32::MIN, |far, z| far.max(-z));
    let mut all: Vec<(f32, Vec3, f32)> = rows
        .flat_map(|row| row.seats().map(move |top| (top, row.floor)))
        .enumerate()
        .map(|(k, (top, floor))| {
            let aside = (top.x - b.set.stage_area.centre.x).abs();
            let aisle = if aside < AISLE { 50.0 } else { 0.0 };
            (0.5 * aside + aisle + top.z + front + 0.9 * seed.index(k as u64).rng().signed(), top, floor)
        })
        .collect();
    all.sort_by(|p, q| p.0.total_cmp(&q.0));
    all.into_iter().map(|(_, top, floor)| (top, floor)).collect()
}

/// The seat of one of an audience, if the place has one for it.
pub(crate) fn seat(b: &Blocking<'_>, player: &Player<'_>, member: u32) -> Option<Seat> {
    b.watched.get(&player.role.id)?;
    // Of several audiences each has seats of its own.
    let before = b.watched.keys().take_while(|id| **id != player.role.id).filter_map(|id| b.plan.role(id)).map(|r| r.count).sum::<u32>();
    let (top, floor) = *order(b).get((before + member) as usize)?;
    Some(Seat { top, yaw: std::f32::consts::PI, before: Vec3::new(top.x, floor, top.z - FEET) })
}

/// Where one of an audience stands, in the world. `at` is where it looks.
fn place(b: &Blocking<'_>, at: Vec3, count: u32, member: u32) -> Vec3 {
    let (mut first, mut rank) = (0, 0);
    loop {
        let radius = NEAR + rank as f32 * ROW;
        let fit = ((2.0 * ROUND * radius / (ABREAST * 1.25)) as u32).max(3);
        if member < first + fit || rank > 40 {
            let here = fit.min(count - first).max(1);
            let share = (member - first) as f32 + 0.5;
            // Every other rank looks through the gaps of the one before.
            let angle = (share / here as f32 - 0.5) * 2.0 * ROUND + if rank % 2 == 1 { 0.5 * ABREAST / radius } else { 0.0 };
            // Nobody is right behind who is looked at.
            let angle = if angle.abs() < 0.2 { 0.3 } else { angle };
            let out = -b.axes.near * cos(angle) + b.axes.right * sin(angle);
            let spot = within_walls(b, at + out * radius);
            return Vec3::new(spot.x, b.set.ground(spot.x, spot.z), spot.z);
        }
        (first, rank) = (first + fit, rank + 1);
    }
}

/// Where one of an audience is against the role's own place, and the way it faces; `None` if the role is no audience.
pub(crate) fn stands(b: &Blocking<'_>, player: &Player<'_>, start: Vec3, member: u32) -> Option<(Vec3, f32)> {
    let id = b.watched.get(&player.role.id)?;
    let at = *b.spots.get(id)?;
    let against = |p: Vec3| Vec3::new(p.x - start.x, p.y - b.set.ground(p.x, p.z), p.z - start.z);
    if let Some(seat) = seat(b, player, member) {
        // Whose seat is at the side turns half-way.
        let to = at - seat.before;
        return Some((against(seat.before), yaw_of(Vec3::new(to.x * 0.5, 0.0, to.z))));
    }
    let mine = place(b, at, player.role.count, member);
    let mut rng = b.plan.root_seed().child(&player.role.id).child("audience").index(u64::from(member)).rng();
    let to = (at - mine) * Vec3::new(1.0, 0.0, 1.0);
    Some((against(mine), yaw_of(to) + rng.signed() * 0.1))
}

/// Whether somebody stands or sits at a seat of the house.
pub(crate) fn in_house(set: &Set, at: Vec3) -> bool {
    let feet = |top: Vec3| (Vec3::new(at.x - top.x, 0.0, at.z - top.z + FEET)).length() < 0.1;
    set.stage_area.house.iter().any(|row| (at.y - row.floor).abs() < 0.01 && row.seats().any(feet))
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    fn film(place: &str, action: &str, framing: &str) -> Film {
        film_of(place, action, "cheer", framing)
    }

    fn film_of(place: &str, action: &str, theirs: &str, framing: &str) -> Film {
        Film::new(&format!(
            r#""cast": [{{"id": "star", "kind": "person", "word": "woman"}}, {{"id": "people", "kind": "person", "word": "people", "count": 24}}],
            "scenes": [{{"id": "s", "place": "{place}"}}],
            "shots": [{{"id": "1", "scene": "s", "length": 96000, "framing": {framing}, "beats": [
                {{"id": "a", "who": "star", "action": "{action}"}}, {{"id": "b", "who": "people", "action": "{theirs}"}}]}}]"#
        ))
    }

    #[test]
    fn an_audience_faces_who_performs_and_is_off_their_spot() {
        for (place, action) in [("stage", "play-piano"), ("stage", "sing"), ("park", "dance"), ("city-street", "juggle"), ("living-room", "sing")] {
            let film = film(place, action, r#"{"size": "wide", "subject": ["star", "people"]}"#);
            let actors = &film.staging.scenes[0].actors;
            let star = actors[0].performance.poses[0].root;
            for one in &actors[1..] {
                let pose = &one.performance.poses[0];
                let to = (star - pose.root) * Vec3::new(1.0, 0.0, 1.0);
                assert!(to.length() > if place == "living-room" { 0.8 } else { 1.9 }, "{place}: one of them is {:.1} m from who performs", to.length());
                let off = (pose.turn * Vec3::Z).angle_between(to.normalize_or(Vec3::Z)).to_degrees();
                assert!(off < 25.0, "{place}: one of them looks {off:.0} degrees beside");
            }
        }
    }

    #[test]
    fn nobody_of_the_audience_is_before_a_close_shot_of_who_performs() {
        let hands = r#"{"size": "close", "part": "hands", "subject": ["star"]}"#;
        let medium = r#"{"size": "medium", "subject": ["star"]}"#;
        for (place, action, framing) in [("stage", "play-piano", hands), ("stage", "sing", medium), ("park", "dance", medium)] {
            let film = film(place, action, framing);
            let scene = &film.staging.scenes[0];
            for frame in (0..scene.frames).step_by(8) {
                let eye = film.staging.cameras[frame].eye;
                let star = &scene.actors[0].performance.poses[frame].landmarks;
                for target in [star.eyes, star.hands[0], star.hands[1]] {
                    for one in &scene.actors[1..] {
                        let l = &one.performance.poses[frame].landmarks;
                        for part in [l.crown, l.chest, l.hands[0], l.hands[1]] {
                            let along = (target - eye).normalize_or(Vec3::Z);
                            let share = (part - eye).dot(along).clamp(0.0, (target - eye).length());
                            let off = part.distance(eye + along * share);
                            assert!(off > 0.2, "{place} {action} {framing}: somebody is {off:.2} m from the line of sight at frame {frame}");
                        }
                    }
                }
            }
        }
    }

    /// How far hips are over the seats of the house: the mean of all but the first role.
    fn over_seats(film: &Film) -> Vec<f32> {
        let scene = &film.staging.scenes[0];
        let seats: Vec<Vec3> = scene.set.stage_area.house.iter().flat_map(kinora_world::Row::seats).collect();
        let near = |hips: Vec3| seats.iter().map(|s| (hips - *s).with_y(0.0).length()).fold(f32::MAX, f32::min);
        let height = |hips: Vec3| seats.iter().min_by(|a, b| a.distance(hips).total_cmp(&b.distance(hips))).map_or(f32::MAX, |s| hips.y - s.y);
        let people = scene.actors.iter().filter(|a| a.role == "people");
        people.map(|a| a.performance.poses[30].landmarks.hips).filter(|h| near(*h) < 0.3).map(height).collect()
    }

    #[test]
    fn in_a_theatre_the_audience_sits_on_the_seats_of_the_house() {
        for action in ["clap", "look", "laugh"] {
            let film = film_of("stage", "sing", action, r#"{"size": "wide", "subject": ["star"]}"#);
            let over = over_seats(&film);
            assert_eq!(over.len(), 24, "{action}: each is at a seat");
            assert!(over.iter().all(|y| (0.0..0.3).contains(y)), "{action}: hips are over the seats by {over:?}");
            let hips: Vec<Vec3> = film.staging.scenes[0].actors[1..].iter().map(|a| a.performance.poses[30].landmarks.hips).collect();
            assert!(hips.iter().enumerate().all(|(k, p)| hips[..k].iter().all(|q| p.distance(*q) > 0.4)), "nobody sits on anybody");
        }
    }

    #[test]
    fn who_watches_a_film_sits_before_the_screen() {
        let film = Film::new(
            r#""cast": [{"id": "people", "kind": "person", "word": "people", "count": 12}], "scenes": [{"id": "s", "place": "movie-theater"}],
            "shots": [{"id": "1", "scene": "s", "length": 96000, "framing": {"subject": ["people"]}, "beats": [{"id": "a", "who": "people", "action": "look"}]}]"#,
        );
        assert_eq!(over_seats(&film).len(), 12);
        for one in &film.staging.scenes[0].actors {
            assert!((one.performance.poses[30].turn * Vec3::Z).z < -0.9, "they face the screen");
        }
    }

    #[test]
    fn a_wide_shot_in_a_theatre_is_from_nobodys_head() {
        let film = film("stage", "play-piano", r#"{"size": "wide", "subject": ["star", "people"]}"#);
        let scene = &film.staging.scenes[0];
        let eye = film.staging.cameras[0].eye;
        for one in &scene.actors[1..] {
            let l = &one.performance.poses[0].landmarks;
            let off = [l.crown, l.chest, l.hips].map(|p| p.distance(eye)).into_iter().fold(f32::MAX, f32::min);
            assert!(off > 0.45, "the camera at {eye} is {off:.2} m from one of the audience");
        }
        let star = film.picture(0, scene.actors[0].performance.poses[0].landmarks.chest);
        assert!((0.2..0.8).contains(&star.x) && (0.2..0.8).contains(&star.y), "who plays is in the picture: {star}");
    }

    #[test]
    fn who_watches_a_play_is_seen_from_the_front_and_not_from_within() {
        for (size, scene) in [("wide", "s"), ("full", "scene-1"), ("full", "b"), ("medium-full", "c")] {
            let film = Film::new(&format!(
                r#""cast": [{{"id": "people", "kind": "person", "word": "people", "count": 16}}],
                "scenes": [{{"id": "{scene}", "place": "stage"}}],
                "shots": [{{"id": "1", "scene": "{scene}", "length": 96000, "framing": {{"size": "{size}", "subject": ["people"], "move": {{"kind": "push-in"}}}},
                    "beats": [{{"id": "b", "who": "people", "action": "look"}}]}}]"#
            ));
            let all = &film.staging.scenes[0].actors;
            for eye in film.staging.cameras.iter().map(|c| c.eye) {
                for one in all {
                    let l = &one.performance.poses[0].landmarks;
                    assert!(l.crown.distance(eye) > 0.6, "{size}: the camera at {eye} is in a head at {}", l.crown);
                }
            }
            let eye = film.staging.cameras[0].eye;
            let seen = all.iter().map(|a| &a.performance.poses[0].landmarks).filter(|l| l.facing.dot(eye - l.eyes) > 0.0).count();
            assert!(seen > 10, "{size}: {seen} faces are seen from {eye}");
        }
    }

    #[test]
    fn the_house_is_seen_from_the_stage() {
        let film = film("stage", "sing", r#"{"size": "medium-full", "side": "profile", "subject": ["people"]}"#);
        let scene = &film.staging.scenes[0];
        let eye = film.staging.cameras[0].eye;
        let nearest = scene.actors[1..].iter().map(|a| a.performance.poses[0].landmarks.crown.distance(eye)).fold(f32::MAX, f32::min);
        assert!(nearest > 0.8, "the nearest head is {nearest:.2} m from the camera");
        let faces = scene.actors[1..].iter().filter(|a| a.performance.poses[0].landmarks.facing.dot(eye - a.performance.poses[0].landmarks.eyes) > 0.0);
        let seen = faces.count();
        assert!(seen > 20, "{seen} faces are seen from {eye}");
    }
}
