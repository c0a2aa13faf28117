//! The one place that sets up the HTTP client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::{Clock, SystemClock};
use jiff::Timestamp;
use reqwest::ClientBuilder;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls_platform_verifier::Verifier;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may stay silent before an answer or in the middle of it.
const SILENCE: Duration = Duration::from_secs(30);
/// How long the cache of a hall may: it says nothing while another terminal of the hall fetches the same file through it, for at
/// most the `proxy_cache_lock_timeout` of `hub/site-cache.conf.example`.
const SILENCE_OF_CACHE: Duration = Duration::from_mins(11);

/// Why no client can be set up.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A certificate or a key is no PEM.
    #[error("a certificate or key cannot be read: {0}")]
    Pem(#[from] pem::Error),
    /// TLS cannot be set up with these certificates and keys.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The rest of it.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

/// The time by which the certificates of servers are judged: the terminal's clock, and never earlier than a time that has
/// passed as far as the terminal knows. With an empty battery its clock starts in 1970, when no certificate was valid yet.
#[derive(Clone)]
pub struct CertificateTime {
    clock: Arc<dyn Clock>,
    floor: Option<Timestamp>,
}

impl CertificateTime {
    /// By this clock, and never earlier than `floor`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, floor: Option<Timestamp>) -> Self {
        Self { clock, floor }
    }
}

impl Default for CertificateTime {
    /// By the machine's clock alone.
    fn default() -> Self {
        Self::new(Arc::new(SystemClock), None)
    }
}

impl fmt::Debug for CertificateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateTime")
            .field("floor", &self.floor)
            .finish_non_exhaustive()
    }
}

impl TimeProvider for CertificateTime {
    fn current_time(&self) -> Option<UnixTime> {
        let now = self.clock.now();
        let time = self.floor.map_or(now, |floor| floor.max(now));
        // Before 1970 there is nothing to tell apart.
        let since = Duration::from_secs(time.as_second().try_into().unwrap_or(0));
        Some(UnixTime::since_unix_epoch(since))
    }
}

/// A pooled client that judges servers by the machine's clock alone; make one and clone it.
pub fn client() -> Result<reqwest::Client, ClientError> {
    client_at(&CertificateTime::default())
}

/// A pooled client that judges servers by this time; make one and clone it.
pub fn client_at(time: &CertificateTime) -> Result<reqwest::Client, ClientError> {
    patient_client(time, SILENCE)
}

/// The same for the cache of a hall, which may stay silent for longer. One that is gone is found as soon as any other server:
/// by connecting.
pub fn cache_client_at(time: &CertificateTime) -> Result<reqwest::Client, ClientError> {
    patient_client(time, SILENCE_OF_CACHE)
}

fn patient_client(time: &CertificateTime, silence: Duration) -> Result<reqwest::Client, ClientError> {
    let builder = builder(tls(time, None, None)?)
        .read_timeout(silence)
        .redirect(reqwest::redirect::Policy::limited(3));
    Ok(builder.build()?)
}

/// A client of the hub: `authority` may have signed the hub's certificate, `identity` is the terminal's own
/// certificate with its key (all PEM). It follows no redirection: what is signed for one address is not
/// for another. How long an exchange may take is each call's own matter: a limit on silence would cut off an
/// upload over a slow line.
pub fn hub_client(
    time: &CertificateTime,
    authority: Option<&[u8]>,
    identity: Option<&[u8]>,
) -> Result<reqwest::Client, ClientError> {
    let builder = builder(tls(time, authority, identity)?).redirect(reqwest::redirect::Policy::none());
    Ok(builder.build()?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the set-up that the rest of the workspace uses"
)]
fn builder(tls: ClientConfig) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("mingchuang-sync-agent/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .tls_backend_preconfigured(tls)
}

/// TLS as the HTTP client sets it up by itself, but for the time: with the roots of the system.
fn tls(
    time: &CertificateTime,
    authority: Option<&[u8]>,
    identity: Option<&[u8]>,
) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = match authority {
        Some(authority) => Verifier::new_with_extra_roots(certificates(authority)?, Arc::clone(&provider))?,
        None => Verifier::new(Arc::clone(&provider))?,
    };
    let config = ClientConfig::builder_with_details(provider, Arc::new(time.clone()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        Some(identity) => {
            let key = PrivateKeyDer::from_pem_slice(identity)?;
            config.with_client_auth_cert(certificates(identity)?, key)?
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, pem::Error> {
    CertificateDer::pem_slice_iter(pem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_waited_for_longer_than_the_example_lets_it_hold_an_answer_back() {
        let example = include_str!("../../hub/site-cache.conf.example");
        let minutes = |name: &str| {
            let line = example
                .lines()
                .map(str::trim)
                .find_map(|line| line.strip_prefix(name));
            let value = line.and_then(|value| value.trim().strip_suffix("m;")).unwrap();
            Duration::from_mins(value.parse().unwrap())
        };
        assert!(SILENCE_OF_CACHE > minutes("proxy_cache_lock_timeout"));
        assert!(SILENCE_OF_CACHE > minutes("proxy_cache_lock_age"));
        assert!(SILENCE < minutes("proxy_cache_lock_timeout"));
    }
}
