//! The fields of a file that is known to be good, without reading what is in them: our own files are read at every start,
//! and most of what they say is about things that a film does not show.

use crate::numbers::{after_comment, after_raw_string, after_string, raw_hashes};
use std::ops::Range;

/// The fields of the outermost parentheses: name, and where the value stands. `None` if the text is not of that form.
pub(crate) fn fields(text: &str) -> Option<Vec<(&str, Range<usize>)>> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut begin) = (0, 0_u32, 0);
    let mut name: Option<&str> = None;
    let mut all = Vec::new();
    while at < bytes.len() {
        let here = at;
        match bytes[at] {
            b'"' => at = after_string(bytes, at),
            b'r' if !in_word(bytes, at) && raw_hashes(bytes, at).is_some() => at = after_raw_string(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at);
                // A comment before a name is no part of it.
                if name.is_none() {
                    begin = at;
                }
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = after_comment(bytes, at);
                if name.is_none() {
                    begin = at;
                }
            }
            open @ (b'(' | b'[' | b'{') => {
                depth += 1;
                at += 1;
                if depth == 1 {
                    if open != b'(' {
                        return None;
                    }
                    begin = at;
                }
            }
            b':' if depth == 1 && name.is_none() => {
                name = Some(text.get(begin..at)?.trim());
                at += 1;
                begin = at;
            }
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                at += 1;
                if depth == 0 {
                    if let Some(name) = name.take() {
                        all.push((name, begin..here));
                    }
                    return Some(all);
                }
            }
            b',' if depth == 1 => {
                all.push((name.take()?, begin..here));
                at += 1;
                begin = at;
            }
            _ => at += 1,
        }
    }
    None
}

/// Whether a byte goes on a word that began before it.
fn in_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}
