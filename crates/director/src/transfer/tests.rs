//! The same film in five languages is the same plan.

use super::transfer;
use crate::english::lex::{Lexeme, Token};
use crate::language::of_prompt;
use crate::{Prompt, direct};
use kinora_vocabulary::Vocabulary;

fn english(text: &str, vocabulary: &Vocabulary) -> String {
    let show = |l: &Lexeme| match &l.token {
        Token::Word { text, .. } => text.clone(),
        Token::Number(n) => n.to_string(),
        Token::Quote(q) => format!("\"{q}\""),
        Token::Mark(m) => m.to_string(),
    };
    transfer(text, of_prompt(text).expect("a language that is read"), vocabulary).iter().map(show).collect::<Vec<_>>().join(" ")
}

/// A plan without what must differ: the prompt itself, and places in it.
fn essence(text: &str, vocabulary: &Vocabulary) -> serde_json::Value {
    let prompt = Prompt { text: text.to_owned(), ..Prompt::default() };
    let plan = direct(&prompt, vocabulary).unwrap_or_else(|e| panic!("{text}: {e}")).output;
    let mut value = serde_json::to_value(plan).expect("plans are data");
    strip(&mut value);
    value
}

fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            for key in ["span", "prompt", "title", "language", "warnings"] {
                map.remove(key);
            }
            map.values_mut().for_each(strip);
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Where two values differ.
fn differences(a: &serde_json::Value, b: &serde_json::Value, path: &str, out: &mut Vec<String>) {
    use serde_json::Value::{Array, Object};
    match (a, b) {
        (Object(x), Object(y)) => {
            let keys: std::collections::BTreeSet<&String> = x.keys().chain(y.keys()).collect();
            for key in keys {
                let null = serde_json::Value::Null;
                differences(x.get(key).unwrap_or(&null), y.get(key).unwrap_or(&null), &format!("{path}.{key}"), out);
            }
        }
        (Array(x), Array(y)) if x.len() == y.len() => {
            for (k, (a, b)) in x.iter().zip(y).enumerate() {
                differences(a, b, &format!("{path}[{k}]"), out);
            }
        }
        _ if a != b => out.push(format!("{path}: {a} is {b}")),
        _ => {}
    }
}

#[test]
fn the_same_film_in_five_languages_is_the_same_plan() {
    let vocabulary = Vocabulary::builtin().expect("our own vocabulary");
    let only = std::env::var("ONLY").ok();
    let mut wrong = Vec::new();
    for line in include_str!("films.txt").split("\n\n").filter(|l| !l.trim().is_empty()) {
        let mut lines = line.lines();
        let source = lines.next().expect("English first");
        let expected = essence(source, &vocabulary);
        for other in lines.filter(|l| only.as_ref().is_none_or(|o| of_prompt(l).is_ok_and(|t| t.code() == o))) {
            let mut different = Vec::new();
            differences(&expected, &essence(other, &vocabulary), "", &mut different);
            if !different.is_empty() {
                different.truncate(5);
                wrong.push(format!("{source}\n  {other}\n  = {}\n    {}", english(other, &vocabulary), different.join("\n    ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
