//! Blocks that may be torn apart between two screens, and where.

use super::block::{Block, Check, Row, RowValue};

impl Block {
    /// Where the block may be [split](Self::split), from its beginning to its end: behind a punctuation mark of running
    /// text, between what counts as one thing to bring, between numbered values. Empty for blocks that stay together.
    #[must_use]
    pub(crate) fn cuts(&self) -> Vec<usize> {
        if let Some(text) = self.running_text() {
            return cut_points(text).filter(|&at| at < text.len()).collect();
        }
        match self {
            Self::Checks(checks) => match checks.as_slice() {
                [check] => (1..check.details.len()).collect(),
                _ => Vec::new(),
            },
            Self::Row(Row {
                value: RowValue::Numbered { items, columns, .. },
                ..
            }) => {
                let step = if *columns { 2 } else { 1 };
                (step..items.len()).step_by(step).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The block cut in two at one of its [cuts](Self::cuts). What names the block stands before both parts of a thing to
    /// bring, and before the first part of everything else.
    ///
    /// # Panics
    ///
    /// If `at` is none of the cuts.
    #[must_use]
    pub(crate) fn split(&self, at: usize) -> (Self, Self) {
        let cut = |text: &str| {
            let (head, tail) = text.split_at(at);
            (head.trim_end().to_owned(), tail.trim_start().to_owned())
        };
        match self {
            Self::Text { text, tone } => {
                let (head, tail) = cut(text);
                let part = |text| Self::Text { text, tone: *tone };
                (part(head), part(tail))
            }
            Self::Clause { label, text, note } => {
                let (head, tail) = cut(text);
                let part = |label: &str, text, note| Self::Clause {
                    label: label.to_owned(),
                    text,
                    note,
                };
                (part(label, head, None), part("", tail, note.clone()))
            }
            Self::Article { number, text, cited } => {
                let (head, tail) = cut(text);
                let part = |number, text| Self::Article {
                    number,
                    text,
                    cited: *cited,
                };
                (part(*number, head), part(None, tail))
            }
            Self::Checks(checks) => {
                let [check] = checks.as_slice() else {
                    unreachable!("things side by side have no cuts");
                };
                let (head, tail) = check.details.split_at(at);
                let part = |details: &[(String, String)]| {
                    Self::Checks(vec![Check {
                        details: details.to_vec(),
                        ..check.clone()
                    }])
                };
                (part(head), part(tail))
            }
            Self::Row(row) => {
                let part = |label: &str, value| {
                    Self::Row(Row {
                        label: label.to_owned(),
                        inferred: row.inferred,
                        value,
                    })
                };
                match &row.value {
                    RowValue::Text(text) => {
                        let (head, tail) = cut(text);
                        (
                            part(&row.label, RowValue::Text(head)),
                            part("", RowValue::Text(tail)),
                        )
                    }
                    RowValue::Numbered {
                        first,
                        items,
                        columns,
                    } => {
                        let (head, tail) = items.split_at(at);
                        let numbered = |first, items: &[String]| RowValue::Numbered {
                            first,
                            items: items.to_vec(),
                            columns: *columns,
                        };
                        (
                            part(&row.label, numbered(*first, head)),
                            part("", numbered(first + at, tail)),
                        )
                    }
                    _ => unreachable!("a row of another value has no cuts"),
                }
            }
            _ => unreachable!("such a block has no cuts"),
        }
    }

    /// The running text of the block, where it is nothing else.
    #[must_use]
    pub(crate) fn running_text(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. }
            | Self::Clause { text, .. }
            | Self::Article { text, .. }
            | Self::Row(Row {
                value: RowValue::Text(text),
                ..
            }) => Some(text),
            _ => None,
        }
    }
}

/// Where Chinese running text may be cut: behind a punctuation mark that ends something.
fn cut_points(text: &str) -> impl Iterator<Item = usize> {
    let mut closing = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((at, character)) = closing.next() {
            let behind = at + character.len_utf8();
            let next = closing.peek().map(|&(_, next)| next);
            let ends = matches!(
                character,
                '。' | '；' | '，' | '、' | '：' | '！' | '？' | ';' | '.' | '\n'
            );
            if ends
                && !matches!(
                    next,
                    Some('”' | '’' | '）' | '》' | '」' | '〕' | '，' | '。' | '；' | '、') | None
                )
            {
                return Some(behind);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::super::block::Tone;
    use super::*;

    #[test]
    fn text_is_cut_behind_its_punctuation_and_nowhere_before_what_closes() {
        let text = |text: &str| Block::Text {
            text: text.to_owned(),
            tone: Tone::Plain,
        };
        let block = text("甲，乙“丙。”丁；戊。");
        let parts: Vec<_> = block.cuts().into_iter().map(|at| block.split(at)).collect();
        assert_eq!(
            parts,
            [
                (text("甲，"), text("乙“丙。”丁；戊。")),
                (text("甲，乙“丙。”丁；"), text("戊。"))
            ]
        );
    }

    #[test]
    fn a_thing_to_bring_is_named_on_both_screens_and_stays_one_tick() {
        let check = |details: &[&str]| {
            Block::Checks(vec![Check {
                index: 2,
                title: "证明材料".to_owned(),
                details: details
                    .iter()
                    .map(|text| (String::new(), (*text).to_owned()))
                    .collect(),
                ticked: true,
            }])
        };
        let block = check(&["住址", "就业", "就读"]);
        assert_eq!(block.cuts(), [1, 2]);
        assert_eq!(block.split(1), (check(&["住址"]), check(&["就业", "就读"])));
        assert!(check(&["住址"]).cuts().is_empty());
    }

    #[test]
    fn numbered_values_go_on_counting_and_stay_in_pairs_in_two_columns() {
        let row = |label: &str, first, items: &[&str]| {
            Block::Row(Row {
                label: label.to_owned(),
                inferred: false,
                value: RowValue::Numbered {
                    first,
                    items: items.iter().map(|item| (*item).to_owned()).collect(),
                    columns: true,
                },
            })
        };
        let block = row("公开内容", 1, &["a", "b", "c"]);
        assert_eq!(block.cuts(), [2]);
        assert_eq!(
            block.split(2),
            (row("公开内容", 1, &["a", "b"]), row("", 3, &["c"]))
        );
    }
}
