//! Leaning: a body is moved and bent until its own surface lies against the measured surface of what it leans on. Where it
//! stands follows from its size; feet stay where they stand, and legs reach from there.

use super::acts::Stage;
use super::body::{CHEST, HEAD, HIPS, NECK, SHOULDERS, SPINE, TAILS, THIGHS, arm, leg};
use super::holding::{self, reach_by};
use super::perform::Draft;
use super::stance::{Leg, Poser, Stance};
use crate::motions::Lean;
use crate::skeleton::{self, Rig};
use crate::{Bone, Character, Support, travel};
use glam::{Quat, Vec3};
use kinora_base::maths::{acos, atan2, direction, smootherstep};

/// How far before a surface feet stand, metres on the reference adult, over what the surface stands out: of who has the back
/// against it, and of who has a shoulder against it.
const BACK: f32 = 0.34;
const SHOULDER: f32 = 0.37;
/// What is lower than this against the whole body takes hands, and not forearms.
const LOW: f32 = 0.58;
/// A forearm lies so far beyond the edge with its elbow, and a palm with its middle, metres.
const OVER: f32 = 0.04;
const PALM_OVER: f32 = 0.09;
/// How much of an upper arm, or of a whole arm, is between the shoulder and the top of what it rests on.
const BENT: f32 = 0.82;
const STRAIGHT: f32 = 0.93;
/// The same of who cannot come nearer, for a belly.
const STRETCHED: f32 = 0.995;
/// An elbow is at least so much of an upper arm under its shoulder.
const RAISED: f32 = 0.25;
/// From shoulder to hips' joint a back is this much stiffer than from a wall: a radian moves the shoulders by so many metres.
const LEVER: f32 = 0.40;
/// The least and the most that a body bends over what it lies on with its arms, radians.
const BOW: f32 = 0.36;
const DEEPEST: f32 = 1.05;

/// A vertex of the body that may touch something.
struct Probe {
    rest: Vec3,
    bones: [u16; 4],
    weights: [f32; 4],
}

/// The vertices that matter.
struct Touch {
    /// Hips, belly and small of the back; and what is above.
    low: Vec<Probe>,
    high: Vec<Probe>,
    head: Vec<Probe>,
    left_arm: Vec<Probe>,
    right_foot: Vec<Probe>,
    forearms: [Vec<Probe>; 2],
}

impl Touch {
    fn of(character: &Character, lean: Lean) -> Self {
        let mut touch =
            Self { low: Vec::new(), high: Vec::new(), head: Vec::new(), left_arm: Vec::new(), right_foot: Vec::new(), forearms: [Vec::new(), Vec::new()] };
        let fine = character.levels.iter().rposition(|l| l.edge <= 0.022).unwrap_or(0);
        let Some(level) = character.levels.get(fine) else { return touch };
        let bones = &character.bones;
        let waist = bones[SPINE].rest.y.midpoint(bones[CHEST].rest.y);
        let seat = bones[THIGHS[0]].rest.y - 0.10;
        for (k, rest) in level.mesh.positions.iter().enumerate() {
            let normal = level.mesh.normals[k];
            let turned = match lean {
                Lean::Back => normal.z < 0.3,
                Lean::Shoulder => normal.x > -0.3,
                Lean::Arms => normal.z > -0.3,
            };
            let probe = || Probe { rest: *rest, bones: level.bones[k], weights: level.weights[k] };
            let most = (0..4).max_by(|a, b| level.weights[k][*a].total_cmp(&level.weights[k][*b])).unwrap_or(0);
            let bone = usize::from(level.bones[k][most]);
            match bone {
                HEAD | NECK if turned => touch.head.push(probe()),
                HIPS | SPINE | CHEST if turned && rest.y < waist => touch.low.push(probe()),
                HIPS | SPINE | CHEST if turned => touch.high.push(probe()),
                _ if bone >= TAILS => {}
                _ if THIGHS.contains(&bone) && turned && rest.y > seat => touch.low.push(probe()),
                _ if bone == THIGHS[1] + leg::FOOT || bone == THIGHS[1] + leg::TOES => touch.right_foot.push(probe()),
                _ if bone == SHOULDERS[0] || bone == SHOULDERS[0] + arm::UPPER => touch.left_arm.push(probe()),
                _ => {}
            }
            for (side, first) in SHOULDERS.into_iter().enumerate() {
                if bone == first + arm::LOWER || bone == first + arm::HAND {
                    touch.forearms[side].push(probe());
                }
            }
        }
        touch
    }
}

