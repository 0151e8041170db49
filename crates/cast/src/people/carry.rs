//! Carrying: who is carried is laid against the carrier's own surface, and goes with the carrier's chest from then on; the
//! carrier's hands go to the surface of who is carried, and the other way round. Both bodies may be of any size: every
//! place is measured on the skins of the two as they are posed.

use super::body::{BELL, CAPE, CHEST, HEAD, HIPS, NECK, SHOULDERS, SPINE, TAILS, THIGHS, arm, leg};
use super::grasp::Hand;
use super::grips::Fingers;
use super::holding::reach_by;
use super::perform::{landmarks, own_grip};
use crate::skeleton::Rig;
use crate::{Anatomy, BodyPose, Character, Level};
use glam::{Mat3, Quat, Vec3};
use kinora_plan::RelationKind;
use std::collections::BTreeMap;

/// Bodies give way by so much where one lies against the other, metres.
const SOFT: f32 = 0.012;
/// The edge of a cell in which two surfaces are compared, metres.
const CELL: f32 = 0.02;
/// Within this distance of a line a surface is met by it, metres.
const NEAR: f32 = 0.03;
/// From the middle of an adult's hand to the inner side of its palm, metres.
const PALM: f32 = 0.024;
/// The upper arm of an adult of the reference, metres.
const UPPER_ARM: f32 = 0.245;
/// Who is shorter than this against who carries lies along one forearm, and others lie across both.
const INFANT: f32 = 0.58;
/// A carrier leans back by so many radians for somebody of the same weight.
const COUNTERWEIGHT: f32 = 0.20;

/// A way to be carried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// The relation of the plan that asks for it.
    pub relation: RelationKind,
    /// The motion of who carries.
    pub carrier: &'static str,
    /// The motion of a person who is carried so.
    pub carried: &'static str,
    /// The motion of an animal that is carried so.
    pub animal: &'static str,
    /// The greatest weight that is carried so, against the carrier's own.
    pub heaviest: f32,
}

/// All ways.
pub const WAYS: [Way; 4] = [
    Way { relation: RelationKind::InArms, carrier: "carry-in-arms", carried: "lie-in-arms", animal: "lie", heaviest: 1.0 },
    Way { relation: RelationKind::OnArm, carrier: "carry-on-arm", carried: "sit-on-arm", animal: "lie", heaviest: 0.40 },
    Way { relation: RelationKind::OnBack, carrier: "carry-on-back", carried: "cling-to-back", animal: "lie", heaviest: 1.1 },
    Way { relation: RelationKind::OnShoulders, carrier: "carry-on-shoulders", carried: "sit-on-shoulders", animal: "lie", heaviest: 0.55 },
];

impl Way {
    /// The way that a relation asks for, if it is one.
    #[must_use]
    pub fn of(relation: RelationKind) -> Option<Self> {
        WAYS.into_iter().find(|w| w.relation == relation)
    }
}

/// A place on somebody's surface, and how a hand lies there, in the axes of what it goes with.
#[derive(Clone, Copy, Debug, Default)]
struct Hold {
    at: Vec3,
    out: Vec3,
    fingers: Vec3,
    /// Where the elbow points, in the chest's axes of whose hand it is.
    elbow: Vec3,
}

/// How two bodies lie against each other. Lengths are metres of the world.
#[derive(Clone, Debug)]
struct Carrying {
    way: RelationKind,
    /// Where who is carried is, in the axes of the carrier's chest: the hips, and how they are turned.
    at: Vec3,
    turn: Quat,
    /// How much further apart the thighs are than the motion has them, radians.
    astride: f32,
    /// How far the carrier leans back, radians.
    back: f32,
    /// The carrier's hands, from the hips of who is carried.
    palms: [Option<Hold>; 2],
    /// The hands of who is carried, from the carrier's chest.
    clasps: [Option<Hold>; 2],
}

