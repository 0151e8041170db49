//! What a plan asks for against what the passes of its film show: who is there, in which colour, where, how many, seen
//! how. Only the finished picture, the passes and the plan are looked at.

use kinora_base::maths::{atan2, wrap_angle};
use kinora_base::picture::Yuv420;
use kinora_film::passes::{FramePasses, PassCamera, PassesIndex, looked_at, read_frame, read_index};
use kinora_film::read::Movie;
use kinora_plan::{Id, MoveKind, Plan, Relation, RelationKind, Shot, ShotSize};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// One thing that the plan asks for, as it was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// What sort: presence, occlusion, colour, count, relation, camera, size, feet; of poses: joints, pops, through,
    /// holding, fingers; of stems: mix, clipping, ends, dialogue,
    /// event, pan, lips.
    pub dimension: &'static str,
    /// Id of the shot.
    pub shot: Id,
    /// Of whom or what.
    pub subject: String,
    /// What the plan says.
    pub asked: String,
    /// What the pictures show.
    pub found: String,
    /// Whether they agree.
    pub holds: bool,
}

/// Where something is in one frame.
#[derive(Clone, Debug, Default)]
struct Seen {
    pixels: usize,
    /// Middle, as shares of the picture.
    middle: [f32; 2],
    /// Least and greatest x and y, as shares.
    bounds: [f32; 4],
    /// Median depth, metres.
    depth: f32,
    /// Pixels of each of the named colours.
    colours: Vec<usize>,
    members: usize,
}

/// Measures a film against its plan by its passes.
///
/// # Errors
/// If the passes or the film cannot be read.
pub fn judge_passes(plan: &Plan, folder: &Path, film: &Path) -> io::Result<Vec<Measure>> {
    let index = read_index(folder)?;
    let movie = Movie::open(film).map_err(io::Error::other)?;
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let size = movie.size();
    if (size.width as usize, size.height as usize) != (index.width, index.height) || movie.frames() != index.frames {
        let found = format!("{}x{}, {} frames", size.width, size.height, movie.frames());
        return Err(wrong(format!("the passes are of another film: {}x{}, {} frames; the film has {found}", index.width, index.height, index.frames)));
    }
    if usize::try_from(plan.frames()).ok() != Some(index.frames) {
        return Err(wrong(format!("the plan is of another film: it has {} frames, and the passes {}", plan.frames(), index.frames)));
    }
    if !index.plan.is_empty() && index.plan != plan.fingerprint() {
        return Err(wrong("the passes were made from another plan: make film and passes again from this one".into()));
    }
    let cuts = plan.cuts();
    let (mut all, mut somewhere) = (Vec::new(), BTreeMap::new());
    for (k, shot) in plan.shots.iter().enumerate() {
        let (from, to) = (cuts[k].max(0) as usize, cuts[k + 1].max(0) as usize);
        let mut frames = Vec::new();
        for frame in looked_at(from, to) {
            let passes = read_frame(folder, &index, frame)?;
            let picture = movie.frame(frame).map_err(io::Error::other)?;
            frames.push((passes, picture));
        }
        judge_shot(plan, shot, &index, &frames, &mut all);
        all.extend(occlusion(shot, &index, (from, to), &frames));
        all.extend(feet(plan, shot, (folder, &index), (from, to))?);
        let cameras = index.cameras.get(from..to.min(index.cameras.len())).unwrap_or(&[]);
        all.extend(camera(shot, cameras, scale(shot, &index, &frames)));
        seen_somewhere(plan, shot, &index, &frames, &mut somewhere);
    }
    for (id, pixels) in somewhere {
        let share = pixels as f32 / (index.width * index.height).max(1) as f32;
        let found = format!("{:.2} % at most", share * 100.0);
        all.push(Measure { dimension: "presence", shot: "all".into(), subject: id, asked: "seen somewhere".into(), found, holds: share > 0.0004 });
    }
    Ok(all)
}

