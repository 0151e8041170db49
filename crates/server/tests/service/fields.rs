//! One table test over all fields of all interfaces: whatever is accepted changes plan, price or file, names the task, or comes back as a
//! warning that names it; whatever is not is refused with its name.

use crate::common::real;
use kinora_server::catalogue::Catalogue;
use kinora_server::dialect::{legacy, new, videos, warnings_of};
use kinora_server::engine::Engine as _;
use kinora_server::form::{Effect, Field, Kind, read};
use kinora_server::refusal::Refusal;
use kinora_server::store::{Job, State};
use kinora_server::wish::{Order, Wish};
use kinora_server::{Endpoint, endpoints};
use serde_json::{Map, Value, json};

/// A film that is done, to go on from.
fn parent() -> Job {
    let wish = Wish {
        prompt: "A fox walks".into(),
        milliseconds: 5000,
        width: 1280,
        height: 720,
        fps: 24,
        most: 1,
        seed: Some(1),
        silent: true,
        count: Some(1),
        ..Wish::default()
    };
    Job {
        id: 2,
        account: 1,
        dialect: "legacy".into(),
        product: "text2video".into(),
        model: "kling-v1".into(),
        external: None,
        state: State::Succeeded,
        price: kinora_server::money::Credits(1),
        wish: serde_json::to_string(&wish).expect("JSON"),
        warnings: "[]".into(),
        result: None,
        error: None,
        parent: None,
        progress: 1000,
        attempt: 1,
        beats: 0,
        created_at: 0,
        updated_at: 0,
        finished_at: Some(0),
        expires_at: None,
        deleted: false,
    }
}

fn found(id: Option<i64>) -> Option<Job> {
    id.map(|id| Job { id, ..parent() })
}

/// A call as its handler reads it; none if it makes no order.
fn order(path: &str, body: &Value) -> Option<Result<Order, Refusal>> {
    let (all, map) = (Catalogue::built_in(), body.as_object().cloned().unwrap_or_default());
    Some(match path {
        "/v1/videos/text2video" => legacy::film_order(map, false, all),
        "/v1/videos/omni-video" => legacy::film_order(map, true, all),
        "/v1/videos/video-extend" => legacy::extend_order(map, |id| found(videos::id_of(id)), all),
        "/v1/audio/text-to-audio" => legacy::sound_order(map, all),
        "/v1/images/generations" => legacy::picture_order(map, all),
        "/text-to-video/{model}" => new::film_order(map, "kling-3.0", false, all),
        "/omni-video/{model}" => new::film_order(map, "kling-3.0-omni", true, all),
        "/v1/videos" => videos::film_order(map, all),
        "/v1/videos/extensions" => videos::extend_order(map, |id| found(Some(id)), all),
        "/v1/videos/{id}/remix" => videos::remix_order(map, &parent(), all),
        _ => return None,
    })
}

