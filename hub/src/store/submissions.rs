//! Sealed submissions, each once. Those that were erased are known by their name alone.

use bytes::Bytes;
use catalog::submission::mailbox::MailboxId;
use catalog::submission::sealed::Label;
use catalog::submission::{DeviceId, Kind, SignedReceipt, SubmissionId};
use jiff::Timestamp;

use super::{Store, millis, time};
use crate::database::{DatabaseError, Row};

/// What became of an envelope that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intake {
    /// It is new and now kept.
    New,
    /// It was kept before: this is the receipt of then.
    Known(SignedReceipt),
    /// Another one is kept under its name.
    Conflict,
}

/// A submission as the hub keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Who handed it in.
    pub device: DeviceId,
    /// Its name.
    pub id: SubmissionId,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The key of its mailbox, where answers are wanted.
    pub mailbox_key: Option<[u8; 32]>,
    /// When it was first received.
    pub received_at: Timestamp,
}

/// Somebody handed in two different things under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The device.
    pub device: DeviceId,
    /// The name.
    pub submission: SubmissionId,
    /// SHA-256 of what was refused.
    pub sha256: String,
    /// What happened.
    pub reason: String,
    /// When.
    pub raised_at: Timestamp,
}

impl Store {
    /// Keeps an envelope under its name, if nothing else is kept there.
    pub async fn take_in(
        &self,
        label: &Label,
        sha256: &str,
        sealed: Bytes,
        receipt: &SignedReceipt,
        now: Timestamp,
    ) -> Result<Intake, DatabaseError> {
        let (device, submission) = (label.device.to_string(), label.submission.to_string());
        let sql = "INSERT INTO submissions
                       (device, submission, kind, regarding, mailbox, mailbox_key, sha256, sealed, receipt,
                        received_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                   ON CONFLICT (device, submission) DO NOTHING RETURNING submission";
        let parameters = vec![
            device.as_str().into(),
            submission.as_str().into(),
            label.kind.name().into(),
            label.regarding.map(String::from).into(),
            label.mailbox.map(|key| MailboxId::of(&key).to_string()).into(),
            label.mailbox.map(|key| key.to_vec()).into(),
            sha256.into(),
            sealed.into(),
            serde_json::to_string(receipt).expect("a receipt is text").into(),
            millis(now).into(),
        ];
        if !self.database.query(sql, parameters).await?.is_empty() {
            return Ok(Intake::New);
        }
        let sql = "SELECT sha256, receipt FROM submissions WHERE device = $1 AND submission = $2";
        let rows = self
            .database
            .query(sql, vec![device.as_str().into(), submission.as_str().into()])
            .await?;
        let kept = rows
            .first()
            .ok_or_else(|| DatabaseError::Content(format!("submission {submission} vanished")))?;
        if kept.text(0)? == sha256 {
            let receipt = serde_json::from_str(kept.text(1)?);
            return receipt
                .map(Intake::Known)
                .map_err(|error| DatabaseError::Content(error.to_string()));
        }
        let sql = "INSERT INTO alarms (device, submission, sha256, reason, raised_at)
                   VALUES ($1, $2, $3, 'another envelope under the same name', $4)
                   ON CONFLICT (device, submission, sha256) DO NOTHING";
        let parameters = vec![
            device.into(),
            submission.into(),
            sha256.into(),
            millis(now).into(),
        ];
        self.database.query(sql, parameters).await?;
        Ok(Intake::Conflict)
    }

    /// How many bytes of envelopes a device handed in since then.
    pub async fn handed_in(&self, device: DeviceId, since: Timestamp) -> Result<u64, DatabaseError> {
        let sql = "SELECT COALESCE(SUM(LENGTH(sealed)), 0) FROM submissions
                   WHERE device = $1 AND received_at > $2";
        let parameters = vec![device.to_string().into(), millis(since).into()];
        let rows = self.database.query(sql, parameters).await?;
        let bytes = rows.first().map_or(Ok(0), |row| row.int(0))?;
        Ok(bytes.unsigned_abs())
    }

    /// Whether an envelope is known under this name, erased or not.
    pub async fn has(&self, device: DeviceId, id: SubmissionId) -> Result<bool, DatabaseError> {
        let sql = "SELECT submission FROM submissions WHERE device = $1 AND submission = $2";
        let parameters = vec![device.to_string().into(), id.to_string().into()];
        Ok(!self.database.query(sql, parameters).await?.is_empty())
    }

    /// How many attachments of a submission are kept, this one apart.
    pub async fn attachments(
        &self,
        device: DeviceId,
        regarding: SubmissionId,
        apart_from: SubmissionId,
    ) -> Result<i64, DatabaseError> {
        let sql =
            "SELECT COUNT(*) FROM submissions WHERE device = $1 AND regarding = $2 AND submission <> $3";
        let parameters = vec![
            device.to_string().into(),
            regarding.to_string().into(),
            apart_from.to_string().into(),
        ];
        let rows = self.database.query(sql, parameters).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    /// All submissions of a kind that were not erased, oldest first.
    pub async fn submissions(&self, kind: Kind) -> Result<Vec<Stored>, DatabaseError> {
        let sql = "SELECT device, submission, kind, mailbox_key, received_at FROM submissions
                   WHERE kind = $1 AND LENGTH(sealed) > 0 ORDER BY received_at, submission";
        let rows = self.database.query(sql, vec![kind.name().into()]).await?;
        rows.iter().map(read).collect()
    }

    /// The submissions with this name; two devices could, in theory, make the same.
    pub async fn find(&self, id: SubmissionId) -> Result<Option<Stored>, DatabaseError> {
        let sql = "SELECT device, submission, kind, mailbox_key, received_at FROM submissions
                   WHERE submission = $1 AND LENGTH(sealed) > 0 ORDER BY received_at";
        let rows = self.database.query(sql, vec![id.to_string().into()]).await?;
        rows.first().map(read).transpose()
    }

    /// The sealed bytes of a submission.
    pub async fn sealed(&self, device: DeviceId, id: SubmissionId) -> Result<Option<Vec<u8>>, DatabaseError> {
        let sql =
            "SELECT sealed FROM submissions WHERE device = $1 AND submission = $2 AND LENGTH(sealed) > 0";
        let parameters = vec![device.to_string().into(), id.to_string().into()];
        let rows = self.database.query(sql, parameters).await?;
        rows.first()
            .map(|row| row.bytes(0).map(<[u8]>::to_vec))
            .transpose()
    }

    /// Every alarm, newest first.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, DatabaseError> {
        let sql = "SELECT device, submission, sha256, reason, raised_at FROM alarms ORDER BY raised_at DESC";
        let rows = self.database.query(sql, Vec::new()).await?;
        let alarm = |row: &Row| {
            Ok(Alarm {
                device: row.parsed(0)?,
                submission: row.parsed(1)?,
                sha256: row.text(2)?.to_owned(),
                reason: row.text(3)?.to_owned(),
                raised_at: time(row.int(4)?)?,
            })
        };
        rows.iter().map(alarm).collect()
    }
}

fn read(row: &Row) -> Result<Stored, DatabaseError> {
    let mailbox_key = if row.is_null(3) {
        None
    } else {
        let key = row.bytes(3)?.try_into();
        Some(key.map_err(|_| DatabaseError::Content("a mailbox key that is none".to_owned()))?)
    };
    Ok(Stored {
        device: row.parsed(0)?,
        id: row.parsed(1)?,
        kind: row.parsed(2)?,
        mailbox_key,
        received_at: time(row.int(4)?)?,
    })
}
