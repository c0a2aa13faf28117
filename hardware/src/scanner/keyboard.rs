//! Scanners that type like a keyboard.
//!
//! The keyboard is grabbed: without that a scan would be typed into the screen.

use std::io;
use std::os::fd::AsFd as _;
use std::time::Instant;

use evdev::{Device, EventSummary, KeyCode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::usb::UsbId;

/// The keyboard of a scanner, which nobody else hears.
#[derive(Debug)]
pub(super) struct Keyboard {
    device: Device,
    typing: Typing,
}

impl Keyboard {
    pub(super) fn open(id: &UsbId) -> io::Result<Self> {
        let is_it = |device: &Device| {
            let found = device.input_id();
            id.matches(found.vendor(), found.product(), device.unique_name())
                && device
                    .supported_keys()
                    .is_some_and(|keys| keys.contains(KeyCode::KEY_ENTER))
        };
        let (_, mut device) = evdev::enumerate()
            .find(|(_, device)| is_it(device))
            .ok_or(io::ErrorKind::NotFound)?;
        device.grab()?;
        device.set_nonblocking(true)?;
        Ok(Self {
            device,
            typing: Typing::default(),
        })
    }

    /// The characters that were typed, at least one.
    pub(super) fn read_some(&mut self, deadline: Instant) -> io::Result<Vec<u8>> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = Timespec::try_from(left).map_err(|_| io::ErrorKind::InvalidInput)?;
            let mut fds = [PollFd::from_borrowed_fd(self.device.as_fd(), PollFlags::IN)];
            match poll(&mut fds, Some(&timeout)) {
                Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let typed: Vec<u8> = match self.device.fetch_events() {
                Ok(events) => events
                    .filter_map(|event| match event.destructure() {
                        EventSummary::Key(_, key, value) => Some((key.code(), value)),
                        _ => None,
                    })
                    .filter_map(|(code, value)| self.typing.key(code, value))
                    .collect(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Vec::new(),
                Err(error) => return Err(error),
            };
            if !typed.is_empty() {
                return Ok(typed);
            }
        }
    }
}

/// Keys into characters: the layout of the United States, which scanners come with.
#[derive(Debug, Default)]
pub struct Typing {
    shift: bool,
}

/// The characters of a row of keys, plain and with shift; the first key has code `first`.
struct KeyRow {
    first: u16,
    plain: &'static [u8],
    shifted: &'static [u8],
}

/// By the codes of `linux/input-event-codes.h`.
const ROWS: [KeyRow; 4] = [
    KeyRow {
        first: 2,
        plain: b"1234567890-=",
        shifted: b"!@#$%^&*()_+",
    },
    KeyRow {
        first: 16,
        plain: b"qwertyuiop[]\r",
        shifted: b"QWERTYUIOP{}\r",
    },
    KeyRow {
        first: 30,
        plain: b"asdfghjkl;'`",
        shifted: b"ASDFGHJKL:\"~",
    },
    KeyRow {
        first: 43,
        plain: b"\\zxcvbnm,./",
        shifted: b"|ZXCVBNM<>?",
    },
];

const LEFT_SHIFT: u16 = 42;
const RIGHT_SHIFT: u16 = 54;
const SPACE: u16 = 57;
const KEYPAD_ENTER: u16 = 96;

impl Typing {
    /// A key went down (1), repeats (2) or went up (0): the character that it types, if it types one.
    pub fn key(&mut self, code: u16, value: i32) -> Option<u8> {
        if matches!(code, LEFT_SHIFT | RIGHT_SHIFT) {
            self.shift = value != 0;
            return None;
        }
        // Scanners do not hold keys: a repetition is a stuck one.
        if value != 1 {
            return None;
        }
        match code {
            SPACE => Some(b' '),
            KEYPAD_ENTER => Some(b'\r'),
            _ => ROWS.iter().find_map(|row| {
                let at = usize::from(code.checked_sub(row.first)?);
                let keys = if self.shift { row.shifted } else { row.plain };
                keys.get(at).copied()
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[(u16, i32)]) -> String {
        let mut typing = Typing::default();
        let bytes = keys.iter().filter_map(|(code, value)| typing.key(*code, *value));
        String::from_utf8(bytes.collect()).unwrap()
    }

    fn press(keys: &[KeyCode]) -> Vec<(u16, i32)> {
        keys.iter()
            .flat_map(|key| [(key.code(), 1), (key.code(), 0)])
            .collect()
    }

    #[test]
    fn a_code_is_typed_as_it_was_printed() {
        let keys = [
            KeyCode::KEY_G,
            KeyCode::KEY_U,
            KeyCode::KEY_I,
            KeyCode::KEY_D,
            KeyCode::KEY_E,
            KeyCode::KEY_MINUS,
            KeyCode::KEY_0,
            KeyCode::KEY_6,
            KeyCode::KEY_SLASH,
            KeyCode::KEY_SPACE,
            KeyCode::KEY_BACKSLASH,
            KeyCode::KEY_Z,
            KeyCode::KEY_ENTER,
        ];
        assert_eq!(typed(&press(&keys)), "guide-06/ \\z\r");
    }

    #[test]
    fn shift_holds_until_it_is_released_and_other_keys_type_nothing() {
        let shift = KeyCode::KEY_LEFTSHIFT.code();
        let mut keys = vec![(shift, 1)];
        keys.extend(press(&[KeyCode::KEY_A, KeyCode::KEY_SEMICOLON, KeyCode::KEY_1]));
        keys.push((shift, 0));
        keys.extend(press(&[KeyCode::KEY_A, KeyCode::KEY_LEFTCTRL, KeyCode::KEY_F1]));
        keys.push((KeyCode::KEY_B.code(), 2));
        assert_eq!(typed(&keys), "A:!a");
    }
}
