//! What must not be lost: accounts, keys, credits, jobs, callbacks. [`Store`] is a trait of whole transactions of the domain, not of
//! tables, so that another database can stand behind it; [`Sqlite`] is the one that is built in.

mod accounts;
mod jobs;
mod sqlite;
mod writer;

pub use sqlite::Sqlite;

use crate::clock::Millis;
use crate::money::Credits;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Why the store could not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// There are too many writes waiting.
    #[error("more is being written than the disk can take; try again in a second")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// Anything else.
    #[error("the database failed: {0}")]
    Database(String),
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// Its name in commands.
    pub name: String,
    /// Name of its plan.
    pub plan: String,
    /// Whether it may do anything.
    pub open: bool,
    /// Tasks at once, if not as the plan says.
    pub slots: Option<i64>,
    /// Calls a second, if not as the plan says; 0 = no limit.
    pub rate: Option<u32>,
    /// Version of the secret that its callbacks are signed with, and when it became that.
    pub hook: (i64, Millis),
}

/// What an account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Today's credits.
    pub daily: Credits,
    /// Credits that stay.
    pub lasting: Credits,
    /// Held for tasks that are not done.
    pub held: Credits,
    /// Slots of tasks that are not done.
    pub active: i64,
}

/// A movement of credits.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Rising number.
    pub id: i64,
    /// When.
    pub at: Millis,
    /// For which task.
    pub job: Option<i64>,
    /// grant, hold, settle, release, expire.
    pub kind: String,
    /// From which book: issued, daily, lasting, held.
    pub source: String,
    /// To which book: daily, lasting, held, spent, expired.
    pub target: String,
    /// How much.
    pub amount: Credits,
    /// Why, for grants.
    pub note: String,
}

/// How a key proves who calls.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its number.
    pub id: i64,
    /// `static` or `pair`.
    pub kind: String,
    /// What is shown of it.
    pub hint: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was revoked.
    pub revoked_at: Option<Millis>,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waiting.
    Queued,
    /// Being made.
    Running,
    /// Done.
    Succeeded,
    /// Not done, and not charged.
    Failed,
    /// Stopped by its owner, and not charged.
    Cancelled,
}

impl State {
    /// As it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
    /// By its name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled].into_iter().find(|s| s.name() == name)
    }
    /// Whether nothing will happen any more.
    #[must_use]
    pub fn over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A job that is to be made.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub account: i64,
    /// Which interface it came by: legacy, new, videos.
    pub dialect: String,
    /// What kind of task: text2video, omni-video, images ...
    pub product: String,
    /// Name of the model.
    pub model: String,
    /// The caller's own id, unique in the account.
    pub external: Option<String>,
    /// Slots it takes until it is done.
    pub slots: i64,
    /// What it costs.
    pub price: Credits,
    /// What is to be made, as JSON.
    pub wish: String,
    /// What is known to be amiss, as a JSON list.
    pub warnings: String,
    /// Whom to tell.
    pub callback: Option<String>,
    /// The job it goes on from.
    pub parent: Option<i64>,
}

/// What the account's plan says about a new job.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Credits every day, or none.
    pub daily: Option<Credits>,
    /// Credits every month that is paid.
    pub monthly: Option<Credits>,
    /// Tasks at once.
    pub slots: i64,
    /// Share of the workers.
    pub weight: i64,
    /// The most jobs that may wait on this machine.
    pub queue: i64,
}

/// Why a job was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not enough credits.
    Credits {
        /// What it costs.
        price: Credits,
        /// What there is.
        there: Credits,
    },
    /// Too many tasks at once.
    Slots {
        /// How many there may be.
        limit: i64,
    },
    /// The caller's own id is taken, by this job.
    Taken(i64),
    /// Too many jobs wait on this machine.
    Backlog,
    /// The account is closed or not there.
    Closed,
}

/// A job as it is.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub account: i64,
    /// Which interface it came by.
    pub dialect: String,
    /// What kind of task.
    pub product: String,
    /// Name of the model.
    pub model: String,
    /// The caller's own id.
    pub external: Option<String>,
    /// Where it is.
    pub state: State,
    /// What it costs.
    pub price: Credits,
    /// What is to be made, as JSON.
    pub wish: String,
    /// What went otherwise than asked, as a JSON list.
    pub warnings: String,
    /// What was made, as JSON.
    pub result: Option<String>,
    /// Why it failed: a word and a sentence.
    pub error: Option<(String, String)>,
    /// The job it goes on from.
    pub parent: Option<i64>,
    /// Thousandths that are done.
    pub progress: i64,
    /// How often it was begun.
    pub attempt: i64,
    /// Counts while somebody works on it.
    pub beats: i64,
    /// When it was taken.
    pub created_at: Millis,
    /// When its state changed.
    pub updated_at: Millis,
    /// When it was over.
    pub finished_at: Option<Millis>,
    /// When its files go.
    pub expires_at: Option<Millis>,
    /// Its files are gone.
    pub deleted: bool,
}

