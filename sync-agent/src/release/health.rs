//! Whether a generation works on this terminal: it opens, and what it holds is found.

use std::path::Path;
use std::time::Duration;

use catalog::search::{Index, Query};
use catalog::store::{Filter, Store};
use tracing::warn;

/// How many records are opened and looked for.
const TRIED: usize = 5;
/// After how long it is looked again at what did not work: open files and memory may have run out for a moment, and a generation
/// is condemned for ever.
const AGAIN: Duration = Duration::from_secs(3);

/// [`examine`] on a thread of its own: what it takes in memory goes back with the thread's, instead of staying
/// between what the agent keeps.
pub(super) fn examine_aside(folder: &Path) -> Result<(), String> {
    std::thread::scope(|scope| scope.spawn(|| examine(folder)).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Looks at the generation in `folder` as the kiosk does, and once more where something does not work. Says what does not.
pub(super) fn examine(folder: &Path) -> Result<(), String> {
    twice(AGAIN, || look_at(folder))
}

fn twice(pause: Duration, look: impl Fn() -> Result<(), String>) -> Result<(), String> {
    look().or_else(|reason| {
        warn!(reason, "the generation does not work; looking again");
        std::thread::sleep(pause);
        look()
    })
}

fn look_at(folder: &Path) -> Result<(), String> {
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_works_when_it_is_looked_at_again_is_not_bad() {
        let looks = Cell::new(0);
        let works_from = |first: u32| {
            looks.set(0);
            twice(Duration::ZERO, || {
                looks.set(looks.get() + 1);
                if looks.get() < first {
                    Err("too many open files".to_owned())
                } else {
                    Ok(())
                }
            })
        };
        assert_eq!((works_from(1), looks.get()), (Ok(()), 1));
        assert_eq!((works_from(2), looks.get()), (Ok(()), 2));
        assert!(works_from(3).is_err());
    }
}
