//! Sharp noises against the times at which the sheet says they happen: onsets are found in the effects stem alone, and then
//! compared. Also whether they are heard on the side where they are seen.

use crate::Measure;
use crate::place::Place;
use crate::stems::{Sheet, place};
use kinora_base::maths::log10;
use kinora_base::pcm::Stereo;
use kinora_plan::Plan;
use kinora_plan::spotting::SoundEvent;

/// Samples in a hop: half a millisecond.
const HOP: usize = 24;
/// Hops in a millisecond.
const PER_MS: usize = 2;
/// A rise is the level of 10 ms over that of the 30 ms before, in hops.
const AFTER: usize = 10 * PER_MS;
const BEFORE: usize = 30 * PER_MS;
/// A sharp onset rises by so much, dB.
const RISE_DB: f32 = 9.0;
/// Of onsets nearer to each other than this the steepest counts, hops.
const APART: usize = 20 * PER_MS;
/// Power that is as good as silence: -90 dB.
const FLOOR: f32 = 1e-9;
/// An onset belongs to an event at most so far away, samples: 80 ms, and less than half the way to the next event.
const NEAR: i64 = 3_840;
/// Events nearer to each other than this are not told apart, samples: 50 ms.
const CROWDED: i64 = 2_400;
/// What stands so little over what was heard before is masked, dB.
const MASKED_DB: f32 = 15.0;
/// Bounds: the median and the worst of how far onset and event lie apart, ms.
const MEDIAN_MS: f32 = 5.0;
const WORST_MS: f32 = 20.0;
/// A side counts from here on, as a share of half the picture.
pub(crate) const ASIDE: f32 = 0.2;
/// What is heard on one side is louder there by at least this, dB.
pub(crate) const PAN_DB: f32 = 0.2;

/// Where a noise begins.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Onset {
    /// Sample.
    at: i64,
    /// dB.
    rise: f32,
    /// Power of its loudest half millisecond.
    peak: f32,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Found {
    /// It has an onset.
    Sharp(Onset),
    /// Others are too near.
    Crowded,
    /// There is no sharp onset: how loud it was before, and whether anything is heard after it.
    Without { before: f32, heard: bool },
}

/// Measures the events of each sound.
pub(crate) fn judge(plan: &Plan, sheet: &Sheet, effects: &Stereo) -> Vec<Measure> {
    let power = hops(effects);
    let onsets = onsets(&power);
    let events = &sheet.spotting.events;
    let all: Vec<(&SoundEvent, Found)> = (0..events.len()).map(|k| (&events[k], found(events, k, &onsets, &power))).collect();
    let mut names: Vec<&str> = events.iter().map(|e| e.sound.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut out = Vec::new();
    for name in names {
        let own: Vec<(&SoundEvent, Found)> = all.iter().filter(|(e, _)| e.sound == name).copied().collect();
        out.push(times(name, &own, onsets.len()));
        out.extend(sides(name, &own, sheet, effects, place(plan)));
    }
    out
}

/// Mean power of each half millisecond.
fn hops(sound: &Stereo) -> Vec<f32> {
    let both = |(l, r): (&[f32], &[f32])| l.iter().chain(r).map(|s| s * s).sum::<f32>() / (2 * HOP) as f32;
    sound.left.chunks_exact(HOP).zip(sound.right.chunks_exact(HOP)).map(both).collect()
}

fn mean(power: &[f32]) -> f32 {
    power.iter().sum::<f32>() / power.len().max(1) as f32
}

fn decibels(ratio: f32) -> f32 {
    10.0 * log10(ratio.max(1e-12))
}

/// All sharp onsets.
fn onsets(power: &[f32]) -> Vec<Onset> {
    let rise = |k: usize| {
        let (before, after) = (&power[k.saturating_sub(BEFORE)..k], &power[k..(k + AFTER).min(power.len())]);
        decibels((mean(after) + FLOOR) / (mean(before) + FLOOR))
    };
    let rises: Vec<f32> = (0..power.len()).map(rise).collect();
    let mut out = Vec::new();
    for k in 0..rises.len() {
        let (from, to) = (k.saturating_sub(APART), (k + APART).min(rises.len()));
        let steepest = rises[from..k].iter().all(|r| *r < rises[k]) && rises[k + 1..to].iter().all(|r| *r <= rises[k]);
        if rises[k] >= RISE_DB && steepest {
            out.push(begin(power, k, rises[k]));
        }
    }
    out
}

/// Where a rise begins: the first hop that stands clear of what was before and comes within 20 dB of the noise's peak.
fn begin(power: &[f32], k: usize, rise: f32) -> Onset {
    let range = k.saturating_sub(AFTER)..(k + AFTER).min(power.len());
    let before = mean(&power[range.start.saturating_sub(BEFORE)..range.start]) + FLOOR;
    let peak = power[range.clone()].iter().copied().fold(0.0, f32::max);
    let at = range.clone().find(|j| power[*j] >= (4.0 * before).max(0.01 * peak)).unwrap_or(k);
    Onset { at: (at * HOP) as i64, rise, peak }
}

/// The steepest onset near an event.
fn found(events: &[SoundEvent], k: usize, onsets: &[Onset], power: &[f32]) -> Found {
    let at = events[k].at.0;
    let next = events.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, e)| (e.at.0 - at).abs()).min().unwrap_or(i64::MAX);
    if next < CROWDED {
        return Found::Crowded;
    }
    let reach = NEAR.min(next / 2);
    let near = onsets.iter().filter(|o| (o.at - at).abs() <= reach);
    if let Some(onset) = near.max_by(|a, b| a.rise.total_cmp(&b.rise)) {
        return Found::Sharp(*onset);
    }
    let stretch = |from: i64, to: i64| {
        let hop = |at: i64| ((at.max(0) as usize) / HOP).min(power.len());
        &power[hop(from)..hop(to)]
    };
    // A fifth of a second is enough for any noise to be there at all.
    let heard = stretch(at - NEAR, at + 9_600).iter().any(|p| *p > FLOOR);
    Found::Without { before: mean(stretch(at - (BEFORE * HOP) as i64, at)), heard }
}

