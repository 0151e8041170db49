//! `/v1/videos`: the interface that self-hosted video servers share.

use super::{FPS, Links, PLAN, SEED, extras, prompt, rate, silent, wish_of, with_plan};
use crate::catalogue::Catalogue;
use crate::form::{Effect, Field, Kind, NO_PICTURES, read};
use crate::refusal::Refusal;
use crate::store::{Job, State};
use crate::wish::{How, Names, Order, Wish, price};
use serde_json::{Map, Value, json};

const NAMES: Names = Names { duration: "seconds", size: "size", shots: "shots", sound: "generate_sound" };

const fn film(name: &'static str, kind: Kind, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind, effect: Effect::Film, doc, sample }
}
const fn task(name: &'static str, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind: Kind::Text(2048), effect: Effect::Task, doc, sample }
}
const fn idle(name: &'static str, why: &'static str, sample: &'static str) -> Field {
    Field { name, kind: Kind::Json, effect: Effect::Nothing(why), doc: "", sample }
}
const fn refused(name: &'static str) -> Field {
    Field { name, kind: Kind::Json, effect: Effect::Refused(NO_PICTURES), doc: "", sample: "{\"image_url\":\"x\"}" }
}

const NO_DIFFUSION: &str = "belongs to engines that remove noise step by step; this one builds and draws the scene";

/// `POST /v1/videos`.
pub const CREATE: &[Field] = &[
    film("prompt", Kind::Text(3072), "What is to be seen, in words (en, zh, ja, ko, es).", "\"A dog runs on the beach\""),
    film("model", Kind::Text(60), "kinora (if not given) or any model version of the other interfaces.", "\"kling-v2-5-turbo\""),
    film("seconds", Kind::Number(1.0, 180.0), "Its length; 4 if not given.", "\"8\""),
    film("size", Kind::Text(20), "Pixels across x down, such as 1280x720 (if not given).", "\"720x1280\""),
    refused("input_reference"),
    refused("image_reference"),
    refused("video_reference"),
    refused("audio_reference"),
    SEED,
    FPS,
    film("num_frames", Kind::Whole(1, 10_800), "Its length in frames, if seconds is not given.", "240"),
    film("width", Kind::Whole(64, 3840), "Pixels across, with height, if size is not given.", "640"),
    film("height", Kind::Whole(64, 3840), "Pixels down.", "640"),
    film("aspect_ratio", Kind::Word(&["16:9", "9:16", "1:1"]), "Shape of 720-line pictures, if no size is given.", "\"1:1\""),
    film("negative_prompt", Kind::Text(2500), "What must not be there.", "\"fox, music\""),
    film("generate_sound", Kind::Flag, "With sound (if not given) or silent.", "false"),
    film("shots", Kind::Whole(1, 60), "Exactly so many shots; the director decides if not given.", "2"),
    idle("num_inference_steps", NO_DIFFUSION, "30"),
    idle("guidance_scale", NO_DIFFUSION, "7.5"),
    idle("guidance_scale_2", NO_DIFFUSION, "7.5"),
    idle("flow_shift", NO_DIFFUSION, "3"),
    idle("lora", NO_DIFFUSION, "\"x\""),
    idle("extra_params", "nothing of it is known to this engine", "{\"x\":1}"),
    idle("sound_duration", "the sound is as long as the film", "4"),
    idle("enable_frame_interpolation", "every frame is drawn; ask for more with fps", "true"),
    PLAN,
    task("callback_url", "Told of every change by Standard Webhooks.", "\"https://example.com/hook\""),
    task("external_task_id", "An id of your own, unique in the account.", "\"mine-1\""),
];

/// `POST /v1/videos/{id}/remix`.
pub const REMIX: &[Field] = &[film("prompt", Kind::Text(3072), "What is to be seen instead.", "\"A dog runs on the beach\"")];

/// `POST /v1/videos/extensions`.
pub const EXTEND: &[Field] = &[
    film("prompt", Kind::Text(3072), "What happens next.", "\"The fox sleeps\""),
    film("seconds", Kind::Number(0.5, 180.0), "How much longer; 4 if not given.", "\"8\""),
    Field { name: "video", kind: Kind::Json, effect: Effect::Task, doc: "The video: {\"id\": ...} or its id.", sample: "{\"id\":\"2\"}" },
];

