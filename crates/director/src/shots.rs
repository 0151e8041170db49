//! Steps become shots: how many, how long, when each beat is, how each is framed.

use crate::actions::ActionFacts;
use crate::script::{FilmWishes, FramingWish, Script};
use crate::story::{Act, Said, Step, Story};
use kinora_base::{FrameRate, Span, Ticks, Warning, WarningKind};
use kinora_plan::{Angle, Beat, CameraMove, Cue, CueKind, Focus, Framing, Heard, Id, Line, MoveKind, Shot, ShotSize, Side, Target, Transition};
use kinora_vocabulary::Kind;
use std::collections::BTreeMap;

/// A shot before it has ids: which steps it shows, with their times in seconds from its beginning.
#[derive(Clone, Debug, Default)]
struct Draft {
    scene: usize,
    length: f64,
    /// Step and its time in the shot.
    shown: Vec<(usize, f64, f64)>,
    wish: FramingWish,
    span: Span,
    lines: Vec<Timed>,
}

/// A line and its time in seconds: of the story at first, then from the beginning of the shot that it begins in.
#[derive(Clone, Copy, Debug)]
struct Timed {
    step: usize,
    line: usize,
    from: f64,
    to: f64,
}

/// What else is asked for than the story itself.
pub(crate) struct Orders {
    pub(crate) seconds: Option<f64>,
    pub(crate) shots: Option<u32>,
    pub(crate) fps: FrameRate,
}

/// The least and the usual time of a step in seconds.
fn times_of(story: &Story, step: &Step) -> (f64, f64) {
    let act = step.acts.iter().map(|a| story.actions.of(&a.motion).seconds);
    let (low, usual) = act.fold((0.0_f64, 0.0_f64), |a, b| (a.0.max(b.0), a.1.max(b.1)));
    let speech = said_seconds(story, &step.said);
    let base = match () {
        () if step.acts.is_empty() && step.said.is_empty() => (1.0, 2.0),
        () if only_speaks(step) => (0.0, 0.0),
        () => (low, usual),
    };
    (base.0.max(speech), base.1.max(speech))
}

/// Whether nothing happens in a step but that something is said.
fn only_speaks(step: &Step) -> bool {
    !step.said.is_empty() && step.acts.iter().all(|a| a.motion == "talk")
}

/// When the lines of steps are said: one after the other, each a moment after its step begins.
fn timed(story: &Story, steps: &[(usize, f64, f64)]) -> Vec<Timed> {
    let mut out: Vec<Timed> = Vec::new();
    for (step, begin, _) in steps {
        let mut from = begin + BEFORE;
        let mut begun = from;
        for (line, said) in story.steps[*step].said.iter().enumerate() {
            // Who speaks at the same time begins with the one before.
            begun = if said.together { begun } else { from };
            let to = begun + speech_seconds(story, said);
            out.push(Timed { step: *step, line, from: begun, to });
            from = from.max(to + TURN);
        }
    }
    out
}

/// Who is seen to say a line.
fn speaker<'a>(story: &'a Story, line: &Timed) -> Option<&'a Id> {
    let said = &story.steps[line.step].said[line.line];
    said.who.as_ref().filter(|_| said.heard == Heard::Here)
}

/// Those who are seen to speak, in order.
fn speakers(story: &Story, lines: &[Timed]) -> Vec<Id> {
    let mut out: Vec<Id> = Vec::new();
    for id in lines.iter().filter_map(|l| speaker(story, l)) {
        if !out.contains(id) {
            out.push(id.clone());
        }
    }
    out
}

/// How long lines take with the pauses between them: those that are said at once, as long as the longest of them.
fn said_seconds(story: &Story, said: &[Said]) -> f64 {
    let mut turns: Vec<f64> = Vec::new();
    for line in said {
        let takes = TURN + speech_seconds(story, line);
        match turns.last_mut().filter(|_| line.together) {
            Some(turn) => *turn = turn.max(takes),
            None => turns.push(takes),
        }
    }
    turns.into_iter().sum()
}

/// Warns of lines that a time cannot hold at the usual rate.
fn hurried(story: &Story, steps: &[usize], length: f64) -> Option<Warning> {
    let said = || steps.iter().flat_map(|i| &story.steps[*i].said);
    let need = steps.iter().map(|i| said_seconds(story, &story.steps[*i].said)).sum::<f64>() + BEFORE;
    let first = said().next()?;
    let message = format!("what is said takes about {need:.1} s and has {length:.1} s: it is spoken faster, or cut off");
    (need > length + 0.25).then(|| Warning::new(WarningKind::Adjusted, message).at(first.span).hint(format!("ask for {} s, or for fewer words", need.ceil())))
}

/// The code of the language that a line is in.
fn language_of(story: &Story, said: &Said) -> &'static str {
    said.language.unwrap_or_else(|| crate::language::of_line(&said.text, story.language))
}

/// About how long a line takes.
fn speech_seconds(story: &Story, said: &Said) -> f64 {
    kinora_plan::speech::seconds(&said.text, language_of(story, said)) / said.manner.pace()
}

/// From the end of a line to the beginning of the next, in seconds.
const TURN: f64 = 0.3;
/// From the beginning of a shot or step to its first line, in seconds.
const BEFORE: f64 = 0.2;
/// The shortest shot in seconds; a plan may have none under 0.2, and cuts are still moved to frames.
const SHORTEST: f64 = 0.3;
/// The longest film in seconds that a prompt makes.
const LONGEST: f64 = 180.0;

