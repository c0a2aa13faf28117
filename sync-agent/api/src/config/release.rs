//! Where content comes from, and how.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use jiff::civil::Time;
use serde::{Deserialize, Deserializer};
use url::Url;

use super::{folder_url, positive};

/// Where content comes from and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Release {
    /// The folder that `hub publish` wrote, as `http`, `https` or `file`.
    #[serde(deserialize_with = "release_url")]
    pub url: Url,
    /// A cache of that folder in the same hall, which is asked first; with it gone the terminal goes direct.
    #[serde(default, deserialize_with = "cache_url")]
    pub site_cache: Option<Url>,
    /// The factory root: the `root.json` that `hub keys new` wrote.
    pub root: PathBuf,
    /// Seconds between two looks at the release address.
    #[serde(default = "Release::default_poll_seconds", deserialize_with = "positive")]
    pub poll_seconds: u32,
    /// The folder that holds the content and what the agent must remember.
    #[serde(default = "Release::default_state")]
    pub state: PathBuf,
    /// The id whose hash decides when a staged release is for this terminal. By default the agent makes one up and keeps it.
    pub ring_id: Option<String>,
    /// The folder below which USB sticks are mounted: one that holds a release updates the terminal when it is plugged in.
    pub sticks: Option<PathBuf>,
    /// How files are fetched.
    #[serde(default)]
    pub download: Download,
}

impl Release {
    fn default_poll_seconds() -> u32 {
        300
    }

    fn default_state() -> PathBuf {
        "/var/lib/mingchuang".into()
    }
}

/// How files are fetched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Download {
    /// The most that all downloads together may take, in KiB a second; no limit by default.
    pub kib_per_second: Option<NonZeroU32>,
    /// When pictures and PDFs may be fetched, such as `"22:00-06:00"`; by default at any time. What is not whole when the hours
    /// end goes on in the next ones. Records always may.
    pub hours: Option<Hours>,
    /// How many pictures and PDFs are fetched at the same time.
    pub parallel: NonZeroUsize,
    /// How much of the disk stays free, in MiB: a release that would take more is not fetched.
    pub keep_free_mib: u32,
    /// How many seconds the screen may take to draw a new generation before the terminal goes back to the one before.
    #[serde(deserialize_with = "positive")]
    pub frame_seconds: u32,
}

impl Default for Download {
    fn default() -> Self {
        Self {
            kib_per_second: None,
            hours: None,
            parallel: NonZeroUsize::new(2).expect("two is not zero"),
            keep_free_mib: 64,
            frame_seconds: 60,
        }
    }
}

impl Download {
    /// The limit in bytes a second.
    #[must_use]
    pub fn bytes_per_second(&self) -> Option<NonZeroU32> {
        let kib = NonZeroU32::new(1024).expect("1024 is not zero");
        self.kib_per_second.map(|limit| limit.saturating_mul(kib))
    }
}

/// A part of the day in local time, written `HH:MM-HH:MM`. It may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hours {
    from: Time,
    until: Time,
}

impl Hours {
    /// Whether a time of the day lies in it.
    #[must_use]
    pub fn contains(self, time: Time) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        }
    }
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
        let parts = text.split_once('-');
        match parts.and_then(|(from, until)| Some((time(from)?, time(until)?))) {
            Some((from, until)) if from != until => Ok(Self { from, until }),
            _ => Err(format!("{text:?} is no part of the day such as \"22:00-06:00\"")),
        }
    }
}

fn release_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    folder_url(deserializer, &["http", "https", "file"])
}

fn cache_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    folder_url(deserializer, &["http", "https"]).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> Hours {
        Hours::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn hours_may_run_over_midnight() {
        let night = hours("22:00-06:00");
        let at = |hour| Time::new(hour, 0, 0, 0).unwrap();
        assert_eq!(
            [at(22), at(3), at(6), at(12)].map(|time| night.contains(time)),
            [true, true, false, false]
        );
        assert!(hours("09:00-17:00").contains(at(12)));
    }

    #[test]
    fn what_is_no_part_of_the_day_is_refused() {
        for bad in ["", "22:00", "25:00-06:00", "06:00-06:00"] {
            assert!(Hours::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
