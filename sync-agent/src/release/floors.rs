//! The highest versions ever seen, so that nobody can offer older ones.
//!
//! tough compares with files that it writes unsynced and ignores when they are unreadable; these
//! numbers are in the agent's database instead.

use std::fmt;
use std::path::Path;

use catalog::power::{Moment, point};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use tough::schema::RoleType;

use super::PullError;
use crate::agent_db::{self, Memory};

/// A role of the release's metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Says whose signatures count.
    Root,
    /// Says what is newest.
    Timestamp,
    /// Says which metadata belong together.
    Snapshot,
    /// Says which files belong to the release.
    Targets,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Role {
    const ALL: [Self; 4] = [Self::Root, Self::Timestamp, Self::Snapshot, Self::Targets];

    const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Timestamp => "timestamp",
            Self::Snapshot => "snapshot",
            Self::Targets => "targets",
        }
    }
}

impl From<RoleType> for Role {
    fn from(role: RoleType) -> Self {
        match role {
            RoleType::Root => Self::Root,
            RoleType::Timestamp => Self::Timestamp,
            RoleType::Snapshot => Self::Snapshot,
            RoleType::Targets | RoleType::DelegatedTargets => Self::Targets,
        }
    }
}

/// The versions of a release's metadata, one a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// Of [`Role::Root`].
    pub root: u64,
    /// Of [`Role::Timestamp`].
    pub timestamp: u64,
    /// Of [`Role::Snapshot`].
    pub snapshot: u64,
    /// Of [`Role::Targets`].
    pub targets: u64,
}

impl Versions {
    const fn of(&self, role: Role) -> u64 {
        match role {
            Role::Root => self.root,
            Role::Timestamp => self.timestamp,
            Role::Snapshot => self.snapshot,
            Role::Targets => self.targets,
        }
    }
}

/// What the agent remembers about releases, in its database.
#[derive(Debug)]
pub struct Floors {
    connection: Connection,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remembered {
    /// The highest versions.
    pub versions: Versions,
    /// Which keys signed timestamp and snapshot when the versions were noted.
    pub keys: String,
    /// The true time is not earlier than this.
    pub time: Option<Timestamp>,
    /// When a release's metadata was verified last.
    pub checked_at: Option<Timestamp>,
    /// When the first of its signatures expires.
    pub expires_at: Option<Timestamp>,
}

impl Remembered {
    /// The newest time that has passed as far as is known: a release was published then, or its signatures held then by the
    /// terminal's clock. A clock that ran ahead can have been ahead only within the time that signatures hold.
    #[must_use]
    pub fn newest_time(&self) -> Option<Timestamp> {
        let checked_at = self
            .checked_at
            .filter(|at| self.expires_at.is_some_and(|expires| *at < expires));
        self.time.max(checked_at)
    }
}

/// Compares a release's versions with those remembered. `keys` names the keys that sign timestamp and
/// snapshot now.
///
/// When those keys were replaced, by a newer root, the versions start anew: a stolen key may have been
/// used to push them up so that nothing could follow (TUF, section 5.3.11).
pub(super) fn judge(remembered: &Remembered, offered: &Versions, keys: &str) -> Result<(), PullError> {
    let replaced = remembered.keys != keys && offered.root > remembered.versions.root;
    for role in Role::ALL {
        let (seen, offered) = (remembered.versions.of(role), offered.of(role));
        if offered < seen && (role == Role::Root || !replaced) {
            return Err(PullError::RolledBack {
                what: format!("{role} metadata"),
                seen,
                offered,
            });
        }
    }
    Ok(())
}

impl Floors {
    /// Opens the memory in the state folder.
    pub fn open(state: &Path) -> Result<Self, PullError> {
        Self::open_in(Memory::OnDisk, state)
    }

    /// Opens the memory there or in the process.
    pub fn open_in(memory: Memory, state: &Path) -> Result<Self, PullError> {
        let connection = memory.open(state)?;
        connection
            .execute_batch(
                "CREATE TABLE IF NOT EXISTS release_memory (key TEXT PRIMARY KEY, value TEXT NOT NULL)
                 WITHOUT ROWID",
            )
            .map_err(|error| PullError::storage(&state.join(agent_db::FILE_NAME), error))?;
        Ok(Self { connection })
    }

    /// What is remembered; nothing on a new terminal. A value that cannot be read is an error, never
    /// "nothing".
    pub fn recall(&self) -> Result<Remembered, PullError> {
        let version = |key: &str| Ok::<_, rusqlite::Error>(self.number(key)?.unwrap_or(0));
        let read = || {
            Ok(Remembered {
                versions: Versions {
                    root: version("root")?,
                    timestamp: version("timestamp")?,
                    snapshot: version("snapshot")?,
                    targets: version("targets")?,
                },
                keys: self.text("keys")?.unwrap_or_default(),
                time: self.time("time")?,
                checked_at: self.time("checked_at")?,
                expires_at: self.time("expires_at")?,
            })
        };
        read().map_err(|error| self.failed(error))
    }

