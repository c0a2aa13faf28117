//! Bodies that are on their way at the same time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use catalog::submission::SubmissionId;
use futures_util::stream;
use hub::database::Address;
use hub::intake::Limits;
use tokio::sync::oneshot;

use crate::terminal::{Hub, send};

pub(crate) async fn bodies_on_their_way_have_so_much_room_together(address: Address) {
    let limits = Limits {
        body_bytes: 1 << 16,
        room_time: Duration::ZERO,
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (slow, other) = (hub.terminal().await, hub.terminal().await);
    let (first, second) = (SubmissionId::new(), SubmissionId::new());
    let sealed = slow.seal(&hub, first, "slow").bytes;
    let (started, reading) = oneshot::channel();
    let (go_on, goes_on) = oneshot::channel::<()>();
    let path = slow.path(&format!("submissions/{first}"));
    // Without a length it takes as much room as there may be.
    let request = slow.sign("PUT", &path, &sealed).map(|()| {
        Body::from_stream(stream::once(async move {
            started.send(()).unwrap();
            goes_on.await.map(|()| Bytes::from(sealed))
        }))
    });
    let router = hub.router.clone();
    let handed_in = tokio::spawn(async move { send(&router, request).await });
    reading.await.unwrap();

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

    go_on.send(()).unwrap();
    assert_eq!(handed_in.await.unwrap().status, StatusCode::CREATED);
    let again = other.hand_in(&hub.router, second, &sealed).await;
    assert_eq!(again.status, StatusCode::CREATED);
}
