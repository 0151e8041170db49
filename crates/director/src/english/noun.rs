//! Noun phrases: "a small red fox", "two women in red", "Anna", "the snowy forest", "she".

use super::lex::{Lexeme, Token};
use super::lexicon::{Found, Lexicon, Stand};
use super::pictureless;
use super::tag::Tag;
use super::{tables, verb};
use crate::script::{Mention, Setting, Unknown, What};
use kinora_base::{Span, Warning, WarningKind};
use kinora_plan::{Garment, Target, Traits};
use kinora_vocabulary::Kind;

/// What a noun phrase turned out to be.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a prompt has few of them")]
pub(crate) enum Phrase {
    /// Somebody or something.
    Mention(Mention),
    /// A place, a time or a weather, with the rest of what it says.
    Setting(Setting),
    /// Music, with its mood.
    Music(Option<String>),
    /// A motion used as a noun: "a walk".
    Motion,
    /// Hair: colour and style.
    Hair(Option<String>, Option<String>),
    /// A direction or part of the picture.
    Direction(Target),
    /// Words that carry no picture.
    Nothing,
    /// A noun that is not known.
    Unknown,
}

/// Reads noun phrases.
pub(crate) struct Nouns<'a, 'b> {
    pub(crate) lexicon: &'b Lexicon<'a>,
    pub(crate) tokens: &'b [Lexeme],
    /// Nouns and verbs among them, as their neighbours tell.
    pub(crate) tags: Vec<Tag>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) unknown: Vec<Unknown>,
    /// Words that no picture shows.
    pub(crate) pictureless: Vec<(String, Span)>,
}

/// What stands before the noun.
#[derive(Default)]
struct Before {
    determined: bool,
    definite: bool,
    another: bool,
    negative: bool,
    count: Option<u32>,
    colour: Option<String>,
    hair_style: Option<String>,
    traits: Traits,
    setting: Setting,
    mood: Option<String>,
    qualities: usize,
    motion: Option<String>,
    unknown: Vec<(String, Span)>,
    pictureless: Vec<(String, Span)>,
}

/// A phrase, where it ends, the action in it ("a running dog") and the setting in it ("a rainy street").
pub(crate) struct Read {
    pub(crate) phrase: Phrase,
    pub(crate) next: usize,
    pub(crate) motion: Option<String>,
    pub(crate) setting: Setting,
}

fn lookup<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(w, _)| *w == word).map(|(_, v)| *v)
}

fn is_number(word: &str) -> bool {
    lookup(tables::NUMBERS, word).is_some()
}

/// The number that a word makes of what was counted before it: "two hundred", "hundred (and) fifty", "twenty five".
fn and_then(before: Option<u32>, word: &str, n: u32) -> u32 {
    match (before, word) {
        (Some(k), "dozen" | "hundred" | "thousand") => k.saturating_mul(n),
        (Some(k), _) if k >= 20 && (k % 10 == 0 && n < 10 || k % 100 == 0 && n < 100) => k.saturating_add(n),
        _ => n,
    }
}

/// How many an audience is if nobody says.
const AN_AUDIENCE: u32 = 16;
/// Unknown words for which a known one is looked for.
const MOST_GUESSES: usize = 24;

