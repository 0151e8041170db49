//! Says things: text in, sound and timed symbols out.

use crate::kokoro::{Kokoro, LONGEST, RATE, Voice};
use crate::text::Fronts;
use crate::{Casting, Manner, Pack, SpeechError, Tongue};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One symbol of sound and how many samples it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// A symbol of the model: mostly IPA; marks and spaces are silence.
    pub symbol: char,
    /// Samples at [`crate::RATE`].
    pub samples: u32,
}

/// Something said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Mono, at [`crate::RATE`] samples a second.
    pub pcm: Vec<f32>,
    /// Its symbols in order; their lengths sum to the sound's.
    pub phones: Vec<Phone>,
    /// Characters of the text that nobody can say here.
    pub unspoken: usize,
}

/// What is to be said, by whom and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    /// The words.
    pub text: String,
    /// Code of their language.
    pub language: String,
    /// Whose voice.
    pub casting: Casting,
    /// In which manner.
    pub manner: Manner,
    /// Factor on speed, besides those of voice and manner.
    pub speed: f32,
}

/// Keeps the model and the front ends ready.
pub struct Speaker {
    pack: Pack,
    fronts: Fronts,
    model: Mutex<Option<Kokoro>>,
    voices: Mutex<HashMap<String, Voice>>,
}

/// Samples before the first and after the last sound that are kept: breath, and room for the ends.
const EDGE: usize = (RATE as usize) / 40;
/// Speech as loud as this is a line's usual level: mean of what is spoken, dBFS.
const LEVEL_DB: f32 = -23.0;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Speaker {
    /// With a voice pack; the model is loaded when it first speaks.
    #[must_use]
    pub fn new(pack: Pack) -> Self {
        Self { fronts: Fronts::new(&pack), pack, model: Mutex::new(None), voices: Mutex::new(HashMap::new()) }
    }

    /// The symbols of a text, as they will be spoken.
    ///
    /// # Errors
    /// If the language is not spoken or nothing can be said.
    pub fn phones(&self, text: &str, language: &str, casting: &Casting) -> Result<(String, usize), SpeechError> {
        let phrase = self.fronts.read(text, Tongue::of(language)?, casting.british())?;
        if !phrase.phones.chars().any(char::is_alphabetic) {
            return Err(SpeechError::Nothing { text: text.chars().take(40).collect() });
        }
        Ok((phrase.phones, phrase.unspoken))
    }

    /// Says something.
    ///
    /// # Errors
    /// If nothing of it can be said, a voice is not there, or the model fails.
    pub fn say(&self, what: &Utterance) -> Result<Said, SpeechError> {
        self.say_in(what, None)
    }

    /// Says something in the times of an earlier take, if one is given and has the same symbols.
    pub(crate) fn say_in(&self, what: &Utterance, _times: Option<&[Phone]>) -> Result<Said, SpeechError> {
        let (phones, unspoken) = self.phones(&what.text, &what.language, &what.casting)?;
        let voice = self.voice(&what.casting)?;
        let mut model = lock(&self.model);
        let model = match &mut *model {
            Some(model) => model,
            empty => empty.insert(Kokoro::open(&self.pack)?),
        };
        let symbols: Vec<char> = phones.chars().filter(|c| model.known(*c)).collect();
        let pitch = (what.casting.pitch * what.manner.pitch).clamp(0.6, 1.7);
        let speed = (what.speed * what.casting.speed * what.manner.speed).clamp(0.4, 2.5);
        let mut said = Said { unspoken, ..Said::default() };
        for piece in pieces(&symbols) {
            let rendered = model.render(piece, &voice, speed / pitch)?;
            said.phones.extend(piece.iter().zip(&rendered.lengths).map(|(symbol, samples)| Phone { symbol: *symbol, samples: *samples as u32 }));
            said.pcm.extend(rendered.pcm);
        }
        if (pitch - 1.0).abs() > 1e-3 {
            resample(&mut said, pitch);
        }
        trim(&mut said);
        if what.manner.tilt != 0.0 {
            crate::manner::tilt(&mut said.pcm, what.manner.tilt);
        }
        if what.manner.whisper {
            said.pcm = crate::manner::whisper(&said.pcm);
        }
        level(&mut said.pcm, LEVEL_DB + what.manner.level);
        Ok(said)
    }

    fn voice(&self, casting: &Casting) -> Result<Voice, SpeechError> {
        let key = format!("{:?}", casting.blend);
        let mut voices = lock(&self.voices);
        if let Some(voice) = voices.get(&key) {
            return Ok(voice.clone());
        }
        let there = self.pack.voices()?;
        if let Some((name, _)) = casting.blend.iter().find(|(name, _)| !there.contains(name)) {
            return Err(SpeechError::UnknownVoice { name: name.clone() });
        }
        let voice = Voice::open(&self.pack, &casting.blend)?;
        voices.insert(key, voice.clone());
        Ok(voice)
    }
}

