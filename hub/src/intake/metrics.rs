//! The hub's numbers.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use catalog::submission::Kind;
use catalog::submission::enrolment::Standing;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use tokio::time::Instant;

use super::Intake;
use crate::database::DatabaseError;
use crate::store::{self, Store};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SubmissionLabels {
    kind: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeviceLabels {
    standing: &'static str,
}

/// What this hub counted since it started, and gauges over the database.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    submissions: Family<SubmissionLabels, Counter>,
    requests: Family<RequestLabels, Counter>,
    seconds: Histogram,
    devices: Family<DeviceLabels, Gauge>,
    alarms: Gauge,
    waiting: Gauge,
    quarantined: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("hub");
        let submissions = Family::default();
        registry.register(
            "submissions",
            "Envelopes handed in, by what became of them",
            submissions.clone(),
        );
        let requests = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 14));
        registry.register_with_unit(
            "request",
            "Time to answer a request",
            Unit::Seconds,
            seconds.clone(),
        );
        let devices = Family::default();
        registry.register("devices", "Terminals, by how they stand", devices.clone());
        let alarms = Gauge::default();
        registry.register(
            "alarms",
            "Envelopes that came twice with different content",
            alarms.clone(),
        );
        let waiting = Gauge::default();
        registry.register(
            "outbox_waiting",
            "Envelopes that wait at terminals, as last reported",
            waiting.clone(),
        );
        let quarantined = Gauge::default();
        registry.register(
            "outbox_quarantined",
            "Envelopes that hubs refused and terminals keep, as last reported",
            quarantined.clone(),
        );
        Self {
            registry,
            submissions,
            requests,
            seconds,
            devices,
            alarms,
            waiting,
            quarantined,
        }
    }
}

impl Metrics {
    pub(super) fn submission(&self, kind: Kind, taken: &store::Intake) {
        let result = match taken {
            store::Intake::New => "new",
            store::Intake::Known(_) => "known",
            store::Intake::Conflict => "conflict",
        };
        let labels = SubmissionLabels {
            kind: kind.name(),
            result,
        };
        self.submissions.get_or_create(&labels).inc();
    }

    /// Everything, with the gauges as the database has them now.
    pub(super) async fn text(&self, store: &Store) -> Result<String, DatabaseError> {
        let overview = store.overview().await?;
        for (standing, count) in [
            (Standing::Pending, overview.pending),
            (Standing::Approved, overview.approved),
            (Standing::Revoked, overview.revoked),
        ] {
            let labels = DeviceLabels {
                standing: store::standing_name(standing),
            };
            self.devices.get_or_create(&labels).set(count);
        }
        self.waiting.set(overview.waiting);
        self.quarantined.set(overview.quarantined);
        self.alarms.set(overview.alarms);
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("text can be written to a string");
        Ok(text)
    }
}

/// Counts a request.
pub(super) async fn count(State(intake): State<Arc<Intake>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let start = Instant::now();
    let response = next.run(request).await;
    let labels = RequestLabels {
        route,
        status: response.status().as_u16(),
    };
    intake.metrics.requests.get_or_create(&labels).inc();
    intake.metrics.seconds.observe(start.elapsed().as_secs_f64());
    response
}
