//! Chinese: words by the longest match; the order is nearly that of English, but for what stands before its noun
//! (穿红衣的女孩) or before its verb (朝家走).

use super::dictionary::{Class, Cut, Dictionary, Form, HAN_NUMBERS, Piece, Text, by_itself, close_shots, framing_leads, plain_piece};
use super::phrase::{NounPhrase, Unit, Writer, time_phrase, weather_quality};
use crate::english::lex::Lexeme;
use kinora_base::Span;
use kinora_vocabulary::{Kind, Language, Vocabulary};

/// A Chinese prompt as the words of an English one.
pub(crate) fn transfer(text: &str, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    let dictionary = Dictionary::of(vocabulary, Language::Zh, &[WORDS, HAN_NUMBERS], forms);
    let mut pieces = pieces(text, &dictionary);
    turn_round(&mut pieces);
    let mut writer = Writer::default();
    for sentence in pieces.split_inclusive(|p| matches!(p.mark(), Some('.' | '!' | '?' | ';' | '\n'))) {
        writer.write(&Reader { pieces: sentence, pending: Vec::new(), acted: false }.run());
    }
    writer.tokens
}

/// The forms of a word: 散步, 散着步, 散了步, 散散步.
fn forms(word: &str, class: Class) -> Vec<(String, Form)> {
    let mut out = vec![(word.to_owned(), Form::Final)];
    let mut chars = word.chars();
    if let (Class::Verb, Some(first), Some(_)) = (class, chars.next(), word.chars().nth(1)) {
        let rest: String = chars.collect();
        if !rest.starts_with(['着', '了', '过', first]) {
            let inside = ["着", "了", "过", "起", "完", "一"].into_iter().map(|mark| format!("{first}{mark}{rest}"));
            out.extend(inside.chain([format!("{first}{first}{rest}")]).map(|w| (w, Form::Final)));
        }
    }
    out
}

/// 登山者, 路人: what is not known and ends as words for people do is one word.
pub(super) fn join_people(pieces: &mut Vec<Piece>) {
    let mut k = 1;
    while k < pieces.len() {
        let (before, here) = (&pieces[k - 1], &pieces[k]);
        let touching = before.span.end == here.span.start;
        let strange = before.is(Class::Unknown);
        let person = here.text == "人" && strange;
        let one = here.is(Class::Unknown) && matches!(here.text.as_str(), "者" | "员" | "員" | "师" | "師" | "客" | "匠");
        if touching && (person || one && (strange || before.is(Class::Noun))) {
            let mut from = k - 1;
            while !strange && from > 0 && pieces[from - 1].is(Class::Unknown) && pieces[from - 1].span.end == pieces[from].span.start {
                from -= 1;
            }
            let text: String = pieces[from..=k].iter().map(|p| p.text.as_str()).collect();
            let span = Span::new(pieces[from].span.start as usize, pieces[k].span.end as usize);
            pieces.splice(from..=k, [plain_piece(Class::Unknown, &text, &text, span)]);
            k = from;
        }
        k += 1;
    }
}

/// 门被女孩打开: the passive in the order of 女孩打开门. Without anybody who does it, 被 says nothing.
fn turn_round(pieces: &mut Vec<Piece>) {
    let mut from = 0;
    while let Some(at) = (from..pieces.len()).find(|k| pieces[*k].text == "被") {
        let ends = |p: &Piece| matches!(p.word.class, Class::Mark | Class::Link);
        let start = (0..at).rev().find(|k| ends(&pieces[*k])).map_or(0, |k| k + 1);
        let verb = (at + 1..pieces.len()).take_while(|k| !ends(&pieces[*k])).find(|k| pieces[*k].is(Class::Verb));
        from = at;
        match verb {
            Some(verb) if verb > at + 1 && at > start => {
                let mut clause: Vec<Piece> = pieces[at + 1..=verb].to_vec();
                clause.extend_from_slice(&pieces[start..at]);
                pieces.splice(start..=verb, clause);
            }
            _ => {
                pieces.remove(at);
            }
        }
    }
}

fn pieces(text: &str, dictionary: &Dictionary) -> Vec<Piece> {
    let chars = Text::new(text);
    let mut out = Vec::new();
    for cut in chars.cuts(text, true) {
        match cut {
            Cut::Mark(mark, span) => out.push(plain_piece(Class::Mark, "", &mark.to_string(), span)),
            Cut::Quote(inside, span) => out.push(plain_piece(Class::Quote, "", &inside, span)),
            Cut::Run(from, length) => words(&chars, from, from + length, dictionary, &mut out),
        }
    }
    close_shots(&mut out);
    framing_leads(&mut out);
    join_people(&mut out);
    // 雪地里: a place, and no quality.
    for k in 1..out.len() {
        if out[k].is(Class::Relation) && out[k - 1].is(Class::Adjective) && out[k - 1].word.english == "snowy" {
            (out[k - 1].word.class, out[k - 1].word.english) = (Class::Weather, "snow".into());
        }
    }
    counters(&mut out);
    complements(&mut out, dictionary);
    strange_words(&mut out);
    out
}

