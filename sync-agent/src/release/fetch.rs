//! Fetching signed files: small ones into memory, through tough; large ones as [downloads](super::download).

use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tough::{Repository, TargetName};

use super::PullError;
use super::download::Wanted;

/// The content of a small signed file, of at most `limit` bytes.
pub(super) async fn to_memory(
    repository: &Repository,
    name: &str,
    limit: u64,
    patience: Duration,
) -> Result<Vec<u8>, PullError> {
    let target = target_name(name)?;
    let length = listed(repository, name, &target)?.length;
    if length > limit {
        return Err(PullError::Endless {
            what: name.to_owned(),
            limit,
        });
    }
    let read = async {
        let chunks = repository
            .read_target(&target)
            .await
            .map_err(PullError::from_tuf)?;
        drain(chunks.ok_or_else(|| unlisted(name))?, name, length).await
    };
    match tokio::time::timeout(patience, read).await {
        Ok(result) => result,
        Err(_) => Err(PullError::TooSlow {
            what: name.to_owned(),
            patience,
        }),
    }
}

/// Whether a file is among the signed ones.
pub(super) fn has(repository: &Repository, name: &str) -> bool {
    target_name(name).is_ok_and(|target| repository.targets().signed.targets.contains_key(&target))
}

/// A signed file as a download; `said` is what the manifest says of it, which must be the same.
pub(super) fn wanted(repository: &Repository, name: &str, said: Said<'_>) -> Result<Wanted, PullError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !name.bytes().all(plain) || name.starts_with('.') {
        return Err(PullError::malformed(name, "not a plain name of a file"));
    }
    let target = listed(repository, name, &target_name(name)?)?;
    agrees(name, target, said)?;
    let sha256 = hex::encode(&*target.hashes.sha256);
    Ok(Wanted {
        what: name.to_owned(),
        place: format!("targets/{sha256}.{name}"),
        length: target.length,
        sha256,
    })
}

/// What the manifest says of a file. Space and the way to take were decided by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// Its length in bytes.
    pub(super) length: u64,
    /// Its SHA-256, lower-case hex.
    pub(super) sha256: &'a str,
}

/// Checks that the manifest and the list of signed files speak of the same file.
fn agrees(name: &str, target: &tough::schema::Target, said: Said<'_>) -> Result<(), PullError> {
    let listed = hex::encode(&*target.hashes.sha256);
    if said.length == target.length && said.sha256 == listed {
        return Ok(());
    }
    Err(PullError::malformed(
        name,
        format!(
            "the manifest says {} bytes of {}, the signed list {} bytes of {listed}",
            said.length, said.sha256, target.length
        ),
    ))
}

fn target_name(name: &str) -> Result<TargetName, PullError> {
    TargetName::new(name).map_err(|error| PullError::malformed(name, error))
}

fn listed<'a>(
    repository: &'a Repository,
    name: &str,
    target: &TargetName,
) -> Result<&'a tough::schema::Target, PullError> {
    let targets = &repository.targets().signed.targets;
    targets.get(target).ok_or_else(|| unlisted(name))
}

fn unlisted(name: &str) -> PullError {
    PullError::malformed(name, "not among the signed files")
}

/// Reads to the end. Only there tough says whether the digest holds.
async fn drain(
    chunks: impl Stream<Item = tough::error::Result<Bytes>>,
    name: &str,
    length: u64,
) -> Result<Vec<u8>, PullError> {
    let mut chunks = std::pin::pin!(chunks);
    let mut content = Vec::new();
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => content.extend_from_slice(&chunk),
            Err(error) => {
                return Err(match PullError::from_tuf(error) {
                    PullError::WrongDigest { .. } if (content.len() as u64) < length => {
                        PullError::Truncated {
                            what: name.to_owned(),
                            detail: format!("{} of {length} bytes", content.len()),
                        }
                    }
                    error => error,
                });
            }
        }
    }
    Ok(content)
}
