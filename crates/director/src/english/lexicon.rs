//! English words of a vocabulary, indexed for reading: names with hyphens taken apart, inflection undone.

use super::inflect::{Form, noun_forms, verb_forms};
use super::tables;
use crate::actions::Actions;
use crate::wordnet::{self, Chain, Section};
use kinora_base::diagnostics::nearest;
use kinora_vocabulary::{Asset, Kind, Language, Vocabulary};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

/// An entry found in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    /// How many words it used.
    pub(crate) words: usize,
    pub(crate) plural: bool,
}

/// An entry that stands for a noun that the vocabulary does not have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stand<'a> {
    pub(crate) kind: Kind,
    pub(crate) id: &'a str,
    /// Whether the replacement is worth a warning.
    pub(crate) warn: bool,
    pub(crate) age: &'a str,
    pub(crate) size: f32,
    pub(crate) colour: &'a str,
    /// Nothing of its shape is known: the entry only says that something is there.
    pub(crate) plain: bool,
    pub(crate) words: usize,
    pub(crate) plural: bool,
}

impl<'a> Stand<'a> {
    fn near(near: &'static tables::Near, words: usize, plural: bool) -> Self {
        let plain = near.kind == Kind::Prop && near.id == "thing";
        Stand { kind: near.kind, id: near.id, warn: near.warn, age: near.age, size: near.size, colour: near.colour, plain, words, plural }
    }
    fn entry(asset: &'a Asset) -> Self {
        Stand { kind: asset.kind, id: &asset.id, warn: true, age: "", size: 1.0, colour: "", plain: false, words: 1, plural: false }
    }
}

/// Entries by the first word of their names, the longest names first.
struct Names {
    by_first: BTreeMap<String, Vec<(Vec<String>, Kind, String)>>,
    /// The first entry of each kin.
    kin: BTreeMap<String, (Kind, String)>,
}

impl Names {
    fn new(vocabulary: &Vocabulary) -> Self {
        let mut names: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for asset in vocabulary.iter() {
            for name in asset.names.of(Language::En) {
                let words: Vec<String> = name.to_lowercase().replace('-', " ").split_whitespace().map(str::to_owned).collect();
                if let Some(first) = words.first().cloned() {
                    names.entry(first).or_default().push((words, asset.kind, asset.id.clone()));
                }
            }
        }
        for list in names.values_mut() {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.1.cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
        }
        let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Place, Kind::Garment];
        let mut kin = BTreeMap::new();
        for asset in kinds.iter().flat_map(|k| vocabulary.of(*k)) {
            for word in &asset.kin {
                kin.entry(word.clone()).or_insert_with(|| (asset.kind, asset.id.clone()));
            }
        }
        Self { by_first: names, kin }
    }
}

/// The words of a vocabulary.
pub(crate) struct Lexicon<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    names: Arc<Names>,
    pub(crate) actions: Arc<Actions>,
    /// What was found by climbing.
    climbed: RefCell<BTreeMap<String, Option<Stand<'a>>>>,
}

/// Sounds are not among them: they are heard only where the words say so.
const NOUNS: [Kind; 8] = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Garment, Kind::Place, Kind::Time, Kind::Weather];

impl<'a> Lexicon<'a> {
    pub(crate) fn new(vocabulary: &'a Vocabulary) -> Self {
        let names = vocabulary.digested(|v| Ok::<_, Infallible>(Names::new(v))).unwrap_or_else(|never| match never {});
        Self { vocabulary, names, actions: Actions::of_vocabulary(vocabulary), climbed: RefCell::default() }
    }

