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
//! The film is mixed in windows of two seconds. What is as long as the film (the mix, the bed, the stems) lies in files without a name
//! ([`Track`]); memory holds a window of each, what sounds just then, and small lists of what is to come.
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
mod track;

pub use error::SoundError;
pub use music::{Key, key};
pub use recordings::check_recordings;
pub use track::Track;

use dialogue::Dialogue;
use dsp::loudness::Meter;
use dsp::{envelope, reverb, samples};
use effects::Effects;
use kinora_base::pcm::{Stereo, pieces};
use kinora_base::{Rng, Seed, Ticks, maths};
use kinora_plan::spotting::Spotting;
use kinora_plan::voices::Voices;
use kinora_vocabulary::Vocabulary;
use library::Library;
use master::Master;
use std::ops::Range;
use std::path::Path;

/// A film's finished sound, on the disk: memory does not grow with the film.
#[derive(Debug)]
pub struct Soundtrack {
    /// The mastered mix, exactly as long as the film.
    pub mix: Track,
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
#[derive(Debug)]
pub struct Stems {
    /// What is spoken, with its rooms.
    pub dialogue: Track,
    /// Noises of things and bodies, with their reverb.
    pub effects: Track,
    /// Beds of places and weathers.
    pub ambience: Track,
    /// Music, as ducked.
    pub music: Track,
}

/// The longest film that is mixed.
const LONGEST: Ticks = Ticks(3600 * Ticks::PER_SECOND);
/// Seconds of film that are mixed at once; what is heard does not depend on it.
const WINDOW_SECONDS: f32 = 2.0;
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

/// Mixes the soundtrack of a film, without its stems. Files without a name in `folder` hold what is long: 60 MB a minute while it is
/// mixed, 25 MB while there is a soundtrack.
///
/// # Errors
/// If a sound or music file is broken, the film has no length or more than an hour, or `folder` cannot be written.
pub fn mix(spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary, folder: &Path) -> Result<Soundtrack, SoundError> {
    Mixing { folder, window: samples(WINDOW_SECONDS), stems: false }.mix(spotting, voices, vocabulary)
}

/// Mixes the soundtrack of a film and keeps its stems, which take three times the room of the mix.
///
/// # Errors
/// As [`mix`].
pub fn mix_with_stems(spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary, folder: &Path) -> Result<Soundtrack, SoundError> {
    Mixing { folder, window: samples(WINDOW_SECONDS), stems: true }.mix(spotting, voices, vocabulary)
}

/// How a soundtrack is mixed.
struct Mixing<'a> {
    /// Where what is long is kept.
    folder: &'a Path,
    /// Samples that are mixed at once.
    window: usize,
    /// Whether the stems are kept.
    stems: bool,
}

