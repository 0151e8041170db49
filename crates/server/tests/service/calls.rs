//! Calls of the three interfaces, from create to delete.

use crate::common::Desk;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn the_older_interface_from_create_to_result() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 100).await;
    let path = "/v1/videos/text2video";
    let said = desk.post(&key, path, &json!({ "prompt": "A fox walks", "duration": "5", "external_task_id": "mine", "cfg_scale": 0.7 })).await;
    let body = said.json();
    assert_eq!((said.status, &body["code"], &body["message"]), (StatusCode::OK, &json!(0), &json!("SUCCEED")), "{body}");
    assert!(body["request_id"].is_string() && said.headers.contains_key("x-request-id"), "a call has an id");
    let data = &body["data"];
    assert_eq!((&data["task_status"], &data["task_info"]["external_task_id"]), (&json!("submitted"), &json!("mine")), "{data}");
    assert!(data["created_at"].as_i64().is_some_and(|t| t > 1_700_000_000_000), "in milliseconds");
    assert_eq!(data["warnings"][0]["field"], "cfg_scale", "what changes nothing is named");
    let id = data["task_id"].as_str().expect("text of digits").to_owned();
    desk.finished(&key, &id).await;
    for by in [id.as_str(), "mine"] {
        let task = desk.get(&key, &format!("{path}/{by}")).await.json()["data"].clone();
        assert_eq!((&task["task_status"], &task["task_id"]), (&json!("succeed"), &json!(id)), "by {by}: {task}");
        assert_eq!((&task["final_unit_deduction"], &task["task_result"]["videos"][0]["duration"]), (&json!("1"), &json!("5")), "{task}");
        let url = task["task_result"]["videos"][0]["url"].as_str().expect("a link");
        let film = desk.get("", url.trim_start_matches("http://here")).await;
        assert_eq!((film.status, film.bytes.len()), (StatusCode::OK, 1000), "the link works without a key");
    }
    let list = desk.get(&key, &format!("{path}?pageNum=1&pageSize=5")).await.json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "{list}");
    assert_eq!(desk.get(&key, &format!("{path}?pageNum=2")).await.json()["data"], json!([]), "no second page");
    assert_eq!(desk.get(&key, &format!("{path}?pageSize=501")).await.json()["code"], 1201, "pages have at most 500");
    assert_eq!(desk.get(&key, "/v1/videos/omni-video/mine").await.status, StatusCode::NOT_FOUND, "it is no task of another kind");
    let again = desk.post(&key, path, &json!({ "prompt": "A fox walks", "external_task_id": "mine" })).await;
    assert_eq!((again.status, &again.json()["code"]), (StatusCode::BAD_REQUEST, &json!(1201)), "ids are unique");
    let costs = desk.get(&key, "/account/costs?start_time=0&end_time=2000000000000").await.json();
    assert_eq!(costs["data"]["resource_pack_subscribe_infos"][0]["remaining_quantity"], 9.0, "{costs}");
    let ledger = desk.post(&key, "/account/billing/package", &json!({})).await.json();
    assert_eq!((&ledger["data"]["result"][0]["task_id"], &ledger["data"]["result"][0]["amount"]), (&json!(id), &json!("1")), "{ledger}");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newer_interface_from_create_to_result() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let body = json!({ "prompt": "A fox walks", "settings": { "resolution": "1080p", "audio": "native" }, "options": { "external_task_id": "n-1" } });
    let said = desk.post(&key, "/text-to-video/kling-3.0", &body).await.json();
    let data = &said["data"];
    assert_eq!((&data["status"], &data["external_id"], &data["credits"]), (&json!("submitted"), &json!("n-1"), &json!(60.0)), "{said}");
    let id = data["id"].as_str().expect("text").to_owned();
    desk.finished(&key, &id).await;
    let tasks = desk.get(&key, &format!("/tasks?task_ids={id},12345")).await.json();
    assert_eq!(tasks["data"].as_array().map(Vec::len), Some(1), "unknown ids are left out: {tasks}");
    let task = &tasks["data"][0];
    assert_eq!((&task["status"], &task["outputs"][0]["type"], &task["billing"][0]["amount"]), (&json!("succeeded"), &json!("video"), &json!("6")), "{task}");
    let by_own = desk.get(&key, "/tasks?external_task_ids=n-1").await.json();
    assert_eq!(by_own["data"][0]["id"], json!(id), "{by_own}");
    for k in 0..3 {
        desk.post(&key, "/text-to-video/kling-2.5-turbo", &json!({ "prompt": format!("slow fox {k}") })).await;
    }
    let page = desk.post(&key, "/tasks", &json!({ "limit": 2 })).await.json()["data"].clone();
    assert_eq!((&page["count"], &page["has_more"]), (&json!(2), &json!(true)), "{page}");
    let next = desk.post(&key, "/tasks", &json!({ "limit": 2, "cursor": page["next_cursor"] })).await.json()["data"].clone();
    assert_eq!((&next["count"], &next["has_more"], &next["result"][1]["id"]), (&json!(2), &json!(false), &json!(id)), "{next}");
    let done = desk.post(&key, "/tasks", &json!({ "filters": [{ "key": "status", "values": ["succeeded"] }] })).await.json();
    assert_eq!(done["data"]["count"], 1, "{done}");
    assert_eq!(desk.post(&key, "/text-to-video/kling-9", &json!({ "prompt": "x" })).await.json()["code"], 1203, "no such model");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_omni_models_of_the_newer_interface_take_words() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let path = "/omni-video/kling-3.0-omni";
    let body = json!({ "contents": [{ "type": "prompt", "text": "A fox walks" }], "settings": { "duration": 12, "audio": "native" } });
    let said = desk.post(&key, path, &body).await.json();
    let id = said["data"]["id"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();
    assert_eq!((&said["data"]["credits"], &said["data"]["product_type"]), (&json!(96.0), &json!("omni-video")), "12 s at 8: {said}");
    desk.finished(&key, &id).await;
    let task = desk.get(&key, &format!("/tasks?task_ids={id}")).await.json()["data"][0].clone();
    assert_eq!((&task["status"], &task["outputs"][0]["duration"]), (&json!("succeeded"), &json!("12")), "{task}");
    let both = json!({ "prompt": "A dog", "contents": [{ "type": "prompt", "text": "A fox walks" }] });
    assert_eq!(desk.post(&key, path, &both).await.json()["data"]["warnings"][0]["field"], "prompt", "one of two prompts is idle, and named");
    let refused = async |path: &str, body: &Value| {
        let said = desk.post(&key, path, body).await;
        (said.status.as_u16(), said.json()["code"].as_i64(), said.json()["message"].as_str().unwrap_or_default().to_owned())
    };
    for (path, body, status, code, word) in [
        (path, json!({ "contents": [{ "type": "prompt", "text": "A fox" }, { "type": "first_frame", "url": "https://x/a.png" }] }), 400, 1201, "contents[1]"),
        (path, json!({ "contents": [{ "type": "feature_video" }] }), 400, 1201, "contents[0].type: feature_video"),
        (path, json!({ "prompt": "@image_1 walks" }), 400, 1201, "pictures"),
        (path, json!({ "prompt": "A fox", "settings": { "audio": "original" } }), 400, 1201, "settings.audio"),
        (path, json!({ "contents": [] }), 400, 1201, "prompt"),
        ("/omni-video/kling-o1", json!({ "prompt": "A fox", "settings": { "duration": 12 } }), 400, 1201, "settings.duration"),
        ("/omni-video/kling-o1", json!({ "prompt": "A fox", "settings": { "resolution": "4k" } }), 400, 1201, "settings.resolution"),
        ("/omni-video/kling-3.0", json!({ "prompt": "A fox" }), 404, 1203, "kling-3.0"),
        ("/text-to-video/kling-o1", json!({ "prompt": "A fox" }), 404, 1203, "kling-o1"),
    ] {
        let said = refused(path, &body).await;
        assert_eq!((said.0, said.1), (status, Some(code)), "{path} {body}: {}", said.2);
        assert!(said.2.contains(word), "{path} {body}: {}", said.2);
    }
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_at_once_is_a_task_like_others() {
    let desk = Desk::new(true).await;
    let (id, key) = desk.account("a", "pro", 1).await;
    let said = desk.post(&key, "/v1/audio/tts", &json!({ "text": "Good evening", "colour": "red" })).await.json();
    let data = &said["data"];
    assert_eq!(
        (&data["task_status"], &data["final_unit_deduction"], &data["warnings"][0]["field"]),
        (&json!("succeed"), &json!("0.05"), &json!("colour")),
        "{said}"
    );
    let audio = &data["task_result"]["audios"][0];
    assert_eq!(audio["duration"], "1.5", "{said}");
    let link = audio["url"].as_str().expect("a link").trim_start_matches("http://here").to_owned();
    assert_eq!(desk.get("", &link).await.bytes.len(), 44, "the sound");
    let task = data["task_id"].as_str().expect("text");
    let known = desk.get(&key, &format!("/tasks?task_ids={task}")).await.json()["data"][0].clone();
    assert_eq!((&known["product_type"], &known["outputs"][0]["duration"]), (&json!("tts"), &json!("1.5")), "{known}");
    let entries = desk.service.store.entries(id, None, 100).await.expect("read");
    let settled: Vec<_> = entries.iter().filter(|e| e.kind == "settle").map(|e| (e.job.map(|j| j.to_string()), e.amount.0)).collect();
    assert_eq!(settled, [(Some(task.to_owned()), 500)], "the ledger names it");
    assert_eq!(desk.post(&key, "/v1/audio/tts", &json!({ "text": "impossible" })).await.json()["code"], 1201, "what nobody can say is free");
    assert_eq!(desk.get(&key, "/v1/account").await.json()["credits"]["lasting"], 0.5, "what is left");
    assert_eq!(desk.post(&key, "/v1/audio/tts", &json!({ "text": "Once more" })).await.status, StatusCode::OK, "the last half");
    assert_eq!(desk.post(&key, "/v1/audio/tts", &json!({ "text": "And again" })).await.json()["code"], 1102, "and no more");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_videos_from_create_to_delete() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "premium", 1000).await;
    let form = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nA fox walks\r\n--b\r\nContent-Disposition: form-data; name=\"seconds\"\r\n\r\n8\r\n--b\r\nContent-Disposition: form-data; name=\"guidance_scale\"\r\n\r\n7.5\r\n--b--\r\n";
    let request = Request::post("/v1/videos").header("authorization", format!("Bearer {key}")).header("content-type", "multipart/form-data; boundary=b");
    let video = desk.send(request.body(Body::from(form)).expect("a request")).await.json();
    assert_eq!(
        (&video["object"], &video["status"], &video["seconds"], &video["size"]),
        (&json!("video"), &json!("queued"), &json!("8"), &json!("1280x720")),
        "{video}"
    );
    assert_eq!(video["warnings"][0]["field"], "guidance_scale", "{video}");
    let id = video["id"].as_str().expect("text").to_owned();
    let done = desk.finished(&key, &id).await;
    assert_eq!((&done["status"], &done["progress"]), (&json!("completed"), &json!(100)), "{done}");
    let film = desk.get(&key, &format!("/v1/videos/{id}/content")).await;
    assert_eq!((film.bytes.len(), film.headers["content-type"].to_str().ok()), (1000, Some("video/mp4")), "the film");
    let part = Request::get(format!("/v1/videos/{id}/content")).header("authorization", format!("Bearer {key}")).header("range", "bytes=10-19");
    let part = desk.send(part.body(Body::empty()).expect("a request")).await;
    assert_eq!((part.status, part.bytes), (StatusCode::PARTIAL_CONTENT, (10..20).collect::<Vec<u8>>()), "a range of it");
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}/content?variant=thumbnail")).await.headers["content-type"], "image/png", "a picture of it");
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}/content?variant=x")).await.json()["error"]["param"], "variant", "no such variant");
    let plan = desk.get(&key, &format!("/v1/videos/{id}/plan")).await.json();
    assert_eq!(plan["version"], 1, "its plan: {plan}");
    let remix = desk.post(&key, &format!("/v1/videos/{id}/remix"), &json!({ "prompt": "A dog walks" })).await.json();
    assert_eq!((&remix["remixed_from_video_id"], &remix["seed"], &remix["seconds"]), (&json!(id), &done["seed"], &json!("8")), "{remix}");
    let longer = desk.post(&key, "/v1/videos/extensions", &json!({ "prompt": "It sleeps", "seconds": "4", "video": { "id": id } })).await.json();
    assert_eq!((&longer["seconds"], &longer["credits"]), (&json!("12"), &json!(36.0)), "12 s, of which 4 are paid: {longer}");
    desk.finished(&key, remix["id"].as_str().expect("text")).await;
    desk.finished(&key, longer["id"].as_str().expect("text")).await;
    let list = desk.get(&key, "/v1/videos?limit=2").await.json();
    assert_eq!((&list["object"], &list["has_more"], list["data"].as_array().map(Vec::len)), (&json!("list"), &json!(true), Some(2)), "{list}");
    let rest = desk.get(&key, &format!("/v1/videos?after={}", list["last_id"].as_str().expect("text"))).await.json();
    assert_eq!((&rest["first_id"], &rest["has_more"]), (&json!(id), &json!(false)), "{rest}");
    let gone = desk.delete(&key, &format!("/v1/videos/{id}")).await.json();
    assert_eq!(gone, json!({ "id": id, "deleted": true, "object": "video.deleted" }), "deleted");
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}")).await.status, StatusCode::NOT_FOUND, "and gone");
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}/content")).await.status, StatusCode::NOT_FOUND, "with its film");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_takes_less_than_a_second_and_costs_nothing() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 100).await;
    let body = json!({ "prompt": "a slow fox", "model": "kling-v2-5-turbo", "seconds": "5" });
    let id = desk.post(&key, "/v1/videos", &body).await.json()["id"].as_str().expect("text").to_owned();
    let running = || async { desk.get(&key, &format!("/v1/videos/{id}")).await.json() };
    while running().await["progress"].as_i64() < Some(1) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let begun = Instant::now();
    let said = desk.post(&key, &format!("/v1/videos/{id}/cancel"), &json!({})).await.json();
    assert_eq!((&said["status"], &said["error"]["code"]), (&json!("failed"), &json!("cancelled")), "{said}");
    while desk.service.running.has(id.trim_start_matches("video_").parse().expect("a number")) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "the work stopped after {:?}", begun.elapsed());
    let account = desk.get(&key, "/v1/account").await.json();
    assert_eq!((&account["credits"]["lasting"], &account["credits"]["held"], &account["active"]), (&json!(100.0), &json!(0.0), &json!(0)), "{account}");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_say_why_and_cost_nothing() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    for (prompt, code) in [("an impossible fox", "invalid_prompt"), ("a fox in panic", "internal_error")] {
        let id = desk.post(&key, "/v1/videos", &json!({ "prompt": prompt })).await.json()["id"].as_str().expect("text").to_owned();
        let video = desk.finished(&key, &id).await;
        assert_eq!((&video["status"], &video["error"]["code"]), (&json!("failed"), &json!(code)), "{video}");
        assert!(video["error"]["message"].as_str().is_some_and(|m| m.contains("nothing was charged")), "{video}");
    }
    assert_eq!(desk.get(&key, "/v1/account").await.json()["credits"]["lasting"], 1000.0, "nothing was charged");
    desk.audited().await;
}

