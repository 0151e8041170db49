//! Cameras: each shot's framing is solved against the rehearsal and the set.
//!
//! A subject becomes a *frame of interest* at every frame: the point to aim at and the height of field that its size asks
//! for. Directions around the subject are tried on the audience's side of the stage, scored (wish of the framing, the face,
//! the last cut, what stands in the way) and the best is kept for the shot. The move is then a small change of that
//! set-up over time.

use crate::SceneStaging;
use crate::groups::A_ROUND;
use crate::keep;
use crate::layout;
use crate::lens;
use crate::staging::{direction, scene_clock, yaw_of};
use glam::{Quat, Vec2, Vec3};
use kinora_base::maths::{atan, cos, sin, smootherstep, tan, wrap_angle};
use kinora_base::noise::noise;
use kinora_cast::{Anatomy, BodyPose, Character, Landmarks};
use kinora_plan::{Angle, Framing, MoveKind, Part, Plan, RelationKind, RoleKind, ShotSize, Side};
use kinora_render::scene::Camera;
use kinora_vocabulary::Vocabulary;

/// A subject at one frame.
#[derive(Clone, Copy, Debug)]
struct Subject {
    /// The middle of what should be in the frame.
    middle: Vec3,
    /// Eyes, or the middle of a thing.
    eyes: Vec3,
    /// Highest point.
    top: f32,
    /// Lowest point that may be cut.
    bottom: f32,
    /// Extent on the ground, from the middle.
    reach: f32,
    /// Where it faces.
    facing: Vec3,
    /// The angle from its front, radians, at which what it does is seen best.
    shows: Option<f32>,
    /// It is this part of a body and no more.
    part: Option<Part>,
    /// Nose to tail of an animal or vehicle; 0 for people.
    length: f32,
    /// How high a person is in the frame that a size asks for: of who sits, as if they stood, so that a medium shot of
    /// them is no close-up.
    stature: f32,
    /// Whether it has a human face.
    human: bool,
    /// Somebody who lies: seen from above, or there is nothing to see.
    lying: bool,
    /// High over the ground, and seen from there: fireworks.
    aloft: bool,
}

/// Solves every shot; one camera a frame of the film. Trees that would hide a subject are taken out of the sets.
pub(crate) fn solve(plan: &Plan, cuts: &[i64], scenes: &mut [SceneStaging], casts: &[Vec<Character>], vocabulary: &Vocabulary) -> Vec<Camera> {
    let mut views: Vec<Vec<(Camera, keep::Outline)>> = vec![Vec::new(); scenes.len()];
    let mut cameras = Vec::with_capacity(cuts.last().copied().unwrap_or(0) as usize);
    let mut before: Option<(f32, f32, Vec<String>)> = None;
    for (k, shot) in plan.shots.iter().enumerate() {
        let (index, start) = scene_clock(plan, cuts, k);
        let frames = (cuts[k + 1] - cuts[k]).max(0) as usize;
        let scene = &scenes[index];
        let framing = &with_related(plan, scene, &shot.framing);
        let subjects: Vec<Subject> = (0..frames).map(|f| subject(plan, scene, &casts[index], framing, start + f, vocabulary)).collect();
        if subjects.is_empty() {
            continue;
        }
        let over = framing.over.iter().filter(|_| framing.side == Side::OverShoulder);
        let over = over.flat_map(|id| by_id(plan, scene, &casts[index], id, start + frames / 2, vocabulary)).next();
        let bodies = bodies(scene, start + frames / 2);
        let mut setup = set_up(plan, scene, framing, &subjects, (over.as_ref(), &bodies), before.as_ref(), k);
        let outlines = keep::outlines(plan, scene, &casts[index], framing, start, frames, vocabulary);
        let aspect = plan.size.width as f32 / plan.size.height as f32;
        // A part of a body is small enough to be where the camera looks.
        let part = framing.part.is_some() && probe_is_part(&subjects);
        if !setup.from_eyes && !part {
            keep::keep(&mut setup, &outlines, framing.size, aspect, plan.fps.0 as usize, &|s, f| s.at(plan, scene, framing, &subjects, f));
        }
        setup.come_out(scene, frames, |s, f| s.at(plan, scene, framing, &subjects, f));
        let step = (frames / 24).max(1);
        let seen = |f: usize| (setup.at(plan, scene, framing, &subjects, f), outlines[f].clone());
        views[index].extend((0..frames).step_by(step).map(seen));
        before = Some((setup.azimuth, setup.field, framing.subject.clone()));
        let mut taken: Vec<Camera> = (0..frames).map(|f| setup.at(plan, scene, framing, &subjects, f)).collect();
        let wanted = |f: usize| {
            let of = |id: &String| by_id(plan, scene, &casts[index], id, start + f, vocabulary);
            let eyes = subjects[f.min(subjects.len() - 1)].eyes;
            let all = if part { vec![eyes] } else { framing.subject.iter().flat_map(of).map(|s| s.eyes).collect() };
            lens::Wanted { eyes, all, named: framing.focus.iter().map(|pull| of(&pull.on).first().map(|s| s.eyes)).collect() }
        };
        lens::set(&mut taken, framing, setup.gate, plan.fps.0 as f32, &(0..frames).map(wanted).collect::<Vec<_>>());
        cameras.append(&mut taken);
    }
    for (scene, views) in scenes.iter_mut().zip(&views) {
        keep::clear_views(scene, views, vocabulary);
    }
    cameras
}

/// A relation that the prompt speaks of is seen: in full shots and wider, whom a subject stands by is a subject too.
fn with_related(plan: &Plan, scene: &SceneStaging, framing: &Framing) -> Framing {
    let mut framing = framing.clone();
    // Who sings on a stage is seen over the heads of the house: a picture of both would be from its back wall.
    let in_house = |id: &String| scene.actors.iter().any(|a| a.role == *id && crate::audience::in_house(&scene.set, a.script.start));
    if framing.subject.iter().any(|id| !in_house(id)) {
        framing.subject.retain(|id| !in_house(id));
    } else if !framing.subject.is_empty() {
        // The house is seen from the stage: beside and behind it are its own heads.
        framing.side = Side::Front;
    }
    if framing.size > ShotSize::Full || framing.subject.is_empty() {
        return framing;
    }
    // With nobody in it, a film of things is about how they lie to each other.
    let things_only = framing.subject.iter().all(|id| plan.role(id).is_none());
    for relation in plan.scene(&scene.id).iter().flat_map(|s| &s.relations).filter(|r| things_only || is_placed(r.relation)) {
        let named = |id: &String| framing.subject.contains(id);
        if named(&relation.what) || relation.to.iter().any(named) {
            let more: Vec<String> = relation.to.iter().chain([&relation.what]).filter(|id| !named(id)).cloned().collect();
            framing.subject.extend(more);
        }
    }
    framing
}