impl<'a> Nouns<'a, '_> {
    pub(crate) fn words(&self, at: usize) -> Vec<&str> {
        // What another language says is a verb begins something new: "on the moon plant a flag".
        let rest = &self.tokens[at.min(self.tokens.len())..];
        let whole = rest.iter().skip(1).take_while(|t| !t.verb).count() + 1;
        rest.iter().take(whole).map_while(Lexeme::word).take(6).collect()
    }
    fn word(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).and_then(Lexeme::word)
    }
    pub(crate) fn tag(&self, at: usize) -> Tag {
        let told = || self.tokens.get(at).filter(|t| t.verb).map(|_| Tag::Verb);
        self.tags.get(at).copied().or_else(told).unwrap_or_default()
    }
    pub(crate) fn span(&self, from: usize, to: usize) -> Span {
        let last = self.tokens.len().saturating_sub(1);
        let (a, b) = (from.min(last), to.saturating_sub(1).max(from).min(last));
        // Words of other languages were put into the order of English.
        let spans = || self.tokens[a..=b].iter().map(|t| t.span);
        Span { start: spans().map(|s| s.start).min().unwrap_or(0), end: spans().map(|s| s.end).max().unwrap_or(0) }
    }

    /// Whether a noun phrase begins here for certain.
    pub(crate) fn begins(&self, at: usize) -> bool {
        match self.tokens.get(at).map(|t| &t.token) {
            Some(Token::Number(_)) => true,
            Some(Token::Word { text, .. }) => {
                if self.tag(at) == Tag::Verb {
                    return false;
                }
                is_determiner(text)
                    || pronoun(text).is_some()
                    || is_number(text)
                    || self.lexicon.noun(&self.words(at)).is_some()
                    || self.lexicon.near_noun(&self.words(at)).is_some()
                    || self.given_name(at).is_some()
            }
            _ => false,
        }
    }

    /// Reads the noun phrase that begins here.
    pub(crate) fn read(&mut self, at: usize) -> Option<Read> {
        let word = self.word(at);
        if let Some(what) = word.and_then(pronoun) {
            // "her dog" begins with a determiner, "her" alone is a pronoun.
            if !matches!(word, Some("her" | "that" | "one")) || !self.noun_follows(at + 1) {
                return Some(Read {
                    phrase: Phrase::Mention(mention(what, self.span(at, at + 1), true)),
                    next: at + 1,
                    motion: None,
                    setting: Setting::default(),
                });
            }
        }
        // "Both shout": those two.
        if matches!(word, Some("both"))
            && !self.noun_follows(at + 1)
            && self.word(at + 1).is_none_or(|w| self.is_verb(w) || super::speech::saying(&[w]).is_some())
        {
            let phrase = Phrase::Mention(mention(What::They, self.span(at, at + 1), true));
            return Some(Read { phrase, next: at + 1, motion: None, setting: Setting::default() });
        }
        if let Some((nth, used)) = self.one_of_several(at) {
            let phrase = Phrase::Mention(mention(What::Nth(nth), self.span(at, at + used), true));
            return Some(Read { phrase, next: at + used, motion: None, setting: Setting::default() });
        }
        let mut before = Before::default();
        let mut i = self.determiners(at, &mut before);
        i = self.qualities(i, &mut before);
        self.head(at, i, before)
    }

    /// "One says ..., and the other answers": which of them, and in how many words.
    fn one_of_several(&self, at: usize) -> Option<(usize, usize)> {
        let words = self.words(at);
        let (nth, used) = match words[..] {
            ["one", "of", "them", ..] | ["the", "first", "one", ..] => (0, 3),
            ["the", "other" | "second", "one", ..] => (1, 3),
            // "The taller one draws a sword, the other flees."
            ["the", more, "one", ..] if more.ends_with("er") || more.ends_with("est") => (0, 3),
            ["the", "first", ..] | ["the", "one", ..] => (0, 2),
            ["the", "other" | "second", ..] => (1, 2),
            ["the", "third", ..] => (2, 2),
            ["one", ..] => (0, 1),
            ["another" | "other", ..] => (1, 1),
            _ => return None,
        };
        let rest: Vec<&str> = words[used..].iter().copied().skip_while(|w| w.ends_with("ly")).collect();
        // "One sings and the other dances."
        let acts = rest.first().is_some_and(|w| self.is_verb(w) && self.lexicon.noun(&[w]).is_none() && w.ends_with('s')) && rest.len() + used == words.len();
        let says = (acts || super::speech::saying(&rest).is_some()) && self.lexicon.noun(&words[used.saturating_sub(1)..]).is_none_or(|f| f.words < 2);
        // "Mutters one."
        let tagged = at > 0 && self.word(at - 1).is_some_and(|w| super::speech::saying(&[w]).is_some());
        let ends = rest.is_empty() && (tagged || used > 1 && matches!(words[used - 1], "other" | "second"));
        (says || ends).then_some((nth, used))
    }

    pub(super) fn noun_follows(&self, at: usize) -> bool {
        let words = self.words(at);
        // "Her sleeping baby": what is done is a quality of who does it.
        let doing = || words.first().is_some_and(|w| w.ends_with("ing") && self.is_verb(w)) && self.is_somebody(at + 1);
        self.is_noun(&words)
            || doing()
            || words.first().is_some_and(|w| self.is_quality(w) || matches!(*w, "hair" | "eyes" | "face" | "hand" | "hands" | "head"))
    }

    fn is_quality(&self, word: &str) -> bool {
        lookup(tables::SIZES, word).is_some()
            || lookup(tables::AGES, word).is_some()
            || lookup(tables::MOODS, word).is_some()
            || lookup(tables::WEATHERS, word).is_some()
            || tables::EMPTY.contains(&word)
            || tables::SNOW_COVER.contains(&word)
            || lookup(tables::MATERIALS, word).is_some()
            || lookup(tables::BUILDS, word).is_some()
            || self.lexicon.exact(&[word], &[Kind::Colour]).is_some()
            || pictureless::is_quality(self.lexicon, word)
    }

    fn determiners(&self, at: usize, before: &mut Before) -> usize {
        let mut i = at;
        loop {
            match self.tokens.get(i).map(|t| &t.token) {
                Some(Token::Number(n)) if *n >= 1.0 && *n <= 10_000.0 && n.fract() == 0.0 => {
                    // "a 7-year-old girl"
                    if self.word(i + 1).is_some_and(|w| matches!(w, "year" | "years")) && self.word(i + 2) == Some("old") {
                        before.traits.age = Some(age_of(*n).to_owned());
                        i += 3;
                        continue;
                    }
                    before.count = Some(*n as u32);
                }
                Some(Token::Word { text, .. }) => match text.as_str() {
                    "a" | "an" | "any" | "every" | "my" | "our" | "your" | "his" | "her" | "its" | "their" => before.determined = true,
                    "the" | "this" | "that" | "these" | "those" | "all" => (before.determined, before.definite) = (true, true),
                    "another" | "other" => (before.determined, before.another) = (true, true),
                    "each" => before.determined = true,
                    "no" | "without" => before.negative = true,
                    "both" => (before.count, before.definite) = (Some(2), true),
                    _ if before.determined && tables::PARTS.contains(&text.as_str()) && self.word(i + 1) == Some("of") => i += 1,
                    _ if lookup(tables::GROUPS, text).is_some() && self.word(i + 1) == Some("of") => {
                        before.count = lookup(tables::GROUPS, text);
                        i += 1;
                    }
                    _ if is_number(text) => {
                        let n = lookup(tables::NUMBERS, text);
                        if self.word(i + 1).is_some_and(|w| matches!(w, "year" | "years")) && self.word(i + 2) == Some("old") {
                            before.traits.age = Some(age_of(f64::from(n.unwrap_or(9))).to_owned());
                            i += 3;
                            continue;
                        }
                        // "A crowd of a hundred": what is not right before it is another number.
                        let follows = i > at && self.word(i - 1).is_none_or(|w| w == "and" || is_number(w));
                        before.count = n.map(|n| and_then(before.count.filter(|_| follows), text, n));
                        let next = |word: &str| self.word(i + 1) == Some(word);
                        let goes_on = next("and") && matches!(text.as_str(), "hundred" | "thousand") && self.word(i + 2).is_some_and(is_number);
                        i += usize::from(next("of") || goes_on);
                    }
                    _ => return i,
                },
                _ => return i,
            }
            i += 1;
        }
    }

    fn qualities(&mut self, at: usize, before: &mut Before) -> usize {
        let mut i = at;
        while let Some(word) = self.word(i).map(str::to_owned) {
            let words = self.words(i);
            let listed = self.lexicon.near_noun(&words).is_some_and(|n| n.words > 1);
            if listed || self.lexicon.noun(&words).is_some_and(|f| f.words > 1) || self.climb(&words, 2).is_some_and(|s| !s.plain) {
                return i;
            }
            // "a big, red ball" and "a black and white dog"
            let joined = self.tokens.get(i + 1).is_some_and(|t| t.is_mark(&[',']) || t.word() == Some("and"))
                && self.word(i + 2).is_some_and(|w| self.is_quality(w))
                && self.noun_within(i + 3);
            let next = i + 1;
            let more = self.noun_within(next);
            let used = if let Some(colour) =
                self.lexicon.exact(&words, &[Kind::Colour]).filter(|c| self.is_colour_here(i + c.words, more, before.determined || before.count.is_some()))
            {
                before.colour.get_or_insert(colour.id);
                colour.words
            } else if let Some(n) = self.quality(i, &word, more || joined, before) {
                n
            } else {
                return i;
            };
            before.qualities += 1;
            i += used;
            if joined && used == 1 {
                i += 1;
            }
        }
        i
    }

    /// A colour word is a noun when nothing follows ("a rose", "an orange").
    fn is_colour_here(&self, next: usize, more: bool, counted: bool) -> bool {
        let words = self.words(next.saturating_sub(1));
        let fruit = || {
            counted
                && (self.lexicon.noun_of(&words, &[Kind::Prop]).is_some() || self.lexicon.climb(&words, 1).is_some_and(|s| s.kind == Kind::Prop && !s.plain))
        };
        more || !fruit() && self.lexicon.near_noun(&words).is_none()
    }

    /// Whether a noun comes within the next few words.
    fn noun_within(&self, at: usize) -> bool {
        (at..at + 4).any(|k| {
            let words = self.words(k);
            let between = (at..k).all(|j| self.word(j).is_some_and(|w| self.is_quality(w) || w.ends_with("ing") || w.ends_with("ed")));
            let here = || {
                self.is_noun(&words)
                    || words
                        .first()
                        .is_some_and(|w| matches!(*w, "hair" | "haired" | "light" | "music" | "sky" | "eyes" | "mood" | "weather" | "film" | "animal"))
            };
            between && here()
        })
    }

    fn quality(&self, at: usize, word: &str, more: bool, before: &mut Before) -> Option<usize> {
        let two = self.word(at + 1).map(|w| format!("{word} {w}")).unwrap_or_default();
        if tables::SNOW_COVER.contains(&two.as_str()) || tables::SNOW_COVER.contains(&word) {
            before.setting.snow_cover = true;
            if word == "snowy" {
                before.setting.weather = Some(("snow".into(), self.span(at, at + 1)));
            }
            return Some(if tables::SNOW_COVER.contains(&two.as_str()) { 2 } else { 1 });
        }
        if two == "middle aged" {
            before.traits.age = Some("adult".into());
            return Some(2);
        }
        if let Some(style) = hair_style(word).filter(|_| {
            self.word(at + 1).is_some_and(|w| matches!(w, "hair" | "haired")) || (self.word(at + 2).is_some_and(|w| matches!(w, "hair" | "haired")))
        }) {
            before.hair_style = Some(style.to_owned());
            return Some(1);
        }
        if word == "haired" {
            before.traits.hair = before.colour.take();
            before.traits.hair_style = before.hair_style.take();
            return Some(1);
        }
        if matches!(word, "blond" | "blonde" | "redheaded" | "bald" | "brunette" | "curly" | "ginger") && more {
            match word {
                "bald" | "curly" => before.traits.hair_style = Some(word.to_owned()),
                "redheaded" | "ginger" => before.traits.hair = Some("red".into()),
                "brunette" => before.traits.hair = Some("brown".into()),
                _ => before.traits.hair = Some("blond".into()),
            }
            return Some(1);
        }
        if let Some(garment) = grown(word).filter(|g| more && self.lexicon.has(Kind::Garment, g)) {
            before.traits.clothes.push(Garment { word: garment.to_owned(), colour: before.colour.take() });
            return Some(1);
        }
        if let Some(skin) = skin_word(word).filter(|_| more && self.is_person(at + 1)) {
            before.traits.skin = Some(skin.to_owned());
            return Some(1);
        }
        if matches!(word, "female" | "male") && more && self.is_person(at + 1) {
            before.traits.sex = Some(word.to_owned());
            return Some(1);
        }
        if let Some(size) = lookup(tables::SIZES, word) {
            if before.traits.size.is_none() {
                before.traits.size = Some(size);
            }
            if let Some(build) = lookup(tables::BUILDS, word) {
                before.traits.build = Some(build.to_owned());
            }
            return Some(1);
        }
        if !more
            && lookup(tables::MOODS, word).is_none()
            && lookup(tables::AGES, word).is_none()
            && lookup(tables::BUILDS, word).is_none()
            && lookup(tables::FILM_MOODS, word).is_none()
            && !before.determined
        {
            return None;
        }
        let mut known = false;
        // "A baby" is somebody; "a baby fox" is a young one.
        if !more && self.lexicon.noun_of(&[word], &[Kind::Person]).is_some() {
            return None;
        }
        if let Some(age) = lookup(tables::AGES, word) {
            before.traits.age = Some(age.to_owned());
            known = true;
        }
        if let Some(build) = lookup(tables::BUILDS, word) {
            before.traits.build = Some(build.to_owned());
            known = true;
        }
        if let Some(mood) = lookup(tables::MOODS, word) {
            before.traits.mood = Some(mood.to_owned());
            known = true;
        }
        if let Some(mood) = lookup(tables::FILM_MOODS, word) {
            before.mood = Some(mood.to_owned());
            known = true;
        }
        if let Some(weather) = lookup(tables::WEATHERS, word).filter(|_| more) {
            before.setting.weather = Some((weather.to_owned(), self.span(at, at + 1)));
            known = true;
        }
        if let Some(time) = lookup(tables::TIMES, word).filter(|_| more) {
            before.setting.time = Some((time.to_owned(), self.span(at, at + 1)));
            known = true;
        }
        if let Some(material) = lookup(tables::MATERIALS, word).filter(|m| more && self.lexicon.has(Kind::Material, m)) {
            before.traits.material = Some(material.to_owned());
            known = true;
        }
        if let Some(state) = lookup(tables::STATES, word).filter(|_| more) {
            before.traits.state = Some(state);
            known = true;
        }
        if !known
            && more
            && let Some(skin) = skin_of(&two)
        {
            before.traits.skin = Some(skin.to_owned());
            return Some(2);
        }
        if !known && more && !tables::EMPTY.contains(&word) && pictureless::is_quality(self.lexicon, word) {
            before.pictureless.push((word.to_owned(), self.span(at, at + 1)));
            known = true;
        }
        // "Meticulously arranged".
        known |= more && word.ends_with("ly") && self.lexicon.noun(&[word]).is_none();
        if !known && more {
            known = self.modifier(at, word, before);
        }
        (known || tables::EMPTY.contains(&word) && more).then_some(1)
    }

    /// Whether a person or an animal is named here.
    fn is_somebody(&self, at: usize) -> bool {
        self.word(at).is_some_and(|w| self.lexicon.noun_of(&[w], &[Kind::Person, Kind::Creature]).is_some())
    }

    /// Whether somebody is named from here on, other qualities between.
    pub(super) fn is_person(&self, at: usize) -> bool {
        (at..at + 4).any(|k| self.word(k).is_some_and(|w| self.lexicon.noun_of(&[w], &[Kind::Person]).is_some()))
    }

    /// Other words before a noun: "a running dog", "a forest path", "a spotted dog".
    fn modifier(&self, at: usize, word: &str, before: &mut Before) -> bool {
        let words = self.words(at);
        let here = self.lexicon.noun(&words).filter(|f| f.words == 1);
        // "A potter hammers a nail": what is done is no noun that is missing its quality.
        let next_is_noun = self.tag(at + 1) != Tag::Verb && self.is_noun(&self.words(at + 1));
        // "Mountains surround a lake."
        if self.word(at + 1).is_some_and(|w| pictureless::describes(w, true) && self.lexicon.noun(&[w]).is_none()) {
            return false;
        }
        let noun_is_near = next_is_noun || self.strange(at + 1) && self.is_noun(&self.words(at + 2));
        if let Some(found) = here {
            let verb_next = self.word(at + 1).is_some_and(|w| self.is_verb(w));
            let setting = matches!(found.kind, Kind::Place | Kind::Time | Kind::Weather);
            // Verbs from other languages have no endings, and no tags: "a woman in the kitchen cook".
            if !next_is_noun || found.plural || (verb_next && (!setting || self.tags.is_empty())) || !(setting || matches!(found.kind, Kind::Prop)) {
                return false;
            }
            put_setting(&mut before.setting, &found, self.span(at, at + 1));
            return true;
        }
        if self.lexicon.near_noun(&words).is_some() {
            return false;
        }
        if word.ends_with("ing") && before.determined {
            if let Some((motion, _)) = self.lexicon.motion(&words) {
                before.motion = Some(motion.id);
            }
            return true;
        }
        if tables::EMPTY.contains(&word) {
            return true;
        }
        // "A fantasy landscape."
        if pictureless::is_abstract(word) {
            before.pictureless.push((word.to_owned(), self.span(at, at + 1)));
            return true;
        }
        // "a labrador puppy"
        if before.determined && self.climb(&words[..1], 1).is_some_and(|s| self.same_follows(at + 1, s.kind, s.id)) {
            return true;
        }
        // "a spotted dog": a quality that is not known, but only between determiner and noun.
        if before.determined && noun_is_near && !tables::FILLERS.contains(&word) && !is_function(word) && (!self.is_verb(word) || word.ends_with("ed")) {
            before.unknown.push((word.to_owned(), self.span(at, at + 1)));
            return true;
        }
        false
    }

    /// Whether a word stands there that nothing is known of.
    fn strange(&self, at: usize) -> bool {
        self.word(at).is_some_and(|w| !is_function(w) && !tables::FILLERS.contains(&w) && !self.is_verb(w) && self.tag(at) != Tag::Verb && !w.ends_with('s'))
    }

    pub(crate) fn is_verb(&self, word: &str) -> bool {
        self.lexicon.motion(&[word]).is_some() || super::verb::near(&[word]).is_some()
    }

    fn given_name(&self, at: usize) -> Option<&'static str> {
        let Some(Token::Word { text, capital: true }) = self.tokens.get(at).map(|t| &t.token) else { return None };
        tables::GIVEN_NAMES.iter().find(|(_, names)| names.contains(&text.as_str())).map(|(id, _)| *id)
    }

    fn head(&mut self, start: usize, at: usize, mut before: Before) -> Option<Read> {
        self.pictureless.append(&mut before.pictureless);
        let words: Vec<String> = self.words(at).into_iter().map(str::to_owned).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let setting = before.setting.clone();
        let motion = before.motion.clone();
        let done = |phrase, next| Some(Read { phrase, next, motion: motion.clone(), setting: setting.clone() });
        if before.negative {
            return self.negative(&words, at);
        }
        match words.first().copied() {
            // A hair drier is no hair.
            Some("hair") if self.lexicon.noun(&words).is_none() => return done(Phrase::Hair(before.colour, before.hair_style), at + 1),
            Some("music" | "song" | "melody" | "tune" | "soundtrack" | "score") => return done(Phrase::Music(before.mood), at + 1),
            Some("mood" | "atmosphere" | "feeling" | "tone") => {
                let mood = before.mood.or_else(|| before.traits.mood.clone());
                return done(Phrase::Setting(Setting { mood, ..setting.clone() }), at + 1);
            }
            // Who looks at a camera looks at the lens; who hands one over, or carries it, has a thing.
            Some("camera")
                if before.determined
                    && !before.definite
                    && !self.tags.is_empty()
                    && start > 0
                    && self.word(start - 1).is_some_and(|w| !is_function(w))
                    && self.lexicon.has(Kind::Prop, "camera") => {}
            // What an audience watches is not shown by itself, and nobody plays.
            Some("play") if before.determined && !self.is_noun(&self.words(at + 1)) => return done(Phrase::Nothing, at + 1),
            Some("spectators" | "audience") if self.word(at + 1).is_some_and(|w| self.is_verb(w)) => {
                let mut m = mention(What::Entry(Kind::Person, "people".into()), self.span(start, at + 1), before.definite);
                (m.count, m.traits.called) = (AN_AUDIENCE, Some("audience".into()));
                return done(Phrase::Mention(m), at + 1);
            }
            Some(band @ ("band" | "orchestra")) if self.word(at + 1) != Some("of") && !self.is_noun(&self.words(at + 1)) => {
                let mut m = mention(What::Entry(Kind::Person, "musician".into()), self.span(start, at + 1), before.definite);
                (m.count, m.traits.called) = (before.count.unwrap_or(if band == "band" { 4 } else { 8 }), Some(band.into()));
                return done(Phrase::Mention(m), at + 1);
            }
            // "Jumps into the water": there is some. What is sprayed and spilt is not shown.
            Some("water") if self.word(at + 1).is_none_or(|w| !self.is_noun(&[w])) => {
                let water = start > 0 && self.word(start - 1).is_some_and(|w| AT_WATER.contains(&w));
                return done(if water { Phrase::Setting(Setting { water, ..setting.clone() }) } else { Phrase::Nothing }, at + 1);
            }
            Some("crowd" | "mob" | "throng") if self.word(at + 1) != Some("of") => {
                let mut m = mention(What::Entry(Kind::Person, "people".into()), self.span(start, at + 1), before.definite);
                (m.count, m.traits.called) = (before.count.unwrap_or(tables::A_CROWD), Some("crowd".into()));
                return done(Phrase::Mention(m), at + 1);
            }
            Some("camera" | "lens" | "viewer" | "audience") => return done(Phrase::Mention(mention(What::Camera, self.span(start, at + 1), true)), at + 1),
            Some("sky" | "clouds") if before.determined || before.qualities > 0 => return done(Phrase::Direction(Target::Up), at + 1),
            // One howls at the moon without being there.
            Some("moon" | "stars") if start > 0 && self.word(start - 1) == Some("at") => return done(Phrase::Direction(Target::Up), at + 1),
            Some("ground" | "floor") => return done(Phrase::Direction(Target::Down), at + 1),
            // Two who belong together; "the couple" are those of before.
            Some("couple" | "lovers" | "sweethearts") if words.get(1) != Some(&"of") => {
                let mut two = mention(What::They, self.span(start, at + 1), true);
                two.another = before.determined && !before.definite;
                two.traits = before.traits;
                return done(Phrase::Mention(two), at + 1);
            }
            Some(word) if tables::TOGETHER.iter().any(|(w, _)| *w == word) && !matches!(words.get(1), Some(&("of" | "'s"))) => {
                let mut all = mention(What::They, self.span(start, at + 1), true);
                all.another = true;
                all.traits.called = Some(word.to_owned());
                return done(Phrase::Mention(all), at + 1);
            }
            Some("left") => return done(Phrase::Direction(Target::Left), at + 1),
            Some("right") => return done(Phrase::Direction(Target::Right), at + 1),
            Some("distance" | "horizon" | "background") => return done(Phrase::Direction(Target::Far), at + 1),
            Some("foreground") => return done(Phrase::Direction(Target::Near), at + 1),
            Some("sun") if before.determined => return self.sun(at),
            Some("wind" | "winds" | "gale" | "gusts")
                if self.word(at + 1).is_some_and(|w| verb::is_any(w, tables::WIND_DOES)) && self.lexicon.has(Kind::Weather, "windy") =>
            {
                let mut setting = Setting::default();
                put_setting(&mut setting, &Found { kind: Kind::Weather, id: "windy".into(), words: 1, plural: false }, self.span(at, at + 2));
                return done(Phrase::Setting(setting), at + 2);
            }
            _ => {}
        }
        let found = self.lexicon.noun(&words);
        let least = found.as_ref().map_or(0, |f| f.words);
        let near = self.lexicon.near_noun(&words).filter(|n| n.words > least);
        // "A fox hound" is neither a fox nor listed, but more words of it are known.
        let longer = least.max(near.map_or(0, |n| n.words)) + 1;
        let near = self.climb(&words, longer.max(2)).filter(|s| !s.plain).or(near);
        if let Some(near) = near {
            // "A golden retriever puppy" is one dog.
            if self.same_follows(at + near.words, near.kind, near.id) {
                return self.head(start, at + near.words, before);
            }
            return self.near_head(start, at, &near, before);
        }
        if let Some(found) = found {
            if self.same_follows(at + found.words, found.kind, &found.id) {
                return self.head(start, at + found.words, before);
            }
            return self.known_head(start, at, &found, before);
        }
        if let Some(id) = self.given_name(at) {
            let name = title_case(words[0]);
            let mut m = mention(What::Named(Kind::Person, id.into()), self.span(start, at + 1), true);
            m.name = Some(name);
            m.traits = before.traits;
            return done(Phrase::Mention(m), at + 1);
        }
        if words.first().is_some_and(|w| !tables::FILLERS.contains(w) && pictureless::is_abstract(w)) {
            self.pictureless.push((words[0].to_owned(), self.span(at, at + 1)));
            return done(Phrase::Nothing, at + 1);
        }
        if let Some(asset) = words
            .first()
            .filter(|w| !tables::FILLERS.contains(w))
            .and_then(|w| super::inflect::noun_forms(w).iter().find_map(|(f, _)| self.lexicon.by_kin(f).map(|a| (f.clone(), a.kind))))
        {
            let span = self.span(start, at + 1);
            let plural = words[0] != asset.0;
            let mut m = mention(What::Wider(asset.0), span, before.definite);
            finish(&mut m, before, plural, asset.1);
            return done(Phrase::Mention(m), at + 1);
        }
        let sure = before.determined || before.count.is_some() || before.qualities > 0;
        if let Some(stand) = self.climb(&words, 1).filter(|s| sure || !s.plain) {
            if self.same_follows(at + stand.words, stand.kind, stand.id) {
                return self.head(start, at + stand.words, before);
            }
            return self.near_head(start, at, &stand, before);
        }
        if let Some(word) = words.first().filter(|w| sure && !tables::EMPTY.contains(w) && pictureless::is_quality(self.lexicon, w)) {
            self.pictureless.push(((*word).to_owned(), self.span(at, at + 1)));
            return done(Phrase::Nothing, at + 1);
        }
        if before.determined
            && let Some((found, _)) = words.first().and_then(|_| self.lexicon.motion(&words))
        {
            return done(Phrase::Motion, at + found.words);
        }
        self.no_head(start, at, &words, before)
    }

    /// Whether a noun begins here that something can be shown for.
    pub(crate) fn is_noun(&self, words: &[&str]) -> bool {
        self.lexicon.noun(words).is_some() || self.lexicon.near_noun(words).is_some() || self.climb(words, 1).is_some()
    }

    /// What a noun that nobody lists is a kind of.
    fn climb(&self, words: &[&str], least: usize) -> Option<Stand<'a>> {
        let first = words.first()?;
        // A word may be many things: only what is nothing else is looked up. A lemon is not only a colour.
        let fruit = |w: &str| {
            least == 1 && self.lexicon.exact(&[w], &[Kind::Colour]).is_some() && self.lexicon.climb(words, 1).is_some_and(|s| s.kind == Kind::Prop && !s.plain)
        };
        let other = |w: &str| tables::EMPTY.contains(&w) || self.is_quality(w) || self.is_verb(w) || w.ends_with("ly");
        // "A snowy forest" is a forest.
        if other(first) && words.get(1).is_some_and(|w| self.lexicon.noun(&[w]).is_some()) {
            return None;
        }
        // "Pick up" is no pickup.
        let verb = self.lexicon.motion(words).map_or(0, |(f, _)| f.words);
        self.lexicon
            .climb(words, if other(first) && !fruit(first) { least.max(2) } else { least })
            .filter(|s| s.words == 1 || !other(words[s.words - 1]) && verb < s.words)
    }

    /// Whether another word for the same animal follows at once.
    fn same_follows(&self, at: usize, kind: Kind, id: &str) -> bool {
        if kind != Kind::Creature || self.word(at).is_none_or(|w| self.is_verb(w)) {
            return false;
        }
        let words = self.words(at);
        let known = || self.lexicon.noun(&words).map(|f| (f.kind, f.id));
        let next = self.lexicon.near_noun(&words).or_else(|| self.climb(&words, 1)).map(|s| (s.kind, s.id.to_owned()));
        next.or_else(known).is_some_and(|(k, i)| k == kind && i == id)
    }

    /// "no people", "without music".
    fn negative(&self, words: &[&str], at: usize) -> Option<Read> {
        let used = self.lexicon.noun(words).map_or(1, |f| f.words);
        Some(Read { phrase: Phrase::Nothing, next: at + used.min(words.len()), motion: None, setting: Setting::default() })
    }

    fn sun(&self, at: usize) -> Option<Read> {
        let verb = self.word(at + 1).unwrap_or("");
        let (kind, id, used) = match verb {
            "sets" | "set" | "setting" => (Kind::Time, "sunset", 2),
            "rises" | "rising" | "rise" => (Kind::Time, "dawn", 2),
            "shines" | "shining" => (Kind::Weather, "clear", 2),
            _ => return Some(Read { phrase: Phrase::Nothing, next: at + 1, motion: None, setting: Setting::default() }),
        };
        let mut setting = Setting::default();
        put_setting(&mut setting, &Found { kind, id: id.into(), words: 1, plural: false }, self.span(at, at + 2));
        Some(Read { phrase: Phrase::Setting(setting), next: at + used, motion: None, setting: Setting::default() })
    }

    fn near_head(&mut self, start: usize, at: usize, near: &Stand<'_>, mut before: Before) -> Option<Read> {
        let (used, plural) = (near.words, near.plural);
        let span = self.span(start, at + used);
        let called = self.words(at)[..used].join(" ");
        if near.warn {
            let message = if near.plain {
                format!("\"{called}\" is not in the vocabulary; something plain stands in for it")
            } else {
                format!("\"{called}\" is not in the vocabulary; the film shows \"{}\" instead", near.id)
            };
            self.warnings.push(
                Warning::new(WarningKind::Replaced, message)
                    .at(self.span(at, at + used))
                    .hint(format!("write \"{}\" to say so yourself", near.id.replace('-', " "))),
            );
            before.traits.called.get_or_insert(called.clone());
        }
        if !near.age.is_empty() {
            before.traits.age.get_or_insert(near.age.to_owned());
        }
        if (near.size - 1.0).abs() > 0.01 {
            before.traits.size = Some((before.traits.size.unwrap_or(1.0) * near.size).clamp(0.25, 4.0));
        }
        if !near.colour.is_empty() && before.colour.is_none() && self.lexicon.has(Kind::Colour, near.colour) {
            before.colour = Some(near.colour.to_owned());
        }
        let found = Found { kind: near.kind, id: near.id.to_owned(), words: used, plural };
        let mut read = self.known_head(start, at, &found, before)?;
        if matches!(called.as_str(), "boy" | "lad" | "schoolboy")
            && let Phrase::Mention(m) = &mut read.phrase
        {
            m.traits.hair_style.get_or_insert("short".to_owned());
        }
        if let Phrase::Mention(m) = &mut read.phrase {
            m.span = span;
        }
        Some(read)
    }

    fn known_head(&mut self, start: usize, at: usize, found: &Found, before: Before) -> Option<Read> {
        for (word, span) in &before.unknown {
            let hint = self.lexicon.nearest(word, &[Kind::Colour, Kind::Material]).map(|n| format!("did you mean \"{n}\"?")).unwrap_or_default();
            self.warnings.push(Warning::new(WarningKind::UnknownWord, format!("\"{word}\" is not understood and was left out")).at(*span).hint(hint));
        }
        let mut next = at + found.words;
        let span = self.span(start, next);
        let motion = before.motion.clone();
        let mut setting = before.setting.clone();
        if let Some(mood) = before.mood.clone().filter(|_| matches!(found.kind, Kind::Place | Kind::Time | Kind::Weather)) {
            setting.mood = Some(mood);
        }
        match found.kind {
            Kind::Place | Kind::Time | Kind::Weather => {
                put_setting(&mut setting, found, span);
                return Some(Read { phrase: Phrase::Setting(setting), next, motion, setting: Setting::default() });
            }
            _ => {}
        }
        let mut m = mention(What::Entry(found.kind, found.id.clone()), span, before.definite);
        finish(&mut m, before, found.plural, found.kind);
        // "a cup of coffee": what fills it is not shown by itself.
        if found.kind == Kind::Prop && self.word(next) == Some("of") {
            next += 1;
            let mut inner = Before::default();
            next = self.determiners(next, &mut inner);
            next = self.qualities(next, &mut inner);
            let words = self.words(next);
            let of = self.lexicon.noun(&words);
            // "The railing of a balcony": one is there.
            if let Some(place) = of.as_ref().filter(|f| f.kind == Kind::Place && PARTS_OF_PLACES.contains(&found.id.as_str())) {
                put_setting(&mut setting, place, self.span(next, next + place.words));
            }
            next += of.map_or(usize::from(!words.is_empty()), |f| f.words);
        }
        next = self.naming(next, &mut m);
        next = self.possessive(next, &mut m)?;
        Some(Read { phrase: Phrase::Mention(m), next, motion, setting })
    }

    /// "named Anna", "called Rex".
    fn naming(&self, at: usize, m: &mut Mention) -> usize {
        if self.word(at).is_some_and(|w| matches!(w, "named" | "called"))
            && let Some(Token::Word { text, capital: true }) = self.tokens.get(at + 1).map(|t| &t.token)
        {
            m.name = Some(title_case(text));
            return at + 2;
        }
        at
    }

    /// "the girl's face" is about the girl; "the girl's dog" is about the dog.
    fn possessive(&mut self, at: usize, m: &mut Mention) -> Option<usize> {
        if self.word(at) != Some("'s") {
            return Some(at);
        }
        if self.word(at + 1).is_some_and(|w| {
            matches!(w, "face" | "eyes" | "eye" | "head" | "hands" | "hand" | "fingers" | "feet" | "toes" | "hair" | "mouth" | "lips" | "back" | "smile")
        }) {
            return Some(at + 2);
        }
        let mut before = Before::default();
        let i = self.qualities(at + 1, &mut before);
        if let Some(read) = self.head(at + 1, i, before)
            && let Phrase::Mention(inner) = read.phrase
        {
            let owner = std::mem::replace(m, inner);
            if matches!(owner.what, What::Entry(Kind::Person, _) | What::Named(..)) {
                m.owner = Some(Box::new(owner));
            }
            return Some(read.next);
        }
        Some(at + 1)
    }

    fn no_head(&mut self, start: usize, at: usize, words: &[&str], before: Before) -> Option<Read> {
        let motion = before.motion.clone();
        let setting = before.setting.clone();
        if before.qualities > 0 && !words.first().is_some_and(|w| before.determined && !self.is_verb(w) && !is_function(w) && !tables::FILLERS.contains(w)) {
            let mut m = mention(What::Bare, self.span(start, at), false);
            let mood = before.mood.clone();
            finish(&mut m, before, false, Kind::Person);
            return Some(Read { phrase: Phrase::Mention(m), next: at, motion, setting: Setting { mood, ..setting } });
        }
        let word = words.first()?;
        if !before.determined && before.count.is_none() {
            return None;
        }
        // "A watch": what is a verb elsewhere.
        if let Some(stand) =
            self.lexicon.climb(words, 1).filter(|_| self.is_verb(word) && !word.ends_with("ed") && !word.ends_with("ing") && !self.is_noun(&words[1..]))
        {
            return self.near_head(start, at, &stand, before);
        }
        if tables::FILLERS.contains(word) || is_function(word) || self.is_verb(word) {
            let used = usize::from(tables::FILLERS.contains(word));
            return (at + used > start).then_some(Read { phrase: Phrase::Nothing, next: at + used, motion, setting });
        }
        let next = at + 1;
        self.unknown_noun(word, self.span(at, next));
        Some(Read { phrase: Phrase::Unknown, next, motion, setting })
    }

    pub(crate) fn unknown_noun(&mut self, word: &str, span: Span) {
        let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Garment, Kind::Place];
        let known = self.unknown.iter().find(|u| u.word == word).map(|u| u.nearest.clone());
        // Whoever writes dozens of words that nobody knows does not misspell.
        let guess = || if self.unknown.len() < MOST_GUESSES { self.lexicon.nearest(word, &kinds) } else { None };
        let nearest = known.unwrap_or_else(guess);
        let hint = nearest.as_ref().map(|n| format!("did you mean \"{n}\"?")).unwrap_or_else(|| "see `kinora words` for all that is known".into());
        self.warnings.push(Warning::new(WarningKind::UnknownWord, format!("\"{word}\" is not in the vocabulary and is not shown")).at(span).hint(hint));
        self.unknown.push(Unknown { word: word.to_owned(), nearest });
    }
}

