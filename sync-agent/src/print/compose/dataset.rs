//! 开放数据: what it is, and its first rows.

use catalog::record::Dataset;
use hardware::slip::{Element, Row, RuleWeight, TextStyle};

use super::composer::Composer;

/// Rows that a slip shows.
const ROWS: usize = 10;

pub(super) fn body(composer: &mut Composer<'_>, dataset: &Dataset) {
    composer.title(&dataset.title, dataset.title_en.as_deref());
    let rows = about(composer, dataset);
    composer.rows(rows);
    let shown = dataset.rows.len().min(ROWS);
    let key = if shown < dataset.rows.len() {
        "dataset-preview"
    } else {
        "dataset-all"
    };
    let heading = composer.say_with(key, [("count", shown.into())]);
    composer.push(Element::Heading { text: heading });
    for (at, row) in dataset.rows.iter().take(shown).enumerate() {
        if at > 0 {
            composer.push(Element::Rule {
                weight: RuleWeight::Thin,
            });
        }
        let mut cells = dataset
            .columns
            .iter()
            .zip(row)
            .filter(|(_, cell)| !cell.trim().is_empty());
        if let Some((_, first)) = cells.next() {
            composer.paragraph(first, TextStyle::Strong);
        }
        for (column, cell) in cells {
            let line = composer.say_with(
                "labelled",
                [("label", column.as_str().into()), ("text", cell.as_str().into())],
            );
            composer.paragraph(&line, TextStyle::Small);
        }
    }
    if shown < dataset.rows.len() {
        let more = composer.say("continues");
        composer.paragraph(&more, TextStyle::Strong);
    }
}

pub(super) fn about(composer: &Composer<'_>, dataset: &Dataset) -> Vec<Row> {
    let size = composer.say_with("dataset-rows", [("count", dataset.rows.len().into())]);
    vec![
        composer.row("dataset-provider", dataset.provider.as_deref()),
        composer.row("dataset-frequency", dataset.update_frequency.as_deref()),
        composer.row("dataset-open-type", Some(&dataset.open_type)),
        composer.row("dataset-format", Some(&dataset.format)),
        composer.row("dataset-size", Some(&size)),
    ]
}
