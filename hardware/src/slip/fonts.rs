//! The faces that slips are set in, and their glyphs as one-bit pictures.

use std::collections::HashMap;

use fontdb::{Database, Family, ID, Query};
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::Format;
use swash::{CacheKey, FontRef};

/// The family of all slips: the SC faces draw the forms that mainland readers expect.
const FAMILY: &str = "Noto Sans CJK SC";

/// Stands for a character that no installed face can draw (U+3013, geta mark).
pub(crate) const SUBSTITUTE: char = '〓';

/// From this coverage on (of 255) a dot is black. A little under one half, because a thermal head
/// prints thin strokes lighter than a screen shows them.
const BLACK_FROM: u8 = 112;

/// Why slips cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The family is not installed in this weight.
    #[error("the font {FAMILY:?} ({weight}) is not installed (Debian: fonts-noto-cjk)")]
    Missing {
        /// `Regular` or `Bold`.
        weight: &'static str,
    },
    /// The file is there but cannot be read as a font.
    #[error("the font {FAMILY:?} ({weight}) cannot be read from {path}")]
    Unreadable {
        /// `Regular` or `Bold`.
        weight: &'static str,
        /// The font file.
        path: String,
    },
}

/// The weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// As running text.
    Regular,
    /// The words that decide.
    Bold,
}

/// The fonts of this machine. Finding them takes tens of milliseconds: keep one for the process.
///
/// Font files are mapped while a slip is rendered and not held in memory between slips.
#[derive(Debug)]
pub struct Fonts {
    database: Database,
    regular: Face,
    bold: Face,
}

/// A face in a font file.
#[derive(Debug, Clone, Copy)]
struct Face {
    id: ID,
    offset: u32,
    key: CacheKey,
}

impl Fonts {
    /// Finds the fonts installed on this machine.
    pub fn system() -> Result<Self, FontError> {
        let mut database = Database::new();
        database.load_system_fonts();
        Self::from_database(database)
    }

    /// Takes the faces from `database`.
    pub fn from_database(database: Database) -> Result<Self, FontError> {
        let find = |name, weight| {
            let query = Query {
                families: &[Family::Name(FAMILY)],
                weight,
                ..Query::default()
            };
            let missing = FontError::Missing { weight: name };
            let id = database.query(&query).ok_or(missing)?;
            // A query is answered by the nearest weight when the exact one is not installed.
            match database.face(id) {
                Some(info) if info.weight == weight => {
                    Face::open(&database, id).ok_or_else(|| FontError::Unreadable {
                        weight: name,
                        path: path_of(&info.source),
                    })
                }
                _ => Err(FontError::Missing { weight: name }),
            }
        };
        let regular = find("Regular", fontdb::Weight::NORMAL)?;
        let bold = find("Bold", fontdb::Weight::BOLD)?;
        Ok(Self {
            database,
            regular,
            bold,
        })
    }

    fn face(&self, weight: Weight) -> Face {
        match weight {
            Weight::Regular => self.regular,
            Weight::Bold => self.bold,
        }
    }

    /// Any other installed face that has the character.
    fn fallback(&self, character: char) -> Option<Face> {
        self.database
            .faces()
            .filter(|info| info.style == fontdb::Style::Normal)
            .find_map(|info| {
                let face = Face::open(&self.database, info.id)?;
                (face.with(self, |font| font.charmap().map(character))? != 0).then_some(face)
            })
    }
}

fn path_of(source: &fontdb::Source) -> String {
    match source {
        fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => path.display().to_string(),
        fontdb::Source::Binary(_) => "memory".to_owned(),
    }
}

impl Face {
    fn open(database: &Database, id: ID) -> Option<Self> {
        database.with_face_data(id, |data, index| {
            let font = FontRef::from_index(data, index as usize)?;
            Some(Self {
                id,
                offset: font.offset,
                key: font.key,
            })
        })?
    }

    fn with<T>(self, fonts: &Fonts, use_font: impl FnOnce(FontRef<'_>) -> T) -> Option<T> {
        fonts.database.with_face_data(self.id, |data, _| {
            use_font(FontRef {
                data,
                offset: self.offset,
                key: self.key,
            })
        })
    }
}

/// A character at one size: how far it moves the pen, and its dots relative to the pen on the base line.
#[derive(Debug)]
pub(crate) struct Glyph {
    /// In dots.
    pub(crate) advance: f32,
    /// From the pen to the picture's left edge.
    pub(crate) left: i32,
    /// From the base line up to the picture's top edge.
    pub(crate) top: i32,
    /// The picture's width.
    pub(crate) width: u32,
    /// One entry a dot, row by row.
    pub(crate) black: Vec<bool>,
}

/// The glyphs of one slip, drawn when they are first asked for.
pub(crate) struct Glyphs<'a> {
    fonts: &'a Fonts,
    context: ScaleContext,
    drawn: HashMap<(char, Weight, u32), Glyph>,
    missing: Vec<char>,
}

