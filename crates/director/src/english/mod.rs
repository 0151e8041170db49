//! English: a text becomes a [`Script`]. Everything that knows English is in this module.

mod framing;
mod inflect;
mod lessons;
pub(crate) mod lex;
mod lexicon;
mod noun;
mod passive;
mod people;
mod photography;
mod pictureless;
mod reader;
mod sayings;
pub(crate) mod script;
mod speech;
mod tables;
mod tag;
mod verb;
#[cfg(test)]
mod wider_tests;

pub(crate) use reader::{PHONE, merge_traits};
pub(crate) use tables::FOR_OTHERS;

use crate::script::{FilmWishes, Script, Segment};
use kinora_base::Span;
use kinora_vocabulary::Vocabulary;
use lex::{Lexeme, Token};
use lexicon::Lexicon;
use reader::Reader;

/// A segment's tokens and what its label says.
struct Part {
    tokens: Vec<Lexeme>,
    seconds: Option<f64>,
    explicit: bool,
    preamble: bool,
}

/// Reads the words of a prompt. Inflection tells verbs from nouns only in what was `written` in English: words brought over from another
/// language are plain.
pub(crate) fn read(mut tokens: Vec<Lexeme>, vocabulary: &Vocabulary, written: bool) -> Script {
    let lexicon = Lexicon::new(vocabulary);
    let mut script = Script { film: film_wishes(&mut tokens), ..Script::default() };
    let tokens = anothers(&lexicon, photography::taken(&lexicon, tokens, written, &mut script.warnings));
    let (mut pictureless, mut ground_words) = (Vec::new(), Vec::new());
    for part in parts(tokens) {
        let part = Part { tokens: lessons::joined(&lexicon, passive::turned(&lexicon, part.tokens, written), written), ..part };
        let tags = if written { tag::tags(&lexicon, &part.tokens) } else { Vec::new() };
        ground_words.extend(grounds(&lexicon, &part.tokens, &tags));
        let mut reader = Reader::new(&lexicon, &part.tokens, tags);
        reader.run();
        let mut clauses = reader.clauses;
        if part.preamble {
            clauses.iter_mut().for_each(|c| c.action = None);
        }
        script.film.no_music |= reader.no_music;
        script.film.mood = script.film.mood.take().or(reader.mood);
        script.warnings.append(&mut reader.nouns.warnings);
        script.unknown.append(&mut reader.nouns.unknown);
        pictureless.append(&mut reader.nouns.pictureless);
        let span = match (part.tokens.first(), part.tokens.last()) {
            (Some(a), Some(b)) => Span { start: a.span.start, end: b.span.end },
            _ => Span::default(),
        };
        script.segments.push(Segment { span, explicit: part.explicit, seconds: part.seconds, clauses });
    }
    ground(&mut script, &ground_words);
    script.warnings.extend(pictureless::warning(pictureless));
    script
}

/// "One man opens a door for another": for another man.
fn anothers(lexicon: &Lexicon<'_>, mut tokens: Vec<Lexeme>) -> Vec<Lexeme> {
    let mut at = 1;
    while at < tokens.len() {
        let to = matches!(word(&tokens, at - 1), "for" | "of" | "by" | "over" | "from");
        let alone = tokens.get(at + 1).is_none_or(|t| t.word().is_none_or(|w| w == "'s" || noun::is_function(w)));
        if word(&tokens, at) == "another" && to && alone {
            let clause = tokens[..at].iter().rev().take_while(|t| !t.is_mark(&['.', '!', '?', ';', '\n']));
            let somebody = |w: &&str| lexicon.noun_of(&[*w], &[kinora_vocabulary::Kind::Person]).is_some() || *w == "person";
            if let Some(who) = clause.filter_map(Lexeme::word).filter(somebody).last().map(str::to_owned) {
                let span = tokens[at].span;
                tokens.insert(at + 1, Lexeme::new(Token::Word { text: who, capital: false }, span));
            }
        }
        at += 1;
    }
    tokens
}

/// Who they are that one word names together: a family.
pub(crate) fn together(word: Option<&str>) -> Option<&'static [&'static str]> {
    tables::TOGETHER.iter().find(|(w, _)| Some(*w) == word).map(|(_, all)| *all)
}

