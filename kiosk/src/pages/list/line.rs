//! A line of a list: what it leads to and how it reads.

use catalog::record::{Bilingual, Document, DocumentType, Kind, Record, RecordId};
use terminal_api::interface::Language;

use super::super::{area_name, icons, typeset};
use crate::navigation::{List, Place};
use crate::words::Words;
use crate::{App, ui};

/// Between two remarks of a meta line.
const IDEOGRAPHIC_SPACE: &str = "\u{3000}";

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// A record with a page of its own.
    Record(RecordId),
    /// An area; leads to all it holds.
    Area(RecordId),
    /// An area; leads to its guides.
    GuidesOf(RecordId),
    /// A life event or a group of residents.
    Group(RecordId),
}

impl Line {
    /// Where pressing the line leads.
    pub(super) fn leads_to(self) -> Place {
        match self {
            Self::Record(id) => Place::record(id),
            Self::Area(id) => Place::Area { id, kind: None },
            Self::GuidesOf(id) => Place::List(List::GuidesOf(id)),
            Self::Group(id) => Place::List(List::Concerning(id)),
        }
    }

    /// The line as the screen shows it.
    pub(super) fn shown(&self, app: &App) -> ui::ListItem {
        let (words, content) = (app.words(), app.content());
        let (icon, title, meta) = match self {
            Self::Area(id) => match content.area(id) {
                Some(area) => (
                    icons::of_area(&area.code),
                    area_name(area, words.language()),
                    words.count("count-entries", content.pages_in(id)),
                ),
                None => return ui::ListItem::default(),
            },
            Self::GuidesOf(id) => match content.area(id) {
                Some(area) => (
                    icons::of_area(&area.code),
                    area_name(area, words.language()),
                    words.count("count-guides", content.count_in(id, Kind::Guide)),
                ),
                None => return ui::ListItem::default(),
            },
            Self::Group(id) => match content.record(id) {
                Some(Record::LifeEvent(event)) => (
                    icons::named(&event.icon),
                    in_language(&event.name, words.language()),
                    words.count("count-guides", event.guides.len() as u64),
                ),
                _ => return ui::ListItem::default(),
            },
            Self::Record(id) => match content.record(id) {
                Some(record) => {
                    let (title, original) = titles(&record, words.language());
                    let remarks = original.into_iter().chain(remarks(&record, &words));
                    let meta: Vec<String> = remarks.filter(|remark| !remark.is_empty()).collect();
                    (icons::of_kind(record.kind()), title, meta.join(IDEOGRAPHIC_SPACE))
                }
                None => return ui::ListItem::default(),
            },
        };
        ui::ListItem {
            icon,
            title: title.into(),
            meta: meta.into(),
        }
    }
}

/// A name in the language of the screen, where it is published.
pub(super) fn in_language(name: &Bilingual, language: Language) -> String {
    match (language, &name.en) {
        (Language::En, Some(english)) => english.clone(),
        _ => name.zh.clone(),
    }
}

/// The title, and the Chinese one where the first is its translation.
fn titles(record: &Record, language: Language) -> (String, Option<String>) {
    let english = match record {
        Record::Entry(entry) => &entry.name_en,
        Record::Guide(guide) => &guide.name_en,
        Record::Document(document) => &document.title_en,
        Record::Dataset(dataset) => &dataset.title_en,
        _ => &None,
    };
    let chinese = typeset(record.title());
    match (language, english) {
        (Language::En, Some(english)) => (english.clone(), Some(chinese)),
        _ => (chinese, None),
    }
}

/// What tells a record from others with a like title.
fn remarks(record: &Record, words: &Words) -> Vec<String> {
    match record {
        Record::Guide(guide) => vec![typeset(&guide.agency), typeset(&guide.region)],
        Record::Document(document) => document_remarks(document, words),
        Record::Entry(entry) => vec![
            typeset(&entry.level1),
            entry.subject.as_deref().map(typeset).unwrap_or_default(),
        ],
        Record::Interpretation(interpretation) => vec![typeset(&interpretation.form), source(record)],
        Record::Dataset(dataset) => vec![typeset(&dataset.open_type), dataset.format.clone()],
        Record::ServiceItem(item) => vec![typeset(&item.department)],
        _ => vec![source(record)],
    }
}

fn document_remarks(document: &Document, words: &Words) -> Vec<String> {
    let version = document
        .version_date
        .as_ref()
        .map(|date| words.with("document-version", [("date", date.as_str().into())]));
    vec![
        words.get(type_key(document.doc_type)),
        document.doc_no.as_deref().map(typeset).unwrap_or_default(),
        version.unwrap_or_default(),
    ]
}

fn source(record: &Record) -> String {
    record
        .provenance()
        .and_then(|provenance| provenance.source.as_ref())
        .map(|source| typeset(&source.title))
        .unwrap_or_default()
}

/// The key of a sort of document.
pub(super) const fn type_key(doc_type: DocumentType) -> &'static str {
    match doc_type {
        DocumentType::Law => "document-type-law",
        DocumentType::Regulation => "document-type-regulation",
        DocumentType::Rule => "document-type-rule",
        DocumentType::StateCouncil => "document-type-state-council",
        DocumentType::Normative => "document-type-normative",
    }
}
