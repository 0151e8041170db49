//! Fingers of recordings, written as BVH with other rest poses and names, arrive at our fingers.

use super::Moves;
use super::body::{DIGITS, HAND_ALONG, PALM, SHOULDERS, arm};
use super::tests::{FPS, Flat, cast};
use crate::{Act, Character, Performance, Script, perform, skeleton};
use glam::{Quat, Vec3};
use kinora_plan::bvh::Bvh;
use std::fmt::Write as _;
use std::sync::Arc;

/// How a hand is written.
#[derive(Clone, Copy)]
struct Writer {
    /// What a finger's joint is called: its side, finger (0 the thumb) and part.
    name: fn(&str, usize, usize) -> String,
    /// How far the arms hang at rest, degrees: 0 a T pose.
    hang: f32,
    /// How far the fingers are bent at the knuckles at rest, degrees.
    curled: f32,
    /// Which sides have fingers.
    sides: [bool; 2],
}

fn mixamo(side: &str, finger: usize, part: usize) -> String {
    format!("{side}Hand{}{}", ["Thumb", "Index", "Middle", "Ring", "Pinky"][finger], part + 1)
}

fn rokoko(side: &str, finger: usize, part: usize) -> String {
    let parts = if finger == 0 { ["Metacarpal", "Proximal", "Distal"] } else { ["Proximal", "Medial", "Distal"] };
    format!("{side}Finger{}{}", finger + 1, parts[part])
}

fn xsens(side: &str, finger: usize, part: usize) -> String {
    let parts = if finger == 0 { ["MC", "PP", "DP"] } else { ["PP", "MP", "DP"] };
    format!("{side}{}{}", ["First", "Second", "Third", "Fourth", "Fifth"][finger], parts[part])
}

fn biped(side: &str, finger: usize, part: usize) -> String {
    format!("Bip01 {} Finger{finger}{}", &side[..1], ["", "1", "2"][part])
}

const T: Writer = Writer { name: mixamo, hang: 0.0, curled: 0.0, sides: [true; 2] };

/// A joint with its parent, where it is at rest in centimetres, and how it is turned about z in every frame, degrees.
struct Joint {
    name: String,
    parent: Option<usize>,
    at: Vec3,
    turn: f32,
}

/// Fingers' turns: of a side, finger and part, into the palm, degrees.
type Curl<'a> = &'a dyn Fn(usize, usize, usize) -> f32;

fn joints(w: Writer, curl: Curl<'_>) -> Vec<Joint> {
    let mut all: Vec<Joint> = Vec::new();
    let mut add = |name: String, parent: Option<usize>, at: Vec3, turn: f32| {
        all.push(Joint { name, parent, at, turn });
        all.len() - 1
    };
    let v = Vec3::new;
    let mut over = None;
    for (name, high) in [("Hips", 95.0), ("Spine", 105.0), ("Spine1", 120.0)] {
        over = Some(add(name.into(), over, v(0.0, high, 0.0), 0.0));
    }
    let neck = add("Neck".into(), over, v(0.0, 142.0, 0.0), 0.0);
    add("Head".into(), Some(neck), v(0.0, 150.0, 0.0), 0.0);
    for (side, word) in ["Left", "Right"].into_iter().enumerate() {
        let sign = [1.0, -1.0][side];
        let hung = |p: Vec3| {
            let pivot = v(17.0, 138.0, 0.0);
            let p = if p.x > pivot.x { pivot + Quat::from_rotation_z(-w.hang.to_radians()) * (p - pivot) } else { p };
            v(p.x * sign, p.y, p.z)
        };
        let mut at = over;
        for (name, x) in [("Shoulder", 5.0), ("Arm", 17.0), ("ForeArm", 43.0), ("Hand", 67.0)] {
            at = Some(add(format!("{word}{name}"), at, hung(v(x, 138.0, 0.0)), 0.0));
        }
        let hand = at;
        for finger in (0..5).filter(|_| w.sides[side]) {
            let bent = Quat::from_rotation_z(-w.curled.to_radians());
            let (knuckle, way) = match finger {
                0 => (v(69.0, 137.5, 3.0), v(0.5, 0.0, 0.5)),
                _ => (v(77.0, 138.0, 5.0 - 2.0 * finger as f32), bent * Vec3::X),
            };
            let mut over = hand;
            for part in 0..3 {
                let place = knuckle + way * [0.0, 4.0, 7.0][part];
                over = Some(add((w.name)(word, finger, part), over, hung(place), -sign * curl(side, finger, part)));
            }
        }
        let mut at = Some(0);
        for (name, p) in [("UpLeg", v(9.0, 90.0, 0.0)), ("Leg", v(9.0, 50.0, 0.0)), ("Foot", v(9.0, 8.0, 0.0)), ("ToeBase", v(9.0, 2.0, 12.0))] {
            at = Some(add(format!("{word}{name}"), at, v(p.x * sign, p.y, p.z), 0.0));
        }
    }
    all
}

fn branch(all: &[Joint], k: usize, text: &mut String, order: &mut Vec<usize>) {
    let o = all[k].parent.map_or(Vec3::ZERO, |p| all[k].at - all[p].at);
    let (word, moves) = if k == 0 { ("ROOT", "6 Xposition Yposition Zposition ") } else { ("JOINT", "3 ") };
    let _ = writeln!(text, "{word} {}\n{{\nOFFSET {} {} {}\nCHANNELS {moves}Zrotation Xrotation Yrotation", all[k].name, o.x, o.y, o.z);
    order.push(k);
    let children: Vec<usize> = (0..all.len()).filter(|c| all[*c].parent == Some(k)).collect();
    children.iter().for_each(|c| branch(all, *c, text, order));
    if children.is_empty() {
        // A finger's end goes on as the finger does.
        let end = all[k].parent.map_or(Vec3::Y, |p| (all[k].at - all[p].at).normalize() * 2.0);
        let _ = writeln!(text, "End Site\n{{\nOFFSET {} {} {}\n}}", end.x, end.y, end.z);
    }
    text.push_str("}\n");
}

