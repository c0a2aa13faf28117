//! Search over the content set, from its source folder to the answer.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod garbage;
mod growth;
mod invariants;
mod names;
mod recovery;
mod relevance;
mod understanding;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use catalog::clock::{Clock as _, SystemClock};
use catalog::record::Record;
use catalog::search::{Index, Query, Results};
use catalog::store::{self, Meta, Row, SCHEMA, Store};
use tempfile::TempDir;

/// The content set as an opened index.
struct Sample {
    records: Vec<Record>,
    index: Index,
    folder: PathBuf,
}

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let records = catalog::source::load(&source).unwrap().records;
    let folder = prepared::folder("sample", &[&source], |folder| {
        fill(folder, &records);
        build_index(folder);
    });
    let index = Index::open(&folder).unwrap();
    Sample {
        records,
        index,
        folder,
    }
});

/// A generation folder with these records and their index.
fn generation(records: &[Record]) -> TempDir {
    let folder = store(records);
    build_index(folder.path());
    folder
}

/// A generation folder with these records, without an index.
fn store(records: &[Record]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), records);
    folder
}

fn build_index(folder: &Path) {
    Index::build(folder, &Store::open(folder).unwrap()).unwrap();
}

/// Writes the records into a generation folder.
fn fill(folder: &Path, records: &[Record]) {
    let meta = Meta {
        generation: 1,
        schema: SCHEMA,
        published_at: SystemClock.now(),
        public_url: None,
    };
    store::build(&folder.join(store::FILE_NAME), &meta, &Row::in_order(records)).unwrap();
}

fn search(text: &str, limit: usize) -> Results {
    SAMPLE.index.search(&Query {
        limit,
        ..Query::new(text)
    })
}

/// The ids of the first five hits.
fn first_five(text: &str) -> Vec<String> {
    search(text, 5)
        .hits
        .iter()
        .map(|hit| hit.id.to_string())
        .collect()
}
