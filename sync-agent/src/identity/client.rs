//! Requests to the hub, each signed by the terminal's key.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalog::submission::request::{self, CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Body, Method, Response, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;
use url::Url;
use zeroize::Zeroizing;

use super::Identity;
use crate::http::{self, CertificateTime, ClientError};

/// How long an answer may be.
const LONGEST_ANSWER: usize = 1 << 16;

/// Why the hub could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The authority's certificate cannot be read.
    #[error("{path}: {source}")]
    Authority {
        /// The file.
        path: std::path::PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The client cannot be set up.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The request brought no answer.
    #[error("the hub does not answer: {0}")]
    Http(#[from] reqwest::Error),
    /// The answer is none that a hub gives.
    #[error("the hub answered {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The answer cannot be read.
    #[error("the hub's answer cannot be read: {0}")]
    Unreadable(String),
}

/// What is sent.
#[derive(Debug)]
pub struct Content {
    /// Its type.
    pub media_type: &'static str,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub length: u64,
    /// Itself.
    pub body: Body,
}

impl Content {
    /// Nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::bytes("application/octet-stream", Vec::new())
    }

    /// These bytes.
    #[must_use]
    pub fn bytes(media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            media_type,
            sha256: Sha256::digest(&bytes).into(),
            length: bytes.len() as u64,
            body: bytes.into(),
        }
    }

    /// This value as JSON.
    #[must_use]
    pub fn json(value: &impl serde::Serialize) -> Self {
        let bytes = serde_json::to_vec(value).expect("reports are text and numbers");
        Self::bytes("application/json", bytes)
    }
}

/// Whose the connections to the hub are.
#[derive(Debug)]
enum Connections {
    /// The terminal's, which shows its certificate on them.
    Own {
        /// What may have signed the hub's certificate (PEM).
        authority: Option<Vec<u8>>,
        /// By which the hub's certificate is judged.
        time: CertificateTime,
    },
    /// Shared with others, so that none is the place for a certificate.
    Shared,
}

/// The way to the hub.
#[derive(Debug)]
pub struct HubClient {
    base: Url,
    connections: Connections,
    identity: Arc<Identity>,
    /// Shows no certificate: for asking to be known and for a certificate, which must work when the one at
    /// hand has expired by the hub's clock.
    plain: reqwest::Client,
    /// Shows the certificate; replaced when that is.
    client: RwLock<reqwest::Client>,
    /// A request that showed the certificate broke off.
    broke_off: Notify,
    /// The hub forbade something.
    forbidden: Notify,
}

impl HubClient {
    /// A client of the hub at `base`, whose TLS certificate `authority` (PEM) may have signed and is judged by `time`.
    pub fn new(
        base: Url,
        authority: Option<&Path>,
        identity: Arc<Identity>,
        time: CertificateTime,
    ) -> Result<Self, HubError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|source| HubError::Authority {
                path: path.to_owned(),
                source,
            })
        };
        let authority = authority.map(read).transpose()?;
        let plain = http::hub_client(&time, authority.as_deref(), None)?;
        Ok(Self {
            client: RwLock::new(plain.clone()),
            plain,
            base,
            connections: Connections::Own { authority, time },
            identity,
            broke_off: Notify::new(),
            forbidden: Notify::new(),
        })
    }

    /// A client of the hub at `base` over connections that others use as well. No certificate is shown on them: TLS ends
    /// before the hub, or there is none.
    #[must_use]
    pub fn over(base: Url, connections: reqwest::Client, identity: Arc<Identity>) -> Self {
        Self {
            client: RwLock::new(connections.clone()),
            plain: connections,
            base,
            connections: Connections::Shared,
            identity,
            broke_off: Notify::new(),
            forbidden: Notify::new(),
        }
    }

    /// The terminal.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Shows this certificate (PEM) from now on.
    pub fn show(&self, certificate: &str) -> Result<(), HubError> {
        let Connections::Own { authority, time } = &self.connections else {
            return Ok(());
        };
        let mut pem = pem("PRIVATE KEY", self.identity.key.pkcs8());
        pem.push_str(certificate);
        let client = http::hub_client(time, authority.as_deref(), Some(pem.as_bytes()))?;
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
        Ok(())
    }

    /// Asks for `path` below the device's own address, showing the certificate.
    pub async fn device(
        &self,
        method: Method,
        path: &str,
        content: Content,
        patience: Duration,
    ) -> Result<Response, HubError> {
        let path = format!("v1/devices/{}/{path}", self.identity.device());
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let answer = self.send(&client, method, &path, content, patience).await;
        match (&answer, &self.connections) {
            // A hub that is slow or gone says nothing of the certificate, and more requests would not help it.
            (Err(HubError::Http(error)), Connections::Own { .. }) if !error.is_timeout() => {
                self.broke_off.notify_one();
            }
            (Ok(response), _) if response.status() == StatusCode::FORBIDDEN && is_the_hubs(response) => {
                self.forbidden.notify_one();
            }
            _ => {}
        }
        answer
    }

    /// Waits for the hub to forbid something, as it does once the terminal is revoked. Remembers one that nobody waited for.
    pub(super) async fn forbidden(&self) {
        self.forbidden.notified().await;
    }

    /// Waits for a request that showed the certificate to break off, as it does where the hub does not take the certificate:
    /// TLS ends it without an answer. Remembers one that nobody waited for.
    pub(super) async fn broke_off(&self) {
        self.broke_off.notified().await;
    }

    /// Asks for `path` below the hub's address, showing no certificate.
    pub async fn introduce(
        &self,
        method: Method,
        path: &str,
        content: Content,
        patience: Duration,
    ) -> Result<Response, HubError> {
        self.send(&self.plain, method, path, content, patience).await
    }

    async fn send(
        &self,
        client: &reqwest::Client,
        method: Method,
        path: &str,
        content: Content,
        patience: Duration,
    ) -> Result<Response, HubError> {
        let url = self
            .base
            .join(path)
            .expect("a plain path can be joined to a folder");
        // The hub sees the path below its own root; what a proxy in front of it adds is not signed.
        let signed = request::sign(
            method.as_str(),
            &format!("/{path}"),
            &content.sha256,
            &self.identity.key,
        );
        let request = client
            .request(method, url)
            .timeout(patience)
            .header(CONTENT_DIGEST, signed.content_digest)
            .header(SIGNATURE_INPUT, signed.signature_input)
            .header(SIGNATURE, signed.signature)
            .header(CONTENT_TYPE, content.media_type)
            .header(CONTENT_LENGTH, content.length)
            .body(content.body);
        Ok(request.send().await?)
    }
}

/// Whether a refusal is the hub's own: it gives its reasons as a problem (RFC 9457).
pub(crate) fn is_the_hubs(response: &Response) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE);
    media_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/problem+json"))
}

/// The body of an answer, which is short from every hub.
pub(crate) async fn read_body(mut response: Response) -> Result<Vec<u8>, HubError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_ANSWER {
            return Err(HubError::Unreadable(format!("more than {LONGEST_ANSWER} bytes")));
        }
    }
    Ok(body)
}

/// Bytes as PEM (RFC 7468).
fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let text = Zeroizing::new(STANDARD.encode(der));
    let mut pem = Zeroizing::new(format!("-----BEGIN {label}-----\n"));
    for line in text.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).expect("base 64 is ASCII"));
        pem.push('\n');
    }
    for part in ["-----END ", label, "-----\n"] {
        pem.push_str(part);
    }
    pem
}
