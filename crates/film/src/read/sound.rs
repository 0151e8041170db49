//! Sound from the file, by Symphonia's AAC decoder, which knows nothing of the encoder.

use super::Movie;
use crate::error::ReadError;
use kinora_base::pcm::Stereo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder as _, AudioDecoderOptions};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::codecs::AacDecoder;

impl Movie {
    /// The sound as it is heard: decoded, and cut as the edit list says. None if there is no sound track.
    /// At the track's own sample rate; mono comes on both sides.
    pub fn sound(&self) -> Result<Option<Stereo>, ReadError> {
        let Some(track) = self.audio() else { return Ok(None) };
        let refused = |i: usize, e: symphonia::core::errors::Error| self.undecodable("sound packet", i, e.to_string());
        let mut parameters = AudioCodecParameters::new();
        parameters.for_codec(CODEC_ID_AAC).with_sample_rate(track.timescale).with_extra_data(track.config.clone().into_boxed_slice());
        let mut decoder = AacDecoder::try_new(&parameters, &AudioDecoderOptions::default()).map_err(|e| refused(0, e))?;
        let mut file = self.file()?;
        let mut planes: [Vec<f32>; 2] = Default::default();
        let mut packet_planes: Vec<Vec<f32>> = Vec::new();
        for (i, sample) in track.samples.iter().enumerate() {
            let data = self.sample(&mut file, track, i)?;
            let packet = Packet::new(0, Timestamp::from(sample.start), Duration::from(u64::from(sample.length)), data);
            decoder.decode(&packet).map_err(|e| refused(i, e))?.copy_to_vecs_planar(&mut packet_planes);
            let sides = [packet_planes.first(), packet_planes.get(1).or(packet_planes.first())];
            planes.iter_mut().zip(sides).for_each(|(out, side)| out.extend(side.into_iter().flatten()));
        }
        let from = usize::try_from(track.shown_from).unwrap_or(0);
        let count = (track.shown_seconds * f64::from(track.timescale)).round() as usize;
        let [left, right] = planes.map(|p| p.into_iter().skip(from).take(count).collect());
        Ok(Some(Stereo { left, right }))
    }
}
