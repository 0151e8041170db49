//! A wish becomes a plan: the director reads the words, and what is not words is put into the plan exactly: shots and their
//! lengths, what must not be there, the camera, voices, languages of lips.

use super::Failure;
use crate::wish::{How, ShotWish, Wish};
use kinora::{DirectorError, Error, Kind, Kinora, Language, Options, Prompt};
use kinora_base::{FrameRate, Ticks};
use kinora_plan::{Cue, CueKind, Heard, Line, Plan, Shot, Size, Voice};
use serde_json::{Value, json};

/// Marks of voices in a prompt, as the maker writes them.
const MARK: &str = "<<<voice_";

/// The plan of a wish.
pub(super) fn plan(kinora: &Kinora, wish: &Wish, parent: Option<&Plan>) -> Result<(Plan, Vec<Value>), Failure> {
    let mut notes = Vec::new();
    let mut plan = match (&wish.plan, wish.how, parent) {
        (Some(plan), ..) => given(kinora, plan, wish)?,
        (None, Some(How::Extend), Some(parent)) => extended(kinora, wish, parent)?,
        (None, Some(How::Remix), Some(parent)) => remixed(kinora, wish, parent, &mut notes)?,
        (None, Some(_), None) => return Err(Failure::Input("the video that it goes on from is gone".into())),
        (None, None, _) if !wish.shots.is_empty() => shot_by_shot(kinora, wish, &mut notes)?,
        (None, None, _) => directed(kinora, wish, &mut notes)?,
    };
    let kept = if wish.how == Some(How::Extend) { parent.map_or(0, |p| p.shots.len()) } else { 0 };
    if !wish.negative.is_empty() {
        without(kinora, &mut plan, &wish.negative, kept, &mut notes);
    }
    camera(&mut plan, wish);
    lips(&mut plan, wish, &mut notes);
    let all = plan.warnings.iter().map(|w| serde_json::to_value(w).unwrap_or_default()).chain(notes).collect();
    Ok((plan, all))
}

fn note(field: &str, message: impl Into<String>) -> Value {
    json!({ "kind": "adjusted", "field": field, "message": message.into() })
}

/// A failure that whoever wished can do something about, or not.
pub(super) fn failure(error: Error) -> Failure {
    match error {
        Error::Film(kinora::film::FilmError::Cancelled { .. }) => Failure::Stopped,
        Error::Read { .. } | Error::Write { .. } | Error::Movie(_) | Error::Film(_) | Error::Sound(kinora::SoundError::Spool { .. }) => {
            Failure::Disk(error.to_string())
        }
        Error::Asset(_) | Error::AssetFolder { .. } => Failure::Internal(error.to_string()),
        other => Failure::Input(other.to_string()),
    }
}

fn given(kinora: &Kinora, plan: &Value, wish: &Wish) -> Result<Plan, Failure> {
    let mut plan: Plan = serde_json::from_value(plan.clone()).map_err(|e| Failure::Input(format!("plan: {e}")))?;
    plan.seed = wish.seed.unwrap_or(plan.seed);
    kinora.check(&plan).map_err(failure)?;
    Ok(plan)
}

fn options(wish: &Wish, milliseconds: i64, shots: Option<u32>) -> Options {
    Options {
        size: Some(Size { width: wish.width, height: wish.height }),
        fps: Some(FrameRate(wish.fps)),
        duration: Some(ticks(milliseconds)),
        shots,
        seed: wish.seed,
        look: None,
        silent: wish.silent,
    }
}

fn ticks(milliseconds: i64) -> Ticks {
    Ticks(milliseconds * Ticks::PER_SECOND / 1000)
}

fn direct(kinora: &Kinora, text: &str, options: Options) -> Result<Plan, Error> {
    kinora.direct(&Prompt { text: text.to_owned(), options }).map(|d| d.output)
}

