//! The agent, for as long as the terminal runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use catalog::clock::{Clock, SystemClock};
use terminal_api::config::Config;
use terminal_api::interface::PrinterState;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info, warn};

use crate::board::Board;
use crate::card::CardService;
use crate::device::{endpoint, source};
use crate::gpio::{GpioService, Lamps};
use crate::peripherals::Peripherals;
use crate::print::{Journal, PrintService};
use crate::printing::{NoPrinter, OutOfOrder, Printing};
use crate::release::{Floors, Poller, Source, StateFolder, at_start};
use crate::scan::ScanService;
use crate::varlink::{Callers, Socket};
use crate::{agent_db, card, gpio, http, print, release, scan};

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
        releases,
        content: state.current_link(),
    };
    let _socket_file = socket.serve(Arc::clone(&board), Arc::new(peripherals))?;
    let _scanner = scanner(&config, &state, &board)?;
    let _gpio = pins(&config, &board, lamps)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        () = poller.run() => (),
        _ = terminate.recv() => info!("told to end"),
        _ = interrupt.recv() => info!("interrupted"),
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

fn scanner(config: &Config, state: &StateFolder, board: &Arc<Board>) -> std::io::Result<Option<ScanService>> {
    let start = |scanner: &terminal_api::config::Scanner| {
        ScanService::start(scan::Setup {
            source: source(&scanner.source),
            configuration_key: scanner.configuration_key,
            content: state.current_link(),
            public_url: config.public.as_ref().map(|public| public.url.clone()),
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
