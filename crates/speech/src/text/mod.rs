//! Text becomes the symbols of the voice model: cleaned, cut into stretches of one language, numbers in words, then
//! each stretch by the rules of its language.

mod clean;
mod english;
mod japanese;
mod korean;
mod letters;
mod mandarin;
mod mecab;
mod numbers;
mod spanish;
mod words;

pub(crate) use english::compact as dictionary;

use crate::SpeechError;
use crate::pack::Pack;
use std::sync::OnceLock;

/// A language that is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tongue {
    /// en
    English,
    /// es
    Spanish,
    /// ja
    Japanese,
    /// ko
    Korean,
    /// zh
    Mandarin,
}

impl Tongue {
    /// All of them, by code.
    pub const ALL: [Self; 5] = [Self::English, Self::Spanish, Self::Japanese, Self::Korean, Self::Mandarin];

    /// By its code in plans: en, es, ja, ko, zh.
    ///
    /// # Errors
    /// For any other.
    pub fn of(code: &str) -> Result<Self, SpeechError> {
        Self::ALL.into_iter().find(|t| t.code() == code).ok_or_else(|| SpeechError::UnknownLanguage { language: code.into() })
    }

    /// Its code in plans.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Mandarin => "zh",
        }
    }
}

/// A text as symbols.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// Symbols of the model, marks and spaces among them.
    pub(crate) phones: String,
    /// Characters that nobody can say here: another script, pictures.
    pub(crate) unspoken: usize,
}

/// The front ends, each loaded when its language is first spoken.
pub(crate) struct Fronts {
    pack: Pack,
    american: OnceLock<Result<english::English, String>>,
    british: OnceLock<Result<english::English, String>>,
    mandarin: OnceLock<Result<mandarin::Mandarin, String>>,
    japanese: OnceLock<Result<mecab::Dictionary, String>>,
}

impl Fronts {
    pub(crate) fn new(pack: &Pack) -> Self {
        Self { pack: pack.clone(), american: OnceLock::new(), british: OnceLock::new(), mandarin: OnceLock::new(), japanese: OnceLock::new() }
    }

    /// The symbols of a text in a language, which may hold words of others.
    pub(crate) fn read(&self, text: &str, tongue: Tongue, british: bool) -> Result<Phrase, SpeechError> {
        let (text, unspoken) = clean::clean(text);
        let mut phones = String::new();
        for (run, tongue) in clean::runs(&text, tongue) {
            let spelled = numbers::spell(&run, tongue);
            let said = match tongue {
                Tongue::English => self.english(british)?.read(&spelled),
                Tongue::Spanish => spanish::read(&spelled),
                Tongue::Korean => korean::read(&spelled),
                Tongue::Mandarin => self.mandarin()?.read(&spelled),
                Tongue::Japanese => japanese::read(&spelled, self.japanese()?),
            };
            if !phones.is_empty() && !phones.ends_with(' ') && !said.starts_with([',', '.', '!', '?', ';', ':', '…', ' ']) {
                phones.push(' ');
            }
            phones.push_str(&said);
        }
        let phones = tidy(&phones);
        Ok(Phrase { phones, unspoken })
    }

    fn english(&self, british: bool) -> Result<&english::English, SpeechError> {
        let (kept, file) = if british { (&self.british, "english/gb.dic") } else { (&self.american, "english/us.dic") };
        let open = || {
            let bytes = std::fs::read(self.pack.path(file)).map_err(|e| e.to_string())?;
            let text = String::from_utf8(bytes).map_err(|e| e.to_string())?;
            english::English::open(text, british).ok_or_else(|| "it is no dictionary".to_owned())
        };
        kept.get_or_init(open).as_ref().map_err(|e| SpeechError::Broken { file: file.into(), what: e.clone() })
    }

    fn mandarin(&self) -> Result<&mandarin::Mandarin, SpeechError> {
        self.mandarin.get_or_init(|| mandarin::Mandarin::open(&self.pack)).as_ref().map_err(|e| SpeechError::Broken { file: "chinese".into(), what: e.clone() })
    }

    fn japanese(&self) -> Result<&mecab::Dictionary, SpeechError> {
        let open = || mecab::Dictionary::open(&self.pack).map_err(|e| e.to_string());
        self.japanese.get_or_init(open).as_ref().map_err(|e| SpeechError::Broken { file: "japanese".into(), what: e.clone() })
    }
}

/// One space at a time, none before marks or at the ends, no mark twice in a row.
fn tidy(phones: &str) -> String {
    let mut out = String::with_capacity(phones.len());
    for c in phones.chars() {
        let mark = matches!(c, ',' | '.' | '!' | '?' | ';' | ':' | '…' | '—');
        if mark {
            while out.ends_with(' ') {
                out.pop();
            }
            // Of several marks the first stands; a line does not begin with one.
            if out.is_empty() || out.ends_with([',', '.', '!', '?', ';', ':', '…', '—']) {
                continue;
            }
        } else if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        } else if c != ' ' && out.ends_with([',', '.', '!', '?', ';', ':', '…', '—']) {
            out.push(' ');
        }
        out.push(c);
    }
    out.trim_end().to_owned()
}

/// Marks of all scripts as the model's, or nothing for other characters.
fn mark(c: char) -> Option<char> {
    Some(match c {
        ',' | '，' | '、' | '､' => ',',
        '.' | '。' | '．' | '｡' => '.',
        '!' | '！' => '!',
        '?' | '？' => '?',
        ';' | '；' => ';',
        ':' | '：' => ':',
        '…' | '⋯' => '…',
        '—' | '–' | '―' | '～' | '〜' => '—',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_tidied() {
        assert_eq!(tidy("a ,b!!  c …"), "a, b! c…", "no spaces before marks, one after, none twice");
        assert_eq!(tidy("... a"), "a", "nothing before the first sound");
    }
}
