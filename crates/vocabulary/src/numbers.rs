//! The numbers of a file: each must be one that a film can have. What comes of `inf`, `NaN` or `1e30` metres, seconds or
//! blades of grass is found late and far from here, so such a number is refused where it stands.

/// The greatest number of a file; ours end at 200 000.
const GREATEST: f64 = 1e6;

/// The first number that no file may have: where it begins in the text, and what is wrong with it.
pub(crate) fn first_wrong(text: &str) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = after_string(bytes, at),
            b'r' if raw_hashes(bytes, at).is_some() => at = after_raw_string(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = after_comment(bytes, at),
            b if b.is_ascii_alphanumeric() || b == b'.' || b == b'_' => {
                let end = after_word(bytes, at);
                if let Some(wrong) = wrong(&text[at..end]) {
                    return Some((at, wrong));
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    None
}

fn wrong(word: &str) -> Option<String> {
    let number = match word {
        "inf" | "NaN" => return Some(format!("`{word}` is not a number that a film can have; write one up to {GREATEST}")),
        _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') => word.replace('_', "").parse::<f64>().ok()?,
        _ => return None,
    };
    (number.abs() > GREATEST).then(|| format!("`{word}` is too large: a number of a file is at most {GREATEST}"))
}

/// After a name or a number; an exponent may have a sign.
fn after_word(bytes: &[u8], from: usize) -> usize {
    let number = bytes[from].is_ascii_digit() || bytes[from] == b'.';
    let mut at = from;
    while at < bytes.len() {
        let sign = number && matches!(bytes[at], b'+' | b'-') && at > from && matches!(bytes[at - 1], b'e' | b'E');
        if !(sign || bytes[at].is_ascii_alphanumeric() || bytes[at] == b'.' || bytes[at] == b'_') {
            break;
        }
        at += 1;
    }
    at
}

pub(crate) fn after_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// How many hashes stand between `r` and the quotation mark of a raw string.
pub(crate) fn raw_hashes(bytes: &[u8], from: usize) -> Option<usize> {
    let hashes = bytes[from + 1..].iter().take_while(|b| **b == b'#').count();
    (bytes.get(from + 1 + hashes) == Some(&b'"')).then_some(hashes)
}

pub(crate) fn after_raw_string(bytes: &[u8], from: usize) -> usize {
    let hashes = raw_hashes(bytes, from).unwrap_or(0);
    let inside = from + hashes + 2;
    let end = (inside..bytes.len()).find(|i| bytes[*i] == b'"' && bytes[i + 1..].iter().take(hashes).filter(|b| **b == b'#').count() == hashes);
    end.map_or(bytes.len(), |i| i + 1 + hashes)
}

/// After a comment, which may have others in it.
pub(crate) fn after_comment(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at < bytes.len() {
        match &bytes[at..(at + 2).min(bytes.len())] {
            b"/*" => (at, depth) = (at + 2, depth + 1),
            b"*/" => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_numbers() {
        for good in [
            "(a: 1.5, b: -200_000, c: 1e-30)",
            "\"1e30 inf\"",
            "r#\"inf \" 1e9\"#",
            "// 1e30\n1",
            "/* /* inf */ 1e30 */ 2",
            "Box(inf_x: 3, x1e9: 4)",
            "\"\\\"1e30\"",
        ] {
            assert_eq!(first_wrong(good), None, "{good}");
        }
        for (bad, at) in
            [("(a: inf)", 4), ("(a: -NaN)", 5), ("(a: 1e7)", 4), ("[1, 2, 99999999999999999999]", 7), ("\"é\" 1e300", 5), ("1e+30", 0), ("/* */ -1E9", 7)]
        {
            assert_eq!(first_wrong(bad).map(|w| w.0), Some(at), "{bad}");
        }
        for odd in ["\"", "\"\\", "r", "r#", "r#\"", "/*", "/", "1e", ".", "é", "r\"é"] {
            assert_eq!(first_wrong(odd), None, "{odd} ends");
        }
    }
}
