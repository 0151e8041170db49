//! What makes films: a trait, so that tests can bring a quick one, and the engine of this project behind it.

mod stage;
mod words;

pub use stage::{Place, StageEngine};

use crate::wish::Wish;
use kinora_plan::Plan;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Looks after a job while it is made.
#[derive(Debug, Default)]
pub struct Watch {
    stop: AtomicBool,
    progress: AtomicI64,
}

impl Watch {
    /// Asks to stop; engines ask at every frame.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }
    /// Whether to stop.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
    /// Says how many thousandths are done.
    pub fn done(&self, thousandths: i64) {
        self.progress.fetch_max(thousandths.clamp(0, 999), Ordering::SeqCst);
    }
    /// How many thousandths are done.
    #[must_use]
    pub fn progress(&self) -> i64 {
        self.progress.load(Ordering::SeqCst)
    }
}

/// A piece of work.
pub struct Work<'a> {
    /// What is to be made.
    pub wish: &'a Wish,
    /// The plan of the film it goes on from.
    pub parent: Option<&'a Plan>,
    /// The job's own folder; the same whenever it is begun again.
    pub folder: &'a Path,
    /// So many threads.
    pub threads: usize,
    /// Who looks after it.
    pub watch: &'a Watch,
}

/// What was made; files are in the job's folder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Made {
    /// What is told of it.
    pub result: Value,
    /// What went otherwise than asked.
    pub warnings: Vec<Value>,
}

/// Why nothing was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The wish cannot be made; a sentence for whoever wished.
    Input(String),
    /// The disk is full or broken: later.
    Disk(String),
    /// It was asked to stop.
    Stopped,
    /// Our own fault.
    Internal(String),
}

/// A voice that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VoiceInfo {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Code of the language that it learned.
    pub language: String,
}

/// Something to say at once.
#[derive(Clone, Debug)]
pub struct Saying {
    /// The words.
    pub text: String,
    /// Whose voice.
    pub voice: Option<String>,
    /// Their language, or by their letters.
    pub language: Option<String>,
    /// Factor on speed.
    pub speed: f32,
}

/// Makes films, pictures and sounds. Called from threads that may block.
pub trait Engine: Send + Sync + 'static {
    /// The plan of a wish, with what went otherwise than asked.
    ///
    /// # Errors
    /// If it cannot be made.
    fn plan(&self, wish: &Wish, parent: Option<&Plan>) -> Result<(Plan, Vec<Value>), Failure>;
    /// Whether a plan that was given can be made.
    ///
    /// # Errors
    /// With what is wrong.
    fn check(&self, plan: &Plan) -> Result<(), String>;
    /// Makes it. Called again with the same folder after a crash, it goes on from what is there.
    ///
    /// # Errors
    /// If it cannot be made.
    fn make(&self, work: &Work<'_>) -> Result<Made, Failure>;
    /// A WAV file of something said, and its seconds.
    ///
    /// # Errors
    /// If it cannot be said.
    fn say(&self, saying: &Saying) -> Result<(Vec<u8>, f64), Failure>;
    /// Voices that are installed.
    fn voices(&self) -> Vec<VoiceInfo>;
}