/// Lets somebody carry somebody: both bodies' poses, one a frame, are changed to lie against each other. `strokes` says for each frame how
/// much the carrier's right hand strokes instead of holding still, 0..1; nothing is done unless the carrier is a person.
pub fn carry(
    relation: RelationKind,
    (carrier, carriers): (&Character, &mut [BodyPose]),
    (carried, poses): (&Character, &mut [BodyPose]),
    (fps, strokes): (f32, &dyn Fn(usize) -> f32),
) {
    let frames = carriers.len().min(poses.len());
    if carrier.anatomy != Anatomy::Human || frames == 0 {
        return;
    }
    poses.iter_mut().for_each(|p| straighten(carried, p));
    let middle = frames / 2;
    let found = Carrying::find(relation, (carrier, &carriers[middle]), (carried, &poses[middle]));
    for (frame, (a, b)) in carriers.iter_mut().zip(poses.iter_mut()).enumerate().take(frames) {
        found.lay((carrier, a), (carried, b), strokes(frame), frame as f32 / fps);
    }
}

/// A person's hips are the frame that is carried.
fn straighten(body: &Character, pose: &mut BodyPose) {
    if body.anatomy == Anatomy::Human {
        pose.bones[HIPS] = Quat::IDENTITY;
        pose.hips = Vec3::ZERO;
    }
}

fn rig<'a>(body: &'a Character, pose: &BodyPose) -> Rig<'a> {
    let mut rig = Rig::new(&body.bones);
    rig.local.clone_from(&pose.bones);
    rig.hips = pose.hips;
    rig
}

/// A place and a turn in the world.
#[derive(Clone, Copy, Debug)]
struct Frame {
    at: Vec3,
    turn: Quat,
}

impl Frame {
    fn out(&self, p: Vec3) -> Vec3 {
        self.at + self.turn * p
    }

    fn into(self, p: Vec3) -> Vec3 {
        self.turn.inverse() * (p - self.at)
    }
}

fn joint_in_world(body: &Character, rig: &Rig<'_>, pose: &BodyPose, bone: usize) -> Frame {
    let joint = rig.joint(bone);
    Frame { at: pose.root + pose.turn * (joint.at * body.scale), turn: pose.turn * joint.turn }
}

/// What is carried of a body: a person's hips; an animal's rump, turned along its back.
fn pivot(body: &Character, pose: &BodyPose) -> Frame {
    if body.anatomy == Anatomy::Human {
        return joint_in_world(body, &rig(body, pose), pose, HIPS);
    }
    let along = (pose.landmarks.chest - pose.landmarks.hips) * Vec3::new(1.0, 0.0, 1.0);
    Frame { at: pose.landmarks.hips, turn: Quat::from_rotation_arc(Vec3::Z, along.normalize_or(pose.turn * Vec3::Z)) }
}

/// A point of a skin and the bone that moves it most.
#[derive(Clone, Copy)]
pub(super) struct Dot {
    pub(super) at: Vec3,
    pub(super) out: Vec3,
    pub(super) bone: usize,
}

/// A body's skin as it is posed, in the world: corners, and the middles of edges and triangles.
pub(super) fn skin(body: &Character, pose: &BodyPose) -> Vec<Dot> {
    let fine = body.levels.iter().rposition(|l| l.edge * body.scale <= 0.03).unwrap_or(0);
    let Some(level) = body.levels.get(fine) else { return Vec::new() };
    let posed = crate::pose(body, fine, &[], pose, pose);
    let most = |k: usize| (0..4).max_by(|a, b| level.weights[k][*a].total_cmp(&level.weights[k][*b])).map_or(0, |n| usize::from(level.bones[k][n]));
    let dot = |k: usize| Dot { at: pose.root + pose.turn * posed.positions[k], out: pose.turn * posed.normals[k], bone: most(k) };
    let corners: Vec<Dot> = (0..posed.positions.len()).map(dot).collect();
    let mean = |of: &[usize]| {
        let sum = |value: &dyn Fn(&Dot) -> Vec3| of.iter().map(|k| value(&corners[*k])).sum::<Vec3>() / of.len() as f32;
        Dot { at: sum(&|d| d.at), out: sum(&|d| d.out).normalize_or(Vec3::Y), bone: corners[of[0]].bone }
    };
    let between = |t: &[u32; 3]| {
        let [a, b, c] = t.map(|k| k as usize);
        [mean(&[a, b]), mean(&[b, c]), mean(&[c, a]), mean(&[a, b, c])]
    };
    let within: Vec<Dot> = solid(level).flat_map(between).collect();
    corners.iter().copied().chain(within).collect()
}

