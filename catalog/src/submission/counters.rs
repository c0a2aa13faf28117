//! What a terminal is used for, in numbers.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// On how many different visits a search without result must have been made, at one terminal and on one
/// day, before its hash leaves the terminal.
///
/// The hash is keyed, but whoever has the key can try every likely term: it hides a term only among
/// others. What protects a resident is that rare terms are never sent. A name, a number or an address is
/// searched for by one or two people on a day; five visits mean that the hall as a whole asks. The count
/// is kept at the terminal, because a hub that counted would already have what it must not have.
pub const MISSES_BEFORE_REPORT: u32 = 5;

/// What is counted: letters, digits, `-` and `.`, such as `page.guide` or `print.proven`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Metric(String);

/// A text that names no metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no metric: 1 to 64 of a-z, 0-9, - _ and .")]
pub struct InvalidMetric(String);

impl Metric {
    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Metric {
    type Err = InvalidMetric;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidMetric(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Metric {
    type Error = InvalidMetric;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Metric> for String {
    fn from(metric: Metric) -> Self {
        metric.0
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Cumulative counts of one device. Sending them again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Drawn anew whenever a terminal lost its counts, so that they start at 0 without being taken for a
    /// step backwards.
    pub epoch: Uuid,
    /// The counts, at most [`Counters::MOST`].
    pub counts: Vec<Count>,
    /// Searches without result; only those made often enough, see [`MISSES_BEFORE_REPORT`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<MissedTerm>,
}

impl Counters {
    /// How many counts, and how many missed terms, one report may hold.
    pub const MOST: usize = 1000;
}

/// How often something happened on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// What.
    pub metric: Metric,
    /// The day, in China's time.
    pub day: Date,
    /// How often, since the beginning of the day.
    pub total: u64,
}

/// A term that was searched for and not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedTerm {
    /// HMAC-SHA-256 of the normalised term, with the key that the hub gave all its terminals; the first 16
    /// bytes in hexadecimal digits.
    pub term: String,
    /// The day, in China's time.
    pub day: Date,
    /// On how many visits.
    pub visits: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_a_short_plain_name() {
        for good in ["page.guide", "print.proven", "search-miss", "failure.card_reader"] {
            assert_eq!(good.parse::<Metric>().unwrap().as_str(), good);
        }
        for wrong in ["", "页面", "a b", "A", &"x".repeat(65)] {
            assert!(wrong.parse::<Metric>().is_err(), "{wrong}");
        }
    }
}