/// Reads a call that makes a film.
///
/// # Errors
/// With the field that is wrong.
pub fn film_order(body: Map<String, Value>, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let crate::form::Read { form, mut idle } = read(CREATE, body)?;
    let name = form.text("model").unwrap_or("kinora");
    let model = catalogue.model(name).ok_or_else(|| Refusal::NoModel(name.to_owned()))?;
    let planned = form.has("plan");
    let fps = rate(&form, model)?;
    let mut note = |field: &str, why: &str| idle.push((field.to_owned(), why.to_owned()));
    let milliseconds = match (form.number("seconds"), form.whole("num_frames")) {
        (Some(seconds), frames) => {
            if frames.is_some() {
                note("num_frames", "seconds says how long the film is");
            }
            (seconds * 1000.0).round() as i64
        }
        (None, Some(frames)) => (frames * 1000 + i64::from(fps) / 2) / i64::from(fps),
        (None, None) => {
            if model.durations.allow(4) {
                4000
            } else {
                5000
            }
        }
    };
    let (width, height) = match (form.text("size"), form.whole("width"), form.whole("height"), form.text("aspect_ratio")) {
        (Some(size), w, h, a) => {
            let given = [("width", w.is_some()), ("height", h.is_some()), ("aspect_ratio", a.is_some())];
            given.iter().filter(|g| g.1).for_each(|g| note(g.0, "size says how large the pictures are"));
            pixels(size)?
        }
        (None, Some(w), Some(h), a) => {
            if a.is_some() {
                note("aspect_ratio", "width and height say how large the pictures are");
            }
            sized(w, h).ok_or_else(|| Refusal::wrong("width", "width and height must be even, from 64, and at most 3840x2160 or 2160x3840"))?
        }
        (None, Some(_), None, _) => return Err(Refusal::wrong("height", "is required with width")),
        (None, None, Some(_), _) => return Err(Refusal::wrong("width", "is required with height")),
        (None, None, None, a) => crate::catalogue::Tier::P720.size(a.unwrap_or("16:9")).unwrap_or((1280, 720)),
    };
    let shots = form.whole("shots").and_then(|n| u32::try_from(n).ok());
    let mut wish = Wish {
        prompt: if planned { String::new() } else { prompt(&form, model)? },
        negative: form.text("negative_prompt").unwrap_or_default().to_owned(),
        count: shots.or((model.shots == 1).then_some(1)),
        most: model.shots,
        milliseconds,
        width,
        height,
        fps,
        seed: form.whole("seed").and_then(|s| u64::try_from(s).ok()),
        silent: silent(form.flag("generate_sound"), model, "generate_sound", &mut idle),
        lips: model.lips.clone(),
        ..Wish::default()
    };
    let overridden = ["prompt", "negative_prompt", "seconds", "num_frames", "size", "width", "height", "aspect_ratio", "generate_sound", "shots", "fps"];
    with_plan(&form, &mut wish, &overridden, &mut idle)?;
    Ok(Order {
        product: "videos",
        model: model.name.clone(),
        price: price(&wish, model, &NAMES)?,
        wish,
        external: form.text("external_task_id").map(str::to_owned),
        callback: form.text("callback_url").map(str::to_owned),
        parent: None,
        slots: 1,
        idle,
    })
}

fn pixels(size: &str) -> Result<(u32, u32), Refusal> {
    let parsed = size.split_once(['x', 'X', '*']).and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    parsed.and_then(|(w, h)| sized(w, h)).ok_or_else(|| Refusal::wrong("size", "must be such as 1280x720: even, from 64, at most 3840x2160 or 2160x3840"))
}

fn sized(w: i64, h: i64) -> Option<(u32, u32)> {
    let fits = |v: i64| (64..=3840).contains(&v) && v % 2 == 0;
    (fits(w) && fits(h) && w * h <= 3840 * 2160).then_some((u32::try_from(w).ok()?, u32::try_from(h).ok()?))
}

