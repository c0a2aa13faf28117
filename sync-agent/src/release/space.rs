//! Whether the disk has room for a release, asked before anything is fetched.

use std::io;
use std::path::Path;

use catalog::release::{DeltaTarget, SnapshotTarget};

use super::PullError;

/// How many bytes a snapshot takes at most times its own length where the manifest does not say what it unpacks to.
const UNPACKS_TO: u64 = 12;

/// What a snapshot takes: itself, the store with its indexes, and the search index.
#[must_use]
pub(super) fn for_snapshot(snapshot: &SnapshotTarget) -> u64 {
    let unpacked = snapshot
        .unpacked
        .unwrap_or_else(|| snapshot.length.saturating_mul(UNPACKS_TO));
    snapshot.length.saturating_add(unpacked.saturating_mul(2))
}

/// What a delta takes: itself, what it changes, and a copy of the generation in use, which has `in_use` bytes.
#[must_use]
pub(super) fn for_delta(delta: &DeltaTarget, in_use: u64) -> u64 {
    let changed = delta.length.saturating_mul(2 * UNPACKS_TO);
    in_use.saturating_add(delta.length).saturating_add(changed)
}

/// Refuses to begin where fewer than `needed` bytes are free besides those that must stay free.
pub(super) fn require(state: &Path, needed: u64, keep_free: u64) -> Result<(), PullError> {
    let disk =
        rustix::fs::statvfs(state).map_err(|error| PullError::storage(state, io::Error::from(error)))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let needed = needed.saturating_add(keep_free);
    if free < needed {
        return Err(PullError::NoSpace {
            path: state.to_owned(),
            needed,
            free,
        });
    }
    Ok(())
}

/// How many bytes the files in a folder have. What cannot be read counts nothing.
pub(super) fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_disk_has_no_room_for_is_refused_with_both_numbers() {
        let state = tempfile::tempdir().unwrap();
        require(state.path(), 1, 0).unwrap();
        match require(state.path(), 1, u64::MAX / 2).unwrap_err() {
            PullError::NoSpace { needed, free, .. } => assert!(free < needed),
            error => panic!("{error}"),
        }
    }

    #[test]
    fn a_snapshot_needs_room_for_what_it_says_it_unpacks_to() {
        let mut snapshot = SnapshotTarget {
            target: String::new(),
            length: 10,
            sha256: String::new(),
            unpacked: Some(100),
        };
        assert_eq!(for_snapshot(&snapshot), 210);
        snapshot.unpacked = Some(u64::MAX);
        assert_eq!(for_snapshot(&snapshot), u64::MAX);
    }
}
