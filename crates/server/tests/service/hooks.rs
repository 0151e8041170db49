//! Callbacks: signed, in order, again, and given up.

use crate::common::{Desk, Quick};
use base64::Engine as _;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What was heard: head and body.
type Heard = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// Somebody who listens and answers what they are told to.
async fn listener(answers: &'static [&'static str]) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let heard = Heard::default();
    let all = heard.clone();
    tokio::spawn(async move {
        let mut count = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answers[count.min(answers.len() - 1)];
            count += 1;
            let heard = all.clone();
            tokio::spawn(async move {
                let mut bytes = Vec::new();
                let mut piece = [0; 4096];
                loop {
                    let read = stream.read(&mut piece).await.unwrap_or(0);
                    bytes.extend_from_slice(&piece[..read]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let Some(end) = text.find("\r\n\r\n") else { if read == 0 { return } else { continue } };
                    let length: usize = text.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
                    if bytes.len() >= end + 4 + length {
                        heard.lock().expect("no panic").push((text[..end].to_owned(), bytes[end + 4..].to_vec()));
                        break;
                    }
                }
                let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await;
            });
        }
    });
    (url, heard)
}

async fn wait(what: impl AsyncFn() -> bool) {
    for _ in 0..1000 {
        if what().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not happen");
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_signed_and_in_order() {
    let desk = Desk::new(true).await;
    let (id, key) = desk.account("a", "pro", 1000).await;
    // The first try of the first message fails, and everything still arrives in order.
    let (url, heard) = listener(&["500 No", "200 OK"]).await;
    let task = desk.post(&key, "/v1/videos/text2video", &json!({ "prompt": "A fox", "callback_url": url })).await.json();
    wait(async || heard.lock().expect("no panic").len() >= 4).await;
    let all = heard.lock().expect("no panic").clone();
    let bodies: Vec<Value> = all.iter().map(|(_, b)| serde_json::from_slice(b).expect("JSON")).collect();
    let states: Vec<&str> = bodies.iter().filter_map(|b| b["task_status"].as_str()).collect();
    assert_eq!(states, ["submitted", "submitted", "processing", "succeed"], "the refused one twice, then the others");
    assert!(bodies.iter().all(|b| b["task_id"] == task["data"]["task_id"]), "the flat task, as the older interface has it");
    assert_eq!(header(&all[0].0, "webhook-id"), header(&all[1].0, "webhook-id"), "the same message has the same id");
    assert_eq!(all[0].1, all[1].1, "and the same bytes");
    let account = desk.service.store.account(id).await.expect("read").expect("there");
    let secret = kinora_server::auth::hook_text(&desk.service.secrets.of_hook(id, account.hook.0));
    let secret = base64::engine::general_purpose::STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
    for (head, body) in &all {
        let signed = [format!("{}.{}.", header(head, "webhook-id"), header(head, "webhook-timestamp")).as_bytes(), body].concat();
        let wanted = base64::engine::general_purpose::STANDARD.encode(kinora_server::auth::hmac(&secret, &signed));
        assert_eq!(header(head, "webhook-signature"), format!("v1,{wanted}"), "the receiver can verify it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_answers_gets_a_dead_letter_and_holds_nobody_up() {
    let desk = Desk::with(Arc::new(Quick), true, |c| {
        c.callback_pause = Duration::from_micros(50);
        c.callback_timeout = Duration::from_secs(2);
    })
    .await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    let (bad, _) = listener(&["503 No"]).await;
    let (good, heard) = listener(&["204 OK"]).await;
    for url in ["http://127.0.0.1:9/dead", bad.as_str(), good.as_str()] {
        desk.post(&key, "/text-to-video/kling-2.6", &json!({ "prompt": "A fox", "options": { "callback_url": url } })).await;
    }
    // On a busy machine an answer may come too late, and the message a second time.
    let ids = || heard.lock().expect("no panic").iter().map(|(head, _)| header(head, "webhook-id").to_owned()).collect::<std::collections::HashSet<_>>().len();
    wait(async || ids() == 3).await;
    wait(async || desk.service.store.load().await.is_ok_and(|l| l.dead_letters == 6 && l.callbacks == 0)).await;
    let dead = desk.service.store.dead_letters(None).await.expect("read");
    assert!(dead.iter().any(|d| d.3.contains("503")), "it says why: {dead:?}");
    assert!(desk.service.store.revive(dead[0].0, desk.clock.now()).await.expect("written"), "and can be tried again");
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_not_called_even_by_detours() {
    let desk = Desk::with(Arc::new(Quick), false, |c| c.private_callbacks = false).await;
    let (_, key) = desk.account("a", "pro", 1000).await;
    for url in
        ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "file:///etc/passwd", "http://0x7f000001/", "http://10.0.0.1/", "x"]
    {
        let said = desk.post(&key, "/v1/videos/text2video", &json!({ "prompt": "A fox", "callback_url": url })).await.json();
        assert_eq!(said["code"], 1201, "{url}: {said}");
    }
    // A name is looked at when it is called.
    desk.post(&key, "/v1/videos/text2video", &json!({ "prompt": "A fox", "callback_url": "http://localhost:1/" })).await;
    let outside = kinora_server::net::Outside::new(false, Duration::from_secs(1));
    let said = outside.post("http://localhost:1/", &[], Default::default()).await;
    assert!(matches!(said, Err(kinora_server::net::NetError::Address(_))), "{said:?}");
    // Redirects begin anew.
    static AWAY: &[&str] = &["307 Away\r\nlocation: ftp://example.com/"];
    let (url, _) = listener(AWAY).await;
    let outside = kinora_server::net::Outside::new(true, Duration::from_secs(1));
    let said = outside.post(&url, &[], Default::default()).await;
    assert!(matches!(said, Err(kinora_server::net::NetError::Address(_))), "{said:?}");
}
