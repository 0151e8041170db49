//! Our own motions, written as BVH and brought back, on the same body and on others.

use super::Moves;
use super::take::{PARTS, Take};
use super::tests::{FPS, Flat, cast};
use crate::{Act, Character, Performance, Script, joints_in_world, perform};
use glam::{EulerRot, Quat, Vec3};
use kinora_plan::bvh::Bvh;
use kinora_plan::keys::{JointKey, KeyLayer};
use std::fmt::Write as _;
use std::sync::Arc;

/// How a skeleton is written: its axes and unit, its names, its rest pose.
struct Maker {
    scale: f32,
    axes: Quat,
    name: fn(&str) -> String,
    /// The rest pose has its arms straight out, as most files have.
    t_pose: bool,
}

const OURS: Maker = Maker { scale: 1.0, axes: Quat::IDENTITY, name: str::to_owned, t_pose: false };

/// Centimetres, z up, facing -y, T pose and Mixamo's names.
fn mixamo() -> Maker {
    let name = |ours: &str| {
        let side = ["left", "right"].into_iter().find(|s| ours.starts_with(s)).unwrap_or("");
        let part = match &ours[side.len()..] {
            "UpperArm" => "Arm",
            "LowerArm" => "ForeArm",
            "UpperLeg" => "UpLeg",
            "LowerLeg" => "Leg",
            "Toes" => "ToeBase",
            "hips" => "Hips",
            "spine" => "Spine",
            "chest" => "Spine1",
            "neck" => "Neck",
            "head" => "Head",
            same => same,
        };
        format!(
            "mixamorig:{}{part}",
            match side {
                "left" => "Left",
                "right" => "Right",
                _ => "",
            }
        )
    };
    Maker { scale: 100.0, axes: Quat::from_rotation_x(std::f32::consts::FRAC_PI_2), name, t_pose: true }
}

