//! `STATE/agent.db`: what the agent must not forget. It is never swapped with the content.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

/// The file's name inside the state folder.
pub const FILE_NAME: &str = "agent.db";

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
    let path = state.join(FILE_NAME);
    durable(&path).map_err(|source| AgentDbError {
        path: path.clone(),
        source,
    })
}

/// Opens the database in the file `path` so that a commit is on the disk when it returns.
pub(crate) fn durable(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}
