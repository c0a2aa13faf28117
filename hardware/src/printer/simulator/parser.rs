//! ESC/POS bytes into commands, as they arrive.

use crate::printer::job::LINE_ROWS;

/// A command of the printer's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// `ESC @`.
    Initialise,
    /// `GS v 0`: raster rows.
    Raster {
        /// Bytes a row.
        stride: u16,
        /// The rows.
        rows: Vec<u8>,
    },
    /// Characters, encoded as the printer is set; a long text comes in pieces.
    Text(Vec<u8>),
    /// LF: prints the line.
    LineFeed,
    /// How text is set from here on.
    Style(Style),
    /// `GS ( k`, functions 67, 80 and 81: a QR code.
    Code(Code),
    /// `GS a n`.
    ReportChanges(u8),
    /// Blank rows: `ESC J`, `ESC d`.
    Feed {
        /// How many.
        rows: u32,
    },
    /// `GS V`, `ESC i`, `ESC m`.
    Cut,
    /// `GS e 2`: takes the slip in the bezel back in.
    Retract,
    /// `DLE EOT n`, worked off at once.
    RealTimeStatus(u8),
    /// `GS r n`, worked off in its turn.
    TransmitStatus(u8),
    /// `GS ( H`, function 48.
    ProcessId([u8; 4]),
}

/// A change of style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `FS &` and `FS .`: whether bytes above 7Fh are Chinese.
    Chinese(bool),
    /// `GS !`: width times in the high half, height times in the low, each less one.
    LatinSize(u8),
    /// `FS !`: bit 2 double width, bit 3 double height.
    ChineseSize(u8),
    /// `ESC E`.
    Bold(bool),
    /// `ESC a`: 0 left, 1 centre, 2 right.
    Align(u8),
}

/// What is done about a QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// So many dots a module.
    Module(u8),
    /// This is what it carries.
    Store(Vec<u8>),
    /// Print it.
    Print,
}

/// Splits a byte stream into commands. Settings without effect here are skipped by their length.
#[derive(Debug, Default)]
pub(super) struct Parser {
    pending: Vec<u8>,
}

/// One step of parsing.
enum Step {
    /// So many bytes were a command, or something to skip.
    Took(usize, Option<Command>),
    /// The command is not complete yet.
    More,
}

use Step::{More, Took};

impl Parser {
    /// How many bytes are the beginning of a command.
    pub(super) const fn held(&self) -> usize {
        self.pending.len()
    }

    /// Takes more bytes; returns the commands they complete.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Command> {
        self.pending.extend(bytes);
        let mut commands = Vec::new();
        let mut at = 0;
        while at < self.pending.len() {
            match step(&self.pending[at..]) {
                Took(length, command) => {
                    at += length;
                    commands.extend(command);
                }
                More => break,
            }
        }
        self.pending.drain(..at);
        commands
    }
}

fn step(bytes: &[u8]) -> Step {
    match bytes[0] {
        b'\n' => Took(1, Some(Command::LineFeed)),
        0x10 => dle(bytes),
        0x1b => esc(bytes),
        0x1c => fs(bytes),
        0x1d => gs(bytes),
        0x20.. => {
            let text = bytes.iter().take_while(|byte| **byte >= 0x20);
            let length = text.count();
            Took(length, Some(Command::Text(bytes[..length].to_vec())))
        }
        _ => Took(1, None),
    }
}

/// A setting with one argument.
fn style(bytes: &[u8], style: impl FnOnce(u8) -> Style) -> Step {
    fixed(bytes, 3, |b| Some(Command::Style(style(b[2]))))
}

/// A command of fixed length.
fn fixed(bytes: &[u8], length: usize, command: impl FnOnce(&[u8]) -> Option<Command>) -> Step {
    if bytes.len() < length {
        More
    } else {
        Took(length, command(&bytes[..length]))
    }
}

