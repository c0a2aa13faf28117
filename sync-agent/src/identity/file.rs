//! The terminal's secrets: `STATE/identity.json`, or a credential that systemd has unsealed.

use std::io;
use std::path::{Path, PathBuf};

use catalog::atomic::{self, WriteError};
use catalog::submission::mailbox::MailboxSecret;
use catalog::submission::{DeviceId, DeviceKey, InvalidKey};
use serde::{Deserialize, Serialize};
use tracing::info;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The file's name inside the state folder.
const FILE_NAME: &str = "identity.json";
/// The credential's name: `$CREDENTIALS_DIRECTORY/mingchuang-identity`.
pub const CREDENTIAL: &str = "mingchuang-identity";

/// The terminal's key, and what query codes are made from.
#[derive(Debug)]
pub struct Identity {
    /// Signs what is handed in, and every request.
    pub key: DeviceKey,
    /// Makes query codes and opens mailboxes.
    pub mailboxes: MailboxSecret,
}

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// It is there and cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is damaged. It is never replaced by itself: with a new one, the codes on residents' slips would
    /// find nothing any more.
    #[error(
        "{path} holds no identity: {reason}; restore it, or remove it to enrol anew, which loses \
             what still waits to be sent and every query code handed out"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A new one could not be made.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// A new one could not be kept.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// The identity as it is kept.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// PKCS#8, in hexadecimal digits.
    device_key: String,
    /// 32 bytes, in hexadecimal digits.
    mailbox_secret: String,
}

impl Identity {
    /// The identity of the terminal with the state folder `state`: the credential in the folder
    /// `credentials` where there is one, else the file, which is made at the first start.
    pub fn open(state: &Path, credentials: Option<&Path>) -> Result<Self, IdentityError> {
        if let Some(path) = credentials.map(|folder| folder.join(CREDENTIAL))
            && let Some(identity) = Self::read(&path)?
        {
            return Ok(identity);
        }
        let path = state.join(FILE_NAME);
        if let Some(identity) = Self::read(&path)? {
            return Ok(identity);
        }
        let identity = Self::generate()?;
        atomic::write(&path, identity.to_json().as_bytes())?;
        info!(device = %identity.device(), "made a new identity");
        Ok(identity)
    }

    /// A new identity.
    pub fn generate() -> Result<Self, IdentityError> {
        Ok(Self {
            key: DeviceKey::generate()?,
            mailboxes: MailboxSecret::generate()?,
        })
    }

    /// The terminal's name at the hub.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId::of(&self.key.public())
    }

    /// As it is kept.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let kept = Kept {
            device_key: hex::encode(self.key.pkcs8()),
            mailbox_secret: hex::encode(self.mailboxes.as_bytes()),
        };
        Zeroizing::new(serde_json::to_string(&kept).expect("an identity is text"))
    }

    fn read(path: &Path) -> Result<Option<Self>, IdentityError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(IdentityError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let damaged = |reason: String| IdentityError::Damaged {
            path: path.to_owned(),
            reason,
        };
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let pkcs8 =
            Zeroizing::new(hex::decode(&kept.device_key).map_err(|error| damaged(error.to_string()))?);
        let mut secret = Zeroizing::new([0; 32]);
        hex::decode_to_slice(&kept.mailbox_secret, &mut *secret)
            .map_err(|error| damaged(error.to_string()))?;
        Ok(Some(Self {
            key: DeviceKey::from_pkcs8(&pkcs8).map_err(|error| damaged(error.to_string()))?,
            mailboxes: MailboxSecret::from_bytes(*secret),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn an_identity_is_made_once_and_only_its_owner_reads_it() {
        let state = tempfile::tempdir().unwrap();
        let first = Identity::open(state.path(), None).unwrap().device();
        assert_eq!(Identity::open(state.path(), None).unwrap().device(), first);
        let mode = std::fs::metadata(state.path().join(FILE_NAME))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_identity_is_reported_and_never_replaced() {
        let state = tempfile::tempdir().unwrap();
        Identity::open(state.path(), None).unwrap();
        let path = state.path().join(FILE_NAME);
        for damaged in ["", "{}", "{\"device_key\":\"00\",\"mailbox_secret\":\"00\"}"] {
            atomic::write(&path, damaged.as_bytes()).unwrap();
            let error = Identity::open(state.path(), None).unwrap_err();
            assert!(matches!(error, IdentityError::Damaged { .. }), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
        }
    }

    #[test]
    fn what_systemd_has_unsealed_comes_first_and_nothing_is_written_beside_it() {
        let (state, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let sealed = Identity::generate().unwrap();
        atomic::write(&credentials.path().join(CREDENTIAL), sealed.to_json().as_bytes()).unwrap();
        let opened = Identity::open(state.path(), Some(credentials.path())).unwrap();
        assert_eq!(opened.device(), sealed.device());
        assert!(!state.path().join(FILE_NAME).exists());
    }
}
