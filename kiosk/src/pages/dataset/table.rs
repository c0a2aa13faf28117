//! Which columns of a data set stand side by side, and how high its rows are.
//!
//! A table is paged by screens and says how many there are, so the heights of all rows are estimated from the widths of
//! their characters instead of being laid out.

use catalog::record::Dataset;

use super::super::content::{Block, Cell, Context, typeset};

/// At most this many columns side by side; a press on a row shows the others.
const COLUMNS: usize = 3;
/// Rows are at least this high.
const ROW: f32 = 92.0;
/// The space in a row that is not text: the padding of the card and the caret at its end.
const EDGES: f32 = 24.0 + 64.0;
/// The space between two columns.
const GAP: f32 = 24.0;
/// Above and below the text of a row.
const PADDING: f32 = 24.0;

/// The head and the rows of the table, each row with its place in the data set.
pub(super) fn blocks<'a>(
    dataset: &Dataset,
    rows: impl Iterator<Item = (usize, &'a Vec<String>)>,
    cx: &Context<'_>,
) -> Vec<Block> {
    let columns = columns(dataset, cx);
    let cells = |value: &dyn Fn(usize) -> String, head: bool| -> Vec<Cell> {
        columns
            .iter()
            .map(|column| Cell {
                text: value(column.index),
                width: column.width,
                code: column.code && !head,
            })
            .collect()
    };
    let mut blocks = vec![Block::TableHead(cells(
        &|column| typeset(&dataset.columns[column]),
        true,
    ))];
    blocks.extend(rows.map(|(row, values)| {
        let value = |column: usize| values.get(column).cloned().unwrap_or_default();
        let cells = cells(
            &|column| value(column).pipe(|text| if is_code(&text) { text } else { typeset(&text) }),
            false,
        );
        let height = cells.iter().map(|cell| cell_height(cell, cx)).fold(ROW, f32::max);
        Block::TableRow {
            cells,
            row,
            height: height.ceil(),
        }
    }));
    blocks
}

/// Lets a value flow through a function, so that a chain reads in order.
trait Pipe: Sized {
    fn pipe<T>(self, next: impl FnOnce(Self) -> T) -> T {
        next(self)
    }
}

impl Pipe for String {}

struct Column {
    index: usize,
    width: f32,
    code: bool,
}

/// The columns that are shown: those that tell rows apart and are short enough to read in a table.
fn columns(dataset: &Dataset, cx: &Context<'_>) -> Vec<Column> {
    let count = if cx.large() { 2 } else { COLUMNS };
    // Nearly the longest: a few long values may take more lines.
    let usual = |index: usize| -> f32 {
        let mut widths: Vec<f32> = dataset
            .rows
            .iter()
            .filter_map(|row| row.get(index))
            .map(|text| ems(text))
            .collect();
        widths.sort_by(f32::total_cmp);
        widths
            .get(widths.len() * 9 / 10)
            .copied()
            .unwrap_or(0.0)
            .max(ems(&dataset.columns[index]))
    };
    let distinct = |index: usize| {
        dataset
            .rows
            .iter()
            .filter_map(|row| row.get(index))
            .collect::<std::collections::HashSet<_>>()
            .len()
    };
    let worded = |index: usize| {
        dataset
            .rows
            .iter()
            .filter_map(|row| row.get(index))
            .any(|text| text.chars().any(catalog::typeset::is_han))
    };
    let is_url = |index: usize| {
        dataset
            .rows
            .first()
            .and_then(|row| row.get(index))
            .is_some_and(|text| text.starts_with("http"))
    };
    // Ids are for machines, such as si-0001.
    let is_record_id = |index: usize| {
        dataset
            .rows
            .first()
            .and_then(|row| row.get(index))
            .is_some_and(|text| {
                text.contains('-') && catalog::record::RecordId::try_from(text.as_str()).is_ok()
            })
    };
    let widths: Vec<f32> = (0..dataset.columns.len()).map(usual).collect();
    // Long running text fills a table; it is shown with the whole row.
    let fit: Vec<usize> = (0..widths.len())
        .filter(|&index| {
            widths[index] > 0.0 && widths[index] <= 60.0 && !is_url(index) && !is_record_id(index)
        })
        .collect();
    // The first column in words says what a row belongs to, the most various what it is; then what tells rows apart.
    let mut chosen: Vec<usize> = fit
        .iter()
        .copied()
        .find(|&index| worded(index))
        .into_iter()
        .collect();
    let mut rest: Vec<usize> = fit
        .iter()
        .copied()
        .filter(|index| !chosen.contains(index))
        .collect();
    rest.sort_by_key(|&index| (!worded(index), std::cmp::Reverse(distinct(index))));
    if let Some(&name) = rest.first() {
        chosen.push(name);
        rest.remove(0);
    }
    rest.sort_by_key(|&index| std::cmp::Reverse(distinct(index)));
    chosen.extend(rest);
    if chosen.is_empty() {
        chosen = (0..widths.len()).collect();
    }
    chosen.truncate(count);
    chosen.sort_unstable();
    let space = cx.width - EDGES - GAP * (chosen.len().saturating_sub(1)) as f32;
    let weights: Vec<f32> = chosen
        .iter()
        .map(|&index| widths[index].clamp(5.0, 22.0))
        .collect();
    let total: f32 = weights.iter().sum();
    chosen
        .iter()
        .zip(weights)
        .map(|(&index, weight)| Column {
            index,
            width: (space * weight / total).floor(),
            code: code_column(dataset, index),
        })
        .collect()
}

fn code_column(dataset: &Dataset, index: usize) -> bool {
    let mut values = dataset
        .rows
        .iter()
        .filter_map(|row| row.get(index))
        .filter(|text| !text.is_empty())
        .peekable();
    values.peek().is_some() && values.all(|text| is_code(text))
}

fn is_code(text: &str) -> bool {
    text.len() > 6
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The width of `text` in ems, not less than it really is.
fn ems(text: &str) -> f32 {
    text.chars()
        .map(|character| match character {
            '\u{2009}' => 0.2,
            'A'..='Z' => 0.7,
            character if character.is_ascii() => 0.58,
            _ => 1.0,
        })
        .sum()
}

fn cell_height(cell: &Cell, cx: &Context<'_>) -> f32 {
    // The sizes of `caption` and `body` in the theme, from the size of running text: 28 and 32, or 36 and 42.
    let size = if cell.code {
        (cx.text_size * 0.875).floor()
    } else {
        cx.text_size
    };
    let line = size * if cell.code { 1.45 } else { 1.5 };
    let per_line = (cell.width / size - 0.8).max(1.0);
    (ems(&cell.text) / per_line).ceil().max(1.0) * line + PADDING
}
