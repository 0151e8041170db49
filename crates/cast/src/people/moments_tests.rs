//! Every motion names the moment at which it is recognised, and comes to it.

use super::gear_tests::Flat;
use super::keyed::Keyed;
use crate::motions::{FASTEST, Facts, Repertoire};
use crate::travel::LEAD_IN;
use crate::{Act, Character, Performance, Script, character, perform};
use glam::Vec3;
use kinora_base::Seed;
use kinora_plan::{Role, RoleKind, Traits};
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;

/// What the director reads of a motion's length: the least and the usual time.
#[derive(Clone, Deserialize)]
struct Grammar {
    #[serde(default = "usual")]
    seconds: (f32, f32),
}

fn usual() -> (f32, f32) {
    (1.0, 1.6)
}

/// What nobody does: things burn, vehicles drive and lie at anchor.
const OF_THINGS: [&str; 3] = ["burn", "drive", "float"];

fn woman() -> Character {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let word = "woman".to_owned();
    let role = Role { id: word.clone(), kind: RoleKind::Person, word, name: None, count: 1, traits: Traits::default(), voice: None, model: None, span: None };
    character(&role, &vocabulary, Seed(4)).expect("a person").output
}

/// Ten seconds of one act.
fn acted(actor: &Character, motion: &str, from: usize, pace: f32, fps: f32) -> Performance {
    let frames = (10.0 * fps) as usize;
    let path = if actor.motions.of(motion).travels { vec![Vec3::new(0.0, 0.0, 30.0)] } else { Vec::new() };
    let act = Act { motion: motion.into(), from, to: frames, pace, path, ..Act::default() };
    perform(actor, &Script { frames, acts: vec![act], seed: 3, ..Script::default() }, fps, &Flat)
}

fn frames(performance: &Performance) -> Vec<usize> {
    performance.moments.iter().map(|m| m.frame).collect()
}

#[test]
fn every_motion_names_its_moment() {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let all = Repertoire::read(&vocabulary).expect("good files");
    for motion in vocabulary.of(Kind::Motion) {
        let (id, facts) = (&motion.id, all.of(&motion.id));
        let moment = facts.moment.unwrap_or_else(|| panic!("{id} does not name the moment at which it is recognised: `moment` of its facts"));
        let grammar: Grammar = motion.section("grammar").expect("a good section").expect("a grammar");
        let keyed: Keyed = motion.section("person").expect("a good section").unwrap_or_default();
        let (from, to) = match keyed.repeat {
            _ if facts.strides() => (0.0, 1.0),
            Some((from, to)) => (from, to - 1e-3),
            None if keyed.keys.len() > 1 => (0.0, keyed.keys.last().map_or(0.0, |k| k.at)),
            None => (0.0, grammar.seconds.1),
        };
        assert!((from..=to).contains(&moment), "{id}: its moment, {moment} s, lies in {from} to {to} s");
        if facts.once {
            let least = moment / FASTEST + 0.1;
            assert!(least <= grammar.seconds.0, "{id}: its moment is seen in the least time that it may have: {least:.2} s of {:.2}", grammar.seconds.0);
        }
    }
}

#[test]
fn everybody_comes_to_the_moment_of_every_motion() {
    let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
    let actor = woman();
    for motion in vocabulary.of(Kind::Motion).filter(|m| !OF_THINGS.contains(&m.id.as_str())) {
        for from in [0, 6] {
            let moments = acted(&actor, &motion.id, from, 1.0, 12.0).moments;
            assert!(!moments.is_empty(), "{}: nobody sees it, begun at frame {from}", motion.id);
            assert!(moments.iter().all(|m| m.motion == motion.id && m.frame >= from), "{}: {moments:?}", motion.id);
        }
    }
}

#[test]
fn moments_come_at_the_pace_of_the_act() {
    let actor = woman();
    let after = |facts: &Facts, pace: f32| (facts.moment.expect("a moment") / pace * 24.0).round() as usize;
    let throw = actor.motions.of("throw");
    for pace in [0.7, 1.0, 1.35] {
        let seen = frames(&acted(&actor, "throw", 24, pace, 24.0));
        assert_eq!(seen, [24 + after(&throw, pace)], "a throw at a pace of {pace}");
    }
    let begun = frames(&acted(&actor, "throw", 0, 1.0, 24.0));
    assert_eq!(begun, [(LEAD_IN * 24.0) as usize + after(&throw, 1.0)], "what happens once waits until it is seen");
    let claps = frames(&acted(&actor, "clap", 24, 1.0, 24.0));
    assert!(claps.len() > 20 && claps.windows(2).all(|c| (8..=9).contains(&(c[1] - c[0]))), "one a round: {claps:?}");
    let knelt = frames(&acted(&actor, "kneel", 0, 1.0, 24.0));
    assert_eq!(knelt, [(LEAD_IN * 24.0) as usize], "who has knelt down is seen so from the beginning");
}

/// Where a walk names the widest step, feet are farther apart than a quarter of a stride later.
#[test]
fn strides_have_their_moment_in_every_round() {
    let actor = woman();
    let walk = acted(&actor, "walk", 0, 1.0, 24.0);
    let seen = frames(&walk);
    assert!(seen.len() >= 4, "one a stride: {seen:?}");
    let apart = |frame: usize| {
        let [a, b] = walk.poses[frame].landmarks.feet;
        (a.z - b.z).abs()
    };
    for pair in seen.windows(2).filter(|p| p[1] < walk.poses.len()) {
        let between = pair[0] + (pair[1] - pair[0]) / 4;
        assert!(apart(pair[0]) > apart(between) + 0.2, "frames {} and {between}: {:.2} and {:.2} m", pair[0], apart(pair[0]), apart(between));
    }
}