/// Words of a text that say where it is without naming the place.
fn grounds(lexicon: &Lexicon<'_>, tokens: &[Lexeme], tags: &[tag::Tag]) -> Vec<(String, Span)> {
    let place = |(i, t): (usize, &Lexeme)| {
        let (_, place) = tables::GROUNDS.iter().find(|(w, _)| t.word() == Some(*w))?;
        // Who waves stands anywhere.
        let noun = tags.get(i).is_some_and(|t| *t != tag::Tag::Verb) && !(i > 0 && matches!(tags[i - 1], tag::Tag::Noun));
        (noun && lexicon.has(kinora_vocabulary::Kind::Place, place)).then(|| ((*place).to_owned(), t.span))
    };
    tokens.iter().enumerate().filter_map(place).collect()
}

/// Where no place is named, "waves on sand" are on a beach.
fn ground(script: &mut Script, words: &[(String, Span)]) {
    // Who waves goodbye is not at the sea.
    let acted = |span: &Span| {
        script.segments.iter().flat_map(|s| &s.clauses).filter_map(|c| c.action.as_ref()).any(|a| a.span.start <= span.start && span.end <= a.span.end)
    };
    let Some(first) = words.iter().find(|w| !acted(&w.1)).cloned() else { return };
    let placed = script.segments.iter().flat_map(|s| &s.clauses).any(|c| c.setting.place.is_some());
    let Some(segment) = script.segments.first_mut().filter(|_| !placed) else { return };
    if segment.clauses.is_empty() {
        segment.clauses.push(crate::script::Clause { span: first.1, ..Default::default() });
    }
    segment.clauses[0].setting.place = Some(first.clone());
}

fn word(tokens: &[Lexeme], at: usize) -> &str {
    tokens.get(at).and_then(Lexeme::word).unwrap_or("")
}
fn number(tokens: &[Lexeme], at: usize) -> Option<f64> {
    match tokens.get(at)?.token {
        Token::Number(n) => Some(n),
        Token::Word { ref text, .. } => tables::NUMBERS
            .iter()
            .find(|(w, _)| w == text && !matches!(*w, "some" | "few" | "many" | "several" | "both" | "pair" | "couple"))
            .map(|(_, n)| f64::from(*n)),
        _ => None,
    }
}
fn is_seconds(word: &str) -> bool {
    matches!(word, "s" | "sec" | "secs" | "second" | "seconds")
}

/// Takes wishes about the whole film out of the text: its length, its number of shots.
fn film_wishes(tokens: &mut Vec<Lexeme>) -> FilmWishes {
    let mut wishes = FilmWishes::default();
    let mut i = 0;
    while i < tokens.len() {
        if let Some(n) = number(tokens, i) {
            let unit = word(tokens, i + 1).to_owned();
            let labelled = tokens.get(i.wrapping_sub(1)).is_some_and(|t| t.is_mark(&['(', '[', '-']))
                || matches!(tokens.get(i.wrapping_sub(1)).map(|t| &t.token), Some(Token::Number(_)))
                || word(tokens, i.wrapping_sub(2)) == "shot"
                || word(tokens, i.wrapping_sub(1)) == "shot";
            let minutes = matches!(unit.as_str(), "minute" | "minutes");
            let noun = word(tokens, i + 2);
            let about_film = matches!(noun, "film" | "video" | "clip" | "movie" | "animation" | "long" | "shot" | "scene" | "short" | "footage")
                || matches!(word(tokens, i.wrapping_sub(1)), "lasting" | "lasts" | "duration")
                || noun.is_empty();
            if (is_seconds(&unit) || minutes) && !labelled && about_film && wishes.seconds.is_none() {
                let span = Span { start: tokens[i].span.start, end: tokens[i + 1].span.end };
                wishes.seconds = Some((if minutes { n * 60.0 } else { n }, span));
                let used = 2 + usize::from(noun == "long");
                tokens.drain(i..(i + used).min(tokens.len()));
                continue;
            }
            if matches!(unit.as_str(), "shots" | "cuts") && n >= 1.0 {
                wishes.shots = Some(n as u32);
                let from = if word(tokens, i.wrapping_sub(1)) == "in" { i - 1 } else { i };
                tokens.drain(from..i + 2);
                i = from;
                continue;
            }
        }
        if word(tokens, i) == "montage" || (word(tokens, i) == "quick" && word(tokens, i + 1) == "cuts") {
            wishes.montage = true;
        }
        i += 1;
    }
    wishes
}

