//! The agent, for as long as the terminal runs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use catalog::clock::{Clock, SystemClock};
use terminal_api::config::{self, Config};
use terminal_api::interface::PrinterState;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::board::Board;
use crate::http;
use crate::printing::{NoPrinter, Printing};
use crate::release::{Floors, Poller, Source, StateFolder, at_start};
use crate::scan::{self, ScanService};
use crate::varlink::{Callers, Socket};

/// Runs until the process is told to end.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let client = http::client().context("cannot set up the HTTP client")?;
    let source = Source::new(config.release.url.clone(), client)
        .with_context(|| format!("{} is no place of releases", config.release.url))?;
    let socket = Socket::bind(
        &config.agent.socket,
        Callers::new(config.agent.allow_uids.clone()),
    )?;

    let state = StateFolder::open(&config.release.state)?;
    let floors = Floors::open(state.path())
        .inspect_err(|error| warn!(%error, "the agent's memory cannot be read"))
        .ok();
    let release = at_start(&state, floors.as_ref(), clock.now());
    drop(floors);
    info!(
        generation = release.generation,
        url = %config.release.url,
        socket = %config.agent.socket.display(),
        "started"
    );
    let board = Arc::new(Board::new(release, PrinterState::NotConfigured, &*clock));
    let printing: Arc<dyn Printing> = Arc::new(NoPrinter);
    let _socket_file = socket.serve(Arc::clone(&board), printing)?;
    let _scanner = config
        .scanner
        .map(|scanner| {
            ScanService::start(scan::Setup {
                endpoint: endpoint(scanner.endpoint),
                content: state.current_link(),
                public_url: config.public.as_ref().map(|public| public.url.clone()),
                board: Arc::clone(&board),
            })
        })
        .transpose()?;

    let poller = Poller::new(
        source,
        config.release.root.clone(),
        config.release.state.clone(),
        Duration::from_secs(config.release.poll_seconds.into()),
        clock,
        board,
    );
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        () = poller.run() => (),
        _ = terminate.recv() => info!("told to end"),
        _ = interrupt.recv() => info!("interrupted"),
    }
    Ok(())
}

/// A device of the configuration, as the drivers name it.
fn endpoint(endpoint: config::Endpoint) -> hardware::wire::Endpoint {
    match endpoint {
        config::Endpoint::Tcp(address) => hardware::wire::Endpoint::Tcp(address),
        config::Endpoint::Device { path, baud } => hardware::wire::Endpoint::Device { path, baud },
    }
}
