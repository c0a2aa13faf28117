//! Signing a release and making it visible.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use catalog::atomic::{self, Readers};
use jiff::Timestamp;
use tough::Repository;
use tough::editor::RepositoryEditor;
use tough::editor::signed::SignedRole;
use tough::key_source::KeySource;
use tough::schema::{Hashes, KeyHolder, RoleType, Target};

use super::draft::TargetFile;
use super::history::Previous;
use super::{PublishError, Settings};
use crate::keys::KeyError;

/// The keys that a release is signed with.
pub(super) type Signers = [Box<dyn KeySource>];

/// The roles that a release of new content needs.
const ALL: [RoleType; 3] = [RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp];

/// What signing needs.
pub(super) struct Signing<'a> {
    settings: &'a Settings<'a>,
    now: Timestamp,
}

/// Until when the signatures of the roles hold.
#[derive(Clone, Copy)]
struct Expiry {
    targets: Timestamp,
    snapshot: Timestamp,
    timestamp: Timestamp,
}

impl<'a> Signing<'a> {
    /// Checks that the root still holds.
    pub(super) fn new(settings: &'a Settings<'a>) -> Result<Self, PublishError> {
        let now = settings.clock.now();
        let expires = settings.keys.root().expires;
        if expires <= now {
            return Err(PublishError::RootExpired {
                root: settings.keys.root_path(),
                expired: expires,
            });
        }
        if expires.duration_since(now) < settings.lifetimes.targets {
            tracing::warn!(%expires, "the root expires before the content it vouches for: `hub keys renew`");
        }
        Ok(Self { settings, now })
    }

    /// The keys for new content, after a release that stays current without them.
    pub(super) fn release_signers(
        &self,
        previous: Option<&Previous>,
    ) -> Result<Vec<Box<dyn KeySource>>, PublishError> {
        self.settings.keys.signers(&ALL).map_err(|source| match source {
            KeyError::NoKey { .. } | KeyError::Moved { .. } if previous.is_some() => {
                PublishError::NoKeysForContent { source }
            }
            source => source.into(),
        })
    }

    /// Signs new targets and makes them visible. Returns until when the timestamp holds.
    pub(super) async fn release(
        &self,
        previous: Option<&Previous>,
        files: &[TargetFile],
        signers: &Signers,
    ) -> Result<Timestamp, PublishError> {
        let expiry = self.fresh();
        self.sign_all(previous, files.iter().map(listed).collect(), expiry, signers)
            .await
    }

    /// Renews the signatures of a release: the timestamp's alone where the others hold long enough.
    pub(super) async fn refresh(&self, previous: &Previous) -> Result<Timestamp, PublishError> {
        let repository = &previous.repository;
        let same_root = repository.root().signed.version == self.settings.keys.root().version;
        if !same_root || !self.holds(previous) {
            let targets = &repository.targets().signed.targets;
            let targets = targets
                .iter()
                .map(|(name, target)| (name.raw().to_owned(), target.clone()))
                .collect();
            let signers = self.settings.keys.signers(&ALL)?;
            return self
                .sign_all(Some(previous), targets, self.fresh(), &signers)
                .await;
        }
        self.renew_timestamp(previous).await
    }

    /// Signs the timestamp of a release anew, under the root that the release has. Returns until when terminals trust it: the
    /// timestamp makes nothing that it names hold longer.
    pub(super) async fn renew_timestamp(&self, previous: &Previous) -> Result<Timestamp, PublishError> {
        let repository = &previous.repository;
        let keys = self.settings.keys.signers(&[RoleType::Timestamp])?;
        let until = self.fresh().timestamp;
        let mut timestamp = repository.timestamp().signed.clone();
        timestamp.version = self.version(Some(timestamp.version));
        timestamp.expires = until;
        let holder = KeyHolder::Root(repository.root().signed.clone());
        let signed = SignedRole::new(timestamp, &holder, &keys, &SystemRandom::new())
            .await
            .map_err(Box::new)?;
        self.install("timestamp.json", signed.buffer())?;
        let content = repository.targets().signed.expires;
        let trusted = until.min(content).min(repository.snapshot().signed.expires);
        if trusted < until {
            tracing::warn!(until = %trusted, "the content is not vouched for as long: publish with all keys");
        }
        Ok(trusted)
    }

