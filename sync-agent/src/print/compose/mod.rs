//! Records into slips. One file a kind; `Composer` holds what they share.

mod composer;
mod dataset;
mod document;
mod entry;
mod form;
mod guide;
mod interpretation;
mod list;
mod plan;
mod provenance;
mod service_item;
mod test_page;

use catalog::record::{ArticleNumber, Kind, Record, RecordId};
use catalog::release::Signature;
use catalog::{Language, takeaway};
use hardware::slip::{Element, Layout, RuleWeight, Size};
use jiff::civil::{Date, DateTime};
use url::Url;

use composer::Composer;
pub use test_page::test_page;

/// What is to be printed.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// One record, or a resident's list of several.
    pub records: &'a [Record],
    /// Of a document, the one article that is wanted.
    pub article: Option<ArticleNumber>,
    /// Of a guide, the materials that the resident has ticked, counted from 0.
    pub ticks: &'a [u32],
    /// The language of the slip's own words.
    pub language: Language,
    /// The size of the type.
    pub size: Size,
}

/// What a slip says besides its records.
#[derive(Clone)]
pub struct Context<'a> {
    /// Where the terminal stands.
    pub place: &'a str,
    /// The address of the phone pages, where the place has one.
    pub public_url: Option<&'a Url>,
    /// The day of the release.
    pub as_of: Date,
    /// Whether the release's signatures were verified.
    pub signature: Signature,
    /// Now, on the clock in the hall.
    pub printed_at: DateTime,
    /// The name of an area, from its record.
    pub area: &'a dyn Fn(&RecordId) -> Option<String>,
}

/// Why nothing can be composed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Nothing was asked for.
    #[error("a slip needs a record")]
    Empty,
    /// The record is no page that residents read.
    #[error("{0} cannot be printed")]
    NotPublic(RecordId),
    /// The document has no such article.
    #[error("{document} has no {article}")]
    NoSuchArticle {
        /// The document.
        document: RecordId,
        /// The article asked for.
        article: ArticleNumber,
    },
}

/// Composes a slip.
pub fn compose(request: &Request<'_>, context: &Context<'_>) -> Result<Layout, ComposeError> {
    if let Some(record) = request
        .records
        .iter()
        .find(|record| !record.kind().is_public_page())
    {
        return Err(ComposeError::NotPublic(record.id().clone()));
    }
    let mut composer = Composer::new(request, context);
    composer.header();
    match request.records {
        [] => return Err(ComposeError::Empty),
        [record] => {
            composer.kicker(record);
            body(&mut composer, record, request)?;
            composer.qr(
                takeaway::payload(record, context.public_url, request.language),
                record.id().as_str(),
            );
            composer.push(Element::Rule {
                weight: RuleWeight::Thin,
            });
            provenance::footer(&mut composer, record);
        }
        records => {
            list::body(&mut composer, records);
            let records: Vec<&Record> = records.iter().collect();
            composer.qr(
                takeaway::for_list(&records, context.public_url, request.language),
                "",
            );
            composer.push(Element::Rule {
                weight: RuleWeight::Thin,
            });
            provenance::list_footer(&mut composer);
        }
    }
    Ok(composer.finish())
}

fn body(composer: &mut Composer<'_>, record: &Record, request: &Request<'_>) -> Result<(), ComposeError> {
    match record {
        Record::Guide(guide) => guide::body(composer, guide, request.ticks),
        Record::Entry(entry) => entry::body(composer, entry),
        Record::Document(document) => document::body(composer, document, request.article)?,
        Record::Interpretation(interpretation) => interpretation::body(composer, interpretation),
        Record::Dataset(dataset) => dataset::body(composer, dataset),
        Record::ServiceItem(item) => service_item::body(composer, item),
        Record::Plan(plan) => plan::body(composer, plan),
        Record::Form(form) => form::body(composer, form),
        _ => return Err(ComposeError::NotPublic(record.id().clone())),
    }
    Ok(())
}

/// The message that names a kind of page.
fn kind_key(kind: Kind) -> String {
    format!("kind-{}", kind.as_str())
}
