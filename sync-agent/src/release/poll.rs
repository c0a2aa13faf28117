//! Looking at the release again and again, for as long as the terminal runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::Clock;
use jiff::Timestamp;
use terminal_api::interface::{
    Change, GenerationChange, NetworkState, PullProblem, Release, ReleaseState, Time,
};
use tracing::warn;

use super::state::Current;
use super::{Floors, PullError, Pulled, Puller, Report, Source, StateFolder};
use crate::board::Board;

/// The first pause after a failure; it doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// When to look next.
#[derive(Debug, Clone)]
pub struct Schedule {
    poll: Duration,
    failures: u32,
}

impl Schedule {
    /// A schedule that looks every `poll` while all goes well.
    #[must_use]
    pub fn every(poll: Duration) -> Self {
        Self { poll, failures: 0 }
    }

    /// The pause after a look. `jitter`, from 0 to 1, spreads the terminals of a city so that they do
    /// not all come back at the same moment.
    pub fn pause(&mut self, succeeded: bool, jitter: f64) -> Duration {
        self.failures = if succeeded { 0 } else { self.failures + 1 };
        let pause = match self.failures {
            0 => self.poll,
            failures => self.poll.min(FIRST_PAUSE * 2_u32.pow((failures - 1).min(16))),
        };
        pause.mul_f64(0.8 + 0.4 * jitter)
    }
}

/// Keeps the content fresh and the board informed.
pub struct Poller {
    source: Source,
    factory_root: PathBuf,
    state: PathBuf,
    clock: Arc<dyn Clock>,
    board: Arc<Board>,
    schedule: Schedule,
    /// `None` until the state folder could be taken hold of.
    puller: Option<Puller>,
    /// The release that was verified last in this run.
    known: Option<Known>,
}

/// A verified release, by what tells it from a newer one.
struct Known {
    tag: Option<String>,
    expires_at: Timestamp,
}

/// What a look found.
enum Look {
    /// The release is the one that was verified before.
    Unchanged,
    /// It was verified anew.
    Verified(Report),
}

impl Poller {
    /// A poller of `source` for the state folder `state`.
    #[must_use]
    pub fn new(
        source: Source,
        factory_root: PathBuf,
        state: PathBuf,
        poll: Duration,
        clock: Arc<dyn Clock>,
        board: Arc<Board>,
    ) -> Self {
        Self {
            source,
            factory_root,
            state,
            clock,
            board,
            schedule: Schedule::every(poll),
            puller: None,
            known: None,
        }
    }

    /// Polls until the future is dropped.
    pub async fn run(mut self) {
        loop {
            let looked = self.look().await;
            let succeeded = looked.is_ok();
            self.announce(looked);
            tokio::time::sleep(self.schedule.pause(succeeded, jitter())).await;
        }
    }

    async fn look(&mut self) -> Result<Look, PullError> {
        let puller = match &mut self.puller {
            Some(puller) => puller,
            none => none.insert(Puller::new(
                self.source.clone(),
                &self.factory_root,
                &self.state,
                Arc::clone(&self.clock),
            )?),
        };
        if let Some(Known {
            tag: Some(tag),
            expires_at,
        }) = &self.known
            && self.clock.now() < *expires_at
        {
            let changed = self.source.changed_since(tag).await;
            let changed = changed.map_err(|error| PullError::Unreachable {
                url: self.source.base().clone(),
                source: error.into(),
            })?;
            if !changed {
                return Ok(Look::Unchanged);
            }
        }
        self.known = None;
        let report = puller.pull().await?;
        self.known = Some(Known {
            tag: self.source.tag(),
            expires_at: report.expires_at,
        });
        Ok(Look::Verified(report))
    }

    fn announce(&self, looked: Result<Look, PullError>) {
        let now = self.clock.now();
        let before = self.board.status().release;
        let network = match &looked {
            Err(PullError::Unreachable { .. }) => Some(NetworkState::Unreachable),
            // Trouble on this terminal says nothing about the network.
            Err(error) if error.is_local() => None,
            _ => Some(NetworkState::Reachable),
        };
        let release = match &looked {
            Ok(Look::Unchanged) => after_success(&before, None, now),
            Ok(Look::Verified(report)) => after_success(&before, Some(report), now),
            Err(error) => {
                if before.problem != Some(error.problem()) {
                    warn!(%error, "no new release");
                }
                after_failure(&before, error.problem(), now)
            }
        };
        if let Some(network) = network {
            self.board.publish(Change::Network(network));
        }
        self.board.publish(Change::Release(release));
        if let Ok(Look::Verified(report)) = looked
            && let Pulled::Switched { .. } = report.pulled
        {
            let generation = report.meta.generation;
            self.board
                .publish(Change::Generation(GenerationChange { generation }));
        }
    }
}

