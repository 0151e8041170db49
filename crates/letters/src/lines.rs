//! Clusters to lines: broken where the script allows it, all of like length, in the order in which they are seen.

use crate::fonts::{Face, Fonts};
use crate::outline::{Outline, Pen};
use crate::shape::{Cluster, Glyph, Shaped};
use std::sync::Arc;

/// How a text is to be set.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The style.
    pub face: Face,
    /// Language of Chinese characters: zh, ja or ko, if the text itself does not show it.
    pub language: &'a str,
    /// From baseline to baseline, ems.
    pub leading: f32,
    /// Added between letters, ems.
    pub tracking: f32,
    /// The room to fill, any unit: lines are broken so that the letters become as large as possible in it.
    pub room: Option<(f32, f32)>,
    /// The longest line, ems, where there is no room to fill.
    pub longest: f32,
    /// Where lines begin: 0 left, 0.5 middle, 1 right.
    pub align: f32,
    /// The most lines; what does not fit ends in an ellipsis.
    pub most_lines: usize,
}

impl Wish<'_> {
    /// A single line, centred.
    #[must_use]
    pub fn line(face: Face) -> Self {
        Self { face, language: "", leading: 1.2, tracking: 0.0, room: None, longest: f32::INFINITY, align: 0.5, most_lines: 1 }
    }
}

/// A text that is set: glyphs in their places. The middle of the first baseline (by `align`) is the origin.
#[derive(Clone, Debug)]
pub struct Setting {
    glyphs: Vec<Glyph>,
    fonts: Vec<crate::fonts::Loaded>,
    /// How many lines there are.
    pub lines: usize,
    /// The longest line, ems.
    pub width: f32,
    /// From baseline to baseline, ems.
    pub leading: f32,
    /// Characters that no font has, each once; they are left out.
    pub missing: Vec<char>,
    /// Not everything fitted.
    pub cut: bool,
}

/// The language that a text shows by its script: ja, ko, zh, or empty. Chinese characters alone are taken to be of `hint`.
#[must_use]
pub fn tongue_of(text: &str, hint: &str) -> &'static str {
    let any = |range: std::ops::RangeInclusive<u32>| text.chars().any(|c| range.contains(&(c as u32)));
    match () {
        () if any(0x3040..=0x30ff) || any(0xff66..=0xff9f) => "ja",
        () if any(0xac00..=0xd7a3) || any(0x1100..=0x11ff) || any(0x3130..=0x318f) => "ko",
        () if any(0x2e80..=0x9fff) || any(0xf900..=0xfaff) || any(0x20000..=0x3ffff) || any(0xff00..=0xff65) => match hint {
            "ja" => "ja",
            "ko" => "ko",
            _ => "zh",
        },
        () => "",
    }
}

impl Fonts {
    /// Sets a text.
    #[must_use]
    pub fn set(&self, text: &str, wish: &Wish<'_>) -> Setting {
        let tongue = tongue_of(text, wish.language);
        let mut shaped = Shaped::default();
        // Where a new line was asked for.
        let mut breaks = Vec::new();
        for (k, paragraph) in text.split(['\n', '\r', '\u{2028}', '\u{2029}']).filter(|p| !p.trim().is_empty()).enumerate() {
            if k > 0 {
                breaks.push(shaped.clusters.len());
            }
            shaped.add(paragraph.trim(), self, tongue, wish.face);
        }
        for cluster in &mut shaped.clusters {
            cluster.advance += wish.tracking;
        }
        // Long texts are not looked at beyond what anybody could read.
        let clusters = &shaped.clusters[..shaped.clusters.len().min(MOST_CLUSTERS)];
        breaks.retain(|b| *b < clusters.len());
        let mut lines = match wish.room {
            Some(room) => fill(clusters, &breaks, room, wish),
            None => wrap(clusters, &breaks, wish.longest),
        };
        let cut = lines.len() > wish.most_lines || shaped.clusters.len() > MOST_CLUSTERS;
        lines.truncate(wish.most_lines.max(1));
        self.lay(&shaped, &lines, wish, cut)
    }

    fn lay(&self, shaped: &Shaped, lines: &[(usize, usize)], wish: &Wish<'_>, cut: bool) -> Setting {
        let mut out = Setting {
            glyphs: Vec::new(),
            fonts: shaped.fonts.clone(),
            lines: lines.len(),
            width: 0.0,
            leading: wish.leading,
            missing: shaped.missing.clone(),
            cut,
        };
        for (row, (from, to)) in lines.iter().enumerate() {
            let mut clusters: Vec<Cluster> = shaped.clusters[*from..*to].to_vec();
            if cut && row + 1 == lines.len() {
                let mut dots = Shaped { fonts: std::mem::take(&mut out.fonts), ..Shaped::default() };
                dots.add("…", self, "", wish.face);
                out.fonts = dots.fonts;
                clusters.truncate(clusters.len().saturating_sub(1));
                clusters.extend(dots.clusters);
            }
            let width = length(&clusters, wish.tracking);
            out.width = out.width.max(width);
            let mut x = -width * wish.align;
            for k in visual(&clusters) {
                let y = -(row as f32) * wish.leading;
                out.glyphs.extend(clusters[k].glyphs.iter().map(|g| Glyph { x: x + g.x, y: y + g.y, ..*g }));
                x += clusters[k].advance;
            }
        }
        out
    }
}

