//! What is said: who says a quotation, how, in which language, and how it is heard.
//!
//! Around a quotation stand its *tag* ("whispers the girl", "a voice on the phone says") and its *qualities* ("angrily",
//! "in Spanish", "from outside", "to her mother"). Both are read from tables here; other languages are brought to them.

use super::inflect::{Form, verb_forms};
use super::lex::{Lexeme, Token};
use super::noun::{Phrase, mention};
use super::reader::Reader;
use super::sayings::{DEVICES, FROM, LANGUAGES, MACHINES, NARRATORS, OWNERS, QUALITIES, SOUNDS, THROUGH, TOGETHER, TURNS, VERBS, VOICES, WRITTEN};
use super::verb;
use crate::script::{Goal, Mention, Order, Speaker, Speech, What};
use kinora_base::{Span, Warning, WarningKind};
use kinora_plan::Heard;
use kinora_plan::speech::Manner;
use kinora_vocabulary::Kind;

/// What stands beside a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Qualities {
    pub(crate) manner: Manner,
    pub(crate) heard: Option<Heard>,
    pub(crate) language: Option<&'static str>,
    pub(crate) to: Option<Mention>,
    /// All say it at once.
    pub(crate) together: bool,
}

impl Qualities {
    /// Fills what is not said yet.
    fn or(&mut self, other: Self) {
        self.manner = self.manner.or(other.manner);
        self.heard = self.heard.or(other.heard);
        self.language = self.language.or(other.language);
        self.to = self.to.take().or(other.to);
        self.together |= other.together;
    }
}

/// A verb of saying: what it says of the manner, how many words it has, and whether it is thought.
pub(super) struct Saying {
    manner: &'static str,
    words: usize,
    form: Form,
    thought: bool,
    /// It says nothing but that something is said.
    plain: bool,
}

pub(super) fn saying(words: &[&str]) -> Option<Saying> {
    let first = words.first()?;
    for (plain, form) in verb_forms(first) {
        let two = words.get(1).map(|w| format!("{plain} {w}"));
        for (manner, verbs) in VERBS {
            let words = if two.as_ref().is_some_and(|t| verbs.contains(&t.as_str())) {
                2
            } else if verbs.contains(&plain.as_str()) {
                1
            } else {
                continue;
            };
            return Some(Saying {
                manner,
                words,
                form,
                thought: plain == "think",
                plain: manner.is_empty() || matches!(*manner, "whisper" | "murmur" | "ask"),
            });
        }
    }
    None
}

/// The phrase of a table that begins here, the longest, with its number of words.
fn phrase<T: Copy>(table: &[(T, &'static [&'static str])], words: &[&str]) -> Option<(T, usize)> {
    let fits = |p: &str| p.split(' ').count() <= words.len() && p.split(' ').zip(words).all(|(a, b)| a == *b);
    let found = table.iter().flat_map(|(t, list)| list.iter().map(move |p| (*t, *p))).filter(|(_, p)| fits(p));
    found.map(|(t, p)| (t, p.split(' ').count())).max_by_key(|f| f.1)
}

/// "Over the radio", "on her phone", and in how many words.
fn device(words: &[&str]) -> Option<(Heard, usize)> {
    let first = words.first().filter(|w| THROUGH.contains(w))?;
    let at = 1 + usize::from(words.get(1).is_some_and(|w| matches!(*w, "the" | "a" | "an" | "his" | "her" | "their")));
    let used = named(&words[at.min(words.len())..], DEVICES)?;
    // "By radio", but not "by the phone" on the table.
    (*first != "by" || at == 1).then_some((Heard::Phone, at + used))
}

/// How many words of a list's entry begin here.
fn named(words: &[&str], list: &[&str]) -> Option<usize> {
    (1..=words.len().min(2)).rev().find(|n| list.contains(&words[..*n].join(" ").as_str()))
}

