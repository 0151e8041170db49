//! A user's own recordings: WAV files that stand in for the synthesis of a sound. `bark.wav` is one take of `bark`,
//! `bark-1.wav`, `bark-2.wav` are several.

use crate::SoundError;
use crate::dsp::{RATE, samples};
use kinora_base::{diagnostics, maths};
use kinora_vocabulary::{Kind, Vocabulary};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

/// No recording is longer, s.
const LONGEST: u32 = 60;
/// Seconds over which the end of a recording goes over into its beginning, where a sound lasts.
const SEAM: f32 = 0.5;

/// A recording at our rate: one channel or two.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recording {
    pub(crate) channels: Vec<Vec<f32>>,
}

/// Recordings by the id of the sound that they replace.
pub(crate) type Recordings = BTreeMap<String, Vec<Arc<Recording>>>;

/// Reads all recordings of a vocabulary, so that what is wrong with one is said before a film is begun.
///
/// # Errors
/// With the file, what is wrong with it, and what to do.
pub fn check_recordings(vocabulary: &Vocabulary) -> Result<(), SoundError> {
    read(vocabulary).map(|_| ())
}

/// All recordings of a vocabulary.
pub(crate) fn read(vocabulary: &Vocabulary) -> Result<Recordings, SoundError> {
    let mut all = Recordings::new();
    for file in vocabulary.recordings() {
        let wrong = |what: String| SoundError::Recording { file: file.path.clone(), what };
        let id = sound_of(&file.name, vocabulary).ok_or_else(|| wrong(unknown(&file.name, vocabulary)))?;
        all.entry(id).or_default().push(Arc::new(decode(&file.bytes).map_err(wrong)?));
    }
    Ok(all)
}

/// The sound that a file's name means: `bark` or, if that is none, `bark-2` without its number.
fn sound_of(name: &str, vocabulary: &Vocabulary) -> Option<String> {
    let known = |id: &str| vocabulary.get(Kind::Sound, id).map(|_| id.to_owned());
    let numbered = || name.rsplit_once('-').filter(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())).map(|(id, _)| id);
    known(name).or_else(|| known(numbered()?))
}

fn unknown(name: &str, vocabulary: &Vocabulary) -> String {
    let nearest = diagnostics::nearest(name, vocabulary.of(Kind::Sound).map(|a| a.id.as_str()));
    let hint = nearest.map_or_else(String::new, |n| format!("; did you mean {n}.wav?"));
    format!("no sound is called \"{name}\"{hint} (`kinora words --kind sound` lists them; a new one needs a {name}.ron beside it)")
}

fn decode(bytes: &[u8]) -> Result<Recording, String> {
    let no_wav = |e: hound::Error| format!("is not a WAV file that can be read: {e}; save it as 16, 24 or 32-bit PCM or 32-bit float");
    let mut reader = hound::WavReader::new(Cursor::new(bytes)).map_err(no_wav)?;
    let spec = reader.spec();
    if !(1..=2).contains(&spec.channels) {
        return Err(format!("has {} channels; save it as mono or stereo", spec.channels));
    }
    if !(4_000..=384_000).contains(&spec.sample_rate) {
        return Err(format!("has {} samples a second; save it with 4000 to 384000 (48000 is best)", spec.sample_rate));
    }
    if reader.duration() > LONGEST * spec.sample_rate {
        return Err(format!("lasts {:.0} s; cut it to {LONGEST} s or less", f64::from(reader.duration()) / f64::from(spec.sample_rate)));
    }
    let interleaved: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>().map_err(no_wav)?,
        hound::SampleFormat::Int => {
            let scale = 1.0 / (1i64 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|s| s.map(|s| s as f32 * scale)).collect::<Result<_, _>>().map_err(no_wav)?
        }
    };
    if interleaved.is_empty() {
        return Err("is empty; record something or remove it".to_owned());
    }
    if interleaved.iter().all(|s| s.abs() < 1e-5 || !s.is_finite()) {
        return Err("is silent; record it louder or remove it".to_owned());
    }
    let count = usize::from(spec.channels);
    let channel = |c: usize| -> Vec<f32> { interleaved.iter().skip(c).step_by(count).map(|s| if s.is_finite() { s.clamp(-8.0, 8.0) } else { 0.0 }).collect() };
    Ok(Recording { channels: (0..count).map(|c| resampled(&channel(c), spec.sample_rate)).collect() })
}

