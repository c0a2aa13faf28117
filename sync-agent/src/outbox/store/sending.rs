//! Sending: what is next, and what came of it.

use catalog::power::{Moment, point};
use catalog::submission::{Kind, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Outbox, OutboxError, time};

/// A whole envelope that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub id: SubmissionId,
    /// What sort of thing it is.
    pub kind: Kind,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub length: u64,
}

/// What lies in the outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many envelopes wait.
    pub waiting: u64,
    /// How many the hub refused.
    pub held: u64,
    /// Since when the oldest waits.
    pub oldest_at: Option<Timestamp>,
}

impl Outbox {
    /// The envelope to send next: the one that was tried least, and of those the oldest.
    pub fn next(&self) -> Result<Option<Due>, OutboxError> {
        let query = "SELECT id, kind, sha256, length FROM envelope WHERE state = 'waiting'
                     ORDER BY tries, accepted_at, id LIMIT 1";
        let row = |row: &Row<'_>| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, [u8; 32]>(2)?,
                row.get::<_, i64>(3)?,
            ))
        };
        let found = self
            .connection
            .query_row(query, [], row)
            .optional()
            .map_err(|error| self.failed(error))?;
        let due = |(id, kind, sha256, length): (String, String, [u8; 32], i64)| {
            let content = |error: catalog::submission::InvalidId| OutboxError::Content(error.to_string());
            Ok(Due {
                id: id.parse().map_err(content)?,
                kind: kind.parse().map_err(content)?,
                sha256,
                length: length.unsigned_abs(),
            })
        };
        found.map(due).transpose()
    }

    /// A part of an envelope, counted from 0; `None` behind the last one.
    pub fn chunk(&self, id: SubmissionId, number: u32) -> Result<Option<Vec<u8>>, OutboxError> {
        let query = "SELECT bytes FROM chunk WHERE id = ?1 AND number = ?2";
        self.connection
            .query_row(query, params![id.to_string(), number], |row| row.get(0))
            .optional()
            .map_err(|error| self.failed(error))
    }

    /// Notes an attempt that failed, so that others come first.
    pub fn tried(&self, id: SubmissionId) -> Result<(), OutboxError> {
        point("note attempt", Moment::Before);
        self.change("UPDATE envelope SET tries = tries + 1 WHERE id = ?1", id)?;
        point("note attempt", Moment::After);
        Ok(())
    }

    /// The hub has it, by its signed receipt: its bytes are deleted.
    pub fn delivered(&mut self, id: SubmissionId) -> Result<(), OutboxError> {
        let id = id.to_string();
        let write = |connection: &mut Connection| {
            point("note receipt", Moment::Before);
            let transaction = connection.transaction()?;
            transaction.execute("UPDATE envelope SET state = 'done' WHERE id = ?1", [&id])?;
            transaction.execute("DELETE FROM chunk WHERE id = ?1", [&id])?;
            point("note receipt", Moment::During);
            transaction.commit()?;
            point("note receipt", Moment::After);
            Ok(())
        };
        write(&mut self.connection).map_err(|error| self.failed(error))
    }

    /// The hub refused it, with this status.
    pub fn hold(&self, id: SubmissionId, answer: u16) -> Result<(), OutboxError> {
        point("hold", Moment::Before);
        self.connection
            .execute(
                "UPDATE envelope SET state = 'held', answer = ?2 WHERE id = ?1 AND state = 'waiting'",
                params![id.to_string(), answer],
            )
            .map_err(|error| self.failed(error))?;
        point("hold", Moment::After);
        Ok(())
    }

    /// Lets everything that was refused be sent again; how many that is.
    pub fn release(&self) -> Result<usize, OutboxError> {
        point("let go", Moment::Before);
        let released = self
            .connection
            .execute(
                "UPDATE envelope SET state = 'waiting', answer = NULL, tries = 0 WHERE state = 'held'",
                [],
            )
            .map_err(|error| self.failed(error))?;
        point("let go", Moment::After);
        Ok(released)
    }

    /// What lies in the outbox.
    pub fn summary(&self) -> Result<Summary, OutboxError> {
        let query =
            "SELECT COUNT(*) FILTER (WHERE state = 'waiting'), COUNT(*) FILTER (WHERE state = 'held'),
                            MIN(accepted_at) FILTER (WHERE state = 'waiting')
                     FROM envelope WHERE state IN ('waiting', 'held')";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<i64>>(2)?));
        let (waiting, held, oldest): (i64, i64, Option<i64>) = self
            .connection
            .query_row(query, [], row)
            .map_err(|error| self.failed(error))?;
        Ok(Summary {
            waiting: waiting.unsigned_abs(),
            held: held.unsigned_abs(),
            oldest_at: oldest.map(time).transpose()?,
        })
    }

    fn change(&self, sql: &str, id: SubmissionId) -> Result<(), OutboxError> {
        self.connection
            .execute(sql, [id.to_string()])
            .map(drop)
            .map_err(|error| self.failed(error))
    }
}
