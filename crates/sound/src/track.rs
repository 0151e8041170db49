//! Stereo sound on a disk: a film's tracks are longer than memory should be.

use crate::SoundError;
use kinora_base::pcm::{ReadSound, Stereo};
use kinora_base::spool::Spool;
use std::io;
use std::ops::Range;
use std::path::Path;

/// Stereo sound on a disk, in a file without a name that is gone when the track is dropped. Read it in pieces ([`ReadSound`]).
#[derive(Debug)]
pub struct Track {
    /// Left, right, left, right.
    spool: Spool,
    samples: usize,
}

impl Track {
    /// Silence in a folder.
    pub(crate) fn silence(folder: &Path, samples: usize) -> Result<Self, SoundError> {
        let spool = Spool::zeros(folder, 2 * samples).map_err(|e| SoundError::spool(folder, &e))?;
        Ok(Self { spool, samples })
    }

    /// Puts sound in place of what was there.
    pub(crate) fn write(&self, at: usize, sound: &Stereo) -> Result<(), SoundError> {
        self.spool.write(2 * at, &sound.interleaved()).map_err(|e| self.failed(&e))
    }

    /// Puts sound behind its end; gives the place.
    pub(crate) fn append(&mut self, sound: &Stereo) -> Result<usize, SoundError> {
        let at = self.samples;
        self.write(at, sound)?;
        self.samples += sound.len();
        Ok(at)
    }

    /// Some of it.
    pub(crate) fn piece(&self, range: Range<usize>) -> Result<Stereo, SoundError> {
        self.read(range).map_err(|e| self.failed(&e))
    }

    fn failed(&self, e: &io::Error) -> SoundError {
        SoundError::spool(self.spool.folder(), e)
    }
}

impl ReadSound for Track {
    fn samples(&self) -> usize {
        self.samples
    }
    fn read(&self, range: Range<usize>) -> io::Result<Stereo> {
        let numbers = self.spool.read(2 * range.start..2 * range.end)?;
        let channel = |c: usize| numbers.iter().skip(c).step_by(2).copied().collect();
        Ok(Stereo { left: channel(0), right: channel(1) })
    }
}
