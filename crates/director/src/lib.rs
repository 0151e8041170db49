//! A prompt becomes a [`Plan`]: who does what, to whom, where and when, seen in which shots.
//!
//! # Steps
//! 1. The language is found; what is not English is brought into its words and order (`transfer`).
//! 2. *English* (`english`): text -> tokens -> noun phrases and verbs -> clauses without language (`script`).
//! 3. *Story* (`story`): mentions become roles and things (the same fox is the same role), clauses become steps in scenes.
//! 4. *Shots* (`shots`): steps get times; the film is cut, framed and given beats, lines and cues by film grammar.
//!
//! What was not understood, or is shown as something near, comes back as warnings, in the plan as well.
//!
//! ```
//! use kinora_director::{Options, Prompt, direct};
//! let vocabulary = kinora_vocabulary::Vocabulary::builtin()?;
//! let prompt = Prompt { text: String::new(), options: Options::default() };
//! assert!(direct(&prompt, &vocabulary).is_err(), "an empty prompt is an error that says what to write");
//! # Ok::<(), kinora_vocabulary::AssetError>(())
//! ```
//!
//! # Limits today
//! Of Chinese, Japanese, Korean and Spanish the common words and orders are read, and passives with whoever acts; rare forms are not. A clause
//! has one action at most; passives without an auxiliary and indirect speech are not read. Pronouns mean the last one who fits. Of a quotation the
//! tag and what stands beside it are read, not what it says: an offended "Fine." is said plainly. Several who say a line at once say the same
//! words. Words that no picture shows are known by lists and endings (`english::pictureless`); others that mean nothing to a picture are warned about one by one.

mod actions;
mod demonstration;
mod english;
mod error;
mod language;
mod lettering;
mod looks;
mod script;
mod sequel;
mod shots;
mod story;
mod transfer;
mod unsaid;
mod wordnet;
mod words;

pub use demonstration::demonstrate;
pub use error::DirectorError;
pub use words::check_words;

use kinora_base::diagnostics::nearest;
use kinora_base::{FrameRate, Ticks, Warned, Warning, WarningKind};
use kinora_plan::{Cue, CueKind, PLAN_VERSION, Plan, Size};
use kinora_vocabulary::{Kind, Language, Vocabulary};

/// The most characters that a prompt may have.
pub const LONGEST_PROMPT: usize = 3072;

/// What somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// In words.
    pub text: String,
    /// In numbers.
    pub options: Options,
}

/// Wishes that are not words of the prompt; they win over words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Picture size.
    pub size: Option<Size>,
    /// Frames a second.
    pub fps: Option<FrameRate>,
    /// The film's length.
    pub duration: Option<Ticks>,
    /// How many shots.
    pub shots: Option<u32>,
    /// Where all chance comes from.
    pub seed: Option<u64>,
    /// Name of a look of the vocabulary.
    pub look: Option<String>,
    /// No sound at all.
    pub silent: bool,
}

/// Makes the plan of a prompt.
///
/// # Errors
/// If the prompt is empty, too long, in another language, or names nothing that can be shown.
pub fn direct(prompt: &Prompt, vocabulary: &Vocabulary) -> Result<Warned<Plan>, DirectorError> {
    make(prompt, vocabulary, None)
}

/// Makes the plan of a film that goes on: its shots, and those of a prompt after them, with the same cast, places and state.
/// Size, rate, seed, look and sound are the film's own; of the options the length and the number of shots count for what is new.
///
/// # Errors
/// As [`direct`].
pub fn go_on(film: &Plan, prompt: &Prompt, vocabulary: &Vocabulary) -> Result<Warned<Plan>, DirectorError> {
    let options = Options { size: Some(film.size), fps: Some(film.fps), seed: Some(film.seed), look: Some(film.look.clone()), ..prompt.options.clone() };
    let added = make(&Prompt { text: prompt.text.clone(), options }, vocabulary, Some(film))?;
    Ok(Warned { output: sequel::join(film, added.output, &actions::Actions::of_vocabulary(vocabulary)), warnings: added.warnings })
}

