//! One asset file: names, and the raw text of its sections.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The folder an asset lies in, which says what kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A human being by role or age.
    Person,
    /// An animal or an imaginary being.
    Creature,
    /// Something that carries or travels.
    Vehicle,
    /// A thing.
    Prop,
    /// Something worn.
    Garment,
    /// Where a scene plays.
    Place,
    /// What somebody does.
    Motion,
    /// A way of drawing.
    Look,
    /// A noise.
    Sound,
    /// A mood and its music.
    Music,
    /// A camera move.
    Camera,
    /// A time of day and its light.
    Time,
    /// A weather and its light.
    Weather,
    /// A colour.
    Colour,
    /// What things are made of.
    Material,
}

impl Kind {
    /// Every kind with its folder.
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::Person, "people"),
        (Self::Creature, "creatures"),
        (Self::Vehicle, "vehicles"),
        (Self::Prop, "props"),
        (Self::Garment, "garments"),
        (Self::Place, "places"),
        (Self::Motion, "motions"),
        (Self::Look, "looks"),
        (Self::Sound, "sounds"),
        (Self::Music, "music"),
        (Self::Camera, "cameras"),
        (Self::Time, "times"),
        (Self::Weather, "weathers"),
        (Self::Colour, "colours"),
        (Self::Material, "materials"),
    ];

    /// The folder under `assets/`.
    #[must_use]
    pub fn folder(self) -> &'static str {
        Self::ALL.iter().find(|(k, _)| *k == self).map_or("", |(_, f)| f)
    }

    /// The kind of a folder, or of a kind's own name (`prop`, `props`).
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(k, folder)| *folder == name || k.to_string() == name).map(|(k, _)| *k)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// The languages every entry has names in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    Zh,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Spanish.
    Es,
}

impl Language {
    /// All five.
    pub const ALL: [Self; 5] = [Self::En, Self::Zh, Self::Ja, Self::Ko, Self::Es];
    /// The two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::Es => "es",
        }
    }
}

/// Names of an entry; the first of a language is the one shown, the others are understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English, singular, lower case.
    pub en: Vec<String>,
    /// Chinese.
    pub zh: Vec<String>,
    /// Japanese.
    pub ja: Vec<String>,
    /// Korean.
    pub ko: Vec<String>,
    /// Spanish, lower case.
    pub es: Vec<String>,
}

impl Names {
    /// The names in one language.
    #[must_use]
    pub fn of(&self, language: Language) -> &[String] {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
            Language::Ja => &self.ja,
            Language::Ko => &self.ko,
            Language::Es => &self.es,
        }
    }
}

/// Every section that a file may have beside `doc`, `names` and `kin`, with the crate that owns it.
pub const SECTIONS: &[(&str, &str)] = &[
    ("solids", "solids"),
    ("material", "solids"),
    ("colour", "solids"),
    ("place", "world"),
    ("vehicle", "world"),
    ("light", "world"),
    ("weather", "world"),
    ("effect", "world"),
    ("person", "cast"),
    ("creature", "cast"),
    ("garment", "cast"),
    ("motion", "cast"),
    ("prop", "stage"),
    ("camera", "stage"),
    ("look", "world"),
    ("sound", "sound"),
    ("music", "sound"),
    ("grammar", "director"),
    ("home", "director"),
];

/// What is wrong with an asset file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct AssetError {
    /// The file, as `props/bench.ron`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// One entry of the vocabulary.
#[derive(Clone, Debug)]
pub struct Asset {
    /// What kind of thing it is.
    pub kind: Kind,
    /// Its stable name: the file's stem, such as `park-bench`.
    pub id: String,
    /// One sentence about it.
    pub doc: String,
    /// Its names.
    pub names: Names,
    /// Wider words, nearest first: `["seat", "furniture"]`.
    pub kin: Vec<String>,
    /// Lines before it, and its text.
    sections: BTreeMap<String, (usize, Cow<'static, str>)>,
    read: Read,
}

/// What sections were read as, by name and type: files are asked for the same again and again, some in every frame.
#[derive(Clone, Default)]
struct Read(Arc<Mutex<Vec<Known>>>);

type Known = (String, TypeId, Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Read")
    }
}

struct Raw<'a> {
    doc: String,
    names: Names,
    kin: Vec<String>,
    sections: BTreeMap<String, &'a ron::value::RawValue>,
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Raw<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an asset: (doc: \"...\", names: (...), sections...)")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
                use serde::de::Error as _;
                let mut raw = Raw { doc: String::new(), names: Names::default(), kin: Vec::new(), sections: BTreeMap::new() };
                while let Some(key) = map.next_key::<FieldName>()? {
                    match key.0.as_str() {
                        "doc" => raw.doc = map.next_value()?,
                        "names" => raw.names = map.next_value()?,
                        "kin" => raw.kin = map.next_value()?,
                        name if SECTIONS.iter().any(|(s, _)| *s == name) => {
                            raw.sections.insert(key.0, map.next_value()?);
                        }
                        name => {
                            let _: IgnoredAny = map.next_value()?;
                            let known = SECTIONS.iter().map(|(s, _)| *s).collect::<Vec<_>>().join(", ");
                            return Err(A::Error::custom(format!("no section is called `{name}`; there are: doc, names, kin, {known}")));
                        }
                    }
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_struct("Asset", &[], Fields)
    }
}

/// A field's name, whatever it is.
struct FieldName(String);
impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = FieldName;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a section's name")
            }
            fn visit_str<E>(self, v: &str) -> Result<FieldName, E> {
                Ok(FieldName(v.to_owned()))
            }
        }
        deserializer.deserialize_identifier(Name)
    }
}

