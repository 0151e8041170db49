//! What must hold for every animal: sound skins, paws that stay put, motion without breaks, no chance.

use crate::{Act, Anatomy, Character, Nature, Performance, Script, Surroundings, character, perform, pose, world_from_object};
use glam::Vec3;
use kinora_base::Seed;
use kinora_plan::{Role, RoleKind, Traits};
use kinora_vocabulary::{Kind, Vocabulary};

pub(super) struct Flat;

impl Surroundings for Flat {
    fn gaze(&self, frame: usize) -> Option<Vec3> {
        (frame > 20).then_some(Vec3::new(2.0, 1.0, 3.0))
    }
}

pub(super) fn animal(vocabulary: &Vocabulary, word: &str) -> Character {
    let role = Role {
        id: word.to_owned(),
        kind: RoleKind::Creature,
        word: word.to_owned(),
        name: None,
        count: 1,
        traits: Traits::default(),
        voice: None,
        model: None,
        span: None,
    };
    character(&role, vocabulary, Seed(1)).expect(word).output
}

fn all(vocabulary: &Vocabulary) -> Vec<(String, Character)> {
    vocabulary.of(Kind::Creature).map(|a| (a.id.clone(), animal(vocabulary, &a.id))).collect()
}

pub(super) fn act(motion: &str, from: usize, to: usize, path: Vec<Vec3>) -> Act {
    Act { motion: motion.to_owned(), from, to, path, pace: 1.0, ..Act::default() }
}

fn doing(c: &Character, motion: &str) -> Performance {
    let air = if motion == "fly" { 1.5 } else { 0.0 };
    let path = if matches!(motion, "walk" | "run" | "fly" | "swim") { vec![Vec3::new(0.5, air, 4.0), Vec3::new(3.0, air, 7.0)] } else { Vec::new() };
    let script = Script { start: Vec3::Y * air, frames: 120, acts: vec![act(motion, 10, 90, path)], seed: 5, ..Script::default() };
    perform(c, &script, 30.0, &Flat)
}

const MOTIONS: [&str; 19] =
    ["lie", "sleep", "eat", "drink", "cheer", "stand", "walk", "run", "sit", "jump", "swim", "fly", "turn", "stop", "talk", "wave", "dance", "read", "look"];

#[test]
fn skins_are_sound_and_small_enough() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for (name, c) in all(&vocabulary) {
        assert!(c.levels[0].mesh.triangles.len() <= 50_000, "{name}: {} triangles", c.levels[0].mesh.triangles.len());
        for level in &c.levels {
            let count = level.mesh.positions.len();
            assert_eq!((count, count, count, count), (level.bones.len(), level.weights.len(), level.mesh.rest.len(), level.mesh.normals.len()), "{name}");
            for (weights, bones) in level.weights.iter().zip(level.bones.iter()) {
                assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{name}: {weights:?}");
                assert!(bones.iter().all(|b| usize::from(*b) < c.bones.len()), "{name}: {bones:?}");
            }
        }
    }
}

#[test]
fn every_motion_of_every_animal_is_finite_and_the_same_twice() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for (name, c) in all(&vocabulary) {
        for motion in MOTIONS {
            let acted = doing(&c, motion);
            assert_eq!(acted.poses.len(), 120, "{name} {motion}");
            for (i, p) in acted.poses.iter().enumerate() {
                assert!(p.root.is_finite() && p.hips.is_finite() && p.bones.iter().all(|b| b.is_finite()), "{name} {motion}, frame {i}");
                assert!(p.landmarks.eyes.is_finite() && p.landmarks.facing.is_finite(), "{name} {motion}, frame {i}");
            }
            assert!(acted == doing(&c, motion), "{name} {motion} differs when it is done again");
        }
        let last = &doing(&c, "run").poses;
        let skinned = pose(&c, 2, &[], &last[60], &last[59]);
        assert!(skinned.positions.iter().all(|p| world_from_object(&c, &last[60]).transform_point3(*p).is_finite()), "{name}");
    }
}

