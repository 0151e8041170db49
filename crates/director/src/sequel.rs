//! A film goes on: new shots for its cast in its places. What was there before stays as it is, so that its pictures
//! need not be drawn again.

use crate::actions::Actions;
use kinora_base::{Span, Ticks};
use kinora_plan::{Beat, Plan, Scene, Shot, Title};
use std::collections::BTreeSet;

/// The film with what was made of a new prompt after it. `added` has the cast and scenes of the film first, then new ones.
pub(crate) fn join(film: &Plan, mut added: Plan, actions: &Actions) -> Plan {
    carry_on(film, &added.scenes, &mut added.shots, actions);
    rename(film, &mut added);
    // The spans of the new prompt point behind the old one.
    let by = if film.prompt.is_empty() { 0 } else { film.prompt.len() as u32 + 1 };
    for (role, before) in added.cast.iter_mut().zip(film.cast.iter().map(Some).chain(std::iter::repeat(None))) {
        match before {
            Some(b) => *role = b.clone(),
            None => shift(&mut role.span, by),
        }
    }
    for (k, scene) in added.scenes.iter_mut().enumerate() {
        let before = film.scenes.get(k);
        if before.is_none() {
            shift(&mut scene.span, by);
        }
        scene.things.iter_mut().skip(before.map_or(0, |b| b.things.len())).for_each(|t| shift(&mut t.span, by));
        scene.relations.iter_mut().skip(before.map_or(0, |b| b.relations.len())).for_each(|r| shift(&mut r.span, by));
    }
    for shot in &mut added.shots {
        shift(&mut shot.span, by);
        shift(&mut shot.framing.span, by);
        shot.beats.iter_mut().for_each(|b| shift(&mut b.span, by));
        shot.lines.iter_mut().for_each(|l| shift(&mut l.span, by));
        shot.cues.iter_mut().for_each(|c| shift(&mut c.span, by));
    }
    for warning in &mut added.warnings {
        shift(&mut warning.span, by);
    }
    let prompt = if film.prompt.is_empty() { added.prompt } else { format!("{}\n{}", film.prompt, added.prompt) };
    let warnings = film.warnings.iter().cloned().chain(added.warnings).collect();
    let shots = film.shots.iter().cloned().chain(added.shots).collect();
    let later = |mut t: Title| {
        let after = film.duration();
        t.from += after;
        t.to = if t.to == Ticks::ZERO { t.to } else { t.to + after };
        shift(&mut t.span, by);
        t
    };
    // A title to the end of the film goes to where the film ended.
    let ended = |t: &Title| Title { to: if t.to == Ticks::ZERO { film.duration() } else { t.to }, ..t.clone() };
    let mut titles: Vec<Title> = film.titles.iter().map(ended).chain(added.titles.into_iter().map(later)).collect();
    (0..titles.len()).for_each(|k| titles[k].id = format!("title-{}", k + 1));
    Plan { prompt, cast: added.cast, scenes: added.scenes, shots, titles, warnings, ..film.clone() }
}

fn shift(span: &mut Option<Span>, by: u32) {
    if let Some(span) = span {
        *span = Span { start: span.start + by, end: span.end + by };
    }
}

/// Whoever sat, slept or walked when the film ended does so until they do something else.
fn carry_on(film: &Plan, scenes: &[Scene], shots: &mut [Shot], actions: &Actions) {
    let Some(last) = film.shots.last() else { return };
    let goes_on = |scene: &str| scenes.iter().any(|s| s.id == scene && s.continues.as_ref() == Some(&last.scene));
    for role in &film.cast {
        let of_role = last.beats.iter().filter(|b| b.who == role.id && actions.of(&b.action).lasts && (b.to == Ticks::ZERO || b.to >= last.length));
        let Some(doing) = of_role.max_by_key(|b| b.from) else { continue };
        for shot in shots.iter_mut().take_while(|s| goes_on(&s.scene)) {
            let next = shot.beats.iter().filter(|b| b.who == role.id && actions.of(&b.action).legs).map(|b| b.from).min();
            let until = next.unwrap_or(Ticks::ZERO);
            if next != Some(Ticks::ZERO) {
                shot.beats.insert(0, Beat { id: String::new(), from: Ticks::ZERO, to: until, span: None, ..doing.clone() });
            }
            if next.is_some() {
                break;
            }
        }
    }
}

/// Gives new shots, beats, lines and cues names that the film does not have.
fn rename(film: &Plan, added: &mut Plan) {
    let of_shots = film.shots.iter().flat_map(|s| {
        let inside = s.beats.iter().map(|b| &b.id).chain(s.lines.iter().map(|l| &l.id)).chain(s.cues.iter().map(|c| &c.id));
        std::iter::once(&s.id).chain(inside)
    });
    let mut used: BTreeSet<String> = of_shots.chain(film.cues.iter().map(|c| &c.id)).cloned().collect();
    let mut fresh = |kind: &str| {
        let id = (1..).map(|n| format!("{kind}-{n}")).find(|id| !used.contains(id)).unwrap_or_default();
        used.insert(id.clone());
        id
    };
    for shot in &mut added.shots {
        shot.id = fresh("shot");
        shot.beats.iter_mut().for_each(|b| b.id = fresh("beat"));
        shot.lines.iter_mut().for_each(|l| l.id = fresh("line"));
        shot.cues.iter_mut().for_each(|c| c.id = fresh("cue"));
    }
}
