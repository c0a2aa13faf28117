//! Search as residents type: offline, in memory-mapped files beside the store.
//!
//! An index is two parts in one folder. The *names* (titles, aliases, English names, what residents say
//! instead, agencies) are few and decide nearly every query; they are held whole and matched by our own
//! channels: characters, sound, pinyin and initials, words of English. The *texts* are many; tantivy
//! ranks them by BM25 over character bigrams. `ranking` joins the evidence into one score. The README of
//! this crate says why it is built so and what was measured.
//!
//! Any text at all is a valid query. An index that is missing, damaged or of another version is an
//! [`IndexError`], and the caller [builds](Index::build) it anew. The index of the next generation
//! [takes over](Index::build_after) what has not changed.

mod build;
mod candidate;
mod citation;
mod column;
mod directory;
mod elsewhere;
mod error;
mod expansion;
mod feature;
mod file;
mod filter;
mod fold;
mod index;
mod lexicon;
mod matching;
mod names;
mod number;
mod passage;
mod pinyin;
mod postings;
mod query;
mod ranking;
mod result;
mod schema;
mod snippet;
mod text;
mod wanted;

pub use build::Built;
pub use error::IndexError;
pub use filter::{Counts, Filter};
pub use index::Index;
pub use result::{Hit, MatchReason, Query, Results, Snippet};

/// The folder of the index inside a generation folder.
pub const FOLDER: &str = "index";
