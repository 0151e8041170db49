//! Kinora: a prompt goes in, a multi-shot film with synchronised sound comes out.
//!
//! # Steps
//! 1. *Direct*: [`Kinora::direct`] reads a [`Prompt`] and writes a [`Plan`]: cast, scenes, shots, beats, lines, cues.
//! 2. *Voice*: [`kinora_speech::voice`] speaks and times the lines: [`kinora_plan::voices::Voices`].
//! 3. *Block*: [`kinora_stage::block`] puts everybody in the world: [`kinora_stage::Staging`].
//! 4. *Shoot*: an [`kinora_stage::Engine`] draws frame n of the staging, in any order, on any thread.
//! 5. *Score*: [`kinora_sound::mix`] turns the staging's spotting sheet into a soundtrack, at the same time as 4.
//! 6. *Deliver*: [`kinora_film::deliver`] encodes, joins and writes the file.
//!
//! [`Kinora::make`] does 2 to 6 for a plan.
//!
//! # Limits today
//! Without the voice pack speech is timed but not heard (subtitles and moving mouths instead); pictures and videos cannot be given as input.

mod characters;
mod digest;
mod error;
mod gltf;
mod lettering;
mod make;
mod memory;
mod motions;
mod poses;
mod sheet;

pub use error::Error;
pub use kinora_base as base;
pub use kinora_director::{DirectorError, Options, Prompt};
pub use kinora_film as film;
pub use kinora_gltf as figures;
pub use kinora_letters as letters;
pub use kinora_plan::{Plan, Size, bvh, schema};
pub use kinora_render::SimdLevel;
pub use kinora_sound::{SoundError, Soundtrack};
pub use kinora_speech as speech;
pub use kinora_vocabulary::{Kind, Language, Vocabulary};
pub use make::{Made, Settings, lock_beside, plan_beside};
pub use memory::LargePages;
pub use sheet::{Views, frames_of_film, frames_of_plan, show, show_moment, still};

use kinora_base::{Studio, Warned};
use kinora_letters::Fonts;
use kinora_solids::Letters;
use kinora_speech::{Pack, Speaker};
use kinora_stage::{Photographer, Staging};
use kinora_vocabulary::Recording;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The engine with its vocabulary loaded.
pub struct Kinora {
    vocabulary: Vocabulary,
    /// If there is a voice pack.
    speaker: Option<Speaker>,
    fonts: Arc<Fonts>,
    /// Characters that were read, by the sums of their files.
    figures: Mutex<BTreeMap<String, Arc<kinora_gltf::Figure>>>,
}

impl Kinora {
    /// With the built-in vocabulary and the user's own folders of the studio.
    ///
    /// # Errors
    /// If an asset file is broken: file, line and what was expected.
    pub fn new(studio: &dyn Studio) -> Result<Self, Error> {
        let mut vocabulary = Vocabulary::builtin()?;
        for folder in studio.asset_folders() {
            vocabulary = with_folder(vocabulary, studio, &folder)?;
        }
        kinora_sound::check_recordings(&vocabulary)?;
        let pack = studio.voices().and_then(|folder| Pack::open(&folder).ok());
        let fonts = Arc::new(Fonts::new(studio.fonts(), studio.system_fonts()));
        Ok(Self { vocabulary, speaker: pack.map(Speaker::new), fonts, figures: Mutex::default() })
    }

    /// Everything that is known.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The engine that draws a staging, with the fonts of the studio.
    ///
    /// # Errors
    /// If a role's body cannot be made.
    pub fn photographer<'a>(&'a self, staging: &'a Staging, simd: SimdLevel, passes: bool) -> Result<Photographer<'a>, Error> {
        let letters = Letters { fonts: self.fonts.clone(), language: staging.plan.language.clone() };
        Ok(Photographer::new(staging, &self.vocabulary, simd, passes)?.with_letters(letters))
    }

    /// The titles of a plan, and captions that are to be burnt in, ready to be laid over its pictures.
    #[must_use]
    pub fn overlay(&self, plan: &Plan, burnt: &[kinora_film::Caption]) -> kinora_film::titles::Overlay {
        let colour = |name: &str| kinora_solids::materials::colour(&self.vocabulary, name).ok().flatten();
        kinora_film::titles::Overlay::new(plan, burnt, &self.fonts, &colour)
    }

    /// A prompt becomes a plan, with what was not understood.
    ///
    /// # Errors
    /// If there is nothing to film: an empty or too long prompt, another language, no known subject.
    pub fn direct(&self, prompt: &Prompt) -> Result<Warned<Plan>, Error> {
        Ok(kinora_director::direct(prompt, &self.vocabulary)?)
    }

