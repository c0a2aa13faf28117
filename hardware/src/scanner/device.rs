//! A scanner that is listened to.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::{Duration, Instant};

use super::framer::Framer;
use super::keyboard::Keyboard;
use super::text::decode;
use crate::arrival::Place;
use crate::usb::UsbId;
use crate::wire::{Endpoint, Wire};

/// A pause of this length ends a scan on a line whose scanner sends no terminator.
const LINE_PAUSE: Duration = Duration::from_millis(60);
/// The same between two keys.
const KEY_PAUSE: Duration = Duration::from_millis(100);
/// Scans that wait to be taken; a scanner that has more to say babbles.
const MOST_WAITING: usize = 16;

/// Where a scanner is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On a line.
    Line(Endpoint),
    /// It types: the keyboard with this id, which is taken for itself alone.
    Keyboard(UsbId),
}

/// A text that is no [`Source`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is none of tcp:HOST:PORT, /dev/PATH[@BAUD], serial:VENDOR:PRODUCT[:SERIAL], usb:VENDOR:PRODUCT[:SERIAL], hid:VENDOR:PRODUCT[:SERIAL]"
)]
pub struct InvalidSource(pub String);

impl Source {
    /// Where the scanner appears when it is plugged in.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Line(endpoint) => Place::of(endpoint),
            Self::Keyboard(_) => Place::of_keyboards(),
        }
    }
}

impl FromStr for Source {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Self, InvalidSource> {
        let parsed = match text.strip_prefix("hid:") {
            Some(id) => id.parse().ok().map(Self::Keyboard),
            None => text.parse().ok().map(Self::Line),
        };
        parsed.ok_or_else(|| InvalidSource(text.to_owned()))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(endpoint) => endpoint.fmt(f),
            Self::Keyboard(id) => write!(f, "hid:{id}"),
        }
    }
}

/// A scanner that is listened to.
#[derive(Debug)]
pub struct Scanner {
    link: Link,
    framer: Framer,
    waiting: VecDeque<String>,
}

#[derive(Debug)]
enum Link {
    Line(Wire),
    Keyboard(Box<Keyboard>),
}

impl Link {
    fn read_some(&mut self, deadline: Instant) -> io::Result<Vec<u8>> {
        match self {
            Self::Line(wire) => wire.read_some(deadline),
            Self::Keyboard(keyboard) => keyboard.read_some(deadline),
        }
    }

    const fn pause(&self) -> Duration {
        match self {
            Self::Line(_) => LINE_PAUSE,
            Self::Keyboard(_) => KEY_PAUSE,
        }
    }
}

impl Scanner {
    /// Opens the scanner.
    pub fn open(source: &Source) -> io::Result<Self> {
        Ok(Self {
            link: match source {
                Source::Line(endpoint) => Link::Line(Wire::open(endpoint)?),
                Source::Keyboard(id) => Link::Keyboard(Box::new(Keyboard::open(id)?)),
            },
            framer: Framer::default(),
            waiting: VecDeque::new(),
        })
    }

    /// The next scan, if one comes before `deadline`. An error means that the line is lost.
    pub fn next(&mut self, deadline: Instant) -> io::Result<Option<String>> {
        loop {
            if let Some(text) = self.waiting.pop_front() {
                return Ok(Some(text));
            }
            let until = if self.framer.is_within() {
                deadline.min(Instant::now() + self.link.pause())
            } else {
                deadline
            };
            match self.link.read_some(until) {
                Ok(bytes) => {
                    let scans = self.framer.push(&bytes);
                    let room = MOST_WAITING - self.waiting.len();
                    let texts = scans.iter().filter_map(|scan| decode(scan));
                    self.waiting.extend(texts.take(room));
                    if self.waiting.is_empty() && Instant::now() >= deadline {
                        return Ok(None);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    if !self.framer.is_within() {
                        return Ok(None);
                    }
                    self.waiting
                        .extend(self.framer.end().and_then(|scan| decode(&scan)));
                    if self.waiting.is_empty() && Instant::now() >= deadline {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_reads_back_from_its_text() {
        for text in [
            "hid:0c2e:0b61",
            "hid:0c2e:0b61:C3",
            "tcp:127.0.0.1:4000",
            "/dev/ttyACM0@115200",
        ] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
        for bad in ["hid:", "hid:0c2e", "hid:0c2e:zzzz", "keyboard"] {
            assert!(bad.parse::<Source>().is_err(), "{bad}");
        }
    }
}
