//! Who leans touches what is leaned on, and does not go through it.

use super::body::{CHEST, HIPS, SHOULDERS, SPINE, TAILS, THIGHS, arm, leg};
use super::tests::{FPS, Flat, cast};
use crate::{Act, Character, InHand, Performance, Script, Support, character, perform, pose, world_from_object};
use glam::Vec3;
use kinora_base::Seed;
use kinora_base::maths::direction;
use kinora_plan::{Role, RoleKind, Traits};
use kinora_vocabulary::Vocabulary;
use std::f32::consts::{FRAC_PI_2, PI};

/// What the body may be inside of what it leans on, and how far from it what should touch, metres.
const THROUGH: f32 = 0.014;
const TOUCHES: f32 = 0.014;

/// A woman, a man, a girl, an old man, and a heavy man in a coat.
fn bodies() -> Vec<(&'static str, Character)> {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let traits = Traits { build: Some("heavy".into()), ..Traits::default() };
    let role = Role { id: "heavy".into(), kind: RoleKind::Person, word: "man".into(), name: None, count: 1, traits, voice: None, model: None, span: None };
    let heavy = character(&role, &vocabulary, Seed(9)).expect("a man").output;
    let mut all: Vec<_> = ["woman", "man", "girl", "old-man"].map(|word| (word, cast(word))).into();
    all.push(("heavy man", heavy));
    all
}

/// A rail or a table whose upper edge is so high, and which is so thick.
fn rail(top: f32, thick: f32) -> Support {
    let count = (top / Support::STEP) as usize + 1;
    let profile = (0..count).map(|k| if (k as f32) * Support::STEP > top - thick { 0.0 } else { 2.0 * Support::NOTHING }).collect();
    Support { at: Vec3::new(0.4, 0.0, -1.0), facing: 0.3, profile, top }
}

fn leant(actor: &Character, motion: &str, support: &Support, more: Vec<Act>, held: Vec<InHand>) -> Performance {
    let face = support.facing + [("lean", 0.0), ("lean-shoulder", FRAC_PI_2), ("lean-forearms", PI)].iter().find(|m| m.0 == motion).expect("a way to lean").1;
    let lean = Act { motion: motion.into(), from: 0, to: 120, pace: 1.0, face: Some(face), support: Some(support.clone()), ..Act::default() };
    let acts = [vec![lean], more].concat();
    perform(actor, &Script { frames: 120, acts, held, facing: face, seed: 3, ..Script::default() }, FPS, &Flat)
}

/// Every vertex with the bone that moves it most, and how far it is from the surface and over its top.
fn off(actor: &Character, acted: &Performance, frame: usize, support: &Support) -> Vec<(usize, f32, f32, f32)> {
    let (now, level) = (&acted.poses[frame], &actor.levels[1]);
    let world = world_from_object(actor, now);
    let out = direction(support.facing);
    let posed = pose(actor, 1, &[], now, now);
    let one = |(k, p): (usize, &Vec3)| {
        let p = world.transform_point3(*p);
        let most = (0..4).max_by(|a, b| level.weights[k][*a].total_cmp(&level.weights[k][*b])).expect("four");
        let ahead = (p - support.at).dot(out);
        (usize::from(level.bones[k][most]), ahead - support.stands_out(p.y - support.at.y), p.y - support.at.y - support.top, ahead)
    };
    posed.positions.iter().enumerate().map(one).filter(|v| v.0 < TAILS).collect()
}

fn least(vertices: &[(usize, f32, f32, f32)], of: impl Fn(usize) -> bool) -> f32 {
    vertices.iter().filter(|v| of(v.0)).map(|v| v.1).fold(f32::INFINITY, f32::min)
}

#[test]
fn a_back_lies_against_a_wall_and_one_sole_with_it() {
    for (name, actor) in bodies() {
        let wall = Support::plane(Vec3::new(0.7, 0.0, -0.4), 0.6, 2.2);
        let acted = leant(&actor, "lean", &wall, Vec::new(), Vec::new());
        for frame in [20, 50, 80, 110] {
            let all = off(&actor, &acted, frame, &wall);
            assert!(least(&all, |_| true) > -THROUGH, "{name}, frame {frame}: {} m into the wall", -least(&all, |_| true));
            let seat = least(&all, |b| b == HIPS || b == SPINE || THIGHS.contains(&b));
            let back = least(&all, |b| b == CHEST || b == SPINE || SHOULDERS.contains(&b));
            let sole = least(&all, |b| b == THIGHS[1] + leg::FOOT || b == THIGHS[1] + leg::TOES);
            assert!(seat < TOUCHES && back < 0.03 && sole < TOUCHES, "{name}, frame {frame}: seat {seat}, back {back}, sole {sole} m away");
            let knee = acted.poses[frame].landmarks.feet[1].y - acted.poses[frame].landmarks.feet[0].y;
            assert!(knee > 0.15 * actor.height, "{name}: the sole is {knee} m up the wall");
        }
    }
}

