//! What is heard, measured: loudness (BS.1770, EBU R 128), peaks, clipping, silence.

use crate::JudgeError;
use ebur128::{EbuR128, Mode};
use kinora_base::maths;
use kinora_base::pcm::Stereo;
use kinora_film::ReadError;
use kinora_film::read::Movie;
use serde::Serialize;

/// This many samples in a row at full scale are clipped.
const CLIP_RUN: usize = 3;
/// As good as full scale.
const FULL_SCALE: f32 = 0.999;
/// Quieter than this (-70 dB) is silence.
const SILENT: f32 = 0.000_316;

/// Figures of the sound.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SoundFigures {
    /// The four letters of its coding.
    pub codec: String,
    /// Samples a second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// Length of the sound as it is heard.
    pub seconds: f64,
    /// Integrated loudness in LUFS; none if it is silent.
    pub loudness: Option<f64>,
    /// Loudness range in LU.
    pub range: f64,
    /// True peak in dBTP.
    pub true_peak: f64,
    /// Runs of samples at full scale.
    pub clipped: usize,
    /// The longest silence in seconds.
    pub longest_silence: f64,
}

/// What may go wrong here, before the file is known.
pub(crate) enum Failure {
    Read(ReadError),
    Meter(ebur128::Error),
}

impl From<ReadError> for Failure {
    fn from(e: ReadError) -> Self {
        Self::Read(e)
    }
}
impl From<ebur128::Error> for Failure {
    fn from(e: ebur128::Error) -> Self {
        Self::Meter(e)
    }
}

impl Failure {
    pub(crate) fn in_file(self, file: &str) -> JudgeError {
        match self {
            Self::Read(e) => JudgeError::Read(e),
            Self::Meter(e) => JudgeError::Loudness { file: file.to_owned(), message: e.to_string() },
        }
    }
}

pub(crate) fn measure(movie: &Movie) -> Result<Option<SoundFigures>, Failure> {
    let (Some(track), Some(sound)) = (movie.audio(), movie.sound()?) else { return Ok(None) };
    let mut meter = EbuR128::new(2, track.timescale, Mode::I | Mode::LRA | Mode::TRUE_PEAK)?;
    meter.add_frames_planar_f32(&[&sound.left, &sound.right])?;
    let peak = meter.true_peak(0)?.max(meter.true_peak(1)?);
    Ok(Some(SoundFigures {
        codec: track.codec.clone(),
        rate: track.timescale,
        channels: track.channels,
        seconds: sound.len() as f64 / f64::from(track.timescale),
        loudness: Some(meter.loudness_global()?).filter(|l| l.is_finite()),
        range: meter.loudness_range()?,
        true_peak: f64::from(20.0 * maths::log10((peak as f32).max(1e-6))),
        clipped: clipped(&sound.left) + clipped(&sound.right),
        longest_silence: longest_silence(&sound) as f64 / f64::from(track.timescale),
    }))
}

pub(crate) fn clipped(channel: &[f32]) -> usize {
    channel.chunk_by(|a, b| (a.abs() >= FULL_SCALE) == (b.abs() >= FULL_SCALE)).filter(|run| run.len() >= CLIP_RUN && run[0].abs() >= FULL_SCALE).count()
}

fn longest_silence(sound: &Stereo) -> usize {
    let silent = sound.left.iter().zip(&sound.right).map(|(l, r)| l.abs().max(r.abs()) < SILENT);
    let (mut longest, mut run) = (0, 0);
    for quiet in silent {
        run = if quiet { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_and_silence_are_counted() {
        assert_eq!(clipped(&[0.0, 1.0, 1.0, 1.0, 0.2, 1.0, 1.0, 0.0]), 1, "three in a row count, two do not");
        let sound = Stereo { left: vec![0.1, 0.0, 0.0, 0.0, 0.1, 0.0], right: vec![0.0; 6] };
        assert_eq!(longest_silence(&sound), 3, "both sides must be silent");
    }
}
