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
    /// A pause of this length ends a scan.
    pause: Duration,
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
}

impl Scanner {
    /// Opens the scanner.
    pub fn open(source: &Source) -> io::Result<Self> {
        let (link, pause) = match source {
            Source::Line(endpoint) => (Link::Line(Wire::open(endpoint)?), LINE_PAUSE),
            Source::Keyboard(id) => (Link::Keyboard(Box::new(Keyboard::open(id)?)), KEY_PAUSE),
        };
        Ok(Self {
            link,
            framer: Framer::default(),
            pause,
            waiting: VecDeque::new(),
        })
    }

    /// The next scan, if one comes before `deadline`; one that has begun by then is heard to its end, be it in
    /// the next call. An error means that the line is lost.
    pub fn next(&mut self, deadline: Instant) -> io::Result<Option<String>> {
        loop {
            if let Some(text) = self.waiting.pop_front() {
                return Ok(Some(text));
            }
            // Half a code is no code: only a pause ends it, never the caller's patience.
            let until = if self.framer.is_within() {
                Instant::now() + self.pause
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
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_scan_is_not_cut_where_the_callers_patience_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let source = format!("tcp:{}", listener.local_addr().unwrap());
        let mut scanner = Scanner::open(&source.parse().unwrap()).unwrap();
        scanner.pause = Duration::from_mins(1);
        let (mut line, _) = listener.accept().unwrap();
        line.write_all(b"guide-").unwrap();
        while !scanner.framer.is_within() {
            assert_eq!(scanner.next(Instant::now()).unwrap(), None);
        }
        let rest = std::thread::spawn(move || {
            // Most likely while the scanner is listened to.
            std::thread::sleep(Duration::from_millis(200));
            line.write_all(b"006\r").unwrap();
            line
        });
        let scan = (0..2).find_map(|_| scanner.next(Instant::now()).unwrap());
        assert_eq!(scan.as_deref(), Some("guide-006"));
        rest.join().unwrap();
    }

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
