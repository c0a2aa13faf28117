//! What a terminal notes beside a generation whose signatures it has verified.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::atomic::{self, Readers, WriteError};
use crate::store::{Meta, Store};

/// The note's file inside a generation folder.
const FILE_NAME: &str = "verified.json";

/// That a generation is what the operator signed: the agent writes it after TUF and the digest over all rows agreed, the
/// screen claims a verified signature only where it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The generation that was verified.
    pub generation: u64,
    /// The digest over all rows that the signed manifest names, lower-case hex.
    pub rows_digest: String,
    /// The version of the root of trust that the signatures lead to.
    pub root: u64,
    /// When they were verified.
    pub verified_at: Timestamp,
}

/// What may be claimed of a generation's signatures, on the screen and on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// The agent verified them when it made the generation.
    Verified,
    /// Nobody did: the content was put there by hand.
    Absent,
}

impl Signature {
    /// What may be claimed of the generation that `store` is of. A note that cannot be read is logged and claims nothing.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        let folder = store
            .path()
            .parent()
            .expect("a store is a file in a generation folder");
        match Verification::read(folder, store.meta()) {
            Ok(Some(_)) => Self::Verified,
            Ok(None) => Self::Absent,
            Err(error) => {
                tracing::error!(%error, "nothing is known of the content's signature");
                Self::Absent
            }
        }
    }
}

/// Why a note could not be read.
#[derive(Debug, thiserror::Error)]
pub enum VerificationError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{path} is no note of a verification: {source}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl Verification {
    /// Notes it in the generation folder `folder`.
    pub fn write(&self, folder: &Path) -> Result<(), WriteError> {
        let mut json = serde_json::to_vec(self).expect("numbers, a text and a time have a JSON form");
        json.push(b'\n');
        atomic::write_for(Readers::Everybody, &folder.join(FILE_NAME), &json)
    }

    /// What was noted in `folder`, a generation folder or a link to one, about the store that `meta` describes. `None`
    /// where nothing was: such content came from nobody who signed it.
    pub fn read(folder: &Path, meta: &Meta) -> Result<Option<Self>, VerificationError> {
        let path = folder.join(FILE_NAME);
        let json = match std::fs::read(&path) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(VerificationError::Read { path, source }),
        };
        let note: Self =
            serde_json::from_slice(&json).map_err(|source| VerificationError::Format { path, source })?;
        Ok((note.generation == meta.generation).then_some(note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture::meta;

    fn note(generation: u64) -> Verification {
        Verification {
            generation,
            rows_digest: "00".repeat(32),
            root: 1,
            verified_at: "2026-11-22T08:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_note_is_read_back_beside_its_own_generation_only() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Verification::read(folder.path(), &meta(3)).unwrap(), None);
        note(3).write(folder.path()).unwrap();
        assert_eq!(
            Verification::read(folder.path(), &meta(3)).unwrap(),
            Some(note(3))
        );
        assert_eq!(Verification::read(folder.path(), &meta(4)).unwrap(), None);
    }

    #[test]
    fn a_broken_note_is_an_error_that_names_its_file() {
        let folder = tempfile::tempdir().unwrap();
        atomic::write(&folder.path().join(FILE_NAME), b"{").unwrap();
        let error = Verification::read(folder.path(), &meta(3)).unwrap_err();
        assert!(error.to_string().contains(FILE_NAME), "{error}");
    }
}
