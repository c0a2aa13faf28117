//! What a store says about the release it came with.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// The schema of the store and of the record bodies that this program reads and writes.
pub const SCHEMA: u32 = 1;

/// The release that a store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Counts up by one with every release of a hub.
    pub generation: u64,
    /// See [`SCHEMA`].
    pub schema: u32,
    /// When the operator published it; pages show it as "as of".
    pub published_at: Timestamp,
    /// Where the phone pages are reachable, without a slash at the end; `None` where no public
    /// address is configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}

impl Meta {
    /// Reads the table `meta` of the database at `path`.
    pub(super) fn read(connection: &Connection, path: &Path) -> Result<Self, StoreError> {
        let mut statement = connection
            .prepare("SELECT value FROM meta WHERE key = ?1")
            .map_err(|source| StoreError::sqlite(path, source))?;
        let mut value = |key: &str| -> Result<Option<String>, StoreError> {
            statement
                .query_row([key], |row| row.get(0))
                .optional()
                .map_err(|source| StoreError::sqlite(path, source))
        };
        let unreadable = |key| StoreError::Meta {
            path: path.to_owned(),
            key,
        };
        Ok(Self {
            generation: parse(value("generation")?).ok_or_else(|| unreadable("generation"))?,
            schema: parse(value("schema")?).ok_or_else(|| unreadable("schema"))?,
            published_at: parse(value("published_at")?).ok_or_else(|| unreadable("published_at"))?,
            public_url: value("public_url")?,
        })
    }
}

fn parse<T: std::str::FromStr>(value: Option<String>) -> Option<T> {
    value?.parse().ok()
}
