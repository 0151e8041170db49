//! What each part plays: notes with times, from the form.

use super::form::Form;
use super::harmony::scale;
use super::mood::{Instrument, Mood, Part, Role};
use kinora_base::{Rng, Seed};

/// One note.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note {
    pub(crate) instrument: Instrument,
    /// Seconds from the piece's beginning.
    pub(crate) at: f32,
    /// How long it is held, s.
    pub(crate) length: f32,
    /// MIDI.
    pub(crate) pitch: i32,
    /// dB.
    pub(crate) level: f32,
    pub(crate) pan: f32,
}

/// All notes of a piece.
pub(crate) fn write(mood: &Mood, form: &Form, seed: Seed) -> Vec<Note> {
    let mut notes = Vec::new();
    for (i, part) in mood.parts.iter().enumerate() {
        let mut rng = seed.index(i as u64).rng();
        let writer = Writer { mood, form, part };
        match part.role {
            Role::Chord => writer.chords(&mut notes),
            Role::Comp => writer.comp(&mut notes, &mut rng),
            Role::Bass | Role::Drone => writer.bass(&mut notes),
            Role::Arpeggio => writer.arpeggio(&mut notes, &mut rng),
            Role::Melody => writer.melody(&mut notes, &mut rng),
            Role::Beat => writer.beat(&mut notes, &mut rng),
        }
    }
    notes
}

struct Writer<'a> {
    mood: &'a Mood,
    form: &'a Form,
    part: &'a Part,
}

