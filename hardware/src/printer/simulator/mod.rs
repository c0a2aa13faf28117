//! A receipt printer that exists only as bytes: it answers as a printer does, and every cut leaves a
//! PNG in a folder.

mod mechanism;
mod parser;
mod press;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::simulator::{Bind, Control, LineFaults, Port, Simulated, Sink, send};
use crate::slip::Paper;

pub use mechanism::{Bezel, Condition};
use mechanism::{Effect, Mechanism, Slip};
use parser::Parser;

/// How fast the simulated paper moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As fast as the bytes come.
    Instant,
    /// So many rows a second; a real printer does 600 to 2000.
    RowsPerSecond(u32),
}

/// What sort of printer is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Its roll: the width of text.
    pub paper: Paper,
    /// Whether it holds slips.
    pub bezel: Bezel,
    /// How fast it is.
    pub pace: Pace,
    /// How much it takes while it cannot print.
    pub memory: Memory,
}

/// How much a printer takes while it cannot print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// All that comes.
    #[default]
    Endless,
    /// So many bytes of each connection; then it reads no more of it, as one over USB or with flow control
    /// does. Real ones have 4 to 64 KiB.
    Bytes(usize),
}

impl Model {
    /// An 80 mm printer without a bezel that takes all that comes.
    #[must_use]
    pub const fn with_pace(pace: Pace) -> Self {
        Self {
            paper: Paper::Mm80,
            bezel: Bezel::None,
            pace,
            memory: Memory::Endless,
        }
    }
}

/// A running simulator. Its port closes when it is dropped.
pub struct Simulator {
    port: Port,
    shared: Arc<Shared>,
    /// Removes its socket when the simulator is dropped.
    control: Option<Control>,
}

struct Shared {
    machine: Mutex<Machine>,
    changed: Condvar,
    out: PathBuf,
    pace: Pace,
    memory: Memory,
}

struct Machine {
    mechanism: Mechanism,
    peers: HashMap<u64, (Parser, Sink)>,
    slips: Vec<PathBuf>,
    stopped: bool,
}

/// A line on the control socket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Request {
    /// The condition that sets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Condition>,
    /// Not now, but once so many more rows have moved: in the middle of a slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_rows: Option<u32>,
    /// The condition that ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clear: Option<Condition>,
    /// How the line is from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineFaults>,
}

/// The answer to every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What is wrong; empty for a printer that prints.
    pub conditions: Vec<Condition>,
    /// The slips cut so far, oldest first.
    pub slips: Vec<PathBuf>,
    /// How many of them were taken back in because nobody took them.
    pub retracted: u32,
}

impl Simulator {
    /// Opens the port of an 80 mm printer; slips go into the folder `out`, which is made.
    pub fn start(bind: Bind, out: &Path, pace: Pace) -> io::Result<Self> {
        Self::start_model(bind, out, Model::with_pace(pace))
    }

    /// Opens the port of a printer of this model.
    pub fn start_model(bind: Bind, out: &Path, model: Model) -> io::Result<Self> {
        std::fs::create_dir_all(out)?;
        let machine = Mutex::new(Machine {
            mechanism: Mechanism::new(model.paper, model.bezel),
            peers: HashMap::new(),
            slips: Vec::new(),
            stopped: false,
        });
        let shared = Arc::new(Shared {
            machine,
            changed: Condvar::new(),
            out: out.to_owned(),
            pace: model.pace,
            memory: model.memory,
        });
        let (reader, gate) = (Arc::clone(&shared), Arc::clone(&shared));
        let port = Port::open_gated(
            bind,
            move |peer, sink, bytes| reader.receive(peer, sink, bytes),
            move |peer| gate.has_room(peer),
        )?;
        let worker = Arc::clone(&shared);
        thread::spawn(move || worker.work());
        Ok(Self {
            port,
            shared,
            control: None,
        })
    }

    /// Makes a condition hold.
    pub fn set(&self, condition: Condition) {
        self.shared.lock().mechanism.set(condition);
        self.shared.tell();
    }

    /// Makes a condition set in once so many more rows have moved.
    pub fn set_after(&self, rows: u32, condition: Condition) {
        self.shared.lock().mechanism.set_after(rows, condition);
    }

    /// Ends a condition; a job that waits for it goes on.
    pub fn clear(&self, condition: Condition) {
        self.shared.lock().mechanism.clear(condition);
        self.shared.tell();
        self.shared.changed.notify_all();
    }

