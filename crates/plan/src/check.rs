//! What is wrong with a plan: place, value, range, hint.

use crate::bvh::{self, Bvh};
use crate::speech::{DELIVERIES, FEELINGS};
use crate::{Beat, Cue, HAIR_STYLES, Id, KeyLayer, MOST_ALIKE, ModelFile, Plan, RoleKind, SKINS, Target, Title, Traits, keys};
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

/// Languages of prompts, lines and titles.
const LANGUAGES: &[&str] = &["en", "zh", "ja", "ko", "es"];
/// Kinds of voices.
const VOICES: &[&str] = &["female", "male", "girl", "boy", "old-woman", "old-man"];
/// The longest film: ten minutes.
const LONGEST: Ticks = Ticks(600 * Ticks::PER_SECOND);
const LONGEST_TITLE: usize = 500;
/// What is written on a thing, or over the picture.
const LONGEST_TEXT: usize = 5000;
const MOST_SHOTS: u64 = 500;
/// The longest prompt can name a few hundred groups of twelve, and crowds.
const MOST_BODIES: u64 = 4000;
const MOST_THINGS: u64 = 5500;
const MOST_MOTIONS: u64 = 50;
const MOST_KEYS: u64 = 1000;

struct Report(Vec<Problem>);

/// How early a line may be heard before its shot is seen.
const LEAD: Ticks = Ticks(Ticks::PER_SECOND);
/// How far a line may run on into the next shot.
const LAP: Ticks = Ticks(Ticks::PER_SECOND * 6 / 5);