/// The most that is seen of every thing that the plan puts into a scene and nobody holds.
fn seen_somewhere(plan: &Plan, shot: &Shot, index: &PassesIndex, frames: &[(FramePasses, Yuv420)], most: &mut BTreeMap<Id, usize>) {
    for thing in plan.scene(&shot.scene).into_iter().flat_map(|s| &s.things).filter(|t| t.held_by.is_none()) {
        let pixels = frames.iter().map(|(passes, picture)| see(&shot.scene, &thing.id, index, passes, picture).pixels).max().unwrap_or(0);
        let known = most.entry(thing.id.clone()).or_insert(0);
        *known = pixels.max(*known);
    }
}

fn judge_shot(plan: &Plan, shot: &Shot, index: &PassesIndex, frames: &[(FramePasses, Yuv420)], all: &mut Vec<Measure>) {
    let look = |id: &str| frames.iter().map(|(passes, picture)| see(&shot.scene, id, index, passes, picture)).max_by_key(|s| s.pixels).unwrap_or_default();
    let whole = (index.width * index.height).max(1) as f32;
    let mut wanted: Vec<&Id> = shot.framing.subject.iter().chain(shot.beats.iter().map(|b| &b.who)).collect();
    wanted.sort();
    wanted.dedup();
    let mut put = |dimension, subject: &str, asked: String, found: String, holds| {
        all.push(Measure { dimension, shot: shot.id.clone(), subject: subject.to_owned(), asked, found, holds });
    };
    for id in wanted {
        let seen = look(id);
        let share = seen.pixels as f32 / whole;
        put("presence", id, "in the picture".into(), format!("{:.2} % of it", share * 100.0), share > 0.0004);
        let role = plan.role(id);
        let things = || plan.scene(&shot.scene).into_iter().flat_map(|s| &s.things);
        let traits = role.map(|r| &r.traits).or_else(|| things().find(|t| t.id == *id).map(|t| &t.traits));
        // Clothes hide most of a person: a colour is asked of a thing, an animal, a vehicle.
        let bare = role.is_none_or(|r| r.kind != kinora_plan::RoleKind::Person);
        if let Some(asked) = traits.and_then(|t| t.colour.as_ref()).filter(|c| bare && named(c).is_some()) {
            let of = |wanted: &dyn Fn(&str) -> bool| COLOURS.iter().zip(&seen.colours).filter(|(c, _)| wanted(c.0)).map(|(_, n)| n).sum::<usize>();
            // Tyres, windows and shadows are of other colours: a quarter is enough; what light makes of a colour counts half.
            let share = (of(&|c| c == asked) as f32 + 0.5 * of(&|c| alike(c, asked)) as f32) / seen.pixels.max(1) as f32;
            let most = COLOURS.iter().zip(&seen.colours).max_by_key(|(_, n)| **n).map_or("grey", |(c, _)| c.0);
            put("colour", id, asked.clone(), format!("{:.0} % of it; most is {most}", share * 100.0), seen.pixels >= 60 && share > 0.25);
        }
        let count = role.map(|r| r.count).or_else(|| things().find(|t| t.id == *id).map(|t| t.count));
        if let Some(count) = count.filter(|c| *c > 1) {
            put("count", id, count.to_string(), seen.members.to_string(), seen.members == count as usize);
        }
    }
    for relation in plan.scene(&shot.scene).into_iter().flat_map(|s| &s.relations) {
        // Of a shot that is about one of them and wide enough for both.
        let named = |id: &Id| shot.framing.subject.contains(id);
        if !(shot.framing.size <= ShotSize::Full && (named(&relation.what) || relation.to.iter().any(named))) {
            continue;
        }
        let at = |id: &Id, (passes, picture): &(FramePasses, Yuv420)| see(&shot.scene, id, index, passes, picture);
        let together = frames.iter().find_map(|frame| {
            let all: Vec<Seen> = std::iter::once(&relation.what).chain(&relation.to).map(|id| at(id, frame)).collect();
            all.iter().all(|s| s.pixels > 30).then_some(all)
        });
        let (holds, found) = together.map_or((false, "not seen in one frame".into()), |all| relates(relation, &all));
        put("relation", &relation.what, format!("{:?} {}", relation.relation, relation.to.join(", ")), found, holds);
    }
    if let [only] = shot.framing.subject.as_slice()
        && plan.role(only).is_some_and(|r| r.kind == kinora_plan::RoleKind::Person && r.count == 1)
    {
        let seen = look(only);
        let high = seen.bounds[3] - seen.bounds[2];
        if let Some((low, top)) = heights(shot.framing.size).filter(|_| seen.pixels > 60) {
            put("size", only, format!("{:?}", shot.framing.size), format!("{:.0} % of the height", high * 100.0), (low..=top).contains(&high));
        }
    }
}

