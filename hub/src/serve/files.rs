//! The files that need more than being read from the disk.

use std::io;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use catalog::record::RecordId;
use sha2::{Digest as _, Sha256};

use super::Release;

/// What a phone sees at an address that never was a record's.
const NOT_FOUND: &str = include_str!("not-found.html");

/// `timestamp.json` with an entity tag over its bytes, so that a terminal that asks every few minutes
/// is mostly told that nothing is new.
pub(super) async fn timestamp(State(release): State<Release>, request: HeaderMap) -> Response {
    let content = match tokio::fs::read(release.folder.join("metadata/timestamp.json")).await {
        Ok(content) => content,
        Err(error) if is_missing(&error) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return unavailable(&error),
    };
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&content)[..16]));
    let mut response = if names_tag(&request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], content).into_response()
    };
    let tag = HeaderValue::try_from(tag).expect("hex digits are fit for a header");
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// Whether `If-None-Match` names the tag; compared weakly (RFC 9110, section 13.1.2).
fn names_tag(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|value| value.trim().trim_start_matches("W/"))
        .any(|value| value == tag || value == "*")
}

/// The phone page of a record, at its short address.
pub(super) async fn page(State(release): State<Release>, Path(id): Path<String>) -> Response {
    let Ok(id) = RecordId::try_from(id) else {
        return not_found();
    };
    let path = release.folder.join("i").join(id.as_str()).join("index.html");
    match tokio::fs::read_to_string(path).await {
        Ok(html) => Html(html).into_response(),
        Err(error) if is_missing(&error) => not_found(),
        Err(error) => unavailable(&error),
    }
}

/// The page at the root of the release, where it has one.
pub(super) async fn home(State(release): State<Release>) -> Response {
    match tokio::fs::read_to_string(release.folder.join("index.html")).await {
        Ok(html) => Html(html).into_response(),
        Err(error) if is_missing(&error) => not_found(),
        Err(error) => unavailable(&error),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The answer for what is there and cannot be read now, as when too many files are open: callers come back, and no cache keeps
/// that it is gone.
fn unavailable(error: &io::Error) -> Response {
    tracing::warn!(%error, "cannot read a file of the release");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Folders that are served as they are say 500 of what cannot be read now; it is 503 like everything else.
pub(super) async fn later(mut response: Response) -> Response {
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

/// The answer to an address that is none of ours.
pub(super) fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Html(NOT_FOUND)).into_response()
}
