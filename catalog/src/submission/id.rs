//! Who handed in what: the names that travel in the clear.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::PublicKey;

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {what}")]
pub struct InvalidId {
    /// What it was to be.
    what: &'static str,
    /// The text.
    text: String,
}

impl InvalidId {
    fn new(what: &'static str, text: &str) -> Self {
        Self {
            what,
            text: text.to_owned(),
        }
    }
}

/// A terminal: the first 16 bytes of the SHA-256 of its public key, as 32 hexadecimal digits.
///
/// Nobody can take another's name: it is computed from the key that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeviceId([u8; 16]);

impl DeviceId {
    /// The name that belongs to `key`.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&Sha256::digest(key.as_bytes())[..16]);
        Self(id)
    }

    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for DeviceId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || InvalidId::new("device id", text);
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(wrong());
        }
        let mut id = [0; 16];
        hex::decode_to_slice(text, &mut id).map_err(|_| wrong())?;
        Ok(Self(id))
    }
}

impl TryFrom<String> for DeviceId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DeviceId> for String {
    fn from(id: DeviceId) -> Self {
        id.to_string()
    }
}

/// Something handed in: a UUIDv7, made when the form opens, so that handing in again is the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SubmissionId(Uuid);

impl SubmissionId {
    /// A new one, of now.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// From its bytes, which must be those of a UUIDv7.
    pub fn from_bytes(bytes: [u8; 16]) -> Result<Self, InvalidId> {
        let id = Uuid::from_bytes(bytes);
        if id.get_version_num() == 7 {
            Ok(Self(id))
        } else {
            Err(InvalidId::new("submission id", &id.to_string()))
        }
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl Default for SubmissionId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for SubmissionId {
    type Err = InvalidId;

    /// Only the form with hyphens and small letters, so that an id has one spelling.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || InvalidId::new("submission id", text);
        let id = Uuid::try_parse(text).map_err(|_| wrong())?;
        let id = Self::from_bytes(*id.as_bytes())?;
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(wrong())
        }
    }
}

impl TryFrom<String> for SubmissionId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SubmissionId> for String {
    fn from(id: SubmissionId) -> Self {
        id.to_string()
    }
}

/// What sort of thing an envelope holds; the hub must know it without opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 依申请公开.
    DisclosureApplication,
    /// 意见建议与投诉.
    Suggestion,
    /// 数据纠错.
    Correction,
    /// 评价.
    Rating,
    /// A file that belongs to one of the others.
    Attachment,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::DisclosureApplication,
        Self::Suggestion,
        Self::Correction,
        Self::Rating,
        Self::Attachment,
    ];

    /// Its name in text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DisclosureApplication => "disclosure-application",
            Self::Suggestion => "suggestion",
            Self::Correction => "correction",
            Self::Rating => "rating",
            Self::Attachment => "attachment",
        }
    }

    /// Its number in an envelope.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::DisclosureApplication => 1,
            Self::Suggestion => 2,
            Self::Correction => 3,
            Self::Rating => 4,
            Self::Attachment => 5,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| InvalidId::new("kind of submission", text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = SubmissionId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in [
            id.to_string().to_uppercase(),
            id.0.simple().to_string(),
            Uuid::new_v4().to_string(),
            String::new(),
        ] {
            assert!(wrong.parse::<SubmissionId>().is_err(), "{wrong}");
        }
        assert!("AB".repeat(16).parse::<DeviceId>().is_err());
        assert!("ab".repeat(15).parse::<DeviceId>().is_err());
        assert_eq!("ab".repeat(16).parse(), Ok(DeviceId([0xab; 16])));
    }

    #[test]
    fn every_kind_is_found_by_its_number_and_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_number(kind.number()), Some(kind));
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(Kind::from_number(0), None);
    }
}
