//! Korean: words between blanks, each a word of the dictionary with particles after it; verbs in their forms, which are
//! made by the rules of the script; the verb comes last.

use super::dictionary::{Class, Cut, Dictionary, Form, Piece, Text, Word, by_itself, close_shots, framing_leads, plain_piece};
use super::phrase::Writer;
use super::verb_last::Clauses;
use crate::english::lex::Lexeme;
use kinora_vocabulary::{Kind, Language, Vocabulary};

/// A Korean prompt as the words of an English one.
pub(crate) fn transfer(text: &str, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    let dictionary = Dictionary::of(vocabulary, Language::Ko, &[WORDS], forms);
    let chars = Text::new(text);
    let mut pieces: Vec<Piece> = Vec::new();
    for cut in chars.cuts(text, false) {
        match cut {
            Cut::Mark(mark, span) => pieces.push(plain_piece(Class::Mark, "", &mark.to_string(), span)),
            Cut::Quote(inside, span) => pieces.push(plain_piece(Class::Quote, "", &inside, span)),
            Cut::Run(from, length) => words(&chars, from, from + length, &dictionary, &mut pieces),
        }
    }
    close_shots(&mut pieces);
    framing_leads(&mut pieces);
    by_whom(&mut pieces);
    compounds(&mut pieces, &dictionary);
    strange_verbs(&mut pieces);
    let mut writer = Writer::default();
    for sentence in pieces.split_inclusive(|p| matches!(p.mark(), Some('.' | '!' | '?' | ';' | '\n'))) {
        writer.write(&Clauses::read(sentence));
    }
    writer.tokens
}

/// 소녀에 의해: the word after the particle says that she does it.
fn by_whom(pieces: &mut Vec<Piece>) {
    while let Some(at) = pieces.iter().position(|p| p.is(Class::Unknown) && matches!(p.text.as_str(), "의해" | "의하" | "의해서")) {
        pieces.remove(at);
        if let Some(particle) = at.checked_sub(1).and_then(|k| pieces.get_mut(k)).filter(|p| p.is(Class::Particle)) {
            particle.word.english = "by".into();
        }
    }
}

/// 끌어 올린다: a verb and what goes with it are one.
fn compounds(pieces: &mut Vec<Piece>, dictionary: &Dictionary) {
    let mut k = 0;
    while k < pieces.len() {
        if !pieces[k].is(Class::Aux) {
            k += 1;
            continue;
        }
        let linked = |v: &Piece| v.is(Class::Verb) && v.word.form == Form::And && !v.text.ends_with(['고', '며', '자']) && !v.text.ends_with("다가");
        match k.checked_sub(1).filter(|b| linked(&pieces[*b])) {
            Some(before) => {
                let aux = pieces.remove(k);
                let verb = &mut pieces[before];
                verb.word.form = aux.word.form;
                verb.span.end = aux.span.end;
                verb.text = format!("{} {}", verb.text, aux.text);
            }
            None => {
                by_itself(&mut pieces[k], dictionary);
                k += 1;
            }
        }
    }
}

