//! Text becomes tokens: words in lower case without hyphens, numbers, quoted speech, marks; each with its span.

use super::script;
use kinora_base::Span;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A word in lower case; capital: whether it was written with a capital letter.
    Word { text: String, capital: bool },
    /// A number, as "3" or "2.5"; the unit may be glued to it ("3s" is a number and a word).
    Number(f64),
    /// What stands between quotation marks.
    Quote(String),
    /// A mark: , . ; : ! ? ( ) [ ] - or a line end as '\n'.
    Mark(char),
}

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    pub(crate) span: Span,
    /// What somebody does, as another language says of a word that could be a thing in English: 浇花 is to water flowers.
    pub(crate) verb: bool,
}

impl Lexeme {
    pub(crate) fn new(token: Token, span: Span) -> Self {
        Self { token, span, verb: false }
    }
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word { text, .. } => Some(text),
            _ => None,
        }
    }
    pub(crate) fn is_mark(&self, marks: &[char]) -> bool {
        matches!(&self.token, Token::Mark(m) if marks.contains(m))
    }
}

/// All tokens of a text.
pub(crate) fn lex(text: &str) -> Vec<Lexeme> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map_or(text.len(), |c| c.0);
    let get = |i: usize| chars.get(i).map(|c| c.1);
    let mut out = Vec::new();
    let mut i = 0;
    let spoken = script::lines(text);
    while let Some(c) = get(i) {
        let begin = i;
        if let Some((from, to)) = spoken.iter().find(|s| s.0 == at(i)) {
            out.push(Lexeme::new(Token::Quote(text[*from..*to].to_owned()), Span::new(*from, *to)));
            i = chars.partition_point(|c| c.0 < *to);
            continue;
        }
        if let Some(end) = quote_end(&chars, i) {
            let inside = text[at(i + 1)..at(end)].trim();
            out.push(Lexeme::new(Token::Quote(inside.to_owned()), Span::new(at(begin), at(end + 1))));
            i = end + 1;
            continue;
        }
        if c.is_ascii_digit() {
            while get(i).is_some_and(|d| d.is_ascii_digit()) || (get(i) == Some('.') && get(i + 1).is_some_and(|d| d.is_ascii_digit())) {
                i += 1;
            }
            let value = text[at(begin)..at(i)].parse().unwrap_or(0.0);
            out.push(Lexeme::new(Token::Number(value), Span::new(at(begin), at(i))));
        } else if c.is_alphabetic() {
            while get(i).is_some_and(char::is_alphabetic) || (matches!(get(i), Some('\'' | '’')) && get(i + 1).is_some_and(char::is_alphabetic)) {
                i += 1;
            }
            let raw = text[at(begin)..at(i)].replace('’', "'");
            push_word(&mut out, &raw, at(begin), at(i));
        } else {
            i += 1;
            match c {
                '\n' | ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']' => out.push(Lexeme::new(Token::Mark(c), Span::new(at(begin), at(i)))),
                '-' if get(begin.wrapping_sub(1)).is_some_and(char::is_alphanumeric) && get(i).is_some_and(char::is_alphanumeric) => {}
                '-' | '–' | '—' => out.push(Lexeme::new(Token::Mark('-'), Span::new(at(begin), at(i)))),
                '…' => out.push(Lexeme::new(Token::Mark('.'), Span::new(at(begin), at(i)))),
                '&' => out.push(Lexeme::new(Token::Word { text: "and".into(), capital: false }, Span::new(at(begin), at(i)))),
                _ => {}
            }
        }
    }
    out
}

/// A word, its possessive ending as a word of its own: "girl's" is "girl" and "'s".
fn push_word(out: &mut Vec<Lexeme>, raw: &str, start: usize, end: usize) {
    let lower = raw.to_lowercase();
    let capital = raw.chars().next().is_some_and(char::is_uppercase);
    let word = |text: &str, capital| Token::Word { text: text.to_owned(), capital };
    let contracted = matches!(lower.as_str(), "it's" | "he's" | "she's" | "there's" | "that's" | "let's" | "who's");
    if let Some(stem) = lower.strip_suffix("'s") {
        let cut = end.saturating_sub(2).max(start);
        out.push(Lexeme::new(word(stem, capital), Span::new(start, cut)));
        out.push(Lexeme::new(word(if contracted { "is" } else { "'s" }, false), Span::new(cut, end)));
    } else {
        out.push(Lexeme::new(word(&lower, capital), Span::new(start, end)));
    }
}

/// The marks that close a quotation which begins with this one; none if it does not open any. Single ones may be apostrophes and
/// are not among them.
pub(crate) fn closing(open: char) -> Option<&'static [char]> {
    Some(match open {
        '"' => &['"', '”'],
        '“' | '„' => &['”', '"', '“'],
        '«' => &['»'],
        '「' => &['」'],
        '『' => &['』'],
        _ => return None,
    })
}

/// Where the quotation that opens at `i` closes.
fn quote_end(chars: &[(usize, char)], i: usize) -> Option<usize> {
    let open = chars[i].1;
    let close = match open {
        '‘' => &['’'],
        '\'' => &['\''],
        _ => closing(open)?,
    };
    let single = open == '\'' || open == '‘';
    let free = |k: Option<&(usize, char)>| k.is_none_or(|c| !c.1.is_alphanumeric());
    if single && i > 0 && !free(chars.get(i - 1)) {
        return None;
    }
    let end = (i + 1..chars.len()).find(|k| close.contains(&chars[*k].1) && (!single || free(chars.get(k + 1))))?;
    chars[i + 1..end].iter().any(|c| c.1.is_alphanumeric()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let show = |l: &Lexeme| match &l.token {
            Token::Word { text, .. } => text.clone(),
            Token::Number(n) => format!("#{n}"),
            Token::Quote(q) => format!("<{q}>"),
            Token::Mark(m) => m.to_string(),
        };
        lex(text).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_numbers_quotes_and_marks() {
        assert_eq!(shown("A close-up: the girl's dog, 2.5s"), "a close up : the girl 's dog , #2.5 s", "hyphens and possessives part");
        assert_eq!(shown("‘It’s me!’ she says. \"No.\""), "<It’s me!> she says . <No.>", "quotes keep their words");
        assert_eq!(shown("\"unclosed words"), "unclosed words", "an open quotation is no quotation");
    }
}
