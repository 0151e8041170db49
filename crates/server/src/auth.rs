//! Who calls: static keys, tokens from a pair of keys, and the secrets of this server.
//!
//! A static key has 256 bits of chance and is stored as its SHA-256. The secret of a pair, the secrets of callbacks and the proofs in
//! links are derived from one secret of the server, which is in a file of its own: the database holds none of them.

use crate::clock::{Clock, random};
use crate::refusal::Refusal;
use crate::store::{Account, Proof, Store};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;

/// So far clocks may differ, in seconds.
const SKEW: i64 = 60;
/// So long a key is believed without looking again, and so long a revoked one may still work.
const REMEMBERED: Duration = Duration::from_secs(1);
/// A rotated secret of callbacks signs beside the new one for so long.
const ROTATION: i64 = 7 * crate::clock::DAY;

/// HMAC-SHA256.
#[must_use]
pub fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|e| unreachable!("HMAC takes keys of any length: {e}"));
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// Everything that is derived from the secret of this server.
pub struct Secrets([u8; 32]);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

impl Secrets {
    /// From a file, which is made if it is not there, for its owner alone.
    ///
    /// # Errors
    /// If it cannot be read or written, or is not 32 bytes.
    pub fn open(path: &Path) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => {
                let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, format!("{}: is not the 32 bytes of a server's secret", path.display()));
                Ok(Self(bytes.try_into().map_err(wrong)?))
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let secret = random::<32>();
                match create_private(path, &secret) {
                    // Another process was faster: its secret counts.
                    Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Self::open(path),
                    other => other.map(|()| Self(secret)),
                }
            }
            Err(e) => Err(e),
        }
    }
    /// For tests.
    #[must_use]
    pub fn of(secret: [u8; 32]) -> Self {
        Self(secret)
    }
    /// The secret of a pair.
    #[must_use]
    pub fn of_pair(&self, access: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac(&self.0, format!("pair:{access}").as_bytes()))
    }
    /// The key that callbacks of an account are signed with.
    #[must_use]
    pub fn of_hook(&self, account: i64, version: i64) -> [u8; 32] {
        hmac(&self.0, format!("hook:{account}:{version}").as_bytes())
    }
    /// The keys that sign callbacks now: the new one, and for a week the one before.
    #[must_use]
    pub fn hooks(&self, account: &Account, now: i64) -> Vec<[u8; 32]> {
        let (version, rotated) = account.hook;
        let before = (version > 1 && now < rotated + ROTATION).then(|| self.of_hook(account.id, version - 1));
        std::iter::once(self.of_hook(account.id, version)).chain(before).collect()
    }
    /// What proves that a link to a file was given by this server.
    #[must_use]
    pub fn link(&self, job: i64, name: &str) -> String {
        URL_SAFE_NO_PAD.encode(&hmac(&self.0, format!("file:{job}:{name}").as_bytes())[..16])
    }
    /// Whether a link is ours.
    #[must_use]
    pub fn is_link(&self, job: i64, name: &str, proof: &str) -> bool {
        self.link(job, name).as_bytes().ct_eq(proof.as_bytes()).into()
    }
}

/// The secret of callbacks as receivers are given it.
#[must_use]
pub fn hook_text(key: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

fn create_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    // Written beside and linked, so that nobody reads a half.
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    linked
}

/// A new static key, and what is stored of it.
#[must_use]
pub fn new_key() -> (String, Proof) {
    let key = format!("kin_{}", URL_SAFE_NO_PAD.encode(random::<32>()));
    let proof = proof_of(&key);
    (key, proof)
}

/// A new access key of a pair.
#[must_use]
pub fn new_access() -> String {
    format!("ak_{}", URL_SAFE_NO_PAD.encode(random::<18>()))
}

/// What a static key is found by.
#[must_use]
pub fn proof_of(key: &str) -> Proof {
    Proof::Hash(Sha256::digest(key.as_bytes()).into())
}

/// Who sent this `Authorization` header.
pub struct Door {
    store: Arc<dyn Store>,
    secrets: Arc<Secrets>,
    clock: Arc<Clock>,
    remembered: Mutex<HashMap<Proof, (Instant, Option<Account>)>>,
}

