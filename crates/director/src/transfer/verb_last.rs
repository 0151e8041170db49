//! Languages whose verb comes last and whose nouns have their role behind them (Japanese, Korean): the pieces of a
//! clause are collected until its verb, and then put in the order of English.

use super::dictionary::{Class, Form, Piece};
use super::phrase::{NounPhrase, Unit, time_phrase, weather_quality};
use kinora_base::Span;
use kinora_vocabulary::Kind;

/// A noun with its role.
struct Part {
    /// The English word of the particle: subject, topic, object, to, in, with, from, of ... or none.
    role: String,
    /// The relation that its place has: 上に is "on".
    relation: Option<String>,
    units: Vec<Unit>,
    kind: Option<Kind>,
    span: Span,
}

/// Reads one sentence.
#[derive(Default)]
pub(crate) struct Clauses {
    out: Vec<Unit>,
    parts: Vec<Part>,
    /// What describes the next noun.
    adjectives: Vec<(String, Span)>,
    determiner: String,
    /// The classifier phrase that follows a noun: 犬 三匹, 새 세 마리.
    tail: Vec<Unit>,
    owner: Option<NounPhrase>,
    adverbs: Vec<Unit>,
    /// The last verb goes on while the next one happens.
    going_on: bool,
    /// What is done by whom the next clause names, and how it is joined to that: 「待て」と叫びながら、少年が走る.
    held: Option<(Vec<Unit>, &'static str)>,
    /// The camera is in the clause.
    camera: bool,
}

impl Clauses {
    /// The sentence in the order of English.
    pub(crate) fn read(pieces: &[Piece]) -> Vec<Unit> {
        let mut clauses = Self::default();
        let mut i = 0;
        while i < pieces.len() {
            i = clauses.step(pieces, i).max(i + 1);
        }
        clauses.flush(None);
        if let Some((mut units, _)) = clauses.held.take() {
            clauses.out.append(&mut units);
        }
        clauses.out
    }

    fn step(&mut self, pieces: &[Piece], i: usize) -> usize {
        let piece = &pieces[i];
        let english = piece.word.english.as_str();
        match piece.word.class {
            // A comma after a part does not end the clause: its verb is yet to come.
            Class::Mark if piece.mark() == Some(',') => {}
            Class::Mark => {
                self.flush(None);
                self.out.push(Unit::of(piece));
            }
            // ナレーション「…」, 안나: "...": a line of a script, which needs no verb.
            Class::Quote if self.names_speaker() => {
                let speaker = std::mem::take(&mut self.parts);
                self.out.extend(speaker.into_iter().flat_map(|p| p.units));
                if !matches!(self.out.last(), Some(Unit::Mark(':', _))) {
                    self.out.push(Unit::Mark(':', piece.span));
                }
                self.out.extend([Unit::of(piece), Unit::Mark('.', piece.span)]);
            }
            Class::Quote => self.parts.push(Part { role: "quote".into(), relation: None, units: vec![Unit::of(piece)], kind: None, span: piece.span }),
            Class::Verb => self.verb(pieces, i),
            Class::Adjective => self.adjectives.push((english.to_owned(), piece.span)),
            Class::Number | Class::Determiner => return self.number(pieces, i),
            // 雪の夜: the weather of all that follows.
            Class::Weather if english != "clear" && pieces.get(after_of(pieces, i)).is_some_and(|p| p.is(Class::Time)) => {
                self.adverbs.push(Unit::Words(format!("in the {english}"), piece.span));
                return after_of(pieces, i);
            }
            Class::Weather if describes(pieces, i) => {
                self.adjectives.push((weather_quality(english), piece.span));
                return after_of(pieces, i);
            }
            Class::Time if describes(pieces, i) => {
                self.tail.push(Unit::Words(time_phrase(english), piece.span));
                return after_of(pieces, i);
            }
            Class::Time => {
                // 祭りの夜: what kind of a night it is.
                for (adjective, span) in std::mem::take(&mut self.adjectives) {
                    let weathers = [("snowy", "snow"), ("rainy", "rain"), ("foggy", "fog")];
                    let weather = weathers.iter().find(|(a, _)| *a == adjective);
                    self.adverbs.extend(weather.map(|(_, weather)| Unit::Words(format!("in the {weather}"), span)));
                }
                if let Some(owner) = self.owner.take() {
                    self.out.extend([Unit::words("in", owner.span), Unit::Noun(owner), Unit::Mark(',', piece.span)]);
                }
                self.adverbs.push(Unit::Words(time_phrase(english), piece.span));
                return after_particle(pieces, i);
            }
            // 柴犬, 김치 찌개: what is not known before a noun says what kind it is.
            Class::Unknown if pieces.get(i + 1).is_some_and(|p| p.is(Class::Noun)) => self.adjectives.push((english.to_owned(), piece.span)),
            Class::Noun | Class::Weather | Class::Pronoun | Class::Unknown => return self.noun(pieces, i),
            Class::Link => {
                self.flush(None);
                self.out.push(Unit::of(piece));
            }
            Class::Adverb => self.adverbs.push(Unit::of(piece)),
            Class::Phrase => {
                self.flush(None);
                self.out.push(Unit::of(piece));
                return after_of(pieces, i);
            }
            _ => {}
        }
        i + 1
    }

