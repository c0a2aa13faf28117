//! One connection to the agent.

use std::path::Path;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use zlink::tokio::unix;

use crate::interface::{
    Accepted, AttachedFile, CardPurpose, CardStep, Consent, Correction, DisclosureApplication, Enrolment,
    Event, FilePiece, Imported, Job, OpenedForm, Page, Paper, Print, Rating, Refusal, SelfTest, SessionEnd,
    Status, SubmissionStatus, Suggestion, TerminalProxy as _,
};

/// How long the agent may take to answer a call. It answers from memory; a print is only queued.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long an import may take: a whole province's records are indexed in a minute.
const IMPORT_PATIENCE: Duration = Duration::from_mins(30);

/// Why a call brought no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The agent refused.
    #[error("{0}")]
    Refused(Refusal),
    /// The agent is not there, or went away. Whether it still heard the call is not known.
    #[error("the agent does not answer: {0}")]
    Lost(zlink::Error),
    /// The agent is there and does not answer in time.
    #[error("the agent does not answer in time")]
    Silent,
}

/// A connection to the agent. After a [`CallError::Lost`] or [`CallError::Silent`] it is of no more use.
#[derive(Debug)]
pub struct Connection(unix::Connection);

impl Connection {
    /// Connects to the agent's socket.
    pub async fn open(socket: &Path) -> Result<Self, CallError> {
        match tokio::time::timeout(PATIENCE, unix::connect(socket)).await {
            Ok(connection) => connection.map(Self).map_err(CallError::Lost),
            Err(_) => Err(CallError::Silent),
        }
    }

    /// See [`TerminalProxy::status`](crate::interface::TerminalProxy::status).
    pub async fn status(&mut self) -> Result<Status, CallError> {
        answered(self.0.status()).await
    }

    /// See [`TerminalProxy::print`](crate::interface::TerminalProxy::print).
    pub async fn print(&mut self, request: &Print) -> Result<Job, CallError> {
        answered(self.0.print(request)).await
    }

    /// See [`TerminalProxy::job`](crate::interface::TerminalProxy::job).
    pub async fn job(&mut self, id: &str) -> Result<Job, CallError> {
        answered(self.0.job(id)).await
    }

    /// See [`TerminalProxy::answer`](crate::interface::TerminalProxy::answer).
    pub async fn answer(&mut self, job: &str, came_out: bool) -> Result<Job, CallError> {
        answered(self.0.answer(job, came_out)).await
    }

    /// See [`TerminalProxy::cancel`](crate::interface::TerminalProxy::cancel).
    pub async fn cancel(&mut self, job: &str) -> Result<Job, CallError> {
        answered(self.0.cancel(job)).await
    }

    /// See [`TerminalProxy::test_page`](crate::interface::TerminalProxy::test_page).
    pub async fn test_page(&mut self) -> Result<Job, CallError> {
        answered(self.0.test_page()).await
    }

    /// See [`TerminalProxy::end_session`](crate::interface::TerminalProxy::end_session).
    pub async fn end_session(&mut self) -> Result<SessionEnd, CallError> {
        answered(self.0.end_session()).await
    }

    /// See [`TerminalProxy::new_roll`](crate::interface::TerminalProxy::new_roll).
    pub async fn new_roll(&mut self) -> Result<Paper, CallError> {
        answered(self.0.new_roll()).await
    }

    /// See [`TerminalProxy::self_test`](crate::interface::TerminalProxy::self_test).
    pub async fn self_test(&mut self) -> Result<SelfTest, CallError> {
        answered(self.0.self_test()).await
    }

    /// See [`TerminalProxy::open_submission`](crate::interface::TerminalProxy::open_submission).
    pub async fn open_submission(&mut self) -> Result<OpenedForm, CallError> {
        answered(self.0.open_submission()).await
    }

    /// See [`TerminalProxy::attach`](crate::interface::TerminalProxy::attach).
    pub async fn attach(&mut self, piece: &FilePiece) -> Result<AttachedFile, CallError> {
        answered(self.0.attach(piece)).await
    }

    /// See [`TerminalProxy::submit_application`](crate::interface::TerminalProxy::submit_application).
    pub async fn submit_application(
        &mut self,
        id: &str,
        application: &DisclosureApplication,
        files: &[String],
    ) -> Result<Accepted, CallError> {
        answered(self.0.submit_application(id, application, files)).await
    }

