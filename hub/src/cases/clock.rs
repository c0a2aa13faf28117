//! The statutory clocks of 《中华人民共和国政府信息公开条例》 (2019).

use catalog::calendar::{Calendar, UnknownYear};
use catalog::submission::mailbox::Stage;
use jiff::civil::Date;

use super::Case;

/// The answer: 20 working days (article 33).
const ANSWER: u16 = 20;
/// Asking the applicant to correct: 7 working days (article 30).
const CORRECTION: u16 = 7;
/// A third party's answer: 15 working days (article 32).
const THIRD_PARTY: u16 = 15;

/// A day by which something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The last day, or why it is not known.
    pub due: Result<Date, UnknownYear>,
    /// Whether that day is over.
    pub is_over: bool,
}

/// The clocks of a case, as far as they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// For the answer.
    pub answer: Option<Deadline>,
    /// For asking the applicant to correct; it runs until the case is being handled.
    pub correction: Option<Deadline>,
    /// For the third party that is being asked.
    pub third_party: Option<Deadline>,
}

impl Case {
    /// The clocks on the day `today`. An answer that was given stops the answer's clock on its day.
    #[must_use]
    pub fn clock(&self, calendar: &Calendar, today: Date) -> Clock {
        let deadline = |due: Result<Date, UnknownYear>, on: Date| Deadline {
            due,
            is_over: due.is_ok_and(|due| on > due),
        };
        let answer = self.clock_from.map(|from| {
            let days = ANSWER + self.extension.as_ref().map_or(0, |extension| extension.days);
            let due = self.due(calendar, from, days, today);
            deadline(due, self.answered.unwrap_or(today))
        });
        let correction = match (self.stage, self.registered) {
            (Stage::Registered, Some(registered)) => {
                Some(deadline(calendar.after(registered, CORRECTION, |_| true), today))
            }
            _ => None,
        };
        let third_party = match (self.stage, self.suspensions.last()) {
            (Stage::ThirdParty, Some(asked)) => {
                Some(deadline(calendar.after(asked.from, THIRD_PARTY, |_| true), today))
            }
            _ => None,
        };
        Clock {
            answer,
            correction,
            third_party,
        }
    }

    /// The last day for the answer. Days on which a third party was being asked do not count, up to the 15
    /// working days that it has; while it is being asked, it is taken to answer today.
    fn due(&self, calendar: &Calendar, from: Date, days: u16, today: Date) -> Result<Date, UnknownYear> {
        let mut pauses = Vec::new();
        for asked in &self.suspensions {
            let end = asked.to.unwrap_or(today.max(asked.from));
            // A third party that answers late, or never, stops the clock no longer than it may.
            let latest = calendar.after(asked.from, THIRD_PARTY, |_| true).unwrap_or(end);
            pauses.push((asked.from, end.min(latest)));
        }
        let counts = |day: Date| !pauses.iter().any(|&(from, end)| from < day && day <= end);
        calendar.after(from, days, counts)
    }
}
