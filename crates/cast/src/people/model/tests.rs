//! Figures of all makers come into the same bind pose, and act as our people do.

#[path = "../../../../gltf/tests/sample/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "tests of other crates share it")]
mod sample;

use super::super::body::{self, DIGITS, HEAD, HIPS, SHOULDERS, THIGHS, arm, leg};
use super::super::tests::Wind;
use super::{build, check_figure};
use crate::{Act, Character, Company, Script, Surroundings, joints_in_world, perform};
use glam::Vec3;
use kinora_base::Seed;
use kinora_gltf::{Figure, read};
use kinora_plan::{ModelFile, Role, RoleKind, Traits};
use kinora_vocabulary::Vocabulary;
use sample::{Maker, PONYTAIL, Sample, Strand, glb};
use std::collections::BTreeMap;
use std::sync::Arc;

const ALL: [Maker; 4] = [Maker::Mixamo, Maker::Unreal, Maker::Vrm1, Maker::Vrm0];

fn figure(sample: Sample) -> Figure {
    read(&sample.glb(), &BTreeMap::new()).unwrap_or_else(|e| panic!("{e}"))
}

fn actor(sample: Sample, size: Option<f32>) -> Character {
    let company = Company::with(Arc::new(BTreeMap::from([("a".to_owned(), Arc::new(figure(sample)))])));
    let model = Some(ModelFile { file: "hero.glb".into(), sha256: "a".into() });
    let traits = Traits { size, ..Traits::default() };
    let role = Role { id: "girl".into(), kind: RoleKind::Person, word: "girl".into(), name: None, count: 1, traits, voice: None, model, span: None };
    company.character(&role, &Vocabulary::builtin().expect("a good vocabulary"), Seed(4)).unwrap_or_else(|e| panic!("{e}")).output
}

struct Street;
impl Surroundings for Street {}

#[test]
fn every_maker_and_pose_comes_into_one_bind_pose() {
    let reference = body::reference();
    for maker in ALL {
        for (hang, size) in [(0.0, 1.0), (0.8, 1.0), (1.45, 1.0), (0.3, 0.6), (0.0, 100.0), (0.0, 0.01)] {
            let played = build(&figure(Sample { maker, hang, size }), 1.7).unwrap_or_else(|e| panic!("{maker:?} {hang} {size}: {e}"));
            let bones = &played.body.bones;
            let own = if size == 0.6 { 0.6 } else { 1.0 };
            let high = played.body.levels[0].mesh.positions.iter().fold(f32::MIN, |m, p| m.max(p.y));
            assert!((high - 1.7 * own).abs() < 0.03, "{maker:?} hanging {hang}, {size} times as large: {high} m tall");
            for side in 0..2 {
                for (first, k, length) in
                    [(SHOULDERS[side], arm::UPPER, 0.26), (SHOULDERS[side], arm::LOWER, 0.24), (THIGHS[side], 0, 0.40), (THIGHS[side], leg::SHIN, 0.42)]
                {
                    let way = |b: &[crate::Bone]| b[first + k + 1].rest - b[first + k].rest;
                    let (ours, its) = (way(&reference), way(bones));
                    let off = ours.normalize().dot(its.normalize());
                    assert!(off > 0.9999, "{maker:?} {hang}: bone {} points as ours does: {off}", bones[first + k].name);
                    assert!((its.length() - length * own).abs() < 0.01 * own, "{maker:?} {hang} {size}: {} is {} m long", bones[first + k].name, its.length());
                }
                let finger = bones[DIGITS[side] + 1].rest - bones[DIGITS[side]].rest;
                let along = body::HAND_ALONG * Vec3::new([1.0, -1.0][side], 1.0, 1.0);
                assert!(finger.normalize().dot(along) > 0.95, "{maker:?} {hang}: fingers lie along the hand");
            }
            // The skin is where its bones are: nothing of a forearm is far from it.
            let level = &played.body.levels[0];
            let far = |bone: usize, within: f32| {
                let to = bones[bone + 1].rest;
                let own =
                    level.bones.iter().zip(level.weights.iter()).zip(&level.mesh.positions).filter(|((b, w), _)| usize::from(b[0]) == bone && w[0] > 0.99);
                let off = own.map(|(_, p)| {
                    let (a, d) = (bones[bone].rest, to - bones[bone].rest);
                    p.distance(a + d * ((*p - a).dot(d) / d.length_squared()).clamp(0.0, 1.0))
                });
                let (count, most) = off.fold((0, 0.0_f32), |(n, m), o| (n + 1, m.max(o)));
                assert!(count >= 8 && most < within, "{maker:?} {hang}: skin of {} lies {most} m away ({count} vertices)", bones[bone].name);
            };
            for side in 0..2 {
                far(SHOULDERS[side] + arm::LOWER, 0.06 * own);
                far(THIGHS[side] + leg::SHIN, 0.08 * own);
            }
            let eyes = [0, 1].map(|s| bones[body::EYES[s]].rest - bones[HEAD].rest);
            assert!(eyes[0].x > 0.0 && eyes[1].x < 0.0 && eyes[0].z > 0.05 * own, "{maker:?}: it looks ahead, left is left: {eyes:?}");
        }
    }
}

