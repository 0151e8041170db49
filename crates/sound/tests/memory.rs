//! Mixing a long film takes no more memory than mixing a short one. The only test of its binary: it reads what the process took.
#![cfg(target_os = "linux")]

use glam::Vec3;
use kinora_base::{FrameRate, Ticks};
use kinora_plan::spotting::{Ambience, Ear, SoundEvent, Spotting};
use kinora_plan::voices::Voices;
use kinora_vocabulary::Vocabulary;

/// Steps in the wind and in the rain by turns, with music.
fn sheet(seconds: u32) -> Spotting {
    let ear = Ear { position: Vec3::ZERO, right: Vec3::NEG_X, forward: Vec3::Z, horizontal_fov: 0.9 };
    let step = |k: u32| SoundEvent {
        at: Ticks(i64::from(k) * 24_000 + 12_000),
        sound: "footstep".into(),
        surface: "snow".into(),
        strength: 1.0,
        length: Ticks::ZERO,
        pace: Vec::new(),
        position: Vec3::new(0.3, -1.0, 4.0),
        position_at_end: Vec3::new(0.3, -1.0, 4.0),
        weight: 0.0,
        who: None,
    };
    let at = |k: u32| Ticks(i64::from(k) * 10 * Ticks::PER_SECOND);
    let scene =
        |k: u32| Ambience { from: at(k), to: at(k + 1), place: "forest".into(), layers: vec![(["wind", "rain"][k as usize % 2].into(), 0.0)], reverb: 0.7 };
    Spotting {
        duration: Ticks(i64::from(seconds) * Ticks::PER_SECOND),
        fps: FrameRate(30),
        seed: 7,
        ears: vec![ear; seconds as usize * 30],
        events: (0..2 * seconds).map(step).collect(),
        ambiences: (0..seconds.div_ceil(10)).map(scene).collect(),
        music: Some("calm".into()),
        ..Spotting::default()
    }
}

/// The most memory that the process has had, MB.
fn most() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).expect("the peak is told");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

#[test]
fn memory_does_not_grow_with_the_film() {
    let vocabulary = Vocabulary::builtin().unwrap_or_else(|e| panic!("{e}"));
    let mix = |seconds: u32| {
        let track = kinora_sound::mix_with_stems(&sheet(seconds), &Voices::default(), &vocabulary, &std::env::temp_dir());
        drop(track.unwrap_or_else(|e| panic!("{e}")));
        most()
    };
    // Both beds are long enough to be looped, and the band has as many notes as it keeps.
    let short = mix(50);
    let long = mix(500);
    assert!(long < short + 12, "{short} MB for 50 s, {long} MB for 500 s: one more second of stereo takes 0.4 MB");
}
