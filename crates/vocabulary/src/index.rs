//! The index of words: from what people write to entries.

use crate::{Asset, AssetError, Kind, Language};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// A name found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The kind of the entry.
    pub kind: Kind,
    /// The entry's stable name.
    pub id: String,
    /// How many of the words given were used (one and more).
    pub words: usize,
}

/// All entries, and an index from names to them.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    assets: BTreeMap<(Kind, String), Asset>,
    names: HashMap<(Language, String), Vec<(Kind, String)>>,
    longest: usize,
    recordings: Vec<Recording>,
    digested: Digested,
}

/// What readers made of the entries, by its type. A copy of a vocabulary, which may get other files, begins with none.
#[derive(Default)]
struct Digested(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Clone for Digested {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for Digested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digested")
    }
}

/// A user's recording of a sound, as it lies on disk; `kinora-sound` reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The file's name without its ending.
    pub name: String,
    /// Where it is, for messages.
    pub path: String,
    /// The file.
    pub bytes: Arc<[u8]>,
}

impl Vocabulary {
    /// The entries that are in the binary.
    ///
    /// # Errors
    /// If a built-in file is broken, which a test of this crate rules out.
    pub fn builtin() -> Result<Self, AssetError> {
        let mut assets = BTreeMap::new();
        for (folder, id, text) in crate::FILES {
            let Some(kind) = Kind::parse(folder) else { continue };
            assets.insert((kind, (*id).to_owned()), Asset::builtin(kind, id, text)?);
        }
        let mut vocabulary = Self { assets, names: HashMap::new(), longest: 1, recordings: Vec::new(), digested: Digested::default() };
        vocabulary.index();
        Ok(vocabulary)
    }

