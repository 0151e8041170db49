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

/// What happens once is played as fast as it takes for its moment to be seen, and with it what others do in the same time: two who
/// shake hands have one clock.
pub(crate) fn hurry(own: &mut [Intent], (plan, scene, cuts): (&Plan, &Scene, &[i64]), role: &str, repertoire: &Repertoire) {
    if !own.iter().any(|i| i.facts.once) {
        return;
    }
    let others: Vec<Intent> = plan.cast.iter().filter(|r| r.id != role).flat_map(|r| told(plan, scene, cuts, &r.id, repertoire)).collect();
    let needs: Vec<f32> = own
        .iter()
        .map(|i| {
            let together = others.iter().filter(|o| (o.from, o.to) == (i.from, i.to)).chain([i]);
            together.map(|i| pace_needed(i, plan, &scene.id, cuts)).fold(0.0, f32::max)
        })
        .collect();
    for (intent, need) in own.iter_mut().zip(needs).filter(|(i, _)| i.facts.once) {
        intent.hurry = need;
    }
}

/// The pace that brings the moment of what happens once into the time that there is for it; 0 if it is there by itself.
fn pace_needed(intent: &Intent, plan: &Plan, scene: &str, cuts: &[i64]) -> f32 {
    let Some(moment) = intent.facts.moment.filter(|_| intent.facts.once && !intent.brings.any()) else { return 0.0 };
    // Of a shot in slow motion the first part is seen.
    let acted = |(k, from, to): (usize, usize, usize)| {
        let frames = to.min(intent.to).saturating_sub(from.max(intent.from)) as f32;
        frames * plan.shots[k].framing.speed.unwrap_or(1.0).clamp(0.05, 1.0)
    };
    let seconds = shots(plan, scene, cuts).map(acted).sum::<f32>() / plan.fps.0 as f32;
    let need = moment / (seconds - MARGIN).max(0.05);
    if need > intent.facts.played(intent.pace()) { need.min(FASTEST) } else { 0.0 }
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
