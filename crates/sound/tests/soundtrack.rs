//! Whole soundtracks, judged by what can be measured on them; loudness by an implementation that is not ours.

use ebur128::{EbuR128, Mode};
use glam::Vec3;
use kinora_base::{FrameRate, Ticks, pcm::Stereo};
use kinora_plan::spotting::{Ambience, Ear, SoundEvent, Spotting};
use kinora_plan::voices::{Spoken, Voices};
use kinora_plan::{Cue, CueKind};
use kinora_sound::{Soundtrack, Stems, mix};
use kinora_vocabulary::{Kind, Vocabulary};

fn vocabulary() -> Vocabulary {
    Vocabulary::builtin().unwrap_or_else(|e| panic!("{e}"))
}

/// A camera at the origin that looks along +z; its right is -x.
fn sheet(seconds: f64) -> Spotting {
    let ear = Ear { position: Vec3::ZERO, right: Vec3::NEG_X, forward: Vec3::Z, horizontal_fov: 0.9 };
    let ears = vec![ear; (seconds * 30.0).ceil() as usize];
    Spotting { duration: Ticks::from_seconds(seconds), fps: FrameRate(30), seed: 7, ears, ..Spotting::default() }
}

fn event(at: f64, sound: &str, surface: &str, position: Vec3) -> SoundEvent {
    SoundEvent {
        at: Ticks::from_seconds(at),
        sound: sound.into(),
        surface: surface.into(),
        strength: 1.0,
        length: Ticks::ZERO,
        pace: Vec::new(),
        position,
        position_at_end: position,
        weight: 0.0,
        who: None,
    }
}

fn bed(layer: &str, seconds: f64, reverb: f32) -> Ambience {
    Ambience { from: Ticks::ZERO, to: Ticks::from_seconds(seconds), place: "forest".into(), layers: vec![(layer.into(), 0.0)], reverb }
}

fn mixed(spotting: &Spotting) -> Soundtrack {
    kinora_sound::mix_with_stems(spotting, &Voices::default(), &vocabulary()).unwrap_or_else(|e| panic!("{e}"))
}

fn stems(spotting: &Spotting) -> Stems {
    mixed(spotting).stems.expect("kept stems")
}

fn power(stereo: &Stereo, from: f64, to: f64) -> (f64, f64) {
    let range = (from * 48_000.0) as usize..(to * 48_000.0) as usize;
    let sum = |c: &[f32]| c[range.clone()].iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>();
    (sum(&stereo.left), sum(&stereo.right))
}

fn steps(seconds: f64) -> Spotting {
    let mut spotting = sheet(seconds);
    spotting.events = (0..(seconds / 0.5) as usize).map(|i| event(0.25 + 0.5 * i as f64, "footstep", "snow", Vec3::new(0.3, -1.0, 4.0))).collect();
    spotting.ambiences = vec![bed("wind", seconds, 0.7)];
    spotting
}

#[test]
fn every_event_is_heard_at_its_sample() {
    for (sound, surface) in [
        ("footstep", "snow"),
        ("footstep", "wood"),
        ("footstep", "concrete"),
        ("hoof", "earth"),
        ("bark", ""),
        ("cup", ""),
        ("splash", ""),
        ("ball-bounce", ""),
    ] {
        let mut spotting = sheet(4.0);
        spotting.events = vec![event(1.0, sound, surface, Vec3::Z * 2.0), event(2.5, sound, surface, Vec3::Z * 2.0)];
        let stem = stems(&spotting).effects;
        for at in [1.0, 2.5] {
            let begin = (at * 48_000.0) as usize;
            let peak = stem.left[begin..begin + 24_000].iter().fold(0.0f32, |m, s| m.max(s.abs()));
            let onset = begin - 4800 + stem.left[begin - 4800..].iter().position(|s| s.abs() > 0.02 * peak).expect("it is heard");
            let late = onset as f64 / 48.0 - at * 1000.0;
            assert!((0.0..=2.0).contains(&late), "{sound} on {surface} at {at} s is {late:.2} ms late");
        }
    }
}