    /// Whether a speaker stands here by itself, before the words.
    fn names_speaker(&self) -> bool {
        match &self.parts[..] {
            [] => matches!(self.out.last(), Some(Unit::Mark(':', _))),
            [part] => part.role.is_empty() && part.relation.is_none(),
            _ => false,
        }
    }

    /// 三匹の犬, 세 마리, この.
    fn number(&mut self, pieces: &[Piece], i: usize) -> usize {
        let mut next = i + 1;
        if pieces.get(next).is_some_and(counts) {
            next += 1;
        }
        let next = if is_of(pieces, next) { next + 1 } else { next };
        self.determiner = pieces[i].word.english.clone();
        next
    }

    /// A noun, how many of it, and its role.
    fn noun(&mut self, pieces: &[Piece], i: usize) -> usize {
        let piece = &pieces[i];
        let mut phrase = NounPhrase {
            determiner: std::mem::take(&mut self.determiner),
            adjectives: std::mem::take(&mut self.adjectives),
            noun: piece.word.english.clone(),
            kind: piece.kind(),
            span: piece.span,
            plural: piece.plural,
            owner: self.owner.take().map(Box::new),
            tail: std::mem::take(&mut self.tail),
        };
        if matches!(piece.word.class, Class::Pronoun | Class::Weather) && phrase.determiner.is_empty() {
            phrase.determiner = " ".into();
        }
        let mut next = i + 1;
        if pieces.get(next).is_some_and(|p| p.is(Class::Particle) && p.word.english == "plural") {
            phrase.plural = true;
            next += 1;
        }
        // 새 세 마리가, 犬三匹が: the number comes after.
        let counted = pieces.get(next).is_some_and(|p| p.is(Class::Number)) && pieces.get(next + 1).is_some_and(counts);
        if counted && phrase.determiner.is_empty() {
            phrase.determiner = pieces[next].word.english.clone();
            next += 2;
        }
        let people = pieces.get(next).is_some_and(|p| p.is(Class::Number) && p.text.ends_with('人'));
        if people && phrase.determiner.is_empty() {
            phrase.determiner = pieces[next].word.english.clone();
            next += 1;
        }
        let mut relation = None;
        let place = if is_of(pieces, next) { next + 1 } else { next };
        if pieces.get(place).is_some_and(|p| p.is(Class::Relation)) {
            relation = Some(pieces[place].word.english.clone());
            next = place + 1;
            // 木の下の犬: the place describes what follows.
            if is_of(pieces, next) {
                let units = vec![Unit::Words(relation.unwrap_or_default(), pieces[place].span), Unit::Noun(phrase)];
                self.tail.extend(units);
                return next + 1;
            }
        } else if is_of(pieces, next) {
            let described = pieces[next + 1..].iter().find(|p| !matches!(p.word.class, Class::Adjective | Class::Number | Class::Determiner));
            let somebody =
                described.is_some_and(|p| p.is(Class::Unknown) || p.is(Class::Noun) && matches!(p.kind(), None | Some(Kind::Person | Kind::Creature)));
            let worn = ["hat", "cape", "cloak", "mask", "glasses", "helmet", "uniform", "shirt", "clothes"].iter().any(|w| phrase.noun.ends_with(w));
            match piece.kind() {
                // 黄色いコートの女の子, 銀髪の少年: what somebody wears and has.
                kind if somebody && (kind == Some(Kind::Garment) || worn) => self.tail.extend([Unit::words("wearing", piece.span), Unit::Noun(phrase)]),
                _ if somebody && phrase.noun == "hair" => {
                    phrase.determiner = " ".into();
                    self.tail.extend([Unit::words("with", piece.span), Unit::Noun(phrase)]);
                }
                // 森の狐: where it is.
                Some(Kind::Place) => self.tail.extend([Unit::words("in", piece.span), Unit::Noun(phrase)]),
                // 女の先生.
                _ if somebody && matches!(phrase.noun.as_str(), "woman" | "man") => {
                    self.adjectives.push((if phrase.noun == "man" { "male" } else { "female" }.into(), piece.span));
                }
                _ if phrase.adjectives.is_empty() && piece.is(Class::Unknown) => self.adjectives.push((phrase.noun, piece.span)),
                _ => self.owner = Some(phrase),
            }
            return next + 1;
        }
        let mut role = pieces.get(next).filter(|p| p.is(Class::Particle)).map(|p| p.word.english.clone());
        // "A and B" before the subject is known, "with B" after it.
        let acted = self.parts.iter().any(|p| matches!(p.role.as_str(), "subject" | "topic"));
        if role.as_deref() == Some("with")
            && !acted
            && pieces.get(next + 1).is_some_and(|p| matches!(p.word.class, Class::Noun | Class::Adjective | Class::Number | Class::Unknown))
        {
            role = Some("and".into());
        }
        if role.is_some() {
            next += 1;
            // には, では, とは: the topic mark adds nothing.
            if pieces.get(next).is_some_and(|p| p.is(Class::Particle) && p.word.english == "topic") {
                next += 1;
            }
            // 看護師が二人、: how many of them.
            let how_many = |p: &Piece| p.is(Class::Number) && p.text.ends_with('人');
            if phrase.determiner.is_empty() && pieces.get(next).is_some_and(how_many) {
                phrase.determiner = pieces[next].word.english.clone();
                next += 1;
            }
        }
        // 雪の中を走る: the weather is around whatever is done.
        if piece.is(Class::Weather) && relation.is_none() && matches!(role.as_deref(), Some("object" | "to" | "in")) {
            role = Some("in the".into());
        }
        let camera = phrase.noun == "camera";
        let on = phrase.noun.split(' ').next_back().is_some_and(|n| FURNITURE.contains(&n));
        if on && role.as_deref() == Some("in") && relation.is_none() {
            relation = Some("on".into());
        }
        let units = vec![Unit::Noun(phrase)];
        self.parts.push(Part { role: role.unwrap_or_default(), relation, units, kind: piece.kind(), span: piece.span });
        self.camera |= camera;
        next
    }

