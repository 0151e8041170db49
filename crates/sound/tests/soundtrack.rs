//! Whole soundtracks, judged by what can be measured on them; loudness by an implementation that is not ours.

use ebur128::{EbuR128, Mode};
use glam::Vec3;
use kinora_base::pcm::{ReadSound as _, Stereo};
use kinora_base::{FrameRate, Ticks};
use kinora_plan::spotting::{Ambience, Ear, SoundEvent, Spotting};
use kinora_plan::voices::{Spoken, Voices};
use kinora_plan::{Cue, CueKind};
use kinora_sound::{SoundError, Track};
use kinora_vocabulary::{Kind, Vocabulary};

/// A soundtrack in memory.
#[derive(Debug, PartialEq)]
struct Soundtrack {
    stereo: Stereo,
    stems: Option<Stems>,
    loudness: f32,
    true_peak: f32,
    missing: Vec<String>,
}

#[derive(Debug, PartialEq)]
struct Stems {
    dialogue: Stereo,
    effects: Stereo,
    ambience: Stereo,
    music: Stereo,
}

fn whole(track: &Track) -> Stereo {
    track.read(0..track.samples()).expect("it lies on the disk")
}

fn mix_with_stems(spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary) -> Result<Soundtrack, SoundError> {
    let track = kinora_sound::mix_with_stems(spotting, voices, vocabulary, &std::env::temp_dir())?;
    let kinora_sound::Stems { dialogue, effects, ambience, music } = track.stems.expect("kept stems");
    let stems = Stems { dialogue: whole(&dialogue), effects: whole(&effects), ambience: whole(&ambience), music: whole(&music) };
    let (loudness, true_peak, missing) = (track.loudness, track.true_peak, track.missing);
    Ok(Soundtrack { stereo: whole(&track.mix), stems: Some(stems), loudness, true_peak, missing })
}

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
    mix_with_stems(spotting, &Voices::default(), &vocabulary()).unwrap_or_else(|e| panic!("{e}"))
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
fn stems_sum_to_the_mix_whatever_the_limiter_does() {
    let mut spotting = sheet(4.0);
    spotting.ambiences = vec![bed("wind", 4.0, 0.5)];
    spotting.events = [1.0, 1.5, 2.2].map(|at| event(at, "thunder", "", Vec3::Z)).into();
    spotting.events.extend([1.0, 3.0].map(|at| event(at, "knock", "", Vec3::Z)));
    let track = mixed(&spotting);
    let stems = track.stems.as_ref().expect("kept stems");
    for (i, s) in track.stereo.left.iter().enumerate() {
        let sum = stems.dialogue.left[i] + stems.effects.left[i] + stems.ambience.left[i] + stems.music.left[i];
        assert!((s - sum).abs() < 1e-4, "sample {i}: {s} and {sum}");
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
    // Claps alone would be made so loud that the limiter holds them.
    spotting.music = Some("epic".into());
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
fn stems_do_not_change_the_mix_and_nothing_stays_on_the_disk() {
    let folder = std::env::temp_dir().join(format!("kinora-sound-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let spotting = steps(3.0);
    let alone = kinora_sound::mix(&spotting, &Voices::default(), &vocabulary(), &folder).expect("mixed");
    assert!(alone.stems.is_none() && whole(&alone.mix) == mixed(&spotting).stereo, "the same mix");
    assert_eq!(std::fs::read_dir(&folder).expect("listed").count(), 0, "no names");
    std::fs::remove_dir(&folder).expect("empty");
    let refused = kinora_sound::mix(&spotting, &Voices::default(), &vocabulary(), &folder).expect_err("a folder that is not there").to_string();
    assert!(refused.contains(&folder.display().to_string()) && refused.contains("free some space"), "{refused}");
}

#[test]
fn a_motor_that_runs_for_minutes_has_no_gap() {
    let mut spotting = sheet(135.0);
    spotting.events = vec![SoundEvent { length: Ticks::from_seconds(134.0), ..event(0.5, "engine", "", Vec3::Z * 3.0) }];
    let stem = stems(&spotting).effects;
    let tenths: Vec<f64> = (10..1330).map(|k| power(&stem, f64::from(k) * 0.1, f64::from(k + 1) * 0.1).0).collect();
    let mean = tenths.iter().sum::<f64>() / tenths.len() as f64;
    // The parts of the sound meet after 60 and 120 seconds.
    for (k, p) in tenths.iter().enumerate() {
        assert!((0.3..3.0).contains(&(p / mean)), "at {:.1} s it is {:.2} times as strong as usual", 1.0 + 0.1 * k as f64, p / mean);
    }
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
    let line = Spoken {
        line: "l".into(),
        who: None,
        text: "x".into(),
        from: Ticks::from_seconds(3.0),
        to: Ticks::from_seconds(6.0),
        visemes: vec![],
        ..Spoken::default()
    };
    let with = mix_with_stems(&spotting, &Voices { lines: vec![line] }, &vocabulary()).unwrap_or_else(|e| panic!("{e}"));
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
    assert!(mix_with_stems(&no_film, &Voices::default(), &vocabulary()).is_err(), "no length");
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

/// What a creature's file says of its call.
#[derive(Clone, serde::Deserialize)]
struct Creature {
    mass: f32,
    voice: CallFacts,
}

#[derive(Clone, serde::Deserialize)]
struct CallFacts {
    call: String,
    seconds: f32,
    jaw: f32,
}

/// Each creature, its call's facts and how it sounds from two metres away, from the moment of the event.
fn calls() -> Vec<(String, CallFacts, Vec<f32>)> {
    let vocabulary = vocabulary();
    let call = |asset: &kinora_vocabulary::Asset| {
        let creature: Creature = asset.section("creature").expect("a good section").expect("a creature");
        let mut spotting = sheet(5.0);
        spotting.events = vec![SoundEvent { weight: creature.mass, ..event(1.0, &creature.voice.call, "", Vec3::Z * 2.0) }];
        let track = mixed(&spotting);
        assert!(track.missing.is_empty(), "{}: no sound is called {:?}", asset.id, track.missing);
        (asset.id.clone(), creature.voice, track.stems.expect("kept stems").effects.left[48_000..].to_vec())
    };
    vocabulary.of(Kind::Creature).map(call).collect()
}

/// Seconds from the first to the last 20 ms that are within 20 dB of the loudest.
fn heard_for(sound: &[f32]) -> f32 {
    let powers: Vec<f32> = sound.chunks(960).map(|c| c.iter().map(|s| s * s).sum::<f32>()).collect();
    let loud = powers.iter().copied().fold(0.0, f32::max) * 0.01;
    let (first, last) = (powers.iter().position(|p| *p > loud), powers.iter().rposition(|p| *p > loud));
    first.zip(last).map_or(0.0, |(a, b)| (b + 1 - a) as f32 * 0.02)
}

/// Decibels against the strongest, 24 third-octaves from 63 Hz in twelve slices of 0.2 s.
fn print_of(sound: &[f32]) -> Vec<f32> {
    let slice = |k: usize| &sound[k * 9_600..(k + 1) * 9_600];
    let power = |part: &[f32], hertz: f32| {
        let (mut re, mut im) = (0.0f64, 0.0f64);
        for (i, s) in part.iter().enumerate() {
            let (sin, cos) = libm::sincos(f64::from(hertz) * i as f64 * std::f64::consts::TAU / 48_000.0);
            (re, im) = (re + f64::from(*s) * cos, im + f64::from(*s) * sin);
        }
        re * re + im * im
    };
    // Three lines of each band, so that a pure tone is not missed between them.
    let band = |part: &[f32], b: i32| [-0.12f32, 0.0, 0.12].iter().map(|o| power(part, 63.0 * libm::exp2f((b as f32 + o) / 3.0))).sum::<f64>();
    let powers: Vec<f64> = (0..12).flat_map(|k| (0..24).map(move |b| (k, b))).map(|(k, b)| band(slice(k), b)).collect();
    let most = powers.iter().copied().fold(1e-12, f64::max);
    powers.iter().map(|p| (10.0 * libm::log10(p / most + 1e-12)).max(-40.0) as f32).collect()
}

#[test]
fn every_creature_is_heard_for_as_long_as_its_mouth_is_open() {
    for (name, facts, sound) in calls() {
        let (peak, seconds) = (sound.iter().fold(0.0f32, |m, s| m.max(s.abs())), heard_for(&sound));
        println!("{name:10} {:14} {seconds:.2} s, mouth open {:.2} s, peak {peak:.3}", facts.call, facts.seconds);
        assert!(peak > 0.004, "{name}: its call, {}, is silent: {peak}", facts.call);
        if facts.jaw > 0.0 {
            assert!((0.5..=1.7).contains(&(seconds / facts.seconds)), "{name}: {} lasts {seconds} s, the mouth is open for {} s", facts.call, facts.seconds);
        }
    }
}

#[test]
fn no_two_creatures_sound_alike() {
    let prints: Vec<(String, String, Vec<f32>)> = calls().into_iter().map(|(n, facts, s)| (n, facts.call, print_of(&s))).collect();
    let mut least = (f32::MAX, String::new());
    for (i, a) in prints.iter().enumerate() {
        for b in prints[..i].iter().filter(|b| b.1 != a.1) {
            // Where both are silent they say nothing.
            let heard: Vec<(f32, f32)> = a.2.iter().copied().zip(b.2.iter().copied()).filter(|(x, y)| x.max(*y) > -30.0).collect();
            let apart = heard.iter().map(|(x, y)| (x - y).abs()).sum::<f32>() / heard.len().max(1) as f32;
            if apart < least.0 {
                least = (apart, format!("{} and {}", a.0, b.0));
            }
        }
    }
    assert!(least.0 > 5.0, "{} are only {:.2} dB apart", least.1, least.0);
    let calls: std::collections::BTreeSet<&String> = prints.iter().map(|p| &p.1).collect();
    assert!(calls.len() == prints.len(), "each has a call of its own");
}

#[test]
fn every_ground_sounds_underfoot() {
    #[derive(Clone, serde::Deserialize)]
    struct Place {
        ground: Option<Ground>,
        floor: Option<String>,
    }
    #[derive(Clone, serde::Deserialize)]
    struct Ground {
        surface: String,
    }
    #[derive(Clone, serde::Deserialize)]
    struct Step {
        surfaces: std::collections::BTreeMap<String, serde::de::IgnoredAny>,
    }
    let vocabulary = vocabulary();
    let steps = |id: &str| vocabulary.get(Kind::Sound, id).expect(id).section::<Step>("sound").expect("good").expect("a sound").surfaces;
    let shoe = steps("footstep");
    for must in ["grass", "snow", "leaves", "sand", "wood", "concrete", "carpet", "water", "earth", "metal", "gravel", "mud", "tile", "stone"] {
        assert!(shoe.contains_key(must), "footstep.ron has no {must}");
    }
    for place in vocabulary.of(Kind::Place) {
        let Some(facts) = place.section::<Place>("place").expect("good") else { continue };
        let surface = facts.ground.map(|g| g.surface).or(facts.floor).unwrap_or_else(|| "wood".to_owned());
        assert!(shoe.contains_key(&surface), "{}: footstep.ron has no {surface}", place.id);
    }
}

#[test]
fn whatever_names_a_sound_names_one_that_is_there() {
    let vocabulary = vocabulary();
    let quoted = |text: &str, key: &str| -> Vec<String> {
        text.match_indices(key).filter_map(|(i, _)| text[i + key.len()..].split('"').nth(1)).map(str::to_owned).collect()
    };
    let mut count = 0;
    for (folder, id, text) in kinora_vocabulary::builtin_files() {
        let keys: &[&str] = match *folder {
            "motions" | "sounds" => &["sound:"],
            "vehicles" => &["sound:"],
            "creatures" => &["call:", "step:"],
            _ => &[],
        };
        for name in keys.iter().flat_map(|k| quoted(text, k)).filter(|n| !n.is_empty() && !n.contains('\n')) {
            let known = vocabulary.get(Kind::Sound, &name).is_some() || !vocabulary.named(kinora_vocabulary::Language::En, &name).is_empty();
            // The first quotes after `sound:` of a recipe are those of its surfaces.
            assert!(known || *folder == "sounds", "{folder}/{id}.ron: no sound is called \"{name}\"");
            count += 1;
        }
    }
    assert!(count > 80, "{count} names were looked up");
}

#[test]
fn a_motor_that_speeds_up_is_heard_to() {
    let mut spotting = sheet(4.0);
    let run = SoundEvent { length: Ticks::from_seconds(3.0), pace: vec![0.5, 0.5, 1.5, 1.5], ..event(0.5, "engine", "", Vec3::Z * 3.0) };
    spotting.events = vec![run];
    let stem = stems(&spotting).effects.left;
    // The lag at which the sound is most like itself is the time from one stroke of the motor to the next.
    let stroke = |from: usize| {
        let part = &stem[from..from + 24_000];
        let like = |lag: usize| part[lag..].iter().zip(part).map(|(a, b)| f64::from(a * b)).sum::<f64>() / (part.len() - lag) as f64;
        (300..3_400).max_by(|a, b| like(*a).total_cmp(&like(*b))).expect("lags")
    };
    let (slow, fast) = (stroke(28_800), stroke(130_000));
    assert!(slow as f32 / fast as f32 > 2.0, "strokes {slow} samples apart, then {fast}");
}

mod recordings {
    use super::*;
    use kinora_vocabulary::Recording;

    fn wav(rate: u32, bits: u16, channels: u16, float: bool, samples: impl Iterator<Item = f32>) -> Vec<u8> {
        let sample_format = if float { hound::SampleFormat::Float } else { hound::SampleFormat::Int };
        let mut out = std::io::Cursor::new(Vec::new());
        let mut writer =
            hound::WavWriter::new(&mut out, hound::WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format }).expect("a header");
        for s in samples {
            for _ in 0..channels {
                let whole = |s: f32| (f64::from(s) * ((1i64 << (bits - 1)) - 1) as f64) as i32;
                if float { writer.write_sample(s).expect("written") } else { writer.write_sample(whole(s)).expect("written") }
            }
        }
        writer.finalize().expect("finished");
        out.into_inner()
    }

    fn tone(rate: u32, hertz: f32, seconds: f32) -> impl Iterator<Item = f32> {
        (0..(seconds * rate as f32) as usize).map(move |i| 0.5 * libm::sinf(std::f32::consts::TAU * hertz * i as f32 / rate as f32))
    }

    fn with(files: &[(&str, Vec<u8>)]) -> Vocabulary {
        let recording =
            |(name, bytes): &(&str, Vec<u8>)| Recording { name: (*name).into(), path: format!("/home/me/sounds/{name}.wav"), bytes: bytes.clone().into() };
        vocabulary().with_recordings(files.iter().map(recording))
    }

    fn heard(vocabulary: &Vocabulary, events: Vec<SoundEvent>) -> Vec<f32> {
        let mut spotting = sheet(5.0);
        spotting.events = events;
        let track = mix_with_stems(&spotting, &Voices::default(), vocabulary).unwrap_or_else(|e| panic!("{e}"));
        track.stems.expect("kept stems").effects.left
    }

    /// Hertz, by counting how often the wave, smoothed over what hisses, goes up through zero.
    fn pitch(sound: &[f32]) -> f32 {
        let smooth: Vec<f32> = sound.windows(12).map(|w| w.iter().sum()).collect();
        smooth.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count() as f32 / sound.len() as f32 * 48_000.0
    }

    #[test]
    fn a_recording_stands_in_for_a_sound_in_every_usual_form() {
        for (rate, bits, channels, float) in [(44_100, 16, 1, false), (48_000, 24, 2, false), (96_000, 32, 1, false), (22_050, 32, 2, true)] {
            let own = with(&[("bark", wav(rate, bits, channels, float, tone(rate, 1_000.0, 0.6)))]);
            let sound = heard(&own, vec![event(1.0, "bark", "", Vec3::Z * 2.0)]);
            let hertz = pitch(&sound[52_800..72_000]);
            assert!((930.0..1_070.0).contains(&hertz), "{rate} Hz, {bits} bit: {hertz} Hz is heard");
            assert!(sound[..47_900].iter().all(|s| s.abs() < 1e-4), "nothing before its time");
        }
    }

    #[test]
    fn takes_take_turns() {
        let own = with(&[("bark-1", wav(48_000, 16, 1, false, tone(48_000, 700.0, 0.4))), ("bark-2", wav(48_000, 16, 1, false, tone(48_000, 2_000.0, 0.4)))]);
        let sound = heard(&own, vec![event(1.0, "bark", "", Vec3::Z * 2.0), event(3.0, "bark", "", Vec3::Z * 2.0)]);
        let mut both = [pitch(&sound[50_000..62_000]), pitch(&sound[146_000..158_000])];
        both.sort_by(f32::total_cmp);
        assert!(both[0] < 800.0 && both[1] > 1_800.0, "{both:?}");
    }

    #[test]
    fn a_recording_of_a_bed_runs_as_long_as_the_bed() {
        let own = with(&[("rain", wav(48_000, 16, 1, false, tone(48_000, 400.0, 1.5)))]);
        let mut spotting = sheet(6.0);
        spotting.ambiences = vec![bed("rain", 6.0, 0.0)];
        let track = mix_with_stems(&spotting, &Voices::default(), &own).unwrap_or_else(|e| panic!("{e}"));
        let left = track.stems.expect("kept stems").ambience.left;
        assert!((380.0..420.0).contains(&pitch(&left[9_600..270_000])), "{}", pitch(&left[9_600..270_000]));
        assert!(left[9_600..270_000].chunks(4_800).all(|c| c.iter().any(|s| s.abs() > 1e-3)), "without a gap");
    }

    #[test]
    fn what_is_wrong_with_a_recording_is_said_clearly() {
        let six = wav(48_000, 16, 6, false, tone(48_000, 400.0, 0.1));
        for (name, bytes, says) in [
            ("bark", b"ID3 this is no WAV".to_vec(), vec!["not a WAV", "PCM"]),
            ("bark", wav(8_000, 16, 1, false, tone(8_000, 400.0, 61.0)), vec!["61 s", "60 s"]),
            ("bark", wav(48_000, 16, 1, false, std::iter::empty()), vec!["empty"]),
            ("bark", wav(48_000, 16, 1, false, (0..4_800).map(|_| 0.0)), vec!["silent"]),
            ("bark", six, vec!["6 channels", "stereo"]),
            ("barc", wav(48_000, 16, 1, false, tone(48_000, 400.0, 0.1)), vec!["no sound is called \"barc\"", "bark.wav"]),
        ] {
            let message = kinora_sound::check_recordings(&with(&[(name, bytes)])).expect_err(name).to_string();
            assert!(message.starts_with(&format!("/home/me/sounds/{name}.wav: ")), "{message}");
            assert!(says.iter().all(|s| message.contains(s)), "{message} says {says:?}");
        }
    }
}
