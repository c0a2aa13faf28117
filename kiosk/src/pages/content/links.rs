//! Rows that lead to related records.

use catalog::record::{ArticleNumber, Kind, Link, Relation};

use super::block::{Action, Block, Icon, LinkRow};
use super::context::Context;
use super::typeset;

/// The picture of a kind of record.
#[must_use]
pub(crate) fn icon(kind: Kind) -> Icon {
    match kind {
        Kind::Guide => Icon::Guide,
        Kind::Document => Icon::Document,
        Kind::Entry => Icon::Entry,
        Kind::Interpretation => Icon::Interpretation,
        Kind::Dataset => Icon::Dataset,
        Kind::Form => Icon::Form,
        Kind::Plan => Icon::Plan,
        _ => Icon::None,
    }
}

/// The word for a kind of record.
#[must_use]
pub(crate) fn kind_word(kind: Kind, cx: &Context<'_>) -> String {
    cx.say(&format!("record-{}", kind.as_str()))
}

/// A row that opens the record of `link`.
#[must_use]
pub(crate) fn row(link: &Link, cx: &Context<'_>) -> Block {
    let title = match link.kind {
        Kind::Document if link.relation == Relation::Basis => super::provenance::law_title(&link.title),
        _ => typeset(&link.title),
    };
    let meta = if link.articles.is_empty() {
        kind_word(link.kind, cx)
    } else {
        articles(&link.articles, cx)
    };
    Block::Link(LinkRow {
        icon: icon(link.kind),
        title,
        meta,
        action: Action::Open(link.id.clone(), link.articles.first().copied()),
    })
}

/// A section with the links of one relation; nothing when there are none.
pub(crate) fn section(
    heading: &str,
    links: &[Link],
    relation: Relation,
    cx: &Context<'_>,
    into: &mut Vec<Block>,
) {
    let mut rows = links
        .iter()
        .filter(|link| link.relation == relation)
        .map(|link| row(link, cx))
        .peekable();
    if rows.peek().is_some() {
        into.push(Block::Heading {
            text: cx.say(heading),
            remark: None,
        });
        into.extend(rows);
    }
}

/// Article numbers in one line: 第二条、第九条.
#[must_use]
pub(crate) fn articles(numbers: &[ArticleNumber], cx: &Context<'_>) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    cx.list(&words)
}