/// Relations that a turned camera would belie.
fn is_placed(relation: RelationKind) -> bool {
    !matches!(relation, RelationKind::Near | RelationKind::On | RelationKind::In | RelationKind::Under) && !relation.is_carried()
}

/// Whether it is the part of a body that a shot is about, and not all of it.
fn probe_is_part(subjects: &[Subject]) -> bool {
    subjects.iter().all(|s| s.part.is_some())
}

/// The hands, the feet or the eyes of the first subject with a body, at one frame.
fn part_of(scene: &SceneStaging, cast: &[Character], framing: &Framing, frame: usize) -> Option<Subject> {
    let part = framing.part?;
    let own = |id: &String| scene.actors.iter().zip(cast).find(|(a, _)| a.role == *id);
    let (actor, body) = framing.subject.iter().find_map(own)?;
    let poses = &actor.performance.poses;
    let pose = poses.get(frame.min(poses.len().checked_sub(1)?))?;
    let l = &pose.landmarks;
    // What there is about each point, metres on an adult: a hand with its fingers, a shoe, an eye with its brow.
    let (points, aside, up): (&[Vec3], f32, f32) = match part {
        Part::Hands => (&l.hands, 0.10, 0.10),
        Part::Feet => (&l.feet, 0.14, 0.12),
        Part::Eyes => (&[l.eyes], 0.08, 0.05),
        Part::Mouth => (&[l.mouth], 0.06, 0.05),
    };
    let room = Vec3::new(aside, up, aside) * body.scale;
    let (low, high) = points.iter().fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), p| (low.min(*p - room), high.max(*p + room)));
    let middle = (low + high) * 0.5;
    let facing = if matches!(part, Part::Eyes | Part::Mouth) { l.facing } else { pose.turn * Vec3::Z } * Vec3::new(1.0, 0.0, 1.0);
    Some(Subject {
        middle,
        eyes: middle,
        top: high.y,
        bottom: low.y,
        reach: ((high - low) * Vec3::new(1.0, 0.0, 1.0)).length() * 0.5,
        facing: facing.normalize_or(Vec3::Z),
        shows: actor.performance.faces,
        part: Some(part),
        length: 0.0,
        stature: 0.0,
        human: false,
        lying: false,
        aloft: false,
    })
}

/// What a framing is about, at one frame of the scene's clock.
fn subject(plan: &Plan, scene: &SceneStaging, cast: &[Character], framing: &Framing, frame: usize, vocabulary: &Vocabulary) -> Subject {
    if let Some(part) = part_of(scene, cast, framing, frame) {
        return part;
    }
    let all: Vec<Subject> = framing.subject.iter().flat_map(|id| by_id(plan, scene, cast, id, frame, vocabulary)).collect();
    let Some(first) = all.first().copied() else { return the_place(scene) };
    if all.len() == 1 {
        return first;
    }
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let bounds = all.iter().fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), s| {
        let r = flat * s.reach;
        (low.min((s.middle - r).with_y(s.bottom)), high.max((s.middle + r).with_y(s.top)))
    });
    let middle = (bounds.0 + bounds.1) * 0.5;
    let eyes = all.iter().map(|s| s.eyes).sum::<Vec3>() / all.len() as f32;
    Subject {
        middle,
        eyes: Vec3::new(middle.x, eyes.y, middle.z),
        top: bounds.1.y,
        bottom: bounds.0.y,
        reach: ((bounds.1 - bounds.0) * flat).length() * 0.5,
        facing: first.facing,
        shows: first.shows,
        part: None,
        length: all.iter().map(|s| s.length).fold(0.0, f32::max),
        stature: all.iter().map(|s| s.stature).fold(bounds.1.y - bounds.0.y, f32::max),
        human: all.iter().any(|s| s.human),
        lying: all.iter().all(|s| s.lying),
        aloft: all.iter().all(|s| s.aloft),
    }
}

