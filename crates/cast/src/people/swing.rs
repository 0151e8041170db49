//! What hangs from a body and swings: tails of hair, capes, wide skirts, the springs of somebody's own character. Each is a
//! pendulum that answers to how its end would be carried along. It remembers a bit more than a second and nothing before that,
//! so that an edit of one shot leaves later ones as they were; and it is baked into the poses, so that any frame can still be
//! drawn alone.
//!
//! A chain does not shake its links one by one, which would remember as many seconds as it has links: each link answers to how
//! the body would carry its own end, more slowly the farther it is down the chain, and is turned against the link over it.

use super::body::{BELL, CAPE, CHEST, CROWN, HEAD, HIPS, NECK, SHOULDERS, SKULL, TAILS, arm};
use crate::{BodyPose, Bone, Character, skeleton};
use glam::{Quat, Vec3};
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
        }
    }
}

/// What of a person swings: tails by number, a cape, a skirt.
pub(crate) fn swings(bones: &[Bone], tails: &[usize], cape: bool, skirt: bool) -> Vec<Swing> {
    let mut all = Vec::new();
    for tail in tails {
        let first = TAILS + 2 * tail;
        let end = bones[first + 1].rest - bones[first].rest;
        let one = Swing { hertz: 1.9, damping: 0.24, hangs: 0.55, drag: 0.035, most: 0.75, ..Swing::of(first, end) };
        all.push(one);
        all.push(Swing { bone: first + 1, end: Vec3::NEG_Y * end.length(), hertz: 2.4, hangs: 0.2, most: 0.6, late: 0.09, ..one });
    }
    if cape {
        let end = bones[CAPE + 1].rest - bones[CAPE].rest;
        let one = Swing { hertz: 1.3, damping: 0.34, hangs: 0.65, drag: 0.075, most: 0.85, ..Swing::of(CAPE, end) };
        all.push(one);
        all.push(Swing { bone: CAPE + 1, end: Vec3::NEG_Y * end.length(), hertz: 1.7, hangs: 0.2, drag: 0.030, most: 0.5, late: 0.12, ..one });
    }
    if skirt {
        let end = Vec3::NEG_Y * 0.55 * bones[BELL].rest.y;
        all.push(Swing { hertz: 1.6, damping: 0.30, hangs: 0.5, drag: 0.030, most: 0.32, ..Swing::of(BELL, end) });
    }
    all
}

/// How long anything is remembered, seconds.
const MEMORY: f32 = 1.25;
/// No hair is thrown harder than this, metres a second squared.
const HARDEST: f32 = 22.0;

/// The most that two neighbours of a chain are bent against each other, radians.
const BEND: f32 = 0.6;

/// Turns the bones of what swings in all poses.
pub(crate) fn swing(character: &Character, swings: &[Swing], poses: &mut [BodyPose], fps: f32) {
    if swings.is_empty() || poses.len() < 2 {
        return;
    }
    // The joints of the body in the world, before anything swings.
    let hung: Vec<Hung> = poses.iter().map(|pose| Hung::new(character, swings, pose)).collect();
    let turns: Vec<Vec<Quat>> = swings.iter().enumerate().map(|(k, s)| free(s, k, &hung, character.scale, fps)).collect();
    let bodies = Bodies::new(character, swings);
    for (f, pose) in poses.iter_mut().enumerate() {
        let mut chain = Chain { character, swings, hung: &hung[f], turns: Vec::with_capacity(swings.len()), at: Vec::with_capacity(swings.len()) };
        for (k, s) in swings.iter().enumerate() {
            pose.bones[s.bone] = chain.link(turns[k][f], &bodies);
        }
    }
}

/// How one thing would swing if nothing were in its way: its turns against what carries it.
fn free(s: &Swing, k: usize, hung: &[Hung], scale: f32, fps: f32) -> Vec<Quat> {
    let end = s.end * scale;
    let carried: Vec<Vec3> = hung.iter().map(|h| h.roots[k].0 + h.roots[k].1 * end - h.centres[k]).collect();
    let kernel = kernel(s, fps);
    (0..hung.len()).map(|f| one(s, end, &carried, hung[f].roots[k].1, &kernel, f, fps)).collect()
}

/// A body in the world before anything swings.
struct Hung {
    /// Where the joint of each swing is, and how what carries it is turned.
    roots: Vec<(Vec3, Quat)>,
    /// What each swing takes as standing still.
    centres: Vec<Vec3>,
    /// The ends of [`Bodies`]' capsules.
    cores: [[Vec3; 2]; CORES],
}

