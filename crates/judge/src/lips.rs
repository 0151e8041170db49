//! Mouths against voices. For each line whose speaker is seen, how far the mouth is open is read from the pixels around
//! it, frame after frame, and compared with how loud the voice is between 500 and 2500 Hz, where open vowels are.
//!
//! An open mouth shows teeth and dark; closed lips are much like the skin around them. So the contrast of the luma in a
//! patch of 5 x 4 cm says how far it is open, whatever the colours of skin, lips and beard. The world place of the mouth
//! comes from the sheet; that lips move there, and when, from the film alone.

use crate::events::{ASIDE, PAN_DB, balance};
use crate::place::{Place, Spot};
use crate::stems::{Sheet, place, shot_at, wrong};
use crate::{Measure, voice};
use kinora_base::Ticks;
use kinora_base::pcm::Stereo;
use kinora_base::picture::Yuv420;
use kinora_film::passes::{PassesIndex, read_frame, read_index};
use kinora_film::read::Movie;
use kinora_plan::voices::{Spoken, Viseme};
use kinora_plan::{Heard, Plan};
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

/// The patch around a mouth, metres.
const PATCH: (f32, f32) = (0.05, 0.04);
/// Samples across and down the patch.
const GRID: (usize, usize) = (16, 12);
/// A patch that is narrower tells nothing, pixels.
const LEAST_PIXELS: f32 = 5.0;
/// A line must be seen for so long without a cut, seconds.
const LEAST_SECONDS: f64 = 0.8;
/// A line that is seen for less than this is like too many others to be judged alone, seconds; it counts among all.
const ALONE_SECONDS: f64 = 2.0;
/// Lips that come later or earlier than this against the voice are out of step, ms: from here on people notice sound
/// that is early (ITU-R BT.1359).
const LAG_MS: i32 = 45;
/// Lips and voice correlate at least so much.
const ALIKE: f32 = 0.3;
/// And at least so much more than with sound that is not theirs, at as small a lag.
const CLEARLY: f32 = 0.1;
/// The times of the sounds in the sheet may be off by so much, ms: half of a usual sound, and with the frames' own length
/// still within [`LAG_MS`].
const TIMED_MS: i32 = 30;
/// Ticks between two shapes that are looked at: 10 ms.
const SHAPES: i64 = 480;
/// In so many of all pairs the lips are more closed on p, b, m than on a.
const CLOSED: f32 = 0.7;
/// Fewer pairs say nothing.
const LEAST_PAIRS: usize = 6;
/// What is seen at the mouth's pixel is the speaker's if it is no further from the mouth than this, metres.
const FACE: f32 = 0.15;
/// A mouth is seen if it is in so many of the frames that are looked at.
const IN_SIGHT: f32 = 0.6;

/// A line whose speaker's mouth is in the picture.
struct Seen<'a> {
    line: &'a Spoken,
    /// The first frame of the stretch that is looked at.
    first: usize,
    /// Where the mouth is, a frame each.
    spots: Vec<Spot>,
    /// How far it seems open, a frame each.
    open: Vec<f32>,
}

/// Whether each line that is seen well to one side is heard there.
pub(crate) fn pan(plan: &Plan, sheet: &Sheet, dialogue: &Stereo, place: Place) -> Vec<Measure> {
    let mut out = Vec::new();
    for line in sheet.voices.lines.iter().filter(|l| l.heard == Heard::Here) {
        let Ok(seen) = in_picture(plan, sheet, line, place, 0.0) else { continue };
        let side = seen.spots.iter().map(|s| place.side(s)).sum::<f32>() / seen.spots.len().max(1) as f32;
        if side.abs() <= ASIDE {
            continue;
        }
        let at = |frame: usize| usize::try_from(plan.fps.start_of(frame as i64).0).unwrap_or(0);
        let right = balance(dialogue, at(seen.first), at(seen.first + seen.spots.len()));
        let found = format!("{right:+.1} dB to the right; seen {:+.0} % to it", side * 100.0);
        let shot = shot_at(plan, plan.fps.start_of(seen.first as i64));
        let holds = right * side.signum() > PAN_DB;
        out.push(Measure { dimension: "pan", shot, subject: line.line.clone(), asked: "heard where seen".into(), found, holds });
    }
    out
}

