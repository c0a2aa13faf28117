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

pub use bitmap::Bitmap;
pub(crate) use columns::COLUMN_DOTS;
pub use columns::{Align, Characters, TextElement, TextScale, TextSheet, Unprintable, Weight, set_text};
pub use fonts::{FontError, Fonts};
pub use layout::{Element, Fact, Layout, Paper, Row, RuleWeight, Size, TextStyle};
pub use picture::Picture;
pub use qr::QrTooLong;
pub use render::{RenderError, Rendering, render};
