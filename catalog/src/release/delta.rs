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
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::release::SnapshotTarget;
    use crate::store::fixture::{area, store};

    /// The manifest that describes a store, as far as applying a delta needs it.
    fn manifest(store: &Store) -> Manifest {
        let meta = store.meta().clone();
        Manifest {
            generation: meta.generation,
            schema: meta.schema,
            published_at: meta.published_at,
            public_url: meta.public_url,
            rows: store.len().unwrap(),
            rows_digest: store.rows_digest().unwrap(),
            snapshot: SnapshotTarget {
                target: String::new(),
                length: 0,
                sha256: String::new(),
                unpacked: None,
            },
            deltas: Vec::new(),
            blobs: None,
        }
    }

    fn rows(records: &[(&str, &str)]) -> Vec<Row> {
        let records: Vec<Record> = records.iter().map(|(id, name)| area(id, name)).collect();
        Row::in_order(&records)
    }

    /// Two generations, the way between them and the first one's file.
    struct Step {
        _folder: tempfile::TempDir,
        path: PathBuf,
        old: Store,
        manifest: Manifest,
        delta: Vec<u8>,
    }

    fn step(old: &[Row], new: &[Row]) -> Step {
        let folder = tempfile::tempdir().unwrap();
        let (path, old) = store(folder.path(), 1, old);
        let (_, new) = store(folder.path(), 2, new);
        let mut delta = Vec::new();
        write_delta(&old, &new, &mut delta).unwrap();
        Step {
            _folder: folder,
            path,
            manifest: manifest(&new),
            old,
            delta,
        }
    }

    impl Step {
        /// Applies another delta than the right one and expects that nothing happens to the file.
        fn refuses(&self, delta: &[u8], limits: Limits) -> DeltaError {
            let before = std::fs::read(&self.path).unwrap();
            let error = apply_delta(&self.path, delta, &self.manifest, limits).unwrap_err();
            assert!(
                std::fs::read(&self.path).unwrap() == before,
                "the store was written to"
            );
            let files = std::fs::read_dir(self.path.parent().unwrap()).unwrap();
            assert_eq!(files.count(), 1, "a journal was left");
            error
        }

        fn small() -> Self {
            step(
                &rows(&[
                    ("area-a", "城乡规划"),
                    ("area-b", "社会救助"),
                    ("area-c", "公共法律服务"),
                ]),
                &rows(&[
                    ("area-a", "国土空间规划"),
                    ("area-c", "公共法律服务"),
                    ("area-d", "养老服务"),
                ]),
            )
        }
    }

    #[test]
    fn a_delta_makes_the_new_generation_of_the_old_one() {
        let step = Step::small();
        let applied = apply_delta(&step.path, &step.delta[..], &step.manifest, Limits::default()).unwrap();
        // area-c moved up, so its row changed as well.
        assert_eq!(applied, Applied { put: 3, gone: 1 });
        super::super::verify(&step.path, &step.manifest).unwrap();
    }

    #[test]
    fn a_delta_between_equal_generations_is_empty() {
        let rows = rows(&[("area-a", "城乡规划")]);
        let step = step(&rows, &rows);
        assert_eq!(zstd::decode_all(&step.delta[..]).unwrap(), b"");
    }

    /// A small generator of numbers (xorshift), so that a failure repeats.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % limit as u64).unwrap()
        }
    }

    #[test]
    fn any_edit_arrives_by_its_delta() {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for _ in 0..40 {
            let mut records: Vec<(String, String)> = (0..numbers.below(30))
                .map(|n| (format!("area-{n}"), "规划".to_owned()))
                .collect();
            let old = records.clone();
            for edit in 0..numbers.below(20) {
                let place = numbers.below(records.len() + 1);
                match (numbers.below(3), place < records.len()) {
                    (0, true) => drop(records.remove(place)),
                    (1, true) => records[place].1 = format!("\"规划\"\n{edit}\u{0}\u{2028}"),
                    _ => records.insert(place, (format!("area-new-{edit}"), String::new())),
                }
            }
            let borrowed = |records: &[(String, String)]| -> Vec<Row> {
                let pairs: Vec<(&str, &str)> = records.iter().map(|(id, name)| (&**id, &**name)).collect();
                rows(&pairs)
            };
            let step = step(&borrowed(&old), &borrowed(&records));
            apply_delta(&step.path, &step.delta[..], &step.manifest, Limits::default()).unwrap();
            super::super::verify(&step.path, &step.manifest).unwrap();
        }
    }

    #[test]
    fn a_delta_cut_off_anywhere_changes_nothing() {
        let step = Step::small();
        for length in 0..step.delta.len() {
            step.refuses(&step.delta[..length], Limits::default());
        }
    }

    #[test]
    fn a_delta_that_grows_beyond_the_limits_changes_nothing() {
        let step = Step::small();
        let total = step.refuses(
            &step.delta,
            Limits {
                total: 300,
                ..Limits::default()
            },
        );
        assert!(matches!(total, DeltaError::TooLarge { limit: 300 }), "{total}");
        let line = step.refuses(
            &step.delta,
            Limits {
                line: 100,
                ..Limits::default()
            },
        );
        assert!(
            matches!(line, DeltaError::LineTooLong { line: 1, limit: 100 }),
            "{line}"
        );
        let bomb = zstd::encode_all(io::repeat(b' ').take(50 << 20), 1).unwrap();
        let bomb = step.refuses(&bomb, Limits::default());
        assert!(matches!(bomb, DeltaError::LineTooLong { .. }), "{bomb}");
    }

    #[test]
    fn a_row_larger_than_allowed_is_refused_by_its_id() {
        let step = Step::small();
        let limits = Limits {
            row: 100,
            ..Limits::default()
        };
        let error = step.refuses(&step.delta, limits);
        assert!(
            matches!(&error, DeltaError::RowTooLarge { id, limit: 100, .. } if id.as_str() == "area-a"),
            "{error}"
        );
    }

    #[test]
    fn a_delta_for_another_generation_is_found_out_by_the_digest() {
        let step = Step::small();
        let other = zstd::encode_all(&b"{\"id\":\"area-a\",\"gone\":true}\n"[..], 1).unwrap();
        let error = step.refuses(&other, Limits::default());
        assert!(
            matches!(error, DeltaError::WrongResult { rows: 2, .. }),
            "{error}"
        );
        assert_eq!(step.old.len().unwrap(), 3);
    }

    #[test]
    fn a_line_that_is_no_change_is_refused_by_its_number() {
        let step = Step::small();
        for (text, expected) in [
            ("{\"id\":\"area-a\",\"gone\":true}\n{}\n", "line 2"),
            ("{\"id\":\"area-a\",\"gone\":false}\n", "contradicts"),
            ("{\"id\":\"../a\",\"gone\":true}\n", "line 1"),
        ] {
            let delta = zstd::encode_all(text.as_bytes(), 1).unwrap();
            let error = step.refuses(&delta, Limits::default()).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
