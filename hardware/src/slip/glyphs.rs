//! Characters as one-bit pictures.

use rustc_hash::FxHashMap;
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::Format;
use swash::{Charmap, FontRef, GlyphId, GlyphMetrics};

use super::bitmap::Bitmap;
use super::fonts::{Fonts, Weight};

/// Stands for a character that no installed face can draw (U+3013, geta mark).
pub(crate) const SUBSTITUTE: char = '〓';

/// From this coverage on (of 255) a dot is black. A little under one half, because a thermal head
/// prints thin strokes lighter than a screen shows them.
const BLACK_FROM: u8 = 112;

/// A character at one size: its dots relative to the pen on the base line.
#[derive(Debug)]
pub(crate) struct Glyph {
    /// From the pen to the picture's left edge.
    pub(crate) left: i32,
    /// From the base line up to the picture's top edge.
    pub(crate) top: i32,
    /// What is black.
    pub(crate) picture: Bitmap,
}

/// A face whose file is mapped.
#[derive(Clone, Copy)]
pub(super) struct Face<'a> {
    font: FontRef<'a>,
    characters: Charmap<'a>,
    metrics: GlyphMetrics<'a>,
    units_per_em: f32,
}

impl<'a> Face<'a> {
    pub(super) fn new(font: FontRef<'a>) -> Self {
        Self {
            font,
            characters: font.charmap(),
            metrics: font.glyph_metrics(&[]),
            units_per_em: f32::from(font.metrics(&[]).units_per_em),
        }
    }

    fn glyph(&self, character: char) -> Option<GlyphId> {
        Some(self.characters.map(character)).filter(|id| *id != 0)
    }

    /// In ems.
    fn advance(&self, id: GlyphId) -> f32 {
        self.metrics.advance_width(id) / self.units_per_em
    }
}

/// Where a character's dots come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It has none: a space, or a mark that is not seen.
    Blank,
    /// The face of its weight.
    Own(GlyphId),
    /// Another installed face.
    Other,
    /// No face has it: [`SUBSTITUTE`] stands in its place.
    Missing,
}

/// A character in one weight, before it has a size.
#[derive(Debug, Clone, Copy)]
struct Character {
    origin: Origin,
    /// How far it moves the pen, in ems.
    advance: f32,
}

/// What is kept from slip to slip. Texts repeat themselves: most of a slip's glyphs are those of the slips
/// before it.
#[derive(Debug, Default)]
pub(super) struct Known {
    characters: FxHashMap<(char, Weight), Character>,
    drawn: FxHashMap<(char, Weight, u32), Glyph>,
}

/// Glyphs that are kept at the most: 300 kilobytes, a dozen everyday slips.
const MOST_KEPT: usize = 1500;

impl Known {
    /// Forgets everything once it is too much; a slip needs a few hundred glyphs at the most.
    pub(super) fn make_room(&mut self) {
        if self.drawn.len() > MOST_KEPT {
            *self = Self::default();
        }
    }
}

/// The glyphs of one slip, drawn when they are first asked for.
pub(crate) struct Glyphs<'a> {
    fonts: &'a Fonts,
    regular: Face<'a>,
    bold: Face<'a>,
    context: ScaleContext,
    known: &'a mut Known,
    missing: Vec<char>,
}

impl<'a> Glyphs<'a> {
    pub(super) fn new(fonts: &'a Fonts, regular: Face<'a>, bold: Face<'a>, known: &'a mut Known) -> Self {
        Self {
            fonts,
            regular,
            bold,
            context: ScaleContext::new(),
            known,
            missing: Vec::new(),
        }
    }

    /// Characters that were replaced because no face has them.
    pub(crate) fn missing(&self) -> &[char] {
        &self.missing
    }

    /// How far the character moves the pen at `px` dots an em, in dots.
    pub(crate) fn advance(&mut self, character: char, weight: Weight, px: u32) -> f32 {
        self.look_up(character, weight).advance * px as f32
    }

    /// The character at `px` dots an em.
    pub(crate) fn get(&mut self, character: char, weight: Weight, px: u32) -> &Glyph {
        let key = (character, weight, px);
        let Character { origin, .. } = self.look_up(character, weight);
        if origin == Origin::Missing && !self.missing.contains(&character) {
            self.missing.push(character);
        }
        if !self.known.drawn.contains_key(&key) {
            let glyph = self.draw(character, weight, px, origin);
            self.known.drawn.insert(key, glyph);
        }
        &self.known.drawn[&key]
    }