#[test]
fn soles_stand_still_and_on_the_ground_while_it_walks() {
    for (maker, size) in [(Maker::Vrm1, None), (Maker::Mixamo, Some(0.5)), (Maker::Unreal, Some(1.4))] {
        let actor = actor(Sample { maker, hang: 0.6, size: 1.0 }, size);
        let act = Act { motion: "walk".into(), from: 0, to: 96, path: vec![Vec3::new(0.0, 0.0, 6.0)], pace: 1.0, ..Act::default() };
        let acted = perform(&actor, &Script { frames: 96, acts: vec![act], seed: 5, ..Script::default() }, 24.0, &Street);
        let joints: Vec<Vec<Vec3>> = acted.poses.iter().map(|p| joints_in_world(&actor, p)).collect();
        let mut stood = 0;
        for first in THIGHS {
            let ball = first + leg::TOES;
            for pair in joints.windows(2) {
                let (a, b) = (pair[0][ball], pair[1][ball]);
                if a.y.max(b.y) < actor.bones[ball].rest.y * actor.scale + 0.004 {
                    stood += 1;
                    assert!(a.distance(b) < 0.02 * actor.scale.max(0.5), "{maker:?}: a ball that stands slides by {} m", a.distance(b));
                }
            }
        }
        assert!(stood > 40, "{maker:?}: feet stand in {stood} frames");
        let drawn = crate::pose(&actor, 0, &[], &acted.poses[60], &acted.poses[59]);
        let low = drawn.positions.iter().fold(f32::MAX, |m, p| m.min(p.y));
        assert!(low.abs() < 0.03 * actor.scale, "{maker:?}: its lowest point is {low} m over the ground");
        assert!(drawn.positions.iter().all(|p| p.is_finite()), "{maker:?}: skin everywhere");
    }
}

#[test]
fn faces_speak_and_blink() {
    for maker in ALL {
        let level = build(&figure(Sample::of(maker)), 1.7).unwrap_or_else(|e| panic!("{e}")).body.levels.remove(0);
        let names: Vec<&str> = level.morphs.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, if matches!(maker, Maker::Vrm0 | Maker::Vrm1) { ["aa", "lids"] } else { ["jaw", "lids"] }, "{maker:?}");
        let mouth = crate::Face { jaw: 0.8, blink: 1.0, ..crate::Face::default() };
        assert!(names.iter().all(|n| mouth.control(n) > 0.7), "an open mouth and shut eyes");
        assert!(level.morphs[0].moves.iter().all(|(_, way)| way.y < -0.02), "{maker:?}: the chin falls");
    }
}

#[test]
fn a_vrm_whose_expressions_are_empty_speaks_with_the_targets_of_its_mesh() {
    for maker in [Maker::Vrm1, Maker::Vrm0] {
        let (mut json, bin) = Sample::of(maker).parts();
        if maker == Maker::Vrm1 {
            json["extensions"]["VRMC_vrm"]["expressions"]["preset"]["aa"]["morphTargetBinds"] = serde_json::json!([]);
            json["extensions"]["VRMC_vrm"]["expressions"]["preset"]["blinkLeft"] = json["extensions"]["VRMC_vrm"]["expressions"]["preset"]["blink"].take();
        } else {
            json["extensions"]["VRM"]["blendShapeMaster"]["blendShapeGroups"] = serde_json::json!([{ "name": "A", "presetName": "a", "binds": [] }]);
        }
        let figure = read(&glb(&json, &bin), &BTreeMap::new()).unwrap_or_else(|e| panic!("{e}"));
        assert!(super::has_mouth(&figure), "{maker:?}");
        let level = build(&figure, 1.7).unwrap_or_else(|e| panic!("{e}")).body.levels.remove(0);
        let mut names: Vec<&str> = level.morphs.iter().map(|m| m.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["jaw", "lids"], "{maker:?}: each once");
        assert!(level.morphs.iter().all(|m| !m.moves.is_empty()), "{maker:?}: of what moves");
    }
}

