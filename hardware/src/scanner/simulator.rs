//! A scanner that scans what it is told.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::simulator::{Bind, Control, Port, Sink, send};
use crate::wire::Endpoint;

/// A running simulator.
pub struct Simulator {
    port: Port,
    peers: Peers,
    /// Removes its socket when the simulator is dropped.
    control: Option<Control>,
}

type Peers = Arc<Mutex<Vec<Sink>>>;

/// A line on the control socket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What is scanned; a CR follows it on the line.
    pub scan: String,
}

/// The answer to every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How many drivers got it.
    pub listeners: usize,
}

impl Simulator {
    /// Opens the port.
    pub fn start(bind: Bind) -> io::Result<Self> {
        let peers = Peers::default();
        let known = Arc::clone(&peers);
        let port = Port::open(bind, move |_, sink, bytes| {
            if bytes.is_empty() {
                known
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(Arc::clone(sink));
            }
        })?;
        Ok(Self {
            port,
            peers,
            control: None,
        })
    }

    /// Also listens for [`Request`]s on a Unix socket.
    pub fn with_control(mut self, path: &Path) -> io::Result<Self> {
        let peers = Arc::clone(&self.peers);
        self.control = Some(Control::listen(path, move |request: Request| {
            scan(&peers, request.scan.as_bytes())
        })?);
        Ok(self)
    }

    /// Where a driver finds the scanner.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        self.port.endpoint()
    }

    /// Scans bytes as they are, in whatever encoding; tells who got them.
    #[expect(
        clippy::must_use_candidate,
        reason = "the scan is the point, the answer a courtesy"
    )]
    pub fn scan(&self, bytes: &[u8]) -> State {
        scan(&self.peers, bytes)
    }
}

fn scan(peers: &Peers, bytes: &[u8]) -> State {
    let mut peers = peers.lock().unwrap_or_else(PoisonError::into_inner);
    let line = [bytes, b"\r"].concat();
    peers.retain(|sink| send(sink, &line));
    State {
        listeners: peers.len(),
    }
}
