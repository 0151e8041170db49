//! From a line's text to rough sounds with lengths: by letters in English and Spanish, by characters in Chinese,
//! Japanese and Korean.

use kinora_plan::speech::{is_character, pause, rate};
use kinora_plan::voices::Viseme;

/// A mouth shape and how long it is held at the usual rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sound {
    pub(crate) viseme: Viseme,
    pub(crate) seconds: f64,
}

/// The sounds of a text, pauses as [`Viseme::Sil`].
pub(crate) fn sounds(text: &str, language: &str) -> Vec<Sound> {
    let syllable = 1.0 / rate(language);
    let mut out = Vec::new();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        if letters.iter().any(|c| is_character(*c)) {
            letters.iter().for_each(|c| character(&mut out, *c, language, syllable));
            continue;
        }
        spelled(&mut out, &letters, language == "es", syllable);
        out.extend(letters.last().and_then(|c| rest(*c)));
    }
    if !out.iter().any(|s| s.viseme != Viseme::Sil) {
        out.push(Sound { viseme: Viseme::AA, seconds: syllable });
    }
    out
}

/// The silence that a mark makes, if it does.
fn rest(mark: char) -> Option<Sound> {
    let seconds = pause(mark);
    (seconds > 0.0).then_some(Sound { viseme: Viseme::Sil, seconds })
}

/// A Chinese character, a kana or a Korean syllable: a consonant's shape, then a vowel's.
fn character(out: &mut Vec<Sound>, c: char, language: &str, syllable: f64) {
    if !is_character(c) {
        return out.extend(rest(c));
    }
    let (first, vowel) = match u32::from(c) {
        code @ 0xac00..=0xd7a3 => hangul(code - 0xac00),
        code @ 0x3040..=0x30ff => kana(code),
        // Without a dictionary of readings: shapes that differ from character to character, always the same for each.
        code => (
            [Viseme::DD, Viseme::SS, Viseme::KK, Viseme::CH, Viseme::NN, Viseme::PP][(code % 6) as usize],
            [Viseme::AA, Viseme::E, Viseme::IH, Viseme::OH, Viseme::OU][(code / 6 % 5) as usize],
        ),
    };
    // A kanji is read with about two morae.
    let seconds = if language == "ja" && u32::from(c) >= 0x3400 { 2.0 * syllable } else { syllable };
    if first == vowel {
        return out.push(Sound { viseme: vowel, seconds });
    }
    out.push(Sound { viseme: first, seconds: seconds * 0.35 });
    out.push(Sound { viseme: vowel, seconds: seconds * 0.65 });
}

fn hangul(code: u32) -> (Viseme, Viseme) {
    use Viseme::{AA, CH, DD, E, IH, KK, NN, OH, OU, PP, RR, SS};
    let vowel = [AA, E, AA, E, E, E, E, E, OH, AA, E, E, OH, OU, E, E, IH, OU, IH, IH, IH][(code / 28 % 21) as usize];
    let first = [KK, KK, NN, DD, DD, RR, PP, PP, PP, SS, SS, vowel, CH, CH, CH, KK, DD, PP, KK][(code / 588) as usize % 19];
    (first, vowel)
}

fn kana(code: u32) -> (Viseme, Viseme) {
    use Viseme::{AA, DD, E, IH, KK, NN, OH, OU, PP, RR, SS};
    // Katakana lie 0x60 above hiragana; the table has rows of a, i, u, e, o.
    let i = if code >= 0x30a0 { code - 0x30a0 } else { code - 0x3040 };
    let vowels = [AA, IH, OU, E, OH];
    match i {
        0x01..=0x0a => (vowels[((i - 1) / 2) as usize], vowels[((i - 1) / 2) as usize]),
        0x0b..=0x14 => (KK, vowels[((i - 0x0b) / 2) as usize]),
        0x15..=0x1e => (SS, vowels[((i - 0x15) / 2) as usize]),
        0x1f..=0x22 => (DD, vowels[((i - 0x1f) / 2) as usize]),
        0x23..=0x29 => (DD, vowels[(2 + (i.saturating_sub(0x24)) / 2).min(4) as usize]),
        0x2a..=0x2e => (NN, vowels[(i - 0x2a) as usize]),
        0x2f..=0x3d => (PP, vowels[((i - 0x2f) / 3) as usize]),
        0x3e..=0x42 => (PP, vowels[(i - 0x3e) as usize]),
        0x43..=0x48 => (IH, [AA, OU, OH][((i - 0x43) / 2) as usize]),
        0x49..=0x4d => (RR, vowels[(i - 0x49) as usize]),
        0x53 => (NN, NN),
        _ => (OU, AA),
    }
}

