//! The whole store, compressed.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{LARGEST_ROW, Manifest};
use crate::power::{Moment, point};
use crate::store::{Store, StoreError};

/// The most memory that unpacking may take, as a power of two: what [`COMPRESSION_LEVEL`] needs. A stream that asks for more
/// is refused.
const WINDOW_LOG: u32 = 23;
/// zstd's level for what is compressed once and fetched by every terminal.
const COMPRESSION_LEVEL: i32 = 19;

/// Why a snapshot could not be packed, unpacked or trusted.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file could not be written, or the compressed stream is damaged or ends early.
    #[error("snapshot {path}: {source}")]
    Io {
        /// The file that was to be written.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// It unpacks to more than allowed.
    #[error("snapshot {path}: unpacks to more than {limit} bytes")]
    TooLarge {
        /// The file that was to be written.
        path: PathBuf,
        /// The most that was allowed.
        limit: u64,
    },
    /// A row in it is larger than allowed.
    #[error("store {path}: row {id} has {size} bytes, at most {limit} are allowed")]
    RowTooLarge {
        /// The database file.
        path: PathBuf,
        /// The row's id.
        id: String,
        /// How many bytes it has.
        size: u64,
        /// The most that was allowed.
        limit: u64,
    },
    /// The store in it cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store in it is not the one that the manifest describes.
    #[error("store {path}: {what} is {found}, the manifest says {expected}")]
    Mismatch {
        /// The database file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// As the store has it.
        found: String,
        /// As the manifest has it.
        expected: String,
    },
}

/// Compresses the store at `path` into `out`.
pub fn pack_snapshot(path: &Path, out: impl Write) -> io::Result<()> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    compress(file, length, out)
}

/// Compresses `content`, which must have exactly `length` bytes; zstd takes memory and time by it.
pub(super) fn compress(mut content: impl Read, length: u64, out: impl Write) -> io::Result<()> {
    let mut encoder = zstd::Encoder::new(out, COMPRESSION_LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(length))?;
    io::copy(&mut content, &mut encoder)?;
    encoder.finish()?.flush()
}

/// Unpacks a stream, in no more memory than a stream of our own takes.
pub(super) fn decoder<R: Read>(compressed: R) -> io::Result<zstd::Decoder<'static, io::BufReader<R>>> {
    let mut decoder = zstd::Decoder::new(compressed)?;
    decoder.window_log_max(WINDOW_LOG)?;
    Ok(decoder)
}

/// Unpacks a compressed store into the new file `path` and makes it durable. On an error nothing is
/// left at `path`. What came out still has to be [verified](verify).
pub fn unpack_snapshot(compressed: impl Read, path: &Path, limit: u64) -> Result<(), SnapshotError> {
    let failed = |source| SnapshotError::Io {
        path: path.to_owned(),
        source,
    };
    let mut file = File::create_new(path).map_err(failed)?;
    let unpack = || -> io::Result<u64> {
        let mut content = decoder(compressed)?.take(limit.saturating_add(1));
        point("unpack snapshot", Moment::Before);
        let length = io::copy(&mut content, &mut file)?;
        point("unpack snapshot", Moment::During);
        file.sync_all()?;
        point("unpack snapshot", Moment::After);
        Ok(length)
    };
    let result = match unpack() {
        Ok(length) if length <= limit => return Ok(()),
        Ok(_) => SnapshotError::TooLarge {
            path: path.to_owned(),
            limit,
        },
        Err(source) => failed(source),
    };
    // The error that matters is the one above; a half file that stays is refused by `verify`.
    let _ = std::fs::remove_file(path);
    Err(result)
}

/// Checks that the store at `path` is whole and is the one that the manifest describes.
pub fn verify(path: &Path, manifest: &Manifest) -> Result<(), SnapshotError> {
    let store = Store::open_file(path)?;
    store.quick_check()?;
    if let Some((id, size)) = store.row_above(LARGEST_ROW)? {
        return Err(SnapshotError::RowTooLarge {
            path: path.to_owned(),
            id,
            size,
            limit: LARGEST_ROW,
        });
    }
    let same = |what, found: String, expected: String| {
        if found == expected {
            return Ok(());
        }
        Err(SnapshotError::Mismatch {
            path: path.to_owned(),
            what,
            found,
            expected,
        })
    };
    let (meta, expected) = (store.meta(), manifest.meta());
    same(
        "generation",
        meta.generation.to_string(),
        expected.generation.to_string(),
    )?;
    same(
        "date of publication",
        meta.published_at.to_string(),
        expected.published_at.to_string(),
    )?;
    same(
        "public address",
        meta.public_url.clone().unwrap_or_default(),
        expected.public_url.unwrap_or_default(),
    )?;
    same(
        "digest over all rows",
        store.rows_digest()?,
        manifest.rows_digest.clone(),
    )?;
    same(
        "number of rows",
        store.len()?.to_string(),
        manifest.rows.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Row;
    use crate::store::fixture::{area, store};

    #[test]
    fn a_snapshot_unpacks_to_the_bytes_that_were_packed_and_no_further_than_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = store(folder.path(), 1, &Row::in_order(&[area("area-a", "城乡规划")]));
        let mut packed = Vec::new();
        pack_snapshot(&path, &mut packed).unwrap();
        let content = std::fs::read(&path).unwrap();
        let unpacked = folder.path().join("records.db");
        let length = content.len() as u64;
        let error = unpack_snapshot(&packed[..], &unpacked, length - 1).unwrap_err();
        assert!(matches!(error, SnapshotError::TooLarge { .. }), "{error}");
        let error = unpack_snapshot(&packed[..packed.len() - 1], &unpacked, length).unwrap_err();
        assert!(matches!(error, SnapshotError::Io { .. }), "{error}");
        assert!(!unpacked.exists());
        let mut greedy = zstd::Encoder::new(Vec::new(), 1).unwrap();
        greedy.window_log(27).unwrap();
        greedy.write_all(&content).unwrap();
        let error = unpack_snapshot(&greedy.finish().unwrap()[..], &unpacked, length).unwrap_err();
        assert!(matches!(error, SnapshotError::Io { .. }), "{error}");
        unpack_snapshot(&packed[..], &unpacked, length).unwrap();
        assert!(std::fs::read(&unpacked).unwrap() == content);
    }
}
