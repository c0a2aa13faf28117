//! The agent, for as long as the terminal runs.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use catalog::clock::{Clock, SystemClock};
use catalog::explain;
use catalog::submission::HubKeys;
use terminal_api::config::Config;
use terminal_api::interface::{DeviceKind, DeviceState, PrinterState, Refusal, Trouble};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, oneshot};
use tracing::{error, info, warn};

use crate::agent_db::Memory;
use crate::board::Board;
use crate::card::CardService;
use crate::device::{endpoint, source};
use crate::gpio::{GpioService, Lamps};
use crate::http::CertificateTime;
use crate::identity::{Enroller, HubClient, Identity};
use crate::outbox::{Reporter, RingId, Submissions};
use crate::peripherals::Peripherals;
use crate::print::{Boot, Journal, PrintService};
use crate::printing::{NoPrinter, OutOfOrder, Printing};
use crate::release::{Floors, Poller, Source, StateFolder, at_start, certificate_time};
use crate::scan::ScanService;
use crate::settings::SettingsKeeper;
use crate::timer::{SystemTimer, Timer};
use crate::varlink::{Callers, Socket};
use crate::{agent_db, card, gpio, http, outbox, print, release, scan, settings};

/// For how long those who watch may hear that a configuration code was taken, before their connection ends.
const TOLD: Duration = Duration::from_secs(1);
/// For how long the print in hand is waited for once the agent was told to end: less than service managers wait before they
/// kill, which would cut the slip all the same.
const LAST_SLIP: Duration = Duration::from_secs(20);

/// Why the agent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was told to.
    Told,
    /// Its configuration is another: it is to be started anew.
    Reconfigured,
}

/// Runs until the process is told to end, or must be started anew.
pub async fn run(mut config: Config) -> anyhow::Result<Ended> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let timer: Arc<dyn Timer> = Arc::new(SystemTimer);
    let keeper = SettingsKeeper::of(&config, Arc::clone(&clock));
    let shown = keeper.as_ref().and_then(SettingsKeeper::in_force);
    if let Some(shown) = &shown {
        settings::apply(shown.set, &mut config);
    }
    let state = StateFolder::open(&config.release.state)?;
    let time = certificate_time(&state, &clock);
    let client = http::client_at(&time).context("cannot set up the HTTP client")?;
    let mut source = Source::new(config.release.url.clone(), client)
        .with_context(|| format!("{} is no place of releases", config.release.url))?;
    if let Some(cache) = config.release.site_cache.clone() {
        source = source.with_cache(cache);
    }
    let socket = Socket::bind(
        &config.agent.socket,
        Callers::new(config.agent.allow_uids.clone()),
    )?;
    let board = Arc::new(board(&config, &state, &clock).with_settings(shown.as_ref().map(settings::told)));
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
        timer: Arc::clone(&timer),
        board: Arc::clone(&board),
    });
    let printing = printing(&config, &state, &clock, &board, &lamps);
    let peripherals = Peripherals {
        printing,
        card: card_reader(&config, &clock, &board, &lamps)?,
        submissions: submissions(&config, &state, &clock, &timer, &board, time),
        releases,
        content: state.current_link(),
        logo: config.printer.as_ref().and_then(|printer| printer.logo.clone()),
    };
    let handed_in = peripherals.submissions.clone().ok();
    let printing = Arc::clone(&peripherals.printing);
    let _socket_file = socket.serve(Arc::clone(&board), Arc::new(peripherals))?;
    let reconfigured = Arc::new(Notify::new());
    let _scanner = scanner(&config, keeper, &reconfigured, &state, &board, &lamps)?;
    let _gpio = pins(&config, &board, lamps)?;
    let mut signals = Signals::catch()?;
    let ended = tokio::select! {
        () = poller.run() => Ended::Told,
        () = signals.recv() => Ended::Told,
        () = reconfigured.notified() => {
            info!("a configuration code was taken");
            Ended::Reconfigured
        }
    };
    let ended = finish(printing, ended, &mut signals).await;
    if let Some(submissions) = handed_in {
        submissions.flush().await;
    }
    Ok(ended)
}