impl Mixing<'_> {
    fn mix(&self, spotting: &Spotting, voices: &Voices, vocabulary: &Vocabulary) -> Result<Soundtrack, SoundError> {
        if spotting.duration <= Ticks::ZERO || spotting.duration > LONGEST {
            return Err(SoundError::Duration { seconds: spotting.duration.0.div_euclid(Ticks::PER_SECOND) });
        }
        let length = spotting.duration.0 as usize;
        let seed = root(spotting.seed);
        let mut library = Library::new(vocabulary, seed.child("takes"))?;
        let mut players = Players::new(spotting, voices, &mut library, self.folder, length, seed)?;
        // Where the sum will be, the music lies first: each window of it is read before that of the sum is written.
        let track = || Track::silence(self.folder, length);
        let (mix, ambience) = (track()?, track()?);
        let kept = if self.stems { Some([track()?, track()?, track()?]) } else { None };
        let music = music::score(spotting, vocabulary, &mut library, &mix, self.window, seed.child("music"))?;
        let (mut bed, mut sum) = (Meter::new(), Meter::new());
        let mut floor = Floor::new(seed.child("floor"));
        for window in pieces(length, self.window) {
            let mut stems = players.play(&mut library, music::read(&music, &mix, &window)?, &window)?;
            bed.hear(&stems.ambience);
            if let Some([dialogue, effects, music]) = &kept {
                dialogue.write(window.start, &stems.dialogue)?;
                effects.write(window.start, &stems.effects)?;
                music.write(window.start, &stems.music)?;
            }
            let mut whole = stems.effects;
            [&stems.dialogue, &stems.music, &stems.ambience].into_iter().for_each(|stem| add(&mut whole, stem, 1.0));
            sum.hear(&whole);
            floor.add([&mut stems.ambience, &mut whole]);
            ambience.write(window.start, &stems.ambience)?;
            mix.write(window.start, &whole)?;
        }
        drop(players);
        // With nothing but the floor there is nothing to make loud.
        let most_db = if sum.integrated(1.0) > -60.0 { master::MOST_GAIN_DB } else { 0.0 };
        let master = Master::new(&mix, self.folder, self.window)?;
        let mut mastered = master.find(most_db)?;
        // A few short noises over a quiet bed are all peaks: no limiter makes them loud with taste, so the bed comes up.
        for _ in 0..BED_STEPS {
            if bed.integrated(1.0) <= -69.0 || mastered.loudness > master::TARGET_LUFS - 0.8 {
                break;
            }
            self.raise(&ambience, &mix, length)?;
            mastered = master.find(most_db)?;
        }
        let stems = kept.map(|[dialogue, effects, music]| Stems { dialogue, effects, ambience, music });
        master.apply(&mastered, &stems.as_ref().map_or_else(Vec::new, |s| vec![&s.dialogue, &s.effects, &s.ambience, &s.music]))?;
        Ok(Soundtrack { stems, loudness: mastered.loudness, true_peak: mastered.true_peak, missing: library.missing, mix })
    }

    /// Brings the bed up by a step, alone and in the mix.
    fn raise(&self, ambience: &Track, mix: &Track, length: usize) -> Result<(), SoundError> {
        let up = maths::gain_from_decibels(BED_STEP_DB);
        for window in pieces(length, self.window) {
            let (mut bed, mut sum) = (ambience.piece(window.clone())?, mix.piece(window.clone())?);
            add(&mut sum, &bed, up - 1.0);
            bed.left.iter_mut().chain(&mut bed.right).for_each(|s| *s *= up);
            ambience.write(window.start, &bed)?;
            mix.write(window.start, &sum)?;
        }
        Ok(())
    }
}

/// All who play, window after window.
struct Players<'a> {
    length: usize,
    beds: ambience::Beds,
    effects: Effects<'a>,
    dialogue: Dialogue<'a>,
    /// Each scene's room, for the effects and for what is spoken.
    rooms: [Vec<reverb::Room>; 2],
    /// How far music and beds step back.
    music: Vec<f32>,
    bed: Vec<f32>,
}

/// A window of each stem.
struct Window {
    dialogue: Stereo,
    effects: Stereo,
    ambience: Stereo,
    music: Stereo,
}

impl<'a> Players<'a> {
    fn new(spotting: &'a Spotting, voices: &'a Voices, library: &mut Library, folder: &Path, length: usize, seed: Seed) -> Result<Self, SoundError> {
        let mut beds = ambience::Beds::new(spotting, library, folder, length, seed.child("beds"))?;
        let effects = Effects::new(spotting, library, &mut beds, length, seed.child("effects"));
        let (music, bed) = (duck::music(length, voices, &effects.strong), duck::bed(length, voices));
        let rooms = [rooms(spotting, length), rooms(spotting, length)];
        Ok(Self { length, beds, effects, dialogue: Dialogue::new(spotting, voices), rooms, music, bed })
    }

