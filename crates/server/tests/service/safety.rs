//! Two accounts over every call; links; limits; single-user mode; workers that die.

use crate::common::{Desk, Quick};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use kinora_server::store::State;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn no_call_reaches_what_is_anothers() {
    let desk = Desk::new(true).await;
    let (_, ours) = desk.account("ours", "enterprise", 10_000).await;
    let (other, theirs) = desk.account("theirs", "enterprise", 10_000).await;
    let mut ids = Vec::new();
    for (path, body) in [
        ("/v1/videos/text2video", json!({ "prompt": "A hidden fox", "external_task_id": "their-own" })),
        ("/v1/videos/omni-video", json!({ "prompt": "A hidden fox", "aspect_ratio": "16:9" })),
        ("/v1/audio/text-to-audio", json!({ "prompt": "hidden rain", "duration": 3 })),
        ("/v1/images/generations", json!({ "prompt": "A hidden fox" })),
        ("/text-to-video/kling-3.0", json!({ "prompt": "A hidden fox" })),
        ("/v1/videos", json!({ "prompt": "A hidden fox" })),
    ] {
        let task = desk.post(&theirs, path, &body).await.json();
        let task = task.get("data").unwrap_or(&task).clone();
        ids.push(task["task_id"].as_str().or(task["id"].as_str()).unwrap_or_else(|| panic!("{path}: {task}")).to_owned());
    }
    ids.push("their-own".into());
    for endpoint in kinora_server::endpoints() {
        for id in &ids {
            let bare = id.trim_start_matches("video_");
            let path = endpoint.path.replace("{id}", id).replace("{model}", "kling-3.0");
            let query = format!("?task_ids={bare}&external_task_ids={id}&after={id}&start_time=0&end_time=9999999999999&cursor={bare}");
            let body = json!({ "prompt": "A fox", "video_id": bare, "video": { "id": id }, "cursor": bare, "task_id": bare });
            let mut request = Request::builder().method(endpoint.method).uri(format!("{path}{query}")).header("authorization", format!("Bearer {ours}"));
            request = request.header("x-account", other.to_string()).header("x-forwarded-user", "theirs").header("content-type", "application/json");
            let body = if endpoint.method == "POST" { Body::from(body.to_string()) } else { Body::empty() };
            let said = desk.send(request.body(body).expect("a request")).await;
            let text = String::from_utf8_lossy(&said.bytes).into_owned();
            assert!(!text.contains("hidden"), "{} {path} shows what is another's: {text}", endpoint.method);
            assert!(!said.status.is_server_error(), "{} {path}: {text}", endpoint.method);
            if endpoint.path.contains("{id}") {
                assert!(said.status.is_client_error(), "{} {path} must not find it: {text}", endpoint.method);
            }
        }
    }
    for id in &ids[..6] {
        let number = id.trim_start_matches("video_").parse().expect("a number");
        let job = desk.service.store.job(other, number).await.expect("read").expect("still there");
        assert_ne!(job.state, State::Cancelled, "nobody else cancelled it");
    }
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_open_one_file_and_nothing_else() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let mut links = Vec::new();
    for _ in 0..2 {
        let id = desk.post(&key, "/v1/videos", &json!({ "prompt": "A fox" })).await.json()["id"].as_str().expect("text").to_owned();
        links.push(desk.finished(&key, &id).await["url"].as_str().expect("a link").trim_start_matches("http://here").to_owned());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.service.config.films()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "films are their owner's");
    }
    assert_eq!(desk.get("", &links[0]).await.status, StatusCode::OK, "the link works");
    let parts: Vec<&str> = links[0].split('/').collect();
    let other: Vec<&str> = links[1].split('/').collect();
    for wrong in [
        format!("/files/{}/{}/film.mp4", other[2], parts[3]),
        format!("/files/{}/{}/film.plan.json", parts[2], parts[3]),
        format!("/files/{}/{}/done.json", parts[2], parts[3]),
        format!("/files/{}/{}/..%2f..%2f..%2fsecret", parts[2], parts[3]),
        format!("/files/{}/{}/%2e%2e", parts[2], parts[3]),
        format!("/files/{}%2f..%2fx/{}/film.mp4", parts[2], parts[3]),
        format!("/files/-1/{}/film.mp4", parts[3]),
        "/files/1/2/3".into(),
        "/files/../secret".into(),
        "/../secret".into(),
    ] {
        let said = desk.get("", &wrong).await;
        assert_eq!(said.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let id = format!("/v1/videos/video_{}", parts[2]);
    desk.delete(&key, &id).await;
    assert!(desk.get("", &links[0]).await.status.is_client_error(), "a link dies with its film");
    desk.service.sweep().await;
    assert!(!kinora_server::worker::folder_of(&desk.service.config.films(), parts[2].parse().expect("a number")).exists(), "and the files are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_revoked_or_of_a_closed_account_opens_nothing() {
    let desk = Desk::new(false).await;
    let (id, key) = desk.account("a", "pro", 10).await;
    assert_eq!(desk.get(&key, "/v1/videos").await.status, StatusCode::OK, "good");
    let number = desk.service.store.keys(id).await.expect("read")[0].id;
    assert!(desk.service.store.revoke(number, 1).await.expect("written"), "revoked");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(desk.get(&key, "/v1/videos").await.status, StatusCode::UNAUTHORIZED, "after a second it is no key");
    let access = kinora_server::auth::new_access();
    desk.service.store.add_key(id, kinora_server::store::Proof::Access(access.clone()), "", 1).await.expect("written");
    let token = token(&access, &desk.service.secrets.of_pair(&access), desk.clock.now() / 1000);
    assert_eq!(desk.get(&token, "/v1/videos").await.status, StatusCode::OK, "a token of the pair");
    let forged = self::token(&access, "another secret", desk.clock.now() / 1000);
    assert_eq!(desk.get(&forged, "/v1/videos/text2video").await.json()["code"], 1002, "not of another secret");
    desk.clock.jump(7_200_000);
    assert_eq!(desk.get(&token, "/v1/videos/text2video").await.json()["code"], 1004, "nor after its time");
    desk.clock.jump(-14_400_000);
    assert_eq!(desk.get(&token, "/v1/videos/text2video").await.json()["code"], 1003, "nor before");
    desk.clock.jump(7_200_000);
    let closed = kinora_server::store::Change { open: Some(false), ..Default::default() };
    desk.service.store.change_account(id, closed, 1).await.expect("written");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(desk.get(&token, "/v1/videos/text2video").await.json()["code"], 1100, "nor of a closed account");
}

fn token(access: &str, secret: &str, now: i64) -> String {
    use base64::Engine as _;
    let code = |v: serde_json::Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(v.to_string());
    let signed = format!("{}.{}", code(json!({ "alg": "HS256", "typ": "JWT" })), code(json!({ "iss": access, "exp": now + 1800, "nbf": now - 5 })));
    let signature = kinora_server::auth::hmac(secret.as_bytes(), signed.as_bytes());
    format!("{signed}.{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test(flavor = "multi_thread")]
async fn on_ones_own_machine_nobody_needs_a_key_and_nothing_is_charged() {
    let desk = Desk::with(Arc::new(Quick), true, |c| c.single = true).await;
    let request = Request::post("/v1/videos").header("content-type", "application/json").body(Body::from("{\"prompt\":\"A fox\",\"size\":\"3840x2160\"}"));
    let video = desk.send(request.expect("a request")).await.json();
    assert_eq!((&video["status"], &video["credits"]), (&json!("queued"), &json!(0.0)), "{video}");
    let id = video["id"].as_str().expect("text").to_owned();
    assert_eq!(desk.finished("whatever-a-client-insists-on", &id).await["status"], "completed", "any key of a client will do");
    for (name, value) in [("origin", "https://evil.example"), ("host", "evil.example:7878"), ("origin", "null")] {
        let request = Request::get("/v1/videos").header(name, value).body(Body::empty()).expect("a request");
        assert_eq!(desk.send(request).await.status, StatusCode::FORBIDDEN, "no page of another site: {name} {value}");
    }
    let request = Request::get("/v1/videos").header("origin", "http://localhost:3000").header("host", "127.0.0.1:7878").body(Body::empty());
    assert_eq!(desk.send(request.expect("a request")).await.status, StatusCode::OK, "but one of this machine");
    assert_eq!(desk.get("kin_wrong", "/v1/videos").await.status, StatusCode::UNAUTHORIZED, "but one that claims to be ours must be");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_the_dead_is_taken_over_whatever_the_clock_says() {
    let desk = Desk::new(false).await;
    let (id, key) = desk.account("a", "pro", 1000).await;
    let video = desk.post(&key, "/v1/videos", &json!({ "prompt": "A fox" })).await.json()["id"].as_str().expect("text").to_owned();
    // Somebody takes it and is never heard of again.
    let taken = desk.service.store.claim("dead", desk.clock.now()).await.expect("written").expect("a job");
    desk.clock.jump(-48 * 3_600_000);
    let desk = desk
        .again(Arc::new(Quick), |c| {
            let mut worker = kinora_server::Config::new(&c.data).worker.expect("usual");
            worker.lease = Duration::from_millis(800);
            c.worker = Some(worker);
        })
        .await;
    assert_eq!(desk.finished(&key, &video).await["status"], "completed", "another finished it");
    assert!(
        !desk.service.store.settle(taken.id, taken.attempt, "{}".into(), "[]".into(), None, 1).await.expect("written"),
        "the dead one's word counts no more"
    );
    let spent: i64 = desk.service.store.entries(id, None, 100).await.expect("read").iter().filter(|e| e.kind == "settle").map(|e| e.amount.0).sum();
    assert_eq!(spent, 36_000, "it was charged once");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_worker_keeps_its_work_when_the_clock_jumps() {
    let desk = Desk::new(true).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let id = desk.post(&key, "/v1/videos", &json!({ "prompt": "a slow fox" })).await.json()["id"].as_str().expect("text").to_owned();
    let number: i64 = id.trim_start_matches("video_").parse().expect("a number");
    for jump in [1, -2, 3, -1] {
        tokio::time::sleep(Duration::from_millis(700)).await;
        desk.clock.jump(jump * 86_400_000);
    }
    let job = desk.service.store.any_job(number).await.expect("read").expect("there");
    assert_eq!((job.state, job.attempt), (State::Running, 1), "it was not taken away");
    desk.service.cancel(&desk.service.store.account(job.account).await.expect("read").expect("there"), number).await.expect("cancelled");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_takes_too_long_is_stopped_and_given_back() {
    let desk = Desk::with(Arc::new(Quick), true, |c| {
        if let Some(worker) = &mut c.worker {
            worker.timeout = Duration::from_millis(300);
        }
    })
    .await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let id = desk.post(&key, "/v1/videos", &json!({ "prompt": "a slow fox" })).await.json()["id"].as_str().expect("text").to_owned();
    assert_eq!(desk.finished(&key, &id).await["error"]["code"], "timeout", "stopped");
    assert_eq!(desk.get(&key, "/v1/account").await.json()["credits"]["lasting"], 1000.0, "nothing was charged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_new_work() {
    let desk = Desk::with(Arc::new(Quick), false, |c| c.free = u64::MAX).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let said = desk.post(&key, "/v1/videos", &json!({ "prompt": "A fox" })).await;
    assert_eq!((said.status, said.headers.contains_key("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, true), "{}", said.json());
    assert_eq!(desk.get("", "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE, "and it is not ready");
    assert_eq!(desk.get(&key, "/v1/account").await.json()["credits"]["lasting"], 1000.0, "nothing is held");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_films_go_when_their_time_is_over_whatever_the_clock_says() {
    let desk = Desk::with(Arc::new(Quick), true, |c| {
        c.keep = Some(Duration::from_millis(2500));
    })
    .await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let id = desk.post(&key, "/v1/videos", &json!({ "prompt": "A fox" })).await.json()["id"].as_str().expect("text").to_owned();
    assert!(desk.finished(&key, &id).await["expires_at"].is_i64(), "it says when");
    for jump in [400, -800, 400] {
        desk.clock.jump(jump * 86_400_000);
        desk.service.sweep().await;
        assert_eq!(desk.get(&key, &format!("/v1/videos/{id}/content")).await.status, StatusCode::OK, "before its time, after a jump of {jump} days");
    }
    let desk = desk.again(Arc::new(Quick), |_| {}).await;
    desk.service.sweep().await;
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}/content")).await.status, StatusCode::OK, "nor is it over by a start");
    tokio::time::sleep(Duration::from_millis(2600)).await;
    desk.service.sweep().await;
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}/content")).await.status, StatusCode::GONE, "after it");
    assert_eq!(desk.get(&key, &format!("/v1/videos/{id}")).await.json()["status"], "completed", "the task is still known");
}
