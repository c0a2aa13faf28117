//! Slips: composed once as a [`Layout`], rendered to a 1-bit raster.

mod layout;

pub use layout::{Element, Fact, Layout, Paper, Row, RuleWeight, Size, TextStyle};
