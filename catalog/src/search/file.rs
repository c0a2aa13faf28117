//! Our own files beside tantivy's: a header, a check sum, a table.

use std::io::{self, ErrorKind};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tantivy::Directory as _;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{MmapDirectory, OwnedBytes};

use super::IndexError;
use super::column::Numbers;
use crate::atomic::{self, Readers};

/// Counts up with every change of what the files mean.
const FORMAT: u32 = 4;
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

/// What is kept in such a file.
pub(super) trait Table: Serialize + DeserializeOwned {
    /// Its long lists, always in the same order. They follow the rest of the table and are not read but mapped.
    fn columns(&mut self) -> Vec<&mut dyn Numbers> {
        Vec::new()
    }
}

/// Columns begin at multiples of so many bytes, so that any numbers can lie in them.
const ALIGNMENT: usize = size_of::<u64>();

/// Writes a table into an index folder.
pub(super) fn write(folder: &Path, kind: Kind, table: &mut impl Table) -> Result<(), IndexError> {
    let path = folder.join(kind.name);
    let rest = postcard::to_stdvec(table).map_err(|error| IndexError::Damaged {
        path: path.clone(),
        finding: error.to_string(),
    })?;
    let mut content = vec![0; HEADER_BYTES];
    add_part(&mut content, &rest);
    for column in table.columns() {
        add_part(&mut content, column.bytes());
    }
    let sum = crc32fast::hash(&content[HEADER_BYTES..]);
    content[..MAGIC_BYTES].copy_from_slice(&kind.magic);
    content[MAGIC_BYTES..][..4].copy_from_slice(&FORMAT.to_le_bytes());
    content[MAGIC_BYTES + 4..][..SUM_BYTES].copy_from_slice(&sum.to_le_bytes());
    // The kiosk may run as another user than the agent, which builds the index.
    Ok(atomic::write_for(Readers::Everybody, &path, &content)?)
}

/// Adds the length of a part, the part, and what brings the next one into its place.
fn add_part(content: &mut Vec<u8>, part: &[u8]) {
    content.extend_from_slice(&(part.len() as u64).to_le_bytes());
    content.extend_from_slice(part);
    content.resize(content.len().next_multiple_of(ALIGNMENT), 0);
}

/// Reads a table of an index folder; its columns stay in the file.
pub(super) fn read<T: Table>(folder: &Path, kind: Kind) -> Result<T, IndexError> {
    let path = folder.join(kind.name);
    let content = map(folder, kind.name).map_err(|source| IndexError::Absent {
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
    if crc32fast::hash(&content[HEADER_BYTES..]).to_le_bytes() != sum {
        return Err(damaged("its check sum is wrong"));
    }
    let mut parts = parts(&content);
    let mut next = || parts.next().ok_or_else(|| damaged("a part of it is missing"));
    let mut table: T = postcard::from_bytes(&next()?).map_err(|error| damaged(&error.to_string()))?;
    for column in table.columns() {
        column.map(next()?).map_err(|error| damaged(&error.to_string()))?;
    }
    Ok(table)
}

/// The parts of a file, as they were added.
fn parts(content: &OwnedBytes) -> impl Iterator<Item = OwnedBytes> {
    let mut at = HEADER_BYTES;
    std::iter::from_fn(move || {
        let length = content.get(at..at + size_of::<u64>())?;
        let length = u64::from_le_bytes(length.try_into().expect("cut to its size"));
        let start = at + size_of::<u64>();
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        content.get(start..end)?;
        at = end.next_multiple_of(ALIGNMENT);
        Some(content.slice(start..end))
    })
}

/// Maps a file into memory.
fn map(folder: &Path, name: &str) -> io::Result<OwnedBytes> {
    let directory =
        MmapDirectory::open(folder).map_err(|error| io::Error::new(ErrorKind::NotFound, error))?;
    let file = directory
        .open_read(Path::new(name))
        .map_err(|error| match error {
            OpenReadError::FileDoesNotExist(_) => io::Error::from(ErrorKind::NotFound),
            error => io::Error::other(error),
        })?;
    file.read_bytes()
}
