//! Chinese input: a safe wrapper of librime, and the only `unsafe` of the workspace.
//!
//! [`prepare()`] compiles the dictionary once, when a terminal is installed or its words change. An
//! [`Engine`] opens what was prepared, without writing anything; a [`Session`] turns one visit's letters
//! into Chinese. Nothing is learnt from what residents type, in memory or on disk.
//!
//! ```no_run
//! # fn main() -> Result<(), rime::Error> {
//! let engine = rime::Engine::start("/var/lib/mingchuang/input")?;
//! let mut session = engine.session()?;
//! for letter in "shehuibaozhang".chars() {
//!     session.type_key(letter);
//! }
//! assert_eq!(session.state().candidates[0].text, "社会保障");
//! # Ok(())
//! # }
//! ```

mod ffi;
mod library;
mod prepare;
mod session;
mod words;

use std::path::PathBuf;

pub use prepare::{SHARED_DATA, prepare};
pub use session::{Candidate, Engine, Session, State};
pub use words::Word;

/// Why Chinese input is not available.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The installed librime lacks a function of version 1.8.
    #[error("librime is older than 1.8")]
    TooOld,
    /// librime lives once a process, with one folder.
    #[error("Chinese input already runs from {0}")]
    AlreadyStarted(PathBuf),
    /// A path cannot be handed to C.
    #[error("{0} holds a NUL byte")]
    Path(PathBuf),
    /// The folder was never prepared.
    #[error("{0} holds no prepared input data; `kiosk prepare-input` makes it")]
    NotPrepared(PathBuf),
    /// The packaged pinyin data is missing.
    #[error("{0} is missing; Debian package rime-data-pinyin-simp")]
    NoPinyinData(PathBuf),
    /// librime did not compile the dictionary; it says why on standard error.
    #[error("librime could not compile the input data in {0}")]
    Compile(PathBuf),
    /// librime gave no session.
    #[error("librime opened no session")]
    NoSession,
    /// Reading or writing the prepared folder failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
}

impl Error {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