/// What is not known but ends as verbs do, by what follows it: 경주를 한다, 볶는다., 앞치마를 두른 남자, 차가운 맥주.
fn strange_verbs(pieces: &mut Vec<Piece>) {
    let mut k = 0;
    while k < pieces.len() {
        if !pieces[k].is(Class::Unknown) {
            k += 1;
            continue;
        }
        let object = pieces.get(k + 1).is_some_and(|p| p.is(Class::Particle) && p.word.english == "object");
        let at = k + 1 + usize::from(object);
        if let Some(does) = pieces.get(at).filter(|p| p.is(Class::Verb) && p.word.english == "do") {
            let (form, end) = (does.word.form, does.span.end);
            pieces[k].span.end = end;
            (pieces[k].word.class, pieces[k].word.form) = (Class::Verb, form);
            pieces.drain(k + 1..=at);
            k += 1;
            continue;
        }
        let text = pieces[k].text.clone();
        let next = pieces.get(k + 1);
        let ends = next.is_none_or(|p| p.is(Class::Mark) || p.is(Class::Quote));
        let noun = next.is_some_and(|p| matches!(p.word.class, Class::Noun | Class::Adjective | Class::Number | Class::Unknown));
        let several = text.chars().count() > 1;
        let last = text.chars().last().and_then(parts).map_or(0, |p| p.2);
        let has_part = k > 0 && pieces[k - 1].is(Class::Particle) && !matches!(pieces[k - 1].word.english.as_str(), "subject" | "topic" | "of" | "plural");
        let form = if !several {
            None
        } else if ends && text.ends_with(['다', '요', '죠', '까']) {
            Some(Form::Final)
        } else if text.ends_with("면서") {
            Some(Form::While)
        } else if next.is_none_or(|p| !p.is(Class::Particle)) && (text.ends_with(['고', '며']) || !noun && text.ends_with(['서', '아', '어', '여', '려', '해']))
        {
            Some(Form::And)
        } else if noun && has_part && (last == N || text.ends_with(['는', '던'])) {
            Some(Form::Describing)
        } else {
            None
        };
        match form {
            Some(form) => (pieces[k].word.class, pieces[k].word.form) = (Class::Verb, form),
            None if noun && several && last == N => pieces[k].word.class = Class::Adjective,
            None => {}
        }
        k += 1;
    }
    // 벽돌을: what things are made of is a thing where it has a role.
    for k in 1..pieces.len() {
        let role = pieces[k].is(Class::Particle) && !matches!(pieces[k].word.english.as_str(), "of" | "plural");
        if role && pieces[k - 1].is(Class::Adjective) && pieces[k - 1].word.kind.is_some() {
            pieces[k - 1].word.class = Class::Noun;
        }
    }
}

/// The particles at the end of a word, longest first, with what they mark.
const PARTICLES: &[(&str, &str)] = &[
    ("에서부터", "from"),
    ("이라고", ""),
    ("에게서", "from"),
    ("으로", "by means"),
    ("라고", ""),
    ("에서", "in"),
    ("에게", "to"),
    ("한테", "to"),
    ("하고", "with"),
    ("이랑", "with"),
    ("부터", "from"),
    ("까지", "to"),
    ("처럼", ""),
    ("들", "plural"),
    ("이", "subject"),
    ("가", "subject"),
    ("은", "topic"),
    ("는", "topic"),
    ("을", "object"),
    ("를", "object"),
    ("의", "of"),
    ("에", "to"),
    ("로", "by means"),
    ("와", "with"),
    ("과", "with"),
    ("랑", "with"),
    ("도", "subject"),
    ("만", ""),
];

/// What a string of particles means, one after the other; none if it is something else.
fn particles(text: &str) -> Option<Vec<(&'static str, usize)>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (particle, role) = PARTICLES.iter().find(|(p, _)| rest.starts_with(p))?;
        out.push((*role, particle.chars().count()));
        rest = &rest[particle.len()..];
    }
    Some(out)
}

