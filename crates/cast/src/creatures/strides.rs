//! Footfalls of animals, planned over the whole track before any pose is made: a planted paw is a fixed place in the
//! world, chosen where the leg hangs in the middle of its stance, so that paws cannot slide.

use crate::travel::direction;
use glam::{Quat, Vec3};
use kinora_base::maths::{mix, pow, sin, smootherstep, smoothstep, wrap_angle};

/// A paw on the ground, in frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plant {
    pub from: f32,
    pub to: f32,
    pub at: Vec3,
    pub facing: f32,
    /// Reached through the air.
    pub landed: bool,
}

/// Where a paw is at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paw {
    /// On the ground under it, in the world; `lift` is above.
    pub at: Vec3,
    pub facing: f32,
    pub lift: f32,
    /// 0 while planted, 0..1 through the swing.
    pub swing: f32,
}

/// What the planner needs to know of a leg.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    /// Under the paw at rest, model space times the size.
    pub at: Vec3,
    /// Touchdown as a share of the stride in walk, trot and gallop.
    pub offset: [f32; 3],
}

/// The rhythm of a performance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strides {
    pub plants: Vec<Vec<Plant>>,
    /// Strides since the beginning.
    pub phase: Vec<f32>,
    /// Metres a second.
    pub speed: Vec<f32>,
    /// Radians a second.
    pub spin: Vec<f32>,
    /// 0 walk, 1 trot, 2 gallop.
    pub gait: Vec<f32>,
    /// 0 standing, 1 in full motion.
    pub vigour: Vec<f32>,
}

/// Numbers of the body that decide the rhythm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Build {
    /// Hip above the ground, metres.
    pub leg: f32,
    /// From the middle to the legs, metres: turning moves them.
    pub reach: f32,
    /// Usual walk, metres a second, and its strides a second.
    pub walk: (f32, f32),
    pub fps: f32,
}

/// Plans all footfalls; in frames where `aloft` holds no paw touches the ground.
pub(crate) fn plan(track: &[(Vec3, f32)], homes: &[Home], build: Build, aloft: &[bool], ground: &dyn Fn(f32, f32) -> f32) -> Strides {
    let mut strides = rhythm(track, build);
    for home in homes {
        let mut plants = footfalls(track, home, build, &strides, aloft);
        for plant in &mut plants {
            plant.at.y = ground(plant.at.x, plant.at.z);
        }
        strides.plants.push(settled(plants, 0.03 * build.leg));
    }
    strides
}

fn rhythm(track: &[(Vec3, f32)], build: Build) -> Strides {
    let mut s = Strides::default();
    let (mut phase, mut gait, mut vigour, mut hold) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..track.len() {
        let (a, b) = (track[i.saturating_sub(1)], track[(i + 1).min(track.len() - 1)]);
        let span = ((i + 1).min(track.len() - 1) - i.saturating_sub(1)).max(1) as f32 / build.fps;
        let speed = Vec3::new(b.0.x - a.0.x, 0.0, b.0.z - a.0.z).length() / span;
        let spin = wrap_angle(b.1 - a.1) / span;
        let effort = speed + spin.abs() * build.reach;
        let rate = build.walk.1 * pow((effort / build.walk.0).max(0.01), 0.45).clamp(0.75, 4.0);
        hold = if effort > 0.02 * build.walk.0 + 0.01 { 0.95 * build.fps / rate } else { hold - 1.0 };
        let froude = speed * speed / (9.81 * build.leg);
        let wish = smoothstep(0.45, 0.9, froude) + smoothstep(2.2, 3.2, froude);
        gait += (wish - gait) * (3.5 / build.fps).min(1.0);
        vigour += ((effort / build.walk.0).min(1.0) - vigour) * (8.0 / build.fps).min(1.0);
        s.phase.push(phase);
        s.speed.push(speed);
        s.spin.push(spin);
        s.gait.push(gait);
        s.vigour.push(vigour);
        if hold > 0.0 {
            phase += rate / build.fps;
        }
    }
    s
}

/// The share of a stride that a paw stands, no longer than the leg can reach.
fn duty(s: &Strides, i: usize, build: Build) -> f32 {
    let rate = (s.phase.get(i + 1).unwrap_or(&s.phase[i]) - s.phase[i]).max(0.2 / build.fps) * build.fps;
    between([0.64, 0.44, 0.28], s.gait[i]).min(0.85 * build.leg * rate / s.speed[i].max(0.01))
}

/// Interpolated between walk, trot and gallop.
pub(crate) fn between(of: [f32; 3], gait: f32) -> f32 {
    if gait < 1.0 { mix(of[0], of[1], gait) } else { mix(of[1], of[2], gait - 1.0) }
}

