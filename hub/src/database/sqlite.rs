//! SQLite, in a file of its own.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior, params_from_iter};

use super::{Commit, Database, DatabaseError, Row, Step, Value};

/// The rights of the database's files.
const FOR_ITS_OWNER: u32 = 0o600;
/// What others than owner and group may do.
const EVERYBODY: u32 = 0o007;

/// One connection: SQLite lets one write at a time in any case.
#[derive(Debug, Clone)]
pub struct Sqlite {
    connection: Arc<Mutex<Connection>>,
}

impl Sqlite {
    /// Opens the file at `path`, made if need be, for its owner alone. What was committed is on the disk.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        for_its_owner(path).map_err(|error| DatabaseError::Open {
            address: path.display().to_string(),
            reason: error.to_string(),
        })?;
        let connect = || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(Duration::from_secs(10))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            // What is erased is not left to be found in free pages.
            connection.pragma_update(None, "secure_delete", "ON")?;
            Ok(connection)
        };
        let connection = connect().map_err(|error: rusqlite::Error| DatabaseError::Open {
            address: path.display().to_string(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            // A panic in the middle of a transaction rolled it back.
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        done.await?
    }
}

/// Makes the file where it is missing, readable by its owner alone: the notes of cases are plain text. One that everybody may
/// read is shut, with what SQLite keeps beside it; new files there get the rights of the file itself. One that was given to a
/// group is left to it.
fn for_its_owner(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FOR_ITS_OWNER)
        .open(path)?;
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let mode = match fs::metadata(&name) {
            Ok(metadata) => metadata.permissions().mode(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if mode & EVERYBODY != 0
            && let Err(error) = fs::set_permissions(&name, Permissions::from_mode(FOR_ITS_OWNER))
        {
            tracing::warn!(path = %Path::new(&name).display(), %error, "everybody may read the database");
        }
    }
    Ok(())
}

#[async_trait]
impl Database for Sqlite {
    async fn prepare(&self, schema: &[&'static str]) -> Result<(), DatabaseError> {
        let script = schema.join(";\n");
        self.run(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(&script.replace("BYTEA", "BLOB"))?;
            Ok(transaction.commit()?)
        })
        .await
    }

    async fn query(&self, sql: &'static str, parameters: Vec<Value>) -> Result<Vec<Row>, DatabaseError> {
        self.run(move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map(params_from_iter(parameters), |row| {
                (0..columns)
                    .map(|column| Ok(value(row.get_ref(column)?)))
                    .collect()
            })?;
            let rows: Result<Vec<Vec<Value>>, rusqlite::Error> = rows.collect();
            Ok(rows?.into_iter().map(Row).collect())
        })
        .await
    }

    async fn transaction(&self, steps: Vec<Step>) -> Result<Commit, DatabaseError> {
        self.run(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for Step { sql, parameters } in steps {
                let changed = transaction
                    .prepare_cached(sql)?
                    .execute(params_from_iter(parameters))?;
                if changed == 0 {
                    return Ok(Commit::Nothing);
                }
            }
            transaction.commit()?;
            Ok(Commit::Done)
        })
        .await
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(stored: ValueRef<'_>) -> Value {
    match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Int(number as i64),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => bytes.to_vec().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_its_owner_reads_the_database_and_what_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let modes = || {
            ["hub.db", "hub.db-wal", "hub.db-shm"].map(|name| {
                let metadata = fs::metadata(folder.path().join(name)).unwrap();
                metadata.permissions().mode() & 0o777
            })
        };
        let set = |mode| {
            for name in ["hub.db", "hub.db-wal", "hub.db-shm"] {
                fs::set_permissions(folder.path().join(name), Permissions::from_mode(mode)).unwrap();
            }
        };
        let database = Sqlite::open(&path).unwrap();
        database
            .prepare(&["CREATE TABLE IF NOT EXISTS notes (note TEXT)"])
            .await
            .unwrap();
        assert_eq!(modes(), [0o600; 3]);
        // As an earlier version left it.
        set(0o644);
        let second = Sqlite::open(&path).unwrap();
        assert_eq!(modes(), [0o600; 3]);
        // An operator's own choice.
        set(0o660);
        let third = Sqlite::open(&path).unwrap();
        assert_eq!(modes(), [0o660; 3]);
        drop((database, second, third));
    }
}