/// What tells the process to end.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn catch() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => info!("told to end"),
            _ = self.interrupt.recv() => info!("interrupted"),
        }
    }
}

/// Lets the print in hand come to its end: for as long as it takes where the agent starts anew, unless it is told to end
/// meanwhile. Returns how the agent ends.
async fn finish(printing: Arc<dyn Printing>, ended: Ended, signals: &mut Signals) -> Ended {
    // A thread of its own: the runtime would wait for one of its own for ever.
    let (tell, finished) = oneshot::channel();
    std::thread::spawn(move || {
        printing.finish();
        // Nobody waits any more.
        tell.send(()).ok();
    });
    let mut finished = pin!(finished);
    if ended == Ended::Reconfigured {
        let told = async {
            tokio::time::sleep(TOLD).await;
            // Without an answer the thread has panicked: there is nothing to wait for.
            finished.as_mut().await.ok();
        };
        tokio::select! {
            () = told => return Ended::Reconfigured,
            () = signals.recv() => {}
        }
    }
    if tokio::time::timeout(LAST_SLIP, finished).await.is_err() {
        warn!("the print in hand does not come to its end; it will count as uncertain");
    }
    Ended::Told
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
    let board = Board::new(release, printer, Arc::clone(clock));
    // Not the pins: a board that has none is a normal one.
    let configured = [
        (DeviceKind::Printer, config.printer.is_some()),
        (DeviceKind::Scanner, config.scanner.is_some()),
        (DeviceKind::CardReader, config.card_reader.is_some()),
    ];
    for (kind, _) in configured.into_iter().filter(|(_, is_there)| *is_there) {
        board.report(kind, DeviceState::Starting, None);
    }
    board
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
        .and_then(|database| Ok(Journal::open(database, Arc::clone(clock), Boot::of_kernel())?));
    let journal = match journal {
        Ok(journal) => journal,
        Err(error) => {
            error!(%error, "the print journal cannot be opened; nothing will be printed");
            board.report(
                DeviceKind::Printer,
                DeviceState::Broken,
                Some(Trouble::Unrecoverable),
            );
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
    timer: &Arc<dyn Timer>,
    board: &Arc<Board>,
    time: CertificateTime,
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
            time,
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
            timer: Arc::clone(timer),
            memory: Memory::OnDisk,
        })?))
    };
    let submissions = open().map_err(|error| {
        let reason = explain(error.as_ref());
        error!(error = reason, "nothing can be handed in at this terminal");
        Refusal::Unavailable { reason }
    })?;
    let (enroller, sender) = (submissions.enroller(), submissions.sender());
    let (clock, timer) = (Arc::clone(clock), Arc::clone(timer));
    tokio::spawn(async move { enroller.run(clock, timer).await });
    tokio::spawn(async move { sender.run().await });
    let reporter = Reporter::new(
        Arc::clone(&submissions),
        Arc::clone(board),
        state.path().to_owned(),
        Duration::from_secs(hub.report_seconds.into()),
    );
    let ring = config.release.ring_id.clone();
    let reporter = reporter.with_generations(ring.map_or(RingId::MadeUp, RingId::Configured));
    tokio::spawn(async move { reporter.run().await });
    Ok(submissions)
}

fn scanner(
    config: &Config,
    keeper: Option<SettingsKeeper>,
    reconfigured: &Arc<Notify>,
    state: &StateFolder,
    board: &Arc<Board>,
    lamps: &Arc<Lamps>,
) -> std::io::Result<Option<ScanService>> {
    let start = |scanner: &terminal_api::config::Scanner| {
        ScanService::start(scan::Setup {
            source: source(&scanner.source),
            settings: keeper,
            reconfigured: Arc::clone(reconfigured),
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
