//! What people do while lines are spoken: who looks at whom and when they look away, nods of those who listen, accents of
//! the speaker's head, and the feeling of a line on the face that says it.

use crate::{Actor, SceneStaging};
use kinora_base::{Rng, Seed};
use kinora_cast::{Dip, Feeling};
use kinora_plan::speech::Manner;
use kinora_plan::voices::{Spoken, Viseme, Voices};
use kinora_plan::{Heard, Line, Plan};

/// Seconds that a look at the other lasts, and one away from them: who speaks looks 40 % of the time, who listens 72 %.
const SPEAKER: [(f32, f32); 2] = [(1.0, 2.0), (1.4, 3.1)];
const LISTENER: [(f32, f32); 2] = [(1.8, 4.2), (0.7, 1.6)];
/// Who speaks looks at the other again before the end of the line, in seconds.
const BACK: f32 = 0.5;
/// A line that is shorter is said to somebody's face.
const SHORT: f32 = 1.2;

/// Whether a body looks at whom it talks with at a time of a line.
pub(crate) fn looks(seed: Seed, line: &Spoken, speaks: bool, now: f32) -> bool {
    let (from, to) = (line.from.seconds() as f32, line.to.seconds() as f32);
    if speaks && (to - from < SHORT || now > to - BACK) {
        return true;
    }
    let mut rng = seed.child("looks").child(&line.line).rng();
    // Long turns begin looking away; who listens looks up at once.
    let (mut at, mut on) = (from - 0.3, !speaks);
    let spells = if speaks { SPEAKER } else { LISTENER };
    loop {
        let (low, high) = spells[usize::from(!on)];
        at += if speaks && !on && at < from { rng.range(0.5, 0.8) } else { rng.range(low, high) };
        if now < at {
            return on;
        }
        on = !on;
    }
}

/// Gives every actor of a scene what they do beside the lines. `frame` is the scene's frame of a time of the film.
pub(crate) fn react(plan: &Plan, scene: &mut SceneStaging, voices: &Voices, lead: usize, frame: &dyn Fn(f32) -> Option<usize>) {
    let lines: Vec<(&Line, &Spoken)> = plan
        .shots
        .iter()
        .filter(|s| s.scene == scene.id)
        .flat_map(|s| &s.lines)
        .filter_map(|l| voices.lines.iter().find(|v| v.line == l.id).map(|v| (l, v)))
        .collect();
    let at = |seconds: f32| frame(seconds).map(|f| f + lead);
    for actor in &mut scene.actors {
        let seed = Seed(actor.script.seed).child("talk");
        let felt: Vec<Feeling> = lines.iter().filter_map(|l| feeling(actor, l, &at)).collect();
        actor.script.feelings.extend(felt);
        let dips = lines.iter().flat_map(|(line, spoken)| {
            let rng = seed.child(&line.id).rng();
            let mine = line.who.as_deref() == Some(actor.role.as_str());
            match line.heard {
                Heard::Here if mine => accents(spoken, rng),
                Heard::Over => Vec::new(),
                _ if mine => Vec::new(),
                _ => nods(line, spoken, rng),
            }
        });
        let dips: Vec<Dip> = dips.filter_map(|(seconds, dip)| at(seconds).map(|frame| Dip { frame, ..dip })).collect();
        actor.script.dips = dips;
    }
}

/// The feeling of a line, on the face that says or thinks it.
fn feeling(actor: &Actor, (line, spoken): &(&Line, &Spoken), at: &dyn Fn(f32) -> Option<usize>) -> Option<Feeling> {
    let mine = line.who.as_deref() == Some(actor.role.as_str()) && matches!(line.heard, Heard::Here | Heard::Over);
    let mood = Manner::of(line.manner.as_deref()).feeling.filter(|_| mine)?;
    let from = at(spoken.from.seconds() as f32)?;
    let to = at(spoken.to.seconds() as f32).unwrap_or(from);
    Some(Feeling { mood: mood.to_owned(), from, to: to.max(from + 1) })
}

