//! Japanese: words with their pronunciation by the dictionary, kana to the model's symbols.

use super::mark;
use super::mecab::{Dictionary, Word};

pub(super) fn read(text: &str, dictionary: &Dictionary) -> String {
    let mut out = String::new();
    let mut stretch = String::new();
    for c in text.chars() {
        if let Some(m) = mark(c).filter(|m| *m != '—' || c != '〜').or((c == ' ').then_some(' ')) {
            out.push_str(&sounds(&dictionary.words(&stretch)));
            stretch.clear();
            out.push(m);
        } else {
            stretch.push(c);
        }
    }
    out + &sounds(&dictionary.words(&stretch))
}

/// The words in symbols; particles, endings and suffixes join the word before.
fn sounds(words: &[Word]) -> String {
    let mut kana = String::new();
    for word in words {
        let facts: Vec<&str> = word.feature.split(',').collect();
        let said = facts.get(8).filter(|p| !word.unknown && !matches!(**p, "" | "*")).map_or(word.surface.as_str(), |p| p);
        let joins = matches!(facts.first(), Some(&"助詞" | &"助動詞")) || matches!(facts.get(1), Some(&"接尾" | &"非自立"));
        if !joins && !kana.is_empty() {
            kana.push(' ');
        }
        kana.extend(said.chars().filter(|c| !matches!(c, '’' | '\'')));
    }
    symbols(&kana)
}

/// Katakana and hiragana to symbols.
fn symbols(kana: &str) -> String {
    let kana: Vec<char> = kana.chars().map(|c| if ('ァ'..='ヶ').contains(&c) { char::from_u32(u32::from(c) - 0x60).unwrap_or(c) } else { c }).collect();
    let mut out = String::new();
    let mut i = 0;
    while i < kana.len() {
        let c = kana[i];
        let next = kana.get(i + 1).copied();
        if let Some((sound, used)) = next.and_then(|n| small(c, n)).map(|s| (s, 2)).or_else(|| one(c).map(|s| (s, 1))) {
            out.push_str(&sound);
            i += used;
            continue;
        }
        i += 1;
        let ahead = kana[i..].iter().find(|c| **c != ' ').and_then(|c| one(*c)).unwrap_or_default();
        out.push_str(match c {
            'ー' => "ː",
            'っ' if ahead.is_empty() => "",
            'っ' => "ʔ",
            'ん' => match ahead.chars().next() {
                Some('m' | 'p' | 'b') => "m",
                Some('k' | 'ɡ') => "ŋ",
                Some('ɲ' | 'ʨ' | 'ʥ') => "ɲ",
                Some('n' | 't' | 'd' | 'ɾ' | 'z' | 'ʦ' | 'ʣ') => "n",
                _ => "ɴ",
            },
            ' ' => " ",
            _ => "",
        });
    }
    out
}

/// A kana without a small one after it.
fn one(c: char) -> Option<String> {
    let (consonant, vowel) = parts(c)?;
    Some(format!("{consonant}{vowel}"))
}

