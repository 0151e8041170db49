//! What hangs from a body and swings: tails of hair, capes, wide skirts, ends of scarves, the springs of somebody's own character. Each is a
//! pendulum that answers to how its end would be carried along. It remembers a bit more than a second and nothing before that,
//! so that an edit of one shot leaves later ones as they were; and it is baked into the poses, so that any frame can still be
//! drawn alone.
//!
//! A chain does not shake its links one by one, which would remember as many seconds as it has links: each link answers to how
//! the body would carry its own end, more slowly the farther it is down the chain, and is turned against the link over it.

use super::body::{BELL, CAPE, CHEST, CROWN, HEAD, HIPS, NECK, SCARF, SHOULDERS, SKULL, TAILS, THIGHS, arm, leg};
use super::clothes::SCARF_ENDS;
use crate::{BodyPose, Bone, Character, skeleton};
use glam::{Quat, Vec3, Vec4};
use kinora_base::maths::{exp, sin, smoothstep};
use std::f32::consts::TAU;

/// One thing that swings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Swing {
    /// Its bone.
    pub(crate) bone: usize,
    /// From the bone's joint to its end in the rest pose, unscaled.
    pub(crate) end: Vec3,
    /// Swings a second.
    pub(crate) hertz: f32,
    /// Share of critical damping.
    pub(crate) damping: f32,
    /// How much it hangs straight down whatever it hangs from, 0..1.
    pub(crate) hangs: f32,
    /// It hangs as much as that towards where it was made to hang when all is upright, instead of straight down.
    pub(crate) made: bool,
    /// Seconds of its way through the air that it stays behind.
    pub(crate) drag: f32,
    /// The most that it turns, radians.
    pub(crate) most: f32,
    /// How late it follows, seconds.
    pub(crate) late: f32,
    /// Factor on how far a push turns it: under 1 for what is short and hangs far down a chain.
    pub(crate) gives: f32,
    /// The swing that it hangs from, by its place in the list, if it is told by how the body carries it and not against that.
    pub(crate) over: Option<usize>,
    /// The bone whose way through the world it does not feel.
    pub(crate) centre: Option<usize>,
    /// Its end stays out of head and trunk, and so far away from them, metres unscaled; none goes anywhere.
    pub(crate) thick: Option<f32>,
    /// Which way is away from the body that it lies against: wind does not press it in there. Unit, or zero if it hangs free.
    pub(crate) away: Vec3,
    /// Which of the figure's own capsules it hits, a bit each; none = those that all bodies have.
    pub(crate) hits: u64,
    /// How much hips and legs lead its joint, and its end.
    pub(crate) led: Option<[Shares; 2]>,
}

impl Swing {
    /// Of a bone with its end: a pendulum that hangs by itself.
    const fn of(bone: usize, end: Vec3) -> Self {
        Self {
            bone,
            end,
            hertz: 1.0,
            damping: 0.3,
            hangs: 0.0,
            made: false,
            drag: 0.0,
            most: 0.5,
            late: 0.0,
            gives: 1.0,
            over: None,
            centre: None,
            thick: None,
            away: Vec3::ZERO,
            hits: 0,
            led: None,
        }
    }
}