/// What a call holds without the field: as little as possible, and what the field needs to mean anything.
fn base(path: &str, field: &str) -> Value {
    let words = "A fox walks and music plays. \"Hello,\" says the girl.";
    match (path, field) {
        ("/v1/videos/text2video", "mode") => json!({ "prompt": words }),
        ("/v1/videos/text2video", "sound") => json!({ "prompt": words, "model_name": "kling-v3" }),
        ("/v1/videos/text2video", f) if f.starts_with("voice_list") => json!({ "prompt": words, "model_name": "kling-v3", "sound": "on" }),
        ("/v1/videos/text2video", "multi_shot") => json!({ "prompt": words, "model_name": "kling-v3" }),
        ("/v1/videos/text2video" | "/v1/videos/omni-video", "shot_type") => {
            let omni = if path.ends_with("omni-video") { "kling-v3-omni" } else { "kling-v3" };
            let shots = json!([{ "index": 1, "prompt": "A fox walks", "duration": "3" }, { "index": 2, "prompt": "A dog runs", "duration": "2" }]);
            json!({ "prompt": words, "model_name": omni, "aspect_ratio": "16:9", "multi_shot": true, "multi_prompt": shots })
        }
        ("/v1/videos/text2video", f) if f.starts_with("multi_prompt") => {
            json!({ "prompt": words, "model_name": "kling-v3", "multi_shot": true })
        }
        ("/v1/videos/omni-video", f) if f.starts_with("multi_prompt") => {
            json!({ "prompt": words, "model_name": "kling-v3-omni", "aspect_ratio": "16:9", "multi_shot": true })
        }
        // The other omni model makes no film of that length.
        ("/v1/videos/omni-video", "model_name") => json!({ "prompt": words, "aspect_ratio": "16:9", "duration": "12" }),
        ("/v1/videos/omni-video", "sound" | "multi_shot") => json!({ "prompt": words, "model_name": "kling-v3-omni", "aspect_ratio": "16:9" }),
        ("/v1/videos/omni-video", _) => json!({ "prompt": words, "aspect_ratio": "16:9" }),
        ("/v1/videos/video-extend", _) => json!({ "video_id": "1", "prompt": "The fox runs and a dog comes" }),
        ("/v1/audio/text-to-audio", _) => json!({ "prompt": "thunder", "duration": 3 }),
        ("/v1/images/generations", _) => json!({ "prompt": words }),
        ("/v1/audio/tts" | "/tasks" | "/account/billing/package" | "/account/billing/balance", _) => json!({}),
        ("/v1/videos/extensions", _) => json!({ "prompt": "The fox runs", "video": { "id": "video_1" } }),
        ("/v1/videos", "width") => json!({ "prompt": words, "height": 640 }),
        ("/v1/videos", "height") => json!({ "prompt": words, "width": 640 }),
        _ => json!({ "prompt": words }),
    }
}

/// Paths of all fields of a table, those inside included: `camera_control.config.zoom`.
fn all(fields: &'static [Field], at: &str, out: &mut Vec<(String, &'static Field)>) {
    for field in fields {
        let path = if at.is_empty() { field.name.to_owned() } else { format!("{at}.{}", field.name) };
        if let (Kind::Object(inside) | Kind::List(inside, _), Effect::Film | Effect::Task) = (field.kind, field.effect) {
            all(inside, &path, out);
        }
        out.push((path, field));
    }
}

/// A body with a field, inside others if need be; lists get one entry or change their first.
fn with(body: &Value, path: &str, value: Value) -> Value {
    let mut body = body.clone();
    match path.split_once('.') {
        None => body[path] = value,
        Some((outer, inner)) => {
            let inside = match (outer, body.get(outer)) {
                (_, Some(there)) => there.clone(),
                ("multi_prompt", None) => {
                    let rest = if inner == "duration" { "3" } else { "2" };
                    json!([{ "index": 2, "prompt": "A fox walks", "duration": "3" }, { "index": 3, "prompt": "A dog runs", "duration": rest }])
                }
                ("voice_list", None) => json!([{ "voice_id": "am_puck" }]),
                ("contents", None) => json!([{ "type": "prompt", "text": "A cat sleeps" }]),
                ("filters", None) => json!([{ "key": "status", "values": ["failed"] }]),
                (_, None) => json!({}),
            };
            body[outer] = match inside {
                Value::Array(mut list) => {
                    list[0] = with(&list[0], inner, value);
                    Value::Array(list)
                }
                other => with(&other, inner, value),
            };
        }
    }
    body
}

