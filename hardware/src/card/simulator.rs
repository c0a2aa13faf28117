//! A card reader on which made-up cards are laid.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::codec::{Command, Decoder, frame};
use super::example::{Example, text_block};
use crate::simulator::{Bind, Control, LineFaults, Port, Simulated, send};

/// Where the card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Not on the reader.
    #[default]
    Away,
    /// On the reader.
    Laid,
    /// On the reader, but pulled away whenever it is read.
    Pulled,
}

/// What a module says while a card that was read still lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftCard {
    /// "No card", until it is lifted.
    #[default]
    Hidden,
    /// It finds the card again and again.
    FoundAgain,
}

/// Whether the module itself works; one that does not says so to every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// It works.
    #[default]
    Well,
    /// Its self-test failed.
    SelfTestFailed,
    /// It is well but for finding cards: its security module is not authorised.
    NotAuthorised,
}

/// When answers come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// Each to its command; one that is owed comes before the next.
    #[default]
    InTurn,
    /// Each only with the next command.
    OneLate,
}

/// A line on the control socket: what changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Request {
    /// Where the card is from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Place>,
    /// Which card it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Example>,
    /// How the module treats a card that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_card: Option<LeftCard>,
    /// Whether the module works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// When its answers come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
    /// How the line is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineFaults>,
}

/// The answer to every line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct State {
    /// Where the card is.
    pub card: Place,
    /// Which card it is.
    pub kind: Example,
    /// How often a card was read to the end.
    pub reads: u32,
}

/// A running simulator.
pub struct Simulator {
    port: Port,
    module: Arc<Mutex<Module>>,
    /// Removes its socket when the simulator is dropped.
    control: Option<Control>,
}

/// How far a module has got with a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Idle,
    Found,
    Selected,
}

#[derive(Default)]
struct Module {
    stage: Stage,
    answers: Answers,
    /// The answer that comes with the next command.
    owed: Option<Vec<u8>>,
    place: Place,
    example: Example,
    left_card: LeftCard,
    health: Health,
    reads: u32,
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
            if let Some(Ok(body)) = body {
                for answer in module.answers_to(&body) {
                    send(sink, &frame(&answer));
                }
            }
        })?;
        Ok(Self {
            port,
            module,
            control: None,
        })
    }

    /// Lays the card down, or takes it away.
    pub fn place(&self, place: Place) {
        self.change(Request {
            card: Some(place),
            ..Request::default()
        });
    }

    /// Changes the card or how the module treats it; says how it is now.
    #[expect(
        clippy::must_use_candidate,
        reason = "the change is the point, the answer a courtesy"
    )]
    pub fn change(&self, request: Request) -> State {
        lock(&self.module).change(request)
    }
}

impl Simulated for Simulator {
    fn port(&self) -> &Port {
        &self.port
    }

    fn with_control(mut self, path: &Path) -> io::Result<Self> {
        let module = Arc::clone(&self.module);
        let line = self.port.line().clone();
        self.control = Some(Control::listen(path, move |request: Request| {
            if let Some(faults) = request.line {
                line.set(faults);
            }
            lock(&module).change(request)
        })?);
        Ok(self)
    }
}

fn lock(module: &Mutex<Module>) -> MutexGuard<'_, Module> {
    module.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Module {
    fn change(&mut self, request: Request) -> State {
        if let Some(place) = request.card {
            self.place = place;
            self.was_read = false;
            self.stage = Stage::Idle;
        }
        self.example = request.kind.unwrap_or(self.example);
        self.left_card = request.left_card.unwrap_or(self.left_card);
        self.health = request.health.unwrap_or(self.health);
        self.answers = request.answers.unwrap_or(self.answers);
        State {
            card: self.place,
            kind: self.example,
            reads: self.reads,
        }
    }

    /// The bodies that a command brings.
    fn answers_to(&mut self, request: &[u8]) -> Vec<Vec<u8>> {
        let answer = self.answer(request);
        let owed = self.owed.take();
        match self.answers {
            Answers::InTurn => owed.into_iter().chain(answer).collect(),
            Answers::OneLate => {
                self.owed = answer;
                owed.into_iter().collect()
            }
        }
    }

    /// The body of the answer; `None` is silence.
    fn answer(&mut self, request: &[u8]) -> Option<Vec<u8>> {
        let there = self.place != Place::Away;
        let hidden = self.was_read && self.left_card == LeftCard::Hidden;
        let command = Command::from_body(request);
        match (self.health, command) {
            (Health::SelfTestFailed, _) => return Some(vec![0, 0, 0x60]),
            (Health::NotAuthorised, Some(Command::Find)) => return Some(vec![0, 0, 0x66]),
            _ => {}
        }
        let stage = std::mem::take(&mut self.stage);
        Some(match command {
            Some(Command::Status) => {
                self.stage = stage;
                vec![0, 0, 0x90]
            }
            Some(Command::Reset) => vec![0, 0, 0x90],
            Some(Command::Find) if there && !hidden => {
                self.stage = Stage::Found;
                vec![0, 0, 0x9f, 0, 0, 0, 0]
            }
            Some(Command::Find) => vec![0, 0, 0x80],
            Some(Command::Select) if there && stage == Stage::Found => {
                self.stage = Stage::Selected;
                [&[0, 0, 0x90][..], &[0; 8]].concat()
            }
            // What fails may say more in its first two bytes.
            Some(Command::Select) => vec![0x01, 0x02, 0x81],
            Some(Command::Read) if self.place == Place::Pulled => return None,
            Some(Command::Read) if there && stage == Stage::Selected => {
                self.was_read = true;
                self.reads += 1;
                // Lengths 256 and 1024; the photo is noise, as nobody may decode it.
                [
                    &[0, 0, 0x90, 1, 0, 4, 0][..],
                    &text_block(self.example),
                    &[0x5a; 1024],
                ]
                .concat()
            }
            Some(Command::Read) => vec![0x01, 0x02, 0x41],
            None => vec![0, 0, 0x21],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_only_once_it_was_found_and_selected_in_this_order() {
        let mut module = Module {
            place: Place::Laid,
            ..Module::default()
        };
        let mut sw3 = |command: Command| {
            let body = Decoder::default().push(&command.frame()).unwrap().unwrap();
            module.answer(&body).unwrap()[2]
        };
        assert_eq!(sw3(Command::Read), 0x41);
        assert_eq!(sw3(Command::Select), 0x81);
        assert_eq!(sw3(Command::Find), 0x9f);
        assert_eq!(sw3(Command::Read), 0x41);
        assert_eq!(sw3(Command::Select), 0x81);
        assert_eq!(sw3(Command::Find), 0x9f);
        assert_eq!(sw3(Command::Select), 0x90);
        assert_eq!(sw3(Command::Read), 0x90);
        assert_eq!(sw3(Command::Read), 0x41);
    }
}
