//! What is wrong with a plan: place, value, range, hint.

use crate::{Id, Plan, Target};
use kinora_base::{FrameRate, Ticks, diagnostics::nearest};
use std::collections::HashSet;
use std::fmt::Display;

/// One thing that is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {value} is not valid: {expected}{}", if hint.is_empty() { String::new() } else { format!(" ({hint})") })]
pub struct Problem {
    /// Where, as a path: `shots[2].beats[0].who`.
    pub place: String,
    /// What stands there.
    pub value: String,
    /// What is allowed.
    pub expected: String,
    /// What to do.
    pub hint: String,
}

struct Report(Vec<Problem>);

impl Report {
    fn add(&mut self, place: impl Into<String>, value: impl Display, expected: impl Into<String>, hint: impl Into<String>) {
        self.0.push(Problem { place: place.into(), value: value.to_string(), expected: expected.into(), hint: hint.into() });
    }
    fn within(&mut self, place: String, value: f64, low: f64, high: f64) {
        if !(low..=high).contains(&value) {
            self.add(place, value, format!("must be {low} to {high}"), "");
        }
    }
    fn known(&mut self, place: String, id: &str, known: &HashSet<&str>) {
        if !known.contains(id) {
            let hint = nearest(id, known.iter().copied()).map(|n| format!("did you mean \"{n}\"?")).unwrap_or_default();
            let mut all: Vec<_> = known.iter().copied().collect();
            all.sort_unstable();
            self.add(place, format!("\"{id}\""), format!("must be one of: {}", all.join(", ")), hint);
        }
    }
}

