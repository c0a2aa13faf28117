//! Counters of use: cumulative, so that sending them twice counts nothing twice.
//!
//! Counts are written every minute and at the end: a power cut costs at most a minute of them. Searches
//! without result are kept in memory only, as keyed hashes, until they were made on
//! [`MISSES_BEFORE_REPORT`] visits of one day; then, and not before, they reach the disk and the hub.

use std::collections::{HashMap, HashSet};

use aws_lc_rs::hmac;
use catalog::clock::day_in_china as day;
use catalog::power::{Moment, point};
use catalog::submission::{Count, Counters, MISSES_BEFORE_REPORT, Metric, MissedTerm};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, params};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::{Outbox, OutboxError};

/// How many different missed terms of a day are held in memory.
const MOST_TERMS: usize = 5000;
/// For how many days counts are kept after they were reported.
const KEPT_DAYS: i64 = 35;

/// Makes what is missing of the tables.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS usage_epoch (epoch TEXT NOT NULL) STRICT;
         CREATE TABLE IF NOT EXISTS report_sequence (last INTEGER NOT NULL) STRICT;
         CREATE TABLE IF NOT EXISTS usage_count (
             metric TEXT NOT NULL,
             day TEXT NOT NULL,
             total INTEGER NOT NULL,
             sent INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (metric, day)
         ) STRICT;
         CREATE TABLE IF NOT EXISTS usage_missed (
             term TEXT NOT NULL,
             day TEXT NOT NULL,
             visits INTEGER NOT NULL,
             sent INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (term, day)
         ) STRICT;",
    )
}

/// Counts, in memory since the last [`Self::flush`].
pub struct Usage {
    counts: HashMap<(Metric, Date), u64>,
    term_key: hmac::Key,
    /// On how many visits a term was missed on `missed_day`.
    missed: HashMap<String, u32>,
    missed_day: Option<Date>,
    /// What was missed on this visit: it counts once.
    visit: HashSet<String>,
    /// Something was counted or missed since the last flush.
    has_news: bool,
}

impl Usage {
    /// Nothing counted yet; terms are hashed with `term_key`.
    #[must_use]
    pub fn new(term_key: &[u8]) -> Self {
        Self {
            counts: HashMap::new(),
            term_key: hmac::Key::new(hmac::HMAC_SHA256, term_key),
            missed: HashMap::new(),
            missed_day: None,
            visit: HashSet::new(),
            has_news: false,
        }
    }

    /// Something happened.
    pub fn count(&mut self, metric: Metric, now: Timestamp) {
        *self.counts.entry((metric, day(now))).or_default() += 1;
        self.has_news = true;
    }

    /// A search found nothing.
    pub fn miss(&mut self, term: &str, now: Timestamp) {
        let term = self.hash(term);
        if !self.visit.insert(term.clone()) {
            return;
        }
        let today = day(now);
        if self.missed_day != Some(today) {
            self.missed.clear();
            self.missed_day = Some(today);
        }
        if self.missed.len() < MOST_TERMS || self.missed.contains_key(&term) {
            *self.missed.entry(term).or_default() += 1;
            self.has_news = true;
        }
    }

    /// The visit is over.
    pub fn end_visit(&mut self) {
        self.visit.clear();
    }

    /// The keyed hash of a term in its normal form: compatibility forms plain, lower case, no white space.
    fn hash(&self, term: &str) -> String {
        let normal: String = term
            .nfkc()
            .flat_map(char::to_lowercase)
            .filter(|c| !c.is_whitespace())
            .collect();
        hex::encode(&hmac::sign(&self.term_key, normal.as_bytes()).as_ref()[..16])
    }

    /// Whether there is something to write.
    #[must_use]
    pub const fn has_news(&self) -> bool {
        self.has_news
    }

    /// Writes what was counted, if anything was.
    pub fn flush(&mut self, outbox: &mut Outbox) -> Result<(), OutboxError> {
        let is_often = |visits: &u32| *visits >= MISSES_BEFORE_REPORT;
        if self.counts.is_empty() && !self.missed.values().any(is_often) {
            self.has_news = false;
            return Ok(());
        }
        let write = |connection: &mut Connection| {
            point("keep counts", Moment::Before);
            let transaction = connection.transaction()?;
            for ((metric, day), count) in &self.counts {
                transaction.execute(
                    "INSERT INTO usage_count (metric, day, total) VALUES (?1, ?2, ?3)
                     ON CONFLICT (metric, day) DO UPDATE SET total = total + excluded.total",
                    params![metric.as_str(), day.to_string(), *count as i64],
                )?;
            }
            let often = self.missed.iter().filter(|(_, visits)| is_often(visits));
            for (term, visits) in often {
                let day = self.missed_day.expect("terms are of a day").to_string();
                transaction.execute(
                    "INSERT INTO usage_missed (term, day, visits) VALUES (?1, ?2, ?3)
                     ON CONFLICT (term, day) DO UPDATE SET visits = MAX(visits, excluded.visits)",
                    params![term, day, visits],
                )?;
            }
            point("keep counts", Moment::During);
            transaction.commit()?;
            point("keep counts", Moment::After);
            Ok(())
        };
        match write(outbox.connection()) {
            Ok(()) => {
                self.counts.clear();
                self.has_news = false;
                Ok(())
            }
            Err(error) => Err(outbox.failed(error)),
        }
    }
}