/// What is known about the content before the first look.
#[must_use]
pub fn at_start(state: &StateFolder, floors: Option<&Floors>, now: Timestamp) -> Release {
    let meta = match state.current() {
        Current::Whole(meta) => Some(meta),
        Current::None => None,
        Current::Damaged { reason } => {
            warn!(reason, "the content in use is damaged");
            None
        }
    };
    let remembered = floors.and_then(|floors| floors.recall().ok()).unwrap_or_default();
    judged(
        Release {
            state: ReleaseState::NeverPulled,
            generation: meta.as_ref().map(|meta| meta.generation),
            published_at: meta.map(|meta| meta.published_at.into()),
            checked_at: remembered.checked_at.map(Time),
            expires_at: remembered.expires_at.map(Time),
            problem: None,
            clock_behind: false,
        },
        now,
    )
}

fn after_success(before: &Release, report: Option<&Report>, now: Timestamp) -> Release {
    let mut release = Release {
        checked_at: Some(now.into()),
        problem: None,
        ..before.clone()
    };
    if let Some(report) = report {
        release.generation = Some(report.meta.generation);
        release.published_at = Some(report.meta.published_at.into());
        release.expires_at = Some(report.expires_at.into());
        release.clock_behind = report.clock_behind;
    }
    judged(release, now)
}

fn after_failure(before: &Release, problem: PullProblem, now: Timestamp) -> Release {
    judged(
        Release {
            problem: Some(problem),
            ..before.clone()
        },
        now,
    )
}

/// The release with its state as the other fields have it.
fn judged(mut release: Release, now: Timestamp) -> Release {
    let expired = release.expires_at.is_some_and(|Time(expires)| expires <= now);
    release.state = match release {
        Release { generation: None, .. } => ReleaseState::NeverPulled,
        _ if expired => ReleaseState::Expired,
        Release { problem: Some(_), .. } => ReleaseState::Stale,
        _ => ReleaseState::Current,
    };
    release
}

/// A number from 0 to 1 that differs from terminal to terminal and from time to time.
fn jitter() -> f64 {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    f64::from((random >> 32) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn release() -> Release {
        judged(
            Release {
                state: ReleaseState::NeverPulled,
                generation: Some(7),
                published_at: Some(time("2026-11-20T00:00:00Z").into()),
                checked_at: Some(time("2026-11-22T00:00:00Z").into()),
                expires_at: Some(time("2026-11-29T00:00:00Z").into()),
                problem: None,
                clock_behind: false,
            },
            time("2026-11-22T00:00:00Z"),
        )
    }

    #[test]
    fn content_is_current_until_a_look_fails_and_expired_when_its_time_has_come() {
        assert_eq!(release().state, ReleaseState::Current);
        let stale = after_failure(&release(), PullProblem::Unreachable, time("2026-11-23T00:00:00Z"));
        assert_eq!(stale.state, ReleaseState::Stale);
        assert_eq!(stale.generation, Some(7));
        let expired = after_failure(&stale, PullProblem::Unreachable, time("2026-11-29T00:00:00Z"));
        assert_eq!(expired.state, ReleaseState::Expired);
        let healed = after_success(&stale, None, time("2026-11-24T00:00:00Z"));
        assert_eq!(healed.state, ReleaseState::Current);
        assert_eq!(healed.checked_at, Some(time("2026-11-24T00:00:00Z").into()));
    }

    #[test]
    fn a_terminal_without_content_says_so_whatever_the_problem() {
        let empty = Release {
            generation: None,
            ..release()
        };
        let failed = after_failure(&empty, PullProblem::Forged, time("2026-12-29T00:00:00Z"));
        assert_eq!(failed.state, ReleaseState::NeverPulled);
        assert_eq!(failed.problem, Some(PullProblem::Forged));
    }

    #[test]
    fn pauses_grow_after_failures_up_to_the_usual_one() {
        let mut schedule = Schedule::every(Duration::from_mins(5));
        let mut pause = |succeeded| schedule.pause(succeeded, 0.5).as_secs();
        assert_eq!([pause(true), pause(false), pause(false)], [300, 5, 10]);
        let last = (0..20).map(|_| pause(false)).last().unwrap();
        assert_eq!([last, pause(true)], [300, 300]);
    }
}