/// What is leaned on, in the model space of a body that stands somewhere.
struct Surface<'a> {
    support: &'a Support,
    at: Vec3,
    out: Vec3,
    scale: f32,
}

impl Surface<'_> {
    /// From the surface to a point, metres of model space; negative inside.
    fn off(&self, p: Vec3) -> f32 {
        (p - self.at).dot(self.out) - self.support.stands_out((p.y - self.at.y) * self.scale) / self.scale
    }

    /// From its edge to a point, on the ground.
    fn off_edge(&self, p: Vec3) -> f32 {
        (p - self.at).dot(self.out) - edge(self.support) / self.scale
    }

    fn top(&self) -> f32 {
        self.at.y + self.support.top / self.scale
    }

    /// The nearest of some vertices.
    fn gap(&self, probes: &[Probe], bones: &[Bone], joints: &[skeleton::Joint]) -> f32 {
        probes.iter().map(|p| self.off(p.now(bones, joints))).fold(f32::INFINITY, f32::min)
    }
}

/// How far the upper edge stands out, metres.
fn edge(support: &Support) -> f32 {
    support.most(support.top - 0.10, support.top)
}

impl Probe {
    fn now(&self, bones: &[Bone], joints: &[skeleton::Joint]) -> Vec3 {
        let by = |k: usize| {
            let b = usize::from(self.bones[k]);
            (joints[b].at + joints[b].turn * (self.rest - bones[b].rest)) * self.weights[k]
        };
        (0..4).filter(|k| self.weights[*k] > 0.0).map(by).sum()
    }
}

/// Arms that lie on something, for one frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rested {
    /// Its top, and which way it looks, in model space.
    top: f32,
    out: Vec3,
    /// Hands and not forearms.
    hands: bool,
    /// From shoulder to palm against the length of the arm.
    straight: f32,
    /// Half the thickness of what lies there, each side, metres.
    thick: [f32; 2],
    /// How much of it shows, each side.
    weight: [f32; 2],
}

impl Character {
    /// The highest that forearms can lie on, metres over the ground.
    #[must_use]
    pub fn arms_lie_up_to(&self) -> f32 {
        (self.bones[SHOULDERS[0] + arm::UPPER].rest.y - raised(&self.bones)) * self.scale
    }

    /// How far from [`Support::at`] somebody stands who leans so, metres.
    #[must_use]
    pub fn stands_off(&self, lean: Lean, support: &Support) -> f32 {
        let size = self.leg() / 0.786;
        let tall = self.height;
        let out = |low: f32, high: f32| support.most(low * tall, high * tall).max(Support::NOTHING);
        match lean {
            Lean::Back => out(0.40, 0.85) + BACK * size,
            Lean::Shoulder => out(0.62, 0.85) + SHOULDER * size,
            Lean::Arms => {
                let bones = &self.bones;
                let (hips, shoulder) = (bones[HIPS].rest, bones[SHOULDERS[0] + arm::UPPER].rest);
                let long = shoulder.y - hips.y;
                let up = support.top / self.scale + arm_over(bones, low(self, support)) - hips.y;
                let bow = (long * long - up * up).max(0.0).sqrt().clamp(long * 0.35, long * 0.87);
                // Hips go back as the shoulders come forward.
                edge(support) + (0.75 * bow + 0.06) * self.scale
            }
        }
    }
}

/// Whether something is so low that hands lie on it.
fn low(character: &Character, support: &Support) -> bool {
    support.top < LOW * character.height
}

/// How high a shoulder is over what its arm rests on, metres of model space.
fn arm_over(bones: &[Bone], hands: bool) -> f32 {
    let [a, b, c] = [arm::UPPER, arm::LOWER, arm::HAND].map(|k| bones[SHOULDERS[0] + k].rest);
    if hands { STRAIGHT * (a.distance(b) + b.distance(c)) + 0.03 } else { BENT * a.distance(b) + 0.04 }
}