/// Heights and places of the paws' joints, from the landmarks.
#[test]
fn planted_paws_do_not_slide() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let mut slides = Vec::new();
    for (name, c) in all(&vocabulary).into_iter().filter(|(_, c)| c.anatomy == Anatomy::Quadruped) {
        let low = c.bones.iter().find(|b| b.name == "l_hind4").expect("a paw").rest.y * c.scale;
        for motion in ["stand", "walk", "run", "turn", "stop", "sit"] {
            let acted = doing(&c, motion);
            let (mut worst, mut planted) = (0.0_f32, 0);
            for pair in acted.poses.windows(2) {
                for (a, b) in paws(&pair[0]).into_iter().zip(paws(&pair[1])) {
                    if a.y < low + 5e-4 && b.y < low + 5e-4 {
                        worst = worst.max(a.distance(b));
                        planted += 1;
                    }
                }
            }
            assert!(planted > 60, "{name} {motion}: paws are hardly ever on the ground: {planted}");
            if worst >= 0.005 {
                slides.push(format!("{name} {motion}: a planted paw slides {:.1} mm", worst * 1000.0));
            }
        }
    }
    assert!(slides.is_empty(), "{}", slides.join("\n"));
}

fn paws(p: &crate::BodyPose) -> [Vec3; 4] {
    [p.landmarks.hands[0], p.landmarks.hands[1], p.landmarks.feet[0], p.landmarks.feet[1]]
}

#[test]
fn steps_are_heard() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let heard = |word: &str, motion: &str| doing(&animal(&vocabulary, word), motion).noises;
    assert!(heard("fox", "walk").iter().filter(|n| n.sound == "paw").count() > 8);
    assert!(heard("horse", "walk").iter().any(|n| n.sound == "hoof"));
    assert!(heard("bird", "fly").iter().any(|n| n.sound == "wing"));
    assert_eq!(heard("dog", "jump").iter().filter(|n| n.sound == "paw").count(), 4, "four paws land");
}

#[test]
fn every_animal_has_a_call_and_opens_its_mouth_for_it() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for (name, c) in all(&vocabulary) {
        let Nature::Creature(nature) = &c.nature else { panic!("{name} is no animal") };
        let voice = &nature.voice;
        assert!(vocabulary.get(Kind::Sound, &voice.call).is_some(), "{name}: no sound is called \"{}\"", voice.call);
        let acted = doing(&c, "give-voice");
        let calls: Vec<_> = acted.noises.iter().filter(|n| n.sound == voice.call).collect();
        assert!(!calls.is_empty(), "{name} is told to call and is not heard");
        let jaw = c.bones.iter().position(|b| b.name == "jaw").unwrap_or_else(|| panic!("{name} has no jaw"));
        let open = |frame: usize| acted.poses[frame.min(acted.poses.len() - 1)].bones[jaw].to_axis_angle().1;
        for call in calls.iter().filter(|_| voice.jaw > 0.0) {
            let at = |seconds: f32| (call.frame + seconds * 30.0) as usize;
            let widest = (at(0.0)..=at(voice.seconds)).map(open).fold(0.0, f32::max);
            assert!(widest > 0.4 * voice.jaw * nature.habits.gape, "{name}: the jaw opens by {widest} only while it calls");
        }
        assert!(open(5) < 0.01, "{name}: the jaw is shut before");
    }
}

#[test]
fn whoever_howls_is_heard_to_howl() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let noises = doing(&animal(&vocabulary, "dog"), "howl").noises;
    assert!(noises.iter().any(|n| n.sound == "howl") && noises.iter().all(|n| n.sound != "bark"), "{noises:?}");
}

