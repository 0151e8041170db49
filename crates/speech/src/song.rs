//! Singing: syllables get notes of a melody, notes get lengths and pitches. The model says a line once to learn how long
//! its consonants are and where it has no tone; then it says it again in the times and pitches of the notes.

use kinora_base::Seed;
use kinora_base::maths::{exp2, log2, sin, smoothstep};
use serde::{Deserialize, Serialize};

/// The key, scale and tempo of a melody: those of the film's music.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tune {
    /// The keynote: semitones over C.
    pub key: i32,
    /// Semitones of the scale over the keynote, upwards from 0.
    pub scale: Vec<i32>,
    /// Seconds of a beat.
    pub beat: f32,
}

impl Default for Tune {
    fn default() -> Self {
        Self { key: 0, scale: vec![0, 2, 4, 5, 7, 9, 11], beat: 0.6 }
    }
}

/// Seconds of a unit of the model's durations; two values of pitch each.
const UNIT: f32 = 0.025;
/// Below this, in Hz, what the model says has no tone.
const TONELESS: f32 = 40.0;
/// A glide from one note to the next, s.
const GLIDE: f32 = 0.06;
/// Notes begin to vibrate after this, s; by so many semitones; so often a second.
const VIBRATO: (f32, f32, f32) = (0.4, 0.3, 5.5);

/// A syllable: the symbols of its vowel, and what it is in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Syllable {
    from: usize,
    to: usize,
    stressed: bool,
    /// A mark or the end comes after it.
    ends: bool,
}

/// How a line is sung.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Score {
    /// Units of each symbol, with both paddings.
    pub(crate) units: Vec<u32>,
    /// Hz, two values a unit.
    pub(crate) pitch: Vec<f32>,
}

pub(crate) fn is_vowel(c: char) -> bool {
    "aeiouyAIOQWYᵊæɑɐɒɔəɘɚɛɜɤɪɨʊʌɯøœᵻ".contains(c)
}

/// What lengthens or colours a vowel.
fn is_of_vowel(c: char) -> bool {
    matches!(c, 'ː' | '→' | '↗' | '↓' | '↘')
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | '.' | '!' | '?' | ';' | ':' | '…' | '—')
}

fn syllables(symbols: &[char]) -> Vec<Syllable> {
    // Where tones stand, the vowels before one are one syllable's.
    let tones = symbols.iter().any(|c| matches!(c, '→' | '↗' | '↓' | '↘'));
    let mut out: Vec<Syllable> = Vec::new();
    let (mut i, mut stressed) = (0, false);
    while i < symbols.len() {
        let c = symbols[i];
        if is_vowel(c) {
            let from = i;
            i += 1;
            while symbols.get(i).is_some_and(|n| is_of_vowel(*n) || tones && is_vowel(*n)) {
                i += 1;
            }
            out.push(Syllable { from, to: i, stressed: std::mem::take(&mut stressed), ends: false });
            continue;
        }
        stressed |= c == 'ˈ';
        if is_mark(c)
            && let Some(last) = out.last_mut()
        {
            last.ends = true;
        }
        i += 1;
    }
    if let Some(last) = out.last_mut() {
        last.ends = true;
    }
    out
}

/// Beats of each syllable: stressed ones are long, the last of a phrase is longest and ends on a whole beat.
fn beats(syllables: &[Syllable]) -> Vec<f32> {
    let stresses = syllables.iter().any(|s| s.stressed);
    let (mut total, mut in_phrase) = (0.0f32, 0);
    let mut out = Vec::with_capacity(syllables.len());
    for s in syllables {
        let long = if stresses { s.stressed } else { in_phrase % 4 == 3 };
        let mut length = if long { 1.0 } else { 0.5 };
        if s.ends {
            length = 2.0 - (total - total.floor());
        }
        total += length;
        in_phrase = if s.ends { 0 } else { in_phrase + 1 };
        out.push(length);
    }
    out
}

