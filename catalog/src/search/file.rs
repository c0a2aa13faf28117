//! Our own files beside tantivy's: a header, a check sum, a table.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::IndexError;
use crate::atomic::{self, Readers};

/// Counts up with every change of what the files mean.
const FORMAT: u32 = 3;
const SUM_BYTES: usize = 4;
const MAGIC_BYTES: usize = 8;
const HEADER_BYTES: usize = MAGIC_BYTES + 4 + SUM_BYTES;

/// What all of them end with.
pub(super) const ENDING: &str = "bin";

/// One of the files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    name: &'static str,
    magic: [u8; MAGIC_BYTES],
}

/// The table of names. It is written last: an index without it was never finished.
pub(super) const NAMES: Kind = Kind {
    name: "names.bin",
    magic: *b"MCNAMES\n",
};

/// Whose passages the texts hold; only the next build reads it.
pub(super) const LEDGER: Kind = Kind {
    name: "ledger.bin",
    magic: *b"MCLEDGR\n",
};

/// Writes a table into an index folder.
pub(super) fn write(folder: &Path, kind: Kind, table: &impl Serialize) -> Result<(), IndexError> {
    let path = folder.join(kind.name);
    let body = postcard::to_stdvec(table).map_err(|error| IndexError::Damaged {
        path: path.clone(),
        finding: error.to_string(),
    })?;
    let mut content = Vec::with_capacity(HEADER_BYTES + body.len());
    content.extend_from_slice(&kind.magic);
    content.extend_from_slice(&FORMAT.to_le_bytes());
    content.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    content.extend_from_slice(&body);
    // The kiosk may run as another user than the agent, which builds the index.
    Ok(atomic::write_for(Readers::Everybody, &path, &content)?)
}

/// Reads a table of an index folder.
pub(super) fn read<T: DeserializeOwned>(folder: &Path, kind: Kind) -> Result<T, IndexError> {
    let path = folder.join(kind.name);
    let content = fs::read(&path).map_err(|source| IndexError::Absent {
        path: path.clone(),
        source,
    })?;
    let damaged = |finding: &str| IndexError::Damaged {
        path: path.clone(),
        finding: finding.to_owned(),
    };
    let header = content
        .get(..HEADER_BYTES)
        .ok_or_else(|| damaged("it is cut off"))?;
    let (magic, rest) = header.split_at(MAGIC_BYTES);
    let (format, sum) = rest.split_at(4);
    if magic != kind.magic {
        return Err(damaged("it is no such table"));
    }
    let found = u32::from_le_bytes(format.try_into().expect("split at four bytes"));
    if found != FORMAT {
        return Err(IndexError::Format {
            path,
            found,
            expected: FORMAT,
        });
    }
    let body = &content[HEADER_BYTES..];
    if crc32fast::hash(body).to_le_bytes() != sum {
        return Err(damaged("its check sum is wrong"));
    }
    postcard::from_bytes(body).map_err(|error| damaged(&error.to_string()))
}
