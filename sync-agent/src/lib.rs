//! The terminal's daemon: releases in, slips out, devices in hand.
//!
//! * [`release`]: pulls, verifies and switches to new generations of the content;
//! * [`board`]: what is known about the terminal, and who is told when it changes;
//! * [`scan`]: the code scanner;
//! * [`varlink`]: the socket on which the kiosk and `kioskctl` ask and watch;
//! * [`print`](mod@print): slips: composed, journalled, printed;
//! * [`daemon`]: all of it together, for as long as the terminal runs.

pub mod agent_db;
pub mod board;
pub mod daemon;
pub mod http;
pub mod logging;
pub mod print;
pub mod printing;
pub mod release;
pub mod scan;
pub mod varlink;
