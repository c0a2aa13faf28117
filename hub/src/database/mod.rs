//! The hub's database: SQLite embedded, or PostgreSQL when one machine is outgrown.
//!
//! One dialect serves both: `$1`, `$2` … in the order of their first use, `BIGINT`, `TEXT` and `BYTEA`,
//! `ON CONFLICT`, `RETURNING`. Times are milliseconds since 1970, so that both compare and sort them alike.

mod postgres;
mod sqlite;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

pub use postgres::{Patience, Postgres};
pub use sqlite::Sqlite;

/// A value in a row or a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `BIGINT`.
    Int(i64),
    /// `TEXT`.
    Text(String),
    /// `BYTEA`.
    Bytes(Bytes),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Bytes> for Value {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    /// The number in this column.
    pub fn int(&self, column: usize) -> Result<i64, DatabaseError> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Ok(*number),
            other => Err(DatabaseError::unexpected(column, other)),
        }
    }

    /// The text in this column.
    pub fn text(&self, column: usize) -> Result<&str, DatabaseError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(DatabaseError::unexpected(column, other)),
        }
    }

    /// The bytes in this column.
    pub fn bytes(&self, column: usize) -> Result<&[u8], DatabaseError> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            other => Err(DatabaseError::unexpected(column, other)),
        }
    }

    /// Whether there is nothing in this column.
    #[must_use]
    pub fn is_null(&self, column: usize) -> bool {
        matches!(self.0.get(column), Some(Value::Null))
    }

    /// The text in this column, read as what it names.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self, column: usize) -> Result<T, DatabaseError> {
        let text = self.text(column)?;
        text.parse()
            .map_err(|error: T::Err| DatabaseError::Content(error.to_string()))
    }
}

/// One statement of a transaction.
#[derive(Debug, Clone)]
pub struct Step {
    /// The SQL.
    pub sql: &'static str,
    /// What stands for `$1`, `$2` …
    pub parameters: Vec<Value>,
}

/// What a transaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Everything.
    Done,
    /// Nothing, because a step changed no row.
    Nothing,
}

/// Why the database did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is none of a database.
    #[error("{0:?} is no database: give a file, or postgres://USER@HOST/NAME")]
    Address(String),
    /// It cannot be reached or opened.
    #[error("cannot open the database {address}: {reason}")]
    Open {
        /// Where it is; without a password.
        address: String,
        /// What it said.
        reason: String,
    },
    /// SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused.
    #[error("database: {}", explain(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection to PostgreSQL could be had.
    #[error("database: {}", postgres::said(.0))]
    Pool(#[from] deadpool_postgres::PoolError),
    /// PostgreSQL did not answer in time; whether it did its work is not known.
    #[error("database: no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// The work was begun and not done: it panicked, or the hub ends.
    #[error("database: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
    /// The database holds something that nothing here wrote.
    #[error("database: {0}")]
    Content(String),
}

impl DatabaseError {
    fn unexpected(column: usize, value: Option<&Value>) -> Self {
        let found = match value {
            None => "nothing",
            Some(Value::Null) => "NULL",
            Some(Value::Int(_)) => "a number",
            Some(Value::Text(_)) => "text",
            Some(Value::Bytes(_)) => "bytes",
        };
        Self::Content(format!("{found} in column {column}"))
    }
}

/// PostgreSQL's own words, which its error type keeps to itself.
fn explain(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) => said.to_string(),
        None => error.to_string(),
    }
}

/// A database. Every call is whole or nothing.
#[async_trait]
pub trait Database: fmt::Debug + Send + Sync {
    /// Makes what is missing of the tables; several hubs may do so at once.
    async fn prepare(&self, schema: &[&'static str]) -> Result<(), DatabaseError>;

    /// Runs one statement and returns its rows.
    async fn query(&self, sql: &'static str, parameters: Vec<Value>) -> Result<Vec<Row>, DatabaseError>;

    /// Runs the steps as one transaction. A step that changes no row undoes them all.
    async fn transaction(&self, steps: Vec<Step>) -> Result<Commit, DatabaseError>;
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file: SQLite.
    File(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

impl FromStr for Address {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            // What follows may hold a password.
            Some((scheme, _)) => Err(DatabaseError::Address(format!("{scheme}://…"))),
            None if text.is_empty() => Err(DatabaseError::Address(text.to_owned())),
            None => Ok(Self::File(text.into())),
        }
    }
}

impl Address {
    /// Opens the database.
    pub async fn open(&self) -> Result<Arc<dyn Database>, DatabaseError> {
        Ok(match self {
            Self::File(path) => Arc::new(Sqlite::open(path)?),
            Self::Postgres(url) => Arc::new(Postgres::connect(url).await?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file_or_a_postgres_url() {
        let address = |text: &str| text.parse::<Address>();
        assert_eq!(address("hub.db").unwrap(), Address::File("hub.db".into()));
        let url = "postgres://hub@db.example.gov.cn/hub";
        assert_eq!(address(url).unwrap(), Address::Postgres(url.into()));
        assert!(address("mysql://x").is_err());
        assert!(address("").is_err());
    }
}