/// Steps of the scale over the keynote for each syllable: phrases rise and fall, and end at rest.
fn steps(syllables: &[Syllable], seed: Seed) -> Vec<i32> {
    const REST: [i32; 4] = [0, 2, 4, 7];
    let mut rng = seed.child("melody").rng();
    let mut out: Vec<i32> = Vec::with_capacity(syllables.len());
    let mut from = 0;
    while from < syllables.len() {
        let to = syllables[from..].iter().position(|s| s.ends).map_or(syllables.len(), |i| from + i + 1);
        let top = 4 + (rng.unit() * 3.0) as i32;
        let start = REST[(rng.unit() * 2.99) as usize];
        let end = if to == syllables.len() { 0 } else { [4, 1][(rng.unit() * 1.99) as usize] };
        for (i, s) in syllables[from..to].iter().enumerate() {
            let u = i as f32 / (to - from - 1).max(1) as f32;
            let line = if u < 0.5 { start as f32 + (top - start) as f32 * u * 2.0 } else { top as f32 + (end - top) as f32 * (u - 0.5) * 2.0 };
            let mut step = (line + rng.signed() * 0.9).round() as i32;
            if s.stressed {
                step = *REST.iter().min_by_key(|r| (**r - step).abs()).unwrap_or(&step);
            }
            if let Some(last) = out.last() {
                step = step.clamp(last - 3, last + 3);
            }
            out.push(if s.ends { end } else { step });
        }
        from = to;
    }
    out
}

/// Hz of a step of the tune's scale, in the octave whose keynote lies a little below the voice's middle.
fn hertz(step: i32, tune: &Tune, middle: f32) -> f32 {
    let count = tune.scale.len().max(1) as i32;
    let own = tune.scale.get(step.rem_euclid(count) as usize).copied().unwrap_or(0) + 12 * step.div_euclid(count);
    // Semitones over C0; the keynote at most six from two below the middle.
    let wanted = 12.0 * log2(middle / 16.3516) - 2.0;
    let key = tune.key as f32 + 12.0 * ((wanted - tune.key as f32) / 12.0).round();
    16.3516 * exp2((key + own as f32) / 12.0)
}

/// The notes of a line. `units` and `pitch` are those of the line as it is spoken, with both paddings; `faster` is by how
/// much the sound will be played faster (and higher) later. Nothing, if there is no syllable.
pub(crate) fn compose(symbols: &[char], units: &[u32], pitch: &[f32], tune: &Tune, faster: f32, seed: Seed) -> Option<Score> {
    let syllables = syllables(symbols);
    if syllables.is_empty() || units.len() != symbols.len() + 2 {
        return None;
    }
    let mut voiced: Vec<f32> = pitch.iter().copied().filter(|p| *p > TONELESS).collect();
    voiced.sort_by(f32::total_cmp);
    let middle = voiced.get(voiced.len() / 2)? * faster;
    let beats = beats(&syllables);
    let mut told = units.to_vec();
    let mut at = 0.0;
    for (k, (s, length)) in syllables.iter().zip(&beats).enumerate() {
        let from = (at / UNIT).round() as i64;
        at += length * tune.beat * faster;
        let room = ((at / UNIT).round() as i64 - from).max(4);
        // From this vowel to the next: consonants as they are spoken, gaps short, the rest is the vowel's.
        let next = syllables.get(k + 1).map_or(symbols.len(), |n| n.from);
        for i in s.to..next {
            told[i + 1] = match symbols[i] {
                c if is_mark(c) => units[i + 1].clamp(4, 10),
                ' ' => units[i + 1].min(2),
                'ˈ' | 'ˌ' => units[i + 1].min(2),
                _ => units[i + 1].min(8),
            };
        }
        let mut others: i64 = told[s.to + 1..next + 1].iter().map(|u| i64::from(*u)).sum();
        while others > room - 3 {
            let Some(longest) = (s.to + 1..next + 1).max_by_key(|i| told[*i]).filter(|i| told[*i] > 1) else { break };
            told[longest] -= 1;
            others -= 1;
        }
        let vowel = u32::try_from(room - others).unwrap_or(3).max(3);
        let natural: u32 = units[s.from + 1..s.to + 1].iter().sum::<u32>().max(1);
        let mut left = vowel;
        for i in s.from..s.to {
            let share = if i + 1 == s.to { left } else { (vowel * units[i + 1] / natural).clamp(1, left.saturating_sub((s.to - i - 1) as u32).max(1)) };
            told[i + 1] = share;
            left = left.saturating_sub(share);
        }
    }
    let steps = steps(&syllables, seed);
    let notes: Vec<f32> = steps.iter().map(|s| hertz(*s, tune, middle) / faster).collect();
    Some(Score { pitch: curve(&syllables, &notes, units, &told, pitch, faster), units: told })
}