    /// The stems of the next window, for which the music is there already.
    fn play(&mut self, library: &mut Library, music: Stereo, window: &Range<usize>) -> Result<Window, SoundError> {
        let (at, count) = (window.start, window.len());
        let mut stems = Window { dialogue: Stereo::silence(count), effects: Stereo::silence(count), ambience: Stereo::silence(count), music };
        self.beds.play(library, at, &mut stems.ambience)?;
        let mut send = vec![0.0; count];
        self.effects.play(library, at, &mut stems.effects, &mut send);
        self.rooms[0].iter_mut().for_each(|room| room.answer(at, &send, &mut stems.effects));
        send.fill(0.0);
        self.dialogue.play(at, &mut stems.dialogue, &mut send);
        self.rooms[1].iter_mut().for_each(|room| room.answer(at, &send, &mut stems.dialogue));
        lower(&mut stems.music, at, &self.music);
        lower(&mut stems.ambience, at, &self.bed);
        self.fade(&mut stems, at);
        Ok(stems)
    }

    /// Where the film begins and ends.
    fn fade(&self, stems: &mut Window, at: usize) {
        for (stem, seconds) in [(&mut stems.dialogue, 0.03), (&mut stems.effects, 0.3), (&mut stems.ambience, 0.3), (&mut stems.music, 0.3)] {
            for channel in [&mut stem.left, &mut stem.right] {
                envelope::fade_out_piece(channel, at, self.length, seconds);
            }
        }
        for stem in [&mut stems.ambience, &mut stems.music] {
            for channel in [&mut stem.left, &mut stem.right] {
                envelope::fade_in_piece(channel, at, self.length, 0.02);
            }
        }
    }
}

/// The room of each scene that has one.
fn rooms(spotting: &Spotting, length: usize) -> Vec<reverb::Room> {
    let room = |ambience: &kinora_plan::spotting::Ambience| {
        let range = (ambience.from.0.max(0) as usize).min(length)..(ambience.to.0.max(0) as usize).min(length);
        let seconds = ambience.reverb.clamp(0.1, 8.0);
        let wet = maths::gain_from_decibels(-19.0 + 2.0 * seconds.min(3.0));
        reverb::Room::new(range, length, seconds, 5_000.0, wet)
    };
    spotting.ambiences.iter().filter(|a| a.reverb > DRY_BELOW).map(room).collect()
}

/// Lowers a window that begins at sample `at` by a curve of gains.
fn lower(stereo: &mut Stereo, at: usize, curve: &[f32]) {
    for channel in [&mut stereo.left, &mut stereo.right] {
        for (i, s) in channel.iter_mut().enumerate() {
            let (k, t) = ((at + i) / duck::STEP, ((at + i) % duck::STEP) as f32 / duck::STEP as f32);
            *s *= maths::mix(curve[k], curve[k + 1], t);
        }
    }
}

fn add(to: &mut Stereo, more: &Stereo, gain: f32) {
    to.left.iter_mut().zip(&more.left).for_each(|(s, m)| *s += m * gain);
    to.right.iter_mut().zip(&more.right).for_each(|(s, m)| *s += m * gain);
}

/// The quiet noise that is always there.
struct Floor {
    left: Rng,
    right: Rng,
}

impl Floor {
    fn new(seed: Seed) -> Self {
        Self { left: seed.child("left").rng(), right: seed.child("right").rng() }
    }

