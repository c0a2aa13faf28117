//! The two generations that are compared.

use std::path::{Path, PathBuf};

use anyhow::Result;
use catalog::record::RecordId;
use catalog::release::{Manifest, SnapshotTarget, write_delta};
use catalog::store::{self, Meta, Row, SCHEMA, Store};

/// How many records there are.
const ROWS: usize = 100_000;
/// How many letters each has: about 1.2 kB.
const LETTERS: usize = 400;
/// One of so many is changed.
const CHANGED_EVERY: usize = 1000;

/// Two generations and the way between them.
pub(crate) struct Release {
    /// The folder with `old/records.db`, `new/records.db`, `delta` and `manifest.json`.
    pub(crate) folder: PathBuf,
    pub(crate) rows: usize,
    pub(crate) changed: usize,
    /// The length of a store.
    pub(crate) store_length: u64,
    /// The changed rows, new text only, by zstd at level 19.
    pub(crate) floor: u64,
}

impl Release {
    pub(crate) fn older(&self) -> PathBuf {
        self.folder.join("old").join(store::FILE_NAME)
    }

    pub(crate) fn newer(&self) -> PathBuf {
        self.folder.join("new").join(store::FILE_NAME)
    }

    pub(crate) fn delta(&self) -> PathBuf {
        self.folder.join("delta")
    }
}

/// Writes both generations.
pub(crate) fn write(folder: &Path) -> Result<Release> {
    let letters = sample()?;
    let mut rows: Vec<Row> = (0..ROWS).map(|number| row(number, &letters)).collect();
    let old = build(folder, "old", 1, &rows)?;
    let mut floor = Vec::new();
    for number in (0..ROWS).step_by(CHANGED_EVERY) {
        let row = &mut rows[number];
        *row = Row {
            position: row.position,
            ..self::row(ROWS + number, &letters)
        };
        row.id = RecordId::try_from(format!("row-{number:06}"))?;
        floor.extend(serde_json::to_vec(row)?);
        floor.push(b'\n');
    }
    let new = build(folder, "new", 2, &rows)?;
    let mut delta = Vec::new();
    let changed = write_delta(&old, &new, &mut delta)?.put;
    catalog::atomic::write(&folder.join("delta"), &delta)?;
    let manifest = Manifest {
        generation: 2,
        schema: SCHEMA,
        published_at: new.meta().published_at,
        public_url: None,
        rows: new.len()?,
        rows_digest: new.rows_digest()?,
        snapshot: SnapshotTarget {
            target: String::new(),
            length: 0,
            sha256: String::new(),
            unpacked: None,
        },
        deltas: Vec::new(),
        blobs: None,
    };
    catalog::atomic::write(&folder.join("manifest.json"), &manifest.to_json())?;
    Ok(Release {
        folder: folder.to_owned(),
        rows: ROWS,
        changed: usize::try_from(changed)?,
        store_length: std::fs::metadata(new.path())?.len(),
        floor: zstd::encode_all(&floor[..], 19)?.len() as u64,
    })
}

/// The characters of the sample's records, as often as they occur there.
fn sample() -> Result<Vec<char>> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let records = catalog::source::load(&sample)?.records;
    let text: String = records.iter().map(|record| Row::new(record, 0).body).collect();
    Ok(text.chars().filter(|letter| !letter.is_ascii()).collect())
}

/// A record with a text that is as hard to compress as what is written, and like no other.
fn row(number: usize, letters: &[char]) -> Row {
    let words: String = (0..LETTERS)
        .map(|letter| drawn(number, letter, letters))
        .collect();
    Row {
        id: RecordId::try_from(format!("row-{number:06}")).expect("digits are fit for an id"),
        kind: "guide".to_owned(),
        area: None,
        title: format!("第{number}号事项"),
        position: number as i64,
        body: format!("{{\"number\":{number},\"text\":\"{words}\"}}"),
    }
}

/// One of the letters, by a number that looks random and is always the same (splitmix64).
fn drawn(row: usize, place: usize, letters: &[char]) -> char {
    let number = ((row * LETTERS + place) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = number ^ (number >> 31);
    letters[(number % letters.len() as u64) as usize]
}

fn build(folder: &Path, name: &str, generation: u64, rows: &[Row]) -> Result<Store> {
    let folder = folder.join(name);
    std::fs::create_dir(&folder)?;
    let path = folder.join(store::FILE_NAME);
    let meta = Meta {
        generation,
        schema: SCHEMA,
        published_at: "2026-11-22T08:00:00Z".parse()?,
        public_url: None,
    };
    store::build(&path, &meta, rows)?;
    Ok(Store::open_file(&path)?)
}
