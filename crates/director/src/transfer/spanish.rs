//! Spanish: the order of English but for adjectives after their nouns and subjects after their verbs; words are undone
//! of gender, number and person by the rules of their endings.

use super::dictionary::{Class, Cut, Dictionary, Form, Piece, Text, framing_leads, plain_piece};
use super::phrase::{NounPhrase, Unit, Writer, time_phrase, weather_quality};
use crate::english::lex::Lexeme;
use kinora_vocabulary::{Kind, Language, Vocabulary};

/// A Spanish prompt as the words of an English one.
pub(crate) fn transfer(text: &str, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    let dictionary = Dictionary::of(vocabulary, Language::Es, &[WORDS], forms);
    let chars = Text::new(text);
    let mut pieces: Vec<Piece> = Vec::new();
    for cut in chars.cuts(text, false) {
        match cut {
            Cut::Mark(mark, span) => pieces.push(plain_piece(Class::Mark, "", &mark.to_string(), span)),
            Cut::Quote(inside, span) => pieces.push(plain_piece(Class::Quote, "", &inside, span)),
            Cut::Run(from, length) => words((&chars, text), from, from + length, &dictionary, &mut pieces),
        }
    }
    framing_leads(&mut pieces);
    by_whom(&mut pieces);
    after_subjects(&mut pieces, &dictionary);
    clitics(&mut pieces);
    strange_words(&mut pieces);
    let mut writer = Writer::default();
    for sentence in pieces.split_inclusive(|p| matches!(p.mark(), Some('.' | '!' | '?' | ';' | '\n'))) {
        writer.write(&Reader { pieces: sentence, named: false, verb: String::new() }.run());
    }
    writer.tokens
}

/// "Es abierta por una niña": after a participle with its auxiliary, "por" says who does it.
fn by_whom(pieces: &mut [Piece]) {
    for k in 2..pieces.len() {
        let done = matches!(pieces[k - 1].word.class, Class::Verb | Class::Adjective) && pieces[k - 2].word.english == "is";
        if pieces[k].text == "por" && done {
            pieces[k].word.english = "by".into();
        }
    }
}

/// "Un niño lanza un palo": between who does it and what it is done to stands a verb, though the word is a noun as well.
fn after_subjects(pieces: &mut [Piece], dictionary: &Dictionary) {
    for k in 1..pieces.len().saturating_sub(1) {
        let acts = |p: &Piece| p.is(Class::Noun) && matches!(p.word.kind, Some(Kind::Person | Kind::Creature));
        let between = pieces[k].is(Class::Noun) && acts(&pieces[k - 1]) && matches!(pieces[k + 1].word.class, Class::Determiner | Class::Noun | Class::Number);
        if let Some(verb) = dictionary.verb(&pieces[k].text).filter(|_| between) {
            pieces[k].word = verb.clone();
        }
    }
}

/// "La echa en la sartén": an article before a verb is whom it is done to.
fn clitics(pieces: &mut Vec<Piece>) {
    let mut k = 0;
    while k + 1 < pieces.len() {
        let acts = pieces[k + 1].is(Class::Verb)
            || pieces[k + 1].is(Class::Unknown)
                && ends_as_verb(&pieces[k + 1].text)
                && pieces.get(k + 2).is_none_or(|p| p.is(Class::Mark) || p.is(Class::Preposition));
        let article = pieces[k].is(Class::Determiner) && matches!(pieces[k].text.as_str(), "la" | "las" | "los");
        let known = pieces[k + 1].is(Class::Verb);
        let after = known && k == 0
            || k > 0
                && (known || !pieces[k - 1].is(Class::Mark))
                && matches!(pieces[k - 1].word.class, Class::Mark | Class::Link | Class::Noun | Class::Pronoun | Class::Adjective | Class::Drop);
        if article && acts && after {
            let mut whom = pieces.remove(k);
            if pieces[k].is(Class::Unknown) {
                pieces[k].word.class = Class::Verb;
            }
            whom.word.class = Class::Pronoun;
            whom.word.english = if whom.text == "la" { "it" } else { "them" }.into();
            if pieces.get(k + 1).is_none_or(|p| !matches!(p.word.class, Class::Determiner | Class::Noun | Class::Number)) {
                pieces.insert(k + 1, whom);
            }
        }
        k += 1;
    }
}

fn ends_as_verb(text: &str) -> bool {
    ["a", "e", "an", "en", "ó", "ió", "aron", "ieron", "aba", "ía", "ando", "iendo"].iter().any(|e| text.ends_with(e))
}

