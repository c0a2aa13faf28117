//! The printer behind the wire: roll, cover, cutter and what they do to the commands in the queue.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::parser::Command;
use super::press::Press;
use crate::slip::{Bitmap, Paper};

/// Something that can be wrong with the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The roll is used up.
    PaperOut,
    /// The roll is nearly used up.
    NearEnd,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    CutterError,
    /// The print head is too hot.
    Recoverable,
    /// The electronics are broken.
    Unrecoverable,
    /// The printer was switched off line.
    Offline,
    /// It prints, but answers neither `GS ( H` nor `GS r`.
    SilentProof,
    /// Each answer to `DLE EOT` comes with the query after its own.
    LaggingReplies,
    /// A cut slip lies in the bezel.
    SlipWaiting,
}

impl Condition {
    /// Whether paper moves while this holds.
    const fn stops(self) -> bool {
        !matches!(
            self,
            Self::NearEnd | Self::SilentProof | Self::LaggingReplies | Self::SlipWaiting
        )
    }
}

/// What a step did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// So many rows of paper moved.
    Moved(u32),
    /// An answer to a peer.
    Answer(u64, Vec<u8>),
    /// A slip was cut off.
    Slip(Slip),
}

/// What was printed between two cuts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) picture: Bitmap,
    /// What came as text, a line each.
    pub(super) text: String,
}

/// Whether the printer holds a cut slip until it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bezel {
    /// Slips fall out.
    #[default]
    None,
    /// A slip waits ([`Condition::SlipWaiting`]) until that condition is cleared.
    Holds,
}

/// The state between two steps.
#[derive(Debug)]
pub(super) struct Mechanism {
    conditions: Vec<Condition>,
    /// A condition that sets in once so many more rows have moved.
    later: Option<(u32, Condition)>,
    queue: VecDeque<(u64, Command)>,
    /// Printed since the last cut.
    printed: Vec<u8>,
    text: String,
    stride: u32,
    press: Press,
    bezel: Bezel,
    /// How many slips were taken back in.
    retracted: u32,
    /// The peers that are told of changes, and what they were told last.
    told: HashMap<u64, [u8; 4]>,
    /// Answers that come with the next query.
    held: HashMap<u64, u8>,
}

/// Fixed bits of every answer to `DLE EOT`.
const ANSWER: u8 = 0b0001_0010;

impl Mechanism {
    pub(super) fn new(paper: Paper, bezel: Bezel) -> Self {
        Self {
            conditions: Vec::new(),
            later: None,
            queue: VecDeque::new(),
            printed: Vec::new(),
            text: String::new(),
            stride: paper.dots() / 8,
            press: Press::default(),
            bezel,
            retracted: 0,
            told: HashMap::new(),
            held: HashMap::new(),
        }
    }

    pub(super) fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    pub(super) const fn retracted(&self) -> u32 {
        self.retracted
    }

    pub(super) fn set(&mut self, condition: Condition) {
        if !self.has(condition) {
            self.conditions.push(condition);
            self.conditions.sort_unstable();
        }
    }

    pub(super) fn set_after(&mut self, rows: u32, condition: Condition) {
        self.later = Some((rows, condition));
    }

    /// Ends a condition. Commands that wait in the queue go on, as on a printer whose roll was changed.
    pub(super) fn clear(&mut self, condition: Condition) {
        self.conditions.retain(|held| *held != condition);
    }

    fn has(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.conditions.iter().any(|condition| condition.stops())
    }

    /// How many bytes from a peer wait to be printed.
    pub(super) fn held_of(&self, peer: u64) -> usize {
        let size = |command: &Command| match command {
            Command::Raster { rows, .. } => rows.len(),
            Command::Text(bytes) => bytes.len(),
            _ => 0,
        };
        let own = self.queue.iter().filter(|(from, _)| *from == peer);
        own.map(|(_, command)| size(command)).sum()
    }

    /// Takes a command from a peer. Real-time queries are answered at once, the others wait their turn.
    pub(super) fn take(&mut self, peer: u64, command: Command) -> Option<Effect> {
        match command {
            Command::RealTimeStatus(n) => {
                let byte = self.answer(n)?;
                let byte = if self.has(Condition::LaggingReplies) {
                    self.held.insert(peer, byte)?
                } else {
                    self.held.remove(&peer);
                    byte
                };
                return Some(Effect::Answer(peer, vec![byte]));
            }
            command => self.queue.push_back((peer, command)),
        }
        None
    }

    /// What changed for those who want to be told.
    pub(super) fn news(&mut self) -> Vec<Effect> {
        let status = self.automatic();
        let mut news = Vec::new();
        for (peer, told) in &mut self.told {
            if *told != status {
                *told = status;
                news.push(Effect::Answer(*peer, status.to_vec()));
            }
        }
        news
    }

    /// A peer that went away is told nothing more.
    pub(super) fn forget(&mut self, peer: u64) {
        self.told.remove(&peer);
        self.held.remove(&peer);
    }

    /// The four bytes of automatic status.
    fn automatic(&self) -> [u8; 4] {
        let bit = |at: u8, condition| u8::from(self.has(condition)) << at;
        let near = self.has(Condition::NearEnd) || self.has(Condition::PaperOut);
        [
            0x10 | u8::from(self.is_stopped()) << 3 | bit(5, Condition::CoverOpen),
            bit(3, Condition::CutterError)
                | bit(5, Condition::Unrecoverable)
                | bit(6, Condition::Recoverable),
            if near { 0b11 } else { 0 } | bit(2, Condition::PaperOut) | bit(3, Condition::PaperOut),
            0,
        ]
    }

