//! The terminal's state folder.
//!
//! ```text
//! current -> gen-12    gen-12/    work-….tmp/    partial/    blobs/    root.json    agent.db    lock
//! ```

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use catalog::atomic;
use catalog::power::{Moment, point};
use catalog::search::Index;
use catalog::store::Store;
use rustix::fs::{FlockOperation, flock};

use super::{PullError, blobs};

/// How many generations are kept, the current one included and bad ones not counted.
const KEPT: usize = 3;
/// The suffix of what is being worked on; whatever bears it at the start of the agent is rubbish.
const UNFINISHED: &str = ".tmp";

/// The folder that holds the content and what the agent must remember.
#[derive(Debug, Clone)]
pub struct StateFolder(PathBuf);

/// The right to change a state folder; it ends when this is dropped.
#[derive(Debug)]
pub struct StateLock {
    _file: File,
}

/// The content in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Current {
    /// None: nothing was pulled yet.
    None,
    /// This generation, and it opens.
    Whole(catalog::store::Meta),
    /// There is one, and it does not open.
    Damaged {
        /// What is wrong.
        reason: String,
    },
}

impl Current {
    /// What the content in use says about itself, if it opens.
    #[must_use]
    pub const fn meta(&self) -> Option<&catalog::store::Meta> {
        match self {
            Self::Whole(meta) => Some(meta),
            Self::None | Self::Damaged { .. } => None,
        }
    }
}

impl StateFolder {
    /// The folder at `path`, made if need be.
    pub fn open(path: &Path) -> Result<Self, PullError> {
        fs::create_dir_all(path).map_err(|error| PullError::storage(path, error))?;
        let path = path
            .canonicalize()
            .map_err(|error| PullError::storage(path, error))?;
        Ok(Self(path))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The link to the generation in use.
    #[must_use]
    pub fn current_link(&self) -> PathBuf {
        self.0.join("current")
    }

    /// The newest root of trust that was verified.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.0.join("root.json")
    }

    /// Where files are kept that are being fetched.
    #[must_use]
    pub fn partial(&self) -> PathBuf {
        self.0.join("partial")
    }

    /// Where generation `number` is kept.
    #[must_use]
    pub fn generation(&self, number: u64) -> PathBuf {
        self.0.join(format!("gen-{number}"))
    }