fn solid(level: &Level) -> impl Iterator<Item = &[u32; 3]> {
    level.mesh.triangles.iter()
}

pub(super) fn is_arm(bone: usize) -> bool {
    SHOULDERS.iter().any(|first| (first + arm::UPPER..=first + arm::THUMB).contains(&bone)) || (super::body::DIGITS[0]..TAILS).contains(&bone)
}

fn is_leg(bone: usize) -> bool {
    (THIGHS[0]..THIGHS[1] + leg::TOES + 1).contains(&bone)
}

/// What hangs from a body and gives way.
fn hangs(bone: usize) -> bool {
    (TAILS..CAPE + 3).contains(&bone)
}

/// How far some points have to go along a direction until none of them is inside or behind others.
fn clearance(moving: &[Vec3], still: &[Vec3], along: Vec3) -> Option<f32> {
    let u = along.any_orthonormal_vector();
    let v = along.cross(u);
    let cell = |p: Vec3| ((p.dot(u) / CELL).floor() as i32, (p.dot(v) / CELL).floor() as i32);
    let mut front: BTreeMap<(i32, i32), f32> = BTreeMap::new();
    for p in still {
        let most = front.entry(cell(*p)).or_insert(f32::NEG_INFINITY);
        *most = most.max(p.dot(along));
    }
    moving.iter().filter_map(|p| front.get(&cell(*p)).map(|most| most - p.dot(along))).max_by(f32::total_cmp)
}

/// How deep the deepest of some points is inside a surface, metres.
pub(super) fn deepest(points: &[Vec3], surface: &[Dot]) -> f32 {
    let one = |p: &Vec3| {
        let nearest = surface.iter().min_by(|a, b| a.at.distance_squared(*p).total_cmp(&b.at.distance_squared(*p)))?;
        let deep = (nearest.at - *p).dot(nearest.out);
        (nearest.at.distance(*p) < 0.14).then_some(deep)
    };
    points.iter().filter_map(one).fold(0.0, f32::max)
}

/// How far a surface is from a point in a direction: the furthest that a line meets.
fn surface_along(dots: &[Dot], of: impl Fn(usize) -> bool, from: Vec3, way: Vec3) -> f32 {
    let met = dots.iter().filter(|d| of(d.bone)).filter_map(|d| {
        let t = (d.at - from).dot(way);
        (t > -0.02 && (d.at - from - way * t).length() < NEAR).then_some(t)
    });
    met.fold(0.02, f32::max)
}

/// Axes from where the spine and the front point.
fn turned(up: Vec3, front: Vec3) -> Quat {
    let y = up.normalize_or(Vec3::Y);
    let z = (front - y * front.dot(y)).normalize_or(y.any_orthonormal_vector());
    Quat::from_mat3(&Mat3::from_cols(y.cross(z), y, z)).normalize()
}

/// The two bodies while it is found how they lie.
struct Pair<'a> {
    carrier: &'a Character,
    /// The carrier's skin in the axes of its chest, and its joints there.
    still: Vec<Dot>,
    carried: &'a Character,
    /// The skin of who is carried in the axes of its hips, its joints there.
    moving: Vec<Dot>,
    joints: Vec<Vec3>,
    chest: Vec<Vec3>,
    /// How large the carrier's arms are against the reference.
    unit: f32,
    human: bool,
    infant: bool,
}

impl Pair<'_> {
    /// A point of who is carried, before it is turned: between the joints of people, along an animal's back.
    fn point(&self, a: usize, b: usize, share: f32) -> Vec3 {
        self.joints[a].lerp(self.joints[b], share)
    }

    fn thighs(&self, share: f32) -> Vec3 {
        (0..2).map(|side| self.point(THIGHS[side], THIGHS[side] + leg::SHIN, share)).sum::<Vec3>() * 0.5
    }
}