/// What is not known is a verb where one has to stand ("la bruja remueve un caldero", "se enfrentan"), and a quality after its noun.
fn strange_words(pieces: &mut [Piece]) {
    let mut acted = false;
    for k in 0..pieces.len() {
        // "Se agacha para oler": nobody stops.
        if pieces[k].text == "para" && pieces.get(k + 1).is_some_and(|p| p.text.ends_with(['r']) && matches!(p.word.class, Class::Verb | Class::Unknown)) {
            (pieces[k].word.class, pieces[k].word.english) = (Class::Link, "and".into());
        }
        if matches!(pieces[k].word.class, Class::Mark | Class::Link) {
            acted = false;
        }
        acted |= pieces[k].is(Class::Verb);
        if !pieces[k].is(Class::Unknown) || pieces[k].word.english.starts_with(char::is_uppercase) || k == 0 {
            continue;
        }
        let before = &pieces[k - 1];
        let clitic = before.is(Class::Drop) && matches!(before.text.as_str(), "se" | "le" | "les" | "lo");
        let named = matches!(before.word.class, Class::Noun | Class::Adjective | Class::Pronoun | Class::Link | Class::Unknown);
        let goes_on = pieces.get(k + 1).is_none_or(|p| !matches!(p.word.class, Class::Verb | Class::Noun));
        if ends_as_verb(&pieces[k].text) && (clitic || named && goes_on && !acted) {
            pieces[k].word.class = Class::Verb;
            acted = true;
        } else if matches!(before.word.class, Class::Noun | Class::Unknown) && pieces[k].text.ends_with(['o', 'a', 's', 'e', 'l']) {
            pieces[k].word.class = Class::Adjective;
        }
    }
}

fn words((chars, original): (&Text, &str), from: usize, to: usize, dictionary: &Dictionary, out: &mut Vec<Piece>) {
    let part = |k: usize| k < to && chars.chars[k].is_alphanumeric();
    let mut i = from;
    while i < to {
        if !part(i) {
            i += 1;
            continue;
        }
        let end = (i..to).find(|k| !part(*k)).unwrap_or(to);
        let text = chars.slice(i, end);
        let last = if let Some((word, length)) = dictionary.longest(&chars.chars, i, |e| e <= to && !part(e)) {
            let text = chars.slice(i, i + length);
            let plural = word.form == Form::Many;
            out.push(Piece { word: word.clone(), text, span: chars.span(i, i + length), plural });
            i + length
        } else if let Some((word, _)) = text
            .trim_end_matches('s')
            .strip_suffix('a')
            .filter(|stem| stem.ends_with("dor"))
            .map(|stem| stem.chars().collect::<Vec<char>>())
            .and_then(|stem| dictionary.longest(&stem, 0, |e| e == stem.len()))
        {
            // Jugador, jugadora.
            out.push(Piece { word: word.clone(), text: text.clone(), span: chars.span(i, end), plural: text.ends_with('s') });
            end
        } else {
            let class = if text.chars().all(|c| c.is_ascii_digit()) { Class::Number } else { Class::Unknown };
            let span = chars.span(i, end);
            let written = original.get(span.start as usize..span.end as usize).filter(|w| class == Class::Unknown && w.starts_with(char::is_uppercase));
            out.push(plain_piece(class, written.unwrap_or(&text), &text, span));
            end
        };
        i = last;
    }
}

/// The forms of a word.
fn forms(word: &str, class: Class) -> Vec<(String, Form)> {
    let mut out = vec![word.to_owned()];
    let mut many = Vec::new();
    match class {
        Class::Noun | Class::Adjective => {
            let mut single = vec![word.to_owned()];
            if class == Class::Adjective
                && let Some(stem) = word.strip_suffix('o')
            {
                single.push(format!("{stem}a"));
            }
            for s in single {
                let (head, rest) = s.split_once(' ').map_or((s.as_str(), String::new()), |(h, r)| (h, format!(" {r}")));
                let plural = match head.strip_suffix('z') {
                    Some(stem) => format!("{stem}ces"),
                    None if head.ends_with(['a', 'e', 'i', 'o', 'u', 'é', 'á', 'ó']) => format!("{head}s"),
                    None => format!("{}es", unaccented(head)),
                };
                out.push(s.clone());
                many.push(format!("{plural}{rest}"));
            }
        }
        Class::Verb => {
            let (head, rest) = word.split_once(' ').map_or((word, String::new()), |(h, r)| (h, format!(" {r}")));
            let reflexive = head.strip_suffix("se").filter(|h| h.ends_with('r'));
            for form in conjugated(reflexive.unwrap_or(head)) {
                out.push(format!("{form}{rest}"));
            }
        }
        _ => {}
    }
    out.into_iter().map(|w| (w, Form::Final)).chain(many.into_iter().map(|w| (w, Form::Many))).collect()
}

/// Plurals lose the accent of the last syllable: ratón, ratones.
fn unaccented(word: &str) -> String {
    [("ón", "on"), ("án", "an"), ("ín", "in"), ("és", "es")]
        .iter()
        .find_map(|(a, b)| word.strip_suffix(a).map(|s| format!("{s}{b}")))
        .unwrap_or_else(|| word.to_owned())
}

