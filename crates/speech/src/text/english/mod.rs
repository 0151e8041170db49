//! English: a dictionary that comes with the voices, whose words sound by their part of speech, by what follows them
//! and by their endings; abbreviations, compounds, names of letters; and rules for words it does not have.

mod abbreviations;
mod kinds;
mod lexicon;
mod names;
mod sounds;

pub(crate) use lexicon::compact;

use super::{letters, mark};
use kinds::{Around, Kind};
use lexicon::{Entry, Lexicon};

/// Reads English of one country.
pub(super) struct English {
    lexicon: Lexicon,
    british: bool,
}

/// A word, or a mark between words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Mark(char),
}

/// What comes after a word, as far as it changes how the word sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Next {
    /// Whether it begins with a vowel; nothing before a pause.
    vowel: Option<bool>,
    /// It is "to".
    to: bool,
}

/// How much a word is emphasised by how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Small,
    /// Has a capital: is not swallowed.
    Capital,
    /// In capitals: has a main stress.
    Capitals,
}

impl Written {
    fn of(word: &str) -> Self {
        if !word.contains(char::is_uppercase) {
            Self::Small
        } else if word.contains(char::is_lowercase) {
            Self::Capital
        } else {
            Self::Capitals
        }
    }

    fn stress(self, sounds: &str) -> String {
        match self {
            Self::Small => sounds.to_owned(),
            Self::Capital => sounds::audible(sounds),
            Self::Capitals => sounds::emphatic(sounds),
        }
    }
}

/// One word where it stands.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    around: Around<'a>,
    next: Next,
    /// A name in capitals (the FBI), not a shout.
    name: bool,
    /// What it is, if its ending says so.
    kind: Option<Kind>,
}

impl Place<'_> {
    fn kind(&self) -> Kind {
        self.kind.unwrap_or_else(|| if self.name { Kind::Noun } else { self.around.kind() })
    }
}

impl English {
    /// With the text of a dictionary, as [`compact`] makes it; nothing if the commonest words are not in it.
    pub(super) fn open(dictionary: String, british: bool) -> Option<Self> {
        let lexicon = Lexicon::new(dictionary);
        ["the", "a", "am", "to", "used"].iter().all(|word| lexicon.exact(word).is_some()).then_some(Self { lexicon, british })
    }

    /// The symbols of a text whose numbers are in words.
    pub(super) fn read(&self, text: &str) -> String {
        let tokens = tokens(&abbreviations::expand(text));
        let words: Vec<String> = tokens.iter().map(|t| if let Token::Word(w) = t { w.to_lowercase() } else { String::new() }).collect();
        let shouted = is_shouted(&tokens);
        // From the end: how a word sounds depends on how the next begins.
        let mut next = Next::default();
        let mut said: Vec<String> = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate().rev() {
            match token {
                Token::Mark(mark) => {
                    said.push(mark.to_string());
                    next = Next::default();
                }
                Token::Word(word) => {
                    let word = if shouted && word.chars().count() > 1 { word.to_lowercase() } else { word.clone() };
                    let around = Around { words: &words, at };
                    let sounds = self.say(&word, Place { around, next, name: !shouted && is_name(&tokens, at), kind: None });
                    next = Next { vowel: first_sound(&sounds).or(next.vowel), to: words[at] == "to" };
                    said.push(sounds);
                }
            }
        }
        said.reverse();
        said.join(" ").replace('ɾ', "T").replace('ʔ', "t")
    }

    /// A word, a compound, or what looks like one.
    fn say(&self, word: &str, place: Place) -> String {
        if let Some(sounds) = self.word(word, place) {
            return sounds;
        }
        // Quotation marks look like apostrophes.
        let bare = word.trim_matches('\'');
        if bare.len() < word.len()
            && let Some(sounds) = self.word(bare, place)
        {
            return sounds;
        }
        let parts = parts(bare);
        if parts.len() < 2 {
            return self.unknown(word);
        }
        // From the end, the longest stretch that is a word.
        let mut said = Vec::new();
        let mut end = parts.len();
        let mut next = place.next;
        while end > 0 {
            let known = (0..end).find_map(|from| {
                let joined = parts[from..end].concat();
                let whole = joined.trim_matches(['-', '.']);
                Some((from, self.word(whole, Place { next, ..place })?))
            });
            // The ending of a name that is not known sounds by the end of the name.
            let owner = end > 1 && parts[end - 1] == "'s";
            let known = known.filter(|(from, _)| !owner || from + 1 < end);
            let (from, sounds) = known.unwrap_or_else(|| {
                let from = end - 1 - usize::from(owner);
                (from, self.unknown(&parts[from..end].concat()))
            });
            next = Next { vowel: first_sound(&sounds).or(next.vowel), to: false };
            said.push((parts[from], sounds));
            end = from;
        }
        said.reverse();
        sounds::compound(said)
    }

