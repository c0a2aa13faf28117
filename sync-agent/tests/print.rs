//! From a request on the socket's side to paper, with the printer's simulator at the other end of the wire.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use catalog::clock::{Clock, SystemClock};
use catalog::record::Record;
use catalog::store::{self, Meta, Row, SCHEMA};
use hardware::printer::simulator::{Condition, Pace, Simulator};
use hardware::simulator::{Bind, Simulated as _};
use hardware::wire::Endpoint;
use sync_agent::agent_db;
use sync_agent::print::{Boot, Journal, PrintService, Setup};
use sync_agent::printing::Printing as _;
use tempfile::TempDir;
use terminal_api::config::{self, PlaceName, PrinterProfile};
use terminal_api::interface::{Change, Failure, JobState, Language, Print, PrinterState, Refusal, TextSize};

/// A terminal with the sample content and a simulated printer.
struct Terminal {
    folder: TempDir,
    printer: Simulator,
    service: PrintService,
    changes: Receiver<Change>,
}

impl Terminal {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let current = folder.path().join("current");
        std::fs::create_dir(&current).expect("a folder");
        fill(&current.join("records.db"));
        let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let printer = Simulator::start(Bind::Tcp(loopback), &folder.path().join("slips"), Pace::Instant)
            .expect("a simulator");
        let (service, changes) = service(folder.path(), &printer);
        Self {
            folder,
            printer,
            service,
            changes,
        }
    }

    fn print(&self, record: &str) -> Result<String, Refusal> {
        self.service.print(request(record)).map(|job| job.id)
    }

    /// The states that a job goes through until it rests, and why it failed.
    fn follow(&self, id: &str) -> (Vec<JobState>, Option<Failure>) {
        let mut states = Vec::new();
        loop {
            let change = self
                .changes
                .recv_timeout(Duration::from_mins(2))
                .expect("the job goes on");
            let Change::Job(job) = change else { continue };
            if job.id != id {
                continue;
            }
            if states.last() != Some(&job.state) {
                states.push(job.state);
            }
            if !job.state.is_running() {
                return (states, job.failure);
            }
        }
    }

    fn wait_for(&self, state: PrinterState) {
        while self
            .changes
            .recv_timeout(Duration::from_mins(2))
            .expect("a state")
            != Change::Printer(state)
        {}
    }
}

/// Waits until something holds.
fn until(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_mins(2), "waited in vain");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The guide of the sample and its area, as a generation holds them.
fn fill(path: &Path) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let loaded = catalog::source::load(&sample).expect("the sample");
    let public: Vec<Record> = loaded.records;
    let meta = Meta {
        generation: 1,
        schema: SCHEMA,
        published_at: "2026-11-22T08:00:00Z".parse().expect("a time"),
        public_url: None,
    };
    store::build(path, &meta, &Row::in_order(&public)).expect("a store");
    store::finish(path).expect("indexes");
}

fn service(folder: &Path, printer: &Simulator) -> (PrintService, Receiver<Change>) {
    let Endpoint::Tcp(address) = printer.endpoint() else {
        panic!("a socket")
    };
    let (announce, changes) = channel();
    let announce = Mutex::new(announce);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let connection = agent_db::open(folder).expect("a database");
    let service = PrintService::start(Setup {
        printer: config::Printer::new(config::Endpoint::Tcp(address), PrinterProfile::Generic80),
        content: folder.join("current"),
        place: PlaceName {
            zh: "斜塘街道".into(),
            en: None,
        },
        public_url: None,
        journal: Journal::open(connection, Arc::clone(&clock), Boot::of_kernel()).expect("a journal"),
        clock,
        announce: Box::new(move |change| {
            // Nobody may be listening any more.
            announce.lock().expect("no panic while sending").send(change).ok();
        }),
    });
    (service, changes)
}

fn request(record: &str) -> Print {
    Print {
        records: vec![record.to_owned()],
        article: None,
        language: Language::Zh,
        size: TextSize::Normal,
        ticks: None,
    }
}

