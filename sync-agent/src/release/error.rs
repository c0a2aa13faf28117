//! Why a pull brought nothing.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog::release::{DeltaError, ManifestError, SnapshotError};
use catalog::store::StoreError;
use terminal_api::interface::PullProblem;
use tough::TransportError;
use tough::error::Error as TufError;
use url::Url;

use super::Role;
use super::source::FetchError;
use crate::agent_db::AgentDbError;

/// A cause of any type.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a pull brought nothing. The content in use is as before.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The release address does not answer, or stopped in the middle.
    #[error("cannot reach {url}: {source}")]
    Unreachable {
        /// What was asked for.
        url: Url,
        /// What went wrong.
        source: Cause,
    },
    /// The address answers and holds no such file.
    #[error("there is no {url}")]
    NotFound {
        /// What was asked for.
        url: Url,
    },
    /// The address answers with something that is no answer to the question.
    #[error("{url} answers {status}")]
    UnexpectedAnswer {
        /// What was asked for.
        url: Url,
        /// The status of the answer.
        status: u16,
    },
    /// A file comes too slowly, byte by byte.
    #[error("too slow: {what} was not complete after {} s", patience.as_secs())]
    TooSlow {
        /// The file.
        what: String,
        /// How long it was waited for.
        patience: Duration,
    },
    /// A signature is missing or wrong.
    #[error("forged: the signatures of {role} metadata do not hold: {source}")]
    Forged {
        /// Whose signatures.
        role: Role,
        /// What exactly does not hold.
        source: Cause,
    },
    /// A file ends before its signed length.
    #[error("truncated: {what} ends early: {detail}")]
    Truncated {
        /// The file.
        what: String,
        /// How far it goes.
        detail: String,
    },
    /// A file goes on after its signed or allowed length.
    #[error("endless: {what} goes on after {limit} bytes")]
    Endless {
        /// The file.
        what: String,
        /// The most that it may have.
        limit: u64,
    },
    /// A file unpacks to more than it says or may.
    #[error("bomb: {what} unpacks to more than {limit} bytes")]
    Bomb {
        /// The file.
        what: String,
        /// The most that it may unpack to.
        limit: u64,
    },
    /// A file has not the signed digest.
    #[error("wrong digest: {what} is not the file that was signed")]
    WrongDigest {
        /// The file.
        what: String,
    },
    /// The signatures have expired.
    #[error("expired: the signatures of {role} metadata are no longer valid")]
    Expired {
        /// Whose signatures.
        role: Role,
    },
    /// The release is older than one that was already seen.
    #[error("rolled back: {what} {offered} was offered, {seen} was already seen")]
    RolledBack {
        /// What went back: a role's metadata or the generation.
        what: String,
        /// The highest version seen.
        seen: u64,
        /// The version offered.
        offered: u64,
    },
    /// A row is larger than a terminal takes.
    #[error("oversized row: {0}")]
    OversizedRow(String),
    /// The release was tried before and the terminal went back from it.
    #[error("generation {generation} is known as bad: {reason}")]
    BadGeneration {
        /// The generation.
        generation: u64,
        /// Why.
        reason: String,
    },
    /// A signed file cannot be understood, or contradicts another.
    #[error("malformed: {what}: {source}")]
    Malformed {
        /// The file.
        what: String,
        /// What is wrong.
        source: Cause,
    },
    /// The release is of a later kind than this program reads.
    #[error("too new: {0}")]
    TooNew(ManifestError),
    /// The terminal's clock stepped back in the middle of a pull.
    #[error("the clock stepped back during the pull")]
    ClockStepped,
    /// The root of trust cannot be read.
    #[error("no root of trust at {path}: {source}")]
    Root {
        /// Where it was looked for.
        path: PathBuf,
        /// What is wrong.
        source: Cause,
    },
    /// Another agent works in the same state folder.
    #[error("another agent is using {path}")]
    Busy {
        /// The state folder.
        path: PathBuf,
    },
    /// The disk has no room for the release; nothing was fetched.
    #[error("no room at {path}: {needed} bytes are needed, {free} are free")]
    NoSpace {
        /// The state folder.
        path: PathBuf,
        /// How many bytes the release takes, with what must stay free.
        needed: u64,
        /// How many are free.
        free: u64,
    },
    /// The terminal's own files cannot be read or written.
    #[error("cannot write to {path}: {source}")]
    Storage {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        source: Cause,
    },
}