    /// What the dictionary does not have: a name, an invention, a long form.
    fn unknown(&self, word: &str) -> String {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        match bare.strip_suffix("'s") {
            Some(stem) => sounds::with_s(&self.unknown(stem), self.british),
            None => self.derived(&bare).unwrap_or_else(|| {
                let american = names::find(&bare).map_or_else(|| letters::pronounce(&bare), str::to_owned);
                if self.british { sounds::british(&american) } else { american }
            }),
        }
    }

    /// A known word with a longer ending or a beginning, or two in one.
    fn derived(&self, word: &str) -> Option<String> {
        let sure = |w: &str| self.lexicon.find(w).filter(|e| e.sure && w.is_ascii()).map(|e| e.sounds);
        for (ending, said) in sounds::ENDINGS {
            let Some(stem) = word.strip_suffix(ending).filter(|s| s.chars().count() > 2) else { continue };
            let vowel_comes = ending.starts_with(['e', 'i', 'a']);
            let with_e = || sure(&format!("{stem}e")).filter(|_| vowel_comes);
            let with_y = || stem.strip_suffix('i').and_then(|s| sure(&format!("{s}y")));
            let single = || undoubled(stem).and_then(sure).filter(|_| vowel_comes);
            if let Some(stem) = sure(stem).or_else(with_e).or_else(with_y).or_else(single) {
                return Some(format!("{stem}{said}"));
            }
        }
        for (beginning, said) in sounds::BEGINNINGS {
            let stem = word.strip_prefix(beginning).filter(|s| s.chars().count() > 3);
            if let Some(stem) = stem.and_then(sure) {
                return Some(format!("{said}{stem}"));
            }
        }
        let halves = word.char_indices().map(|(i, _)| word.split_at(i)).filter(|(a, b)| a.len() > 3 && b.len() > 3);
        let (first, second) = halves.rev().find_map(|(a, b)| Some((sure(a)?, sure(b)?)))?;
        Some(format!("{first}{}", sounds::lowered(second)))
    }

    /// A word of the dictionary, of a few that change with what follows, or one of these with an ending.
    fn word(&self, word: &str, place: Place) -> Option<String> {
        if word.is_empty() {
            return None;
        }
        if let Some(sounds) = self.little(word, place) {
            return Some(sounds);
        }
        let written = Written::of(word);
        let lower = word.to_lowercase();
        let letters = word.replace('\'', "").chars().all(char::is_alphabetic);
        let mixed = written == Written::Capital && word.chars().skip(1).any(char::is_uppercase);
        let word = if written != Written::Small && !mixed && letters && self.lexicon.find(word).is_none() && self.known_somehow(&lower) {
            lower.as_str()
        } else {
            word
        };
        self.whole(word, written, place).or_else(|| self.with_ending(word, written, place))
    }

    fn known_somehow(&self, word: &str) -> bool {
        self.lexicon.find(word).is_some() || ["s", "d", "ing"].iter().any(|ending| self.stem(word, ending).is_some())
    }

    /// Little words, which are weak before some sounds and strong before others.
    fn little(&self, word: &str, place: Place) -> Option<String> {
        let capitals = word.len() > 1 && Written::of(word) == Written::Capitals;
        let vowel = place.next.vowel;
        let sounds = match word.to_lowercase().as_str() {
            "a" if word == "A" && self.is_letter(place) => "ˈA",
            "a" => "ɐ",
            "an" if !place.name => "ɐn",
            "am" if !capitals && vowel.is_some() && word == "am" => "ɐm",
            "am" if !capitals || !place.name && !self.is_clock(place) => self.lexicon.exact("am")?.sounds,
            "i" if word == "I" => "ˌI",
            "to" if !capitals || !place.name => match vowel {
                None => self.lexicon.exact("to")?.sounds,
                Some(true) => "tʊ",
                Some(false) => "tə",
            },
            "in" if !capitals || !place.name => {
                let particle = among_words(place.around, 1, "here there and or but now on");
                if vowel.is_none() || particle { "ˈɪn" } else { "ɪn" }
            }
            "the" => {
                if vowel == Some(true) {
                    "ði"
                } else {
                    "ðə"
                }
            }
            "used" => {
                let entry = self.lexicon.exact("used")?;
                let past = place.next.to && place.around.kind() == Kind::Past;
                if past { entry.of_kind("VBD").unwrap_or(entry.sounds) } else { entry.sounds }
            }
            // Between letters: U.S.A., e.g.
            dotted if dotted.trim_matches('.').contains('.') && dotted.split('.').all(|p| p.chars().count() < 3 && p.chars().all(char::is_alphabetic)) => {
                return self.spelled(dotted);
            }
            _ => return None,
        };
        Some(sounds.to_owned())
    }

