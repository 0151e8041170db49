//! Mandarin: characters to pinyin with tones by phrases (crate `piper-plus-g2p`), pinyin to the model's symbols.

use super::mark;
use super::words::Words;
use crate::pack::Pack;
use piper_plus_g2p::Phonemizer as _;
use piper_plus_g2p::chinese::ChinesePhonemizer;
use piper_plus_g2p::token_map::PUA_TO_TOKEN;

pub(super) struct Mandarin {
    pinyin: ChinesePhonemizer,
    words: Words,
}

/// Sounds of the phonemizer in the model's symbols; of a final with a coda, the tone stands before the coda.
const SOUNDS: &[(&str, &str, &str)] = &[
    ("tɕ", "ʨ", ""),
    ("tɕʰ", "ʨʰ", ""),
    ("tʂ", "ꭧ", ""),
    ("tʂʰ", "ꭧʰ", ""),
    ("ts", "ʦ", ""),
    ("tsʰ", "ʦʰ", ""),
    ("aɪ", "ai", ""),
    ("eɪ", "ei", ""),
    ("aʊ", "au", ""),
    ("oʊ", "ou", ""),
    ("an", "a", "n"),
    ("ən", "ə", "n"),
    ("aŋ", "a", "ŋ"),
    ("əŋ", "ə", "ŋ"),
    ("uŋ", "ʊ", "ŋ"),
    ("ia", "ja", ""),
    ("iɛ", "je", ""),
    ("iou", "jou", ""),
    ("iaʊ", "jau", ""),
    ("iɛn", "jɛ", "n"),
    ("in", "i", "n"),
    ("iaŋ", "ja", "ŋ"),
    ("iŋ", "i", "ŋ"),
    ("iuŋ", "jʊ", "ŋ"),
    ("ua", "wa", ""),
    ("uo", "wo", ""),
    ("uaɪ", "wai", ""),
    ("ueɪ", "wei", ""),
    ("uan", "wa", "n"),
    ("uən", "wə", "n"),
    ("uaŋ", "wa", "ŋ"),
    ("uəŋ", "wə", "ŋ"),
    ("yɛ", "ɥe", ""),
    ("yɛn", "ɥɛ", "n"),
    ("yn", "y", "n"),
    ("y_vowel", "y", ""),
    ("ɻ̩", "ɨ", ""),
    ("ɚ", "ɚ", ""),
    ("o", "o", ""),
];

impl Mandarin {
    pub(super) fn open(pack: &Pack) -> Result<Self, String> {
        Ok(Self { words: Words::open(pack).map_err(|e| e.to_string())?, pinyin: ChinesePhonemizer::new_bundled().map_err(|e| e.to_string())? })
    }

    pub(super) fn read(&self, text: &str) -> String {
        let mut out = String::new();
        let mut stretch = String::new();
        for c in text.chars() {
            match mark(c).or((c == ' ').then_some(' ')) {
                Some(m) => {
                    out.push_str(&self.stretch(&stretch));
                    stretch.clear();
                    out.push(m);
                }
                None => stretch.push(c),
            }
        }
        out + &self.stretch(&stretch)
    }

    fn stretch(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let tokens = self.pinyin.phonemize_with_prosody(text).map(|t| t.0).unwrap_or_default();
        let characters: Vec<char> = text.chars().collect();
        let syllables = syllables(&tokens);
        if syllables.len() != characters.len() {
            return syllables.concat();
        }
        let mut at = 0;
        let mut words = Vec::new();
        for length in self.words.lengths(&characters) {
            words.push(syllables[at..at + length].concat());
            at += length;
        }
        words.join(" ")
    }
}

/// The phonemizer's tokens in the model's symbols, a string for each syllable.
fn syllables(tokens: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let (mut now, mut coda) = (String::new(), "");
    for token in tokens {
        // Multi-letter sounds come as private characters.
        let mut chars = token.chars();
        let decoded = match (chars.next(), chars.next()) {
            (Some(c), None) => PUA_TO_TOKEN.get(&c).copied().unwrap_or(token),
            _ => token,
        };
        let tone = match decoded {
            "tone1" => Some("→"),
            "tone2" => Some("↗"),
            "tone3" => Some("↓"),
            "tone4" => Some("↘"),
            "tone5" => Some(""),
            _ => None,
        };
        if let Some(tone) = tone {
            out.push(std::mem::take(&mut now) + tone + std::mem::take(&mut coda));
            continue;
        }
        now.push_str(std::mem::take(&mut coda));
        match SOUNDS.iter().find(|(s, ..)| *s == decoded) {
            Some((_, sound, end)) => {
                // After lips, o is wo.
                let lips = *sound == "o" && now.ends_with(['p', 'ʰ', 'm', 'f']);
                now.push_str(if lips { "wo" } else { sound });
                coda = end;
            }
            None => now.push_str(decoded),
        }
    }
    if !now.is_empty() {
        out.push(now + coda);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_stand_after_vowels() {
        let pinyin = ChinesePhonemizer::new_bundled().unwrap_or_else(|e| panic!("{e}"));
        let read = |text: &str| syllables(&pinyin.phonemize_with_prosody(text).map(|t| t.0).unwrap_or_default()).join(" ");
        assert_eq!(read("你好"), "ni↗ xau↓", "third before third rises");
        assert_eq!(read("银行"), "i↗n xa↗ŋ", "行 in a bank is hang");
        assert_eq!(read("知道"), "ꭧɨ→ tau↘", "a syllable without a vowel letter");
        assert_eq!(read("山坡"), "ʂa→n pʰwo→", "o after lips");
    }
}
