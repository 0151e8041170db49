//! What the interfaces share: submitting, quoting, cancelling, limits, files. Handlers are thin over this.

use crate::auth::{Door, Secrets};
use crate::catalogue::{Allowance, Catalogue, Tariff};
use crate::clock::{Clock, Millis, milliseconds, new_id, random};
use crate::dialect::{Links, warnings_of};
use crate::engine::{Engine, Failure, Saying};
use crate::hooks::Courier;
use crate::metrics::{Metrics, log};
use crate::money::Credits;
use crate::net::Outside;
use crate::refusal::{Dialect, Refusal};
use crate::store::{Account, Balance, Job, NewJob, Sqlite, State, Store, Terms};
use crate::wish::{Order, What, Wish, allowed};
use crate::worker::{Running, Worker, WorkerConfig, folder_of};
use kinora_plan::Plan;
use serde_json::json;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore, watch};

/// How a service is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Database, secret and films are in this folder.
    pub data: PathBuf,
    /// Begins the links that are given out.
    pub base: String,
    /// Nobody needs a key: everything is done as the account `local`.
    pub single: bool,
    /// Callbacks may go to addresses of this machine and its networks.
    pub private_callbacks: bool,
    /// Pause before the second try of a callback.
    pub callback_pause: Duration,
    /// Longest wait for the answer to a callback.
    pub callback_timeout: Duration,
    /// The most jobs that may wait.
    pub queue: i64,
    /// The most bytes of films that are kept; more jobs are refused then. 0 = no limit.
    pub disk: u64,
    /// Bytes that must stay free on the disk.
    pub free: u64,
    /// The operator's token for /metrics; without it they are given to this machine only.
    pub metrics_token: Option<String>,
    /// One line for every call on standard error.
    pub log_calls: bool,
    /// How long files of finished tasks are kept, in time that the service runs; none = until they are deleted.
    pub keep: Option<Duration>,
    /// The worker in this process; none = `kinora worker` does it.
    pub worker: Option<WorkerConfig>,
}

impl Config {
    /// A service in a folder, as the tests and `kinora serve` begin with it.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self {
            base: String::new(),
            single: false,
            private_callbacks: false,
            callback_pause: Duration::from_secs(5),
            callback_timeout: Duration::from_secs(10),
            queue: 200_000,
            disk: 0,
            free: 200_000_000,
            metrics_token: None,
            log_calls: false,
            worker: Some(WorkerConfig {
                jobs: 1,
                threads: std::thread::available_parallelism().map_or(1, usize::from),
                lease: Duration::from_secs(10),
                timeout: Duration::from_secs(6 * 3600),
                folder: data.join("films"),
            }),
            keep: None,
            data,
        }
    }
    /// Where jobs have their folders.
    #[must_use]
    pub fn films(&self) -> PathBuf {
        self.data.join("films")
    }
}

/// So many calls to say something may wait for each other; a long text takes half a minute.
const LINE: usize = 8;

/// Name of the account of single-user mode.
pub const LOCAL: &str = "local";

/// A running service.
pub struct Service {
    /// How it is set up.
    pub config: Config,
    /// What must not be lost.
    pub store: Arc<dyn Store>,
    /// Who makes films.
    pub engine: Arc<dyn Engine>,
    /// What is offered.
    pub catalogue: &'static Catalogue,
    /// Signs.
    pub secrets: Arc<Secrets>,
    /// Tells the time.
    pub clock: Arc<Clock>,
    /// Knows who calls.
    pub door: Door,
    /// Makes links.
    pub links: Links,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Calls out.
    pub outside: Outside,
    /// What is made in this process.
    pub running: Running,
    wake: Arc<Notify>,
    news: Arc<Notify>,
    buckets: Mutex<HashMap<(i64, bool), (f64, Instant)>>,
    swept: Mutex<Instant>,
    used: AtomicU64,
    free: AtomicU64,
    speaking: Semaphore,
    line: Semaphore,
    planning: Semaphore,
    local: Option<Account>,
}

