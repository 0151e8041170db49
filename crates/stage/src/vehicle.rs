//! Vehicles as roles: they follow their route with easy starts and stops, keep to the ground or the water, and roll.

use crate::Driven;
use crate::blocking::{Blocking, Player, Route, is_travel};
use crate::staging::{direction, turn, yaw_of};
use glam::{Quat, Vec3};
use kinora_base::maths::sin;
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
    let mut rolled = 0.0;
    let mut last: Option<Vec3> = None;
    let track = (0..b.frames)
        .map(|frame| {
            let (mut at, heading) = place(b, player, &way, frame).unwrap_or((route.start + aside, direction(route.facing)));
            let mut attitude = turn(yaw_of(heading));
            if let Some(water) = water {
                // Small waves lift, roll and pitch it.
                let t = frame as f32 / b.fps;
                at.y = water - facts.draught * scale + 0.03 * sin(t * 1.7);
                attitude *= Quat::from_rotation_z(0.05 * sin(t * 1.9 + 0.4)) * Quat::from_rotation_x(0.03 * sin(t * 1.3));
            } else {
                (at.y, attitude) = on_ground(b, &facts, scale, at, heading);
            }
            if let Some(before) = last {
                rolled += (at - before).length();
            }
            last = Some(at);
            (at, attitude, rolled)
        })
        .collect();
    Driven { role: player.role.id.clone(), member, id, word: player.role.word.clone(), colour: traits.colour.clone(), scale, track }
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
fn place(b: &Blocking<'_>, player: &Player<'_>, way: &[Vec3], frame: usize) -> Option<(Vec3, Vec3)> {
    let ways: Vec<_> = player.intents.iter().filter(|i| is_travel(&i.action)).collect();
    let (first, last) = (ways.first()?, ways.last()?);
    let total = ways.iter().map(|i| i.to - i.from).sum::<usize>().max(1) as f32;
    let gone: usize = ways.iter().map(|i| frame.clamp(i.from, i.to) - i.from).sum();
    let mut share = gone as f32 / total;
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
