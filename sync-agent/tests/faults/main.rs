//! Every device and every fault, against the agent's own program over its socket: what it says, what it
//! does, and what the journal holds when the agent was killed and started again.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

#[path = "../support/card_steps.rs"]
mod card_steps;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/terminal.rs"]
mod terminal;

mod card_reader;
mod configuration;
mod gpio;
mod hot_plug;
mod printer;
mod printing;
mod scanner;
mod self_test;
mod slot;
mod text;

use hardware::simulator::{LineFaults, Plug};

/// A good line.
pub(crate) const GOOD: LineFaults = LineFaults {
    plug: Plug::In,
    lag_ms: 0,
    drop_every: 0,
    baud: 0,
};

/// A good line on which the device behaves like this.
pub(crate) const fn plug(plug: Plug) -> LineFaults {
    LineFaults { plug, ..GOOD }
}
