//! The moments at which actions are recognised: when each is seen, actions that are hurried so that it is, and a warning
//! where it cannot be.

use crate::blocking::{Intent, intents, told};
use crate::staging::scene_clock;
use crate::{SceneStaging, Staging};
use kinora_base::{Warning, WarningKind};
use kinora_cast::motions::{FASTEST, Repertoire};
use kinora_cast::{Anatomy, Character};
use kinora_plan::{Id, Plan, Scene};

/// Seconds before its end at which the moment of a hurried action comes.
const MARGIN: f32 = 0.1;

/// A frame at which a picture tells what somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Of the film.
    pub frame: i64,
    /// Id of the role.
    pub role: Id,
    /// Entry of `motions`.
    pub motion: String,
    /// It comes but once, and must be seen.
    pub once: bool,
}

impl Staging {
    /// The moments of all that people do, in order of time; those of a motion that goes round and round, one a round. Of several
    /// who are one role, those of the first.
    #[must_use]
    pub fn moments(&self) -> Vec<Seen> {
        let mut all = Vec::new();
        for shot in 0..self.plan.shots.len() {
            let (scene, start) = self.scene_of(shot);
            let frames = start..start + (self.cuts[shot + 1] - self.cuts[shot]).max(0) as usize;
            for actor in self.scenes[scene].actors.iter().filter(|a| a.member == 0) {
                let seen = actor.performance.moments.iter().filter(|m| frames.contains(&m.frame));
                let in_film = |frame: usize| self.cuts[shot] + (frame - start) as i64;
                all.extend(seen.map(|m| Seen { frame: in_film(m.frame), role: actor.role.clone(), motion: m.motion.clone(), once: m.once }));
            }
        }
        all.sort_by_key(|m| m.frame);
        all
    }
}

/// The shots of a scene: which, and from when to when on its clock.
fn shots<'a>(plan: &'a Plan, scene: &'a str, cuts: &'a [i64]) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
    (0..plan.shots.len()).filter(move |k| plan.shots[*k].scene == scene).map(move |k| {
        let start = scene_clock(plan, cuts, k).1;
        (k, start, start + (cuts[k + 1] - cuts[k]).max(0) as usize)
    })
}

/// What happens once is played as fast as it takes for its moment to be seen. Two who do something to each other have one clock: who
/// is given something slowly takes it slowly.
pub(crate) fn keep_time(own: &mut [Intent], (plan, scene, cuts): (&Plan, &Scene, &[i64]), role: &str, repertoire: &Repertoire) {
    if !own.iter().any(|i| i.facts.once || i.facts.near.is_some()) {
        return;
    }
    let roles = plan.cast.iter().filter(|r| r.id != role);
    let others: Vec<(&Id, Intent)> = roles.flat_map(|r| told(plan, scene, cuts, &r.id, repertoire).into_iter().map(|i| (&r.id, i))).collect();
    for intent in own {
        let to_each_other = |(id, o): &&(&Id, Intent)| {
            (o.from, o.to) == (intent.from, intent.to) && intent.near().is_some_and(|n| n.0 == id.as_str()) && o.near().is_some_and(|n| n.0 == role)
        };
        let partner = others.iter().find(to_each_other).map(|(_, o)| o);
        let pace = partner.filter(|_| intent.manner.is_none()).map_or(intent.pace(), Intent::pace);
        let need = partner.into_iter().chain([&*intent]).map(|i| pace_needed(i, plan, &scene.id, cuts)).fold(0.0, f32::max);
        intent.clock = Some(if intent.facts.once { pace.max(need) } else { pace });
    }
}

/// The least pace that brings the moment of what happens once into the time that there is for it.
fn pace_needed(intent: &Intent, plan: &Plan, scene: &str, cuts: &[i64]) -> f32 {
    let Some(moment) = intent.facts.moment.filter(|_| intent.facts.once && !intent.brings.any()) else { return 0.0 };
    // Of a shot in slow motion the first part is seen.
    let acted = |(k, from, to): (usize, usize, usize)| {
        let frames = to.min(intent.to).saturating_sub(from.max(intent.from)) as f32;
        frames * plan.shots[k].framing.speed.unwrap_or(1.0).clamp(0.05, 1.0)
    };
    let seconds = shots(plan, scene, cuts).map(acted).sum::<f32>() / plan.fps.0 as f32;
    (moment / (seconds - MARGIN).max(0.05)).min(FASTEST)
}

