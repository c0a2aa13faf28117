//! What became of generations at the terminals.

use catalog::submission::{DeviceId, GenerationOutcome, GenerationReport};
use jiff::Timestamp;

use super::{Store, millis, time};
use crate::database::{DatabaseError, Row};

/// What a terminal reported of a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The terminal.
    pub device: DeviceId,
    /// What it said.
    pub report: GenerationReport,
}

impl Store {
    /// Keeps a report. A terminal that went back from a generation never takes it again: that it did is never overwritten.
    pub async fn keep_generation_report(
        &self,
        device: DeviceId,
        generation: i64,
        report: &GenerationReport,
        now: Timestamp,
    ) -> Result<(), DatabaseError> {
        let sql = "INSERT INTO generation_reports
                       (device, generation, outcome, reason, place, found_at, received_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)
                   ON CONFLICT (device, generation) DO UPDATE
                   SET outcome = excluded.outcome, reason = excluded.reason, place = excluded.place,
                       found_at = excluded.found_at, received_at = excluded.received_at
                   WHERE generation_reports.outcome = 'good' AND excluded.outcome = 'rolled-back'";
        let parameters = vec![
            device.to_string().into(),
            generation.into(),
            report.outcome.name().into(),
            report.reason.clone().into(),
            i64::from(report.place).into(),
            millis(report.found_at).into(),
            millis(now).into(),
        ];
        self.database.query(sql, parameters).await.map(drop)
    }

    /// What the approved terminals reported of a generation, in the order in which it came.
    pub async fn generation_reports(&self, generation: u64) -> Result<Vec<Reported>, DatabaseError> {
        let sql = "SELECT reports.device, outcome, COALESCE(reason, ''), reports.place, found_at
                   FROM generation_reports AS reports
                   JOIN devices ON devices.device = reports.device AND standing = 'approved'
                   WHERE generation = $1 ORDER BY received_at, reports.device";
        let Ok(generation) = i64::try_from(generation) else {
            return Ok(Vec::new());
        };
        let rows = self.database.query(sql, vec![generation.into()]).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<Reported, DatabaseError> {
    let unknown = |what: &str| DatabaseError::Content(format!("{what} of a generation's report"));
    let reason = row.text(2)?;
    Ok(Reported {
        device: row.parsed(0)?,
        report: GenerationReport {
            outcome: GenerationOutcome::from_name(row.text(1)?).ok_or_else(|| unknown("outcome"))?,
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
            found_at: time(row.int(4)?)?,
            place: u16::try_from(row.int(3)?).map_err(|_| unknown("place"))?,
        },
    })
}
