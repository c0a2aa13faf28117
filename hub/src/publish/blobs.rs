//! The files of attachments, by their digests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use catalog::atomic::{self, Readers};
use catalog::record::{Attachment, BlobDigest};
use catalog::release::blob_target;
use sha2::{Digest as _, Sha256};

use super::PublishError;

/// Copies into the folder of targets what is not there yet.
pub(super) fn write(
    targets: &Path,
    attachments: &[Attachment],
    files: &BTreeMap<BlobDigest, PathBuf>,
) -> Result<(), PublishError> {
    for Attachment { sha256, length, .. } in attachments {
        let place = targets.join(blob_target(sha256));
        if fs::metadata(&place).is_ok_and(|present| present.len() == *length) {
            continue;
        }
        let file = files.get(sha256).ok_or_else(|| PublishError::NoBlob {
            sha256: sha256.clone(),
        })?;
        let content = fs::read(file).map_err(|source| PublishError::io(file, source))?;
        if BlobDigest::new(Sha256::digest(&content).into()) != *sha256 {
            return Err(PublishError::BlobChanged { path: file.clone() });
        }
        atomic::write_for(Readers::Everybody, &place, &content)?;
    }
    Ok(())
}
