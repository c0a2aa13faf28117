//! QR scanners on a serial line: bytes in, one text a scan out.
//!
//! What a scan may lead to is decided elsewhere, by an allow-list; here nothing is opened or fetched.

pub mod simulator;

use std::io;
use std::time::{Duration, Instant};

use crate::wire::{Endpoint, Wire};

/// The longest scan that is taken, in bytes: more than any QR code holds (version 40-L: 2953).
pub const LONGEST: usize = 3000;

/// A pause of this length ends a scan from a scanner that sends no terminator.
const IDLE: Duration = Duration::from_millis(60);

/// Cuts a byte stream into scans: at CR or LF, or at a pause.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    overlong: bool,
}

impl Framer {
    /// Takes bytes; returns the scans they complete. What is longer than [`LONGEST`] is dropped as a
    /// whole: half a code is no code.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut scans = Vec::new();
        for &byte in bytes {
            if matches!(byte, b'\r' | b'\n') {
                scans.extend(self.end());
            } else if self.buffer.len() == LONGEST {
                self.overlong = true;
            } else {
                self.buffer.push(byte);
            }
        }
        scans
    }

    /// The line was silent: what has come so far is a scan.
    pub fn end(&mut self) -> Option<Vec<u8>> {
        let scan = std::mem::take(&mut self.buffer);
        let overlong = std::mem::take(&mut self.overlong);
        (!scan.is_empty() && !overlong).then_some(scan)
    }

    /// Whether a scan has begun.
    #[must_use]
    pub fn is_within(&self) -> bool {
        !self.buffer.is_empty()
    }
}

/// The text of a scan: UTF-8, else GB18030, without control characters and without characters that turn
/// the direction of text. `None` when it is neither encoding, or nothing is left.
#[must_use]
pub fn decode(scan: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(scan) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(scan)?,
    };
    let kept: String = text.chars().filter(|character| !is_hidden(*character)).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}'
        )
}

/// A scanner on the line.
#[derive(Debug)]
pub struct Scanner {
    wire: Wire,
    framer: Framer,
    waiting: std::collections::VecDeque<String>,
}

impl Scanner {
    /// Opens the scanner.
    pub fn open(endpoint: &Endpoint) -> io::Result<Self> {
        Ok(Self {
            wire: Wire::open(endpoint)?,
            framer: Framer::default(),
            waiting: [].into(),
        })
    }

    /// The next scan, if one comes before `deadline`. An error means that the line is lost.
    pub fn next(&mut self, deadline: Instant) -> io::Result<Option<String>> {
        loop {
            if let Some(text) = self.waiting.pop_front() {
                return Ok(Some(text));
            }
            let until = if self.framer.is_within() {
                deadline.min(Instant::now() + IDLE)
            } else {
                deadline
            };
            match self.wire.read_some(until) {
                Ok(bytes) => {
                    let scans = self.framer.push(&bytes);
                    self.waiting.extend(scans.iter().filter_map(|scan| decode(scan)));
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
    fn scans_are_cut_at_terminators_and_pauses() {
        let mut framer = Framer::default();
        assert_eq!(framer.push(b"\r\nab"), Vec::<Vec<u8>>::new());
        assert_eq!(framer.push(b"c\r\nd\n\n"), [b"abc".to_vec(), b"d".to_vec()]);
        framer.push(b"tail");
        assert_eq!(framer.end(), Some(b"tail".to_vec()));
        assert_eq!(framer.end(), None);
    }

    #[test]
    fn an_overlong_scan_is_dropped_whole_and_the_next_one_is_fine() {
        let mut framer = Framer::default();
        assert!(framer.push(&[b'x'; LONGEST + 1]).is_empty());
        assert_eq!(framer.push(b"x\nnext\n"), [b"next".to_vec()]);
    }

    #[test]
    fn chinese_comes_through_in_either_encoding() {
        let (gb, _, _) = encoding_rs::GB18030.encode("居住证 㛃");
        assert_eq!(decode(&gb).as_deref(), Some("居住证 㛃"));
        assert_eq!(decode("居住证".as_bytes()).as_deref(), Some("居住证"));
        assert_eq!(decode(&[0xff, 0xff]), None);
    }

    #[test]
    fn nothing_invisible_comes_through() {
        assert_eq!(
            decode("\u{202e}a\u{7}\u{200b}b\u{1b}".as_bytes()).as_deref(),
            Some("ab")
        );
        assert_eq!(decode(b"\x00 \x1f"), None);
    }
}
