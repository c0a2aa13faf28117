//! The OpenAPI document, `/v1/openapi.json`.
//!
//! The shapes are those of [`catalog::submission`], which knows no OpenAPI; a test holds them together.

#![expect(dead_code, reason = "shapes are described, never made")]

use axum::Json;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

/// A receipt and the hub's signature.
#[derive(ToSchema)]
pub(super) struct SignedReceipt {
    /// The receipt's JSON as it was signed: device, submission, sha256, received_at
    receipt: String,
    /// Ed25519, 128 hexadecimal digits
    signature: String,
}

/// What a terminal says when it asks to be known.
#[derive(ToSchema)]
pub(super) struct Enrolment {
    /// Its Ed25519 key, 64 hexadecimal digits
    public_key: String,
    /// The name of the place where it stands
    place: String,
    /// The code of the administrative division
    division: String,
}

/// How a device stands.
#[derive(ToSchema)]
pub(super) struct Enrolled {
    /// The device's name
    device: String,
    /// pending, approved or revoked
    standing: String,
}

/// A certificate for TLS.
#[derive(ToSchema)]
pub(super) struct IssuedCertificate {
    /// X.509, PEM
    certificate: String,
    /// RFC 3339
    expires_at: String,
}

/// Cumulative counts of one device.
#[derive(ToSchema)]
pub(super) struct Counters {
    /// A UUID, drawn anew when the device lost its counts
    epoch: String,
    /// At most 1000
    counts: Vec<Count>,
    /// Searches without result, as hashes, above the threshold only
    missed: Vec<MissedTerm>,
}

/// How often something happened on a day.
#[derive(ToSchema)]
pub(super) struct Count {
    /// Such as page.guide
    metric: String,
    /// YYYY-MM-DD, in China's time
    day: String,
    /// Since the beginning of the day
    total: u64,
}

/// A term that was searched for and not found.
#[derive(ToSchema)]
pub(super) struct MissedTerm {
    /// 32 hexadecimal digits
    term: String,
    /// YYYY-MM-DD, in China's time
    day: String,
    /// On how many visits
    visits: u32,
}

/// How a terminal is.
#[derive(ToSchema)]
pub(super) struct Health {
    /// Grows with every report
    sequence: i64,
    /// RFC 3339
    reported_at: String,
    /// The agent's version
    agent_version: String,
    /// generation, published_at, checked_at, problem
    #[schema(value_type = Object)]
    content: Value,
    /// frames, drawn_at; null where no kiosk ever reported
    #[schema(value_type = Option<Object>)]
    screen: Option<Value>,
    /// waiting, quarantined, oldest_at
    #[schema(value_type = Object)]
    outbox: Value,
    /// kind, condition, since
    #[schema(value_type = Vec<Object>)]
    devices: Vec<Value>,
    /// The terminal's clock runs behind a time that has certainly passed
    clock_behind: bool,
    /// Free bytes on the state folder's file system
    free_bytes: u64,
}

/// What became of a generation at a terminal.
#[derive(ToSchema)]
pub(super) struct GenerationReport {
    /// good or rolled-back
    outcome: String,
    /// Why the terminal went back; at most 500 characters
    reason: Option<String>,
    /// RFC 3339
    found_at: String,
    /// The terminal's place in the rings, 0 to 999
    place: u16,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mingchuang hub",
        description = "What terminals ask of the hub. Requests are signed by the device: HTTP Message Signatures \
                       (RFC 9421) over @method, @path and content-digest, Ed25519, label `device`. Errors are \
                       application/problem+json (RFC 9457)."
    ),
    paths(
        super::devices::enrol,
        super::devices::certificate,
        super::submissions::hand_in,
        super::telemetry::counters,
        super::telemetry::health,
        super::telemetry::generation,
        super::mailboxes::fetch,
    )
)]
struct Document;

/// The document.
pub(super) async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::submission as real;
    use serde::Serialize;

    use super::*;

    #[track_caller]
    fn same_fields(document: &Value, name: &str, sample: &impl Serialize) {
        let described = document["components"]["schemas"][name]["properties"]
            .as_object()
            .unwrap();
        let described: BTreeSet<_> = described.keys().cloned().collect();
        let sample = serde_json::to_value(sample).unwrap();
        let real: BTreeSet<_> = sample.as_object().unwrap().keys().cloned().collect();
        assert_eq!(described, real, "{name}");
    }

    #[test]
    fn the_document_describes_every_address_and_the_shapes_as_they_are() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                described.insert((method.clone(), path.clone()));
            }
        }
        let routes = crate::intake::routes().map(|(method, path, _)| (method.to_owned(), path.to_owned()));
        assert_eq!(described, BTreeSet::from(routes));
        let now = "2026-11-26T00:00:00Z".parse().unwrap();
        let key = real::DeviceKey::generate().unwrap();
        let device = real::DeviceId::of(&key.public());
        let receipt = real::Receipt {
            device,
            submission: real::SubmissionId::new(),
            sha256: String::new(),
            received_at: now,
        };
        same_fields(&document, "SignedReceipt", &receipt.sign(&key));
        let enrolment = real::enrolment::Enrolment {
            public_key: key.public(),
            place: String::new(),
            division: String::new(),
        };
        same_fields(&document, "Enrolment", &enrolment);
        let standing = real::enrolment::Standing::Pending;
        same_fields(
            &document,
            "Enrolled",
            &real::enrolment::Enrolled { device, standing },
        );
        let issued = real::enrolment::IssuedCertificate {
            certificate: String::new(),
            expires_at: now,
        };
        same_fields(&document, "IssuedCertificate", &issued);
        let count = real::Count {
            metric: "page.guide".parse().unwrap(),
            day: "2026-11-26".parse().unwrap(),
            total: 1,
        };
        same_fields(&document, "Count", &count);
        let missed = real::MissedTerm {
            term: String::new(),
            day: count.day,
            visits: 5,
        };
        same_fields(&document, "MissedTerm", &missed);
        let counters = real::Counters {
            epoch: uuid::Uuid::nil(),
            counts: vec![count],
            missed: vec![missed],
        };
        same_fields(&document, "Counters", &counters);
        let health = real::Health {
            sequence: 1,
            reported_at: now,
            agent_version: String::new(),
            content: real::ContentAge {
                generation: None,
                published_at: None,
                checked_at: None,
                problem: None,
            },
            screen: None,
            outbox: real::Outbox::default(),
            devices: Vec::new(),
            clock_behind: false,
            free_bytes: 0,
        };
        same_fields(&document, "Health", &health);
        let report = real::GenerationReport {
            outcome: real::GenerationOutcome::Good,
            reason: None,
            found_at: now,
            place: 0,
        };
        same_fields(&document, "GenerationReport", &report);
    }
}
