//! Inputs for the properties: random bytes, sentences of known and unknown words, and good inputs with a few accidents.

use super::properties::engine;
use kinora::base::Rng;
use kinora::{Kind, Language, Plan};
use std::sync::OnceLock;

/// Bytes without any order.
pub fn bytes(rng: &mut Rng) -> Vec<u8> {
    (0..rng.below(200)).map(|_| rng.bits() as u8).collect()
}

/// Words of the vocabulary and of English grammar, in no order.
pub fn sentence(rng: &mut Rng) -> Vec<u8> {
    let words = words();
    let count = if rng.below(40) == 0 { 500 } else { 1 + rng.below(30) };
    let mut text = String::new();
    for _ in 0..count {
        text += &words[rng.below(words.len())];
        text += [" ", " ", " ", " ", ", ", ". ", "\n"][rng.below(7)];
    }
    text.into_bytes()
}

fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let names = engine().vocabulary().iter().flat_map(|a| a.names.of(Language::En).iter().cloned());
        let foreign = engine().vocabulary().iter().flat_map(|a| Language::ALL.map(|l| a.name(l).to_owned()));
        let grammar = GRAMMAR.iter().flat_map(|w| std::iter::repeat_n((*w).to_owned(), 4));
        names.chain(foreign.step_by(23)).chain(grammar).collect()
    })
}

const GRAMMAR: &[&str] = &[
    "a",
    "the",
    "two",
    "twelve",
    "99",
    "1000000",
    "-3",
    "0",
    "1.5",
    "then",
    "while",
    "after",
    "before",
    "and",
    "with",
    "to",
    "from",
    "at",
    "on",
    "under",
    "behind",
    "between",
    "in front of",
    "to the left of",
    "walks",
    "runs",
    "sits",
    "is",
    "are",
    "was chased by",
    "who",
    "that",
    "his",
    "her",
    "it",
    "they",
    "he",
    "she",
    "says \"hello\"",
    "says",
    "\"",
    "“",
    "”",
    "'",
    ":",
    ";",
    "(",
    ")",
    "shot 1:",
    "shot 2 (3 seconds):",
    "Shot 99",
    "scene 2",
    "0.001 seconds",
    "15 seconds",
    "999999999 seconds",
    "close-up of",
    "wide shot",
    "the camera pans left",
    "dolly in",
    "no music",
    "silence",
    "in 2 shots",
    "in one take",
    "montage of",
    "tiny",
    "huge",
    "red",
    "old",
    "blond-haired",
    "wearing",
    "holding",
    "named",
    "Anna",
    "zorblax",
    "ﬁ",
    "İ",
    "ß",
    "e\u{301}",
    "\u{200b}",
    "\u{feff}",
    "👩‍🚀",
    "𝔣𝔬𝔵",
    "狐",
    "¿",
    "\0",
    "\t",
    "not",
    "nobody",
    "of",
    "of",
    "the camera",
    "each other",
    "itself",
    "the end",
    "fade to black",
    "dissolve",
    "title",
];

/// A good text after one to four accidents. Half of the texts have accidents of meaning only, so that they get past the
/// parser: other numbers where numbers stand, and quoted words in each other's places.
pub fn accident(good: &str, rng: &mut Rng) -> Vec<u8> {
    let mut text = good.as_bytes().to_vec();
    let gentle = rng.below(2) == 0;
    for _ in 0..1 + rng.below(4) {
        match (gentle, rng.below(3)) {
            (true, 0) => swap_quoted(&mut text, rng),
            (true, _) => swap_value(&mut text, rng),
            (false, _) => one_accident(&mut text, rng),
        }
    }
    text
}

/// A number that stands alone becomes another.
fn swap_value(text: &mut Vec<u8>, rng: &mut Rng) {
    let alone = |r: &std::ops::Range<usize>| {
        let before = r.start.checked_sub(1).and_then(|i| text.get(i));
        before.is_some_and(|b| b" :([,\n".contains(b)) && text.get(r.end).is_some_and(|b| b",)]} \n".contains(b))
    };
    let places: Vec<_> = runs(text, |b| b.is_ascii_digit() || b == b'.' || b == b'-').into_iter().filter(alone).collect();
    let Some(place) = places.get(rng.below(places.len().max(1))).cloned() else { return };
    let value = match rng.below(4) {
        0 => NUMBERS[rng.below(NUMBERS.len())].to_owned(),
        1 => rng.below(1_000_000).to_string(),
        2 => format!("{:.4}", rng.signed() * 3.0),
        _ => rng.below(20).to_string(),
    };
    drop(text.splice(place, value.bytes()));
}

