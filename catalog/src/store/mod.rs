//! The content store: one SQLite file of records, as a release ships it and as the kiosk reads it.
//!
//! ```text
//! record(id TEXT PRIMARY KEY, kind TEXT, area TEXT, title TEXT, position INTEGER, body TEXT)
//! meta(key TEXT PRIMARY KEY, value TEXT)
//! ```
//!
//! `body` is the record as JSON; the other columns repeat what lists need, so that a list reads no
//! body. The hub writes the file with [`build()`], without secondary indexes; the terminal adds them with
//! [`finish`] before the file becomes current. After that it is never written again, which is what
//! allows [`Store::open`] to read it as immutable, without locks.

mod build;
mod digest;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod meta;
mod reader;
mod row;

pub use build::{build, finish};
pub use digest::rows_digest;
pub use error::StoreError;
pub use meta::{Meta, SCHEMA};
pub use reader::{Count, Filter, Store, Summary};
pub use row::Row;

pub(crate) use build::{insert_row, set_meta};
pub(crate) use row::row_count;

/// The file's name inside a generation folder.
pub const FILE_NAME: &str = "records.db";