impl Reader<'_, '_> {
    fn tokens_at(&self, at: usize) -> &[Lexeme] {
        &self.nouns.tokens[at.min(self.nouns.tokens.len())..]
    }

    /// How far it is to a quotation in this sentence.
    pub(super) fn quote_ahead(&self, at: usize) -> Option<usize> {
        let ends = |t: &Lexeme| t.is_mark(&['.', '!', '?', ';', '\n']);
        self.tokens_at(at).iter().take(14).take_while(|t| !ends(t)).position(|t| matches!(t.token, Token::Quote(_)))
    }

    /// The same, or where the next sentence begins with one: "A voice is heard. ..."
    fn quote_next(&self, at: usize) -> Option<usize> {
        let mark = || self.tokens_at(at).iter().take(12).position(|t| t.is_mark(&['.', '!', '?', '\n']));
        self.quote_ahead(at).or_else(|| mark().map(|m| m + 1).filter(|m| self.nouns.tokens.get(at + m).is_some_and(|t| matches!(t.token, Token::Quote(_)))))
    }

    /// What stands beside a line, from `at` on, and where it ends; `after` if the line was before it.
    fn qualities_at(&mut self, at: usize, after: bool) -> (Qualities, usize) {
        let mut out = Qualities::default();
        let mut i = at;
        loop {
            let comma = usize::from(self.nouns.tokens.get(i).is_some_and(|t| t.is_mark(&[','])));
            let from = i + comma;
            let words: Vec<String> = self.nouns.words(from).into_iter().map(str::to_owned).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let skip = usize::from(words.first().is_some_and(|w| matches!(*w, "very" | "so" | "quite" | "really" | "and")));
            let rest = &words[skip.min(words.len())..];
            let heads = matches!(words[..], ["both" | "all", ..]) && self.nouns.lexicon.noun(&words[1..]).is_some();
            if let Some(used) = phrase(TOGETHER, rest).map(|f| f.1).filter(|_| !heads && (rest[0] != "both" || !self.clause.subjects.is_empty())) {
                out.together = true;
                i = from + skip + used;
            } else if let ["the" | "these" | "this", "words" | "word" | "phrase" | "sentence", ..] = words[..]
                && self.nouns.tokens[(from + 2).min(self.nouns.tokens.len() - 1)..]
                    .iter()
                    .find(|t| !t.is_mark(&[',', ':']))
                    .is_some_and(|t| matches!(t.token, Token::Quote(_)))
            {
                i = from + 2;
            } else if let Some((manner, used)) = phrase(QUALITIES, rest) {
                out.manner = out.manner.or(Manner::of(Some(manner)));
                i = from + skip + used;
            } else if let Some((heard, used)) = phrase(FROM, &words).or_else(|| device(&words)) {
                out.heard = out.heard.or(Some(heard));
                i = from + used;
            } else if let ["in", language, ..] = words[..]
                && let Some((_, code)) = LANGUAGES.iter().find(|(name, _)| *name == language)
            {
                out.language = Some(code);
                i = from + 2;
            } else if let Some((manner, next)) = self.tone(from) {
                out.manner = out.manner.or(manner);
                i = next;
            } else if let Some((to, next)) = self.listener(from, &words, after) {
                out.to = Some(to);
                i = next;
            } else {
                return (out, i);
            }
        }
    }

    /// "in a low, trembling voice".
    fn tone(&self, at: usize) -> Option<(Manner, usize)> {
        self.word(at).filter(|w| matches!(*w, "in" | "with"))?;
        let end = (at + 1..at + 8).find(|k| self.word(*k).is_some_and(|w| matches!(w, "voice" | "tone")))?;
        let between = (at + 1..end).all(|k| {
            self.nouns.tokens[k].is_mark(&[','])
                || self.word(k).is_some_and(|w| !super::noun::is_function(w) || matches!(w, "a" | "his" | "her" | "and" | "an"))
        });
        let of = |word: &str| VOICES.iter().find(|(_, list)| list.contains(&word)).map(|(m, _)| Manner::of(Some(m)));
        let manner = (at + 1..end).filter_map(|k| self.word(k).and_then(of)).fold(Manner::default(), Manner::or);
        between.then_some((manner, end + 1))
    }