/// How far the onsets of a sound lie from its events.
fn times(name: &str, own: &[(&SoundEvent, Found)], onsets: usize) -> Measure {
    let sharp: Vec<(&SoundEvent, Onset)> = own.iter().filter_map(|(e, f)| if let Found::Sharp(o) = f { Some((*e, *o)) } else { None }).collect();
    let late = |(e, o): &(&SoundEvent, Onset)| (o.at - e.at.0) as f32 / 48.0;
    let mut apart: Vec<f32> = sharp.iter().map(late).collect();
    apart.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let mut peaks: Vec<f32> = sharp.iter().map(|(_, o)| o.peak).collect();
    peaks.sort_by(f32::total_cmp);
    let usual = peaks.get(peaks.len() / 2).copied();
    // A sound that is sharp elsewhere must be sharp here, unless something louder covers it.
    let missed = |f: &Found| match f {
        Found::Without { before, heard } => !heard || usual.is_some_and(|peak| decibels(peak / before.max(FLOOR)) > MASKED_DB),
        _ => false,
    };
    let missing = own.iter().filter(|(e, f)| missed(f) && e.length.0 == 0).count();
    let crowded = own.iter().filter(|(_, f)| *f == Found::Crowded).count();
    let alone = own.len() - crowded;
    let mut text = format!("{} of {}", sharp.len(), own.len());
    if let (Some(median), Some(worst)) = (apart.get(apart.len() / 2), apart.last()) {
        text += &format!(": median {median:+.1} ms, worst {worst:+.1} ms");
    }
    if missing > 0 {
        text += &format!("; {missing} without a sound");
    }
    if own.len() > sharp.len() {
        text += &format!("; {crowded} too near to others, {} not sharp", alone - sharp.len());
    }
    if sharp.len() * 3 < own.len() {
        text += "; less than a third was measured";
    }
    // Noises enough in the stem, and none of them where it should be.
    let elsewhere = sharp.is_empty() && alone > 2 && onsets >= alone && own.iter().all(|(e, _)| e.length.0 == 0);
    let in_time = apart.get(apart.len() / 2).is_none_or(|m| m.abs() <= MEDIAN_MS) && apart.last().is_none_or(|w| w.abs() <= WORST_MS);
    let asked = format!("median {MEDIAN_MS:.0} ms, worst {WORST_MS:.0} ms");
    Measure { dimension: "event", shot: "all".into(), subject: name.into(), asked, found: text, holds: in_time && missing == 0 && !elsewhere }
}

/// Whether the sharp ones of a sound are heard on the side where they are.
fn sides(name: &str, own: &[(&SoundEvent, Found)], sheet: &Sheet, effects: &Stereo, place: Place) -> Option<Measure> {
    let (mut agree, mut least, mut count) = (0, f32::MAX, 0);
    for (event, found) in own {
        let Found::Sharp(onset) = found else { continue };
        let frame = usize::try_from(event.at.frame(sheet.spotting.fps)).ok();
        let spot = frame.and_then(|f| sheet.spotting.ears.get(f)).and_then(|ear| place.of(ear, event.position.to_array()));
        let Some(side) = spot.map(|s| place.side(&s)).filter(|s| s.abs() > ASIDE) else { continue };
        let from = usize::try_from(onset.at).unwrap_or(0);
        let towards = balance(effects, from, from + (BEFORE * HOP)) * side.signum();
        count += 1;
        agree += usize::from(towards > PAN_DB);
        least = least.min(towards);
    }
    let found = format!("{agree} of {count}, at least {least:+.1} dB");
    (count > 0).then(|| Measure { dimension: "pan", shot: "all".into(), subject: name.into(), asked: "heard where seen".into(), found, holds: agree == count })
}

