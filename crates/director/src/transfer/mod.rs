//! Other languages than English: a prompt is brought into the words and the order of English, and then read as English
//! is. One grammar decides what a sentence means, so that five languages cannot disagree; every word keeps the place in
//! the prompt that it came from, and a word that is not known comes through as it was written, to be warned about.
//!
//! # Steps
//! 1. *Dictionary*: the names of the vocabulary in that language, and a table of other words with their class.
//! 2. *Pieces*: the text is cut into words by the longest match ([`chinese`], [`japanese`]) or at blanks, undoing
//!    inflection ([`korean`], [`spanish`]).
//! 3. *Order*: pieces become phrases in the order of English ([`chinese`], [`spanish`], [`verb_last`]).

mod chinese;
mod dictionary;
mod japanese;
mod korean;
mod phrase;
mod spanish;
mod verb_last;

use crate::english::lex::Lexeme;
use crate::language::Tongue;
use kinora_vocabulary::Vocabulary;

/// In Japanese and Korean "X says. (line)" announces a line as "X says: (line)" does, unless the words are hung on the line
/// before. Its full stop becomes a colon of the same length, so that places in the prompt stay what they are.
fn announced(text: &str, tongue: Tongue) -> String {
    let (stop, colon, verbs, hung): (char, char, &[&str], &[&str]) = match tongue {
        Tongue::Japanese => (
            '。',
            '：',
            &[
                "言う",
                "言った",
                "言います",
                "言いました",
                "いう",
                "いった",
                "答える",
                "答えた",
                "答えます",
                "叫ぶ",
                "叫んだ",
                "叫びます",
                "ささやく",
                "囁く",
                "つぶやく",
                "尋ねる",
                "聞く",
                "訊く",
                "話す",
                "話します",
                "返す",
                "返事をする",
            ],
            &["と", "って"],
        ),
        Tongue::Korean => (
            '.',
            ':',
            &[
                "말한다",
                "말했다",
                "말해요",
                "말합니다",
                "말했습니다",
                "대답한다",
                "대답했다",
                "대답합니다",
                "대답해요",
                "외친다",
                "외쳤다",
                "외칩니다",
                "속삭인다",
                "속삭였다",
                "속삭입니다",
                "묻는다",
                "물었다",
                "묻습니다",
                "소리친다",
                "중얼거린다",
                "이야기한다",
            ],
            &["라고", "이라고", "하고", "고 "],
        ),
        _ => return text.to_owned(),
    };
    let opens = |c: char| matches!(c, '「' | '『' | '"' | '“' | '«' | '\'' | '‘');
    let closes = |c: char| matches!(c, '」' | '』' | '"' | '”' | '»' | '’');
    let says = |at: usize| {
        let before = &text[..at];
        let clause = before.rfind(|c: char| c == stop || closes(c) || matches!(c, '！' | '？' | '!' | '?' | '\n')).map_or(before, |k| &before[k..]);
        let clause = clause.trim_start_matches(|c: char| c == stop || closes(c) || c.is_whitespace());
        verbs.iter().any(|v| clause.ends_with(v)) && !hung.iter().any(|h| clause.starts_with(h))
    };
    let stops = |at: &usize| text[*at..].starts_with(stop) && text[at + stop.len_utf8()..].trim_start().starts_with(opens);
    let announcing: Vec<usize> = text.char_indices().map(|(at, _)| at).filter(|at| stops(at) && says(*at)).collect();
    // Whoever writes so does it from the first line on; otherwise the words belong to the line before them.
    let first = text.find(opens).unwrap_or(0);
    if announcing.first().is_none_or(|at| *at > first) {
        return text.to_owned();
    }
    text.char_indices().map(|(at, c)| if announcing.contains(&at) { colon } else { c }).collect()
}

/// A prompt as the words of an English one.
pub(crate) fn transfer(text: &str, tongue: Tongue, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    let text = &announced(text, tongue);
    match tongue {
        Tongue::Chinese => chinese::transfer(text, vocabulary),
        Tongue::Japanese => japanese::transfer(text, vocabulary),
        Tongue::Korean => korean::transfer(text, vocabulary),
        Tongue::Spanish => spanish::transfer(text, vocabulary),
        Tongue::English => crate::english::lex::lex(text),
    }
}

#[cfg(test)]
mod tests;
