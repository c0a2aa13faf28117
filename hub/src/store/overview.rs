//! Sums over everything, for those who watch the hub: asked for every few seconds, so nothing is read row by row.

use super::Store;
use crate::database::DatabaseError;

/// How much there is of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overview {
    /// Terminals that wait for approval.
    pub pending: i64,
    /// Terminals that may hand in.
    pub approved: i64,
    /// Terminals that were revoked.
    pub revoked: i64,
    /// Envelopes that wait at terminals, as last reported.
    pub waiting: i64,
    /// Envelopes that hubs refused and terminals keep, as last reported.
    pub quarantined: i64,
    /// Envelopes that came twice with different content.
    pub alarms: i64,
}

impl Store {
    /// The sums as they are now.
    pub async fn overview(&self) -> Result<Overview, DatabaseError> {
        // `SUM` of whole numbers is no whole number in PostgreSQL.
        let sql = "SELECT COUNT(CASE standing WHEN 'pending' THEN 1 END),
                          COUNT(CASE standing WHEN 'approved' THEN 1 END),
                          COUNT(CASE standing WHEN 'revoked' THEN 1 END),
                          (SELECT CAST(COALESCE(SUM(waiting), 0) AS BIGINT) FROM outboxes),
                          (SELECT CAST(COALESCE(SUM(quarantined), 0) AS BIGINT) FROM outboxes),
                          (SELECT COUNT(*) FROM alarms)
                   FROM devices";
        let rows = self.database.query(sql, Vec::new()).await?;
        let Some(row) = rows.first() else {
            return Ok(Overview::default());
        };
        Ok(Overview {
            pending: row.int(0)?,
            approved: row.int(1)?,
            revoked: row.int(2)?,
            waiting: row.int(3)?,
            quarantined: row.int(4)?,
            alarms: row.int(5)?,
        })
    }
}
