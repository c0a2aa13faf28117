//! PostgreSQL, through a pool of connections.

use std::time::Duration;

use async_trait::async_trait;
use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, NoTls};

use super::{Commit, Database, DatabaseError, Row, Step, Value};

/// How many connections one hub holds.
const CONNECTIONS: usize = 8;
/// How long what was sent may stay unconfirmed by the other machine.
const UNCONFIRMED: Duration = Duration::from_secs(15);
/// After how much silence the other machine is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(10);
/// How often it is asked again, and how many times, before the connection is given up.
const ASKED_EVERY: Duration = Duration::from_secs(5);
const ASKED: u32 = 3;
/// What silence is where an address does not say it: two hours.
const DEFAULT_SILENCE: Duration = Duration::from_hours(2);
/// The advisory lock under which tables are made; the number is drawn at random.
const SCHEMA_LOCK: i64 = 0x6d69_6e67_6368;

/// For how long a database may be silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long a request waits for a connection, or for a new one to be made.
    pub connection: Duration,
    /// How long a statement or a transaction may take.
    pub answer: Duration,
}

impl Default for Patience {
    /// Ten seconds and two minutes: erasing what a large hub kept for years takes its time.
    fn default() -> Self {
        Self {
            connection: Duration::from_secs(10),
            answer: Duration::from_mins(2),
        }
    }
}

/// A pool of connections. The connection is not encrypted: a database on another machine belongs behind a
/// tunnel or a proxy of its own.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
    patience: Patience,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Postgres {
    /// Connects to `postgres://USER:PASSWORD@HOST/NAME`.
    pub async fn connect(url: &str) -> Result<Self, DatabaseError> {
        Self::connect_with(url, Patience::default()).await
    }

    /// Connects to `postgres://USER:PASSWORD@HOST/NAME`, where it may be silent for so long.
    pub async fn connect_with(url: &str, patience: Patience) -> Result<Self, DatabaseError> {
        let failed = |reason: String| DatabaseError::Open {
            address: "postgres".to_owned(),
            reason,
        };
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| failed(error.to_string()))?;
        config.connect_timeout(patience.connection);
        notice_silence(&mut config);
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .timeouts(deadpool_postgres::Timeouts::wait_millis(
                patience.connection.as_millis() as u64,
            ))
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let connected = Self { pool, patience };
        drop(connected.pool.get().await.map_err(|error| failed(said(&error)))?);
        Ok(connected)
    }

    /// What a connection answered, if it did in time. One that did not is closed: nobody else waits behind its statement.
    fn judge<T>(
        &self,
        client: Object,
        answer: Result<Result<T, DatabaseError>, Elapsed>,
    ) -> Result<T, DatabaseError> {
        answer.unwrap_or_else(|_| {
            drop(Object::take(client));
            Err(DatabaseError::Late(self.patience.answer))
        })
    }
}

/// Lets the operating system notice within half a minute that the other machine is gone, as when another takes its place. What
/// the address says itself holds.
fn notice_silence(config: &mut Config) {
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(UNCONFIRMED);
    }
    if config.get_keepalives_idle() == DEFAULT_SILENCE {
        config.keepalives_idle(SILENCE);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(ASKED_EVERY);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(ASKED);
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
        let answer = timeout(self.patience.answer, ask(&client, sql, &parameters)).await;
        self.judge(client, answer)
    }

    async fn transaction(&self, steps: Vec<Step>) -> Result<Commit, DatabaseError> {
        let mut client = self.pool.get().await?;
        let answer = timeout(self.patience.answer, commit(&mut client, steps)).await;
        self.judge(client, answer)
    }
}

async fn ask(client: &Object, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, DatabaseError> {
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &borrowed(parameters)).await?;
    rows.iter().map(row).collect()
}

async fn commit(client: &mut Object, steps: Vec<Step>) -> Result<Commit, DatabaseError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_noticed_soon_unless_the_address_says_otherwise() {
        let noticed = |address: &str| {
            let mut config: Config = address.parse().unwrap();
            notice_silence(&mut config);
            (
                config.get_tcp_user_timeout().copied(),
                config.get_keepalives_idle(),
                config.get_keepalives_interval(),
                config.get_keepalives_retries(),
            )
        };
        let seconds = Duration::from_secs;
        assert_eq!(
            noticed("postgres://hub@db/hub"),
            (Some(UNCONFIRMED), SILENCE, Some(ASKED_EVERY), Some(ASKED))
        );
        let own = "postgres://hub@db/hub?tcp_user_timeout=60&keepalives_idle=61&keepalives_interval=62&keepalives_retries=9";
        assert_eq!(
            noticed(own),
            (Some(seconds(60)), seconds(61), Some(seconds(62)), Some(9))
        );
    }
}
