//! Words that are written rather than said: on signs, screens and cakes, and over the picture. They are taken out of the
//! prompt before anything else reads it (what was there becomes blanks, so that places in it stay what they are), for to
//! everything else a quotation is a line. Afterwards they are given to the things that they stand on, or become titles.
//!
//! What can carry words is what has a place for them in its solids; its names in all languages are looked for beside quotations.

use kinora_base::{Span, Ticks};
use kinora_plan::{Plan, Thing, Title, TitleStyle, Traits};
use kinora_vocabulary::{Asset, Kind, Language, Vocabulary};

/// What was taken out of a prompt.
#[derive(Debug, Default)]
pub(crate) struct Written {
    signs: Vec<Sign>,
    titles: Vec<Wish>,
}

/// Words on a thing.
#[derive(Debug)]
struct Sign {
    text: String,
    word: String,
    /// Where the thing is named.
    named: (usize, usize),
}

/// Words over the picture.
#[derive(Debug)]
struct Wish {
    text: String,
    style: TitleStyle,
    /// At the end of the film.
    last: bool,
    at: (usize, usize),
}

/// Marks that enclose quotations.
const MARKS: &[(char, char)] = &[('"', '"'), ('“', '”'), ('「', '」'), ('『', '』'), ('«', '»'), ('《', '》')];
/// A quotation is not longer than this, bytes.
const LONGEST: usize = 2400;

/// Between a thing and the words on it: what is never said by anybody.
const BEARS: &[&str] = &[
    "that says",
    "which says",
    "that reads",
    "which reads",
    "reading",
    "saying",
    "with the words",
    "with the word",
    "with the text",
    "with the name",
    "with the title",
    "with the letters",
    "that spells",
    "spelling",
    "showing",
    "that shows",
    "displaying",
    "that displays",
    "bearing",
    "labeled",
    "labelled",
    "titled",
    "entitled",
    "marked",
    "inscribed",
    "painted with",
    "with",
    "que dice",
    "que pone",
    "que reza",
    "con las palabras",
    "con la palabra",
    "con el texto",
    "con el título",
    "titulado",
    "titulada",
    "con",
    "上写着",
    "上面写着",
    "写着",
    "上写有",
    "写有",
    "上印着",
    "印着",
    "上显示着",
    "显示着",
    "上显示",
    "显示",
    "上的字是",
    "上有",
];
/// The same, but people do it too: only where the thing is the subject.
const SAYS: &[&str] = &["says", "reads", "shows", "spells", "displays", "dice", "pone", "reza"];
/// Japanese and Korean particles after a thing that words stand on.
const ON: &[&str] = &["には", "に", "の上に", "에는", "에", "위에"];
/// What then follows the words.
const STANDS: &[&str] = &[
    "と書いてある",
    "と書いてあります",
    "と書かれている",
    "と書かれています",
    "と書かれてある",
    "と表示されている",
    "と表示される",
    "と光っている",
    "と出ている",
    "の文字がある",
    "の文字が光る",
    "이라고 적혀 있다",
    "라고 적혀 있다",
    "이라고 쓰여 있다",
    "라고 쓰여 있다",
    "이라고 써 있다",
    "라고 써 있다",
    "이라고 써져 있다",
    "라고 써져 있다",
    "이라고 적혀있다",
    "라고 적혀있다",
    "이라고 쓰여있다",
    "라고 쓰여있다",
    "이라고 쓰인",
    "라고 쓰인",
    "이라고 표시된다",
    "라고 표시된다",
    "이라고 나온다",
    "라고 나온다",
];
/// Between words and the thing that they stand on, the words first.
const OF: &[&str] = &[
    "字样的",
    "的",
    "と書かれた",
    "と書いてある",
    "と書いた",
    "と表示された",
    "と光る",
    "という文字の",
    "という",
    "の文字の",
    "の",
    "이라고 쓰인",
    "라고 쓰인",
    "이라고 적힌",
    "라고 적힌",
    "이라고 쓰여진",
    "라고 쓰여진",
    "이라고 써진",
    "라고 써진",
    "이라고 쓴",
    "라고 쓴",
    "이라는",
    "라는",
    "",
];
/// Chinese verbs before such words.
const WRITES: &[&str] = &["上面写着", "写着", "写有", "印着", "印有", "显示着", "显示"];