impl Carrying {
    fn find(way: RelationKind, (carrier, a): (&Character, &BodyPose), (carried, b): (&Character, &BodyPose)) -> Self {
        let back = match way {
            RelationKind::OnBack => -0.24 - COUNTERWEIGHT * (carried.mass / carrier.mass.max(1.0)).min(1.0),
            RelationKind::OnShoulders => 0.0,
            _ => COUNTERWEIGHT * (carried.mass / carrier.mass.max(1.0)).min(1.2),
        };
        let mut stood = a.clone();
        lean_back(&mut stood, back);
        let posed = rig(carrier, &stood);
        let chest = joint_in_world(carrier, &posed, &stood, CHEST);
        let hips = pivot(carried, b);
        let within =
            |of: Frame, dots: Vec<Dot>| -> Vec<Dot> { dots.into_iter().map(|d| Dot { at: of.into(d.at), out: of.turn.inverse() * d.out, ..d }).collect() };
        let human = carried.anatomy == Anatomy::Human;
        let own = rig(carried, b);
        let joints = if human {
            (0..carried.bones.len()).map(|k| hips.into(joint_in_world(carried, &own, b, k).at)).collect()
        } else {
            vec![Vec3::ZERO, hips.into(b.landmarks.chest)]
        };
        let upper = carrier.bones[SHOULDERS[0] + arm::UPPER].rest.distance(carrier.bones[SHOULDERS[0] + arm::LOWER].rest) * carrier.scale;
        let pair = Pair {
            carrier,
            still: within(chest, skin(carrier, &stood)).into_iter().filter(|d| !hangs(d.bone)).collect(),
            carried,
            moving: within(hips, skin(carried, b)).into_iter().filter(|d| !human || !hangs(d.bone)).collect(),
            joints,
            chest: (0..carrier.bones.len()).map(|k| chest.into(joint_in_world(carrier, &posed, &stood, k).at)).collect(),
            unit: upper / UPPER_ARM,
            human,
            infant: !human || carried.height < INFANT * carrier.height,
        };
        let mut found = Self { way, at: Vec3::ZERO, turn: Quat::IDENTITY, astride: 0.0, back, palms: [None; 2], clasps: [None; 2] };
        found.place(&pair);
        found.open_legs(&pair);
        found.take_hold(&pair);
        found
    }

    /// Where somebody lies, sits or hangs.
    fn place(&mut self, p: &Pair<'_>) {
        let u = p.unit;
        let (up, front) = match self.way {
            _ if !p.human => (Vec3::Y, Vec3::new(0.97, 0.10, -0.22)),
            // The head is higher, and the face is turned to who carries.
            RelationKind::InArms => (Vec3::new(0.95, if p.infant { 0.26 } else { 0.20 }, 0.04), Vec3::new(0.0, 0.86, -0.5)),
            RelationKind::OnArm => (Vec3::new(0.24, 1.0, 0.16), Vec3::new(-0.72, 0.0, -0.68)),
            // The chest leans forward: who is on the back sits upright again, the head behind the other's and beside it.
            RelationKind::OnBack => (Vec3::new(0.07, 1.0, -0.24), Vec3::Z),
            _ => (Vec3::Y, Vec3::Z),
        };
        self.turn = turned(up, front);
        let way = match self.way {
            _ if !p.human => Vec3::Z,
            RelationKind::InArms => Vec3::Z,
            RelationKind::OnArm => Vec3::new(0.72, 0.0, 0.68).normalize(),
            _ => Vec3::NEG_Z,
        };
        let all: Vec<Vec3> = p.moving.iter().map(|d| self.turn * d.at).collect();
        let lowest = |of: &dyn Fn(&Dot) -> bool| p.moving.iter().zip(&all).filter(|(d, _)| of(d)).map(|(_, q)| q.y).fold(f32::INFINITY, f32::min);
        let elbow = p.chest[SHOULDERS[0] + arm::UPPER].y - 0.93 * UPPER_ARM * u;
        let neck = p.chest[NECK];
        // What stands off a trunk is cloth, and gives way.
        let near = |d: &Dot| {
            let (hips, neck) = (p.joints[HIPS], p.joints[NECK]);
            let along = (neck - hips).normalize_or(Vec3::Y);
            (d.at - hips).reject_from(along).length() < 0.10 * p.carried.height
        };
        let trunk = |d: &Dot| matches!(d.bone, HIPS | SPINE | CHEST) && near(d);
        let start = match self.way {
            _ if !p.human => {
                let middle = self.turn * (p.joints[1] * 0.5);
                Vec3::new(0.02 * u - middle.x, elbow + 0.01 * u - lowest(&|_| true), 0.0)
            }
            RelationKind::InArms => {
                let along = (self.turn * (p.joints[NECK] + p.thighs(1.0)) * 0.5).x;
                let lift = if p.infant { -0.035 } else { -0.075 };
                Vec3::new(-along + if p.infant { 0.03 * u } else { 0.0 }, elbow + lift * u - lowest(&trunk), 0.0)
            }
            RelationKind::OnArm => Vec3::new(0.13 * u, elbow - 0.005 * u - lowest(&|d| trunk(d) || is_leg(d.bone) && d.bone % 4 == THIGHS[0] % 4), 0.0),
            RelationKind::OnBack => {
                let shoulder = (self.turn * p.joints[SHOULDERS[0] + arm::UPPER]).y;
                Vec3::new(0.0, p.chest[SHOULDERS[0] + arm::UPPER].y - 0.01 * u - shoulder, 0.0)
            }
            _ => {
                let under = (self.turn * p.joints[THIGHS[0]]).y - 0.075 * p.carried.scale * p.joints[THIGHS[0]].x.abs() / 0.085;
                Vec3::new(0.0, neck.y - 0.01 * u - under, neck.z)
            }
        };
        let head = matches!(self.way, RelationKind::OnBack | RelationKind::OnArm);
        let moves = |d: &Dot| {
            !p.human || if self.way == RelationKind::InArms { trunk(d) || d.bone == HEAD || is_leg(d.bone) } else { trunk(d) || (head && d.bone == HEAD) }
        };
        let moving: Vec<Vec3> = p.moving.iter().zip(&all).filter(|(d, _)| moves(d)).map(|(_, q)| start + *q).collect();
        let still: Vec<Vec3> = p.still.iter().filter(|d| !is_arm(d.bone) && !is_leg(d.bone)).map(|d| d.at).collect();
        let gone = clearance(&moving, &still, way).unwrap_or(0.0) - SOFT;
        self.at = start + way * gone;
    }

