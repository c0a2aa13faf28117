//! Whether a new generation stays.
//!
//! A generation that the terminal switched to is on trial until the screen has drawn it. Where the screen drew the one before
//! and not this one, the terminal goes back. A screen that was not there when the terminal switched is left out of the
//! judgement. A generation that was found bad is remembered and never applied again.

mod memory;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

pub use memory::Generations;

/// How often the agent may start with the same generation on trial: one that makes the terminal start again and again is bad.
/// A few may be a bad day of the power line.
const MOST_STARTS: u32 = 5;

/// A generation that has not proved itself yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The generation.
    pub generation: u64,
    /// When the terminal switched to it, or when the agent started last since.
    pub since: Timestamp,
    /// How often the agent was started since.
    pub starts: u32,
}

/// What the screen said that it drew.
#[derive(Debug, Default)]
pub struct Frames {
    drawn: Mutex<Drawn>,
    news: Notify,
}

/// A screen that said nothing for so long before the switch was not there. It says something every ten seconds.
const THERE: SignedDuration = SignedDuration::from_secs(45);

/// What the screen drew in this run of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    /// What it said last.
    pub last: Option<Frame>,
}

/// A frame that the screen drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The generation that it showed.
    pub generation: u64,
    /// When the screen said so.
    pub at: Timestamp,
}

impl Frames {
    /// The screen has drawn a frame.
    pub fn drawn(&self, frame: Frame) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let before = drawn.last.replace(frame);
        if before.is_none_or(|before| before.generation != frame.generation) {
            self.news.notify_one();
        }
    }

    /// What the screen said so far.
    #[must_use]
    pub fn seen(&self) -> Drawn {
        *self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the screen draws another generation.
    pub(super) async fn changed(&self) {
        self.news.notified().await;
    }
}

/// What is to be thought of a generation on trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is too early to say.
    Open,
    /// It stays.
    Good,
    /// It must go.
    Bad(String),
}

/// Judges a generation on trial by what the screen drew.
#[must_use]
pub fn judge(trial: &Trial, drawn: Drawn, patience: Duration, now: Timestamp) -> Verdict {
    if trial.starts >= MOST_STARTS {
        return Verdict::Bad(format!("the agent was started {} times with it", trial.starts));
    }
    let patience = SignedDuration::try_from(patience).unwrap_or(SignedDuration::MAX);
    let waited = now.duration_since(trial.since);
    match drawn.last {
        Some(frame) if frame.generation == trial.generation => Verdict::Good,
        // A clock that was set back does not prolong a trial for ever.
        _ if waited < patience && !waited.is_negative() => Verdict::Open,
        Some(frame) if trial.since.duration_since(frame.at) <= THERE => Verdict::Bad(format!(
            "the screen drew nothing later than generation {} within {} s",
            frame.generation,
            patience.as_secs()
        )),
        Some(_) | None => Verdict::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn trial() -> Trial {
        Trial {
            generation: 13,
            since: second(1000),
            starts: 0,
        }
    }

    fn after(drawn: Option<u64>, seconds: i64) -> Verdict {
        let last = drawn.map(|generation| Frame {
            generation,
            at: second(995),
        });
        judge(&trial(), Drawn { last }, PATIENCE, second(1000 + seconds))
    }

    #[test]
    fn a_generation_stays_once_the_screen_has_drawn_it() {
        assert_eq!(after(Some(12), 59), Verdict::Open);
        assert_eq!(after(Some(13), 1), Verdict::Good);
        assert!(matches!(after(Some(12), 60), Verdict::Bad(_)));
    }

    #[test]
    fn a_screen_that_never_says_what_it_draws_is_left_out() {
        assert_eq!(after(None, 59), Verdict::Open);
        assert_eq!(after(None, 60), Verdict::Good);
    }

    #[test]
    fn a_screen_that_was_gone_before_the_switch_is_left_out() {
        let last = Some(Frame {
            generation: 12,
            at: second(900),
        });
        assert_eq!(
            judge(&trial(), Drawn { last }, PATIENCE, second(1060)),
            Verdict::Good
        );
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_prolong_a_trial() {
        assert!(matches!(after(Some(12), -5000), Verdict::Bad(_)));
    }

    #[test]
    fn a_generation_that_makes_the_agent_start_again_and_again_is_bad() {
        let trial = Trial {
            starts: MOST_STARTS,
            ..trial()
        };
        let drawn = Drawn::default();
        assert!(matches!(
            judge(&trial, drawn, PATIENCE, second(1001)),
            Verdict::Bad(_)
        ));
    }
}
