//! Readers for resident identity cards (SAM_V module on a serial line).

pub mod codec;
mod record;
pub mod simulator;

use std::io;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::wire::{Endpoint, Wire};
use codec::{Command, Decoder, Garbled};

pub use record::{InvalidCard, ResidentCard, TEXT_BLOCK, is_valid_number};

/// Why a card was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No card lies on the reader. Also the answer while a card that was read is still there.
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
    /// The line to the reader is lost.
    #[error("the card reader is not reachable")]
    Line(#[from] io::Error),
}

const FOUND: u8 = 0x9f;
const OK: u8 = 0x90;
const NO_CARD: u8 = 0x80;

/// A reader on the line.
#[derive(Debug)]
pub struct Reader {
    wire: Wire,
    decoder: Decoder,
}

impl Reader {
    /// Opens the reader.
    pub fn open(endpoint: &Endpoint) -> io::Result<Self> {
        Ok(Self {
            wire: Wire::open(endpoint)?,
            decoder: Decoder::default(),
        })
    }

    /// Finds, selects and reads the card that lies on the reader. To be called every 300 to 500 ms while
    /// a resident is asked to lay it down, and at no other time. Takes 4 seconds at most.
    pub fn read(&mut self) -> Result<ResidentCard, ReadError> {
        self.step(Command::Find, Duration::from_millis(500), FOUND)?;
        self.step(Command::Select, Duration::from_secs(1), OK)?;
        let body = self.step(Command::Read, Duration::from_secs(3), OK)?;
        // After the three status bytes: the lengths of text and photo, then both blocks. The photo is
        // not even copied.
        let [_, _, _, high, low, _, _, blocks @ ..] = body.as_slice() else {
            return Err(ReadError::Interrupted);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let text = blocks.get(..length).ok_or(ReadError::Interrupted)?;
        Ok(ResidentCard::parse(text)?)
    }

    /// One command and its answer's body.
    fn step(
        &mut self,
        command: Command,
        wait: Duration,
        wanted: u8,
    ) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        self.wire.drain()?;
        self.decoder = Decoder::default();
        let deadline = Instant::now() + wait;
        self.wire.write_all(&command.frame(), deadline)?;
        let mut buffer = Zeroizing::new([0; 2048]);
        loop {
            let count = match self.wire.read_into(&mut *buffer, deadline) {
                Ok(count) => count,
                // A module is silent when the card is pulled.
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Err(ReadError::Interrupted),
                Err(error) => return Err(error.into()),
            };
            match self.decoder.push(&buffer[..count]) {
                None => {}
                Some(Err(Garbled)) => return Err(ReadError::Interrupted),
                Some(Ok(body)) => return judge(body, wanted),
            }
        }
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