#[test]
fn a_shoulder_lies_against_a_post() {
    for (name, actor) in bodies() {
        let post = Support::plane(Vec3::new(-0.3, 0.0, 0.2), -0.8, 2.2);
        let acted = leant(&actor, "lean-shoulder", &post, Vec::new(), Vec::new());
        for frame in [20, 50, 80, 110] {
            let all = off(&actor, &acted, frame, &post);
            assert!(least(&all, |_| true) > -THROUGH, "{name}, frame {frame}: {} m into the post", -least(&all, |_| true));
            let shoulder = least(&all, |b| b == SHOULDERS[0] || b == SHOULDERS[0] + arm::UPPER);
            assert!(shoulder < TOUCHES, "{name}, frame {frame}: the shoulder is {shoulder} m away");
        }
    }
}

#[test]
fn arms_lie_on_what_is_low_enough() {
    for (name, actor) in bodies() {
        let highest = actor.arms_lie_up_to() / actor.height;
        assert!((0.57..0.70).contains(&highest), "{name} lies on what has {highest} of the height");
        for share in [0.42, 0.48, 0.55, highest] {
            let (top, thick) = (share * actor.height, if share < 0.5 { 0.05 } else { 0.07 });
            let rail = rail(top, thick);
            let acted = leant(&actor, "lean-forearms", &rail, Vec::new(), Vec::new());
            for frame in [20, 60] {
                let all = off(&actor, &acted, frame, &rail);
                let limbs = |b: usize| SHOULDERS.iter().any(|s| (s + arm::UPPER..=s + arm::THUMB).contains(&b)) || b >= super::body::DIGITS[0];
                let body = least(&all, |b| !limbs(b));
                assert!(body > -THROUGH, "{name} at {share}, frame {frame}: {} m into the rail", -body);
                // On the first hand's breadth behind the edge, or farther in, where palms lie on a table.
                let broad = if share < 0.5 { 0.4 } else { 0.1 };
                for (side, first) in SHOULDERS.into_iter().enumerate() {
                    let lies = |v: &&(usize, f32, f32, f32)| (first + arm::LOWER..=first + arm::FINGERS).contains(&v.0) && (-broad..0.0).contains(&v.3);
                    let over = all.iter().filter(lies).map(|v| v.2).fold(f32::INFINITY, f32::min);
                    assert!((-0.045..0.03).contains(&over), "{name} at {share}, frame {frame}: arm {side} is {over} m over the rail");
                }
            }
        }
    }
}

#[test]
fn hands_that_have_something_to_do_are_free() {
    let actor = cast("man");
    let wall = Support::plane(Vec3::ZERO, 0.0, 2.2);
    let mouth = |acted: &Performance| {
        let near = |p: &crate::BodyPose| p.landmarks.hands[1].distance(p.landmarks.mouth);
        acted.poses.iter().map(near).fold(f32::INFINITY, f32::min)
    };
    let drinks = Act { motion: "drink".into(), from: 0, to: 120, pace: 1.0, ..Act::default() };
    let idle = mouth(&leant(&actor, "lean", &wall, Vec::new(), Vec::new()));
    let drinking = mouth(&leant(&actor, "lean", &wall, vec![drinks], vec![InHand::always("cup")]));
    assert!(drinking < 0.17 && idle > 0.25, "the cup comes to {drinking} m of the mouth, crossed arms to {idle}");
}

#[test]
fn who_walks_to_a_wall_comes_to_lean_on_it_and_leaves_again() {
    for word in ["woman", "girl"] {
        let actor = cast(word);
        let wall = Support::plane(Vec3::new(2.4, 0.0, -0.9), 0.2, 2.2);
        let lean = actor.stands_off(crate::motions::Lean::Back, &wall);
        let before = wall.at + direction(wall.facing) * (lean + 0.3);
        let act = |motion: &str, from: usize, to: usize| Act { motion: motion.into(), from, to, pace: 1.0, ..Act::default() };
        let acts = vec![
            Act { path: vec![before], ..act("walk", 0, 80) },
            Act { face: Some(wall.facing), support: Some(wall.clone()), ..act("lean", 80, 230) },
            Act { path: vec![Vec3::new(4.0, 0.0, 2.0)], ..act("walk", 230, 320) },
        ];
        let acted = perform(&actor, &Script { frames: 320, acts, seed: 3, ..Script::default() }, FPS, &Flat);
        let all = off(&actor, &acted, 200, &wall);
        assert!(least(&all, |b| b == HIPS || b == SPINE).abs() < TOUCHES, "{word} leans: {}", least(&all, |b| b == HIPS || b == SPINE));
        for frame in 80..320 {
            let through = -least(&off(&actor, &acted, frame, &wall), |_| true);
            assert!(through < 0.04, "{word} is {through} m in the wall at {frame}");
        }
        let speed = |f: usize| acted.poses[f].landmarks.hips.distance(acted.poses[f - 1].landmarks.hips) * FPS;
        let fastest = (81..320).map(speed).fold(0.0, f32::max);
        assert!(fastest < 2.6, "{word}: hips go {fastest} m a second");
    }
}
