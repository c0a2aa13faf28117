//! The engines that are compared.

use std::path::Path;

use catalog::record::Record;
use catalog::store::Row;

use crate::{ours, trigram, words};

/// An engine with its index open.
pub(crate) trait Engine {
    /// The ids of the records found, best first.
    fn search(&self, text: &str) -> Vec<String>;
}

/// An engine that knows passages alone is asked for so many, as several are of one record.
pub(crate) const PASSAGES: usize = 60;

/// The records of passages, each once, in the order of their best.
pub(crate) fn records(of_passages: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for record in of_passages {
        if !records.contains(&record) {
            records.push(record);
        }
    }
    records
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EngineKind {
    /// The search of this project.
    Ours,
    /// SQLite FTS5 with its trigram tokenizer; the query is a phrase.
    Trigram,
    /// tantivy over the words that jieba finds, joined by OR.
    Words,
}

impl EngineKind {
    /// Ours first: the others are shown in relation to it.
    pub(crate) const ALL: [Self; 3] = [Self::Ours, Self::Trigram, Self::Words];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Trigram => "fts5-trigram",
            Self::Words => "tantivy-jieba",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }

    /// Puts the records where the engine takes them from; returns their size in bytes.
    pub(crate) fn prepare(self, folder: &Path, records: &[Record]) -> usize {
        let rows = Row::in_order(records);
        if self == Self::Ours {
            ours::prepare(folder, &rows);
        }
        rows.iter().map(|row| row.body.len()).sum()
    }

    /// Builds the index.
    pub(crate) fn build(self, folder: &Path, records: &[Record]) {
        match self {
            Self::Ours => ours::build(folder),
            Self::Trigram => trigram::build(folder, records),
            Self::Words => words::build(folder, records),
        }
    }

    /// What the index takes on disk, without the records themselves.
    pub(crate) fn index_bytes(self, folder: &Path) -> u64 {
        let folder = match self {
            Self::Ours => folder.join(catalog::search::FOLDER),
            Self::Trigram | Self::Words => folder.to_owned(),
        };
        let files = std::fs::read_dir(folder).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
    }

    /// Opens the index.
    pub(crate) fn open(self, folder: &Path) -> Box<dyn Engine> {
        match self {
            Self::Ours => Box::new(ours::open(folder)),
            Self::Trigram => Box::new(trigram::open(folder)),
            Self::Words => Box::new(words::open(folder)),
        }
    }
}