/// What is written over the picture, named before the words; the longest fits first.
const TITLES: &[(TitleStyle, &[&str])] = &[
    (
        TitleStyle::Card,
        &["title card", "titlecard", "title-card", "intertitle", "标题卡", "字幕卡", "タイトルカード", "타이틀 카드", "tarjeta de título", "cartela"],
    ),
    (TitleStyle::LowerThird, &["lower third", "lower-third", "chyron", "name caption", "人名条", "字幕条", "ネームテロップ", "하단 자막", "faldón"]),
    (
        TitleStyle::Credits,
        &[
            "end credits",
            "closing credits",
            "credits",
            "片尾字幕",
            "演职员表",
            "片尾名单",
            "エンドロール",
            "エンドクレジット",
            "クレジット",
            "엔딩 크레딧",
            "크레딧",
            "créditos finales",
            "créditos",
        ],
    ),
    (
        TitleStyle::Title,
        &[
            "opening title",
            "main title",
            "film title",
            "movie title",
            "end title",
            "closing title",
            "titled",
            "entitled",
            "title",
            "片名",
            "标题",
            "片头字幕",
            "题目",
            "影片标题",
            "タイトル",
            "題名",
            "제목",
            "타이틀",
            "título",
            "titulada",
            "titulado",
        ],
    ),
    (
        TitleStyle::Caption,
        &[
            "on-screen text",
            "onscreen text",
            "text on screen",
            "text overlay",
            "overlay text",
            "superimposed text",
            "superimposed words",
            "caption",
            "captioned",
            "subtitle",
            "the text",
            "the words",
            "the word",
            "text",
            "words",
            "画面文字",
            "屏幕文字",
            "文字",
            "字幕",
            "テロップ",
            "キャプション",
            "자막",
            "캡션",
            "글자",
            "subtítulo",
            "el texto",
            "las palabras",
            "texto",
        ],
    ),
];
/// Of those, what may as well be said or read aloud.
const WEAK: &[&str] = &["text", "words", "word", "el texto", "las palabras", "texto", "文字", "글자"];
/// The same after the words.
const TITLES_AFTER: &[(TitleStyle, &[&str])] = &[
    (
        TitleStyle::Title,
        &[
            "as the title",
            "as title",
            "is the title",
            "というタイトル",
            "のタイトル",
            "라는 제목",
            "이라는 제목",
            "라는 타이틀",
            "이라는 타이틀",
            "的标题",
            "的片名",
            "como título",
        ],
    ),
    (
        TitleStyle::Caption,
        &[
            "appears on screen",
            "appear on screen",
            "appears on the screen",
            "appear on the screen",
            "is shown on screen",
            "fades in on screen",
            "という字幕",
            "というテロップ",
            "という文字",
            "の字幕",
            "の文字",
            "라는 자막",
            "이라는 자막",
            "라는 글자",
            "이라는 글자",
            "라는 문구",
            "이라는 문구",
            "字样",
            "的字幕",
            "几个字",
            "两个字",
            "三个字",
            "四个字",
            "aparece en pantalla",
            "aparecen en pantalla",
        ],
    ),
];
/// Between the name of a title and its words.
const JOINS: &[&str] = &[
    "that reads",
    "that says",
    "reading",
    "reads",
    "saying",
    "says",
    "with the words",
    "with the text",
    "appears",
    "shows",
    "is",
    "que dice",
    "dice",
    "con el texto",
    "显示",
    "写着",
    "出现",
    "打出",
    "为",
    "是",
    "は",
    "が",
    "に",
    "の",
    "은",
    "는",
    "이",
    "가",
    "으로",
    "로",
];
/// What leads to a title and means nothing without it.
const LEADS: &[&str] = &[
    "the film",
    "the movie",
    "the video",
    "it",
    "opens",
    "opening",
    "begins",
    "beginning",
    "starts",
    "starting",
    "ends",
    "ending",
    "end",
    "closes",
    "closing",
    "finally",
    "at the end",
    "at the beginning",
    "with",
    "on",
    "and",
    "then",
    "a",
    "an",
    "the",
    "final",
    "big",
    "large",
    "empieza",
    "comienza",
    "termina",
    "acaba",
    "terminando",
    "con",
    "y",
    "un",
    "una",
    "el",
    "la",
    "al final",
    "al principio",
    "finalmente",
    "最后",
    "结尾",
    "片尾",
    "片头",
    "开头",
    "结束时",
    "打出",
    "出现",
    "显示",
    "以",
    "和",
    "的",
    "最後に",
    "最後",
    "冒頭に",
    "冒頭",
    "最初に",
    "終わりに",
    "마지막에",
    "마지막",
    "끝에",
    "처음에",
    "시작에",
    ",",
    "，",
    "、",
    "with the",
    "여는",
];
/// Of those, what means the end of the film.
const LAST: &[&str] = &[
    "end",
    "ends",
    "ending",
    "closes",
    "closing",
    "final",
    "finally",
    "at the end",
    "termina",
    "acaba",
    "terminando",
    "al final",
    "finalmente",
    "最后",
    "结尾",
    "片尾",
    "结束时",
    "最後に",
    "最後",
    "終わりに",
    "마지막에",
    "마지막",
    "끝에",
];
/// What may follow the words of a title.
const TAILS: &[&str] = &[
    "appears on screen",
    "appear on screen",
    "appears on the screen",
    "appears at the end",
    "appear at the end",
    "appears",
    "appear",
    "fades in",
    "fade in",
    "on screen",
    "at the end",
    "が表示される",
    "が表示されます",
    "が出る",
    "が現れる",
    "が浮かぶ",
    "と表示される",
    "で終わる",
    "で始まる",
    "이 뜬다",
    "가 뜬다",
    "이 나타난다",
    "가 나타난다",
    "이 나온다",
    "가 나온다",
    "라고 뜬다",
    "이라고 뜬다",
    "로 끝난다",
    "으로 끝난다",
    "로 시작한다",
    "으로 시작한다",
    "出现在屏幕上",
    "出现",
    "字样",
    "aparece en pantalla",
    "aparecen en pantalla",
    "aparece",
];

