//! Wider words of words: a table of what is a kind of what, from WordNet.
//!
//! `data/wordnet.txt` is a text of one synset a line, indented below the wider one; `examples/wordnet.rs` derives it. Nothing is read
//! before the first word that the vocabulary does not have; then one pass over the text makes an index of it.

use std::sync::OnceLock;

const TEXT: &str = include_str!("../data/wordnet.txt");
/// No line is wider.
const NONE: u32 = u32::MAX;
/// The slot holds the first word of a name that ends with the wider word: "labrador" of "labrador retriever".
const SHORT: u32 = 1 << 31;
/// A power of two, well above the count of lemmas.
const SLOTS: usize = 1 << 17;

/// What everything of a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Animal,
    Person,
    Plant,
    Food,
    Thing,
    Place,
    Body,
    Weather,
    Verb,
}

struct Index {
    /// Where each line begins.
    starts: Vec<u32>,
    /// The line of the wider synset.
    wider: Vec<u32>,
    sections: Vec<Section>,
    /// One more than where the lemma begins in the text; 0 is free.
    slots: Vec<u32>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::new)
}

fn section(name: &str) -> Section {
    match name {
        "animal" => Section::Animal,
        "person" => Section::Person,
        "plant" => Section::Plant,
        "food" => Section::Food,
        "place" => Section::Place,
        "body" => Section::Body,
        "weather" => Section::Weather,
        "verb" => Section::Verb,
        _ => Section::Thing,
    }
}

/// One step of a hash over bytes.
const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

const fn first(verb: bool) -> u64 {
    0xcbf2_9ce4_8422_2325 ^ verb as u64
}

const fn slot(hash: u64) -> usize {
    (hash ^ (hash >> 32)) as usize & (SLOTS - 1)
}

fn hash(word: &str, verb: bool) -> u64 {
    word.bytes().fold(first(verb), step)
}

impl Index {
    /// One pass over the bytes of the text, which has no empty lines.
    fn new() -> Self {
        const LINES: usize = 40_000;
        let mut index =
            Self { starts: Vec::with_capacity(LINES), wider: Vec::with_capacity(LINES), sections: Vec::with_capacity(LINES), slots: vec![0; SLOTS] };
        let (mut open, mut now, mut short) = (Vec::<u32>::new(), Section::Thing, Vec::new());
        let bytes = TEXT.as_bytes();
        let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
        let mut at = 0;
        while at < bytes.len() {
            let (number, start) = (index.starts.len() as u32, at);
            index.starts.push(start as u32);
            if is(at, b'#') {
                while at < bytes.len() && !is(at, b'\n') {
                    at += 1;
                }
                now = section(TEXT[start..at].trim_start_matches("# "));
                open.clear();
                index.wider.push(NONE);
                index.sections.push(now);
                at += 1;
                continue;
            }
            while is(at, b' ') {
                at += 1;
            }
            open.truncate(at - start);
            let wider = open.last().copied().unwrap_or(NONE);
            open.push(number);
            index.wider.push(wider);
            index.sections.push(now);
            loop {
                let (begin, mut hash, mut spaces) = (at, first(now == Section::Verb), 0);
                while let Some(byte) = bytes.get(at).filter(|b| !matches!(b, b',' | b'\n')) {
                    hash = step(hash, *byte);
                    spaces += usize::from(*byte == b' ');
                    at += 1;
                }
                if at > begin && !is(begin, b'~') {
                    index.put(begin, hash, 0);
                    if spaces == 1
                        && now == Section::Animal
                        && wider != NONE
                        && let Some((word, last)) = TEXT[begin..at].split_once(' ')
                        && !word.ends_with("ed")
                        && index.names(wider).any(|n| n == last)
                    {
                        short.push((begin, word));
                    }
                }
                at += 1;
                if !is(at - 1, b',') {
                    break;
                }
            }
        }
        for (begin, word) in short {
            if index.line(word, false).is_none() {
                index.put(begin, hash(word, false), SHORT);
            }
        }
        index
    }

    fn put(&mut self, at: usize, hash: u64, flag: u32) {
        let mut i = slot(hash);
        while self.slots[i] != 0 {
            i = (i + 1) & (SLOTS - 1);
        }
        self.slots[i] = (at as u32 + 1) | flag;
    }