/// Measures the lips of every line that is seen, and says which are not.
pub(crate) fn judge(plan: &Plan, sheet: &Sheet, dialogue: &Stereo, movie: &Movie, passes: Option<&Path>) -> io::Result<Vec<Measure>> {
    let passes = passes.map(|folder| index_of(plan, folder).map(|index| (folder, index))).transpose()?;
    let (mut seen, mut skipped) = (Vec::new(), Vec::new());
    let loudness = voice::loudness(dialogue);
    let lines: Vec<&Spoken> = sheet.voices.lines.iter().filter(|l| l.heard == Heard::Here && l.who.is_some()).collect();
    for line in &lines {
        match in_picture(plan, sheet, line, place(plan), LEAST_PIXELS) {
            _ if !voice::speaks(&loudness, line.from, line.to) => skipped.push(format!("{} not heard", line.line)),
            Err(why) => skipped.push(format!("{} {why}", line.line)),
            Ok(found) => match &passes {
                Some((folder, index)) if !in_sight(plan, &found, folder, index)? => skipped.push(format!("{} hidden or turned away", line.line)),
                _ => seen.push(found),
            },
        }
    }
    look(movie, &mut seen)?;
    let short = |s: &&Seen<'_>| (s.spots.len() as f64) < ALONE_SECONDS * f64::from(plan.fps.0);
    skipped.extend(seen.iter().filter(short).map(|s| format!("{} alone, for it is short", s.line.line)));
    let mut out = compare(plan, &seen, &loudness);
    out.extend(closed(plan, &seen));
    out.extend(timed(&sheet.voices.lines, &loudness));
    if !lines.is_empty() {
        let found = if skipped.is_empty() { format!("all {}", lines.len()) } else { format!("{} of {}; not: {}", seen.len(), lines.len(), skipped.join(", ")) };
        out.push(Measure { dimension: "lips", shot: "all".into(), subject: "lines".into(), asked: "how many are seen".into(), found, holds: true });
    }
    Ok(out)
}

/// The longest stretch of a line in which its speaker's mouth is in the picture, without a cut, or why there is none.
fn in_picture<'a>(plan: &Plan, sheet: &Sheet, line: &'a Spoken, place: Place, least_pixels: f32) -> Result<Seen<'a>, &'static str> {
    let track = sheet.spotting.speakers.iter().find(|t| t.line == line.line).ok_or("nowhere")?;
    let first = usize::try_from(line.from.frame(plan.fps)).map_err(|_| "before the film")?;
    let cuts = plan.cuts();
    let mut runs: Vec<Seen<'a>> = Vec::new();
    let mut small = false;
    let mut open = false;
    for (k, mouth) in track.places.iter().enumerate() {
        let frame = first + k;
        let spot = sheet.spotting.ears.get(frame).and_then(|ear| place.of(ear, mouth.to_array()));
        let spot = spot.filter(|s| place.holds(s, PATCH.0 * s.scale));
        small |= spot.is_some_and(|s| s.scale * PATCH.0 < least_pixels);
        let Some(spot) = spot.filter(|s| s.scale * PATCH.0 >= least_pixels) else {
            open = false;
            continue;
        };
        match runs.last_mut().filter(|_| open && !cuts.contains(&(frame as i64))) {
            Some(run) => run.spots.push(spot),
            None => runs.push(Seen { line, first: frame, spots: vec![spot], open: Vec::new() }),
        }
        open = true;
    }
    let longest = runs.into_iter().max_by_key(|r| r.spots.len()).ok_or(if small { "too small" } else { "out of the picture" })?;
    if (longest.spots.len() as f64) < LEAST_SECONDS * f64::from(plan.fps.0) { Err("too short") } else { Ok(longest) }
}

/// The passes of this very film.
fn index_of(plan: &Plan, folder: &Path) -> io::Result<PassesIndex> {
    let index = read_index(folder)?;
    if index.plan != plan.fingerprint() || (index.width, index.height) != (plan.size.width as usize, plan.size.height as usize) {
        return Err(wrong("the passes were made from another plan: make film, passes and stems again from this one".into()));
    }
    Ok(index)
}

