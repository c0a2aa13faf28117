//! Rows that lead to related records.

use catalog::record::{ArticleNumber, Kind, Link, RecordId, Relation};

use super::block::{Action, Block, Icon, LinkRow};
use super::context::Context;
use super::typeset;

/// More related records of one area than this are a list of their own.
const MOST_OF_AREA: usize = 4;

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

/// Like [`section`], for records of the same area: of many the nearest few, and a way to all of them.
pub(crate) fn section_of_area(
    heading: &str,
    links: &[Link],
    relation: Relation,
    area: &RecordId,
    cx: &Context<'_>,
    into: &mut Vec<Block>,
) {
    let related: Vec<&Link> = links.iter().filter(|link| link.relation == relation).collect();
    if related.len() <= MOST_OF_AREA {
        return section(heading, links, relation, cx, into);
    }
    into.push(Block::Heading {
        text: cx.say(heading),
        remark: None,
    });
    into.extend(related[..MOST_OF_AREA - 1].iter().map(|link| row(link, cx)));
    let kind = related[0].kind;
    into.push(Block::Link(LinkRow {
        icon: icon(kind),
        title: cx.say_with("related-all", &[("count", &related.len().to_string())]),
        meta: cx.area(area).unwrap_or_default(),
        action: Action::Area(area.clone(), kind),
    }));
}

/// Article numbers in one line: 第二条、第九条.
#[must_use]
pub(crate) fn articles(numbers: &[ArticleNumber], cx: &Context<'_>) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    cx.list(&words)
}
