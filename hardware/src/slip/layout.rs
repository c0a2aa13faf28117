//! What stands on a slip, before it has a width.

use serde::{Deserialize, Serialize};

use super::picture::Picture;

/// A slip as composed: its elements from top to bottom, not yet bound to a paper width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The size of the type.
    pub size: Size,
    /// From top to bottom. The paper is cut after the last element, so a trailing [`Element::Cut`] is not needed.
    pub elements: Vec<Element>,
}

impl Layout {
    /// An empty slip.
    #[must_use]
    pub const fn new(size: Size) -> Self {
        Self {
            size,
            elements: Vec::new(),
        }
    }
}

/// The size of the type on a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Size {
    /// Nothing smaller than 24 px, 3 mm.
    #[default]
    Normal,
    /// Nothing smaller than 30 px; running text 38 px, 4.8 mm.
    Large,
}

/// The printable width of a paper roll, at 203 dpi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// 58 mm wide, 384 dots.
    Mm58,
    /// 80 mm wide, 576 dots.
    Mm80,
}

impl Paper {
    /// The printable width in dots.
    #[must_use]
    pub const fn dots(self) -> u32 {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }
}

/// One element of a slip. Texts may hold U+2009 for a thin space and `\n` for a forced line break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Element {
    /// The mark, the product's name in bold, and the place under it.
    Header {
        /// The name of the service.
        product: String,
        /// Where the terminal stands; `None` leaves the line out.
        place: Option<String>,
    },
    /// A small line above the title: kind and area.
    Kicker {
        /// The line.
        text: String,
    },
    /// The title.
    Title {
        /// The title.
        text: String,
    },
    /// Two or three facts side by side in a box, smaller where they are long.
    Facts {
        /// The facts.
        facts: Vec<Fact>,
    },
    /// The heading of a section, with a line under it.
    Heading {
        /// The heading.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// The text.
        text: String,
        /// How it is set.
        style: TextStyle,
    },
    /// A numbered step or item.
    Numbered {
        /// The number.
        number: u32,
        /// The words beside it, in bold.
        title: String,
        /// Lines under it.
        details: Vec<String>,
    },
    /// A box to tick, with lines under it.
    Tick {
        /// What to tick off.
        text: String,
        /// Whether it is ticked already.
        #[serde(default)]
        ticked: bool,
        /// Lines under it, indented.
        details: Vec<String>,
    },
    /// Label and value, a line each: the value on the right, or under the label when it is long.
    Rows {
        /// The lines.
        rows: Vec<Row>,
    },
    /// A line across the paper.
    Rule {
        /// How thick.
        weight: RuleWeight,
    },
    /// A QR code with what it is for.
    Qr {
        /// What the code carries.
        payload: String,
        /// A few words in bold.
        caption: String,
        /// Lines under the caption.
        hints: Vec<String>,
        /// The record's short code, to type in where a code cannot be scanned.
        short_code: Option<String>,
    },
    /// A picture in shades of grey, such as a logo; in the middle, dithered to black and white. One
    /// that is wider than the paper is made smaller.
    Picture {
        /// The picture.
        picture: Picture,
    },
    /// Small lines at the end: source, dates, price.
    Footer {
        /// The lines.
        lines: Vec<String>,
    },
    /// Blank paper.
    Feed {
        /// How much, in dots.
        dots: u32,
    },
    /// The end of a sheet; what follows is printed on the next one.
    Cut,
}

/// A fact: how long, how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// The answer in a few characters, set large.
    pub figure: String,
    /// What qualifies it.
    pub note: Option<String>,
}

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}

/// How running text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextStyle {
    /// Running text.
    #[default]
    Body,
    /// Running text in bold: the few words that decide.
    Strong,
    /// The smallest text.
    Small,
}

/// The thickness of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleWeight {
    /// 2 px.
    Thin,
    /// 3 px.
    Medium,
    /// 6 px.
    Thick,
}

impl RuleWeight {
    /// The thickness in dots.
    #[must_use]
    pub const fn dots(self) -> u32 {
        match self {
            Self::Thin => 2,
            Self::Medium => 3,
            Self::Thick => 6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_survives_json() {
        let layout = Layout {
            size: Size::Large,
            elements: vec![
                Element::Header {
                    product: "明窗".into(),
                    place: None,
                },
                Element::Facts {
                    facts: vec![Fact {
                        label: "法定时限".into(),
                        figure: "15日".into(),
                        note: None,
                    }],
                },
                Element::Rule {
                    weight: RuleWeight::Thick,
                },
                Element::Cut,
            ],
        };
        let json = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), layout);
    }
}
