//! The public keys of a hub: `hub.json`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::PublicKey;
use super::sealed::SealingKey;

/// What a terminal must know of a hub to hand anything in: the file `hub.json`, which `hub intake keys`
/// writes and every terminal is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubKeys {
    /// What residents write is sealed to it.
    pub sealing_key: SealingKey,
    /// One of these signs receipts and answers.
    pub receipt_keys: Vec<PublicKey>,
    /// The key under which missed search terms are hashed; 64 hexadecimal digits. The same for all
    /// terminals, so that the hub can add up; no secret against the hub.
    pub term_key: String,
}

/// Why `hub.json` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HubKeysError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is none.
    #[error("{path} holds no keys of a hub: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl HubKeys {
    /// Reads the file at `path`.
    pub fn load(path: &Path) -> Result<Self, HubKeysError> {
        let bytes = std::fs::read(path).map_err(|source| HubKeysError::Read {
            path: path.to_owned(),
            source,
        })?;
        serde_json::from_slice(&bytes).map_err(|source| HubKeysError::Parse {
            path: path.to_owned(),
            source,
        })
    }
}
