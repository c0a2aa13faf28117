//! A web server for a release, where no other is at hand, and for what terminals hand in.
//!
//! Everything in a release is a static file, so any web server will do; this one adds what is easily
//! forgotten: an `ETag` on the one file that changes, short addresses without a redirect, headers that
//! keep scripts out of the phone pages, and the right time to cache.

mod descriptors;
mod files;
mod headers;
mod listen;
mod places;
mod stall;
mod tls;

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
use tokio_rustls::TlsAcceptor;
use tower_http::services::ServeDir;
use tower_http::trace::TraceLayer;

use crate::intake::{self, Intake};
pub use descriptors::raise_open_files;
pub(crate) use headers::keep;
pub use places::Connections;
pub use tls::{TlsError, acceptor};

/// The folder that is served.
#[derive(Debug, Clone)]
struct Release {
    folder: Arc<Path>,
    intake: Option<Arc<Intake>>,
}

/// What a hub serves, and how.
#[derive(Clone)]
pub struct Services {
    /// The folder of the release.
    pub folder: PathBuf,
    /// What terminals hand in, if this hub takes it.
    pub intake: Option<Arc<Intake>>,
    /// TLS, if it ends here.
    pub tls: Option<TlsAcceptor>,
    /// How many callers at a time, and how slow.
    pub connections: Connections,
}

/// Serves the release in `folder` until `stop` is ready; answers that have begun are finished.
///
/// Only the folders of a release and its home page are reachable; what else lies beside them is not.
pub async fn serve(
    folder: PathBuf,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let services = Services {
        folder,
        intake: None,
        tls: None,
        connections: Connections::default(),
    };
    serve_all(services, listener, stop).await
}

/// Serves all of a hub until `stop` is ready; answers that have begun are finished.
pub async fn serve_all(
    services: Services,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let Services {
        folder,
        intake,
        tls,
        connections,
    } = services;
    let intake_routes = intake.clone().map(intake::router).unwrap_or_default();
    let router = release_router(folder, intake).merge(intake_routes);
    listen::listen(listener, tls, router, &connections, stop).await
}

/// The addresses of a release.
pub fn router(folder: PathBuf) -> Router {
    release_router(folder, None)
}

fn release_router(folder: PathBuf, intake: Option<Arc<Intake>>) -> Router {
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
        .layer(middleware::map_response(files::later))
        .layer(middleware::map_response(headers::secure))
        .layer(middleware::from_fn(headers::describe))
        .layer(TraceLayer::new_for_http())
        .with_state(Release {
            folder: folder.into(),
            intake,
        })
}

/// 200 while there is a release to serve and, where things are taken in, the database answers; else 503.
async fn health(State(release): State<Release>) -> Response {
    if let Some(intake) = &release.intake
        && !intake.is_ready().await
    {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    }
    match tokio::fs::metadata(release.folder.join("metadata/timestamp.json")).await {
        Ok(_) => "ok\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "nothing published yet\n").into_response(),
    }
}
