//! Keeps a shot's subject in its frame. The bodies as they are posed give an outline a frame; where the camera that the
//! framing asked for would lose it, the shot is widened as a whole and the camera's aim is turned, as an operator would.

use crate::SceneStaging;
use crate::camera::SetUp;
use glam::{Vec2, Vec3};
use kinora_base::maths::tan;
use kinora_cast::{Anatomy, BodyPose, Character};
use kinora_plan::{Framing, Plan, ShotSize};
use kinora_render::scene::Camera;
use kinora_vocabulary::{Kind, Vocabulary};
use std::collections::BTreeMap;

/// What must be seen at one frame: outermost points of the bodies, in the world.
pub(crate) type Outline = Vec<Vec3>;

/// A rectangle of the picture: x from left to right, y from top to bottom, 0..1 inside the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) low: Vec2,
    pub(crate) high: Vec2,
}

impl Rect {
    /// Share of its area that is inside the frame.
    #[cfg(test)]
    pub(crate) fn inside(&self) -> f32 {
        let whole = (self.high - self.low).max(Vec2::splat(1e-4));
        let seen = (self.high.min(Vec2::ONE) - self.low.max(Vec2::ZERO)).max(Vec2::ZERO);
        seen.x * seen.y / (whole.x * whole.y)
    }
    pub(crate) fn size(&self) -> Vec2 {
        self.high - self.low
    }
}

/// Where a point is in the picture of a camera.
pub(crate) fn project(camera: &Camera, aspect: f32, point: Vec3) -> Vec2 {
    let p = camera.world_from_camera.inverse() * (point - camera.eye);
    let depth = (-p.z).max(0.05);
    let half = tan(camera.vertical_fov * 0.5) * depth;
    Vec2::new(0.5 + p.x / (2.0 * half * aspect), 0.5 - p.y / (2.0 * half))
}

/// The rectangle round an outline.
pub(crate) fn rect(camera: &Camera, aspect: f32, outline: &[Vec3]) -> Option<Rect> {
    outline
        .iter()
        .map(|p| project(camera, aspect, *p))
        .fold(None, |rect: Option<Rect>, p| Some(rect.map_or(Rect { low: p, high: p }, |r| Rect { low: r.low.min(p), high: r.high.max(p) })))
}

/// The outlines of a framing's subject over the frames of a shot. Bodies are posed a dozen times a second and carried along between.
pub(crate) fn outlines(
    plan: &Plan,
    scene: &SceneStaging,
    cast: &[Character],
    framing: &Framing,
    start: usize,
    frames: usize,
    vocabulary: &Vocabulary,
) -> Vec<Outline> {
    // Of a crowd, each is one among many, and less often will do.
    let bodies = scene.actors.iter().filter(|a| framing.subject.contains(&a.role)).count();
    let stride = (plan.fps.0 as usize / 12).max(1) * (1 + bodies / A_FEW);
    let mut outlines = vec![Outline::new(); frames];
    let boxes = if framing.size <= ShotSize::MediumFull { gear_boxes(scene, &framing.subject, vocabulary) } else { BTreeMap::new() };
    for id in &framing.subject {
        for (actor, body) in scene.actors.iter().zip(cast).filter(|(a, _)| a.role == *id) {
            let poses = &actor.performance.poses;
            let Some(last) = poses.len().checked_sub(1) else { continue };
            let mut key: Option<(Vec3, Outline)> = None;
            for (frame, outline) in outlines.iter_mut().enumerate() {
                let pose = &poses[(start + frame).min(last)];
                if frame % stride == 0 || key.is_none() {
                    key = Some((pose.landmarks.chest, extremes(&kept(body, pose, framing.size))));
                }
                if let Some((at, points)) = &key {
                    outline.extend(points.iter().map(|p| *p + pose.landmarks.chest - *at));
                }
            }
        }
        if framing.size <= ShotSize::MediumFull {
            add_held(scene, id, start, &mut outlines, vocabulary);
            add_gear(scene, id, (start, stride), &mut outlines, &boxes);
        }
        for (low, high) in still_boxes(plan, scene, id, vocabulary) {
            let corner = |k: usize| Vec3::select(glam::BVec3::new(k & 1 == 0, k & 2 == 0, k & 4 == 0), low, high);
            outlines.iter_mut().for_each(|outline| outline.extend((0..8).map(corner)));
        }
        for driven in scene.driven.iter().filter(|d| d.role == *id) {
            let (length, height) = crate::vehicle::size(vocabulary, &driven.word, driven.scale);
            for (frame, outline) in outlines.iter_mut().enumerate() {
                if let Some((at, attitude, _)) = driven.track.get(start + frame) {
                    let corner = |k: usize| {
                        let side = |bit: usize| if k & bit == 0 { -0.5 } else { 0.5 };
                        *at + *attitude * Vec3::new(side(1) * length * 0.42, (side(2) + 0.5) * height, side(4) * length)
                    };
                    outline.extend((0..8).map(corner));
                }
            }
        }
    }
    outlines
}

