//! Vehicles as roles: they follow their route with easy starts and stops, keep to the ground, the water or the air, and roll.

use crate::Driven;
use crate::blocking::{Blocking, Player, Route};
use crate::staging::{direction, turn, yaw_of};
use glam::{Quat, Vec3};
use kinora_base::maths::{sin, smoothstep};
use kinora_plan::Target;
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::VehicleFacts;

/// What is known of a vehicle, or sensible facts where its file has none.
pub(crate) fn facts(vocabulary: &Vocabulary, word: &str) -> VehicleFacts {
    vocabulary.get(Kind::Vehicle, word).and_then(|a| a.section("vehicle").ok().flatten()).unwrap_or_default()
}

/// Length of a vehicle, for keeping distance.
pub(crate) fn length(vocabulary: &Vocabulary, word: &str) -> f32 {
    facts(vocabulary, word).length
}

/// Length and height of a vehicle.
pub(crate) fn size(vocabulary: &Vocabulary, word: &str, scale: f32) -> (f32, f32) {
    let facts = facts(vocabulary, word);
    (facts.length * scale, if facts.height > 0.0 { facts.height } else { facts.length * 0.38 } * scale)
}

/// The track of one vehicle over the scene's frames.
pub(crate) fn drive(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32, id: u16, aside: Vec3) -> Driven {
    let traits = &player.role.traits;
    let way: Vec<Vec3> = route.way.iter().map(|p| *p + aside).collect();
    let facts = facts(b.vocabulary, &player.role.word);
    let scale = traits.size.unwrap_or(1.0);
    let water = b.set.stage_area.water_level.filter(|_| facts.floats);
    let air = Air::of(b, player, &facts, scale);
    let mut rolled = 0.0;
    let mut last: Option<Vec3> = None;
    let track: Vec<(Vec3, Quat, f32)> = (0..b.frames)
        .map(|frame| {
            let (mut at, heading) =
                place(b, player, &way, air.as_ref().map_or(frame as f32, |air| air.way_made(frame))).unwrap_or((route.start + aside, direction(route.facing)));
            let mut attitude = turn(yaw_of(heading));
            if let Some(water) = water {
                // Small waves lift, roll and pitch it.
                let t = frame as f32 / b.fps;
                at.y = water - facts.draught * scale + 0.03 * sin(t * 1.7);
                attitude *= Quat::from_rotation_z(0.05 * sin(t * 1.9 + 0.4)) * Quat::from_rotation_x(0.03 * sin(t * 1.3));
            } else {
                (at.y, attitude) = on_ground(b, &facts, scale, at, heading);
            }
            let height = air.as_ref().map_or(0.0, |air| air.height(frame, b.fps));
            if height > 0.0 {
                let t = frame as f32 / b.fps;
                at.y += height + (0.012 * facts.length * scale * sin(t * 1.3)).min(height);
                attitude = turn(yaw_of(heading)) * Quat::from_rotation_z(0.025 * sin(t * 1.1 + 0.7)) * Quat::from_rotation_x(0.02 * sin(t * 0.9));
            } else if let Some(before) = last {
                rolled += (at - before).length();
            }
            last = Some(at);
            (at, attitude, rolled)
        })
        .collect();
    let lean = if water.is_some() || air.is_some() { Vec::new() } else { leaning(&track.iter().map(|t| t.2).collect::<Vec<_>>(), b.fps) };
    Driven { role: player.role.id.clone(), member, id, word: player.role.word.clone(), colour: traits.colour.clone(), scale, track, lean }
}

/// Seconds in which an aircraft comes up to its height.
const CLIMB: f32 = 3.0;

/// The share of the time of landing in which it comes down; in the rest it rolls.
const COMING_DOWN: f32 = 0.7;

/// The flight of an aircraft.
struct Air {
    /// Metres over the ground.
    height: f32,
    /// The frame at which it leaves the ground; `None` if it was in the air before.
    takes_off: Option<usize>,
    /// The frames in which it comes down, if it lands.
    lands: Option<(usize, usize)>,
    /// It rolls on when it has landed.
    rolls: bool,
}

