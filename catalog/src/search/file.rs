//! Our own files beside tantivy's: a header, a check sum, a table.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tantivy::Directory as _;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{MmapDirectory, OwnedBytes};

use super::IndexError;
use super::column::Numbers;
use crate::atomic::{self, Readers};

/// Counts up with every change of what the files mean.
const FORMAT: u32 = 7;
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

/// The files of the texts and their lengths, so that who only looks whether they are whole need not open them.
pub(super) const PARTS: Kind = Kind {
    name: "parts.bin",
    magic: *b"MCPARTS\n",
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
    let sum = kind.sum(&path, &content)?;
    if crc32fast::hash(&content[HEADER_BYTES..]).to_le_bytes() != sum {
        return Err(damaged(&path, WRONG_SUM));
    }
    let mut parts = parts_of(&content);
    let mut next = || {
        parts
            .next()
            .ok_or_else(|| damaged(&path, "a part of it is missing"))
    };
    let mut table: T = postcard::from_bytes(&next()?).map_err(|error| damaged(&path, &error.to_string()))?;
    for column in table.columns() {
        column
            .map(next()?)
            .map_err(|error| damaged(&path, &error.to_string()))?;
    }
    Ok(table)
}

/// The parts of a file, as they were added.
fn parts_of(content: &OwnedBytes) -> impl Iterator<Item = OwnedBytes> {
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

/// Looks whether a table of an index folder is whole, piece by piece, without holding it in memory.
pub(super) fn check(folder: &Path, kind: Kind) -> Result<(), IndexError> {
    let path = folder.join(kind.name);
    let absent = |source| IndexError::Absent {
        path: path.clone(),
        source,
    };
    let mut file = File::open(&path).map_err(absent)?;
    let mut header = Vec::with_capacity(HEADER_BYTES);
    let most = HEADER_BYTES as u64;
    (&mut file).take(most).read_to_end(&mut header).map_err(absent)?;
    let sum = kind.sum(&path, &header)?;
    if sum_of(&mut file).map_err(absent)?.to_le_bytes() == sum {
        Ok(())
    } else {
        Err(damaged(&path, WRONG_SUM))
    }
}

/// The check sum of the rest of a file, read piece by piece.
fn sum_of(file: &mut File) -> io::Result<u32> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut hasher = crc32fast::Hasher::new();
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finalize()),
            count => hasher.update(&piece[..count]),
        }
    }
}

/// The check sums of files by their names.
#[derive(Serialize, Deserialize)]
struct Sums(BTreeMap<String, u32>);

impl Table for Sums {}

/// Notes the files of the texts in an index folder and their check sums.
pub(super) fn note_parts(folder: &Path) -> Result<(), IndexError> {
    let mut sums = Sums(sums(folder).map_err(|source| IndexError::folder(folder, source))?);
    write(folder, PARTS, &mut sums)
}

/// Looks whether the files of the texts are there and as they were.
pub(super) fn check_parts(folder: &Path) -> Result<(), IndexError> {
    let Sums(noted) = read(folder, PARTS)?;
    for (name, noted) in noted {
        let path = folder.join(name);
        match File::open(&path).and_then(|mut file| sum_of(&mut file)) {
            Ok(sum) if sum == noted => {}
            Ok(_) => return Err(damaged(&path, WRONG_SUM)),
            Err(source) => return Err(IndexError::Absent { path, source }),
        }
    }
    Ok(())
}

fn sums(folder: &Path) -> io::Result<BTreeMap<String, u32>> {
    let mut sums = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().unwrap_or_default();
        // Our own have check sums, and locks hold nothing.
        if ending != "lock" && ending != ENDING {
            let sum = sum_of(&mut File::open(&path)?)?;
            let name = path.file_name().expect("it is in a folder");
            sums.insert(name.to_string_lossy().into_owned(), sum);
        }
    }
    Ok(sums)
}

/// What is read of a file at a time where it is only looked at.
const PIECE_BYTES: usize = 32 * 1024;

const WRONG_SUM: &str = "its check sum is wrong";

impl Kind {
    /// The check sum that the header of such a file names.
    fn sum(self, path: &Path, content: &[u8]) -> Result<[u8; SUM_BYTES], IndexError> {
        let header = content
            .get(..HEADER_BYTES)
            .ok_or_else(|| damaged(path, "it is cut off"))?;
        let (magic, rest) = header.split_at(MAGIC_BYTES);
        let (format, sum) = rest.split_at(4);
        if magic != self.magic {
            return Err(damaged(path, "it is no such table"));
        }
        let found = u32::from_le_bytes(format.try_into().expect("split at four bytes"));
        if found != FORMAT {
            return Err(IndexError::Format {
                path: path.to_owned(),
                found,
                expected: FORMAT,
            });
        }
        Ok(sum.try_into().expect("the rest of the header"))
    }
}

fn damaged(path: &Path, finding: &str) -> IndexError {
    IndexError::Damaged {
        path: path.to_owned(),
        finding: finding.to_owned(),
    }
}
