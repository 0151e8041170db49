//! A service on a folder of its own, and a quick engine.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use kinora_plan::Plan;
use kinora_server::auth::new_key;
use kinora_server::clock::Clock;
use kinora_server::engine::{Engine, Failure, Made, Place, Saying, StageEngine, VoiceInfo, Work};
use kinora_server::money::Credits;
use kinora_server::service::Background;
use kinora_server::store::Change;
use kinora_server::wish::Wish;
use kinora_server::{Config, Service, router};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tower::ServiceExt as _;

/// Makes what was asked at once, or fails as the prompt says.
pub(crate) struct Quick;

impl Engine for Quick {
    fn plan(&self, wish: &Wish, _: Option<&Plan>) -> Result<(Plan, Vec<Value>), Failure> {
        let plan = json!({ "version": 1, "prompt": wish.prompt, "scenes": [{ "id": "s", "place": "meadow" }], "shots": [{ "id": "a", "scene": "s", "length": "1 s" }] });
        serde_json::from_value(plan).map(|p| (p, Vec::new())).map_err(|e| Failure::Internal(e.to_string()))
    }
    fn check(&self, plan: &Plan) -> Result<(), String> {
        if plan.scenes.iter().any(|s| s.place == "nowhere") { Err("scenes[0].place: \"nowhere\" is no place".into()) } else { Ok(()) }
    }
    fn make(&self, work: &Work<'_>) -> Result<Made, Failure> {
        let says = |word: &str| work.wish.prompt.contains(word);
        assert!(!says("panic"), "the prompt asks for it");
        if says("impossible") {
            return Err(Failure::Input("nothing of it is known".into()));
        }
        if says("slow") {
            for step in 0..3000 {
                if work.watch.stopped() {
                    return Err(Failure::Stopped);
                }
                work.watch.done(step / 3);
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let disk = |e: std::io::Error| Failure::Disk(e.to_string());
        std::fs::create_dir_all(work.folder).map_err(disk)?;
        let bytes: Vec<u8> = (0..1000_u32).map(|k| (k % 251) as u8).collect();
        for name in ["film.mp4", "thumbnail.png", "spritesheet.png", "sound.wav", "picture-0.png"] {
            std::fs::write(work.folder.join(name), &bytes).map_err(disk)?;
        }
        std::fs::write(work.folder.join("film.plan.json"), self.plan(work.wish, None)?.0.to_json()).map_err(disk)?;
        Ok(Made { result: json!({ "seconds": work.wish.seconds(), "bytes": 1000, "subtitles": false }), warnings: vec![json!({ "message": "made quickly" })] })
    }
    fn say(&self, saying: &Saying) -> Result<(Vec<u8>, f64), Failure> {
        if saying.text.contains("impossible") { Err(Failure::Input("nobody can say it".into())) } else { Ok((vec![0; 44], 1.5)) }
    }
    fn voices(&self) -> Vec<VoiceInfo> {
        vec![VoiceInfo { id: "af_heart".into(), name: "Heart".into(), language: "en".into() }]
    }
}

/// The real engine, loaded once for all tests.
pub(crate) fn real() -> Arc<StageEngine> {
    static ENGINE: OnceLock<Arc<StageEngine>> = OnceLock::new();
    ENGINE.get_or_init(|| Arc::new(StageEngine::open(Place::default()).expect("the built-in words are whole"))).clone()
}

/// A folder that is removed at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let folder = std::env::temp_dir().join(format!("kinora-service-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst)));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running service.
pub(crate) struct Desk {
    pub(crate) service: Arc<Service>,
    pub(crate) clock: Arc<Clock>,
    background: Option<Background>,
    _folder: Option<Folder>,
}

/// What a call was answered.
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Said {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
}

impl Desk {
    /// With accounts, paused or working.
    pub(crate) async fn new(work: bool) -> Self {
        Self::with(Arc::new(Quick), work, |_| {}).await
    }

    pub(crate) async fn with(engine: Arc<dyn Engine>, work: bool, change: impl FnOnce(&mut Config)) -> Self {
        let folder = Folder::new();
        let mut config = Config::new(&folder.0);
        config.base = "http://here".into();
        config.private_callbacks = true;
        config.free = 0;
        config.callback_pause = Duration::from_millis(5);
        if let Some(worker) = &mut config.worker {
            worker.lease = Duration::from_millis(1500);
            worker.jobs = 2;
            worker.threads = 1;
        }
        if !work {
            config.worker = None;
        }
        change(&mut config);
        let clock = Arc::new(Clock::default());
        let service = Arc::new(Service::open(config, engine, clock.clone()).await.expect("a service on an empty folder"));
        let background = Some(service.start());
        Self { service, clock, background, _folder: Some(folder) }
    }

    /// Stops and starts again on the same folder.
    pub(crate) async fn again(mut self, engine: Arc<dyn Engine>, change: impl FnOnce(&mut Config)) -> Self {
        if let Some(background) = self.background.take() {
            background.stop().await;
        }
        let mut config = self.service.config.clone();
        change(&mut config);
        let service = Arc::new(Service::open(config, engine, self.clock.clone()).await.expect("a service on its folder"));
        let background = Some(service.start());
        Self { service, clock: self.clock.clone(), background, _folder: self._folder.take() }
    }

    /// An account with credits and a key.
    pub(crate) async fn account(&self, name: &str, plan: &str, credits: i64) -> (i64, String) {
        let now = self.clock.now();
        let account = self.service.store.open_account(name, plan, now).await.expect("written").expect("a new name");
        self.service.store.change_account(account.id, Change { rate: Some(0), ..Change::default() }, now).await.expect("written");
        if credits > 0 {
            self.service.store.grant(account.id, Credits::whole(credits), "test", now).await.expect("written").expect("granted");
        }
        let (key, proof) = new_key();
        self.service.store.add_key(account.id, proof, "kin_", now).await.expect("written");
        (account.id, key)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Said {
        let response = router(self.service.clone()).oneshot(request).await.expect("a router answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map(|b| b.to_bytes().to_vec()).unwrap_or_default();
        Said { status: parts.status, headers: parts.headers, bytes }
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Said {
        self.send(Request::get(path).header("authorization", format!("Bearer {key}")).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&self, key: &str, path: &str, body: &Value) -> Said {
        let request = Request::post(path).header("authorization", format!("Bearer {key}")).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    pub(crate) async fn delete(&self, key: &str, path: &str) -> Said {
        self.send(Request::delete(path).header("authorization", format!("Bearer {key}")).body(Body::empty()).expect("a request")).await
    }

    /// Waits until a video is over.
    pub(crate) async fn finished(&self, key: &str, id: &str) -> Value {
        for _ in 0..6000 {
            let video = self.get(key, &format!("/v1/videos/{id}")).await.json();
            if matches!(video["status"].as_str(), Some("completed" | "failed")) {
                return video;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{id} does not end");
    }

    /// Everything adds up.
    pub(crate) async fn audited(&self) {
        let audit = self.service.store.audit().await.expect("read");
        assert!(audit.holds(), "the ledger does not agree: {audit:?}");
    }
}
