//! How much an agent is ready to read, so that a broken or hostile release cannot fill the memory or the disk of a terminal.

/// The most that one row may have, all its texts together: the longest law of the sample content takes 0.3 MB.
pub const LARGEST_ROW: u64 = 4 << 20;

/// The most that one picture or PDF may have.
pub const LARGEST_BLOB: u64 = 256 << 20;

/// How much of a delta is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest line in bytes, without its end.
    pub line: u64,
    /// All lines in bytes, uncompressed.
    pub total: u64,
    /// The largest row in bytes, see [`Row::size`](crate::store::Row::size).
    pub row: u64,
}

impl Default for Limits {
    /// A line may hold the largest row, every other byte of it escaped; a whole province's records take 0.2 GB.
    fn default() -> Self {
        Self {
            line: 4 * LARGEST_ROW,
            total: 1 << 30,
            row: LARGEST_ROW,
        }
    }
}
