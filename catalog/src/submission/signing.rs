//! Ed25519: what a device or the hub vouches for.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The length of a signature in bytes.
pub(super) const SIGNATURE_LENGTH: usize = 64;

/// Bytes or a text that are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// Not the 64 hexadecimal digits of a public key.
    #[error("a public key is 64 hexadecimal digits")]
    Public,
    /// Not a private key in PKCS#8.
    #[error("not an Ed25519 key in PKCS#8")]
    Private,
    /// The source of random numbers failed.
    #[error("no key could be made: the source of random numbers failed")]
    Random,
}

/// A signature does not fit what it is said to sign, or was made with another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is wrong")]
pub struct WrongSignature;

/// The public half of an Ed25519 key; in text 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The SHA-256 of the key, by which people compare keys: 16 groups of 4 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digits = hex::encode(Sha256::digest(self.0));
        let groups: Vec<&str> = (0..16).map(|group| &digits[group * 4..][..4]).collect();
        groups.join(" ")
    }

    /// Checks that this key's other half signed `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), WrongSignature> {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .map_err(|_| WrongSignature)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl TryFrom<String> for PublicKey {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut key = [0; 32];
        hex::decode_to_slice(text, &mut key).map_err(|_| InvalidKey::Public)?;
        Ok(Self(key))
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// A private Ed25519 key: a device's, or the one with which a hub signs receipts.
pub struct DeviceKey {
    pair: Ed25519KeyPair,
    pkcs8: Zeroizing<Vec<u8>>,
}

impl DeviceKey {
    /// A new key.
    pub fn generate() -> Result<Self, InvalidKey> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| InvalidKey::Random)?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// A key as it is kept.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, InvalidKey> {
        Ok(Self {
            pair: Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| InvalidKey::Private)?,
            pkcs8: Zeroizing::new(pkcs8.to_vec()),
        })
    }

    /// The key as it is kept: PKCS#8, DER.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let bytes = self.pair.public_key().as_ref();
        PublicKey(bytes.try_into().expect("an Ed25519 public key has 32 bytes"))
    }

    /// The signature of `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LENGTH] {
        let signature = self.pair.sign(message);
        signature
            .as_ref()
            .try_into()
            .expect("an Ed25519 signature has 64 bytes")
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DeviceKey").field(&self.public()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_being_kept_and_shows_only_its_public_half() {
        let key = DeviceKey::generate().unwrap();
        let again = DeviceKey::from_pkcs8(key.pkcs8()).unwrap();
        let signature = again.sign(b"x");
        assert_eq!(key.public().verify(b"x", &signature), Ok(()));
        assert_eq!(key.public().verify(b"y", &signature), Err(WrongSignature));
        assert!(!format!("{key:?}").contains(&hex::encode(&key.pkcs8()[16..48])));
    }

    #[test]
    fn people_compare_sixteen_groups_of_four_digits() {
        let fingerprint = PublicKey([7; 32]).fingerprint();
        assert_eq!(fingerprint.split(' ').map(str::len).collect::<Vec<_>>(), [4; 16]);
    }
}
