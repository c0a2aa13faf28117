//! The one place that sets up the HTTP client.

use std::time::Duration;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may stay silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// A pooled client; make one and clone it.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the set-up that the rest of the workspace uses"
)]
pub fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(concat!("mingchuang-sync-agent/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::limited(3))
        .build()
}

/// A client of the hub: `authority` may have signed the hub's certificate, `identity` is the terminal's own
/// certificate with its key (all PEM). It follows no redirection: what is signed for one address is not
/// for another. How long an exchange may take is each call's own matter: a limit on silence would cut off an
/// upload over a slow line.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the set-up that the rest of the workspace uses"
)]
pub fn hub_client(authority: Option<&[u8]>, identity: Option<&[u8]>) -> reqwest::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("mingchuang-sync-agent/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .redirect(reqwest::redirect::Policy::none());
    if let Some(authority) = authority {
        builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(authority)?);
    }
    if let Some(identity) = identity {
        builder = builder.identity(reqwest::Identity::from_pem(identity)?);
    }
    builder.build()
}
