//! The built-in store: one SQLite file, written by one task in group commits, read by a few connections.

use super::writer::{Work, Writer, reason};
use super::{Account, Audit, Load, StoreError};
use crate::clock::Clock;
use crate::money::Credits;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Connection as _, Row as _, SqliteConnection, SqlitePool};
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How the file looks, version by version. A file remembers which it has; new ones are added at the end and never changed.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql"), include_str!("age.sql")];

/// Accounts, credits, jobs and callbacks in a file.
#[derive(Clone)]
pub struct Sqlite {
    pub(super) readers: SqlitePool,
    pub(super) writer: Writer,
    pub(super) clock: Arc<Clock>,
}

impl Sqlite {
    /// Opens the file, and makes or migrates it.
    ///
    /// # Errors
    /// If it cannot be opened, or was made by a newer version.
    pub async fn open(path: &Path, clock: Arc<Clock>) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(200)
            .foreign_keys(false);
        let reading = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(10)).statement_cache_capacity(200).pragma("query_only", "on");
        let failed = |e: sqlx::Error| StoreError::Database(format!("{}: {e}", path.display()));
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(failed)?;
        migrate(&mut connection).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .connect_with(reading)
            .await
            .map_err(failed)?;
        Ok(Self { readers, writer: Writer::start(connection), clock })
    }

    /// Does a piece of work in a transaction.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnMut(&'c mut SqliteConnection) -> Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>> + Send + 'static,
    {
        let work: Work<T> = Box::new(work);
        self.writer.run(work).await
    }

    pub(super) async fn load_now(&self) -> Result<Load, StoreError> {
        let text = "SELECT (SELECT waiting FROM queue), (SELECT count(*) FROM jobs WHERE state = 'running'), \
                    (SELECT count(*) FROM callbacks WHERE state = 'waiting'), (SELECT count(*) FROM callbacks WHERE state = 'dead')";
        let row = sqlx::query(text).fetch_one(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(Load { queued: row.get(0), running: row.get(1), callbacks: row.get(2), dead_letters: row.get(3) })
    }

    pub(super) async fn audit_all(&self) -> Result<Audit, StoreError> {
        let mut reader = self.readers.begin().await.map_err(|e| reason(&e))?;
        let ids = |rows: Vec<SqliteRow>| rows.iter().map(|r| r.get(0)).collect::<Vec<i64>>();
        let unbalanced = "WITH books AS (
                SELECT account, target AS book, amount FROM entries UNION ALL SELECT account, source, -amount FROM entries),
            sums AS (SELECT account, sum(CASE book WHEN 'daily' THEN amount END) AS daily, sum(CASE book WHEN 'lasting' THEN amount END) AS lasting,
                sum(CASE book WHEN 'held' THEN amount END) AS held FROM books GROUP BY account)
            SELECT a.id FROM accounts a LEFT JOIN sums s ON s.account = a.id
            WHERE a.daily <> coalesce(s.daily, 0) OR a.lasting <> coalesce(s.lasting, 0) OR a.held <> coalesce(s.held, 0)";
        let unsettled = "WITH sums AS (
                SELECT job, sum(CASE WHEN kind = 'hold' THEN amount ELSE 0 END) AS held,
                    sum(CASE WHEN kind = 'settle' THEN amount ELSE 0 END) AS settled,
                    sum(CASE WHEN kind = 'release' THEN amount ELSE 0 END) AS released FROM entries WHERE job IS NOT NULL GROUP BY job)
            SELECT j.id FROM jobs j LEFT JOIN sums s ON s.job = j.id WHERE coalesce(s.held, 0) <> j.price
                OR coalesce(s.settled, 0) <> CASE WHEN j.state = 'succeeded' THEN j.price ELSE 0 END
                OR coalesce(s.released, 0) <> CASE WHEN j.state IN ('failed', 'cancelled') THEN j.price ELSE 0 END";
        let miscounted = "SELECT a.id FROM accounts a WHERE a.active <>
            (SELECT coalesce(sum(slots), 0) FROM jobs j WHERE j.account = a.id AND j.state IN ('queued', 'running'))";
        let sums = "WITH books AS (SELECT target AS book, amount FROM entries UNION ALL SELECT source, -amount FROM entries)
            SELECT coalesce(sum(CASE WHEN book = 'issued' THEN -amount END), 0), coalesce(sum(CASE WHEN book = 'spent' THEN amount END), 0),
                coalesce(sum(CASE WHEN book = 'held' THEN amount END), 0),
                coalesce(sum(CASE WHEN book IN ('daily', 'lasting') THEN amount END), 0), coalesce(sum(CASE WHEN book = 'expired' THEN amount END), 0) FROM books";
        let wrong = |e: sqlx::Error| reason(&e);
        let unbalanced = ids(sqlx::query(unbalanced).fetch_all(&mut *reader).await.map_err(wrong)?);
        let unsettled = ids(sqlx::query(unsettled).fetch_all(&mut *reader).await.map_err(wrong)?);
        let miscounted = ids(sqlx::query(miscounted).fetch_all(&mut *reader).await.map_err(wrong)?);
        let row = sqlx::query(sums).fetch_one(&mut *reader).await.map_err(wrong)?;
        let sum = |k: usize| Credits(row.get(k));
        Ok(Audit { unbalanced, unsettled, miscounted, issued: sum(0), spent: sum(1), held: sum(2), left: sum(3), expired: sum(4) })
    }
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let wrong = |e: sqlx::Error| reason(&e);
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(wrong)?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *transaction).await.map_err(wrong)?;
    let done = usize::try_from(version).unwrap_or(0);
    if done > MIGRATIONS.len() {
        return Err(StoreError::Database(format!("the file was written by a newer version (format {version}); update this program")));
    }
    for step in &MIGRATIONS[done..] {
        sqlx::raw_sql(step).execute(&mut *transaction).await.map_err(wrong)?;
    }
    sqlx::raw_sql(&format!("PRAGMA user_version = {}", MIGRATIONS.len())).execute(&mut *transaction).await.map_err(wrong)?;
    transaction.commit().await.map_err(wrong)
}

/// What an account is read from: columns in this order; `?1` is now, for a plan that is paid no more.
pub(super) const ACCOUNT: &str = "a.id, a.name, CASE WHEN a.paid_until IS NOT NULL AND a.paid_until <= ?1 THEN 'free' ELSE a.plan END, a.open, a.slots, \
                                  a.rate, a.hook_version, a.hook_rotated_at";

pub(super) fn account_of(row: &SqliteRow) -> Account {
    Account { id: row.get(0), name: row.get(1), plan: row.get(2), open: row.get(3), slots: row.get(4), rate: row.get(5), hook: (row.get(6), row.get(7)) }
}