fn directed(kinora: &Kinora, wish: &Wish, notes: &mut Vec<Value>) -> Result<Plan, Failure> {
    let (text, marks) = unmarked(&wish.prompt);
    let mut plan = direct(kinora, &text, options(wish, wish.milliseconds, wish.count)).map_err(failure)?;
    let shots = u32::try_from(plan.shots.len()).unwrap_or(u32::MAX);
    if shots > wish.most.max(1) {
        plan = direct(kinora, &text, options(wish, wish.milliseconds, Some(wish.most.max(1)))).map_err(failure)?;
        notes.push(note("prompt", format!("asks for {shots} shots; {} are made", plan.shots.len())));
    } else if let Some(count) = wish.count.filter(|c| *c != shots) {
        notes.push(note("prompt", format!("lists {shots} shots, and {count} were asked for; the list is kept")));
    }
    last_exactly(&mut plan, 0, ticks(wish.milliseconds), notes);
    voices(&mut plan, wish, &marks, notes);
    Ok(plan)
}

/// New shots after a film's own.
fn extended(kinora: &Kinora, wish: &Wish, parent: &Plan) -> Result<Plan, Failure> {
    let before = parent.shots.len();
    let more = ticks(wish.milliseconds) - parent.duration();
    let (text, _) = unmarked(&wish.prompt);
    let prompt = Prompt { text, options: Options { duration: Some(more), shots: wish.count, silent: parent.silent, ..Options::default() } };
    let mut plan = kinora.go_on(parent, &prompt).map_err(failure)?.output;
    last_exactly(&mut plan, before, more, &mut Vec::new());
    Ok(plan)
}

/// Other words for the same kind of film. Words that name nobody are about whom the film was about.
fn remixed(kinora: &Kinora, wish: &Wish, parent: &Plan, notes: &mut Vec<Value>) -> Result<Plan, Failure> {
    let alone = directed(kinora, wish, notes);
    let nobody = direct(kinora, &unmarked(&wish.prompt).0, options(wish, wish.milliseconds, wish.count));
    match nobody {
        Err(Error::Director(DirectorError::NoSubject { .. })) => {
            notes.push(note("prompt", "names nothing to show by itself; it was read after the words of the video that it remixes"));
            let prompt = format!("{}. {}", parent.prompt.trim_end_matches(['.', '。', ' ']), wish.prompt);
            directed(kinora, &Wish { prompt, ..wish.clone() }, notes)
        }
        _ => alone,
    }
}

/// Shots that were ordered one by one: as many, and as long to the tick.
fn shot_by_shot(kinora: &Kinora, wish: &Wish, notes: &mut Vec<Value>) -> Result<Plan, Failure> {
    let mut marks = Vec::new();
    let parts: Vec<ShotWish> = wish
        .shots
        .iter()
        .map(|s| {
            let (text, m) = unmarked(&s.prompt.replace(['\n', '\r'], " "));
            marks.extend(m.into_iter().map(|(voice, _)| voice));
            ShotWish { prompt: text, milliseconds: s.milliseconds }
        })
        .collect();
    let listed = together(kinora, wish, &parts);
    let mut plan = match listed {
        Some(plan) => plan,
        None => one_after_another(kinora, wish, &parts, notes)?,
    };
    for (shot, part) in plan.shots.iter_mut().zip(&parts) {
        stretch(shot, ticks(part.milliseconds));
    }
    let marks: Vec<(usize, usize)> = marks.into_iter().map(|voice| (voice, usize::MAX)).collect();
    voices(&mut plan, wish, &marks, notes);
    Ok(plan)
}

/// All in one reading, as a list: the same fox is the same fox. None if the director cuts otherwise.
fn together(kinora: &Kinora, wish: &Wish, parts: &[ShotWish]) -> Option<Plan> {
    let line = |(k, p): (usize, &ShotWish)| format!("Shot {} ({} s): {}", k + 1, p.milliseconds as f64 / 1000.0, p.prompt);
    let text = parts.iter().enumerate().map(line).collect::<Vec<_>>().join("\n");
    let count = u32::try_from(parts.len()).ok()?;
    let plan = direct(kinora, &text, options(wish, wish.milliseconds, Some(count))).ok()?;
    (plan.shots.len() == parts.len()).then_some(plan)
}