fn by_id(plan: &Plan, scene: &SceneStaging, cast: &[Character], id: &str, frame: usize, vocabulary: &Vocabulary) -> Vec<Subject> {
    let mut found = Vec::new();
    for (actor, body) in scene.actors.iter().zip(cast).filter(|(a, _)| a.role == id) {
        let Some(pose) = actor.performance.poses.get(frame.min(actor.performance.poses.len().saturating_sub(1))) else { continue };
        let l = &pose.landmarks;
        let lying = is_lying(body, pose);
        let human = body.anatomy == Anatomy::Human && !lying;
        let facing = (pose.turn * Vec3::Z) * Vec3::new(1.0, 0.0, 1.0);
        let ground = pose.root.y.min(l.feet[0].y).min(l.feet[1].y);
        let middle = if human { Vec3::new(l.chest.x, (l.crown.y + ground) * 0.5, l.chest.z) } else { (l.chest + l.hips) * 0.5 };
        let bottom = if body.anatomy == Anatomy::Fish || pose.root.y > ground + 1.0 { l.chest.y.min(l.hips.y) - body.height * 0.3 } else { ground };
        if lying {
            let points = [l.crown, l.chest, l.hips, l.feet[0], l.feet[1]];
            let low = points.iter().map(|p| p.y).fold(f32::MAX, f32::min) - 0.12;
            let top = points.iter().map(|p| p.y).fold(f32::MIN, f32::max) + 0.12;
            let middle = ((l.crown + (l.feet[0] + l.feet[1]) * 0.5) * 0.5).with_y((low + top) * 0.5);
            let (reach, length) = (body.height * 0.5, body.height);
            let (facing, stature) = (facing.normalize_or(Vec3::Z), 0.0);
            found.push(Subject {
                middle,
                eyes: l.eyes,
                top,
                bottom: low,
                reach,
                facing,
                shows: actor.performance.faces,
                part: None,
                length,
                stature,
                human,
                lying,
                aloft: false,
            });
            continue;
        }
        let top = l.crown.y.max(l.chest.y + 0.02);
        found.push(Subject {
            middle,
            eyes: l.eyes,
            top,
            bottom: if human { ground } else { bottom },
            stature: if human && top - ground < 0.85 * body.height { body.height } else { top - ground },
            reach: if human { body.radius.max(0.28) } else { body.length * 0.5 },
            facing: facing.normalize_or(Vec3::Z),
            shows: actor.performance.faces,
            part: None,
            length: if human { 0.0 } else { body.length },
            human,
            lying,
            aloft: false,
        });
    }
    for vehicle in scene.driven.iter().filter(|d| d.role == id) {
        if let Some((at, attitude, _)) = vehicle.track.get(frame.min(vehicle.track.len().saturating_sub(1))) {
            let (length, height) = crate::vehicle::size(vocabulary, &vehicle.word, vehicle.scale);
            let up = Vec3::Y * height * 0.5;
            found.push(Subject {
                middle: *at + up,
                eyes: *at + up,
                top: at.y + height,
                bottom: at.y,
                reach: length * 0.5,
                facing: *attitude * Vec3::Z,
                shows: None,
                part: None,
                length,
                stature: 0.0,
                human: false,
                lying: false,
                aloft: false,
            });
        }
    }
    if let Some(n) = plan.scene(&scene.id).and_then(|s| s.things.iter().position(|t| t.id == id)) {
        for piece in scene.set.pieces.iter().filter(|p| p.id == 100 + n as u16) {
            let mut size = layout::facts(vocabulary, &piece.prop).size * piece.scale;
            let (low, high) = layout::shown(vocabulary, piece).unwrap_or((piece.position, piece.position + Vec3::Y * size));
            size = size.max(if kinora_world::effects::frame(vocabulary, &piece.prop).is_some() { (high - low).max_element() } else { 0.0 });
            let middle = (low + high) * 0.5;
            found.push(Subject {
                middle,
                eyes: middle,
                top: high.y,
                bottom: low.y,
                reach: size * 0.5,
                facing: direction(piece.yaw),
                shows: None,
                part: None,
                length: size,
                stature: 0.0,
                human: false,
                // What is flat is seen from above.
                lying: high.y - low.y < 0.3 * size,
                aloft: low.y - piece.position.y > 5.0,
            });
        }
        for held in scene.held.iter().filter(|h| h.id == 100 + n as u16) {
            if let Some(pose) = scene.actors.get(held.actor).and_then(|a| a.performance.poses.get(frame)) {
                let at = pose.landmarks.grip;
                found.push(Subject {
                    middle: at,
                    eyes: at,
                    top: at.y + 0.2,
                    bottom: at.y - 0.2,
                    reach: 0.2,
                    facing: pose.landmarks.facing,
                    shows: None,
                    part: None,
                    length: 0.3,
                    stature: 0.0,
                    human: false,
                    lying: false,
                    aloft: false,
                });
            }
        }
    }
    found
}

/// Whether a person is longer than high just now: lying, or swimming on the water.
pub(crate) fn is_lying(body: &Character, pose: &BodyPose) -> bool {
    let l = &pose.landmarks;
    let along = l.crown - l.hips;
    body.anatomy == Anatomy::Human && along.y < (along * Vec3::new(1.0, 0.0, 1.0)).length() * 0.6
}

/// With nobody in it, a shot is about the place: its stage area at the height of a person.
fn the_place(scene: &SceneStaging) -> Subject {
    let c = scene.set.stage_area.centre;
    let y = scene.set.terrain.height(c.x, c.z);
    let middle = Vec3::new(c.x, y + 1.2, c.z);
    Subject {
        middle,
        eyes: middle,
        top: y + 2.2,
        bottom: y,
        reach: 1.5,
        facing: direction(scene.set.stage_area.best_view),
        shows: None,
        part: None,
        length: 0.0,
        stature: 2.2,
        human: false,
        lying: false,
        aloft: false,
    }
}

/// A shot's camera before its move.
pub(crate) struct SetUp {
    /// From the subject to the camera, on the ground.
    azimuth: f32,
    /// Camera above subject, radians.
    pitch: f32,
    /// Height of field at the subject, metres.
    field: f32,
    /// Focal length, mm.
    lens: f32,
    /// Gate height, mm.
    gate: f32,
    /// Where the subject sits across the frame, 0..1.
    across: f32,
    /// Smoothed middles and aims, a frame each.
    anchors: Vec<Vec3>,
    /// Where the field's centre lies over the anchor.
    lift: f32,
    roll: f32,
    seed: Vec3,
    from_eyes: bool,
    distance_scale: f32,
    /// How far from the subject the place has room for a camera, metres.
    most: f32,
    /// Turns of the aim that keep the subject in the frame, a frame each: to the right and down, in frames.
    pub(crate) aim: Vec<Vec2>,
    /// Share of a pan or tilt that the subject allows.
    pub(crate) gain: f32,
}

/// Height of the gate for a frame shape: 36 mm wide from 3:2 on, taller for square and portrait.
fn gate_height(aspect: f32) -> f32 {
    if aspect >= 1.5 {
        36.0 / aspect
    } else if aspect >= 1.0 {
        24.0
    } else {
        24.0 + (1.0 - aspect) / (1.0 - 0.5625) * 12.0
    }
}

/// Default lens by size.
fn lens_for(size: ShotSize) -> f32 {
    match size {
        ShotSize::ExtremeWide => 24.0,
        ShotSize::VeryWide => 26.0,
        ShotSize::Wide => 30.0,
        ShotSize::Full => 38.0,
        ShotSize::MediumFull => 42.0,
        ShotSize::Cowboy | ShotSize::Medium => 50.0,
        ShotSize::MediumClose => 65.0,
        ShotSize::Close => 80.0,
        ShotSize::BigClose | ShotSize::ExtremeClose => 100.0,
    }
}

/// Height of field for a part of a body at a size, so that it fits from the first frame to the last.
fn field_for_part(size: ShotSize, subjects: &[Subject], aspect: f32) -> f32 {
    let whole = subjects.iter().map(|s| (s.top - s.bottom).max(s.reach * 2.0 / aspect)).fold(0.0, f32::max);
    whole
        * match size {
            ShotSize::ExtremeClose => 0.85,
            ShotSize::BigClose => 1.05,
            ShotSize::Close => 1.25,
            ShotSize::MediumClose => 1.8,
            ShotSize::Medium | ShotSize::Cowboy => 3.0,
            _ => 4.5,
        }
}

