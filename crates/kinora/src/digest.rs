//! What the pictures of a stretch of frames depend on, as one number: the name under which they are kept.

use kinora_base::Seed;
use kinora_stage::{SceneStaging, Staging};
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Serialize;
use std::ops::Range;
use std::path::Path;

/// Digests of one film.
pub(crate) struct Digests<'a> {
    staging: &'a Staging,
    /// One a shot: everything that its pictures depend on.
    shots: Vec<u64>,
}

impl<'a> Digests<'a> {
    /// A shot's pictures depend on its world, on who and what is in it, on what they do while it lasts, and on its cameras:
    /// an edit of another shot that changes none of these leaves them. With passes, also on where those are written: they are not kept.
    /// `letters` names the fonts that words on things are set in.
    pub(crate) fn new(staging: &'a Staging, vocabulary: &Vocabulary, passes: Option<&Path>, letters: &[String]) -> Self {
        let plan = &staging.plan;
        let version = Seed(0).child(concat!("kinora ", env!("CARGO_PKG_VERSION")));
        let seen = vocabulary.iter().filter(|a| !matches!(a.kind, Kind::Sound | Kind::Music));
        let words = seen.flat_map(|a| a.raw_sections()).fold(version, |seed, (name, text)| seed.child(name).child(text));
        let film = add(words, &(plan.size, plan.fps, &plan.look, plan.seed, passes, letters));
        let worlds: Vec<Seed> = staging.scenes.iter().map(|s| world(film, staging, s)).collect();
        Self { staging, shots: (0..plan.shots.len()).map(|k| shot(&worlds, staging, k).0).collect() }
    }

    /// The digest of some frames of a shot with what is laid over them.
    pub(crate) fn of(&self, frames: &Range<i64>, over: &[&str]) -> u64 {
        let shot = self.staging.shot_at(frames.start);
        add(Seed(self.shots[shot]), &(frames.start, frames.end, over)).0
    }
}

/// What stays in a scene: its set, its light, its cast.
fn world(film: Seed, staging: &Staging, scene: &SceneStaging) -> Seed {
    let planned = staging.plan.scene(&scene.id);
    let roles: Vec<_> = scene
        .actors
        .iter()
        .filter_map(|a| staging.plan.role(&a.role))
        .map(|r| (&r.id, r.kind, &r.word, &r.traits, r.model.as_ref().map(|m| &m.sha256)))
        .collect();
    let actors: Vec<_> = scene.actors.iter().map(|a| (&a.role, a.member, a.id)).collect();
    let driven: Vec<_> = scene.driven.iter().map(|d| (&d.role, d.member, d.id, &d.word, &d.colour, d.scale)).collect();
    let weather = planned.map(|p| (&p.place, &p.time, &p.weather, p.snow_cover));
    let held: Vec<_> = scene.held.iter().map(|h| (h.actor, h.id, &h.word, &h.colour, &h.material, h.state, &h.text, h.scale)).collect();
    add(film, &(&scene.id, weather, &scene.set, &scene.light, roles, actors, driven, held))
}

/// A whole shot: its levels of detail and shadows are chosen for all of its frames.
fn shot(worlds: &[Seed], staging: &Staging, k: usize) -> Seed {
    let (index, start) = staging.scene_of(k);
    let scene = &staging.scenes[index];
    let frames = staging.cuts[k] as usize..staging.cuts[k + 1] as usize;
    // A dissolve shows the last picture of the shot before.
    let transition = &staging.plan.shots[k].transition;
    let before = (k > 0 && transition.kind != kinora_plan::TransitionKind::Cut).then(|| shot(worlds, staging, k - 1).0);
    let seed = add(worlds[index], &(staging.cuts[k], start, transition, before, &staging.cameras[frames.clone()]));
    let now = start..start + frames.len();
    // What changed long ago is as if it had always been so.
    let long_ago = start.saturating_sub(2 * staging.fps().0 as usize);
    let changes: Vec<_> = scene.changes.iter().map(|c| (c.id, (c.frame < now.end).then_some((c.frame.max(long_ago), c.state)))).collect();
    let seed = add(seed, &changes);
    let carried = scene.held.iter().fold(seed, |seed, h| add(seed, &slice(&h.track, &now)));
    let acted = scene.actors.iter().fold(carried, |seed, a| add(seed, &slice(&a.performance.poses, &now)));
    scene.driven.iter().fold(acted, |seed, d| add(seed, &(slice(&d.track, &now), slice(&d.lean, &now))))
}

/// What a baked list has for some frames; after its end its last entry goes on.
fn slice<'t, T>(all: &'t [T], now: &Range<usize>) -> &'t [T] {
    let end = now.end.min(all.len());
    &all[now.start.min(end.saturating_sub(1))..end]
}

/// A seed that also depends on a value.
fn add(seed: Seed, value: &impl Serialize) -> Seed {
    // Plain data always has a JSON form.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let word = |c: &[u8]| c.iter().rev().fold(0, |w, b| w << 8 | u64::from(*b));
    Seed(bytes.chunks(8).fold(seed.0 ^ bytes.len() as u64, |h, c| (h ^ word(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))).child("of")
}
