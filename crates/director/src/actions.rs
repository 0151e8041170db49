//! What the director knows of each motion: the `grammar:` section of its file. A verb is added by adding a file.

use kinora_plan::{RelationKind, Traits};
use kinora_vocabulary::{Asset, Kind, Vocabulary};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// How an action takes its place among others.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ActionFacts {
    /// The least and the usual time it takes, seconds.
    pub(crate) seconds: (f64, f64),
    /// The whole body does it: it ends whatever else the legs did.
    pub(crate) legs: bool,
    /// It goes on until something else is done.
    pub(crate) lasts: bool,
    /// It is a posture, under which the hands may do something else.
    pub(crate) posture: bool,
    /// What is named after it, with any preposition, is what the body leans on.
    pub(crate) leans: bool,
    /// It moves the body through the world.
    pub(crate) travels: bool,
    /// A thing that follows the verb is in the hands all the while: drinks a cup, reads a book.
    pub(crate) held: bool,
    /// What is in the hands is put on, into or to what is named after it.
    pub(crate) puts: bool,
    /// What is in the hands if nothing is named.
    pub(crate) holds: Option<String>,
    /// Whom it is done to does it as well: a hug.
    pub(crate) mutual: bool,
    /// A thing may do it by itself: a door opens, a vase breaks.
    pub(crate) things: bool,
    /// It is in the face or the hands: seen from near.
    pub(crate) small: bool,
    /// What somebody else does meanwhile to whom it is done: who is given something receives it.
    pub(crate) partner: Option<String>,
    /// What somebody who is named does whom it is done to; nobody comes for it: what is thrown to somebody is caught.
    pub(crate) answered: Option<String>,
    /// What all but two do of a group: of some who play ball, two have it and the others wait for it. All but one of what does not take two: one plants the flag.
    pub(crate) others: Option<String>,
    /// What an animal does to whom it is done: it fetches what is thrown to it.
    pub(crate) fetched: Option<String>,
    /// The motion that it is if two do it to each other: throwing, to play catch.
    pub(crate) each_other: Option<String>,
    /// The motion that it is if something is named that it is done to: people gather, but one gathers wood.
    pub(crate) of_something: Option<String>,
    /// The motion that it is with an animal, which cannot do its part: one throws a dog the ball.
    pub(crate) with_animal: Option<String>,
    /// The motion that it is if one does it alone: two lift a heavy box, one picks it up.
    pub(crate) alone: Option<String>,
    /// How somebody is carried whom it is done to.
    pub(crate) carries: Option<Carries>,
    /// How who does it is carried by whom it is done to.
    pub(crate) carried: Option<Carries>,
    /// The animal that it is done to if none is named: one milks a cow.
    pub(crate) creature: Option<String>,
    /// How many of them there are: one feeds pigeons, and not one pigeon.
    pub(crate) creatures: u32,
    /// The thing that it is done at or on if none is named: one goes up stairs.
    pub(crate) at: Option<String>,
    /// Where it is done if nobody says where.
    pub(crate) place: Option<String>,
    /// What the motion brings along: a thing that is named and is one of these is no other one.
    #[serde(skip)]
    pub(crate) gear: Vec<String>,
    /// Of these, what is there of itself and not what it is done with: the table of who plays chess.
    #[serde(skip)]
    pub(crate) brings: Vec<String>,
}

impl ActionFacts {
    /// Whether it takes two.
    pub(crate) fn takes_two(&self) -> bool {
        self.mutual || self.partner.is_some()
    }
}

impl Default for ActionFacts {
    fn default() -> Self {
        Self {
            seconds: (1.0, 1.6),
            legs: false,
            lasts: false,
            posture: false,
            leans: false,
            travels: false,
            held: false,
            puts: false,
            holds: None,
            mutual: false,
            things: false,
            small: false,
            partner: None,
            answered: None,
            others: None,
            fetched: None,
            each_other: None,
            of_something: None,
            with_animal: None,
            carries: None,
            carried: None,
            alone: None,
            creature: None,
            creatures: 1,
            at: None,
            place: None,
            gear: Vec::new(),
            brings: Vec::new(),
        }
    }
}

