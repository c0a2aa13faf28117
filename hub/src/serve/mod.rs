//! A web server for a release, where no other is at hand.
//!
//! Everything in a release is a static file, so any web server will do; this one adds what is easily
//! forgotten: an `ETag` on the one file that changes, short addresses without a redirect, headers that
//! keep scripts out of the phone pages, and the right time to cache.

mod files;
mod headers;

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::trace::TraceLayer;

/// The folder that is served.
#[derive(Debug, Clone)]
struct Release {
    folder: Arc<Path>,
}

/// Serves the release in `folder` until `stop` is ready; answers that have begun are finished.
///
/// Only the folders of a release and its home page are reachable; what else lies beside them is not.
pub async fn serve(
    folder: PathBuf,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(folder))
        .with_graceful_shutdown(stop)
        .await
}

/// The addresses of a release.
pub fn router(folder: PathBuf) -> Router {
    let static_folder = |name: &str| ServeDir::new(folder.join(name)).append_index_html_on_directories(false);
    Router::new()
        .route("/", get(files::home))
        .route("/healthz", get(health))
        .route("/metadata/timestamp.json", get(files::timestamp))
        .nest_service("/metadata", static_folder("metadata"))
        .nest_service("/targets", static_folder("targets"))
        .route("/i/{id}", get(files::page))
        .route("/i/{id}/", get(files::page))
        .fallback(async || files::not_found())
        .layer(middleware::map_response(headers::secure))
        .layer(middleware::from_fn(headers::describe))
        .layer(TraceLayer::new_for_http())
        .with_state(Release {
            folder: folder.into(),
        })
}

/// 200 while there is a release to serve, 503 before the first one.
async fn health(State(release): State<Release>) -> Response {
    match tokio::fs::metadata(release.folder.join("metadata/timestamp.json")).await {
        Ok(_) => "ok\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "nothing published yet\n").into_response(),
    }
}
