//! The keys of a hub that takes submissions in.
//!
//! ```text
//! sealing.key      opens what residents hand in; 64 hexadecimal digits. Belongs offline: `hub serve` does
//!                  not read it, `hub cases` is given its path
//! sealing-ID.key   the same of a key that was replaced
//! receipts.pk8     signs receipts and letters
//! authority.key    signs the terminals' certificates
//! authority.pem    its certificate: what a proxy that ends TLS checks terminals by
//! hub.json         the public halves: what every terminal is given
//! ```

use std::io;
use std::path::{Path, PathBuf};

use catalog::atomic::{self, Readers, WriteError};
use catalog::clock::Clock;
use catalog::submission::sealed::OpeningKey;
use catalog::submission::{DeviceKey, HubKeys, HubKeysError, InvalidKey};
use jiff::SignedDuration;

use crate::authority::{Authority, AuthorityError};

/// Why the keys cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum IntakeKeyError {
    /// There are keys here already, and losing them means losing what is sealed to them.
    #[error("{path} already holds keys; they are never overwritten")]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be read, or the folder not be made.
    #[error("{path}: {source}")]
    Io {
        /// The file or the folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file holds no key.
    #[error("{path}: {source}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: InvalidKey,
    },
    /// The private half is not that of the key that terminals seal with.
    #[error("{path} does not open what is sealed with the key in hub.json")]
    OtherSealingKey {
        /// The private half.
        path: PathBuf,
    },
    /// `hub.json` is wrong.
    #[error(transparent)]
    Public(#[from] HubKeysError),
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The certificate authority's key is wrong, or could not be made.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

/// The keys that a serving hub needs.
#[derive(Debug)]
pub struct IntakeKeys {
    /// The public halves.
    pub public: HubKeys,
    /// Signs receipts.
    pub receipts: DeviceKey,
    /// Signs certificates.
    pub authority: Authority,
    /// The authority's certificate, PEM.
    pub authority_certificate: String,
}

/// Makes all keys in a folder that holds none.
pub fn create(folder: &Path, clock: &dyn Clock) -> Result<(), IntakeKeyError> {
    std::fs::create_dir_all(folder).map_err(|source| io_error(folder, source))?;
    let files = [
        "sealing.key",
        "receipts.pk8",
        "authority.key",
        "authority.pem",
        "hub.json",
    ];
    if files.iter().any(|name| folder.join(name).exists()) {
        return Err(IntakeKeyError::Exists {
            path: folder.to_owned(),
        });
    }
    let key_error = |source| IntakeKeyError::Key {
        path: folder.to_owned(),
        source,
    };
    let opening = OpeningKey::generate();
    let receipts = DeviceKey::generate().map_err(key_error)?;
    let (authority_key, certificate) = Authority::create(clock)?;
    let mut term_key = [0; 32];
    aws_lc_rs::rand::fill(&mut term_key).map_err(|_| key_error(InvalidKey::Random))?;
    let public = HubKeys {
        sealing_key: opening.sealing_key(),
        former_sealing_keys: Vec::new(),
        receipt_keys: vec![receipts.public()],
        term_key: hex::encode(term_key),
    };
    let public = serde_json::to_vec_pretty(&public).expect("keys are text");
    atomic::write(&folder.join("sealing.key"), opening.to_text().as_bytes())?;
    atomic::write(&folder.join("receipts.pk8"), receipts.pkcs8())?;
    atomic::write(&folder.join("authority.key"), authority_key.as_bytes())?;
    atomic::write_for(
        Readers::Everybody,
        &folder.join("authority.pem"),
        certificate.as_bytes(),
    )?;
    // Last: a folder with this file is whole.
    atomic::write_for(Readers::Everybody, &folder.join("hub.json"), &public)?;
    Ok(())
}

impl IntakeKeys {
    /// Reads the keys of a folder, but for the sealing key's private half.
    pub fn open(folder: &Path, certificate_lifetime: SignedDuration) -> Result<Self, IntakeKeyError> {
        let path = folder.join("authority.key");
        let authority_key = std::fs::read_to_string(&path).map_err(|source| io_error(&path, source))?;
        let path = folder.join("authority.pem");
        let authority_certificate =
            std::fs::read_to_string(&path).map_err(|source| io_error(&path, source))?;
        Ok(Self {
            public: HubKeys::load(&folder.join("hub.json"))?,
            receipts: receipts(folder)?,
            authority: Authority::open(&authority_key, certificate_lifetime)?,
            authority_certificate,
        })
    }
}

/// The key of a folder that signs receipts and letters.
pub fn receipts(folder: &Path) -> Result<DeviceKey, IntakeKeyError> {
    let path = folder.join("receipts.pk8");
    let bytes = std::fs::read(&path).map_err(|source| io_error(&path, source))?;
    DeviceKey::from_pkcs8(&bytes).map_err(|source| IntakeKeyError::Key { path, source })
}

/// The key in a file that opens what residents handed in.
pub fn opening(path: &Path) -> Result<OpeningKey, IntakeKeyError> {
    let text = std::fs::read_to_string(path).map_err(|source| io_error(path, source))?;
    OpeningKey::from_text(&text).map_err(|source| IntakeKeyError::Key {
        path: path.to_owned(),
        source,
    })
}

fn io_error(path: &Path, source: io::Error) -> IntakeKeyError {
    IntakeKeyError::Io {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use catalog::clock::SystemClock;

    use super::*;

    #[test]
    fn keys_are_made_once_and_only_their_owner_reads_the_private_ones() {
        let folder = tempfile::tempdir().unwrap();
        create(folder.path(), &SystemClock).unwrap();
        let again = create(folder.path(), &SystemClock);
        assert!(matches!(again, Err(IntakeKeyError::Exists { .. })));
        let keys = IntakeKeys::open(folder.path(), SignedDuration::from_hours(1)).unwrap();
        let opening = opening(&folder.path().join("sealing.key")).unwrap();
        assert_eq!(opening.sealing_key(), keys.public.sealing_key);
        assert_eq!(keys.public.receipt_keys, [keys.receipts.public()]);
        for name in ["sealing.key", "receipts.pk8", "authority.key"] {
            let mode = std::fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}