/// Brings listed lengths to what a film can have, with a warning if that changes any.
fn bounded(lengths: &mut [f64]) -> Option<Warning> {
    let wanted: f64 = lengths.iter().sum();
    lengths.iter_mut().for_each(|l| *l = l.clamp(SHORTEST, LONGEST));
    let total: f64 = lengths.iter().sum();
    if total > LONGEST {
        lengths.iter_mut().for_each(|l| *l = (*l * LONGEST / total).max(SHORTEST));
    }
    let now: f64 = lengths.iter().sum();
    let message = || format!("the listed shots would last {wanted:.1} s; they last {now:.1} s");
    ((now - wanted).abs() > 0.05).then(|| Warning::new(WarningKind::Adjusted, message()).hint("a shot lasts 0.3 s or more, and a film at most 180 s"))
}

/// Leaves out cuts that come too soon after another or too near to an end: there is no time to see such a shot.
fn thinned(cuts: &[f64], length: f64, story: &mut Story) -> Vec<f64> {
    let mut kept: Vec<f64> = Vec::new();
    for cut in cuts {
        if cut - kept.last().unwrap_or(&0.0) >= SHORTEST && length - cut >= SHORTEST {
            kept.push(*cut);
        }
    }
    if kept.len() < cuts.len() {
        let message = format!("{length:.1} s are too short for {} places and framings; {} are shown", cuts.len() + 1, kept.len() + 1);
        story.warnings.push(Warning::new(WarningKind::Adjusted, message).hint("ask for a longer film or fewer of them"));
    }
    kept
}

/// Cuts the story into shots; `before` is the last shot of a film that goes on.
pub(crate) fn cut(story: &mut Story, script: &Script, orders: &Orders, before: Option<&Shot>) -> Vec<Shot> {
    if story.steps.is_empty() {
        story.steps.push(Step::default());
    }
    let listed = script.segments.iter().filter(|s| s.explicit).count();
    let drafts = if listed > 0 { by_list(story, script, orders) } else { by_rules(story, &script.film, orders) };
    frame_all(story, &drafts, orders.fps, before)
}

/// The shots that the prompt lists, exactly.
fn by_list(story: &mut Story, script: &Script, orders: &Orders) -> Vec<Draft> {
    let segments: Vec<_> = script.segments.iter().filter(|s| s.explicit).collect();
    if let Some(n) = orders.shots.filter(|n| *n as usize != segments.len()) {
        story.warnings.push(
            Warning::new(WarningKind::Conflict, format!("{n} shots were asked for, but the prompt lists {}; the list is kept", segments.len()))
                .hint("leave out one of the two"),
        );
    }
    let steps_of =
        |k: usize| -> Vec<usize> { story.steps.iter().enumerate().filter(|(_, s)| s.segment == k + 1 || (k == 0 && s.segment == 0)).map(|(i, _)| i).collect() };
    let least = |k: usize| steps_of(k).iter().map(|i| times_of(story, &story.steps[*i]).0).sum::<f64>().max(1.2);
    let given: f64 = segments.iter().filter_map(|s| s.seconds).sum();
    let open: Vec<usize> = (0..segments.len()).filter(|k| segments[*k].seconds.is_none()).collect();
    let open_least: f64 = open.iter().map(|k| least(*k)).sum();
    let room =
        orders.seconds.map_or_else(|| open_least.max(if given == 0.0 { 5.0 } else { open.len() as f64 * 2.0 }), |t| (t - given).max(open.len() as f64 * 0.6));
    let mut lengths: Vec<f64> = (0..segments.len()).map(|k| segments[k].seconds.unwrap_or_else(|| room * least(k) / open_least.max(0.1))).collect();
    let total: f64 = lengths.iter().sum();
    if let Some(t) = orders.seconds.filter(|t| open.is_empty() && (t - total).abs() > 0.05) {
        story.warnings.push(
            Warning::new(WarningKind::Conflict, format!("the listed shots last {total:.1} s, but {t:.1} s were asked for; they were scaled"))
                .hint("leave out one of the two"),
        );
        lengths.iter_mut().for_each(|l| *l *= t / total);
    }
    let adjusted = bounded(&mut lengths).or_else(|| {
        let total: f64 = lengths.iter().sum();
        let message = |t: f64| format!("the listed shots last {total:.1} s, but {t:.1} s were asked for; the list is kept");
        let over = orders.seconds.filter(|t| (t - total).abs() > 0.05);
        over.map(|t| Warning::new(WarningKind::Conflict, message(t)).hint("ask for a longer film or shorter shots"))
    });
    let mut late = Vec::new();
    let drafts = (0..segments.len())
        .map(|k| {
            let steps = steps_of(k);
            let wish = steps.iter().fold(FramingWish::default(), |mut w, i| {
                w.merge(&story.steps[*i].framing);
                w
            });
            let shown = spread(story, &steps, lengths[k]);
            let scene = steps.last().map_or(0, |i| story.steps[*i].scene);
            let lines = timed(story, &shown);
            late.extend(hurried(story, &steps, lengths[k]));
            Draft { scene, length: lengths[k], shown, wish, span: segments[k].span, lines }
        })
        .collect();
    story.warnings.extend(adjusted.into_iter().chain(late));
    drafts
}

