//! Records in, a signed static release out.
//!
//! A web server may serve the folder at any moment of a publication: files that terminals can already
//! see are never changed, new ones get names of their own, and `timestamp.json`, which makes the new
//! ones visible, is replaced last and in one step. A publication that is interrupted leaves files that
//! nobody refers to; the next one tidies up.

mod blobs;
mod draft;
mod error;
mod history;
mod metadata;
mod order;
mod pages;
mod tidy;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use catalog::clock::Clock;
use catalog::record::{BlobDigest, Record};
use catalog::release::{ROLLOUT_TARGET, Rollout, RolloutError};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::keys::Keys;
use draft::{Draft, Fresh, TargetFile};
use history::Previous;
use metadata::Signing;

pub use error::PublishError;
pub use pages::{NoPages, Pages};

/// How many earlier generations a terminal can have and still be brought up to date by a delta.
pub const DELTAS: usize = 60;

/// Where and how to publish.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// The keys to sign with.
    pub keys: &'a Keys,
    /// The folder of the release; made where it does not exist.
    pub repository: &'a Path,
    /// Where phones reach the pages of this folder.
    pub public_url: Option<&'a Url>,
    /// For how long the signatures hold.
    pub lifetimes: Lifetimes,
    /// The least generation and metadata version to give out. Where a repository was lost, terminals
    /// refuse to start again from 1: continue above the last one they saw.
    pub least_version: u64,
    /// The time.
    pub clock: &'a dyn Clock,
}

/// For how long the signatures of the roles hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// The content.
    pub targets: SignedDuration,
    /// What belongs together.
    pub snapshot: SignedDuration,
    /// What is newest: the longest time that an attacker could keep a release from terminals unnoticed,
    /// and the longest time that the hub may be away before terminals raise an alarm.
    pub timestamp: SignedDuration,
}

impl Lifetimes {
    /// Lifetimes in whole days.
    #[must_use]
    pub const fn days(targets: u32, snapshot: u32, timestamp: u32) -> Self {
        const fn days(days: u32) -> SignedDuration {
            SignedDuration::from_hours(24 * days as i64)
        }
        Self {
            targets: days(targets),
            snapshot: days(snapshot),
            timestamp: days(timestamp),
        }
    }
}

impl Default for Lifetimes {
    /// A year for the content and what belongs together, so that the keys for them may stay offline
    /// between releases; a week for the timestamp, which a daily refresh renews.
    fn default() -> Self {
        Self::days(365, 365, 7)
    }
}

/// What a publication did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The content has changed: there is a new generation.
    Released(Released),
    /// The content is the same: its signatures were renewed.
    Refreshed {
        /// The generation that stays current.
        generation: u64,
        /// Until when terminals trust it now.
        expires: Timestamp,
    },
}

/// A new generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Its number.
    pub generation: u64,
    /// How many records it has.
    pub rows: u64,
    /// How many bytes the whole takes to fetch.
    pub snapshot_length: u64,
    /// For each earlier generation, newest first: its number and how many bytes the way from it takes.
    pub deltas: Vec<(u64, u64)>,
    /// How many phone pages were written.
    pub pages: usize,
    /// Until when the timestamp holds.
    pub expires: Timestamp,
}

/// What is to be published.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The records, in the order in which lists are to show them.
    pub records: &'a [Record],
    /// The files of the records' attachments.
    pub files: &'a BTreeMap<BlobDigest, PathBuf>,
    /// How many of a thousand terminals take a new generation first, and so on to 1000; `None` lets all take it at once.
    pub rings: Option<&'a [u16]>,
}

/// Publishes records without attachments, for all terminals at once.
pub async fn publish(
    records: &[Record],
    pages: &dyn Pages,
    settings: &Settings<'_>,
) -> Result<Outcome, PublishError> {
    let content = Content {
        records,
        files: &BTreeMap::new(),
        rings: None,
    };
    publish_content(content, pages, settings).await
}

