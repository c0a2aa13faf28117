//! The touch screen of the terminal.

pub mod keyboard;
