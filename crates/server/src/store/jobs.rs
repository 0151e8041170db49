//! Jobs and callbacks in SQLite, and the trait put together.

use super::accounts::Purse;
use super::sqlite::Sqlite;
use super::writer::reason;
use super::{Account, Audit, Balance, Beat, Change, Due, Entry, Job, Key, Load, NewJob, Proof, Refused, State, Store, StoreError, Terms, Told, Wanted};
use crate::clock::Millis;
use crate::money::Credits;
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, SqliteConnection};

/// Attempts without any progress after which a job fails: it may be what kills the workers.
const STRIKES: i64 = 20;
/// A time further ahead than that was written by a clock that was wrong.
const FAR: Millis = 2 * 3_600_000;

const JOB: &str = "id, account, dialect, product, model, external, state, price, wish, warnings, result, error_code, error_message, parent, progress, \
                   attempt, beats, created_at, updated_at, finished_at, expires_at, deleted";

fn job_of(r: &SqliteRow) -> Job {
    let state: String = r.get(6);
    let code: Option<String> = r.get(11);
    Job {
        id: r.get(0),
        account: r.get(1),
        dialect: r.get(2),
        product: r.get(3),
        model: r.get(4),
        external: r.get(5),
        state: State::of(&state).unwrap_or(State::Failed),
        price: Credits(r.get(7)),
        wish: r.get(8),
        warnings: r.get(9),
        result: r.get(10),
        error: code.zip(r.get(12)),
        parent: r.get(13),
        progress: r.get(14),
        attempt: r.get(15),
        beats: r.get(16),
        created_at: r.get(17),
        updated_at: r.get(18),
        finished_at: r.get(19),
        expires_at: r.get(20),
        deleted: r.get(21),
    }
}

/// Notes that somebody wants to know.
async fn tell(c: &mut SqliteConnection, job: i64, event: State, now: Millis) -> Result<(), sqlx::Error> {
    let text = "INSERT INTO callbacks(account, job, url, event, due_at, created_at) SELECT account, id, callback, ?, ?, ? FROM jobs \
                WHERE id = ? AND callback IS NOT NULL";
    sqlx::query(text).bind(event.name()).bind(now).bind(now).bind(job).execute(c).await.map(drop)
}

async fn submit(c: &mut SqliteConnection, job: &NewJob, terms: &Terms, now: Millis) -> Result<Result<i64, Refused>, sqlx::Error> {
    // One question for all that decides: every question is a way to another thread and back.
    let text = "SELECT a.open, a.daily, a.daily_day, a.lasting, a.held, a.active, a.slots, a.last_tag, a.renews_at, a.paid_until, q.virtual, q.waiting, \
                (SELECT id FROM jobs WHERE account = a.id AND external = ?2) FROM accounts a, queue q WHERE a.id = ?1";
    let row = sqlx::query(text).bind(job.account).bind(&job.external).fetch_optional(&mut *c).await?;
    let Some(row) = row else { return Ok(Err(Refused::Closed)) };
    let mut purse = Purse::of(job.account, &row);
    if !purse.open {
        return Ok(Err(Refused::Closed));
    }
    let (now_served, waiting, taken): (i64, i64, Option<i64>) = (row.get(10), row.get(11), row.get(12));
    if let Some(id) = taken {
        return Ok(Err(Refused::Taken(id)));
    }
    let limit = purse.slots.unwrap_or(terms.slots);
    if purse.active + job.slots > limit {
        return Ok(Err(Refused::Slots { limit }));
    }
    if waiting >= terms.queue {
        return Ok(Err(Refused::Backlog));
    }
    let renewed = purse.renew(c, terms, now).await?;
    let held_daily = match purse.hold(c, job.id, job.price, now).await? {
        Ok(daily) => daily,
        Err(refused) => {
            if renewed {
                purse.write(c).await?;
            }
            return Ok(Err(refused));
        }
    };
    // Fair queueing: a job is served when an account that is served in proportion to its weight would be done with it.
    let tag = now_served.max(purse.last_tag) + job.price.0.max(1000) * 1000 / terms.weight.max(1);
    purse.last_tag = tag;
    let text = "INSERT INTO jobs(id, account, dialect, product, model, external, state, tag, slots, price, held_daily, held_day, wish, warnings, callback, \
                parent, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let query = sqlx::query(text).bind(job.id).bind(job.account).bind(&job.dialect).bind(&job.product).bind(&job.model).bind(&job.external);
    let query = query.bind(tag).bind(job.slots).bind(job.price.0).bind(held_daily).bind(purse.day).bind(&job.wish).bind(&job.warnings);
    query.bind(&job.callback).bind(job.parent).bind(now).bind(now).execute(&mut *c).await?;
    purse.write(c).await?;
    if job.callback.is_some() {
        tell(c, job.id, State::Queued, now).await?;
    }
    Ok(Ok(job.id))
}