/// How high a shoulder is at least over what its elbow lies on, metres of model space.
fn raised(bones: &[Bone]) -> f32 {
    let [a, b] = [arm::UPPER, arm::LOWER].map(|k| bones[SHOULDERS[0] + k].rest);
    RAISED * a.distance(b) + 0.08
}

impl Stage<'_> {
    /// What is leaned on at a frame, how, and how far the body is on its way there.
    fn leaning(&self, frame: usize) -> Option<(&Support, Lean, f32)> {
        let act = travel::leg_act(self.character, self.script, frame)?;
        let (support, keyed) = (act.support.as_ref()?, self.motions.keyed(act)?);
        let share = smootherstep(self.clock(act, frame) / keyed.settled().max(0.1));
        Some((support, keyed.facts.leans?, share)).filter(|l| l.2 > 0.0)
    }

    /// How much each arm does something else than to lean.
    pub(crate) fn arms_taken(&self, frame: usize) -> [f32; 2] {
        let mut taken = [0.0f32; 2];
        for act in self.script.acts.iter().filter(|a| a.moves.is_none() && !self.character.facts(a).whole() && a.from <= frame) {
            let sides: &[usize] = match (act.motion.as_str(), self.motions.keyed(act)) {
                ("read" | "talk", None) => &[0, 1],
                ("wave", None) => &[1],
                (_, Some(keyed)) => match [keyed.uses(0), keyed.uses(1)] {
                    [true, true] => &[0, 1],
                    [true, false] => &[0],
                    [false, true] => &[1],
                    [false, false] => &[],
                },
                _ => &[],
            };
            let weight = self.weight(act, frame);
            sides.iter().for_each(|side| taken[*side] = taken[*side].max(weight));
        }
        let in_hand = if self.thing(frame).is_some() { 1.0 } else { 0.0 };
        taken[1] = taken[1].max(in_hand);
        taken
    }
}

/// Moves all frames' bodies against what they lean on.
pub(crate) fn against(stage: &Stage<'_>, poser: &Poser<'_>, frames: &mut [Draft]) {
    let mut touch: Option<(Lean, Touch)> = None;
    for (frame, draft) in frames.iter_mut().enumerate() {
        let Some((support, lean, share)) = stage.leaning(frame) else { continue };
        if touch.as_ref().is_none_or(|t| t.0 != lean) {
            touch = Some((lean, Touch::of(stage.character, lean)));
        }
        let Some((_, touch)) = &touch else { continue };
        let ((root, facing), scale) = (stage.track[frame], stage.character.scale);
        let back = Quat::from_rotation_y(-facing);
        let surface = Surface { support, at: back * (support.at - root) / scale, out: back * direction(support.facing), scale };
        let leant = Leant { stage, poser, touch, surface: &surface };
        let goal = match lean {
            Lean::Back => leant.back(draft),
            Lean::Shoulder => leant.shoulder(draft),
            Lean::Arms => leant.arms(draft, frame, share),
        };
        draft.stance = draft.stance.towards(&goal, share);
    }
}

/// One body at one frame.
struct Leant<'a> {
    stage: &'a Stage<'a>,
    poser: &'a Poser<'a>,
    touch: &'a Touch,
    surface: &'a Surface<'a>,
}

