//! What terminals report about themselves.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use catalog::release::RING_PLACES;
use catalog::submission::{Counters, GenerationReport, Health};
use serde::de::DeserializeOwned;

use super::caller::{Call, Certificate};
use super::{Intake, Problem};

/// How long a report may be.
const MOST_BYTES: usize = 1 << 18;

/// More of anything in a day no terminal counts; sums over a city stay within the database's numbers.
const MOST_COUNTED: u64 = 1 << 40;

/// Takes cumulative counts; the same ones again change nothing.
#[utoipa::path(
    put,
    path = "/v1/devices/{device}/counters",
    params(("device", description = "the device's name")),
    request_body(content = super::openapi::Counters),
    responses((status = 204, description = "taken"), (status = 400, description = "no such report"))
)]
pub(super) async fn counters(
    State(intake): State<Arc<Intake>>,
    Path(device): Path<String>,
    request: Request<Body>,
) -> Result<StatusCode, Problem> {
    let Call { device, body, .. } = intake
        .call(&device, request, MOST_BYTES, Certificate::AsConfigured)
        .await?;
    let counters: Counters = report(&body)?;
    if counters.counts.len() > Counters::MOST || counters.missed.len() > Counters::MOST {
        return Err(Problem::Body(format!("more than {} counts", Counters::MOST)));
    }
    if counters.counts.iter().any(|count| count.total > MOST_COUNTED) {
        return Err(Problem::Body(format!("a count above {MOST_COUNTED}")));
    }
    let is_hash = |term: &str| term.len() == 32 && term.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !counters.missed.iter().all(|missed| is_hash(&missed.term)) {
        return Err(Problem::Body("a term that is no hash".to_owned()));
    }
    intake.store.count(device.id, &counters).await?;
    intake.store.saw(device.id, intake.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a terminal's report of how it is; one that is not newer than what is kept is passed over.
#[utoipa::path(
    put,
    path = "/v1/devices/{device}/health",
    params(("device", description = "the device's name")),
    request_body(content = super::openapi::Health),
    responses((status = 204, description = "taken, or older than what is kept"), (status = 400, description = "no such report"))
)]
pub(super) async fn health(
    State(intake): State<Arc<Intake>>,
    Path(device): Path<String>,
    request: Request<Body>,
) -> Result<StatusCode, Problem> {
    let Call { device, body, .. } = intake
        .call(&device, request, MOST_BYTES, Certificate::AsConfigured)
        .await?;
    let health: Health = report(&body)?;
    intake.store.keep_health(device.id, &health).await?;
    intake.store.saw(device.id, intake.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes what became of a generation at a terminal; the same again changes nothing.
#[utoipa::path(
    put,
    path = "/v1/devices/{device}/generations/{generation}",
    params(
        ("device", description = "the device's name"),
        ("generation" = u64, Path, description = "the generation's number"),
    ),
    request_body(content = super::openapi::GenerationReport),
    responses((status = 204, description = "taken"), (status = 400, description = "no such report"))
)]
pub(super) async fn generation(
    State(intake): State<Arc<Intake>>,
    Path((device, generation)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<StatusCode, Problem> {
    let Call { device, body, .. } = intake
        .call(&device, request, MOST_BYTES, Certificate::AsConfigured)
        .await?;
    let number = generation
        .parse::<u64>()
        .ok()
        .and_then(|number| i64::try_from(number).ok());
    let number = number.ok_or(Problem::NotFound("generation"))?;
    let report: GenerationReport = report(&body)?;
    if report.place >= RING_PLACES {
        return Err(Problem::Body(format!("a place above {}", RING_PLACES - 1)));
    }
    let reason = report.reason.as_deref().unwrap_or_default();
    if reason.chars().count() > GenerationReport::LONGEST_REASON {
        return Err(Problem::Body("a long reason".to_owned()));
    }
    let now = intake.clock.now();
    intake
        .store
        .keep_generation_report(device.id, number, &report, now)
        .await?;
    intake.store.saw(device.id, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn report<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::Body(error.to_string()))
}
