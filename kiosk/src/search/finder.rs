//! The index that is open, and what one visit searched for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use catalog::record::RecordId;
use catalog::search::{Filter, Hit, Index, Query, Results};

use super::arrange::shown;
use super::describe::Described;
use super::other_words::other_words;

/// More hits than a row of screens can hold are not looked through by anybody.
const MOST_HITS: usize = 500;
/// More rows than the search page has in any layout.
const TYPING_HITS: usize = 12;

/// What the results page shows.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What was searched for.
    pub query: String,
    /// All hits, the best first.
    pub hits: Vec<Hit>,
    /// The name that was probably meant, when what was typed is probably a mistake for it.
    pub suggestion: Option<String>,
    /// When nothing was found, names near to it.
    pub other_words: Vec<String>,
}

/// The searches of one visit.
#[derive(Debug)]
pub struct Finder {
    /// `STATE/current`.
    current: PathBuf,
    index: Option<Index>,
    described: HashMap<RecordId, Described>,
    /// What is found while typing.
    pub typing: Results,
    /// What the results page shows.
    pub found: Found,
    /// Which part of it.
    pub filter: Filter,
    /// Whether the search page lies under the results page.
    pub from_search_page: bool,
}

impl Finder {
    /// Opens the index of the generation that `STATE/current` leads to.
    #[must_use]
    pub fn open(state: &Path) -> Self {
        let current = state.join("current");
        Self {
            index: open(&current),
            current,
            described: HashMap::new(),
            typing: Results::default(),
            found: Found::default(),
            filter: Filter::default(),
            from_search_page: false,
        }
    }

    /// Opens the index of the generation that is current now, if it can be read.
    pub fn reopen(&mut self) {
        if let Some(index) = open(&self.current) {
            self.index = Some(index);
            self.described.clear();
            // A query that is already there leaves the filter alone.
            let query = self.found.query.clone();
            self.search(&query);
        }
    }

    /// Whether there is an index to search in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.index.is_some()
    }

    /// Searches for what is typed so far.
    pub fn type_text(&mut self, text: &str) {
        let ask = |index: &Index| {
            index.search(&Query {
                limit: TYPING_HITS,
                ..Query::new(text)
            })
        };
        self.typing = match &self.index {
            Some(index) if !text.trim().is_empty() => ask(index),
            _ => Results::default(),
        };
    }

    /// Searches for all that the results page may show. Filters begin anew with other words.
    pub fn search(&mut self, query: &str) {
        if query != self.found.query {
            self.filter = Filter::default();
        }
        let Results { hits, suggestion, .. } = match &self.index {
            Some(index) if !query.trim().is_empty() => index.search(&Query {
                limit: MOST_HITS,
                ..Query::new(query)
            }),
            _ => Results::default(),
        };
        let other_words = match &self.index {
            Some(index) if hits.is_empty() => other_words(index, query),
            _ => Vec::new(),
        };
        self.found = Found {
            query: query.to_owned(),
            hits,
            suggestion: suggestion.filter(|name| name != query),
            other_words,
        };
    }

    /// The hits that the filter lets through, by their places.
    #[must_use]
    pub fn shown(&self) -> Vec<usize> {
        shown(&self.found.hits, &self.filter)
    }

    /// What a row says about a record; asked of `describe` once a generation.
    pub fn described(&mut self, id: &RecordId, describe: impl FnOnce() -> Described) -> &Described {
        self.described.entry(id.clone()).or_insert_with(describe)
    }

    /// Forgets what the visit searched for.
    pub fn wipe(&mut self) {
        self.typing = Results::default();
        self.found = Found::default();
        self.filter = Filter::default();
        self.from_search_page = false;
    }
}

fn open(current: &Path) -> Option<Index> {
    Index::open(current)
        .inspect_err(|error| tracing::error!(%error, "search is not available"))
        .ok()
}
