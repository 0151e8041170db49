//! What the operator does: accounts, plans, grants, keys, dead letters, and adding everything up. All of it on the store of a folder, whether
//! or not the service runs.

use crate::auth::{Secrets, hook_text, new_access, new_key};
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::money::Credits;
use crate::service::{Config, open_store};
use crate::store::{Account, Change, Proof, Sqlite, Store as _, Terms};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// The operator's desk.
pub struct Admin {
    store: Sqlite,
    secrets: Secrets,
    clock: Arc<Clock>,
}

impl Admin {
    /// On the data of a service.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn open(data: &Path) -> Result<Self, crate::Error> {
        let clock = Arc::new(Clock::default());
        let store = open_store(data, clock.clone()).await?;
        let path = data.join("secret");
        let secrets = Secrets::open(&path).map_err(|e| crate::Error::Folder { path, source: e })?;
        Ok(Self { store, secrets, clock })
    }

    async fn named(&self, name: &str) -> Result<Account, crate::Error> {
        let all = self.store.accounts().await?;
        let known = all.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = all.iter().find(|a| a.name == name).cloned();
        found.ok_or_else(|| crate::Error::Setting(format!("there is no account \"{name}\"; there are: {known}")))
    }

    fn plan(name: &str) -> Result<&str, crate::Error> {
        let known = || Catalogue::built_in().plans.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
        match Catalogue::built_in().plan(name) {
            Some(plan) => Ok(plan.name.as_str()),
            None => Err(crate::Error::Setting(format!("there is no plan \"{name}\"; there are: {}", known()))),
        }
    }

    /// Opens an account on a plan that is paid for some months.
    ///
    /// # Errors
    /// If the name is taken or the plan unknown.
    pub async fn open_account(&self, name: &str, plan: &str, months: i64) -> Result<Value, crate::Error> {
        let tame = !name.is_empty() && name.len() <= 100 && name.chars().all(|c| c.is_alphanumeric() || "._-@+".contains(c));
        if !tame {
            return Err(crate::Error::Setting(format!("\"{name}\": a name has letters, digits and . _ - @ +")));
        }
        let plan = Self::plan(plan)?;
        let now = self.clock.now();
        let account = self.store.open_account(name, plan, now).await?;
        let account = account.ok_or_else(|| crate::Error::Setting(format!("there is an account \"{name}\" already")))?;
        if months > 0 {
            self.store.change_account(account.id, Change { plan: Some((plan.to_owned(), months)), ..Change::default() }, now).await?;
        }
        Ok(json!({ "account": name, "plan": plan }))
    }

    /// All accounts with what they have.
    ///
    /// # Errors
    /// If the store cannot say.
    pub async fn accounts(&self) -> Result<Value, crate::Error> {
        let mut all = Vec::new();
        for account in self.store.accounts().await? {
            // Nothing is given by looking: that happens when the account itself asks.
            let none = Terms { daily: None, monthly: None, slots: 0, weight: 1, queue: 0 };
            let balance = self.store.balance(account.id, none, 0).await?;
            all.push(json!({
                "account": account.name, "plan": account.plan, "open": account.open, "today": balance.daily.number(), "lasting": balance.lasting.number(),
                "held": balance.held.number(), "active": balance.active, "slots": account.slots, "rate": account.rate,
            }));
        }
        Ok(all.into())
    }

    /// Changes an account.
    ///
    /// # Errors
    /// If there is no such account or plan.
    pub async fn change(&self, name: &str, change: Change) -> Result<Value, crate::Error> {
        let account = self.named(name).await?;
        if let Some((plan, _)) = &change.plan {
            Self::plan(plan)?;
        }
        self.store.change_account(account.id, change, self.clock.now()).await?;
        let now = self.named(name).await?;
        let secret = hook_text(&self.secrets.of_hook(now.id, now.hook.0));
        Ok(json!({ "account": name, "plan": now.plan, "open": now.open, "slots": now.slots, "rate": now.rate, "webhook_secret": secret }))
    }

    /// Gives credits that stay, or takes them back.
    ///
    /// # Errors
    /// If there is no such account, or less than is to be taken.
    pub async fn grant(&self, name: &str, credits: f64, note: &str) -> Result<Value, crate::Error> {
        let account = self.named(name).await?;
        let amount = Credits((credits * 1000.0).round() as i64);
        let granted = self.store.grant(account.id, amount, note, self.clock.now()).await?;
        granted.map_err(|e| crate::Error::Setting(format!("nothing was granted: {}", crate::refusal::Refusal::from(e))))?;
        Ok(json!({ "account": name, "granted": amount.number() }))
    }

    /// Makes a static key; it is shown this once.
    ///
    /// # Errors
    /// If there is no such account.
    pub async fn new_key(&self, name: &str) -> Result<Value, crate::Error> {
        let account = self.named(name).await?;
        let (key, proof) = new_key();
        let id = self.store.add_key(account.id, proof, &format!("{}...", &key[..10]), self.clock.now()).await?;
        Ok(json!({ "account": name, "id": id, "key": key }))
    }

    /// Makes a pair of access and secret key for tokens.
    ///
    /// # Errors
    /// If there is no such account.
    pub async fn new_pair(&self, name: &str) -> Result<Value, crate::Error> {
        let account = self.named(name).await?;
        let access = new_access();
        let id = self.store.add_key(account.id, Proof::Access(access.clone()), &access, self.clock.now()).await?;
        Ok(json!({ "account": name, "id": id, "access_key": access, "secret_key": self.secrets.of_pair(&access) }))
    }

    /// Keys of an account, without what is secret.
    ///
    /// # Errors
    /// If there is no such account.
    pub async fn keys(&self, name: &str) -> Result<Value, crate::Error> {
        let account = self.named(name).await?;
        let keys = self.store.keys(account.id).await?;
        Ok(keys.iter().map(|k| json!({ "id": k.id, "kind": k.kind, "begins": k.hint, "created_at": k.created_at, "revoked_at": k.revoked_at })).collect())
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// If there is no such key that is not revoked.
    pub async fn revoke(&self, key: i64) -> Result<Value, crate::Error> {
        if self.store.revoke(key, self.clock.now()).await? {
            Ok(json!({ "revoked": key }))
        } else {
            Err(crate::Error::Setting(format!("there is no key {key}, or it was revoked")))
        }
    }

    /// Movements of credits, newest first.
    ///
    /// # Errors
    /// If there is no such account.
    pub async fn ledger(&self, name: &str, limit: i64) -> Result<Value, crate::Error> {
        let account = self.named(name).await?;
        let entries = self.store.entries(account.id, None, limit).await?;
        let entry = |e: &crate::store::Entry| json!({ "id": e.id, "at": e.at, "task": e.job.map(|j| j.to_string()), "kind": e.kind, "from": e.source, "to": e.target, "credits": e.amount.number(), "note": e.note });
        Ok(entries.iter().map(entry).collect())
    }

    /// Callbacks that were given up; `again` tries one again.
    ///
    /// # Errors
    /// If there is no such letter.
    pub async fn letters(&self, again: Option<i64>) -> Result<Value, crate::Error> {
        if let Some(id) = again
            && !self.store.revive(id, self.clock.now()).await?
        {
            return Err(crate::Error::Setting(format!("there is no dead letter {id}")));
        }
        let dead = self.store.dead_letters(None).await?;
        Ok(dead.iter().map(|(id, job, url, why)| json!({ "id": id, "task": job.to_string(), "url": url, "why": why })).collect())
    }

    /// Adds everything up.
    ///
    /// # Errors
    /// If something does not agree.
    pub async fn audit(&self) -> Result<Value, crate::Error> {
        let audit = self.store.audit().await?;
        let load = self.store.load().await?;
        let said = json!({
            "holds": audit.holds(), "issued": audit.issued.number(), "spent": audit.spent.number(), "held": audit.held.number(), "left": audit.left.number(),
            "expired": audit.expired.number(), "unbalanced": audit.unbalanced, "unsettled": audit.unsettled, "miscounted": audit.miscounted, "load": load,
        });
        if audit.holds() { Ok(said) } else { Err(crate::Error::Setting(format!("the ledger does not agree: {said}"))) }
    }
}

/// Where the data of a service lies, if nobody says otherwise.
#[must_use]
pub fn usual_folder() -> std::path::PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(std::path::PathBuf::from);
    set("KINORA_DATA")
        .or_else(|| set("XDG_DATA_HOME").or_else(|| set("HOME").map(|h| h.join(".local/share"))).map(|f| f.join("kinora").join("service")))
        .unwrap_or_else(|| "kinora-data".into())
}

/// A configuration on the usual folder.
#[must_use]
pub fn usual_config() -> Config {
    Config::new(usual_folder())
}