fn skip(bytes: &[u8], length: usize) -> Step {
    fixed(bytes, length, |_| None)
}

/// A little-endian 16-bit number at `at`, if it has arrived.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes([
        *bytes.get(at)?,
        *bytes.get(at + 1)?,
    ])))
}

/// `prefix` bytes with a 16-bit length at `at`, then so many times `unit` bytes.
fn counted(bytes: &[u8], at: usize, prefix: usize, unit: usize) -> Step {
    number(bytes, at).map_or(More, |count| skip(bytes, prefix + count * unit))
}

fn dle(bytes: &[u8]) -> Step {
    match bytes.get(1..3) {
        None => More,
        Some([0x04, 7 | 8]) => skip(bytes, 4),
        Some([0x04, n]) => Took(3, Some(Command::RealTimeStatus(*n))),
        Some([0x14, 8]) => skip(bytes, 10),
        Some([0x14, _]) => skip(bytes, 5),
        Some(_) => Took(3, None),
    }
}

fn esc(bytes: &[u8]) -> Step {
    let Some(name) = bytes.get(1) else { return More };
    match name {
        b'@' => Took(2, Some(Command::Initialise)),
        b'i' | b'm' => Took(2, Some(Command::Cut)),
        b'J' => fixed(bytes, 3, |b| Some(Command::Feed { rows: b[2].into() })),
        b'd' => fixed(bytes, 3, |b| {
            Some(Command::Feed {
                rows: u32::from(b[2]) * LINE_ROWS,
            })
        }),
        b'E' => style(bytes, |n| Style::Bold(n & 1 == 1)),
        b'a' => style(bytes, |n| Style::Align(n & 0b11)),
        b'2' | b'L' | b'S' | b'<' | 0x0c => Took(2, None),
        b'$' | b'\\' | b'c' => skip(bytes, 4),
        b'p' => skip(bytes, 5),
        b'W' => skip(bytes, 10),
        b'D' => bytes
            .iter()
            .position(|byte| *byte == 0)
            .map_or(More, |end| Took(end + 1, None)),
        b'*' => match bytes.get(2) {
            None => More,
            Some(0 | 1) => counted(bytes, 3, 5, 1),
            Some(_) => counted(bytes, 3, 5, 3),
        },
        b'(' => counted(bytes, 3, 5, 1),
        _ => skip(bytes, 3),
    }
}

fn fs(bytes: &[u8]) -> Step {
    let Some(name) = bytes.get(1) else { return More };
    match name {
        b'&' => Took(2, Some(Command::Style(Style::Chinese(true)))),
        b'.' => Took(2, Some(Command::Style(Style::Chinese(false)))),
        b'!' => style(bytes, Style::ChineseSize),
        b'S' | b'p' | b'?' => skip(bytes, 4),
        b'2' => skip(bytes, 4 + 72),
        b'(' => counted(bytes, 3, 5, 1),
        _ => skip(bytes, 3),
    }
}