    /// Remembers what a verified release showed.
    pub fn remember(&mut self, remembered: &Remembered) -> Result<(), PullError> {
        let write = |connection: &mut Connection| {
            point("remember versions", Moment::Before);
            let transaction = connection.transaction()?;
            let put = |key: &str, value: &str| {
                transaction.execute(
                    "INSERT INTO release_memory (key, value) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    params![key, value],
                )
            };
            for role in Role::ALL {
                put(role.name(), &remembered.versions.of(role).to_string())?;
            }
            put("keys", &remembered.keys)?;
            for (key, time) in [
                ("time", remembered.time),
                ("checked_at", remembered.checked_at),
                ("expires_at", remembered.expires_at),
            ] {
                if let Some(time) = time {
                    put(key, &time.to_string())?;
                }
            }
            point("remember versions", Moment::During);
            transaction.commit()?;
            point("remember versions", Moment::After);
            Ok(())
        };
        write(&mut self.connection).map_err(|error| self.failed(error))
    }

    fn number(&self, key: &str) -> rusqlite::Result<Option<u64>> {
        self.text(key)?
            .map(|text| text.parse().map_err(unreadable))
            .transpose()
    }

    fn time(&self, key: &str) -> rusqlite::Result<Option<Timestamp>> {
        self.text(key)?
            .map(|text| text.parse().map_err(unreadable))
            .transpose()
    }

    fn text(&self, key: &str) -> rusqlite::Result<Option<String>> {
        self.connection
            .prepare_cached("SELECT value FROM release_memory WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()
    }

    fn failed(&self, error: rusqlite::Error) -> PullError {
        PullError::storage(Path::new(self.connection.path().unwrap_or_default()), error)
    }
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Versions = Versions {
        root: 2,
        timestamp: 30,
        snapshot: 20,
        targets: 10,
    };

    fn seen() -> Remembered {
        Remembered {
            versions: SEEN,
            keys: "a".to_owned(),
            ..Remembered::default()
        }
    }

    #[test]
    fn an_older_version_of_any_role_is_refused_with_both_numbers() {
        for (offered, name, numbers) in [
            (Versions { root: 1, ..SEEN }, "root", (2, 1)),
            (
                Versions {
                    timestamp: 29,
                    ..SEEN
                },
                "timestamp",
                (30, 29),
            ),
            (Versions { snapshot: 1, ..SEEN }, "snapshot", (20, 1)),
            (Versions { targets: 9, ..SEEN }, "targets", (10, 9)),
        ] {
            match judge(&seen(), &offered, "a").unwrap_err() {
                PullError::RolledBack { what, seen, offered } => {
                    assert!(what.contains(name), "{what}");
                    assert_eq!((seen, offered), numbers);
                }
                error => panic!("{error}"),
            }
        }
    }

    #[test]
    fn the_same_and_newer_versions_pass() {
        judge(&seen(), &SEEN, "a").unwrap();
        judge(
            &seen(),
            &Versions {
                timestamp: 31,
                snapshot: 21,
                ..SEEN
            },
            "a",
        )
        .unwrap();
    }

    #[test]
    fn versions_start_anew_only_when_a_newer_root_replaced_the_keys() {
        let anew = Versions {
            root: 3,
            timestamp: 1,
            snapshot: 1,
            targets: 1,
        };
        judge(&seen(), &anew, "b").unwrap();
        judge(&seen(), &anew, "a").unwrap_err();
        judge(&seen(), &Versions { root: 2, ..anew }, "b").unwrap_err();
    }

    #[test]
    fn the_newest_time_is_that_of_the_last_check_unless_no_signature_held_then() {
        let time = |text: &str| Some(text.parse().unwrap());
        let remembered = |checked_at: &str| Remembered {
            time: time("2026-09-01T00:00:00Z"),
            checked_at: time(checked_at),
            expires_at: time("2026-11-29T00:00:00Z"),
            ..seen()
        };
        let newest = |checked_at: &str| remembered(checked_at).newest_time();
        assert_eq!(newest("2026-11-22T00:00:00Z"), time("2026-11-22T00:00:00Z"));
        assert_eq!(newest("1970-01-01T00:00:00Z"), time("2026-09-01T00:00:00Z"));
        assert_eq!(newest("2099-01-01T00:00:00Z"), time("2026-09-01T00:00:00Z"));
        assert_eq!(Remembered::default().newest_time(), None);
    }

    #[test]
    fn what_is_remembered_survives_and_unreadable_memory_is_an_error() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(
            Floors::open(state.path()).unwrap().recall().unwrap(),
            Remembered::default()
        );
        let noted = Remembered {
            time: Some("2026-11-22T08:00:00Z".parse().unwrap()),
            checked_at: Some("2026-11-22T09:00:00Z".parse().unwrap()),
            ..seen()
        };
        Floors::open(state.path()).unwrap().remember(&noted).unwrap();
        let floors = Floors::open(state.path()).unwrap();
        assert_eq!(floors.recall().unwrap(), noted);
        floors
            .connection
            .execute("UPDATE release_memory SET value = '?' WHERE key = 'targets'", [])
            .unwrap();
        assert!(floors.recall().is_err());
    }
}