/// How much of whom or what a shot is about is hidden, where it is seen best.
fn occlusion(shot: &Shot, index: &PassesIndex, (from, to): (usize, usize), frames: &[(FramePasses, Yuv420)]) -> Vec<Measure> {
    let whole = (index.width * index.height).max(1) as f32;
    let mut all = Vec::new();
    for id in &shot.framing.subject {
        let numbers: Vec<u16> = index.ids.iter().filter(|p| p.scene == shot.scene && p.id == *id).map(|p| p.number).collect();
        let shown = looked_at(from, to).into_iter().zip(frames).filter_map(|(frame, (passes, _))| {
            let alone: f32 = index.alone.iter().filter(|a| a.frame == frame && numbers.contains(&a.number)).map(|a| a.share).sum();
            let seen = passes.id.iter().filter(|n| numbers.contains(n)).count() as f32 / whole;
            (alone > 0.002).then_some((seen / alone).min(1.0))
        });
        if let Some(best) = shown.fold(None, |b: Option<f32>, s| Some(b.map_or(s, |b| b.max(s)))) {
            let found = format!("{:.0} % of it in sight", best * 100.0);
            all.push(Measure { dimension: "occlusion", shot: shot.id.clone(), subject: id.clone(), asked: "not hidden".into(), found, holds: best > 0.45 });
        }
    }
    all
}

/// Frames in which feet are watched.
const STEPS: usize = 14;

/// How fast the slower foot of a person who walks slips over the ground: the least motion of the lowest part of the body
/// against the ground right below it.
fn feet(plan: &Plan, shot: &Shot, (folder, index): (&Path, &PassesIndex), (from, to): (usize, usize)) -> io::Result<Option<Measure>> {
    let walks =
        |b: &&kinora_plan::Beat| matches!(b.action.as_str(), "walk" | "run") && plan.role(&b.who).is_some_and(|r| r.kind == kinora_plan::RoleKind::Person);
    let Some(beat) = shot.beats.iter().find(walks) else { return Ok(None) };
    let Some(number) = index.ids.iter().find(|p| p.scene == shot.scene && p.id == beat.who && p.member == 0).map(|p| p.number) else { return Ok(None) };
    let middle = from + (to - from) / 2;
    let mut slips = Vec::new();
    for frame in middle.saturating_sub(STEPS / 2).max(from + 1)..(middle + STEPS / 2).min(to) {
        let passes = read_frame(folder, index, frame)?;
        let field = index.cameras.get(frame).map_or(0.6, |c| c.field);
        slips.extend(slip(&passes, index, number, field));
    }
    if slips.len() < STEPS / 2 {
        return Ok(None);
    }
    slips.sort_by(f32::total_cmp);
    let speed = slips[slips.len() / 2] * plan.fps.0 as f32;
    let found = format!("{speed:.2} m/s");
    Ok(Some(Measure { dimension: "feet", shot: shot.id.clone(), subject: beat.who.clone(), asked: "planted".into(), found, holds: speed < 0.25 }))
}

