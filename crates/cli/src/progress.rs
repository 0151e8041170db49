//! Progress on standard error: one line that is rewritten on a terminal, plain lines elsewhere.

use kinora::base::studio::{Cache, Machine, Progress, Studio};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A line for people. If standard error cannot be written (a full disk), that is no reason to stop.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// The real machine, with progress for people.
pub(crate) struct Desk {
    machine: &'static Machine,
    shown: Mutex<Shown>,
    terminal: bool,
    cached: bool,
}

#[derive(Default)]
struct Shown {
    last: f64,
    stage: &'static str,
    began: f64,
    began_at: u64,
}

impl Desk {
    /// With this many threads; Ctrl-C asks the work to stop.
    pub(crate) fn new(threads: Option<usize>) -> Self {
        let machine: &'static Machine = Box::leak(Box::new(Machine::new(threads)));
        // A second Ctrl-C ends the program at once, as people expect of one that does not answer.
        let handler = move || {
            if machine.cancelled() {
                std::process::exit(130);
            }
            machine.cancel();
            say("\nkinora: stopping; parts that are done are kept, and the same command goes on from them");
        };
        if let Err(error) = ctrlc::set_handler(handler) {
            say(&format!("kinora: Ctrl-C will end the program at once ({error})"));
        }
        Self { machine, shown: Mutex::new(Shown::default()), terminal: io::stderr().is_terminal(), cached: true }
    }

    /// For services: nobody watches, and Ctrl-C is not its business.
    pub(crate) fn new_silent() -> Self {
        let machine: &'static Machine = Box::leak(Box::new(Machine::new(None)));
        Self { machine, shown: Mutex::new(Shown::default()), terminal: false, cached: true }
    }

    /// With or without a cache.
    pub(crate) fn with_cache(self, cached: bool) -> Self {
        Self { cached, ..self }
    }

    fn show(&self, p: &Progress) {
        let now = self.machine.clock();
        let mut shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if shown.stage != p.stage {
            *shown = Shown { last: 0.0, stage: p.stage, began: now, began_at: p.done };
        }
        let every = if self.terminal { 0.2 } else { 3.0 };
        let done = p.done >= p.total;
        if now - shown.last < every && !done {
            return;
        }
        shown.last = now;
        let rate = p.done.saturating_sub(shown.began_at) as f64 / (now - shown.began).max(1e-3);
        let left = if rate > 0.0 { format!("{:.0} s left", p.total.saturating_sub(p.done) as f64 / rate) } else { String::new() };
        let line = if p.total > 1 {
            format!("{:8} {:>5}/{} frames  {rate:.1} a second  {left}", p.stage, p.done, p.total)
        } else {
            format!("{:8} {}", p.stage, if done { "done" } else { "..." })
        };
        let mut err = io::stderr().lock();
        let written = if self.terminal { write!(err, "\r\x1b[K{line}{}", if done { "\n" } else { "" }) } else { writeln!(err, "{line}") };
        // Progress that cannot be shown is no reason to stop.
        let _ = written.and_then(|()| err.flush());
    }
}

impl Studio for Desk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.machine.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.machine.write(path, bytes)
    }
    fn cache(&self) -> Option<Cache> {
        let size = std::env::var("KINORA_CACHE_GB").ok().and_then(|g| g.trim().parse::<f64>().ok()).filter(|g| *g >= 0.0).unwrap_or(CACHE_GB);
        cache_folder().filter(|_| self.cached).map(|folder| Cache { folder, limit: (size * 1e9) as u64, build: build() })
    }
    fn asset_folders(&self) -> Vec<PathBuf> {
        std::env::var_os("KINORA_ASSETS").map(|v| std::env::split_paths(&v).collect()).unwrap_or_default()
    }
    fn voices(&self) -> Option<PathBuf> {
        voices_folder()
    }
    fn fonts(&self) -> Option<PathBuf> {
        fonts_folder()
    }
    fn system_fonts(&self) -> Vec<PathBuf> {
        // A wish for no other fonts than those of the binary is one for none of the system's either.
        if fonts_folder().is_some() { kinora::letters::system_folders() } else { Vec::new() }
    }
    fn threads(&self) -> usize {
        self.machine.threads()
    }
    fn progress(&self, progress: Progress) {
        self.show(&progress);
    }
    fn cancelled(&self) -> bool {
        self.machine.cancelled()
    }
    fn clock(&self) -> f64 {
        self.machine.clock()
    }
}

/// How large the cache may grow, in GB, if nobody says otherwise.
const CACHE_GB: f64 = 4.0;

/// KINORA_CACHE (`off` = none), or the place where the system keeps what can be made again.
fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    match set("KINORA_CACHE") {
        Some(off) if off.as_os_str() == "off" => None,
        Some(folder) => Some(folder),
        None if cfg!(windows) => set("LOCALAPPDATA").map(|f| f.join("Kinora").join("cache")),
        None if cfg!(target_os = "macos") => set("HOME").map(|f| f.join("Library/Caches/kinora")),
        None => set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|f| f.join(".cache"))).map(|f| f.join("kinora")),
    }
}

/// Where the voice pack lies: KINORA_VOICES, else in the user's data.
pub(crate) fn voices_folder() -> Option<PathBuf> {
    data_folder("KINORA_VOICES", "voices")
}

/// Where fonts are installed: KINORA_FONTS (`off` = none but those of the binary), else in the user's data.
pub(crate) fn fonts_folder() -> Option<PathBuf> {
    data_folder("KINORA_FONTS", "fonts")
}

/// A folder that a variable names (`off` = none), else one in the user's data.
fn data_folder(variable: &str, name: &str) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    match set(variable) {
        Some(off) if off.as_os_str() == "off" => None,
        Some(folder) => Some(folder),
        None if cfg!(windows) => set("LOCALAPPDATA").map(|f| f.join("Kinora").join(name)),
        None if cfg!(target_os = "macos") => set("HOME").map(|f| f.join("Library/Application Support/kinora").join(name)),
        None => set("XDG_DATA_HOME").or_else(|| set("HOME").map(|f| f.join(".local/share"))).map(|f| f.join("kinora").join(name)),
    }
}

/// Stands for this very program: what another build has drawn may look otherwise.
fn build() -> u64 {
    let about = std::env::current_exe().and_then(std::fs::metadata);
    let changed = about.as_ref().ok().and_then(|a| a.modified().ok()).and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
    changed.map_or(0, |t| t.as_nanos() as u64) ^ about.map_or(0, |a| a.len()).rotate_left(48)
}
