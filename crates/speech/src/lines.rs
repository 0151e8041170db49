//! Lines become timed voices. Without a speaker a line's time comes from its text: syllables by the rate of its
//! language, pauses at its marks, mouth shapes in the order of its letters.

use crate::estimate::{self, Sound};
use crate::lock::{self, Lock};
use crate::speaker::{Said, Speaker, Utterance};
use crate::{Manner, RATE, SpeechError, Tongue, Tune, visemes};
use kinora_base::studio::Cache;
use kinora_base::{Ticks, Warned, Warning, WarningKind, maths};
use kinora_plan::voices::{Spoken, TimedViseme, Viseme, Voices};
use kinora_plan::{Heard, Line, Plan};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A line is sped up by at most this.
const FASTEST: f64 = 1.35;
/// What is left free before the shot's end, s.
const BREATH: f64 = 0.08;
/// And between two lines that would run into each other.
const BETWEEN: f64 = 0.12;
/// So many models are loaded at most, each some 200 MB.
const MOST_MODELS: usize = 4;
/// Ticks of a sample of speech.
const TICKS: i64 = Ticks::PER_SECOND / RATE as i64;

/// Where lines are spoken: the speaker, what was spoken before, and what is spoken now.
pub struct Booth<'a> {
    /// Says what is not kept yet.
    pub speaker: &'a Speaker,
    /// Where spoken lines are kept; none = they are not.
    pub cache: Option<Cache>,
    /// What an earlier run of the film spoke.
    pub before: Option<Lock>,
    /// What is sung is sung to this.
    pub tune: Option<Tune>,
    /// When the first beat of it is, s from the film's beginning.
    pub first_beat: f64,
    /// How many lines are spoken beside each other.
    threads: usize,
    now: Mutex<Lock>,
    /// What was said in this run, by key.
    said: Mutex<HashMap<String, Said>>,
    changed: Mutex<Vec<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Booth<'a> {
    /// A booth for a film.
    #[must_use]
    pub fn new(speaker: &'a Speaker, cache: Option<Cache>, before: Option<Lock>, threads: usize) -> Self {
        // Spoken lines outlive a build of the program, but not a change of this crate: they depend on nothing else.
        let cache = cache.map(|c| Cache { build: u64::from_str_radix(env!("KINORA_READER"), 16).unwrap_or(0), ..c });
        Self { speaker, cache, before, tune: None, first_beat: 0.0, threads, now: Mutex::default(), said: Mutex::default(), changed: Mutex::default() }
    }

    /// What was spoken, for the next time.
    #[must_use]
    pub fn lock(&self) -> Lock {
        locked(&self.now).clone()
    }

    /// Says a line, or fetches it if it was said before.
    fn take(&self, utterance: &Utterance) -> Result<Said, SpeechError> {
        let key = lock::key(utterance);
        if let Some(said) = locked(&self.said).get(&key) {
            return Ok(said.clone());
        }
        let before = self.before.as_ref().and_then(|l| l.lines.get(&key));
        let kept = self.kept(&key).filter(|said| before.is_none_or(|b| b.sha256 == lock::sum(&said.pcm)));
        let said = match kept {
            Some(said) => said,
            None => {
                let said = self.speaker.say_in(utterance, before.map(|b| &b.times))?;
                if before.is_some_and(|b| b.sha256 != lock::sum(&said.pcm)) {
                    locked(&self.changed).push(utterance.text.clone());
                }
                self.keep(&key, &said);
                said
            }
        };
        locked(&self.now).put(&key, &utterance.text, &said);
        locked(&self.said).insert(key, said.clone());
        Ok(said)
    }

    /// Says all lines of a plan, several beside each other. What cannot be said is found out again, line by line.
    fn say_all(&self, plan: &Plan) {
        let lines: Vec<&Line> = plan.shots.iter().flat_map(|s| &s.lines).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
                let _ = spoken(plan, line, self, 1.0);
            }
        };
        std::thread::scope(|scope| (0..self.threads.clamp(1, MOST_MODELS).min(lines.len())).for_each(|_| drop(scope.spawn(work))));
    }

    fn kept(&self, key: &str) -> Option<Said> {
        let cache = self.cache.as_ref()?;
        let path = cache.folder.join(format!("{key}.{}.read", std::process::id()));
        if !cache.fetch(&format!("line-{key}"), &path) {
            return None;
        }
        let said = std::fs::read(&path).ok().and_then(|bytes| lock::from_bytes(&bytes));
        let _ = std::fs::remove_file(&path);
        if said.is_none() {
            cache.forget(&format!("line-{key}"));
        }
        said
    }

    fn keep(&self, key: &str, said: &Said) {
        let Some(cache) = &self.cache else { return };
        let path = cache.folder.join(format!("{key}.{}.write", std::process::id()));
        if std::fs::create_dir_all(&cache.folder).and_then(|()| std::fs::write(&path, lock::to_bytes(said))).is_ok() {
            cache.forget(&format!("line-{key}"));
            cache.keep(&format!("line-{key}"), &path);
        }
        let _ = std::fs::remove_file(&path);
    }
}

