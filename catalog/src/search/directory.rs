//! The index folder as tantivy may see it on a terminal: to be read, never written, without lock files.
//!
//! A generation is complete before anybody opens it and never changes, and the kiosk may run as a user
//! who cannot write there. tantivy's own directory takes a lock file even to read.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

/// The ending of the files that hold the passages themselves.
const PASSAGES: &str = "store";
/// The ending of the files that hold the lists of passages for each term.
const LISTS: &str = "idx";

/// So many lists are kept: with every key most terms are those of the key before.
const KEPT: NonZeroUsize = NonZeroUsize::new(96).expect("96 is not 0");

/// A folder that refuses to be written: mapped into memory, but for its two large files, which are read where they are asked
/// for. Mapped they would come to be resident nearly whole, more than all the rest.
#[derive(Debug, Clone)]
pub(super) struct ReadOnly {
    mapped: MmapDirectory,
    folder: PathBuf,
}

impl ReadOnly {
    pub(super) fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self {
            mapped: MmapDirectory::open(folder)?,
            folder: folder.to_owned(),
        })
    }
}

/// From so many bytes on, lists are read where they are asked for: fewer may well come to be resident whole.
const LARGE: u64 = 4 << 20;

impl ReadOnly {
    fn is_large(&self, path: &Path) -> bool {
        let metadata = std::fs::metadata(self.folder.join(path));
        metadata.is_ok_and(|metadata| metadata.len() >= LARGE)
    }
}

/// A file that is read piece by piece.
#[derive(Debug)]
struct Pieces {
    file: File,
    length: usize,
    /// The last pieces, where they are worth keeping.
    kept: Option<Mutex<LruCache<Range<usize>, OwnedBytes>>>,
}

impl Pieces {
    fn open(path: &Path, kept: Option<NonZeroUsize>) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self {
            length: file.metadata()?.len() as usize,
            file,
            kept: kept.map(|kept| Mutex::new(LruCache::new(kept))),
        })
    }

    fn read(&self, range: &Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl FileHandle for Pieces {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let Some(kept) = &self.kept else {
            return self.read(&range);
        };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.try_get_or_insert(range.clone(), || self.read(&range))
            .cloned()
    }
}

impl HasLen for Pieces {
    fn len(&self) -> usize {
        self.length
    }
}

fn refusal() -> io::Error {
    io::Error::new(
        io::ErrorKind::ReadOnlyFilesystem,
        "a finished index is never written",
    )
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let kept = match path.extension().and_then(OsStr::to_str) {
            // A snippet needs one block, which tantivy keeps taken apart.
            Some(PASSAGES) => None,
            Some(LISTS) if self.is_large(path) => Some(KEPT),
            _ => return self.mapped.get_file_handle(path),
        };
        let pieces = Pieces::open(&self.folder.join(path), kept)
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))?;
        Ok(Arc::new(pieces))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError {
            io_error: Arc::new(refusal()),
            filepath: path.to_owned(),
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refusal(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(refusal())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _lock: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
