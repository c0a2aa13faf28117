//! Headers of every answer.

use std::ffi::OsStr;
use std::path::Path;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// What a phone page may do: nothing but show itself. Its style is inside it.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                           form-action 'none'; frame-ancestors 'none'";

/// Adds the security headers.
pub(super) async fn secure(mut response: Response) -> Response {
    let headers: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Says how long an answer may be kept, and what compressed targets are (RFC 8878).
pub(super) async fn describe(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (kept, compressed) = (keep(path), Path::new(path).extension() == Some(OsStr::new("zst")));
    let mut response = next.run(request).await;
    let found = matches!(
        response.status(),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED
    );
    let kept = if found { kept } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if found && compressed {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zstd"));
    }
    response
}

/// How long what lies at `path` may be kept. Names with a digest or a version never change their content.
pub(crate) fn keep(path: &str) -> &'static str {
    let versioned = |name: &str| {
        name.split_once('.')
            .is_some_and(|(number, _)| number.parse::<u64>().is_ok())
    };
    match path.split_once('/').map(|(_, path)| path.split_once('/')) {
        Some(Some(("targets", _))) => "public, max-age=31536000, immutable",
        Some(Some(("metadata", name))) if versioned(name) => "public, max-age=31536000, immutable",
        Some(Some(("i", _))) => "public, max-age=300",
        _ => "no-cache",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_changes_is_kept_for_long() {
        for path in [
            "/targets/ab12.snapshot.db.zst",
            "/metadata/12.targets.json",
            "/metadata/1.root.json",
        ] {
            assert!(keep(path).contains("immutable"), "{path}");
        }
        for path in ["/metadata/timestamp.json", "/healthz", "/"] {
            assert_eq!(keep(path), "no-cache", "{path}");
        }
        assert_eq!(keep("/i/guide-001"), "public, max-age=300");
    }
}
