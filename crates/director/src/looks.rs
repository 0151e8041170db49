//! Words about how the film looks: found in the prompt as it was written, in all five languages, and taken out of it before
//! it is read, so that "an oil painting of a couple" is a couple and "in the style of Van Gogh" is nobody.
//!
//! A name of a look counts where words of style stand beside it ("anime style", "油画风格", "al estilo de Hokusai"), where
//! nothing else stands beside it ("..., pixel art"), where it has the whole ("a watercolor of ..."), or anywhere if the
//! look's `grammar:` says that it can mean nothing else ("cyberpunk").

use crate::english::script;
use kinora_base::{Span, Warning, WarningKind};
use kinora_vocabulary::{Asset, Kind, Language, Vocabulary};
use serde::Deserialize;

/// The `grammar:` section of a look.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Grammar {
    /// Names, in any language, that mean the look wherever they stand.
    anywhere: Vec<String>,
    /// Names that mean it only beside a word of style.
    styled: Vec<String>,
}

/// What stands before the name of a look, the longest first.
const BEFORE: &[&str] = &[
    "in the style of the",
    "in the style of an",
    "in the style of a",
    "in the style of",
    "in the manner of",
    "in style of",
    "styled as an",
    "styled as a",
    "styled as",
    "style of",
    "drawn in",
    "painted in",
    "shot on",
    "filmed in",
    "filmed on",
    "shot in",
    "in a",
    "in an",
    "in the",
    "as a",
    "as an",
    "as",
    "in",
    "by",
    "like an",
    "like a",
    "al estilo de la",
    "al estilo del",
    "al estilo de",
    "al estilo",
    "en el estilo de",
    "con el estilo de",
    "en estilo de",
    "en estilo",
    "con estilo",
    "estilo de",
    "estilo",
    "a la manera de",
    "como una",
    "como un",
    "en",
    "de",
    "an",
    "a",
    "the",
    "un",
    "una",
    "用",
    "以",
    "采用",
];
/// Those of them that are words of style themselves.
const STYLE_BEFORE: &[&str] = &["style", "manner", "estilo", "manera", "shot", "filmed", "drawn", "painted", "by"];
/// What stands after it and makes it a look, the longest first.
const STYLE_AFTER: &[&str] = &[
    "styled",
    "style",
    "look",
    "aesthetic",
    "aesthetics",
    "artwork",
    "art style",
    "animation style",
    "风格的",
    "风格",
    "風格的",
    "風格",
    "画风的",
    "画风",
    "画的手法",
    "手法",
    "效果",
    "スタイルの",
    "スタイルで",
    "スタイル",
    "タッチの",
    "タッチで",
    "タッチ",
    "風の",
    "風に",
    "風で",
    "風",
    "調の",
    "調で",
    "調",
    "様式",
    "화풍으로",
    "화풍의",
    "화풍",
    "스타일로",
    "스타일의",
    "스타일",
    "풍으로",
    "풍의",
    "풍",
    "느낌으로",
    "느낌의",
    "느낌",
];
/// Kinds of pictures: "a black and white film", "una película en blanco y negro".
const PICTURES: &[&str] = &[
    "film",
    "movie",
    "video",
    "clip",
    "photo",
    "photograph",
    "photography",
    "footage",
    "picture",
    "painting",
    "animation",
    "drawing",
    "电影",
    "影片",
    "视频",
    "动画",
    "照片",
    "画面",
    "映画",
    "動画",
    "アニメーション",
    "写真",
    "映像",
    "영화",
    "영상",
    "애니메이션",
    "사진",
];
/// What may follow a word of style and says no more.
const TAIL: &[&str] = &["的", "地", "绘制的", "で", "の", "に", "な", "으로", "로", "의", "of"];

/// A look in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) span: Span,
}

/// A name of a look in small letters.
struct Name {
    text: String,
    id: String,
    anywhere: bool,
    styled: bool,
}

