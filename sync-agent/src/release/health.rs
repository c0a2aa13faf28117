//! Whether a generation works on this terminal: it opens, and what it holds is found.

use std::path::Path;

use catalog::search::{Index, Query};
use catalog::store::{Filter, Store};

/// How many records are opened and looked for.
const TRIED: usize = 5;

/// [`examine`] on a thread of its own: what it takes in memory goes back with the thread's, instead of staying
/// between what the agent keeps.
pub(super) fn examine_aside(folder: &Path) -> Result<(), String> {
    std::thread::scope(|scope| scope.spawn(|| examine(folder)).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Looks at the generation in `folder` as the kiosk does. Says what does not work.
pub(super) fn examine(folder: &Path) -> Result<(), String> {
    let store = Store::open(folder).map_err(|error| error.to_string())?;
    let index = Index::open(folder).map_err(|error| error.to_string())?;
    let list = store
        .list(&Filter::default())
        .map_err(|error| error.to_string())?;
    let tried: Vec<_> = list.iter().take(TRIED).collect();
    for summary in &tried {
        match store.get(&summary.id) {
            Ok(Some(_)) => {}
            Ok(None) => return Err(format!("record {} is listed and not there", summary.id)),
            Err(error) => return Err(error.to_string()),
        }
    }
    let found = tried
        .iter()
        .any(|summary| !index.search(&Query::new(&summary.title)).hits.is_empty());
    if found || tried.is_empty() {
        Ok(())
    } else {
        Err("none of its titles is found".to_owned())
    }
}
