//! Phrases in the order of English, and the words they are written with.

use super::dictionary::{Class, Piece};
use crate::english::lex::{Lexeme, Token};
use kinora_base::Span;
use kinora_vocabulary::Kind;
use std::collections::BTreeSet;

/// A noun with what belongs to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct NounPhrase {
    /// "a", "the", "three", "his"; empty if the text says none.
    pub(crate) determiner: String,
    pub(crate) adjectives: Vec<(String, Span)>,
    pub(crate) noun: String,
    pub(crate) kind: Option<Kind>,
    pub(crate) span: Span,
    pub(crate) plural: bool,
    /// Whose it is.
    pub(crate) owner: Option<Box<NounPhrase>>,
    /// What follows the noun: "wearing a hat", "at sunset".
    pub(crate) tail: Vec<Unit>,
}

/// A part of an English sentence.
#[derive(Clone, Debug)]
pub(crate) enum Unit {
    Noun(NounPhrase),
    Words(String, Span),
    Verb(String, Span),
    Mark(char, Span),
    Quote(String, Span),
}

impl Unit {
    pub(crate) fn words(text: &str, span: Span) -> Self {
        Self::Words(text.to_owned(), span)
    }
    pub(crate) fn of(piece: &Piece) -> Self {
        match piece.mark() {
            Some(mark) => Self::Mark(mark, piece.span),
            None if piece.is(Class::Quote) => Self::Quote(piece.text.clone(), piece.span),
            None if piece.is(Class::Verb) => Self::Verb(piece.word.english.clone(), piece.span),
            None => Self::Words(piece.word.english.clone(), piece.span),
        }
    }
}

/// Writes units as the words of an English text.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) tokens: Vec<Lexeme>,
    /// Nouns that were named: the next time it is "the".
    seen: BTreeSet<String>,
}

impl Writer {
    pub(crate) fn write(&mut self, units: &[Unit]) {
        for unit in units {
            match unit {
                Unit::Noun(phrase) => self.noun(phrase),
                Unit::Words(text, span) => self.words(text, *span),
                Unit::Verb(text, span) => {
                    let first = self.tokens.len();
                    self.words(text, *span);
                    if let Some(verb) = self.tokens.get_mut(first) {
                        verb.verb = true;
                    }
                }
                Unit::Mark(mark, span) => self.tokens.push(Lexeme::new(Token::Mark(*mark), *span)),
                Unit::Quote(text, span) => self.tokens.push(Lexeme::new(Token::Quote(text.clone()), *span)),
            }
        }
    }

    fn words(&mut self, text: &str, span: Span) {
        for word in text.split([' ', '-']).filter(|w| !w.is_empty()) {
            let token = match word.parse::<f64>() {
                Ok(n) => Token::Number(n),
                Err(_) if word == "," => Token::Mark(','),
                // A name keeps its capital.
                Err(_) => Token::Word { text: word.to_lowercase(), capital: word.starts_with(char::is_uppercase) },
            };
            self.tokens.push(Lexeme::new(token, span));
        }
    }

    fn noun(&mut self, phrase: &NounPhrase) {
        let first = phrase.adjectives.first().map_or(phrase.span, |a| a.1);
        if let Some(owner) = &phrase.owner {
            self.noun(owner);
            self.words("'s", owner.span);
        } else if !phrase.determiner.is_empty() {
            self.words(&phrase.determiner, first);
        } else if !phrase.plural && !phrase.noun.is_empty() && !phrase.noun.starts_with(char::is_uppercase) {
            self.words(if self.seen.contains(&phrase.noun) || phrase.kind == Some(Kind::Place) { "the" } else { "a" }, first);
        }
        self.seen.insert(phrase.noun.clone());
        for (adjective, span) in &phrase.adjectives {
            self.words(adjective, *span);
        }
        // A classifier tells that there are several, and "a person" is somebody else than "people".
        let several = phrase.plural || phrase.noun == "person" && !matches!(phrase.determiner.as_str(), "" | " " | "a" | "the" | "another" | "one");
        let noun = if several { plural(&phrase.noun) } else { phrase.noun.clone() };
        self.words(&noun, phrase.span);
        self.write(&phrase.tail);
    }
}

/// The English plural.
fn plural(noun: &str) -> String {
    match noun {
        "man" | "old man" => return noun.replace("man", "men"),
        "woman" | "old woman" => return noun.replace("woman", "women"),
        "child" => return "children".into(),
        "person" => return "people".into(),
        "fish" | "sheep" | "people" => return noun.to_owned(),
        _ => {}
    }
    let hissing = ["s", "x", "ch", "sh"].iter().any(|e| noun.ends_with(e));
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if hissing => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// A weather as a quality of a place.
pub(crate) fn weather_quality(english: &str) -> String {
    match english {
        "snow" => "snowy".into(),
        "rain" => "rainy".into(),
        "fog" => "foggy".into(),
        "clear" => "sunny".into(),
        other => other.to_owned(),
    }
}

/// How a time is said by itself.
pub(crate) fn time_phrase(english: &str) -> String {
    match english {
        "morning" | "afternoon" | "evening" => format!("in the {english}"),
        other => format!("at {other}"),
    }
}
