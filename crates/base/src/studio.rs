//! The outside world: files, clock, threads, progress, cancelling. Everything else in Kinora is pure,
//! so tests bring a studio of their own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// How far a piece of work has come.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What is being done: `direct`, `block`, `shoot`, `score`, `deliver`.
    pub stage: &'static str,
    /// Frames (or other pieces) that are done.
    pub done: u64,
    /// Frames (or other pieces) in all.
    pub total: u64,
}

/// A folder of things that can be made again, under names that say all that they depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Where.
    pub folder: PathBuf,
    /// Bytes that it may take; what was not used for the longest time goes first.
    pub limit: u64,
    /// Which build of the program made them: others draw otherwise, so their things are not found.
    pub build: u64,
}

impl Cache {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{:016x}-{name}", self.build))
    }

    /// Brings a thing to `path`, if it is there, and notes that it was used.
    #[must_use]
    pub fn fetch(&self, name: &str, path: &Path) -> bool {
        let kept = self.path(name);
        // A link, so that nobody can take it away meanwhile; where there are none, a copy.
        let there = std::fs::hard_link(&kept, path).or_else(|_| std::fs::copy(&kept, path).map(drop)).is_ok();
        if there && let Ok(file) = std::fs::File::options().append(true).open(&kept) {
            let _ = file.set_modified(std::time::SystemTime::now());
        }
        there
    }

    /// Keeps a finished file. If it cannot be kept, it is made again the next time.
    pub fn keep(&self, name: &str, path: &Path) {
        let kept = self.path(name);
        if self.limit == 0 || std::fs::create_dir_all(&self.folder).is_err() || kept.exists() {
            return;
        }
        if std::fs::hard_link(path, &kept).is_err() {
            let beside = self.folder.join(format!("{name}.{}.new", std::process::id()));
            let _ = std::fs::copy(path, &beside).and_then(|_| std::fs::rename(&beside, &kept)).map_err(|_| std::fs::remove_file(&beside));
        }
    }

    /// Removes a thing that turned out to be broken.
    pub fn forget(&self, name: &str) {
        let _ = std::fs::remove_file(self.path(name));
    }

    /// Everything in it: when it was used, its bytes, its path.
    fn contents(&self) -> io::Result<Vec<(std::time::SystemTime, u64, PathBuf)>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut all = Vec::new();
        for entry in entries {
            let entry = entry?;
            // Others may remove theirs at this very time.
            let Ok(about) = entry.metadata() else { continue };
            if about.is_file() {
                all.push((about.modified().unwrap_or(std::time::SystemTime::UNIX_EPOCH), about.len(), entry.path()));
            }
        }
        Ok(all)
    }

    /// How many things are in it, and their bytes.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn size(&self) -> io::Result<(usize, u64)> {
        let all = self.contents()?;
        Ok((all.len(), all.iter().map(|a| a.1).sum()))
    }

    /// Removes what was not used for the longest time until the limit is kept.
    pub fn trim(&self) {
        let Ok(mut all) = self.contents() else { return };
        let mut bytes: u64 = all.iter().map(|a| a.1).sum();
        all.sort();
        for (_, size, path) in all {
            if bytes <= self.limit {
                return;
            }
            if std::fs::remove_file(path).is_ok() {
                bytes -= size;
            }
        }
    }

    /// Removes everything in it.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        self.contents()?.into_iter().try_for_each(|(_, _, path)| std::fs::remove_file(path))
    }
}