#[test]
fn who_is_no_human_is_told_so() {
    let mut dog = figure(Sample::of(Maker::Mixamo));
    dog.nodes.iter_mut().for_each(|n| n.name = n.name.replace("ForeArm", "Paw"));
    let error = check_figure(&dog).expect_err("no forearms");
    assert!(error.contains("left forearm") && error.contains("VRM"), "{error}");
    let mut bare = figure(Sample::of(Maker::Mixamo));
    bare.nodes.push(kinora_gltf::Node { name: "Table".into(), parent: None, at: Vec3::ZERO });
    let last = bare.nodes.len() as u32 - 1;
    bare.parts.iter_mut().flat_map(|p| &mut p.joints).for_each(|j| j[0].0 = last);
    assert!(check_figure(&bare).expect_err("no skin").contains("skin"), "a body that hangs from nothing");
    let mut flat = figure(Sample::of(Maker::Vrm1));
    flat.nodes.iter_mut().for_each(|n| n.at.y = 0.0);
    assert!(check_figure(&flat).is_err(), "joints without a height");
}

#[test]
fn what_a_picture_leaves_open_is_cut_out() {
    let mut lace = figure(Sample::of(Maker::Vrm1));
    let whole = build(&lace, 1.7).unwrap_or_else(|e| panic!("{e}")).body.levels[0].mesh.triangles.len();
    lace.paints[0].cutoff = Some(0.5);
    // Blue is not there: half of every box but the head's.
    lace.pictures[0].pixels.iter_mut().filter(|p| p[2] == 200).for_each(|p| p[3] = 0);
    let played = build(&lace, 1.7).unwrap_or_else(|e| panic!("{e}"));
    let level = &played.body.levels[0];
    let at: Vec<f32> = level.mesh.triangles.iter().flatten().map(|i| level.mesh.rest[*i as usize]).filter(|uv| uv.y > 0.5).map(|uv| uv.x).collect();
    assert!(level.mesh.triangles.len() != whole && !at.is_empty(), "it was cut");
    assert!(at.iter().all(|u| *u < 0.52), "nothing is left of what does not cover");
    assert!(at.iter().any(|u| *u > 0.45), "what covers is there up to the edge");
    assert_eq!(level.mesh.positions.len(), level.bones.len(), "every vertex hangs from something");
    assert!(level.weights.iter().all(|w| (w.iter().sum::<f32>() - 1.0).abs() < 1e-4), "weights sum to 1");
}

fn haired(maker: Maker, strands: &[Strand]) -> Figure {
    let (json, bin) = Sample::of(maker).with(strands);
    read(&glb(&json, &bin), &BTreeMap::new()).unwrap_or_else(|e| panic!("{e}"))
}

fn with_figure(figure: Figure) -> Character {
    let company = Company::with(Arc::new(BTreeMap::from([("a".to_owned(), Arc::new(figure))])));
    let model = Some(ModelFile { file: "hero.glb".into(), sha256: "a".into() });
    let role = Role {
        id: "girl".into(),
        kind: RoleKind::Person,
        word: "girl".into(),
        name: None,
        count: 1,
        traits: Traits::default(),
        voice: None,
        model,
        span: None,
    };
    company.character(&role, &Vocabulary::builtin().expect("a good vocabulary"), Seed(4)).unwrap_or_else(|e| panic!("{e}")).output
}

/// The joints of the first chain and of the head in the world, frame by frame.
fn strand(actor: &Character, acted: &crate::Performance) -> Vec<Vec<Vec3>> {
    acted.poses.iter().map(|p| joints_in_world(actor, p)[body::CROWN + 1..].to_vec()).collect()
}