/// The parts that run beside the answering of calls.
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Background {
    /// Asks all to stop and waits until they have put back what they had.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
    /// Told when to stop.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }
}

/// Makes folders that are not there, for their owner alone: prompts and films are nobody else's.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Opens the store of a folder.
///
/// # Errors
/// If it cannot be made, opened or migrated.
pub async fn open_store(data: &Path, clock: Arc<Clock>) -> Result<Sqlite, crate::Error> {
    create_private(&data.join("films")).map_err(|e| crate::Error::Folder { path: data.to_owned(), source: e })?;
    Ok(Sqlite::open(&data.join("kinora.db"), clock).await?)
}

impl Service {
    /// Opens everything.
    ///
    /// # Errors
    /// If a folder or the database cannot be used.
    pub async fn open(config: Config, engine: Arc<dyn Engine>, clock: Arc<Clock>) -> Result<Self, crate::Error> {
        let store: Arc<dyn Store> = Arc::new(open_store(&config.data, clock.clone()).await?);
        let path = config.data.join("secret");
        let secrets = Arc::new(Secrets::open(&path).map_err(|e| crate::Error::Folder { path, source: e })?);
        let local = if config.single { Some(local_account(&*store, clock.now()).await?) } else { None };
        let outside = Outside::new(config.private_callbacks, config.callback_timeout);
        let service = Self {
            door: Door::new(store.clone(), secrets.clone(), clock.clone()),
            links: Links { base: config.base.trim_end_matches('/').to_owned(), secrets: secrets.clone() },
            catalogue: Catalogue::built_in(),
            metrics: Arc::default(),
            running: Running::default(),
            wake: Arc::default(),
            news: Arc::default(),
            buckets: Mutex::default(),
            swept: Mutex::new(Instant::now()),
            used: AtomicU64::new(0),
            free: AtomicU64::new(u64::MAX),
            speaking: Semaphore::new(1),
            line: Semaphore::new(LINE),
            planning: Semaphore::new(2),
            config,
            store,
            engine,
            secrets,
            clock,
            outside,
            local,
        };
        service.measure_disk().await;
        Ok(service)
    }

    /// Starts what runs beside: worker, callbacks, cleaning.
    #[must_use]
    pub fn start(self: &Arc<Self>) -> Background {
        let (stop, told) = watch::channel(false);
        let mut tasks = Vec::new();
        if let Some(config) = self.config.worker.clone() {
            tasks.push(tokio::spawn(self.worker(config).run(told.clone())));
        }
        let courier = Courier {
            store: self.store.clone(),
            secrets: self.secrets.clone(),
            clock: self.clock.clone(),
            links: self.links.clone(),
            outside: self.outside.clone(),
            metrics: self.metrics.clone(),
            pause: self.config.callback_pause,
            wake: self.news.clone(),
        };
        tasks.push(tokio::spawn(courier.run(told.clone())));
        tasks.push(tokio::spawn(self.clone().clean(told)));
        Background { stop, tasks }
    }

    /// A worker of this process.
    #[must_use]
    pub fn worker(&self, config: WorkerConfig) -> Worker {
        Worker {
            store: self.store.clone(),
            engine: self.engine.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            keep: self.config.keep,
            config,
            running: self.running.clone(),
            wake: self.wake.clone(),
            news: self.news.clone(),
        }
    }

