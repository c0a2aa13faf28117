//! Counters and health, reported again and again.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use catalog::submission::Metric;
use reqwest::{Method, StatusCode};
use terminal_api::interface::{Change, DeviceKind, DeviceState, JobState};
use tokio::sync::watch;
use tracing::debug;

use super::health::{free_bytes, name};
use super::send::with;
use super::usage::{next_sequence, reported, unreported};
use super::{OutboxError, Submissions, health, jitter};
use crate::board::Board;
use crate::identity::{Content, HubError, Standing};

/// How often counts are written to the disk.
const FLUSH: Duration = Duration::from_mins(1);
/// How long the hub may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reports for as long as the agent runs.
pub struct Reporter {
    pub(super) submissions: Arc<Submissions>,
    pub(super) board: Arc<Board>,
    pub(super) state: PathBuf,
    /// The id that decides about rings, where the configuration names one.
    pub(super) ring_id: Option<String>,
    every: Duration,
}

impl Reporter {
    /// A reporter of what `board` shows and of what the agent remembers in its state folder; `ring_id` is the configured one.
    #[must_use]
    pub fn new(
        submissions: Arc<Submissions>,
        board: Arc<Board>,
        state: PathBuf,
        ring_id: Option<String>,
        every: Duration,
    ) -> Self {
        Self {
            submissions,
            board,
            state,
            ring_id,
            every,
        }
    }

    /// Runs for as long as the agent.
    pub async fn run(&self) {
        tokio::join!(self.flush(), self.follow(), self.report(), self.generations());
    }

    async fn flush(&self) {
        loop {
            tokio::time::sleep(FLUSH).await;
            self.submissions.flush().await;
        }
    }

    /// Counts what happens to prints and devices.
    async fn follow(&self) {
        let mut newest = self.board.follow();
        let mut next = self.board.status().seq + 1;
        loop {
            newest.borrow_and_update();
            for event in self.board.since(next) {
                next = event.seq + 1;
                if let Some(metric) = metric(&event.change) {
                    self.submissions.count(metric);
                }
            }
            if newest.changed().await.is_err() {
                return;
            }
        }
    }

    async fn report(&self) {
        let mut standing = self.submissions.enroller.standing();
        loop {
            if !approved(&mut standing).await {
                return;
            }
            let reported = async {
                self.health().await?;
                self.counters().await
            };
            if let Err(error) = reported.await {
                debug!(%error, "no report");
            }
            tokio::time::sleep(self.every.mul_f64(0.8 + 0.4 * jitter())).await;
        }
    }

    async fn health(&self) -> Result<(), HubError> {
        let now = self.submissions.clock.now();
        let (outbox, sequence) = with(&self.submissions.outbox, move |outbox| {
            Ok((outbox.summary()?, next_sequence(outbox, now)?))
        })
        .await
        .map_err(|error| unreadable(&error))?;
        let screen = *self
            .submissions
            .screen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let report = health(
            sequence,
            &self.board.status(),
            outbox,
            screen,
            free_bytes(&self.state),
            now,
        );
        self.put("health", Content::json(&report)).await
    }

    async fn counters(&self) -> Result<(), HubError> {
        self.submissions.flush().await;
        let counters = with(&self.submissions.outbox, unreported).await;
        let Some(counters) = counters.map_err(|error| unreadable(&error))? else {
            return Ok(());
        };
        self.put("counters", Content::json(&counters)).await?;
        let now = self.submissions.clock.now();
        with(&self.submissions.outbox, move |outbox| {
            reported(outbox, &counters, now)
        })
        .await
        .map_err(|error| unreadable(&error))
    }

    pub(super) async fn put(&self, path: &str, content: Content) -> Result<(), HubError> {
        let client = &self.submissions.client;
        let response = client.device(Method::PUT, path, content, PATIENCE).await?;
        match response.status() {
            StatusCode::NO_CONTENT => Ok(()),
            status => Err(HubError::Status {
                status: status.as_u16(),
            }),
        }
    }
}

/// Waits until the hub has approved the terminal; `false` when nobody asks it any more.
pub(super) async fn approved(standing: &mut watch::Receiver<Standing>) -> bool {
    standing.wait_for(|standing| standing.is_approved()).await.is_ok()
}

/// The outbox is not the hub's, but a report needs both.
fn unreadable(error: &OutboxError) -> HubError {
    HubError::Unreadable(error.to_string())
}

/// What a change is counted as, if it is counted.
fn metric(change: &Change) -> Option<Metric> {
    let text = match change {
        Change::Job(job) => match job.state {
            JobState::Proven => "print.proven".to_owned(),
            JobState::Uncertain => "print.uncertain".to_owned(),
            JobState::Failed => "print.failed".to_owned(),
            _ => return None,
        },
        Change::Device(device) if matches!(device.state, DeviceState::Broken | DeviceState::Away) => {
            let kind: &DeviceKind = &device.kind;
            format!("failure.{}", name(kind))
        }
        _ => return None,
    };
    Some(text.parse().expect("states are named with small letters"))
}