    /// Signs a release anew with one of its targets replaced. The content is vouched for until the same day as before, as long
    /// as that is far enough away.
    pub(super) async fn replace(
        &self,
        previous: &Previous,
        file: &TargetFile,
    ) -> Result<Timestamp, PublishError> {
        let targets = &previous.repository.targets().signed.targets;
        let targets = targets
            .iter()
            .map(|(name, target)| (name.raw().to_owned(), target.clone()))
            .filter(|(name, _)| *name != file.name)
            .chain([listed(file)]);
        let expiry = if self.holds(previous) {
            Expiry {
                targets: previous.repository.targets().signed.expires,
                snapshot: previous.repository.snapshot().signed.expires,
                ..self.fresh()
            }
        } else {
            self.fresh()
        };
        let signers = self.settings.keys.signers(&ALL)?;
        self.sign_all(Some(previous), targets.collect(), expiry, &signers)
            .await
    }

    /// Until when signatures hold that are made now.
    fn fresh(&self) -> Expiry {
        let lifetimes = &self.settings.lifetimes;
        Expiry {
            targets: self.now + lifetimes.targets,
            snapshot: self.now + lifetimes.snapshot,
            timestamp: self.now + lifetimes.timestamp,
        }
    }

    /// Whether the content of a release is vouched for at least as long as a timestamp that is signed now.
    fn holds(&self, previous: &Previous) -> bool {
        let repository = &previous.repository;
        let until = self.fresh().timestamp;
        repository.targets().signed.expires >= until && repository.snapshot().signed.expires >= until
    }

    async fn sign_all(
        &self,
        previous: Option<&Previous>,
        targets: Vec<(String, Target)>,
        expiry: Expiry,
        signers: &Signers,
    ) -> Result<Timestamp, PublishError> {
        let before = previous.map(|previous| &previous.repository);
        let mut editor = RepositoryEditor::new(self.settings.keys.root_path())
            .await
            .map_err(Box::new)?;
        for (name, target) in targets {
            editor.add_target(name.as_str(), target).map_err(Box::new)?;
        }
        let versions = |version: fn(&Repository) -> NonZeroU64| self.version(before.map(version));
        editor
            .targets_version(versions(|before| before.targets().signed.version))
            .map_err(Box::new)?
            .targets_expires(expiry.targets)
            .map_err(Box::new)?
            .snapshot_version(versions(|before| before.snapshot().signed.version))
            .snapshot_expires(expiry.snapshot)
            .timestamp_version(versions(|before| before.timestamp().signed.version))
            .timestamp_expires(expiry.timestamp);
        let signed = editor.sign(signers).await.map_err(Box::new)?;
        let work = tempfile::tempdir().map_err(|source| PublishError::io(&std::env::temp_dir(), source))?;
        signed.write(work.path()).await.map_err(Box::new)?;
        self.install_all(work.path())?;
        Ok(expiry.timestamp)
    }

    /// Moves signed metadata into the release: what others refer to first, the timestamp last.
    fn install_all(&self, signed: &Path) -> Result<(), PublishError> {
        for (name, content) in self.settings.keys.all_roots()? {
            self.install(&name, &content)?;
        }
        let mut names = super::history::names(signed)?;
        names.retain(|name| !name.ends_with(".root.json"));
        names.sort_by_key(|name| (name == "timestamp.json", name.ends_with(".snapshot.json")));
        for name in names {
            let path = signed.join(&name);
            let content = std::fs::read(&path).map_err(|source| PublishError::io(&path, source))?;
            self.install(&name, &content)?;
        }
        Ok(())
    }

    fn install(&self, name: &str, content: &[u8]) -> Result<(), PublishError> {
        let path = self.settings.repository.join("metadata").join(name);
        Ok(atomic::write_for(Readers::Everybody, &path, content)?)
    }

    fn version(&self, before: Option<NonZeroU64>) -> NonZeroU64 {
        let next = before.map_or(NonZeroU64::MIN, |before| before.saturating_add(1));
        NonZeroU64::new(self.settings.least_version).map_or(next, |least| least.max(next))
    }
}

/// A file as the metadata lists it.
fn listed(file: &TargetFile) -> (String, Target) {
    let target = Target {
        length: file.content.len() as u64,
        hashes: Hashes {
            sha256: file.sha256.to_vec().into(),
            _extra: HashMap::new(),
        },
        custom: HashMap::new(),
        _extra: HashMap::new(),
    };
    (file.name.clone(), target)
}
