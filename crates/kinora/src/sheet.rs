//! Still pictures: frames of a plan or a film for contact sheets, and single entries of the vocabulary.

use crate::{Error, Kinora, Options};
use kinora_base::picture::Rgb8;
use kinora_base::{Studio, Ticks};
use kinora_film::read::Movie;
use kinora_plan::{CameraMove, Framing, Plan, Role, RoleKind, Scene, Shot, ShotSize, Side, Size, Thing, Traits};
use kinora_render::SimdLevel;
use kinora_stage::{Engine, Staging};
use kinora_vocabulary::Kind;
use std::path::Path;

/// Evenly spread frames of a film file, 480 pixels wide.
///
/// # Errors
/// If the file cannot be read.
pub fn frames_of_film(path: &Path, count: usize) -> Result<Vec<(Ticks, Rgb8)>, Error> {
    let movie = Movie::open(path)?;
    let (total, fps) = (movie.frames(), movie.fps());
    let wanted: Vec<usize> = (0..count).map(|k| (2 * k + 1) * total / (2 * count)).collect();
    let mut sheet = Vec::new();
    movie.each_frame(0, |n, picture| {
        for _ in wanted.iter().filter(|w| **w == n) {
            let rgb = picture.to_rgb();
            sheet.push((Ticks::from_seconds(n as f64 / fps), rgb.resized(480, (480 * rgb.height / rgb.width.max(1)).max(1))));
        }
        if wanted.last().is_some_and(|w| n >= *w) { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    })?;
    Ok(sheet)
}

/// Evenly spread frames of the plan at `path`, drawn small; one near the moment of what happens once (a throw, a bow) is taken at it.
///
/// # Errors
/// If the plan cannot be staged.
pub fn frames_of_plan(kinora: &Kinora, plan: &Plan, path: &Path, count: usize, studio: &dyn Studio) -> Result<Vec<(Ticks, Rgb8)>, Error> {
    let mut plan = plan.clone();
    plan.size = scaled_to(plan.size, 480);
    let staging = kinora.rehearse(&plan, &crate::lock_beside(path), studio)?.0.output;
    let photographer = kinora.photographer(&staging, SimdLevel::Detect, false)?;
    let overlay = kinora.overlay(&plan, &[]);
    let wanted = stills(&staging, count);
    let draw = |frames: &[i64]| {
        let mut shot = photographer.shooter();
        let mut one = |n: i64| {
            let mut picture = shot.shoot(n).picture;
            overlay.draw(&mut picture, n);
            (plan.fps.start_of(n), picture.to_rgb())
        };
        frames.iter().map(|n| one(*n)).collect::<Vec<_>>()
    };
    // Frames that follow one another are of the same shots, and are drawn by the same thread.
    let each = wanted.len().div_ceil(studio.threads().max(1)).max(1);
    let pictures = std::thread::scope(|scope| {
        let workers: Vec<_> = wanted.chunks(each).map(|frames| scope.spawn(|| draw(frames))).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    photographer.failure().map_or(Ok(pictures), |e| Err(e.into()))
}

/// Evenly spread frames. The moment of what happens once, if it lies in the same shot and nearer to a frame than to its
/// neighbours, takes its place.
fn stills(staging: &Staging, count: usize) -> Vec<i64> {
    let (count, total) = (count.max(1) as i64, staging.frames());
    let moments: Vec<i64> = staging.moments().iter().filter(|m| m.once).map(|m| m.frame).collect();
    let still = |k: i64| {
        let even = (2 * k + 1) * total / (2 * count);
        // Those whose share of the film this one stands for.
        let own = (2 * k * total).div_euclid(2 * count)..(2 * (k + 1) * total).div_euclid(2 * count);
        let near = moments.iter().filter(|m| own.contains(m) && staging.shot_at(**m) == staging.shot_at(even));
        near.min_by_key(|m| (**m - even).abs()).copied().unwrap_or(even)
    };
    (0..count).map(still).collect()
}

/// One frame of a plan in its full size, at a share of its length from 0 to 1.
///
/// # Errors
/// If the plan cannot be staged.
pub fn still(kinora: &Kinora, plan: &Plan, at: f32) -> Result<Rgb8, Error> {
    let staging = kinora.stage(plan)?.output;
    let photographer = kinora.photographer(&staging, SimdLevel::Detect, false)?;
    let frame = ((staging.frames() - 1).max(0) as f32 * at.clamp(0.0, 1.0)) as i64;
    let mut picture = photographer.shooter().shoot(frame).picture;
    kinora.overlay(plan, &[]).draw(&mut picture, frame);
    photographer.failure().map_or(Ok(picture.to_rgb()), |e| Err(e.into()))
}

fn scaled_to(size: Size, width: u32) -> Size {
    let even = |v: u32| (v / 2 * 2).max(64);
    Size { width, height: even(size.height * width / size.width.max(1)) }
}

/// So many pictures of a motion stand side by side.
const PICTURES: usize = 6;

/// Labelled pictures, to be laid out in rows of so many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Views {
    /// What stands under each picture, and the picture.
    pub pictures: Vec<(String, Rgb8)>,
    /// How many stand in a row.
    pub columns: usize,
}

/// Draws one entry from several sides; of a motion, six pictures of each of three bodies: a woman, a child and a heavy old man,
/// one of each at the moment at which the motion is recognised best.
///
/// # Errors
/// If there is no such entry.
pub fn show(kinora: &Kinora, kind: &str, name: &str) -> Result<Views, Error> {
    let (kind, id) = find(kinora, kind, name)?;
    let plans = match kind {
        Kind::Motion => BODIES.map(|(word, build)| (word.to_owned(), motion_plan(kinora, &id, word, build), None)).to_vec(),
        _ => plans_for(kind, &id).into_iter().map(|(label, plan, at)| (label, plan, Some(at))).collect(),
    };
    let columns = if kind == Kind::Motion { PICTURES } else { [1, 1, 2, 3, 2][plans.len().min(4)] };
    let mut pictures = Vec::new();
    for (label, plan, at) in plans {
        let staging = kinora.stage(&plan)?.output;
        let frames = match at {
            Some(at) => vec![(label, ((staging.frames() - 1) as f32 * at) as i64)],
            None => strip(&staging, &label, &id),
        };
        pictures.extend(drawn(kinora, &staging, frames)?);
    }
    Ok(Views { pictures, columns })
}

/// A motion on a woman, one picture: at the moment at which it is recognised best.
///
/// # Errors
/// If there is no such motion.
pub fn show_moment(kinora: &Kinora, name: &str) -> Result<(String, Rgb8), Error> {
    let (_, id) = find(kinora, "motion", name)?;
    let staging = kinora.stage(&motion_plan(kinora, &id, BODIES[0].0, BODIES[0].1))?.output;
    let middle = (id.clone(), staging.frames() / 2);
    let frame = strip(&staging, &id, &id).into_iter().find(|(label, _)| label.ends_with(MARK)).unwrap_or(middle);
    Ok(drawn(kinora, &staging, vec![frame])?.remove(0))
}

fn drawn(kinora: &Kinora, staging: &Staging, frames: Vec<(String, i64)>) -> Result<Vec<(String, Rgb8)>, Error> {
    let photographer = kinora.photographer(staging, SimdLevel::Detect, false)?;
    let mut shooter = photographer.shooter();
    let pictures = frames.into_iter().map(|(label, frame)| (label, shooter.shoot(frame).picture.to_rgb())).collect();
    drop(shooter);
    photographer.failure().map_or(Ok(pictures), |e| Err(e.into()))
}

/// Who shows a motion: a word and a build.
const BODIES: [(&str, Option<&str>); 3] = [("woman", None), ("girl", None), ("old-man", Some("heavy"))];

/// What stands under the picture that is taken at the moment of a motion.
const MARK: &str = "(moment)";

/// Six frames of a motion, evenly spread; the one that is nearest to the moment at which it is recognised is taken at it.
fn strip(staging: &Staging, word: &str, motion: &str) -> Vec<(String, i64)> {
    let last = (staging.frames() - 1).max(0);
    let mut frames: Vec<i64> = (0..PICTURES as i64).map(|k| (2 * k + 1) * last / (2 * PICTURES as i64)).collect();
    let who = staging.plan.shots.iter().flat_map(|s| &s.beats).find(|b| b.action == motion).map(|b| &b.who);
    // Who gathers walks there: an action may be done by another one's motion.
    let (own, others): (Vec<_>, Vec<_>) = staging.moments().into_iter().filter(|m| Some(&m.role) == who).partition(|m| m.motion == motion);
    let moments: Vec<i64> = if own.is_empty() { others } else { own }.iter().map(|m| m.frame).collect();
    let nearest = moments.iter().flat_map(|m| (0..PICTURES).map(move |k| (k, *m))).min_by_key(|(k, m)| (frames[*k] - m).abs());
    if let Some((k, moment)) = nearest {
        frames[k] = moment;
    }
    let seconds = |frame: i64| staging.fps().start_of(frame).seconds();
    let mark = |k: usize| if nearest.is_some_and(|n| n.0 == k) { format!(" {MARK}") } else { String::new() };
    frames.iter().enumerate().map(|(k, f)| (format!("{word} {:.1} s{}", seconds(*f), mark(k)), *f)).collect()
}

/// A motion done by somebody.
fn motion_plan(kinora: &Kinora, id: &str, word: &str, build: Option<&str>) -> Plan {
    let traits = Traits { build: build.map(str::to_owned), ..Traits::default() };
    let performer =
        Role { id: "subject".into(), kind: RoleKind::Person, word: word.into(), name: None, count: 1, traits, voice: None, model: None, span: None };
    let options = Options { size: Some(Size { width: 240, height: 240 }), silent: true, ..Options::default() };
    kinora_director::demonstrate(id, &performer, kinora.vocabulary(), &options)
}

fn find(kinora: &Kinora, kind: &str, name: &str) -> Result<(Kind, String), Error> {
    let none = |hint: String| Error::NoEntry { kind: kind.to_owned(), name: name.to_owned(), hint };
    let parsed = Kind::parse(kind).ok_or_else(|| none(format!("; kinds are {}", Kind::ALL.map(|(k, _)| k.to_string()).join(", "))))?;
    let vocabulary = kinora.vocabulary();
    if vocabulary.get(parsed, name).is_some() {
        return Ok((parsed, name.to_owned()));
    }
    let named = kinora_vocabulary::Language::ALL.iter().find_map(|l| vocabulary.named(*l, name).into_iter().find(|a| a.kind == parsed));
    match named {
        Some(asset) => Ok((parsed, asset.id.clone())),
        None => {
            let near = kinora_base::diagnostics::nearest(name, vocabulary.of(parsed).map(|a| a.id.as_str()));
            Err(none(near.map_or_else(|| "; `kinora words` lists what there is".to_owned(), |n| format!("; did you mean \"{n}\"?"))))
        }
    }
}

/// Small films that show an entry: label, plan, and which moment of it.
fn plans_for(kind: Kind, id: &str) -> Vec<(String, Plan, f32)> {
    match kind {
        Kind::Place => ["morning", "noon", "sunset", "night"].map(|time| (time.to_owned(), scene_plan(id, time, "clear"), 0.5)).to_vec(),
        Kind::Time => vec![(id.to_owned(), scene_plan("forest", id, "clear"), 0.5)],
        Kind::Weather => vec![(id.to_owned(), scene_plan("forest", "afternoon", id), 0.5)],
        Kind::Prop => sides(|size, side| thing_plan(id, size, side)),
        Kind::Person => sides(|size, side| actor_plan(RoleKind::Person, id, "stand", size, side)),
        Kind::Creature => sides(|size, side| actor_plan(RoleKind::Creature, id, "stand", size, side)),
        Kind::Vehicle => sides(|size, side| actor_plan(RoleKind::Vehicle, id, "stand", size, side)),
        _ => Vec::new(),
    }
}

fn sides(plan: impl Fn(ShotSize, Side) -> Plan) -> Vec<(String, Plan, f32)> {
    [("three-quarter", ShotSize::Full, Side::ThreeQuarter), ("profile", ShotSize::Full, Side::Profile), ("close", ShotSize::Close, Side::Front)]
        .map(|(label, size, side)| (label.to_owned(), plan(size, side), 0.6))
        .to_vec()
}

fn base_plan(place: &str, time: &str, weather: &str, size: ShotSize, side: Side, subject: Vec<String>) -> Plan {
    Plan {
        version: kinora_plan::PLAN_VERSION,
        title: String::new(),
        prompt: String::new(),
        language: "en".into(),
        seed: 1,
        look: "clay".into(),
        size: Size { width: 640, height: 360 },
        fps: kinora_base::FrameRate(24),
        silent: true,
        cast: Vec::new(),
        scenes: vec![Scene {
            id: "scene-1".into(),
            place: place.into(),
            time: time.into(),
            weather: weather.into(),
            continues: None,
            snow_cover: false,
            mood: None,
            things: Vec::new(),
            relations: Vec::new(),
            span: None,
        }],
        motions: Vec::new(),
        shots: vec![Shot {
            id: "shot-1".into(),
            scene: "scene-1".into(),
            length: Ticks::from_seconds(4.0),
            framing: Framing { size, side, subject, movement: CameraMove::default(), ..Framing::default() },
            transition: kinora_plan::Transition::default(),
            beats: Vec::new(),
            lines: Vec::new(),
            cues: Vec::new(),
            span: None,
        }],
        cues: Vec::new(),
        titles: Vec::new(),
        warnings: Vec::new(),
    }
}

fn scene_plan(place: &str, time: &str, weather: &str) -> Plan {
    base_plan(place, time, weather, ShotSize::VeryWide, Side::Auto, Vec::new())
}

fn actor_plan(kind: RoleKind, word: &str, action: &str, size: ShotSize, side: Side) -> Plan {
    let place = match word {
        "boat" => "beach",
        "fish" | "shark" | "whale" | "turtle" => "reef",
        _ => "meadow",
    };
    let mut plan = base_plan(place, "morning", "clear", size, side, vec!["subject".into()]);
    plan.cast.push(Role {
        id: "subject".into(),
        kind,
        word: word.into(),
        name: None,
        count: 1,
        traits: Traits::default(),
        voice: None,
        model: None,
        span: None,
    });
    plan.shots[0].beats.push(kinora_plan::Beat { id: "beat-1".into(), who: "subject".into(), action: action.into(), ..kinora_plan::Beat::default() });
    plan
}

fn thing_plan(word: &str, size: ShotSize, side: Side) -> Plan {
    let mut plan = base_plan("meadow", "morning", "clear", size, side, vec!["subject".into()]);
    plan.scenes[0].things.push(Thing { id: "subject".into(), word: word.into(), count: 1, traits: Traits::default(), held_by: None, span: None });
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_base::studio::Machine;

    fn kinora() -> Kinora {
        Kinora::new(&Machine::new(Some(1))).expect("the built-in vocabulary")
    }

    #[test]
    fn a_strip_has_a_picture_at_the_moment() {
        let kinora = kinora();
        for motion in ["throw", "clap", "walk", "sit", "hug", "toast", "ride", "gather", "dance", "jump", "climb", "wave", "sleep", "swim", "lie"] {
            let staging = kinora.stage(&motion_plan(&kinora, motion, "girl", None)).expect("a good plan").output;
            let strip = strip(&staging, "girl", motion);
            assert!(strip.len() == PICTURES && strip.is_sorted_by_key(|(_, frame)| *frame), "{motion}: {strip:?}");
            let marked: Vec<i64> = strip.iter().filter(|(label, _)| label.ends_with(MARK)).map(|(_, frame)| *frame).collect();
            assert_eq!(marked.len(), 1, "{motion}: {strip:?}");
            assert!(staging.moments().iter().any(|m| m.frame == marked[0]), "{motion}: {marked:?} is a moment");
        }
    }

    #[test]
    fn a_still_waits_for_what_happens_once() {
        let text = r#"{"version": 1, "fps": 24, "size": {"width": 640, "height": 360}, "cast": [{"id": "man", "kind": "person", "word": "man"}],
            "scenes": [{"id": "s", "place": "meadow"}], "shots": [
            {"id": "1", "scene": "s", "length": 96000, "beats": [{"id": "a", "who": "man", "action": "clap"}]},
            {"id": "2", "scene": "s", "length": 192000, "beats": [{"id": "b", "who": "man", "action": "bow", "from": 48000}]}]}"#;
        let kinora = kinora();
        let staging = kinora.stage(&Plan::from_json(text).expect("a good plan")).expect("a good plan").output;
        let bow = staging.moments().iter().find(|m| m.motion == "bow").expect("a bow").frame;
        let even = [18, 54, 90, 126];
        let taken = stills(&staging, 4);
        assert!((72..108).contains(&bow) && bow != 90, "in the third still's share: {bow}");
        assert_eq!(taken, [18, 54, bow, 126], "one still is moved, and claps move none: {even:?}");
    }
}
