//! Sound in memory: 48 kHz stereo, one `f32` a sample and channel.

use std::io;
use std::ops::Range;

/// Samples a second, everywhere in Kinora.
pub const SAMPLE_RATE: u32 = 48_000;

/// Stereo sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stereo {
    /// The left channel.
    pub left: Vec<f32>,
    /// The right channel, as long as the left.
    pub right: Vec<f32>,
}

impl Stereo {
    /// Silence of `samples` samples.
    #[must_use]
    pub fn silence(samples: usize) -> Self {
        Self { left: vec![0.0; samples], right: vec![0.0; samples] }
    }
    /// Samples in a channel.
    #[must_use]
    pub fn len(&self) -> usize {
        self.left.len()
    }
    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }
    /// Adds mono sound at a sample, with a gain for each channel; what lies outside is cut.
    pub fn add_mono(&mut self, at: i64, mono: &[f32], left: f32, right: f32) {
        let skipped = usize::try_from(-at).unwrap_or(0).min(mono.len());
        let from = usize::try_from(at).unwrap_or(0).min(self.len());
        for ((s, l), r) in mono[skipped..].iter().zip(&mut self.left[from..]).zip(&mut self.right[from..]) {
            *l += s * left;
            *r += s * right;
        }
    }
    /// As a WAV file of 24 bits.
    #[must_use]
    pub fn to_wav(&self) -> Vec<u8> {
        wav(&self.interleaved(), 2, SAMPLE_RATE)
    }
    /// Left, right, left, right.
    #[must_use]
    pub fn interleaved(&self) -> Vec<f32> {
        self.left.iter().zip(&self.right).flat_map(|(l, r)| [*l, *r]).collect()
    }
}

/// Stereo sound that is read in pieces, from memory or from a disk.
pub trait ReadSound: Send + Sync {
    /// Samples in a channel.
    fn samples(&self) -> usize;
    /// Some of its samples, which must be there.
    ///
    /// # Errors
    /// If it lies on a disk and cannot be read.
    fn read(&self, range: Range<usize>) -> io::Result<Stereo>;
}

impl ReadSound for Stereo {
    fn samples(&self) -> usize {
        self.len()
    }
    fn read(&self, range: Range<usize>) -> io::Result<Stereo> {
        Ok(Stereo { left: self.left[range.clone()].to_vec(), right: self.right[range].to_vec() })
    }
}

/// A length in pieces of `step` samples, the last one shorter.
pub fn pieces(length: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    let step = step.clamp(1, length.max(1));
    (0..length).step_by(step).map(move |from| from..(from + step).min(length))
}

/// Interleaved samples as a WAV file of 24 bits.
#[must_use]
pub fn wav(samples: &[f32], channels: u16, rate: u32) -> Vec<u8> {
    let mut out = wav_header(samples.len(), channels, rate);
    out.reserve_exact(samples.len() * 3);
    out.extend(whole(samples));
    out
}

/// Writes sound as a WAV file of 24 bits, piece by piece.
///
/// # Errors
/// If it cannot be read or written.
pub fn write_wav(sound: &dyn ReadSound, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(&wav_header(2 * sound.samples(), 2, SAMPLE_RATE))?;
    for piece in pieces(sound.samples(), SAMPLE_RATE as usize) {
        out.write_all(&whole(&sound.read(piece)?.interleaved()).collect::<Vec<u8>>())?;
    }
    Ok(())
}

fn wav_header(samples: usize, channels: u16, rate: u32) -> Vec<u8> {
    let bytes = u32::try_from(samples * 3).unwrap_or(u32::MAX - 64);
    let mut out = Vec::with_capacity(44);
    out.extend(b"RIFF");
    out.extend((36 + bytes).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend(1u16.to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate * u32::from(channels) * 3).to_le_bytes());
    out.extend((channels * 3).to_le_bytes());
    out.extend(24u16.to_le_bytes());
    out.extend(b"data");
    out.extend(bytes.to_le_bytes());
    out
}

/// Samples as whole numbers of 24 bits.
fn whole(samples: &[f32]) -> impl Iterator<Item = u8> {
    samples.iter().flat_map(|s| {
        let [a, b, c, _] = ((f64::from(s.clamp(-1.0, 1.0)) * 8_388_607.0).round() as i32).to_le_bytes();
        [a, b, c]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wav_in_pieces_is_the_wav_at_once() {
        let sound = Stereo { left: (0..100_000).map(|i| i as f32 / 1e5).collect(), right: vec![-0.25; 100_000] };
        let mut written = Vec::new();
        write_wav(&sound, &mut written).expect("memory can be written");
        assert_eq!(written, sound.to_wav());
        assert_eq!(pieces(5, 2).collect::<Vec<_>>(), [0..2, 2..4, 4..5], "the last one is shorter");
    }
}