/// Two seconds of somebody who stands with such fingers.
fn written(w: Writer, curl: Curl<'_>) -> String {
    let all = joints(w, curl);
    let (mut text, mut order) = ("HIERARCHY\n".to_owned(), Vec::new());
    branch(&all, 0, &mut text, &mut order);
    let _ = writeln!(text, "MOTION\nFrames: 60\nFrame Time: 0.0333333");
    for _ in 0..60 {
        text += "0 95 0 ";
        text.extend(order.iter().map(|k| format!("{} 0 0 ", all[*k].turn)));
        text.push('\n');
    }
    text
}

fn played(actor: &Character, text: &str) -> Performance {
    let bvh = Bvh::parse(text).unwrap_or_else(|e| panic!("{e}"));
    let moves = Moves::recorded(&bvh, false).unwrap_or_else(|e| panic!("{e}"));
    let act = Act { motion: "stand".into(), from: 0, to: 1000, moves: Some(Arc::new(moves)), ..Act::default() };
    perform(actor, &Script { frames: 60, acts: vec![act], seed: 5, ..Script::default() }, FPS, &Flat)
}

/// How far the first two parts of a finger (0 the index) are bent into the palm and aside, degrees.
fn bends(actor: &Character, acted: &Performance, side: usize, finger: usize) -> [(f32, f32); 2] {
    let pose = &acted.poses[40];
    let joints = skeleton::joints(&actor.bones, &pose.bones, pose.hips);
    let mirrored = |v: Vec3| Vec3::new(v.x * [1.0, -1.0][side], v.y, v.z);
    let hand = joints[SHOULDERS[side] + arm::HAND].turn;
    let (along, palm) = (hand * mirrored(HAND_ALONG).normalize(), hand * mirrored(PALM));
    let palm = palm.reject_from(along).normalize();
    [0, 1].map(|k| {
        let first = DIGITS[side] + 3 * finger + k;
        let way = (joints[first + 1].at - joints[first].at).normalize();
        let aside = way.dot(along.cross(palm));
        (kinora_base::maths::atan2(way.dot(palm), way.dot(along)).to_degrees(), kinora_base::maths::asin(aside).to_degrees())
    })
}

#[test]
fn a_bent_index_finger_arrives_at_ours_whatever_the_rest_pose() {
    // The index finger of the left hand, and the ring finger of the right one.
    let curl = |side: usize, finger: usize, part: usize| if finger == [1, 3][side] { [60.0, 40.0, 20.0][part] } else { 0.0 };
    let writers = [
        ("T pose", T),
        ("arms that hang", Writer { hang: 90.0, ..T }),
        ("an A pose", Writer { hang: 45.0, ..T }),
        ("bent at rest", Writer { curled: 25.0, ..T }),
        ("Rokoko", Writer { name: rokoko, ..T }),
        ("Xsens", Writer { name: xsens, hang: 90.0, ..T }),
        ("Biped", Writer { name: biped, ..T }),
    ];
    for word in ["man", "girl"] {
        let actor = cast(word);
        for (what, writer) in &writers {
            let acted = played(&actor, &written(*writer, &curl));
            for side in 0..2 {
                for finger in 0..4 {
                    let [first, second] = bends(&actor, &acted, side, finger);
                    let (a, b) = if finger == [0, 2][side] { (60.0, 100.0) } else { (0.0, 0.0) };
                    let off = (first.0 - a - writer.curled).abs().max((second.0 - b - writer.curled).abs());
                    assert!(off < 4.0, "{word}, {what}: finger {finger} of side {side} is bent {first:?} {second:?} degrees");
                }
            }
        }
    }
}

#[test]
fn hands_that_were_not_recorded_are_our_own() {
    let actor = cast("man");
    let curl = |_: usize, _: usize, _: usize| 50.0;
    let fingers = |acted: &Performance, side: usize| acted.poses[40].bones[DIGITS[side]..DIGITS[side] + 13].to_vec();
    let none = played(&actor, &written(Writer { sides: [false; 2], ..T }, &curl));
    let left = played(&actor, &written(Writer { sides: [true, false], ..T }, &curl));
    let still = played(&actor, &written(T, &|_, _, _| 0.0));
    assert_eq!(fingers(&left, 1), fingers(&none, 1), "the right hand has no joints");
    assert_ne!(fingers(&left, 0), fingers(&none, 0), "the left hand closes");
    assert_eq!(fingers(&still, 0), fingers(&none, 0), "fingers that never leave their rest were not recorded");
    // The thumb comes, too.
    let thumb = |acted: &Performance| acted.poses[40].bones[SHOULDERS[0] + arm::THUMB].angle_between(none.poses[40].bones[SHOULDERS[0] + arm::THUMB]);
    assert!(thumb(&left) > 0.3, "{}", thumb(&left));
}

#[test]
fn one_recorded_finger_speaks_for_all() {
    let actor = cast("woman");
    let text = written(T, &|_, finger, _| if finger == 1 { 30.0 } else { 0.0 });
    // Middle, ring and little finger are called something else, as where only a mitten was recorded.
    let mitten = ["Middle", "Ring", "Pinky"].iter().fold(text, |text, name| text.replace(name, "Helper"));
    let acted = played(&actor, &mitten);
    for finger in 0..4 {
        let [first, _] = bends(&actor, &acted, 0, finger);
        assert!((first.0 - 30.0).abs() < 4.0, "finger {finger} is bent {} degrees", first.0);
    }
}
