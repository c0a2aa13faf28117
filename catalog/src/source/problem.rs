//! What can be wrong with a source folder.

use std::fmt;
use std::path::PathBuf;

use super::Origin;

/// Why a folder could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The folder cannot be listed.
    #[error("cannot read the source folder {path}: {source}")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The folder holds none of the files of a source folder.
    #[error("{path} is no source folder: it holds neither catalog.json nor guides.json nor policies.json")]
    NotASource {
        /// The folder.
        path: PathBuf,
    },
}

/// Something that could not be read or resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the source folder.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The place within a JSON file, such as `[3].structured.fee.kind`.
    pub path: Option<String>,
    /// The id of the record, as far as it could be made out.
    pub record: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The file or the record does not have the documented form.
    #[error("{0}")]
    Malformed(String),
    /// The record belongs to an area that areas.json does not define.
    #[error("area {0:?} is not defined in areas.json")]
    UnknownArea(String),
    /// A key of another file is not defined there.
    #[error("{field} names {target:?}, which does not exist")]
    BrokenReference {
        /// The field that holds the reference.
        field: &'static str,
        /// What it names.
        target: String,
    },
    /// Another record has the same id.
    #[error("the id is already used in {first}")]
    DuplicateId {
        /// Where the other record stands.
        first: Origin,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(path) = &self.path {
            write!(f, " at {path}")?;
        }
        if let Some(record) = &self.record {
            write!(f, " ({record})")?;
        }
        write!(f, ": {}", self.kind)
    }
}
