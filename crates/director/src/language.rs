//! Which language a prompt is in: by script first, then by small words. Quoted speech does not count, for
//! an English prompt may let somebody speak Chinese.

/// A language that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    English,
    Chinese,
    Japanese,
    Korean,
    Spanish,
}

impl Tongue {
    /// Its code in plans.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Spanish => "es",
        }
    }
}

/// The language of a prompt, or the English name of one that is not read.
pub(crate) fn of_prompt(text: &str) -> Result<Tongue, &'static str> {
    let plain = without_quotes(text);
    // 少女「おはよう」: what is outside the brackets could be Chinese.
    let kana = || text.contains('「') && text.chars().any(|c| script(c) == Some("Japanese"));
    match by_script(&plain).map(|s| if s == "Chinese" && kana() { "Japanese" } else { s }).or_else(|| by_small_words(&plain)) {
        None => Ok(if text.contains(['¿', '¡', 'ñ']) || says_spanish(text, &plain) { Tongue::Spanish } else { Tongue::English }),
        Some("Chinese") => Ok(Tongue::Chinese),
        Some("Japanese") => Ok(Tongue::Japanese),
        Some("Korean") => Ok(Tongue::Korean),
        Some("Spanish") => Ok(Tongue::Spanish),
        Some(other) => Err(other),
    }
}

/// The code of a spoken line's language: en, zh, ja, ko, es. Where a line could be in two languages, it is in that of the
/// prompt.
pub(crate) fn of_line(text: &str, prompt: &str) -> &'static str {
    let of = |name: &str| text.chars().filter(|c| script(*c) == Some(name)).count();
    let (kana, hangul, han) = (of("Japanese"), of("Korean"), of("Chinese"));
    let latin = text.chars().filter(|c| c.is_alphabetic() && script(*c).is_none()).count();
    // A character of these says about as much as three letters.
    if (kana + hangul + han) * 3 > latin {
        return match () {
            () if hangul > kana + han => "ko",
            () if kana > 0 => "ja",
            () if hangul > 0 => "ko",
            // Without kana it may be Japanese all the same, but not with characters that only Chinese writes.
            () if prompt == "ja" && !text.contains(CHINESE_ONLY) => "ja",
            () => "zh",
        };
    }
    let lower = text.to_lowercase();
    // "La la la" is in no language.
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|w| !w.is_empty() && !["a", "la", "me", "no"].contains(w)).collect();
    let said = |list: &[&str]| words.iter().filter(|w| list.contains(w)).count();
    let spanish = said(SPANISH) + said(SMALL_WORDS[1].1) + text.chars().filter(|c| "¿¡ñáéíóúü".contains(*c)).count();
    let english = said(ENGLISH) + said(SMALL_WORDS[0].1);
    if spanish > english || spanish == english && prompt == "es" { "es" } else { "en" }
}

/// Whether what is said is Spanish, and nothing around it is English.
fn says_spanish(text: &str, plain: &str) -> bool {
    let lower = plain.to_lowercase();
    let english = lower.split(|c: char| !c.is_alphanumeric()).any(|w| SMALL_WORDS[0].1.contains(&w) || ENGLISH.contains(&w) || w == "says");
    !english && text.len() > plain.len() && of_line(text, "en") == "es"
}

/// Characters that Chinese writes and Japanese does not.
const CHINESE_ONLY: &[char] = &['你', '们', '吗', '呢', '吧', '么', '这', '说', '谁', '还', '给', '让', '您', '哪', '没', '爱', '见', '谢'];
/// Words of short lines.
const SPANISH: &[&str] = &[
    "hola", "gracias", "adiós", "adios", "sí", "buenos", "buenas", "dias", "días", "noches", "señor", "señora", "amor", "qué", "cómo", "está", "estoy",
    "tengo", "quiero", "vamos", "amigo", "amiga", "mi", "tu", "te", "aquí", "ven", "corre", "mamá", "papá", "favor", "todo", "muy", "bien", "nunca", "siempre",
    "eres", "soy", "quién", "dónde", "espera", "hijo", "hija",
];
const ENGLISH: &[&str] = &[
    "hello", "hi", "you", "i", "i'm", "what", "who", "where", "why", "how", "are", "am", "my", "your", "yes", "thank", "thanks", "love", "please", "it",
    "it's", "this", "that", "we", "do", "don't", "be", "good", "morning", "night", "goodbye", "bye", "friend", "help", "here", "there", "not", "never", "have",
    "will", "can", "go", "come", "so", "all", "he", "she",
];

fn without_quotes(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .filter(|c| match c {
            '“' | '「' | '『' => {
                inside = true;
                false
            }
            '”' | '」' | '』' => {
                inside = false;
                false
            }
            '"' => {
                inside = !inside;
                false
            }
            _ => !inside,
        })
        .collect()
}

