//! What the agent remembers of generations: the one on trial, those that are bad, and what the hub has yet to be told.

use std::collections::BTreeSet;
use std::path::Path;

use catalog::power::{Moment, point};
use catalog::submission::{GenerationOutcome, GenerationReport};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Trial;
use crate::agent_db::Memory;
use crate::release::PullError;

/// Of how many generations the hub is still told; a terminal that has no hub keeps no more.
const MOST_UNTOLD: i64 = 50;

/// What the agent remembers of generations, in its database.
#[derive(Debug)]
pub struct Generations {
    connection: Connection,
}

impl Generations {
    /// Opens the memory in the state folder.
    pub fn open(state: &Path) -> Result<Self, PullError> {
        Self::open_in(Memory::OnDisk, state)
    }

    /// Opens the memory there or in the process.
    pub fn open_in(memory: Memory, state: &Path) -> Result<Self, PullError> {
        let connection = memory.open(state)?;
        let memory = Self { connection };
        memory
            .connection
            .execute_batch(
                "CREATE TABLE IF NOT EXISTS trial (
                     one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL, starts INTEGER NOT NULL
                 );
                 CREATE TABLE IF NOT EXISTS bad_generation (generation INTEGER PRIMARY KEY, reason TEXT NOT NULL);
                 CREATE TABLE IF NOT EXISTS untold_generation (
                     generation INTEGER PRIMARY KEY, outcome TEXT NOT NULL, found_at TEXT NOT NULL
                 );
                 CREATE TABLE IF NOT EXISTS ring_id (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL);",
            )
            .map_err(|error| memory.failed(error))?;
        Ok(memory)
    }

    /// The generation on trial.
    pub fn trial(&self) -> Result<Option<Trial>, PullError> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Trial {
                generation: row.get::<_, i64>(0)?.cast_unsigned(),
                starts: row.get(1)?,
            })
        };
        self.connection
            .query_row("SELECT generation, starts FROM trial", [], read)
            .optional()
            .map_err(|error| self.failed(error))
    }

    /// Puts a generation on trial. Done before the switch: a terminal that loses power in between knows that it must look.
    pub(in crate::release) fn begin(&self, trial: &Trial) -> Result<(), PullError> {
        point("begin trial", Moment::Before);
        let begun = self
            .connection
            .execute(
                "INSERT INTO trial (one, generation, starts) VALUES (1, ?1, ?2)
                 ON CONFLICT (one) DO UPDATE SET generation = excluded.generation, starts = excluded.starts",
                params![trial.generation.cast_signed(), trial.starts],
            )
            .map(drop)
            .map_err(|error| self.failed(error));
        point("begin trial", Moment::After);
        begun
    }

    /// Ends the trial without a judgement.
    pub(in crate::release) fn forget_trial(&self) -> Result<(), PullError> {
        self.connection
            .execute("DELETE FROM trial", [])
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Ends the trial: the generation stays.
    pub(in crate::release) fn keep(&mut self, generation: u64, now: Timestamp) -> Result<(), PullError> {
        let write = |connection: &mut Connection| {
            point("keep generation", Moment::Before);
            let transaction = connection.transaction()?;
            transaction.execute("DELETE FROM trial", [])?;
            note_untold(&transaction, generation, GenerationOutcome::Good, now)?;
            point("keep generation", Moment::During);
            transaction.commit()?;
            point("keep generation", Moment::After);
            Ok(())
        };
        write(&mut self.connection).map_err(|error| self.failed(error))
    }

    /// Remembers a generation as bad, for ever, and ends its trial. Done before the terminal goes back.
    pub(in crate::release) fn condemn(
        &mut self,
        generation: u64,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), PullError> {
        let write = |connection: &mut Connection| {
            point("condemn", Moment::Before);
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO bad_generation (generation, reason) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![generation.cast_signed(), reason],
            )?;
            transaction.execute("DELETE FROM trial", [])?;
            note_untold(&transaction, generation, GenerationOutcome::RolledBack, now)?;
            point("condemn", Moment::During);
            transaction.commit()?;
            point("condemn", Moment::After);
            Ok(())
        };
        write(&mut self.connection).map_err(|error| self.failed(error))
    }

    /// What was found of generations and the hub does not know yet, oldest first; `place` is this terminal's in the rings.
    pub fn untold(&self, place: u16) -> Result<Vec<(u64, GenerationReport)>, PullError> {
        let read = |row: &rusqlite::Row<'_>| {
            let (outcome, found_at): (String, String) = (row.get(1)?, row.get(2)?);
            let reason: Option<String> = row.get(3)?;
            let report = GenerationReport {
                outcome: GenerationOutcome::from_name(&outcome)
                    .ok_or_else(|| unreadable(1, format!("outcome {outcome:?}")))?,
                reason: reason.map(|reason| reason.chars().take(GenerationReport::LONGEST_REASON).collect()),
                found_at: found_at.parse().map_err(|error| unreadable(2, error))?,
                place,
            };
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), report))
        };
        let all = || {
            self.connection
                .prepare_cached(
                    "SELECT untold.generation, outcome, found_at, reason FROM untold_generation AS untold
                     LEFT JOIN bad_generation AS bad
                         ON bad.generation = untold.generation AND outcome = 'rolled-back'
                     ORDER BY untold.generation",
                )?
                .query_map([], read)?
                .collect::<rusqlite::Result<_>>()
        };
        all().map_err(|error| self.failed(error))
    }

    /// The hub knows what became of this generation.
    pub fn told(&self, generation: u64, outcome: GenerationOutcome) -> Result<(), PullError> {
        self.connection
            .execute(
                "DELETE FROM untold_generation WHERE generation = ?1 AND outcome = ?2",
                params![generation.cast_signed(), outcome.name()],
            )
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Why a generation is bad; `None` where nothing bad is known of it.
    pub fn why_bad(&self, generation: u64) -> Result<Option<String>, PullError> {
        self.connection
            .query_row(
                "SELECT reason FROM bad_generation WHERE generation = ?1",
                [generation.cast_signed()],
                |row| row.get(0),
            )
            .optional()
            .map_err(|error| self.failed(error))
    }

    /// All generations that are known as bad.
    pub(in crate::release) fn bad(&self) -> Result<BTreeSet<u64>, PullError> {
        let all = || {
            self.connection
                .prepare_cached("SELECT generation FROM bad_generation")?
                .query_map([], |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))?
                .collect::<rusqlite::Result<_>>()
        };
        all().map_err(|error| self.failed(error))
    }

    /// The id that decides about rings where the configuration names none: made up once, then kept.
    pub fn ring_id(&self) -> Result<String, PullError> {
        let read = || {
            self.connection.execute(
                "INSERT INTO ring_id (one, id) VALUES (1, ?1) ON CONFLICT DO NOTHING",
                [uuid::Uuid::new_v4().to_string()],
            )?;
            self.connection
                .query_row("SELECT id FROM ring_id", [], |row| row.get(0))
        };
        read().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> PullError {
        PullError::storage(Path::new(self.connection.path().unwrap_or_default()), error)
    }
}

