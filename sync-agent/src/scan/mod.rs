//! The code scanner: residents show a slip or a poster, and the kiosk opens its page.
//!
//! Only the terminal's own codes count (`code`), and only when the record they name is published.
//! Anything else is dropped: it is not opened, not fetched, not stored and not logged.

mod code;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use catalog::record::RecordId;
use catalog::store::Store;
use hardware::scanner::Scanner;
use hardware::wire::Endpoint;
use terminal_api::interface::{Change, Scan};
use tracing::{debug, info, warn};
use url::Url;

use crate::board::Board;

/// How long the thread listens before it looks whether it should end.
const LOOK: Duration = Duration::from_millis(500);
/// The first pause before the scanner is opened again; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause before the scanner is opened again.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long the same code counts as one scan: a scanner repeats what is held before it.
const REPEAT: Duration = Duration::from_secs(2);

/// What the scanner's thread works with.
pub struct Setup {
    /// Where the scanner is.
    pub endpoint: Endpoint,
    /// The link to the current generation.
    pub content: PathBuf,
    /// The address of the phone pages.
    pub public_url: Option<Url>,
    /// Who is told.
    pub board: Arc<Board>,
}

/// A scanner that is being listened to. The thread ends soon after this is dropped.
pub struct ScanService {
    closed: Arc<AtomicBool>,
}

impl ScanService {
    /// Starts listening. The scanner need not be there yet.
    pub fn start(setup: Setup) -> std::io::Result<Self> {
        let closed = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&closed);
        std::thread::Builder::new()
            .name("scanner".to_owned())
            .spawn(move || listen_for_ever(&setup, &told))?;
        Ok(Self { closed })
    }
}

impl Drop for ScanService {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

fn listen_for_ever(setup: &Setup, closed: &AtomicBool) {
    let mut pause = FIRST_PAUSE;
    let mut told_away = false;
    while !closed.load(Ordering::Relaxed) {
        match Scanner::open(&setup.endpoint) {
            Ok(scanner) => {
                info!("the scanner is connected");
                (pause, told_away) = (FIRST_PAUSE, false);
                if let Err(error) = listen(scanner, setup, closed) {
                    warn!(%error, "the scanner went away");
                }
            }
            Err(error) if told_away => debug!(%error, "the scanner is still away"),
            Err(error) => {
                warn!(%error, "the scanner cannot be opened");
                told_away = true;
            }
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Passes scans on until the line is lost.
fn listen(mut scanner: Scanner, setup: &Setup, closed: &AtomicBool) -> std::io::Result<()> {
    let mut last: Option<(RecordId, Instant)> = None;
    while !closed.load(Ordering::Relaxed) {
        let Some(text) = scanner.next(Instant::now() + LOOK)? else {
            continue;
        };
        let Some(id) = recognised(&text, setup) else {
            debug!("a scan was not one of the terminal's own codes");
            continue;
        };
        let repeated = matches!(&last, Some((before, at)) if *before == id && at.elapsed() < REPEAT);
        last = Some((id.clone(), Instant::now()));
        if !repeated {
            setup.board.publish(Change::Scan(Scan { record: id.into() }));
        }
    }
    Ok(())
}

/// The published record that a scan names.
fn recognised(text: &str, setup: &Setup) -> Option<RecordId> {
    let store = Store::open(&setup.content).ok()?;
    let published = store
        .meta()
        .public_url
        .as_deref()
        .and_then(|url| url.parse().ok());
    let own: Vec<Url> = setup.public_url.clone().into_iter().chain(published).collect();
    let id = code::record(text, &own)?;
    let record = store.get(&id).ok()??;
    record.kind().is_public_page().then_some(id)
}
