//! What nginx logged, put into the fleet's time.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::Timestamp;

use crate::clock::Passed;

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `timestamp.json`: whether there is something new.
    Look,
    /// The other files of a release.
    Release,
    /// Health and counters.
    Report,
    /// Something handed in.
    Submission,
    /// How the terminal stands, and its certificate.
    Enrolment,
}

impl Kind {
    /// All of them, in the order of [`Traffic::of`].
    pub const ALL: [Self; 5] = [
        Self::Look,
        Self::Release,
        Self::Report,
        Self::Submission,
        Self::Enrolment,
    ];

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "look" => Self::Look,
            "release" => Self::Release,
            "report" => Self::Report,
            "submission" => Self::Submission,
            "enrolment" => Self::Enrolment,
            _ => return None,
        })
    }

    /// Whether the hub answers it; nginx alone answers the others.
    #[must_use]
    pub const fn is_the_hubs(self) -> bool {
        matches!(self, Self::Report | Self::Submission | Self::Enrolment)
    }
}

/// Requests, and their bytes as HTTP has them: lines of headers and bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// How many requests.
    pub requests: u64,
    /// Bytes from the terminals.
    pub up: u64,
    /// Bytes to the terminals.
    pub down: u64,
}

/// Requests of one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minute {
    /// For the release.
    pub release: u32,
    /// For the hub.
    pub hub: u32,
}

impl Minute {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.release + self.hub
    }
}

/// What reached the origin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic {
    amounts: [Amount; Kind::ALL.len()],
    /// The day, minute by minute.
    pub minutes: Vec<Minute>,
    /// Looks that were told that nothing is new.
    pub unchanged: u64,
    /// Submissions that were new to the hub, to the end of all.
    pub new: u64,
    /// Submissions that the hub had already, because its answer was lost.
    pub known: u64,
    /// Submissions that nginx had to refuse because the hub was away, or another refusal.
    pub refused: u64,
}

impl Traffic {
    /// Reads the log of a fleet whose time passed as `journal` has it. Amounts are those between `from` and `until`.
    pub fn read(log: &Path, journal: &[Passed], from: Timestamp, until: Timestamp) -> Result<Self> {
        let file = File::open(log).with_context(|| format!("cannot read {}", log.display()))?;
        let mut traffic = Self::default();
        for line in BufReader::new(file).lines() {
            let line = line?;
            traffic
                .count(&line, journal, from, until)
                .with_context(|| format!("{}: {line:?}", log.display()))?;
        }
        Ok(traffic)
    }

    /// What there was of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Amount {
        self.amounts[kind as usize]
    }

    /// The busiest minute of the day: which, counted from 0, and its requests.
    #[must_use]
    pub fn peak(&self) -> (usize, Minute) {
        let minutes = self.minutes.iter().copied().enumerate();
        minutes.max_by_key(|(_, minute)| minute.all()).unwrap_or_default()
    }

    fn count(&mut self, line: &str, journal: &[Passed], from: Timestamp, until: Timestamp) -> Result<()> {
        let mut fields = line.split(' ');
        let mut field = || fields.next().context("too short a line");
        let real: Timestamp = Timestamp::from_millisecond(field()?.replace('.', "").parse()?)?;
        let Some(kind) = Kind::named(field()?) else {
            return Ok(());
        };
        let (status, up, down): (u16, u64, u64) = (field()?.parse()?, field()?.parse()?, field()?.parse()?);
        if kind == Kind::Submission {
            match status {
                201 => self.new += 1,
                200 => self.known += 1,
                _ => self.refused += 1,
            }
        }
        let at = fleet_time(journal, real);
        if at < from || at >= until {
            return Ok(());
        }
        if kind == Kind::Look && status == 304 {
            self.unchanged += 1;
        }
        let amount = &mut self.amounts[kind as usize];
        amount.requests += 1;
        amount.up += up;
        amount.down += down;
        let minute = (at.duration_since(from).as_secs() / 60) as usize;
        if self.minutes.len() <= minute {
            self.minutes.resize(minute + 1, Minute::default());
        }
        let minute = &mut self.minutes[minute];
        if kind.is_the_hubs() {
            minute.hub += 1;
        } else {
            minute.release += 1;
        }
        Ok(())
    }
}

/// When it was in the fleet's time.
fn fleet_time(journal: &[Passed], real: Timestamp) -> Timestamp {
    // nginx counts milliseconds, and rounds down.
    let after = journal.partition_point(|passed| passed.real.as_millisecond() <= real.as_millisecond());
    journal[after.saturating_sub(1)].fleet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn requests_are_counted_in_the_minute_of_the_fleet_in_which_they_were_made() {
        let passed = |real: &str, fleet: &str| Passed {
            real: time(real),
            fleet: time(fleet),
        };
        let journal = [
            passed("2026-11-26T10:00:00Z", "2026-11-26T00:00:00Z"),
            passed("2026-11-26T10:00:01Z", "2026-11-26T00:05:00Z"),
            passed("2026-11-26T10:00:02Z", "2026-11-26T01:00:00Z"),
        ];
        let second = time("2026-11-26T10:00:00Z").as_second();
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("access.log");
        let lines = format!(
            "{second}.500 look 304 100 200\n{}.000 look 200 100 900\n{}.999 submission 201 700 300\n\
             {}.000 other 404 9 9\n{}.100 submission 200 700 300\n",
            second + 1,
            second + 1,
            second + 1,
            second + 2
        );
        catalog::atomic::write(&log, lines.as_bytes()).unwrap();
        let (from, until) = (time("2026-11-26T00:00:00Z"), time("2026-11-26T01:00:00Z"));
        let traffic = Traffic::read(&log, &journal, from, until).unwrap();
        let looks = Amount {
            requests: 2,
            up: 200,
            down: 1100,
        };
        assert_eq!((traffic.of(Kind::Look), traffic.unchanged), (looks, 1));
        // After the day, what was handed in still counts as such.
        assert_eq!((traffic.new, traffic.known, traffic.refused), (1, 1, 0));
        assert_eq!(traffic.of(Kind::Submission).requests, 1);
        assert_eq!(traffic.peak(), (5, Minute { release: 1, hub: 1 }));
        assert_eq!(traffic.minutes[0], Minute { release: 1, hub: 0 });
    }
}