/// Takes what is written out of a prompt.
pub(crate) fn take(prompt: &str, vocabulary: &Vocabulary) -> (String, Written) {
    let mut written = Written::default();
    if !prompt.contains(|c| MARKS.iter().any(|m| m.0 == c)) {
        return (prompt.to_owned(), written);
    }
    let lower = prompt.to_ascii_lowercase();
    let carriers = carriers(vocabulary);
    let mut blank: Vec<(usize, usize)> = Vec::new();
    let quotes = quotations(prompt);
    for (k, (start, end)) in quotes.iter().copied().enumerate() {
        let from = if k == 0 { 0 } else { quotes[k - 1].1 };
        let to = quotes.get(k + 1).map_or(prompt.len(), |q| q.0);
        let inner = inside(&prompt[start..end]);
        if inner.trim().is_empty() {
            continue;
        }
        let beside = Beside { before: &lower[from..start], after: &lower[end..to], from, start, end };
        if let Some((word, named, cut)) = beside.sign(&carriers) {
            written.signs.push(Sign { text: inner.trim().to_owned(), word, named });
            blank.extend(cut);
        } else if let Some((style, last, cut)) = beside.title() {
            written.titles.push(Wish { text: inner.trim().to_owned(), style, last, at: (start, end) });
            blank.extend(cut);
        }
    }
    let mut bytes = lower_free(prompt);
    blank.iter().for_each(|(a, b)| bytes[*a..*b].fill(b' '));
    // Whole characters were taken out, so what is left is text.
    (String::from_utf8(bytes).unwrap_or_else(|_| prompt.to_owned()), written)
}

