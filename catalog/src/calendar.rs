//! Working days, by the State Council's published calendar.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use crate::record::{DayKind, Holidays};

/// The published calendar, ready to count with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i16>,
    days: BTreeMap<Date, DayKind>,
}

/// The published calendar does not cover a year, so its working days are not known. Plain weekdays would
/// be a guess, and are never given instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the published calendar does not cover {year}")]
pub struct UnknownYear {
    /// The year.
    pub year: i16,
}

impl From<&Holidays> for Calendar {
    fn from(published: &Holidays) -> Self {
        Self {
            years: published.years.iter().copied().collect(),
            days: published.days.iter().map(|day| (day.date, day.kind)).collect(),
        }
    }
}

impl Calendar {
    /// Whether work is done on a day.
    pub fn is_working(&self, day: Date) -> Result<bool, UnknownYear> {
        match self.days.get(&day) {
            Some(kind) => Ok(*kind == DayKind::Workday),
            None if self.years.contains(&day.year()) => {
                Ok(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
            }
            None => Err(UnknownYear { year: day.year() }),
        }
    }

    /// The `n`th day after `start` that is a working day and `counts`; counting starts the next day. With
    /// `n` of 0, `start` itself.
    pub fn after(&self, start: Date, n: u16, counts: impl Fn(Date) -> bool) -> Result<Date, UnknownYear> {
        let mut day = start;
        let mut left = n;
        while left > 0 {
            day = day.tomorrow().map_err(|_| UnknownYear { year: day.year() })?;
            if self.is_working(day)? && counts(day) {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// How many working days lie after `start`, up to and including `end`; 0 when `end` is not later.
    pub fn between(&self, start: Date, end: Date) -> Result<u16, UnknownYear> {
        let mut count = 0;
        let mut day = start;
        while day < end {
            day = day.tomorrow().map_err(|_| UnknownYear { year: day.year() })?;
            count += u16::from(self.is_working(day)?);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Holiday;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The Spring Festival of 2026, as published.
    fn calendar() -> Calendar {
        let off = (15..=23).map(|day| (jiff::civil::date(2026, 2, day), DayKind::Holiday));
        let worked = [14, 28].map(|day| (jiff::civil::date(2026, 2, day), DayKind::Workday));
        let days = off.chain(worked).map(|(date, kind)| Holiday {
            date,
            kind,
            name: "春节".into(),
        });
        Calendar::from(&Holidays {
            id: "holidays".to_owned().try_into().unwrap(),
            years: vec![2026],
            days: days.collect(),
        })
    }

    #[test]
    fn holidays_do_not_count_and_make_up_workdays_do() {
        let calendar = calendar();
        let after = |n| calendar.after(date("2026-02-13"), n, |_| true);
        assert_eq!(after(0), Ok(date("2026-02-13")));
        assert_eq!(after(1), Ok(date("2026-02-14")));
        assert_eq!(after(2), Ok(date("2026-02-24")));
        assert_eq!(after(6), Ok(date("2026-02-28")));
        assert_eq!(after(7), Ok(date("2026-03-02")));
        assert_eq!(calendar.between(date("2026-02-13"), date("2026-03-02")), Ok(7));
        assert_eq!(calendar.between(date("2026-03-02"), date("2026-02-13")), Ok(0));
    }

    #[test]
    fn outside_its_years_nothing_is_guessed() {
        let unknown = Err(UnknownYear { year: 2027 });
        assert_eq!(calendar().after(date("2026-12-30"), 5, |_| true), unknown);
        assert_eq!(
            calendar().is_working(date("2027-03-01")),
            Err(UnknownYear { year: 2027 })
        );
    }
}