fn footfalls(track: &[(Vec3, f32)], home: &Home, build: Build, s: &Strides, aloft: &[bool]) -> Vec<Plant> {
    let place = |frame: f32| {
        let last = track.len() - 1;
        let i = (frame.max(0.0) as usize).min(last);
        let (a, b) = (track[i], track[(i + 1).min(last)]);
        let t = (frame - i as f32).clamp(0.0, 1.0);
        let facing = a.1 + wrap_angle(b.1 - a.1) * t;
        (a.0.lerp(b.0, t) + Quat::from_rotation_y(facing) * home.at, facing)
    };
    let plant = |from: f32, middle: f32| {
        let (at, facing) = place(middle);
        Plant { from, to: f32::INFINITY, at, facing, landed: false }
    };
    let mut all = vec![plant(f32::NEG_INFINITY, 0.0)];
    let mut before = s.phase.first().copied().unwrap_or(0.0) - between(home.offset, 0.0) - 0.35;
    for i in 1..track.len() {
        if aloft[i] {
            lift(&mut all, i as f32 - 1.0);
            continue;
        }
        if aloft[i - 1] {
            all.push(Plant { landed: true, ..plant(i as f32, i as f32) });
        }
        let now = (s.phase[i] - between(home.offset, s.gait[i]) - 0.35).max(before);
        let still = now - before < 1e-5;
        let part = |mark: f32| i as f32 - 1.0 + (mark - before) / (now - before).max(1e-6);
        let share = duty(s, i, build);
        let up = before.floor() + share;
        let step = if now > before { (now - before).max(1e-4) } else { 1.0 };
        if still && all.last().is_some_and(|p| p.to.is_finite()) {
            // The rhythm has ended in mid-air: the paw is set down where it belongs.
            all.push(plant(i as f32 + 1.0, i as f32 + 1.0));
        } else if now.floor() > before.floor() {
            let down = part(now.floor());
            lift(&mut all, down - (1.0 - share) / step * 0.8);
            all.push(plant(down, down + 0.5 * share / step));
        } else if before < up && now >= up {
            lift(&mut all, part(up));
        }
        before = now;
        // Whoever sets off fast lifts a paw early rather than being held back by it.
        let (here, facing) = place(i as f32);
        if all.last().is_some_and(|p| (here - p.at).dot(direction(facing)) > 0.46 * build.leg) {
            lift(&mut all, i as f32 - 1.0);
        }
    }
    all
}

/// Ends the last plant, if it has not ended.
fn lift(all: &mut [Plant], frame: f32) {
    if let Some(last) = all.last_mut().filter(|p| p.to.is_infinite()) {
        last.to = frame.max(last.from + 1.0);
    }
}

/// Steps that go nowhere are not made.
fn settled(plants: Vec<Plant>, near: f32) -> Vec<Plant> {
    let mut out: Vec<Plant> = Vec::new();
    for mut plant in plants {
        if let Some(last) = out.last_mut() {
            if !plant.landed && plant.at.distance(last.at) < near && wrap_angle(plant.facing - last.facing).abs() < 0.06 {
                last.to = plant.to;
                continue;
            }
            plant.from = plant.from.max(last.to + 1.0);
            plant.to = plant.to.max(plant.from + 1.0);
        }
        out.push(plant);
    }
    out
}

/// Where a paw is at a frame; it swings up to `clearance` above the ground.
pub(crate) fn paw(plants: &[Plant], frame: f32, clearance: f32) -> Paw {
    let next = plants.partition_point(|p| p.from <= frame);
    let now = plants[next.max(1) - 1];
    let Some(then) = plants.get(next.max(1)).filter(|_| frame > now.to) else {
        return Paw { at: now.at, facing: now.facing, lift: 0.0, swing: 0.0 };
    };
    let share = ((frame - now.to) / (then.from - now.to).max(1e-3)).clamp(0.0, 1.0);
    let way = smootherstep(share);
    let height = clearance * (0.35 + 0.65 * (then.at.distance(now.at) / (2.5 * clearance)).min(1.0));
    let facing = now.facing + wrap_angle(then.facing - now.facing) * way;
    Paw { at: now.at.lerp(then.at, way), facing, lift: height * sin(std::f32::consts::PI * share), swing: share.clamp(0.001, 0.999) }
}

/// A place beside the track: so far ahead, so far to the left.
pub(crate) fn beside(at: Vec3, facing: f32, ahead: f32) -> Vec3 {
    at + direction(facing) * ahead
}