    /// A capital A that is no article: "vitamin A", "plan A".
    fn is_letter(&self, place: Place) -> bool {
        place.next.vowel.is_none() && place.around.at > 0
    }

    /// "Five AM".
    fn is_clock(&self, place: Place) -> bool {
        let before = place.around.at.checked_sub(1).map_or("", |i| place.around.words[i].as_str());
        abbreviations::is_number(before) || before == "o'clock"
    }

    /// Its letters one after another.
    fn spelled(&self, word: &str) -> Option<String> {
        let names: Option<Vec<&str>> =
            word.chars().filter(|c| c.is_alphabetic()).map(|c| Some(self.lexicon.exact(&c.to_uppercase().to_string())?.sounds)).collect();
        names.filter(|n| !n.is_empty()).map(|n| sounds::letter_by_letter(&n))
    }

    /// Whether the dictionary has a word, as it is or as a name of letters.
    fn is_known(&self, word: &str) -> bool {
        self.lexicon.find(word).is_some()
            || !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()) && word.chars().skip(1).all(|c| c.is_ascii_uppercase())
    }

    fn whole(&self, word: &str, written: Written, place: Place) -> Option<String> {
        // A possessive of a plural sounds as the plural.
        let word = word.strip_suffix('\'').filter(|w| w.len() > 1 && self.is_known(w)).unwrap_or(word);
        if !self.is_known(word) {
            return None;
        }
        let capitals = Written::of(word) == Written::Capitals;
        let own = self.lexicon.find(word);
        let entry = match own {
            Some(entry) if entry.sure || !capitals => Some(entry),
            _ if capitals => self.lexicon.find(&word.to_lowercase()).filter(|e| !place.name || e.sure),
            _ => None,
        };
        let Some(entry) = entry else {
            // Long ones with vowels are said as words.
            let said = word.chars().count() > 4 && word.chars().take(3).any(|c| "AEIOUY".contains(c));
            return if said { None } else { self.spelled(word) };
        };
        let chosen = self.chosen(entry, place);
        if chosen.is_empty() {
            return self.spelled(word);
        }
        Some(written.stress(chosen))
    }

    /// The sounds of an entry as the part of speech that it is here.
    fn chosen<'a>(&self, entry: Entry<'a>, place: Place) -> &'a str {
        if !entry.has_kinds() {
            return entry.sounds;
        }
        if place.next.vowel.is_none()
            && let Some(strong) = entry.of_kind("None")
        {
            return strong;
        }
        let of_kind = place.kind().names().iter().find_map(|name| entry.of_kind(name));
        of_kind.filter(|sounds| !sounds.is_empty() || place.name).unwrap_or(entry.sounds)
    }

    /// What is left of a word without its ending, if the dictionary has it.
    fn stem(&self, word: &str, ending: &str) -> Option<String> {
        let known = |stem: &str, more: &str| Some(format!("{stem}{more}")).filter(|w| self.is_known(w));
        let long = |n: usize| word.chars().count() > n;
        match ending {
            "s" if !long(2) || !word.ends_with('s') => None,
            "s" => {
                let one = || word.strip_suffix('s').filter(|w| !w.ends_with('s')).and_then(|w| known(w, ""));
                let own = || word.strip_suffix("'s").and_then(|w| known(w, ""));
                let es = || word.strip_suffix("es").filter(|w| long(4) && !w.ends_with('i')).and_then(|w| known(w, ""));
                let ies = || word.strip_suffix("ies").filter(|_| long(4)).and_then(|w| known(w, "y"));
                one().or_else(own).or_else(es).or_else(ies)
            }
            "d" if !long(3) => None,
            "d" => {
                let one = || word.strip_suffix('d').filter(|w| !w.ends_with('d')).and_then(|w| known(w, ""));
                let ed = || word.strip_suffix("ed").filter(|w| long(4) && !w.ends_with('e')).and_then(|w| known(w, ""));
                let ied = || word.strip_suffix("ied").filter(|_| long(4)).and_then(|w| known(w, "y"));
                let doubled = || word.strip_suffix("ed").and_then(undoubled).filter(|_| long(5)).and_then(|w| known(w, ""));
                one().or_else(ed).or_else(ied).or_else(doubled)
            }
            _ => {
                let stem = word.strip_suffix("ing").filter(|_| long(4))?;
                let doubled = || undoubled(stem).filter(|_| long(5)).and_then(|w| known(w, ""));
                known(stem, "").filter(|_| long(5)).or_else(|| known(stem, "e")).or_else(doubled)
            }
        }
    }

    fn with_ending(&self, word: &str, written: Written, place: Place) -> Option<String> {
        let whole = |stem: String| self.whole(&stem, written, place);
        if let Some(stem) = self.stem(word, "s").and_then(whole) {
            return Some(sounds::with_s(&stem, self.british));
        }
        let past = Place { kind: Some(Kind::Past), ..place };
        if let Some(stem) = self.stem(word, "d").and_then(|stem| self.whole(&stem, written, past)) {
            return Some(sounds::with_ed(&stem, self.british));
        }
        let stem = self.stem(word, "ing")?;
        let least = if written == Written::Small { Written::Capital } else { written };
        sounds::with_ing(&self.whole(&stem, least, Place { kind: Some(Kind::Verb), ..place })?, self.british)
    }
}

