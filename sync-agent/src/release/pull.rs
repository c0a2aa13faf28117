//! One pull, from a look at the release to the switch.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::clock::Clock;
use catalog::release::{MANIFEST_TARGET, Manifest, ManifestError, Verification};
use catalog::store::Meta;
use jiff::Timestamp;
use terminal_api::interface::PullProblem;
use tracing::{info, warn};

use super::generation::{self, Plan, SnapshotReason, Way};
use super::trust::{self, Trusted};
use super::{Floors, PullError, Source, StateFolder, StateLock, fetch};

/// The most that a manifest may have; with sixty deltas it has some 10 kB.
const LARGEST_MANIFEST: u64 = 1 << 20;

/// Pulls releases from one place into one state folder, of which it keeps other agents away.
pub struct Puller {
    source: Source,
    factory_root: PathBuf,
    state: StateFolder,
    floors: Floors,
    clock: Arc<dyn Clock>,
    _lock: StateLock,
}

/// What a pull brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether something changed.
    pub pulled: Pulled,
    /// The generation now in use.
    pub meta: Meta,
    /// When the first of the release's signatures expires.
    pub expires_at: Timestamp,
    /// The terminal's clock runs behind a time that has certainly passed.
    pub clock_behind: bool,
}

/// Whether a pull changed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pulled {
    /// The newest generation was already in use.
    UpToDate,
    /// The terminal switched to another generation.
    Switched {
        /// How it came about.
        way: Way,
    },
}

impl Puller {
    /// Prepares the state folder and takes hold of it.
    pub fn new(
        source: Source,
        factory_root: &Path,
        state: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PullError> {
        let state = StateFolder::open(state)?;
        let lock = state.lock()?;
        Ok(Self {
            source,
            factory_root: factory_root.to_owned(),
            floors: Floors::open(state.path())?,
            state,
            clock,
            _lock: lock,
        })
    }

    /// The state folder.
    #[must_use]
    pub fn state(&self) -> &StateFolder {
        &self.state
    }

    /// Where releases come from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Looks at the release, and switches to it when it is newer and good.
    pub async fn pull(&mut self) -> Result<Report, PullError> {
        let clock = Arc::clone(&self.clock);
        let mut trusted = trust::load(
            &self.source,
            &self.factory_root,
            &self.state,
            &mut self.floors,
            &*clock,
        )
        .await?;
        let manifest = fetch::to_memory(&trusted.repository, MANIFEST_TARGET, LARGEST_MANIFEST).await?;
        let manifest = Manifest::parse(&manifest).map_err(|error| match error {
            ManifestError::Schema { .. } => PullError::TooNew(error),
            ManifestError::Format(_) => PullError::malformed(MANIFEST_TARGET, error),
        })?;
        let clock_behind = trusted.note_time(manifest.published_at, &mut self.floors, &*clock)?;
        if clock_behind {
            warn!(
                now = %clock.now(),
                published_at = %manifest.published_at,
                "the terminal's clock runs behind; set it"
            );
        }
        let pulled = match generation::plan(&self.state.current(), &manifest)? {
            Plan::UpToDate => Pulled::UpToDate,
            plan => Pulled::Switched {
                way: self.build(plan, &manifest, &trusted).await?,
            },
        };
        Ok(Report {
            pulled,
            meta: manifest.meta(),
            expires_at: trusted.expires_at,
            clock_behind,
        })
    }

    /// Builds the generation in a folder of its own and switches to it.
    async fn build(&self, plan: Plan, manifest: &Manifest, trusted: &Trusted) -> Result<Way, PullError> {
        let work = self.state.scratch()?;
        let folder = work.path().join("generation");
        std::fs::create_dir(&folder).map_err(|error| PullError::storage(&folder, error))?;
        let way = self.fill(plan, manifest, trusted, work.path(), &folder).await?;
        let state = self.state.clone();
        let number = manifest.generation;
        let verification = Verification {
            generation: number,
            rows_digest: manifest.rows_digest.clone(),
            root: trusted.repository.root().signed.version.get(),
            verified_at: self.clock.now(),
        };
        blocking(move || {
            generation::index(&folder, &state.current_link())?;
            verification
                .write(&folder)
                .map_err(|error| PullError::storage(&error.path, error.source))?;
            state.switch(&folder, number)
        })
        .await?;
        info!(generation = number, %way, "switched");
        Ok(way)
    }

    /// Makes the store, by the delta where the plan has one and it can be applied.
    async fn fill(
        &self,
        plan: Plan,
        manifest: &Manifest,
        trusted: &Trusted,
        work: &Path,
        folder: &Path,
    ) -> Result<Way, PullError> {
        let reason = match plan {
            Plan::Delta(delta) => {
                let from = delta.from;
                match self
                    .by_delta(&delta.target, manifest, trusted, work, folder)
                    .await
                {
                    Ok((put, gone)) => return Ok(Way::Delta { from, put, gone }),
                    // The snapshot is longer: it would only fail later.
                    Err(error)
                        if matches!(error.problem(), PullProblem::Unreachable | PullProblem::DiskFull) =>
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
        let packed = work.join("snapshot");
        fetch::to_file(&trusted.repository, &manifest.snapshot.target, &packed).await?;
        let (manifest, folder) = (manifest.clone(), folder.to_owned());
        blocking(move || generation::unpack(&packed, &folder, &manifest)).await?;
        Ok(Way::Snapshot(reason))
    }

    async fn by_delta(
        &self,
        target: &str,
        manifest: &Manifest,
        trusted: &Trusted,
        work: &Path,
        folder: &Path,
    ) -> Result<(u64, u64), PullError> {
        let delta = work.join("delta");
        fetch::to_file(&trusted.repository, target, &delta).await?;
        let (manifest, folder) = (manifest.clone(), folder.to_owned());
        let in_use = self.state.current_link();
        blocking(move || {
            let applied = generation::apply(&in_use, &delta, &folder, &manifest);
            if applied.is_err() {
                // The snapshot takes its place; if this fails, unpacking says so.
                let _ = std::fs::remove_file(generation::store_file(&folder));
            }
            applied.map(|applied| (applied.put, applied.gone))
        })
        .await
    }
}

/// Runs what keeps a processor or the disk busy away from the other tasks.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PullError> + Send + 'static,
) -> Result<T, PullError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