    const fn face(&self, weight: Weight) -> Face<'a> {
        match weight {
            Weight::Regular => self.regular,
            Weight::Bold => self.bold,
        }
    }

    fn look_up(&mut self, character: char, weight: Weight) -> Character {
        if let Some(known) = self.known.characters.get(&(character, weight)) {
            return *known;
        }
        let found = self.find(character, weight);
        self.known.characters.insert((character, weight), found);
        found
    }

    fn find(&self, character: char, weight: Weight) -> Character {
        if let Some(advance) = blank(character) {
            return Character {
                origin: Origin::Blank,
                advance,
            };
        }
        let own = self.face(weight);
        if let Some(id) = own.glyph(character) {
            return Character {
                origin: Origin::Own(id),
                advance: own.advance(id),
            };
        }
        let other = self
            .fonts
            .any_other(|face| Some(face.advance(face.glyph(character)?)));
        if let Some(advance) = other {
            return Character {
                origin: Origin::Other,
                advance,
            };
        }
        Character {
            origin: Origin::Missing,
            advance: own.glyph(SUBSTITUTE).map_or(1.0, |id| own.advance(id)),
        }
    }

    fn draw(&mut self, character: char, weight: Weight, px: u32, origin: Origin) -> Glyph {
        let own = self.face(weight);
        let context = &mut self.context;
        let drawn = match origin {
            Origin::Blank => Some(Glyph {
                left: 0,
                top: 0,
                picture: Bitmap::new(0, 0),
            }),
            Origin::Own(id) => draw(context, own.font, id, px),
            Origin::Other => self
                .fonts
                .any_other(|face| draw(context, face.font, face.glyph(character)?, px)),
            Origin::Missing => own
                .glyph(SUBSTITUTE)
                .and_then(|id| draw(context, own.font, id, px)),
        };
        drawn.unwrap_or_else(|| solid(px))
    }
}

/// `None` when the face lacks the glyph's outline.
fn draw(context: &mut ScaleContext, font: FontRef<'_>, id: GlyphId, px: u32) -> Option<Glyph> {
    let mut scaler = context.builder(font).size(px as f32).hint(true).build();
    let image = Render::new(&[Source::Outline])
        .format(Format::Alpha)
        .render(&mut scaler, id)?;
    let (width, height) = (image.placement.width, image.placement.height);
    let mut picture = Bitmap::new(width, height);
    for (at, _) in image
        .data
        .iter()
        .enumerate()
        .filter(|(_, coverage)| **coverage >= BLACK_FROM)
    {
        picture.blacken((at as u32 % width) as i32, (at as u32 / width) as i32);
    }
    Some(Glyph {
        left: image.placement.left,
        top: image.placement.top,
        picture,
    })
}

/// The advance of spaces, in ems: the font is not asked for them.
fn blank(character: char) -> Option<f32> {
    Some(match character {
        '\u{2009}' => 0.2,
        ' ' | '\u{a0}' => 0.224,
        '\u{3000}' => 1.0,
        character if character.is_control() => 0.0,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => 0.0,
        _ => return None,
    })
}

/// A solid block, should a face lack even the substitute.
fn solid(px: u32) -> Glyph {
    let side = px * 3 / 4;
    let mut picture = Bitmap::new(side, side);
    picture.fill(0, 0, side, side);
    Glyph {
        left: (px / 8) as i32,
        top: side as i32,
        picture,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fontdb::{Database, Family, Query};

    fn picture(fonts: &Fonts, character: char) -> Bitmap {
        fonts
            .with_glyphs(|glyphs| glyphs.get(character, Weight::Regular, 28).picture.clone())
            .unwrap()
    }

    #[test]
    fn a_character_without_a_glyph_becomes_the_geta_mark_and_is_reported_on_every_slip() {
        let fonts = Fonts::system().unwrap();
        let substitute = picture(&fonts, SUBSTITUTE);
        for _ in 0..2 {
            fonts
                .with_glyphs(|glyphs| {
                    // A private-use character: no face defines it.
                    let glyph = glyphs.get('\u{10fffd}', Weight::Regular, 28);
                    assert_eq!(glyph.picture, substitute);
                    assert_eq!(glyphs.missing(), ['\u{10fffd}']);
                })
                .unwrap();
        }
    }

    #[test]
    fn a_glyph_is_the_same_when_it_is_known_and_when_too_many_were() {
        let fonts = Fonts::system().unwrap();
        let first = picture(&fonts, '窗');
        assert_eq!(picture(&fonts, '窗'), first);
        let ideographs = (0x4e00..).filter_map(char::from_u32);
        fonts
            .with_glyphs(|glyphs| {
                for character in ideographs.take(MOST_KEPT + 1) {
                    glyphs.get(character, Weight::Bold, 8);
                }
            })
            .unwrap();
        assert_eq!(picture(&fonts, '窗'), first);
        let kept = fonts.with_glyphs(|glyphs| glyphs.known.drawn.len()).unwrap();
        assert_eq!(kept, 1);
    }

    #[test]
    fn the_forms_are_those_of_the_mainland() {
        let mut database = Database::new();
        database.load_system_fonts();
        let japanese = database
            .query(&Query {
                families: &[Family::Name("Noto Sans CJK JP")],
                ..Query::default()
            })
            .unwrap();
        let fonts = Fonts::from_database(database.clone()).unwrap();
        for character in ['直', '骨', '令'] {
            let other = database.with_face_data(japanese, |data, index| {
                let face = Face::new(FontRef::from_index(data, index as usize).unwrap());
                let id = face.glyph(character).unwrap();
                draw(&mut ScaleContext::new(), face.font, id, 28).unwrap().picture
            });
            assert_ne!(picture(&fonts, character), other.unwrap(), "{character}");
        }
    }
}