/// Height of field, and where its centre lies, for a subject at a size.
fn field_for(size: ShotSize, s: &Subject, aspect: f32) -> (f32, f32) {
    let height = (s.top - s.bottom).max(0.05);
    let widen = |sixteen_nine: f32, portrait: f32| {
        if aspect < 1.0 {
            portrait
        } else if aspect < 1.4 {
            (sixteen_nine + portrait) * 0.5
        } else {
            sixteen_nine
        }
    };
    if s.human {
        let cut = |share: f32, head: f32, factor: f32| {
            let f = s.stature * (1.0 - share) / (1.0 - head) * factor;
            (f, s.top + head * f - f * 0.5)
        };
        let wide = s.reach * 2.0 / (0.72 * aspect);
        let (f, c) = match size {
            ShotSize::ExtremeWide => (height / 0.09, s.bottom + height * 2.6),
            ShotSize::VeryWide => (height / 0.24, s.bottom + height * 1.35),
            ShotSize::Wide => (height / 0.5, s.bottom + height * 0.80),
            ShotSize::Full => (height / 0.80, s.bottom + height * 0.53),
            ShotSize::MediumFull => cut(0.24, 0.10, 1.0),
            ShotSize::Cowboy => cut(0.40, 0.11, 1.0),
            ShotSize::Medium => cut(0.52, 0.11, widen(1.0, 1.25)),
            ShotSize::MediumClose => cut(0.64, 0.08, widen(1.0, 1.35)),
            ShotSize::Close => cut(0.74, 0.05, widen(1.0, 1.4)),
            ShotSize::BigClose => cut(0.80, -0.02, widen(1.0, 1.4)),
            ShotSize::ExtremeClose => (s.stature * 0.09, s.eyes.y),
        };
        return if f < wide { (wide, c) } else { (f, c) };
    }
    let body = height.max(s.length * 0.9 / aspect.min(1.6)).max(s.reach * 1.1 / aspect);
    let head = (height * 0.42).max(s.length * 0.16);
    let centre = (s.top + s.bottom) * 0.5;
    match size {
        ShotSize::ExtremeWide => (body / 0.10, centre + body * 1.6),
        ShotSize::VeryWide => (body / 0.22, centre + body * 0.9),
        ShotSize::Wide => (body / 0.40, centre + body * 0.28),
        ShotSize::Full | ShotSize::MediumFull => (body / 0.66, centre + body * 0.03),
        ShotSize::Cowboy | ShotSize::Medium => (body / 0.92, centre + height * 0.12),
        ShotSize::MediumClose => ((head * 2.1).max(body * 0.62), s.eyes.y - head * 0.25),
        ShotSize::Close => ((head * 1.7).max(body * 0.45), s.eyes.y - head * 0.15),
        ShotSize::BigClose => ((head * 1.15).max(body * 0.3), s.eyes.y),
        ShotSize::ExtremeClose => (head * 0.7, s.eyes.y),
    }
}

/// Camera above the subject, by angle.
fn pitch_for(framing: &Framing, subject: &Subject) -> f32 {
    let human = subject.human;
    let degrees: f32 = match framing.angle {
        Angle::Eye | Angle::Dutch => match framing.size {
            // Hands are at work before the body: they are looked down on, as their owner does.
            _ if subject.part == Some(Part::Hands) => 16.0,
            _ if subject.part == Some(Part::Feet) => 8.0,
            _ if subject.lying => 26.0,
            ShotSize::ExtremeWide => 7.0,
            ShotSize::VeryWide => 5.0,
            ShotSize::Wide | ShotSize::Full if !human => 4.0,
            _ => 1.5,
        },
        Angle::Low => -16.0,
        Angle::Worm => -38.0,
        Angle::High => 28.0,
        Angle::Aerial => 42.0,
        Angle::Top => 84.0,
    };
    degrees.to_radians()
}

