//! Sentences become clauses: who, does what, to whom, where.

use super::inflect::Form;
use super::lex::{Lexeme, Token};
use super::lexicon::Lexicon;
use super::noun::{Nouns, Phrase, is_function, mention};
use super::speech::Qualities;
use super::tag::Tag;
use super::verb::{self, Verb};
use super::{framing, people, pictureless, tables};
use crate::script::{Action, Clause, Goal, Mention, Order, RelationWish, SoundWish, Speaker, What};
use kinora_base::{Span, Warning, WarningKind};
use kinora_plan::speech::Manner;
use kinora_plan::{Garment, RelationKind, ShotSize, State, Target};
use kinora_vocabulary::Kind;

/// Reads one segment.
pub(crate) struct Reader<'a, 'b> {
    pub(crate) nouns: Nouns<'a, 'b>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) no_music: bool,
    pub(crate) mood: Option<String>,
    pub(super) i: usize,
    pub(super) clause: Clause,
    /// Who the next verb without a subject belongs to.
    pub(super) subjects: Vec<Mention>,
    /// What "with", "in" and relations belong to.
    pub(super) anchor: Option<Mention>,
    pub(super) conjunction: bool,
    pub(super) comma: bool,
    manner: Option<String>,
    camera_subject: bool,
    hears: bool,
    /// The last verb was in the -ing form: "running, jumping" goes on.
    ing: bool,
    reorder: bool,
    /// The clause that is read was joined to the one before by a comma or "and", with a subject of its own.
    joined: bool,
    /// The clause that is read began with "then".
    then_said: bool,
    /// The clause that is read had a verb that nobody knows.
    lost_verb: bool,
    /// What was said of the line to come.
    pub(super) beside: Qualities,
    /// Who says the line to come without being seen.
    pub(super) unseen: Option<Speaker>,
    /// Where the last line ended, and whether a tag after it named its speaker.
    pub(super) last_line: Option<usize>,
    /// What somebody wears who is named only later: "wearing a white shirt, a man reads".
    worn_first: Vec<Garment>,
    pub(super) tagged: bool,
    pub(super) last_manner: Manner,
}

/// The motion of who telephones.
pub(crate) const PHONE: &str = "phone";

/// What a preposition does.
#[derive(Clone, Copy, PartialEq)]
enum Prep {
    Relation(RelationKind),
    With,
    In,
    On,
    Goal,
    From,
    Of,
    Wearing,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(crate) fn new(lexicon: &'b Lexicon<'a>, tokens: &'b [Lexeme], tags: Vec<Tag>) -> Self {
        Self {
            nouns: Nouns { lexicon, tokens, tags, warnings: Vec::new(), unknown: Vec::new(), pictureless: Vec::new() },
            clauses: Vec::new(),
            no_music: false,
            mood: None,
            i: 0,
            clause: Clause::default(),
            subjects: Vec::new(),
            anchor: None,
            conjunction: false,
            comma: false,
            manner: None,
            camera_subject: false,
            hears: false,
            ing: false,
            reorder: false,
            joined: false,
            then_said: false,
            lost_verb: false,
            beside: Qualities::default(),
            unseen: None,
            last_line: None,
            worn_first: Vec::new(),
            tagged: false,
            last_manner: Manner::default(),
        }
    }

