//! Whose passages the texts hold, so that the next build writes only what changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::record::{Kind, RecordId};
use crate::search::file::Table;
use crate::search::passage::Passage;
use crate::search::schema::pack_article;

/// The records whose passages the texts hold.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    lines: BTreeMap<RecordId, Line>,
    /// The next record that is new gets this key.
    next_key: u32,
}

impl Table for Ledger {}

/// How the passages of a record are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The number that each of its passages carries. It stays the same for the life of the record.
    pub key: u32,
    /// The beginning of a SHA-256 over all of its passages.
    pub digest: [u8; 16],
}

impl Ledger {
    /// A ledger without lines that goes on with the keys of another.
    pub(super) fn following(before: &Self) -> Self {
        Self {
            lines: BTreeMap::new(),
            next_key: before.next_key,
        }
    }

    /// A key that no record had before.
    pub(super) fn new_key(&mut self) -> u32 {
        let key = self.next_key;
        self.next_key += 1;
        key
    }

    /// Notes a record.
    pub(super) fn enter(&mut self, id: RecordId, line: Line) {
        self.lines.insert(id, line);
    }

    /// Takes out what is known of a record.
    pub(super) fn take(&mut self, id: &RecordId) -> Option<Line> {
        self.lines.remove(id)
    }

    /// The lines that are left.
    pub(super) fn into_lines(self) -> impl ExactSizeIterator<Item = Line> {
        self.lines.into_values()
    }
}

/// What tells one set of passages from another.
pub(super) fn digest(kind: Kind, passages: &[Passage]) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(kind.as_str());
    for passage in passages {
        hash.update(pack_article(passage.article).to_le_bytes());
        hash.update((passage.text.len() as u64).to_le_bytes());
        hash.update(&passage.text);
    }
    let whole: [u8; 32] = hash.finalize().into();
    whole[..16].try_into().expect("half of 32 bytes")
}
