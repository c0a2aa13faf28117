//! Building a generation beside the one in use.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use catalog::power::{Moment, point};
use catalog::release::{Applied, DeltaTarget, Limits, Manifest, apply_delta, unpack_snapshot, verify};
use catalog::search::{Built, Index, IndexError};
use catalog::store::{FILE_NAME, Store, finish};
use tracing::info;

use super::PullError;
use super::state::Current;

/// The most that an unpacked snapshot may have.
const LARGEST_STORE: u64 = 4 << 30;

/// How a generation came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By the changes since an earlier one.
    Delta {
        /// The earlier one.
        from: u64,
        /// Rows added or replaced.
        put: u64,
        /// Rows removed.
        gone: u64,
    },
    /// Whole, for this reason.
    Snapshot(SnapshotReason),
}

/// Why a snapshot was taken instead of a delta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnapshotReason {
    /// There was no content yet.
    FirstPull,
    /// The content in use cannot be read.
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
    /// The release has no delta from the generation in use.
    NoDelta {
        /// The generation in use.
        from: u64,
    },
    /// The delta is not smaller than the snapshot.
    DeltaNotSmaller {
        /// The generation in use.
        from: u64,
    },
    /// The delta could not be applied.
    DeltaFailed {
        /// The generation in use.
        from: u64,
        /// Why not.
        reason: String,
    },
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delta { from, put, gone } => {
                write!(f, "delta from generation {from}: {put} rows put, {gone} gone")
            }
            Self::Snapshot(reason) => write!(f, "snapshot: {reason}"),
        }
    }
}

impl fmt::Display for SnapshotReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstPull => f.write_str("there was no content yet"),
            Self::Damaged { reason } => write!(f, "the content in use is damaged: {reason}"),
            Self::NoDelta { from } => write!(f, "the release has no delta from generation {from}"),
            Self::DeltaNotSmaller { from } => {
                write!(f, "the delta from generation {from} is not smaller")
            }
            Self::DeltaFailed { from, reason } => {
                write!(f, "the delta from generation {from} failed: {reason}")
            }
        }
    }
}

/// What a pull has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Nothing: the generation is in use.
    UpToDate,
    /// Apply a delta to a copy of the generation in use.
    Delta(DeltaTarget),
    /// Take the snapshot.
    Snapshot(SnapshotReason),
}

/// Decides how to get from the content in use to the release.
pub fn plan(current: &Current, manifest: &Manifest) -> Result<Plan, PullError> {
    let meta = match current {
        Current::None => return Ok(Plan::Snapshot(SnapshotReason::FirstPull)),
        Current::Damaged { reason } => {
            return Ok(Plan::Snapshot(SnapshotReason::Damaged {
                reason: reason.clone(),
            }));
        }
        Current::Whole(meta) => meta,
    };
    let from = meta.generation;
    if manifest.generation < from {
        return Err(PullError::RolledBack {
            what: "generation".to_owned(),
            seen: from,
            offered: manifest.generation,
        });
    }
    if manifest.generation == from {
        return if manifest.meta() == *meta {
            Ok(Plan::UpToDate)
        } else {
            Err(PullError::malformed(
                "the manifest",
                format!("generation {from} was published twice, with different content"),
            ))
        };
    }
    Ok(match manifest.delta_from(from) {
        None => Plan::Snapshot(SnapshotReason::NoDelta { from }),
        Some(delta) if delta.length >= manifest.snapshot.length => {
            Plan::Snapshot(SnapshotReason::DeltaNotSmaller { from })
        }
        Some(delta) => Plan::Delta(delta.clone()),
    })
}

/// The store file in a folder that is being built.
#[must_use]
pub fn store_file(folder: &Path) -> PathBuf {
    folder.join(FILE_NAME)
}

/// Makes the store in `folder` of the one in use and a compressed delta.
pub fn apply(in_use: &Path, delta: &Path, folder: &Path, manifest: &Manifest) -> Result<Applied, PullError> {
    let path = store_file(folder);
    let source = File::open(delta).map_err(|error| PullError::storage(delta, error))?;
    // The kernel shares the blocks where the file system can.
    point("copy store", Moment::Before);
    fs::copy(store_file(in_use), &path).map_err(|error| PullError::storage(&path, error))?;
    point("copy store", Moment::After);
    let applied = apply_delta(&path, source, manifest, Limits::default())
        .map_err(|error| PullError::from_delta(&path, error))?;
    // Number and digest of the rows were checked before they were committed.
    Store::open_file(&path)
        .and_then(|store| store.quick_check())
        .map_err(|error| PullError::from_store(&path, error))?;
    Ok(applied)
}