    pub(super) fn word(&self, at: usize) -> Option<&'b str> {
        self.nouns.tokens.get(at).and_then(Lexeme::word)
    }
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        self.nouns.span(from, to)
    }
    fn has_content(&self) -> bool {
        let c = &self.clause;
        !c.subjects.is_empty()
            || c.action.is_some()
            || c.framing.any()
            || c.framing.aperture.or(c.framing.speed).is_some()
            || !c.racks.is_empty()
            || !c.lines.is_empty()
            || !c.sounds.is_empty()
            || !c.extras.is_empty()
            || c.setting.place.is_some()
            || c.setting.time.is_some()
            || c.setting.weather.is_some()
            || c.setting.snow_cover
            || c.setting.mood.is_some()
    }

    /// Reads everything.
    pub(crate) fn run(&mut self) {
        while self.i < self.nouns.tokens.len() {
            let before = self.i;
            self.step();
            if self.i == before {
                self.i += 1;
            }
        }
        self.end_clause(Order::Then);
    }

    fn step(&mut self) {
        let token = &self.nouns.tokens[self.i].token;
        match token {
            Token::Mark('.' | '!' | '?' | ';' | '\n') => {
                self.end_clause(Order::Then);
                (self.conjunction, self.comma, self.camera_subject, self.hears, self.ing, self.reorder) = (false, false, false, false, false, false);
                (self.beside, self.unseen) = (Qualities::default(), None);
                self.anchor = None;
                self.i += 1;
            }
            Token::Mark(',' | '-') => {
                (self.comma, self.hears) = (true, false);
                self.camera_subject = false;
                self.i += 1;
            }
            Token::Mark(_) => self.i += 1,
            Token::Quote(text) => self.quote(text.clone()),
            Token::Number(_) => self.phrase(),
            Token::Word { .. } => self.any_word(),
        }
    }

    pub(super) fn end_clause(&mut self, mut next: Order) {
        (self.joined, self.lost_verb) = (false, false);
        // "Then one quibbles while the other runs": of the first nothing is left, and still it was then.
        if std::mem::take(&mut self.then_said) && next == Order::While && !self.has_content() {
            next = Order::Then;
        }
        if self.has_content() {
            let mut done = std::mem::take(&mut self.clause);
            if done.subjects.is_empty() && done.action.is_some() {
                done.subjects = self.subjects.clone();
            }
            if (done.action.is_some() || !done.lines.is_empty()) && !done.subjects.is_empty() {
                self.subjects = done.subjects.clone();
            }
            // "Then she ponders while he runs": what goes with something that is not shown still comes then.
            if done.action.is_none() && done.lines.is_empty() && done.order == Order::Then && next == Order::While && !self.clauses.is_empty() {
                next = Order::Then;
            }
            let handed = handed_over(&done).or_else(|| landed(&done));
            // "After X, Y" was read as it happens; "Y after X" happens the other way round.
            if self.reorder && !self.clauses.is_empty() && done.action.is_some() {
                let at = self.clauses.len() - 1;
                done.order = self.clauses[at].order;
                self.clauses[at].order = Order::Then;
                self.clauses.insert(at, done);
            } else {
                self.clauses.push(done);
            }
            self.clauses.extend(handed);
            self.reorder = false;
        }
        self.clause = Clause { order: next, ..Clause::default() };
        self.manner = None;
    }

    fn grow_span(&mut self, from: usize, to: usize) {
        let s = self.span(from, to);
        let c = &mut self.clause.span;
        *c = if c.end == 0 { s } else { Span { start: c.start.min(s.start), end: c.end.max(s.end) } };
    }

    /// A sound of the vocabulary, where something is said to be heard: "the sound of rain", "we hear a dog bark".
    fn sound(&mut self) -> bool {
        let skip = usize::from(matches!(self.word(self.i), Some("a" | "an" | "the" | "some" | "loud" | "soft")));
        let words = self.nouns.words(self.i + skip);
        let Some(found) = self.nouns.lexicon.noun_of(&words, &[Kind::Sound]) else { return false };
        let span = self.span(self.i, self.i + skip + found.words);
        self.i += skip + found.words;
        let source = self.anchor.clone();
        self.clause.sounds.push(SoundWish { span, kind: Kind::Sound, word: found.id, source });
        true
    }

    fn any_word(&mut self) {
        if self.hears && self.sound() {
            return;
        }
        let words = self.nouns.words(self.i);
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let from = self.i;
        if self.voice()
            || self.beside(&words)
            || self.camera(&words)
            || self.order_word(&words)
            || self.style(&words)
            || self.preposition(&words)
            || self.small_word(&words)
        {
            self.grow_span(from, self.i);
            return;
        }
        // "Cuts lean meat": without fat.
        let quality = words[0] == "lean" && words.len() > 1 && self.clause.action.is_some() && !self.conjunction && !self.comma;
        if quality || self.describes(&words) {
            self.i += 1;
            (self.conjunction, self.comma) = (false, false);
            return;
        }
        let expects_verb = !self.clause.subjects.is_empty()
            || self.conjunction
            || self.comma
            || (self.clause.action.is_none() && self.clauses.last().is_some_and(|c| c.action.is_some()));
        let is_ing = words[0].ends_with("ing");
        let noun_first = match self.nouns.tag(self.i) {
            // "Ice skates", "rock climbs": the first word of a compound verb is no thing.
            Tag::Noun => !(expects_verb && self.clause.action.is_none() && self.nouns.lexicon.motion(&words).is_some_and(|(f, _)| f.words > 1)),
            Tag::Verb => false,
            Tag::Open => self.nouns.begins(self.i) && !(expects_verb && self.clause.action.is_none() && self.verb_here(&words) && !is_determined(words[0])),
        };
        if !noun_first && (expects_verb || is_ing || !self.nouns.begins(self.i)) && self.verb(&words) {
            self.grow_span(from, self.i);
            return;
        }
        self.phrase();
        self.grow_span(from, self.i.max(from + 1));
    }

    /// Whether a verb stands here that only describes: "mountains surround a lake", "flowers blooming", "a canyon bends".
    fn describes(&self, words: &[&str]) -> bool {
        let lexicon = self.nouns.lexicon;
        if self.nouns.tags.is_empty() || lexicon.noun(words).is_some() || lexicon.near_noun(words).is_some() || self.quote_ahead(self.i).is_some() {
            return false;
        }
        let subjects = if self.clause.subjects.is_empty() { &self.subjects } else { &self.clause.subjects };
        let still = |m: &Mention| matches!(&m.what, What::Entry(Kind::Prop, _));
        let land = self.clause.setting.place.is_some() && self.clause.subjects.is_empty();
        let of_land = land || !subjects.is_empty() && subjects.iter().all(still);
        let found = verb::find(lexicon, words);
        let acts = found.as_ref().is_some_and(|v| {
            let noise = v.near.is_some_and(|n| matches!(n.effect, tables::Effect::Noise | tables::Effect::Hold));
            !of_land || noise || v.words > 1 || lexicon.actions.of(&v.motion).things
        });
        !acts && pictureless::describes(words[0], of_land)
    }

    /// Whether a verb stands here that the subject can do: "a frisbee and skis" are two things.
    fn verb_here(&self, words: &[&str]) -> bool {
        let Some(found) = verb::find(self.nouns.lexicon, words) else { return false };
        let subjects = if self.clause.subjects.is_empty() { &self.subjects } else { &self.clause.subjects };
        let things = !subjects.is_empty() && subjects.iter().all(|m| matches!(m.what, What::Entry(Kind::Prop, _)));
        !things || self.nouns.lexicon.actions.of(&found.motion).things
    }

    fn camera(&mut self, words: &[&str]) -> bool {
        if words[0] == "camera" || (words[0] == "the" && words.get(1) == Some(&"camera")) {
            let is_goal =
                self.clause.action.is_some() && !self.conjunction && !self.comma && words.get(2).is_none_or(|w| self.nouns.lexicon.camera(&[*w]).is_none());
            if !is_goal {
                self.camera_subject = true;
                self.i += 1 + usize::from(words[0] == "the");
                return true;
            }
        }
        if self.rack(words) {
            return true;
        }
        let Some((wish, used)) = framing::phrase(self.nouns.lexicon, words, self.camera_subject) else { return false };
        let span = self.span(self.i, self.i + used);
        // A new size opens a new clause when this one has already something to show, and so does "..., close-up of the knight".
        let apart = self.comma && self.clause.action.is_some() && matches!(self.word(self.i + used), Some("of" | "on"));
        if wish.size.is_some() && (self.clause.framing.size.is_some() || apart) {
            self.end_clause(Order::Then);
            self.comma = false;
        }
        self.clause.framing.merge(&wish);
        self.clause.framing.merge(&crate::script::FramingWish { span: Some(span), ..Default::default() });
        let mark = |at: usize| self.nouns.tokens.get(at).is_some_and(|t| t.is_mark(&[',']));
        let before = self.i.checked_sub(1).and_then(|at| if mark(at) { at.checked_sub(1) } else { Some(at) });
        self.i += used;
        if matches!(self.word(self.i), Some("of" | "on")) {
            self.i += 1;
            if wish.size.is_some_and(|size| size >= ShotSize::Medium) {
                self.part();
            }
        } else if wish.size.is_some_and(|size| size >= ShotSize::Medium)
            && let Some(part) = before.and_then(|at| framing::part(self.word(at)?))
        {
            // "His hands, close-up".
            self.clause.framing.part = Some(part);
        }
        true
    }

    /// "A close-up of his hands", "of an old woman's hands", "of the hands of a pianist": what of somebody is seen.
    fn part(&mut self) {
        let words = self.nouns.words(self.i);
        let opens = |w: &str| is_determined(w) || matches!(w, "my" | "its" | "both" | "'s");
        let ends = |w: &&&str| w.ends_with("ing") && w.len() > 4 || is_function(w) && !opens(w) || matches!(**w, "and" | "who" | "while");
        // A close shot is of a face anyway.
        let seen = |w: &str| framing::part(w).map(Some).or((w == "face").then_some(None));
        let before = words.iter().take(6).take_while(|w| !ends(w)).position(|w| seen(w).is_some());
        let Some((at, part)) = before.and_then(|at| Some((at, seen(words[at])?))) else { return };
        self.clause.framing.part = part;
        // Whose they are is read as anybody else who is named.
        if !words[..at].iter().all(|w| opens(w)) {
            return;
        }
        let nobody = self.clause.subjects.is_empty() && self.subjects.is_empty() && self.word(self.i + at + 1) != Some("of");
        let span = self.span(self.i, self.i + at + 1);
        let whose = match words.first() {
            Some(&"his") => Some((What::He, "man")),
            Some(&"her") => Some((What::She, "woman")),
            Some(&"their") => Some((What::They, "woman")),
            _ => None,
        };
        match whose {
            Some((what, _)) if !nobody => self.clause.subjects.push(mention(what, span, true)),
            // Of somebody who is yet to come.
            _ if nobody && self.names_a_person(self.i + at + 1) => {}
            other if nobody => {
                let word = other.map_or("woman", |o| o.1);
                if self.nouns.lexicon.has(Kind::Person, word) {
                    self.clause.subjects.push(mention(What::Entry(Kind::Person, word.into()), span, false));
                }
            }
            _ => {}
        }
        self.i += at + 1;
        if self.word(self.i) == Some("of") {
            self.i += 1;
        }
    }

    /// Whether a person is named from here on: "a woman plays the piano".
    fn names_a_person(&self, from: usize) -> bool {
        let person = |at: usize| self.word(at).and_then(|w| self.nouns.lexicon.noun(&[w])).is_some_and(|f| f.kind == Kind::Person);
        let determined = |at: usize| (at.saturating_sub(3).max(from)..at).any(|k| self.word(k).is_some_and(|w| matches!(w, "a" | "an" | "the" | "one")));
        (from..self.nouns.tokens.len()).any(|at| person(at) && determined(at))
    }

    /// "Rack focus from the cup to the door", "the focus shifts to her".
    fn rack(&mut self, words: &[&str]) -> bool {
        let skip = usize::from(words.first().is_some_and(|w| matches!(*w, "a" | "the")));
        let pull = |w: &str| matches!(w.trim_end_matches("ing").trim_end_matches('s'), "rack" | "pull" | "shift" | "change" | "chang" | "mov" | "move");
        let [Some(a), Some(b)] = [0, 1].map(|k| words.get(skip + k).copied()) else { return false };
        if !(pull(a) && b == "focus" || a == "focus" && pull(b)) {
            return false;
        }
        let (from, mut at) = (self.i, self.i + skip + 2);
        let mut racks = Vec::new();
        for word in ["from", "to"] {
            if self.word(at) == Some(word)
                && let Some(super::noun::Read { phrase: Phrase::Mention(m), next, .. }) = self.nouns.read(at + 1)
            {
                racks.push(m);
                at = next;
            }
        }
        // "Racking focus" alone: between the first and the last of those who are there.
        if racks.is_empty() {
            let clauses = self.clauses.iter().chain([&self.clause]);
            let there = clauses.flat_map(|c| c.subjects.iter().chain(&c.extras)).filter(|m| matches!(m.what, What::Entry(..) | What::Named(..)));
            let there: Vec<Mention> = there.cloned().collect();
            match &there[..] {
                [first, .., last] if first.span != last.span => racks = vec![last.clone(), first.clone()],
                _ => {
                    let message = "there is nothing to pull focus to: one is in focus all the while".to_owned();
                    let hint = "say from what to what: \"rack focus from the cup to the door\"";
                    self.nouns.warnings.push(Warning::new(WarningKind::Unsupported, message).at(self.span(from, at)).hint(hint));
                    self.i = at;
                    return true;
                }
            }
        }
        self.clause.racks = racks;
        let span = Some(self.span(from, at));
        self.clause.framing.merge(&crate::script::FramingWish { span, ..Default::default() });
        self.i = at;
        true
    }

    fn order_word(&mut self, words: &[&str]) -> bool {
        let two = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let three = words.iter().take(3).copied().collect::<Vec<_>>().join(" ");
        let (used, order) = if matches!(three.as_str(), "at the same" | "in the meantime") {
            (if three == "at the same" { 4 } else { 3 }, Order::While)
        } else if matches!(two.as_str(), "and then" | "after that" | "but then" | "before that" | "and finally" | "at last" | "and suddenly") {
            (2, Order::Then)
        } else if three == "in the end" {
            (3, Order::Then)
        } else {
            match words[0] {
                "then" | "next" | "afterwards" | "afterward" | "later" | "finally" | "suddenly" | "eventually" | "until" | "when"
                    if !(words[0] == "next" && words.get(1) == Some(&"to")) =>
                {
                    (1, Order::Then)
                }
                // "Before a mountain" is a place.
                "before" if self.clause_follows(self.i + 1) => (1, Order::Then),
                "while" | "meanwhile" | "whilst" => (1, Order::While),
                "because" if words.get(1) != Some(&"of") => (1, Order::While),
                "as" if self.nouns.begins(self.i + 1) => (1, Order::While),
                "after" if self.clause_follows(self.i + 1) => {
                    let had = self.has_content();
                    self.end_clause(Order::Then);
                    self.reorder = had;
                    self.i += 1;
                    return true;
                }
                _ => return false,
            }
        };
        self.end_clause(order);
        self.then_said = order == Order::Then;
        self.i += used;
        (self.conjunction, self.comma) = (true, false);
        true
    }

    /// Whether what follows has a verb of its own before the next mark.
    fn clause_follows(&self, at: usize) -> bool {
        let ing = self.word(at).is_some_and(|w| w.ends_with("ing"));
        let mut k = at;
        while let Some(w) = self.word(k) {
            if k > at && k < at + 6 && self.nouns.lexicon.noun(&[w]).is_none() && verb::find(self.nouns.lexicon, &[w]).is_some_and(|v| v.form == Form::Finite) {
                return true;
            }
            k += 1;
        }
        ing
    }

    /// Looks that are not drawn: "low poly style". Those that are have been taken out of the text before (`looks`).
    fn style(&mut self, words: &[&str]) -> bool {
        let skip = words.iter().take_while(|w| matches!(**w, "in" | "the" | "a" | "an" | "style" | "of" | "as")).count();
        let text = words[skip..].join(" ");
        let marked = words[..skip].contains(&"style");
        let styled = |name: &str| {
            let n = name.split(' ').count() + skip;
            words.get(n) == Some(&"style") || words.get(n) == Some(&"look")
        };
        let fits = |name: &str| text == name || text.strip_prefix(name).is_some_and(|r| r.starts_with(' '));
        let Some(name) = tables::LOOKS.iter().find(|n| fits(n) && (marked || styled(n) || (skip == 0 && self.comma) || n.contains(' '))) else { return false };
        let count = name.split(' ').count();
        let used = skip + count + usize::from(styled(name));
        if !tables::USUAL_LOOKS.contains(name) {
            let span = self.span(self.i, self.i + used);
            self.nouns.warnings.push(Warning::new(WarningKind::Unsupported, format!("the look \"{name}\" is not drawn; the film has another")).at(span));
        }
        self.i += used;
        true
    }

    fn preposition(&mut self, words: &[&str]) -> bool {
        if self.stated(words) {
            return true;
        }
        use RelationKind as R;
        let table: &[(&str, Prep)] = &[
            ("to the left of", Prep::Relation(R::LeftOf)),
            ("to the right of", Prep::Relation(R::RightOf)),
            ("on the left of", Prep::Relation(R::LeftOf)),
            ("on the right of", Prep::Relation(R::RightOf)),
            ("on the left side of", Prep::Relation(R::LeftOf)),
            ("on the right side of", Prep::Relation(R::RightOf)),
            ("in front of", Prep::Relation(R::InFrontOf)),
            ("before", Prep::Relation(R::InFrontOf)),
            ("on the top of", Prep::Relation(R::On)),
            ("on the bottom of", Prep::Relation(R::Under)),
            ("at the bottom of", Prep::Relation(R::Under)),
            ("on top of", Prep::Relation(R::On)),
            ("from the top of", Prep::Relation(R::On)),
            ("at the top of", Prep::Relation(R::On)),
            ("at the edge of", Prep::Relation(R::Near)),
            ("on the edge of", Prep::Relation(R::Near)),
            ("at the foot of", Prep::Relation(R::Near)),
            ("at the end of", Prep::Relation(R::Near)),
            ("from behind", Prep::Relation(R::Behind)),
            ("left of", Prep::Relation(R::LeftOf)),
            ("right of", Prep::Relation(R::RightOf)),
            ("next to", Prep::Relation(R::Near)),
            ("close to", Prep::Relation(R::Near)),
            ("away from", Prep::From),
            ("out of", Prep::From),
            ("dressed in", Prep::Wearing),
            ("clad in", Prep::Wearing),
            ("made of", Prep::Of),
            ("inside of", Prep::Relation(R::In)),
            ("outside of", Prep::Relation(R::InFrontOf)),
            ("outside", Prep::Relation(R::InFrontOf)),
            ("under", Prep::Relation(R::Under)),
            ("underneath", Prep::Relation(R::Under)),
            ("below", Prep::Relation(R::Under)),
            ("beneath", Prep::Relation(R::Under)),
            ("behind", Prep::Relation(R::Behind)),
            ("between", Prep::Relation(R::Between)),
            ("beside", Prep::Relation(R::Near)),
            ("near", Prep::Relation(R::Near)),
            ("alongside", Prep::Relation(R::Near)),
            ("by", Prep::Relation(R::Near)),
            ("atop", Prep::Relation(R::On)),
            ("inside", Prep::Relation(R::In)),
            ("wearing", Prep::Wearing),
            ("wears", Prep::Wearing),
            ("wear", Prep::Wearing),
            ("with", Prep::With),
            ("in", Prep::In),
            ("within", Prep::In),
            ("on", Prep::On),
            ("onto", Prep::On),
            ("upon", Prep::On),
            ("to", Prep::Goal),
            ("towards", Prep::Goal),
            ("toward", Prep::Goal),
            ("at", Prep::Goal),
            ("after", Prep::Goal),
            ("over", Prep::Goal),
            ("past", Prep::Goal),
            ("around", Prep::Goal),
            ("into", Prep::Goal),
            ("through", Prep::Goal),
            ("across", Prep::Goal),
            ("along", Prep::Goal),
            ("down", Prep::Goal),
            ("up", Prep::Goal),
            ("against", Prep::Goal),
            ("for", Prep::Goal),
            ("during", Prep::Goal),
            ("about", Prep::Of),
            ("above", Prep::Goal),
            ("amid", Prep::In),
            ("amidst", Prep::In),
            ("amongst", Prep::In),
            ("among", Prep::In),
            ("throughout", Prep::In),
            ("from", Prep::From),
            ("off", Prep::From),
            ("of", Prep::Of),
        ];
        let fits = |name: &str| name.split(' ').count() <= words.len() && name.split(' ').zip(words).all(|(a, b)| a == *b);
        let Some((name, prep)) = table.iter().find(|(n, _)| fits(n)) else { return false };
        let from = self.i;
        self.i += name.split(' ').count();
        // "to stop" is a verb, not a place to go to.
        let rest = self.nouns.words(self.i);
        if *name == "to" && !self.nouns.begins(self.i) && verb::find(self.nouns.lexicon, &rest).is_some() {
            self.conjunction = true;
            return true;
        }
        if matches!(name, &"down" | &"up" | &"along" | &"over" | &"around" | &"past" | &"by" | &"off" | &"through" | &"for" | &"outside")
            && !self.nouns.begins(self.i)
        {
            return true;
        }
        if *prep == Prep::With && rest.first() == Some(&"no") && rest.get(1).is_some_and(|w| matches!(*w, "music" | "sound")) {
            self.no_music = true;
            self.i += 2;
            return true;
        }
        // "Fills a glass with water": no place.
        if *prep == Prep::With && rest.first() == Some(&"water") {
            self.i += 1;
            return true;
        }
        let heard = rest.iter().take(3).position(|w| matches!(*w, "sound" | "sounds" | "noise"));
        if let (Prep::With | Prep::Goal, Some(at)) = (*prep, heard)
            && rest.get(at + 1) == Some(&"of")
        {
            self.hears = true;
            self.i += at + 2;
            return true;
        }
        // "Hugs her mother in tears": who does it weeps.
        if *prep == Prep::In && rest.first() == Some(&"tears") {
            self.i += 1;
            for m in self.clause.subjects.iter_mut().chain(&mut self.subjects) {
                m.traits.mood.get_or_insert("sad".into());
            }
            return true;
        }
        // "With a shaking effect": the camera's.
        if matches!(prep, Prep::With | Prep::In) && framing::phrase(self.nouns.lexicon, &rest, false).is_some() {
            return true;
        }
        if matches!(rest.get(..2), Some(["each", "other"] | ["one", "another"])) {
            self.i += 2;
            self.reciprocal();
            return true;
        }
        self.attach(from, name, *prep);
        true
    }

    /// The nouns after a preposition: one, or several joined by "and".
    fn objects(&mut self, name: &str, prep: Prep) -> Vec<Phrase> {
        let mut out = Vec::new();
        while let Some(read) = self.nouns.read(self.i) {
            self.i = read.next;
            self.leave_road(&read.setting);
            merge_setting(&mut self.clause, &read.setting);
            let listed = name == "between" || matches!(prep, Prep::With | Prep::Wearing | Prep::In);
            let garment = matches!(&read.phrase, Phrase::Mention(m) if matches!(m.what, What::Entry(Kind::Garment, _)));
            let hair = matches!(read.phrase, Phrase::Hair(..));
            out.push(match read.phrase {
                Phrase::Mention(m) => Phrase::Mention(Mention { does: read.motion, ..m }),
                other => other,
            });
            let and = self.word(self.i) == Some("and");
            let comma = self.nouns.tokens.get(self.i).is_some_and(|t| t.is_mark(&[',']));
            if !(and || comma && (garment || hair)) || !listed {
                break;
            }
            let at = self.i + 1 + usize::from(comma && self.word(self.i + 1) == Some("and"));
            // "with a dog and runs": a verb ends the list; "with red hair and a coat" goes on.
            if !self.nouns.begins(at) && !self.garment_at(at) || (name != "between" && self.subject_follows(at)) {
                break;
            }
            self.i = at;
        }
        out
    }

    /// "A road through a forest" is in the forest.
    fn leave_road(&mut self, next: &crate::script::Setting) -> bool {
        let Some((place, span)) = &self.clause.setting.place else { return false };
        let road = place == "city-street"
            && self.nouns.tokens.iter().any(|t| t.span.start >= span.start && t.span.end <= span.end && t.word().is_some_and(|w| tables::ROADS.contains(&w)));
        let elsewhere = next.place.as_ref().is_some_and(|p| p.0 != *place);
        if road && elsewhere {
            self.clause.setting.place = None;
        }
        road && elsewhere
    }

    fn garment_at(&self, at: usize) -> bool {
        (at..at + 4).any(|k| self.word(k).is_some_and(|w| self.nouns.lexicon.noun_of(&[w], &[Kind::Garment]).is_some() || w == "hair"))
    }

    /// Whether a noun phrase with a verb after it begins here.
    fn subject_follows(&self, at: usize) -> bool {
        let mut k = at;
        while k < at + 9 {
            let Some(w) = self.word(k) else { return false };
            if k > at
                && !is_determined(w)
                && (matches!(w, "is" | "are") || (self.nouns.lexicon.noun(&[w]).is_none() && verb::find(self.nouns.lexicon, &[w]).is_some()))
            {
                return true;
            }
            // "A man with an umbrella looks": what somebody has comes before what they do.
            if is_function(w) && !is_determined(w) && !(k > at && matches!(w, "with" | "of")) {
                return false;
            }
            k += 1;
        }
        false
    }

    /// "Carries a lantern down the stairs": who goes up or down steps does not stop before them.
    fn take_steps(&mut self, name: &str, on: &Mention) {
        let motion = match name {
            "up" => "ascend",
            "down" => "descend",
            _ => return,
        };
        let stairs = matches!(&on.what, What::Entry(Kind::Prop, id) if id == "stairs");
        if let Some(action) = self.clause.action.as_mut().filter(|a| stairs && matches!(a.motion.as_str(), "walk" | "run")) {
            motion.clone_into(&mut action.motion);
        }
    }

    fn attach(&mut self, from: usize, name: &str, prep: Prep) {
        // "Carries a bucket along the harbour": who carries something somewhere goes there.
        if let Some(action) = self.clause.action.as_mut().filter(|a| a.carries.is_some() && a.state && !a.props.is_empty() && LEADS_ON.contains(&name)) {
            (action.motion, action.state) = ("walk".into(), false);
        }
        let objects = self.objects(name, prep);
        let mut related = Vec::new();
        for phrase in objects {
            match phrase {
                Phrase::Mention(m) => {
                    self.take_steps(name, &m);
                    if let Some(m) = self.attach_mention(name, prep, m) {
                        related.push(m);
                    }
                }
                Phrase::Hair(colour, style) => self.on_anchor(|t| {
                    t.traits.hair = colour.clone().or(t.traits.hair.take());
                    t.traits.hair_style = style.clone().or(t.traits.hair_style.take());
                }),
                Phrase::Direction(target) => self.direction(name, target),
                // "In front of a hotel": not in its rooms.
                // "Flies past the moon": under it, at night.
                Phrase::Setting(mut setting)
                    if matches!(name, "over" | "past" | "in front of" | "under" | "below" | "before" | "across")
                        && setting.place.as_ref().is_some_and(|p| p.0 == "moon") =>
                {
                    let span = setting.place.take().map_or(Span::default(), |p| p.1);
                    if setting.time.is_none() && self.nouns.lexicon.has(Kind::Time, "night") {
                        setting.time = Some(("night".into(), span));
                    }
                    self.clause.setting.place.take_if(|p| p.0 == "moon" && p.1 == span);
                    merge_setting(&mut self.clause, &setting);
                }
                Phrase::Setting(setting) if matches!(name, "through" | "in" | "across" | "along" | "between" | "into") && self.leave_road(&setting) => {
                    self.plain(Phrase::Setting(setting), name);
                }
                Phrase::Setting(mut setting) if matches!(name, "in front of" | "outside" | "outside of") => {
                    let street = self.nouns.lexicon.has(Kind::Place, "city-street").then_some("city-street");
                    let rooms = |id: &str| self.nouns.lexicon.vocabulary.get(Kind::Place, id).is_some_and(|a| a.kin.iter().any(|k| k == "indoors"));
                    if let (Some((place, _)), Some(street)) = (setting.place.as_mut().filter(|p| rooms(&p.0)), street) {
                        *place = street.into();
                    }
                    self.plain(Phrase::Setting(setting), name);
                }
                other => self.plain(other, name),
            }
        }
        if related.is_empty() {
            return;
        }
        let seats = |m: &Mention| matches!(&m.what, What::Entry(Kind::Prop, id) if self.nouns.lexicon.vocabulary.get(Kind::Prop, id).is_some_and(|a| a.kin.iter().any(|k| k == "seat")));
        let kind = match prep {
            Prep::Relation(kind) => kind,
            Prep::On => RelationKind::On,
            Prep::In if related.iter().all(seats) => RelationKind::On,
            Prep::In => RelationKind::In,
            _ => RelationKind::Near,
        };
        self.relate(from, kind, related);
    }

    fn relate(&mut self, from: usize, kind: RelationKind, to: Vec<Mention>) {
        if self.handled(kind, &to) {
            self.clause.extras.extend(to);
            return;
        }
        let seat = self.clause.action.as_ref().is_some_and(|a| a.target.is_none() && matches!(a.motion.as_str(), "sit" | "jump"));
        if let Some(action) = self.clause.action.as_mut().filter(|_| seat && matches!(kind, RelationKind::On | RelationKind::In)) {
            action.target = to.first().cloned().map(Goal::Mention);
        }
        let what = if self.clause.action.is_some() {
            self.clause.subjects.last().or(self.subjects.last()).cloned()
        } else {
            self.anchor.clone().or_else(|| self.clause.subjects.last().cloned())
        };
        let Some(what) = what else {
            self.clause.extras.extend(to);
            return;
        };
        self.clause.extras.extend(to.iter().cloned());
        self.clause.relations.push(RelationWish { span: self.span(from, self.i), what, relation: kind, to });
    }

    /// "Puts a cup on the table", "writes on the blackboard", "cuts bread on a board": where the hands are, not who uses them.
    fn handled(&mut self, kind: RelationKind, to: &[Mention]) -> bool {
        let lexicon = self.nouns.lexicon;
        let ([goal], Some(action)) = (to, self.clause.action.as_mut()) else { return false };
        let facts = lexicon.actions.of(&action.motion);
        if facts.puts {
            if matches!(kind, RelationKind::On | RelationKind::In) {
                action.target.get_or_insert(Goal::Mention(goal.clone()));
            } else {
                let message = "things are put on or into something, or down where one stands: beside and under it are not shown".to_owned();
                self.nouns.warnings.push(Warning::new(WarningKind::Unsupported, message).at(goal.span));
            }
            return true;
        }
        if facts.leans {
            action.target.get_or_insert(Goal::Mention(goal.clone()));
            return true;
        }
        // "Builds a snowman and puts a hat on it": what is dressed is not stood upon.
        if action.motion.starts_with("put-on") {
            return true;
        }
        // "Sprays water on a boy", but a bird sits on him.
        let somebody = matches!(goal.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) | What::He | What::She);
        if somebody && kind == RelationKind::On && facts.lasts && !facts.posture && !facts.legs && !facts.travels {
            action.target.get_or_insert(Goal::Mention(goal.clone()));
            return true;
        }
        let What::Entry(Kind::Prop, id) = &goal.what else { return false };
        let of_kin = |word: &str| lexicon.vocabulary.get(Kind::Prop, id).is_some_and(|a| a.id == word || a.kin.iter().any(|k| k == word));
        let by_hand = !facts.posture && !facts.travels && (facts.held || facts.lasts && !facts.legs || action.target.is_some() || !action.props.is_empty());
        if kind != RelationKind::On || !by_hand || action.motion.starts_with("dance") {
            return false;
        }
        let thrown = facts.held && !facts.lasts && !action.props.is_empty();
        if thrown || ["wall", "easel", "door", "window"].into_iter().any(of_kin) {
            action.target.get_or_insert(Goal::Mention(goal.clone()));
            return true;
        }
        if !["table", "stove"].into_iter().any(of_kin) {
            return false;
        }
        // What is worked at lies there; who works stands behind it.
        let span = goal.span;
        let object = if let Some(Goal::Mention(m)) = &action.target { Some(m.clone()) } else { None };
        let thing = object.filter(|m| matches!(m.what, What::Entry(Kind::Prop, _)));
        let who = self.clause.subjects.last().or(self.subjects.last()).cloned();
        let relations = [thing.map(|m| (m, RelationKind::On)), who.map(|m| (m, RelationKind::Behind))];
        self.clause.relations.extend(relations.into_iter().flatten().map(|(what, relation)| RelationWish { span, what, relation, to: vec![goal.clone()] }));
        true
    }

    /// Puts a mention after a preposition where it belongs; gives it back if it makes a relation.
    fn attach_mention(&mut self, name: &str, prep: Prep, m: Mention) -> Option<Mention> {
        let kind = match &m.what {
            What::Entry(k, _) | What::Named(k, _) => Some(*k),
            _ => None,
        };
        if m.what == What::Camera {
            self.direction(name, Target::Camera);
            return None;
        }
        if kind == Some(Kind::Garment) && matches!(prep, Prep::With | Prep::In | Prep::Wearing) {
            self.dress(&m);
            return None;
        }
        if let (What::Entry(Kind::Prop, id), Prep::In | Prep::Wearing | Prep::With) = (&m.what, prep)
            && let Some(worn) = self.worn(id)
        {
            self.dress(&Mention { what: What::Entry(Kind::Garment, worn), ..m });
            return None;
        }
        if m.what == What::Bare {
            if matches!(prep, Prep::In | Prep::Wearing) && m.traits.colour.is_some() {
                self.on_anchor(|t| t.traits.colour = m.traits.colour.clone().or(t.traits.colour.take()));
            }
            return None;
        }
        // "Through a quiet house": in its rooms.
        if let (What::Entry(Kind::Prop, id), "through") = (&m.what, name)
            && let Some((_, rooms)) = tables::ROOMS_OF.iter().find(|(building, rooms)| building == id && self.nouns.lexicon.has(Kind::Place, rooms))
        {
            self.clause.setting.place.get_or_insert(((*rooms).to_owned(), m.span));
            return None;
        }
        let animate = matches!(kind, Some(Kind::Person | Kind::Creature | Kind::Vehicle)) || matches!(m.what, What::He | What::She | What::They | What::It);
        match prep {
            Prep::Relation(kind) if name == "by" && !self.clause.subjects.is_empty() && self.clause.action.is_none() => {
                let _ = kind;
                Some(m)
            }
            // Who kneels before somebody kneels to them.
            Prep::Relation(RelationKind::InFrontOf)
                if animate
                    && self.clause.action.as_ref().is_some_and(|a| a.target.is_none() && matches!(a.motion.as_str(), "kneel" | "bow" | "curtsy" | "pray")) =>
            {
                self.anchor = Some(m.clone());
                if let Some(action) = self.clause.action.as_mut() {
                    action.target = Some(Goal::Mention(m));
                }
                None
            }
            Prep::Relation(_) => {
                if animate {
                    self.anchor = Some(m.clone());
                }
                Some(m)
            }
            Prep::With => {
                if let Some(action) = self.clause.action.as_mut() {
                    if animate {
                        self.anchor = Some(m.clone());
                        action.with = Some(m);
                    } else {
                        action.props.push(m);
                    }
                } else if kind == Some(Kind::Prop) && self.anchor.is_none() && self.clause.subjects.is_empty() && self.subjects.is_empty() {
                    // "A celebration with a tree": the head has no picture, the tree has.
                    self.clause.subjects.push(m.clone());
                    self.anchor = Some(m);
                } else if kind == Some(Kind::Prop) {
                    self.on_anchor(|t| t.holds.push(m.clone()));
                } else if animate {
                    self.clause.extras.push(m.clone());
                    return Some(m);
                }
                None
            }
            Prep::On | Prep::In => {
                // Grass is what one stands on anywhere outside.
                if matches!(&m.what, What::Entry(Kind::Prop, id) if id == "grass") && m.traits == kinora_plan::Traits::default() {
                    if self.nouns.lexicon.has(Kind::Place, "meadow") {
                        self.clause.setting.place.get_or_insert(("meadow".into(), m.span));
                    }
                    return None;
                }
                // "A knight in a castle": within its walls, not within the model of it.
                let vehicle = kind == Some(Kind::Vehicle);
                if let (What::Entry(Kind::Prop | Kind::Vehicle, id), true) = (&m.what, prep == Prep::In || vehicle)
                    && let Some((_, place)) = tables::ROOMS_OF.iter().find(|(building, place)| building == id && self.nouns.lexicon.has(Kind::Place, place))
                    && m.traits == kinora_plan::Traits::default()
                    && self.clause.setting.place.is_none()
                    && self.clause.subjects.last().or(self.subjects.last()).is_some_and(|a| !matches!(a.what, What::Entry(Kind::Prop, _)))
                {
                    self.clause.setting.place = Some(((*place).into(), m.span));
                    return None;
                }
                // "Pushes somebody in a wheelchair": what the motion is done with.
                if let (What::Entry(Kind::Prop, id), Some(action)) = (&m.what, self.clause.action.as_mut())
                    && prep == Prep::In
                    && action.target.is_some()
                    && action.props.is_empty()
                    && crate::actions::is_gear(self.nouns.lexicon.vocabulary, self.nouns.lexicon.actions.of(&action.motion), id)
                {
                    action.props.push(m);
                    return None;
                }
                // "Talks to her mother on the phone."
                let phone = matches!(&m.what, What::Entry(Kind::Prop, id) if id == "phone");
                if let Some(action) = self.clause.action.as_mut().filter(|a| phone && a.motion == "talk")
                    && self.nouns.lexicon.has(Kind::Motion, PHONE)
                {
                    action.motion = PHONE.into();
                    return None;
                }
                Some(m)
            }
            // "Sits at a table": not on it.
            Prep::Goal if name == "at" && kind == Some(Kind::Prop) && self.clause.action.as_ref().is_some_and(|a| a.motion == "sit") => Some(m),
            Prep::Goal => {
                if let Some(action) = self.clause.action.as_mut() {
                    let taken = action.target.is_some();
                    if animate {
                        self.anchor = Some(m.clone());
                    }
                    if action.speech && matches!(name, "to" | "at") && animate {
                        action.with = Some(m);
                    } else if taken {
                        self.clause.extras.push(m);
                    } else {
                        if name == "around" || name == "past" {
                            self.clause.extras.push(m.clone());
                        }
                        action.target = Some(Goal::Mention(m));
                        action.against = name == "at";
                    }
                    None
                } else {
                    Some(m)
                }
            }
            // "a film of a fox": the fox is the subject.
            Prep::Of if self.clause.subjects.is_empty() && self.clause.action.is_none() => {
                self.clause.subjects.push(m.clone());
                self.anchor = Some(m);
                None
            }
            // "Takes a cup from the table."
            Prep::From if kind == Some(Kind::Prop) && self.clause.action.as_mut().is_some_and(picks_up) => {
                self.clause.extras.push(m.clone());
                if let Some(action) = self.clause.action.as_mut() {
                    action.target = Some(Goal::Mention(m));
                }
                None
            }
            Prep::From | Prep::Of | Prep::Wearing => {
                // "Takes a picture of the tower."
                let photo = |a: &&mut Action| prep == Prep::Of && a.motion == "take-photo" && a.target.is_none();
                if let Some(action) = self.clause.action.as_mut().filter(photo) {
                    action.target = Some(Goal::Mention(m.clone()));
                }
                // "Ties the shoelaces of another person": it is done to that person.
                let untold = |a: &&mut Action| prep == Prep::Of && animate && a.target.is_none();
                if let Some(action) = self.clause.action.as_mut().filter(untold)
                    && let Some((_, other)) = tables::FOR_OTHERS.iter().find(|(own, _)| *own == action.motion)
                {
                    action.motion = (*other).to_owned();
                    action.target = Some(Goal::Mention(m.clone()));
                }
                self.clause.extras.push(m);
                None
            }
        }
    }

    /// The garment that a thing is on somebody, if it is one: a top hat is a hat.
    fn worn(&self, id: &str) -> Option<String> {
        let anchor = self.anchor.as_ref().or(self.clause.subjects.last())?;
        let person = matches!(anchor.what, What::Entry(Kind::Person, _) | What::Named(Kind::Person, _) | What::He | What::She);
        // A backpack stands there or is worn.
        if person && self.nouns.lexicon.has(Kind::Garment, id) {
            return Some(id.to_owned());
        }
        let kin = &self.nouns.lexicon.vocabulary.get(Kind::Prop, id)?.kin;
        kin.iter().find(|k| person && kin.iter().any(|k| k == "clothes") && self.nouns.lexicon.has(Kind::Garment, k)).cloned()
    }

    fn direction(&mut self, name: &str, target: Target) {
        let target = match (name, target) {
            ("away from" | "from", Target::Camera) => Target::Far,
            (_, t) => t,
        };
        let Some(action) = self.clause.action.as_mut() else { return };
        let goes = matches!(action.motion.as_str(), "walk" | "run" | "fly" | "swim" | "drive" | "sail");
        action.target.get_or_insert(Goal::Fixed(match target {
            Target::Camera if goes => Target::Near,
            // A bird flies "in the sky" without going up.
            Target::Up if goes && !matches!(name, "to" | "into" | "towards" | "toward" | "up") => return,
            Target::Down if !matches!(name, "at" | "to" | "towards") => return,
            t => t,
        }));
    }

    fn dress(&mut self, m: &Mention) {
        let What::Entry(_, word) = &m.what else { return };
        // "Puts on a scarf": nobody helps, and then it is worn.
        let put_on = self.clause.action.take_if(|a| a.motion == "adjust-collar" && a.target.is_none() && a.whose.is_none());
        if let Some(mut action) = put_on {
            "stand".clone_into(&mut action.motion);
            let (span, shown) = (action.span, |w: &Warning| w.message.ends_with("\"adjust-collar\""));
            self.nouns.warnings.retain(|w| w.span != Some(span) || !shown(w));
            self.clause.action = Some(action);
        }
        let word = self.uniform(word, m.span);
        let garment = Garment { word, colour: m.traits.colour.clone() };
        // "In a castle, wearing a white shirt": the castle wears none.
        let wears = |m: &Mention| !matches!(m.what, What::Entry(Kind::Prop | Kind::Vehicle, _));
        if !self.anchor.as_ref().is_some_and(wears) {
            self.anchor = self.clause.subjects.iter().chain(&self.subjects).rfind(|m| wears(m)).cloned().or(self.anchor.take());
            if !self.anchor.as_ref().is_some_and(wears) {
                self.worn_first.push(garment);
                return;
            }
        }
        self.on_anchor(|t| {
            if !t.traits.clothes.contains(&garment) {
                t.traits.clothes.push(garment.clone());
            }
        });
    }

    /// A uniform of which nothing more is said is that of who wears it: a schoolgirl is no police officer.
    fn uniform(&self, word: &str, span: Span) -> String {
        let said = |w: &str| self.nouns.tokens.iter().any(|t| t.span.start >= span.start && t.span.end <= span.end && t.word() == Some(w));
        let who = self.anchor.as_ref().or(self.clause.subjects.last()).map(|m| &m.what);
        let own = match who {
            Some(What::Entry(Kind::Person, id)) if word == "police-uniform" && !said("police") => match id.as_str() {
                "girl" | "boy" | "student" | "teenager" | "teenage-girl" | "teenage-boy" => "school-uniform",
                "soldier" => "uniform-camouflage",
                "nurse" => "nurse-uniform",
                "pilot" => "pilot-uniform",
                "bellboy" => "bellboy-uniform",
                "prisoner" => "prison-uniform",
                _ => word,
            },
            _ => word,
        };
        if self.nouns.lexicon.has(Kind::Garment, own) { own.to_owned() } else { word.to_owned() }
    }

    /// Changes the mention that qualities belong to, in every copy of it that this clause holds.
    fn on_anchor(&mut self, change: impl Fn(&mut Mention)) {
        let Some(anchor) = self.anchor.clone().or_else(|| self.clause.subjects.last().cloned()).or_else(|| self.subjects.last().cloned()) else { return };
        let clause = &mut self.clause;
        let mut all: Vec<&mut Mention> = clause.subjects.iter_mut().chain(clause.extras.iter_mut()).collect();
        for r in &mut clause.relations {
            all.extend(r.to.iter_mut());
            all.push(&mut r.what);
        }
        if let Some(a) = &mut clause.action {
            all.extend(a.with.iter_mut());
            if let Some(Goal::Mention(m)) = &mut a.target {
                all.push(m);
            }
        }
        let mut hit = false;
        for m in all.into_iter().filter(|m| m.span == anchor.span) {
            change(m);
            hit = true;
        }
        if !hit {
            let mut m = anchor.clone();
            change(&mut m);
            clause.extras.push(m);
        }
        if let Some(a) = &mut self.anchor {
            change(a);
        }
        for m in self.subjects.iter_mut().filter(|m| m.span == anchor.span) {
            change(m);
        }
    }

    /// "each other": what two do, they do to one another.
    fn reciprocal(&mut self) {
        if let Some(action) = self.clause.action.as_mut() {
            action.reciprocal = true;
            let other = self.nouns.lexicon.actions.of(&action.motion).each_other.clone().filter(|o| self.nouns.lexicon.has(Kind::Motion, o));
            action.motion = other.unwrap_or_else(|| action.motion.clone());
        }
    }

    /// Whether what is done is something else if two do it to each other.
    fn exchanges(&self) -> bool {
        self.clause.action.as_ref().is_some_and(|a| self.nouns.lexicon.actions.of(&a.motion).each_other.is_some())
    }

    fn small_word(&mut self, words: &[&str]) -> bool {
        let first = words[0];
        if self.stated(words) {
            return true;
        }
        match first {
            "no" if words.get(1).is_some_and(|w| matches!(*w, "music" | "soundtrack")) => {
                self.no_music = true;
                self.i += 2;
            }
            "without" if words.get(1) == Some(&"music") => {
                self.no_music = true;
                self.i += 2;
            }
            "and" | "or" | "but" | "plus" => {
                self.conjunction = true;
                self.i += 1;
            }
            "who" | "which" | "that" => {
                if let Some(anchor) = self.anchor.clone().filter(|a| self.clause.action.is_some() && self.clause.subjects.iter().all(|s| s.span != a.span)) {
                    self.end_clause(Order::While);
                    self.clause.subjects = vec![anchor];
                }
                self.i += 1;
            }
            "we" | "you" | "one" if words.get(1).is_some_and(|w| matches!(*w, "hear" | "can" | "see")) => {
                self.hears = words.iter().take(3).any(|w| *w == "hear");
                self.i += if words.get(1) == Some(&"can") { 3 } else { 2 };
            }
            "sound" | "sounds" | "noise" if matches!(words.get(1), Some(&"of")) => {
                self.hears = true;
                self.i += 2;
            }
            "there" | "is" | "are" | "was" | "were" | "be" | "being" | "been" | "will" | "can" | "not" | "it"
                if first != "it"
                    || words.get(1).is_some_and(|w| matches!(*w, "is" | "rains" | "snows" | "starts" | "begins"))
                        && words
                            .iter()
                            .take(4)
                            .any(|w| tables::WEATHERS.iter().any(|(x, _)| x == w) || matches!(*w, "rains" | "snows" | "rain" | "snow" | "night")) =>
            {
                self.i += 1;
            }
            "rains" | "snows" => {
                let id = first.trim_end_matches('s');
                self.clause.setting.weather = Some((id.into(), self.span(self.i, self.i + 1)));
                self.i += 1;
            }
            "each" | "one" if matches!(words.get(1), Some(&("other" | "another"))) => {
                self.i += 2;
                self.reciprocal();
            }
            // "Throw a ball back and forth."
            "back" if words.get(1..3) == Some(&["and", "forth"]) && self.exchanges() => {
                self.i += 3;
                self.reciprocal();
            }
            "together" | "each" => self.i += 1,
            _ => {
                if let Some((_, manner)) = tables::MANNERS.iter().find(|(w, _)| *w == first) {
                    if !(first == "slow" || first == "fast") || !self.nouns.begins(self.i + 1) {
                        match self.clause.action.as_mut() {
                            Some(a) if !self.conjunction => a.manner = Some((*manner).to_owned()),
                            _ => self.manner = Some((*manner).to_owned()),
                        }
                    }
                    self.i += 1;
                } else if matches!(first, "has" | "have" | "having") && self.nouns.lexicon.motion(words).is_none_or(|(found, _)| found.words < 2) {
                    self.i += 1;
                    self.attach(self.i - 1, "with", Prep::With);
                } else {
                    return false;
                }
            }
        }
        true
    }

    fn stated(&mut self, words: &[&str]) -> bool {
        let Some((state, skip)) = self.state_said(words) else { return false };
        self.on_anchor(|t| t.traits.state = Some(state));
        self.i += skip;
        true
    }

    /// "is open", "stands open", "in flames": a state that something is said to be in, and in how many words.
    fn state_said(&self, words: &[&str]) -> Option<(State, usize)> {
        let anchor = self.anchor.as_ref().or_else(|| self.clause.subjects.last()).or_else(|| self.subjects.last())?;
        if !matches!(anchor.what, What::Entry(Kind::Prop | Kind::Vehicle, _) | What::It | What::They) {
            return None;
        }
        match words {
            ["on", "fire", ..] | ["in", "flames", ..] => Some((State::Burning, 2)),
            ["in", "pieces" | "ruins", ..] => Some((State::Broken, 2)),
            ["is" | "are" | "was" | "were" | "stands" | "lies" | "hangs", word, rest @ ..] => {
                let ends = rest.first().is_none_or(|w| !self.nouns.begins(self.i + 2) || *w == "and");
                let state = match *word {
                    "on" => State::Lit,
                    "off" => State::Unlit,
                    word => tables::STATES.iter().find(|(w, _)| *w == word)?.1,
                };
                ends.then_some((state, 2))
            }
            // "a house burning in the night"
            ["burning" | "blazing", ..] if self.clause.action.is_none() => Some((State::Burning, 1)),
            _ => None,
        }
    }

    fn verb(&mut self, words: &[&str]) -> bool {
        // "Gets out" is a verb of two words, "gets dressed" is not.
        let two = verb::find(self.nouns.lexicon, words).is_some_and(|v| v.words > 1);
        let mut skip = 0;
        while !two
            && words.get(skip).is_some_and(|w| verb::is_any(w, tables::HELPERS))
            && words.get(skip + 1).is_some()
            && !self.nouns.begins(self.i + skip + 1)
        {
            skip += 1 + usize::from(words.get(skip + 1) == Some(&"to"));
        }
        let rest = &words[skip.min(words.len())..];
        if rest.is_empty() {
            return false;
        }
        // "While falls the rain", as other languages say it: whoever acted before does not fall.
        let what = &rest[1 + usize::from(rest.get(1).is_some_and(|w| is_determined(w)))..];
        if self.clause.subjects.is_empty()
            && self.nouns.lexicon.noun_of(what, &[Kind::Weather, Kind::Time]).is_some()
            && verb::is_any(rest[0], tables::WEATHER_DOES)
        {
            self.i += skip + 1;
            return true;
        }
        // "Gives her a piggyback ride": nobody rides by themselves.
        let lifts = verb::is_any(rest[0], &["give"]) && self.way_to_carry().is_some();
        if verb::is_any(rest[0], tables::LIGHT)
            && !lifts
            && verb::find(self.nouns.lexicon, rest).is_none_or(|v| v.words < 3)
            && let Some(n) = self.light(skip)
        {
            self.i = n;
            return true;
        }
        if verb::is_any(rest[0], &["help", "assist"]) && self.helps(skip) {
            return true;
        }
        if verb::is_any(rest[0], &["give", "show", "flash"]) && self.gives(skip) {
            return true;
        }
        let said = self.says(self.i + skip, rest);
        let Some(mut found) = said.or_else(|| verb::find(self.nouns.lexicon, rest)) else { return self.unknown_verb(words) };
        let end = self.i + skip + found.words;
        let object = self.nouns.begins(end) || self.nouns.lexicon.noun(&self.nouns.words(end)).is_some();
        if let Some(other) = self.nouns.lexicon.actions.of(&found.motion).of_something.clone().filter(|o| object && self.nouns.lexicon.has(Kind::Motion, o)) {
            found.motion = other;
        }
        if let Some(other) = self.alone(&found, self.i + skip) {
            found = other;
        }
        if self.phones(self.i + skip) {
            (found.motion, found.near) = (PHONE.into(), None);
        }
        // "Takes off her shoes": nobody flies.
        let undresses = found.near.is_some() && matches!(found.lemma.as_str(), "take off" | "lift off") && self.nouns.begins(self.i + skip + found.words);
        if undresses {
            let span = self.span(self.i, self.i + skip + found.words);
            let message = format!("nobody takes anything off yet: \"{}\" is not shown", found.lemma);
            self.nouns.warnings.push(Warning::new(WarningKind::Unsupported, message).at(span));
            self.i += skip + found.words;
            self.i = self.nouns.read(self.i).map_or(self.i, |read| read.next);
            self.lost_verb = self.clause.action.is_none();
            (self.conjunction, self.comma) = (false, false);
            return true;
        }
        let from = self.i;
        self.i += skip + found.words;
        self.action(from, found);
        true
    }

    /// "Lifts a heavy box", "combs her hair": what two do, if one person does it and nobody else is named.
    fn alone(&self, found: &Verb, at: usize) -> Option<Verb> {
        let facts = self.nouns.lexicon.actions.of(&found.motion);
        let motion = facts.alone.clone().filter(|m| self.nouns.lexicon.has(Kind::Motion, m))?;
        let subjects = if self.clause.subjects.is_empty() { &self.subjects } else { &self.clause.subjects };
        let [one] = &subjects[..] else { return None };
        if one.count > 1 || one.what == What::They {
            return None;
        }
        let words = self.nouns.words(at);
        if !facts.mutual && facts.others.is_none() {
            // Her own hair, and not his.
            let own = match &one.what {
                What::She => "her",
                What::He => "his",
                What::Entry(Kind::Person, id) | What::Named(Kind::Person, id) if crate::actions::is_female(self.nouns.lexicon.vocabulary, id) => "her",
                _ => "his",
            };
            return (words.get(1) == Some(&own) && words.get(3) != Some(&"'s")).then(|| Verb {
                motion,
                near: None,
                lemma: found.lemma.clone(),
                form: found.form,
                words: 3,
            });
        }
        if words.iter().any(|w| matches!(*w, "together" | "with" | "against" | "each" | "help" | "helps")) {
            return None;
        }
        let (form, words, said) = (found.form, if facts.mutual { 1 } else { found.words }, words);
        // Who carries it goes with it.
        Some(match verb::near(&said).filter(|n| n.0.effect == tables::Effect::Carry) {
            Some((near, words, lemma, form)) => Verb { motion: near.motion.to_owned(), near: Some(near), lemma, form, words },
            None => Verb { motion, near: None, lemma: found.lemma.clone(), form, words },
        })
    }

    /// "Gives her a thumbs up", "gives the boy a hug": what is given is no thing but something that is done to them.
    fn gives(&mut self, skip: usize) -> bool {
        let (from, at) = (self.i, self.i + skip + 1);
        let lexicon = self.nouns.lexicon;
        let kept = (self.nouns.warnings.len(), self.nouns.unknown.len(), self.nouns.pictureless.len());
        let her = matches!(self.word(at), Some("him" | "her" | "them")).then(|| match self.word(at) {
            Some("him") => What::He,
            Some("her") => What::She,
            _ => What::They,
        });
        let her = her.filter(|_| self.word(at + 1).is_some_and(|w| matches!(w, "a" | "an" | "the" | "another")));
        let read = if her.is_none() && self.nouns.begins(at) { self.nouns.read(at) } else { None };
        let somebody = match her {
            Some(what) => Some((mention(what, self.span(at, at + 1), true), at + 1)),
            None => read.and_then(|read| match read.phrase {
                Phrase::Mention(m) if matches!(m.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..)) => Some((m, read.next)),
                _ => None,
            }),
        };
        let given = somebody.and_then(|(m, next)| {
            let words = self.nouns.words(next);
            let skipped = words
                .iter()
                .take_while(|w| matches!(**w, "a" | "an" | "the" | "another") || tables::FILLERS.contains(w) || tables::SIZES.iter().any(|(s, _)| s == *w));
            let skipped = skipped.count();
            let inner = &words[skipped..];
            let whole: Vec<&str> = ["give"].into_iter().chain(inner.iter().copied()).collect();
            let own = lexicon.motion(&whole).filter(|(f, _)| f.words > 1).map(|(f, _)| (f.id, f.words - 1));
            let thing = lexicon.noun_of(inner, &[Kind::Prop]).is_some() || lexicon.near_noun(inner).is_some_and(|near| near.kind == Kind::Prop);
            let light = || verb::find(lexicon, inner).filter(|v| skipped > 0 && !thing && v.form == Form::Plain && v.near.is_none());
            let (motion, used) = own.or_else(|| light().map(|v| (v.motion, v.words)))?;
            // "Gives her a drink": what is done with a thing is that thing.
            let with_thing = lexicon.actions.of(&motion).held || lexicon.actions.of(&motion).holds.is_some();
            (!with_thing && motion != "walk").then_some((m, motion, next + skipped + used))
        });
        let Some((m, motion, end)) = given else {
            self.nouns.warnings.truncate(kept.0);
            self.nouns.unknown.truncate(kept.1);
            self.nouns.pictureless.truncate(kept.2);
            return false;
        };
        let form = verb_form(self.word(from + skip).unwrap_or(""));
        self.i = end;
        self.action(from, Verb { motion, near: None, lemma: "give".into(), form, words: end - from });
        if let Some(action) = self.clause.action.as_mut() {
            action.target = Some(Goal::Mention(m));
        }
        true
    }

    /// "Helps another person put on a helmet", "helps her into a boat": what is done to somebody, or together.
    fn helps(&mut self, skip: usize) -> bool {
        let (from, at) = (self.i, self.i + skip + 1);
        let kept = (self.nouns.warnings.len(), self.nouns.unknown.len(), self.nouns.pictureless.len());
        // "Helps another into a car."
        let another = self.word(at) == Some("another") && self.word(at + 1).is_some_and(is_function);
        let other = another.then(|| (mention(What::Nth(1), self.span(at, at + 1), true), at + 1));
        let read = if !another && self.nouns.begins(at) { self.nouns.read(at) } else { None };
        let somebody = read.and_then(|read| match read.phrase {
            Phrase::Mention(m) if matches!(m.what, What::Entry(Kind::Person, _) | What::Named(..) | What::He | What::She | What::They | What::Nth(_)) => {
                Some((m, read.next))
            }
            _ => None,
        });
        let helped = somebody.or(other).and_then(|(m, next)| {
            let next = next + usize::from(self.word(next) == Some("to"));
            self.help(next).map(|(found, end)| (m, found, end))
        });
        let Some((m, found, end)) = helped else {
            self.nouns.warnings.truncate(kept.0);
            self.nouns.unknown.truncate(kept.1);
            self.nouns.pictureless.truncate(kept.2);
            return false;
        };
        self.i = end;
        let takes_two = self.nouns.lexicon.actions.of(&found.motion).takes_two();
        self.action(from, found);
        match self.clause.action.as_mut().filter(|_| takes_two) {
            Some(action) => action.target = Some(Goal::Mention(m)),
            None => self.clause.subjects.push(m),
        }
        true
    }

    /// What help is given with, and where its words end: a motion named after helping, any other, or a hand on the way into a boat.
    fn help(&self, at: usize) -> Option<(Verb, usize)> {
        let lexicon = self.nouns.lexicon;
        let words = self.nouns.words(at);
        let small = |w: &str| matches!(w, "a" | "an" | "the" | "his" | "her" | "their" | "up");
        let mut compact = vec!["help"];
        let mut named = None;
        for (n, word) in words.iter().enumerate() {
            if !small(word) {
                compact.push(word);
                let found = lexicon.motion(&compact).filter(|(f, _)| f.words == compact.len());
                named = found.map(|(f, form)| (Verb { motion: f.id, near: None, lemma: "help".into(), form, words: n + 1 }, at + n + 1)).or(named);
            }
        }
        let by_hand = || {
            let way = words.first().is_some_and(|w| matches!(*w, "into" | "onto" | "out" | "off" | "up" | "down" | "across" | "over"));
            let hand = "hold-hands";
            (way && lexicon.has(Kind::Motion, hand)).then(|| (Verb { motion: hand.into(), near: None, lemma: "help".into(), form: Form::Finite, words: 0 }, at))
        };
        named
            .or_else(|| {
                verb::find(lexicon, &words).map(|v| (for_others(v), at)).map(|(v, at)| {
                    let end = at + v.words;
                    (v, end)
                })
            })
            .or_else(by_hand)
    }

    /// "Calls his mother", "calls the police": by telephone, for who only shouts calls to somebody.
    pub(super) fn phones(&self, at: usize) -> bool {
        let [verb, det, who] = [0, 1, 2].map(|k| self.word(at + k));
        let kin = || matches!(det, Some("his" | "her" | "their" | "my")) && who.is_some_and(|w| self.is_person(w) && !matches!(w, "children" | "kids"));
        let office = || matches!(who, Some("police" | "doctor" | "ambulance" | "taxi" | "cab" | "office" | "hospital" | "hotel" | "plumber" | "bank" | "boss"));
        verb.is_some_and(|w| verb::is_any(w, &["call", "ring"]))
            && self.nouns.lexicon.has(Kind::Motion, PHONE)
            && (kin() || matches!(det, Some("the" | "a" | "an" | "his" | "her")) && office())
    }

    fn is_person(&self, word: &str) -> bool {
        let person = |kind: Kind| kind == Kind::Person;
        self.nouns.lexicon.noun(&[word]).is_some_and(|f| person(f.kind)) || self.nouns.lexicon.near_noun(&[word]).is_some_and(|s| person(s.kind))
    }

    /// "takes a walk", "goes swimming", "goes for a run".
    fn light(&mut self, skip: usize) -> Option<usize> {
        let at = self.i + skip + 1;
        let at = at + usize::from(self.word(at) == Some("for"));
        let words = self.nouns.words(at);
        let skip_a =
            words.iter().take_while(|w| matches!(**w, "a" | "the" | "peaceful" | "short" | "long" | "quick" | "little" | "slow" | "some" | "big")).count();
        let inner = &words[skip_a.min(words.len())..];
        let found = verb::find(self.nouns.lexicon, inner).filter(|v| v.form == Form::Ing || skip_a > 0)?;
        let next = at + skip_a + found.words;
        let from = self.i;
        self.i = next;
        self.action(from, found);
        Some(next)
    }

    /// "A pianist plays on a stage": what who is called so plays, if nobody says what.
    fn plays_by_trade(&self, found: &Verb) -> Option<String> {
        if found.lemma != "play" || found.near.is_none() {
            return None;
        }
        let who = self.clause.subjects.last().or(self.subjects.last())?;
        let said = self.nouns.tokens.iter().filter(|l| l.span.start >= who.span.start && l.span.end <= who.span.end);
        let trade = |l: &Lexeme| {
            if let Token::Word { text, .. } = &l.token {
                tables::PLAYERS.iter().find(|(name, _)| text.strip_suffix('s').unwrap_or(text) == *name)
            } else {
                None
            }
        };
        said.filter_map(trade).map(|(_, motion)| (*motion).to_owned()).find(|m| self.nouns.lexicon.has(Kind::Motion, m))
    }

    fn action(&mut self, from: usize, found: Verb) {
        let found = match self.plays_by_trade(&found) {
            Some(motion) => Verb { motion, near: None, ..found },
            None => found,
        };
        // "Plays with a doll": one sits down to it.
        let person = |m: &Mention| matches!(m.what, What::Entry(Kind::Person, _) | What::Named(Kind::Person, _) | What::He | What::She);
        let toy = found.motion == "run"
            && self.clause.subjects.last().or(self.subjects.last()).is_some_and(person)
            && found.lemma == "play"
            && self.word(self.i) == Some("with")
            && (self.i + 1..self.i + 6)
                .map_while(|at| self.word(at))
                .take_while(|w| !matches!(*w, "and" | "in" | "on" | "while"))
                .any(|w| tables::DOLLS.contains(&w));
        let found = if toy { Verb { motion: "sit".into(), near: None, ..found } } else { found };
        // A candle goes out, and so does somebody.
        let somebody = |m: &Mention| matches!(m.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) | What::He | What::She | What::They);
        let leaves = found.motion == "put-out" && found.lemma.starts_with("go") && self.clause.subjects.last().or(self.subjects.last()).is_some_and(somebody);
        let found = if leaves { Verb { motion: "walk".into(), ..found } } else { found };
        // "Catching or throwing a ball": one of the two is shown, the one with the ball.
        let after = self.nouns.words(self.i + 1);
        if self.word(self.i) == Some("or") && verb::find(self.nouns.lexicon, &after).is_some_and(|v| v.form == found.form) {
            return;
        }
        let span = self.span(from, self.i);
        let ing = found.form == Form::Ing;
        if self.clause.action.is_some()
            || (self.clause.subjects.is_empty()
                && self.has_content()
                && !self.subjects.is_empty()
                && self.clause.framing == crate::script::FramingWish::default())
        {
            let together = ing && (self.comma || !self.conjunction) && !self.ing;
            // "Watches her son play": what is seen does it, meanwhile.
            let seen = match &self.clause.action {
                Some(Action { motion, target: Some(Goal::Mention(m)), .. }) if motion == "look" && found.form == Form::Plain => Some(m.clone()),
                _ => None,
            };
            let seen = seen.filter(|_| !self.conjunction && !self.comma);
            let together = together || seen.is_some();
            let subjects = match seen {
                Some(m) => vec![m],
                None if together && !self.comma && self.anchor_acts() => self.anchor.clone().into_iter().collect(),
                None => self.clause.subjects.clone(),
            };
            self.end_clause(if together { Order::While } else { Order::Then });
            self.clause.subjects = subjects;
        }
        if let Some(near) = found.near.filter(|n| n.warn) {
            let message = format!("\"{}\" is shown as \"{}\"", found.lemma, near.motion);
            self.nouns.warnings.push(Warning::new(WarningKind::Replaced, message).at(span).hint(format!("write \"{}\" to say so yourself", near.motion)));
        }
        let effect = found.near.map_or(tables::Effect::None, |n| n.effect);
        let text = |t: &str| (!t.is_empty()).then(|| t.to_owned());
        let manner = self.manner.take().or_else(|| found.near.and_then(|n| text(n.manner)));
        let target = match effect {
            tables::Effect::Far => Some(Goal::Fixed(Target::Far)),
            tables::Effect::Near => Some(Goal::Fixed(Target::Near)),
            tables::Effect::Up => Some(Goal::Fixed(Target::Up)),
            tables::Effect::Down => Some(Goal::Fixed(Target::Down)),
            _ => None,
        };
        let sound = (effect == tables::Effect::Noise).then(|| found.lemma.clone());
        let own = tables::FOR_OTHERS.iter().any(|(own, _)| *own == found.motion);
        let whose = (from..self.i + 1).filter(|_| own).find_map(|at| match self.word(at)? {
            "his" => Some(mention(What::He, self.span(at, at + 1), true)),
            "her" => Some(mention(What::She, self.span(at, at + 1), true)),
            _ => None,
        });
        let target = target.or_else(|| self.whose_head(&found.motion));
        self.clause.action = Some(Action {
            span,
            speech: found.motion == "talk" || found.motion == PHONE,
            motion: found.motion,
            target,
            with: None,
            props: Vec::new(),
            manner,
            mood: found.near.and_then(|n| text(n.mood)),
            reciprocal: false,
            against: false,
            chase: effect == tables::Effect::Chase,
            ride: effect == tables::Effect::Ride,
            state: matches!(effect, tables::Effect::Hold | tables::Effect::Carry | tables::Effect::Bring),
            carries: match effect {
                tables::Effect::Carry => Some(false),
                tables::Effect::Bring => Some(true),
                _ => None,
            },
            way: self.way_to_carry(),
            sound,
            whose,
        });
        self.follow_on();
        self.ing = ing;
        (self.conjunction, self.comma) = (false, false);
    }

    /// "Strokes her head": that of the one who was spoken of before, if it is not said whose.
    fn whose_head(&self, motion: &str) -> Option<Goal> {
        let part = matches!(self.word(self.i + 1), Some("head" | "hair" | "cheek" | "face" | "forehead" | "back"));
        let says = self.word(self.i).filter(|w| part && motion == "pet" && matches!(*w, "his" | "her" | "their" | "the" | "its" | "a"))?;
        let own = self.clause.subjects.last().or(self.subjects.last()).map(|m| m.what.clone());
        let fits = |m: &&Mention| match &m.what {
            What::Entry(Kind::Person, id) if matches!(says, "his" | "her") => {
                let female = crate::actions::is_female(self.nouns.lexicon.vocabulary, id);
                female == (says == "her") || !crate::actions::says_sex(self.nouns.lexicon.vocabulary, id)
            }
            What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) => true,
            _ => false,
        };
        let before = self.clauses.iter().rev().flat_map(|c| {
            let target = c.action.as_ref().and_then(|a| if let Some(Goal::Mention(m)) = &a.target { Some(m) } else { a.with.as_ref() });
            target.into_iter().chain(&c.subjects)
        });
        before.into_iter().find(|m| Some(&m.what) != own.as_ref() && fits(m)).map(|m| Goal::Mention(Mention { definite: true, ..m.clone() }))
    }

    /// How somebody is carried by the words up to the end of the clause: "on his shoulders", "in her arms", "piggyback".
    fn way_to_carry(&self) -> Option<RelationKind> {
        let words = self.nouns.words(self.i);
        let clause = words.iter().take_while(|w| !matches!(**w, "and" | "while" | "then" | "who" | "that")).copied();
        let said: Vec<&str> = clause.collect();
        let after = |at: usize| said[..at].iter().rev().take(2).any(|w| matches!(*w, "on" | "onto"));
        let one = |(at, word): (usize, &str)| match word {
            "piggyback" => Some(RelationKind::OnBack),
            "back" if after(at) => Some(RelationKind::OnBack),
            "shoulders" if after(at) => Some(RelationKind::OnShoulders),
            "shoulder" if said.get(at + 1) == Some(&"ride") => Some(RelationKind::OnShoulders),
            "hip" | "arm" if after(at) => Some(RelationKind::OnArm),
            "arms" => Some(RelationKind::InArms),
            _ => None,
        };
        said.iter().copied().enumerate().find_map(one)
    }

    /// "She hands him an apple, and he bites into it": what somebody else does after a thing of a moment comes after it, and so
    /// does a thing of a moment that somebody does who is spoken of already.
    fn follow_on(&mut self) {
        let (Some(before), Some(now)) = (self.clauses.last().and_then(|c| c.action.as_ref()), &self.clause.action) else { return };
        let actions = &self.nouns.lexicon.actions;
        let momentary = |motion: &str| !actions.of(motion).lasts && !matches!(motion, "look" | "talk" | "wave" | "stop");
        let known = self.clause.subjects.iter().any(|m| m.definite || matches!(m.what, What::He | What::She | What::It | What::They));
        let meets = matches!(now.motion.as_str(), "catch" | "receive");
        let moment = momentary(&before.motion) || momentary(&now.motion);
        if self.joined && self.clause.order == Order::While && known && !meets && moment {
            self.clause.order = Order::Then;
        }
    }

    /// "a woman looks at a man reading a book": the participle belongs to the man.
    fn anchor_acts(&self) -> bool {
        let Some(anchor) = &self.anchor else { return false };
        matches!(&anchor.what, What::Entry(Kind::Person | Kind::Creature, _)) && self.clause.subjects.iter().all(|s| s.span != anchor.span)
    }

    fn unknown_verb(&mut self, words: &[&str]) -> bool {
        let w = words[0];
        // Verbs of other languages are marked as such.
        let written = !self.nouns.tags.is_empty();
        let shaped = written && (w.ends_with("ing") || w.ends_with("ed") || (w.ends_with('s') && !w.ends_with("ss")));
        let subject = self.clause.subjects.iter().any(|m| m.what != What::Camera) || self.conjunction;
        // "They amble", but not "she is calm".
        let many = self.clause.subjects.len() > 1 || self.clause.subjects.iter().any(|m| m.count > 1 || m.what == What::They);
        let told = self.nouns.tokens[self.i].verb;
        let shaped = shaped || told || many && self.clause.action.is_none() && !tables::EMPTY.contains(&w) && self.nouns.lexicon.climb_verb(w).is_some();
        let mood = tables::MOODS.iter().any(|(m, _)| *m == w);
        // "In Paris", "by Times Square".
        let capital = self.i > 0 && matches!(&self.nouns.tokens[self.i].token, Token::Word { capital: true, .. }) && !self.starts_sentence();
        let other = capital || pictureless::is_abstract(w) || self.nouns.lexicon.exact(&[w], &[Kind::Colour]).is_some();
        if other
            || !shaped
            || mood
            || !subject
            || self.nouns.begins(self.i) && self.nouns.tag(self.i) != Tag::Verb
            || tables::FILLERS.contains(&w)
            || is_function(w)
            || w.ends_with("ly")
            || self.hears
        {
            return false;
        }
        if self.participle(w) {
            self.nouns.pictureless.push((w.to_owned(), self.span(self.i, self.i + 1)));
            self.i += 1;
            (self.conjunction, self.comma) = (false, false);
            return true;
        }
        if let Some((motion, near, lemma, form)) = self.nouns.lexicon.climb_verb(w) {
            let from = self.i;
            self.i += 1;
            if near.is_none_or(|n| !n.warn) {
                let message = format!("\"{lemma}\" is shown as \"{motion}\"");
                let hint = format!("write \"{motion}\" to say so yourself");
                self.nouns.warnings.push(Warning::new(WarningKind::Replaced, message).at(self.span(from, self.i)).hint(hint));
            }
            self.action(from, Verb { motion, near, lemma, form, words: 1 });
            return true;
        }
        let plain = super::inflect::verb_forms(w).pop().map_or_else(|| w.to_owned(), |f| f.0);
        let hint =
            self.nouns.lexicon.nearest(&plain, &[Kind::Motion]).map_or_else(|| "see `kinora words --kind motion`".into(), |n| format!("did you mean \"{n}\"?"));
        let span = self.span(self.i, self.i + 1);
        self.nouns
            .warnings
            .push(Warning::new(WarningKind::UnknownWord, format!("the action \"{w}\" is not in the vocabulary and is not shown")).at(span).hint(hint));
        self.i += 1;
        self.lost_verb = self.clause.action.is_none();
        (self.conjunction, self.comma) = (false, false);
        true
    }

    fn starts_sentence(&self) -> bool {
        self.i == 0 || self.nouns.tokens[self.i - 1].is_mark(&['.', '!', '?', ';', ':', '\n'])
    }

    /// "Stained", "draped in snow": a form in -ed that says how a thing is, or how somebody is by something.
    fn participle(&self, word: &str) -> bool {
        let acts = |m: &Mention| !matches!(m.what, What::Entry(Kind::Prop, _) | What::It);
        let subjects = if self.clause.subjects.is_empty() { &self.subjects } else { &self.clause.subjects };
        let passive = matches!(self.word(self.i + 1), None | Some("with" | "in" | "by" | "against" | "from" | "and" | "on" | "of"));
        word.ends_with("ed") && !self.nouns.tags.is_empty() && (passive || !subjects.iter().any(acts))
    }

    /// A noun phrase as subject or object.
    fn phrase(&mut self) {
        let from = self.i;
        let Some(read) = self.nouns.read(self.i) else {
            self.unknown_word();
            return;
        };
        self.i = read.next.max(from + 1);
        self.leave_road(&read.setting);
        merge_setting(&mut self.clause, &read.setting);
        match read.phrase {
            Phrase::Mention(m) => {
                let m = Mention { does: read.motion.clone(), ..m };
                self.mention(m, read.motion);
            }
            Phrase::Unknown if self.says_something() => self.mention(self.somebody(from), None),
            Phrase::Unknown => {
                if self.clause.action.is_some() && (self.conjunction || self.comma) && self.subject_follows(from) {
                    self.end_clause(Order::While);
                    self.subjects.clear();
                } else if self.clause.action.is_none() && !self.conjunction {
                    self.subjects.clear();
                }
                if let Some(who) = self.stands_for(from) {
                    return self.mention(who, None);
                }
                (self.conjunction, self.comma) = (false, false);
            }
            Phrase::Hair(colour, style) => self.on_anchor(|t| {
                t.traits.hair = colour.clone().or(t.traits.hair.take());
                t.traits.hair_style = style.clone().or(t.traits.hair_style.take());
            }),
            Phrase::Motion | Phrase::Nothing | Phrase::Direction(_) => (),
            other => self.plain(other, ""),
        }
    }

    fn plain(&mut self, phrase: Phrase, name: &str) {
        match phrase {
            Phrase::Setting(mut setting) => {
                // "On a balcony, she leans on the railing and looks at the sea": one does not go where one looks.
                let looks = self.clause.action.as_ref().is_some_and(|a| a.motion == "look") && matches!(name, "" | "at" | "over" | "across" | "to" | "towards");
                if looks && self.clauses.iter().any(|c| c.setting.place.is_some()) {
                    setting.place = None;
                }
                let starts = name.is_empty() && setting.place.is_some() && self.clause.action.is_some() && (self.comma || self.conjunction);
                if starts {
                    self.end_clause(Order::Then);
                }
                merge_setting(&mut self.clause, &setting);
                if name.is_empty() && setting.place.is_none() && (setting.weather.is_some() || setting.time.is_some()) {
                    self.happens();
                }
            }
            Phrase::Music(mood) => self.mood = mood.or(self.mood.take()),
            _ => {}
        }
    }

    /// "Snow falls outside", "leaves fall around a girl who dances": what the weather and the hours do is nobody's act, and whom it
    /// happens to are those who act.
    fn happens(&mut self) {
        let mut at = self.i;
        while self.word(at).is_some_and(|w| matches!(w, "is" | "are" | "was" | "were" | "starts" | "begins" | "to") || w.ends_with("ly")) {
            at += 1;
        }
        at += usize::from(self.word(at).is_some_and(|w| verb::is_any(w, tables::WEATHER_DOES)));
        while self.word(at).is_some_and(|w| matches!(w, "down" | "outside" | "everywhere" | "again" | "heavily" | "hard") || w.ends_with("ly")) {
            self.clause.setting.within |= self.word(at) == Some("outside");
            at += 1;
        }
        let about = self.word(at).is_some_and(|w| matches!(w, "around" | "on" | "over" | "upon" | "onto" | "about" | "behind" | "past" | "across"));
        if about && self.clause.subjects.is_empty() && self.nouns.begins(at + 1) && self.nouns.is_person(at + 2) {
            at += 1;
            self.subjects.clear();
        }
        self.i = at;
    }

    /// "A lighthouse keeper carries his granddaughter": what is said of somebody before anybody else is spoken of tells whether they
    /// are a man, where their word does not.
    fn sex_by_pronoun(&mut self, m: &mut Mention) {
        let What::Entry(Kind::Person, id) = &m.what else { return };
        let neutral = |word: &str| !word.split(['-', ' ']).any(crate::story::says_sex);
        let stands_in = matches!(id.as_str(), "man" | "woman") && m.traits.called.as_deref().is_some_and(|c| neutral(c) && !c.ends_with("ess"));
        let open = neutral(id) && m.traits.called.as_deref().is_none_or(neutral);
        if self.nouns.tags.is_empty() || self.clause.action.is_some() || m.count > 1 || m.traits.sex.is_some() || m.name.is_some() || !(stands_in || open) {
            return;
        }
        let mut at = self.i;
        let male = loop {
            match self.nouns.tokens.get(at).map(|t| &t.token) {
                None | Some(Token::Quote(_)) => return,
                Some(Token::Word { text, .. }) => match text.as_str() {
                    "he" | "his" | "himself" => break true,
                    "she" | "herself" => break false,
                    "her" if self.nouns.noun_follows(at + 1) => break false,
                    // "A prince awakens her": somebody else.
                    "him" | "her" => return,
                    word if self.is_person(word) => return,
                    // A patient is somebody, too.
                    word if self.word(at.wrapping_sub(1)).is_some_and(is_determined)
                        && self.nouns.lexicon.climb(&[word], 1).is_some_and(|s| s.kind == Kind::Person) =>
                    {
                        return;
                    }
                    _ => {}
                },
                Some(_) => {}
            }
            at += 1;
        };
        if stands_in {
            let (now, other) = if male { ("man", "woman") } else { ("woman", "man") };
            if *id == other && self.nouns.lexicon.has(Kind::Person, now) {
                m.what = What::Entry(Kind::Person, now.into());
                for warning in self.nouns.warnings.iter_mut().filter(|w| w.span.is_some_and(|s| s.start >= m.span.start && s.end <= m.span.end)) {
                    warning.message = warning.message.replace(&format!("the film shows \"{other}\""), &format!("the film shows \"{now}\""));
                    warning.hint = warning.hint.replace(&format!("\"{other}\""), &format!("\"{now}\""));
                }
            }
        } else {
            m.traits.sex = Some(if male { "male" } else { "female" }.into());
        }
    }

    fn mention(&mut self, mut m: Mention, motion: Option<String>) {
        self.sex_by_pronoun(&mut m);
        if matches!(m.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) | What::He | What::She) {
            m.traits.clothes.append(&mut self.worn_first);
        }
        // "Cleans another person's shoes": it is done to that person.
        if let (Some(owner), Some(action)) = (m.owner.take(), self.clause.action.as_mut()) {
            if let Some((_, other)) = tables::FOR_OTHERS.iter().find(|(own, _)| *own == action.motion) {
                action.motion = (*other).to_owned();
            }
            if self.nouns.lexicon.actions.of(&action.motion).partner.is_some() && action.target.is_none() {
                action.target = Some(Goal::Mention(*owner));
            } else if owner.another {
                self.clause.extras.push(*owner);
            }
        }
        if self.hears {
            self.anchor = Some(m);
            return;
        }
        match &m.what {
            What::Camera => return,
            What::Bare => {
                // "The fox is red."
                if !(self.clause.subjects.is_empty() && self.subjects.is_empty()) {
                    self.on_anchor(|t| merge_traits(t, &m));
                }
                return;
            }
            What::Entry(Kind::Garment, _) => {
                self.dress(&m);
                return;
            }
            What::Entry(Kind::Prop, id) if self.clause.action.as_ref().is_some_and(|a| a.motion == "adjust-collar" && a.target.is_none()) => {
                if let Some(worn) = self.worn(id) {
                    self.dress(&Mention { what: What::Entry(Kind::Garment, worn), ..m });
                    return;
                }
            }
            // "With a mohawk and sunglasses": a thing that is worn, too.
            What::Entry(Kind::Prop, id)
                if self.conjunction && self.clause.action.is_none() && self.anchor.as_ref().is_some_and(|a| !a.traits.clothes.is_empty()) =>
            {
                if let Some(worn) = self.worn(id) {
                    self.dress(&Mention { what: What::Entry(Kind::Garment, worn), ..m });
                    return;
                }
            }
            _ => {}
        }
        let joined = self.conjunction || self.comma;
        if joined && self.lost_verb && self.clause.action.is_none() && self.subject_of_verb() {
            // "A robot ponders, a butterfly lands": two sentences, though the first verb is not shown.
            self.end_clause(Order::While);
            self.clause.subjects = vec![m.clone()];
        } else if self.clause.action.is_some() {
            if joined
                && (self.subject_of_verb()
                    || self.clause.action.as_ref().is_some_and(|a| a.target.is_none() && a.props.is_empty() && a.with.is_none() && !a.state))
            {
                self.end_clause(Order::While);
                self.joined = true;
                self.clause.subjects = vec![m.clone()];
            } else {
                self.object(m.clone());
            }
        } else if self.apposition(&m) {
            return;
        } else if self.clause.subjects.is_empty() || joined {
            if joined && !self.clause.relations.is_empty() && !self.clause.subjects.is_empty() {
                // "a cup on a table and a book": a new thing of its own.
            }
            self.clause.subjects.push(m.clone());
        } else {
            self.clause.extras.push(m.clone());
        }
        self.anchor = Some(m);
        (self.conjunction, self.comma) = (false, false);
        if let Some(motion) = motion.filter(|_| self.clause.action.is_none() && !self.verb_soon()) {
            let span = self.clause.subjects.last().map_or(Span::default(), |s| s.span);
            self.clause.action = Some(Action::new(span, &motion));
        }
    }

    fn verb_soon(&self) -> bool {
        (self.i..self.i + 3).filter_map(|k| self.word(k)).any(|w| self.nouns.lexicon.noun(&[w]).is_none() && verb::find(self.nouns.lexicon, &[w]).is_some())
    }

    /// Whether the phrase just read is followed by a verb of its own.
    fn subject_of_verb(&self) -> bool {
        let words = self.nouns.words(self.i);
        let skip =
            words.iter().take_while(|w| matches!(**w, "is" | "are" | "slowly" | "quickly" | "also" | "happily" | "who" | "that") || w.ends_with("ly")).count();
        let rest = &words[skip.min(words.len())..];
        verb::find(self.nouns.lexicon, rest).is_some() || rest.first().is_some_and(|w| verb::is_any(w, tables::HELPERS))
    }

    /// "Anna, a girl with red hair": one and the same.
    fn apposition(&mut self, m: &Mention) -> bool {
        let comma = self.comma && !self.conjunction;
        let Some(last) = self
            .clause
            .subjects
            .last_mut()
            .filter(|l| comma && matches!(l.what, What::Named(..)) && matches!(m.what, What::Entry(Kind::Person | Kind::Creature, _)) && !m.definite)
        else {
            return false;
        };
        let name = last.name.clone();
        *last = Mention { name, ..m.clone() };
        self.anchor = Some(last.clone());
        self.comma = false;
        true
    }

    fn object(&mut self, mut m: Mention) {
        let (nouns, i) = (&self.nouns, self.i);
        let more = || nouns.begins(i) || nouns.tag(i) != Tag::Verb && nouns.is_noun(&nouns.words(i));
        let Some(action) = self.clause.action.as_mut() else {
            self.clause.extras.push(m);
            return;
        };
        // Who rescues a cat has it in both arms.
        if action.motion == "hold-hands" && matches!(m.what, What::Entry(Kind::Creature, _)) && self.nouns.lexicon.has(Kind::Motion, "hug") {
            action.motion = "hug".into();
        }
        // "Holds a baby", "holds his dog": in both arms.
        let lap = |id: &str| matches!(id, "dog" | "cat" | "rabbit" | "fox" | "panda" | "koala" | "baby" | "girl" | "boy");
        let hugged = matches!(&m.what, What::Entry(Kind::Person | Kind::Creature, id) if lap(id));
        // "Carries a box in both arms": things are carried as things are.
        if self.nouns.lexicon.actions.of(&action.motion).carries.is_some() && matches!(m.what, What::Entry(Kind::Prop, _)) {
            (action.motion, action.state, action.carries) = ("stand".into(), true, Some(false));
        }
        let alive = matches!(&m.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) | What::He | What::She);
        // "Gives his sister a piggyback ride", "holds a kitten in her arms".
        let lifts = action.way.is_some() && (action.motion == "give" || action.state || action.motion == "hug");
        if alive && lifts && action.target.is_none() && action.props.is_empty() {
            (action.motion, action.state, action.carries) = ("stand".into(), true, Some(false));
        }
        if hugged && action.state && action.carries.is_none() && action.motion == "stand" && self.nouns.lexicon.has(Kind::Motion, "hug") {
            (action.motion, action.state) = ("hug".into(), false);
        }
        let held = self.nouns.lexicon.actions.of(&action.motion).held;
        // "Gives it a fish", "brings her a letter": to whom, then what.
        let somebody = matches!(m.what, What::Entry(Kind::Person | Kind::Creature, _) | What::Named(..) | What::He | What::She | What::They | What::It);
        if (held || action.carries == Some(true)) && somebody && action.target.is_none() && action.props.is_empty() && more() {
            if action.carries.is_some() {
                (action.motion, action.state) = ("walk".into(), false);
            }
            action.target = Some(Goal::Mention(m.clone()));
            self.clause.extras.push(m);
            return;
        }
        // A fish that is given or eaten is none that swims.
        if let What::Entry(Kind::Creature, id) = &m.what
            && (action.target.is_some() || matches!(action.motion.as_str(), "eat" | "cook" | "cut" | "barbecue"))
            && let Some(found) = self.nouns.lexicon.noun_of(&["caught", id], &[Kind::Prop]).filter(|f| f.words == 2)
        {
            m.what = What::Entry(Kind::Prop, found.id);
        }
        self.clause.extras.push(m.clone());
        let prop = matches!(&m.what, What::Entry(Kind::Prop, _)) || (held && m.what == What::It);
        if action.speech && !prop {
            action.with = Some(m);
        } else if action.state || prop && action.props.is_empty() && (held || action.carries.is_some()) {
            action.props.push(m);
        } else {
            action.target.get_or_insert(Goal::Mention(m));
        }
    }

    fn unknown_word(&mut self) {
        let Some(word) = self.word(self.i).map(str::to_owned) else {
            self.i += 1;
            return;
        };
        let at = self.i;
        self.i += 1;
        // "Stunning close-up of a tiger": nobody closes anything.
        let close_up = self.word(self.i) == Some("close") && self.word(self.i + 1) == Some("up");
        let next_verb = self.word(self.i).is_some_and(|w| self.nouns.is_verb(w) && !close_up || matches!(w, "is" | "and"));
        let capital = matches!(&self.nouns.tokens[at].token, Token::Word { capital: true, .. });
        let span = self.span(at, at + 1);
        let silent =
            tables::FILLERS.contains(&word.as_str()) || is_function(&word) || tables::EMPTY.contains(&word.as_str()) || word.ends_with("ly") || word.len() < 2;
        if !silent
            && capital
            && (next_verb || self.surname() || self.nouns.tokens.get(self.i).is_some_and(|t| t.is_mark(&[',', ':'])))
            && self.clause.action.is_none()
            && self.nouns.lexicon.has(Kind::Person, "woman")
            && !self.looks_common(&word)
        {
            let mut m = mention(What::Named(Kind::Person, "woman".into()), span, true);
            let title = |word: &str| -> String { word.chars().next().map(|c| c.to_uppercase().chain(word.chars().skip(1)).collect()).unwrap_or_default() };
            m.name = Some(title(&word));
            if self.surname() {
                m.name = self.word(self.i).map(|w| format!("{} {}", title(&word), title(w)));
                self.i += 1;
            }
            self.mention(m, None);
        } else if !silent && (pictureless::is_abstract(&word) || pictureless::is_quality(self.nouns.lexicon, &word) || pictureless::describes(&word, false)) {
            self.nouns.pictureless.push((word, span));
        } else if !silent {
            self.nouns.unknown_noun(&word, span);
            match self.stands_for(at) {
                Some(who) => self.mention(who, None),
                None => (self.conjunction, self.comma) = (false, false),
            }
        }
    }

    /// A person in the place of somebody whose noun, just read, is not known, but who does what people do or whose word is
    /// formed as people's are: a film has somebody in it.
    fn stands_for(&mut self, from: usize) -> Option<Mention> {
        let free = self.clause.action.is_none() && (self.clause.subjects.is_empty() || self.conjunction) && !self.hears;
        let word = self.word(self.i - 1)?.to_owned();
        if !free || !(people::formed(&word) || self.acts_ahead()) {
            return None;
        }
        let id = people::sex(&word).or_else(|| self.nouns.lexicon.somebody(&word).map(|s| s.id)).filter(|id| self.nouns.lexicon.has(Kind::Person, id))?;
        let number = (from..self.i - 1).find_map(|k| match &self.nouns.tokens[k].token {
            Token::Number(n) if (1.0..=100.0).contains(n) => Some(*n as u32),
            Token::Word { text, .. } => tables::NUMBERS.iter().find(|(w, _)| w == text).map(|(_, n)| *n),
            _ => None,
        });
        let span = self.span(self.i - 1, self.i);
        let nouns = &mut self.nouns;
        nouns.unknown.pop();
        nouns.warnings.pop();
        let message = format!("\"{word}\" is not in the vocabulary; the film shows \"{id}\" instead");
        nouns.warnings.push(Warning::new(WarningKind::Replaced, message).at(span).hint(format!("write \"{id}\" to say so yourself")));
        let mut who = mention(What::Entry(Kind::Person, id.into()), self.span(from, self.i), false);
        who.count = number.unwrap_or(if word.ends_with('s') && !word.ends_with("ss") { 3 } else { 1 });
        who.traits.called = Some(word);
        Some(who)
    }

    /// Whether the clause goes on with something that people do: at once, or after words that say where.
    fn acts_ahead(&self) -> bool {
        let written = !self.nouns.tags.is_empty();
        let mut placed = false;
        for k in self.i..self.nouns.tokens.len().min(self.i + 14) {
            let Some(word) = self.word(k) else {
                // Other languages' words have commas in the order of English where no clause ends.
                if !written && self.nouns.tokens[k].is_mark(&[',']) {
                    continue;
                }
                return false;
            };
            let words = self.nouns.words(k);
            let verb = match self.nouns.tag(k) {
                Tag::Verb => true,
                Tag::Noun => false,
                Tag::Open => written && self.nouns.lexicon.noun(&words).is_none(),
            };
            if let Some(found) = verb::find(self.nouns.lexicon, &words).filter(|_| verb) {
                return !people::others_do(&found.motion) && !self.nouns.lexicon.actions.of(&found.motion).things;
            }
            placed |= matches!(word, "in" | "on" | "at" | "near" | "by" | "under" | "behind" | "through" | "next" | "with" | "to" | "from" | "along");
            if !placed && !matches!(word, "is" | "are" | "was" | "were" | "who" | "and" | "together") && !word.ends_with("ly") {
                return false;
            }
        }
        false
    }

    /// Whether a second unknown name with a verb after it stands here: "Gwen Stacy reading".
    fn surname(&self) -> bool {
        let strange = |w: &str| self.nouns.lexicon.noun(&[w]).is_none() && self.nouns.lexicon.near_noun(&[w]).is_none() && !is_function(w);
        matches!(&self.nouns.tokens.get(self.i).map(|t| &t.token), Some(Token::Word { text, capital: true }) if strange(text))
            && self.word(self.i + 1).is_some_and(|w| self.nouns.is_verb(w) || w == "is")
    }

    /// A first word is capital without being a name.
    fn looks_common(&self, word: &str) -> bool {
        word.ends_with('s') || word.ends_with("ing") || self.i <= 1 && self.nouns.tokens.len() < 3
    }
}