#[test]
fn a_whoosh_peaks_on_its_event() {
    let mut spotting = sheet(3.0);
    spotting.events = vec![event(1.5, "whoosh", "", Vec3::Z * 2.0)];
    let stem = stems(&spotting).effects;
    let loudest = (0..290).max_by(|a, b| {
        let p = |k: &usize| power(&stem, *k as f64 * 0.01, *k as f64 * 0.01 + 0.04).0;
        p(a).total_cmp(&p(b))
    });
    let at = loudest.expect("there are windows") as f64 * 0.01 + 0.02;
    assert!((at - 1.5).abs() < 0.06, "peaks at {at} s");
}

#[test]
fn right_is_right_and_near_is_loud() {
    let mut spotting = sheet(4.0);
    spotting.events =
        vec![event(0.5, "clap", "", Vec3::new(-1.2, 0.0, 3.0)), event(1.5, "clap", "", Vec3::new(1.2, 0.0, 3.0)), event(2.5, "clap", "", Vec3::Z * 24.0)];
    let stem = stems(&spotting).effects;
    let (right, left, far) = (power(&stem, 0.5, 0.7), power(&stem, 1.5, 1.7), power(&stem, 2.5, 2.7));
    assert!(right.1 > 1.5 * right.0 && left.0 > 1.5 * left.1, "right {right:?}, left {left:?}");
    assert!(right.1 > 8.0 * far.1, "24 m away is much quieter than 3 m: {right:?} {far:?}");
}

#[test]
fn loudness_and_peak_hold_for_all_sorts_of_films() {
    let mut dense = steps(12.0);
    dense.music = Some("epic".into());
    dense.cuts = vec![Ticks::from_seconds(4.1), Ticks::from_seconds(8.0)];
    for i in 0..40 {
        dense.events.push(event(
            0.1 + 0.29 * f64::from(i),
            ["bark", "splash", "hoof", "thump"][i as usize % 4],
            "stone",
            Vec3::new(i as f32 * 0.1 - 2.0, 0.0, 3.0),
        ));
    }
    let mut sparse = sheet(6.0);
    sparse.events = vec![event(3.0, "footstep", "wood", Vec3::Z * 3.0)];
    sparse.ambiences = vec![bed("room-tone", 6.0, 0.45)];
    let mut score = sheet(10.0);
    score.music = Some("calm".into());
    let mut short = steps(3.0);
    short.music = Some("happy".into());
    let mut long = steps(60.0);
    long.music = Some("mysterious".into());
    for (name, spotting) in [
        ("dense", dense),
        ("sparse", sparse),
        ("music only", score),
        ("3 s", short),
        ("60 s", long),
        ("bed", {
            let mut s = sheet(5.0);
            s.ambiences = vec![bed("rain", 5.0, 0.0)];
            s
        }),
    ] {
        let track = mixed(&spotting);
        assert_eq!(track.stereo.len() as i64, spotting.duration.0, "{name}: exactly as long as the film");
        let mut judge = EbuR128::new(2, 48_000, Mode::I | Mode::TRUE_PEAK).expect("two channels at 48 kHz");
        judge.add_frames_f32(&track.stereo.interleaved()).expect("finite sound");
        let loudness = judge.loudness_global().expect("measured");
        let peak = (0..2).map(|c| judge.true_peak(c).expect("measured")).fold(0.0, f64::max);
        let peak_db = 20.0 * libm::log10(peak);
        assert!((loudness + 16.0).abs() <= 1.0, "{name}: {loudness:.2} LUFS");
        assert!(peak_db <= -1.0, "{name}: {peak_db:.2} dBTP");
        assert!((loudness - f64::from(track.loudness)).abs() < 0.2, "{name}: ours says {}, theirs {loudness:.2}", track.loudness);
        assert!((peak_db - f64::from(track.true_peak)).abs() < 0.4, "{name}: ours says {}, theirs {peak_db:.2}", track.true_peak);
    }
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let mut spotting = steps(4.0);
    spotting.music = Some("playful".into());
    assert_eq!(mixed(&spotting), mixed(&spotting), "twice the same");
}

