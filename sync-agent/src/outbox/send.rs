//! Bringing envelopes to the hub.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use catalog::clock::Clock;
use catalog::power::{Moment, point};
use catalog::submission::{HubKeys, SignedReceipt};
use futures_util::stream;
use reqwest::header::RETRY_AFTER;
use reqwest::{Body, Method, Response};
use tokio::sync::Notify;
use tracing::{debug, error, info, warn};

use super::{Due, Outbox, OutboxError, Pace, Verdict, jitter, retry_after, verdict};
use crate::identity::{Content, Enroller, HubClient, HubError, is_the_hubs, read_body};
use crate::timer::Timer;

/// How long the hub may take for one envelope, over the slowest of links.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often an empty outbox is looked at without being called.
const LOOK: Duration = Duration::from_mins(1);
/// The pause after the outbox itself failed.
const OUTBOX_PAUSE: Duration = Duration::from_secs(30);

/// Sends what waits, one envelope after the other, for as long as the agent runs.
pub struct Sender {
    pub(super) outbox: Arc<Mutex<Outbox>>,
    pub(super) client: Arc<HubClient>,
    pub(super) enroller: Arc<Enroller>,
    pub(super) keys: Arc<HubKeys>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) wake: Arc<Notify>,
}

/// What became of an attempt.
enum Attempt {
    /// The hub has it.
    Delivered,
    /// The hub refused it for good, with this status.
    Refused(u16),
    /// It is to be tried again, after so long at least.
    Again(Option<Duration>),
    /// The hub does not know the terminal.
    Stranger,
}

impl Sender {
    /// Runs for as long as the agent.
    pub async fn run(&self) {
        let mut standing = self.enroller.standing();
        let mut pace = Pace::default();
        loop {
            if standing
                .wait_for(|standing| standing.is_approved())
                .await
                .is_err()
            {
                return;
            }
            let due = match self.with_outbox(|outbox| outbox.next()).await {
                Ok(Some(due)) => due,
                Ok(None) => {
                    // Without a call too: what was refused may have been let go by hand.
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = self.timer.sleep(LOOK) => {}
                    }
                    continue;
                }
                Err(error) => {
                    error!(%error, "the outbox cannot be read");
                    self.timer.sleep(OUTBOX_PAUSE).await;
                    continue;
                }
            };
            let attempt = self.attempt(&due).await;
            if let Some(pause) = self.settle(&due, attempt, &mut pace).await {
                // Something newly handed in does not shorten the pause: the hub has asked for it.
                self.timer.sleep(pause).await;
            }
        }
    }

    /// Does what an attempt asks for; how long to wait before the next one.
    async fn settle(&self, due: &Due, attempt: Attempt, pace: &mut Pace) -> Option<Duration> {
        let id = due.id;
        let (kept, pause) = match attempt {
            Attempt::Delivered => {
                info!(submission = %id, kind = %due.kind, "the hub has it");
                pace.reset();
                (self.with_outbox(move |outbox| outbox.delivered(id)).await, None)
            }
            Attempt::Refused(status) => {
                error!(submission = %id, status, "the hub refuses it; it is kept for somebody to look at");
                pace.reset();
                (
                    self.with_outbox(move |outbox| outbox.hold(id, status)).await,
                    None,
                )
            }
            Attempt::Again(told) => {
                let pause = pace.pause(told, jitter());
                (
                    self.with_outbox(move |outbox| outbox.tried(id)).await,
                    Some(pause),
                )
            }
            Attempt::Stranger => {
                self.enroller.doubt();
                let pause = pace.pause(None, jitter());
                (Ok(()), Some(pause))
            }
        };
        match kept {
            Ok(()) => pause,
            Err(error) => {
                // Sent again, it is known there already.
                error!(%error, "the outbox cannot be written");
                Some(OUTBOX_PAUSE)
            }
        }
    }

    async fn attempt(&self, due: &Due) -> Attempt {
        let content = Content {
            media_type: "application/octet-stream",
            sha256: due.sha256,
            length: due.length,
            body: self.body(due),
        };
        let path = format!("submissions/{}", due.id);
        point("hand in", Moment::Before);
        let response = match self.client.device(Method::PUT, &path, content, PATIENCE).await {
            Ok(response) => response,
            Err(error) => {
                debug!(submission = %due.id, %error, "not sent");
                return Attempt::Again(None);
            }
        };
        // What the hub said is not on the disk yet.
        point("hand in", Moment::After);
        let status = response.status().as_u16();
        match verdict(Some(status)) {
            Verdict::Receipt => match self.check(due, response).await {
                Ok(()) => Attempt::Delivered,
                Err(error) => {
                    // A proxy that answers in the hub's place, or a hub with other keys.
                    warn!(submission = %due.id, %error, "no receipt that proves anything; it is kept and sent again");
                    Attempt::Again(None)
                }
            },
            Verdict::Hold if is_the_hubs(&response) => Attempt::Refused(status),
            // A proxy or a portal says so, in the hub's place.
            Verdict::Hold => Attempt::Again(None),
            Verdict::Stranger => Attempt::Stranger,
            Verdict::Again => {
                debug!(submission = %due.id, status, "not taken");
                let told = response.headers().get(RETRY_AFTER);
                let told = told.and_then(|field| field.to_str().ok());
                Attempt::Again(told.and_then(|field| retry_after(field, self.clock.now())))
            }
        }
    }

    /// Checks the receipt in an answer.
    async fn check(&self, due: &Due, response: Response) -> Result<(), HubError> {
        let unreadable = |error: &dyn std::fmt::Display| HubError::Unreadable(error.to_string());
        let body = read_body(response).await?;
        let receipt: SignedReceipt = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
        let device = self.client.identity().device();
        receipt
            .check(&self.keys.receipt_keys, device, due.id, &due.sha256)
            .map_err(|error| unreadable(&error))?;
        Ok(())
    }

    /// The envelope, part by part from the disk.
    fn body(&self, due: &Due) -> Body {
        let (outbox, id) = (Arc::clone(&self.outbox), due.id);
        Body::wrap_stream(stream::try_unfold(0, move |number: u32| {
            let outbox = Arc::clone(&outbox);
            async move {
                let part = with(&outbox, move |outbox| outbox.chunk(id, number)).await?;
                if part.is_some() {
                    point("hand in", Moment::During);
                }
                Ok::<_, OutboxError>(part.map(|bytes| (bytes, number + 1)))
            }
        }))
    }

    async fn with_outbox<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        with(&self.outbox, move |outbox| work(outbox)).await
    }
}

/// Does what may wait for the disk beside everything else.
pub(super) async fn with<T: Send + 'static>(
    outbox: &Arc<Mutex<Outbox>>,
    work: impl FnOnce(&mut Outbox) -> Result<T, OutboxError> + Send + 'static,
) -> Result<T, OutboxError> {
    let outbox = Arc::clone(outbox);
    tokio::task::spawn_blocking(move || work(&mut outbox.lock().unwrap_or_else(PoisonError::into_inner)))
        .await?
}
