//! Words and readings of Japanese: a reader of compiled MeCab dictionaries (double array, tokens, features) and the
//! search for the cheapest way through a text, as MeCab describes them.

use crate::SpeechError;
use crate::pack::Pack;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Mutex;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) surface: String,
    /// Comma-separated facts: part of speech, ..., reading, pronunciation.
    pub(super) feature: String,
    /// In no dictionary.
    pub(super) unknown: bool,
}

/// The parts of a compiled dictionary: words by prefix, their tokens, and where their features are.
struct Lexicon {
    /// Base and check of each cell.
    cells: Vec<(i32, u32)>,
    tokens: Vec<Token>,
    features: Features,
}

#[derive(Clone, Copy)]
struct Token {
    left: u16,
    right: u16,
    cost: i16,
    feature: u32,
}

enum Features {
    Memory(Vec<u8>),
    /// The large one stays on disk.
    Disk(Mutex<File>, u64),
}

pub(super) struct Dictionary {
    words: Lexicon,
    unknown: Lexicon,
    /// Cost of a right context before a left one.
    matrix: Vec<i16>,
    lefts: usize,
    categories: Vec<String>,
    /// Of each character of the basic plane: bits of its categories, its own category, how many are tried, whether like ones
    /// are taken together, whether unknown words are tried beside known ones.
    characters: Vec<u32>,
}

impl Dictionary {
    pub(super) fn open(pack: &Pack) -> Result<Self, SpeechError> {
        let broken = |file: &str| SpeechError::Broken { file: format!("japanese/{file}"), what: "is not a MeCab dictionary".into() };
        let words = Lexicon::open(pack, "sys.dic").ok_or_else(|| broken("sys.dic"))?;
        let unknown = Lexicon::read(&pack.read("japanese/unk.dic")?).ok_or_else(|| broken("unk.dic"))?;
        let bytes = pack.read("japanese/matrix.bin")?;
        let shorts: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        let lefts = usize::from(*shorts.first().ok_or_else(|| broken("matrix.bin"))?);
        let matrix: Vec<i16> = shorts[2..].iter().map(|s| s.cast_signed()).collect();
        let bytes = pack.read("japanese/char.bin")?;
        let count = word_at(&bytes, 0).ok_or_else(|| broken("char.bin"))? as usize;
        let names = bytes.get(4..4 + 32 * count).ok_or_else(|| broken("char.bin"))?;
        let categories = names.chunks_exact(32).map(|n| text_of(n.split(|b| *b == 0).next().unwrap_or_default())).collect();
        let characters: Vec<u32> = bytes[4 + 32 * count..].chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        // Every cost that can be asked for must be there.
        let all = words.tokens.iter().chain(&unknown.tokens);
        let fits = all.map(|t| usize::from(t.right) + lefts * usize::from(t.left)).max().is_some_and(|m| m < matrix.len());
        if !fits || characters.len() < 0xffff {
            return Err(broken("matrix.bin"));
        }
        Ok(Self { words, unknown, matrix, lefts, categories, characters })
    }

    /// The words of a text, by the cheapest way through all that are possible.
    pub(super) fn words(&self, text: &str) -> Vec<Word> {
        // For each byte: nodes that end there (cost so far, right context, beginning, token, node before, unknown).
        struct Node {
            cost: i64,
            right: u16,
            from: usize,
            feature: u32,
            before: usize,
            unknown: bool,
        }
        let mut nodes = vec![Node { cost: 0, right: 0, from: 0, feature: 0, before: 0, unknown: false }];
        let mut ending: Vec<Vec<usize>> = vec![Vec::new(); text.len() + 1];
        ending[0].push(0);
        for (at, _) in text.char_indices() {
            if ending[at].is_empty() {
                continue;
            }
            let mut found: Vec<(usize, Token, bool)> = Vec::new();
            for (length, value) in self.words.prefixes(&text.as_bytes()[at..]) {
                found.extend(self.words.of(value).iter().map(|t| (at + length, *t, false)));
            }
            self.guess(&text[at..], found.is_empty(), |length, token| found.push((at + length, token, true)));
            for (end, token, unknown) in found {
                let best = ending[at]
                    .iter()
                    .map(|n| (nodes[*n].cost + i64::from(self.matrix[usize::from(nodes[*n].right) + self.lefts * usize::from(token.left)]), *n))
                    .min();
                let Some((cost, before)) = best else { continue };
                ending[end].push(nodes.len());
                nodes.push(Node { cost: cost + i64::from(token.cost), right: token.right, from: at, feature: token.feature, before, unknown });
            }
        }
        let last = |n: &usize| nodes[*n].cost + i64::from(self.matrix[usize::from(nodes[*n].right)]);
        let mut out = Vec::new();
        let mut end = text.len();
        let mut node = ending[end].iter().copied().min_by_key(last);
        while let Some(n) = node.filter(|n| *n > 0) {
            let lexicon = if nodes[n].unknown { &self.unknown } else { &self.words };
            out.push(Word { surface: text[nodes[n].from..end].to_owned(), feature: lexicon.feature(nodes[n].feature), unknown: nodes[n].unknown });
            end = nodes[n].from;
            node = Some(nodes[n].before);
        }
        out.reverse();
        out
    }

    fn character(&self, c: char) -> u32 {
        self.characters[(u32::from(c) as usize).min(self.characters.len() - 1)]
    }

