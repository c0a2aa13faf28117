//! Becoming known to the hub, and staying so.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use catalog::atomic;
use catalog::clock::Clock;
use catalog::power::{Moment, point};
use catalog::submission::enrolment::{self, Enrolled, Enrolment, IssuedCertificate};
use jiff::Timestamp;
use reqwest::header::DATE;
use reqwest::{Method, Response, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use tracing::{info, warn};

use super::client::{Content, read_body};
use super::{HubClient, HubError};
use crate::outbox::jitter;
use crate::timer::Timer;

/// How long the hub may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause while staff have not decided yet.
const ASK_AGAIN: Duration = Duration::from_secs(15);
/// The longest pause while the hub does not answer.
const LONGEST: Duration = Duration::from_mins(15);
/// The pause while nothing has to be done.
const SETTLED: Duration = Duration::from_hours(1);
/// The file's name inside the state folder.
const FILE_NAME: &str = "certificate.json";

/// How the terminal stands with the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The hub has not said yet.
    Unknown,
    /// The hub has said so.
    Said(enrolment::Standing),
}

impl Standing {
    /// Whether the terminal may hand in.
    #[must_use]
    pub fn is_approved(self) -> bool {
        self == Self::Said(enrolment::Standing::Approved)
    }
}

/// The certificate as it is kept: it is no secret, but fetching it anew at every start would not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// When it was fetched, by the terminal's clock.
    issued_at: Timestamp,
    /// The same by the hub's clock, by which it expires; `None` where the hub did not say.
    #[serde(default)]
    issued_at_hub: Option<Timestamp>,
    #[serde(flatten)]
    certificate: IssuedCertificate,
}

impl Kept {
    /// Half of its time is over. Both durations are each measured by one clock: the terminal's may be years off.
    fn is_half_used(&self, now: Timestamp) -> bool {
        let issued_at_hub = self.issued_at_hub.unwrap_or(self.issued_at);
        let lifetime = self.certificate.expires_at.duration_since(issued_at_hub);
        let used = now.duration_since(self.issued_at);
        used.is_negative() || used * 2 >= lifetime
    }
}

/// Asks the hub to be known until staff have decided, and renews the certificate for as long as it runs.
#[derive(Debug)]
pub struct Enroller {
    client: Arc<HubClient>,
    enrolment: Enrolment,
    file: PathBuf,
    standing: watch::Sender<Standing>,
    expires_at: watch::Sender<Option<Timestamp>>,
    doubt: Notify,
    /// The certificate is to be renewed whatever its age.
    renew: AtomicBool,
    kept: Mutex<Option<Kept>>,
}

impl Enroller {
    /// For a terminal at a place, with its state folder. The certificate of before is shown at once.
    #[must_use]
    pub fn new(client: Arc<HubClient>, place: String, division: String, state: &std::path::Path) -> Self {
        let public_key = client.identity().key.public();
        let enroller = Self {
            client,
            enrolment: Enrolment {
                public_key,
                place,
                division,
            },
            file: state.join(FILE_NAME),
            standing: watch::Sender::new(Standing::Unknown),
            expires_at: watch::Sender::new(None),
            doubt: Notify::new(),
            renew: AtomicBool::new(false),
            kept: Mutex::new(None),
        };
        if let Some(kept) = enroller.read() {
            enroller.show(&kept);
            *enroller.lock() = Some(kept);
        }
        enroller
    }

    /// How the terminal stands, and whenever that changes.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    /// When the certificate expires, if there is one.
    pub fn expires_at(&self) -> Option<Timestamp> {
        *self.expires_at.borrow()
    }

    /// The hub no longer seems to know the terminal: ask again.
    pub fn doubt(&self) {
        self.standing.send_replace(Standing::Unknown);
        self.doubt.notify_one();
    }

    /// Runs for as long as the agent.
    pub async fn run(&self, clock: Arc<dyn Clock>, timer: Arc<dyn Timer>) {
        let mut failures = 0;
        loop {
            let pause = match self.ask(&clock).await {
                Ok(standing) => {
                    failures = 0;
                    match standing {
                        enrolment::Standing::Pending => ASK_AGAIN,
                        enrolment::Standing::Approved | enrolment::Standing::Revoked => SETTLED,
                    }
                }
                Err(error) => {
                    failures += 1;
                    if failures == 1 {
                        warn!(%error, "the hub cannot be asked");
                    }
                    LONGEST.min(ASK_AGAIN * failures)
                }
            };
            tokio::select! {
                () = timer.sleep(pause.mul_f64(0.8 + 0.4 * jitter())) => {}
                () = self.doubt.notified() => {}
                // Perhaps the certificate has expired by the hub's clock.
                () = self.client.broke_off() => self.renew.store(true, Ordering::Relaxed),
                // Perhaps the terminal was revoked.
                () = self.client.forbidden() => {}
            }
        }
    }

