//! Warnings are part of a result: what was not understood, replaced or could not be honoured
//! comes back with the film.

use serde::{Deserialize, Serialize};

/// A range of bytes of the prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }
}

/// What kind of thing went otherwise than asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// A word that the vocabulary does not have.
    UnknownWord,
    /// A thing replaced by a near one.
    Replaced,
    /// Understood, but not possible yet.
    Unsupported,
    /// A number brought into its range, or a length changed.
    Adjusted,
    /// Two wishes that exclude each other.
    Conflict,
}

/// One thing that went otherwise than asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The kind.
    pub kind: WarningKind,
    /// Where in the prompt, if anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What happened, in a sentence.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

impl Warning {
    /// A warning without a place or a hint.
    pub fn new(kind: WarningKind, message: impl Into<String>) -> Self {
        Self { kind, span: None, message: message.into(), hint: String::new() }
    }
    /// With the place in the prompt.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A result with its warnings.
#[derive(Clone, Debug)]
pub struct Warned<T> {
    /// The result.
    pub output: T,
    /// What went otherwise than asked.
    pub warnings: Vec<Warning>,
}

/// The name in `known` that is nearest to `word` by edit distance, if near enough to be a slip of the pen.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    let limit = (letters / 3).max(1);
    // So many letters more or less are as many slips.
    let near = |k: &&str| k.chars().count().abs_diff(letters) <= limit;
    known.into_iter().filter(near).map(|k| (edit_distance(word, k), k)).filter(|(d, _)| *d <= limit).min_by_key(|(d, _)| *d).map(|(_, k)| k)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(ca != *cb)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_of_the_pen() {
        assert_eq!(nearest("forrest", ["forest", "desert"]), Some("forest"), "one letter too many");
        assert_eq!(nearest("zebra", ["forest", "desert"]), None, "nothing near");
    }
}