/// A word of letters: sounds in order, and as long in all as its syllables are.
fn spelled(out: &mut Vec<Sound>, letters: &[char], spanish: bool, syllable: f64) {
    let shapes = shapes(letters, spanish);
    if shapes.is_empty() {
        return;
    }
    let is_vowel = |v: &Viseme| matches!(v, Viseme::AA | Viseme::E | Viseme::IH | Viseme::OH | Viseme::OU);
    let syllables = shapes.iter().filter(|v| is_vowel(v)).count().max(1);
    let weights: f64 = shapes.iter().map(|v| if is_vowel(v) { 1.6 } else { 0.9 }).sum();
    let unit = syllables as f64 * syllable / weights;
    out.extend(shapes.iter().map(|v| Sound { viseme: *v, seconds: unit * if is_vowel(v) { 1.6 } else { 0.9 } }));
}

/// Letters to mouth shapes. Two or three letters that make one sound go together; a silent final e is dropped in English.
fn shapes(letters: &[char], spanish: bool) -> Vec<Viseme> {
    use Viseme::{AA, CH, DD, E, FF, IH, KK, NN, OH, OU, PP, RR, SS, TH};
    let word: String = letters.iter().filter(|c| c.is_alphabetic()).collect();
    let mut rest = word.as_str();
    let mut out: Vec<Viseme> = Vec::new();
    const ENGLISH: &[(&str, Option<Viseme>)] = &[
        ("igh", Some(IH)),
        ("tch", Some(CH)),
        ("th", Some(TH)),
        ("sh", Some(CH)),
        ("ch", Some(CH)),
        ("ph", Some(FF)),
        ("wh", Some(OU)),
        ("ck", Some(KK)),
        ("ng", Some(KK)),
        ("qu", Some(KK)),
        ("kn", Some(NN)),
        ("ee", Some(IH)),
        ("ea", Some(IH)),
        ("ie", Some(IH)),
        ("oo", Some(OU)),
        ("ou", Some(AA)),
        ("ow", Some(OH)),
        ("oa", Some(OH)),
        ("ai", Some(E)),
        ("ay", Some(E)),
        ("ey", Some(E)),
        ("au", Some(OH)),
        ("aw", Some(OH)),
        ("oi", Some(OH)),
        ("h", None),
    ];
    const SPANISH: &[(&str, Option<Viseme>)] = &[
        ("ch", Some(CH)),
        ("ll", Some(IH)),
        ("rr", Some(RR)),
        ("qu", Some(KK)),
        ("gue", Some(KK)),
        ("gui", Some(KK)),
        ("j", Some(KK)),
        ("z", Some(TH)),
        ("h", None),
        ("v", Some(PP)),
    ];
    while let Some(c) = rest.chars().next() {
        let table = if spanish { SPANISH } else { ENGLISH };
        if let Some((group, shape)) = table.iter().find(|(group, _)| rest.starts_with(group)) {
            out.extend(shape);
            rest = &rest[group.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !spanish && c == 'e' && rest.is_empty() && out.len() > 1 {
            break;
        }
        out.push(match c {
            'a' | 'á' | 'à' => AA,
            'e' | 'é' => E,
            'i' | 'í' | 'y' => IH,
            'o' | 'ó' => OH,
            'u' | 'ú' | 'ü' | 'w' => OU,
            'b' | 'p' | 'm' => PP,
            'f' | 'v' => FF,
            'd' | 't' => DD,
            'k' | 'g' | 'c' | 'q' | 'x' => KK,
            'j' => CH,
            's' | 'z' => SS,
            'n' | 'l' | 'ñ' => NN,
            'r' => RR,
            _ => E,
        });
    }
    out.dedup();
    out
}
