//! What is said, as captions: cut to lengths that can be read, and written as SRT, WebVTT or a track of the film.

use crate::mp4::Captions;
use kinora_base::Ticks;
use kinora_plan::voices::{Spoken, Voices};
use std::fmt::Write as _;

/// Cells across a caption line: a Latin letter is one, a Chinese, Japanese or Korean one is two.
const LINE: usize = 40;

/// A text with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// When it appears.
    pub from: Ticks,
    /// When it disappears.
    pub to: Ticks,
    /// One or two lines.
    pub text: String,
}

/// The captions of what is said: long lines are split into several, by their length in time. What several say at once is read once.
#[must_use]
pub fn captions(voices: &Voices) -> Vec<Caption> {
    let mut out: Vec<Caption> = Vec::new();
    for (n, line) in voices.lines.iter().enumerate() {
        let same = |l: &Spoken| l.from == line.from && l.text == line.text;
        if voices.lines[..n].iter().any(same) {
            continue;
        }
        let line_to = voices.lines.iter().filter(|l| same(l)).map(|l| l.to).max().unwrap_or(line.to);
        let pages = pages(&line.text);
        let total: usize = pages.iter().map(|p| cells(p)).sum::<usize>().max(1);
        let length = (line_to - line.from).0.max(0);
        let mut said = 0;
        for page in pages {
            let from = Ticks(line.from.0 + length * said as i64 / total as i64);
            said += cells(&page);
            let to = Ticks(line.from.0 + length * said as i64 / total as i64);
            out.push(Caption { from, to, text: page });
        }
    }
    out.retain(|c| c.to > c.from && !c.text.is_empty());
    out.sort_by_key(|c| c.from);
    out
}

/// As an SRT file.
#[must_use]
pub fn subtitles_srt(voices: &Voices) -> String {
    let mut out = String::new();
    for (i, c) in captions(voices).iter().enumerate() {
        let _ = write!(out, "{}\n{} --> {}\n{}\n\n", i + 1, clock(c.from, ','), clock(c.to, ','), c.text);
    }
    out
}

/// As a WebVTT file.
#[must_use]
pub fn subtitles_vtt(voices: &Voices) -> String {
    let mut out = String::from("WEBVTT\n\n");
    for c in captions(voices) {
        let text = c.text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(out, "{} --> {}\n{text}\n\n", clock(c.from, '.'), clock(c.to, '.'));
    }
    out
}

/// Captions as samples without a hole: nothing, text, nothing, text. Overlapping ones give way to the next.
pub(crate) fn samples(captions: &[Caption], duration: Ticks) -> Captions {
    let mut out = Captions::default();
    let mut at = Ticks::ZERO;
    let push = |out: &mut Captions, until: Ticks, at: &mut Ticks, text: &str| {
        if until > *at {
            let mut bytes = (text.len() as u16).to_be_bytes().to_vec();
            bytes.extend_from_slice(text.as_bytes());
            out.samples.push(((until - *at).0 as u32, bytes));
            *at = until;
        }
    };
    for (i, caption) in captions.iter().enumerate() {
        let next = captions.get(i + 1).map_or(duration, |n| n.from.min(duration));
        push(&mut out, caption.from.min(duration), &mut at, "");
        push(&mut out, caption.to.min(next), &mut at, &caption.text);
    }
    if !captions.is_empty() {
        push(&mut out, duration, &mut at, "");
    }
    out
}

