//! Noun or verb: what a word is that could be both, by its neighbours.
//!
//! "A robot waters plants" has two words that may be either. The reader goes from left to right and would take the first reading that it
//! knows; this pass looks both ways first. It says nothing where the neighbours do not decide.

use super::inflect::{Form, noun_forms, verb_forms};
use super::lex::{Lexeme, Token};
use super::lexicon::Lexicon;
use super::noun::{is_determiner, is_function};
use super::{pictureless, tables, verb};
use crate::wordnet;

/// What a word is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tag {
    /// The reader decides.
    #[default]
    Open,
    /// The head of a noun phrase or a part of it.
    Noun,
    /// A verb in the form that stands there.
    Verb,
}

/// What the word before was, as far as it decides what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Start,
    /// A determiner, possessive, number or quality: a noun has to follow.
    Opening,
    Preposition,
    To,
    /// he, who, they: a verb follows.
    Subject,
    Auxiliary,
    Singular,
    Plural,
    Verb,
    Adverb,
    Joining,
    /// then: who acted before acts on.
    Then,
    Other,
}

/// How a word looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Plain,
    /// "plants": a plural, or what one does.
    S,
    Ing,
    Ed,
}

struct Tagger<'a, 'b> {
    lexicon: &'b Lexicon<'a>,
    tokens: &'b [Lexeme],
    before: Before,
    /// The noun phrase began with "a": its head is no plural.
    one: bool,
    /// The clause has its verb.
    verbed: bool,
    /// The form of that verb.
    last: Shape,
    /// A word that somebody or something was.
    subject: bool,
    /// The subjects are several, joined: what they do has no ending.
    many: bool,
    /// The noun phrase follows "and" or a comma: another may begin to act.
    joined: bool,
    /// The noun phrase says where somebody is: "a woman in a kitchen".
    placed: bool,
    /// The subject is one of many: "a crowd of people watches".
    group: bool,
}

/// What each token is.
pub(crate) fn tags(lexicon: &Lexicon<'_>, tokens: &[Lexeme]) -> Vec<Tag> {
    let mut tagger = Tagger {
        lexicon,
        tokens,
        before: Before::Start,
        one: false,
        verbed: false,
        last: Shape::S,
        subject: false,
        many: false,
        joined: false,
        placed: false,
        group: false,
    };
    let mut out = vec![Tag::Open; tokens.len()];
    let mut i = 0;
    while i < tokens.len() {
        let (tag, used) = tagger.step(i);
        out[i..(i + used).min(tokens.len())].fill(tag);
        i += used;
    }
    out
}

