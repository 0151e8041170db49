//! The finished sound against the sum of its stems, and how far dialogue stands over everything else.

use crate::Measure;
use crate::sound::clipped;
use crate::stems::{Sheet, Stems, shot_at};
use ebur128::{EbuR128, Mode};
use kinora_base::maths::log10;
use kinora_base::pcm::{SAMPLE_RATE, Stereo};
use kinora_plan::{Heard, Plan};

/// How far the film may lie from its stems, samples: 1 ms.
const LAG: i64 = 48;
/// Lags that are tried, samples: 50 ms to either side; an AAC packet is 21 ms.
const LAGS: i64 = 2_400;
/// The loudest stretch is compared, samples: two seconds.
const COMPARED: usize = 96_000;
/// The limiter takes a little; nothing may be added, dB.
const GAIN_DB: (f32, f32) = (-3.0, 1.0);
/// How alike film and sum are: the limiter and the coding cost a few thousandths.
const ALIKE: f32 = 0.95;
/// The same of left less right: a coder saves there first.
const ALIKE_SIDES: f32 = 0.7;
/// A difference between the sides that can be heard: -40 dB.
const AUDIBLE: f32 = 0.01;
/// Dialogue stands at least so far over the rest, LU.
const OVER: f32 = 4.0;
/// Whispers, and voices that the camera does not see, LU.
const OVER_SOFT: f32 = 0.0;
/// As good as silence, LUFS.
const SILENCE: f32 = -70.0;
/// The ends of a film: 5 ms, and the loudest sample there, dB.
const END: usize = 240;
const END_DB: f32 = -30.0;

/// What concerns the whole film.
pub(crate) fn film(stems: &Stems, film: &Stereo) -> Vec<Measure> {
    let measure =
        |dimension, subject: &str, asked: String, found: String, holds| Measure { dimension, shot: "all".into(), subject: subject.into(), asked, found, holds };
    let mut out = Vec::new();
    let sum = mono(&stems.sum(|_| true));
    let heard = mono(film);
    let lag = lag(&sum, &heard);
    let (gain, alike) = gain(&sum, &heard, lag);
    let found = format!("{lag:+} samples, {gain:+.1} dB, {alike:.3} alike");
    let holds = lag.abs() <= LAG && gain >= GAIN_DB.0 && gain <= GAIN_DB.1 && alike >= ALIKE;
    out.push(measure("mix", "film", format!("its stems, within {LAG} samples"), found, holds));
    // What differs between the sides must differ the same way.
    let (planned, there) = (difference(&stems.sum(|_| true)), difference(film));
    if planned.iter().any(|s| s.abs() > AUDIBLE) {
        let alike = self::gain(&planned, &there, lag).1;
        out.push(measure("mix", "sides", format!("{ALIKE_SIDES} alike"), format!("{alike:.3} alike"), alike >= ALIKE_SIDES));
    }
    for (name, stem) in stems.named() {
        let runs = clipped(&stem.left) + clipped(&stem.right);
        if stem.left.iter().chain(&stem.right).any(|s| *s != 0.0) {
            out.push(measure("clipping", name, "none".into(), format!("{runs} runs at full scale"), runs == 0));
        }
    }
    for (name, from) in [("beginning", 0), ("end", film.len().saturating_sub(END))] {
        let end = |side: &[f32]| side.iter().skip(from).take(END).fold(0.0_f32, |m, s| m.max(s.abs()));
        let peak = decibels(end(&film.left).max(end(&film.right)), 20.0);
        out.push(measure("ends", name, format!("below {END_DB:.0} dB"), format!("{peak:.1} dB"), peak < END_DB));
    }
    out
}

