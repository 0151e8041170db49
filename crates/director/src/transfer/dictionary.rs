//! Words of a language and what they are in English.

use kinora_base::Span;
use kinora_vocabulary::{Kind, Language, Vocabulary};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// What a word is to grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Noun,
    Adjective,
    Verb,
    Adverb,
    Number,
    /// Counts things: 只, 匹, 마리.
    Classifier,
    Determiner,
    Pronoun,
    /// Stands before what it relates.
    Preposition,
    /// Stands after what it relates, and is a place itself: 上, の下, 옆.
    Relation,
    /// Says of the verb before it how far or which way it goes: 走进, 飛び込む, 끌어 올리다.
    Aux,
    /// Joins clauses.
    Link,
    /// Marks the role of the noun before it, or joins a quality to its noun.
    Particle,
    Time,
    Weather,
    /// Goes through as it is: camera words, looks.
    Phrase,
    /// Says nothing here.
    Drop,
    Mark,
    Quote,
    Unknown,
}

impl Class {
    fn of(letter: &str) -> Self {
        match letter {
            "n" => Self::Noun,
            "a" => Self::Adjective,
            "v" => Self::Verb,
            "d" => Self::Adverb,
            "m" => Self::Number,
            "q" => Self::Classifier,
            "r" => Self::Determiner,
            "u" => Self::Pronoun,
            "p" => Self::Preposition,
            "s" => Self::Relation,
            "y" => Self::Aux,
            "c" => Self::Link,
            "k" => Self::Particle,
            "t" => Self::Time,
            "w" => Self::Weather,
            "f" => Self::Phrase,
            _ => Self::Drop,
        }
    }
}

/// The form of a word: how a verb goes on, or that a noun is a plural.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// Ends a sentence, or stands before a noun that it describes.
    #[default]
    Final,
    /// And then something else.
    And,
    /// While something else happens.
    While,
    /// Before a noun that it describes.
    Describing,
    /// Done to the subject: 開けられる.
    Passive,
    /// More than one.
    Many,
}

/// A word in English.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) class: Class,
    pub(crate) english: String,
    /// Of entries of the vocabulary.
    pub(crate) kind: Option<Kind>,
    pub(crate) form: Form,
}

/// A word in a text.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) word: Word,
    /// As written.
    pub(crate) text: String,
    pub(crate) span: Span,
    /// More than one of it.
    pub(crate) plural: bool,
}

impl Piece {
    pub(crate) fn is(&self, class: Class) -> bool {
        self.word.class == class
    }
    pub(crate) fn mark(&self) -> Option<char> {
        if self.is(Class::Mark) { self.text.chars().next() } else { None }
    }
    /// Of a noun: the kind of entry that it names.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.word.kind
    }
}

/// Numbers that Chinese and Japanese write alike.
pub(crate) const HAN_NUMBERS: &str = "
m|四|four
m|五|five
m|六|six
m|七|seven
m|八|eight
m|九|nine
m|十|ten
m|十一|eleven
m|十二|twelve
m|十三|thirteen
m|十四|fourteen
m|十五|fifteen
m|十六|sixteen
m|十七|seventeen
m|十八|eighteen
m|十九|nineteen
m|二十|twenty
m|三十|thirty
m|四十|forty
m|五十|fifty
m|六十|sixty
m|七十|seventy
m|八十|eighty
m|九十|ninety
m|三百|three hundred
m|四百|four hundred
m|五百|five hundred
m|六百|six hundred
m|七百|seven hundred
m|八百|eight hundred
m|九百|nine hundred
";

/// The words of a language, by their first character, the longest first.
#[derive(Default)]
pub(crate) struct Dictionary {
    words: BTreeMap<char, Vec<(Vec<char>, Word)>>,
}

/// A dictionary of the language of that number.
struct OfLanguage<const N: usize>(Arc<Dictionary>);

impl Dictionary {
    /// That of a language, made once for each vocabulary.
    pub(crate) fn of(vocabulary: &Vocabulary, language: Language, tables: &[&str], forms: impl Fn(&str, Class) -> Vec<(String, Form)>) -> Arc<Self> {
        fn kept<const N: usize>(vocabulary: &Vocabulary, make: impl FnOnce() -> Dictionary) -> Arc<Dictionary> {
            let made: Result<_, Infallible> = vocabulary.digested(|_| Ok(OfLanguage::<N>(Arc::new(make()))));
            made.map_or_else(|never| match never {}, |d| d.0.clone())
        }
        let make = || Self::new(vocabulary, language, tables, forms);
        match language {
            Language::En => Arc::new(make()),
            Language::Zh => kept::<1>(vocabulary, make),
            Language::Ja => kept::<2>(vocabulary, make),
            Language::Ko => kept::<3>(vocabulary, make),
            Language::Es => kept::<4>(vocabulary, make),
        }
    }