impl Air {
    /// `None` if it stays on the ground.
    fn of(b: &Blocking<'_>, player: &Player<'_>, facts: &VehicleFacts, scale: f32) -> Option<Self> {
        let first = player.intents.iter().find(|i| i.action == "fly")?;
        // Under a ceiling it flies at the height of a man's head.
        let most = if b.set.indoors { 1.7 } else { f32::MAX };
        let height = (facts.altitude * scale.max(1.0)).min(most);
        let down = player.intents.iter().find(|i| i.action == "fly" && i.target == Some(Target::Down));
        let lands = down.map(|i| (i.from, i.from + (i.to.min(b.frames).saturating_sub(i.from) as f32 * COMING_DOWN) as usize));
        let takes_off = (first.from as f32 > 0.3 * b.fps).then_some(first.from);
        (height > 0.0 && !b.set.underwater).then_some(Self { height, takes_off, lands, rolls: !facts.wheels.is_empty() })
    }

    /// The frame at which it would be as far on its way at full speed: what has no wheels comes down more and more upright, and stays there.
    fn way_made(&self, frame: usize) -> f32 {
        let Some((from, to)) = self.lands.filter(|(from, _)| !self.rolls && frame > *from) else { return frame as f32 };
        let length = to.saturating_sub(from).max(1) as f32;
        let t = ((frame - from) as f32 / length).min(1.0);
        from as f32 + length * (t - t * t * 0.5)
    }

    /// Over the ground at a frame: it rises with an easy start and end, stays up, and comes down as easily.
    fn height(&self, frame: usize, fps: f32) -> f32 {
        let up = self.takes_off.map_or(1.0, |from| smoothstep(0.0, CLIMB, frame.saturating_sub(from) as f32 / fps));
        let down = self.lands.map_or(0.0, |(from, to)| smoothstep(from as f32, to.max(from + 1) as f32, frame as f32));
        self.height * up * (1.0 - down)
    }
}

/// Radians that a body pitches on its springs, nose down positive, a frame each: a damped spring pushed by what its wheels gain or lose in speed.
fn leaning(rolled: &[f32], fps: f32) -> Vec<f32> {
    const SPRING: f32 = 8.5;
    const DAMPING: f32 = 0.42;
    const PER_ACCELERATION: f32 = 0.0075;
    let step = 1.0 / fps;
    let speed = |k: usize| (rolled[k] - rolled[k.saturating_sub(1)]) * fps;
    let (mut angle, mut turning) = (0.0f32, 0.0f32);
    (0..rolled.len())
        .map(|k| {
            // The first difference has no frame before it: it says nothing.
            let gained = if k < 2 { 0.0 } else { (speed(k) - speed(k - 1)) * fps };
            let rest = (-gained * PER_ACCELERATION).clamp(-0.06, 0.06);
            turning += ((rest - angle) * SPRING * SPRING - 2.0 * DAMPING * SPRING * turning) * step;
            angle += turning * step;
            angle
        })
        .collect()
}

/// Height and attitude of a vehicle whose wheels stand on the ground.
fn on_ground(b: &Blocking<'_>, facts: &VehicleFacts, scale: f32, at: Vec3, heading: Vec3) -> (f32, Quat) {
    let yaw = turn(yaw_of(heading));
    let half = facts.length * 0.3 * scale;
    let height = |offset: Vec3| b.set.terrain.height(at.x + offset.x, at.z + offset.z);
    let (ahead, aside) = (yaw * Vec3::Z * half, yaw * Vec3::X * (half * 0.6));
    let (front, back, left, right) = (height(ahead), height(-ahead), height(aside), height(-aside));
    let (forward, side) = (ahead * 2.0 + Vec3::Y * (front - back), aside * 2.0 + Vec3::Y * (left - right));
    let up = forward.cross(side).normalize_or(Vec3::Y);
    ((front + back + left + right) * 0.25, Quat::from_rotation_arc(Vec3::Y, up) * yaw)
}

