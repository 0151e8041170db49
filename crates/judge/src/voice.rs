//! How loud a voice is where open vowels are, and how that goes with something that is known frame by frame.

use kinora_base::Ticks;
use kinora_base::maths::{cos, log10, sin};
use kinora_base::pcm::{SAMPLE_RATE, Stereo};

/// Samples between two values: 5 ms.
const STEP: usize = 240;
/// Samples that make a value: 20 ms around it.
const SPAN: usize = 960;
/// Vowels are loud here and the more open the louder, Hz; nasals are below, hisses above.
const BAND: (f32, f32) = (500.0, 2_500.0);
/// What is so far below the loudest is silence, dB.
const DEPTH: f32 = 30.0;
/// Steps that are tried to either side: 330 ms, eight frames at 24 a second.
const REACH: usize = 66;
/// Lags in all.
pub(crate) const LAGS: usize = 2 * REACH + 1;

/// Loudness of the voice in its band, dB, a value every 5 ms of the film.
pub(crate) fn loudness(sound: &Stereo) -> Vec<f32> {
    let mut band: Vec<f64> = sound.left.iter().zip(&sound.right).map(|(l, r)| f64::from(l + r) * 0.5).collect();
    // To and fro, so that nothing is delayed.
    for _ in 0..2 {
        filter(&mut band, BAND.0, true);
        filter(&mut band, BAND.1, false);
        band.reverse();
    }
    let value = |k: usize| {
        let part = &band[(k * STEP).saturating_sub(SPAN / 2)..(k * STEP + SPAN / 2).min(band.len())];
        10.0 * log10((part.iter().map(|s| s * s).sum::<f64>() / part.len().max(1) as f64 + 1e-12) as f32)
    };
    (0..band.len() / STEP).map(value).collect()
}

/// A filter of second order without a peak (Butterworth), high or low pass.
fn filter(samples: &mut [f64], hertz: f32, high: bool) {
    let turn = 2.0 * std::f32::consts::PI * hertz / SAMPLE_RATE as f32;
    let (c, alpha) = (f64::from(cos(turn)), f64::from(sin(turn)) / std::f64::consts::SQRT_2);
    let edge = if high { 1.0 + c } else { 1.0 - c };
    let (b0, b1) = (0.5 * edge / (1.0 + alpha), if high { -edge } else { edge } / (1.0 + alpha));
    let (a1, a2) = (-2.0 * c / (1.0 + alpha), (1.0 - alpha) / (1.0 + alpha));
    let (mut z1, mut z2) = (0.0, 0.0);
    for s in samples {
        let out = b0 * *s + z1;
        z1 = b1 * *s - a1 * out + z2;
        z2 = b0 * *s - a2 * out;
        *s = out;
    }
}

/// The loudness from a time on for a length, with what is needed of it before and after; no deeper than 30 dB.
pub(crate) fn around(loudness: &[f32], from: Ticks, length: Ticks) -> Vec<f32> {
    let (from, count) = (from.0 / STEP as i64, (length.0 / STEP as i64).max(0) as usize);
    let at = |k: usize| usize::try_from(from + k as i64 - REACH as i64).ok().and_then(|k| loudness.get(k)).copied().unwrap_or(-120.0);
    let all: Vec<f32> = (0..count + 2 * REACH).map(at).collect();
    let floor = all[REACH..REACH + count].iter().copied().fold(-120.0, f32::max) - DEPTH;
    all.into_iter().map(|v| v.max(floor)).collect()
}

/// Whether anything is said from one time to another: more than -60 dB.
pub(crate) fn speaks(loudness: &[f32], from: Ticks, to: Ticks) -> bool {
    let at = |t: Ticks| ((t.0.max(0) as usize) / STEP).min(loudness.len());
    loudness[at(from)..at(to).max(at(from))].iter().any(|d| *d > -60.0)
}

/// The same loudness begun elsewhere: what has the same ups and downs at other times.
pub(crate) fn turned(around: &[f32]) -> Vec<Vec<f32>> {
    let by = |quarter: usize| {
        let mut out = around.to_vec();
        out.rotate_left(around.len() * quarter / 4);
        out
    };
    // A turn by less than what is tried would find the true place again.
    if around.len() / 4 > REACH + 10 { (1..4).map(by).collect() } else { Vec::new() }
}

