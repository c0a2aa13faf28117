//! The file of the names: a header, a check sum, the table.

use std::fs;
use std::path::Path;

use super::IndexError;
use super::names::NameTable;
use crate::atomic::{self, Readers};

/// Counts up with every change of what the files mean.
const FORMAT: u32 = 2;
const MAGIC: &[u8; 8] = b"MCNAMES\n";
const SUM_BYTES: usize = 4;
const HEADER_BYTES: usize = MAGIC.len() + 4 + SUM_BYTES;

/// The file's name. It is written last: an index without it was never finished.
const FILE_NAME: &str = "names.bin";

/// Writes the names into an index folder.
pub(super) fn write(folder: &Path, names: &NameTable) -> Result<(), IndexError> {
    let path = folder.join(FILE_NAME);
    let body = postcard::to_stdvec(names).map_err(|error| IndexError::Damaged {
        path: path.clone(),
        finding: error.to_string(),
    })?;
    let mut content = Vec::with_capacity(HEADER_BYTES + body.len());
    content.extend_from_slice(MAGIC);
    content.extend_from_slice(&FORMAT.to_le_bytes());
    content.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    content.extend_from_slice(&body);
    // The kiosk may run as another user than the agent, which builds the index.
    Ok(atomic::write_for(Readers::Everybody, &path, &content)?)
}

/// Reads the names of an index folder.
pub(super) fn read(folder: &Path) -> Result<NameTable, IndexError> {
    let path = folder.join(FILE_NAME);
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
    let (magic, rest) = header.split_at(MAGIC.len());
    let (format, sum) = rest.split_at(4);
    if magic != MAGIC {
        return Err(damaged("it is no table of names"));
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
    let names: NameTable = postcard::from_bytes(body).map_err(|error| damaged(&error.to_string()))?;
    if names.is_sound() {
        Ok(names)
    } else {
        Err(damaged("it refers to what it does not hold"))
    }
}