/// What of a person swings: tails by number, a cape, a skirt, a scarf.
pub(crate) fn swings(bones: &[Bone], tails: &[usize], [cape, skirt, scarf]: [bool; 3]) -> Swings {
    let mut all = Vec::new();
    for tail in tails {
        let first = TAILS + 2 * tail;
        let end = bones[first + 1].rest - bones[first].rest;
        let away = [Vec3::NEG_Z, Vec3::X, Vec3::NEG_X][*tail];
        let one = Swing { hertz: 1.9, damping: 0.24, hangs: 0.55, drag: 0.035, most: 0.75, away, ..Swing::of(first, end) };
        all.push(one);
        all.push(Swing { bone: first + 1, end: Vec3::NEG_Y * end.length(), hertz: 2.4, hangs: 0.2, most: 0.6, late: 0.09, ..one });
    }
    if cape {
        let end = bones[CAPE + 1].rest - bones[CAPE].rest;
        let one = Swing { hertz: 1.3, damping: 0.34, hangs: 0.65, drag: 0.075, most: 0.85, away: Vec3::NEG_Z, ..Swing::of(CAPE, end) };
        all.push(one);
        all.push(Swing { bone: CAPE + 1, end: Vec3::NEG_Y * end.length(), hertz: 1.7, hangs: 0.2, drag: 0.030, most: 0.5, late: 0.12, ..one });
    }
    if skirt {
        let end = Vec3::NEG_Y * 0.55 * bones[BELL].rest.y;
        all.push(Swing { hertz: 1.6, damping: 0.30, hangs: 0.5, drag: 0.030, most: 0.32, ..Swing::of(BELL, end) });
    }
    if scarf {
        let end = SCARF_ENDS[1] - SCARF_ENDS[0];
        let one = Swing { hertz: 1.5, damping: 0.28, hangs: 0.5, drag: 0.050, most: 0.95, away: Vec3::Z, thick: Some(0.02), ..Swing::of(SCARF, end) };
        all.push(one);
    }
    Swings { each: all, capsules: Vec::new() }
}

/// What a thing that swings may hit, besides trunk and head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Capsule {
    /// The bone of each end.
    pub(crate) bones: [usize; 2],
    /// From the bone's joint to the end, in the rest pose, unscaled.
    pub(crate) ends: [Vec3; 2],
    /// Metres, unscaled.
    pub(crate) radius: f32,
}

/// What of a character swings, and what else than trunk and head it may hit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Swings {
    pub(crate) each: Vec<Swing>,
    pub(crate) capsules: Vec<Capsule>,
}

/// How many capsules of its own a figure may have.
pub(crate) const MOST_CAPSULES: usize = 64;

/// Cloth that goes with hips and legs before it swings: shares of hips, left and right thigh, left and right shin.
pub(crate) type Shares = [f32; 5];

/// Those bones.
pub(crate) const LED_BY: [usize; 5] = [HIPS, THIGHS[0], THIGHS[1], THIGHS[0] + leg::SHIN, THIGHS[1] + leg::SHIN];

/// How long anything is remembered, seconds.
const MEMORY: f32 = 1.25;
/// No hair is thrown harder than this, metres a second squared.
const HARDEST: f32 = 22.0;
/// The most that two neighbours of a chain are bent against each other, radians.
const BEND: f32 = 0.6;
/// Over how long before and after what is pushed aside makes way, seconds.
const MAKES_WAY: f32 = 0.07;

/// Turns the bones of what swings in all poses. `air` says how the air goes past a place in a frame, metres a second.
pub(crate) fn swing(character: &Character, swings: &Swings, poses: &mut [BodyPose], fps: f32, air: &dyn Fn(Vec3, usize) -> Vec3) {
    let each = &swings.each;
    if each.is_empty() || poses.len() < 2 {
        return;
    }
    let bodies = Bodies::new(character, swings);
    // The joints of the body in the world, before anything swings.
    let hung: Vec<Hung> = poses.iter().map(|pose| Hung::new(character, each, &bodies, pose)).collect();
    let free: Vec<Vec<Quat>> = each.iter().enumerate().map(|(k, s)| free(s, k, &hung, (character.scale, fps), air)).collect();
    let mut turns: Vec<Vec<Quat>> = (0..each.len()).map(|_| Vec::with_capacity(poses.len())).collect();
    for f in 0..poses.len() {
        let mut chain = Chain { character, swings: each, hung: &hung[f], turns: Vec::with_capacity(each.len()), at: Vec::with_capacity(each.len()) };
        free.iter().for_each(|free| chain.link(free[f], &bodies));
        turns.iter_mut().zip(chain.turns).for_each(|(all, turn)| all.push(turn));
    }
    // A limb that sweeps through hair pushes it from one side to the other, which takes a moment.
    for (s, turns) in each.iter().zip(&mut turns).filter(|(s, _)| s.hits != 0 || s.led.is_some()) {
        *turns = smoothed(turns, if s.led.is_some() { MAKES_WAY * 0.6 } else { MAKES_WAY }, fps);
    }
    for (f, pose) in poses.iter_mut().enumerate() {
        for (k, s) in each.iter().enumerate() {
            // As it is, where nothing is over it: what has always swung goes on to the bit.
            pose.bones[s.bone] = s.over.map_or(turns[k][f], |over| (turns[over][f].inverse() * turns[k][f]).normalize());
        }
    }
}

