//! 开放数据: the rows as a table, a chart of what can be counted, the names of the columns.

mod table;

use std::collections::BTreeMap;

use catalog::record::{Dataset, Record, Relation};

use super::content::{
    Action, Bar, Block, Context, DatasetTab, Head, Icon, LinkRow, Page, Row, RowValue, Shortcut, Tab,
    TabFilter, Tone, links, provenance, typeset,
};

/// A chart has this many bars before the rest is bundled.
const BARS: usize = 5;
/// A column with more values than this is no category.
const CATEGORIES: usize = 60;

/// The page of `dataset`, as the resident looks at it.
#[must_use]
pub(crate) fn page(dataset: &Dataset, cx: &Context<'_>) -> Page {
    let category = category(dataset);
    let body = match (
        cx.dataset.row.and_then(|row| dataset.rows.get(row)),
        cx.dataset.tab,
    ) {
        (Some(cells), _) => whole_row(dataset, cells, cx),
        (None, DatasetTab::Fields) => fields(dataset, category, cx),
        (None, DatasetTab::Rows) => rows(dataset, category, cx),
        (None, DatasetTab::Values) => values(dataset, category, cx),
    };
    let identity = match category {
        Some(column) if cx.dataset.row.is_none() && !cx.large() => vec![chart(dataset, column, cx)],
        _ => Vec::new(),
    };
    let (title, english_subtitle) = cx.named(&dataset.title, dataset.title_en.as_deref());
    let size = [
        english_subtitle,
        Some(cx.say_with("dataset-rows", &[("count", &dataset.rows.len().to_string())])),
        Some(dataset.format.clone()),
        Some(typeset(&dataset.open_type)),
        Some(match &dataset.update_frequency {
            Some(frequency) => typeset(frequency),
            None => cx.say("dataset-frequency-unknown"),
        }),
    ];
    Page {
        head: Head {
            crumbs: [
                Some(cx.say("record-dataset")),
                dataset.area.as_ref().and_then(|area| cx.area(area)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            title,
            subtitle: Some(size.into_iter().flatten().collect::<Vec<_>>().join("\u{3000}")),
            tag: None,
        },
        identity,
        body,
        provenance: provenance::line(&Record::Dataset(dataset.clone()), cx),
        shortcut: Some(Shortcut {
            icon: Icon::Flag,
            label: cx.say("dataset-mistake"),
            action: Action::ReportMistake,
        }),
    }
}

/// The first column whose values repeat enough to be counted, by index.
fn category(dataset: &Dataset) -> Option<usize> {
    (0..dataset.columns.len()).find(|&column| {
        let values = counts(dataset, column);
        let most = values.first().map_or(0, |(_, count)| *count);
        (2..=CATEGORIES).contains(&values.len()) && most > 1 && values.len() * 2 <= dataset.rows.len() + 1
    })
}

/// The values of a column with how often each occurs, the most frequent first.
fn counts(dataset: &Dataset, column: usize) -> Vec<(&str, usize)> {
    let mut counts = BTreeMap::new();
    for row in &dataset.rows {
        if let Some(value) = row.get(column).filter(|value| !value.is_empty()) {
            *counts.entry(value.as_str()).or_insert(0) += 1;
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(value, count)| (std::cmp::Reverse(count), value));
    counts
}

fn chart(dataset: &Dataset, column: usize, cx: &Context<'_>) -> Block {
    let counts = counts(dataset, column);
    let (shown, rest) = counts.split_at(counts.len().min(BARS));
    let mut bars: Vec<Bar> = shown
        .iter()
        .map(|&(label, count)| Bar {
            label: typeset(label),
            count,
            rest: false,
        })
        .collect();
    if !rest.is_empty() {
        bars.push(Bar {
            label: cx.say_with("dataset-rest", &[("count", &rest.len().to_string())]),
            count: rest.iter().map(|(_, count)| count).sum(),
            rest: true,
        });
    }
    let name = typeset(dataset.columns.get(column).map_or("", String::as_str));
    Block::Bars {
        title: cx.say_with("dataset-chart", &[("column", &name)]),
        unit: cx.say("dataset-chart-unit"),
        bars,
    }
}

fn tabs(dataset: &Dataset, category: Option<usize>, cx: &Context<'_>) -> Block {
    let tab = |key, shows| Tab {
        label: cx.say(key),
        shows,
        selected: cx.dataset.tab == shows,
    };
    let filter = category
        .filter(|_| cx.dataset.tab == DatasetTab::Rows)
        .map(|column| {
            let chosen = cx
                .dataset
                .filter
                .and_then(|index| counts(dataset, column).get(index).copied());
            TabFilter {
                column: typeset(&dataset.columns[column]),
                value: chosen.map_or_else(|| cx.say("dataset-all"), |(value, _)| typeset(value)),
                set: chosen.is_some(),
            }
        });
    Block::Tabs {
        tabs: vec![
            tab("dataset-table", DatasetTab::Rows),
            tab("dataset-fields", DatasetTab::Fields),
        ],
        filter,
    }
}

fn rows(dataset: &Dataset, category: Option<usize>, cx: &Context<'_>) -> Vec<Block> {
    let wanted = category.and_then(|column| {
        let value = counts(dataset, column).get(cx.dataset.filter?)?.0.to_owned();
        Some((column, value))
    });
    let shown = dataset.rows.iter().enumerate().filter(|(_, row)| match &wanted {
        Some((column, value)) => row.get(*column) == Some(value),
        None => true,
    });
    let mut blocks = vec![tabs(dataset, category, cx)];
    blocks.extend(table::blocks(dataset, shown, cx));
    blocks
}

fn fields(dataset: &Dataset, category: Option<usize>, cx: &Context<'_>) -> Vec<Block> {
    let mut blocks = vec![tabs(dataset, category, cx)];
    blocks.extend(dataset.columns.iter().enumerate().map(|(column, name)| {
        let example = dataset
            .rows
            .iter()
            .filter_map(|row| row.get(column))
            .find(|value| !value.is_empty());
        Block::Row(Row {
            label: typeset(name),
            inferred: false,
            value: match example {
                Some(example) => RowValue::Text(
                    cx.say_with("dataset-example", &[("value", &typeset(&shortened(example)))]),
                ),
                None => RowValue::Unknown,
            },
        })
    }));
    links::section(
        "related-datasets",
        &dataset.links,
        Relation::Dataset,
        cx,
        &mut blocks,
    );
    blocks
}

/// An example needs no more than its beginning; the row itself shows everything.
fn shortened(text: &str) -> String {
    const ENOUGH: usize = 40;
    if text.chars().count() <= ENOUGH {
        return text.to_owned();
    }
    text.chars().take(ENOUGH).chain("……".chars()).collect()
}

/// All columns of one row.
fn whole_row(dataset: &Dataset, cells: &[String], cx: &Context<'_>) -> Vec<Block> {
    let number = cx.dataset.row.map_or(1, |row| row + 1);
    let mut blocks = vec![
        Block::Tabs {
            tabs: vec![Tab {
                label: cx.say("dataset-back"),
                shows: DatasetTab::Rows,
                selected: false,
            }],
            filter: None,
        },
        Block::Heading {
            text: cx.say_with("dataset-row", &[("number", &number.to_string())]),
            remark: Some(cx.say_with("dataset-rows", &[("count", &dataset.rows.len().to_string())])),
        },
    ];
    blocks.extend(dataset.columns.iter().zip(cells).map(|(name, value)| {
        Block::Row(Row {
            label: typeset(name),
            inferred: false,
            value: if value.is_empty() {
                RowValue::Unknown
            } else {
                RowValue::Text(typeset(value))
            },
        })
    }));
    if cells.is_empty() {
        blocks.push(Block::Text {
            text: cx.say("not-provided"),
            tone: Tone::Quiet,
        });
    }
    blocks
}

/// The values of the filter column with how many rows have each.
fn values(dataset: &Dataset, category: Option<usize>, cx: &Context<'_>) -> Vec<Block> {
    let mut blocks = vec![tabs(dataset, category, cx)];
    let Some(column) = category else { return blocks };
    blocks.push(Block::Heading {
        text: typeset(&dataset.columns[column]),
        remark: None,
    });
    blocks.extend(
        counts(dataset, column)
            .into_iter()
            .enumerate()
            .map(|(index, (value, count))| {
                Block::Link(LinkRow {
                    icon: Icon::None,
                    title: typeset(value),
                    meta: cx.say_with("dataset-rows", &[("count", &count.to_string())]),
                    action: Action::Value(index),
                })
            }),
    );
    blocks
}