fn make(prompt: &Prompt, vocabulary: &Vocabulary, film: Option<&Plan>) -> Result<Warned<Plan>, DirectorError> {
    let whole = prompt.text.as_str();
    let (unwritten, written) = lettering::take(whole, vocabulary);
    let (unwritten, unsaid) = unsaid::take(&unwritten);
    // The language is that of the whole prompt, unless all else is in another than what is written.
    let mut tongue = if written.any() { check_text(&unwritten).or_else(|_| check_text(whole))? } else { check_text(whole)? };
    // Words about the look are nobody and nothing: they are taken out first.
    let (told, looks) = looks::take(&unwritten, vocabulary);
    let (mut script, mut story) = read(&told, tongue, vocabulary, film);
    // A few words without articles look like no language, but our vocabulary knows their names.
    if (is_thin(&script, &story) || check_subject(&script, &story, vocabulary).is_err()) && spanish_names(&script, vocabulary) {
        tongue = language::Tongue::Spanish;
        (script, story) = read(&told, tongue, vocabulary, film);
    }
    check_subject(&script, &story, vocabulary)?;
    let mut warnings = unsaid;
    warnings.append(&mut script.warnings);
    let options = &prompt.options;
    let orders = orders(options, &script.film, &mut warnings);
    let shots = shots::cut(&mut story, &script, &orders, film.and_then(|f| f.shots.last()));
    warnings.append(&mut story.warnings);
    let said = looks::chosen(&looks, &mut warnings).or_else(|| story.look.take());
    let look = look(options, said.as_deref(), vocabulary, &mut warnings);
    let mut cues = Vec::new();
    if script.film.no_music {
        cues.push(Cue {
            id: "no-music".into(),
            kind: CueKind::NoMusic,
            word: String::new(),
            from: Ticks::ZERO,
            to: Ticks::ZERO,
            level: 0.0,
            source: None,
            span: None,
        });
    }
    warnings.sort_by_key(|w| w.span.map_or(u32::MAX, |s| s.start));
    warnings.dedup();
    let mut plan = Plan {
        version: PLAN_VERSION,
        title: title(whole),
        prompt: whole.to_owned(),
        language: tongue.code().into(),
        seed: options.seed.unwrap_or(0),
        look,
        size: options.size.unwrap_or_default(),
        fps: orders.fps,
        silent: options.silent,
        cast: story.cast,
        scenes: story.scenes,
        motions: Vec::new(),
        shots,
        cues,
        titles: Vec::new(),
        warnings: warnings.clone(),
    };
    written.give(&mut plan);
    Ok(Warned { output: plan, warnings })
}

fn check_text(text: &str) -> Result<language::Tongue, DirectorError> {
    if !text.chars().any(char::is_alphanumeric) {
        return Err(DirectorError::Empty);
    }
    let characters = text.chars().count();
    if characters > LONGEST_PROMPT {
        return Err(DirectorError::TooLong { characters, limit: LONGEST_PROMPT });
    }
    language::of_prompt(text).map_err(|language| DirectorError::Language { language })
}

fn read(text: &str, tongue: language::Tongue, vocabulary: &Vocabulary, film: Option<&Plan>) -> (script::Script, story::Story) {
    let script = english::read(transfer::transfer(text, tongue, vocabulary), vocabulary, tongue == language::Tongue::English);
    let mut story = story::tell(&script, vocabulary, film);
    story.language = tongue.code();
    (script, story)
}

/// Whether what was not understood is Spanish for the most part.
fn spanish_names(script: &script::Script, vocabulary: &Vocabulary) -> bool {
    let article = |w: &str| matches!(w, "un" | "una" | "unos" | "unas" | "el" | "la" | "los" | "las");
    let spanish = script.unknown.iter().filter(|u| article(&u.word) || !vocabulary.named(Language::Es, &u.word).is_empty()).count();
    spanish > 0 && spanish * 2 >= script.unknown.len()
}

