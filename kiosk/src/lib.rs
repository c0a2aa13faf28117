//! The touch screen of the terminal.
