//! `STATE/outbox.db`: envelopes on their way, sealed; counters; nothing else.

mod intake;
mod sending;

use std::path::{Path, PathBuf};

use catalog::power::{Moment, point};
use catalog::submission::SubmissionId;
use catalog::submission::mailbox::MailboxId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row};

pub use self::intake::Piece;
pub use self::sending::{Due, Summary};
use crate::agent_db::Memory;

/// The file's name inside the state folder.
const FILE_NAME: &str = "outbox.db";
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

/// How an envelope was accepted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// Where it stands.
    pub state: State,
    /// When it was accepted.
    pub accepted_at: Timestamp,
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
            crate::outbox::usage::prepare(&connection)?;
            Ok(connection)
        };
        match connect() {
            Ok(connection) => Ok(Self { connection, path }),
            Err(source) => Err(OutboxError::Database { path, source }),
        }
    }

    /// The database, for the counters that live beside the envelopes.
    pub(in crate::outbox) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// SQLite's word with the file's name.
    pub(in crate::outbox) fn failed(&self, source: rusqlite::Error) -> OutboxError {
        OutboxError::Database {
            path: self.path.clone(),
            source,
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
}

fn time(millis: i64) -> Result<Timestamp, OutboxError> {
    Timestamp::from_millisecond(millis).map_err(|error| OutboxError::Content(error.to_string()))
}

#[cfg(test)]
mod tests;
