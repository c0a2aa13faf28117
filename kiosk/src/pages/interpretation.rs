//! 政策解读: the text of an interpretation and the policy it explains.

use catalog::record::{Interpretation, Record, Relation};

use super::content::{Block, Context, Head, Page, Tone, links, provenance, typeset};

/// The page of `interpretation`.
#[must_use]
pub(crate) fn page(interpretation: &Interpretation, cx: &Context<'_>) -> Page {
    let mut identity = Vec::new();
    links::section(
        "interpretation-policy",
        &interpretation.links,
        Relation::Interprets,
        cx,
        &mut identity,
    );
    let mut body: Vec<Block> = interpretation
        .paragraphs
        .iter()
        .map(|paragraph| Block::Text {
            text: typeset(paragraph),
            tone: Tone::Plain,
        })
        .collect();
    if body.is_empty() {
        body.push(Block::Text {
            text: cx.say("not-provided"),
            tone: Tone::Quiet,
        });
    }
    body.insert(
        0,
        Block::Heading {
            text: cx.say("interpretation-text"),
            remark: None,
        },
    );
    Page {
        head: Head {
            crumbs: vec![cx.say("record-interpretation"), typeset(&interpretation.form)],
            title: typeset(&interpretation.title),
            subtitle: None,
            tag: None,
        },
        identity,
        body,
        provenance: provenance::line(&Record::Interpretation(interpretation.clone()), cx),
        shortcut: None,
    }
}
