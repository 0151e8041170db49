//! Animals that call of themselves, now and then: sparsely, one at a time, never over speech. Whoever is told when to
//! call, or has something to say, does not.

use crate::blocking::{Intent, Player};
use crate::staging::scene_clock;
use kinora_cast::motions::Repertoire;
use kinora_plan::voices::Voices;
use kinora_plan::{Plan, Scene};

/// What is done instead of calling.
const BUSY: [&str; 5] = ["sleep", "eat", "drink", "talk", "sing"];
/// Seconds between a call and a line, on both sides.
const HUSH: f32 = 0.8;
/// Seconds between the calls of two animals.
const APART: f32 = 3.0;
/// The motion of an animal's own call.
const CALL: &str = "give-voice";

/// Gives calls to the animals of a scene whose files say that they call of themselves (`silent`).
pub(crate) fn call(players: &mut [Player<'_>], plan: &Plan, scene: &Scene, cuts: &[i64], voices: &Voices, repertoire: &Repertoire) {
    let fps = plan.fps.0 as f32;
    let lines = spoken(plan, scene, cuts, voices);
    let frames: i64 = (0..plan.shots.len()).filter(|k| plan.shots[*k].scene == scene.id).map(|k| cuts[k + 1] - cuts[k]).sum();
    let mut taken: Vec<(f32, f32)> = Vec::new();
    for player in players {
        let Some((silent, lasts)) = player.body.as_ref().and_then(kinora_cast::Character::calls_by_itself) else { continue };
        let told = player.intents.iter().any(|i| repertoire.call(&i.action).is_some());
        let speaks = plan.shots.iter().flat_map(|s| &s.lines).any(|l| l.who.as_ref() == Some(&player.role.id));
        if told || speaks {
            continue;
        }
        let mut rng = plan.root_seed().child(&scene.id).child(&player.role.id).child("calls").rng();
        let mut at = silent * rng.range(0.25, 0.7);
        while at + lasts < frames as f32 / fps {
            let (from, to) = ((at * fps) as usize, ((at + lasts) * fps) as usize);
            let busy = player.intents.iter().any(|i| BUSY.contains(&i.action.as_str()) && i.from < to && (i.to > from || i.facts.stays));
            let near = |times: &[(f32, f32)], gap: f32| times.iter().any(|(a, b)| *a < at + lasts + gap && at - gap < *b);
            if !busy && !near(&lines, HUSH) && !near(&taken, APART) {
                taken.push((at, at + lasts));
                let facts = repertoire.of(CALL);
                // Nobody asked for it: it belongs to the world rather than to the story.
                let manner = Some("quietly".to_owned());
                player.intents.push(Intent { action: CALL.into(), from, to, manner, facts, ..Intent::default() });
            }
            at += silent * rng.range(0.8, 1.5);
        }
    }
}

/// When somebody speaks, seconds of the scene's clock.
fn spoken(plan: &Plan, scene: &Scene, cuts: &[i64], voices: &Voices) -> Vec<(f32, f32)> {
    let mut all = Vec::new();
    for (k, shot) in plan.shots.iter().enumerate().filter(|(_, s)| s.scene == scene.id) {
        let shift = scene_clock(plan, cuts, k).1 as f32 / plan.fps.0 as f32 - plan.fps.start_of(cuts[k]).seconds() as f32;
        let of_shot = voices.lines.iter().filter(|v| shot.lines.iter().any(|l| l.id == v.line));
        all.extend(of_shot.map(|v| (v.from.seconds() as f32 + shift, v.to.seconds() as f32 + shift)));
    }
    all
}
