//! The hub's key pair: the terminals seal with one half, the hub's staff open with the other.

use std::fmt;

use hpke::{Deserializable as _, Kem as _, OpModeS, Serializable as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::submission::InvalidKey;

/// The key exchange: X25519.
pub(in crate::submission) type Kem = hpke::kem::X25519HkdfSha256;
/// The key derivation.
pub(in crate::submission) type Kdf = hpke::kdf::HkdfSha256;
/// The cipher.
pub(in crate::submission) type Aead = hpke::aead::ChaCha20Poly1305;

/// The public half, with which terminals seal; in text 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealingKey(pub(super) <Kem as hpke::Kem>::PublicKey);

impl SealingKey {
    /// From its bytes. A point that nothing can be sealed to is refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidKey> {
        let key = <Kem as hpke::Kem>::PublicKey::from_bytes(bytes).map_err(|_| InvalidKey::Public)?;
        hpke::setup_sender::<Aead, Kdf, Kem>(&OpModeS::Base, &key, b"").map_err(|_| InvalidKey::Public)?;
        Ok(Self(key))
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// The name that envelopes bear: the first 16 bytes of its SHA-256.
    #[must_use]
    pub fn id(&self) -> [u8; 16] {
        let digest = Sha256::digest(self.to_bytes());
        digest[..16].try_into().expect("SHA-256 has 32 bytes")
    }
}

impl TryFrom<String> for SealingKey {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::from_bytes(&hex::decode(text).map_err(|_| InvalidKey::Public)?)
    }
}

impl From<SealingKey> for String {
    fn from(key: SealingKey) -> Self {
        hex::encode(key.to_bytes())
    }
}

/// The private half, which opens. It belongs on no machine that the network reaches.
#[derive(Clone)]
pub struct OpeningKey(pub(super) <Kem as hpke::Kem>::PrivateKey);

impl OpeningKey {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Kem::gen_keypair().0)
    }

    /// From the 64 hexadecimal digits that [`Self::to_text`] made.
    pub fn from_text(text: &str) -> Result<Self, InvalidKey> {
        let bytes = Zeroizing::new(hex::decode(text.trim()).map_err(|_| InvalidKey::Private)?);
        <Kem as hpke::Kem>::PrivateKey::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| InvalidKey::Private)
    }

    /// 64 hexadecimal digits.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.to_bytes()))
    }

    /// The public half.
    #[must_use]
    pub fn sealing_key(&self) -> SealingKey {
        SealingKey(Kem::sk_to_pk(&self.0))
    }
}

impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OpeningKey")
            .field(&hex::encode(self.sealing_key().id()))
            .finish()
    }
}
