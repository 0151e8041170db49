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
pub fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    may_replace(path)?;
    let mut name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?.to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(name);
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

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