    /// See [`TerminalProxy::submit_suggestion`](crate::interface::TerminalProxy::submit_suggestion).
    pub async fn submit_suggestion(
        &mut self,
        id: &str,
        suggestion: &Suggestion,
        files: &[String],
    ) -> Result<Accepted, CallError> {
        answered(self.0.submit_suggestion(id, suggestion, files)).await
    }

    /// See [`TerminalProxy::submit_correction`](crate::interface::TerminalProxy::submit_correction).
    pub async fn submit_correction(
        &mut self,
        id: &str,
        correction: &Correction,
        files: &[String],
    ) -> Result<Accepted, CallError> {
        answered(self.0.submit_correction(id, correction, files)).await
    }

    /// See [`TerminalProxy::submit_rating`](crate::interface::TerminalProxy::submit_rating).
    pub async fn submit_rating(&mut self, id: &str, rating: &Rating) -> Result<Accepted, CallError> {
        answered(self.0.submit_rating(id, rating)).await
    }

    /// See [`TerminalProxy::submission_status`](crate::interface::TerminalProxy::submission_status).
    pub async fn submission_status(&mut self, code: &str) -> Result<SubmissionStatus, CallError> {
        answered(self.0.submission_status(code)).await
    }

    /// See [`TerminalProxy::heartbeat`](crate::interface::TerminalProxy::heartbeat).
    pub async fn heartbeat(&mut self, frames: u64) -> Result<(), CallError> {
        answered(self.0.heartbeat(frames)).await
    }

    /// See [`TerminalProxy::count_page`](crate::interface::TerminalProxy::count_page).
    pub async fn count_page(&mut self, page: Page) -> Result<(), CallError> {
        answered(self.0.count_page(page)).await
    }

    /// See [`TerminalProxy::count_miss`](crate::interface::TerminalProxy::count_miss).
    pub async fn count_miss(&mut self, term: &str) -> Result<(), CallError> {
        answered(self.0.count_miss(term)).await
    }

    /// See [`TerminalProxy::enrolment`](crate::interface::TerminalProxy::enrolment).
    pub async fn enrolment(&mut self) -> Result<Enrolment, CallError> {
        answered(self.0.enrolment()).await
    }

    /// See [`TerminalProxy::import`](crate::interface::TerminalProxy::import). It may take as long as a release takes.
    pub async fn import(&mut self, folder: &str) -> Result<Imported, CallError> {
        match tokio::time::timeout(IMPORT_PATIENCE, self.0.import(folder)).await {
            Ok(reply) => replied(reply),
            Err(_) => Err(CallError::Silent),
        }
    }

    /// See [`TerminalProxy::frame_drawn`](crate::interface::TerminalProxy::frame_drawn).
    pub async fn frame_drawn(&mut self, generation: u64) -> Result<(), CallError> {
        answered(self.0.frame_drawn(generation)).await
    }

    /// See [`TerminalProxy::read_card`](crate::interface::TerminalProxy::read_card). The connection
    /// carries nothing else until the last step; dropping it ends the reading.
    pub async fn read_card(
        &mut self,
        purpose: CardPurpose,
        consent: Consent,
    ) -> Result<impl Stream<Item = Result<CardStep, CallError>>, CallError> {
        let steps = self
            .0
            .read_card(purpose, consent)
            .await
            .map_err(CallError::Lost)?;
        Ok(steps.map(replied))
    }

    /// See [`TerminalProxy::watch`](crate::interface::TerminalProxy::watch). The connection carries
    /// nothing else from then on.
    pub async fn watch(
        &mut self,
        from_seq: Option<u64>,
    ) -> Result<impl Stream<Item = Result<Event, CallError>>, CallError> {
        let events = self.0.watch(from_seq).await.map_err(CallError::Lost)?;
        Ok(events.map(replied))
    }
}

/// One of several replies.
fn replied<T>(reply: zlink::Result<Result<T, Refusal>>) -> Result<T, CallError> {
    match reply {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(refusal)) => Err(CallError::Refused(refusal)),
        Err(error) => Err(CallError::Lost(error)),
    }
}

/// Waits for a reply, but not for ever.
async fn answered<T>(call: impl Future<Output = zlink::Result<Result<T, Refusal>>>) -> Result<T, CallError> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(Ok(Ok(reply))) => Ok(reply),
        Ok(Ok(Err(refusal))) => Err(CallError::Refused(refusal)),
        Ok(Err(error)) => Err(CallError::Lost(error)),
        Err(_) => Err(CallError::Silent),
    }
}
