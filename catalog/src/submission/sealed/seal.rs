//! Sealing, in one go or as the content comes.

use hpke::aead::AeadCtxS;
use hpke::{OpModeS, Serializable as _};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::{
    Aead, CHUNK, CONTEXT, Kdf, Kem, LABEL_LENGTH, Label, SealingKey, associated, padding, signed_message,
};
use crate::submission::DeviceKey;

/// An encapsulated key, and what seals with it.
pub(super) type Sender = (<Kem as hpke::Kem>::EncappedKey, AeadCtxS<Aead, Kdf, Kem>);

/// A sealed envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The envelope's bytes; what was not handed out before.
    pub bytes: Vec<u8>,
    /// The SHA-256 of the whole envelope.
    pub sha256: [u8; 32],
    /// The length of the whole envelope in bytes.
    pub length: usize,
}

/// Seals content as it comes. At most one chunk of it is held, and wiped.
pub struct Sealer {
    context: AeadCtxS<Aead, Kdf, Kem>,
    label: [u8; LABEL_LENGTH],
    digest: Sha256,
    pending: Zeroizing<Vec<u8>>,
    /// How many bytes of content came.
    taken: usize,
    /// How many chunks went.
    number: u32,
    written: usize,
}

impl Sealer {
    /// Starts an envelope; the bytes are its beginning. `label.key` is filled in.
    #[must_use]
    pub fn new(key: &SealingKey, label: Label) -> (Self, Vec<u8>) {
        let sender = hpke::setup_sender::<Aead, Kdf, Kem>(&OpModeS::Base, &key.0, CONTEXT);
        Self::begin(key, label, sender.expect("reading a key tries it out"))
    }

    /// Starts an envelope with what HPKE has drawn for it.
    pub(super) fn begin(key: &SealingKey, label: Label, (encapsulated, context): Sender) -> (Self, Vec<u8>) {
        let label = Label {
            key: key.id(),
            ..label
        }
        .to_bytes();
        let beginning = [&label[..], &encapsulated.to_bytes()].concat();
        let mut sealer = Self {
            context,
            label,
            digest: Sha256::new(),
            pending: Zeroizing::new(Vec::with_capacity(CHUNK)),
            taken: 0,
            number: 0,
            written: 0,
        };
        sealer.note(&beginning);
        (sealer, beginning)
    }

    /// How many bytes of content came so far.
    #[must_use]
    pub const fn taken(&self) -> usize {
        self.taken
    }

    /// Takes more content in; the bytes are those of the envelope that are now ready.
    #[must_use]
    pub fn push(&mut self, mut content: &[u8]) -> Vec<u8> {
        let mut ready = Vec::new();
        self.taken += content.len();
        while !content.is_empty() {
            // A full chunk is held back until more comes: it may be the last.
            if self.pending.len() == CHUNK {
                self.seal_pending(false, &mut ready);
            }
            let (now, later) = content.split_at(content.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            content = later;
        }
        self.note(&ready);
        ready
    }

    /// Ends the envelope: padding and the device's signature.
    #[must_use]
    pub fn finish(mut self, device: &DeviceKey) -> Sealed {
        let missing = padding::padded(self.taken) - self.taken;
        let mut pad = vec![0; missing];
        pad[0] = 0x80;
        let taken = self.taken;
        let mut bytes = self.push(&pad);
        self.taken = taken;
        let mut last = Vec::new();
        self.seal_pending(true, &mut last);
        self.note(&last);
        bytes.append(&mut last);
        let signature = device.sign(&signed_message(&self.digest.clone().finalize()));
        self.note(&signature);
        bytes.extend_from_slice(&signature);
        Sealed {
            bytes,
            sha256: self.digest.finalize().into(),
            length: self.written,
        }
    }

    fn seal_pending(&mut self, is_last: bool, ready: &mut Vec<u8>) {
        let associated = associated(&self.label, self.number, is_last);
        let sealed = self
            .context
            .seal(&self.pending, &associated)
            .expect("HPKE counts more chunks than an envelope can have");
        self.pending.zeroize();
        self.number += 1;
        ready.extend_from_slice(&sealed);
    }

    fn note(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.written += bytes.len();
    }
}

/// Seals `content` in one go.
#[must_use]
pub fn seal(key: &SealingKey, label: Label, content: &[u8], device: &DeviceKey) -> Sealed {
    let (mut sealer, mut bytes) = Sealer::new(key, label);
    bytes.append(&mut sealer.push(content));
    let mut end = sealer.finish(device);
    bytes.append(&mut end.bytes);
    Sealed { bytes, ..end }
}
