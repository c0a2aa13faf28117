//! The agent, for as long as the terminal runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use catalog::clock::{Clock, SystemClock};
use catalog::explain;
use catalog::submission::HubKeys;
use terminal_api::config::Config;
use terminal_api::interface::{PrinterState, Refusal};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info, warn};

use crate::board::Board;
use crate::card::CardService;
use crate::device::{endpoint, source};
use crate::gpio::{GpioService, Lamps};
use crate::identity::{Enroller, HubClient, Identity};
use crate::outbox::{Reporter, Submissions};
use crate::peripherals::Peripherals;
use crate::print::{Journal, PrintService};
use crate::printing::{NoPrinter, OutOfOrder, Printing};
use crate::release::{Floors, Poller, Source, StateFolder, at_start};
use crate::scan::ScanService;
use crate::varlink::{Callers, Socket};
use crate::{agent_db, card, gpio, http, outbox, print, release, scan};

/// Runs until the process is told to end.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let client = http::client().context("cannot set up the HTTP client")?;
    let mut source = Source::new(config.release.url.clone(), client)
        .with_context(|| format!("{} is no place of releases", config.release.url))?;
    if let Some(cache) = config.release.site_cache.clone() {
        source = source.with_cache(cache);
    }
    let socket = Socket::bind(
        &config.agent.socket,
        Callers::new(config.agent.allow_uids.clone()),
    )?;
    let state = StateFolder::open(&config.release.state)?;
    let board = Arc::new(board(&config, &state, &clock));
    info!(
        generation = board.status().release.generation,
        url = %config.release.url,
        socket = %config.agent.socket.display(),
        "started"
    );

    let lamps = Arc::new(Lamps::default());
    let (poller, releases) = Poller::new(release::Setup {
        source,
        factory_root: config.release.root.clone(),
        state: config.release.state.clone(),
        poll: Duration::from_secs(config.release.poll_seconds.into()),
        sticks: config.release.sticks.clone(),
        options: release::Options {
            ring_id: config.release.ring_id.clone(),
            ..release::Options::new(&config.release.download)
        },
        clock: Arc::clone(&clock),
        board: Arc::clone(&board),
    });
    let printing = printing(&config, &state, &clock, &board, &lamps);
    let peripherals = Peripherals {
        printing,
        card: card_reader(&config, &clock, &board, &lamps)?,
        submissions: submissions(&config, &state, &clock, &board),
        releases,
        content: state.current_link(),
        logo: config.printer.as_ref().and_then(|printer| printer.logo.clone()),
    };
    let handed_in = peripherals.submissions.clone().ok();
    let _socket_file = socket.serve(Arc::clone(&board), Arc::new(peripherals))?;
    let _scanner = scanner(&config, &state, &board, &lamps)?;
    let _gpio = pins(&config, &board, lamps)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        () = poller.run() => (),
        _ = terminate.recv() => info!("told to end"),
        _ = interrupt.recv() => info!("interrupted"),
    }
    if let Some(submissions) = handed_in {
        submissions.flush().await;
    }
    Ok(())
}

/// The board as it is before anything was asked.
fn board(config: &Config, state: &StateFolder, clock: &Arc<dyn Clock>) -> Board {
    let floors = Floors::open(state.path())
        .inspect_err(|error| warn!(%error, "the agent's memory cannot be read"))
        .ok();
    let release = at_start(state, floors.as_ref(), clock.now());
    let printer = match config.printer {
        Some(_) => PrinterState::Disconnected,
        None => PrinterState::NotConfigured,
    };
    Board::new(release, printer, Arc::clone(clock))
}