fn lower_free(prompt: &str) -> Vec<u8> {
    prompt.as_bytes().to_vec()
}

/// Where quotations are, with their marks.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some((open, (first, last))) = text[at..].char_indices().find_map(|(i, c)| MARKS.iter().find(|m| m.0 == c).map(|m| (at + i, *m))) {
        let inner = open + first.len_utf8();
        match text[inner..].find(last).filter(|n| *n <= LONGEST) {
            Some(n) => {
                at = inner + n + last.len_utf8();
                all.push((open, at));
            }
            None => at = inner,
        }
    }
    all
}

/// A quotation without its marks.
fn inside(quoted: &str) -> &str {
    let mut chars = quoted.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}

/// What words can stand on.
struct Carrier {
    /// One of its names, in lower case.
    name: String,
    word: String,
    /// It is there for its words: it has some of its own. A telephone is not, and may be spoken into.
    sign: bool,
}

/// Whatever words can stand on, by its names, the longest first.
fn carriers(vocabulary: &Vocabulary) -> Vec<Carrier> {
    let solids = |a: &Asset| a.raw_sections().find(|(name, _)| *name == "solids").map(|(_, text)| text.to_owned()).filter(|t| t.contains("Lettering("));
    let names = |a: &Asset| {
        let Some(solids) = solids(a) else { return Vec::new() };
        let sign = solids.contains(", text: \"");
        let all = Language::ALL.iter().flat_map(|l| a.names.of(*l));
        all.map(|n| Carrier { name: n.to_lowercase(), word: a.id.clone(), sign }).collect::<Vec<_>>()
    };
    let mut all: Vec<Carrier> = vocabulary.of(Kind::Prop).chain(vocabulary.of(Kind::Vehicle)).flat_map(names).collect();
    all.sort_by(|a, b| (b.name.len(), &a.name).cmp(&(a.name.len(), &b.name)));
    all
}

/// A quotation and what stands beside it, in lower case.
struct Beside<'a> {
    before: &'a str,
    after: &'a str,
    /// Where `before` begins.
    from: usize,
    start: usize,
    end: usize,
}

type Cut = Vec<(usize, usize)>;

/// The text without some words at its end, if it ends in them as whole words.
fn without<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let rest = text.strip_suffix(words)?;
    let joined = rest.ends_with(|c: char| c.is_ascii_alphanumeric()) && words.starts_with(|c: char| c.is_ascii_alphanumeric());
    (!joined).then_some(rest)
}

/// The text after some words at its beginning, if it begins with them as whole words.
fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(words)?;
    let joined = rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && words.ends_with(|c: char| c.is_ascii_alphanumeric());
    (!joined).then_some(rest)
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches([' ', ':', '：', '\u{3000}'])
}