impl Tagger<'_, '_> {
    fn word(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).and_then(Lexeme::word)
    }

    fn words(&self, at: usize) -> Vec<&str> {
        self.tokens[at..].iter().map_while(Lexeme::word).take(4).collect()
    }

    /// The tag of the word at `i` and how many tokens it holds for.
    fn step(&mut self, i: usize) -> (Tag, usize) {
        let word = match &self.tokens[i].token {
            Token::Word { text, .. } => text.clone(),
            Token::Number(_) => return self.open(Before::Opening),
            Token::Mark(',') => return self.open(Before::Joining),
            Token::Mark(_) | Token::Quote(_) => {
                (self.verbed, self.subject, self.one, self.many, self.group) = (false, false, false, false, false);
                return self.open(Before::Start);
            }
        };
        if let Some(found) = self.lexicon.noun(&self.words(i)).filter(|f| f.words > 1) {
            self.subject = true;
            self.before = if found.plural { Before::Plural } else { Before::Singular };
            return (Tag::Noun, found.words);
        }
        // "While the other climbs."
        let acts = |w: &str| shape(w) == Shape::S && verb::is_known(self.lexicon, w) && !self.is_known_noun(i + 1, w);
        if matches!(word.as_str(), "other" | "another") && self.word(i + 1).is_some_and(acts) {
            (self.subject, self.verbed) = (true, false);
            return self.open(Before::Subject);
        }
        if let Some(before) = self.small(&word) {
            self.placed = match before {
                Before::Preposition => self.subject && !self.verbed,
                Before::Opening | Before::Adverb => self.placed,
                _ => false,
            };
            return self.open(before);
        }
        let shape = shape(&word);
        // "A burning bus": it is still the noun that follows.
        if self.before == Before::Opening && matches!(shape, Shape::Ing | Shape::Ed) {
            return (Tag::Open, 1);
        }
        let (known_noun, known_verb) = (self.is_known_noun(i, &word), verb::is_known(self.lexicon, &word));
        let helps = verb::is_any(&word, tables::HELPERS) || verb::is_any(&word, tables::LIGHT);
        // The table of all words is only asked where it can make a difference.
        let tag = match (self.decide(i, &word, shape, known_verb), known_noun, known_verb || helps) {
            // Smoke has no plural: "leans against a wall and smokes".
            _ if word == "smokes" => Tag::Verb,
            (Tag::Verb, true, false) if !self.one && self.before != Before::Subject && !is_wordnet_verb(&word) => Tag::Noun,
            (Tag::Noun, false, true) if !is_wordnet_noun(&word) => Tag::Open,
            (tag, true, _) | (tag, _, true) => tag,
            (tag, false, false) => match (is_wordnet_noun(&word), is_wordnet_verb(&word)) {
                (true, true) => tag,
                // "A woman darns a sock": with an object after it, it is no noun, whatever the table knows.
                (true, false) if tag == Tag::Verb && self.object_follows(i) => tag,
                (true, false) => Tag::Noun,
                (false, true) if shape == Shape::S && self.subject && !self.verbed => Tag::Verb,
                // "Sparks fly": whatever they are, they are many.
                (false, _) if shape == Shape::S && matches!(self.before, Before::Start | Before::Joining) && self.does_something(i + 1) => Tag::Noun,
                _ => Tag::Open,
            },
        };
        let several = |word: &str| tables::GROUPS.iter().any(|(group, _)| *group == word) || matches!(word, "audience" | "class" | "team" | "family");
        if tag != Tag::Verb && !self.verbed && self.word(i + 1) == Some("of") && several(&word) {
            self.group = true;
        }
        let only_verb = known_verb && !known_noun;
        self.note(tag, only_verb, shape, &word);
        (tag, 1)
    }

    fn open(&mut self, before: Before) -> (Tag, usize) {
        if before != Before::Opening {
            self.one = false;
        }
        self.before = before;
        (Tag::Open, 1)
    }

    /// Words that are neither.
    fn small(&mut self, word: &str) -> Option<Before> {
        if is_determiner(word) || matches!(word, "one" | "another" | "each" | "every") {
            self.joined = self.before == Before::Joining;
        }
        if matches!(word, "a" | "an" | "one" | "another" | "each" | "every") {
            self.one = true;
            return Some(Before::Opening);
        }
        if is_determiner(word) || word == "'s" || tables::NUMBERS.iter().any(|(n, _)| *n == word) {
            self.one = false;
            return Some(Before::Opening);
        }
        let joining = matches!(word, "and" | "or" | "but");
        self.many |= word == "and" && self.subject && !self.verbed;
        if word == "then" {
            self.verbed = false;
            return Some(Before::Then);
        }
        if matches!(word, "while" | "when" | "as" | "until" | "before" | "after" | "because") {
            (self.verbed, self.subject, self.many) = (false, false, false);
            return Some(Before::Start);
        }
        Some(match word {
            "to" => Before::To,
            "he" | "she" | "it" | "they" | "who" | "which" => {
                (self.verbed, self.subject) = (false, true);
                Before::Subject
            }
            "is" | "are" | "was" | "were" | "be" | "being" | "been" | "will" | "can" => Before::Auxiliary,
            _ if joining => Before::Joining,
            _ if is_function(word)
                || matches!(word, "down" | "up" | "off" | "out" | "onto" | "against" | "during" | "without" | "inside" | "outside" | "about") =>
            {
                Before::Preposition
            }
            _ if word.ends_with("ly") && !verb::is_known(self.lexicon, word) => Before::Adverb,
            _ if self.is_quality(word) => Before::Opening,
            _ => return None,
        })
    }

    fn is_quality(&self, word: &str) -> bool {
        let listed = |t: &[(&str, &str)]| t.iter().any(|(w, _)| *w == word);
        let noun = || self.lexicon.noun(&[word]).is_some();
        let listed = [tables::AGES, tables::MOODS, tables::WEATHERS, tables::TIMES, tables::MATERIALS, tables::BUILDS].iter().any(|t| listed(t));
        (listed
            || tables::SNOW_COVER.contains(&word)
            || tables::FILLERS.contains(&word)
            || tables::EMPTY.contains(&word)
            || tables::SIZES.iter().any(|(w, _)| *w == word))
            && !noun()
            || self.lexicon.exact(&[word], &[kinora_vocabulary::Kind::Colour]).is_some()
            || pictureless::is_quality(self.lexicon, word)
    }

    fn is_known_noun(&self, i: usize, word: &str) -> bool {
        self.lexicon.noun(&[word]).is_some() || self.lexicon.near_noun(&self.words(i)).is_some()
    }

    /// Whether the word there is a plain verb, as it stands after a plural.
    fn does_something(&self, at: usize) -> bool {
        self.word(at).is_some_and(|w| shape(w) == Shape::Plain && verb::is_known(self.lexicon, w))
    }

    /// Whether a phrase begins behind a word that a verb before it is done to.
    fn object_follows(&self, i: usize) -> bool {
        self.word(i + 1).is_some_and(|w| is_determiner(w) || matches!(w, "him" | "them" | "it" | "her"))
    }

    /// A word that may be both, by what stands before and behind it.
    fn decide(&self, i: usize, word: &str, shape: Shape, known_verb: bool) -> Tag {
        let object_follows = self.object_follows(i);
        match (self.before, shape) {
            (Before::Opening | Before::Preposition, Shape::Plain | Shape::S) => Tag::Noun,
            (Before::Subject, _) | (Before::Auxiliary, Shape::Ing) => Tag::Verb,
            (Before::Auxiliary, Shape::Plain | Shape::S) => Tag::Noun,
            // "A robot waters": no plural after "a".
            (Before::Singular, Shape::S) if !self.verbed && (self.one || object_follows) => Tag::Verb,
            // "A woman in the kitchen cooks": there are no kitchen cooks in her.
            (Before::Singular, Shape::S) if self.placed && known_verb && !self.verb_later(i) => Tag::Verb,
            (Before::Singular, Shape::S) if !self.verbed && known_verb && self.lexicon.noun(&[word]).is_none() && !self.verb_later(i) => Tag::Verb,
            // "He opens the door, and a dog barks."
            (Before::Singular, Shape::S) if self.verbed && self.joined && known_verb && self.lexicon.noun(&[word]).is_none() => Tag::Verb,
            (Before::Singular, Shape::Plain) if self.many && !self.verbed && known_verb && !self.verb_later(i) => Tag::Verb,
            (Before::Singular, Shape::S | Shape::Plain) => Tag::Noun,
            (Before::Then, Shape::S | Shape::Plain) if known_verb => Tag::Verb,
            (Before::Plural, Shape::Plain) if !self.verbed && known_verb && !self.verb_later(i) => Tag::Verb,
            // "A crowd of people watches": what follows the many is what the one crowd does.
            (Before::Plural, Shape::S) if self.group && !self.verbed && known_verb && !self.verb_later(i) => Tag::Verb,
            (Before::Plural, Shape::S) => Tag::Noun,
            (Before::Verb, Shape::S) => Tag::Noun,
            (Before::Verb, Shape::Plain) if !object_follows => Tag::Noun,
            (Before::Adverb, Shape::S) if self.subject && !self.verbed => Tag::Verb,
            (Before::Joining, Shape::S) if self.verbed && self.last == Shape::S && (object_follows || known_verb && self.lexicon.noun(&[word]).is_none()) => {
                Tag::Verb
            }
            (Before::Joining, Shape::S) if !object_follows => Tag::Noun,
            (Before::Start, Shape::S) => Tag::Noun,
            _ => Tag::Open,
        }
    }

    /// Whether a word that can only be a finite verb comes before the clause ends.
    fn verb_later(&self, i: usize) -> bool {
        let rest = self.tokens[i + 1..].iter().map_while(Lexeme::word).take(5);
        let only = |w: &str| {
            matches!(w, "is" | "are") || shape(w) == Shape::S && !is_function(w) && verb::is_known(self.lexicon, w) && self.lexicon.noun(&[w]).is_none()
        };
        rest.take_while(|w| !matches!(*w, "and" | "while" | "who" | "which" | "that" | "with" | "in" | "on" | "at")).any(only)
    }

    /// Remembers what a word was.
    fn note(&mut self, tag: Tag, only_verb: bool, shape: Shape, word: &str) {
        if tag == Tag::Verb || only_verb && tag == Tag::Open {
            (self.verbed, self.last, self.one, self.before) = (true, shape, false, Before::Verb);
        } else if tag == Tag::Noun {
            self.subject = true;
            // A bus is one.
            let plural = noun_forms(word).iter().any(|(_, many)| *many) && (shape == Shape::S || !word.ends_with('s'));
            self.before = if plural { Before::Plural } else { Before::Singular };
        } else {
            self.before = Before::Other;
        }
    }
}