/// The printer's side. Without its journal nothing is printed: a print that nobody remembers could be
/// repeated.
fn printing(
    config: &Config,
    state: &StateFolder,
    clock: &Arc<dyn Clock>,
    board: &Arc<Board>,
    lamps: &Arc<Lamps>,
) -> Arc<dyn Printing> {
    let Some(printer) = config.printer.clone() else {
        return Arc::new(NoPrinter);
    };
    let journal = agent_db::open(state.path())
        .map_err(anyhow::Error::from)
        .and_then(|database| Ok(Journal::open(database, Arc::clone(clock))?));
    let journal = match journal {
        Ok(journal) => journal,
        Err(error) => {
            error!(%error, "the print journal cannot be opened; nothing will be printed");
            return Arc::new(OutOfOrder::new(&error));
        }
    };
    let (board, lamps) = (Arc::clone(board), Arc::clone(lamps));
    Arc::new(PrintService::start(print::Setup {
        printer,
        content: state.current_link(),
        place: config.place.name.clone(),
        public_url: config.public.as_ref().map(|public| public.url.clone()),
        journal,
        clock: Arc::clone(clock),
        announce: Box::new(move |change| {
            lamps.follow(&change, Instant::now());
            board.publish(change);
        }),
    }))
}

/// What residents hand in, and the tasks that bring it to the hub. Without a place to keep it, or without
/// the hub's keys, nothing is taken from a resident.
fn submissions(
    config: &Config,
    state: &StateFolder,
    clock: &Arc<dyn Clock>,
    board: &Arc<Board>,
) -> Result<Arc<Submissions>, Refusal> {
    let hub = config.hub.as_ref().ok_or(Refusal::NoHub)?;
    let open = || -> anyhow::Result<Arc<Submissions>> {
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let identity = Arc::new(Identity::open(state.path(), credentials.as_deref())?);
        let keys = HubKeys::load(&hub.keys)?;
        let client = Arc::new(HubClient::new(
            hub.url.clone(),
            hub.certificate_authority.as_deref(),
            identity,
        )?);
        let place = config.place.name.zh.clone();
        let division = config.place.division.clone();
        let enroller = Arc::new(Enroller::new(Arc::clone(&client), place, division, state.path()));
        Ok(Arc::new(Submissions::open(outbox::Setup {
            state: state.path(),
            keys,
            client,
            enroller: Arc::clone(&enroller),
            clock: Arc::clone(clock),
        })?))
    };
    let submissions = open().map_err(|error| {
        let reason = explain(error.as_ref());
        error!(error = reason, "nothing can be handed in at this terminal");
        Refusal::Unavailable { reason }
    })?;
    let (enroller, sender) = (submissions.enroller(), submissions.sender());
    let clock = Arc::clone(clock);
    tokio::spawn(async move { enroller.run(clock).await });
    tokio::spawn(async move { sender.run().await });
    let reporter = Reporter::new(
        Arc::clone(&submissions),
        Arc::clone(board),
        state.path().to_owned(),
        config.release.ring_id.clone(),
        Duration::from_secs(hub.report_seconds.into()),
    );
    tokio::spawn(async move { reporter.run().await });
    Ok(submissions)
}

fn scanner(
    config: &Config,
    state: &StateFolder,
    board: &Arc<Board>,
    lamps: &Arc<Lamps>,
) -> std::io::Result<Option<ScanService>> {
    let start = |scanner: &terminal_api::config::Scanner| {
        ScanService::start(scan::Setup {
            source: source(&scanner.source),
            configuration_key: scanner.configuration_key,
            content: state.current_link(),
            public_url: config.public.as_ref().map(|public| public.url.clone()),
            lamps: Arc::clone(lamps),
            board: Arc::clone(board),
        })
    };
    config.scanner.as_ref().map(start).transpose()
}

fn card_reader(
    config: &Config,
    clock: &Arc<dyn Clock>,
    board: &Arc<Board>,
    lamps: &Arc<Lamps>,
) -> std::io::Result<Option<CardService>> {
    let start = |reader: &terminal_api::config::Device| {
        CardService::start(card::Setup {
            endpoint: endpoint(&reader.endpoint),
            clock: Arc::clone(clock),
            lamps: Arc::clone(lamps),
            board: Arc::clone(board),
        })
    };
    config.card_reader.as_ref().map(start).transpose()
}

fn pins(config: &Config, board: &Arc<Board>, lamps: Arc<Lamps>) -> std::io::Result<Option<GpioService>> {
    let Some(gpio) = config.gpio.clone() else {
        return Ok(None);
    };
    GpioService::start(gpio::Setup {
        gpio,
        lamps,
        board: Arc::clone(board),
    })
    .map(Some)
}
