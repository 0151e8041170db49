//! The frames at which acts are recognised: where the clock of each comes past the moment that its file names.

use super::acts::{Stage, jump_period};
use crate::motions::Facts;
use crate::{Act, Moment, travel};

impl Stage<'_> {
    /// The moments of all acts, in order of time.
    pub(crate) fn moments(&self) -> Vec<Moment> {
        let mut all = Vec::new();
        for act in self.script.acts.iter().filter(|a| a.moves.is_none()) {
            let facts = self.character.facts(act);
            let Some(moment) = facts.moment else { continue };
            let at = |frame| Moment { frame, motion: act.motion.clone(), once: facts.once };
            all.extend(self.moments_of(act, &facts, moment).into_iter().map(at));
        }
        all.sort_by_key(|m| m.frame);
        all
    }

    fn moments_of(&self, act: &Act, facts: &Facts, moment: f32) -> Vec<usize> {
        // What was begun before the film is seen when the film begins.
        let first = if act.from == 0 { (travel::LEAD_IN * self.fps) as usize } else { act.from };
        let seen = || first..self.end_of(act).min(self.track.len());
        if facts.strides() {
            let strides = |frame: usize| (self.steps.phase[frame] - moment).floor();
            let trodden: Vec<usize> = seen().filter(|f| *f > 0 && strides(*f) > strides(f - 1)).collect();
            if !trodden.is_empty() {
                return trodden;
            }
        }
        let pace = if self.motions.keyed(act).is_some() { facts.played(act.pace) } else { self.pace_of(act) };
        let half = 0.5 * pace / self.fps;
        let round = self.round(act);
        let off = |frame: usize| {
            let time = self.seconds_into(act, facts, frame);
            match round {
                Some((from, to)) if to > from + 0.01 && time >= from && time.is_finite() => {
                    let after = (time - moment).rem_euclid(to - from);
                    if after > 0.5 * (to - from) { after - (to - from) } else { after }
                }
                _ => time - moment,
            }
        };
        let met: Vec<usize> = seen().filter(|f| (-half..half).contains(&off(*f))).collect();
        // Who has sat down stays seated, and who embraces somebody goes on with it.
        let held = facts.stays || self.motions.keyed(act).is_some_and(|k| k.repeat.is_none() && !facts.once);
        if met.is_empty() && held { seen().find(|f| off(*f) >= 0.0).into_iter().collect() } else { met }
    }

    /// Seconds of an act, as its file counts them.
    fn seconds_into(&self, act: &Act, facts: &Facts, frame: usize) -> f32 {
        let begun_before = if act.from == 0 { travel::LEAD_IN } else { 0.0 };
        let Some(keyed) = self.motions.keyed(act) else {
            return match () {
                () if facts.stays && act.from == 0 => f32::INFINITY,
                () if facts.rest.is_some() => (frame as f32 - self.arrival(act, frame)) / self.fps,
                () if matches!(act.motion.as_str(), "jump" | "dance") => (frame - act.from) as f32 / self.fps * self.pace_of(act),
                () => (frame - act.from) as f32 / self.fps - begun_before,
            };
        };
        let time = self.clock(act, frame);
        // One pose with waves over it has no beginning.
        if keyed.keys.len() == 1 && keyed.repeat.is_none() { time - begun_before * facts.played(act.pace) } else { time }
    }

    /// The pace of an act that code does: hops keep their time.
    fn pace_of(&self, act: &Act) -> f32 {
        if act.motion == "dance" && act.pace > 0.0 { act.pace } else { 1.0 }
    }

    /// From when to when an act is repeated, in its own seconds.
    fn round(&self, act: &Act) -> Option<(f32, f32)> {
        match self.motions.keyed(act) {
            Some(keyed) => keyed.repeat,
            None if act.motion == "jump" && act.path.is_empty() => Some((0.0, jump_period(self.motions))),
            None if act.motion == "dance" => Some((0.0, self.motions.cycle("dance").len() as f32 / self.motions.number("dance", "beats", 2.0))),
            None => None,
        }
    }
}
