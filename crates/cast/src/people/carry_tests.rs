//! Who carries holds whom they carry, and nobody is inside anybody, whatever their sizes.

use super::carry::{WAYS, Way, carry, deepest, is_arm, skin};
use super::tests::{FPS, Flat, cast};
use crate::{Act, BodyPose, Character, Script, character, perform};
use glam::Vec3;
use kinora_base::Seed;
use kinora_plan::{RelationKind, Role, RoleKind, Traits};
use kinora_vocabulary::Vocabulary;

/// How deep one may be in the other, and how far from the other a palm may be, metres.
const INSIDE: f32 = 0.067;
const TOUCHES: f32 = 0.065;

fn built(word: &str, kind: RoleKind, build: Option<&str>) -> Character {
    let traits = Traits { build: build.map(str::to_owned), ..Traits::default() };
    let role = Role { id: word.into(), kind, word: word.into(), name: None, count: 1, traits, voice: None, model: None, span: None };
    character(&role, &Vocabulary::builtin().expect("a good vocabulary"), Seed(4)).expect("a body of the vocabulary").output
}

fn acted(body: &Character, motion: &str, path: Vec<Vec3>) -> Vec<BodyPose> {
    let act = |motion: &str, path: Vec<Vec3>| Act { motion: motion.into(), from: 0, to: 60, path, pace: 1.0, ..Act::default() };
    let mut acts = vec![act(motion, Vec::new())];
    if !path.is_empty() {
        acts.push(act("walk", path));
    }
    perform(body, &Script { frames: 60, acts, seed: 3, ..Script::default() }, FPS, &Flat).poses
}

/// Both bodies at every frame, who carries walking.
fn carried(way: Way, a: &Character, b: &Character) -> (Vec<BodyPose>, Vec<BodyPose>) {
    let motion = if b.anatomy == crate::Anatomy::Human { way.carried } else { way.animal };
    let (mut holding, mut held) = (acted(a, way.carrier, vec![Vec3::new(0.0, 0.0, 2.5)]), acted(b, motion, Vec::new()));
    carry(way.relation, (a, &mut holding), (b, &mut held), (FPS, &|_| 0.0));
    (holding, held)
}

fn way(relation: RelationKind) -> Way {
    Way::of(relation).expect("a way")
}

/// Everybody who is carried by somebody in some way.
fn pairs() -> Vec<(&'static str, Way, Character, Character)> {
    let [woman, man, girl, boy, baby] = ["woman", "man", "girl", "boy", "baby"].map(cast);
    let heavy = built("man", RoleKind::Person, Some("heavy"));
    let cat = built("cat", RoleKind::Creature, None);
    let [arms, on_arm, back, shoulders] = WAYS.map(|w| w.relation).map(way);
    vec![
        ("a woman, a baby", arms, woman.clone(), baby.clone()),
        ("a man, a baby", arms, man.clone(), baby.clone()),
        ("a heavy man, a baby", arms, heavy.clone(), baby.clone()),
        ("a girl, a baby", arms, girl.clone(), baby.clone()),
        ("a man, a woman", arms, man.clone(), woman.clone()),
        ("a woman, a girl", arms, woman.clone(), girl.clone()),
        ("a woman, a baby on the arm", on_arm, woman.clone(), baby.clone()),
        ("a man, a baby on the arm", on_arm, man.clone(), baby),
        ("a girl, a cat", on_arm, girl.clone(), cat.clone()),
        ("a heavy man, a cat", on_arm, heavy.clone(), cat),
        ("a boy, a girl on the back", back, boy.clone(), girl.clone()),
        ("a man, a girl on the back", back, man.clone(), girl),
        ("a man, a woman on the back", back, man.clone(), woman),
        ("a man, a boy on the shoulders", shoulders, man, boy.clone()),
        ("a heavy man, a boy on the shoulders", shoulders, heavy, boy),
    ]
}

#[test]
fn hands_hold_and_nobody_is_inside_anybody() {
    let mut wrong = Vec::new();
    for (name, way, a, b) in pairs() {
        let (holding, held) = carried(way, &a, &b);
        for frame in [0, 22, 45] {
            let (carrier, other) = (skin(&a, &holding[frame]), skin(&b, &held[frame]));
            let human = b.anatomy == crate::Anatomy::Human;
            let trunk: Vec<_> = carrier.iter().filter(|d| !is_arm(d.bone)).step_by(2).copied().collect();
            let points: Vec<Vec3> = other.iter().filter(|d| !(human && is_arm(d.bone))).step_by(31).map(|d| d.at).collect();
            let deep = deepest(&points, &trunk);
            if deep > INSIDE {
                wrong.push(format!("{name}, frame {frame}: {:.0} mm inside", deep * 1000.0));
            }
            let surface: Vec<_> = other.iter().filter(|d| !(human && is_arm(d.bone))).copied().collect();
            for side in 0..2 {
                let palm = holding[frame].landmarks.hands[side];
                let off = surface.iter().map(|d| d.at.distance(palm)).fold(f32::INFINITY, f32::min);
                if off > TOUCHES {
                    wrong.push(format!("{name}, frame {frame}: hand {side} is {:.0} mm off", off * 1000.0));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_is_carried_goes_along() {
    let (a, b) = (cast("woman"), cast("baby"));
    let (holding, held) = carried(way(RelationKind::InArms), &a, &b);
    let gone = |poses: &[BodyPose]| poses[59].landmarks.hips - poses[5].landmarks.hips;
    assert!(gone(&holding).length() > 1.0 && gone(&held).distance(gone(&holding)) < 0.15, "{} and {}", gone(&holding), gone(&held));
    for (mother, child) in holding.iter().zip(&held) {
        assert!(child.landmarks.hips.y > 0.4 * a.height && child.landmarks.eyes.y < mother.landmarks.eyes.y, "before the chest, under the eyes");
    }
}

#[test]
fn the_heavier_lean_who_carries_back() {
    let (a, lean) = (cast("man"), |b: &Character| {
        let (holding, _) = carried(way(RelationKind::InArms), &cast("man"), b);
        let l = &holding[30].landmarks;
        (l.chest - l.hips).normalize().dot(holding[30].turn * Vec3::Z)
    });
    let (baby, woman) = (lean(&cast("baby")), lean(&cast("woman")));
    assert!(woman < baby - 0.02, "{} with a baby, {} with a woman of {} kg against {}", baby, woman, cast("woman").mass, a.mass);
}