/// Finds the looks of a text, and gives it back with blanks in their places; every byte keeps its number.
pub(crate) fn take(text: &str, vocabulary: &Vocabulary) -> (String, Vec<Found>) {
    let names = names(vocabulary);
    let lower = lowered(text);
    let spoken = spoken(text);
    let mut bytes = text.as_bytes().to_vec();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < lower.len() {
        let here = lower.is_char_boundary(at) && !spoken.iter().any(|(from, to)| (*from..*to).contains(&at));
        match here.then(|| names.iter().find_map(|n| matched(&lower, at, n))).flatten() {
            Some((id, from, to)) => {
                bytes[from..to].fill(b' ');
                found.push(Found { id, span: Span::new(from, to) });
                at = to;
            }
            None => at += 1,
        }
    }
    // Blanks over whole characters leave a text.
    (String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned()), found)
}

/// All names, the longest first.
fn names(vocabulary: &Vocabulary) -> Vec<Name> {
    let mut all = Vec::new();
    for asset in vocabulary.of(Kind::Look) {
        let grammar: Grammar = asset.section("grammar").ok().flatten().unwrap_or_default();
        let listed = |list: &[String], name: &str| list.iter().any(|l| l.eq_ignore_ascii_case(name));
        for name in Language::ALL.into_iter().flat_map(|l| asset.names.of(l)) {
            let (anywhere, styled) = (listed(&grammar.anywhere, name), listed(&grammar.styled, name));
            all.push(Name { text: lowered(name), id: asset.id.clone(), anywhere, styled });
        }
    }
    all.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.id.cmp(&b.id)));
    all
}

/// Small letters, but only where they are as long; blanks for hyphens.
fn lowered(text: &str) -> String {
    text.chars()
        .map(|c| {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(s), None) if s.len_utf8() == c.len_utf8() => s,
                _ => c,
            }
        })
        .map(|c| if c == '-' { ' ' } else { c })
        .collect()
}

/// Stretches between quotation marks, and lines of a script.
fn spoken(text: &str) -> Vec<(usize, usize)> {
    let mut all = script::lines(text);
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        match open {
            Some((from, close)) if c == close => {
                all.push((from, at));
                open = None;
            }
            None => {
                let close = match c {
                    '"' => Some('"'),
                    '“' => Some('”'),
                    '「' => Some('」'),
                    '『' => Some('』'),
                    '«' => Some('»'),
                    _ => None,
                };
                open = close.map(|close| (at, close));
            }
            _ => {}
        }
    }
    all
}

/// Whether a word could go on from here: Latin letters stand in words, characters and syllables do not.
fn letter(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < 0x1100)
}

fn matched(text: &str, at: usize, name: &Name) -> Option<(String, usize, usize)> {
    let end = at + name.text.len();
    if !text[at..].starts_with(&name.text) || (letter(text[..at].chars().next_back()) && letter(name.text.chars().next())) {
        return None;
    }
    if letter(text[end..].chars().next()) && letter(name.text.chars().next_back()) {
        return None;
    }
    let (from, marked_before) = before(text, at);
    let (to, marked_after, whole) = after(text, end);
    let alone = bounded(text[..from].chars().rev()) && (bounded(text[to..].chars()) || whole);
    let wide = name.anywhere || marked_before || marked_after || (alone && !name.styled);
    if !wide {
        return None;
    }
    // An article before a bare adjective belongs to the noun behind it: "a cyberpunk city".
    let keeps = !(marked_before || marked_after || alone);
    Some((name.id.clone(), if keeps { at } else { from }, if keeps { end } else { to }))
}

/// Nothing more of the clause.
fn bounded(mut rest: impl Iterator<Item = char>) -> bool {
    rest.find(|c| !c.is_whitespace()).is_none_or(|c| !c.is_alphanumeric())
}

/// Where the words before a name begin that belong to it, and whether they are of style.
fn before(text: &str, at: usize) -> (usize, bool) {
    let head = text[..at].trim_end();
    let longest = BEFORE.iter().filter(|b| head.ends_with(*b)).filter(|b| {
        let rest = &head[..head.len() - b.len()];
        !(letter(rest.chars().next_back()) && letter(b.chars().next()))
    });
    match longest.max_by_key(|b| b.len()) {
        Some(b) => (head.len() - b.len(), STYLE_BEFORE.iter().any(|s| b.contains(s))),
        None => (at, false),
    }
}

