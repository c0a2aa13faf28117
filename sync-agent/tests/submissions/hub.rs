//! A hub that a test starts, stops and lies through.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use catalog::clock::SystemClock;
use catalog::submission::sealed::{OpeningKey, open};
use catalog::submission::{Kind, Payload, SubmissionId};
use hub::database::Address;
use hub::intake::{ClientCertificates, Intake, IntakeKeys, Limits, create_keys, opening_key, router};
use hub::serve::{Connections, Services, acceptor, serve_all};
use hub::store::{Store, Stored};
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A hub, its keys and its database.
pub(crate) struct Hub {
    folder: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    stop: Option<oneshot::Sender<()>>,
}

impl Hub {
    /// Starts a hub that ends TLS itself and asks for certificates, in a folder of its own.
    pub(crate) async fn start(folder: &Path) -> Self {
        create_keys(&folder.join("keys"), &SystemClock).unwrap();
        std::fs::create_dir_all(folder.join("repo")).unwrap();
        let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        catalog::atomic::write(&folder.join("tls.pem"), certificate.cert.pem().as_bytes()).unwrap();
        let key = certificate.signing_key.serialize_pem();
        catalog::atomic::write(&folder.join("tls.key"), key.as_bytes()).unwrap();
        let store = Store::open(&Address::File(folder.join("hub.db"))).await.unwrap();
        let mut hub = Self {
            folder: folder.to_owned(),
            address: "127.0.0.1:0".parse().unwrap(),
            store,
            stop: None,
        };
        hub.up().await;
        hub
    }

    /// Serves again, at the address of before.
    pub(crate) async fn up(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let keys = self.keys();
        let tls = acceptor(
            &self.folder.join("tls.pem"),
            &self.folder.join("tls.key"),
            Some(&keys.authority_certificate),
        )
        .unwrap();
        let intake = Intake::new(
            self.store.clone(),
            keys,
            Arc::new(SystemClock),
            ClientCertificates::Required,
            limits(),
        );
        let services = Services {
            folder: self.folder.join("repo"),
            intake: Some(Arc::new(intake)),
            tls: Some(tls),
            connections: Connections::default(),
        };
        let (stop, stopped) = oneshot::channel();
        self.stop = Some(stop);
        tokio::spawn(serve_all(services, listener, async move {
            let _told_or_dropped = stopped.await;
        }));
    }

    /// Serves without TLS, in front of it something that spoils answers.
    pub(crate) async fn behind(folder: &Path, spoiler: Arc<Spoiler>) -> Self {
        create_keys(&folder.join("keys"), &SystemClock).unwrap();
        let store = Store::open(&Address::File(folder.join("hub.db"))).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub = Self {
            folder: folder.to_owned(),
            address: listener.local_addr().unwrap(),
            store,
            stop: None,
        };
        let intake = Intake::new(
            hub.store.clone(),
            hub.keys(),
            Arc::new(SystemClock),
            ClientCertificates::Optional,
            limits(),
        );
        let router = router(Arc::new(intake)).layer(axum::middleware::from_fn(move |request, next| {
            let spoiler = Arc::clone(&spoiler);
            async move { spoiler.pass(request, next).await }
        }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        hub
    }

    /// No longer there.
    pub(crate) fn down(&mut self) {
        drop(self.stop.take());
    }

    pub(crate) fn keys(&self) -> IntakeKeys {
        IntakeKeys::open(&self.folder.join("keys"), SignedDuration::from_hours(24)).unwrap()
    }

    fn opening_key(&self) -> OpeningKey {
        opening_key(&self.folder.join("keys/sealing.key")).unwrap()
    }

    /// Everything of these kinds that the hub keeps.
    pub(crate) async fn kept(&self, kinds: &[Kind]) -> Vec<Stored> {
        let mut kept = Vec::new();
        for kind in kinds {
            kept.extend(self.store.submissions(*kind).await.unwrap());
        }
        kept
    }

    /// What was handed in under a name, opened.
    pub(crate) async fn opened(&self, id: &str) -> Option<Payload> {
        let bytes = self.content(id).await?;
        Some(Payload::from_bytes(&bytes).unwrap())
    }

    /// The content of an envelope.
    pub(crate) async fn content(&self, id: &str) -> Option<Vec<u8>> {
        let id: SubmissionId = id.parse().unwrap();
        let stored = self.store.find(id).await.unwrap()?;
        let sealed = self.store.sealed(stored.device, id).await.unwrap().unwrap();
        Some(open(&sealed, &self.opening_key()).unwrap().to_vec())
    }
}

/// A terminal here starts again and again, within a minute as often as others in a year.
fn limits() -> Limits {
    let often = NonZeroU32::new(1_000_000).unwrap();
    Limits {
        device_per_minute: often,
        enrolments_per_minute: often,
        ..Limits::default()
    }
}

/// Something between terminal and hub that spoils what it lets through.
#[derive(Debug, Default)]
pub(crate) struct Spoiler {
    /// The status to answer with in the hub's place; 0 for none.
    pub(crate) instead: AtomicU16,
    /// Whether that answer gives its reason as the hub does.
    pub(crate) as_the_hub: AtomicBool,
    /// How many answers to handing in the hub still gives that never reach the terminal.
    pub(crate) swallow: AtomicUsize,
    /// How many times something was handed in.
    pub(crate) seen: AtomicUsize,
}

impl Spoiler {
    async fn pass(&self, request: Request, next: Next) -> Response {
        if !request.uri().path().contains("/submissions/") {
            return next.run(request).await;
        }
        self.seen.fetch_add(1, Ordering::SeqCst);
        match self.instead.load(Ordering::SeqCst) {
            0 => {}
            200 => return (StatusCode::OK, "<html>Welcome to the hall's network</html>").into_response(),
            status => {
                // Somebody who has heard all of it, so that the terminal has said all of it in every run.
                let _heard = to_bytes(request.into_body(), usize::MAX).await;
                let status = StatusCode::from_u16(status).unwrap();
                let mut response = status.into_response();
                let soon = HeaderValue::from_static("0");
                response.headers_mut().insert(header::RETRY_AFTER, soon);
                if self.as_the_hub.load(Ordering::SeqCst) {
                    let problem = HeaderValue::from_static("application/problem+json");
                    response.headers_mut().insert(header::CONTENT_TYPE, problem);
                }
                return response;
            }
        }
        let answer = next.run(request).await;
        let swallow = self
            .swallow
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if swallow.is_ok() {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        answer
    }
}
