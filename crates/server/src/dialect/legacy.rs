//! The older interface: `/v1/...`, flat bodies, an envelope with numeric codes, success is `succeed`.

use super::{CAMERA, FPS, Links, PLAN, SEED, camera, extras, prompt, rate, result_of, silent, wish_of, with_plan};
use crate::catalogue::{Catalogue, Model, Sound, Tier};
use crate::form::{Effect, Field, Kind, NO_PICTURES, read};
use crate::refusal::Refusal;
use crate::store::{Job, State};
use crate::wish::{How, Names, Order, ShotWish, What, Wish, price};
use serde_json::{Map, Value, json};

const NAMES: Names = Names { duration: "duration", size: "mode", shots: "multi_shot", sound: "sound" };
const WATERMARK: &str = "no watermark is drawn";
const CFG: &str = "the engine follows the words as they stand and has no such scale";

const fn film(name: &'static str, kind: Kind, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind, effect: Effect::Film, doc, sample }
}
const fn task(name: &'static str, doc: &'static str, sample: &'static str) -> Field {
    Field { name, kind: Kind::Text(2048), effect: Effect::Task, doc, sample }
}
const fn idle(name: &'static str, kind: Kind, why: &'static str, sample: &'static str) -> Field {
    Field { name, kind, effect: Effect::Nothing(why), doc: "", sample }
}
const fn refused(name: &'static str) -> Field {
    Field { name, kind: Kind::Json, effect: Effect::Refused(NO_PICTURES), doc: "", sample: "[{\"x\":\"y\"}]" }
}

const PROMPT: Field = film("prompt", Kind::Text(3072), "What is to be seen, in words (en, zh, ja, ko, es).", "\"A dog runs on the beach\"");
const NEGATIVE: Field = film("negative_prompt", Kind::Text(2500), "What must not be there: whatever of it the plan has is taken out.", "\"fox, music\"");
const CALLBACK: Field = task("callback_url", "Told of every change by Standard Webhooks.", "\"https://example.com/hook\"");
const EXTERNAL: Field = task("external_task_id", "An id of your own, unique in the account.", "\"mine-1\"");
const WATERMARKS: Field = idle("watermark_info", Kind::Object(&[film("enabled", Kind::Flag, "", "true")]), WATERMARK, "{\"enabled\":true}");
const RATIOS: Kind = Kind::Word(&["16:9", "9:16", "1:1"]);
const SECONDS: Kind = Kind::Whole(1, 180);

const SHOTS: &[Field] = &[
    film("index", Kind::Whole(0, 60), "Where in the film, from 1.", "1"),
    film("prompt", Kind::Text(512), "What is to be seen in this shot.", "\"A fox sleeps\""),
    film("duration", SECONDS, "Its length in seconds, as text.", "\"2\""),
];
const VOICES: &[Field] = &[film("voice_id", Kind::Text(200), "A voice of presets-voices.", "\"af_heart\"")];