impl Writer<'_> {
    fn plays(&self, beat: usize) -> bool {
        self.form.fullness(beat) >= self.part.from
    }
    fn note(&self, at: f32, length: f32, pitch: i32, level: f32) -> Note {
        Note { instrument: self.part.instrument, at, length, pitch, level: self.part.level + level, pan: self.part.pan }
    }
    /// The times of the part's rhythm, as beats, with the time to the next.
    fn strokes(&self) -> Vec<(f32, f32)> {
        let bar = self.mood.beats as f32;
        let last = self.form.last() as f32;
        let mut beats = Vec::new();
        let mut start = 0.0;
        while start < last {
            beats.extend(self.part.rhythm.iter().map(|r| start + r).filter(|b| *b < last - 0.01 && self.plays(*b as usize)));
            start += bar;
        }
        (0..beats.len()).map(|i| (beats[i], beats.get(i + 1).copied().unwrap_or(last) - beats[i])).collect()
    }
    /// The end: what the final chord's note is, held until the film has gone.
    fn ending(&self) -> (f32, f32) {
        let at = self.form.time(self.form.last() as f32);
        (at, (self.form.end - at) * 0.7)
    }

    fn chords(&self, notes: &mut Vec<Note>) {
        let mut before = Vec::new();
        for (k, (beat, chord)) in self.form.chords.iter().enumerate() {
            let voiced = chord.voiced(self.form.key, self.part.register, &before);
            let at = self.form.time(*beat as f32);
            let until = self.form.chords.get(k + 1).map_or(self.form.end - 0.25, |c| self.form.time(c.0 as f32));
            if self.plays(*beat) {
                notes.extend(voiced.iter().map(|p| self.note(at, (until - at) * self.part.held, *p, 0.0)));
            }
            before = voiced;
        }
    }

    fn comp(&self, notes: &mut Vec<Note>, rng: &mut Rng) {
        let mut before: Vec<i32> = Vec::new();
        for (k, (beat, gap)) in self.strokes().into_iter().enumerate() {
            let voiced = self.form.chord(beat as usize).voiced(self.form.key, self.part.register, &before);
            let at = self.form.time(beat);
            let length = (self.form.time(beat + gap) - at) * self.part.held;
            let accent = if beat.fract() == 0.0 { 0.0 } else { -3.0 };
            // A strum runs over the strings, down and up by turns.
            for (s, pitch) in voiced.iter().enumerate() {
                let string = if k % 2 == 0 { s } else { voiced.len() - 1 - s };
                notes.push(self.note(at + 0.011 * string as f32, length, *pitch, accent + rng.range(-1.0, 1.0)));
            }
            before = voiced;
        }
        let (at, length) = self.ending();
        let last = self.form.chord(self.form.last()).voiced(self.form.key, self.part.register, &before);
        notes.extend(last.iter().enumerate().map(|(s, p)| self.note(at + 0.02 * s as f32, length, *p, 0.0)));
    }

    fn bass(&self, notes: &mut Vec<Note>) {
        let near = |note: i32| {
            let mut n = self.form.key + note;
            while n > self.part.register + 6 {
                n -= 12;
            }
            while n < self.part.register - 6 {
                n += 12;
            }
            n
        };
        let root = |beat: usize| if self.part.role == Role::Drone { near(0) } else { near(self.form.chord(beat).0[0]) };
        let bar = self.mood.beats as f32;
        for (beat, gap) in self.strokes() {
            let at = self.form.time(beat);
            let place = beat % bar;
            let fifth = self.part.role == Role::Bass && place >= bar / 2.0 && place.fract() == 0.0 && self.part.rhythm.len() == 2;
            let pitch = if fifth { near(self.form.chord(beat as usize).0[0] + 7) } else { root(beat as usize) };
            notes.push(self.note(at, (self.form.time(beat + gap) - at) * self.part.held, pitch, if place == 0.0 { 0.0 } else { -2.0 }));
        }
        let (at, length) = self.ending();
        notes.push(self.note(at, length, root(self.form.last()), 0.0));
    }

    fn arpeggio(&self, notes: &mut Vec<Note>, rng: &mut Rng) {
        const TURNS: [usize; 8] = [0, 1, 2, 3, 2, 1, 2, 1];
        let bar = self.mood.beats as f32;
        let mut before: Vec<i32> = Vec::new();
        let mut step = 0;
        for (beat, gap) in self.strokes() {
            if beat % bar == 0.0 {
                step = 0;
            }
            let mut voiced = self.form.chord(beat as usize).voiced(self.form.key, self.part.register, &before);
            before.clone_from(&voiced);
            voiced.push(voiced[0] + 12);
            let pitch = voiced[TURNS[step % TURNS.len()].min(voiced.len() - 1)];
            step += 1;
            let at = self.form.time(beat);
            let length = (self.form.time(beat + gap) - at) * self.part.held;
            let accent = if step == 1 { 0.0 } else { -2.5 };
            notes.push(self.note(at, length, pitch, accent + rng.range(-0.8, 0.8)));
        }
        let (at, length) = self.ending();
        let last = self.form.chord(self.form.last()).voiced(self.form.key, self.part.register, &before);
        notes.extend(last.iter().enumerate().map(|(s, p)| self.note(at + 0.07 * s as f32, length, *p, -1.0)));
    }

    /// A tune: one shape of steps, repeated over the chords, so that it is remembered; strong beats take chord notes.
    fn melody(&self, notes: &mut Vec<Note>, rng: &mut Rng) {
        let (key, register) = (self.form.key, self.part.register);
        let ladder: Vec<i32> = (-2..5).flat_map(|o| scale(self.mood.mode).iter().map(move |n| key + n + 12 * o)).collect();
        let shape: Vec<i32> = (0..self.part.rhythm.len().max(1)).map(|_| [1, -1, 1, -1, 2, -2, 0][rng.below(7)]).collect();
        let bars = self.mood.beats as f32 * 2.0;
        let last = self.form.last() as f32;
        let mut at_step = ladder.iter().position(|n| *n >= register).unwrap_or(ladder.len() / 2);
        let home = at_step;
        let mut start = 0.0;
        while start < last {
            for (k, r) in self.part.rhythm.iter().enumerate() {
                let beat = start + r;
                let next = start + self.part.rhythm.get(k + 1).copied().unwrap_or(bars);
                if beat >= last - 0.5 || !self.plays(beat as usize) {
                    continue;
                }
                let moved = at_step as i32
                    + shape[k]
                    + if at_step > home + 4 {
                        -1
                    } else if at_step + 4 < home {
                        1
                    } else {
                        0
                    };
                at_step = moved.clamp(0, ladder.len() as i32 - 1) as usize;
                if r.fract() == 0.0 && (*r as u32).is_multiple_of(2) {
                    at_step = self.nearest_chord_note(&ladder, at_step, beat as usize);
                }
                let at = self.form.time(beat);
                let length = (self.form.time(next.min(last)) - at) * self.part.held;
                notes.push(self.note(at, length, ladder[at_step], rng.range(-1.5, 0.5)));
            }
            start += bars;
        }
        let (at, length) = self.ending();
        if let Some(pitch) = ladder.iter().filter(|n| (**n - key).rem_euclid(12) == 0).min_by_key(|n| (**n - ladder[at_step]).abs()) {
            notes.push(self.note(at, length, *pitch, 0.0));
        }
    }

    fn nearest_chord_note(&self, ladder: &[i32], step: usize, beat: usize) -> usize {
        let chord = &self.form.chord(beat).0;
        let inside = |n: i32| chord.iter().any(|c| (self.form.key + c - n).rem_euclid(12) == 0);
        (0..ladder.len()).filter(|i| inside(ladder[*i])).min_by_key(|i| i.abs_diff(step)).unwrap_or(step)
    }

    fn beat(&self, notes: &mut Vec<Note>, rng: &mut Rng) {
        for (beat, _) in self.strokes() {
            let accent = if beat % self.mood.beats as f32 == 0.0 { 0.0 } else { -2.5 };
            notes.push(self.note(self.form.time(beat), 0.2, self.part.register, accent + rng.range(-1.2, 0.6)));
        }
        if self.part.instrument == Instrument::Drum {
            let (at, _) = self.ending();
            notes.push(self.note(at, 1.0, self.part.register, 1.0));
        }
    }
}
