//! One writer: many transactions of the domain become one of the disk. Whoever writes hands in a piece of work and waits; the
//! writer takes all that wait (up to a bound), does them in one transaction, and answers when it is on the disk.

use super::StoreError;
use sqlx::{Connection as _, SqliteConnection};
use std::future::Future;
use std::pin::Pin;
use tokio::sync::{mpsc, oneshot};

/// So many pieces of work may wait; more are refused, which is how pressure gets back to the callers.
const WAITING: usize = 4096;
/// So many go into one transaction.
const BATCH: usize = 256;

/// The work of a transaction. It may be done twice, if something else in its batch failed; only the second time counts.
pub(super) type Work<T> = Box<dyn for<'c> FnMut(&'c mut SqliteConnection) -> Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'c>> + Send>;

/// Work whose answer is kept until the transaction is on the disk.
#[async_trait::async_trait]
trait Piece: Send {
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error>;
    /// Answers with what was done, or with why not.
    fn answer(self: Box<Self>, failed: Option<StoreError>);
}

struct Task<T> {
    work: Work<T>,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

#[async_trait::async_trait]
impl<T: Send> Piece for Task<T> {
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        self.done = None;
        self.done = Some((self.work)(connection).await?);
        Ok(())
    }
    fn answer(self: Box<Self>, failed: Option<StoreError>) {
        let Self { done, reply, .. } = *self;
        // Whoever asked may be gone; what was done stays done.
        let _ = reply.send(match (failed, done) {
            (None, Some(done)) => Ok(done),
            (failed, _) => Err(failed.unwrap_or(StoreError::Busy)),
        });
    }
}

/// Hands work to the one that writes.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Box<dyn Piece>>);

impl Writer {
    /// Starts the one that writes; it ends when the last handle is dropped and all is written.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write(connection, receiver));
        Self(sender)
    }

    /// Does the work in a transaction and waits until it is on the disk.
    pub(super) async fn run<T: Send + 'static>(&self, work: Work<T>) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(Box::new(Task { work, done: None, reply })).map_err(|_| StoreError::Busy)?;
        answer.await.map_err(|_| StoreError::Database("the writer stopped".into()))?
    }
}

async fn write(mut connection: SqliteConnection, mut receiver: mpsc::Receiver<Box<dyn Piece>>) {
    let mut batch: Vec<Box<dyn Piece>> = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = together(&mut connection, &mut batch).await {
            if batch.len() == 1 {
                batch.drain(..).for_each(|p| p.answer(Some(reason(&error))));
                continue;
            }
            // One of them is the cause: each alone, so that the others get what they asked for.
            for piece in batch.drain(..) {
                let mut alone = vec![piece];
                let failed = together(&mut connection, &mut alone).await.err().map(|e| reason(&e));
                alone.drain(..).for_each(|p| p.answer(failed.clone()));
            }
            continue;
        }
        batch.drain(..).for_each(|p| p.answer(None));
    }
    let _ = connection.close().await;
}

/// By plain statements: where the disk is full, SQLite itself ends the transaction, and a count of open ones would be wrong for ever.
async fn together(connection: &mut SqliteConnection, batch: &mut [Box<dyn Piece>]) -> Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let done = all(connection, batch).await;
    if done.is_err() {
        // It may be over already.
        let _ = sqlx::query("ROLLBACK").execute(connection).await;
    }
    done
}

async fn all(connection: &mut SqliteConnection, batch: &mut [Box<dyn Piece>]) -> Result<(), sqlx::Error> {
    for piece in batch {
        piece.run(connection).await?;
    }
    sqlx::query("COMMIT").execute(connection).await.map(drop)
}

/// What a caller is told of a failure of the database.
pub(super) fn reason(error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned()).unwrap_or_default();
    match code.parse::<i32>().map(|c| c & 0xff) {
        // SQLITE_FULL
        Ok(13) => StoreError::Full,
        // SQLITE_BUSY, SQLITE_LOCKED; SQLITE_IOERR, as a disk without room for an index of the log gives it
        Ok(5 | 6 | 10) => StoreError::Busy,
        _ => StoreError::Database(error.to_string()),
    }
}
