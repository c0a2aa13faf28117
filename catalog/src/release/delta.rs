//! The changes between two generations: zstd over one JSON line a changed row.
//!
//! ```text
//! {"id":"guide-041","row":{"id":"guide-041","kind":"guide",…,"body":"{…}"}}
//! {"id":"guide-007","gone":true}
//! ```

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::snapshot::{compress, decoder};
use super::{Limits, Manifest};
use crate::power::{Moment, point};
use crate::record::RecordId;
use crate::store::{Meta, Row, Store, StoreError, insert_row, row_count, rows_digest, set_meta};

/// One line: a row is as given, or is gone.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Change {
    /// The row is new or replaces the one with its id.
    Put {
        /// The id.
        id: RecordId,
        /// The row.
        row: Row,
    },
    /// The row no longer exists.
    Gone {
        /// The id.
        id: RecordId,
        /// Always `true`.
        gone: bool,
    },
}

/// What a delta did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applied {
    /// Rows that were added or replaced.
    pub put: u64,
    /// Rows that were removed.
    pub gone: u64,
}

/// Why a delta was not written or not applied.
#[derive(Debug, thiserror::Error)]
pub enum DeltaError {
    /// A store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stream could not be read or written, is damaged or ends early.
    #[error("delta: {0}")]
    Io(#[from] io::Error),
    /// A line is not a change.
    #[error("delta, line {line}: {source}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The row in a line is not the one that the line is about.
    #[error("delta, line {line}: the change of {id} contradicts itself")]
    Contradiction {
        /// Its number, from 1.
        line: u64,
        /// The id that the line names.
        id: RecordId,
    },
    /// A line is longer than allowed.
    #[error("delta, line {line}: longer than {limit} bytes")]
    LineTooLong {
        /// Its number, from 1.
        line: u64,
        /// The most that was allowed.
        limit: u64,
    },
    /// A row is larger than allowed.
    #[error("delta, line {line}: row {id} has {size} bytes, at most {limit} are allowed")]
    RowTooLarge {
        /// The line's number, from 1.
        line: u64,
        /// The row's id.
        id: RecordId,
        /// How many bytes it has.
        size: u64,
        /// The most that was allowed.
        limit: u64,
    },
    /// There is more of it than allowed.
    #[error("delta: unpacks to more than {limit} bytes")]
    TooLarge {
        /// The most that was allowed.
        limit: u64,
    },
    /// The result is not what the manifest describes; the store is as before.
    #[error("delta for {path}: leads to {rows} rows with digest {digest}, the manifest says otherwise")]
    WrongResult {
        /// The database file.
        path: PathBuf,
        /// How many rows it led to.
        rows: u64,
        /// The digest it led to.
        digest: String,
    },
}

/// Writes what leads from `old` to `new`.
pub fn write_delta(old: &Store, new: &Store, out: impl Write) -> Result<Applied, DeltaError> {
    let mut lines = Vec::new();
    let mut applied = Applied::default();
    let mut line = |change: &Change| -> io::Result<()> {
        serde_json::to_writer(&mut lines, change)?;
        lines.push(b'\n');
        Ok(())
    };
    new.for_each_row(|row| -> Result<(), DeltaError> {
        if old.row(&row.id)?.as_ref() != Some(&row) {
            applied.put += 1;
            line(&Change::Put {
                id: row.id.clone(),
                row,
            })?;
        }
        Ok(())
    })?;
    old.for_each_row(|row| -> Result<(), DeltaError> {
        if new.row(&row.id)?.is_none() {
            applied.gone += 1;
            line(&Change::Gone {
                id: row.id,
                gone: true,
            })?;
        }
        Ok(())
    })?;
    compress(&lines[..], lines.len() as u64, out)?;
    Ok(applied)
}

/// Applies a compressed delta to the store at `path`, in one transaction that is committed only when
/// number of rows and digest are as the manifest says. On an error the file holds what it held before.
///
/// The store must not be in use: an agent applies deltas to a copy.
pub fn apply_delta(
    path: &Path,
    compressed: impl Read,
    manifest: &Manifest,
    limits: Limits,
) -> Result<Applied, DeltaError> {
    let failed = |source| StoreError::sqlite(path, source);
    let mut connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed)?;
    point("apply delta", Moment::Before);
    let transaction = connection.transaction().map_err(failed)?;
    let mut applied = Applied::default();
    for_each_change(compressed, limits, |change| {
        match change {
            Change::Put { row, .. } => {
                remove(&transaction, &row.id).map_err(failed)?;
                insert_row(&transaction, &row).map_err(failed)?;
                applied.put += 1;
            }
            Change::Gone { id, .. } => {
                remove(&transaction, &id).map_err(failed)?;
                applied.gone += 1;
            }
        }
        Ok(())
    })?;
    let rows = row_count(&transaction).map_err(failed)?;
    let digest = rows_digest(&transaction).map_err(failed)?;
    if (rows, &digest) != (manifest.rows, &manifest.rows_digest) {
        return Err(DeltaError::WrongResult {
            path: path.to_owned(),
            rows,
            digest,
        });
    }
    let meta: Meta = manifest.meta();
    set_meta(&transaction, &meta).map_err(failed)?;
    point("apply delta", Moment::During);
    transaction.commit().map_err(failed)?;
    point("apply delta", Moment::After);
    Ok(applied)
}

fn remove(connection: &Connection, id: &RecordId) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM record WHERE id = ?1")?
        .execute([id.as_str()])?;
    Ok(())
}

/// Reads the lines of a compressed delta, never more than the limits at a time.
fn for_each_change(
    compressed: impl Read,
    limits: Limits,
    mut visit: impl FnMut(Change) -> Result<(), DeltaError>,
) -> Result<(), DeltaError> {
    let mut lines = BufReader::new(decoder(compressed)?);
    let mut text = Vec::new();
    let mut total = 0;
    for line in 1.. {
        text.clear();
        // One byte more than allowed tells a line that is too long from one that just fits.
        let read = (&mut lines).take(limits.line + 1).read_until(b'\n', &mut text)? as u64;
        if read == 0 {
            break;
        }
        total += read;
        if total > limits.total {
            return Err(DeltaError::TooLarge { limit: limits.total });
        }
        if text.last() != Some(&b'\n') && read > limits.line {
            return Err(DeltaError::LineTooLong {
                line,
                limit: limits.line,
            });
        }
        let change = serde_json::from_slice(&text).map_err(|source| DeltaError::Line { line, source })?;
        visit(consistent(change, line, limits)?)?;
    }
    Ok(())
}

/// Refuses a line whose parts contradict each other, and a row that is too large.
fn consistent(change: Change, line: u64, limits: Limits) -> Result<Change, DeltaError> {
    match change {
        Change::Put { row, .. } if row.size() > limits.row => Err(DeltaError::RowTooLarge {
            line,
            size: row.size(),
            id: row.id,
            limit: limits.row,
        }),
        Change::Put { id, row } if id != row.id => Err(DeltaError::Contradiction { line, id }),
        Change::Gone { id, gone: false } => Err(DeltaError::Contradiction { line, id }),
        change => Ok(change),
    }
}

#[cfg(test)]
mod tests;
