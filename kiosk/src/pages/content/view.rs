//! Blocks as Slint draws them.

use std::rc::Rc;

use slint::{ModelRc, SharedString, VecModel};

use super::block::{Action, Block, Cell, Fact, Head, Icon, Pair, Row, RowValue, Shortcut, StepMark, Tone};
use super::context::Say;
use crate::ui;

/// What can be pressed on a screen. Slint knows the numbers, Rust what they mean.
#[derive(Debug, Default)]
pub(crate) struct Actions(Vec<Action>);

impl Actions {
    fn number(&mut self, action: Action) -> i32 {
        self.0.push(action);
        i32::try_from(self.0.len() - 1).expect("a screen has few things to press")
    }

    /// What the thing with this number does.
    #[must_use]
    pub(crate) fn get(&self, number: i32) -> Option<&Action> {
        self.0.get(usize::try_from(number).ok()?)
    }
}

/// Draws blocks.
pub(crate) struct Drawer<'a> {
    words: &'a dyn Say,
    large: bool,
    /// What was given a number so far.
    pub(crate) actions: Actions,
}

impl<'a> Drawer<'a> {
    /// A drawer that says what is unknown in `words`.
    #[must_use]
    pub(crate) fn new(words: &'a dyn Say, large: bool) -> Self {
        Self {
            words,
            large,
            actions: Actions::default(),
        }
    }