/// Whether something is taken into the hand, from somewhere that is not said yet. Who takes a thing from a table receives nothing.
fn picks_up(action: &mut Action) -> bool {
    let thing = |m: &Mention| matches!(m.what, What::Entry(Kind::Prop, _) | What::It);
    match action.motion.as_str() {
        "pick-up" => action.target.is_none() && !action.props.is_empty(),
        "receive" => {
            let Some(Goal::Mention(taken)) = action.target.take_if(|t| matches!(t, Goal::Mention(m) if thing(m))) else { return false };
            action.motion = "pick-up".into();
            action.props.insert(0, taken);
            true
        }
        _ => false,
    }
}

/// Prepositions of a way.
const LEADS_ON: [&str; 15] =
    ["along", "through", "across", "to", "towards", "toward", "into", "up", "down", "past", "around", "over", "out of", "after", "away from"];

/// Who brings something to somebody hands it over there.
fn handed_over(done: &Clause) -> Option<Clause> {
    let action = done.action.as_ref().filter(|a| a.carries == Some(true) && !a.state && !a.props.is_empty())?;
    let Some(Goal::Mention(to)) = &action.target else { return None };
    let person = matches!(to.what, What::Entry(Kind::Person, _) | What::Named(..) | What::He | What::She | What::They);
    let animal = done.subjects.iter().any(|m| matches!(m.what, What::Entry(Kind::Creature, _)));
    let give = Action { motion: "give".into(), carries: None, manner: None, ..action.clone() };
    (person && !animal).then(|| Clause { subjects: done.subjects.clone(), action: Some(give), span: done.span, order: Order::Then, ..Clause::default() })
}

