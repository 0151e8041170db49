//! Footsteps of a biped, planned over the whole track before any pose is made: where each foot stands, from when
//! to when. Feet cannot slide, because a standing foot is a fixed place in the world.

use crate::travel::direction;
use glam::Vec3;
use kinora_base::maths::{mix, sin, smoothstep, wrap_angle};

/// Numbers of the walk and the run; the `motion:` sections of `walk` and `run` hold them.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gait {
    /// Steps a second against the table of the literature.
    pub cadence: f32,
    /// Share of a stride that a foot stands.
    pub duty: f32,
    /// Height of the swinging ankle, metres.
    pub clearance: f32,
    /// Pelvis up and down, metres peak to peak.
    pub bob: f32,
    /// Pelvis side to side, metres peak to peak.
    pub sway: f32,
    /// Pelvis turn, radians to each side.
    pub yaw: f32,
    /// Pelvis drop on the swinging side, radians.
    pub list: f32,
    /// Trunk forward, radians.
    pub lean: f32,
    /// Arms forward and back, radians.
    pub arms: [f32; 2],
    /// Elbow, radians.
    pub elbow: f32,
    /// Toes up when the heel lands, and heel up when the foot leaves, radians.
    pub roll: [f32; 2],
    /// Distance between the lines the feet tread, metres.
    pub width: f32,
    /// Share of a stride by which the right foot lands later and stands shorter, the left one longer: who limps on the right
    /// leg hurries off it. 0 = even.
    pub uneven: f32,
}

impl Default for Gait {
    fn default() -> Self {
        Self::WALK
    }
}

impl Gait {
    /// A usual walk at 1.3 m/s.
    pub const WALK: Self = Self {
        cadence: 1.0,
        duty: 0.63,
        clearance: 0.055,
        bob: 0.040,
        sway: 0.042,
        yaw: 0.075,
        list: 0.07,
        lean: 0.04,
        arms: [0.34, -0.42],
        elbow: 0.42,
        roll: [0.34, 0.80],
        width: 0.115,
        uneven: 0.0,
    };
    /// A run at 3 m/s.
    pub const RUN: Self = Self {
        cadence: 1.0,
        duty: 0.36,
        clearance: 0.15,
        bob: 0.085,
        sway: 0.015,
        yaw: 0.12,
        list: 0.08,
        lean: 0.17,
        arms: [0.55, -0.75],
        elbow: 1.50,
        roll: [0.18, 0.95],
        width: 0.07,
        uneven: 0.0,
    };

    /// When a foot lands, in shares of a stride, and for how much of it that foot stands.
    fn stance(&self, side: usize) -> (f32, f32) {
        if side == 0 { (0.0, self.duty + self.uneven) } else { (0.5 + self.uneven, self.duty - self.uneven) }
    }

    /// For legs of another length: what is a length grows with them.
    #[must_use]
    fn sized(self, by: f32) -> Self {
        Self { clearance: self.clearance * by, ..self }
    }

    /// Part of the way from this gait to another.
    #[must_use]
    pub fn towards(&self, other: &Self, t: f32) -> Self {
        let m = |a, b| mix(a, b, t);
        Self {
            cadence: m(self.cadence, other.cadence),
            duty: m(self.duty, other.duty),
            clearance: m(self.clearance, other.clearance),
            bob: m(self.bob, other.bob),
            sway: m(self.sway, other.sway),
            yaw: m(self.yaw, other.yaw),
            list: m(self.list, other.list),
            lean: m(self.lean, other.lean),
            arms: [m(self.arms[0], other.arms[0]), m(self.arms[1], other.arms[1])],
            elbow: m(self.elbow, other.elbow),
            roll: [m(self.roll[0], other.roll[0]), m(self.roll[1], other.roll[1])],
            width: m(self.width, other.width),
            uneven: m(self.uneven, other.uneven),
        }
    }
}

/// A foot on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plant {
    /// First contact, in frames; negative infinity for where it stood at first.
    pub from: f32,
    /// When it leaves, in frames; infinity if never.
    pub to: f32,
    /// Under the ankle, in the world.
    pub at: Vec3,
    /// Which way the foot points, radians about y.
    pub facing: f32,
    /// How much of a full stride it belongs to, 0..1: small steps roll little.
    pub vigour: f32,
    /// Reached by a jump.
    pub hop: bool,
}

