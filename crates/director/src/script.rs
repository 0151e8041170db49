//! What a prompt says, free of any language: segments of clauses, each with at most one action. The grammar of a
//! language makes it; [`crate::story`] finds out who is meant; nothing here knows English.

use kinora_base::{Span, Warning};
use kinora_plan::speech::Manner;
use kinora_plan::{Angle, CameraMove, Heard, Part, RelationKind, ShotSize, Side, Target, Traits};
use kinora_vocabulary::Kind;

/// A whole prompt.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) segments: Vec<Segment>,
    pub(crate) film: FilmWishes,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) unknown: Vec<Unknown>,
}

/// A noun that nothing known could stand for.
#[derive(Clone, Debug)]
pub(crate) struct Unknown {
    pub(crate) word: String,
    pub(crate) nearest: Option<String>,
}

/// What is wanted of the whole film.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilmWishes {
    pub(crate) seconds: Option<(f64, Span)>,
    pub(crate) shots: Option<u32>,
    pub(crate) montage: bool,
    pub(crate) no_music: bool,
    pub(crate) mood: Option<String>,
}

/// A stretch of the prompt that is one shot, if the prompt says so, or all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segment {
    pub(crate) span: Span,
    pub(crate) explicit: bool,
    pub(crate) seconds: Option<f64>,
    pub(crate) clauses: Vec<Clause>,
}

/// When a clause happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// After the clause before.
    #[default]
    Then,
    /// At the same time.
    While,
}

/// One thing that happens or is the case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clause {
    pub(crate) span: Span,
    pub(crate) order: Order,
    pub(crate) subjects: Vec<Mention>,
    pub(crate) action: Option<Action>,
    pub(crate) setting: Setting,
    pub(crate) relations: Vec<RelationWish>,
    pub(crate) extras: Vec<Mention>,
    pub(crate) framing: FramingWish,
    /// Whom focus is pulled from and to.
    pub(crate) racks: Vec<Mention>,
    pub(crate) lines: Vec<Speech>,
    pub(crate) sounds: Vec<SoundWish>,
}

/// Somebody or something that is named.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) span: Span,
    pub(crate) what: What,
    pub(crate) definite: bool,
    pub(crate) another: bool,
    pub(crate) count: u32,
    pub(crate) traits: Traits,
    pub(crate) name: Option<String>,
    pub(crate) holds: Vec<Mention>,
    /// What somebody does who is named for it: "a sleeping baby".
    pub(crate) does: Option<String>,
    /// Whose it is: "another person's shoes".
    pub(crate) owner: Option<Box<Mention>>,
}

/// What a mention means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// An entry of the vocabulary.
    Entry(Kind, String),
    /// A name without a noun: an entry to use if nobody has that name.
    Named(Kind, String),
    He,
    She,
    It,
    They,
    /// A wider word for somebody known already, or for any such entry.
    Wider(String),
    /// The lens.
    Camera,
    /// One of several who talk: the first, the other.
    Nth(usize),
    /// Only traits: "in red".
    Bare,
}

/// What is done.
#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) span: Span,
    pub(crate) motion: String,
    pub(crate) target: Option<Goal>,
    pub(crate) with: Option<Mention>,
    pub(crate) props: Vec<Mention>,
    pub(crate) manner: Option<String>,
    pub(crate) mood: Option<String>,
    /// The target moves too: it is chased.
    pub(crate) chase: bool,
    /// Two do it to one another.
    pub(crate) reciprocal: bool,
    /// It is done at somebody, and not to them: a stone that is thrown at a man.
    pub(crate) against: bool,
    /// The target is led to do the same: "rides a horse".
    pub(crate) ride: bool,
    /// Nothing visible is added by the verb itself: "holds", "is".
    pub(crate) state: bool,
    /// What is held is carried somewhere, if a way is named; and handed over there.
    pub(crate) carries: Option<bool>,
    /// How somebody would be carried by it, if the words say so: "on his shoulders".
    pub(crate) way: Option<RelationKind>,
    pub(crate) sound: Option<String>,
    pub(crate) speech: bool,
    /// He or she whose thing it is done to: "ties his shoes". If that is not who does it, it is done for somebody else.
    pub(crate) whose: Option<Mention>,
}

