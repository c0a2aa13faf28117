//! A layout onto paper.

use super::bitmap::Bitmap;
use super::fonts::{FontError, Fonts};
use super::glyphs::Glyphs;
use super::layout::{Element, Fact, Layout, Paper, Row, Size, TextStyle};
use super::lines::Line;
use super::qr::{Qr, QrTooLong};
use super::scale::{Type, bold, space_between};
use super::sheet::{Align, Column, Sheet};

/// Sheets ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// One picture a sheet, as wide as the paper; the paper is cut after each.
    pub sheets: Vec<Bitmap>,
    /// Characters that no installed font has; 〓 stands in their place.
    pub missing: Vec<char>,
}

/// Why a layout cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A code does not fit the paper.
    #[error(transparent)]
    Code(#[from] QrTooLong),
    /// The fonts are gone.
    #[error(transparent)]
    Fonts(#[from] FontError),
}

/// Renders `layout` for `paper`.
pub fn render(layout: &Layout, paper: Paper, fonts: &Fonts) -> Result<Rendering, RenderError> {
    fonts.with_glyphs(|glyphs| {
        let sheets = sheets(layout, paper, glyphs)?;
        let missing = glyphs.missing().to_vec();
        Ok(Rendering { sheets, missing })
    })?
}

fn sheets(layout: &Layout, paper: Paper, glyphs: &mut Glyphs<'_>) -> Result<Vec<Bitmap>, QrTooLong> {
    let mut sheets = Vec::new();
    for elements in layout.elements.split(|element| *element == Element::Cut) {
        if elements.is_empty() {
            continue;
        }
        let mut sheet = Sheet::new(layout.size, paper, glyphs);
        for (at, element) in elements.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| &elements[at]);
            sheet.skip(space_between(before, element, layout.size));
            sheet.place(element)?;
        }
        sheets.push(sheet.finish());
    }
    Ok(sheets)
}

impl Sheet<'_, '_> {
    fn place(&mut self, element: &Element) -> Result<(), QrTooLong> {
        let scale = self.scale;
        match element {
            Element::Header { product, place } => self.header(product, place.as_deref()),
            Element::Kicker { text } => self.text(text, scale.small, self.content),
            Element::Title { text } => self.text(text, scale.title, self.content),
            Element::Facts { facts } => self.facts(facts),
            Element::Heading { text } => {
                self.text(text, scale.heading, self.content);
                self.rule(3);
            }
            Element::Paragraph { text, style } => {
                let kind = match style {
                    TextStyle::Body => scale.body,
                    TextStyle::Strong => scale.strong,
                    TextStyle::Small => scale.small,
                };
                self.text(text, kind, self.content);
            }
            Element::Numbered {
                number,
                title,
                details,
            } => self.numbered(*number, title, details),
            Element::Tick {
                text,
                ticked,
                details,
            } => self.tick(text, *ticked, details),
            Element::Rows { rows } => self.rows(rows),
            Element::Rule { weight } => self.rule(weight.dots()),
            Element::Qr {
                payload,
                caption,
                hints,
                short_code,
            } => {
                self.qr(payload, caption, hints, short_code.as_deref())?;
            }
            Element::Picture { picture } => {
                let dots = picture.dithered(self.content.width);
                self.reserve(dots.height());
                let x = self.content.x + (self.content.width - dots.width()) / 2;
                self.bitmap.paste(&dots, x as i32, self.y as i32);
                self.y += dots.height();
            }
            Element::Footer { lines } => {
                for line in lines {
                    self.text(line, scale.small, self.content);
                }
            }
            Element::Feed { dots } => self.skip(*dots),
            Element::Cut => {}
        }
        Ok(())
    }

    fn header(&mut self, product: &str, place: Option<&str>) {
        let (top, side) = (self.y, self.scale.mark);
        self.reserve(side);
        draw_mark(&mut self.bitmap, self.content.x, top, side);
        let beside = self.content.indent(side + 14);
        let small = self.scale.small.px;
        let smaller = |kind: Type| Type { px: small, ..kind };
        let (product_type, place_type) = (self.scale.product, self.scale.place);
        let mut parts = vec![(product, [product_type, smaller(product_type)])];
        parts.extend(place.map(|place| (place, [place_type, smaller(place_type)])));
        let parts: Vec<(Vec<Line>, Type)> = parts
            .into_iter()
            .map(|(text, types)| {
                let kind = self.largest_fitting(text, types, beside.width);
                (self.lines(text, kind, beside.width), kind)
            })
            .collect();
        let text_height = parts
            .iter()
            .map(|(lines, kind)| lines.len() as u32 * kind.line)
            .sum::<u32>();
        let block = text_height.max(side);
        self.y = top + (block - text_height) / 2;
        for (lines, kind) in &parts {
            self.draw(lines, *kind, beside, Align::Left);
        }
        self.y = top + block;
    }

