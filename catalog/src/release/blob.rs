//! Where the bytes of attachments lie, in a release and on a terminal.
//!
//! A record names an attachment by its SHA-256, and the signed list `blobs.json` says how long each is: what is fetched under
//! such a name needs no signature of its own.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::LARGEST_BLOB;
use crate::record::{Attachment, BlobDigest};

/// The name of the list of blobs among the signed targets.
pub const BLOBS_TARGET: &str = "blobs.json";

/// The folder of attachments in a terminal's state folder, beside the generations that share them.
pub const BLOB_FOLDER: &str = "blobs";

/// The list of a release's blobs among the signed targets. A release without attachments has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobsTarget {
    /// The target's name.
    pub target: String,
    /// The list's length in bytes.
    pub length: u64,
    /// The list's SHA-256, lower-case hex.
    pub sha256: String,
    /// How many bytes all blobs have together: what the disk must have room for.
    pub bytes: u64,
}

/// One blob of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    /// Its SHA-256.
    pub sha256: BlobDigest,
    /// Its length in bytes.
    pub length: u64,
}

/// Why a list of blobs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BlobsError {
    /// It is not a list of blobs.
    #[error("{BLOBS_TARGET}: {0}")]
    Format(#[from] serde_path_to_error::Error<serde_json::Error>),
    /// A blob is larger than allowed.
    #[error("{BLOBS_TARGET}: blob {sha256} has {length} bytes, at most {LARGEST_BLOB} are allowed")]
    TooLarge {
        /// The blob.
        sha256: BlobDigest,
        /// Its length.
        length: u64,
    },
}

/// The blobs of these attachments as JSON.
#[must_use]
pub fn write_blobs(attachments: &[Attachment]) -> Vec<u8> {
    let blobs: Vec<Blob> = attachments
        .iter()
        .map(|attachment| Blob {
            sha256: attachment.sha256.clone(),
            length: attachment.length,
        })
        .collect();
    serde_json::to_vec(&blobs).expect("digests and numbers have a JSON form")
}

/// Reads a list of blobs.
pub fn read_blobs(json: &[u8]) -> Result<Vec<Blob>, BlobsError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let blobs: Vec<Blob> = serde_path_to_error::deserialize(&mut reader)?;
    match blobs.iter().find(|blob| blob.length > LARGEST_BLOB) {
        Some(Blob { sha256, length }) => Err(BlobsError::TooLarge {
            sha256: sha256.clone(),
            length: *length,
        }),
        None => Ok(blobs),
    }
}

/// The name of a blob's file in the release's folder of targets.
#[must_use]
pub fn blob_target(digest: &BlobDigest) -> String {
    format!("{digest}.blob")
}

/// The file of a blob in the state folder `state`. It may not have arrived yet; once it is there, it is whole.
#[must_use]
pub fn blob_file(state: &Path, digest: &BlobDigest) -> PathBuf {
    state.join(BLOB_FOLDER).join(digest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_digests_only_and_no_blob_without_end() {
        let attachment = Attachment {
            title: "流程图".to_owned(),
            media_type: crate::record::MediaType::Png,
            length: 7,
            sha256: BlobDigest::new([7; 32]),
        };
        let list = write_blobs(std::slice::from_ref(&attachment));
        assert_eq!(read_blobs(&list).unwrap()[0].sha256, attachment.sha256);
        let text = String::from_utf8(list).unwrap();
        let outside = read_blobs(text.replace("070707", "../../").as_bytes()).unwrap_err();
        assert!(matches!(outside, BlobsError::Format(_)), "{outside}");
        let endless = read_blobs(text.replace(":7}", ":1000000000000}").as_bytes()).unwrap_err();
        assert!(matches!(endless, BlobsError::TooLarge { .. }), "{endless}");
    }
}
