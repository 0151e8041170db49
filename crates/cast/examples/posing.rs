//! What acting costs on one core: milliseconds a frame for posing (a script becomes poses) and for skinning (a pose becomes
//! a mesh), of somebody in front and of somebody in a crowd.
//!
//! `cargo run --release -p kinora-cast --example posing`

use glam::Vec3;
use kinora_base::Seed;
use kinora_cast::{Act, Character, Script, Surroundings, character, perform, pose};
use kinora_plan::{Role, RoleKind, Traits};
use kinora_vocabulary::Vocabulary;
use std::time::{Duration, Instant};

struct Flat;
impl Surroundings for Flat {
    fn gaze(&self, _frame: usize) -> Option<Vec3> {
        Some(Vec3::new(2.0, 1.0, 3.0))
    }
}

const FRAMES: usize = 600;

/// Time that this thread was on a core, where the system tells it.
fn on_core() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn milliseconds(times: usize, mut what: impl FnMut(usize)) -> f64 {
    let (began, clock) = (on_core(), Instant::now());
    (0..times).for_each(&mut what);
    let spent = began.and_then(|b| Some(on_core()? - b)).unwrap_or_else(|| clock.elapsed());
    spent.as_secs_f64() * 1000.0 / times as f64
}

fn cast(word: &str) -> Character {
    let role = Role {
        id: word.into(),
        kind: RoleKind::Person,
        word: word.into(),
        name: None,
        count: 1,
        traits: Traits::default(),
        voice: None,
        model: None,
        span: None,
    };
    character(&role, &Vocabulary::builtin().expect("a good vocabulary"), Seed(4)).expect("a person of the vocabulary").output
}

fn main() {
    println!("{:<10} {:<8} {:>12} {:>30}", "who", "motion", "posing", "skinning, level: ms (vertices)");
    for word in ["woman", "knight"] {
        let actor = cast(word);
        for motion in ["walk", "dance", "cook", "sit"] {
            let act = Act {
                motion: motion.into(),
                from: 0,
                to: FRAMES,
                path: if motion == "walk" { vec![Vec3::new(0.0, 0.0, 20.0)] } else { Vec::new() },
                pace: 1.0,
                ..Act::default()
            };
            let script = Script { frames: FRAMES, acts: vec![act], seed: 5, ..Script::default() };
            let acted = perform(&actor, &script, 24.0, &Flat);
            let posing = milliseconds(4, |_| drop(perform(&actor, &script, 24.0, &Flat))) / FRAMES as f64;
            let skinning: Vec<String> = (0..actor.levels.len())
                .map(|level| {
                    let spent = milliseconds(200, |k| drop(pose(&actor, level, &[], &acted.poses[100 + k], &acted.poses[99 + k])));
                    format!("{level}: {spent:.3} ({})", actor.levels[level].mesh.positions.len())
                })
                .collect();
            println!("{word:<10} {motion:<8} {posing:>9.4} ms   {}", skinning.join("  "));
        }
    }
}
