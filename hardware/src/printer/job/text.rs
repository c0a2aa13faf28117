//! Lines in the printer's own type: GB18030, `FS &`.

use encoding_rs::GB18030;
use escpos::errors::Result;

use super::{Escpos, put_raster};
use crate::printer::{Codes, Profile};
use crate::slip::qr::Qr;
use crate::slip::{Align, Bitmap, TextElement, TextScale, TextSheet, Weight};

/// From one line to the next at single size: 24 dots of type, 6 of white.
pub(in crate::printer) const LINE_ROWS: u32 = 30;

/// Dots a module of a QR code: 0.75 mm.
pub(in crate::printer) const MODULE_DOTS: u32 = 6;

pub(super) fn put(printer: &mut Escpos, sheet: &TextSheet, profile: &Profile) -> Result<()> {
    printer.custom(&[0x1c, b'&'])?;
    for element in sheet.elements() {
        match element {
            TextElement::Line {
                text,
                scale,
                weight,
                align,
            } => {
                put_style(printer, *scale, *weight, *align)?;
                let (bytes, _, _) = GB18030.encode(text);
                printer.custom(&bytes)?;
                printer.custom(b"\n")?;
            }
            TextElement::Qr { payload } => put_code(printer, payload, profile)?,
            TextElement::Picture(picture) => {
                let dots = picture.dithered(profile.paper.dots());
                put_raster(printer, &centred(&dots, profile.paper.dots()))?;
            }
            TextElement::Feed { dots } => put_feed(printer, *dots)?,
        }
    }
    printer.custom(&[0x1c, b'.'])?;
    Ok(())
}

/// `GS !` sizes Latin, `FS !` Chinese; `ESC E` makes both bold, `ESC a` aligns.
fn put_style(printer: &mut Escpos, scale: TextScale, weight: Weight, align: Align) -> Result<()> {
    let (latin, chinese) = match scale {
        TextScale::Single => (0x00, 0x00),
        TextScale::Double => (0x11, 0x0c),
    };
    printer.custom(&[0x1d, b'!', latin])?;
    printer.custom(&[0x1c, b'!', chinese])?;
    printer.custom(&[0x1b, b'E', u8::from(weight == Weight::Bold)])?;
    put_align(printer, align)
}

fn put_align(printer: &mut Escpos, align: Align) -> Result<()> {
    let place = match align {
        Align::Left => 0,
        Align::Centre => 1,
    };
    printer.custom(&[0x1b, b'a', place])?;
    Ok(())
}

/// `ESC J` feeds at most 255 dots.
fn put_feed(printer: &mut Escpos, mut dots: u32) -> Result<()> {
    while dots > 0 {
        let step = dots.min(255);
        printer.custom(&[0x1b, b'J', step as u8])?;
        dots -= step;
    }
    Ok(())
}

/// The printer's own command where it has one and the code fits the paper; else a picture.
fn put_code(printer: &mut Escpos, payload: &str, profile: &Profile) -> Result<()> {
    let paper = profile.paper.dots();
    let (qr, dots) = fitting(payload, paper);
    if profile.codes == Codes::Command {
        put_align(printer, Align::Centre)?;
        let store = [&[49, 80, 48], payload.as_bytes()].concat();
        // Model 2, size of a module, level M, store, print.
        for function in [
            &[49, 65, 50, 0][..],
            &[49, 67, dots as u8],
            &[49, 69, 49],
            &store,
            &[49, 81, 48],
        ] {
            let length = (function.len() as u16).to_le_bytes();
            printer.custom(&[&[0x1d, b'(', b'k'][..], &length, function].concat())?;
        }
        return Ok(());
    }
    let side = qr.side(dots);
    let mut picture = Bitmap::new(side, side);
    qr.draw(&mut picture, 0, 0, dots);
    put_raster(printer, &centred(&picture, paper))
}

/// The code and the largest module that lets it fit.
fn fitting(payload: &str, paper: u32) -> (Qr, u32) {
    let qr = Qr::encode(payload).expect("a text sheet holds no code that does not fit");
    let dots = (1..=MODULE_DOTS).rev().find(|dots| qr.side(*dots) <= paper);
    (qr, dots.unwrap_or(1))
}

/// In the middle of rows as wide as the paper.
fn centred(picture: &Bitmap, width: u32) -> Bitmap {
    let mut rows = Bitmap::new(width, picture.height());
    rows.paste(picture, ((width - picture.width()) / 2) as i32, 0);
    rows
}

/// The paper that a sheet takes, in rows.
pub(super) fn rows(sheet: &TextSheet) -> u32 {
    let rows = |element: &TextElement| match element {
        TextElement::Line { scale, .. } => LINE_ROWS * scale.factor(),
        TextElement::Qr { payload } => Qr::encode(payload).map_or(0, |qr| qr.side(MODULE_DOTS)),
        TextElement::Picture(picture) => picture.height(),
        TextElement::Feed { dots } => *dots,
    };
    sheet.elements().iter().map(rows).sum()
}