/// Steps one after the other over a time: short actions keep theirs, long ones take the rest.
fn spread(story: &Story, steps: &[usize], length: f64) -> Vec<(usize, f64, f64)> {
    let times: Vec<(f64, f64)> = steps.iter().map(|i| times_of(story, &story.steps[*i])).collect();
    let least: f64 = times.iter().map(|t| t.0).sum();
    let stretch: Vec<f64> = steps
        .iter()
        .zip(&times)
        .enumerate()
        .map(|(k, (i, t))| {
            let long = story.steps[*i].acts.iter().any(|a| story.actions.of(&a.motion).lasts);
            let last = k + 1 == steps.len();
            // Turns of a conversation follow each other.
            if only_speaks(&story.steps[*i]) && steps.get(k + 1).is_some_and(|n| !story.steps[*n].said.is_empty()) {
                return 0.0;
            }
            (t.1 - t.0)
                + if long {
                    t.1
                } else if last {
                    t.1 * 0.6
                } else {
                    0.1
                }
        })
        .collect();
    let rest = length - least;
    let total: f64 = stretch.iter().sum::<f64>().max(0.01);
    let mut at = 0.0;
    let mut out = Vec::new();
    for (k, i) in steps.iter().enumerate() {
        let d = if rest >= 0.0 { times[k].0 + rest * stretch[k] / total } else { times[k].0 * length / least };
        let end = if k + 1 == steps.len() { length } else { at + d };
        out.push((*i, at, end));
        at = end;
    }
    out
}

/// Average shot length by mood.
fn shot_length(story: &Story, film: &FilmWishes) -> f64 {
    if film.montage {
        return 1.5;
    }
    match story.scenes.first().and_then(|s| s.mood.as_deref()) {
        Some("tense" | "playful") => 2.5,
        Some("epic" | "happy") => 2.8,
        Some("calm" | "sad" | "romantic" | "mysterious") => 4.0,
        _ => 3.0,
    }
}

fn wishes(story: &Story) -> (usize, bool, bool) {
    let sized = story.steps.iter().filter(|s| s.framing.size.is_some() || s.framing.angle.is_some() || s.framing.side.is_some()).count();
    let moved = story.steps.iter().any(|s| s.framing.movement.is_some());
    let one = story.steps.iter().any(|s| s.framing.one_take);
    (sized, moved, one)
}

fn by_rules(story: &mut Story, film: &FilmWishes, orders: &Orders) -> Vec<Draft> {
    let all: Vec<usize> = (0..story.steps.len()).collect();
    let least: f64 = all.iter().map(|i| times_of(story, &story.steps[*i]).0).sum();
    let speech = story.steps.iter().map(|s| said_seconds(story, &s.said)).sum::<f64>() + BEFORE;
    // Nothing that is said is cut short: words take the time they take.
    let most = if speech > BEFORE { LONGEST } else { 15.0 };
    let length = orders.seconds.unwrap_or_else(|| 5.0_f64.max((least - 0.2).ceil()).max(speech.ceil()).min(most));
    let hurried = hurried(story, &all, length);
    if hurried.is_some() {
        story.warnings.extend(hurried);
    } else if least > length + 0.5 {
        story.warnings.push(
            Warning::new(WarningKind::Adjusted, format!("what happens wants {least:.1} s and has {length:.1} s: it is played faster"))
                .hint("ask for a longer film or fewer actions"),
        );
    }
    let timeline = spread(story, &all, length);
    let scene_starts: Vec<f64> =
        timeline.iter().zip(timeline.iter().skip(1)).filter(|(a, b)| story.steps[a.0].scene != story.steps[b.0].scene).map(|(_, b)| b.1).collect();
    let (sized, moved, one) = wishes(story);
    let acting = story.steps.iter().filter(|s| !s.acts.is_empty() || !s.said.is_empty()).count();
    // Two or more wishes for sizes are a shot list without numbers.
    let wish_starts: Vec<f64> = if sized >= 2 { timeline.iter().skip(1).filter(|t| story.steps[t.0].framing.any()).map(|t| t.1).collect() } else { Vec::new() };
    let inserted: Vec<f64> =
        timeline.windows(3).filter(|w| !one && is_insert(&story.steps[w[1].0], &story.steps[w[2].0])).flat_map(|w| [w[1].1, w[2].1]).collect();
    let closing = timeline.windows(2).last().filter(|w| !one && closes(&story.steps[w[0].0], &story.steps[w[1].0])).map(|w| w[1].1);
    let mut must: Vec<f64> = scene_starts.iter().chain(&wish_starts).chain(&inserted).chain(&closing).copied().collect();
    must.sort_by(f64::total_cmp);
    must.dedup_by(|a, b| (*a - *b).abs() < 0.01);
    let must = thinned(&must, length, story);
    let simple = acting <= 1 && story.steps.iter().all(|s| s.acts.len() <= 1 && s.said.len() <= 1) && length <= 6.0;
    let auto = if one || (orders.shots.is_none() && film.shots.is_none() && (moved || sized == 1 && acting <= 1 || simple)) || sized >= 2 {
        1
    } else {
        let most = if length > 18.0 { (length / 4.0) as usize } else { 6 };
        ((length / shot_length(story, film)).round() as usize).clamp(1, most).min(acting + 1)
    };
    let asked = orders.shots.or(film.shots).map(|n| n.clamp(1, 12) as usize);
    let n = asked.unwrap_or(auto).max(must.len() + 1).min(((length / 0.6) as usize).max(1));
    if asked.is_some_and(|a| a < n) {
        story.warnings.push(
            Warning::new(WarningKind::Conflict, format!("the places and framings that the prompt names take {n} shots"))
                .hint("ask for more shots or fewer places"),
        );
    }
    let lines = timed(story, &timeline);
    let free = asked.is_none() && !one && !moved && sized == 0;
    let cuts = match coverage(story, &timeline, &lines, length, &must).filter(|_| free) {
        Some(cuts) => cuts,
        None => choose_cuts(story, &timeline, &lines, (length, n), &must, asked.is_some()),
    };
    drafts(story, &timeline, &lines, &cuts, length)
}

/// Whether a step only asks for a picture of somebody: "Close-up of her hands."
fn is_picture(step: &Step) -> bool {
    step.acts.is_empty() && step.said.is_empty() && step.framing.size.is_some() && !step.about.is_empty()
}

