//! Says things: text in, sound and timed symbols out.

use crate::kokoro::{Kokoro, LONGEST, RATE, Voice};
use crate::song::{self, Tune};
use crate::text::Fronts;
use crate::{Casting, Manner, Pack, SpeechError, Tongue};
use kinora_base::Seed;
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
    /// What it takes to say it again in the same times.
    pub times: Times,
}

/// The times of a take, as the model gave them: with them it can be said again on a machine that counts otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// The model's durations, piece after piece, each with its two paddings.
    pub units: Vec<u32>,
    /// What was kept after silence was cut off, in samples.
    pub kept: (usize, usize),
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
    /// Sung to this, instead of said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<Tune>,
}

/// Keeps the model and the front ends ready.
pub struct Speaker {
    pack: Pack,
    fronts: Fronts,
    /// Models that are free; each is loaded when somebody speaks and none is.
    models: Mutex<Vec<Kokoro>>,
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
        Self { fronts: Fronts::new(&pack), pack, models: Mutex::default(), voices: Mutex::new(HashMap::new()) }
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

    /// Lets go of the models, some 200 MB each, until somebody speaks again.
    pub fn rest(&self) {
        lock(&self.models).clear();
    }

    /// Says something.
    ///
    /// # Errors
    /// If nothing of it can be said, a voice is not there, or the model fails.
    pub fn say(&self, what: &Utterance) -> Result<Said, SpeechError> {
        self.say_in(what, None)
    }

