//! The passive is turned round before anything else is read: "the door is opened by a girl" is "a girl opens the door".
//! Words keep the places in the prompt that they came from. Only somebody or an animal acts so: "a book is read by the window" stays.

use super::inflect::{Form, verb_forms};
use super::lex::{Lexeme, Token};
use super::lexicon::Lexicon;
use super::verb;
use kinora_vocabulary::Kind;

/// Words that a clause begins after.
const STARTS: &[&str] = &["and", "then", "while", "when", "as", "but", "until", "before", "after", "that", "who", "which", "because"];
const AUXILIARIES: &[&str] = &["is", "are", "was", "were", "gets", "get", "being", "been", "be"];
/// No clause that is turned round has a longer subject or agent, in words.
const LONGEST: usize = 7;

/// The words with every passive turned round; `written` in English, or brought over from another language with plain verbs.
pub(super) fn turned(lexicon: &Lexicon<'_>, mut tokens: Vec<Lexeme>, written: bool) -> Vec<Lexeme> {
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].word().filter(|w| *w == "by").and_then(|_| passive(lexicon, &tokens, at, written)) {
            Some(found) => {
                let next = found.end;
                found.turn(&mut tokens);
                at = next;
            }
            None => at += 1,
        }
    }
    tokens
}

/// A passive clause: subject, auxiliaries and adverbs, participle, "by", agent.
struct Passive {
    start: usize,
    auxiliary: usize,
    participle: usize,
    /// "Blown out": whether a particle follows.
    particle: bool,
    agent: usize,
    end: usize,
    active: String,
}

impl Passive {
    /// Agent, adverbs, verb, what was the subject.
    fn turn(self, tokens: &mut Vec<Lexeme>) {
        let adverbs = tokens[self.auxiliary..self.participle].iter().filter(|t| t.word().is_some_and(|w| !AUXILIARIES.contains(&w)));
        let mut verb = tokens[self.participle].clone();
        verb.token = Token::Word { text: self.active, capital: false };
        let mut clause: Vec<Lexeme> = tokens[self.agent..self.end].to_vec();
        clause.extend(adverbs.cloned());
        clause.push(verb);
        clause.extend(tokens[self.participle + 1..].iter().take(usize::from(self.particle)).cloned());
        clause.extend_from_slice(&tokens[self.start..self.auxiliary]);
        tokens.splice(self.start..self.end, clause);
    }
}

fn passive(lexicon: &Lexicon<'_>, tokens: &[Lexeme], by: usize, written: bool) -> Option<Passive> {
    let word = |at: usize| tokens.get(at).and_then(Lexeme::word);
    let particle = by > 1 && matches!(word(by - 1), Some("out" | "up" | "down" | "off" | "away" | "over"));
    let participle = by.checked_sub(1 + usize::from(particle))?;
    let plain = base(lexicon, word(participle)?, word(by - 1).filter(|_| particle), written)?;
    let mut auxiliary = participle;
    while auxiliary > 0 && word(auxiliary - 1).is_some_and(|w| AUXILIARIES.contains(&w) || w.ends_with("ly")) {
        auxiliary -= 1;
    }
    if !(auxiliary..participle).any(|k| word(k).is_some_and(|w| AUXILIARIES.contains(&w))) {
        return None;
    }
    let mut start = auxiliary;
    while start > 0 && word(start - 1).is_some_and(|w| !STARTS.contains(&w)) {
        start -= 1;
    }
    let (agent, (end, many)) = (by + 1, agent(lexicon, tokens, by + 1)?);
    let fits = start < auxiliary && auxiliary - start <= LONGEST;
    let active = if written && !many { third(&plain) } else { plain };
    fits.then_some(Passive { start, auxiliary, participle, particle, agent, end, active })
}

/// The plain verb of a participle, if it is a verb that is known.
fn base(lexicon: &Lexicon<'_>, word: &str, particle: Option<&str>, written: bool) -> Option<String> {
    let forms = verb_forms(word)
        .into_iter()
        .filter(|(_, form)| *form == Form::Finite || *form == Form::Plain && !written || matches!(word, "hit" | "cut" | "put" | "read"));
    let two = |plain: &str| {
        particle.is_some_and(|p| lexicon.motion(&[plain, p]).is_some_and(|(f, _)| f.words == 2) || verb::near(&[plain, p]).is_some_and(|n| n.1 == 2))
    };
    forms.map(|(plain, _)| plain).find(|plain| (!word.ends_with('s') || !written) && (verb::is_known(lexicon, plain) || two(plain)))
}

/// Where the agent ends, and whether there are several: somebody, an animal or a vehicle.
fn agent(lexicon: &Lexicon<'_>, tokens: &[Lexeme], from: usize) -> Option<(usize, bool)> {
    let word = |at: usize| tokens.get(at).and_then(Lexeme::word);
    if matches!(word(from), Some("him" | "her" | "it" | "them")) && word(from + 1).is_none_or(|w| acts(lexicon, w).is_none()) {
        return Some((from + 1, word(from) == Some("them")));
    }
    let last = (from..from + LONGEST)
        .take_while(|k| word(*k).is_some_and(|w| *k == from || !super::noun::is_function(w)))
        .find(|k| word(*k).is_some_and(|w| acts(lexicon, w).is_some()))?;
    let last = if word(last + 1).is_some_and(|w| acts(lexicon, w).is_some()) { last + 1 } else { last };
    Some((last + 1, word(last).and_then(|w| acts(lexicon, w)) == Some(true)))
}

/// Whether a noun is of somebody who acts, and if so, whether it is a plural.
fn acts(lexicon: &Lexicon<'_>, word: &str) -> Option<bool> {
    let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle];
    if let Some(found) = lexicon.noun(&[word]) {
        return kinds.contains(&found.kind).then_some(found.plural);
    }
    let stand = lexicon.near_noun(&[word]).filter(|s| kinds.contains(&s.kind))?;
    Some(stand.plural)
}

/// What he or she does.
fn third(plain: &str) -> String {
    match plain.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh", "o"].iter().any(|e| plain.ends_with(e)) => format!("{plain}es"),
        _ => format!("{plain}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::english::lex::lex;

    #[test]
    fn passives_are_turned_round() {
        let vocabulary = kinora_vocabulary::Vocabulary::builtin().expect("our own files");
        let lexicon = Lexicon::new(&vocabulary);
        for (text, active) in [
            ("the door is opened by a girl", "a girl opens the door"),
            ("a cake is eaten by two children in a garden", "two children eat a cake in a garden"),
            ("a man walks and a small dog is being chased by an old cat", "a man walks and an old cat chases a small dog"),
            ("the vase was slowly broken by him", "him slowly breaks the vase"),
            ("the candle is blown out by a boy", "a boy blows out the candle"),
            ("a book is read by the window", "a book is read by the window"),
            ("a man stands by a woman", "a man stands by a woman"),
            ("a girl sits by a dog", "a girl sits by a dog"),
        ] {
            let words: Vec<String> = turned(&lexicon, lex(text), true).iter().filter_map(|t| t.word().map(str::to_owned)).collect();
            assert_eq!(words.join(" "), active, "{text}");
        }
    }
}
