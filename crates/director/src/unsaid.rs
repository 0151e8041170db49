//! Quotations that hold nothing to say: empty ones, and pictures or marks alone. They are taken out, so that nobody says them and the marks of the others
//! still go together, and come back as warnings.

use crate::english::lex::closing;
use kinora_base::{Span, Warning, WarningKind};

/// The text with blanks, as many bytes, for each of them and for the name before it on a line of a script.
pub(crate) fn take(text: &str) -> (String, Vec<Warning>) {
    let mut out = text.to_owned();
    let mut warnings = Vec::new();
    let mut at = 0;
    while let Some((open, inner, close)) = text[at..].char_indices().find_map(|(i, c)| Some((at + i, at + i + c.len_utf8(), closing(c)?))) {
        at = inner;
        let Some(end) = text[inner..].find(close).map(|n| inner + n) else { continue };
        at = end + text[end..].chars().next().map_or(1, char::len_utf8);
        if text[inner..end].chars().any(char::is_alphanumeric) {
            continue;
        }
        let line = text[..open].rfind('\n').map_or(0, |n| n + 1);
        let label = text[line..open].trim_end();
        let alone = label.ends_with([':', '：']) && label.chars().count() <= 40 && text[at..].lines().next().is_none_or(|rest| rest.trim().is_empty());
        let from = if alone { line } else { open };
        out.replace_range(from..at, &" ".repeat(at - from));
        let message = format!("there is nothing to say in {}: the line is left out", &text[open..at]);
        warnings.push(Warning::new(WarningKind::Unsupported, message).at(Span::new(open, at)).hint("write its words"));
    }
    (out, warnings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_taken_out_and_the_rest_stays_where_it_was() {
        let text = "Anna: \"\"\nTom: \"👋\"\nShe says \"Hi.\" and “…”.";
        let (left, warnings) = take(text);
        assert_eq!(left.len(), text.len(), "places stay");
        assert_eq!(left.split_whitespace().collect::<Vec<_>>().join(" "), "She says \"Hi.\" and .", "names of lines go too");
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert_eq!(take("a 5\" nail and no more"), ("a 5\" nail and no more".into(), Vec::new()), "an open mark is no quotation");
    }
}
