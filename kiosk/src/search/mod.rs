//! What search shows: rows out of hits, arranged by kinds and filters.
//!
//! Searching takes well under a frame (`catalog::search`), so it runs on the thread of the window with every key; there
//! is nothing to overtake and nothing to cancel.

mod arrange;
mod describe;
mod finder;
mod other_words;
mod row;
mod runs;
mod width;

pub use arrange::{KINDS, groups, share, shown};
pub use describe::Described;
pub use finder::{Finder, Found};
pub use row::{List, Look, Row, validity_word};
pub use runs::{Run, runs};
pub use width::{lines, width};