/// What flies down stands there then.
fn landed(done: &Clause) -> Option<Clause> {
    let action = done.action.as_ref().filter(|a| a.motion == "fly" && matches!(a.target, Some(Goal::Fixed(Target::Down))))?;
    let animal = !done.subjects.is_empty() && done.subjects.iter().all(|m| matches!(m.what, What::Entry(Kind::Creature, _) | What::It | What::They));
    let stand = Action::new(action.span, "stand");
    animal.then(|| Clause { subjects: done.subjects.clone(), action: Some(stand), span: done.span, order: Order::Then, ..Clause::default() })
}

/// What is done to somebody else, where people do it to themselves otherwise.
fn for_others(found: Verb) -> Verb {
    let other = tables::FOR_OTHERS.iter().find(|(own, _)| *own == found.motion).map(|(_, other)| (*other).to_owned());
    Verb { motion: other.unwrap_or(found.motion), ..found }
}

fn is_determined(word: &str) -> bool {
    matches!(word, "a" | "an" | "the" | "his" | "her" | "its" | "their" | "this" | "that" | "two" | "three" | "another" | "some")
}

pub(super) fn merge_setting(clause: &mut Clause, other: &crate::script::Setting) {
    let s = &mut clause.setting;
    s.place = s.place.take().or_else(|| other.place.clone());
    s.time = s.time.take().or_else(|| other.time.clone());
    // "rain" said outright wins over a quality such as "snowy".
    let snowy = s.snow_cover && s.weather.as_ref().is_some_and(|w| w.0 == "snow");
    s.weather = if snowy { other.weather.clone().or(s.weather.take()) } else { s.weather.take().or_else(|| other.weather.clone()) };
    s.snow_cover |= other.snow_cover;
    s.within |= other.within;
    s.water |= other.water;
    s.mood = s.mood.take().or_else(|| other.mood.clone());
}

/// Fills what `into` does not say yet.
pub(crate) fn merge_traits(into: &mut Mention, from: &Mention) {
    let (a, b) = (&mut into.traits, &from.traits);
    a.colour = b.colour.clone().or(a.colour.take());
    a.size = b.size.or(a.size);
    a.age = b.age.clone().or(a.age.take());
    a.sex = b.sex.clone().or(a.sex.take());
    a.build = b.build.clone().or(a.build.take());
    a.hair = b.hair.clone().or(a.hair.take());
    a.hair_style = b.hair_style.clone().or(a.hair_style.take());
    a.mood = b.mood.clone().or(a.mood.take());
    a.material = b.material.clone().or(a.material.take());
    a.state = b.state.or(a.state.take());
}

/// How a verb is inflected.
fn verb_form(word: &str) -> Form {
    if word.ends_with("ing") { Form::Ing } else { Form::Finite }
}