/// How far each line stands over the rest while it is spoken.
pub(crate) fn lines(plan: &Plan, sheet: &Sheet, stems: &Stems) -> Vec<Measure> {
    let rest = stems.sum(|name| name != "dialogue");
    let mut out = Vec::new();
    for line in &sheet.voices.lines {
        let range = (line.from.0.max(0) as usize).min(rest.len())..(line.to.0.max(0) as usize).min(rest.len());
        let (voice, others) = (loudness(&stems.dialogue, range.clone()), loudness(&rest, range));
        let over = voice - others;
        let planned = plan.shots.iter().flat_map(|s| &s.lines).find(|l| l.id == line.line);
        let soft = line.heard == Heard::OffScreen || planned.and_then(|l| l.manner.as_deref()).is_some_and(|m| m.contains("whisper") || m.contains("murmur"));
        let least = if soft { OVER_SOFT } else { OVER };
        let found = format!("{over:+.1} LU ({voice:.1} over {others:.1} LUFS)");
        let (shot, asked) = (shot_at(plan, line.from), format!("{least:.0} LU over the rest"));
        out.push(Measure { dimension: "dialogue", shot, subject: line.line.clone(), asked, found, holds: voice > SILENCE && over >= least });
    }
    out
}

/// Loudness of a stretch by BS.1770, LUFS; silence is [`SILENCE`].
fn loudness(sound: &Stereo, range: std::ops::Range<usize>) -> f32 {
    let Ok(mut meter) = EbuR128::new(2, SAMPLE_RATE, Mode::I) else { return SILENCE };
    let sides = [&sound.left, &sound.right].map(|s| s.get(range.clone()).unwrap_or(&[]));
    let measured = meter.add_frames_planar_f32(&sides).and_then(|()| meter.loudness_global());
    measured.map_or(SILENCE, |l| (l as f32).max(SILENCE))
}

fn mono(sound: &Stereo) -> Vec<f32> {
    sound.left.iter().zip(&sound.right).map(|(l, r)| 0.5 * (l + r)).collect()
}

/// Left less right, halved.
fn difference(sound: &Stereo) -> Vec<f32> {
    sound.left.iter().zip(&sound.right).map(|(l, r)| 0.5 * (l - r)).collect()
}

fn decibels(ratio: f32, times: f32) -> f32 {
    times * log10(ratio.max(1e-6))
}

/// Samples by which the film comes after its stems, where the stems are loudest.
fn lag(sum: &[f32], film: &[f32]) -> i64 {
    let from = loudest(sum);
    let here = &sum[from..(from + COMPARED).min(sum.len())];
    let alike = |lag: i64| -> f32 {
        let start = from as i64 + lag;
        let skip = usize::try_from(-start).unwrap_or(0);
        let there = film.get(usize::try_from(start).unwrap_or(0)..).unwrap_or(&[]);
        here.iter().skip(skip).zip(there).map(|(a, b)| a * b).sum()
    };
    let mut best = (f32::MIN, 0);
    // Of equals, as in silence, the nearest.
    for lag in (0..=LAGS).flat_map(|k| [k, -k]) {
        let value = alike(lag);
        if value > best.0 {
            best = (value, lag);
        }
    }
    best.1
}

/// Where the loudest stretch begins, to a tenth of a second.
fn loudest(sum: &[f32]) -> usize {
    let power: Vec<f32> = sum.chunks(4_800).map(|c| c.iter().map(|s| s * s).sum()).collect();
    let span = COMPARED / 4_800;
    let at = |k: &usize| power[*k..(*k + span).min(power.len())].iter().sum::<f32>();
    (0..power.len().saturating_sub(span).max(1)).max_by(|a, b| at(a).total_cmp(&at(b))).unwrap_or(0) * 4_800
}

