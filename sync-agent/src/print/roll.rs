//! The paper that was used, kept over restarts: one row of the agent's own database.

use hardware::printer::Roll;
use rusqlite::{Connection, OptionalExtension as _, Result};

pub(super) fn prepare(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS paper_roll (
             id INTEGER PRIMARY KEY CHECK (id = 1),
             length_mm INTEGER NOT NULL,
             used_mm INTEGER NOT NULL
         ) STRICT;",
    )
}

pub(super) fn get(connection: &Connection) -> Result<Option<Roll>> {
    let query = "SELECT length_mm, used_mm FROM paper_roll";
    connection
        .query_row(query, [], |row| {
            Ok(Roll {
                length: row.get(0)?,
                used: row.get(1)?,
            })
        })
        .optional()
}

pub(super) fn keep(connection: &Connection, roll: Roll) -> Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO paper_roll VALUES (1, ?1, ?2)",
        [roll.length, roll.used],
    )?;
    Ok(())
}
