//! The hub that takes in what residents hand in.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::{positive, public_url};

/// The hub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Hub {
    /// Its address.
    #[serde(deserialize_with = "public_url")]
    pub url: Url,
    /// Its public keys: the `hub.json` that `hub intake keys` wrote.
    pub keys: PathBuf,
    /// The authority of its TLS certificate (PEM), where it is none that everybody knows.
    pub certificate_authority: Option<PathBuf>,
    /// Seconds between two reports of how the terminal is.
    #[serde(default = "default_report_seconds", deserialize_with = "positive")]
    pub report_seconds: u32,
}

const fn default_report_seconds() -> u32 {
    300
}
