//! The page of a law or policy document, in full text.

use catalog::record::{Block, Document, Heading};
use maud::{Markup, html};

use super::parts::{anchor, optional_row, related, row};
use super::words::{both, set};

/// From this many headings on, a table of contents helps.
const CONTENTS_FROM: usize = 3;

pub(super) fn content(document: &Document) -> Markup {
    html! {
        dl.rows {
            (optional_row("number", document.doc_no.as_deref()))
            (row("issuer", document.issuer.as_deref()))
            (optional_row("published", document.published.as_deref()))
            (optional_row("version", document.version_date.as_deref()))
            (optional_row("index-number", document.index_no.as_deref()))
        }
        @if !document.history.is_empty() {
            details {
                summary { (both("history")) }
                ul { @for line in &document.history { li { (set(line)) } } }
            }
        }
        @if document.outline.len() >= CONTENTS_FROM { (contents(document)) }
        article.law { (text(document)) }
        (related(&document.links))
    }
}

fn contents(document: &Document) -> Markup {
    html! {
        details.toc {
            summary { (both("contents")) }
            nav {
                ol {
                    @for (index, heading) in document.outline.iter().enumerate() {
                        li { a.{ "l" (heading.level) } href={ "#h" (index) } { (title(heading)) } }
                    }
                }
            }
        }
    }
}

fn title(heading: &Heading) -> String {
    let gap = if heading.label.is_empty() || heading.label.ends_with(['、', '）']) {
        ""
    } else {
        "\u{3000}"
    };
    format!("{}{gap}{}", heading.label, set(&heading.title))
}

fn text(document: &Document) -> Markup {
    let mut headings = document.outline.iter().enumerate().peekable();
    let mut before = |block: usize| {
        let mut markup = Vec::new();
        while let Some((index, heading)) = headings.next_if(|(_, heading)| heading.block <= block) {
            markup.push(heading_markup(index, heading));
        }
        markup
    };
    html! {
        @for (at, block) in document.blocks.iter().enumerate() {
            @for heading in before(at) { (heading) }
            (block_markup(block))
        }
        @for heading in before(usize::MAX) { (heading) }
    }
}

fn heading_markup(index: usize, heading: &Heading) -> Markup {
    let id = format!("h{index}");
    html! {
        @match heading.level {
            1 => { h2 id=(id) { (title(heading)) } }
            2 => { h3 id=(id) { (title(heading)) } }
            _ => { h4 id=(id) { (title(heading)) } }
        }
    }
}

fn block_markup(block: &Block) -> Markup {
    match block {
        Block::Article { number, paragraphs } => html! {
            section id=(anchor(*number)) {
                @for (index, paragraph) in paragraphs.iter().enumerate() {
                    p {
                        @if index == 0 { strong { (number.to_string()) } "\u{3000}" }
                        (set(paragraph))
                    }
                }
            }
        },
        Block::Paragraph { text } => html! { p { (set(text)) } },
    }
}
