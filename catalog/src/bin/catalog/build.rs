//! `catalog build`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use catalog::clock::{Clock as _, SystemClock};
use catalog::search::Index;
use catalog::store::{self, Meta, Row, SCHEMA, Store};

pub(crate) fn run(source: &Path, out: &Path) -> Result<()> {
    let loaded = catalog::source::load(source)?;
    for problem in &loaded.problems {
        eprintln!("{problem}");
    }
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let path = out.join(store::FILE_NAME);
    let meta = Meta {
        generation: 1,
        schema: SCHEMA,
        published_at: SystemClock.now(),
        public_url: None,
    };
    store::build(&path, &meta, &Row::in_order(&loaded.records))?;
    store::finish(&path)?;
    Index::build(out, &Store::open(out)?)?;
    println!(
        "{} records, {} problems",
        loaded.records.len(),
        loaded.problems.len()
    );
    Ok(())
}
