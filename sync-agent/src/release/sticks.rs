//! Sticks with a release that are plugged in.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::folder::open;

/// How deep below the watched folder a stick's own folder may lie: desktops mount at `/media/USER/LABEL`, and the release may
/// be a folder on it.
const DEPTH: usize = 3;

/// A longer `timestamp.json` is none: a release's own has a few hundred bytes.
const LONGEST: u64 = 64 << 10;

/// Tells sticks that were plugged in from those that were there before.
#[derive(Debug, Default)]
pub(super) struct Sticks {
    /// What `timestamp.json` of each release was like.
    known: HashMap<PathBuf, [u8; 32]>,
}

impl Sticks {
    /// The releases below `folder` that are new since the last look, or were written anew.
    pub(super) fn look(&mut self, folder: &Path) -> Vec<PathBuf> {
        let mut present = HashMap::new();
        find(folder, DEPTH, &mut present);
        let mut new: Vec<PathBuf> = present
            .iter()
            .filter(|(path, digest)| self.known.get(*path) != Some(*digest))
            .map(|(path, _)| path.clone())
            .collect();
        new.sort();
        self.known = present;
        new
    }
}

fn find(folder: &Path, depth: usize, found: &mut HashMap<PathBuf, [u8; 32]>) {
    if let Ok(content) = timestamp(&folder.join("metadata/timestamp.json")) {
        found.insert(folder.to_owned(), Sha256::digest(content).into());
        return;
    }
    if depth == 0 {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // A link could lead anywhere.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            find(&entry.path(), depth - 1, found);
        }
    }
}

/// What a stick says of its release. Whoever plugs it in decides what lies there: a link, a pipe and a file without end are
/// left alone.
fn timestamp(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    open(path)?.take(LONGEST).read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stick_is_new_when_it_is_plugged_in_and_when_it_was_written_anew() {
        let media = tempfile::tempdir().unwrap();
        let mut sticks = Sticks::default();
        assert!(sticks.look(media.path()).is_empty());
        let release = media.path().join("staff/STICK/release");
        let metadata = release.join("metadata");
        fs::create_dir_all(&metadata).unwrap();
        let timestamp = metadata.join("timestamp.json");
        catalog::atomic::write(&timestamp, b"1").unwrap();
        assert_eq!(sticks.look(media.path()), std::slice::from_ref(&release));
        assert!(sticks.look(media.path()).is_empty());
        catalog::atomic::write(&timestamp, b"2").unwrap();
        assert_eq!(sticks.look(media.path()), std::slice::from_ref(&release));
        fs::remove_dir_all(media.path().join("staff")).unwrap();
        assert!(sticks.look(media.path()).is_empty());
        fs::create_dir_all(&metadata).unwrap();
        catalog::atomic::write(&timestamp, b"2").unwrap();
        assert_eq!(sticks.look(media.path()), [release]);
    }

    #[test]
    fn what_is_no_plain_file_is_no_release() {
        let media = tempfile::tempdir().unwrap();
        let metadata = media.path().join("STICK/metadata");
        fs::create_dir_all(&metadata).unwrap();
        std::os::unix::fs::symlink("/dev/zero", metadata.join("timestamp.json")).unwrap();
        assert!(Sticks::default().look(media.path()).is_empty());
    }
}