    /// One block; where it stands is set later.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each kind of block, none with a decision of its own"
    )]
    pub(crate) fn block(&mut self, block: &Block) -> ui::ContentBlock {
        let mut drawn = ui::ContentBlock {
            action: -1,
            ..ui::ContentBlock::default()
        };
        match block {
            Block::Facts(facts) => {
                drawn.kind = ui::BlockKind::Facts;
                drawn.parts = model(facts.iter().map(|fact| self.fact(fact)));
            }
            Block::Heading { text, remark } => {
                drawn.kind = ui::BlockKind::Heading;
                drawn.text = text.into();
                drawn.note = remark.as_deref().unwrap_or_default().into();
            }
            Block::Text { text, tone } => {
                drawn.kind = ui::BlockKind::Text;
                drawn.text = text.into();
                drawn.quiet = *tone == Tone::Quiet;
            }
            Block::Clause { label, text, note } => {
                drawn.kind = ui::BlockKind::Clause;
                drawn.label = label.into();
                drawn.text = text.into();
                drawn.note = note.as_deref().unwrap_or_default().into();
                drawn.columns = label.chars().count() > 2;
            }
            Block::Article { number, text, cited } => {
                drawn.kind = ui::BlockKind::Article;
                let label = number.map(|number| number.to_string()).unwrap_or_default();
                drawn.text = behind(&label, text).into();
                drawn.label = label.into();
                drawn.cited = *cited;
            }
            Block::Chapter { text } => {
                drawn.kind = ui::BlockKind::Chapter;
                drawn.text = text.into();
            }
            Block::Checks(checks) => {
                drawn.kind = ui::BlockKind::Checks;
                drawn.parts = model(checks.iter().map(|check| {
                    let details = check.details.iter();
                    ui::BlockPart {
                        text: check.title.as_str().into(),
                        on: check.ticked,
                        details: model(details.map(|(key, text)| ui::CheckDetail {
                            key: key.into(),
                            text: behind(key, text).into(),
                        })),
                        action: self.actions.number(Action::Tick(check.index)),
                        ..ui::BlockPart::default()
                    }
                }));
            }
            Block::Steps { marks, across } => {
                drawn.kind = ui::BlockKind::Steps;
                drawn.columns = !self.large;
                drawn.across = *across as i32;
                drawn.parts = model(marks.iter().map(step));
            }
            Block::Row(row) => self.row(row, &mut drawn),
            Block::Link(link) => {
                drawn.kind = ui::BlockKind::Link;
                drawn.icon = icon(link.icon);
                drawn.title = link.title.as_str().into();
                drawn.note = link.meta.as_str().into();
                drawn.action = self.actions.number(link.action.clone());
            }
            Block::Notice { tone, title, text } => {
                drawn.kind = ui::BlockKind::Notice;
                drawn.tone = match tone {
                    Tone::Plain | Tone::Quiet => ui::NoticeKind::Calm,
                    Tone::Warning => ui::NoticeKind::Warn,
                };
                drawn.title = title.into();
                drawn.text = text.into();
            }
            Block::Bars { title, unit, bars } => {
                drawn.kind = ui::BlockKind::Bars;
                drawn.title = title.into();
                drawn.note = unit.into();
                let longest = bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
                drawn.parts = model(bars.iter().map(|bar| ui::BlockPart {
                    text: bar.label.as_str().into(),
                    label: bar.count.to_string().into(),
                    other: bar.rest,
                    share: bar.count as f32 / longest as f32,
                    ..ui::BlockPart::default()
                }));
            }
            Block::Tabs { tabs, filter } => {
                drawn.kind = ui::BlockKind::Tabs;
                drawn.parts = model(tabs.iter().map(|tab| ui::BlockPart {
                    text: tab.label.as_str().into(),
                    on: tab.selected,
                    action: self.actions.number(Action::Tab(tab.shows)),
                    ..ui::BlockPart::default()
                }));
                if let Some(filter) = filter {
                    drawn.label = filter.column.as_str().into();
                    drawn.text = filter.value.as_str().into();
                    drawn.cited = filter.set;
                    drawn.action = self.actions.number(Action::Filter);
                }
            }
            Block::TableHead(cells) => {
                drawn.kind = ui::BlockKind::TableHead;
                drawn.parts = model(cells.iter().map(cell));
            }
            Block::TableRow { cells, row, height } => {
                drawn.kind = ui::BlockKind::TableRow;
                drawn.parts = model(cells.iter().map(cell));
                drawn.text = cells
                    .iter()
                    .map(|cell| cell.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
                    .into();
                drawn.height = *height;
                drawn.action = self.actions.number(Action::Row(*row));
            }
        }
        drawn
    }

    fn unknown(&self) -> SharedString {
        self.words.say("not-provided").into()
    }

    fn fact(&self, fact: &Fact) -> ui::BlockPart {
        let figure = fact.figure.as_ref();
        ui::BlockPart {
            label: fact.label.as_str().into(),
            text: figure.map_or_else(|| self.unknown(), |figure| figure.value.as_str().into()),
            unit: figure
                .map(|figure| figure.unit.as_str())
                .unwrap_or_default()
                .into(),
            note: fact.note.as_str().into(),
            known: figure.is_some(),
            other: figure.is_some_and(|figure| figure.phrase),
            action: -1,
            ..ui::BlockPart::default()
        }
    }

    fn keyed(&self, pair: &Pair) -> ui::KeyedText {
        ui::KeyedText {
            key: pair.label.as_str().into(),
            text: pair
                .value
                .as_deref()
                .map_or_else(|| self.unknown(), SharedString::from),
            known: pair.value.is_some(),
        }
    }

    fn row(&mut self, row: &Row, drawn: &mut ui::ContentBlock) {
        drawn.label = row.label.as_str().into();
        drawn.divided = !row.label.is_empty();
        drawn.known = true;
        if row.inferred {
            drawn.note = self.words.say("entry-inferred-tag").into();
        }
        drawn.kind = ui::BlockKind::RowText;
        match &row.value {
            RowValue::Unknown => {
                drawn.text = self.unknown();
                drawn.known = false;
            }
            RowValue::Text(text) => drawn.text = text.into(),
            RowValue::Keyed(pairs) => {
                drawn.kind = ui::BlockKind::RowKeyed;
                drawn.lines = model(pairs.iter().map(|pair| self.keyed(pair)));
            }
            RowValue::Numbered {
                first,
                items,
                columns,
            } => {
                drawn.kind = ui::BlockKind::RowNumbered;
                drawn.columns = *columns;
                drawn.parts = model(items.iter().enumerate().map(|(index, item)| ui::BlockPart {
                    label: (first + index).to_string().into(),
                    text: item.into(),
                    ..ui::BlockPart::default()
                }));
            }
            RowValue::Tags(tags) => {
                drawn.kind = ui::BlockKind::RowTags;
                drawn.parts = model(tags.iter().map(|tag| ui::BlockPart {
                    text: tag.into(),
                    ..ui::BlockPart::default()
                }));
            }
            RowValue::Citation { title, opens } => {
                drawn.kind = ui::BlockKind::RowCitation;
                drawn.title = title.into();
                if let Some(id) = opens {
                    drawn.action = self.actions.number(Action::Open(id.clone(), None));
                }
            }
            RowValue::Two(value, other) => {
                drawn.kind = ui::BlockKind::RowTwo;
                let first = Pair {
                    label: row.label.clone(),
                    value: value.clone(),
                };
                drawn.lines = model([&first, other].map(|pair| self.keyed(pair)).into_iter());
            }
        }
    }

    /// The button beside the pager.
    pub(crate) fn shortcut(&mut self, shortcut: Option<&Shortcut>) -> ui::PageShortcut {
        shortcut.map_or_else(
            || ui::PageShortcut {
                action: -1,
                ..ui::PageShortcut::default()
            },
            |shortcut| ui::PageShortcut {
                shown: true,
                flag: shortcut.icon == Icon::Flag,
                icon: icon(shortcut.icon),
                label: shortcut.label.as_str().into(),
                action: self.actions.number(shortcut.action.clone()),
            },
        )
    }
}

