//! A terminal that speaks to a hub's router, byte for byte as a real one does.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use catalog::clock::SystemClock;
use catalog::submission::enrolment::{Enrolled, Enrolment, Standing};
use catalog::submission::mailbox::MailboxSecret;
use catalog::submission::request::{self, CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
use catalog::submission::sealed::{Label, Sealed, SealingKey, seal};
use catalog::submission::{DeviceId, DeviceKey, Kind, SubmissionId};
use hub::database::Address;
use hub::intake::{ClientCertificates, Intake, IntakeKeys, Limits, create_keys, router};
use hub::store::Store;
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use tower::ServiceExt as _;

/// A hub over a database, without a network.
pub(crate) struct Hub {
    pub(crate) store: Store,
    pub(crate) router: Router,
    pub(crate) sealing_key: SealingKey,
    pub(crate) folder: tempfile::TempDir,
}

impl Hub {
    pub(crate) async fn new(address: &Address) -> Self {
        Self::with_limits(address, Limits::default()).await
    }

    pub(crate) async fn with_limits(address: &Address, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        create_keys(folder.path(), &SystemClock).unwrap();
        let store = Store::open(address).await.unwrap();
        let keys = IntakeKeys::open(folder.path(), SignedDuration::from_hours(24)).unwrap();
        let sealing_key = keys.public.sealing_key.clone();
        let certificates = ClientCertificates::Optional;
        let intake = Intake::new(store.clone(), keys, Arc::new(SystemClock), certificates, limits);
        Self {
            store,
            router: router(Arc::new(intake)),
            sealing_key,
            folder,
        }
    }

    /// Another hub with the same keys over the same database.
    pub(crate) async fn twin(&self, address: &Address) -> Router {
        let store = Store::open(address).await.unwrap();
        let keys = IntakeKeys::open(self.folder.path(), SignedDuration::from_hours(24)).unwrap();
        let certificates = ClientCertificates::Optional;
        let intake = Intake::new(
            store,
            keys,
            Arc::new(SystemClock),
            certificates,
            Limits::default(),
        );
        router(Arc::new(intake))
    }

    /// A terminal that staff have approved.
    pub(crate) async fn terminal(&self) -> Terminal {
        let terminal = Terminal::new();
        assert_eq!(terminal.enrol(&self.router).await, Standing::Pending);
        self.decide(&terminal, Standing::Approved).await;
        terminal
    }

    pub(crate) async fn decide(&self, terminal: &Terminal, standing: Standing) -> bool {
        let now = "2026-11-26T08:00:00Z".parse().unwrap();
        self.store
            .decide(terminal.id, standing, "tester", now)
            .await
            .unwrap()
    }
}

/// What a hub answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem's name.
    pub(crate) fn problem(&self) -> String {
        let body: serde_json::Value = self.json();
        let kind = body["type"].as_str().unwrap();
        kind.strip_prefix("about:mingchuang/").unwrap().to_owned()
    }
}

pub(crate) struct Terminal {
    pub(crate) id: DeviceId,
    pub(crate) key: DeviceKey,
    pub(crate) secret: MailboxSecret,
}

impl Terminal {
    pub(crate) fn new() -> Self {
        let key = DeviceKey::generate().unwrap();
        Self {
            id: DeviceId::of(&key.public()),
            key,
            secret: MailboxSecret::generate().unwrap(),
        }
    }

    /// An envelope with an application in it.
    pub(crate) fn seal(&self, hub: &Hub, submission: SubmissionId, content: &str) -> Sealed {
        let label = self.label(submission, Kind::DisclosureApplication);
        seal(&hub.sealing_key, label, content.as_bytes(), &self.key)
    }

    pub(crate) fn label(&self, submission: SubmissionId, kind: Kind) -> Label {
        let mailbox = self.secret.mailbox(&self.secret.code(submission));
        Label {
            key: [0; 16],
            device: self.id,
            submission,
            kind,
            regarding: None,
            mailbox: Some(mailbox.public_key()),
        }
    }

    pub(crate) async fn enrol(&self, router: &Router) -> Standing {
        let body = serde_json::to_vec(&self.enrolment()).unwrap();
        let answer = self.call(router, "POST", "/v1/enrolments", body).await;
        assert_eq!(answer.status, StatusCode::OK);
        let enrolled: Enrolled = answer.json();
        assert_eq!(enrolled.device, self.id);
        enrolled.standing
    }

    pub(crate) fn enrolment(&self) -> Enrolment {
        Enrolment {
            public_key: self.key.public(),
            place: "斜塘街道".into(),
            division: "320571".into(),
        }
    }

    pub(crate) async fn hand_in(&self, router: &Router, id: SubmissionId, bytes: &[u8]) -> Answer {
        let path = self.path(&format!("submissions/{id}"));
        self.call(router, "PUT", &path, bytes.to_vec()).await
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/devices/{}/{rest}", self.id)
    }

    /// Signs a request, and asks.
    pub(crate) async fn call(&self, router: &Router, method: &str, path: &str, body: Vec<u8>) -> Answer {
        let request = self.sign(method, path, &body).map(|()| Body::from(body));
        send(router, request).await
    }

    /// A request that is signed for this body.
    pub(crate) fn sign(&self, method: &str, path: &str, body: &[u8]) -> Request<()> {
        let signed = request::sign(
            method,
            path,
            &catalog::submission::sealed::digest(body),
            &self.key,
        );
        Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_DIGEST, signed.content_digest)
            .header(SIGNATURE_INPUT, signed.signature_input)
            .header(SIGNATURE, signed.signature)
            .body(())
            .unwrap()
    }
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, 1 << 24).await.unwrap().to_vec(),
    }
}
