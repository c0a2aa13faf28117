//! Slips: composed once as a [`Layout`], rendered to a 1-bit raster.

mod bitmap;
mod fonts;
mod layout;
mod lines;
mod qr;
mod render;
mod scale;
mod sheet;

pub use bitmap::Bitmap;
pub use fonts::{FontError, Fonts};
pub use layout::{Element, Fact, Layout, Paper, Row, RuleWeight, Size, TextStyle};
pub use qr::QrTooLong;
pub use render::{Rendering, render};
