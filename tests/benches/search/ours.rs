//! The search of this project.

use std::path::Path;

use catalog::clock::{Clock as _, SystemClock};
use catalog::search::{Index, Query};
use catalog::store::{self, Meta, Row, SCHEMA, Store};

use crate::engine::Engine;

/// As many hits as the search page of the kiosk asks for at each keystroke.
const HITS: usize = 12;

pub(crate) fn prepare(folder: &Path, rows: &[Row]) {
    let meta = Meta {
        generation: 1,
        schema: SCHEMA,
        published_at: SystemClock.now(),
        public_url: None,
    };
    store::build(&folder.join(store::FILE_NAME), &meta, rows).unwrap();
}

pub(crate) fn build(folder: &Path) {
    Index::build(folder, &Store::open(folder).unwrap()).unwrap();
}

pub(crate) fn open(folder: &Path) -> Index {
    Index::open(folder).unwrap()
}

impl Engine for Index {
    fn search(&self, text: &str) -> Vec<String> {
        let query = Query {
            limit: HITS,
            ..Query::new(text)
        };
        let hits = Index::search(self, &query).hits;
        hits.into_iter().map(|hit| hit.id.to_string()).collect()
    }
}