impl PullError {
    /// The problem as the interface names it.
    #[must_use]
    pub fn problem(&self) -> PullProblem {
        match self {
            Self::Unreachable { .. } => PullProblem::Unreachable,
            Self::NotFound { .. } => PullProblem::NotFound,
            Self::UnexpectedAnswer { .. } => PullProblem::UnexpectedAnswer,
            Self::TooSlow { .. } => PullProblem::TooSlow,
            Self::OversizedRow(_) => PullProblem::OversizedRow,
            Self::BadGeneration { .. } => PullProblem::BadGeneration,
            Self::NoSpace { .. } => PullProblem::DiskFull,
            Self::Forged { .. } => PullProblem::Forged,
            Self::Truncated { .. } => PullProblem::Truncated,
            Self::Endless { .. } | Self::Bomb { .. } => PullProblem::Endless,
            Self::WrongDigest { .. } => PullProblem::WrongDigest,
            Self::Expired { .. } => PullProblem::Expired,
            Self::RolledBack { .. } => PullProblem::RolledBack,
            Self::Malformed { .. } => PullProblem::Malformed,
            Self::TooNew(_) => PullProblem::TooNew,
            Self::ClockStepped => PullProblem::ClockStepped,
            Self::Root { .. } => PullProblem::Root,
            Self::Storage { source, .. } if is_disk_full(source.as_ref()) => PullProblem::DiskFull,
            Self::Storage { .. } | Self::Busy { .. } => PullProblem::Storage,
        }
    }

    /// Whether the trouble is on this terminal, not in the release or on the way to it.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        matches!(
            self,
            Self::BadGeneration { .. }
                | Self::Storage { .. }
                | Self::NoSpace { .. }
                | Self::Busy { .. }
                | Self::Root { .. }
                | Self::ClockStepped
        )
    }

    /// An error of the operating system on one of the terminal's own files.
    pub(super) fn storage(path: &Path, source: impl Into<Cause>) -> Self {
        Self::Storage {
            path: path.to_owned(),
            source: source.into(),
        }
    }

    /// A signed file that cannot be used.
    pub(super) fn malformed(what: impl Into<String>, source: impl Into<Cause>) -> Self {
        Self::Malformed {
            what: what.into(),
            source: source.into(),
        }
    }

    /// What tough found wrong with the release's metadata.
    pub(super) fn from_tuf(error: TufError) -> Self {
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
    pub(super) fn from_transport(error: TransportError, url: Url) -> Self {
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
    pub(super) fn from_fetch(error: FetchError, url: Url) -> Self {
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
    pub(super) fn from_snapshot(path: &Path, error: SnapshotError) -> Self {
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
    pub(super) fn from_delta(path: &Path, error: DeltaError) -> Self {
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
    pub(super) fn from_store(path: &Path, error: StoreError) -> Self {
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

/// Whether the disk is full, wherever in the chain of causes it is said.
fn is_disk_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && matches!(
                error.kind(),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
            )
        {
            return true;
        }
        if let Some(error) = error.downcast_ref::<rusqlite::Error>()
            && error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn file_name(url: &Url) -> String {
    url.path_segments()
        .and_then(|mut segments| segments.next_back())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_trouble_however_deep_it_is_said() {
        let full = PullError::storage(Path::new("/state"), io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.problem(), PullProblem::DiskFull);
        let deep = StoreError::Sqlite {
            path: "/state/records.db".into(),
            source: rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL),
                None,
            ),
        };
        let deep = PullError::from_store(Path::new("/state/records.db"), deep);
        assert_eq!(deep.problem(), PullProblem::DiskFull);
        let other = PullError::storage(
            Path::new("/state"),
            io::Error::from(io::ErrorKind::PermissionDenied),
        );
        assert_eq!(other.problem(), PullProblem::Storage);
    }
}
