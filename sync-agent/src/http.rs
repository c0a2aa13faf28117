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