/// Pieces that the model can say in one breath, cut after sentences, else after commas, else between words.
fn pieces(symbols: &[char]) -> Vec<&[char]> {
    const COMFORTABLE: usize = 240;
    let mut out = Vec::new();
    let mut rest = symbols;
    while rest.len() > COMFORTABLE {
        let after = |marks: &[char], most: usize| rest[..most.min(rest.len())].iter().rposition(|c| marks.contains(c)).map(|i| i + 1).filter(|i| *i > 40);
        let cut = after(&['.', '!', '?', '…'], COMFORTABLE)
            .or_else(|| after(&[',', ';', ':', '—'], COMFORTABLE))
            .or_else(|| after(&[' '], LONGEST))
            .unwrap_or(LONGEST.min(rest.len()));
        out.push(&rest[..cut]);
        rest = &rest[cut..];
    }
    if rest.iter().any(|c| c.is_alphabetic()) {
        out.push(rest);
    }
    out
}

/// Plays the sound `pitch` times as fast: higher by that, shorter by that. Windowed-sinc interpolation.
fn resample(said: &mut Said, pitch: f32) {
    use kinora_base::maths::{cos, sin};
    const HALF: isize = 16;
    let input = std::mem::take(&mut said.pcm);
    // Above the new rate's half nothing may be left.
    let pass = (1.0 / pitch).min(1.0);
    let mut total = 0u64;
    let mut made = 0usize;
    for phone in &mut said.phones {
        total += u64::from(phone.samples);
        let end = (total as f64 / f64::from(pitch)).round() as usize;
        phone.samples = (end - made) as u32;
        made = end;
    }
    said.pcm = (0..made)
        .map(|n| {
            let at = n as f64 * f64::from(pitch);
            let middle = at.floor() as isize;
            let mut sum = 0.0;
            for k in middle - HALF + 1..=middle + HALF {
                let Some(sample) = usize::try_from(k).ok().and_then(|k| input.get(k)) else { continue };
                let x = (at - k as f64) as f32;
                let angle = std::f32::consts::PI * x * pass;
                let sinc = if angle.abs() < 1e-4 { 1.0 } else { sin(angle) / angle };
                let window = 0.5 + 0.5 * cos(std::f32::consts::PI * x / HALF as f32);
                sum += sample * sinc * window * pass;
            }
            sum
        })
        .collect();
}

/// Cuts silence off both ends, but for a moment, and fades them.
fn trim(said: &mut Said) {
    const QUIET: f32 = 0.004;
    let Some(first) = said.pcm.iter().position(|s| s.abs() > QUIET) else { return };
    let last = said.pcm.iter().rposition(|s| s.abs() > QUIET).unwrap_or(first);
    let (from, to) = (first.saturating_sub(EDGE), (last + EDGE + 1).min(said.pcm.len()));
    let mut at = 0;
    for phone in &mut said.phones {
        let (start, end) = (at, at + phone.samples as usize);
        phone.samples = (end.clamp(from, to) - start.clamp(from, to)) as u32;
        at = end;
    }
    said.pcm.drain(to..);
    said.pcm.drain(..from);
    let fade = (RATE as usize / 200).min(said.pcm.len() / 2);
    let end = said.pcm.len();
    for i in 0..fade {
        let gain = i as f32 / fade as f32;
        said.pcm[i] *= gain;
        said.pcm[end - 1 - i] *= gain;
    }
}

/// Brings the mean of what is loud to a level.
fn level(pcm: &mut [f32], decibels: f32) {
    use kinora_base::maths::gain_from_decibels;
    let block = RATE as usize / 20;
    let powers: Vec<f32> = pcm.chunks(block).map(|b| b.iter().map(|s| s * s).sum::<f32>() / b.len() as f32).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    // Pauses do not count.
    let (sum, count) = powers.iter().filter(|p| **p > loudest * 0.02).fold((0.0, 0.0), |(s, n), p| (s + p, n + 1.0));
    if sum > 0.0 {
        let gain = gain_from_decibels(decibels) / (sum / count).sqrt();
        pcm.iter_mut().for_each(|s| *s *= gain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_where_one_breathes() {
        let text: Vec<char> = "ab cd, ef gh. ".repeat(60).chars().collect();
        let cut = pieces(&text);
        assert!(cut.iter().all(|p| p.len() <= LONGEST) && cut.len() > 3, "{} pieces", cut.len());
        assert!(cut[..cut.len() - 1].iter().all(|p| p.ends_with(&['.'])), "after sentences");
        let endless: Vec<char> = "a".repeat(1200).chars().collect();
        assert!(pieces(&endless).iter().all(|p| p.len() <= LONGEST), "even without any mark");
    }

    #[test]
    fn a_higher_voice_keeps_its_symbols_in_step() {
        let tone: Vec<f32> = (0..24_000).map(|i| kinora_base::maths::sin(i as f32 * 0.1)).collect();
        let mut said = Said { pcm: tone, phones: vec![Phone { symbol: 'a', samples: 10_000 }, Phone { symbol: 'b', samples: 14_000 }], unspoken: 0 };
        resample(&mut said, 1.25);
        assert_eq!(said.phones.iter().map(|p| p.samples as usize).sum::<usize>(), said.pcm.len(), "lengths sum to the sound");
        assert_eq!(said.pcm.len(), 19_200, "shorter by the pitch");
        let crossings = said.pcm.windows(2).filter(|w| w[0] <= 0.0 && w[1] > 0.0).count();
        assert!((380..385).contains(&crossings), "as many waves as before: {crossings}");
    }
}
