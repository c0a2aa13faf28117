//! The provenance line: who published it, its source, its validity, as of when, its signature.

use catalog::record::{Provenance, ProvenanceMark, Record, Validity, ValidityState};

use super::block::{Block, Tone};
use super::context::Context;
use super::typeset;

/// What a record says of where it comes from. What the source does not say shows as 未提供.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Line {
    /// The body that published it.
    pub(crate) publisher: Option<String>,
    /// The text or page that it was taken from.
    pub(crate) source: Option<String>,
    /// Whether it is in force, or the day up to which its text is known.
    pub(crate) validity: Option<String>,
    /// The day up to which the content is known.
    pub(crate) as_of: Option<String>,
}

/// The provenance line of `record`.
#[must_use]
pub(crate) fn line(record: &Record, cx: &Context<'_>) -> Line {
    Line {
        publisher: publisher(record),
        source: source(record, cx),
        validity: record
            .validity()
            .and_then(|validity| validity_words(validity, cx)),
        as_of: cx.as_of.map(|date| date.to_string()),
    }
}

/// The body that published the content. An agency that handles a matter did not write an editors' guide about it, nor
/// did the body that must disclose something publish the catalogue that says so.
fn publisher(record: &Record) -> Option<String> {
    let published = match record {
        Record::Document(document) => document.issuer.clone(),
        Record::Dataset(dataset) => dataset.provider.clone(),
        _ => None,
    };
    published.map(|name| typeset(&name))
}

fn source(record: &Record, cx: &Context<'_>) -> Option<String> {
    let provenance = record.provenance()?;
    match record {
        Record::Guide(guide) if provenance.mark == ProvenanceMark::LawDerived => {
            let first = guide.legal_basis.first()?;
            let title = law_title(&first.title);
            Some(match guide.legal_basis.len() {
                1 => match document_number(&first.document, cx) {
                    Some(number) => typeset(&format!("{title}（{number}）")),
                    None => title,
                },
                several => cx.say_with(
                    "provenance-source-several",
                    &[("title", &title), ("count", &several.to_string())],
                ),
            })
        }
        Record::Document(document) => document
            .doc_no
            .clone()
            .or_else(|| provenance.source.as_ref().map(|source| source.title.clone()))
            .map(|text| typeset(&text)),
        _ => source_title(provenance, cx),
    }
}

fn source_title(provenance: &Provenance, cx: &Context<'_>) -> Option<String> {
    match &provenance.source {
        Some(source) => Some(typeset(&source.title)),
        None if provenance.mark == ProvenanceMark::Curated => Some(cx.say("provenance-editors")),
        None if provenance.mark == ProvenanceMark::Generated => Some(cx.say("provenance-generated")),
        None => None,
    }
}

/// 文号 of the document `id`, where it has one.
fn document_number(id: &catalog::record::RecordId, cx: &Context<'_>) -> Option<String> {
    match cx.records.record(id)? {
        Record::Document(document) => document.doc_no,
        _ => None,
    }
}

/// A law's title between book-title marks, without the country's name that every statute begins with.
#[must_use]
pub(crate) fn law_title(title: &str) -> String {
    let short = title.strip_prefix("中华人民共和国").unwrap_or(title);
    if short.starts_with('《') {
        typeset(short)
    } else {
        typeset(&format!("《{short}》"))
    }
}

/// What is known of a text's validity; `None` shows as 未提供.
#[must_use]
pub(crate) fn validity_words(validity: &Validity, cx: &Context<'_>) -> Option<String> {
    let key = match validity.state {
        ValidityState::InForce => "validity-text-of",
        ValidityState::Superseded => "validity-superseded",
        ValidityState::BasisSuperseded => "validity-basis-superseded",
        ValidityState::Repealed => "validity-repealed",
        ValidityState::Unknown => return None,
    };
    match (&validity.as_of, validity.state) {
        (Some(date), ValidityState::InForce) => Some(cx.say_with(key, &[("date", date)])),
        (None, ValidityState::InForce) => Some(cx.say("validity-in-force")),
        _ => Some(cx.say(key)),
    }
}

/// The banner of a text that must not be relied on as it stands.
#[must_use]
pub(crate) fn notice(validity: &Validity, cx: &Context<'_>) -> Option<Block> {
    let key = match validity.state {
        ValidityState::InForce | ValidityState::Unknown => return None,
        ValidityState::Superseded => "notice-superseded",
        ValidityState::BasisSuperseded => "notice-basis-superseded",
        ValidityState::Repealed => "notice-repealed",
    };
    let text = match &validity.note {
        Some(note) if cx.chinese() => typeset(note),
        _ => cx.say(&format!("{key}-text")),
    };
    Some(Block::Notice {
        tone: Tone::Warning,
        title: cx.say(key),
        text,
    })
}
