//! Accounts, credits and keys in SQLite. Every credit moves by [`move_credits`]: one row that says from where, to where and for what.

use super::sqlite::{ACCOUNT, Sqlite, account_of};
use super::writer::reason;
use super::{Account, Balance, Change, Entry, Key, Proof, Refused, StoreError, Terms};
use crate::clock::{DAY, Millis};
use crate::money::Credits;
use sqlx::{Row as _, SqliteConnection};

/// A month as it is paid.
pub(super) const MONTH: Millis = 30 * DAY;

/// What an account has, while a transaction changes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purse {
    pub(super) account: i64,
    pub(super) open: bool,
    pub(super) daily: i64,
    pub(super) day: i64,
    pub(super) lasting: i64,
    pub(super) held: i64,
    pub(super) active: i64,
    pub(super) slots: Option<i64>,
    pub(super) last_tag: i64,
    renews_at: Option<i64>,
    paid_until: Option<i64>,
}

impl Purse {
    pub(super) async fn read(c: &mut SqliteConnection, account: i64) -> Result<Option<Self>, sqlx::Error> {
        let text = "SELECT open, daily, daily_day, lasting, held, active, slots, last_tag, renews_at, paid_until FROM accounts WHERE id = ?";
        let row = sqlx::query(text).bind(account).fetch_optional(c).await?;
        Ok(row.map(|r| Self::of(account, &r)))
    }

    /// From a row that begins with the columns of [`Purse::read`].
    pub(super) fn of(account: i64, r: &sqlx::sqlite::SqliteRow) -> Self {
        Self {
            account,
            open: r.get(0),
            daily: r.get(1),
            day: r.get(2),
            lasting: r.get(3),
            held: r.get(4),
            active: r.get(5),
            slots: r.get(6),
            last_tag: r.get(7),
            renews_at: r.get(8),
            paid_until: r.get(9),
        }
    }

    /// Writes what changed.
    pub(super) async fn write(&self, c: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let text = "UPDATE accounts SET daily = ?, daily_day = ?, lasting = ?, held = ?, last_tag = ?, renews_at = ? WHERE id = ?";
        let query = sqlx::query(text).bind(self.daily).bind(self.day).bind(self.lasting).bind(self.held).bind(self.last_tag);
        query.bind(self.renews_at).bind(self.account).execute(c).await.map(drop)
    }

    /// Gives what is due: today's credits (yesterday's are gone), and those of every month that is paid. A clock that goes
    /// back gives nothing twice.
    pub(super) async fn renew(&mut self, c: &mut SqliteConnection, terms: &Terms, now: Millis) -> Result<bool, sqlx::Error> {
        let (today, mut changed) = (now.div_euclid(DAY), false);
        // A day that lies far ahead was written by a clock that was wrong.
        if today > self.day || self.day > today + 1 {
            if self.daily > 0 {
                move_credits(c, self, None, ("expire", "daily", "expired"), self.daily, "", now).await?;
                changed = true;
            }
            if let Some(daily) = terms.daily {
                move_credits(c, self, None, ("grant", "issued", "daily"), daily.0, "the day's credits", now).await?;
                self.day = today;
                changed = true;
            }
        }
        while let (Some(monthly), Some(at), Some(end)) = (terms.monthly, self.renews_at, self.paid_until)
            && at <= now
            && at < end
        {
            move_credits(c, self, None, ("grant", "issued", "lasting"), monthly.0, "the month's credits", now).await?;
            self.renews_at = Some(at + MONTH);
            changed = true;
        }
        Ok(changed)
    }

    /// Holds a price for a job: the day's credits first. Gives how much of it is the day's.
    pub(super) async fn hold(&mut self, c: &mut SqliteConnection, job: i64, price: Credits, now: Millis) -> Result<Result<i64, Refused>, sqlx::Error> {
        let there = self.daily + self.lasting;
        if price.0 > there {
            return Ok(Err(Refused::Credits { price, there: Credits(there) }));
        }
        let daily = price.0.min(self.daily);
        move_credits(c, self, Some(job), ("hold", "daily", "held"), daily, "", now).await?;
        move_credits(c, self, Some(job), ("hold", "lasting", "held"), price.0 - daily, "", now).await?;
        Ok(Ok(daily))
    }

    /// Spends what was held.
    pub(super) async fn settle(&mut self, c: &mut SqliteConnection, job: i64, price: i64, now: Millis) -> Result<(), sqlx::Error> {
        move_credits(c, self, Some(job), ("settle", "held", "spent"), price, "", now).await
    }

