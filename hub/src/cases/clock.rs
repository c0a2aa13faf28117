//! The statutory clocks of 《中华人民共和国政府信息公开条例》 (2019).

use std::fmt;

use catalog::calendar::{Calendar, UnknownYear};
use catalog::submission::mailbox::Stage;
use jiff::civil::Date;
use serde::Serialize;

use super::{Case, Extension, Suspension};

/// The answer: 20 working days (article 33).
const ANSWER: u16 = 20;
/// Asking the applicant to correct: 7 working days (article 30).
const CORRECTION: u16 = 7;
/// A third party's answer: 15 working days from its receipt of the letter (article 32).
const THIRD_PARTY: u16 = 15;

/// A day by which something must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The last day, or why it is not known.
    pub due: Result<Date, UnknownYear>,
    /// Whether that day is over.
    pub is_over: bool,
}

/// The clock for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerClock {
    /// None runs: the receipt is not confirmed yet, or the applicant has to correct first.
    Off,
    /// It stands still while a third party is being asked. When it ends is known once it runs again.
    Standing {
        /// The day on which the third party was asked.
        since: Date,
    },
    /// It runs, or an answer stopped it.
    Running(Deadline),
}

impl AnswerClock {
    /// The deadline of a clock that runs.
    #[must_use]
    pub const fn deadline(self) -> Option<Deadline> {
        match self {
            Self::Running(deadline) => Some(deadline),
            Self::Off | Self::Standing { .. } => None,
        }
    }
}

/// A step that was made when its deadline was over. It stays late, whatever comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Late {
    /// The step, and which deadline.
    pub step: LateStep,
    /// The last day on which it would have been in time.
    pub due: Date,
    /// The day on which it was made.
    pub on: Date,
}

/// A step that can be late, and by which deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LateStep {
    /// 补正 was asked for after the 7 working days for it (article 30).
    Correction,
    /// 补正 was asked for after the day on which the answer was due.
    CorrectionAfterAnswerWasDue,
    /// 延期 was decided after the day on which the answer was due (article 33).
    Extension,
}

impl fmt::Display for LateStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Correction => "要求补正 after its 7 working days",
            Self::CorrectionAfterAnswerWasDue => "要求补正 after the answer was due",
            Self::Extension => "延期 after the answer was due",
        })
    }
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: due {}, made {}", self.step, self.due, self.on)
    }
}

/// The clocks of a case, as far as they run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// For the answer.
    pub answer: AnswerClock,
    /// For asking the applicant to correct; it runs until the case is being handled.
    pub correction: Option<Deadline>,
    /// For the third party that is being asked.
    pub third_party: Option<Deadline>,
    /// The steps that were made too late. Where the calendar does not cover a deadline, nothing is late by it.
    pub late: Vec<Late>,
}

impl Case {
    /// The clocks on the day `today`. An answer that was given stops the answer's clock on its day.
    #[must_use]
    pub fn clock(&self, calendar: &Calendar, today: Date) -> Clock {
        let correction = match (self.stage, self.registered) {
            (Stage::Registered, Some(registered)) => {
                Some(deadline(calendar.after(registered, CORRECTION, |_| true), today))
            }
            _ => None,
        };
        let third_party = match (self.stage, self.suspensions.last()) {
            (Stage::ThirdParty, Some(asked)) => Some(deadline(third_party(calendar, asked), today)),
            _ => None,
        };
        Clock {
            answer: self.answer(calendar, today),
            correction,
            third_party,
            late: self.late(calendar, today),
        }
    }

    fn answer(&self, calendar: &Calendar, today: Date) -> AnswerClock {
        let Some(from) = self.clock_from else {
            return AnswerClock::Off;
        };
        let counting = Counting {
            calendar,
            suspensions: &self.suspensions,
            today,
        };
        if let Some(since) = self.stands_since(&counting, from) {
            return AnswerClock::Standing { since };
        }
        let due = counting.answer(from, self.extension.as_ref());
        AnswerClock::Running(deadline(due, self.answered.unwrap_or(today)))
    }

    /// Since when the answer's clock stands still: while a third party is being asked and has its time left, unless the
    /// answer was due before it was asked.
    fn stands_since(&self, counting: &Counting<'_>, from: Date) -> Option<Date> {
        let (asked, before) = self.suspensions.split_last()?;
        let has_time = match asked.to {
            Some(_) => false,
            None => third_party(counting.calendar, asked).map_or(true, |latest| counting.today <= latest),
        };
        let without_it = Counting {
            suspensions: before,
            ..*counting
        };
        let ran_out = without_it
            .answer(from, self.extension.as_ref())
            .is_ok_and(|due| due <= asked.from);
        (has_time && !ran_out).then_some(asked.from)
    }

    /// The steps that were made too late.
    fn late(&self, calendar: &Calendar, today: Date) -> Vec<Late> {
        let counting = Counting {
            calendar,
            suspensions: &self.suspensions,
            today,
        };
        let mut late = Vec::new();
        let mut judge = |step, on: Date, due: Result<Date, UnknownYear>| {
            if let Ok(due) = due
                && on > due
            {
                late.push(Late { step, due, on });
            }
        };
        if let (Some(asked), Some(registered)) = (&self.correction_asked, self.registered) {
            let due = calendar.after(registered, CORRECTION, |_| true);
            judge(LateStep::Correction, asked.on, due);
            let due = counting.answer(registered, asked.extension.as_ref());
            judge(LateStep::CorrectionAfterAnswerWasDue, asked.on, due);
        }
        if let Some(extension) = &self.extension
            && let Some(from) = extension.clock_from
        {
            judge(LateStep::Extension, extension.on, counting.due(from, ANSWER));
        }
        late
    }
}

/// What days are counted by.
#[derive(Clone, Copy)]
struct Counting<'a> {
    calendar: &'a Calendar,
    suspensions: &'a [Suspension],
    today: Date,
}

impl Counting<'_> {
    /// The last day for the answer. An extension that was made after it puts off nothing (article 33).
    fn answer(&self, from: Date, extension: Option<&Extension>) -> Result<Date, UnknownYear> {
        let in_time = extension.filter(|extension| {
            let due = extension.clock_from.map(|from| self.due(from, ANSWER));
            !due.is_some_and(|due| due.is_ok_and(|due| extension.on > due))
        });
        self.due(from, ANSWER + in_time.map_or(0, |extension| extension.days))
    }

    /// The last of so many working days. Those on which a third party was being asked do not count, up to the 15 that it has.
    fn due(&self, from: Date, days: u16) -> Result<Date, UnknownYear> {
        let pause = |asked: &Suspension| {
            let end = asked.to.unwrap_or_else(|| self.today.max(asked.from));
            // A third party that answers late, or never, stops the clock no longer than it may.
            let latest = third_party(self.calendar, asked).unwrap_or(end);
            (asked.from, end.min(latest))
        };
        let pauses: Vec<(Date, Date)> = self.suspensions.iter().map(pause).collect();
        let counts = |day: Date| !pauses.iter().any(|&(from, end)| from < day && day <= end);
        self.calendar.after(from, days, counts)
    }
}

/// The last day that a third party has: counted from the day on which it received the letter, and from that on which it was
/// asked as long as nobody has said when that was.
fn third_party(calendar: &Calendar, asked: &Suspension) -> Result<Date, UnknownYear> {
    let from = asked.received.unwrap_or(asked.from);
    calendar.after(from, THIRD_PARTY, |_| true)
}

fn deadline(due: Result<Date, UnknownYear>, on: Date) -> Deadline {
    Deadline {
        due,
        is_over: due.is_ok_and(|due| on > due),
    }
}