    fn facts(&mut self, facts: &[Fact]) {
        const LINE: u32 = 3;
        const PADDING: u32 = 14;
        if facts.is_empty() {
            return;
        }
        let cell = self.content.width / facts.len() as u32;
        let inner = cell - 2 * PADDING - LINE;
        let title = self.scale.title;
        let types = [
            title,
            bold(title.px * 5 / 6, title.line),
            self.scale.heading,
            self.scale.strong,
        ];
        let figure = facts
            .iter()
            .map(|fact| self.largest_fitting(&fact.figure, types, inner))
            .min_by_key(|kind| kind.px)
            .expect("there is at least one fact");
        let top = self.y;
        let mut bottom = top;
        for (at, fact) in facts.iter().enumerate() {
            let column = Column {
                x: self.content.x + cell * at as u32 + LINE + PADDING,
                width: inner,
            };
            self.y = top + LINE + 8;
            self.text(&fact.label, self.scale.small, column);
            self.text(&fact.figure, figure, column);
            if let Some(note) = &fact.note {
                self.text(note, self.scale.small, column);
            }
            bottom = bottom.max(self.y + 10 + LINE);
        }
        self.y = bottom;
        self.reserve(0);
        let (x, width) = (self.content.x, self.content.width);
        self.bitmap.frame(x, top, width, bottom - top, LINE);
        for at in 1..facts.len() as u32 {
            self.bitmap.fill(x + cell * at, top, LINE, bottom - top);
        }
    }

    /// The first of `types`, largest first, in which `text` stands on one line; the last if none does.
    fn largest_fitting<const N: usize>(&mut self, text: &str, types: [Type; N], width: u32) -> Type {
        let fits = |kind: &Type| self.lines(text, *kind, width).len() <= 1;
        types.into_iter().find(fits).unwrap_or(types[N - 1])
    }

    fn tick(&mut self, text: &str, ticked: bool, details: &[String]) {
        let (side, body) = (self.scale.tick, self.scale.body);
        self.reserve(body.line);
        let y = self.y + (body.line - side) / 2 + 1;
        self.bitmap.frame(self.content.x, y, side, side, 3);
        if ticked {
            draw_check(&mut self.bitmap, self.content.x, y, side);
        }
        let beside = self.content.indent(side + 12);
        self.text(text, body, beside);
        let detail = match self.size {
            Size::Normal => self.scale.small,
            Size::Large => self.scale.body,
        };
        for line in details {
            self.text(line, detail, beside);
        }
    }

    fn numbered(&mut self, number: u32, title: &str, details: &[String]) {
        let strong = self.scale.strong;
        let label = number.to_string();
        let digits = Type {
            px: self.scale.small.px,
            ..strong
        };
        let lines = self.lines(&label, digits, self.content.width);
        let side = self.scale.tick + 6;
        let width = side.max(lines[0].width.ceil() as u32 + 12);
        self.reserve(strong.line);
        let top = self.y;
        let plate = Column {
            x: self.content.x,
            width,
        };
        self.draw(&lines, digits, plate, Align::Centre);
        self.bitmap
            .invert(plate.x, top + (strong.line - side) / 2 + 1, width, side);
        self.y = top;
        let beside = self.content.indent(side.max(width) + 12);
        self.text(title, strong, beside);
        for line in details {
            self.text(line, self.scale.body, beside);
        }
    }

