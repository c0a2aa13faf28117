//! The sizes of type and white that a slip is set in, in dots at 203 dpi.

use super::fonts::Weight;
use super::layout::{Element, Size};

/// A size of type.
#[derive(Clone, Copy)]
pub(super) struct Type {
    /// Dots an em.
    pub(super) px: u32,
    /// From one base line to the next.
    pub(super) line: u32,
    pub(super) weight: Weight,
}

/// The sizes of a slip.
pub(super) struct Scale {
    pub(super) small: Type,
    pub(super) body: Type,
    pub(super) strong: Type,
    pub(super) heading: Type,
    pub(super) title: Type,
    pub(super) product: Type,
    pub(super) place: Type,
    /// The mark's side.
    pub(super) mark: u32,
    /// The side of a box to tick, and of a step's number.
    pub(super) tick: u32,
}

pub(super) const fn regular(px: u32, line: u32) -> Type {
    Type {
        px,
        line,
        weight: Weight::Regular,
    }
}

pub(super) const fn bold(px: u32, line: u32) -> Type {
    Type {
        px,
        line,
        weight: Weight::Bold,
    }
}

pub(super) static NORMAL: Scale = Scale {
    small: regular(24, 34),
    body: regular(28, 40),
    strong: bold(28, 40),
    heading: bold(32, 44),
    title: bold(48, 60),
    product: bold(28, 36),
    place: regular(28, 36),
    mark: 52,
    tick: 26,
};

pub(super) static LARGE: Scale = Scale {
    small: regular(30, 42),
    body: regular(38, 54),
    strong: bold(38, 54),
    heading: bold(42, 54),
    title: bold(60, 74),
    product: bold(34, 44),
    place: regular(34, 44),
    mark: 60,
    tick: 36,
};

pub(super) const fn scale(size: Size) -> &'static Scale {
    match size {
        Size::Normal => &NORMAL,
        Size::Large => &LARGE,
    }
}

/// White between two elements.
pub(super) fn space_between(before: Option<&Element>, element: &Element, size: Size) -> u32 {
    let Some(before) = before else { return 0 };
    let normal = match (before, element) {
        (_, Element::Feed { .. } | Element::Cut)
        | (Element::Tick { .. }, Element::Tick { .. })
        | (Element::Kicker { .. }, _)
        | (Element::Paragraph { .. }, Element::Paragraph { .. } | Element::Rows { .. }) => 0,
        (Element::Numbered { .. }, Element::Numbered { .. }) | (Element::Heading { .. }, _) => 8,
        (_, Element::Heading { .. }) => 18,
        (_, Element::Rule { .. } | Element::Qr { .. } | Element::Picture { .. }) => 14,
        (Element::Rows { .. }, Element::Paragraph { .. }) => 12,
        _ => 10,
    };
    match size {
        Size::Normal => normal,
        Size::Large => normal * 4 / 3,
    }
}