/// Whether a film ends with a picture of one of several who act: "She sings, the crowd cheers. Close-up of her face."
fn closes(before: &Step, last: &Step) -> bool {
    let others = before.acts.iter().any(|a| !last.about.contains(&a.who));
    is_picture(last) && before.framing.size.is_none() && others
}

/// Whether a step only asks for a picture that is not one of what comes next.
fn is_insert(step: &Step, next: &Step) -> bool {
    let pictured = is_picture(step);
    let goes_on = !(next.acts.is_empty() && next.said.is_empty()) && next.framing.size.is_none();
    pictured && goes_on && (step.framing.part.is_some() || !next.about.iter().any(|id| step.about.contains(id)))
}

/// The shortest shot of a conversation in seconds: shorter turns share one.
const SHORTEST_TURN: f64 = 1.2;

/// Cuts of a conversation: where another one begins to speak, and where speech begins or is over.
fn coverage(story: &Story, timeline: &[(usize, f64, f64)], lines: &[Timed], length: f64, must: &[f64]) -> Option<Vec<f64>> {
    if speakers(story, lines).len() < 2 {
        return None;
    }
    // Cuts that may be split: picture and voice change at different moments.
    let turns: Vec<(f64, f64)> = lines
        .windows(2)
        .filter(|w| speaker(story, &w[0]) != speaker(story, &w[1]))
        .enumerate()
        .map(|(k, w)| (w[1].from - BEFORE, if speaker(story, &w[0]).is_some() && speaker(story, &w[1]).is_some() { split(k, &w[0], &w[1]) } else { 0.0 }))
        .collect();
    let spoken = |i: usize| !story.steps[i].said.is_empty();
    let begins = timeline.windows(2).filter(|w| !spoken(w[0].0) || !spoken(w[1].0)).map(|w| w[1].1);
    let out = lines.last().map(|l| l.to + 0.6);
    let mut all: Vec<f64> = turns.iter().map(|t| t.0).chain(begins).chain(out).filter(|t| is_quiet(lines, *t)).collect();
    all.sort_by(f64::total_cmp);
    let mut cuts = must.to_vec();
    for t in all {
        if t >= SHORTEST_TURN && length - t >= SHORTEST_TURN && cuts.iter().all(|c| (c - t).abs() >= SHORTEST_TURN) {
            cuts.push(t);
        }
    }
    cuts.sort_by(f64::total_cmp);
    for k in 0..cuts.len() {
        if let Some((at, by)) = turns.iter().find(|t| t.0 == cuts[k] && !must.contains(&t.0)) {
            let (before, after) = (if k == 0 { 0.0 } else { cuts[k - 1] }, cuts.get(k + 1).copied().unwrap_or(length));
            let moved = at + by;
            if moved - before >= SHORTEST_TURN * 0.75 && after - moved >= SHORTEST_TURN * 0.75 {
                cuts[k] = moved;
            }
        }
    }
    Some(cuts)
}

/// By how much the picture of a turn changes after (J cut: the next voice is heard first) or before (L cut: the last words
/// are spoken over the listener) the quiet moment between two lines. Of three cuts one is straight; short lines always are.
fn split(turn: usize, last: &Timed, next: &Timed) -> f64 {
    match turn % 3 {
        1 if next.to - next.from > 1.0 => BEFORE + 0.35,
        2 if last.to - last.from > 1.4 => last.to - 0.4 - (next.from - BEFORE),
        _ => 0.0,
    }
}

/// Whether nobody speaks at a time.
fn is_quiet(lines: &[Timed], t: f64) -> bool {
    lines.iter().all(|l| t <= l.from - 0.02 || t >= l.to + 0.02)
}

/// Shares of shots by weight: establishing 1.3, middle 1, last 1.35.
fn nominal(length: f64, n: usize) -> Vec<f64> {
    let weight = |k: usize| {
        if k + 1 == n {
            1.35
        } else if k == 0 {
            1.15
        } else {
            0.95
        }
    };
    let total: f64 = (0..n).map(weight).sum();
    let mut at = 0.0;
    (0..n.saturating_sub(1))
        .map(|k| {
            at += length * weight(k) / total;
            at
        })
        .collect()
}

/// Cuts near their nominal times, on action where there is one, each of `must` among them.
fn choose_cuts(story: &Story, timeline: &[(usize, f64, f64)], lines: &[Timed], (length, n): (f64, usize), must: &[f64], asked: bool) -> Vec<f64> {
    let floor = (length / n as f64 * 0.45).min(1.2);
    let mut cuts: Vec<f64> = must.to_vec();
    // A cut just before a new action, so that it begins in the new shot while the old one still goes on.
    let on_action: Vec<f64> = timeline
        .iter()
        .zip(timeline.iter().skip(1))
        .map(|(a, b)| {
            let goes = story.steps[a.0].acts.iter().any(|x| story.steps[b.0].acts.iter().any(|y| y.who == x.who));
            if goes && is_quiet(lines, b.1 - 0.35) { b.1 - 0.35 } else { b.1 }
        })
        .collect();
    for want in nominal(length, n) {
        if cuts.len() + 1 >= n {
            break;
        }
        let free = |t: f64| is_quiet(lines, t) && t >= floor && length - t >= floor && cuts.iter().all(|c| (c - t).abs() >= floor);
        let near = on_action
            .iter()
            .copied()
            .filter(|t| free(*t) && (t - want).abs() < length / n as f64 * 0.75)
            .min_by(|a, b| (a - want).abs().total_cmp(&(b - want).abs()));
        if let Some(t) = near.or_else(|| free(want).then_some(want)) {
            cuts.push(t);
        }
    }
    // Whatever is missing halves the longest shot.
    while cuts.len() + 1 < n {
        cuts.sort_by(f64::total_cmp);
        let mut edges = vec![0.0];
        edges.extend(cuts.iter().copied());
        edges.push(length);
        let (a, b) = edges.windows(2).map(|w| (w[0], w[1])).max_by(|x, y| (x.1 - x.0).total_cmp(&(y.1 - y.0))).unwrap_or((0.0, length));
        // Not in the middle of a line: before it, after it, or not at all.
        let rests = lines.iter().flat_map(|l| [l.from - BEFORE, l.to + 0.1]).chain([(a + b) / 2.0]);
        let rest = rests
            .filter(|t| is_quiet(lines, *t) && *t > a + SHORTEST && *t < b - SHORTEST)
            .min_by(|x, y| (x - (a + b) / 2.0).abs().total_cmp(&(y - (a + b) / 2.0).abs()));
        match rest {
            Some(t) => cuts.push(t),
            None if asked => cuts.push((a + b) / 2.0),
            None => break,
        }
    }
    cuts.sort_by(f64::total_cmp);
    cuts
}