/// What stands between quotation marks takes the place of what stands between others.
fn swap_quoted(text: &mut Vec<u8>, rng: &mut Rng) {
    let marks: Vec<usize> = text.iter().enumerate().filter(|(_, b)| **b == b'"').map(|(i, _)| i).collect();
    let pairs: Vec<_> = marks.chunks_exact(2).map(|p| p[0] + 1..p[1]).collect();
    if pairs.is_empty() {
        return;
    }
    let word = text[pairs[rng.below(pairs.len())].clone()].to_vec();
    drop(text.splice(pairs[rng.below(pairs.len())].clone(), word));
}

/// Numbers at and beyond the edges of what fields can hold.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "12",
    "13",
    "64",
    "0.1",
    "0.5",
    "1e-9",
    "1e9",
    "1e38",
    "1e39",
    "1e300",
    "-1e300",
    "1e999",
    "NaN",
    "inf",
    "-inf",
    "4294967295",
    "4294967296",
    "2147483647",
    "-2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "340282366920938463463374607431768211456",
    "\"2 s\"",
    "\"-1 s\"",
    "null",
    "true",
    "[]",
    "{}",
    "()",
    "\"\"",
];

fn one_accident(text: &mut Vec<u8>, rng: &mut Rng) {
    if text.is_empty() {
        return;
    }
    let at = rng.below(text.len());
    let few = rng.below(30).min(text.len() - at);
    match rng.below(10) {
        0 => text[at] = rng.bits() as u8,
        1 => drop(text.drain(at..at + few)),
        2 => {
            let piece = text[at..at + few].to_vec();
            let to = rng.below(text.len());
            drop(text.splice(to..to, piece));
        }
        3 => text.truncate(at),
        4 => {
            let (a, b) = (line_at(text, at), line_at(text, rng.below(text.len())));
            let line = text[b].to_vec();
            drop(text.splice(a, line));
        }
        5 => drop(text.drain(line_at(text, at))),
        6 => {
            let line = text[line_at(text, at)].to_vec();
            let end = line_at(text, at).end;
            drop(text.splice(end..end, line));
        }
        // What people do most: another number, or another word.
        7 => swap_words(text, rng),
        _ => swap_number(text, rng),
    }
}

fn line_at(text: &[u8], at: usize) -> std::ops::Range<usize> {
    let start = text[..at].iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
    let end = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |p| at + p + 1);
    start..end
}

/// Every run of bytes of a kind.
fn runs(text: &[u8], belongs: impl Fn(u8) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (i, b) in text.iter().enumerate().filter(|(_, b)| belongs(**b)) {
        let _ = b;
        match found.last_mut() {
            Some(last) if last.end == i => last.end = i + 1,
            _ => found.push(i..i + 1),
        }
    }
    found
}

fn swap_number(text: &mut Vec<u8>, rng: &mut Rng) {
    let numbers = runs(text, |b| b.is_ascii_digit() || b == b'.' || b == b'-');
    if let Some(place) = numbers.get(rng.below(numbers.len().max(1))) {
        drop(text.splice(place.clone(), NUMBERS[rng.below(NUMBERS.len())].bytes()));
    }
}

fn swap_words(text: &mut Vec<u8>, rng: &mut Rng) {
    let words = runs(text, |b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if words.is_empty() {
        return;
    }
    let (a, b) = (words[rng.below(words.len())].clone(), words[rng.below(words.len())].clone());
    let word = text[b].to_vec();
    drop(text.splice(a, word));
}

/// Good prompts.
pub const PROMPTS: &[&str] = &[
    "A red fox walks through a snowy forest at sunset, then stops and looks at the camera",
    "A girl in a yellow coat reads a book on a bench while a dog runs past. It starts to rain.",
    "Two old men sit between the table and the lamp in a living room at night. \"Good evening,\" says the first, and the other waves.",
    "Shot 1 (2 seconds): wide shot of a beach at dawn. Shot 2: close-up of a woman named Anna. Shot 3 (4 s): she jumps, slow dolly in. No music.",
    "In space, twelve tiny blue fish swim behind a huge bird; the camera orbits left, tense music, in 4 shots, 12 seconds",
];

/// Good plans: those of the good prompts.
pub fn plans() -> &'static [String] {
    static PLANS: OnceLock<Vec<String>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let direct = |text: &&str| engine().direct(&kinora::Prompt { text: (*text).to_owned(), options: kinora::Options::default() });
        PROMPTS.iter().map(|p| direct(p).expect("a good prompt").output.to_json()).collect()
    })
}