    /// Says something in the times of an earlier take, if one is given and has the same symbols.
    pub(crate) fn say_in(&self, what: &Utterance, before: Option<&Times>) -> Result<Said, SpeechError> {
        let (phones, unspoken) = self.phones(&what.text, &what.language, &what.casting)?;
        let voice = self.voice(&what.casting)?;
        // Whoever speaks at the same time has a model of their own.
        let free = lock(&self.models).pop();
        let mut model = free.map_or_else(|| Kokoro::open(&self.pack), Ok)?;
        let symbols: Vec<char> = phones.chars().filter(|c| model.known(*c)).collect();
        let pitch = (what.casting.pitch * what.manner.pitch).clamp(0.6, 1.7);
        let speed = (what.speed * what.casting.speed * what.manner.speed).clamp(0.4, 2.5);
        let mut said = Said { unspoken, ..Said::default() };
        let pieces = pieces(&symbols);
        let mut before = before.filter(|b| b.units.len() == pieces.iter().map(|p| p.len() + 2).sum::<usize>());
        let mut told = before.map_or(&[][..], |b| &b.units);
        for piece in pieces {
            let times;
            (times, told) = told.split_at((piece.len() + 2).min(told.len()));
            let rendered = match &what.tune {
                Some(tune) => {
                    // Faster is a quicker beat; a voice that is played higher is sung lower and longer.
                    let tune = Tune { beat: tune.beat / what.speed.clamp(0.5, 2.0), ..tune.clone() };
                    let seed = Seed(0x736f_6e67).child(&what.text);
                    model.sing(piece, &voice, &self.pack, &|units, tones| song::compose(piece, units, tones, &tune, pitch, seed))?
                }
                None => model.render(piece, &voice, speed / pitch, before.is_some().then_some(times), &self.pack)?,
            };
            said.times.units.extend(&rendered.units);
            said.phones.extend(piece.iter().zip(&rendered.lengths).map(|(symbol, samples)| Phone { symbol: *symbol, samples: *samples as u32 }));
            said.pcm.extend(rendered.pcm);
        }
        lock(&self.models).push(model);
        if (pitch - 1.0).abs() > 1e-3 {
            resample(&mut said, pitch);
        }
        before = before.filter(|b| b.kept.0 < b.kept.1 && b.kept.1 <= said.pcm.len());
        trim(&mut said, before.map(|b| b.kept));
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

/// Cuts silence off both ends, but for a moment (or what an earlier take cut), and fades them.
fn trim(said: &mut Said, kept: Option<(usize, usize)>) {
    const QUIET: f32 = 0.004;
    let Some(first) = said.pcm.iter().position(|s| s.abs() > QUIET) else { return };
    let last = said.pcm.iter().rposition(|s| s.abs() > QUIET).unwrap_or(first);
    let (from, to) = kept.unwrap_or((first.saturating_sub(EDGE), (last + EDGE + 1).min(said.pcm.len())));
    said.times.kept = (from, to);
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
        let mut said = Said { pcm: tone, phones: vec![Phone { symbol: 'a', samples: 10_000 }, Phone { symbol: 'b', samples: 14_000 }], ..Said::default() };
        resample(&mut said, 1.25);
        assert_eq!(said.phones.iter().map(|p| p.samples as usize).sum::<usize>(), said.pcm.len(), "lengths sum to the sound");
        assert_eq!(said.pcm.len(), 19_200, "shorter by the pitch");
        let crossings = said.pcm.windows(2).filter(|w| w[0] <= 0.0 && w[1] > 0.0).count();
        assert!((380..385).contains(&crossings), "as many waves as before: {crossings}");
    }

    /// The installed voices, if there are any: KINORA_VOICES names their folder. Without them these tests hold nothing.
    fn speaker() -> Option<Speaker> {
        let folder = std::env::var_os("KINORA_VOICES")?;
        Some(Speaker::new(Pack::open(folder.as_ref()).unwrap_or_else(|e| panic!("{e}"))))
    }

    fn utterance(text: &str, language: &str, voice: &str) -> Utterance {
        let casting = crate::of_name(voice).unwrap_or_else(|e| panic!("{e}"));
        Utterance { text: text.into(), language: language.into(), casting, manner: Manner::of(None), speed: 1.0, tune: None }
    }

    #[test]
    fn every_language_is_spoken_twice_the_same() {
        let Some(speaker) = speaker() else { return };
        for (text, language, voice) in [
            ("Good morning, Anna!", "en", "af_heart"),
            ("¡Buenos días, Ana!", "es", "ef_dora"),
            ("おはようございます。", "ja", "jf_alpha"),
            ("안녕하세요?", "ko", "jf_alpha"),
            ("早上好，小明！", "zh", "zf_xiaobei"),
        ] {
            let say = || speaker.say(&utterance(text, language, voice)).unwrap_or_else(|e| panic!("{text}: {e}"));
            let said = say();
            let seconds = said.pcm.len() as f64 / f64::from(RATE);
            assert!((0.5..4.0).contains(&seconds), "{text} took {seconds} s");
            assert_eq!(said.phones.iter().map(|p| p.samples as usize).sum::<usize>(), said.pcm.len(), "{text}: lengths sum to the sound");
            assert_eq!(said, say(), "{text}: the same again");
        }
    }

    #[test]
    fn times_of_an_earlier_take_are_kept() {
        let Some(speaker) = speaker() else { return };
        let what = utterance("Where is my umbrella?", "en", "af_heart");
        let first = speaker.say(&what).unwrap_or_else(|e| panic!("{e}"));
        // As if another processor had counted otherwise.
        let mut times = first.times.clone();
        times.units[5] += 6;
        times.kept.1 += 6 * 600;
        let again = speaker.say_in(&what, Some(&times)).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(again.times, times, "told times are kept");
        assert_eq!(again.pcm.len(), first.pcm.len() + 3_600, "six units longer");
        assert_eq!(again.phones[4].samples, first.phones[4].samples + 3_600, "in that symbol");
    }

    #[test]
    fn what_cannot_be_said_is_refused_and_odd_texts_are_not() {
        let Some(speaker) = speaker() else { return };
        for nothing in ["", "   ", "👋🎉", "مرحبا", "...?!"] {
            assert!(matches!(speaker.say(&utterance(nothing, "en", "af_heart")), Err(SpeechError::Nothing { .. })), "{nothing:?}");
        }
        assert!(matches!(speaker.say(&utterance("hi", "fr", "af_heart")), Err(SpeechError::UnknownLanguage { .. })), "a language");
        assert!(matches!(speaker.say(&utterance("hi", "en", "af_nobody")), Err(SpeechError::UnknownVoice { .. })), "a voice");
        let mixed = speaker.say(&utterance("I said 你好 and こんにちは 👋", "en", "am_michael")).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(mixed.unspoken, 1, "an emoji among words of three languages");
    }

    #[test]
    fn manners_are_heard() {
        let Some(speaker) = speaker() else { return };
        let said = |manner: &str| {
            let what = Utterance { manner: Manner::of(Some(manner)), ..utterance("Come with me to the river.", "en", "af_heart") };
            speaker.say(&what).unwrap_or_else(|e| panic!("{e}")).pcm
        };
        let power = |pcm: &[f32]| pcm.iter().map(|s| s * s).sum::<f32>() / pcm.len() as f32;
        let (plain, shout, whisper, tired) = (said(""), said("shout"), said("whisper"), said("tired"));
        assert!(power(&shout) > 2.5 * power(&plain) && power(&whisper) < 0.4 * power(&plain), "energy");
        assert!(tired.len() as f32 > 1.04 * plain.len() as f32, "slower when tired");
    }
}
