//! A device that says again what one said before.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Bind, Exchange, Port, Side, send};
use crate::wire::Endpoint;

/// A running replay. Every driver hears the recording from its beginning: after as many bytes as the
/// recorded driver had said, it hears what the recorded device answered.
#[derive(Debug)]
pub struct Replay {
    port: Port,
    script: Arc<Mutex<Script>>,
}

#[derive(Debug)]
struct Script {
    exchanges: Vec<Exchange>,
    left: VecDeque<Exchange>,
    peer: Option<u64>,
    /// Bytes of the driver that differ from the recording.
    differing: usize,
}

impl Replay {
    /// Opens the port.
    pub fn start(bind: Bind, exchanges: Vec<Exchange>) -> io::Result<Self> {
        let script = Arc::new(Mutex::new(Script {
            exchanges,
            left: VecDeque::new(),
            peer: None,
            differing: 0,
        }));
        let shared = Arc::clone(&script);
        let port = Port::open(bind, move |peer, sink, bytes| {
            let mut script = shared.lock().unwrap_or_else(PoisonError::into_inner);
            for answer in script.hear(peer, bytes) {
                send(sink, &answer);
            }
        })?;
        Ok(Self { port, script })
    }

    /// Where a driver finds the device.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.port.endpoint()
    }

    /// How many bytes of the last driver were other ones than the recorded driver's. A job's process id
    /// differs in every run.
    #[must_use]
    pub fn differing(&self) -> usize {
        self.script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .differing
    }
}

impl Script {
    /// Takes what a driver says; returns what it hears now.
    fn hear(&mut self, peer: u64, mut bytes: &[u8]) -> Vec<Vec<u8>> {
        if self.peer != Some(peer) {
            self.peer = Some(peer);
            self.left = self.exchanges.clone().into();
            self.differing = 0;
        }
        let mut said = Vec::new();
        while let Some(next) = self.left.front_mut() {
            match next.from {
                Side::Device => said.extend(self.left.pop_front().map(|exchange| exchange.bytes)),
                Side::Driver if bytes.is_empty() => break,
                Side::Driver => {
                    let count = next.bytes.len().min(bytes.len());
                    let (now, later) = bytes.split_at(count);
                    self.differing += now.iter().zip(&next.bytes).filter(|(a, b)| a != b).count();
                    bytes = later;
                    next.bytes.drain(..count);
                    if next.bytes.is_empty() {
                        self.left.pop_front();
                    }
                }
            }
        }
        said
    }
}
