//! Letters to residents.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use catalog::submission::mailbox::MailboxId;

use super::caller::{Call, Certificate};
use super::{Intake, Problem};
use crate::store::Delivery;

/// Hands out the sealed letter of a mailbox.
#[utoipa::path(
    get,
    path = "/v1/devices/{device}/mailboxes/{mailbox}",
    params(
        ("device", description = "the device's name"),
        ("mailbox", description = "the mailbox's name: 32 hexadecimal digits"),
    ),
    responses(
        (status = 200, description = "the sealed letter", content_type = "application/octet-stream"),
        (status = 204, description = "the submission is here, and nobody has dealt with it yet"),
        (status = 404, description = "nothing was handed in under this mailbox"),
    )
)]
pub(super) async fn fetch(
    State(intake): State<Arc<Intake>>,
    Path((device, mailbox)): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let Call { device, .. } = intake
        .call(&device, request, 0, Certificate::AsConfigured)
        .await?;
    let mailbox: MailboxId = mailbox.parse().map_err(|_| Problem::NotFound("mailbox"))?;
    match intake.store.mailbox(device.id, mailbox).await? {
        Delivery::Letter(letter) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            Ok((headers, letter).into_response())
        }
        Delivery::Empty => Ok(StatusCode::NO_CONTENT.into_response()),
        Delivery::Unknown => Err(Problem::NotFound("mailbox")),
    }
}
