//! Lines become timed voices. Until speech is made here, a line's time comes from its text: syllables by the rate of
//! its language, pauses at its marks, mouth shapes in the order of its letters.

mod text;

use kinora_base::{Ticks, Warned, Warning, WarningKind};
use kinora_plan::voices::{Spoken, TimedViseme, Viseme, Voices};
use kinora_plan::{Line, Plan};
use std::collections::BTreeMap;
use text::Sound;

/// A line is sped up by at most this.
const FASTEST: f64 = 1.35;
/// What is left free before the shot's end or the speaker's next line, s.
const BREATH: f64 = 0.08;

/// Times every line of a plan. A line that does not fit before its shot's end, or before the next line of the same
/// speaker, is sped up within bounds, then warned about; it never moves a cut.
#[must_use]
pub fn voice(plan: &Plan) -> Warned<Voices> {
    let mut voices = Voices::default();
    let mut warnings = Vec::new();
    let mut shot_from = Ticks::ZERO;
    let mut end_of: BTreeMap<Option<&str>, Ticks> = BTreeMap::new();
    for (s, shot) in plan.shots.iter().enumerate() {
        let shot_to = shot_from + shot.length;
        let mut lines: Vec<(usize, &Line)> = shot.lines.iter().enumerate().collect();
        lines.sort_by_key(|(_, line)| line.from);
        for (k, (i, line)) in lines.iter().enumerate() {
            let until =
                lines[k + 1..].iter().find(|(_, next)| next.who == line.who && next.from > line.from).map_or(shot_to, |(_, next)| shot_from + next.from);
            let from = (shot_from + line.from).max(end_of.get(&line.who.as_deref()).copied().unwrap_or_default());
            let (spoken, warning) = say(plan, line, from, until, &format!("shots[{s}].lines[{i}]"));
            end_of.insert(line.who.as_deref(), spoken.to);
            warnings.extend(warning);
            voices.lines.push(spoken);
        }
        shot_from = shot_to;
    }
    if !voices.lines.is_empty() {
        let message = "speech is not voiced yet: lines are shown as subtitles, with mouths that move";
        warnings.push(Warning::new(WarningKind::Unsupported, message).hint("the times of the lines will hold once they are voiced"));
    }
    Warned { output: voices, warnings }
}

fn say(plan: &Plan, line: &Line, from: Ticks, until: Ticks, place: &str) -> (Spoken, Option<Warning>) {
    let speed = f64::from(own_speed(plan, line) * manner_speed(line.manner.as_deref()));
    let sounds = text::sounds(&line.text, &line.language);
    let natural = sounds.iter().map(|s| s.seconds).sum::<f64>() / speed;
    let room = ((until - from).seconds() - BREATH).max(0.0);
    let faster = (natural / room.max(0.05)).clamp(1.0, FASTEST);
    let visemes = shapes(&sounds, from, speed * faster);
    let to = visemes.last().map_or(from, |v| v.to);
    let warning = (to > until).then(|| {
        let span = line.span;
        let over = (to - until).seconds();
        let message = format!(
            "{place}: \"{}\" takes {:.1} s even when spoken {FASTEST} times as fast, {over:.1} s longer than there is room for",
            line.text,
            natural / FASTEST
        );
        let warning = Warning::new(WarningKind::Adjusted, message).hint("make the shot longer or the line shorter");
        if let Some(span) = span { warning.at(span) } else { warning }
    });
    (Spoken { line: line.id.clone(), who: line.who.clone(), text: line.text.clone(), from, to, visemes, pcm: Vec::new() }, warning)
}

fn own_speed(plan: &Plan, line: &Line) -> f32 {
    let voice = line.who.as_deref().and_then(|w| plan.role(w)).and_then(|r| r.voice.as_ref());
    voice.and_then(|v| v.speed).unwrap_or(1.0).clamp(0.5, 2.0)
}

/// How feeling changes the rate of speech.
fn manner_speed(manner: Option<&str>) -> f32 {
    let Some(manner) = manner else { return 1.0 };
    let table: [(&[&str], f32); 9] = [
        (&["slow"], 0.8),
        (&["quick", "fast", "hast"], 1.2),
        (&["happ", "joy", "cheer", "excit"], 1.1),
        (&["ang", "fur"], 1.15),
        (&["afraid", "fear", "scare", "nervous"], 1.2),
        (&["sad", "tire"], 0.85),
        (&["tender", "gent", "whisper", "quiet", "soft"], 0.9),
        (&["shout", "yell", "cold"], 0.95),
        (&["surpris"], 1.05),
    ];
    table.iter().find(|(words, _)| words.iter().any(|w| manner.contains(w))).map_or(1.0, |(_, speed)| *speed)
}

/// Mouth shapes one after another, joined where two alike meet.
fn shapes(sounds: &[Sound], from: Ticks, speed: f64) -> Vec<TimedViseme> {
    let mut out: Vec<TimedViseme> = Vec::new();
    let mut t = 0.0;
    for sound in sounds {
        let start = from + Ticks::from_seconds(t / speed);
        t += sound.seconds;
        let end = from + Ticks::from_seconds(t / speed);
        match out.last_mut() {
            Some(last) if last.viseme == sound.viseme => last.to = end,
            _ => out.push(TimedViseme { viseme: sound.viseme, from: start, to: end }),
        }
    }
    // A line ends with its last sound, not with the pause that its full stop makes.
    if out.len() > 1 && out.last().is_some_and(|v| v.viseme == Viseme::Sil) {
        out.pop();
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
            let voices = voice(&plan(text, language, 10.0)).output;
            let took = (voices.lines[0].to - voices.lines[0].from).seconds();
            assert!((low..high).contains(&took), "{text} took {took} s");
            assert_eq!(voices.lines[0].from, Ticks(24_000), "begins when it is told to");
            assert!(voices.lines[0].visemes.windows(2).all(|v| v[0].to == v[1].from && v[0].from < v[0].to), "shapes follow each other");
        }
    }

    #[test]
    fn a_line_that_does_not_fit_is_sped_up_then_warned_about() {
        let fits = voice(&plan("The quick brown fox jumps over the lazy dog.", "en", 3.0));
        assert!(fits.output.lines[0].to <= Ticks::from_seconds(3.0), "sped up into its shot");
        assert_eq!(fits.warnings.len(), 1, "only that speech is silent: {:?}", fits.warnings);
        let too_long = voice(&plan("The quick brown fox jumps over the lazy dog.", "en", 1.5));
        assert!(too_long.warnings.iter().any(|w| w.message.contains("shots[0].lines[0]")), "{:?}", too_long.warnings);
    }

    #[test]
    fn lips_close_on_m_and_b() {
        let voices = voice(&plan("mamba", "es", 5.0)).output;
        let shapes: Vec<Viseme> = voices.lines[0].visemes.iter().map(|v| v.viseme).collect();
        assert_eq!(shapes, [Viseme::PP, Viseme::AA, Viseme::PP, Viseme::AA], "letters in order");
    }
}
