//! Removing what no terminal asks for any more.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::draft::TargetFile;
use super::history;
use super::{DELTAS, PublishError};

/// How many of the newest releases stay whole, for terminals that are in the middle of a pull, perhaps
/// over a slow line.
const WHOLE: u64 = 10;

/// Keeps the newest releases whole, the snapshots that the next deltas start from, and all roots: a
/// terminal follows them one by one.
pub(super) fn tidy(repository: &Path, newest: &[TargetFile]) -> Result<(), PublishError> {
    let mut keep: HashSet<String> = newest.iter().map(TargetFile::file_name).collect();
    let generations = history::generations(repository)?;
    let newest = generations.keys().last().copied().unwrap_or(0);
    for (number, generation) in generations.into_iter().rev().take(DELTAS) {
        keep.insert(generation.snapshot_file());
        if number + WHOLE > newest {
            keep.extend(generation.delta_files());
            keep.extend(generation.blob_files(repository));
        }
        keep.insert(generation.manifest_file);
    }
    let targets = repository.join("targets");
    for name in history::names(&targets)? {
        if !keep.contains(&name) {
            remove(&targets.join(name))?;
        }
    }
    let metadata = repository.join("metadata");
    let names = history::names(&metadata)?;
    // What a publication that was interrupted had begun to write.
    for name in names.iter().filter(|name| name.starts_with(".tmp")) {
        remove(&metadata.join(name))?;
    }
    for suffix in [".targets.json", ".snapshot.json"] {
        let version = |name: &String| name.strip_suffix(suffix)?.parse::<u64>().ok();
        let newest = names.iter().filter_map(version).max().unwrap_or(0);
        for name in names
            .iter()
            .filter(|name| version(name).is_some_and(|version| version + WHOLE <= newest))
        {
            remove(&metadata.join(name))?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), PublishError> {
    fs::remove_file(path).map_err(|source| PublishError::io(path, source))
}
