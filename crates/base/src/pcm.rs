//! Sound in memory: 48 kHz stereo, one `f32` a sample and channel.

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
        for (i, s) in mono.iter().enumerate() {
            if let Some(k) = usize::try_from(at + i as i64).ok().filter(|k| *k < self.left.len()) {
                self.left[k] += s * left;
                self.right[k] += s * right;
            }
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

/// Interleaved samples as a WAV file of 24 bits.
#[must_use]
pub fn wav(samples: &[f32], channels: u16, rate: u32) -> Vec<u8> {
    let bytes = u32::try_from(samples.len() * 3).unwrap_or(u32::MAX - 64);
    let mut out = Vec::with_capacity(44 + samples.len() * 3);
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
    for s in samples {
        let whole = (f64::from(s.clamp(-1.0, 1.0)) * 8_388_607.0).round() as i32;
        out.extend_from_slice(&whole.to_le_bytes()[..3]);
    }
    out
}
