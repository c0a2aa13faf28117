//! What an answer of the hub means, and when to try again. Pure functions.

use std::time::Duration;

use jiff::Timestamp;

/// The shortest pause.
const SHORTEST: Duration = Duration::from_secs(5);
/// The longest pause that the terminal chooses by itself.
const LONGEST: Duration = Duration::from_mins(15);
/// The longest pause that it lets itself be told.
const LONGEST_TOLD: Duration = Duration::from_hours(6);

/// What to do with an envelope after an attempt to send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Check the receipt.
    Receipt,
    /// Try again.
    Again,
    /// Try again, and ask how the terminal stands: it may not be known any more.
    Stranger,
    /// Keep it apart, for somebody to look at.
    Hold,
}

/// What the status of an answer means; `None` where there was no answer.
#[must_use]
pub const fn verdict(status: Option<u16>) -> Verdict {
    match status {
        Some(200 | 201) => Verdict::Receipt,
        Some(425) => Verdict::Stranger,
        Some(408 | 429) | None => Verdict::Again,
        Some(400..=499) => Verdict::Hold,
        // 5xx, and what no hub answers: a captive portal, or a proxy that redirects.
        Some(_) => Verdict::Again,
    }
}

/// How long `Retry-After` (RFC 9110, section 10.2.3) asks to wait: seconds or a date.
#[must_use]
pub fn retry_after(field: &str, now: Timestamp) -> Option<Duration> {
    let wait = if let Ok(seconds) = field.trim().parse() {
        Duration::from_secs(seconds)
    } else {
        let until = jiff::fmt::rfc2822::parse(field.trim()).ok()?.timestamp();
        until.duration_since(now).try_into().unwrap_or(Duration::ZERO)
    };
    Some(wait.min(LONGEST_TOLD))
}

/// Grows with failures in a row, so that a city's terminals do not press a hub that is down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    failures: u32,
}

impl Pace {
    /// The pause after a failure: anywhere between 5 seconds and a bound that doubles from 10 seconds to 15
    /// minutes, at the place that `random`, from 0 to 1, says. What the hub `told` is waited for besides.
    pub fn pause(&mut self, told: Option<Duration>, random: f64) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let bound = LONGEST.min(SHORTEST * 2_u32.pow(self.failures.min(16)));
        let pause = SHORTEST + bound.saturating_sub(SHORTEST).mul_f64(random);
        told.map_or(pause, |told| told + pause.min(SHORTEST * 2))
    }

    /// Something went well: the next failure starts with the short pauses.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A number from 0 to 1 that nobody foresees.
pub(crate) fn jitter() -> f64 {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_that_will_not_change_holds_an_envelope_back() {
        for status in [408, 429, 500, 502, 503, 504, 302, 307, 204, 206] {
            assert_eq!(verdict(Some(status)), Verdict::Again, "{status}");
        }
        assert_eq!(verdict(None), Verdict::Again);
        assert_eq!(verdict(Some(425)), Verdict::Stranger);
        for status in [400, 401, 403, 404, 405, 409, 413, 422] {
            assert_eq!(verdict(Some(status)), Verdict::Hold, "{status}");
        }
        for status in [200, 201] {
            assert_eq!(verdict(Some(status)), Verdict::Receipt, "{status}");
        }
    }

    #[test]
    fn pauses_lie_between_five_seconds_and_a_bound_that_doubles_to_fifteen_minutes() {
        let bounds: Vec<u64> = std::iter::repeat_n((), 10)
            .scan(Pace::default(), |pace, ()| Some(pace.pause(None, 1.0).as_secs()))
            .collect();
        assert_eq!(bounds, [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
        let mut pace = Pace::default();
        for _ in 0..10 {
            assert_eq!(pace.pause(None, 0.0), SHORTEST);
        }
        pace.reset();
        assert_eq!(pace.pause(None, 1.0).as_secs(), 10);
    }

    #[test]
    fn what_the_hub_says_is_waited_for_and_a_little_longer() {
        let mut pace = Pace::default();
        let told = Some(Duration::from_mins(2));
        assert_eq!(pace.pause(told, 0.0).as_secs(), 125);
        assert!(pace.pause(told, 1.0).as_secs() <= 130);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_for_ever() {
        let now = "2026-11-26T08:00:00Z".parse().unwrap();
        let seconds = |field: &str| retry_after(field, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Thu, 26 Nov 2026 08:01:00 GMT"), Some(60));
        assert_eq!(seconds("Thu, 26 Nov 2026 07:00:00 GMT"), Some(0));
        assert_eq!(seconds("99999999999"), Some(6 * 3600));
        assert_eq!(seconds("soon"), None);
    }
}