/// The mean of turns over some seconds before and after each.
fn smoothed(turns: &[Quat], seconds: f32, fps: f32) -> Vec<Quat> {
    let half = (seconds * fps).round() as usize;
    let mean = |i: usize| {
        let sum = turns[i.saturating_sub(half)..(i + half + 1).min(turns.len())].iter().fold(Vec4::ZERO, |sum, q| {
            let v = Vec4::from(*q);
            sum + if v.dot(Vec4::from(turns[i])) < 0.0 { -v } else { v }
        });
        Quat::from_vec4(sum.normalize_or(Vec4::W))
    };
    (0..turns.len()).map(mean).collect()
}

/// How one thing would swing if nothing were in its way: its turns against what carries it.
fn free(s: &Swing, k: usize, hung: &[Hung], (scale, fps): (f32, f32), air: &dyn Fn(Vec3, usize) -> Vec3) -> Vec<Quat> {
    let end = s.end * scale;
    let carried: Vec<Vec3> = hung.iter().map(|h| h.led[k].map_or_else(|| h.roots[k].0 + h.roots[k].1 * end, |l| l.end) - h.centres[k]).collect();
    let air: Vec<Vec3> = hung.iter().enumerate().map(|(f, h)| sheltered(air(h.roots[k].0, f), h.away(k, s))).collect();
    let kernel = kernel(s, fps);
    (0..hung.len())
        .map(|f| {
            let behind = behind(s, (&carried, &air), &kernel, f, fps);
            let turn = hung[f].roots[k].1;
            match hung[f].led[k] {
                None => turned(s, end, rest(s, end, turn), behind, turn),
                Some(led) => {
                    // What lies about the legs swings out freely, and hardly in.
                    let behind = behind - led.away * (behind.dot(led.away).min(0.0) * 0.8);
                    let rigid = led.end - led.joint;
                    turned(s, turn.inverse() * rigid, rigid, behind, turn)
                }
            }
        })
        .collect()
}

/// The air that reaches a thing: from beyond the body that it lies against comes next to nothing.
fn sheltered(air: Vec3, away: Vec3) -> Vec3 {
    air - away * (air.dot(away).min(0.0) * 0.95)
}

/// A body in the world before anything swings.
struct Hung {
    /// Where the joint of each swing is, and how what carries it is turned.
    roots: Vec<(Vec3, Quat)>,
    /// What each swing takes as standing still.
    centres: Vec<Vec3>,
    /// Where hips and legs take what they lead.
    led: Vec<Option<Led>>,
    /// The ends of [`Bodies`]' capsules.
    capsules: Vec<[Vec3; 2]>,
}

/// Where cloth goes that hips and legs lead.
#[derive(Clone, Copy)]
struct Led {
    joint: Vec3,
    end: Vec3,
    /// Away from the body; unit.
    away: Vec3,
}

impl Hung {
    fn new(character: &Character, swings: &[Swing], bodies: &Bodies, pose: &BodyPose) -> Self {
        let bones = &character.bones;
        let joints = skeleton::joints(bones, &pose.bones, pose.hips);
        let place = |at: Vec3| pose.root + pose.turn * (at * character.scale);
        let from = |bone: usize, offset: Vec3| place(joints[bone].at + joints[bone].turn * offset);
        let led = |s: &Swing| {
            let [joint, end] = s.led?;
            let blend = |shares: &Shares, p: Vec3| LED_BY.iter().zip(shares).map(|(b, share)| from(*b, p - bones[*b].rest) * *share).sum::<Vec3>();
            let at = bones[s.bone].rest;
            let tip = at + s.end;
            let away = (blend(&end, tip + s.away * 0.1) - blend(&end, tip)).normalize_or(pose.turn * s.away);
            Some(Led { joint: blend(&joint, at), end: blend(&end, tip), away })
        };
        Self {
            roots: swings.iter().map(|s| (place(joints[s.bone].at), pose.turn * joints[s.bone].turn)).collect(),
            centres: swings.iter().map(|s| s.centre.map_or(Vec3::ZERO, |c| place(joints[c].at))).collect(),
            led: swings.iter().map(led).collect(),
            capsules: bodies.capsules.iter().map(|c| [0, 1].map(|k| from(c.bones[k], c.ends[k]))).collect(),
        }
    }

