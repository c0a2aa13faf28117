//! Connections: accepted, limited, ended in order.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;
use tracing::{debug, warn};

use super::places::{Connections, Places};
use super::stall::Unstalled;
use super::tls;
use crate::intake::Peer;

/// How long a caller may take for its part of a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// How long a caller may take to send a request's head, or stay silent between two requests.
const HEAD: Duration = Duration::from_mins(1);
/// How long answers that have begun may take once the hub is told to end.
const FAREWELL: Duration = Duration::from_secs(30);

/// Serves `router` until `stop` is ready; answers that have begun are finished.
pub(super) async fn listen(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    connections: &Connections,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let all = Arc::new(Semaphore::new(connections.most));
    let places = Places::new(connections);
    let stall = connections.stall;
    let mut stop = pin!(stop);
    loop {
        let one = tokio::select! {
            one = Arc::clone(&all).acquire_owned() => one.expect("the semaphore is never closed"),
            () = &mut stop => break,
        };
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to come back.
                    warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // On a socket for both protocols an IPv4 caller comes with an IPv6 address.
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        let Some(place) = places.take(address.ip()) else {
            debug!(%address, "one connection too many");
            continue;
        };
        let stream = Unstalled::new(stream, stall);
        let (tls, router, watcher) = (tls.clone(), router.clone(), graceful.watcher());
        tokio::spawn(async move {
            if let Err(error) = greet(stream, address, tls, router, watcher).await {
                debug!(%address, error, "a connection ended");
            }
            drop((place, one));
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        warn!("some answers were cut off");
    }
    Ok(())
}

/// One connection, from its first byte on.
async fn greet(
    stream: Unstalled<TcpStream>,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    watcher: Watcher,
) -> Result<(), String> {
    let Some(tls) = tls else {
        return answer(
            stream,
            Peer {
                address,
                device: None,
            },
            router,
            watcher,
        )
        .await;
    };
    let stream = tokio::time::timeout(HANDSHAKE, tls.accept(stream))
        .await
        .map_err(|_| "no TLS handshake in time".to_owned())?
        .map_err(|error| error.to_string())?;
    let device = tls::device(stream.get_ref().1);
    answer(stream, Peer { address, device }, router, watcher).await
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    watcher: Watcher,
) -> Result<(), String> {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    watcher.watch(connection).await.map_err(|error| error.to_string())
}
