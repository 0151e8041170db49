//! Derives `crates/director/data/wordnet.txt` from the database files of WordNet 3.0:
//!
//! ```sh
//! cargo run -p kinora-director --example wordnet -- /usr/share/wordnet > crates/director/data/wordnet.txt
//! ```
//!
//! The folder holds `index.noun`, `data.noun`, `index.verb` and `data.verb` (Debian's package `wordnet-base` has them).
//! What comes out: one synset a line, indented below the synset that is wider; its lemmas with commas between them. A lemma that means
//! something else first is marked with `~`: it names the synset for those who climb, but is not looked up. A line that begins with
//! `#` begins a section: what everything below it is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

/// Place of a synset in its data file.
type Offset = u32;

struct Synset {
    file: u8,
    lemmas: Vec<String>,
    wider: Vec<Offset>,
    instance: bool,
}

/// Sections with the lexicographers' files that they take from.
const NOUNS: &[(&str, &[u8])] =
    &[("animal", &[5]), ("person", &[18]), ("plant", &[20]), ("food", &[13]), ("thing", &[6]), ("place", &[15, 17]), ("body", &[8]), ("weather", &[19])];
const VERBS: &[(&str, &[u8])] = &[("verb", &[29, 32, 33, 34, 35, 36, 37, 38, 39, 41])];
/// Lemmas whose picture is not what the counts say, with a wider lemma of the sense that is meant.
const MEANT: &[(&str, &str)] = &[
    ("tiger", "big_cat"),
    ("peacock", "bird"),
    ("dolphin", "cetacean"),
    ("scooter", "wheeled_vehicle"),
    ("seal", "aquatic_mammal"),
    ("siren", "acoustic_device"),
    ("monitor", "electronic_device"),
    ("jersey", "garment"),
    ("fin", "device"),
];
/// Lemmas that name a plant or an animal which few have heard of, and mostly something that has no shape: not to be looked up.
const OTHERWISE: &[&str] = &[
    "chess",
    "cheat",
    "timothy",
    "rape",
    "samba",
    "blackjack",
    "alexander",
    "thrift",
    "stalking_horse",
    "poke",
    "weld",
    "stigma",
    "gall",
    "offset",
    "annual",
    "tare",
    "rue",
    "benny",
    "kernel",
    "shoot",
    "finisher",
    "sitter",
    "stud",
    "smut",
];
/// The most words of a lemma.
const LONGEST: usize = 3;

fn data(text: &str) -> BTreeMap<Offset, Synset> {
    let mut all = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with(' ')) {
        let mut parts = line.split(' ');
        let mut next = || parts.next().unwrap_or_default();
        let (offset, file, _, count) = (next(), next(), next(), next());
        let (Ok(offset), Ok(file), Ok(count)) = (offset.parse(), file.parse(), usize::from_str_radix(count, 16)) else { continue };
        let lemmas = (0..count)
            .map(|_| {
                let lemma = next().to_owned();
                next();
                lemma
            })
            .collect();
        let pointers = next().parse().unwrap_or(0);
        let (mut wider, mut instance) = (Vec::new(), false);
        for _ in 0..pointers {
            let (symbol, target, _, _) = (next(), next(), next(), next());
            if let ("@" | "@i", Ok(target)) = (symbol, target.parse()) {
                wider.push(target);
                instance |= symbol == "@i";
            }
        }
        all.insert(offset, Synset { file, lemmas, wider, instance });
    }
    all
}

/// Senses of each lemma, the most frequent first, with how many of them were ever counted.
fn index(text: &str) -> BTreeMap<String, (Vec<Offset>, usize)> {
    let mut all = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with(' ')) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let Some(count) = parts.get(2).and_then(|c| c.parse::<usize>().ok()) else { continue };
        let tagged = parts.get(parts.len() - count - 1).and_then(|c| c.parse().ok()).unwrap_or(0);
        all.insert(parts[0].to_owned(), (parts[parts.len() - count..].iter().filter_map(|o| o.parse().ok()).collect(), tagged));
    }
    all
}