/// Each going on from those before. Words that name nobody are about whom the shot before was about.
fn one_after_another(kinora: &Kinora, wish: &Wish, parts: &[ShotWish], notes: &mut Vec<Value>) -> Result<Plan, Failure> {
    let mut film: Option<Plan> = None;
    for (k, part) in parts.iter().enumerate() {
        let of_part = |e: Error| match failure(e) {
            Failure::Input(why) => Failure::Input(format!("shot {}: {why}", k + 1)),
            other => other,
        };
        let wanted = options(wish, part.milliseconds, Some(1));
        let mut next = match &film {
            None => direct(kinora, &part.prompt, wanted).map_err(of_part)?,
            Some(film) => kinora.go_on(film, &Prompt { text: part.prompt.clone(), options: wanted }).map_err(of_part)?.output,
        };
        if next.shots.len() > k + 1 {
            notes.push(note("multi_prompt", format!("shot {}: its words ask for {} shots; the first is shown", k + 1, next.shots.len() - k)));
            next.shots.truncate(k + 1);
        }
        next.silent = wish.silent;
        film = Some(next);
    }
    film.ok_or_else(|| Failure::Input("there are no shots".into()))
}

/// Gives the shots from `first` on this length together, each its share.
fn last_exactly(plan: &mut Plan, first: usize, wanted: Ticks, notes: &mut Vec<Value>) {
    let shots = &mut plan.shots[first..];
    let now: i64 = shots.iter().map(|s| s.length.0).sum();
    if now == wanted.0 || now == 0 {
        return;
    }
    if (now - wanted.0).abs() > Ticks::PER_SECOND / 10 {
        notes
            .push(note("duration", format!("the words ask for {:.1} s; the film lasts the {:.1} s that were ordered", Ticks(now).seconds(), wanted.seconds())));
    }
    let (mut before, mut given) = (0_i64, 0_i64);
    for shot in shots {
        before += shot.length.0;
        let until = (i128::from(before) * i128::from(wanted.0) / i128::from(now)) as i64;
        stretch(shot, Ticks(until - given));
        given = until;
    }
}

/// Gives a shot another length, and all times in it their share.
fn stretch(shot: &mut Shot, length: Ticks) {
    let old = shot.length.0.max(1);
    if old == length.0 {
        return;
    }
    let share = |t: Ticks| Ticks((i128::from(t.0) * i128::from(length.0) / i128::from(old)) as i64);
    for beat in &mut shot.beats {
        (beat.from, beat.to) = (share(beat.from), share(beat.to));
    }
    for line in &mut shot.lines {
        line.from = if line.from.0 < 0 { line.from } else { share(line.from) };
    }
    for cue in &mut shot.cues {
        (cue.from, cue.to) = (share(cue.from), share(cue.to));
    }
    shot.transition.length = Ticks(shot.transition.length.0.min(length.0));
    shot.length = length;
}