    /// Short values stand at the right edge; if one does not fit there, all stand in a column of their
    /// own, or under their label on narrow paper.
    fn rows(&mut self, rows: &[Row]) {
        let body = self.scale.body;
        let width = self.content.width;
        let gap = body.px;
        let widest = |sheet: &mut Self, text: &str| {
            let lines = sheet.lines(text, body, width);
            let widest = lines
                .iter()
                .map(|line| line.width.ceil() as u32)
                .max()
                .unwrap_or(0);
            (lines.len(), widest)
        };
        let mut label_column = 0;
        let mut all_fit = true;
        for row in rows {
            let (label_lines, label) = widest(self, &row.label);
            let (value_lines, value) = widest(self, &row.value);
            label_column = label_column.max(label);
            all_fit &= label_lines == 1 && value_lines == 1 && label + gap + value <= width;
        }
        // A long label wraps rather than squeeze the values.
        let label_column = label_column.min(5 * body.px);
        let values = self.content.indent(label_column + gap);
        let beside = values.width >= 9 * body.px;
        for (at, row) in rows.iter().enumerate() {
            if all_fit {
                let top = self.y;
                self.text(&row.label, body, self.content);
                self.y = top;
                let value = self.lines(&row.value, body, width);
                self.draw(&value, body, self.content, Align::Right);
                continue;
            }
            if at > 0 {
                self.skip(5);
                self.rule(2);
                self.skip(5);
            }
            if beside {
                let top = self.y;
                self.text(
                    &row.label,
                    body,
                    Column {
                        width: label_column + 1,
                        ..self.content
                    },
                );
                let label_end = self.y;
                self.y = top;
                self.text(&row.value, body, values);
                self.y = self.y.max(label_end);
            } else {
                self.text(&row.label, self.scale.strong, self.content);
                self.text(&row.value, body, self.content);
            }
        }
    }

    /// The code stands beside its caption at 6, 5 or 4 dots a module where both fit; otherwise alone
    /// in the middle, at 6 to 3 dots, with the caption under it.
    fn qr(
        &mut self,
        payload: &str,
        caption: &str,
        hints: &[String],
        short_code: Option<&str>,
    ) -> Result<(), QrTooLong> {
        let too_long = QrTooLong {
            bytes: payload.len(),
            dots: self.paper.dots(),
        };
        let qr = Qr::encode(payload).ok_or_else(|| too_long.clone())?;
        let caption_needs = 7 * self.scale.small.px;
        let beside = (4..=6)
            .rev()
            .find(|dots| qr.side(*dots) + caption_needs <= self.content.width)
            .filter(|_| self.size == Size::Normal && self.paper == Paper::Mm80);
        let scale = self.scale;
        let words: Vec<(&str, Type)> = std::iter::once((caption, scale.strong))
            .chain(hints.iter().map(|hint| (hint.as_str(), scale.small)))
            .chain(short_code.map(|code| (code, scale.strong)))
            .collect();
        let top = self.y;
        if let Some(dots) = beside {
            let side = qr.side(dots);
            self.reserve(side);
            qr.draw(&mut self.bitmap, self.content.x, top, dots);
            let column = self.content.indent(side);
            let height: u32 = words
                .iter()
                .map(|(text, kind)| self.lines(text, *kind, column.width).len() as u32 * kind.line)
                .sum();
            self.y = top + side.saturating_sub(height) / 2;
            for (text, kind) in words {
                self.text(text, kind, column);
            }
            self.y = self.y.max(top + side);
        } else {
            let dots = (3..=6)
                .rev()
                .find(|dots| qr.side(*dots) <= self.paper.dots())
                .ok_or(too_long)?;
            let side = qr.side(dots);
            self.reserve(side);
            qr.draw(&mut self.bitmap, (self.paper.dots() - side) / 2, top, dots);
            self.y = top + side;
            for (text, kind) in words {
                let lines = self.lines(text, kind, self.content.width);
                self.draw(&lines, kind, self.content, Align::Centre);
            }
        }
        Ok(())
    }
}

/// The mark: a square frame, two bars off centre, the upper right pane lit. Drawn on a grid of 44.
fn draw_mark(onto: &mut Bitmap, x: u32, y: u32, side: u32) {
    let grid = |units: u32| (units * side + 22) / 44;
    let line = grid(4);
    onto.frame(x, y, side, side, line);
    onto.fill(x + grid(16), y, line, side);
    onto.fill(x, y + grid(24), side, line);
    onto.fill(x + grid(16), y, side - grid(16), grid(24));
}

/// A check mark inside a box: down to the lower left third, then up to the right.
fn draw_check(onto: &mut Bitmap, x: u32, y: u32, side: u32) {
    let stroke = side / 6;
    let (start, turn, end) = (side / 5, side * 2 / 5, side * 4 / 5);
    let bottom = side * 3 / 4;
    for across in start..end {
        let depth = if across < turn {
            bottom - (turn - across)
        } else {
            bottom - (across - turn)
        };
        onto.fill(x + across, y + depth - stroke, 2, stroke);
    }
}