/// Which jobs are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of one of these products; empty = all.
    pub products: Vec<String>,
    /// By this interface.
    pub dialect: Option<String>,
    /// In one of these states; empty = all.
    pub states: Vec<State>,
    /// Created from then on.
    pub from: Option<Millis>,
    /// Created before.
    pub until: Option<Millis>,
    /// Only after this id in the order of the list.
    pub after: Option<i64>,
    /// Oldest first.
    pub rising: bool,
    /// Leave out so many.
    pub skip: i64,
    /// At most so many.
    pub limit: i64,
    /// Also those whose files were deleted by their owner.
    pub deleted: bool,
}

/// A message that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its number; the same at every try.
    pub id: i64,
    /// About which job.
    pub job: i64,
    /// Whose.
    pub account: i64,
    /// Where to.
    pub url: String,
    /// The state that is told.
    pub event: State,
    /// How often it was tried.
    pub tries: i64,
    /// When it happened.
    pub created_at: Millis,
}

/// What came of a try to tell.
#[derive(Clone, Debug)]
pub enum Told {
    /// It was heard.
    Heard,
    /// Again at that time.
    Again(Millis, String),
    /// Never again: a dead letter.
    Dead(String),
}

/// How much there is to do.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Load {
    /// Jobs that wait.
    pub queued: i64,
    /// Jobs that are being made.
    pub running: i64,
    /// Messages that wait.
    pub callbacks: i64,
    /// Messages that were given up.
    pub dead_letters: i64,
}

/// Sums over everything: whether a credit was lost or doubled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// Accounts whose balance is not the sum of their entries.
    pub unbalanced: Vec<i64>,
    /// Jobs that are over and not settled or released exactly once, or not over and not held exactly once.
    pub unsettled: Vec<i64>,
    /// Accounts whose slots in use are not those of their jobs.
    pub miscounted: Vec<i64>,
    /// Sum of what was issued.
    pub issued: Credits,
    /// Sum of what was spent.
    pub spent: Credits,
    /// Sum of what is held.
    pub held: Credits,
    /// Sum of what is left.
    pub left: Credits,
    /// Sum of what expired.
    pub expired: Credits,
}

impl Audit {
    /// Whether everything agrees.
    #[must_use]
    pub fn holds(&self) -> bool {
        let sum = self.spent.0 + self.held.0 + self.left.0 + self.expired.0;
        self.unbalanced.is_empty() && self.unsettled.is_empty() && self.miscounted.is_empty() && sum == self.issued.0
    }
}

/// What a worker is told at a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Go on.
    Go,
    /// The job is no longer yours: cancelled, or given to another.
    Stop,
}