/// Actions that happen once and whose moments come when they are no longer shown.
pub(crate) fn warnings(plan: &Plan, cuts: &[i64], scene: &SceneStaging, cast: &[Character], repertoire: &Repertoire) -> Vec<Warning> {
    let Some(planned) = plan.scene(&scene.id) else { return Vec::new() };
    let fps = plan.fps.0 as f32;
    let mut all = Vec::new();
    for (actor, _) in scene.actors.iter().zip(cast).filter(|(a, body)| a.member == 0 && body.anatomy == Anatomy::Human) {
        for intent in intents(plan, planned, cuts, &actor.role, repertoire) {
            let Some(moment) = intent.facts.moment.filter(|_| intent.facts.once && !intent.brings.any()) else { continue };
            // It may be under way over a cut.
            let Some((shot, _, end)) = shots(plan, &scene.id, cuts).filter(|(_, from, _)| *from < intent.to).last() else { continue };
            let mut moments = actor.performance.moments.iter().filter(|m| m.motion == intent.action);
            if moments.any(|m| (intent.from..end).contains(&m.frame)) {
                continue;
            }
            let wants = moment / intent.facts.played(intent.pace()) + MARGIN;
            let message = format!("shots[{shot}]: \"{}\" is not recognised: it is no longer shown when its moment comes", intent.action);
            let has = (end - intent.from.min(end)) as f32 / fps;
            let hint = format!("make the shot longer: it takes {wants:.1} s until then, and there are {has:.1} s");
            all.push(Warning::new(WarningKind::Adjusted, message).hint(hint));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::{Staging, block};
    use kinora_base::{Warned, WarningKind};
    use kinora_plan::Plan;
    use kinora_plan::voices::Voices;
    use kinora_vocabulary::Vocabulary;

    /// A man, and a girl beside him, in one shot or several of a meadow.
    fn film(shots: &str) -> Warned<Staging> {
        let text = format!(
            r#"{{"version": 1, "fps": 24, "size": {{"width": 640, "height": 360}},
            "cast": [{{"id": "man", "kind": "person", "word": "man"}}, {{"id": "girl", "kind": "person", "word": "girl"}}],
            "scenes": [{{"id": "s", "place": "meadow", "things": [{{"id": "ball", "word": "ball", "held_by": "man"}}]}}], "shots": [{shots}]}}"#
        );
        let plan = Plan::from_json(&text).unwrap_or_else(|e| panic!("{e} in {text}"));
        block(&plan, &Voices::default(), &Vocabulary::builtin().expect("the built-in files")).expect("a good plan")
    }

    fn shot(id: &str, seconds: f64, framing: &str, beats: &str) -> String {
        let length = (seconds * 48_000.0) as i64;
        format!(r#"{{"id": "{id}", "scene": "s", "length": {length}, "framing": {{"subject": ["man", "girl"]{framing}}}, "beats": [{beats}]}}"#)
    }

    const THROWS: &str = r#"{"id": "b", "who": "man", "action": "throw", "prop": "ball"}"#;

    fn seen(film: &Warned<Staging>, motion: &str) -> Vec<i64> {
        film.output.moments().iter().filter(|m| m.motion == motion).map(|m| m.frame).collect()
    }

    fn throw() -> f32 {
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        kinora_cast::motions::facts(&vocabulary, "throw").expect("a good file").moment.expect("a moment")
    }

    #[test]
    fn a_moment_is_a_frame_of_the_film() {
        let second = shot("2", 2.5, "", THROWS);
        let film = film(&format!("{},{second}", shot("1", 1.0, "", "")));
        assert_eq!(seen(&film, "throw"), [24 + (throw() * 24.0).round() as i64], "in the second shot");
        assert!(film.output.moments().iter().any(|m| m.role == "man" && m.once), "it comes once");
        assert!(film.warnings.is_empty(), "{:?}", film.warnings);
    }

    #[test]
    fn what_happens_once_is_hurried_into_its_shot() {
        let film = film(&shot("1", 0.95, "", THROWS));
        let frames = seen(&film, "throw");
        assert!(frames.len() == 1 && (18..23).contains(&frames[0]), "before the end of 22 frames: {frames:?}");
        assert!(film.warnings.is_empty(), "{:?}", film.warnings);
        let ball = &film.output.scenes[0].held[0].track;
        let grip = film.output.scenes[0].actors[0].performance.poses.iter().map(|p| p.landmarks.grip);
        let left = grip.zip(ball).position(|(hand, ball)| hand.distance(ball.0) > 0.05).expect("the ball flies") as i64;
        assert!((frames[0] - left).abs() <= 3, "it leaves the hand at that pace, too: frame {left} and {}", frames[0]);
    }

    #[test]
    fn two_who_do_something_together_keep_one_clock() {
        let give = r#"{"id": "a", "who": "man", "action": "give", "prop": "ball", "target": {"id": "girl"}}, {"id": "b", "who": "girl", "action": "receive", "target": {"id": "man"}}"#;
        let paces = |film: &Warned<Staging>| {
            let acts = film.output.scenes[0].actors.iter().flat_map(|a| &a.script.acts).filter(|a| matches!(a.motion.as_str(), "give" | "receive"));
            acts.map(|a| a.pace).collect::<Vec<_>>()
        };
        let short = paces(&film(&shot("1", 1.5, "", give)));
        assert!(short.len() == 2 && short[0] > 1.1 && short[0] == short[1], "in a hurry: {short:?}");
        let slow = paces(&film(&shot("1", 4.0, "", &give.replacen(r#""action""#, r#""manner": "slowly", "action""#, 1))));
        assert_eq!(slow, [0.7, 0.7], "who is given something slowly takes it slowly");
    }

    #[test]
    fn what_comes_after_the_cut_is_a_warning() {
        let film = film(&format!("{},{}", shot("1", 0.5, "", THROWS), shot("2", 2.0, "", "")));
        let warning = film.warnings.iter().find(|w| w.kind == WarningKind::Adjusted).expect("a warning");
        assert!(warning.message.contains("shots[0]") && warning.message.contains("\"throw\""), "{}", warning.message);
        assert!(warning.hint.contains("make the shot longer"), "{}", warning.hint);
        let slow = |seconds: f64| self::film(&shot("1", seconds, r#", "speed": 0.3"#, THROWS));
        assert!(!slow(1.5).warnings.is_empty(), "half a second of it is seen in slow motion");
        let long = slow(4.0);
        assert!(long.warnings.is_empty() && seen(&long, "throw").len() == 1, "{:?}", long.warnings);
    }
}
