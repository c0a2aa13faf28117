//! Frames of the SAM_V module (GA 450): preamble, length, body, check byte.

use zeroize::Zeroizing;

const PREAMBLE: [u8; 5] = [0xaa, 0xaa, 0xaa, 0x96, 0x69];

/// The longest reply: text, photo and fingerprint blocks. Anything longer is noise.
const LONGEST: usize = 4 + 6 + 256 + 1024 + 1024 + 1;

/// What the module is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Start the module anew.
    Reset,
    /// Is the module there and well?
    Status,
    /// Look for a card.
    Find,
    /// Choose the card that was found.
    Select,
    /// Read text and photo. (`30 10` would read fingerprints as well and is never sent.)
    Read,
}

const COMMANDS: [Command; 5] = [
    Command::Reset,
    Command::Status,
    Command::Find,
    Command::Select,
    Command::Read,
];

impl Command {
    const fn code(self) -> [u8; 2] {
        match self {
            Self::Reset => [0x10, 0xff],
            Self::Status => [0x11, 0xff],
            Self::Find => [0x20, 0x01],
            Self::Select => [0x20, 0x02],
            Self::Read => [0x30, 0x01],
        }
    }

    /// The command of a request's body.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Option<Self> {
        COMMANDS
            .into_iter()
            .find(|command| body.starts_with(&command.code()))
    }

    /// The bytes to send.
    #[must_use]
    pub fn frame(self) -> Vec<u8> {
        frame(&self.code()).to_vec()
    }
}

/// Puts a body into a frame.
#[must_use]
pub fn frame(body: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut frame = Zeroizing::new(Vec::with_capacity(PREAMBLE.len() + 2 + body.len() + 1));
    frame.extend(PREAMBLE);
    frame.extend((body.len() as u16 + 1).to_be_bytes());
    frame.extend(body);
    let check = check(&frame[PREAMBLE.len()..]);
    frame.push(check);
    frame
}

/// XOR of all bytes from the length to the last of the body.
fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |check, byte| check ^ byte)
}

/// A frame whose check byte is wrong, or whose length cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a garbled frame")]
pub struct Garbled;

/// A reply as far as it is handed on. A read reply goes on, after its three status bytes, with the lengths
/// of text and photo and both blocks: of the photo not a byte leaves the decoder.
fn without_photo(body: &[u8]) -> &[u8] {
    if let [_, _, 0x90, a, b, c, d, blocks @ ..] = body {
        let (text, photo) = (
            usize::from(u16::from_be_bytes([*a, *b])),
            usize::from(u16::from_be_bytes([*c, *d])),
        );
        if photo > 0 && blocks.len() >= text + photo {
            return &body[..body.len() - blocks.len() + text];
        }
    }
    body
}

/// Finds frames in a byte stream; looks for the next preamble after garbage.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Zeroizing<Vec<u8>>,
}

impl Decoder {
    /// Takes bytes; returns the body of a frame once one is complete.
    pub fn push(&mut self, bytes: &[u8]) -> Option<Result<Zeroizing<Vec<u8>>, Garbled>> {
        // Grown in one step: a vector that moves would leave copies of what it held.
        if self.buffer.capacity() == 0 {
            self.buffer.reserve_exact(2 * (PREAMBLE.len() + 2 + LONGEST));
        }
        let room = self.buffer.capacity() - self.buffer.len();
        self.buffer.extend(&bytes[..bytes.len().min(room)]);
        let start = self
            .buffer
            .windows(PREAMBLE.len())
            .position(|window| window == PREAMBLE);
        let Some(start) = start else {
            let keep = self.buffer.len().min(PREAMBLE.len() - 1);
            self.drop_front(self.buffer.len() - keep);
            return None;
        };
        self.drop_front(start);
        let at = PREAMBLE.len();
        let length = usize::from(u16::from_be_bytes([
            *self.buffer.get(at)?,
            *self.buffer.get(at + 1)?,
        ]));
        if !(2..=LONGEST).contains(&length) {
            self.drop_front(at);
            return Some(Err(Garbled));
        }
        let end = at + 2 + length;
        let frame = self.buffer.get(at..end)?;
        let (covered, received) = frame.split_at(frame.len() - 1);
        let result = if check(covered) == received[0] {
            Ok(Zeroizing::new(without_photo(&covered[2..]).to_vec()))
        } else {
            Err(Garbled)
        };
        self.drop_front(end);
        Some(result)
    }

    fn drop_front(&mut self, count: usize) {
        let left = self.buffer.len() - count;
        self.buffer.copy_within(count.., 0);
        self.buffer[left..].fill(0);
        self.buffer.truncate(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_of_the_protocol_note() {
        assert_eq!(
            Command::Find.frame(),
            [0xaa, 0xaa, 0xaa, 0x96, 0x69, 0, 3, 0x20, 0x01, 0x22]
        );
        assert_eq!(Command::Reset.frame().last(), Some(&0xec));
        assert_eq!(Command::Status.frame().last(), Some(&0xed));
        assert_eq!(Command::Select.frame().last(), Some(&0x21));
        assert_eq!(Command::Read.frame().last(), Some(&0x32));
        assert_eq!(
            frame(&[0, 0, 0x9f, 0, 0, 0, 0])[5..],
            [0, 8, 0, 0, 0x9f, 0, 0, 0, 0, 0x97]
        );
    }

    #[test]
    fn a_frame_is_found_behind_garbage_however_it_arrives() {
        let mut bytes = vec![0xaa, 0x00, 0xaa, 0xaa];
        bytes.extend(frame(&[0, 0, 0x90]).iter());
        for size in 1..bytes.len() {
            let mut decoder = Decoder::default();
            let bodies: Vec<_> = bytes
                .chunks(size)
                .filter_map(|chunk| decoder.push(chunk))
                .collect();
            assert_eq!(bodies.len(), 1, "{size}");
            assert_eq!(**bodies[0].as_ref().unwrap(), [0, 0, 0x90]);
        }
    }

    #[test]
    fn of_the_photo_not_a_byte_leaves_the_decoder() {
        let reply = [&[0, 0, 0x90, 1, 0, 4, 0][..], &[7; 256], &[0xee; 1024]].concat();
        let body = Decoder::default().push(&frame(&reply)).unwrap().unwrap();
        assert_eq!(body.len(), 7 + 256);
        assert!(!body.contains(&0xee));
        let selected = [&[0, 0, 0x90][..], &[0; 8]].concat();
        assert_eq!(
            **Decoder::default()
                .push(&frame(&selected))
                .unwrap()
                .as_ref()
                .unwrap(),
            selected
        );
    }

    #[test]
    fn a_wrong_check_byte_or_length_is_garbled() {
        let mut bad = frame(&[0, 0, 0x90]).to_vec();
        *bad.last_mut().unwrap() ^= 1;
        assert_eq!(Decoder::default().push(&bad), Some(Err(Garbled)));
        let mut decoder = Decoder::default();
        assert_eq!(
            decoder.push(&[0xaa, 0xaa, 0xaa, 0x96, 0x69, 0xff, 0xff]),
            Some(Err(Garbled))
        );
        assert!(decoder.push(&frame(&[0, 0, 0x90])).unwrap().is_ok());
    }
}