/// Verbs whose stem changes, with the stem that is stressed.
const STRESSED: &[(&str, &str)] = &[
    ("volar", "vuel"),
    ("sentar", "sient"),
    ("perseguir", "persigu"),
    ("seguir", "sigu"),
    ("dormir", "duerm"),
    ("jugar", "jueg"),
    ("mover", "muev"),
    ("cerrar", "cierr"),
    ("despertar", "despiert"),
    ("sonreír", "sonrí"),
    ("detener", "detien"),
    ("tener", "tien"),
    ("sostener", "sostien"),
    ("vestir", "vist"),
    ("pedir", "pid"),
    ("contar", "cuent"),
    ("mostrar", "muestr"),
    ("correr", "corr"),
    ("encender", "enciend"),
    ("fregar", "frieg"),
    ("plantar", "plant"),
    ("sembrar", "siembr"),
    ("quebrar", "quiebr"),
    ("pensar", "piens"),
    ("rogar", "rueg"),
    ("contar", "cuent"),
    ("encontrar", "encuentr"),
    ("freír", "frí"),
    ("calentar", "calient"),
    ("extinguir", "extingu"),
    ("esquiar", "esquí"),
    ("enterrar", "entierr"),
    ("empezar", "empiez"),
    ("morder", "muerd"),
    ("probar", "prueb"),
    ("colgar", "cuelg"),
    ("regar", "rieg"),
    ("servir", "sirv"),
    ("medir", "mid"),
    ("temblar", "tiembl"),
    ("tropezar", "tropiez"),
    ("soltar", "suelt"),
    ("volver", "vuelv"),
    ("devolver", "devuelv"),
    ("envolver", "envuelv"),
    ("rodar", "rued"),
    ("soñar", "sueñ"),
    ("perder", "pierd"),
    ("acostar", "acuest"),
    ("almorzar", "almuerz"),
    ("gobernar", "gobiern"),
    ("apretar", "apriet"),
    ("atravesar", "atravies"),
    ("consolar", "consuel"),
    ("despedir", "despid"),
    ("atender", "atiend"),
    ("elegir", "elig"),
    ("serrar", "sierr"),
    ("reunir", "reún"),
    ("mentir", "mient"),
    ("hervir", "hierv"),
    ("construir", "construy"),
    ("dar", "d"),
    ("comenzar", "comienz"),
    ("remendar", "remiend"),
    ("traer", "tra"),
    ("verter", "viert"),
    ("remover", "remuev"),
    ("sonar", "suen"),
    ("destruir", "destruy"),
    ("huir", "huy"),
    ("recordar", "recuerd"),
    ("demostrar", "demuestr"),
    ("descender", "desciend"),
    ("defender", "defiend"),
    ("extender", "extiend"),
    ("sentir", "sient"),
    ("convertir", "conviert"),
    ("repetir", "repit"),
    ("conseguir", "consigu"),
    ("reñir", "riñ"),
    ("cocer", "cuec"),
    ("moler", "muel"),
    ("oler", "huel"),
    ("venir", "vien"),
    ("esconder", "escond"),
    ("caer", "ca"),
];
/// Forms that no rule gives.
const IRREGULAR: &[(&str, &[&str])] = &[
    ("ir", &["va", "van", "yendo", "fue", "fueron"]),
    ("decir", &["dice", "dicen", "diciendo", "dijo", "dijeron"]),
    ("ver", &["ve", "ven", "viendo", "vio", "vieron"]),
    ("leer", &["leyendo", "leyó", "leyeron"]),
    ("caer", &["cayendo", "cayó"]),
    ("dormir", &["durmiendo", "durmió"]),
    ("conducir", &["condujo"]),
    ("perseguir", &["persiguiendo", "persiguió"]),
    ("oír", &["oye", "oyen", "oyendo"]),
    ("reír", &["ríe", "ríen", "riendo"]),
    ("hacer", &["hecho", "hizo", "hicieron"]),
    ("poner", &["puesto", "puso"]),
    ("pedir", &["pidiendo", "pidió"]),
    ("venir", &["vino", "vinieron"]),
    ("traer", &["trajo", "trayendo"]),
    ("huir", &["huyó", "huyendo"]),
    ("despertar", &["despierta"]),
    ("despedir", &["despidiendo", "despidió"]),
    ("servir", &["sirviendo", "sirvió"]),
    ("construir", &["construyendo", "construyó"]),
    ("sonreír", &["sonríe", "sonríen", "sonriendo"]),
];

/// The third persons, the gerund and the participle of an infinitive.
fn conjugated(verb: &str) -> Vec<String> {
    let mut out: Vec<String> = IRREGULAR.iter().filter(|(v, _)| *v == verb).flat_map(|(_, f)| f.iter().map(|s| (*s).to_owned())).collect();
    out.push(verb.to_owned());
    let chars: Vec<char> = verb.chars().collect();
    if chars.len() < 3 {
        return out;
    }
    let stem: String = chars[..chars.len() - 2].iter().collect();
    let stressed = STRESSED.iter().find(|(v, _)| *v == verb).map(|(_, s)| (*s).to_owned());
    let ending: String = chars[chars.len() - 2..].iter().collect();
    let (present, other): (&[&str], &[&str]) = if ending == "ar" {
        (&["a", "an"], &["ando", "ándose", "ado", "ó", "aron", "aba", "aban", "ada"])
    } else {
        (&["e", "en"], &["iendo", "iéndose", "ido", "ió", "ieron", "ía", "ían", "ida"])
    };
    for s in stressed.iter().chain([&stem]) {
        out.extend(present.iter().map(|e| format!("{s}{e}")));
    }
    out.extend(other.iter().map(|e| format!("{stem}{e}")));
    out
}

