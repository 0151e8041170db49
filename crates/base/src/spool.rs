//! What is as long as a film is written to a disk and read back in pieces, so that memory does not grow with the film.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A file without a name, to be written and read: the system takes its room back when it is closed, or when the program dies.
///
/// # Errors
/// If no file can be made in `folder`.
pub fn unnamed(folder: &Path) -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let path = folder.join(format!("spool-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path)?;
    // An open file outlives its name.
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// A list of `f32` in an [`unnamed`] file.
#[derive(Debug)]
pub struct Spool {
    file: Mutex<File>,
    folder: PathBuf,
}

impl Spool {
    /// A list of so many zeros, in a file in `folder`. Its room is taken when it is written to.
    ///
    /// # Errors
    /// If a file cannot be made there.
    pub fn zeros(folder: &Path, count: usize) -> io::Result<Self> {
        let file = unnamed(folder)?;
        file.set_len(4 * count as u64)?;
        Ok(Self { file: Mutex::new(file), folder: folder.to_path_buf() })
    }

    /// Where the file lies, for what is said when the disk is full.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn at(&self, index: usize) -> io::Result<MutexGuard<'_, File>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(4 * index as u64))?;
        Ok(file)
    }

    /// Puts numbers in place of those from `at` on; the list grows if they go beyond its end.
    ///
    /// # Errors
    /// If they cannot be written: the disk may be full.
    pub fn write(&self, at: usize, numbers: &[f32]) -> io::Result<()> {
        let mut bytes = vec![0; 4 * numbers.len()];
        bytes.chunks_exact_mut(4).zip(numbers).for_each(|(b, n)| b.copy_from_slice(&n.to_le_bytes()));
        self.at(at)?.write_all(&bytes)
    }

    /// Some of the numbers.
    ///
    /// # Errors
    /// If they cannot be read, or the list ends before.
    pub fn read(&self, range: Range<usize>) -> io::Result<Vec<f32>> {
        let mut bytes = vec![0; 4 * range.len()];
        self.at(range.start)?.read_exact(&mut bytes)?;
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_stays_behind() {
        let folder = std::env::temp_dir().join(format!("kinora-spool-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let spool = Spool::zeros(&folder, 6).expect("made");
        assert_eq!(std::fs::read_dir(&folder).expect("listed").count(), 0, "no name");
        spool.write(2, &[1.5, -2.0]).expect("written");
        assert_eq!(spool.read(0..6).expect("read"), [0.0, 0.0, 1.5, -2.0, 0.0, 0.0], "zeros where nothing was written");
        spool.write(5, &[3.0, 4.0]).expect("written");
        assert_eq!(spool.read(5..7).expect("read"), [3.0, 4.0], "it grows");
        assert!(spool.read(5..8).is_err(), "beyond its end is nothing");
        assert!(Spool::zeros(&folder.join("none"), 1).is_err(), "a folder that is not there");
        std::fs::remove_dir(&folder).expect("empty");
    }
}