    fn line(&self, word: &str, verb: bool) -> Option<u32> {
        let mut i = slot(hash(word, verb));
        while self.slots[i] != 0 {
            let at = (self.slots[i] & !SHORT) as usize - 1;
            let ends = if self.slots[i] & SHORT == 0 { [b',', b'\n'] } else { [b' '; 2] };
            let fits = TEXT.as_bytes()[at..].starts_with(word.as_bytes()) && TEXT.as_bytes().get(at + word.len()).is_none_or(|b| ends.contains(b));
            if fits {
                let line = self.starts.partition_point(|s| *s as usize <= at) - 1;
                if (self.sections[line] == Section::Verb) == verb {
                    return Some(line as u32);
                }
            }
            i = (i + 1) & (SLOTS - 1);
        }
        None
    }

    fn names(&self, line: u32) -> impl Iterator<Item = &'static str> + use<> {
        let rest = &TEXT[self.starts[line as usize] as usize..];
        let names = rest.split('\n').next().unwrap_or_default().trim_start_matches(' ');
        names.split(',').map(|n| n.trim_start_matches('~')).filter(|n| !n.is_empty())
    }
}

/// A word with all that it is a kind of, the nearest first; the first level is the word itself with what means the same.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) section: Section,
    pub(crate) levels: Vec<Vec<&'static str>>,
}

fn chain(word: &str, verb: bool) -> Option<Chain> {
    #[cfg(test)]
    LOOKED.with(|l| l.set(l.get() + 1));
    let index = index();
    let mut line = index.line(word, verb)?;
    let section = index.sections[line as usize];
    let mut levels = Vec::new();
    while line != NONE {
        levels.push(index.names(line).collect());
        line = index.wider[line as usize];
    }
    Some(Chain { section, levels })
}

/// What a noun is a kind of.
pub(crate) fn noun(word: &str) -> Option<Chain> {
    chain(word, false)
}

/// What doing something is a kind of.
pub(crate) fn verb(word: &str) -> Option<Chain> {
    chain(word, true)
}

#[cfg(test)]
thread_local! {
    /// How often this thread looked a word up.
    pub(crate) static LOOKED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Every so many of the words that can be looked up.
#[cfg(test)]
pub(crate) fn sample(step: usize) -> impl Iterator<Item = (&'static str, bool)> {
    let verbs = TEXT.find("# verb").unwrap_or(TEXT.len());
    let all = |text: &'static str, verb: bool| text.lines().flat_map(|l| l.trim_start().split(',')).map(move |n| (n, verb));
    all(&TEXT[..verbs], false).chain(all(&TEXT[verbs..], true)).filter(|(n, _)| !n.is_empty() && !n.starts_with(['~', '#'])).step_by(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_to_wider_words() {
        for (word, wider) in [
            ("labrador", "dog"),
            ("poodle", "dog"),
            ("bistro", "restaurant"),
            ("pickup", "truck"),
            ("trout", "fish"),
            ("crane", "bird"),
            ("mug", "drinking vessel"),
            ("plumber", "person"),
            ("carnation", "flower"),
        ] {
            let chain = noun(word);
            assert!(chain.as_ref().is_some_and(|c| c.levels.iter().flatten().any(|n| *n == wider)), "{word}: {chain:?}");
        }
        assert!(verb("sprint").is_some_and(|c| c.levels.iter().flatten().any(|n| *n == "run")));
        assert!(noun("bank of xyzzy").is_none() && noun("").is_none() && verb("xyzzy").is_none());
        assert!(noun("freedom").is_none() && noun("idea").is_none(), "what has no picture is not there");
    }

    #[test]
    fn every_word_is_found_and_nothing_is_wider_than_itself() {
        let mut count = 0;
        for (word, is_verb) in sample(1) {
            let chain = chain(word, is_verb);
            assert!(chain.as_ref().is_some_and(|c| c.levels[0].contains(&word) && c.levels.len() < 31), "{word}: {chain:?}");
            count += 1;
        }
        assert!((30_000..SLOTS * 7 / 10).contains(&count), "{count} lemmas are too many or too few for the index");
    }
}