/// Reads one sentence.
struct Reader<'a> {
    pieces: &'a [Piece],
    /// Whether the clause has a noun before its verb, or a clause before had.
    named: bool,
    /// The verb of the clause.
    verb: String,
}

impl Reader<'_> {
    fn run(mut self) -> Vec<Unit> {
        let mut out = Vec::new();
        let mut i = 0;
        while i < self.pieces.len() {
            i = self.step(i, &mut out).max(i + 1);
        }
        out
    }

    fn class(&self, i: usize) -> Option<Class> {
        self.pieces.get(i).map(|p| p.word.class)
    }

    fn step(&mut self, i: usize, out: &mut Vec<Unit>) -> usize {
        let piece = &self.pieces[i];
        let english = piece.word.english.as_str();
        match piece.word.class {
            Class::Drop => {}
            Class::Mark | Class::Link => {
                self.verb.clear();
                if english == "while" {
                    self.named = false;
                }
                out.push(Unit::of(piece));
            }
            Class::Time => out.push(Unit::Words(time_phrase(english), piece.span)),
            // "Un hombre de traje", "un karateka de kimono blanco": what somebody wears.
            Class::Preposition
                if english == "of"
                    && matches!(self.class(i + 1), Some(Class::Noun))
                    && self.noun(i + 1).is_some_and(|(worn, _)| worn.kind == Some(Kind::Garment)) =>
            {
                out.push(Unit::words("wearing", piece.span));
            }
            // "Enseña a su nieta a bailar": what is taught.
            Class::Preposition if english == "to" && self.class(i + 1) == Some(Class::Verb) => {
                if self.verb == "teach" {
                    out.push(Unit::words("to", piece.span));
                }
            }
            // "En una noche", "la mañana de niebla".
            Class::Preposition if english == "in" && self.class(i + 1) == Some(Class::Time) => {}
            Class::Preposition if english == "of" && self.class(i + 1) == Some(Class::Weather) && i > 0 && self.class(i - 1) == Some(Class::Time) => {
                out.push(Unit::words("in the", piece.span));
            }
            Class::Preposition => {
                self.preposition(i, out);
                // A noun after a preposition is no subject.
                return match self.noun(i + 1) {
                    Some((phrase, next)) => {
                        out.push(Unit::Noun(phrase));
                        next
                    }
                    None => i + 1,
                };
            }
            Class::Verb => return self.act(i, out),
            Class::Noun | Class::Unknown | Class::Number | Class::Determiner | Class::Adjective | Class::Weather | Class::Pronoun => {
                if let Some((phrase, next)) = self.noun(i) {
                    self.named |= self.verb.is_empty() && !phrase.noun.is_empty();
                    out.push(Unit::Noun(phrase));
                    return next;
                }
                out.push(Unit::of(piece));
            }
            _ => out.push(Unit::of(piece)),
        }
        i + 1
    }

    fn preposition(&self, i: usize, out: &mut Vec<Unit>) {
        let piece = &self.pieces[i];
        let first = self.verb.split(' ').next().unwrap_or("");
        let english = match piece.word.english.as_str() {
            // "persigue a un gato": a living object has a preposition that English does not have.
            "to" => match first {
                "look" => "at",
                "chase" | "hold" | "hug" | "see" | "ride" | "push" | "pull" | "kiss" | "feed" | "help" | "comfort" | "pet" | "examine" | "carry" | "save"
                | "teach" | "brush" | "find" | "meet" | "ask" | "thank" | "greet" | "lick" | "bite" | "watch" | "film" | "follow" | "attack" | "catch"
                | "scare" | "bandage" | "wash" | "lift" | "wait" => "",
                _ => "to",
            },
            "in" if matches!(first, "sit" | "lie" | "lean") => "on",
            // "Baja la cuesta en bicicleta."
            "in" if self
                .pieces
                .get(i + 1)
                .is_some_and(|p| matches!(p.text.as_str(), "bicicleta" | "bici" | "moto" | "motocicleta" | "patineta" | "trineo")) =>
            {
                "on"
            }
            "through" if first == "fly" => "over",
            other => other,
        };
        if !english.is_empty() {
            out.push(Unit::words(english, piece.span));
        }
    }

    /// A verb; a subject that follows it is put before it.
    fn act(&mut self, i: usize, out: &mut Vec<Unit>) -> usize {
        let piece = &self.pieces[i];
        let mut english = piece.word.english.clone();
        // "Lleva a su bebé en brazos": one wears a coat, and carries somebody.
        let way = |p: &&Piece| matches!(p.word.english.as_str(), "in arms" | "on shoulders" | "piggyback");
        let carries = english == "wear" && self.pieces[i + 1..].iter().take_while(|p| p.mark().is_none()).any(|p| way(&p));
        if carries {
            english = "carry".into();
        }
        let moves = ["walk", "run", "fly", "swim", "sit", "stand", "jump", "dance", "sleep", "sail", "drive"].contains(&english.as_str());
        // "Y cantan los pájaros": after a joining word the subject may be another.
        let alone = ["sing", "walk out", "come", "fall", "bark", "cry", "laugh", "enter", "flee", "rise", "climb", "go down", "play", "shine", "fly", "run"];
        let joined = i == 0 || matches!(self.pieces[i - 1].word.class, Class::Link | Class::Mark | Class::Drop);
        let other = joined
            && alone.contains(&english.as_str())
            && self.noun(i + 1).is_some_and(|(p, _)| {
                p.kind != Some(Kind::Place) && p.noun != "song" && (english != "climb" && english != "play" || p.kind == Some(Kind::Person))
            });
        if (!self.named && moves || other)
            && let Some((phrase, next)) = self.noun(i + 1)
        {
            out.extend([Unit::Noun(phrase), Unit::of(piece)]);
            (self.named, self.verb) = (true, english);
            return next;
        }
        // "Un caballero arrodillado": who does it beside what is done.
        let participle = ["ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas"].iter().any(|e| piece.text.ends_with(e));
        if participle && !self.verb.is_empty() && i > 0 && self.pieces[i - 1].is(Class::Noun) {
            out.extend([Unit::words("who", piece.span), Unit::of(piece)]);
            return i + 1;
        }
        out.push(if carries { Unit::words("carry", piece.span) } else { Unit::of(piece) });
        self.verb = english;
        i + 1
    }

    /// A noun with what stands before and after it.
    fn noun(&self, from: usize) -> Option<(NounPhrase, usize)> {
        let mut phrase = NounPhrase::default();
        let mut i = from;
        loop {
            let piece = self.pieces.get(i)?;
            let english = piece.word.english.clone();
            match piece.word.class {
                Class::Determiner | Class::Number => {
                    phrase.determiner = if phrase.determiner == "the" && piece.is(Class::Number) { format!("the {english}") } else { english }
                }
                Class::Adjective => phrase.adjectives.push((english, piece.span)),
                Class::Noun | Class::Unknown | Class::Weather | Class::Pronoun => {
                    (phrase.noun, phrase.kind, phrase.span) = (english, piece.kind(), piece.span);
                    phrase.plural = piece.plural;
                    if matches!(piece.word.class, Class::Weather | Class::Pronoun) {
                        phrase.determiner = " ".into();
                    }
                    let next = self.qualities(&mut phrase, i + 1);
                    return Some((phrase, next));
                }
                // "de rojo": a quality by itself.
                _ if !phrase.adjectives.is_empty() => {
                    phrase.determiner = " ".into();
                    return Some((phrase, i));
                }
                _ => return None,
            }
            i += 1;
            if i == self.pieces.len() && !phrase.adjectives.is_empty() {
                phrase.determiner = " ".into();
                return Some((phrase, i));
            }
        }
    }

    /// Adjectives after a noun, and what it is made of.
    fn qualities(&self, phrase: &mut NounPhrase, mut i: usize) -> usize {
        loop {
            let Some(piece) = self.pieces.get(i) else { return i };
            // "Del agua" is out of the water, and no quality.
            let of = piece.is(Class::Preposition) && piece.word.english == "of" && !(piece.text == "del" && self.class(i + 1) == Some(Class::Adjective));
            let after = self.class(i + 1);
            if piece.is(Class::Adjective) {
                phrase.adjectives.push((piece.word.english.clone(), piece.span));
                i += 1;
            } else if of && after == Some(Class::Adjective) {
                phrase.adjectives.push((self.pieces[i + 1].word.english.clone(), self.pieces[i + 1].span));
                i += 2;
            } else if of && after == Some(Class::Weather) {
                phrase.adjectives.push((weather_quality(&self.pieces[i + 1].word.english), self.pieces[i + 1].span));
                i += 2;
            } else if piece.is(Class::Link) && piece.word.english == "and" && after == Some(Class::Adjective) && !matches!(self.class(i + 2), Some(Class::Noun))
            {
                phrase.adjectives.push((self.pieces[i + 1].word.english.clone(), self.pieces[i + 1].span));
                i += 2;
            } else if of && phrase.kind != Some(Kind::Place) {
                // "el perro de la niña" is the girl's dog.
                match self.noun(i + 1) {
                    Some((owner, next)) if matches!(owner.kind, Some(Kind::Person | Kind::Creature)) => {
                        phrase.owner = Some(Box::new(owner));
                        return next;
                    }
                    _ => return i,
                }
            } else {
                return i;
            }
        }
    }
}