/// Names of the things that a motion brings along, and whether it is done with each. Only these are read here: all of a motion's keys are a hundred times as much.
fn gear(motion: &Asset) -> Vec<(String, bool)> {
    let person = motion.raw_sections().find(|s| s.0 == "person").map_or("", |s| s.1);
    // Poses have `gear` too, by number.
    let lists = person.match_indices("gear:").map(|(at, word)| person[at + word.len()..].trim_start());
    let Some(list) = lists.into_iter().find(|rest| rest.starts_with('[')) else { return Vec::new() };
    let mut deep = 0;
    let end = list.find(|c: char| {
        deep += i32::from(c == '[') - i32::from(c == ']');
        c == ']' && deep == 0
    });
    let named = list[..end.unwrap_or(0)].split("thing:").skip(1).filter_map(|part| Some((part.split('"').nth(1)?, part.contains("main: true"))));
    named.map(|(word, main)| (word.to_owned(), main)).collect()
}

/// The facts of all motions.
#[derive(Debug, Default)]
pub(crate) struct Actions(BTreeMap<String, ActionFacts>, ActionFacts);

impl Actions {
    /// Read once for each vocabulary.
    pub(crate) fn of_vocabulary(vocabulary: &Vocabulary) -> Arc<Self> {
        vocabulary.digested(|v| Ok::<_, Infallible>(Self::read(v))).unwrap_or_else(|never| match never {})
    }

    fn read(vocabulary: &Vocabulary) -> Self {
        // A broken section has the usual facts; a test reads ours, and `kinora words` a user's.
        let read = |a: &Asset| {
            let facts: ActionFacts = a.section("grammar").ok().flatten().unwrap_or_default();
            let all = gear(a);
            let done_with = |word: &String| facts.holds.as_ref() == Some(word) || all.iter().any(|(w, main)| w == word && *main);
            let brings = all.iter().map(|g| g.0.clone()).filter(|w| !done_with(w)).collect();
            let gear = all.iter().map(|g| g.0.clone()).chain(facts.holds.clone()).collect();
            (a.id.clone(), ActionFacts { gear, brings, ..facts })
        };
        Self(vocabulary.of(Kind::Motion).map(read).collect(), ActionFacts::default())
    }

    pub(crate) fn of(&self, motion: &str) -> &ActionFacts {
        self.0.get(motion).unwrap_or(&self.1)
    }
}

/// A way to be carried, as files of motions name it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(crate) enum Carries {
    InArms,
    OnArm,
    OnBack,
    OnShoulders,
}

impl Carries {
    pub(crate) fn relation(self) -> RelationKind {
        match self {
            Self::InArms => RelationKind::InArms,
            Self::OnArm => RelationKind::OnArm,
            Self::OnBack => RelationKind::OnBack,
            Self::OnShoulders => RelationKind::OnShoulders,
        }
    }
}