fn runs(actor: &Character, frames: usize) -> crate::Performance {
    let act = Act { motion: "run".into(), from: 12, to: 60, path: vec![Vec3::new(0.0, 0.0, 5.0)], pace: 1.0, ..Act::default() };
    perform(actor, &Script { frames, acts: vec![act], seed: 5, ..Script::default() }, 24.0, &Street)
}

#[test]
fn a_ponytail_of_every_maker_hangs_where_it_was_made() {
    for maker in ALL {
        let actor = with_figure(haired(maker, &[PONYTAIL]));
        let chain = &actor.bones[body::CROWN + 1..];
        assert_eq!(chain.len(), 4, "{maker:?}: four joints swing, and not the end without skin");
        assert!(chain[0].parent == Some(HEAD) && chain[3].parent == Some(body::CROWN + 3), "{maker:?}: a chain from the head on");
        let step = chain[1].rest - chain[0].rest;
        assert!((step.y + 0.11).abs() < 2e-3 && step.z < 0.0, "{maker:?}: down the back: {step}");
        let level = &actor.levels[0];
        let on = |b: &[u16; 4]| usize::from(b[0]) > body::CROWN;
        assert_eq!(level.bones.iter().filter(|b| on(b)).count(), 4 * 8, "{maker:?}: its skin hangs from it");
        let still = perform(&actor, &Script { frames: 30, seed: 5, ..Script::default() }, 24.0, &Street);
        let all = strand(&actor, &still);
        let sway = all.iter().map(|j| (j[3] - j[0]).normalize().dot(Vec3::NEG_Y)).fold(1.0, f32::min);
        assert!(sway > 0.97, "{maker:?}: it hangs down while nobody moves: {sway}");
    }
}

#[test]
fn a_ponytail_lags_while_its_head_goes_and_comes_to_rest() {
    for maker in [Maker::Vrm1, Maker::Vrm0, Maker::Mixamo] {
        let actor = with_figure(haired(maker, &[PONYTAIL]));
        let acted = runs(&actor, 150);
        let all = strand(&actor, &acted);
        // How far the end is behind, of its length.
        let behind = |f: usize| (all[f][0] - all[f][3]).z / all[f][0].distance(all[f][3]);
        let most = (20..60).map(behind).fold(f32::MIN, f32::max);
        assert!(most > 0.3, "{maker:?}: it streams behind who runs: {most}");
        // The middle of a run, so that the rest pose's own way back does not count.
        let mean = (36..56).map(behind).sum::<f32>() / 20.0;
        assert!(mean > behind(0) + 0.15, "{maker:?}: {mean} against {} at rest", behind(0));
        let quick = (13..150).map(|f| (all[f][3] - all[f][0]).angle_between(all[f - 1][3] - all[f - 1][0])).fold(0.0, f32::max);
        assert!(quick < 0.3, "{maker:?}: it does not jerk: {quick} radians a frame");
        let after = (130..150).map(|f| (all[f][3] - all[f][0]).angle_between(all[f - 1][3] - all[f - 1][0])).fold(0.0, f32::max);
        assert!(after < 0.01, "{maker:?}: it comes to rest: {after} radians a frame");
        assert!((behind(149) - behind(0)).abs() < 0.15, "{maker:?}: and hangs as before: {} {}", behind(149), behind(0));
        for (f, joints) in all.iter().enumerate() {
            let long = joints.windows(2).map(|p| p[0].distance(p[1])).fold(0.0, f32::max);
            assert!(long < 0.13, "{maker:?}: no link is stretched in frame {f}: {long} m");
        }
    }
}

#[test]
fn how_a_chain_hangs_does_not_depend_on_where_the_scene_begins() {
    let actor = with_figure(haired(Maker::Vrm1, &[PONYTAIL]));
    let crate::Nature::Human(person) = &actor.nature else { panic!("a person") };
    let whole = runs(&actor, 120);
    assert_eq!(whole, runs(&actor, 120), "the same staging, the same poses");
    let mut later = whole.poses[20..].to_vec();
    later.iter_mut().for_each(|p| p.bones[body::CROWN + 1..].fill(glam::Quat::IDENTITY));
    super::super::swing::swing(&actor, &person.swings, &mut later, 24.0, &|_, _| Vec3::ZERO);
    // A second and a quarter, and the frame in which that began.
    for f in 20 + 32..120 {
        assert_eq!(later[f - 20].bones, whole.poses[f].bones, "frame {f}");
    }
}