    fn away(&self, k: usize, s: &Swing) -> Vec3 {
        self.led[k].map_or_else(|| self.roots[k].1 * s.away, |l| l.away)
    }
}

/// Capsules about trunk, neck and skull.
const CORES: usize = 4;
/// Those, and thighs and shins.
const BODY: usize = CORES + 4;

/// The capsules that every body has; a skull without a bone of its own is told by the eyes.
fn body(bones: &[Bone]) -> [Capsule; BODY] {
    let rest = |b: usize| bones[b].rest;
    let shoulder = rest(SHOULDERS[0] + arm::UPPER).x.abs();
    let hip = rest(THIGHS[0]).x.abs();
    let (skull, size) = if bones.len() > CROWN { (SKULL, rest(SKULL).distance(rest(CROWN))) } else { (HEAD, 0.0) };
    let capsule = |bones: [usize; 2], radius: f32| Capsule { bones, ends: [Vec3::ZERO; 2], radius };
    let [left, right] = THIGHS;
    [
        capsule([HIPS, CHEST], 0.62 * shoulder),
        capsule([CHEST, NECK], 0.62 * shoulder),
        capsule([NECK, HEAD], 0.3 * shoulder),
        capsule([skull, skull], 0.8 * size),
        capsule([left, left + leg::SHIN], 0.85 * hip),
        capsule([right, right + leg::SHIN], 0.85 * hip),
        capsule([left + leg::SHIN, left + leg::FOOT], 0.6 * hip),
        capsule([right + leg::SHIN, right + leg::FOOT], 0.6 * hip),
    ]
}

/// What a chain does not go through.
struct Bodies {
    capsules: Vec<Capsule>,
    /// How near the end of each link may come to each capsule, metres; none to what it does not hit.
    near: Vec<Vec<Option<f32>>>,
}

impl Bodies {
    fn new(character: &Character, swings: &Swings) -> Self {
        let bones = &character.bones;
        let capsules: Vec<Capsule> = body(bones).into_iter().chain(swings.capsules.iter().copied()).collect();
        let near = |s: &Swing, k: usize| {
            let thick = s.thick?;
            let hit = match k {
                // Who made it says what it hits, or else it hits what everybody has.
                _ if k >= BODY => s.hits & (1 << (k - BODY)) != 0,
                _ if k >= CORES => s.led.is_some(),
                _ => s.hits == 0 && s.led.is_none(),
            };
            let [a, b] = [0, 1].map(|e| bones[capsules[k].bones[e]].rest + capsules[k].ends[e]);
            let end = bones[s.bone].rest + s.end;
            // What was made closer to the body may stay as close.
            hit.then(|| (capsules[k].radius + thick.min(0.1)).min(0.95 * end.distance(nearest(a, b, end))) * character.scale)
        };
        let near = swings.each.iter().map(|s| (0..capsules.len()).map(|k| near(s, k)).collect()).collect();
        Self { capsules, near }
    }

    /// The nearest place outside; for what hips and legs lead, on that side of them which is away from the body.
    fn outside(&self, k: usize, hung: &Hung, mut end: Vec3) -> Vec3 {
        for ([a, b], least) in hung.capsules.iter().zip(&self.near[k]) {
            let Some(least) = least else { continue };
            let on = nearest(*a, *b, end);
            let out = end - on;
            if let Some(led) = hung.led[k].filter(|l| out.dot(l.away) < 0.0 && out.length() < 2.0 * least) {
                end = on + led.away.reject_from((*b - *a).normalize_or(Vec3::Y)).normalize_or(led.away) * *least;
            } else if out.length() < *least {
                end += out.normalize_or(Vec3::ZERO) * (least - out.length());
            }
        }
        end
    }
}