fn drafts(story: &Story, timeline: &[(usize, f64, f64)], lines: &[Timed], cuts: &[f64], length: f64) -> Vec<Draft> {
    let mut edges = vec![0.0];
    edges.extend(cuts.iter().copied());
    edges.push(length);
    let (sized, ..) = wishes(story);
    edges
        .windows(2)
        .map(|w| {
            let (a, b) = (w[0], w[1]);
            let shown: Vec<(usize, f64, f64)> =
                timeline.iter().filter(|t| t.1 < b - 0.05 && t.2 > a + 0.05).map(|t| (t.0, (t.1 - a).max(0.0), (t.2 - a).min(b - a))).collect();
            let begins = |t: &(usize, f64, f64)| timeline.iter().any(|x| x.0 == t.0 && x.1 >= a - 0.4);
            let mut wish = FramingWish::default();
            for t in shown.iter().filter(|t| begins(t) || sized < 2) {
                wish.merge(&story.steps[t.0].framing);
            }
            // The scene of the step that fills the shot.
            let main = shown.iter().max_by(|x, y| (x.2 - x.1).total_cmp(&(y.2 - y.1))).map_or(0, |t| t.0);
            let span = shown
                .iter()
                .map(|t| story.steps[t.0].span)
                .fold(None::<Span>, |s, x| Some(s.map_or(x, |s| Span { start: s.start.min(x.start), end: s.end.max(x.end) })))
                .unwrap_or_default();
            let scene = story.steps[main].scene;
            let shown = shown.into_iter().filter(|t| story.steps[t.0].scene == scene).collect();
            // A line belongs to the shot that most of it is spoken in.
            let middle = |l: &Timed| (l.from + l.to) / 2.0;
            let lines = lines.iter().filter(|l| middle(l) >= a && middle(l) < b).map(|l| Timed { from: l.from - a, to: l.to - a, ..*l }).collect();
            Draft { scene, length: b - a, shown, wish, span, lines }
        })
        .collect()
}

fn frame_all(story: &Story, drafts: &[Draft], fps: FrameRate, before: Option<&Shot>) -> Vec<Shot> {
    let mut shots: Vec<Shot> = Vec::new();
    let (mut at, mut beats, mut lines, mut cues) = (0.0, 0, 0, 0);
    for (k, draft) in drafts.iter().enumerate() {
        let from = Ticks::from_seconds(at).nearest_frame(fps);
        at += draft.length;
        let frames = (Ticks::from_seconds(at).nearest_frame(fps) - from).max(1);
        let length = fps.start_of(frames);
        let id = format!("shot-{}", k + 1);
        let scene = story.scenes.get(draft.scene).map_or_else(|| "scene-1".into(), |s| s.id.clone());
        let framing = framing(story, draft, k, drafts.len(), shots.last().or(before).map(|s| (&s.framing, s.scene == scene)));
        let mut shot = Shot {
            id,
            scene,
            length,
            framing,
            transition: Transition::default(),
            beats: Vec::new(),
            lines: Vec::new(),
            cues: Vec::new(),
            span: (draft.span.end > 0).then_some(draft.span),
        };
        shot.beats = beats_of(story, drafts, k, length, &mut beats);
        shot.lines = draft.lines.iter().map(|l| line_of(story, l, (k > 0, k + 1 < drafts.len()), length, &mut lines)).collect();
        for (i, from, _) in &draft.shown {
            for h in story.steps[*i].heard.iter().filter(|_| !drafts[..k].iter().any(|d| d.shown.iter().any(|s| s.0 == *i))) {
                cues += 1;
                let kind = if h.kind == Kind::Music { CueKind::Music } else { CueKind::Sound };
                shot.cues.push(Cue {
                    id: format!("cue-{cues}"),
                    kind,
                    word: h.word.clone(),
                    from: clip(*from, length),
                    to: Ticks::ZERO,
                    level: 0.0,
                    source: h.source.clone(),
                    span: Some(h.span),
                });
            }
        }
        // A pull that several shots could show is shown in the last of them.
        let targets = |s: &Shot| s.framing.focus.iter().map(|f| f.on.clone()).collect::<Vec<Id>>();
        if let Some(last) = shots.last_mut().filter(|last| last.scene == shot.scene && targets(last) == targets(&shot)) {
            last.framing.focus.clear();
        }
        shots.push(shot);
    }
    shots
}

fn clip(seconds: f64, length: Ticks) -> Ticks {
    Ticks::from_seconds(seconds).min(Ticks(length.0 - 480)).max(Ticks::ZERO)
}

