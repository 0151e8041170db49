//! The music stem: a mood's file, a tempo that meets the cuts, a form with an end, and instruments that are synthesised.

mod form;
mod harmony;
mod instruments;
mod mood;
mod parts;

use crate::SoundError;
use crate::dsp::{envelope, loudness, reverb};
use crate::library::{self, Library, SPEECH};
use crate::track::Track;
use kinora_base::pcm::{ReadSound as _, Stereo, pieces};
use kinora_base::{Seed, Ticks, maths};
use kinora_plan::spotting::Spotting;
use kinora_plan::{CueKind, Plan};
use kinora_vocabulary::{Asset, Kind, Vocabulary};
use mood::Mood;
use std::ops::Range;

/// Loudness of music between lines, against speech: under the effects that tell the story, over the bed.
const LEVEL_LU: f32 = -13.0;

/// A stretch of film with one mood.
struct Stretch<'a> {
    from: Ticks,
    to: Ticks,
    word: &'a str,
    level: f32,
}

/// A piece that has been played onto the film's track: its samples, and its gain.
pub(crate) struct Played {
    range: Range<usize>,
    /// What brings it to its level, and what a cue says on top.
    settled: f32,
    gain: f32,
}

/// Plays all music of the film onto a track, as long as the film, in windows of some samples. How loud each piece is to be is known only
/// at its end; [`read`] gives the music as it is heard.
pub(crate) fn score(
    spotting: &Spotting,
    vocabulary: &Vocabulary,
    library: &mut Library,
    track: &Track,
    window: usize,
    seed: Seed,
) -> Result<Vec<Played>, SoundError> {
    let mut all = Vec::new();
    for stretch in stretches(spotting) {
        let Some(asset) = entry(vocabulary, stretch.word) else {
            library.note_missing(stretch.word);
            continue;
        };
        let Some(mut mood) = asset.section::<Mood>("music")? else { continue };
        mood.beats = mood.beats.clamp(1, 16);
        let start = stretch.from.0.max(0) as usize;
        let length = (stretch.to.0.max(0) as usize).min(track.samples()).saturating_sub(start);
        let cuts: Vec<f32> = spotting.cuts.iter().filter(|c| **c > stretch.from && **c < stretch.to).map(|c| (*c - stretch.from).seconds() as f32).collect();
        let settled = piece(&mood, length, &cuts, seed.child(stretch.word), window, |at, sound| track.write(start + at, sound))?;
        all.push(Played { range: start..start + length, settled, gain: maths::gain_from_decibels(stretch.level.clamp(-40.0, 12.0)) });
    }
    Ok(all)
}

/// The music of a window of the film.
pub(crate) fn read(played: &[Played], track: &Track, window: &Range<usize>) -> Result<Stereo, SoundError> {
    let mut out = Stereo::silence(window.len());
    for piece in played {
        let inside = piece.range.start.max(window.start)..piece.range.end.min(window.end);
        if inside.is_empty() {
            continue;
        }
        let to = inside.start - window.start..inside.end - window.start;
        let mut sound = track.piece(inside)?;
        for (channel, out) in [(&mut sound.left, &mut out.left), (&mut sound.right, &mut out.right)] {
            channel.iter().zip(&mut out[to.clone()]).for_each(|(s, o)| *o = s * piece.settled * piece.gain);
        }
    }
    Ok(out)
}

/// What the film's own music is played in, for who sings along: known from the plan alone, before anything is staged.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The keynote, as a MIDI number.
    pub keynote: i32,
    /// Semitones of its scale over the keynote.
    pub scale: &'static [i32],
    /// Seconds of a beat.
    pub beat: f32,
    /// When the first beat is, s.
    pub first: f32,
}

/// The key of a film's music; nothing if its mood is not known. Music that cues lay over it may have another.
#[must_use]
pub fn key(plan: &Plan, vocabulary: &Vocabulary) -> Option<Key> {
    let word = plan.scenes.iter().find_map(|s| s.mood.as_deref()).unwrap_or("calm");
    let mood = entry(vocabulary, word)?.section::<Mood>("music").ok()??;
    let cuts: Vec<Ticks> = plan.cuts().into_iter().map(|c| plan.fps.start_of(c)).collect();
    let end = *cuts.last()?;
    let inside: Vec<f32> = cuts.iter().filter(|c| **c > Ticks::ZERO && **c < end).map(|c| c.seconds() as f32).collect();
    let seed = crate::root(plan.root_seed().child("sound").0).child("music").child(word).child("form");
    let form = form::plan(&mood, end.seconds() as f32, &inside, seed);
    // Beats that moved onto cuts are not the rule.
    let mut steps: Vec<f32> = form.beats.windows(2).map(|b| b[1] - b[0]).collect();
    steps.sort_by(f32::total_cmp);
    let beat = steps.get(steps.len() / 2).copied().unwrap_or(0.6);
    Some(Key { keynote: form.key, scale: harmony::scale(mood.mode), beat, first: form.beats.first().copied().unwrap_or(0.0) })
}