fn script(c: char) -> Option<&'static str> {
    Some(match c as u32 {
        0x3040..=0x30ff | 0x31f0..=0x31ff | 0xff66..=0xff9f => "Japanese",
        0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => "Korean",
        0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff => "Chinese",
        0x0400..=0x052f => "Russian or another language in Cyrillic letters",
        0x0370..=0x03ff => "Greek",
        0x0590..=0x05ff => "Hebrew",
        0x0600..=0x06ff | 0x0750..=0x077f => "Arabic or another language in Arabic letters",
        0x0900..=0x097f => "Hindi or another language in Devanagari letters",
        0x0e00..=0x0e7f => "Thai",
        _ => return None,
    })
}

fn by_script(text: &str) -> Option<&'static str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let foreign: Vec<_> = text.chars().filter_map(script).collect();
    // A Chinese character says about as much as an English word of four letters.
    if foreign.is_empty() || foreign.len() * 5 <= letters {
        return None;
    }
    // Japanese and Korean texts hold Chinese characters too, so theirs win.
    ["Japanese", "Korean"].into_iter().find(|l| foreign.contains(l)).or_else(|| foreign.first().copied())
}

const SMALL_WORDS: &[(&str, &[&str])] = &[
    (
        "English",
        &[
            "the", "a", "an", "and", "in", "on", "of", "with", "at", "is", "to", "his", "her", "then", "by", "from", "under", "over", "while", "through",
            "into", "near",
        ],
    ),
    (
        "Spanish",
        &[
            "el", "la", "los", "las", "un", "una", "de", "del", "en", "y", "con", "por", "que", "al", "su", "luego", "se", "mientras", "sobre", "hacia",
            "bajo", "le", "él", "ella", "dice", "responde", "pregunta", "grita", "entre", "dos", "tres", "unos", "unas", "están", "lleva", "madre", "padre",
            "hija", "hijo", "hombre", "mujer", "sus", "para", "desde", "hasta",
        ],
    ),
    ("French", &["le", "la", "les", "un", "une", "des", "du", "de", "dans", "et", "avec", "sur", "qui", "au", "aux", "puis", "sous", "est", "vers"]),
    ("German", &["der", "die", "das", "ein", "eine", "einen", "einem", "und", "im", "mit", "auf", "durch", "den", "dem", "dann", "unter", "ist", "zum"]),
    ("Italian", &["il", "lo", "gli", "un", "una", "di", "nel", "nella", "e", "con", "che", "sul", "sulla", "della", "poi", "sotto", "verso"]),
    ("Portuguese", &["o", "um", "uma", "de", "do", "da", "em", "no", "na", "e", "com", "que", "ao", "pela", "depois", "sob"]),
];

fn by_small_words(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let count = |list: &[&str]| words.iter().filter(|w| list.contains(w)).count();
    let english = count(SMALL_WORDS[0].1);
    let mut best = None;
    let mut most = english.max(1);
    for (language, list) in &SMALL_WORDS[1..] {
        let n = count(list);
        if n > most && n * 5 >= words.len() {
            (best, most) = (Some(*language), n);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        for (text, expected) in [
            ("一只狐狸走过雪地森林", Ok(Tongue::Chinese)),
            ("狐が雪の森を歩く", Ok(Tongue::Japanese)),
            ("여우가 눈 덮인 숲을 걷는다", Ok(Tongue::Korean)),
            ("un zorro rojo camina por el bosque nevado", Ok(Tongue::Spanish)),
            ("una niña", Ok(Tongue::Spanish)),
            ("\"Te quiero\", le dice él. \"Yo también\", responde ella.", Ok(Tongue::Spanish)),
            ("少女「おはよう」", Ok(Tongue::Japanese)),
            ("\"Vámonos\", dice Marta. Pedro contesta nervioso: \"Espera un momento.\"", Ok(Tongue::Spanish)),
            ("Anna says \"Hola\"", Ok(Tongue::English)),
            ("ein Fuchs läuft durch den Wald", Err("German")),
            ("un renard marche dans la forêt", Err("French")),
            ("Лиса идёт по лесу", Err("Russian or another language in Cyrillic letters")),
            ("a fox walks through a snowy forest", Ok(Tongue::English)),
            ("a girl says \"你好，你今天好吗\"", Ok(Tongue::English)),
            ("fox", Ok(Tongue::English)),
            ("a no-go", Ok(Tongue::English)),
        ] {
            assert_eq!(of_prompt(text), expected, "{text}");
        }
    }

    #[test]
    fn a_short_line_is_in_the_language_of_its_prompt() {
        for (text, prompt, expected) in [
            ("大丈夫", "ja", "ja"),
            ("大丈夫", "zh", "zh"),
            ("你好吗", "ja", "zh"),
            ("Hola", "en", "es"),
            ("No, no", "es", "es"),
            ("No, no", "en", "en"),
            ("La la la", "en", "en"),
            ("Enemigo a la vista", "es", "es"),
            ("I love you", "es", "en"),
            ("Te quiero", "en", "es"),
            ("안녕하세요, my friend", "en", "ko"),
            ("I told you to say 안 to them", "en", "en"),
            ("こんにちは、Anna", "en", "ja"),
        ] {
            assert_eq!(of_line(text, prompt), expected, "{text} in {prompt}");
        }
    }
}
