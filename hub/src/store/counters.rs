//! What terminals are used for, added up without counting anything twice.

use catalog::submission::{Counters, DeviceId};
use jiff::civil::Date;

use super::Store;
use crate::database::{DatabaseError, Row};

/// How often something happened on a day, over all terminals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The day, in China's time.
    pub day: Date,
    /// What.
    pub metric: String,
    /// How often.
    pub total: i64,
}

/// A term that residents searched for in vain, over all terminals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedTotal {
    /// Its hash.
    pub term: String,
    /// On how many visits.
    pub visits: i64,
}

impl Store {
    /// Takes counts in. They are cumulative, so only a higher one changes what is kept.
    pub async fn count(&self, device: DeviceId, counters: &Counters) -> Result<(), DatabaseError> {
        let (device, epoch) = (device.to_string(), counters.epoch.to_string());
        for count in &counters.counts {
            let sql = "INSERT INTO counters (device, epoch, metric, day, total) VALUES ($1, $2, $3, $4, $5)
                       ON CONFLICT (device, epoch, metric, day) DO UPDATE SET total = excluded.total
                       WHERE excluded.total > counters.total";
            let parameters = vec![
                device.as_str().into(),
                epoch.as_str().into(),
                count.metric.as_str().into(),
                count.day.to_string().into(),
                i64::try_from(count.total).unwrap_or(i64::MAX).into(),
            ];
            self.database.query(sql, parameters).await?;
        }
        for missed in &counters.missed {
            let sql =
                "INSERT INTO missed_terms (device, epoch, term, day, visits) VALUES ($1, $2, $3, $4, $5)
                       ON CONFLICT (device, epoch, term, day) DO UPDATE SET visits = excluded.visits
                       WHERE excluded.visits > missed_terms.visits";
            let parameters = vec![
                device.as_str().into(),
                epoch.as_str().into(),
                missed.term.as_str().into(),
                missed.day.to_string().into(),
                i64::from(missed.visits).into(),
            ];
            self.database.query(sql, parameters).await?;
        }
        Ok(())
    }

    /// The counts of every day from `from` on, over all terminals.
    pub async fn totals(&self, from: Date) -> Result<Vec<Total>, DatabaseError> {
        let sql = "SELECT day, metric, CAST(SUM(total) AS BIGINT) FROM counters WHERE day >= $1
                   GROUP BY day, metric ORDER BY day, metric";
        let rows = self.database.query(sql, vec![from.to_string().into()]).await?;
        let total = |row: &Row| {
            Ok(Total {
                day: row.parsed(0)?,
                metric: row.text(1)?.to_owned(),
                total: row.int(2)?,
            })
        };
        rows.iter().map(total).collect()
    }

    /// The missed terms of every day from `from` on, the most frequent first.
    pub async fn missed(&self, from: Date) -> Result<Vec<MissedTotal>, DatabaseError> {
        let sql = "SELECT term, CAST(SUM(visits) AS BIGINT) FROM missed_terms WHERE day >= $1
                   GROUP BY term ORDER BY 2 DESC, 1";
        let rows = self.database.query(sql, vec![from.to_string().into()]).await?;
        let total = |row: &Row| {
            Ok(MissedTotal {
                term: row.text(0)?.to_owned(),
                visits: row.int(1)?,
            })
        };
        rows.iter().map(total).collect()
    }
}
