//! `STATE/outbox.db`: envelopes on their way, sealed; counters; nothing else.

use std::path::{Path, PathBuf};

use catalog::power::{Moment, point};
use catalog::submission::mailbox::MailboxId;
use catalog::submission::{Kind, SubmissionId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::agent_db::Memory;

/// The file's name inside the state folder.
const FILE_NAME: &str = "outbox.db";
/// How many envelopes may lie in the outbox.
const MOST_ENVELOPES: i64 = 20_000;
/// How many bytes they may have together.
const MOST_BYTES: i64 = 512 << 20;
/// How long it is remembered that an envelope was delivered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 90);

/// What the outbox consists of, besides the counters.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS envelope (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        mailbox TEXT,
        sha256 BLOB,
        length INTEGER NOT NULL,
        accepted_at INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        answer INTEGER
    ) STRICT;
    CREATE INDEX IF NOT EXISTS envelope_by_state ON envelope (state, tries, accepted_at);
    CREATE INDEX IF NOT EXISTS envelope_by_mailbox ON envelope (mailbox);
    CREATE TABLE IF NOT EXISTS chunk (
        id TEXT NOT NULL,
        number INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (id, number)
    ) STRICT;";

/// Why the outbox did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// SQLite refused; a full disk, most likely.
    #[error("outbox {path}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// It is full.
    #[error("the outbox is full")]
    Full,
    /// It holds something that nothing here wrote.
    #[error("outbox: {0}")]
    Content(String),
    /// The work was begun and not done: it panicked, or the agent ends.
    #[error("outbox: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// Where an envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A file of a form that is still open.
    Draft,
    /// Accepted, and to be sent.
    Waiting,
    /// The hub refused it; it is never deleted by itself.
    Held,
    /// The hub has it; its bytes are deleted.
    Done,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Done => "done",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Draft, Self::Waiting, Self::Held, Self::Done]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

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

/// How an envelope was accepted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// Where it stands.
    pub state: State,
    /// When it was accepted.
    pub accepted_at: Timestamp,
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

/// The outbox.
#[derive(Debug)]
pub struct Outbox {
    connection: Connection,
    path: PathBuf,
}

impl Outbox {
    /// Opens the outbox in the folder `state`, for the agent. What was committed is on the disk: a power cut
    /// takes nothing back. Drafts of forms that are no longer open are deleted.
    pub fn open(state: &Path, now: Timestamp) -> Result<Self, OutboxError> {
        Self::open_in(Memory::OnDisk, state, now)
    }

    /// As [`Self::open`], there or in the process.
    pub fn open_in(memory: Memory, state: &Path, now: Timestamp) -> Result<Self, OutboxError> {
        let mut outbox = Self::connect(memory, state)?;
        let tidy = |connection: &mut Connection| {
            point("tidy outbox", Moment::Before);
            let transaction = connection.transaction()?;
            transaction.execute_batch(
                "DELETE FROM chunk WHERE id IN (SELECT id FROM envelope WHERE state = 'draft');
                 DELETE FROM envelope WHERE state = 'draft';",
            )?;
            point("tidy outbox", Moment::During);
            transaction.execute(
                "DELETE FROM envelope WHERE state = 'done' AND accepted_at < ?1",
                [(now - REMEMBERED).as_millisecond()],
            )?;
            transaction.commit()?;
            point("tidy outbox", Moment::After);
            Ok(())
        };
        match tidy(&mut outbox.connection) {
            Ok(()) => Ok(outbox),
            Err(error) => Err(outbox.failed(error)),
        }
    }

    /// Opens the outbox beside an agent that may be using it.
    pub fn open_beside(state: &Path) -> Result<Self, OutboxError> {
        Self::connect(Memory::OnDisk, state)
    }

    fn connect(memory: Memory, state: &Path) -> Result<Self, OutboxError> {
        let path = state.join(FILE_NAME);
        let connect = || {
            let connection = memory.connect(&path)?;
            connection.execute_batch(TABLES)?;
            super::usage::prepare(&connection)?;
            Ok(connection)
        };
        match connect() {
            Ok(connection) => Ok(Self { connection, path }),
            Err(source) => Err(OutboxError::Database { path, source }),
        }
    }

    /// The database, for the counters that live beside the envelopes.
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// SQLite's word with the file's name.
    pub(super) fn failed(&self, source: rusqlite::Error) -> OutboxError {
        OutboxError::Database {
            path: self.path.clone(),
            source,
        }
    }

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

    /// How an envelope stands, if it was ever accepted here.
    pub fn find(&self, id: SubmissionId) -> Result<Option<Delivered>, OutboxError> {
        let query = "SELECT state, accepted_at FROM envelope WHERE id = ?1 AND state <> 'draft'";
        self.one(query, &id.to_string())
    }

