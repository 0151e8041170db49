//! A plan that shows one motion: the clause of a prompt, made without words.

use crate::actions::Actions;
use crate::script::{Action, Clause, FramingWish, Goal, Mention, Script, Segment, What};
use crate::{Options, shots, story};
use kinora_base::{FrameRate, Span};
use kinora_plan::{PLAN_VERSION, Plan, Role, ShotSize, Traits};
use kinora_vocabulary::{Kind, Vocabulary};

/// The plan of somebody who does one thing, in one shot from head to foot, with whom, with what and where it is usually done.
/// Of `performer` the kind, the word and the traits count.
#[must_use]
pub fn demonstrate(motion: &str, performer: &Role, vocabulary: &Vocabulary, options: &Options) -> Plan {
    let actions = Actions::of_vocabulary(vocabulary);
    let facts = actions.of(motion);
    // Mentions are told apart by where they stand.
    let at = |start: u32| Span { start, end: start + 1 };
    let named = |start: u32, kind: Kind, word: &str, traits: Traits| Mention {
        span: at(start),
        what: What::Entry(kind, word.to_owned()),
        definite: false,
        another: false,
        count: 1,
        traits,
        name: None,
        holds: Vec::new(),
        does: None,
        owner: None,
    };
    let partner = facts.takes_two().then(|| Goal::Mention(named(2, Kind::Person, if performer.word == "man" { "woman" } else { "man" }, Traits::default())));
    let mount = (motion == "ride").then(|| Goal::Mention(named(2, Kind::Creature, "horse", Traits::default())));
    let action = Action { ride: mount.is_some(), target: partner.or(mount), ..Action::new(at(1), motion) };
    let clause = Clause {
        span: at(0),
        subjects: vec![named(0, story::kind_of(performer.kind), &performer.word, performer.traits.clone())],
        action: Some(action),
        framing: FramingWish { size: Some(ShotSize::Full), ..FramingWish::default() },
        ..Clause::default()
    };
    let script = Script { segments: vec![Segment { span: at(0), clauses: vec![clause], ..Segment::default() }], ..Script::default() };
    let mut story = story::tell(&script, vocabulary, None);
    story.language = "en";
    let seconds = options.duration.map_or_else(|| facts.seconds.1.max(3.0) + 1.0, kinora_base::Ticks::seconds);
    let fps = options.fps.unwrap_or(FrameRate(24));
    let shots = shots::cut(&mut story, &script, &shots::Orders { seconds: Some(seconds), shots: Some(1), fps }, None);
    Plan {
        version: PLAN_VERSION,
        title: motion.to_owned(),
        prompt: String::new(),
        language: "en".into(),
        seed: options.seed.unwrap_or(1),
        look: options.look.clone().unwrap_or_else(|| "clay".into()),
        size: options.size.unwrap_or_default(),
        fps,
        silent: options.silent,
        cast: story.cast,
        scenes: story.scenes,
        motions: Vec::new(),
        shots,
        cues: Vec::new(),
        titles: Vec::new(),
        warnings: story.warnings,
    }
}
