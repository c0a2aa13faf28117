//! A scanner that scans what it is told.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::simulator::{Bind, Control, LineFaults, Port, Simulated, Sink, send};

/// A running simulator.
pub struct Simulator {
    port: Port,
    peers: Peers,
    /// Removes its socket when the simulator is dropped.
    control: Option<Control>,
}

type Peers = Arc<Mutex<HashMap<u64, Sink>>>;

/// A line on the control socket.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Request {
    /// What is scanned; a CR follows it on the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan: Option<String>,
    /// What is scanned, as bytes in pairs of digits: other encodings, control characters, noise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_hex: Option<String>,
    /// How the line is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineFaults>,
}

/// The answer to every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// How many drivers got it; of nothing, how many there were at the last scan.
    Listeners(usize),
    /// The request makes no sense.
    Error(String),
}

impl Simulator {
    /// Opens the port.
    pub fn start(bind: Bind) -> io::Result<Self> {
        let peers = Peers::default();
        let known = Arc::clone(&peers);
        let port = Port::open(bind, move |peer, sink, bytes| {
            if bytes.is_empty() {
                known
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(peer, Arc::clone(sink));
            }
        })?;
        Ok(Self {
            port,
            peers,
            control: None,
        })
    }

    /// Scans bytes as they are, in whatever encoding; tells how many drivers got them.
    #[expect(
        clippy::must_use_candidate,
        reason = "the scan is the point, the answer a courtesy"
    )]
    pub fn scan(&self, bytes: &[u8]) -> usize {
        scan(&self.peers, bytes)
    }
}

impl Simulated for Simulator {
    fn port(&self) -> &Port {
        &self.port
    }

    fn with_control(mut self, path: &Path) -> io::Result<Self> {
        let peers = Arc::clone(&self.peers);
        let line = self.port.line().clone();
        self.control = Some(Control::listen(path, move |request: Request| {
            if let Some(faults) = request.line {
                line.set(faults);
            }
            let bytes = match (request.scan, request.scan_hex) {
                (Some(text), None) => text.into_bytes(),
                (None, Some(digits)) => match bytes_of(&digits) {
                    Some(bytes) => bytes,
                    None => return Answer::Error(format!("{digits:?} is not pairs of digits")),
                },
                (None, None) => return Answer::Listeners(count(&peers)),
                (Some(_), Some(_)) => return Answer::Error("one scan at a time".to_owned()),
            };
            Answer::Listeners(scan(&peers, &bytes))
        })?);
        Ok(self)
    }
}

fn count(peers: &Peers) -> usize {
    peers.lock().unwrap_or_else(PoisonError::into_inner).len()
}

fn scan(peers: &Peers, bytes: &[u8]) -> usize {
    let mut peers = peers.lock().unwrap_or_else(PoisonError::into_inner);
    let line = [bytes, b"\r"].concat();
    peers.retain(|_, sink| send(sink, &line));
    peers.len()
}

/// Bytes from pairs of digits, with or without spaces between them.
fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = digits
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
