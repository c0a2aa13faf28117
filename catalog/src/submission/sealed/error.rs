//! What can be wrong with an envelope.

use crate::submission::{InvalidId, Kind};

/// Why bytes are no envelope that can be taken in; judged without opening it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongEnvelope {
    /// It does not begin like one.
    #[error("not a sealed envelope")]
    NotAnEnvelope,
    /// Its layout is none that is known here.
    #[error("sealed in layout {0}, which is not known here")]
    Version(u8),
    /// Its length is none that sealing makes.
    #[error("an envelope is never {0} bytes long")]
    Length(usize),
    /// Its kind is none that is known here.
    #[error("an envelope of kind {0}, which is not known here")]
    Kind(u8),
    /// One of its ids is none.
    #[error(transparent)]
    Id(InvalidId),
    /// An attachment that belongs to nothing, or something else that belongs to something.
    #[error("an envelope of kind {0} with the wrong owner")]
    Regarding(Kind),
    /// The device it names did not sign it.
    #[error("the device did not sign this envelope")]
    Signature,
}

/// Why an envelope does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is no envelope.
    #[error(transparent)]
    Envelope(#[from] WrongEnvelope),
    /// It was sealed to another key.
    #[error("sealed to key {wanted}, and this is key {given}")]
    OtherKey {
        /// The key that opens it.
        wanted: String,
        /// The key at hand.
        given: String,
    },
    /// Something in it was changed, or it was sealed to a key that only looks like this one.
    #[error("the envelope was tampered with")]
    Tampered,
    /// Its padding is none.
    #[error("the envelope's padding is wrong")]
    Padding,
}
