//! Fetching signed files.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tough::{Repository, TargetName};

use super::PullError;

/// How long any file may take, besides what its length allows for.
const PATIENCE: Duration = Duration::from_mins(1);
/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u64 = 4 << 10;

/// The content of a small signed file, of at most `limit` bytes.
pub(super) async fn to_memory(repository: &Repository, name: &str, limit: u64) -> Result<Vec<u8>, PullError> {
    let mut content = Vec::new();
    each_chunk(repository, name, limit, async |chunk: &Bytes| {
        content.extend_from_slice(chunk);
        Ok(())
    })
    .await?;
    Ok(content)
}

/// Writes a signed file to the new file `path`.
pub(super) async fn to_file(repository: &Repository, name: &str, path: &Path) -> Result<(), PullError> {
    let failed = |error| PullError::storage(path, error);
    let mut file = tokio::fs::File::create_new(path).await.map_err(failed)?;
    each_chunk(repository, name, u64::MAX, async |chunk: &Bytes| {
        file.write_all(chunk).await.map_err(failed)
    })
    .await?;
    file.flush().await.map_err(failed)
}

async fn each_chunk(
    repository: &Repository,
    name: &str,
    limit: u64,
    visit: impl AsyncFnMut(&Bytes) -> Result<(), PullError>,
) -> Result<(), PullError> {
    let unlisted = || PullError::malformed(name, "not among the signed files");
    let target = TargetName::new(name).map_err(|error| PullError::malformed(name, error))?;
    let length = repository
        .targets()
        .signed
        .targets
        .get(&target)
        .ok_or_else(unlisted)?
        .length;
    if length > limit {
        return Err(PullError::Endless {
            what: name.to_owned(),
            limit,
        });
    }
    let chunks = repository
        .read_target(&target)
        .await
        .map_err(PullError::from_tuf)?
        .ok_or_else(unlisted)?;
    let patience = PATIENCE + Duration::from_secs(length / SLOWEST);
    match tokio::time::timeout(patience, drain(chunks, name, length, visit)).await {
        Ok(result) => result,
        Err(_) => Err(PullError::Truncated {
            what: name.to_owned(),
            detail: format!("not complete after {} s", patience.as_secs()),
        }),
    }
}

/// Reads to the end. Only there tough says whether the digest holds.
async fn drain(
    chunks: impl Stream<Item = tough::error::Result<Bytes>>,
    name: &str,
    length: u64,
    mut visit: impl AsyncFnMut(&Bytes) -> Result<(), PullError>,
) -> Result<(), PullError> {
    let mut chunks = std::pin::pin!(chunks);
    let mut read = 0;
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => {
                read += chunk.len() as u64;
                visit(&chunk).await?;
            }
            Err(error) => {
                return Err(match PullError::from_tuf(error) {
                    PullError::WrongDigest { .. } if read < length => PullError::Truncated {
                        what: name.to_owned(),
                        detail: format!("{read} of {length} bytes"),
                    },
                    error => error,
                });
            }
        }
    }
    Ok(())
}
