//! A sheet of paper that is filled from the top.

use super::bitmap::Bitmap;
use super::glyphs::Glyphs;
use super::layout::{Paper, Size};
use super::lines::{Line, set_lines};
use super::scale::{Scale, Type, scale};

#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// A column of the paper.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) x: u32,
    pub(super) width: u32,
}

impl Column {
    pub(super) fn indent(self, by: u32) -> Self {
        let by = by.min(self.width);
        Self {
            x: self.x + by,
            width: self.width - by,
        }
    }
}

/// A sheet being filled from the top.
pub(super) struct Sheet<'a, 'f> {
    pub(super) bitmap: Bitmap,
    pub(super) glyphs: &'a mut Glyphs<'f>,
    pub(super) size: Size,
    pub(super) scale: &'static Scale,
    pub(super) paper: Paper,
    pub(super) content: Column,
    pub(super) y: u32,
}

/// White above the first and below the last element. The cutter sits above the print head, and the
/// printer feeds up to it: no more is needed.
pub(super) const TOP: u32 = 24;
pub(super) const BOTTOM: u32 = 16;

impl<'a, 'f> Sheet<'a, 'f> {
    pub(super) fn new(size: Size, paper: Paper, glyphs: &'a mut Glyphs<'f>) -> Self {
        let margin = match paper {
            Paper::Mm58 => 12,
            Paper::Mm80 => 16,
        };
        Self {
            bitmap: Bitmap::new(paper.dots(), 0),
            glyphs,
            size,
            scale: scale(size),
            paper,
            content: Column {
                x: margin,
                width: paper.dots() - 2 * margin,
            },
            y: TOP,
        }
    }

    pub(super) fn finish(mut self) -> Bitmap {
        self.bitmap.set_height(self.y + BOTTOM);
        self.bitmap
    }

    pub(super) fn skip(&mut self, dots: u32) {
        self.y += dots;
        self.reserve(0);
    }

    /// Makes sure that the next `height` dots can be drawn on.
    pub(super) fn reserve(&mut self, height: u32) {
        let needed = self.y + height;
        if needed > self.bitmap.height() {
            self.bitmap.set_height(needed + 512);
        }
    }

    pub(super) fn rule(&mut self, dots: u32) {
        self.reserve(dots);
        self.bitmap.fill(self.content.x, self.y, self.content.width, dots);
        self.y += dots;
    }

    /// Sets a text at the left edge of `column`.
    pub(super) fn text(&mut self, text: &str, kind: Type, column: Column) {
        let lines = self.lines(text, kind, column.width);
        self.draw(&lines, kind, column, Align::Left);
    }

    pub(super) fn lines(&mut self, text: &str, kind: Type, width: u32) -> Vec<Line> {
        set_lines(text, width as f32, kind.px as f32, |character| {
            self.glyphs.advance(character, kind.weight, kind.px)
        })
    }

    pub(super) fn draw(&mut self, lines: &[Line], kind: Type, column: Column, align: Align) {
        for line in lines {
            self.reserve(kind.line);
            let spare = (column.width as f32 - line.width).max(0.0);
            let start = column.x as f32
                + match align {
                    Align::Left => 0.0,
                    Align::Centre => spare / 2.0,
                    Align::Right => spare,
                };
            // The ideographic em box reaches 0.88 em above the base line and 0.12 em below.
            let base = self.y as f32 + (kind.line - kind.px) as f32 / 2.0 + 0.88 * kind.px as f32;
            for (character, x) in &line.glyphs {
                let glyph = self.glyphs.get(*character, kind.weight, kind.px);
                let left = (start + x).round() as i32 + glyph.left;
                let top = base.round() as i32 - glyph.top;
                self.bitmap.paste(&glyph.picture, left, top);
            }
            self.y += kind.line;
        }
    }
}
