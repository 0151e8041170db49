//! Who fetches something: runs after what is thrown, takes it up where it comes to lie, and brings it back.

use crate::blocking::{Blocking, Intent, LEAD_SECONDS, Player, Route, line_between, pace, within_walls};
use crate::staging::yaw_of;
use glam::Vec3;
use kinora_cast::Act;
use kinora_plan::{RoleKind, Target};

/// The motion. Nobody is ever told it: it is running, taking up and running back.
pub(crate) const FETCH: &str = "fetch";

/// Seconds from when it is thrown until somebody sets off, and for how long they run.
const SETS_OFF: f32 = 0.2;
const RUNS: f32 = 1.75;
/// Seconds from when they are there until they have it, and until they are up again: animals with the mouth, people with a hand.
const TAKES: [f32; 2] = [0.5, 1.35];
const RISES: [f32; 2] = [0.95, 1.9];
/// How near to the thrower it is brought, metres beyond the radius of who brings it.
const BEFORE: f32 = 0.75;

/// The frames of a fetch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) sets_off: usize,
    pub(crate) arrives: usize,
    pub(crate) takes: usize,
    pub(crate) turns: usize,
}

impl Times {
    /// `thrown` is the frame at which it leaves a hand, if it is thrown.
    pub(crate) fn of(intent: &Intent, thrown: Option<usize>, kind: RoleKind, fps: f32) -> Self {
        let hand = usize::from(kind == RoleKind::Person);
        let after = |frame: usize, seconds: f32| frame + (seconds * fps) as usize;
        let sets_off = thrown.filter(|t| *t + 1 >= intent.from).map_or(intent.from, |t| after(t, SETS_OFF));
        let arrives = after(sets_off, RUNS);
        Self { sets_off, arrives, takes: after(arrives, TAKES[hand]), turns: after(arrives, RISES[hand]) }
    }
}

/// When a thing is thrown that is fetched, if one of these intents throws it.
pub(crate) fn thrown<'i>(mut intents: impl Iterator<Item = &'i Intent>, thing: &str, fps: f32) -> Option<usize> {
    let throws = intents.find(|i| i.prop.as_deref() == Some(thing) && i.facts.lets_go.is_some() && i.facts.near.is_none_or(|n| n >= 1.5));
    throws.and_then(|i| Some(i.from + (i.facts.lets_go? * fps) as usize))
}

/// Who fetches a thing.
fn fetcher<'p, 'a>(players: &'p [Player<'a>], thing: &str) -> Option<&'p Player<'a>> {
    players.iter().find(|p| p.body.is_some() && p.intents.iter().any(|i| i.action == FETCH && i.prop.as_deref() == Some(thing)))
}

/// Who throws it.
fn thrower<'p, 'a>(players: &'p [Player<'a>], thing: &str) -> Option<&'p Player<'a>> {
    players.iter().find(|p| p.intents.iter().any(|i| i.action != FETCH && i.facts.lets_go.is_some() && i.prop.as_deref() == Some(thing)))
}

/// Where a thing comes to lie that somebody fetches: beyond them, away from who throws it, as far as they run in the time.
fn landing(b: &Blocking<'_>, players: &[Player<'_>], thing: &str) -> Option<Vec3> {
    let who = fetcher(players, thing)?;
    let slot = *b.spots.get(&who.role.id)?;
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let from = thrower(players, thing).and_then(|t| b.spots.get(&t.role.id)).copied();
    let aside = if (slot - b.axes.centre).dot(b.axes.right) < -0.05 { -b.axes.right } else { b.axes.right };
    let away = from.map_or(aside, |from| ((slot - from) * flat).normalize_or(aside));
    let speed = kinora_cast::travel::usual_speed(who.body.as_ref()?, "run");
    let way = (speed * RUNS * 0.7).min(5.5);
    let at = within_walls(b, slot + (away + b.axes.near * 0.12).normalize_or(away) * way);
    Some(Vec3::new(at.x, b.set.ground(at.x, at.z), at.z))
}

/// Where somebody throws what another fetches: beyond that other.
pub(crate) fn thrown_to(b: &Blocking<'_>, players: &[Player<'_>], intent: &Intent) -> Option<Vec3> {
    intent.facts.lets_go.filter(|_| intent.action != FETCH)?;
    landing(b, players, intent.prop.as_deref()?)
}

