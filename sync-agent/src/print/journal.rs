//! What became of every print. Of the resident it holds nothing.

use std::sync::Arc;

use catalog::clock::Clock;
use catalog::record::RecordId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as NameError;
use serde::{Deserialize, Serialize};
use terminal_api::interface::{Failure, Job, JobState};
use uuid::Uuid;

/// How long a line is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the print journal: {0}")]
pub struct JournalError(#[from] rusqlite::Error);

/// The table `print_journal` of the agent's own database.
///
/// A state is on the disk before what it announces happens: `sending` before the first byte leaves. So
/// whatever a power cut interrupts, the journal never promises less paper than there may be.
pub struct Journal {
    connection: Connection,
    clock: Arc<dyn Clock>,
}

impl Journal {
    /// Opens the journal in `connection`, whose commits must reach the disk. What was under way when the
    /// agent ended is settled: sent, at least in part, becomes uncertain; not sent becomes failed, and is
    /// not printed behind the resident's back.
    pub fn open(connection: Connection, clock: Arc<dyn Clock>) -> Result<Self, JournalError> {
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS print_journal (
                 id TEXT PRIMARY KEY,
                 records TEXT NOT NULL,
                 state TEXT NOT NULL,
                 reason TEXT,
                 created_at TEXT NOT NULL,
                 changed_at TEXT NOT NULL
             ) STRICT;",
        )?;
        let journal = Self { connection, clock };
        let now = journal.now();
        journal.connection.execute(
            "UPDATE print_journal SET state = 'uncertain', reason = 'interrupted', changed_at = ?1
             WHERE state IN ('sending', 'sent')",
            [&now],
        )?;
        journal.connection.execute(
            "UPDATE print_journal SET state = 'failed', reason = 'interrupted', changed_at = ?1
             WHERE state = 'queued'",
            [&now],
        )?;
        let oldest = journal
            .clock
            .now()
            .saturating_sub(KEPT)
            .map_or(Timestamp::MIN, |oldest| oldest);
        journal.connection.execute(
            "DELETE FROM print_journal WHERE created_at < ?1",
            [oldest.to_string()],
        )?;
        Ok(journal)
    }

    /// Enters a new job.
    pub fn queue(&self, records: &[RecordId]) -> Result<Job, JournalError> {
        let id = Uuid::now_v7().to_string();
        let records = serde_json::to_string(records).expect("ids are text");
        self.connection.execute(
            "INSERT INTO print_journal VALUES (?1, ?2, 'queued', NULL, ?3, ?3)",
            params![id, records, self.now()],
        )?;
        Ok(self.get(&id)?.expect("the row was just written"))
    }

    /// A job as it stands.
    pub fn get(&self, id: &str) -> Result<Option<Job>, JournalError> {
        let query = "SELECT id, state, reason, created_at FROM print_journal WHERE id = ?1";
        Ok(self.connection.query_row(query, [id], job).optional()?)
    }

    /// Moves a job on from one of `from`; `false` when it stands elsewhere, such as cancelled meanwhile.
    /// `reason` says why it failed or is uncertain.
    pub fn advance(
        &self,
        id: &str,
        from: &[JobState],
        to: JobState,
        reason: Option<&str>,
    ) -> Result<bool, JournalError> {
        let Some(job) = self.get(id)? else {
            return Ok(false);
        };
        let changed = self.connection.execute(
            "UPDATE print_journal SET state = ?3, reason = coalesce(?4, reason), changed_at = ?5
             WHERE id = ?1 AND state = ?2 AND ?6",
            params![
                id,
                name(job.state),
                name(to),
                reason,
                self.now(),
                from.contains(&job.state)
            ],
        )?;
        Ok(changed == 1)
    }

    fn now(&self) -> String {
        self.clock.now().to_string()
    }
}

/// The name of a state or failure, the same as on the wire.
pub(super) fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("states and failures are named: {other:?}"),
    }
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    fn named<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, NameError> {
        T::deserialize(text.into_deserializer())
    }
    let unreadable = |column: usize, what: String| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, what.into())
    };
    let state: String = row.get(1)?;
    let state: JobState = named(&state).map_err(|error| unreadable(1, error.to_string()))?;
    let reason: Option<String> = row.get(2)?;
    let failed = state == JobState::Failed;
    let failure: Option<Failure> = reason.filter(|_| failed).and_then(|reason| named(&reason).ok());
    let created: String = row.get(3)?;
    let created: Timestamp = created
        .parse()
        .map_err(|error: jiff::Error| unreadable(3, error.to_string()))?;
    let everything_left = matches!(
        state,
        JobState::Sent | JobState::Proven | JobState::CameOut | JobState::NothingCameOut
    );
    Ok(Job {
        id: row.get(0)?,
        state,
        failure,
        sent_percent: if everything_left { 100 } else { 0 },
        created_at: created.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::clock::FixedClock;
    use std::path::Path;

    fn at(path: &Path, time: &str) -> Journal {
        let clock = FixedClock(time.parse().unwrap());
        Journal::open(Connection::open(path).unwrap(), Arc::new(clock)).unwrap()
    }

    fn records() -> Vec<RecordId> {
        vec![RecordId::try_from("guide-006").unwrap()]
    }

    #[test]
    fn after_a_restart_nothing_is_printed_or_promised() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let journal = at(file.path(), "2026-11-22T08:00:00Z");
        let [queued, sending, sent, proven] = [
            &[][..],
            &[JobState::Sending],
            &[JobState::Sending, JobState::Sent],
            &[JobState::Sending, JobState::Sent, JobState::Proven],
        ]
        .map(|way| {
            let job = journal.queue(&records()).unwrap();
            let mut state = job.state;
            for next in way {
                assert!(journal.advance(&job.id, &[state], *next, None).unwrap());
                state = *next;
            }
            job.id
        });
        drop(journal);
        let journal = at(file.path(), "2026-11-22T09:00:00Z");
        let state = |id: &str| journal.get(id).unwrap().unwrap();
        assert_eq!(state(&queued).state, JobState::Failed);
        assert_eq!(state(&queued).failure, Some(Failure::Interrupted));
        assert_eq!(state(&sending).state, JobState::Uncertain);
        assert_eq!(state(&sent).state, JobState::Uncertain);
        assert_eq!(state(&proven).state, JobState::Proven);
    }

    #[test]
    fn a_job_moves_only_from_where_it_is_said_to_stand() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let journal = at(file.path(), "2026-11-22T08:00:00Z");
        let id = journal.queue(&records()).unwrap().id;
        assert!(
            journal
                .advance(&id, &[JobState::Queued], JobState::Cancelled, None)
                .unwrap()
        );
        assert!(
            !journal
                .advance(&id, &[JobState::Queued], JobState::Sending, None)
                .unwrap()
        );
        assert!(
            !journal
                .advance("no-such-job", &[JobState::Queued], JobState::Sending, None)
                .unwrap()
        );
        assert_eq!(journal.get(&id).unwrap().unwrap().state, JobState::Cancelled);
    }

    #[test]
    fn old_lines_are_dropped() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let id = at(file.path(), "2026-06-01T08:00:00Z")
            .queue(&records())
            .unwrap()
            .id;
        assert!(
            at(file.path(), "2026-08-01T08:00:00Z")
                .get(&id)
                .unwrap()
                .is_some()
        );
        assert!(
            at(file.path(), "2026-11-22T08:00:00Z")
                .get(&id)
                .unwrap()
                .is_none()
        );
    }
}
