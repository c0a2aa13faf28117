//! What terminals ask of the hub: to be known, to hand in, to report, to fetch letters.
//!
//! Every request below `/v1/devices/{device}` is signed by the device
//! ([`catalog::submission::request`]); where TLS ends here, its certificate must be the same device's. The
//! hub keeps nothing but what is in its database, so several may stand behind one address.

mod caller;
mod devices;
mod keys;
mod limits;
mod mailboxes;
mod metrics;
mod openapi;
mod problem;
mod room;
mod sealing;
mod submissions;
mod telemetry;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post, put};
use catalog::clock::Clock;
use catalog::submission::DeviceId;

pub use keys::{
    IntakeKeyError, IntakeKeys, create as create_keys, opening as opening_key, receipts as receipts_key,
};
pub use limits::Limits;
pub use problem::Problem;
pub use sealing::{OpeningKeys, replace as replace_sealing_key};

use crate::store::Store;
use limits::Gate;
use metrics::Metrics;

/// Whether a terminal must show its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientCertificates {
    /// The signature on each request is enough; a certificate that is shown must still fit.
    #[default]
    Optional,
    /// Everything but enrolment and the first certificate needs one.
    Required,
}

/// The other end of a connection, as far as the connection itself shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its address.
    pub address: std::net::SocketAddr,
    /// The device of its certificate, where TLS ended here and it showed one.
    pub device: Option<DeviceId>,
}

/// A hub that takes submissions in.
pub struct Intake {
    store: Store,
    keys: IntakeKeys,
    clock: Arc<dyn Clock>,
    certificates: ClientCertificates,
    gate: Gate,
    metrics: Metrics,
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intake")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl Intake {
    /// A hub over `store`.
    #[must_use]
    pub fn new(
        store: Store,
        keys: IntakeKeys,
        clock: Arc<dyn Clock>,
        certificates: ClientCertificates,
        limits: Limits,
    ) -> Self {
        Self {
            store,
            keys,
            clock,
            certificates,
            gate: Gate::new(limits),
            metrics: Metrics::default(),
        }
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        self.store.ping().await.is_ok()
    }
}

/// An address of the API: the method in small letters, the path, and what answers.
type Route = (&'static str, &'static str, MethodRouter<Arc<Intake>>);

/// What terminals ask for; the OpenAPI document describes all of it.
fn routes() -> [Route; 7] {
    [
        ("post", "/v1/enrolments", post(devices::enrol)),
        (
            "post",
            "/v1/devices/{device}/certificate",
            post(devices::certificate),
        ),
        (
            "put",
            "/v1/devices/{device}/submissions/{submission}",
            put(submissions::hand_in),
        ),
        ("put", "/v1/devices/{device}/counters", put(telemetry::counters)),
        ("put", "/v1/devices/{device}/health", put(telemetry::health)),
        (
            "put",
            "/v1/devices/{device}/generations/{generation}",
            put(telemetry::generation),
        ),
        (
            "get",
            "/v1/devices/{device}/mailboxes/{mailbox}",
            get(mailboxes::fetch),
        ),
    ]
}

/// The addresses.
pub fn router(intake: Arc<Intake>) -> Router {
    let described = routes()
        .into_iter()
        .fold(Router::new(), |router, (_, path, answer)| {
            router.route(path, answer)
        });
    described
        .route("/v1/openapi.json", get(openapi::document))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&intake),
            metrics::count,
        ))
        .route("/metrics", get(numbers))
        // Each call limits its own body, after it has looked at the headers.
        .layer(DefaultBodyLimit::disable())
        .with_state(intake)
}

/// The hub's numbers, in the text format of Prometheus.
async fn numbers(State(intake): State<Arc<Intake>>) -> Result<Response, Problem> {
    let text = intake.metrics.text(&intake.store).await?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
