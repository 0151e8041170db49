//! Animals that set off, change gait and stop: no joint may jump against the body, and no planted paw may slide.

use super::perform::Stage;
use super::tests::{Flat, act, animal};
use crate::{Character, Nature, Performance, Script, perform, skeleton, travel};
use glam::Vec3;
use kinora_vocabulary::Vocabulary;

/// Acts with the second at which each begins; the last one ends the film.
type Story = &'static [(&'static str, f32)];

const STORIES: [(&str, Story); 5] = [
    ("stand, walk, run, stop", &[("stand", 0.0), ("walk", 1.0), ("run", 3.0), ("stop", 5.0), ("", 7.5)]),
    ("stand, run, walk, stop", &[("stand", 0.0), ("run", 1.0), ("walk", 3.0), ("stop", 5.0), ("", 7.5)]),
    ("walk to a place", &[("stand", 0.0), ("walk 2.5", 0.7), ("stand", 5.0), ("", 6.0)]),
    ("run out of the film", &[("stand", 0.0), ("walk", 0.5), ("run", 2.0), ("", 4.0)]),
    ("run to a place", &[("stand", 0.0), ("run 5", 0.7), ("stand", 5.0), ("", 6.0)]),
];

/// Stories in which paws leave the ground for other reasons than to step.
const ACTS: [(&str, Story); 4] = [
    ("graze, sleep, rise and walk", &[("eat", 0.0), ("drink", 1.5), ("sleep", 3.0), ("walk", 6.0), ("", 8.0)]),
    ("walk, sit, rise and run", &[("walk", 0.0), ("sit", 1.5), ("run", 4.0), ("", 6.0)]),
    ("jump and turn", &[("stand", 0.0), ("jump", 0.5), ("turn", 2.5), ("run", 4.0), ("", 6.0)]),
    ("wave and dance", &[("stand", 0.0), ("wave", 0.5), ("dance", 2.5), ("walk", 5.0), ("", 7.0)]),
];

fn script(story: Story, fps: f32) -> Script {
    let frame = |seconds: f32| (seconds * fps) as usize;
    let acts = story.windows(2).map(|pair| {
        let (motion, far) = pair[0].0.split_once(' ').unwrap_or((pair[0].0, "60"));
        let path = if matches!(motion, "walk" | "run") { vec![Vec3::new(0.0, 0.0, far.parse().expect("metres"))] } else { Vec::new() };
        act(motion, frame(pair[0].1), frame(pair[1].1), path)
    });
    Script { acts: acts.collect(), frames: frame(story[story.len() - 1].1), seed: 5, ..Script::default() }
}

/// Every joint against the body, metres, at each frame.
fn joints(c: &Character, acted: &Performance) -> Vec<Vec<Vec3>> {
    acted.poses.iter().map(|p| skeleton::joints(&c.bones, &p.bones, p.hips).iter().map(|j| j.at * c.scale).collect()).collect()
}

/// The worst of a measure over frames and joints, with joint and frame.
fn worst(c: &Character, all: &[Vec<Vec3>], legs: bool, of: &dyn Fn(&[Vec<Vec3>], usize) -> f32, span: usize) -> (f32, String) {
    let mut most = (0.0, String::new());
    for (i, frames) in all.windows(span).enumerate() {
        for (k, bone) in c.bones.iter().enumerate() {
            let leg = ["fore2", "fore3", "fore4", "hind2", "hind3", "hind4"].iter().any(|l| bone.name.ends_with(l));
            let value = of(frames, k);
            if leg == legs && value > most.0 {
                most = (value, format!("{} at frame {i}", bone.name));
            }
        }
    }
    most
}

#[test]
fn joints_never_jump_against_the_body() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    for name in ["fox", "dog", "horse"] {
        let c = animal(&vocabulary, name);
        for (story, acts) in STORIES.into_iter().chain(ACTS) {
            for fps in [30.0, 60.0] {
                let all = joints(&c, &perform(&c, &script(acts, fps), fps, &Flat));
                let speed = |f: &[Vec<Vec3>], k: usize| f[0][k].distance(f[1][k]) * fps;
                let force = |f: &[Vec<Vec3>], k: usize| (f[0][k] - f[1][k] * 2.0 + f[2][k]).length() * fps * fps;
                let spring = if story.starts_with("jump") { 1.2 } else { 1.0 };
                // Legs swing about as fast as the animal runs; all else is calmer.
                for (legs, most) in [(true, (1.4 * spring * c.run_speed, 360.0)), (false, (1.2 * c.run_speed, 110.0))] {
                    let (v, a) = (worst(&c, &all, legs, &speed, 2), worst(&c, &all, legs, &force, 3));
                    assert!(v.0 < most.0, "{name}, {story}, {fps}: {} moves at {:.1} m/s", v.1, v.0);
                    assert!(a.0 < most.1, "{name}, {story}, {fps}: {} is thrown at {:.0} m/s2", a.1, a.0);
                }
            }
        }
    }
}

#[test]
fn planted_paws_stay_where_they_were_planned() {
    let vocabulary = Vocabulary::builtin().expect("the built-in files");
    let mut wrong = Vec::new();
    for name in ["fox", "dog", "horse"] {
        let c = animal(&vocabulary, name);
        let Nature::Creature(nature) = &c.nature else { panic!("{name} is a creature") };
        for (story, acts) in STORIES {
            for fps in [30.0, 60.0] {
                let script = script(acts, fps);
                let stage = Stage::new(&c, nature, &script, fps, travel(&c, &script, fps), &Flat);
                let acted = perform(&c, &script, fps, &Flat);
                let (mut slid, mut planted) = ((0.0, 0, 0), 0);
                for (i, p) in acted.poses.iter().enumerate() {
                    let l = &p.landmarks;
                    for (leg, joint) in [l.feet[0], l.hands[0], l.feet[1], l.hands[1]].into_iter().enumerate() {
                        let paw = stage.strides.paws[leg][i];
                        if paw.swing == 0.0 {
                            let height = c.bones[stage.plan.legs[leg].bones[3]].rest.y * c.scale;
                            let off = joint.distance(paw.at + Vec3::Y * height);
                            planted += 1;
                            if off > slid.0 {
                                slid = (off, leg, i);
                            }
                        }
                    }
                }
                assert!(planted > acted.poses.len(), "{name}, {story}: paws are hardly ever on the ground");
                if slid.0 > 0.005 {
                    wrong.push(format!("{name}, {story}, {fps}: leg {} is {:.1} mm off its place at frame {}", slid.1, slid.0 * 1000.0, slid.2));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
