//! Laws and policy documents: what they are, and their outline or the one article that is wanted.

use catalog::record::{ArticleNumber, Block, Document, DocumentType, Validity, ValidityState};
use hardware::slip::{Element, Row, TextStyle};

use super::ComposeError;
use super::composer::Composer;

/// Headings that an outline shows on paper.
const OUTLINE: usize = 60;
/// Characters of running text, for a document without headings: about 80 cm of paper.
const TEXT: usize = 1500;

pub(super) fn body(
    composer: &mut Composer<'_>,
    document: &Document,
    article: Option<ArticleNumber>,
) -> Result<(), ComposeError> {
    composer.title(
        document.short_title.as_ref().unwrap_or(&document.title),
        document.title_en.as_deref(),
    );
    if document.short_title.is_some() {
        composer.paragraph(&document.title, TextStyle::Small);
    }
    composer.notice(&document.validity);
    let rows = about(composer, document);
    composer.rows(rows);
    match article {
        Some(number) => one_article(composer, document, number)?,
        None if document.outline.len() > 1 => outline(composer, document),
        None => {
            composer.heading("document-text");
            let text: Vec<String> = document.blocks.iter().flat_map(paragraphs).collect();
            composer.running_text(text.iter().map(String::as_str), TEXT);
        }
    }
    Ok(())
}

/// Number, issuer, date, validity. A statute has no number, and none is missed.
pub(super) fn about(composer: &Composer<'_>, document: &Document) -> Vec<Row> {
    let has_number = document.doc_type != DocumentType::Law || document.doc_no.is_some();
    let (date_key, date) = match (&document.published, &document.version_date) {
        (None, Some(version)) => ("document-version", Some(version)),
        (published, _) => ("document-published", published.as_ref()),
    };
    let number = has_number.then(|| composer.row("document-number", document.doc_no.as_deref()));
    let validity = validity(composer, &document.validity);
    number
        .into_iter()
        .chain([
            composer.row("document-issuer", document.issuer.as_deref()),
            composer.row(date_key, date.map(String::as_str)),
            composer.row("document-validity", validity.as_deref()),
        ])
        .collect()
}

fn validity(composer: &Composer<'_>, validity: &Validity) -> Option<String> {
    let key = match (validity.state, &validity.as_of) {
        (ValidityState::InForce, Some(date)) => {
            return Some(composer.say_with("validity-in-force-as-of", [("date", date.as_str().into())]));
        }
        (ValidityState::InForce, None) => "validity-in-force",
        (ValidityState::Superseded, _) => "validity-superseded",
        (ValidityState::BasisSuperseded, _) => "validity-basis-superseded",
        (ValidityState::Repealed, _) => "validity-repealed",
        (ValidityState::Unknown, _) => return None,
    };
    Some(composer.say(key))
}

fn one_article(
    composer: &mut Composer<'_>,
    document: &Document,
    wanted: ArticleNumber,
) -> Result<(), ComposeError> {
    let found = document.blocks.iter().find_map(|block| match block {
        Block::Article { number, paragraphs } if *number == wanted => Some(paragraphs),
        _ => None,
    });
    let paragraphs = found.ok_or_else(|| ComposeError::NoSuchArticle {
        document: document.id.clone(),
        article: wanted,
    })?;
    composer.push(Element::Heading {
        text: wanted.to_string(),
    });
    for paragraph in paragraphs {
        composer.body(paragraph);
    }
    Ok(())
}

fn outline(composer: &mut Composer<'_>, document: &Document) {
    composer.heading("document-outline");
    for heading in document.outline.iter().take(OUTLINE) {
        let style = if heading.level <= 1 {
            TextStyle::Body
        } else {
            TextStyle::Small
        };
        let text = [heading.label.as_str(), heading.title.as_str()].join("\u{3000}");
        composer.paragraph(text.trim_matches('\u{3000}'), style);
    }
    let more = composer.say("continues");
    composer.push(Element::Paragraph {
        text: more,
        style: TextStyle::Strong,
    });
}

/// A block as paragraphs; an article begins with its number, as in print.
fn paragraphs(block: &Block) -> Vec<String> {
    match block {
        Block::Paragraph { text } => vec![text.clone()],
        Block::Article { number, paragraphs } => {
            let mut paragraphs = paragraphs.clone();
            if let Some(first) = paragraphs.first_mut() {
                *first = format!("{number}\u{3000}{first}");
            }
            paragraphs
        }
    }
}