/// Where a foot is at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foot {
    /// Under the ankle if the foot were flat, in the world; `lift` is over it.
    pub at: Vec3,
    /// Which way it points.
    pub facing: f32,
    /// Height over the ground.
    pub lift: f32,
    /// Toes up (positive, about the heel) or heel up (negative, about the ball), radians.
    pub pitch: f32,
    /// Whether it carries weight.
    pub planted: bool,
}

/// All footsteps of a performance, and the rhythm that the rest of the body follows.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// Plants of the left and the right foot in order.
    pub feet: [Vec<Plant>; 2],
    /// Stride phase at each frame: 0 when the left foot lands, .5 when the right one does.
    pub phase: Vec<f32>,
    /// Speed at each frame, metres a second, smoothed.
    pub speed: Vec<f32>,
    /// The gait at each frame, between walk and run.
    pub gaits: Vec<Gait>,
    /// How much of a full gait each frame has, 0 standing to 1.
    pub vigour: Vec<f32>,
}

/// What the planner needs of a body.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// Hip joint over the ground, metres, scaled.
    pub leg: f32,
    /// Half the distance between the ankles when standing, scaled.
    pub stance: f32,
    /// How much the feet turn outwards.
    pub toe_out: f32,
}

/// Plans footsteps along a track. `own` are gaits of motions that have one of their own, with their share at each frame;
/// `grounded` says at which frames the feet tread (not in water or air); `hops` are the jumps: frames at which both feet
/// leave and land.
#[must_use]
pub fn plan(
    track: &[(Vec3, f32)],
    fps: f32,
    build: &Build,
    ([walk, run], own): (&[Gait; 2], &[(Gait, Vec<f32>)]),
    grounded: &[bool],
    hops: &[(f32, f32)],
    footing: &dyn Fn(Vec3) -> Vec3,
) -> Steps {
    let mut steps = Steps { phase: vec![0.0; track.len()], speed: speeds(track, fps), ..Steps::default() };
    let size = (build.leg / 0.93).sqrt();
    // The body takes up a gait a little more slowly than the feet.
    let running: Vec<f32> = steps.speed.iter().map(|v| smoothstep(1.7, 2.3, v / size)).collect();
    let half = (0.17 * fps) as usize;
    steps.gaits = smoothed(&running, half).into_iter().map(|r| walk.towards(run, r)).collect();
    for (gait, shares) in own {
        let shares = smoothed(shares, half);
        steps.gaits.iter_mut().zip(shares).for_each(|(g, share)| *g = g.towards(gait, share));
    }
    steps.gaits.iter_mut().for_each(|g| *g = g.sized(build.leg / 0.88));
    let treading = |(frame, speed): (usize, &f32)| if grounded.get(frame).copied().unwrap_or(true) { smoothstep(0.0, 0.75 * size, *speed) } else { 0.0 };
    let vigour: Vec<f32> = steps.speed.iter().enumerate().map(treading).collect();
    steps.vigour = smoothed(&vigour, (0.17 * fps) as usize);
    for (side, feet) in steps.feet.iter_mut().enumerate() {
        let sign = [1.0, -1.0][side];
        let (at, facing) = track.first().copied().unwrap_or_default();
        feet.push(Plant {
            from: f32::NEG_INFINITY,
            to: f32::INFINITY,
            at: beside(at, facing, sign * build.stance),
            facing: facing + sign * build.toe_out,
            vigour: 0.0,
            hop: false,
        });
    }
    tread(&mut steps, track, fps, build, grounded, hops);
    for plant in steps.feet.iter_mut().flatten() {
        plant.at = footing(plant.at);
    }
    steps
}

fn speeds(track: &[(Vec3, f32)], fps: f32) -> Vec<f32> {
    let raw: Vec<f32> = (0..track.len())
        .map(|i| {
            let (a, b) = (track[i.saturating_sub(1)].0, track[(i + 1).min(track.len() - 1)].0);
            let frames = ((i + 1).min(track.len() - 1) - i.saturating_sub(1)).max(1) as f32;
            Vec3::new(b.x - a.x, 0.0, b.z - a.z).length() * fps / frames
        })
        .collect();
    smoothed(&raw, (0.10 * fps) as usize)
}