impl Hung {
    fn new(character: &Character, swings: &[Swing], pose: &BodyPose) -> Self {
        let joints = skeleton::joints(&character.bones, &pose.bones, pose.hips);
        let place = |at: Vec3| pose.root + pose.turn * (at * character.scale);
        let ends = |[a, b]: [usize; 2]| [place(joints[a].at), place(joints[b].at)];
        Self {
            roots: swings.iter().map(|s| (place(joints[s.bone].at), pose.turn * joints[s.bone].turn)).collect(),
            centres: swings.iter().map(|s| s.centre.map_or(Vec3::ZERO, |c| place(joints[c].at))).collect(),
            cores: cores(&character.bones).map(ends),
        }
    }
}

/// Capsules about trunk, neck and skull.
const CORES: usize = 4;

/// Their bones; a skull without a bone of its own is told by the eyes.
fn cores(bones: &[Bone]) -> [[usize; 2]; CORES] {
    let skull = if bones.len() > CROWN { SKULL } else { HEAD };
    [[HIPS, CHEST], [CHEST, NECK], [NECK, HEAD], [skull, skull]]
}

/// What a chain does not go through: how near the end of each link may come to each capsule, metres.
struct Bodies(Vec<Option<[f32; CORES]>>);

impl Bodies {
    fn new(character: &Character, swings: &[Swing]) -> Self {
        let bones = &character.bones;
        let rest = |b: usize| bones[b].rest;
        let shoulder = rest(SHOULDERS[0] + arm::UPPER).x.abs();
        let skull = if bones.len() > CROWN { rest(SKULL).distance(rest(CROWN)) } else { 0.0 };
        let radii = [0.62 * shoulder, 0.62 * shoulder, 0.3 * shoulder, 0.8 * skull];
        let one = |s: &Swing| {
            let thick = s.thick?;
            let end = rest(s.bone) + s.end;
            let near = |k: usize| {
                let [a, b] = cores(bones)[k].map(rest);
                // What was made closer to the body may stay as close.
                (radii[k] + thick.min(0.1)).min(0.95 * end.distance(nearest(a, b, end))) * character.scale
            };
            Some(std::array::from_fn(near))
        };
        Self(swings.iter().map(one).collect())
    }

    /// The nearest place outside.
    fn outside(&self, k: usize, cores: &[[Vec3; 2]; CORES], mut end: Vec3) -> Vec3 {
        let Some(near) = &self.0[k] else { return end };
        for ([a, b], least) in cores.iter().zip(near) {
            let out = end - nearest(*a, *b, end);
            if out.length() < *least {
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
    /// The next link: its turn, from the one that it would have if nothing were in its way.
    fn link(&mut self, free: Quat, bodies: &Bodies) -> Quat {
        let k = self.turns.len();
        let s = &self.swings[k];
        let (root, carries) = self.hung.roots[k];
        let at = s.over.map_or(root, |over| {
            let way = self.character.bones[s.bone].rest - self.character.bones[self.swings[over].bone].rest;
            self.at[over] + carries * (self.turns[over] * way) * self.character.scale
        });
        let over = s.over.map_or(Quat::IDENTITY, |over| self.turns[over]);
        let mut turn = if s.over.is_some() { bent(over, free) } else { free };
        if s.thick.is_some() {
            let end = at + carries * (turn * s.end) * self.character.scale;
            let out = bodies.outside(k, &self.hung.cores, end);
            if out != end {
                let way = carries.inverse() * (out - at);
                let pushed = Quat::from_rotation_arc((turn * s.end).normalize_or(Vec3::NEG_Y), way.normalize_or(Vec3::NEG_Y));
                turn = (pushed * turn).normalize();
            }
        }
        self.turns.push(turn);
        self.at.push(at);
        // As it is, where nothing is over it: what has always swung goes on to the bit.
        if s.over.is_some() { (over.inverse() * turn).normalize() } else { turn }
    }
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

fn one(s: &Swing, end: Vec3, carried: &[Vec3], turn: Quat, kernel: &[f32], frame: usize, fps: f32) -> Quat {
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
    // Air: the mean way of the last half second.
    let window = (0.5 * fps).max(1.0) as isize;
    let way = (at(now) - at(now - window)) * (fps / window as f32);
    behind -= way.clamp_length_max(7.0) * s.drag;
    let rest = rest(s, end, turn);
    let wish = turn.inverse() * (rest + behind * s.gives);
    let arc = Quat::from_rotation_arc(end.normalize_or(Vec3::NEG_Y), wish.normalize_or(Vec3::NEG_Y));
    let (axis, angle) = arc.to_axis_angle();
    Quat::from_axis_angle(axis, s.most * soft(angle / s.most))
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
        let s = tail();
        let kernel = kernel(&s, 30.0);
        (0..carried.len()).map(|f| one(&s, s.end, carried, Quat::IDENTITY, &kernel, f, 30.0).angle_between(Quat::IDENTITY)).collect()
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