/// `00:00:01,250`
fn clock(at: Ticks, point: char) -> String {
    let ms = at.0.max(0) * 1000 / Ticks::PER_SECOND;
    format!("{:02}:{:02}:{:02}{point}{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

fn cells(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60)
}

/// Pages of at most two lines.
fn pages(text: &str) -> Vec<String> {
    lines(text).chunks(2).map(|two| two.join("\n")).collect()
}

/// Lines of at most [`LINE`] cells and of like length, broken at spaces, or anywhere in scripts that have none.
fn lines(text: &str) -> Vec<String> {
    let words = words(text);
    let total = cells(&words.concat());
    let even = total.div_ceil(total.div_ceil(LINE).max(1));
    let mut out = vec![String::new()];
    for word in words {
        let line = out.last_mut().expect("there is always a line");
        let filled = cells(line.trim_end()) >= even.max(LINE / 2);
        if !line.is_empty() && (cells(line) + cells(word.trim_end()) > LINE || filled) {
            out.push(String::new());
        }
        out.last_mut().expect("there is always a line").push_str(word);
    }
    out.into_iter().map(|l| l.trim_end().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// Pieces that must not be broken: words with the space after them, single wide letters with the stop after them.
fn words(text: &str) -> Vec<&str> {
    let text = text.trim();
    let mut out = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (i, c) in text.char_indices() {
        let stop = "、。，．！？：；」』）".contains(c);
        let breaks = previous.is_some_and(|p| (p.is_whitespace() && !c.is_whitespace()) || ((is_wide(p) || is_wide(c)) && !stop && !c.is_whitespace()));
        if breaks && i > start {
            out.push(&text[start..i]);
            start = i;
        }
        previous = Some(c);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// The three letters of ISO 639-2 for a language of plans.
pub(crate) fn language_code(language: &str) -> [u8; 3] {
    match language {
        "en" => *b"eng",
        "zh" => *b"zho",
        "ja" => *b"jpn",
        "ko" => *b"kor",
        "es" => *b"spa",
        _ => *b"und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, from: f64, to: f64) -> Spoken {
        Spoken {
            line: "l".into(),
            who: None,
            text: text.into(),
            from: Ticks::from_seconds(from),
            to: Ticks::from_seconds(to),
            visemes: vec![],
            ..Spoken::default()
        }
    }

    #[test]
    fn what_two_say_at_once_is_read_once() {
        let voices = Voices { lines: vec![said("Happy birthday!", 1.0, 2.0), said("Happy birthday!", 1.0, 2.2), said("Thanks.", 3.0, 3.5)] };
        let found: Vec<(String, f64)> = captions(&voices).into_iter().map(|c| (c.text, c.to.seconds())).collect();
        assert_eq!(found, [("Happy birthday!".to_owned(), 2.2), ("Thanks.".to_owned(), 3.5)]);
    }

    #[test]
    fn are_written_with_exact_times() {
        let voices = Voices { lines: vec![said("Hello, <you>.", 1.25, 2.0)] };
        assert_eq!(subtitles_srt(&voices), "1\n00:00:01,250 --> 00:00:02,000\nHello, <you>.\n\n", "an SRT block");
        assert_eq!(subtitles_vtt(&voices), "WEBVTT\n\n00:00:01.250 --> 00:00:02.000\nHello, &lt;you>.\n\n", "a WebVTT block");
    }

    #[test]
    fn are_split_so_that_they_can_be_read() {
        let long = "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was the epoch of belief.";
        let chinese = "今天天气很好，我们一起去公园散步吧，那里的花开得非常漂亮，还有很多小鸟在树上唱歌。";
        for text in [long, chinese] {
            let all = captions(&Voices { lines: vec![said(text, 0.0, 8.0)] });
            assert!(all.len() >= 2, "{text} takes several captions: {all:?}");
            assert!(all.iter().flat_map(|c| c.text.lines()).all(|l| cells(l) <= LINE), "no line is too long: {all:?}");
            assert!(all.windows(2).all(|w| w[0].to == w[1].from), "they follow one another");
            let whole: String = all.iter().flat_map(|c| c.text.chars()).filter(|c| !c.is_whitespace()).collect();
            assert_eq!(whole, text.replace(' ', ""), "no word is lost");
        }
    }

    #[test]
    fn fill_the_film_without_a_hole() {
        let all = captions(&Voices { lines: vec![said("A", 0.5, 1.0), said("B", 0.9, 5.0)] });
        let samples = samples(&all, Ticks::from_seconds(2.0)).samples;
        assert_eq!(samples.iter().map(|s| i64::from(s.0)).sum::<i64>(), 96_000, "as long as the film: {samples:?}");
        assert_eq!(samples.iter().map(|s| s.1.len()).collect::<Vec<_>>(), [2, 3, 3], "a gap and two texts");
    }
}