    fn verb(&mut self, pieces: &[Piece], i: usize) {
        let verb = &pieces[i];
        let describing = verb.word.form == Form::Describing
            || verb.word.form == Form::Final
                && pieces.get(i + 1).is_some_and(|p| matches!(p.word.class, Class::Noun | Class::Adjective | Class::Number | Class::Unknown));
        if !describing {
            return self.flush(Some(verb));
        }
        // What comes before the verb and is not the topic of the sentence belongs to the noun after it.
        let kept: Vec<Part> = std::mem::take(&mut self.parts);
        let (main, own): (Vec<Part>, Vec<Part>) = kept.into_iter().partition(|p| matches!(p.role.as_str(), "topic" | "subject" | "quote"));
        let inner = Self { parts: own, ..Self::default() };
        let wearing = verb.word.english == "wearing";
        let mut units = if wearing { Vec::new() } else { vec![Unit::words("who", verb.span)] };
        let mut inner = inner;
        inner.flush(Some(verb));
        units.append(&mut inner.out);
        self.tail.extend(units);
        self.parts = main;
    }

    /// Puts out the clause: subject, verb, object, the rest.
    fn flush(&mut self, verb: Option<&Piece>) {
        let mut parts = std::mem::take(&mut self.parts);
        let english = verb.map_or("", |v| v.word.english.as_str());
        if let Some(verb) = verb {
            turn_round(&mut parts, verb);
        }
        let (subjects, rest): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|p| p.relation.is_none() && matches!(p.role.as_str(), "subject" | "topic"));
        if self.going_on && verb.is_some() {
            self.out.push(Unit::words("while", verb.map_or(Span::default(), |v| v.span)));
            self.going_on = false;
        }
        let vehicle = subjects.iter().any(|s| s.kind == Some(Kind::Vehicle));
        let times: Vec<Unit> = std::mem::take(&mut self.adverbs);
        let (mut first, mut objects, mut last) = (Vec::new(), Vec::new(), Vec::new());
        let mut listed = false;
        for part in rest {
            let setting = verb.is_none() || part.role.is_empty() && part.relation.is_none();
            let preposition = part.relation.clone().unwrap_or_else(|| preposition(&part, english).to_owned());
            // "Push a wheelchair in the corridor": English has what is done to before where.
            let object = part.role == "object" && part.relation.is_none() && preposition.is_empty();
            let to = if setting && part.role != "and" {
                &mut first
            } else if object && verb.is_some() {
                &mut objects
            } else {
                &mut last
            };
            if part.role == "and" {
                first.extend(part.units);
                first.push(Unit::words("and", part.span));
                listed = true;
                continue;
            }
            if !preposition.is_empty() && (verb.is_some() || part.relation.is_some()) {
                to.push(Unit::Words(preposition, part.span));
            }
            to.extend(part.units);
            if setting && !listed {
                to.push(Unit::Mark(',', part.span));
            }
        }
        self.out.append(&mut first);
        let named = !subjects.is_empty();
        for (k, subject) in subjects.into_iter().enumerate() {
            if k > 0 {
                self.out.push(Unit::words("and", subject.span));
            }
            self.out.extend(subject.units);
        }
        if let Some((mut units, join)) = self.held.take_if(|_| named) {
            let span = verb.map_or(Span::default(), |v| v.span);
            self.out.append(&mut units);
            self.out.push(Unit::words(join, span));
        }
        let begins = self.out.len();
        // Nobody is named yet: 窓を開けて、少女が外を見る.
        let waits = verb.filter(|v| !named && begins == 0 && self.held.is_none() && matches!(v.word.form, Form::And | Form::While));
        let camera = std::mem::take(&mut self.camera) && named;
        if let Some(verb) = verb {
            // Cars run in these languages.
            let drives = english == "run" && vehicle;
            let adjectives = std::mem::take(&mut self.adjectives);
            match english.split_once(' ') {
                // 光る剣を抜く is one verb: how the sword in it is.
                Some((act, thing)) if !adjectives.is_empty() => {
                    let thing = NounPhrase { adjectives, noun: thing.to_owned(), span: verb.span, ..NounPhrase::default() };
                    self.out.extend([Unit::Verb(act.to_owned(), verb.span), Unit::Noun(thing)]);
                }
                _ if drives => self.out.push(Unit::words("drive", verb.span)),
                _ if camera && matches!(english, "walk" | "come") => self.out.push(Unit::words("push in", verb.span)),
                _ => self.out.push(Unit::of(verb)),
            }
            // "Teach a girl to knit": English has whom before what.
            if let Some((_, lesson)) = english.split_once(" to ").filter(|(act, _)| *act == "teach" && !last.is_empty()) {
                self.out.pop();
                self.out.push(Unit::Verb("teach".into(), verb.span));
                last.retain(|u| !matches!(u, Unit::Words(w, _) if w == "to"));
                self.out.append(&mut last);
                self.out.extend([Unit::words("to", verb.span), Unit::Verb(lesson.to_owned(), verb.span)]);
            }
        }
        self.out.append(&mut objects);
        self.out.append(&mut last);
        // 娘の髪をとかす is one verb: to whom it is done.
        if let Some(owner) = self.owner.take().filter(|o| verb.is_some() && matches!(o.kind, None | Some(Kind::Person | Kind::Creature))) {
            let span = owner.span;
            self.out.extend([Unit::words("to", span), Unit::Noun(owner)]);
        }
        self.out.extend(times);
        for (adjective, span) in std::mem::take(&mut self.adjectives) {
            // 犬は赤い。
            self.out.push(Unit::Words(format!("is {adjective}"), span));
        }
        let tail = std::mem::take(&mut self.tail);
        self.out.extend(tail);
        if let Some(verb) = waits {
            let join = if verb.word.form == Form::While { "while" } else { "and" };
            self.held = Some((self.out.split_off(begins), join));
        } else if let Some(verb) = verb {
            match verb.word.form {
                Form::And => self.out.push(Unit::words("and", verb.span)),
                Form::While => self.going_on = true,
                _ => {}
            }
        }
    }
}

