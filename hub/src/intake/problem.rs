//! Why a request was refused, as `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalog::submission::request::RequestError;
use catalog::submission::sealed::WrongEnvelope;
use serde_json::json;

use crate::database::DatabaseError;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The hub does not know this device, or does not know it any more: it should enrol.
    #[error("this hub does not know the device")]
    UnknownDevice,
    /// Staff have not approved the device yet.
    #[error("the device is not approved yet")]
    NotApproved,
    /// The device was revoked.
    #[error("the device was revoked")]
    Revoked,
    /// The request is not signed as it must be.
    #[error(transparent)]
    Unsigned(#[from] RequestError),
    /// The certificate is missing.
    #[error("this connection shows no certificate: fetch one")]
    NoCertificate,
    /// The certificate is another device's.
    #[error("the certificate of this connection is another device's")]
    Certificate,
    /// The body is not what it must be.
    #[error("{0}")]
    Body(String),
    /// The envelope is not in order.
    #[error(transparent)]
    Envelope(#[from] WrongEnvelope),
    /// The envelope is another than the address says.
    #[error("the envelope's {0} is not the one in the address")]
    Misaddressed(&'static str),
    /// The envelope was sealed to a key that is not this hub's, or not any more.
    #[error("sealed to a key that is not this hub's, or not any more")]
    OtherKey,
    /// Another envelope is kept under this name.
    #[error("another envelope is kept under this name")]
    Conflict,
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The body is too long.
    #[error("the body has more than {0} bytes")]
    TooLarge(usize),
    /// The body did not come in time.
    #[error("the body did not come within {0} s")]
    Slow(u64),
    /// Too many requests.
    #[error("too many requests; try again in {0} s")]
    TooMany(u64),
    /// The device has handed in as many bytes as it may within a day.
    #[error("too much was handed in within a day; try again in {0} s")]
    TooMuch(u64),
    /// So much is being handed in that there is no room for more.
    #[error("too much is being handed in; try again in {0} s")]
    NoRoom(u64),
    /// The database, or another part, does not do its work now.
    #[error("the hub cannot do this now")]
    Unavailable,
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            // Too early, not forbidden: what waits at the device must stay there and be tried again.
            Self::UnknownDevice | Self::NotApproved | Self::NoCertificate => StatusCode::TOO_EARLY,
            Self::Revoked | Self::Certificate => StatusCode::FORBIDDEN,
            Self::Unsigned(_) => StatusCode::UNAUTHORIZED,
            Self::Body(_) | Self::Misaddressed(_) => StatusCode::BAD_REQUEST,
            Self::Envelope(_) | Self::OtherKey => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict => StatusCode::CONFLICT,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) | Self::TooMuch(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoRoom(_) | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name by which a program tells it from others.
    const fn kind(&self) -> &'static str {
        match self {
            Self::UnknownDevice => "unknown-device",
            Self::NotApproved => "not-approved",
            Self::Revoked => "revoked",
            Self::Unsigned(_) => "unsigned",
            Self::NoCertificate => "no-certificate",
            Self::Certificate => "certificate",
            Self::Body(_) => "body",
            Self::Envelope(_) => "envelope",
            Self::Misaddressed(_) => "misaddressed",
            Self::OtherKey => "other-key",
            Self::Conflict => "conflict",
            Self::NotFound(_) => "not-found",
            Self::TooLarge(_) => "too-large",
            Self::Slow(_) => "slow",
            Self::TooMany(_) => "too-many",
            Self::TooMuch(_) => "too-much",
            Self::NoRoom(_) => "no-room",
            Self::Unavailable => "unavailable",
        }
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        tracing::error!(%error, "the database does not answer");
        Self::Unavailable
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = json!({
            "type": format!("about:mingchuang/{}", self.kind()),
            "title": self.to_string(),
            "status": status.as_u16(),
        });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Self::TooMany(seconds) | Self::TooMuch(seconds) | Self::NoRoom(seconds) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