#[test]
fn chains_stay_out_of_the_body() {
    let actor = with_figure(haired(Maker::Vrm1, &[PONYTAIL]));
    for motion in ["run", "dance", "jump", "bow", "sit"] {
        let act = Act { motion: motion.into(), from: 4, to: 110, path: vec![Vec3::new(0.0, 0.0, 4.0), Vec3::new(0.0, 0.0, 0.0)], pace: 1.2, ..Act::default() };
        let acted = perform(&actor, &Script { frames: 120, acts: vec![act], seed: 5, ..Script::default() }, 24.0, &Street);
        for (f, pose) in acted.poses.iter().enumerate() {
            let joints = joints_in_world(&actor, pose);
            let skull = joints[body::SKULL];
            let near = joints[body::CROWN + 2..].iter().map(|j| j.distance(skull)).fold(f32::MAX, f32::min);
            assert!(near > 0.09, "{motion}: hair comes {near} m near the middle of the skull in frame {f}");
            let (chest, neck) = (joints[body::CHEST], joints[body::NECK]);
            let along = (neck - chest).normalize();
            let out = joints[body::CROWN + 2..].iter().filter(|j| (0.0..chest.distance(neck)).contains(&(**j - chest).dot(along)));
            let near = out.map(|j| (*j - chest).reject_from(along).length()).fold(f32::MAX, f32::min);
            assert!(near > 0.07, "{motion}: hair comes {near} m near the middle of the chest in frame {f}");
        }
    }
}

#[test]
fn what_swings_is_bounded_and_told_by_springs_or_names() {
    let strands: Vec<Strand> = (0..32).map(|k| Strand { at: [0.004 * k as f32 - 0.06, 1.62, -0.12], links: 4 + k % 2, ..PONYTAIL }).collect();
    let actor = with_figure(haired(Maker::Vrm1, &strands));
    assert_eq!(actor.bones.len(), body::CROWN + 1 + super::chains::MOST_LINKS, "no more than that");
    let skirt = Strand { name: "Skirt", over: "hips", at: [0.0, 0.93, 0.12], step: [0.0, -0.12, 0.01], ..PONYTAIL };
    let tail = Strand { name: "Tail", over: "hips", at: [0.0, 0.93, -0.12], step: [0.0, -0.1, -0.03], ..PONYTAIL };
    let ears = Strand { name: "Ear", over: "head", at: [0.08, 1.6, 0.0], step: [0.02, 0.0, 0.0], links: 1, thick: 0.01 };
    let scalp = Strand { name: "Hair", over: "head", at: [0.0, 1.7, 0.0], step: [0.0, 0.02, 0.0], links: 0, thick: 0.05 };
    for maker in [Maker::Vrm0, Maker::Mixamo] {
        let count = |strand: Strand| with_figure(haired(maker, &[strand])).bones.len() - body::CROWN - 1;
        assert_eq!((count(skirt), count(tail)), (4, 4), "{maker:?}");
    }
    let count = |strand: Strand| with_figure(haired(Maker::Mixamo, &[strand])).bones.len() - body::CROWN - 1;
    assert_eq!((count(ears), count(scalp), count(PONYTAIL)), (0, 0, 4), "human ears and a scalp do not swing");
    assert_eq!(count(Strand { name: "Ear", at: [0.05, 1.7, 0.0], step: [0.0, 0.08, 0.0], links: 2, ..PONYTAIL }), 2, "a rabbit's ears do");
    assert_eq!(count(Strand { name: "Jewel", ..PONYTAIL }), 0, "names that say nothing");
}

/// What a figure swings has collided with: a ball in the file's world on a node of the body.
fn beside(figure: &mut Figure, bone: &str, at: Vec3, radius: f32) {
    figure.colliders.push(kinora_gltf::Collider { node: figure.humanoid[bone], ends: [at; 2], radius });
    let number = figure.colliders.len() - 1;
    figure.springs.iter_mut().for_each(|s| s.hits.push(number));
}

