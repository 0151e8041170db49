//! Three interfaces on one core: each reads calls into [`Order`](crate::wish::Order)s by its tables of fields, and prints jobs in its own words.

pub mod legacy;
pub mod new;
pub mod videos;

use crate::catalogue::{Model, Sound};
use crate::form::{Effect, Field, Form, Kind};
use crate::refusal::Refusal;
use crate::store::Job;
use crate::wish::{CameraWish, Wish};
use kinora_plan::{Angle, MoveKind, Plan};
use serde_json::{Value, json};

/// Rates that the engine makes.
pub const RATES: [i64; 6] = [24, 25, 30, 48, 50, 60];

/// Our own fields, the same wherever films are made.
pub const FPS: Field = Field { name: "fps", kind: Kind::Whole(1, 240), effect: Effect::Film, doc: "Frames a second: 24, 25, 30, 48, 50 or 60.", sample: "60" };
/// See [`FPS`].
pub const SEED: Field = Field {
    name: "seed",
    kind: Kind::Whole(0, 9_007_199_254_740_991),
    effect: Effect::Film,
    doc: "Where all chance comes from: the same words and seed give the same film. Drawn by the service if not given, and told in the task.",
    sample: "7",
};
/// See [`FPS`].
pub const PLAN: Field = Field {
    name: "plan",
    kind: Kind::Json,
    effect: Effect::Film,
    doc: "The whole film as a plan (GET .../plan of a task gives one), instead of words. Its size, rate, length, shots and sound count.",
    sample: r#"{"version":1,"silent":true,"size":{"width":640,"height":360},"scenes":[{"id":"s","place":"meadow"}],"shots":[{"id":"a","scene":"s","length":240000}]}"#,
};

/// A link between what is served and who asks.
#[derive(Clone, Debug)]
pub struct Links {
    /// Begins every link.
    pub base: String,
    /// Signs them.
    pub secrets: std::sync::Arc<crate::auth::Secrets>,
}

impl Links {
    /// Where a file of a job is, with proof that whoever has the link may read it.
    #[must_use]
    pub fn file(&self, job: i64, name: &str) -> String {
        format!("{}/files/{job}/{}/{name}", self.base, self.secrets.link(job, name))
    }
}

/// A rate that the engine makes.
pub(crate) fn rate(form: &Form, model: &Model) -> Result<u32, Refusal> {
    match form.whole("fps") {
        None => Ok(model.fps),
        Some(fps) if RATES.contains(&fps) => Ok(u32::try_from(fps).unwrap_or(24)),
        Some(fps) => Err(Refusal::wrong("fps", format!("must be 24, 25, 30, 48, 50 or 60, not {fps}"))),
    }
}

/// A prompt that may not be empty.
pub(crate) fn prompt(form: &Form, model: &Model) -> Result<String, Refusal> {
    let text = form.text("prompt").filter(|t| !t.trim().is_empty());
    wording(text.ok_or_else(|| Refusal::wrong("prompt", "is required: say in words what is to be seen"))?, model)
}

/// A prompt's words, as long as the model allows and without marks of what cannot be given.
pub(crate) fn wording(text: &str, model: &Model) -> Result<String, Refusal> {
    let text = text.trim();
    let characters = text.chars().count();
    if characters > model.prompt {
        return Err(Refusal::wrong("prompt", format!("has {characters} characters; {} takes at most {}", model.name, model.prompt)));
    }
    for (marks, what) in [(["<<<image_", "@image_"], "pictures"), (["<<<video_", "@video_"], "videos"), (["<<<element_", "@element_"], "elements")] {
        if marks.iter().any(|m| text.contains(m)) {
            return Err(Refusal::Unsupported { field: "prompt".into(), why: format!("refers to {what}; {}", crate::form::NO_PICTURES) });
        }
    }
    Ok(text.to_owned())
}

/// Whether there is no sound, by what was asked in `field` and what the model does. Some models always sound.
pub(crate) fn silent(asked: Option<bool>, model: &Model, field: &str, idle: &mut Vec<(String, String)>) -> bool {
    match (model.sound, asked) {
        (Sound::Always, Some(false)) if model.name != "kinora" => {
            idle.push((field.to_owned(), format!("{} always has sound", model.name)));
            false
        }
        (_, Some(on)) => !on,
        (Sound::Always, None) => false,
        (Sound::Never | Sound::Wish, None) => true,
    }
}

/// Takes a given plan into the wish: it wins over what else was said, and every field that it makes idle is named.
pub(crate) fn with_plan(form: &Form, wish: &mut Wish, overridden: &[&str], idle: &mut Vec<(String, String)>) -> Result<(), Refusal> {
    let Some(value) = form.json("plan") else { return Ok(()) };
    let plan: Plan = serde_json::from_value(value.clone()).map_err(|e| Refusal::wrong("plan", e.to_string()))?;
    if let Some(problem) = plan.check().first() {
        return Err(Refusal::wrong("plan", problem.to_string()));
    }
    if let Some(i) = plan.cast.iter().position(|r| r.model.is_some()) {
        return Err(Refusal::wrong("plan", format!("cast[{i}].model: a plan that is sent may not name files of this machine; take `model` out")));
    }
    for name in overridden.iter().filter(|n| form.has(n)) {
        idle.push(((*name).to_owned(), "the plan that was given decides this".into()));
    }
    wish.milliseconds = plan.duration().0 * 1000 / kinora_base::Ticks::PER_SECOND;
    (wish.width, wish.height, wish.fps, wish.silent) = (plan.size.width, plan.size.height, plan.fps.0, plan.silent);
    wish.count = u32::try_from(plan.shots.len()).ok();
    wish.seed = Some(form.whole("seed").and_then(|s| u64::try_from(s).ok()).unwrap_or(plan.seed));
    if wish.width > 3840 || wish.height > 3840 || u64::from(wish.width) * u64::from(wish.height) > 3840 * 2160 {
        return Err(Refusal::wrong("plan.size", "the largest picture is 3840x2160 (or 2160x3840)"));
    }
    wish.plan = Some(value.clone());
    wish.prompt = plan.prompt;
    wish.shots.clear();
    wish.voices.clear();
    wish.camera = None;
    wish.negative = String::new();
    Ok(())
}

