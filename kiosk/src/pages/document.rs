//! The reader of laws and policy documents: chapters, articles, the article that was cited.
//!
//! Only what is on the screen is laid out, so the longest law turns its pages as fast as the shortest: a
//! [`Reading`](reading::Reading) holds the document as blocks in reading order, and a screen is filled from a
//! [`Place`](reading::Place) in it.

mod chrome;
mod geometry;
mod interpretation;
mod open;
mod pad;
mod page;
pub(super) mod reading;

use catalog::record::{Document, DocumentType, Record, Relation};

use super::content::provenance;
use super::content::{Block, Context, Head, Row, RowValue, links, typeset};

pub(super) use page::{State, attach, show, wipe};

/// What stands around the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame {
    /// Crumbs, title, the day it took effect.
    pub(crate) head: Head,
    /// The banner of a text that was superseded or repealed.
    pub(crate) notice: Option<Block>,
    /// Who published it, its source, its validity, as of when, its signature.
    pub(crate) provenance: provenance::Line,
}

/// What stands around the text of `document`.
#[must_use]
pub(crate) fn frame(document: &Document, cx: &Context<'_>) -> Frame {
    let (title, subtitle) = cx.named(&document.title, document.title_en.as_deref());
    let title = if cx.chinese() {
        short_of_country(&title).to_owned()
    } else {
        title
    };
    let kind = match document.doc_type {
        DocumentType::Law => "document-law",
        DocumentType::Regulation => "document-regulation",
        DocumentType::Rule => "document-rule",
        DocumentType::StateCouncil => "document-state-council",
        DocumentType::Normative => "document-normative",
    };
    let date = document.published.as_ref().or(document.version_date.as_ref());
    Frame {
        head: Head {
            crumbs: vec![cx.say("record-document"), cx.say(kind)],
            title,
            subtitle,
            tag: date.map(|date| cx.say_with("document-text-of", &[("date", date)])),
        },
        notice: provenance::notice(&document.validity, cx),
        provenance: provenance::line(&Record::Document(document.clone()), cx),
    }
}

/// Every statute begins with the country's name; the title on the screen does without.
fn short_of_country(title: &str) -> &str {
    title.strip_prefix("中华人民共和国").unwrap_or(title)
}

/// About the document: numbers, dates, history, what rests on it.
#[must_use]
pub(crate) fn about(document: &Document, cx: &Context<'_>) -> Vec<Block> {
    let row = |label: &str, value: Option<String>| {
        Block::Row(Row {
            label: cx.say(label),
            inferred: false,
            value: value.map_or(RowValue::Unknown, RowValue::Text),
        })
    };
    let mut blocks = vec![
        Block::Heading {
            text: cx.say("document-about"),
            remark: None,
        },
        row("document-full-title", Some(typeset(&document.title))),
    ];
    // A statute of the People's Congress has no number: the field cannot apply.
    if document.doc_type != DocumentType::Law {
        blocks.push(row("document-number", document.doc_no.as_deref().map(typeset)));
        blocks.push(row("document-index", document.index_no.as_deref().map(typeset)));
    }
    blocks.push(row("document-issuer", document.issuer.as_deref().map(typeset)));
    blocks.push(row("document-published", document.published.clone()));
    blocks.push(row("document-version-date", document.version_date.clone()));
    blocks.push(row(
        "document-validity",
        provenance::validity_words(&document.validity, cx),
    ));
    if !document.history.is_empty() {
        blocks.push(Block::Heading {
            text: cx.say("document-history"),
            remark: None,
        });
        blocks.extend(
            document
                .history
                .iter()
                .enumerate()
                .map(|(index, line)| Block::Clause {
                    label: (index + 1).to_string(),
                    text: typeset(line),
                    note: None,
                }),
        );
    }
    links::section(
        "related-interpretations",
        &document.links,
        Relation::InterpretedBy,
        cx,
        &mut blocks,
    );
    links::section(
        "related-annexes",
        &document.links,
        Relation::Annex,
        cx,
        &mut blocks,
    );
    let mut rests: Vec<_> = document
        .links
        .iter()
        .filter(|link| link.relation == Relation::BasisOf)
        .collect();
    rests.sort_by_key(|link| std::cmp::Reverse(link.kind == catalog::record::Kind::Guide));
    if !rests.is_empty() {
        blocks.push(Block::Heading {
            text: cx.say("related-rests"),
            remark: None,
        });
        blocks.extend(rests.into_iter().map(|link| links::row(link, cx)));
    }
    blocks
}