fn words(chars: &Text, from: usize, to: usize, dictionary: &Dictionary, out: &mut Vec<Piece>) {
    let blank_after = |k: usize| (k..to).find(|e| chars.chars[*e].is_whitespace()).unwrap_or(to);
    let mut i = from;
    while i < to {
        if chars.chars[i].is_whitespace() {
            i += 1;
            continue;
        }
        let end = blank_after(i);
        let rest = |e: usize| e <= to && particles(&chars.slice(e, blank_after(e))).is_some();
        if chars.chars[i].is_ascii_digit() {
            let last = (i..end).find(|k| !chars.chars[*k].is_ascii_digit()).unwrap_or(end);
            let text = chars.slice(i, last);
            out.push(plain_piece(Class::Number, &text, &text, chars.span(i, last)));
            i = last;
            continue;
        }
        let mut last;
        // A verb has no particle after it: 난로 is a stove, and no flying.
        let ends = |e: usize| rest(e) && (e == blank_after(e) || dictionary.longest(&chars.chars, i, |k| k == e).is_none_or(|(w, _)| w.class != Class::Verb));
        if let Some((word, length)) = dictionary.longest(&chars.chars, i, ends) {
            last = i + length;
            out.push(Piece { word: word.clone(), text: chars.slice(i, last), span: chars.span(i, last), plural: false });
        } else if let Some(at) = glued(chars, i, end, dictionary) {
            // 뛰어든다: a verb and what goes with it, in one word.
            for (from, to) in [(i, at), (at, end)] {
                if let Some((word, length)) = dictionary.longest(&chars.chars, from, |e| e == to) {
                    out.push(Piece { word: word.clone(), text: chars.slice(from, from + length), span: chars.span(from, to), plural: false });
                }
            }
            last = end;
        } else {
            // Not known: what looks like a particle at its end is taken for one.
            let text = chars.slice(i, end);
            let suffix = PARTICLES.iter().find(|(p, _)| text.ends_with(p) && text.chars().count() > p.chars().count() + 1);
            last = end - suffix.map_or(0, |(p, _)| p.chars().count());
            let stem = chars.slice(i, last);
            out.push(plain_piece(Class::Unknown, &stem, &stem, chars.span(i, last)));
        }
        // 개는: the dog, and not what one folds.
        if let Some(piece) = out.last_mut().filter(|p| p.is(Class::Verb) && p.text.ends_with(['는', '은'])) {
            let stem = piece.text.chars().count() - 1;
            let alive = |w: &Word| matches!(w.kind, Some(Kind::Creature | Kind::Person));
            if let Some((word, _)) = dictionary.longest(&chars.chars, i, |e| e == i + stem).filter(|(w, _)| w.class == Class::Noun && alive(w)) {
                *piece = Piece { word: word.clone(), text: chars.slice(i, i + stem), span: chars.span(i, i + stem), plural: false };
                last = i + stem;
            }
        }
        // 판다 sells at the end of a sentence, and is a panda before.
        if let Some(piece) = out.last_mut().filter(|p| p.text == "판다" && last == to) {
            (piece.word.class, piece.word.english, piece.word.kind) = (Class::Verb, "sell".into(), None);
        }
        let end = blank_after(last);
        for (role, length) in particles(&chars.slice(last, end)).unwrap_or_default() {
            let class = if role.is_empty() { Class::Drop } else { Class::Particle };
            out.push(plain_piece(class, role, &chars.slice(last, last + length), chars.span(last, last + length)));
            last += length;
        }
        i = end;
    }
}

/// Where a verb in one word with what goes with it ends.
fn glued(chars: &Text, from: usize, to: usize, dictionary: &Dictionary) -> Option<usize> {
    let whole = |a: usize, b: usize| dictionary.longest(&chars.chars, a, |e| e == b).map(|(word, _)| word);
    (from + 1..to)
        .find(|at| whole(from, *at).is_some_and(|w| w.class == Class::Verb && w.form == Form::And) && whole(*at, to).is_some_and(|w| w.class == Class::Aux))
}

/// A syllable as its initial, vowel and final.
fn parts(syllable: char) -> Option<(u32, u32, u32)> {
    let code = (syllable as u32).checked_sub(0xac00).filter(|c| *c < 11_172)?;
    Some((code / 588, code / 28 % 21, code % 28))
}

fn syllable(initial: u32, vowel: u32, last: u32) -> char {
    char::from_u32(0xac00 + initial * 588 + vowel * 28 + last).unwrap_or('?')
}

/// A stem with another final consonant in its last syllable.
fn closed(stem: &str, last: u32) -> String {
    let mut chars: Vec<char> = stem.chars().collect();
    if let Some(c) = chars.last_mut()
        && let Some((i, v, _)) = parts(*c)
    {
        *c = syllable(i, v, last);
    }
    chars.into_iter().collect()
}

const N: u32 = 4;
const L: u32 = 8;
const B: u32 = 17;
/// Stems whose last consonant changes before a vowel, and what they are there.
const CHANGING: &[(&str, &str)] = &[("걷", "걸"), ("듣", "들"), ("묻", "물"), ("싣", "실")];