/// The number of the next health report: the time in milliseconds, so that a terminal that lost its outbox still counts on
/// from above, and more than the last one's, whatever the clock does. A terminal whose clock was wrong when it lost its outbox
/// is above again as soon as the clock is right.
pub(super) fn next_sequence(outbox: &mut Outbox, now: Timestamp) -> Result<i64, OutboxError> {
    let next = |connection: &mut Connection| {
        let transaction = connection.transaction()?;
        let last = transaction
            .query_row("SELECT last FROM report_sequence", [], |row| row.get::<_, i64>(0))
            .optional()?;
        let now = now.as_millisecond();
        let next = last.map_or(now, |last| (last + 1).max(now));
        transaction.execute("DELETE FROM report_sequence", [])?;
        transaction.execute("INSERT INTO report_sequence (last) VALUES (?1)", [next])?;
        transaction.commit()?;
        Ok(next)
    };
    match next(outbox.connection()) {
        Ok(next) => Ok(next),
        Err(error) => Err(outbox.failed(error)),
    }
}

/// The counts that the hub does not have yet, if there are any.
pub(super) fn unreported(outbox: &mut Outbox) -> Result<Option<Counters>, OutboxError> {
    let read = |connection: &mut Connection| {
        let kept = connection
            .query_row("SELECT epoch FROM usage_epoch", [], |row| row.get::<_, String>(0))
            .optional()?;
        let epoch = if let Some(epoch) = kept {
            epoch
        } else {
            let epoch = Uuid::new_v4().to_string();
            connection.execute("INSERT INTO usage_epoch (epoch) VALUES (?1)", [&epoch])?;
            epoch
        };
        let most = Counters::MOST as i64;
        let counts: Vec<(String, String, i64)> = connection
            .prepare(
                "SELECT metric, day, total FROM usage_count WHERE total > sent ORDER BY day, metric LIMIT ?1",
            )?
            .query_map([most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let missed: Vec<(String, String, u32)> = connection
            .prepare(
                "SELECT term, day, visits FROM usage_missed WHERE visits > sent ORDER BY day, term LIMIT ?1",
            )?
            .query_map([most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        Ok((epoch, counts, missed))
    };
    let (epoch, counts, missed) = match read(outbox.connection()) {
        Ok(read) => read,
        Err(error) => return Err(outbox.failed(error)),
    };
    if counts.is_empty() && missed.is_empty() {
        return Ok(None);
    }
    let content = |error: &dyn std::fmt::Display| OutboxError::Content(error.to_string());
    let date = |text: &str| text.parse::<Date>().map_err(|error| content(&error));
    let count = |(metric, day, total): (String, String, i64)| {
        Ok(Count {
            metric: metric
                .parse()
                .map_err(|error: catalog::submission::InvalidMetric| content(&error))?,
            day: date(&day)?,
            total: total.unsigned_abs(),
        })
    };
    let missed_term = |(term, day, visits): (String, String, u32)| {
        Ok(MissedTerm {
            term,
            day: date(&day)?,
            visits,
        })
    };
    Ok(Some(Counters {
        epoch: epoch.parse().map_err(|error: uuid::Error| content(&error))?,
        counts: counts
            .into_iter()
            .map(count)
            .collect::<Result<_, OutboxError>>()?,
        missed: missed
            .into_iter()
            .map(missed_term)
            .collect::<Result<_, OutboxError>>()?,
    }))
}

/// The hub has these counts.
pub(super) fn reported(outbox: &mut Outbox, counters: &Counters, now: Timestamp) -> Result<(), OutboxError> {
    let oldest = day(now)
        .saturating_sub(jiff::Span::new().days(KEPT_DAYS))
        .to_string();
    let write = |connection: &mut Connection| {
        let transaction = connection.transaction()?;
        for count in &counters.counts {
            transaction.execute(
                "UPDATE usage_count SET sent = MAX(sent, ?3) WHERE metric = ?1 AND day = ?2",
                params![count.metric.as_str(), count.day.to_string(), count.total as i64],
            )?;
        }
        for missed in &counters.missed {
            transaction.execute(
                "UPDATE usage_missed SET sent = MAX(sent, ?3) WHERE term = ?1 AND day = ?2",
                params![missed.term, missed.day.to_string(), missed.visits],
            )?;
        }
        transaction.execute(
            "DELETE FROM usage_count WHERE day < ?1 AND sent >= total",
            [&oldest],
        )?;
        transaction.execute(
            "DELETE FROM usage_missed WHERE day < ?1 AND sent >= visits",
            [&oldest],
        )?;
        transaction.commit()
    };
    match write(outbox.connection()) {
        Ok(()) => Ok(()),
        Err(error) => Err(outbox.failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-26T08:00:00Z".parse().unwrap()
    }

    fn guide() -> Metric {
        "page.guide".parse().unwrap()
    }

    #[test]
    fn counts_grow_over_restarts_and_are_reported_until_the_hub_has_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(folder.path(), now()).unwrap();
        let mut usage = Usage::new(b"key");
        usage.count(guide(), now());
        usage.count(guide(), now());
        usage.flush(&mut outbox).unwrap();
        let first = unreported(&mut outbox).unwrap().unwrap();
        assert_eq!(first.counts[0].total, 2);
        drop((usage, outbox));

        let mut outbox = Outbox::open(folder.path(), now()).unwrap();
        let mut usage = Usage::new(b"key");
        usage.count(guide(), now());
        usage.flush(&mut outbox).unwrap();
        usage.flush(&mut outbox).unwrap();
        reported(&mut outbox, &first, now()).unwrap();
        let second = unreported(&mut outbox).unwrap().unwrap();
        assert_eq!((second.epoch, second.counts[0].total), (first.epoch, 3));
        reported(&mut outbox, &second, now()).unwrap();
        assert_eq!(unreported(&mut outbox).unwrap(), None);
    }

    #[test]
    fn only_what_is_new_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(folder.path(), now()).unwrap();
        let mut usage = Usage::new(b"key");
        assert!(!usage.has_news());
        for _ in 0..MISSES_BEFORE_REPORT {
            usage.miss("张三", now());
            usage.end_visit();
        }
        assert!(usage.has_news());
        usage.flush(&mut outbox).unwrap();
        assert!(!usage.has_news());
        usage.count(guide(), now());
        assert!(usage.has_news());
    }

    #[test]
    fn a_term_leaves_the_terminal_only_after_so_many_visits_of_one_day() {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(folder.path(), now()).unwrap();
        let mut usage = Usage::new(b"key");
        let mut visit = |usage: &mut Usage, times: u32, term: &str, at: Timestamp| {
            for _ in 0..times {
                usage.miss(term, at);
            }
            usage.end_visit();
            usage.flush(&mut outbox).unwrap();
            unreported(&mut outbox)
                .unwrap()
                .map_or(0, |counters| counters.missed.len())
        };
        for _ in 1..MISSES_BEFORE_REPORT {
            assert_eq!(visit(&mut usage, 3, "张三", now()), 0);
        }
        let tomorrow = now() + jiff::SignedDuration::from_hours(24);
        assert_eq!(visit(&mut usage, 1, "张三", tomorrow), 0);
        for _ in 1..MISSES_BEFORE_REPORT - 1 {
            assert_eq!(visit(&mut usage, 1, " ＡB c", tomorrow), 0);
        }
        assert_eq!(visit(&mut usage, 1, "abC", tomorrow), 0);
        assert_eq!(visit(&mut usage, 1, "ABC", tomorrow), 1);
        let bytes = std::fs::read(folder.path().join("outbox.db-wal")).unwrap();
        assert!(!bytes.windows(6).any(|window| window == "张三".as_bytes()));
    }

    #[test]
    fn reports_are_numbered_upwards_even_when_the_clock_goes_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(folder.path(), now()).unwrap();
        let first = next_sequence(&mut outbox, now()).unwrap();
        drop(outbox);
        let mut outbox = Outbox::open(folder.path(), now()).unwrap();
        let earlier = now() - jiff::SignedDuration::from_hours(24);
        assert_eq!(next_sequence(&mut outbox, earlier).unwrap(), first + 1);
    }

    #[test]
    fn a_report_after_a_start_in_1970_is_above_earlier_ones_once_the_clock_is_right() {
        let before = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(before.path(), now()).unwrap();
        let known_to_the_hub = next_sequence(&mut outbox, now()).unwrap();
        // The outbox is lost, and so is the time.
        let after = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(after.path(), Timestamp::UNIX_EPOCH).unwrap();
        next_sequence(&mut outbox, Timestamp::UNIX_EPOCH).unwrap();
        let right = now() + jiff::SignedDuration::from_mins(5);
        assert!(next_sequence(&mut outbox, right).unwrap() > known_to_the_hub);
    }
}