/// A label that opens a shot: how many tokens it has and the length it names.
fn label(tokens: &[Lexeme], i: usize, numbered: bool) -> Option<(usize, Option<f64>)> {
    let mark = |k: usize, m: &[char]| tokens.get(k).is_some_and(|t| t.is_mark(m));
    let starts = i == 0 || tokens[i - 1].is_mark(&['.', '!', '?', ';', '\n', ',', ']', ')', '-', ':']) || matches!(tokens[i - 1].token, Token::Quote(_));
    if matches!(word(tokens, i), "shot" | "scene") && starts && number(tokens, i + 1).is_some() {
        let (mut k, mut seconds) = (i + 2, None);
        let mut closed = false;
        if mark(k, &['(', '[']) {
            let end = (k..(k + 8).min(tokens.len())).find(|e| mark(*e, &[')', ']']))?;
            seconds = length_in(&tokens[k + 1..end]);
            (k, closed) = (end + 1, true);
        } else if mark(k, &[',', '-']) && number(tokens, k + 1).is_some() && is_seconds(word(tokens, k + 2)) {
            seconds = number(tokens, k + 1);
            k += 3;
        }
        if mark(k, &[':', '-', '.', ',']) {
            (k, closed) = (k + 1, true);
        }
        return closed.then_some((k - i, seconds));
    }
    if mark(i, &['[']) || (mark(i, &['(']) && starts) {
        let end = (i..(i + 8).min(tokens.len())).find(|e| mark(*e, &[')', ']']))?;
        let seconds = length_in(&tokens[i + 1..end])?;
        return Some((end + 1 - i + usize::from(mark(end + 1, &[':', '-'])), Some(seconds)));
    }
    if numbered && matches!(tokens[i].token, Token::Number(_)) && (i == 0 || tokens[i - 1].is_mark(&['\n', '.'])) && mark(i + 1, &['.', ')', ':']) {
        return Some((2, None));
    }
    if word(tokens, i) == "cut" && word(tokens, i + 1) == "to" {
        return Some((2 + usize::from(mark(i + 2, &[':'])), None));
    }
    None
}

/// "3s", "0-3s", "2.5 seconds", "0s 3s".
fn length_in(tokens: &[Lexeme]) -> Option<f64> {
    let numbers: Vec<f64> = tokens.iter().filter_map(|t| if let Token::Number(n) = t.token { Some(n) } else { None }).collect();
    let unit = tokens.iter().any(|t| t.word().is_some_and(is_seconds));
    match numbers[..] {
        [n] if unit && n > 0.0 => Some(n),
        [a, b] if b > a && (unit || tokens.len() <= 3) => Some(b - a),
        // "[0:00-0:03]"
        [a, b, c, d] => Some((c * 60.0 + d) - (a * 60.0 + b)).filter(|n| *n > 0.0),
        _ => None,
    }
}

/// The stretches between labels; one stretch without labels.
fn parts(tokens: Vec<Lexeme>) -> Vec<Part> {
    let numbered = [1.0, 2.0].iter().all(|n| {
        tokens.iter().enumerate().any(|(i, t)| {
            t.token == Token::Number(*n) && (i == 0 || tokens[i - 1].is_mark(&['\n', '.'])) && tokens.get(i + 1).is_some_and(|t| t.is_mark(&['.', ')', ':']))
        })
    });
    let mut out = vec![Part { tokens: Vec::new(), seconds: None, explicit: false, preamble: true }];
    let mut i = 0;
    let mut cut_only = true;
    while i < tokens.len() {
        if let Some((used, seconds)) = label(&tokens, i, numbered) {
            let cut = word(&tokens, i) == "cut";
            cut_only &= cut;
            // "Shot 2: cut to a car" is one label, not two.
            let doubled = out.last().is_some_and(|p| p.explicit && p.tokens.is_empty());
            if doubled {
                if let Some(last) = out.last_mut() {
                    last.seconds = last.seconds.or(seconds);
                }
            } else {
                out.push(Part { tokens: Vec::new(), seconds, explicit: true, preamble: false });
            }
            i += used;
            continue;
        }
        if let Some(last) = out.last_mut() {
            last.tokens.push(tokens[i].clone());
        }
        i += 1;
    }
    let alone = out.len() == 1;
    if let Some(first) = out.first_mut() {
        first.preamble = !alone && !cut_only;
        first.explicit = !alone && cut_only;
        let empty = !first.tokens.iter().any(|t| t.word().is_some());
        if empty && !alone {
            out.remove(0);
        }
    }
    out
}
