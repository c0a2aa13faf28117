//! The terminal's daemon: releases in, slips out, devices in hand.
//!
//! * [`release`]: pulls, verifies and switches to new generations of the content;
//! * [`board`]: what is known about the terminal, and who is told when it changes;
//! * [`scan`]: the code scanner; [`card`]: the card reader; [`peripherals`]: what the socket sees of the devices;
//! * [`settings`]: what a configuration code that was shown to the scanner changes;
//! * [`gpio`]: sensors and lights on the board's own pins;
//! * [`varlink`]: the socket on which the kiosk and `kioskctl` ask and watch;
//! * [`mod@print`]: slips: composed, journalled, printed; [`printing`] is what the socket sees of it;
//! * [`identity`], [`outbox`]: who the terminal is to the hub, and what residents hand in;
//! * [`timer`]: what the tasks sleep by;
//! * [`daemon`]: all of it together, for as long as the terminal runs.

mod absence;
pub mod agent_db;
mod backoff;
pub mod board;
pub mod card;
pub mod daemon;
mod device;
pub mod gpio;
pub mod http;
pub mod identity;
pub mod logging;
pub mod outbox;
pub mod peripherals;
pub mod print;
pub mod printing;
pub mod release;
pub mod scan;
pub mod settings;
pub mod timer;
pub mod varlink;