async fn claim(c: &mut SqliteConnection, worker: &str, now: Millis) -> Result<Option<Job>, sqlx::Error> {
    let text = format!(
        "UPDATE jobs SET state = 'running', worker = ?, attempt = attempt + 1, beats = 0, updated_at = ? WHERE id = (SELECT id FROM jobs \
         WHERE state = 'queued' AND (not_before <= ? OR not_before > ?) ORDER BY tag, id LIMIT 1) RETURNING {JOB}, tag"
    );
    let row = sqlx::query(&text).bind(worker).bind(now).bind(now).bind(now + FAR).fetch_optional(&mut *c).await?;
    let Some(row) = row else { return Ok(None) };
    let (job, tag) = (job_of(&row), row.get::<i64, _>(22));
    sqlx::query("UPDATE queue SET virtual = max(virtual, ?)").bind(tag).execute(&mut *c).await?;
    if job.attempt == 1 {
        tell(c, job.id, State::Running, now).await?;
    }
    Ok(Some(job))
}

/// What was held for a job: price, of that the day's, of which day; and whose it is.
async fn held(c: &mut SqliteConnection, job: i64) -> Result<(i64, (i64, i64, i64)), sqlx::Error> {
    let row = sqlx::query("SELECT account, price, held_daily, held_day FROM jobs WHERE id = ?").bind(job).fetch_one(c).await?;
    Ok((row.get(0), (row.get(1), row.get(2), row.get(3))))
}

async fn give_back(c: &mut SqliteConnection, job: i64, now: Millis) -> Result<(), sqlx::Error> {
    let (account, held) = held(c, job).await?;
    if let Some(mut purse) = Purse::read(c, account).await? {
        purse.release(c, job, held, now).await?;
        purse.write(c).await?;
    }
    Ok(())
}

async fn fail(c: &mut SqliteConnection, job: i64, error: &(String, String), warnings: Option<&str>, now: Millis) -> Result<(), sqlx::Error> {
    let text = "UPDATE jobs SET state = 'failed', error_code = ?, error_message = ?, warnings = coalesce(?, warnings), updated_at = ?, finished_at = ?, \
                deleted = 1 WHERE id = ?";
    sqlx::query(text).bind(&error.0).bind(&error.1).bind(warnings).bind(now).bind(now).bind(job).execute(&mut *c).await?;
    give_back(c, job, now).await?;
    tell(c, job, State::Failed, now).await
}

async fn settle(c: &mut SqliteConnection, job: i64, (result, warnings): (&str, &str), keep: Option<Millis>, now: Millis) -> Result<(), sqlx::Error> {
    let text = "UPDATE jobs SET state = 'succeeded', progress = 1000, result = ?, warnings = ?, updated_at = ?, finished_at = ?, expires_at = ?, \
                keep_until = (SELECT ran FROM queue) + ? WHERE id = ?";
    let query = sqlx::query(text).bind(result).bind(warnings).bind(now).bind(now).bind(keep.map(|k| now.saturating_add(k))).bind(keep);
    query.bind(job).execute(&mut *c).await?;
    let (account, (price, ..)) = held(c, job).await?;
    if let Some(mut purse) = Purse::read(c, account).await? {
        purse.settle(c, job, price, now).await?;
        purse.write(c).await?;
    }
    tell(c, job, State::Succeeded, now).await
}