/// The corners of what the motions of some bring along, in its own axes, if it is large: a piano, a hoop.
fn gear_boxes(scene: &SceneStaging, subjects: &[String], vocabulary: &Vocabulary) -> BTreeMap<String, (Vec3, Vec3)> {
    let library = kinora_world::ModelLibrary::default();
    let mut boxes = BTreeMap::new();
    for piece in scene.actors.iter().filter(|a| subjects.contains(&a.role)).flat_map(|a| &a.performance.gear) {
        let kind = if vocabulary.get(Kind::Prop, &piece.thing).is_some() { Kind::Prop } else { Kind::Vehicle };
        let large = kind == Kind::Vehicle || crate::layout::facts(vocabulary, &piece.thing).size > LARGE;
        if piece.thing.is_empty() || !large || boxes.contains_key(&piece.thing) {
            continue;
        }
        if let Ok(model) = library.model(vocabulary, kind, &piece.thing, &kinora_world::Finish { seed: 1, ..Default::default() })
            && (model.bounds.high - model.bounds.low).max_element() < HUGE
        {
            boxes.insert(piece.thing.clone(), (model.bounds.low, model.bounds.high));
        }
    }
    boxes
}

/// So many more, and bodies are posed half as often, a third as often ...
const A_FEW: usize = 12;
/// Gear of less than this many metres is kept in the picture by the hands that hold it.
const LARGE: f32 = 0.6;
/// What is larger than this is a place rather than a thing, and need not be seen whole: a climbing wall.
const HUGE: f32 = 3.9;
/// What flies further than this from the body is let go, metres.
const FAR: f32 = 3.6;

/// What motions bring along is seen with who does them, as long as it is near.
fn add_gear(scene: &SceneStaging, role: &str, (start, stride): (usize, usize), outlines: &mut [Outline], boxes: &BTreeMap<String, (Vec3, Vec3)>) {
    for actor in scene.actors.iter().filter(|a| a.role == role && !a.performance.gear.is_empty()) {
        let poses = &actor.performance.poses;
        for (frame, outline) in outlines.iter_mut().enumerate() {
            let Some(pose) = poses.get((start + frame / stride * stride).min(poses.len().saturating_sub(1))) else { continue };
            for carried in pose.carried.iter().filter(|c| c.at.distance(pose.landmarks.chest) < FAR) {
                let found = actor.performance.gear.get(usize::from(carried.piece)).and_then(|p| boxes.get(&p.thing));
                let Some((low, high)) = found else { continue };
                let corner = |k: usize| Vec3::select(glam::BVec3::new(k & 1 == 0, k & 2 == 0, k & 4 == 0), *low, *high);
                outline.extend((0..8).map(|k| carried.at + carried.turn * (corner(k) * carried.size)));
            }
        }
    }
}

/// What a subject holds up is seen too: the canopy of an umbrella.
fn add_held(scene: &SceneStaging, role: &str, start: usize, outlines: &mut [Outline], vocabulary: &Vocabulary) {
    for held in &scene.held {
        let Some(actor) = scene.actors.get(held.actor).filter(|a| a.role == role) else { continue };
        let facts = crate::layout::facts(vocabulary, &held.word);
        let over = facts.size * held.scale - facts.grip.map_or(0.0, |g| g.1);
        for (frame, outline) in outlines.iter_mut().enumerate() {
            if let Some(pose) = actor.performance.poses.get(start + frame) {
                outline.push(pose.landmarks.grip + pose.landmarks.grip_turn * Vec3::Y * over);
            }
        }
    }
}

