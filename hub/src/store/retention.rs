//! Erasing what is over its time. Which that is, [`crate::retention`] says.
//!
//! An erased submission keeps its row with the receipt, so that an envelope that comes again is known; its sealed bytes are
//! empty, which no envelope is, and its mailbox is gone. `SUBSTR(sealed, 1, 0)` is nothing in both databases.

use catalog::submission::{DeviceId, SubmissionId};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Store, millis};
use crate::database::{DatabaseError, Value};

/// What goes by its own date alone: everything from before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overdue {
    /// What residents handed in besides applications, and files whose form never came.
    Submissions(Timestamp),
    /// Counts.
    Counters(Date),
    /// Hashes of missed terms.
    MissedTerms(Date),
    /// What became of generations.
    GenerationReports(Timestamp),
    /// Alarms.
    Alarms(Timestamp),
    /// Terminals that nobody approved.
    PendingDevices(Timestamp),
}

/// The statements that count and that erase the rows of a table for which something holds.
macro_rules! statements {
    (delete $table:literal where $condition:literal) => {
        (
            concat!("SELECT COUNT(*) FROM ", $table, " WHERE ", $condition),
            concat!("DELETE FROM ", $table, " WHERE ", $condition),
        )
    };
    (empty where $condition:literal) => {
        (
            concat!(
                "SELECT COUNT(*) FROM submissions WHERE LENGTH(sealed) > 0 AND ",
                $condition
            ),
            concat!(
                "UPDATE submissions SET sealed = SUBSTR(sealed, 1, 0), mailbox = NULL, mailbox_key = NULL
                 WHERE LENGTH(sealed) > 0 AND ",
                $condition
            ),
        )
    };
}

impl Overdue {
    fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::Submissions(_) => statements!(
                empty where "received_at < $1 AND (
                    kind IN ('suggestion', 'correction', 'rating')
                    OR kind = 'attachment' AND NOT EXISTS (
                        SELECT 1 FROM submissions AS owner
                        WHERE owner.device = submissions.device AND owner.submission = submissions.regarding))"
            ),
            Self::Counters(_) => statements!(delete "counters" where "day < $1"),
            Self::MissedTerms(_) => statements!(delete "missed_terms" where "day < $1"),
            Self::GenerationReports(_) => {
                statements!(delete "generation_reports" where "received_at < $1")
            }
            Self::Alarms(_) => statements!(delete "alarms" where "raised_at < $1"),
            Self::PendingDevices(_) => {
                statements!(delete "devices" where "standing = 'pending' AND asked_at < $1")
            }
        }
    }

    fn since(self) -> Value {
        match self {
            Self::Submissions(since)
            | Self::GenerationReports(since)
            | Self::Alarms(since)
            | Self::PendingDevices(since) => millis(since).into(),
            Self::Counters(day) | Self::MissedTerms(day) => day.to_string().into(),
        }
    }
}

impl Store {
    /// How much of it there is.
    pub(crate) async fn count_overdue(&self, overdue: &Overdue) -> Result<u64, DatabaseError> {
        let (count, _) = overdue.statements();
        let rows = self.database.query(count, vec![overdue.since()]).await?;
        let count = rows.first().map_or(Ok(0), |row| row.int(0))?;
        Ok(count.unsigned_abs())
    }

    /// Erases it.
    pub(crate) async fn erase_overdue(&self, overdue: &Overdue) -> Result<(), DatabaseError> {
        let (_, erase) = overdue.statements();
        self.database.query(erase, vec![overdue.since()]).await.map(drop)
    }

    /// Empties one submission.
    pub(crate) async fn erase_submission(
        &self,
        device: DeviceId,
        id: SubmissionId,
    ) -> Result<(), DatabaseError> {
        let sql = "UPDATE submissions SET sealed = SUBSTR(sealed, 1, 0), mailbox = NULL, mailbox_key = NULL
                   WHERE device = $1 AND submission = $2";
        self.database.query(sql, name(device, id)).await.map(drop)
    }

    /// Closes the mailbox of a submission; its letter goes with it.
    pub(crate) async fn erase_letter(&self, device: DeviceId, id: SubmissionId) -> Result<(), DatabaseError> {
        let sql = "UPDATE submissions SET mailbox = NULL, mailbox_key = NULL
                   WHERE device = $1 AND submission = $2";
        self.database.query(sql, name(device, id)).await.map(drop)
    }

    /// Erases files, letters and steps of what was erased; done last, so that an interruption leaves nothing that is not
    /// found again.
    pub(crate) async fn erase_what_hangs_on_erased(&self) -> Result<(), DatabaseError> {
        for sql in [
            "UPDATE submissions SET sealed = SUBSTR(sealed, 1, 0)
             WHERE kind = 'attachment' AND LENGTH(sealed) > 0 AND EXISTS (
                 SELECT 1 FROM submissions AS owner
                 WHERE owner.device = submissions.device AND owner.submission = submissions.regarding
                     AND LENGTH(owner.sealed) = 0)",
            "DELETE FROM mailboxes WHERE NOT EXISTS (
                 SELECT 1 FROM submissions AS owner
                 WHERE owner.device = mailboxes.device AND owner.mailbox = mailboxes.mailbox)",
            "DELETE FROM case_steps WHERE EXISTS (
                 SELECT 1 FROM submissions AS owner
                 WHERE owner.device = case_steps.device AND owner.submission = case_steps.submission
                     AND LENGTH(owner.sealed) = 0)",
        ] {
            self.database.query(sql, Vec::new()).await?;
        }
        Ok(())
    }
}

fn name(device: DeviceId, id: SubmissionId) -> Vec<Value> {
    vec![device.to_string().into(), id.to_string().into()]
}
