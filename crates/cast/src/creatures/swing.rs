//! The way of a paw from one footfall to the next.

use super::strides::{Home, Paw, Plant, place};
use glam::Vec3;
use kinora_base::maths::{mix, pow, sin, smootherstep, wrap_angle};

/// Where a paw is at a frame. In the air it moves against the body: it goes on backwards as the ground took it, turns,
/// overtakes, and comes down as fast as the ground will take it again.
pub(super) fn paw(track: &[(Vec3, f32)], home: &Home, leg: f32, plants: &[Plant], frame: f32, clearance: f32) -> Paw {
    let next = plants.partition_point(|p| p.from <= frame);
    let now = plants[next.max(1) - 1];
    let Some(then) = plants.get(next.max(1)).filter(|_| frame > now.to) else {
        return Paw { at: now.at, facing: now.facing, lift: 0.0, swing: 0.0 };
    };
    let span = (then.from - now.to).max(1e-3);
    let share = ((frame - now.to) / span).clamp(0.0, 1.0);
    let way = smootherstep(share);
    let here = |f: f32| place(track, home, f).0;
    let moved = |f: f32| (here(f + 0.5) - here(f - 0.5)) * span;
    let flat = |v: Vec3| Vec3::new(v.x, 0.0, v.z);
    let (behind, before) = (flat(now.at - here(now.to)), flat(then.at - here(then.from)));
    let follow = |speed: Vec3, t: f32| {
        // Bends round within a fifth of the leg, however long the swing is.
        let power = (speed.length() / (std::f32::consts::E * 0.20 * leg)).max(3.0);
        speed * t * pow(1.0 - t, power)
    };
    let against = behind.lerp(before, way) - follow(flat(moved(now.to)), share) + follow(flat(moved(then.from)), 1.0 - share);
    let at = here(frame) + against;
    let height = clearance * (0.35 + 0.65 * (then.at.distance(now.at) / (2.5 * clearance)).min(1.0));
    let facing = now.facing + wrap_angle(then.facing - now.facing) * way;
    Paw { at: Vec3::new(at.x, mix(now.at.y, then.at.y, way), at.z), facing, lift: height * arc(share), swing: share.clamp(0.001, 0.999) }
}

/// Up and down once, gently at both ends.
pub(crate) fn arc(share: f32) -> f32 {
    let s = sin(std::f32::consts::PI * share);
    s * s
}