/// The way of somebody who fetches something, and what they are told.
pub(crate) fn route(b: &Blocking<'_>, player: &Player<'_>, players: &[Player<'_>]) -> Option<Route> {
    let intent = player.intents.iter().find(|i| i.action == FETCH && i.prop.is_some())?;
    let (body, thing) = (player.body.as_ref()?, intent.prop.as_deref()?);
    let flat = Vec3::new(1.0, 0.0, 1.0);
    let lead = (LEAD_SECONDS * b.fps) as usize;
    let end = b.frames + lead;
    let slot = *b.spots.get(&player.role.id)?;
    let at = landing(b, players, thing)?;
    let throws = thrower(players, thing);
    let times = Times::of(intent, thrown(throws.iter().flat_map(|t| &t.intents), thing, b.fps), player.role.kind, b.fps);
    let heading = ((at - slot) * flat).normalize_or(b.axes.right);
    // The mouth, or the hand, is before the body.
    let stops = at - heading * (body.length * 0.45).max(0.35);
    let start = Vec3::new(slot.x, b.set.ground(slot.x, slot.z), slot.z);
    let run = |from: Vec3, to: Vec3, begins: usize, ends: usize, seconds: f32| {
        let usual = kinora_cast::travel::usual_speed(body, "run") * seconds;
        let path = line_between(b, player, intent, from, to)[1..].to_vec();
        let pace = (1.12 * (to - from).length() / usual.max(0.1)).clamp(0.35, 1.6) * pace(intent.manner.as_deref());
        Act { motion: "run".into(), from: begins + lead, to: (ends + lead).min(end), path, pace, ..Act::default() }
    };
    let still = |begins: usize, ends: usize| Act { motion: "stand".into(), from: begins, to: ends.min(end), pace: 1.0, ..Act::default() };
    let mut acts = vec![still(0, times.sets_off + lead)];
    acts.push(run(start, stops, times.sets_off, times.arrives, RUNS));
    acts.push(Act {
        motion: "pick-up".into(),
        from: times.arrives + lead,
        to: (times.turns + lead).min(end),
        pace: 1.0,
        aim: (player.role.kind == RoleKind::Person).then_some(at + Vec3::Y * 0.06),
        ..Act::default()
    });
    let to = if let Some(Target::Id(id)) = &intent.target { b.spots.get(id).map(|p| (id, *p)) } else { None };
    if let Some((id, goal)) = to.filter(|_| times.turns < b.frames) {
        let radius = players.iter().find(|p| p.role.id == *id).map_or(0.3, |p| p.radius) + body.radius.max(body.length * 0.5);
        let near = goal + heading * (radius * 0.5 + BEFORE);
        let seconds = ((b.frames - times.turns) as f32 / b.fps).clamp(RUNS, RUNS * 1.25);
        acts.push(run(stops, near, times.turns, b.frames, seconds));
    } else {
        // It shows what it has.
        let shows = yaw_of((b.axes.near * 0.7 - heading).normalize_or(-heading));
        acts.push(Act { motion: "turn".into(), face: Some(shows), ..still(times.turns + lead, end) });
    }
    acts.retain(|a| a.from < a.to);
    // What is done by the way: a bark.
    let lead_on = |frame: usize| if frame == 0 { 0 } else { frame + lead };
    let beside = player.intents.iter().filter(|i| i.action != FETCH && !i.travels() && !i.facts.whole());
    acts.extend(beside.map(|i| Act { motion: i.action.clone(), from: lead_on(i.from), to: (i.to + lead).min(end), pace: 1.0, ..Act::default() }));
    let looks = throws.and_then(|t| b.spots.get(&t.role.id)).map_or(heading, |from| ((*from - slot) * flat).normalize_or(heading));
    let facing = yaw_of((looks + b.axes.near * 0.6).normalize_or(looks));
    Some(Route { start, facing, acts, way: Vec::new() })
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;
    use glam::Vec3;

    fn film(target: &str) -> Film {
        Film::new(&format!(
            r#""cast": [{{"id": "man", "kind": "person", "word": "man"}}, {{"id": "dog", "kind": "creature", "word": "dog"}}],
            "scenes": [{{"id": "s", "place": "meadow", "things": [{{"id": "stick", "word": "stick", "held_by": "man"}}]}}],
            "shots": [{{"id": "1", "scene": "s", "length": 384000, "framing": {{"subject": ["man", "dog"]}}, "beats": [
                {{"id": "a", "who": "man", "action": "throw", "prop": "stick"}}, {{"id": "b", "who": "dog", "action": "fetch", "prop": "stick"{target}}}]}}]"#
        ))
    }

    #[test]
    fn a_dog_runs_after_the_stick_takes_it_in_its_mouth_and_brings_it_back() {
        for (target, back) in [("", false), (r#", "target": {"id": "man"}"#, true)] {
            let film = film(target);
            let scene = &film.staging.scenes[0];
            let at = |seconds: f32| {
                let frame = ((seconds * 24.0) as usize).min(scene.frames - 1);
                let pose = |k: usize| &scene.actors[k].performance.poses[frame];
                (scene.held[0].track[frame].0, pose(0).landmarks.grip, pose(1).landmarks.mouth, pose(0).root, pose(1).root)
            };
            let (stick, hand, ..) = at(0.8);
            assert!(stick.distance(hand) < 0.01, "it is in the hand first");
            let (stick, hand, mouth, _, dog) = at(2.2);
            assert!(stick.distance(hand) > 1.0 && stick.distance(mouth) > 0.3, "it flies before the dog: {stick}, {mouth}");
            let (lies, _, mouth, _, there) = at(3.3);
            assert!(there.distance(dog) > 1.0, "the dog runs: {dog} to {there}");
            assert!(lies.y < 0.4 + scene.set.terrain.height(lies.x, lies.z), "it has come down, or is being taken: {lies}, {mouth}");
            let (stick, _, mouth, man, dog) = at(7.9);
            assert!(stick.distance(mouth) < 0.01, "it is in the mouth: {stick}, {mouth}");
            let away = ((dog - man) * Vec3::new(1.0, 0.0, 1.0)).length();
            assert_eq!(away < 2.2, back, "in the end the dog is {away} m from the man");
        }
    }

    #[test]
    fn what_is_fetched_never_jumps() {
        let film = film(r#", "target": {"id": "man"}"#);
        let track = &film.staging.scenes[0].held[0].track;
        let fastest = track.windows(2).map(|w| w[0].0.distance(w[1].0) * 24.0).fold(0.0, f32::max);
        assert!(fastest < 16.0, "it goes {fastest} m a second");
    }
}
