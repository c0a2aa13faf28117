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
    /// Envelopes that wait at terminals that may hand in, as last reported.
    pub waiting: i64,
    /// Envelopes that hubs refused and such terminals keep, as last reported.
    pub quarantined: i64,
    /// Envelopes that came twice with different content.
    pub alarms: i64,
}

impl Store {
    /// The sums as they are now.
    pub async fn overview(&self) -> Result<Overview, DatabaseError> {
        // `SUM` of whole numbers is no whole number in PostgreSQL. What a terminal that was revoked said last never changes.
        let sql = "SELECT COUNT(CASE standing WHEN 'pending' THEN 1 END),
                          COUNT(CASE standing WHEN 'approved' THEN 1 END),
                          COUNT(CASE standing WHEN 'revoked' THEN 1 END),
                          CAST(COALESCE(SUM(CASE standing WHEN 'approved' THEN waiting END), 0) AS BIGINT),
                          CAST(COALESCE(SUM(CASE standing WHEN 'approved' THEN quarantined END), 0) AS BIGINT),
                          (SELECT COUNT(*) FROM alarms)
                   FROM devices LEFT JOIN outboxes ON outboxes.device = devices.device";
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