/// Metres that the stillest part of the feet moves over the ground in one frame, if feet and ground are seen.
fn slip(passes: &FramePasses, index: &PassesIndex, number: u16, field: f32) -> Option<f32> {
    let (w, h) = (index.width, index.height);
    let rows: Vec<usize> = (0..h).filter(|y| passes.id[y * w..(y + 1) * w].contains(&number)).collect();
    let (top, low) = (*rows.first()?, *rows.last()?);
    if low + 3 >= h || low - top < 50 {
        return None;
    }
    let band = (low - (low - top) / 20)..=low;
    let metres = |at: usize| passes.depth[at] * 2.0 * kinora_base::maths::tan(field * 0.5) / h as f32;
    let mut least: Option<f32> = None;
    for (x, y) in band.flat_map(|y| (0..w).map(move |x| (x, y))).filter(|(x, y)| passes.id[y * w + x] == number) {
        // The ground right below.
        let Some(ground) = (y + 1..(y + 8).min(h)).map(|g| g * w + x).find(|at| passes.id[*at] == 0) else { continue };
        let (a, b) = (passes.motion[y * w + x], passes.motion[ground]);
        let away = ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt() * metres(y * w + x);
        least = Some(least.map_or(away, |l| l.min(away)));
    }
    least
}

/// What part of the picture's height somebody of a size of shot fills.
fn heights(size: ShotSize) -> Option<(f32, f32)> {
    Some(match size {
        ShotSize::ExtremeWide => (0.02, 0.22),
        ShotSize::VeryWide => (0.10, 0.42),
        ShotSize::Wide => (0.28, 0.70),
        ShotSize::Full => (0.45, 1.0),
        ShotSize::MediumFull | ShotSize::Cowboy | ShotSize::Medium => (0.55, 1.0),
        ShotSize::MediumClose | ShotSize::Close | ShotSize::BigClose | ShotSize::ExtremeClose => (0.60, 1.0),
    })
}

fn see(scene: &str, id: &str, index: &PassesIndex, passes: &FramePasses, picture: &Yuv420) -> Seen {
    let numbers: Vec<(u16, u32)> = index.ids.iter().filter(|p| p.scene == scene && p.id == id).map(|p| (p.number, p.member)).collect();
    let (w, h) = (index.width, index.height);
    let mut seen = Seen { bounds: [1.0, 0.0, 1.0, 0.0], ..Seen::default() };
    let mut members = std::collections::BTreeMap::new();
    let mut depths = Vec::new();
    seen.colours = vec![0; COLOURS.len()];
    for (at, number) in passes.id.iter().enumerate() {
        let Some((_, member)) = numbers.iter().find(|(n, _)| n == number) else { continue };
        let (x, y) = (at % w, at / w);
        *members.entry(*member).or_insert(0_usize) += 1;
        let (u, v) = ((x as f32 + 0.5) / w as f32, (y as f32 + 0.5) / h as f32);
        seen.pixels += 1;
        seen.middle = [seen.middle[0] + u, seen.middle[1] + v];
        seen.bounds = [seen.bounds[0].min(u), seen.bounds[1].max(u), seen.bounds[2].min(v), seen.bounds[3].max(v)];
        depths.push(passes.depth[at]);
        let colour = nearest_colour(lab(picture, x, y));
        seen.colours[COLOURS.iter().position(|(n, _)| *n == colour).unwrap_or(0)] += 1;
    }
    if seen.pixels == 0 {
        return seen;
    }
    seen.middle = seen.middle.map(|m| m / seen.pixels as f32);
    depths.sort_by(f32::total_cmp);
    seen.depth = depths[depths.len() / 2];
    let enough = (seen.pixels / 60).max(8);
    seen.members = members.values().filter(|n| **n >= enough).count();
    seen
}

