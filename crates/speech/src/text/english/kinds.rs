//! What part of speech a word is, for the words that sound otherwise as another one (a *record*, to *record*; they *use*
//! it, its *use*). No dictionary says what the words around are: their endings and short lists of the commonest do.

/// Parts of speech, as far as sounds depend on them; the names are those of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Noun,
    /// An infinitive, an imperative, a gerund.
    Verb,
    /// A finite verb of the present.
    Present,
    /// A finite verb of the past.
    Past,
    Participle,
    Adjective,
    Adverb,
    Determiner,
    Other,
}

impl Kind {
    /// Names to look for, the narrower first.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Noun => &["NOUN"],
            Self::Verb => &["VB", "VERB"],
            Self::Present => &["VERB"],
            Self::Past => &["VBD", "VERB"],
            Self::Participle => &["VBN", "VERB"],
            Self::Adjective => &["ADJ"],
            Self::Adverb => &["ADV"],
            Self::Determiner => &["DT"],
            Self::Other => &[],
        }
    }
}

/// Whether a word is in a list of words with spaces between them.
fn among(word: &str, list: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|w| w == word)
}

const DETERMINERS: &str = "a an the my your his her its our their some any no every each either neither another whose this that these those what which \
    such all both many few several one two three four five six seven eight nine ten first second third last next other own same more most much less \
    enough ha half";
const POINTERS: &str = "this that what which all both many few several one those these more most much other";
const MODALS: &str = "will would can could shall should may might must do does did don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't mustn't \
    i'll you'll he'll she'll we'll they'll it'll i'd you'd he'd she'd we'd they'd let's please to gonna wanna gotta dare ll needn't not";
const SUBJECTS: &str = "i you he she it we they who that which there everyone everybody someone somebody nobody people";
const OBJECTS: &str = "me him her us them it you myself yourself himself herself itself ourselves themselves everything something nothing anything";
const BE: &str = "am is are was were be been being isn't aren't wasn't weren't i'm you're he's she's it's we're they're that's there's what's who's get gets got getting \
    become becomes became seem seems seemed look looks looked feel feels felt stay stays stayed remain remains remained sound sounds very so too quite rather";
const HAVE: &str = "have has had having haven't hasn't hadn't i've you've we've they've";
const PREPOSITIONS: &str = "of in on at by for with from into onto upon about over under after before between through during without within against among \
    toward towards across behind beyond near off around as than like per via inside outside until since except despite";
const JOINS: &str = "and or but nor";
const GOES_TO: &str =
    "according due addicted used prone subject contrary thanks next close return returned access exposed opposed given come came belongs belonging";
const BRINGS: &str = "let lets make makes made making help helps helped helping watch watched saw see seen hear heard have had";
const SAYS: &str = "say says said saying know knows knew think thinks thought believe believes believed see saw hope hopes hoping feel feels felt mean means \
    meant guess sure tell tells told notice learn learned remember recognize realize understand claim claims claimed found find show shows shown discover \
    discovered determined decide decided forgot glad sorry afraid happy true fact idea belief swear promise promised heard is";
const ADJECTIVES: &str = "good bad great big small large little old new young long short high low hot cold warm cool dark bright light heavy strong weak \
    hard soft easy early late fast slow full empty right wrong true false best worst better worse clear clean dirty dry wet deep wide narrow \
    thick thin rich poor free safe sick ill dead alive real main major minor single double whole final public private common rare simple \
    plain proper red blue green black white grey gray brown yellow own fine nice kind sweet bitter fresh raw wild quick quiet loud calm \
    brave proud sad happy angry tired lazy crazy busy tiny huge vast strange odd sole secret sudden modern ancient criminal military \
    direct exact vain loose tight sharp blunt flat round square broken lost hidden open sealed daily annual initial average";
const ENDINGS: &str = "ous ful al ive ic less able ible ish ary ory ent ant";

/// Adverbs that stand between a word and what decides about it.
fn is_between(word: &str) -> bool {
    among(word, "never always just also only really still then ever even now often sometimes usually soon almost n't not already again first finally simply")
        || word.len() > 4 && word.ends_with("ly") && !among(word, "family only early reply supply apply july italy ally bully belly")
}

