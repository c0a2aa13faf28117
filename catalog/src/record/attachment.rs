//! Pictures and PDFs that belong to a record.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A picture or a PDF that belongs to a record. The record names it by its digest; the bytes travel beside the records.
///
/// They are brought to every terminal and kept there; the kiosk does not show them yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it shows, such as 办理流程图.
    pub title: String,
    /// What it is.
    pub media_type: MediaType,
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256.
    pub sha256: BlobDigest,
}

/// What an attachment is: the formats that a release may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    /// A PNG picture.
    #[serde(rename = "image/png")]
    Png,
    /// A JPEG picture.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl MediaType {
    /// What content is by its first bytes; `None` for anything that a release does not carry. A file's name says nothing.
    #[must_use]
    pub fn of(content: &[u8]) -> Option<Self> {
        [
            (&b"\x89PNG\r\n\x1a\n"[..], Self::Png),
            (&b"\xff\xd8\xff"[..], Self::Jpeg),
            (&b"%PDF-"[..], Self::Pdf),
        ]
        .into_iter()
        .find_map(|(start, media_type)| content.starts_with(start).then_some(media_type))
    }
}

/// A SHA-256 in 64 lower-case hexadecimal digits, which is fit for a file name and a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobDigest(String);

/// A text that is no [`BlobDigest`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a SHA-256 in 64 lower-case hexadecimal digits")]
pub struct InvalidBlobDigest(pub String);

impl BlobDigest {
    /// The digest of these 32 bytes.
    #[must_use]
    pub fn new(sha256: [u8; 32]) -> Self {
        Self(hex::encode(sha256))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BlobDigest {
    type Error = InvalidBlobDigest;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(digit) {
            Ok(Self(text))
        } else {
            Err(InvalidBlobDigest(text))
        }
    }
}

impl From<BlobDigest> for String {
    fn from(digest: BlobDigest) -> Self {
        digest.0
    }
}

impl fmt::Display for BlobDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_hexadecimal_and_nothing_that_leads_out_of_a_folder() {
        BlobDigest::try_from("0f".repeat(32)).unwrap();
        for bad in [
            String::new(),
            "0F".repeat(32),
            "0f".repeat(31),
            format!("../{}", "0f".repeat(30)) + "0",
        ] {
            assert!(BlobDigest::try_from(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_format_is_known_by_its_first_bytes() {
        assert_eq!(MediaType::of(b"%PDF-1.7 \xe2"), Some(MediaType::Pdf));
        assert_eq!(MediaType::of(b"\xff\xd8\xff\xe0"), Some(MediaType::Jpeg));
        for other in [&b"<html>"[..], b"MZ", b""] {
            assert_eq!(MediaType::of(other), None);
        }
    }
}
