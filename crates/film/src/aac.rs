//! The soundtrack to AAC-LC, once for the whole film.

use crate::error::FilmError;
use kinora_base::pcm::ReadSound;
use std::fs::File;
use std::path::Path;

/// Samples in a packet.
pub(crate) const PACKET: usize = 1024;

/// Bits a second: transparent for nearly everything, and little beside the pictures.
pub(crate) const BITRATE: u32 = 256_000;

/// Encoded sound.
#[derive(Debug)]
pub(crate) struct Sound {
    /// The decoder's configuration (`AudioSpecificConfig`).
    pub(crate) config: Vec<u8>,
    /// The bytes of each packet of 1024 samples.
    pub(crate) sizes: Vec<u32>,
    /// The packets, one after another, in a file without a name.
    pub(crate) packets: File,
    /// Samples that the encoder puts before the sound; the edit list skips them.
    pub(crate) delay: usize,
    /// Samples of the sound itself.
    pub(crate) samples: usize,
}

/// Encodes sound, cut or filled with silence to `samples`; the packets are kept in `folder`.
#[cfg(feature = "fdk-aac")]
pub(crate) fn encode(sound: &dyn ReadSound, samples: usize, folder: &Path) -> Result<Sound, FilmError> {
    use fdk_aac::enc::{AudioObjectType, BitRate, ChannelMode, Encoder, EncoderParams, Transport};
    use std::io::Write as _;
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
    let unwritten = |e| FilmError::write(folder, e);
    let mut packets = std::io::BufWriter::new(kinora_base::spool::unnamed(folder).map_err(unwritten)?);
    let mut sizes = Vec::with_capacity(wanted);
    let mut packet = vec![0u8; 8192];
    let mut at = 0;
    while sizes.len() < wanted {
        let input = read(sound, at, samples).map_err(|source| FilmError::ReadBack { path: folder.to_path_buf(), source })?;
        for input in input.chunks(2 * PACKET) {
            let done = encoder.encode(input, &mut packet).map_err(refused)?;
            if done.output_size > 0 && sizes.len() < wanted {
                packets.write_all(&packet[..done.output_size]).map_err(unwritten)?;
                sizes.push(done.output_size as u32);
            }
        }
        at += input.len() / 2;
        if at > samples + delay + 128 * PACKET {
            return Err(FilmError::Encoder { encoder: "AAC", message: "it swallowed packets".into() });
        }
    }
    let packets = packets.into_inner().map_err(|e| unwritten(e.into_error()))?;
    Ok(Sound { config, sizes, packets, delay, samples })
}

/// The next packets as the encoder wants them: left, right, left, right; silence beyond the end, and where a number is not finite.
#[cfg(feature = "fdk-aac")]
fn read(sound: &dyn ReadSound, at: usize, samples: usize) -> std::io::Result<Vec<i16>> {
    const AT_ONCE: usize = 64 * PACKET;
    let end = samples.min(sound.samples());
    let there = sound.read(at.min(end)..(at + AT_ONCE).min(end))?.interleaved();
    let whole = |s: f32| if s.is_finite() { (s * 32767.0).round().clamp(-32768.0, 32767.0) as i16 } else { 0 };
    Ok(there.into_iter().map(whole).chain(std::iter::repeat(0)).take(2 * AT_ONCE).collect())
}

/// This build has no encoder.
#[cfg(not(feature = "fdk-aac"))]
pub(crate) fn encode(_: &dyn ReadSound, _: usize, _: &Path) -> Result<Sound, FilmError> {
    Err(FilmError::NoAudioEncoder)
}