/// Takes out of a set what would stand between a camera and its subject, or round the lens: scattered trees and bushes only, as a
/// film crew would cut them, and for the whole scene, so that nothing comes and goes with the cuts.
pub(crate) fn clear_views(scene: &mut SceneStaging, views: &[(Camera, Outline)], vocabulary: &Vocabulary) {
    if scene.set.indoors {
        return;
    }
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let blocks = |piece: &kinora_world::Piece, camera: &Camera, outline: &Outline| {
        let facts = crate::layout::facts(vocabulary, &piece.prop);
        let size = facts.size * piece.scale;
        // A tree's crown is much wider than what one walks into; a house's walls are not, and stay.
        let tree = facts.obstacle.is_some_and(|o| o * piece.scale < size * 0.3) && size > 1.5;
        let radius = if tree { size * 0.36 } else { 0.0 };
        if !tree || outline.is_empty() {
            return false;
        }
        let middle = outline.iter().copied().sum::<Vec3>() / outline.len() as f32;
        let d = middle - camera.eye;
        let away = (d * flat).length().max(0.1);
        let share = (((piece.position - camera.eye) * flat).dot(d * flat) / (away * away)).clamp(0.0, 1.0);
        let p = camera.eye + d * share;
        let before = (middle - piece.position) * flat;
        // What the subject itself passes under is not in the way.
        ((p - piece.position) * flat).length() < radius + 0.1 && p.y < piece.position.y + size && before.length() > radius * 0.6 && share < 0.93
    };
    let SceneStaging { set, .. } = scene;
    let cut: Vec<Vec3> = set
        .pieces
        .iter()
        .filter(|piece| piece.id == 0 && piece.kind == kinora_vocabulary::Kind::Prop)
        .filter(|piece| views.iter().filter(|(camera, outline)| blocks(piece, camera, outline)).count() > 0)
        .map(|piece| piece.position)
        .collect();
    set.pieces.retain(|piece| piece.id != 0 || !cut.contains(&piece.position));
    set.obstacles.retain(|(at, ..)| !cut.contains(at));
}

/// Boxes of a thing that stands in the set.
fn still_boxes(plan: &Plan, scene: &SceneStaging, id: &str, vocabulary: &Vocabulary) -> Vec<(Vec3, Vec3)> {
    let Some(n) = plan.scene(&scene.id).and_then(|s| s.things.iter().position(|t| t.id == id)) else { return Vec::new() };
    let standing = scene.set.pieces.iter().filter(|p| p.id == 100 + n as u16);
    standing
        .map(|p| {
            if let Some(around) = crate::layout::shown(vocabulary, p) {
                return around;
            }
            let size = crate::layout::facts(vocabulary, &p.prop).size * p.scale;
            // A thing's size is its largest extent; most are less wide than that.
            let half = Vec3::new(size * 0.32, 0.0, size * 0.32);
            (p.position - half, p.position + half + Vec3::Y * size * 0.8)
        })
        .collect()
}

/// The posed points of a body that a shot of that size shows: all of it, or the part over the cut, without the reach of arms.
pub(crate) fn kept(body: &Character, pose: &BodyPose, size: ShotSize) -> Vec<Vec3> {
    let level = body.levels.len().saturating_sub(1);
    let world = kinora_cast::world_from_object(body, pose);
    let mut points: Vec<Vec3> = kinora_cast::pose(body, level, &[], pose, pose).positions.iter().map(|p| world.transform_point3(*p)).collect();
    let l = &pose.landmarks;
    if body.anatomy == Anatomy::Human {
        if let Some(share) = cut(size).filter(|_| !crate::camera::is_lying(body, pose)) {
            let ground = l.feet[0].y.min(l.feet[1].y).min(pose.root.y);
            let lowest = ground + (l.crown.y - ground) * share;
            let reach = body.height * 0.19;
            points.retain(|p| p.y > lowest && ((*p - l.chest) * Vec3::new(1.0, 0.0, 1.0)).length() < reach);
        }
    } else if size >= ShotSize::MediumClose {
        let reach = (body.height * 0.24).max(body.length * 0.10);
        points.retain(|p| (*p - l.eyes).length() < reach);
    }
    points
}

/// Where the lower edge cuts a standing person, as a share of the height; none = nowhere.
pub(crate) fn cut(size: ShotSize) -> Option<f32> {
    match size {
        ShotSize::MediumFull => Some(0.27),
        ShotSize::Cowboy => Some(0.44),
        ShotSize::Medium => Some(0.57),
        ShotSize::MediumClose => Some(0.70),
        ShotSize::Close => Some(0.79),
        ShotSize::BigClose | ShotSize::ExtremeClose => Some(0.86),
        _ => None,
    }
}