    /// "to her mother", where it is certain that somebody is spoken to.
    fn listener(&mut self, at: usize, words: &[&str], after: bool) -> Option<(Mention, usize)> {
        if !after || !matches!(words.first(), Some(&"to" | &"at")) || !self.nouns.begins(at + 1) {
            return None;
        }
        let (warned, unknown) = (self.nouns.warnings.len(), self.nouns.unknown.len());
        if let Some(read) = self.nouns.read(at + 1)
            && let Phrase::Mention(m) = read.phrase
            && matches!(
                m.what,
                What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) | What::He | What::She | What::They | What::Camera | What::Nth(_)
            )
        {
            return Some((m, read.next));
        }
        self.nouns.warnings.truncate(warned);
        self.nouns.unknown.truncate(unknown);
        None
    }

    /// Words that belong to the line to come: "angrily", "in a low voice", "over the radio".
    pub(crate) fn beside(&mut self, words: &[&str]) -> bool {
        if self.quote_ahead(self.i).is_none() {
            return false;
        }
        let spoken = self.clause.action.as_ref().is_some_and(|a| a.speech);
        let far = |p: &str| matches!(p, "outside" | "in" | "behind" | "through") && words[0] != "behind";
        let (found, next) = self.qualities_at(self.i, false);
        if next == self.i {
            return false;
        }
        // Beside another verb it is a feeling at most: who walks quietly does not murmur.
        if !spoken && saying(&self.nouns.words(next)).is_none() && (found.heard.is_none() || far(words[0])) {
            self.beside.manner = self.beside.manner.or(Manner { delivery: None, ..found.manner });
            return false;
        }
        self.beside.or(found);
        self.i = next;
        true
    }

    /// A verb that a quotation hangs on: "sobs", "begs", "cheers".
    pub(super) fn says(&mut self, at: usize, words: &[&str]) -> Option<verb::Verb> {
        let found = saying(words)?;
        let next = at + found.words;
        let ahead = self.quote_ahead(next)?;
        // The last verb before the quotation is the one.
        let joined = |k: usize| self.word(k).is_some_and(|w| matches!(w, "and" | "then"));
        let later = (next..next + ahead).any(|k| joined(k) && saying(&self.nouns.words(k + 1)).is_some_and(|s| s.form != Form::Plain));
        if later {
            // "She laughs and says": what she does first colours what she says.
            self.beside.manner = self.beside.manner.or(Manner { delivery: None, ..Manner::of(Some(found.manner)) });
            return None;
        }
        if !self.phones(at) {
            self.beside.manner = Manner::of(Some(found.manner)).or(self.beside.manner);
        }
        // "A woman and a man say": both do, but who talk take turns.
        let marks = |t: &&Lexeme| t.is_mark(&[',', '.', '-', '\n']);
        let more = self.tokens_at(next + ahead + 1).iter().find(|t| !marks(t)).is_some_and(|t| matches!(t.token, Token::Quote(_)));
        self.beside.together |= found.form == Form::Plain && !more && !verb::is_any(words[0], TURNS);
        if found.thought {
            self.beside.heard = Some(Heard::Over);
        }
        let own = self.nouns.lexicon.motion(&words[..1]).filter(|(m, _)| !matches!(m.id.as_str(), "talk" | super::reader::PHONE));
        if own.is_some() || !self.nouns.lexicon.has(Kind::Motion, "talk") {
            return None;
        }
        Some(verb::Verb { motion: "talk".into(), near: None, lemma: "say".into(), form: found.form, words: found.words })
    }

    /// "A voice from outside calls", "a narrator says", "the loudspeaker announces": who speaks unseen. Reads on to the
    /// quotation; without one these words mean something else.
    pub(crate) fn voice(&mut self) -> bool {
        let begin = self.i;
        let Some(ahead) = self.quote_next(begin) else { return false };
        let (first, at) = self.qualities_at(begin, false);
        let words: Vec<String> = self.nouns.words(at).into_iter().map(str::to_owned).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let stops = |w: &str| matches!(w, "and" | "while" | "who" | "with" | "in" | "on" | "of" | "from" | "to") || saying(&[w]).is_some();
        let reach = words.iter().take_while(|w| !stops(w)).count();
        let named = |k: usize, list: &[&str]| named(&words[k..], list).unwrap_or(0);
        let heads = (0..reach).filter_map(|k| {
            let narrator = named(k, NARRATORS);
            let machine = named(k, MACHINES);
            match () {
                () if narrator > 0 => Some((k, narrator, Some(Heard::Over))),
                () if machine > 0 && (k == 0 || k == 1) => Some((k, machine, Some(Heard::Phone))),
                () if matches!(words[k], "voice" | "voices" | "whisper") && k > 0 || words[k] == "voice" => Some((k, 1, None)),
                () => None,
            }
        });
        let Some((head, used, kind)) = heads.into_iter().next() else { return false };
        let Some((mut tag, end)) = self.tag(at + head + used, begin + ahead) else { return false };
        tag.or(first);
        let who = if kind == Some(Heard::Over) { Speaker::Narrator } else { Speaker::Unseen(self.owner(at, head)) };
        self.end_clause(Order::Then);
        self.unseen = Some(who);
        self.beside = Qualities { heard: tag.heard.or(kind), ..tag };
        self.i = end;
        true
    }

    /// What stands between a voice and its quotation; none if that is about something else.
    fn tag(&mut self, at: usize, quote: usize) -> Option<(Qualities, usize)> {
        let mut out = Qualities::default();
        let mut i = at;
        while i < quote {
            let (found, next) = self.qualities_at(i, true);
            out.or(found);
            i = next;
            let words: Vec<&str> = self.nouns.words(i);
            if let Some(found) = saying(&words) {
                out.manner = Manner::of(Some(found.manner)).or(out.manner);
                i += found.words;
            } else if words.first().is_some_and(|w| SOUNDS.contains(w)) || self.nouns.tokens[i].is_mark(&[',', ':', '-', '(', ')', '.']) {
                i += 1;
            } else if let Some(next) = self.resounds(i) {
                i = next;
            } else if i < quote {
                return None;
            }
        }
        Some((out, quote))
    }

    /// "echoes through the cave": where a voice is heard.
    fn resounds(&mut self, at: usize) -> Option<usize> {
        self.word(at).filter(|w| matches!(*w, "through" | "across" | "in" | "over" | "from" | "around"))?;
        let read = self.nouns.read(at + 1)?;
        let Phrase::Setting(setting) = read.phrase else { return None };
        super::reader::merge_setting(&mut self.clause, &setting);
        Some(read.next)
    }

    /// Whose voice it is: "her mother's voice", "a man's voice", "a deep voice", or anybody's.
    fn owner(&mut self, from: usize, at: usize) -> Mention {
        let span = self.span(from, from + at + 1);
        let words: Vec<String> = (from..from + at).filter_map(|k| self.word(k)).map(str::to_owned).collect();
        if words.last().is_some_and(|w| w == "'s") {
            let tokens = &self.nouns.tokens[from..from + at - 1];
            let mut inner = super::noun::Nouns {
                lexicon: self.nouns.lexicon,
                tokens,
                tags: Vec::new(),
                warnings: Vec::new(),
                unknown: Vec::new(),
                pictureless: Vec::new(),
            };
            if let Some(read) = inner.read(0)
                && let Phrase::Mention(m) = read.phrase
                && matches!(m.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..))
            {
                return m;
            }
        }
        let word = OWNERS.iter().find(|(_, list)| words.iter().any(|w| list.contains(&w.as_str()))).map_or("man", |(w, _)| w);
        let mut who = mention(What::Entry(Kind::Person, word.into()), span, false);
        // "The voice" is the one that was heard before.
        who.another = words.first().is_none_or(|w| w != "the");
        who.definite = !who.another;
        who
    }

    pub(crate) fn quote(&mut self, text: String) {
        let at = self.i;
        let span = self.nouns.tokens[at].span;
        self.i += 1;
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        if self.written(at) {
            let message = format!("words in the picture are not drawn yet: \"{text}\"");
            self.nouns.warnings.push(Warning::new(WarningKind::Unsupported, message).at(span));
            return;
        }
        let mut qualities = std::mem::take(&mut self.beside);
        let unseen = self.unseen.take();
        // 'The boy whispers: "Not yet." The mother sighs.'
        let announced =
            at > 0 && self.nouns.tokens[at - 1].is_mark(&[':']) && self.clause.action.as_ref().is_some_and(|a| a.speech) && !self.clause.subjects.is_empty();
        // Nothing but marks since the line before: the other one speaks, or the same one after a tag.
        let follows = self.last_line.filter(|end| (*end..at).all(|k| self.nouns.tokens[k].is_mark(&[',', '.', '-', '\n', ':', ';'])));
        let who = if unseen.is_some() {
            unseen
        } else if let Some((speaker, next, how)) = self.speaker_after(&text).filter(|_| !announced) {
            // '"Hello!" says the girl': the speaker comes after.
            self.i = next;
            qualities.or(how);
            Some(speaker)
        } else if follows.is_some() {
            Some(if self.tagged { Speaker::Same } else { Speaker::Other })
        } else {
            let acting = self.clause.action.as_ref().is_some_and(|a| a.speech);
            // "The king says to a knight who kneels: ...": who was spoken to does not speak.
            let asks = |c: &&crate::script::Clause| {
                let to = c.action.as_ref().filter(|a| a.speech).and_then(|a| match &a.target {
                    Some(Goal::Mention(m)) => Some(m),
                    _ => a.with.as_ref(),
                });
                c.lines.is_empty() && !acting && to.is_some_and(|to| self.clause.subjects.last().is_some_and(|m| m.span == to.span))
            };
            let asked = self.clauses.last().filter(asks).map(|c| &c.subjects).filter(|s| !s.is_empty());
            let own = match asked {
                Some(subjects) => subjects,
                None if self.clause.subjects.is_empty() && acting => &self.subjects,
                None => &self.clause.subjects,
            };
            let several = qualities.together && (own.len() > 1 || own.iter().any(|m| m.what == What::They || m.count > 1));
            if several { Some(Speaker::Several(own.clone())) } else { own.last().map(|s| Speaker::Mention(s.clone())) }
        };
        // "..." she says softly, "...": both parts.
        if matches!(who, Some(Speaker::Same)) {
            qualities.manner = qualities.manner.or(self.last_manner);
        }
        let tagged_after = self.i > at + 1;
        let (after, next) = self.qualities_at(self.i, true);
        let new_sentence = self.nouns.tokens.get(self.i).is_some_and(|t| matches!(t.token, Token::Word { capital: true, .. }));
        if !new_sentence {
            qualities.or(after);
            self.i = next;
        }
        // "..." they say at once; "..." say the man and the woman.
        let who = match who {
            Some(Speaker::Mention(m)) if m.what == What::They || qualities.together && m.count > 1 => Some(Speaker::Several(vec![m])),
            other => other,
        };
        // "From the loudspeaker: ..."
        let far = matches!(qualities.heard, Some(Heard::Phone | Heard::OffScreen));
        let who = who.or_else(|| far.then(|| Speaker::Unseen(self.owner(at, 0))));
        if let Some(to) = &qualities.to {
            self.clause.extras.push(to.clone());
        }
        let to = qualities.to.or_else(|| self.clause.action.as_ref().filter(|a| a.speech).and_then(|a| a.with.clone()));
        let text = text.trim_end_matches([',', '，', '、']).to_owned();
        self.last_manner = qualities.manner;
        let ends = text.ends_with(['.', '!', '?', '…', '。', '！', '？']);
        self.clause.lines.push(Speech {
            span,
            text,
            who: who.unwrap_or(Speaker::Last),
            manner: qualities.manner,
            heard: qualities.heard,
            language: qualities.language,
            to,
        });
        (self.last_line, self.tagged) = (Some(self.i), tagged_after);
        (self.conjunction, self.comma) = (false, false);
        if ends && !matches!(self.word(self.i), Some("to" | "at" | "and" | "while" | "in" | "on" | "with" | "near")) {
            self.end_clause(Order::Then);
            self.anchor = None;
        }
    }

    /// Whether the quotation is written somewhere: "a sign that says", "titled".
    fn written(&self, at: usize) -> bool {
        let before: Vec<&str> = (at.saturating_sub(5)..at).rev().map_while(|k| self.word(k)).collect();
        let Some(n) = before.iter().position(|w| WRITTEN.contains(w)) else { return false };
        // What stands on signs has been taken out before (`lettering`): who holds one and says something says it, and so do "the words".
        let thing = |m: &Mention| matches!(m.what, What::Entry(Kind::Prop | Kind::Vehicle, _) | What::It);
        let somebody = self.clause.subjects.last().or_else(|| self.subjects.last()).is_some_and(|m| !thing(m));
        let verb = before.iter().position(|w| !matches!(*w, "the" | "these" | "this" | "words" | "word" | "following"));
        let finite = |k: usize| saying(&[before[k]]).is_some_and(|s| s.form != Form::Ing) && !matches!(before.get(k + 1), Some(&("that" | "which" | "it")));
        if somebody && verb.is_some_and(finite) {
            return false;
        }
        // "A girl reads" aloud.
        before[..n]
            .iter()
            .all(|w| matches!(*w, "that" | "which" | "says" | "saying" | "with" | "the" | "words" | "reading" | "reads" | "of" | "on" | "it" | "a"))
            && !(before[n] == "reads" && self.clause.subjects.last().is_some_and(|m| !matches!(m.what, What::Entry(Kind::Prop, _))))
    }

    /// A tag after a quotation: "says the girl", "the girl says softly", "a voice answers from outside".
    fn speaker_after(&mut self, text: &str) -> Option<(Speaker, usize, Qualities)> {
        let mut at = self.i;
        let comma = text.ends_with([',', '，', '、']) || self.nouns.tokens.get(at).is_some_and(|t| t.is_mark(&[',', '-']));
        while self.nouns.tokens.get(at).is_some_and(|t| t.is_mark(&[',', '-'])) {
            at += 1;
        }
        let fresh = !comma && matches!(self.nouns.tokens.get(at).map(|t| &t.token), Some(Token::Word { capital: true, .. }));
        let (mut how, start) = if fresh { (Qualities::default(), at) } else { self.qualities_at(at, false) };
        let words: Vec<String> = self.nouns.words(start).into_iter().map(str::to_owned).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // "says the girl"
        if let Some(v) = saying(&words).filter(|v| v.form != Form::Ing) {
            let (before, next) = self.qualities_at(start + v.words, false);
            let (speaker, next) = self.speaker(next)?;
            let (speaker, next) = self.joined(speaker, next, v.form == Form::Plain);
            how.or(Qualities { manner: Manner::of(Some(v.manner)), heard: v.thought.then_some(Heard::Over), ..Qualities::default() });
            how.or(before);
            return Some((speaker, next, how));
        }
        if !self.nouns.begins(start) && !self.names_somebody(start) {
            return None;
        }
        let (warned, unknown) = (self.nouns.warnings.len(), self.nouns.unknown.len());
        if let Some((speaker, next)) = self.speaker(start) {
            let (speaker, next) = self.joined(speaker, next, true);
            let (before, verb) = self.qualities_at(next, false);
            let words = self.nouns.words(verb);
            if let Some(v) = saying(&words).filter(|v| v.form != Form::Ing && (!fresh || v.plain)) {
                let end = verb + v.words;
                // In a new sentence, a tag before a quotation is that one's.
                let again = !comma && self.quote_ahead(end).is_some_and(|n| n < 8);
                if !again {
                    how.or(Qualities { manner: Manner::of(Some(v.manner)), heard: v.thought.then_some(Heard::Over), ..Qualities::default() });
                    how.or(before);
                    return Some((speaker, end, how));
                }
            }
        }
        self.nouns.warnings.truncate(warned);
        self.nouns.unknown.truncate(unknown);
        None
    }

    /// Whether what follows is a verb that a quotation hangs on.
    pub(super) fn says_something(&self) -> bool {
        saying(&self.nouns.words(self.i)).is_some() && self.quote_ahead(self.i).is_some() && self.nouns.lexicon.has(Kind::Person, "man")
    }

    /// Somebody whose noun is not known, but who speaks.
    pub(super) fn somebody(&self, from: usize) -> Mention {
        let mut who = mention(What::Entry(Kind::Person, "man".into()), self.span(from, self.i), false);
        who.traits.called = self.word(self.i - 1).map(str::to_owned);
        who
    }

    /// Who speaks, where a tag names it; an unseen voice is one.
    fn speaker(&mut self, at: usize) -> Option<(Speaker, usize)> {
        let words = self.nouns.words(at);
        let voice = words.iter().take(5).take_while(|w| saying(&[**w]).is_none()).position(|w| *w == "voice" || NARRATORS.contains(w));
        if let Some(k) = voice {
            let narrator = NARRATORS.contains(&words[k]) || words.get(k + 1) == Some(&"over");
            let used = k + 1 + usize::from(words.get(k + 1) == Some(&"over"));
            let who = if narrator { Speaker::Narrator } else { Speaker::Unseen(self.owner(at, k)) };
            return Some((who, at + used));
        }
        if self.names_somebody(at) && !self.nouns.begins(at) {
            let (name, span) = self.stranger(at)?;
            let mut m = mention(What::Named(Kind::Person, "woman".into()), span, true);
            m.name = Some(name);
            return Some((Speaker::Mention(m), at + 1));
        }
        let read = self.nouns.read(at)?;
        match read.phrase {
            Phrase::Mention(m) if !matches!(m.what, What::Bare | What::Camera) => Some((Speaker::Mention(m), read.next)),
            _ => None,
        }
    }

    /// "The man and the woman": both, if several may be meant.
    fn joined(&mut self, first: Speaker, next: usize, many: bool) -> (Speaker, usize) {
        let Speaker::Mention(m) = &first else { return (first, next) };
        if many
            && self.word(next) == Some("and")
            && self.nouns.begins(next + 1)
            && let Some((Speaker::Mention(other), end)) = self.speaker(next + 1)
            && saying(&self.nouns.words(end)).is_none_or(|s| s.form == Form::Plain)
        {
            return (Speaker::Several(vec![m.clone(), other]), end);
        }
        (first, next)
    }

    /// Whether a word with a capital letter that nothing else is known of stands here.
    fn names_somebody(&self, at: usize) -> bool {
        matches!(self.nouns.tokens.get(at).map(|t| &t.token), Some(Token::Word { text, capital: true }) if saying(&[text.as_str()]).is_none() && !super::noun::is_function(text))
            && self.nouns.lexicon.has(Kind::Person, "woman")
    }

    fn stranger(&self, at: usize) -> Option<(String, Span)> {
        let word = self.word(at)?;
        let name = word.chars().next()?.to_uppercase().chain(word.chars().skip(1)).collect();
        Some((name, self.span(at, at + 1)))
    }
}