/// Fields of `camera_control`.
pub const CAMERA: &[Field] = &[
    Field {
        name: "type",
        kind: Kind::Word(&["simple", "down_back", "forward_up", "right_turn_forward", "left_turn_forward"]),
        effect: Effect::Film,
        doc: "simple takes config; the others are moves of their own.",
        sample: "\"forward_up\"",
    },
    Field { name: "config", kind: Kind::Object(CONFIG), effect: Effect::Film, doc: "For simple: exactly one value that is not 0.", sample: "{\"zoom\":5}" },
];

const fn axis(name: &'static str, doc: &'static str) -> Field {
    Field { name, kind: Kind::Number(-10.0, 10.0), effect: Effect::Film, doc, sample: "5" }
}

const CONFIG: &[Field] = &[
    axis("horizontal", "Travels left (below 0) or right."),
    axis("vertical", "Sinks (below 0) or rises."),
    axis("pan", "Turns down (below 0) or up."),
    axis("tilt", "Turns left (below 0) or right."),
    axis("roll", "Rolls the picture; shown as a tilted frame that does not turn."),
    axis("zoom", "Narrows (below 0) or widens the lens."),
];

/// What the camera is to do, and what of that is shown otherwise.
pub(crate) fn camera(control: &Form, idle: &mut Vec<(String, String)>) -> Result<Option<CameraWish>, Refusal> {
    let mut note = |field: &str, why: &str| idle.push((format!("camera_control.{field}"), why.to_owned()));
    let at = |kind, angle| Some(CameraWish { kind, pace: 1.0, angle });
    let kind = match control.text("type") {
        Some("down_back") => {
            note("type", "down_back is shown as travelling back, seen from above; sinking at the same time is not possible");
            return Ok(at(MoveKind::PullOut, Some(Angle::High)));
        }
        Some("forward_up") => {
            note("type", "forward_up is shown as travelling forward, seen from below; turning up at the same time is not possible");
            return Ok(at(MoveKind::PushIn, Some(Angle::Low)));
        }
        Some("right_turn_forward") => {
            note("type", "right_turn_forward is shown as circling to the right");
            return Ok(at(MoveKind::OrbitRight, None));
        }
        Some("left_turn_forward") => {
            note("type", "left_turn_forward is shown as circling to the left");
            return Ok(at(MoveKind::OrbitLeft, None));
        }
        Some(_) => "simple",
        None if control.has("config") => "simple",
        None => return Ok(None),
    };
    let config = control.object("config");
    let values: Vec<(&str, f64)> = CONFIG.iter().filter_map(|f| config.number(f.name).map(|v| (f.name, v))).filter(|(_, v)| *v != 0.0).collect();
    let [(name, value)] = values[..] else {
        let what = format!("{kind} takes exactly one value that is not 0, and there are {}", values.len());
        return Err(Refusal::wrong("camera_control.config", what));
    };
    let kind = match (name, value > 0.0) {
        ("horizontal", false) => MoveKind::TruckLeft,
        ("horizontal", true) => MoveKind::TruckRight,
        ("vertical", false) => MoveKind::CraneDown,
        ("vertical", true) => MoveKind::CraneUp,
        ("pan", false) => MoveKind::TiltDown,
        ("pan", true) => MoveKind::TiltUp,
        ("tilt", false) => MoveKind::PanLeft,
        ("tilt", true) => MoveKind::PanRight,
        ("zoom", false) => MoveKind::ZoomIn,
        ("zoom", true) => MoveKind::ZoomOut,
        _ => {
            note("config.roll", "a rolling camera is shown as a tilted frame that does not turn");
            return Ok(Some(CameraWish { kind: MoveKind::Static, pace: 1.0, angle: Some(Angle::Dutch) }));
        }
    };
    Ok(Some(CameraWish { kind, pace: (value.abs() / 5.0) as f32, angle: None }))
}

/// The additive part of every task: how far, what it costs, what went otherwise than asked, which seed.
pub(crate) fn extras(job: &Job, wish: &Wish, into: &mut Value) {
    into["progress"] = json!(job.progress / 10);
    into["credits"] = json!(job.price.number());
    into["seed"] = json!(wish.seed);
    into["warnings"] = serde_json::from_str(&job.warnings).unwrap_or_else(|_| json!([]));
    if job.state == crate::store::State::Cancelled {
        into["cancelled"] = json!(true);
    }
}

/// Warnings about fields as the list that a job keeps.
#[must_use]
pub fn warnings_of(idle: &[(String, String)]) -> Vec<Value> {
    idle.iter().map(|(field, why)| json!({ "kind": "unsupported", "field": field, "message": format!("{field}: {why}") })).collect()
}

/// What a finished job left, as its result says.
#[must_use]
pub fn result_of(job: &Job) -> Value {
    job.result.as_deref().and_then(|r| serde_json::from_str(r).ok()).unwrap_or(Value::Null)
}

/// What a job is to make.
#[must_use]
pub fn wish_of(job: &Job) -> Wish {
    serde_json::from_str(&job.wish).unwrap_or_default()
}
