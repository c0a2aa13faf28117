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
            .map(|column| Cell { text: value(column.index), width: column.width, code: column.code && !head })
            .collect()
    };
    let mut blocks = vec![Block::TableHead(cells(&|column| typeset(&dataset.columns[column]), true))];
    blocks.extend(rows.map(|(row, values)| {
        let value = |column: usize| values.get(column).cloned().unwrap_or_default();
        let cells = cells(&|column| value(column).pipe(|text| if is_code(&text) { text } else { typeset(&text) }), false);
        let height = cells.iter().map(|cell| cell_height(cell, cx)).fold(ROW, f32::max);
        Block::TableRow { cells, row, height: height.ceil() }
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
    let longest = |index: usize| -> f32 {
        let widest = dataset.rows.iter().filter_map(|row| row.get(index)).map(|text| ems(text));
        widest.fold(ems(&dataset.columns[index]), f32::max)
    };
    let various = |index: usize| {
        let mut values = dataset.rows.iter().filter_map(|row| row.get(index));
        let first = values.next();
        dataset.rows.len() < 2 || values.any(|value| Some(value) != first)
    };
    let widths: Vec<f32> = (0..dataset.columns.len()).map(longest).collect();
    let is_url = |index: usize| {
        dataset.rows.first().and_then(|row| row.get(index)).is_some_and(|text| text.starts_with("http"))
    };
    // Long running text fills a table; it is shown with the whole row.
    let mut chosen: Vec<usize> = (0..widths.len())
        .filter(|&index| widths[index] > 0.0 && widths[index] <= 60.0 && various(index) && !is_url(index))
        .collect();
    // What reads best comes first: words before codes, in the order of the data set.
    chosen.sort_by_key(|&index| code_column(dataset, index));
    if chosen.is_empty() {
        chosen = (0..widths.len()).collect();
    }
    chosen.truncate(count);
    chosen.sort_unstable();
    let space = cx.width - EDGES - GAP * (chosen.len().saturating_sub(1)) as f32;
    let weights: Vec<f32> = chosen.iter().map(|&index| widths[index].clamp(5.0, 22.0)).collect();
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
    let mut values = dataset.rows.iter().filter_map(|row| row.get(index)).filter(|text| !text.is_empty()).peekable();
    values.peek().is_some() && values.all(|text| is_code(text))
}

fn is_code(text: &str) -> bool {
    text.len() > 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
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
    let size = if cell.code { (cx.text_size * 0.875).floor() } else { cx.text_size };
    let line = size * if cell.code { 1.45 } else { 1.5 };
    let per_line = (cell.width / size - 0.8).max(1.0);
    (ems(&cell.text) / per_line).ceil().max(1.0) * line + PADDING
}
