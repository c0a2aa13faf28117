//! The terminal's certificate for TLS, when the hub no longer takes it.

use catalog::clock::{Clock as _, SystemClock};
use jiff::SignedDuration;
use sync_agent::identity::Identity;

use crate::hub::Hub;
use crate::terminal::{Terminal, enrolled, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_the_hub_no_longer_takes_is_replaced_though_nobody_hands_anything_in() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path()).await;
    let url = format!("https://localhost:{}/", hub.address.port());
    let mut terminal = Terminal::new(folder.path(), &url);
    terminal.start().await;
    terminal.approved(&hub).await;
    enrolled(&terminal).await;
    terminal.kill();

    // By the terminal's clock the certificate is new; by the hub's it expired long ago.
    let now = SystemClock.now();
    let key = Identity::open(&terminal.state(), None).unwrap().key.public();
    let long_ago = now - SignedDuration::from_hours(24 * 365);
    let issued = hub.keys().authority.issue(&key, long_ago).unwrap();
    let kept = serde_json::json!({
        "issued_at": now,
        "issued_at_hub": now,
        "certificate": issued.certificate,
        "expires_at": now + SignedDuration::from_hours(24 * 7),
    });
    let file = terminal.state().join("certificate.json");
    catalog::atomic::write(&file, kept.to_string().as_bytes()).unwrap();
    terminal.start().await;
    until("the hub hears of the terminal again", async || {
        let health = hub.store.devices().await.unwrap().remove(0).health?;
        (health.reported_at > now).then_some(())
    })
    .await;
}
