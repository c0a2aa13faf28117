//! The interface of the touch screen: what the Slint compiler makes of the `.slint` files beside this folder. A crate of
//! its own, so that the kiosk's own code can forbid `unsafe` and is compiled without it.

#![allow(clippy::all, clippy::pedantic, reason = "generated code")]

slint::include_modules!();
