//! Vehicles as roles: they follow their route with easy starts and stops, keep to the ground or the water, and roll.

use crate::Driven;
use crate::blocking::{Blocking, Player, Route, is_travel};
use crate::staging::{direction, turn, yaw_of};
use glam::{Quat, Vec3};
use kinora_base::maths::sin;
use kinora_vocabulary::{Kind, Vocabulary};

/// Length of a vehicle, for keeping distance.
pub(crate) fn length(vocabulary: &Vocabulary, word: &str) -> f32 {
    vocabulary.get(Kind::Vehicle, word).and_then(|a| a.section::<kinora_world::VehicleFacts>("vehicle").ok().flatten()).map_or(4.0, |f| f.length)
}

/// The track of one vehicle over the scene's frames.
pub(crate) fn drive(b: &Blocking<'_>, player: &Player<'_>, route: &Route, member: u32, id: u16, aside: Vec3) -> Driven {
    let traits = &player.role.traits;
    let way: Vec<Vec3> = route.way.iter().map(|p| *p + aside).collect();
    let mut rolled = 0.0;
    let mut last: Option<Vec3> = None;
    let track = (0..b.frames)
        .map(|frame| {
            let (mut at, heading) = place(b, player, &way, frame).unwrap_or((route.start + aside, direction(route.facing)));
            let floats = b.set.stage_area.water_level.filter(|_| player.role.word == "boat");
            at.y = floats.unwrap_or_else(|| b.set.terrain.height(at.x, at.z));
            let mut attitude = turn(yaw_of(heading));
            if floats.is_some() {
                // A boat's own roll and pitch on small waves.
                let t = frame as f32 / b.fps;
                at.y += 0.05 * sin(t * 1.7);
                attitude *= Quat::from_rotation_z(0.05 * sin(t * 1.9 + 0.4)) * Quat::from_rotation_x(0.03 * sin(t * 1.3));
            }
            if let Some(before) = last {
                rolled += (at - before).length();
            }
            last = Some(at);
            (at, attitude, rolled)
        })
        .collect();
    Driven { role: player.role.id.clone(), member, id, word: player.role.word.clone(), colour: traits.colour.clone(), scale: traits.size.unwrap_or(1.0), track }
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