#[test]
fn hair_stays_out_of_the_colliders_of_its_file() {
    // A rucksack behind the back, into which the hair of who runs would stream.
    let at = Vec3::new(0.0, 1.34, -0.33);
    let nearest = |worn: bool| {
        let mut figure = haired(Maker::Vrm1, &[PONYTAIL]);
        if worn {
            beside(&mut figure, "chest", at, 0.15);
        }
        let actor = with_figure(figure);
        let from = actor.bones[body::CHEST].rest;
        runs(&actor, 60).poses.iter().map(|p| joints_in_world_with_turns(&actor, p)).fold(f32::MAX, |m, (joints, turns)| {
            let ball = joints[body::CHEST] + turns[body::CHEST] * (at - from);
            joints[body::CROWN + 2..].iter().map(|j| j.distance(ball)).fold(m, f32::min)
        })
    };
    let (bare, worn) = (nearest(false), nearest(true));
    assert!(bare < 0.14, "without it, it goes there: {bare} m");
    // Making way takes a moment, so it may come in by a little.
    assert!(worn > 0.15, "it stays out of 0.15 m and its own thickness: {worn} m");
}

fn joints_in_world_with_turns(actor: &Character, pose: &crate::BodyPose) -> (Vec<Vec3>, Vec<glam::Quat>) {
    let joints = crate::skeleton::joints(&actor.bones, &pose.bones, pose.hips);
    (joints_in_world(actor, pose), joints.iter().map(|j| pose.turn * j.turn).collect())
}

/// Chains of four about the hips: before, behind, to the sides, and between.
fn skirted(maker: Maker) -> Character {
    let strand = |k: usize| {
        let around = glam::Vec2::from_angle(k as f32 * std::f32::consts::TAU / 8.0);
        let (x, z) = (around.y, around.x);
        Strand { name: "Skirt", over: "hips", at: [0.15 * x, 0.98, 0.12 * z], step: [0.03 * x, -0.15, 0.03 * z], links: 4, thick: 0.015 }
    };
    with_figure(haired(maker, &(0..8).map(strand).collect::<Vec<_>>()))
}

/// The joints of the eight chains, four each, in the world.
fn hem(actor: &Character, pose: &crate::BodyPose) -> Vec<Vec3> {
    joints_in_world(actor, pose)[body::CROWN + 1..].to_vec()
}

/// The first joint, of those that swing, of the chain that reaches farthest one way.
fn chain(actor: &Character, way: impl Fn(Vec3) -> f32) -> usize {
    let far = |c: usize| way(actor.bones[body::CROWN + 4 + 4 * c].rest);
    (0..8).max_by(|a, b| far(*a).total_cmp(&far(*b))).map_or(0, |c| 4 * c)
}

#[test]
fn skirts_go_with_the_legs_and_stay_about_them() {
    for maker in [Maker::Vrm1, Maker::Vrm0, Maker::Mixamo] {
        let actor = skirted(maker);
        assert_eq!(actor.bones.len(), body::CROWN + 1 + 32, "{maker:?}: all of it swings");
        let at_rest: Vec<Vec3> = actor.bones[body::CROWN + 1..].iter().map(|b| b.rest).collect();
        let still = perform(&actor, &Script { frames: 30, seed: 5, ..Script::default() }, 24.0, &Street);
        let off = hem(&actor, &still.poses[20]).iter().zip(&at_rest).map(|(a, b)| a.y - b.y).fold(0.0, |m: f32, d| m.max(d.abs()));
        assert!(off < 0.06, "{maker:?}: it hangs as it was made while nobody moves: {off} m");
        for motion in ["walk", "run", "dance"] {
            let act = Act { motion: motion.into(), from: 4, to: 90, path: vec![Vec3::new(0.0, 0.0, 5.0)], pace: 1.0, ..Act::default() };
            let acted = perform(&actor, &Script { frames: 96, acts: vec![act], seed: 5, ..Script::default() }, 24.0, &Street);
            let mut before: Option<Vec<Vec3>> = None;
            for (f, pose) in acted.poses.iter().enumerate() {
                let (all, joints) = (hem(&actor, pose), joints_in_world(&actor, pose));
                for side in THIGHS {
                    let (hip, knee) = (joints[side], joints[side + leg::SHIN]);
                    let along = (knee - hip).normalize();
                    let near = all.iter().filter(|j| (0.05..0.36).contains(&(**j - hip).dot(along))).map(|j| (*j - hip).reject_from(along).length());
                    let near = near.fold(f32::MAX, f32::min);
                    assert!(near > 0.045, "{maker:?} {motion}: cloth comes {near} m near the bone of a thigh in frame {f}");
                }
                let root = |pose: &crate::BodyPose| pose.root + pose.hips;
                let own: Vec<Vec3> = all.iter().map(|j| *j - root(pose)).collect();
                let quick = before.iter().flat_map(|b| b.iter().zip(&own)).map(|(a, b)| a.distance(*b)).fold(0.0, f32::max);
                assert!(quick < 0.3, "{maker:?} {motion}: nothing jumps: {quick} m in frame {f}");
                before = Some(own);
            }
        }
    }
}

