//! The printer's own type: text and codes into rows of dots.

use encoding_rs::{GB18030, WINDOWS_1252};

use super::parser::{Code, Style};
use crate::printer::job::{LINE_ROWS, MODULE_DOTS};
use crate::slip::fonts::Weight;
use crate::slip::glyphs::Glyphs;
use crate::slip::qr::Qr;
use crate::slip::{Bitmap, COLUMN_DOTS, FontError, Fonts};

/// The height of a character at single size.
const EM: u32 = 2 * COLUMN_DOTS;

/// How many times wider and higher than at single size.
type Scale = (u32, u32);

/// Text and codes on their way to the paper.
#[derive(Debug)]
pub(super) struct Press {
    /// Looked for when the first text comes.
    fonts: Option<Fonts>,
    is_chinese: bool,
    latin: Scale,
    chinese: Scale,
    weight: Weight,
    align: u8,
    /// Characters that no line feed has printed yet.
    line: Vec<(String, Setting)>,
    pending: Vec<u8>,
    module: u32,
    payload: Vec<u8>,
}

/// How a piece of text is set.
#[derive(Debug, Clone, Copy)]
struct Setting {
    latin: Scale,
    chinese: Scale,
    weight: Weight,
}

impl Default for Press {
    fn default() -> Self {
        Self {
            fonts: None,
            is_chinese: false,
            latin: (1, 1),
            chinese: (1, 1),
            weight: Weight::Regular,
            align: 0,
            line: Vec::new(),
            pending: Vec::new(),
            module: 3,
            payload: Vec::new(),
        }
    }
}

impl Press {
    /// `ESC @`: everything but the fonts as at the start.
    pub(super) fn reset(&mut self) {
        *self = Self {
            fonts: self.fonts.take(),
            ..Self::default()
        };
    }

    pub(super) fn style(&mut self, style: Style) {
        self.settle();
        match style {
            Style::Chinese(on) => self.is_chinese = on,
            Style::LatinSize(n) => self.latin = (u32::from(n >> 4 & 7) + 1, u32::from(n & 7) + 1),
            Style::ChineseSize(n) => self.chinese = (u32::from(n >> 2 & 1) + 1, u32::from(n >> 3 & 1) + 1),
            Style::Bold(true) => self.weight = Weight::Bold,
            Style::Bold(false) => self.weight = Weight::Regular,
            Style::Align(align) => self.align = align,
        }
    }

    /// Bytes of text; a character may come in pieces.
    pub(super) fn text(&mut self, bytes: &[u8]) {
        self.pending.extend(bytes);
    }

    /// What has come so far is set as the style was.
    fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let encoding = if self.is_chinese { GB18030 } else { WINDOWS_1252 };
        let (text, _) = encoding.decode_without_bom_handling(&self.pending);
        self.line.push((
            text.into_owned(),
            Setting {
                latin: self.latin,
                chinese: self.chinese,
                weight: self.weight,
            },
        ));
        self.pending.clear();
    }

    /// The line as rows of dots `width` across, and its characters.
    pub(super) fn line_feed(&mut self, width: u32) -> (Bitmap, String) {
        self.settle();
        let pieces = std::mem::take(&mut self.line);
        let text: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        let cells: Vec<Cell> = pieces
            .iter()
            .flat_map(|(text, setting)| text.chars().map(|character| Cell::new(character, *setting)))
            .collect();
        let mut rows = Bitmap::new(width, 0);
        for line in wrapped(&cells, width) {
            self.set(&mut rows, line);
        }
        (rows, text)
    }

    fn set(&mut self, rows: &mut Bitmap, cells: &[Cell]) {
        let tallest = cells.iter().map(|cell| cell.scale.1).max().unwrap_or(1);
        let top = rows.height();
        rows.set_height(top + tallest * EM + LINE_ROWS - EM);
        let length: u32 = cells.iter().map(Cell::width).sum();
        let spare = rows.width().saturating_sub(length);
        let mut x = match self.align {
            1 => spare / 2,
            2 => spare,
            _ => 0,
        };
        if self.fonts.is_none() {
            self.fonts = report(Fonts::system());
        }
        let Some(fonts) = &self.fonts else { return };
        report(fonts.with_glyphs(|glyphs| {
            for cell in cells {
                let foot = top + (tallest - cell.scale.1) * EM;
                cell.draw(rows, glyphs, x, foot);
                x += cell.width();
            }
        }));
    }

    /// What `GS ( k` asks for; rows of dots once a code is printed.
    pub(super) fn code(&mut self, code: Code, width: u32) -> Option<Bitmap> {
        match code {
            Code::Module(dots) => self.module = u32::from(dots).clamp(1, 2 * MODULE_DOTS),
            Code::Store(payload) => self.payload = payload,
            Code::Print => {
                let qr = Qr::encode(std::str::from_utf8(&self.payload).ok()?)?;
                let side = qr.side(self.module);
                let spare = width.saturating_sub(side);
                let x = match self.align {
                    1 => spare / 2,
                    2 => spare,
                    _ => 0,
                };
                let mut rows = Bitmap::new(width, side);
                qr.draw(&mut rows, x, 0, self.module);
                return Some(rows);
            }
        }
        None
    }
}

/// A slip whose text cannot be drawn is still a slip.
fn report<T>(result: Result<T, FontError>) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(%error, "text is not drawn"))
        .ok()
}

/// A character in its box.
#[derive(Debug, Clone, Copy)]
struct Cell {
    character: char,
    columns: u32,
    scale: Scale,
    weight: Weight,
}

impl Cell {
    fn new(character: char, setting: Setting) -> Self {
        let (columns, scale) = if character.is_ascii() {
            (1, setting.latin)
        } else {
            (2, setting.chinese)
        };
        Self {
            character,
            columns,
            scale,
            weight: setting.weight,
        }
    }

    const fn width(&self) -> u32 {
        self.columns * COLUMN_DOTS * self.scale.0
    }

    /// Every dot of the single size becomes a block, as print heads do it.
    fn draw(&self, rows: &mut Bitmap, glyphs: &mut Glyphs<'_>, x: u32, y: u32) {
        let glyph = glyphs.get(self.character, self.weight, EM);
        let (wide, high) = self.scale;
        // The base line lies 0.88 em below the top of the box.
        let base = (EM * 22 / 25) as i32;
        let left = glyph.left.max(0) as u32;
        let picture = &glyph.picture;
        let dots = (0..picture.height()).flat_map(|y| (0..picture.width()).map(move |x| (x, y)));
        for (dot_x, dot_y) in dots.filter(|(x, y)| picture.is_black(*x, *y)) {
            let column = left + dot_x;
            let row = base - glyph.top + dot_y as i32;
            if let Ok(row) = u32::try_from(row)
                && row < EM
                && column < self.columns * COLUMN_DOTS
            {
                rows.fill(x + column * wide, y + row * high, wide, high);
            }
        }
    }
}

/// Lines that fit the paper; an empty one for a line feed alone.
fn wrapped(cells: &[Cell], width: u32) -> Vec<&[Cell]> {
    let mut lines = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, cell) in cells.iter().enumerate() {
        if length + cell.width() > width && at > start {
            lines.push(&cells[start..at]);
            (start, length) = (at, 0);
        }
        length += cell.width();
    }
    lines.push(&cells[start..]);
    lines
}
