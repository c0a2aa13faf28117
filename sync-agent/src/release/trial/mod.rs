//! Whether a new generation stays.
//!
//! A generation that the terminal switched to is on trial until the screen has drawn it. Where the screen drew the one before
//! and not this one, the terminal goes back. A screen that was not there when the terminal switched is left out of the
//! judgement. A generation that was found bad is remembered and never applied again.
//!
//! All of it is measured by a clock that nobody sets: a terminal whose clock is put right in the middle of a trial judges no
//! otherwise.

mod memory;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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
    /// How often the agent was started since the terminal switched to it.
    pub starts: u32,
}

/// A trial as it goes in this run of the agent.
#[derive(Debug, Clone)]
pub(super) struct OnTrial {
    pub(super) trial: Trial,
    /// When the terminal switched to the generation, or when the agent started last since.
    pub(super) since: Instant,
    /// How long the screen may take.
    pub(super) patience: Duration,
}

impl OnTrial {
    /// What is to be thought of it by now.
    pub(super) fn verdict(&self, drawn: Drawn, now: Instant) -> Verdict {
        judge(&self.trial, self.since, drawn, self.patience, now)
    }
}

/// What the screen said that it drew.
#[derive(Debug, Default)]
pub struct Frames {
    drawn: Mutex<Drawn>,
    news: Notify,
}

/// A screen that said nothing for so long before the switch was not there. It says something every ten seconds.
const THERE: Duration = Duration::from_secs(45);

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
    pub at: Instant,
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

/// Judges a generation by what the screen drew. It has been on trial `since` the switch, or since the agent started last.
#[must_use]
pub fn judge(trial: &Trial, since: Instant, drawn: Drawn, patience: Duration, now: Instant) -> Verdict {
    if trial.starts >= MOST_STARTS {
        return Verdict::Bad(format!("the agent was started {} times with it", trial.starts));
    }
    match drawn.last {
        Some(frame) if frame.generation == trial.generation => Verdict::Good,
        _ if now.saturating_duration_since(since) < patience => Verdict::Open,
        Some(frame) if since.saturating_duration_since(frame.at) <= THERE => Verdict::Bad(format!(
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

    const TRIAL: Trial = Trial {
        generation: 13,
        starts: 0,
    };

    /// The verdict where the screen drew `generation` so many seconds before the switch, so many seconds after it.
    fn verdict(generation: u64, before: u64, after: u64) -> Verdict {
        let start = Instant::now();
        let since = start + Duration::from_secs(before);
        let last = Some(Frame {
            generation,
            at: start,
        });
        let now = since + Duration::from_secs(after);
        judge(&TRIAL, since, Drawn { last }, PATIENCE, now)
    }

    #[test]
    fn a_generation_stays_once_the_screen_has_drawn_it() {
        assert_eq!(verdict(12, 5, 59), Verdict::Open);
        assert_eq!(verdict(13, 0, 1), Verdict::Good);
        assert!(matches!(verdict(12, 5, 60), Verdict::Bad(_)));
    }

    #[test]
    fn a_screen_that_never_says_what_it_draws_is_left_out() {
        let since = Instant::now();
        let after = |seconds| {
            let now = since + Duration::from_secs(seconds);
            judge(&TRIAL, since, Drawn::default(), PATIENCE, now)
        };
        assert_eq!((after(59), after(60)), (Verdict::Open, Verdict::Good));
    }

    #[test]
    fn a_screen_that_was_gone_before_the_switch_is_left_out() {
        assert_eq!(verdict(12, 100, 60), Verdict::Good);
    }

    #[test]
    fn a_generation_that_makes_the_agent_start_again_and_again_is_bad() {
        let trial = Trial {
            starts: MOST_STARTS,
            ..TRIAL
        };
        let since = Instant::now();
        let verdict = judge(&trial, since, Drawn::default(), PATIENCE, since);
        assert!(matches!(verdict, Verdict::Bad(_)));
    }
}