/// Notes what the hub is to be told; a later judgement replaces one that it was not told yet.
fn note_untold(
    connection: &Connection,
    generation: u64,
    outcome: GenerationOutcome,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO untold_generation (generation, outcome, found_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (generation) DO UPDATE SET outcome = excluded.outcome, found_at = excluded.found_at",
        params![generation.cast_signed(), outcome.name(), now.to_string()],
    )?;
    connection.execute(
        "DELETE FROM untold_generation WHERE generation NOT IN
             (SELECT generation FROM untold_generation ORDER BY generation DESC LIMIT ?1)",
        [MOST_UNTOLD],
    )?;
    Ok(())
}

fn unreadable(column: usize, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn trial() -> Trial {
        Trial {
            generation: 13,
            starts: 0,
        }
    }

    #[test]
    fn what_is_bad_is_remembered_and_ends_the_trial() {
        let state = tempfile::tempdir().unwrap();
        let mut memory = Generations::open(state.path()).unwrap();
        memory.begin(&trial()).unwrap();
        drop(memory);
        memory = Generations::open(state.path()).unwrap();
        assert_eq!(memory.trial().unwrap(), Some(trial()));
        memory.condemn(13, "blank", second(1060)).unwrap();
        let memory = Generations::open(state.path()).unwrap();
        assert_eq!(memory.trial().unwrap(), None);
        assert_eq!(memory.why_bad(13).unwrap().as_deref(), Some("blank"));
        assert_eq!(memory.why_bad(12).unwrap(), None);
        assert_eq!(memory.ring_id().unwrap(), memory.ring_id().unwrap());
    }

    #[test]
    fn what_was_found_is_kept_until_the_hub_was_told() {
        let state = tempfile::tempdir().unwrap();
        let mut memory = Generations::open(state.path()).unwrap();
        memory.keep(12, second(900)).unwrap();
        memory.begin(&trial()).unwrap();
        memory.condemn(13, &"坏".repeat(600), second(1060)).unwrap();
        drop(memory);
        let memory = Generations::open(state.path()).unwrap();
        let untold = memory.untold(7).unwrap();
        let good = GenerationReport {
            outcome: GenerationOutcome::Good,
            reason: None,
            found_at: second(900),
            place: 7,
        };
        let bad = GenerationReport {
            outcome: GenerationOutcome::RolledBack,
            reason: Some("坏".repeat(500)),
            found_at: second(1060),
            place: 7,
        };
        assert_eq!(untold, [(12, good), (13, bad)]);
        memory.told(12, GenerationOutcome::Good).unwrap();
        // What was found later than what the hub was told stays.
        memory.told(13, GenerationOutcome::Good).unwrap();
        assert_eq!(memory.untold(7).unwrap().len(), 1);
        memory.told(13, GenerationOutcome::RolledBack).unwrap();
        assert_eq!(memory.untold(7).unwrap(), []);
        assert_eq!(memory.why_bad(13).unwrap(), Some("坏".repeat(600)));
    }

    #[test]
    fn a_terminal_without_a_hub_does_not_remember_for_ever_what_to_tell() {
        let state = tempfile::tempdir().unwrap();
        let mut memory = Generations::open(state.path()).unwrap();
        for generation in 1..=60 {
            memory.keep(generation, second(1000)).unwrap();
        }
        let untold = memory.untold(0).unwrap();
        assert_eq!((untold.len(), untold[0].0), (50, 11));
    }
}