fn relates(relation: &Relation, all: &[Seen]) -> (bool, String) {
    let [a, b, rest @ ..] = all else { return (false, "nothing".into()) };
    let (dx, dy, dz) = (a.middle[0] - b.middle[0], a.middle[1] - b.middle[1], a.depth - b.depth);
    let found = format!("{:+.0} % across, {:+.0} % down, {dz:+.1} m deep", dx * 100.0, dy * 100.0);
    let holds = match relation.relation {
        RelationKind::LeftOf => dx < -0.01,
        RelationKind::RightOf => dx > 0.01,
        RelationKind::On => dy < 0.0 && dx.abs() < 0.2,
        RelationKind::Under => dy > 0.0 && dx.abs() < 0.2,
        RelationKind::Behind => dz > 0.05,
        RelationKind::InFrontOf => dz < -0.05,
        RelationKind::Near | RelationKind::In | RelationKind::InArms | RelationKind::OnArm | RelationKind::OnBack | RelationKind::OnShoulders => {
            (dx * dx + dy * dy).sqrt() < 0.6
        }
        RelationKind::Between => rest.first().is_some_and(|c| (a.middle[0] - b.middle[0]) * (a.middle[0] - c.middle[0]) < 0.0),
    };
    (holds, found)
}

/// How large the world of a shot is: an apple is filmed from nearer than a house, and moves are as small. 1 for what is 3 m away.
fn scale(shot: &Shot, index: &PassesIndex, frames: &[(FramePasses, Yuv420)]) -> f32 {
    let about = |number: u16| index.ids.iter().any(|p| p.scene == shot.scene && p.number == number && shot.framing.subject.contains(&p.id));
    let mut depths: Vec<f32> = frames.iter().flat_map(|(p, _)| p.id.iter().zip(&p.depth)).filter(|(id, _)| about(**id)).map(|(_, d)| *d).collect();
    depths.sort_by(f32::total_cmp);
    depths.get(depths.len() / 2).map_or(1.0, |d| (d / 3.0).clamp(0.1, 1.0))
}

/// The move that a path of cameras is, in a world of a scale.
fn camera(shot: &Shot, path: &[PassCamera], scale: f32) -> Option<Measure> {
    let (first, last) = (path.first()?, path.last()?);
    let found = moved(first, last, scale);
    let asked = shot.framing.movement.kind;
    let asked_name = name_of(asked);
    let holds = match asked {
        // Who follows goes as the subject goes.
        MoveKind::Follow => found != "static",
        MoveKind::Handheld => shakes(path),
        _ => asked_name == found,
    };
    Some(Measure { dimension: "camera", shot: shot.id.clone(), subject: "camera".into(), asked: asked_name, found: found.into(), holds })
}

/// Whether a path goes to and fro: its steps add up to much more than the way.
fn shakes(path: &[PassCamera]) -> bool {
    let step = |a: &PassCamera, b: &PassCamera| (0..4).map(|k| (a.turn[k] - b.turn[k]).abs()).sum::<f32>();
    let steps: f32 = path.windows(2).map(|w| step(&w[0], &w[1])).sum();
    let way = path.first().zip(path.last()).map_or(0.0, |(a, b)| step(a, b));
    steps > 0.01 && steps > 2.0 * way
}

