//! Terminals that wait for approval, more than there may be.

use axum::http::StatusCode;
use catalog::clock::{Clock as _, SystemClock};
use catalog::submission::enrolment::Standing;
use hub::database::Address;
use hub::intake::Limits;
use jiff::SignedDuration;

use crate::terminal::{Hub, Terminal};

pub(crate) async fn a_waiting_terminal_that_went_silent_gives_way_and_one_that_asks_does_not(
    address: Address,
) {
    let limits = Limits {
        pending_devices: 2,
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let known = async |terminal: &Terminal| hub.store.device(terminal.id).await.unwrap();
    let ask = async |terminal: &Terminal| {
        let body = serde_json::to_vec(&terminal.enrolment()).unwrap();
        let asked = terminal.call(&hub.router, "POST", "/v1/enrolments", body);
        asked.await.status
    };
    let now = SystemClock.now();
    let (approved, silent, asking) = (hub.terminal().await, Terminal::new(), Terminal::new());
    for (terminal, hours) in [(&silent, 2), (&asking, 3)] {
        let before = now - SignedDuration::from_hours(hours);
        hub.store.enrol(&terminal.enrolment(), before).await.unwrap();
    }
    assert_eq!(asking.enrol(&hub.router).await, Standing::Pending);
    let first_asked = known(&asking).await.unwrap();
    assert!(first_asked.seen_at.unwrap() > now - SignedDuration::from_hours(1));

    let new = Terminal::new();
    assert_eq!(new.enrol(&hub.router).await, Standing::Pending);
    assert!(known(&silent).await.is_none(), "it stood in the way");
    assert!(known(&asking).await.is_some(), "it had asked just before");

    let another = Terminal::new();
    assert_eq!(ask(&another).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(&silent).await, StatusCode::TOO_MANY_REQUESTS);
    assert!(hub.decide(&new, Standing::Approved).await);
    assert_eq!(silent.enrol(&hub.router).await, Standing::Pending, "it is back");
    assert_eq!(known(&approved).await.unwrap().standing, Standing::Approved);
}

pub(crate) async fn staff_forget_a_terminal_that_waits_and_no_other(address: Address) {
    let hub = Hub::new(&address).await;
    let (approved, waiting) = (hub.terminal().await, Terminal::new());
    waiting.enrol(&hub.router).await;
    let forget = async |terminal: &Terminal| hub.store.forget(terminal.id).await.unwrap();
    assert!(forget(&waiting).await);
    assert!(!forget(&waiting).await, "it is gone");
    assert!(!forget(&approved).await);
    assert!(hub.decide(&approved, Standing::Revoked).await);
    assert!(!forget(&approved).await, "a revoked key never comes back");
    assert_eq!(waiting.enrol(&hub.router).await, Standing::Pending);
}