/// A running mean over `half` frames to each side.
#[must_use]
pub fn smoothed(values: &[f32], half: usize) -> Vec<f32> {
    (0..values.len())
        .map(|i| {
            let window = &values[i.saturating_sub(half)..(i + half + 1).min(values.len())];
            window.iter().sum::<f32>() / window.len() as f32
        })
        .collect()
}

/// A point to the side of the track.
fn beside(at: Vec3, facing: f32, by: f32) -> Vec3 {
    let d = direction(facing);
    at + Vec3::new(d.z, 0.0, -d.x) * by
}

/// The track at a fraction of a frame.
fn on_track(track: &[(Vec3, f32)], frame: f32) -> (Vec3, f32) {
    let last = track.len() - 1;
    let at = frame.clamp(0.0, last as f32);
    let i = (at as usize).min(last.saturating_sub(1));
    let t = at - i as f32;
    let (a, b) = (track[i], track[(i + 1).min(last)]);
    (a.0.lerp(b.0, t), a.1 + wrap_angle(b.1 - a.1) * t)
}

/// Goes through the frames, lifting and setting down feet.
fn tread(steps: &mut Steps, track: &[(Vec3, f32)], fps: f32, build: &Build, grounded: &[bool], hops: &[(f32, f32)]) {
    let root_g = (9.81 / build.leg).sqrt();
    let scale = (9.81 * build.leg).sqrt();
    let mut phase = 0.0_f32;
    let mut walking = false;
    let mut stopped_at = 0.0_f32;
    for frame in 1..track.len() {
        let gait = steps.gaits[frame];
        let speed = steps.speed[frame];
        let turning = wrap_angle(track[frame].1 - track[frame - 1].1).abs() * fps;
        let moving = grounded.get(frame).copied().unwrap_or(true) && (speed > 0.06 || turning > 0.25);
        for hop in hops.iter().filter(|h| h.1 as usize == frame) {
            hopped(steps, track, build, *hop);
            walking = false;
        }
        if moving && !walking {
            walking = true;
            // The right foot leaves at once and lands after a short first step.
            phase = (gait.duty - 0.38).min(0.42);
            if let Some(last) = steps.feet[1].last_mut().filter(|p| p.to.is_infinite()) {
                last.to = frame as f32 - 1.0;
            }
        }
        if !walking {
            steps.phase[frame] = phase;
            continue;
        }
        if moving {
            stopped_at = frame as f32;
        }
        // Who starts to run steps quickly from the first step on.
        let soon = steps.speed[(frame + (0.25 * fps) as usize).min(track.len() - 1)].max(speed);
        let w = soon.max(0.21 * scale) / scale;
        let running = smoothstep(0.55, 0.36, gait.duty);
        let rate = gait.cadence * mix(0.86 * root_g * w.sqrt(), (2.5 + 0.0185 * soon * soon) * (0.93 / build.leg).sqrt(), running);
        let next = phase + rate * 0.5 / fps;
        for side in 0..2 {
            foot_events(steps, track, build, side, (phase, next), frame, rate * 0.5 / fps);
        }
        phase = next;
        steps.phase[frame] = phase;
        let settled = |feet: &Vec<Plant>| feet.last().is_some_and(|p| p.to.is_infinite() && p.from + gait.duty * fps / rate >= stopped_at);
        if !moving && steps.feet.iter().all(settled) {
            walking = false;
        }
    }
}

/// Both feet leave together and land together.
fn hopped(steps: &mut Steps, track: &[(Vec3, f32)], build: &Build, (leaves, lands): (f32, f32)) {
    let (at, facing) = on_track(track, lands);
    for (side, feet) in steps.feet.iter_mut().enumerate() {
        let sign = [1.0, -1.0][side];
        if let Some(last) = feet.last_mut() {
            last.to = last.to.min(leaves);
        }
        feet.push(Plant {
            from: lands,
            to: f32::INFINITY,
            at: beside(at, facing, sign * build.stance),
            facing: facing + sign * build.toe_out,
            vigour: 0.0,
            hop: true,
        });
    }
}