/// Without the second of two consonants at the end: "sitt" of "sitting".
fn undoubled(stem: &str) -> Option<&str> {
    let mut back = stem.chars().rev();
    let (last, before) = (back.next()?, back.next()?);
    let twice = last == before && "bcdgklmnprstvxz".contains(last) || last == 'k' && before == 'c';
    twice.then(|| &stem[..stem.len() - 1])
}

/// Whether one of some words stands so many places after.
fn among_words(around: Around, ahead: usize, list: &str) -> bool {
    around.words.get(around.at + ahead).is_some_and(|w| !w.is_empty() && list.split(' ').any(|l| l == w))
}

/// Whether a word begins with a vowel; a few symbols say neither.
fn first_sound(sounds: &str) -> Option<bool> {
    sounds.chars().find(|c| sounds::is_vowel(*c) || sounds::is_consonant(*c)).map(sounds::is_vowel)
}

/// Words with their apostrophes and hyphens, and the marks that the model knows.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for chunk in text.split_whitespace() {
        let inside = |c: char| c.is_alphanumeric() || c == '\'';
        // A point inside belongs to the word, and to one of letters at its end: "U.S."
        let dotted = |word: &str| word.trim_matches('.').contains('.') && word.split('.').all(|p| p.chars().count() < 3);
        let start = chunk.find(inside).unwrap_or(chunk.len());
        let mut end = chunk.rfind(inside).map_or(start, |i| i + chunk[i..].chars().next().map_or(1, char::len_utf8));
        if chunk[end..].starts_with('.') && dotted(&chunk[start..end]) {
            end += 1;
        }
        push_marks(&chunk[..start], &mut tokens);
        push_words(&chunk[start..end], &mut tokens);
        push_marks(&chunk[end..], &mut tokens);
    }
    tokens
}

fn push_marks(text: &str, tokens: &mut Vec<Token>) {
    if text == "-" || text.starts_with("--") {
        tokens.push(Token::Mark('—'));
    } else if text.starts_with("...") {
        tokens.push(Token::Mark('…'));
        push_marks(text.trim_start_matches('.'), tokens);
    } else {
        tokens.extend(text.chars().filter_map(mark).map(Token::Mark));
    }
}

/// A stretch without spaces is a word, or words with marks between them ("no,no", "well...yes").
fn push_words(text: &str, tokens: &mut Vec<Token>) {
    let cut = |c: char| mark(c).is_some() && c != '.';
    let at = text.find(cut).into_iter().chain(text.find("..")).chain(text.find("--")).min();
    let Some(at) = at else {
        if text.contains(char::is_alphabetic) {
            tokens.push(Token::Word(text.to_owned()));
        }
        return;
    };
    let rest = &text[at..];
    let end = rest.find(|c: char| c.is_alphanumeric() || c == '\'').unwrap_or(rest.len());
    push_words(&text[..at], tokens);
    push_marks(&rest[..end], tokens);
    push_words(&rest[end..], tokens);
}

