//! The window of the dock, as the Slint compiler makes it of `dock.slint`. A crate of
//! its own, as generated code is `unsafe` and that of the tests is not.

#![allow(clippy::all, clippy::pedantic, reason = "generated code")]

slint::include_modules!();
