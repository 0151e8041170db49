//! Verbs: motions of the vocabulary, near verbs of the table, helpers.

use super::inflect::{Form, verb_forms};
use super::lexicon::{Found, Lexicon};
use super::tables::{self, NearVerb};
use kinora_vocabulary::Kind;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A verb that was found.
pub(crate) struct Verb {
    pub(crate) motion: String,
    pub(crate) near: Option<&'static NearVerb>,
    pub(crate) lemma: String,
    pub(crate) form: Form,
    pub(crate) words: usize,
}

/// The near verbs by their words; the first of several counts.
fn near_verbs() -> &'static HashMap<&'static str, &'static NearVerb> {
    static BY_WORD: OnceLock<HashMap<&str, &NearVerb>> = OnceLock::new();
    BY_WORD.get_or_init(|| tables::NEAR_VERBS.iter().rev().flat_map(|v| v.words.iter().map(move |w| (*w, v))).collect())
}

/// The near verb that begins here, with its words, lemma and form.
pub(crate) fn near(words: &[&str]) -> Option<(&'static NearVerb, usize, String, Form)> {
    // "Scared" is how somebody is.
    if words.first().is_some_and(|w| tables::MOODS.iter().any(|(m, _)| m == w)) {
        return None;
    }
    for count in (1..=words.len().min(2)).rev() {
        for (plain, form) in verb_forms(words[0]) {
            let name = if count == 1 { plain } else { format!("{plain} {}", words[1]) };
            if let Some(v) = near_verbs().get(name.as_str()) {
                return Some((v, count, name, form));
            }
        }
    }
    None
}

/// The verb that begins here. More words win; then the vocabulary wins over the table.
pub(crate) fn find(lexicon: &Lexicon<'_>, words: &[&str]) -> Option<Verb> {
    // "Gives a thumbs up" is a verb of its own, and nobody gives up.
    let whole = lexicon.motion(words).filter(|(found, _)| found.words > 2);
    if let Some((found, form)) = lexicon.with_object(words).filter(|(f, _)| whole.as_ref().is_none_or(|(w, _)| w.id == f.id)) {
        return Some(Verb { motion: found.id, near: None, lemma: words[0].to_owned(), form, words: found.words });
    }
    let own = lexicon.motion(words).map(|(found, form)| (without_object(lexicon, words, found), form));
    let other = near(words);
    match (own, other) {
        (Some((found, form)), other) if other.as_ref().is_none_or(|o| o.1 <= found.words) => {
            let lemma =
                verb_forms(words[0]).into_iter().map(|f| f.0).find(|p| other.as_ref().is_some_and(|o| o.2 == *p)).unwrap_or_else(|| words[0].to_owned());
            Some(Verb { motion: found.id, near: None, lemma, form, words: found.words })
        }
        (_, Some((v, count, lemma, form))) if lexicon.has(Kind::Motion, v.motion) => {
            Some(Verb { motion: v.motion.to_owned(), near: Some(v), lemma, form, words: count })
        }
        _ => None,
    }
}

/// "Exchange keys": of a motion that holds what is named, only the verb, so that the object is read as a thing.
fn without_object(lexicon: &Lexicon<'_>, words: &[&str], found: Found) -> Found {
    let thing = |at: usize| lexicon.noun_of(&words[at..], &[Kind::Prop]).is_some();
    let held = found.words > 1 && lexicon.actions.of(&found.id).held && (1..found.words).any(thing);
    let alone = held && lexicon.motion(&words[..1]).is_some_and(|(f, _)| f.id == found.id);
    if alone { Found { words: 1, ..found } } else { found }
}

/// Whether a word is a verb of the vocabulary or of the table.
pub(crate) fn is_known(lexicon: &Lexicon<'_>, word: &str) -> bool {
    lexicon.motion(&[word]).is_some() || near(&[word]).is_some()
}

/// Whether a word is a form of one of these verbs.
pub(crate) fn is_any(word: &str, verbs: &[&str]) -> bool {
    verb_forms(word).iter().any(|(p, _)| verbs.contains(&p.as_str()))
}
