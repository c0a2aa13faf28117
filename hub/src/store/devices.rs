//! The terminals that the hub knows.

use catalog::submission::enrolment::{Enrolment, Standing};
use catalog::submission::{DeviceId, Health, PublicKey};
use jiff::{SignedDuration, Timestamp};

use super::{Store, millis, time};
use crate::database::{self, Commit, DatabaseError, Row};

/// A terminal.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its name.
    pub id: DeviceId,
    /// Its key.
    pub public_key: PublicKey,
    /// Where it says it stands.
    pub place: String,
    /// The administrative division it says it is in.
    pub division: String,
    /// Where it stands with the hub.
    pub standing: Standing,
    /// When it first asked.
    pub asked_at: Timestamp,
    /// When it was last heard of; to five minutes while it waits for approval.
    pub seen_at: Option<Timestamp>,
    /// How it last said it was.
    pub health: Option<Health>,
    /// What staff last decided.
    pub decision: Option<Decision>,
}

/// Who let a terminal hand in, or forbade it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
}

/// How often it is written down that a terminal still waits for approval: it asks every few seconds.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// The columns that [`read`] reads.
macro_rules! columns {
    () => {
        "device, public_key, place, division, standing, asked_at, COALESCE(seen_at, 0), COALESCE(health, ''), \
         decided_at, COALESCE(decided_by, '')"
    };
}

impl Store {
    /// Enters a terminal that asks to be known, or finds it as it stands. Of one that waits for approval it is noted, every
    /// few minutes, that it still asks.
    pub async fn enrol(&self, enrolment: &Enrolment, now: Timestamp) -> Result<Device, DatabaseError> {
        let device = DeviceId::of(&enrolment.public_key);
        let sql = "INSERT INTO devices (device, public_key, place, division, standing, asked_at, seen_at)
                   VALUES ($1, $2, $3, $4, 'pending', $5, $5)
                   ON CONFLICT (device) DO UPDATE SET seen_at = excluded.seen_at
                   WHERE devices.standing = 'pending' AND COALESCE(devices.seen_at, devices.asked_at) < $6";
        let parameters = vec![
            device.to_string().into(),
            enrolment.public_key.to_string().into(),
            enrolment.place.as_str().into(),
            enrolment.division.as_str().into(),
            millis(now).into(),
            millis(now - SEEN_EVERY).into(),
        ];
        self.database.query(sql, parameters).await?;
        let found = self.device(device).await?;
        found.ok_or_else(|| DatabaseError::Content(format!("device {device} vanished")))
    }

