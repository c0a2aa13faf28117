//! The one place that asks what time it is.

use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// A source of the current time; a trait so that decisions about time can be tested.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Timestamp;

    /// A reading by which to measure how long something takes: setting the clock does not change it.
    fn monotonic(&self) -> Instant {
        Instant::now()
    }
}

/// The day in China at this instant, whatever the machine's time zone: the day of deadlines and counters. Clocks there have
/// shown UTC+8 without summer time since 1991.
#[must_use]
pub fn day_in_china(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::fixed(Offset::constant(8))).date()
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock the rest of the workspace asks"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that always tells the same time.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let day = |time: &str| day_in_china(time.parse().unwrap()).to_string();
        assert_eq!(day("2026-11-26T15:59:59Z"), "2026-11-26");
        assert_eq!(day("2026-11-26T16:00:00Z"), "2026-11-27");
    }
}
