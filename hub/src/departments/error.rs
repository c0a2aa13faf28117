//! What can be wrong with departments.

use std::io;
use std::path::PathBuf;

use catalog::atomic::WriteError;

use crate::keys::KeyError;

/// Why the list of departments or a signature could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DepartmentError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file has not the documented form.
    #[error("{path}: {source}")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A pattern is none.
    #[error("{0:?} is neither a record id nor the beginning of one followed by *")]
    Pattern(String),
    /// A key is none.
    #[error("{0:?} is not an Ed25519 public key in 64 hexadecimal digits")]
    Key(String),
    /// The department is there already.
    #[error("there is a department {0} already")]
    Exists(String),
    /// A key file is missing or holds no key.
    #[error(transparent)]
    SigningKey(#[from] KeyError),
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}
