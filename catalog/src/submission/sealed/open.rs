//! Judging an envelope from outside, and opening it.

use hpke::{Deserializable as _, OpModeR};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{
    Aead, CHUNK, CONTEXT, ENCAPSULATED_LENGTH, Kdf, Kem, LABEL_LENGTH, Label, OpenError, OpeningKey, TAG,
    WrongEnvelope, associated, padding, signed_message,
};
use crate::submission::PublicKey;
use crate::submission::signing::SIGNATURE_LENGTH;

/// Where the chunks begin.
const CHUNKS: usize = LABEL_LENGTH + ENCAPSULATED_LENGTH;

/// An envelope whose outside is in order; nothing is said about its signature or its content.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// What it says on its outside.
    pub label: Label,
    bytes: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Reads the outside of an envelope.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WrongEnvelope> {
        let Some(label) = bytes.first_chunk::<LABEL_LENGTH>() else {
            return Err(WrongEnvelope::NotAnEnvelope);
        };
        let label = Label::from_bytes(label)?;
        let sealed = bytes.len().checked_sub(CHUNKS + SIGNATURE_LENGTH);
        if sealed.is_none_or(|length| length < TAG || (1..=TAG).contains(&(length % (CHUNK + TAG)))) {
            return Err(WrongEnvelope::Length(bytes.len()));
        }
        Ok(Self { label, bytes })
    }

    /// Checks that the device that it names signed it. `key` must be that device's.
    pub fn verify(&self, key: &PublicKey) -> Result<(), WrongEnvelope> {
        let (signed, signature) = self.bytes.split_at(self.bytes.len() - SIGNATURE_LENGTH);
        let is_its_key = super::DeviceId::of(key) == self.label.device;
        key.verify(&signed_message(&Sha256::digest(signed)), signature)
            .ok()
            .filter(|()| is_its_key)
            .ok_or(WrongEnvelope::Signature)
    }
}

/// Opens an envelope. The device's signature is [`Envelope::verify`]'s business.
pub fn open(bytes: &[u8], key: &OpeningKey) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let Envelope { label, .. } = Envelope::parse(bytes)?;
    let given = key.sealing_key().id();
    if label.key != given {
        return Err(OpenError::OtherKey {
            wanted: hex::encode(label.key),
            given: hex::encode(given),
        });
    }
    let label: &[u8; LABEL_LENGTH] = bytes.first_chunk().expect("parsing read the label");
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(&bytes[LABEL_LENGTH..CHUNKS])
        .map_err(|_| OpenError::Tampered)?;
    let mut receiver = hpke::setup_receiver::<Aead, Kdf, Kem>(&OpModeR::Base, &key.0, &encapsulated, CONTEXT)
        .map_err(|_| OpenError::Tampered)?;
    let chunks = bytes[CHUNKS..bytes.len() - SIGNATURE_LENGTH].chunks(CHUNK + TAG);
    let last = chunks.len() - 1;
    let mut content = Zeroizing::new(Vec::with_capacity(bytes.len()));
    for (number, chunk) in chunks.enumerate() {
        let associated = associated(label, number as u32, number == last);
        let opened = receiver
            .open(chunk, &associated)
            .map_err(|_| OpenError::Tampered)?;
        content.extend_from_slice(&Zeroizing::new(opened));
    }
    let length = padding::content_length(&content).ok_or(OpenError::Padding)?;
    content.truncate(length);
    Ok(content)
}

/// The SHA-256 of an envelope: what `Content-Digest` and the receipt carry.
#[must_use]
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
