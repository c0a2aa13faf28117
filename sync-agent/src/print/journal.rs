//! What became of every print. Of the resident it holds nothing; what is to be printed it holds only until
//! the first byte is sent.

use std::sync::Arc;

use catalog::clock::Clock;
use catalog::power::{Moment, point};
use hardware::printer::Roll;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as NameError;
use serde::{Deserialize, Serialize};
use terminal_api::interface::{Failure, Job, JobState, Print};
use uuid::Uuid;

use super::roll;

/// How long a waiting print survives the agent: so long a resident stands there and wonders.
const FRESH: SignedDuration = SignedDuration::from_mins(2);

/// What is to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// A resident's slip.
    Slip(Print),
    /// The page that shows what the printer can do.
    TestPage,
}

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
    boot: Boot,
}

/// Which start of the machine this is. A clock that is set, or that starts wrong, makes two minutes of any time; nobody
/// waits before a terminal that starts anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot(String);

impl Boot {
    /// The one that the kernel names. Where it names none, all count as the same.
    #[must_use]
    pub fn of_kernel() -> Self {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        Self(id.unwrap_or_default().trim().to_owned())
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// Why a job is uncertain that was being sent when the agent ended: the printer may wait for the rest. Where more is
/// known, it follows behind a colon.
const CUT_SHORT: &str = "cut_short";
/// The same of a job that was sent as a whole.
const INTERRUPTED: &str = "interrupted";

impl Journal {
    /// Opens the journal in `connection`, whose commits must reach the disk. What was under way when the
    /// agent ended is settled: sent, at least in part, becomes uncertain. What was waiting still
    /// [waits](Self::waiting) when it is fresh and of the same `boot`; otherwise it becomes failed, and is not printed
    /// behind the back of a resident who has left.
    pub fn open(connection: Connection, clock: Arc<dyn Clock>, boot: Boot) -> Result<Self, JournalError> {
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
        for column in ["request", "boot"] {
            add_column(&connection, column)?;
        }
        roll::prepare(&connection)?;
        let mut journal = Self {
            connection,
            clock,
            boot,
        };
        journal.settle()?;
        Ok(journal)
    }

    fn settle(&mut self) -> Result<(), JournalError> {
        let now = self.now();
        let (freshest, oldest) = (self.earlier(FRESH), self.earlier(KEPT));
        point("settle prints", Moment::Before);
        let transaction = self.connection.transaction()?;
        for (under_way, reason) in [("sending", CUT_SHORT), ("sent", INTERRUPTED)] {
            transaction.execute(
                "UPDATE print_journal SET state = 'uncertain', reason = ?3, changed_at = ?1 WHERE state = ?2",
                [now.as_str(), under_way, reason],
            )?;
        }
        point("settle prints", Moment::During);
        transaction.execute(
            "UPDATE print_journal SET state = 'failed', reason = 'interrupted', changed_at = ?1, request = NULL
             WHERE state = 'queued'
                 AND (request IS NULL OR created_at < ?2 OR created_at > ?1 OR boot IS NOT ?3)",
            [&now, &freshest, &self.boot.0],
        )?;
        transaction.execute("DELETE FROM print_journal WHERE created_at < ?1", [oldest])?;
        transaction.commit()?;
        point("settle prints", Moment::After);
        Ok(())
    }

    /// Whether the last job of which bytes left was cut short, and the printer may wait for the rest.
    pub fn was_cut_short(&self) -> Result<bool, JournalError> {
        let query =
            "SELECT ifnull(reason, '') GLOB ?1 FROM print_journal WHERE state NOT IN ('queued', 'failed', 'cancelled')
                     ORDER BY changed_at DESC, id DESC LIMIT 1";
        let newest = self
            .connection
            .query_row(query, [cut_short_of_any_cause()], |row| row.get(0));
        Ok(newest.optional()?.unwrap_or(false))
    }

    /// The printer does not wait for the rest of a job any more.
    pub fn end_what_was_cut_short(&self) -> Result<(), JournalError> {
        // What is left is the cause, where one is known.
        let query = "UPDATE print_journal SET reason = ifnull(nullif(substr(reason, length(?3) + 1), ''), ?2) WHERE reason GLOB ?1";
        let pattern = cut_short_of_any_cause();
        self.connection
            .execute(query, [pattern.as_str(), INTERRUPTED, &cut_short_by("")])?;
        Ok(())
    }

    /// What waits to be printed, oldest first.
    pub fn waiting(&self) -> Result<Vec<(String, Work)>, JournalError> {
        let query = "SELECT id, request FROM print_journal
                     WHERE state = 'queued' AND request IS NOT NULL ORDER BY created_at, id";
        let mut statement = self.connection.prepare(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        let mut waiting = Vec::new();
        for row in rows {
            let (id, request) = row?;
            match serde_json::from_str(&request) {
                Ok(work) => waiting.push((id, work)),
                Err(error) => tracing::warn!(job = id, %error, "a waiting print cannot be read"),
            }
        }
        Ok(waiting)
    }

    /// The roll in the printer.
    pub fn roll(&self) -> Result<Option<Roll>, JournalError> {
        Ok(roll::get(&self.connection)?)
    }

    /// Keeps what is left of the roll.
    pub fn keep_roll(&self, roll: Roll) -> Result<(), JournalError> {
        point("count paper", Moment::Before);
        roll::keep(&self.connection, roll)?;
        point("count paper", Moment::After);
        Ok(())
    }

    /// Enters a new job.
    pub fn queue(&self, work: &Work) -> Result<Job, JournalError> {
        let id = Uuid::now_v7().to_string();
        let records = match work {
            Work::Slip(print) => print.records.as_slice(),
            Work::TestPage => &[],
        };
        let records = serde_json::to_string(records).expect("ids are text");
        let request = serde_json::to_string(work).expect("a request is text and numbers");
        point("queue print", Moment::Before);
        self.connection.execute(
            "INSERT INTO print_journal (id, records, state, reason, created_at, changed_at, request, boot)
             VALUES (?1, ?2, 'queued', NULL, ?3, ?3, ?4, ?5)",
            params![id, records, self.now(), request, self.boot.0],
        )?;
        point("queue print", Moment::After);
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
        let step = format!("print {}", name(to));
        point(&step, Moment::Before);
        let changed = self.connection.execute(
            "UPDATE print_journal SET state = ?3, reason = coalesce(?4, reason), changed_at = ?5, request = NULL
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
        point(&step, Moment::After);
        Ok(changed == 1)
    }

    fn now(&self) -> String {
        self.clock.now().to_string()
    }

    fn earlier(&self, by: SignedDuration) -> String {
        let earlier = self.clock.now().saturating_sub(by);
        earlier.map_or(Timestamp::MIN, |earlier| earlier).to_string()
    }
}

/// Why a job is uncertain that was cut short, by what.
pub(super) fn cut_short_by(cause: &str) -> String {
    format!("{CUT_SHORT}:{cause}")
}

fn cut_short_of_any_cause() -> String {
    format!("{CUT_SHORT}*")
}

/// A column of text that earlier versions did not have.
fn add_column(connection: &Connection, name: &str) -> Result<(), rusqlite::Error> {
    let has_it = connection
        .prepare("SELECT 1 FROM pragma_table_info('print_journal') WHERE name = ?1")?
        .exists([name])?;
    if !has_it {
        connection.execute(&format!("ALTER TABLE print_journal ADD COLUMN {name} TEXT"), [])?;
    }
    Ok(())
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
mod tests;
