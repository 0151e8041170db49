//! What is known of a motion before anybody does it: which part of the body it takes, whether it goes anywhere, how
//! near its target it must be. The `facts` of the `person:` section of a file in `assets/motions` say it.

use crate::CastError;
use kinora_plan::State;
use kinora_vocabulary::{Kind, Vocabulary};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which part of the body a motion takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Layer {
    /// Legs and trunk: a later one replaces an earlier one.
    Whole,
    /// Arms, head and face only: it is laid over whatever the legs do (walk and wave, sit and eat).
    #[default]
    Arms,
}

/// What the body's weight comes to rest on, if there is one: `Act::seat` says where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Rest {
    /// A seat: `seat` is the middle of its top, `face` the way it faces.
    Seat,
    /// A bed: `seat` is where the hips come to lie, `face` the way the feet point.
    Bed,
}

/// What of a body lies against what it leans on: `Act::support` is that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Lean {
    /// The back, `face` away from it.
    Back,
    /// The left shoulder, `face` along it.
    Shoulder,
    /// Both forearms on its top, `face` over it; hands, where it is low.
    Arms,
}

/// A motion is played no slower than this, against its own pace.
pub const SLOWEST: f32 = 0.6;
/// And no faster than this.
pub const FASTEST: f32 = 1.6;

/// What is known of a motion.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Which part of the body it takes.
    pub layer: Layer,
    /// It goes along the act's path.
    pub travels: bool,
    /// Seconds of getting ready (down on hands and knees) before it goes anywhere.
    pub delay: f32,
    /// Its speed against the usual walk of the same body, if that is its own.
    pub speed: Option<f32>,
    /// It goes straight up by itself where it is, at this speed in metres a second on an adult: a ladder, a tree. What is
    /// aimed at says how high that is: its middle is half-way up.
    pub rises: f32,
    /// Metres from the middle of the body to the middle of what it is done to or with, on an adult; `None` if it works
    /// from anywhere (wave, point).
    pub near: Option<f32>,
    /// Degrees from the camera that somebody faces who does it on the spot: 0 = to the camera, 90 = in profile.
    pub faces: Option<f32>,
    /// It goes up or down the steps that are its target; other ways end before them.
    pub stairs: Option<Stairs>,
    /// It goes on after its end until another motion of the whole body begins: sit, lie, kneel.
    pub stays: bool,
    /// It happens once and has a moment that must be seen (throw, bow, fall): it must begin when it is shown, not before.
    pub once: bool,
    /// Feet tread the ground; false in water, in the air, on a ladder, in a saddle.
    pub treads: bool,
    /// It is done on the water, where there is any: in a boat.
    pub floats: bool,
    /// What the body rests on.
    pub rest: Option<Rest>,
    /// It is done to an animal at its flank, behind its middle: the animal turns that side to who does it.
    pub flank: bool,
    /// What of the body leans on something.
    pub leans: Option<Lean>,
    /// The hands go to `Act::aim` if it is given.
    pub aims: bool,
    /// Goes down on a knee to do it to somebody much smaller: a child.
    pub kneels: bool,
    /// Seconds until a hand has what it takes: picked up, caught.
    pub takes: Option<f32>,
    /// Seconds until a hand lets go of what it holds: thrown, given.
    pub lets_go: Option<f32>,
    /// What it takes and lets go is at the right foot on the ground, and not in a hand: a ball is kicked and stopped.
    pub by_foot: bool,
    /// It is done sitting where there is a table with seats, or a seat that is named.
    pub sits: bool,
    /// What it makes of the thing that it is done to, and after how many seconds: opened, broken, lit.
    pub makes: Option<(f32, State)>,
    /// Seconds from its beginning, at its own pace, at which one picture of it is recognised best: the ball at the top of the
    /// throw, the glasses touching. It lies in the first round of what is repeated. What goes by steps (it travels and treads)
    /// counts strides instead: at 0 the left foot lands, at 0.5 the right one. Every motion of ours names it.
    pub moment: Option<f32>,
}

/// Which way steps are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Stairs {
    /// To the top.
    Up,
    /// From the top to the ground.
    Down,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            layer: Layer::Arms,
            travels: false,
            stairs: None,
            delay: 0.0,
            speed: None,
            rises: 0.0,
            near: None,
            faces: None,
            stays: false,
            once: false,
            treads: true,
            floats: false,
            rest: None,
            flank: false,
            leans: None,
            aims: false,
            kneels: false,
            takes: None,
            lets_go: None,
            by_foot: false,
            sits: false,
            makes: None,
            moment: None,
        }
    }
}

impl Facts {
    /// The frame at which an act of this motion begins in earnest: what is done but once and was told to be under way at
    /// frame 0 waits until it is first seen, at [`crate::travel::LEAD_IN`].
    #[must_use]
    pub fn begins(&self, from: usize, fps: f32) -> usize {
        if from == 0 && self.once { (crate::travel::LEAD_IN * fps) as usize } else { from }
    }