/// Times every line of a plan, and voices it in a booth, if there is one. Lines of a shot follow each other as they are
/// written; if they take longer than was thought, they wait for each other, and if they do not fit into the shot, all of
/// them are sped up within bounds, then warned about. They never move a cut.
#[must_use]
pub fn voice(plan: &Plan, booth: Option<&Booth<'_>>) -> Warned<Voices> {
    if let Some(booth) = booth {
        booth.say_all(plan);
    }
    let mut voices = Voices::default();
    let mut warnings = Vec::new();
    let mut shot_from = Ticks::ZERO;
    let mut free_from = Ticks::ZERO;
    for (s, shot) in plan.shots.iter().enumerate() {
        let shot_to = shot_from + shot.length;
        let mut lines: Vec<(usize, &Line)> = shot.lines.iter().enumerate().collect();
        lines.sort_by_key(|(_, line)| line.from);
        let mut takes: Vec<Take<'_>> = Vec::new();
        for (i, line) in lines {
            let mut take = Take { line, place: format!("shots[{s}].lines[{i}]"), from: shot_from + line.from, said: utter(plan, line, booth, 1.0) };
            take.wait_for_the_beat(booth);
            takes.push(take);
        }
        let starts = |takes: &[Take<'_>], speed: f64| -> (Vec<Ticks>, Ticks) {
            let (mut free, mut planned) = (free_from, Ticks(-1));
            let mut starts = Vec::new();
            for take in takes {
                // Who was written to speak at the same time does.
                let from = if take.from == planned { *starts.last().unwrap_or(&take.from) } else { take.from.max(free) };
                planned = take.from;
                starts.push(from);
                free = free.max(from + Ticks::from_seconds(take.seconds() / speed + BETWEEN));
            }
            (starts, free - Ticks::from_seconds(BETWEEN))
        };
        // An L cut lets the last line run on, as long as it is spoken over another shot.
        let lap = takes.last().filter(|_| s + 1 < plan.shots.len()).map_or(Ticks::ZERO, |t| t.line.lap);
        let last = shot_to + lap - Ticks::from_seconds(BREATH);
        let speed = (0..=7).map(|k| 1.0 + 0.05 * f64::from(k)).find(|speed| starts(&takes, *speed).1 <= last).unwrap_or(FASTEST);
        if speed > 1.0 {
            let natural: Vec<f64> = takes.iter().map(Take::seconds).collect();
            for take in &mut takes {
                take.said = utter(plan, take.line, booth, speed);
            }
            let end = starts(&takes, 1.0).1;
            if end > shot_to + lap
                && let Some((take, natural)) = takes.iter().zip(natural).next_back()
            {
                let over = (end - shot_to - lap).seconds();
                let message = format!(
                    "{}: \"{}\" takes {:.1} s even when spoken {FASTEST} times as fast, {over:.1} s longer than there is room for",
                    take.place,
                    start_of(&take.line.text),
                    natural / FASTEST
                );
                warnings.push(take.about(Warning::new(WarningKind::Adjusted, message).hint("make the shot longer or the line shorter")));
            }
        }
        let starts = starts(&takes, 1.0).0;
        for (take, from) in takes.into_iter().zip(starts) {
            let spoken = take.spoken(from, &mut warnings);
            free_from = free_from.max(spoken.to + Ticks::from_seconds(BETWEEN));
            voices.lines.push(spoken);
        }
        shot_from = shot_to;
    }
    let silent = |l: &Spoken| l.pcm.is_empty();
    if booth.is_none() && !voices.lines.is_empty() {
        let message = "there are no voices here yet, or not all of them: lines are shown as subtitles, with mouths that move";
        warnings.push(Warning::new(WarningKind::Unsupported, message).hint("run `kinora voices install` once (160 MB; later only what is missing)"));
    }
    let korean = plan.shots.iter().flat_map(|s| &s.lines).any(|l| l.language == "ko") && !voices.lines.iter().all(silent);
    if korean {
        let message = "the voice model never learned Korean: it is spoken by voices of other languages, with an accent";
        warnings.push(Warning::new(WarningKind::Replaced, message));
    }
    if let Some(booth) = booth {
        let mut changed = std::mem::take(&mut *locked(&booth.changed));
        changed.sort();
        for text in changed {
            let message = format!("\"{text}\" sounds a little different than when the film was first made; its times are the same");
            warnings.push(Warning::new(WarningKind::Adjusted, message).hint("neural voices differ between processors"));
        }
    }
    Warned { output: voices, warnings }
}

