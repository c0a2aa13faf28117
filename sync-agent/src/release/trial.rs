//! Whether a new generation stays.
//!
//! A generation that the terminal switched to is on trial until the screen has drawn it. Where the screen drew the one before
//! and not this one, the terminal goes back. A screen that was not there when the terminal switched is left out of the
//! judgement. A generation that was found bad is remembered and never applied again.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use catalog::power::{Moment, point};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::Notify;

use super::PullError;
use crate::agent_db::Memory;

/// How often the agent may start with the same generation on trial: one that makes the terminal start again and again is bad.
/// A few may be a bad day of the power line.
const MOST_STARTS: u32 = 5;

/// A generation that has not proved itself yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The generation.
    pub generation: u64,
    /// When the terminal switched to it, or when the agent started last since.
    pub since: Timestamp,
    /// How often the agent was started since.
    pub starts: u32,
}

/// What the screen said that it drew.
#[derive(Debug, Default)]
pub struct Frames {
    drawn: Mutex<Drawn>,
    news: Notify,
}

/// A screen that said nothing for so long before the switch was not there. It says something every ten seconds.
const THERE: SignedDuration = SignedDuration::from_secs(45);

/// What the screen drew in this run of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    /// What it said last.
    pub last: Option<Frame>,
}

/// A frame that the screen drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The generation that it showed.
    pub generation: u64,
    /// When the screen said so.
    pub at: Timestamp,
}

impl Frames {
    /// The screen has drawn a frame.
    pub fn drawn(&self, frame: Frame) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let before = drawn.last.replace(frame);
        if before.is_none_or(|before| before.generation != frame.generation) {
            self.news.notify_one();
        }
    }

    /// What the screen said so far.
    #[must_use]
    pub fn seen(&self) -> Drawn {
        *self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the screen draws another generation.
    pub(super) async fn changed(&self) {
        self.news.notified().await;
    }
}

/// What is to be thought of a generation on trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is too early to say.
    Open,
    /// It stays.
    Good,
    /// It must go.
    Bad(String),
}