/// A line of a shot; one that begins before it or ends after it does so, if there are other shots there.
fn line_of(story: &Story, timed: &Timed, (before, after): (bool, bool), length: Ticks, count: &mut usize) -> Line {
    let early = Ticks::from_seconds(timed.from.max(-1.0));
    let over = Ticks::from_seconds(timed.to) - length;
    let said = &story.steps[timed.step].said[timed.line];
    *count += 1;
    Line {
        id: format!("line-{count}"),
        who: said.who.clone(),
        text: said.text.clone(),
        language: language_of(story, said).into(),
        from: if before && early < Ticks::ZERO { early } else { clip(timed.from, length) },
        // With room for a voice that is slower than was thought.
        lap: if after && over > Ticks::ZERO { (over + Ticks::from_seconds(0.4)).min(Ticks::from_seconds(1.2)) } else { Ticks::ZERO },
        manner: said.manner.text(),
        heard: said.heard,
        translations: BTreeMap::new(),
        span: Some(said.span),
    }
}

/// Beats of a shot; a posture such as sitting lasts while the same body does nothing else with its legs.
fn beats_of(story: &Story, drafts: &[Draft], k: usize, length: Ticks, count: &mut usize) -> Vec<Beat> {
    let draft = &drafts[k];
    let mut out: Vec<Beat> = Vec::new();
    let mut add = |a: &Act, from: f64, to: f64, out: &mut Vec<Beat>| {
        let end = Ticks::from_seconds(to);
        let to = if end.0 + 960 >= length.0 { Ticks::ZERO } else { end };
        let from = clip(from, length);
        if to != Ticks::ZERO && to <= from {
            return;
        }
        // What goes on to the end of the shot does not begin again.
        let goes_on = |b: &Beat| b.who == a.who && b.action == a.motion && b.target == a.target && b.prop == a.prop && b.to == Ticks::ZERO;
        if story.actions.of(&a.motion).posture && out.iter().any(goes_on) {
            return;
        }
        *count += 1;
        out.push(Beat {
            id: format!("beat-{count}"),
            who: a.who.clone(),
            action: a.motion.clone(),
            from,
            to,
            manner: a.manner.clone(),
            target: a.target.clone(),
            with: a.with.clone(),
            prop: a.prop.clone(),
            span: Some(a.span),
            ..Beat::default()
        });
    };
    let first = draft.shown.first().map_or(usize::MAX, |t| t.0);
    // Whoever acted before in this scene and has nothing to do now keeps the last thing that lasts.
    let mut seen: Vec<&Id> = Vec::new();
    for step in story.steps[..first.min(story.steps.len())].iter().rev().filter(|s| s.scene == draft.scene) {
        for a in step.acts.iter().rev() {
            if seen.contains(&&a.who) {
                continue;
            }
            seen.push(&a.who);
            let next = draft.shown.iter().find(|t| story.steps[t.0].acts.iter().any(|b| b.who == a.who && story.actions.of(&b.motion).legs));
            let end = next.map_or(length.seconds(), |t| t.1);
            if story.actions.of(&a.motion).lasts && end > 0.05 {
                add(a, 0.0, end, &mut out);
            }
        }
    }
    for (n, (i, from, to)) in draft.shown.iter().enumerate() {
        for a in &story.steps[*i].acts {
            let later =
                draft.shown.iter().skip(n + 1).find(|t| {
                    story.steps[t.0].acts.iter().any(|b| b.who == a.who && (story.actions.of(&b.motion).legs || !story.actions.of(&a.motion).posture))
                });
            let end = if story.actions.of(&a.motion).lasts { later.map_or(length.seconds(), |t| t.1) } else { *to };
            // Who has something to say talks while saying it.
            let own = || draft.lines.iter().filter(|l| l.step == *i && speaker(story, l) == Some(&a.who));
            let spoken = own().map(|l| l.from).reduce(f64::min).zip(own().map(|l| l.to).reduce(f64::max)).filter(|_| a.motion == "talk");
            match spoken {
                Some((from, to)) => add(a, from - 0.1, to + 0.2, &mut out),
                None if a.motion == "talk" && story.steps[*i].said.iter().any(|s| s.who.as_ref() == Some(&a.who)) => {}
                None => add(a, *from, end.max(*to), &mut out),
            }
        }
    }
    out
}

/// How far from the widest size.
const LADDER: [ShotSize; 11] = [
    ShotSize::ExtremeWide,
    ShotSize::VeryWide,
    ShotSize::Wide,
    ShotSize::Full,
    ShotSize::MediumFull,
    ShotSize::Cowboy,
    ShotSize::Medium,
    ShotSize::MediumClose,
    ShotSize::Close,
    ShotSize::BigClose,
    ShotSize::ExtremeClose,
];

fn rung(size: ShotSize) -> i32 {
    LADDER.iter().position(|s| *s == size).map_or(3, |p| p as i32)
}
fn at_rung(r: i32) -> ShotSize {
    LADDER[r.clamp(0, 10) as usize]
}

/// Whether an act shows whom it is done to as well.
fn shows_whom(story: &Story, act: &Act) -> bool {
    let facts = story.actions.of(&act.motion);
    let somebody = matches!(&act.target, Some(Target::Id(id)) if story.cast.iter().any(|r| r.id == *id));
    facts.legs || act.motion == "talk" || act.with.is_some() || (somebody && !facts.small)
}