    /// A film goes on: its plan with new shots for a prompt after its own.
    ///
    /// # Errors
    /// As [`Kinora::direct`].
    pub fn go_on(&self, film: &Plan, prompt: &Prompt) -> Result<Warned<Plan>, Error> {
        Ok(kinora_director::go_on(film, prompt, &self.vocabulary)?)
    }

    /// Reads a plan and checks it: form, values, words.
    ///
    /// # Errors
    /// With every problem: place, value, range, hint.
    pub fn read_plan(&self, path: &Path, studio: &dyn Studio) -> Result<Plan, Error> {
        let bytes = studio.read(path).map_err(|e| Error::Read { path: path.to_owned(), source: e })?;
        let text = String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.to_owned() })?;
        let mut plan = Plan::from_json(&text).map_err(|e| Error::Json { path: path.to_owned(), source: e })?;
        Self::take_in_motions(&mut plan, path, studio)?;
        self.take_in_figures(&mut plan, path, studio)?;
        self.check(&plan)?;
        Ok(plan)
    }

    /// Checks a plan: values, then words.
    ///
    /// # Errors
    /// With every problem: place, value, range, hint.
    pub fn check(&self, plan: &Plan) -> Result<(), Error> {
        let mut problems = plan.check();
        if problems.is_empty() {
            problems = kinora_director::check_words(plan, &self.vocabulary);
            problems.extend(self.unread(plan));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Plan(problems)) }
    }
}

/// Adds a user's folder of assets: `folder/props/teapot.ron`, `folder/sounds/bark.wav` and so on.
fn with_folder(vocabulary: Vocabulary, studio: &dyn Studio, folder: &Path) -> Result<Vocabulary, Error> {
    let (mut texts, mut recordings) = (Vec::new(), Vec::new());
    for inside in kinds_of(folder)? {
        let Some((kind, _)) = Kind::ALL.into_iter().find(|(_, name)| inside.ends_with(name)) else { continue };
        if kind == Kind::Sound {
            recordings = recorded(&inside, studio)?;
        }
        for path in listed(&inside)?.into_iter().filter(|p| p.extension().is_some_and(|e| e == "ron")) {
            let bytes = studio.read(&path).map_err(|e| Error::Read { path: path.clone(), source: e })?;
            let text = String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.clone() })?;
            let id = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            texts.push((kind, id, text));
        }
    }
    // Ours have no folder in their errors; theirs say which of several it was.
    let files = texts.iter().map(|(k, id, t)| (*k, id.as_str(), t.as_str()));
    let vocabulary = vocabulary.with_files(files).map_err(|e| kinora_vocabulary::AssetError { file: folder.join(&e.file).display().to_string(), ..e })?;
    Ok(vocabulary.with_recordings(recordings))
}

/// No WAV file of a minute has more bytes.
const LARGEST_RECORDING: u64 = 200_000_000;

/// The WAV files of a folder of sounds, in the order of their names.
fn recorded(folder: &Path, studio: &dyn Studio) -> Result<Vec<Recording>, Error> {
    let mut all = Vec::new();
    for path in listed(folder)?.into_iter().filter(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("wav"))) {
        if std::fs::metadata(&path).is_ok_and(|m| m.len() > LARGEST_RECORDING) {
            return Err(Error::AssetFolder { path, what: "is too large for a minute of sound; cut it to 60 s or less".to_owned() });
        }
        let bytes = studio.read(&path).map_err(|e| Error::Read { path: path.clone(), source: e })?;
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        all.push(Recording { name, path: path.display().to_string(), bytes: bytes.into() });
    }
    Ok(all)
}

/// The folders in a user's folder, each of which must be that of a kind.
fn kinds_of(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let folders: Vec<PathBuf> = listed(folder)?.into_iter().filter(|p| p.is_dir()).collect();
    for path in &folders {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') && !Kind::ALL.iter().any(|(_, f)| *f == name) {
            let known = Kind::ALL.map(|(_, f)| f).join(", ");
            return Err(Error::AssetFolder { path: path.clone(), what: format!("is the folder of no kind; there are: {known}") });
        }
    }
    Ok(folders)
}

/// What lies in a folder, by name.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let wrong = |e: std::io::Error| Error::AssetFolder {
        path: folder.to_owned(),
        what: format!("cannot be listed: {e}; KINORA_ASSETS names folders such as /home/me/words with props/teapot.ron in them"),
    };
    let mut paths = std::fs::read_dir(folder).map_err(wrong)?.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    paths.sort();
    Ok(paths)
}