    /// From the vocabulary's names and tables of lines `class|word,word|English`. `forms` gives the forms of a word.
    fn new(vocabulary: &Vocabulary, language: Language, tables: &[&str], forms: impl Fn(&str, Class) -> Vec<(String, Form)>) -> Self {
        let mut dictionary = Self::default();
        // What comes first wins: the tables know better than names.
        for line in tables.iter().flat_map(|t| t.lines()).filter(|l| !l.trim().is_empty()) {
            let mut fields = line.trim().splitn(3, '|');
            let (Some(class), Some(words), Some(english)) = (fields.next(), fields.next(), fields.next()) else { continue };
            let class = Class::of(class);
            let kind = if class == Class::Noun { kind_of(vocabulary, english) } else { None };
            for word in words.split(',') {
                for (text, form) in forms(word, class) {
                    dictionary.add(&text, Word { class, english: english.to_owned(), kind, form });
                }
            }
        }
        for asset in vocabulary.iter() {
            let Some(class) = class_of(asset.kind) else { continue };
            let english = asset.names.of(Language::En).first().map_or(asset.id.as_str(), String::as_str).to_lowercase().replace('-', " ");
            for name in asset.names.of(language) {
                for (text, form) in forms(&name.to_lowercase(), class) {
                    // A wood is a forest in English.
                    let english = if asset.kind == Kind::Material && english == "wood" { "wooden".into() } else { english.clone() };
                    dictionary.add(&text, Word { class, english, kind: Some(asset.kind), form });
                }
            }
        }
        dictionary.add_words(vocabulary, language, (Class::Noun, include_str!("nouns.txt")), &forms);
        dictionary.add_words(vocabulary, language, (Class::Verb, include_str!("verbs.txt")), &forms);
        for list in dictionary.words.values_mut() {
            list.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        }
        dictionary
    }

    /// Common words beside the names of the vocabulary: what they become is the English reader's business.
    fn add_words(&mut self, vocabulary: &Vocabulary, language: Language, (class, table): (Class, &str), forms: &impl Fn(&str, Class) -> Vec<(String, Form)>) {
        let column = match language {
            Language::En => return,
            Language::Zh => 1,
            Language::Ja => 2,
            Language::Ko => 3,
            Language::Es => 4,
        };
        for line in table.lines() {
            let fields: Vec<&str> = line.split('|').collect();
            let (Some(english), Some(words)) = (fields.first(), fields.get(column)) else { continue };
            let kind = if class == Class::Noun { kind_of(vocabulary, english) } else { None };
            for (text, form) in words.split(',').filter(|word| !word.is_empty()).flat_map(|word| forms(word, class)) {
                self.add(&text, Word { class, english: (*english).to_owned(), kind, form });
            }
        }
    }

    fn add(&mut self, text: &str, word: Word) {
        let chars: Vec<char> = text.chars().collect();
        let Some(first) = chars.first().copied() else { return };
        let list = self.words.entry(first).or_default();
        // A noun may be a form of a verb, too: lanza, spear and throws. So may what goes with another verb: 走, walk and away.
        let another = |known: &Word| known.class == Class::Noun && word.class == Class::Verb || known.class == Class::Aux && word.class != Class::Aux;
        if list.iter().all(|(c, known)| *c != chars || another(known)) {
            list.push((chars, word));
        }
    }

    /// The longest word that begins at `at` and ends where `ends` allows it, and its length.
    pub(crate) fn longest(&self, text: &[char], at: usize, ends: impl Fn(usize) -> bool) -> Option<(&Word, usize)> {
        let list = self.words.get(text.get(at)?)?;
        list.iter().find(|(w, _)| text[at..].starts_with(w) && ends(at + w.len())).map(|(w, word)| (word, w.len()))
    }
}

impl Dictionary {
    /// The verb of which a word is a form, though it may be a noun first.
    pub(crate) fn verb(&self, text: &str) -> Option<&Word> {
        let list = self.words.get(&text.chars().next()?)?;
        list.iter().find(|(w, word)| word.class == Class::Verb && w.iter().copied().eq(text.chars())).map(|(_, word)| word)
    }
}

impl Dictionary {
    /// What a word is beside going with verbs.
    fn besides(&self, text: &str) -> Option<&Word> {
        let list = self.words.get(&text.chars().next()?)?;
        list.iter().find(|(w, word)| word.class != Class::Aux && w.iter().copied().eq(text.chars())).map(|(_, word)| word)
    }
}

/// Nouns of places for which the English reader knows others.
const PLACES: &[&str] = &["road", "path", "street", "lane", "factory", "hut", "workshop", "palace", "shrine", "hill", "cliff", "field", "courtyard", "dock"];