fn finish(m: &mut Mention, before: Before, plural: bool, kind: Kind) {
    m.another = before.another;
    m.count = before.count.unwrap_or(if plural && !pair_noun(m) { 3 } else { 1 });
    // Two of them are told apart, each with a part to play; more are people as they come.
    if m.count < 3 && matches!(&m.what, What::Entry(Kind::Person, id) if id == "people") {
        m.what = What::Entry(Kind::Person, "man".into());
    }
    m.traits = before.traits;
    if m.traits.hair.is_none() && before.hair_style.is_some() {
        m.traits.hair_style = before.hair_style;
    }
    m.traits.colour = before.colour;
    let anybody = matches!(&m.what, What::Entry(Kind::Person, id) if matches!(id.as_str(), "man" | "woman" | "boy" | "girl" | "baby" | "old-man" | "old-woman" | "teenager"));
    if let Some(skin) = m.traits.colour.as_deref().and_then(skin_of_people).filter(|_| anybody) {
        m.traits.skin.get_or_insert(skin.to_owned());
        m.traits.colour = None;
    }
    if kind != Kind::Person {
        m.traits.build = None;
    } else if m.traits.size.is_some_and(|s| (0.8..=1.25).contains(&s)) && m.traits.build.is_some() {
        m.traits.size = None;
    }
}