impl Recording {
    /// Both channels as one.
    pub(crate) fn mono(&self) -> Vec<f32> {
        match self.channels.as_slice() {
            [left, right] => left.iter().zip(right).map(|(l, r)| 0.5 * (l + r)).collect(),
            one => one.first().cloned().unwrap_or_default(),
        }
    }

    /// Samples after which it comes again, where it lasts.
    pub(crate) fn period(&self) -> usize {
        let length = self.channels.first().map_or(1, Vec::len);
        (length - self.seam()).max(1)
    }

    fn seam(&self) -> usize {
        let length = self.channels.first().map_or(1, Vec::len);
        samples(SEAM).min(length / 4)
    }

    /// One channel on and on for so many samples, its end laid over its beginning. The second channel of a mono recording
    /// begins half-way, so that a bed is as wide as ours are.
    pub(crate) fn lasting(&self, channel: usize, length: usize) -> Vec<f32> {
        let sound = &self.channels[channel.min(self.channels.len() - 1)];
        let offset = if channel > 0 && self.channels.len() == 1 { sound.len() / 2 } else { 0 };
        if length + offset <= sound.len() {
            return sound[offset..offset + length].to_vec();
        }
        let (seam, whole) = (self.seam(), self.period());
        (0..length)
            .map(|i| {
                let k = (i + offset) % whole;
                let again = sound.get(whole + k).filter(|_| k < seam);
                again.map_or(sound[k], |end| {
                    let t = k as f32 / seam as f32;
                    sound[k] * t.sqrt() + end * (1.0 - t).sqrt()
                })
            })
            .collect()
    }
}

/// Zero crossings of the filter on each side.
const REACH: f64 = 24.0;

/// A recording of another rate at ours: a windowed sinc, one phase of it for each place that an output sample can have
/// between two input samples.
fn resampled(sound: &[f32], rate: u32) -> Vec<f32> {
    let ours = RATE as u32;
    if rate == ours {
        return sound.to_vec();
    }
    let divisor = gcd(rate, ours);
    let (step, phases) = ((rate / divisor) as usize, (ours / divisor) as usize);
    let open = (f64::from(ours) / f64::from(rate)).min(1.0) * 0.96;
    let half = (REACH / open).ceil() as usize;
    let table: Vec<Vec<f32>> = (0..phases)
        .map(|p| (0..2 * half).map(|k| kernel((k as f64 - half as f64 + 1.0 - p as f64 / phases as f64) as f32, open as f32, half as f32)).collect())
        .collect();
    let length = sound.len() * phases / step;
    (0..length)
        .map(|n| {
            let (at, phase) = (n * step / phases, n * step % phases);
            let tap = |k: usize| (at + k + 1).checked_sub(half).and_then(|i| sound.get(i)).copied().unwrap_or(0.0);
            table[phase].iter().enumerate().map(|(k, w)| w * tap(k)).sum()
        })
        .collect()
}

/// A sinc of that cutoff under a Hann window.
fn kernel(x: f32, open: f32, half: f32) -> f32 {
    use std::f32::consts::PI;
    if x.abs() >= half {
        return 0.0;
    }
    let sinc = if x.abs() < 1e-6 { 1.0 } else { maths::sin(PI * open * x) / (PI * open * x) };
    open * sinc * (0.5 + 0.5 * maths::cos(PI * x / half))
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_keeps_its_pitch_and_level_at_any_rate() {
        for rate in [8_000u32, 22_050, 44_100, 48_000, 96_000] {
            let tone: Vec<f32> = (0..rate).map(|i| maths::sin(std::f32::consts::TAU * 1000.0 * i as f32 / rate as f32)).collect();
            let ours = resampled(&tone, rate);
            assert!((ours.len() as i64 - 48_000).abs() <= 1, "{rate}: {} samples", ours.len());
            let worst = (2_000..46_000).map(|i| (ours[i] - maths::sin(std::f32::consts::TAU * 1000.0 * i as f32 / 48_000.0)).abs()).fold(0.0, f32::max);
            assert!(worst < 0.01, "{rate}: off by {worst}");
        }
    }

    #[test]
    fn what_lasts_has_no_gap() {
        let tone: Vec<f32> = (0..9_600).map(|i| maths::sin(std::f32::consts::TAU * 500.0 * i as f32 / 48_000.0)).collect();
        let long = Recording { channels: vec![tone] }.lasting(1, 60_000);
        let quiet = long.chunks(480).map(|c| c.iter().map(|s| s * s).sum::<f32>() / 480.0).fold(f32::MAX, f32::min);
        assert!(long.len() == 60_000 && quiet > 0.1, "{quiet}");
    }
}
