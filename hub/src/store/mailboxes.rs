//! Letters to residents. The hub cannot read them.

use catalog::submission::DeviceId;
use catalog::submission::mailbox::MailboxId;

use super::Store;
use crate::database::DatabaseError;

/// What lies in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A letter.
    Letter(Vec<u8>),
    /// Nothing yet: the submission is here, and nobody has dealt with it.
    Empty,
    /// There is no such mailbox.
    Unknown,
}

impl Store {
    /// What lies in a device's mailbox.
    pub async fn mailbox(&self, device: DeviceId, mailbox: MailboxId) -> Result<Delivery, DatabaseError> {
        let parameters = || vec![device.to_string().into(), mailbox.to_string().into()];
        let sql = "SELECT letter FROM mailboxes WHERE device = $1 AND mailbox = $2";
        let letters = self.database.query(sql, parameters()).await?;
        if let Some(row) = letters.first() {
            return Ok(Delivery::Letter(row.bytes(0)?.to_vec()));
        }
        let sql = "SELECT submission FROM submissions WHERE device = $1 AND mailbox = $2";
        let known = self.database.query(sql, parameters()).await?;
        Ok(if known.is_empty() {
            Delivery::Unknown
        } else {
            Delivery::Empty
        })
    }
}