impl Beside<'_> {
    /// The thing that the words stand on, where it is named, and what is to be taken out.
    fn sign(&self, carriers: &[Carrier]) -> Option<(String, (usize, usize), Cut)> {
        let before = trimmed(self.before);
        // "a sign that says X", "a sign: X"
        for joint in BEARS.iter().chain(&[""]) {
            let Some(rest) = without(before, joint) else { continue };
            let loose = matches!(*joint, "" | "saying" | "with" | "con");
            if let Some((carrier, left, at)) = self.named(rest, carriers)
                && (carrier.sign || !loose || (matches!(*joint, "with" | "con") && !speaks(left)))
            {
                return Some((carrier.word.clone(), at, vec![(at.1, self.end)]));
            }
        }
        // "the sign says X"
        for joint in SAYS {
            if let Some((carrier, left, at)) = without(before, joint).and_then(|rest| self.named(rest, carriers))
                && (carrier.sign || !matches!(*joint, "says" | "reads" | "dice"))
                && subject(left)
            {
                return Some((carrier.word.clone(), at, vec![(at.1, self.end)]));
            }
        }
        self.on(before, carriers).or_else(|| self.of(before, carriers))
    }

    /// The thing that a text ends in naming, the text before it, where it is named.
    fn named<'t, 'c>(&self, text: &'t str, carriers: &'c [Carrier]) -> Option<(&'c Carrier, &'t str, (usize, usize))> {
        let text = text.trim_end();
        carriers.iter().find_map(|c| without(text, &c.name).map(|left| (c, left, (self.from + left.len(), self.from + left.len() + c.name.len()))))
    }

    /// Japanese, Korean: the thing, a particle, the words, "is written".
    fn on(&self, before: &str, carriers: &[Carrier]) -> Option<(String, (usize, usize), Cut)> {
        let tail = STANDS.iter().filter(|t| self.after.trim_start().starts_with(**t)).max_by_key(|t| t.len())?;
        let blanks = self.after.len() - self.after.trim_start().len();
        let (carrier, _, at) = ON.iter().find_map(|p| without(before, p).and_then(|rest| self.named(rest, carriers)))?;
        Some((carrier.word.clone(), at, vec![(at.1, self.end + blanks + tail.len())]))
    }

    /// The words first: `an "OPEN" sign`, 写着“营业中”的招牌, 「酒場」と書かれた看板.
    fn of(&self, before: &str, carriers: &[Carrier]) -> Option<(String, (usize, usize), Cut)> {
        let blanks = self.after.len() - self.after.trim_start_matches(' ').len();
        let rest = &self.after[blanks..];
        let article =
            ["a", "an", "the", "its", "their", "his", "her", "big", "red", "blue", "green", "yellow", "pink", "white", "glowing", "flickering", "neon"];
        for joint in OF {
            let Some(tail) = rest.strip_prefix(joint) else { continue };
            // Some words may stand between: colours, sizes.
            let reach = tail.char_indices().map(|(i, _)| i).take_while(|i| *i <= 30).take(13).collect::<Vec<_>>();
            let hit = reach.iter().filter(|i| gap(&tail[..**i])).find_map(|i| {
                let here = &tail[*i..];
                carriers.iter().find_map(|c| after(here, &c.name).map(|_| (c.word.clone(), *i, c.name.len())))
            });
            let Some((word, skip, length)) = hit else { continue };
            let latin = rest.starts_with(|c: char| c.is_ascii_alphabetic());
            let spaced = joint.is_empty() && skip > 0 && !latin;
            if (latin && joint.is_empty() && !article.iter().any(|a| without(before, a).is_some())) || spaced {
                continue;
            }
            let begin = self.end + blanks + joint.len() + skip;
            let wrote = WRITES.iter().find_map(|w| without(before, w)).map_or(self.start, |left| self.from + left.len());
            return Some((word, (begin, begin + length), vec![(wrote, self.end + blanks + joint.len())]));
        }
        None
    }

    /// What kind of title the words are, whether at the film's end, and what is to be taken out.
    fn title(&self) -> Option<(TitleStyle, bool, Cut)> {
        let mut before = trimmed(self.before);
        if let Some(joined) = JOINS.iter().filter_map(|j| without(before, j)).min_by_key(|rest| rest.len()) {
            before = if names(trimmed(joined)).is_some() { trimmed(joined) } else { before };
        }
        let found = names(before);
        let after_words = TITLES_AFTER.iter().flat_map(|(s, list)| list.iter().map(move |w| (*s, *w)));
        let trailing = self.after.trim_start_matches([' ', ',', '，']);
        let skipped = self.after.len() - trailing.len();
        let named_after = after_words.filter(|(_, w)| trailing.starts_with(w)).max_by_key(|(_, w)| w.len());
        let (style, left) = match (found, named_after) {
            (Some((style, left)), _) => (style, left),
            (None, Some((style, _))) => (style, before),
            (None, None) => return None,
        };
        let (left, mut last) = led(left);
        let weak = found.is_some_and(|(_, rest)| WEAK.contains(&before[rest.len()..].trim_start_matches("the ")));
        let mut end = self.end;
        if let Some((_, words)) = named_after {
            end += skipped + words.len();
        }
        let rest = &self.after[end - self.end..];
        let tail = TAILS.iter().filter(|t| rest.trim_start().starts_with(**t)).max_by_key(|t| t.len());
        if let Some(tail) = tail {
            last |= tail.contains("at the end") || tail.contains("終わる") || tail.contains("끝난다");
            end += rest.len() - rest.trim_start().len() + tail.len();
        }
        // "She says the words X" is said.
        let fresh = left.trim_end().is_empty() || left.trim_end().ends_with(['.', '!', '?', '。', '！', '？', '\n', ';', ',', '，', '、']);
        if weak && !last && tail.is_none() && named_after.is_none() && !fresh {
            return None;
        }
        Some((style, last || style == TitleStyle::Credits, vec![(self.from + left.len(), end)]))
    }
}