#[test]
fn silence_is_never_digital_zero() {
    let track = mixed(&sheet(3.0));
    let (left, right) = power(&track.stereo, 0.5, 2.5);
    let decibels = 10.0 * libm::log10((left + right) / (2.0 * 96_000.0));
    assert!((-75.0..-50.0).contains(&decibels), "the floor is at {decibels:.1} dBFS");
}

#[test]
fn unknown_sounds_are_told_and_still_heard() {
    let mut spotting = sheet(3.0);
    spotting.events = vec![event(1.0, "kazoo", "", Vec3::Z * 2.0)];
    spotting.music = Some("polka".into());
    let track = mixed(&spotting);
    assert_eq!(track.missing, ["kazoo", "polka"], "both names");
    assert!(power(&track.stems.as_ref().expect("kept stems").effects, 1.0, 1.1).0 > 1e-4, "a tap stands in");
}

#[test]
fn cues_are_played_and_obeyed() {
    let cue = |kind, word: &str, from: f64, to: f64| {
        let (from, to) = (Ticks::from_seconds(from), Ticks::from_seconds(to));
        (Cue { id: "c".into(), kind, word: word.into(), from, to, level: 0.0, source: None, span: None }, None)
    };
    let mut spotting = sheet(8.0);
    spotting.music = Some("happy".into());
    spotting.cues = vec![cue(CueKind::NoMusic, "", 4.0, 8.0), cue(CueKind::Sound, "horn", 6.0, 0.0), cue(CueKind::Sound, "rain", 5.0, 7.0)];
    let stems = stems(&spotting);
    assert!(power(&stems.music, 4.0, 8.0).0 < 1e-9 && power(&stems.music, 1.0, 3.0).0 > 1e-3, "music ends where it is told to");
    assert!(power(&stems.effects, 6.0, 6.4).0 > 1e-3, "the horn");
    assert!(power(&stems.ambience, 5.5, 6.5).0 > 100.0 * power(&stems.ambience, 3.0, 4.0).0, "the rain");
}

#[test]
fn music_steps_back_for_a_line() {
    let mut spotting = sheet(9.0);
    spotting.music = Some("tense".into());
    let line =
        Spoken { line: "l".into(), who: None, text: "x".into(), from: Ticks::from_seconds(3.0), to: Ticks::from_seconds(6.0), visemes: vec![], pcm: vec![] };
    let with = kinora_sound::mix_with_stems(&spotting, &Voices { lines: vec![line] }, &vocabulary()).unwrap_or_else(|e| panic!("{e}"));
    let without = mixed(&spotting);
    let level = |t: &Soundtrack, from, to| power(&t.stems.as_ref().expect("kept stems").music, from, to).0;
    let fall = (level(&with, 3.2, 5.8) / level(&with, 1.0, 2.6)) / (level(&without, 3.2, 5.8) / level(&without, 1.0, 2.6));
    assert!((0.15..0.4).contains(&fall), "about 6 dB under a subtitle: {fall}");
}

#[test]
fn every_file_makes_a_sound() {
    let vocabulary = vocabulary();
    for asset in vocabulary.of(Kind::Sound) {
        let mut spotting = sheet(3.0);
        let mut e = event(0.5, &asset.id, "", Vec3::Z * 2.0);
        e.length = Ticks::from_seconds(2.0);
        spotting.events = vec![e];
        // Beds of nothing but calls wait for the first of them; a longer stretch is sure to have one.
        let mut long = sheet(20.0);
        long.ambiences = vec![bed(&asset.id, 20.0, 0.0)];
        let track = mixed(&spotting);
        let heard = power(&track.stems.as_ref().expect("kept stems").effects, 0.0, 3.0).0 > 1e-4 || {
            let bed = stems(&long).ambience;
            power(&bed, 0.0, 20.0).0 > 1e-3
        };
        assert!(heard, "{} is silent", asset.file());
        assert!(track.missing.is_empty(), "{} names {:?}", asset.file(), track.missing);
        assert!(track.stereo.left.iter().chain(&track.stereo.right).all(|s| s.is_finite()), "{} is finite", asset.file());
    }
    for asset in vocabulary.of(Kind::Music) {
        for seconds in [3.0, 9.0] {
            let mut spotting = sheet(seconds);
            spotting.music = Some(asset.id.clone());
            let track = mixed(&spotting);
            assert!(power(&track.stems.as_ref().expect("kept stems").music, 0.3, seconds - 0.3).0 > 1e-2, "{} is silent", asset.file());
            let (end, body) = (
                power(&track.stems.as_ref().expect("kept stems").music, seconds - 0.1, seconds).0 * 10.0,
                power(&track.stems.as_ref().expect("kept stems").music, 1.0, 2.0).0,
            );
            assert!(end < 0.1 * body, "{} has rung out at the end of {seconds} s", asset.file());
        }
    }
}

