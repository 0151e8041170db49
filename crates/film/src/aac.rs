//! The soundtrack to AAC-LC, once for the whole film.

use crate::error::FilmError;
use kinora_base::pcm::Stereo;

/// Samples in a packet.
pub(crate) const PACKET: usize = 1024;

/// Bits a second: transparent for nearly everything, and little beside the pictures.
pub(crate) const BITRATE: u32 = 256_000;

/// Encoded sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sound {
    /// The decoder's configuration (`AudioSpecificConfig`).
    pub(crate) config: Vec<u8>,
    /// Packets of 1024 samples.
    pub(crate) packets: Vec<Vec<u8>>,
    /// Samples that the encoder puts before the sound; the edit list skips them.
    pub(crate) delay: usize,
    /// Samples of the sound itself.
    pub(crate) samples: usize,
}

/// Encodes sound, cut or filled with silence to `samples`.
#[cfg(feature = "fdk-aac")]
pub(crate) fn encode(sound: &Stereo, samples: usize) -> Result<Sound, FilmError> {
    use fdk_aac::enc::{AudioObjectType, BitRate, ChannelMode, Encoder, EncoderParams, Transport};
    let refused = |e: fdk_aac::enc::EncoderError| FilmError::Encoder { encoder: "AAC", message: e.to_string() };
    let encoder = Encoder::new(EncoderParams {
        bit_rate: BitRate::Cbr(BITRATE),
        sample_rate: kinora_base::pcm::SAMPLE_RATE,
        transport: Transport::Raw,
        channels: ChannelMode::Stereo,
        audio_object_type: AudioObjectType::Mpeg4LowComplexity,
    })
    .map_err(refused)?;
    let info = encoder.info().map_err(refused)?;
    let delay = info.nDelay as usize;
    let config = info.confBuf[..info.confSize as usize].to_vec();
    // The encoder answers a packet with the one before it, so silence follows until all sound has come out.
    let wanted = (samples + delay).div_ceil(PACKET);
    let mut packets = Vec::with_capacity(wanted);
    let mut packet = vec![0u8; 8192];
    let mut at = 0;
    while packets.len() < wanted {
        let input: Vec<i16> = (at..at + PACKET).flat_map(|i| [sample(&sound.left, i, samples), sample(&sound.right, i, samples)]).collect();
        let done = encoder.encode(&input, &mut packet).map_err(refused)?;
        if done.output_size > 0 {
            packets.push(packet[..done.output_size].to_vec());
        }
        at += PACKET;
        if at > samples + delay + 64 * PACKET {
            return Err(FilmError::Encoder { encoder: "AAC", message: "it swallowed packets".into() });
        }
    }
    Ok(Sound { config, packets, delay, samples })
}

/// One sample as the encoder wants it; silence beyond the end, and where a number is not finite.
#[cfg(feature = "fdk-aac")]
fn sample(channel: &[f32], i: usize, samples: usize) -> i16 {
    let s = if i < samples { channel.get(i).copied().unwrap_or(0.0) } else { 0.0 };
    if s.is_finite() { (s * 32767.0).round().clamp(-32768.0, 32767.0) as i16 } else { 0 }
}

/// This build has no encoder.
#[cfg(not(feature = "fdk-aac"))]
pub(crate) fn encode(_: &Stereo, _: usize) -> Result<Sound, FilmError> {
    Err(FilmError::NoAudioEncoder)
}
