//! Slips as a resident holds them: rendered, looked at dot by dot, and scanned.

use hardware::slip::{Bitmap, Element, Fonts, Layout, Paper, QrTooLong, RenderError, Size, render};

const ADDRESS: &str = "https://zwgk.example.gov.cn/i/guide-006";

/// A slip with every element that shows.
fn residence_permit(size: Size, payload: &str) -> Layout {
    let mut layout: Layout =
        serde_json::from_str(include_str!("residence-permit.json")).expect("the fixture is a layout");
    layout.size = size;
    for element in &mut layout.elements {
        if let Element::Qr { payload: fixture, .. } = element {
            payload.clone_into(fixture);
        }
    }
    layout
}

/// All QR codes that a scanner reads from the picture.
fn scan(bitmap: &Bitmap) -> Vec<String> {
    let (width, height) = (bitmap.width() as usize, bitmap.height() as usize);
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        if bitmap.is_black(x as u32, y as u32) {
            0
        } else {
            255
        }
    });
    picture
        .detect_grids()
        .into_iter()
        .map(|grid| grid.decode().expect("a readable code").1)
        .collect()
}

#[test]
fn the_code_on_a_slip_is_read_back_on_every_paper_and_in_every_size() {
    let fonts = Fonts::system().unwrap();
    let long = "居住证申领\n法定时限：受理之日起15日\n材料：本人居民身份证；本人相片；住址、就业、就读等证明"
        .repeat(2);
    for payload in [ADDRESS, long.as_str()] {
        for paper in [Paper::Mm58, Paper::Mm80] {
            for size in [Size::Normal, Size::Large] {
                let slip = render(&residence_permit(size, payload), paper, &fonts).unwrap();
                assert_eq!(scan(&slip.sheets[0]), [payload], "{paper:?} {size:?}");
                assert!(slip.missing.is_empty());
            }
        }
    }
}

#[test]
fn nothing_is_printed_on_the_margins() {
    let fonts = Fonts::system().unwrap();
    for paper in [Paper::Mm58, Paper::Mm80] {
        for size in [Size::Normal, Size::Large] {
            let slip = render(&residence_permit(size, ADDRESS), paper, &fonts).unwrap();
            let sheet = &slip.sheets[0];
            assert_eq!(sheet.width(), paper.dots());
            for y in 0..sheet.height() {
                for x in (0..10).chain(sheet.width() - 10..sheet.width()) {
                    assert!(!sheet.is_black(x, y), "{paper:?} {size:?}: a dot at {x},{y}");
                }
            }
        }
    }
}

#[test]
fn a_cut_starts_a_new_sheet() {
    let fonts = Fonts::system().unwrap();
    let mut layout = residence_permit(Size::Normal, ADDRESS);
    let one = layout.elements.clone();
    layout.elements.push(Element::Cut);
    layout.elements.extend(one);
    layout.elements.push(Element::Cut);
    let slip = render(&layout, Paper::Mm80, &fonts).unwrap();
    assert_eq!(slip.sheets.len(), 2);
    assert_eq!(slip.sheets[0], slip.sheets[1]);
}

#[test]
fn a_payload_beyond_every_code_is_an_error_not_a_broken_slip() {
    let fonts = Fonts::system().unwrap();
    let error = render(
        &residence_permit(Size::Normal, &"长".repeat(2000)),
        Paper::Mm80,
        &fonts,
    )
    .unwrap_err();
    let too_long = QrTooLong {
        bytes: 6000,
        dots: 576,
    };
    assert!(
        matches!(&error, RenderError::Code(found) if *found == too_long),
        "{error}"
    );
}