/// The kind of entry that an English noun of a table names.
fn kind_of(vocabulary: &Vocabulary, english: &str) -> Option<Kind> {
    let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop, Kind::Garment, Kind::Place];
    let last = english.rsplit(' ').next().unwrap_or(english);
    let place = PLACES.contains(&last).then_some(Kind::Place);
    let named = [english, last].iter().find_map(|name| {
        let named: Vec<Kind> = vocabulary.named(Language::En, name).iter().map(|a| a.kind).collect();
        kinds.into_iter().find(|k| named.contains(k))
    });
    named.or(place)
}

fn class_of(kind: Kind) -> Option<Class> {
    Some(match kind {
        Kind::Person | Kind::Creature | Kind::Vehicle | Kind::Prop | Kind::Garment | Kind::Place => Class::Noun,
        Kind::Colour | Kind::Material => Class::Adjective,
        Kind::Motion => Class::Verb,
        Kind::Time => Class::Time,
        Kind::Weather => Class::Weather,
        Kind::Camera => Class::Phrase,
        _ => return None,
    })
}

/// What stands between blanks, marks and quotes, where a language has its own way to cut words.
pub(crate) enum Cut {
    Mark(char, Span),
    Quote(String, Span),
    /// A run of characters: where it begins, and how many it has.
    Run(usize, usize),
}

/// A text with the byte where each character begins.
pub(crate) struct Text {
    pub(crate) chars: Vec<char>,
    bytes: Vec<usize>,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let mut bytes: Vec<usize> = text.char_indices().map(|c| c.0).collect();
        bytes.push(text.len());
        // Small letters that are as many as the large ones they stand for; the few others stay.
        let small = |c: char| {
            let mut l = c.to_lowercase();
            match (l.next(), l.next()) {
                (Some(l), None) => l,
                _ => c,
            }
        };
        Self { chars: text.chars().map(small).collect(), bytes }
    }
    pub(crate) fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.bytes[from], self.bytes[to])
    }
    pub(crate) fn slice(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }

    /// Cuts at marks, quotes and, if asked, blanks.
    pub(crate) fn cuts(&self, original: &str, blanks: bool) -> Vec<Cut> {
        let mut out = Vec::new();
        let (mut i, mut run) = (0, 0);
        let spoken = crate::english::script::lines(original);
        while i < self.chars.len() {
            let c = self.chars[i];
            if let Some((from, to)) = spoken.iter().find(|s| s.0 == self.bytes[i]) {
                if i > run {
                    out.push(Cut::Run(run, i - run));
                }
                i = self.bytes.partition_point(|b| b < to);
                out.push(Cut::Quote(original[*from..*to].to_owned(), Span::new(*from, *to)));
                run = i;
                continue;
            }
            let quote = closing(c).and_then(|close| (i + 1..self.chars.len()).find(|k| close.contains(&self.chars[*k])).filter(|k| *k > i + 1));
            let mark = mark(c).filter(|m| *m != '.' || !self.decimal(i));
            if quote.is_none() && mark.is_none() && !(blanks && c.is_whitespace()) {
                i += 1;
                continue;
            }
            if i > run {
                out.push(Cut::Run(run, i - run));
            }
            if let Some(end) = quote {
                let inside = original[self.bytes[i + 1]..self.bytes[end]].trim().to_owned();
                out.push(Cut::Quote(inside, self.span(i, end + 1)));
                i = end;
            } else if let Some(m) = mark {
                out.push(Cut::Mark(m, self.span(i, i + 1)));
            }
            i += 1;
            run = i;
        }
        if i > run {
            out.push(Cut::Run(run, i - run));
        }
        out
    }

    fn decimal(&self, i: usize) -> bool {
        i > 0 && self.chars[i - 1].is_ascii_digit() && self.chars.get(i + 1).is_some_and(char::is_ascii_digit)
    }
}

fn closing(c: char) -> Option<&'static [char]> {
    Some(match c {
        '"' => &['"', '”'],
        '“' => &['”', '"'],
        '「' => &['」'],
        '『' => &['』'],
        '«' => &['»'],
        '‘' => &['’'],
        '〝' => &['〟'],
        _ => return None,
    })
}

/// The mark of an English text that a mark stands for.
fn mark(c: char) -> Option<char> {
    Some(match c {
        '，' | '、' | ',' => ',',
        '。' | '.' | '．' => '.',
        '！' | '!' | '¡' => '!',
        '？' | '?' | '¿' => '?',
        '；' | ';' => ';',
        '：' | ':' => ':',
        '（' | '(' => '(',
        '）' | ')' => ')',
        '[' | '【' => '[',
        ']' | '】' => ']',
        '—' | '–' => '-',
        '\n' => '\n',
        _ => return None,
    })
}

/// "Close-up: a fish" is a close-up of a fish: the mark goes.
pub(crate) fn framing_leads(pieces: &mut Vec<Piece>) {
    let mut k = 1;
    while k < pieces.len() {
        if pieces[k - 1].is(Class::Phrase) && matches!(pieces[k].mark(), Some(':' | ',')) {
            pieces.remove(k);
        }
        k += 1;
    }
}