#[test]
fn space_carries_no_noise() {
    let mut spotting = sheet(3.0);
    spotting.events = vec![event(1.0, "thump", "", Vec3::Z * 2.0)];
    spotting.ambiences = vec![bed("space-hum", 3.0, 0.0)];
    let stems = stems(&spotting);
    assert!(power(&stems.effects, 0.0, 3.0).0 < 1e-9 && power(&stems.ambience, 0.5, 2.5).0 > 1e-3, "hum alone");
}

#[test]
fn a_wave_at_a_hull_comes_again() {
    let mut spotting = sheet(8.0);
    let mut slaps = event(0.0, "hull-slap", "", Vec3::Z * 3.0);
    slaps.length = Ticks::from_seconds(8.0);
    spotting.events = vec![slaps];
    let stem = stems(&spotting).effects;
    assert!((1..7).all(|k| power(&stem, f64::from(k), f64::from(k) + 2.0).0 > 1e-3), "all the time");
}

#[test]
fn strange_sheets_are_mixed_or_refused_but_never_panic() {
    let no_film = sheet(0.0);
    assert!(mix(&no_film, &Voices::default(), &vocabulary()).is_err(), "no length");
    let mut spotting = sheet(2.0);
    spotting.ears.clear();
    spotting.cuts = vec![Ticks(-5), Ticks(i64::MAX), Ticks(48_000), Ticks(47_000)];
    spotting.music = Some("epic".into());
    spotting.ambiences =
        vec![bed("wind", 1.0, f32::NAN), bed("rain", -3.0, 99.0), Ambience { layers: vec![("rain".into(), f32::NAN)], ..bed("rain", 9.0, 0.5) }];
    for (at, length, strength, place) in
        [(-9.0, 1.0, 1.0, 1.0), (-0.5, 9.0, 1.0, f32::NAN), (99.0, 1.0, 1.0, 0.0), (1.0, -1.0, f32::NAN, 0.0), (1.9999, 1e6, 1e9, 1e30)]
    {
        for sound in ["engine", "footstep", "whoosh"] {
            let mut e = event(at, sound, "cheese", Vec3::splat(place));
            (e.length, e.strength, e.weight) = (Ticks::from_seconds(length), strength, -4.0);
            spotting.events.push(e);
        }
    }
    let track = mixed(&spotting);
    assert!(track.stereo.left.iter().all(|s| s.is_finite()), "finite all the same");
}

#[test]
fn of_a_crowd_two_walkers_are_heard_and_everyone_in_their_own_scene() {
    let mut spotting = sheet(8.0);
    for (who, at, z) in [("near", 1.0, 2.0), ("next", 1.2, 3.0), ("third", 1.4, 4.0), ("third", 5.0, 4.0)] {
        let mut e = event(at, "footstep", "stone", Vec3::Z * z);
        e.who = Some(who.into());
        spotting.events.push(e);
    }
    let stem = stems(&spotting).effects;
    let heard = [1.0, 1.2, 1.4, 5.0].map(|at| power(&stem, at, at + 0.02).0 > 1e-4);
    assert_eq!(heard, [true, true, false, true], "the third is heard once the others have gone");
}