fn options() -> ron::Options {
    use ron::extensions::Extensions;
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_NEWTYPES | Extensions::UNWRAP_VARIANT_NEWTYPES)
}

impl Asset {
    /// Reads one file. `file` is what errors call it.
    pub fn parse(kind: Kind, id: &str, text: &str) -> Result<Self, AssetError> {
        let file = format!("{}/{id}.ron", kind.folder());
        if let Some((at, message)) = crate::numbers::first_wrong(text) {
            let before = &text[..at];
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            return Err(AssetError { file, line: before.matches('\n').count() + 1, column, message });
        }
        let raw: Raw<'_> = options().from_str(text).map_err(|e| locate(&file, &e, 0))?;
        for language in Language::ALL {
            if raw.names.of(language).is_empty() {
                return Err(AssetError {
                    file,
                    line: 1,
                    column: 1,
                    message: format!("`names` has no name in `{}`; every entry has one in each of en, zh, ja, ko, es", language.code()),
                });
            }
        }
        let sections = raw
            .sections
            .into_iter()
            .map(|(name, value)| {
                let inside = value.get_ron();
                let offset = (inside.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
                let lines_before = text.as_bytes()[..offset].iter().filter(|b| **b == b'\n').count();
                (name, (lines_before, Cow::Owned(inside.to_owned())))
            })
            .collect();
        Ok(Self { kind, id: id.to_owned(), doc: raw.doc, names: raw.names, kin: raw.kin, sections, read: Read::default() })
    }

    /// Reads one of our own files, which a test has read whole: only its names are looked at now.
    pub(crate) fn builtin(kind: Kind, id: &str, text: &'static str) -> Result<Self, AssetError> {
        let Some(fields) = crate::split::fields(text) else { return Self::parse(kind, id, text) };
        let mut asset =
            Self { kind, id: id.to_owned(), doc: String::new(), names: Names::default(), kin: Vec::new(), sections: BTreeMap::new(), read: Read::default() };
        let wrong = |e: ron::error::SpannedError| locate(&format!("{}/{id}.ron", kind.folder()), &e, 0);
        for (name, range) in fields {
            let lines_before = || text.as_bytes()[..range.start].iter().filter(|b| **b == b'\n').count();
            let inside = &text[range.clone()];
            match name {
                "doc" => asset.doc = options().from_str(inside).map_err(wrong)?,
                "names" => asset.names = options().from_str(inside).map_err(wrong)?,
                "kin" => asset.kin = options().from_str(inside).map_err(wrong)?,
                _ => {
                    asset.sections.insert(name.to_owned(), (lines_before(), Cow::Borrowed(inside)));
                }
            }
        }
        Ok(asset)
    }

    /// The section of that name as its owner's type, or `None` if the file does not have it.
    pub fn section<T: DeserializeOwned + Clone + Any + Send + Sync>(&self, name: &str) -> Result<Option<T>, AssetError> {
        debug_assert!(SECTIONS.iter().any(|(s, _)| *s == name), "section {name} is in SECTIONS");
        let Some((lines_before, text)) = self.sections.get(name) else { return Ok(None) };
        let known = || self.read.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().iter().find(|(n, t, _)| n == name && *t == TypeId::of::<T>()).and_then(|(.., read)| read.clone().downcast::<T>().ok());
        if let Some(found) = found {
            return Ok(Some(T::clone(&found)));
        }
        let read: T = options().from_str(text).map_err(|e| locate(&self.file(), &e, *lines_before))?;
        known().push((name.to_owned(), TypeId::of::<T>(), Arc::new(read.clone())));
        Ok(Some(read))
    }

    /// The names of the sections that this file has.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// The raw text of all sections, for digests.
    pub fn raw_sections(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sections.iter().map(|(n, (_, t))| (n.as_str(), t.as_ref()))
    }

    /// The file below `assets/`.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}/{}.ron", self.kind.folder(), self.id)
    }

    /// The name shown to people.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        self.names.of(language).first().map_or(&self.id, String::as_str)
    }
}

fn locate(file: &str, error: &ron::error::SpannedError, lines_before: usize) -> AssetError {
    AssetError { file: file.to_owned(), line: error.span.start.line + lines_before, column: error.span.start.col, message: error.code.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BENCH: &str = "(\n  doc: \"A bench.\",\n  names: (en: [\"bench\"], zh: [\"长椅\"], ja: [\"ベンチ\"], ko: [\"벤치\"], es: [\"banco\"]),\n  prop: (\n    seat: 0.45,\n    wide: true,\n  ),\n)";

    #[derive(Clone, Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Seat {
        seat: f32,
        wide: bool,
    }

    #[test]
    fn a_section_is_read_by_its_owner() {
        let asset = Asset::parse(Kind::Prop, "bench", BENCH).expect("a good file");
        assert_eq!(asset.section::<Seat>("prop").expect("a good section"), Some(Seat { seat: 0.45, wide: true }), "typed");
        assert_eq!(asset.section::<Seat>("solids").expect("absent is no error"), None, "absent");
    }

    #[test]
    fn an_error_says_file_and_line() {
        let bad = BENCH.replace("wide: true", "wide: 7");
        let asset = Asset::parse(Kind::Prop, "bench", &bad).expect("only the section is bad");
        let error = asset.section::<Seat>("prop").expect_err("a number is no flag");
        assert_eq!((error.file.as_str(), error.line), ("props/bench.ron", 6), "{error}");
    }

    #[test]
    fn unknown_sections_are_refused() {
        let error = Asset::parse(Kind::Prop, "bench", &BENCH.replace("prop:", "porp:")).expect_err("no such section");
        assert!(error.message.contains("porp"), "{error}");
    }
}