fn subjects(story: &Story, draft: &Draft) -> Vec<Id> {
    let mut out: Vec<Id> = Vec::new();
    let mut put = |id: &Id| {
        if !out.contains(id) {
            out.push(id.clone());
        }
    };
    // The step that fills the shot leads; a look shot is about the looker.
    let main = draft.shown.iter().max_by(|x, y| (x.2 - x.1).total_cmp(&(y.2 - y.1)));
    if let Some((i, ..)) = main {
        let step = &story.steps[*i];
        step.about.iter().for_each(&mut put);
        for a in step.acts.iter().filter(|a| shows_whom(story, a)) {
            put(&a.who);
            a.with.iter().for_each(&mut put);
            // A thing that somebody runs to is far away: together they would be specks. So would who leans on a tree, beside all of it.
            let facts = story.actions.of(&a.motion);
            let far = |id: &Id| (facts.travels || facts.leans) && !story.cast.iter().any(|r| r.id == *id);
            if let Some(Target::Id(t)) = a.target.as_ref().filter(|t| !matches!(t, Target::Id(id) if far(id))) {
                put(t);
            }
        }
    }
    for (i, ..) in &draft.shown {
        story.steps[*i].acts.iter().for_each(|a| put(&a.who));
    }
    let scene = story.scenes.get(draft.scene);
    if out.is_empty() {
        out.extend(
            story
                .cast
                .iter()
                .find(|r| !story.unseen.contains(&r.id))
                .map(|r| r.id.clone())
                .or_else(|| scene.and_then(|s| s.things.first()).map(|t| t.id.clone())),
        );
    }
    // Who only stands somewhere is seen with whom or with which vehicle it stands by.
    let travels = draft.shown.iter().flat_map(|(i, ..)| &story.steps[*i].acts).any(|a| story.actions.of(&a.motion).travels);
    if let Some(scene) = scene.filter(|_| !travels) {
        let near: Vec<Id> = scene.relations.iter().filter(|r| out.contains(&r.what)).flat_map(|r| r.to.clone()).collect();
        for id in near.into_iter().filter(|id| story.cast.iter().any(|r| r.id == *id)) {
            if !out.contains(&id) {
                out.push(id);
            }
        }
    }
    out.retain(|id| story.cast.iter().any(|r| r.id == *id) || scene.is_some_and(|s| s.things.iter().any(|t| t.id == *id)));
    out.truncate(4);
    out
}

fn framing(story: &Story, draft: &Draft, k: usize, n: usize, before: Option<(&Framing, bool)>) -> Framing {
    let subject = subjects(story, draft);
    let acts: Vec<&Act> = draft.shown.iter().flat_map(|t| &story.steps[t.0].acts).collect();
    let does = |is: fn(&ActionFacts) -> bool| acts.iter().any(|a| is(story.actions.of(&a.motion)));
    let speaking = speakers(story, &draft.lines);
    let speaks = !speaking.is_empty() || draft.lines.iter().any(|l| story.steps[l.step].said[l.line].who.is_some());
    let ends_on_look = acts.last().is_some_and(|a| story.actions.of(&a.motion).small || a.motion == "stop");
    let many = subject.len() > 1 || story.cast.iter().any(|r| subject.contains(&r.id) && r.count > 1);
    let thing = !subject.iter().any(|id| story.cast.iter().any(|r| r.id == *id));
    let vehicle = story.cast.iter().any(|r| subject.first() == Some(&r.id) && r.kind == kinora_plan::RoleKind::Vehicle);
    let pattern: &[ShotSize] = match n {
        1 => &[ShotSize::Full],
        2 => &[ShotSize::Wide, ShotSize::Medium],
        3 => &[ShotSize::VeryWide, ShotSize::MediumFull, ShotSize::MediumClose],
        4 => &[ShotSize::VeryWide, ShotSize::Full, ShotSize::Close, ShotSize::Wide],
        5 => &[ShotSize::VeryWide, ShotSize::Full, ShotSize::Medium, ShotSize::Close, ShotSize::Wide],
        _ => &[ShotSize::VeryWide, ShotSize::Full, ShotSize::MediumClose, ShotSize::Close, ShotSize::MediumFull, ShotSize::Wide],
    };
    let new_scene = before.is_none_or(|b| !b.1);
    let mut size = pattern[k.min(pattern.len() - 1)];
    let mover = does(|a| a.legs && !a.posture && a.seconds.0 >= 1.0);
    if n == 1 {
        size = match () {
            () if subject.is_empty() => ShotSize::VeryWide,
            () if speaks && !many => ShotSize::MediumClose,
            () if mover || vehicle => ShotSize::Full,
            () if many => ShotSize::Full,
            () if does(|a| a.small) => ShotSize::Cowboy,
            () => ShotSize::Full,
        };
    } else if subject.is_empty() {
        size = ShotSize::VeryWide;
    } else if new_scene && k > 0 {
        size = ShotSize::Wide;
    } else if k + 1 == n && k > 0 && ends_on_look && !many {
        size = if speaks || n == 2 { ShotSize::MediumClose } else { ShotSize::Close };
    } else if mover && !acts.iter().all(|a| a.motion == "walk" || !story.actions.of(&a.motion).legs) {
        size = at_rung(rung(size).min(rung(ShotSize::MediumFull)));
    } else if speaks && k > 0 {
        size = ShotSize::MediumClose;
    }
    if many {
        size = at_rung(rung(size).min(rung(ShotSize::MediumFull)));
    }
    if (thing || vehicle) && n > 1 && k > 0 {
        size = at_rung(rung(size).min(rung(ShotSize::Medium)));
    }
    let wish = &draft.wish;
    let conversation = conversation(story, draft, &speaking, &subject, k);
    if let Some((wanted, ..)) = &conversation {
        size = *wanted;
    } else if !speaking.is_empty() && !mover && !vehicle {
        // Whose lips move is near enough to see them.
        size = at_rung(rung(size).max(rung(if many { ShotSize::MediumFull } else { ShotSize::Medium })));
    }
    if wish.size.is_none()
        && conversation.is_none()
        && let Some((b, true)) = before
        && (rung(b.size) - rung(size)).abs() < 2
    {
        // A straight cut wants two classes between neighbours.
        let wider = rung(b.size) - 2;
        size = if rung(size) > rung(b.size) || wider < 1 { at_rung(rung(b.size) + 2) } else { at_rung(wider) };
    }
    // Who does something by hand to somebody and whom it is done to are seen from the side, both of them.
    let handed = acts.iter().any(|a| {
        let facts = story.actions.of(&a.motion);
        let other = a.target.as_ref().is_some_and(|t| matches!(t, Target::Id(id) if subject.contains(id)));
        (facts.held || facts.mutual) && other && subject.len() > 1 && a.motion != "talk"
    });
    let side = match before {
        _ if handed => Side::Profile,
        None if mover => Side::ThreeQuarter,
        None => Side::Auto,
        // Hands are seen from where nothing that they play is before them.
        Some(_) if wish.part.is_some() => Side::Auto,
        Some(_) if acts.last().is_some_and(|a| a.target == Some(Target::Camera)) => Side::Front,
        Some((b, _)) if matches!(b.side, Side::ThreeQuarter | Side::Auto) && mover => Side::Profile,
        Some((b, _)) if b.side == Side::Profile => Side::ThreeQuarter,
        Some(_) if speaks && many => Side::OverShoulder,
        Some(_) => Side::Front,
    };
    let side = if side == Side::OverShoulder && subject.len() < 2 { Side::ThreeQuarter } else { side };
    let (side, subject, over) = conversation.map_or((side, subject, None), |(_, side, subject, over)| (side, subject, over));
    let mut movement = quiet_move(k, n, mover || vehicle && !acts.is_empty(), subject.is_empty(), speaks);
    if before.is_some_and(|b| b.0.movement.kind == movement.kind && movement.kind != MoveKind::Static) {
        movement = CameraMove::default();
    }
    Framing {
        size: wish.size.unwrap_or(size),
        angle: wish.angle.unwrap_or(Angle::Eye),
        side: wish.side.unwrap_or(side),
        lens: wish.lens,
        aperture: wish.aperture,
        shutter: None,
        focus: racked(wish, draft.length, &subject),
        speed: wish.speed,
        movement: wish.movement.unwrap_or(movement),
        subject,
        part: wish.part,
        over: over.filter(|_| wish.side.is_none()),
        span: wish.span,
    }
}

