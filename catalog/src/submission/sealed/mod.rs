//! The envelope that a submission waits and travels in.
//!
//! ```text
//! offset  bytes
//!      0      4  "MCS" and the version of this layout, 1
//!      4     16  key: the first bytes of the SHA-256 of the hub's sealing key
//!     20     16  device
//!     36     16  submission, a UUIDv7
//!     52      1  kind
//!     53     16  regarding: for an attachment the submission that it belongs to, else zeros
//!     69     32  mailbox: the public key that answers are sealed to, else zeros
//!    101     32  the encapsulated key of HPKE
//!    133   1040…  chunks of 65,536 bytes and an authentication tag of 16 each; the last may be shorter
//!    end     64  Ed25519 by the device, over `mingchuang sealed 1`, a zero byte and the SHA-256 of all before
//! ```
//!
//! Sealed with HPKE (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, base mode,
//! info `mingchuang sealed 1`. Every chunk's associated data are the first 101 bytes, the chunk's number
//! as a big-endian `u32`, and 1 for the last chunk or 0 for another; HPKE itself counts the chunks. So no
//! label can be changed, and no chunk moved, left out or added, without the opening failing.
//!
//! The content is padded (0x80, then zeros) to a power of two from 1 KiB to 64 KiB, and to whole chunks
//! beyond: its length is hidden.

mod error;
mod keys;
mod open;
mod padding;
mod seal;

use super::{DeviceId, Kind, SubmissionId};
pub use error::{OpenError, WrongEnvelope};
pub(super) use keys::{Aead, Kdf, Kem};
pub use keys::{OpeningKey, SealingKey};
pub use open::{Envelope, digest, open};
pub use seal::{Sealed, Sealer, seal};

/// The layout and its version.
const MAGIC: [u8; 4] = *b"MCS\x01";
/// The length of what every chunk is bound to.
const LABEL_LENGTH: usize = 101;
/// The length of an encapsulated key.
const ENCAPSULATED_LENGTH: usize = 32;
/// The length of a chunk's content.
const CHUNK: usize = 1 << 16;
/// The length of a chunk's authentication tag.
const TAG: usize = 16;
/// What the key schedule is for, and what goes before a digest that a device signs.
const CONTEXT: &[u8] = b"mingchuang sealed 1\0";

/// What an envelope says on its outside. Nothing in it is personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Which of the hub's keys opens it.
    pub key: [u8; 16],
    /// Who handed it in.
    pub device: DeviceId,
    /// What it is called.
    pub submission: SubmissionId,
    /// What sort of thing is in it.
    pub kind: Kind,
    /// For an attachment, what it belongs to.
    pub regarding: Option<SubmissionId>,
    /// The public key that answers are sealed to, where answers are wanted.
    pub mailbox: Option<[u8; 32]>,
}

impl Label {
    fn to_bytes(self) -> [u8; LABEL_LENGTH] {
        let mut bytes = [0; LABEL_LENGTH];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..20].copy_from_slice(&self.key);
        bytes[20..36].copy_from_slice(self.device.as_bytes());
        bytes[36..52].copy_from_slice(self.submission.as_bytes());
        bytes[52] = self.kind.number();
        if let Some(regarding) = self.regarding {
            bytes[53..69].copy_from_slice(regarding.as_bytes());
        }
        if let Some(mailbox) = self.mailbox {
            bytes[69..101].copy_from_slice(&mailbox);
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; LABEL_LENGTH]) -> Result<Self, WrongEnvelope> {
        if bytes[..3] != MAGIC[..3] {
            return Err(WrongEnvelope::NotAnEnvelope);
        }
        if bytes[3] != MAGIC[3] {
            return Err(WrongEnvelope::Version(bytes[3]));
        }
        let sixteen =
            |from: usize| -> [u8; 16] { bytes[from..from + 16].try_into().expect("a range of 16 bytes") };
        let id = |from| SubmissionId::from_bytes(sixteen(from)).map_err(WrongEnvelope::Id);
        let kind = Kind::from_number(bytes[52]).ok_or(WrongEnvelope::Kind(bytes[52]))?;
        let regarding = match sixteen(53) {
            zeros if zeros == [0; 16] => None,
            _ => Some(id(53)?),
        };
        if regarding.is_some() != (kind == Kind::Attachment) {
            return Err(WrongEnvelope::Regarding(kind));
        }
        let mailbox: [u8; 32] = bytes[69..101].try_into().expect("a range of 32 bytes");
        Ok(Self {
            key: sixteen(4),
            device: DeviceId::from_bytes(sixteen(20)),
            submission: id(36)?,
            kind,
            regarding,
            mailbox: (mailbox != [0; 32]).then_some(mailbox),
        })
    }
}

/// What a chunk is bound to.
fn associated(label: &[u8; LABEL_LENGTH], number: u32, is_last: bool) -> [u8; LABEL_LENGTH + 5] {
    let mut bytes = [0; LABEL_LENGTH + 5];
    bytes[..LABEL_LENGTH].copy_from_slice(label);
    bytes[LABEL_LENGTH..LABEL_LENGTH + 4].copy_from_slice(&number.to_be_bytes());
    bytes[LABEL_LENGTH + 4] = u8::from(is_last);
    bytes
}

/// What a device signs.
fn signed_message(digest: &[u8]) -> Vec<u8> {
    [CONTEXT, digest].concat()
}

#[cfg(test)]
mod tests;