struct Words {
    synsets: BTreeMap<Offset, Synset>,
    sections: &'static [(&'static str, &'static [u8])],
    kept: BTreeMap<Offset, usize>,
    chosen: BTreeMap<String, Offset>,
}

impl Words {
    fn ancestors(&self, of: Offset) -> BTreeSet<Offset> {
        let (mut seen, mut open) = (BTreeSet::new(), vec![of]);
        while let Some(s) = open.pop() {
            if seen.insert(s) {
                open.extend(self.synsets.get(&s).into_iter().flat_map(|s| &s.wider));
            }
        }
        seen
    }

    fn under(&self, of: Offset, names: &[&str]) -> bool {
        self.ancestors(of).iter().filter_map(|o| self.synsets.get(o)).any(|s| s.lemmas.iter().any(|l| names.contains(&l.as_str())))
    }

    fn keep(&mut self) {
        let tops: &[(&str, &str)] = &[
            ("person", "person"),
            ("animal", "animal"),
            ("plant", "plant"),
            ("artifact", "thing"),
            ("food", "food"),
            ("location", "place"),
            ("object", "place"),
        ];
        let section = |name: &str| self.sections.iter().position(|s| s.0 == name);
        let mut kept = BTreeMap::new();
        for (offset, s) in &self.synsets {
            let at = match s.file {
                3 => tops.iter().find(|(l, _)| s.lemmas.first().is_some_and(|f| f == l)).and_then(|(_, n)| section(n)),
                file => self.sections.iter().position(|(_, files)| files.contains(&file)),
            };
            let Some(at) = at.filter(|_| !s.instance) else { continue };
            let fits = match self.sections[at].0 {
                "animal" | "plant" => !self.under(*offset, &["taxonomic_group", "biological_group"]),
                "weather" => self.under(*offset, &["atmospheric_phenomenon", "weather"]),
                _ => true,
            };
            if fits {
                kept.insert(*offset, at);
            }
        }
        self.kept = kept;
    }

    /// The sense that a picture is asked for.
    fn choose(&mut self, index: &BTreeMap<String, (Vec<Offset>, usize)>) {
        for (lemma, (senses, tagged)) in index {
            let people_and_cities = senses.iter().take_while(|s| self.synsets.get(s).is_some_and(|s| s.instance)).count();
            let concrete: Vec<(usize, Offset, &str)> =
                senses.iter().enumerate().filter_map(|(i, s)| self.kept.get(s).map(|k| (i, *s, self.sections[*k].0))).collect();
            let Some(first) = concrete.first().copied() else { continue };
            let of = |section: &str| concrete.iter().copied().find(|c| c.2 == section);
            let rank = first.0.saturating_sub(people_and_cities);
            let seldom = match first.2 {
                "verb" => rank > 1,
                "animal" => rank > 3,
                _ => rank > 2 || rank > 0 && first.0 >= *tagged && *tagged > 0,
            };
            let meant = match first.2 {
                // A trout is a fish first, and an apple a fruit.
                "food" => of("animal").unwrap_or(first),
                "plant" => of("animal").or_else(|| of("food").filter(|f| self.under(f.1, &["fruit", "edible_fruit", "vegetable"]))).unwrap_or(first),
                "verb" | "animal" => first,
                // A mug is a cup before it is a fool.
                "person" if rank > 0 => of("animal").or_else(|| of("thing")).unwrap_or(first),
                // A crane is a bird before it is a machine, when neither was counted.
                _ => of("animal").filter(|_| first.0 >= *tagged).unwrap_or(first),
            };
            let wider = MEANT.iter().find(|m| m.0 == lemma).map(|m| m.1);
            if OTHERWISE.contains(&lemma.as_str()) {
                continue;
            }
            if let Some(told) = wider.and_then(|w| concrete.iter().find(|c| self.under(c.1, &[w]))) {
                self.chosen.insert(lemma.clone(), told.1);
            } else if !seldom || meant.2 == "animal" && meant.0 <= 4 {
                self.chosen.insert(lemma.clone(), meant.1);
            }
        }
    }

