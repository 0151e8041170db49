//! The plan itself.

use crate::keys::{JointKey, KeyLayer};
use crate::{Framing, Title, Transition};
use kinora_base::{FrameRate, Seed, Span, Ticks, Warning};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the plan format that this build writes.
pub const PLAN_VERSION: u32 = 1;

/// How many one entry of a plan may stand for.
pub const MOST_ALIKE: u32 = 250;

/// A stable name within a plan: `fox`, `shot-2`, `beat-3`. Seeds derive from it, so renaming changes the dice.
pub type Id = String;

/// A whole film as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The format: 1.
    pub version: u32,
    /// The film's name.
    #[serde(default)]
    pub title: String,
    /// The prompt that all spans point into.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// Language of the prompt and titles: en, zh, ja, ko, es.
    #[serde(default = "english")]
    pub language: String,
    /// All chance comes from here.
    #[serde(default)]
    pub seed: u64,
    /// Name of a look of the vocabulary.
    #[serde(default = "clay")]
    pub look: String,
    /// Picture size.
    #[serde(default)]
    pub size: Size,
    /// Frames a second: 24, 25, 30, 48, 50 or 60.
    #[serde(default)]
    #[schemars(with = "u32")]
    pub fps: FrameRate,
    /// No sound at all.
    #[serde(default)]
    pub silent: bool,
    /// Who is in it.
    #[serde(default)]
    pub cast: Vec<Role>,
    /// Where and when: worlds that shots share, so that they agree.
    pub scenes: Vec<Scene>,
    /// Recorded motions that beats play. The files are kept here as they are: a plan that is moved or sent takes them along,
    /// and makes the same film.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub motions: Vec<Recording>,
    /// The shots in order.
    pub shots: Vec<Shot>,
    /// Sounds and music over the whole film, times from its beginning.
    #[serde(default)]
    pub cues: Vec<Cue>,
    /// Words over the picture: titles, lower thirds, captions, credits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<Title>,
    /// What was understood otherwise than written.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub warnings: Vec<Warning>,
}

fn english() -> String {
    "en".into()
}
fn clay() -> String {
    "clay".into()
}

impl Plan {
    /// A number for all that the film is made from, without the warnings: passes and plans that belong together have the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut plan = Self { warnings: Vec::new(), ..self.clone() };
        // Where a character's file lies changes nothing; what is in it does.
        plan.cast.iter_mut().filter_map(|r| r.model.as_mut()).for_each(|m| m.file.clear());
        let text = plan.to_json();
        format!("{:016x}", Seed(0).child(&text).0)
    }

    /// The film's length: the sum of its shots.
    #[must_use]
    pub fn duration(&self) -> Ticks {
        Ticks(self.shots.iter().map(|s| s.length.0).sum())
    }
    /// Where each shot begins, in frames, and one more for the end: cumulative rounding, so that lengths sum exactly.
    #[must_use]
    pub fn cuts(&self) -> Vec<i64> {
        let mut at = Ticks::ZERO;
        let mut cuts = vec![0];
        for shot in &self.shots {
            at += shot.length;
            cuts.push(at.nearest_frame(self.fps));
        }
        cuts
    }
    /// Frames in the film.
    #[must_use]
    pub fn frames(&self) -> i64 {
        self.duration().nearest_frame(self.fps)
    }
    /// The seed of everything.
    #[must_use]
    pub fn root_seed(&self) -> Seed {
        Seed(self.seed).child("kinora")
    }
    /// The recorded motion of that id.
    #[must_use]
    pub fn motion(&self, id: &str) -> Option<&Recording> {
        self.motions.iter().find(|m| m.id == id)
    }
    /// The role of that id.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.cast.iter().find(|r| r.id == id)
    }
    /// The scene of that id.
    #[must_use]
    pub fn scene(&self, id: &str) -> Option<&Scene> {
        self.scenes.iter().find(|s| s.id == id)
    }
    /// Reads a plan; the error names line and column.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
    /// As indented JSON with a final newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_else(|e| unreachable!("a plan is plain data: {e}"));
        text.push('\n');
        text
    }
}