fn is_adjective(word: &str) -> bool {
    among(word, ADJECTIVES) || word.len() > 4 && ENDINGS.split(' ').any(|e| word.ends_with(e)) || word.len() > 4 && word.ends_with("ed")
}

/// Words that begin a new part of a sentence, or a phrase of their own: before them a verb may stand, a noun phrase ends.
fn opens_a_phrase(word: &str) -> bool {
    word.is_empty()
        || [DETERMINERS, MODALS, SUBJECTS, OBJECTS, BE, HAVE, PREPOSITIONS, JOINS].iter().any(|list| among(word, list))
        || among(word, "if when while because where how why up down out away back here there again now then yet")
}

fn is_content(word: &str) -> bool {
    !opens_a_phrase(word) && !is_between(word)
}

fn is_verb_like(word: &str) -> bool {
    [BE, HAVE, MODALS].iter().any(|list| among(word, list)) && !is_adverb(word) || word.ends_with("ed")
}

fn is_adverb(word: &str) -> bool {
    among(word, "very so too quite rather")
}

/// Whether an open word is rather a noun than a verb, by what stands before it.
fn is_noun(word: &str, before: &str) -> bool {
    let led = [DETERMINERS, PREPOSITIONS].iter().any(|list| among(before, list)) || is_adjective(before) || before.ends_with("'s");
    is_content(word) && !is_adjective(word) && (led || is_plural(word))
}

/// What may follow a transitive verb and nothing else that is not a noun.
fn is_object(word: &str) -> bool {
    among(word, "a an the my your his its our their these those") || among(word, OBJECTS) && !among(word, "it you")
}

fn is_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") && !word.ends_with("'s")
}

/// The words around one, in lower case; nothing stands for the end or a mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) words: &'a [String],
    pub(super) at: usize,
}