    /// Thighs go as far apart as the body between them asks.
    fn open_legs(&mut self, p: &Pair<'_>) {
        if !p.human || self.way == RelationKind::InArms {
            return;
        }
        let surface: Vec<Dot> = p.still.iter().filter(|d| !is_arm(d.bone)).step_by(3).copied().collect();
        let legs: Vec<Dot> = p.moving.iter().filter(|d| is_leg(d.bone)).step_by(17).copied().collect();
        let at = |astride: f32| -> f32 {
            let turned: Vec<Vec3> = legs
                .iter()
                .map(|d| {
                    let side = usize::from(d.bone >= THIGHS[1]);
                    let hip = p.joints[THIGHS[side]];
                    self.at + self.turn * (hip + Quat::from_rotation_z([1.0, -1.0][side] * astride) * (d.at - hip))
                })
                .collect();
            deepest(&turned, &surface)
        };
        let depths = (0..15).map(|k| k as f32 * 0.06).map(|a| (a, at(a)));
        let mut best = (0.0, f32::INFINITY);
        for (astride, deep) in depths {
            if deep < best.1 - 0.004 {
                best = (astride, deep);
            }
            if deep < 0.018 {
                break;
            }
        }
        self.astride = best.0;
    }

    /// Where everybody's hands go.
    fn take_hold(&mut self, p: &Pair<'_>) {
        let inner = self.turn.inverse();
        // Directions are the carrier's chest's; a hand's place is on the first surface out of a point within who is carried.
        let palm = |self_: &Self, from: Vec3, out: Vec3, fingers: Vec3, elbow: Vec3| {
            let way = (inner * out).normalize_or(Vec3::NEG_Y);
            let of = |bone: usize| !(p.human && is_arm(bone));
            let spread = |q: Vec3| {
                let side = usize::from(q.x < 0.0);
                let hip = if p.human { p.joints[THIGHS[side]] } else { q };
                hip + Quat::from_rotation_z([1.0, -1.0][side] * self_.astride) * (q - hip)
            };
            let legs = self_.astride > 0.0 && from.y < -0.01;
            let at = from + way * surface_along(&p.moving, of, from, way);
            Some(Hold { at: if legs { spread(at) } else { at }, out: way, fingers: (inner * fingers).normalize_or(Vec3::X), elbow })
        };
        let v = Vec3::new;
        let thigh = |side: usize, share: f32| p.point(THIGHS[side], THIGHS[side] + leg::SHIN, share);
        let shin = |side: usize, share: f32| p.point(THIGHS[side] + leg::SHIN, THIGHS[side] + leg::FOOT, share);
        self.palms = match self.way {
            _ if !p.human => [
                palm(self, p.joints[1] * 0.25, v(0.0, -1.0, 0.15), v(-0.95, 0.05, 0.25), v(0.7, -0.7, -0.3)),
                palm(self, p.joints[1] * 0.45, v(-0.10, 0.45, 0.85), v(0.80, 0.42, 0.2), v(-0.8, -0.7, -0.1)),
            ],
            RelationKind::InArms if p.infant => [
                palm(self, p.point(HIPS, SPINE, 0.2), v(-0.25, -0.9, 0.35), v(-0.93, 0.10, 0.30), v(0.65, -0.7, -0.25)),
                palm(self, p.thighs(0.55), v(-0.05, -0.55, 0.85), v(0.82, 0.42, 0.32), v(-0.75, -0.8, -0.15)),
            ],
            RelationKind::InArms => [
                palm(self, p.point(SPINE, CHEST, 0.9), v(0.0, -0.72, 0.70), v(-0.42, 0.62, 0.66), v(0.55, -0.8, -0.45)),
                palm(self, p.thighs(0.80), v(0.0, -0.72, 0.70), v(0.42, 0.62, 0.66), v(-0.55, -0.8, -0.45)),
            ],
            RelationKind::OnArm => [
                palm(self, thigh(1, 0.55), v(-0.1, -0.95, 0.2), v(-0.75, 0.05, 0.62), v(0.8, -0.6, -0.3)),
                palm(self, p.point(SPINE, CHEST, 0.7), v(0.55, 0.0, 0.85), v(0.75, 0.25, -0.5), v(-0.7, -0.8, 0.3)),
            ],
            RelationKind::OnBack => [0, 1].map(|side| {
                let out = [1.0, -1.0][side];
                palm(self, thigh(side, 0.62), v(out * 0.25, -0.95, 0.1), v(-out * 0.25, 0.25, 0.93), v(out * 0.9, -0.5, -0.9))
            }),
            _ => [0, 1].map(|side| {
                let out = [1.0, -1.0][side];
                palm(self, shin(side, 0.55), v(out * 0.35, 0.0, 0.94), v(-out * 0.55, 0.8, 0.2), v(out * 0.8, -1.0, -0.1))
            }),
        };
        if !p.human {
            return;
        }
        let clasp = |from: Vec3, out: Vec3, of: &dyn Fn(usize) -> bool, fingers: Vec3, elbow: Vec3| {
            let out = out.normalize_or(Vec3::Z);
            Some(Hold { at: from + out * surface_along(&p.still, of, from, out), out, fingers, elbow })
        };
        let body = |bone: usize| !is_arm(bone) && bone != HEAD;
        let skull = |bone: usize| bone == HEAD;
        let u = p.unit;
        let shoulder = |side: usize, share: f32| p.chest[NECK].lerp(p.chest[SHOULDERS[side] + arm::UPPER], share);
        self.clasps = match self.way {
            // The arm next to who carries lies round the neck.
            RelationKind::InArms if !p.infant => [None, clasp(shoulder(0, 0.45), v(0.0, 0.75, -0.66), &body, v(-0.5, -0.5, -0.5), v(0.0, 0.4, -1.0))],
            RelationKind::InArms => [None, None],
            RelationKind::OnArm => [
                clasp(p.chest[CHEST] + v(-0.03, 0.06, 0.0) * u, v(-0.1, 0.1, 1.0), &body, v(-0.5, 0.8, 0.1), v(0.8, -0.6, 0.2)),
                clasp(shoulder(0, 0.55), v(0.0, 0.6, -0.8), &body, v(-0.6, -0.2, -0.6), v(-0.9, -0.2, 0.1)),
            ],
            RelationKind::OnBack => [0, 1].map(|side| {
                let out = [1.0, -1.0][side];
                clasp(shoulder(side, 0.62) - v(0.0, 0.045, 0.0) * u, v(0.0, 0.15, 1.0), &body, v(-out * 0.6, -0.75, 0.1), v(out * 0.9, 0.0, -0.5))
            }),
            _ => {
                let middle = p.chest[HEAD] + v(0.0, 0.19, 0.03) * p.carrier.scale * super::body::head_size(&p.carrier.bones);
                [0, 1].map(|side| {
                    let out = [1.0, -1.0][side];
                    clasp(middle, v(out * 0.55, 0.75, 0.35), &skull, v(-out * 0.35, 0.1, 0.93), v(out * 0.9, 0.1, -0.4))
                })
            }
        };
    }

