//! Erasing what is over its time.

use std::sync::Arc;
use std::time::Duration;

use catalog::clock::{Clock, day_in_china};
use catalog::submission::mailbox::Stage;
use jiff::Timestamp;

use super::Policy;
use crate::cases::Case;
use crate::database::DatabaseError;
use crate::store::{Overdue, Store, Stored, StoredCase};

/// How often a hub looks.
const EVERY: Duration = Duration::from_hours(24);
/// When it looks first, and when again after a failure.
const SOON: Duration = Duration::from_mins(5);

/// How much is over its time, or was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Archived applications.
    pub applications: u64,
    /// Letters of archived applications that are kept themselves.
    pub letters: u64,
    /// Suggestions, complaints, corrections, ratings, and files whose form never came.
    pub submissions: u64,
    /// Counts.
    pub counters: u64,
    /// Hashes of missed terms.
    pub missed_terms: u64,
    /// What became of generations.
    pub generation_reports: u64,
    /// Alarms.
    pub alarms: u64,
    /// Terminals that nobody approved.
    pub pending_devices: u64,
}

impl Erasure {
    /// How much of each there is, by name.
    #[must_use]
    pub const fn each(&self) -> [(&'static str, u64); 8] {
        [
            ("archived applications", self.applications),
            ("letters", self.letters),
            ("other submissions", self.submissions),
            ("counts", self.counters),
            ("missed terms", self.missed_terms),
            ("reports of generations", self.generation_reports),
            ("alarms", self.alarms),
            ("terminals never approved", self.pending_devices),
        ]
    }

    /// All of it together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.each().iter().map(|(_, count)| count).sum()
    }
}

/// What is over its time now, without touching it.
pub async fn due(store: &Store, policy: &Policy, now: Timestamp) -> Result<Erasure, DatabaseError> {
    let plan = Plan::new(store, policy, now).await?;
    let mut erasure = plan.known();
    for (overdue, counted) in plan.rest(&mut erasure) {
        *counted = store.count_overdue(&overdue).await?;
    }
    Ok(erasure)
}

/// Erases what is over its time now. Interrupted, it goes on where it was the next time; several hubs may do so at once.
pub async fn apply(store: &Store, policy: &Policy, now: Timestamp) -> Result<Erasure, DatabaseError> {
    let plan = Plan::new(store, policy, now).await?;
    for submission in &plan.applications {
        store.erase_submission(submission.device, submission.id).await?;
    }
    for submission in &plan.letters {
        store.erase_letter(submission.device, submission.id).await?;
    }
    let mut erasure = plan.known();
    for (overdue, counted) in plan.rest(&mut erasure) {
        *counted = store.count_overdue(&overdue).await?;
        store.erase_overdue(&overdue).await?;
    }
    store.erase_what_hangs_on_erased().await?;
    Ok(erasure)
}

/// Applies the policy once a day, for as long as the hub runs.
pub async fn keep_applying(store: Store, policy: Policy, clock: Arc<dyn Clock>) {
    let mut pause = SOON;
    loop {
        tokio::time::sleep(pause).await;
        pause = match apply(&store, &policy, clock.now()).await {
            Ok(erasure) => {
                for (what, count) in erasure.each().into_iter().filter(|(_, count)| *count > 0) {
                    tracing::info!(what, count, "erased: over its time");
                }
                EVERY
            }
            Err(error) => {
                tracing::error!(%error, "what is over its time could not be erased");
                SOON
            }
        };
    }
}

/// What is to go.
struct Plan {
    applications: Vec<Stored>,
    letters: Vec<Stored>,
    policy: Policy,
    now: Timestamp,
}

impl Plan {
    async fn new(store: &Store, policy: &Policy, now: Timestamp) -> Result<Self, DatabaseError> {
        let mut plan = Self {
            applications: Vec::new(),
            letters: Vec::new(),
            policy: *policy,
            now,
        };
        let applications = policy.applications.since(now).map(day_in_china);
        let letters = policy.letters.since(now);
        if applications.is_none() && letters.is_none() {
            return Ok(plan);
        }
        for StoredCase { submission, steps } in store.cases().await? {
            let received = day_in_china(submission.received_at);
            let Ok(case) = Case::replay(received, steps.iter().map(|recorded| &recorded.step)) else {
                tracing::warn!(submission = %submission.id, "its steps do not follow each other; it is kept");
                continue;
            };
            // The last step wrote the letter.
            let written_at = steps.last().map(|recorded| recorded.made_at);
            if case.stage != Stage::Archived {
                continue;
            }
            if applications.is_some_and(|since| case.since < since) {
                plan.applications.push(submission);
            } else if submission.mailbox_key.is_some()
                && letters.is_some_and(|since| written_at.is_some_and(|written| written < since))
            {
                plan.letters.push(submission);
            }
        }
        Ok(plan)
    }

    fn known(&self) -> Erasure {
        Erasure {
            applications: self.applications.len() as u64,
            letters: self.letters.len() as u64,
            ..Erasure::default()
        }
    }

    /// What goes by its own date alone, and where to count it.
    fn rest<'a>(&self, erasure: &'a mut Erasure) -> Vec<(Overdue, &'a mut u64)> {
        let Policy {
            submissions,
            counters,
            missed_terms,
            generation_reports,
            alarms,
            pending_devices,
            ..
        } = self.policy;
        let since = |keep: super::Keep| keep.since(self.now);
        [
            (
                since(submissions).map(Overdue::Submissions),
                &mut erasure.submissions,
            ),
            (
                since(counters).map(|since| Overdue::Counters(day_in_china(since))),
                &mut erasure.counters,
            ),
            (
                since(missed_terms).map(|since| Overdue::MissedTerms(day_in_china(since))),
                &mut erasure.missed_terms,
            ),
            (
                since(generation_reports).map(Overdue::GenerationReports),
                &mut erasure.generation_reports,
            ),
            (since(alarms).map(Overdue::Alarms), &mut erasure.alarms),
            (
                since(pending_devices).map(Overdue::PendingDevices),
                &mut erasure.pending_devices,
            ),
        ]
        .into_iter()
        .filter_map(|(overdue, count)| Some((overdue?, count)))
        .collect()
    }
}
