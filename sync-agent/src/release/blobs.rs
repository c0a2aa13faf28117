//! The pictures and PDFs of the generation in use.
//!
//! They come after the switch, behind the records: new text does not wait for them. They lie beside the generations, which
//! share them, each under its digest; a file that is there is whole. Who shows them opens them there: the kiosk does not yet.

use std::collections::BTreeSet;
use std::fs;
use std::future::poll_fn;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use catalog::atomic;
use catalog::clock::Clock;
use catalog::power::{Moment, point};
use catalog::release::{BLOB_FOLDER, BLOBS_TARGET, Blob, blob_file, blob_target, read_blobs};
use futures_util::{StreamExt as _, stream};
use jiff::tz::TimeZone;
use terminal_api::interface::PullProblem;

use super::download::{Downloads, Wanted};
use super::{Options, PullError, Source, StateFolder, space};

/// Fetches the blobs that the generation in use names and this terminal does not have.
#[derive(Clone)]
pub struct BlobFetcher {
    state: StateFolder,
    options: Options,
    clock: Arc<dyn Clock>,
}

/// What became of the blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Blobs {
    /// How many were fetched.
    pub fetched: usize,
    /// How many are still to be fetched: it is not the hour.
    pub waiting: usize,
}

impl BlobFetcher {
    /// A fetcher into the state folder.
    pub(super) fn new(state: StateFolder, options: Options, clock: Arc<dyn Clock>) -> Self {
        Self {
            state,
            options,
            clock,
        }
    }

    /// Fetches what is missing from `source`, a few at a time, as long as it is the hour for it. What was fetched stays, also
    /// where others could not be, and so does what was fetched of a file when the hours ended.
    pub async fn fetch(&self, source: &Source) -> Result<Blobs, PullError> {
        let missing = self.missing()?;
        if missing.is_empty() || !self.is_the_hour() {
            return Ok(Blobs {
                waiting: missing.len(),
                ..Blobs::default()
            });
        }
        let downloads = downloads(&self.state, &self.options).in_parallel(self.options.parallel);
        let wanted: Vec<Wanted> = missing.iter().map(wanted).collect();
        let bytes = wanted.iter().map(|wanted| downloads.missing(wanted)).sum();
        space::require(self.state.path(), bytes, self.options.keep_free)?;
        let folder = self.state.path().join(BLOB_FOLDER);
        fs::create_dir_all(&folder).map_err(|error| PullError::storage(&folder, error))?;
        let one = |(blob, wanted)| {
            let (fetcher, source, downloads) = (self.clone(), source.clone(), downloads.clone());
            async move { fetcher.fetch_one(&source, &downloads, &blob, &wanted).await }
        };
        let mut results = stream::iter(missing.into_iter().zip(wanted))
            .map(one)
            .buffer_unordered(self.options.parallel.get());
        let mut blobs = Blobs::default();
        let mut failed = None;
        while let Some(result) = results.next().await {
            match result {
                Ok(true) => blobs.fetched += 1,
                Ok(false) => blobs.waiting += 1,
                // One that is missing or damaged there keeps none of the others away.
                Err(error) if matches!(error.problem(), PullProblem::NotFound | PullProblem::WrongDigest) => {
                    failed.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        failed.map_or(Ok(blobs), Err)
    }

    /// Fetches a blob; returns whether it is here. It is not where the hours are over before.
    async fn fetch_one(
        &self,
        source: &Source,
        downloads: &Downloads,
        blob: &Blob,
        wanted: &Wanted,
    ) -> Result<bool, PullError> {
        let mut download = pin!(downloads.fetch(source, wanted));
        // Whenever something came in it is looked at the clock.
        let fetched = poll_fn(|context| {
            if self.is_the_hour() {
                download.as_mut().poll(context).map(Some)
            } else {
                Poll::Ready(None)
            }
        });
        let Some(fetched) = fetched.await else {
            return Ok(false);
        };
        let fetched = fetched?;
        let place = blob_file(self.state.path(), &blob.sha256);
        move_into_place(&fetched, &place).map_err(|error| PullError::storage(&place, error))?;
        Ok(true)
    }

    /// The blobs of the generation in use that are not here.
    fn missing(&self) -> Result<Vec<Blob>, PullError> {
        let mut blobs = list(&self.state.current_link())?;
        blobs.retain(|blob| {
            let present = fs::metadata(blob_file(self.state.path(), &blob.sha256));
            !present.is_ok_and(|file| file.len() == blob.length)
        });
        Ok(blobs)
    }

    fn is_the_hour(&self) -> bool {
        let now = || self.clock.now().to_zoned(TimeZone::system()).time();
        self.options.hours.is_none_or(|hours| hours.contains(now()))
    }
}

/// Downloads into the state folder.
pub(super) fn downloads(state: &StateFolder, options: &Options) -> Downloads {
    Downloads::new(state.partial(), options.pace.clone(), options.patience.file)
}

fn wanted(blob: &Blob) -> Wanted {
    Wanted {
        what: format!("blob {}", blob.sha256),
        place: format!("targets/{}", blob_target(&blob.sha256)),
        length: blob.length,
        sha256: blob.sha256.to_string(),
    }
}

/// The file is durable already; its new name is made so.
fn move_into_place(fetched: &Path, place: &Path) -> io::Result<()> {
    fs::set_permissions(fetched, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    point("place blob", Moment::Before);
    fs::rename(fetched, place)?;
    point("place blob", Moment::During);
    atomic::sync_folder(place.parent().expect("a blob lies in a folder"))?;
    point("place blob", Moment::After);
    Ok(())
}

/// Keeps the signed list of blobs, which was fetched to `file`, in the generation folder that is being built.
pub(super) fn keep_list(folder: &Path, file: &Path) -> Result<Vec<Blob>, PullError> {
    let json = fs::read(file).map_err(|error| PullError::storage(file, error))?;
    let blobs = read_blobs(&json).map_err(|error| PullError::malformed(BLOBS_TARGET, error))?;
    let path = list_path(folder);
    atomic::write(&path, &json).map_err(|error| PullError::storage(&path, error.source))?;
    Ok(blobs)
}

/// The blobs that a generation names; none where it has no list.
pub(super) fn list(generation: &Path) -> Result<Vec<Blob>, PullError> {
    let path = list_path(generation);
    match fs::read(&path) {
        Ok(json) => read_blobs(&json).map_err(|error| PullError::malformed(BLOBS_TARGET, error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(PullError::storage(&path, error)),
    }
}

fn list_path(generation: &Path) -> PathBuf {
    generation.join(BLOBS_TARGET)
}

/// Removes the blobs that none of these generations names. Where a list cannot be read, none is removed.
pub(super) fn prune(state: &Path, generations: &[PathBuf]) -> Result<(), PullError> {
    let folder = state.join(BLOB_FOLDER);
    if !folder.exists() {
        return Ok(());
    }
    let mut used = BTreeSet::new();
    for generation in generations {
        used.extend(list(generation)?.into_iter().map(|blob| blob.sha256.to_string()));
    }
    let failed = |error| PullError::storage(&folder, error);
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_none_or(|name| !used.contains(name)) {
            point("remove blob", Moment::Before);
            fs::remove_file(&path).map_err(failed)?;
            point("remove blob", Moment::After);
        }
    }
    Ok(())
}