/// The head of a page.
#[must_use]
pub(crate) fn head(head: &Head) -> ui::ContentHead {
    ui::ContentHead {
        crumb: head.crumbs.join(" › ").into(),
        title: head.title.as_str().into(),
        subtitle: head.subtitle.as_deref().unwrap_or_default().into(),
        tag: head.tag.as_deref().unwrap_or_default().into(),
    }
}

/// `text` with room for `label` before its first line, where Slint draws the label in another colour: spaces as wide as a
/// Han character, one more than the label is wide.
fn behind(label: &str, text: &str) -> String {
    if label.is_empty() {
        return text.to_owned();
    }
    let width: f32 = label.chars().map(ems).sum();
    format!("{}{text}", "\u{3000}".repeat(width.ceil() as usize + 1))
}

/// How wide a character is in the interface's typeface, at the most, in widths of a Han character.
fn ems(character: char) -> f32 {
    match character {
        '\u{2009}' => 0.2,
        ' '..='~' => 0.7,
        _ => 1.0,
    }
}

fn step(step: &StepMark) -> ui::BlockPart {
    ui::BlockPart {
        label: step.number.to_string().into(),
        text: step.title.as_str().into(),
        note: step.text.as_str().into(),
        on: step.joined,
        action: -1,
        ..ui::BlockPart::default()
    }
}

fn cell(cell: &Cell) -> ui::BlockPart {
    ui::BlockPart {
        text: cell.text.as_str().into(),
        width: cell.width,
        other: cell.code,
        action: -1,
        ..ui::BlockPart::default()
    }
}

/// The two-tone icon of a kind.
#[must_use]
pub(crate) fn icon(icon: Icon) -> ui::KindIcon {
    match icon {
        Icon::None | Icon::Flag => ui::KindIcon::None,
        Icon::Guide => ui::KindIcon::ListChecks,
        Icon::Document => ui::KindIcon::Scroll,
        Icon::Basis => ui::KindIcon::Scales,
        Icon::Entry => ui::KindIcon::TreeStructure,
        Icon::Interpretation => ui::KindIcon::ChatCenteredText,
        Icon::Dataset => ui::KindIcon::ChartBar,
        Icon::Form => ui::KindIcon::EnvelopeSimpleOpen,
        Icon::Plan => ui::KindIcon::ClipboardText,
    }
}

/// A model of finished values.
pub(crate) fn model<T: Clone + 'static>(values: impl Iterator<Item = T>) -> ModelRc<T> {
    ModelRc::from(Rc::new(VecModel::from(values.collect::<Vec<T>>())))
}