/// Transactions of the domain. Each happens as a whole or not at all, and is on the disk when it returns.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Takes a job and holds its price.
    async fn submit_with_hold(&self, job: NewJob, terms: Terms, now: Millis) -> Result<Result<i64, Refused>, StoreError>;
    /// Gives the next job in fair order to a worker.
    async fn claim(&self, worker: &str, now: Millis) -> Result<Option<Job>, StoreError>;
    /// Says that an attempt is alive and how far it is.
    async fn heartbeat(&self, job: i64, attempt: i64, progress: i64) -> Result<Beat, StoreError>;
    /// The job is done: charges what was held; its files are kept for so many milliseconds, or until they are deleted. False if it was no longer
    /// the worker's.
    async fn settle(&self, job: i64, attempt: i64, result: String, warnings: String, keep: Option<Millis>, now: Millis) -> Result<bool, StoreError>;
    /// The job failed: gives back what was held. False if it was no longer the worker's.
    async fn release(&self, job: i64, attempt: i64, error: (String, String), warnings: String, now: Millis) -> Result<bool, StoreError>;
    /// Nothing is wrong with the job: somebody makes it later. After 20 times without any progress it fails.
    async fn put_back(&self, job: i64, attempt: i64, not_before: Millis, now: Millis) -> Result<bool, StoreError>;
    /// Stops a job of an account: gives back what was held. The state it has then; none if there is no such job.
    async fn cancel(&self, account: i64, job: i64, now: Millis) -> Result<Option<State>, StoreError>;
    /// Forgets the files of a job that is over, and cancels one that is not.
    async fn delete(&self, account: i64, job: i64, now: Millis) -> Result<bool, StoreError>;
    /// Counts milliseconds that the service ran, and marks jobs whose time is over by that count; gives some whose files are to be removed.
    async fn expired(&self, ran: Millis, now: Millis) -> Result<Vec<i64>, StoreError>;
    /// The files of these jobs are removed.
    async fn swept(&self, jobs: Vec<i64>) -> Result<(), StoreError>;
    /// Jobs that are being made: id, attempt, beats, worker.
    async fn running(&self) -> Result<Vec<(i64, i64, i64, String)>, StoreError>;

    /// A job of an account.
    async fn job(&self, account: i64, id: i64) -> Result<Option<Job>, StoreError>;
    /// Any job; for what the service does by itself.
    async fn any_job(&self, id: i64) -> Result<Option<Job>, StoreError>;
    /// A job of an account by the caller's own id.
    async fn job_by_external(&self, account: i64, external: &str) -> Result<Option<Job>, StoreError>;
    /// Jobs of an account.
    async fn jobs(&self, account: i64, wanted: Wanted) -> Result<Vec<Job>, StoreError>;

    /// Opens an account.
    async fn open_account(&self, name: &str, plan: &str, now: Millis) -> Result<Option<Account>, StoreError>;
    /// All accounts.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    /// By number.
    async fn account(&self, id: i64) -> Result<Option<Account>, StoreError>;
    /// Changes what is given: plan with the months that are paid, limits, open or closed.
    async fn change_account(&self, id: i64, change: Change, now: Millis) -> Result<(), StoreError>;
    /// Gives credits that stay; a negative amount takes back what is there.
    async fn grant(&self, account: i64, amount: Credits, note: &str, now: Millis) -> Result<Result<(), Refused>, StoreError>;
    /// What an account has, after what is due today was given.
    async fn balance(&self, account: i64, terms: Terms, now: Millis) -> Result<Balance, StoreError>;
    /// Movements of an account, newest first, before an id.
    async fn entries(&self, account: i64, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, StoreError>;
    /// What was granted to an account to stay, in all.
    async fn granted(&self, account: i64) -> Result<Credits, StoreError>;
    /// Charges something that is done at once, under an id of its own.
    async fn charge(&self, job: NewJob, result: String, keep: Option<Millis>, terms: Terms, now: Millis) -> Result<Result<(), Refused>, StoreError>;

    /// Adds a static key (by its hash) or a pair (by its access key).
    async fn add_key(&self, account: i64, proof: Proof, hint: &str, now: Millis) -> Result<i64, StoreError>;
    /// Keys of an account.
    async fn keys(&self, account: i64) -> Result<Vec<Key>, StoreError>;
    /// Revokes a key.
    async fn revoke(&self, key: i64, now: Millis) -> Result<bool, StoreError>;
    /// Who has this key, if it is not revoked.
    async fn holder(&self, proof: &Proof) -> Result<Option<Account>, StoreError>;

    /// Messages that are due; of each job only the oldest.
    async fn due(&self, now: Millis, limit: i64) -> Result<Vec<Due>, StoreError>;
    /// What came of a try.
    async fn told(&self, id: i64, told: Told) -> Result<(), StoreError>;
    /// Messages that were given up: id, job, address, why.
    async fn dead_letters(&self, account: Option<i64>) -> Result<Vec<(i64, i64, String, String)>, StoreError>;
    /// Makes everything that waits for a time due now: after a start or a jump of the clock, times that were noted mean nothing.
    async fn hurry(&self, now: Millis) -> Result<(), StoreError>;
    /// Tries a dead letter again.
    async fn revive(&self, id: i64, now: Millis) -> Result<bool, StoreError>;

    /// How much there is to do.
    async fn load(&self) -> Result<Load, StoreError>;
    /// Adds everything up.
    async fn audit(&self) -> Result<Audit, StoreError>;
    /// Whether it can be read and written.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// What a key is found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// SHA-256 of a static key.
    Hash([u8; 32]),
    /// Access key of a pair.
    Access(String),
}

/// What is to change in an account; none = stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Another plan, and for how many months it is paid.
    pub plan: Option<(String, i64)>,
    /// Tasks at once; -1 = as the plan says.
    pub slots: Option<i64>,
    /// Calls a second; -1 = as the plan says.
    pub rate: Option<i64>,
    /// Open or closed.
    pub open: Option<bool>,
    /// A new secret for callbacks.
    pub rotate_hook: bool,
}
