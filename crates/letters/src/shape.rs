//! A paragraph to clusters of glyphs: fonts are chosen by character, runs of one font and direction are shaped.

use crate::fonts::{Face, Fonts, Loaded};
use harfrust::{Buffer, BufferFlags, Direction, ShapeOptions, ShaperFont};
use unicode_bidi::BidiInfo;

/// A glyph, relative to the pen at the beginning of its cluster.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    /// Index into [`Shaped::fonts`].
    pub(crate) font: usize,
    pub(crate) id: u32,
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// What cannot be taken apart: a letter with its marks, a ligature.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    /// Its first character.
    pub(crate) c: char,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) advance: f32,
    /// Odd = from right to left.
    pub(crate) level: u8,
}

/// A shaped paragraph, in the order in which it is read.
#[derive(Debug, Default)]
pub(crate) struct Shaped {
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) fonts: Vec<Loaded>,
    pub(crate) missing: Vec<char>,
}

/// Characters that are not seen: joiners, direction marks, variation selectors, the byte order mark.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c as u32, 0xad | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfeff | 0xe0000..=0xe0fff | 0x1f3fb..=0x1f3ff)
}

/// Marks that hang on the letter before.
fn mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f | 0x900..=0x903 | 0x93a..=0x94f | 0xe31 | 0xe34..=0xe3a | 0xe47..=0xe4e | 0x1ab0..=0x1aff | 0x20d0..=0x20ff | 0x3099..=0x309a)
}

impl Shaped {
    /// Shapes one paragraph (no line breaks in it) and adds its clusters.
    pub(crate) fn add(&mut self, text: &str, fonts: &Fonts, tongue: &'static str, face: Face) {
        let bidi = BidiInfo::new(text, None);
        let mut run = String::new();
        let mut run_of: Option<(usize, u8)> = None;
        for (at, c) in text.char_indices() {
            let c = if c == '\t' { ' ' } else { c };
            let level = bidi.levels.get(at).map_or(0, |l| l.number());
            let keeps = run_of.filter(|(f, l)| *l == level && (!c.is_alphanumeric() || mark(c)) && (unseen(c) || self.fonts[*f].has(c)));
            let font = match keeps {
                Some((font, _)) => Some(font),
                None if unseen(c) => None,
                None => fonts.of(c, tongue, face).map(|l| self.font(l)),
            };
            let Some(font) = font else {
                if !unseen(c) && !c.is_whitespace() && !self.missing.contains(&c) {
                    self.missing.push(c);
                }
                continue;
            };
            if run_of != Some((font, level)) {
                self.flush(&mut run, run_of);
                run_of = Some((font, level));
            }
            run.push(c);
        }
        self.flush(&mut run, run_of);
    }

    fn font(&mut self, loaded: Loaded) -> usize {
        self.fonts.iter().position(|f| f.name == loaded.name).unwrap_or_else(|| {
            self.fonts.push(loaded);
            self.fonts.len() - 1
        })
    }

    fn flush(&mut self, run: &mut String, of: Option<(usize, u8)>) {
        let text = std::mem::take(run);
        let Some((index, level)) = of.filter(|_| !text.is_empty()) else { return };
        let font = &self.fonts[index].font;
        let em = f32::from(font.units_per_em().max(1));
        let mut buffer = Buffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(if level % 2 == 1 { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES | BufferFlags::DO_NOT_INSERT_DOTTED_CIRCLE);
        // A font that cannot be shaped draws nothing; its characters are told as missing.
        if harfrust::shape(&ShaperFont::new(font), &mut buffer, ShapeOptions::new()).is_err() {
            self.missing.extend(text.chars());
            return;
        }
        let mut clusters: Vec<(u32, Cluster)> = Vec::new();
        for (info, at) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let c = text.get(info.cluster as usize..).and_then(|t| t.chars().next()).unwrap_or(' ');
            if clusters.last().is_none_or(|(cluster, _)| *cluster != info.cluster) {
                clusters.push((info.cluster, Cluster { c, glyphs: Vec::new(), advance: 0.0, level }));
            }
            let Some((_, cluster)) = clusters.last_mut() else { continue };
            if info.glyph_id != 0 {
                cluster.glyphs.push(Glyph { font: index, id: info.glyph_id, x: cluster.advance + at.x_offset as f32 / em, y: at.y_offset as f32 / em });
            }
            cluster.advance += at.x_advance as f32 / em;
        }
        if level % 2 == 1 {
            clusters.reverse();
        }
        self.clusters.extend(clusters.into_iter().map(|(_, c)| c));
    }
}
