//! Who is carried: a relation of the scene says by whom and how. Both take up the motions of that way for the whole scene, and when both have
//! acted the one that is carried is laid into the other's arms.

use crate::SceneStaging;
use crate::blocking::{Intent, LEAD_SECONDS, Player};
use glam::Vec3;
use kinora_base::maths::smootherstep;
use kinora_base::{Seed, Warning, WarningKind};
use kinora_cast::motions::Repertoire;
use kinora_cast::{Anatomy, Character, Way};
use kinora_plan::{Plan, RelationKind, Scene, Target};

/// The motions that stroke what is carried.
const STROKES: &[&str] = &["pet", "brush", "groom-dog"];
/// How acts of the ways are done while somebody strokes, or sleeps.
const STROKING: &str = "stroking";
const ASLEEP: &str = "asleep";
/// Who carries looks down so long at a time, and away, seconds.
const LOOKS: f32 = 2.3;

/// Who is carried by whom, and how.
fn pairs(scene: &Scene) -> impl Iterator<Item = (&str, &str, Way)> {
    scene.relations.iter().filter_map(|r| Some((r.what.as_str(), r.to.first()?.as_str(), Way::of(r.relation)?)))
}

/// Gives both the motions of their way: who is carried does nothing else with the legs. Who is too heavy to be carried goes along beside; the
/// scene that comes back says so.
pub(crate) fn take(players: &mut [Player<'_>], scene: &Scene, frames: usize, repertoire: &Repertoire, warnings: &mut Vec<Warning>) -> Scene {
    let mut settled = scene.clone();
    for relation in settled.relations.iter_mut() {
        let (Some(way), Some(by)) = (Way::of(relation.relation), relation.to.first()) else { continue };
        let what = &relation.what;
        let find = |id: &String| players.iter().position(|p| p.role.id == *id && p.body.is_some());
        let (Some(carried), Some(carrier)) = (find(what), find(by)) else { continue };
        if let Some(why) = refused(&players[carrier], &players[carried], way) {
            warnings.push(Warning::new(WarningKind::Unsupported, format!("{why}: \"{what}\" goes along")));
            let ways: Vec<Intent> = players[carrier].intents.iter().filter(|i| i.travels()).cloned().collect();
            let idle = !players[carried].intents.iter().any(|i| i.travels() || i.facts.whole());
            players[carried].intents.extend(ways.into_iter().filter(|_| idle).map(|i| Intent { with: Some(by.clone()), target: None, prop: None, ..i }));
            relation.relation = RelationKind::Near;
            continue;
        }
        let human = players[carried].body.as_ref().is_some_and(|b| b.anatomy == Anatomy::Human);
        let act = |action: &str, (from, to): (usize, usize), manner: Option<&str>| Intent {
            action: action.to_owned(),
            from,
            to,
            manner: manner.map(str::to_owned),
            facts: repertoire.of(action),
            ..Intent::default()
        };
        let own = &mut players[carried].intents;
        let slept: Vec<(usize, usize)> = own.iter().filter(|i| i.action == "sleep").map(|i| (i.from, i.to)).collect();
        own.retain(|i| !i.facts.whole() && !i.travels() && i.facts.rest.is_none());
        let asleep = slept.into_iter().map(|times| if human { act(way.carried, times, Some(ASLEEP)) } else { act("sleep", times, None) });
        own.insert(0, act(if human { way.carried } else { way.animal }, (0, frames), None));
        own.extend(asleep);
        let own = &mut players[carrier].intents;
        let to_it = |i: &Intent| matches!(&i.target, Some(Target::Id(id)) if id == what) || i.with.as_ref() == Some(what);
        let stroked: Vec<(usize, usize)> = own.iter().filter(|i| STROKES.contains(&i.action.as_str()) && to_it(i)).map(|i| (i.from, i.to)).collect();
        own.retain(|i| !(to_it(i) && i.facts.near.is_some()));
        // From before one sees both faces.
        let before = matches!(way.relation, RelationKind::InArms | RelationKind::OnArm);
        own.iter_mut().filter(|i| before && i.travels() && i.target.is_none()).for_each(|i| i.target = Some(Target::Near));
        own.insert(0, act(way.carrier, (0, frames), None));
        own.extend(stroked.into_iter().map(|times| act(way.carrier, times, Some(STROKING))));
    }
    settled
}

/// Why somebody is not carried.
fn refused(carrier: &Player<'_>, carried: &Player<'_>, way: Way) -> Option<String> {
    let (by, what) = (&carrier.role.id, &carried.role.id);
    let (Some(strong), Some(light)) = (&carrier.body, &carried.body) else { return None };
    if strong.anatomy != Anatomy::Human {
        return Some(format!("only people carry somebody, and \"{by}\" is none"));
    }
    if carried.role.count > 1 {
        return Some(format!("one is carried at a time, and \"{what}\" are {}", carried.role.count));
    }
    let most = way.heaviest * strong.mass;
    (light.mass > most).then(|| format!("\"{what}\" weighs {:.0} kg, and \"{by}\" can carry {most:.0} kg that way", light.mass))
}

/// Whether an actor does the acts of a way, and how much of a manner of it shows at a frame.
fn does(scene: &SceneStaging, actor: usize, motion: &str) -> bool {
    scene.actors[actor].script.acts.iter().any(|a| a.motion == motion)
}

fn shows(scene: &SceneStaging, actor: usize, manner: &str, frame: usize, fps: f32) -> f32 {
    let frame = frame as f32 + LEAD_SECONDS * fps;
    let one = |from: usize, to: usize| {
        let into = if from == 0 { 1.0 } else { smootherstep((frame - from as f32) / fps / 0.8) };
        into * (1.0 - smootherstep((frame - to as f32) / fps / 0.8))
    };
    let acts = scene.actors[actor].script.acts.iter().filter(|a| a.manner == manner);
    acts.map(|a| one(a.from, a.to)).fold(0.0, f32::max)
}

/// The actors of a pair, if they are there and it is not refused.
fn actors(scene: &SceneStaging, (what, by, way): (&str, &str, Way)) -> Option<(usize, usize)> {
    let find = |id: &str| scene.actors.iter().position(|a| a.role == id && a.member == 0);
    let (carrier, carried) = (find(by)?, find(what)?);
    (carrier != carried && does(scene, carrier, way.carrier)).then_some((carrier, carried))
}

/// Lays everybody who is carried into the arms of who carries, when both have acted.
pub(crate) fn carry(plan: &Plan, scene: &mut SceneStaging, cast: &[Character], fps: f32) {
    let Some(planned) = plan.scene(&scene.id) else { return };
    for pair in pairs(planned) {
        let Some((carrier, carried)) = actors(scene, pair) else { continue };
        let mut holding = std::mem::take(&mut scene.actors[carrier].performance.poses);
        let mut held = std::mem::take(&mut scene.actors[carried].performance.poses);
        kinora_cast::carry(pair.2.relation, (&cast[carrier], &mut holding), (&cast[carried], &mut held), (fps, &|f| shows(scene, carrier, STROKING, f, fps)));
        for (frame, pose) in held.iter_mut().enumerate() {
            let sleeps = shows(scene, carried, ASLEEP, frame, fps);
            let face = &mut pose.face;
            face.blink += (1.0 - face.blink) * sleeps;
            face.gaze = face.gaze.map(|g| g * (1.0 - sleeps));
            (face.brow, face.smile) = (face.brow * (1.0 - sleeps), face.smile * (1.0 - 0.7 * sleeps));
        }
        scene.actors[carrier].performance.poses = holding;
        let performance = &mut scene.actors[carried].performance;
        performance.poses = held;
        // Feet in the air make no steps.
        performance.noises.retain(|n| !matches!(n.sound.as_str(), "footstep" | "paw" | "cloth" | "sit"));
    }
}

/// Where somebody looks who carries, or is carried, and has nothing else to look at: down at the other now and then; who is carried looks about.
pub(crate) fn look(plan: &Plan, scene: &SceneStaging, cast: &[Character], actor: usize, gaze: &mut [Option<Vec3>], fps: f32) {
    let Some(planned) = plan.scene(&scene.id) else { return };
    for pair in pairs(planned) {
        let Some((carrier, carried)) = actors(scene, pair) else { continue };
        if actor == carried {
            gaze.fill(None);
        }
        // Who sits on an arm is too near to be looked at.
        let before = pair.2.relation == RelationKind::InArms || cast[carried].anatomy != Anatomy::Human;
        let seed = Seed(scene.actors[actor].script.seed).child("carries");
        for (frame, at) in gaze.iter_mut().enumerate().filter(|_| actor == carrier && before) {
            let turn = (frame as f32 / fps / LOOKS) as u64;
            if at.is_none() && (turn.is_multiple_of(2) || seed.index(turn).rng().unit() < 0.3) {
                *at = scene.actors[carried].performance.poses.get(frame).map(|p| p.landmarks.eyes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::Film;

    fn film(who: (&str, &str), what: (&str, &str), relation: &str) -> Film {
        let role = |(word, kind): (&str, &str)| format!(r#"{{"id": "{word}", "kind": "{kind}", "word": "{word}"}}"#);
        Film::new(&format!(
            r#""cast": [{}, {}],
            "scenes": [{{"id": "s", "place": "meadow", "things": [], "relations": [{{"what": "{}", "relation": "{relation}", "to": ["{}"]}}]}}],
            "shots": [{{"id": "1", "scene": "s", "length": 144000, "framing": {{"subject": ["{}"]}}, "beats": [
                {{"id": "a", "who": "{}", "action": "walk"}}, {{"id": "b", "who": "{}", "action": "sleep", "from": 72000}}]}}]"#,
            role(who),
            role(what),
            what.0,
            who.0,
            who.0,
            who.0,
            what.0
        ))
    }

    #[test]
    fn a_baby_goes_with_its_mother_and_falls_asleep_in_her_arms() {
        let film = film(("woman", "person"), ("baby", "person"), "in-arms");
        let scene = &film.staging.scenes[0];
        let [mother, baby] = [0, 1].map(|k| &scene.actors[k].performance.poses);
        for frame in [0, 30, 70] {
            let (hers, its) = (&mother[frame].landmarks, &baby[frame].landmarks);
            let aside = (its.hips - hers.chest).length();
            assert!(aside < 0.45 && its.hips.y > hers.hips.y, "frame {frame}: {aside} m from her chest");
            let nearest = hers.hands.map(|h| h.distance(its.hips));
            assert!(nearest[0].min(nearest[1]) < 0.30, "frame {frame}: hands {nearest:?} m off");
        }
        assert!(mother[70].root.distance(mother[5].root) > 1.0, "she walks");
        assert!(baby[10].face.blink < 0.9 || baby[14].face.blink < 0.9, "awake at first");
        assert!((60..71).all(|f| baby[f].face.blink > 0.98), "asleep at last");
    }

    #[test]
    fn a_cat_is_carried_and_a_man_is_too_heavy_for_a_girl() {
        let cat = film(("girl", "person"), ("cat", "creature"), "on-arm");
        let of = |film: &Film, k: usize| film.staging.scenes[0].actors[k].performance.poses[40].landmarks;
        assert!(of(&cat, 1).hips.distance(of(&cat, 0).chest) < 0.5, "the cat is in her arms");
        let man = film(("girl", "person"), ("man", "person"), "in-arms");
        let (girl, other) = (of(&man, 0), of(&man, 1));
        assert!(other.feet[0].y < 0.3 && other.hips.y > 0.5, "the man is on his feet: {}", other.hips.y);
        assert!(girl.hips.distance(other.hips) > 0.35, "beside her");
    }
}