/// A line on its way to be heard.
struct Take<'a> {
    line: &'a Line,
    place: String,
    /// When it was written to begin.
    from: Ticks,
    said: Uttered,
}

/// What became of a line's words.
enum Uttered {
    Heard(Said),
    /// Only its mouth shapes, and why it is not heard.
    Timed(Vec<Sound>, Option<SpeechError>),
}

impl Take<'_> {
    fn about(&self, warning: Warning) -> Warning {
        if let Some(span) = self.line.span { warning.at(span) } else { warning }
    }

    /// Who sings begins so that the first vowel is on a beat of the music.
    fn wait_for_the_beat(&mut self, booth: Option<&Booth<'_>>) {
        let (Some(booth), Uttered::Heard(said)) = (booth, &self.said) else { return };
        let Some(tune) = booth.tune.as_ref().filter(|_| sings(self.line)) else { return };
        let before: u32 = said.phones.iter().take_while(|p| !crate::song::is_vowel(p.symbol)).map(|p| p.samples).sum();
        let vowel = self.from.seconds() + f64::from(before) / f64::from(RATE);
        let beat = f64::from(tune.beat).max(0.1);
        let late = (vowel - booth.first_beat).rem_euclid(beat);
        self.from += Ticks::from_seconds((beat - late).rem_euclid(beat));
    }

    fn seconds(&self) -> f64 {
        match &self.said {
            Uttered::Heard(said) => said.pcm.len() as f64 / f64::from(RATE),
            Uttered::Timed(sounds, _) => sounds.iter().map(|s| s.seconds).sum(),
        }
    }

    fn spoken(self, from: Ticks, warnings: &mut Vec<Warning>) -> Spoken {
        let (line, text) = (self.line, start_of(&self.line.text));
        match &self.said {
            Uttered::Heard(said) if said.unspoken > 0 => {
                let message = format!("{}: {} characters of \"{text}\" are of no language that is spoken here and were left out", self.place, said.unspoken);
                warnings.push(self.about(Warning::new(WarningKind::Unsupported, message)));
            }
            Uttered::Timed(_, Some(error)) => {
                let message = format!("{}: \"{text}\" is not heard: {error}", self.place);
                warnings.push(self.about(Warning::new(WarningKind::Unsupported, message)));
            }
            _ => {}
        }
        let (visemes, pcm) = match self.said {
            Uttered::Heard(said) => (mouths(&said, from, &line.language), said.pcm),
            Uttered::Timed(sounds, _) => (shapes(&sounds, from), Vec::new()),
        };
        let to = if pcm.is_empty() { visemes.last().map_or(from, |v| v.to) } else { from + Ticks(pcm.len() as i64 * TICKS) };
        let openness = openness(&pcm, Manner::of(line.manner.as_deref()).mouth);
        let heard = if line.who.is_none() && line.heard == Heard::Here { Heard::Over } else { line.heard };
        Spoken { line: line.id.clone(), who: line.who.clone(), text: line.text.clone(), heard, from, to, visemes, openness, pcm }
    }
}