/// The kind of title that a text ends in naming, and the text before that.
fn names(text: &str) -> Option<(TitleStyle, &str)> {
    let all = TITLES.iter().flat_map(|(s, list)| list.iter().map(move |w| (*s, *w)));
    all.filter_map(|(s, w)| without(text, w).map(|rest| (s, rest, w.len()))).max_by_key(|f| f.2).map(|(s, rest, _)| (s, rest))
}

/// Takes words away that only lead to a title; says whether they speak of the end.
fn led(mut text: &str) -> (&str, bool) {
    let mut last = false;
    loop {
        let end = text.trim_end();
        let Some((lead, rest)) = LEADS.iter().filter_map(|l| without(end, l).map(|r| (*l, r))).max_by_key(|(l, _)| l.len()) else { return (text, last) };
        last |= LAST.contains(&lead);
        text = rest;
    }
}

/// Whether somebody speaks in a sentence: what follows is rather theirs.
fn speaks(before: &str) -> bool {
    let sentence = before.rsplit(['.', '!', '?', '。', ';', '\n']).next().unwrap_or("");
    sentence.split_whitespace().any(|w| matches!(w, "says" | "saying" | "asks" | "whispers" | "answers" | "shouts" | "dice" | "pregunta" | "susurra"))
}

/// Whether nobody else is named in the sentence before a thing, who could say what follows.
fn subject(before: &str) -> bool {
    let sentence = before.rsplit(['.', '!', '?', '。', ';', '\n', ',']).next().unwrap_or("");
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let other = |w: &&str| {
        matches!(*w, "with" | "near" | "by" | "at" | "on" | "from" | "over" | "through" | "in" | "behind" | "beside" | "under" | "to" | "con" | "junto")
            || w.ends_with("ing")
            || w.ends_with("ndo")
    };
    words.len() <= 5 && !words.iter().any(other)
}

/// Whether words between a quotation and a thing only describe the thing.
fn gap(text: &str) -> bool {
    let stops = ['.', '!', '?', '。', '、', ',', '，', '"', '“', '「', ':', '：', '\n', 'が', 'を', 'は', 'で', '声', '时', '時'];
    if text.contains("목소리") || text.contains("소리") {
        return false;
    }
    !text.contains(stops)
        && text.split_whitespace().count() <= 2
        && (text.is_empty() || !text.ends_with(|c: char| c.is_ascii_alphanumeric()))
        && !text.split_whitespace().any(|w| matches!(w, "and" | "to" | "at" | "on" | "y"))
}

impl Written {
    /// Whether anything was taken out.
    pub(crate) fn any(&self) -> bool {
        !self.signs.is_empty() || !self.titles.is_empty()
    }