/// Small dips of the speaker's head on the open vowels: 3 to 5 degrees, one every second or so.
fn accents(spoken: &Spoken, mut rng: Rng) -> Vec<(f32, Dip)> {
    let open = |v: Viseme| matches!(v, Viseme::AA | Viseme::E | Viseme::OH);
    let mut next = spoken.from.seconds() as f32;
    let mut out = Vec::new();
    for viseme in spoken.visemes.iter().filter(|v| open(v.viseme)) {
        let peak = ((viseme.from.seconds() + viseme.to.seconds()) * 0.5) as f32;
        if peak >= next {
            out.push((peak, Dip { frame: 0, degrees: rng.range(3.0, 5.0), hertz: 2.5, cycles: 1.0 }));
            next = peak + rng.range(0.8, 1.6);
        }
    }
    out
}

/// Nods of a listener: 2 or 3 dips of 5 to 8 degrees at ends of phrases, seconds apart; nobody nods at threats.
fn nods(line: &Line, spoken: &Spoken, mut rng: Rng) -> Vec<(f32, Dip)> {
    if matches!(Manner::of(line.manner.as_deref()).feeling, Some("angry" | "afraid" | "cold" | "surprised")) {
        return Vec::new();
    }
    let often = if line.language == "ja" { (2.0, 4.0) } else { (4.0, 8.0) };
    let from = spoken.from.seconds() as f32;
    let rests = spoken.visemes.iter().filter(|v| v.viseme == Viseme::Sil && (v.to - v.from).seconds() > 0.1).map(|v| v.from.seconds() as f32);
    let mut next = from + rng.range(0.8, 2.0);
    let mut out = Vec::new();
    for end in rests.chain([spoken.to.seconds() as f32]) {
        if end >= next {
            let cycles = if rng.unit() < 0.5 { 2.0 } else { 3.0 };
            out.push((end + 0.1, Dip { frame: 0, degrees: rng.range(5.0, 8.0), hertz: rng.range(1.4, 2.3), cycles }));
            next = end + rng.range(often.0, often.1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_base::Ticks;
    use kinora_plan::voices::TimedViseme;

    fn spoken(seconds: f64) -> Spoken {
        let at = Ticks::from_seconds;
        let visemes = (0..(seconds * 5.0) as usize).map(|k| {
            let viseme = if k % 10 == 9 { Viseme::Sil } else { Viseme::AA };
            TimedViseme { viseme, from: at(k as f64 * 0.2), to: at(k as f64 * 0.2 + 0.2) }
        });
        Spoken {
            line: "l".into(),
            who: Some("a".into()),
            text: String::new(),
            from: Ticks::ZERO,
            to: at(seconds),
            visemes: visemes.collect(),
            ..Spoken::default()
        }
    }

    #[test]
    fn who_speaks_looks_away_more_than_who_listens() {
        let share = |speaks: bool| {
            let hits = (0..40).flat_map(|s| (0..200).map(move |k| (s, k as f32 * 0.1))).filter(|(s, t)| looks(Seed(*s), &spoken(20.0), speaks, *t)).count();
            hits as f32 / 8000.0
        };
        assert!((0.33..0.50).contains(&share(true)), "speaker {}", share(true));
        assert!((0.66..0.80).contains(&share(false)), "listener {}", share(false));
        assert!((0..40).all(|s| looks(Seed(s), &spoken(20.0), true, 19.8)), "back at the end of the turn");
        assert!((0..40).all(|s| (0..8).all(|k| looks(Seed(s), &spoken(0.8), true, k as f32 * 0.1))), "a short line is said to the face");
    }

    #[test]
    fn listeners_nod_now_and_then() {
        let line = |more: &str| serde_json::from_str::<Line>(&format!(r#"{{"id": "l", "who": "a", "text": "-" {more}}}"#)).expect("a line");
        let count = |more: &str| nods(&line(more), &spoken(20.0), Seed(3).rng()).len();
        assert!((2..=6).contains(&count("")), "{} nods in 20 s", count(""));
        assert!(count(r#", "language": "ja""#) > count(""), "Japanese listeners nod more often");
        assert_eq!(count(r#", "manner": "shout angry""#), 0, "but not at threats");
        let accents = accents(&spoken(20.0), Seed(3).rng());
        assert!((10..=25).contains(&accents.len()), "{} accents in 20 s", accents.len());
        assert!(accents.iter().all(|a| (3.0..=5.0).contains(&a.1.degrees)), "{accents:?}");
    }
}
