//! Tells of what happens to tasks, by Standard Webhooks: signed, in order, again after failures, and in the end as a dead letter.

use crate::auth::{Secrets, hmac};
use crate::clock::Clock;
use crate::dialect::{Links, legacy, new, videos};
use crate::metrics::Metrics;
use crate::net::Outside;
use crate::refusal::Dialect;
use crate::store::{Due, Job, Store, Told};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Pauses between tries, in multiples of the first.
const PAUSES: [u32; 8] = [1, 6, 24, 120, 360, 720, 1440, 2880];
/// So many calls at once, and so many of them to one address.
const AT_ONCE: usize = 64;
const TO_ONE: usize = 8;

/// `v1,...` for every key, as the standard says.
#[must_use]
pub fn signature(keys: &[[u8; 32]], id: &str, timestamp: i64, body: &[u8]) -> String {
    keys.iter().map(|k| sign(k, id, timestamp, body)).collect::<Vec<_>>().join(" ")
}

fn sign(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    let text = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    format!("v1,{}", STANDARD.encode(hmac(key, &text)))
}

/// Sends what is due.
#[derive(Clone)]
pub struct Courier {
    /// Where it is written down.
    pub store: Arc<dyn Store>,
    /// Signs.
    pub secrets: Arc<Secrets>,
    /// Tells the time.
    pub clock: Arc<Clock>,
    /// Makes links.
    pub links: Links,
    /// Calls out.
    pub outside: Outside,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Pause before the second try.
    pub pause: Duration,
    /// Wakes it.
    pub wake: Arc<Notify>,
}

type Underway = Arc<Mutex<(HashSet<i64>, HashMap<String, usize>)>>;

impl Courier {
    /// Sends until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let underway = Underway::default();
        while !*stop.borrow() {
            // More than can be sent at once, so that a slow address does not hide the others.
            let due = self.store.due(self.clock.now(), 500).await.unwrap_or_default();
            for message in due {
                if begin(&underway, &message) {
                    let (courier, underway) = (self.clone(), underway.clone());
                    tokio::spawn(async move {
                        courier.send(&message).await;
                        end(&underway, &message);
                        courier.wake.notify_one();
                    });
                }
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn send(&self, message: &Due) {
        let told = match self.attempt(message).await {
            Ok(()) => Told::Heard,
            Err(why) => match PAUSES.get(usize::try_from(message.tries).unwrap_or(usize::MAX)) {
                Some(times) => Told::Again(self.clock.now() + i64::try_from((self.pause * *times).as_millis()).unwrap_or(0), why),
                None => Told::Dead(why),
            },
        };
        self.metrics.callback(match told {
            Told::Heard => "heard",
            Told::Again(..) => "again",
            Told::Dead(_) => "dead",
        });
        // If this cannot be written, it is sent again: the receiver knows the id.
        let _ = self.store.told(message.id, told).await;
    }

    async fn attempt(&self, message: &Due) -> Result<(), String> {
        let job = self.store.any_job(message.job).await.map_err(|e| e.to_string())?.ok_or("the task is gone")?;
        let account = self.store.account(message.account).await.map_err(|e| e.to_string())?.ok_or("the account is gone")?;
        let body = serde_json::to_vec(&event_of(job, message, &self.links)).map_err(|e| e.to_string())?;
        let (id, timestamp) = (format!("msg_{}", message.id), self.clock.now() / 1000);
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("user-agent", concat!("kinora/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("webhook-signature", signature(&self.secrets.hooks(&account, self.clock.now()), &id, timestamp, &body)),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-id", id),
        ];
        self.outside.post(&message.url, &headers, body.into()).await.map_err(|e| e.to_string())
    }
}

/// A task as it was when it happened, in the words of the interface that made it.
fn event_of(job: Job, message: &Due, links: &Links) -> Value {
    let mut then = job;
    if !message.event.over() {
        (then.state, then.updated_at, then.progress, then.finished_at) = (message.event, message.created_at, 0, None);
        (then.error, then.result) = (None, None);
    }
    match Dialect::of(&then.dialect) {
        Dialect::Legacy => legacy::task_of(&then, links),
        Dialect::New => new::task_of(&then, links),
        Dialect::Videos => {
            let kind = format!("video.{}", videos::status(then.state));
            json!({ "id": format!("evt_{}", message.id), "object": "event", "type": kind, "created_at": message.created_at / 1000, "data": videos::video_of(&then, links) })
        }
    }
}

fn host_of(url: &str) -> String {
    url::Url::parse(url).map(|u| u[..url::Position::BeforePath].to_owned()).unwrap_or_default()
}

fn begin(underway: &Underway, message: &Due) -> bool {
    let mut now = underway.lock().unwrap_or_else(PoisonError::into_inner);
    let host = host_of(&message.url);
    let to_one = now.1.get(&host).copied().unwrap_or(0);
    if now.0.len() >= AT_ONCE || to_one >= TO_ONE || !now.0.insert(message.id) {
        return false;
    }
    now.1.insert(host, to_one + 1);
    true
}

fn end(underway: &Underway, message: &Due) {
    let mut now = underway.lock().unwrap_or_else(PoisonError::into_inner);
    now.0.remove(&message.id);
    let host = host_of(&message.url);
    match now.1.get(&host).copied().unwrap_or(0) {
        0 | 1 => {
            now.1.remove(&host);
        }
        n => {
            now.1.insert(host, n - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_makers_test_vector_is_signed_as_it_says() {
        let secret = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=";
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
        let body = br#"{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}"#;
        assert_eq!(sign(&key, "9876543210", 1_781_080_794, body), "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=", "the vector");
    }

    #[test]
    fn two_keys_sign_beside_each_other() {
        let both = signature(&[[1; 32], [2; 32]], "a", 1, b"x");
        assert_eq!(both.split(' ').count(), 2, "one for each");
        assert!(both.starts_with(&sign(&[1; 32], "a", 1, b"x")), "the new one first");
    }
}