    /// The longest name of one of these kinds that begins at the first word, exactly as written.
    pub(crate) fn exact(&self, words: &[&str], kinds: &[Kind]) -> Option<Found> {
        let first = words.first()?;
        let list = self.names.by_first.get(*first)?;
        let fits = |name: &[String]| name.len() <= words.len() && name.iter().zip(words).all(|(a, b)| a == b);
        list.iter().find(|(name, kind, _)| kinds.contains(kind) && fits(name)).map(|(name, kind, id)| Found {
            kind: *kind,
            id: id.clone(),
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
    /// verb alone is used, so that the object is read as a thing, unless it is none.
    pub(crate) fn with_object(&self, words: &[&str]) -> Option<(Found, Form)> {
        let small = |w: &&&str| {
            tables::FILLERS.contains(*w) && **w != "off"
                || matches!(**w, "a" | "an" | "the" | "his" | "her" | "their" | "my" | "its" | "some" | "in" | "another" | "one" | "down" | "up" | "into")
        };
        let after = words.iter().skip(1).position(|w| small(&w)).filter(|at| *at == 0)?;
        let rest = words.get(after + 2..)?;
        verb_forms(words[0]).into_iter().find_map(|(plain, form)| {
            let end = rest
                .iter()
                .take(4)
                .position(|w| *w != "to" && noun_forms(w).iter().any(|(n, _)| self.exact(&[&plain, n], &[Kind::Motion]).is_some_and(|f| f.words == 2)))?;
            let noun = noun_forms(rest[end]).into_iter().find_map(|(n, _)| self.exact(&[&plain, &n], &[Kind::Motion]).filter(|f| f.words == 2))?;
            // Whoever drives the red car sets that car going, not one that the motion brings along.
            let vehicle = self.noun_of(&[rest[end]], &[Kind::Vehicle]);
            if vehicle.is_some_and(|v| !self.actions.of(&noun.id).gear.contains(&v.id)) {
                return None;
            }
            // "Cuts her nails": what no file knows as a thing belongs to the verb.
            let known = |w: &&str| self.noun(&[*w]).is_some() || self.near_noun(&[*w]).is_some() || *w == "'s";
            let particle = matches!(rest[end], "up" | "off" | "out" | "down" | "in" | "on" | "over" | "away" | "back");
            // Nobody takes a picture off its wall to take one of somebody.
            let photo = plain == "take" && rest[end].starts_with("picture");
            let words = if particle || !photo && rest[..=end].iter().any(known) { 1 } else { end + 3 };
            Some((Found { words, ..noun }, form))
        })
    }

    /// The camera move that begins at the first word, which may be inflected.
    pub(crate) fn camera(&self, words: &[&str]) -> Option<Found> {
        self.verb_of(words, Kind::Camera).map(|f| f.0)
    }

    fn verb_of(&self, words: &[&str], kind: Kind) -> Option<(Found, Form)> {
        let mut best: Option<(Found, Form)> = None;
        for (plain, form) in verb_forms(words.first()?) {
            // "Rock her baby to sleep."
            let mut name: Vec<&str> = words[..words.len().min(6)].to_vec();
            name[0] = &plain;
            if let Some(found) = self.exact(&name, &[kind])
                && best.as_ref().is_none_or(|b| b.0.words < found.words)
            {
                best = Some((found, form));
            }
        }
        // "ice skates", "sword fights": the last word is inflected.
        if let (None, [first, second, ..]) = (&best, words) {
            let compound = |(plain, form): (String, Form)| self.exact(&[*first, &plain], &[kind]).filter(|f| f.words == 2).map(|f| (f, form));
            best = verb_forms(second).into_iter().find_map(compound);
        }
        best
    }

    /// Whether an entry exists.
    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        self.vocabulary.get(kind, id).is_some()
    }

    /// The first entry whose wider words include this one.
    pub(crate) fn by_kin(&self, word: &str) -> Option<&'a Asset> {
        let (kind, id) = self.names.kin.get(word)?;
        self.vocabulary.get(*kind, id)
    }

    /// The known word nearest to one that is not known.
    pub(crate) fn nearest(&self, word: &str, kinds: &[Kind]) -> Option<String> {
        let all: Vec<&str> = self.vocabulary.iter().filter(|a| kinds.contains(&a.kind)).flat_map(|a| a.names.of(Language::En)).map(String::as_str).collect();
        let singular = noun_forms(word).pop().map_or_else(|| word.to_owned(), |f| f.0);
        nearest(word, all.iter().copied()).or_else(|| nearest(&singular, all.iter().copied())).map(str::to_owned)
    }

    /// The entry that the table of near nouns has for a noun.
    pub(crate) fn near_noun(&self, words: &[&str]) -> Option<Stand<'a>> {
        for count in (1..=words.len().min(2)).rev() {
            for (form, plural) in noun_forms(words[count - 1]) {
                let name = if count == 1 { form } else { format!("{} {form}", words[0]) };
                if let Some(near) = self.listed(&[&name], &[]) {
                    return Some(Stand::near(near, count, plural));
                }
            }
        }
        None
    }