    /// How the submission with this mailbox stands.
    pub fn by_mailbox(&self, mailbox: MailboxId) -> Result<Option<Delivered>, OutboxError> {
        let query = "SELECT state, accepted_at FROM envelope WHERE mailbox = ?1";
        self.one(query, &mailbox.to_string())
    }

    fn one(&self, query: &str, key: &str) -> Result<Option<Delivered>, OutboxError> {
        let row = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
        let found = self
            .connection
            .query_row(query, [key], row)
            .optional()
            .map_err(|error| self.failed(error))?;
        let delivered = |(state, millis): (String, i64)| {
            Ok(Delivered {
                state: State::from_name(&state)
                    .ok_or_else(|| OutboxError::Content(format!("state {state:?}")))?,
                accepted_at: time(millis)?,
            })
        };
        found.map(delivered).transpose()
    }

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

fn time(millis: i64) -> Result<Timestamp, OutboxError> {
    Timestamp::from_millisecond(millis).map_err(|error| OutboxError::Content(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-26T08:00:00Z".parse().unwrap()
    }

    fn outbox() -> (tempfile::TempDir, Outbox) {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(folder.path(), now()).unwrap();
        (folder, outbox)
    }

    fn piece(id: SubmissionId) -> Piece<'static> {
        Piece {
            id,
            kind: Kind::Suggestion,
            mailbox: None,
            bytes: b"sealed",
            sha256: [1; 32],
        }
    }

    #[test]
    fn what_was_accepted_is_there_after_a_restart_and_its_first_form_counts() {
        let (folder, mut outbox) = outbox();
        let id = SubmissionId::new();
        outbox.accept(&piece(id), &[], now()).unwrap();
        let other = Piece {
            bytes: b"other",
            ..piece(id)
        };
        let again = outbox
            .accept(&other, &[], now() + SignedDuration::from_hours(1))
            .unwrap();
        assert_eq!(again.accepted_at, now());
        drop(outbox);
        let outbox = Outbox::open(folder.path(), now()).unwrap();
        assert_eq!(outbox.next().unwrap().unwrap().id, id);
        assert_eq!(outbox.chunk(id, 0).unwrap().unwrap(), b"sealed");
        assert_eq!(outbox.chunk(id, 1).unwrap(), None);
    }

    #[test]
    fn files_wait_with_their_submission_or_not_at_all() {
        let (folder, mut outbox) = outbox();
        let (file, lost) = (SubmissionId::new(), SubmissionId::new());
        outbox.draft(file, 0, b"a", now()).unwrap();
        outbox.draft(file, 1, b"b", now()).unwrap();
        let missing = outbox.accept(
            &piece(SubmissionId::new()),
            &[(file, [2; 32]), (lost, [3; 32])],
            now(),
        );
        assert!(matches!(missing, Err(OutboxError::Content(_))));
        assert_eq!(outbox.next().unwrap(), None);
        outbox
            .accept(&piece(SubmissionId::new()), &[(file, [2; 32])], now())
            .unwrap();
        assert_eq!(outbox.summary().unwrap().waiting, 2);
        assert_eq!(outbox.chunk(file, 1).unwrap().unwrap(), b"b");

        let open = SubmissionId::new();
        outbox.draft(open, 0, b"c", now()).unwrap();
        drop(outbox);
        let outbox = Outbox::open(folder.path(), now()).unwrap();
        assert_eq!(outbox.chunk(open, 0).unwrap(), None);
        assert_eq!(outbox.summary().unwrap().waiting, 2);
    }

    #[test]
    fn a_refused_envelope_is_kept_and_does_not_hold_up_the_others() {
        let (_folder, mut outbox) = outbox();
        let (first, second) = (SubmissionId::new(), SubmissionId::new());
        outbox.accept(&piece(first), &[], now()).unwrap();
        outbox.accept(&piece(second), &[], now()).unwrap();
        outbox.tried(first).unwrap();
        assert_eq!(outbox.next().unwrap().unwrap().id, second);
        outbox.hold(first, 409).unwrap();
        outbox.delivered(second).unwrap();
        assert_eq!(outbox.next().unwrap(), None);
        let summary = outbox.summary().unwrap();
        assert_eq!((summary.waiting, summary.held, summary.oldest_at), (0, 1, None));
        assert_eq!(outbox.chunk(first, 0).unwrap().unwrap(), b"sealed");
        assert_eq!(outbox.chunk(second, 0).unwrap(), None);
        assert_eq!(outbox.find(second).unwrap().unwrap().state, State::Done);
        assert_eq!(outbox.release().unwrap(), 1);
        assert_eq!(outbox.next().unwrap().unwrap().id, first);
    }
}
