//! Makes a film's sound: the stage's [`Spotting`] sheet and the spoken [`Voices`] become a mastered stereo [`Soundtrack`] ([`mix`]).
//!
//! How: every sound is synthesised from a file in `assets/sounds` (layers of noise, struck modes, tones, grains,
//! bubbles, pulses), every mood of music from one in `assets/music` (tempo, mode, chords, parts).
//! 0. *Dialogue*: each voiced line from its speaker's place, in the room of its scene; voice-over dry, telephone through its wire.
//! 1. *Effects*: each event at its sample, panned and dulled by its place against the camera's, with the place's reverb.
//! 2. *Ambience*: beds by place and weather, crossfaded between scenes.
//! 3. *Music*: a tempo whose beats meet the cuts, phrases, an ending that rings out inside the film; ducked.
//! 4. *Master*: -16 LUFS, true peak at most -1 dBTP, by gain and a look-ahead limiter.
//!
//! The same sheet gives the same bytes on every machine.
//!
//! A new sound is a new file, `assets/sounds/knock.ron`; levels are in dB, times in seconds, frequencies in Hz:
//! ```ron
//! (
//!     doc: "Knuckles on a door.",
//!     names: (en: ["knock"], zh: ["敲门声"], ja: ["ノック"], ko: ["노크"], es: ["golpe en la puerta"]),
//!     sound: (
//!         level: -8, variants: 4, vary_pitch: 0.04,
//!         layers: [
//!             (source: Modes([(180, 0.09, 1.0), (420, 0.06, 0.6)]), decay: 0.1, repeat: (count: 3, gap: 0.22, jitter: 0.1)),
//!             (source: White, level: -9, decay: 0.02, filters: [Band(1800, 1.0)], repeat: (count: 3, gap: 0.22, jitter: 0.1)),
//!         ],
//!     ),
//! )
//! ```
//! A user's recording (`knock.wav`, or `knock-1.wav`, `knock-2.wav` for takes, in a folder of assets) stands in for the
//! layers; level, sync and variation stay those of the file.
//!
//! A place's bed has `lasting: true`, layers with a `swell`, and `calls` of other sounds; the level that a place gives a
//! layer is added to the file's own. The example `audition` writes each as WAV and spectrogram.
//!
//! # Limits today
//! Sounds are synthetic: good for stylised pictures, not a sampled library. Music follows
//! one mood at a time (cues may change it) and has no themes that return between films. Reverb is one network a scene,
//! not a traced room. Two channels only.

mod ambience;
mod dialogue;
mod dsp;
mod duck;
mod effects;
mod error;
mod library;
mod master;
mod music;
mod recipe;
mod recordings;
mod space;
mod synth;

pub use error::SoundError;
pub use music::{Key, key};
pub use recordings::check_recordings;

use dsp::{envelope, reverb};
use effects::Effects;
use kinora_base::{Seed, Ticks, maths, pcm::Stereo};
use kinora_plan::spotting::Spotting;
use kinora_plan::voices::Voices;
use kinora_vocabulary::Vocabulary;
use library::Library;

/// A film's finished sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Soundtrack {
    /// The mastered mix, exactly as long as the film.
    pub stereo: Stereo,
    /// What it was mixed from, if that was asked for: their sum is the mix, each has had its share of the limiter.
    pub stems: Option<Stems>,
    /// Integrated loudness, LUFS (BS.1770).
    pub loudness: f32,
    /// True peak, dBTP.
    pub true_peak: f32,
    /// Names of sounds and music that no file has; a neutral tap, or no music, stands in for them.
    pub missing: Vec<String>,
}

/// The layers of a mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Stems {
    /// What is spoken, with its rooms.
    pub dialogue: Stereo,
    /// Noises of things and bodies, with their reverb.
    pub effects: Stereo,
    /// Beds of places and weathers.
    pub ambience: Stereo,
    /// Music, as ducked.
    pub music: Stereo,
}

/// The longest film that is mixed.
const LONGEST: Ticks = Ticks(3600 * Ticks::PER_SECOND);
/// Loudness of the noise that is always there, before the master's gain: silence in a film is never digital zero.
const FLOOR_DB: f32 = -66.0;
/// How far a bed may come up when effects alone cannot carry the film's loudness, in steps.
const BED_STEP_DB: f32 = 4.0;
const BED_STEPS: u32 = 6;
/// Where a room's wet sound begins to be heard, s.
const DRY_BELOW: f32 = 0.08;

/// The seed of all that is random in a film's sound.
fn root(spotting: u64) -> Seed {
    Seed(spotting).child("sound")
}

/// Mixes the soundtrack of a film, without its stems.
///
/// # Errors
/// If a sound or music file is broken, or the film has no length or more than an hour.
pub fn mix(spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary) -> Result<Soundtrack, SoundError> {
    mixed(spotting, voices, vocabulary, false)
}

/// Mixes the soundtrack of a film and keeps its stems, which take three times the memory of the mix.
///
/// # Errors
/// As [`mix`].
pub fn mix_with_stems(spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary) -> Result<Soundtrack, SoundError> {
    mixed(spotting, voices, vocabulary, true)
}

