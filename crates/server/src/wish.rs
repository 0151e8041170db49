//! What somebody wants made, in the words of no interface: what a job keeps and the engine reads.

use crate::catalogue::{Durations, Model, Sound, Tariff, Tier};
use crate::money::Credits;
use crate::refusal::Refusal;
use kinora_plan::{Angle, MoveKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A film.
    #[default]
    Film,
    /// Pictures.
    Picture,
    /// A sound.
    Sound,
}

/// How a job goes on from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// New shots after the other's.
    Extend,
    /// The other's size, length and seed with other words.
    Remix,
}

/// A shot that is ordered by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShotWish {
    /// In words.
    pub prompt: String,
    /// Its length.
    pub milliseconds: i64,
}

/// What the camera is to do in every shot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraWish {
    /// The move.
    pub kind: MoveKind,
    /// Factor on its speed.
    pub pace: f32,
    /// From how high, if that is part of it.
    pub angle: Option<Angle>,
}

/// What somebody wants made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// What.
    pub what: What,
    /// In words.
    pub prompt: String,
    /// What must not be in it, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub negative: String,
    /// Shots that are ordered one by one; none = the director cuts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shots: Vec<ShotWish>,
    /// Exactly so many shots; none = the director decides.
    pub count: Option<u32>,
    /// At most so many shots.
    pub most: u32,
    /// Its length.
    pub milliseconds: i64,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second.
    pub fps: u32,
    /// Where all chance comes from; none until the service has drawn one.
    pub seed: Option<u64>,
    /// No sound at all.
    pub silent: bool,
    /// What the camera does.
    pub camera: Option<CameraWish>,
    /// Names of voices, in the order of the prompt's `<<<voice_1>>>`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub voices: Vec<String>,
    /// Languages that lips move in; empty for silent films.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lips: Vec<String>,
    /// The whole plan, instead of words.
    pub plan: Option<Value>,
    /// How it goes on from the job's parent.
    pub how: Option<How>,
    /// How many pictures.
    #[serde(skip_serializing_if = "is_zero")]
    pub pictures: u32,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Wish {
    /// Its length in seconds, as interfaces print it: "5", "5.04".
    #[must_use]
    pub fn seconds(&self) -> String {
        Credits(self.milliseconds).to_string()
    }
    /// Its size, as "1280x720".
    #[must_use]
    pub fn size(&self) -> String {
        format!("{}x{}", self.width, self.height)
    }
    /// Its tier.
    #[must_use]
    pub fn tier(&self) -> Tier {
        Tier::holding(self.width, self.height)
    }
}

/// A call, read: what is to be made, and what it costs. The quote and the charge are this one number.
#[derive(Clone, Debug)]
pub struct Order {
    /// What kind of task.
    pub product: &'static str,
    /// Name of the model.
    pub model: String,
    /// What is to be made.
    pub wish: Wish,
    /// What it costs.
    pub price: Credits,
    /// The caller's own id.
    pub external: Option<String>,
    /// Whom to tell.
    pub callback: Option<String>,
    /// The job it goes on from.
    pub parent: Option<i64>,
    /// Slots it takes.
    pub slots: i64,
    /// Fields that change nothing, with why.
    pub idle: Vec<(String, String)>,
}

/// Checks a wish for a film against its model, and prices it.
///
/// # Errors
/// If the model does not make such a film. `names`: what length, size, shots and sound are called in the interface.
pub fn price(wish: &Wish, model: &Model, names: &Names) -> Result<Credits, Refusal> {
    let tier = wish.tier();
    let seconds = u32::try_from(wish.milliseconds / 1000).unwrap_or(0);
    let whole = wish.milliseconds % 1000 == 0;
    let fits = match &model.durations {
        Durations::Range(from, to) => (i64::from(*from) * 1000..=i64::from(*to) * 1000).contains(&wish.milliseconds),
        list @ Durations::List(_) => whole && list.allow(seconds),
    };
    if !fits {
        return Err(Refusal::wrong(names.duration, format!("{} makes films of {} s, not {} s", model.name, model.durations.text(), wish.seconds())));
    }
    let shots = wish.shots.len().max(wish.count.unwrap_or(0) as usize);
    if shots > model.shots as usize {
        return Err(Refusal::wrong(names.shots, format!("{} makes at most {} shot{}, not {shots}", model.name, model.shots, plural(model.shots))));
    }
    if !wish.silent && model.sound == Sound::Never {
        return Err(Refusal::wrong(names.sound, format!("{} makes silent films", model.name)));
    }
    let sizes = || model.tiers.iter().map(|t| t.0.as_str()).collect::<Vec<_>>().join(", ");
    model
        .price(tier, !wish.silent, !wish.voices.is_empty(), wish.milliseconds)
        .ok_or_else(|| Refusal::wrong(names.size, format!("{} makes {}, not {}", model.name, sizes(), tier.name())))
}

fn plural(n: u32) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// What things are called in an interface.
pub struct Names {
    /// The length.
    pub duration: &'static str,
    /// The size.
    pub size: &'static str,
    /// The shots.
    pub shots: &'static str,
    /// The sound.
    pub sound: &'static str,
}

/// Whether a plan of the account allows it.
///
/// # Errors
/// If the pictures are larger than the plan allows.
pub fn allowed(wish: &Wish, tariff: &Tariff) -> Result<(), Refusal> {
    let most = Tier::of(&tariff.tier).unwrap_or(Tier::P720);
    if wish.what == What::Film && wish.tier() > most {
        let what = format!("the plan {} makes films of up to {}, and this is {}; ask for a smaller one", tariff.title, most.name(), wish.tier().name());
        return Err(Refusal::NotInPlan(what));
    }
    Ok(())
}
