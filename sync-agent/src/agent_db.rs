//! `STATE/agent.db`: what the agent must not forget. It is never swapped with the content.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

/// The file's name inside the state folder.
pub const FILE_NAME: &str = "agent.db";

/// Where the agent's databases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// In files of the state folder: a power cut takes nothing back that was committed.
    #[default]
    OnDisk,
    /// Nowhere but in the process, and gone with it. For thousands of agents in one process, which may not hold so many
    /// files open; never on a terminal.
    InProcess,
}

/// Why the agent's own database cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("agent database {path}: {source}")]
pub struct AgentDbError {
    /// The file.
    pub path: PathBuf,
    /// What SQLite said.
    pub source: rusqlite::Error,
}

/// Opens the database in the folder `state`; each concern keeps its own tables in it.
///
/// What was committed is on the disk: a power cut takes nothing back.
pub fn open(state: &Path) -> Result<Connection, AgentDbError> {
    Memory::OnDisk.open(state)
}

impl Memory {
    /// As [`open`]; in a process, each concern has a database of its own.
    pub fn open(self, state: &Path) -> Result<Connection, AgentDbError> {
        let path = state.join(FILE_NAME);
        self.connect(&path)
            .map_err(|source| AgentDbError { path, source })
    }

    /// Opens the database in the file `path`, or in its stead.
    pub(crate) fn connect(self, path: &Path) -> rusqlite::Result<Connection> {
        match self {
            Self::OnDisk => durable(path),
            Self::InProcess => Connection::open_in_memory(),
        }
    }
}

/// Opens the database in the file `path` so that a commit is on the disk when it returns.
fn durable(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}