fn gs(bytes: &[u8]) -> Step {
    let Some(name) = bytes.get(1) else { return More };
    match name {
        b'v' => raster(bytes),
        b'!' => style(bytes, Style::LatinSize),
        b'a' => fixed(bytes, 3, |b| Some(Command::ReportChanges(b[2]))),
        b'V' => match bytes.get(2) {
            None => More,
            Some(0 | 1 | b'0' | b'1') => Took(3, Some(Command::Cut)),
            // With a feed to the cutter first.
            Some(_) => fixed(bytes, 4, |_| Some(Command::Cut)),
        },
        b'r' => fixed(bytes, 3, |b| Some(Command::TransmitStatus(b[2]))),
        b'e' => fixed(bytes, 3, |b| (b[2] == 2).then_some(Command::Retract)),
        b'(' => match number(bytes, 3) {
            None => More,
            Some(length) => fixed(bytes, 5 + length, |b| match b {
                [_, _, b'H', 6, 0, 48, 48, id @ ..] => id.try_into().ok().map(Command::ProcessId),
                [_, _, b'k', _, _, 49, 67, dots] => Some(Command::Code(Code::Module(*dots))),
                [_, _, b'k', _, _, 49, 80, 48, payload @ ..] => {
                    Some(Command::Code(Code::Store(payload.to_vec())))
                }
                [_, _, b'k', _, _, 49, 81, 48] => Some(Command::Code(Code::Print)),
                _ => None,
            }),
        },
        b'8' => match (number(bytes, 3), number(bytes, 5)) {
            (Some(low), Some(high)) => skip(bytes, 7 + low + (high << 16)),
            _ => More,
        },
        b'k' => match (bytes.get(2), bytes.get(3)) {
            (Some(0..=6), _) => bytes
                .iter()
                .skip(3)
                .position(|byte| *byte == 0)
                .map_or(More, |end| Took(end + 4, None)),
            (Some(_), Some(length)) => skip(bytes, 4 + usize::from(*length)),
            _ => More,
        },
        b'*' => match (bytes.get(2), bytes.get(3)) {
            (Some(x), Some(y)) => skip(bytes, 4 + usize::from(*x) * usize::from(*y) * 8),
            _ => More,
        },
        b':' | b'c' => Took(2, None),
        b'L' | b'W' | b'P' | b'$' | b'\\' => skip(bytes, 4),
        b'^' | b'z' => skip(bytes, 5),
        _ => skip(bytes, 3),
    }
}

/// `GS v 0 m xL xH yL yH data`.
fn raster(bytes: &[u8]) -> Step {
    let (Some(stride), Some(height)) = (number(bytes, 4), number(bytes, 6)) else {
        return More;
    };
    fixed(bytes, 8 + stride * height, |b| {
        Some(Command::Raster {
            stride: stride as u16,
            rows: b[8..].to_vec(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &[u8] = b"\x1b@\x1c&text\n\x1b!\x08\x1ba\x01\x1d(k\x05\x001P0ab\x1dv0\x00\x01\x00\x02\x00\x10\x04\x10\x04\x01\x1dVA\x00\x1d(H\x06\x0000abcd\x1dr\x01";

    /// Pieces of a text in one.
    fn joined(commands: Vec<Command>) -> Vec<Command> {
        let mut whole: Vec<Command> = Vec::new();
        for command in commands {
            match (whole.last_mut(), command) {
                (Some(Command::Text(text)), Command::Text(more)) => text.extend(more),
                (_, command) => whole.push(command),
            }
        }
        whole
    }

    fn expected() -> Vec<Command> {
        vec![
            Command::Initialise,
            Command::Style(Style::Chinese(true)),
            Command::Text(b"text".to_vec()),
            Command::LineFeed,
            Command::Style(Style::Align(1)),
            Command::Code(Code::Store(b"ab".to_vec())),
            Command::Raster {
                stride: 1,
                rows: vec![0x10, 0x04],
            },
            Command::RealTimeStatus(1),
            Command::Cut,
            Command::ProcessId(*b"abcd"),
            Command::TransmitStatus(1),
        ]
    }

    #[test]
    fn commands_are_found_among_text_settings_and_raster_data() {
        assert_eq!(Parser::default().push(JOB), expected());
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_arrive() {
        for size in 1..JOB.len() {
            let mut parser = Parser::default();
            let commands: Vec<_> = JOB.chunks(size).flat_map(|chunk| parser.push(chunk)).collect();
            assert_eq!(joined(commands), expected(), "{size} bytes at a time");
        }
    }

    #[test]
    fn noise_is_skipped_without_a_panic() {
        let mut parser = Parser::default();
        let mut byte = 7_u8;
        for _ in 0..100_000 {
            byte = byte.wrapping_mul(181).wrapping_add(101);
            parser.push(&[byte]);
        }
    }
}