    /// Words that no dictionary has, made of characters of a kind.
    fn guess(&self, text: &str, needed: bool, mut add: impl FnMut(usize, Token)) {
        let mut chars = text.chars();
        let Some(first) = chars.next() else { return };
        let info = self.character(first);
        let (kinds, own, length, group, always) = (info & 0x3_ffff, info >> 18 & 0xff, info >> 26 & 0xf, info >> 30 & 1 == 1, info >> 31 == 1);
        if !needed && !always {
            return;
        }
        let Some(category) = self.categories.get(own as usize) else { return };
        let tokens: Vec<Token> = self
            .unknown
            .prefixes(category.as_bytes())
            .into_iter()
            .filter(|(l, _)| *l == category.len())
            .flat_map(|(_, v)| self.unknown.of(v).to_vec())
            .collect();
        let like = |c: char| self.character(c) & kinds & 0x3_ffff != 0;
        let mut ends: Vec<usize> = Vec::new();
        if group {
            let run: usize = first.len_utf8() + text[first.len_utf8()..].chars().take_while(|c| like(*c)).take(24).map(char::len_utf8).sum::<usize>();
            ends.push(run);
        }
        let mut end = 0;
        for (k, c) in text.chars().enumerate().take(length as usize) {
            if k > 0 && !like(c) {
                break;
            }
            end += c.len_utf8();
            ends.push(end);
        }
        if ends.is_empty() {
            ends.push(first.len_utf8());
        }
        ends.sort_unstable();
        ends.dedup();
        for end in ends {
            tokens.iter().for_each(|t| add(end, *t));
        }
        // A dictionary that says nothing about a category must not stop the text.
        if tokens.is_empty() && needed {
            add(first.len_utf8(), Token { left: 0, right: 0, cost: i16::MAX, feature: u32::MAX });
        }
    }
}

fn word_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Sizes of the parts that follow the header: double array, tokens, features.
fn sizes(header: &[u8]) -> Option<(usize, usize, usize)> {
    let version = word_at(header, 4)?;
    let charset = text_of(header.get(40..72)?.split(|b| *b == 0).next().unwrap_or_default());
    if version != 102 || !charset.to_lowercase().starts_with("utf") {
        return None;
    }
    Some((word_at(header, 24)? as usize, word_at(header, 28)? as usize, word_at(header, 32)? as usize))
}

const HEADER: usize = 72;

impl Lexicon {
    /// The large dictionary: all but its features in memory.
    fn open(pack: &Pack, name: &str) -> Option<Self> {
        let mut file = File::open(pack.path("japanese").join(name)).ok()?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header).ok()?;
        let (cells, tokens, _) = sizes(&header)?;
        if cells + tokens > 512 << 20 {
            return None;
        }
        let mut bytes = vec![0; cells + tokens];
        file.read_exact(&mut bytes).ok()?;
        let features = Features::Disk(Mutex::new(file), (HEADER + cells + tokens) as u64);
        Some(Self { cells: cells_of(&bytes[..cells]), tokens: tokens_of(&bytes[cells..]), features })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (cells, tokens, features) = sizes(bytes.get(..HEADER)?)?;
        let rest = &bytes[HEADER..];
        let features = rest.get(cells + tokens..cells + tokens + features)?.to_vec();
        Some(Self { cells: cells_of(&rest[..cells]), tokens: tokens_of(&rest[cells..cells + tokens]), features: Features::Memory(features) })
    }

    /// All entries that a text begins with: length in bytes, and value.
    fn prefixes(&self, text: &[u8]) -> Vec<(usize, u32)> {
        let mut out = Vec::new();
        let cell = |at: i64| usize::try_from(at).ok().and_then(|at| self.cells.get(at).copied());
        let Some((mut base, _)) = cell(0) else { return out };
        for length in 0..=text.len() {
            if let Some((value, check)) = cell(i64::from(base))
                && check == base.cast_unsigned()
                && value < 0
            {
                out.push((length, (-value - 1).cast_unsigned()));
            }
            let Some(byte) = text.get(length) else { break };
            match cell(i64::from(base) + i64::from(*byte) + 1) {
                Some((next, check)) if check == base.cast_unsigned() => base = next,
                _ => break,
            }
        }
        out
    }

    /// The tokens of a value.
    fn of(&self, value: u32) -> &[Token] {
        let (first, count) = ((value >> 8) as usize, (value & 0xff) as usize);
        self.tokens.get(first..first + count).unwrap_or_default()
    }

    fn feature(&self, at: u32) -> String {
        let read = |bytes: &[u8]| text_of(bytes.split(|b| *b == 0).next().unwrap_or_default());
        match &self.features {
            Features::Memory(bytes) => bytes.get(at as usize..).map(read).unwrap_or_default(),
            Features::Disk(file, from) => {
                let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let mut bytes = [0; 512];
                let got = file.seek(SeekFrom::Start(from + u64::from(at))).and_then(|_| file.read(&mut bytes)).unwrap_or(0);
                read(&bytes[..got])
            }
        }
    }
}

fn cells_of(bytes: &[u8]) -> Vec<(i32, u32)> {
    bytes.chunks_exact(8).map(|b| (i32::from_le_bytes([b[0], b[1], b[2], b[3]]), u32::from_le_bytes([b[4], b[5], b[6], b[7]]))).collect()
}

fn tokens_of(bytes: &[u8]) -> Vec<Token> {
    let short = |b: &[u8], at: usize| u16::from_le_bytes([b[at], b[at + 1]]);
    let token =
        |b: &[u8]| Token { left: short(b, 0), right: short(b, 2), cost: short(b, 6).cast_signed(), feature: u32::from_le_bytes([b[8], b[9], b[10], b[11]]) };
    bytes.chunks_exact(16).map(token).collect()
}