/// Makes the store in `folder` of a compressed snapshot.
pub fn unpack(snapshot: &Path, folder: &Path, manifest: &Manifest) -> Result<(), PullError> {
    let path = store_file(folder);
    let source = File::open(snapshot).map_err(|error| PullError::storage(snapshot, error))?;
    let unpacked = manifest.snapshot.unpacked.unwrap_or(LARGEST_STORE);
    unpack_snapshot(source, &path, unpacked.min(LARGEST_STORE))
        .map_err(|error| PullError::from_snapshot(&path, error))?;
    verify(&path, manifest).map_err(|error| PullError::from_snapshot(&path, error))?;
    point("add indexes", Moment::Before);
    finish(&path).map_err(|error| PullError::from_store(&path, error))?;
    point("add indexes", Moment::After);
    Ok(())
}

/// Builds the search index beside the store in `folder`, from that of the generation `before` where it can.
pub fn index(folder: &Path, before: &Path) -> Result<(), PullError> {
    let store = Store::open(folder).map_err(|error| PullError::from_store(folder, error))?;
    let place = folder.join(catalog::search::FOLDER);
    point("build search", Moment::Before);
    let built = Index::build_after(before, folder, &store).map_err(|error| match error {
        IndexError::Store(error) => PullError::from_store(folder, error),
        error => PullError::storage(&place, error),
    })?;
    let Built {
        kept,
        written,
        removed,
    } = built;
    info!(kept, written, removed, "search index built");
    point("build search", Moment::After);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::release::SnapshotTarget;

    fn manifest(generation: u64, deltas: &[(u64, u64)]) -> Manifest {
        Manifest {
            generation,
            schema: 1,
            published_at: "2026-11-22T08:00:00Z".parse().unwrap(),
            public_url: None,
            rows: 0,
            rows_digest: String::new(),
            snapshot: SnapshotTarget {
                target: "snapshot.db.zst".to_owned(),
                length: 1000,
                sha256: String::new(),
                unpacked: None,
            },
            deltas: deltas
                .iter()
                .map(|&(from, length)| DeltaTarget {
                    from,
                    target: format!("delta-{from}.jsonl.zst"),
                    length,
                    sha256: String::new(),
                })
                .collect(),
            blobs: None,
        }
    }

    fn whole(generation: u64) -> Current {
        Current::Whole(manifest(generation, &[]).meta())
    }

    #[test]
    fn the_delta_from_the_generation_in_use_is_preferred() {
        let release = manifest(12, &[(11, 10), (10, 20)]);
        assert_eq!(
            plan(&whole(10), &release).unwrap(),
            Plan::Delta(release.deltas[1].clone())
        );
    }

    #[test]
    fn a_snapshot_is_taken_only_for_a_reason() {
        let release = manifest(12, &[(11, 1000)]);
        let reason = |current: &Current| match plan(current, &release).unwrap() {
            Plan::Snapshot(reason) => reason,
            plan => panic!("{plan:?}"),
        };
        assert_eq!(reason(&Current::None), SnapshotReason::FirstPull);
        assert_eq!(reason(&whole(9)), SnapshotReason::NoDelta { from: 9 });
        assert_eq!(reason(&whole(11)), SnapshotReason::DeltaNotSmaller { from: 11 });
        let damaged = Current::Damaged { reason: "x".into() };
        assert_eq!(reason(&damaged), SnapshotReason::Damaged { reason: "x".into() });
    }

    #[test]
    fn an_older_generation_is_refused_with_both_numbers() {
        let error = plan(&whole(12), &manifest(11, &[])).unwrap_err();
        assert!(
            matches!(
                error,
                PullError::RolledBack {
                    seen: 12,
                    offered: 11,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn a_generation_that_was_published_twice_is_refused() {
        let mut release = manifest(12, &[]);
        assert_eq!(plan(&whole(12), &release).unwrap(), Plan::UpToDate);
        release.published_at = "2026-11-23T08:00:00Z".parse().unwrap();
        assert!(matches!(
            plan(&whole(12), &release).unwrap_err(),
            PullError::Malformed { .. }
        ));
    }
}