/// Lifts or sets down one foot if its time comes between two phases.
fn foot_events(steps: &mut Steps, track: &[(Vec3, f32)], build: &Build, side: usize, (from, to): (f32, f32), frame: usize, per_frame: f32) {
    let gait = steps.gaits[frame];
    let (offset, duty) = gait.stance(side);
    let sign = [1.0, -1.0][side];
    let crossed = |at: f32| {
        let n = (to - offset - at).floor();
        let moment = n + at + offset;
        (moment > from && moment <= to).then(|| frame as f32 - 1.0 + (moment - from) / (to - from))
    };
    let lifts = crossed(duty);
    let lands = crossed(0.0);
    let Some(last) = steps.feet[side].last_mut() else { return };
    if let (Some(time), true) = (lifts, last.to.is_infinite()) {
        last.to = time;
    }
    if let (Some(time), true) = (lands, last.to.is_finite()) {
        let middle = time + 0.5 * duty / per_frame;
        let (at, facing) = on_track(track, middle);
        let vigour = steps.vigour[(middle as usize).min(track.len() - 1)].max(steps.vigour[frame] * 0.5);
        let half = mix(build.stance, gait.width * 0.5 * build.leg / 0.86, smoothstep(0.0, 0.8, steps.vigour[(middle as usize).min(track.len() - 1)]));
        steps.feet[side].push(Plant {
            from: time,
            to: f32::INFINITY,
            at: beside(at, facing, sign * half),
            facing: facing + sign * build.toe_out,
            vigour,
            hop: false,
        });
    }
}

impl Steps {
    /// Where a foot is at a frame.
    #[must_use]
    pub fn foot(&self, side: usize, frame: usize, fps: f32) -> Foot {
        let time = frame as f32;
        let feet = &self.feet[side];
        let index = feet.partition_point(|p| p.from <= time).max(1) - 1;
        let here = &feet[index];
        let gait = &self.gaits[frame.min(self.gaits.len() - 1)];
        let next = feet.get(index + 1).filter(|_| time > here.to);
        match next {
            None => Foot { at: here.at, facing: here.facing, lift: 0.0, pitch: standing_pitch(here, index > 0, time, fps, gait), planted: true },
            Some(next) => swinging(here, next, time, gait),
        }
    }
}

/// The foot lands on its heel, lies flat, and leaves over its ball.
fn standing_pitch(plant: &Plant, landed: bool, time: f32, fps: f32, gait: &Gait) -> f32 {
    let landing = if landed { 1.0 - smoothstep(0.0, 0.10 * fps, time - plant.from) } else { 0.0 };
    let leave = (0.24 * fps).min((plant.to - plant.from) * 0.55);
    let leaving = if plant.to.is_finite() { smoothstep(plant.to - leave, plant.to + leave * 0.25, time) } else { 0.0 };
    plant.vigour * (gait.roll[0] * landing - gait.roll[1] * leaving)
}

/// What is higher than this, metres, is a step and not uneven ground.
const STEP: f32 = 0.08;

fn swinging(here: &Plant, next: &Plant, time: f32, gait: &Gait) -> Foot {
    let t = ((time - here.to) / (next.from - here.to).max(1e-3)).clamp(0.0, 1.0);
    let eased = mix(t, t * t * (3.0 - 2.0 * t), 0.75);
    let vigour = here.vigour.max(next.vigour).max(0.3) * (1.0 - gait_still(here, next));
    let leave = standing_end(here, gait);
    let land = next.vigour * gait.roll[0];
    let pitch = mix(leave, land, smoothstep(0.0, 0.85, t));
    let facing = here.facing + wrap_angle(next.facing - here.facing) * eased;
    let lift = gait.clearance * vigour * sin(std::f32::consts::PI * t) * (1.35 - 0.7 * t);
    // Up a step the foot rises before it goes forward, and down one it goes forward first.
    let climb = next.at.y - here.at.y;
    let risen = match climb {
        c if c > STEP => smoothstep(0.0, 0.6, t),
        c if c < -STEP => smoothstep(0.4, 1.0, t),
        _ => eased,
    };
    let at = here.at.lerp(next.at, eased).with_y(here.at.y + climb * risen);
    Foot { at, facing, lift, pitch, planted: false }
}

/// Feet that jump are lifted by the jump and not by a step: both plants are without vigour.
fn gait_still(here: &Plant, next: &Plant) -> f32 {
    if next.hop && here.to < next.from { 1.0 } else { 0.0 }
}

fn standing_end(plant: &Plant, gait: &Gait) -> f32 {
    -plant.vigour * gait.roll[1] * smoothstep(-1.0, 0.25, 0.0)
}