/// A job that is done already: ordered, paid and settled in one.
async fn charge(
    c: &mut SqliteConnection,
    job: &NewJob,
    result: &str,
    keep: Option<Millis>,
    terms: &Terms,
    now: Millis,
) -> Result<Result<(), Refused>, sqlx::Error> {
    match submit(c, job, terms, now).await? {
        Ok(id) => settle(c, id, (result, &job.warnings), keep, now).await.map(Ok),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Whether an attempt still has the job.
async fn has(c: &mut SqliteConnection, job: i64, attempt: i64) -> Result<bool, sqlx::Error> {
    let text = "SELECT 1 FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'";
    Ok(sqlx::query(text).bind(job).bind(attempt).fetch_optional(c).await?.is_some())
}

async fn cancel(c: &mut SqliteConnection, account: i64, job: i64, now: Millis) -> Result<Option<State>, sqlx::Error> {
    let text = "SELECT state FROM jobs WHERE id = ? AND account = ?";
    let Some(state) = sqlx::query_scalar::<_, String>(text).bind(job).bind(account).fetch_optional(&mut *c).await? else { return Ok(None) };
    let state = State::of(&state).unwrap_or(State::Failed);
    if state.over() {
        return Ok(Some(state));
    }
    let text = "UPDATE jobs SET state = 'cancelled', error_code = 'cancelled', error_message = 'the task was cancelled; nothing was charged', \
                updated_at = ?, finished_at = ?, deleted = 1 WHERE id = ?";
    sqlx::query(text).bind(now).bind(now).bind(job).execute(&mut *c).await?;
    give_back(c, job, now).await?;
    tell(c, job, State::Cancelled, now).await?;
    Ok(Some(State::Cancelled))
}

#[async_trait]
impl Store for Sqlite {
    async fn submit_with_hold(&self, job: NewJob, terms: Terms, now: Millis) -> Result<Result<i64, Refused>, StoreError> {
        self.write(move |c| {
            let job = job.clone();
            Box::pin(async move { submit(c, &job, &terms, now).await })
        })
        .await
    }

    async fn claim(&self, worker: &str, now: Millis) -> Result<Option<Job>, StoreError> {
        // Looking costs no write.
        let text = "SELECT 1 FROM jobs WHERE state = 'queued' AND (not_before <= ? OR not_before > ?) LIMIT 1";
        let waiting = sqlx::query(text).bind(now).bind(now + FAR).fetch_optional(&self.readers).await.map_err(|e| reason(&e))?;
        if waiting.is_none() {
            return Ok(None);
        }
        let worker = worker.to_owned();
        self.write(move |c| {
            let worker = worker.clone();
            Box::pin(async move { claim(c, &worker, now).await })
        })
        .await
    }

    async fn heartbeat(&self, job: i64, attempt: i64, progress: i64) -> Result<Beat, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                let text = "UPDATE jobs SET beats = beats + 1, strikes = CASE WHEN ?1 > progress THEN 0 ELSE strikes END, progress = max(progress, ?1) \
                            WHERE id = ?2 AND attempt = ?3 AND state = 'running'";
                let alive = sqlx::query(text).bind(progress).bind(job).bind(attempt).execute(c).await?.rows_affected() > 0;
                Ok(if alive { Beat::Go } else { Beat::Stop })
            })
        })
        .await
    }

    async fn settle(&self, job: i64, attempt: i64, result: String, warnings: String, keep: Option<Millis>, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| {
            let (result, warnings) = (result.clone(), warnings.clone());
            Box::pin(async move {
                if !has(c, job, attempt).await? {
                    return Ok(false);
                }
                settle(c, job, (&result, &warnings), keep, now).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn release(&self, job: i64, attempt: i64, error: (String, String), warnings: String, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| {
            let (error, warnings) = (error.clone(), warnings.clone());
            Box::pin(async move {
                if !has(c, job, attempt).await? {
                    return Ok(false);
                }
                fail(c, job, &error, Some(&warnings), now).await?;
                Ok(true)
            })
        })
        .await
    }

    async fn put_back(&self, job: i64, attempt: i64, not_before: Millis, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                if !has(c, job, attempt).await? {
                    return Ok(false);
                }
                let text =
                    "UPDATE jobs SET state = 'queued', worker = NULL, strikes = strikes + 1, not_before = ?, updated_at = ? WHERE id = ? RETURNING strikes";
                let strikes: i64 = sqlx::query_scalar(text).bind(not_before).bind(now).bind(job).fetch_one(&mut *c).await?;
                if strikes >= STRIKES {
                    let why = format!("it was begun {strikes} times without any progress; nothing was charged");
                    fail(c, job, &("internal".into(), why), None, now).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    async fn cancel(&self, account: i64, job: i64, now: Millis) -> Result<Option<State>, StoreError> {
        self.write(move |c| Box::pin(async move { cancel(c, account, job, now).await })).await
    }

    async fn delete(&self, account: i64, job: i64, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                if cancel(c, account, job, now).await?.is_none() {
                    return Ok(false);
                }
                // expires_at = 0 says that its owner wanted it gone: it is in no list any more.
                let text = "UPDATE jobs SET deleted = 1, swept = 0, expires_at = 0 WHERE id = ? AND account = ? AND expires_at IS NOT 0";
                Ok(sqlx::query(text).bind(job).bind(account).execute(c).await?.rows_affected() > 0)
            })
        })
        .await
    }

    async fn expired(&self, ran: Millis, now: Millis) -> Result<Vec<i64>, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                let ran: Millis = sqlx::query_scalar("UPDATE queue SET ran = ran + ? RETURNING ran").bind(ran).fetch_one(&mut *c).await?;
                sqlx::query("UPDATE jobs SET deleted = 1 WHERE deleted = 0 AND keep_until <= ?").bind(ran).execute(&mut *c).await?;
                // What was heard a week ago need not be known any more.
                let text = "DELETE FROM callbacks WHERE id IN (SELECT id FROM callbacks WHERE state = 'heard' AND created_at < ? ORDER BY id LIMIT 500)";
                sqlx::query(text).bind(now - 7 * crate::clock::DAY).execute(&mut *c).await?;
                let rows = sqlx::query("SELECT id FROM jobs WHERE deleted = 1 AND swept = 0 LIMIT 500").fetch_all(c).await?;
                Ok(rows.iter().map(|r| r.get(0)).collect())
            })
        })
        .await
    }

    async fn swept(&self, jobs: Vec<i64>) -> Result<(), StoreError> {
        self.write(move |c| {
            let jobs = jobs.clone();
            Box::pin(async move {
                for job in jobs {
                    sqlx::query("UPDATE jobs SET swept = 1 WHERE id = ?").bind(job).execute(&mut *c).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn running(&self) -> Result<Vec<(i64, i64, i64, String)>, StoreError> {
        let text = "SELECT id, attempt, beats, coalesce(worker, '') FROM jobs WHERE state = 'running'";
        let rows = sqlx::query(text).fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(rows.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect())
    }

    async fn job(&self, account: i64, id: i64) -> Result<Option<Job>, StoreError> {
        let text = format!("SELECT {JOB} FROM jobs WHERE id = ? AND account = ? AND expires_at IS NOT 0");
        let row = sqlx::query(&text).bind(id).bind(account).fetch_optional(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(row.as_ref().map(job_of))
    }

    async fn any_job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        let text = format!("SELECT {JOB} FROM jobs WHERE id = ?");
        let row = sqlx::query(&text).bind(id).fetch_optional(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(row.as_ref().map(job_of))
    }

    async fn job_by_external(&self, account: i64, external: &str) -> Result<Option<Job>, StoreError> {
        let text = format!("SELECT {JOB} FROM jobs WHERE account = ? AND external = ? AND expires_at IS NOT 0");
        let row = sqlx::query(&text).bind(account).bind(external).fetch_optional(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(row.as_ref().map(job_of))
    }

    async fn jobs(&self, account: i64, w: Wanted) -> Result<Vec<Job>, StoreError> {
        let mut query = QueryBuilder::new(format!("SELECT {JOB} FROM jobs WHERE account = "));
        query.push_bind(account);
        if !w.deleted {
            query.push(" AND expires_at IS NOT 0");
        }
        let mut one_of = |column: &str, values: Vec<String>| {
            if !values.is_empty() {
                query.push(format!(" AND {column} IN ("));
                let mut list = query.separated(", ");
                for value in values {
                    list.push_bind(value);
                }
                query.push(")");
            }
        };
        one_of("product", w.products);
        one_of("state", w.states.iter().map(|s| s.name().to_owned()).collect());
        one_of("dialect", w.dialect.into_iter().collect());
        if let Some(from) = w.from {
            query.push(" AND created_at >= ").push_bind(from);
        }
        if let Some(until) = w.until {
            query.push(" AND created_at < ").push_bind(until);
        }
        if let Some(after) = w.after {
            query.push(if w.rising { " AND id > " } else { " AND id < " }).push_bind(after);
        }
        query.push(if w.rising { " ORDER BY id LIMIT " } else { " ORDER BY id DESC LIMIT " }).push_bind(w.limit);
        query.push(" OFFSET ").push_bind(w.skip);
        let rows = query.build().persistent(false).fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(rows.iter().map(job_of).collect())
    }

    async fn open_account(&self, name: &str, plan: &str, now: Millis) -> Result<Option<Account>, StoreError> {
        self.open_one(name, plan, now).await
    }
    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.all_accounts().await
    }
    async fn account(&self, id: i64) -> Result<Option<Account>, StoreError> {
        self.one_account(id).await
    }
    async fn change_account(&self, id: i64, change: Change, now: Millis) -> Result<(), StoreError> {
        self.change_one(id, change, now).await
    }
    async fn grant(&self, account: i64, amount: Credits, note: &str, now: Millis) -> Result<Result<(), Refused>, StoreError> {
        self.grant_one(account, amount, note, now).await
    }
    async fn balance(&self, account: i64, terms: Terms, now: Millis) -> Result<Balance, StoreError> {
        self.balance_of(account, terms, now).await
    }
    async fn entries(&self, account: i64, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, StoreError> {
        self.entries_of(account, before, limit).await
    }
    async fn granted(&self, account: i64) -> Result<Credits, StoreError> {
        let text = "SELECT coalesce(sum(CASE WHEN target = 'lasting' THEN amount ELSE -amount END), 0) FROM entries WHERE account = ? AND kind = 'grant' \
                    AND 'lasting' IN (source, target)";
        sqlx::query_scalar(text).bind(account).fetch_one(&self.readers).await.map(Credits).map_err(|e| reason(&e))
    }
    async fn charge(&self, job: NewJob, result: String, keep: Option<Millis>, terms: Terms, now: Millis) -> Result<Result<(), Refused>, StoreError> {
        self.write(move |c| {
            let (job, result) = (job.clone(), result.clone());
            Box::pin(async move { charge(c, &job, &result, keep, &terms, now).await })
        })
        .await
    }
    async fn add_key(&self, account: i64, proof: Proof, hint: &str, now: Millis) -> Result<i64, StoreError> {
        self.add_one_key(account, proof, hint, now).await
    }
    async fn keys(&self, account: i64) -> Result<Vec<Key>, StoreError> {
        self.keys_of(account).await
    }
    async fn revoke(&self, key: i64, now: Millis) -> Result<bool, StoreError> {
        self.revoke_one(key, now).await
    }
    async fn holder(&self, proof: &Proof) -> Result<Option<Account>, StoreError> {
        self.holder_of(proof).await
    }

    async fn due(&self, now: Millis, limit: i64) -> Result<Vec<Due>, StoreError> {
        let text = "SELECT id, job, account, url, event, tries, created_at FROM callbacks c WHERE state = 'waiting' AND (tries = 0 OR due_at <= ? OR due_at > ?) \
                    AND NOT EXISTS (SELECT 1 FROM callbacks b WHERE b.job = c.job AND b.state = 'waiting' AND b.id < c.id) ORDER BY due_at LIMIT ?";
        let rows = sqlx::query(text).bind(now).bind(now + 12 * FAR).bind(limit).fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        let due = |r: &SqliteRow| {
            let event: String = r.get(4);
            Due {
                id: r.get(0),
                job: r.get(1),
                account: r.get(2),
                url: r.get(3),
                event: State::of(&event).unwrap_or(State::Failed),
                tries: r.get(5),
                created_at: r.get(6),
            }
        };
        Ok(rows.iter().map(due).collect())
    }

    async fn told(&self, id: i64, told: Told) -> Result<(), StoreError> {
        self.write(move |c| {
            let told = told.clone();
            Box::pin(async move {
                let query = match told {
                    Told::Heard => sqlx::query("UPDATE callbacks SET state = 'heard', tries = tries + 1 WHERE id = ?"),
                    Told::Again(at, why) => sqlx::query("UPDATE callbacks SET due_at = ?, error = ?, tries = tries + 1 WHERE id = ?").bind(at).bind(why),
                    Told::Dead(why) => sqlx::query("UPDATE callbacks SET state = 'dead', error = ?, tries = tries + 1 WHERE id = ?").bind(why),
                };
                query.bind(id).execute(c).await.map(drop)
            })
        })
        .await
    }

    async fn dead_letters(&self, account: Option<i64>) -> Result<Vec<(i64, i64, String, String)>, StoreError> {
        let text = "SELECT id, job, url, error FROM callbacks WHERE state = 'dead' AND (?1 IS NULL OR account = ?1) ORDER BY id DESC LIMIT 1000";
        let rows = sqlx::query(text).bind(account).fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(rows.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect())
    }

    async fn hurry(&self, now: Millis) -> Result<(), StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                sqlx::query("UPDATE callbacks SET due_at = ? WHERE state = 'waiting' AND due_at > ?").bind(now).bind(now).execute(&mut *c).await?;
                sqlx::query("UPDATE jobs SET not_before = 0 WHERE state = 'queued' AND not_before > 0").execute(c).await.map(drop)
            })
        })
        .await
    }

    async fn revive(&self, id: i64, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                let text = "UPDATE callbacks SET state = 'waiting', tries = 0, due_at = ? WHERE id = ? AND state = 'dead'";
                Ok(sqlx::query(text).bind(now).bind(id).execute(c).await?.rows_affected() > 0)
            })
        })
        .await
    }

    async fn load(&self) -> Result<Load, StoreError> {
        self.load_now().await
    }
    async fn audit(&self) -> Result<Audit, StoreError> {
        self.audit_all().await
    }
    async fn ready(&self) -> Result<(), StoreError> {
        self.write(|c| Box::pin(async move { sqlx::query("UPDATE queue SET virtual = virtual").execute(c).await.map(drop) })).await
    }
}