    fn listed(&self, names: &[&str], kinds: &[Kind]) -> Option<&'static tables::Near> {
        static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| tables::NEAR_NOUNS.iter().flat_map(|n| n.words).copied().collect());
        if !names.iter().any(|name| WORDS.contains(name)) {
            return None;
        }
        let fits = |n: &tables::Near| (kinds.is_empty() || kinds.contains(&n.kind)) && names.iter().any(|name| n.words.contains(name));
        tables::NEAR_NOUNS.iter().find(|n| fits(n) && self.has(n.kind, n.id))
    }

    /// The entry that stands for a noun of at least so many words by what it is a kind of: a labrador is a retriever, and that a dog.
    pub(crate) fn climb(&self, words: &[&str], least: usize) -> Option<Stand<'a>> {
        for count in (least..=words.len().min(3)).rev() {
            let last = words[count - 1];
            if words[..count].iter().any(|w| super::noun::is_function(w))
                || tables::FILLERS.contains(&last)
                || last.len() < 3
                || (count > 1 && super::verb::is_known(self, last))
            {
                continue;
            }
            let name = words[..count].join(" ");
            let found = self.climbed.borrow().get(&name).copied();
            let found = found.unwrap_or_else(|| {
                let found = noun_forms(last).into_iter().find_map(|(form, plural)| {
                    let mut whole = words[..count - 1].to_vec();
                    whole.push(&form);
                    let chain = wordnet::noun(&whole.join(" "))?;
                    self.stand(&chain).map(|s| Stand { words: count, plural, ..s })
                });
                self.climbed.borrow_mut().insert(name, found);
                found
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The nearest level that an entry is named after, that the table lists, or that an entry counts itself to, in this order.
    fn stand(&self, chain: &Chain) -> Option<Stand<'a>> {
        let kinds: &[Kind] = match chain.section {
            Section::Animal => &[Kind::Creature],
            Section::Person => &[Kind::Person, Kind::Creature],
            Section::Plant | Section::Food => &[Kind::Prop],
            // A saxophone is a woodwind, and that is not a forest.
            Section::Thing if chain.levels.iter().flatten().any(|n| matches!(*n, "structure" | "facility")) => &[Kind::Prop, Kind::Place],
            Section::Thing => &[Kind::Prop, Kind::Vehicle, Kind::Garment],
            Section::Place => &[Kind::Place, Kind::Prop],
            Section::Weather => &[Kind::Weather],
            Section::Body | Section::Verb => return None,
        };
        let person = |level: &[&str]| chain.section == Section::Person && level.contains(&"person");
        chain.levels.iter().find_map(|level| {
            let named = || level.iter().find_map(|name| self.exact(&name.split(' ').collect::<Vec<_>>(), kinds).filter(|f| f.words == name.split(' ').count()));
            if person(level) {
                return self.somebody(chain.levels[0].first()?);
            }
            if let Some(found) = named() {
                return self.vocabulary.get(found.kind, &found.id).map(Stand::entry);
            }
            self.listed(level, kinds).map(|n| Stand { warn: true, ..Stand::near(n, 1, false) }).or_else(|| self.of_kin(level, kinds).map(Stand::entry))
        })
    }

    /// The entry that counts itself most nearly to what a level means.
    fn of_kin(&self, level: &[&str], kinds: &[Kind]) -> Option<&'a Asset> {
        let shapely = |k: &str| !tables::SHAPELESS.contains(&k);
        let at = |a: &Asset| a.kin.iter().position(|k| shapely(k) && level.contains(&k.as_str()));
        kinds.iter().find_map(|kind| self.vocabulary.of(*kind).filter_map(|a| at(a).map(|n| (n, a))).min_by_key(|(n, _)| *n).map(|(_, a)| a))
    }

    /// A woman or a man, by chance, but always the same for the same word.
    pub(crate) fn somebody(&self, word: &str) -> Option<Stand<'a>> {
        let woman = word.bytes().fold(7_u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b))) & 16 == 0;
        let order = if woman { ["woman", "man"] } else { ["man", "woman"] };
        order.into_iter().find_map(|id| self.vocabulary.get(Kind::Person, id)).map(Stand::entry)
    }

    /// The motion that stands for a verb by what doing it is a kind of, with the plain verb.
    pub(crate) fn climb_verb(&self, word: &str) -> Option<(String, Option<&'static tables::NearVerb>, String, Form)> {
        verb_forms(word).into_iter().find_map(|(plain, form)| {
            let chain = wordnet::verb(&plain)?;
            chain.levels.iter().find_map(|level| {
                // "To move" and "to put" can be anything.
                let vague =
                    level.iter().any(|l| matches!(*l, "move" | "change" | "act" | "touch" | "make" | "put" | "get" | "give")) && !level.contains(&"travel");
                level.iter().filter(|_| !vague).find_map(|name| {
                    let words: Vec<&str> = name.split(' ').collect();
                    if let Some(found) = self.exact(&words, &[Kind::Motion]).filter(|f| f.words == words.len()) {
                        return Some((found.id, None, plain.clone(), form));
                    }
                    let near = tables::NEAR_VERBS.iter().find(|v| v.words.contains(name) && self.has(Kind::Motion, v.motion))?;
                    Some((near.motion.to_owned(), Some(near), plain.clone(), form))
                })
            })
        })
    }
}