/// The forms of a word: verbs have many, the others one.
fn forms(word: &str, class: Class) -> Vec<(String, Form)> {
    let mut out = vec![(word.to_owned(), Form::Final)];
    let Some(stem) = word.strip_suffix('다').filter(|_| class == Class::Verb || class == Class::Aux) else { return out };
    let Some((_, _, last)) = stem.chars().last().and_then(parts) else { return out };
    // 수리하다, 수리를 하다.
    if let Some(done) = stem.strip_suffix('하').filter(|d| d.chars().count() > 1 && !d.ends_with(['을', '를', ' '])) {
        let particle = if done.chars().last().and_then(parts).is_some_and(|p| p.2 != 0) { '을' } else { '를' };
        out.extend(forms(&format!("{done}{particle} 하다"), class));
    }
    for (ending, form) in [
        ("고", Form::And),
        ("다가", Form::And),
        ("고 나서", Form::And),
        ("고 있다", Form::Final),
        ("고 있는", Form::Describing),
        ("고 있습니다", Form::Final),
        ("고 있어요", Form::Final),
        ("지만", Form::And),
        ("던", Form::Describing),
        ("습니다", Form::Final),
    ] {
        out.push((format!("{stem}{ending}"), form));
    }
    // 휘두르자; 타자 is a batter.
    if stem.chars().count() > 1 {
        out.push((format!("{stem}자"), Form::And));
    }
    // Before ㄴ and ㅂ a final ㄹ falls.
    let open = if last == L { closed(stem, 0) } else { stem.to_owned() };
    if last == 0 || last == L {
        out.push((format!("{}다", closed(stem, N)), Form::Final));
        out.push((format!("{}니다", closed(stem, B)), Form::Final));
    } else {
        out.push((format!("{stem}는다"), Form::Final));
    }
    out.push((format!("{open}는"), Form::Describing));
    out.push((format!("{open}는 동안"), Form::While));
    // Before a vowel.
    let soft = CHANGING.iter().find_map(|(a, b)| stem.strip_suffix(a).map(|s| format!("{s}{b}"))).unwrap_or_else(|| stem.to_owned());
    let link = if last == 0 || (last == L && soft == stem) { "" } else { "으" };
    for (ending, form) in [("면서", Form::While), ("며", Form::And), ("러", Form::And)] {
        out.push((format!("{soft}{link}{ending}"), form));
    }
    let past = if link.is_empty() { closed(stem, N) } else { format!("{soft}은") };
    out.push((past.clone(), Form::Describing));
    for after in ["후", "뒤", "후에", "뒤에", "다음"] {
        out.push((format!("{past} {after}"), Form::And));
    }
    for base in infinitives(&soft) {
        for (ending, form) in [
            ("", Form::And),
            ("서", Form::And),
            ("요", Form::Final),
            (" 있는", Form::Describing),
            (" 있다", Form::Final),
            (" 준다", Form::Final),
            ("준다", Form::Final),
            (" 주고 있다", Form::Final),
            (" 주는", Form::Describing),
            (" 주고", Form::And),
            (" 줬다", Form::Final),
        ] {
            out.push((format!("{base}{ending}"), form));
        }
        out.push((format!("{}다", closed(&base, 20)), Form::Final));
        out.push((format!("{}던", closed(&base, 20)), Form::Describing));
    }
    out
}