/// Correlation of values that lie `ticks` apart with a loudness of [`around`], for each lag from the earliest to the latest.
pub(crate) fn alike(values: &[f32], ticks: i64, around: &[f32]) -> Vec<f32> {
    let reach = (Ticks::PER_SECOND / ticks.max(1)) as usize;
    let shown = levelled(values, reach);
    let lagged = |lag: usize| {
        // A late picture shows what was heard before.
        let at = |k: usize| (2 * REACH - lag + k * ticks as usize / STEP).min(around.len().saturating_sub(1));
        let heard: Vec<f32> = (0..values.len()).map(|k| around.get(at(k)).copied().unwrap_or(0.0)).collect();
        correlation(&shown, &levelled(&heard, reach))
    };
    (0..LAGS).map(lagged).collect()
}

/// The lag at which they are most alike, ms, late is positive; and how much.
pub(crate) fn best(alike: &[f32]) -> (i32, f32) {
    // Of equals the nearest.
    let nearer = |a: usize, b: usize| b.abs_diff(REACH).cmp(&a.abs_diff(REACH));
    let (k, value) = alike.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(nearer(a.0, b.0))).unwrap_or((REACH, &0.0));
    ((k as i32 - REACH as i32) * 5, *value)
}

/// How alike they are at the best lag of at most so many ms.
pub(crate) fn near(alike: &[f32], ms: i32) -> f32 {
    let steps = (ms / 5).max(0) as usize;
    alike.iter().skip(REACH.saturating_sub(steps)).take(2 * steps + 1).copied().fold(-1.0, f32::max)
}

/// Each value against the mean of those around it, a second to either side: a head that turns and a voice that falls are
/// not taken for lips.
fn levelled(values: &[f32], reach: usize) -> Vec<f32> {
    let around = |k: usize| &values[k.saturating_sub(reach)..(k + reach + 1).min(values.len())];
    (0..values.len()).map(|k| values[k] - around(k).iter().sum::<f32>() / around(k).len() as f32).collect()
}

/// From -1 to 1; 0 if one of them does not change.
fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len().max(1) as f32;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - ma) * (y - mb);
        aa += (x - ma) * (x - ma);
        bb += (y - mb) * (y - mb);
    }
    if aa * bb > 1e-12 { ab / (aa * bb).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loudness_is_that_of_the_band_and_not_delayed() {
        let tone = |hertz: f32| -> Vec<f32> {
            let on = |i: usize| if (24_000..48_000).contains(&i) { 0.5 } else { 0.0 };
            let left: Vec<f32> = (0..72_000).map(|i| on(i) * sin(i as f32 % 48_000.0 * hertz * std::f32::consts::TAU / 48_000.0)).collect();
            loudness(&Stereo { right: left.clone(), left })
        };
        let (vowel, hum) = (tone(1_200.0), tone(90.0));
        assert!((vowel[150] + 9.0).abs() < 1.0, "half of full scale is -9 dB of power: {}", vowel[150]);
        assert!(hum[150] < vowel[150] - 30.0, "what is below is not counted: {}", hum[150]);
        // Half way up and down where the tone begins and ends.
        assert!((vowel[100] - vowel[150] + 3.0).abs() < 1.0 && (vowel[200] - vowel[150] + 3.0).abs() < 1.0, "{} {}", vowel[100], vowel[200]);
    }

    #[test]
    fn lags_are_found() {
        let heard: Vec<f32> = (0..1_000).map(|k| 20.0 * sin(k as f32 * 0.05) + 9.0 * sin(k as f32 * 0.13)).collect();
        let voice = around(&heard, Ticks(48_000), Ticks(96_000));
        let frames = |late: i64| -> Vec<f32> { (0..48).map(|k| heard[(200 + k * 2_000 / 240 - late / 5) as usize]).collect() };
        for late in [0, 125, -40] {
            assert_eq!(best(&alike(&frames(late), 2_000, &voice)).0, late as i32, "late by {late} ms");
        }
        assert_eq!(best(&alike(&[1.0; 48], 2_000, &voice)).1, 0.0, "what does not change is like nothing");
    }
}
