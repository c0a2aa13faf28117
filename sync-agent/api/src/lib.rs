//! What the terminal's programs share: its configuration and the varlink interface between them.
//!
//! * [`config`]: the one configuration file of a terminal;
//! * [`interface`]: what kiosk and agent say to each other;

pub mod config;
pub mod interface;