/// Korean verbs for what is done to their subject, as they begin: 안기다 to be hugged.
const DONE_TO: &[&str] = &["안기", "안긴", "안겨", "쫓기", "쫓긴", "쫓겨", "잡히", "잡힌", "잡혀", "물리", "물린", "물려", "밀리", "밀린", "밀려"];

/// The passive: who does it becomes the subject, and what it is done to the object.
fn turn_round(parts: &mut [Part], verb: &Piece) {
    let alive = |p: &Part| matches!(p.kind, Some(Kind::Person | Kind::Creature | Kind::Vehicle));
    let passive = verb.word.form == Form::Passive || DONE_TO.iter().any(|d| verb.text.starts_with(d));
    let does = parts.iter().position(|p| p.role == "by" || passive && p.role == "to" && p.relation.is_none() && alive(p));
    let Some(does) = does.filter(|k| parts[*k].relation.is_none()) else { return };
    for part in parts.iter_mut().filter(|p| p.relation.is_none() && matches!(p.role.as_str(), "subject" | "topic")) {
        part.role = "object".into();
    }
    parts[does].role = "subject".into();
}

/// Verbs of what is done with a tool; other things are where something is done.
const TOOL_USERS: &[&str] = &[
    "hit", "write", "cut", "eat", "hammer", "saw", "draw", "paint", "sweep", "dig", "break", "wash", "brush", "comb", "stir", "sew", "knit", "shoot", "fight",
    "measure", "wipe", "clean", "repair", "fix", "tie", "stab", "pour", "point", "cover", "cook", "play", "attack", "carve", "open",
];