/// The text without marks of voices; of every mark its number and the byte where it stood.
fn unmarked(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut out, mut marks, mut rest) = (String::new(), Vec::new(), text);
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        let tail = &rest[at + MARK.len()..];
        let digits: String = tail.chars().take_while(char::is_ascii_digit).collect();
        match (digits.parse::<usize>(), tail[digits.len()..].strip_prefix(">>>")) {
            (Ok(number), Some(after)) => {
                marks.push((number, out.len()));
                rest = after;
            }
            _ => {
                out.push_str(MARK);
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    (out, marks)
}

/// Gives the voices that were asked for: a mark's to whoever speaks next to it, else to whoever speaks first, second.
fn voices(plan: &mut Plan, wish: &Wish, marks: &[(usize, usize)], notes: &mut Vec<Value>) {
    let mut speakers: Vec<String> = Vec::new();
    for who in plan.shots.iter().flat_map(|s| &s.lines).filter_map(|l| l.who.clone()) {
        if !speakers.contains(&who) {
            speakers.push(who);
        }
    }
    for (number, _) in marks.iter().filter(|m| m.0 == 0 || m.0 > wish.voices.len()) {
        notes.push(note("prompt", format!("<<<voice_{number}>>> stands for no entry of voice_list")));
    }
    for (k, voice) in wish.voices.iter().enumerate() {
        let mark = marks.iter().find(|m| m.0 == k + 1).map(|m| m.1).filter(|at| *at != usize::MAX);
        let near = mark.and_then(|at| nearest_speaker(plan, at));
        let Some(who) = near.or_else(|| speakers.get(k).cloned()) else {
            notes.push(note("voice_list", format!("nobody speaks with {voice}: write who says what, such as: the girl says \"Hello\"")));
            continue;
        };
        if let Some(role) = plan.cast.iter_mut().find(|r| r.id == who) {
            role.voice = Some(Voice { name: Some(voice.clone()), ..role.voice.clone().unwrap_or_default() });
        }
    }
}

/// Who is named just before this byte of the prompt and speaks, or else who says the line that is nearest to it.
fn nearest_speaker(plan: &Plan, at: usize) -> Option<String> {
    let speaks = |id: &String| plan.shots.iter().flat_map(|s| &s.lines).any(|l| l.who.as_ref() == Some(id));
    let named = |r: &&kinora_plan::Role| r.span.is_some_and(|s| (s.end as usize).abs_diff(at) <= 2) && speaks(&r.id);
    if let Some(role) = plan.cast.iter().find(named) {
        return Some(role.id.clone());
    }
    let away = |line: &Line| line.span.map(|s| (s.start as usize).abs_diff(at).min((s.end as usize).abs_diff(at)));
    let lines = plan.shots.iter().flat_map(|s| &s.lines);
    lines.filter_map(|l| Some((away(l)?, l.who.clone()?))).min_by_key(|l| l.0).map(|l| l.1)
}

fn camera(plan: &mut Plan, wish: &Wish) {
    let Some(camera) = wish.camera else { return };
    for shot in &mut plan.shots {
        shot.framing.movement = kinora_plan::CameraMove { kind: camera.kind, pace: camera.pace.clamp(0.1, 4.0) };
        shot.framing.angle = camera.angle.unwrap_or(shot.framing.angle);
    }
}

/// Lines in a language that the model's lips do not move in are voice-overs.
fn lips(plan: &mut Plan, wish: &Wish, notes: &mut Vec<Value>) {
    if wish.lips.is_empty() || wish.silent || wish.plan.is_some() {
        return;
    }
    for line in plan.shots.iter_mut().flat_map(|s| &mut s.lines).filter(|l| l.heard == Heard::Here && !wish.lips.contains(&l.language)) {
        notes.push(note("model_name", format!("the model's lips move in {}; a line in {} is a voice-over", wish.lips.join(", "), line.language)));
        line.heard = Heard::Over;
    }
}

/// Takes out of a plan what must not be there. The first `kept` shots are another film's and stay.
fn without(kinora: &Kinora, plan: &mut Plan, negative: &str, kept: usize, notes: &mut Vec<Value>) {
    let mut idle = Vec::new();
    for term in negative.split([',', '，', '、', ';', '；', '.', '\n']).map(str::trim).filter(|t| !t.is_empty()) {
        let before = plan.clone();
        for (kind, id) in named(kinora, term) {
            take_out(plan, kind, &id, kept);
        }
        if plan.shots == before.shots && plan.scenes == before.scenes && plan.cast == before.cast && plan.cues == before.cues {
            idle.push(term.chars().take(60).collect::<String>());
        } else if let Err(error) = kinora.check(plan) {
            *plan = before;
            notes.push(note("negative_prompt", format!("\"{term}\" cannot be taken out: without it nothing is left ({error})")));
        }
    }
    if !idle.is_empty() {
        notes.push(note("negative_prompt", format!("the film has none of it: {}", idle.join(", "))));
    }
}

/// Entries that a few words name, in any language: whole, or word by word.
fn named(kinora: &Kinora, term: &str) -> Vec<(Kind, String)> {
    let vocabulary = kinora.vocabulary();
    let mut found = Vec::new();
    let lower = term.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().filter(|w| !matches!(*w, "no" | "without" | "any" | "a" | "an" | "the")).collect();
    let mut forms = vec![words.join(" ")];
    forms.extend(words.iter().map(|w| (*w).to_owned()));
    let plain: Vec<String> = forms.iter().filter_map(|f| f.strip_suffix("es").or_else(|| f.strip_suffix('s')).map(str::to_owned)).collect();
    let one: Vec<String> = forms.iter().filter_map(|f| f.strip_suffix('s').map(str::to_owned)).collect();
    forms.extend(plain);
    forms.extend(one);
    for language in [Language::En, Language::Zh, Language::Ja, Language::Ko, Language::Es] {
        for form in &forms {
            found.extend(vocabulary.named(language, form).iter().map(|a| (a.kind, a.id.clone())));
        }
    }
    let music = ["music", "soundtrack", "音乐", "音楽", "음악", "música", "musica"];
    if forms.iter().any(|f| music.contains(&f.as_str())) {
        found.push((Kind::Music, String::new()));
    }
    found
}

/// Takes one entry out of a plan, with all that is about it.
fn take_out(plan: &mut Plan, kind: Kind, id: &str, kept: usize) {
    let old: Vec<String> = plan.shots[..kept].iter().map(|s| s.scene.clone()).collect();
    match kind {
        Kind::Person | Kind::Creature | Kind::Vehicle | Kind::Prop => {
            let roles: Vec<String> = plan.cast.iter().filter(|r| r.word == id).map(|r| r.id.clone()).collect();
            let things = plan.scenes.iter().flat_map(|s| &s.things).filter(|t| t.word == id).map(|t| t.id.clone());
            let gone: Vec<String> = roles.into_iter().chain(things).collect();
            forget(plan, &gone, kept, &old);
        }
        Kind::Motion => plan.shots[kept..].iter_mut().for_each(|s| s.beats.retain(|b| b.action != id)),
        Kind::Sound => {
            plan.cues.retain(|c| !(c.kind == CueKind::Sound && c.word == id));
            plan.shots[kept..].iter_mut().for_each(|s| s.cues.retain(|c| !(c.kind == CueKind::Sound && c.word == id)));
        }
        Kind::Music => no_music(plan, id),
        Kind::Weather => {
            for scene in plan.scenes.iter_mut().filter(|s| !old.contains(&s.id)) {
                if scene.weather == id {
                    scene.weather = "clear".into();
                }
                scene.snow_cover &= id != "snow";
            }
        }
        Kind::Time => plan
            .scenes
            .iter_mut()
            .filter(|s| s.time == id && !old.contains(&s.id))
            .for_each(|s| s.time = if id == "afternoon" { "morning" } else { "afternoon" }.into()),
        Kind::Colour => {
            let uncoloured = |c: &mut Option<String>| *c = c.take().filter(|c| c != id);
            plan.cast.iter_mut().for_each(|r| uncoloured(&mut r.traits.colour));
            plan.scenes.iter_mut().flat_map(|s| &mut s.things).for_each(|t| uncoloured(&mut t.traits.colour));
        }
        Kind::Garment => plan.cast.iter_mut().for_each(|r| r.traits.clothes.retain(|g| g.word != id)),
        _ => {}
    }
}

fn no_music(plan: &mut Plan, id: &str) {
    let any = id.is_empty();
    plan.cues.retain(|c| !(c.kind == CueKind::Music && (any || c.word == id)));
    plan.scenes.iter_mut().for_each(|s| s.mood = s.mood.take().filter(|m| !any && m != id));
    if any && !plan.silent && !plan.cues.iter().any(|c| c.kind == CueKind::NoMusic) {
        let (from, to) = (Ticks::ZERO, Ticks::ZERO);
        plan.cues.push(Cue { id: "no-music".into(), kind: CueKind::NoMusic, word: String::new(), from, to, level: 0.0, source: None, span: None });
    }
}

/// Removes roles and things by id, and every mention of them.
fn forget(plan: &mut Plan, gone: &[String], kept: usize, old: &[String]) {
    let is = |id: &String| gone.contains(id);
    let used: Vec<String> = plan.shots[..kept].iter().flat_map(|s| &s.beats).map(|b| b.who.clone()).collect();
    plan.cast.retain(|r| !is(&r.id) || used.contains(&r.id));
    for scene in plan.scenes.iter_mut().filter(|s| !old.contains(&s.id)) {
        scene.things.retain(|t| !is(&t.id));
        scene.things.iter_mut().for_each(|t| t.held_by = t.held_by.take().filter(|h| !is(h)));
        scene.relations.retain(|r| !is(&r.what) && !r.to.iter().any(is));
    }
    for shot in &mut plan.shots[kept..] {
        shot.beats.retain(|b| !is(&b.who));
        for beat in &mut shot.beats {
            beat.with = beat.with.take().filter(|w| !is(w));
            beat.prop = beat.prop.take().filter(|p| !is(p));
            beat.target = beat.target.take().filter(|t| !matches!(t, kinora_plan::Target::Id(id) if is(id)));
        }
        shot.lines.retain(|l| !l.who.as_ref().is_some_and(is));
        shot.cues.retain(|c| !c.source.as_ref().is_some_and(is));
        shot.framing.subject.retain(|s| !is(s));
        shot.framing.over = shot.framing.over.take().filter(|o| !is(o));
    }
}