impl Leant<'_> {
    fn bones(&self) -> &[Bone] {
        &self.stage.character.bones
    }

    /// The joints of a stance, the hands where they are told to be if that matters.
    fn joints(&self, draft: &Draft, stance: &Stance, hands: bool) -> Vec<skeleton::Joint> {
        let mut rig = self.poser.pose(stance, &draft.feet, draft.lift, &draft.face);
        if hands {
            holding::hold(&mut rig, self.stage.character, draft.hold, (&mut draft.reach.clone(), &mut holding::Kept::default()), Vec3::Y);
        }
        skeleton::joints(self.bones(), &rig.local, rig.hips)
    }

    fn gap(&self, probes: &[Probe], joints: &[skeleton::Joint]) -> f32 {
        self.surface.gap(probes, self.bones(), joints)
    }

    /// Hips and trunk by so much towards the surface.
    fn nearer(&self, s: &mut Stance, by: f32) {
        let way = self.surface.out * -by;
        s.hips[0] += way.x;
        s.hips[2] += way.z;
    }

    fn back(&self, draft: &Draft) -> Stance {
        let mut s = draft.stance;
        // Shoulders that lie against a wall do not turn; the head does.
        let turned = s.trunk[1] * 0.85;
        s.trunk[1] -= turned;
        s.head[1] += turned * 0.6;
        for round in 0..5 {
            let joints = self.joints(draft, &s, false);
            let (low, high) = (self.gap(&self.touch.low, &joints), self.gap(&self.touch.high, &joints));
            self.nearer(&mut s, low.min(high));
            // Both the seat and the shoulder blades, where there is something to lie against.
            if round < 4 && high - low < 0.30 {
                s.trunk[0] = (s.trunk[0] - 0.8 * (high - low) / LEVER).clamp(-0.30, 0.45);
            } else if round == 0 {
                s.trunk[0] = s.trunk[0].max(-0.05);
            }
        }
        let head = self.gap(&self.touch.head, &self.joints(draft, &s, false));
        if head < 0.0 {
            s.head[0] += (-head / 0.17).min(0.5);
        }
        let wall = self.surface.support.most(0.10, 0.55) > Support::NOTHING;
        let raised = s.legs[1].shift[1] > 0.05;
        if raised && !wall {
            s.legs[1] = Leg::default();
        } else if raised {
            for _ in 0..3 {
                let joints = self.joints(draft, &s, false);
                let way = self.surface.out * -self.gap(&self.touch.right_foot, &joints);
                s.legs[1].shift[0] += way.x;
                s.legs[1].shift[2] += way.z;
            }
        }
        s
    }

    fn shoulder(&self, draft: &Draft) -> Stance {
        let mut s = draft.stance;
        let turned = s.trunk[1] * 0.6;
        s.trunk[1] -= turned;
        s.head[1] += turned * 0.6;
        for round in 0..5 {
            let joints = self.joints(draft, &s, true);
            let arm = self.gap(&self.touch.left_arm, &joints);
            let body = self.gap(&self.touch.low, &joints).min(self.gap(&self.touch.high, &joints));
            self.nearer(&mut s, arm.min(body));
            if round < 4 && arm > body && arm - body < 0.30 {
                s.trunk[2] = (s.trunk[2] + 0.9 * (arm - body) / LEVER).clamp(0.0, 0.40);
            }
        }
        let head = self.gap(&self.touch.head, &self.joints(draft, &s, false));
        if head < 0.0 {
            s.head[2] -= (-head / 0.17).min(0.5);
        }
        s
    }

    fn arms(&self, draft: &mut Draft, frame: usize, share: f32) -> Stance {
        let mut s = draft.stance;
        let (bones, surface) = (self.bones(), self.surface);
        let hands = low(self.stage.character, surface.support);
        let over = arm_over(bones, hands);
        let raised = raised(bones);
        let taken = self.stage.arms_taken(frame);
        let mut rested =
            Rested { top: surface.top(), out: surface.out, hands, straight: STRAIGHT, thick: [0.045; 2], weight: taken.map(|t| share * (1.0 - t)) };
        // Shoulders come down to where an arm reaches the top.
        for _ in 0..4 {
            let joints = self.joints(draft, &s, false);
            let middle = joints[SHOULDERS[0] + arm::UPPER].at.midpoint(joints[SHOULDERS[1] + arm::UPPER].at);
            let from = joints[HIPS].at;
            let (up, ahead) = (middle.y - from.y, -(middle - from).dot(surface.out));
            let long = (up * up + ahead * ahead).sqrt();
            let bow = |over: f32| acos(((surface.top() + over - from.y) / long).clamp(0.2, 1.0));
            // Over what is nearly as high as the shoulders one bows less, or elbows would be under its top.
            let wanted = bow(over).clamp(BOW.min(bow(raised)), DEEPEST);
            let more = wanted - atan2(ahead, up);
            let (pelvis, trunk) = (s.pelvis[0] + 0.45 * more, s.trunk[0] + 0.55 * more);
            if pelvis + trunk < 0.0 {
                break;
            }
            (s.pelvis[0], s.trunk[0]) = (pelvis, trunk);
            s.head[0] -= 0.75 * more;
        }
        let off_edge = |rested: &Rested, s: &Stance| {
            let joints = self.joints(draft, s, false);
            let beyond = (0..2).map(|side| rested.places(bones, side, joints[SHOULDERS[side] + arm::UPPER].at).0);
            beyond.map(|p| surface.off_edge(p)).fold(f32::NEG_INFINITY, f32::max)
        };
        for _ in 0..3 {
            let off = off_edge(&rested, &s);
            self.nearer(&mut s, off + if hands { PALM_OVER } else { OVER });
            let body = self.gap(&self.touch.low, &self.joints(draft, &s, false)).min(self.gap(&self.touch.high, &self.joints(draft, &s, false)));
            self.nearer(&mut s, (body - 0.005).min(0.0));
        }
        if hands && off_edge(&rested, &s) > -0.5 * PALM_OVER {
            rested.straight = STRETCHED;
        }
        // What lies there is as thick as it is.
        for _ in 0..3 {
            let mut rig = self.poser.pose(&s, &draft.feet, draft.lift, &draft.face);
            lay(&mut rig, bones, &Rested { weight: [1.0; 2], ..rested });
            let joints = skeleton::joints(bones, &rig.local, rig.hips);
            for side in 0..2 {
                let beyond = self.touch.forearms[side].iter().map(|p| p.now(bones, &joints)).filter(|p| surface.off_edge(*p) < 0.0);
                let deep = beyond.map(|p| p.y - rested.top).fold(f32::INFINITY, f32::min);
                if deep.is_finite() {
                    rested.thick[side] = (rested.thick[side] - deep).clamp(0.0, 0.16);
                }
            }
        }
        draft.rested = Some(rested);
        s
    }
}

