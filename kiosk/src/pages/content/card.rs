//! Lines of a card, brief ones in pairs.

use super::block::{Block, Pair, Row, RowValue};
use super::context::Context;

/// A value up to this many characters may share its line with another.
const BRIEF: usize = 9;

/// One line a pair; two that follow one another and are both brief or unknown share one, where the text is not large and the
/// labels are as short as Chinese ones.
pub(crate) fn rows(pairs: impl IntoIterator<Item = Pair>, cx: &Context<'_>) -> Vec<Block> {
    let mut rows = Vec::new();
    let mut waiting: Option<Pair> = None;
    for pair in pairs {
        let shares = !cx.large() && cx.chinese() && is_brief(&pair);
        match (waiting.take(), shares) {
            (Some(first), true) => rows.push(line(first.label, RowValue::Two(first.value, pair))),
            (None, true) => waiting = Some(pair),
            (first, false) => rows.extend(first.into_iter().chain([pair]).map(alone)),
        }
    }
    rows.extend(waiting.map(alone));
    rows
}

fn is_brief(pair: &Pair) -> bool {
    pair.value
        .as_ref()
        .is_none_or(|value| value.chars().count() <= BRIEF)
}

fn alone(pair: Pair) -> Block {
    line(pair.label, pair.value.map_or(RowValue::Unknown, RowValue::Text))
}

fn line(label: String, value: RowValue) -> Block {
    Block::Row(Row {
        label,
        inferred: false,
        value,
    })
}
