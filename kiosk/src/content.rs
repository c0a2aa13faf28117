//! The published content that is open.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog::record::{Area, DocumentType, Kind, Record, RecordId};
use catalog::release::Signature;
use catalog::store::{Filter, Store, StoreError, Summary};
use jiff::Timestamp;
use serde::Deserialize;

/// Why there is no content to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// None has come to this terminal yet.
    NotYet,
    /// What is there cannot be read.
    Unreadable,
}

/// The content of one generation, or why there is none.
#[derive(Debug)]
pub struct Content {
    current: PathBuf,
    open: Result<Open, Problem>,
}

#[derive(Debug)]
struct Open {
    store: Store,
    signature: Signature,
    areas: Vec<Area>,
    counts: BTreeMap<(Kind, Option<RecordId>), u64>,
    document_types: OnceCell<BTreeMap<RecordId, DocumentType>>,
}

/// The one field of a document that lists need. The text, which is most of it, is skipped.
#[derive(Deserialize)]
struct DocumentHead {
    doc_type: DocumentType,
}

impl Content {
    /// Opens what `STATE/current` leads to.
    #[must_use]
    pub fn open(state: &Path) -> Self {
        let current = state.join("current");
        let open = open(&current);
        Self { current, open }
    }

    /// Opens what is current now. What cannot be read does not replace what can.
    pub fn reopen(&mut self) {
        let open = open(&self.current);
        if open.is_ok() || self.open.is_err() {
            self.open = open;
        }
    }

    /// Why there is no content.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        self.open.as_ref().err().copied()
    }

    /// The records.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.open.as_ref().ok().map(|open| &open.store)
    }

    /// The number of the generation.
    #[must_use]
    pub fn generation(&self) -> Option<u64> {
        self.store().map(|store| store.meta().generation)
    }

    /// When the content was published.
    #[must_use]
    pub fn published_at(&self) -> Option<Timestamp> {
        self.store().map(|store| store.meta().published_at)
    }

    /// Whether the content is what the operator signed.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.open
            .as_ref()
            .map_or(Signature::Absent, |open| open.signature)
    }

    /// Where the phone pages are reachable.
    #[must_use]
    pub fn public_url(&self) -> Option<&str> {
        self.store()?.meta().public_url.as_deref()
    }

    /// The record with this id. What cannot be read is logged and counts as absent.
    #[must_use]
    pub fn record(&self, id: &RecordId) -> Option<Record> {
        logged(self.store()?.get(id)).flatten()
    }

    /// The records that the filter lets through, in their order.
    #[must_use]
    pub fn list(&self, filter: &Filter) -> Vec<Summary> {
        self.store()
            .and_then(|store| logged(store.list(filter)))
            .unwrap_or_default()
    }

    /// All records of a kind, in their order.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Vec<Summary> {
        self.list(&Filter {
            kind: Some(kind),
            area: None,
        })
    }

    /// The areas, in the order of the founding document.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        self.open.as_ref().map_or(&[], |open| &open.areas)
    }

    /// The area with this id.
    #[must_use]
    pub fn area(&self, id: &RecordId) -> Option<&Area> {
        self.areas().iter().find(|area| area.id == *id)
    }

    /// How many records of a kind there are.
    #[must_use]
    pub fn count(&self, kind: Kind) -> u64 {
        self.sum(|counted, _| counted == kind)
    }

    /// How many records of a kind an area holds.
    #[must_use]
    pub fn count_in(&self, area: &RecordId, kind: Kind) -> u64 {
        self.sum(|counted, of| counted == kind && of == Some(area))
    }

    /// How many pages an area holds.
    #[must_use]
    pub fn pages_in(&self, area: &RecordId) -> u64 {
        self.sum(|counted, of| counted.is_public_page() && of == Some(area))
    }

    /// What sort of document each is; read once a generation.
    #[must_use]
    pub fn document_type(&self, id: &RecordId) -> Option<DocumentType> {
        let Ok(open) = &self.open else { return None };
        open.document_types
            .get_or_init(|| document_types(&open.store, self.of_kind(Kind::Document)))
            .get(id)
            .copied()
    }

    fn sum(&self, counts: impl Fn(Kind, Option<&RecordId>) -> bool) -> u64 {
        let Ok(open) = &self.open else { return 0 };
        open.counts
            .iter()
            .filter(|((kind, area), _)| counts(*kind, area.as_ref()))
            .map(|(_, records)| records)
            .sum()
    }
}

fn open(current: &Path) -> Result<Open, Problem> {
    read(current).map_err(|error| match error {
        StoreError::Absent { .. } => {
            tracing::warn!(%error, "there is no content yet");
            Problem::NotYet
        }
        error => {
            tracing::error!(%error, "the content cannot be read");
            Problem::Unreadable
        }
    })
}

fn read(current: &Path) -> Result<Open, StoreError> {
    let store = Store::open(current)?;
    let counts = store
        .counts()?
        .into_iter()
        .map(|count| ((count.kind, count.area), count.records))
        .collect();
    let mut areas = Vec::new();
    for summary in store.list(&Filter {
        kind: Some(Kind::Area),
        area: None,
    })? {
        if let Some(Record::Area(area)) = store.get(&summary.id)? {
            areas.push(area);
        }
    }
    areas.sort_by_key(|area| area.order);
    Ok(Open {
        signature: Signature::of(&store),
        store,
        areas,
        counts,
        document_types: OnceCell::new(),
    })
}

fn document_types(store: &Store, documents: Vec<Summary>) -> BTreeMap<RecordId, DocumentType> {
    documents
        .into_iter()
        .filter_map(|summary| {
            let row = logged(store.row(&summary.id))??;
            let head: DocumentHead = serde_json::from_str(&row.body)
                .inspect_err(|error| tracing::error!(%error, id = %summary.id, "a document cannot be read"))
                .ok()?;
            Some((summary.id, head.doc_type))
        })
        .collect()
}

fn logged<T>(result: Result<T, StoreError>) -> Option<T> {
    result
        .inspect_err(|error| tracing::error!(%error, "the content cannot be read"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_content_says_so_and_shows_nothing() {
        let state = tempfile::tempdir().unwrap();
        let content = Content::open(state.path());
        assert_eq!(content.problem(), Some(Problem::NotYet));
        assert_eq!(content.count(Kind::Guide), 0);
        assert!(content.areas().is_empty());
    }

    #[test]
    fn a_broken_store_is_told_apart_from_a_missing_one() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join("current");
        std::fs::create_dir(&folder).unwrap();
        catalog::atomic::write(&folder.join(catalog::store::FILE_NAME), &[b'x'; 4096]).unwrap();
        assert_eq!(Content::open(state.path()).problem(), Some(Problem::Unreadable));
    }
}
