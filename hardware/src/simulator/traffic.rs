//! Traffic between a driver and a device, written down: one JSON object a line,
//! `{"ms": 12, "from": "driver", "hex": "10 04 01"}`.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The driver.
    Driver,
    /// The device.
    Device,
}

/// Bytes that were spoken at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Milliseconds since the recording began.
    pub ms: u64,
    /// Who spoke.
    pub from: Side,
    /// The bytes.
    #[serde(rename = "hex", with = "hex_text")]
    pub bytes: Vec<u8>,
}

/// Recorded traffic cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TrafficError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A line is no exchange.
    #[error("{path}:{line}: {source}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Reads what a recording wrote.
pub fn read_traffic(path: &Path) -> Result<Vec<Exchange>, TrafficError> {
    let read = |source| TrafficError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(read)?;
    let mut exchanges = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(read)?;
        if line.trim().is_empty() {
            continue;
        }
        let exchange = serde_json::from_str(&line).map_err(|source| TrafficError::Line {
            path: path.to_owned(),
            line: number,
            source,
        })?;
        exchanges.push(exchange);
    }
    Ok(exchanges)
}

/// Writes traffic down as it happens.
#[derive(Debug)]
pub(super) struct Recorder {
    file: File,
    start: Instant,
}

impl Recorder {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .open(path)?;
        Ok(Self {
            file,
            start: Instant::now(),
        })
    }

    pub(super) fn note(&mut self, from: Side, bytes: &[u8]) {
        let exchange = Exchange {
            ms: self.start.elapsed().as_millis() as u64,
            from,
            bytes: bytes.to_vec(),
        };
        let line = serde_json::to_string(&exchange).expect("an exchange is numbers and text");
        if let Err(error) = writeln!(self.file, "{line}") {
            tracing::warn!(%error, "traffic could not be written down");
        }
    }
}

/// Bytes as pairs of digits with a space between them.
mod hex_text {
    use std::fmt::Write as _;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(bytes.len() * 3);
        for (at, byte) in bytes.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(text, "{space}{byte:02x}").expect("a string takes everything");
        }
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.split_whitespace()
            .map(|pair| {
                u8::from_str_radix(pair, 16).map_err(|_| D::Error::custom(format!("{pair:?} is no byte")))
            })
            .collect()
    }
}
