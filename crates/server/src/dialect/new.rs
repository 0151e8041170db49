//! The newer interface: the model in the path, settings and options, one query for all tasks, success is `succeeded`.

use super::{FPS, Links, PLAN, SEED, extras, prompt, rate, result_of, silent, wish_of, with_plan, wording};
use crate::catalogue::{Catalogue, Model, Tier};
use crate::form::{Effect, Field, Form, Kind, NO_PICTURES, read};
use crate::refusal::Refusal;
use crate::store::{Job, State};
use crate::wish::{Names, Order, ShotWish, What, Wish, price};
use serde_json::{Map, Value, json};

const NAMES: Names = Names { duration: "settings.duration", size: "settings.resolution", shots: "prompt", sound: "settings.audio" };

const fn film(name: &'static str, kind: Kind, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind, effect: Effect::Film, doc, sample }
}
const fn task(name: &'static str, kind: Kind, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind, effect: Effect::Task, doc, sample }
}

const fn refused(name: &'static str) -> Field {
    Field { name, kind: Kind::Json, effect: Effect::Refused(NO_PICTURES), doc: "", sample: "\"https://example.com/a.png\"" }
}

/// Fields of `settings`, with the words that `audio` takes.
const fn settings(audio: &'static [&'static str]) -> [Field; 9] {
    [
        film("resolution", Kind::Word(&["720p", "1080p", "4k"]), "Lines of the picture.", "\"1080p\""),
        film("aspect_ratio", Kind::Word(&["16:9", "9:16", "1:1"]), "Shape of the picture.", "\"9:16\""),
        film("duration", Kind::Whole(1, 180), "Seconds.", "10"),
        film("audio", Kind::Word(audio), "With sound, or silent.", "\"native\""),
        film("multi_shot", Kind::Flag, "Whether the director may cut.", "false"),
        FPS,
        SEED,
        PLAN,
        film("negative_prompt", Kind::Text(2500), "What must not be there.", "\"fox, music\""),
    ]
}

const WATERMARK: Effect = Effect::Nothing("no watermark is drawn");
const OPTIONS: &[Field] = &[
    task("callback_url", Kind::Text(2048), "Told of every change by Standard Webhooks.", "\"https://example.com/hook\""),
    task("external_task_id", Kind::Text(2048), "An id of your own, unique in the account.", "\"mine-1\""),
    Field { name: "watermark_info", kind: Kind::Object(&[film("enabled", Kind::Flag, "", "true")]), effect: WATERMARK, doc: "", sample: "{\"enabled\":true}" },
];

/// `/text-to-video/{model}`.
pub const TEXT_TO_VIDEO: &[Field] = &[
    film("prompt", Kind::Text(3072), "What is to be seen; \"shot 1, 3, words; shot 2, 2, words;\" lists shots with seconds.", "\"A dog runs on the beach\""),
    film("settings", Kind::Object(&settings(&["native", "off"])), "What kind of film.", "{\"duration\":10}"),
    task("options", Kind::Object(OPTIONS), "What is done with the task.", "{\"external_task_id\":\"mine-2\"}"),
];

const FILTER: &[Field] = &[
    task("key", Kind::Word(&["status", "product_type"]), "What is filtered.", "\"status\""),
    task("values", Kind::Json, "A list of words, one of which it must be.", "[\"submitted\"]"),
];

/// What the omni models are told and shown, piece by piece.
const CONTENTS: &[Field] = &[
    film(
        "type",
        Kind::Word(&["prompt", "first_frame", "last_frame", "refer_image", "element", "feature_video", "base_video", "voice"]),
        "prompt; the others need pictures, videos or recordings and are refused.",
        "\"prompt\"",
    ),
    film("text", Kind::Text(3072), "The words of a prompt.", "\"A dog runs on the beach\""),
    refused("url"),
    refused("element_id"),
    refused("voice_id"),
];

