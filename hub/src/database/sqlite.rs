//! SQLite, in a file of its own.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior, params_from_iter};

use super::{Commit, Database, DatabaseError, Row, Step, Value};

/// One connection: SQLite lets one write at a time in any case.
#[derive(Debug, Clone)]
pub struct Sqlite {
    connection: Arc<Mutex<Connection>>,
}

impl Sqlite {
    /// Opens the file at `path`, made if need be. What was committed is on the disk.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
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