/// Things that count others after a number: 一桶水 is a bucket of water, and 一桶 a bucket.
const COUNTERS: &str = "桶篮口锅头团轮束滴串罐壶袋盒堆道副幅首阵声捧枝株丛部筐篇面封列瓶缕杯尾身套则处门股圈层排";

fn counters(pieces: &mut [Piece]) {
    for k in 1..pieces.len().saturating_sub(1) {
        let counted = pieces[k - 1].is(Class::Number) || matches!(pieces[k - 1].text.as_str(), "这" | "那" | "另一" | "几");
        let thing = matches!(pieces[k + 1].word.class, Class::Noun | Class::Adjective | Class::Unknown);
        let counts = pieces[k].text.chars().count() == 1
            && COUNTERS.contains(&pieces[k].text)
            && matches!(pieces[k].word.class, Class::Noun | Class::Unknown | Class::Classifier);
        if counted && thing && counts && pieces[k + 1].span.start == pieces[k].span.end {
            pieces[k].word.class = Class::Classifier;
        }
    }
}

/// 走进来, 飞走, 跳进: what goes with a verb says nothing new, unless it says where to and a place follows.
fn complements(pieces: &mut Vec<Piece>, dictionary: &Dictionary) {
    // 写下一个词, 跳下: down, and under nothing.
    let down = |k: usize, pieces: &[Piece]| pieces[k].text == "下" && k > 0 && pieces[k - 1].is(Class::Verb) && pieces[k - 1].span.end == pieces[k].span.start;
    for k in (0..pieces.len()).rev().filter(|k| down(*k, pieces)).collect::<Vec<_>>() {
        pieces.remove(k);
    }
    let mut k = 0;
    while k < pieces.len() {
        if !pieces[k].is(Class::Aux) {
            k += 1;
            continue;
        }
        let mut before = k;
        while before > 0 && pieces[before - 1].is(Class::Drop) {
            before -= 1;
        }
        let acts = before > 0 && matches!(pieces[before - 1].word.class, Class::Verb | Class::Aux | Class::Unknown);
        let noun = pieces
            .get(k + 1)
            .is_some_and(|p| matches!(p.word.class, Class::Noun | Class::Adjective | Class::Number | Class::Determiner | Class::Unknown | Class::Pronoun));
        let way = pieces[k].word.english.clone();
        match (acts, way.as_str()) {
            (true, "into" | "out of" | "to" | "back to" | "over") if noun => pieces[k].word.class = Class::Preposition,
            (true, _) => {
                let aux = pieces.remove(k);
                let verb = &mut pieces[before - 1];
                // 撒进, 冲垮: what has such a word after it is a verb, though nobody knows it.
                if verb.is(Class::Unknown) {
                    verb.word.class = Class::Verb;
                }
                verb.span.end = verb.span.end.max(aux.span.end);
                continue;
            }
            (false, "to") if !noun => by_itself(&mut pieces[k], dictionary),
            (false, "to") if matches!(pieces[k].text.as_str(), "向" | "往") => {
                (pieces[k].word.class, pieces[k].word.english) = (Class::Preposition, "towards".into());
            }
            (false, "into" | "out of" | "to" | "back to" | "over") => {
                (pieces[k].word.class, pieces[k].word.english) = (Class::Verb, format!("walk {way}"));
            }
            (false, "come" | "go") => pieces[k].word.class = Class::Verb,
            (false, _) => by_itself(&mut pieces[k], dictionary),
        }
        k += 1;
    }
    // 飞过来: over nothing.
    for k in 0..pieces.len() {
        let noun = pieces.get(k + 1).is_some_and(|p| !matches!(p.word.class, Class::Mark | Class::Link | Class::Verb | Class::Drop));
        let way = |e: &str| e.rsplit_once(' ').filter(|(_, way)| matches!(*way, "over" | "through" | "into" | "to")).map(|(act, _)| act.to_owned());
        if let Some(act) = way(&pieces[k].word.english).filter(|_| pieces[k].is(Class::Verb) && !noun) {
            pieces[k].word.english = act;
        }
    }
}

/// What is not known after who acts is what they do, and before a thing of what kind it is: 木匠刨木头, 橘猫.
fn strange_words(pieces: &mut [Piece]) {
    let mut acted = false;
    for k in 0..pieces.len() {
        if matches!(pieces[k].word.class, Class::Mark | Class::Link) {
            acted = false;
        }
        acted |= pieces[k].is(Class::Verb);
        if !pieces[k].is(Class::Unknown) {
            continue;
        }
        let touches = pieces.get(k + 1).is_some_and(|p| p.span.start == pieces[k].span.end);
        let next = pieces.get(k + 1).map(|p| p.word.class);
        let before = k.checked_sub(1).map(|b| pieces[b].word.class);
        let goes_on = touches && matches!(pieces[k + 1].text.as_str(), "着" | "了" | "过" | "起来");
        let named = matches!(before, Some(Class::Noun | Class::Pronoun | Class::Relation | Class::Adverb | Class::Drop)) && k > 0;
        let of = pieces.get(k + 1).is_some_and(|p| p.is(Class::Particle) && p.word.english == "of");
        if goes_on || named && !acted && !of && !matches!(next, Some(Class::Verb)) {
            pieces[k].word.class = Class::Verb;
            acted = true;
        } else if touches && next == Some(Class::Noun) || of && !pieces[k].text.starts_with(['小', '阿', '老']) && !named {
            pieces[k].word.class = Class::Adjective;
        }
    }
}

