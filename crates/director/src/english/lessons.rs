//! Who is taught something does it beside who shows it: "a man teaches a girl to paint" is "a man and a girl paint".

use super::lex::{Lexeme, Token};
use super::lexicon::Lexicon;
use super::verb;

/// No pupil is named in more words.
const LONGEST: usize = 8;

/// The words with every lesson in something that is known made into what both do; `written` in English, or brought over from
/// another language with plain verbs and no "to".
pub(super) fn joined(lexicon: &Lexicon<'_>, mut tokens: Vec<Lexeme>, written: bool) -> Vec<Lexeme> {
    let mut at = 0;
    while at < tokens.len() {
        last_named(lexicon, &mut tokens, at, written);
        if let Some((pupil, from, to)) = lesson(lexicon, &tokens, at, written) {
            tokens.drain(from..to);
            let and = Token::Word { text: "and".into(), capital: false };
            let span = tokens[at].span;
            tokens.splice(at..pupil, [Lexeme::new(and, span)]);
        }
        at += 1;
    }
    tokens
}

/// Brings the pupil before what is taught, where another language's words for the two are one: "teach to knit a boy".
fn last_named(lexicon: &Lexicon<'_>, tokens: &mut [Lexeme], at: usize, written: bool) {
    let word = |k: usize| tokens.get(k).and_then(Lexeme::word);
    if written || word(at) != Some("teach") || word(at + 1) != Some("to") {
        return;
    }
    let words: Vec<&str> = (at + 2..tokens.len()).map_while(word).take(4).collect();
    let Some(verb) = verb::find(lexicon, &words) else { return };
    let from = at + 2 + verb.words;
    let ends = |w: &str| matches!(w, "in" | "on" | "at" | "with" | "and" | "while" | "then" | "to" | "by" | "near");
    let pupil = (from..tokens.len()).take_while(|k| word(*k).is_some_and(|w| !ends(w))).count();
    tokens[at + 1..from + pupil].rotate_left(from - at - 1);
}

/// If a lesson begins here: where its pupil is named, and where the words between the pupil and what is done begin and end.
fn lesson(lexicon: &Lexicon<'_>, tokens: &[Lexeme], at: usize, written: bool) -> Option<(usize, usize, usize)> {
    let word = |k: usize| tokens.get(k).and_then(Lexeme::word);
    let first = word(at)?;
    let (teaches, shows) = (verb::is_any(first, &["teach"]), verb::is_any(first, &["show"]));
    if !(teaches || shows) || at == 0 {
        return None;
    }
    let pupil = at + 1;
    for k in pupil + 1..(pupil + LONGEST).min(tokens.len()) {
        let said = word(k)?;
        let how = usize::from(said == "how" && word(k + 1) == Some("to"));
        let to = said == "to" && teaches || how == 1;
        let next = if to { k + how + 1 } else { k };
        let words: Vec<&str> = (next..tokens.len()).map_while(word).take(4).collect();
        let does = verb::find(lexicon, &words).is_some_and(|v| v.motion != "talk");
        if does && (to || teaches && said.ends_with("ing") || !written && teaches && tokens[k].verb) {
            return Some((pupil, k, next));
        }
        if matches!(said, "and" | "while" | "then" | "in" | "at" | "on") {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::english::lex::lex;

    #[test]
    fn both_do_what_is_taught() {
        let vocabulary = kinora_vocabulary::Vocabulary::builtin().expect("our own files");
        let lexicon = Lexicon::new(&vocabulary);
        for (text, both) in [
            ("a grandmother teaches her grandson to knit", "a grandmother and her grandson knit"),
            ("a man teaches a little girl how to paint in a garden", "a man and a little girl paint in a garden"),
            ("a woman teaches her daughter knitting", "a woman and her daughter knitting"),
            ("a chef shows two boys how to cook", "a chef and two boys cook"),
            ("a woman teaches children in a classroom", "a woman teaches children in a classroom"),
            ("a man shows a woman to the door", "a man shows a woman to the door"),
        ] {
            let words: Vec<String> = joined(&lexicon, lex(text), true).iter().filter_map(|t| t.word().map(str::to_owned)).collect();
            assert_eq!(words.join(" "), both, "{text}");
        }
        let brought = joined(&lexicon, lex("old woman teach to knit boy in kitchen"), false);
        let words: Vec<&str> = brought.iter().filter_map(Lexeme::word).collect();
        assert_eq!(words.join(" "), "old woman and boy knit in kitchen");
    }
}
