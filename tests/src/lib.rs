//! Whole-system tests of the terminal.