    async fn ask(&self, clock: &Arc<dyn Clock>) -> Result<enrolment::Standing, HubError> {
        let standing = self.enrol().await?;
        let now = clock.now();
        let is_old = self.lock().as_ref().is_none_or(|kept| kept.is_half_used(now));
        let is_due = self.renew.load(Ordering::Relaxed) || is_old;
        if standing == enrolment::Standing::Approved && is_due {
            let new = self.certificate(now).await?;
            let json = serde_json::to_vec(&new).expect("a certificate is text");
            if let Err(error) = atomic::write(&self.file, &json) {
                warn!(%error, "the certificate is not kept; it will be fetched again");
            }
            self.show(&new);
            *self.lock() = Some(new);
            self.renew.store(false, Ordering::Relaxed);
        }
        // Only now: whoever hands in shows the certificate.
        let said = Standing::Said(standing);
        let changed = self
            .standing
            .send_if_modified(|known| std::mem::replace(known, said) != said);
        if changed {
            info!(?standing, "the hub knows this terminal");
        }
        Ok(standing)
    }

    async fn enrol(&self) -> Result<enrolment::Standing, HubError> {
        let content = Content::json(&self.enrolment);
        point("ask to be known", Moment::Before);
        let response = self
            .client
            .introduce(Method::POST, "v1/enrolments", content, PATIENCE)
            .await?;
        point("ask to be known", Moment::After);
        if response.status() != StatusCode::OK {
            return Err(HubError::Status {
                status: response.status().as_u16(),
            });
        }
        let enrolled: Enrolled = read(response).await?;
        Ok(enrolled.standing)
    }

    async fn certificate(&self, now: Timestamp) -> Result<Kept, HubError> {
        let path = format!("v1/devices/{}/certificate", self.client.identity().device());
        point("fetch certificate", Moment::Before);
        let response = self
            .client
            .introduce(Method::POST, &path, Content::none(), PATIENCE)
            .await?;
        point("fetch certificate", Moment::After);
        if response.status() != StatusCode::OK {
            return Err(HubError::Status {
                status: response.status().as_u16(),
            });
        }
        Ok(Kept {
            issued_at: now,
            issued_at_hub: date(&response),
            certificate: read(response).await?,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, kept: &Kept) {
        match self.client.show(&kept.certificate.certificate) {
            Ok(()) => {
                self.expires_at.send_replace(Some(kept.certificate.expires_at));
            }
            Err(error) => warn!(%error, "the certificate cannot be used"),
        }
    }

    fn read(&self) -> Option<Kept> {
        let bytes = std::fs::read(&self.file).ok()?;
        serde_json::from_slice(&bytes)
            .inspect_err(|error| warn!(%error, "the kept certificate cannot be read; another is fetched"))
            .ok()
    }
}

/// When a server gave an answer, by its own clock.
fn date(response: &Response) -> Option<Timestamp> {
    let date = response.headers().get(DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}

async fn read<T: serde::de::DeserializeOwned>(response: Response) -> Result<T, HubError> {
    let bytes = read_body(response).await?;
    serde_json::from_slice(&bytes).map_err(|error| HubError::Unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_when_half_its_time_is_over_or_the_clock_went_back() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let kept = Kept {
            issued_at: time("2026-11-20T00:00:00Z"),
            issued_at_hub: None,
            certificate: IssuedCertificate {
                certificate: String::new(),
                expires_at: time("2026-11-27T00:00:00Z"),
            },
        };
        assert!(!kept.is_half_used(time("2026-11-23T11:00:00Z")));
        assert!(kept.is_half_used(time("2026-11-23T12:00:00Z")));
        assert!(kept.is_half_used(time("2026-11-19T00:00:00Z")));
    }

    #[test]
    fn a_terminal_whose_clock_is_years_off_renews_its_certificate_as_often_as_others() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        for year in ["1970", "2026", "2031"] {
            let kept = Kept {
                issued_at: time(&format!("{year}-03-20T00:00:00Z")),
                issued_at_hub: Some(time("2026-11-20T00:00:00Z")),
                certificate: IssuedCertificate {
                    certificate: String::new(),
                    expires_at: time("2026-11-27T00:00:00Z"),
                },
            };
            assert!(
                !kept.is_half_used(time(&format!("{year}-03-23T11:00:00Z"))),
                "{year}"
            );
            assert!(
                kept.is_half_used(time(&format!("{year}-03-23T12:00:00Z"))),
                "{year}"
            );
        }
    }
}
