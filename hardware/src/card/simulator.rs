//! A card reader with one card: the made-up person whose number the standard prints as its example.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::codec::{Command, Decoder, frame};
use super::record::TEXT_BLOCK;
use crate::simulator::{Bind, Control, Port, send};
use crate::wire::Endpoint;

/// Where the card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Card {
    /// Not on the reader.
    #[default]
    Away,
    /// On the reader.
    Laid,
    /// On the reader, but pulled away whenever it is read.
    Pulled,
}

/// A line on the control socket, and the answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Where the card is from now on.
    pub card: Card,
}

/// A running simulator.
pub struct Simulator {
    port: Port,
    module: Arc<Mutex<Module>>,
    /// Removes its socket when the simulator is dropped.
    control: Option<Control>,
}

#[derive(Default)]
struct Module {
    card: Card,
    /// A card that was read is not found again before it was lifted.
    was_read: bool,
    decoders: HashMap<u64, Decoder>,
}

impl Simulator {
    /// Opens the port. No card is on the reader.
    pub fn start(bind: Bind) -> io::Result<Self> {
        let module = Arc::new(Mutex::new(Module::default()));
        let answering = Arc::clone(&module);
        let port = Port::open(bind, move |peer, sink, bytes| {
            let mut module = lock(&answering);
            let body = module.decoders.entry(peer).or_default().push(bytes);
            if let Some(Ok(body)) = body
                && let Some(answer) = module.answer(&body)
            {
                send(sink, &frame(&answer));
            }
        })?;
        Ok(Self {
            port,
            module,
            control: None,
        })
    }

    /// Also listens for [`State`]s on a Unix socket.
    pub fn with_control(mut self, path: &Path) -> io::Result<Self> {
        let module = Arc::clone(&self.module);
        self.control = Some(Control::listen(path, move |wanted: State| {
            lock(&module).place(wanted.card);
            wanted
        })?);
        Ok(self)
    }

    /// Where a driver finds the reader.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        self.port.endpoint()
    }

    /// Lays the card down, or takes it away.
    pub fn place(&self, card: Card) {
        lock(&self.module).place(card);
    }
}

fn lock(module: &Mutex<Module>) -> MutexGuard<'_, Module> {
    module.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Module {
    fn place(&mut self, card: Card) {
        self.card = card;
        self.was_read = false;
    }

    /// The body of the answer; `None` is silence.
    fn answer(&mut self, request: &[u8]) -> Option<Vec<u8>> {
        let there = self.card != Card::Away;
        Some(match Command::from_body(request) {
            Some(Command::Find) if there && !self.was_read => vec![0, 0, 0x9f, 0, 0, 0, 0],
            Some(Command::Find) => vec![0, 0, 0x80],
            Some(Command::Select) if there => [&[0, 0, 0x90][..], &[0; 8]].concat(),
            Some(Command::Select) => vec![0, 0, 0x81],
            Some(Command::Read) if self.card == Card::Pulled => return None,
            Some(Command::Read) if there => {
                self.was_read = true;
                // Lengths 256 and 1024; the photo is noise, as nobody may decode it.
                [
                    &[0, 0, 0x90, 1, 0, 4, 0][..],
                    &example_text_block(),
                    &[0x5a; 1024],
                ]
                .concat()
            }
            Some(Command::Read) => vec![0, 0, 0x41],
            None => vec![0, 0, 0x21],
        })
    }
}

/// The text block of the example card.
#[must_use]
pub fn example_text_block() -> [u8; TEXT_BLOCK] {
    let mut block = [0; TEXT_BLOCK];
    for pair in block.chunks_exact_mut(2) {
        pair.copy_from_slice(&0x20_u16.to_le_bytes());
    }
    for (offset, text) in [
        (0, "张三"),
        (30, "1"),
        (32, "01"),
        (36, "19491231"),
        (52, "北京市朝阳区示例路1号"),
        (122, "11010519491231002X"),
        (158, "示例公安局"),
        (188, "20200101"),
        (204, "长期"),
    ] {
        for (at, unit) in text.encode_utf16().enumerate() {
            block[offset + 2 * at..][..2].copy_from_slice(&unit.to_le_bytes());
        }
    }
    block
}