    /// Removes the files of what was deleted or is too old, now and then.
    async fn clean(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.sweep().await;
            self.measure_disk().await;
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(15)) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Removes the files of what was deleted or is too old.
    pub async fn sweep(&self) {
        let ran = {
            let mut last = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
            milliseconds(std::mem::replace(&mut *last, Instant::now()).elapsed())
        };
        let gone = self.store.expired(ran, self.clock.now()).await.unwrap_or_default();
        let mut swept = Vec::new();
        for job in gone.into_iter().filter(|j| !self.running.has(*j)) {
            match tokio::fs::remove_dir_all(folder_of(&self.config.films(), job)).await {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    log("error", "files of a job cannot be removed", json!({ "job": job.to_string(), "error": e.to_string() }))
                }
                _ => swept.push(job),
            }
        }
        if !swept.is_empty() {
            let _ = self.store.swept(swept).await;
        }
    }

    async fn measure_disk(&self) {
        let folder = self.config.films();
        self.free.store(free_bytes(&folder), Ordering::Relaxed);
        if let Ok(bytes) = tokio::task::spawn_blocking(move || bytes_of(&folder)).await {
            self.used.store(bytes, Ordering::Relaxed);
        }
    }

    /// Bytes of films, as last counted.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether there is room for more.
    ///
    /// # Errors
    /// If there is not.
    pub fn room(&self) -> Result<(), Refusal> {
        let over = self.config.disk > 0 && self.used() >= self.config.disk;
        if over || self.free.load(Ordering::Relaxed) < self.config.free { Err(Refusal::NoRoom) } else { Ok(()) }
    }

    /// Who calls. On the owner's own machine nobody needs a key, but a key that is given must be good.
    ///
    /// # Errors
    /// If the key is missing or not good.
    pub async fn caller(&self, header: Option<&str>) -> Result<Account, Refusal> {
        match (&self.local, header) {
            (Some(local), None) => Ok(local.clone()),
            // Clients insist on some key; whatever does not look like one of ours is theirs.
            (Some(local), Some(given)) if !given.contains("kin_") && !given.contains("ak_") && given.split('.').count() != 3 => Ok(local.clone()),
            (_, header) => self.door.open(header).await,
        }
    }

    /// The plan of an account.
    #[must_use]
    pub fn tariff(&self, account: &Account) -> &'static Tariff {
        self.catalogue.plan(&account.plan).or_else(|| self.catalogue.plan("free")).unwrap_or(&self.catalogue.plans[0])
    }

    /// What the plan says about new jobs.
    #[must_use]
    pub fn terms(&self, account: &Account) -> Terms {
        let tariff = self.tariff(account);
        let (daily, monthly) = match tariff.credits {
            Allowance::Daily(n) => (Some(Credits::whole(n)), None),
            Allowance::Monthly(n) => (None, Some(Credits::whole(n))),
            Allowance::Unlimited => (None, None),
        };
        Terms { daily, monthly, slots: account.slots.unwrap_or(tariff.slots), weight: tariff.weight, queue: self.config.queue }
    }

    /// Counts a call against the account's rate.
    ///
    /// # Errors
    /// If there were too many.
    pub fn rate(&self, account: &Account, creates: bool) -> Result<(), Refusal> {
        let tariff = self.tariff(account);
        let limit = account.rate.unwrap_or(if creates { tariff.rate } else { tariff.reads });
        if limit == 0 {
            return Ok(());
        }
        let (mut buckets, now) = (self.buckets.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        if buckets.len() > 100_000 {
            buckets.retain(|_, (_, at)| at.elapsed() < Duration::from_secs(10));
        }
        // Twice the rate at once, then the rate.
        let most = f64::from(limit) * 2.0;
        let (left, at) = buckets.entry((account.id, creates)).or_insert((most, now));
        *left = (*left + at.elapsed().as_secs_f64() * f64::from(limit)).min(most);
        *at = now;
        if *left < 1.0 {
            return Err(Refusal::TooFast(limit));
        }
        *left -= 1.0;
        Ok(())
    }

    /// What an order costs this account: what will be charged, to the last digit.
    #[must_use]
    pub fn price(&self, account: &Account, price: Credits) -> Credits {
        if self.tariff(account).credits == Allowance::Unlimited { Credits::ZERO } else { price }
    }

    /// Takes an order: holds its price and queues it.
    ///
    /// # Errors
    /// If the plan, the credits, the slots, the disk or the callback do not allow it.
    pub async fn submit(&self, account: &Account, mut order: Order, dialect: Dialect) -> Result<Job, Refusal> {
        self.room()?;
        allowed(&order.wish, self.tariff(account))?;
        if let Some(url) = &order.callback {
            self.outside.check(url).map_err(|e| Refusal::wrong("callback_url", e.to_string()))?;
        }
        if let Some(plan) = &order.wish.plan {
            let plan: Plan = serde_json::from_value(plan.clone()).map_err(|e| Refusal::wrong("plan", e.to_string()))?;
            let engine = self.engine.clone();
            let _turn = self.planning.acquire().await;
            let checked = tokio::task::spawn_blocking(move || engine.check(&plan)).await.map_err(|e| Refusal::Internal(e.to_string()))?;
            checked.map_err(|e| Refusal::wrong("plan", e))?;
        }
        order.wish.seed = Some(order.wish.seed.unwrap_or_else(|| u64::from(u32::from_le_bytes(random()))));
        let (now, price) = (self.clock.now(), self.price(account, order.price));
        let internal = |e: serde_json::Error| Refusal::Internal(e.to_string());
        let new = NewJob {
            id: new_id(now),
            account: account.id,
            dialect: dialect.name().to_owned(),
            product: order.product.to_owned(),
            model: order.model,
            external: order.external,
            slots: order.slots,
            price,
            wish: serde_json::to_string(&order.wish).map_err(internal)?,
            warnings: serde_json::to_string(&warnings_of(&order.idle)).map_err(internal)?,
            callback: order.callback,
            parent: order.parent,
        };
        let job = fresh(&new, now);
        let told = new.callback.is_some();
        self.store.submit_with_hold(new, self.terms(account), now).await??;
        self.wake.notify_one();
        if told {
            self.news.notify_one();
        }
        Ok(job)
    }

    /// A job of an account by number, or by the caller's own id.
    ///
    /// # Errors
    /// If there is none.
    pub async fn find(&self, account: &Account, id: &str, products: &[&str]) -> Result<Job, Refusal> {
        let by_number = match id.parse::<i64>() {
            Ok(number) => self.store.job(account.id, number).await?,
            Err(_) => None,
        };
        let found = match by_number {
            Some(job) => Some(job),
            None => self.store.job_by_external(account.id, id).await?,
        };
        let shown: String = id.chars().take(80).collect();
        let found = found.filter(|j| products.is_empty() || products.contains(&j.product.as_str()));
        found.map(|j| self.fresher(j)).ok_or(Refusal::NotThere { what: "task", id: shown })
    }

    /// With the progress of this very moment, if it is made here.
    #[must_use]
    pub fn fresher(&self, mut job: Job) -> Job {
        job.progress = self.running.progress(job.id).unwrap_or(job.progress).max(job.progress);
        job
    }

    /// Stops a job.
    ///
    /// # Errors
    /// If there is none.
    pub async fn cancel(&self, account: &Account, job: i64) -> Result<State, Refusal> {
        let state = self.store.cancel(account.id, job, self.clock.now()).await?;
        let state = state.ok_or(Refusal::NotThere { what: "task", id: job.to_string() })?;
        if state == State::Cancelled {
            self.running.stop(job);
        }
        self.news.notify_one();
        Ok(state)
    }

    /// Deletes a job's files, and stops it if it is not over.
    ///
    /// # Errors
    /// If there is none.
    pub async fn delete(&self, account: &Account, job: i64) -> Result<(), Refusal> {
        let deleted = self.store.delete(account.id, job, self.clock.now()).await?;
        self.running.stop(job);
        if deleted { Ok(()) } else { Err(Refusal::NotThere { what: "video", id: format!("video_{job}") }) }
    }

    /// What an account has.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn balance(&self, account: &Account) -> Result<Balance, Refusal> {
        Ok(self.store.balance(account.id, self.terms(account), self.clock.now()).await?)
    }

    /// Says something at once, and charges for it when it is there: a failure costs nothing. `idle`: fields that change nothing, with why.
    ///
    /// # Errors
    /// If it cannot be said or paid, or too many are in line already.
    pub async fn say(&self, account: &Account, saying: Saying, idle: &[(String, String)]) -> Result<(i64, f64), Refusal> {
        self.room()?;
        let (id, price) = (new_id(self.clock.now()), self.price(account, self.catalogue.costs.speech));
        let balance = self.balance(account).await?;
        let there = Credits(balance.daily.0 + balance.lasting.0);
        if there < price {
            return Err(Refusal::Credits { price, there });
        }
        let _place = self.line.try_acquire().map_err(|_| Refusal::Backlog)?;
        let _turn = self.speaking.acquire().await;
        let (engine, wish) = (self.engine.clone(), Wish { what: What::Sound, prompt: saying.text.clone(), ..Wish::default() });
        let said = tokio::task::spawn_blocking(move || engine.say(&saying)).await.map_err(|e| Refusal::Internal(e.to_string()))?;
        let (wav, seconds) = said.map_err(refused)?;
        let folder = folder_of(&self.config.films(), id);
        let written = tokio::fs::create_dir_all(&folder).await.and_then(|()| kinora_base::studio::write_beside(&folder.join("sound.wav"), &wav));
        written.map_err(|e| if e.kind() == std::io::ErrorKind::StorageFull { Refusal::NoRoom } else { Refusal::Internal(e.to_string()) })?;
        let internal = |e: serde_json::Error| Refusal::Internal(e.to_string());
        let job = NewJob {
            id,
            account: account.id,
            dialect: Dialect::Legacy.name().to_owned(),
            product: "tts".to_owned(),
            model: "kinora".to_owned(),
            external: None,
            slots: 0,
            price,
            wish: serde_json::to_string(&Wish { milliseconds: (seconds * 1000.0) as i64, ..wish }).map_err(internal)?,
            warnings: serde_json::to_string(&warnings_of(idle)).map_err(internal)?,
            callback: None,
            parent: None,
        };
        let result = json!({ "seconds": Credits((seconds * 1000.0) as i64).to_string() }).to_string();
        let paid = self.store.charge(job, result, self.config.keep.map(milliseconds), self.terms(account), self.clock.now()).await;
        let refusal = match paid {
            Ok(Ok(())) => return Ok((id, seconds)),
            Ok(Err(refused)) => Refusal::from(refused),
            Err(error) => Refusal::from(error),
        };
        let _ = tokio::fs::remove_dir_all(&folder).await;
        Err(refusal)
    }
}

