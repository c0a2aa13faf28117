//! A layout as text in columns, for printers that set the type themselves.
//!
//! A slip is a tenth of its raster in bytes, which counts on a serial line of 9600 baud. Its price is the
//! printer's font: only characters that the printer has can be set.

use super::fonts::Weight;
use super::layout::{Element, Fact, Layout, Row, RuleWeight, Size, TextStyle};
use super::lines::{break_columns, columns_of};
use super::qr::{Qr, QrTooLong};
use super::text::{Align, COLUMN_DOTS, Characters, TextElement, TextScale, TextSheet, Unprintable};

/// Sets `layout` in `columns` of type that the printer's own font has. Large print is twice the size.
pub fn set_text(
    layout: &Layout,
    columns: u32,
    characters: Characters,
) -> Result<Vec<TextSheet>, Unprintable> {
    for element in &layout.elements {
        if let Element::Qr { payload, .. } = element {
            check_code(payload, columns * COLUMN_DOTS)?;
        }
    }
    let mut missing = Vec::new();
    let sheets = layout
        .elements
        .split(|element| *element == Element::Cut)
        .filter(|elements| !elements.is_empty())
        .map(|elements| {
            let mut setter = Setter {
                columns,
                scale: match layout.size {
                    Size::Normal => TextScale::Single,
                    Size::Large => TextScale::Double,
                },
                elements: Vec::new(),
            };
            for element in elements {
                setter.place(element);
            }
            TextSheet {
                elements: setter.elements,
            }
        })
        .inspect(|sheet| missing.extend(sheet.unprintable(characters)))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        Ok(sheets)
    } else {
        Err(Unprintable::Characters(missing))
    }
}

/// Whether a code fits the paper at the smallest module that phones read.
fn check_code(payload: &str, dots: u32) -> Result<(), QrTooLong> {
    match Qr::encode(payload) {
        Some(qr) if qr.side(3) <= dots => Ok(()),
        _ => Err(QrTooLong {
            bytes: payload.len(),
            dots,
        }),
    }
}

struct Setter {
    columns: u32,
    scale: TextScale,
    elements: Vec<TextElement>,
}

/// A box to tick, empty and ticked: GB2312 has these two and no ☑.
const BOXES: [&str; 2] = ["□", "■"];

impl Setter {
    fn place(&mut self, element: &Element) {
        match element {
            Element::Header { product, place } => {
                self.line(product, self.scale, Weight::Bold, Align::Centre);
                if let Some(place) = place {
                    self.line(place, self.scale, Weight::Regular, Align::Centre);
                }
            }
            Element::Title { text } => self.line(text, TextScale::Double, Weight::Bold, Align::Left),
            Element::Heading { text } => {
                self.feed();
                self.line(text, self.scale, Weight::Bold, Align::Left);
                self.rule('-');
            }
            Element::Kicker { text } => self.body(text),
            Element::Paragraph { text, style } => {
                let weight = match style {
                    TextStyle::Strong => Weight::Bold,
                    TextStyle::Body | TextStyle::Small => Weight::Regular,
                };
                self.line(text, self.scale, weight, Align::Left);
            }
            Element::Facts { facts } => facts.iter().for_each(|fact| self.fact(fact)),
            Element::Numbered {
                number,
                title,
                details,
            } => self.item(&format!("{number}. "), title, Weight::Bold, details),
            Element::Tick {
                text,
                ticked,
                details,
            } => self.item(BOXES[usize::from(*ticked)], text, Weight::Regular, details),
            Element::Rows { rows } => rows.iter().for_each(|row| self.row(row)),
            Element::Rule { weight } => self.rule(match weight {
                RuleWeight::Thin | RuleWeight::Medium => '-',
                RuleWeight::Thick => '=',
            }),
            Element::Qr {
                payload,
                caption,
                hints,
                short_code,
            } => {
                self.elements.push(TextElement::Qr {
                    payload: payload.clone(),
                });
                self.line(caption, self.scale, Weight::Bold, Align::Centre);
                for text in hints.iter().chain(short_code) {
                    self.line(text, self.scale, Weight::Regular, Align::Centre);
                }
            }
            Element::Picture { picture } => self.elements.push(TextElement::Picture(picture.clone())),
            Element::Footer { lines } => lines.iter().for_each(|line| self.body(line)),
            Element::Feed { dots } => self.elements.push(TextElement::Feed { dots: *dots }),
            Element::Cut => {}
        }
    }

    fn line(&mut self, text: &str, scale: TextScale, weight: Weight, align: Align) {
        for text in break_columns(&plain(text), self.columns / scale.factor()) {
            self.elements.push(TextElement::Line {
                text,
                scale,
                weight,
                align,
            });
        }
    }