/// The focus goes from one to the other in the middle of the shot; the shot's first subject is who it leaves if that is not said.
fn racked(wish: &FramingWish, length: f64, subject: &[Id]) -> Vec<Focus> {
    let (from, to) = match wish.rack.as_slice() {
        [] => return Vec::new(),
        [to] => (subject.iter().find(|id| *id != to), to),
        [from, to, ..] => (Some(from), to),
    };
    let over = (length * 0.3).clamp(0.2, 1.0);
    let pull = Focus { on: to.clone(), from: Ticks::from_seconds(length * 0.5 - over * 0.5), over: Ticks::from_seconds(over) };
    from.map(|id| Focus { on: id.clone(), from: Ticks::ZERO, over: Ticks::ZERO }).into_iter().chain([pull]).collect()
}

/// How a shot of a conversation is seen: two at first and where both speak, else the one who speaks, over the shoulder of
/// the other or alone by turns. None if nobody speaks to anybody.
fn conversation(story: &Story, draft: &Draft, speaking: &[Id], subject: &[Id], k: usize) -> Option<(ShotSize, Side, Vec<Id>, Option<Id>)> {
    let person = |id: &Id| story.cast.iter().any(|r| r.id == *id && r.kind == kinora_plan::RoleKind::Person && r.count == 1);
    let talks = |a: &&Act| a.motion == "talk" && speaking.contains(&a.who);
    let acts = || draft.shown.iter().flat_map(|t| &story.steps[t.0].acts);
    if acts().any(|a| a.motion != "talk" && story.actions.of(&a.motion).travels) || !speaking.iter().all(person) {
        return None;
    }
    match speaking {
        [] => None,
        [one] => {
            let other = acts().filter(talks).find_map(|a| a.with.clone()).filter(|id| person(id) && !story.unseen.contains(id) && id != one)?;
            // A third one who takes part stays in the picture.
            let more = subject.iter().any(|id| person(id) && id != one && *id != other) && k == 0;
            let first = draft.lines.first().is_some_and(|l| l.step == 0) || k == 0;
            Some(if more {
                (ShotSize::MediumFull, Side::Auto, subject.to_vec(), None)
            } else if first {
                (ShotSize::MediumFull, Side::Auto, vec![one.clone(), other], None)
            } else if k % 4 < 3 {
                (ShotSize::Medium, Side::OverShoulder, vec![one.clone()], Some(other))
            } else {
                (ShotSize::MediumClose, Side::ThreeQuarter, vec![one.clone()], None)
            })
        }
        several => Some((ShotSize::MediumFull, Side::Auto, several.to_vec(), None)),
    }
}

/// Moves that nobody asked for stay quiet.
fn quiet_move(k: usize, n: usize, travels: bool, empty: bool, speaks: bool) -> CameraMove {
    let (kind, pace) = match (k, n) {
        _ if empty => (MoveKind::PushIn, 0.5),
        (_, 1) if travels => (MoveKind::Follow, 1.0),
        (_, 1) => (MoveKind::PushIn, 0.5),
        (0, _) if travels => (MoveKind::Static, 1.0),
        (0, _) => (MoveKind::PushIn, 0.4),
        _ if k + 1 == n && !travels && !speaks => (MoveKind::PushIn, 0.5),
        _ if travels && k + 1 < n => (MoveKind::Follow, 1.0),
        _ => (MoveKind::Static, 1.0),
    };
    CameraMove { kind, pace }
}