/// The mood of that id or name.
fn entry<'a>(vocabulary: &'a Vocabulary, word: &str) -> Option<&'a Asset> {
    vocabulary.get(Kind::Music, word).or_else(|| vocabulary.of(Kind::Music).find(|a| library::names(a).any(|n| n == library::plain(word))))
}

/// Which mood plays when: the film's own, with what cues say laid over it.
fn stretches(spotting: &Spotting) -> Vec<Stretch<'_>> {
    let end = spotting.duration;
    let mut list: Vec<Stretch<'_>> = spotting.music.iter().map(|word| Stretch { from: Ticks::ZERO, to: end, word, level: 0.0 }).collect();
    for (cue, _) in spotting.cues.iter().filter(|(c, _)| c.kind != CueKind::Sound) {
        let (from, to) = (cue.from.max(Ticks::ZERO), if cue.to > cue.from { cue.to.min(end) } else { end });
        list = list.into_iter().flat_map(|s| without(s, from, to)).collect();
        if cue.kind == CueKind::Music {
            list.push(Stretch { from, to, word: &cue.word, level: cue.level });
        }
    }
    // A second of music is a noise, not a piece.
    list.retain(|s| (s.to - s.from).0 >= Ticks::PER_SECOND);
    list
}

/// What is left of a stretch when another takes a part of its time.
fn without(stretch: Stretch<'_>, from: Ticks, to: Ticks) -> Vec<Stretch<'_>> {
    let Stretch { from: a, to: b, word, level } = stretch;
    [(a, b.min(from)), (a.max(to), b)].into_iter().filter(|(a, b)| b > a).map(|(from, to)| Stretch { from, to, word, level }).collect()
}

/// Plays one piece, which begins at 0 and has rung out at its end, in windows of some samples; gives the gain that brings it to its level.
fn piece(
    mood: &Mood,
    length: usize,
    cuts: &[f32],
    seed: Seed,
    window: usize,
    mut heard: impl FnMut(usize, &Stereo) -> Result<(), SoundError>,
) -> Result<f32, SoundError> {
    let seconds = length as f32 / crate::dsp::RATE;
    let form = form::plan(mood, seconds, cuts, seed.child("form"));
    let mut band = instruments::Band::new(parts::write(mood, &form, seed.child("parts")), seed.child("band"));
    let mut hall = reverb::Room::new(0..length, length, mood.hall.clamp(0.2, 5.0), 4_500.0, 0.22);
    let mut meter = loudness::Meter::new();
    for window in pieces(length, window) {
        let mut sound = Stereo::silence(window.len());
        band.play(window.start, &mut sound);
        let send: Vec<f32> = sound.left.iter().zip(&sound.right).map(|(l, r)| 0.5 * (l + r)).collect();
        hall.answer(window.start, &send, &mut sound);
        for channel in [&mut sound.left, &mut sound.right] {
            envelope::fade_out_piece(channel, window.start, length, 0.6f32.min(seconds * 0.15));
        }
        meter.hear(&sound);
        heard(window.start, &sound)?;
    }
    Ok(maths::gain_from_decibels(SPEECH + LEVEL_LU + mood.level - meter.integrated(1.0).max(-60.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_replaces_the_film_s_music_for_its_time() {
        let whole = Stretch { from: Ticks(0), to: Ticks(100), word: "calm", level: 0.0 };
        let left: Vec<_> = without(whole, Ticks(30), Ticks(60)).into_iter().map(|s| (s.from.0, s.to.0)).collect();
        assert_eq!(left, [(0, 30), (60, 100)], "before and after");
    }

    #[test]
    fn chords_change_on_cuts_and_the_end_rings_out_inside() {
        let vocabulary = Vocabulary::builtin().unwrap_or_else(|e| panic!("{e}"));
        for asset in vocabulary.of(Kind::Music) {
            let mood = asset.section::<Mood>("music").unwrap_or_else(|e| panic!("{e}")).unwrap_or_else(|| panic!("{} has a section music", asset.file()));
            for chord in &mood.chords {
                assert!(harmony::Chord::read(chord, mood.mode).is_some(), "{}: {chord} is a chord", asset.file());
            }
            for (seconds, cuts) in [(5.0, vec![2.4]), (10.0, vec![3.1, 6.9]), (15.0, vec![4.0, 7.3, 11.2])] {
                let form = form::plan(&mood, seconds, &cuts, Seed(3));
                let missed: Vec<_> = cuts.iter().filter(|c| !form.chords.iter().any(|(b, _)| (form.time(*b as f32) - **c).abs() < 0.03)).collect();
                assert!(missed.is_empty(), "{} of {seconds} s has no change at {missed:?}: {:?}", asset.file(), form.beats);
                assert!(seconds - form.time(form.last() as f32) >= 0.9, "{} ends in time", asset.file());
            }
        }
    }
}
