//! Handing in.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use catalog::submission::sealed::{Envelope, Label};
use catalog::submission::{Kind, MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, Receipt};
use jiff::{SignedDuration, Timestamp};

use super::caller::{Call, Certificate};
use super::{Intake, Problem};
use crate::store;

/// How long the envelope of an attachment may be: its file, padding, and what an envelope adds.
const MOST_BYTES: usize = MOST_ATTACHMENT_BYTES + (1 << 18);
/// How long the envelope of anything else may be.
const MOST_FORM_BYTES: usize = 1 << 18;
/// The time for which what a device hands in is added up.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// When a device may come back that has handed in too much.
const COME_BACK: Duration = Duration::from_mins(15);

/// Keeps a sealed envelope, once.
#[utoipa::path(
    put,
    path = "/v1/devices/{device}/submissions/{submission}",
    params(
        ("device", description = "the device's name: 32 hexadecimal digits"),
        ("submission", description = "the submission's name: a UUIDv7"),
        ("Content-Digest" = String, Header, description = "SHA-256 of the body (RFC 9530)"),
        ("Signature-Input" = String, Header, description = "RFC 9421, as the other calls"),
        ("Signature" = String, Header, description = "RFC 9421, as the other calls"),
    ),
    request_body(content_type = "application/octet-stream", description = "the sealed envelope"),
    responses(
        (status = 201, body = super::openapi::SignedReceipt, description = "new, and now kept"),
        (status = 200, body = super::openapi::SignedReceipt, description = "the same was kept before; the receipt of then"),
        (status = 401, description = "not signed by the device"),
        (status = 403, description = "the device was revoked"),
        (status = 409, description = "another envelope is kept under this name; an alarm is raised"),
        (status = 413, description = "too long"),
        (status = 422, description = "no envelope that this hub can keep"),
        (status = 425, description = "the device is unknown, or not approved yet: try again"),
        (status = 429, description = "too many requests, too many bodies at a time or too many bytes a day: try again after Retry-After"),
        (status = 503, description = "no room or no database now: try again, after Retry-After where it is given"),
    )
)]
pub(super) async fn hand_in(
    State(intake): State<Arc<Intake>>,
    Path((device, submission)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let Call { device, body, sha256 } = intake
        .call(&device, request, MOST_BYTES, Certificate::AsConfigured)
        .await?;
    let envelope = Envelope::parse(&body)?;
    let label = envelope.label;
    if label.device != device.id {
        return Err(Problem::Misaddressed("device"));
    }
    if label.submission.to_string() != submission {
        return Err(Problem::Misaddressed("submission"));
    }
    if !intake.keys.public.takes(&label.key, intake.clock.now()) {
        return Err(Problem::OtherKey);
    }
    if label.kind != Kind::Attachment && body.len() > MOST_FORM_BYTES {
        return Err(Problem::TooLarge(MOST_FORM_BYTES));
    }
    envelope.verify(&device.public_key)?;
    if let Some(regarding) = label.regarding {
        let kept = intake
            .store
            .attachments(device.id, regarding, label.submission)
            .await?;
        if kept >= MOST_ATTACHMENTS as i64 {
            return Err(Problem::Body(format!("more than {MOST_ATTACHMENTS} attachments")));
        }
    }
    let now = intake.clock.now();
    intake.check_day(&label, body.len(), now).await?;
    let sha256 = hex::encode(sha256);
    let receipt = Receipt {
        device: device.id,
        submission: label.submission,
        sha256: sha256.clone(),
        received_at: now,
    };
    let receipt = receipt.sign(&intake.keys.receipts);
    let taken = intake.store.take_in(&label, &sha256, body, &receipt, now).await?;
    intake.store.saw(device.id, now).await?;
    intake.metrics.submission(label.kind, &taken);
    match taken {
        store::Intake::New => Ok((StatusCode::CREATED, Json(receipt)).into_response()),
        store::Intake::Known(receipt) => Ok(Json(receipt).into_response()),
        store::Intake::Conflict => {
            tracing::warn!(device = %device.id, submission = %label.submission, "another envelope under the same name");
            Err(Problem::Conflict)
        }
    }
}

impl Intake {
    /// Whether one more envelope of a device fits into what it may hand in within a day. What is kept already is answered in
    /// any case.
    async fn check_day(&self, label: &Label, length: usize, now: Timestamp) -> Result<(), Problem> {
        let (device, submission) = (label.device, label.submission);
        let before = self.store.handed_in(device, now - DAY).await?;
        if before.saturating_add(length as u64) <= self.gate.device_bytes_per_day
            || self.store.has(device, submission).await?
        {
            return Ok(());
        }
        tracing::warn!(%device, bytes = before, "a device hands in more than it may within a day");
        Err(Problem::TooMuch(COME_BACK.as_secs()))
    }
}
