//! Whether a release may be believed: TUF, with what tough leaves to its caller.
//!
//! * Trust starts at the newest root that this terminal ever verified, not at the factory root.
//! * A root that was verified is kept even when the rest of the release is refused.
//! * The highest versions seen are compared with the agent's own memory (`floors`).
//! * Expired signatures are refused, also when the clock was set back: see [`TimeFloor`].

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use catalog::atomic;
use catalog::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tough::schema::{Role as _, RoleType, Root, Signed};
use tough::{ExpirationEnforcement, Limits, Repository, RepositoryLoader};
use tracing::warn;

use super::floors::{Floors, Remembered, Role, Versions, judge};
use super::state::StateFolder;
use super::{PullError, Source};
use crate::http::CertificateTime;

/// The most that metadata may have: a release's own is a few kilobytes.
const LIMITS: Limits = Limits {
    max_root_size: 256 << 10,
    max_targets_size: 1 << 20,
    max_timestamp_size: 64 << 10,
    max_snapshot_size: 256 << 10,
    max_root_updates: 256,
};
/// How far two clocks may differ and still agree: a time zone mistaken.
const CLOCKS_AGREE: SignedDuration = SignedDuration::from_hours(24);

/// A release whose metadata was verified.
#[derive(Debug)]
pub struct Trusted {
    /// What is signed.
    pub repository: Repository,
    /// When the first of the signatures expires.
    pub expires_at: Timestamp,
    /// What is to be remembered.
    remembered: Remembered,
    /// tough notes the time here before every file that it reads.
    _scratch: TempDir,
}

/// Loads and verifies the metadata of the release at `source`, all within `patience`: a server that drips cannot hold the
/// agent.
pub async fn load(
    source: &Source,
    factory_root: &Path,
    state: &StateFolder,
    floors: &mut Floors,
    clock: &dyn Clock,
    patience: Duration,
) -> Result<Trusted, PullError> {
    let remembered = floors.recall()?;
    let root = newest_root(&state.root(), factory_root)?;
    let scratch = state.scratch()?;
    let loader = RepositoryLoader::new(
        &root.bytes,
        source.address("metadata/"),
        source.address("targets/"),
    )
    .transport(source.clone())
    .datastore(scratch.path())
    .limits(LIMITS)
    .expiration_enforcement(ExpirationEnforcement::Safe);
    let outcome = tokio::time::timeout(patience, loader.load()).await;
    keep_root(&scratch.path().join("root.json"), &root, &state.root())?;
    let repository = match outcome {
        Ok(repository) => repository.map_err(PullError::from_tuf)?,
        Err(_) => {
            return Err(PullError::TooSlow {
                what: "the metadata".to_owned(),
                patience,
            });
        }
    };

    let versions = versions(&repository);
    let keys = signers(&repository.root().signed);
    judge(&remembered, &versions, &keys)?;
    let now = TimeFloor(remembered.time).apply(clock.now());
    let (expires_at, role) = first_expiry(&repository);
    if expires_at <= now {
        return Err(PullError::Expired { role });
    }
    let remembered = Remembered {
        versions,
        keys,
        // A clock that starts in 1970 with every start does not undo what was known.
        checked_at: Some(TimeFloor(remembered.newest_time()).apply(clock.now())),
        expires_at: Some(expires_at),
        ..remembered
    };
    floors.remember(&remembered)?;
    Ok(Trusted {
        repository,
        expires_at,
        remembered,
        _scratch: scratch,
    })
}

impl Trusted {
    /// Takes note of when the release was published, which is signed like the rest. Returns whether the
    /// terminal's clock runs behind.
    pub fn note_time(
        &mut self,
        published_at: Timestamp,
        floors: &mut Floors,
        clock: &dyn Clock,
    ) -> Result<bool, PullError> {
        let now = clock.now();
        let floor = TimeFloor(self.remembered.time).raise(published_at, now);
        if floor.0 != self.remembered.time {
            self.remembered.time = floor.0;
            floors.remember(&self.remembered)?;
        }
        let passed = floor.0.map_or(published_at, |floor| floor.max(published_at));
        Ok(now + CLOCKS_AGREE < passed)
    }
}

/// A time that has certainly passed: a release was published then, and the terminal's own clock agreed.
///
/// Signatures that had expired by then stay expired when the clock is set back. A clock that steps back
/// does not block updates, and a hub whose clock once ran ahead does not either, because the floor is
/// raised only when two clocks agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeFloor(pub Option<Timestamp>);

impl TimeFloor {
    /// The time to judge by.
    #[must_use]
    pub fn apply(self, now: Timestamp) -> Timestamp {
        self.0.map_or(now, |floor| floor.max(now))
    }