/// Garments come in pairs.
fn pair_noun(m: &Mention) -> bool {
    matches!(&m.what, What::Entry(Kind::Garment, _))
}

pub(crate) fn mention(what: What, span: Span, definite: bool) -> Mention {
    Mention { span, what, definite, another: false, count: 1, traits: Traits::default(), name: None, holds: Vec::new(), owner: None, does: None }
}

/// Things that a place has, and no picture or model of it.
const PARTS_OF_PLACES: &[&str] = &["wall", "railing", "counter", "fence"];

/// Words after which water is a place.
const AT_WATER: &[&str] =
    &["in", "into", "on", "onto", "of", "from", "under", "across", "through", "over", "near", "by", "above", "below", "to", "at", "beside", "along"];

fn put_setting(setting: &mut Setting, found: &Found, span: Span) {
    let value = Some((found.id.clone(), span));
    match found.kind {
        Kind::Place => setting.place = value,
        Kind::Time => setting.time = value,
        Kind::Weather => {
            setting.snow_cover |= found.id == "snow";
            setting.weather = value;
        }
        _ => {}
    }
}

pub(super) fn is_determiner(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "this"
            | "that"
            | "these"
            | "those"
            | "his"
            | "her"
            | "its"
            | "their"
            | "my"
            | "our"
            | "another"
            | "some"
            | "each"
            | "every"
            | "both"
            | "other"
            | "no"
    )
}