fn set_up(
    plan: &Plan,
    scene: &SceneStaging,
    framing: &Framing,
    subjects: &[Subject],
    (over, bodies): (Option<&Subject>, &[Body<'_>]),
    before: Option<&(f32, f32, Vec<String>)>,
    shot: usize,
) -> SetUp {
    let aspect = plan.size.width as f32 / plan.size.height as f32;
    let probe = &subjects[subjects.len() / 2];
    let last = &subjects[subjects.len() - 1];
    let (mut field, mut centre) = match probe.part {
        Some(_) => (field_for_part(framing.size, subjects, aspect), probe.middle.y),
        None => field_for(framing.size, probe, aspect),
    };
    if let Some((low, high)) = scene.set.stage_area.room {
        // A room is seen from floor to ceiling at most, and never mostly as ceiling.
        field = field.min((high.y - low.y) * 1.1);
        centre = centre.min(low.y + (high.y - low.y) * 0.5).max(probe.eyes.y - field * 0.35);
    }
    let gate = gate_height(aspect);
    let close = framing.size >= ShotSize::MediumClose;
    let from_eyes = framing.side == Side::PointOfView;
    let lens = framing.lens.unwrap_or(if from_eyes { 35.0 } else { lens_for(framing.size) });
    let mut setup = SetUp {
        azimuth: 0.0,
        pitch: pitch_for(framing, probe),
        field,
        lens,
        gate,
        across: 0.5,
        anchors: anchors(plan, framing, subjects, field * aspect, close),
        lift: 0.0,
        roll: if framing.angle == Angle::Dutch { 0.14 } else { 0.0 },
        seed: Vec3::new(shot as f32 * 7.3, plan.seed as f32 % 997.0, 3.1),
        from_eyes,
        distance_scale: 1.0,
        most: f32::INFINITY,
        aim: vec![Vec2::ZERO; subjects.len()],
        gain: 1.0,
    };
    let base = if close { probe.eyes.y } else { probe.middle.y };
    setup.lift = centre - base;
    if framing.angle == Angle::Eye && framing.subject.iter().any(|id| plan.role(id).is_some_and(|r| r.kind != RoleKind::Vehicle && r.count > A_ROUND)) {
        // At the height of eyes, only the first rank of a crowd would be seen.
        setup.pitch = OVER_A_CROWD;
    }
    if probe.aloft && framing.angle == Angle::Eye {
        let over = centre - scene.set.terrain.height(probe.middle.x, probe.middle.z) - 1.6;
        setup.pitch = -kinora_base::maths::asin((over / setup.distance()).clamp(0.0, 0.8));
    }
    let best = scene.set.stage_area.best_view;
    let placed = plan.scene(&scene.id).is_some_and(|s| s.relations.iter().any(|r| is_placed(r.relation)));
    let mut cheapest = f32::INFINITY;
    for step in -8i32..=8 {
        let azimuth = best + step as f32 * 8.0f32.to_radians();
        let mut cost = cost(scene, framing, &setup, azimuth, probe, last, before, best);
        cost += A_FACE_HIDDEN * hidden(bodies, framing, setup.looks_from(scene, azimuth, probe));
        if placed || (framing.subject.len() > 1 || crowd(plan, framing)) && framing.size <= ShotSize::Medium {
            // Left, right, before and behind are the picture's, and several people stand open to the place's own view.
            cost += 2.5 * wrap_angle(azimuth - best).abs();
        }
        if cost < cheapest {
            (cheapest, setup.azimuth) = (cost, azimuth);
        }
    }
    // Who works at a wall would show a back from where the place is open: near enough, there is room for a camera on the other side.
    let averted = |azimuth: f32| wrap_angle(azimuth - yaw_of(last.facing)).abs() > AVERTED;
    let near = framing.size >= ShotSize::Medium && framing.subject.len() == 1 && probe.human && framing.side != Side::Behind;
    if near && averted(setup.azimuth) && !placed && !crowd(plan, framing) {
        let mut cheapest = f32::INFINITY;
        for step in (9..=22).flat_map(|k| [k, -k]) {
            let azimuth = best + step as f32 * 8.0f32.to_radians();
            let eye = setup.looks_from(scene, azimuth, probe);
            let free = blocked(scene, eye, probe.eyes, probe.reach) == 0.0 && !stands_in(scene, eye) && hidden(bodies, framing, eye) == 0.0;
            let cost = cost(scene, framing, &setup, azimuth, probe, last, before, best);
            if free && !averted(azimuth) && cost < cheapest {
                (cheapest, setup.azimuth) = (cost, azimuth);
            }
        }
    }
    if framing.subject.is_empty() {
        // A place alone is seen from where it was dressed to be seen.
        setup.azimuth = best;
    } else if let Some(sides) = over.and_then(|o| over_shoulder(probe, o, best)) {
        // As little aside as leaves the face free.
        let free = |azimuth: &f32| hidden(bodies, framing, setup.looks_from(scene, *azimuth, probe)) == 0.0;
        setup.azimuth = sides.clone().find(free).or(sides.last()).unwrap_or(best);
    } else if let Some(fixed) = ordered_azimuth(framing, last)
        && (framing.side != Side::Front || !faces_something(scene, last) && open_to(bodies, framing, setup.looks_from(scene, fixed, probe)))
    {
        // Who stands before a door is not seen through it, nor who sits opposite another subject past that one's back.
        setup.azimuth = fixed;
    }
    if framing.size < ShotSize::Close && framing.subject.len() <= 1 && !crowd(plan, framing) {
        let right = direction(setup.azimuth + std::f32::consts::FRAC_PI_2);
        let looks = probe.facing.dot(right);
        // Who travels leads into more room; an animal's head is well ahead of the middle of its body.
        let travels = (last.middle - subjects[0].middle).length() > 0.5;
        let room = if probe.length > 0.0 && travels { 0.12 } else { 0.08 };
        setup.across = if looks.abs() < 0.3 { 0.5 } else { 0.5 - room * looks.signum() };
    }
    setup.distance_scale = clear_distance(scene, &setup, probe);
    // With less than half the distance nothing would be seen of a whole figure: then it is seen from further away, through what there is.
    let open = open_distance(scene, setup.azimuth, probe);
    setup.most = if open > 0.5 * setup.distance() * setup.distance_scale { open } else { f32::INFINITY };
    setup
}

/// A face is turned away from a camera that is further than this from where it looks, radians.
const AVERTED: f32 = 1.7;
/// How far above a crowd the camera looks down on it, radians.
const OVER_A_CROWD: f32 = 0.2;

/// Whether the subject is several who stand together.
fn crowd(plan: &Plan, framing: &Framing) -> bool {
    framing.subject.iter().any(|id| plan.role(id).is_some_and(|r| r.count > 1))
}

/// Behind one who is looked past, on the audience's side of the line between the two, so that the shoulder stands at the edge
/// of the frame.
fn over_shoulder(s: &Subject, over: &Subject, best: f32) -> Option<impl Iterator<Item = f32> + Clone> {
    let line = (over.middle - s.middle) * Vec3::new(1.0, 0.0, 1.0);
    let straight = yaw_of(line);
    let side = wrap_angle(best - straight).signum();
    (line.length() > 0.4).then(|| (0..8).map(move |k| straight + side * (0.42 + 0.08 * k as f32)))
}

/// A body that may stand before another one.
#[derive(Clone, Debug)]
struct Body<'a> {
    role: &'a str,
    at: Landmarks,
}

/// What a face costs that another body hides.
const A_FACE_HIDDEN: f32 = 4.0;
/// A line of sight that is nearer than this to the middle of a head or a chest goes through it, metres.
const BROAD_AS_A_HEAD: f32 = 0.24;

/// Where everybody's heads and chests are at a frame of the scene's clock.
fn bodies(scene: &SceneStaging, frame: usize) -> Vec<Body<'_>> {
    let at = |a: &crate::Actor| a.performance.poses.get(frame).or(a.performance.poses.last()).map(|p| p.landmarks);
    scene.actors.iter().filter_map(|a| Some(Body { role: &a.role, at: at(a)? })).collect()
}