/// The published JSON schema of [`Plan`].
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Plan).to_value()
}

/// Picture size in pixels; both even, 64 to 7680.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Pixels across.
    #[schemars(range(min = 64, max = 7680))]
    pub width: u32,
    /// Pixels down.
    #[schemars(range(min = 64, max = 7680))]
    pub height: u32,
}

impl Default for Size {
    fn default() -> Self {
        Self { width: 1920, height: 1080 }
    }
}

/// What sort of thing a role is: which folder of the vocabulary its word is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleKind {
    /// A human being.
    Person,
    /// An animal or an imaginary being.
    Creature,
    /// A vehicle.
    Vehicle,
}

/// Somebody who acts. The same in every shot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Stable id.
    pub id: Id,
    /// What sort.
    pub kind: RoleKind,
    /// Name of the entry in the vocabulary: `fox`, `old-man`.
    pub word: String,
    /// A name of their own: "Anna".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many alike; more than one makes a group that acts together. 1 to 250.
    #[serde(default = "single")]
    #[schemars(range(min = 1, max = MOST_ALIKE))]
    pub count: u32,
    /// How they look.
    #[serde(default)]
    pub traits: Traits,
    /// How they sound, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// A character of one's own that plays the part, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelFile>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

fn single() -> u32 {
    1
}

/// A figure in a file of its own: glTF 2.0 (`.glb`, `.gltf`) or VRM (`.vrm`). It is too large to be kept in a plan; its sum
/// says which file it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Where it is: a path of this machine, or one from the folder of the plan.
    pub file: String,
    /// SHA-256 of the file (and of those that it names, one after the other), 64 hexadecimal digits. If it is empty, a plan that is
    /// read as a file takes the sum of what it finds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

/// Cuts of hair that a role can have.
pub const HAIR_STYLES: &[&str] = &[
    "short", "parted", "quiff", "buzz", "spiky", "slick", "bowl", "curly", "afro", "mohawk", "dreads", "bob", "long", "wavy", "ponytail", "pigtails", "bun",
    "topknot", "braid", "braids", "bald", "balding", "wisp",
];
/// Skins that a role can have; the last four are of those who are not quite human.
pub const SKINS: &[&str] = &["fair", "light", "tan", "olive", "brown", "dark", "deep", "pale", "green", "blue", "grey"];
/// Moods that faces and steps can show.
pub const MOODS: &[&str] = &[
    "calm",
    "happy",
    "laughing",
    "sad",
    "crying",
    "angry",
    "afraid",
    "surprised",
    "disgusted",
    "smug",
    "pained",
    "tired",
    "thoughtful",
    "tender",
    "cold",
    "excited",
    "nervous",
];

/// How somebody or something looks, beyond what its word says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Traits {
    /// Main colour: coat of an animal, paint of a car, a thing's tinted part; clothes of a person. An entry of `colours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// Factor on size, 0.25 to 4: small .7, tiny .45, big 1.35, huge 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.25, max = 4.0))]
    pub size: Option<f32>,
    /// What it is made of: an entry of `materials`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// What state a thing is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Age: baby, child, teen, young, adult, old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<String>,
    /// Sex: female or male, where the word leaves it open or says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Build: thin, heavy, athletic, tall, short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Hair: colour (entry of `colours`, or blond, brown, chestnut, sandy, red, dark, grey, iron, black, white).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hair: Option<String>,
    /// Hair style: one of [`HAIR_STYLES`]; also as clothes ("pigtails").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hair_style: Option<String>,
    /// Skin: one of [`SKINS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skin: Option<String>,
    /// Clothes: entries of `garments` with colours; beards and cuts of hair are among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clothes: Vec<Garment>,
    /// Mood on the face and in the step: one of [`MOODS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mood: Option<String>,
    /// What is written on it: a sign, a screen, a cover, a cake, the side of a van.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it was called before it was replaced by its word (`labrador`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
}

/// What state a thing is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its door, lid or cover is open.
    Open,
    /// It is shut.
    Closed,
    /// In pieces.
    Broken,
    /// On fire.
    Burning,
    /// It gives light.
    Lit,
    /// It could give light and does not.
    Unlit,
    /// It shines of itself, in its own colour: magic swords, mushrooms of a dream. What has a lamp or a flame is lit.
    Glowing,
}