/// The pitch of each half unit.
fn curve(syllables: &[Syllable], notes: &[f32], natural: &[u32], told: &[u32], pitch: &[f32], faster: f32) -> Vec<f32> {
    let starts = |units: &[u32]| -> Vec<usize> {
        let ends = units.iter().scan(0usize, |at, u| {
            *at += *u as usize;
            Some(*at)
        });
        std::iter::once(0).chain(ends).take(units.len()).collect()
    };
    let (was, is) = (starts(natural), starts(told));
    let whole: usize = told.iter().map(|u| *u as usize).sum();
    // A note begins in the middle of the consonants before its vowel.
    let begins: Vec<usize> = syllables
        .iter()
        .enumerate()
        .map(|(k, s)| {
            let vowel = is[s.from + 1];
            let before = if k == 0 { 0 } else { is[syllables[k - 1].to + 1].min(vowel) };
            if k == 0 { 0 } else { vowel + before }
        })
        .collect();
    let mut out = vec![0.0f32; whole * 2];
    for (symbol, (from, length)) in is.iter().zip(told).enumerate() {
        let vowel = symbol > 0 && syllables.iter().any(|s| (s.from..s.to).contains(&(symbol - 1)));
        let halves = from * 2..(from + *length as usize) * 2;
        for (half, value) in halves.clone().zip(&mut out[halves]) {
            let u = (half - from * 2) as f32 / (*length as f32 * 2.0);
            let before = pitch.get(was[symbol] * 2 + (u * natural[symbol] as f32 * 2.0) as usize).copied().unwrap_or(0.0);
            if !vowel && before < TONELESS {
                *value = before;
                continue;
            }
            let k = begins.partition_point(|b| *b <= half).saturating_sub(1);
            let since = (half - begins[k]) as f32 * UNIT / 2.0 / faster;
            let mut note = notes[k];
            if k > 0 && since < GLIDE {
                note = notes[k - 1] * exp2(log2(notes[k] / notes[k - 1]) * smoothstep(0.0, 1.0, since / GLIDE));
            }
            let depth = VIBRATO.1 * ((since - VIBRATO.0) / 0.3).clamp(0.0, 1.0);
            *value = note * exp2(depth * sin(std::f32::consts::TAU * VIBRATO.2 * since) / 12.0);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_get_notes_that_fill_their_beats() {
        let symbols: Vec<char> = "twˈɪŋkᵊl twˈɪŋkᵊl, lˈɪTᵊl stˈɑɹ".chars().collect();
        let found = syllables(&symbols);
        assert_eq!(found.len(), 7, "one for each vowel: {found:?}");
        assert!(found[3].ends && found[6].ends && !found[1].ends, "phrases");
        let units = vec![3u32; symbols.len() + 2];
        let pitch = vec![200.0f32; units.iter().sum::<u32>() as usize * 2];
        let tune = Tune::default();
        let score = compose(&symbols, &units, &pitch, &tune, 1.0, Seed(1)).expect("there are syllables");
        assert_eq!(score.pitch.len(), score.units.iter().sum::<u32>() as usize * 2, "two values a unit");
        let first = found[0].from + 1;
        let sung: u32 = score.units[first..score.units.len() - 1].iter().sum();
        let beats: f32 = beats(&found).iter().sum();
        assert!((sung as f32 * UNIT - beats * tune.beat).abs() < 0.1, "{sung} units for {beats} beats");
        // The first vowel is held on a note of C major; it is too short to vibrate.
        let at = score.units[..first].iter().sum::<u32>() as usize * 2 + 4;
        let semitones = 12.0 * log2(score.pitch[at] / 16.3516);
        assert!((semitones - semitones.round()).abs() < 0.02, "in tune: {semitones}");
        assert!(tune.scale.contains(&(semitones.round() as i32).rem_euclid(12)), "in key: {semitones}");
        assert!(score.pitch.iter().all(|p| (80.0..500.0).contains(p)), "in the voice's range");
    }

    #[test]
    fn a_tone_is_one_syllable_with_its_vowels() {
        let symbols: Vec<char> = "ni↓xau↓".chars().collect();
        assert_eq!(syllables(&symbols).len(), 2, "ni hao");
    }
}
