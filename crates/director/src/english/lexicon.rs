//! English words of a vocabulary, indexed for reading: names with hyphens taken apart, inflection undone.

use super::inflect::{Form, noun_forms, verb_forms};
use super::tables;
use crate::actions::Actions;
use kinora_base::diagnostics::nearest;
use kinora_vocabulary::{Asset, Kind, Language, Vocabulary};
use std::collections::BTreeMap;

/// An entry found in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    /// How many words it used.
    pub(crate) words: usize,
    pub(crate) plural: bool,
}

/// Entries by the first word of their names.
type Names<'a> = BTreeMap<String, Vec<(Vec<String>, Kind, &'a str)>>;

/// The words of a vocabulary.
pub(crate) struct Lexicon<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    /// By first word, the longest names first.
    names: Names<'a>,
    pub(crate) actions: Actions,
}

/// Sounds are not among them: they are heard only where the words say so.
const NOUNS: [Kind; 8] = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Garment, Kind::Place, Kind::Time, Kind::Weather];

impl<'a> Lexicon<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary) -> Self {
        let mut names: Names<'a> = BTreeMap::new();
        for asset in vocabulary.iter() {
            for name in asset.names.of(Language::En) {
                let words: Vec<String> = name.to_lowercase().replace('-', " ").split_whitespace().map(str::to_owned).collect();
                if let Some(first) = words.first().cloned() {
                    names.entry(first).or_default().push((words, asset.kind, &asset.id));
                }
            }
        }
        for list in names.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.1.cmp(&b.1)).then(a.2.cmp(b.2)));
        }
        Self { vocabulary, names, actions: Actions::of_vocabulary(vocabulary) }
    }

    /// The longest name of one of these kinds that begins at the first word, exactly as written.
    pub(crate) fn exact(&self, words: &[&str], kinds: &[Kind]) -> Option<Found> {
        let first = words.first()?;
        let list = self.names.get(*first)?;
        let fits = |name: &[String]| name.len() <= words.len() && name.iter().zip(words).all(|(a, b)| a == b);
        list.iter().find(|(name, kind, _)| kinds.contains(kind) && fits(name)).map(|(name, kind, id)| Found {
            kind: *kind,
            id: (*id).to_owned(),
            words: name.len(),
            plural: false,
        })
    }

    /// The longest name whose last word may be a plural. `prefer` puts kinds in order when one name has several meanings.
    pub(crate) fn noun(&self, words: &[&str]) -> Option<Found> {
        self.noun_of(words, &NOUNS)
    }

    pub(crate) fn noun_of(&self, words: &[&str], kinds: &[Kind]) -> Option<Found> {
        for count in (1..=words.len().min(4)).rev() {
            for (form, plural) in noun_forms(words[count - 1]) {
                let mut name: Vec<&str> = words[..count].to_vec();
                name[count - 1] = &form;
                for kind in kinds {
                    if let Some(found) = self.exact(&name, &[*kind]).filter(|f| f.words == count) {
                        return Some(Found { plural, ..found });
                    }
                }
            }
        }
        None
    }

    /// The motion that begins at the first word, which may be inflected.
    pub(crate) fn motion(&self, words: &[&str]) -> Option<(Found, Form)> {
        self.verb_of(words, Kind::Motion)
    }

    /// A motion that is named after a verb and its object, which may have words of its own between them: "plays a red guitar". The
    /// verb alone is used, so that the object is read as a thing.
    pub(crate) fn with_object(&self, words: &[&str]) -> Option<(Found, Form)> {
        let small = |w: &&&str| tables::FILLERS.contains(*w) || matches!(**w, "a" | "an" | "the" | "his" | "her" | "their" | "my" | "its" | "some" | "in");
        let after = words.iter().skip(1).position(|w| small(&w)).filter(|at| *at == 0)?;
        let rest = words.get(after + 2..)?;
        verb_forms(words[0]).into_iter().find_map(|(plain, form)| {
            let end =
                rest.iter().take(4).position(|w| noun_forms(w).iter().any(|(n, _)| self.exact(&[&plain, n], &[Kind::Motion]).is_some_and(|f| f.words == 2)))?;
            let noun = noun_forms(rest[end]).into_iter().find_map(|(n, _)| self.exact(&[&plain, &n], &[Kind::Motion]).filter(|f| f.words == 2))?;
            Some((Found { words: 1, ..noun }, form))
        })
    }

    /// The camera move that begins at the first word, which may be inflected.
    pub(crate) fn camera(&self, words: &[&str]) -> Option<Found> {
        self.verb_of(words, Kind::Camera).map(|f| f.0)
    }

    fn verb_of(&self, words: &[&str], kind: Kind) -> Option<(Found, Form)> {
        let mut best: Option<(Found, Form)> = None;
        for (plain, form) in verb_forms(words.first()?) {
            let mut name: Vec<&str> = words[..words.len().min(4)].to_vec();
            name[0] = &plain;
            if let Some(found) = self.exact(&name, &[kind])
                && best.as_ref().is_none_or(|b| b.0.words < found.words)
            {
                best = Some((found, form));
            }
        }
        best
    }

    /// Whether an entry exists.
    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        self.vocabulary.get(kind, id).is_some()
    }

    /// The first entry whose wider words include this one.
    pub(crate) fn by_kin(&self, word: &str) -> Option<&'a Asset> {
        let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Place, Kind::Garment];
        kinds.iter().find_map(|k| self.vocabulary.of(*k).find(|a| a.kin.iter().any(|w| w == word)))
    }

    /// The known word nearest to one that is not known.
    pub(crate) fn nearest(&self, word: &str, kinds: &[Kind]) -> Option<String> {
        let all: Vec<&str> = self.vocabulary.iter().filter(|a| kinds.contains(&a.kind)).flat_map(|a| a.names.of(Language::En)).map(String::as_str).collect();
        let singular = noun_forms(word).pop().map_or_else(|| word.to_owned(), |f| f.0);
        nearest(word, all.iter().copied()).or_else(|| nearest(&singular, all.iter().copied())).map(str::to_owned)
    }

    /// The entry that stands for a noun that is not in the vocabulary, with its count if plural.
    pub(crate) fn near_noun(&self, words: &[&str]) -> Option<(&'static tables::Near, usize, bool)> {
        for count in (1..=words.len().min(2)).rev() {
            for (form, plural) in noun_forms(words[count - 1]) {
                let name = if count == 1 { form } else { format!("{} {form}", words[0]) };
                let near = tables::NEAR_NOUNS.iter().find(|n| n.words.contains(&name.as_str()) && self.has(n.kind, n.id));
                if let Some(near) = near {
                    return Some((near, count, plural));
                }
            }
        }
        None
    }
}