    /// How fast it is played at a pace: what travels has a speed instead.
    #[must_use]
    pub fn played(&self, pace: f32) -> f32 {
        if pace > 0.0 && !self.travels { pace.clamp(SLOWEST, FASTEST) } else { 1.0 }
    }

    /// Whether its rounds are strides and not seconds.
    #[must_use]
    pub fn strides(&self) -> bool {
        self.travels && self.treads
    }

    /// Whether it takes legs and trunk.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.layer == Layer::Whole
    }
}

/// The facts of one motion; those of an unknown one are the default.
///
/// # Errors
/// If its file is broken.
pub fn facts(vocabulary: &Vocabulary, motion: &str) -> Result<Facts, CastError> {
    Ok(Repertoire::read_some(vocabulary, |id| id == motion)?.of(motion))
}

/// A motion that gives voice: `call: ()` is whatever call the body's own file names, `call: (sound: "howl", ...)` is one
/// that anybody can make.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Call {
    /// Entry of `sounds`; empty = the body's own, with its own times.
    pub sound: String,
    /// Seconds that the mouth is open.
    pub seconds: f32,
    /// Seconds from the beginning of one to that of the next.
    pub every: f32,
}

/// The facts of all motions, and their calls; every [`crate::Character`] has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repertoire {
    facts: BTreeMap<String, Facts>,
    calls: BTreeMap<String, Call>,
    gear: BTreeMap<String, Vec<String>>,
    standing: BTreeMap<String, Vec<Standing>>,
}

/// A thing that a motion has stand on the ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// An entry of `props` or `vehicles`.
    pub thing: String,
    /// How far it is from who does it, metres on an adult.
    pub away: f32,
    /// Factor on its size: the larger of across and deep.
    pub size: f32,
}

/// The part of a `person:` section that is of interest here.
#[derive(Clone, Deserialize)]
struct Section {
    #[serde(default)]
    facts: Facts,
    #[serde(default)]
    call: Option<Call>,
    #[serde(default)]
    gear: Vec<Piece>,
}

#[derive(Clone, Deserialize)]
struct Piece {
    thing: String,
    #[serde(default)]
    put: Put,
}

/// Where a piece usually is. What hangs from a part of the body says from which.
#[derive(Clone, Deserialize)]
#[serde(default)]
struct Put {
    from: Option<serde::de::IgnoredAny>,
    at: (f32, f32, f32),
    size: (f32, f32, f32),
}

impl Default for Put {
    fn default() -> Self {
        Self { from: None, at: (0.0, 0.0, 0.0), size: (1.0, 1.0, 1.0) }
    }
}

/// What is higher than this over the ground lies on something else or is in the air, metres.
const LOW: f32 = 0.6;

impl Piece {
    fn standing(&self) -> Option<Standing> {
        let Put { from, at, size } = &self.put;
        let stands = from.is_none() && at.1 < LOW && size.0 > 0.0;
        let away = (at.0 * at.0 + at.2 * at.2).sqrt();
        stands.then(|| Standing { thing: self.thing.clone(), away, size: size.0.max(size.2) })
    }
}

impl Repertoire {
    /// The facts of every motion, which are read but once for a vocabulary: there are hundreds of files.
    ///
    /// # Errors
    /// If a file is broken.
    pub fn read(vocabulary: &Vocabulary) -> Result<Arc<Self>, CastError> {
        vocabulary.digested(|v| Self::read_some(v, |_| true))
    }

    fn read_some(vocabulary: &Vocabulary, wanted: impl Fn(&str) -> bool) -> Result<Self, CastError> {
        let mut all = Self::default();
        for asset in vocabulary.of(Kind::Motion).filter(|a| wanted(&a.id)) {
            if let Some(Section { facts, call, gear }) = asset.section("person")? {
                all.facts.insert(asset.id.clone(), facts);
                all.calls.extend(call.map(|c| (asset.id.clone(), c)));
                all.standing.insert(asset.id.clone(), gear.iter().filter_map(Piece::standing).collect());
                all.gear.insert(asset.id.clone(), gear.into_iter().map(|g| g.thing).collect());
            }
        }
        Ok(all)
    }

    /// What is known of a motion.
    #[must_use]
    pub fn of(&self, motion: &str) -> Facts {
        self.facts.get(motion).copied().unwrap_or_default()
    }

    /// The things that a motion brings along.
    #[must_use]
    pub fn gear(&self, motion: &str) -> &[String] {
        self.gear.get(motion).map_or(&[], Vec::as_slice)
    }

    /// What a motion has stand on the ground: a stool, an easel.
    #[must_use]
    pub fn standing(&self, motion: &str) -> &[Standing] {
        self.standing.get(motion).map_or(&[], Vec::as_slice)
    }

    /// How a motion gives voice, if it does.
    #[must_use]
    pub fn call(&self, motion: &str) -> Option<&Call> {
        self.calls.get(motion)
    }
}
