//! Numbers out of the databases of an agent that may be using them.

#![allow(dead_code, reason = "every test file uses its own part of this")]

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use terminal_api::client::CallError;

use crate::terminal::{Terminal, until};

/// A number out of a database; `None` while there is none.
pub(crate) fn number(database: &Path, sql: &str) -> Option<i64> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).ok()?;
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).ok()
}

/// Waits until a number out of a database in the state folder is what it should be; an error when the agent is gone.
pub(crate) async fn until_number(
    terminal: &mut Terminal,
    database: &str,
    sql: &str,
    wanted: i64,
) -> Result<(), CallError> {
    let path = terminal.state().join(database);
    until(sql, async || {
        if number(&path, sql) == Some(wanted) {
            return Some(true);
        }
        terminal.has_ended().then_some(false)
    })
    .await;
    // Who is gone answers nobody.
    terminal.try_call().await.map(drop)
}
