//! Whether terminals get along with a new generation, by what they report of it, and what stops it.
//!
//! Every terminal reports once what became of a generation that it switched to. What is made of the reports is a pure
//! function; [`supervise`] asks it, and holds a rollout that fails.

use catalog::release::{Rollout, RolloutState};
use catalog::submission::GenerationOutcome;

use crate::database::DatabaseError;
use crate::publish::{self, PublishError, Settings, change_rollout};
use crate::store::{Reported, Store};

/// When a rollout stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// More failures than this of a thousand reports stop it.
    pub failures: u16,
    /// So many reports are needed before anything is said.
    pub least: usize,
}

impl Default for Threshold {
    /// Two of a hundred, of at least ten.
    fn default() -> Self {
        Self {
            failures: 20,
            least: 10,
        }
    }
}

/// How many terminals reported what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// How many the generation passed on.
    pub good: usize,
    /// How many went back.
    pub rolled_back: usize,
}

/// What follows from the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Too few have reported.
    TooFew,
    /// It may go on.
    Healthy,
    /// It must stop.
    Failing,
}

/// Counts the reports of each ring of a rollout: a terminal belongs to the first ring that reaches its place.
#[must_use]
pub fn count(rollout: &Rollout, reports: &[Reported]) -> Vec<Counts> {
    let mut rings = vec![Counts::default(); rollout.rings.len()];
    for Reported { report, .. } in reports {
        let ring = rollout.rings.iter().position(|reach| report.place < *reach);
        let Some(counts) = ring.and_then(|ring| rings.get_mut(ring)) else {
            continue;
        };
        match report.outcome {
            GenerationOutcome::Good => counts.good += 1,
            GenerationOutcome::RolledBack => counts.rolled_back += 1,
        }
    }
    rings
}

impl Counts {
    /// How many terminals reported at all.
    #[must_use]
    pub const fn all(self) -> usize {
        self.good + self.rolled_back
    }

    fn verdict(self, threshold: Threshold) -> Verdict {
        if self.all() < threshold.least {
            Verdict::TooFew
        } else if self.rolled_back * 1000 > self.all() * usize::from(threshold.failures) {
            Verdict::Failing
        } else {
            Verdict::Healthy
        }
    }
}

/// The terminals of all rings together.
#[must_use]
pub fn total(rings: &[Counts]) -> Counts {
    rings.iter().fold(Counts::default(), |all, ring| Counts {
        good: all.good + ring.good,
        rolled_back: all.rolled_back + ring.rolled_back,
    })
}

/// Judges a generation. Each ring is judged for itself as well: a large ring that got along with it does not hide that a
/// later one does not.
#[must_use]
pub fn judge(rings: &[Counts], threshold: Threshold) -> Verdict {
    let verdicts = || {
        let each = rings.iter().copied().chain([total(rings)]);
        each.map(move |counts| counts.verdict(threshold))
    };
    if verdicts().any(|verdict| verdict == Verdict::Failing) {
        Verdict::Failing
    } else if verdicts().all(|verdict| verdict == Verdict::TooFew) {
        Verdict::TooFew
    } else {
        Verdict::Healthy
    }
}

/// How a rollout stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervised {
    /// The rollout, held where it was found to fail.
    pub rollout: Rollout,
    /// What the terminals of each ring reported.
    pub rings: Vec<Counts>,
    /// What follows.
    pub verdict: Verdict,
    /// Whether it was held just now.
    pub stopped: bool,
}

/// Why a rollout could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum SuperviseError {
    /// The release cannot be read or signed.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The reports cannot be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Judges the newest generation by the reports in the hub's database, and holds it where it fails. One that is held already
/// is left as it is, and nothing is signed.
pub async fn supervise(
    settings: &Settings<'_>,
    store: &Store,
    threshold: Threshold,
) -> Result<Supervised, SuperviseError> {
    let present = publish::rollout(settings).await?;
    let rings = count(&present, &store.generation_reports(present.generation).await?);
    let verdict = judge(&rings, threshold);
    if verdict != Verdict::Failing || present.state == RolloutState::Held {
        return Ok(Supervised {
            rollout: present,
            rings,
            verdict,
            stopped: false,
        });
    }
    // What was published meanwhile is not what was reported on.
    let hold = |rollout: &Rollout| {
        Ok(if rollout.generation == present.generation {
            rollout.in_state(RolloutState::Held)
        } else {
            rollout.clone()
        })
    };
    let rollout = change_rollout(settings, hold).await?;
    Ok(Supervised {
        stopped: rollout.generation == present.generation,
        rollout,
        rings,
        verdict,
    })
}

#[cfg(test)]
mod tests {
    use catalog::submission::{DeviceId, GenerationReport};
    use jiff::Timestamp;

    use super::*;

    fn report(place: u16, outcome: GenerationOutcome) -> Reported {
        Reported {
            device: DeviceId::from_bytes([1; 16]),
            report: GenerationReport {
                outcome,
                reason: None,
                found_at: Timestamp::UNIX_EPOCH,
                place,
            },
        }
    }

    fn counts(good: usize, rolled_back: usize) -> Counts {
        Counts { good, rolled_back }
    }

    #[test]
    fn a_terminal_counts_in_the_first_ring_that_reaches_it() {
        let rollout = Rollout::new(7, vec![10, 200, 1000]).unwrap();
        let reports = [
            report(0, GenerationOutcome::RolledBack),
            report(9, GenerationOutcome::Good),
            report(10, GenerationOutcome::Good),
            report(999, GenerationOutcome::Good),
        ];
        assert_eq!(
            count(&rollout, &reports),
            [counts(1, 1), counts(1, 0), counts(1, 0)]
        );
    }

    #[test]
    fn few_reports_say_nothing_and_many_failures_stop_a_generation() {
        let threshold = Threshold::default();
        assert_eq!(judge(&[counts(0, 9)], threshold), Verdict::TooFew);
        assert_eq!(judge(&[counts(0, 10)], threshold), Verdict::Failing);
        assert_eq!(judge(&[counts(490, 10)], threshold), Verdict::Healthy);
        assert_eq!(judge(&[counts(489, 11)], threshold), Verdict::Failing);
        assert_eq!(judge(&[counts(4, 1), counts(4, 1)], threshold), Verdict::Failing);
    }

    #[test]
    fn a_ring_that_fails_is_not_hidden_by_a_large_one_that_does_not() {
        let rings = [counts(5000, 0), counts(0, 20)];
        assert_eq!(judge(&rings, Threshold::default()), Verdict::Failing);
        let rings = [counts(5000, 0), counts(0, 9)];
        assert_eq!(judge(&rings, Threshold::default()), Verdict::Healthy);
    }
}
