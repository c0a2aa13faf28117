//! What a page needs to know besides its record.

use std::collections::BTreeSet;

use catalog::record::{Record, RecordId};
use jiff::civil::Date;
use terminal_api::config::Orientation;
use terminal_api::interface::Language;

use super::block::DatasetTab;
use super::typeset;

/// Finds other records of the same generation.
pub(crate) trait Lookup {
    /// The record with this id.
    fn record(&self, id: &RecordId) -> Option<Record>;
}

/// The words of the interface in the language of the visit.
pub(crate) trait Say {
    /// The message `key`.
    fn say(&self, key: &str) -> String;

    /// The message `key` with its arguments.
    fn say_with(&self, key: &str, arguments: &[(&'static str, &str)]) -> String;
}

/// How much a page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Density {
    /// Everything, two or three things side by side.
    #[default]
    Normal,
    /// Large text: fewer facts, what to bring first, one thing a row.
    Large,
}

/// What a page needs to know besides its record.
pub(crate) struct Context<'a> {
    /// The words.
    pub(crate) words: &'a dyn Say,
    /// Other records.
    pub(crate) records: &'a dyn Lookup,
    /// The language of the interface; the content itself stays Chinese.
    pub(crate) language: Language,
    /// How much to say.
    pub(crate) density: Density,
    /// How the panel stands.
    pub(crate) orientation: Orientation,
    /// The width of the column for the body, in logical pixels.
    pub(crate) width: f32,
    /// The size of running text, in logical pixels.
    pub(crate) text_size: f32,
    /// The day up to which the content is known: when the generation was published.
    pub(crate) as_of: Option<Date>,
    /// What the resident has ticked on this page.
    pub(crate) ticks: &'a BTreeSet<usize>,
    /// What the resident looks at on the page of a data set.
    pub(crate) dataset: &'a DatasetState,
}

/// What the resident looks at on the page of a data set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DatasetState {
    /// The part.
    pub(crate) tab: DatasetTab,
    /// The row that is opened.
    pub(crate) row: Option<usize>,
    /// Which value of the filter column is shown; `None` shows all.
    pub(crate) filter: Option<usize>,
}

impl Context<'_> {
    /// The message `key`.
    #[must_use]
    pub(crate) fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// The message `key` with its arguments.
    #[must_use]
    pub(crate) fn say_with(&self, key: &str, arguments: &[(&'static str, &str)]) -> String {
        self.words.say_with(key, arguments)
    }

    /// Whether the interface is in Chinese.
    #[must_use]
    pub(crate) fn chinese(&self) -> bool {
        self.language == Language::Zh
    }

    /// Whether the panel is low and wide.
    #[must_use]
    pub(crate) fn lying(&self) -> bool {
        self.orientation == Orientation::Landscape
    }

    /// Whether text is large.
    #[must_use]
    pub(crate) fn large(&self) -> bool {
        self.density == Density::Large
    }

    /// `title` with, in English, its published English name above it: title and subtitle of a head.
    #[must_use]
    pub(crate) fn named(&self, title: &str, english: Option<&str>) -> (String, Option<String>) {
        let title = typeset(title);
        match english {
            Some(english) if !self.chinese() => (english.to_owned(), Some(title)),
            _ => (title, None),
        }
    }

    /// The name of the area `id` in the language of the interface.
    #[must_use]
    pub(crate) fn area(&self, id: &RecordId) -> Option<String> {
        match self.records.record(id)? {
            Record::Area(area) => Some(match area.name_en {
                Some(english) if !self.chinese() => english,
                _ => area.name,
            }),
            _ => None,
        }
    }

    /// Items of a list in one line.
    #[must_use]
    pub(crate) fn list<T: AsRef<str>>(&self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(if self.chinese() { "、" } else { ", " })
    }
}
