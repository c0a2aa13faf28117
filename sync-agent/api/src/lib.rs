//! What the terminal's programs share: its configuration and the varlink interface between them.
//!
//! * [`config`]: the one configuration file of a terminal;
//! * [`interface`]: what kiosk and agent say to each other;
//! * [`logging`]: what none of them logs;
//! * [`client`]: the calling side, used by the kiosk and by `kioskctl`.

pub mod client;
pub mod config;
pub mod interface;
pub mod logging;