    /// Puts words on the things of a plan, and titles over it.
    pub(crate) fn give(self, plan: &mut Plan) {
        for (k, sign) in self.signs.into_iter().enumerate() {
            stand(plan, sign, k);
        }
        for (k, wish) in self.titles.into_iter().enumerate() {
            let (from, to) = when(plan, &wish);
            if wish.style == TitleStyle::Title || wish.style == TitleStyle::Card && !wish.last {
                plan.title.clone_from(&wish.text);
            }
            let style = if wish.style == TitleStyle::Caption && wish.last { TitleStyle::Title } else { wish.style };
            let span = Some(Span { start: wish.at.0 as u32, end: wish.at.1 as u32 });
            plan.titles.push(Title {
                id: format!("title-{}", k + 1),
                text: wish.text,
                under: String::new(),
                style,
                place: None,
                face: None,
                colour: None,
                from,
                to,
                span,
            });
        }
    }
}

/// Gives words to the thing that was named beside them; if it did not get into the film, it does now.
fn stand(plan: &mut Plan, sign: Sign, k: usize) {
    let (a, b) = (sign.named.0 as u32, sign.named.1 as u32);
    let here = |span: &Option<Span>| span.is_some_and(|s| s.start < b && s.end > a);
    if let Some(role) = plan.cast.iter_mut().find(|r| here(&r.span) && r.word == sign.word) {
        role.traits.text = Some(sign.text);
        return;
    }
    let mut things: Vec<&mut Thing> = plan.scenes.iter_mut().flat_map(|s| &mut s.things).collect();
    let at =
        things.iter().position(|t| here(&t.span) && t.word == sign.word).or_else(|| things.iter().position(|t| t.word == sign.word && t.traits.text.is_none()));
    if let Some(at) = at {
        // What goes on from scene to scene is listed in each with the same id.
        let id = things[at].id.clone();
        things.iter_mut().filter(|t| t.id == id).for_each(|t| t.traits.text = Some(sign.text.clone()));
        return;
    }
    let span = Some(Span { start: a, end: b });
    let id = format!("{}-text-{}", sign.word, k + 1);
    let place = plan.shots.iter().find(|s| here(&s.span)).map(|s| s.scene.clone());
    let scene = plan.scenes.iter_mut().find(|s| place.as_ref().is_none_or(|p| s.id == *p));
    if let Some(scene) = scene {
        let traits = Traits { text: Some(sign.text), ..Traits::default() };
        scene.things.push(Thing { id, word: sign.word, count: 1, traits, held_by: None, span });
    }
}

/// When a title is seen, by its kind and by the shot that it was named in.
fn when(plan: &Plan, wish: &Wish) -> (Ticks, Ticks) {
    let whole = plan.duration();
    let seconds = |s: f64| Ticks::from_seconds(s);
    let share = |p: i64| Ticks(whole.0 * p / 100);
    if wish.last {
        let length = seconds(if wish.style == TitleStyle::Credits { 4.0 } else { 3.0 }).min(share(45));
        return (Ticks(whole.0 - length.0), Ticks::ZERO);
    }
    let mut at = Ticks::ZERO;
    let mut shot = (Ticks::ZERO, whole);
    for s in &plan.shots {
        if s.span.is_some_and(|p| p.start as usize <= wish.at.0 && wish.at.0 < p.end as usize) {
            shot = (at, Ticks(at.0 + s.length.0));
            break;
        }
        at += s.length;
    }
    match wish.style {
        TitleStyle::Card => (Ticks::ZERO, seconds(2.4).min(share(45))),
        TitleStyle::Title => (seconds(0.4).min(share(10)), seconds(3.6).min(share(70))),
        _ => {
            let room = shot.1.0 - shot.0.0;
            (Ticks(shot.0.0 + seconds(0.4).0.min(room / 10)), Ticks(shot.1.0.min(shot.0.0 + seconds(5.0).0)))
        }
    }
}
