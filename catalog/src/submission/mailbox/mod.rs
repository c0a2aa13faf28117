//! The way back to the resident: one mailbox for every submission, opened by the code on the slip.
//!
//! The device keeps one secret and nothing about residents. From the secret and a submission's id it makes
//! the [`QueryCode`] that goes on the slip; from the secret and the code it makes the mailbox's key pair,
//! whose public half travels on the envelope. The hub seals its letters to that key. So a letter opens only
//! at the terminal where it was handed in, and only for who has the slip: a stolen terminal has no codes,
//! the hub has neither codes nor secrets, and a found slip says nothing elsewhere.
//!
//! ```text
//! "MCL" 1 | encapsulated key, 32 | 1024 of content and padding, and a tag of 16 | Ed25519 by the hub, 64
//! ```

mod code;
mod letter;
mod progress;

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::hmac;
use hpke::{Kem as _, Serializable as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::sealed::Kem;
use super::{InvalidKey, SubmissionId};
pub use code::{InvalidCode, QueryCode};
pub use letter::{Letter, LetterError, open, seal};
pub use progress::{Outcome, Stage};

/// What a device makes codes and mailboxes from. With it lost, old codes find nothing any more.
#[derive(Clone)]
pub struct MailboxSecret(Zeroizing<[u8; 32]>);

impl MailboxSecret {
    /// A new one.
    pub fn generate() -> Result<Self, InvalidKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        aws_lc_rs::rand::fill(&mut *bytes).map_err(|_| InvalidKey::Random)?;
        Ok(Self(bytes))
    }

    /// As it is kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// To be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The code that goes on the slip of a submission; always the same.
    #[must_use]
    pub fn code(&self, submission: SubmissionId) -> QueryCode {
        QueryCode::from_random(&self.derive(b"query code", submission.as_bytes()))
    }

    /// The mailbox that a code opens.
    #[must_use]
    pub fn mailbox(&self, code: &QueryCode) -> Mailbox {
        let seed = self.derive(b"mailbox", code.as_str().as_bytes());
        Mailbox {
            private: Kem::derive_keypair(&*seed).0,
        }
    }

    fn derive(&self, purpose: &[u8], of: &[u8]) -> Zeroizing<[u8; 32]> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*self.0);
        let tag = hmac::sign(&key, &[purpose, b"\0", of].concat());
        Zeroizing::new(tag.as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes"))
    }
}

impl fmt::Debug for MailboxSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxSecret")
    }
}

/// A mailbox, with the key that opens what lies in it.
pub struct Mailbox {
    private: <Kem as hpke::Kem>::PrivateKey,
}

impl Mailbox {
    /// The key to which letters are sealed; goes on the envelope.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        Kem::sk_to_pk(&self.private).to_bytes().into()
    }

    /// The name under which the hub keeps its letter.
    #[must_use]
    pub fn id(&self) -> MailboxId {
        MailboxId::of(&self.public_key())
    }
}

/// The name of a mailbox: the first 16 bytes of the SHA-256 of its public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailboxId([u8; 16]);

impl MailboxId {
    /// The name of the mailbox with this key.
    #[must_use]
    pub fn of(public_key: &[u8; 32]) -> Self {
        let digest = Sha256::digest(public_key);
        Self(digest[..16].try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl fmt::Display for MailboxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for MailboxId {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut id = [0; 16];
        hex::decode_to_slice(text, &mut id).map_err(|_| InvalidCode)?;
        Ok(Self(id))
    }
}

impl TryFrom<String> for MailboxId {
    type Error = InvalidCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MailboxId> for String {
    fn from(id: MailboxId) -> Self {
        id.to_string()
    }
}
