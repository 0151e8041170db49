//! Takes jobs from the store and has the engine make them: so many at once, each watched by a heartbeat. Whoever dies is noticed by
//! the others, by a count that stands still on *their* clock; the wall clock may jump. A job's folder is always the same, so that
//! whoever takes it over goes on from the parts that are there.

use crate::clock::{Clock, milliseconds};
use crate::engine::{Engine, Failure, Made, Watch, Work};
use crate::metrics::{Metrics, log};
use crate::store::{Beat, Job, Store};
use crate::wish::{How, Wish};
use kinora_plan::Plan;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore, watch};

/// How a worker works.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// Films at once.
    pub jobs: usize,
    /// Threads for each.
    pub threads: usize,
    /// Time without a heartbeat after which a job is taken from whoever had it.
    pub lease: Duration,
    /// The longest that a job may take.
    pub timeout: Duration,
    /// Jobs have their folders here.
    pub folder: PathBuf,
}

/// Jobs that this process is making.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Mutex<HashMap<i64, Arc<Watch>>>>);

impl Running {
    fn jobs(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Arc<Watch>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Stops a job at once, if it is made here.
    pub fn stop(&self, job: i64) {
        if let Some(watch) = self.jobs().get(&job) {
            watch.stop();
        }
    }
    /// Whether it is made here.
    #[must_use]
    pub fn has(&self, job: i64) -> bool {
        self.jobs().contains_key(&job)
    }
    /// Its progress, if it is made here.
    #[must_use]
    pub fn progress(&self, job: i64) -> Option<i64> {
        self.jobs().get(&job).map(|w| w.progress())
    }
}

/// Makes jobs.
#[derive(Clone)]
pub struct Worker {
    /// Where they come from.
    pub store: Arc<dyn Store>,
    /// Who makes them.
    pub engine: Arc<dyn Engine>,
    /// Tells the time.
    pub clock: Arc<Clock>,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// How.
    pub config: WorkerConfig,
    /// How long files are kept; none = until they are deleted.
    pub keep: Option<Duration>,
    /// What is being made.
    pub running: Running,
    /// There is a new job.
    pub wake: Arc<Notify>,
    /// There is something to tell.
    pub news: Arc<Notify>,
}

/// Where a job's files are.
#[must_use]
pub fn folder_of(folder: &Path, job: i64) -> PathBuf {
    folder.join(format!("{:02}", job.rem_euclid(100))).join(job.to_string())
}

/// Between heartbeats, which also bring word of a cancel in another process.
const BEAT: Duration = Duration::from_millis(400);

impl Worker {
    /// Works until told to stop; what is being made then is put back, its parts kept.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let name = format!("{}-{:08x}", std::process::id(), u32::from_le_bytes(crate::clock::random()));
        let reaper = tokio::spawn(self.clone().reap(name.clone(), stop.clone()));
        let seats = Arc::new(Semaphore::new(self.config.jobs));
        let mut stopped = stop.clone();
        while !*stop.borrow() {
            let seat = tokio::select! {
                seat = seats.clone().acquire_owned() => seat,
                _ = stopped.changed() => break,
            };
            match self.store.claim(&name, self.clock.now()).await {
                Ok(Some(job)) => {
                    self.news.notify_one();
                    let (worker, stop) = (self.clone(), stop.clone());
                    tokio::spawn(async move {
                        worker.work(job, stop).await;
                        drop(seat);
                    });
                }
                other => {
                    if let Err(error) = other {
                        log("error", "claiming a job failed", json!({ "error": error.to_string() }));
                    }
                    drop(seat);
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = tokio::time::sleep(Duration::from_millis(300)) => {}
                        _ = stopped.changed() => {}
                    }
                }
            }
        }
        // Everybody is told to stop by their own watch of `stop`; all seats free = all have put back what they had.
        let _ = seats.acquire_many(u32::try_from(self.config.jobs).unwrap_or(1)).await;
        reaper.abort();
    }

    async fn work(&self, job: Job, mut stop: watch::Receiver<bool>) {
        let begun = Instant::now();
        let watch = Arc::new(Watch::default());
        self.running.jobs().insert(job.id, watch.clone());
        let mut making = {
            let (engine, watch, config, store) = (self.engine.clone(), watch.clone(), self.config.clone(), self.store.clone());
            let job = job.clone();
            tokio::spawn(async move {
                let parent = match parent_of(&job, &config.folder, &*store).await {
                    Ok(parent) => parent,
                    Err(failure) => return Err(failure),
                };
                let work = move || make(&*engine, &job, parent.as_ref(), &config, &watch);
                tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(Failure::Internal(panic_text(e))))
            })
        };
        let (mut late, mut lost, mut leaving) = (false, false, false);
        let outcome = loop {
            tokio::select! {
                done = &mut making => break done.unwrap_or_else(|e| Err(Failure::Internal(panic_text(e)))),
                () = tokio::time::sleep(BEAT) => {
                    if let Ok(Beat::Stop) = self.store.heartbeat(job.id, job.attempt, watch.progress()).await {
                        lost = true;
                        watch.stop();
                    }
                    if begun.elapsed() > self.config.timeout {
                        late = true;
                        watch.stop();
                    }
                }
                _ = stop.changed(), if !leaving => {
                    leaving = true;
                    watch.stop();
                }
            }
        };
        self.end(&job, outcome, (late, lost), begun).await;
        self.running.jobs().remove(&job.id);
        self.news.notify_one();
    }

    async fn end(&self, job: &Job, outcome: Result<Made, Failure>, (late, lost): (bool, bool), begun: Instant) {
        let known: Vec<Value> = serde_json::from_str(&job.warnings).unwrap_or_default();
        let (id, attempt, now) = (job.id, job.attempt, self.clock.now());
        let word = match &outcome {
            Ok(_) => "succeeded",
            Err(Failure::Stopped) if late => "timeout",
            Err(Failure::Stopped) if lost => "cancelled",
            Err(Failure::Stopped | Failure::Disk(_)) => "put-back",
            Err(_) => "failed",
        };
        let fail = |code: &str, why: String| self.store.release(id, attempt, (code.to_owned(), why), job.warnings.clone(), now);
        let written = match outcome {
            Ok(made) => {
                let seconds = made.result["seconds"].as_str().and_then(|s| s.parse().ok()).unwrap_or(0.0);
                self.metrics.made(seconds, begun.elapsed().as_secs_f64());
                let warnings: Vec<Value> = known.into_iter().chain(made.warnings).collect();
                let keep = self.keep.map(milliseconds);
                self.insist(|| self.store.settle(id, attempt, made.result.to_string(), json!(warnings).to_string(), keep, now)).await
            }
            Err(Failure::Stopped) if late => self.insist(|| fail("timeout", "it took too long, and was stopped; nothing was charged".into())).await,
            Err(Failure::Stopped) => self.insist(|| self.store.put_back(id, attempt, 0, now)).await,
            Err(Failure::Disk(why)) => {
                log("error", "a job met a full or broken disk", json!({ "job": id.to_string(), "error": why }));
                self.insist(|| self.store.put_back(id, attempt, now + 5000, now)).await
            }
            Err(Failure::Input(why)) => self.insist(|| fail("invalid_prompt", format!("{why} (nothing was charged)"))).await,
            Err(Failure::Internal(why)) => {
                log("error", "a job failed", json!({ "job": id.to_string(), "error": why }));
                self.insist(|| fail("internal_error", "internal error; nothing was charged".into())).await
            }
        };
        self.metrics.job(word);
        log(
            "info",
            "job ended",
            json!({ "job": id.to_string(), "outcome": word, "attempt": attempt, "seconds": begun.elapsed().as_secs_f64(), "written": written }),
        );
        if lost {
            // Cancelled: nobody wants its parts. If another has it, that one writes into the same folder and is left alone.
            if let Ok(Some(now)) = self.store.any_job(id).await
                && now.state.over()
                && now.deleted
            {
                let _ = tokio::fs::remove_dir_all(folder_of(&self.config.folder, id)).await;
            }
        }
    }

    /// Tries for a minute: a film that was made is not given up because the database is busy. After that whoever takes the job
    /// over finds the film in its folder.
    async fn insist<F, R>(&self, mut attempt: F) -> bool
    where
        F: FnMut() -> R,
        R: Future<Output = Result<bool, crate::store::StoreError>>,
    {
        for pause in [50, 200, 1000, 3000, 10_000, 20_000, 30_000] {
            match attempt().await {
                Ok(written) => return written,
                Err(error) => log("error", "the end of a job could not be written yet", json!({ "error": error.to_string() })),
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        false
    }

    /// Puts back jobs whose workers died.
    async fn reap(self, me: String, stop: watch::Receiver<bool>) {
        let mut seen: HashMap<(i64, i64), (i64, Instant)> = HashMap::new();
        while !*stop.borrow() {
            if let Ok(running) = self.store.running().await {
                let mut now = HashMap::new();
                for (job, attempt, beats, worker) in running {
                    let last = seen.get(&(job, attempt)).filter(|(b, _)| *b == beats).map_or_else(Instant::now, |(_, at)| *at);
                    let mine = worker == me && self.running.has(job);
                    if !mine && last.elapsed() > self.config.lease {
                        log("warn", "a job is taken from a worker that does not answer", json!({ "job": job.to_string(), "worker": worker }));
                        let _ = self.store.put_back(job, attempt, 0, self.clock.now()).await;
                        self.wake.notify_one();
                    } else {
                        now.insert((job, attempt), (beats, last));
                    }
                }
                seen = now;
            }
            tokio::time::sleep(self.config.lease / 4).await;
        }
    }
}

fn panic_text(error: tokio::task::JoinError) -> String {
    let panic = error.try_into_panic().ok();
    let text = panic.as_ref().and_then(|p| p.downcast_ref::<String>().cloned().or_else(|| p.downcast_ref::<&str>().map(|s| (*s).to_owned())));
    format!("the engine panicked: {}", text.unwrap_or_default())
}

/// The plan of the film that a job goes on from.
async fn parent_of(job: &Job, folder: &Path, store: &dyn Store) -> Result<Option<Plan>, Failure> {
    let Some(parent) = job.parent else { return Ok(None) };
    let wish: Wish = serde_json::from_str(&job.wish).map_err(|e| Failure::Internal(e.to_string()))?;
    // Kept in the job's own folder, so that it can go on even if the other is deleted meanwhile.
    let own = folder_of(folder, job.id).join("parent.plan.json");
    let text = match tokio::fs::read_to_string(&own).await {
        Ok(text) => Some(text),
        Err(_) => tokio::fs::read_to_string(folder_of(folder, parent).join("film.plan.json")).await.ok(),
    };
    match text.map(|t| (Plan::from_json(&t), t)) {
        Some((Ok(plan), text)) => {
            let disk = |e: std::io::Error| Failure::Disk(e.to_string());
            tokio::fs::create_dir_all(folder_of(folder, job.id)).await.map_err(disk)?;
            kinora_base::studio::write_beside(&own, text.as_bytes()).map_err(disk)?;
            Ok(Some(plan))
        }
        _ if wish.how == Some(How::Remix) => {
            // Its words are enough.
            let words = store.any_job(parent).await.ok().flatten().map(|p| crate::dialect::wish_of(&p).prompt).unwrap_or_default();
            let plan = json!({ "version": 1, "prompt": words, "scenes": [], "shots": [] });
            serde_json::from_value(plan).map(Some).map_err(|e| Failure::Internal(e.to_string()))
        }
        _ => Err(Failure::Input("the video that it goes on from is gone".into())),
    }
}

fn make(engine: &dyn Engine, job: &Job, parent: Option<&Plan>, config: &WorkerConfig, watch: &Watch) -> Result<Made, Failure> {
    let wish: Wish = serde_json::from_str(&job.wish).map_err(|e| Failure::Internal(format!("the job's wish cannot be read: {e}")))?;
    let folder = folder_of(&config.folder, job.id);
    engine.make(&Work { wish: &wish, parent, folder: &folder, threads: config.threads, watch })
}
