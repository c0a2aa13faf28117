//! The card reader: one thread that reads a card when a resident agreed to it, and never otherwise.
//!
//! A request carries its purpose and the resident's consent. Its steps go to the one caller that made it
//! and to nobody else: not to the event stream, not to the log, not to the disk. A caller that goes away
//! ends the reading.

mod record;
mod session;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use catalog::clock::Clock;
use hardware::arrival::Place;
use hardware::card::{Presence, ReadError, Reader};
use hardware::wire::Endpoint;
use terminal_api::interface::{CardPurpose, CardStep, Consent, DeviceKind, DeviceState, Refusal, Trouble};
use tokio::sync::mpsc::UnboundedSender;
use tracing::{debug, info, warn};

use crate::absence::{self, Absence};
use crate::backoff::Backoff;
use crate::board::Board;
use crate::gpio::Lamps;

/// Between two looks at a reader that nobody uses: only whether its module answers.
const LOOK: Duration = Duration::from_secs(10);

/// What the reader's thread works with.
pub struct Setup {
    /// Where the reader is.
    pub endpoint: Endpoint,
    /// Today's date, against which cards expire.
    pub clock: Arc<dyn Clock>,
    /// The light over the reader.
    pub lamps: Arc<Lamps>,
    /// Who is told how the reader is.
    pub board: Arc<Board>,
}

/// Takes requests for the card reader. The thread ends soon after this is dropped.
pub struct CardService {
    requests: Mutex<Sender<Request>>,
    /// Holds the place of the one caller at a time.
    turn: Arc<Mutex<Turn>>,
}

/// Whether somebody is having a card read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Free,
    Taken,
}

/// What a caller wants.
struct Request {
    purpose: CardPurpose,
    steps: UnboundedSender<CardStep>,
    turn: TurnGuard,
}

/// Gives the turn back when a request ends, however it ends.
struct TurnGuard(Arc<Mutex<Turn>>);

impl Drop for TurnGuard {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Turn::Free;
    }
}

impl CardService {
    /// Starts looking after the reader, which need not be there yet.
    pub fn start(setup: Setup) -> std::io::Result<Self> {
        let (requests, todo) = channel();
        std::thread::Builder::new()
            .name("card-reader".to_owned())
            .spawn(move || work(&setup, &todo))?;
        Ok(Self {
            requests: Mutex::new(requests),
            turn: Arc::new(Mutex::new(Turn::Free)),
        })
    }

    /// Begins to wait for a card; the steps go to `steps`. Closing the other end of it ends the reading.
    pub fn read(
        &self,
        purpose: CardPurpose,
        consent: Consent,
        steps: UnboundedSender<CardStep>,
    ) -> Result<(), Refusal> {
        if consent != Consent::Given {
            return Err(Refusal::NoConsent);
        }
        let turn = {
            let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            if *turn == Turn::Taken {
                return Err(Refusal::CardReaderBusy);
            }
            *turn = Turn::Taken;
            TurnGuard(Arc::clone(&self.turn))
        };
        let request = Request { purpose, steps, turn };
        let sent = self
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(request);
        sent.map_err(|_| Refusal::Unavailable {
            reason: "the card reader's thread has ended".to_owned(),
        })
    }
}

/// Until the service is dropped.
fn work(setup: &Setup, todo: &Receiver<Request>) {
    let mut keeper = Keeper {
        setup,
        reader: None,
        absence: Absence::new(Place::of(&setup.endpoint), Backoff::default()),
        presence: Presence::default(),
    };
    let mut next_look = Instant::now();
    loop {
        let wait = next_look.saturating_duration_since(Instant::now());
        match todo.recv_timeout(wait) {
            Ok(Request { purpose, steps, turn }) => {
                info!(?purpose, "a card is asked for");
                setup.lamps.ask_for_card(true);
                keeper.serve(&steps, turn);
                setup.lamps.ask_for_card(false);
                next_look = Instant::now() + LOOK;
            }
            Err(RecvTimeoutError::Timeout) => next_look = keeper.look(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The reader and how it is.
struct Keeper<'a> {
    setup: &'a Setup,
    reader: Option<Reader>,
    absence: Absence,
    presence: Presence,
}

impl Keeper<'_> {
    /// Asks the module whether it is well, opening the line where need be; says when to look again.
    fn look(&mut self) -> Instant {
        if let Some(reader) = &mut self.reader {
            match reader.check() {
                Ok(()) => self.report(None),
                Err(error) => self.lost(&error),
            }
        } else if self.absence.is_due() {
            self.open();
        }
        match self.reader {
            Some(_) => Instant::now() + LOOK,
            None => Instant::now() + absence::LOOK,
        }
    }

    fn open(&mut self) {
        // Whoever answers is there, but not therefore well.
        let opened = Reader::open(&self.setup.endpoint).and_then(|mut reader| {
            reader.check()?;
            Ok(reader)
        });
        match opened {
            Ok(reader) => {
                info!("the card reader is connected");
                self.reader = Some(reader);
                self.absence.is_over();
                self.report(None);
            }
            Err(error) => self.lost(&error),
        }
    }

    fn lost(&mut self, error: &ReadError) {
        if self.reader.take().is_some() {
            warn!(%error, "the card reader went away");
        } else {
            debug!(%error, "the card reader is away");
        }
        self.absence.is_away();
        self.report(Some(error));
    }

    fn report(&self, error: Option<&ReadError>) {
        let (state, trouble) = match error {
            None => (DeviceState::Ready, None),
            Some(ReadError::Line(_)) => (DeviceState::Away, Some(Trouble::Disconnected)),
            Some(ReadError::Silent) => (DeviceState::Away, Some(Trouble::Silent)),
            Some(ReadError::Interrupted) => (DeviceState::Broken, Some(Trouble::Babbling)),
            Some(_) => (DeviceState::Broken, Some(Trouble::Unrecoverable)),
        };
        self.setup.board.report(DeviceKind::CardReader, state, trouble);
    }
}
