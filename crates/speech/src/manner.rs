//! How something is said: words of the plan become speed, pitch and energy.

use crate::RATE;
use kinora_base::maths::{cos, exp, gain_from_decibels};
use serde::{Deserialize, Serialize};

/// What a manner does to a voice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manner {
    /// Factor on speed.
    pub speed: f32,
    /// Factor on pitch.
    pub pitch: f32,
    /// dB on the voice.
    pub level: f32,
    /// dB at the upper end of the spectrum against the lower: effort.
    pub tilt: f32,
    /// Without tone.
    pub whisper: bool,
    /// Factor on how far the mouth opens.
    pub mouth: f32,
}

const PLAIN: Manner = Manner { speed: 1.0, pitch: 1.0, level: 0.0, tilt: 0.0, whisper: false, mouth: 1.0 };

/// What each word of a manner does, besides its pace.
const MANNERS: &[(&str, Manner)] = &[
    ("happy", Manner { pitch: 1.05, level: 1.0, mouth: 1.1, ..PLAIN }),
    ("excited", Manner { pitch: 1.07, level: 2.0, tilt: 1.0, mouth: 1.2, ..PLAIN }),
    ("angry", Manner { pitch: 1.03, level: 3.0, tilt: 3.0, mouth: 1.2, ..PLAIN }),
    ("afraid", Manner { pitch: 1.07, level: -1.0, mouth: 0.9, ..PLAIN }),
    ("nervous", Manner { pitch: 1.04, level: -1.0, mouth: 0.9, ..PLAIN }),
    ("surprised", Manner { pitch: 1.07, level: 1.0, mouth: 1.15, ..PLAIN }),
    ("sad", Manner { pitch: 0.97, level: -2.0, tilt: -2.0, mouth: 0.85, ..PLAIN }),
    ("tired", Manner { pitch: 0.96, level: -3.0, tilt: -3.0, mouth: 0.8, ..PLAIN }),
    ("tender", Manner { level: -3.0, tilt: -2.0, mouth: 0.85, ..PLAIN }),
    ("cold", Manner { pitch: 0.98, ..PLAIN }),
    ("whisper", Manner { level: -8.0, whisper: true, mouth: 0.7, ..PLAIN }),
    ("murmur", Manner { level: -5.0, tilt: -3.0, mouth: 0.75, ..PLAIN }),
    ("shout", Manner { pitch: 1.1, level: 6.0, tilt: 5.0, mouth: 1.5, ..PLAIN }),
];

impl Manner {
    /// The manner of a plan's words: "whisper", "shout angry".
    #[must_use]
    pub fn of(words: Option<&str>) -> Self {
        let said = kinora_plan::speech::Manner::of(words);
        let hits = MANNERS.iter().filter(|(word, _)| [said.delivery, said.feeling].contains(&Some(*word)));
        let plain = Self { speed: said.pace() as f32, ..PLAIN };
        hits.fold(plain, |a, (_, b)| Self {
            speed: a.speed,
            pitch: a.pitch * b.pitch,
            level: a.level + b.level,
            tilt: a.tilt + b.tilt,
            whisper: a.whisper || b.whisper,
            mouth: a.mouth * b.mouth,
        })
    }
}

/// Raises or lowers the upper spectrum against the lower, dB: effort makes a voice bright.
pub(crate) fn tilt(pcm: &mut [f32], decibels: f32) {
    let high = gain_from_decibels(decibels);
    // One-pole split at about 1 kHz.
    let factor = 1.0 - exp(-std::f32::consts::TAU * 1_000.0 / RATE as f32);
    let mut low = 0.0;
    for s in pcm {
        low += factor * (*s - low);
        *s = low + (*s - low) * high;
    }
}

/// The same speech without its tone: what the throat does is estimated by linear prediction, block by block, and
/// driven by noise as strong as the voice was.
pub(crate) fn whisper(pcm: &[f32]) -> Vec<f32> {
    const ORDER: usize = 24;
    const BLOCK: usize = 720;
    const HOP: usize = BLOCK / 2;
    let mut rng = kinora_base::Seed(0x77_68_69_73).rng();
    let mut out = vec![0.0; pcm.len() + BLOCK];
    for start in (0..pcm.len()).step_by(HOP) {
        let window = |i: usize| 0.5 - 0.5 * cos(std::f32::consts::TAU * i as f32 / BLOCK as f32);
        // Brightened first, as the whispering throat is, so that prediction sees the upper formants too.
        let at = |i: usize| pcm.get(start + i).copied().unwrap_or(0.0);
        let block: Vec<f32> =
            (0..BLOCK).map(|i| (at(i) - if start + i > 0 { 0.9 * pcm.get(start + i - 1).copied().unwrap_or(0.0) } else { 0.0 }) * window(i)).collect();
        let correlation: Vec<f32> = (0..=ORDER).map(|lag| (lag..BLOCK).map(|i| block[i] * block[i - lag]).sum()).collect();
        let (filter, error) = prediction(&correlation);
        let gain = (error / BLOCK as f32).max(0.0).sqrt();
        let mut past = [0.0f32; ORDER];
        for i in 0..BLOCK {
            let mut s = gain * rng.signed() * 1.7;
            for (k, f) in filter.iter().enumerate() {
                s += f * past[k];
            }
            let s = if s.is_finite() { s.clamp(-4.0, 4.0) } else { 0.0 };
            past.rotate_right(1);
            past[0] = s;
            out[start + i] += s * window(i);
        }
    }
    out.truncate(pcm.len());
    out
}

/// Levinson and Durbin: the filter that predicts a sample from those before, and what it misses.
fn prediction(correlation: &[f32]) -> (Vec<f32>, f32) {
    let order = correlation.len() - 1;
    // A little noise keeps silence from ringing.
    let mut error = correlation[0] * 1.0001 + 1e-9;
    let mut filter = vec![0.0f32; order];
    for i in 0..order {
        let sum: f32 = correlation[i + 1] - (0..i).map(|j| filter[j] * correlation[i - j]).sum::<f32>();
        let reflection = (sum / error).clamp(-0.999, 0.999);
        let before = filter.clone();
        filter[i] = reflection;
        for j in 0..i {
            filter[j] = before[j] - reflection * before[i - 1 - j];
        }
        error *= 1.0 - reflection * reflection;
    }
    (filter, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manners_differ() {
        let of = |w| Manner::of(Some(w));
        assert!(of("whisper").whisper && !of("says").whisper, "whisper");
        assert!(of("shout").level > of("angry").level && of("angry").level > of("tired").level, "energy");
        assert_eq!(of("language"), PLAIN, "a word that is no manner");
        assert!(of("whisper angry").whisper && of("whisper angry").tilt > 0.0, "both");
    }

    #[test]
    fn a_whisper_has_no_tone_but_the_same_loudness_curve() {
        let buzz: Vec<f32> = (0..24_000).map(|i| if i % 200 == 0 && i < 12_000 { 1.0 } else { 0.0 }).collect();
        let said = whisper(&buzz);
        let power = |p: &[f32]| p.iter().map(|s| s * s).sum::<f32>();
        assert!(power(&said[..12_000]) > 100.0 * power(&said[13_000..]), "silent where the voice is");
        // A tone repeats after its period; noise does not.
        let same = |lag: usize| (0..10_000).map(|i| said[i] * said[i + lag]).sum::<f32>() / power(&said[..10_000]);
        assert!(same(200).abs() < 0.2, "periodic: {}", same(200));
    }
}
