//! What became of a submission, by the code on the slip.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use catalog::submission::mailbox::{self, QueryCode};
use reqwest::{Method, StatusCode};
use terminal_api::interface::{Refusal, SubmissionStage, SubmissionStatus};
use tokio::time::Instant;
use tracing::warn;

use super::send::with;
use super::{State, Submissions, convert};
use crate::identity::{Content, read_body};

/// How long a resident waits for the hub; the socket's callers wait a little longer.
const PATIENCE: Duration = Duration::from_secs(4);
/// How many codes that are none may be tried within [`WINDOW`].
const MOST_TRIES: usize = 12;
const WINDOW: Duration = Duration::from_mins(1);

/// Counts the codes that were tried in vain: 55 bits are not guessed at this pace.
#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<VecDeque<Instant>>);

impl Tries {
    /// Whether another code may be tried.
    fn pass(&self, now: Instant) -> Result<(), Refusal> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tries
            .front()
            .is_some_and(|first| now.duration_since(*first) > WINDOW)
        {
            tries.pop_front();
        }
        if tries.len() >= MOST_TRIES {
            return Err(Refusal::TooManyTries);
        }
        Ok(())
    }

    /// A code was tried under which nothing was handed in.
    fn failed(&self, now: Instant) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(now);
    }
}

impl Submissions {
    /// What became of the submission with this code.
    pub async fn status(&self, code: &str) -> Result<SubmissionStatus, Refusal> {
        let code: QueryCode = code.parse().map_err(|_| Refusal::InvalidCode)?;
        self.tries.pass(Instant::now())?;
        let identity = self.client.identity();
        let mailbox = identity.mailboxes.mailbox(&code);
        let id = mailbox.id();
        let here = with(&self.outbox, move |outbox| outbox.by_mailbox(id)).await;
        let here = here.map_err(|error| Refusal::Unavailable {
            reason: error.to_string(),
        })?;
        match here.map(|here| here.state) {
            Some(State::Waiting) => return Ok(plain(SubmissionStage::Waiting)),
            Some(State::Held) => return Ok(plain(SubmissionStage::Held)),
            Some(State::Done | State::Draft) | None => {}
        }
        let path = format!("mailboxes/{id}");
        let answer = self
            .client
            .device(Method::GET, &path, Content::none(), PATIENCE)
            .await;
        let answer = answer.map_err(|_| Refusal::HubUnreachable)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NO_CONTENT => return Ok(plain(SubmissionStage::Received)),
            StatusCode::NOT_FOUND => {
                self.tries.failed(Instant::now());
                return Err(Refusal::NoSuchCode);
            }
            _ => return Err(Refusal::HubUnreachable),
        }
        let letter = read_body(answer).await.map_err(|_| Refusal::HubUnreachable)?;
        match mailbox::open(&letter, identity.device(), &mailbox, &self.keys.receipt_keys) {
            Ok(letter) => Ok(convert::letter(letter)),
            Err(error) => {
                warn!(%error, "a letter that is none was received");
                Err(Refusal::HubUnreachable)
            }
        }
    }
}

/// A stage about which staff have not said anything.
fn plain(stage: SubmissionStage) -> SubmissionStatus {
    SubmissionStatus {
        stage,
        since: None,
        due: None,
        outcome: None,
        note: None,
        written_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_cannot_be_tried_without_end() {
        let (tries, start) = (Tries::default(), Instant::now());
        for _ in 0..MOST_TRIES {
            assert_eq!(tries.pass(start), Ok(()));
            tries.failed(start);
        }
        assert_eq!(tries.pass(start), Err(Refusal::TooManyTries));
        let later = start + WINDOW + Duration::from_secs(1);
        assert_eq!(tries.pass(later), Ok(()));
    }
}
