//! Slips as lines of text, for printers that set the type themselves.

use encoding_rs::GB18030;

use super::picture::Picture;
use super::qr::QrTooLong;

pub use super::fonts::Weight;

/// The width of a Latin letter in dots.
pub(crate) const COLUMN_DOTS: u32 = 12;

/// The Chinese characters that a printer's own font has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Characters {
    /// The two-byte part of GB18030. A four-byte character (㛃) would print as garbage, and such
    /// characters occur in residents' names.
    TwoByte,
    /// All of GB18030.
    Gb18030,
}

/// One sheet of text, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSheet {
    pub(super) elements: Vec<TextElement>,
}

/// A line of text, or something between two lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextElement {
    /// A line; it fits the columns at its scale.
    Line {
        /// The characters.
        text: String,
        /// Their size.
        scale: TextScale,
        /// Their weight.
        weight: Weight,
        /// Where the line stands.
        align: Align,
    },
    /// A QR code in the middle.
    Qr {
        /// What it carries.
        payload: String,
    },
    /// A picture in the middle.
    Picture(Picture),
    /// Blank paper.
    Feed {
        /// How much, in dots.
        dots: u32,
    },
}

/// The size of the printer's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextScale {
    /// Chinese characters of 24 × 24 dots.
    Single,
    /// Twice as wide and as high.
    Double,
}

impl TextScale {
    /// How many times the single size.
    #[must_use]
    pub const fn factor(self) -> u32 {
        match self {
            Self::Single => 1,
            Self::Double => 2,
        }
    }
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
}

/// A slip cannot be set as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unprintable {
    /// It has characters that the printer cannot set; its raster has them.
    #[error("the printer's font lacks {0:?}")]
    Characters(Vec<char>),
    /// A code does not fit the paper.
    #[error(transparent)]
    Code(#[from] QrTooLong),
}

impl TextSheet {
    /// What stands on it, from top to bottom. Every code fits the paper.
    #[must_use]
    pub fn elements(&self) -> &[TextElement] {
        &self.elements
    }

    pub(super) fn unprintable(&self, characters: Characters) -> impl Iterator<Item = char> {
        let lines = self.elements.iter().filter_map(|element| match element {
            TextElement::Line { text, .. } => Some(text),
            _ => None,
        });
        lines
            .flat_map(|line| line.chars())
            .filter(move |character| !is_in(*character, characters))
    }
}

/// Whether the printer's font has a character.
fn is_in(character: char, characters: Characters) -> bool {
    let mut utf8 = [0; 4];
    let (bytes, _, unmappable) = GB18030.encode(character.encode_utf8(&mut utf8));
    match characters {
        _ if unmappable => false,
        Characters::TwoByte => bytes.len() <= 2,
        Characters::Gb18030 => true,
    }
}