/// `/omni-video/{model}`, as far as it takes words.
pub const OMNI_VIDEO: &[Field] = &[
    film("prompt", Kind::Text(3072), "What is to be seen, if contents has no prompt.", "\"A dog runs on the beach\""),
    film("contents", Kind::List(CONTENTS, 20), "One piece of the type prompt.", r#"[{"type":"prompt","text":"A dog runs on the beach"}]"#),
    film("settings", Kind::Object(&settings(&["native", "original", "off"])), "What kind of film.", "{\"duration\":10}"),
    task("options", Kind::Object(OPTIONS), "What is done with the task.", "{\"external_task_id\":\"mine-2\"}"),
];

/// The words among the pieces of `contents`.
///
/// # Errors
/// If a piece is no words, or there are several prompts.
fn told(form: &Form) -> Result<Option<String>, Refusal> {
    let mut words = None;
    for (k, piece) in form.list("contents").iter().enumerate() {
        let at = |name: &str| format!("contents[{k}].{name}");
        match piece.text("type") {
            Some("prompt") => {}
            Some(other) => return Err(Refusal::Unsupported { field: at("type"), why: format!("{other}: {NO_PICTURES}") }),
            None => return Err(Refusal::wrong(at("type"), "is required")),
        }
        let text = piece.text("text").ok_or_else(|| Refusal::wrong(at("text"), "is required: say in words what is to be seen"))?;
        if words.replace(text.to_owned()).is_some() {
            return Err(Refusal::wrong(at("type"), "there is one prompt before it already; put all words into one"));
        }
    }
    Ok(words)
}

/// `POST /tasks`.
pub const TASKS: &[Field] = &[
    task("start_time", Kind::Whole(0, i64::MAX), "Milliseconds since 1970, from then on.", "1"),
    task("end_time", Kind::Whole(0, i64::MAX), "Milliseconds since 1970, before then.", "1"),
    task("cursor", Kind::Whole(0, i64::MAX), "next_cursor of the answer before.", "\"1\""),
    task("limit", Kind::Whole(1, 500), "At most so many; 100 if not given.", "1"),
    task("filters", Kind::List(FILTER, 10), "Which tasks.", r#"[{"key":"status","values":["succeeded"]}]"#),
];

/// Reads a call that makes a film.
///
/// # Errors
/// With the field that is wrong.
pub fn film_order(body: Map<String, Value>, name: &str, omni: bool, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let model = catalogue.model(name).filter(|m| m.omni == omni).ok_or_else(|| Refusal::NoModel(name.to_owned()))?;
    let crate::form::Read { form, mut idle } = read(if omni { OMNI_VIDEO } else { TEXT_TO_VIDEO }, body)?;
    let (settings, options) = (form.object("settings"), form.object("options"));
    if settings.text("audio") == Some("original") {
        return Err(Refusal::Unsupported { field: "settings.audio".into(), why: format!("original is the sound of a video; {NO_PICTURES}") });
    }
    let words = told(&form)?;
    let from_contents = words.is_some();
    let tier = settings.text("resolution").and_then(Tier::of).unwrap_or(Tier::P720);
    let (width, height) = settings.text("aspect_ratio").or(Some("16:9")).and_then(|a| tier.size(a)).unwrap_or((1280, 720));
    let planned = settings.has("plan");
    let text = match words {
        _ if planned => String::new(),
        Some(words) => wording(&words, model)?,
        None => prompt(&form, model)?,
    };
    let shots = listed(&text)?;
    let quiet = silent(settings.text("audio").map(|a| a == "native"), model, "settings.audio", &mut idle);
    let several = settings.flag("multi_shot").unwrap_or(model.shots > 1);
    let mut wish = Wish {
        prompt: text,
        negative: settings.text("negative_prompt").unwrap_or_default().to_owned(),
        count: if shots.is_empty() { count(several, settings.flag("multi_shot"), model) } else { u32::try_from(shots.len()).ok() },
        most: model.shots,
        milliseconds: settings.whole("duration").unwrap_or(5) * 1000,
        width,
        height,
        fps: rate(&settings, model).map_err(|e| prefixed(e, "settings."))?,
        seed: settings.whole("seed").and_then(|s| u64::try_from(s).ok()),
        silent: quiet,
        lips: model.lips.clone(),
        shots,
        ..Wish::default()
    };
    let overridden = ["resolution", "aspect_ratio", "duration", "audio", "multi_shot", "fps", "negative_prompt"];
    let mut of_plan = Vec::new();
    with_plan(&settings, &mut wish, &overridden, &mut of_plan).map_err(|e| prefixed(e, "settings."))?;
    idle.extend(of_plan.into_iter().map(|(f, w)| (format!("settings.{f}"), w)));
    for field in ["prompt", "contents"].into_iter().filter(|f| planned && form.has(f)) {
        idle.push((field.into(), "the plan that was given decides this".into()));
    }
    if !planned && from_contents && form.has("prompt") {
        idle.push(("prompt".into(), "the prompt of contents says what is seen; this one changed nothing".into()));
    }
    let sum: i64 = wish.shots.iter().map(|s| s.milliseconds).sum();
    if !wish.shots.is_empty() && sum != wish.milliseconds {
        return Err(Refusal::wrong("prompt", format!("its shots last {} s together, and settings.duration is {} s", sum / 1000, wish.seconds())));
    }
    Ok(Order {
        product: if omni { "omni-video" } else { "text-to-video" },
        model: model.name.clone(),
        price: price(&wish, model, &NAMES)?,
        wish,
        external: options.text("external_task_id").map(str::to_owned),
        callback: options.text("callback_url").map(str::to_owned),
        parent: None,
        slots: 1,
        idle,
    })
}

fn prefixed(refusal: Refusal, by: &str) -> Refusal {
    match refusal {
        Refusal::Wrong { field, what } => Refusal::Wrong { field: format!("{by}{field}"), what },
        other => other,
    }
}

fn count(several: bool, asked: Option<bool>, model: &Model) -> Option<u32> {
    match (several, asked) {
        (true, Some(true)) if model.shots == 1 => Some(2),
        (true, _) => None,
        (false, _) => Some(1),
    }
}

/// "shot 1, 3, a fox walks; shot 2, 2, it stops;" as shots with lengths; empty if the text is no such list.
///
/// # Errors
/// If it begins as such a list and does not go on as one.
pub fn listed(text: &str) -> Result<Vec<ShotWish>, Refusal> {
    let begins = |part: &str| {
        let (head, rest) = part.split_once([',', '，'])?;
        let number = head.trim().to_lowercase().strip_prefix("shot")?.trim().parse::<usize>().ok()?;
        let (seconds, words) = rest.split_once([',', '，'])?;
        let seconds: f64 = seconds.trim().trim_end_matches('s').trim().parse().ok()?;
        Some((number, seconds, words.trim().to_owned()))
    };
    let mut shots: Vec<(usize, ShotWish)> = Vec::new();
    for part in text.split([';', '；']).map(str::trim).filter(|p| !p.is_empty()) {
        match begins(part) {
            Some((number, seconds, words)) => {
                if !(1.0..=180.0).contains(&seconds) || words.is_empty() {
                    return Err(Refusal::wrong("prompt", format!("shot {number}: \"shot {number}, SECONDS, words;\" with 1 s or more")));
                }
                shots.push((number, ShotWish { prompt: words, milliseconds: (seconds * 1000.0).round() as i64 }));
            }
            // A semicolon within a shot's words.
            None if !shots.is_empty() => {
                if let Some(last) = shots.last_mut() {
                    last.1.prompt = format!("{}; {part}", last.1.prompt);
                }
            }
            None => return Ok(Vec::new()),
        }
    }
    if let Some((k, (number, _))) = shots.iter().enumerate().find(|(k, s)| s.0 != k + 1) {
        return Err(Refusal::wrong("prompt", format!("shot {number} stands where shot {} is expected", k + 1)));
    }
    if let Some((number, _)) = shots.iter().find(|s| s.1.prompt.chars().count() > 512) {
        return Err(Refusal::wrong("prompt", format!("shot {number} has more than 512 characters")));
    }
    Ok(shots.into_iter().map(|s| s.1).collect())
}

/// The word for a state.
#[must_use]
pub fn status(state: State) -> &'static str {
    match state {
        State::Queued => "submitted",
        State::Running => "processing",
        State::Succeeded => "succeeded",
        State::Failed | State::Cancelled => "failed",
    }
}

/// A filter's words as states.
///
/// # Errors
/// If a word is no status.
pub fn states(filter: &Form) -> Result<Vec<State>, Refusal> {
    let words = filter.json("values").and_then(Value::as_array).ok_or_else(|| Refusal::wrong("filters.values", "must be a list of words"))?;
    let mut states = Vec::new();
    for word in words {
        match word.as_str() {
            Some("submitted") => states.push(State::Queued),
            Some("processing") => states.push(State::Running),
            Some("succeeded") => states.push(State::Succeeded),
            Some("failed") => states.extend([State::Failed, State::Cancelled]),
            _ => return Err(Refusal::wrong("filters.values", "must be of: submitted, processing, succeeded, failed")),
        }
    }
    Ok(states)
}

/// A job in this interface's words.
#[must_use]
pub fn task_of(job: &Job, links: &Links) -> Value {
    let wish = wish_of(job);
    let mut task = json!({
        "id": job.id.to_string(),
        "status": status(job.state),
        "message": job.error.as_ref().map(|e| e.1.as_str()).unwrap_or_default(),
        "create_time": job.created_at,
        "update_time": job.updated_at,
        "external_id": job.external.as_deref().unwrap_or_default(),
        "product_type": job.product,
    });
    if job.state == State::Succeeded {
        let link = |name: &str| links.file(job.id, name);
        let outputs: Vec<Value> = match wish.what {
            What::Film => vec![
                json!({ "type": "video", "id": job.id.to_string(), "url": link("film.mp4"), "duration": result_of(job)["seconds"], "plan_url": link("film.plan.json") }),
            ],
            What::Picture => (0..wish.pictures).map(|k| json!({ "type": "image", "index": k, "url": link(&format!("picture-{k}.png")) })).collect(),
            What::Sound => vec![json!({ "type": "audio", "id": job.id.to_string(), "url": link("sound.wav"), "duration": result_of(job)["seconds"] })],
        };
        task["outputs"] = json!(outputs);
        task["billing"] =
            json!([{ "charge_type": "unit", "amount": job.price.units(), "package_type": if wish.what == What::Picture { "image" } else { "video" } }]);
    }
    extras(job, &wish, &mut task);
    task
}