/// The stem with 아 or 어, contracted and not.
fn infinitives(stem: &str) -> Vec<String> {
    let mut chars: Vec<char> = stem.chars().collect();
    let Some((initial, vowel, last)) = chars.last().copied().and_then(parts) else { return Vec::new() };
    let bright = vowel == 0 || vowel == 8;
    let plain = format!("{stem}{}", if bright { '아' } else { '어' });
    if stem.ends_with('하') {
        chars.pop();
        let head: String = chars.into_iter().collect();
        return vec![format!("{head}해"), format!("{head}하여")];
    }
    if stem.ends_with('르') && chars.len() > 1 {
        chars.pop();
        let head: String = chars.into_iter().collect();
        let bright = head.chars().last().and_then(parts).is_some_and(|p| p.1 == 0 || p.1 == 8);
        return vec![format!("{}{}", closed(&head, L), if bright { '라' } else { '러' })];
    }
    if last != 0 {
        return vec![plain];
    }
    // ㅏ ㅓ ㅐ ㅔ swallow the vowel, ㅗ ㅜ ㅣ join it, ㅡ falls.
    let joined = match vowel {
        0 | 1 | 4 | 5 => Some(vowel),
        8 => Some(9),
        13 => Some(14),
        20 => Some(6),
        18 => Some(4),
        _ => None,
    };
    let Some(joined) = joined else { return vec![plain] };
    chars.pop();
    chars.push(syllable(initial, joined, 0));
    vec![chars.into_iter().collect(), plain]
}

const WORDS: &str = "
y|가다,오다,들다,내리다,올리다,나다,버리다,보다,대다,다니다,나오다,나가다,들어오다,들어가다,올라가다,올라오다,내려가다,내려오다,지다,두다,놓다,넣다,붙다,앉다,서다,오르다,치우다,쓰다,가지다|
v|하다|do
v|오다,다가오다,들려오다|come
v|가다,다가가다|walk
d|달빛 아래에서,달빛 아래|at night
a|은발의,은발|silver haired
a|검은 머리의|black haired
a|가난한|poor
a|용감한,씩씩한|brave
a|차가운,시원한|cold
a|따뜻한,뜨거운|warm
a|오래된,낡은|old
a|새로운|new
a|조용한,고요한|quiet
a|황금|golden
a|욕심 많은|greedy
a|배고픈,굶주린|hungry
a|다친,부상당한|wounded
a|투명한|transparent
n|음악|music
n|축제|festival
v|만들다|make
v|놓다,두다|put
v|끄다|put out
v|숨기다|hide
v|잠이 들다|sleep
v|태우다|carry
v|어깨에 태우다|carry on shoulders
v|두르다|wearing

