//! One connection to the agent.

use std::path::Path;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use zlink::tokio::unix;

use crate::interface::{Event, Job, Print, Refusal, Status, TerminalProxy as _};

/// How long the agent may take to answer a call. It answers from memory; a print is only queued.
const PATIENCE: Duration = Duration::from_secs(5);

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
    #[error("the agent does not answer within {} s", PATIENCE.as_secs())]
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

    /// See [`TerminalProxy::watch`](crate::interface::TerminalProxy::watch). The connection carries
    /// nothing else from then on.
    pub async fn watch(
        &mut self,
        from_seq: Option<u64>,
    ) -> Result<impl Stream<Item = Result<Event, CallError>>, CallError> {
        let events = self.0.watch(from_seq).await.map_err(CallError::Lost)?;
        Ok(events.map(|event| match event {
            Ok(Ok(event)) => Ok(event),
            Ok(Err(refusal)) => Err(CallError::Refused(refusal)),
            Err(error) => Err(CallError::Lost(error)),
        }))
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
