//! What a printer sends back, told apart byte by byte.

use super::status::is_answer;

/// Something that a printer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The answer to a `DLE EOT n` query; the byte does not say to which.
    Answer(u8),
    /// The four bytes of automatic status back, sent unasked when something changes (`GS a`).
    Automatic([u8; 4]),
    /// The echo of a process id (`GS ( H`, function 48): everything before it is on paper.
    Echo([u8; 4]),
    /// The answer to `GS r 1`, given in the queue's turn.
    PaperSensor(u8),
    /// None of these: the line made it, or a reply of which the rest was lost.
    Noise(u8),
}

/// Splits the byte stream of a printer into [`Reply`]s. What is left of one that was cut short is skipped.
///
/// The fixed bits tell most of it: an answer is `0xx1xx10`, the first byte of automatic status
/// `0xx1xx00`, its other bytes `0xx0xxxx`, and the answer to `GS r 1` one of four among these. An echo is framed, `37 22 … 00`, and
/// its id is made of odd bytes (see [`ProcessId`](super::ProcessId)), so that an answer or an automatic
/// status that comes in the middle of it is still recognised.
#[derive(Debug, Default)]
pub struct Replies {
    /// The bytes of an automatic status so far.
    automatic: Option<Partial<4>>,
    /// The bytes of an echo so far, its header included.
    echo: Option<Partial<7>>,
}

#[derive(Debug, Clone, Copy)]
struct Partial<const N: usize> {
    bytes: [u8; N],
    count: usize,
}

impl<const N: usize> Partial<N> {
    fn starting_with(byte: u8) -> Self {
        let mut bytes = [0; N];
        bytes[0] = byte;
        Self { bytes, count: 1 }
    }

    /// All bytes, once the last one came.
    fn push(&mut self, byte: u8) -> Option<[u8; N]> {
        self.bytes[self.count] = byte;
        self.count += 1;
        (self.count == N).then_some(self.bytes)
    }
}

const ECHO_HEADER: u8 = 0x37;
const ECHO_IDENTIFIER: u8 = 0x22;

impl Replies {
    /// Takes bytes as they come; returns what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Reply> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    fn take(&mut self, byte: u8) -> Option<Reply> {
        if is_answer(byte) {
            return Some(Reply::Answer(byte));
        }
        if let Some(automatic) = &mut self.automatic {
            if byte & 0b1001_0000 == 0 {
                let whole = automatic.push(byte)?;
                self.automatic = None;
                return Some(Reply::Automatic(whole));
            }
            // Something was lost: this byte starts anew.
            self.automatic = None;
        }
        if is_automatic_start(byte) {
            self.automatic = Some(Partial::starting_with(byte));
            return None;
        }
        if let Some(echo) = &mut self.echo {
            let fits = match echo.count {
                1 => byte == ECHO_IDENTIFIER,
                6 => byte == 0,
                _ => byte % 2 == 1 && (0x20..=0x7e).contains(&byte),
            };
            if fits {
                let [_, _, a, b, c, d, _] = echo.push(byte)?;
                self.echo = None;
                return Some(Reply::Echo([a, b, c, d]));
            }
            // A header may have passed for a character of an echo that was cut short.
            let restarts = byte == ECHO_IDENTIFIER && echo.bytes[echo.count - 1] == ECHO_HEADER;
            self.echo = restarts.then_some(Partial {
                bytes: [ECHO_HEADER, ECHO_IDENTIFIER, 0, 0, 0, 0, 0],
                count: 2,
            });
            if restarts {
                return None;
            }
        }
        if byte == ECHO_HEADER {
            self.echo = Some(Partial::starting_with(byte));
            return None;
        }
        Some(if is_paper_sensor(byte) {
            Reply::PaperSensor(byte)
        } else {
            Reply::Noise(byte)
        })
    }
}

/// Whether a byte can be the answer to `GS r 1`: two bits each for near end and end, all others clear.
const fn is_paper_sensor(byte: u8) -> bool {
    matches!(byte, 0b0000 | 0b0011 | 0b1100 | 0b1111)
}

/// The fixed bits of the first byte of automatic status: `0xx1xx00`.
const fn is_automatic_start(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::ProcessId;

    const AUTOMATIC: [u8; 4] = [0x18, 0x08, 0x03, 0x00];

    fn split(bytes: &[u8], size: usize) -> Vec<Reply> {
        let mut replies = Replies::default();
        bytes.chunks(size).flat_map(|chunk| replies.push(chunk)).collect()
    }

    #[test]
    fn every_kind_of_reply_is_told_apart_however_it_arrives() {
        let id = ProcessId::of_job(7);
        let bytes = [&[0x12][..], &AUTOMATIC, &id.echo(), &[0x03, 0x1a]].concat();
        let expected = [
            Reply::Answer(0x12),
            Reply::Automatic(AUTOMATIC),
            Reply::Echo(id.0),
            Reply::PaperSensor(0x03),
            Reply::Answer(0x1a),
        ];
        for size in 1..=bytes.len() {
            assert_eq!(split(&bytes, size), expected, "{size}");
        }
    }

    #[test]
    fn an_answer_or_an_automatic_status_in_the_middle_of_an_echo_loses_neither() {
        let id = ProcessId::of_job(123_456);
        let echo = id.echo();
        for at in 1..echo.len() {
            let bytes = [&echo[..at], &[0x16], &AUTOMATIC, &echo[at..]].concat();
            let expected = [
                Reply::Answer(0x16),
                Reply::Automatic(AUTOMATIC),
                Reply::Echo(id.0),
            ];
            assert_eq!(split(&bytes, 3), expected, "{at}");
        }
    }

    #[test]
    fn after_lost_bytes_the_next_reply_is_whole() {
        let id = ProcessId::of_job(1);
        let bytes = [&[0x37, 0x22, 0x21][..], &id.echo(), &AUTOMATIC[..2], &AUTOMATIC].concat();
        assert_eq!(split(&bytes, 1), [Reply::Echo(id.0), Reply::Automatic(AUTOMATIC)]);
    }
}
