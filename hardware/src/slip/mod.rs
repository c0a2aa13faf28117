//! Slips: composed once as a [`Layout`], then [rendered](render()) to a 1-bit raster, or [set](set_text)
//! as text for printers on slow lines.

mod bitmap;
mod columns;
pub(crate) mod fonts;
pub(crate) mod glyphs;
mod layout;
mod lines;
mod picture;
pub(crate) mod qr;
mod render;
mod scale;
mod sheet;
mod text;

pub use bitmap::Bitmap;
pub use columns::set_text;
pub use fonts::{FontError, Fonts};
pub use layout::{Element, Fact, Layout, Paper, Row, RuleWeight, Size, TextStyle};
pub use picture::{Picture, PictureError};
pub use qr::QrTooLong;
pub use render::{RenderError, Rendering, render};
pub(crate) use text::COLUMN_DOTS;
pub use text::{Align, Characters, TextElement, TextScale, TextSheet, Unprintable, Weight};