fn refused(failure: Failure) -> Refusal {
    match failure {
        Failure::Input(why) => Refusal::wrong("text", why),
        Failure::Disk(_) => Refusal::NoRoom,
        Failure::Stopped => Refusal::NotNow,
        Failure::Internal(why) => Refusal::Internal(why),
    }
}

fn fresh(new: &NewJob, now: Millis) -> Job {
    Job {
        id: new.id,
        account: new.account,
        dialect: new.dialect.clone(),
        product: new.product.clone(),
        model: new.model.clone(),
        external: new.external.clone(),
        state: State::Queued,
        price: new.price,
        wish: new.wish.clone(),
        warnings: new.warnings.clone(),
        result: None,
        error: None,
        parent: new.parent,
        progress: 0,
        attempt: 0,
        beats: 0,
        created_at: now,
        updated_at: now,
        finished_at: None,
        expires_at: None,
        deleted: false,
    }
}

async fn local_account(store: &dyn Store, now: Millis) -> Result<Account, crate::Error> {
    if let Some(account) = store.open_account(LOCAL, LOCAL, now).await? {
        return Ok(account);
    }
    let found = store.accounts().await?.into_iter().find(|a| a.name == LOCAL);
    found.ok_or_else(|| crate::store::StoreError::Database("the account of this machine is gone".into()).into())
}

fn bytes_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| e.metadata().map_or(0, |m| if m.is_dir() { bytes_of(&e.path()) } else { m.len() })).sum()
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> u64 {
    #[allow(clippy::unnecessary_cast, reason = "the fields have other widths on other systems")]
    nix::sys::statvfs::statvfs(folder).map_or(u64::MAX, |s| (s.blocks_available() as u64).saturating_mul(s.fragment_size() as u64))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> u64 {
    u64::MAX
}