/// Something worn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Garment {
    /// Entry of `garments`.
    pub word: String,
    /// Entry of `colours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

/// How somebody sounds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Voice {
    /// female, male, girl, boy, old-woman, old-man; empty = as the role looks.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// A voice of the voice pack (`kinora voices list`), or a blend such as `af_heart:0.6+af_bella:0.4`; none = cast by kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Factor on speed, 0.5 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.5, max = 2.0))]
    pub speed: Option<f32>,
}

/// A place at a time in a weather, with the things that stand in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Stable id.
    pub id: Id,
    /// Entry of `places`.
    pub place: String,
    /// Entry of `times`: dawn, morning, noon, afternoon, sunset, dusk, night.
    #[serde(default = "default_time")]
    pub time: String,
    /// Entries of `weathers`: clear, cloudy, fog, rain, snow.
    #[serde(default = "default_weather")]
    pub weather: String,
    /// Id of an earlier scene: the same world, and everybody is where that scene left them. Its things are listed again
    /// first, with the same ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Id>,
    /// The ground lies under snow ("a snowy forest"), whether or not it snows.
    #[serde(default)]
    pub snow_cover: bool,
    /// Entry of `music`, as a mood: happy, calm, sad, tense ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<String>,
    /// Things that the film asks for, beyond what the place has of itself.
    #[serde(default)]
    pub things: Vec<Thing>,
    /// Where roles and things are wanted: "the dog to the left of the bench".
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

fn default_time() -> String {
    "afternoon".into()
}
fn default_weather() -> String {
    "clear".into()
}

/// A prop in a scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    /// Stable id.
    pub id: Id,
    /// Entry of `props` (or of `vehicles`, when it only stands there).
    pub word: String,
    /// How many, 1 to 250.
    #[serde(default = "single")]
    #[schemars(range(min = 1, max = MOST_ALIKE))]
    pub count: u32,
    /// How it looks.
    #[serde(default)]
    pub traits: Traits,
    /// Who holds or wears it, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<Id>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

/// A wanted arrangement: `what` is `relation` `to`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Id of a role or thing.
    pub what: Id,
    /// How it lies.
    pub relation: RelationKind,
    /// Ids it is related to; `between` has two.
    pub to: Vec<Id>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

/// Spatial relations; left and right are the picture's, not a character's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// To the left in the picture.
    LeftOf,
    /// To the right in the picture.
    RightOf,
    /// On top of.
    On,
    /// Under or below.
    Under,
    /// Further from the camera.
    Behind,
    /// Nearer to the camera.
    InFrontOf,
    /// Between two.
    Between,
    /// Beside, by, near, next to, with.
    Near,
    /// Inside.
    In,
    /// Carried before the chest, lying in both arms.
    InArms,
    /// Carried upright on one arm, against the shoulder.
    OnArm,
    /// Carried piggyback.
    OnBack,
    /// Carried astride the neck.
    OnShoulders,
}

impl RelationKind {
    /// Whether somebody is carried by somebody.
    #[must_use]
    pub fn is_carried(self) -> bool {
        matches!(self, Self::InArms | Self::OnArm | Self::OnBack | Self::OnShoulders)
    }
}

/// One shot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// Stable id.
    pub id: Id,
    /// Id of its scene.
    pub scene: Id,
    /// Its length.
    #[schemars(with = "i64")]
    pub length: Ticks,
    /// How it is framed.
    #[serde(default)]
    pub framing: Framing,
    /// How it begins.
    #[serde(default)]
    pub transition: Transition,
    /// Who does what. A beat that names the same actor, action and goal as one that runs to the end of the shot before, in the same scene, continues it.
    #[serde(default)]
    pub beats: Vec<Beat>,
    /// Who says what.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Sounds at times from the shot's beginning.
    #[serde(default)]
    pub cues: Vec<Cue>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