/// Whether no subject's face is hidden from an eye, and of a few none turns the back to it while another one does not.
fn open_to(bodies: &[Body<'_>], framing: &Framing, eye: Vec3) -> bool {
    let subjects: Vec<&Body<'_>> = bodies.iter().filter(|b| framing.subject.iter().any(|id| id == b.role)).collect();
    let away = subjects.iter().filter(|b| b.at.facing.dot((eye - b.at.eyes).normalize_or_zero()) < -0.3).count();
    let mixed = subjects.len() <= A_ROUND as usize && (1..subjects.len()).contains(&away);
    !mixed && hidden(bodies, framing, eye) == 0.0
}

/// The share of the subjects' faces that another body hides from an eye. Of many who stand together some always are.
fn hidden(bodies: &[Body<'_>], framing: &Framing, eye: Vec3) -> f32 {
    let subject = |b: &Body<'_>| framing.subject.iter().any(|id| id == b.role);
    let faces: Vec<usize> = (0..bodies.len()).filter(|k| subject(&bodies[*k])).collect();
    if faces.is_empty() || faces.len() > A_ROUND as usize {
        return 0.0;
    }
    let before = |face: usize, other: usize| {
        let (way, o) = (bodies[face].at.eyes - eye, &bodies[other].at);
        let near = |p: Vec3| {
            let share = (p - eye).dot(way) / way.length_squared().max(1e-6);
            (0.02..0.95).contains(&share) && (p - eye - way * share).length() < BROAD_AS_A_HEAD
        };
        near(o.eyes) || near(o.chest) || near(o.crown) || near(o.eyes.midpoint(o.chest))
    };
    let count = faces.iter().filter(|k| (0..bodies.len()).any(|other| other != **k && before(**k, other))).count();
    count as f32 / faces.len() as f32
}

/// Where the camera must stand, if the framing orders it outright.
fn ordered_azimuth(framing: &Framing, s: &Subject) -> Option<f32> {
    let facing = yaw_of(s.facing);
    match framing.side {
        Side::Behind | Side::OverShoulder => Some(facing + std::f32::consts::PI + 0.3),
        Side::Front => Some(facing + 0.08),
        _ => None,
    }
}

#[allow(clippy::too_many_arguments, reason = "a cost is a sum over everything that is known")]
fn cost(
    scene: &SceneStaging,
    framing: &Framing,
    setup: &SetUp,
    azimuth: f32,
    probe: &Subject,
    last: &Subject,
    before: Option<&(f32, f32, Vec<String>)>,
    best: f32,
) -> f32 {
    let off = |a: f32, b: f32| wrap_angle(a - b).abs();
    let facing = yaw_of(if framing.size >= ShotSize::Medium { last.facing } else { probe.facing });
    let shows = last.shows.filter(|_| !matches!(framing.side, Side::Profile | Side::Front | Side::Behind));
    let wish = match framing.side {
        _ if shows.is_some() => shows.unwrap_or(0.0),
        Side::Profile => 1.48,
        Side::Auto | Side::Front if faces_something(scene, last) => 1.25,
        Side::Front => 0.1,
        Side::ThreeQuarter => 0.6,
        _ if probe.human && framing.size >= ShotSize::Medium => 0.4,
        _ if probe.human => 0.6,
        _ if framing.size >= ShotSize::Medium => 0.65,
        _ => 1.05,
    };
    let mut cost = 1.2 * (off(azimuth, facing) - wish).abs() + 0.55 * off(azimuth, best);
    if let Some((was, field, subjects)) = before
        && *subjects == framing.subject
    {
        let ratio = (setup.field / field).max(field / setup.field);
        if ratio < 1.6 && off(azimuth, *was) < 0.5 {
            cost += 1.5;
        }
    }
    for s in [probe, last] {
        let eye = s.middle + direction(azimuth) * setup.distance() * room_scale(scene, setup, azimuth, s) + Vec3::Y * 0.4;
        cost += 3.0 * blocked(scene, eye, s.middle + Vec3::Y * 0.2, s.reach) + 1.5 * blocked(scene, eye, s.eyes, s.reach);
        if stands_in(scene, eye) {
            cost += 4.0;
        }
        // What is widened later needs room behind the camera.
        cost += 2.0 * (1.0 - open_distance(scene, azimuth, s) / setup.distance()).clamp(0.0, 1.0);
        if let Some((low, high)) = scene.set.stage_area.room {
            // A room is open to where it is seen from, and nowhere else: with what somebody brings along a shot is widened.
            let back = s.middle + direction(azimuth) * (setup.distance() * if s.shows.is_some() { 1.35 } else { 1.0 });
            if s.shows.is_some() && (back.x < low.x + 0.2 || back.x > high.x - 0.2 || back.z < low.z + 0.2) {
                cost += 2.5;
            }
            let wanted = s.middle + direction(azimuth) * setup.distance();
            if wanted.x < low.x + 0.2 || wanted.x > high.x - 0.2 || wanted.z < low.z + 0.2 || wanted.z > high.z - 0.2 {
                cost += 0.3;
            }
        }
    }
    cost
}

/// How many obstacles stand between the camera and a point.
fn blocked(scene: &SceneStaging, eye: Vec3, target: Vec3, reach: f32) -> f32 {
    let d = target - eye;
    let flat = (d * Vec3::new(1.0, 0.0, 1.0)).length().max(0.1);
    let mut sum = 0.0;
    for (at, radius, height) in &scene.set.obstacles {
        let t = ((*at - eye).dot(d * Vec3::new(1.0, 0.0, 1.0)) / (flat * flat)).clamp(0.0, 1.0);
        let p = eye + d * t;
        let side = ((p - *at) * Vec3::new(1.0, 0.0, 1.0)).length();
        let near_target = ((target - *at) * Vec3::new(1.0, 0.0, 1.0)).length() < reach + radius;
        if side < radius + 0.15 && p.y < at.y + height && !near_target {
            sum += 1.0;
        }
    }
    // Many small parts of one wall are one wall.
    if scene.set.masses.iter().any(|m| between(m, eye, target, reach)) { sum + 1.0 } else { sum }
}

/// Whether a box of the scenery hides a point from the camera; what stands right at it does not.
fn between((low, high): &(Vec3, Vec3), eye: Vec3, target: Vec3, reach: f32) -> bool {
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let near = (target.clamp(*low, *high) - target) * flat;
    crossing(&(*low, *high), eye, target).is_some() && near.length() > reach + 0.15
}

/// Where a line enters a box, as a share of its length, below zero if it begins inside.
pub(crate) fn crossing((low, high): &(Vec3, Vec3), from: Vec3, to: Vec3) -> Option<f32> {
    let d = to - from;
    let d = Vec3::select(d.abs().cmplt(Vec3::splat(1e-6)), Vec3::splat(1e-6), d);
    let (a, b) = ((*low - from) / d, (*high - from) / d);
    let (enter, leave) = (a.min(b).max_element(), a.max(b).min_element());
    (enter < leave && leave > 0.0 && enter < 1.0).then_some(enter)
}

/// Whether a camera would be inside something.
fn stands_in(scene: &SceneStaging, eye: Vec3) -> bool {
    let within = |(at, radius, height): &(Vec3, f32, f32)| ((eye - *at) * Vec3::new(1.0, 0.0, 1.0)).length() < radius + 0.35 && eye.y < at.y + height;
    let inside = |(low, high): &(Vec3, Vec3)| (eye.clamp(*low, *high) - eye).length() < 0.3;
    scene.set.obstacles.iter().any(within) || scene.set.masses.iter().any(inside)
}

/// Whether somebody stands right before a thing that would hide them from its other side: a door, a cupboard.
fn faces_something(scene: &SceneStaging, s: &Subject) -> bool {
    let flat = Vec3::new(1.0, 0.0, 1.0);
    // Who sits in a house has seats before them, and is seen over these.
    if scene.set.stage_area.house.iter().flat_map(kinora_world::Row::seats).any(|top| ((top - s.middle) * flat).length() < 0.7) {
        return false;
    }
    scene.set.obstacles.iter().any(|(at, radius, height)| {
        let to = (*at - s.middle) * flat;
        to.length() < radius + 0.9 && to.normalize_or_zero().dot(s.facing) > 0.5 && at.y + height > s.middle.y + 0.25
    })
}

/// Shortens the distance (and widens the lens to match) when the camera would stand inside something.
fn clear_distance(scene: &SceneStaging, setup: &SetUp, s: &Subject) -> f32 {
    let inside = |scale: f32| {
        let eye = s.middle + direction(setup.azimuth) * setup.distance() * scale;
        let beyond = |(low, high): (Vec3, Vec3)| eye.x < low.x + 0.2 || eye.x > high.x - 0.2 || eye.z < low.z + 0.2 || eye.z > high.z - 0.2;
        stands_in(scene, eye) || scene.set.stage_area.room.is_some_and(beyond)
    };
    let most = room_scale(scene, setup, setup.azimuth, s);
    [1.0, 0.85, 1.15, 0.7, 1.3, 0.55].into_iter().map(|k| k * most).find(|k| !inside(*k)).unwrap_or(most)
}

/// How far back from a subject nothing of the scenery is in the camera's way: a shot that is widened does not go through a wall.
fn open_distance(scene: &SceneStaging, azimuth: f32, s: &Subject) -> f32 {
    const FAR: f32 = 60.0;
    let from = s.middle + Vec3::Y * 0.4;
    let hits = scene.set.masses.iter().filter_map(|m| crossing(m, from, from + direction(azimuth) * FAR)).map(|enter| enter * FAR);
    hits.filter(|d| *d > s.reach + 0.15).fold(f32::INFINITY, f32::min) - 0.3
}

/// In a room the camera stays in the room: how far back it may go, as a share of the distance it wants.
fn room_scale(scene: &SceneStaging, setup: &SetUp, azimuth: f32, s: &Subject) -> f32 {
    let Some((low, high)) = scene.set.stage_area.room else { return 1.0 };
    let back = direction(azimuth);
    let reach = |p: f32, d: f32, low: f32, high: f32| {
        if d > 1e-3 {
            (high - 0.35 - p) / d
        } else if d < -1e-3 {
            (low + 0.35 - p) / d
        } else {
            f32::INFINITY
        }
    };
    let most = reach(s.middle.x, back.x, low.x, high.x).min(reach(s.middle.z, back.z, low.z, high.z)).max(0.6);
    (most / setup.distance()).min(1.0)
}

/// The point a camera holds on to, per frame: still when the subject stays, smoothed when it travels.
fn anchors(plan: &Plan, framing: &Framing, subjects: &[Subject], width: f32, close: bool) -> Vec<Vec3> {
    let points: Vec<Vec3> = subjects.iter().map(|s| if close { Vec3::new(s.eyes.x, s.eyes.y, s.eyes.z) } else { s.middle }).collect();
    let travel = points.iter().map(|p| (*p - points[0]).length()).fold(0.0, f32::max);
    let follow = framing.movement.kind == MoveKind::Follow || travel > 0.16 * width;
    let smooth = smoothed(&points, if follow { plan.fps.0 as usize / 3 } else { plan.fps.0 as usize });
    if follow {
        return smooth;
    }
    let mean = points.iter().copied().sum::<Vec3>() / points.len() as f32;
    // A breath of following keeps a figure that sways in its place without drawing attention.
    smooth.iter().map(|p| mean.lerp(*p, 0.3)).collect()
}

/// A symmetrical moving average, twice: no lag, no corners.
fn smoothed(points: &[Vec3], half: usize) -> Vec<Vec3> {
    let pass = |p: &[Vec3]| -> Vec<Vec3> {
        (0..p.len() as i64)
            .map(|i| {
                let h = half as i64;
                let mut sum = Vec3::ZERO;
                for k in i - h..=i + h {
                    // Beyond the ends the motion goes on as it was, so that a walk is not slowed at a cut.
                    let n = p.len() as i64 - 1;
                    sum += if k < 0 {
                        p[0] * 2.0 - p[(-k).min(n) as usize]
                    } else if k > n {
                        p[n as usize] * 2.0 - p[(2 * n - k).max(0) as usize]
                    } else {
                        p[k as usize]
                    };
                }
                sum / (2 * h + 1) as f32
            })
            .collect()
    };
    pass(&pass(points))
}

impl SetUp {
    /// Shows more, from further away.
    pub(crate) fn widen(&mut self, by: f32) {
        self.field *= by;
    }

    /// Comes nearer, with a wider lens, while the camera is anywhere within something that the place is built of, or goes out of a room
    /// in which it is in the middle of the shot.
    fn come_out(&mut self, scene: &SceneStaging, frames: usize, camera: impl Fn(&Self, usize) -> Camera) {
        if self.from_eyes {
            return;
        }
        let outside = |eye: Vec3| {
            let beyond = |(low, high): (Vec3, Vec3)| eye.x < low.x || eye.z < low.z || eye.x > high.x || eye.z > high.z;
            scene.set.stage_area.room.is_some_and(beyond)
        };
        let kept = !outside(camera(self, frames / 2).eye);
        for _ in 0..8 {
            let all = [0, 1, 2, 3, 4].map(|k| camera(self, (frames - 1) * k / 4));
            let stuck = |c: &&Camera| kept && outside(c.eye) || scene.set.masses.iter().any(|(low, high)| (c.eye.clamp(*low, *high) - c.eye).length() < 0.1);
            let Some(worst) = all.iter().filter(stuck).map(|c| c.focus).reduce(f32::min) else { return };
            self.most = worst.min(self.most) * 0.88;
        }
    }

    /// Where the camera is, seen from a side, at the height of eyes.
    fn looks_from(&self, scene: &SceneStaging, azimuth: f32, s: &Subject) -> Vec3 {
        let away = self.distance() * room_scale(scene, self, azimuth, s);
        s.eyes + direction(azimuth) * (cos(self.pitch) * away) + Vec3::Y * (sin(self.pitch) * away)
    }

    fn distance(&self) -> f32 {
        (self.field * self.lens / self.gate).max(0.35)
    }

    /// The camera at one frame of the shot.
    fn at(&self, plan: &Plan, scene: &SceneStaging, framing: &Framing, subjects: &[Subject], frame: usize) -> Camera {
        let aspect = plan.size.width as f32 / plan.size.height as f32;
        let n = subjects.len().max(2);
        let t = frame as f32 / (n - 1) as f32;
        let seconds = n as f32 / plan.fps.0 as f32;
        let m = Motion::of(framing, t, seconds, frame as f32 / plan.fps.0 as f32, self.seed);
        if self.from_eyes {
            return point_of_view(scene, subjects, frame, self.gate);
        }
        let azimuth = self.azimuth + m.orbit;
        let back = direction(azimuth);
        let right = Vec3::new(back.z, 0.0, -back.x);
        let anchor = self.anchors[frame.min(self.anchors.len() - 1)];
        let field = self.field * m.field;
        let centre = anchor + Vec3::Y * (self.lift + m.rise * 0.6) + right * (0.5 - self.across) * field * aspect + right * m.truck * field * aspect;
        let wanted = self.distance() * m.distance;
        let distance = (wanted * self.distance_scale).min(self.most).max(0.3);
        let mut eye = centre + back * cos(self.pitch) * distance + Vec3::Y * (sin(self.pitch) * distance + m.rise);
        eye.y = eye.y.max(lowest(scene, eye));
        if let Some(ceiling) = scene.set.stage_area.ceiling {
            eye.y = eye.y.min(ceiling - 0.15);
        }
        let lens = (self.lens * m.zoom * distance / wanted).max(15.0);
        let fov = 2.0 * atan(self.gate / (2.0 * lens));
        let mut camera = Camera::looking(eye, centre, fov);
        if self.pitch.abs() > 1.4 {
            camera.world_from_camera = Quat::from_rotation_y(azimuth) * Quat::from_rotation_x(-self.pitch);
        }
        let wide = 2.0 * atan(tan(fov * 0.5) * aspect);
        let aim = self.aim.get(frame).copied().unwrap_or_default();
        let shake = Quat::from_rotation_y(m.pan * self.gain * fov * aspect - aim.x * wide + m.shake.x * fov)
            * Quat::from_rotation_x(m.tilt * self.gain * fov - aim.y * fov + m.shake.y * fov)
            * Quat::from_rotation_z(self.roll + m.shake.z * fov);
        camera.world_from_camera = (camera.world_from_camera * shake).normalize();
        camera.focus = (subjects[frame.min(subjects.len() - 1)].eyes - eye).length();
        camera
    }
}

/// The lowest that a camera may be: over the ground and the water.
fn lowest(scene: &SceneStaging, eye: Vec3) -> f32 {
    let ground = scene.set.terrain.height(eye.x, eye.z) + 0.14;
    scene.set.stage_area.water_level.map_or(ground, |w| ground.max(w + 0.12))
}

fn point_of_view(scene: &SceneStaging, subjects: &[Subject], frame: usize, gate: f32) -> Camera {
    let s = subjects[frame.min(subjects.len() - 1)];
    let eye = s.eyes + s.facing * 0.12 + Vec3::Y * 0.05;
    let target = eye + s.facing * 4.0 - Vec3::Y * 0.3;
    let mut camera = Camera::looking(eye, target, 2.0 * atan(gate / 70.0));
    camera.eye.y = camera.eye.y.max(lowest(scene, eye));
    camera
}

/// What the move adds at a time, in frames of the picture and factors.
#[derive(Clone, Copy, Debug)]
struct Motion {
    distance: f32,
    field: f32,
    zoom: f32,
    orbit: f32,
    truck: f32,
    rise: f32,
    pan: f32,
    tilt: f32,
    shake: Vec3,
}

impl Motion {
    fn of(framing: &Framing, t: f32, seconds: f32, now: f32, seed: Vec3) -> Self {
        let mut m = Self { distance: 1.0, field: 1.0, zoom: 1.0, orbit: 0.0, truck: 0.0, rise: 0.0, pan: 0.0, tilt: 0.0, shake: Vec3::ZERO };
        let pace = framing.movement.pace;
        let ease = smootherstep((t * seconds - 0.25) / (seconds - 0.6).max(0.4));
        let amount = |usual_per_second: f32, most: f32| (usual_per_second * seconds * pace).min(most);
        // Distances change in the logarithm, so that growth looks even.
        let grow = kinora_base::maths::exp(amount(0.085, 0.75));
        match framing.movement.kind {
            MoveKind::Static | MoveKind::Follow => {}
            MoveKind::PushIn => m.scale_distance(kinora_base::maths::pow(grow, -ease)),
            MoveKind::PullOut => m.scale_distance(kinora_base::maths::pow(grow, ease - 1.0)),
            MoveKind::ZoomIn => m.zoom = kinora_base::maths::pow(grow, ease),
            MoveKind::ZoomOut => m.zoom = kinora_base::maths::pow(grow, 1.0 - ease),
            MoveKind::TruckLeft => m.truck = (0.5 - ease) * amount(0.12, 0.7),
            MoveKind::TruckRight => m.truck = (ease - 0.5) * amount(0.12, 0.7),
            MoveKind::CraneUp => m.rise = ease * amount(0.45, 3.0),
            MoveKind::CraneDown => m.rise = (1.0 - ease) * amount(0.45, 3.0),
            MoveKind::OrbitLeft => m.orbit = (0.5 - ease) * amount(0.2, 2.6),
            MoveKind::OrbitRight => m.orbit = (ease - 0.5) * amount(0.2, 2.6),
            MoveKind::PanLeft => m.pan = (ease - 0.5) * amount(0.13, 0.8),
            MoveKind::PanRight => m.pan = (0.5 - ease) * amount(0.13, 0.8),
            MoveKind::TiltUp => m.tilt = (ease - 1.0) * amount(0.12, 0.5),
            MoveKind::TiltDown => m.tilt = (1.0 - ease) * amount(0.12, 0.5),
            MoveKind::Handheld => m.shake = handheld(now, pace, seed),
        }
        m
    }
    fn scale_distance(&mut self, by: f32) {
        self.distance *= by;
        self.field *= by;
    }
}

/// Three octaves of slow noise; about 0.7 % of the frame.
fn handheld(now: f32, pace: f32, seed: Vec3) -> Vec3 {
    let axis = |k: f32| {
        let at = |hz: f32| noise(seed + Vec3::new(now * hz, k * 11.7, k));
        at(0.4) + 0.4 * at(1.2) + 0.15 * at(3.6)
    };
    Vec3::new(axis(1.0), axis(2.0), 0.3 * axis(3.0)) * 0.009 * pace
}

/// Pixels that a metre covers at a distance, for choosing levels of detail.
pub(crate) fn pixels_per_metre(camera: &Camera, distance: f32, picture_height: f32) -> f32 {
    picture_height / (2.0 * tan(camera.vertical_fov * 0.5) * distance.max(0.1))
}
