//! The players: each instrument makes a note from its pitch and length; equal notes are made once.

use super::mood::Instrument;
use super::parts::Note;
use crate::dsp::{RATE, envelope, filter::Svf, samples, sine::Sine};
use kinora_base::{Rng, Seed, maths, pcm::Stereo};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Instrument, MIDI pitch, length in hundredths of a second.
type Key = (Instrument, i32, u32);

/// Samples of notes that are kept to be played again.
const MOST_SAMPLES: usize = 3_000_000;

/// All players with their notes, which are played window after window.
pub(crate) struct Band {
    seed: Seed,
    notes: Vec<Note>,
    /// Which note begins when, the first first; those that have begun are gone.
    waiting: VecDeque<(i64, usize)>,
    /// What is being heard, in the order of the notes.
    playing: Vec<Playing>,
    /// The notes that were made, each with the number of the last one that used it.
    made: BTreeMap<Key, (Arc<Made>, usize)>,
    /// Notes that have begun.
    begun: usize,
}

/// The sound of a note: left and, where an instrument is wide, right.
struct Made {
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Made {
    fn samples(&self) -> usize {
        self.left.len() + self.right.len()
    }
}

/// A note that is being heard: its number, its first sample, its gains.
struct Playing {
    note: usize,
    at: i64,
    made: Arc<Made>,
    left: f32,
    right: f32,
}

impl Band {
    pub(crate) fn new(notes: Vec<Note>, seed: Seed) -> Self {
        // People are not machines: a few milliseconds either way, never early for a beat on a cut.
        let human = |i: usize| 0.004 * seed.child("human").index(1 + i as u64).rng().unit();
        let mut waiting: Vec<(i64, usize)> = notes.iter().enumerate().map(|(i, n)| (((n.at + human(i)) * RATE) as i64, i)).collect();
        waiting.sort_unstable();
        Self { seed, notes, waiting: waiting.into(), playing: Vec::new(), made: BTreeMap::new(), begun: 0 }
    }

    /// Adds what falls into the next window, which begins at sample `at`.
    pub(crate) fn play(&mut self, at: usize, out: &mut Stereo) {
        while let Some((start, i)) = self.waiting.front().copied().filter(|(start, _)| *start < (at + out.len()) as i64) {
            self.waiting.pop_front();
            let playing = self.begin(start, i);
            self.playing.insert(self.playing.partition_point(|p| p.note < i), playing);
        }
        for Playing { at: start, made, left, right, .. } in &self.playing {
            let start = start - at as i64;
            if made.right.is_empty() {
                out.add_mono(start, &made.left, *left, *right);
            } else {
                out.add_mono(start, &made.left, *left, 0.25 * right);
                out.add_mono(start, &made.right, 0.25 * left, *right);
            }
        }
        let end = (at + out.len()) as i64;
        self.playing.retain(|p| p.at + p.made.left.len() as i64 > end);
    }