/// Whether the speaker's face is what is seen where the mouth is, in most of some frames.
fn in_sight(plan: &Plan, seen: &Seen<'_>, folder: &Path, index: &PassesIndex) -> io::Result<bool> {
    let shot = shot_at(plan, plan.fps.start_of(seen.first as i64));
    let scene = plan.shots.iter().find(|s| s.id == shot).map(|s| s.scene.as_str());
    let own = |number: u16| index.ids.iter().any(|i| i.number == number && Some(i.scene.as_str()) == scene && Some(&i.id) == seen.line.who.as_ref());
    let (mut yes, mut all) = (0, 0);
    for (k, spot) in seen.spots.iter().enumerate().step_by(6) {
        let frame = read_frame(folder, index, seen.first + k)?;
        let at = (spot.y as usize).min(index.height - 1) * index.width + (spot.x as usize).min(index.width - 1);
        all += 1;
        yes += usize::from(own(frame.id[at]) && (frame.depth[at] - spot.depth).abs() < FACE);
    }
    Ok(yes as f32 >= IN_SIGHT * all as f32)
}

/// Looks at the pixels of all mouths, in one pass over the film.
fn look(movie: &Movie, seen: &mut [Seen<'_>]) -> io::Result<()> {
    let Some(last) = seen.iter().map(|s| s.first + s.spots.len()).max() else { return Ok(()) };
    let first = seen.iter().map(|s| s.first).min().unwrap_or(0);
    let step = |frame: usize, picture: &Yuv420| {
        for s in seen.iter_mut() {
            if let Some(spot) = frame.checked_sub(s.first).and_then(|k| s.spots.get(k)) {
                s.open.push(contrast(picture, spot));
            }
        }
        if frame + 1 < last { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    movie.each_frame(first, step).map_err(io::Error::other)
}

/// Standard deviation of the luma in the patch around a mouth, as a share of its mean.
fn contrast(picture: &Yuv420, spot: &Spot) -> f32 {
    let count = (GRID.0 * GRID.1) as f32;
    let (mut sum, mut squares) = (0.0, 0.0);
    for (i, j) in (0..GRID.1).flat_map(|j| (0..GRID.0).map(move |i| (i, j))) {
        let across = ((i as f32 + 0.5) / GRID.0 as f32 - 0.5) * PATCH.0 * spot.scale;
        let down = ((j as f32 + 0.5) / GRID.1 as f32 - 0.5) * PATCH.1 * spot.scale;
        let luma = luma(picture, spot.x + across - 0.5, spot.y + down - 0.5);
        sum += luma;
        squares += luma * luma;
    }
    let mean = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt() / mean.max(1.0)
}

/// Luma between pixels, black is 0.
fn luma(picture: &Yuv420, x: f32, y: f32) -> f32 {
    let (x, y) = (x.clamp(0.0, picture.width as f32 - 1.001), y.clamp(0.0, picture.height as f32 - 1.001));
    let (i, j) = (x as usize, y as usize);
    let at = |i: usize, j: usize| (f32::from(picture.y[j * picture.width + i]) - 16.0).max(0.0);
    let mix = kinora_base::maths::mix;
    mix(mix(at(i, j), at(i + 1, j), x - i as f32), mix(at(i, j + 1), at(i + 1, j + 1), x - i as f32), y - j as f32)
}

/// Each line's lips against its voice, and all together.
fn compare(plan: &Plan, seen: &[Seen<'_>], loudness: &[f32]) -> Vec<Measure> {
    let voices: Vec<Vec<f32>> =
        seen.iter().map(|s| voice::around(loudness, plan.fps.start_of(s.first as i64), plan.fps.start_of(s.open.len() as i64))).collect();
    let step = plan.fps.ticks_per_frame();
    let mut out = Vec::new();
    let mut sum = vec![0.0; voice::LAGS];
    for (k, s) in seen.iter().enumerate() {
        let curve = voice::alike(&s.open, step, &voices[k]);
        sum.iter_mut().zip(&curve).for_each(|(a, b)| *a += b / seen.len() as f32);
        let others = voices.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, v)| v.clone());
        let controls: Vec<f32> = others.chain(voice::turned(&voices[k])).map(|v| voice::near(&voice::alike(&s.open, step, &v), LAG_MS)).collect();
        let control = controls.iter().sum::<f32>() / controls.len().max(1) as f32;
        let (lag, alike) = voice::best(&curve);
        let shot = shot_at(plan, plan.fps.start_of(s.first as i64));
        let found = format!("{lag:+} ms, {alike:.2} alike; with other sound {control:.2}");
        let holds = lag.abs() <= LAG_MS && alike >= ALIKE && alike >= control + CLEARLY;
        if s.open.len() as f64 >= ALONE_SECONDS * f64::from(plan.fps.0) {
            out.push(Measure { dimension: "lips", shot, subject: s.line.line.clone(), asked: asked(), found, holds });
        }
    }
    if seen.len() != out.len() || seen.len() > 1 {
        let (lag, alike) = voice::best(&sum);
        let found = format!("{lag:+} ms, {alike:.2} alike");
        out.push(Measure {
            dimension: "lips",
            shot: "all".into(),
            subject: "together".into(),
            asked: asked(),
            found,
            holds: lag.abs() <= LAG_MS && alike >= ALIKE,
        });
    }
    out
}

fn asked() -> String {
    format!("within {LAG_MS} ms, {ALIKE} alike")
}

/// Mouth shapes as they are written in the sheet against the voice: what the times of the sounds are worth, before anything is
/// drawn from them.
fn timed(lines: &[Spoken], loudness: &[f32]) -> Option<Measure> {
    let (mut sum, mut count) = (vec![0.0; voice::LAGS], 0);
    for line in lines.iter().filter(|l| l.visemes.len() > 1 && voice::speaks(loudness, l.from, l.to)) {
        let heard = voice::around(loudness, line.from, line.to - line.from);
        let shape_at = |at: i64| line.visemes.iter().find(|v| (v.from.0..v.to.0).contains(&at)).map_or(0.0, |v| opening(v.viseme));
        let shapes: Vec<f32> = (line.from.0..line.to.0).step_by(SHAPES as usize).map(shape_at).collect();
        sum.iter_mut().zip(voice::alike(&shapes, SHAPES, &heard)).for_each(|(a, b)| *a += b);
        count += 1;
    }
    let (lag, alike) = voice::best(&sum);
    let found = format!("{lag:+} ms, {:.2} alike, {count} lines", alike / count.max(1) as f32);
    let asked = format!("within {TIMED_MS} ms");
    (count > 0).then(|| Measure { dimension: "lips", shot: "all".into(), subject: "times".into(), asked, found, holds: lag.abs() <= TIMED_MS })
}

/// About how far a mouth is open, of the widest: what phoneticians say of the jaw, not how anybody draws it.
fn opening(viseme: Viseme) -> f32 {
    match viseme {
        Viseme::Sil | Viseme::PP => 0.0,
        Viseme::FF | Viseme::SS => 0.1,
        Viseme::TH | Viseme::DD | Viseme::CH | Viseme::NN | Viseme::RR => 0.3,
        Viseme::KK | Viseme::IH | Viseme::OU => 0.4,
        Viseme::E | Viseme::OH => 0.7,
        Viseme::AA => 1.0,
    }
}

/// Whether lips are more closed on p, b, m than on a: the share of all pairs within a line.
fn closed(plan: &Plan, seen: &[Seen<'_>]) -> Option<Measure> {
    let (mut right, mut pairs) = (0.0, 0);
    for s in seen {
        let on = |viseme: Viseme| -> Vec<f32> {
            let middle = |v: &kinora_plan::voices::TimedViseme| Ticks((v.from.0 + v.to.0) / 2).nearest_frame(plan.fps) - s.first as i64;
            s.line.visemes.iter().filter(|v| v.viseme == viseme).filter_map(|v| s.open.get(usize::try_from(middle(v)).ok()?).copied()).collect()
        };
        let open = on(Viseme::AA);
        for (pressed, wide) in on(Viseme::PP).iter().flat_map(|p| open.iter().map(move |a| (p, a))) {
            pairs += 1;
            right += if pressed < wide { 1.0 } else { 0.0 };
        }
    }
    let share = right / pairs.max(1) as f32;
    let found = format!("{:.0} % of {pairs} pairs", share * 100.0);
    let asked = format!("p b m more closed than a: {:.0} %", CLOSED * 100.0);
    (pairs >= LEAST_PAIRS).then(|| Measure { dimension: "lips", shot: "all".into(), subject: "closing".into(), asked, found, holds: share >= CLOSED })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_base::{FrameRate, Seed, maths};
    use kinora_plan::spotting::{Ear, SpeakerTrack, Spotting};
    use kinora_plan::voices::{TimedViseme, Voices};

    const FPS: FrameRate = FrameRate(24);

    fn plan() -> Plan {
        let json = r#"{"version": 1, "size": {"width": 320, "height": 180}, "fps": 24, "cast": [{"id": "w", "kind": "person", "word": "woman"}],
            "scenes": [{"id": "s", "place": "p"}], "shots": [{"id": "1", "scene": "s", "length": "6 s"}]}"#;
        Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"))
    }

    /// How far a mouth is open at a time, s: syllables of changing height.
    fn syllables(t: f32) -> f32 {
        let mut rng = Seed(9).child(&format!("{}", (t * 4.0).floor())).rng();
        let height = 0.5 + 0.5 * rng.signed();
        height * (0.5 - 0.5 * maths::cos(t * 8.0 * std::f32::consts::PI))
    }

    /// A line of four seconds whose speaker is seen a little to the right, and its sound.
    fn made_up(side: f32) -> (Sheet, Stereo) {
        let line = Spoken { line: "l".into(), who: Some("w".into()), from: Ticks(48_000), to: Ticks(240_000), ..Spoken::default() };
        let ear = Ear { position: [0.0; 3].into(), right: [1.0, 0.0, 0.0].into(), forward: [0.0, 0.0, -1.0].into(), horizontal_fov: 0.8 };
        let track = SpeakerTrack { line: "l".into(), places: vec![[side, 0.1, -1.5].into(); 96] };
        let spotting = Spotting { fps: FPS, ears: vec![ear; 144], speakers: vec![track], ..Spotting::default() };
        let mut rng = Seed(3).rng();
        let spoken = |i: usize| if (48_000..240_000).contains(&i) { 0.02 + syllables((i - 48_000) as f32 / 48_000.0) } else { 0.0 };
        let mono: Vec<f32> = (0..288_000).map(|i| 0.3 * spoken(i) * rng.signed()).collect();
        let mut sound = Stereo::silence(288_000);
        sound.add_mono(0, &mono, 0.5, 0.8);
        (Sheet { spotting, voices: Voices { lines: vec![line] }, ..Sheet::default() }, sound)
    }

    /// A face with a mouth that is so far open.
    fn face(spot: &Spot, open: f32) -> Yuv420 {
        let mut picture = Yuv420::black(320, 180);
        picture.y.fill(150);
        let half = (0.018 * open * spot.scale, 0.022 * spot.scale);
        for (k, p) in picture.y.iter_mut().enumerate() {
            let (x, y) = ((k % 320) as f32 - spot.x, (k / 320) as f32 - spot.y);
            *p = if y.abs() < half.0 && x.abs() < half.1 { 35 } else { *p };
        }
        picture
    }

    /// The lips of the line as a film would show them, late by some frames.
    fn shown<'a>(plan: &Plan, sheet: &'a Sheet, late: i64, lips: impl Fn(f32) -> f32) -> Seen<'a> {
        let mut seen = in_picture(plan, sheet, &sheet.voices.lines[0], place(plan), LEAST_PIXELS).unwrap_or_else(|e| panic!("{e}"));
        seen.open = seen.spots.iter().enumerate().map(|(k, spot)| contrast(&face(spot, lips((k as i64 - late) as f32 / 24.0)), spot)).collect();
        seen
    }

    #[test]
    fn lips_in_step_hold_and_late_early_or_foreign_ones_do_not() {
        let (plan, (sheet, sound)) = (plan(), made_up(0.1));
        let loudness = voice::loudness(&sound);
        let judged = |late: i64, lips: fn(f32) -> f32| compare(&plan, &[shown(&plan, &sheet, late, lips)], &loudness).remove(0);
        let good = judged(0, syllables);
        assert!(good.holds, "{}", good.found);
        for late in [3, -3] {
            let m = judged(late, syllables);
            assert!(!m.holds, "{late} frames late: {}", m.found);
        }
        let foreign = judged(0, |t| syllables(t + 40.0));
        assert!(!foreign.holds, "lips of other words: {}", foreign.found);
        let frozen = judged(0, |_| 0.4);
        assert!(!frozen.holds, "lips that do not move: {}", frozen.found);
    }

    #[test]
    fn lips_close_on_p_b_m() {
        let (plan, (mut sheet, _)) = (plan(), made_up(0.1));
        let at = |k: i64, viseme| TimedViseme { viseme, from: Ticks(48_000 + k * 12_000), to: Ticks(48_000 + k * 12_000 + 6_000) };
        sheet.voices.lines[0].visemes = (0..16).map(|k| at(k, if k % 2 == 0 { Viseme::PP } else { Viseme::AA })).collect();
        // Closed in the first half of every half second.
        let lips = |t: f32| if (t * 2.0).rem_euclid(1.0) < 0.5 { 0.05 } else { 0.9 };
        let judged = |late| closed(&plan, &[shown(&plan, &sheet, late, lips)]).expect("pairs enough");
        assert!(judged(0).holds, "{}", judged(0).found);
        assert!(!judged(6).holds, "open where they should be closed: {}", judged(6).found);
    }

    #[test]
    fn sounds_that_are_timed_late_are_found() {
        let (mut sheet, sound) = made_up(0.1);
        let loudness = voice::loudness(&sound);
        let mut judged = |late: i64| {
            // A shape for every 40 ms, by how far the mouth is open then.
            let shape = |k: i64| match syllables(k as f32 * 0.04 + 0.02) {
                x if x > 0.5 => Viseme::AA,
                x if x > 0.2 => Viseme::E,
                x if x > 0.1 => Viseme::DD,
                _ => Viseme::PP,
            };
            let at = |k: i64| Ticks(48_000 + k * 1_920 + late * 48);
            sheet.voices.lines[0].visemes = (0..100).map(|k| TimedViseme { viseme: shape(k), from: at(k), to: at(k + 1) }).collect();
            timed(&sheet.voices.lines, &loudness).expect("a line")
        };
        assert!(judged(0).holds, "{}", judged(0).found);
        assert!(!judged(60).holds && !judged(-60).holds, "60 ms late: {}", judged(60).found);
    }

    #[test]
    fn a_voice_is_heard_where_its_speaker_is() {
        let (plan, (sheet, sound)) = (plan(), made_up(0.3));
        let pan = |sound: &Stereo| pan(&plan, &sheet, sound, place(&plan)).remove(0);
        assert!(pan(&sound).holds, "on the right: {}", pan(&sound).found);
        let mirrored = Stereo { left: sound.right.clone(), right: sound.left.clone() };
        assert!(!pan(&mirrored).holds, "mirrored: {}", pan(&mirrored).found);
    }

    #[test]
    fn mouths_that_cannot_be_seen_are_left_out() {
        let (plan, (mut sheet, _)) = (plan(), made_up(0.1));
        let why = |sheet: &Sheet| in_picture(&plan, sheet, &sheet.voices.lines[0], place(&plan), LEAST_PIXELS).err();
        assert_eq!(why(&sheet), None, "it is seen");
        sheet.spotting.speakers[0].places = vec![[3.0, 0.1, -1.5].into(); 96];
        assert_eq!(why(&sheet), Some("out of the picture"), "far to the side");
        sheet.spotting.speakers[0].places = vec![[0.1, 0.1, -15.0].into(); 96];
        assert_eq!(why(&sheet), Some("too small"), "far away");
        sheet.spotting.speakers[0].places = vec![[0.1, 0.1, -1.5].into(); 10];
        assert_eq!(why(&sheet), Some("too short"), "ten frames");
    }
}