/// The name of a move in plans.
fn name_of(kind: MoveKind) -> String {
    let debug = format!("{kind:?}");
    let mut out = String::new();
    for (k, c) in debug.chars().enumerate() {
        if c.is_uppercase() && k > 0 {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn moved(first: &PassCamera, last: &PassCamera, scale: f32) -> &'static str {
    let turn = |c: &PassCamera, v: [f32; 3]| {
        let [x, y, z, w] = c.turn;
        let cross = |a: [f32; 3], b: [f32; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        let t = cross([x, y, z], v).map(|k| 2.0 * k);
        let u = cross([x, y, z], t);
        [v[0] + w * t[0] + u[0], v[1] + w * t[1] + u[1], v[2] + w * t[2] + u[2]]
    };
    let ahead = |c: &PassCamera| turn(c, [0.0, 0.0, -1.0]);
    let (a, b) = (ahead(first), ahead(last));
    let went: [f32; 3] = std::array::from_fn(|k| (last.eye[k] - first.eye[k]) / scale);
    let dot = |p: [f32; 3], q: [f32; 3]| p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    let (along, up) = (dot(went, a), went[1]);
    let right = turn(first, [1.0, 0.0, 0.0]);
    let across = dot(went, right);
    let yaw = wrap_angle(atan2(b[0], -b[2]) - atan2(a[0], -a[2]));
    let pitch = b[1] - a[1];
    let far = dot(went, went).sqrt();
    let zoom = last.field / first.field.max(1e-4);
    match () {
        () if (zoom - 1.0).abs() > 0.06 && far < 0.3 => {
            if zoom < 1.0 {
                "zoom-in"
            } else {
                "zoom-out"
            }
        }
        () if far > 0.25 && yaw.abs() > 0.12 && across.abs() > along.abs() => {
            if across > 0.0 {
                "orbit-right"
            } else {
                "orbit-left"
            }
        }
        () if far > 0.12 && along.abs() >= across.abs() && along.abs() >= up.abs() => {
            if along > 0.0 {
                "push-in"
            } else {
                "pull-out"
            }
        }
        () if far > 0.12 && up.abs() > across.abs() => {
            if up > 0.0 {
                "crane-up"
            } else {
                "crane-down"
            }
        }
        () if far > 0.12 => {
            if across > 0.0 {
                "truck-right"
            } else {
                "truck-left"
            }
        }
        () if yaw.abs() > 0.05 => {
            if yaw > 0.0 {
                "pan-right"
            } else {
                "pan-left"
            }
        }
        () if pitch.abs() > 0.05 => {
            if pitch > 0.0 {
                "tilt-up"
            } else {
                "tilt-down"
            }
        }
        () => "static",
    }
}

/// Colour names and what they look like under a film's light, CIELAB.
const COLOURS: &[(&str, [f32; 3])] = &[
    ("red", [46.0, 60.0, 42.0]),
    ("orange", [62.0, 40.0, 62.0]),
    ("yellow", [80.0, 6.0, 72.0]),
    ("green", [50.0, -40.0, 36.0]),
    ("blue", [38.0, 8.0, -48.0]),
    ("purple", [40.0, 42.0, -40.0]),
    ("pink", [70.0, 42.0, 4.0]),
    ("white", [88.0, 0.0, 5.0]),
    ("grey", [55.0, 0.0, 2.0]),
    ("black", [18.0, 0.0, 0.0]),
    ("brown", [42.0, 18.0, 28.0]),
];

fn named(name: &str) -> Option<[f32; 3]> {
    COLOURS.iter().find(|(n, _)| *n == name).map(|(_, lab)| *lab)
}

fn nearest_colour(lab: [f32; 3]) -> &'static str {
    // Lightness changes with the light, hue hardly.
    let away = |c: &[f32; 3]| 0.5 * (c[0] - lab[0]) * (c[0] - lab[0]) * 0.5 + (c[1] - lab[1]) * (c[1] - lab[1]) + (c[2] - lab[2]) * (c[2] - lab[2]);
    COLOURS.iter().min_by(|x, y| away(&x.1).total_cmp(&away(&y.1))).map_or("grey", |(n, _)| n)
}

/// Neighbours that light turns into each other: a white horse at dusk is grey, an orange fox reddish.
fn alike(a: &str, b: &str) -> bool {
    let pair = |x: &str, y: &str| (a == x && b == y) || (a == y && b == x);
    pair("white", "grey") || pair("grey", "black") || pair("red", "orange") || pair("orange", "brown") || pair("purple", "pink") || pair("brown", "red")
}

/// CIELAB of a pixel, through BT.709 and D65.
fn lab(picture: &Yuv420, x: usize, y: usize) -> [f32; 3] {
    let (cw, at) = (picture.width.div_ceil(2), (y / 2) * picture.width.div_ceil(2) + x / 2);
    debug_assert!(cw > 0);
    let luma = (f32::from(picture.y[y * picture.width + x]) - 16.0) / 219.0;
    let (cb, cr) = ((f32::from(picture.u[at]) - 128.0) / 224.0, (f32::from(picture.v[at]) - 128.0) / 224.0);
    let rgb = [luma + 1.5748 * cr, luma - 0.1873 * cb - 0.4681 * cr, luma + 1.8556 * cb].map(|c| c.clamp(0.0, 1.0));
    let [r, g, b] = rgb.map(|c| if c <= 0.04045 { c / 12.92 } else { kinora_base::maths::pow((c + 0.055) / 1.055, 2.4) });
    let xyz = [0.4124 * r + 0.3576 * g + 0.1805 * b, 0.2126 * r + 0.7152 * g + 0.0722 * b, 0.0193 * r + 0.1192 * g + 0.9505 * b];
    let f = |t: f32| if t > 0.008_856 { kinora_base::maths::pow(t, 1.0 / 3.0) } else { 7.787 * t + 16.0 / 116.0 };
    let [fx, fy, fz] = [f(xyz[0] / 0.9505), f(xyz[1]), f(xyz[2] / 1.089)];
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_their_names() {
        let mut picture = Yuv420::black(4, 4);
        // BT.709 of pure red, green and blue at three quarters.
        for (yuv, name) in [((63, 102, 200), "red"), ((140, 60, 50), "green"), ((70, 168, 108), "blue"), ((220, 128, 128), "white"), ((20, 128, 128), "black")]
        {
            picture.y.fill(yuv.0);
            picture.u.fill(yuv.1);
            picture.v.fill(yuv.2);
            assert_eq!(nearest_colour(lab(&picture, 1, 1)), name, "{yuv:?} is {:?}", lab(&picture, 1, 1));
        }
    }

    #[test]
    fn moves_have_their_names() {
        let at = |eye: [f32; 3], field: f32| PassCamera { eye, turn: [0.0, 0.0, 0.0, 1.0], field, focal: 0.0, centre: [0.0; 2], focus: 0.0, aperture: 0.0 };
        let home = at([0.0; 3], 0.6);
        assert_eq!(moved(&home, &at([0.0, 0.0, -1.0], 0.6), 1.0), "push-in", "along its view");
        assert_eq!(moved(&home, &at([1.0, 0.0, 0.0], 0.6), 1.0), "truck-right", "across it");
        assert_eq!(moved(&home, &at([0.0, 1.0, 0.0], 0.6), 1.0), "crane-up", "up");
        assert_eq!(moved(&home, &at([0.0; 3], 0.4), 1.0), "zoom-in", "a longer lens");
        assert_eq!(moved(&home, &home, 1.0), "static", "nothing");
        let turned = PassCamera { turn: [0.0, -0.1, 0.0, 0.995], ..home };
        assert_eq!(moved(&home, &turned, 1.0), "pan-right", "turned to its right");
    }

    /// A picture of 160x90 with a wall of ground behind and one body on it, whose lowest rows move as told.
    fn made_up(body: [std::ops::Range<usize>; 2], moves: [f32; 2]) -> (PassesIndex, FramePasses) {
        let (width, height) = (160, 90);
        let index = PassesIndex { version: 1, width, height, frames: 1, ..PassesIndex::default() };
        let mut passes =
            FramePasses { id: vec![0; width * height], depth: vec![5.0; width * height], motion: vec![[0.0; 2]; width * height], ..FramePasses::default() };
        for (x, y) in body[1].clone().flat_map(|y| body[0].clone().map(move |x| (x, y))) {
            passes.id[y * width + x] = 7;
            passes.motion[y * width + x] = moves;
        }
        (index, passes)
    }

    #[test]
    fn a_foot_that_slides_is_found() {
        let (index, still) = made_up([70..80, 10..80], [0.0, 0.0]);
        assert!(slip(&still, &index, 7, 0.6).expect("seen") < 1e-6, "it stands");
        let (_, slides) = made_up([70..80, 10..80], [2.0, 0.0]);
        // Two pixels of 5 m seen through 0.6 rad over 90 rows.
        let wanted = 2.0 * 5.0 * 2.0 * kinora_base::maths::tan(0.3) / 90.0;
        assert!((slip(&slides, &index, 7, 0.6).expect("seen") - wanted).abs() < 1e-4, "it slides");
        let (_, cut_off) = made_up([70..80, 10..90], [2.0, 0.0]);
        assert_eq!(slip(&cut_off, &index, 7, 0.6), None, "feet out of the picture tell nothing");
    }

    #[test]
    fn made_up_passes_are_measured_for_what_they_are() {
        let json = r#"{"version": 1, "fps": 24, "cast": [{"id": "fox", "kind": "creature", "word": "fox", "count": 2, "traits": {"colour": "red"}}],
            "scenes": [{"id": "s", "place": "p", "things": [{"id": "box", "word": "box"}], "relations": [{"what": "fox", "relation": "left-of", "to": ["box"]}]}],
            "shots": [{"id": "1", "scene": "s", "length": "1 s", "framing": {"size": "wide", "subject": ["fox"]}, "beats": [{"id": "b", "who": "fox", "action": "sit"}]}]}"#;
        let plan = Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"));
        let id = |number, id: &str, member| kinora_film::passes::PassId { scene: "s".into(), number, id: id.into(), member };
        let judged = |foxes: &[usize], boxes: usize, yuv: (u8, u8, u8)| {
            let (mut index, mut passes) = made_up([0..1, 0..1], [0.0; 2]);
            index.ids = vec![id(1, "fox", 0), id(257, "fox", 1), id(100, "box", 0)];
            passes.id.fill(0);
            let mut block = |from: usize, number: u16| (40..60).for_each(|y| passes.id[y * 160 + from..y * 160 + from + 20].fill(number));
            foxes.iter().zip([1, 257]).for_each(|(x, number)| block(*x, number));
            block(boxes, 100);
            let mut picture = Yuv420::black(160, 90);
            picture.y.fill(yuv.0);
            picture.u.fill(yuv.1);
            picture.v.fill(yuv.2);
            let frames = [(passes, picture)];
            let mut all = Vec::new();
            judge_shot(&plan, &plan.shots[0], &index, &frames, &mut all);
            move |dimension: &str| all.iter().find(|m| m.dimension == dimension).map(|m| m.holds)
        };
        let good = judged(&[10, 40], 120, (63, 102, 200));
        for dimension in ["presence", "colour", "count", "relation"] {
            assert_eq!(good(dimension), Some(true), "{dimension}");
        }
        assert_eq!(judged(&[10], 120, (63, 102, 200))("count"), Some(false), "one of two");
        assert_eq!(judged(&[], 120, (63, 102, 200))("presence"), Some(false), "nobody");
        assert_eq!(judged(&[10, 40], 120, (70, 168, 108))("colour"), Some(false), "blue is not red");
        assert_eq!(judged(&[90, 130], 20, (63, 102, 200))("relation"), Some(false), "on the other side");
    }

    #[test]
    fn what_stands_before_something_is_found() {
        let json = r#"{"version": 1, "fps": 24, "cast": [{"id": "fox", "kind": "creature", "word": "fox"}], "scenes": [{"id": "s", "place": "p"}],
            "shots": [{"id": "1", "scene": "s", "length": "1 s", "framing": {"size": "wide", "subject": ["fox"]}}]}"#;
        let plan = Plan::from_json(json).unwrap_or_else(|e| panic!("{e}"));
        let (mut index, passes) = made_up([0..40, 0..36], [0.0; 2]);
        index.ids = vec![kinora_film::passes::PassId { scene: "s".into(), number: 7, id: "fox".into(), member: 0 }];
        let seen = |share: f32, index: &mut PassesIndex| {
            index.alone = looked_at(0, 24).map(|frame| kinora_film::passes::PassAlone { frame, number: 7, share }).to_vec();
            let frames: Vec<_> = (0..3).map(|_| (passes.clone(), Yuv420::black(160, 90))).collect();
            occlusion(&plan.shots[0], index, (0, 24), &frames).remove(0)
        };
        assert!(seen(0.11, &mut index).holds, "a little is hidden");
        assert!(!seen(0.5, &mut index).holds, "four fifths are hidden");
    }
}
