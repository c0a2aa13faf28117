//! The conversation with a reader's module: find, select, read.

use std::io;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::codec::{Command, Decoder, Garbled};
use super::record::{Card, InvalidCard};
use crate::wire::{Endpoint, Wire};

/// Why a card was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No card lies on the reader. Also what some modules say while a card that was read is still there.
    #[error("no card")]
    NoCard,
    /// The card was moved or is damaged, or the line is noisy: lay it down again.
    #[error("the card was not read to the end")]
    Interrupted,
    /// The card was read, but cannot be used.
    #[error(transparent)]
    Invalid(#[from] InvalidCard),
    /// The module refuses to work.
    #[error("the reader's module answers {0:02x}")]
    Module(u8),
    /// The module does not answer at all.
    #[error("the card reader does not answer")]
    Silent,
    /// The line to the reader is lost.
    #[error("the card reader is not reachable")]
    Line(#[from] io::Error),
}

const FOUND: u8 = 0x9f;
const OK: u8 = 0x90;
const NO_CARD: u8 = 0x80;

/// The speeds that modules are set to, the usual one first.
const SPEEDS: [u32; 5] = [115_200, 9600, 57_600, 38_400, 19_200];

/// How long a module may take to say that it is there.
const GREETING: Duration = Duration::from_millis(300);

/// How long a module may take to say all that it owes.
const CATCH_UP: Duration = Duration::from_secs(1);

/// A reader on the line.
#[derive(Debug)]
pub struct Reader {
    wire: Wire,
    decoder: Decoder,
    turn: Turn,
}

/// Whether what the module says next answers what it is asked next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    InStep,
    /// The answer to an earlier command may still come.
    Owed,
}

impl Reader {
    /// Opens the reader and asks whether it is there; whether it is well, [`check`](Self::check) tells. On a serial line the speed of `endpoint` is tried
    /// first, then the others that modules are set to: two seconds at most.
    pub fn open(endpoint: &Endpoint) -> Result<Self, ReadError> {
        let mut result = Self::greet(endpoint);
        let Some(baud) = endpoint.baud() else {
            return result;
        };
        for speed in SPEEDS.into_iter().filter(|speed| *speed != baud) {
            if !matches!(result, Err(ReadError::Silent)) {
                break;
            }
            result = Self::greet(&endpoint.clone().at(speed));
            if result.is_ok() {
                tracing::info!(speed, "the card reader answers at another speed");
            }
        }
        result
    }

    fn greet(endpoint: &Endpoint) -> Result<Self, ReadError> {
        let mut reader = Self {
            wire: Wire::open(endpoint)?,
            decoder: Decoder::default(),
            turn: Turn::InStep,
        };
        // Any whole frame is the module's; at a wrong speed none comes.
        match reader.step(Command::Status, GREETING, OK) {
            Err(ReadError::Interrupted) => Err(ReadError::Silent),
            Err(error @ (ReadError::Line(_) | ReadError::Silent)) => Err(error),
            _ => Ok(reader),
        }
    }

    /// Asks whether the module is there and well, without looking for a card.
    pub fn check(&mut self) -> Result<(), ReadError> {
        self.step(Command::Status, Duration::from_millis(500), OK)
            .map(drop)
    }