fn shape(word: &str) -> Shape {
    if word.ends_with("ing") && word.len() > 4 {
        Shape::Ing
    } else if word.ends_with("ed") && word.len() > 3 {
        Shape::Ed
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        Shape::S
    } else {
        Shape::Plain
    }
}

fn is_wordnet_noun(word: &str) -> bool {
    noun_forms(word).iter().any(|(form, _)| form.len() > 2 && wordnet::noun(form).is_some())
}

fn is_wordnet_verb(word: &str) -> bool {
    verb_forms(word).iter().any(|(plain, form)| (*form != Form::Plain || plain == word) && plain.len() > 1 && wordnet::verb(plain).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::english::lex::lex;

    /// Nouns as n:word, verbs as v:word.
    fn tagged(text: &str) -> String {
        let vocabulary = kinora_vocabulary::Vocabulary::builtin().expect("our own files");
        let lexicon = Lexicon::new(&vocabulary);
        let tokens = lex(text);
        let show = |(t, tag): (&Lexeme, Tag)| {
            let word = t.word().unwrap_or(",");
            match tag {
                Tag::Open => word.to_owned(),
                Tag::Noun => format!("n:{word}"),
                Tag::Verb => format!("v:{word}"),
            }
        };
        tokens.iter().zip(tags(&lexicon, &tokens)).map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn neighbours_tell_nouns_from_verbs() {
        for (text, part) in [
            ("a robot waters plants in a garden", "v:waters n:plants"),
            ("a woman feeds pigeons on a park bench", "n:pigeons"),
            ("sparks fly from his staff", "n:sparks v:fly"),
            ("a grandmother bakes cookies", "n:cookies"),
            ("the dog barks and the cat runs", "v:barks"),
            ("a man opens the door and a dog barks", "v:barks"),
            ("a girl walks, and the bell rings", "v:rings"),
            ("a boxer trains in a gym", "v:trains"),
            ("a red train crosses the bridge", "n:train"),
            ("palm trees and flowers", "n:flowers"),
            ("a burning bus drives down the street", "v:drives"),
            ("a man and a woman stand in a kitchen", "v:stand"),
            ("a car drives down the street then parks", "v:parks"),
            ("he waters the flowers", "v:waters the n:flowers"),
            ("a woman in the kitchen cooks", "v:cooks"),
            ("a crowd of people watches", "v:watches"),
            ("a group of people watches a dog", "v:watches"),
            ("an audience of twenty people watches a singer", "v:watches"),
            ("a crowd of people with watches stands", "n:watches"),
            ("two people and watches", "n:watches"),
            ("a cat on the garden steps sleeps", "n:steps"),
        ] {
            let found = tagged(text);
            assert!(found.contains(part), "{text}: {found}");
        }
    }
}