/// Reads a call that makes another film of the same kind.
///
/// # Errors
/// With the field that is wrong.
pub fn remix_order(body: Map<String, Value>, parent: &Job, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let crate::form::Read { form, idle } = read(REMIX, body)?;
    let model = catalogue.model(&parent.model).ok_or_else(|| Refusal::NoModel(parent.model.clone()))?;
    let before = wish_of(parent);
    if before.what != crate::wish::What::Film {
        return Err(Refusal::wrong("video", "is no video"));
    }
    let count = if before.plan.is_some() { None } else { before.count.filter(|_| before.shots.is_empty()) };
    let wish = Wish { prompt: prompt(&form, model)?, how: Some(How::Remix), shots: Vec::new(), plan: None, count, ..before };
    let price = model.price(wish.tier(), !wish.silent, !wish.voices.is_empty(), wish.milliseconds);
    let price = price.ok_or_else(|| Refusal::wrong("video", "has a size that its model does not make"))?;
    Ok(Order { product: "videos", model: model.name.clone(), wish, price, external: None, callback: None, parent: Some(parent.id), slots: 1, idle })
}

/// The id of a video as callers write it: `video_1`, `1`, `{"id": ...}`.
#[must_use]
pub fn id_in(value: &Value) -> Option<i64> {
    match value {
        Value::Object(map) => map.get("id").and_then(id_in),
        Value::String(text) if text.trim_start().starts_with('{') => serde_json::from_str(text).ok().as_ref().and_then(id_in),
        Value::String(text) => id_of(text),
        Value::Number(n) => n.as_i64(),
        _ => None,
    }
}

/// The number in `video_1` or `1`.
#[must_use]
pub fn id_of(text: &str) -> Option<i64> {
    let digits = text.strip_prefix("video_").unwrap_or(text);
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Reads a call that makes a film longer; `parent` finds it.
///
/// # Errors
/// With the field that is wrong.
pub fn extend_order(body: Map<String, Value>, parent: impl FnOnce(i64) -> Option<Job>, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let crate::form::Read { form, idle } = read(EXTEND, body)?;
    let video = form.json("video").ok_or_else(|| Refusal::wrong("video", "is required: {\"id\": \"video_...\"}"))?;
    let id = id_in(video).ok_or_else(|| Refusal::wrong("video", "must be {\"id\": \"video_...\"}"))?;
    let parent = parent(id).ok_or_else(|| Refusal::NotThere { what: "video", id: format!("video_{id}") })?;
    let model = catalogue.model(&parent.model).ok_or_else(|| Refusal::NoModel(parent.model.clone()))?;
    let text = prompt(&form, model)?;
    let more = (form.number("seconds").unwrap_or(4.0) * 1000.0).round() as i64;
    let wish = super::legacy::longer(&parent, &text, more)?;
    let price = model.price(wish.tier(), !wish.silent, false, more).ok_or_else(|| Refusal::wrong("video", "has a size that its model does not make"))?;
    Ok(Order { product: "videos", model: model.name.clone(), wish, price, external: None, callback: None, parent: Some(parent.id), slots: 1, idle })
}

/// The word for a state.
#[must_use]
pub fn status(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Running => "in_progress",
        State::Succeeded => "completed",
        State::Failed | State::Cancelled => "failed",
    }
}

/// A job in this interface's words.
#[must_use]
pub fn video_of(job: &Job, links: &Links) -> Value {
    let wish = wish_of(job);
    let mut video = json!({
        "id": format!("video_{}", job.id),
        "object": "video",
        "model": job.model,
        "status": status(job.state),
        "progress": 0,
        "created_at": job.created_at / 1000,
        "completed_at": job.finished_at.filter(|_| job.state == State::Succeeded).map(|t| t / 1000),
        "expires_at": job.expires_at.map(|t| t / 1000),
        "size": wish.size(),
        "seconds": wish.seconds(),
        "prompt": wish.prompt,
        "remixed_from_video_id": job.parent.filter(|_| wish.how == Some(How::Remix)).map(|p| format!("video_{p}")),
        "error": job.error.as_ref().map(|(code, message)| json!({ "code": code, "message": message })),
    });
    if job.state == State::Succeeded && !job.deleted {
        video["url"] = links.file(job.id, "film.mp4").into();
    }
    extras(job, &wish, &mut video);
    video
}