    /// Whether a card lies on the reader. To be asked every 300 to 500 ms while a resident is asked to lay
    /// it down, and at no other time.
    pub fn find(&mut self) -> Result<bool, ReadError> {
        match self.step(Command::Find, Duration::from_millis(500), FOUND) {
            Ok(_) => Ok(true),
            Err(ReadError::NoCard) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Selects and reads the card that was [found](Self::find). Takes 4 seconds at most.
    pub fn read_found(&mut self) -> Result<Card, ReadError> {
        let silence_is_removal = |error| match error {
            // A module is silent when the card is pulled.
            ReadError::Silent | ReadError::NoCard => ReadError::Interrupted,
            error => error,
        };
        self.step(Command::Select, Duration::from_secs(1), OK)
            .map_err(silence_is_removal)?;
        let body = self
            .step(Command::Read, Duration::from_secs(3), OK)
            .map_err(silence_is_removal)?;
        // After the three status bytes: the lengths of text and photo, then the text.
        let [_, _, _, high, low, _, _, blocks @ ..] = body.as_slice() else {
            return Err(ReadError::Interrupted);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let text = blocks.get(..length).ok_or(ReadError::Interrupted)?;
        Ok(Card::parse(text)?)
    }

    /// [`find`](Self::find), and if one lies there, [`read_found`](Self::read_found).
    pub fn read(&mut self) -> Result<Card, ReadError> {
        if self.find()? {
            self.read_found()
        } else {
            Err(ReadError::NoCard)
        }
    }

    /// One command and its answer's body. A frame that is garbled is waited past: the answer may come
    /// behind the noise.
    fn step(
        &mut self,
        command: Command,
        wait: Duration,
        wanted: u8,
    ) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        if self.turn == Turn::Owed {
            self.catch_up()?;
        }
        self.discard()?;
        self.decoder = Decoder::default();
        self.turn = Turn::Owed;
        let deadline = Instant::now() + wait;
        match self.wire.write_all(&command.frame(), deadline) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(ReadError::Silent),
            result => result?,
        }
        let mut buffer = Zeroizing::new([0; 2048]);
        let mut garbled = false;
        while Instant::now() < deadline {
            let count = match self.wire.read_into(&mut *buffer, deadline) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => break,
                Err(error) => return Err(error.into()),
            };
            let mut bytes = &buffer[..count];
            while let Some(result) = self.decoder.push(bytes) {
                match result {
                    // Another command's: that of this one may follow.
                    Ok(body) if is_out_of_turn(command, &body) => garbled = true,
                    Ok(body) => {
                        self.turn = Turn::InStep;
                        return judge(body, wanted);
                    }
                    // The answer may have come in the same breath.
                    Err(Garbled) => garbled = true,
                }
                bytes = &[];
            }
        }
        Err(if garbled {
            ReadError::Interrupted
        } else {
            ReadError::Silent
        })
    }

    /// Lets an answer that is owed go by: it comes before, or instead of, the answer to a question that is harmless.
    fn catch_up(&mut self) -> Result<(), ReadError> {
        self.discard()?;
        let end = Instant::now() + CATCH_UP;
        match self.wire.write_all(&Command::Status.frame(), end) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(ReadError::Silent),
            result => result?,
        }
        let mut buffer = Zeroizing::new([0; 2048]);
        let mut is_silent = true;
        while Instant::now() < end {
            match self
                .wire
                .read_into(&mut *buffer, end.min(Instant::now() + GREETING))
            {
                Ok(_) => is_silent = false,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => break,
                Err(error) => return Err(error.into()),
            }
        }
        if is_silent { Err(ReadError::Silent) } else { Ok(()) }
    }

    /// Throws away the answer that was given up on. A line that never falls silent is left as it is: the
    /// decoder finds its way.
    fn discard(&mut self) -> io::Result<()> {
        let mut buffer = Zeroizing::new([0; 2048]);
        for _ in 0..8 {
            match self.wire.read_into(&mut *buffer, Instant::now()) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether an answer cannot be the one to this command: "well" alone says nothing of a card, and a state has no record
/// behind it.
fn is_out_of_turn(command: Command, body: &[u8]) -> bool {
    let sw3 = body.get(2).copied();
    match command {
        Command::Find => sw3 == Some(OK),
        Command::Status | Command::Reset => sw3 == Some(FOUND) || body.len() > 3,
        Command::Select | Command::Read => sw3 == Some(FOUND),
    }
}

/// SW3 says how it went; SW1 and SW2 carry nothing to act upon.
fn judge(body: Zeroizing<Vec<u8>>, wanted: u8) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    match body.get(2).copied() {
        Some(answer) if answer == wanted => Ok(body),
        Some(NO_CARD) => Err(ReadError::NoCard),
        // Select or read failed, checksum, length, authentication, verification.
        Some(0x81 | 0x41 | 0x10 | 0x11 | 0x31..=0x33 | 0x47) | None => Err(ReadError::Interrupted),
        Some(0x40) => Err(InvalidCard::OtherType('?').into()),
        Some(other) => Err(ReadError::Module(other)),
    }
}