impl Door {
    /// With what it asks.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, secrets: Arc<Secrets>, clock: Arc<Clock>) -> Self {
        Self { store, secrets, clock, remembered: Mutex::default() }
    }

    /// The account of a header.
    ///
    /// # Errors
    /// If it is not good; why, as the maker's table says.
    pub async fn open(&self, header: Option<&str>) -> Result<Account, Refusal> {
        let header = header.map(str::trim).filter(|h| !h.is_empty()).ok_or(Refusal::NoKey)?;
        let (scheme, token) = header.split_once(' ').unwrap_or(("", header));
        if !scheme.is_empty() && !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::BadKey("its scheme must be Bearer"));
        }
        let token = token.trim();
        if token.is_empty() {
            return Err(Refusal::NoKey);
        }
        let account = if token.split('.').count() == 3 { self.by_token(token).await? } else { self.holder(proof_of(token)).await? };
        let account = account.ok_or(Refusal::BadKey("there is no such key, or it was revoked"))?;
        if account.open { Ok(account) } else { Err(Refusal::Closed) }
    }

    async fn by_token(&self, token: &str) -> Result<Option<Account>, Refusal> {
        let access = issuer(token)?;
        // The signature is looked at before anything else is told, whether or not there is such a key.
        let now = self.clock.now() / 1000;
        let checked = check_token(token, self.secrets.of_pair(&access).as_bytes(), now);
        let account = self.holder(Proof::Access(access)).await?;
        checked.map(|()| account)
    }

    async fn holder(&self, proof: Proof) -> Result<Option<Account>, Refusal> {
        if let Some((at, account)) = self.memory().get(&proof)
            && at.elapsed() < REMEMBERED
        {
            return Ok(account.clone());
        }
        let account = self.store.holder(&proof).await?;
        let mut memory = self.memory();
        if memory.len() > 10_000 {
            memory.clear();
        }
        // Keys that do not exist are not remembered: guesses would fill the memory.
        if account.is_some() {
            memory.insert(proof, (Instant::now(), account.clone()));
        } else {
            memory.remove(&proof);
        }
        Ok(account)
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, HashMap<Proof, (Instant, Option<Account>)>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).or_else(|_| URL_SAFE.decode(part)).ok()
}

fn part(token: &str, index: usize) -> Result<Value, Refusal> {
    let bytes = token.split('.').nth(index).and_then(decode).ok_or(Refusal::BadKey("it is no token"))?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::BadKey("it is no token"))
}

fn issuer(token: &str) -> Result<String, Refusal> {
    if part(token, 0)?["alg"] != "HS256" {
        return Err(Refusal::BadKey("its alg must be HS256"));
    }
    part(token, 1)?["iss"].as_str().filter(|i| !i.is_empty() && i.len() < 200).map(str::to_owned).ok_or(Refusal::BadKey("it has no iss"))
}

/// Checks signature, `exp` and `nbf` of a token at a time in seconds.
///
/// # Errors
/// Which of them is not good.
pub fn check_token(token: &str, secret: &[u8], now: i64) -> Result<(), Refusal> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::BadKey("it is no token"))?;
    let signature = decode(signature).ok_or(Refusal::BadKey("it is no token"))?;
    if !bool::from(hmac(secret, signed.as_bytes()).as_slice().ct_eq(&signature)) {
        return Err(Refusal::BadKey("its signature is wrong"));
    }
    let claims = part(token, 1)?;
    let time = |name: &str| claims[name].as_f64().map(|t| t as i64);
    let until = time("exp").ok_or(Refusal::BadKey("it has no exp"))?;
    if now > until.saturating_add(SKEW) {
        return Err(Refusal::LateKey);
    }
    if time("nbf").is_some_and(|from| now < from.saturating_sub(SKEW)) {
        return Err(Refusal::EarlyKey);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(claims: Value, secret: &str, alg: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(json!({ "alg": alg, "typ": "JWT" }).to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = URL_SAFE_NO_PAD.encode(hmac(secret.as_bytes(), signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    #[test]
    fn tokens_are_good_for_their_time_and_secret_only() {
        let now = 1_795_000_000;
        let of = |from: i64, until: i64| token(json!({ "iss": "ak_1", "exp": now + until, "nbf": now + from }), "s", "HS256");
        assert_eq!(check_token(&of(-5, 1800), b"s", now), Ok(()), "as clients make them");
        assert_eq!(check_token(&of(30, 1800), b"s", now), Ok(()), "clocks differ a little");
        assert_eq!(check_token(&of(600, 1800), b"s", now), Err(Refusal::EarlyKey), "nbf ahead");
        assert_eq!(check_token(&of(-900, -600), b"s", now), Err(Refusal::LateKey), "exp behind");
        assert!(matches!(check_token(&of(-5, 1800), b"t", now), Err(Refusal::BadKey(_))), "another secret");
        assert!(matches!(check_token(&token(json!({ "iss": "ak_1" }), "s", "HS256"), b"s", now), Err(Refusal::BadKey(_))), "no exp");
        assert!(matches!(issuer(&token(json!({ "iss": "ak_1", "exp": now }), "s", "none")), Err(Refusal::BadKey(_))), "no algorithm");
        assert_eq!(issuer(&of(0, 9)), Ok("ak_1".into()), "whose it is");
        for broken in ["..", "a.b.c", "e30.e30.e30", "e30.W10.", "é.é.é"] {
            assert!(issuer(broken).is_err(), "{broken} is no token");
        }
    }

    #[test]
    fn secrets_differ_by_purpose_and_last() {
        let folder = std::env::temp_dir().join(format!("kinora-secrets-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("secret");
        let first = Secrets::open(&path).expect("made");
        let again = Secrets::open(&path).expect("read");
        assert_eq!(first.of_pair("ak"), again.of_pair("ak"), "the same after a restart");
        assert_ne!(first.of_hook(1, 1), first.of_hook(1, 2), "versions differ");
        assert!(first.is_link(7, "film.mp4", &again.link(7, "film.mp4")) && !first.is_link(8, "film.mp4", &again.link(7, "film.mp4")), "links are of one file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600, "for its owner alone");
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