    /// Gives back what was held; what was of a day that is over is gone with it.
    pub(super) async fn release(&mut self, c: &mut SqliteConnection, job: i64, held: (i64, i64, i64), now: Millis) -> Result<(), sqlx::Error> {
        let (price, daily, day) = held;
        move_credits(c, self, Some(job), ("release", "held", "daily"), daily, "", now).await?;
        move_credits(c, self, Some(job), ("release", "held", "lasting"), price - daily, "", now).await?;
        if day < self.day {
            move_credits(c, self, Some(job), ("expire", "daily", "expired"), daily, "", now).await?;
        }
        Ok(())
    }

    fn book(&mut self, name: &str) -> Option<&mut i64> {
        match name {
            "daily" => Some(&mut self.daily),
            "lasting" => Some(&mut self.lasting),
            "held" => Some(&mut self.held),
            _ => None,
        }
    }
}

/// One row of the ledger, and the two books that it changes.
async fn move_credits(
    c: &mut SqliteConnection,
    purse: &mut Purse,
    job: Option<i64>,
    (kind, source, target): (&str, &str, &str),
    amount: i64,
    note: &str,
    now: Millis,
) -> Result<(), sqlx::Error> {
    if amount <= 0 {
        return Ok(());
    }
    let text = "INSERT INTO entries(at, account, job, kind, source, target, amount, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let query = sqlx::query(text).bind(now).bind(purse.account).bind(job).bind(kind).bind(source).bind(target);
    query.bind(amount).bind(note).execute(c).await?;
    if let Some(book) = purse.book(source) {
        *book -= amount;
    }
    if let Some(book) = purse.book(target) {
        *book += amount;
    }
    Ok(())
}

impl Sqlite {
    pub(super) async fn open_one(&self, name: &str, plan: &str, now: Millis) -> Result<Option<Account>, StoreError> {
        let (name, plan) = (name.to_owned(), plan.to_owned());
        let text =
            format!("INSERT INTO accounts AS a (name, plan, created_at) VALUES (?2, ?3, ?1) ON CONFLICT DO NOTHING RETURNING {}", ACCOUNT.replace("a.", ""));
        self.write(move |c| {
            let (name, plan, text) = (name.clone(), plan.clone(), text.clone());
            Box::pin(async move { Ok(sqlx::query(&text).bind(now).bind(name).bind(plan).fetch_optional(c).await?.as_ref().map(account_of)) })
        })
        .await
    }

    pub(super) async fn all_accounts(&self) -> Result<Vec<Account>, StoreError> {
        let text = format!("SELECT {ACCOUNT} FROM accounts a ORDER BY a.id");
        let rows = sqlx::query(&text).bind(self.clock.now()).fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(rows.iter().map(account_of).collect())
    }

