//! PostgreSQL, through a pool of connections.

use std::time::Duration;

use async_trait::async_trait;
use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, NoTls};

use super::{Commit, Database, DatabaseError, Row, Step, Value};

/// How many connections one hub holds.
const CONNECTIONS: usize = 8;
/// How long a request waits for one, or for a new one to be made.
const PATIENCE: Duration = Duration::from_secs(10);
/// The advisory lock under which tables are made; the number is drawn at random.
const SCHEMA_LOCK: i64 = 0x6d69_6e67_6368;

/// A pool of connections. The connection is not encrypted: a database on another machine belongs behind a
/// tunnel or a proxy of its own.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Postgres {
    /// Connects to `postgres://USER:PASSWORD@HOST/NAME`.
    pub async fn connect(url: &str) -> Result<Self, DatabaseError> {
        let failed = |reason: String| DatabaseError::Open {
            address: "postgres".to_owned(),
            reason,
        };
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| failed(error.to_string()))?;
        config.connect_timeout(PATIENCE);
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .timeouts(deadpool_postgres::Timeouts::wait_millis(
                PATIENCE.as_millis() as u64
            ))
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let connected = Self { pool };
        drop(connected.pool.get().await.map_err(|error| failed(said(&error)))?);
        Ok(connected)
    }
}

/// The pool's error with its cause.
pub(super) fn said(error: &deadpool_postgres::PoolError) -> String {
    match error {
        deadpool_postgres::PoolError::Backend(backend) => super::explain(backend),
        other => other.to_string(),
    }
}

#[async_trait]
impl Database for Postgres {
    async fn prepare(&self, schema: &[&'static str]) -> Result<(), DatabaseError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        transaction
            .execute("SELECT pg_advisory_xact_lock($1)", &[&SCHEMA_LOCK])
            .await?;
        transaction.batch_execute(&schema.join(";\n")).await?;
        Ok(transaction.commit().await?)
    }

    async fn query(&self, sql: &'static str, parameters: Vec<Value>) -> Result<Vec<Row>, DatabaseError> {
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(sql).await?;
        let rows = client.query(&statement, &borrowed(&parameters)).await?;
        rows.iter().map(row).collect()
    }

    async fn transaction(&self, steps: Vec<Step>) -> Result<Commit, DatabaseError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        for Step { sql, parameters } in steps {
            let statement = transaction.prepare_cached(sql).await?;
            if transaction.execute(&statement, &borrowed(&parameters)).await? == 0 {
                transaction.rollback().await?;
                return Ok(Commit::Nothing);
            }
        }
        transaction.commit().await?;
        Ok(Commit::Done)
    }
}

fn borrowed(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    parameters
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

fn row(row: &tokio_postgres::Row) -> Result<Row, DatabaseError> {
    let value = |(place, column): (usize, &tokio_postgres::Column)| {
        Ok(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(place)?.into(),
            Type::TEXT => row.try_get::<_, Option<String>>(place)?.into(),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place)?.into(),
            ref other => return Err(DatabaseError::Content(format!("a column of type {other}"))),
        })
    };
    row.columns()
        .iter()
        .enumerate()
        .map(value)
        .collect::<Result<_, _>>()
        .map(Row)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) => number.to_sql_checked(kind, out),
            Self::Text(text) => text.to_sql_checked(kind, out),
            Self::Bytes(bytes) => bytes.as_ref().to_sql_checked(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}