/// What an order comes to: plan, price, names, size of pictures. A seed that is drawn by chance is not looked at.
fn comes_to(order: &Order, with_plan: bool) -> Value {
    let wish = Wish { seed: Some(order.wish.seed.unwrap_or(99)), ..order.wish.clone() };
    let parent: Option<kinora_plan::Plan> = order.parent.map(|_| {
        let before = Wish { prompt: "A fox walks".into(), how: None, milliseconds: 5000, ..wish.clone() };
        real().plan(&before, None).expect("the film before").0
    });
    let planned = if with_plan {
        match real().plan(&wish, parent.as_ref()) {
            Ok((plan, warnings)) => json!([{ "plan": kinora_plan::Plan { warnings: Vec::new(), ..plan } }, warnings]),
            Err(why) => panic!("{why:?} for {}", order.wish.prompt),
        }
    } else {
        Value::Null
    };
    json!({ "plan": planned, "price": order.price.0, "external": order.external, "callback": order.callback, "parent": order.parent, "pictures": order.wish.pictures, "ms": order.wish.milliseconds })
}

/// What is wrong with a field; none if it does what its table says.
fn amiss(endpoint: &Endpoint, path: &str, field: &Field) -> Option<String> {
    let sample: Value = serde_json::from_str(field.sample).unwrap_or_else(|e| panic!("{path}: its sample is JSON: {e}"));
    let before = base(endpoint.path, path);
    let after = with(&before, path, sample);
    let Some(read_as) = order(endpoint.path, &after) else {
        // Calls that make no task: their fields are read by the table and used by the handler.
        let got = read(endpoint.fields, after.as_object().cloned().unwrap_or_default());
        let taken = got.is_ok_and(|r| r.form.has(path.split('.').next().unwrap_or_default()) && r.idle.is_empty());
        return (!taken).then(|| "is not taken".to_owned());
    };
    let said = match (field.effect, read_as) {
        (Effect::Refused(_), Err(Refusal::Unsupported { field, .. })) if field.replace("[0]", "") == path => return None,
        (Effect::Refused(_), other) => return Some(format!("must be refused by its name: {other:?}")),
        (_, Err(why)) => return Some(why.to_string()),
        (_, Ok(order)) => order,
    };
    let named = |name: &str| said.idle.iter().any(|(f, _)| f.starts_with(name));
    if let Effect::Nothing(_) = field.effect {
        let in_words = warnings_of(&said.idle).iter().any(|w| w["message"].as_str().is_some_and(|m| m.starts_with(path)));
        return (!named(path) || !in_words).then(|| format!("comes back as no warning that names it: {:?}", said.idle));
    }
    // Half of a pair may be refused alone; with its other half it must work.
    let before = order(endpoint.path, &before).and_then(Result::ok);
    let planned = field.effect == Effect::Film;
    let changed = before.as_ref().is_none_or(|b| comes_to(b, planned) != comes_to(&said, planned));
    let first = path.split('.').next().unwrap_or_default();
    (!changed && !named(first)).then(|| format!("changes neither plan, price, file nor task, and no warning names it: {:?}", said.idle))
}

