//! 标准目录行: the ten standard columns, the documents they rest on, how other places word the same line.

use catalog::record::{
    Audience, Citation, Disclosure, Entry, EntryVariant, InferredField, Level, Record, Relation, TimeLimit,
};

use super::content::provenance::{self, law_title};
use super::content::{Block, Context, Head, Page, Pair, Row, RowValue, Tone, card, links, typeset};

/// An element of 公开内容 up to this many characters may share its line with another.
const SHORT_ELEMENT: usize = 11;

/// The page of `entry`.
#[must_use]
pub(crate) fn page(entry: &Entry, cx: &Context<'_>) -> Page {
    let mut body = columns(entry, cx);
    if !entry.inferred.is_empty() {
        body.push(Block::Text {
            text: cx.say("entry-inferred-remark"),
            tone: Tone::Quiet,
        });
    }
    body.extend(variants(&entry.variants, cx));
    for (heading, relation) in [
        ("related-guides", Relation::Guide),
        ("related-datasets", Relation::Dataset),
    ] {
        links::section_of_area(heading, &entry.links, relation, &entry.area, cx, &mut body);
    }
    let (title, subtitle) = cx.named(&entry.level2, entry.name_en.as_deref());
    Page {
        head: Head {
            crumbs: [
                Some(cx.say("record-entry")),
                cx.area(&entry.area),
                Some(typeset(&entry.level1)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            title,
            subtitle,
            tag: None,
        },
        identity: Vec::new(),
        body,
        provenance: provenance::line(&Record::Entry(entry.clone()), cx),
        shortcut: None,
    }
}

/// The ten columns of the standard catalogue.
fn columns(entry: &Entry, cx: &Context<'_>) -> Vec<Block> {
    let inferred = |field| entry.inferred.contains(&field);
    let mut rows = vec![
        row(cx.say("entry-no"), RowValue::Text(entry.no.to_string())),
        row(
            cx.say("entry-matter"),
            RowValue::Keyed(vec![
                Pair {
                    label: cx.say("entry-level1"),
                    value: Some(typeset(&entry.level1)),
                },
                Pair {
                    label: cx.say("entry-level2"),
                    value: Some(typeset(&entry.level2)),
                },
            ]),
        ),
    ];
    rows.extend(elements(entry, cx));
    rows.extend(bases(
        cx.say("entry-basis"),
        entry.basis.as_deref(),
        &entry.citations,
        cx,
    ));
    rows.push(row(
        cx.say("entry-time-limit"),
        time_limit(entry.time_limit.as_ref()),
    ));
    let mut channels = row(cx.say("entry-channels"), tags(entry.channels.as_deref()));
    channels.inferred = inferred(InferredField::Channels);
    rows.push(channels);
    let short = [
        ("entry-subject", entry.subject.as_deref().map(typeset), false),
        (
            "entry-audience",
            audience(&entry.audience, cx),
            inferred(InferredField::Audience),
        ),
        (
            "entry-mode",
            Some(mode(entry.mode, cx)),
            inferred(InferredField::Mode),
        ),
        (
            "entry-levels",
            levels(entry.levels.as_deref(), cx),
            inferred(InferredField::Levels),
        ),
    ]
    .map(|(label, value, inferred)| {
        let marked = value.map(|value| {
            if inferred {
                cx.say_with("entry-inferred", &[("value", &value)])
            } else {
                value
            }
        });
        Pair {
            label: cx.say(label),
            value: marked,
        }
    });
    let mut blocks: Vec<Block> = rows.into_iter().map(Block::Row).collect();
    blocks.extend(card::rows(short, cx));
    blocks
}

fn row(label: String, value: RowValue) -> Row {
    Row {
        label,
        inferred: false,
        value,
    }
}

fn known(value: Option<String>) -> RowValue {
    value.map_or(RowValue::Unknown, RowValue::Text)
}

/// 公开内容: numbered where the source numbers it. Short elements share a line.
fn elements(entry: &Entry, cx: &Context<'_>) -> Vec<Row> {
    let label = cx.say("entry-content");
    let items: Vec<String> = entry.elements.iter().map(|element| typeset(element)).collect();
    match items.len() {
        0 => {
            return vec![row(
                label,
                known(Some(typeset(&entry.content)).filter(|text| !text.is_empty())),
            )];
        }
        1 => {
            return vec![row(
                label,
                RowValue::Text(items.into_iter().next().expect("there is one")),
            )];
        }
        _ => {}
    }
    let columns = !cx.large() && items.iter().all(|item| item.chars().count() <= SHORT_ELEMENT);
    items
        .chunks(if columns { 12 } else { 1 })
        .scan(1, |first, chunk| {
            let here = *first;
            *first += chunk.len();
            Some((here, chunk.to_vec()))
        })
        .map(|(first, items)| {
            let label = if first == 1 { label.clone() } else { String::new() };
            row(
                label,
                RowValue::Numbered {
                    first,
                    items,
                    columns,
                },
            )
        })
        .collect()
}

/// 公开依据: a row a document; what has full text here opens.
fn bases(label: String, raw: Option<&str>, citations: &[Citation], cx: &Context<'_>) -> Vec<Row> {
    if citations.is_empty() {
        return vec![row(label, known(raw.map(typeset)))];
    }
    citations
        .iter()
        .enumerate()
        .map(|(index, citation)| {
            let title = match &citation.doc_no {
                Some(number) => typeset(&format!("{}（{number}）", law_title(&citation.cited))),
                None => law_title(&citation.cited),
            };
            // Full text is offered only when the record is really here.
            let opens = citation
                .document
                .clone()
                .filter(|id| cx.records.record(id).is_some());
            row(
                if index == 0 { label.clone() } else { String::new() },
                RowValue::Citation { title, opens },
            )
        })
        .collect()
}

fn time_limit(limit: Option<&TimeLimit>) -> RowValue {
    known(limit.map(|limit| typeset(&limit.raw)))
}

fn tags(channels: Option<&[String]>) -> RowValue {
    match channels {
        Some(channels) if !channels.is_empty() => {
            RowValue::Tags(channels.iter().map(|channel| typeset(channel)).collect())
        }
        _ => RowValue::Unknown,
    }
}

fn audience(audience: &[Audience], cx: &Context<'_>) -> Option<String> {
    let words: Vec<String> = audience
        .iter()
        .map(|who| match who {
            Audience::Everyone => cx.say("audience-everyone"),
            Audience::Group(Some(name)) => typeset(name),
            Audience::Group(None) => cx.say("audience-group"),
        })
        .collect();
    (!words.is_empty()).then(|| cx.list(&words))
}

fn mode(mode: Disclosure, cx: &Context<'_>) -> String {
    cx.say(match mode {
        Disclosure::Active => "mode-active",
        Disclosure::OnRequest => "mode-on-request",
        Disclosure::Both => "mode-both",
    })
}

fn levels(levels: Option<&[Level]>, cx: &Context<'_>) -> Option<String> {
    let words: Vec<String> = levels?
        .iter()
        .map(|level| match level {
            Level::City => cx.say("level-city"),
            Level::County => cx.say("level-county"),
            Level::Township => cx.say("level-township"),
            Level::Village => cx.say("level-village"),
            Level::Other(words) => typeset(words),
        })
        .collect();
    (!words.is_empty()).then(|| cx.list(&words))
}

/// How other places word the same line, each with its source.
fn variants(variants: &[EntryVariant], cx: &Context<'_>) -> Vec<Block> {
    if variants.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading {
        text: cx.say("entry-variants"),
        remark: Some(cx.say_with("entry-variants-count", &[("count", &variants.len().to_string())])),
    }];
    for variant in variants {
        let source = variant.provenance.source.as_ref();
        let place = source
            .and_then(|source| source.jurisdiction.as_deref())
            .map_or_else(|| cx.say("entry-variant-place-unknown"), typeset);
        let pair = |label, value| Pair {
            label: cx.say(label),
            value,
        };
        blocks.push(Block::Row(row(
            place,
            known(Some(typeset(&variant.content)).filter(|text| !text.is_empty())),
        )));
        blocks.push(Block::Row(row(
            String::new(),
            RowValue::Keyed(vec![
                pair(
                    "entry-time-limit",
                    variant.time_limit.as_ref().map(|limit| typeset(&limit.raw)),
                ),
                pair("entry-subject", variant.subject.as_deref().map(typeset)),
                pair(
                    "entry-channels",
                    variant
                        .channels
                        .as_deref()
                        .filter(|names| !names.is_empty())
                        .map(|names| cx.list(names)),
                ),
                pair("provenance-source", source.map(|source| typeset(&source.title))),
            ]),
        )));
    }
    blocks
}