const WORDS: &str = "
v|hacer,preparar|make
v|poner,colocar|put
v|sonar|play
v|destruir|break
v|encontrarse con|meet
v|esconder|hide
p|de la mano de,cogido de la mano de,cogida de la mano de|with
v|tocar|play
v|guiar|walk
n|mano|hand
n|pianista|pianist
n|violinista|violinist
n|palabra|word
n|carne|meat
n|deportivo|car
n|ascensor|elevator
n|enanito,enanita,enano|dwarf
v|oler|smell
v|agacharse|squat
a|cabizbajo|sad
n|nariz|nose
n|barra|counter
n|capitán|captain
n|osito,osezno|bear cub
n|general|general
n|invitado,invitada|guest
n|amazona,jinete|rider
t|una noche de verano,en una noche de verano|night
t|una mañana de invierno|morning
p|a la orilla de,a la orilla del,a orillas de,a orillas del|at
v|pedir|ask
f|la cámara gira a su alrededor,la cámara gira alrededor,la cámara orbita|camera orbits
a|perdido|lost
x|a carcajadas,en plena,plena|
t|de madrugada,al alba|dawn
n|bolsillo|pocket
n|esquina,rincón|corner
n|nave,platillo volante|spaceship
n|jugador|player
n|buceador,buzo|diver
n|motorista,motociclista|rider
n|esgrimista|fencer
n|compañero,compañera|friend
n|bola de fuego|fireball
n|llamas|flames
v|rodar|roll
v|abanicar|fan
a|enfermo|sick
n|música|music
n|feria,fiesta|festival
n|canción|song
n|uniforme|uniform
a|hambriento|hungry
a|herido|wounded
a|pobre|poor
a|valiente|brave
a|orgulloso|proud
a|vacío|empty
a|abandonado|abandoned
a|oscuro|dark
a|frío,helado|cold
a|caliente,humeante|warm
a|antiguo|old
a|nuevo|new
a|dorado|golden
a|gigante,gigantesco|giant
a|transparente|transparent
a|arrugado|wrinkled
t|en nochebuena,en navidad|night
w|nieva,está nevando,nieva fuera|snow
w|llueve,está lloviendo,llueve a cántaros|rain
p|alrededor de,alrededor del|around
p|dentro de una,dentro|inside
p|durante|during
x|un sorbo de,un trozo de,un poco de|
x|había una vez,érase una vez,un día,todo,toda,lleno de gente,fuera,en fila,en silencio total|
t|en una mañana,una mañana|morning
t|una noche|night
t|en una tarde,una tarde|afternoon
w|en un día lluvioso,bajo una tormenta|rain
w|en un día de nieve,bajo la nevada|snow
w|en una mañana de niebla,entre la niebla|fog
n|el último,la última|last one
x|se,le,les,lo,está,están,estaba,muy,que hay,color,de color,también,ya|
r|un,una|a
r|el,la,los,las|the
r|unos,unas|some
r|su,sus|their
r|este,esta,ese,esa|the
r|otro,otra|another
r|mi,mis,tu,tus,nuestro,nuestra,nuestros,nuestras|my
n|padres|parents
n|abuelos|grandparents
n|parada,parada de autobús|bus stop
n|metro|subway
n|manos|hands
n|pies|feet
n|cara,rostro|face
n|ojos|eyes
n|labios,boca|mouth
n|persona|person
n|multitud,muchedumbre,gentío|crowd
m|dos|two
m|tres|three
m|cuatro|four
m|cinco|five
m|seis|six
m|siete|seven
m|ocho|eight
m|nueve|nine
m|diez|ten
m|once|eleven
m|doce,una docena de|twelve
m|trece|thirteen
m|catorce|fourteen
m|quince|fifteen
m|dieciséis|sixteen
m|diecisiete|seventeen
m|dieciocho|eighteen
m|diecinueve|nineteen
m|veinte|twenty
m|treinta|thirty
m|cuarenta|forty
m|cincuenta|fifty
m|sesenta|sixty
m|setenta|seventy
m|ochenta|eighty
m|noventa|ninety
m|cien,ciento,un centenar de|one hundred
m|doscientos,doscientas|two hundred
m|trescientos,trescientas|three hundred
m|cuatrocientos,cuatrocientas|four hundred
m|quinientos,quinientas|five hundred
m|seiscientos,seiscientas|six hundred
m|setecientos,setecientas|seven hundred
m|ochocientos,ochocientas|eight hundred
m|novecientos,novecientas|nine hundred
m|docenas de,decenas de|dozens
m|cientos de,centenares de|hundreds
m|una multitud de,una gran multitud de|a crowd of
m|un grupo de,un gran grupo de|a group of
m|mil|one thousand
m|miles de|thousands
m|varios,varias,muchos,muchas|several
u|él|he
u|ella|she
u|ellos,ellas|they
n|pedazo,trozo,rebanada|piece
v|enterrar|bury
v|se reúne,se reúnen,reúne,reúnen|gather
v|sacar|take out
n|muñeca|doll
x|alrededor,después del trabajo,al salir del trabajo,en el recreo,durante el recreo,el fin de semana,los domingos,todos los días|
t|en nochevieja,en fin de año,en noche vieja|night
p|en|in
p|a,al,hasta|to
p|de,del|of
p|con|with
p|sin|without
p|por,a través de,a través del|through
p|hacia|towards
p|desde|from
p|sobre|over
p|encima de,encima del|on
p|bajo,debajo de,debajo del|under
p|detrás de,detrás del|behind
p|delante de,delante del,frente a,frente al|in front of
p|junto a,junto al,al lado de,al lado del,cerca de,cerca del|next to
p|entre|between
p|dentro de,dentro del|inside
p|a la izquierda de,a la izquierda del|to the left of
p|a la derecha de,a la derecha del|to the right of
p|vestido de,vestida de,vestidos de|dressed in
c|y,e|and
c|pero|and
c|luego,después,entonces,a continuación,finalmente,por último,de repente|then
c|mientras,mientras que,al mismo tiempo|while
c|que,quien|who
v|hay|there is
v|es,son,fue,fueron,era,eran,está siendo,están siendo|is
d|lentamente,despacio|slowly
d|a la vez,al unísono,a coro,a una voz,los dos a la vez,juntos,juntas|together
d|rápidamente,deprisa,rápido|quickly
d|felizmente,alegremente|happily
d|tristemente|sadly
d|tranquilamente,en silencio|quietly
v|caminar,andar,pasear,ir|walk
v|correr,trotar,galopar|run
v|volar|fly
v|nadar|swim
v|mirar,observar,contemplar|look
v|leer|read
v|sentarse,sentar|sit
v|sentado,sentada,sentados|sit
v|saltar,brincar|jump
v|perseguir|chase
v|detenerse,detener,parar,pararse|stop
v|girar,girarse,darse la vuelta|turn around
v|bailar,danzar|dance
v|cantar|sing
v|decir,comentar,añadir|say
v|gritar,chillar,vociferar|shout
v|exclamar|exclaim
v|susurrar|whisper
v|preguntar|ask
v|responder,contestar,replicar|answer
v|murmurar,musitar|murmur
v|llamar|call
v|sollozar|sob
v|rogar,suplicar,implorar|beg
v|suspirar|sigh
v|tartamudear|stammer
v|anunciar|announce
v|ordenar|order
v|gruñir|growl
v|pensar|think
n|narrador,narradora|narrator
n|voz en off|voice over
n|voz|voice
n|amigo,amiga|friend
n|caballero|knight
n|nieto|grandson
n|nieta|granddaughter
n|altavoz,megafonía|loudspeaker
d|en brazos,en sus brazos,en los brazos|in arms
d|a hombros,sobre los hombros,sobre sus hombros,en los hombros,en hombros|on shoulders
d|a cuestas,a caballito|piggyback
d|con rabia,con enfado,con furia,airadamente|angrily
d|con tristeza|sadly
d|nerviosamente,con nerviosismo,tímidamente,con timidez|nervously
d|con miedo,con temor,aterrado,aterrada|in fear
d|con ternura,tiernamente,dulcemente,con dulzura,cariñosamente|tenderly
d|fríamente,con frialdad|coldly
d|con entusiasmo,con emoción|excitedly
d|con sorpresa|in surprise
d|con cansancio|tiredly
d|suavemente|softly
d|en voz baja,al oído,en un susurro|in a whisper
d|en voz alta,a gritos|loudly
d|entre lágrimas,llorando,entre sollozos|in tears
d|sonriendo,con una sonrisa,riendo,entre risas|with a smile
d|en inglés|in english
d|en un café,en el café,en una cafetería|in a cafe
d|en español|in spanish
d|en chino|in chinese
d|en japonés|in japanese
d|en coreano|in korean
d|por teléfono,al teléfono|on the phone
d|al otro lado del teléfono,al otro lado de la línea,al otro lado,desde el teléfono,del teléfono|on the other end
d|por la radio,por radio,en la radio|over the radio
d|desde la radio|from the radio
n|marido,esposo|husband
n|esposa|wife
d|por el altavoz,por los altavoces,por megafonía|over the loudspeaker
d|desde fuera,desde afuera|from outside
d|detrás de la puerta,desde detrás de la puerta,tras la puerta|from behind the door
d|fuera de cámara,fuera de pantalla,fuera de campo|off screen
d|desde lejos,a lo lejos|from afar
d|desde la otra habitación,desde otra habitación|from the next room
v|hablar,charlar|talk
v|llevar,llevar puesto|wear
v|sostener,sujetar,tener|hold
v|saludar,saludar con la mano|wave
v|montar|ride
v|conducir,circular|drive
v|navegar|sail
v|dormir|sleep
v|comer|eat
v|beber|drink
v|estar de pie,de pie|stand
n|cámara|camera
n|hombre|man
n|anciano,viejecito,abuelo|old man
n|anciana,abuela|old woman
n|mujer,señora|woman
n|persona|person
n|niño,chico|boy
n|niña,chica|girl
n|cachorro|puppy
n|árbol|tree
n|prado,campo,pradera|meadow
n|mar|sea
n|playa|beach
n|calle,ciudad,calle de la ciudad|city street
n|sala de estar,salón,sala|living room
n|espacio|space
n|casa|house
n|cielo|sky
n|café|coffee
n|té|tea
n|pelo,cabello|hair
n|coche,auto,automóvil,carro|car
a|rojo|red
a|verde|green
a|azul|blue
a|amarillo|yellow
a|negro|black
a|blanco|white
a|abierto|open
a|cerrado|closed
a|roto|broken
a|ardiendo,en llamas,ardiente|burning
a|encendido|lit
a|apagado|unlit
a|brillante,resplandeciente,luminoso,luminiscente|glowing
a|naranja,anaranjado|orange
a|morado,violeta|purple
a|rosa,rosado|pink
a|gris|grey
a|marrón,castaño|brown
a|pequeño,pequeñito|small
a|gran,grande,enorme|big
a|alto|tall
a|joven|young
a|viejo|old
a|gordo,gordito,rechoncho|fat
a|delgado,flaco|thin
a|calvo|bald
a|musculoso,fornido|muscular
a|bajito|short
a|barbudo|bearded
a|bigotudo|moustached
a|pelirrojo|red haired
a|enfadado,enojado,furioso|angry
a|asustado,atemorizado|scared
a|cansado,agotado|tired
a|nervioso,preocupado|nervous
a|sorprendido|surprised
a|emocionado|excited
a|feliz,alegre,contento|happy
a|triste|sad
a|nevado,cubierto de nieve|snowy
a|lluvioso|rainy
a|soleado|sunny
a|hermoso,bonito,lindo,precioso|beautiful
a|madera|wooden
t|al atardecer,atardecer,puesta de sol,al ponerse el sol|sunset
t|al anochecer,anochecer|dusk
t|al amanecer,amanecer|dawn
t|por la mañana,mañana,de mañana|morning
t|al mediodía,a mediodía|noon
t|por la tarde,tarde|afternoon
t|por la noche,de noche,noche|night
w|bajo la lluvia,lluvia|rain
w|bajo la nieve,nieve|snow
w|niebla|fog
f|primerísimo plano,primerísimo primer plano,plano detalle,plano macro|extreme close-up
f|contrapicado,plano contrapicado,ángulo bajo|low angle shot
f|picado,plano picado,ángulo alto|high angle shot
f|plano cenital,vista cenital,cenital|top down shot
f|vista aérea,plano aéreo,toma aérea,plano de dron,toma con dron|aerial shot
f|plano secuencia|one take
f|travelling,plano de seguimiento,la cámara lo sigue,la cámara la sigue,la cámara los sigue,la cámara le sigue|tracking shot
f|la cámara se acerca,la cámara se acerca lentamente|camera pushes in
f|la cámara se aleja,la cámara se aleja lentamente|camera pulls out
f|cámara en mano|handheld camera
f|punto de vista|point of view
f|por encima del hombro|over the shoulder
f|de espaldas|from behind
f|de perfil|from the side
f|primer plano|close-up
f|plano medio|medium shot
f|plano general|wide shot
f|a cámara lenta,en cámara lenta,cámara lenta|in slow motion
f|poca profundidad de campo,fondo desenfocado|shallow depth of field
f|a la luz de la mañana,con la luz de la mañana,suave luz de la mañana,luz de la mañana,luz matutina|in morning light
f|luz dorada,en una luz dorada,con luz dorada|golden light
f|luz cálida,luz suave,luz natural,luz tenue,con luz cálida,con luz suave,con luz natural,iluminación suave,iluminación natural,tonos cálidos,colores cálidos|soft light
f|iluminación cinematográfica,iluminación dramática,con iluminación cinematográfica,con iluminación dramática,luz dramática|cinematic lighting
f|a la luz de las velas,a la luz de una vela,iluminado por velas,iluminada por velas|by candlelight
f|a la luz de la luna,bajo la luna llena,bajo la luna|at night
f|alta calidad,alta resolución,muy detallado,muy detallada,ultra detallado,calidad 4k|high quality
f|sin música|no music
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_their_forms() {
        for (verb, list) in [
            ("caminar", ["camina", "caminan", "caminando"]),
            ("volar", ["vuela", "vuelan", "volando"]),
            ("detenerse", ["detiene", "detienen", "detener"]),
            ("perseguir", ["persigue", "persiguen", "persiguiendo"]),
            ("ver", ["ve", "ven", "viendo"]),
        ] {
            for form in list {
                assert!(forms(verb, Class::Verb).iter().any(|f| f.0 == form), "{verb}: {form}");
            }
        }
        assert!(forms("pez", Class::Noun).iter().any(|f| f.0 == "peces"), "plurals of z");
    }
}