/// The point of a segment that is nearest to another.
fn nearest(a: Vec3, b: Vec3, p: Vec3) -> Vec3 {
    let d = b - a;
    a + d * ((p - a).dot(d) / d.length_squared().max(1e-9)).clamp(0.0, 1.0)
}

/// What swings in one frame, link after link.
struct Chain<'a> {
    character: &'a Character,
    swings: &'a [Swing],
    hung: &'a Hung,
    /// How links so far are turned against what carries their chain, and where their joints are.
    turns: Vec<Quat>,
    at: Vec<Vec3>,
}

impl Chain<'_> {
    /// Adds the next link, from the turn that it would have if nothing were in its way.
    fn link(&mut self, free: Quat, bodies: &Bodies) {
        let k = self.turns.len();
        let s = &self.swings[k];
        let (root, carries) = self.hung.roots[k];
        let at = s.over.map_or(root, |over| {
            let way = self.character.bones[s.bone].rest - self.character.bones[self.swings[over].bone].rest;
            self.at[over] + carries * (self.turns[over] * way) * self.character.scale
        });
        let mut turn = match (s.over, self.hung.led[k]) {
            // It swings about where it is led from where it is.
            (_, Some(led)) => free * arc(s.end, carries.inverse() * (led.end - at)),
            (Some(over), None) => bent(self.turns[over], free),
            (None, None) => free,
        };
        if s.thick.is_some() {
            let end = at + carries * (turn * s.end) * self.character.scale;
            let out = bodies.outside(k, self.hung, end);
            if out != end {
                let way = carries.inverse() * (out - at);
                turn = (arc(turn * s.end, way) * turn).normalize();
            }
        }
        self.turns.push(turn);
        self.at.push(at);
    }
}

/// The shortest turn from one way to another.
fn arc(from: Vec3, to: Vec3) -> Quat {
    Quat::from_rotation_arc(from.normalize_or(Vec3::NEG_Y), to.normalize_or(Vec3::NEG_Y))
}

/// A turn that is no farther from another than neighbours may be.
fn bent(over: Quat, free: Quat) -> Quat {
    let angle = over.angle_between(free);
    if angle > BEND { over.slerp(free, BEND / angle) } else { free }
}

/// The answer of a damped pendulum to a push, frame by frame: what is left after [`MEMORY`] is faded out.
fn kernel(s: &Swing, fps: f32) -> Vec<f32> {
    let w = TAU * s.hertz;
    let own = w * (1.0 - s.damping * s.damping).max(0.01).sqrt();
    let count = (MEMORY * fps).ceil() as usize;
    (0..count)
        .map(|i| {
            let t = i as f32 / fps;
            exp(-s.damping * w * t) * sin(own * t) / own / fps * smoothstep(MEMORY, MEMORY * 0.7, t)
        })
        .collect()
}

/// How far the end of a thing stays behind where it would be carried.
fn behind(s: &Swing, (carried, air): (&[Vec3], &[Vec3]), kernel: &[f32], frame: usize, fps: f32) -> Vec3 {
    let at = |i: isize| carried[i.clamp(0, carried.len() as isize - 1) as usize];
    let late = (s.late * fps).round() as isize;
    let now = frame as isize - late;
    let mut behind = Vec3::ZERO;
    for (k, answer) in kernel.iter().enumerate() {
        let i = now - k as isize;
        // Before the first frame nothing moved.
        if i <= 0 {
            break;
        }
        let push = (at(i + 1) - at(i) * 2.0 + at(i - 1)) * (fps * fps);
        behind -= push.clamp_length_max(HARDEST) * *answer;
    }
    // Air: the mean way of the last half second against the mean wind of it.
    let window = (0.5 * fps).max(1.0) as isize;
    let way = (at(now) - at(now - window)) * (fps / window as f32);
    let wind = (0..window).map(|i| air[(now - i).clamp(0, air.len() as isize - 1) as usize]).sum::<Vec3>() / window as f32;
    behind -= (way - wind).clamp_length_max(7.0) * s.drag;
    behind + flutter(s, wind, frame as f32 / fps)
}

