//! Why a prompt cannot become a plan.

/// A prompt that cannot become a plan: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectorError {
    /// There are no words.
    #[error("the prompt is empty: write who does what, and where, such as \"a red fox walks through a snowy forest at sunset\"")]
    Empty,
    /// There are too many words.
    #[error("the prompt has {characters} characters; it may have at most {limit}: shorten it, or write a plan by hand")]
    TooLong {
        /// How many it has.
        characters: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Another language than those that are read today.
    #[error("the prompt seems to be in {language}, not yet understood; write it in English, Chinese, Japanese, Korean or Spanish")]
    Language {
        /// The language's or the script's English name.
        language: &'static str,
    },
    /// Nothing in the prompt can be shown.
    #[error("the prompt names nothing that is known: {}{}", quoted(unknown), near(nearest))]
    NoSubject {
        /// The words that were not known.
        unknown: Vec<String>,
        /// Known words that are near, or some that could be used.
        nearest: Vec<String>,
    },
}

/// Words that an error names.
const MOST_QUOTED: usize = 8;

fn quoted(words: &[String]) -> String {
    if words.is_empty() {
        return "no person, creature, vehicle, thing or place was found".into();
    }
    let mut distinct: Vec<&String> = Vec::new();
    words.iter().for_each(|w| {
        if !distinct.contains(&w) {
            distinct.push(w)
        }
    });
    let more = distinct.len().saturating_sub(MOST_QUOTED);
    let list = distinct.iter().take(MOST_QUOTED).map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{list} and {more} more") } else { list }
}

fn near(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!("; known words are, for example: {}", words.join(", ")) }
}