    pub(super) async fn one_account(&self, id: i64) -> Result<Option<Account>, StoreError> {
        let text = format!("SELECT {ACCOUNT} FROM accounts a WHERE a.id = ?2");
        let row = sqlx::query(&text).bind(self.clock.now()).bind(id).fetch_optional(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(row.as_ref().map(account_of))
    }

    pub(super) async fn change_one(&self, id: i64, change: Change, now: Millis) -> Result<(), StoreError> {
        self.write(move |c| {
            let change = change.clone();
            Box::pin(async move {
                if let Some((plan, months)) = change.plan {
                    let paid = (months > 0).then(|| now + months.min(1200) * MONTH);
                    let text = "UPDATE accounts SET plan = ?, renews_at = ?, paid_until = ? WHERE id = ?";
                    sqlx::query(text).bind(plan).bind(paid.map(|_| now)).bind(paid).bind(id).execute(&mut *c).await?;
                }
                for (column, value) in [("slots", change.slots), ("rate", change.rate)] {
                    if let Some(value) = value {
                        let text = format!("UPDATE accounts SET {column} = ? WHERE id = ?");
                        sqlx::query(&text).bind((value >= 0).then_some(value)).bind(id).execute(&mut *c).await?;
                    }
                }
                if let Some(open) = change.open {
                    sqlx::query("UPDATE accounts SET open = ? WHERE id = ?").bind(open).bind(id).execute(&mut *c).await?;
                }
                if change.rotate_hook {
                    let text = "UPDATE accounts SET hook_version = hook_version + 1, hook_rotated_at = ? WHERE id = ?";
                    sqlx::query(text).bind(now).bind(id).execute(&mut *c).await?;
                }
                Ok(())
            })
        })
        .await
    }

    pub(super) async fn grant_one(&self, account: i64, amount: Credits, note: &str, now: Millis) -> Result<Result<(), Refused>, StoreError> {
        let note = note.to_owned();
        self.write(move |c| {
            let note = note.clone();
            Box::pin(async move {
                let Some(mut purse) = Purse::read(c, account).await? else { return Ok(Err(Refused::Closed)) };
                if purse.lasting + amount.0 < 0 {
                    return Ok(Err(Refused::Credits { price: Credits(-amount.0), there: Credits(purse.lasting) }));
                }
                let way = if amount.0 >= 0 { ("grant", "issued", "lasting") } else { ("grant", "lasting", "issued") };
                move_credits(c, &mut purse, None, way, amount.0.abs(), &note, now).await?;
                purse.write(c).await?;
                Ok(Ok(()))
            })
        })
        .await
    }

    pub(super) async fn balance_of(&self, account: i64, terms: Terms, now: Millis) -> Result<Balance, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                let Some(mut purse) = Purse::read(c, account).await? else { return Ok(Balance::default()) };
                if purse.renew(c, &terms, now).await? {
                    purse.write(c).await?;
                }
                Ok(Balance { daily: Credits(purse.daily), lasting: Credits(purse.lasting), held: Credits(purse.held), active: purse.active })
            })
        })
        .await
    }

    pub(super) async fn entries_of(&self, account: i64, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, StoreError> {
        let text = "SELECT id, at, job, kind, source, target, amount, note FROM entries WHERE account = ? AND id < ? ORDER BY id DESC LIMIT ?";
        let query = sqlx::query(text).bind(account).bind(before.unwrap_or(i64::MAX)).bind(limit);
        let rows = query.fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        let entry = |r: &sqlx::sqlite::SqliteRow| Entry {
            id: r.get(0),
            at: r.get(1),
            job: r.get(2),
            kind: r.get(3),
            source: r.get(4),
            target: r.get(5),
            amount: Credits(r.get(6)),
            note: r.get(7),
        };
        Ok(rows.iter().map(entry).collect())
    }

    pub(super) async fn add_one_key(&self, account: i64, proof: Proof, hint: &str, now: Millis) -> Result<i64, StoreError> {
        let hint = hint.to_owned();
        self.write(move |c| {
            let (hint, proof) = (hint.clone(), proof.clone());
            Box::pin(async move {
                let (kind, hash, access) = match proof {
                    Proof::Hash(hash) => ("static", Some(hash.to_vec()), None),
                    Proof::Access(access) => ("pair", None, Some(access)),
                };
                let text = "INSERT INTO keys(account, kind, hash, access, hint, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
                let query = sqlx::query_scalar(text).bind(account).bind(kind).bind(hash).bind(access).bind(hint).bind(now);
                query.fetch_one(c).await
            })
        })
        .await
    }

    pub(super) async fn keys_of(&self, account: i64) -> Result<Vec<Key>, StoreError> {
        let text = "SELECT id, kind, hint, created_at, revoked_at FROM keys WHERE account = ? ORDER BY id";
        let rows = sqlx::query(text).bind(account).fetch_all(&self.readers).await.map_err(|e| reason(&e))?;
        Ok(rows.iter().map(|r| Key { id: r.get(0), kind: r.get(1), hint: r.get(2), created_at: r.get(3), revoked_at: r.get(4) }).collect())
    }

    pub(super) async fn revoke_one(&self, key: i64, now: Millis) -> Result<bool, StoreError> {
        self.write(move |c| {
            Box::pin(async move {
                let text = "UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
                Ok(sqlx::query(text).bind(now).bind(key).execute(c).await?.rows_affected() > 0)
            })
        })
        .await
    }

    pub(super) async fn holder_of(&self, proof: &Proof) -> Result<Option<Account>, StoreError> {
        let column = if matches!(proof, Proof::Hash(_)) { "hash" } else { "access" };
        let text = format!("SELECT {ACCOUNT} FROM keys k JOIN accounts a ON a.id = k.account WHERE k.{column} = ?2 AND k.revoked_at IS NULL");
        let query = sqlx::query(&text).bind(self.clock.now());
        let query = match proof {
            Proof::Hash(hash) => query.bind(hash.to_vec()),
            Proof::Access(access) => query.bind(access.clone()),
        };
        Ok(query.fetch_optional(&self.readers).await.map_err(|e| reason(&e))?.as_ref().map(account_of))
    }
}