/// Cuts a run of characters into words; what is not known stays together.
pub(crate) fn words(chars: &Text, from: usize, to: usize, dictionary: &Dictionary, out: &mut Vec<Piece>) {
    let mut i = from;
    while i < to {
        let c = chars.chars[i];
        let latin = c.is_ascii_alphanumeric();
        let foreign = |k: usize| k < to && (chars.chars[k].is_ascii_alphanumeric() || (chars.chars[k] == '.' && latin));
        if latin {
            let mut end = i;
            while foreign(end) && chars.chars[end].is_ascii_digit() == c.is_ascii_digit() || end < to && chars.chars[end] == '.' && c.is_ascii_digit() {
                end += 1;
            }
            let text = chars.slice(i, end);
            let class = if c.is_ascii_digit() { Class::Number } else { Class::Unknown };
            out.push(plain_piece(class, &text, &text, chars.span(i, end)));
            i = end;
        } else if let Some((word, length)) =
            dictionary.longest(&chars.chars, i, |end| whole(chars, i, end, to) && !(end > i + 1 && joins(chars, i, to, dictionary)))
        {
            out.push(Piece { word: word.clone(), text: chars.slice(i, i + length), span: chars.span(i, i + length), plural: false });
            i += length;
        } else {
            let begins = i;
            while i < to && !chars.chars[i].is_ascii_alphanumeric() && dictionary.longest(&chars.chars, i, |end| whole(chars, i, end, to)).is_none() {
                i += 1;
            }
            let text = chars.slice(begins, i);
            out.push(plain_piece(Class::Unknown, &text, &text, chars.span(begins, i)));
        }
    }
}

/// 军装的士兵: whether 的 joins here, and is no part of 的士, for a longer word begins after it.
fn joins(chars: &Text, at: usize, to: usize, dictionary: &Dictionary) -> bool {
    chars.chars[at] == '的' && dictionary.longest(&chars.chars, at + 1, |end| end <= to).is_some_and(|(_, length)| length > 1)
}

/// Whether a word is not a piece of a longer one in katakana, which writes foreign words.
fn whole(chars: &Text, from: usize, end: usize, to: usize) -> bool {
    let katakana = |k: usize| matches!(chars.chars[k], 'ァ'..='ヺ' | 'ー');
    let inside = |k: usize| katakana(k - 1) && katakana(k);
    end <= to && !(end < to && inside(end)) && !(from > 0 && inside(from))
}

/// Reads one sentence.
struct Reader<'a> {
    pieces: &'a [Piece],
    /// What waits for the next verb.
    pending: Vec<Unit>,
    /// Whether the clause has its verb.
    acted: bool,
}

