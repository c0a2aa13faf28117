//! For how long the hub keeps what it takes in.
//!
//! `hub/retention.toml.example` is the policy that holds where no other is given, with its reasons. What is over its time is
//! erased by [`apply()`]; whatever the hub still needs so that nothing comes back (the receipt, the name, the digest) stays.

mod apply;

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

pub use apply::{Erasure, apply, due, keep_applying};

/// For how long what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Policy {
    /// Applications for disclosure with their files and steps, after they were archived.
    pub applications: Keep,
    /// Letters of archived applications, after they were written.
    pub letters: Keep,
    /// Everything else that residents hand in, after it came.
    pub submissions: Keep,
    /// Counters of use, after their day.
    pub counters: Keep,
    /// Hashes of missed terms, after their day.
    pub missed_terms: Keep,
    /// What became of generations, after it was reported.
    pub generation_reports: Keep,
    /// Alarms, after they were raised.
    pub alarms: Keep,
    /// Terminals that nobody approved, after they asked.
    pub pending_devices: Keep,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            applications: Keep::Days(5 * 365),
            letters: Keep::Days(365),
            submissions: Keep::Days(2 * 365),
            counters: Keep::Days(3 * 365),
            missed_terms: Keep::Days(180),
            generation_reports: Keep::Days(365),
            alarms: Keep::Days(2 * 365),
            pending_devices: Keep::Days(90),
        }
    }
}

/// For how long one thing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum Keep {
    /// For so many days, at least one.
    Days(u32),
    /// Without end.
    Forever,
}

/// How a policy says it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Days(i64),
    Word(String),
}

impl TryFrom<Written> for Keep {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Word(word) if word == "forever" => Ok(Self::Forever),
            Written::Days(days @ 1..=Self::MOST_DAYS) => Ok(Self::Days(days as u32)),
            Written::Word(word) => Err(format!("{word:?} is neither a number of days nor \"forever\"")),
            Written::Days(days) => Err(format!("{days} is not from 1 to {} days", Self::MOST_DAYS)),
        }
    }
}

impl Keep {
    /// A hundred years; beyond it, say that it is for ever.
    const MOST_DAYS: i64 = 36_500;

    /// What came before this is over its time; `None` where nothing ever is.
    #[must_use]
    pub fn since(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Days(days) => now
                .checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
                .ok(),
            Self::Forever => None,
        }
    }
}

/// Why a policy cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It says something that is not allowed.
    #[error("{path}: {source}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: toml::de::Error,
    },
}

impl Policy {
    /// Reads the file at `path`; what it does not name is kept as without a file.
    pub fn load(path: &Path) -> Result<Self, PolicyError> {
        let text = std::fs::read_to_string(path).map_err(|source| PolicyError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| PolicyError::Invalid {
            path: path.to_owned(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Policy, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn the_example_is_the_policy_that_holds_without_a_file() {
        let text = include_str!("../../retention.toml.example");
        assert_eq!(parse(text).unwrap(), Policy::default());
        assert_eq!(text.lines().filter(|line| line.contains(" = ")).count(), 8);
    }

    #[test]
    fn a_policy_names_days_or_forever_and_nothing_else() {
        let policy = parse("applications = \"forever\"\nletters = 30").unwrap();
        assert_eq!(policy.applications, Keep::Forever);
        assert_eq!(policy.letters, Keep::Days(30));
        assert_eq!(policy.counters, Policy::default().counters);
        for wrong in [
            "letters = 0",
            "letters = -1",
            "letters = 36501",
            "letters = \"never\"",
            "leters = 1",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_kept_for_ever_is_never_over_its_time() {
        let now = "2026-11-26T08:00:00Z".parse().unwrap();
        assert_eq!(Keep::Forever.since(now), None);
        let day_before = "2026-11-25T08:00:00Z".parse().unwrap();
        assert_eq!(Keep::Days(1).since(now), Some(day_before));
    }
}