    /// Keeps other agents away and removes what an interrupted one left.
    pub fn lock(&self) -> Result<StateLock, PullError> {
        let path = self.0.join("lock");
        let file = File::create(&path).map_err(|error| PullError::storage(&path, error))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(PullError::Busy { path: self.0.clone() });
            }
            Err(error) => return Err(PullError::storage(&path, io::Error::from(error))),
        }
        self.sweep()?;
        Ok(StateLock { _file: file })
    }

    /// The content in use.
    #[must_use]
    pub fn current(&self) -> Current {
        match fs::symlink_metadata(self.current_link()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Current::None,
            _ => {}
        }
        let damaged = |error: &dyn std::error::Error| Current::Damaged {
            reason: error.to_string(),
        };
        match (
            Store::open(&self.current_link()),
            Index::check(&self.current_link()),
        ) {
            (Ok(store), Ok(())) => Current::Whole(store.meta().clone()),
            (Err(error), _) => damaged(&error),
            (_, Err(error)) => damaged(&error),
        }
    }

    /// A folder for work that may be thrown away; it goes when this is dropped.
    pub(super) fn scratch(&self) -> Result<tempfile::TempDir, PullError> {
        tempfile::Builder::new()
            .prefix("work-")
            .suffix(UNFINISHED)
            .tempdir_in(&self.0)
            .map_err(|error| PullError::storage(&self.0, error))
    }

    /// The number of the generation in use, as the link names it.
    #[must_use]
    pub fn current_number(&self) -> Option<u64> {
        generation_number(&fs::read_link(self.current_link()).ok()?)
    }

    /// The generations that are kept and came before `number`, newest first.
    pub(super) fn before(&self, number: u64) -> Result<Vec<u64>, PullError> {
        let entries = fs::read_dir(&self.0).map_err(|error| PullError::storage(&self.0, error))?;
        let mut earlier: Vec<u64> = entries
            .flatten()
            .filter_map(|entry| generation_number(&entry.path()))
            .filter(|earlier| *earlier < number)
            .collect();
        earlier.sort_unstable_by(|a, b| b.cmp(a));
        Ok(earlier)
    }

    /// Goes back to an earlier generation, or to having no content. What is later than that one is removed, and so are those
    /// that are `bad`.
    pub(super) fn go_back(&self, to: Option<u64>, bad: &BTreeSet<u64>) -> Result<(), PullError> {
        let link = self.current_link();
        let result = match to {
            Some(number) => {
                atomic::relink(&link, Path::new(&format!("gen-{number}"))).map_err(|error| error.source)
            }
            None => fs::remove_file(&link).and_then(|()| atomic::sync_folder(&self.0)),
        };
        result.map_err(|error| PullError::storage(&link, error))?;
        if to.is_some() {
            self.clean_or_warn(bad);
        }
        Ok(())
    }

    /// Makes the finished folder `built` generation `number`, current in one step.
    ///
    /// Killed at any point, this leaves the old generation current or the new one, each whole. Of the generations before, those
    /// that are `bad` are removed, and of the others all but the newest few.
    pub(super) fn switch(&self, built: &Path, number: u64, bad: &BTreeSet<u64>) -> Result<(), PullError> {
        let place = self.generation(number);
        let failed = |error: io::Error| PullError::storage(&place, error);
        point("settle", Moment::Before);
        settle(built).map_err(failed)?;
        point("settle", Moment::After);
        if place.exists() {
            // Not in use, or too damaged to be: either way nobody can be reading it.
            let aside = self.0.join(format!("gen-{number}.old{UNFINISHED}"));
            fs::rename(&place, &aside).map_err(failed)?;
        }
        point("name generation", Moment::Before);
        fs::rename(built, &place).map_err(failed)?;
        point("name generation", Moment::During);
        atomic::sync_folder(&self.0).map_err(failed)?;
        point("name generation", Moment::After);
        atomic::relink(&self.current_link(), Path::new(&format!("gen-{number}")))
            .map_err(|error| PullError::storage(&error.path, error.source))?;
        self.clean_or_warn(bad);
        Ok(())
    }

    fn clean_or_warn(&self, bad: &BTreeSet<u64>) {
        if let Err(error) = self.clean(bad) {
            tracing::warn!(%error, "old generations could not be removed");
        }
    }

    /// Removes unfinished work, generations that never became current or are `bad`, and of the others all but the newest few.
    ///
    /// A bad one is never gone back to: kept among the few, it would push out one that works. Called with the lock held: nobody
    /// else fetches blobs meanwhile.
    pub(super) fn clean(&self, bad: &BTreeSet<u64>) -> Result<(), PullError> {
        self.sweep()?;
        // Without the link it is not known which one was in use: none is removed.
        let Some(current) = self.current_number() else {
            return Ok(());
        };
        let mut kept = vec![self.generation(current)];
        for number in self.before(current)? {
            let generation = self.generation(number);
            if kept.len() < KEPT && !bad.contains(&number) {
                kept.push(generation);
            } else {
                remove(&generation)?;
            }
        }
        blobs::prune(&self.0, &kept)
    }

    /// Removes unfinished work and generations that never became current.
    fn sweep(&self) -> Result<(), PullError> {
        let failed = |error: io::Error| PullError::storage(&self.0, error);
        let current = self.current_number();
        for entry in fs::read_dir(&self.0).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let is_later = generation_number(&path) > current && current.is_some();
            if is_unfinished(&path) || is_later {
                remove(&path)?;
            }
        }
        Ok(())
    }
}

fn remove(path: &Path) -> Result<(), PullError> {
    point("remove what is old", Moment::Before);
    let result = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    point("remove what is old", Moment::After);
    result.map_err(|error| PullError::storage(path, error))
}

/// Whether something was being worked on: a folder of ours, or what `atomic` writes before it renames it.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(UNFINISHED) || name.starts_with(UNFINISHED) || name == ".current.new"
}

/// The number of a folder named `gen-N`.
fn generation_number(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix("gen-")?.parse().ok()
}

/// Makes a folder with everything in it durable and readable for all: the kiosk may run as another user.
fn settle(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            settle(&path)?;
        } else {
            let file = File::open(&path)?;
            file.set_permissions(Permissions::from_mode(0o644))?;
            file.sync_all()?;
            point("settle", Moment::During);
        }
    }
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    atomic::sync_folder(folder)
}

#[cfg(test)]
mod tests;