#[tokio::test]
async fn the_quote_is_the_charge() {
    let desk = Desk::new(false).await;
    let (_, key) = desk.account("a", "enterprise", 100_000).await;
    let calls: &[(&str, Value)] = &[
        ("/v1/videos", json!({ "prompt": "A fox", "model": "kling-v3", "seconds": "3", "size": "3840x2160" })),
        ("/v1/videos", json!({ "prompt": "A fox", "num_frames": 100, "fps": 30 })),
        ("/v1/videos/text2video", json!({ "prompt": "A fox", "model_name": "kling-v2-6", "sound": "on", "mode": "pro", "duration": "10" })),
        ("/text-to-video/kling-3.0-turbo", json!({ "prompt": "A fox" })),
        ("/v1/images/generations", json!({ "prompt": "A fox", "n": 3, "resolution": "2k" })),
        ("/v1/audio/text-to-audio", json!({ "prompt": "rain", "duration": 3.5 })),
    ];
    let mut left = 100_000.0;
    for (path, body) in calls {
        let quote = desk.post(&key, &format!("{path}?quote=true"), body).await.json();
        let quote = quote.get("data").unwrap_or(&quote)["credits"].as_f64().unwrap_or_else(|| panic!("{path}: {quote}"));
        assert_eq!(desk.get(&key, "/v1/account").await.json()["credits"]["lasting"], left, "a quote changes nothing");
        let task = desk.post(&key, path, body).await.json();
        assert_eq!(task.get("data").unwrap_or(&task)["credits"], quote, "{path}: what the task says");
        left -= quote;
        assert_eq!(desk.get(&key, "/v1/account").await.json()["credits"]["lasting"], left, "{path}: what was taken");
        assert!(quote > 0.0, "{path} costs something");
    }
    desk.audited().await;
}

