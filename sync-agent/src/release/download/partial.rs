//! What was fetched of a file so far.
//!
//! ```text
//! partial/DIGEST        the beginning of the file
//! partial/DIGEST.tag    the entity tag it was served with, so that a server can say that it has another file by now
//! ```

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use catalog::atomic;
use catalog::power::{Moment, point};
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use crate::release::PullError;

/// The beginning of a file.
pub(super) struct Partial {
    path: PathBuf,
    file: tokio::fs::File,
    digest: String,
    hash: Sha256,
    length: u64,
    tag: Option<String>,
}

impl Partial {
    /// How long the beginning of a file is.
    pub(super) fn length(folder: &Path, digest: &str) -> u64 {
        fs::metadata(folder.join(digest)).map_or(0, |file| file.len())
    }

    /// Opens the beginning of the file with this digest, or makes an empty one.
    pub(super) async fn open(folder: &Path, digest: &str, whole: u64) -> Result<Self, PullError> {
        let path = folder.join(digest);
        let (folder, place) = (folder.to_owned(), path.clone());
        let opened = tokio::task::spawn_blocking(move || open(&folder, &place, whole)).await;
        let opened = opened.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        let (file, hash, length) = opened.map_err(|error| PullError::storage(&path, error))?;
        let tag = fs::read_to_string(tag_path(&path)).ok();
        Ok(Self {
            path,
            file: tokio::fs::File::from_std(file),
            digest: digest.to_owned(),
            hash,
            length,
            tag,
        })
    }

    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// The entity tag that the beginning was served with.
    pub(super) fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Begins anew.
    pub(super) async fn restart(&mut self) -> Result<(), PullError> {
        if self.length > 0 {
            self.file.set_len(0).await.map_err(|error| self.failed(error))?;
            // The file was opened for appending: the next write is at its new end.
            self.hash = Sha256::new();
            self.length = 0;
        }
        Ok(())
    }

    /// Keeps the entity tag of what follows.
    pub(super) fn note_tag(&mut self, tag: Option<&str>) -> Result<(), PullError> {
        if self.tag.as_deref() == tag {
            return Ok(());
        }
        let path = tag_path(&self.path);
        match tag {
            Some(tag) => {
                atomic::write(&path, tag.as_bytes())
                    .map_err(|error| PullError::storage(&path, error.source))?;
            }
            None => remove(&path)?,
        }
        self.tag = tag.map(str::to_owned);
        Ok(())
    }

    pub(super) async fn write(&mut self, chunk: &[u8]) -> Result<(), PullError> {
        point("download", Moment::Before);
        self.file
            .write_all(chunk)
            .await
            .map_err(|error| PullError::storage(&self.path, error))?;
        self.hash.update(chunk);
        self.length += chunk.len() as u64;
        point("download", Moment::During);
        Ok(())
    }

    pub(super) async fn flush(&mut self) -> Result<(), PullError> {
        self.file
            .flush()
            .await
            .map_err(|error| PullError::storage(&self.path, error))
    }

    /// Removes the beginning, which is of no use.
    pub(super) async fn discard(&mut self) -> Result<(), PullError> {
        self.flush().await?;
        remove(&tag_path(&self.path))?;
        remove(&self.path)
    }

    /// Checks the digest of the whole file, which is complete, and makes it durable.
    pub(super) async fn finish(mut self, what: &str) -> Result<PathBuf, PullError> {
        if hex::encode(self.hash.clone().finalize()) != self.digest {
            self.discard().await?;
            return Err(PullError::WrongDigest {
                what: what.to_owned(),
            });
        }
        self.flush().await?;
        self.file.sync_all().await.map_err(|error| self.failed(error))?;
        point("download", Moment::After);
        remove(&tag_path(&self.path))?;
        Ok(self.path)
    }

    fn failed(&self, error: io::Error) -> PullError {
        PullError::storage(&self.path, error)
    }
}

/// Opens the file for appending and reads what is there. Too much of it is none of it.
fn open(folder: &Path, path: &Path, whole: u64) -> io::Result<(fs::File, Sha256, u64)> {
    fs::create_dir_all(folder)?;
    let mut file = fs::OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    // A download that was broken off may still be writing its last piece.
    flock(&file, FlockOperation::LockExclusive)?;
    if file.metadata()?.len() > whole {
        file.set_len(0)?;
    }
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((file, hash, length)),
            read => {
                hash.update(&buffer[..read]);
                length += read as u64;
            }
        }
    }
}

/// Removes what is there of other files than these.
pub(super) fn keep_only(folder: &Path, digests: &[&str]) -> Result<(), PullError> {
    let failed = |error| PullError::storage(folder, error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let kept = path
            .file_stem()
            .is_some_and(|name| digests.iter().any(|digest| name == *digest));
        if !kept {
            remove(&path)?;
        }
    }
    Ok(())
}

fn tag_path(path: &Path) -> PathBuf {
    path.with_extension("tag")
}

fn remove(path: &Path) -> Result<(), PullError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PullError::storage(path, error)),
        _ => Ok(()),
    }
}
