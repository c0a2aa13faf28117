//! Fetching files of known length and digest.
//!
//! What was fetched of a file is kept by its digest, and the next attempt goes on from there: after a broken connection, in
//! the next pull, after a power cut. Nothing is believed of it: the digest over the whole decides.

mod pace;
mod partial;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt as _;
use tracing::warn;
use url::Url;

use super::PullError;
use super::source::{FetchError, Part, Source};
use partial::Partial;

pub use pace::Pace;

/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u64 = 4 << 10;

/// A file that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Its name, for errors.
    pub(super) what: String,
    /// Where it lies, relative to the release.
    pub(super) place: String,
    /// Its length in bytes.
    pub(super) length: u64,
    /// Its SHA-256, lower-case hex.
    pub(super) sha256: String,
}

/// Fetches files into one folder.
#[derive(Debug, Clone)]
pub(super) struct Downloads {
    folder: PathBuf,
    pace: Pace,
    patience: Duration,
    /// How many of them share the pace and the line.
    parallel: NonZeroUsize,
}

impl Downloads {
    /// Downloads into `folder`. A file may take `patience` besides what its length allows for.
    pub(super) fn new(folder: PathBuf, pace: Pace, patience: Duration) -> Self {
        Self {
            folder,
            pace,
            patience,
            parallel: NonZeroUsize::MIN,
        }
    }

    /// So many are fetched at the same time, each more slowly.
    pub(super) fn in_parallel(self, parallel: NonZeroUsize) -> Self {
        Self { parallel, ..self }
    }

    /// How many bytes of a file are still to be fetched, as far as can be told without reading it.
    pub(super) fn missing(&self, wanted: &Wanted) -> u64 {
        wanted
            .length
            .saturating_sub(Partial::length(&self.folder, &wanted.sha256))
    }

    /// Forgets what was fetched of other files than these.
    pub(super) fn keep_only(&self, digests: &[&str]) -> Result<(), PullError> {
        partial::keep_only(&self.folder, digests)
    }

    /// Fetches a file whole and returns where it lies; the caller moves or removes it. What fails through the cache nearby is
    /// tried past it before it counts as failed.
    pub(super) async fn fetch(&self, source: &Source, wanted: &Wanted) -> Result<PathBuf, PullError> {
        match (self.fetch_in_time(source, wanted).await, source.direct()) {
            // Perhaps only the cache has something else.
            (Err(error), Some(direct)) if !error.is_local() => {
                warn!(%error, "going past the cache nearby");
                self.fetch_in_time(&direct, wanted).await
            }
            (fetched, _) => fetched,
        }
    }

    /// For how long a file of so many bytes is waited for.
    fn patience(&self, length: u64) -> Duration {
        let line = self
            .pace
            .bytes_per_second()
            .map_or(SLOWEST, |pace| SLOWEST.min(pace / 2));
        let slowest = (line / self.parallel.get() as u64).max(1);
        self.patience + Duration::from_secs(length / slowest)
    }

    async fn fetch_in_time(&self, source: &Source, wanted: &Wanted) -> Result<PathBuf, PullError> {
        let patience = self.patience(wanted.length);
        match tokio::time::timeout(patience, self.fetch_whole(source, wanted)).await {
            Ok(result) => result,
            Err(_) => Err(PullError::TooSlow {
                what: wanted.what.clone(),
                patience,
            }),
        }
    }

    /// Fetches a file, and once more from its beginning where what was kept of it turns out to be rotten.
    async fn fetch_whole(&self, source: &Source, wanted: &Wanted) -> Result<PathBuf, PullError> {
        let kept = Partial::length(&self.folder, &wanted.sha256);
        match self.go_on(source, wanted).await {
            Err(PullError::WrongDigest { .. }) if kept > 0 => {
                warn!(
                    what = wanted.what,
                    kept, "what was kept of it is rotten; fetching it anew"
                );
                self.go_on(source, wanted).await
            }
            result => result,
        }
    }

    async fn go_on(&self, source: &Source, wanted: &Wanted) -> Result<PathBuf, PullError> {
        let mut partial = Partial::open(&self.folder, &wanted.sha256, wanted.length).await?;
        if partial.len() < wanted.length || wanted.length == 0 {
            let url = source.address(&wanted.place);
            let part = match source.part(&url, partial.len(), partial.tag()).await {
                // What is here is not the beginning of what is there.
                Err(FetchError::Range) => {
                    partial.restart().await?;
                    source.part(&url, 0, None).await
                }
                part => part,
            };
            let part = part.map_err(|error| PullError::from_fetch(error, url.clone()))?;
            self.take(&url, part, wanted, &mut partial).await?;
        }
        partial.finish(&wanted.what).await
    }

    /// Writes the rest of a file behind what is there.
    async fn take(
        &self,
        url: &Url,
        mut part: Part,
        wanted: &Wanted,
        partial: &mut Partial,
    ) -> Result<(), PullError> {
        if part.start == 0 {
            partial.restart().await?;
        }
        partial.note_tag(part.tag.as_deref())?;
        while let Some(chunk) = part.content.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    partial.flush().await?;
                    return Err(PullError::from_fetch(error, url.clone()));
                }
            };
            if partial.len() + chunk.len() as u64 > wanted.length {
                partial.discard().await?;
                return Err(PullError::Endless {
                    what: wanted.what.clone(),
                    limit: wanted.length,
                });
            }
            self.pace.wait(chunk.len()).await;
            partial.write(&chunk).await?;
        }
        partial.flush().await?;
        if partial.len() < wanted.length {
            return Err(PullError::Truncated {
                what: wanted.what.clone(),
                detail: format!("{} of {} bytes", partial.len(), wanted.length),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn files_that_share_the_line_are_waited_for_as_much_longer() {
        let seconds = |pace: Pace, parallel: usize| {
            let downloads = Downloads::new(PathBuf::new(), pace, Duration::ZERO);
            let parallel = NonZeroUsize::new(parallel).unwrap();
            downloads.in_parallel(parallel).patience(1 << 20).as_secs()
        };
        let limited = |bytes: u32| Pace::limited(NonZeroU32::new(bytes).unwrap());
        assert_eq!(seconds(Pace::default(), 1), 256);
        assert_eq!(seconds(Pace::default(), 4), 4 * 256);
        // Four files at 2 KiB a second together take 2048 s, and are waited for twice as long.
        assert_eq!(seconds(limited(2 << 10), 4), 4 * 1024);
        assert_eq!(seconds(limited(1), 4), 1 << 20);
    }
}