#[tokio::test]
async fn refusals_have_the_makers_codes() {
    let desk = Desk::with(std::sync::Arc::new(crate::common::Quick), false, |_| {}).await;
    let (_, poor) = desk.account("poor", "pro", 1).await;
    let (_, free) = desk.account("free", "free", 1000).await;
    let (id, slow) = desk.account("slow", "enterprise", 1000).await;
    let path = "/v1/videos/text2video";
    let fox = json!({ "prompt": "A fox" });
    let code = |said: &crate::common::Said| (said.status.as_u16(), said.json()["code"].as_i64().unwrap_or(-1));
    assert_eq!(code(&desk.post(&poor, path, &fox).await), (429, 1102), "no credits");
    let no_key = desk.send(Request::post(path).body(Body::from("{}")).expect("a request")).await;
    assert_eq!(code(&no_key), (401, 1001), "no key");
    assert_eq!(code(&desk.post("kin_wrong", path, &fox).await), (401, 1002), "no such key");
    assert_eq!(code(&desk.post(&free, path, &json!({ "prompt": "A fox", "mode": "pro" })).await), (403, 1103), "not in the plan");
    assert_eq!(code(&desk.post(&free, path, &json!({ "prompt": 5, "duration": "x" })).await), (400, 1201), "a wrong value");
    assert_eq!(code(&desk.post(&free, path, &json!({ "prompt": "A fox", "model_name": "x" })).await), (404, 1203), "no such model");
    assert_eq!(code(&desk.post(&free, "/v1/videos/image2video", &json!({ "image": "x" })).await), (400, 1201), "not possible yet");
    assert_eq!(code(&desk.get(&free, "/v1/videos/effects?pageNum=1").await), (400, 1201), "nor can it be asked for");
    assert_eq!(code(&desk.get(&free, "/v1/videos/image2video/1").await), (400, 1201), "in any way");
    assert_eq!(code(&desk.post(&free, path, &json!({ "prompt": "A fox", "element_list": [{ "element_id": 1 }] })).await), (400, 1201), "not possible yet");
    assert_eq!(code(&desk.get(&free, "/v1/nothing").await), (404, 1202), "no such call");
    assert_eq!(code(&desk.delete(&free, path).await), (404, 1202), "no such method");
    assert_eq!(code(&desk.get(&free, &format!("{path}/123")).await), (404, 1203), "no such task");
    let cut = Request::post(path).header("authorization", format!("Bearer {free}")).body(Body::from("{\"prompt\":")).expect("a request");
    assert_eq!(code(&desk.send(cut).await), (400, 1200), "not JSON");
    let large = Request::post(path).header("authorization", format!("Bearer {free}")).body(Body::from(vec![b' '; 10_000_000])).expect("a request");
    assert_eq!(code(&desk.send(large).await), (400, 1200), "10 MB");
    let large = Request::post("/v1/videos").header("authorization", format!("Bearer {free}")).body(Body::from(vec![b' '; 10_000_000])).expect("a request");
    assert_eq!(desk.send(large).await.status, StatusCode::PAYLOAD_TOO_LARGE, "in the other words");
    for _ in 0..2 {
        assert_eq!(code(&desk.post(&free, path, &fox).await), (200, 0), "two at once");
    }
    let third = desk.post(&free, path, &fox).await;
    assert_eq!((code(&third), third.headers.contains_key("retry-after")), ((429, 1303), true), "not three: {}", third.json());
    let limit = kinora_server::store::Change { rate: Some(3), ..Default::default() };
    desk.service.store.change_account(id, limit, 1).await.expect("written");
    let mut codes = Vec::new();
    for _ in 0..10 {
        codes.push(code(&desk.post(&slow, path, &fox).await));
    }
    assert!(codes.contains(&(429, 1302)) && codes.contains(&(200, 0)), "too fast: {codes:?}");
    let video = desk.post(&poor, "/v1/videos", &fox).await;
    assert_eq!((video.status.as_u16(), &video.json()["error"]["code"]), (429, &json!("insufficient_quota")), "in the other words");
    let video = desk.post(&poor, "/v1/videos", &json!({ "prompt": "A fox", "input_reference": "x" })).await;
    assert_eq!(
        (&video.json()["error"]["param"], &video.json()["error"]["type"]),
        (&json!("input_reference"), &json!("invalid_request_error")),
        "not possible yet"
    );
    let plan = json!({ "version": 1, "size": { "width": 640, "height": 360 }, "scenes": [{ "id": "s", "place": "nowhere" }], "shots": [{ "id": "a", "scene": "s", "length": "3 s" }] });
    let plan = desk.post(&free, "/v1/videos", &json!({ "plan": plan })).await;
    assert!(plan.json()["error"]["message"].as_str().is_some_and(|m| m.contains("nowhere")), "a plan that cannot be: {}", plan.json());
    let file = json!({ "version": 1, "size": { "width": 640, "height": 360 },
        "cast": [{ "id": "a", "kind": "person", "word": "woman", "model": { "file": "/etc/passwd", "sha256": "0".repeat(64) } }],
        "scenes": [{ "id": "s", "place": "park" }], "shots": [{ "id": "b", "scene": "s", "length": "3 s" }] });
    let refused = desk.post(&free, "/v1/videos", &json!({ "plan": file })).await.json();
    let message = refused["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("cast[0].model") && message.contains("may not name files"), "a plan that names a file of the server: {refused}");
    desk.audited().await;
}

#[tokio::test]
async fn the_document_names_every_call_and_operators_see_numbers() {
    let desk = Desk::new(false).await;
    let (_, key) = desk.account("a", "pro", 10).await;
    let document = desk.get("", "/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0", "its version");
    for endpoint in kinora_server::endpoints() {
        assert!(document["paths"][endpoint.path][endpoint.method.to_lowercase()].is_object(), "{} {}", endpoint.method, endpoint.path);
    }
    let page = String::from_utf8(desk.get("", "/docs").await.bytes).expect("text");
    assert!(page.contains("camera_control") && page.contains("/v1/videos/{id}/remix"), "the page has fields and calls");
    assert_eq!(desk.get("", "/healthz").await.bytes, b"ok\n", "alive");
    assert_eq!(desk.get("", "/readyz").await.bytes, b"ready\n", "ready");
    desk.get(&key, "/v1/videos").await;
    let metrics = String::from_utf8(desk.get("", "/metrics").await.bytes).expect("text");
    assert!(metrics.contains("kinora_requests_total{route=\"/v1/videos\",status=\"200\"} 1"), "{metrics}");
}