impl Action {
    /// What is done, to nobody and with nothing.
    pub(crate) fn new(span: Span, motion: &str) -> Self {
        Self {
            span,
            motion: motion.to_owned(),
            target: None,
            with: None,
            props: Vec::new(),
            manner: None,
            mood: None,
            chase: false,
            reciprocal: false,
            against: false,
            ride: false,
            state: false,
            carries: None,
            way: None,
            sound: None,
            speech: false,
            whose: None,
        }
    }
}

/// What an action is directed at.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a prompt has few of them")]
pub(crate) enum Goal {
    Mention(Mention),
    Fixed(Target),
}

/// Where and when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Setting {
    pub(crate) place: Option<(String, Span)>,
    pub(crate) time: Option<(String, Span)>,
    pub(crate) weather: Option<(String, Span)>,
    pub(crate) snow_cover: bool,
    /// Whether something goes on outside: then one is in a room.
    pub(crate) within: bool,
    /// Water is spoken of, and no name for it: one who jumps into the water is at some.
    pub(crate) water: bool,
    pub(crate) mood: Option<String>,
}

/// An arrangement that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct RelationWish {
    pub(crate) span: Span,
    pub(crate) what: Mention,
    pub(crate) relation: RelationKind,
    pub(crate) to: Vec<Mention>,
}

/// How a clause wants to be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FramingWish {
    pub(crate) size: Option<ShotSize>,
    pub(crate) angle: Option<Angle>,
    pub(crate) side: Option<Side>,
    /// The part of a body that the shot is about.
    pub(crate) part: Option<Part>,
    pub(crate) lens: Option<f32>,
    pub(crate) aperture: Option<f32>,
    pub(crate) speed: Option<f32>,
    /// Whom focus is pulled from and to.
    pub(crate) rack: Vec<kinora_plan::Id>,
    pub(crate) movement: Option<CameraMove>,
    pub(crate) one_take: bool,
    pub(crate) span: Option<Span>,
}

impl FramingWish {
    pub(crate) fn any(&self) -> bool {
        self.size.is_some() || self.angle.is_some() || self.side.is_some() || self.movement.is_some() || self.one_take
    }
    /// Takes over what `other` wishes.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.size = other.size.or(self.size);
        self.angle = other.angle.or(self.angle);
        self.side = other.side.or(self.side);
        self.part = other.part.or(self.part);
        self.lens = other.lens.or(self.lens);
        self.aperture = other.aperture.or(self.aperture);
        self.speed = other.speed.or(self.speed);
        if !other.rack.is_empty() {
            self.rack.clone_from(&other.rack);
        }
        self.movement = other.movement.or(self.movement);
        self.one_take |= other.one_take;
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some(Span { start: a.start.min(b.start), end: a.end.max(b.end) }),
            (a, b) => a.or(b),
        };
    }
}

/// Something said.
#[derive(Clone, Debug)]
pub(crate) struct Speech {
    pub(crate) span: Span,
    pub(crate) text: String,
    pub(crate) who: Speaker,
    pub(crate) manner: Manner,
    /// If the words say how it is heard.
    pub(crate) heard: Option<Heard>,
    /// If the words say in which language.
    pub(crate) language: Option<&'static str>,
    pub(crate) to: Option<Mention>,
}

/// Who says it.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a prompt has few of them")]
pub(crate) enum Speaker {
    Mention(Mention),
    /// All of these at once.
    Several(Vec<Mention>),
    /// Only the voice of somebody.
    Unseen(Mention),
    Narrator,
    /// Whoever was mentioned last.
    Last,
    /// Who spoke the line before.
    Same,
    /// Who was spoken to in the line before.
    Other,
}

/// A sound or music that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct SoundWish {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    pub(crate) word: String,
    pub(crate) source: Option<Mention>,
}