/// Where on its way a vehicle is at a frame: constant speed within a travel intent, eased where it starts or stops inside the scene.
fn place(b: &Blocking<'_>, player: &Player<'_>, way: &[Vec3], frame: f32) -> Option<(Vec3, Vec3)> {
    let ways: Vec<_> = player.intents.iter().filter(|i| i.travels()).collect();
    let (first, last) = (ways.first()?, ways.last()?);
    let total = ways.iter().map(|i| i.to - i.from).sum::<usize>().max(1) as f32;
    let gone: f32 = ways.iter().map(|i| frame.clamp(i.from as f32, i.to as f32) - i.from as f32).sum();
    let mut share = gone / total;
    let ramp = 0.8 * b.fps / total;
    if last.to < b.frames {
        share = ease_out(share, ramp);
    }
    if first.from > 0 {
        share = 1.0 - ease_out(1.0 - share, ramp);
    }
    let lengths: Vec<f32> = way.windows(2).map(|w| (w[1] - w[0]).length()).collect();
    let mut left = share * lengths.iter().sum::<f32>();
    for (k, l) in lengths.iter().enumerate() {
        if left <= *l || k + 1 == lengths.len() {
            let d = (way[k + 1] - way[k]) * Vec3::new(1.0, 0.0, 1.0);
            return Some((way[k].lerp(way[k + 1], left / l.max(1e-3)), d.normalize_or(Vec3::X)));
        }
        left -= l;
    }
    None
}