/// More unknown words than these are more than qualities of a place: perhaps the prompt is in another language.
const MOST_UNKNOWN: usize = 3;

/// Whether a place is all that is known of a prompt with more to it.
fn is_thin(script: &script::Script, story: &story::Story) -> bool {
    let things = story.scenes.iter().any(|s| !s.things.is_empty());
    let spoken = story.steps.iter().any(|s| !s.said.is_empty());
    story.cast.is_empty() && !things && !spoken && script.unknown.len() > MOST_UNKNOWN
}

/// There must be somebody, something, or at least a place, a time or a weather.
fn check_subject(script: &script::Script, story: &story::Story, vocabulary: &Vocabulary) -> Result<(), DirectorError> {
    let things = story.scenes.iter().any(|s| !s.things.is_empty());
    let set = |s: &script::Setting| s.place.is_some() || s.time.is_some() || s.weather.is_some();
    let seen = script.segments.iter().flat_map(|s| &s.clauses).any(|c| set(&c.setting));
    if !story.cast.is_empty() || things || seen {
        return Ok(());
    }
    let unknown: Vec<String> = script.unknown.iter().map(|u| u.word.clone()).collect();
    let mut nearest: Vec<String> = script.unknown.iter().filter_map(|u| u.nearest.clone()).collect();
    if nearest.is_empty() {
        let kinds = [Kind::Creature, Kind::Person, Kind::Vehicle, Kind::Prop];
        nearest = kinds.iter().flat_map(|k| vocabulary.of(*k).take(3)).map(|a| a.name(Language::En).to_owned()).collect();
    }
    Err(DirectorError::NoSubject { unknown, nearest })
}

fn orders(options: &Options, film: &script::FilmWishes, warnings: &mut Vec<Warning>) -> shots::Orders {
    let mut seconds = options.duration.map(Ticks::seconds);
    if let (None, Some((wanted, span))) = (seconds, film.seconds) {
        let clamped = wanted.clamp(1.0, 180.0);
        if (clamped - wanted).abs() > 1e-9 {
            warnings.push(
                Warning::new(WarningKind::Adjusted, format!("a film of {wanted} s is not possible; it lasts {clamped} s")).at(span).hint("1 to 180 seconds"),
            );
        }
        seconds = Some(clamped);
    }
    shots::Orders {
        seconds: seconds.map(|s| s.clamp(0.5, 180.0)),
        shots: options.shots.or(film.shots),
        fps: options.fps.filter(|f| FrameRate::OFFERED.contains(&f.0)).unwrap_or_default(),
    }
}

fn look(options: &Options, said: Option<&str>, vocabulary: &Vocabulary, warnings: &mut Vec<Warning>) -> String {
    let wanted = options.look.as_deref().or(said).unwrap_or("clay");
    if let Some(asset) = looks::named(vocabulary, wanted) {
        return asset.id.clone();
    }
    let known: Vec<&str> = vocabulary
        .of(Kind::Look)
        .flat_map(|a| [a.id.as_str()].into_iter().chain(Language::ALL.into_iter().flat_map(|l| a.names.of(l)).map(String::as_str)))
        .collect();
    let ids: Vec<&str> = vocabulary.of(Kind::Look).map(|a| a.id.as_str()).collect();
    let hint = nearest(&wanted.to_lowercase(), known).map_or_else(|| format!("there are: {}", ids.join(", ")), |n| format!("did you mean \"{n}\"?"));
    warnings.push(Warning::new(WarningKind::Unsupported, format!("there is no look \"{wanted}\"; the film is drawn as clay")).hint(hint));
    "clay".into()
}

/// The first words of the prompt as a title.
fn title(text: &str) -> String {
    let sentence = text.split(['.', '!', '?', '\n', ';']).find(|s| s.chars().any(char::is_alphabetic)).unwrap_or(text).trim();
    let mut out = String::new();
    for word in sentence.split_whitespace() {
        if out.chars().count() + word.chars().count() > 60 {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.trim_end_matches([',', ':', '-']).to_owned()
}
