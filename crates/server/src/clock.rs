//! Wall clock and ids.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, UTC.
pub type Millis = i64;

/// A time in milliseconds.
#[must_use]
pub fn milliseconds(time: std::time::Duration) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX / 4)
}

/// A day.
pub const DAY: Millis = 86_400_000;

/// The clock of a service. Tests and fault runs set it off; nothing else differs.
#[derive(Debug, Default)]
pub struct Clock(AtomicI64);

impl Clock {
    /// A clock that is wrong by so many milliseconds.
    #[must_use]
    pub fn off_by(milliseconds: i64) -> Self {
        Self(AtomicI64::new(milliseconds))
    }
    /// Makes it jump.
    pub fn jump(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
        since + self.0.load(Ordering::SeqCst)
    }
}

/// 2015-01-01, from which ids count, so that they have 18 digits for decades.
const EPOCH: Millis = 1_420_070_400_000;

static LAST: AtomicI64 = AtomicI64::new(0);

/// A new id: rising within a process, with 12 bits of chance between processes.
#[must_use]
pub fn new_id(now: Millis) -> i64 {
    let chance = i64::from(u16::from_le_bytes(random())) & 0xfff;
    let wanted = ((now - EPOCH).max(0) << 20) | chance;
    let next = |last: i64| Some(if wanted > last { wanted } else { ((last >> 12) + 1) << 12 | chance });
    LAST.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).map_or(wanted, |last| next(last).unwrap_or(wanted))
}

/// Bytes that nobody can guess.
///
/// # Panics
/// If the system has no random numbers: nothing here would be safe then.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap_or_else(|e| panic!("the system gives no random numbers: {e}"));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_goes_back() {
        let now = 1_795_000_000_000;
        let ids: Vec<i64> = (0..5000).map(|k| new_id(now - k * 1000)).collect();
        assert!(ids.windows(2).all(|w| w[0] < w[1]), "each is larger than the one before");
        assert_eq!(ids[0].to_string().len(), 18, "as long as clients know them");
    }
}
