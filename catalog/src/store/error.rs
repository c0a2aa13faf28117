//! Why a store could not be used.

use std::io;
use std::path::PathBuf;

use crate::record::RecordId;

/// Why a content store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store at this place.
    #[error("no content store at {path}: {source}")]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// SQLite could not read or write the file.
    #[error("content store {path}: {source}")]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// SQLite found the file damaged.
    #[error("content store {path} is damaged: {finding}")]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// The first finding of `PRAGMA quick_check`.
        finding: String,
    },
    /// The description of the release is missing or unreadable.
    #[error("content store {path}: meta value {key:?} is missing or unreadable")]
    Meta {
        /// The database file.
        path: PathBuf,
        /// The key in the table `meta`.
        key: &'static str,
    },
    /// The store was written for another version of this program.
    #[error(
        "content store {path} has schema {found}, this program reads {}",
        super::SCHEMA
    )]
    Schema {
        /// The database file.
        path: PathBuf,
        /// The schema that the file names.
        found: u32,
    },
    /// A record's body is not a record of this schema.
    #[error("content store {path}, record {id}: {source}")]
    Body {
        /// The database file.
        path: PathBuf,
        /// The row's id.
        id: String,
        /// Which field, and what is wrong with it.
        source: serde_path_to_error::Error<serde_json::Error>,
    },
    /// Two records to be stored have the same id.
    #[error("record {id} occurs twice")]
    Duplicate {
        /// The id.
        id: RecordId,
    },
}