/// Offsets of bones, and what they are called.
type Written<'a> = (&'a dyn Fn(usize) -> Vec3, fn(&str) -> String);
/// A time, and joints with flex, side and turn.
type Told<'a> = (f32, &'a [(&'a str, [Option<f32>; 3])]);

/// The frames of a performance as a BVH file.
fn written(actor: &Character, acted: &Performance, frames: std::ops::Range<usize>, maker: &Maker) -> String {
    let bones = &actor.bones;
    let parent = |bone: usize| bones[bone].parent.unwrap_or(0);
    // From the bind pose to the rest pose of the file, for each bone.
    let rest_turn = |bone: usize| -> Quat {
        if !maker.t_pose {
            return Quat::IDENTITY;
        }
        let sign = if bones[bone].name.starts_with("left") { 1.0 } else { -1.0 };
        match bones[bone].name.trim_start_matches("left").trim_start_matches("right") {
            "UpperArm" | "LowerArm" | "Hand" => Quat::from_rotation_arc((bones[PARTS[8]].rest - bones[PARTS[6]].rest).normalize(), Vec3::X),
            _ => Quat::IDENTITY,
        }
        .to_scaled_axis()
        .to_array()
        .map(|x| x * sign)
        .pipe(|a| Quat::from_scaled_axis(Vec3::from(a)))
    };
    let turned = |bone: usize| maker.axes * rest_turn(bone);
    let offset = |bone: usize| maker.axes * (rest_turn(parent(bone)) * (bones[bone].rest - bones[parent(bone)].rest)) * (maker.scale * actor.scale);
    let (mut text, mut order) = ("HIERARCHY\n".to_owned(), Vec::new());
    fn tree(bone: usize, actor: &Character, text: &mut String, order: &mut Vec<usize>, (offset, name): Written<'_>) {
        let root = actor.bones[bone].parent.is_none();
        let o = if root { Vec3::ZERO } else { offset(bone) };
        let channels = if root { "6 Xposition Yposition Zposition Zrotation Xrotation Yrotation" } else { "3 Zrotation Xrotation Yrotation" };
        let _ = writeln!(
            text,
            "{} {}\n{{\nOFFSET {} {} {}\nCHANNELS {channels}",
            if root { "ROOT" } else { "JOINT" },
            name(&actor.bones[bone].name),
            o.x,
            o.y,
            o.z
        );
        order.push(bone);
        let children: Vec<usize> = PARTS.into_iter().filter(|b| actor.bones[*b].parent == Some(bone)).collect();
        for child in &children {
            tree(*child, actor, text, order, (offset, name));
        }
        if children.is_empty() {
            text.push_str("End Site\n{\nOFFSET 0 0.05 0.02\n}\n");
        }
        text.push_str("}\n");
    }
    tree(PARTS[0], actor, &mut text, &mut order, (&offset, maker.name));
    let _ = writeln!(text, "MOTION\nFrames: {}\nFrame Time: {}", frames.len(), 1.0 / FPS);
    for pose in &acted.poses[frames] {
        let joints = crate::skeleton::joints(bones, &pose.bones, pose.hips);
        // How a joint is turned in the file's world, and so against its parent.
        let global = |bone: usize| maker.axes * pose.turn * joints[bone].turn * turned(bone).inverse() * maker.axes * maker.axes.inverse();
        for bone in &order {
            let own = if bones[*bone].parent.is_none() { global(*bone) } else { global(parent(*bone)).inverse() * global(*bone) };
            if bones[*bone].parent.is_none() {
                let at = maker.axes * (pose.root + pose.turn * joints[*bone].at * actor.scale) * maker.scale;
                let _ = write!(text, "{} {} {} ", at.x, at.y, at.z);
            }
            let (z, x, y) = own.to_euler(EulerRot::ZXY);
            let _ = write!(text, "{} {} {} ", z.to_degrees(), x.to_degrees(), y.to_degrees());
        }
        text.push('\n');
    }
    text
}

trait Pipe: Sized {
    fn pipe<T>(self, f: impl FnOnce(Self) -> T) -> T {
        f(self)
    }
}
impl Pipe for [f32; 3] {}

fn acted(actor: &Character, motion: &str, path: Vec<Vec3>) -> Performance {
    let act = Act { motion: motion.into(), from: 0, to: 150, path, pace: 1.0, ..Act::default() };
    perform(actor, &Script { frames: 150, acts: vec![act], seed: 5, ..Script::default() }, FPS, &Flat)
}

fn walked(actor: &Character) -> Performance {
    acted(actor, "walk", vec![Vec3::new(0.0, 0.0, 3.0), Vec3::new(1.5, 0.0, 5.5)])
}

fn replayed(actor: &Character, text: &str, fps: f32) -> (Performance, Take) {
    let bvh = Bvh::parse(text).unwrap_or_else(|e| panic!("{e}"));
    let moves = Moves::recorded(&bvh, false).unwrap_or_else(|e| panic!("{e}"));
    let take = moves.take().cloned().expect("a recording");
    let act = Act { motion: "walk".into(), from: 1, to: 1000, moves: Some(Arc::new(moves)), ..Act::default() };
    let script = Script { frames: (100.0 * fps / FPS) as usize, acts: vec![act], seed: 5, ..Script::default() };
    (perform(actor, &script, fps, &Flat), take)
}

/// The greatest angle between the same joints of two performances, of those frames that both have.
fn farthest(a: &Performance, b: &Performance, (first, second): (usize, usize), frames: usize) -> (f32, usize, usize) {
    let mut worst = (0.0, 0, 0);
    for k in 12..frames {
        let (x, y) = (&a.poses[first + k], &b.poses[second + k]);
        for bone in PARTS.into_iter().skip(1) {
            let angle = x.bones[bone].angle_between(y.bones[bone]).to_degrees();
            if angle > worst.0 {
                worst = (angle, bone, k);
            }
        }
    }
    worst
}

#[test]
fn a_walk_comes_back_as_it_was() {
    let actor = cast("man");
    let original = walked(&actor);
    for (maker, what) in [(OURS, "our own"), (mixamo(), "Mixamo's")] {
        let text = written(&actor, &original, 30..120, &maker);
        let (again, _) = replayed(&actor, &text, FPS);
        let (angle, bone, frame) = farthest(&original, &again, (30, 1), 85);
        assert!(angle < 4.0, "{what} skeleton: {} is {angle} degrees off in frame {frame}", actor.bones[bone].name);
        let gone = |p: &Performance, from: usize| p.poses[from + 80].root.distance(p.poses[from + 12].root);
        let (was, is) = (gone(&original, 30), gone(&again, 1));
        assert!((was - is).abs() < 0.06, "{what}: it went {was} m and goes {is} m");
    }
}

#[test]
fn who_was_recorded_stands_afterwards() {
    let man = cast("man");
    let text = written(&man, &walked(&man), 30..80, &OURS);
    let girl = cast("girl");
    let (acted, take) = replayed(&girl, &text, FPS);
    let last = acted.poses.last().expect("poses");
    assert!(take.seconds() + 1.0 < acted.poses.len() as f32 / FPS, "the recording is over");
    assert!(last.root.distance(acted.poses[0].root) > 1.0, "she has gone somewhere");
    for foot in last.landmarks.feet {
        assert!(foot.distance(last.root) < 0.25 && foot.y < 0.12, "and stands on her feet there: {foot} {}", last.root);
    }
}

/// How far what stands of a foot moves in a frame at most, metres, and how far it is from the ground.
fn slides(actor: &Character, acted: &Performance, take: &Take, fps: f32) -> (f32, f32, usize) {
    let bone = |name: &str| actor.bones.iter().position(|b| b.name == name).expect("a bone");
    let (mut slide, mut off, mut stood): (f32, f32, usize) = (0.0, 0.0, 0);
    for f in (0.45 * fps) as usize..acted.poses.len() - (0.3 * fps) as usize {
        for (side, name) in ["leftToes", "rightToes"].into_iter().enumerate() {
            let stands = |f: usize| take.at((f as f32 - 1.0) / fps).planted[side][1];
            if (f - 1..=f + 1).all(stands) && ((f + 1) as f32 / fps) < take.seconds() {
                let at = |f: usize| joints_in_world(actor, &acted.poses[f])[bone(name)];
                slide = slide.max((at(f) - at(f - 1)).with_y(0.0).length());
                off = off.max((at(f).y - actor.bones[bone(name)].rest.y * actor.scale).abs());
                stood += 1;
            }
        }
    }
    (slide, off, stood)
}

#[test]
fn feet_stand_on_every_body() {
    let man = cast("man");
    let text = written(&man, &walked(&man), 30..120, &mixamo());
    for word in ["girl", "old-man", "man", "baby", "astronaut", "dwarf"] {
        let actor = cast(word);
        for fps in [30.0, 24.0, 60.0] {
            let (acted, take) = replayed(&actor, &text, fps);
            let (slide, off, stood) = slides(&actor, &acted, &take, fps);
            assert!(stood > 30, "{word}: feet stand in {stood} frames");
            assert!(slide < 0.003, "{word} at {fps}: a foot that stands slides {} mm a frame", slide * 1000.0);
            assert!(off < 0.012, "{word} at {fps}: a foot that stands is {} mm off the ground", off * 1000.0);
        }
    }
}

#[test]
fn keys_are_played() {
    let actor = cast("woman");
    let keys: Vec<JointKey> = serde_keys(&[(0.0, &[]), (1.0, &[("rightUpperArm", [Some(90.0), None, None]), ("head", [None, None, Some(40.0)])])]);
    let (moves, held) = Moves::of_keys(&keys, KeyLayer::Whole);
    assert!(held.is_empty(), "{held:?}");
    let act = Act { motion: "stand".into(), from: 1, to: 90, moves: Some(Arc::new(moves)), ..Act::default() };
    let acted = perform(&actor, &Script { frames: 90, acts: vec![act], ..Script::default() }, FPS, &Flat);
    let bone = |name: &str| actor.bones.iter().position(|b| b.name == name).expect("a bone");
    let joints = joints_in_world(&actor, &acted.poses[60]);
    let arm = (joints[bone("rightLowerArm")] - joints[bone("rightUpperArm")]).normalize();
    assert!(arm.z > 0.97, "the right arm points forward: {arm}");
    let left = (joints[bone("leftLowerArm")] - joints[bone("leftUpperArm")]).normalize();
    assert!(left.y < -0.9, "the left one hangs: {left}");
    let face = acted.poses[60].landmarks.facing;
    assert!(face.x > 0.4, "the head is turned to the left: {face}");
}

#[test]
fn keys_go_no_further_than_a_body_does() {
    let keys = serde_keys(&[(0.0, &[("leftLowerArm", [Some(200.0), None, None])])]);
    let (moves, held) = Moves::of_keys(&keys, KeyLayer::Arms);
    assert!(held.len() == 1 && held[0].contains("leftLowerArm.flex") && held[0].contains("0 to 150"), "{held:?}");
    let elbow = moves.keys().and_then(|k| k.keys[0].pose.left_arm).map_or(0.0, |a| a.elbow.to_degrees());
    assert!((elbow - 150.0).abs() < 1e-3, "{elbow}");
}

#[test]
fn legs_that_are_told_stand_on_the_ground() {
    let squat: &[(&str, [Option<f32>; 3])] = &[
        ("leftUpperLeg", [Some(100.0), Some(10.0), None]),
        ("rightUpperLeg", [Some(100.0), Some(10.0), None]),
        ("leftLowerLeg", [Some(120.0), None, None]),
        ("rightLowerLeg", [Some(120.0), None, None]),
        ("leftFoot", [Some(20.0), None, None]),
        ("rightFoot", [Some(20.0), None, None]),
    ];
    for word in ["man", "girl"] {
        let actor = cast(word);
        let (moves, _) = Moves::of_keys(&serde_keys(&[(0.0, &[]), (1.0, squat)]), KeyLayer::Whole);
        let act = Act { motion: "stand".into(), from: 1, to: 90, moves: Some(Arc::new(moves)), ..Act::default() };
        let acted = perform(&actor, &Script { frames: 90, acts: vec![act], ..Script::default() }, FPS, &Flat);
        let (up, down) = (acted.poses[2].landmarks.hips.y, acted.poses[70].landmarks.hips.y);
        assert!(down < 0.65 * up, "{word}: hips go from {up} down to {down}");
        let foot = acted.poses[70].landmarks.feet[0].y;
        assert!((0.0..0.14).contains(&foot), "{word}: the foot is on the ground: {foot}");
    }
}

fn serde_keys(keys: &[Told<'_>]) -> Vec<JointKey> {
    let angles = |[flex, side, turn]: [Option<f32>; 3]| kinora_plan::JointAngles { flex, side, turn };
    keys.iter()
        .map(|(at, joints)| JointKey { at: *at, joints: joints.iter().map(|(n, a)| ((*n).to_owned(), angles(*a))).collect(), ..JointKey::default() })
        .collect()
}