    /// Adds the same noise to the next window of the bed and of the sum.
    fn add(&mut self, [bed, sum]: [&mut Stereo; 2]) {
        let gain = maths::gain_from_decibels(FLOOR_DB) * 1.7;
        for (rng, bed, sum) in [(&mut self.left, &mut bed.left, &mut sum.left), (&mut self.right, &mut bed.right, &mut sum.right)] {
            for (b, s) in bed.iter_mut().zip(sum) {
                let noise = gain * rng.signed();
                *b += noise;
                *s += noise;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;
    use kinora_base::FrameRate;
    use kinora_base::pcm::ReadSound as _;
    use kinora_plan::spotting::{Ambience, Ear, SoundEvent, SpeakerTrack};
    use kinora_plan::voices::Spoken;
    use kinora_plan::{Cue, CueKind};

    /// Everything that can run from one window into the next: steps, something that passes by, a motor at changing speed, two rooms, beds with
    /// calls, a cue's bed, a line, two pieces of music.
    fn busy() -> (Spotting, Voices) {
        let seconds = Ticks::from_seconds;
        let event = |at: f64, sound: &str, length: f64, pace: Vec<f32>, to: Vec3| SoundEvent {
            at: seconds(at),
            sound: sound.into(),
            surface: "wood".into(),
            strength: 1.0,
            length: seconds(length),
            pace,
            position: Vec3::Z * 3.0,
            position_at_end: to,
            weight: 0.0,
            who: None,
        };
        let bed = |from: f64, to: f64, layers: &[&str], reverb: f32| Ambience {
            from: seconds(from),
            to: seconds(to),
            place: "forest".into(),
            layers: layers.iter().map(|l| ((*l).into(), 0.0)).collect(),
            reverb,
        };
        let cue = |kind, word: &str| {
            (Cue { id: "c".into(), kind, word: word.into(), from: seconds(9.0), to: seconds(14.0), level: 0.0, source: None, span: None }, None)
        };
        let mut events: Vec<SoundEvent> = (0..50).map(|k| event(0.3 + 0.51 * f64::from(k), "footstep", 0.0, vec![], Vec3::Z * 3.0)).collect();
        events.push(event(2.0, "engine", 9.0, vec![0.5, 1.5], Vec3::new(40.0, 0.0, 3.0)));
        events.push(event(-0.5, "whoosh", 0.0, vec![], Vec3::Z * 3.0));
        let ear = Ear { position: Vec3::ZERO, right: Vec3::NEG_X, forward: Vec3::Z, horizontal_fov: 0.9 };
        let pcm = (0..60_000).map(|i| 0.2 * maths::sin(i as f32 * 0.05)).collect();
        let line = Spoken { line: "l".into(), text: "x".into(), from: seconds(5.0), to: seconds(7.5), pcm, ..Spoken::default() };
        let spotting = Spotting {
            duration: seconds(27.3),
            fps: FrameRate(30),
            seed: 3,
            events,
            ambiences: vec![bed(0.0, 12.0, &["wind", "forest-birds"], 0.7), bed(12.0, 27.3, &["wind", "room-tone"], 1.9)],
            music: Some("happy".into()),
            cues: vec![cue(CueKind::Music, "epic"), cue(CueKind::Sound, "rain")],
            ears: vec![ear; 819],
            speakers: vec![SpeakerTrack { line: "l".into(), places: vec![Vec3::new(0.5, 0.0, 2.0); 75] }],
            ..Spotting::default()
        };
        (spotting, Voices { lines: vec![line] })
    }

    #[test]
    fn windows_of_any_length_give_the_mix_of_the_whole_film_at_once() {
        let vocabulary = Vocabulary::builtin().unwrap_or_else(|e| panic!("{e}"));
        let (spotting, voices) = busy();
        let mix = |window: usize| {
            let folder = std::env::temp_dir();
            let track = Mixing { folder: &folder, window, stems: true }.mix(&spotting, &voices, &vocabulary).unwrap_or_else(|e| panic!("{e}"));
            let stems = track.stems.expect("kept");
            let all = [&track.mix, &stems.dialogue, &stems.effects, &stems.ambience, &stems.music].map(|t| t.read(0..t.samples()).expect("on the disk"));
            (all, track.loudness, track.true_peak)
        };
        let whole = mix(usize::MAX);
        assert!(whole.0.iter().all(|t| t.left.iter().any(|s| s.abs() > 1e-3)), "every stem is heard");
        for window in [samples(WINDOW_SECONDS), 31_337] {
            let windowed = mix(window);
            for ((a, b), name) in whole.0.iter().zip(&windowed.0).zip(["mix", "dialogue", "effects", "ambience", "music"]) {
                let apart = a.left.iter().zip(&b.left).chain(a.right.iter().zip(&b.right)).position(|(a, b)| a != b);
                assert_eq!(apart, None, "{name} in windows of {window} samples");
            }
            assert_eq!((whole.1, whole.2), (windowed.1, windowed.2), "loudness and peak");
        }
    }
}