/// Slows down over the last `ramp` of the way, arriving at 1 with no speed.
fn ease_out(share: f32, ramp: f32) -> f32 {
    let ramp = ramp.clamp(0.05, 0.8);
    // Constant speed v, then uniform braking: v (1 - ramp) + v ramp / 2 = 1.
    let v = 1.0 / (1.0 - ramp * 0.5);
    let begin = 1.0 - ramp;
    if share < begin {
        v * share
    } else {
        let t = (share - begin) / ramp;
        v * begin + v * ramp * (t - t * t * 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Film;

    fn film(word: &str, place: &str, beats: &str) -> (Film, VehicleFacts) {
        let cast = format!(r#"{{"id": "v", "kind": "vehicle", "word": "{word}"}}"#);
        let film = Film::shot(&cast, place, r#""relations": []"#, r#"{"size": "full", "subject": ["v"]}"#, beats);
        let facts = facts(&film.vocabulary, word);
        (film, facts)
    }

    const STOPS: &str = r#"{"id": "a", "who": "v", "action": "drive", "to": 72000}, {"id": "b", "who": "v", "action": "stop", "from": 72000}"#;

    #[test]
    fn aircraft_fly_at_their_height_and_take_off_where_they_stood() {
        let over = |film: &Film| -> Vec<f32> {
            let scene = &film.staging.scenes[0];
            scene.driven[0].track.iter().map(|(at, ..)| at.y - scene.set.terrain.height(at.x, at.z)).collect()
        };
        let (flies, facts) = film("helicopter", "meadow", r#"{"id": "a", "who": "v", "action": "fly"}"#);
        assert!(over(&flies).iter().all(|h| (h - facts.altitude).abs() < 1.0), "in the air all the time");
        let (rises, facts) = film("helicopter", "meadow", r#"{"id": "a", "who": "v", "action": "fly", "from": 24000}"#);
        let heights = over(&rises);
        assert!(heights[0] < 0.3 && heights[heights.len() - 1] > facts.altitude * 0.3, "from the ground up: {} to {}", heights[0], heights[heights.len() - 1]);
        assert!(heights.windows(2).all(|w| w[1] - w[0] < 0.4), "without a jump");
        let (lands, facts) = film("helicopter", "meadow", r#"{"id": "a", "who": "v", "action": "fly", "target": "down"}"#);
        let heights = over(&lands);
        assert!((heights[0] - facts.altitude).abs() < 1.0 && heights[heights.len() - 1] < 0.3, "down: {} to {}", heights[0], heights[heights.len() - 1]);
        assert!(heights.windows(2).all(|w| w[1] - w[0] < 0.05), "and never up");
        let track = &lands.staging.scenes[0].driven[0].track;
        let last = [track[track.len() - 8].0, track[track.len() - 1].0];
        assert!((last[1] - last[0]).length() < 0.01 && (last[0] - track[0].0).with_y(0.0).length() > 1.0, "and does not slide on its skids");
        let (waits, _) = film("helicopter", "meadow", r#"{"id": "a", "who": "v", "action": "stand"}"#);
        assert!(over(&waits).iter().all(|h| h.abs() < 0.3), "who waits stays on the ground");
    }

    #[test]
    fn wheels_turn_by_the_way_they_make_and_stand_on_the_ground() {
        for place in ["city-street", "meadow"] {
            let (film, facts) = film("car", place, STOPS);
            let scene = &film.staging.scenes[0];
            let track = &scene.driven[0].track;
            let engine = crate::Photographer::new(&film.staging, &film.vocabulary, kinora_render::SimdLevel::Plain, false).expect("an engine");
            let (first, last) = (track[0], track[track.len() - 1]);
            assert!((last.0 - first.0).length() > 2.0, "{place}: it gets somewhere");
            let mut way = 0.0;
            for (frame, pair) in track.windows(2).enumerate() {
                way += (pair[1].0 - pair[0].0).length();
                assert!((pair[1].2 - way).abs() < 0.01, "{place} {frame}: the wheels slip: {} of {way} m", pair[1].2);
            }
            for frame in [0, track.len() / 2, track.len() - 1] {
                let drawn = engine.scene(frame as i64);
                let axles: Vec<_> = drawn.moving.iter().filter(|m| m.id == scene.driven[0].id).skip(1).map(|m| m.world_from_object).collect();
                assert_eq!(axles.len(), 4, "{place}: four wheels");
                for axle in axles {
                    let at = Vec3::from(axle.translation);
                    let over = at.y - facts.radius - scene.set.terrain.height(at.x, at.z);
                    assert!(over.abs() < 0.05, "{place} {frame}: a wheel is {over:.3} m over the ground");
                    // The wheel's own turn, seen from the car: distance over radius.
                    let spun = track[frame].1.inverse() * (axle.matrix3 * glam::Vec3A::Y);
                    let angle = track[frame].2 / facts.radius;
                    let wanted = Vec3::new(0.0, kinora_base::maths::cos(angle), sin(angle));
                    assert!((Vec3::from(spun) - wanted).length() < 0.02, "{place} {frame}: turned to {spun}, not {wanted}");
                }
            }
        }
    }

    #[test]
    fn it_nods_when_it_stops_and_then_rests() {
        let (film, _) = film("car", "city-street", STOPS);
        let lean = &film.staging.scenes[0].driven[0].lean;
        let most = lean.iter().copied().fold(0.0, f32::max);
        assert!(most > 0.01 && most < 0.08, "the nose dips by {most} rad");
        assert!(lean[lean.len() - 1].abs() < 0.006, "it still leans by {}", lean[lean.len() - 1]);
        assert!(lean.windows(2).all(|w| (w[1] - w[0]).abs() < 0.02), "it nods without a jolt");
    }

    #[test]
    fn a_boat_lies_at_its_draught_where_the_water_is_deep_enough() {
        for action in ["sail", "float"] {
            let (film, facts) = film("boat", "beach", &format!(r#"{{"id": "a", "who": "v", "action": "{action}"}}"#));
            let scene = &film.staging.scenes[0];
            let water = scene.set.stage_area.water_level.expect("a sea");
            let track = &scene.driven[0].track;
            for (frame, (at, attitude, _)) in track.iter().enumerate() {
                let sunk = water - at.y;
                assert!((sunk - facts.draught).abs() < 0.05, "{action} {frame}: {sunk} m deep");
                assert!(scene.set.terrain.height(at.x, at.z) < at.y, "{action} {frame}: aground");
                assert!((*attitude * Vec3::Y).y > 0.99, "{action} {frame}: it lies over");
            }
            let way = (track[track.len() - 1].0 - track[0].0).length();
            assert_eq!(way > 1.0, action == "sail", "{action}: {way} m");
            if action == "sail" {
                let ahead = track[20].1 * Vec3::Z;
                let course = (track[40].0 - track[20].0).normalize();
                assert!(ahead.dot(course) > 0.95, "it goes where its bow points");
            }
        }
    }
}
