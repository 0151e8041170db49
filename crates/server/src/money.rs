//! Credits, in thousandths, so that every price of the tables is a whole number.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of credits, in thousandths of a credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credits(pub i64);

impl Credits {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole credits.
    #[must_use]
    pub fn whole(credits: i64) -> Self {
        Self(credits.saturating_mul(1000))
    }
    /// As API units of ten credits, such as "0.6".
    #[must_use]
    pub fn units(self) -> String {
        decimal(self.0, 10_000)
    }
    /// As a number of credits.
    #[must_use]
    pub fn number(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl std::ops::Mul<i64> for Credits {
    type Output = Self;
    fn mul(self, by: i64) -> Self {
        Self(self.0.saturating_mul(by))
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.0, 1000))
    }
}

/// A fraction with a power of ten below, without trailing zeros.
fn decimal(amount: i64, one: i64) -> String {
    let digits = one.ilog10() as usize;
    let (sign, amount) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    let (whole, part) = (amount / one.unsigned_abs(), amount % one.unsigned_abs());
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let part = format!("{part:0digits$}");
    format!("{sign}{whole}.{}", part.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_and_units_read_as_the_tables_print_them() {
        assert_eq!(Credits::whole(66).to_string(), "66", "whole");
        assert_eq!(Credits(2500).to_string(), "2.5", "half");
        assert_eq!(Credits(-500).to_string(), "-0.5", "owed");
        assert_eq!(Credits::whole(6).units(), "0.6", "a second of silent 720p in version 3.0");
        assert_eq!(Credits(500).units(), "0.05", "a call of speech");
    }
}