    /// The floor after a release published at `published_at` was seen at `now`.
    #[must_use]
    pub fn raise(self, published_at: Timestamp, now: Timestamp) -> Self {
        if published_at <= now + CLOCKS_AGREE {
            Self(Some(self.apply(published_at)))
        } else {
            self
        }
    }
}

/// The time by which servers are judged at the terminal with this state folder.
#[must_use]
pub fn certificate_time(state: &StateFolder, clock: &Arc<dyn Clock>) -> CertificateTime {
    let remembered = Floors::open(state.path()).and_then(|floors| floors.recall());
    let remembered = remembered
        .inspect_err(|error| warn!(%error, "servers are judged by the terminal's clock alone"))
        .unwrap_or_default();
    CertificateTime::new(Arc::clone(clock), remembered.newest_time())
}

/// A root to start from.
struct TrustedRoot {
    bytes: Vec<u8>,
    version: u64,
}

/// The newer of the root that was kept and the one from the factory.
fn newest_root(kept: &Path, factory: &Path) -> Result<TrustedRoot, PullError> {
    match (read_root(kept), read_root(factory)) {
        (Ok(kept), Ok(factory)) if factory.version > kept.version => Ok(factory),
        (Ok(kept), _) => Ok(kept),
        (Err(_), Ok(factory)) => Ok(factory),
        (Err(_), Err(error)) => Err(error),
    }
}

fn read_root(path: &Path) -> Result<TrustedRoot, PullError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| PullError::Root {
        path: path.to_owned(),
        source,
    };
    let bytes = std::fs::read(path).map_err(|error| failed(error.into()))?;
    let root: Signed<Root> = serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))?;
    Ok(TrustedRoot {
        bytes,
        version: root.signed.version.get(),
    })
}

/// Keeps the newest root that tough verified; it writes only verified ones to its folder.
fn keep_root(verified: &Path, started_from: &TrustedRoot, kept: &Path) -> Result<(), PullError> {
    let Ok(verified) = read_root(verified) else {
        // It failed before the first root was verified.
        return Ok(());
    };
    let on_disk = read_root(kept).ok().map(|root| root.version);
    if on_disk != Some(verified.version) && verified.version >= started_from.version {
        atomic::write(kept, &verified.bytes).map_err(|error| PullError::storage(kept, error.source))?;
    }
    Ok(())
}

fn versions(repository: &Repository) -> Versions {
    Versions {
        root: repository.root().signed.version.get(),
        timestamp: repository.timestamp().signed.version.get(),
        snapshot: repository.snapshot().signed.version.get(),
        targets: repository.targets().signed.version.get(),
    }
}

/// The ids of the keys that sign timestamp and snapshot, as one text.
fn signers(root: &Root) -> String {
    let ids = |role| {
        let mut ids: Vec<_> = root
            .roles
            .get(&role)
            .map(|keys| keys.keyids.iter().map(hex::encode).collect())
            .unwrap_or_default();
        ids.sort_unstable();
        ids.join(",")
    };
    format!("{};{}", ids(RoleType::Timestamp), ids(RoleType::Snapshot))
}

fn first_expiry(repository: &Repository) -> (Timestamp, Role) {
    [
        (repository.root().signed.expires(), Role::Root),
        (repository.timestamp().signed.expires(), Role::Timestamp),
        (repository.snapshot().signed.expires(), Role::Snapshot),
        (repository.targets().signed.expires(), Role::Targets),
    ]
    .into_iter()
    .min_by_key(|(expires, _)| *expires)
    .expect("there are four roles")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_set_back_does_not_revive_expired_signatures() {
        let floor = TimeFloor(None).raise(time("2026-11-22T08:00:00Z"), time("2026-11-22T09:00:00Z"));
        assert_eq!(
            floor.apply(time("2020-01-01T00:00:00Z")),
            time("2026-11-22T08:00:00Z")
        );
        assert_eq!(
            floor.apply(time("2026-12-01T00:00:00Z")),
            time("2026-12-01T00:00:00Z")
        );
    }

    #[test]
    fn a_hub_that_runs_ahead_does_not_raise_the_floor() {
        let floor = TimeFloor(Some(time("2026-11-01T00:00:00Z")));
        assert_eq!(
            floor.raise(time("2028-01-01T00:00:00Z"), time("2026-11-22T00:00:00Z")),
            floor
        );
    }

    #[test]
    fn an_older_release_does_not_lower_the_floor() {
        let floor = TimeFloor(Some(time("2026-11-20T00:00:00Z")));
        assert_eq!(
            floor.raise(time("2026-11-01T00:00:00Z"), time("2026-11-22T00:00:00Z")),
            floor
        );
    }
}