/// Where the words after a name end that belong to it, whether they are of style, and whether a picture "of" something follows.
fn after(text: &str, end: usize) -> (usize, bool, bool) {
    let mut to = end;
    let mut marked = false;
    let word = |list: &[&'static str], to: &mut usize| {
        let rest = &text[*to..];
        let tail = rest.trim_start();
        let blanks = rest.len() - tail.len();
        let fits = list.iter().filter(|w| tail.starts_with(**w) && !(letter(w.chars().next_back()) && letter(tail[w.len()..].chars().next())));
        fits.max_by_key(|w| w.len()).map(|w| {
            *to += blanks + w.len();
            *w
        })
    };
    // "Watercolor painting style", "anime film".
    while word(STYLE_AFTER, &mut to).or_else(|| word(PICTURES, &mut to)).is_some() {
        marked = true;
    }
    let mut whole = false;
    while let Some(w) = word(TAIL, &mut to) {
        whole |= w == "of";
    }
    (to, marked, whole)
}

/// The look of a plan from what was found: the first; others are a warning.
pub(crate) fn chosen(found: &[Found], warnings: &mut Vec<Warning>) -> Option<String> {
    let first = found.first()?;
    if let Some(other) = found.iter().find(|f| f.id != first.id) {
        let message = format!("a film has one look: \"{}\" and not also \"{}\"", first.id, other.id);
        warnings.push(Warning::new(WarningKind::Conflict, message).at(other.span));
    }
    Some(first.id.clone())
}

/// The look of that stable name, or of that name in any language.
pub(crate) fn named<'a>(vocabulary: &'a Vocabulary, wanted: &str) -> Option<&'a Asset> {
    let wanted = wanted.trim();
    vocabulary.get(Kind::Look, wanted).or_else(|| {
        let spoken = [wanted.to_owned(), wanted.replace(['-', '_'], " ")];
        Language::ALL.into_iter().flat_map(|l| spoken.iter().flat_map(move |s| vocabulary.named(l, s))).find(|a| a.kind == Kind::Look)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(text: &str) -> (String, Vec<String>) {
        let vocabulary = Vocabulary::builtin().expect("builtin files");
        let (rest, found) = take(text, &vocabulary);
        assert_eq!(rest.len(), text.len(), "every byte keeps its number");
        (rest.split_whitespace().collect::<Vec<_>>().join(" "), found.into_iter().map(|f| f.id).collect())
    }

    #[test]
    fn words_of_style_are_taken_out() {
        for (text, rest, look) in [
            ("The bund Shanghai, pixel art", "The bund Shanghai,", "pixel-art"),
            ("Gwen Stacy reading a book, Van Gogh style", "Gwen Stacy reading a book,", "van-gogh"),
            ("a shark is swimming in the ocean, oil painting", "a shark is swimming in the ocean,", "oil-painting"),
            ("An oil painting of a couple in the rain", "a couple in the rain", "oil-painting"),
            ("A corgi in a park, in cyberpunk style", "A corgi in a park,", "cyberpunk"),
            ("A robot on a cyberpunk rooftop", "A robot on a rooftop", "cyberpunk"),
            ("A black and white film of a dog", "a dog", "black-and-white"),
            ("In the style of a watercolor: a fox runs", ": a fox runs", "watercolor"),
            ("Un zorro corre por el bosque, al estilo de Van Gogh", "Un zorro corre por el bosque,", "van-gogh"),
            ("一只狐狸在森林里奔跑，水彩画风格", "一只狐狸在森林里奔跑，", "watercolor"),
            ("梵高风格的海滩", "海滩", "van-gogh"),
            ("浮世絵風の海", "海", "ukiyo-e"),
            ("수채화 풍의 숲에서 여우가 달린다", "숲에서 여우가 달린다", "watercolor"),
        ] {
            assert_eq!(looks(text), (rest.to_owned(), vec![look.to_owned()]), "{text}");
        }
    }

    #[test]
    fn things_stay_things() {
        for text in [
            "A black and white cat sleeps",
            "She looks at an oil painting in a museum",
            "A girl in a felt hat walks",
            "A vintage car drives by",
            "He says: \"I like anime style\"",
            "A man draws with a pencil",
        ] {
            assert_eq!(looks(text).1, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn two_looks_are_a_warning() {
        let vocabulary = Vocabulary::builtin().expect("builtin files");
        let (_, found) = take("A fox by Hokusai, in the style of Ukiyo, pixel art", &vocabulary);
        let mut warnings = Vec::new();
        assert_eq!(chosen(&found, &mut warnings).as_deref(), Some("ukiyo-e"), "the first");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
}