#[test]
fn a_guide_is_queued_sent_and_proven() {
    let terminal = Terminal::start();
    let id = terminal.print("guide-006").unwrap();
    let (states, _) = terminal.follow(&id);
    assert_eq!(
        states,
        [
            JobState::Queued,
            JobState::Sending,
            JobState::Sent,
            JobState::Proven
        ]
    );
    assert_eq!(terminal.printer.state().slips.len(), 1);
    let job = terminal.service.job(&id).unwrap();
    assert_eq!((job.state, job.sent_percent), (JobState::Proven, 100));
    let wrong = terminal.service.answer(&id, false).unwrap_err();
    assert!(
        matches!(
            wrong,
            Refusal::WrongState {
                state: JobState::Proven,
                ..
            }
        ),
        "{wrong:?}"
    );
}

#[test]
fn a_cover_that_opens_in_the_middle_leaves_an_uncertain_print_that_is_not_repeated() {
    let terminal = Terminal::start();
    terminal.printer.set_after(200, Condition::CoverOpen);
    let id = terminal.print("guide-006").unwrap();
    assert_eq!(terminal.follow(&id).0.last(), Some(&JobState::Uncertain));
    assert!(terminal.printer.state().slips.is_empty());

    // The next job comes out after the rest of the first one, and the first one only once.
    terminal.printer.clear(Condition::CoverOpen);
    let next = terminal.print("guide-006").unwrap();
    assert_eq!(terminal.follow(&next).0.last(), Some(&JobState::Proven));
    assert_eq!(terminal.printer.state().slips.len(), 2);
    assert_eq!(terminal.service.job(&id).unwrap().state, JobState::Uncertain);
    assert_eq!(
        terminal.service.answer(&id, true).unwrap().state,
        JobState::CameOut
    );
}

#[test]
fn without_paper_nothing_is_sent_and_the_reason_is_told() {
    let terminal = Terminal::start();
    terminal.printer.set(Condition::PaperOut);
    let id = terminal.print("guide-006").unwrap();
    let (states, failure) = terminal.follow(&id);
    assert_eq!(states, [JobState::Queued, JobState::Failed]);
    assert_eq!(failure, Some(Failure::PaperOut));
    assert!(terminal.printer.state().slips.is_empty());
}

#[test]
fn the_printer_is_watched_while_nothing_is_printed() {
    let terminal = Terminal::start();
    terminal.wait_for(PrinterState::Ready);
    terminal.printer.set(Condition::NearEnd);
    terminal.wait_for(PrinterState::NearEnd);
}

#[test]
fn a_print_under_way_when_the_agent_ends_is_uncertain_afterwards() {
    let terminal = Terminal::start();
    terminal.printer.set(Condition::SilentProof);
    let id = terminal.print("guide-006").unwrap();
    until(|| terminal.service.job(&id).unwrap().state == JobState::Sent);
    // A second agent opens the journal as it would after a crash.
    let (again, _changes) = service(terminal.folder.path(), &terminal.printer);
    assert_eq!(again.job(&id).unwrap().state, JobState::Uncertain);
    until(|| !terminal.printer.state().slips.is_empty());
    assert_eq!(terminal.printer.state().slips.len(), 1);
}

#[test]
fn what_cannot_be_printed_is_refused_at_once() {
    let terminal = Terminal::start();
    let refused = |request: Print| terminal.service.print(request).unwrap_err();
    assert_eq!(
        refused(request("guide-999")),
        Refusal::NoSuchRecord {
            id: "guide-999".into()
        }
    );
    assert_eq!(
        refused(request("../etc")),
        Refusal::NoSuchRecord { id: "../etc".into() }
    );
    assert_eq!(
        refused(request("glossary")),
        Refusal::NoSuchRecord {
            id: "glossary".into()
        }
    );
    let article = Print {
        article: Some("第九千条".into()),
        ..request("law-3088")
    };
    assert!(matches!(refused(article), Refusal::NoSuchArticle { .. }));
    std::fs::remove_dir_all(terminal.folder.path().join("current")).unwrap();
    assert_eq!(refused(request("guide-006")), Refusal::NoContent);
}
