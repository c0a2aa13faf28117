//! Building an index from the records of a release.

mod ledger;
mod naming;
mod texts;

use std::fs;
use std::path::Path;

use super::passage::passages;
use super::{FOLDER, IndexError, file};
use crate::record::Kind;
use crate::store::Store;
use naming::Naming;
use texts::TextWriter;

/// What a build had to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// Records whose texts were taken over from the index before.
    pub kept: usize,
    /// Records whose texts were written.
    pub written: usize,
    /// Records whose texts were in the index before and are no more.
    pub removed: usize,
}

/// Builds the index of `store` in the folder [`FOLDER`] of a generation `folder`, in place of any other.
///
/// What has not changed since the generation `before` is taken from its index; if that turns out to be
/// unusable, everything is written anew. The answers are the same either way.
pub(super) fn build(folder: &Path, store: &Store, before: Option<&Path>) -> Result<Built, IndexError> {
    if let Some(before) = before {
        match write(folder, store, Some(before)) {
            Err(error @ IndexError::Store(_)) => return Err(error),
            Err(IndexError::Absent { .. }) => {}
            Err(error) => tracing::warn!(%error, "the index before cannot be used, all is written anew"),
            built => return built,
        }
    }
    write(folder, store, None)
}

fn write(folder: &Path, store: &Store, before: Option<&Path>) -> Result<Built, IndexError> {
    let folder = folder.join(FOLDER);
    empty(&folder).map_err(|source| IndexError::folder(&folder, source))?;
    let mut names = Naming::new();
    let mut texts = match before {
        Some(before) => TextWriter::adopt(&before.join(FOLDER), &folder)?,
        None => TextWriter::create(&folder)?,
    };
    store.for_each(|record| {
        if record.kind().is_public_page() || record.kind() == Kind::Area {
            let key = texts.put(record.id(), record.kind(), &passages(&record))?;
            names.add_record(&record, key);
        } else {
            names.add_vocabulary(&record);
        }
        Ok::<(), IndexError>(())
    })?;
    let (built, volumes) = texts.finish()?;
    names.set_volumes(volumes);
    file::write(&folder, file::NAMES, &mut names.finish())?;
    open_to_readers(&folder).map_err(|source| IndexError::folder(&folder, source))?;
    Ok(built)
}

fn empty(folder: &Path) -> std::io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
}

/// Lets every user read the files: the kiosk is another user than the agent, and the files that were
/// written by way of a temporary one are their owner's alone.
fn open_to_readers(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for file in fs::read_dir(folder)? {
        fs::set_permissions(file?.path(), fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}