/// Everything Kinora asks of the machine it runs on. Called from several threads.
pub trait Studio: Sync {
    /// Reads a whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Writes a whole file so that a reader sees the old one or the new one, never a half: written beside, then renamed.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Folders with a user's own assets, later ones winning over earlier ones and over the built-in ones.
    fn asset_folders(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Where pieces of films are kept for the next time; none = they are not.
    fn cache(&self) -> Option<Cache> {
        None
    }
    /// The folder of the voice pack; none, or an empty one = lines are timed but not heard.
    fn voices(&self) -> Option<PathBuf> {
        None
    }
    /// The folder of fonts that were installed for Kinora; none = there are none.
    fn fonts(&self) -> Option<PathBuf> {
        None
    }
    /// Folders of the system's fonts, for letters that neither the binary nor [`Studio::fonts`] has.
    fn system_fonts(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// How many threads may work at once.
    fn threads(&self) -> usize;
    /// Told now and then how far the work has come.
    fn progress(&self, progress: Progress);
    /// Whether the user wants to stop; long loops ask every frame.
    fn cancelled(&self) -> bool {
        false
    }
    /// Seconds on a clock that never goes back, for reports only: no result may depend on it.
    fn clock(&self) -> f64;
}

/// The real machine.
#[derive(Debug)]
pub struct Machine {
    threads: usize,
    started: std::time::Instant,
    cancelled: AtomicBool,
}

impl Machine {
    /// The machine with this many threads; `None` takes every core.
    #[must_use]
    pub fn new(threads: Option<usize>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads: threads.unwrap_or(cores).max(1), started: std::time::Instant::now(), cancelled: AtomicBool::new(false) }
    }
    /// Asks all work to stop.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}

impl Studio for Machine {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        write_beside(path, bytes)
    }
    fn threads(&self) -> usize {
        self.threads
    }
    fn progress(&self, _: Progress) {}
    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
    fn clock(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

/// Whether a file may get this name: nothing is there, or a file that it replaces. Renaming over a device such as
/// `/dev/null` would take it away from the whole machine.
///
/// # Errors
/// If a folder, a device or a pipe is there.
pub fn may_replace(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => Err(io::Error::new(io::ErrorKind::InvalidInput, "a device or a pipe has this name, and is not replaced")),
        _ => Ok(()),
    }
}

/// Writes `path` by way of a file beside it, so that no half file is ever seen under its name.
///
/// # Errors
/// If it cannot be written, or a folder or a device has its name.
pub fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fill_beside(path, |file| io::Write::write_all(file, bytes))
}

/// As [`write_beside`], for what is not in memory as a whole: `fill` writes it.
///
/// # Errors
/// As [`write_beside`], or what `fill` fails with.
pub fn fill_beside(path: &Path, fill: impl FnOnce(&mut std::fs::File) -> io::Result<()>) -> io::Result<()> {
    may_replace(path)?;
    let mut name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?.to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(name);
    let written = std::fs::File::create(&beside).and_then(|mut file| fill(&mut file)).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_keeps_what_was_used_last() {
        let folder = std::env::temp_dir().join(format!("kinora-cache-{}", std::process::id()));
        let cache = Cache { folder: folder.join("kept"), limit: 25, build: 7 };
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        assert_eq!(cache.size().expect("a cache that is not there is empty"), (0, 0), "empty");
        for (age, name) in ["a", "b", "c"].into_iter().enumerate() {
            let made = folder.join("made");
            std::fs::write(&made, [age as u8; 10]).expect("written");
            cache.keep(name, &made);
            std::fs::remove_file(&made).expect("removed");
            let file = std::fs::File::options().append(true).open(cache.path(name)).expect("kept");
            file.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(age as u64)).expect("dated");
        }
        let out = folder.join("out");
        assert!(cache.fetch("a", &out), "the oldest is there");
        assert!(!Cache { build: 8, ..cache.clone() }.fetch("a", &folder.join("none")), "but not for another build");
        assert_eq!(std::fs::read(&out).expect("fetched"), [0; 10], "and whole");
        cache.trim();
        assert_eq!(cache.size().expect("listed"), (2, 20), "within the limit");
        assert!(!cache.fetch("b", &folder.join("none")), "what was not used is gone");
        assert!(cache.path("a").exists(), "what was used stays");
        cache.clear().expect("cleared");
        assert_eq!(cache.size().expect("listed"), (0, 0), "cleared");
        assert!(out.exists(), "what was fetched is not taken away");
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    #[cfg(unix)]
    fn only_files_are_replaced() {
        let folder = std::env::temp_dir().join(format!("kinora-studio-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let (file, socket) = (folder.join("file"), folder.join("socket"));
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        assert!(may_replace(&file).is_ok(), "nothing is there");
        std::fs::write(&file, "old").expect("written");
        assert!(write_beside(&file, b"new").is_ok(), "a file is replaced");
        assert!(may_replace(&folder).is_err(), "a folder is not");
        assert!(write_beside(&socket, b"new").is_err(), "nor what is neither");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