    fn depth(&self, of: Offset, seen: usize) -> usize {
        let wider = self.synsets.get(&of).map(|s| s.wider.as_slice()).unwrap_or_default();
        if seen > 30 { 0 } else { wider.iter().map(|w| 1 + self.depth(*w, seen + 1)).max().unwrap_or(0) }
    }

    /// Of several wider synsets the one that says man, woman or child, else the nearest to the leaves.
    fn parent(&self, of: Offset) -> Option<Offset> {
        let wider = self.synsets.get(&of)?.wider.iter().copied().filter(|w| self.kept.contains_key(w) && *w != of);
        wider.max_by_key(|w| (self.under(*w, &["female", "male", "woman", "man", "child"]), self.depth(*w, 0), std::cmp::Reverse(*w)))
    }

    fn write(&self, out: &mut String) {
        let genera: BTreeSet<&str> = self
            .synsets
            .values()
            .filter(|s| s.lemmas.iter().any(|l| l.starts_with("genus_")))
            .flat_map(|s| s.lemmas.iter().filter_map(|l| l.strip_prefix("genus_")))
            .collect();
        let latin = |l: &str| l.split_once('_').is_some_and(|(g, s)| genera.contains(g) && s.starts_with(char::is_lowercase));
        let mut narrower: BTreeMap<Option<Offset>, Vec<Offset>> = BTreeMap::new();
        for of in self.kept.keys() {
            narrower.entry(self.parent(*of)).or_default().push(*of);
        }
        let roots = narrower.get(&None).cloned().unwrap_or_default();
        for (at, (name, _)) in self.sections.iter().enumerate() {
            out.push_str(&format!("# {name}\n"));
            for root in roots.iter().filter(|r| self.kept.get(r) == Some(&at)) {
                self.branch(*root, 0, &narrower, &latin, out);
            }
        }
    }

    /// Writes a synset and all below it; says whether there was anything to look up.
    fn branch(&self, of: Offset, deep: usize, narrower: &BTreeMap<Option<Offset>, Vec<Offset>>, latin: &impl Fn(&str) -> bool, out: &mut String) -> bool {
        let start = out.len();
        let Some(s) = self.synsets.get(&of) else { return false };
        let mut names: Vec<String> = Vec::new();
        let mut wanted = false;
        for raw in s.lemmas.iter().filter(|l| !latin(l) && l.split('_').count() <= LONGEST && !l.contains(|c: char| c.is_ascii_digit() || c == '(')) {
            let lemma = raw.to_lowercase();
            let own = self.chosen.get(&lemma) == Some(&of);
            wanted |= own;
            let text = lemma.replace(['_', '-'], " ");
            let name = if own { text.clone() } else { format!("~{text}") };
            if !names.iter().any(|n| n.trim_start_matches('~') == text) {
                names.push(name);
            }
        }
        out.push_str(&" ".repeat(deep));
        out.push_str(&names.join(","));
        out.push('\n');
        let own_end = out.len();
        if deep < 30 {
            for child in narrower.get(&Some(of)).into_iter().flatten() {
                wanted |= self.branch(*child, deep + 1, narrower, latin, out);
            }
        }
        // A leaf needs no second names; a branch without words of its own is not needed at all.
        if !wanted {
            out.truncate(start);
        } else if out.len() == own_end {
            out.truncate(start);
            names.retain(|n| !n.starts_with('~'));
            out.push_str(&format!("{}{}\n", " ".repeat(deep), names.join(",")));
        }
        wanted
    }
}

fn main() -> std::io::Result<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "/usr/share/wordnet".into()));
    let read = |name: &str| std::fs::read(folder.join(name)).map(|b| String::from_utf8_lossy(&b).into_owned());
    let mut out = String::new();
    for (part, sections) in [("noun", NOUNS), ("verb", VERBS)] {
        let mut words = Words { synsets: data(&read(&format!("data.{part}"))?), sections, kept: BTreeMap::new(), chosen: BTreeMap::new() };
        words.keep();
        words.choose(&index(&read(&format!("index.{part}"))?));
        words.write(&mut out);
    }
    std::io::stdout().write_all(out.as_bytes())
}