/// How much louder the right side is in a stretch, dB.
pub(crate) fn balance(sound: &Stereo, from: usize, to: usize) -> f32 {
    let power = |side: &[f32]| side.get(from.min(side.len())..to.min(side.len())).unwrap_or(&[]).iter().map(|s| s * s).sum::<f32>() + FLOOR;
    decibels(power(&sound.right) / power(&sound.left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_base::{Rng, Seed, Ticks};
    use kinora_plan::spotting::{Ear, Spotting};

    /// Knocks at each event, shifted by some samples, on the side of the event, or on the other.
    fn made_up(at: &[i64], shift: i64, mirrored: bool) -> (Sheet, Stereo) {
        let mut sound = Stereo::silence(48_000 * 3);
        let mut rng: Rng = Seed(7).rng();
        sound.left.iter_mut().chain(&mut sound.right).for_each(|s| *s = 0.0003 * rng.signed());
        let burst: Vec<f32> = (0..4_000).map(|i| kinora_base::maths::exp(-(i as f32) / 900.0) * rng.signed() * 0.4).collect();
        at.iter().for_each(|at| if mirrored { sound.add_mono(at + shift, &burst, 1.0, 0.6) } else { sound.add_mono(at + shift, &burst, 0.6, 1.0) });
        let event = |at: &i64| SoundEvent {
            at: Ticks(*at),
            sound: "knock".into(),
            surface: "wood".into(),
            strength: 1.0,
            length: Ticks::ZERO,
            pace: Vec::new(),
            position: [1.0, 0.0, -3.0].into(),
            position_at_end: [1.0, 0.0, -3.0].into(),
            weight: 70.0,
            who: None,
        };
        let ear = Ear { position: [0.0; 3].into(), right: [1.0, 0.0, 0.0].into(), forward: [0.0, 0.0, -1.0].into(), horizontal_fov: 1.2 };
        let spotting = Spotting { events: at.iter().map(event).collect(), ears: vec![ear; 90], ..Spotting::default() };
        (Sheet { spotting, ..Sheet::default() }, sound)
    }

    fn judged(at: &[i64], shift: i64, mirrored: bool, silent: Option<usize>) -> Vec<Measure> {
        let json = r#"{"version": 1, "fps": 30, "scenes": [{"id": "s", "place": "p"}], "shots": [{"id": "1", "scene": "s", "length": "3 s"}]}"#;
        let plan = Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"));
        let (sheet, mut sound) = made_up(at, shift, mirrored);
        if let Some(k) = silent {
            let range = at[k] as usize - 100..at[k] as usize + 9_000;
            sound.left[range.clone()].fill(0.0002);
            sound.right[range].fill(0.0002);
        }
        judge(&plan, &sheet, &sound)
    }

    const KNOCKS: [i64; 4] = [10_007, 36_000, 61_234, 100_001];

    #[test]
    fn knocks_in_time_hold_and_late_ones_do_not() {
        let good = &judged(&KNOCKS, 0, false, None)[0];
        assert!(good.holds && good.found.starts_with("4 of 4: median"), "{}", good.found);
        let late = &judged(&KNOCKS, 1_920, false, None)[0];
        assert!(!late.holds && late.found.contains("+40."), "40 ms late: {}", late.found);
        assert!(!judged(&KNOCKS, -480, false, None)[0].holds, "10 ms early");
        let lost = &judged(&KNOCKS, 9_600, false, None)[0];
        assert!(!lost.holds && lost.found.starts_with("0 of 4"), "200 ms late, none is near: {}", lost.found);
    }

    #[test]
    fn a_knock_that_is_missing_is_found() {
        let one = &judged(&KNOCKS, 0, false, Some(2))[0];
        assert!(!one.holds && one.found.contains("1 without a sound"), "{}", one.found);
    }

    #[test]
    fn what_is_not_measured_is_said() {
        let crowd: Vec<i64> = (0..12).map(|k| 20_000 + 1_000 * k).chain([100_000]).collect();
        let found = &judged(&crowd, 0, false, None)[0].found;
        assert!(found.starts_with("1 of 13") && found.contains("12 too near") && found.contains("less than a third"), "{found}");
    }

    #[test]
    fn the_side_is_heard() {
        let pan = |mirrored| judged(&KNOCKS, 0, mirrored, None).into_iter().find(|m| m.dimension == "pan").expect("it is aside");
        assert!(pan(false).holds, "on the right: {}", pan(false).found);
        assert!(!pan(true).holds, "mirrored: {}", pan(true).found);
    }
}
