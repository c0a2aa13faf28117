//! One pull, from a look at the release to the switch.

mod going_back;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use catalog::clock::Clock;
use catalog::release::{
    BLOBS_TARGET, MANIFEST_TARGET, Manifest, ManifestError, ROLLOUT_TARGET, Rollout, Verification, ring_place,
};
use catalog::store::Meta;
use jiff::Timestamp;
use tracing::{info, warn};

use super::blobs::{self, BlobFetcher};
use super::building::Building;
use super::fetch::Said;
use super::generation::{self, Plan, Way};
use super::shield::Shield;
use super::trial::{Generations, Trial};
use super::trust::{self, Trusted};
use super::{Floors, Options, PullError, Source, StateFolder, StateLock, fetch, health, space};

pub use going_back::WentBack;

/// The most that a manifest may have; with sixty deltas it has some 10 kB.
const LARGEST_MANIFEST: u64 = 1 << 20;
/// The most that a rollout may have.
const LARGEST_ROLLOUT: u64 = 64 << 10;
/// The most that a list of blobs may have: more than a hundred thousand of them.
const LARGEST_LIST: u64 = 16 << 20;

/// Pulls releases from one place into one state folder, of which it keeps other agents away.
pub struct Puller {
    source: Source,
    factory_root: PathBuf,
    state: StateFolder,
    floors: Floors,
    generations: Generations,
    options: Options,
    clock: Arc<dyn Clock>,
    /// When the generation on trial was switched to, or when this was made, if that is later.
    on_trial_since: Instant,
    shield: Shield,
    /// Since this was made, until somebody asks.
    went_back: Option<WentBack>,
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
    /// The newest generation is not for this terminal yet: it is let out in rings.
    NotYet {
        /// The newest generation.
        newest: u64,
    },
    /// The terminal switched to another generation.
    Switched {
        /// How it came about.
        way: Way,
    },
}

