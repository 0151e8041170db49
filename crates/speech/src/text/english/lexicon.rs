//! The English dictionary: words, their sounds, and other sounds where a word is another part of speech. It is a text
//! of sorted lines, made once when voices are installed, and searched as it lies: nothing is built when a line is spoken.
//!
//! A line is `word TAB sounds`, then `TAB KIND=sounds` for each part of speech that sounds otherwise (no sounds: the
//! word is spelled). Lines with an empty first column, `word TAB TAB sounds`, are of the less certain half (`silver`).

use serde::Deserialize;
use std::collections::BTreeMap;

/// A dictionary that can be searched.
pub(super) struct Lexicon {
    text: String,
}

/// What the dictionary says of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// How it sounds as a rule.
    pub(super) sounds: &'a str,
    /// Of the half that was checked.
    pub(super) sure: bool,
    kinds: &'a str,
}

impl<'a> Entry<'a> {
    /// How it sounds as another part of speech, if otherwise; an empty text says that it is spelled then.
    pub(super) fn of_kind(self, kind: &str) -> Option<&'a str> {
        self.kinds.split('\t').find_map(|k| k.strip_prefix(kind)?.strip_prefix('='))
    }

    /// Whether it sounds otherwise as another part of speech.
    pub(super) fn has_kinds(self) -> bool {
        !self.kinds.is_empty()
    }
}

impl Lexicon {
    pub(super) fn new(text: String) -> Self {
        Self { text }
    }

    /// A word as written, or with the other case of its first letter if only that is there; sure entries win.
    pub(super) fn find(&self, word: &str) -> Option<Entry<'_>> {
        let own = self.exact(word);
        if own.is_some_and(|e| e.sure) {
            return own;
        }
        let other = other_case(word).and_then(|w| self.exact(&w));
        match (own, other) {
            (Some(_), Some(other)) if other.sure => Some(other),
            (Some(own), _) => Some(own),
            (None, other) => other,
        }
    }

    pub(super) fn exact(&self, word: &str) -> Option<Entry<'_>> {
        let bytes = self.text.as_bytes();
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let start = bytes[low..middle].iter().rposition(|b| *b == b'\n').map_or(low, |i| low + i + 1);
            let end = bytes[start..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| start + i);
            let (key, rest) = self.text[start..end].split_once('\t').unwrap_or((&self.text[start..end], ""));
            match key.cmp(word) {
                std::cmp::Ordering::Less => low = (end + 1).min(high),
                std::cmp::Ordering::Greater => high = start,
                std::cmp::Ordering::Equal => {
                    let (first, more) = rest.split_once('\t').unwrap_or((rest, ""));
                    return Some(if first.is_empty() {
                        Entry { sounds: more, sure: false, kinds: "" }
                    } else {
                        Entry { sounds: first, sure: true, kinds: more }
                    });
                }
            }
        }
        None
    }
}

/// "Word" for "word" and the other way round; nothing for other mixtures of cases and for single letters.
fn other_case(word: &str) -> Option<String> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    if rest.is_empty() || rest.chars().any(char::is_uppercase) {
        return None;
    }
    let other: String = if first.is_uppercase() { first.to_lowercase().collect() } else { first.to_uppercase().collect() };
    Some(other + rest).filter(|o| o != word)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Sounds {
    Always(String),
    ByKind(BTreeMap<String, Option<String>>),
}

/// Makes the dictionary's text of the two JSON files of the package `misaki`.
pub(crate) fn compact(gold: &[u8], silver: &[u8]) -> Result<String, String> {
    let read = |json: &[u8]| serde_json::from_slice::<BTreeMap<String, Sounds>>(json).map_err(|e| e.to_string());
    let mut lines = BTreeMap::new();
    for (word, sounds) in read(silver)? {
        if let Sounds::Always(sounds) = sounds {
            lines.insert(word, format!("\t{sounds}"));
        }
    }
    for (word, sounds) in read(gold)? {
        let line = match sounds {
            Sounds::Always(sounds) => sounds,
            Sounds::ByKind(kinds) => {
                let usual = kinds.get("DEFAULT").cloned().flatten().ok_or_else(|| format!("\"{word}\" has no usual sounds"))?;
                let others = kinds.iter().filter(|k| k.0 != "DEFAULT" && k.1.as_ref() != Some(&usual));
                others.fold(usual.clone(), |line, (kind, sounds)| format!("{line}\t{kind}={}", sounds.as_deref().unwrap_or_default()))
            }
        };
        lines.insert(word, line);
    }
    let plain = |t: &str| !t.contains(['\n', '\r']);
    if let Some((word, _)) = lines.iter().find(|(word, line)| word.contains('\t') || !plain(word) || !plain(line)) {
        return Err(format!("{word:?} cannot be a line"));
    }
    Ok(lines.into_iter().map(|(word, line)| format!("{word}\t{line}\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_lie() {
        let gold = r#"{"read": {"DEFAULT": "ɹˈid", "VBD": "ɹˈɛd"}, "US": {"DEFAULT": "ˌʌs", "NOUN": null}, "Anna": "ˈænə", "a": "A"}"#;
        let text = compact(gold.as_bytes(), r#"{"anna": "x", "zebu": "zˈibu"}"#.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        let lexicon = Lexicon::new(text);
        let read = lexicon.find("Read").expect("by the other case");
        assert_eq!((read.sounds, read.of_kind("VBD"), read.of_kind("NOUN")), ("ɹˈid", Some("ɹˈɛd"), None), "kinds");
        assert_eq!(lexicon.find("US").and_then(|e| e.of_kind("NOUN")), Some(""), "spelled as a noun");
        assert_eq!(lexicon.find("anna").map(|e| e.sounds), Some("ˈænə"), "the sure half wins");
        assert_eq!(lexicon.find("Zebu").map(|e| (e.sounds, e.sure)), Some(("zˈibu", false)), "the other half is there");
        assert_eq!(["", "b", "zz", "REA", "A"].map(|w| lexicon.find(w)), [None; 5], "what is not there is not found");
    }
}
