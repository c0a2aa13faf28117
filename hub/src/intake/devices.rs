//! Becoming known, and certificates.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Request;
use catalog::submission::enrolment::{Enrolled, Enrolment, IssuedCertificate};
use catalog::submission::request;
use jiff::SignedDuration;

use super::caller::{Call, Certificate, signed};
use super::{Intake, Problem};
use crate::store::Device;

/// How long an enrolment may be.
const MOST_BYTES: usize = 1 << 12;
/// How long a place's name may be, in characters.
const MOST_CHARACTERS: usize = 100;
/// A terminal that waits for approval and has not asked for so long is forgotten where there are too many: it asks every few
/// seconds while it is on.
const SILENT: SignedDuration = SignedDuration::from_hours(1);

/// Asks to be known. Asking again tells how the device stands.
#[utoipa::path(
    post,
    path = "/v1/enrolments",
    request_body(content = super::openapi::Enrolment, description = "signed with the key in it"),
    responses(
        (status = 200, body = super::openapi::Enrolled, description = "how the device stands"),
        (status = 400, description = "no such request"),
        (status = 401, description = "not signed with the key in it"),
        (status = 429, description = "too many requests, or too many devices that wait for approval"),
    )
)]
pub(super) async fn enrol(
    State(intake): State<Arc<Intake>>,
    request: Request<Body>,
) -> Result<Json<Enrolled>, Problem> {
    let (parts, body) = request.into_parts();
    let signed = signed(&parts.headers)?;
    let known = intake
        .store
        .device(request::signer(&signed.signature_input)?)
        .await?;
    let is_itself =
        |device: &Device| request::verify("POST", parts.uri.path(), &signed, &device.public_key).is_ok();
    match &known {
        // Behind one address there may be a whole city of terminals that ask how they stand.
        Some(device) if is_itself(device) => intake.gate.device(device.id)?,
        _ => intake.gate.enrolment(parts.extensions.get(), &parts.headers)?,
    }
    let body = intake.gate.body(None, body, MOST_BYTES).await?;
    request::check_body(&signed.content_digest, &body)?;
    let enrolment: Enrolment =
        serde_json::from_slice(&body).map_err(|error| Problem::Body(error.to_string()))?;
    request::verify("POST", parts.uri.path(), &signed, &enrolment.public_key)?;
    let is_division = matches!(enrolment.division.len(), 6 | 9 | 12)
        && enrolment.division.bytes().all(|byte| byte.is_ascii_digit());
    let place = enrolment.place.trim();
    let is_place =
        !place.is_empty() && place.chars().count() <= MOST_CHARACTERS && !place.chars().any(char::is_control);
    if !is_division || !is_place {
        return Err(Problem::Body(
            "the place or its division is not as it must be".to_owned(),
        ));
    }
    let now = intake.clock.now();
    if known.is_none() {
        let most = i64::from(intake.gate.pending_devices);
        if !intake.store.make_room(most, now - SILENT).await? {
            return Err(Problem::TooMany(SILENT.as_secs().unsigned_abs()));
        }
    }
    let device = intake.store.enrol(&enrolment, now).await?;
    Ok(Json(Enrolled {
        device: device.id,
        standing: device.standing,
    }))
}

/// Issues a certificate to an approved device, for the key that it is known by.
#[utoipa::path(
    post,
    path = "/v1/devices/{device}/certificate",
    params(("device", description = "the device's name")),
    responses(
        (status = 200, body = super::openapi::IssuedCertificate, description = "the certificate"),
        (status = 403, description = "the device was revoked"),
        (status = 425, description = "the device is unknown, or not approved yet: try again"),
    )
)]
pub(super) async fn certificate(
    State(intake): State<Arc<Intake>>,
    Path(device): Path<String>,
    request: Request<Body>,
) -> Result<Json<IssuedCertificate>, Problem> {
    let Call { device, .. } = intake.call(&device, request, 0, Certificate::NotYet).await?;
    let now = intake.clock.now();
    let issued = intake
        .keys
        .authority
        .issue(&device.public_key, now)
        .map_err(|error| {
            tracing::error!(%error, "no certificate can be issued");
            Problem::Unavailable
        })?;
    intake.store.saw(device.id, now).await?;
    Ok(Json(issued))
}