/// Parts of a compound: at hyphens, points and slashes, before apostrophes, and where small letters become capitals.
fn parts(word: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut cuts = vec![0];
    for (i, (at, c)) in chars.iter().enumerate().skip(1) {
        let (before, after) = (chars[i - 1].1, chars.get(i + 1).map(|c| c.1));
        let hump = c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && after.is_some_and(char::is_lowercase));
        if matches!(before, '-' | '.' | '/') || *c == '\'' && after.is_some_and(char::is_alphabetic) || hump {
            cuts.push(*at);
        }
    }
    cuts.push(word.len());
    cuts.windows(2).map(|w| &word[w[0]..w[1]]).filter(|p| p.contains(char::is_alphabetic)).collect()
}

/// More capitals than one would write but to shout.
fn is_shouted(tokens: &[Token]) -> bool {
    let words = tokens.iter().filter_map(|t| if let Token::Word(w) = t { Some(w.as_str()) } else { None });
    let long: Vec<&str> = words.filter(|w| w.chars().count() > 1).collect();
    long.len() > 1 && long.iter().all(|w| Written::of(w) == Written::Capitals)
}

/// A word in capitals among others is a name of letters if it stands as a noun does.
fn is_name(tokens: &[Token], at: usize) -> bool {
    let Token::Word(word) = &tokens[at] else { return false };
    if word.chars().count() < 2 || Written::of(word) != Written::Capitals {
        return false;
    }
    let before = at.checked_sub(1).and_then(|i| if let Token::Word(w) = &tokens[i] { Some(w.to_lowercase()) } else { None }).unwrap_or_default();
    "the a an this that my your his her our their of in on at by for with from".split(' ').any(|w| w == before) || abbreviations::is_number(&before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_words_and_marks() {
        let cut = |text: &str| {
            let shown = tokens(text).into_iter().map(|t| match t {
                Token::Word(w) => w,
                Token::Mark(m) => format!("<{m}>"),
            });
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(cut("Well... I don't know -- it's 'fine', isn't it?"), "Well <…> I don't know <—> it's 'fine' <,> isn't it <?>", "marks");
        assert_eq!(cut("No,no! The U.S. team - e.g. us."), "No <,> no <!> The U.S. team <—> e.g. us <.>", "points of letters belong to them");
        assert_eq!(parts("well-known"), ["well-", "known"], "hyphens");
        assert_eq!(parts("iPhone's"), ["i", "Phone", "'s"], "humps and endings");
    }

    /// With a few words, as the installed dictionary has them.
    fn english() -> English {
        let gold = r#"{"the": "ði", "is": "ɪz", "a": "A", "am": "æm", "to": "tu", "used": {"DEFAULT": "jˈuzd", "VBD": "jˈust"}, "cat": "kˈæt", "eye": "ˈI",
            "walk": "wˈɔk", "apple": "ˈæpᵊl", "record": {"DEFAULT": "ɹˈɛkəɹd", "VERB": "ɹəkˈɔɹd"}, "well": "wˈɛl", "known": "nˈOn", "happy": "hˈæpi",
            "F": "ˈɛf", "B": "bˈi", "I": "ˈI", "his": {"DEFAULT": "hɪz", "None": "hˌɪz"}, "stop": "stˈɑp"}"#;
        let text = compact(gold.as_bytes(), b"{}").unwrap_or_else(|e| panic!("{e}"));
        English::open(text, false).expect("a dictionary")
    }

    #[test]
    fn words_sound_by_what_stands_around_them() {
        let english = english();
        for (text, sounds) in [
            ("The cat, the apple", "ðə kˈæt , ði ˈæpᵊl"),
            ("to record the record", "tə ɹəkˈɔɹd ðə ɹˈɛkəɹd"),
            ("cats walked", "kˈæts wˈɔkt"),
            ("the cat's walking", "ðə kˈæts wˈɔkɪŋ"),
            ("his apple is his", "hɪz ˈæpᵊl ɪz hˌɪz"),
            ("well-known", "wˌɛlnˈOn"),
            ("the FBI", "ði ˌɛfbˌiˈI"),
            ("STOP THE CAT", "stˈɑp ðə kˈæt"),
            ("unhappy", "ˌʌnhˈæpi"),
            ("happiness", "hˈæpinəs"),
            ("Kinora", "kɪnˈOɹə"),
            ("Siobhan's", "ʃəvˈɔnz"),
        ] {
            assert_eq!(english.read(text), sounds, "{text}");
        }
    }

    #[test]
    fn what_is_no_dictionary_is_refused() {
        assert!(English::open("x".into(), false).is_none(), "a damaged file");
        assert!(English::open(String::new(), false).is_none(), "an empty one");
    }
}