/// Words of the grammar itself.
pub(crate) fn is_function(word: &str) -> bool {
    is_determiner(word)
        || matches!(
            word,
            "and"
                | "or"
                | "but"
                | "then"
                | "with"
                | "in"
                | "on"
                | "at"
                | "of"
                | "to"
                | "from"
                | "by"
                | "through"
                | "into"
                | "onto"
                | "over"
                | "under"
                | "behind"
                | "between"
                | "near"
                | "beside"
                | "is"
                | "are"
                | "was"
                | "were"
                | "as"
                | "while"
                | "who"
                | "which"
                | "after"
                | "before"
                | "until"
                | "for"
                | "along"
                | "across"
                | "around"
                | "past"
                | "towards"
                | "toward"
                | "'s"
                | "its"
                | "wearing"
                | "named"
                | "called"
                | "next"
                | "above"
                | "below"
                | "beneath"
        )
}

fn pronoun(word: &str) -> Option<What> {
    Some(match word {
        "he" | "him" | "himself" => What::He,
        "she" | "her" | "herself" | "hers" => What::She,
        "it" | "itself" => What::It,
        "they" | "them" | "themselves" | "everybody" | "everyone" => What::They,
        _ => return None,
    })
}

fn age_of(years: f64) -> &'static str {
    match years as u32 {
        0..=2 => "baby",
        3..=12 => "child",
        13..=18 => "teen",
        19..=30 => "young",
        31..=59 => "adult",
        _ => "old",
    }
}