/// `/v1/videos/text2video`.
pub const TEXT2VIDEO: &[Field] = &[
    film("model_name", Kind::Text(60), "The model version; kling-v1 if not given.", "\"kling-v2-1\""),
    idle("model", Kind::Text(60), "the old name of model_name; it means kling-v1", "\"kling-v1\""),
    PROMPT,
    NEGATIVE,
    idle("cfg_scale", Kind::Number(0.0, 1.0), CFG, "0.7"),
    film("mode", Kind::Word(&["std", "pro", "4k"]), "720, 1080 or 2160 lines.", "\"pro\""),
    film("duration", SECONDS, "Seconds, as text.", "\"10\""),
    film("aspect_ratio", RATIOS, "Shape of the picture.", "\"9:16\""),
    film("sound", Kind::Word(&["on", "off"]), "With sound, or silent.", "\"on\""),
    film("multi_shot", Kind::Flag, "Several shots.", "true"),
    film(
        "shot_type",
        Kind::Word(&["customize", "intelligence"]),
        "customize: multi_prompt lists the shots; intelligence: the director cuts.",
        "\"intelligence\"",
    ),
    film(
        "multi_prompt",
        Kind::List(SHOTS, 60),
        "The shots in order; their lengths sum to duration.",
        r#"[{"index":1,"prompt":"A fox sleeps","duration":"2"},{"index":2,"prompt":"The fox runs","duration":"3"}]"#,
    ),
    film(
        "voice_list",
        Kind::List(VOICES, 2),
        "Voices, used as <<<voice_1>>> in the prompt, or by whoever speaks first and second.",
        "[{\"voice_id\":\"af_bella\"}]",
    ),
    refused("element_list"),
    film("camera_control", Kind::Object(CAMERA), "What the camera does in every shot.", r#"{"type":"simple","config":{"zoom":5}}"#),
    WATERMARKS,
    CALLBACK,
    EXTERNAL,
    FPS,
    SEED,
    PLAN,
];

/// `/v1/videos/omni-video`, as far as it takes words.
pub const OMNI: &[Field] = &[
    film("model_name", Kind::Text(60), "kling-video-o1 (if not given) or kling-v3-omni.", "\"kling-v3-omni\""),
    PROMPT,
    NEGATIVE,
    film("mode", Kind::Word(&["std", "pro", "4k"]), "720, 1080 (if not given) or 2160 lines.", "\"std\""),
    film("duration", SECONDS, "Seconds, as text.", "\"10\""),
    film("aspect_ratio", RATIOS, "Shape of the picture; required, as there is no first picture.", "\"9:16\""),
    film("sound", Kind::Word(&["on", "off"]), "With sound, or silent.", "\"on\""),
    film("multi_shot", Kind::Flag, "Several shots.", "true"),
    film("shot_type", Kind::Word(&["customize", "intelligence"]), "As in text2video.", "\"intelligence\""),
    film(
        "multi_prompt",
        Kind::List(SHOTS, 60),
        "As in text2video.",
        r#"[{"index":1,"prompt":"A fox sleeps","duration":"2"},{"index":2,"prompt":"The fox runs","duration":"3"}]"#,
    ),
    refused("image_list"),
    refused("element_list"),
    refused("video_list"),
    WATERMARKS,
    CALLBACK,
    EXTERNAL,
    FPS,
    SEED,
    PLAN,
];

/// `/v1/videos/video-extend`.
pub const EXTEND: &[Field] = &[
    Field { name: "video_id", kind: Kind::Text(60), effect: Effect::Task, doc: "The id of a video of this account.", sample: "\"2\"" },
    film("prompt", Kind::Text(2500), "What happens next; the film's own words if not given.", "\"The dog sleeps\""),
    NEGATIVE,
    idle("cfg_scale", Kind::Number(0.0, 1.0), CFG, "0.7"),
    WATERMARKS,
    CALLBACK,
    EXTERNAL,
];

/// `/v1/audio/text-to-audio`.
pub const SOUND: &[Field] = &[
    film("prompt", Kind::Text(200), "What is to be heard.", "\"rain\""),
    film("duration", Kind::Number(3.0, 10.0), "Seconds.", "4"),
    CALLBACK,
    EXTERNAL,
    SEED,
];

/// `/v1/audio/tts`.
pub const SPEECH: &[Field] = &[
    film("text", Kind::Text(1000), "What is said.", "\"Good evening\""),
    film("voice_id", Kind::Text(200), "A voice of presets-voices.", "\"af_bella\""),
    film("voice_language", Kind::Word(&["zh", "en", "ja", "ko", "es"]), "The language of the text.", "\"es\""),
    film("voice_speed", Kind::Number(0.8, 2.0), "Factor on speed.", "1.5"),
];

/// `/v1/images/generations`.
pub const PICTURES: &[Field] = &[
    idle("model_name", Kind::Text(60), "one engine draws all pictures", "\"kling-v3\""),
    PROMPT,
    NEGATIVE,
    refused("image"),
    refused("image_reference"),
    refused("image_fidelity"),
    refused("human_fidelity"),
    refused("element_list"),
    film("resolution", Kind::Word(&["1k", "2k"]), "About 1024 or 2048 pixels.", "\"2k\""),
    film("n", Kind::Whole(1, 9), "How many, each with the next seed.", "2"),
    film("aspect_ratio", Kind::Word(&["16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9"]), "Shape of the picture.", "\"1:1\""),
    WATERMARKS,
    CALLBACK,
    EXTERNAL,
    SEED,
];

/// Reads a call that makes a film from words.
///
/// # Errors
/// With the field that is wrong.
pub fn film_order(body: Map<String, Value>, omni: bool, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let table = if omni { OMNI } else { TEXT2VIDEO };
    let crate::form::Read { form, mut idle } = read(table, body)?;
    let name = form.text("model_name").unwrap_or(if omni { "kling-video-o1" } else { "kling-v1" });
    let model = catalogue.model(name).filter(|m| m.omni == omni || m.name == "kinora").ok_or_else(|| Refusal::NoModel(name.to_owned()))?;
    let planned = form.has("plan");
    let shots = shot_list(&form)?;
    let tier = form.text("mode").and_then(Tier::of).unwrap_or(if omni { Tier::P1080 } else { Tier::P720 });
    if omni && !form.has("aspect_ratio") && !planned {
        return Err(Refusal::wrong("aspect_ratio", "is required without a first picture or a video"));
    }
    let (width, height) = form.text("aspect_ratio").or(Some("16:9")).and_then(|a| tier.size(a)).unwrap_or((1280, 720));
    let voices: Vec<String> = form.list("voice_list").iter().filter_map(|v| v.text("voice_id").map(str::to_owned)).collect();
    let milliseconds = form.whole("duration").unwrap_or(5) * 1000;
    let mut wish = Wish {
        prompt: if planned || !shots.is_empty() { String::new() } else { prompt(&form, model)? },
        negative: form.text("negative_prompt").unwrap_or_default().to_owned(),
        count: count(&form, model, &shots),
        shots,
        most: model.shots,
        milliseconds,
        width,
        height,
        fps: rate(&form, model)?,
        seed: form.whole("seed").and_then(|s| u64::try_from(s).ok()),
        silent: silent(form.text("sound").map(|s| s == "on"), model, "sound", &mut idle),
        camera: camera(&form.object("camera_control"), &mut idle)?,
        voices,
        lips: model.lips.clone(),
        ..Wish::default()
    };
    let overridden = [
        "prompt",
        "negative_prompt",
        "mode",
        "duration",
        "aspect_ratio",
        "sound",
        "multi_shot",
        "shot_type",
        "multi_prompt",
        "voice_list",
        "camera_control",
        "fps",
    ];
    with_plan(&form, &mut wish, &overridden, &mut idle)?;
    check_shots(&wish, &form, &mut idle)?;
    check_voices(&wish, model)?;
    Ok(Order {
        product: if omni { "omni-video" } else { "text2video" },
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

/// The shots of `multi_prompt` in their order.
fn shot_list(form: &crate::form::Form) -> Result<Vec<ShotWish>, Refusal> {
    if form.flag("multi_shot") != Some(true) || form.text("shot_type") == Some("intelligence") {
        return Ok(Vec::new());
    }
    let mut shots = Vec::new();
    for (k, shot) in form.list("multi_prompt").iter().enumerate() {
        let at = |name: &str| format!("multi_prompt[{k}].{name}");
        let words = shot.text("prompt").map(str::trim).filter(|t| !t.is_empty()).ok_or_else(|| Refusal::wrong(at("prompt"), "is required"))?;
        let seconds = shot.whole("duration").ok_or_else(|| Refusal::wrong(at("duration"), "is required"))?;
        let place = shot.whole("index").unwrap_or(k as i64 + 1);
        shots.push((place, ShotWish { prompt: words.to_owned(), milliseconds: seconds * 1000 }));
    }
    shots.sort_by_key(|s| s.0);
    if let Some(pair) = shots.windows(2).find(|w| w[0].0 == w[1].0) {
        return Err(Refusal::wrong("multi_prompt", format!("two shots have the index {}", pair[0].0)));
    }
    if shots.is_empty() && form.text("shot_type") == Some("customize") {
        return Err(Refusal::wrong("multi_prompt", "is required with shot_type customize: a list of 1 to 6 shots"));
    }
    Ok(shots.into_iter().map(|s| s.1).collect())
}

/// How many shots exactly; none = the director decides.
fn count(form: &crate::form::Form, model: &Model, shots: &[ShotWish]) -> Option<u32> {
    match form.flag("multi_shot") {
        _ if !shots.is_empty() => u32::try_from(shots.len()).ok(),
        // One more than a model has is refused with the model's number.
        Some(true) if model.shots == 1 => Some(2),
        Some(true) => None,
        _ => Some(1),
    }
}

fn check_shots(wish: &Wish, form: &crate::form::Form, idle: &mut Vec<(String, String)>) -> Result<(), Refusal> {
    if wish.plan.is_some() {
        return Ok(());
    }
    let sum: i64 = wish.shots.iter().map(|s| s.milliseconds).sum();
    if !wish.shots.is_empty() && sum != wish.milliseconds {
        return Err(Refusal::wrong("multi_prompt", format!("its shots last {} s together, and duration is {} s", sum / 1000, wish.seconds())));
    }
    let mut note = |field: &str, why: &str| idle.push((field.to_owned(), why.to_owned()));
    if !wish.shots.is_empty() && form.has("prompt") {
        note("prompt", "multi_prompt says what is seen; the prompt changed nothing");
    }
    let several = form.flag("multi_shot") == Some(true);
    if wish.shots.is_empty() && form.has("multi_prompt") {
        note("multi_prompt", "changed nothing: it needs multi_shot true and shot_type customize");
    }
    if !several && form.has("shot_type") {
        note("shot_type", "changed nothing without multi_shot true");
    }
    Ok(())
}

fn check_voices(wish: &Wish, model: &Model) -> Result<(), Refusal> {
    for (k, voice) in wish.voices.iter().enumerate() {
        kinora::speech::of_name(voice).map_err(|e| Refusal::wrong(format!("voice_list[{k}].voice_id"), e.to_string()))?;
    }
    if !wish.voices.is_empty() && wish.silent {
        let hint = if model.sound == Sound::Never { "has no sound" } else { "needs sound on" };
        return Err(Refusal::wrong("voice_list", format!("{} {hint}", model.name)));
    }
    Ok(())
}

/// Reads a call that makes a film longer; `parent` finds it.
///
/// # Errors
/// If there is no such video, or its model cannot be extended.
pub fn extend_order(body: Map<String, Value>, parent: impl FnOnce(&str) -> Option<Job>, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let crate::form::Read { form, idle } = read(EXTEND, body)?;
    let id = form.text("video_id").ok_or_else(|| Refusal::wrong("video_id", "is required"))?;
    let parent = parent(id).ok_or_else(|| Refusal::NotThere { what: "video", id: id.to_owned() })?;
    let model = catalogue.model(&parent.model).ok_or_else(|| Refusal::NoModel(parent.model.clone()))?;
    if !model.extend {
        let what = format!(
            "was made by {}; only films of kling-v1, kling-v1-5, kling-v1-6 and kinora can be extended here (POST /v1/videos/extensions extends all)",
            model.name
        );
        return Err(Refusal::wrong("video_id", what));
    }
    let wish = longer(&parent, form.text("prompt").unwrap_or_default(), 5000)?;
    let wish = Wish { negative: form.text("negative_prompt").unwrap_or_default().to_owned(), ..wish };
    let price = model.price(wish.tier(), !wish.silent, false, 5000).ok_or_else(|| Refusal::wrong("video_id", "has a size that its model does not make"))?;
    Ok(Order {
        product: "video-extend",
        model: model.name.clone(),
        wish,
        price,
        external: form.text("external_task_id").map(str::to_owned),
        callback: form.text("callback_url").map(str::to_owned),
        parent: Some(parent.id),
        slots: 1,
        idle,
    })
}

/// The longest film that is made by going on.
const LONGEST: i64 = 180_000;

/// A film that goes on from another.
///
/// # Errors
/// If it is no film that is done, or would be too long.
pub fn longer(parent: &Job, prompt: &str, milliseconds: i64) -> Result<Wish, Refusal> {
    let before = wish_of(parent);
    if before.what != What::Film {
        return Err(Refusal::wrong("video_id", "is no video"));
    }
    if parent.state != State::Succeeded {
        return Err(Refusal::NotReady(format!("video {} is not finished; only finished videos go on", parent.id)));
    }
    if parent.deleted {
        return Err(Refusal::Gone(format!("video {}", parent.id)));
    }
    if before.milliseconds + milliseconds > LONGEST {
        return Err(Refusal::wrong("video_id", format!("lasts {} s; a film has at most 180 s", before.seconds())));
    }
    let prompt = if prompt.trim().is_empty() { before.prompt.clone() } else { prompt.to_owned() };
    let all = before.milliseconds + milliseconds;
    Ok(Wish { prompt, milliseconds: all, shots: Vec::new(), count: None, plan: None, camera: None, voices: Vec::new(), how: Some(How::Extend), ..before })
}

/// Reads a call that makes a sound.
///
/// # Errors
/// With the field that is wrong.
pub fn sound_order(body: Map<String, Value>, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let crate::form::Read { form, idle } = read(SOUND, body)?;
    let text = form.text("prompt").map(str::trim).filter(|t| !t.is_empty()).ok_or_else(|| Refusal::wrong("prompt", "is required"))?;
    let seconds = form.number("duration").ok_or_else(|| Refusal::wrong("duration", "is required: 3.0 to 10.0"))?;
    let wish = Wish {
        what: What::Sound,
        prompt: text.to_owned(),
        milliseconds: (seconds * 1000.0).round() as i64,
        seed: form.whole("seed").and_then(|s| u64::try_from(s).ok()),
        fps: 24,
        most: 1,
        ..Wish::default()
    };
    Ok(Order {
        product: "text-to-audio",
        model: "kinora".into(),
        wish,
        price: catalogue.costs.sound,
        external: form.text("external_task_id").map(str::to_owned),
        callback: form.text("callback_url").map(str::to_owned),
        parent: None,
        slots: 1,
        idle,
    })
}

/// Reads a call that makes pictures.
///
/// # Errors
/// With the field that is wrong.
pub fn picture_order(body: Map<String, Value>, catalogue: &Catalogue) -> Result<Order, Refusal> {
    let crate::form::Read { form, idle } = read(PICTURES, body)?;
    let model = catalogue.model("kinora").ok_or_else(|| Refusal::NoModel("kinora".into()))?;
    let n = form.whole("n").unwrap_or(1);
    let resolution = form.text("resolution").unwrap_or("1k");
    let side = if resolution == "2k" { 2048.0 } else { 1024.0 };
    let (a, b) = form.text("aspect_ratio").unwrap_or("16:9").split_once(':').unwrap_or(("16", "9"));
    let ratio = a.parse::<f64>().unwrap_or(16.0) / b.parse::<f64>().unwrap_or(9.0);
    let even = |v: f64| (v / 2.0).round() as u32 * 2;
    let (_, cost) = catalogue.costs.pictures.iter().find(|p| p.0 == resolution).ok_or_else(|| Refusal::wrong("resolution", "must be 1k or 2k"))?;
    let wish = Wish {
        what: What::Picture,
        prompt: prompt(&form, model)?,
        negative: form.text("negative_prompt").unwrap_or_default().to_owned(),
        // The same area in every shape.
        width: even(side * ratio.sqrt()),
        height: even(side / ratio.sqrt()),
        fps: 24,
        milliseconds: 3000,
        count: Some(1),
        most: 1,
        silent: true,
        seed: form.whole("seed").and_then(|s| u64::try_from(s).ok()),
        pictures: u32::try_from(n).unwrap_or(1),
        ..Wish::default()
    };
    Ok(Order {
        product: "images",
        model: "kinora".into(),
        wish,
        price: *cost * n,
        external: form.text("external_task_id").map(str::to_owned),
        callback: form.text("callback_url").map(str::to_owned),
        parent: None,
        slots: n,
        idle,
    })
}

/// The word for a state.
#[must_use]
pub fn status(state: State) -> &'static str {
    match state {
        State::Queued => "submitted",
        State::Running => "processing",
        State::Succeeded => "succeed",
        State::Failed | State::Cancelled => "failed",
    }
}

/// A job in this interface's words.
#[must_use]
pub fn task_of(job: &Job, links: &Links) -> Value {
    let wish = wish_of(job);
    let mut task = json!({
        "task_id": job.id.to_string(),
        "task_status": status(job.state),
        "task_status_msg": job.error.as_ref().map(|e| e.1.as_str()).unwrap_or_default(),
        "task_info": { "external_task_id": job.external.as_deref().unwrap_or_default() },
        "created_at": job.created_at,
        "updated_at": job.updated_at,
    });
    if let Some(parent) = job.parent {
        let length = result_of(job)["parent_seconds"].as_str().unwrap_or_default().to_owned();
        task["task_info"]["parent_video"] = json!({ "id": parent.to_string(), "url": links.file(parent, "film.mp4"), "duration": length });
    }
    if wish.what == What::Film {
        task["watermark_info"] = json!({ "enabled": false });
    }
    if job.state == State::Succeeded {
        task["task_result"] = made(job, &wish, links);
        task["final_unit_deduction"] = job.price.units().into();
        // Everything is paid in units, nothing in money.
        task["final_balance_deduction"] = json!({ "quota": "0", "list_price": "0" });
    }
    extras(job, &wish, &mut task);
    task
}

fn made(job: &Job, wish: &Wish, links: &Links) -> Value {
    let result = result_of(job);
    let link = |name: &str| links.file(job.id, name);
    match wish.what {
        What::Film => {
            json!({ "videos": [{ "id": job.id.to_string(), "url": link("film.mp4"), "watermark_url": "", "duration": result["seconds"], "plan_url": link("film.plan.json") }] })
        }
        What::Picture => {
            let all = (0..wish.pictures).map(|k| json!({ "index": k, "url": link(&format!("picture-{k}.png")), "watermark_url": "" }));
            json!({ "images": all.collect::<Vec<_>>() })
        }
        What::Sound => {
            let mp3 = result["mp3"].as_bool() == Some(true);
            let other = if mp3 { link("sound.mp3") } else { String::new() };
            let length = result["seconds"].clone();
            json!({ "audios": [{ "id": job.id.to_string(), "url_mp3": other, "url_wav": link("sound.wav"), "duration_mp3": if mp3 { length.clone() } else { "".into() }, "duration_wav": length }] })
        }
    }
}
