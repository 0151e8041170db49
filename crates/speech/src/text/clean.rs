//! What can be said of a text, and in which language each stretch of it is.

use super::{Tongue, mark};

/// The script of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Han,
    Kana,
    Hangul,
    /// Digits, marks, spaces: they belong to what stands around them.
    Common,
}

fn script(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' | 'A'..='Z' | 'À'..='ÿ' | 'Ā'..='ž' | '\'' if c != '×' && c != '÷' => Script::Latin,
        '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' if c != '・' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々' | '〆' | '〇' => Script::Han,
        '\u{ac00}'..='\u{d7a3}' => Script::Hangul,
        '0'..='9' | ' ' | '%' | '$' | '€' | '£' | '¥' | '&' | '+' | '=' | '°' | '@' | '#' | '-' | '/' | '"' | '(' | ')' => Script::Common,
        _ if mark(c).is_some() => Script::Common,
        _ => return None,
    })
}

/// The text without what cannot be said, widths evened out; and how many letters of other scripts or pictures were left out.
pub(super) fn clean(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let mut unspoken = 0;
    for c in text.chars() {
        let c = match c {
            // Full-width letters, digits and signs.
            '\u{ff01}'..='\u{ff5e}' if mark(c).is_none() => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '’' | '‘' | '`' | '´' => '\'',
            '“' | '”' | '«' | '»' | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉' | '【' | '】' => '"',
            '·' | '・' | '_' | '|' | '\\' | '\n' | '\r' | '\t' | '\u{a0}' | '\u{3000}' | '*' | '~' | '[' | ']' | '{' | '}' | '<' | '>' => ' ',
            '¿' | '¡' | '^' => continue,
            '‐' | '‑' | '−' => '-',
            c => c,
        };
        match script(c) {
            Some(_) => out.push(c),
            // Joiners, variants, directions: nothing is lost.
            None if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}') =>
                {}
            None => {
                unspoken += 1;
                out.push(' ');
            }
        }
    }
    (out.split_whitespace().collect::<Vec<_>>().join(" "), unspoken)
}

/// Stretches of one language. Latin letters are the line's language if that is written with them, else English; Chinese
/// characters are the line's if that is Chinese or Japanese, else Japanese in a word with kana and Chinese elsewhere.
pub(super) fn runs(text: &str, line: Tongue) -> Vec<(String, Tongue)> {
    let kana = |word: &str| word.chars().any(|c| script(c) == Some(Script::Kana));
    let latin = match line {
        Tongue::Spanish => Tongue::Spanish,
        _ => Tongue::English,
    };
    // The unbroken stretch of Chinese characters and kana around a place.
    let around = |at: usize| {
        let of_it = |c: &char| matches!(script(*c), Some(Script::Han | Script::Kana));
        let before = text[..at].chars().rev().take_while(of_it).map(char::len_utf8).sum::<usize>();
        let after = text[at..].chars().take_while(of_it).map(char::len_utf8).sum::<usize>();
        &text[at - before..at + after]
    };
    let han = |at: usize| match line {
        Tongue::Japanese => Tongue::Japanese,
        _ if kana(around(at)) => Tongue::Japanese,
        _ => Tongue::Mandarin,
    };
    let mut runs: Vec<(String, Tongue)> = Vec::new();
    let mut waiting = String::new();
    for (at, c) in text.char_indices() {
        let tongue = match script(c) {
            Some(Script::Latin) => latin,
            Some(Script::Kana) => Tongue::Japanese,
            Some(Script::Han) => han(at),
            Some(Script::Hangul) => Tongue::Korean,
            Some(Script::Common) | None => {
                waiting.push(c);
                continue;
            }
        };
        match runs.last_mut() {
            Some((run, last)) if *last == tongue => {
                run.push_str(&waiting);
                run.push(c);
            }
            // Marks and spaces end the stretch before; a number is said in the language of what comes after it.
            Some((run, _)) => {
                let number = waiting.find(|c: char| c.is_ascii_digit()).unwrap_or(waiting.len());
                run.push_str(&waiting[..number]);
                let mut next = waiting[number..].to_owned();
                // "iPhone 15 很好": numbers after Latin words inside a line of another language are the line's.
                let own = if next.is_empty() || tongue == line { tongue } else { line };
                if own != tongue {
                    runs.push((std::mem::take(&mut next), own));
                }
                next.push(c);
                runs.push((next, tongue));
            }
            None => runs.push((std::mem::take(&mut waiting) + &c.to_string(), tongue)),
        }
        waiting.clear();
    }
    match runs.last_mut() {
        Some((run, tongue)) if *tongue == line || !waiting.contains(|c: char| c.is_ascii_digit()) => run.push_str(&waiting),
        _ => runs.push((waiting, line)),
    }
    runs.retain(|r| !r.0.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_unknown_scripts_are_left_out_and_counted() {
        assert_eq!(clean("Hi 👋 there"), ("Hi there".into(), 1), "an emoji");
        assert_eq!(clean("مرحبا hello").1, 5, "Arabic letters");
        assert_eq!(clean("ｈｅｌｌｏ　１２"), ("hello 12".into(), 0), "full width");
    }

    #[test]
    fn stretches_have_their_languages() {
        let of = |text: &str, line| runs(text, line).into_iter().map(|(t, l)| format!("{}:{t}", l.code())).collect::<Vec<_>>().join("|");
        assert_eq!(of("我用iPhone 15拍照", Tongue::Mandarin), "zh:我用|en:iPhone |zh:15拍照", "a number goes with the line");
        assert_eq!(of("Say 今日は to 明子", Tongue::English), "en:Say |ja:今日は |en:to |zh:明子", "kanji in a word with kana");
        assert_eq!(of("오늘 meeting 있어요.", Tongue::Korean), "ko:오늘 |en:meeting |ko:있어요.", "Korean and English");
        assert_eq!(of("25", Tongue::Spanish), "es:25", "a bare number");
    }
}