    /// Poses both bodies at one frame.
    fn lay(&self, (carrier, a): (&Character, &mut BodyPose), (carried, b): (&Character, &mut BodyPose), stroke: f32, time: f32) {
        lean_back(a, self.back);
        let mut holder = rig(carrier, a);
        let chest = joint_in_world(carrier, &holder, a, CHEST);
        let was = pivot(carried, b);
        let is = Frame { at: chest.out(self.at), turn: chest.turn * self.turn };
        let by = is.turn * was.turn.inverse();
        let moved = |p: Vec3| is.at + by * (p - was.at);
        (b.root, b.turn) = (moved(b.root), (by * b.turn).normalize());
        for side in 0..2 {
            let Some(hold) = self.palms[side] else { continue };
            let mut at = is.out(hold.at);
            if side == 1 && stroke > 0.0 {
                // Along the back and over it again.
                at += is.turn * hold.fingers * (stroke * 0.06 * kinora_base::maths::sin(time * 3.4));
            }
            touch(carrier, &mut holder, a, side, Hold { at, out: is.turn * hold.out, fingers: is.turn * hold.fingers, elbow: hold.elbow });
        }
        a.bones.clone_from(&holder.local);
        a.landmarks = landmarks(carrier, &holder, a.root, a.turn, own_grip(carrier, &holder, &Fingers::default()));
        if carried.anatomy != Anatomy::Human {
            let l = &mut b.landmarks;
            for p in [&mut l.crown, &mut l.eyes, &mut l.mouth, &mut l.chest, &mut l.hips, &mut l.grip].into_iter().chain(&mut l.hands).chain(&mut l.feet) {
                *p = moved(*p);
            }
            (l.facing, l.grip_turn) = (by * l.facing, by * l.grip_turn);
            return;
        }
        if self.way == RelationKind::InArms {
            // A skirt lies over the thighs instead of standing off the hips.
            b.bones[BELL] = b.bones[THIGHS[0]].slerp(b.bones[THIGHS[1]], 0.5);
        }
        for side in 0..2 {
            let first = THIGHS[side];
            b.bones[first] = Quat::from_rotation_z([1.0, -1.0][side] * self.astride) * b.bones[first];
        }
        let mut clinging = rig(carried, b);
        for side in 0..2 {
            let Some(hold) = self.clasps[side] else { continue };
            touch(carried, &mut clinging, b, side, Hold { at: chest.out(hold.at), out: chest.turn * hold.out, fingers: chest.turn * hold.fingers, ..hold });
        }
        b.bones.clone_from(&clinging.local);
        b.landmarks = landmarks(carried, &clinging, b.root, b.turn, own_grip(carried, &clinging, &Fingers::default()));
        b.carried.clear();
    }
}

/// Brings a palm to a place of the world.
fn touch(body: &Character, rig: &mut Rig<'_>, pose: &BodyPose, side: usize, hold: Hold) {
    let back = pose.turn.inverse();
    let out = back * hold.out;
    let at = back * (hold.at - pose.root) / body.scale + out * (PALM * Hand::new(&body.bones, side).size);
    let fingers = back * hold.fingers;
    let fingers = (fingers - out * fingers.dot(out)).normalize_or(fingers);
    let elbow = rig.joint(CHEST).turn * hold.elbow;
    reach_by(rig, &body.bones, side, (at, fingers, -out), elbow, 1.0);
}

/// Leans a body back from the hips, the head still upright.
fn lean_back(pose: &mut BodyPose, angle: f32) {
    pose.bones[SPINE] *= Quat::from_rotation_x(-angle);
    pose.bones[NECK] *= Quat::from_rotation_x(angle * 0.5);
    pose.bones[HEAD] *= Quat::from_rotation_x(angle * 0.3);
}