/// The turn to there: `end` is the thing as it was made, `rest` where it hangs still in the world.
fn turned(s: &Swing, end: Vec3, rest: Vec3, behind: Vec3, turn: Quat) -> Quat {
    let (axis, angle) = arc(end, turn.inverse() * (rest + behind * s.gives)).to_axis_angle();
    Quat::from_axis_angle(axis, s.most * soft(angle / s.most))
}

/// How what hangs in the wind beats across it: not at all in still air.
fn flutter(s: &Swing, wind: Vec3, time: f32) -> Vec3 {
    let phase = s.bone as f32 * 2.1;
    let beat = sin(time * 8.3 - phase) + 0.6 * sin(time * 13.1 - phase * 1.7);
    Vec3::new(-wind.z, 0.0, wind.x).clamp_length_max(7.0) * (0.16 * s.drag * beat)
}

/// Where the end of a thing that hangs still is against its joint.
fn rest(s: &Swing, end: Vec3, turn: Quat) -> Vec3 {
    let rigid = turn * end;
    if s.made {
        return rigid.lerp(yaw(turn) * end, s.hangs);
    }
    let hanging = rigid.lerp(Vec3::NEG_Y * end.length(), s.hangs);
    // Upright it hangs as it was made.
    rigid.lerp(hanging, tilted(turn))
}

/// What of a turn is about the vertical.
fn yaw(turn: Quat) -> Quat {
    let about = Quat::from_xyzw(0.0, turn.y, 0.0, turn.w);
    if about.length_squared() > 1e-6 { about.normalize() } else { Quat::IDENTITY }
}

/// How far something is from upright, 0..1, whichever way it faces.
fn tilted(turn: Quat) -> f32 {
    (2.0 * (1.0 - (turn * Vec3::Y).y)).clamp(0.0, 1.0)
}

/// The same when small, 1 at most.
fn soft(x: f32) -> f32 {
    x / (1.0 + x * x).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail() -> Swing {
        Swing { hertz: 2.0, damping: 0.25, hangs: 0.5, drag: 0.03, most: 0.8, ..Swing::of(0, Vec3::NEG_Y * 0.2) }
    }

    fn angles(carried: &[Vec3]) -> Vec<f32> {
        angles_in(carried, Vec3::ZERO)
    }

    fn angles_in(carried: &[Vec3], air: Vec3) -> Vec<f32> {
        let s = tail();
        let kernel = kernel(&s, 30.0);
        let air = vec![air; carried.len()];
        let one = |f: usize| turned(&s, s.end, rest(&s, s.end, Quat::IDENTITY), behind(&s, (carried, &air), &kernel, f, 30.0), Quat::IDENTITY);
        (0..carried.len()).map(|f| one(f).angle_between(Quat::IDENTITY)).collect()
    }

    #[test]
    fn what_hangs_still_is_still_and_a_push_makes_it_swing_and_settle() {
        assert!(angles(&[Vec3::ZERO; 40]).iter().all(|a| *a < 1e-3));
        let pushed: Vec<Vec3> = (0..120).map(|f| Vec3::X * 0.3 * smoothstep(10.0, 16.0, f as f32)).collect();
        let all = angles(&pushed);
        assert!(all[5] < 1e-3 && all[12..24].iter().any(|a| *a > 0.15), "{:?}", &all[..30]);
        assert!(all[110] < 0.01, "it settles: {}", all[110]);
    }

    #[test]
    fn a_push_is_forgotten_whole() {
        let still = [Vec3::ZERO; 100];
        let pushed: Vec<Vec3> = (0..100).map(|f| if f < 10 { Vec3::X * f as f32 * 0.05 } else { Vec3::X * 0.45 }).collect();
        let (a, b) = (angles(&still), angles(&pushed));
        assert_eq!(a[90].to_bits(), b[90].to_bits(), "after more than a second");
    }
}