impl Setting {
    /// The outlines, curves taken as chords that are at most `tolerance` ems off.
    #[must_use]
    pub fn outline(&self, tolerance: f32) -> Outline {
        let mut pen = Pen::new(tolerance);
        for glyph in &self.glyphs {
            pen.glyph(&self.fonts[glyph.font].font, glyph);
        }
        pen.finish()
    }

    /// Whether there is nothing to be seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.glyphs.is_empty()
    }

    /// The fonts that are used, by name: what a picture of the text depends on besides the text.
    pub fn fonts(&self) -> impl Iterator<Item = Arc<str>> + '_ {
        self.fonts.iter().map(|f| f.name.clone())
    }
}

/// Nobody reads more than this on one thing.
const MOST_CLUSTERS: usize = 2000;

fn length(clusters: &[Cluster], tracking: f32) -> f32 {
    let ends = clusters.iter().rev().take_while(|c| c.c.is_whitespace()).count();
    let seen = &clusters[..clusters.len() - ends];
    (seen.iter().map(|c| c.advance).sum::<f32>() - if seen.is_empty() { 0.0 } else { tracking }).max(0.0)
}

/// Lines that make the letters as large as possible in a room.
fn fill(clusters: &[Cluster], breaks: &[usize], (width, height): (f32, f32), wish: &Wish<'_>) -> Vec<(usize, usize)> {
    let stacked = height > width * 2.0 && clusters.len() <= 12 && breaks.is_empty() && clusters.iter().all(|c| c.level == 0);
    if stacked {
        // A tall narrow sign is read from above to below, a letter a line.
        return clusters.iter().enumerate().filter(|(_, c)| !c.c.is_whitespace()).map(|(k, _)| (k, k + 1)).collect();
    }
    let whole = length(clusters, wish.tracking);
    let mut best = (0.0, wrap(clusters, breaks, f32::INFINITY));
    for n in 1..=60 {
        let mut longest = whole / n as f32;
        let mut lines = wrap(clusters, breaks, longest);
        while lines.len() > n.max(breaks.len() + 1) {
            longest *= 1.04;
            lines = wrap(clusters, breaks, longest);
        }
        let widest = lines.iter().map(|(a, b)| length(&clusters[*a..*b], wish.tracking)).fold(1e-3, f32::max);
        let size = (width / widest).min(height / (0.8 + (lines.len() as f32 - 1.0) * wish.leading));
        if size > best.0 * 1.02 {
            best = (size, lines);
        }
        if height / (0.8 + (n as f32 - 1.0) * wish.leading) < best.0 {
            break;
        }
    }
    best.1
}

/// Lines that are at most so long, each as full as it can be.
fn wrap(clusters: &[Cluster], breaks: &[usize], longest: f32) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let (mut start, mut width, mut last) = (0, 0.0, None);
    let mut k = 0;
    while k < clusters.len() {
        if k > start && breaks.contains(&k) {
            lines.push((start, k));
            (start, width, last) = (k, 0.0, None);
        }
        let c = &clusters[k];
        if k > start && may_break(clusters[k - 1].c, c.c) {
            last = Some(k);
        }
        if width + c.advance > longest * 1.0001 && k > start && !c.c.is_whitespace() {
            // A word that is longer than a line is broken anywhere.
            let end = last.unwrap_or(k);
            lines.push((start, end));
            (start, last) = (end, None);
            width = clusters[start..k].iter().map(|c| c.advance).sum();
            continue;
        }
        width += c.advance;
        k += 1;
    }
    if start < clusters.len() {
        lines.push((start, clusters.len()));
    }
    // Lines neither begin nor end with a space.
    for (from, to) in &mut lines {
        while *from < *to && clusters[*from].c.is_whitespace() {
            *from += 1;
        }
        while *to > *from && clusters[*to - 1].c.is_whitespace() {
            *to -= 1;
        }
    }
    lines.retain(|(a, b)| a < b);
    lines
}

/// Scripts that are broken between any two characters.
fn dense(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0x312f | 0x3190..=0xa4cf | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff9f | 0x20000..=0x3ffff)
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    const NOT_FIRST: &str = "、。，．,.!?！？:;：；」』）)]】》〉”’…‥・ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〜～％%";
    const NOT_LAST: &str = "「『（([【《〈“‘";
    if before.is_whitespace() && !matches!(before, '\u{a0}' | '\u{202f}') {
        return true;
    }
    if matches!(before, '-' | '–' | '—' | '/' | '‐') && after.is_alphabetic() {
        return true;
    }
    (dense(before) || dense(after)) && !NOT_FIRST.contains(after) && !NOT_LAST.contains(before)
}

/// The order in which clusters are seen from left to right: stretches of each level are turned round, the deepest first.
fn visual(clusters: &[Cluster]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    let deepest = clusters.iter().map(|c| c.level).max().unwrap_or(0);
    for level in (1..=deepest).rev() {
        let mut k = 0;
        while k < order.len() {
            let end = (k..order.len()).find(|e| clusters[order[*e]].level < level).unwrap_or(order.len());
            order[k..end].reverse();
            k = end + 1;
        }
    }
    order
}
