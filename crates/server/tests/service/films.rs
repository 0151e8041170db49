//! Real films, small and short.

use crate::common::{Desk, real};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

const FOX: &str = "A red fox walks through a forest";

fn film_of(desk: &Desk, id: &str) -> PathBuf {
    let number: i64 = id.trim_start_matches("video_").parse().expect("a number");
    kinora_server::worker::folder_of(&desk.service.config.films(), number)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_is_made_extended_and_made_again_from_its_plan() {
    let desk = Desk::with(real(), true, |_| {}).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let made = desk.post(&key, "/v1/videos", &json!({ "prompt": FOX, "seconds": 1, "size": "96x64", "seed": 3 })).await.json();
    let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let done = desk.finished(&key, &id).await;
    assert_eq!((&done["status"], &done["seed"]), (&json!("completed"), &json!(3)), "{done}");
    let film = desk.get(&key, &format!("/v1/videos/{id}/content")).await.bytes;
    assert_eq!(&film[4..8], b"ftyp", "an MP4");
    for variant in ["thumbnail", "spritesheet"] {
        assert_eq!(&desk.get(&key, &format!("/v1/videos/{id}/content?variant={variant}")).await.bytes[1..4], b"PNG", "{variant}");
    }
    let plan = desk.get(&key, &format!("/v1/videos/{id}/plan")).await.json();
    let again = desk.post(&key, "/v1/videos", &json!({ "plan": plan, "prompt": "ignored" })).await.json();
    assert!(again["warnings"].to_string().contains("prompt"), "the plan decides: {again}");
    let again = again["id"].as_str().unwrap_or_else(|| panic!("{again}")).to_owned();
    assert_eq!(desk.finished(&key, &again).await["status"], "completed", "made from the plan");
    assert_eq!(desk.get(&key, &format!("/v1/videos/{again}/content")).await.bytes, film, "the same plan gives the same bytes");
    let longer = desk.post(&key, "/v1/videos/extensions", &json!({ "prompt": "The fox sits down", "seconds": 1, "video": id })).await.json();
    let longer = desk.finished(&key, longer["id"].as_str().unwrap_or_else(|| panic!("{longer}"))).await;
    assert_eq!((&longer["status"], &longer["seconds"]), (&json!("completed"), &json!("2")), "{longer}");
    let remix = desk.post(&key, &format!("/v1/videos/{id}/remix"), &json!({ "prompt": "A dog walks through a forest" })).await.json();
    assert_eq!(desk.finished(&key, remix["id"].as_str().expect("text")).await["status"], "completed", "a remix");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_was_interrupted_goes_on_to_the_same_bytes() {
    let desk = Desk::with(real(), true, |_| {}).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let body = json!({ "prompt": FOX, "seconds": 2, "size": "128x72", "seed": 3 });
    let whole = desk.post(&key, "/v1/videos", &body).await.json()["id"].as_str().expect("text").to_owned();
    assert_eq!(desk.finished(&key, &whole).await["status"], "completed", "undisturbed");
    let id = desk.post(&key, "/v1/videos", &body).await.json()["id"].as_str().expect("text").to_owned();
    let mut desk = desk;
    for _ in 0..3 {
        for _ in 0..100 {
            if desk.get(&key, &format!("/v1/videos/{id}")).await.json()["progress"].as_i64() > Some(15) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        desk = desk.again(real(), |_| {}).await;
    }
    let done = desk.finished(&key, &id).await;
    assert_eq!(done["status"], "completed", "{done}");
    let read = |id: &str| std::fs::read(film_of(&desk, id).join("film.mp4")).expect("the film");
    assert!(read(&id) == read(&whole), "the bytes are those of the undisturbed run");
    desk.audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_sounds_are_real() {
    let desk = Desk::with(real(), true, |_| {}).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let sound = desk.post(&key, "/v1/audio/text-to-audio", &json!({ "prompt": "rain and thunder", "duration": 3 })).await.json();
    let id = sound["data"]["task_id"].as_str().unwrap_or_else(|| panic!("{sound}")).to_owned();
    let path = format!("/v1/audio/text-to-audio/{id}");
    let mut task = json!(null);
    for _ in 0..1500 {
        task = desk.get(&key, &path).await.json()["data"].clone();
        if task["task_status"] == "succeed" || task["task_status"] == "failed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let url = task["task_result"]["audios"][0]["url_wav"].as_str().unwrap_or_else(|| panic!("{task}"));
    let wav = desk.get("", url.trim_start_matches("http://here")).await.bytes;
    assert_eq!((&wav[..4], wav.len() / 100_000), (&b"RIFF"[..], 8), "3 s of stereo at 48 kHz, 3 bytes each");
    assert!(wav[44..].iter().any(|b| *b != 0), "and something is heard");
}