#[test]
fn jaws_move_in_syllables_and_shut_again() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for (name, c) in all(&vocabulary) {
        let jaw = c.bones.iter().position(|b| b.name == "jaw").unwrap_or_else(|| panic!("{name} has no jaw"));
        let open: Vec<f32> = doing(&c, "talk").poses.iter().map(|p| p.bones[jaw].to_axis_angle().1).collect();
        let widest = open.iter().copied().fold(0.0, f32::max);
        let syllables = open.windows(2).filter(|w| w[0] < 0.3 * widest && w[1] >= 0.3 * widest).count();
        assert!(widest > 0.15, "{name}: the jaw hardly opens: {widest}");
        assert!((5..=14).contains(&syllables), "{name}: {syllables} syllables in under three seconds");
        assert!(open[100] < 0.01 && open[5] < 0.01, "{name}: the jaw is shut before and after");
    }
}

#[test]
fn who_waves_raises_the_right_paw_and_stands_on_the_others() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for (name, c) in all(&vocabulary).into_iter().filter(|(_, c)| c.anatomy == Anatomy::Quadruped) {
        let acted = doing(&c, "wave");
        let shoulder = c.bones.iter().find(|b| b.name == "r_fore1").expect("a shoulder").rest.y * c.scale;
        let [left, right, hind, _] = paws(&acted.poses[55]);
        assert!(right.y > 0.75 * shoulder, "{name}: the paw is only {:.2} m up", right.y);
        assert!(left.y < 0.2 * shoulder && hind.y < 0.2 * shoulder, "{name} stands on the others");
        let across: Vec<f32> = acted.poses[40..75].iter().map(|p| paws(p)[1].x).collect();
        let swing = across.iter().copied().fold(f32::MIN, f32::max) - across.iter().copied().fold(f32::MAX, f32::min);
        assert!(swing > 0.15 * shoulder, "{name}: the paw swings only {swing:.2} m");
    }
}

#[test]
fn habits_show() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let bone = |c: &Character, name: &str| c.bones.iter().position(|b| b.name == name).expect("a joint");
    let most = |c: &Character, motion: &str, joint: &str, of: &dyn Fn(Vec3) -> f32| {
        let joint = bone(c, joint);
        doing(c, motion).poses.iter().map(|p| of(p.bones[joint] * Vec3::X)).fold(f32::MIN, f32::max)
    };
    let penguin = animal(&vocabulary, "penguin");
    assert!(most(&penguin, "walk", "hips", &|x| x.y.abs()) > 0.08, "a penguin waddles");
    assert!(most(&penguin, "stand", "l_wing1", &|x| x.y) < -0.8, "its flippers hang down");
    let dragon = animal(&vocabulary, "dragon");
    assert!(most(&dragon, "stand", "l_wing1", &|x| -x.y) < 0.0, "a dragon's wings are held high");
    let whale = animal(&vocabulary, "whale");
    let lowest = doing(&whale, "stand").poses.iter().map(|p| p.root.y).fold(f32::MAX, f32::min);
    assert!(lowest > -0.01, "a whale on land lies on the ground, not {lowest} m in it");
    assert!(most(&whale, "swim", "tail2", &|x| x.z.abs()) < 0.01, "its flukes beat up and down, not to the sides");
}

#[test]
fn who_grazes_brings_the_mouth_to_the_ground_and_who_sleeps_lies_with_shut_eyes() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for (name, c) in all(&vocabulary).into_iter().filter(|(_, c)| c.anatomy == Anatomy::Quadruped) {
        let stood = &doing(&c, "stand").poses[60];
        let grazed = &doing(&c, "eat").poses[60];
        let (before, after) = (stood.landmarks.mouth.y, grazed.landmarks.mouth.y);
        assert!(after < 0.5 * before && after > -0.02, "{name}: the mouth is {after:.2} m up, and {before:.2} m when it stands");
        let slept = &doing(&c, "sleep").poses[85];
        assert!(slept.face.blink > 0.95, "{name} sleeps with open eyes");
        let skinned = pose(&c, 2, &[], slept, slept);
        let world = world_from_object(&c, slept);
        let low = skinned.positions.iter().map(|p| world.transform_point3(*p).y).fold(f32::MAX, f32::min);
        assert!(low > -0.12 * c.height - 0.02, "{name} sinks {:.0} mm into the ground", -low * 1000.0);
        assert!(slept.landmarks.hips.y <= stood.landmarks.hips.y, "{name} lies down");
    }
}