impl Rested {
    /// Where an elbow (or, of hands, a palm) and a wrist lie, from where the shoulder is.
    fn places(&self, bones: &[Bone], side: usize, shoulder: Vec3) -> (Vec3, Vec3) {
        let sign = [1.0, -1.0][side];
        let [a, b, c] = [arm::UPPER, arm::LOWER, arm::HAND].map(|k| bones[SHOULDERS[side] + k].rest);
        let (upper, fore) = (a.distance(b), b.distance(c));
        let left = Vec3::Y.cross(-self.out);
        let drop = shoulder.y - self.top - self.thick[side];
        if self.hands {
            let long = self.straight * (upper + fore);
            let flat = (long * long - drop * drop).max(0.0).sqrt().min(0.3);
            let palm = shoulder - self.out * flat + left * (sign * 0.03);
            return (palm.with_y(self.top + self.thick[side]), palm);
        }
        let drop = drop.clamp(RAISED * upper, 0.985 * upper);
        let way = (-self.out * 0.90 + left * (sign * 0.32)).normalize();
        let elbow = shoulder + way * (upper * upper - drop * drop).max(0.0).sqrt() - Vec3::Y * drop;
        // The right hand lies before the left one.
        let fold: f32 = [0.80, 0.62][side];
        let wrist = elbow + (-self.out * (1.0 - fold * fold).sqrt() - left * (sign * fold)) * fore;
        (elbow, wrist)
    }
}

/// Lays arms on what they rest on.
pub(crate) fn lay(rig: &mut Rig<'_>, bones: &[Bone], rested: &Rested) {
    let left = Vec3::Y.cross(-rested.out);
    for side in (0..2).filter(|side| rested.weight[*side] > 0.0) {
        let sign = [1.0, -1.0][side];
        let shoulder = rig.joint(SHOULDERS[side] + arm::UPPER).at;
        let (first, second) = rested.places(bones, side, shoulder);
        if rested.hands {
            let fingers = (-rested.out + left * (sign * 0.25)).normalize();
            let pole = rested.out * 0.6 + left * (sign * 0.8);
            reach_by(rig, bones, side, (first, fingers, Vec3::NEG_Y), pole, rested.weight[side]);
            continue;
        }
        let fingers = (second - first).with_y(0.0).normalize_or(-rested.out);
        let along = bones[SHOULDERS[side] + arm::FINGERS].rest - bones[SHOULDERS[side] + arm::HAND].rest;
        // A palm is before its wrist by most of the hand.
        let palm = second + fingers * (along.length() * 0.8) - Vec3::Y * 0.02;
        reach_by(rig, bones, side, (palm, fingers, (Vec3::NEG_Y + rested.out * 0.25).normalize()), first - shoulder, rested.weight[side]);
    }
}