/// Things that one is on, whatever one does there.
const FURNITURE: &[&str] = &[
    "bench", "table", "counter", "couch", "sofa", "bed", "chair", "desk", "stove", "rug", "carpet", "stool", "throne", "swing", "floor", "ground", "bridge",
    "stage", "board", "ladder", "roof",
];

/// The English preposition of a part before a verb.
fn preposition<'a>(part: &'a Part, verb: &str) -> &'a str {
    let place = part.kind == Some(Kind::Place);
    let goes = ["walk", "run", "fly", "swim", "drive", "jump", "sail", "ride", "go"].iter().any(|v| verb.split(' ').next() == Some(v));
    match part.role.as_str() {
        "object" if place && goes => "through",
        "object" if verb == "look" => "at",
        "to" if verb == "sit" || verb == "lie" || verb.split(' ').next() == Some("lean") => "on",
        "to" if place && !goes => "in",
        "in" if !place && part.kind == Some(Kind::Prop) && !TOOL_USERS.contains(&verb.split(' ').next().unwrap_or("")) => "on",
        "in" if part.kind == Some(Kind::Vehicle) => "on",
        "in" if !place => "with",
        // 망치로: with what, or where to.
        "by means" if place => "to",
        "by means" => "with",
        "object" | "quote" | "topic" | "subject" | "and" | "" | "of" => "",
        other => other,
    }
}

/// Whether a piece after a number counts things; some are nouns too (本 a book, 개 a dog).
fn counts(piece: &Piece) -> bool {
    piece.is(Class::Classifier) || matches!(piece.text.as_str(), "本" | "개")
}

fn is_of(pieces: &[Piece], i: usize) -> bool {
    pieces.get(i).is_some_and(|p| p.is(Class::Particle) && p.word.english == "of")
}

/// Whether a time or weather describes the noun that follows.
fn describes(pieces: &[Piece], i: usize) -> bool {
    let next = if is_of(pieces, i + 1) { i + 2 } else { i + 1 };
    pieces.get(next).is_some_and(|p| matches!(p.word.class, Class::Noun | Class::Adjective | Class::Unknown) || (next == i + 2 && p.is(Class::Weather)))
}

fn after_of(pieces: &[Piece], i: usize) -> usize {
    if is_of(pieces, i + 1) { i + 2 } else { i + 1 }
}

fn after_particle(pieces: &[Piece], i: usize) -> usize {
    let mut next = i + 1;
    while pieces.get(next).is_some_and(|p| p.is(Class::Particle)) {
        next += 1;
    }
    next
}
