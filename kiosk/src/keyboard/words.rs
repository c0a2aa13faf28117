//! The words of the published content, for the input method.

use std::path::Path;

use catalog::record::{Kind, Record};
use catalog::store::{Filter, Store, StoreError};
use rime::Word;

/// How often the words are meant, beside everyday words (100 to 100 000). What residents say comes first.
const SAID: u32 = 40_000;
const NAMED: u32 = 20_000;
const TITLED: u32 = 10_000;

/// Why the input data cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The content cannot be read.
    #[error("the content cannot be read")]
    Content(#[from] StoreError),
    /// The input method refused.
    #[error("the input data cannot be made")]
    Input(#[from] rime::Error),
}

/// Makes the input data in `folder`: the packaged pinyin table, and the words of the content in `state`, where one is
/// given. A kiosk that starts with `folder` then knows 社保卡 by `sbk`.
///
/// A kiosk that is running keeps what it has opened. Data older than the content still work; they only lack new names.
pub fn prepare(folder: &Path, state: Option<&Path>) -> Result<(), PrepareError> {
    let words = match state {
        Some(state) => published(&Store::open(&state.join("current"))?)?,
        None => Vec::new(),
    };
    rime::prepare(Path::new(rime::SHARED_DATA), folder, &words)?;
    tracing::info!(folder = %folder.display(), words = words.len(), "the input data are ready");
    Ok(())
}

/// Names, other names and what residents say, with how often they are meant.
pub fn published(store: &Store) -> Result<Vec<Word>, StoreError> {
    let mut words = Vec::new();
    for kind in [
        Kind::Synonyms,
        Kind::Glossary,
        Kind::Area,
        Kind::Guide,
        Kind::LifeEvent,
    ] {
        for summary in store.list(&Filter {
            kind: Some(kind),
            area: None,
        })? {
            if let Some(record) = store.get(&summary.id)? {
                of(&record, &mut words);
            }
        }
    }
    for kind in [
        Kind::Document,
        Kind::Entry,
        Kind::ServiceItem,
        Kind::Dataset,
        Kind::Interpretation,
    ] {
        let listed = store.list(&Filter {
            kind: Some(kind),
            area: None,
        })?;
        words.extend(listed.into_iter().map(|summary| Word::new(summary.title, TITLED)));
    }
    Ok(words)
}

fn of(record: &Record, words: &mut Vec<Word>) {
    match record {
        Record::Synonyms(table) => {
            for entry in &table.entries {
                words.push(Word::new(&entry.canonical, NAMED));
                words.extend(entry.synonyms.iter().map(|word| Word::new(word, SAID)));
            }
        }
        Record::Glossary(table) => {
            words.extend(table.entries.iter().map(|entry| Word::new(&entry.zh, NAMED)));
        }
        Record::Guide(guide) => {
            words.push(Word::new(&guide.name, NAMED));
            words.extend(guide.aliases.iter().map(|word| Word::new(word, SAID)));
        }
        record => words.push(Word::new(record.title(), NAMED)),
    }
}