    /// Whether one more terminal may wait for approval, where `most` may. When there are as many, the one that has been
    /// silent for longest is forgotten, provided that it has not asked since `silent`: a real one asks again and is back.
    pub async fn make_room(&self, most: i64, silent: Timestamp) -> Result<bool, DatabaseError> {
        if self.pending_devices().await? < most {
            return Ok(true);
        }
        let sql = "DELETE FROM devices WHERE standing = 'pending' AND device IN (
                       SELECT device FROM devices
                       WHERE standing = 'pending' AND COALESCE(seen_at, asked_at) < $1
                       ORDER BY COALESCE(seen_at, asked_at), device LIMIT 1)
                   RETURNING device";
        let forgotten = self.database.query(sql, vec![millis(silent).into()]).await?;
        Ok(!forgotten.is_empty())
    }

    /// A terminal, if the hub knows it.
    pub async fn device(&self, device: DeviceId) -> Result<Option<Device>, DatabaseError> {
        let sql = concat!("SELECT ", columns!(), " FROM devices WHERE device = $1");
        let rows = self.database.query(sql, vec![device.to_string().into()]).await?;
        rows.first().map(read).transpose()
    }

    /// All terminals, those that wait for approval first.
    pub async fn devices(&self) -> Result<Vec<Device>, DatabaseError> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM devices ORDER BY CASE standing WHEN 'pending' THEN 0 ELSE 1 END, asked_at, device"
        );
        let rows = self.database.query(sql, Vec::new()).await?;
        rows.iter().map(read).collect()
    }

    /// How many terminals wait for approval.
    pub async fn pending_devices(&self) -> Result<i64, DatabaseError> {
        let sql = "SELECT COUNT(*) FROM devices WHERE standing = 'pending'";
        let rows = self.database.query(sql, Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    /// Approves or revokes a terminal; `false` when it is unknown, or was revoked before: a revoked key
    /// never comes back.
    pub async fn decide(
        &self,
        device: DeviceId,
        standing: Standing,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, DatabaseError> {
        let sql = "UPDATE devices SET standing = $1, decided_at = $2, decided_by = $3
                   WHERE device = $4 AND standing <> 'revoked' RETURNING device";
        let parameters = vec![
            name(standing).into(),
            millis(now).into(),
            by.into(),
            device.to_string().into(),
        ];
        Ok(!self.database.query(sql, parameters).await?.is_empty())
    }

    /// Forgets a terminal that waits for approval; `false` when there is none of this name that waits. It may ask again.
    pub async fn forget(&self, device: DeviceId) -> Result<bool, DatabaseError> {
        let sql = "DELETE FROM devices WHERE device = $1 AND standing = 'pending' RETURNING device";
        let forgotten = self.database.query(sql, vec![device.to_string().into()]).await?;
        Ok(!forgotten.is_empty())
    }

    /// Notes that a terminal was heard of.
    pub async fn saw(&self, device: DeviceId, now: Timestamp) -> Result<(), DatabaseError> {
        let sql = "UPDATE devices SET seen_at = $1 WHERE device = $2";
        let parameters = vec![millis(now).into(), device.to_string().into()];
        self.database.query(sql, parameters).await.map(drop)
    }

    /// Keeps a report if it is newer than the one there is.
    pub async fn keep_health(&self, device: DeviceId, health: &Health) -> Result<bool, DatabaseError> {
        let json = serde_json::to_string(health).expect("a report is text and numbers");
        let report = database::Step {
            sql: "UPDATE devices SET health_sequence = $1, health = $2
                  WHERE device = $3 AND health_sequence < $1",
            parameters: vec![health.sequence.into(), json.into(), device.to_string().into()],
        };
        // What the hub adds up over all terminals without reading every report.
        let outbox = database::Step {
            sql: "INSERT INTO outboxes (device, waiting, quarantined) VALUES ($1, $2, $3)
                  ON CONFLICT (device) DO UPDATE
                  SET waiting = excluded.waiting, quarantined = excluded.quarantined",
            parameters: vec![
                device.to_string().into(),
                counted(health.outbox.waiting).into(),
                counted(health.outbox.quarantined).into(),
            ],
        };
        Ok(self.database.transaction(vec![report, outbox]).await? == Commit::Done)
    }
}

/// A number that a terminal said; more than fits into a sum over a city is no number of envelopes.
fn counted(number: u64) -> i64 {
    i64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The standing's name in the database.
pub(crate) const fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => "pending",
        Standing::Approved => "approved",
        Standing::Revoked => "revoked",
    }
}

fn read(row: &Row) -> Result<Device, DatabaseError> {
    let content = |error: String| DatabaseError::Content(error);
    let standing = match row.text(4)? {
        "pending" => Standing::Pending,
        "approved" => Standing::Approved,
        "revoked" => Standing::Revoked,
        other => return Err(content(format!("standing {other:?}"))),
    };
    let public_key =
        PublicKey::try_from(row.text(1)?.to_owned()).map_err(|error| content(error.to_string()))?;
    let health = match row.text(7)? {
        "" => None,
        json => Some(serde_json::from_str(json).map_err(|error| content(error.to_string()))?),
    };
    Ok(Device {
        id: row.parsed(0)?,
        public_key,
        place: row.text(2)?.to_owned(),
        division: row.text(3)?.to_owned(),
        standing,
        asked_at: time(row.int(5)?)?,
        seen_at: match row.int(6)? {
            0 => None,
            millis => Some(time(millis)?),
        },
        health,
        decision: if row.is_null(8) {
            None
        } else {
            Some(Decision {
                at: time(row.int(8)?)?,
                by: row.text(9)?.to_owned(),
            })
        },
    })
}