/// What the director reads of a person's own section.
#[derive(Clone, Debug, Deserialize)]
struct Body {
    #[serde(default)]
    sex: Option<Sex>,
    #[serde(default)]
    age: Age,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
enum Sex {
    Male,
    Female,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
enum Age {
    Baby,
    Child,
    Teen,
    #[default]
    Adult,
    Old,
}

/// The sex and age of a person of the vocabulary.
fn body(vocabulary: &Vocabulary, word: &str) -> Body {
    // An entry that does not say goes by its name.
    let unsaid = || Body { sex: None, age: Age::Adult };
    vocabulary.get(Kind::Person, word).and_then(|a| a.section::<Body>("person").ok().flatten()).unwrap_or_else(unsaid)
}

/// Whether a person of the vocabulary is a woman: as the file says, as the name says, or else one trade is a woman's and the next a
/// man's, always the same.
fn female_by_word(vocabulary: &Vocabulary, word: &str) -> bool {
    match body(vocabulary, word).sex {
        Some(sex) => sex == Sex::Female,
        None => word.contains("woman") || word == "girl" || word.bytes().map(u32::from).sum::<u32>() % 2 == 1,
    }
}

/// Whether "she" means a person of the vocabulary.
pub(crate) fn is_female(vocabulary: &Vocabulary, word: &str) -> bool {
    female_by_word(vocabulary, word)
}

/// Whether a person of the vocabulary is always a woman, or always a man, unless something else is said.
pub(crate) fn says_sex(vocabulary: &Vocabulary, word: &str) -> bool {
    body(vocabulary, word).sex.is_some()
}

/// How somebody sounds: `female`, `male`, `girl`, `boy`, `old-woman` or `old-man`.
pub(crate) fn voice_of(vocabulary: &Vocabulary, word: &str, traits: &Traits) -> &'static str {
    let body = body(vocabulary, word);
    let female = match traits.sex.as_deref() {
        Some(sex) => sex == "female",
        None if traits.clothes.iter().any(|g| matches!(g.word.as_str(), "beard" | "long-beard" | "moustache" | "goatee" | "stubble")) => false,
        None => female_by_word(vocabulary, word) && traits.called.as_deref() != Some("boy"),
    };
    let age = match traits.age.as_deref() {
        Some("child" | "baby") => Age::Child,
        Some("old") => Age::Old,
        Some(_) => Age::Adult,
        None => body.age,
    };
    match (age, female) {
        (Age::Baby | Age::Child, true) => "girl",
        (Age::Baby | Age::Child, false) => "boy",
        (Age::Old, true) => "old-woman",
        (Age::Old, false) => "old-man",
        (Age::Adult | Age::Teen, true) => "female",
        (Age::Adult | Age::Teen, false) => "male",
    }
}

/// What the director reads of a prop's own section: whether it can be carried about.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
struct Carried {
    weight: f32,
}

impl Default for Carried {
    fn default() -> Self {
        Self { weight: 1.0 }
    }
}

/// The heaviest thing that a person holds while doing something else, kilograms.
const HEAVIEST: f32 = 15.0;

/// Whether a thing is one of those that a motion brings along, or does as well: any bicycle for a bicycle.
pub(crate) fn is_gear(vocabulary: &Vocabulary, facts: &ActionFacts, word: &str) -> bool {
    let kin = |word: &str| [Kind::Prop, Kind::Vehicle].iter().find_map(|k| vocabulary.get(*k, word)).map(|a| a.kin.clone()).unwrap_or_default();
    facts.gear.iter().any(|g| g == word) || facts.holds.as_ref().is_some_and(|h| kin(word).contains(h))
}

/// Whether a prop is light enough to be in a hand.
pub(crate) fn is_light(vocabulary: &Vocabulary, word: &str) -> bool {
    vocabulary.get(Kind::Prop, word).and_then(|a| a.section::<Carried>("prop").ok().flatten()).unwrap_or_default().weight <= HEAVIEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_motion_has_its_grammar() {
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        for asset in vocabulary.of(Kind::Motion) {
            let facts: Option<ActionFacts> = asset.section("grammar").unwrap_or_else(|e| panic!("{e}"));
            let facts = facts.unwrap_or_else(|| panic!("{} has no grammar", asset.id));
            assert!(facts.seconds.0 > 0.0 && facts.seconds.0 <= facts.seconds.1, "{}: the least time is no more than the usual one", asset.id);
        }
    }

    #[test]
    fn every_home_is_a_place() {
        let vocabulary = Vocabulary::builtin().expect("the built-in files");
        let homes = vocabulary.iter().filter_map(|a| Some((a, a.section::<String>("home").unwrap_or_else(|e| panic!("{e}"))?)));
        let mut count = 0;
        for (asset, home) in homes {
            count += 1;
            assert!(vocabulary.get(Kind::Place, &home).is_some(), "{}: {home} is a place", asset.file());
            assert!(matches!(asset.kind, Kind::Person | Kind::Creature | Kind::Vehicle | Kind::Prop), "{} is at home nowhere", asset.file());
        }
        assert!(count > 150, "{count} are at home somewhere");
        for asset in vocabulary.of(Kind::Motion) {
            let facts: ActionFacts = asset.section("grammar").ok().flatten().unwrap_or_default();
            assert!(facts.place.as_ref().is_none_or(|p| vocabulary.get(Kind::Place, p).is_some()), "{}: {:?} is a place", asset.id, facts.place);
        }
    }

    #[test]
    fn gear_is_read_without_the_rest() {
        let vocabulary = Vocabulary::builtin().expect("a good vocabulary");
        let actions = Actions::of_vocabulary(&vocabulary);
        let brings = |motion: &str, thing: &str| actions.of(motion).gear.iter().any(|g| g == thing);
        assert!(brings("play-chess", "chessboard") && brings("iron", "ironing-board"), "{:?}", actions.of("play-chess").gear);
        assert!(actions.of("walk").gear.is_empty(), "nothing is brought along for a walk");
    }
}