    /// The answer to `DLE EOT n`.
    fn answer(&self, n: u8) -> Option<u8> {
        let bit = |at: u8, conditions: &[Condition]| {
            u8::from(conditions.iter().any(|condition| self.has(*condition))) << at
        };
        let fault = [
            Condition::CutterError,
            Condition::Recoverable,
            Condition::Unrecoverable,
        ];
        Some(match n {
            1 => ANSWER | u8::from(self.is_stopped()) << 3,
            2 => ANSWER | bit(2, &[Condition::CoverOpen]) | bit(5, &[Condition::PaperOut]) | bit(6, &fault),
            3 => {
                ANSWER
                    | bit(3, &[Condition::CutterError])
                    | bit(5, &[Condition::Unrecoverable])
                    | bit(6, &[Condition::Recoverable])
            }
            4 => {
                let near = [Condition::NearEnd, Condition::PaperOut];
                ANSWER | bit(2, &near) | bit(3, &near) | bit(5, &near[1..]) | bit(6, &near[1..])
            }
            5 if self.bezel == Bezel::Holds => ANSWER | bit(2, &[Condition::SlipWaiting]),
            _ => return None,
        })
    }

    /// Works off the next command, or as much of it as the state allows. `None`: nothing can be done.
    pub(super) fn step(&mut self) -> Option<Effect> {
        if self.is_stopped() {
            return None;
        }
        let (peer, command) = self.queue.pop_front()?;
        Some(match command {
            Command::Initialise => {
                self.press.reset();
                self.told.remove(&peer);
                Effect::Moved(0)
            }
            // Worked off when it comes.
            Command::RealTimeStatus(_) => Effect::Moved(0),
            Command::ReportChanges(0) => {
                self.told.remove(&peer);
                Effect::Moved(0)
            }
            Command::ReportChanges(_) => {
                let status = self.automatic();
                self.told.insert(peer, status);
                Effect::Answer(peer, status.to_vec())
            }
            Command::Text(bytes) => {
                self.press.text(&bytes);
                Effect::Moved(0)
            }
            Command::Style(style) => {
                self.press.style(style);
                Effect::Moved(0)
            }
            Command::LineFeed => {
                let (rows, text) = self.press.line_feed(self.stride * 8);
                self.text.push_str(&text);
                self.text.push('\n');
                self.print_next(peer, &rows)
            }
            Command::Code(code) => match self.press.code(code, self.stride * 8) {
                Some(rows) => self.print_next(peer, &rows),
                None => Effect::Moved(0),
            },
            Command::Raster { stride, mut rows } => {
                let stride = usize::from(stride.max(1));
                let wanted = (rows.len() / stride) as u32;
                let moved = self.advance(wanted);
                let rest = rows.split_off(moved as usize * stride);
                self.print(stride as u32, &rows);
                if !rest.is_empty() {
                    self.queue.push_front((
                        peer,
                        Command::Raster {
                            stride: stride as u16,
                            rows: rest,
                        },
                    ));
                }
                Effect::Moved(moved)
            }
            Command::Feed { rows } => {
                let moved = self.advance(rows);
                let stride = self.stride.max(1);
                self.print(stride, &vec![0; (moved * stride) as usize]);
                if moved < rows {
                    self.queue
                        .push_front((peer, Command::Feed { rows: rows - moved }));
                }
                Effect::Moved(moved)
            }
            Command::Cut => {
                if self.bezel == Bezel::Holds {
                    self.set(Condition::SlipWaiting);
                }
                Effect::Slip(Slip {
                    picture: Bitmap::from_rows(self.stride, std::mem::take(&mut self.printed)),
                    text: std::mem::take(&mut self.text),
                })
            }
            Command::Retract => {
                if self.has(Condition::SlipWaiting) {
                    self.clear(Condition::SlipWaiting);
                    self.retracted += 1;
                }
                Effect::Moved(0)
            }
            Command::TransmitStatus(_) | Command::ProcessId(_) if self.has(Condition::SilentProof) => {
                Effect::Moved(0)
            }
            Command::TransmitStatus(_) => {
                Effect::Answer(peer, vec![if self.has(Condition::NearEnd) { 0x03 } else { 0x00 }])
            }
            Command::ProcessId([a, b, c, d]) => Effect::Answer(peer, vec![0x37, 0x22, a, b, c, d, 0x00]),
        })
    }

    /// Rows that the printer composed itself come next.
    fn print_next(&mut self, peer: u64, rows: &Bitmap) -> Effect {
        let command = Command::Raster {
            stride: rows.stride() as u16,
            rows: rows.bits().to_vec(),
        };
        self.queue.push_front((peer, command));
        Effect::Moved(0)
    }

    /// Moves the paper by up to `rows`; stops where a later condition sets in.
    fn advance(&mut self, rows: u32) -> u32 {
        let Some((left, condition)) = self.later else {
            return rows;
        };
        if rows < left {
            self.later = Some((left - rows, condition));
            return rows;
        }
        self.later = None;
        self.set(condition);
        if condition.stops() { left } else { rows }
    }

    fn print(&mut self, stride: u32, rows: &[u8]) {
        // Another width starts another slip; drivers do not mix widths on one.
        if self.stride != stride {
            self.printed.clear();
            self.stride = stride;
        }
        self.printed.extend(rows);
    }
}

#[cfg(test)]
mod tests;