/// A recorded motion: a BVH file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// Stable id, as beats name it.
    pub id: Id,
    /// Where it came from. If `bvh` is empty, a plan that is read as a file takes it from there, beside the plan.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The text of the file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bvh: String,
    /// The body stays where it is, and does not go along the recorded way.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_place: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Somebody does something for a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// Stable id.
    pub id: Id,
    /// Id of the role that acts, or of a thing that opens, closes, breaks, burns or shines by itself.
    pub who: Id,
    /// Entry of `motions`: walk, sit, wave ... With `motion` or `keys` it only says what they are.
    #[serde(default = "stand")]
    pub action: String,
    /// Id of a recorded motion that is played instead; of people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<Id>,
    /// Poses of joints at times that are played instead; of people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<JointKey>,
    /// Which part of the body `keys` take.
    #[serde(default, skip_serializing_if = "KeyLayer::is_whole")]
    pub layer: KeyLayer,
    /// From when, counted from the shot's beginning.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub from: Ticks,
    /// Until when; 0 = the shot's end.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub to: Ticks,
    /// How: slowly, quickly, happily, sadly, angrily, quietly ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<String>,
    /// To, at, on or from what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Id of a role that it is done together with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Id>,
    /// Id of a thing that it is done with: a book, a cup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prop: Option<Id>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

fn stand() -> String {
    "stand".into()
}

/// What an action is directed at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A role or a thing, by id.
    Id(Id),
    /// The lens.
    Camera,
    /// The picture's left.
    Left,
    /// The picture's right.
    Right,
    /// Towards the camera.
    Near,
    /// Away from the camera.
    Far,
    /// The sky.
    Up,
    /// The ground.
    Down,
}

/// Something said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Stable id.
    pub id: Id,
    /// Id of the role that says it; none = a narrator who is not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Id>,
    /// The words.
    pub text: String,
    /// Their language: en, zh, ja, ko, es.
    #[serde(default = "english")]
    pub language: String,
    /// From when, counted from the shot's beginning. Up to a second before it, the line is heard before its shot is seen:
    /// a J cut.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub from: Ticks,
    /// How far the shot's last line may run on into the next shot, at most 1.2 s: an L cut.
    #[serde(default, skip_serializing_if = "no_time")]
    #[schemars(with = "i64")]
    pub lap: Ticks,
    /// How it is said: at most one of [`speech::DELIVERIES`](crate::speech::DELIVERIES) and one of
    /// [`speech::FEELINGS`](crate::speech::FEELINGS), joined by a space: `whisper afraid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manner: Option<String>,
    /// How it reaches the listener.
    #[serde(default, skip_serializing_if = "Heard::is_here")]
    pub heard: Heard,
    /// The same words in other languages, for dubbing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, String>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

fn no_time(ticks: &Ticks) -> bool {
    *ticks == Ticks::ZERO
}

/// How a line reaches the listener. A line without a speaker is always a voice-over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Heard {
    /// From the speaker's mouth.
    #[default]
    Here,
    /// From somewhere that the camera does not see.
    OffScreen,
    /// Through a telephone, a radio or a loudspeaker.
    Phone,
    /// A voice-over: thought or told, in no room, with no lips.
    Over,
}

impl Heard {
    fn is_here(&self) -> bool {
        *self == Self::Here
    }
}

/// A sound or music that the plan asks for by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// Stable id.
    pub id: Id,
    /// Sound, music, or a silence.
    pub kind: CueKind,
    /// Entry of `sounds` or `music`; empty for silence.
    #[serde(default)]
    pub word: String,
    /// From when.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub from: Ticks,
    /// Until when; 0 = as long as it lasts (a sound) or to the end (music).
    #[serde(default)]
    #[schemars(with = "i64")]
    pub to: Ticks,
    /// Decibels against the usual level, -40 to 12.
    #[serde(default)]
    #[schemars(range(min = -40.0, max = 12.0))]
    pub level: f32,
    /// Id of the role or thing that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Id>,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

/// What a cue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CueKind {
    /// An entry of `sounds`.
    Sound,
    /// An entry of `music`.
    Music,
    /// No music ("no music", "silence").
    NoMusic,
}
