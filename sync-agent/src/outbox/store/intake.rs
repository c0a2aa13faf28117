//! Taking in: drafts of files, and what residents hand in with them.

use catalog::power::{Moment, point};
use catalog::submission::mailbox::MailboxId;
use catalog::submission::{Kind, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{Delivered, Outbox, OutboxError, State, time};

/// How many envelopes may lie in the outbox.
const MOST_ENVELOPES: i64 = 20_000;
/// How many bytes they may have together.
const MOST_BYTES: i64 = 512 << 20;

/// An envelope as it is put into the outbox.
#[derive(Debug)]
pub struct Piece<'a> {
    /// Its name.
    pub id: SubmissionId,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its mailbox.
    pub mailbox: Option<MailboxId>,
    /// The sealed bytes.
    pub bytes: &'a [u8],
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

impl Outbox {
    /// Adds sealed bytes to a draft.
    pub fn draft(
        &mut self,
        id: SubmissionId,
        number: u32,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        self.room_for(bytes.len())?;
        let id = id.to_string();
        let write = |connection: &mut Connection| {
            point("add to draft", Moment::Before);
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO envelope (id, kind, state, length, accepted_at)
                 VALUES (?1, ?2, 'draft', ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET length = length + excluded.length",
                params![
                    id,
                    Kind::Attachment.name(),
                    bytes.len() as i64,
                    now.as_millisecond()
                ],
            )?;
            transaction.execute(
                "INSERT INTO chunk (id, number, bytes) VALUES (?1, ?2, ?3)",
                params![id, number, bytes],
            )?;
            point("add to draft", Moment::During);
            transaction.commit()?;
            point("add to draft", Moment::After);
            Ok(())
        };
        write(&mut self.connection).map_err(|error| self.failed(error))
    }

    /// Throws drafts away.
    pub fn discard(&mut self, drafts: &[SubmissionId]) -> Result<(), OutboxError> {
        let delete = |connection: &mut Connection| {
            point("throw drafts away", Moment::Before);
            let transaction = connection.transaction()?;
            for id in drafts {
                let gone = transaction.execute(
                    "DELETE FROM envelope WHERE id = ?1 AND state = 'draft'",
                    [id.to_string()],
                )?;
                if gone > 0 {
                    transaction.execute("DELETE FROM chunk WHERE id = ?1", [id.to_string()])?;
                }
            }
            point("throw drafts away", Moment::During);
            transaction.commit()?;
            point("throw drafts away", Moment::After);
            Ok(())
        };
        delete(&mut self.connection).map_err(|error| self.failed(error))
    }

    /// Takes an envelope in, and the drafts that go with it, all at once. When this returns it is on the
    /// disk. What was accepted before stays as it was: the first one counts.
    pub fn accept(
        &mut self,
        piece: &Piece<'_>,
        files: &[(SubmissionId, [u8; 32])],
        now: Timestamp,
    ) -> Result<Delivered, OutboxError> {
        if let Some(before) = self.find(piece.id)? {
            return Ok(before);
        }
        self.room_for(piece.bytes.len())?;
        let id = piece.id.to_string();
        let write = |connection: &mut Connection| {
            point("accept", Moment::Before);
            let transaction = connection.transaction()?;
            for (file, sha256) in files {
                let changed = transaction.execute(
                    "UPDATE envelope SET state = 'waiting', sha256 = ?2 WHERE id = ?1 AND state = 'draft'",
                    params![file.to_string(), sha256],
                )?;
                if changed != 1 {
                    return Ok(false);
                }
            }
            transaction.execute(
                "INSERT INTO envelope (id, kind, state, mailbox, sha256, length, accepted_at)
                 VALUES (?1, ?2, 'waiting', ?3, ?4, ?5, ?6)",
                params![
                    id,
                    piece.kind.name(),
                    piece.mailbox.map(|mailbox| mailbox.to_string()),
                    piece.sha256,
                    piece.bytes.len() as i64,
                    now.as_millisecond()
                ],
            )?;
            transaction.execute(
                "INSERT INTO chunk (id, number, bytes) VALUES (?1, 0, ?2)",
                params![id, piece.bytes],
            )?;
            point("accept", Moment::During);
            transaction.commit()?;
            point("accept", Moment::After);
            Ok(true)
        };
        match write(&mut self.connection) {
            // As it will be read again.
            Ok(true) => Ok(Delivered {
                state: State::Waiting,
                accepted_at: time(now.as_millisecond())?,
            }),
            Ok(false) => Err(OutboxError::Content("a file vanished from the outbox".to_owned())),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Whether so many bytes still fit.
    fn room_for(&self, length: usize) -> Result<(), OutboxError> {
        let query = "SELECT COUNT(*), COALESCE(SUM(length), 0) FROM envelope WHERE state <> 'done'";
        let (count, bytes): (i64, i64) = self
            .connection
            .query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(|error| self.failed(error))?;
        if count >= MOST_ENVELOPES || bytes + length as i64 > MOST_BYTES {
            return Err(OutboxError::Full);
        }
        Ok(())
    }
}