n|글자,단어|word
n|피아니스트|pianist
n|바이올리니스트|violinist
v|글자를 쓰다,문자를 쓰다|write
v|연주하다,연주를 하다|play
v|립스틱을 바르다,화장하다|put on makeup
v|떨어지다|fall
v|뛰어내리다|jump
v|넘어뜨리다,쓰러뜨리다|break
v|피어오르다|rise
n|여선생님,여교사,여자 선생님|woman teacher
n|고기|meat
n|버스 기사,운전기사|driver
n|조명|spotlight
f|원경,롱샷|wide shot
f|카메라가 멀어진다,카메라가 천천히 멀어진다|camera pulls out
n|제복|uniform
n|스포츠카|car
n|엘리베이터|elevator
n|어촌|fishing village
v|맡다,향기를 맡다,냄새를 맡다|smell
n|도장|gym
n|코|nose
n|난로|fireplace
n|선장|captain
n|장군|general
n|트레이너|trainer
n|발밑,발치|feet
n|여기사|woman knight
n|하객|guest
n|새끼 곰,아기 곰,새끼곰,아기곰|bear cub
t|여름밤,겨울밤,가을밤,봄밤|night
f|카메라가 오른쪽으로 움직인다,카메라가 오른쪽으로 이동한다|camera pans right
f|카메라가 왼쪽으로 움직인다,카메라가 왼쪽으로 이동한다|camera pans left
v|노려보다|stare
v|덩크슛을 넣다,덩크슛을 하다|dunk
v|폭발하다|explode
v|나아가다|go
v|움직이다|move
d|높이|high
v|들여다보다|look
v|꺼내다|take out
v|부채질을 하다,부채질하다|fan
v|모으다|gather
v|낚다|fish
v|건너다|cross
v|뒹굴다,구르다|roll
a|아픈|sick
x|마주,줄지어,나란히,빙글빙글,보인다,들린다|
x|옛날,옛날 옛적에,옛날옛적에,어느 날,자기,자신,자신의,살았어요,살았습니다,모두,다시,막,곧,소리,배경|
d|우아하게|gracefully
a|어두운,어두컴컴한|dark
t|이른 아침|morning
t|한밤중,깊은 밤,밤늦게|night
t|해 질 녘,해질 무렵|sunset
w|비 오는 날,빗속,폭우|rain
w|눈 오는 날,눈보라,눈 속|snow
x|있다,있는,그,매우,아주,정말,함께,같이,서로,날,모습,장면|
x|이웃집,동네,퇴근 후,퇴근 후에,퇴근하고,방과 후,방과 후에,쉬는 시간에,쉬는 시간,주말에,주말,매일,혼자,혼자서,둘이서,열심히|
t|새해 전날 밤,새해 전날,섣달그믐 밤|night
a|어린|little
d|천천히,느리게|slowly
d|빠르게,빨리,재빨리|quickly
d|즐겁게,행복하게,신나게|happily
d|슬프게|sadly
d|조용히|quietly
d|갑자기|suddenly
n|손|hands
n|발|feet
n|사람|person
n|군중,인파|crowd
m|한,하나|a
m|두,둘|two
m|세,셋|three
m|네,넷|four
m|다섯|five
m|여섯|six
m|일곱|seven
m|여덟|eight
m|아홉|nine
m|열|ten
m|열한|eleven
m|열두|twelve
m|열세|thirteen
m|열네|fourteen
m|열다섯|fifteen
m|열여섯|sixteen
m|열일곱|seventeen
m|열여덟|eighteen
m|열아홉|nineteen
m|스무,스물,이십|twenty
m|서른,삼십|thirty
m|마흔,사십|forty
m|쉰,오십|fifty
m|예순,육십|sixty
m|일흔,칠십|seventy
m|여든,팔십|eighty
m|아흔,구십|ninety
m|백|one hundred
m|이백|two hundred
m|삼백|three hundred
m|사백|four hundred
m|오백|five hundred
m|육백|six hundred
m|칠백|seven hundred
m|팔백|eight hundred
m|구백|nine hundred
m|수십|dozens
m|수백|hundreds
m|천|one thousand
m|수천|thousands
m|여러,많은|several
q|마리,명,대,권,송이,그루,척,채,잔,사람의|
r|이,그,저|the
r|다른,또 다른|another
u|그녀|she
u|그는,그가|he
u|그것|it
u|그들|they
c|그리고,그런 다음,그 다음,그다음,이어서,그러고 나서,마침내,잠시 후|then
c|한편|while
d|동시에|at the same time
d|일제히,입을 모아,한목소리로,다 같이,다 함께|together
s|위|on
s|아래,밑|under
s|앞|in front of
s|뒤|behind
s|옆,곁,근처|next to
s|안,속,가운데|in
s|사이|between
s|왼쪽|to the left of
s|오른쪽|to the right of
v|걷다,걸어가다,산책하다,가다|walk
v|달리다,뛰어가다|run
v|날다,날아가다|fly
v|헤엄치다,수영하다|swim
v|보다,바라보다,쳐다보다|look
v|읽다|read
v|앉다|sit
v|서다,서 있다|stand
v|뛰다,점프하다|jump
v|쫓다,쫓아가다,쫓기다|chase
v|열리다|open
v|닫히다|close
v|안기다|hug
v|잡히다|catch
v|밀리다|push
v|켜지다|light
v|멈추다,멈춰 서다|stop
v|돌아보다,뒤돌아보다|turn around
v|춤추다,춤을 추다|dance
v|노래하다,노래를 부르다|sing
v|말하다,이야기하다,말을 하다,말을 걸다|say
v|외치다,소리치다,소리 지르다,소리를 지르다,고함치다|shout
v|속삭이다,귓속말하다|whisper
v|묻다,물어보다,질문하다|ask
v|대답하다,답하다,대꾸하다|answer
v|중얼거리다,중얼대다,웅얼거리다|murmur
v|부르다|call
v|애원하다,빌다,간청하다|beg
v|흐느끼다|sob
v|생각하다|think
v|들리다,들려오다|come
n|내레이션,내레이터,해설자,나레이션,나레이터,해설|narrator
n|목소리|voice
n|아내|wife
n|남편|husband
n|전화기,휴대폰,핸드폰|phone
x|누군가의,누군가가,누군가,어떤,라는,이라는,안내 방송,안내방송,방송,나온다,흘러나온다|
n|손자|grandson
n|손녀|granddaughter
v|명령하다|order
n|남자 목소리,남자의 목소리|man voice
n|여자 목소리,여자의 목소리|woman voice
n|스피커,확성기|loudspeaker
n|민수,철수,지훈|Minsu
n|지영,영희,수진|Jiyoung
x|라고,이라고,하고,라며,라면서,이라며|
d|화내며,화나서,화난 목소리로,화를 내며,화가 나서|angrily
d|슬픈 목소리로,슬퍼하며|sadly
d|초조하게,불안하게,긴장하며,불안한 목소리로,수줍게|nervously
d|무서워하며,겁에 질려,두려워하며,겁먹은 목소리로|fearfully
d|다정하게,부드럽게,상냥하게|tenderly
d|차갑게,냉정하게|coldly
d|신나서,흥분해서,흥분하며|excitedly
d|놀라서,놀라며,깜짝 놀라|in surprise
d|지친 목소리로,피곤하게|tiredly
d|기쁘게,기뻐하며|happily
d|작은 목소리로,낮은 목소리로,나지막이,나지막하게|in a whisper
d|큰 소리로,큰 목소리로,크게|loudly
d|울면서,울며|in tears
d|웃으며,웃으면서,미소 지으며|with a smile
d|영어로|in english
d|스페인어로|in spanish
d|중국어로|in chinese
d|일본어로|in japanese
d|한국어로|in korean
d|전화로,전화에 대고|on the phone
d|전화 너머로,전화 너머에서,수화기 너머로,전화기 너머로,전화 너머의,수화기 너머의|on the other end
d|무전으로,무전기로|over the radio
d|라디오에서|from the radio
d|스피커에서,방송으로|from the loudspeaker
d|밖에서,바깥에서|from outside
d|문 뒤에서,문 너머에서,문밖에서|from behind the door
d|화면 밖에서|off screen
d|멀리서|from afar
d|옆방에서|from the next room
v|들다,안다,쥐다|hold
v|지나가다,지나다,통과하다,건너다|pass through
n|조각|piece
v|씌우다|put on
v|꺼내다|take out
n|인형|doll
v|입다,쓰다,신다|wearing
v|타다|ride
v|손을 흔들다,손 흔들다|wave
v|운전하다|drive
v|자다,잠자다|sleep
v|먹다|eat
v|마시다|drink
n|카메라,렌즈|camera
n|남자,남성|man
n|여자,여성,여인|woman
n|사람|person
n|강아지|puppy
n|나무|tree
n|들판,초원|meadow
n|바다|sea
n|해변,바닷가|beach
n|거리,도시,길거리,도로|city street
n|방,거실|living room
n|우주|space
n|집|house
n|하늘|sky
n|커피|coffee
n|차|car
n|머리,머리카락|hair
a|빨간,붉은,빨간색,빨간색의|red
a|파란,푸른,파란색,파란색의|blue
a|노란,노란색,노란색의|yellow
a|초록,초록색,초록색의,녹색,녹색의|green
a|검은,까만,검정,검은색,검은색의|black
a|하얀,흰,하얀색,흰색,흰색의|white
a|열린,열려 있는|open
a|닫힌,닫혀 있는|closed
a|부서진,깨진,고장난|broken
a|불타는,타오르는|burning
a|켜진,불이 켜진|lit
a|꺼진,불이 꺼진|unlit
a|빛나는,반짝이는,빛을 내는|glowing
a|주황색,주황색의|orange
a|보라색,보라색의|purple
a|분홍색,분홍색의,분홍|pink
a|회색,회색의|grey
a|갈색,갈색의|brown
a|작은|small
a|큰,커다란,거대한|big
a|키 큰,높은|tall
a|젊은|young
a|늙은,나이 든|old
a|뚱뚱한,살찐,통통한|fat
a|마른,날씬한,여윈|thin
a|대머리,대머리인|bald
a|근육질의,건장한|muscular
a|키 작은|short
a|수염 난,수염을 기른|bearded
a|안경 쓴,안경을 쓴|bespectacled
a|곱슬머리,곱슬머리의|curly haired
a|금발의,금발|blond haired
a|빨간 머리의|red haired
a|긴 머리의|long haired
a|화난,화가 난,분노한,성난|angry
a|겁먹은,겁에 질린,무서워하는|scared
a|피곤한,지친|tired
a|긴장한,불안한,초조한|nervous
a|놀란|surprised
a|신난,흥분한|excited
a|행복한,즐거운|happy
a|슬픈|sad
a|나무로 된|wooden
a|눈 덮인,눈이 덮인,눈 내린,눈 쌓인|snowy
a|비 내리는,비 오는|rainy
a|안개 낀,안개가 낀|foggy
a|아름다운,예쁜,귀여운|beautiful
t|해질녘,해 질 녘,일몰,석양,노을|sunset
t|황혼|dusk
t|새벽,동틀 녘|dawn
t|아침|morning
t|정오,한낮|noon
t|오후|afternoon
t|밤,한밤,한밤중|night
w|비 오는 날,빗속|rain
w|눈 오는 날,눈 속|snow
w|안개 속|fog
f|익스트림 클로즈업,초근접|extreme close-up
f|로우 앵글,로 앵글,낮은 앵글|low angle shot
f|하이 앵글,높은 앵글|high angle shot
f|부감,부감 샷,탑 뷰,탑다운|top down shot
f|드론 촬영,드론 샷,항공 촬영,항공샷,항공 샷|aerial shot
f|뒤에서 따라가는 카메라,따라가는 카메라,카메라가 따라간다,카메라가 뒤따른다,트래킹 샷|tracking shot
f|뒷모습|from behind
f|옆모습|from the side
f|1인칭 시점|point of view
f|오버 더 숄더|over the shoulder
f|롱 테이크,롱테이크|one take
f|핸드헬드|handheld camera
f|클로즈업|close-up
f|미디엄 샷|medium shot
f|와이드 샷,롱 샷|wide shot
f|슬로 모션,슬로우 모션,슬로모션,슬로우모션|in slow motion
f|얕은 심도,아웃포커싱,아웃포커스|shallow depth of field
f|부드러운 아침 햇살 속에서,아침 햇살 속에서,부드러운 아침 빛 속에서,아침 햇살|in soft morning light
f|따뜻한 햇살 속에서,따스한 햇살 속에서,햇살 속에서,햇살 아래,따뜻한 햇살,햇살|in warm sunlight
f|부드러운 빛 속에서,부드러운 조명,부드러운 빛,자연광|soft light
f|따뜻한 조명,따뜻한 빛,따뜻한 색감|warm light
f|영화 같은 조명,영화 같은 분위기,영화 같은 영상미,영화 같은,시네마틱한,시네마틱|cinematic lighting
f|고화질,고해상도,초고화질|high quality
f|음악 없이|no music
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_their_forms() {
        let has = |verb: &str, form: &str| assert!(forms(verb, Class::Verb).iter().any(|f| f.0 == form), "{verb}: {form}");
        for (verb, list) in [
            ("걷다", ["걷는다", "걸으며", "걸어", "걷다가", "걷는"]),
            ("날다", ["난다", "나는", "날며", "날아", "날고"]),
            ("보다", ["본다", "보며", "봐", "보는", "봤다"]),
            ("춤추다", ["춤춘다", "춤추며", "춤춰", "춤추는", "춤췄다"]),
            ("수영하다", ["수영한다", "수영하며", "수영해", "수영하는", "수영했다"]),
            ("앉다", ["앉는다", "앉으며", "앉아", "앉은", "앉아 있는"]),
            ("마시다", ["마신다", "마시며", "마셔", "마시는", "마셨다"]),
        ] {
            list.iter().for_each(|form| has(verb, form));
        }
    }
}
