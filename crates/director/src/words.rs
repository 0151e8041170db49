//! Whether the words of a plan are in the vocabulary.

use kinora_base::diagnostics::nearest;
use kinora_plan::{CueKind, Plan, Problem, Traits};
use kinora_vocabulary::{Kind, Vocabulary};

struct Check<'a> {
    vocabulary: &'a Vocabulary,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn word(&mut self, place: String, word: &str, kinds: &[Kind]) {
        if kinds.iter().any(|k| self.vocabulary.get(*k, word).is_some()) {
            return;
        }
        let ids: Vec<&str> = kinds.iter().flat_map(|k| self.vocabulary.of(*k)).map(|a| a.id.as_str()).collect();
        let hint = nearest(word, ids.iter().copied()).map_or_else(|| format!("there are: {}", ids.join(", ")), |n| format!("did you mean \"{n}\"?"));
        let expected = format!("must be an entry of {}", kinds.iter().map(|k| k.folder()).collect::<Vec<_>>().join(" or "));
        self.problems.push(Problem { place, value: format!("\"{word}\""), expected, hint });
    }
    fn maybe(&mut self, place: String, word: Option<&String>, kinds: &[Kind]) {
        if let Some(word) = word {
            self.word(place, word, kinds);
        }
    }
    fn traits(&mut self, place: &str, traits: &Traits) {
        self.maybe(format!("{place}.traits.colour"), traits.colour.as_ref(), &[Kind::Colour]);
        self.maybe(format!("{place}.traits.material"), traits.material.as_ref(), &[Kind::Material]);
        for (i, g) in traits.clothes.iter().enumerate() {
            self.word(format!("{place}.traits.clothes[{i}].word"), &g.word, &[Kind::Garment]);
            self.maybe(format!("{place}.traits.clothes[{i}].colour"), g.colour.as_ref(), &[Kind::Colour]);
        }
    }
}

/// Every word of a plan that the vocabulary does not have: place, value, and the nearest word that it has.
#[must_use]
pub fn check_words(plan: &Plan, vocabulary: &Vocabulary) -> Vec<Problem> {
    let mut check = Check { vocabulary, problems: Vec::new() };
    check.word("look".into(), &plan.look, &[Kind::Look]);
    for (i, role) in plan.cast.iter().enumerate() {
        check.word(format!("cast[{i}].word"), &role.word, &[crate::story::kind_of(role.kind)]);
        check.traits(&format!("cast[{i}]"), &role.traits);
    }
    for (i, scene) in plan.scenes.iter().enumerate() {
        check.word(format!("scenes[{i}].place"), &scene.place, &[Kind::Place]);
        check.word(format!("scenes[{i}].time"), &scene.time, &[Kind::Time]);
        check.word(format!("scenes[{i}].weather"), &scene.weather, &[Kind::Weather]);
        check.maybe(format!("scenes[{i}].mood"), scene.mood.as_ref(), &[Kind::Music]);
        for (j, thing) in scene.things.iter().enumerate() {
            check.word(format!("scenes[{i}].things[{j}].word"), &thing.word, &[Kind::Prop, Kind::Vehicle]);
            check.traits(&format!("scenes[{i}].things[{j}]"), &thing.traits);
        }
    }
    for (i, shot) in plan.shots.iter().enumerate() {
        for (j, beat) in shot.beats.iter().enumerate() {
            check.word(format!("shots[{i}].beats[{j}].action"), &beat.action, &[Kind::Motion]);
        }
        for (j, cue) in shot.cues.iter().enumerate() {
            cue_word(&mut check, format!("shots[{i}].cues[{j}].word"), cue);
        }
    }
    for (j, cue) in plan.cues.iter().enumerate() {
        cue_word(&mut check, format!("cues[{j}].word"), cue);
    }
    check.problems
}

fn cue_word(check: &mut Check<'_>, place: String, cue: &kinora_plan::Cue) {
    match cue.kind {
        CueKind::Sound => check.word(place, &cue.word, &[Kind::Sound]),
        CueKind::Music => check.word(place, &cue.word, &[Kind::Music]),
        CueKind::NoMusic => {}
    }
}