/// Publishes content with its phone pages.
pub async fn publish_content(
    content: Content<'_>,
    pages: &dyn Pages,
    settings: &Settings<'_>,
) -> Result<Outcome, PublishError> {
    let Content {
        records,
        files: blobs,
        rings,
    } = content;
    let repository = settings.repository;
    for folder in ["metadata", "targets", "i"] {
        let path = repository.join(folder);
        std::fs::create_dir_all(&path).map_err(|source| PublishError::io(&path, source))?;
    }
    let _lock = lock(repository)?;
    let signing = Signing::new(settings)?;
    let previous = Previous::load(repository, settings.keys).await?;
    let draft = Draft::new(records, previous.as_ref(), settings)?;
    match draft {
        Draft::Same { meta } => {
            pages::write(repository, records, &meta, pages)?;
            let previous = previous.expect("only a previous release can be the same");
            let expires = signing.refresh(&previous).await?;
            Ok(Outcome::Refreshed {
                generation: meta.generation,
                expires,
            })
        }
        Draft::Fresh(fresh) => {
            let Fresh {
                manifest,
                attachments,
                mut files,
            } = *fresh;
            // Without the keys nothing is begun.
            let signers = signing.release_signers(previous.as_ref())?;
            history::discard_from(repository, manifest.generation)?;
            let targets = repository.join("targets");
            if let Some(rings) = rings {
                let rollout = Rollout::new(manifest.generation, rings.to_vec())?;
                files.push(TargetFile::new(ROLLOUT_TARGET.to_owned(), rollout.to_json()));
            }
            blobs::write(&targets, &attachments, blobs)?;
            for file in &files {
                file.write(&targets)?;
            }
            let expires = signing.release(previous.as_ref(), &files, &signers).await?;
            // No page tells what was not released. Where they are cut off here, publishing the same again writes them.
            let pages = pages::write(repository, records, &manifest.meta(), pages)?;
            tidy::tidy(repository, &files)?;
            Ok(Outcome::Released(Released {
                generation: manifest.generation,
                rows: manifest.rows,
                snapshot_length: manifest.snapshot.length,
                deltas: manifest
                    .deltas
                    .iter()
                    .map(|delta| (delta.from, delta.length))
                    .collect(),
                pages,
                expires,
            }))
        }
    }
}

/// Renews the timestamp of the release that is current and nothing else, whatever the source folder holds by now. The key of
/// the timestamp is the only one needed.
pub async fn renew_timestamp(settings: &Settings<'_>) -> Result<Outcome, PublishError> {
    let repository = settings.repository;
    let nothing = || PublishError::NothingPublished {
        repository: repository.to_owned(),
    };
    if !repository.join("metadata/timestamp.json").exists() {
        return Err(nothing());
    }
    let _lock = lock(repository)?;
    let signing = Signing::new(settings)?;
    let previous = Previous::load(repository, settings.keys).await?;
    let previous = previous.ok_or_else(nothing)?;
    Ok(Outcome::Refreshed {
        generation: previous.manifest.generation,
        expires: signing.renew_timestamp(&previous).await?,
    })
}

/// Lets the newest generation out further, or no further: signs the rollout that `change` makes of the present one.
pub async fn change_rollout(
    settings: &Settings<'_>,
    change: impl FnOnce(&Rollout) -> Result<Rollout, RolloutError>,
) -> Result<Rollout, PublishError> {
    let repository = settings.repository;
    let _lock = lock(repository)?;
    let signing = Signing::new(settings)?;
    let (previous, rollout) = load_rollout(settings).await?;
    let changed = change(&rollout)?;
    changed.check()?;
    if changed != rollout {
        let file = TargetFile::new(ROLLOUT_TARGET.to_owned(), changed.to_json());
        file.write(&repository.join("targets"))?;
        signing.replace(&previous, &file).await?;
    }
    Ok(changed)
}

/// The rollout of the newest generation.
pub async fn rollout(settings: &Settings<'_>) -> Result<Rollout, PublishError> {
    Ok(load_rollout(settings).await?.1)
}

async fn load_rollout(settings: &Settings<'_>) -> Result<(Previous, Rollout), PublishError> {
    let none = || PublishError::NoRollout {
        repository: settings.repository.to_owned(),
    };
    let previous = Previous::load(settings.repository, settings.keys).await?;
    let previous = previous.ok_or_else(none)?;
    let rollout = previous.rollout(settings.repository).await?.ok_or_else(none)?;
    Ok((previous, rollout))
}

/// Keeps a second publication out of the folder until the returned file is dropped.
fn lock(repository: &Path) -> Result<File, PublishError> {
    let path = repository.join(".lock");
    let file = File::create(&path).map_err(|source| PublishError::io(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(PublishError::Busy {
            path: repository.to_owned(),
        }),
        Err(std::fs::TryLockError::Error(source)) => Err(PublishError::io(&path, source)),
    }
}
