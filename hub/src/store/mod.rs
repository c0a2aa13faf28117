//! What the hub keeps: devices, sealed submissions, counters, what became of generations, mailboxes, alarms, and the steps
//! of cases.
//!
//! All of it is in the database; a hub keeps nothing else, so that several may serve one database.

mod cases;
mod counters;
mod devices;
mod generations;
mod mailboxes;
mod overview;
mod retention;
mod schema;
mod submissions;

use std::sync::Arc;

use jiff::Timestamp;

pub use cases::{Recorded, StoredCase};
pub use counters::{MissedTotal, Total};
pub(crate) use devices::name as standing_name;
pub use devices::{Decision, Device};
pub use generations::Reported;
pub use mailboxes::Delivery;
pub use overview::Overview;
pub(crate) use retention::Overdue;
pub use submissions::{Alarm, Intake, Stored};

use crate::database::{Address, Database, DatabaseError};

/// The hub's memory.
#[derive(Debug, Clone)]
pub struct Store {
    database: Arc<dyn Database>,
}

impl Store {
    /// Opens the database at `address` and makes what is missing of its tables.
    pub async fn open(address: &Address) -> Result<Self, DatabaseError> {
        let database = address.open().await?;
        database.prepare(schema::TABLES).await?;
        Ok(Self { database })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DatabaseError> {
        self.database.query("SELECT 'ok'", Vec::new()).await.map(drop)
    }
}

/// A time as it is stored.
fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A time as it was stored.
fn time(millis: i64) -> Result<Timestamp, DatabaseError> {
    Timestamp::from_millisecond(millis).map_err(|error| DatabaseError::Content(error.to_string()))
}
