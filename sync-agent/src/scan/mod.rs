//! The code scanner: residents show a slip or a poster, and the kiosk opens its page.
//!
//! Only the terminal's own codes count (`code`), and only when the record they name is published.
//! Anything else is dropped: it is not opened, not fetched, not stored and not logged.

mod code;
mod limit;

use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use catalog::record::RecordId;
use catalog::store::Store;
use hardware::scanner::{Scanner, Source};
use terminal_api::interface::{Change, CodeVerdict, DeviceKind, DeviceState, Scan, Trouble};
use tokio::sync::Notify;
use tracing::{debug, info, warn};
use url::Url;

use crate::absence::{self, Absence};
use crate::backoff::Backoff;
use crate::board::Board;
use crate::gpio::Lamps;
use crate::settings::{SettingsKeeper, Taken};
use limit::Limit;

/// How long the thread listens before it looks whether it should end.
const LOOK: Duration = Duration::from_millis(500);
/// How long the same code counts as one scan: a scanner repeats what is held before it.
const REPEAT: Duration = Duration::from_secs(2);

/// What the scanner's thread works with.
pub struct Setup {
    /// Where the scanner is.
    pub source: Source,
    /// Takes configuration codes; without it, they are unknown codes.
    pub settings: Option<SettingsKeeper>,
    /// Is told when a configuration code was taken.
    pub reconfigured: Arc<Notify>,
    /// The link to the current generation.
    pub content: PathBuf,
    /// The address of the phone pages.
    pub public_url: Option<Url>,
    /// The light over the scanner.
    pub lamps: Arc<Lamps>,
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
    let mut absence = Absence::new(setup.source.place(), Backoff::default());
    let mut hearing = Hearing {
        limit: Limit::starting_at(Instant::now()),
        last: None,
        fingerprints: RandomState::new(),
    };
    let mut told_away = false;
    let report = |state, trouble| {
        setup.lamps.listen(state == DeviceState::Ready);
        setup.board.report(DeviceKind::Scanner, state, trouble);
    };
    while !closed.load(Ordering::Relaxed) {
        // Many a line can be opened that is dead: a first look tells.
        let mut ready_since = None;
        let is_heard = || {
            if ready_since.is_none() {
                info!("the scanner is connected");
                report(DeviceState::Ready, None);
                ready_since = Some(Instant::now());
            }
        };
        let ended = Scanner::open(&setup.source)
            .and_then(|scanner| listen(scanner, setup, closed, &mut hearing, is_heard));
        if let Err(error) = ended {
            match ready_since {
                Some(_) => warn!(%error, "the scanner went away"),
                None if told_away => debug!(%error, "the scanner is still away"),
                None => warn!(%error, "the scanner cannot be used"),
            }
            told_away = ready_since.is_none();
            report(DeviceState::Away, Some(Trouble::Disconnected));
        }
        absence.is_away_after(ready_since.map_or(Duration::ZERO, |since| since.elapsed()));
        while !absence.is_due() && !closed.load(Ordering::Relaxed) {
            std::thread::sleep(absence::LOOK);
        }
    }
}

/// What is remembered from scan to scan, over lost lines too.
struct Hearing {
    limit: Limit,
    /// The last code that meant something: its fingerprint, for it may be a resident's own.
    last: Option<(u64, Instant)>,
    fingerprints: RandomState,
}

impl Hearing {
    /// Whether this is what was scanned last, still held before the scanner.
    fn is_repeated(&mut self, text: &str) -> bool {
        let fingerprint = self.fingerprints.hash_one(text);
        let repeated = matches!(self.last, Some((last, at)) if last == fingerprint && at.elapsed() < REPEAT);
        self.last = Some((fingerprint, Instant::now()));
        repeated
    }
}

/// Passes scans on until the line is lost. Every look that succeeds is told with `is_heard`.
fn listen(
    mut scanner: Scanner,
    setup: &Setup,
    closed: &AtomicBool,
    hearing: &mut Hearing,
    mut is_heard: impl FnMut(),
) -> std::io::Result<()> {
    while !closed.load(Ordering::Relaxed) {
        let scan = scanner.next(Instant::now() + LOOK)?;
        is_heard();
        let Some(text) = scan else {
            continue;
        };
        if !hearing.limit.admits(Instant::now()) {
            debug!("codes come faster than anybody can show them");
            continue;
        }
        let Some(change) = meaning(&text, setup) else {
            debug!("a scan was not one of the terminal's own codes");
            continue;
        };
        if hearing.is_repeated(&text) {
            continue;
        }
        let is_taken = change == Change::Configuration(CodeVerdict::Taken);
        let is_refused = matches!(change, Change::Configuration(_)) && !is_taken;
        if !is_refused {
            setup.lamps.acknowledge_code(Instant::now());
        }
        setup.board.publish(change);
        if is_taken {
            setup.reconfigured.notify_one();
        }
    }
    Ok(())
}

/// What a scan means; `None` for everything that is not on the list.
fn meaning(text: &str, setup: &Setup) -> Option<Change> {
    if let Some(settings) = &setup.settings
        && catalog::settings::is_code(text)
    {
        return Some(Change::Configuration(configure(settings, text)));
    }
    code::special(text)
        .map(Change::Code)
        .or_else(|| recognised(text, setup).map(|id| Change::Scan(Scan { record: id.into() })))
}

/// What becomes of a configuration code.
fn configure(settings: &SettingsKeeper, code: &str) -> CodeVerdict {
    match settings.take(code) {
        Ok(Taken::New) => CodeVerdict::Taken,
        Ok(Taken::Known) => CodeVerdict::Known,
        Err(error) => {
            warn!(%error, "a configuration code is refused");
            error.verdict()
        }
    }
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
