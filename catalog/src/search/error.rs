//! Why an index could not be used.

use std::path::{Path, PathBuf};

use crate::atomic::WriteError;
use crate::store::StoreError;

/// Why an index could not be built or opened. Whatever the reason, building it anew is the cure.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is no index in this folder.
    #[error("no search index at {path}: {source}")]
    Absent {
        /// The file that is missing.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The index was written by another version of this program.
    #[error("search index {path} has format {found}, this program reads {expected}")]
    Format {
        /// The index.
        path: PathBuf,
        /// The format it names.
        found: u32,
        /// The format this program reads.
        expected: u32,
    },
    /// The index is damaged.
    #[error("search index {path} is damaged: {finding}")]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        finding: String,
    },
    /// The part that tantivy keeps could not be read or written.
    #[error("search index {path}: {source}")]
    Tantivy {
        /// The folder.
        path: PathBuf,
        /// What tantivy said.
        source: Box<tantivy::TantivyError>,
    },
    /// A folder could not be made or emptied.
    #[error("cannot prepare {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The names could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The records could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IndexError {
    /// An error of the operating system on a folder.
    pub(super) fn folder(path: &Path, source: std::io::Error) -> Self {
        Self::Folder {
            path: path.to_owned(),
            source,
        }
    }

    /// An error of tantivy with the folder it is about.
    pub(super) fn tantivy(path: &Path, source: tantivy::TantivyError) -> Self {
        Self::Tantivy {
            path: path.to_owned(),
            source: Box::new(source),
        }
    }
}
