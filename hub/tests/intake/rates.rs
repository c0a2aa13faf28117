//! How often may be asked.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use catalog::submission::enrolment::Standing;
use catalog::submission::sealed::digest;
use hub::database::Address;
use hub::intake::{Limits, Peer};

use crate::terminal::{Hub, Terminal, send};

pub(crate) async fn a_device_that_asks_too_often_is_told_when_to_come_back(address: Address) {
    let limits = Limits {
        device_per_minute: 2.try_into().unwrap(),
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (terminal, other) = (hub.terminal().await, hub.terminal().await);
    let path = terminal.path("certificate");
    for _ in 0..2 {
        assert_eq!(
            terminal.call(&hub.router, "POST", &path, Vec::new()).await.status,
            StatusCode::OK
        );
    }
    let refused = terminal.call(&hub.router, "POST", &path, Vec::new()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let path = other.path("certificate");
    assert_eq!(
        other.call(&hub.router, "POST", &path, Vec::new()).await.status,
        StatusCode::OK
    );
}

pub(crate) async fn known_terminals_behind_one_address_keep_nobody_out(address: Address) {
    let limits = Limits {
        enrolments_per_minute: 2.try_into().unwrap(),
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (known, other) = (hub.terminal().await, Terminal::new());
    for _ in 0..10 {
        assert_eq!(known.enrol(&hub.router).await, Standing::Approved);
    }
    assert_eq!(other.enrol(&hub.router).await, Standing::Pending);

    let (stranger, body) = (Terminal::new(), |terminal: &Terminal| {
        serde_json::to_vec(&terminal.enrolment()).unwrap()
    });
    let refused = stranger
        .call(&hub.router, "POST", "/v1/enrolments", body(&stranger))
        .await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    // Nor does it help to use another one's name.
    let path = "/v1/enrolments";
    let signed = catalog::submission::request::sign("POST", path, &digest(&body(&known)), &stranger.key);
    let name = signed
        .signature_input
        .replace(&stranger.id.to_string(), &known.id.to_string());
    let borrowed = Request::post(path)
        .header("content-digest", signed.content_digest)
        .header("signature-input", name)
        .header("signature", signed.signature)
        .body(Body::from(body(&known)))
        .unwrap();
    let refused = send(&hub.router, borrowed).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

pub(crate) async fn one_ipv6_network_enrols_no_more_strangers_than_one_address(address: Address) {
    let limits = Limits {
        enrolments_per_minute: 2.try_into().unwrap(),
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let enrol = async |from: &str| {
        let stranger = Terminal::new();
        let body = serde_json::to_vec(&stranger.enrolment()).unwrap();
        let mut request = stranger.sign("POST", "/v1/enrolments", &body);
        request.extensions_mut().insert(Peer {
            address: (from.parse::<IpAddr>().unwrap(), 1).into(),
            device: None,
        });
        send(&hub.router, request.map(|()| Body::from(body))).await.status
    };
    assert_eq!(enrol("2001:db8::1").await, StatusCode::OK);
    assert_eq!(enrol("2001:db8::2").await, StatusCode::OK);
    assert_eq!(enrol("2001:db8::3").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(enrol("2001:db8:0:1::1").await, StatusCode::OK);
}