impl Reader<'_> {
    fn run(mut self) -> Vec<Unit> {
        let mut out = Vec::new();
        let mut i = 0;
        while i < self.pieces.len() {
            i = self.step(i, &mut out).max(i + 1);
        }
        out.append(&mut self.pending);
        out
    }

    fn class(&self, i: usize) -> Option<Class> {
        self.pieces.get(i).map(|p| p.word.class)
    }
    fn is_of(&self, i: usize) -> bool {
        self.pieces.get(i).is_some_and(|p| p.is(Class::Particle) && p.word.english == "of")
    }

    fn step(&mut self, i: usize, out: &mut Vec<Unit>) -> usize {
        let piece = &self.pieces[i];
        match piece.word.class {
            Class::Mark => {
                self.acted = false;
                out.append(&mut self.pending);
                out.push(Unit::of(piece));
                i + 1
            }
            Class::Drop | Class::Classifier | Class::Particle => i + 1,
            Class::Link => {
                self.acted = false;
                out.push(Unit::of(piece));
                i + 1
            }
            Class::Preposition => self.preposition(i, out),
            Class::Time if !self.is_of(i + 1) && !self.begins_noun(i + 1) => {
                out.push(Unit::Words(time_phrase(&piece.word.english), piece.span));
                i + 1
            }
            Class::Verb if self.relative(i).is_none() => {
                out.push(Unit::of(piece));
                self.acted = true;
                let mut next = i + 1;
                while matches!(self.class(next), Some(Class::Drop)) {
                    next += 1;
                }
                if !self.pending.is_empty() {
                    out.append(&mut self.pending);
                } else if piece.word.english == "look" && self.begins_noun(next) {
                    out.push(Unit::words("at", piece.span));
                }
                next
            }
            _ => match self.noun(i) {
                Some((phrase, next)) => {
                    if self.class(next) == Some(Class::Relation) {
                        out.push(Unit::Words(self.pieces[next].word.english.clone(), self.pieces[next].span));
                        out.push(Unit::Noun(phrase));
                        return next + 1;
                    }
                    out.push(Unit::Noun(phrase));
                    next
                }
                None => {
                    out.push(Unit::of(piece));
                    i + 1
                }
            },
        }
    }

    fn preposition(&mut self, i: usize, out: &mut Vec<Unit>) -> usize {
        let piece = &self.pieces[i];
        let english = piece.word.english.as_str();
        // 在走: going on.
        if self.class(i + 1) == Some(Class::Verb) && self.relative(i + 1).is_none() {
            if english != "in" {
                out.push(Unit::of(piece));
            }
            return i + 1;
        }
        let Some((phrase, next)) = self.noun(i + 1) else {
            if english != "in" {
                out.push(Unit::of(piece));
            }
            return i + 1;
        };
        // 给它一条鱼: nothing else is done but giving, unless something is thrown or said to somebody.
        let passes =
            |verb: &str| matches!(verb.split(' ').next(), Some("throw" | "give" | "hand" | "pass" | "show" | "read" | "tell" | "say" | "call" | "kick"));
        let verb_before = i.checked_sub(1).map(|k| &self.pieces[k]).filter(|p| p.is(Class::Verb));
        // 给娃娃喝水: it is fed.
        let feeds = self.pieces.get(next).filter(|p| piece.text == "给" && p.is(Class::Verb)).and_then(|p| p.word.english.split(' ').next());
        if matches!(feeds, Some("drink" | "eat")) {
            out.extend([Unit::Verb("feed".into(), piece.span), Unit::Noun(phrase)]);
            self.acted = true;
            return next + 1;
        }
        if piece.text == "给" && self.begins_noun(next) && verb_before.is_none_or(|v| !passes(&v.word.english)) {
            out.extend([Unit::words("gives", piece.span), Unit::Noun(phrase)]);
            self.acted = true;
            return next;
        }
        let (relation, next) = if self.class(next) == Some(Class::Relation) { (Some(&self.pieces[next]), next + 1) } else { (None, next) };
        // 从口袋里: out of it, and not in it.
        let words = relation.filter(|_| english != "from").map_or(english, |r| r.word.english.as_str());
        let mut units = vec![Unit::words(words, piece.span), Unit::Noun(phrase)];
        // Between two: 在A和B之间.
        let setting = english == "in" || english == "at";
        if setting || self.acted {
            out.append(&mut units);
        } else if english == "object" {
            self.pending.extend(units.drain(1..));
        } else {
            self.pending.append(&mut units);
        }
        next
    }

    fn begins_noun(&self, i: usize) -> bool {
        matches!(
            self.class(i),
            Some(Class::Noun | Class::Adjective | Class::Number | Class::Determiner | Class::Pronoun | Class::Weather | Class::Unknown | Class::Classifier)
        )
    }

    /// Where the 的 stands that makes this verb describe a noun.
    fn relative(&self, i: usize) -> Option<usize> {
        let first = i == 0 || {
            let before = &self.pieces[i - 1];
            matches!(before.word.class, Class::Classifier | Class::Mark | Class::Link | Class::Preposition | Class::Verb | Class::Adjective)
                || before.is(Class::Drop) && i >= 2 && matches!(self.pieces[i - 2].word.class, Class::Classifier | Class::Verb)
        };
        if !first {
            return None;
        }
        // 推婴儿车 has its thing, and what follows is done by the same one.
        if i > 0 && self.pieces[i - 1].is(Class::Verb) && self.pieces[i - 1].word.english.contains(" a ") {
            return None;
        }
        let end = (i + 1..self.pieces.len()).take_while(|k| !self.pieces[*k].is(Class::Mark)).filter(|k| self.is_of(*k)).find(|k| {
            // The 的 of an adjective is not the one.
            !(self.pieces[k - 1].is(Class::Adjective) && self.begins_noun(k + 1) && self.later_of(k + 1))
        })?;
        let own = self.pieces[end - 1].is(Class::Adjective) && end - 1 > i;
        // 勇者举起剑，走向洞穴里的巨龙: who acted acts on, and nobody else acts here.
        let goes_on = i > 0
            && self.pieces[i - 1].mark() == Some(',')
            && self.pieces[i].word.english != "wearing"
            && self.pieces[..i].iter().any(|p| p.is(Class::Verb))
            && !self.pieces[end..].iter().take_while(|p| !p.is(Class::Mark)).any(|p| p.is(Class::Verb));
        (self.begins_noun(end + 1) && !own && !goes_on).then_some(end)
    }

    fn later_of(&self, from: usize) -> bool {
        (from..self.pieces.len()).take_while(|k| !self.pieces[*k].is(Class::Mark)).any(|k| self.is_of(k))
    }

    /// A noun and what stands before it.
    fn noun(&self, from: usize) -> Option<(NounPhrase, usize)> {
        let mut phrase = NounPhrase::default();
        let mut i = from;
        loop {
            let piece = self.pieces.get(i)?;
            match piece.word.class {
                Class::Number | Class::Determiner => {
                    if !phrase.determiner.is_empty() && piece.is(Class::Number) && phrase.determiner != "the" {
                        return None;
                    }
                    phrase.determiner = if phrase.determiner == "the" { format!("the {}", piece.word.english) } else { piece.word.english.clone() };
                }
                Class::Classifier => {
                    if phrase.determiner.is_empty() {
                        phrase.determiner = "a".into();
                    }
                }
                Class::Adjective => phrase.adjectives.push((piece.word.english.clone(), piece.span)),
                Class::Weather if self.is_of(i + 1) || self.begins_noun(i + 1) => phrase.adjectives.push((weather_quality(&piece.word.english), piece.span)),
                Class::Time if self.is_of(i + 1) || self.begins_noun(i + 1) => {
                    phrase.tail.push(Unit::Words(time_phrase(&piece.word.english), piece.span));
                }
                Class::Drop if i > from => {}
                Class::Particle if self.is_of(i) => {}
                Class::Verb => {
                    let end = self.relative(i)?;
                    let inner = Reader { pieces: &self.pieces[i..end], pending: Vec::new(), acted: false }.run();
                    if piece.word.english != "wearing" {
                        phrase.tail.push(Unit::words("who", piece.span));
                    }
                    phrase.tail.extend(inner);
                    i = end;
                }
                Class::Pronoun => {
                    phrase.noun = piece.word.english.clone();
                    phrase.span = piece.span;
                    if self.is_of(i + 1) && self.begins_noun(i + 2) {
                        let (mut inner, next) = self.noun(i + 2)?;
                        inner.determiner = possessive(&piece.word.english).into();
                        return Some((inner, next));
                    }
                    return Some((NounPhrase { determiner: " ".into(), ..phrase }, i + 1));
                }
                Class::Noun | Class::Unknown | Class::Weather => {
                    if piece.is(Class::Weather) {
                        phrase.determiner = " ".into();
                    }
                    phrase.noun = piece.word.english.clone();
                    (phrase.span, phrase.kind) = (piece.span, piece.kind());
                    return Some(self.after_noun(phrase, i + 1));
                }
                _ if !phrase.adjectives.is_empty() => return Some((phrase, i)),
                _ => return None,
            }
            i += 1;
            if i >= self.pieces.len() && !phrase.adjectives.is_empty() {
                return Some((phrase, i));
            }
        }
    }

    /// 女孩们, 女孩的狗.
    fn after_noun(&self, mut phrase: NounPhrase, mut i: usize) -> (NounPhrase, usize) {
        if self.pieces.get(i).is_some_and(|p| p.is(Class::Particle) && p.word.english == "plural") {
            phrase.plural = true;
            i += 1;
        }
        if self.is_of(i)
            && phrase.kind != Some(Kind::Place)
            && let Some((mut inner, next)) = self.noun(i + 1)
        {
            inner.owner = Some(Box::new(phrase));
            return (inner, next);
        }
        (phrase, i)
    }
}