impl<'a> Around<'a> {
    fn word(&self) -> &'a str {
        &self.words[self.at]
    }

    fn next(&self, n: usize) -> &'a str {
        let ahead = self.words.get(self.at + 1..self.at + 1 + n).unwrap_or_default();
        if ahead.iter().any(String::is_empty) { "" } else { ahead.last().map_or("", String::as_str) }
    }

    /// The place of the word before that is no adverb.
    fn before(&self) -> Option<usize> {
        (0..self.at).rev().find(|i| !is_between(&self.words[*i])).filter(|i| !self.words[*i].is_empty())
    }

    /// What the word is, if it may be several things.
    pub(super) fn kind(&self) -> Kind {
        match self.word() {
            "that" | "that's" | "that'll" | "that'd" | "that've" => self.that(),
            "used" if self.next(1) == "to" => self.used_to(),
            "read" | "reread" => self.read(),
            "close" | "closer" | "live" | "underground" | "overall" | "uphill" => self.own_rules(),
            word if word.ends_with("ing") => Kind::Verb,
            word if word.ends_with("ed") => self.past(),
            _ => self.noun_or_verb(),
        }
    }

    fn previous(&self) -> (&'a str, &'a str) {
        let Some(at) = self.before() else { return ("", "") };
        (&self.words[at], at.checked_sub(1).map_or("", |i| self.words[i].as_str()))
    }

    /// "That man", "I like that", but "I know that he came", "the man that came".
    fn that(&self) -> Kind {
        let (previous, before) = self.previous();
        let next = self.next(1);
        let joins = among(next, "i you he she it we they there the a an my your his her our their this these those all every no if when some one people");
        if joins || among(previous, "so such those all everything anything nothing something") && !next.is_empty() {
            return Kind::Other;
        }
        if self.word() == "that" && among(previous, SAYS) && !next.is_empty() && is_verb_like(self.next(2)) {
            return Kind::Other;
        }
        let verb_comes = self.word() != "that" || among(next, BE) && !is_adverb(next) || among(next, HAVE) || among(next, MODALS) || is_between(next);
        let after_noun = is_noun(previous, before) || among(previous, "one ones those something anything everything nothing somebody anybody everyone");
        let verb_may = verb_comes || !next.is_empty() && after_noun && (next.ends_with('s') || next.ends_with("ed") || opens_a_phrase(self.next(2)));
        if verb_may && after_noun { Kind::Other } else { Kind::Determiner }
    }

    /// "I used to", "I'm used to it", but "it is used to cut".
    fn used_to(&self) -> Kind {
        let (previous, _) = self.previous();
        let passive = among(previous, BE);
        let thing = among(self.next(2), DETERMINERS) || among(self.next(2), OBJECTS) || self.next(2).ends_with("ing");
        if !passive || thing { Kind::Past } else { Kind::Participle }
    }

    /// Its forms are spelled alike: now unless something says before.
    fn read(&self) -> Kind {
        let (previous, before) = self.previous();
        let asked = self.before().and_then(|i| i.checked_sub(1)).is_some_and(|i| among(&self.words[i], MODALS) && !among(&self.words[i], "not to"));
        if among(previous, HAVE)
            || among(previous, BE) && previous != "to"
            || among(previous, "i'd you'd he'd she'd we'd they'd") && !self.next(1).is_empty() && among(before, "if")
        {
            Kind::Participle
        } else if previous.is_empty() || among(previous, MODALS) || asked || among(previous, DETERMINERS) && !among(previous, SUBJECTS) {
            Kind::Verb
        } else if among(previous, "he she") || among(previous, "i you we they who") && !self.is_habit() {
            Kind::Past
        } else if among(previous, "i you we they who") {
            Kind::Verb
        } else if among(previous, JOINS) {
            // "He sat and read": as what stands before the join.
            let past = self.words[..self.at].iter().any(|w| w.ends_with("ed") || among(w, "was were had sat went came took saw said stood lay"));
            if past { Kind::Past } else { Kind::Verb }
        } else if among(previous, OBJECTS) || is_plural(previous) {
            Kind::Verb
        } else {
            Kind::Past
        }
    }

    /// "Every day", "often", "can": a present.
    fn is_habit(&self) -> bool {
        let says = |w: &String| among(w, "every each always often usually never sometimes daily when if how now can many");
        self.words.iter().any(says) && !self.words.iter().any(|w| among(w, "yesterday ago last was were had did once"))
    }

    fn own_rules(&self) -> Kind {
        let (previous, before) = self.previous();
        let next = self.next(1);
        match self.word() {
            "underground" | "overall" | "uphill" => {
                if next.is_empty() && !among(previous, DETERMINERS) || next.is_empty() && previous.is_empty() || is_object(next) {
                    Kind::Adverb
                } else {
                    Kind::Adjective
                }
            }
            "closer" => Kind::Adjective,
            "live" => {
                let adjective = among(previous, "a an the")
                    || among(previous, "on")
                    || among(next, "music show broadcast concert television tv wire ammunition band audience from");
                if adjective && !among(previous, SUBJECTS) { Kind::Adjective } else { Kind::Verb }
            }
            _ if among(previous, MODALS) && !among(previous, "not") || among(previous, "please") => {
                if next == "to" && !among(previous, "to") {
                    Kind::Adjective
                } else {
                    Kind::Verb
                }
            }
            _ if among(previous, BE) || next == "to" || next == "by" || next == "enough" => Kind::Adjective,
            _ if is_object(next) || among(next, "your it in up down off") || next == "that" => Kind::Verb,
            _ if among(previous, "a the its this") && (next.is_empty() || next == "of") => Kind::Noun,
            _ if among(previous, SUBJECTS) && !among(before, BE) && !among(previous, "it that") => Kind::Present,
            _ => Kind::Adjective,
        }
    }

    fn past(&self) -> Kind {
        let (previous, _) = self.previous();
        if among(previous, BE) || (previous.is_empty() || among(previous, DETERMINERS)) && is_content(self.next(1)) {
            Kind::Adjective
        } else if among(previous, HAVE) {
            Kind::Participle
        } else if among(previous, DETERMINERS) && !among(previous, SUBJECTS) {
            Kind::Adjective
        } else {
            Kind::Past
        }
    }

    fn noun_or_verb(&self) -> Kind {
        let (word, next) = (self.word(), self.next(1));
        let (previous, before) = self.previous();
        let third = is_plural(word);
        if word == "lives" && !among(previous, DETERMINERS) && !among(previous, PREPOSITIONS) && !is_adjective(previous) && !previous.ends_with('s') {
            return Kind::Present;
        }
        if among(word, "consist consists") {
            return Kind::Verb;
        }
        // "The record is", "which objects are": a verb comes after it.
        if third && (among(next, BE) && !is_adverb(next) || among(next, HAVE) || among(next, MODALS) && next != "to" && next != "not") {
            return Kind::Noun;
        }
        if self.at > 0 && !third && among(&self.words[self.at - 1], "not don't didn't doesn't won't never") {
            return Kind::Verb;
        }
        let nominal = || if is_content(next) && !third { Kind::Adjective } else { Kind::Noun };
        // What can only be a verb's object comes next.
        let governs = is_object(next);
        if previous == "to" {
            // "From house to house".
            let repeats = self.at > 1 && self.words[self.at - 2] == word;
            return if third || repeats || among(before, GOES_TO) && !governs { nominal() } else { Kind::Verb };
        }
        if among(previous, "that which who") && third && (governs || opens_a_phrase(next)) {
            return Kind::Present;
        }
        if among(previous, MODALS) {
            return if third { Kind::Noun } else { Kind::Verb };
        }
        if among(previous, OBJECTS) && among(before, BRINGS) && !third && !(previous == "her" && is_content(next)) {
            return Kind::Verb;
        }
        if among(previous, DETERMINERS) || previous.ends_with("'s") && !among(previous, BE) || previous.ends_with("s'") {
            let pronoun = among(previous, POINTERS) && governs;
            return if pronoun { Kind::Present } else { nominal() };
        }
        if among(previous, PREPOSITIONS) {
            return nominal();
        }
        if among(previous, SUBJECTS) {
            return if among(word, "wound") { Kind::Past } else { Kind::Present };
        }
        if among(previous, HAVE) {
            return if among(word, "wound") { Kind::Participle } else { nominal() };
        }
        if among(previous, BE) {
            return if third {
                Kind::Noun
            } else if among(word, "wound") {
                Kind::Participle
            } else {
                Kind::Adjective
            };
        }
        if previous.is_empty() || among(previous, JOINS) {
            let command = governs || among(next, "your it all every this that with only what") || next == "her";
            return if command && !third {
                Kind::Verb
            } else if command && among(previous, JOINS) {
                Kind::Present
            } else {
                nominal()
            };
        }
        if is_adjective(previous) {
            return nominal();
        }
        if governs || third && !is_plural(previous) && among(next, "it you all to this what") {
            return Kind::Present;
        }
        let adverb_between = self.at.checked_sub(1).is_some_and(|i| is_between(&self.words[i]));
        if adverb_between && is_content(previous) && !is_adjective(previous) {
            return Kind::Present;
        }
        if is_plural(previous) && !third && (next.is_empty() || opens_a_phrase(next)) && !among(next, "of") {
            return Kind::Present;
        }
        Kind::Noun
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str, word: &str) -> Kind {
        let words: Vec<String> = text.split(' ').map(|w| if w == "," { String::new() } else { w.to_lowercase() }).collect();
        let at = words.iter().position(|w| w == word).unwrap_or_else(|| panic!("{word} in {text}"));
        Around { words: &words, at }.kind()
    }

    #[test]
    fn words_of_two_sounds_are_told_apart() {
        for (text, word, expected) in [
            ("I want to record it", "record", Kind::Verb),
            ("a new record", "record", Kind::Noun),
            ("they use it", "use", Kind::Present),
            ("it is of no use", "use", Kind::Noun),
            ("close the door", "close", Kind::Verb),
            ("we are close to the sea", "close", Kind::Adjective),
            ("I live here", "live", Kind::Verb),
            ("a live concert", "live", Kind::Adjective),
            ("she has read the letter", "read", Kind::Participle),
            ("he read the letter", "read", Kind::Past),
            ("I will read it", "read", Kind::Verb),
            ("we read every day", "read", Kind::Present),
            ("the wind is cold", "wind", Kind::Noun),
            ("wind the clock", "wind", Kind::Verb),
            ("a tear in his eye", "tear", Kind::Noun),
            ("do not tear it", "tear", Kind::Verb),
            ("I used to swim", "used", Kind::Past),
            ("a knife is used to cut", "used", Kind::Participle),
            ("I know that he came", "that", Kind::Other),
            ("I like that song", "that", Kind::Determiner),
        ] {
            let found = kind(text, word);
            let same = found == expected || expected == Kind::Present && matches!(found, Kind::Verb);
            assert!(same, "{text}: {word} is {found:?}, not {expected:?}");
        }
    }
}
