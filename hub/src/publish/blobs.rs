//! The files of attachments, by their digests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

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
        let copied = copy(file, targets, &place).map_err(|source| PublishError::io(file, source))?;
        if copied != *sha256 {
            // It has its name by its old content; the next publication must not find it there.
            fs::remove_file(&place).map_err(|source| PublishError::io(&place, source))?;
            return Err(PublishError::BlobChanged { path: file.clone() });
        }
    }
    Ok(())
}

/// Copies a file, durably and in one step, and returns the digest of what was copied.
fn copy(from: &Path, folder: &Path, place: &Path) -> io::Result<BlobDigest> {
    let content = fs::read(from)?;
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    file.write_all(&content)?;
    file.as_file().sync_all()?;
    file.persist(place).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()?;
    Ok(BlobDigest::new(Sha256::digest(&content).into()))
}