/// Says a line in the booth, or times it by its text.
fn utter(plan: &Plan, line: &Line, booth: Option<&Booth<'_>>, speed: f64) -> Uttered {
    let heard = booth.map(|booth| spoken(plan, line, booth, speed as f32)).transpose();
    match heard {
        Ok(Some(said)) => Uttered::Heard(said),
        other => {
            let speed = speed * f64::from(own_speed(plan, line) * Manner::of(line.manner.as_deref()).speed);
            let mut sounds = estimate::sounds(&line.text, &line.language);
            // A line ends with its last sound, not with the pause that its full stop makes.
            if sounds.len() > 1 {
                sounds.pop_if(|s| s.viseme == Viseme::Sil);
            }
            let now: f64 = sounds.iter().map(|s| s.seconds).sum();
            let wanted = kinora_plan::speech::seconds(&line.text, &line.language) / speed;
            sounds.iter_mut().for_each(|s| s.seconds *= wanted / now.max(1e-9));
            Uttered::Timed(sounds, other.err())
        }
    }
}

/// The beginning of a text, for messages.
fn start_of(text: &str) -> String {
    let start: String = text.chars().take(60).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

fn sings(line: &Line) -> bool {
    kinora_plan::speech::Manner::of(line.manner.as_deref()).delivery == Some("sing")
}

fn spoken(plan: &Plan, line: &Line, booth: &Booth<'_>, speed: f32) -> Result<Said, SpeechError> {
    let casting = crate::cast(plan, line.who.as_deref(), Tongue::of(&line.language)?)?;
    let manner = Manner::of(line.manner.as_deref());
    let tune = sings(line).then(|| booth.tune.clone().unwrap_or_default());
    booth.take(&Utterance { text: line.text.clone(), language: line.language.clone(), casting, manner, speed: (speed * 100.0).round() / 100.0, tune })
}

/// Mouth shapes of what is said, one after another, joined where two alike meet.
fn mouths(said: &Said, from: Ticks, language: &str) -> Vec<TimedViseme> {
    let mut out: Vec<TimedViseme> = Vec::new();
    let mut at = 0i64;
    // A stress mark is spoken as part of the vowel after it.
    let mut stress = 0i64;
    for phone in &said.phones {
        let length = std::mem::take(&mut stress) + i64::from(phone.samples);
        if matches!(phone.symbol, 'ˈ' | 'ˌ') {
            stress = length;
            continue;
        }
        let mut begin = at;
        let shapes = visemes::of(phone.symbol, language == "ja");
        // Length marks, tones and spaces lengthen what stands before them.
        if shapes.is_empty()
            && let Some(last) = out.last_mut()
        {
            last.to = from + Ticks((at + length) * TICKS);
        }
        let mut share = 0.0;
        for (viseme, part) in shapes {
            share += part;
            let end = at + (length as f32 * share).round() as i64;
            let (begin_ticks, end_ticks) = (from + Ticks(begin * TICKS), from + Ticks(end * TICKS));
            begin = end;
            if end_ticks <= begin_ticks {
                continue;
            }
            match out.last_mut() {
                Some(last) if last.viseme == *viseme => last.to = end_ticks,
                _ => out.push(TimedViseme { viseme: *viseme, from: begin_ticks, to: end_ticks }),
            }
        }
        at += length;
    }
    out
}

/// How far the mouth opens against the usual, 50 values a second: 1 at the line's median loudness, more where it is loud.
fn openness(pcm: &[f32], manner: f32) -> Vec<f32> {
    let step = RATE as usize / 50;
    let decibels: Vec<f32> = pcm.chunks(step).map(|b| 10.0 * maths::log10(b.iter().map(|s| s * s).sum::<f32>() / b.len() as f32 + 1e-9)).collect();
    let loudest = decibels.iter().copied().fold(-90.0, f32::max);
    let mut voiced: Vec<f32> = decibels.iter().copied().filter(|d| *d > loudest - 30.0).collect();
    voiced.sort_by(f32::total_cmp);
    let Some(median) = voiced.get(voiced.len() / 2) else { return Vec::new() };
    decibels.iter().map(|d| (1.0 + 0.05 * (d - median)).clamp(0.5, 1.6) * manner).map(|g| (g * 100.0).round() / 100.0).collect()
}

fn own_speed(plan: &Plan, line: &Line) -> f32 {
    let voice = line.who.as_deref().and_then(|w| plan.role(w)).and_then(|r| r.voice.as_ref());
    voice.and_then(|v| v.speed).unwrap_or(1.0).clamp(0.5, 2.0)
}

/// Mouth shapes one after another, joined where two alike meet.
fn shapes(sounds: &[Sound], from: Ticks) -> Vec<TimedViseme> {
    let mut out: Vec<TimedViseme> = Vec::new();
    let mut t = 0.0;
    for sound in sounds {
        let start = from + Ticks::from_seconds(t);
        t += sound.seconds;
        let end = from + Ticks::from_seconds(t);
        match out.last_mut() {
            Some(last) if last.viseme == sound.viseme => last.to = end,
            _ => out.push(TimedViseme { viseme: sound.viseme, from: start, to: end }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str, language: &str, seconds: f64) -> Plan {
        let json = format!(
            r#"{{"version": 1, "scenes": [{{"id": "s", "place": "forest"}}],
               "shots": [{{"id": "a", "scene": "s", "length": {}, "lines": [{{"id": "l", "text": "{text}", "language": "{language}", "from": 24000}}]}}]}}"#,
            Ticks::from_seconds(seconds).0
        );
        Plan::from_json(&json).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn a_line_takes_as_long_as_people_take() {
        for (text, language, low, high) in [
            ("The quick brown fox jumps over the lazy dog.", "en", 2.0, 3.6),
            ("El perro corre por la playa y salta.", "es", 1.8, 3.4),
            ("狐狸走过雪林。", "zh", 1.0, 2.2),
            ("きつねがもりをあるく", "ja", 1.1, 2.2),
            ("여우가 숲을 걷는다", "ko", 1.2, 2.4),
        ] {
            let voices = voice(&plan(text, language, 10.0), None).output;
            let took = (voices.lines[0].to - voices.lines[0].from).seconds();
            assert!((low..high).contains(&took), "{text} took {took} s");
            assert_eq!(voices.lines[0].from, Ticks(24_000), "begins when it is told to");
            assert!(voices.lines[0].visemes.windows(2).all(|v| v[0].to == v[1].from && v[0].from < v[0].to), "shapes follow each other");
        }
    }

    #[test]
    fn who_is_written_to_speak_at_once_does_even_late() {
        // The first line takes longer than its second, so that the two after it wait, and wait together.
        let json = r#"{"version": 1, "cast": [{"id": "a", "kind": "person", "word": "woman"}, {"id": "b", "kind": "person", "word": "man"}],
            "scenes": [{"id": "s", "place": "forest"}], "shots": [{"id": "one", "scene": "s", "length": "8 s", "lines": [
            {"id": "x", "who": "a", "text": "The quick brown fox jumps over the lazy dog.", "from": 9600},
            {"id": "y", "who": "a", "text": "Happy birthday!", "from": 57600}, {"id": "z", "who": "b", "text": "Happy birthday!", "from": 57600}]}]}"#;
        let lines = voice(&Plan::from_json(json).unwrap_or_else(|e| panic!("{e}")), None).output.lines;
        assert_eq!(lines[1].from, lines[2].from, "both begin at once");
        assert!(lines[1].from > lines[0].to && lines[0].to > Ticks(57_600), "after the line before: {:?}", lines.iter().map(|l| l.from).collect::<Vec<_>>());
        assert!(!lines[1].visemes.is_empty() && !lines[2].visemes.is_empty(), "both mouths move");
    }

    #[test]
    fn a_line_that_does_not_fit_is_sped_up_then_warned_about() {
        let fits = voice(&plan("The quick brown fox jumps over the lazy dog.", "en", 3.0), None);
        assert!(fits.output.lines[0].to <= Ticks::from_seconds(3.0), "sped up into its shot");
        assert_eq!(fits.warnings.len(), 1, "only that speech is silent: {:?}", fits.warnings);
        let too_long = voice(&plan("The quick brown fox jumps over the lazy dog.", "en", 1.5), None);
        assert!(too_long.warnings.iter().any(|w| w.message.contains("shots[0].lines[0]")), "{:?}", too_long.warnings);
    }

    #[test]
    fn lips_close_on_m_and_b() {
        let voices = voice(&plan("mamba", "es", 5.0), None).output;
        let shapes: Vec<Viseme> = voices.lines[0].visemes.iter().map(|v| v.viseme).collect();
        assert_eq!(shapes, [Viseme::PP, Viseme::AA, Viseme::PP, Viseme::AA], "letters in order");
    }
}