/// Judges a generation on trial by what the screen drew.
#[must_use]
pub fn judge(trial: &Trial, drawn: Drawn, patience: Duration, now: Timestamp) -> Verdict {
    if trial.starts >= MOST_STARTS {
        return Verdict::Bad(format!("the agent was started {} times with it", trial.starts));
    }
    let patience = SignedDuration::try_from(patience).unwrap_or(SignedDuration::MAX);
    let waited = now.duration_since(trial.since);
    match drawn.last {
        Some(frame) if frame.generation == trial.generation => Verdict::Good,
        // A clock that was set back does not prolong a trial for ever.
        _ if waited < patience && !waited.is_negative() => Verdict::Open,
        Some(frame) if trial.since.duration_since(frame.at) <= THERE => Verdict::Bad(format!(
            "the screen drew nothing later than generation {} within {} s",
            frame.generation,
            patience.as_secs()
        )),
        Some(_) | None => Verdict::Good,
    }
}

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
                "CREATE TABLE IF NOT EXISTS generation_trial (
                     one INTEGER PRIMARY KEY CHECK (one = 1),
                     generation INTEGER NOT NULL, since TEXT NOT NULL, starts INTEGER NOT NULL
                 );
                 CREATE TABLE IF NOT EXISTS bad_generation (generation INTEGER PRIMARY KEY, reason TEXT NOT NULL);
                 CREATE TABLE IF NOT EXISTS ring_id (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL);",
            )
            .map_err(|error| memory.failed(error))?;
        Ok(memory)
    }

    /// The generation on trial.
    pub fn trial(&self) -> Result<Option<Trial>, PullError> {
        let read = |row: &rusqlite::Row<'_>| {
            let since: String = row.get(1)?;
            Ok(Trial {
                generation: row.get::<_, i64>(0)?.cast_unsigned(),
                since: since.parse().map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error))
                })?,
                starts: row.get(2)?,
            })
        };
        self.connection
            .query_row("SELECT generation, since, starts FROM generation_trial", [], read)
            .optional()
            .map_err(|error| self.failed(error))
    }

    /// Puts a generation on trial. Done before the switch: a terminal that loses power in between knows that it must look.
    pub(super) fn begin(&self, trial: &Trial) -> Result<(), PullError> {
        point("begin trial", Moment::Before);
        let begun = self
            .connection
            .execute(
                "INSERT INTO generation_trial (one, generation, since, starts) VALUES (1, ?1, ?2, ?3)
                 ON CONFLICT (one) DO UPDATE SET generation = excluded.generation, since = excluded.since,
                     starts = excluded.starts",
                params![
                    trial.generation.cast_signed(),
                    trial.since.to_string(),
                    trial.starts
                ],
            )
            .map(drop)
            .map_err(|error| self.failed(error));
        point("begin trial", Moment::After);
        begun
    }

    /// Ends the trial: the generation stays.
    pub(super) fn passed(&self) -> Result<(), PullError> {
        self.connection
            .execute("DELETE FROM generation_trial", [])
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Remembers a generation as bad, for ever, and ends its trial. Done before the terminal goes back.
    pub(super) fn condemn(&mut self, generation: u64, reason: &str) -> Result<(), PullError> {
        let write = |connection: &mut Connection| {
            point("condemn", Moment::Before);
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO bad_generation (generation, reason) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![generation.cast_signed(), reason],
            )?;
            transaction.execute("DELETE FROM generation_trial", [])?;
            point("condemn", Moment::During);
            transaction.commit()?;
            point("condemn", Moment::After);
            Ok(())
        };
        write(&mut self.connection).map_err(|error| self.failed(error))
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

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn trial() -> Trial {
        Trial {
            generation: 13,
            since: second(1000),
            starts: 0,
        }
    }

    fn after(drawn: Option<u64>, seconds: i64) -> Verdict {
        let last = drawn.map(|generation| Frame {
            generation,
            at: second(995),
        });
        judge(&trial(), Drawn { last }, PATIENCE, second(1000 + seconds))
    }

    #[test]
    fn a_generation_stays_once_the_screen_has_drawn_it() {
        assert_eq!(after(Some(12), 59), Verdict::Open);
        assert_eq!(after(Some(13), 1), Verdict::Good);
        assert!(matches!(after(Some(12), 60), Verdict::Bad(_)));
    }

    #[test]
    fn a_screen_that_never_says_what_it_draws_is_left_out() {
        assert_eq!(after(None, 59), Verdict::Open);
        assert_eq!(after(None, 60), Verdict::Good);
    }

    #[test]
    fn a_screen_that_was_gone_before_the_switch_is_left_out() {
        let last = Some(Frame {
            generation: 12,
            at: second(900),
        });
        assert_eq!(
            judge(&trial(), Drawn { last }, PATIENCE, second(1060)),
            Verdict::Good
        );
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_prolong_a_trial() {
        assert!(matches!(after(Some(12), -5000), Verdict::Bad(_)));
    }

    #[test]
    fn a_generation_that_makes_the_agent_start_again_and_again_is_bad() {
        let trial = Trial {
            starts: MOST_STARTS,
            ..trial()
        };
        let drawn = Drawn::default();
        assert!(matches!(
            judge(&trial, drawn, PATIENCE, second(1001)),
            Verdict::Bad(_)
        ));
    }

    #[test]
    fn what_is_bad_is_remembered_and_ends_the_trial() {
        let state = tempfile::tempdir().unwrap();
        let mut memory = Generations::open(state.path()).unwrap();
        memory.begin(&trial()).unwrap();
        drop(memory);
        memory = Generations::open(state.path()).unwrap();
        assert_eq!(memory.trial().unwrap(), Some(trial()));
        memory.condemn(13, "blank").unwrap();
        let memory = Generations::open(state.path()).unwrap();
        assert_eq!(memory.trial().unwrap(), None);
        assert_eq!(memory.why_bad(13).unwrap().as_deref(), Some("blank"));
        assert_eq!(memory.why_bad(12).unwrap(), None);
        assert_eq!(memory.ring_id().unwrap(), memory.ring_id().unwrap());
    }
}
