//! Writes every sound and every mood as a WAV with a spectrogram beside it, for ears and eyes:
//! `cargo run --release -p kinora-sound --example audition -- FOLDER [NAME ...]`. Prints how long each took.

use glam::Vec3;
use kinora_base::pcm::{ReadSound as _, Stereo, write_wav};
use kinora_base::picture::Rgb8;
use kinora_base::{FrameRate, Ticks, maths};
use kinora_plan::spotting::{Ambience, Ear, SoundEvent, Spotting};
use kinora_plan::voices::Voices;
use kinora_vocabulary::{Kind, Vocabulary};
use std::path::Path;

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("give a folder to write into")?;
    let wanted: Vec<String> = args.collect();
    std::fs::create_dir_all(&folder)?;
    let vocabulary = Vocabulary::builtin()?;
    let mut sheets: Vec<(String, Spotting)> = Vec::new();
    for surface in ["grass", "snow", "leaves", "sand", "wood", "concrete", "carpet", "water", "earth", "metal", "gravel", "tile", "mud"] {
        sheets.push((format!("footstep-{surface}"), events("footstep", surface)));
    }
    for asset in vocabulary.of(Kind::Sound) {
        let bed = is_bed(asset);
        sheets.push((asset.id.clone(), if bed { ambience(&asset.id) } else { events(&asset.id, "") }));
    }
    for asset in vocabulary.of(Kind::Music) {
        for seconds in [5.0, 15.0] {
            sheets.push((format!("music-{}-{seconds:.0}", asset.id), Spotting { music: Some(asset.id.clone()), ..sheet(seconds) }));
        }
    }
    sheets.push(("film".into(), film(5.0)));
    sheets.push(("film-long".into(), film(180.0)));
    for (name, spotting) in sheets.into_iter().filter(|(n, _)| wanted.is_empty() || wanted.contains(n)) {
        let started = std::time::Instant::now();
        let track = kinora_sound::mix_with_stems(&spotting, &Voices::default(), &vocabulary, Path::new(&folder))?;
        let stems = track.stems.as_ref().ok_or("stems were asked for")?;
        let whole = |track: &kinora_sound::Track| track.read(0..track.samples());
        let took = started.elapsed().as_secs_f64();
        println!(
            "{name:28} {:5.1} s  {:6.2} LUFS  {:6.2} dBTP  made in {:.3} s  e {:.0} a {:.0} m {:.0} dBFS {:?}",
            spotting.duration.seconds(),
            track.loudness,
            track.true_peak,
            took,
            rms(&whole(&stems.effects)?),
            rms(&whole(&stems.ambience)?),
            rms(&whole(&stems.music)?),
            track.missing
        );
        write_wav(&track.mix, &mut std::fs::File::create(Path::new(&folder).join(format!("{name}.wav")))?)?;
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), spectrogram(&whole(&track.mix)?.left).to_png()?)?;
    }
    Ok(())
}

fn rms(stereo: &Stereo) -> f32 {
    10.0 * maths::log10(stereo.left.iter().chain(&stereo.right).map(|s| s * s).sum::<f32>() / (2 * stereo.len().max(1)) as f32 + 1e-10)
}

/// Whether a sound lasts, as its file says.
fn is_bed(asset: &kinora_vocabulary::Asset) -> bool {
    #[derive(Clone, serde::Deserialize)]
    struct Facts {
        #[serde(default)]
        lasting: bool,
    }
    asset.section::<Facts>("sound").ok().flatten().is_some_and(|f| f.lasting)
}

fn sheet(seconds: f64) -> Spotting {
    let ear = Ear { position: Vec3::ZERO, right: Vec3::NEG_X, forward: Vec3::Z, horizontal_fov: 0.9 };
    let ears = vec![ear; (seconds * 30.0) as usize];
    Spotting { duration: Ticks::from_seconds(seconds), fps: FrameRate(30), seed: 11, ears, ..Spotting::default() }
}

fn event(at: f64, sound: &str, surface: &str, length: f64, from: Vec3, to: Vec3) -> SoundEvent {
    SoundEvent {
        at: Ticks::from_seconds(at),
        sound: sound.into(),
        surface: surface.into(),
        strength: 1.0,
        length: Ticks::from_seconds(length),
        pace: Vec::new(),
        position: from,
        position_at_end: to,
        weight: 0.0,
        who: None,
    }
}

