//! `STATE/agent.db`: what the agent must not forget. It is never swapped with the content.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use url::Url;

/// The file's name inside the state folder.
pub const FILE_NAME: &str = "agent.db";

/// Where the agent's databases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// In files of the state folder: a power cut takes nothing back that was committed.
    #[default]
    OnDisk,
    /// Nowhere but in the process, by the same names, and gone with the last who has it open. For thousands of agents in one process, which may not hold so many
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
    /// As [`open`].
    pub fn open(self, state: &Path) -> Result<Connection, AgentDbError> {
        let path = state.join(FILE_NAME);
        self.connect(&path)
            .map_err(|source| AgentDbError { path, source })
    }

    /// Opens the database in the file `path`, or in its stead.
    pub(crate) fn connect(self, path: &Path) -> rusqlite::Result<Connection> {
        match self {
            Self::OnDisk => durable(path),
            Self::InProcess => in_process(path),
        }
    }
}

/// Opens what every connection of the process to this absolute path has in common. No file is made.
fn in_process(path: &Path) -> rusqlite::Result<Connection> {
    let mut name = Url::from_file_path(path).map_err(|()| rusqlite::Error::InvalidPath(path.to_owned()))?;
    name.set_query(Some("vfs=memdb"));
    let connection = Connection::open(name.as_str())?;
    connection.busy_timeout(Duration::from_secs(10))?;
    Ok(connection)
}

/// Opens the database in the file `path` so that a commit is on the disk when it returns.
fn durable(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_in_the_process_is_shared_by_its_name_and_makes_no_file() {
        let (state, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Memory::InProcess.open(state.path()).unwrap();
        first
            .execute_batch("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (7)")
            .unwrap();
        let second = Memory::InProcess.open(state.path()).unwrap();
        let read =
            |connection: &Connection| connection.query_row("SELECT n FROM t", [], |row| row.get::<_, i64>(0));
        assert_eq!(read(&second).unwrap(), 7);
        assert!(read(&Memory::InProcess.open(other.path()).unwrap()).is_err());
        assert_eq!(std::fs::read_dir(state.path()).unwrap().count(), 0);
    }
}