    fn body(&mut self, text: &str) {
        self.line(text, self.scale, Weight::Regular, Align::Left);
    }

    fn feed(&mut self) {
        self.elements.push(TextElement::Feed { dots: 12 });
    }

    fn rule(&mut self, mark: char) {
        let text = mark.to_string().repeat(self.columns as usize);
        self.line(&text, TextScale::Single, Weight::Regular, Align::Left);
    }

    fn fact(&mut self, fact: &Fact) {
        self.row(&Row {
            label: fact.label.clone(),
            value: fact.figure.clone(),
        });
        if let Some(note) = &fact.note {
            self.indented("  ", note);
        }
    }

    /// The value at the right edge, or below its label where it does not fit.
    fn row(&mut self, row: &Row) {
        let (label, value) = (plain(&row.label), plain(&row.value));
        let columns = self.columns / self.scale.factor();
        let taken = width(&label) + width(&value);
        if taken + 2 <= columns && !value.contains('\n') {
            let gap = " ".repeat((columns - taken) as usize);
            self.elements.push(TextElement::Line {
                text: format!("{label}{gap}{value}"),
                scale: self.scale,
                weight: Weight::Regular,
                align: Align::Left,
            });
        } else {
            self.line(&label, self.scale, Weight::Bold, Align::Left);
            self.indented("  ", &value);
        }
    }

    /// A mark, the words beside it, and lines under them.
    fn item(&mut self, mark: &str, text: &str, weight: Weight, details: &[String]) {
        let indent = " ".repeat(width(mark) as usize);
        let columns = self.columns / self.scale.factor();
        for (at, line) in break_columns(&plain(text), columns - width(mark))
            .into_iter()
            .enumerate()
        {
            let lead = if at == 0 { mark } else { &indent };
            self.elements.push(TextElement::Line {
                text: format!("{lead}{line}"),
                scale: self.scale,
                weight,
                align: Align::Left,
            });
        }
        for detail in details {
            self.indented(&indent, detail);
        }
    }

    fn indented(&mut self, indent: &str, text: &str) {
        let columns = self.columns / self.scale.factor() - width(indent);
        for line in break_columns(&plain(text), columns) {
            self.elements.push(TextElement::Line {
                text: format!("{indent}{line}"),
                scale: self.scale,
                weight: Weight::Regular,
                align: Align::Left,
            });
        }
    }
}

/// The columns that a text takes.
fn width(text: &str) -> u32 {
    text.chars().map(columns_of).sum()
}

/// Without the fine spacing that a raster has and a printer's font has not, and without what a printer would take
/// for a command.
fn plain(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{2009}' | '\u{a0}' | '\t' => ' ',
            character => character,
        })
        .filter(|character| *character == '\n' || !character.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        serde_json::from_str(include_str!("../../tests/residence-permit.json")).unwrap()
    }

    fn lines(sheets: &[TextSheet]) -> Vec<(String, TextScale)> {
        sheets
            .iter()
            .flat_map(|sheet| &sheet.elements)
            .filter_map(|element| match element {
                TextElement::Line { text, scale, .. } => Some((text.clone(), *scale)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn nothing_in_a_text_is_a_command_for_the_printer() {
        assert_eq!(plain("编号\t12\u{1b}@\u{10}\u{4}\u{1}\r\n完"), "编号 12@\n完");
    }

    #[test]
    fn no_line_is_wider_than_the_paper_at_any_size() {
        for size in [Size::Normal, Size::Large] {
            for columns in [32, 48] {
                let layout = Layout { size, ..layout() };
                let sheets = set_text(&layout, columns, Characters::TwoByte).unwrap();
                for (text, scale) in lines(&sheets) {
                    assert!(width(&text) * scale.factor() <= columns, "{columns}: {text}");
                }
            }
        }
    }

    #[test]
    fn every_word_of_the_layout_is_set() {
        let sheets = set_text(&layout(), 48, Characters::TwoByte).unwrap();
        let all: String = lines(&sheets).into_iter().map(|(text, _)| text).collect();
        for words in [
            "居住证申领",
            "□本人居民身份证",
            "就业：劳动合同",
            "法定时限",
            "15日",
        ] {
            assert!(all.contains(words), "{words} in {all}");
        }
    }

    #[test]
    fn a_character_that_the_printer_lacks_is_named() {
        let mut layout = Layout::new(Size::Normal);
        layout.elements.push(Element::Title {
            text: "张㛃𠅤".into(),
        });
        assert_eq!(
            set_text(&layout, 48, Characters::TwoByte),
            Err(Unprintable::Characters(vec!['㛃', '𠅤']))
        );
        assert!(set_text(&layout, 48, Characters::Gb18030).is_ok());
    }
}