    /// What holds now, and what was printed.
    #[must_use]
    pub fn state(&self) -> State {
        self.shared.state()
    }
}

impl Simulated for Simulator {
    fn port(&self) -> &Port {
        &self.port
    }

    fn with_control(mut self, path: &Path) -> io::Result<Self> {
        let shared = Arc::clone(&self.shared);
        let line = self.port.line().clone();
        self.control = Some(Control::listen(path, move |request: Request| {
            if let Some(faults) = request.line {
                line.set(faults);
            }
            shared.handle(&request)
        })?);
        Ok(self)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shared.lock().stopped = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> State {
        let machine = self.lock();
        State {
            conditions: machine.mechanism.conditions().to_vec(),
            slips: machine.slips.clone(),
            retracted: machine.mechanism.retracted(),
        }
    }

    fn handle(&self, request: &Request) -> State {
        {
            let mut machine = self.lock();
            match (request.set, request.after_rows) {
                (Some(condition), Some(rows)) => machine.mechanism.set_after(rows, condition),
                (Some(condition), None) => machine.mechanism.set(condition),
                (None, _) => {}
            }
            if let Some(condition) = request.clear {
                machine.mechanism.clear(condition);
            }
        }
        self.tell();
        self.changed.notify_all();
        self.state()
    }

    /// Tells those who want to know what changed.
    fn tell(&self) {
        let mut machine = self.lock();
        machine.tell();
    }

    fn receive(&self, peer: u64, sink: &Sink, bytes: &[u8]) {
        let mut machine = self.lock();
        let Machine { mechanism, peers, .. } = &mut *machine;
        let (parser, _) = peers
            .entry(peer)
            .or_insert_with(|| (Parser::default(), Arc::clone(sink)));
        for command in parser.push(bytes) {
            if let Some(Effect::Answer(_, bytes)) = mechanism.take(peer, command) {
                send(sink, &bytes);
            }
        }
        self.changed.notify_all();
    }

    /// Whether the printer reads what a peer says.
    fn has_room(&self, peer: u64) -> bool {
        let Memory::Bytes(most) = self.memory else {
            return true;
        };
        let machine = self.lock();
        let begun = machine.peers.get(&peer).map_or(0, |(parser, _)| parser.held());
        !machine.mechanism.is_stopped() || machine.mechanism.held_of(peer) + begun < most
    }

    /// Works off the queue until the simulator is dropped.
    fn work(&self) {
        let mut machine = self.lock();
        while !machine.stopped {
            let Some(effect) = machine.mechanism.step() else {
                machine = self.changed.wait(machine).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            match effect {
                Effect::Moved(rows) => {
                    if let Pace::RowsPerSecond(pace) = self.pace {
                        drop(machine);
                        thread::sleep(Duration::from_secs(rows.into()) / pace.max(1));
                        machine = self.lock();
                    }
                }
                Effect::Answer(peer, bytes) => {
                    machine.say(peer, &bytes);
                }
                Effect::Slip(slip) => {
                    let path = self.out.join(format!("slip-{:04}.png", machine.slips.len() + 1));
                    match write(&slip, &path) {
                        Ok(()) => machine.slips.push(path),
                        Err(error) => tracing::error!(path = %path.display(), %error, "a slip was lost"),
                    }
                }
            }
            machine.tell();
        }
    }
}

impl Machine {
    fn say(&mut self, peer: u64, bytes: &[u8]) {
        let is_there = self.peers.get(&peer).is_some_and(|(_, sink)| send(sink, bytes));
        if !is_there {
            self.mechanism.forget(peer);
        }
    }

    fn tell(&mut self) {
        for effect in self.mechanism.news() {
            if let Effect::Answer(peer, bytes) = effect {
                self.say(peer, &bytes);
            }
        }
    }
}

/// The picture, and beside it what came as text. A viewer never sees half a picture: it is renamed into
/// place.
fn write(slip: &Slip, path: &Path) -> Result<(), png::EncodingError> {
    if !slip.text.is_empty() {
        let mut text = File::create(path.with_extension("txt"))?;
        io::Write::write_all(&mut text, slip.text.as_bytes())?;
    }
    let part = path.with_extension("png.part");
    slip.picture.write_png(BufWriter::new(File::create(&part)?))?;
    Ok(std::fs::rename(&part, path)?)
}
