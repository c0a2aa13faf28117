//! What is asked and what is answered.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::filter::{Facets, Filter};
use crate::record::{Addressee, ArticleNumber, Kind, RecordId, ValidityState};

/// What a resident asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What was typed so far. Any text; the first 64 letters and characters count.
    pub text: String,
    /// What of it is wanted.
    pub filter: Filter,
    /// At most so many hits.
    pub limit: usize,
    /// So many hits are left out at the front.
    pub offset: usize,
}

impl Query {
    /// The first twenty hits of all kinds.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            filter: Filter::default(),
            limit: 20,
            offset: 0,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Results {
    /// The hits of this page, best first.
    pub hits: Vec<Hit>,
    /// How many hits there are of each kind, whatever kind is wanted; kinds without hits are absent.
    pub counts: BTreeMap<Kind, usize>,
    /// How many hits there are over all pages, with the filters. Of what only stands in texts, the two dozen best
    /// passages of documents, and as many of all others, are looked at.
    pub total: usize,
    /// The name that was probably meant, when the best hit was found by its sound or despite a typing
    /// mistake.
    pub suggestion: Option<String>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Its area.
    pub area: Option<RecordId>,
    /// The body that published it or answers for it.
    pub body: Option<String>,
    /// For whom it is meant; empty where the source does not say.
    pub addressees: Vec<Addressee>,
    /// Whether it is in force; lists mark what is not.
    pub validity: ValidityState,
    /// The bytes of the title to mark.
    pub highlights: Vec<Range<usize>>,
    /// Why it was found.
    pub reason: MatchReason,
    /// The place in the text, when the text has part in the match.
    pub snippet: Option<Snippet>,
    /// The article that was asked for, or in which the text was found.
    pub article: Option<ArticleNumber>,
    /// Its rank, comparable within one answer only.
    pub score: f32,
}

impl Hit {
    pub(super) fn facets(&self) -> Facets<'_> {
        Facets {
            kind: self.kind,
            area: self.area.as_ref(),
            body: self.body.as_deref(),
            addressees: &self.addressees,
            validity: self.validity,
        }
    }
}

/// Why a record was found, so that the screen can say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", content = "text", rename_all = "kebab-case")]
pub enum MatchReason {
    /// By its title.
    Title,
    /// By another name of it, which is given.
    Alias(String),
    /// By what residents say, which is given.
    Said(String),
    /// By official words for what was said, which are given.
    Synonym(String),
    /// By the pinyin or the initials of this name.
    Pinyin(String),
    /// By the sound of this name, or despite a typing mistake.
    Similar(String),
    /// By this English name.
    English(String),
    /// By this document number.
    DocumentNumber(String),
    /// By this item code or record id.
    Code(String),
    /// By this agency, area or heading.
    Context(String),
    /// By its text.
    Text,
}

/// A piece of text around a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The text, cut to a line or two.
    pub text: String,
    /// The bytes of it to mark.
    pub highlights: Vec<Range<usize>>,
}