/// The outermost points in twenty-six directions.
fn extremes(points: &[Vec3]) -> Outline {
    let mut found = Outline::new();
    for k in 0..27 {
        let axis = |k: usize| (k % 3) as f32 - 1.0;
        let direction = Vec3::new(axis(k), axis(k / 3), axis(k / 9));
        if direction != Vec3::ZERO {
            found.extend(points.iter().max_by(|a, b| a.dot(direction).total_cmp(&b.dot(direction))));
        }
    }
    found
}

/// The part of the frame that an outline may fill: least and greatest corner.
fn room_for(size: ShotSize) -> (Vec2, Vec2) {
    match size {
        ShotSize::BigClose | ShotSize::ExtremeClose => (Vec2::new(-0.05, -0.25), Vec2::new(1.05, 1.3)),
        ShotSize::MediumFull | ShotSize::Cowboy | ShotSize::Medium | ShotSize::MediumClose | ShotSize::Close => (Vec2::new(0.04, 0.02), Vec2::new(0.96, 1.02)),
        _ => (Vec2::new(0.045, 0.03), Vec2::new(0.955, 0.965)),
    }
}

/// Widens a shot and turns its aim until every frame holds its outline.
pub(crate) fn keep(setup: &mut SetUp, outlines: &[Outline], size: ShotSize, aspect: f32, fps: usize, camera: &dyn Fn(&SetUp, usize) -> Camera) {
    if size == ShotSize::ExtremeClose || outlines.iter().all(Vec::is_empty) {
        return;
    }
    let (low, high) = room_for(size);
    let rects = |setup: &SetUp| -> Vec<Option<Rect>> { outlines.iter().enumerate().map(|(f, o)| rect(&camera(setup, f), aspect, o)).collect() };
    // A pan or tilt that was asked for goes as far as the subject allows.
    for gain in [1.0, 0.75, 0.5, 0.3] {
        setup.gain = gain;
        let lost = |r: &Rect| (low - r.low).max(r.high - high).max_element();
        if rects(setup).iter().flatten().map(lost).fold(0.0, f32::max) < 0.03 {
            break;
        }
    }
    for _ in 0..3 {
        let need = rects(setup).iter().flatten().map(|r| (r.size() / (high - low)).max_element()).fold(0.0, f32::max);
        if need <= 1.0 {
            break;
        }
        setup.widen((need * 1.015).min(2.0));
    }
    for _ in 0..4 {
        let wrong: Vec<Vec2> = rects(setup).iter().map(|r| r.map_or(Vec2::ZERO, |r| excess(&r, low, high))).collect();
        if wrong.iter().all(|w| w.abs().max_element() < 0.004) {
            break;
        }
        let turns = eased(&wrong, (fps / 4).max(1));
        setup.aim.iter_mut().zip(turns).for_each(|(aim, turn)| *aim += turn);
    }
}

/// How far a rectangle must move to be within bounds, in frames.
fn excess(r: &Rect, low: Vec2, high: Vec2) -> Vec2 {
    let one = |a: f32, b: f32, low: f32, high: f32| {
        if b - a > high - low { (a + b - low - high) * 0.5 } else { (b - high).max(0.0) + (a - low).min(0.0) }
    };
    Vec2::new(one(r.low.x, r.high.x, low.x, high.x), one(r.low.y, r.high.y, low.y, high.y))
}

/// Grows corrections in time, so that smoothing leaves enough of them, then smooths them.
fn eased(wrong: &[Vec2], half: usize) -> Vec<Vec2> {
    let window = |k: usize| k.saturating_sub(half)..=(k + half).min(wrong.len() - 1);
    let largest = |a: f32, b: f32| if b.abs() > a.abs() { b } else { a };
    let grown: Vec<Vec2> = (0..wrong.len()).map(|k| window(k).fold(Vec2::ZERO, |m, i| Vec2::new(largest(m.x, wrong[i].x), largest(m.y, wrong[i].y)))).collect();
    let mean = |of: &[Vec2], k: usize, half: usize| {
        let n = of.len() as i64 - 1;
        let sum: Vec2 = (k as i64 - half as i64..=(k + half) as i64).map(|i| of[i.clamp(0, n) as usize]).sum();
        sum / (2 * half + 1) as f32
    };
    let once: Vec<Vec2> = (0..grown.len()).map(|k| mean(&grown, k, half / 2)).collect();
    (0..once.len()).map(|k| mean(&once, k, half - half / 2)).collect()
}
