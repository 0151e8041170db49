//! When the table of wider words is read, and that all of its words can be read.

use crate::{Options, Prompt, direct, wordnet};
use kinora_vocabulary::Vocabulary;
use std::time::{Duration, Instant};

fn make(text: &str, vocabulary: &Vocabulary) -> Result<kinora_plan::Plan, String> {
    direct(&Prompt { text: text.into(), options: Options::default() }, vocabulary).map(|w| w.output).map_err(|e| e.to_string())
}

#[test]
fn known_words_do_not_touch_the_table() {
    let vocabulary = Vocabulary::builtin().expect("the files of the vocabulary can be read");
    let before = wordnet::LOOKED.with(std::cell::Cell::get);
    for text in [
        "A red fox walks through a snowy forest at dawn.",
        "A girl dances on the beach.",
        "A small dog runs and jumps.",
        "An old man reads a book on a bench, then he looks at the bird.",
    ] {
        assert!(make(text, &vocabulary).is_ok(), "{text}");
        assert_eq!(wordnet::LOOKED.with(std::cell::Cell::get), before, "{text}");
    }
    assert!(make("A labrador runs.", &vocabulary).is_ok());
    assert!(wordnet::LOOKED.with(std::cell::Cell::get) > before);
}

#[test]
fn every_word_of_the_table_gives_a_plan_or_says_what_is_missing() {
    let vocabulary = Vocabulary::builtin().expect("the files of the vocabulary can be read");
    let (mut plans, mut all) = (0, 0);
    for (word, verb) in wordnet::sample(149) {
        let text = if verb { format!("A girl {word}s on a beach.") } else { format!("A {word} on a beach, and two {word}s.") };
        match make(&text, &vocabulary) {
            Ok(plan) => plans += usize::from(!plan.shots.is_empty()),
            Err(error) => assert!(!error.is_empty(), "{text}"),
        }
        all += 1;
    }
    assert!(all > 250 && plans * 10 > all * 9, "{plans} plans of {all}");
}

#[test]
fn the_longest_prompt_of_strange_words_is_read_in_time() {
    let vocabulary = Vocabulary::builtin().expect("the files of the vocabulary can be read");
    let mut text = String::from("A fox. ");
    for (word, _) in wordnet::sample(61).filter(|(_, verb)| !verb) {
        if text.len() + word.len() + 4 > crate::LONGEST_PROMPT {
            break;
        }
        text.push_str("A ");
        text.push_str(word);
        text.push_str(", ");
    }
    let start = Instant::now();
    assert!(make(&text, &vocabulary).is_ok());
    let took = start.elapsed();
    // Without optimisation, on a busy machine, it may take some times what it should.
    assert!(took < Duration::from_millis(1000), "{took:?}");
    println!("{took:?}");
}
