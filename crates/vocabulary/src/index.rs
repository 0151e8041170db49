//! The index of words: from what people write to entries.

use crate::{Asset, AssetError, Kind, Language};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

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
        let mut vocabulary = Self { assets, names: HashMap::new(), longest: 1, recordings: Vec::new() };
        vocabulary.index();
        Ok(vocabulary)
    }

    /// Entries from texts: kind, stable name, text. A later file replaces an earlier one of the same kind and name.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (Kind, &'a str, &'a str)>) -> Result<Self, AssetError> {
        let mut assets = BTreeMap::new();
        for (kind, id, text) in files {
            assets.insert((kind, id.to_owned()), Asset::parse(kind, id, text)?);
        }
        let mut vocabulary = Self { assets, names: HashMap::new(), longest: 1, recordings: Vec::new() };
        vocabulary.index();
        Ok(vocabulary)
    }

    /// This vocabulary with more files, which win over those already there.
    pub fn with_files<'a>(mut self, files: impl IntoIterator<Item = (Kind, &'a str, &'a str)>) -> Result<Self, AssetError> {
        for (kind, id, text) in files {
            self.assets.insert((kind, id.to_owned()), Asset::parse(kind, id, text)?);
        }
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
    fn longest_name_wins() {
        let names = |en: &str| format!("(names: (en: [\"{en}\"], zh: [\"a\"], ja: [\"b\"], ko: [\"c\"], es: [\"d\"]))");
        let (lamp, street) = (names("lamp"), names("street lamp"));
        let v = Vocabulary::from_files([(Kind::Prop, "lamp", lamp.as_str()), (Kind::Prop, "street-lamp", street.as_str())]).expect("good files");
        let found = v.longest_match(Language::En, &["street", "lamp", "glows"]);
        assert_eq!(found, [Match { kind: Kind::Prop, id: "street-lamp".into(), words: 2 }], "two words beat one");
    }
}
