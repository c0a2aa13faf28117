//! Getting the records of a new generation, by its delta or whole.

use std::path::{Path, PathBuf};

use catalog::release::{DeltaTarget, Manifest};
use terminal_api::interface::PullProblem;
use tracing::warn;

use super::blobs::downloads;
use super::fetch::Said;
use super::generation::{self, Plan, SnapshotReason, Way};
use super::shield::Shield;
use super::trust::Trusted;
use super::{Options, PullError, Source, StateFolder, fetch, space};

/// A generation that is being built.
pub(super) struct Building<'a> {
    pub(super) state: &'a StateFolder,
    pub(super) options: &'a Options,
    pub(super) shield: &'a Shield,
    pub(super) source: &'a Source,
    pub(super) manifest: &'a Manifest,
    pub(super) trusted: &'a Trusted,
    /// The folder that becomes the generation.
    pub(super) folder: &'a Path,
}

impl Building<'_> {
    /// Makes the store, by the delta where the plan has one and it can be applied.
    pub(super) async fn fill(&self, plan: Plan) -> Result<Way, PullError> {
        let reason = match plan {
            Plan::Delta(delta) => {
                let from = delta.from;
                match self.by_delta(&delta).await {
                    Ok((put, gone)) => return Ok(Way::Delta { from, put, gone }),
                    // The snapshot is longer: it would only fail later, and be a burden to a server that has too many.
                    Err(error)
                        if matches!(
                            error.problem(),
                            PullProblem::Unreachable
                                | PullProblem::UnexpectedAnswer
                                | PullProblem::DiskFull
                                | PullProblem::TooSlow
                        ) =>
                    {
                        return Err(error);
                    }
                    Err(error) => SnapshotReason::DeltaFailed {
                        from,
                        reason: error.to_string(),
                    },
                }
            }
            Plan::Snapshot(reason) => reason,
            Plan::UpToDate => unreachable!("nothing is built for a generation in use"),
        };
        if reason != SnapshotReason::FirstPull {
            warn!(%reason, "taking the snapshot");
        }
        let snapshot = &self.manifest.snapshot;
        let packed = self
            .fetch(
                &snapshot.target,
                Said {
                    length: snapshot.length,
                    sha256: &snapshot.sha256,
                },
                space::for_snapshot(snapshot),
            )
            .await?;
        let (manifest, folder) = (self.manifest.clone(), self.folder.to_owned());
        let unpacking = self.shield.blocking(move || {
            let unpacked = generation::unpack(&packed, &folder, &manifest);
            used_up(&packed)?;
            unpacked
        });
        unpacking.await?;
        Ok(Way::Snapshot(reason))
    }

    async fn by_delta(&self, target: &DeltaTarget) -> Result<(u64, u64), PullError> {
        let in_use = self.state.current_link();
        let delta = self
            .fetch(
                &target.target,
                Said {
                    length: target.length,
                    sha256: &target.sha256,
                },
                space::for_delta(target, space::size(&in_use)),
            )
            .await?;
        let (manifest, folder) = (self.manifest.clone(), self.folder.to_owned());
        let applying = self.shield.blocking(move || {
            let applied = generation::apply(&in_use, &delta, &folder, &manifest);
            used_up(&delta)?;
            if applied.is_err() {
                // The snapshot takes its place; if this fails, unpacking says so.
                let _ = std::fs::remove_file(generation::store_file(&folder));
            }
            applied.map(|applied| (applied.put, applied.gone))
        });
        applying.await
    }

    /// Fetches a signed file, for which the disk must have room: for what is made of it and for the blobs that follow.
    async fn fetch(&self, name: &str, said: Said<'_>, needed: u64) -> Result<PathBuf, PullError> {
        let blobs = self.manifest.blobs.as_ref().map_or(0, |blobs| blobs.bytes);
        let held = space::size(&self.state.path().join(catalog::release::BLOB_FOLDER));
        let needed = needed.saturating_add(blobs.saturating_sub(held));
        space::require(self.state.path(), needed, self.options.keep_free)?;
        let wanted = fetch::wanted(&self.trusted.repository, name, said)?;
        downloads(self.state, self.options)
            .fetch(self.source, &wanted)
            .await
    }
}

fn used_up(file: &Path) -> Result<(), PullError> {
    std::fs::remove_file(file).map_err(|error| PullError::storage(file, error))
}