impl Report {
    fn add(&mut self, place: impl Into<String>, value: impl Display, expected: impl Into<String>, hint: impl Into<String>) {
        self.0.push(Problem { place: place.into(), value: value.to_string(), expected: expected.into(), hint: hint.into() });
    }
    fn within(&mut self, place: String, value: f64, low: f64, high: f64) {
        if !(low..=high).contains(&value) {
            self.add(place, value, format!("must be {low} to {high}"), "");
        }
    }
    fn at_most(&mut self, place: &str, count: u64, most: u64, hint: &str) {
        if count > most {
            self.add(place, count, format!("at most {most}"), hint);
        }
    }
    /// One of a few words that are no files of the vocabulary.
    fn one_of(&mut self, place: String, word: &str, words: &[&str]) {
        if !words.contains(&word) {
            let hint = nearest(word, words.iter().copied()).map(|n| format!("did you mean \"{n}\"?")).unwrap_or_default();
            self.add(place, format!("\"{word}\""), format!("must be one of: {}", words.join(", ")), hint);
        }
    }
    /// One way of using the voice and one feeling at most.
    fn manner(&mut self, place: &str, manner: &str) {
        let both: Vec<&str> = DELIVERIES.iter().chain(FEELINGS).copied().collect();
        manner.split_whitespace().for_each(|word| self.one_of(place.to_owned(), word, &both));
        for list in [DELIVERIES, FEELINGS] {
            if manner.split_whitespace().filter(|word| list.contains(word)).count() > 1 {
                self.add(place, format!("\"{manner}\""), format!("at most one of: {}", list.join(", ")), "");
            }
        }
    }
    /// A file is named, and its sum is known.
    fn model(&mut self, place: &str, model: &ModelFile, kind: RoleKind) {
        if kind != RoleKind::Person {
            self.add(place, format!("\"{}\"", model.file), "characters of one's own are people", "take it away, or make the role a person");
        }
        if model.file.is_empty() {
            self.add(format!("{place}.file"), "\"\"", "the path of a .vrm, .glb or .gltf file", "");
        }
        if model.sha256.len() != 64 || !model.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            let hint = "leave it out of a plan in a file: it is taken from the character's file when the plan is read";
            self.add(format!("{place}.sha256"), format!("\"{}\"", model.sha256), "64 digits from 0 to 9 and a to f", hint);
        }
    }
    fn traits(&mut self, at: &str, traits: &Traits) {
        if let Some(size) = traits.size {
            self.within(format!("{at}.traits.size"), f64::from(size), 0.25, 4.0);
        }
        if let Some(text) = &traits.text {
            self.text(&format!("{at}.traits.text"), text);
        }
        let closed: [(&str, &Option<String>, &[&str]); 5] = [
            ("sex", &traits.sex, &["female", "male"]),
            ("age", &traits.age, &["baby", "child", "teen", "young", "adult", "old"]),
            ("build", &traits.build, &["thin", "heavy", "athletic", "tall", "short"]),
            ("hair_style", &traits.hair_style, HAIR_STYLES),
            ("skin", &traits.skin, SKINS),
        ];
        for (name, value, words) in closed {
            if let Some(word) = value {
                self.one_of(format!("{at}.traits.{name}"), word, words);
            }
        }
    }
    fn cue(&mut self, at: &str, cue: &Cue, length: Ticks, actors: &HashSet<&str>) {
        self.within(format!("{at}.level"), f64::from(cue.level), -40.0, 12.0);
        if cue.from < Ticks::ZERO || cue.from >= length {
            self.add(format!("{at}.from"), cue.from, format!("0 or more, and less than {length}"), "");
        }
        if cue.to != Ticks::ZERO && cue.to <= cue.from {
            self.add(format!("{at}.to"), cue.to, "later than `from`, or 0 for as long as it lasts", "");
        }
        if let Some(source) = &cue.source {
            self.known(format!("{at}.source"), source, actors);
        }
    }
    fn title(&mut self, at: &str, title: &Title, length: Ticks) {
        self.text(&format!("{at}.text"), &title.text);
        self.text(&format!("{at}.under"), &title.under);
        if title.text.trim().is_empty() {
            self.add(format!("{at}.text"), format!("{:?}", title.text), "some words", "remove the title, or say what it says");
        }
        if title.from < Ticks::ZERO || title.from >= length {
            self.add(format!("{at}.from"), title.from, format!("0 or more, and less than {length}"), "");
        }
        if title.to != Ticks::ZERO && title.to <= title.from {
            self.add(format!("{at}.to"), title.to, "later than `from`, or 0 for the end of the film", "");
        }
    }
    fn text(&mut self, place: &str, text: &str) {
        let characters = text.chars().count();
        if characters > LONGEST_TEXT {
            self.add(place, format!("{characters} characters"), format!("at most {LONGEST_TEXT} characters"), "make it shorter");
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
        self.check_motions(&mut report);
        for (i, shot) in self.shots.iter().enumerate() {
            self.check_shot(&mut report, i, shot, &roles, &actors, &scenes);
            for (j, cue) in shot.cues.iter().enumerate() {
                report.cue(&format!("shots[{i}].cues[{j}]"), cue, shot.length, &actors);
            }
        }
        let whole = self.shots.iter().fold(Ticks::ZERO, |sum, shot| Ticks(sum.0.saturating_add(shot.length.0)));
        for (j, cue) in self.cues.iter().enumerate() {
            report.cue(&format!("cues[{j}]"), cue, whole, &actors);
        }
        for (j, title) in self.titles.iter().enumerate() {
            report.title(&format!("titles[{j}]"), title, whole);
        }
        self.check_extent(&mut report, whole);
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
        report.one_of("language".into(), &self.language, LANGUAGES);
        let letters = self.title.chars().count();
        if letters > LONGEST_TITLE {
            report.add("title", format!("{letters} characters"), format!("at most {LONGEST_TITLE} characters"), "shorten it");
        }
        if self.shots.is_empty() {
            report.add("shots", "an empty list", "a film has at least one shot", "");
        }
        if self.scenes.is_empty() {
            report.add("scenes", "an empty list", "a film has at least one scene", "");
        }
    }

    /// What would ask more of a machine than films need: lengths and numbers of things.
    fn check_extent(&self, report: &mut Report, whole: Ticks) {
        if whole > LONGEST {
            report.add("shots", format!("{whole} in all"), format!("a film is at most {LONGEST} long"), "make several films");
        }
        let bodies: u64 = self.cast.iter().map(|r| u64::from(r.count)).sum();
        report.at_most("cast", bodies, MOST_BODIES, "counting groups by their heads");
        report.at_most("shots", self.shots.len() as u64, MOST_SHOTS, "");
        for (i, scene) in self.scenes.iter().enumerate() {
            let things: u64 = scene.things.iter().map(|t| u64::from(t.count)).sum();
            report.at_most(&format!("scenes[{i}].things"), things, MOST_THINGS, "counting each of several");
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
            let before = s.continues.as_ref().and_then(|c| self.scenes[..i].iter().find(|b| b.id == *c));
            for (j, t) in s.things.iter().enumerate() {
                if before.is_some_and(|b| b.things.get(j).is_some_and(|same| same.id == t.id && same.word == t.word)) {
                    continue;
                }
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
            for (j, c) in s.cues.iter().enumerate() {
                once(format!("shots[{i}].cues[{j}].id"), &c.id);
            }
        }
        for (j, c) in self.cues.iter().enumerate() {
            once(format!("cues[{j}].id"), &c.id);
        }
        for (j, m) in self.motions.iter().enumerate() {
            once(format!("motions[{j}].id"), &m.id);
        }
    }

    /// Recorded motions can be read, and there is a human body in them.
    fn check_motions(&self, report: &mut Report) {
        report.at_most("motions", self.motions.len() as u64, MOST_MOTIONS, "");
        for (i, motion) in self.motions.iter().enumerate() {
            let place = format!("motions[{i}].bvh");
            let called = if motion.file.is_empty() { format!("\"{}\"", motion.id) } else { motion.file.clone() };
            if motion.bvh.is_empty() {
                report.add(place, "\"\"", "the text of a BVH file", "put it here, or name a `file` that lies beside the plan");
                continue;
            }
            match Bvh::parse(&motion.bvh) {
                Err(error) => report.add(place, called, error.to_string(), ""),
                Ok(bvh) => {
                    if let Err(what) = bvh::body::find(&bvh) {
                        report.add(place, called, what, "");
                    }
                }
            }
        }
    }

    /// A beat that brings its own motion.
    fn check_own(&self, report: &mut Report, at: &dyn Fn(&str) -> String, beat: &Beat) {
        if let Some(id) = &beat.motion {
            report.known(at("motion"), id, &self.motions.iter().map(|m| m.id.as_str()).collect());
            if !beat.keys.is_empty() {
                report.add(at("keys"), format!("{} keys", beat.keys.len()), "a beat has `motion` or `keys`", "make two beats of it");
            }
        }
        if (beat.motion.is_some() || !beat.keys.is_empty()) && self.role(&beat.who).is_none_or(|r| r.kind != RoleKind::Person) {
            report.add(at("who"), format!("\"{}\"", beat.who), "only people play recorded motions and keys", "");
        }
        report.at_most(&at("keys"), beat.keys.len() as u64, MOST_KEYS, "");
        for (k, key) in beat.keys.iter().enumerate() {
            let at = |rest: &str| at(&format!("keys[{k}].{rest}"));
            report.within(at("at"), f64::from(key.at), 0.0, 600.0);
            if k > 0 && key.at <= beat.keys[k - 1].at {
                report.add(at("at"), key.at, "later than the key before", "list them in their order");
            }
            for (name, angles) in &key.joints {
                let place = at(&format!("joints.{name}"));
                let Some((joint, _)) = keys::find(name) else {
                    let names = keys::names();
                    let hint = nearest(name, names.iter().map(String::as_str)).map(|n| format!("did you mean \"{n}\"?")).unwrap_or_default();
                    report.add(place, format!("\"{name}\""), format!("must be one of: {}", names.join(", ")), hint);
                    continue;
                };
                if beat.layer == KeyLayer::Arms && (joint.name == "hips" || matches!(joint.name, "UpperLeg" | "LowerLeg" | "Foot")) {
                    report.add(place.clone(), format!("\"{name}\""), "keys with the layer \"arms\" leave hips and legs alone", "take the layer away");
                }
                for ((angle, value), limits) in keys::ANGLES.iter().zip(angles.all()).zip(joint.limits) {
                    match (value, limits) {
                        (Some(value), None) => report.add(format!("{place}.{angle}"), value, "this joint does not bend that way", ""),
                        // What no body could do is held back when it is staged, with a warning; what no angle is, is refused.
                        (Some(value), Some(_)) => report.within(format!("{place}.{angle}"), f64::from(value), -360.0, 360.0),
                        _ => {}
                    }
                }
            }
        }
    }

    fn check_scenes(&self, report: &mut Report, roles: &HashSet<&str>, actors: &HashSet<&str>) {
        for (i, role) in self.cast.iter().enumerate() {
            report.within(format!("cast[{i}].count"), f64::from(role.count), 1.0, f64::from(MOST_ALIKE));
            report.traits(&format!("cast[{i}]"), &role.traits);
            if let Some(model) = &role.model {
                report.model(&format!("cast[{i}].model"), model, role.kind);
            }
            if let Some(voice) = &role.voice {
                report.within(format!("cast[{i}].voice.speed"), f64::from(voice.speed.unwrap_or(1.0)), 0.5, 2.0);
                if !voice.kind.is_empty() {
                    report.one_of(format!("cast[{i}].voice.kind"), &voice.kind, VOICES);
                }
            }
        }
        for (i, scene) in self.scenes.iter().enumerate() {
            if let Some(before) = &scene.continues {
                let place = format!("scenes[{i}].continues");
                match self.scenes[..i].iter().find(|b| b.id == *before) {
                    None => report.add(place, format!("\"{before}\""), "the id of a scene that stands before it", ""),
                    Some(b) if b.things.len() > scene.things.len() || b.things.iter().zip(&scene.things).any(|(x, y)| x.id != y.id || x.word != y.word) => {
                        report.add(place, format!("\"{before}\""), "the things of that scene come first in this one", "copy them from there");
                    }
                    Some(_) => {}
                }
            }
            for (j, thing) in scene.things.iter().enumerate() {
                report.within(format!("scenes[{i}].things[{j}].count"), f64::from(thing.count), 1.0, f64::from(MOST_ALIKE));
                report.traits(&format!("scenes[{i}].things[{j}]"), &thing.traits);
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
        let lens = [
            ("framing.aperture", shot.framing.aperture, 0.7, 32.0),
            ("framing.shutter", shot.framing.shutter, 0.0, 360.0),
            ("framing.speed", shot.framing.speed, 0.1, 1.0),
        ];
        for (name, value, low, high) in lens {
            if let Some(value) = value {
                report.within(at(name), f64::from(value), low, high);
            }
        }
        for (j, focus) in shot.framing.focus.iter().enumerate() {
            report.known(at(&format!("framing.focus[{j}].on")), &focus.on, actors);
            if focus.from < Ticks::ZERO || focus.over < Ticks::ZERO || focus.from + focus.over > shot.length {
                report.add(at(&format!("framing.focus[{j}]")), focus.from + focus.over, "must begin and end within the shot", "");
            }
            if j > 0 && focus.from < shot.framing.focus[j - 1].from {
                report.add(at(&format!("framing.focus[{j}].from")), focus.from, "must not lie before the one before", "list them in their order");
            }
        }
        report.within(at("framing.move.pace"), f64::from(shot.framing.movement.pace), 0.1, 4.0);
        for (j, id) in shot.framing.subject.iter().enumerate() {
            report.known(at(&format!("framing.subject[{j}]")), id, actors);
        }
        if let Some(over) = &shot.framing.over {
            report.known(at("framing.over"), over, roles);
        }
        if shot.transition.length > shot.length || shot.transition.length < Ticks::ZERO {
            report.add(at("transition.length"), shot.transition.length, "must lie within the shot", "");
        }
        let end = |to: Ticks| if to == Ticks::ZERO { shot.length } else { to };
        for (j, beat) in shot.beats.iter().enumerate() {
            let at = |rest: &str| format!("shots[{i}].beats[{j}].{rest}");
            report.known(at("who"), &beat.who, actors);
            self.check_own(report, &at, beat);
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
            report.one_of(at("language"), &line.language, LANGUAGES);
            report.manner(&at("manner"), line.manner.as_deref().unwrap_or(""));
            for (language, text) in &line.translations {
                report.one_of(at("translations"), language, LANGUAGES);
                if text.trim().is_empty() || text.chars().count() > 2000 {
                    report.add(at(&format!("translations.{language}")), format!("{} characters", text.chars().count()), "1 to 2000 characters", "");
                }
            }
            if line.text.trim().is_empty() {
                report.add(at("text"), "\"\"", "a line has words", "");
            }
            if line.text.chars().count() > 2000 {
                report.add(at("text"), format!("{} characters", line.text.chars().count()), "at most 2000 characters", "split it");
            }
            let before = if i == 0 { Ticks::ZERO } else { LEAD };
            if line.from + before < Ticks::ZERO || line.from >= shot.length {
                report.add(
                    at("from"),
                    line.from,
                    format!("must lie within the shot of {}, or up to {LEAD} before it if another shot comes first", shot.length),
                    "",
                );
            }
            if line.lap < Ticks::ZERO || line.lap > LAP {
                report.add(at("lap"), line.lap, format!("0 to {LAP}"), "");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"version": 1, "cast": [{"id": "fox", "kind": "creature", "word": "fox"}], "scenes": [{"id": "wood", "place": "forest"}],
        "shots": [{"id": "one", "scene": "wood", "length": "3 s", "beats": [{"id": "beat", "who": "fox", "action": "walk"}]}]}"#;

    /// What the check says after an edit of the good plan.
    fn places(edit: impl Fn(&mut Plan)) -> Vec<String> {
        let mut plan = Plan::from_json(GOOD).expect("a good plan");
        edit(&mut plan);
        plan.check().into_iter().map(|p| p.place).collect()
    }

    fn cue(level: f32, from: i64, to: i64) -> Cue {
        let word = "bark".to_owned();
        Cue { id: "cue".into(), kind: crate::CueKind::Sound, word, from: Ticks(from), to: Ticks(to), level, source: None, span: None }
    }

    #[test]
    fn a_hand_written_plan_is_good() {
        assert_eq!(places(|_| ()), Vec::<String>::new(), "nothing is wrong with it");
        assert_eq!(places(|p| p.cues.push(cue(-6.0, 48_000, 0))), Vec::<String>::new(), "nor with a sound");
    }

    #[test]
    fn sounds_are_checked() {
        assert_eq!(places(|p| p.cues.push(cue(f32::INFINITY, 0, 0))), ["cues[0].level"], "a number of JSON can be too large for us");
        assert_eq!(places(|p| p.cues.push(cue(0.0, -1, 0))), ["cues[0].from"], "before the film");
        assert_eq!(places(|p| p.shots[0].cues.push(cue(0.0, 96_000, 48_000))), ["shots[0].cues[0].to"], "backwards");
        assert_eq!(places(|p| p.cues.push(Cue { source: Some("fxo".into()), ..cue(0.0, 0, 0) })), ["cues[0].source"], "from nobody");
    }

    #[test]
    fn words_that_are_no_files_are_checked() {
        assert_eq!(places(|p| p.cast[0].traits.age = Some("adlut".into())), ["cast[0].traits.age"], "an age");
        assert_eq!(places(|p| p.language = "klingon".into()), ["language"], "a language");
        let said = |manner: &str| {
            let line = format!(r#"{{"id": "l", "who": "fox", "text": "Hm.", "manner": "{manner}"}}"#);
            places(|p| p.shots[0].lines.push(serde_json::from_str(&line).expect("a line")))
        };
        assert_eq!(said("whisper afraid"), Vec::<String>::new(), "a voice and a feeling");
        assert_eq!(said("whispers"), ["shots[0].lines[0].manner"], "a word that is not in the list");
        assert_eq!(said("sad angry"), ["shots[0].lines[0].manner"], "two feelings");
        assert_eq!(places(|p| p.shots[0].framing.over = Some("nobody".into())), ["shots[0].framing.over"], "a shoulder");
    }

    #[test]
    fn motions_and_keys_are_checked() {
        let person = |p: &mut Plan| p.cast[0].kind = RoleKind::Person;
        let keyed = |keys: &str| {
            places(|p| {
                person(p);
                p.shots[0].beats[0].keys = serde_json::from_str(keys).expect("keys");
            })
        };
        let at = "shots[0].beats[0].keys";
        assert_eq!(
            keyed(r#"[{"at": 0}, {"at": 1.5, "ease": "hit", "joints": {"leftUpperArm": {"flex": 90, "turn": -10}}}]"#),
            Vec::<String>::new(),
            "good keys"
        );
        assert_eq!(keyed(r#"[{"at": 0, "joints": {"leftElbow": {"flex": 90}}}]"#), [format!("{at}[0].joints.leftElbow")], "a joint");
        assert_eq!(keyed(r#"[{"at": 0, "joints": {"leftLowerLeg": {"side": 9}}}]"#), [format!("{at}[0].joints.leftLowerLeg.side")], "a knee sideways");
        assert_eq!(keyed(r#"[{"at": 1}, {"at": 1}]"#), [format!("{at}[1].at")], "the same time");
        assert_eq!(keyed(r#"[{"at": 0, "joints": {"head": {"turn": 1e30}}}]"#), [format!("{at}[0].joints.head.turn")], "no angle");
        let legs = places(|p| {
            person(p);
            p.shots[0].beats[0].layer = KeyLayer::Arms;
            p.shots[0].beats[0].keys = serde_json::from_str(r#"[{"at": 0, "joints": {"leftFoot": {"flex": 5}}}]"#).expect("keys");
        });
        assert_eq!(legs, [format!("{at}[0].joints.leftFoot")], "legs in the layer of the arms");
        let recording = |bvh: &str| crate::Recording { id: "m".into(), file: "walk.bvh".into(), bvh: bvh.into(), in_place: false };
        assert_eq!(places(|p| p.motions.push(recording("HIERARCHY"))), ["motions[0].bvh"], "cut off");
        assert_eq!(places(|p| p.motions.push(recording(""))), ["motions[0].bvh"], "no text");
        assert_eq!(
            places(|p| p.shots[0].beats[0].motion = Some("m".into())),
            ["shots[0].beats[0].motion", "shots[0].beats[0].who"],
            "none of that name, and a fox"
        );
    }

    #[test]
    fn films_have_an_end() {
        let long = |p: &mut Plan| {
            let shot = p.shots[0].clone();
            p.shots = (0..5).map(|i| crate::Shot { id: i.to_string(), length: Ticks(180 * Ticks::PER_SECOND), beats: Vec::new(), ..shot.clone() }).collect();
        };
        assert_eq!(places(long), ["shots"], "a quarter of an hour");
        assert_eq!(places(|p| p.shots[0].length = Ticks(i64::MAX)), ["shots[0].length", "shots"], "and no sum of lengths overflows");
    }
}
