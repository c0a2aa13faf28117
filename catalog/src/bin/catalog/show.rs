//! `catalog show`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use catalog::record::RecordId;
use catalog::store::Store;

pub(crate) fn run(store: &Path, id: &str) -> Result<()> {
    let id = RecordId::try_from(id)?;
    let Some(record) = Store::open(store)?.get(&id)? else {
        bail!("{} holds no record {id}", store.display())
    };
    let text = serde_json::to_string_pretty(&record).context("the record cannot be printed")?;
    println!("{text}");
    Ok(())
}