fn mixed(spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary, keep_stems: bool) -> Result<Soundtrack, SoundError> {
    if spotting.duration <= Ticks::ZERO || spotting.duration > LONGEST {
        return Err(SoundError::Duration { seconds: spotting.duration.0.div_euclid(Ticks::PER_SECOND) });
    }
    let length = spotting.duration.0 as usize;
    let seed = root(spotting.seed);
    let mut library = Library::new(vocabulary, seed.child("takes"))?;
    let mut ambience = Stereo::silence(length);
    ambience::beds(spotting, &mut library, &mut ambience, seed.child("beds"));
    let mut effects = Effects::new(spotting, &mut library, length, seed.child("effects"));
    effects.events();
    effects.cues(&mut ambience);
    let (mut stem, send, strong) = (effects.stem, effects.send, effects.strong);
    rooms(spotting, &mut stem, &send);
    let (mut dialogue, send) = dialogue::lines(spotting, voices, length);
    rooms(spotting, &mut dialogue, &send);
    drop(send);
    let mut music = music::score(spotting, vocabulary, &mut library, length, seed.child("music"))?;
    lower(&mut music, &duck::music(length, voices, &strong));
    lower(&mut ambience, &duck::bed(length, voices));
    let stems = Stems { dialogue, effects: stem, ambience, music };
    Ok(finish(stems, keep_stems, library.missing, seed))
}

/// Adds each scene's reverb to the effects.
fn rooms(spotting: &Spotting, stem: &mut Stereo, send: &[f32]) {
    for ambience in spotting.ambiences.iter().filter(|a| a.reverb > DRY_BELOW) {
        let range = (ambience.from.0.max(0) as usize).min(send.len())..(ambience.to.0.max(0) as usize).min(send.len());
        let seconds = ambience.reverb.clamp(0.1, 8.0);
        let wet = maths::gain_from_decibels(-19.0 + 2.0 * seconds.min(3.0));
        reverb::add(stem, send, range, seconds, 5_000.0, wet);
    }
}

fn lower(stereo: &mut Stereo, curve: &[f32]) {
    for channel in [&mut stereo.left, &mut stereo.right] {
        for (i, s) in channel.iter_mut().enumerate() {
            let (k, t) = (i / duck::STEP, (i % duck::STEP) as f32 / duck::STEP as f32);
            *s *= maths::mix(curve[k], curve[k + 1], t);
        }
    }
}

/// Fades, the floor, the sum and the master.
fn finish(mut stems: Stems, keep_stems: bool, missing: Vec<String>, seed: Seed) -> Soundtrack {
    for channel in [&mut stems.dialogue.left, &mut stems.dialogue.right] {
        envelope::fade_out(channel, 0.03);
    }
    for stem in [&mut stems.effects, &mut stems.ambience, &mut stems.music] {
        for channel in [&mut stem.left, &mut stem.right] {
            envelope::fade_out(channel, 0.3);
        }
    }
    for stem in [&mut stems.ambience, &mut stems.music] {
        for channel in [&mut stem.left, &mut stem.right] {
            envelope::fade_in(channel, 0.02);
        }
    }
    let has_bed = dsp::loudness::integrated(&stems.ambience) > -69.0;
    let kept = keep_stems.then(|| (stems.dialogue.clone(), stems.effects.clone(), stems.music.clone()));
    let mut ambience = stems.ambience;
    let mut sum = stems.effects;
    add(&mut sum, &stems.dialogue, 1.0);
    drop(stems.dialogue);
    add(&mut sum, &stems.music, 1.0);
    drop(stems.music);
    add(&mut sum, &ambience, 1.0);
    let heard = dsp::loudness::integrated(&sum);
    // With nothing but the floor there is nothing to make loud.
    let most = if heard > -60.0 { master::MOST_GAIN_DB } else { 0.0 };
    add_floor([&mut ambience, &mut sum], seed.child("floor"));
    let mut mastered = master::master(&sum, most);
    // A few short noises over a quiet bed are all peaks: no limiter makes them loud with taste, so the bed comes up.
    for _ in 0..BED_STEPS {
        if !has_bed || mastered.loudness > master::TARGET_LUFS - 0.8 {
            break;
        }
        let up = maths::gain_from_decibels(BED_STEP_DB);
        add(&mut sum, &ambience, up - 1.0);
        ambience.left.iter_mut().chain(&mut ambience.right).for_each(|s| *s *= up);
        drop(mastered);
        mastered = master::master(&sum, most);
    }
    let stems = kept.map(|(dialogue, effects, music)| {
        let mut stems = Stems { dialogue, effects, ambience, music };
        let gains = master::gains(&sum, &mastered);
        for stem in [&mut stems.dialogue, &mut stems.effects, &mut stems.ambience, &mut stems.music] {
            for channel in [&mut stem.left, &mut stem.right] {
                channel.iter_mut().zip(&gains).for_each(|(s, g)| *s *= g);
            }
        }
        stems
    });
    Soundtrack { stereo: mastered.stereo, stems, loudness: mastered.loudness, true_peak: mastered.true_peak, missing }
}

fn add(to: &mut Stereo, more: &Stereo, gain: f32) {
    to.left.iter_mut().zip(&more.left).for_each(|(s, m)| *s += m * gain);
    to.right.iter_mut().zip(&more.right).for_each(|(s, m)| *s += m * gain);
}

/// The same quiet noise in the bed and in the sum.
fn add_floor(into: [&mut Stereo; 2], seed: Seed) {
    let gain = maths::gain_from_decibels(FLOOR_DB) * 1.7;
    for stereo in into {
        for (name, channel) in [("left", &mut stereo.left), ("right", &mut stereo.right)] {
            let mut rng = seed.child(name).rng();
            channel.iter_mut().for_each(|s| *s += gain * rng.signed());
        }
    }
}