impl Plan {
    /// Everything that is wrong in itself. Whether the words are in the vocabulary is checked when they are looked up.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut report = Report(Vec::new());
        self.check_head(&mut report);
        let roles: HashSet<&str> = self.cast.iter().map(|r| r.id.as_str()).collect();
        let scenes: HashSet<&str> = self.scenes.iter().map(|s| s.id.as_str()).collect();
        let mut actors = roles.clone();
        actors.extend(self.scenes.iter().flat_map(|s| s.things.iter().map(|t| t.id.as_str())));
        self.check_ids(&mut report);
        self.check_scenes(&mut report, &roles, &actors);
        for (i, shot) in self.shots.iter().enumerate() {
            self.check_shot(&mut report, i, shot, &roles, &actors, &scenes);
        }
        report.0
    }

    fn check_head(&self, report: &mut Report) {
        if self.version != crate::PLAN_VERSION {
            report.add("version", self.version, format!("this build reads version {}", crate::PLAN_VERSION), "update Kinora or re-make the plan");
        }
        if !FrameRate::OFFERED.contains(&self.fps.0) {
            report.add("fps", self.fps.0, "must be 24, 25, 30, 48, 50 or 60", "");
        }
        for (place, side) in [("size.width", self.size.width), ("size.height", self.size.height)] {
            if !(64..=7680).contains(&side) || side % 2 != 0 {
                report.add(place, side, "must be even and 64 to 7680", "");
            }
        }
        if self.shots.is_empty() {
            report.add("shots", "an empty list", "a film has at least one shot", "");
        }
        if self.scenes.is_empty() {
            report.add("scenes", "an empty list", "a film has at least one scene", "");
        }
    }

    fn check_ids(&self, report: &mut Report) {
        let mut seen: HashSet<String> = HashSet::new();
        let mut once = |place: String, id: &'_ str| {
            if id.is_empty() {
                report.add(place, "\"\"", "an id is not empty", "");
            } else if !seen.insert(id.to_owned()) {
                report.add(place, format!("\"{id}\""), "every id stands once in a plan", "rename one of the two");
            }
        };
        for (i, r) in self.cast.iter().enumerate() {
            once(format!("cast[{i}].id"), &r.id);
        }
        for (i, s) in self.scenes.iter().enumerate() {
            once(format!("scenes[{i}].id"), &s.id);
            for (j, t) in s.things.iter().enumerate() {
                once(format!("scenes[{i}].things[{j}].id"), &t.id);
            }
        }
        for (i, s) in self.shots.iter().enumerate() {
            once(format!("shots[{i}].id"), &s.id);
            for (j, b) in s.beats.iter().enumerate() {
                once(format!("shots[{i}].beats[{j}].id"), &b.id);
            }
            for (j, l) in s.lines.iter().enumerate() {
                once(format!("shots[{i}].lines[{j}].id"), &l.id);
            }
        }
    }

    fn check_scenes(&self, report: &mut Report, roles: &HashSet<&str>, actors: &HashSet<&str>) {
        for (i, role) in self.cast.iter().enumerate() {
            report.within(format!("cast[{i}].count"), f64::from(role.count), 1.0, 12.0);
            if let Some(size) = role.traits.size {
                report.within(format!("cast[{i}].traits.size"), f64::from(size), 0.25, 4.0);
            }
        }
        for (i, scene) in self.scenes.iter().enumerate() {
            for (j, thing) in scene.things.iter().enumerate() {
                report.within(format!("scenes[{i}].things[{j}].count"), f64::from(thing.count), 1.0, 12.0);
                if let Some(size) = thing.traits.size {
                    report.within(format!("scenes[{i}].things[{j}].traits.size"), f64::from(size), 0.25, 4.0);
                }
                if let Some(holder) = &thing.held_by {
                    report.known(format!("scenes[{i}].things[{j}].held_by"), holder, roles);
                }
            }
            for (j, relation) in scene.relations.iter().enumerate() {
                report.known(format!("scenes[{i}].relations[{j}].what"), &relation.what, actors);
                for (k, to) in relation.to.iter().enumerate() {
                    report.known(format!("scenes[{i}].relations[{j}].to[{k}]"), to, actors);
                }
                if relation.to.is_empty() {
                    report.add(format!("scenes[{i}].relations[{j}].to"), "an empty list", "names what it is related to", "");
                }
            }
        }
    }

    fn check_shot(&self, report: &mut Report, i: usize, shot: &crate::Shot, roles: &HashSet<&str>, actors: &HashSet<&str>, scenes: &HashSet<&str>) {
        let at = |rest: &str| format!("shots[{i}].{rest}");
        report.known(at("scene"), &shot.scene, scenes);
        report.within(at("length"), shot.length.seconds(), 0.2, 180.0);
        if let Some(lens) = shot.framing.lens {
            report.within(at("framing.lens"), f64::from(lens), 12.0, 300.0);
        }
        report.within(at("framing.move.pace"), f64::from(shot.framing.movement.pace), 0.1, 4.0);
        for (j, id) in shot.framing.subject.iter().enumerate() {
            report.known(at(&format!("framing.subject[{j}]")), id, actors);
        }
        if shot.transition.length > shot.length || shot.transition.length < Ticks::ZERO {
            report.add(at("transition.length"), shot.transition.length, "must lie within the shot", "");
        }
        let end = |to: Ticks| if to == Ticks::ZERO { shot.length } else { to };
        for (j, beat) in shot.beats.iter().enumerate() {
            let at = |rest: &str| format!("shots[{i}].beats[{j}].{rest}");
            report.known(at("who"), &beat.who, roles);
            let mut other = |place: &str, id: Option<&Id>| {
                if let Some(id) = id {
                    report.known(at(place), id, actors);
                }
            };
            other("with", beat.with.as_ref());
            other("prop", beat.prop.as_ref());
            other(
                "target",
                match &beat.target {
                    Some(Target::Id(id)) => Some(id),
                    _ => None,
                },
            );
            if beat.from < Ticks::ZERO || end(beat.to) <= beat.from || end(beat.to) > shot.length {
                report.add(at("from"), format!("{} to {}", beat.from, end(beat.to)), format!("a beat lies within its shot of {}", shot.length), "");
            }
        }
        for (j, line) in shot.lines.iter().enumerate() {
            let at = |rest: &str| format!("shots[{i}].lines[{j}].{rest}");
            if let Some(who) = &line.who {
                report.known(at("who"), who, roles);
            }
            if line.text.trim().is_empty() {
                report.add(at("text"), "\"\"", "a line has words", "");
            }
            if line.text.chars().count() > 2000 {
                report.add(at("text"), format!("{} characters", line.text.chars().count()), "at most 2000 characters", "split it");
            }
            if line.from < Ticks::ZERO || line.from >= shot.length {
                report.add(at("from"), line.from, format!("must lie within the shot of {}", shot.length), "");
            }
        }
    }
}