#[test]
fn every_field_of_every_call_does_what_its_table_says() {
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for endpoint in endpoints().iter().filter(|e| e.method == "POST" && !e.fields.is_empty()) {
        let mut fields = Vec::new();
        all(endpoint.fields, "", &mut fields);
        looked_at += fields.len();
        wrong.extend(fields.iter().filter_map(|(path, field)| amiss(endpoint, path, field).map(|why| format!("{} {path} {why}", endpoint.path))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(looked_at > 140, "all tables were looked at: {looked_at}");
}

#[test]
fn what_no_table_knows_is_named() {
    for endpoint in endpoints().iter().filter(|e| e.method == "POST" && !e.fields.is_empty()) {
        let body = with(&base(endpoint.path, ""), "colour_of_the_moon", json!("green"));
        if let Some(order) = order(endpoint.path, &body) {
            let order = order.unwrap_or_else(|e| panic!("{}: {e}", endpoint.path));
            assert!(order.idle.iter().any(|(f, _)| f == "colour_of_the_moon"), "{}: {:?}", endpoint.path, order.idle);
        }
    }
}

fn planned(path: &str, body: Value) -> (kinora_plan::Plan, Vec<Value>) {
    let order = order(path, &body).expect("a call that makes films").unwrap_or_else(|e| panic!("{body}: {e}"));
    real().plan(&Wish { seed: order.wish.seed.or(Some(1)), ..order.wish }, None).unwrap_or_else(|e| panic!("{body}: {e:?}"))
}

fn lengths(plan: &kinora_plan::Plan) -> Vec<i64> {
    plan.shots.iter().map(|s| s.length.0 / 48).collect()
}

#[test]
fn shots_are_as_many_and_as_long_as_ordered() {
    let prompts = [
        "A red fox walks through a forest",
        "The fox looks at the camera. Then it runs away. Then it sleeps",
        "Close-up: a girl reads a book",
        "It rains on a city street; a bus drives by",
        "Shot 2: a dog barks, cut to a cat",
        "she smiles",
    ];
    for seconds in [vec![5], vec![1, 2], vec![2, 1, 4], vec![1, 1, 1, 1], vec![3, 3, 3, 3, 3], vec![1, 2, 3, 4, 3, 2]] {
        let shots: Vec<Value> =
            seconds.iter().enumerate().map(|(i, s)| json!({ "index": i + 1, "prompt": prompts[i % 6], "duration": s.to_string() })).collect();
        let total: i64 = seconds.iter().sum();
        let body =
            json!({ "model_name": "kling-v3", "multi_shot": true, "shot_type": "customize", "multi_prompt": shots, "duration": total.max(3).to_string() });
        if total < 3 {
            continue;
        }
        let wanted: Vec<i64> = seconds.iter().map(|s| s * 1000).collect();
        let (plan, _) = planned("/v1/videos/text2video", body);
        assert_eq!(lengths(&plan), wanted, "shots of {seconds:?}");
        assert!(plan.check().is_empty(), "and the plan is whole: {:?}", plan.check());
    }
    let listed = "shot 1, 2, a red fox walks through a forest; shot 2, 3.5, the fox stops; it looks around; shot 3, 1.5, a girl waves;";
    let (plan, _) = planned("/text-to-video/{model}", json!({ "prompt": listed, "settings": { "duration": 7 } }));
    assert_eq!(lengths(&plan), [2000, 3500, 1500], "as the newer interface lists them");
    for one in ["/v1/videos/text2video", "/v1/videos"] {
        let (plan, _) = planned(one, json!({ "prompt": "A fox walks. A dog runs. A cat sleeps.", "shots": 1, "seconds": "5" }));
        assert_eq!(plan.shots.len(), 1, "{one}: one shot if nobody asks for several");
        assert_eq!(lengths(&plan), [5000], "as long as ordered");
    }
}

#[test]
fn wishes_beside_the_words_are_in_the_plan() {
    use kinora_plan::MoveKind;
    let camera = |control: Value| planned("/v1/videos/text2video", json!({ "prompt": "A fox walks", "camera_control": control })).0.shots[0].framing.movement;
    assert_eq!(camera(json!({ "type": "simple", "config": { "zoom": -10 } })).kind, MoveKind::ZoomIn, "a narrower lens");
    assert_eq!(camera(json!({ "type": "simple", "config": { "horizontal": 5 } })).kind, MoveKind::TruckRight, "to the right");
    assert_eq!(camera(json!({ "type": "simple", "config": { "vertical": 10 } })).pace, 2.0, "twice as fast");
    assert_eq!(camera(json!({ "type": "left_turn_forward" })).kind, MoveKind::OrbitLeft, "around");
    let (silent, _) = planned("/v1/videos/text2video", json!({ "prompt": "A fox walks", "model_name": "kling-v3", "sound": "off" }));
    assert!(silent.silent, "no sound means none");
    let (plan, warnings) =
        planned("/v1/videos", json!({ "prompt": "A fox and a dog walk in the rain", "negative_prompt": "dog, rain, music, blurry", "seconds": 4 }));
    assert!(plan.cast.iter().all(|r| r.word != "dog") && plan.cast.iter().any(|r| r.word == "fox"), "no dog: {:?}", plan.cast);
    assert!(plan.scenes.iter().all(|s| s.weather != "rain"), "no rain");
    assert!(plan.cues.iter().any(|c| c.kind == kinora_plan::CueKind::NoMusic), "no music");
    assert!(warnings.iter().any(|w| w.to_string().contains("blurry")), "and what it never had is named: {warnings:?}");
    assert!(plan.check().is_empty(), "the plan is whole: {:?}", plan.check());
    let speak = json!({ "prompt": "\"Hello,\" says the girl<<<voice_2>>>. \"Good day,\" says the old man<<<voice_1>>>.", "model_name": "kling-v3", "sound": "on", "voice_list": [{ "voice_id": "bm_george" }, { "voice_id": "af_bella" }] });
    let (plan, _) = planned("/v1/videos/text2video", speak);
    let voice = |word: &str| plan.cast.iter().find(|r| r.word.contains(word)).and_then(|r| r.voice.as_ref()?.name.clone());
    assert_eq!((voice("girl"), voice("man")), (Some("af_bella".into()), Some("bm_george".into())), "voices by their marks: {:?}", plan.cast);
    let (plan, _) = planned("/v1/videos", json!({ "prompt": "A fox walks", "fps": 60, "size": "3840x2160", "model": "kling-v3", "seconds": "3", "seed": 5 }));
    assert_eq!((plan.fps.0, plan.size.width, plan.seed), (60, 3840, 5), "4K at 60");
}

#[test]
fn numbers_are_checked_against_the_model() {
    let refused = |body: Value| order("/v1/videos/text2video", &body).expect("a film").expect_err("refused");
    let of = |extra: Value| {
        let mut body = json!({ "prompt": "A fox walks" });
        body.as_object_mut().expect("object").extend(extra.as_object().cloned().unwrap_or_else(Map::new));
        refused(body)
    };
    for (body, field) in [
        (json!({ "duration": "7" }), "duration"),
        (json!({ "duration": "4", "model_name": "kling-v2-6" }), "duration"),
        (json!({ "mode": "4k", "model_name": "kling-v2-6" }), "mode"),
        (json!({ "sound": "on" }), "sound"),
        (json!({ "multi_shot": true }), "multi_shot"),
        (json!({ "fps": 23 }), "fps"),
        (json!({ "aspect_ratio": "4:3" }), "aspect_ratio"),
        (json!({ "camera_control": { "type": "simple", "config": { "zoom": 1, "pan": 1 } } }), "camera_control.config"),
        (json!({ "model_name": "kling-v3", "multi_shot": true, "multi_prompt": [{ "index": 1, "prompt": "x", "duration": "4" }] }), "multi_prompt"),
        (json!({ "model_name": "kling-v3", "sound": "on", "voice_list": [{ "voice_id": "no such voice" }] }), "voice_list[0].voice_id"),
        (json!({ "model_name": "kling-v3", "voice_list": [{ "voice_id": "af_heart" }] }), "voice_list"),
        (json!({ "prompt": "x".repeat(2501) }), "prompt"),
        (json!({ "prompt": "  " }), "prompt"),
    ] {
        match of(body.clone()) {
            Refusal::Wrong { field: named, .. } => assert_eq!(named, field, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
    assert_eq!(of(json!({ "model_name": "kling-v9" })), Refusal::NoModel("kling-v9".into()), "no such model");
    assert!(matches!(of(json!({ "prompt": "<<<image_1>>> walks" })), Refusal::Unsupported { .. }), "a picture in the words");
}

#[test]
fn lips_move_in_the_languages_of_the_model() {
    let said = |model: &str| {
        let body = json!({ "prompt": "A girl says: \"こんにちは、元気ですか\"", "model_name": model, "sound": "on" });
        let (plan, warnings) = planned("/v1/videos/text2video", body);
        let line = plan.shots.iter().flat_map(|s| &s.lines).next().unwrap_or_else(|| panic!("{model}: she says it"));
        (line.language.clone(), line.heard, warnings.iter().any(|w| w["field"] == "model_name"))
    };
    assert_eq!(said("kling-v2-6"), ("ja".into(), kinora_plan::Heard::Over, true), "two languages; a line in a third is a voice-over, and said to be one");
    assert_eq!(said("kling-v3"), ("ja".into(), kinora_plan::Heard::Here, false), "five");
}

/// Every field that the makers describe for these calls, so that none is forgotten: a call's path, then its fields.
const CONTRACT: &str = "
/v1/videos/text2video model_name model prompt negative_prompt cfg_scale mode duration aspect_ratio sound multi_shot shot_type multi_prompt multi_prompt.index multi_prompt.prompt multi_prompt.duration voice_list voice_list.voice_id element_list camera_control camera_control.type camera_control.config camera_control.config.horizontal camera_control.config.vertical camera_control.config.pan camera_control.config.tilt camera_control.config.roll camera_control.config.zoom watermark_info callback_url external_task_id
/v1/videos/omni-video model_name prompt image_list element_list video_list mode duration aspect_ratio sound multi_shot shot_type multi_prompt watermark_info callback_url external_task_id
/v1/videos/video-extend video_id prompt negative_prompt cfg_scale callback_url external_task_id
/v1/audio/text-to-audio prompt duration callback_url external_task_id
/v1/audio/tts text voice_id voice_language voice_speed
/v1/images/generations model_name prompt negative_prompt image image_reference image_fidelity human_fidelity resolution n aspect_ratio callback_url external_task_id
/account/billing/balance start_time end_time cursor limit
/account/billing/package start_time end_time cursor limit
/text-to-video/{model} prompt settings settings.resolution settings.aspect_ratio settings.duration settings.audio settings.multi_shot options options.callback_url options.external_task_id options.watermark_info
/omni-video/{model} contents contents.type contents.text contents.url contents.element_id settings settings.resolution settings.aspect_ratio settings.duration settings.audio settings.multi_shot options options.callback_url options.external_task_id options.watermark_info
/tasks start_time end_time cursor limit filters filters.key filters.values
/v1/videos prompt model seconds size input_reference seed fps num_frames width height num_inference_steps guidance_scale guidance_scale_2 flow_shift negative_prompt image_reference video_reference audio_reference generate_sound sound_duration enable_frame_interpolation lora aspect_ratio extra_params
/v1/videos/{id}/remix prompt
/v1/videos/extensions prompt seconds video
";

#[test]
fn the_makers_fields_are_all_in_the_tables() {
    for line in CONTRACT.lines().filter(|l| !l.is_empty()) {
        let (path, names) = line.split_once(' ').expect("a path and its fields");
        let endpoint = endpoints().iter().find(|e| e.method == "POST" && e.path == path).unwrap_or_else(|| panic!("there is no POST {path}"));
        let mut fields = Vec::new();
        all(endpoint.fields, "", &mut fields);
        for name in names.split(' ') {
            assert!(fields.iter().any(|(path, _)| path == name), "{path} has no {name}");
        }
    }
    // What cannot be done yet is refused by every way of asking for it.
    for path in ["image2video", "multi-image2video", "motion-control", "lip-sync", "advanced-lip-sync", "avatar/image2video", "effects", "multi-elements"] {
        let path = format!("/v1/videos/{path}");
        for (method, path) in [("POST", path.clone()), ("GET", path.clone()), ("GET", format!("{path}/{{id}}"))] {
            assert!(endpoints().iter().any(|e| e.method == method && e.path == path && e.refused.is_some()), "{method} {path} is refused");
        }
    }
}