    fn begin(&mut self, at: i64, i: usize) -> Playing {
        let note = &self.notes[i];
        let gain = maths::gain_from_decibels(note.level - 12.0);
        let angle = (note.pan.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
        let (left, right) = (gain * maths::cos(angle) * 1.414, gain * maths::sin(angle) * 1.414);
        Playing { note: i, at, made: self.made(i), left, right }
    }

    /// The sound of a note; equal notes are made once, as long as they are used now and then.
    fn made(&mut self, i: usize) -> Arc<Made> {
        let note = &self.notes[i];
        // Struck and plucked notes ring as they like; two lengths are enough for them.
        let length = if is_sustained(note.instrument) { (note.length * 100.0) as u32 } else { 40 * (1 + (note.length * 2.5) as u32).min(5) };
        let key = (note.instrument, note.pitch, length.clamp(5, 3000));
        let seed = self.seed.index(note.pitch as u64 + 1000 * note.instrument as u64);
        self.begun += 1;
        let entry = self.made.entry(key).or_insert_with(|| {
            let seconds = key.2 as f32 / 100.0;
            let left = make(key.0, key.1, seconds, seed.child("left"));
            let right = if is_wide(key.0) { make(key.0, key.1, seconds, seed.child("right")) } else { Vec::new() };
            (Arc::new(Made { left, right }), 0)
        });
        entry.1 = self.begun;
        let made = entry.0.clone();
        self.forget();
        made
    }

    /// Lets go of what was not used for the longest time.
    fn forget(&mut self) {
        let mut samples: usize = self.made.values().map(|(m, _)| m.samples()).sum();
        while samples > MOST_SAMPLES && self.made.len() > 1 {
            let Some((key, _)) = self.made.iter().min_by_key(|(_, (_, used))| *used) else { return };
            let key = *key;
            samples -= self.made.remove(&key).map_or(0, |(m, _)| m.samples());
        }
    }
}

fn is_sustained(instrument: Instrument) -> bool {
    use Instrument::{Cello, Choir, Flute, Horn, Pad, Strings};
    matches!(instrument, Pad | Strings | Cello | Choir | Horn | Flute)
}

fn is_wide(instrument: Instrument) -> bool {
    matches!(instrument, Instrument::Pad | Instrument::Strings | Instrument::Choir)
}

fn hertz(pitch: i32) -> f32 {
    440.0 * maths::exp2((pitch - 69) as f32 / 12.0)
}

fn make(instrument: Instrument, pitch: i32, seconds: f32, seed: Seed) -> Vec<f32> {
    let f = hertz(pitch);
    let mut rng = seed.rng();
    let rng = &mut rng;
    match instrument {
        Instrument::Pad => bowed(f, seconds, &Bow { players: 3, detune: 0.004, vibrato: 0.0, bright: 2.2, attack: 0.35, release: 0.7 }, rng),
        Instrument::Strings => bowed(f, seconds, &Bow { players: 4, detune: 0.003, vibrato: 0.004, bright: 6.0, attack: 0.16, release: 0.4 }, rng),
        Instrument::Cello => bowed(f, seconds, &Bow { players: 1, detune: 0.0, vibrato: 0.006, bright: 7.0, attack: 0.1, release: 0.3 }, rng),
        Instrument::Horn => bowed(f, seconds, &Bow { players: 2, detune: 0.0015, vibrato: 0.001, bright: 4.5, attack: 0.07, release: 0.25 }, rng),
        Instrument::Choir => choir(f, seconds, rng),
        Instrument::Flute => flute(f, seconds, rng),
        Instrument::Piano => piano(f, seconds, rng),
        Instrument::Guitar => plucked(f, seconds, 0.55, 3.0, 0.25, rng),
        Instrument::Ukulele => plucked(f, seconds.min(0.5), 0.75, 1.0, 0.3, rng),
        Instrument::Pizzicato => plucked(f, seconds.min(0.3), 0.35, 0.55, 0.4, rng),
        Instrument::Harp => plucked(f, seconds.max(1.0), 0.5, 4.0, 0.45, rng),
        Instrument::Bass => additive(f, seconds, &[(1.0, 1.0, 1.4), (2.0, 0.45, 0.8), (3.0, 0.2, 0.4), (4.0, 0.06, 0.2)], 0.006, rng),
        Instrument::Celesta => additive(f, seconds, &[(1.0, 1.0, 1.8), (3.0, 0.12, 0.5), (4.0, 0.3, 0.9), (10.1, 0.05, 0.12)], 0.001, rng),
        Instrument::Glockenspiel => additive(f, seconds, &[(1.0, 1.0, 1.3), (2.756, 0.35, 0.5), (5.404, 0.15, 0.22)], 0.0005, rng),
        Instrument::Marimba => additive(f, seconds, &[(1.0, 1.0, 0.55), (3.93, 0.3, 0.16), (9.2, 0.08, 0.05)], 0.001, rng),
        Instrument::Drum => drum(rng),
        Instrument::Shaker => burst(rng, 5500.0, 1.2, 0.014, 0.09),
        Instrument::Tick => additive(1900.0, 0.1, &[(1.0, 1.0, 0.05), (1.61, 0.5, 0.03)], 0.0003, rng),
        Instrument::Clap => burst(rng, 1500.0, 1.5, 0.001, 0.12),
    }
}

/// How something bowed or blown sounds.
struct Bow {
    players: u32,
    /// How far they lie apart, as a part of the pitch.
    detune: f32,
    vibrato: f32,
    /// The low-pass, in multiples of the pitch.
    bright: f32,
    attack: f32,
    release: f32,
}

/// Saws with rounded corners, a little apart, behind a low-pass that opens with the attack.
fn bowed(f: f32, seconds: f32, bow: &Bow, rng: &mut Rng) -> Vec<f32> {
    let length = samples(seconds + bow.release);
    let mut out = vec![0.0f32; length];
    let sine = Sine::new();
    for p in 0..bow.players {
        let apart = if bow.players == 1 { 0.0 } else { 2.0 * p as f32 / (bow.players - 1) as f32 - 1.0 };
        let f = f * (1.0 + bow.detune * apart + 0.0006 * rng.signed());
        let (mut phase, rate, wobble) = (rng.unit(), rng.range(4.8, 5.8), rng.unit());
        let mut step = f / RATE;
        for (i, o) in out.iter_mut().enumerate() {
            if i % 64 == 0 && bow.vibrato > 0.0 {
                let t = i as f32 / RATE;
                let depth = bow.vibrato * maths::smoothstep(0.25, 0.7, t);
                step = f * (1.0 + depth * sine.at(t * rate + wobble)) / RATE;
            }
            phase += step;
            if phase >= 1.0 {
                phase -= 1.0;
            }
            *o += 2.0 * phase - 1.0 + corner(phase, step);
        }
    }
    let mut low = Svf::new(1000.0, 0.6);
    let gain = 0.5 / bow.players as f32;
    for (b, block) in out.chunks_mut(64).enumerate() {
        let t = b as f32 * 64.0 / RATE;
        let open = 0.55 + 0.45 * maths::smoothstep(0.0, bow.attack * 1.5, t);
        low.tune((f * bow.bright * open + 120.0).min(7000.0), 0.6);
        block.iter_mut().for_each(|s| *s = low.next(*s).low * gain);
    }
    swell_in_and_out(&mut out, bow.attack, bow.release);
    out
}

/// What rounds a saw's corner (polyBLEP), against aliasing.
fn corner(phase: f32, step: f32) -> f32 {
    if phase < step {
        let t = phase / step;
        -(t + t - t * t - 1.0)
    } else if phase > 1.0 - step {
        let t = (phase - 1.0) / step;
        -(t * t + t + t + 1.0)
    } else {
        0.0
    }
}

fn swell_in_and_out(out: &mut [f32], attack: f32, release: f32) {
    let (rise, fall, length) = (samples(attack).min(out.len() / 2).max(1), samples(release).min(out.len() / 2).max(1), out.len());
    for (i, s) in out.iter_mut().enumerate() {
        let a = (i as f32 / rise as f32).min(1.0);
        let b = ((length - i) as f32 / fall as f32).min(1.0);
        *s *= a * a * (3.0 - 2.0 * a) * b * b;
    }
}

/// Saws through the formants of an "ah".
fn choir(f: f32, seconds: f32, rng: &mut Rng) -> Vec<f32> {
    let bow = Bow { players: 3, detune: 0.005, vibrato: 0.006, bright: 12.0, attack: 0.3, release: 0.6 };
    let mut out = bowed(f, seconds, &bow, rng);
    let mut formants = [(650.0, 5.0, 1.0), (1080.0, 6.0, 0.55), (2650.0, 8.0, 0.2)].map(|(f, q, g)| (Svf::new(f, q), g));
    for s in &mut out {
        *s = formants.iter_mut().map(|(filter, g)| filter.next(*s).band * *g).sum::<f32>() * 1.6;
    }
    out
}

fn flute(f: f32, seconds: f32, rng: &mut Rng) -> Vec<f32> {
    let sine = Sine::new();
    let mut breath = Svf::new(f * 2.0, 1.5);
    let mut phase = 0.0;
    let mut out: Vec<f32> = (0..samples(seconds + 0.15))
        .map(|i| {
            let t = i as f32 / RATE;
            phase += f * (1.0 + 0.004 * maths::smoothstep(0.3, 0.8, t) * sine.at(t * 5.1)) / RATE;
            phase -= f32::floor(phase);
            0.5 * sine.at(phase) + 0.12 * sine.at(2.0 * phase) + 0.05 * sine.at(3.0 * phase) + 0.06 * breath.next(rng.signed()).band
        })
        .collect();
    swell_in_and_out(&mut out, 0.05, 0.14);
    out
}

/// Partials of a stiff string, two strings a little apart, the high ones gone sooner; a felt hammer's thud before.
fn piano(f: f32, seconds: f32, rng: &mut Rng) -> Vec<f32> {
    let ring = (5.0 * maths::pow(220.0 / f, 0.55)).clamp(0.6, 7.0);
    let stiff = 0.0004 * (f / 260.0).min(4.0);
    let partials: Vec<(f32, f32, f32)> = (1..=9u8)
        .map(f32::from)
        .filter(|n| f * n < 9000.0)
        .flat_map(|n| {
            let ratio = n * (1.0 + stiff * n * n).sqrt();
            let strength = maths::exp(-0.55 * (n - 1.0)) * if n == 7.0 { 0.3 } else { 1.0 };
            let decay = ring / (1.0 + 0.45 * (n - 1.0));
            [(ratio, strength * 0.6, decay), (ratio * 1.0009, strength * 0.4, decay * 1.5)]
        })
        .collect();
    let mut out = additive(f, seconds + 0.2, &partials, 0.003, rng);
    let mut thud = Svf::new(420.0, 0.8);
    for (i, s) in out.iter_mut().take(samples(0.03)).enumerate() {
        *s += 0.12 * thud.next(rng.signed()).band * (1.0 - i as f32 / samples(0.03) as f32);
    }
    out
}

/// Sines that fall each at its own pace: ratio to the pitch, strength, seconds to -60 dB. Let go after `seconds`.
fn additive(f: f32, seconds: f32, partials: &[(f32, f32, f32)], attack: f32, rng: &mut Rng) -> Vec<f32> {
    let longest = partials.iter().map(|p| p.2).fold(0.0, f32::max);
    let held = (seconds + 0.25).min(longest);
    let mut out = vec![0.0; samples(held)];
    for (ratio, strength, decay) in partials {
        let w = std::f32::consts::TAU * (f * ratio).min(20_000.0) / RATE;
        let r = maths::exp(-6.9 / (decay * RATE));
        let (c, rr) = (2.0 * r * maths::cos(w), r * r);
        let phase = 0.3 * rng.unit();
        let (mut y2, mut y1) = (strength * maths::sin(phase - w), strength * maths::sin(phase));
        for o in out.iter_mut().take(samples(*decay)) {
            *o += y1;
            (y2, y1) = (y1, c * y1 - rr * y2);
        }
    }
    envelope::fade_in(&mut out, attack.max(0.0005));
    envelope::fade_out(&mut out, 0.2f32.min(held * 0.5));
    out.iter_mut().for_each(|s| *s *= 0.5);
    out
}

/// A plucked string (Karplus and Strong), tuned by an all-pass; `bright` 0 to 1, `ring` seconds, plucked at `place` of its length.
fn plucked(f: f32, seconds: f32, bright: f32, ring: f32, place: f32, rng: &mut Rng) -> Vec<f32> {
    let period = RATE / f - 0.5;
    let n = (period.floor() as usize).max(4);
    let part = (period - n as f32).clamp(0.05, 0.999);
    let tune = (1.0 - part) / (1.0 + part);
    let mut y = 0.0;
    let mut string: Vec<f32> = (0..n)
        .map(|_| {
            y += (0.15 + 0.8 * bright) * (rng.signed() - y);
            y
        })
        .collect();
    let pick = ((n as f32 * place) as usize).max(1);
    let struck = string.clone();
    (0..n).for_each(|i| string[i] = struck[i] - 0.9 * struck[(i + n - pick) % n]);
    let mean = string.iter().sum::<f32>() / n as f32;
    string.iter_mut().for_each(|s| *s -= mean);
    let loss = maths::pow(10.0, -3.0 / (f * ring));
    let (mut head, mut last, mut in_before, mut out_before) = (0, 0.0, 0.0, 0.0);
    let mut out: Vec<f32> = (0..samples(seconds + 0.25))
        .map(|_| {
            let x = string[head];
            let soft = loss * 0.5 * (x + last);
            last = x;
            let tuned = tune * (soft - out_before) + in_before;
            (in_before, out_before) = (soft, tuned + 1e-20);
            string[head] = tuned;
            head = if head + 1 == n { 0 } else { head + 1 };
            x
        })
        .collect();
    let mut body = Svf::new(210.0, 1.2);
    out.iter_mut().for_each(|s| *s = 0.6 * (*s + 0.5 * body.next(*s).band));
    envelope::fade_out(&mut out, 0.2);
    out
}

/// A big drum: a sine that sinks, and the skin's slap.
fn drum(rng: &mut Rng) -> Vec<f32> {
    let sine = Sine::new();
    let mut skin = Svf::new(240.0, 0.9);
    let mut phase = 0.0;
    let mut out: Vec<f32> = (0..samples(1.1))
        .map(|i| {
            let t = i as f32 / RATE;
            phase += (58.0 + 60.0 * maths::exp(-t * 28.0)) / RATE;
            let body = sine.at(phase) * maths::exp(-t * 5.0);
            body + 0.9 * skin.next(rng.signed()).band * maths::exp(-t * 30.0)
        })
        .collect();
    envelope::fade_in(&mut out, 0.001);
    envelope::fade_out(&mut out, 0.1);
    out
}

fn burst(rng: &mut Rng, f: f32, q: f32, attack: f32, decay: f32) -> Vec<f32> {
    let mut band = Svf::new(f, q);
    let mut out: Vec<f32> = (0..samples(attack + decay)).map(|_| band.next(rng.signed()).band).collect();
    envelope::shape(&mut out, attack, 0.0, decay);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The power of a sound at a frequency.
    fn power_at(sound: &[f32], hertz: f32) -> f32 {
        let (sine, n) = (Sine::new(), sound.len() as f32);
        let (mut a, mut b) = (0.0f32, 0.0f32);
        for (i, s) in sound.iter().enumerate() {
            let window = 0.5 - 0.5 * sine.at(i as f32 / n + 0.25);
            let turns = f64::from(hertz) * i as f64 / 48_000.0;
            let phase = (turns - turns.floor()) as f32;
            a += s * window * sine.at(phase);
            b += s * window * sine.at(phase + 0.25);
        }
        a * a + b * b
    }

    #[test]
    fn every_pitched_instrument_is_in_tune() {
        use Instrument::{Bass, Celesta, Cello, Flute, Glockenspiel, Guitar, Harp, Horn, Marimba, Pad, Piano, Pizzicato, Strings, Ukulele};
        for instrument in [Pad, Strings, Cello, Piano, Guitar, Ukulele, Pizzicato, Harp, Bass, Celesta, Glockenspiel, Marimba, Flute, Horn] {
            for pitch in [48, 57, 65, 76] {
                let sound = make(instrument, pitch, 1.0, Seed(5));
                let cents = (-40_i32..=40).step_by(4).map(|c| (power_at(&sound, hertz(pitch) * maths::exp2(c as f32 / 1200.0)), c));
                let best = cents.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |b| b.1);
                assert!(best.abs() <= 12, "{instrument:?} at {pitch} is {best} cents off");
                let peak = sound.iter().fold(0.0f32, |m, s| m.max(s.abs()));
                assert!((0.02..2.5).contains(&peak), "{instrument:?} at {pitch} peaks at {peak}");
            }
        }
    }
}