/// A good recorded motion: somebody in a T pose lifts an arm and goes a little.
pub fn recorded() -> String {
    fn limb(names: &[&str], offsets: &[&str]) -> String {
        let joints = names.iter().zip(offsets).map(|(n, o)| format!("JOINT {n}\n{{\nOFFSET {o}\nCHANNELS 3 Zrotation Xrotation Yrotation\n"));
        joints.collect::<String>() + "End Site\n{\nOFFSET 0 0 5\n}\n" + &"}\n".repeat(names.len())
    }
    let mut text = "HIERARCHY\nROOT Hips\n{\nOFFSET 0 90 0\nCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n".to_owned();
    for (side, x) in [("Left", ""), ("Right", "-")] {
        let leg = ["UpLeg", "Leg", "Foot", "ToeBase"].map(|n| format!("{side}{n}"));
        text += &limb(&leg.each_ref().map(String::as_str), &[&format!("{x}9 0 0"), "0 -40 0", "0 -40 0", "0 -7 12"]);
    }
    text += "JOINT Spine\n{\nOFFSET 0 15 0\nCHANNELS 3 Zrotation Xrotation Yrotation\n";
    for (side, x) in [("Left", ""), ("Right", "-")] {
        let arm = ["Arm", "ForeArm", "Hand"].map(|n| format!("{side}{n}"));
        text += &limb(&arm.each_ref().map(String::as_str), &[&format!("{x}18 35 0"), &format!("{x}28 0 0"), &format!("{x}26 0 0")]);
    }
    text += &limb(&["Neck", "Head"], &["0 40 0", "0 10 0"]);
    text += "}\n}\nMOTION\nFrames: 4\nFrame Time: 0.033333\n";
    for frame in 0..4 {
        let mut numbers = vec![0.0_f64; 6 + 3 * 17];
        (numbers[1], numbers[2], numbers[33]) = (90.0, 4.0 * f64::from(frame), -20.0 * f64::from(frame));
        text += &numbers.iter().map(|n| format!("{n:.2}")).collect::<Vec<_>>().join(" ");
        text += "\n";
    }
    text
}

/// A film with the entry `thing` of a kind in it.
pub fn plan_using(kind: Kind) -> Plan {
    let thing = |wanted: Kind, usual: &str| if kind == wanted { "thing".to_owned() } else { usual.to_owned() };
    let (role, word) = match kind {
        Kind::Creature => ("creature", "thing".to_owned()),
        Kind::Vehicle => ("vehicle", "thing".to_owned()),
        _ => ("person", thing(Kind::Person, "woman")),
    };
    let traits = match kind {
        Kind::Garment => r#"{"clothes": [{"word": "thing"}]}"#,
        Kind::Colour => r#"{"colour": "thing"}"#,
        _ => "{}",
    };
    let finish = if kind == Kind::Material { r#"{"material": "thing"}"# } else { "{}" };
    let json = format!(
        r#"{{"version": 1, "size": {{"width": 64, "height": 64}}, "fps": 24, "look": "{look}",
            "cast": [{{"id": "who", "kind": "{role}", "word": "{word}", "traits": {traits}}}],
            "scenes": [{{"id": "where", "place": "{place}", "time": "{time}", "weather": "{weather}", "mood": "{music}",
                "things": [{{"id": "what", "word": "{prop}", "traits": {finish}}}]}}],
            "shots": [{{"id": "shot", "scene": "where", "length": "2 s", "beats": [{{"id": "beat", "who": "who", "action": "{motion}"}}],
                "cues": [{{"id": "cue", "kind": "sound", "word": "{sound}"}}]}}]}}"#,
        look = thing(Kind::Look, "clay"),
        place = thing(Kind::Place, "meadow"),
        time = thing(Kind::Time, "noon"),
        weather = thing(Kind::Weather, "clear"),
        music = thing(Kind::Music, "calm"),
        prop = thing(Kind::Prop, "cup"),
        motion = thing(Kind::Motion, "walk"),
        sound = thing(Kind::Sound, "tap"),
    );
    Plan::from_json(&json).expect("a good plan")
}