/// Consonant and vowel of a kana, as the voices learned them.
fn parts(c: char) -> Option<(&'static str, &'static str)> {
    const ROWS: &[(&str, [(&str, &str); 5])] = &[
        ("あいうえお", [("", "a"), ("", "i"), ("", "ɯ"), ("", "e"), ("", "o")]),
        ("かきくけこ", [("k", "a"), ("kʲ", "i"), ("k", "ɯ"), ("k", "e"), ("k", "o")]),
        ("がぎぐげご", [("ɡ", "a"), ("ɡʲ", "i"), ("ɡ", "ɯ"), ("ɡ", "e"), ("ɡ", "o")]),
        ("さしすせそ", [("s", "a"), ("ɕ", "i"), ("s", "ɨ"), ("s", "e"), ("s", "o")]),
        ("ざじずぜぞ", [("ʣ", "a"), ("ʥ", "i"), ("z", "ɨ"), ("ʣ", "e"), ("ʣ", "o")]),
        ("たちつてと", [("t", "a"), ("ʨ", "i"), ("ʦ", "ɨ"), ("t", "e"), ("t", "o")]),
        ("だぢづでど", [("d", "a"), ("ʥ", "i"), ("z", "ɨ"), ("d", "e"), ("d", "o")]),
        ("なにぬねの", [("n", "a"), ("ɲ", "i"), ("n", "ɯ"), ("n", "e"), ("n", "o")]),
        ("はひふへほ", [("h", "a"), ("ç", "i"), ("ɸ", "ɯ"), ("h", "e"), ("h", "o")]),
        ("ばびぶべぼ", [("b", "a"), ("bʲ", "i"), ("b", "ɯ"), ("b", "e"), ("b", "o")]),
        ("ぱぴぷぺぽ", [("p", "a"), ("pʲ", "i"), ("p", "ɯ"), ("p", "e"), ("p", "o")]),
        ("まみむめも", [("m", "a"), ("mʲ", "i"), ("m", "ɯ"), ("m", "e"), ("m", "o")]),
        ("らりるれろ", [("ɾ", "a"), ("ɾʲ", "i"), ("ɾ", "ɯ"), ("ɾ", "e"), ("ɾ", "o")]),
        ("ぁぃぅぇぉ", [("", "a"), ("", "i"), ("", "ɯ"), ("", "e"), ("", "o")]),
        ("わゐゔゑを", [("β", "a"), ("", "i"), ("v", "ɯ"), ("", "e"), ("", "o")]),
        ("やゃゆゅよ", [("j", "a"), ("j", "a"), ("j", "ɯ"), ("j", "ɯ"), ("j", "o")]),
        ("ょゎゕゖ", [("j", "o"), ("β", "a"), ("k", "a"), ("k", "e"), ("", "")]),
    ];
    ROWS.iter().find_map(|(row, sounds)| row.chars().position(|k| k == c).map(|i| sounds[i]))
}

/// A kana with a small vowel or y after it: きゃ, ふぁ, てぃ.
fn small(c: char, next: char) -> Option<String> {
    let (consonant, own) = parts(c)?;
    let vowel = match next {
        'ゃ' | 'ぁ' => "a",
        'ゅ' | 'ぅ' => "ɯ",
        'ょ' | 'ぉ' => "o",
        'ぇ' => "e",
        'ぃ' => "i",
        _ => return None,
    };
    let glide = matches!(next, 'ゃ' | 'ゅ' | 'ょ');
    // ゅ is central after the palatals, as the voices learned it.
    let vowel = if glide && vowel == "ɯ" { "ɨ" } else { vowel };
    Some(match (c, glide) {
        ('う', false) => format!("β{vowel}"),
        ('い', false) => format!("j{vowel}"),
        ('く', false) => format!("kᵝ{vowel}"),
        ('ぐ', false) => format!("ɡᵝ{vowel}"),
        ('て', _) if next == 'ぃ' || glide => format!("tʲ{vowel}"),
        ('で', _) if next == 'ぃ' || glide => format!("dʲ{vowel}"),
        ('ふ', true) => format!("ɸʲ{vowel}"),
        ('ゔ', true) => format!("bʲ{vowel}"),
        // The row of i carries the palatal sound already; others lose their vowel.
        (_, true) if own == "i" => format!("{consonant}{vowel}"),
        (_, false) if own != "a" || vowel != "a" => format!("{consonant}{vowel}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_become_symbols() {
        for (kana, sound) in [
            ("コンニチワ", "koɲɲiʨiβa"),
            ("トーキョー", "toːkʲoː"),
            ("キッテ", "kʲiʔte"),
            ("シンブン", "ɕimbɯɴ"),
            ("パーティー", "paːtʲiː"),
            ("ファン", "ɸaɴ"),
            ("チャ", "ʨa"),
            ("シュ", "ɕɨ"),
            ("ウィ", "βi"),
            ("ゴ", "ɡo"),
        ] {
            assert_eq!(symbols(kana), sound, "{kana}");
        }
    }
}
