//! What a printer says about itself, in a closed vocabulary.

use serde::{Deserialize, Serialize};

/// The state of a printer, worst first where several hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// There is no printer at the other end, or the link to it broke.
    Disconnected,
    /// The printer must be switched off and looked at.
    Unrecoverable,
    /// The cover is open.
    CoverOpen,
    /// The roll is used up.
    PaperOut,
    /// The cutter is stuck.
    CutterError,
    /// An error that passes by itself, such as a hot print head.
    Recoverable,
    /// The printer does not take data: the feed key is held, or it does not answer.
    Offline,
    /// The roll is nearly used up; it prints.
    NearEnd,
    /// It prints.
    Ready,
}

impl Status {
    /// Whether a job sent now would be printed.
    #[must_use]
    pub const fn can_print(self) -> bool {
        matches!(self, Self::Ready | Self::NearEnd)
    }

    /// Whether a job under way cannot end well without a person.
    #[must_use]
    pub const fn needs_a_person(self) -> bool {
        matches!(
            self,
            Self::Disconnected | Self::Unrecoverable | Self::CoverOpen | Self::PaperOut | Self::CutterError
        )
    }
}

/// Which of the four real-time states is asked for, `DLE EOT n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Query {
    /// Whether the printer is on line.
    Printer = 1,
    /// Why it is off line.
    OfflineCause = 2,
    /// What error it has.
    ErrorCause = 3,
    /// Its paper sensors.
    Paper = 4,
}

impl Query {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Printer, Self::OfflineCause, Self::ErrorCause, Self::Paper];

    /// The bytes that ask.
    #[must_use]
    pub const fn bytes(self) -> [u8; 3] {
        [0x10, 0x04, self as u8]
    }
}

/// Whether a byte can be the answer to a [`Query`]: its fixed bits are `0xx1xx10`.
#[must_use]
pub const fn is_answer(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// The answers to the four queries, in the order of [`Query::ALL`].
#[must_use]
pub const fn decode([printer, offline, error, paper]: [u8; 4]) -> Status {
    const fn has(byte: u8, bits: u8) -> bool {
        byte & bits != 0
    }
    if has(error, 1 << 5) {
        Status::Unrecoverable
    } else if has(offline, 1 << 2) {
        Status::CoverOpen
    } else if has(paper, 0b11 << 5) || has(offline, 1 << 5) {
        Status::PaperOut
    } else if has(error, 1 << 3) {
        Status::CutterError
    } else if has(error, 1 << 6) || has(offline, 1 << 6) {
        Status::Recoverable
    } else if has(printer, 1 << 3) || has(offline, 1 << 3) {
        Status::Offline
    } else if has(paper, 0b11 << 2) {
        Status::NearEnd
    } else {
        Status::Ready
    }
}

/// Automatic status (`GS a`) as the answers that the four queries would have given.
#[must_use]
pub const fn from_automatic([printer, error, paper, _]: [u8; 4]) -> [u8; 4] {
    const FIXED: u8 = 0b0001_0010;
    // Cutter, unrecoverable and recoverable stand at the same places in both; a mechanical error that a
    // person clears (bit 2) is one that passes.
    let error = error & 0b0110_1000 | (error & 0b100) << 4;
    let near_end = (paper & 0b0011) << 2;
    let end = (paper & 0b1100) << 3;
    let cover_open = (printer & 0b0010_0000) >> 3;
    let feed_key = (printer & 0b0100_0000) >> 3;
    [
        FIXED | printer & 0b1000,
        FIXED | cover_open | feed_key | if error == 0 { 0 } else { 0b0100_0000 },
        FIXED | error,
        FIXED | near_end | end,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn automatic_status_means_what_the_answers_would() {
        for (automatic, status) in [
            ([0x10, 0, 0, 0], Status::Ready),
            ([0x14, 0, 0, 0], Status::Ready),
            ([0x10, 0, 0x03, 0], Status::NearEnd),
            ([0x18, 0, 0x0f, 0], Status::PaperOut),
            ([0x38, 0, 0, 0], Status::CoverOpen),
            ([0x18, 0x08, 0, 0], Status::CutterError),
            ([0x18, 0x20, 0, 0], Status::Unrecoverable),
            ([0x18, 0x40, 0, 0], Status::Recoverable),
            ([0x18, 0x04, 0, 0], Status::Recoverable),
            ([0x18, 0, 0, 0], Status::Offline),
            ([0x58, 0, 0, 0], Status::Offline),
        ] {
            assert_eq!(decode(from_automatic(automatic)), status, "{automatic:02x?}");
            assert!(from_automatic(automatic).into_iter().all(is_answer));
        }
    }

    #[test]
    fn every_bit_has_its_meaning() {
        const OK: u8 = 0x12;
        for (answers, status) in [
            ([OK, OK, OK, OK], Status::Ready),
            ([OK, OK, OK, OK | 0x0c], Status::NearEnd),
            ([OK | 0x08, OK | 0x20, OK, OK | 0x60], Status::PaperOut),
            ([OK | 0x08, OK | 0x20, OK, OK], Status::PaperOut),
            ([OK | 0x08, OK | 0x04, OK, OK], Status::CoverOpen),
            ([OK | 0x08, OK | 0x04, OK, OK | 0x6c], Status::CoverOpen),
            ([OK | 0x08, OK | 0x40, OK | 0x08, OK], Status::CutterError),
            ([OK | 0x08, OK | 0x40, OK | 0x20, OK], Status::Unrecoverable),
            ([OK | 0x08, OK | 0x40, OK | 0x40, OK], Status::Recoverable),
            ([OK | 0x08, OK | 0x40, OK, OK], Status::Recoverable),
            ([OK | 0x08, OK, OK, OK], Status::Offline),
            ([OK, OK | 0x08, OK, OK], Status::Offline),
        ] {
            assert_eq!(decode(answers), status, "{answers:02x?}");
        }
    }

    #[test]
    fn only_bytes_with_the_fixed_bits_are_answers() {
        assert!([0x12, 0x16, 0x1e, 0x32, 0x72].into_iter().all(is_answer));
        assert!(
            ![0x00, 0x37, 0x22, 0x10, 0x13, 0x92, 0xff]
                .into_iter()
                .any(is_answer)
        );
        assert_eq!((0..=u8::MAX).filter(|byte| is_answer(*byte)).count(), 16);
    }
}
