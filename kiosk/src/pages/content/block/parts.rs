//! What blocks consist of.

use catalog::record::RecordId;

use super::{Action, DatasetTab, Icon, Pair};

/// A figure that answers first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is.
    pub(crate) label: String,
    /// The figure or a word; `None` keeps the cell and says 未提供.
    pub(crate) figure: Option<Figure>,
    /// A line under it.
    pub(crate) note: String,
}

/// The figure of a [`Fact`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    /// The number or the word.
    pub(crate) value: String,
    /// The unit after a number.
    pub(crate) unit: String,
    /// Whether the value is a whole phrase, set smaller.
    pub(crate) phrase: bool,
}

/// A thing to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// Index into the guide's materials.
    pub(crate) index: usize,
    /// What it is.
    pub(crate) title: String,
    /// What counts as such, each with a bold key where it has one.
    pub(crate) details: Vec<(String, String)>,
    /// Whether the resident has it.
    pub(crate) ticked: bool,
}

/// A step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepMark {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// A few words.
    pub(crate) title: String,
    /// What happens.
    pub(crate) text: String,
    /// Whether a step follows.
    pub(crate) joined: bool,
}

/// A line of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The label; empty for a line that goes on with the one above.
    pub(crate) label: String,
    /// Whether the editors filled the value in.
    pub(crate) inferred: bool,
    /// What stands beside the label.
    pub(crate) value: RowValue,
}

/// What stands beside a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowValue {
    /// 未提供.
    Unknown,
    /// A value.
    Text(String),
    /// Values with a small key before each, such as 一级 and 二级.
    Keyed(Vec<Pair>),
    /// Numbered values; short ones stand in two columns.
    Numbered {
        /// The number of the first.
        first: usize,
        /// The values.
        items: Vec<String>,
        /// Whether they stand in two columns.
        columns: bool,
    },
    /// Short values, each with a check.
    Tags(Vec<String>),
    /// A document that is cited: pressed, it opens; without full text it says so.
    Citation {
        /// Its title with its number.
        title: String,
        /// The record of its full text.
        opens: Option<RecordId>,
    },
    /// A value, and a second label with its value.
    Two(Option<String>, Pair),
}

/// A row that opens another record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkRow {
    /// Its kind.
    pub(crate) icon: Icon,
    /// Its title.
    pub(crate) title: String,
    /// What else to know.
    pub(crate) meta: String,
    /// What pressing it does.
    pub(crate) action: Action,
}

/// A bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    /// What is counted.
    pub(crate) label: String,
    /// How many.
    pub(crate) count: usize,
    /// Whether it bundles the rest.
    pub(crate) rest: bool,
}

/// The filter beside the tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TabFilter {
    /// The column.
    pub(crate) column: String,
    /// The value that is shown, or the word for all.
    pub(crate) value: String,
    /// Whether it is set.
    pub(crate) set: bool,
}

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    /// Its word.
    pub(crate) label: String,
    /// What it shows.
    pub(crate) shows: DatasetTab,
    /// Whether it is shown now.
    pub(crate) selected: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Its text.
    pub(crate) text: String,
    /// Its width in logical pixels.
    pub(crate) width: f32,
    /// Whether it is a code, set small and broken anywhere.
    pub(crate) code: bool,
}