fn hair_style(word: &str) -> Option<&'static str> {
    Some(match word {
        "short" | "cropped" => "short",
        "long" | "straight" => "long",
        "curly" | "frizzy" => "curly",
        "wavy" => "wavy",
        "spiky" | "spiked" => "spiky",
        "braided" | "plaited" => "braid",
        "slicked" => "slick",
        "shaved" => "buzz",
        "thinning" | "receding" => "balding",
        _ => return None,
    })
}

/// What a word says that somebody has on their face or head.
fn grown(word: &str) -> Option<&'static str> {
    Some(match word {
        "bearded" => "beard",
        "moustached" | "mustached" | "mustachioed" | "moustachioed" => "moustache",
        "stubbled" | "unshaven" => "stubble",
        "bespectacled" => "glasses",
        "pigtailed" => "pigtails",
        "ponytailed" => "ponytail",
        "hooded" => "hoodie",
        "masked" => "eye-mask",
        _ => return None,
    })
}

fn skin_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "pale" => "fair",
        "tanned" | "suntanned" => "tan",
        _ => return None,
    })
}

/// "A black man" is not dressed in black.
fn skin_of_people(colour: &str) -> Option<&'static str> {
    Some(match colour {
        "black" => "deep",
        "brown" => "brown",
        "white" => "light",
        _ => return None,
    })
}

fn skin_of(two: &str) -> Option<&'static str> {
    Some(match two {
        "dark skinned" | "black skinned" => "deep",
        "brown skinned" => "brown",
        "light skinned" | "white skinned" => "light",
        "fair skinned" | "pale skinned" => "fair",
        "tan skinned" | "tanned skin" => "tan",
        "olive skinned" => "olive",
        "green skinned" => "green",
        "blue skinned" => "blue",
        _ => return None,
    })
}

fn title_case(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
