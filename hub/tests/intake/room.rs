//! Bodies that are on their way at the same time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use catalog::clock::{Clock as _, SystemClock};
use catalog::submission::SubmissionId;
use futures_util::stream;
use hub::database::Address;
use hub::intake::Limits;
use jiff::SignedDuration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::terminal::{Answer, Hub, Terminal, send};

/// A body that stays on its way, and takes as much room as there may be, because it says no length.
struct Dripping {
    go_on: oneshot::Sender<()>,
    handed_in: JoinHandle<Answer>,
}

impl Dripping {
    /// Returns once the hub reads the body.
    async fn start(hub: &Hub, terminal: &Terminal, id: SubmissionId, sealed: Vec<u8>) -> Self {
        let (started, reading) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel::<()>();
        let path = terminal.path(&format!("submissions/{id}"));
        let request = terminal.sign("PUT", &path, &sealed).map(|()| {
            Body::from_stream(stream::once(async move {
                started.send(()).unwrap();
                goes_on.await.map(|()| Bytes::from(sealed))
            }))
        });
        let router = hub.router.clone();
        let handed_in = tokio::spawn(async move { send(&router, request).await });
        reading.await.unwrap();
        Self { go_on, handed_in }
    }

    async fn end(self) -> StatusCode {
        self.go_on.send(()).unwrap();
        self.handed_in.await.unwrap().status
    }
}

pub(crate) async fn bodies_on_their_way_have_so_much_room_together(address: Address) {
    let limits = Limits {
        body_bytes: 1 << 16,
        small_body_bytes: 0,
        room_time: Duration::ZERO,
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (slow, other) = (hub.terminal().await, hub.terminal().await);
    let (first, second) = (SubmissionId::new(), SubmissionId::new());
    let sealed = slow.seal(&hub, first, "slow").bytes;
    let slow = Dripping::start(&hub, &slow, first, sealed).await;

    let sealed = other.seal(&hub, second, "other").bytes;
    let refused = other.hand_in(&hub.router, second, &sealed).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (StatusCode::SERVICE_UNAVAILABLE, "no-room".into())
    );
    assert_eq!(refused.headers[header::RETRY_AFTER], "1");
    // What has no body needs no room.
    let path = other.path("certificate");
    let certificate = other.call(&hub.router, "POST", &path, Vec::new()).await;
    assert_eq!(certificate.status, StatusCode::OK);

    assert_eq!(slow.end().await, StatusCode::CREATED);
    let again = other.hand_in(&hub.router, second, &sealed).await;
    assert_eq!(again.status, StatusCode::CREATED);
}

pub(crate) async fn a_device_has_two_bodies_on_their_way_and_keeps_no_other_out(address: Address) {
    let limits = Limits {
        room_time: Duration::ZERO,
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (stolen, honest) = (hub.terminal().await, hub.terminal().await);
    let mut slow = Vec::new();
    for _ in 0..2 {
        let id = SubmissionId::new();
        slow.push(Dripping::start(&hub, &stolen, id, stolen.seal(&hub, id, "slow").bytes).await);
    }
    let hand_in = async |terminal: &Terminal| {
        let id = SubmissionId::new();
        let sealed = terminal.seal(&hub, id, "form").bytes;
        terminal.hand_in(&hub.router, id, &sealed).await
    };
    let refused = hand_in(&stolen).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (StatusCode::TOO_MANY_REQUESTS, "too-many".into())
    );
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(hand_in(&honest).await.status, StatusCode::CREATED);
    for body in slow {
        assert_eq!(body.end().await, StatusCode::CREATED);
    }
    assert_eq!(hand_in(&stolen).await.status, StatusCode::CREATED);
}

pub(crate) async fn small_bodies_find_room_while_large_ones_drip(address: Address) {
    let limits = Limits {
        body_bytes: 1 << 16,
        room_time: Duration::ZERO,
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (slow, other) = (hub.terminal().await, hub.terminal().await);
    let (first, second) = (SubmissionId::new(), SubmissionId::new());
    let dripping = Dripping::start(&hub, &slow, first, slow.seal(&hub, first, "slow").bytes).await;
    let sealed = other.seal(&hub, second, "other").bytes;
    let kept = other.hand_in(&hub.router, second, &sealed).await;
    assert_eq!(kept.status, StatusCode::CREATED);
    assert_eq!(dripping.end().await, StatusCode::CREATED);
}

pub(crate) async fn a_device_hands_in_so_many_bytes_a_day_and_what_is_kept_keeps_its_receipt(
    address: Address,
) {
    let probe = Hub::new(&address).await;
    let (terminal, other) = (probe.terminal().await, probe.terminal().await);
    let sealed = |hub: &Hub, terminal: &Terminal, id| terminal.seal(hub, id, "form").bytes;
    let length = sealed(&probe, &terminal, SubmissionId::new()).len() as u64;
    let limits = Limits {
        device_bytes_per_day: 2 * length,
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let ids = [SubmissionId::new(), SubmissionId::new(), SubmissionId::new()];
    let envelopes = ids.map(|id| sealed(&hub, &terminal, id));
    for at in 0..2 {
        let kept = terminal.hand_in(&hub.router, ids[at], &envelopes[at]).await;
        assert_eq!(kept.status, StatusCode::CREATED);
    }
    let refused = terminal.hand_in(&hub.router, ids[2], &envelopes[2]).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (StatusCode::TOO_MANY_REQUESTS, "too-much".into())
    );
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    let again = terminal.hand_in(&hub.router, ids[0], &envelopes[0]).await;
    assert_eq!(again.status, StatusCode::OK, "its receipt may have been lost");
    let id = SubmissionId::new();
    let kept = other.hand_in(&hub.router, id, &sealed(&hub, &other, id)).await;
    assert_eq!(kept.status, StatusCode::CREATED, "another device");
    // What is older than a day does not count.
    let since = async |time| hub.store.handed_in(terminal.id, time).await.unwrap();
    let now = SystemClock.now();
    assert_eq!(since(now - SignedDuration::from_hours(24)).await, 2 * length);
    assert_eq!(since(now).await, 0);
}
