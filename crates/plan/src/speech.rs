//! How lines are said: the words of [`Line::manner`](crate::Line::manner), and how long a line takes. Director, voices and
//! faces share them.

/// What somebody does with the voice; none = says it plainly.
pub const DELIVERIES: &[&str] = &["whisper", "murmur", "shout", "sing", "ask"];

/// What a voice and a face let feel.
pub const FEELINGS: &[&str] = &["happy", "sad", "angry", "afraid", "tired", "tender", "cold", "excited", "nervous", "surprised"];

/// A manner, taken apart: "whisper afraid".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// One of [`DELIVERIES`].
    pub delivery: Option<&'static str>,
    /// One of [`FEELINGS`].
    pub feeling: Option<&'static str>,
}

impl Manner {
    /// Reads words joined by spaces; of two of a kind the first counts, and a word that is neither is left out.
    #[must_use]
    pub fn of(text: Option<&str>) -> Self {
        let first = |list: &[&'static str]| text.unwrap_or("").split_whitespace().find_map(|word| list.iter().copied().find(|known| *known == word));
        Self { delivery: first(DELIVERIES), feeling: first(FEELINGS) }
    }

    /// As it stands in a plan; none if there is nothing to say.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let words: Vec<&str> = self.delivery.into_iter().chain(self.feeling).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Factor on the rate of speech.
    #[must_use]
    pub fn pace(self) -> f64 {
        const PACES: &[(&str, f64)] = &[
            ("happy", 1.1),
            ("excited", 1.15),
            ("angry", 1.15),
            ("afraid", 1.2),
            ("nervous", 1.1),
            ("surprised", 1.05),
            ("sad", 0.85),
            ("tired", 0.85),
            ("tender", 0.9),
            ("cold", 0.95),
            ("whisper", 0.9),
            ("murmur", 0.95),
            ("shout", 0.95),
            ("sing", 0.5),
        ];
        let of = |word: Option<&str>| PACES.iter().find(|(w, _)| word == Some(*w)).map_or(1.0, |(_, pace)| *pace);
        of(self.delivery) * of(self.feeling)
    }

    /// What this does not say, as `other` says it.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { delivery: self.delivery.or(other.delivery), feeling: self.feeling.or(other.feeling) }
    }
}

/// Units a second of a language while speaking: syllables, characters or morae.
#[must_use]
pub fn rate(language: &str) -> f64 {
    match language {
        "es" => 5.2,
        "zh" => 4.5,
        "ja" => 7.0,
        "ko" => 4.8,
        _ => 4.8,
    }
}

/// English words a second, the rests between them included.
const WORDS: f64 = 2.7;
/// The least that a line takes.
const LEAST: f64 = 0.4;

/// About how long a line takes by its text alone, in seconds, at the usual rate ([`Manner::pace`]): syllables of letters,
/// characters of the other scripts, and a rest at each mark inside.
#[must_use]
pub fn seconds(text: &str, language: &str) -> f64 {
    let (mut total, mut words, mut rest) = (0.0, 0.0, 0.0);
    let mut letters = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphabetic() && !is_character(c) || c == '\'' || c == '’' {
            letters.extend(c.to_lowercase());
            continue;
        }
        if !letters.is_empty() {
            total += rest + syllables(&letters) / rate(if language == "es" { "es" } else { "en" });
            (words, rest) = (words + 1.0, 0.0);
            letters.clear();
        }
        if is_character(c) {
            total += rest + units(c, language) / rate(language);
            rest = 0.0;
        } else if c.is_ascii_digit() {
            total += rest + 2.0 / rate(language);
            rest = 0.0;
        } else if total > 0.0 {
            rest = f64::max(rest, pause(c));
        }
    }
    let by_words = if language == "en" { words / WORDS } else { 0.0 };
    total.max(by_words).max(LEAST)
}

/// A kana, a Chinese character or a Korean syllable.
#[must_use]
pub fn is_character(c: char) -> bool {
    matches!(u32::from(c), 0x3041..=0x3096 | 0x30a1..=0x30fc | 0x3400..=0x9fff | 0xac00..=0xd7a3)
}

/// Morae or syllables of a character: a kanji is read with about two, a small kana joins the one before it.
fn units(c: char, language: &str) -> f64 {
    match c {
        'ゃ' | 'ゅ' | 'ょ' | 'ャ' | 'ュ' | 'ョ' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' => 0.0,
        c if language == "ja" && u32::from(c) >= 0x3400 => 2.0,
        _ => 1.0,
    }
}

/// Groups of vowels, without the silent e of English.
fn syllables(word: &str) -> f64 {
    let vowel = |c: char| "aeiouyáéíóúüàèìòùâêîôû".contains(c);
    let groups = word.chars().fold((0, false), |(n, was), c| (n + usize::from(vowel(c) && !was), vowel(c))).0;
    let silent = word.len() > 2 && word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(silent)).max(1) as f64
}

/// How long the voice rests at a mark inside a line, in seconds; 0 at what is no mark.
#[must_use]
pub fn pause(c: char) -> f64 {
    match c {
        ',' | '，' | '、' | ';' | '；' | ':' | '：' => 0.2,
        '.' | '!' | '?' | '。' | '！' | '？' | '-' | '—' => 0.4,
        '…' => 0.6,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manners_are_taken_apart_and_put_together() {
        let both = Manner::of(Some("afraid whisper"));
        assert_eq!((both.delivery, both.feeling), (Some("whisper"), Some("afraid")), "in any order");
        assert_eq!(both.text().as_deref(), Some("whisper afraid"), "the voice first");
        assert_eq!(Manner::of(Some("whisperingly")), Manner::default(), "other words are none");
        assert_eq!(Manner::of(None).text(), None, "nothing said, nothing written");
        let known: Vec<&str> = DELIVERIES.iter().chain(FEELINGS).copied().collect();
        assert!(known.iter().all(|w| Manner::of(Some(w)).text().as_deref() == Some(*w)), "every word is one");
        assert!(Manner::of(Some("afraid")).pace() > 1.0 && Manner::of(Some("whisper sad")).pace() < 0.8, "fear hurries, grief does not");
        assert_eq!(Manner::of(Some("shout")).or(both), Manner::of(Some("shout afraid")), "what is said wins");
    }

    #[test]
    fn a_line_takes_as_long_as_people_take() {
        for (text, language, low, high) in [
            ("The quick brown fox jumps over the lazy dog.", "en", 2.4, 3.6),
            ("Extraordinary circumstances", "en", 1.6, 2.4),
            ("El perro corre por la playa y salta.", "es", 1.6, 2.4),
            ("你好，你今天好吗？", "zh", 1.5, 2.4),
            ("きつねがもりをあるく", "ja", 1.3, 1.7),
            ("東京へ行きます", "ja", 1.2, 1.8),
            ("여우가 숲을 걷는다", "ko", 1.2, 1.8),
            ("No", "en", 0.35, 0.5),
        ] {
            let took = seconds(text, language);
            assert!((low..high).contains(&took), "{text} took {took} s");
        }
        assert!(seconds("Espera. Por favor.", "es") > seconds("Espera por favor.", "es") + 0.3, "a full stop is a rest");
    }
}