fn possessive(pronoun: &str) -> &'static str {
    match pronoun {
        "she" => "her",
        "it" => "its",
        "they" => "their",
        _ => "his",
    }
}

const WORDS: &str = "
y|来,过来,回来,跑来,走来|come
y|去,过去,离去|go
y|走,出来,出去,进来,进去,下来,下去,上来,上去,起,起来,开,完,掉,住,倒,成,破,碎,断,满,垮,走了|
y|进,入,进入|into
y|出|out of
y|到,向,往|to
y|回,回到|back to
y|过|over
v|说,说道|say
x|台下的,旁边的,身边的,身后的,一旁的,对面的|
n|制服|uniform
n|跑车|car
n|电梯|elevator
n|渔村|fishing village
n|歌女|singer
v|闻|smell
a|女|female
a|男|male
v|涂口红,抹口红|put on makeup
v|烤|grill
v|演奏,弹奏|play
v|掉,掉下,落下|fall
n|羊肉串,肉串,烤串|steak
n|单词,字|word
n|钢琴家,钢琴师|pianist
n|小提琴家,小提琴手|violinist
n|对方|each other
x|笑声不断,缭绕,烟雾缭绕,飞扬|
n|骑手|rider
n|鼻子|nose
n|船长|captain
n|将军|general
n|女将军|woman general
n|修车工,修理工|mechanic
n|小熊|bear cub
n|火炉|fireplace
t|夏夜,冬夜,秋夜,春夜|night
f|镜头向右摇|camera pans right
f|镜头向左摇|camera pans left
v|对峙|stare
v|扣篮|dunk
v|爆发,爆炸|explode
v|推开|open
x|四处,阵阵,蝉鸣阵阵,当空,烈日当空,飘扬|
n|兔,白兔,小白兔|rabbit
n|鸡,母鸡|chicken
n|狼,灰狼,大灰狼|wolf
n|熊|bear
n|鹿,小鹿|deer
n|女友,女朋友|girlfriend
n|男友,男朋友|boyfriend
n|口袋|pocket
n|汉服|hanfu robe
n|火球|fireball
n|墙角,角落|corner
n|油纸伞|umbrella
v|单膝跪下,单膝跪地|kneel
v|扇扇子|fan
v|打滚|roll
v|抢|grab
v|缩|crouch
v|扣球|hit a ball
v|练棍,练剑,练刀|practise karate
v|演奏|play music
a|生病的|sick
w|细雨蒙蒙,大雨倾盆,下着雨,下雨|rain
w|下着雪,下雪|snow
x|一旁,叫个不停,西下,灯光闪烁,闪烁|
n|手|hands
n|脚|feet
n|嘴|mouth
n|裙,裙子|dress
n|音乐|music
n|歌|song
a|银发,白发|silver haired
a|黑发|black haired
a|贫穷的|poor
a|勇敢的|brave
a|骄傲的|proud
a|贪心的,贪婪的|greedy
a|饥饿的|hungry
a|受伤的|wounded
a|透明的|transparent
a|空荡的,空荡荡的,空无一人的|empty
a|废弃的|abandoned
a|冰冷的,冰凉的|cold
a|古老的|old
a|金色的,金黄的|golden
a|昏暗的|dark
v|做|make
v|放|put
v|跑步|run
v|含泪,含着泪水,热泪盈眶|cry
f|从上往下摇|camera tilts down
f|从下往上摇|camera tilts up
x|四溅,飞溅,雨水飞溅,水花四溅,热气腾腾,响起,四周一片寂静,四周,脚步声,回荡,脚步声回荡,动,里面传来,时分|
x|从前,很久以前,有一天,一天,某天,这时,只见,突然间,声中,背景是,背景音乐是|
d|高高地,高高|high
x|都,也,还,就,先,正好,不停地,不停,一下,几下,一口,一声,一眼,会儿,一会儿,一阵,自己|
k|的,之|of
k|们|plural
x|了,着,正在,正,地,得,呢,吧,啊,很,非常,十分,特别,一起,慢慢地走来走去|
d|慢慢,慢慢地,缓缓,缓缓地,缓慢地,悠闲地,静静地|slowly
d|快速,快速地,飞快地,迅速,迅速地,很快地|quickly
d|开心地,快乐地,高兴地,愉快地|happily
d|伤心地,难过地|sadly
d|突然|suddenly
d|一齐,齐声,异口同声,异口同声地,同声|together
v|同时说,一起说,齐声说,异口同声地说,一起说道|say together
v|同时喊,一起喊,齐声喊,一起大喊,同时大喊,一起喊道|shout together
n|跑道|running track
n|手部,双手|hands
n|手的特写,手部特写|close-up of hands
n|脚部,双脚|feet
n|眼部,双眼|eyes
n|人群,群众|crowd
m|一,壹,一对|a
m|两,二|two
m|三|three
m|一百,上百|one hundred
m|两百,二百|two hundred
m|几十,数十|dozens
m|几百,数百,成百,成百上千|hundreds
m|一千,上千|one thousand
m|几千,数千,成千上万,上万|thousands
m|几,一些,许多,很多,一群|several
q|伙,排,队,场,份,碗,盘,串,支,个,只,匹,条,头,位,名,辆,艘,把,本,朵,棵,座,张,件,顶,杯,架,双,台,块,栋,间,片,群,根,颗,盏,架|
r|这,这个,这只,这位,那,那个,那只,那位,这条,那条,这辆,那辆,这匹,那匹|the
r|另一,另一个,另一只,另一位,另外一个|another
u|他|he
u|她|she
u|它|it
u|他们,她们,它们|they
p|在|in
p|从|from
p|朝,朝着,向着,朝向|towards
p|对,对着,给|to
p|跟,跟着,与|with
p|沿着,沿|along
p|围着,围绕,绕着|around
p|把,将|object
p|用|with
c|和,及,还有|and
c|并,并且,而且,又,但,但是,同时也|and
c|然后,接着,之后,随后,最后,再,接下来,于是|then
c|同时,一边,一面|while
t|清早,早上,一大早,大清早|morning
t|傍晚时分,黄昏时分|sunset
t|凌晨,黎明时分|dawn
t|半夜,午夜,深夜里|night
w|暴雨中,大雨中,雨中,细雨中,雨天|rain
w|大雪中,雪中,风雪中|snow
w|大雾中,雾蒙蒙的,雾蒙蒙,晨雾中|fog
x|门口,下班后,下班,放学后,放学,课间,周末,假日,每天,冒着,互相,大声,努力,认真,认真地,独自,一个劲,正忙着,忙着,刚刚|
t|除夕夜,除夕,大年三十,年夜|night
c|当|while
s|里,里面,中,内,之中,当中,里边,间里|in
s|上,上面,之上,上方|on
s|下,下面,底下,之下,下方|under
s|旁,旁边,边,身边,附近,身旁,边上|next to
s|前,前面,面前,前方,跟前|in front of
s|后,后面,背后,身后,后方|behind
s|之间,中间|between
s|左边,左侧,左面|to the left of
s|右边,右侧,右面|to the right of
v|开门|open the door
v|关门|close the door
v|开灯|turn on the lamp
v|关灯|turn off the lamp
v|走过,穿过,经过,走在,穿行,穿行于,漫步于|walk through
v|走进,走入,进入|walk into
v|走向,走到|walk to
v|走来走去|walk
v|跑过,奔跑过,奔过|run through
v|跑向,跑到,奔向|run to
v|跑,奔跑,跑步,奔驰|run
v|飞过,飞越|fly over
v|飞向|fly to
v|看着,看向,望着,望向,看,盯着,注视着|look
v|看书,读书,阅读|read a book
v|读|read
v|坐在,坐着,坐下来|sit
v|拿出,拿出来,取出,掏出|take out
v|转圈,转圈圈,打转|twirl
n|洋娃娃,娃娃,布娃娃|doll
v|埋,埋下|bury
v|提着,提,拎着,拎,扛着,扛|carry
v|站在,站着|stand
v|躺在|lie
v|追,追赶,追逐,追着|chase
v|停下,停下来,停住|stop
v|转身,回头,转过身|turn around
v|跳舞,跳着舞|dance
v|跳,跳跃,跳起来|jump
v|唱歌|sing
v|挥手,招手|wave
v|游泳,游,游动|swim
v|飞,飞翔,飞行|fly
v|骑,骑着|ride
v|拿着,拿,握着,举着,打着,撑着,端着,拿起|hold
v|穿着,穿,戴着,戴,身穿,头戴|wearing
v|开车,驾车|drive a car
v|说,说道,说话,讲,讲道,表示|say
v|低声说,小声说,悄悄说,轻声说,低语,耳语,悄声说|whisper
v|喊,喊道,大喊,大叫,叫道,叫喊,高喊,大声说,大声喊,吼道,怒吼,呼喊,喊叫|shout
v|问,问道,询问,提问,发问|ask
v|回答,答道,回答说,回答道,回应,答|answer
v|嘟囔,喃喃自语,自言自语,喃喃地说,咕哝|murmur
v|哭着说,哭道,抽泣着说,哭喊|sob
v|笑着说,笑道|laugh
v|恳求,哀求,乞求|beg
v|叹气说,叹息道,叹道|sigh
v|欢呼|cheer
v|宣布,播报|announce
v|想,心想,想道,想着,暗想,心里想|think
v|传来,响起|come
n|旁白,解说,解说员,叙述者|narrator
n|画外音|voice over
n|声音,嗓音|voice
n|妻子|wife
n|丈夫|husband
n|孙子|grandson
n|孙女|granddaughter
v|命令,命令道|order
n|电话,手机|phone
n|妈妈,母亲,妈|mother
n|爸爸,父亲,爸|father
n|男声,男人的声音|man voice
n|女声,女人的声音|woman voice
n|广播,喇叭,扩音器,大喇叭|loudspeaker
n|对讲机|walkie talkie
n|小明,小刚,小王|Xiaoming
n|小红,小丽,小美|Xiaohong
d|生气地,愤怒地,气愤地,怒气冲冲地|angrily
d|悲伤地,哀伤地,含泪|sadly
d|紧张地,不安地,焦急地|nervously
d|害怕地,恐惧地,惊恐地|fearfully
d|温柔地,轻柔地,亲切地|tenderly
d|冷冷地,冷漠地,冷淡地|coldly
d|兴奋地,激动地|excitedly
d|惊讶地,吃惊地,惊奇地|in surprise
d|疲惫地,疲倦地|tiredly
d|小声地,低声地,轻声,轻声地,悄悄地,低声,小声|in a whisper
d|大声,大声地,高声|loudly
d|微笑着,笑着|with a smile
d|哭着,流着泪|in tears
d|用英语,用英文|in english
d|用西班牙语|in spanish
d|用日语|in japanese
d|用韩语|in korean
d|用中文,用汉语|in chinese
d|在电话里,电话里,通过电话,在电话中,电话中,在电话上|on the phone
d|电话那头,电话另一端,在电话那头,电话那端|on the other end
d|通过对讲机,对讲机里|over the walkie talkie
d|通过广播,广播里,喇叭里|over the loudspeaker
d|收音机里|over the radio
d|画外,在画外,镜头外|off screen
d|从外面,外面,屋外,从屋外,从门外,门外,窗外,从窗外|from outside
d|门后,从门后,在门后|from behind the door
d|从远处,远处|from afar
d|从隔壁房间,隔壁房间|from the next room
v|聊天,交谈|talk
v|有|there is
v|是|is
v|行驶,开过,驶过|drive
v|航行|sail
v|睡觉,睡着|sleep
v|吃|eat
v|喝|drink
n|镜头,相机,摄像机,摄影机|camera
n|男人,男子,男士|man
n|女人,女子,女士,妇女|woman
n|人,一个人|person
n|小孩,孩子|child
n|小狗|small dog
n|大海,海里,海|sea
n|狗,犬|dog
n|树,大树|tree
n|草地,草原,田野|meadow
n|海边,沙滩,海滩|beach
n|街上,街道,大街,马路,城市街道,城市|city street
n|房间,客厅|living room
n|太空,宇宙|space
n|家,房子|house
n|天空,空中|sky
n|地上,地面|ground
n|咖啡|coffee
n|茶|tea
n|头发|hair
a|红,红色,红色的,红的|red
a|绿,绿色,绿色的,绿的|green
a|蓝,蓝色,蓝色的,蓝的|blue
a|黄,黄色,黄色的,黄的|yellow
a|黑,黑色,黑色的,黑的|black
a|白,白色,白色的,白的|white
a|打开的,开着的,敞开的|open
a|关着的,关上的,锁着的|closed
a|破碎的,打碎的,破的,坏的,坏掉的|broken
a|燃烧的,着火的,燃烧着的|burning
a|点燃的,点亮的,亮着的|lit
a|熄灭的|unlit
a|发光的,发光,发着光的,闪光的|glowing
a|橙,橙色,橙色的,橘色,橘色的|orange
a|紫,紫色,紫色的|purple
a|粉,粉色,粉色的,粉红,粉红色,粉红色的|pink
a|灰,灰色,灰色的|grey
a|棕,棕色,棕色的,褐色,褐色的|brown
a|小,小小的,娇小的|small
a|大,大大的,巨大的,巨大|big
a|高,高高的,高大的|tall
a|年轻,年轻的|young
a|老,年老的,年迈的|old
a|胖,肥胖,肥胖的,胖胖的,胖乎乎的|fat
a|瘦,瘦瘦的,消瘦的,苗条的|thin
a|秃头,秃顶,光头,秃顶的,光头的|bald
a|强壮,强壮的,健壮的,肌肉发达的|muscular
a|矮小的,个子矮的|short
a|留胡子的,大胡子的,长胡子的|bearded
a|戴眼镜的|bespectacled
a|卷发的|curly haired
a|金发的|blond haired
a|红发的|red haired
a|长发的|long haired
a|短发的|short haired
a|黑皮肤的|dark skinned
a|白皮肤的|light skinned
a|生气的,愤怒的,气愤的|angry
a|害怕的,恐惧的,惊恐的|scared
a|疲惫的,疲倦的,累的|tired
a|紧张的,焦虑的|nervous
a|惊讶的,吃惊的|surprised
a|兴奋的,激动的|excited
a|快乐的,开心的,高兴的|happy
a|悲伤的,伤心的,难过的|sad
a|雪地,雪,下雪的,积雪的,白雪覆盖的,被雪覆盖的,白雪皑皑的|snowy
a|雨中的,下雨的|rainy
a|雾中的,有雾的|foggy
a|阳光明媚的,晴朗的|sunny
a|木,木制的,木头的|wooden
a|安静的,美丽的,可爱的,漂亮的,美丽,可爱,漂亮|beautiful
t|日落,日落时分,日落时,夕阳下,傍晚|sunset
t|黄昏,黄昏时分|dusk
t|日出,黎明,清晨日出|dawn
t|早晨,早上,清晨|morning
t|中午,正午|noon
t|下午|afternoon
t|夜晚,晚上,夜里,深夜,夜,夜间|night
w|雪中,大雪中,下着雪,下雪|snow
w|雨中,大雨中,下着雨,下雨|rain
w|雾中,大雾|fog
f|特写,特写镜头|close-up
f|大特写,极特写,微距,微距镜头|extreme close-up
f|低角度,低角度仰拍,仰拍,仰视,低角度拍摄|low angle shot
f|高角度,高角度俯拍,俯视角度|high angle shot
f|俯拍,俯视,俯视镜头,顶拍,正上方俯拍|top down shot
f|航拍,航拍镜头,鸟瞰,无人机航拍|aerial shot
f|镜头跟随,跟拍,镜头跟着,跟踪镜头,镜头跟拍|tracking shot
f|从背后拍摄,从后面拍摄,背影|from behind
f|侧面,侧拍|from the side
f|主观视角,第一人称视角|point of view
f|过肩镜头|over the shoulder
f|一镜到底,长镜头|one take
f|近景|medium close-up
f|中景|medium shot
f|全景,远景|wide shot
f|推镜头,镜头推近,镜头推进|camera pushes in
f|拉镜头,镜头拉远|camera pulls out
f|镜头环绕|camera orbits
f|慢动作,慢镜头,慢动作镜头|in slow motion
f|浅景深,背景虚化,虚化背景|shallow depth of field
f|柔和的晨光中,柔和的晨光,晨光中,晨光下,晨光,清晨的阳光,清晨的光线|in soft morning light
f|柔和的光线,柔和的灯光,柔光,光线柔和,自然光|soft light
f|温暖的光线,温暖的灯光,暖光,暖色调,温暖的色调|warm tones
f|金色的阳光,金色阳光,金色的光线,金色的光芒|in golden light
f|月光下,月光中,月光里,满月下,月亮下|at night
f|阳光下,阳光中,温暖的阳光下,温暖的阳光中,阳光里|in warm sunlight
f|电影感,电影质感,电影级光影,电影级,电影光影,电影级灯光,戏剧性光影|cinematic lighting
f|高清,超清,超高清,高画质,高质量,高分辨率,细节丰富,细节清晰,画质清晰|high quality
f|手持镜头,手持拍摄,镜头晃动|handheld camera
f|没有音乐,无音乐|no music
";
