//! What a content page is made of: blocks in reading order.
//!
//! Every page of content (guide, entry, data set …) is a [`Page`]: a head, blocks and a provenance line. A block is
//! the smallest thing that is never torn apart between two screens, except those that [split](Block::split).

mod parts;

use catalog::record::{ArticleNumber, Kind, RecordId};

pub(crate) use self::parts::{
    Bar, Cell, Check, Fact, Figure, LinkRow, Row, RowValue, StepMark, Tab, TabFilter,
};
use super::provenance;

/// A page of content, ready to be cut into screens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    /// Crumbs, title, tag.
    pub(crate) head: Head,
    /// What answers first (facts, who): the left column in landscape, the first blocks in portrait.
    pub(crate) identity: Vec<Block>,
    /// Everything else, in reading order.
    pub(crate) body: Vec<Block>,
    /// Who published it, its source, its validity, as of when, its signature.
    pub(crate) provenance: provenance::Line,
    /// A shortcut beside the pager.
    pub(crate) shortcut: Option<Shortcut>,
}

/// The head of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Head {
    /// Where the page is found, outermost first.
    pub(crate) crumbs: Vec<String>,
    /// The title.
    pub(crate) title: String,
    /// A second line: the Chinese title under an English one, the size of a data set …
    pub(crate) subtitle: Option<String>,
    /// A word beside the title, such as 全国通用.
    pub(crate) tag: Option<String>,
}

/// A label with its value; no value shows as 未提供.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The label.
    pub(crate) label: String,
    /// The value, as far as known.
    pub(crate) value: Option<String>,
}

/// The button beside the pager.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shortcut {
    /// Its picture.
    pub(crate) icon: Icon,
    /// Its words.
    pub(crate) label: String,
    /// What it does.
    pub(crate) action: Action,
}

/// The pictures that blocks use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Icon {
    /// No picture.
    #[default]
    None,
    /// A guide.
    Guide,
    /// The full text of a law or document.
    Document,
    /// A law as a basis.
    Basis,
    /// A line of the catalogue.
    Entry,
    /// An interpretation.
    Interpretation,
    /// An open data set.
    Dataset,
    /// A form.
    Form,
    /// A table of tasks.
    Plan,
    /// Something wrong that staff should know.
    Flag,
}

/// What pressing something does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Opens a record, at an article where one is cited.
    Open(RecordId, Option<ArticleNumber>),
    /// Ticks a thing to bring, or takes the tick away.
    Tick(usize),
    /// Opens what an area holds of one kind.
    Area(RecordId, Kind),
    /// Shows the screen where the section with this name begins.
    Section(String),
    /// Shows a data set's rows or its fields.
    Tab(DatasetTab),
    /// Shows all columns of a row.
    Row(usize),
    /// Lets the resident choose which rows are shown, or shows all again.
    Filter,
    /// Shows only the rows with the value of this number.
    Value(usize),
    /// Opens the page on how a mistake is reported.
    ReportMistake,
}

/// What part of a data set is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DatasetTab {
    /// The rows.
    #[default]
    Rows,
    /// The names of the columns.
    Fields,
    /// The values of the filter column, to choose one.
    Values,
}

/// How much a sentence matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// Running text.
    #[default]
    Plain,
    /// A remark, or 未提供.
    Quiet,
    /// Something to know before relying on the page.
    Warning,
}

/// The smallest thing that stays together on one screen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// The figures that answer first, side by side.
    Facts(Vec<Fact>),
    /// Begins a section.
    Heading {
        /// The section's name; the pager names it.
        text: String,
        /// A remark at the right.
        remark: Option<String>,
    },
    /// Running text.
    Text {
        /// The text.
        text: String,
        /// How much it matters.
        tone: Tone,
    },
    /// A sentence with a number or the article it is taken from.
    Clause {
        /// The number, the case, the article.
        label: String,
        /// The sentence.
        text: String,
        /// The article, in small type behind it.
        note: Option<String>,
    },
    /// Part of an article of law: its number stands before the first line.
    Article {
        /// The number, on the first part only.
        number: Option<ArticleNumber>,
        /// The text.
        text: String,
        /// The article that was asked for.
        cited: bool,
    },
    /// A heading within a text, centred.
    Chapter {
        /// 第二章　申请与审批.
        text: String,
    },
    /// One thing to bring, or two short ones side by side.
    Checks(Vec<Check>),
    /// Steps of a procedure, side by side.
    Steps {
        /// The steps.
        marks: Vec<StepMark>,
        /// How many columns the procedure has; its last row may have fewer steps.
        across: usize,
    },
    /// A line of a card: a label and its value.
    Row(Row),
    /// Opens another record.
    Link(LinkRow),
    /// Something to know before reading on.
    Notice {
        /// How serious it is.
        tone: Tone,
        /// One sentence.
        title: String,
        /// One or two lines.
        text: String,
    },
    /// Horizontal bars.
    Bars {
        /// What is counted.
        title: String,
        /// Of what.
        unit: String,
        /// The bars, longest first, the rest bundled last.
        bars: Vec<Bar>,
    },
    /// Two tabs and, at the right, a filter.
    Tabs {
        /// The tabs.
        tabs: Vec<Tab>,
        /// The filter.
        filter: Option<TabFilter>,
    },
    /// The head of a table.
    TableHead(Vec<Cell>),
    /// A row of a table.
    TableRow {
        /// The cells.
        cells: Vec<Cell>,
        /// Its place in the data set.
        row: usize,
        /// Its height in logical pixels; tables know the heights of their rows in advance.
        height: f32,
    },
}

impl Block {
    /// Whether the block is something to press, and so belongs in the lower half in low reach.
    #[must_use]
    pub(crate) fn is_pressed(&self) -> bool {
        match self {
            Self::Checks(_) | Self::Link(_) | Self::Tabs { .. } | Self::TableRow { .. } => true,
            Self::Row(row) => matches!(&row.value, RowValue::Citation { opens: Some(_), .. }),
            _ => false,
        }
    }

    /// Whether the block needs the wide column of a lying panel.
    #[must_use]
    pub(crate) fn is_wide(&self) -> bool {
        matches!(
            self,
            Self::Steps { .. }
                | Self::Bars { .. }
                | Self::Tabs { .. }
                | Self::TableHead(_)
                | Self::TableRow { .. }
                | Self::Notice { .. }
        )
    }

    /// Whether the block belongs to the one after it and must not end a screen.
    #[must_use]
    pub(crate) fn leads(&self) -> bool {
        matches!(
            self,
            Self::Heading { .. } | Self::Chapter { .. } | Self::TableHead(_) | Self::Tabs { .. }
        )
    }

    /// Whether the block is part of a card: such blocks stand without a gap.
    #[must_use]
    pub(crate) fn in_card(&self) -> bool {
        matches!(self, Self::Row(_) | Self::TableHead(_) | Self::TableRow { .. })
    }
}