/// A sound three times, or once for long.
fn events(sound: &str, surface: &str) -> Spotting {
    let gap = if matches!(sound, "footstep" | "paw" | "hoof" | "wing" | "clap" | "chirp" | "cup" | "ball-bounce" | "page") { 0.6 } else { 2.0 };
    let p = Vec3::new(0.2, 0.0, 2.0);
    let times = if gap < 1.0 { 4 } else { 2 };
    let events = (0..times).map(|k| event(0.4 + gap * f64::from(k), sound, surface, 1.8, p, p)).collect();
    Spotting { events, ..sheet(4.0) }
}

fn bed(layer: &str, seconds: f64) -> Ambience {
    Ambience { from: Ticks::ZERO, to: Ticks::from_seconds(seconds), place: "forest".into(), layers: vec![(layer.into(), 0.0)], reverb: 0.0 }
}

fn ambience(name: &str) -> Spotting {
    Spotting { ambiences: vec![bed(name, 12.0)], ..sheet(12.0) }
}

/// A scene as films have them: a fox in the snow, wind, music, a cut.
fn film(seconds: f64) -> Spotting {
    let mut spotting = sheet(seconds);
    for k in 0..(seconds * 3.6) as u32 {
        let p = Vec3::new(1.5 - 0.12 * (k % 24) as f32, -1.0, 5.0);
        spotting.events.push(event(0.2 + 0.21 * f64::from(k), "paw", "snow", 0.0, p, p));
    }
    let p = Vec3::new(-0.5, -1.0, 4.0);
    spotting.events.push(event(4.1, "fox-call", "", 0.0, p, p));
    let mut air = bed("snow-quiet", seconds);
    air.layers.push(("forest-birds".into(), -4.0));
    air.reverb = 0.7;
    spotting.ambiences = vec![air];
    spotting.music = Some("calm".into());
    spotting.cuts = vec![Ticks::from_seconds(2.6)];
    spotting
}

const WIDTH: usize = 480;
const HEIGHT: usize = 200;

/// Time to the right, frequency up by octaves from 40 Hz to 16 kHz, 70 dB from black to white; the wave's level below.
fn spectrogram(mono: &[f32]) -> Rgb8 {
    let mut out = Rgb8::new(WIDTH, HEIGHT + 40);
    for x in 0..WIDTH {
        let at = x * mono.len() / WIDTH;
        let power = fourier(mono, at);
        for y in 0..HEIGHT {
            let hertz = 40.0 * maths::pow(400.0, y as f32 / HEIGHT as f32);
            let bin = ((hertz * SIZE as f32 / 48_000.0) as usize).clamp(1, SIZE / 2 - 1);
            let level = ((10.0 * maths::log10(power[bin].max(1e-12)) + 40.0) / 70.0).clamp(0.0, 1.0);
            let colour = [
                (255.0 * level) as u8,
                (255.0 * level * level) as u8,
                (255.0 * (level * (1.0 - level) * 1.6 + level * level * level * level)).min(255.0) as u8,
            ];
            out.set(x, HEIGHT - 1 - y, colour);
        }
        let next = ((x + 1) * mono.len() / WIDTH).min(mono.len());
        let peak = mono[at..next].iter().fold(0.0f32, |m, s| m.max(s.abs()));
        for y in 0..(peak * 38.0) as usize {
            out.set(x, HEIGHT + 39 - y, [120, 220, 160]);
        }
    }
    out
}

const SIZE: usize = 2048;

/// Power of each frequency around a sample, with a Hann window.
fn fourier(mono: &[f32], centre: usize) -> Vec<f32> {
    let tau = std::f32::consts::TAU;
    let window = |i: usize| 0.5 - 0.5 * maths::cos(tau * i as f32 / SIZE as f32);
    let sample = |i: usize| (centre + i).checked_sub(SIZE / 2).and_then(|k| mono.get(k)).copied().unwrap_or(0.0);
    let mut re: Vec<f32> = (0..SIZE).map(|i| sample(i) * window(i)).collect();
    let mut im = vec![0.0f32; SIZE];
    let bits = SIZE.trailing_zeros();
    for i in 0..SIZE {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if i < j {
            re.swap(i, j);
        }
    }
    let mut half = 1;
    while half < SIZE {
        for k in 0..half {
            let angle = -std::f32::consts::PI * k as f32 / half as f32;
            let (c, s) = (maths::cos(angle), maths::sin(angle));
            for a in (k..SIZE).step_by(2 * half) {
                let b = a + half;
                let (x, y) = (re[b] * c - im[b] * s, re[b] * s + im[b] * c);
                (re[b], im[b]) = (re[a] - x, im[a] - y);
                (re[a], im[a]) = (re[a] + x, im[a] + y);
            }
        }
        half *= 2;
    }
    re.iter().zip(&im).map(|(a, b)| a * a + b * b).collect()
}