impl<'a> Glyphs<'a> {
    pub(crate) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            context: ScaleContext::new(),
            drawn: HashMap::new(),
            missing: Vec::new(),
        }
    }

    /// Characters that were replaced because no face has them.
    pub(crate) fn into_missing(self) -> Vec<char> {
        self.missing
    }

    /// The character at `px` dots an em.
    pub(crate) fn get(&mut self, character: char, weight: Weight, px: u32) -> &Glyph {
        let key = (character, weight, px);
        if !self.drawn.contains_key(&key) {
            let glyph = self.draw(character, weight, px);
            self.drawn.insert(key, glyph);
        }
        &self.drawn[&key]
    }

    fn draw(&mut self, character: char, weight: Weight, px: u32) -> Glyph {
        if let Some(blank) = blank(character, px) {
            return blank;
        }
        let own = self.fonts.face(weight);
        if let Some(glyph) = self.draw_from(own, character, px) {
            return glyph;
        }
        if let Some(glyph) = self
            .fonts
            .fallback(character)
            .and_then(|face| self.draw_from(face, character, px))
        {
            return glyph;
        }
        if !self.missing.contains(&character) {
            self.missing.push(character);
        }
        self.draw_from(own, SUBSTITUTE, px).unwrap_or_else(|| solid(px))
    }

    /// `None` when the face lacks the character or its outline.
    fn draw_from(&mut self, face: Face, character: char, px: u32) -> Option<Glyph> {
        let context = &mut self.context;
        face.with(self.fonts, |font| {
            let id = font.charmap().map(character);
            if id == 0 {
                return None;
            }
            let advance = font.glyph_metrics(&[]).scale(px as f32).advance_width(id);
            let mut scaler = context.builder(font).size(px as f32).hint(true).build();
            let image = Render::new(&[Source::Outline])
                .format(Format::Alpha)
                .render(&mut scaler, id)?;
            Some(Glyph {
                advance,
                left: image.placement.left,
                top: image.placement.top,
                width: image.placement.width,
                black: image
                    .data
                    .iter()
                    .map(|&coverage| coverage >= BLACK_FROM)
                    .collect(),
            })
        })?
    }
}

/// Spaces: the font is not asked for them.
fn blank(character: char, px: u32) -> Option<Glyph> {
    let em = match character {
        '\u{2009}' => 0.2,
        ' ' | '\u{a0}' => 0.224,
        '\u{3000}' => 1.0,
        character if character.is_control() => 0.0,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => 0.0,
        _ => return None,
    };
    Some(Glyph {
        advance: em * px as f32,
        left: 0,
        top: 0,
        width: 0,
        black: Vec::new(),
    })
}

/// A solid block, should a face lack even the substitute.
fn solid(px: u32) -> Glyph {
    let side = px * 3 / 4;
    Glyph {
        advance: px as f32,
        left: (px / 8) as i32,
        top: side as i32,
        width: side,
        black: vec![true; (side * side) as usize],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_the_fonts_gets_a_typed_error() {
        let error = Fonts::from_database(Database::new()).unwrap_err();
        assert!(
            matches!(error, FontError::Missing { weight: "Regular" }),
            "{error}"
        );
    }

    #[test]
    fn a_character_without_a_glyph_becomes_the_geta_mark_and_is_reported() {
        let fonts = Fonts::system().unwrap();
        let mut glyphs = Glyphs::new(&fonts);
        let substitute = glyphs.get(SUBSTITUTE, Weight::Regular, 28).black.clone();
        // A private-use character: no face defines it.
        assert_eq!(glyphs.get('\u{10fffd}', Weight::Regular, 28).black, substitute);
        assert_eq!(glyphs.into_missing(), ['\u{10fffd}']);
    }

    #[test]
    fn the_forms_are_those_of_the_mainland() {
        let mut database = Database::new();
        database.load_system_fonts();
        let fonts = Fonts::from_database(database.clone()).unwrap();
        let japanese = database
            .query(&Query {
                families: &[Family::Name("Noto Sans CJK JP")],
                ..Query::default()
            })
            .unwrap();
        let japanese = Face::open(&database, japanese).unwrap();
        let mut glyphs = Glyphs::new(&fonts);
        for character in ['直', '骨', '令'] {
            let other = glyphs.draw_from(japanese, character, 28).unwrap().black;
            assert_ne!(
                glyphs.get(character, Weight::Regular, 28).black,
                other,
                "{character}"
            );
        }
    }
}