/// Gain of the film against the sum at a lag, dB, and how alike they are, 1 = the same but for the gain.
fn gain(sum: &[f32], film: &[f32], lag: i64) -> (f32, f32) {
    let (skip_sum, skip_film) = (usize::try_from(-lag).unwrap_or(0), usize::try_from(lag).unwrap_or(0));
    let (mut both, mut own, mut other) = (0.0_f64, 1e-12_f64, 1e-12_f64);
    for (a, b) in sum.iter().skip(skip_sum).zip(film.iter().skip(skip_film)) {
        let (a, b) = (f64::from(*a), f64::from(*b));
        both += a * b;
        own += a * a;
        other += b * b;
    }
    (decibels((both / own) as f32, 20.0), (both / (own * other).sqrt()) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_base::{Seed, Ticks};
    use kinora_plan::voices::{Spoken, Voices};

    fn noise(seed: u64, samples: usize, level: f32) -> Stereo {
        let mut rng = Seed(seed).rng();
        // Faded at both ends, as films are.
        let fade = |i: usize| (i.min(samples - 1 - i) as f32 / 2_400.0).min(1.0);
        let mut side = || (0..samples).map(|i| level * fade(i) * rng.signed()).collect::<Vec<f32>>();
        Stereo { left: side(), right: side() }
    }

    fn stems() -> Stems {
        let n = 150_000;
        Stems { dialogue: noise(1, n, 0.2), effects: noise(2, n, 0.05), ambience: noise(3, n, 0.01), music: noise(4, n, 0.02) }
    }

    fn holds(all: &[Measure], dimension: &str, subject: &str) -> bool {
        all.iter().find(|m| m.dimension == dimension && m.subject == subject).map(|m| m.holds).unwrap_or_else(|| panic!("{dimension} {subject}"))
    }

    #[test]
    fn a_film_that_is_its_stems_holds_and_others_do_not() {
        let stems = stems();
        let sum = stems.sum(|_| true);
        let good = film(&stems, &sum);
        assert!(good.iter().all(|m| m.holds), "{good:?}");
        let shifted = |by: usize| Stereo { left: [vec![0.0; by], sum.left.clone()].concat(), right: [vec![0.0; by], sum.right.clone()].concat() };
        assert!(!holds(&film(&stems, &shifted(1_024)), "mix", "film"), "an AAC frame late");
        assert!(!holds(&film(&stems, &shifted(1_920)), "mix", "film"), "40 ms late");
        assert!(!holds(&film(&stems, &stems.sum(|n| n != "dialogue")), "mix", "film"), "without its dialogue");
        let half = Stereo { left: sum.left.iter().map(|s| s * 0.5).collect(), right: sum.right.iter().map(|s| s * 0.5).collect() };
        assert!(!holds(&film(&stems, &half), "mix", "film"), "6 dB quieter");
        let mirrored = Stereo { left: sum.right.clone(), right: sum.left.clone() };
        assert!(!holds(&film(&stems, &mirrored), "mix", "sides"), "left is right");
        let lagged = lag(&mono(&sum), &mono(&shifted(700)));
        assert_eq!(lagged, 700, "to the sample");
    }

    #[test]
    fn clipping_and_hard_ends_are_found() {
        let mut stems = stems();
        stems.effects.right[9_000..9_010].fill(1.0);
        let mut hard = stems.sum(|_| true);
        let at = hard.len() - 20;
        hard.left[at] = 0.2;
        let all = film(&stems, &hard);
        assert!(!holds(&all, "clipping", "effects") && holds(&all, "clipping", "dialogue"), "only the effects");
        assert!(!holds(&all, "ends", "end") && holds(&all, "ends", "beginning"), "cut off at the end");
    }

    #[test]
    fn dialogue_that_drowns_is_found() {
        let json = r#"{"version": 1, "fps": 24, "scenes": [{"id": "s", "place": "p"}], "shots": [{"id": "1", "scene": "s", "length": "3 s",
            "lines": [{"id": "l", "text": "Hello"}]}]}"#;
        let plan = Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"));
        let line = Spoken { line: "l".into(), from: Ticks(24_000), to: Ticks(96_000), ..Spoken::default() };
        let sheet = Sheet { voices: Voices { lines: vec![line] }, ..Sheet::default() };
        let loud = lines(&plan, &sheet, &stems());
        assert!(loud[0].holds, "12 dB over the effects: {}", loud[0].found);
        let quiet = Stems { dialogue: noise(1, 150_000, 0.06), ..stems() };
        assert!(!lines(&plan, &sheet, &quiet)[0].holds, "as loud as the rest");
        let silent = Stems { dialogue: Stereo::silence(150_000), ..Stems::default() };
        assert!(!lines(&plan, &sheet, &silent)[0].holds, "nobody speaks");
    }
}
