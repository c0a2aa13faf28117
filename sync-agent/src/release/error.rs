//! Why a pull brought nothing.

mod causes;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog::release::ManifestError;
use terminal_api::interface::PullProblem;
use url::Url;

use super::Role;

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

#[cfg(test)]
mod tests {
    use catalog::store::StoreError;

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
