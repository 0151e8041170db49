//! An audience: several who only look on stand before whoever performs, or round them, and never between them and the camera.

use crate::blocking::{Blocking, Player, within_walls};
use crate::staging::yaw_of;
use glam::Vec3;
use kinora_base::maths::{cos, sin};
use kinora_plan::RoleKind;
use kinora_world::Set;

/// What an audience does.
const LOOKS_ON: &[&str] = &["cheer", "clap", "look", "wave", "stand", "sit", "laugh", "gasp", "raise-hand", "take-photo", "thumbs-up"];
/// So many look on at least, and at most so many are looked at.
const SEVERAL: u32 = 3;
/// Metres from one to the next in a row, and from row to row.
const ABREAST: f32 = 0.62;
const ROW: f32 = 0.85;
/// Half of what is left free in the middle of each row: who is seen is seen through there.
const AISLE: f32 = 0.85;
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

/// Where one of an audience stands, in the world. `at` is where it looks.
fn place(b: &Blocking<'_>, at: Vec3, count: u32, member: u32) -> Vec3 {
    if let Some((before, floor)) = b.set.stage_area.house {
        return in_rows(b, (before, floor), count, member);
    }
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

/// In the house of a theatre: rows with an aisle in the middle.
fn in_rows(b: &Blocking<'_>, (before, floor): (f32, f32), count: u32, member: u32) -> Vec3 {
    let (low, high) = b.set.stage_area.room.unwrap_or((Vec3::splat(-4.0), Vec3::splat(4.0)));
    let half = ((high.x - low.x) * 0.5 - 0.5).max(AISLE + ABREAST);
    let rows = ((high.z - 0.6 - before) / ROW).floor().max(1.0) as u32 + 1;
    // As many on each side of the aisle as there is room for, closer together if there are more.
    let side = (((half - AISLE) / ABREAST) as u32).max(1);
    let side = side.max(count.div_ceil(2 * rows));
    let each = ((half - AISLE) / side as f32).min(ABREAST);
    let (row, place) = (member / (2 * side), member % (2 * side));
    let out = AISLE + each * ((place / 2) as f32 + 0.5);
    let x = if place % 2 == 0 { out } else { -out };
    let at = b.axes.centre + b.axes.right * x + b.axes.near * (before + row as f32 * ROW);
    Vec3::new(at.x, floor, at.z)
}

/// Where one of an audience stands against the role's own place, and the way it faces; `None` if the role is no audience.
pub(crate) fn stands(b: &Blocking<'_>, player: &Player<'_>, start: Vec3, member: u32) -> Option<(Vec3, f32)> {
    let id = b.watched.get(&player.role.id)?;
    let at = *b.spots.get(id)?;
    let mine = place(b, at, player.role.count, member);
    let mut rng = b.plan.root_seed().child(&player.role.id).child("audience").index(u64::from(member)).rng();
    let to = (at - mine) * Vec3::new(1.0, 0.0, 1.0);
    Some((Vec3::new(mine.x - start.x, mine.y - b.set.ground(mine.x, mine.z), mine.z - start.z), yaw_of(to) + rng.signed() * 0.1))
}

/// Whether a place is in the house of a theatre, lower than its stage.
pub(crate) fn in_house(set: &Set, at: Vec3) -> bool {
    set.stage_area.house.is_some_and(|(_, floor)| (at.y - floor).abs() < 0.01)
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    fn film(place: &str, action: &str, framing: &str) -> Film {
        Film::new(&format!(
            r#""cast": [{{"id": "star", "kind": "person", "word": "woman"}}, {{"id": "people", "kind": "person", "word": "people", "count": 24}}],
            "scenes": [{{"id": "s", "place": "{place}"}}],
            "shots": [{{"id": "1", "scene": "s", "length": 96000, "framing": {framing}, "beats": [
                {{"id": "a", "who": "star", "action": "{action}"}}, {{"id": "b", "who": "people", "action": "cheer"}}]}}]"#
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

    #[test]
    fn in_a_theatre_the_audience_is_in_the_house() {
        let film = film("stage", "sing", r#"{"size": "wide", "subject": ["star"]}"#);
        for one in &film.staging.scenes[0].actors[1..] {
            let foot = one.performance.poses[4].landmarks.feet[0];
            assert!(foot.y < -0.5 && foot.z > 2.0, "a foot is at {foot}");
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
    fn the_house_is_seen_from_the_stage() {
        let film = film("stage", "sing", r#"{"size": "medium-full", "side": "profile", "subject": ["people"]}"#);
        let scene = &film.staging.scenes[0];
        let eye = film.staging.cameras[0].eye;
        let nearest = scene.actors[1..].iter().map(|a| a.performance.poses[0].landmarks.crown.distance(eye)).fold(f32::MAX, f32::min);
        assert!(nearest > 0.8, "the nearest head is {nearest:.2} m from the camera");
        let faces = scene.actors[1..].iter().filter(|a| a.performance.poses[0].landmarks.facing.dot(eye - a.performance.poses[0].landmarks.eyes) > 0.0);
        assert!(faces.count() > 20, "faces are seen");
    }
}