    /// Entries from texts: kind, stable name, text. A later file replaces an earlier one of the same kind and name.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (Kind, &'a str, &'a str)>) -> Result<Self, AssetError> {
        let mut assets = BTreeMap::new();
        for (kind, id, text) in files {
            assets.insert((kind, id.to_owned()), Asset::parse(kind, id, text)?);
        }
        let mut vocabulary = Self { assets, names: HashMap::new(), longest: 1, recordings: Vec::new(), digested: Digested::default() };
        vocabulary.index();
        Ok(vocabulary)
    }

    /// This vocabulary with more files, which win over those already there.
    pub fn with_files<'a>(mut self, files: impl IntoIterator<Item = (Kind, &'a str, &'a str)>) -> Result<Self, AssetError> {
        for (kind, id, text) in files {
            self.assets.insert((kind, id.to_owned()), Asset::parse(kind, id, text)?);
        }
        self.digested = Digested::default();
        self.index();
        Ok(self)
    }

    /// This vocabulary with recordings of sounds, which win over those of the same name already there.
    #[must_use]
    pub fn with_recordings(mut self, recordings: impl IntoIterator<Item = Recording>) -> Self {
        let new: Vec<Recording> = recordings.into_iter().collect();
        // One take of a sound replaces all takes that a folder before had of it.
        let sound = |r: &Recording| r.name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-').to_owned();
        let replaced: Vec<String> = new.iter().map(sound).collect();
        self.recordings.retain(|r| !replaced.contains(&sound(r)));
        self.recordings.extend(new);
        self
    }

    /// The user's recordings, in the order in which they were given.
    #[must_use]
    pub fn recordings(&self) -> &[Recording] {
        &self.recordings
    }

    /// What `make` makes of this vocabulary: made when it is first asked for, and kept. There is one of each type.
    ///
    /// # Errors
    /// As `make`, which is then asked again the next time.
    pub fn digested<T: Any + Send + Sync, E>(&self, make: impl FnOnce(&Self) -> Result<T, E>) -> Result<Arc<T>, E> {
        let kept = |made: Option<Arc<T>>| {
            let mut all = self.digested.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(made) = made {
                all.entry(TypeId::of::<T>()).or_insert(made);
            }
            all.get(&TypeId::of::<T>()).cloned().and_then(|known| known.downcast::<T>().ok())
        };
        if let Some(known) = kept(None) {
            return Ok(known);
        }
        // Not under the lock: `make` may ask for something else. Two threads may both make it; the first one counts.
        let made = Arc::new(make(self)?);
        Ok(kept(Some(made.clone())).unwrap_or(made))
    }

    fn index(&mut self) {
        self.names.clear();
        for ((kind, id), asset) in &self.assets {
            for language in Language::ALL {
                for name in asset.names.of(language) {
                    self.longest = self.longest.max(name.split_whitespace().count());
                    self.names.entry((language, name.to_lowercase())).or_default().push((*kind, id.clone()));
                }
            }
        }
    }

    /// The entry of that kind and stable name.
    #[must_use]
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Asset> {
        self.assets.get(&(kind, id.to_owned()))
    }

    /// All entries, by kind, then by stable name.
    pub fn iter(&self) -> impl Iterator<Item = &Asset> {
        self.assets.values()
    }

    /// All entries of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Asset> {
        self.assets.values().filter(move |a| a.kind == kind)
    }

    /// Every entry that has exactly this name (any case) in this language.
    #[must_use]
    pub fn named(&self, language: Language, name: &str) -> Vec<&Asset> {
        let key = (language, name.to_lowercase());
        self.names.get(&key).into_iter().flatten().filter_map(|(k, id)| self.get(*k, id)).collect()
    }

    /// The longest names that begin at the first of these words; every entry that has one of that length.
    /// Inflection is the caller's business: give singular nouns and plain verbs.
    #[must_use]
    pub fn longest_match(&self, language: Language, words: &[&str]) -> Vec<Match> {
        for count in (1..=self.longest.min(words.len())).rev() {
            let name = words[..count].join(" ").to_lowercase();
            if let Some(found) = self.names.get(&(language, name)) {
                return found.iter().map(|(kind, id)| Match { kind: *kind, id: id.clone(), words: count }).collect();
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_file_parses() {
        for (folder, id, text) in crate::FILES {
            let kind = Kind::parse(folder).unwrap_or_else(|| panic!("assets/{folder} is not the folder of a kind"));
            let whole = Asset::parse(kind, id, text).unwrap_or_else(|e| panic!("{e}"));
            let quick = Asset::builtin(kind, id, text).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!((&whole.doc, &whole.names, &whole.kin), (&quick.doc, &quick.names, &quick.kin), "{folder}/{id}: as when it is read whole");
            let sections = |a: &Asset| a.raw_sections().map(|(n, t)| (n.to_owned(), t.trim().to_owned())).collect::<Vec<_>>();
            assert_eq!(sections(&whole), sections(&quick), "{folder}/{id}: the same sections");
        }
    }

    #[test]
    fn what_is_digested_is_kept_until_there_are_other_files() {
        struct Count(usize);
        let text = "(names: (en: [\"lamp\"], zh: [\"a\"], ja: [\"b\"], ko: [\"c\"], es: [\"d\"]))";
        let v = Vocabulary::from_files([(Kind::Prop, "lamp", text)]).expect("a good file");
        let count = |v: &Vocabulary| v.digested(|v| Ok::<_, ()>(Count(v.iter().count()))).expect("cannot fail").0;
        assert_eq!(v.digested(|_| Err::<Count, _>("no")).err(), Some("no"), "what failed is not kept");
        assert_eq!(count(&v), 1);
        assert!(v.digested(|_| Err::<Count, _>("asked again")).is_ok(), "it is kept");
        let more = v.clone().with_files([(Kind::Prop, "bench", text)]).expect("a good file");
        assert_eq!((count(&more), count(&v)), (2, 1), "each has its own");
    }

    #[test]
    fn longest_name_wins() {
        let names = |en: &str| format!("(names: (en: [\"{en}\"], zh: [\"a\"], ja: [\"b\"], ko: [\"c\"], es: [\"d\"]))");
        let (lamp, street) = (names("lamp"), names("street lamp"));
        let v = Vocabulary::from_files([(Kind::Prop, "lamp", lamp.as_str()), (Kind::Prop, "street-lamp", street.as_str())]).expect("good files");
        let found = v.longest_match(Language::En, &["street", "lamp", "glows"]);
        assert_eq!(found, [Match { kind: Kind::Prop, id: "street-lamp".into(), words: 2 }], "two words beat one");
    }
}