/// Of a piece that goes with a verb, where none is before it: the verb that it is by itself.
pub(crate) fn by_itself(piece: &mut Piece, dictionary: &Dictionary) {
    match dictionary.besides(&piece.text) {
        Some(word) => piece.word = word.clone(),
        None => piece.word.class = Class::Drop,
    }
}

/// Parts of a body of which close shots are, in Chinese, Japanese and Korean.
const PARTS: &[(&str, &str)] = &[
    ("手", "hands"),
    ("手部", "hands"),
    ("双手", "hands"),
    ("手指", "hands"),
    ("手元", "hands"),
    ("両手", "hands"),
    ("指先", "hands"),
    ("손", "hands"),
    ("두 손", "hands"),
    ("손가락", "hands"),
    ("脚", "feet"),
    ("脚部", "feet"),
    ("双脚", "feet"),
    ("足", "feet"),
    ("足元", "feet"),
    ("발", "feet"),
    ("眼睛", "eyes"),
    ("眼部", "eyes"),
    ("双眼", "eyes"),
    ("目", "eyes"),
    ("瞳", "eyes"),
    ("눈", "eyes"),
    ("嘴", "mouth"),
    ("嘴唇", "mouth"),
    ("口", "mouth"),
    ("口元", "mouth"),
    ("唇", "mouth"),
    ("입", "mouth"),
    ("입술", "mouth"),
    ("脸", "face"),
    ("脸部", "face"),
    ("面部", "face"),
    ("顔", "face"),
    ("얼굴", "face"),
];

/// 手のアップ, 特写她的手, 그녀의 손 클로즈업: a clause that says of what a close shot is, as it is said in English.
pub(crate) fn close_shots(pieces: &mut Vec<Piece>) {
    let mut from = 0;
    while from < pieces.len() {
        let to = (from..pieces.len()).find(|k| pieces[*k].is(Class::Mark)).unwrap_or(pieces.len());
        let clause = close_shot(&pieces[from..to]);
        let length = clause.as_ref().map_or(to - from, Vec::len);
        if let Some(clause) = clause {
            pieces.splice(from..to, clause);
        }
        from += length + 1;
    }
}

fn close_shot(clause: &[Piece]) -> Option<Vec<Piece>> {
    let of = |p: &Piece| p.is(Class::Particle) && p.word.english == "of";
    let shot = clause.iter().position(|p| p.is(Class::Phrase) && p.word.english.ends_with("close-up"))?;
    let named = |p: &Piece| PARTS.iter().find(|(text, _)| *text == p.text).map(|(_, english)| *english);
    let at = clause.iter().position(|p| named(p).is_some())?;
    let part = named(&clause[at])?;
    // 特写 whose hands, or whose hands 的特写: nothing else is in the clause.
    let whose: Vec<Piece> = if shot == 0 { clause[1..at].to_vec() } else { clause[..at].to_vec() };
    let between = if shot == 0 { &clause[at + 1..] } else { clause.get(at + 1..shot)? };
    let after = if shot == 0 { &[] } else { &clause[shot + 1..] };
    let belongs = |p: &Piece| {
        matches!(p.word.class, Class::Noun | Class::Pronoun | Class::Adjective | Class::Determiner | Class::Number | Class::Classifier | Class::Particle)
    };
    if !between.iter().chain(after).all(|p| of(p) || p.is(Class::Drop)) || !whose.iter().all(belongs) {
        return None;
    }
    let owner: Vec<Piece> = whose.into_iter().rev().skip_while(of).collect::<Vec<_>>().into_iter().rev().collect();
    let size = &clause[shot].word.english;
    let span = Span { start: clause[0].span.start.min(clause[shot].span.start), end: clause[at].span.end.max(clause[shot].span.end) };
    let phrase = |english: String| plain_piece(Class::Phrase, &english, "", span);
    Some(match owner.iter().find(|p| p.is(Class::Pronoun)).map(|p| p.word.english.as_str()) {
        Some("he") => vec![phrase(format!("{size} of his {part}"))],
        Some("they") => vec![phrase(format!("{size} of their {part}"))],
        Some(_) => vec![phrase(format!("{size} of her {part}"))],
        None if owner.is_empty() => vec![phrase(format!("{size} of {part}"))],
        None => std::iter::once(phrase(format!("{size} of the {part} of"))).chain(owner).collect(),
    })
}

/// Pieces that are the same in all languages.
pub(crate) fn plain_piece(class: Class, english: &str, text: &str, span: Span) -> Piece {
    Piece { word: Word { class, english: english.to_owned(), kind: None, form: Form::Final }, text: text.to_owned(), span, plural: false }
}
