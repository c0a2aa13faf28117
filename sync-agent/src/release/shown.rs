//! What the board is told about the content.

use jiff::Timestamp;
use terminal_api::interface::{PullProblem, Release, ReleaseState, Time};
use tracing::warn;

use super::state::Current;
use super::{Floors, Report, StateFolder};

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

/// What is shown after a look that found the release good; `None` where it is the one that was verified before.
pub(super) fn after_success(before: &Release, report: Option<&Report>, now: Timestamp) -> Release {
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

/// What is shown after a look that failed.
pub(super) fn after_failure(before: &Release, problem: PullProblem, now: Timestamp) -> Release {
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
}
