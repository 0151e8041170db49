//! Other languages than English: a prompt is brought into the words and the order of English, and then read as English
//! is. One grammar decides what a sentence means, so that five languages cannot disagree; every word keeps the place in
//! the prompt that it came from, and a word that is not known comes through as it was written, to be warned about.
//!
//! # Steps
//! 1. *Dictionary*: the names of the vocabulary in that language, and a table of other words with their class.
//! 2. *Pieces*: the text is cut into words by the longest match ([`chinese`], [`japanese`]) or at blanks, undoing
//!    inflection ([`korean`], [`spanish`]).
//! 3. *Order*: pieces become phrases in the order of English ([`chinese`], [`spanish`], [`verb_last`]).

mod chinese;
mod dictionary;
mod japanese;
mod korean;
mod phrase;
mod spanish;
mod verb_last;

use crate::english::lex::Lexeme;
use crate::language::Tongue;
use kinora_vocabulary::Vocabulary;

/// A prompt as the words of an English one.
pub(crate) fn transfer(text: &str, tongue: Tongue, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    match tongue {
        Tongue::Chinese => chinese::transfer(text, vocabulary),
        Tongue::Japanese => japanese::transfer(text, vocabulary),
        Tongue::Korean => korean::transfer(text, vocabulary),
        Tongue::Spanish => spanish::transfer(text, vocabulary),
        Tongue::English => crate::english::lex::lex(text),
    }
}

#[cfg(test)]
mod tests;
