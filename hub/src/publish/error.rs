//! Why nothing was published.

use std::io;
use std::path::{Path, PathBuf};

use catalog::atomic::WriteError;
use catalog::record::BlobDigest;
use catalog::release::{DeltaError, RolloutError};
use catalog::store::StoreError;
use jiff::Timestamp;

use crate::keys::KeyError;

/// Why nothing was published; the release that was current still is.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The keys that new content needs are not at hand.
    #[error(
        "{source}; the content has changed, and releasing it takes the keys of targets, snapshot and timestamp. To keep the \
         release that is current valid meanwhile, which takes the timestamp key alone: `hub publish --only-timestamp`"
    )]
    NoKeysForContent {
        /// What is missing.
        source: KeyError,
    },
    /// There is no release whose timestamp could be renewed.
    #[error("{repository} holds no release: publish one first")]
    NothingPublished {
        /// The folder of the release.
        repository: PathBuf,
    },
    /// Another publication is at work.
    #[error("another publication is writing to {path}")]
    Busy {
        /// The folder of the release.
        path: PathBuf,
    },
    /// The root that all terminals rest on has expired.
    #[error("{root} expired at {expired}: renew it with `hub keys renew`")]
    RootExpired {
        /// The root.
        root: PathBuf,
        /// When it expired.
        expired: Timestamp,
    },
    /// What is in the folder was signed by somebody else.
    #[error(
        "{repository} was published with other keys ({metadata} is not the one beside {root}); terminals \
         that follow it would refuse this release"
    )]
    ForeignRepository {
        /// The folder of the release.
        repository: PathBuf,
        /// The root in it.
        metadata: PathBuf,
        /// The newest root of the keys.
        root: PathBuf,
    },
    /// What is in the folder cannot be continued.
    #[error("the release in {repository} is damaged: {source}")]
    DamagedRepository {
        /// The folder of the release.
        repository: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A record is larger than terminals take.
    #[error("record {id} has {size} bytes, at most {limit} are allowed")]
    RowTooLarge {
        /// The record's id.
        id: String,
        /// How many bytes it has.
        size: u64,
        /// The most that terminals take.
        limit: u64,
    },
    /// The file of an attachment is missing.
    #[error("there is no file for the attachment {sha256}")]
    NoBlob {
        /// Its digest.
        sha256: BlobDigest,
    },
    /// The file of an attachment was changed while it was published.
    #[error("{path} was changed while it was published: publish again")]
    BlobChanged {
        /// The file.
        path: PathBuf,
    },
    /// The newest generation is for everybody, so there is nothing to hold or to go on with.
    #[error("the newest release in {repository} was published without rings: every terminal takes it")]
    NoRollout {
        /// The folder of the release.
        repository: PathBuf,
    },
    /// The rings cannot be used.
    #[error(transparent)]
    Rollout(#[from] RolloutError),
    /// A store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A delta could not be made.
    #[error(transparent)]
    Delta(#[from] DeltaError),
    /// Signing failed.
    #[error("cannot sign: {0}")]
    Sign(#[from] Box<tough::error::Error>),
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file or folder could not be read, made or removed.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl PublishError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
