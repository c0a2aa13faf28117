//! A board whose pins exist only as text.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::Level;
use super::remote::{change, take_changes};
use crate::simulator::{Bind, Control, LineFaults, Port, Simulated, Sink, send};

/// A running simulator.
pub struct Simulator {
    port: Port,
    pins: Arc<Mutex<SimulatedPins>>,
    /// Removes its socket when the simulator is dropped.
    control: Option<Control>,
}

#[derive(Default)]
struct SimulatedPins {
    inputs: BTreeMap<u32, Level>,
    outputs: BTreeMap<u32, Output>,
    peers: HashMap<u64, (Vec<u8>, Sink)>,
}

/// A line that a driver drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its level now.
    pub level: Level,
    /// How often it changed: a light that blinks, a heart that beats.
    pub changes: u32,
}

/// A line on the control socket.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Request {
    /// An input that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<u32>,
    /// Its level from now on; high where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// How the line to the board is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineFaults>,
}

/// The answer to every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The inputs that were ever set.
    pub inputs: BTreeMap<u32, Level>,
    /// The outputs that were ever driven.
    pub outputs: BTreeMap<u32, Output>,
}

impl Simulator {
    /// Opens the port.
    pub fn start(bind: Bind) -> io::Result<Self> {
        let pins = Arc::new(Mutex::new(SimulatedPins::default()));
        let shared = Arc::clone(&pins);
        let port = Port::open(bind, move |peer, sink, bytes| {
            lock(&shared).hear(peer, sink, bytes);
        })?;
        Ok(Self {
            port,
            pins,
            control: None,
        })
    }

    /// Changes an input.
    pub fn set(&self, line: u32, level: Level) {
        lock(&self.pins).set(line, level);
    }

    /// All lines as they are.
    #[must_use]
    pub fn state(&self) -> State {
        lock(&self.pins).state()
    }
}

impl Simulated for Simulator {
    fn port(&self) -> &Port {
        &self.port
    }

    fn with_control(mut self, path: &Path) -> io::Result<Self> {
        let pins = Arc::clone(&self.pins);
        let line = self.port.line().clone();
        self.control = Some(Control::listen(path, move |request: Request| {
            if let Some(faults) = request.line {
                line.set(faults);
            }
            let mut pins = lock(&pins);
            if let Some(input) = request.input {
                pins.set(input, request.level.unwrap_or(Level::High));
            }
            pins.state()
        })?);
        Ok(self)
    }
}

fn lock(pins: &Mutex<SimulatedPins>) -> MutexGuard<'_, SimulatedPins> {
    pins.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SimulatedPins {
    fn hear(&mut self, peer: u64, sink: &Sink, bytes: &[u8]) {
        if bytes.is_empty() {
            for (line, level) in &self.inputs {
                send(sink, change(*line, *level).as_bytes());
            }
        }
        let (pending, _) = self
            .peers
            .entry(peer)
            .or_insert_with(|| (Vec::new(), Arc::clone(sink)));
        pending.extend(bytes);
        for (line, level) in take_changes(pending) {
            let output = self.outputs.entry(line).or_insert(Output { level, changes: 0 });
            if output.level != level {
                *output = Output {
                    level,
                    changes: output.changes + 1,
                };
            }
        }
    }

    fn set(&mut self, line: u32, level: Level) {
        self.inputs.insert(line, level);
        let change = change(line, level);
        self.peers.retain(|_, (_, sink)| send(sink, change.as_bytes()));
    }

    fn state(&self) -> State {
        State {
            inputs: self.inputs.clone(),
            outputs: self.outputs.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpio::{Board, open};
    use std::net::{IpAddr, Ipv4Addr, SocketAddr};
    use std::time::{Duration, Instant};

    fn eventually(mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < Duration::from_mins(1), "waited in vain");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn inputs_are_read_and_outputs_driven_over_the_line() {
        let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let simulator = Simulator::start(Bind::Tcp(loopback)).unwrap();
        simulator.set(17, Level::High);
        let board = Board::Simulator(simulator.endpoint());
        let mut pins = open(&board, &[17, 27], &[(22, Level::Low)]).unwrap();
        eventually(|| pins.read(17).unwrap() == Level::High);
        assert_eq!(pins.read(27).unwrap(), Level::Low);
        simulator.set(17, Level::Low);
        eventually(|| pins.read(17).unwrap() == Level::Low);
        pins.write(22, Level::High).unwrap();
        pins.write(22, Level::Low).unwrap();
        eventually(|| simulator.state().outputs[&22].changes == 2);
    }

    #[test]
    fn a_board_without_gpio_says_so() {
        let missing = Board::Chip("/dev/gpiochip-of-another-board".into());
        assert!(matches!(
            open(&missing, &[1], &[]),
            Err(super::super::GpioError::None)
        ));
    }
}