impl Puller {
    /// Prepares the state folder and takes hold of it, with the usual options.
    pub fn new(
        source: Source,
        factory_root: &Path,
        state: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PullError> {
        Self::with_options(source, factory_root, state, clock, Options::default())
    }

    /// Prepares the state folder and takes hold of it. What a power cut left half done is finished or undone.
    pub fn with_options(
        source: Source,
        factory_root: &Path,
        state: &Path,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Self, PullError> {
        let state = StateFolder::open(state)?;
        let lock = state.lock()?;
        let mut puller = Self {
            source,
            factory_root: factory_root.to_owned(),
            floors: Floors::open_in(options.memory, state.path())?,
            generations: Generations::open_in(options.memory, state.path())?,
            state,
            options,
            on_trial_since: clock.monotonic(),
            clock,
            shield: Shield::default(),
            went_back: None,
            _lock: lock,
        };
        puller.state.clean(&puller.generations.bad()?)?;
        puller.take_up_trial()?;
        Ok(puller)
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

    /// When a pull may not be broken off.
    pub(super) fn shield(&self) -> Shield {
        self.shield.clone()
    }

    /// What fetches the pictures and PDFs of the generation in use.
    #[must_use]
    pub fn blobs(&self) -> BlobFetcher {
        BlobFetcher::new(self.state.clone(), self.options.clone(), Arc::clone(&self.clock))
    }

    /// Looks at the release, and switches to it when it is newer and good.
    pub async fn pull(&mut self) -> Result<Report, PullError> {
        let source = self.source.clone();
        self.pull_from(&source).await
    }

    /// Looks at the release in another place, such as a stick, with the same checks.
    pub async fn pull_from(&mut self, source: &Source) -> Result<Report, PullError> {
        match (self.pull_once(source).await, source.direct()) {
            // Perhaps only the cache has something else.
            (Err(error), Some(direct)) if !error.is_local() => {
                warn!(%error, "going past the cache nearby");
                self.pull_once(&direct).await
            }
            (result, _) => result,
        }
    }

    async fn pull_once(&mut self, source: &Source) -> Result<Report, PullError> {
        let clock = Arc::clone(&self.clock);
        let patience = self.options.patience;
        let mut trusted = trust::load(
            source,
            &self.factory_root,
            &self.state,
            &mut self.floors,
            &*clock,
            patience.metadata,
        )
        .await?;
        let manifest = self.manifest(&trusted).await?;
        let clock_behind = trusted.note_time(manifest.published_at, &mut self.floors, &*clock)?;
        if clock_behind {
            warn!(
                now = %clock.now(),
                published_at = %manifest.published_at,
                "the terminal's clock runs behind; set it"
            );
        }
        let current = self.state.current();
        let (pulled, meta) = match generation::plan(&current, &manifest)? {
            Plan::UpToDate => (Pulled::UpToDate, manifest.meta()),
            plan => {
                if let Some(reason) = self.generations.why_bad(manifest.generation)? {
                    return Err(PullError::BadGeneration {
                        generation: manifest.generation,
                        reason,
                    });
                }
                let offered = self.is_offered(&manifest, &trusted).await?;
                match current.meta() {
                    // A terminal without content is better off with a new generation than with none.
                    Some(meta) if !offered => {
                        let newest = manifest.generation;
                        (Pulled::NotYet { newest }, meta.clone())
                    }
                    _ => {
                        let way = self.switch(plan, &manifest, &trusted, source).await?;
                        (Pulled::Switched { way }, manifest.meta())
                    }
                }
            }
        };
        if !matches!(pulled, Pulled::NotYet { .. }) {
            // The generation is in use, whatever is left over of its way here.
            if let Err(error) = self.forget_downloads() {
                warn!(%error, "downloads that nobody needs could not be removed");
            }
        }
        Ok(Report {
            pulled,
            meta,
            expires_at: trusted.expires_at,
            clock_behind,
        })
    }

    async fn manifest(&self, trusted: &Trusted) -> Result<Manifest, PullError> {
        let manifest = self.small(trusted, MANIFEST_TARGET, LARGEST_MANIFEST).await?;
        Manifest::parse(&manifest).map_err(|error| match error {
            ManifestError::Schema { .. } => PullError::TooNew(error),
            ManifestError::Format(_) => PullError::malformed(MANIFEST_TARGET, error),
        })
    }

    /// Whether the generation was let out to this terminal.
    async fn is_offered(&self, manifest: &Manifest, trusted: &Trusted) -> Result<bool, PullError> {
        if !fetch::has(&trusted.repository, ROLLOUT_TARGET) {
            return Ok(true);
        }
        let json = self.small(trusted, ROLLOUT_TARGET, LARGEST_ROLLOUT).await?;
        let malformed =
            |source: Box<dyn std::error::Error + Send + Sync>| PullError::malformed(ROLLOUT_TARGET, source);
        let rollout: Rollout = serde_json::from_slice(&json).map_err(|error| malformed(error.into()))?;
        rollout.check().map_err(|error| malformed(error.into()))?;
        if rollout.generation != manifest.generation {
            return Err(malformed(
                format!(
                    "it is about generation {}, not {}",
                    rollout.generation, manifest.generation
                )
                .into(),
            ));
        }
        let id = match &self.options.ring_id {
            Some(id) => id.clone(),
            None => self.generations.ring_id()?,
        };
        Ok(rollout.offers(ring_place(&id)))
    }

    async fn small(&self, trusted: &Trusted, name: &str, limit: u64) -> Result<Vec<u8>, PullError> {
        fetch::to_memory(&trusted.repository, name, limit, self.options.patience.file).await
    }

    /// Fetches the signed list of blobs, where there is one. It stays among the downloads until the generation is in use, so
    /// that a pull that fails later does not fetch it again.
    async fn list_of_blobs(
        &self,
        manifest: &Manifest,
        trusted: &Trusted,
        source: &Source,
    ) -> Result<Option<PathBuf>, PullError> {
        let Some(blobs) = &manifest.blobs else {
            return Ok(None);
        };
        if blobs.target != BLOBS_TARGET {
            return Err(PullError::malformed(
                &blobs.target,
                "not the name of a list of blobs",
            ));
        }
        if blobs.length > LARGEST_LIST {
            return Err(PullError::Endless {
                what: BLOBS_TARGET.to_owned(),
                limit: LARGEST_LIST,
            });
        }
        let said = Said {
            length: blobs.length,
            sha256: &blobs.sha256,
        };
        let wanted = fetch::wanted(&trusted.repository, BLOBS_TARGET, said)?;
        let downloads = blobs::downloads(&self.state, &self.options);
        // It is kept twice: as it came, and in the generation.
        let needed = downloads.missing(&wanted).saturating_add(wanted.length);
        space::require(self.state.path(), needed, self.options.keep_free)?;
        downloads.fetch(source, &wanted).await.map(Some)
    }

    /// Builds the generation in a folder of its own, switches to it, and looks whether it works.
    async fn switch(
        &mut self,
        plan: Plan,
        manifest: &Manifest,
        trusted: &Trusted,
        source: &Source,
    ) -> Result<Way, PullError> {
        let list = self.list_of_blobs(manifest, trusted, source).await?;
        let work = self.state.scratch()?;
        let folder = work.path().join("generation");
        std::fs::create_dir(&folder).map_err(|error| PullError::storage(&folder, error))?;
        let blobs = match list {
            Some(list) => blobs::keep_list(&folder, &list)?,
            None => Vec::new(),
        };
        let snapshot = [manifest.snapshot.sha256.as_str()].into_iter();
        let deltas = manifest.deltas.iter().map(|delta| delta.sha256.as_str());
        let blobs = blobs.iter().map(|blob| blob.sha256.as_str());
        let list = manifest.blobs.iter().map(|list| list.sha256.as_str());
        let wanted: Vec<&str> = snapshot.chain(deltas).chain(list).chain(blobs).collect();
        blobs::downloads(&self.state, &self.options).keep_only(&wanted)?;
        let building = Building {
            state: &self.state,
            options: &self.options,
            shield: &self.shield,
            source,
            manifest,
            trusted,
            folder: &folder,
        };
        let way = building.fill(plan).await?;
        let number = manifest.generation;
        let verification = Verification {
            generation: number,
            rows_digest: manifest.rows_digest.clone(),
            root: trusted.repository.root().signed.version.get(),
            verified_at: self.clock.now(),
        };
        let (built, before) = (folder.clone(), self.state.current_link());
        let indexing = self.shield.blocking(move || {
            generation::index(&built, &before)?;
            verification
                .write(&built)
                .map_err(|error| PullError::storage(&error.path, error.source))
        });
        if let Err(error) = indexing.await {
            if error.is_local() {
                return Err(error);
            }
            // What was signed cannot be used, and will not become better.
            return Err(self.condemn(number, error.to_string())?);
        }
        // A generation that is put in its own place has been on trial before, and has nothing to go back to but its damage.
        if self
            .state
            .current_number()
            .is_some_and(|current| current != number)
        {
            self.generations.begin(&Trial {
                generation: number,
                starts: 0,
            })?;
        }
        let (state, link) = (self.state.clone(), self.state.current_link());
        let bad = self.generations.bad()?;
        let switching = self.shield.blocking(move || {
            state.switch(&folder, number, &bad)?;
            Ok(health::examine(&link))
        });
        let works = switching.await?;
        // From here on the screen can know of it.
        self.on_trial_since = self.clock.monotonic();
        if let Err(reason) = works {
            return Err(self.condemn(number, reason)?);
        }
        info!(generation = number, %way, "switched");
        Ok(way)
    }

    /// Nothing but pictures and PDFs of the generation in use is to be fetched any more.
    fn forget_downloads(&self) -> Result<(), PullError> {
        let blobs = blobs::list(&self.state.current_link())?;
        let wanted: Vec<&str> = blobs.iter().map(|blob| blob.sha256.as_str()).collect();
        blobs::downloads(&self.state, &self.options).keep_only(&wanted)
    }
}

/// Runs what keeps a processor or the disk busy away from the other tasks.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PullError> + Send + 'static,
) -> Result<T, PullError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