#[test]
fn arms_over_a_skirt_are_whole() {
    for maker in [Maker::Vrm1, Maker::Vrm0, Maker::Mixamo] {
        let actor = skirted(maker);
        let level = &actor.levels[0];
        for motion in ["stand", "walk", "wave"] {
            let act = Act { motion: motion.into(), from: 4, to: 60, pace: 1.0, ..Act::default() };
            let acted = perform(&actor, &Script { frames: 60, acts: vec![act], seed: 5, ..Script::default() }, 24.0, &Street);
            let drawn = crate::pose(&actor, 0, &[], &acted.poses[40], &acted.poses[40]).positions;
            let long = |at: &[Vec3], t: &[u32; 3], k: usize| at[t[k] as usize].distance(at[t[(k + 1) % 3] as usize]);
            let mut worst = 0.0_f32;
            for t in &level.mesh.triangles {
                for k in 0..3 {
                    worst = worst.max(long(&drawn, t, k) / actor.scale - long(&level.mesh.positions, t, k));
                }
            }
            assert!(worst < 0.12, "{maker:?} {motion}: an edge is {worst} m longer than it was made");
        }
    }
}

#[test]
fn a_skirt_lies_on_the_lap_and_falls_from_the_knees_of_who_sits() {
    let actor = skirted(Maker::Vrm1);
    let act = Act { motion: "sit".into(), from: 0, to: 96, seat: Some(Vec3::new(0.0, 0.45, 0.0)), ..Act::default() };
    let acted = perform(&actor, &Script { frames: 96, acts: vec![act], seed: 5, ..Script::default() }, 24.0, &Street);
    let pose = &acted.poses[80];
    let (all, joints) = (hem(&actor, pose), joints_in_world(&actor, pose));
    let front = &all[chain(&actor, |r| r.z)..][..4];
    let hips = joints[HIPS];
    assert!(front[2].z - hips.z > 0.15 && front[2].y > joints[THIGHS[0]].y - 0.12, "it lies on the lap: {front:?}, hips at {hips}");
    let back = &all[chain(&actor, |r| -r.z)..][..4];
    assert!(back[3].y < hips.y + 0.02, "what is behind hangs or lies: {back:?}");
}

#[test]
fn hair_and_skirts_of_a_figure_lean_with_the_wind_and_beat_in_it() {
    let ponytail = with_figure(haired(Maker::Vrm1, &[PONYTAIL]));
    let skirt = skirted(Maker::Vrm1);
    for (actor, first) in [(&ponytail, body::CROWN + 1), (&skirt, body::CROWN + 1 + chain(&skirt, |r| r.z))] {
        let tip = |wind: Vec3| -> Vec<Vec3> {
            let acted = perform(actor, &Script { frames: 96, seed: 5, ..Script::default() }, 24.0, &Wind(wind));
            acted.poses.iter().map(|p| joints_in_world(actor, p)).map(|j| j[first + 3] - j[first]).collect()
        };
        let still = tip(Vec3::ZERO);
        for side in [1.0, -1.0] {
            let blown = tip(Vec3::X * (4.0 * side));
            let lean = blown[40..].iter().zip(&still[40..]).map(|(a, b)| (a.x - b.x) * side).sum::<f32>() / 56.0;
            assert!(lean > 0.02, "it leans with the wind: {lean} m");
            let beat = blown[40..].windows(2).map(|w| w[0].distance(w[1])).sum::<f32>() / 55.0;
            let calm = still[40..].windows(2).map(|w| w[0].distance(w[1])).sum::<f32>() / 55.0;
            assert!(beat > 1.5 * calm + 2e-4 && beat < 0.03, "it beats, and does not shake: {beat} m a frame, {calm} in still air");
        }
    }
}
