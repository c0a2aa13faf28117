//! What an error of a library means for a pull.

use std::io;
use std::path::Path;

use catalog::release::{DeltaError, SnapshotError};
use catalog::store::StoreError;
use tough::TransportError;
use tough::error::Error as TufError;
use url::Url;

use super::PullError;
use crate::agent_db::AgentDbError;
use crate::release::Role;
use crate::release::source::FetchError;

impl PullError {
    /// What tough found wrong with the release's metadata.
    pub(in crate::release) fn from_tuf(error: TufError) -> Self {
        match error {
            TufError::Transport { source, url, .. } => Self::from_transport(source, url),
            TufError::VerifyMetadata { role, source, .. } => Self::Forged {
                role: role.into(),
                source: source.into(),
            },
            TufError::ExpiredMetadata { role, .. } => Self::Expired { role: role.into() },
            TufError::OlderMetadata {
                role,
                current_version,
                new_version,
                ..
            } => Self::RolledBack {
                what: format!("{} metadata", Role::from(role)),
                seen: current_version,
                offered: new_version,
            },
            TufError::ParseMetadata { role, source, .. } if source.is_eof() => Self::Truncated {
                what: format!("{} metadata", Role::from(role)),
                detail: source.to_string(),
            },
            TufError::MaxUpdatesExceeded { max_root_updates, .. } => Self::Endless {
                what: "the chain of root metadata".to_owned(),
                limit: max_root_updates,
            },
            TufError::SystemTimeSteppedBackward { .. } => Self::ClockStepped,
            TufError::DatastoreInit { source, .. } => Self::storage(Path::new("temporary folder"), source),
            TufError::DatastoreCreate { path, source, .. }
            | TufError::DatastoreOpen { path, source, .. }
            | TufError::DatastoreRemove { path, source, .. } => Self::storage(&path, source),
            other => Self::malformed("the release's metadata", other),
        }
    }

    /// What went wrong while a file was read from the release.
    pub(in crate::release) fn from_transport(error: TransportError, url: Url) -> Self {
        let what = file_name(&url);
        let cause = std::error::Error::source(&error);
        if let Some(error) = cause.and_then(|cause| cause.downcast_ref::<FetchError>()) {
            return Self::by_fetch(error, url);
        }
        match cause.and_then(|cause| cause.downcast_ref::<TufError>()) {
            Some(TufError::MaxSizeExceeded { max_size, .. }) => Self::Endless {
                what,
                limit: *max_size,
            },
            Some(TufError::HashMismatch { .. }) => Self::WrongDigest { what },
            _ => Self::Unreachable {
                url,
                source: error.into(),
            },
        }
    }

    /// What went wrong while a file was fetched.
    pub(in crate::release) fn from_fetch(error: FetchError, url: Url) -> Self {
        match error {
            FetchError::Io(error) => Self::Unreachable {
                url,
                source: error.into(),
            },
            error => Self::by_fetch(&error, url),
        }
    }

    fn by_fetch(error: &FetchError, url: Url) -> Self {
        match error {
            FetchError::NotFound => Self::NotFound { url },
            FetchError::Status(status) => Self::UnexpectedAnswer {
                url,
                status: status.as_u16(),
            },
            _ => Self::Unreachable {
                url,
                source: error.to_string().into(),
            },
        }
    }

    /// Tells a bad snapshot from trouble with the terminal's own disk.
    pub(in crate::release) fn from_snapshot(path: &Path, error: SnapshotError) -> Self {
        match error {
            SnapshotError::Io { source, .. } if is_damage(&source) => Self::malformed("the snapshot", source),
            SnapshotError::Io { source, .. } => Self::storage(path, source),
            SnapshotError::TooLarge { limit, .. } => Self::Bomb {
                what: "the snapshot".to_owned(),
                limit,
            },
            error @ SnapshotError::RowTooLarge { .. } => Self::OversizedRow(error.to_string()),
            error @ SnapshotError::Mismatch { .. } => Self::malformed("the snapshot", error),
            SnapshotError::Store(error) => Self::from_store(path, error),
        }
    }

    /// Tells a bad delta from trouble with the terminal's own disk.
    pub(in crate::release) fn from_delta(path: &Path, error: DeltaError) -> Self {
        match error {
            DeltaError::Io(source) if !is_damage(&source) => Self::storage(path, source),
            error @ (DeltaError::RowTooLarge { .. } | DeltaError::LineTooLong { .. }) => {
                Self::OversizedRow(error.to_string())
            }
            DeltaError::TooLarge { limit } => Self::Bomb {
                what: "the delta".to_owned(),
                limit,
            },
            DeltaError::Store(error) => Self::from_store(path, error),
            error => Self::malformed("the delta", error),
        }
    }

    /// Tells bad content from trouble with the terminal's own disk.
    pub(in crate::release) fn from_store(path: &Path, error: StoreError) -> Self {
        match error {
            StoreError::Sqlite { .. } => Self::storage(path, error),
            error => Self::malformed("the content", error),
        }
    }
}

impl From<AgentDbError> for PullError {
    fn from(error: AgentDbError) -> Self {
        Self::storage(&error.path.clone(), error)
    }
}

/// Whether an error of a decompressor is about its input: those have no code of the operating system.
fn is_damage(error: &io::Error) -> bool {
    error.raw_os_error().is_none()
}

fn file_name(url: &Url) -> String {
    url.path_segments()
        .and_then(|mut segments| segments.next_back())
        .unwrap_or_default()
        .to_owned()
}
