//! The phone pages: static HTML where the QR codes lead.
//!
//! A page has no script, loads nothing, and says who published its content, where it was taken from and
//! whether it is in force. Chinese comes first; names and labels are given in English as well. A page
//! lives at `i/ID/index.html` and links to others by `../../i/ID/`.

mod dataset;
mod document;
mod entry;
mod form;
mod guide;
mod parts;
mod plain;
mod shell;
mod words;

use std::collections::HashMap;

use catalog::record::{Area, Record, RecordId};
use catalog::store::Meta;
use maud::Markup;

use crate::publish::Pages;

/// The pages of a release.
#[derive(Debug)]
pub struct PhonePages {
    areas: HashMap<RecordId, Area>,
}

/// What a page says beside its record.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The release.
    pub meta: &'a Meta,
    /// The record's area, where it has one.
    pub area: Option<&'a Area>,
}

impl PhonePages {
    /// Pages for records among `records`, which name the areas.
    #[must_use]
    pub fn new(records: &[Record]) -> Self {
        let areas = records.iter().filter_map(|record| match record {
            Record::Area(area) => Some((area.id.clone(), area.clone())),
            _ => None,
        });
        Self {
            areas: areas.collect(),
        }
    }
}

impl Pages for PhonePages {
    fn page(&self, record: &Record, meta: &Meta) -> Option<String> {
        let area = record.area().and_then(|area| self.areas.get(area));
        render(record, &Context { meta, area })
    }

    fn withdrawn(&self, _: &RecordId, meta: &Meta) -> String {
        shell::withdrawn(meta)
    }

    fn home(&self, pages: usize, meta: &Meta) -> Option<String> {
        Some(shell::home(pages, meta))
    }
}

/// The page of a record; `None` for kinds that are no pages of their own.
#[must_use]
pub fn render(record: &Record, context: &Context) -> Option<String> {
    let body: Markup = match record {
        Record::Guide(guide) => guide::content(guide),
        Record::Entry(entry) => entry::content(entry),
        Record::Document(document) => document::content(document),
        Record::Dataset(dataset) => dataset::content(dataset),
        Record::Form(form) => form::content(form),
        Record::Interpretation(interpretation) => plain::interpretation(interpretation),
        Record::ServiceItem(item) => plain::service_item(item),
        Record::Plan(plan) => plain::plan(plan),
        Record::Area(_)
        | Record::LifeEvent(_)
        | Record::Synonyms(_)
        | Record::Glossary(_)
        | Record::Holidays(_)
        | Record::ItemFields(_) => return None,
    };
    Some(shell::record_page(record, context, &body))
}

#[cfg(test)]
mod tests;
