//! The public keys of a hub: `hub.json`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
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
    /// What was sealed to one of these the hub still takes for a time: it waited at terminals when the key was replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_sealing_keys: Vec<FormerSealingKey>,
    /// One of these signs receipts and answers.
    pub receipt_keys: Vec<PublicKey>,
    /// The key under which missed search terms are hashed; 64 hexadecimal digits. The same for all
    /// terminals, so that the hub can add up; no secret against the hub.
    pub term_key: String,
}

/// A sealing key that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerSealingKey {
    /// The key.
    pub key: SealingKey,
    /// Until when the hub takes what was sealed to it.
    pub until: Timestamp,
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

    /// Whether the hub takes in, at the time `now`, what was sealed to the key with this id.
    #[must_use]
    pub fn takes(&self, key: &[u8; 16], now: Timestamp) -> bool {
        let is_former = |former: &FormerSealingKey| former.key.id() == *key && now < former.until;
        self.sealing_key.id() == *key || self.former_sealing_keys.iter().any(is_former)
    }
}
